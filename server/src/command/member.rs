//! `spectrum member …`: what a member decides, on their behalf: the same use cases as the pages and the API call.

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use spectrum_core::Services;
use spectrum_domain::{
    affect::{Family, Quadrant},
    correction::Correction,
    exclusion::{Exclusion, LONGEST_PERIOD, Reason, Scope, WeekChange, WideChange},
    feature::Feature,
    id::{ExclusionId, MemberId, SessionId},
    member::ExternalRef,
    reset::{Depth, Reset},
};

use super::{Failure, host_named};
use crate::{compose, config::Config};

/// Who it is about.
#[derive(Debug, Args)]
pub struct Whom {
    /// The host's name.
    #[arg(long)]
    host: String,
    /// The host's reference for the member.
    #[arg(long)]
    member: ExternalRef,
}

/// Whether words are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeepText {
    /// For as long as others'.
    Yes,
    /// Until they were read.
    No,
}

/// What is decided.
#[derive(Debug, Subcommand)]
pub enum Decision {
    /// Lists what is left out.
    Exclusions,
    /// Leaves something out, past and to come.
    #[command(group(clap::ArgGroup::new("what").required(true).args(["session", "feature", "first", "pause"])))]
    Exclude {
        /// A session, by its id.
        #[arg(long)]
        session: Option<SessionId>,
        /// All sessions of a feature: mirror, turn or lens.
        #[arg(long)]
        feature: Option<Feature>,
        /// All sessions from this local day on, up to `--last`.
        #[arg(long, requires = "last")]
        first: Option<NaiveDate>,
        /// The last day, included.
        #[arg(long, requires = "first")]
        last: Option<NaiveDate>,
        /// Everything that begins from now on, until `resume`.
        #[arg(long)]
        pause: bool,
        /// Why: `private`, `not_about_me`, `trial` or `unusual`.
        #[arg(long, value_parser = reason)]
        reason: Option<Reason>,
    },
    /// Takes an exclusion back, by its id.
    Include {
        /// Which.
        exclusion: ExclusionId,
    },
    /// Ends a pause from now on, by its exclusion's id.
    Resume {
        /// Which.
        exclusion: ExclusionId,
    },
    /// Puts the member's word in the place of what was measured of a session.
    Correct {
        /// Which session.
        session: SessionId,
        /// `high_unpleasant`, `high_pleasant`, `low_pleasant` or `low_unpleasant`.
        #[arg(long, value_parser = quadrant, required_unless_present = "family")]
        quadrant: Option<Quadrant>,
        /// joy, interest, hope, warmth, calm, worry, anger, sadness or regret.
        #[arg(long, value_parser = family)]
        family: Option<Family>,
    },
    /// Takes the member's word about a session back.
    TakeBack {
        /// Which session.
        session: SessionId,
    },
    /// Erases what was measured, or that and the sessions themselves, and prints the receipt.
    Reset {
        /// `derived`, or `derived_and_raw`.
        #[arg(long, value_parser = depth)]
        depth: Depth,
        /// Only of local days before this one.
        #[arg(long)]
        before: Option<NaiveDate>,
        /// What is left out stays left out.
        #[arg(long)]
        keep_exclusions: bool,
        /// It can't be undone.
        #[arg(long, required = true)]
        yes: bool,
    },
    /// Keeps the member's words for as long as others', or drops them once they were read.
    KeepText {
        /// yes or no.
        keep: KeepText,
    },
}

fn depth(text: &str) -> Result<Depth, String> {
    Depth::from_name(text).ok_or_else(|| format!("must be one of {}", Depth::ALL.map(Depth::name).join(", ")))
}

fn reason(text: &str) -> Result<Reason, String> {
    Reason::from_name(text).ok_or_else(|| format!("must be one of {}", Reason::ALL.map(Reason::name).join(", ")))
}

fn quadrant(text: &str) -> Result<Quadrant, String> {
    Quadrant::from_name(text).ok_or_else(|| format!("must be one of {}", Quadrant::ALL.map(Quadrant::name).join(", ")))
}

fn family(text: &str) -> Result<Family, String> {
    Family::from_name(text).ok_or_else(|| format!("must be one of {}", Family::ALL.map(Family::name).join(", ")))
}

pub(super) async fn run(config: &Config, whom: Whom, decision: Decision) -> Result<(), Failure> {
    let host = host_named(config, &whom.host).await?;
    let services = compose::services(config)?.as_operator();
    let done = match services.find_member(host, &whom.member).await {
        Ok(member) => decide(&services, member, decision).await,
        Err(error) => Err(error.into()),
    };
    services.pools().close().await;
    println!("{}", done?);
    Ok(())
}

/// Does it and says what it did.
async fn decide(services: &Services, member: MemberId, decision: Decision) -> Result<String, Failure> {
    Ok(match decision {
        Decision::Exclusions => {
            let exclusions = services.list_exclusions(member).await?;
            exclusions.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        Decision::Exclude { session, feature, first, last, pause, reason } => {
            let (exclusion, change) = match (session, feature, first.zip(last)) {
                (Some(session), ..) => services.exclude(member, Scope::Session(session), reason).await?,
                (_, Some(feature), _) => services.exclude(member, Scope::Feature(feature), reason).await?,
                (.., Some((first, last))) => {
                    if first > last || (last - first).num_days() > LONGEST_PERIOD {
                        return Err("--last must not be before --first, nor more than a hundred years after".into());
                    }
                    services.exclude(member, Scope::Period { first, last }, reason).await?
                }
                _ if pause => services.pause(member, reason).await?,
                _ => return Err("say what: --session, --feature, --first and --last, or --pause".into()),
            };
            format!("{}\n{}", line(&exclusion), wide(&change))
        }
        Decision::Include { exclusion } => wide(&services.include(member, exclusion).await?),
        Decision::Resume { exclusion } => wide(&services.resume(member, exclusion).await?),
        Decision::Correct { session, quadrant, family } => {
            let correction = Correction::of(quadrant, family).ok_or("say what: --quadrant or --family")?;
            week(&services.correct_session(member, session, correction).await?)
        }
        Decision::TakeBack { session } => week(&services.take_correction_back(member, session).await?),
        Decision::Reset { depth, before, keep_exclusions, yes: _ } => {
            let id = services.reset(member, Reset { depth, before, keep_exclusions }).await?;
            services.load_receipt(id.uuid()).await?.ok_or("there is no receipt")?
        }
        Decision::KeepText { keep } => {
            let dropped = services.keep_text(member, keep == KeepText::Yes).await?;
            format!("the words of {dropped} sessions were dropped")
        }
    })
}

fn line(exclusion: &Exclusion) -> String {
    let what = match exclusion.scope {
        Scope::Session(session) => session.to_string(),
        Scope::Feature(feature) => feature.to_string(),
        Scope::Period { first, last } => format!("{first} to {last}"),
        Scope::Pause { from, until: None } => format!("since {}", from.to_rfc3339()),
        Scope::Pause { from, until: Some(until) } => format!("{} to {}", from.to_rfc3339(), until.to_rfc3339()),
    };
    let reason = exclusion.reason.map_or("", Reason::name);
    let since = exclusion.since.format("%Y-%m-%d %H:%M");
    format!("{}  {since}  {:<8} {what}  {reason}", exclusion.exclusion_id, exclusion.scope.name())
}

fn wide(change: &WideChange) -> String {
    let mut text = format!("sessions: {}, weeks changed: {}", change.sessions, change.weeks);
    if let Some(newest) = &change.newest {
        text = format!("{text}\n{}", week(newest));
    }
    text
}

fn week(change: &WeekChange) -> String {
    let figure = |pair: Option<(f64, f64)>| {
        pair.map_or_else(|| "too few for a mean".to_owned(), |(before, after)| format!("{before:.3} then {after:.3}"))
    };
    let WeekChange { week, sessions: (before, after), valence, arousal } = change;
    format!("{week}: {before} sessions then {after}; valence {}; arousal {}", figure(*valence), figure(*arousal))
}
