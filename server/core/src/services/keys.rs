//! Master keys in and out while everything runs, and the copy of keys and ledger that lies apart from backups.

use serde_json::{Value, json};
use spectrum_domain::audit::{Actor, Verb};
use uuid::Uuid;

use super::Services;
use crate::{
    control::rotate_keys::{self, LEDGER},
    db::pool::Duty,
    error::ServiceError,
};

impl Services {
    /// Wraps all members' keys under the current master key, page by page. What is ingested, read or erased meanwhile finds
    /// its key either way. Gives how many keys were wrapped anew.
    pub async fn rotate_keys(&self) -> Result<u64, ServiceError> {
        let (mut rotated, mut after) = (0, Uuid::nil());
        loop {
            let mut transaction = self.begin(Duty::Ingest).await?;
            let inner = &self.inner;
            let page = rotate_keys::rotate_page(&mut transaction, &inner.ambient, &inner.keyring, after).await?;
            let Some((keys, last)) = page else { return Ok(rotated) };
            self.record(&mut transaction, Actor::Operator, Verb::KeysRotated, None, keys).await?;
            transaction.commit().await?;
            (rotated, after) = (rotated + keys, last);
        }
    }

    /// How many keys each master key wraps, and the names of the master keys that are configured, the current one first.
    pub async fn count_keys(&self) -> Result<(Vec<(String, i64)>, Vec<String>), ServiceError> {
        let mut transaction = self.begin(Duty::Ingest).await?;
        let counts = rotate_keys::count(&mut transaction).await?;
        Ok((counts, self.inner.keyring.ids().map(str::to_owned).collect()))
    }

    /// Erasures that are done, tombstones and receipts, each as a line of a copy.
    pub async fn copy_ledger(&self) -> Result<Vec<Value>, ServiceError> {
        let mut transaction = self.begin(Duty::Worker).await?;
        let mut lines = Vec::new();
        for table in LEDGER {
            for row in rotate_keys::copy_table(&mut transaction, table).await? {
                lines.push(json!({ "table": table, "row": row }));
            }
        }
        Ok(lines)
    }

    /// The next page of members' keys, wrapped as they are, each as a line of a copy, and where it ended.
    pub async fn copy_keys(&self, after: Uuid) -> Result<Option<(Vec<Value>, Uuid)>, ServiceError> {
        let mut transaction = self.begin(Duty::Ingest).await?;
        let page = rotate_keys::copy_page(&mut transaction, after).await?;
        let lines =
            |rows: Vec<Value>| rows.into_iter().map(|row| json!({ "table": "member_key", "row": row })).collect();
        Ok(page.map(|(rows, last)| (lines(rows), last)))
    }

    /// Puts a copy back into a restored database: first who was erased and the receipts of it, then those are erased whom
    /// the backup brought back, then the keys of the others. Gives how many were erased again and how many keys were put
    /// back.
    pub async fn restore_keys(&self, lines: &[Value]) -> Result<(u64, u64), ServiceError> {
        let rows = |table: &str| -> Vec<Value> {
            lines.iter().filter(|line| line["table"] == table).map(|line| line["row"].clone()).collect()
        };
        let mut transaction = self.begin(Duty::Worker).await?;
        for table in LEDGER {
            rotate_keys::restore_table(&mut transaction, table, &rows(table)).await?;
        }
        transaction.commit().await?;
        let erased = self.replay_tombstones().await?;
        let mut transaction = self.begin(Duty::Ingest).await?;
        let keys = rotate_keys::restore_keys(&mut transaction, &rows("member_key")).await?;
        transaction.commit().await?;
        Ok((erased, keys))
    }
}
