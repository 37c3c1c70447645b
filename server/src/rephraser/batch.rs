//! Many questions in one batch: which are asked, and what their answers come to. Each is checked as a single one is.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, Utc};
use spectrum_core::{
    ambient::Ambient,
    insight::{
        batch::{Asked, InFlight, Placing, Settled},
        rephrase::{BookedCall, Task},
        sum_calls::Routed,
    },
};
use spectrum_domain::{
    card::{Generator, Grain},
    id::RephrasingId,
    private::PrivateText,
};
use spectrum_llm::{
    guard::Reason,
    price::{MicroDollars, Mode},
    provider::{BatchId, ItemId, Polled, ProviderError, Reply, Request, Settings},
    rephrase::{self, Answered, Rephrased},
    route::{Tier, Why},
};

use super::{Rephraser, counted, input, name, placed, reason, shingles};

/// Handing in and fetching a whole batch takes longer than a single answer.
const TIMEOUT: Duration = Duration::from_mins(2);

/// The provider's settings for batches.
pub(super) fn settings(single: &Settings) -> Settings {
    Settings { timeout: single.timeout.max(TIMEOUT), ..single.clone() }
}

/// One question of a batch, under its name there.
pub type Question = (ItemId, Request);

/// The answers of a batch that is through; an item that is missing was not answered in time.
pub type Answers = HashMap<RephrasingId, Result<Reply, ProviderError>>;

/// What an answer of a batch came to.
#[derive(Debug)]
pub struct Answer {
    /// What is to be booked.
    pub calls: Vec<BookedCall>,
    /// What is to be done with it.
    pub settled: Settled,
    /// Why the template's words stay, if they do.
    pub fallback: Vec<String>,
}

impl Rephraser {
    /// Whether questions wait and are asked many at once.
    pub const fn waits(&self) -> bool {
        self.settings.batch
    }

    /// Who is to write: where it is a model the edition waits for a batch. What is on its way is not looked at here: it will be
    /// booked by the time it matters.
    pub fn routed(&self, task: &Task, grain: Grain, now: DateTime<Utc>) -> Routed {
        counted(grain, self.route(task, grain, false, now))
    }

    /// Decides of an edition that waits for a batch. A model is asked if there is room for it in the budgets beside what is on
    /// its way; where only that leaves none it waits.
    pub fn place(
        &self,
        item: RephrasingId,
        task: &Task,
        grain: Grain,
        refused: &[String],
        now: DateTime<Utc>,
    ) -> Placing<Question> {
        let booked = self.route(task, grain, false, now);
        if booked.tier == Tier::Template {
            return Placing::Never(Some(counted(grain, booked)));
        }
        let Some(model) = self.model(self.route(task, grain, true, now).tier) else { return Placing::Later };
        let (Some(revision), Ok(item)) = (self.in_use(task), ItemId::new(&item.uuid().simple().to_string())) else {
            return Placing::Never(None);
        };
        let refused: Vec<Reason> = refused.iter().filter_map(|name| reason(name)).collect();
        let request = rephrase::request(model, revision, &input(task, grain), &refused);
        Placing::Ask {
            model: model.to_owned(),
            prompt: revision.name_hash(),
            micro_dollars: self.at_most(&request, now).0,
            question: (item, request),
        }
    }

    /// What a question of a batch may cost, its safety check included.
    fn at_most(&self, request: &Request, now: DateTime<Utc>) -> MicroDollars {
        let (prices, day) = (&self.settings.prices, now.date_naive());
        let asked = prices.cost(&request.model, rephrase::at_most(request), day, Mode::Batch).unwrap_or_default();
        let checked = self.settings.safety.as_deref().map(|model| {
            let usage = rephrase::check_at_most(request, &self.safety);
            prices.cost(model, usage, day, Mode::Single).unwrap_or_default()
        });
        asked + checked.unwrap_or_default()
    }

    /// Hands a batch in and gives the provider's name of it.
    pub async fn submit(&self, questions: &[Question]) -> Result<String, ProviderError> {
        self.batches.submit(questions).await.map(|id| id.as_str().to_owned())
    }

    /// Asks how far a batch is: its answers once it is through.
    pub async fn poll(&self, provider_id: &str) -> Result<Option<Answers>, ProviderError> {
        let id = BatchId::new(provider_id).ok_or(ProviderError::Malformed("no batch id"))?;
        let Polled::Done(items) = self.batches.poll(&id).await? else { return Ok(None) };
        // What we did not name is not ours.
        let named = |id: &ItemId| id.as_str().parse::<RephrasingId>().ok();
        Ok(Some(items.into_iter().filter_map(|item| Some((named(&item.id)?, item.result))).collect()))
    }

    /// What an answer comes to, held against the edition as it is now and what the member wrote; without those it is booked and
    /// nobody looks at it. `again` is the name under which it is asked for once more, if it was refused for the first time.
    pub async fn answered(
        &self,
        item: &InFlight,
        reply: Result<Reply, ProviderError>,
        took: Duration,
        asked: Option<(&Asked, &[PrivateText])>,
        again: RephrasingId,
        ambient: &Ambient,
    ) -> Answer {
        let now = ambient.now();
        let answer = Answered { model: &item.model, prompt: &item.prompt, reply, took };
        // A prompt that is not in use any more does not speak.
        let is_in_use = |task| self.in_use(task).is_some_and(|revision| revision.name_hash() == item.prompt);
        let Some((Asked { task, first }, words)) = asked.filter(|(asked, _)| is_in_use(&asked.task)) else {
            let mut call = self.booked(&answer.unread(), now, Mode::Batch);
            if call.outcome == "taken" {
                call.outcome = "unused";
            }
            return Answer { calls: vec![call], settled: Settled::Nothing, fallback: Vec::new() };
        };
        // The answer is paid for, its check is not.
        let spent = self.route(task, item.grain, false, now).why == Why::BudgetSpent;
        let safety = self.safety().filter(|_| !spent);
        let unchecked = safety.is_none() && self.settings.safety.is_some();
        let (input, shingles) = (input(task, item.grain), shingles(words, ambient));
        let outcome = rephrase::answered(answer, &input, &shingles, safety, self.clock.as_ref()).await;
        let modes = std::iter::once(Mode::Batch).chain(std::iter::repeat(Mode::Single));
        let calls = outcome.calls.iter().zip(modes).map(|(call, mode)| self.booked(call, now, mode)).collect();
        let refused = match outcome.result {
            Rephrased::Words(_) if unchecked => vec![Reason::SafetyMissing],
            Rephrased::Words(written) => {
                let generator = Generator::Model { model: item.model.clone(), prompt: item.prompt.clone() };
                let settled = Settled::Words(placed(written, task), generator);
                return Answer { calls, settled, fallback: Vec::new() };
            }
            Rephrased::Fallback { reasons } => reasons,
        };
        let in_vain = refused.contains(&Reason::Provider) || refused.contains(&Reason::SafetyMissing);
        let names: Vec<String> = refused.into_iter().map(name).collect();
        if *first && !in_vain {
            return Answer { calls, settled: Settled::Again(again, names), fallback: Vec::new() };
        }
        Answer { calls, settled: Settled::Nothing, fallback: names }
    }
}
