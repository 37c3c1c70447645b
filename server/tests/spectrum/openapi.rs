//! The description of the API: a change of it is a change that hosts see, so it is a visible one.

use axum::http::{Method, StatusCode};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::TestApp;

#[test]
fn the_description_is_the_one_that_was_agreed_on() {
    let mut document = serde_json::to_value(server::http::openapi()).expect("a document");
    document["info"]["version"] = "[version]".into();
    insta::assert_json_snapshot!("openapi", document);
}

#[sqlx::test(migrations = "../migrations")]
async fn every_path_of_the_description_is_there(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database).await;
    let document = serde_json::to_value(server::http::openapi()).expect("a document");
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            let method: Method = method.to_uppercase().parse().expect("a method");
            let path = path.strip_prefix("/api/v1").expect("the API's prefix").replace("{ref}", "a member?");
            let answer = app.api(method.clone(), &path.replace(' ', "%20").replace('?', "%3F"), None).await;
            let absent = [StatusCode::METHOD_NOT_ALLOWED, StatusCode::NOT_FOUND].contains(&answer.status);
            assert!(!absent, "{method} {path}: {}", answer.status);
            asked += 1;
        }
    }
    assert!(asked >= 4, "{asked} operations");
}
