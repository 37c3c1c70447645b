//! Handing a member what was gathered for them, piece by piece: the sealed parts first, then their words, which lie in their
//! own column until this moment.

#![deny(clippy::disallowed_types)]

use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::json;
use spectrum_domain::{
    id::{ExportId, MemberId, SessionId},
    private::Private,
};
use sqlx::PgConnection;

use super::archive::TEXT;
use crate::{
    db::{keyring::Keyring, keys::MemberKeys, seal::Sealed},
    error::ServiceError,
};

/// Turns whose words are opened at a time.
const TURNS: i64 = 100;

/// How far the handing over has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At this part.
    Part(i32),
    /// At the words after those of this turn; nothing before the first.
    Words(Option<(SessionId, i32)>),
    /// At the end.
    End,
}

impl Place {
    /// Where it begins.
    pub const BEGINNING: Self = Self::Part(0);
}

/// The next bytes of a file of the archive; those of one file follow each other.
pub struct Piece {
    /// Name of the file.
    pub file: Box<str>,
    /// PRIVACY: may hold the member's words.
    pub bytes: Private<Vec<u8>>,
    /// Where the next piece begins.
    pub next: Place,
}

impl fmt::Debug for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Piece({} of {} bytes)", self.file, self.bytes.expose().len())
    }
}

/// The piece at a place; nothing at the end. An error where there is no such export that is ready and not over.
pub(crate) async fn open(
    connection: &mut PgConnection,
    keyring: &Keyring,
    member: MemberId,
    export: ExportId,
    place: Place,
    now: DateTime<Utc>,
) -> Result<Option<Piece>, ServiceError> {
    let ready_at = sqlx::query_scalar!(
        r#"SELECT ready_at AS "ready_at!" FROM export JOIN member USING (member_id)
           WHERE member_id = $1 AND export_id = $2 AND export.state = 'ready' AND expires_at > $3
             AND member.state = 'active'"#,
        member.uuid(),
        export.uuid(),
        now
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(ServiceError::UnknownExport(export))?;
    let keys = MemberKeys::open(&mut *connection, keyring, member).await?;
    match place {
        Place::End => Ok(None),
        Place::Part(part) => match gathered(connection, &keys, member, export, part).await? {
            Some(piece) => Ok(Some(piece)),
            None => words(connection, &keys, member, None, ready_at).await.map(Some),
        },
        Place::Words(after) => words(connection, &keys, member, after, ready_at).await.map(Some),
    }
}

async fn gathered(
    connection: &mut PgConnection,
    keys: &MemberKeys,
    member: MemberId,
    export: ExportId,
    part: i32,
) -> Result<Option<Piece>, ServiceError> {
    let row = sqlx::query!(
        "SELECT file, ciphertext, nonce, key_version FROM export_part
         WHERE member_id = $1 AND export_id = $2 AND part = $3",
        member.uuid(),
        export.uuid(),
        part
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let sealed = Sealed { ciphertext: row.ciphertext, nonce: row.nonce, key_version: row.key_version };
        let bytes = keys.of(row.key_version, "export_part")?.unseal_part(export, part, &sealed)?;
        Ok(Piece { file: row.file.into(), bytes: Private::new(bytes), next: Place::Part(part + 1) })
    })
    .transpose()
}

/// Words of the turns that had come in when the export was ready, so that none is there without its turn.
async fn words(
    connection: &mut PgConnection,
    keys: &MemberKeys,
    member: MemberId,
    after: Option<(SessionId, i32)>,
    ready_at: DateTime<Utc>,
) -> Result<Piece, ServiceError> {
    let (session, index) = after.map_or((uuid::Uuid::nil(), -1), |(session, index)| (session.uuid(), index));
    let rows = sqlx::query!(
        "SELECT session_id, index, received_on, ciphertext, nonce, key_version
         FROM turn_text AS x JOIN turn USING (member_id, session_id, index)
         WHERE x.member_id = $1 AND (x.session_id, x.index) > ($2, $3) AND turn.received_at <= $4
         ORDER BY session_id, index LIMIT $5",
        member.uuid(),
        session,
        index,
        ready_at,
        TURNS
    )
    .fetch_all(connection)
    .await?;
    let full = i64::try_from(rows.len()).is_ok_and(|rows| rows == TURNS);
    let last = rows.last().map(|row| (SessionId(row.session_id), row.index));
    let mut lines = Vec::new();
    for row in rows {
        let sealed = Sealed { ciphertext: row.ciphertext, nonce: row.nonce, key_version: row.key_version };
        let text = keys.of(row.key_version, "turn_text")?.unseal(row.session_id.into(), row.index, &sealed)?;
        let (session, index, received_on) = (row.session_id, row.index, row.received_on);
        let line = json!({
            "session_id": session, "index": index, "received_on": received_on, "text": text.expose(),
        });
        // Writing to a Vec can't fail.
        _ = serde_json::to_writer(&mut lines, &line);
        lines.push(b'\n');
    }
    let next = if full { Place::Words(last) } else { Place::End };
    Ok(Piece { file: TEXT.into(), bytes: Private::new(lines), next })
}
