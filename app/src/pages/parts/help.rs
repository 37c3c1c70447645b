//! The help panel: fixed words and numbers, the same for everybody in a country and a language, whatever was written.
//!
//! It says nothing of the member and of no session: who sees it learns where to turn, and who looks over their shoulder
//! learns nothing. TEXT TO BE REVIEWED by a clinician for every country and language (`words/*/help.ftl`) before a release; a
//! change of wording is a change of the product.

use leptos::prelude::*;
use spectrum_domain::member::Member;

use crate::pages::language::Words;

const LINES: &str = include_str!("help_lines.tsv");
const ZONES: &str = include_str!("help_zones.tsv");

/// A service that answers in one country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    name: &'static str,
    number: &'static str,
}

/// The panel for this member.
pub fn help(member: &Member) -> impl IntoView + use<> {
    let words = Words::of_member(member);
    let line = country(member.zone.name(), &member.locale).and_then(line_of).map(|Line { name, number }| {
        let tel = format!("tel:{}", number.replace(' ', ""));
        view! { <p class="line">{name}": "<a href=tel>{number}</a></p> }
    });
    view! {
        <aside class="help" aria-labelledby="help-title">
            <h2 id="help-title">{words.say("help-title")}</h2>
            <p>{words.say("help-people")}</p>
            {line}
            <p>{words.say("help-everywhere")}</p>
            <p>{words.say("help-danger")}</p>
        </aside>
    }
}

/// The member's country: that of their zone, because a number works where one is; else that of their language tag.
fn country<'a>(zone: &str, locale: &'a str) -> Option<&'a str> {
    let of_zone = ZONES.lines().filter_map(|line| line.split_once('\t')).find(|(name, _)| *name == zone);
    of_zone.map(|(_, country)| country).or_else(|| {
        // The region is the part of two capitals after the language, and perhaps a script, of a tag such as `zh-Hant-TW`.
        locale.split(['-', '_']).skip(1).take(2).find(|part| part.len() == 2)
    })
}

fn line_of(country: &str) -> Option<Line> {
    let mut lines = LINES.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t'));
    lines.find_map(|mut fields| {
        let found = fields.next()?.eq_ignore_ascii_case(country);
        found.then_some(Line { name: fields.next()?, number: fields.next()? })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_line_can_be_called_and_names_its_source() {
        let mut countries = BTreeSet::new();
        for line in LINES.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<_> = line.split('\t').collect();
            let [country, name, number, source] = fields[..] else { panic!("{line}") };
            assert!(country.len() == 2 && countries.insert(country), "{line}");
            assert!(number.chars().all(|c| c.is_ascii_digit() || c == ' ') && !name.is_empty(), "{line}");
            assert!(source.contains('.'), "{line}");
            assert_eq!(line_of(country), Some(Line { name, number }));
        }
        assert!(LINES.lines().any(|line| line.starts_with("# checked\t")), "the day they were looked at last, or none");
        for (zone, country) in ZONES.lines().filter_map(|line| line.split_once('\t')) {
            assert!(zone.parse::<chrono_tz::Tz>().is_ok() && countries.contains(country), "{zone}");
        }
    }

    #[test]
    fn a_number_is_that_of_where_one_is() {
        for (zone, locale, country_wanted) in [
            ("Europe/Dublin", "en-US", Some("IE")),
            ("Europe/London", "en", Some("GB")),
            ("Australia/Perth", "de-DE", Some("AU")),
            ("America/Indiana/Knox", "en", Some("US")),
            ("UTC", "en-CA", Some("CA")),
            ("UTC", "zh-Hant-TW", Some("TW")),
            ("UTC", "en", None),
            ("UTC", "", None),
        ] {
            assert_eq!(country(zone, locale), country_wanted, "{zone} {locale}");
        }
        assert_eq!(line_of("TW"), None, "a country without a line has the international ones");
        assert_eq!(line_of("us").map(|line| line.number), Some("988"));
    }
}
