//! What the member has decided about what is held of them, whether their words are kept once they were read, in which
//! language they are written to, and whether a model may choose the words.

use chrono::{DateTime, Utc};
use spectrum_domain::{
    card::Language,
    id::{MemberId, SessionId},
};
use sqlx::PgConnection;

use crate::{
    error::ServiceError, ingest::put_member::tell_all_anew, insight::rewrite, product::record_event,
    schedule::retention::Retention,
};

/// How things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is decided by itself")]
pub struct Settings {
    /// Words are kept for as long as others' are; else they are dropped once they were read.
    pub keep_text: bool,
    /// Days that words are kept.
    pub text_days: i64,
    /// A model may put findings into other words.
    pub model: bool,
    /// Exclusions.
    pub exclusions: i64,
    /// What is written now is not read.
    pub paused: bool,
    /// The language the member chose; nothing where it is the host's to say.
    pub language: Option<Language>,
    /// How they use Spectrum is counted.
    pub counted: bool,
}

/// What the member has decided.
pub(crate) async fn load(
    connection: &mut PgConnection,
    member: MemberId,
    retention: &Retention,
) -> Result<Settings, ServiceError> {
    let row = sqlx::query!(
        r#"SELECT keep_text, consent_model, locale, host_locale IS NOT NULL AS "chosen!",
                  coalesce(use_counted, consent_analytics) AS "counted!",
                  (SELECT count(*) FROM exclusion e WHERE e.member_id = $1) AS "exclusions!",
                  EXISTS (SELECT FROM exclusion e
                          WHERE e.member_id = $1 AND paused_at IS NOT NULL AND resumed_at IS NULL) AS "paused!"
           FROM member WHERE member_id = $1"#,
        member.uuid()
    )
    .fetch_optional(connection)
    .await?
    .ok_or(ServiceError::MemberGone)?;
    Ok(Settings {
        keep_text: row.keep_text,
        text_days: retention.text_days,
        model: row.consent_model,
        exclusions: row.exclusions,
        paused: row.paused,
        language: row.chosen.then(|| Language::of_tag(&row.locale)),
        counted: row.counted,
    })
}

/// Keeps words from now on, or drops those of every session that was read; gives of how many sessions.
pub(crate) async fn keep_text(
    connection: &mut PgConnection,
    member: MemberId,
    keep: bool,
) -> Result<i32, ServiceError> {
    let known = sqlx::query!("UPDATE member SET keep_text = $2 WHERE member_id = $1", member.uuid(), keep)
        .execute(&mut *connection)
        .await?;
    if known.rows_affected() == 0 {
        return Err(ServiceError::MemberGone);
    }
    if keep {
        return Ok(0);
    }
    let dropped = sqlx::query_scalar!(
        r#"WITH dropped AS (
               DELETE FROM turn_text USING session s
               WHERE turn_text.member_id = $1 AND s.member_id = $1 AND s.session_id = turn_text.session_id
                 AND s.state IN ('analysed', 'withheld', 'unmeasured')
               RETURNING turn_text.session_id
           )
           SELECT count(DISTINCT session_id) AS "sessions!" FROM dropped"#,
        member.uuid()
    )
    .fetch_one(connection)
    .await?;
    Ok(i32::try_from(dropped).unwrap_or(i32::MAX))
}

/// Writes to the member in this language from now on, or again in the one the host says; what was told before is told anew.
pub(crate) async fn choose_language(
    connection: &mut PgConnection,
    member: MemberId,
    language: Option<Language>,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    // A region that the host knows goes with its language alone.
    let row = sqlx::query!(
        r#"UPDATE member SET
                locale = CASE WHEN $2::text IS NULL OR split_part(hosts, '-', 1) = $2 THEN hosts ELSE $2 END,
                host_locale = CASE WHEN $2 IS NULL THEN NULL ELSE hosts END,
                data_version = data_version + 1, updated_at = $3
           FROM (SELECT coalesce(host_locale, locale) AS hosts, split_part(locale, '-', 1) AS spoke
                 FROM member WHERE member_id = $1) AS known
           WHERE member_id = $1
           RETURNING split_part(locale, '-', 1) <> spoke AS "moved!", data_version"#,
        member.uuid(),
        language.map(Language::tag),
        now
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(ServiceError::MemberGone)?;
    if row.moved {
        tell_all_anew(connection, member, row.data_version, now).await?;
    }
    Ok(())
}

/// Counts how the member uses Spectrum from now on, or no more: then what was counted goes.
pub(crate) async fn count_use(
    connection: &mut PgConnection,
    member: MemberId,
    counted: bool,
) -> Result<(), ServiceError> {
    if !counted {
        record_event::hold_writes(connection).await?;
    }
    let known = sqlx::query!("UPDATE member SET use_counted = $2 WHERE member_id = $1", member.uuid(), counted)
        .execute(&mut *connection)
        .await?;
    if known.rows_affected() == 0 {
        return Err(ServiceError::MemberGone);
    }
    record_event::forget_unless_agreed(connection, member).await?;
    Ok(())
}

/// Lets a model put findings into other words from now on, or no longer: then what models said is due to be said by templates
/// again, which the caller has done in this transaction.
pub(crate) async fn decide_model(
    connection: &mut PgConnection,
    member: MemberId,
    agreed: bool,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let known = sqlx::query!(
        "UPDATE member SET consent_model = $2, model_decided = true, data_version = data_version + 1, updated_at = $3 WHERE member_id = $1",
        member.uuid(),
        agreed,
        now
    )
    .execute(&mut *connection)
    .await?;
    if known.rows_affected() == 0 {
        return Err(ServiceError::MemberGone);
    }
    if !agreed {
        rewrite::unsay_models(connection, member).await?;
    }
    Ok(())
}

/// Drops the words of a session that has just been read.
pub(crate) async fn drop_text(
    connection: &mut PgConnection,
    member: MemberId,
    session: SessionId,
) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM turn_text WHERE member_id = $1 AND session_id = $2", member.uuid(), session.uuid())
        .execute(connection)
        .await?;
    Ok(())
}
