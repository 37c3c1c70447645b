//! From a local date and time to the instant, in zones that skip hours, repeat them, or once had odd offsets.

use chrono::{DateTime, Days, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

/// The instant of a local time. Of a repeated hour the first; a time that the zone skips is counted on from the
/// offset before the gap, and so lies as far behind the gap's end as it was meant to lie behind its beginning.
pub fn local_instant(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    if let Some(instant) = zone.from_local_datetime(&local).earliest() {
        return Some(instant.with_timezone(&Utc));
    }
    let day_before = local.checked_sub_days(Days::new(1))?;
    let before = zone.offset_from_utc_datetime(&day_before).fix();
    Some(DateTime::from_naive_utc_and_offset(local.checked_sub_offset(before)?, Utc))
}

#[cfg(test)]
mod tests {
    use spectrum_domain::calendar::local_date;

    use super::*;

    fn instant(local: &str, zone: &str) -> String {
        let zone: Tz = zone.parse().expect("a zone");
        local_instant(local.parse().expect("a time"), zone).expect("in range").to_rfc3339()
    }

    #[test]
    fn odd_offsets_gaps_and_repeated_hours() {
        for (local, zone, utc) in [
            ("1903-01-03T21:00:00", "Europe/London", "1903-01-03T21:00:00+00:00"),
            ("1916-06-01T21:00:00", "Europe/London", "1916-06-01T20:00:00+00:00"), // the first summer time
            ("1905-06-01T21:00:00", "Europe/Paris", "1905-06-01T20:50:39+00:00"),  // nine minutes ahead then
            ("2026-11-23T21:00:00", "Asia/Kathmandu", "2026-11-23T15:15:00+00:00"),
            ("2026-03-29T01:30:00", "Europe/London", "2026-03-29T01:30:00+00:00"), // skipped: 02:30 by the new clock
            ("2026-10-25T01:30:00", "Europe/London", "2026-10-25T00:30:00+00:00"), // twice: the first
            ("2011-12-30T21:00:00", "Pacific/Apia", "2011-12-31T07:00:00+00:00"),  // a day that never was
        ] {
            assert_eq!(instant(local, zone), utc, "{local} {zone}");
        }
    }

    #[test]
    fn an_evening_stays_on_its_date_in_every_zone_and_year() {
        let skipped_days =
            ["Pacific/Apia", "Pacific/Fakaofo", "Pacific/Enderbury", "Pacific/Kanton", "Pacific/Kiritimati"];
        for zone in chrono_tz::TZ_VARIANTS.into_iter().step_by(7) {
            for day in (0..45_000u64).step_by(13) {
                let date = chrono::NaiveDate::default() + Days::new(day) - Days::new(24_837); // from 1902 on
                let evening = date.and_hms_opt(21, 0, 0).expect("a time");
                let there = local_date(local_instant(evening, zone).expect("in range"), &zone);
                assert!(
                    there == date || skipped_days.contains(&zone.name()) || zone.name().contains("Kwajalein"),
                    "{zone} {date}"
                );
            }
        }
    }
}
