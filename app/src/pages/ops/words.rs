//! How these pages write counts, ages and instants.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use spectrum_core::queue::depth::MOST_COUNTED;

use crate::pages::parts::NONE;

/// A count as it was taken: it stops at a bound.
pub fn count(jobs: i64) -> String {
    if jobs < MOST_COUNTED { jobs.to_string() } else { format!("over {}", MOST_COUNTED - 1) }
}

/// So many of a thing.
pub fn of(n: i64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// An age in the largest unit that is not below one.
pub fn age(seconds: f64) -> String {
    match seconds {
        ..60.0 => format!("{:.0} s", seconds.max(0.0)),
        60.0..3600.0 => format!("{:.0} min", seconds / 60.0),
        3600.0..86_400.0 => format!("{:.1} h", seconds / 3600.0),
        _ => format!("{:.1} d", seconds / 86_400.0),
    }
}

/// The time between two instants, in seconds.
pub fn between(earlier: DateTime<Utc>, later: DateTime<Utc>) -> f64 {
    (later - earlier).as_seconds_f64()
}

/// An instant to the second, in UTC.
pub fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// The same as an element.
pub fn time(at: DateTime<Utc>) -> AnyView {
    view! { <time datetime=at.to_rfc3339()>{instant(at)}</time> }.into_any()
}

/// What stands where there is nothing; a dash by itself tells a listener nothing.
pub fn nothing() -> AnyView {
    view! { <span aria-hidden="true">{NONE}</span><span class="unseen">"none"</span> }.into_any()
}

/// A number of bytes in the unit that leaves it below a thousand.
pub fn bytes(n: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let mut size = n as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if size < 999.5 {
            let digits = usize::from(size < 99.95 && unit != "B");
            return format!("{size:.digits$} {unit}");
        }
        size /= 1000.0;
    }
    format!("{size:.1} TB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_short() {
        assert_eq!([-0.4, 4.2, 90.0, 5400.0, 200_000.0].map(age), ["0 s", "4 s", "2 min", "1.5 h", "2.3 d"]);
    }

    #[test]
    fn sizes_have_three_digits_at_most() {
        let sizes = [0, 999, 1_500, 123_456, 999_999, 12_345_678_901, 3_000_000_000_000];
        assert_eq!(sizes.map(bytes), ["0 B", "999 B", "1.5 kB", "123 kB", "1.0 MB", "12.3 GB", "3.0 TB"]);
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!([of(1, "job", "jobs"), of(0, "job", "jobs")], ["1 job", "0 jobs"]);
    }
}
