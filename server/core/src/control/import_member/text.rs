//! The words of an archive: sealed anew under the key of the member they are read into, for the rest of their time.

#![deny(clippy::disallowed_types)]

use std::{borrow::Cow, collections::HashMap};

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use spectrum_domain::{
    event::{MAX_TEXT, MAX_TURNS},
    id::{MemberId, SessionId},
    private::PrivateText,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    ImportError, Known, ROWS,
    lines::{Archive, Faults, Lines},
};
use crate::{ambient::Ambient, db::seal::MemberKey, error::ServiceError};

/// With what words are sealed.
pub(super) struct Sealing<'a> {
    pub(super) ambient: &'a Ambient,
    pub(super) key: &'a MemberKey,
    pub(super) member: MemberId,
    /// What came in before is let go.
    pub(super) oldest: NaiveDate,
}

/// A turn's words, and the day they came in: the day their time goes by.
struct Words {
    session: SessionId,
    index: i32,
    received_on: NaiveDate,
    text: PrivateText,
}

/// Reads the words in. Gives of how many turns, and of how many not: their time is over, or their turn is not there.
pub(super) async fn read(
    connection: &mut PgConnection,
    archive: &mut dyn Archive,
    sealing: &Sealing<'_>,
    known: &Known,
    faults: &mut Faults,
) -> Result<(usize, usize), ImportError> {
    let today = sealing.ambient.now().date_naive();
    let oldest = sealing.oldest;
    let mut lines = Lines::open(archive, "turn_text")?;
    let (mut batch, mut read, mut left) = (Vec::new(), 0, 0);
    while let Some((line, bytes)) = lines.next(faults)? {
        match parse(&bytes) {
            Ok(words) if words.received_on > today => {
                faults.field(lines.file(), line, "received_on", "is a day to come");
            }
            Ok(words) if words.received_on < oldest || !known.has_turn(words.session, words.index) => left += 1,
            Ok(words) => {
                read += 1;
                batch.push(words);
            }
            Err((field, why)) => faults.field(lines.file(), line, field, why),
        }
        if batch.len() == ROWS {
            keep(connection, sealing, &std::mem::take(&mut batch), faults).await?;
        }
    }
    keep(connection, sealing, &batch, faults).await?;
    Ok((read, left))
}

/// A line's fields, each by itself, so that a fault has its name.
fn parse(line: &[u8]) -> Result<Words, (&'static str, &'static str)> {
    let mut fields: HashMap<Cow<'_, str>, &RawValue> =
        serde_json::from_slice(line).map_err(|_| ("session_id", "the line is no JSON object"))?;
    let session = field(&mut fields, "session_id", "must be a UUID")?;
    let index = field(&mut fields, "index", "must be a whole number")?;
    let received_on = field(&mut fields, "received_on", "must be a date")?;
    let text: PrivateText = field(&mut fields, "text", "must be a text")?;
    if !fields.is_empty() {
        return Err(("text", "stands beside a field that this file does not have"));
    }
    if !(0..MAX_TURNS).contains(&index) {
        return Err(("index", "must be from 0 to 9,999"));
    }
    if text.bytes() > MAX_TEXT {
        return Err(("text", "is longer than a turn's can be"));
    }
    Ok(Words { session, index, received_on, text })
}

fn field<T: DeserializeOwned>(
    fields: &mut HashMap<Cow<'_, str>, &RawValue>,
    name: &'static str,
    why: &'static str,
) -> Result<T, (&'static str, &'static str)> {
    let raw = fields.remove(name).ok_or((name, "is missing"))?;
    serde_json::from_str(raw.get()).map_err(|_| (name, why))
}

async fn keep(
    connection: &mut PgConnection,
    sealing: &Sealing<'_>,
    batch: &[Words],
    faults: &Faults,
) -> Result<(), ImportError> {
    if batch.is_empty() || !faults.none() {
        return Ok(());
    }
    let sealed = batch
        .iter()
        .map(|words| sealing.key.seal(sealing.ambient, words.session, words.index, &words.text))
        .collect::<Result<Vec<_>, _>>()
        .map_err(ServiceError::from)?;
    sqlx::query!(
        "INSERT INTO turn_text (member_id, session_id, index, received_on, ciphertext, nonce, key_version)
         SELECT $1, * FROM unnest($2::uuid[], $3::int[], $4::date[], $5::bytea[], $6::bytea[], $7::smallint[])",
        sealing.member.uuid(),
        &batch.iter().map(|words| words.session.uuid()).collect::<Vec<Uuid>>(),
        &batch.iter().map(|words| words.index).collect::<Vec<_>>(),
        &batch.iter().map(|words| words.received_on).collect::<Vec<_>>(),
        &sealed.iter().map(|sealed| sealed.ciphertext.clone()).collect::<Vec<_>>(),
        &sealed.iter().map(|sealed| sealed.nonce.clone()).collect::<Vec<_>>(),
        &sealed.iter().map(|sealed| sealed.key_version).collect::<Vec<_>>()
    )
    .execute(connection)
    .await?;
    Ok(())
}
