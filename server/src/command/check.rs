//! `spectrum demo --check`: asks every page and endpoint once as each kind of person, and says what was not as it should be.

use std::process::ExitCode;

use reqwest::{Client, Method, RequestBuilder, StatusCode, header, redirect::Policy};
use serde_json::{Value, json};
use spectrum_core::Services;
use spectrum_domain::member::ExternalRef;
use uuid::Uuid;

use super::{
    Failure,
    demo::{Visitors, links},
};
use crate::{demo::Shows, replay::HostClient};

/// The team's pages, to somebody in every role.
const STAFF_PAGES: [&str; 10] = [
    "/staff",
    "/staff/jobs",
    "/staff/schedule",
    "/staff/workers",
    "/staff/push",
    "/staff/database",
    "/staff/erasures",
    "/staff/review",
    "/staff/cost",
    "/staff/quality",
];

/// What was asked and whether the answer was right.
struct Report {
    asked: usize,
    wrong: usize,
}

impl Report {
    fn note(&mut self, what: &str, problem: Option<String>) {
        self.asked += 1;
        if let Some(problem) = problem {
            self.wrong += 1;
            eprintln!("  FAIL {what}: {problem}");
        }
    }
}

/// One kind of person with their browser, which keeps a cookie.
struct Visitor<'a> {
    client: &'a Client,
    url: &'a str,
    cookie: Option<String>,
}

impl Visitor<'_> {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request =
            self.client.request(method, format!("{}{path}", self.url)).header("sec-fetch-site", "same-origin");
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }

    async fn get(&self, path: &str) -> Result<(StatusCode, String), reqwest::Error> {
        let answer = self.request(Method::GET, path).header(header::ACCEPT, "text/html").send().await?;
        Ok((answer.status(), answer.text().await?))
    }

    async fn post(
        &self,
        path: &str,
        form: &[(&str, &str)],
    ) -> Result<(StatusCode, String, Option<String>), reqwest::Error> {
        let answer = self.request(Method::POST, path).header(header::ACCEPT, "text/html").form(form).send().await?;
        let text =
            |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let cookie = text(header::SET_COOKIE).split(';').next().map(str::to_owned).filter(|cookie| !cookie.is_empty());
        Ok((answer.status(), text(header::LOCATION), cookie))
    }
}

pub(super) async fn run(
    services: &Services,
    visitors: &Visitors,
    host: &HostClient,
    url: &str,
    key: &str,
    scrape: &str,
) -> Result<ExitCode, Failure> {
    let client = Client::builder().redirect(Policy::none()).build()?;
    let mut report = Report { asked: 0, wrong: 0 };
    check_anyone(&mut report, &client, url, scrape).await?;
    let member = visitors.people.who(Shows::TwoSessions).ok_or("the demo lacks one of its people")?;
    check_host(&mut report, &client, host, url, key, &member.reference).await?;
    for (who, code) in links(services, visitors).await? {
        let mut visitor = Visitor { client: &client, url, cookie: None };
        check_sign_in(&mut report, &mut visitor, who, &code).await?;
        if who == "product staff" {
            for page in STAFF_PAGES {
                expect(&mut report, &visitor, who, page, StatusCode::OK).await?;
            }
            expect(&mut report, &visitor, who, "/spectrum", StatusCode::FORBIDDEN).await?;
        } else {
            check_member(&mut report, &visitor, who).await?;
        }
        let (status, _, _) = visitor.post("/fn/sign_out", &[]).await?;
        report.note(&format!("{who}: signing out"), wanted(status, StatusCode::SEE_OTHER));
        expect(&mut report, &visitor, who, "/spectrum", StatusCode::UNAUTHORIZED).await?;
    }
    let right = report.asked - report.wrong;
    println!("{right} passed, {} failed", report.wrong);
    Ok(if report.wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn wanted(found: StatusCode, wanted: StatusCode) -> Option<String> {
    (found != wanted).then(|| format!("answered {found}, not {wanted}"))
}

async fn expect(
    report: &mut Report,
    visitor: &Visitor<'_>,
    who: &str,
    path: &str,
    status: StatusCode,
) -> Result<String, Failure> {
    let (found, body) = visitor.get(path).await?;
    report.note(&format!("{who}: {path}"), wanted(found, status));
    Ok(body)
}

async fn check_anyone(report: &mut Report, client: &Client, url: &str, scrape: &str) -> Result<(), Failure> {
    let anyone = Visitor { client, url, cookie: None };
    for (path, status) in [
        ("/health", StatusCode::OK),
        ("/ready", StatusCode::OK),
        ("/api/openapi.json", StatusCode::OK),
        ("/.well-known/spectrum-receipt-key.json", StatusCode::OK),
        ("/manifest.webmanifest", StatusCode::OK),
        ("/sw.js", StatusCode::OK),
        ("/app-icon-192.png", StatusCode::OK),
        ("/offline", StatusCode::OK),
        ("/", StatusCode::SEE_OTHER),
        ("/sign-in", StatusCode::OK),
        ("/signed-out", StatusCode::OK),
        ("/styleguide", StatusCode::OK),
        ("/spectrum", StatusCode::UNAUTHORIZED),
        ("/spectrum/week/2026-W47", StatusCode::UNAUTHORIZED),
        ("/spectrum/landscape/28-days", StatusCode::UNAUTHORIZED),
        ("/spectrum/landscape/28-days/plane.svg", StatusCode::UNAUTHORIZED),
        ("/spectrum/patterns/28-days", StatusCode::UNAUTHORIZED),
        ("/spectrum/sessions/28-days", StatusCode::UNAUTHORIZED),
        ("/api/v1/spectrum/landscape?from=2026-11-01&to=2026-11-30", StatusCode::UNAUTHORIZED),
        ("/staff", StatusCode::UNAUTHORIZED),
        ("/no-such-page", StatusCode::NOT_FOUND),
        ("/api/v1/members/nobody", StatusCode::UNAUTHORIZED),
        ("/api/v1/spectrum/weeks", StatusCode::UNAUTHORIZED),
        ("/spectrum/feed", StatusCode::UNAUTHORIZED),
    ] {
        expect(report, &anyone, "anyone", path, status).await?;
    }
    let metrics = client.get(scrape).send().await?.text().await?;
    let missing = (!metrics.contains("spectrum_jobs_depth")).then(|| "has no spectrum_jobs_depth".to_owned());
    report.note("anyone on the metrics listener: /metrics", missing);
    let from_elsewhere =
        client.post(format!("{url}/fn/sign_out")).header("sec-fetch-site", "cross-site").send().await?;
    report.note("a form of another site", wanted(from_elsewhere.status(), StatusCode::FORBIDDEN));
    Ok(())
}

async fn check_host(
    report: &mut Report,
    client: &Client,
    host: &HostClient,
    url: &str,
    key: &str,
    member: &ExternalRef,
) -> Result<(), Failure> {
    let well = host.member_status(member).await?.is_some_and(|status| status.dead_jobs == 0);
    report.note("host: a member's status", (!well).then(|| "is missing or has dead jobs".to_owned()));
    let send = async |body: &Value, key: &str| -> Result<(StatusCode, String, Value), Failure> {
        let answer = client.post(format!("{url}/api/v1/events")).bearer_auth(key).json(body).send().await?;
        let kind =
            answer.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        Ok((answer.status(), kind, answer.json().await.unwrap_or_default()))
    };
    let (found, ..) = send(&json!({ "events": [] }), "no such key").await?;
    report.note("host: a wrong key", wanted(found, StatusCode::UNAUTHORIZED));
    let (found, kind, body) =
        send(&json!({ "events": [{ "event_id": Uuid::nil(), "type": "turn.added" }] }), key).await?;
    report.note("host: a bad event", wanted(found, StatusCode::UNPROCESSABLE_ENTITY));
    report.note("host: as a problem", (kind != "application/problem+json").then(|| format!("came as {kind}")));
    let field = body.pointer("/errors/0/field").is_none();
    report.note("host: that names the field", field.then(|| body.to_string()));
    let answer = client.put(format!("{url}/api/v1/members/{member}")).bearer_auth(key).json(&json!({})).send().await?;
    report.note("host: putting a member", wanted(answer.status(), StatusCode::OK));
    let answer =
        client.post(format!("{url}/api/v1/members/{member}/links")).bearer_auth(key).json(&json!({})).send().await?;
    report.note("host: a link", wanted(answer.status(), StatusCode::CREATED));
    Ok(())
}

async fn check_sign_in(report: &mut Report, visitor: &mut Visitor<'_>, who: &str, code: &str) -> Result<(), Failure> {
    // Looking at the page spends nothing, so it is asked twice, as a browser that fetches ahead would.
    for _ in 0..2 {
        expect(report, visitor, who, &format!("/sign-in?code={code}"), StatusCode::OK).await?;
    }
    let (status, _, cookie) = visitor.post("/fn/sign_in", &[("code", code)]).await?;
    report.note(&format!("{who}: signing in"), wanted(status, StatusCode::SEE_OTHER));
    visitor.cookie = cookie;
    let again = Visitor { client: visitor.client, url: visitor.url, cookie: None };
    let (_, _, cookie) = again.post("/fn/sign_in", &[("code", code)]).await?;
    let let_in = cookie.is_some_and(|cookie| !cookie.ends_with('='));
    report.note(&format!("{who}: the same link again"), let_in.then(|| "let somebody in twice".to_owned()));
    Ok(())
}

async fn check_member(report: &mut Report, visitor: &Visitor<'_>, who: &str) -> Result<(), Failure> {
    let answer = visitor.request(Method::GET, "/spectrum").send().await?;
    report.note(&format!("{who}: /spectrum"), wanted(answer.status(), StatusCode::SEE_OTHER));
    let week = answer.headers().get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let body = expect(report, visitor, who, &week, StatusCode::OK).await?;
    expect(report, visitor, who, "/spectrum/week/2019-W01", StatusCode::OK).await?;
    expect(report, visitor, who, "/spectrum/week/2026-W99", StatusCode::NOT_FOUND).await?;
    expect(report, visitor, who, "/staff", StatusCode::FORBIDDEN).await?;
    for settings in ["", "/calendar", "/notices", "/exclusions", "/reset", "/erase", "/export", "/looked"] {
        expect(report, visitor, who, &format!("/spectrum/settings{settings}"), StatusCode::OK).await?;
    }
    for span in ["2026-Q4", "2026", "28-days", "90-days", "2019-01", "2026-W47"] {
        let week = span.contains("-W");
        let landscape = if week { StatusCode::SEE_OTHER } else { StatusCode::OK };
        expect(report, visitor, who, &format!("/spectrum/landscape/{span}"), landscape).await?;
        for screen in ["patterns", "sessions"] {
            expect(report, visitor, who, &format!("/spectrum/{screen}/{span}"), StatusCode::OK).await?;
        }
    }
    for newest in ["landscape", "patterns"] {
        expect(report, visitor, who, &format!("/spectrum/{newest}"), StatusCode::SEE_OTHER).await?;
        expect(report, visitor, who, &format!("/spectrum/{newest}/2026-13"), StatusCode::NOT_FOUND).await?;
        let days = format!("/api/v1/spectrum/{newest}?from=2026-10-01&to=2026-12-31");
        expect(report, visitor, who, &days, StatusCode::OK).await?;
    }
    expect(report, visitor, who, "/spectrum/landscape/90-days/plane.svg", StatusCode::OK).await?;
    for told in ["feed", "feed/2019-W01", "months", "month/2019-01", "made"] {
        expect(report, visitor, who, &format!("/spectrum/{told}"), StatusCode::OK).await?;
    }
    for call in ["weeks", "weeks/2026-W40", "months", "exclusions", "settings"] {
        expect(report, visitor, who, &format!("/api/v1/spectrum/{call}"), StatusCode::OK).await?;
    }
    let (_, to, _) = visitor.post("/fn/erase_member", &[("word", "no")]).await?;
    let kept = to == "/spectrum/settings/erase?not-meant";
    report.note(&format!("{who}: erasing without the word"), (!kept).then(|| format!("leads to {to}")));

    let Some(session) = body.split("name=\"session_id\" value=\"").nth(1).and_then(|rest| rest.split('"').next())
    else {
        report.note(&format!("{who}: a session to leave out"), Some("the week lists none".to_owned()));
        return Ok(());
    };
    let label = week.rsplit('/').next().unwrap_or_default();
    for act in ["exclude_session", "include_session"] {
        let form = [("session_id", session), ("week", label)];
        let (status, to, _) = visitor.post(&format!("/fn/{act}"), &form).await?;
        report.note(&format!("{who}: {act}"), wanted(status, StatusCode::SEE_OTHER));
        let leads_back = to.starts_with(&week);
        report.note(&format!("{who}: {act} leads back"), (!leads_back).then(|| format!("leads to {to}")));
    }
    let after = expect(report, visitor, who, &week, StatusCode::OK).await?;
    let same = after.matches("<circle").count() == body.matches("<circle").count();
    report.note(&format!("{who}: the same picture after taking it in again"), (!same).then(|| "differs".to_owned()));
    Ok(())
}
