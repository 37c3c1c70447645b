//! In which language a page is written: its sentences from the catalogues in `app/words`, its dates and numbers as the
//! member's region writes them.
//!
//! [`Words`] is a small value that everything that writes a sentence is given. Every `id` stands in the code as a literal,
//! in `say("…")`, `say_with("…", …)` or `id("…")`, so that a test can hold the catalogues against the code.

mod locale;

use std::sync::LazyLock;

use axum::http::{HeaderMap, header::ACCEPT_LANGUAGE, request::Parts};
use chrono::{NaiveDate, NaiveTime, Timelike as _};
use leptos::context::{provide_context, use_context};
use spectrum_domain::{
    affect::{Family, Quadrant},
    calendar::Week,
    card::Language,
    feature::Feature,
    member::Member,
    words::{Args, Catalogue},
};

use self::locale::Locale;

/// The files of a folder: one a screen, and two that several screens share.
macro_rules! files {
    ($folder:literal) => {
        [
            include_str!(concat!("../../../words/", $folder, "/common.ftl")),
            include_str!(concat!("../../../words/", $folder, "/feed.ftl")),
            include_str!(concat!("../../../words/", $folder, "/help.ftl")),
            include_str!(concat!("../../../words/", $folder, "/landscape.ftl")),
            include_str!(concat!("../../../words/", $folder, "/made.ftl")),
            include_str!(concat!("../../../words/", $folder, "/patterns.ftl")),
            include_str!(concat!("../../../words/", $folder, "/problem.ftl")),
            include_str!(concat!("../../../words/", $folder, "/refusal.ftl")),
            include_str!(concat!("../../../words/", $folder, "/session.ftl")),
            include_str!(concat!("../../../words/", $folder, "/settings.ftl")),
            include_str!(concat!("../../../words/", $folder, "/sign_in.ftl")),
            include_str!(concat!("../../../words/", $folder, "/spans.ftl")),
            include_str!(concat!("../../../words/", $folder, "/teaser.ftl")),
            include_str!(concat!("../../../words/", $folder, "/week.ftl")),
        ]
    };
}

/// The text of the files of a language.
const fn files(language: Language) -> [&'static str; 14] {
    match language {
        Language::English => files!("en"),
        Language::German => files!("de"),
    }
}

/// The messages of a language; they are read once.
fn catalogue(language: Language) -> &'static Catalogue {
    static ENGLISH: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(Language::English, &files(Language::English)));
    static GERMAN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(Language::German, &files(Language::German)));
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}

/// Marks a literal as the id of a message, where it is chosen in one place and said in another.
pub const fn id(message: &'static str) -> &'static str {
    message
}

/// The arguments of a message: `args! { count: 3, feature: feature.name() }`.
macro_rules! args {
    ($($name:ident: $value:expr),* $(,)?) => {{
        let mut args = ::spectrum_domain::words::Args::new();
        $(args.set(stringify!($name), $value);)*
        args
    }};
}
pub(crate) use args;

/// Words in a language, and dates and numbers as a region writes them.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    language: Language,
    locale: &'static Locale,
}

impl Words {
    /// Those for a language tag (BCP 47), such as `de-AT`. English where the language is none of ours; the language's own
    /// first region where the tag has none that is known.
    pub fn of_tag(tag: &str) -> Self {
        let language = Language::of_tag(tag);
        Self { language, locale: Locale::of(language, tag) }
    }

    /// The member's.
    pub fn of_member(member: &Member) -> Self {
        Self::of_tag(&member.locale)
    }

    /// Keeps it for what else is drawn in this request: a problem's page knows no member.
    pub fn keep(self) {
        provide_context(self);
    }

    /// For a page of which nobody knows for whom it is drawn: the member's where one was found (see [`Self::keep`]), else what
    /// the browser asks for.
    pub fn of_request() -> Self {
        use_context().unwrap_or_else(|| match use_context::<Parts>() {
            Some(parts) => Self::of_headers(&parts.headers),
            None => Self::english(),
        })
    }

    /// The first language of ours that a browser asks for.
    pub fn of_headers(headers: &HeaderMap) -> Self {
        let header = headers.get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok()).unwrap_or_default();
        let mut asked: Vec<(f32, &str)> = header
            .split(',')
            .take(MOST_ASKED)
            .filter_map(|part| {
                let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
                let weight = rest.trim().strip_prefix("q=").map_or(Some(1.0), |weight| weight.parse().ok())?;
                (weight > 0.0).then_some((weight, tag.trim()))
            })
            .collect();
        // Stable: the earlier of two with the same weight comes first.
        asked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let ours = asked.into_iter().find(|(_, tag)| Language::knows(tag));
        ours.map_or_else(Self::english, |(_, tag)| Self::of_tag(tag))
    }

    /// English, of no region in particular: what the team's pages are written in.
    pub fn english() -> Self {
        Self::of_tag(Language::English.tag())
    }

    /// The language, as cards are written in it.
    pub const fn language(self) -> Language {
        self.language
    }

    /// For the attribute `lang`.
    pub const fn tag(self) -> &'static str {
        self.language.tag()
    }

    /// For the attribute `dir`: which way the language is written.
    pub const fn direction(self) -> &'static str {
        match self.language {
            Language::English | Language::German => "ltr",
        }
    }

    /// A message without arguments.
    pub fn say(self, message: &str) -> String {
        self.say_with(message, &Args::new())
    }

    /// A message with its arguments.
    pub fn say_with(self, message: &str, args: &Args<'_>) -> String {
        let catalogue = catalogue(self.language);
        debug_assert!(catalogue.has(message), "no message {message}");
        catalogue.say(message, args)
    }

    /// `16 November 2026`.
    pub fn day(self, date: NaiveDate) -> String {
        self.locale.day(date)
    }

    /// `16 November`.
    pub fn day_of_year(self, date: NaiveDate) -> String {
        self.locale.day_of_year(date)
    }

    /// `Monday 16 November`.
    pub fn weekday_and_day(self, date: NaiveDate) -> String {
        self.locale.weekday_and_day(date)
    }

    /// `November 2026`.
    pub fn month(self, date: NaiveDate) -> String {
        self.locale.month(date)
    }

    /// `November`.
    pub fn month_name(self, date: NaiveDate) -> String {
        self.locale.month_name(date)
    }

    /// `Monday`.
    pub fn weekday(self, date: NaiveDate) -> String {
        self.locale.weekday(date)
    }

    /// `Mon`.
    pub fn weekday_short(self, date: NaiveDate) -> String {
        self.locale.weekday_short(date)
    }

    /// `16 – 22 November`, `30 November – 6 December`, with years where they differ: both days belong to it.
    pub fn range(self, first: NaiveDate, last: NaiveDate) -> String {
        self.locale.range(first, last)
    }

    /// The days of a week.
    pub fn week(self, week: Week) -> String {
        let [first, .., last] = week.days();
        self.range(first, last)
    }

    /// `20:14`, `8:14 PM`.
    pub fn clock(self, time: NaiveTime) -> String {
        self.locale.clock(time.hour(), time.minute())
    }

    /// The same of a minute of the day.
    pub fn clock_of(self, minute: i16) -> String {
        let minute = u32::try_from(minute).unwrap_or_default();
        self.locale.clock(minute / 60 % 24, minute % 60)
    }

    /// A whole number, its thousands apart: `12,345`.
    pub fn number(self, n: impl Into<i64>) -> String {
        self.locale.decimal(&n.into().to_string())
    }

    /// A figure without a sign, with so many decimals: `0.21`.
    pub fn decimals(self, figure: f64, decimals: usize) -> String {
        self.locale.decimal(&format!("{:.decimals$}", figure.abs()))
    }

    /// A figure of −1…1 with its sign, the minus a true one: `+0.21`, `−0.20`, `0.00`.
    pub fn signed(self, figure: f64) -> String {
        let sign = match figure {
            ..=-0.005 => "−",
            0.005.. => "+",
            _ => "",
        };
        format!("{sign}{}", self.decimals(figure, 2))
    }

    /// So many of so many as a share in whole per cent: `75 %`.
    pub fn percent(self, part: i32, whole: i32) -> String {
        let share = f64::from(part) * 100.0 / f64::from(whole.max(1));
        self.say_with("percent", &args! { share: self.decimals(share, 0) })
    }

    /// `Interest`.
    pub fn family(self, family: Family) -> String {
        self.say_with("family", &args! { family: family.name() })
    }

    /// `interest`, inside a sentence.
    pub fn family_inside(self, family: Family) -> String {
        self.say_with("family-inside", &args! { family: family.name() })
    }

    /// `High energy, pleasant`.
    pub fn quadrant(self, quadrant: Quadrant) -> String {
        self.say_with("quadrant", &args! { quadrant: quadrant.name() })
    }

    /// `high energy, pleasant`, inside a sentence or a table.
    pub fn quadrant_inside(self, quadrant: Quadrant) -> String {
        self.say_with("quadrant-inside", &args! { quadrant: quadrant.name() })
    }

    /// `Mirror`.
    pub fn feature(self, feature: Feature) -> String {
        self.say_with("feature", &args! { feature: feature.name() })
    }

    /// `Interest, hope and calm`: the last two joined by the word for it, all as they are given.
    pub fn list(self, things: &[String]) -> String {
        match things {
            [] => String::new(),
            [only] => only.clone(),
            [head @ .., last] => self.say_with("list", &args! { head: head.join(", "), last: last.clone() }),
        }
    }
}

/// Languages of a header that are looked at.
const MOST_ASKED: usize = 16;

#[cfg(test)]
mod tests;
