//! Where a member usually lies: from the day sums of the 90 days before a session.
//!
//! It is read from the days as they are at that moment, whichever models measured them. Reading a session again gives the
//! same as long as the days before it are the same; a session of one of those days that is left out or comes late moves
//! the home base of what is read afterwards, and nothing that was read before.

use chrono::{Days, NaiveDate};
use spectrum_domain::{
    id::MemberId,
    impact::{HOME_DAYS, HomeBase, HomeSums},
    measure::PairSums,
};
use sqlx::PgConnection;

/// The home base of a session held on this day.
pub(crate) async fn load(
    connection: &mut PgConnection,
    member: MemberId,
    date: NaiveDate,
) -> Result<HomeBase, sqlx::Error> {
    let from = date.checked_sub_days(Days::new(HOME_DAYS)).unwrap_or(date);
    // Without days every sum is NULL: nothing is known of this member yet.
    let days = sqlx::query!(
        r#"SELECT sum(sessions)::bigint AS sessions, sum(valence_sum)::bigint AS valence,
                  sum(arousal_sum)::bigint AS arousal,
                  ARRAY[sum(valence_pairs[1]), sum(valence_pairs[2]), sum(valence_pairs[3]), sum(valence_pairs[4]),
                        sum(valence_pairs[5]), sum(valence_pairs[6])]::bigint[] AS "valence_pairs!: Vec<Option<i64>>",
                  ARRAY[sum(arousal_pairs[1]), sum(arousal_pairs[2]), sum(arousal_pairs[3]), sum(arousal_pairs[4]),
                        sum(arousal_pairs[5]), sum(arousal_pairs[6])]::bigint[] AS "arousal_pairs!: Vec<Option<i64>>"
           FROM day_rollup WHERE member_id = $1 AND period >= $2 AND period < $3"#,
        member.uuid(),
        from,
        date
    )
    .fetch_one(connection)
    .await?;
    Ok(HomeBase::of(&HomeSums {
        sessions: days.sessions.unwrap_or_default(),
        valence: days.valence.unwrap_or_default(),
        arousal: days.arousal.unwrap_or_default(),
        valence_pairs: pairs(&days.valence_pairs),
        arousal_pairs: pairs(&days.arousal_pairs),
    }))
}

fn pairs(sums: &[Option<i64>]) -> PairSums {
    PairSums::from_columns(std::array::from_fn(|place| sums.get(place).copied().flatten().unwrap_or_default()))
}
