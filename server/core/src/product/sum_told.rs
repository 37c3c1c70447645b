//! Adding up what was told, who told it and what members said of it, and how many members there were, by month: of the months that can
//! still change, every night anew.
//!
//! PRIVACY: what was told and said is summed of members who agree to be counted at that moment, so who withdraws or is erased is in
//! no sum from the next night on, as long as the month is made anew.

use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};
use spectrum_domain::{calendar::Month, card::Language};
use sqlx::PgConnection;

/// Months that are made anew: the one of the night, and so many before it. What is told of a month comes in its first days or, where a
/// diary was brought along, whenever that was; few overrule a session or think otherwise of a card after that.
const BACK: u32 = 2;

/// The months that are made anew in the night before this day, oldest first.
pub(crate) fn open_months(round: NaiveDate) -> impl Iterator<Item = Month> {
    let newest = Month::containing(round).start();
    (0..=BACK).rev().filter_map(move |back| newest.checked_sub_months(Months::new(back))).map(Month::containing)
}

/// Adds a month up anew.
pub(crate) async fn sum(connection: &mut PgConnection, month: Month) -> Result<(), sqlx::Error> {
    let instant = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    let (from, to) = (instant(month.start()), instant(month.end()));
    sum_told(connection, month, (from, to)).await?;
    sum_verdicts(connection, month, (from, to)).await?;
    sum_members(connection, month).await
}

/// The tags of the languages that are not English, which is what everybody else is written to in.
fn other_languages() -> Vec<String> {
    let others = Language::ALL.into_iter().filter(|language| *language != Language::English);
    others.map(|language| language.tag().to_owned()).collect()
}

async fn sum_told(
    connection: &mut PgConnection,
    month: Month,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM told_sum WHERE month = $1", month.start()).execute(&mut *connection).await?;
    sqlx::query!(
        "INSERT INTO told_sum (month, grain, generator, language, editions, people, corrected_editions, corrected_people)
         SELECT $1, grain, generator, language, sum(editions)::bigint, count(*), sum(corrected)::bigint,
                count(*) FILTER (WHERE corrected > 0)
         FROM (SELECT e.member_id, e.grain, coalesce(e.corrected_of, e.told_by) AS generator,
                      CASE WHEN lower(split_part(m.locale, '-', 1)) = ANY ($4)
                           THEN lower(split_part(m.locale, '-', 1)) ELSE 'en' END AS language,
                      count(*) AS editions, count(e.corrected_of) AS corrected
               FROM edition e JOIN member m USING (member_id)
               WHERE e.published_at >= $2 AND e.published_at < $3
                 AND m.state = 'active' AND coalesce(m.use_counted, m.consent_analytics)
               GROUP BY 1, 2, 3, 4) AS each
         GROUP BY grain, generator, language",
        month.start(),
        from,
        to,
        &other_languages()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Each person once for each generator, with what they said last of its cards.
async fn sum_verdicts(
    connection: &mut PgConnection,
    month: Month,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM verdict_sum WHERE month = $1", month.start()).execute(&mut *connection).await?;
    sqlx::query!(
        "INSERT INTO verdict_sum (month, generator, language, verdict, people)
         SELECT $1, generator, language, verdict, count(*)
         FROM (SELECT DISTINCT ON (f.member_id, split_part(f.generator, '#', 1))
                      split_part(f.generator, '#', 1) AS generator, f.verdict,
                      CASE WHEN lower(split_part(m.locale, '-', 1)) = ANY ($4)
                           THEN lower(split_part(m.locale, '-', 1)) ELSE 'en' END AS language
               FROM feedback f JOIN member m USING (member_id)
               WHERE f.given_at >= $2 AND f.given_at < $3
                 AND m.state = 'active' AND coalesce(m.use_counted, m.consent_analytics)
               ORDER BY f.member_id, split_part(f.generator, '#', 1), f.given_at DESC, f.card_id) AS each
         GROUP BY generator, language, verdict",
        month.start(),
        from,
        to,
        &other_languages()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Everybody, whether or not their use is counted: it is what a cost is divided by, and says nothing of anybody.
async fn sum_members(connection: &mut PgConnection, month: Month) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM member_month_sum WHERE month = $1", month.start()).execute(&mut *connection).await?;
    sqlx::query!(
        "INSERT INTO member_month_sum (month, plan, active, asked_about)
         SELECT $1, m.plan, count(*) FILTER (WHERE each.active), count(*) FILTER (WHERE NOT each.active)
         FROM (SELECT member_id, true AS active FROM month_rollup WHERE period = $1
               UNION ALL
               SELECT member_id, false FROM member_spend WHERE month = $1) AS each
         JOIN member m USING (member_id)
         GROUP BY m.plan",
        month.start()
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_month_and_two_before_are_open() {
        let of =
            |round: &str| open_months(round.parse().expect("a day")).map(|month| month.to_string()).collect::<Vec<_>>();
        assert_eq!(of("2026-11-20"), ["2026-09", "2026-10", "2026-11"]);
        assert_eq!(of("2027-01-01"), ["2026-11", "2026-12", "2027-01"]);
    }
}
