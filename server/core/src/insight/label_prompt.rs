//! Labels of prompts: which revision puts findings into words in which language, moved only after review, and back again.

use chrono::{DateTime, Utc};
use spectrum_domain::{
    card::Language,
    review::{Label, Obstacle, ReviewRecord, RevisionRef},
};
use sqlx::PgConnection;

use super::open_review::load_record;
use crate::error::ServiceError;

/// A change of a label.
#[derive(Clone, Debug)]
pub struct LabelChange {
    /// The prompt.
    pub name: String,
    /// In which language.
    pub language: String,
    /// Which label.
    pub label: String,
    /// To which revision; nothing where it was taken away.
    pub number: Option<i32>,
    /// When.
    pub changed_at: DateTime<Utc>,
    /// By whom.
    pub changed_by: String,
}

/// Why a label was not moved.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The revision may not be used.
    #[error("review does not allow it")]
    ByReview(Vec<Obstacle>),
    /// It is there already.
    #[error("it is in use already")]
    InUse,
    /// Nothing is in use.
    #[error("nothing is in use that could be rolled back")]
    NothingInUse,
    /// The database.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        Self::Service(error.into())
    }
}

/// The revision under this label.
pub async fn find(
    connection: &mut PgConnection,
    name: &str,
    language: Language,
    label: Label,
) -> Result<Option<RevisionRef>, ServiceError> {
    let newest = sqlx::query!(
        "SELECT number, sha256 FROM prompt_label WHERE name = $1 AND language = $2 AND label = $3
         ORDER BY change_id DESC LIMIT 1",
        name,
        language.tag(),
        label.name()
    )
    .fetch_optional(connection)
    .await?;
    newest.and_then(|row| row.number.zip(row.sha256)).map(|columns| revision(name, columns)).transpose()
}

/// The revision of a row.
fn revision(name: &str, (number, sha256): (i32, Vec<u8>)) -> Result<RevisionRef, ServiceError> {
    let sha256 = sha256.try_into();
    let sha256 = sha256.map_err(|_| ServiceError::Inconsistent { table: "prompt_label", column: "sha256" })?;
    Ok(RevisionRef { name: name.to_owned(), number, sha256 })
}

/// Every change of a label, newest first.
pub async fn list(connection: &mut PgConnection) -> Result<Vec<LabelChange>, ServiceError> {
    let rows = sqlx::query_as!(
        LabelChange,
        "SELECT name, language, label, number, changed_at, changed_by FROM prompt_label ORDER BY change_id DESC"
    );
    Ok(rows.fetch_all(connection).await?)
}

/// Puts a revision into use, if review allows it. Needs the owner's login: it is an operator's act.
pub async fn promote(
    connection: &mut PgConnection,
    revision: &RevisionRef,
    language: Language,
    by: &str,
    now: DateTime<Utc>,
) -> Result<ReviewRecord, Refused> {
    if find(connection, &revision.name, language, Label::Production).await?.as_ref() == Some(revision) {
        return Err(Refused::InUse);
    }
    let record = load_record(connection, revision, language, None).await?;
    let obstacles = record.obstacles();
    if !obstacles.is_empty() {
        return Err(Refused::ByReview(obstacles));
    }
    put(connection, &revision.name, Some(revision), language, Label::Production, (by, now)).await?;
    if find(connection, &revision.name, language, Label::Candidate).await?.as_ref() == Some(revision) {
        put(connection, &revision.name, None, language, Label::Candidate, (by, now)).await?;
    }
    Ok(record)
}

/// Takes what is in use out of it again, and puts into use what was before: a revision, or nothing, and templates write. Needs
/// the owner's login: it is an operator's act.
pub async fn roll_back(
    connection: &mut PgConnection,
    name: &str,
    language: Language,
    by: &str,
    now: DateTime<Utc>,
) -> Result<Option<RevisionRef>, Refused> {
    let Some(current) = find(connection, name, language, Label::Production).await? else {
        return Err(Refused::NothingInUse);
    };
    // What came into use last before this one, whatever was in between: going back twice goes back further.
    let before = sqlx::query!(
        "SELECT number, sha256 FROM prompt_label
         WHERE name = $1 AND language = $2 AND label = 'production' AND number IS NOT NULL
           AND change_id < (SELECT min(change_id) FROM prompt_label
                            WHERE name = $1 AND language = $2 AND label = 'production' AND sha256 = $3)
         ORDER BY change_id DESC LIMIT 1",
        name,
        language.tag(),
        &current.sha256[..]
    )
    .fetch_optional(&mut *connection)
    .await?;
    let before =
        before.and_then(|row| row.number.zip(row.sha256)).map(|columns| revision(name, columns)).transpose()?;
    put(connection, name, before.as_ref(), language, Label::Production, (by, now)).await?;
    Ok(before)
}

/// Moves a label.
pub(super) async fn put(
    connection: &mut PgConnection,
    name: &str,
    revision: Option<&RevisionRef>,
    language: Language,
    label: Label,
    (by, now): (&str, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO prompt_label (name, language, label, number, sha256, changed_at, changed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        name,
        language.tag(),
        label.name(),
        revision.map(|revision| revision.number),
        revision.map(|revision| revision.sha256.to_vec()),
        now,
        by
    )
    .execute(connection)
    .await?;
    Ok(())
}
