//! The bar at the foot of the window: the four places there are, the same on every page of a member's.

use chrono::Weekday;
use leptos::prelude::*;
use spectrum_domain::{
    calendar::{Month, Week},
    span::Span,
};

use crate::pages::{
    language::{Words, id},
    routes::Route,
    spans::At,
};

/// Which of the four a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// Where sessions lay.
    Landscape,
    /// Which feelings, when, where.
    Patterns,
    /// What was told of weeks.
    Feed,
    /// What was told of months.
    Month,
    /// None of them.
    Elsewhere,
}

/// The bar. `at`, with the member's week start, is what the page shows: the other places lead to the same days where they have
/// them.
pub fn places(words: Words, here: Here, at: Option<(At, Weekday)>) -> impl IntoView + use<> {
    let routes = match at {
        Some((at, week_start)) => [
            (Here::Landscape, Route::Landscape(at)),
            (Here::Patterns, Route::Patterns(at)),
            (Here::Feed, feed(at, week_start)),
            (Here::Month, month(at)),
        ],
        None => [
            (Here::Landscape, Route::NewestLandscape),
            (Here::Patterns, Route::NewestPatterns),
            (Here::Feed, Route::Feed),
            (Here::Month, Route::Months),
        ],
    };
    let links: Vec<_> = routes
        .into_iter()
        .map(|(place, route)| {
            let (name, picture) = face(place);
            let name = words.say(name);
            let current = (place == here).then_some("page");
            view! {
                <li>
                    <a class="place" href=route.to_string() aria-current=current>
                        <svg aria-hidden="true" viewBox="0 0 24 24" inner_html=picture></svg>
                        {name}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <nav class="places" aria-label=words.say("place-bar")>
            <ul>{links}</ul>
        </nav>
    }
}

/// The feed from the week in which the page's days end, once that is over; else from its beginning.
fn feed(At { span, today }: At, week_start: Weekday) -> Route {
    let week = Week::containing(span.anchor(today), week_start);
    if week.end() <= today && !week.next().contains(today) { Route::FeedFrom(week.label()) } else { Route::Feed }
}

/// The month in which the page's days end, once that is over; else all of them.
fn month(At { span, today }: At) -> Route {
    let month = match span {
        Span::Month(month) => month,
        span => Month::containing(span.anchor(today)),
    };
    if month.end() <= today { Route::Month(month) } else { Route::Months }
}

/// What a place is called, and its picture.
const fn face(place: Here) -> (&'static str, &'static str) {
    match place {
        Here::Landscape | Here::Elsewhere => (
            id("place-landscape"),
            r#"<path d="M12 4v16M4 12h16"/><circle cx="7.4" cy="7.4" r="1.7"/><circle cx="17" cy="17" r="2.1"/>"#,
        ),
        Here::Patterns => (id("place-patterns"), r#"<path d="M5 7h13M5 12h9M5 17h5"/>"#),
        Here::Feed => {
            (id("place-feed"), r#"<rect x="5" y="4.5" width="14" height="15" rx="3"/><path d="M8.5 9h7M8.5 13h4"/>"#)
        }
        Here::Month => (
            id("place-month"),
            r#"<rect x="4.5" y="5.5" width="15" height="14" rx="3"/><path d="M4.5 10h15M9 3.5v4M15 3.5v4"/>"#,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> At {
        let today = "2026-11-26".parse().expect("a date");
        At { span: Span::parse(text, Weekday::Mon, today).expect(text), today }
    }

    #[test]
    fn the_places_keep_the_days_where_they_have_them() {
        let to = |text| (feed(at(text), Weekday::Mon).to_string(), month(at(text)).to_string());
        let all = ("/spectrum/feed".to_owned(), "/spectrum/months".to_owned());
        assert_eq!(to("2026-W48"), all, "neither is over");
        assert_eq!(to("2026"), all);
        assert_eq!(to("2026-W47"), all, "the newest told week is where the feed begins anyway");
        assert_eq!(to("2026-W40"), ("/spectrum/feed/2026-W40".to_owned(), "/spectrum/month/2026-10".to_owned()));
        assert_eq!(to("2026-Q1"), ("/spectrum/feed/2026-W14".to_owned(), "/spectrum/month/2026-03".to_owned()));
        assert_eq!(to("2026-10").1, "/spectrum/month/2026-10");
    }
}
