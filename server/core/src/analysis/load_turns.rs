//! Opening a session's text for the analyzer: with `control/open_export.rs`, which hands a member their own, the only way by
//! which a member's words leave their column.

#![deny(clippy::disallowed_types)]

use spectrum_domain::{
    id::{MemberId, SessionId},
    impact::HomeBase,
    private::PrivateText,
    session::Role,
};
use sqlx::PgConnection;

use super::load_home;
use crate::{
    db::{keyring::Keyring, keys::MemberKeys, seal::Sealed},
    error::ServiceError,
};

/// A session with its text, as the analyzer needs it.
#[derive(Debug)]
pub struct SessionText {
    /// Which state of the session: the result is kept only if it is still this one.
    pub input_version: i32,
    /// The turns in order.
    pub turns: Vec<TurnText>,
    /// Where the member usually lay in the days before.
    pub home: HomeBase,
    /// PRIVACY: whether the member agreed that a model outside may read their text.
    pub outside: bool,
}

/// Why a session is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// It ended, or changed after its end. What the member keeps out is not read before it is taken in again.
    Ended,
    /// Another model read it before, and it has not changed since. What the member keeps out is not read anew.
    Again,
}

/// A turn of it.
#[derive(Debug)]
pub struct TurnText {
    /// Place in the session.
    pub index: i32,
    /// Who wrote it.
    pub role: Role,
    /// Words.
    pub words: i32,
    /// PRIVACY: what was written; nothing once retention has dropped it.
    pub text: Option<PrivateText>,
}

/// Opens the session's text; nothing if the session is gone or there is no such occasion any more.
pub(crate) async fn load(
    connection: &mut PgConnection,
    keyring: &Keyring,
    member_id: MemberId,
    session_id: SessionId,
    occasion: Occasion,
) -> Result<Option<SessionText>, ServiceError> {
    let (member, session) = (member_id.uuid(), session_id.uuid());
    let Some(known) = sqlx::query!(
        r#"SELECT input_version, local_date, received_at, last_event_at, consent_outside AS outside
           FROM session JOIN member USING (member_id)
         WHERE member_id = $1 AND session_id = $2
           AND NOT excluded
           AND CASE WHEN $3 THEN session.state IN ('analysed', 'withheld', 'unmeasured')
                    ELSE session.state = 'ended' END"#,
        member,
        session,
        occasion == Occasion::Again
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(None);
    };
    let home = load_home::load(&mut *connection, member_id, known.local_date).await?;
    let keys = MemberKeys::open(&mut *connection, keyring, member_id).await?;
    // The days between which its text came in leave out all partitions but theirs.
    let rows = sqlx::query!(
        r#"SELECT turn.index, role, words, ciphertext AS "ciphertext?", nonce AS "nonce?", key_version AS "key_version?"
           FROM turn LEFT JOIN turn_text x
                ON x.member_id = $1 AND x.session_id = $2 AND x.index = turn.index AND x.received_on BETWEEN $3 AND $4
           WHERE turn.member_id = $1 AND turn.session_id = $2
           ORDER BY turn.index"#,
        member,
        session,
        known.received_at.date_naive(),
        known.last_event_at.date_naive()
    )
    .fetch_all(connection)
    .await?;
    let turns = rows
        .into_iter()
        .map(|row| {
            let sealed = match (row.ciphertext, row.nonce, row.key_version) {
                (Some(ciphertext), Some(nonce), Some(key_version)) => Some(Sealed { ciphertext, nonce, key_version }),
                _ => None,
            };
            let text = sealed
                .map(|sealed| {
                    let key = keys.of(sealed.key_version, "turn_text")?;
                    Ok::<_, ServiceError>(key.unseal(session_id, row.index, &sealed)?)
                })
                .transpose()?;
            let role = if row.role == "member" { Role::Member } else { Role::Assistant };
            Ok(TurnText { index: row.index, role, words: row.words, text })
        })
        .collect::<Result<_, ServiceError>>()?;
    Ok(Some(SessionText { input_version: known.input_version, turns, home, outside: known.outside }))
}
