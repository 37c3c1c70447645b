//! The description of the API: a change of it is a change that hosts see, so it is a visible one.

use std::{collections::BTreeMap, fs, path::Path};

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

/// Of two bodies with one name the description keeps one, and says it of both.
#[test]
fn no_two_bodies_have_one_name() {
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).expect("a file");
            for derived in text.split("#[derive(").skip(1).filter(|derived| {
                derived.split_once(')').is_some_and(|(traits, _)| traits.split(", ").any(|name| name == "ToSchema"))
            }) {
                let (attributes, declared) =
                    derived.split_once(" {").unwrap_or((derived, "")).0.rsplit_once(' ').expect("a name");
                let renamed = attributes.split_once("as = ").and_then(|(_, rest)| rest.split_once(')'));
                let name = renamed.map_or(declared, |(name, _)| name);
                seen.entry(name.to_owned()).or_default().push(path.display().to_string());
            }
        }
    }
    assert!(seen.len() > 20, "{} bodies", seen.len());
    seen.retain(|_, places| places.len() > 1);
    assert!(seen.is_empty(), "{seen:#?}");
}
