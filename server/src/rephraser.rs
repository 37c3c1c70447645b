//! Having a model put findings into other words: which one, if any, is worth it, what it is asked, and what is booked of it.
//!
//! PRIVACY: a model is given a closed vocabulary and numbers (`spectrum_llm::input`). What the member wrote is here only as
//! hashes that its answer is held against, under a salt that is drawn anew each time.

mod batch;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use spectrum_core::{
    ambient::Ambient,
    insight::{
        rephrase::{BookedCall, Held, Rephrased, Task},
        sum_calls::Routed,
    },
};
use spectrum_domain::{
    card::{Generator, Grain, Receipt},
    finding::Finding,
    member::Plan,
    private::PrivateText,
    review::RevisionRef,
    rollup,
    spending::BudgetState,
};
use spectrum_llm::{
    guard::{Reason, Shingles, Written},
    input::{Coverage, Input},
    price::Mode,
    prompts::{self, PromptError, Revision},
    provider::{self, Batch, Clock, Monotonic, Provider, Setup},
    rephrase::{self, CallOutcome, CallRecord, Safety},
    route::{self, Facts, Route, Tier},
};

use crate::{config, metrics};

pub use self::batch::{Answer, Answers, Question};

/// Why there is no rephraser though one is configured.
#[derive(Debug, thiserror::Error)]
pub enum RephraserSetup {
    /// The client could not be made.
    #[error("the client for llm.url could not be made")]
    Client(#[from] Setup),
    /// A prompt is not what it should be.
    #[error("a prompt can't be used")]
    Prompt(#[from] PromptError),
}

/// Asks models to rephrase.
#[derive(Debug)]
pub struct Rephraser {
    settings: config::Llm,
    provider: Box<dyn Provider>,
    batches: Box<dyn Batch>,
    clock: Arc<dyn Clock>,
    revisions: Vec<Revision>,
    safety: Revision,
}

/// What came of a task.
#[derive(Debug)]
pub struct Outcome {
    /// Who was to write.
    pub routed: Routed,
    /// What is to be booked.
    pub calls: Vec<BookedCall>,
    /// What may be shown, and who wrote it; nothing where the template's words stay.
    pub rephrased: Option<(Rephrased, Generator)>,
}

impl Rephraser {
    /// The models that the settings name.
    pub fn new(settings: config::Llm) -> Result<Self, RephraserSetup> {
        crate::replay::install_crypto();
        let clock: Arc<dyn Clock> = Arc::new(Monotonic::default());
        let provider = provider::provider(settings.provider.clone(), Arc::clone(&clock))?;
        let batches = provider::batches(batch::settings(&settings.provider), Arc::clone(&clock))?;
        let revisions = prompts::revisions()?;
        let checks = revisions.iter().filter(|revision| revision.name == "safety");
        let newest = checks.max_by_key(|revision| revision.number).copied();
        let safety = newest.ok_or_else(|| PromptError::Unknown { name: "safety".to_owned(), number: 1 })?;
        Ok(Self { settings, provider, batches, clock, revisions, safety })
    }

    pub(crate) fn provider(&self) -> &dyn Provider {
        self.provider.as_ref()
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// The model that a text of this length is worth at most.
    pub(crate) const fn usual_model(&self, grain: Grain) -> &String {
        match grain {
            Grain::Week => &self.settings.small,
            Grain::Month => &self.settings.large,
        }
    }

    /// The revision that is meant, if it is one of this program's, to the byte.
    pub(crate) fn revision(&self, meant: &RevisionRef) -> Option<&Revision> {
        let same = |of: &&Revision| of.name == meant.name && i64::from(of.number) == i64::from(meant.number);
        self.revisions.iter().find(same).filter(|of| of.hash == meant.sha256)
    }

    /// The revision that is in use for a task.
    fn in_use(&self, task: &Task) -> Option<&Revision> {
        task.prompt.as_ref().and_then(|meant| self.revision(meant))
    }

    /// The safety check, if there is one.
    fn safety(&self) -> Option<Safety<'_>> {
        let model = self.settings.safety.as_deref()?;
        Some(Safety { provider: self.provider.as_ref(), model, revision: &self.safety })
    }

    /// Has the edition put into other words, or not.
    pub async fn rephrase(&self, task: &Task, grain: Grain, words: &[PrivateText], ambient: &Ambient) -> Outcome {
        let now = ambient.now();
        let route = self.route(task, grain, true, now);
        let routed = counted(grain, route);
        let (Some(model), Some(revision)) = (self.model(route.tier), self.in_use(task)) else {
            return Outcome { routed, calls: Vec::new(), rephrased: None };
        };
        let (input, shingles) = (input(task, grain), shingles(words, ambient));
        let asked = rephrase::Task {
            provider: self.provider.as_ref(),
            model,
            revision,
            input: &input,
            shingles: &shingles,
            safety: self.safety(),
            clock: self.clock.as_ref(),
        };
        let rephrase::Outcome { result, calls } = rephrase::rephrase(asked).await;
        let calls: Vec<BookedCall> = calls.iter().map(|call| self.booked(call, now, Mode::Single)).collect();
        for call in &calls {
            metrics::model_call(grain, call);
        }
        let written = match result {
            rephrase::Rephrased::Words(written) => written,
            rephrase::Rephrased::Fallback { reasons } => {
                metrics::model_fallback(grain, reasons.iter().map(|reason| name(*reason)));
                return Outcome { routed, calls, rephrased: None };
            }
        };
        let generator = Generator::Model { model: model.to_owned(), prompt: revision.name_hash() };
        Outcome { routed, calls, rephrased: Some((placed(written, task), generator)) }
    }

    fn model(&self, tier: Tier) -> Option<&str> {
        match tier {
            Tier::Template => None,
            Tier::Small => Some(&self.settings.small),
            Tier::Large => Some(&self.settings.large),
        }
    }

    /// Who writes it. `held` says whether what is on its way in batches counts as spent.
    fn route(&self, task: &Task, grain: Grain, held: bool, now: DateTime<Utc>) -> Route {
        let (limits, spent) = (self.settings.limits, task.spent);
        let held = if held { task.held } else { Held::default() };
        let of = |spent: u64, held: u64, limit| BudgetState::of(spent.saturating_add(held), limit);
        let budget = BudgetState::tightest([
            of(spent.day, held.all, limits.day.0),
            of(spent.month, held.all, limits.month.0),
            of(spent.task_month, held.task, limits.task_month.0),
            of(spent.member_month, held.member, limits.member_month.0),
        ]);
        // Without a price nothing could be booked: nobody is asked.
        let priced = |model: &str| self.settings.prices.price(model, now.date_naive()).is_ok();
        let all_priced = priced(&self.settings.small)
            && priced(&self.settings.large)
            && self.settings.safety.as_deref().is_none_or(priced);
        route::route(Facts {
            task: grain,
            plan: if task.plan == Plan::Paid { route::Plan::Paid } else { route::Plan::Free },
            consent: task.consent,
            provider: all_priced,
            prompt: self.in_use(task).is_some(),
            significant: route::significant(&findings(task)),
            budget,
        })
    }

    pub(crate) fn booked(&self, call: &CallRecord, now: DateTime<Utc>, mode: Mode) -> BookedCall {
        let (outcome, reasons) = match &call.outcome {
            CallOutcome::Taken => ("taken", Vec::new()),
            CallOutcome::Refused(reasons) => ("refused", reasons.iter().map(|reason| name(*reason)).collect()),
            CallOutcome::Failed(_) => ("failed", Vec::new()),
        };
        let cost = self.settings.prices.cost(&call.model, call.usage, now.date_naive(), mode);
        BookedCall {
            model: call.model.clone(),
            prompt: call.prompt.clone(),
            request_id: call.request_id.clone(),
            tokens: (call.usage.input, call.usage.cached_input, call.usage.output),
            micro_dollars: cost.map_or(0, |cost| cost.0),
            took_ms: u32::try_from(call.took.as_millis()).unwrap_or(u32::MAX),
            outcome,
            reasons,
            batched: mode == Mode::Batch,
        }
    }
}

/// Who is to write, counted.
fn counted(grain: Grain, Route { tier, why, warn }: Route) -> Routed {
    metrics::model_route(grain, tier, why, warn);
    Routed { tier: tier.name(), why: why.name(), asks: tier != Tier::Template }
}

fn findings(task: &Task) -> Vec<Finding> {
    task.cards.iter().map(|(_, finding)| finding.clone()).collect()
}

/// What a model is given of an edition.
fn input(task: &Task, grain: Grain) -> Input {
    let Receipt { sessions, turns, days, tier, .. } = task.receipt;
    Input::new(&findings(task), grain, task.language, coverage([sessions, turns, days], tier))
}

/// What a period rests on: sessions, turns and days.
pub(crate) fn coverage(counts: [i32; 3], tier: rollup::Tier) -> Coverage {
    let [sessions, turns, days] = counts.map(|figure| u32::try_from(figure).unwrap_or(0));
    Coverage { sessions, turns, days, tier }
}

/// PRIVACY: what the member wrote, as hashes under a salt of their own.
fn shingles(words: &[PrivateText], ambient: &Ambient) -> Shingles {
    let salt = ambient.bytes::<32>();
    let hashes = words.iter().flat_map(|text| Shingles::of_text(&salt, text.expose()));
    Shingles::new(salt, hashes)
}

/// What was written, each part at its card.
fn placed(written: Written, task: &Task) -> Rephrased {
    match written {
        Written::Month(narrative) => Rephrased::Month(narrative),
        Written::Week(cards) => {
            let of = |(index, words)| task.cards.get(usize::from(index)).map(|(card, _)| (*card, words));
            Rephrased::Cards(cards.into_iter().filter_map(of).collect())
        }
    }
}

/// A reason by its name on the wire.
pub(crate) fn name(reason: Reason) -> String {
    reason.name().to_owned()
}

/// The reason of this name.
fn reason(name: &str) -> Option<Reason> {
    Reason::ALL.into_iter().find(|reason| reason.name() == name)
}
