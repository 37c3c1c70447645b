//! Deleting a member's rows so that a receipt can say of them what it says.

/// Deletes the member's (`$1`) rows of a table, and answers how many there were, how many went, and a hash over them as they
/// were: one statement, so the three speak of the same rows. `which` narrows them, where `t` is a row. Rows that are not to
/// be `read` have no hash.
pub(super) fn counting_delete(table: &str, which: &str, read: bool) -> String {
    let (row, rows) = if read {
        (
            "sha256(convert_to(to_jsonb(t)::text, 'UTF8'))",
            "sha256(coalesce(string_agg(row_hash, ''::bytea ORDER BY row_hash), ''))",
        )
    } else {
        ("NULL::bytea", "NULL::bytea")
    };
    format!(
        "WITH found AS (SELECT count(*) AS n FROM {table} AS t WHERE member_id = $1 AND {which}),
              gone AS (DELETE FROM {table} AS t WHERE member_id = $1 AND {which} RETURNING {row} AS row_hash)
         SELECT (SELECT n FROM found), count(*), {rows} FROM gone"
    )
}
