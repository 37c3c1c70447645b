//! Many questions at once at half the price, answered within a day: handed in, asked after, and taken apart again.

use std::fmt;

use serde_json::Value;

use super::{Answering, ProviderError, Reply, Request, http::is_id};

/// A batch, by the provider's id of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchId(String);

impl BatchId {
    /// Nothing where it is no id: it becomes part of an address.
    pub fn new(id: &str) -> Option<Self> {
        is_id(id).then(|| Self(id.to_owned()))
    }

    /// As the provider writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text can't name an item of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an item is named by up to 64 letters, digits, - and _")]
pub struct NoItemId;

/// By what an item is known again in the results, such as a job's id: never anything about a member.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ItemId(String);

impl ItemId {
    /// Up to 64 letters, digits, `-` and `_`.
    pub fn new(id: &str) -> Result<Self, NoItemId> {
        (is_id(id) && id.len() <= 64).then(|| Self(id.to_owned())).ok_or(NoItemId)
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What became of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchItem {
    /// Which.
    pub id: ItemId,
    /// Its reply, or why there is none.
    pub result: Result<Reply, ProviderError>,
}

/// How far a batch is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Polled {
    /// Not through.
    Pending,
    /// Through, in any order. An item that is missing was not answered in time.
    Done(Vec<BatchItem>),
}

/// A provider that takes many questions at once.
pub trait Batch: Send + Sync + fmt::Debug {
    /// Hands the questions in. Their ids must differ.
    fn submit<'a>(&'a self, requests: &'a [(ItemId, Request)]) -> Answering<'a, BatchId>;

    /// Asks how far a batch is, and takes its results when it is through.
    fn poll<'a>(&'a self, id: &'a BatchId) -> Answering<'a, Polled>;
}

/// The items of a file with one JSON value a line.
pub(super) fn lines(body: &[u8], item: impl Fn(&Value) -> Option<BatchItem>) -> Result<Vec<BatchItem>, ProviderError> {
    let lines = body.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    lines
        .map(|line| serde_json::from_slice(line).ok().as_ref().and_then(&item))
        .collect::<Option<_>>()
        .ok_or(ProviderError::Malformed("no batch results"))
}

/// The reply in a part of a line.
pub(super) fn reply_of(
    body: &Value,
    read: impl FnOnce(&[u8]) -> Result<Reply, ProviderError>,
) -> Result<Reply, ProviderError> {
    read(body.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_goes_elsewhere_is_none() {
        assert!(BatchId::new("msgbatch_013Zva2CMHLNnXjNJJKqJ2EF").is_some());
        for elsewhere in ["../files", "a/b", "a?b", "", "a b"] {
            assert!(BatchId::new(elsewhere).is_none(), "{elsewhere}");
            assert_eq!(ItemId::new(elsewhere), Err(NoItemId));
        }
        assert_eq!(ItemId::new(&"a".repeat(65)), Err(NoItemId));
    }

    #[test]
    fn a_line_that_is_none_spoils_the_file() {
        let item = |line: &Value| {
            let id = ItemId::new(line["id"].as_str()?).ok()?;
            Some(BatchItem { id, result: Err(ProviderError::BatchFailed) })
        };
        assert_eq!(lines(b"{\"id\":\"a\"}\n\n{\"id\":\"b\"}\n", item).map(|items| items.len()), Ok(2));
        assert!(lines(b"{\"id\":\"a\"}\n{\"id\":", item).is_err());
    }
}
