//! What is left to do: job kinds with their payloads of ids, never a word of a member's text.

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    card::Grain,
    id::{ExportId, ModelBatchId, SessionId},
    push::ChannelKind,
    schedule::{Scope, Task},
};

/// A job's payload. The kind is its name in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Measure an ended session.
    AnalyzeSession {
        /// Which session.
        session_id: SessionId,
        /// Which state of it: raised by every turn that comes in after the end.
        input_version: i32,
    },
    /// Add up a local day again, and the week and month that hold it.
    RefreshRollups {
        /// Which day.
        date: NaiveDate,
    },
    /// Add up all weeks again from their days: the member's weeks begin on another day now, or are told in another language.
    RebuildWeeks,
    /// End a session that has been idle for long enough.
    CloseIdleSession {
        /// Which session.
        session_id: SessionId,
    },
    /// Read anew what another model has read of the member, oldest first, a few sessions a step.
    ReanalyzeMember {
        /// Where the step before ended; nothing for the first.
        after: Option<SessionPlace>,
    },
    /// Give a due period out: its members, page by page.
    SpreadPeriod {
        /// What is due.
        task: Task,
        /// Whose periods.
        scope: Scope,
        /// First day of the period.
        period: NaiveDate,
    },
    /// A week has ended: add it up for a page of members.
    AggregateWeek {
        /// Where they are.
        zone: Tz,
        /// First day of their weeks.
        #[serde(with = "crate::member::weekday_as_name")]
        week_start: Weekday,
        /// First day of the week.
        week: NaiveDate,
        /// Which members.
        page: Page,
    },
    /// A month has ended: add it up for a page of members.
    AggregateMonth {
        /// Where they are.
        zone: Tz,
        /// First day of the month.
        month: NaiveDate,
        /// Which members.
        page: Page,
    },
    /// Make the member's editions again that are not what their sums say.
    WriteEditions,
    /// Tell a page of members of a week or month that has ended.
    PublishPeriod {
        /// How long it is.
        grain: Grain,
        /// Whose.
        scope: Scope,
        /// Its first day.
        period: NaiveDate,
        /// Which members.
        page: Page,
    },
    /// Have a model put an edition into other words.
    RephraseEdition {
        /// Of a week or a month.
        grain: Grain,
        /// Its first day.
        period: NaiveDate,
    },
    /// Hand the editions that wait for it to a model in one batch.
    SubmitRephrasings,
    /// Send the pushes of a channel that have come due.
    SendPushes {
        /// Which channel.
        channel: ChannelKind,
    },
    /// Ask how far a batch is, and take its answers.
    CollectRephrasings {
        /// Which.
        batch_id: ModelBatchId,
    },
    /// Look for what was left undone of a page of members, and order it.
    ReconcileMembers {
        /// For which day's round.
        round: NaiveDate,
        /// Which members.
        page: Page,
    },
    /// Let go what has been kept for as long as it may be.
    PurgeExpired {
        /// For which day's round.
        round: NaiveDate,
    },
    /// Add up how Spectrum was used in the days, weeks and months that are over.
    SumUse {
        /// For which day's round.
        round: NaiveDate,
    },
    /// Gather everything held about a member.
    ExportMember {
        /// Asked for as.
        export_id: ExportId,
    },
    /// Erase everything about a member.
    EraseMember,
}

/// Members in the order of their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// After this id.
    pub after: Uuid,
    /// Up to this one, itself included.
    pub until: Uuid,
}

/// A session's place in the order of the member's days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPlace {
    /// Its day.
    pub date: NaiveDate,
    /// Which session.
    pub session_id: SessionId,
}

/// Where jobs wait: each queue has its own workers, so that a flood in one never keeps another waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Queue {
    /// Sessions that nobody ended.
    Intake,
    /// Reading sessions.
    Analysis,
    /// Adding up what changed.
    Rollup,
    /// What is due by the calendar.
    Period,
    /// Calling members to what they were told.
    Push,
    /// What nobody waits for, exports and erasure.
    Upkeep,
}

impl Queue {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Intake, Self::Analysis, Self::Rollup, Self::Period, Self::Push, Self::Upkeep];

    /// The name in the database, in settings and in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Analysis => "analysis",
            Self::Rollup => "rollup",
            Self::Period => "period",
            Self::Push => "push",
            Self::Upkeep => "upkeep",
        }
    }

    /// The queue with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.name() == name)
    }
}

impl Job {
    /// All kinds by name.
    pub const KINDS: [&'static str; 19] = [
        "analyze_session",
        "refresh_rollups",
        "rebuild_weeks",
        "close_idle_session",
        "reanalyze_member",
        "spread_period",
        "aggregate_week",
        "aggregate_month",
        "write_editions",
        "publish_period",
        "send_pushes",
        "rephrase_edition",
        "submit_rephrasings",
        "collect_rephrasings",
        "reconcile_members",
        "purge_expired",
        "sum_use",
        "export_member",
        "erase_member",
    ];

    /// The kind's name, as in the database, metrics and logs.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::AnalyzeSession { .. } => "analyze_session",
            Self::RefreshRollups { .. } => "refresh_rollups",
            Self::RebuildWeeks => "rebuild_weeks",
            Self::CloseIdleSession { .. } => "close_idle_session",
            Self::ReanalyzeMember { .. } => "reanalyze_member",
            Self::SpreadPeriod { .. } => "spread_period",
            Self::AggregateWeek { .. } => "aggregate_week",
            Self::AggregateMonth { .. } => "aggregate_month",
            Self::WriteEditions => "write_editions",
            Self::PublishPeriod { .. } => "publish_period",
            Self::SendPushes { .. } => "send_pushes",
            Self::RephraseEdition { .. } => "rephrase_edition",
            Self::SubmitRephrasings => "submit_rephrasings",
            Self::CollectRephrasings { .. } => "collect_rephrasings",
            Self::ReconcileMembers { .. } => "reconcile_members",
            Self::PurgeExpired { .. } => "purge_expired",
            Self::SumUse { .. } => "sum_use",
            Self::ExportMember { .. } => "export_member",
            Self::EraseMember => "erase_member",
        }
    }

    /// Where jobs of the kind wait; nothing for a kind that there is not.
    pub fn queue_of(kind: &str) -> Option<Queue> {
        Some(match kind {
            "close_idle_session" => Queue::Intake,
            "analyze_session" => Queue::Analysis,
            "refresh_rollups" | "rebuild_weeks" | "write_editions" => Queue::Rollup,
            "spread_period" | "aggregate_week" | "aggregate_month" | "publish_period" => Queue::Period,
            "send_pushes" => Queue::Push,
            "rephrase_edition"
            | "submit_rephrasings"
            | "collect_rephrasings"
            | "reanalyze_member"
            | "reconcile_members"
            | "purge_expired"
            | "sum_use"
            | "export_member"
            | "erase_member" => Queue::Upkeep,
            _ => return None,
        })
    }

    /// Whether a job of the kind begins a trace of its own, which points to that of whoever ordered it: it is one of many that are
    /// given out together, or is done for many who ordered it apart from each other.
    pub fn begins_a_trace(kind: &str) -> bool {
        let given_out = matches!(kind, "aggregate_week" | "aggregate_month" | "reconcile_members");
        given_out || matches!(kind, "submit_rephrasings" | "send_pushes")
    }

    /// Where it waits.
    pub fn queue(&self) -> Queue {
        Self::queue_of(self.kind()).unwrap_or(Queue::Upkeep)
    }
}
