//! `/spectrum/weeks`: the weekly feed, and one week of a member's in numbers and words.

use axum::{
    Json,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::HeaderMap,
    response::Response,
};
use chrono::NaiveDate;
use serde::Serialize;
use spectrum_core::{Services, insight::load_edition::Edition};
use spectrum_domain::{
    affect::Quadrant, calendar::WeekLabel, card::Grain, feature::Feature, member::Member, rollup::Tier, week::WeekView,
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    editions::{EditionBody, EditionPage, PageQuery},
    figures::{Count, Mean},
    sessions::SessionBody,
};
use crate::http::{AppState, etag, extract::AsReader, problem::Problem};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_weeks)).routes(routes!(get_week))
}

/// A week. Means are there from seven sessions on four days, counts from three.
#[derive(Debug, Serialize, ToSchema)]
struct WeekBody {
    #[schema(example = "2026-W47")]
    week: String,
    /// First day, in the member's own calendar.
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
    pending: usize,
    /// Sessions that the member left out.
    excluded: usize,
    /// Unpleasant (−1) to pleasant (1).
    valence: Option<Mean>,
    /// Low energy (−1) to high energy (1).
    arousal: Option<Mean>,
    /// Sessions in each quarter of the plane; nothing below three.
    quadrants: Option<Vec<Count>>,
    /// Sessions in which each family of feelings was present, the commonest first; nothing below three.
    families: Option<Vec<Count>>,
    /// Sessions of each feature.
    features: Vec<Count>,
    /// The sessions themselves, numbers only.
    session_list: Vec<SessionBody>,
    /// What was told of it, once it had ended.
    edition: Option<EditionBody>,
}

impl WeekBody {
    fn new(view: &WeekView, edition: Option<&Edition>) -> Self {
        let rollup = &view.rollup;
        let counts = rollup.tier() >= Tier::Some;
        let [first, .., last] = view.week.days();
        let quadrants = Quadrant::ALL.into_iter().zip(rollup.quadrants);
        let quadrants = quadrants.map(|(quadrant, sessions)| Count { name: quadrant.name(), sessions });
        let families = rollup.families_by_count().into_iter();
        let families = families.map(|(family, sessions)| Count { name: family.name(), sessions });
        let features = Feature::ALL.into_iter();
        let features = features.map(|of| Count { name: of.name(), sessions: rollup.feature(of).sessions });
        Self {
            week: view.week.label().to_string(),
            first,
            last,
            version: view.member.data_version,
            coverage: rollup.tier().name(),
            sessions: rollup.sessions,
            days: rollup.days,
            pending: view.pending(),
            excluded: view.excluded(),
            valence: Mean::of(rollup, rollup.valence_estimate()),
            arousal: Mean::of(rollup, rollup.arousal_estimate()),
            quadrants: counts.then(|| quadrants.collect()),
            families: counts.then(|| families.collect()),
            features: features.collect(),
            session_list: view.sessions.iter().map(SessionBody::from).collect(),
            edition: edition.map(|edition| EditionBody::new(&view.member, Grain::Week, edition)),
        }
    }
}

/// One week in numbers.
#[utoipa::path(
    get, path = "/spectrum/weeks/{week}", tag = "insight", security(("member" = [])),
    params(
        ("week" = String, Path, pattern = "^[0-9]{4}-W[0-5][0-9]$", description = "The week's ISO 8601 name"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of an answer that is at hand"),
    ),
    responses(
        (status = 200, body = WeekBody, headers(("ETag" = String, description = "Of the member's data version"))),
        (status = 304, description = "What is at hand still is so"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "By lot not shown to this member for now", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The calendar has no such week", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The name can't be one", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn get_week(
    AsReader(member): AsReader,
    State(services): State<Services>,
    Path(week): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let label: WeekLabel = week.parse().map_err(|_| Problem::bad_field("week", "must be a week such as 2026-W47"))?;
    etag::answer(&headers, member.data_version, async || {
        let view = services.load_week(&member, label).await?;
        let edition = services.load_edition(member.member_id, Grain::Week, view.week.start()).await?;
        Ok(Json(WeekBody::new(&view, edition.as_ref())))
    })
    .await
}

/// The weekly feed: what was told of each week that has ended, newest first.
#[utoipa::path(
    get, path = "/spectrum/weeks", tag = "insight", security(("member" = [])),
    params(
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 26, description = "Weeks of a page; 8 where it is not said"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of an answer that is at hand"),
    ),
    responses(
        (status = 200, body = EditionPage, headers(("ETag" = String, description = "Of the member's data version"))),
        (status = 304, description = "What is at hand still is so"),
        (status = 400, description = "A parameter is none of these, or comes twice", body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "By lot not shown to this member for now", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A parameter can't be used", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn list_weeks(
    AsReader(member): AsReader,
    State(services): State<Services>,
    page: Result<Query<PageQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    feed(&services, &member, Grain::Week, page, &headers).await
}

/// A page of editions, or that the one at hand still is so.
pub(super) async fn feed(
    services: &Services,
    member: &Member,
    grain: Grain,
    page: Result<Query<PageQuery>, QueryRejection>,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let Query(page) = page.map_err(|_| {
        Problem::bad_request("The address takes `cursor` and `limit`, each at most once. Nothing was changed.")
    })?;
    let (before, limit) = page.read()?;
    etag::answer(headers, member.data_version, async || {
        let editions = services.list_editions(member.member_id, grain, before, limit + 1).await?;
        Ok(Json(EditionPage::new(member, grain, editions, limit)))
    })
    .await
}
