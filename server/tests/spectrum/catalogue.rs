//! The rules of the schema, held against the live catalogue: who owns a row, who may see it, and what each column holds.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{
    AssertSqlSafe, FromRow, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{MEMBER_TABLES, TestApp};

/// Tables that name a member and are yet not the member's own: each with the reason why.
const NOT_THE_MEMBERS: [(&str, &str); 9] = [
    ("member_lookup", "leads from a host's reference to a member, so it must be read before the member is known"),
    ("one_time_link", "found by the hash of its code, before it is known whose it is"),
    ("web_session", "found by the hash of its token, before it is known whose it is"),
    ("erasure", "how far an erasure has come; names the member until it is done, and outlives them"),
    ("idempotency_key", "found by the hash of its key, and mostly a host's"),
    ("job", "one queue for all members, with ids and no content; stays in one place when members are spread"),
    ("job_key", "the queue's ledger of keys"),
    ("job_dead", "the queue's dead letters"),
    ("device_address", "whose an address is now: found by its keyed hash, before it is known whose it was"),
];

/// The roles of running processes. The owner's is the login's alone.
const DUTIES: [&str; 6] =
    ["spectrum_ingest", "spectrum_push", "spectrum_staff", "spectrum_system", "spectrum_web", "spectrum_worker"];

/// What the role for many members at once never sees: their text, what they said when, and their keys.
const CLOSED_TO_SYSTEM: [&str; 3] = ["turn_text", "turn", "member_key"];

/// All that the role that sends pushes sees, in part: devices and what opens their addresses, and how a week stands.
const OPEN_TO_PUSH: [&str; 8] =
    ["member", "member_key", "device", "push_preference", "push_outbox", "push_attempt", "edition", "week_rollup"];

async fn texts(owner: &mut PgConnection, query: &str) -> Vec<String> {
    sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_all(owner).await.expect(query)
}

/// A database as Spectrum starts on it, its partitions among its tables.
async fn catalogue(database: PgConnectOptions) -> (TestApp, PgConnection) {
    let app = TestApp::new(database).await;
    let owner = app.owner().await;
    (app, owner)
}

/// Tables that have a `member_id`, with those partitioned from them; the queue's partitions stand for the queue.
async fn tables_that_name_a_member(owner: &mut PgConnection) -> BTreeSet<String> {
    let query = "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attname = 'member_id'
                   AND NOT a.attisdropped
                   AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid AND inhparent = 'job'::regclass)";
    texts(owner, query).await.into_iter().collect()
}

/// The member's own tables, partitions among them.
async fn member_tables(owner: &mut PgConnection) -> BTreeSet<String> {
    let mut tables = tables_that_name_a_member(owner).await;
    for (table, reason) in NOT_THE_MEMBERS {
        assert!(tables.remove(table), "{table} is gone or names no member any more ({reason}): take it off the list");
    }
    tables
}

#[sqlx::test(migrations = "../migrations")]
async fn the_helpers_know_every_member_table(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, mut owner) = catalogue(database).await;
    let partitions: BTreeSet<String> =
        texts(&mut owner, "SELECT relname::text FROM pg_class WHERE relispartition AND relkind = 'r'")
            .await
            .into_iter()
            .collect();
    assert!(partitions.iter().filter(|name| name.starts_with("turn_text_")).count() == 7, "a week's: {partitions:?}");
    let own: BTreeSet<String> = member_tables(&mut owner).await.difference(&partitions).cloned().collect();
    assert_eq!(own, MEMBER_TABLES.map(str::to_owned).into_iter().collect());
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn row_level_security_is_on_and_forced_for_every_member_table(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, mut owner) = catalogue(database).await;
    for table in member_tables(&mut owner).await {
        let (enabled, forced, partition): (bool, bool, bool) = sqlx::query_as(
            "SELECT relrowsecurity, relforcerowsecurity, relispartition FROM pg_class WHERE oid = $1::regclass",
        )
        .bind(&table)
        .fetch_one(&mut owner)
        .await
        .expect("the table");
        assert!(enabled && forced, "{table}: row-level security is on: {enabled}, forced: {forced}");
        let policies: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_policy WHERE polrelid = $1::regclass")
            .bind(&table)
            .fetch_one(&mut owner)
            .await
            .expect("a count");
        if partition {
            // Rows are reached through the table it belongs to; straight at it nobody gets anywhere.
            let granted = texts(&mut owner, &grants_of(&table)).await;
            assert_eq!((policies, granted), (0, Vec::new()), "{table} is closed");
        } else {
            assert!(policies > 0, "{table} has a policy");
        }
    }
    app.finish().await;
}

fn grants_of(table: &str) -> String {
    format!(
        "SELECT DISTINCT coalesce(r.rolname, 'PUBLIC')::text FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
         LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE c.oid = '{table}'::regclass AND a.grantee <> c.relowner"
    )
}

#[derive(Debug, FromRow)]
struct Policy {
    table: String,
    name: String,
    roles: Vec<String>,
    permissive: bool,
    command: String,
    sees: Option<String>,
    writes: Option<String>,
}

/// The condition of a member's own rows, as PostgreSQL writes it back.
const OWN: &str = "(member_id = (NULLIF(current_setting('spectrum.member_id'::text, true), ''::text))::uuid)";

#[sqlx::test(migrations = "../migrations")]
async fn pages_and_jobs_see_the_member_of_their_transaction_and_nobody_else(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let (app, mut owner) = catalogue(database).await;
    let policies: Vec<Policy> = sqlx::query_as(
        r#"SELECT c.relname::text AS "table", polname::text AS name, polpermissive AS permissive, polcmd::text AS command,
                  ARRAY(SELECT coalesce(rolname, 'PUBLIC')::text FROM unnest(polroles) AS o LEFT JOIN pg_roles r ON r.oid = o) AS roles,
                  pg_get_expr(polqual, polrelid) AS sees, pg_get_expr(polwithcheck, polrelid) AS writes
           FROM pg_policy JOIN pg_class c ON c.oid = polrelid ORDER BY 1, 2"#,
    )
    .fetch_all(&mut owner)
    .await
    .expect("policies");
    assert!(policies.len() >= MEMBER_TABLES.len());
    for policy in &policies {
        assert!(policy.permissive && policy.command == "*", "{policy:?}");
        assert!(policy.roles.iter().all(|role| DUTIES.contains(&role.as_str())), "{policy:?}");
        // Ingestion writes for many members in one statement, and what is done for many at once reads so: they are let through.
        if policy.roles == ["spectrum_system"] {
            assert!(!CLOSED_TO_SYSTEM.contains(&policy.table.as_str()), "{policy:?}");
        } else if policy.roles == ["spectrum_push"] {
            assert!(OPEN_TO_PUSH.contains(&policy.table.as_str()), "{policy:?}");
        } else if policy.roles != ["spectrum_ingest"] {
            assert_eq!((policy.sees.as_deref(), policy.writes.as_deref()), (Some(OWN), Some(OWN)), "{policy:?}");
            assert_eq!(policy.name, "own", "{policy:?}");
        }
        assert!(MEMBER_TABLES.contains(&policy.table.as_str()), "{policy:?}");
    }
    app.finish().await;
}

/// The columns of each key of a table, in order: primary key, unique constraints and indexes, foreign keys.
#[derive(Debug, FromRow)]
struct TableKey {
    table: String,
    columns: Vec<String>,
}

#[sqlx::test(migrations = "../migrations")]
async fn member_id_leads_every_key_of_a_member_table(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, mut owner) = catalogue(database).await;
    let unique: Vec<TableKey> = sqlx::query_as(
        r#"SELECT t.relname::text AS "table", i.relname::text AS name,
                  ARRAY(SELECT coalesce(attname::text, 'an expression')
                        FROM unnest(indkey) WITH ORDINALITY AS k (n, place)
                        LEFT JOIN pg_attribute ON attrelid = t.oid AND attnum = n AND n > 0
                        WHERE place <= indnkeyatts ORDER BY place) AS columns
           FROM pg_index JOIN pg_class t ON t.oid = indrelid JOIN pg_class i ON i.oid = indexrelid
           WHERE t.relnamespace = 'public'::regnamespace AND (indisunique OR indisexclusion)"#,
    )
    .fetch_all(&mut owner)
    .await
    .expect("unique indexes");
    let foreign: Vec<(String, String, String, Vec<String>, Vec<String>)> = sqlx::query_as(
        "SELECT c.conname::text, f.relname::text, t.relname::text,
                ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS k (n, place)
                      JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY place),
                ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY AS k (n, place)
                      JOIN pg_attribute ON attrelid = confrelid AND attnum = n ORDER BY place)
         FROM pg_constraint c JOIN pg_class f ON f.oid = conrelid JOIN pg_class t ON t.oid = confrelid
         WHERE contype = 'f'",
    )
    .fetch_all(&mut owner)
    .await
    .expect("foreign keys");
    let members = member_tables(&mut owner).await;
    for table in &members {
        let primary = texts(
            &mut owner,
            &format!("SELECT conname::text FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'p'"),
        )
        .await;
        assert_eq!(primary.len(), 1, "{table} has a primary key");
    }
    for key in unique.iter().filter(|key| members.contains(&key.table)) {
        assert_eq!(key.columns.first().map(String::as_str), Some("member_id"), "{key:?}");
    }
    for (name, from, to, columns, referred) in &foreign {
        match (members.contains(from), members.contains(to)) {
            (true, true) => {
                assert_eq!(
                    (columns[0].as_str(), referred[0].as_str()),
                    ("member_id", "member_id"),
                    "{name}: {from} to {to}"
                );
            }
            // A distributed table may refer to one that lies whole on every node.
            (true | false, false) => {
                assert!(!columns.contains(&"member_id".to_owned()), "{name}: {from} to {to}");
            }
            (false, true) => panic!("{name}: {from} belongs to no member and must not refer to {to}"),
        }
    }
    assert!(foreign.len() > 10 && unique.len() > 20);
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn partitions_go_one_level_deep_and_nothing_is_inherited_otherwise(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, mut owner) = catalogue(database).await;
    let nested = texts(
        &mut owner,
        "SELECT relname::text FROM pg_class WHERE relkind IN ('p', 'I') AND relispartition AND relkind = 'p'",
    )
    .await;
    assert_eq!(nested, Vec::<String>::new(), "a partition that is itself partitioned can't be distributed");
    let partitioned = texts(
        &mut owner,
        "SELECT c.relname || ' by ' || pg_get_partkeydef(c.oid) FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid ORDER BY 1",
    )
    .await;
    assert_eq!(
        partitioned,
        ["job by LIST (queue)", "product_event by RANGE (day)", "turn_text by RANGE (received_on)"]
    );
    let heirs = texts(
        &mut owner,
        "SELECT c.relname::text FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE c.relkind = 'r' AND NOT c.relispartition",
    )
    .await;
    assert_eq!(heirs, Vec::<String>::new());
    let default = texts(
        &mut owner,
        "SELECT relname::text FROM pg_class WHERE relispartition AND pg_get_expr(relpartbound, oid) = 'DEFAULT'",
    )
    .await;
    assert_eq!(default, Vec::<String>::new(), "a default partition would be locked by every new one");
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn no_role_is_more_than_its_duty(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, mut owner) = catalogue(database).await;
    let roles = texts(
        &mut owner,
        "SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'spectrum\\_%' AND rolname <> current_user ORDER BY 1",
    )
    .await;
    let expected: BTreeSet<&str> = DUTIES.into_iter().chain(["spectrum_owner"]).collect();
    assert_eq!(roles.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected);
    let more = texts(
        &mut owner,
        "SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'spectrum\\_%' AND rolname <> current_user
         AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb OR rolreplication OR rolinherit)",
    )
    .await;
    assert_eq!(more, Vec::<String>::new());
    let members = texts(
        &mut owner,
        "SELECT m.rolname || ' may be ' || r.rolname FROM pg_auth_members JOIN pg_roles m ON m.oid = member
         JOIN pg_roles r ON r.oid = roleid WHERE m.rolname LIKE 'spectrum\\_%' AND m.rolname <> current_user",
    )
    .await;
    assert_eq!(members, Vec::<String>::new(), "no role can become another");
    let strangers = texts(
        &mut owner,
        "SELECT DISTINCT c.relname || ' by ' || pg_get_userbyid(c.relowner) FROM pg_class c
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relname <> '_sqlx_migrations'
           AND pg_get_userbyid(c.relowner) <> 'spectrum_owner'",
    )
    .await;
    assert_eq!(
        strangers,
        Vec::<String>::new(),
        "spectrum_owner owns every table, the partitions made while running too"
    );
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn every_grant_is_one_that_was_meant(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, mut owner) = catalogue(database).await;
    let grants = texts(
        &mut owner,
        "SELECT format('%-16s %-16s %s', c.relname, coalesce(r.rolname, 'PUBLIC'), string_agg(privilege_type, ' ' ORDER BY privilege_type))
         FROM pg_class c CROSS JOIN aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
         WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner
         GROUP BY c.relname, r.rolname ORDER BY c.relname, r.rolname",
    )
    .await;
    insta::assert_snapshot!("grants", grants.join("\n"));
    let by_column = texts(
        &mut owner,
        "SELECT attrelid::regclass || '.' || attname FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid >= 16384",
    )
    .await;
    // What a DELETE must see to find its rows, and no more of them.
    let expected =
        ["expires_at", "member_id"].map(|column| ["one_time_link", "web_session"].map(|t| format!("{t}.{column}")));
    let mut expected: BTreeSet<_> = expected.into_iter().flatten().collect();
    expected.extend(["created_at", "key_hash", "member_id"].map(|column| format!("idempotency_key.{column}")));
    // What says which editions go into a batch, and nothing of what they are about.
    let into_batches = ["batch_id", "considered_at", "item_id", "member_id", "waiting_since"];
    expected.extend(into_batches.map(|column| format!("rephrasing.{column}")));
    // Who is pushed what: devices without their addresses, a week without what is told of it; and of a push when and whether.
    let for_pushes = [
        (
            "device",
            &[
                "address_kind",
                "app_version",
                "channel",
                "device_id",
                "environment",
                "locale",
                "member_id",
                "platform",
                "registered_at",
                "seen_at",
            ][..],
        ),
        ("edition", &["flagged", "grain", "member_id", "opened_at", "period"]),
        (
            "member",
            &["consent_analytics", "host_id", "locale", "member_id", "state", "use_counted", "week_start", "zone"],
        ),
        ("push_outbox", &["due_at", "expires_at", "next_at", "opened_at", "reason", "settled_at", "state"]),
        ("week_rollup", &["days", "member_id", "period", "sessions"]),
    ];
    expected.extend(for_pushes.iter().flat_map(|(table, columns)| columns.iter().map(move |c| format!("{table}.{c}"))));
    // How far erasures have come, and never whose: neither a member nor a hash. And the names of colleagues, for who paused something.
    let for_operators = [
        (
            "erasure",
            &[
                "asked_by",
                "done_at",
                "erasure_id",
                "key_destroyed_at",
                "requested_at",
                "rows_deleted_at",
                "state",
                "verified_at",
            ][..],
        ),
        ("erasure_store", &["erasure_id", "rows_deleted", "rows_found", "rows_left", "store"]),
        ("receipt", &["deed_id", "issued_at", "kind", "number"]),
        ("staff", &["email", "staff_id"]),
    ];
    let columns = for_operators.iter().flat_map(|(table, columns)| columns.iter().map(move |c| format!("{table}.{c}")));
    expected.extend(columns);
    // And the one column of an exclusion that ever changes.
    expected.insert("exclusion.resumed_at".to_owned());
    // When an experiment ended and what becomes of who is in it, that a key was used, and the account that a first sign-in binds.
    let changing = [
        "experiment.ended_at",
        "exposure.crossed",
        "exposure.there",
        "exposure.weeks",
        "host_key.last_used_at",
        "staff.issuer",
        "staff.subject",
    ];
    expected.extend(changing.map(str::to_owned));
    assert_eq!(by_column.into_iter().collect::<BTreeSet<_>>(), expected);
    for (role, privilege, may) in [
        ("spectrum_web", "SELECT, INSERT, UPDATE, DELETE", false),
        ("spectrum_staff", "SELECT, INSERT, UPDATE, DELETE", false),
        ("spectrum_ingest", "SELECT, UPDATE, DELETE", false),
        ("spectrum_ingest", "INSERT", true),
        ("spectrum_worker", "SELECT", true),
        ("spectrum_worker", "INSERT, UPDATE, TRUNCATE", false),
        ("spectrum_system", "SELECT, INSERT, UPDATE, DELETE", false),
    ] {
        let has: bool = sqlx::query_scalar("SELECT has_table_privilege($1, 'turn_text', $2) OR has_any_column_privilege($1, 'turn_text', regexp_replace($2, ', (DELETE|TRUNCATE)', '', 'g'))")
            .bind(role)
            .bind(privilege)
            .fetch_one(&mut owner)
            .await
            .expect("an answer");
        assert_eq!(has, may, "{role}: any of {privilege} on turn_text");
    }
    let public = texts(
        &mut owner,
        "SELECT duty || ' may create in ' || nspname FROM pg_namespace, unnest(ARRAY['spectrum_web', 'spectrum_ingest', 'spectrum_worker', 'spectrum_system', 'spectrum_staff']) duty
         WHERE nspname = 'public' AND has_schema_privilege(duty, oid, 'CREATE')",
    )
    .await;
    assert_eq!(public, Vec::<String>::new());
    app.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn nothing_runs_with_rights_that_are_not_the_callers_but_the_making_of_partitions(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let (app, mut owner) = catalogue(database).await;
    let definer = texts(
        &mut owner,
        "SELECT proname || ' ' || array_to_string(proconfig, ' ') FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1",
    )
    .await;
    assert_eq!(
        definer,
        [
            "drop_product_event_partitions search_path=pg_catalog, public lock_timeout=2s",
            "drop_turn_text_partitions search_path=pg_catalog, public lock_timeout=2s",
            "ensure_product_event_partitions search_path=pg_catalog, public",
            "ensure_turn_text_partitions search_path=pg_catalog, public",
        ]
    );
    for (function, expected) in [
        ("ensure_turn_text_partitions(date)", vec!["spectrum_ingest", "spectrum_worker"]),
        ("ensure_product_event_partitions(date)", vec!["spectrum_worker"]),
        ("drop_product_event_partitions(date)", vec!["spectrum_system"]),
        ("drop_turn_text_partitions(date)", vec!["spectrum_system"]),
    ] {
        let query = format!(
            "SELECT rolname::text FROM pg_roles
             WHERE rolname LIKE 'spectrum\\_%' AND rolname <> current_user AND rolname <> 'spectrum_owner'
               AND has_function_privilege(rolname, '{function}', 'EXECUTE') ORDER BY 1"
        );
        assert_eq!(texts(&mut owner, &query).await, expected);
    }
    let views = texts(
        &mut owner,
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
         AND (relkind = 'm' OR (relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)))",
    )
    .await;
    assert_eq!(views, Vec::<String>::new(), "a view sees with its owner's eyes unless told otherwise");
    let triggers = texts(&mut owner, "SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal").await;
    let rules = texts(&mut owner, "SELECT rulename::text FROM pg_rules WHERE schemaname = 'public'").await;
    assert_eq!((triggers, rules), (Vec::new(), Vec::new()), "what happens stands in the code");
    app.finish().await;
}

const CLASSES: [&str; 8] = ["id", "operational", "personal", "sealed", "derived", "key", "audit", "reference"];

#[sqlx::test(migrations = "../migrations")]
async fn every_column_has_a_privacy_class_and_every_class_a_column(_: PgPoolOptions, database: PgConnectOptions) {
    let (app, mut owner) = catalogue(database).await;
    let file = include_str!("../../core/src/db/columns.toml");
    assert!(file.starts_with("# "), "it opens with a sentence that says what it is for");
    let written: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(file).expect("columns.toml");
    let live: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL)
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND c.relname <> '_sqlx_migrations'", // the migration tool's own
    )
    .fetch_all(&mut owner)
    .await
    .expect("columns");
    let written: BTreeMap<(&str, &str), &str> = written
        .iter()
        .flat_map(|(table, columns)| {
            columns.iter().map(move |(column, class)| ((table.as_str(), column.as_str()), class.as_str()))
        })
        .collect();
    let names: BTreeSet<_> = live.iter().map(|(table, column, _)| (table.as_str(), column.as_str())).collect();
    let missing: Vec<_> = names.iter().filter(|name| !written.contains_key(*name)).collect();
    let surplus: Vec<_> = written.keys().filter(|name| !names.contains(*name)).collect();
    assert_eq!((missing, surplus), (Vec::new(), Vec::new()), "in the database and not in the file, and the other way");

    let personal: BTreeSet<_> = MEMBER_TABLES.into_iter().collect();
    for (table, column, kind) in &live {
        let class = written[&(table.as_str(), column.as_str())];
        assert!(CLASSES.contains(&class), "{table}.{column} is {class}");
        // The other place holds what is gathered for a member, in which there is no word: the tests of export see to that.
        let sealed = ["turn_text", "export_part"].contains(&table.as_str()) && column == "ciphertext"
            || (table.as_str(), column.as_str()) == ("device", "address"); // sealed, and no word of theirs
        assert_eq!(class == "sealed", sealed, "{table}.{column}: a member's words lie in one place");
        assert_eq!(class == "key", table == "member_key" && column == "wrapped", "{table}.{column}");
        if class == "sealed" || class == "key" {
            assert_eq!(kind, "bytea", "{table}.{column}: what is sealed is no text");
        }
        if class == "derived" {
            assert!(
                personal.contains(table.as_str()),
                "{table}.{column}: what is derived from a member is the member's"
            );
            // Cards are words of ours: numbers and closed sets in sentences that the domain has.
            let told = ["edition", "card"].contains(&table.as_str());
            assert!(
                told || !["text", "jsonb", "json", "character varying"].contains(&kind.as_str()),
                "{table}.{column} holds {kind}"
            );
        }
        if column == "member_id" {
            assert_eq!(class, "id", "{table}.{column}");
        }
    }
    app.finish().await;
}
