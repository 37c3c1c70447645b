//! A member's keys, opened. Read in the transaction of what they open, so that a key that was destroyed opens nothing.

use spectrum_domain::id::MemberId;
use sqlx::PgConnection;

use super::{keyring::Keyring, seal::MemberKey};
use crate::error::ServiceError;

/// The member's keys, newest last.
#[derive(Debug)]
pub(crate) struct MemberKeys(Vec<MemberKey>);

impl MemberKeys {
    /// Opens them.
    pub(crate) async fn open(
        connection: &mut PgConnection,
        keyring: &Keyring,
        member: MemberId,
    ) -> Result<Self, ServiceError> {
        let rows = sqlx::query!(
            "SELECT version, wrapped, master_key_id FROM member_key WHERE member_id = $1 ORDER BY version",
            member.uuid()
        )
        .fetch_all(connection)
        .await?;
        let open = rows
            .into_iter()
            .map(|row| keyring.unwrap(member, row.version, &row.master_key_id, &row.wrapped))
            .collect::<Result<_, _>>()?;
        Ok(Self(open))
    }

    /// The one that seals now.
    pub(crate) fn newest(&self) -> Result<&MemberKey, ServiceError> {
        self.0.last().ok_or(ServiceError::Inconsistent { table: "member_key", column: "version" })
    }

    /// The one of a version.
    pub(crate) fn of(&self, version: i16, table: &'static str) -> Result<&MemberKey, ServiceError> {
        let found = self.0.iter().find(|key| key.version() == version);
        found.ok_or(ServiceError::Inconsistent { table, column: "key_version" })
    }
}
