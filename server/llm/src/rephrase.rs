//! The whole way from an input to words: one question, one more with the reasons, and then it is a template's turn.

use std::time::Duration;

use serde::Serialize;

use crate::{
    guard::{Reason, SafetyAnswer, Shingles, Verdict, Written, judge, schema},
    input::Input,
    prompts::Revision,
    provider::{Clock, Finish, Provider, ProviderError, Reply, Request, Usage},
};

/// A check of what passed the guard by a model of its own. Off unless handed in.
#[derive(Clone, Copy, Debug)]
pub struct Safety<'a> {
    /// Who is asked.
    pub provider: &'a dyn Provider,
    /// By which model.
    pub model: &'a str,
    /// By which prompt: a revision of `safety`.
    pub revision: &'a Revision,
}

/// What is to be put into words, by whom.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    /// Who is asked.
    pub provider: &'a dyn Provider,
    /// The model's name there.
    pub model: &'a str,
    /// By which prompt.
    pub revision: &'a Revision,
    /// The findings.
    pub input: &'a Input,
    /// What the member wrote, as hashes.
    pub shingles: &'a Shingles,
    /// The safety check.
    pub safety: Option<Safety<'a>>,
    /// Measures how long calls take.
    pub clock: &'a dyn Clock,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallOutcome {
    /// Its answer was taken.
    Taken,
    /// Its answer was refused.
    Refused(Vec<Reason>),
    /// There was none.
    Failed(ProviderError),
}

/// A call that was made, for the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRecord {
    /// The model.
    pub model: String,
    /// Name, number and hash of the prompt.
    pub prompt: String,
    /// The provider's id of the call.
    pub request_id: Option<String>,
    /// What it was charged for, as far as the provider said.
    pub usage: Usage,
    /// How long it took, second tries included.
    pub took: Duration,
    /// How it ended.
    pub outcome: CallOutcome,
}

/// What came of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rephrased {
    /// A model's words.
    Words(Written),
    /// A template has to write them; why, each reason once.
    Fallback {
        /// The reasons of the last answer.
        reasons: Vec<Reason>,
    },
}

/// What came of a task, and what it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Words or none.
    pub result: Rephrased,
    /// Every call, in order: each is paid for, whatever came of it.
    pub calls: Vec<CallRecord>,
}

impl Outcome {
    /// What all calls together were charged for.
    pub fn usage(&self) -> Usage {
        self.calls.iter().fold(Usage::default(), |sum, call| sum + call.usage)
    }
}

/// The request for an input; the same for a single question and for an item of a batch. `refused` are the reasons why an
/// earlier answer was refused, as closed words.
pub fn request(model: &str, revision: &Revision, input: &Input, refused: &[Reason]) -> Request {
    #[derive(Serialize)]
    struct Message<'a> {
        input: &'a Input,
        refused: &'a [Reason],
    }
    // Enums and numbers: there is nothing in it that could fail.
    let message = serde_json::to_string(&Message { input, refused }).unwrap_or_default();
    ask(model, revision, message)
}

fn ask(model: &str, revision: &Revision, message: String) -> Request {
    let (schema_name, schema) = schema(revision.parameters.form);
    Request {
        model: model.to_owned(),
        system: revision.system.to_owned(),
        input: message,
        schema_name,
        schema,
        max_output_tokens: revision.parameters.max_output_tokens,
        temperature: revision.parameters.temperature,
    }
}

/// Checks a reply, a batch's among them: what can be shown, or why nothing is.
pub fn taken(reply: &Reply, input: &Input, shingles: &Shingles) -> Result<Written, Vec<Reason>> {
    match reply.finish {
        Finish::CutOff => Err(vec![Reason::CutOff]),
        Finish::Declined => Err(vec![Reason::Declined]),
        Finish::Complete => judge(&reply.text, input, shingles),
    }
}

/// Asks a model to put an input into words: at most twice, the second time with the reasons. It never fails: what does not
/// pass is a template's to write.
pub async fn rephrase(task: Task<'_>) -> Outcome {
    let mut calls = Vec::new();
    let mut refused = Vec::new();
    for _ in 0..2 {
        let asked = request(task.model, task.revision, task.input, &refused);
        let answered =
            call(task.clock, task.provider, task.revision, &asked, |reply| taken(reply, task.input, task.shingles));
        let (record, result) = answered.await;
        calls.push(record);
        let checked = match result {
            Ok(written) => safe(task.safety, task.clock, written, &mut calls).await,
            Err(reasons) => Err(reasons),
        };
        match checked {
            Ok(written) => return Outcome { result: Rephrased::Words(written), calls },
            Err(reasons) => refused = reasons,
        }
        // The second try after a passing error has been made already; and nobody need be asked twice who can't be.
        if refused.contains(&Reason::Provider) || refused.contains(&Reason::SafetyMissing) {
            break;
        }
    }
    Outcome { result: Rephrased::Fallback { reasons: refused }, calls }
}

/// A batch's answer to one of its items.
#[derive(Clone, Debug)]
pub struct Answered<'a> {
    /// The model that was asked.
    pub model: &'a str,
    /// By which prompt: name, number and hash.
    pub prompt: &'a str,
    /// Its reply, or why there is none.
    pub reply: Result<Reply, ProviderError>,
    /// How long after the batch was handed in.
    pub took: Duration,
}

impl Answered<'_> {
    /// The record of the call where nobody looks at the answer any more.
    pub fn unread(self) -> CallRecord {
        let (model, prompt) = (self.model.to_owned(), self.prompt.to_owned());
        recorded(model, prompt, self.reply, self.took, |_| Ok(())).0
    }
}

/// What an answer of a batch comes to: it is checked as a single one is. It is not asked for again here. `calls` holds the
/// batch's own call, and after it that of the safety check.
pub async fn answered(
    answer: Answered<'_>,
    input: &Input,
    shingles: &Shingles,
    safety: Option<Safety<'_>>,
    clock: &dyn Clock,
) -> Outcome {
    let (model, prompt) = (answer.model.to_owned(), answer.prompt.to_owned());
    let (record, result) = recorded(model, prompt, answer.reply, answer.took, |reply| taken(reply, input, shingles));
    let mut calls = vec![record];
    let checked = match result {
        Ok(written) => safe(safety, clock, written, &mut calls).await,
        Err(reasons) => Err(reasons),
    };
    let result = checked.map_or_else(|reasons| Rephrased::Fallback { reasons }, Rephrased::Words);
    Outcome { result, calls }
}

/// What a request may be charged for, on the careful side: a token for three bytes, and all that may be written.
pub fn at_most(request: &Request) -> Usage {
    let bytes = request.system.len() + request.input.len() + request.schema.to_string().len();
    let input = u64::try_from(bytes.div_ceil(3)).unwrap_or(u64::MAX);
    Usage { input, cached_input: 0, output: u64::from(request.max_output_tokens) }
}

/// The same for the safety check of an answer to it.
pub fn check_at_most(request: &Request, safety: &Revision) -> Usage {
    let asked = at_most(&ask("", safety, String::new()));
    Usage { input: asked.input.saturating_add(u64::from(request.max_output_tokens)), ..asked }
}

async fn call<T>(
    clock: &dyn Clock,
    provider: &dyn Provider,
    revision: &Revision,
    request: &Request,
    check: impl FnOnce(&Reply) -> Result<T, Vec<Reason>>,
) -> (CallRecord, Result<T, Vec<Reason>>) {
    let begun = clock.now();
    let replied = provider.complete(request).await;
    let took = clock.now().saturating_sub(begun);
    recorded(request.model.clone(), revision.name_hash(), replied, took, check)
}

fn recorded<T>(
    model: String,
    prompt: String,
    replied: Result<Reply, ProviderError>,
    took: Duration,
    check: impl FnOnce(&Reply) -> Result<T, Vec<Reason>>,
) -> (CallRecord, Result<T, Vec<Reason>>) {
    let (usage, request_id, outcome, result) = match replied {
        Ok(reply) => {
            let result = check(&reply);
            let outcome = match &result {
                Ok(_) => CallOutcome::Taken,
                Err(reasons) => CallOutcome::Refused(reasons.clone()),
            };
            (reply.usage, reply.request_id, outcome, result)
        }
        Err(error) => (Usage::default(), None, CallOutcome::Failed(error), Err(vec![Reason::Provider])),
    };
    (CallRecord { model, prompt, request_id, usage, took, outcome }, result)
}

/// The safety check, where there is one: what it does not call safe, or can't be asked about, is not shown.
async fn safe(
    safety: Option<Safety<'_>>,
    clock: &dyn Clock,
    written: Written,
    calls: &mut Vec<CallRecord>,
) -> Result<Written, Vec<Reason>> {
    let Some(Safety { provider, model, revision }) = safety else { return Ok(written) };
    let message = serde_json::json!({ "text": written.text() }).to_string();
    let asked = ask(model, revision, message);
    let checked = call(clock, provider, revision, &asked, |reply| {
        let answer: SafetyAnswer = serde_json::from_str(&reply.text).map_err(|_| vec![Reason::SafetyMissing])?;
        if answer.verdict == Verdict::Safe { Ok(()) } else { Err(vec![Reason::Unsafe]) }
    });
    let (record, result) = checked.await;
    calls.push(record);
    match result {
        Ok(()) => Ok(written),
        Err(reasons) if reasons.contains(&Reason::Provider) => Err(vec![Reason::SafetyMissing]),
        Err(reasons) => Err(reasons),
    }
}
