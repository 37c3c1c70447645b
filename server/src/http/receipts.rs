//! `/receipts/{id}` and the key they are checked with: for whoever holds a receipt's number, signed in or not. A receipt
//! names nobody, and a member who was erased can't sign in any more.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde_json::{Value, json};
use spectrum_core::{Services, db::keyring::hex};
use uuid::Uuid;

use super::{AppState, problem::Problem};

/// Where the public key is.
const KEY: &str = "/.well-known/spectrum-receipt-key.json";

/// The key that receipts are checked with.
pub fn public_key(services: &Services) -> Value {
    let ledger = services.ledger();
    json!({ "algorithm": "Ed25519", "id": ledger.key_id(), "public_key": hex(&ledger.public_key()) })
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/receipts/{id}", get(receipt)).route(KEY, get(key))
}

/// To the byte as it was signed: a client that spells it anew would break the signature.
async fn receipt(State(services): State<Services>, Path(id): Path<String>) -> Result<Response, Problem> {
    let unknown = || Problem::not_found("There is no receipt under this number, or not yet: it may still be written.");
    let id: Uuid = id.parse().map_err(|_| unknown())?;
    let document = services.load_receipt(id).await?.ok_or_else(unknown)?;
    let name = format!("attachment; filename=\"spectrum-receipt-{id}.json\"");
    Ok(([(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, name)], document)
        .into_response())
}

async fn key(State(services): State<Services>) -> Json<Value> {
    Json(public_key(&services))
}
