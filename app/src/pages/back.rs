//! Where somebody was when their sign-in had run out, kept for a quarter of an hour, so that the next sign-in leads there.
//!
//! Carried as [`super::said`] carries its line: in a cookie of our own, not in an address. What is kept is never what came in:
//! the address is read into a [`Route`], and the route is written down. A cookie that anybody has changed is read the same way,
//! so that it can lead to nothing but a member's own page.

use axum::http::request::Parts;
use chrono::{NaiveDate, Weekday};
use leptos::context::use_context;
use spectrum_domain::span::Span;

use super::{
    ctx::{self, Cookie},
    routes::Route,
    spans::At,
};

/// How long a browser may keep it, in seconds: long enough to open the app again.
const LIFETIME: i64 = 15 * 60;

/// Keeps the address of this request; whether there was one of ours to keep.
pub fn keep() -> bool {
    let asked = use_context::<Parts>().and_then(|parts| parts.uri.path_and_query().map(ToString::to_string));
    asked
        .and_then(|address| read(&address, today()?))
        .is_some_and(|route| ctx::set_cookie(Cookie::Back, &route.to_string(), LIFETIME).is_ok())
}

/// Takes what was kept and clears it.
pub fn take() -> Option<Route> {
    let kept = ctx::cookie(Cookie::Back)?;
    // A cookie that can't be taken away leads there once more at most until it runs out.
    _ = ctx::set_cookie(Cookie::Back, "", 0);
    read(&kept, today()?)
}

/// Any day does: it only has to be the same on the way in and on the way out.
fn today() -> Option<NaiveDate> {
    Some(ctx::services()?.ambient().now().date_naive())
}

/// The member's page that an address names; nothing for any other.
fn read(address: &str, today: NaiveDate) -> Option<Route> {
    let (path, query) = address.split_once('?').map_or((address, ""), |(path, query)| (path, query));
    let mut names = path.strip_prefix("/spectrum")?.split('/');
    if names.next() != Some("") {
        return None;
    }
    let names: Vec<&str> = names.collect();
    // Which day the member's weeks begin with is not known yet; a week's name is the same for all of them.
    let at = |name: &str| Some(At { span: Span::parse(name, Weekday::Mon, today)?, today });
    let compared = query == "compare";
    Some(match names[..] {
        [] => Route::Newest,
        ["week", week] => Route::Week(week.parse().ok()?),
        ["landscape"] => Route::NewestLandscape,
        ["landscape", span] if compared => Route::LandscapeCompared(at(span)?),
        ["landscape", span] => Route::Landscape(at(span)?),
        ["patterns"] => Route::NewestPatterns,
        ["patterns", span] if compared => Route::PatternsCompared(at(span)?),
        ["patterns", span] => Route::Patterns(at(span)?),
        ["sessions", span] => match query.strip_prefix("before=").and_then(|day| day.parse().ok()) {
            Some(day) => Route::SessionsBefore(at(span)?, day),
            None => Route::Sessions(at(span)?),
        },
        ["feed"] => Route::Feed,
        ["feed", week] => Route::FeedFrom(week.parse().ok()?),
        ["months"] => Route::Months,
        ["month", month] => Route::Month(month.parse().ok()?),
        ["session", session] => Route::Session(session.parse().ok()?),
        ["settings"] => Route::Settings,
        ["settings", "exclusions"] => Route::Exclusions,
        ["settings", "reset"] => Route::Reset,
        ["settings", "export"] => Route::Export,
        ["settings", "erase"] => Route::Erase,
        ["settings", "looked"] => Route::Looked,
        ["made"] => Route::Made,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day")
    }

    #[test]
    fn every_page_of_a_member_leads_back_to_itself() {
        for address in [
            "/spectrum",
            "/spectrum/week/2026-W47",
            "/spectrum/landscape",
            "/spectrum/landscape/2026-Q4",
            "/spectrum/landscape/28-days?compare",
            "/spectrum/patterns",
            "/spectrum/patterns/2026",
            "/spectrum/patterns/2026-11?compare",
            "/spectrum/sessions/90-days-2026-10-02",
            "/spectrum/sessions/2026?before=2026-05-04",
            "/spectrum/feed",
            "/spectrum/feed/2026-W40",
            "/spectrum/months",
            "/spectrum/month/2026-10",
            "/spectrum/session/018f6f2a-0000-7000-8000-000000000001",
            "/spectrum/settings",
            "/spectrum/settings/exclusions",
            "/spectrum/settings/reset",
            "/spectrum/settings/export",
            "/spectrum/settings/erase",
            "/spectrum/settings/looked",
            "/spectrum/made",
        ] {
            assert_eq!(read(address, today()).map(|route| route.to_string()).as_deref(), Some(address));
        }
    }

    #[test]
    fn nothing_else_leads_anywhere() {
        for address in [
            "",
            "/",
            "//evil.test",
            "/staff",
            "/sign-in?code=sp_link_0",
            "/spectrumx",
            "/spectrum//evil.test",
            "/spectrum/../staff",
            "/spectrum/week/2026-W99",
            "/spectrum/week/2026-W47/more",
            "/spectrum/landscape/2026/plane.svg",
            "/spectrum/settings/export/archive",
            "/spectrum/session/<b>",
            "https://evil.test/spectrum",
            "/erased/018f6f2a-0000-7000-8000-000000000001",
        ] {
            assert_eq!(read(address, today()), None, "{address}");
        }
        // What a page does not know is left behind.
        let route = read("/spectrum/feed?next=https://evil.test", today()).map(|route| route.to_string());
        assert_eq!(route.as_deref(), Some("/spectrum/feed"));
    }
}
