//! What a request brings and what its answer takes along: services, caller, cookies, status and redirects.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use axum::http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{COOKIE, LOCATION, SET_COOKIE, USER_AGENT},
    request::Parts,
};
use leptos::context::use_context;
use leptos_axum::ResponseOptions;
use serde::Deserialize;
use spectrum_core::{Arrival, Caller, ServiceError, Services};
use spectrum_domain::{
    access::StaffRole, effect::experiment::Trial, id::StaffId, look::Look, member::Member, product_event::Surface,
};

use super::{language::Words, ops::address::Ask, problem::Problem, routes::Route};
use crate::api::error::ApiError;

/// The addresses of the files a page asks for, as the front-end build lists them in `assets.json`.
#[derive(Clone, Debug, Deserialize)]
pub struct Assets {
    /// The style sheet.
    pub css: String,
    /// The glue of the browser code; without it pages come without script and every control still works.
    #[serde(default)]
    pub js: Option<String>,
    /// The browser code.
    #[serde(default)]
    pub wasm: Option<String>,
    /// The icon.
    pub icon: String,
    /// The web application manifest, whose address does not change.
    #[serde(default = "default_manifest")]
    pub manifest: String,
}

fn default_manifest() -> String {
    "/manifest.webmanifest".to_owned()
}

/// How cookies are set: `secure` wherever the public address is `https`, not on loopback.
#[derive(Clone, Copy, Debug)]
pub struct CookiePolicy {
    /// Whether cookies carry `Secure` and the `__Host-` name that binds them to this host.
    pub secure: bool,
}

/// The cookies there are.
#[derive(Clone, Copy, Debug)]
pub enum Cookie {
    /// The token of a sign-in.
    SignIn,
    /// What the form just posted did, for the page it leads to.
    Said,
    /// The secret of a sign-in that has begun at the team's provider of identities.
    Begun,
    /// Where the next sign-in leads.
    Back,
    /// When a form was sent last: pages that were kept before are others since, also for the button that goes back.
    Turn,
}

impl CookiePolicy {
    /// The token of the sign-in that these headers carry.
    pub fn token(self, headers: &HeaderMap) -> Option<String> {
        self.value(Cookie::SignIn, headers)
    }

    /// The secret of the sign-in that these headers' browser has begun.
    pub fn begun_secret(self, headers: &HeaderMap) -> Option<String> {
        self.value(Cookie::Begun, headers).filter(|secret| !secret.is_empty())
    }

    /// Whether these headers bring what a form did, for a page to say.
    pub fn says(self, headers: &HeaderMap) -> bool {
        self.value(Cookie::Said, headers).is_some()
    }

    /// What keeps the secret of a sign-in that has begun in the browser.
    pub fn begun(self, secret: &str, max_age_seconds: i64) -> String {
        self.text(Cookie::Begun, secret, max_age_seconds)
    }

    /// What keeps the token of a sign-in in the browser.
    pub fn signed_in(self, token: &str, max_age_seconds: i64) -> String {
        self.text(Cookie::SignIn, token, max_age_seconds)
    }

    fn text(self, cookie: Cookie, value: &str, max_age_seconds: i64) -> String {
        let (name, secure) = (self.name(cookie), if self.secure { "; Secure" } else { "" });
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_seconds}{secure}")
    }

    fn value(self, cookie: Cookie, headers: &HeaderMap) -> Option<String> {
        let pairs = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok()).flat_map(|h| h.split(';'));
        let name = self.name(cookie);
        pairs
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| key.trim() == name)
            .map(|(_, value)| value.trim().to_owned())
    }

    const fn name(self, cookie: Cookie) -> &'static str {
        match (cookie, self.secure) {
            (Cookie::SignIn, true) => "__Host-spectrum",
            (Cookie::SignIn, false) => "spectrum",
            (Cookie::Said, true) => "__Host-spectrum-said",
            (Cookie::Said, false) => "spectrum-said",
            (Cookie::Begun, true) => "__Host-spectrum-begun",
            (Cookie::Begun, false) => "spectrum-begun",
            (Cookie::Turn, true) => "__Host-spectrum-turn",
            (Cookie::Turn, false) => "spectrum-turn",
            (Cookie::Back, true) => "__Host-spectrum-back",
            (Cookie::Back, false) => "spectrum-back",
        }
    }
}

/// Who may frame the pages, as the sources of `frame-ancestors`.
#[derive(Clone, Debug)]
pub struct FrameAncestors(pub Arc<str>);

/// Whether the member whose page it is agrees to be counted: known once the caller is, and asked where the document is drawn.
#[derive(Clone, Debug, Default)]
pub struct Counted(Arc<AtomicBool>);

/// Whether the member whose page it is is kept from the teaser by lot: known once the caller is, and asked where the panel would be
/// drawn.
#[derive(Clone, Debug, Default)]
pub struct HeldOut(Arc<AtomicBool>);

/// In which roles a person of the team asks: known once the caller is, and asked where ways to other pages are drawn.
#[derive(Clone, Debug, Default)]
pub struct Roles(Arc<OnceLock<Vec<StaffRole>>>);

/// Whether who asks is of the team and has this role.
pub fn has_role(role: StaffRole) -> bool {
    use_context::<Roles>().is_some_and(|Roles(roles)| roles.get().is_some_and(|roles| roles.contains(&role)))
}

/// Whether the panel stays away.
pub fn is_held_out() -> bool {
    use_context::<HeldOut>().is_some_and(|HeldOut(held)| held.load(Ordering::Relaxed))
}

/// Whether the page may carry what counts its use.
pub fn is_counted() -> bool {
    use_context::<Counted>().is_some_and(|Counted(counted)| counted.load(Ordering::Relaxed))
}

/// Who asks for a page, where that was found out before it is drawn: an extension of the request.
#[derive(Clone, Debug)]
pub struct Known(pub Option<Arrival>);

/// Where the host has its plans, for browsers; nothing where it did not say.
#[derive(Clone, Debug)]
pub struct PlansUrl(pub Option<Arc<str>>);

/// Where a browser goes to choose a plan.
pub fn plans_url() -> Option<String> {
    use_context::<PlansUrl>().and_then(|PlansUrl(url)| url).map(|url| url.to_string())
}

/// Whether nothing may be changed for the time being.
#[derive(Clone, Copy, Debug)]
pub struct ReadOnly(pub bool);

/// The handle to everything that can be done, for what the request's browser is; nothing only where the server forgot to
/// provide it.
pub fn services() -> Option<Services> {
    let parts = use_context::<Parts>();
    let agent = parts.as_ref().and_then(|parts| parts.headers.get(USER_AGENT)?.to_str().ok());
    let surface = Surface::of_user_agent(agent.unwrap_or_default());
    let services = use_context::<Services>().map(|services| services.on(surface));
    if services.is_none() {
        tracing::error!("no Services in the context of the request");
    }
    services
}

/// The addresses of the page's files.
pub fn assets() -> Option<Assets> {
    use_context()
}

/// The value of a cookie of this request.
pub fn cookie(cookie: Cookie) -> Option<String> {
    policy().value(cookie, &use_context::<Parts>()?.headers)
}

/// Who may frame the page, as the sources of `frame-ancestors`; nobody where the server says nothing.
pub fn frame_ancestors() -> FrameAncestors {
    use_context().unwrap_or_else(|| FrameAncestors("'none'".into()))
}

/// How the pages of who asks are shown; as anybody's where nobody is known to ask.
pub fn look() -> Option<Look> {
    known().and_then(|Known(arrival)| arrival).map(|arrival| arrival.look)
}

/// Whether nothing may be changed for the time being.
pub fn read_only() -> bool {
    use_context().is_some_and(|ReadOnly(on)| on)
}

fn known() -> Option<Known> {
    use_context::<Parts>()?.extensions.get().cloned()
}

/// The token of the caller's sign-in.
pub fn token() -> Option<String> {
    cookie(Cookie::SignIn)
}

/// Who calls; the problem to show when nobody does.
pub async fn caller() -> Result<(Services, Caller), Problem> {
    // Both are read before the first await: what is left of the context after it depends on who polls.
    let (services, token, known) = (services().ok_or(Problem::Broken)?, token().ok_or(Problem::SignedOut)?, known());
    if let Some(Known(arrival)) = known {
        return arrival.map(|arrival| (services, arrival.caller)).ok_or(Problem::SignedOut);
    }
    match services.caller(&token).await {
        Ok(Some(caller)) => Ok((services, caller)),
        Ok(None) => Err(Problem::SignedOut),
        Err(error) => Err(Problem::from(error)),
    }
}

/// The member who calls.
pub async fn member() -> Result<(Services, Member), Problem> {
    // Before the first await, as in `caller`.
    let (counted, held_out) = (use_context::<Counted>(), use_context::<HeldOut>());
    match caller().await? {
        (services, Caller::Member(member)) => {
            Words::of_member(&member).keep();
            if let Some(Counted(counted)) = counted {
                counted.store(member.counted, Ordering::Relaxed);
            }
            if let Some(HeldOut(held)) = held_out {
                held.store(services.is_held_out(Trial::Teaser, member.member_id), Ordering::Relaxed);
            }
            Ok((services, member))
        }
        (_, Caller::Staff(_)) => Err(Problem::ForMembers),
    }
}

/// The member who calls, of a page that shows what was found in their sessions: by lot, some are kept from those while Spectrum is tried.
/// From nothing else: what is theirs can be had, corrected and left out by everybody.
pub async fn reader() -> Result<(Services, Member), Problem> {
    let (services, member) = member().await?;
    if services.is_held_out(Trial::Spectrum, member.member_id) { Err(Problem::HeldOut) } else { Ok((services, member)) }
}

/// The person of the product team who calls, once it is known that they have this role.
pub async fn staff(role: StaffRole) -> Result<(Services, StaffId), Problem> {
    // Before the first await, as in `caller`.
    let roles = use_context::<Roles>();
    let caller = caller().await;
    if let (Ok((_, Caller::Staff(staff))), Some(Roles(roles))) = (&caller, roles) {
        // One page asks once.
        _ = roles.set(staff.roles.clone());
    }
    match caller {
        Ok((services, Caller::Staff(staff))) if staff.is(role) => Ok((services, staff.staff_id)),
        Ok((_, Caller::Staff(_))) => Err(Problem::OtherRole),
        Ok((_, Caller::Member(_))) => Err(Problem::ForStaff),
        Err(Problem::SignedOut) => Err(Problem::StaffSignedOut),
        Err(problem) => Err(problem),
    }
}

/// Keeps the token of a sign-in in the browser.
pub fn remember(token: &str, max_age_seconds: i64) -> Result<(), ApiError> {
    set_cookie(Cookie::SignIn, token, max_age_seconds)
}

/// Takes the token out of the browser.
pub fn forget() -> Result<(), ApiError> {
    drop_kept_pages();
    set_cookie(Cookie::SignIn, "", 0)
}

/// Lays what a form did into the answer, for the page that says it.
pub fn carry(said: &str, max_age_seconds: i64) -> Result<(), ApiError> {
    const LIFETIME: i64 = 12 * 60 * 60;
    set_cookie(Cookie::Said, said, max_age_seconds)?;
    // Kept pages differ by the cookies they were asked for with, so that a browser asks again even where it goes back.
    let now = services().map_or(0, |services| services.ambient().now().timestamp_micros());
    set_cookie(Cookie::Turn, &now.to_string(), LIFETIME)
}

/// Has the browser drop the pages it has kept, so that nobody finds them there.
pub fn drop_kept_pages() {
    header(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
}

/// Sets a cookie on the answer; an age of 0 takes it away.
pub fn set_cookie(cookie: Cookie, value: &str, max_age_seconds: i64) -> Result<(), ApiError> {
    if value.bytes().any(|b| matches!(b, b';' | b',' | b'"' | b'\\') || !b.is_ascii_graphic()) {
        tracing::error!(?cookie, "a cookie's value holds what no cookie may");
        return Err(ApiError::Unavailable);
    }
    let header =
        HeaderValue::from_str(&policy().text(cookie, value, max_age_seconds)).map_err(|_| ApiError::Unavailable)?;
    if let Some(response) = use_context::<ResponseOptions>() {
        response.append_header(SET_COOKIE, header);
    }
    Ok(())
}

/// Answers 303 to a known route. Leptos's own redirect answers 302 only to those who accept HTML, and panics on a bad path.
pub fn see_other(route: Route) -> Result<(), ApiError> {
    see(&route.to_string())
}

/// Answers 303 to the page that asks whether something is to be done to many jobs: its address is made of closed words and
/// numbers as a route's is, but of too many for one.
pub fn see_asked(ask: &Ask) -> Result<(), ApiError> {
    see(&ask.to_string())
}

fn see(address: &str) -> Result<(), ApiError> {
    let location = HeaderValue::from_str(address).map_err(|_| ApiError::Unavailable)?;
    header(LOCATION, location);
    status(StatusCode::SEE_OTHER);
    Ok(())
}

/// Sets the status of the answer.
pub fn status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// Leads the browser on to another page.
pub fn lead_to(route: &Route) {
    if let Ok(location) = HeaderValue::from_str(&route.to_string()) {
        status(StatusCode::SEE_OTHER);
        header(LOCATION, location);
    }
}

/// Sets a header of the answer.
pub fn header(name: HeaderName, value: HeaderValue) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(name, value);
    }
}

/// Writes an error with its causes to the log, once, where it stops being passed on.
pub fn log(error: &ServiceError) {
    tracing::error!(error = error as &(dyn std::error::Error + 'static), "a use case failed");
}

fn policy() -> CookiePolicy {
    // The stricter of the two where the server says nothing.
    use_context().unwrap_or(CookiePolicy { secure: true })
}
