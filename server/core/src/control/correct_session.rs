//! Overruling what was measured of a session, and taking that back. The member's word is a revision of its own above the
//! model's, laid over whatever the model measures of the session from then on; the model's revisions stay.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use spectrum_domain::{
    affect::{Family, Milli, Quadrant},
    correction::{Correction, strongest},
    exclusion::WeekChange,
    id::{MemberId, SessionId},
    impact::MeasurementBand,
    measure::SessionVector,
};
use sqlx::PgConnection;

use super::exclude::before_and_after;
use crate::{
    analysis::record_analysis::{Origin, insert_vector},
    db::scope::raise_data_version,
    error::ServiceError,
    rollup::{refresh_periods::refresh, rows},
};

/// Puts the member's word in the place of the model's, or of what they said before, and says what that did to the week.
pub(crate) async fn correct(
    connection: &mut PgConnection,
    member: MemberId,
    session: SessionId,
    correction: Correction,
    now: DateTime<Utc>,
) -> Result<WeekChange, ServiceError> {
    let version = raise_data_version(connection, member).await?.ok_or(ServiceError::MemberGone)?;
    let date = back_to_the_models(connection, member, session).await?;
    note_teller(connection, member, date).await?;
    forget(connection, member, session).await?;
    let (vector, model, _) = measured(connection, member, session, date).await?;
    let family = strongest(&vector.affect.emotions);
    sqlx::query!(
        "INSERT INTO correction (member_id, session_id, quadrant, family, measured_quadrant, measured_family, model, since)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        member.uuid(),
        session.uuid(),
        correction.quadrant.map(Quadrant::name),
        correction.family.map(Family::name),
        i16::try_from(vector.affect.quadrant().index()).unwrap_or_default(),
        family.map(|family| i16::try_from(family.index()).unwrap_or_default()),
        model,
        now
    )
    .execute(&mut *connection)
    .await?;
    let mut agreements = Vec::new();
    if let Some(chosen) = correction.quadrant {
        agreements.push(("quadrant", vector.affect.quadrant().name(), chosen.name()));
    }
    if let Some(chosen) = correction.family {
        agreements.push(("family", family.map_or("none", Family::name), chosen.name()));
    }
    for (label, measured, chosen) in agreements {
        sqlx::query!(
            "INSERT INTO label_agreement (month, model, label, measured, chosen, n) VALUES ($1, $2, $3, $4, $5, 1)
             ON CONFLICT (month, model, label, measured, chosen) DO UPDATE SET n = label_agreement.n + 1",
            month_of(now),
            model,
            label,
            measured,
            chosen
        )
        .execute(&mut *connection)
        .await?;
    }
    lay_over(connection, member, session, date, now).await?;
    Ok(before_and_after(&refresh(connection, member, date, version).await?))
}

/// Takes the member's word back: what the model measured counts again, to the last figure.
pub(crate) async fn take_back(
    connection: &mut PgConnection,
    member: MemberId,
    session: SessionId,
) -> Result<WeekChange, ServiceError> {
    let version = raise_data_version(connection, member).await?.ok_or(ServiceError::MemberGone)?;
    let date = back_to_the_models(connection, member, session).await?;
    forget(connection, member, session).await?;
    forget_teller(connection, member, date).await?;
    Ok(before_and_after(&refresh(connection, member, date, version).await?))
}

/// Lays the member's word, if there is one, over the measure that counts for the session now; gives the new revision.
pub(crate) async fn lay_over(
    connection: &mut PgConnection,
    member: MemberId,
    session: SessionId,
    date: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Option<i32>, ServiceError> {
    let Some(row) = sqlx::query!(
        "SELECT quadrant, family FROM correction WHERE member_id = $1 AND session_id = $2",
        member.uuid(),
        session.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(None);
    };
    let correction = Correction::of(
        row.quadrant.as_deref().and_then(Quadrant::from_name),
        row.family.as_deref().and_then(Family::from_name),
    );
    let correction = correction.ok_or(ServiceError::Inconsistent { table: "correction", column: "quadrant" })?;
    let (vector, model, band) = measured(connection, member, session, date).await?;
    let origin = Origin { source: "member", model: &model, band };
    let corrected = correction.apply(&vector);
    let revision = insert_vector(connection, member.uuid(), session.uuid(), &corrected, origin, now).await?;
    sqlx::query!(
        "UPDATE session SET vector_revision = $3 WHERE member_id = $1 AND session_id = $2",
        member.uuid(),
        session.uuid(),
        revision
    )
    .execute(connection)
    .await?;
    Ok(Some(revision))
}

/// Has the newest of the model's own measures count for the session, and gives its day.
async fn back_to_the_models(
    connection: &mut PgConnection,
    member: MemberId,
    session: SessionId,
) -> Result<NaiveDate, ServiceError> {
    let known = sqlx::query!(
        r#"SELECT state = 'analysed' AND NOT crisis AND vector_revision IS NOT NULL AS "measured!" FROM session
           WHERE member_id = $1 AND session_id = $2"#,
        member.uuid(),
        session.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?
    .ok_or(ServiceError::UnknownSession(session))?;
    if !known.measured {
        return Err(ServiceError::NotMeasured(session));
    }
    let date = sqlx::query_scalar!(
        "UPDATE session SET vector_revision = (SELECT max(revision) FROM session_vector
                                               WHERE member_id = $1 AND session_id = $2 AND source = 'model')
         WHERE member_id = $1 AND session_id = $2 RETURNING local_date",
        member.uuid(),
        session.uuid()
    )
    .fetch_one(connection)
    .await?;
    Ok(date)
}

/// The measure that counts for the session now, the model it came from, and its band.
async fn measured(
    connection: &mut PgConnection,
    member: MemberId,
    session: SessionId,
    date: NaiveDate,
) -> Result<(SessionVector, String, MeasurementBand), ServiceError> {
    let end = date.succ_opt().unwrap_or(date);
    let sessions = rows::load_sessions(connection, member, date, end).await?;
    let row = sessions.into_iter().find(|row| row.summary.session_id == session);
    let row = row.ok_or(ServiceError::UnknownSession(session))?;
    let (Some(vector), Some(revision)) = (row.summary.vector, row.revision) else {
        return Err(ServiceError::NotMeasured(session));
    };
    let origin = sqlx::query!(
        "SELECT model, valence_band, arousal_band FROM session_vector
         WHERE member_id = $1 AND session_id = $2 AND revision = $3",
        member.uuid(),
        session.uuid(),
        revision
    )
    .fetch_one(connection)
    .await?;
    let band = MeasurementBand { valence: Milli(origin.valence_band), arousal: Milli(origin.arousal_band) };
    Ok((vector, origin.model, band))
}

/// Forgets what the member said of the session before, in the counts too.
async fn forget(connection: &mut PgConnection, member: MemberId, session: SessionId) -> Result<(), sqlx::Error> {
    let Some(said) = sqlx::query!(
        "DELETE FROM correction WHERE member_id = $1 AND session_id = $2
         RETURNING quadrant, family, measured_quadrant, measured_family, model, since",
        member.uuid(),
        session.uuid()
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(());
    };
    let quadrant = usize::try_from(said.measured_quadrant).ok().and_then(|place| Quadrant::ALL.get(place));
    let family = said.measured_family.and_then(|place| Family::ALL.get(usize::try_from(place).ok()?));
    for (label, measured, chosen) in [
        ("quadrant", quadrant.map_or("none", |quadrant| quadrant.name()), said.quadrant),
        ("family", family.map_or("none", |family| family.name()), said.family),
    ] {
        sqlx::query!(
            "UPDATE label_agreement SET n = n - 1
             WHERE month = $1 AND model = $2 AND label = $3 AND measured = $4 AND chosen = $5 AND n > 0",
            month_of(said.since),
            said.model,
            label,
            measured,
            chosen
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Notes of what was told of that day who had told it: it is written anew with the correction.
async fn note_teller(connection: &mut PgConnection, member: MemberId, date: NaiveDate) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE edition SET corrected_of = told_by
         WHERE member_id = $1 AND corrected_of IS NULL
           AND ((grain = 'week' AND period <= $2 AND period > $2::date - 7)
                OR (grain = 'month' AND period = date_trunc('month', $2::date)::date))",
        member.uuid(),
        date
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets it again where no session of the same week or month is overruled any more.
async fn forget_teller(connection: &mut PgConnection, member: MemberId, date: NaiveDate) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE edition e SET corrected_of = NULL
         WHERE member_id = $1 AND corrected_of IS NOT NULL
           AND ((grain = 'week' AND period <= $2 AND period > $2::date - 7)
                OR (grain = 'month' AND period = date_trunc('month', $2::date)::date))
           AND NOT EXISTS (
               SELECT FROM correction c JOIN session s USING (member_id, session_id)
               WHERE c.member_id = $1 AND s.local_date >= e.period
                 AND s.local_date < CASE e.grain WHEN 'week' THEN e.period + 7
                                                 ELSE (e.period + interval '1 month')::date END)",
        member.uuid(),
        date
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn month_of(instant: DateTime<Utc>) -> NaiveDate {
    instant.date_naive().with_day(1).unwrap_or_default()
}
