//! A backup from before an erasure, taken and restored by PostgreSQL's own programs: what it holds, what brings members back,
//! and what keeps them erased. What docs/erasure.md claims is held here, and what it says is not so is held as well.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use spectrum_core::{
    Services, Whom,
    db::{
        keyring::{Keyring, ledger_root},
        pool::{PoolSizes, Pools},
        seal::{MasterKey, SealError, Sealed},
    },
    ingest::accept_events::IngestPolicy,
};
use spectrum_domain::{
    erasure::AskedBy,
    id::{MemberId, SessionId},
};
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, Row as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::{
    receipts::{spectrum, verify},
    support::{TestApp, member_id, rows_about, session},
};

const ALL: [&str; 14] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "stay0", "stay1", "stay2", "stay3"];

const SECRET: &str = "I told nobody that the letter had come, and I was afraid.";

/// A folder of the test's own; gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("spectrum-restore-{}", Uuid::new_v4()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs one of PostgreSQL's programs on this database.
fn program(folder: &str, name: &str, database: &PgConnectOptions, arguments: &[&str]) {
    let host = database.get_socket().map_or_else(|| database.get_host().to_owned(), |path| path.display().to_string());
    let output = Command::new(Path::new(folder).join(name))
        .args(arguments)
        .env("PGHOST", host)
        .env("PGPORT", database.get_port().to_string())
        .env("PGUSER", database.get_username())
        .env("PGDATABASE", database.get_database().expect("a name"))
        .output()
        .expect("a PostgreSQL program");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Another database beside the test's, with what is in the backup.
async fn restored(
    owner: &mut PgConnection,
    programs: &str,
    database: &PgConnectOptions,
    backup: &str,
) -> PgConnectOptions {
    let name = format!("restored_{}", Uuid::new_v4().simple());
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(owner).await.expect("a database");
    let other = database.clone().database(&name);
    program(programs, "pg_restore", &other, &["--exit-on-error", "--dbname", &name, backup]);
    other
}

async fn drop_database(owner: &mut PgConnection, database: &PgConnectOptions) {
    let name = database.get_database().expect("a name");
    sqlx::query(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).execute(owner).await.expect("gone");
}

/// What opens of a member's text with these keys: the texts, or why not; nothing where no key is left.
async fn opened(connection: &mut PgConnection, keys: &Keyring, member: Uuid) -> Option<Result<Vec<String>, SealError>> {
    let row = sqlx::query("SELECT version, wrapped, master_key_id FROM member_key WHERE member_id = $1")
        .bind(member)
        .fetch_optional(&mut *connection)
        .await
        .expect("an answer")?;
    let key = match keys.unwrap(MemberId(member), row.get(0), row.get(2), row.get(1)) {
        Ok(key) => key,
        Err(error) => return Some(Err(error)),
    };
    let rows =
        sqlx::query("SELECT session_id, index, ciphertext, nonce, key_version FROM turn_text WHERE member_id = $1")
            .bind(member)
            .fetch_all(connection)
            .await
            .expect("texts");
    let text = |row: &sqlx::postgres::PgRow| {
        let sealed = Sealed { ciphertext: row.get(2), nonce: row.get(3), key_version: row.get(4) };
        key.unseal(SessionId(row.get(0)), row.get(1), &sealed).map(|text| text.expose().clone())
    };
    Some(rows.iter().map(text).collect())
}

async fn number(connection: &mut PgConnection, query: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(connection).await.expect("a number")
}

#[sqlx::test(migrations = "../migrations")]
async fn a_restored_backup_gives_no_erased_member_back(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::new(database.clone()).await;
    let mut owner = app.owner().await;
    let mut ids = BTreeMap::new();
    for member in ALL {
        app.accept(&session(member, "one", "2026-11-19T20:00:00Z", "Europe/London", &[SECRET, "I am calm."]).events)
            .await;
        ids.insert(member, member_id(&mut owner, app.host.uuid(), member).await);
    }
    app.run_due_jobs().await;
    let folder = Folder::new();
    let programs: String = sqlx::query_scalar("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
        .fetch_one(&mut owner)
        .await
        .expect("a folder");
    let (data, whole, keys) = (folder.file("data.dump"), folder.file("whole.dump"), folder.file("keys.jsonl"));
    let without_keys = ["--format=custom", "--exclude-table-data=member_key", "--file", &data];
    program(&programs, "pg_dump", &database, &without_keys);
    program(&programs, "pg_dump", &database, &["--format=custom", "--file", &whole]);

    let mut receipts = Vec::new();
    for member in &ALL[..10] {
        let whom = Whom::Reference(app.host, member.parse().expect("a reference"));
        let number = app.services.order_erasure(whom, AskedBy::Member).await.expect("ordered");
        app.run_due_jobs().await;
        receipts.push(app.services.load_receipt(number.uuid()).await.expect("an answer").expect("a receipt"));
    }
    // The daily copy of the ledger, which takes the place of the one before it.
    let copied = spectrum(&database, &["keys", "backup", &keys]);
    assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
    let written = std::fs::read_to_string(&keys).expect("the copy");
    for member in ALL {
        let there = written.contains(&ids[member].to_string());
        assert_eq!(there, member.starts_with("stay"), "{member}: it names those who are there, and nobody else");
    }
    assert!(!written.contains(SECRET));

    // As the backup has it: the ten are there again, and no key of anybody's.
    let other = restored(&mut owner, &programs, &database, &data).await;
    let mut there = PgConnection::connect_with(&other).await.expect("a connection");
    let master = || MasterKey::new("test", [7; 32]);
    let keyring = Keyring::from(master());
    assert_eq!(number(&mut there, "SELECT count(*) FROM member").await, 14);
    assert_eq!(number(&mut there, "SELECT count(*) FROM turn_text").await, 28);
    for member in ALL {
        assert_eq!(opened(&mut there, &keyring, ids[member]).await, None, "{member}");
    }
    let (code, said) = verify(&other, &receipts[3], &[]);
    assert!(code == 1 && said.contains("FAIL no id of the member"), "they are back until it is put right: {said}");

    let put_back = spectrum(&other, &["keys", "restore", &keys]);
    let said = String::from_utf8_lossy(&put_back.stdout);
    assert!(said.contains("10 erased again, 4 keys put back"), "{said}{}", String::from_utf8_lossy(&put_back.stderr));
    for (member, receipt) in ALL.iter().zip(&receipts) {
        assert_eq!(rows_about(&mut there, ids[member]).await, BTreeMap::new(), "{member}");
        let (code, said) = verify(&other, receipt, &["--host", "host", "--member", member]);
        assert_eq!(code, 0, "{said}");
    }
    for member in &ALL[10..] {
        let texts = opened(&mut there, &keyring, ids[member]).await.expect("a key").expect("it opens");
        assert!(texts.iter().any(|text| text == SECRET), "{member}");
    }
    // A second time there is nobody left to erase.
    let again = spectrum(&other, &["erase", "replay-tombstones"]);
    assert_eq!(String::from_utf8_lossy(&again.stdout).trim(), "0 erased again");
    // And from here on it is a Spectrum like any other: its chain goes on.
    let sizes = PoolSizes { web: 1, ingest: 1, worker: 2, system: 1, staff: 1, push: 1 };
    let ingest = IngestPolicy { idle: chrono::TimeDelta::minutes(30) };
    let services = Services::new(Pools::new(&other, sizes), app.services.ambient().clone(), master(), ingest);
    services.order_erasure(Whom::Member(MemberId(ids["stay0"])), AskedBy::Host).await.expect("ordered");
    services.pools().close().await;
    there.close().await.expect("closed");
    drop_database(&mut owner, &other).await;
    app.finish().await;

    // A backup that was taken against what is written down, keys and all.
    let with_keys = restored(&mut owner, &programs, &database, &whole).await;
    let mut there = PgConnection::connect_with(&with_keys).await.expect("a connection");
    let texts = opened(&mut there, &keyring, ids["a"]).await.expect("a key").expect("it opens");
    assert!(texts.iter().any(|text| text == SECRET), "with the master key of its time it opens: that must be said");
    // Once that master key is gone, it is noise.
    let root = ledger_root(&master());
    let after = Keyring::new(MasterKey::new("next", [8; 32]), Vec::new(), Some(root.clone()));
    assert_eq!(opened(&mut there, &after, ids["a"]).await, Some(Err(SealError::UnknownMasterKey)));
    let by_name = Keyring::new(MasterKey::new("test", [8; 32]), Vec::new(), Some(root));
    assert_eq!(opened(&mut there, &by_name, ids["a"]).await, Some(Err(SealError::DoesNotOpen)));
    there.close().await.expect("closed");
    drop_database(&mut owner, &with_keys).await;
}
