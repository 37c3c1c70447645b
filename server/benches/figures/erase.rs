//! Erasing a member with ten years of daily sessions, from the order to the signed receipt, beside the bare `DELETE`s.

use std::time::Instant;

use spectrum_core::{Whom, control::erase_member::TABLES};
use spectrum_domain::{erasure::AskedBy, id::MemberId};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use uuid::Uuid;

use crate::{
    report::{Report, quantile},
    stage::Stage,
};

const DAYS: i32 = 3_650;
const TIMES: usize = 5;

pub async fn measure(stage: &Stage, report: &mut Report) {
    let (mut erased, mut bare) = (Vec::new(), Vec::new());
    let mut rows = 0;
    for time in 0..TIMES {
        let floor = member(stage, &format!("bare-{time}")).await;
        bare.push(delete(stage, floor).await);
        let member = member(stage, &format!("erased-{time}")).await;
        let begun = Instant::now();
        let erasure =
            stage.services.order_erasure(Whom::Member(MemberId(member)), AskedBy::Member).await.expect("ordered");
        stage.run_due_jobs().await;
        erased.push(begun.elapsed().as_secs_f64() * 1e3);
        let receipt = stage.services.load_receipt(erasure.uuid()).await.expect("an answer").expect("a receipt");
        let key = stage.services.ledger().public_key();
        rows = spectrum_core::control::check_receipt::check(&receipt, &key).expect("true").deleted;
    }
    #[expect(clippy::cast_precision_loss, reason = "rows for people")]
    report.figure("erase_rows_ten_years", rows as f64, "rows");
    let (erased, bare) = (quantile(&mut erased, 0.5), quantile(&mut bare, 0.5));
    report.ratio("erase_ten_years", erased, "ms", bare, "bare DELETEs");
}

/// Milliseconds of deleting the same rows and nothing else.
async fn delete(stage: &Stage, member: Uuid) -> f64 {
    let mut owner = PgConnection::connect_with(&stage.owner).await.expect("the owner");
    let begun = Instant::now();
    let mut transaction = owner.begin().await.expect("a transaction");
    for table in TABLES {
        let statement = format!("DELETE FROM {table} WHERE member_id = $1");
        sqlx::query(AssertSqlSafe(statement)).bind(member).execute(&mut *transaction).await.expect("deleted");
    }
    transaction.commit().await.expect("committed");
    begun.elapsed().as_secs_f64() * 1e3
}

/// A member with one session on each day, all copies of one that was read by the model.
async fn member(stage: &Stage, name: &str) -> Uuid {
    let id = stage.member_with_a_session(name).await;
    let mut owner = PgConnection::connect_with(&stage.owner).await.expect("the owner");
    // Text is kept for thirty days and impacts for ninety: older sessions have none.
    let copies = format!(
        "SET session_replication_role = replica;
         CREATE TEMP TABLE back AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, {DAYS} - 1) AS n;
         INSERT INTO session SELECT (jsonb_populate_record(s, jsonb_build_object(
             'session_id', back.id, 'external_ref', back.id, 'local_date', s.local_date - n))).*
             FROM session s, back WHERE s.member_id = '{id}';
         INSERT INTO turn SELECT (jsonb_populate_record(t, jsonb_build_object('session_id', back.id))).*
             FROM turn t, back WHERE t.member_id = '{id}';
         INSERT INTO turn_text SELECT (jsonb_populate_record(t, jsonb_build_object('session_id', back.id))).*
             FROM turn_text t, back WHERE t.member_id = '{id}' AND n < 30;
         INSERT INTO turn_impact SELECT (jsonb_populate_record(i, jsonb_build_object('session_id', back.id))).*
             FROM turn_impact i, back WHERE i.member_id = '{id}' AND n < 90;
         INSERT INTO session_vector SELECT (jsonb_populate_record(v, jsonb_build_object('session_id', back.id))).*
             FROM session_vector v, back WHERE v.member_id = '{id}';
         INSERT INTO event_receipt SELECT (jsonb_populate_record(r, jsonb_build_object('event_id', gen_random_uuid()))).*
             FROM event_receipt r, back WHERE r.member_id = '{id}' AND n < 30;
         INSERT INTO day_rollup SELECT (jsonb_populate_record(d, jsonb_build_object('period', d.period - n))).*
             FROM day_rollup d, back WHERE d.member_id = '{id}';
         INSERT INTO week_rollup SELECT (jsonb_populate_record(w, jsonb_build_object('period', w.period - 7 * n))).*
             FROM week_rollup w, back WHERE w.member_id = '{id}' AND n < {DAYS} / 7;
         INSERT INTO month_rollup SELECT (jsonb_populate_record(m, jsonb_build_object(
             'period', (m.period - n * interval '1 month')::date))).*
             FROM month_rollup m, back WHERE m.member_id = '{id}' AND n < {DAYS} / 30;
         DROP TABLE back; SET session_replication_role = origin"
    );
    sqlx::raw_sql(AssertSqlSafe(copies)).execute(&mut owner).await.expect("copies");
    sqlx::raw_sql("VACUUM ANALYZE").execute(&mut owner).await.expect("statistics");
    id
}
