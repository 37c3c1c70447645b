//! `/spectrum/landscape` and `/spectrum/patterns`: what the screens of a span draw, in numbers.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::Response,
};
use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use spectrum_core::Services;
use spectrum_domain::{
    affect::{Family, Quadrant},
    calendar::Daypart,
    finding::Axis,
    rollup::{Rollup, Tier},
    session::SessionSummary,
    span::{Span, day},
    stretch::{DayMark, FEWEST, FeatureFigures, Landscape, PartSums, Stretch},
    week::Comparison,
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::figures::{Count, Mean};
use crate::http::{AppState, etag, extract::AsReader, problem::Problem};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_landscape)).routes(routes!(get_patterns))
}

/// From which day to which, both with them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Days {
    from: String,
    to: String,
}

impl Days {
    /// The span of a request.
    fn read(query: Result<Query<Self>, QueryRejection>) -> Result<Span, Problem> {
        let Query(Self { from, to }) = query.map_err(|_| {
            Problem::bad_request("The address takes `from` and `to`, each exactly once. Nothing was changed.")
        })?;
        let read =
            |name, text: &str| day(text).ok_or_else(|| Problem::bad_field(name, "must be a day such as 2026-11-26"));
        let (first, last) = (read("from", &from)?, read("to", &to)?);
        Span::between(first, last).ok_or_else(|| {
            Problem::bad_field(
                "to",
                "must not lie before `from`, nor more than 400 days from it, nor outside the years 1900 to 9998",
            )
        })
    }
}

/// What both answers begin with.
#[derive(Debug, Serialize, ToSchema)]
struct SpanBody {
    /// First day.
    first: NaiveDate,
    /// Last day.
    last: NaiveDate,
    /// The member's data version that this shows.
    version: i64,
    /// `empty`, `few` (one or two sessions), `some` (from three) or `enough` (from seven on four days).
    coverage: &'static str,
    /// Sessions counted.
    sessions: i32,
    /// Days with a session.
    days: i32,
    /// Sessions that are still to be read.
    pending: i64,
    /// Sessions that the member left out.
    excluded: i64,
    /// The span and as many days before it were measured by different models, so that part of a difference may come from that.
    models_differ: bool,
}

impl SpanBody {
    fn new(stretch: &Stretch) -> Self {
        let rollup = &stretch.now.rollup;
        Self {
            first: stretch.span.start(),
            last: stretch.span.last(),
            version: stretch.member.data_version,
            coverage: rollup.tier().name(),
            sessions: rollup.sessions,
            days: rollup.days,
            pending: stretch.standing.pending,
            excluded: stretch.standing.excluded,
            models_differ: stretch.versions_differ(),
        }
    }
}

/// Days in a row with where their sessions lay on the mean.
#[derive(Debug, Serialize, ToSchema)]
struct MiddleBody {
    /// First day.
    first: NaiveDate,
    /// Last day.
    last: NaiveDate,
    /// Sessions counted.
    sessions: i32,
    /// Days with a session.
    days: i32,
    /// Unpleasant (−1) to pleasant (1); nothing below seven sessions on four days.
    valence: Option<Mean>,
    /// Low energy (−1) to high energy (1), the same.
    arousal: Option<Mean>,
}

impl MiddleBody {
    fn new((first, last): (NaiveDate, NaiveDate), rollup: &Rollup) -> Self {
        Self {
            first,
            last,
            sessions: rollup.sessions,
            days: rollup.days,
            valence: Mean::of(rollup, rollup.valence_estimate()),
            arousal: Mean::of(rollup, rollup.arousal_estimate()),
        }
    }
}

/// A session on the plane.
#[derive(Debug, Serialize, ToSchema)]
struct PointBody {
    session_id: Uuid,
    /// The member's own day.
    local_date: NaiveDate,
    /// `mirror`, `turn` or `lens`.
    feature: &'static str,
    /// Unpleasant (−1) to pleasant (1).
    valence: f64,
    /// Low energy (−1) to high energy (1).
    arousal: f64,
}

impl PointBody {
    fn of(session: &SessionSummary) -> Option<Self> {
        let affect = &session.counted()?.affect;
        Some(Self {
            session_id: session.session_id.uuid(),
            local_date: session.local_date,
            feature: session.feature.name(),
            valence: affect.valence.as_f64(),
            arousal: affect.arousal.as_f64(),
        })
    }
}

/// A day with sessions.
#[derive(Debug, Serialize, ToSchema)]
struct DayBody {
    date: NaiveDate,
    /// Sessions counted.
    sessions: i32,
    /// The quarter of the plane in which most of them lay; nothing where two hold as many.
    quadrant: Option<&'static str>,
}

impl DayBody {
    fn of(day: &DayMark) -> Self {
        Self { date: day.date, sessions: day.sessions, quadrant: day.quadrant().map(Quadrant::name) }
    }
}

/// Where sessions lay. Means are there from seven sessions on four days, counts from three.
#[derive(Debug, Serialize, ToSchema)]
struct LandscapeBody {
    #[serde(flatten)]
    span: SpanBody,
    /// Unpleasant (−1) to pleasant (1).
    valence: Option<Mean>,
    /// Low energy (−1) to high energy (1).
    arousal: Option<Mean>,
    /// Sessions in each quarter of the plane; nothing below three.
    quadrants: Option<Vec<Count>>,
    /// As many days before.
    before: MiddleBody,
    /// Against these in pleasantness: `too_few`, `cannot_tell`, `higher` or `lower`.
    valence_against_before: &'static str,
    /// The same in energy.
    arousal_against_before: &'static str,
    /// The member's weeks, the first and the last as far as they lie within.
    weeks: Vec<MiddleBody>,
    /// The sessions themselves, where there are at most 120 and all are still held.
    points: Option<Vec<PointBody>>,
    /// Days with sessions.
    day_list: Vec<DayBody>,
}

impl LandscapeBody {
    fn new(view: &Landscape) -> Self {
        let stretch = &view.stretch;
        let rollup = &stretch.now.rollup;
        let before = stretch.span.before();
        let quadrants = Quadrant::ALL.into_iter().zip(rollup.quadrants);
        let quadrants = quadrants.map(|(quadrant, sessions)| Count { name: quadrant.name(), sessions });
        let week = |PartSums { part, rollup }: &PartSums| MiddleBody::new((part.first, part.last()), rollup);
        Self {
            span: SpanBody::new(stretch),
            valence: Mean::of(rollup, rollup.valence_estimate()),
            arousal: Mean::of(rollup, rollup.arousal_estimate()),
            quadrants: (rollup.tier() >= Tier::Some).then(|| quadrants.collect()),
            before: MiddleBody::new((before.start(), before.last()), &stretch.before.rollup),
            valence_against_before: compared(stretch.against_before(Axis::Valence)),
            arousal_against_before: compared(stretch.against_before(Axis::Arousal)),
            weeks: stretch.parts.iter().map(week).collect(),
            points: view.sessions.as_ref().map(|sessions| sessions.iter().filter_map(PointBody::of).collect()),
            day_list: stretch.days.iter().map(DayBody::of).collect(),
        }
    }
}

const fn compared(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::TooFew => "too_few",
        Comparison::CannotTell => "cannot_tell",
        Comparison::Higher(_) => "higher",
        Comparison::Lower(_) => "lower",
    }
}

/// The feelings of a week.
#[derive(Debug, Serialize, ToSchema)]
struct WeekFamilies {
    /// First day.
    first: NaiveDate,
    /// Last day.
    last: NaiveDate,
    /// Sessions counted.
    sessions: i32,
    /// Sessions in which each family of feelings was present; nothing below three.
    families: Option<Vec<Count>>,
}

/// A weekday's part of the day.
#[derive(Debug, Serialize, ToSchema)]
struct CellBody {
    /// `monday` to `sunday`.
    weekday: &'static str,
    /// `night` (from midnight), `morning` (from six), `afternoon` (from noon) or `evening` (from six).
    daypart: &'static str,
    /// Sessions begun in it.
    sessions: i32,
    /// Their mean pleasantness; nothing below three, or where the span is below the floor for a mean.
    valence: Option<f64>,
}

/// What a feature's sessions add up to.
#[derive(Debug, Serialize, ToSchema)]
struct ComparedFeatureBody {
    /// `mirror`, `turn` or `lens`.
    feature: &'static str,
    /// Sessions counted.
    sessions: i32,
    /// Days with one.
    days: i32,
    /// Unpleasant (−1) to pleasant (1); nothing below seven sessions on four days.
    valence: Option<Mean>,
    /// Low energy (−1) to high energy (1), the same.
    arousal: Option<Mean>,
    /// How much more pleasant (up to 2) or less (down to −2) they ended than they began, over those with two measured turns or
    /// more. It says what came after what, not why.
    valence_moved: Option<Mean>,
    /// The same of energy.
    arousal_moved: Option<Mean>,
}

impl ComparedFeatureBody {
    fn of(of: &FeatureFigures) -> Self {
        Self {
            feature: of.feature.name(),
            sessions: of.sessions,
            days: of.days,
            valence: of.valence.map(|figure| Mean::new(figure, of.sessions, 1.0)),
            arousal: of.arousal.map(|figure| Mean::new(figure, of.sessions, 1.0)),
            valence_moved: of.rise.map(|figure| Mean::new(figure, of.moving, 2.0)),
            arousal_moved: of.stir.map(|figure| Mean::new(figure, of.moving, 2.0)),
        }
    }
}

/// Which feelings, when, and where. Means are there from seven sessions on four days, counts from three.
#[derive(Debug, Serialize, ToSchema)]
struct PatternsBody {
    #[serde(flatten)]
    span: SpanBody,
    /// Sessions in which each family of feelings was present, the commonest first; nothing below three.
    families: Option<Vec<Count>>,
    /// Sessions of as many days before.
    sessions_before: i32,
    /// The feelings of these; nothing below three.
    families_before: Option<Vec<Count>>,
    /// The member's weeks, the first and the last as far as they lie within.
    weeks: Vec<WeekFamilies>,
    /// Weekdays by parts of the day; nothing below three sessions.
    grid: Option<Vec<CellBody>>,
    /// The features beside each other.
    features: Vec<ComparedFeatureBody>,
}

impl PatternsBody {
    fn new(stretch: &Stretch) -> Self {
        let week = |PartSums { part, rollup }: &PartSums| WeekFamilies {
            first: part.first,
            last: part.last(),
            sessions: rollup.sessions,
            families: families(rollup),
        };
        Self {
            span: SpanBody::new(stretch),
            families: families(&stretch.now.rollup),
            sessions_before: stretch.before.rollup.sessions,
            families_before: families(&stretch.before.rollup),
            weeks: stretch.parts.iter().map(week).collect(),
            grid: grid(&stretch.now.rollup),
            features: stretch.features().iter().map(ComparedFeatureBody::of).collect(),
        }
    }
}

fn families(rollup: &Rollup) -> Option<Vec<Count>> {
    let count = |(family, sessions): (Family, i32)| Count { name: family.name(), sessions };
    (rollup.tier() >= Tier::Some).then(|| rollup.families_by_count().into_iter().map(count).collect())
}

fn grid(rollup: &Rollup) -> Option<Vec<CellBody>> {
    const DAYS: [(Weekday, &str); 7] = [
        (Weekday::Mon, "monday"),
        (Weekday::Tue, "tuesday"),
        (Weekday::Wed, "wednesday"),
        (Weekday::Thu, "thursday"),
        (Weekday::Fri, "friday"),
        (Weekday::Sat, "saturday"),
        (Weekday::Sun, "sunday"),
    ];
    let cell = |weekday, name, daypart: Daypart| {
        let cell = rollup.cell(weekday, daypart);
        let means = rollup.tier() == Tier::Enough && cell.sessions >= FEWEST;
        CellBody {
            weekday: name,
            daypart: daypart.name(),
            sessions: cell.sessions,
            valence: means.then(|| cell.mean()),
        }
    };
    (rollup.tier() >= Tier::Some).then(|| {
        let cells = DAYS.into_iter().flat_map(|(day, name)| Daypart::ALL.map(|daypart| cell(day, name, daypart)));
        cells.collect()
    })
}

/// Where the sessions of some days lay.
#[utoipa::path(
    get, path = "/spectrum/landscape", tag = "insight", security(("member" = [])),
    params(
        ("from" = NaiveDate, Query, description = "First day"),
        ("to" = NaiveDate, Query, description = "Last day, at most 400 days with the first"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of an answer that is at hand"),
    ),
    responses(
        (status = 200, body = LandscapeBody, headers(("ETag" = String, description = "Of the member's data version"))),
        (status = 304, description = "What is at hand still is so"),
        (status = 400, description = "A parameter is missing, none of these, or comes twice", body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "By lot not shown to this member for now", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "These are no days, or too many", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn get_landscape(
    AsReader(member): AsReader,
    State(services): State<Services>,
    days: Result<Query<Days>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let span = Days::read(days)?;
    etag::answer(&headers, member.data_version, async || {
        Ok(Json(LandscapeBody::new(&services.load_landscape(&member, span).await?)))
    })
    .await
}

/// Which feelings the sessions of some days held, when they were, and how the features lie beside each other.
#[utoipa::path(
    get, path = "/spectrum/patterns", tag = "insight", security(("member" = [])),
    params(
        ("from" = NaiveDate, Query, description = "First day"),
        ("to" = NaiveDate, Query, description = "Last day, at most 400 days with the first"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of an answer that is at hand"),
    ),
    responses(
        (status = 200, body = PatternsBody, headers(("ETag" = String, description = "Of the member's data version"))),
        (status = 304, description = "What is at hand still is so"),
        (status = 400, description = "A parameter is missing, none of these, or comes twice", body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "By lot not shown to this member for now", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "These are no days, or too many", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn get_patterns(
    AsReader(member): AsReader,
    State(services): State<Services>,
    days: Result<Query<Days>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let span = Days::read(days)?;
    etag::answer(&headers, member.data_version, async || {
        Ok(Json(PatternsBody::new(&services.load_patterns(&member, span).await?)))
    })
    .await
}
