//! Having a model put findings into other words: which one, if any, is worth it, what it is asked, and what is booked of it.
//!
//! PRIVACY: a model is given a closed vocabulary and numbers (`spectrum_llm::input`). What the member wrote is here only as
//! hashes that its answer is held against, under a salt that is drawn anew each time.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use spectrum_core::{
    ambient::Ambient,
    insight::rephrase::{BookedCall, Rephrased, Task},
};
use spectrum_domain::{
    card::{Generator, Grain},
    finding::Finding,
    member::Plan,
    private::PrivateText,
    review::RevisionRef,
};
use spectrum_llm::{
    guard::{Reason, Shingles, Written},
    input::{Coverage, Input},
    price::{MicroDollars, Mode},
    prompts::{self, PromptError, Revision},
    provider::{self, Clock, Monotonic, Provider, Setup},
    rephrase::{self, CallOutcome, CallRecord},
    route::{self, BudgetState, Facts, Route, Tier},
};

use crate::{config, metrics};

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
    clock: Arc<dyn Clock>,
    revisions: Vec<Revision>,
}

/// What came of a task.
#[derive(Debug)]
pub struct Outcome {
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
        let revisions = prompts::revisions()?;
        Ok(Self { settings, provider, clock, revisions })
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

    /// Has the edition put into other words, or not.
    pub async fn rephrase(&self, task: &Task, grain: Grain, words: &[PrivateText], ambient: &Ambient) -> Outcome {
        let findings: Vec<Finding> = task.cards.iter().map(|(_, finding)| finding.clone()).collect();
        let now = ambient.now();
        let revision = task.prompt.as_ref().and_then(|meant| self.revision(meant));
        let Route { tier, why, warn } = self.route(task, grain, &findings, revision.is_some(), now);
        metrics::model_route(grain, tier, why, warn);
        let (Some(revision), Some(model)) = (revision, self.model(tier)) else {
            return Outcome { calls: Vec::new(), rephrased: None };
        };
        let whole = |figure: i32| u32::try_from(figure).unwrap_or(0);
        let coverage = Coverage {
            sessions: whole(task.receipt.sessions),
            turns: whole(task.receipt.turns),
            days: whole(task.receipt.days),
            tier: task.receipt.tier,
        };
        let input = Input::new(&findings, grain, task.language, coverage);
        let salt = ambient.bytes::<32>();
        let hashes = words.iter().flat_map(|text| Shingles::of_text(&salt, text.expose()));
        let shingles = Shingles::new(salt, hashes);
        let asked = rephrase::Task {
            provider: self.provider.as_ref(),
            model,
            revision,
            input: &input,
            shingles: &shingles,
            safety: None,
            clock: self.clock.as_ref(),
        };
        let rephrase::Outcome { result, calls } = rephrase::rephrase(asked).await;
        let calls: Vec<BookedCall> = calls.iter().map(|call| self.booked(call, now)).collect();
        for call in &calls {
            metrics::model_call(grain, call);
        }
        let written = match result {
            rephrase::Rephrased::Words(written) => written,
            rephrase::Rephrased::Fallback { reasons } => {
                metrics::model_fallback(grain, reasons.iter().map(|reason| name(*reason)));
                return Outcome { calls, rephrased: None };
            }
        };
        let generator = Generator::Model { model: model.clone(), prompt: revision.name_hash() };
        let rephrased = match written {
            Written::Month(narrative) => Rephrased::Month(narrative),
            Written::Week(cards) => {
                let of = |(index, words)| task.cards.get(usize::from(index)).map(|(card, _)| (*card, words));
                Rephrased::Cards(cards.into_iter().filter_map(of).collect())
            }
        };
        Outcome { calls, rephrased: Some((rephrased, generator)) }
    }

    fn model(&self, tier: Tier) -> Option<&String> {
        match tier {
            Tier::Template => None,
            Tier::Small => Some(&self.settings.small),
            Tier::Large => Some(&self.settings.large),
        }
    }

    fn route(&self, task: &Task, grain: Grain, findings: &[Finding], prompt: bool, now: DateTime<Utc>) -> Route {
        let (limits, spent) = (self.settings.limits, task.spent);
        let budget = BudgetState::tightest([
            BudgetState::of(MicroDollars(spent.day), limits.day),
            BudgetState::of(MicroDollars(spent.month), limits.month),
            BudgetState::of(MicroDollars(spent.task_month), limits.task_month),
            BudgetState::of(MicroDollars(spent.member_month), limits.member_month),
        ]);
        // Without a price nothing could be booked: nobody is asked.
        let priced = |model: &str| self.settings.prices.price(model, now.date_naive()).is_ok();
        route::route(Facts {
            task: grain,
            plan: if task.plan == Plan::Paid { route::Plan::Paid } else { route::Plan::Free },
            consent: task.consent,
            provider: priced(&self.settings.small) && priced(&self.settings.large),
            prompt,
            significant: route::significant(findings),
            budget,
        })
    }

    pub(crate) fn booked(&self, call: &CallRecord, now: DateTime<Utc>) -> BookedCall {
        let (outcome, reasons) = match &call.outcome {
            CallOutcome::Taken => ("taken", Vec::new()),
            CallOutcome::Refused(reasons) => ("refused", reasons.iter().map(|reason| name(*reason)).collect()),
            CallOutcome::Failed(_) => ("failed", Vec::new()),
        };
        let cost = self.settings.prices.cost(&call.model, call.usage, now.date_naive(), Mode::Single);
        BookedCall {
            model: call.model.clone(),
            prompt: call.prompt.clone(),
            request_id: call.request_id.clone(),
            tokens: (call.usage.input, call.usage.cached_input, call.usage.output),
            micro_dollars: cost.map_or(0, |cost| cost.0),
            took_ms: u32::try_from(call.took.as_millis()).unwrap_or(u32::MAX),
            outcome,
            reasons,
        }
    }
}

/// A reason by its name on the wire.
pub(crate) fn name(reason: Reason) -> String {
    serde_json::to_value(reason).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
