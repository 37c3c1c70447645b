//! For how long what is kept.

use spectrum_core::schedule::retention::Retention;

use super::{Key, Values, key};

pub(super) const KEYS: [Key; 4] = [
    key(
        "retention.text_days",
        "30",
        "days that members' sealed words are kept; a member may have theirs dropped at once",
    ),
    key("retention.impact_days", "90", "days that the measures of single turns are kept"),
    key("retention.session_months", "13", "months, after it came in, that a session and its measure are kept"),
    key("retention.rollup_months", "25", "months that the sums of days, weeks and months are kept"),
];

impl Values {
    pub(super) fn retention(&mut self) -> Retention {
        let usual = Retention::default();
        let retention = Retention {
            text_days: self.parse("retention.text_days", usual.text_days),
            impact_days: self.parse("retention.impact_days", usual.impact_days),
            session_months: self.parse("retention.session_months", usual.session_months),
            rollup_months: self.parse("retention.rollup_months", usual.rollup_months),
        };
        for (name, days) in [("text_days", retention.text_days), ("impact_days", retention.impact_days)] {
            if !(0..=3_650).contains(&days) {
                self.problems.push(format!("- retention.{name}: must be between 0 and 3650 days"));
            }
        }
        if !(1..=600).contains(&retention.session_months) {
            self.problems.push("- retention.session_months: must be between 1 and 600 months".to_owned());
        }
        if !(retention.session_months..=600).contains(&retention.rollup_months) {
            self.problems
                .push("- retention.rollup_months: must be between retention.session_months and 600 months".to_owned());
        }
        if retention.text_days > 28 * i64::from(retention.session_months) {
            self.problems.push("- retention.text_days: words can't be kept longer than their session".to_owned());
        }
        retention
    }
}
