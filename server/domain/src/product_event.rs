//! How Spectrum is used, as far as it is counted: a closed set of events whose properties are closed words and small whole
//! numbers. `docs/product-events.md` says who records each, when, and which question it answers.
//!
//! PRIVACY: no property can hold a text, a number that was measured, a family or a quadrant: there is no type here for one. A
//! test draws every event there can be and holds all that it writes against the vocabulary.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    card::{Generator, Verdict},
    closed_set::closed_set,
    finding::Kind,
    push::ChannelKind,
    reset::Depth,
    rollup::Tier,
    span::Span,
};

closed_set!(
    /// What the member has Spectrum in.
    Surface {
        /// A browser.
        Browser = "browser",
        /// The host product's app, which shows the pages inside it.
        Webview = "webview",
        /// A client of the host's own, which calls the API.
        App = "app",
    }
);
closed_set!(
    /// How many of something.
    Count {
        /// None.
        None = "none",
        /// One.
        One = "one",
        /// 2 to 4.
        Few = "2_to_4",
        /// 5 to 9.
        Some = "5_to_9",
        /// 10 and more.
        Many = "10_or_more",
    }
);
closed_set!(
    /// How long a card was in sight.
    Dwell {
        /// Less than two seconds.
        Glance = "under_2s",
        /// Two to ten seconds.
        Short = "2_to_10s",
        /// Ten seconds to half a minute.
        Long = "10_to_30s",
        /// Longer.
        Longer = "over_30s",
    }
);
closed_set!(
    /// How long something took.
    Seconds {
        /// Less than a second.
        Moment = "under_1s",
        /// One to ten seconds.
        Short = "1_to_10s",
        /// Ten seconds to a minute.
        Long = "10_to_60s",
        /// Longer.
        Longer = "over_60s",
    }
);
closed_set!(
    /// Who wrote the words of the cards in sight.
    GeneratorMix {
        /// There are none.
        None = "none",
        /// Templates alone.
        Template = "template",
        /// Models alone.
        Model = "model",
        /// Both.
        Both = "both",
    }
);
closed_set!(
    /// How much there was to tell of.
    DataTier {
        /// No session.
        None = "none",
        /// Too few sessions to add up.
        Low = "low",
        /// Enough for counts.
        Ok = "ok",
    }
);
closed_set!(
    /// Where a control was used.
    Via {
        /// A list of sessions, or a session's own page.
        List = "list",
        /// A card.
        Card = "card",
    }
);
closed_set!(
    /// How long a period is looked at.
    PeriodKind {
        /// A week.
        Week = "week",
        /// A month.
        Month = "month",
        /// A quarter.
        Quarter = "quarter",
        /// A year.
        Year = "year",
        /// Any days.
        Span = "span",
    }
);
closed_set!(
    /// A page with a figure on it: the second part of its address.
    Screen {
        /// A week in numbers.
        Week = "week",
        /// The plane over any time.
        Landscape = "landscape",
        /// Distributions over any time.
        Patterns = "patterns",
        /// The feed.
        Feed = "feed",
        /// A month's text.
        Month = "month",
        /// The list of sessions.
        Sessions = "sessions",
        /// A session.
        Session = "session",
    }
);
closed_set!(
    /// Which words and numbers a free member is shown of the paid plan. A change of them is another word here: what each leads to is
    /// counted by it.
    Teaser {
        /// The first panel: an example of made-up numbers.
        Sample1 = "sample-1",
        /// None: the member came to its place and is kept from it by lot.
        Holdout = "holdout",
    }
);
closed_set!(
    /// What an export is.
    Format {
        /// A ZIP of everything.
        Archive = "archive",
    }
);

closed_set!(
    /// When on the member's own clock.
    DayPart {
        /// From midnight to six.
        Night = "night",
        /// From six to noon.
        Morning = "morning",
        /// From noon to six.
        Afternoon = "afternoon",
        /// From six to midnight.
        Evening = "evening",
    }
);
closed_set!(
    /// How long after it was sent a push was opened.
    ToOpen {
        /// Less than five minutes.
        AtOnce = "under_5m",
        /// Five minutes to an hour.
        Soon = "5_to_60m",
        /// One to twelve hours.
        SameDay = "1_to_12h",
        /// Later.
        Later = "over_12h",
    }
);

impl DayPart {
    /// Of an hour of the day, 0 to 23.
    pub const fn of_hour(hour: u32) -> Self {
        match hour {
            ..6 => Self::Night,
            6..12 => Self::Morning,
            12..18 => Self::Afternoon,
            _ => Self::Evening,
        }
    }
}

impl ToOpen {
    /// Of so many minutes.
    pub const fn of_minutes(minutes: i64) -> Self {
        match minutes {
            ..5 => Self::AtOnce,
            5..60 => Self::Soon,
            60..720 => Self::SameDay,
            _ => Self::Later,
        }
    }
}

impl From<ChannelKind> for Surface {
    /// What a push by this channel is shown in.
    fn from(channel: ChannelKind) -> Self {
        match channel {
            ChannelKind::Apns | ChannelKind::Fcm => Self::App,
            ChannelKind::WebPush => Self::Browser,
        }
    }
}

impl Surface {
    /// By what a browser says it is. Android's `WebView` says `; wv)`; the one of iOS leaves `Safari/` out.
    pub fn of_user_agent(agent: &str) -> Self {
        let apple = ["iPhone", "iPad", "iPod"].iter().any(|device| agent.contains(device));
        // Other browsers of iOS leave it out as well, but name themselves.
        let named = ["Safari/", "CriOS/", "FxiOS/", "EdgiOS/"].iter().any(|browser| agent.contains(browser));
        if agent.contains("; wv)") || (apple && !named) { Self::Webview } else { Self::Browser }
    }
}

impl Count {
    /// Of so many.
    pub const fn of(n: u64) -> Self {
        match n {
            0 => Self::None,
            1 => Self::One,
            2..=4 => Self::Few,
            5..=9 => Self::Some,
            _ => Self::Many,
        }
    }
}

impl Seconds {
    /// Of so many milliseconds.
    pub const fn of_milliseconds(ms: i64) -> Self {
        match ms {
            ..1_000 => Self::Moment,
            1_000..10_000 => Self::Short,
            10_000..60_000 => Self::Long,
            _ => Self::Longer,
        }
    }
}

impl GeneratorMix {
    /// Of these cards.
    pub fn of<'a>(generators: impl IntoIterator<Item = &'a Generator>) -> Self {
        let (mut template, mut model) = (false, false);
        for generator in generators {
            match generator {
                Generator::Template { .. } => template = true,
                Generator::Model { .. } => model = true,
            }
        }
        match (template, model) {
            (false, false) => Self::None,
            (true, false) => Self::Template,
            (false, true) => Self::Model,
            (true, true) => Self::Both,
        }
    }
}

impl From<Tier> for DataTier {
    fn from(tier: Tier) -> Self {
        match tier {
            Tier::Empty => Self::None,
            Tier::Few => Self::Low,
            Tier::Some | Tier::Enough => Self::Ok,
        }
    }
}

impl From<Span> for PeriodKind {
    fn from(span: Span) -> Self {
        match span {
            Span::Week(_) => Self::Week,
            Span::Month(_) => Self::Month,
            Span::Quarter(_) => Self::Quarter,
            Span::Year(_) => Self::Year,
            Span::Days(..) => Self::Span,
        }
    }
}

/// The place of a card on its page, from 1; past the last there can be, the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Position(u8);

/// The number is no place of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 1 to {}", Position::MAX)]
pub struct BadPosition;

impl Position {
    /// The last place.
    pub const MAX: u8 = 50;
}

impl TryFrom<u8> for Position {
    type Error = BadPosition;

    fn try_from(place: u8) -> Result<Self, BadPosition> {
        (1..=Self::MAX).contains(&place).then_some(Self(place)).ok_or(BadPosition)
    }
}

impl From<Position> for u8 {
    fn from(position: Position) -> Self {
        position.0
    }
}

/// The version of what the member has Spectrum in: one to three numbers of at most four digits, and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AppVersion {
    major: u16,
    minor: Option<u16>,
    patch: Option<u16>,
}

/// The text is no version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be one to three numbers such as 4.12.0")]
pub struct BadVersion;

impl FromStr for AppVersion {
    type Err = BadVersion;

    fn from_str(text: &str) -> Result<Self, BadVersion> {
        let number = |part: &str| {
            let fits = (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            fits.then(|| part.parse().ok()).flatten().ok_or(BadVersion)
        };
        let mut parts = text.split('.');
        let version = Self {
            major: number(parts.next().unwrap_or_default())?,
            minor: parts.next().map(number).transpose()?,
            patch: parts.next().map(number).transpose()?,
        };
        if parts.next().is_some() { Err(BadVersion) } else { Ok(version) }
    }
}

impl fmt::Display for AppVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.major)?;
        for part in [self.minor, self.patch].into_iter().flatten() {
            write!(f, ".{part}")?;
        }
        Ok(())
    }
}

/// Something that a member did with Spectrum. On the wire as `{"name": "card_viewed", …}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case", deny_unknown_fields)]
pub enum ProductEvent {
    /// The feed was opened.
    FeedViewed {
        /// Cards on the page.
        cards_count: Count,
        /// Who wrote them.
        generator_mix: GeneratorMix,
        /// How much the newest week on it had to tell of.
        data_tier: DataTier,
    },
    /// A card was in sight for a second or longer, in all.
    CardViewed {
        /// What it says something about.
        card_kind: Kind,
        /// Where it stood.
        position: Position,
        /// For how long it was in sight.
        dwell: Dwell,
    },
    /// "Why am I seeing this?" was opened.
    CardWhyOpened {
        /// Of which kind of card.
        card_kind: Kind,
    },
    /// The member said what they think of a card.
    CardFeedbackSubmitted {
        /// Of which kind.
        card_kind: Kind,
        /// What they think.
        verdict: Verdict,
    },
    /// A session was left out.
    SessionExcluded {
        /// Where.
        via: Via,
        /// Sessions that are out by now.
        excluded_total: Count,
    },
    /// A session was taken in again.
    SessionIncluded {
        /// Where.
        via: Via,
        /// Sessions that are still out.
        excluded_total: Count,
    },
    /// The member's word was put in the place of what was measured of a session.
    SessionCorrected {
        /// Where.
        via: Via,
    },
    /// A month's text was opened.
    MonthViewed {
        /// Cards on the page.
        cards_count: Count,
        /// Who wrote them.
        generator_mix: GeneratorMix,
        /// How much the month had to tell of.
        data_tier: DataTier,
    },
    /// The picture of a period was opened.
    LandscapeViewed {
        /// Of which length.
        period_kind: PeriodKind,
    },
    /// Which feelings showed over a period, when and where, was opened.
    DistributionViewed {
        /// Of which length.
        period_kind: PeriodKind,
    },
    /// A free member was shown what the paid plan adds.
    TeaserExposed {
        /// Which panel.
        teaser_variant: Teaser,
        /// On which page.
        screen: Screen,
    },
    /// The way to the plans was taken from there.
    TeaserTapped {
        /// From which panel.
        teaser_variant: Teaser,
        /// On which page.
        screen: Screen,
    },
    /// The push of a week was taken by its provider.
    WeeklySent {
        /// By which channel.
        channel: ChannelKind,
        /// When where the member lives.
        local_hour: DayPart,
    },
    /// A tap on it led to the week's page.
    WeeklyOpened {
        /// By which channel it had come.
        channel: ChannelKind,
        /// How long after it was sent.
        minutes_to_open: ToOpen,
    },
    /// A fresh start was asked for.
    ResetRequested {
        /// How deep.
        scope: Depth,
    },
    /// A fresh start was made.
    ResetCompleted {
        /// How deep.
        scope: Depth,
        /// How long it took.
        seconds: Seconds,
    },
    /// The member began to fetch everything held about them.
    ExportCompleted {
        /// As what.
        format: Format,
    },
    /// The numbers behind a figure were opened.
    TableOpened {
        /// On which page.
        screen: Screen,
    },
}

/// Events of the catalogue that nothing records yet. Their numbers are theirs.
pub const RESERVED: [(i16, &str); 3] = [(12, "upgrade_started"), (13, "upgrade_completed"), (15, "weekly_delivered")];

/// Every event that is recorded: its number, which is given once and never to another, and its name.
pub const RECORDED: [(i16, &str); 18] = [
    (1, "feed_viewed"),
    (2, "card_viewed"),
    (3, "card_why_opened"),
    (4, "card_feedback_submitted"),
    (5, "session_excluded"),
    (6, "session_included"),
    (7, "month_viewed"),
    (8, "landscape_viewed"),
    (9, "distribution_viewed"),
    (10, "teaser_exposed"),
    (11, "teaser_tapped"),
    (14, "weekly_sent"),
    (16, "weekly_opened"),
    (17, "reset_requested"),
    (18, "reset_completed"),
    (19, "export_completed"),
    (20, "table_opened"),
    (21, "session_corrected"),
];

impl ProductEvent {
    /// The number in the database.
    pub const fn number(self) -> i16 {
        match self {
            Self::FeedViewed { .. } => 1,
            Self::CardViewed { .. } => 2,
            Self::CardWhyOpened { .. } => 3,
            Self::CardFeedbackSubmitted { .. } => 4,
            Self::SessionExcluded { .. } => 5,
            Self::SessionIncluded { .. } => 6,
            Self::MonthViewed { .. } => 7,
            Self::LandscapeViewed { .. } => 8,
            Self::DistributionViewed { .. } => 9,
            Self::TeaserExposed { .. } => 10,
            Self::TeaserTapped { .. } => 11,
            Self::WeeklySent { .. } => 14,
            Self::WeeklyOpened { .. } => 16,
            Self::ResetRequested { .. } => 17,
            Self::ResetCompleted { .. } => 18,
            Self::ExportCompleted { .. } => 19,
            Self::TableOpened { .. } => 20,
            Self::SessionCorrected { .. } => 21,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::{collection::vec, prelude::*, sample::select};
    use serde_json::{Map, Value, json};

    use super::*;

    fn of<T: Copy + fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
        select(all)
    }

    prop_compose! {
        fn told()(cards in of(Count::ALL), mix in of(GeneratorMix::ALL), tier in of(DataTier::ALL)) -> (Count, GeneratorMix, DataTier) {
            (cards, mix, tier)
        }
    }

    fn any_event() -> impl Strategy<Value = ProductEvent> {
        use ProductEvent as E;
        prop_oneof![
            told().prop_map(|(cards_count, generator_mix, data_tier)| E::FeedViewed {
                cards_count,
                generator_mix,
                data_tier
            }),
            told().prop_map(|(cards_count, generator_mix, data_tier)| E::MonthViewed {
                cards_count,
                generator_mix,
                data_tier
            }),
            (of(&Kind::ALL), 1..=Position::MAX, of(Dwell::ALL)).prop_map(|(card_kind, place, dwell)| E::CardViewed {
                card_kind,
                position: Position(place),
                dwell
            }),
            of(&Kind::ALL).prop_map(|card_kind| E::CardWhyOpened { card_kind }),
            (of(&Kind::ALL), of(&Verdict::ALL))
                .prop_map(|(card_kind, verdict)| E::CardFeedbackSubmitted { card_kind, verdict }),
            (of(Via::ALL), of(Count::ALL)).prop_map(|(via, excluded_total)| E::SessionExcluded { via, excluded_total }),
            (of(Via::ALL), of(Count::ALL)).prop_map(|(via, excluded_total)| E::SessionIncluded { via, excluded_total }),
            of(Via::ALL).prop_map(|via| E::SessionCorrected { via }),
            of(PeriodKind::ALL).prop_map(|period_kind| E::LandscapeViewed { period_kind }),
            of(PeriodKind::ALL).prop_map(|period_kind| E::DistributionViewed { period_kind }),
            (of(Teaser::ALL), of(Screen::ALL))
                .prop_map(|(teaser_variant, screen)| E::TeaserExposed { teaser_variant, screen }),
            (of(Teaser::ALL), of(Screen::ALL))
                .prop_map(|(teaser_variant, screen)| E::TeaserTapped { teaser_variant, screen }),
            (of(ChannelKind::ALL), of(DayPart::ALL))
                .prop_map(|(channel, local_hour)| E::WeeklySent { channel, local_hour }),
            (of(ChannelKind::ALL), of(ToOpen::ALL))
                .prop_map(|(channel, minutes_to_open)| E::WeeklyOpened { channel, minutes_to_open }),
            of(&Depth::ALL).prop_map(|scope| E::ResetRequested { scope }),
            (of(&Depth::ALL), of(Seconds::ALL)).prop_map(|(scope, seconds)| E::ResetCompleted { scope, seconds }),
            of(Format::ALL).prop_map(|format| E::ExportCompleted { format }),
            of(Screen::ALL).prop_map(|screen| E::TableOpened { screen }),
        ]
    }

    /// Every word that a property may be.
    fn vocabulary() -> BTreeSet<&'static str> {
        let words = |all: &[&'static str]| all.to_vec();
        let mut every = Vec::new();
        macro_rules! add {
            ($($set:ident),*) => { $(every.extend($set::ALL.iter().map(|word| word.name()));)* };
        }
        add!(
            Count,
            Dwell,
            Seconds,
            GeneratorMix,
            DataTier,
            Via,
            PeriodKind,
            Screen,
            Teaser,
            Format,
            ChannelKind,
            DayPart,
            ToOpen,
            Kind,
            Verdict,
            Depth
        );
        every.extend(words(&RECORDED.map(|(_, name)| name)));
        every.into_iter().collect()
    }

    /// Whether an event as it is written holds nothing but the vocabulary's words and places of cards.
    fn is_closed(written: &Value) -> bool {
        let vocabulary = vocabulary();
        written.as_object().is_some_and(|fields| {
            fields.values().all(|value| match value {
                Value::String(word) => vocabulary.contains(word.as_str()),
                Value::Number(number) => number.as_u64().is_some_and(|place| (1..=50).contains(&place)),
                _ => false,
            })
        })
    }

    /// What somebody might send: words of ours and others, numbers, texts, in fields of ours and others.
    fn any_sent() -> impl Strategy<Value = Value> {
        let fields =
            ["card_kind", "position", "dwell", "screen", "verdict", "via", "scope", "valence", "note", "family"];
        let words: Vec<&str> = vocabulary().into_iter().chain(["joy", "high_pleasant", "I am sad", ""]).collect();
        let value = prop_oneof![
            select(words).prop_map(|word| json!(word)),
            any::<i64>().prop_map(|n| json!(n)),
            any::<f64>().prop_map(|n| json!(n)),
            ".{0,12}".prop_map(|text| json!(text)),
            Just(Value::Null),
        ];
        let names: Vec<&str> = RECORDED.iter().map(|(_, name)| *name).chain(["session_felt"]).collect();
        (select(names), vec((select(fields.to_vec()), value), 0..5)).prop_map(|(name, rest)| {
            let mut sent = Map::new();
            sent.extend(rest.into_iter().map(|(field, value)| (field.to_owned(), value)));
            sent.insert("name".to_owned(), json!(name));
            Value::Object(sent)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn nothing_is_written_outside_the_closed_vocabulary(event in any_event()) {
            let written = serde_json::to_value(event).expect("JSON");
            prop_assert!(is_closed(&written), "{written}");
            let number = RECORDED.iter().find(|(_, name)| written["name"] == *name).map(|(number, _)| *number);
            prop_assert_eq!(number, Some(event.number()));
            prop_assert_eq!(serde_json::from_value::<ProductEvent>(written).expect("it is read back"), event);
        }

        #[test]
        fn what_is_read_is_written_as_it_came_and_nothing_else_is_read(sent in any_sent()) {
            if let Ok(event) = serde_json::from_value::<ProductEvent>(sent.clone()) {
                prop_assert_eq!(serde_json::to_value(event).expect("JSON"), sent.clone());
                prop_assert!(is_closed(&sent), "{sent}");
            }
        }

        #[test]
        fn a_version_holds_digits_and_points_only(text in "[0-9a-z.]{0,9}|.{0,12}") {
            if let Ok(version) = text.parse::<AppVersion>() {
                let shown = version.to_string();
                prop_assert!(shown.bytes().all(|b| b.is_ascii_digit() || b == b'.') && shown.len() <= 14, "{shown}");
                prop_assert_eq!(shown.parse(), Ok(version));
            }
        }
    }

    #[test]
    fn a_number_is_given_once_and_feeling_has_no_word_here() {
        let numbers: BTreeSet<i16> = RECORDED.iter().chain(&RESERVED).map(|(number, _)| *number).collect();
        let names: BTreeSet<&str> = RECORDED.iter().chain(&RESERVED).map(|(_, name)| *name).collect();
        assert_eq!((numbers.len(), names.len()), (21, 21));
        assert_eq!(numbers, (1..=21).collect());
        let vocabulary = vocabulary();
        let feelings = crate::affect::Family::ALL.map(crate::affect::Family::name);
        let quadrants = crate::affect::Quadrant::ALL.map(crate::affect::Quadrant::name);
        for word in feelings.into_iter().chain(quadrants) {
            assert!(!vocabulary.contains(word), "{word}");
        }
    }

    #[test]
    fn buckets_and_surfaces_are_told_apart() {
        let counts: Vec<&str> = [0, 1, 2, 4, 5, 9, 10, 4_000].map(|n| Count::of(n).name()).into();
        let expected = ["none", "one", "2_to_4", "2_to_4", "5_to_9", "5_to_9", "10_or_more", "10_or_more"];
        assert_eq!(counts, expected);
        let seconds = [0, 999, 1_000, 9_999, 10_000, 60_000].map(|ms| Seconds::of_milliseconds(ms).name());
        assert_eq!(seconds, ["under_1s", "under_1s", "1_to_10s", "1_to_10s", "10_to_60s", "over_60s"]);
        let hours = [0, 5, 6, 11, 12, 17, 18, 23].map(|hour| DayPart::of_hour(hour).name());
        assert_eq!(hours, ["night", "night", "morning", "morning", "afternoon", "afternoon", "evening", "evening"]);
        let minutes = [0, 4, 5, 59, 60, 719, 720].map(|minutes| ToOpen::of_minutes(minutes).name());
        assert_eq!(minutes, ["under_5m", "under_5m", "5_to_60m", "5_to_60m", "1_to_12h", "1_to_12h", "over_12h"]);
        let android = "Mozilla/5.0 (Linux; Android 16; Pixel 9; wv) AppleWebKit/537.36 Version/4.0 Chrome/142.0 Mobile Safari/537.36";
        let inside = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";
        let safari = format!("{inside} Version/19.1 Safari/604.1");
        let surfaces = [android, inside, &safari, "curl/8", ""].map(|agent| Surface::of_user_agent(agent).name());
        assert_eq!(surfaces, ["webview", "webview", "browser", "browser", "browser"]);
    }
}
