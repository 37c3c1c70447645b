//! Asking others over HTTP: over TLS, or in the open where it is this machine that is asked.

use std::time::Duration;

use reqwest::{Client, Response, redirect};

use crate::replay::install_crypto;

/// A client for this address. Nothing is followed elsewhere: what is sent is for whom it is sent to.
pub fn client(url: &str) -> Result<Client, reqwest::Error> {
    install_crypto();
    let client = Client::builder()
        .user_agent(concat!("spectrum/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(30));
    // Only this machine is asked without TLS: no certificates are needed, and no proxy stands between.
    let client = if url.starts_with("http:") { client.tls_certs_only([]).no_proxy() } else { client };
    client.build()
}

/// The body of an answer that says that all is well, if it is no longer than this.
pub async fn read(mut answer: Response, longest: usize) -> Option<Vec<u8>> {
    if !answer.status().is_success() {
        return None;
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.ok()? {
        if body.len() + chunk.len() > longest {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body)
}
