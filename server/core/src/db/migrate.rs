//! Bringing a database to this version's tables.

use sqlx::{PgPool, migrate::Migrator};

/// All migrations, forward only, as they stand in `migrations/`.
pub static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

/// Applies what is missing. The login must own the database or be able to create roles.
pub async fn migrate(pool: &PgPool) -> Result<(), sqlx::migrate::MigrateError> {
    MIGRATOR.run(pool).await
}
