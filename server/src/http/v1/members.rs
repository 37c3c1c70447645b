//! `/members/{ref}`: what the host knows of a member, how far their sessions have come, and links that sign them in.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::StatusCode,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use spectrum_core::{
    Destination, Services,
    ingest::{load_member_status::MemberStatus, put_member::MemberChange},
};
use spectrum_domain::{
    look::{BadTheme, FontScale, Look},
    member::{Consent, ExternalRef, is_language_tag, weekday_from_name},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::json::{Body, MaybeBody};
use crate::http::{
    AppState,
    extract::{Host, ToManage},
    problem::Problem,
    repeat::CarriesSecret,
    router::PublicUrl,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(put_member, get_member)).routes(routes!(create_link))
}

/// How long a link may wait to be used: the host hands it straight to a browser.
const LINK_LIFE: TimeDelta = TimeDelta::seconds(60);

/// What the host says of a member. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MemberBody {
    /// Where the member is now: an IANA zone. The past keeps the zone it was lived in.
    #[schema(example = "Europe/London")]
    time_zone: Option<String>,
    /// First day of the member's weeks. Where the member has chosen one on their own page, theirs stays.
    #[schema(example = "monday", pattern = "^(monday|tuesday|wednesday|thursday|friday|saturday|sunday)$")]
    week_start: Option<String>,
    /// Language tag (BCP 47).
    #[schema(example = "en-GB", pattern = "^[0-9A-Za-z-]{2,35}$")]
    locale: Option<String>,
    /// `free` or `paid`.
    #[schema(example = "paid", pattern = "^(free|paid)$")]
    plan: Option<String>,
    /// What the member agreed to, all of it at once.
    consent: Option<ConsentBody>,
}

/// What the member agreed to.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is agreed to by itself")]
struct ConsentBody {
    /// Sessions may be measured. Without it events are refused.
    analysis: bool,
    /// A language model may rephrase findings. Where the member has decided it on their own page, their word stays.
    model: bool,
    /// Content-free product events may be counted.
    analytics: bool,
    /// What the member writes may be sent to a model outside, to be measured there, if one is configured. Off if left out.
    #[serde(default)]
    outside: bool,
}

/// How far the member's sessions have come: counts, never content.
#[derive(Debug, Serialize, ToSchema)]
struct StatusBody {
    /// Sessions known.
    sessions: i64,
    /// Sessions still open.
    open: i64,
    /// Sessions measured.
    analysed: i64,
    /// Sessions in which there was nothing to measure.
    unmeasured: i64,
    /// Jobs ready or running; none means that nothing is left to do.
    pending_jobs: i64,
    /// Jobs that failed for good.
    dead_jobs: i64,
    /// Days with a rollup.
    days: i64,
    /// Weeks with a rollup.
    weeks: i64,
    /// Months with a rollup.
    months: i64,
    /// While Spectrum is tried, the member is by lot not shown what is found: don't offer it to them.
    held_out: bool,
}

impl From<MemberStatus> for StatusBody {
    fn from(status: MemberStatus) -> Self {
        let MemberStatus {
            sessions,
            open,
            analysed,
            unmeasured,
            pending_jobs,
            dead_jobs,
            days,
            weeks,
            months,
            held_out,
        } = status;
        Self { sessions, open, analysed, unmeasured, pending_jobs, dead_jobs, days, weeks, months, held_out }
    }
}

/// Where a link leads, and how its member's pages are shown.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LinkBody {
    /// `newest` (default), `feed`, `months`, `landscape`, `patterns`, `settings`, a week such as `2026-W47`, or a month.
    #[schema(
        example = "newest",
        pattern = "^(newest|feed|months|landscape|patterns|settings|[0-9]{4}-W[0-5][0-9]|[0-9]{4}-[01][0-9])$"
    )]
    page: Option<String>,
    /// The pages are shown inside the host's own app and speak with it (docs/webview.md).
    #[serde(default)]
    webview: bool,
    /// `light`, `dark`, or `system` (default).
    #[schema(example = "dark", pattern = "^(light|dark|system)$")]
    theme: Option<String>,
    /// How large letters are, of the browser's own size; 1 where it is not said.
    #[schema(example = 1.3, minimum = 0.8, maximum = 2.0)]
    font_scale: Option<f64>,
}

/// A link that signs the member in.
#[derive(Debug, Serialize, ToSchema)]
struct LinkAnswer {
    /// Good for one use.
    url: String,
    /// And until then.
    expires_at: DateTime<Utc>,
}

pub(super) fn reference(text: &str) -> Result<ExternalRef, Problem> {
    text.parse().map_err(|error: spectrum_domain::member::BadReference| Problem::bad_field("ref", &error.to_string()))
}

fn change(body: &MemberBody) -> Result<MemberChange, Problem> {
    let zone = body
        .time_zone
        .as_deref()
        .map(|name| name.parse().map_err(|_| Problem::bad_field("time_zone", "must be an IANA time zone")))
        .transpose()?;
    let week_start = body
        .week_start
        .as_deref()
        .map(|name| {
            weekday_from_name(name)
                .ok_or_else(|| Problem::bad_field("week_start", "must be a weekday such as monday, in lower case"))
        })
        .transpose()?;
    let locale = body
        .locale
        .as_deref()
        .map(|tag| {
            is_language_tag(tag)
                .then(|| tag.to_owned())
                .ok_or_else(|| Problem::bad_field("locale", "must be a language tag such as en-GB"))
        })
        .transpose()?;
    let plan = body
        .plan
        .as_deref()
        .map(|name| name.parse().map_err(|_| Problem::bad_field("plan", "must be free or paid")))
        .transpose()?;
    let consent = body.consent.map(|ConsentBody { analysis, model, analytics, outside }| Consent {
        analysis,
        model,
        analytics,
        outside,
    });
    Ok(MemberChange { zone, week_start, locale, plan, consent })
}

fn look(body: &LinkBody) -> Result<Look, Problem> {
    let theme = body.theme.as_deref().map(str::parse).transpose();
    let font = body.font_scale.map(FontScale::of_factor).transpose();
    Ok(Look {
        webview: body.webview,
        theme: theme.map_err(|error: BadTheme| Problem::bad_field("theme", &error.to_string()))?.unwrap_or_default(),
        font: font.map_err(|error| Problem::bad_field("font_scale", &error.to_string()))?.unwrap_or_default(),
    })
}

/// Makes a member, or changes what is known of them.
#[utoipa::path(
    put, path = "/members/{ref}", tag = "members", security(("host_key" = [])),
    params(("ref" = String, Path, pattern = "^[!-~]{1,128}$", description = "The host's own name for the member")),
    request_body = MemberBody,
    responses(
        (status = 200, description = "Changed", body = StatusBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key is not good for this", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field can't be used", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn put_member(
    host: Host<ToManage>,
    State(services): State<Services>,
    Path(member): Path<String>,
    Body(body): Body<MemberBody>,
) -> Result<Json<StatusBody>, Problem> {
    let status = services.put_member(host.id, reference(&member)?, change(&body)?).await?;
    Ok(Json(status.into()))
}

/// How far a member's sessions have come.
#[utoipa::path(
    get, path = "/members/{ref}", tag = "members", security(("host_key" = [])),
    params(("ref" = String, Path, pattern = "^[!-~]{1,128}$", description = "The host's own name for the member")),
    responses(
        (status = 200, body = StatusBody),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key is not good for this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such member", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The name can't be one", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn get_member(
    host: Host<ToManage>,
    State(services): State<Services>,
    Path(member): Path<String>,
) -> Result<Json<StatusBody>, Problem> {
    Ok(Json(services.member_status(host.id, reference(&member)?).await?.into()))
}

/// Makes a link that signs the member in: good for a minute and one use.
#[utoipa::path(
    post, path = "/members/{ref}/links", tag = "members", security(("host_key" = [])),
    params(("ref" = String, Path, pattern = "^[!-~]{1,128}$", description = "The host's own name for the member")),
    request_body = Option<LinkBody>,
    responses(
        (status = 201, body = LinkAnswer),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key is not good for this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such member", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field can't be used", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn create_link(
    host: Host<ToManage>,
    State(services): State<Services>,
    State(PublicUrl(public_url)): State<PublicUrl>,
    Path(member): Path<String>,
    MaybeBody(body): MaybeBody<LinkBody>,
) -> Result<(StatusCode, Extension<CarriesSecret>, Json<LinkAnswer>), Problem> {
    let page = body.page.as_deref().map_or(Some(Destination::Newest), Destination::of_member);
    let page = page.ok_or_else(|| {
        Problem::bad_field(
            "page",
            "must be newest, feed, months, landscape, patterns, settings, a week such as 2026-W47 or a month such as 2026-11",
        )
    })?;
    let link = services.create_link(host.id, reference(&member)?, (page, look(&body)?), LINK_LIFE).await?;
    let url = format!("{public_url}/sign-in?code={}", link.code.expose());
    Ok((StatusCode::CREATED, Extension(CarriesSecret), Json(LinkAnswer { url, expires_at: link.expires_at })))
}
