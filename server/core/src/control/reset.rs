//! Starting afresh: what was measured is gone, or that and the words and sessions themselves, of all days or of those before
//! a day. One transaction, which ends in a signed receipt.

use chrono::{DateTime, NaiveDate, Utc};
use spectrum_domain::{
    erasure::AskedBy,
    id::{MemberId, ResetId},
    reset::{Depth, Reset},
};
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    counting_delete::counting_delete,
    issue_receipt::{Deed, ErasurePolicy, Kind, StoreCount, issue},
};
use crate::{
    ambient::Ambient,
    db::{keyring::Ledger, scope::raise_data_version},
    error::ServiceError,
    insight::rewrite,
    rollup::refresh_periods::refresh_days,
};

/// Rows of a session's, where `$2` is the day before which they go.
const OF_THE_DAYS: &str =
    "EXISTS (SELECT FROM session s WHERE s.member_id = t.member_id AND s.session_id = t.session_id
                                   AND ($2::date IS NULL OR s.local_date < $2))";

/// What was measured, and what the member said of it.
const DERIVED: [&str; 3] = ["turn_impact", "session_vector", "correction"];

/// The words, and what is known of the turns; the sessions themselves go after them.
const RAW: [&str; 2] = ["turn_text", "turn"];

/// The sums, what is told of them, and what of it waits to be put into other words. A week or month that the day lies in is added
/// up again from the days that are left.
const SUMS: [&str; 6] = ["day_rollup", "week_rollup", "month_rollup", "card", "edition", "rephrasing"];

/// What the member said of cards that go.
const OF_A_CARD: &str = "($2::date IS NULL OR true)
    AND NOT EXISTS (SELECT FROM card c WHERE c.member_id = t.member_id AND c.card_id = t.card_id)";

/// Resets, and gives the number under which its receipt can be had.
pub(crate) async fn reset(
    connection: &mut PgConnection,
    ambient: &Ambient,
    ledger: &Ledger,
    policy: ErasurePolicy,
    member: MemberId,
    wish: Reset,
    by: AskedBy,
) -> Result<(ResetId, u64), ServiceError> {
    let asked = ambient.now();
    let version = raise_data_version(connection, member).await?.ok_or(ServiceError::MemberGone)?;
    let known = sqlx::query!("SELECT host_id, external_ref FROM member WHERE member_id = $1", member.uuid())
        .fetch_one(&mut *connection)
        .await?;
    let id: ResetId = ambient.id();
    let mut stores: Vec<StoreCount> = Vec::new();
    let mut take = async |connection: &mut PgConnection, table: &str, which: &str| {
        let store = take(connection, ledger, id, member, table, which, wish.before).await?;
        stores.push(store);
        Ok::<_, ServiceError>(())
    };
    // The week and the month that the day cuts through, before their days go.
    let cut = wish.before.and_then(|before| before.pred_opt());
    if wish.depth == Depth::Derived {
        forget_readings(connection, member, wish.before, asked).await?;
    }
    for table in DERIVED {
        take(connection, table, OF_THE_DAYS).await?;
    }
    for table in SUMS {
        take(connection, table, "($2::date IS NULL OR t.period < $2)").await?;
    }
    take(connection, "feedback", OF_A_CARD).await?;
    // One that names a session which is gone can't stay, whatever was asked; `$2` is not asked of the others.
    let (all, of_gone) = ("($2::date IS NULL OR true)", OF_THE_DAYS);
    match (wish.keep_exclusions, wish.depth) {
        (false, _) => {
            take(connection, "exclusion", all).await?;
            include_all(connection, member).await?;
        }
        (true, Depth::DerivedAndRaw) => take(connection, "exclusion", of_gone).await?,
        (true, Depth::Derived) => {}
    }
    if wish.depth == Depth::DerivedAndRaw {
        for table in RAW {
            take(connection, table, OF_THE_DAYS).await?;
        }
        take(connection, "session", "($2::date IS NULL OR t.local_date < $2)").await?;
    }
    if let Some(day) = cut {
        refresh_days(connection, member, &[day].into(), version).await?;
    }
    if let Some(day) = wish.before {
        // What is left is held against less than before.
        rewrite::mark(connection, member, day).await?;
    }
    // What was gathered before would still hold what goes here.
    sqlx::query!("DELETE FROM export WHERE member_id = $1", member.uuid()).execute(&mut *connection).await?;
    let left: i64 = stores.iter().map(|store| store.left).sum();
    if left > 0 {
        return Err(ServiceError::Residue);
    }
    let rows: i64 = stores.iter().map(|store| store.deleted).sum();
    stores.sort_by(|one, other| one.store.cmp(&other.store));
    let deed = Deed {
        id: id.uuid(),
        kind: Kind::Reset,
        asked_by: by,
        member_hash: ledger.member_hash(member).to_vec(),
        reference_hash: ledger.reference_hash(known.host_id.into(), &known.external_ref).to_vec(),
        requested_at: asked,
        done_at: ambient.now(),
        stores,
        keys: Vec::new(),
    };
    issue(connection, ledger, policy, &deed).await?;
    Ok((id, u64::try_from(rows).unwrap_or(0)))
}

/// What is read of a session is forgotten, and it is not read again; nor is one that waits to be.
async fn forget_readings(
    connection: &mut PgConnection,
    member: MemberId,
    before: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE turn SET language = NULL
         WHERE member_id = $1 AND language IS NOT NULL
           AND EXISTS (SELECT FROM session s WHERE s.member_id = $1 AND s.session_id = turn.session_id
                                               AND ($2::date IS NULL OR s.local_date < $2))",
        member.uuid(),
        before
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "UPDATE session SET state = 'reset', vector_revision = NULL, why_not = NULL, crisis = false, model = NULL,
                ended_at = coalesce(ended_at, $3)
         WHERE member_id = $1 AND ($2::date IS NULL OR local_date < $2)",
        member.uuid(),
        before,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn include_all(connection: &mut PgConnection, member: MemberId) -> Result<(), sqlx::Error> {
    sqlx::query!("UPDATE session SET excluded = false WHERE member_id = $1 AND excluded", member.uuid())
        .execute(connection)
        .await?;
    Ok(())
}

/// Deletes some of a table's rows of the member, and counts what is left of them.
async fn take(
    connection: &mut PgConnection,
    ledger: &Ledger,
    id: ResetId,
    member: MemberId,
    table: &str,
    which: &str,
    before: Option<NaiveDate>,
) -> Result<StoreCount, ServiceError> {
    let statement = counting_delete(table, which, true);
    let (found, deleted, hash): (i64, i64, Vec<u8>) =
        sqlx::query_as(AssertSqlSafe(statement)).bind(member.uuid()).bind(before).fetch_one(&mut *connection).await?;
    let statement = format!("SELECT count(*) FROM {table} AS t WHERE member_id = $1 AND {which}");
    let left: i64 =
        sqlx::query_scalar(AssertSqlSafe(statement)).bind(member.uuid()).bind(before).fetch_one(connection).await?;
    let commitment = ledger.commitment(&[id.uuid().as_bytes(), table.as_bytes(), &hash]).to_vec();
    Ok(StoreCount { store: table.to_owned(), found, deleted, left, commitment: Some(commitment) })
}
