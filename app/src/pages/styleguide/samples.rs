//! Made-up data for the style guide: nobody's sessions, weeks and cards.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc, Weekday};
use spectrum_core::insight::load_edition::{Edition, ShownCard};
use spectrum_domain::{
    affect::{AffectVector, EMOTIONS, Family, Milli, Quadrant},
    calendar::Week,
    card::{Card, Generator, Grain, Receipt, RollupRef, TEMPLATES, Verdict, write},
    displacement::Displacements,
    feature::Feature,
    finding::{Finding, detect, simulated},
    id::MemberId,
    measure::{Coverage, PairSums, Place, SessionVector},
    member::{Member, Plan},
    rollup::{Estimate, Tier},
    session::{SessionState, SessionSummary},
    span::{Kind, Span},
    week::DayColumn,
};
use uuid::Uuid;

use crate::pages::{
    chart::{Arrow, Arrows, Bar, Dot, DotRow, Dots, GridCell, Middle, Plane, Step, Way, YearDay},
    language::{Words, args, id},
    spans::At,
};

/// The day on which all of it is looked at.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 26).unwrap_or_default()
}

/// The week before.
pub fn week() -> Week {
    Week::containing(today(), Weekday::Mon).previous()
}

/// The month of it.
pub fn month() -> At {
    let span = Span::of_kind(Kind::Month, today(), Weekday::Mon);
    At { span, today: today() }
}

/// Nobody, who reads the language of the page.
pub fn member(words: Words) -> Member {
    Member {
        member_id: MemberId(Uuid::nil()),
        zone: if words.tag() == "de" { chrono_tz::Europe::Berlin } else { chrono_tz::Europe::London },
        week_start: Weekday::Mon,
        locale: words.tag().to_owned(),
        plan: Plan::Free,
        data_version: 1,
        counted: false,
    }
}

fn estimate(mean: f64, half_width: f64) -> Estimate {
    Estimate { mean, sd: 0.3, half_width }
}

const SESSIONS: [(i16, i16); 12] = [
    (420, 310),
    (260, -240),
    (-330, 420),
    (610, 120),
    (-180, -360),
    (340, -520),
    (90, 220),
    (480, -130),
    (-90, 60),
    (150, 540),
    (-420, -120),
    (520, 330),
];

/// Twelve sessions, their middle, the one before, and the way of four weeks.
pub fn plane(words: Words) -> Plane {
    let dots = SESSIONS.into_iter().map(|(valence, arousal)| Dot {
        at: (Milli(valence).as_f64(), Milli(arousal).as_f64()),
        quadrant: Quadrant::of(Milli(valence), Milli(arousal)),
        label: None,
    });
    let middle = |valence, arousal| Middle { valence: estimate(valence, 0.21), arousal: estimate(arousal, 0.2) };
    Plane {
        dots: dots.collect(),
        middle: Some(middle(0.15, 0.05)),
        before: Some(middle(-0.5, 0.16)),
        names: [words.week(week()), words.week(week().previous())],
        ..Plane::default()
    }
}

/// Seven days: full, few, one, none.
pub fn days() -> [DayColumn; 7] {
    let figures: [(usize, (i16, i16, i16)); 7] = [
        (3, (-300, 100, 420)),
        (1, (210, 210, 210)),
        (2, (-420, -180, 60)),
        (0, (0, 0, 0)),
        (4, (-100, 250, 600)),
        (3, (80, 300, 520)),
        (0, (0, 0, 0)),
    ];
    let mut figures = figures.into_iter();
    week().days().map(|date| {
        let (sessions, (least, middle, most)) = figures.next().unwrap_or_default();
        DayColumn { date, sessions, range: (sessions > 0).then_some((Milli(least), Milli(middle), Milli(most))) }
    })
}

/// Every family, from often to seldom, beside a time before.
pub fn bars(words: Words) -> Vec<Bar> {
    let counts = [9, 8, 6, 5, 4, 3, 2, 2, 1];
    let bar = |(family, k): (Family, i32)| Bar {
        name: words.family(family),
        quadrant: family.quadrant(),
        share: f64::from(k) / 12.0,
        count: words.say_with("patterns-count", &args! { k: k, n: 12 }),
        percent: words.percent(k, 12),
        before: Some(f64::from((k * 7 + 3) % 11) / 12.0),
    };
    Family::ALL.into_iter().zip(counts).map(bar).collect()
}

/// Five weeks; one has no middle, one no session.
pub fn steps() -> Vec<Step> {
    let weeks = [("2", Some((0.2, 0.25)), 9), ("9", Some((-0.1, 0.2)), 12), ("16", None, 4), ("23", None, 0)];
    let weeks = weeks.into_iter().chain([("30", Some((0.3, 0.3)), 8)]);
    let step = |(name, middle, n): (&str, Option<(f64, f64)>, i32)| Step {
        name: name.to_owned(),
        middle: middle.map(|(mean, half)| estimate(mean, half)),
        n,
    };
    weeks.map(step).collect()
}

/// Three families over eight weeks, one of which has too few sessions.
pub fn ways(words: Words) -> Vec<Way> {
    let rows = [(Family::Interest, 40, 0.6), (Family::Worry, 22, 0.35), (Family::Calm, 18, 0.2)];
    let way = |(family, k, middle): (Family, i32, f64)| Way {
        name: words.family(family),
        quadrant: family.quadrant(),
        count: words.say_with("patterns-count", &args! { k: k, n: 61 }),
        shares: (0_u8..8).map(|at| (at != 4).then(|| middle + 0.15 * (f64::from(at) * 1.7).sin())).collect(),
    };
    rows.into_iter().map(way).collect()
}

/// Weekdays by parts of the day.
pub fn cells() -> [[GridCell; 7]; 4] {
    let cell = |row: i32, column: i32| {
        let sessions = (row * 5 + column * 3) % 7;
        let mean = (sessions >= 3).then(|| f64::from((row * 7 + column * 11) % 13 - 6) / 10.0);
        GridCell { sessions, mean }
    };
    [0, 1, 2, 3].map(|row| [0, 1, 2, 3, 4, 5, 6].map(|column| cell(row, column)))
}

/// The features beside each other; one has too few sessions.
pub fn dots(words: Words) -> Vec<Dots> {
    let row = |feature, figure: Option<(f64, f64)>, n, before| DotRow {
        name: words.feature(feature),
        figure: figure.map(|(mean, half)| estimate(mean, half)),
        n,
        before,
    };
    let [mirror, turn, lens] = Feature::ALL;
    let ends = ["scale-unpleasant", "scale-pleasant"].map(|end| words.say(id(end)));
    let rows = vec![
        row(mirror, Some((-0.12, 0.2)), 18, false),
        row(turn, Some((0.24, 0.18)), 21, false),
        row(lens, None, 5, false),
        row(mirror, Some((0.05, 0.22)), 15, true),
    ];
    vec![Dots { ends, rows }]
}

/// How sessions of each feature moved.
pub fn arrows(words: Words) -> Vec<Arrows> {
    let row = |feature, way: Option<(f64, f64)>, n| Arrow {
        name: words.feature(feature),
        way: way.map(|(mean, half)| estimate(mean, half)),
        figure: way.map_or_else(|| "–".to_owned(), |(mean, _)| words.signed(mean)),
        n,
    };
    let [mirror, turn, lens] = Feature::ALL;
    vec![Arrows {
        heading: words.say("column-pleasantness"),
        scale: ["scale-unpleasant", "scale-between", "scale-pleasant"].map(|end| words.say(id(end))),
        rows: vec![row(mirror, Some((-0.02, 0.12)), 18), row(turn, Some((0.31, 0.14)), 21), row(lens, None, 5)],
    }]
}

/// The days of a year up to today.
pub fn year() -> Vec<YearDay> {
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default();
    let day = |date: NaiveDate| {
        let drawn = (date.ordinal() * 37 + date.ordinal() / 5) % 11;
        let sessions = i32::try_from(drawn % 4).unwrap_or_default();
        let [a, b, c, d] = Quadrant::ALL;
        let quadrant = [Some(a), Some(b), Some(c), Some(d), None].into_iter().cycle().nth(drawn as usize).flatten();
        YearDay { month: date.month0(), day: date.day(), sessions, quadrant }
    };
    first.iter_days().take_while(|date| *date <= today()).map(day).collect()
}

/// A week that was told, with two cards about nobody: findings of a simulated history in the words of templates.
pub fn edition(words: Words) -> Edition {
    let at: DateTime<Utc> = today().and_hms_opt(9, 0, 0).unwrap_or_default().and_utc();
    let receipt = Receipt {
        sessions: 12,
        turns: 88,
        days: 6,
        tier: Tier::Enough,
        rollups: vec![RollupRef { grain: Grain::Week, period: week().start(), version: 12 }],
        generator: Generator::Template { revision: TEMPLATES.to_owned() },
        generated_at: at,
    };
    let findings = (1..=1_000).map(|seed| detect(&simulated::sample(seed))).find(|found| found.len() >= 2);
    let cards = findings.into_iter().flatten().take(2).zip([None, Some(Verdict::Useful)]).enumerate();
    let card = |(index, (finding, verdict)): (usize, (Finding, Option<Verdict>))| ShownCard {
        card_id: Uuid::from_u128(index as u128 + 1).into(),
        card: Card { words: write(&finding, Grain::Week, words.language(), 1), finding, receipt: receipt.clone() },
        changed_at: (index == 1).then_some(at),
        verdict,
    };
    Edition {
        period: week().start(),
        published_at: at,
        refreshed_at: Some(at),
        flagged: 0,
        cards: cards.map(card).collect(),
        narrative: None,
        narrator: Generator::Template { revision: TEMPLATES.to_owned() },
    }
}

/// Three sessions: one that counts, one that is left out, one that is being read.
pub fn sessions() -> Vec<SessionSummary> {
    let [mirror, turn, lens] = Feature::ALL;
    let strong = [Family::Interest, Family::Calm];
    let rows = [
        (mirror, SessionState::Analysed, false),
        (turn, SessionState::Analysed, true),
        (lens, SessionState::Ended, false),
    ];
    let session = |(index, (feature, state, excluded)): (usize, (Feature, SessionState, bool))| {
        let local_date = week().days()[index];
        let (valence, arousal) = (Milli(420), Milli(-240));
        let place = Place { valence, arousal };
        let mut emotions = [Milli(40); EMOTIONS];
        for (at, emotion) in emotions.iter_mut().enumerate() {
            if Family::of_emotion(at).is_some_and(|family| strong.contains(&family)) {
                *emotion = Milli(620);
            }
        }
        let vector = SessionVector {
            affect: AffectVector { emotions, valence, arousal, dominance: Milli(0) },
            mixture: emotions,
            valence_spread: Milli(100),
            arousal_spread: Milli(100),
            first: place,
            peak: place,
            end: place,
            valence_pairs: PairSums::default(),
            arousal_pairs: PairSums::default(),
            displacements: Displacements::default(),
            coverage: Coverage { turns: 8, words: 312, not_measured: [0; 4] },
        };
        SessionSummary {
            session_id: Uuid::from_u128(index as u128 + 1).into(),
            feature,
            started_at: local_date.and_hms_opt(20, 14, 0).unwrap_or_default().and_utc(),
            local_date,
            local_minute: 20 * 60 + 14,
            state,
            excluded,
            crisis: false,
            why_not: None,
            corrected: false,
            vector: (state == SessionState::Analysed).then_some(vector),
        }
    };
    rows.into_iter().enumerate().map(session).collect()
}
