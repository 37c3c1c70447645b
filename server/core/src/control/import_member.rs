//! Reading an archive into a fresh member: every field held against what the domain knows, all of it kept or nothing, and the
//! sums added up anew from the measures and compared with those of the archive.

mod check;
mod compare;
mod lines;
mod text;

use std::{
    collections::{HashMap, HashSet},
    io,
};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};
use spectrum_domain::{
    exclusion::{Covered, Scope},
    feature::Feature,
    id::{HostId, MemberId, SessionId},
    member::{ExternalRef, is_language_tag, weekday_from_name},
};
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use uuid::Uuid;

pub use check::{IMPORTED, known_fields};
pub use compare::Difference;
pub use lines::Archive;

use self::lines::{Faults, Lines};
use super::archive::{ABOUT, FORMAT, FORMAT_VERSION};
use crate::{
    ambient::Ambient,
    db::{
        keyring::Keyring,
        keys::MemberKeys,
        pool::Duty,
        scope::{act_as, raise_data_version},
    },
    error::ServiceError,
    ingest::{
        accept_events::IngestPolicy,
        follow_up,
        put_member::{self, MemberChange, SaidBy},
    },
    insight::rewrite,
    queue::enqueue::enqueue,
    rollup::refresh_periods,
    schedule::retention::Retention,
};

/// Rows of one statement.
const ROWS: usize = 500;

/// Why an archive was not read in. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file could not be read.
    #[error("the archive can't be read")]
    Unreadable(#[from] io::Error),
    /// It is no archive of Spectrum's, or of a form that this version does not know.
    #[error("this is no archive of Spectrum's that this version can read")]
    UnknownForm,
    /// A file is missing.
    #[error("the archive has no {0}")]
    NoFile(String),
    /// What is wrong with it. PRIVACY: places and reasons, never what stands there.
    #[error("the archive can't be used:\n{}", .0.join("\n"))]
    Faults(Vec<String>),
    /// The member has sessions.
    #[error("the member has sessions already; an archive is read into a fresh member only")]
    NotFresh,
    /// It could not be kept.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<sqlx::Error> for ImportError {
    fn from(error: sqlx::Error) -> Self {
        Self::Service(error.into())
    }
}

/// What was read in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows, by table.
    pub rows: Vec<(&'static str, usize)>,
    /// Turns whose words were read in.
    pub texts: usize,
    /// Turns whose words have been kept for as long as they may be, or whose turn is not in the archive.
    pub texts_left: usize,
    /// Days, weeks and months that were added up.
    pub periods: usize,
    /// Those that came out otherwise than in the archive.
    pub different: Vec<Difference>,
}

/// Into what an archive is read.
#[derive(Debug)]
pub(crate) struct Into<'a> {
    pub(crate) ambient: &'a Ambient,
    pub(crate) keyring: &'a Keyring,
    pub(crate) policy: IngestPolicy,
    pub(crate) retention: Retention,
    pub(crate) host: HostId,
    pub(crate) member: &'a ExternalRef,
}

/// Makes the partitions of all the days whose text may still be kept: it goes where it would lie had it come in here.
pub(crate) async fn prepare(pool: &PgPool, retention: &Retention, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let (first, last) = (retention.text_since(now), now.date_naive());
    for day in first.iter_weeks().take_while(|day| *day <= last) {
        sqlx::query("SELECT ensure_turn_text_partitions($1)").bind(day).execute(pool).await?;
    }
    Ok(())
}

/// What later files refer to.
#[derive(Debug, Default)]
pub(super) struct Known {
    sessions: HashMap<Uuid, Session>,
    turns: HashSet<(Uuid, i64)>,
    vectors: HashSet<(Uuid, i64)>,
    corrected: HashSet<Uuid>,
    /// What is kept out.
    scopes: Vec<Scope>,
}

/// What has to fit together of a session.
#[derive(Debug)]
struct Session {
    revision: Option<i64>,
    excluded: bool,
    covered: Covered,
}

/// Reads it in.
pub(crate) async fn import(
    connection: &mut PgConnection,
    into: &Into<'_>,
    archive: &mut dyn Archive,
) -> Result<Imported, ImportError> {
    let mut faults = Faults::default();
    check_form(archive)?;
    let (change, keep_text) = member_of(archive, &mut faults)?;
    let now = into.ambient.now();
    let zone = change.zone.unwrap_or(Tz::UTC);
    let member = put_member::find_or_make(connection, into.ambient, into.keyring, into.host, into.member, zone).await?;
    sqlx::query("SELECT set_config('spectrum.member_id', $1, true)")
        .bind(member.uuid().to_string())
        .execute(&mut *connection)
        .await?;
    put_member::change(connection, member, &change, SaidBy::Host, now).await?; // and by that the member's row is held
    let active =
        sqlx::query_scalar!(r#"SELECT state = 'active' AS "active!" FROM member WHERE member_id = $1"#, member.uuid())
            .fetch_optional(&mut *connection)
            .await?;
    if active != Some(true) {
        return Err(ServiceError::MemberGone.into());
    }
    let held =
        sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM session WHERE member_id = $1) AS "held!""#, member.uuid())
            .fetch_one(&mut *connection)
            .await?;
    if held {
        return Err(ImportError::NotFresh);
    }
    act_as(connection, Duty::Web).await?;
    sqlx::query!("UPDATE member SET keep_text = $2 WHERE member_id = $1", member.uuid(), keep_text)
        .execute(&mut *connection)
        .await?;
    act_as(connection, Duty::Ingest).await?;
    let keys = MemberKeys::open(connection, into.keyring, member).await?;

    let oldest = into.retention.text_since(now);
    let (mut imported, mut known) = (Imported::default(), Known::default());
    for (table, duty) in IMPORTED {
        act_as(connection, duty).await?;
        let count = rows(connection, archive, member, table, &mut known, &mut faults).await?;
        imported.rows.push((table, count));
        if table == "turn" {
            let sealing = text::Sealing { ambient: into.ambient, key: keys.newest()?, member, oldest };
            (imported.texts, imported.texts_left) =
                text::read(connection, archive, &sealing, &known, &mut faults).await?;
        }
    }
    known.check(&mut faults);
    faults.end()?;
    act_as(connection, Duty::Ingest).await?;
    order_what_is_left(connection, into, member, now).await?;
    act_as(connection, Duty::Worker).await?;
    add_up(connection, member, into.ambient.now()).await?;
    (imported.periods, imported.different) = compare::compare(connection, archive, member).await?;
    Ok(imported)
}

fn check_form(archive: &mut dyn Archive) -> Result<(), ImportError> {
    let about = archive.open(ABOUT)?.ok_or(ImportError::UnknownForm)?;
    let about: Value = serde_json::from_reader(about).map_err(|_| ImportError::UnknownForm)?;
    let known = about["format"] == FORMAT && about["version"] == FORMAT_VERSION;
    known.then_some(()).ok_or(ImportError::UnknownForm)
}

/// What is taken over of the member: by what their weeks and days are cut, and whether their words are kept. What they pay
/// for and what they agreed to is for the host to say anew: nobody agreed to it here.
fn member_of(archive: &mut dyn Archive, faults: &mut Faults) -> Result<(MemberChange, bool), ImportError> {
    let mut lines = Lines::open(archive, "member")?;
    let Some((line, row)) = lines.next_row(faults)? else {
        return Err(ImportError::Faults(vec!["member.jsonl: holds no member".to_owned()]));
    };
    let mut change = MemberChange::default();
    let text = |field: &str| row.get(field).and_then(Value::as_str).unwrap_or_default();
    change.zone = text("zone").parse().ok();
    change.week_start = weekday_from_name(text("week_start"));
    let locale = text("locale");
    change.locale = is_language_tag(locale).then(|| locale.to_owned());
    let keep_text = row.get("keep_text").and_then(Value::as_bool);
    for (field, good, why) in [
        ("keep_text", keep_text.is_some(), "must be true or false"),
        ("zone", change.zone.is_some(), "must be an IANA time zone"),
        ("week_start", change.week_start.is_some(), "must be a weekday such as monday"),
        ("locale", change.locale.is_some(), "must be a language tag such as en-GB"),
    ] {
        if !good {
            faults.field("member.jsonl", line, field, why);
        }
    }
    Ok((change, keep_text == Some(true)))
}

/// Reads the rows of a table, as long as nothing is wrong with any.
async fn rows(
    connection: &mut PgConnection,
    archive: &mut dyn Archive,
    member: MemberId,
    table: &'static str,
    known: &mut Known,
    faults: &mut Faults,
) -> Result<usize, ImportError> {
    let mut lines = Lines::open(archive, table)?;
    let fields = known_fields(table);
    let columns = fields.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    // Names of our own list are all that enters this text.
    let statement = format!(
        "INSERT INTO {table} (member_id, {columns})
         SELECT $1, {columns} FROM jsonb_populate_recordset(NULL::{table}, $2)"
    );
    let (mut batch, mut count) = (Vec::new(), 0);
    loop {
        let row = lines.next_row(faults)?;
        let last = row.is_none();
        if let Some((line, mut row)) = row
            && taken(table, &mut row)
            && check::row(table, lines.file(), line, &row, faults)
            && known.take(table, lines.file(), line, &row, faults)
        {
            batch.push(Value::Object(row));
            count += 1;
        }
        if !batch.is_empty() && (last || batch.len() == ROWS) && faults.none() {
            sqlx::query(AssertSqlSafe(statement.clone()))
                .bind(member.uuid())
                .bind(Value::Array(std::mem::take(&mut batch)))
                .execute(&mut *connection)
                .await?;
        }
        if last {
            return Ok(count);
        }
        if batch.len() >= ROWS {
            batch.clear(); // there are faults: what follows is only looked at
        }
    }
}

/// Whether a row is read in. Of sums, those of days whose sessions are no longer held: nothing could add them up again.
fn taken(table: &str, row: &mut Map<String, Value>) -> bool {
    if table != "day_rollup" {
        return true;
    }
    row.insert("version".to_owned(), json!(0)); // of the member they came from
    row.get("settled") == Some(&json!(true))
}

impl Known {
    /// Remembers a row that others refer to, and says whether what it refers to is there.
    fn take(&mut self, table: &str, file: &str, line: usize, row: &Map<String, Value>, faults: &mut Faults) -> bool {
        let whole = |field: &str| row.get(field).and_then(Value::as_i64);
        let id = |field: &str| row.get(field).and_then(Value::as_str).and_then(|text| text.parse::<Uuid>().ok());
        let session = id("session_id").unwrap_or_default();
        if table == "session" {
            let known = Session {
                revision: whole("vector_revision"),
                excluded: row.get("excluded") == Some(&json!(true)),
                covered: Covered {
                    session_id: session.into(),
                    feature: value(row, "feature").unwrap_or(Feature::Mirror),
                    local_date: value(row, "local_date").unwrap_or_default(),
                    started_at: value(row, "started_at").unwrap_or_default(),
                },
            };
            if self.sessions.insert(session, known).is_some() {
                faults.field(file, line, "session_id", "names a session that was there before");
                return false;
            }
            return true;
        }
        if table == "day_rollup" {
            return true;
        }
        if table == "exclusion" {
            let scope = scope(row);
            if scope.is_none() {
                faults.field(file, line, "scope", "does not go with the fields that are filled in");
            }
            self.scopes.extend(scope);
            return scope.is_some();
        }
        if !self.sessions.contains_key(&session) {
            faults.field(file, line, "session_id", "names no session of session.jsonl");
            return false;
        }
        let (field, new, why) = match table {
            "turn" => (
                "index",
                self.turns.insert((session, whole("index").unwrap_or_default())),
                "names a turn that was there before",
            ),
            "session_vector" => (
                "revision",
                self.vectors.insert((session, whole("revision").unwrap_or_default())),
                "names a measure that was there before",
            ),
            "turn_impact" => (
                "index",
                self.turns.contains(&(session, whole("index").unwrap_or_default())),
                "names no turn of turn.jsonl",
            ),
            _ => ("session_id", self.corrected.insert(session), "names a session that was corrected before"),
        };
        if !new {
            faults.field(file, line, field, why);
        }
        new
    }

    fn has_turn(&self, session: SessionId, index: i32) -> bool {
        self.turns.contains(&(session.uuid(), i64::from(index)))
    }

    /// What can only be told at the end.
    fn check(&self, faults: &mut Faults) {
        for (session, Session { revision, excluded, covered }) in &self.sessions {
            if revision.is_some_and(|revision| !self.vectors.contains(&(*session, revision))) {
                faults.file("session_vector.jsonl", &format!("lacks the measure of session {session} that counts"));
            }
            if *excluded != self.scopes.iter().any(|scope| scope.covers(covered)) {
                faults.file("exclusion.jsonl", &format!("does not say the same of session {session} as session.jsonl"));
            }
        }
    }
}

/// A field's value, where it is one.
fn value<T: std::str::FromStr>(row: &Map<String, Value>, field: &str) -> Option<T> {
    row.get(field)?.as_str()?.parse().ok()
}

/// What an exclusion keeps out, if its fields go together.
fn scope(row: &Map<String, Value>) -> Option<Scope> {
    let (session, feature) = (value::<SessionId>(row, "session_id"), value::<Feature>(row, "feature"));
    let (first, last) = (value(row, "first_day"), value(row, "last_day"));
    let (from, until) = (value(row, "paused_at"), value(row, "resumed_at"));
    let scope = match (session, feature, first, last, from) {
        (Some(session), None, None, None, None) => Scope::Session(session),
        (None, Some(feature), None, None, None) => Scope::Feature(feature),
        (None, None, Some(first), Some(last), None) if first <= last => Scope::Period { first, last },
        (None, None, None, None, Some(from)) if until.is_none_or(|until| from <= until) => Scope::Pause { from, until },
        _ => return None,
    };
    (row.get("scope")?.as_str()? == scope.name() && (until.is_none() || from.is_some())).then_some(scope)
}

/// Sessions that were still open, or not yet read, go on from where they were.
async fn order_what_is_left(
    connection: &mut PgConnection,
    into: &Into<'_>,
    member: MemberId,
    now: DateTime<Utc>,
) -> Result<(), ImportError> {
    let rows = sqlx::query!(
        "SELECT session_id, state, input_version, received_at, last_event_at FROM session
         WHERE member_id = $1 AND state IN ('open', 'ended')",
        member.uuid()
    )
    .fetch_all(&mut *connection)
    .await?;
    let jobs: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let (session, received_on) = (row.session_id.into(), row.received_at.date_naive());
            if row.state == "open" {
                follow_up::close(member, session, received_on, row.last_event_at + into.policy.idle)
            } else {
                follow_up::analyze(member, session, row.input_version, received_on, now)
            }
        })
        .collect();
    enqueue(connection, &jobs, now).await?;
    Ok(())
}

/// Adds every day up from its measures, and its week and month, as ever.
async fn add_up(connection: &mut PgConnection, member: MemberId, now: DateTime<Utc>) -> Result<(), ImportError> {
    let version = raise_data_version(connection, member).await?.unwrap_or_default();
    let days = sqlx::query_scalar!(
        r#"SELECT local_date AS "day!" FROM session WHERE member_id = $1
           UNION SELECT period FROM day_rollup WHERE member_id = $1"#,
        member.uuid()
    )
    .fetch_all(&mut *connection)
    .await?;
    refresh_periods::refresh_days(connection, member, &days.into_iter().collect(), version).await?;
    rewrite::order(connection, member, version, now).await?;
    Ok(())
}
