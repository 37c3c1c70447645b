//! What the patterns are read from: a span's sums, those of the span before, and its parts.

use chrono::NaiveDate;
use spectrum_domain::{member::Member, span::Span, stretch::Stretch};
use sqlx::PgConnection;

use super::load_stretch;
use crate::error::ServiceError;

/// Loads the member's patterns.
pub(crate) async fn load(
    connection: &mut PgConnection,
    member: &Member,
    span: Span,
    today: NaiveDate,
) -> Result<Stretch, ServiceError> {
    load_stretch::load(connection, member, span, today).await
}
