//! Gathering everything held about a member but their words, all as it was at one moment, and keeping it sealed in parts.
//!
//! Rows come by a cursor and go into parts of a bounded size, so memory does not grow with a member's history.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use spectrum_domain::{
    export::EXPORT_LIFE,
    id::{ExportId, MemberId},
};
use sqlx::{AssertSqlSafe, PgConnection};

use super::archive::{ABOUT, ColumnKind, Content, Csv, FORMAT, FORMAT_VERSION, NamedBy, contents, readme, schema};
use crate::{
    ambient::Ambient,
    db::{
        keyring::{Keyring, hex},
        keys::MemberKeys,
        pool::Duty,
        scope::act_as,
        seal::MemberKey,
    },
    error::ServiceError,
};

/// Bytes of a part before it is sealed, give or take a row.
const PART: usize = 256 * 1024;

/// Rows that are fetched at a time.
const ROWS: usize = 200;

/// With what is gathered.
#[derive(Debug)]
pub(crate) struct Gathering<'a> {
    pub(crate) ambient: &'a Ambient,
    pub(crate) keyring: &'a Keyring,
    /// Days that words are kept, which README.txt tells.
    pub(crate) text_days: i64,
}

/// Gathers it. Nothing is left to do where the member or the export is gone.
///
/// INVARIANT: the transaction is a snapshot, and its first statement locks the member's row against an erasure only.
pub(crate) async fn gather(
    connection: &mut PgConnection,
    with: &Gathering<'_>,
    member: MemberId,
    export: ExportId,
) -> Result<(), ServiceError> {
    let Some(known) = sqlx::query!(
        "SELECT data_version FROM member WHERE member_id = $1 AND state = 'active' FOR KEY SHARE",
        member.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(());
    };
    let waiting = sqlx::query!(
        "SELECT export_id FROM export WHERE member_id = $1 AND export_id = $2 AND state = 'gathering'",
        member.uuid(),
        export.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?;
    if waiting.is_none() {
        return Ok(());
    }
    let Gathering { ambient, keyring, text_days } = *with;
    let keys = MemberKeys::open(&mut *connection, keyring, member).await?;
    let now = ambient.now();
    let mut parts = Parts { ambient, key: keys.newest()?, member, export, next: 0, bytes: 0 };
    parts.put(connection, "README.txt", readme(now, text_days).as_bytes()).await?;
    let about = json!({
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "software": env!("CARGO_PKG_VERSION"),
        "gathered_at": now,
        "data_version": known.data_version,
    });
    parts.put(connection, ABOUT, &pretty(&about)).await?;
    let kinds = column_kinds(connection).await?;
    parts.put(connection, "schema.json", &pretty(&schema(&kinds))).await?;
    // PRIVACY: the record of deeds names nobody; only here is it known which of them are the member's.
    let hash = hex(&keyring.ledger().member_hash(member));
    let whose = |content: &Content| match content.named_by {
        NamedBy::Id => format!("member_id = '{}'", member.uuid()),
        NamedBy::Hash => format!("member_hash = '\\x{hash}'"),
    };
    for content in contents() {
        let mut rows = Rows::open(connection, &whose(&content), &content).await?;
        parts.copy(connection, &mut rows, &content.file(), |row| [row.as_bytes(), b"\n"].concat()).await?;
        rows.close(connection).await?;
        if let Some(file) = content.csv_file() {
            let (mut rows, mut csv) =
                (Rows::open(connection, &whose(&content), &content).await?, Csv::of(&content.columns));
            let line = |row: &str| csv.line(&serde_json::from_str::<Map<String, Value>>(row).unwrap_or_default());
            parts.copy(connection, &mut rows, &file, line).await?;
            rows.close(connection).await?;
        }
    }
    let bytes = parts.bytes;
    finish(connection, member, export, bytes, known.data_version, now).await
}

async fn finish(
    connection: &mut PgConnection,
    member: MemberId,
    export: ExportId,
    bytes: i64,
    version: i64,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    sqlx::query!(
        "UPDATE export SET state = 'ready', ready_at = $3, expires_at = $4, version = $6,
                bytes = $5 + (SELECT coalesce(sum(length(ciphertext)), 0) FROM turn_text WHERE member_id = $1)
         WHERE member_id = $1 AND export_id = $2",
        member.uuid(),
        export.uuid(),
        now,
        now + EXPORT_LIFE,
        bytes,
        version
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The parts of an export, one after the other.
struct Parts<'a> {
    ambient: &'a Ambient,
    key: &'a MemberKey,
    member: MemberId,
    export: ExportId,
    next: i32,
    bytes: i64,
}

impl Parts<'_> {
    /// Copies rows into a file, which is there even when there are none.
    async fn copy(
        &mut self,
        connection: &mut PgConnection,
        rows: &mut Rows,
        file: &str,
        mut line: impl FnMut(&str) -> Vec<u8>,
    ) -> Result<(), ServiceError> {
        let (mut part, mut begun) = (Vec::new(), false);
        loop {
            let some = rows.next(connection).await?;
            let last = some.len() < ROWS;
            for row in some {
                part.extend(line(&row));
                if part.len() >= PART {
                    self.put(connection, file, &part).await?;
                    (begun, part) = (true, Vec::new());
                }
            }
            if last {
                break;
            }
        }
        if !part.is_empty() || !begun {
            self.put(connection, file, &part).await?;
        }
        Ok(())
    }

    async fn put(&mut self, connection: &mut PgConnection, file: &str, bytes: &[u8]) -> Result<(), ServiceError> {
        let sealed = self.key.seal_part(self.ambient, self.export, self.next, bytes)?;
        sqlx::query!(
            "INSERT INTO export_part (member_id, export_id, part, file, ciphertext, nonce, key_version)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            self.member.uuid(),
            self.export.uuid(),
            self.next,
            file,
            sealed.ciphertext,
            sealed.nonce,
            sealed.key_version
        )
        .execute(connection)
        .await?;
        self.next += 1;
        self.bytes += i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        Ok(())
    }
}

/// The rows of a table about the member, each as JSON, by a cursor: what it may read goes by whose rights opened it.
struct Rows;

impl Rows {
    async fn open(connection: &mut PgConnection, whose: &str, content: &Content) -> Result<Self, sqlx::Error> {
        act_as(connection, content.duty).await?;
        let list = |names: &[&str]| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        // Names of our own list, a parsed UUID and a hash are all that enters this text.
        let statement = format!(
            "DECLARE rows NO SCROLL CURSOR FOR
             SELECT row_to_json(t)::text FROM (SELECT {} FROM {} WHERE {whose} ORDER BY {}) AS t",
            list(&content.columns),
            content.table,
            list(&content.order)
        );
        sqlx::query(AssertSqlSafe(statement)).persistent(false).execute(&mut *connection).await?;
        act_as(connection, Duty::Worker).await?;
        Ok(Self)
    }

    async fn next(&mut self, connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
        sqlx::query_scalar(AssertSqlSafe(format!("FETCH {ROWS} FROM rows")))
            .persistent(false)
            .fetch_all(connection)
            .await
    }

    async fn close(self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        sqlx::query("CLOSE rows").persistent(false).execute(connection).await?;
        Ok(())
    }
}

async fn column_kinds(connection: &mut PgConnection) -> Result<Vec<ColumnKind>, sqlx::Error> {
    sqlx::query_as!(
        ColumnKind,
        r#"SELECT c.relname::text AS "table!", a.attname::text AS "column!", format_type(a.atttypid, NULL) AS "kind!",
                  a.attnotnull AS "required!"
           FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition"#
    )
    .fetch_all(connection)
    .await
}

fn pretty(value: &Value) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
