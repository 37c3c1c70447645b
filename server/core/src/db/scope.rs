//! Transactions that carry the member whose rows they may see.

use spectrum_domain::id::MemberId;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, Transaction};

use super::pool::Duty;

/// A transaction in which row-level security shows one member's rows and no others.
///
/// One round trip opens it. `SET LOCAL` ends with the transaction, so a pooled connection never remembers a member; it
/// is also the form that a distributed PostgreSQL passes on to its nodes.
pub async fn member_transaction(
    pool: &PgPool,
    member: MemberId,
) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    // A parsed UUID is the only thing that ever enters this text.
    pool.begin_with(AssertSqlSafe(format!("BEGIN; SET LOCAL spectrum.member_id = '{}'", member.uuid()))).await
}

/// The same, but all its statements see the database as it was at the first: for what must fit together.
pub async fn member_snapshot(pool: &PgPool, member: MemberId) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ";
    pool.begin_with(AssertSqlSafe(format!("{begin}; SET LOCAL spectrum.member_id = '{}'", member.uuid()))).await
}

/// Goes on in the same transaction as another duty: each step of an act that several duties have a part in is done with the
/// rights of its own duty, and none needs more for it.
pub(crate) async fn act_as(connection: &mut PgConnection, duty: Duty) -> Result<(), sqlx::Error> {
    sqlx::query(AssertSqlSafe(format!("SET LOCAL ROLE {}", duty.role()))).execute(connection).await?;
    Ok(())
}

/// A transaction that carries no member: for tables that belong to no member, and for roles that row-level security lets
/// see what their duty needs.
#[expect(clippy::disallowed_methods, reason = "this is the one place that opens such a transaction")]
pub async fn plain_transaction(pool: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    pool.begin().await
}

/// Raises the member's data version and, by that, locks their row: whoever changes derived data or exclusions does this
/// first, so that two changes of one member follow each other and neither writes sums the other has made stale.
pub async fn raise_data_version(connection: &mut PgConnection, member: MemberId) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        "UPDATE member SET data_version = data_version + 1 WHERE member_id = $1 RETURNING data_version",
        member.uuid()
    )
    .fetch_optional(connection)
    .await
}
