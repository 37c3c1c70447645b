//! Errors for machines: RFC 9457 problem details, with a stable `type`, what was kept and what to do next.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use spectrum_core::ServiceError;
use spectrum_domain::access::KeyScope;
use utoipa::ToSchema;

use crate::identity::{OidcError, TokenError};

/// A problem, as `application/problem+json`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// What kind of problem: a stable name to compare with.
    #[schema(example = "urn:spectrum:problem:unauthorized")]
    pub r#type: &'static str,
    /// The kind in words, always the same for a kind.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time, what was kept, and what to do.
    pub detail: String,
    /// Seconds after which it is worth trying again, for the header of that name.
    #[serde(skip)]
    #[schema(ignore)]
    pub retry_after: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, r#type: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        let retry_after = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(1);
        Self { r#type, title, status: status.as_u16(), detail: detail.into(), retry_after }
    }

    /// No key, or one that is unknown or revoked.
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "urn:spectrum:problem:unauthorized",
            "The request carries no valid host key",
            "Nothing was kept. Send `Authorization: Bearer` with a key made by `spectrum host-key create`.",
        )
    }

    /// The key is not good for this.
    pub fn beyond_scope(scope: KeyScope) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "urn:spectrum:problem:beyond-scope",
            "The key is not good for this",
            format!(
                "Nothing was kept. This takes a key with the scope `{0}`; `spectrum host-key create --scopes {0}` makes one.",
                scope.name()
            ),
        )
    }

    /// No token of a member's, and no cookie.
    pub fn no_member() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "urn:spectrum:problem:no-member",
            "The request does not come from a member",
            "Nothing was kept. Send `Authorization: Bearer` with a token that the member's host has signed for them.",
        )
    }

    /// A member's token that does not count.
    pub fn bad_token(error: TokenError) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "urn:spectrum:problem:bad-token",
            "The member's token does not count",
            format!("Nothing was kept: {error}. Ask the host for a new token."),
        )
    }

    /// A request that must be signed and is not, or whose signature can't be read.
    pub fn unsigned() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "urn:spectrum:problem:unsigned",
            "The request is not signed as it should be",
            "Nothing was kept. `Spectrum-Signature` comes once, as `t=SECONDS,n=NAME,v1=HEX`; docs/access.md says what is \
             signed.",
        )
    }

    /// A signature that is not the key's.
    pub fn wrong_signature() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "urn:spectrum:problem:wrong-signature",
            "The request's signature is wrong",
            "Nothing was kept. Sign the method, path, query and body as they are sent, with this key's signing key.",
        )
    }

    /// A signature that is too old or too new.
    pub fn stale_signature(seconds: i64) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "urn:spectrum:problem:stale-signature",
            "The request was not signed just now",
            format!(
                "Nothing was kept. A signature counts for {seconds} seconds; sign the request anew, and look at the clock."
            ),
        )
    }

    /// A signed request that was taken before.
    pub fn replayed() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "urn:spectrum:problem:replayed",
            "The signed request was taken before",
            "Nothing was kept. To send a request again sign it anew under another name; its `Idempotency-Key` keeps it from \
             being done twice.",
        )
    }

    /// There is no provider of identities.
    pub fn no_staff_sign_in() -> Self {
        Self::not_found("No provider of identities is set up for the team (`staff.issuer`).")
    }

    /// The provider's answer does not let anybody in.
    pub fn staff_refused(error: OidcError) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "urn:spectrum:problem:not-signed-in",
            "You were not signed in",
            format!("Nothing was changed: {error}. Begin again at /staff/sign-in."),
        )
    }

    /// The account is nobody's who was admitted.
    pub fn not_admitted() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "urn:spectrum:problem:not-admitted",
            "This account was not admitted",
            "Nothing was shown. An operator admits people with `spectrum staff admit`.",
        )
    }

    /// What was found in a member's sessions is by lot not shown to them.
    pub fn held_out() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "urn:spectrum:problem:held-out",
            "The member is by lot not shown Spectrum for now",
            "Nothing was shown. While Spectrum is tried some members do without it, so that its effect can be known; don't offer \
             it to them. Their sessions, exclusions, settings and exports are open as always.",
        )
    }

    /// The body is not what this endpoint takes.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "urn:spectrum:problem:bad-request",
            "The request can't be understood",
            detail,
        )
    }

    /// A field of the body is wrong.
    pub fn bad_field(field: &str, why: &str) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "urn:spectrum:problem:bad-field",
            "A field can't be used",
            format!("`{field}` {why}. Nothing was changed; correct the field and send the request again."),
        )
    }

    /// The body is larger than this endpoint takes.
    pub fn too_large(most: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "urn:spectrum:problem:too-large",
            "The request is too large",
            format!("Nothing was kept. Send at most {most} bytes at a time."),
        )
    }

    /// The body did not come in time.
    pub fn slow_body() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "urn:spectrum:problem:slow-body",
            "The body took too long to come",
            "Nothing was kept. Send the same request again.",
        )
    }

    /// The caller's name for the request can't be used.
    pub fn bad_key(longest: usize) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "urn:spectrum:problem:bad-idempotency-key",
            "The idempotency key can't be used",
            format!(
                "Nothing was kept. `Idempotency-Key` comes at most once and holds 1 to {longest} visible ASCII characters."
            ),
        )
    }

    /// The caller's name for the request belongs to another request.
    pub fn key_of_another_request() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "urn:spectrum:problem:idempotency-key-reused",
            "The idempotency key belongs to another request",
            "Nothing was kept. A key stands for one method, path and body for 24 hours; take a new key for a new request.",
        )
    }

    /// The same request is being answered at this moment.
    pub fn still_running(seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds.min(2)),
            ..Self::new(
                StatusCode::CONFLICT,
                "urn:spectrum:problem:still-running",
                "The same request is being answered at this moment",
                "Send it again after the time in `Retry-After` to get its answer.",
            )
        }
    }

    /// There is nothing here.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "urn:spectrum:problem:not-found", "There is no such thing here", detail)
    }

    /// What only the team may see was asked for by nobody of it.
    pub fn no_staff() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "urn:spectrum:problem:no-staff",
            "The request does not come from the team",
            "Nothing was shown. Sign in at `/staff/sign-in`.",
        )
    }

    /// It was asked for by somebody of the team in another role.
    pub fn other_role() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "urn:spectrum:problem:other-role",
            "This is for another role of the team",
            "Nothing was shown. An operator gives roles with `spectrum staff admit`.",
        )
    }

    /// What is asked does not go with how things stand.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "urn:spectrum:problem:conflict",
            "That does not go with how things stand",
            detail,
        )
    }

    /// Too much is asked at this moment.
    pub fn overloaded() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "urn:spectrum:problem:overloaded",
            "Too many requests at this moment",
            "Nothing was kept. Send the same request again after the time in `Retry-After`.",
        )
    }

    /// Nothing is changed for the time being.
    pub fn read_only() -> Self {
        Self {
            retry_after: Some(120),
            ..Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "urn:spectrum:problem:read-only",
                "Nothing is changed while the service is being looked after",
                "Nothing was kept, and everything can be read. Send the same request again after the time in `Retry-After`.",
            )
        }
    }

    /// The caller has asked too often.
    pub fn too_many(seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "urn:spectrum:problem:too-many",
                "Too many requests in too short a time",
                "Nothing was kept. Send the same request again after the time in `Retry-After`; `RateLimit-Policy` says \
                 how many are taken in how many seconds.",
            )
        }
    }

    /// A request with a cookie that does not come from our own page.
    pub fn foreign_form() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "urn:spectrum:problem:foreign-form",
            "The request does not come from a page of this site",
            "Nothing was changed. What a cookie is used for is sent from the site's own pages.",
        )
    }

    /// It took too long.
    pub fn timeout() -> Self {
        Self::new(
            StatusCode::GATEWAY_TIMEOUT,
            "urn:spectrum:problem:timeout",
            "The request took too long",
            "It may still be completed. Sending the same request again is safe: what was kept is not kept twice.",
        )
    }

    /// Our own mistake.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "urn:spectrum:problem:internal",
            "Something went wrong here",
            "Sending the same request again is safe: what was kept is not kept twice.",
        )
    }
}

/// Makes a response of a problem, or of a body that is a problem with more to it.
pub fn respond(status: u16, body: &impl Serialize) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, axum::Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = respond(self.status, &self);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<ServiceError> for Problem {
    /// The one conversion of what can go wrong into what a machine reads. The cause goes to the log, once, here.
    fn from(error: ServiceError) -> Self {
        match &error {
            // PRIVACY: what was asked for is not repeated: it is the host's name for a person, and answers may be kept.
            ServiceError::UnknownMember(_) => {
                Self::not_found("The host has no member with this reference. Nothing was changed.")
            }
            ServiceError::UnknownSession(_)
            | ServiceError::UnknownExport(_)
            | ServiceError::UnknownWeek(_)
            | ServiceError::UnknownExclusion(_)
            | ServiceError::UnknownCard(_)
            | ServiceError::NoOpenReview => Self::not_found(format!("{error}. Nothing was changed.")),
            ServiceError::NotMeasured(_) => {
                Self::conflict(format!("{error}, so there is nothing to overrule. Nothing was changed."))
            }
            ServiceError::MemberGone => Self::not_found("The member is gone, or is being erased. Nothing was changed."),
            ServiceError::UnknownErasure(_) => {
                Self::not_found(format!("{error}. Ask with the key of the host that asked for it."))
            }
            ServiceError::LinkSpent => Self::not_found(format!("{error}. Ask the host for a new one.")),
            ServiceError::Raced => Self::overloaded(),
            ServiceError::Database(sqlx::Error::PoolTimedOut) => {
                tracing::error!(error = &error as &dyn std::error::Error, "no connection was free in time");
                Self::overloaded()
            }
            ServiceError::Database(_)
            | ServiceError::Seal(_)
            | ServiceError::CutOff(_)
            | ServiceError::LeaseLost
            | ServiceError::Residue
            | ServiceError::Inconsistent { .. } => {
                tracing::error!(error = &error as &dyn std::error::Error, "a request failed");
                Self::internal()
            }
        }
    }
}
