//! What of the use is asked for, in the address: how long a period is, which is the newest, and of whom.

use std::fmt::Write as _;

use chrono::NaiveDate;
use leptos::prelude::*;
use spectrum_core::product::load_use::{Use, UseAsked};
use spectrum_domain::{
    effect::FEWEST_PEOPLE,
    use_sum::{Segment, UseGrain},
};

use super::{called, of_segment};
use crate::pages::routes::Route;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) grain: UseGrain,
    newest: Option<NaiveDate>,
    pub(super) segment: Segment,
    pub(super) value: String,
}

impl Asked {
    /// From an address; nothing where it means nothing.
    pub(super) fn read(query: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let grain = query("grain").map_or(Some(UseGrain::Week), |name| name.parse().ok())?;
        let newest = query("newest").map(|day| day.parse().ok()).map_or(Some(None), |day| day.map(Some))?;
        let segment = query("segment").map_or(Some(Segment::All), |name| name.parse().ok())?;
        let value = query("value").unwrap_or_default();
        let known = match segment {
            Segment::All => value.is_empty(),
            Segment::Surface | Segment::Version | Segment::Cohort => !value.is_empty() && value.len() <= 20,
            // Every word of every property is on the page of everybody.
            Segment::Property => false,
        };
        known.then_some(Self { grain, newest, segment, value })
    }

    pub(super) fn to_core(&self) -> UseAsked {
        let Self { grain, newest, segment, value } = self.clone();
        UseAsked { grain, newest, segment, value }
    }

    fn query(&self) -> String {
        let mut query = format!("?grain={}", self.grain.name());
        if let Some(newest) = self.newest {
            _ = write!(query, "&newest={newest}");
        }
        if self.segment != Segment::All {
            // What a segment's values are made of needs no escape in an address.
            let plain = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
            let value: String = self.value.chars().filter(plain).collect();
            _ = write!(query, "&segment={}&value={value}", self.segment.name());
        }
        query
    }

    fn address(&self) -> String {
        format!("{}{}", Route::Engagement, self.query())
    }

    /// Where a table of the page is had as a file.
    pub(super) fn file(&self, table: &str) -> String {
        format!("{}/{table}.csv{}", Route::Engagement, self.query())
    }

    /// A period in few letters: `16 Nov`, `Nov 26`.
    pub(super) fn short(&self, period: NaiveDate) -> String {
        let format = if self.grain == UseGrain::Month { "%b %y" } else { "%-d %b" };
        period.format(format).to_string()
    }

    /// A period by its name.
    pub(super) fn name(&self, period: NaiveDate) -> String {
        match self.grain {
            UseGrain::Day => period.format("%-d %B %Y").to_string(),
            UseGrain::Week => period.format("week of %-d %B %Y").to_string(),
            UseGrain::Month => period.format("%B %Y").to_string(),
        }
    }

    /// The ways to other periods, lengths and people.
    pub(super) fn ways(&self, used: &Use, newest: NaiveDate) -> AnyView {
        let earlier = (used.periods.len() > 1).then(|| {
            let before = used.periods[used.periods.len() - 2];
            link(&Self { newest: Some(before), ..self.clone() }, format!("‹ The {} before", called(self.grain)), false)
        });
        let later = used.later.then(|| {
            let after = self.grain.end(newest);
            link(&Self { newest: Some(after), ..self.clone() }, format!("The {} after ›", called(self.grain)), false)
        });
        let grains: Vec<_> = UseGrain::ALL
            .iter()
            .map(|&grain| {
                let name = match grain {
                    UseGrain::Day => "Days",
                    UseGrain::Week => "Weeks",
                    UseGrain::Month => "Months",
                };
                link(&Self { grain, ..self.clone() }, name.to_owned(), grain == self.grain)
            })
            .collect();
        let everybody = Self { segment: Segment::All, value: String::new(), ..self.clone() };
        let mut people = vec![link(&everybody, "Everybody".to_owned(), self.segment == Segment::All)];
        let large = |people: i64| u64::try_from(people).is_ok_and(|people| people >= FEWEST_PEOPLE);
        // Cohorts last: there are more of them every week.
        let mut parts: Vec<_> = used.segments.iter().filter(|(_, sum)| large(sum.people)).collect();
        parts.sort_by_key(|(segment, _)| *segment);
        for (segment, sum) in parts {
            let here = *segment == self.segment && sum.value == self.value;
            let one = Self { segment: *segment, value: sum.value.clone(), ..self.clone() };
            people.push(link(&one, format!("{} {}", of_segment(*segment), sum.value), here));
        }
        view! {
            <nav class="ways-between" aria-label="Periods">
                <ul>{earlier}<li><strong>{self.name(newest)}</strong></li>{later}</ul>
                <ul>{grains}</ul>
            </nav>
            <nav class="ways-between" aria-label="Of whom"><ul>{people}</ul></nav>
        }
        .into_any()
    }
}

fn link(to: &Asked, name: String, here: bool) -> AnyView {
    view! { <li><a href=to.address() aria-current=here.then_some("true")>{name}</a></li> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&str, &str)]) -> Option<Asked> {
        Asked::read(|name| query.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn an_address_leads_back_to_what_is_asked() {
        let whole = [("grain", "month"), ("newest", "2026-10-01"), ("segment", "version"), ("value", "4.12.0")];
        let asked = read(&whole).expect("asked");
        assert_eq!(asked.address(), "/staff/engagement?grain=month&newest=2026-10-01&segment=version&value=4.12.0");
        assert_eq!(asked.file("events"), asked.address().replace("engagement?", "engagement/events.csv?"));
        assert_eq!(read(&[]).expect("asked").grain, UseGrain::Week);
    }

    #[test]
    fn what_means_nothing_is_nothing() {
        for wrong in
            [("grain", "year"), ("newest", "monday"), ("segment", "property"), ("segment", "surface"), ("value", "x")]
        {
            assert_eq!(read(&[wrong]), None, "{wrong:?}");
        }
    }
}
