//! `POST /__control`: what a test in another language tells the fake and asks of it, as one JSON object for each.

use serde::Deserialize;
use serde_json::json;

use super::{
    answer::Reply,
    told::Told,
    trouble::{Dice, State, Trouble},
};

/// One order.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
enum Order {
    /// Forgets what was told and seen.
    Reset,
    /// What is thought of an address.
    Address { address: String, state: State },
    /// Every token of APNs is another environment's.
    WrongEnvironment { yes: bool },
    /// Every address of FCM is unknown.
    WrongProject { yes: bool },
    /// The next push goes wrong.
    Trouble { trouble: Trouble },
    /// The next asking for an access token goes wrong.
    TokenTrouble { trouble: Trouble },
    /// From now on some go wrong.
    Chaos { seed: u64, per_mille: u32 },
    /// Time to an answer.
    Delay { millis: u64 },
    /// Streams at a time, for connections to come.
    Streams { most: u32 },
    /// What was seen, refused and counted.
    Tell,
}

pub(super) fn answer(told: &mut Told, body: &[u8]) -> Reply {
    let order = match serde_json::from_slice(body) {
        Ok(order) => order,
        Err(error) => return Reply::json(400, &json!({ "error": error.to_string() })),
    };
    match order {
        Order::Reset => told.reset(),
        Order::Address { address, state } => {
            told.states.insert(address, state);
        }
        Order::WrongEnvironment { yes } => told.wrong_environment = yes,
        Order::WrongProject { yes } => told.wrong_project = yes,
        Order::Trouble { trouble } => told.troubles.push_back(trouble),
        Order::TokenTrouble { trouble } => told.token_troubles.push_back(trouble),
        Order::Chaos { seed, per_mille } => told.dice = Dice::new(seed, per_mille),
        Order::Delay { millis } => told.manner.delay = std::time::Duration::from_millis(millis),
        Order::Streams { most } => told.manner.streams = most,
        Order::Tell => {
            let all = json!({ "seen": told.seen, "refused": told.refused, "counts": told.counts });
            return Reply::json(200, &all);
        }
    }
    Reply::json(200, &json!({}))
}
