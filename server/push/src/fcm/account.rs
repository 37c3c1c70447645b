//! Google's service account: a signed word of ours for a token of theirs (RFC 7523), which lasts for about an hour.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use hyper::{
    HeaderMap, Uri,
    body::Bytes,
    header::{CONTENT_TYPE, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    channel::Setup,
    jwt::{self, Rs256},
    outcome::{Answer, Outcome},
    token::Minted,
    transport::{self, Reply, Transport},
};

const SCOPE: &str = "https://www.googleapis.com/auth/firebase.messaging";
/// Before a token is asked for again, where no time is named.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(30);
/// Longest that a token is kept, whatever it says of itself.
const LONGEST: i64 = 12 * 60 * 60;

pub(super) struct Account {
    email: String,
    key_id: String,
    project: String,
    token_uri: Uri,
    signer: Rs256,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("project", &self.project).finish_non_exhaustive()
    }
}

/// What is needed of the file.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
struct File {
    client_email: String,
    private_key_id: String,
    private_key: String,
    project_id: String,
    token_uri: String,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    scope: &'static str,
    aud: String,
    iat: i64,
    exp: i64,
}

#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    expires_in: i64,
}

impl Account {
    pub(super) fn new(json: &SecretString) -> Result<Self, Setup> {
        let what = "FCM's service account";
        let file: File = serde_json::from_str(json.expose_secret())
            .map_err(|_| Setup::Key(what, "the JSON file that Google hands out for one"))?;
        let signer = Rs256::from_pem(&file.private_key)
            .ok_or(Setup::Key(what, "one with an RSA key of 2048 bits or more in PKCS#8"))?;
        let is_project = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b':' | b'_');
        if file.project_id.is_empty() || !file.project_id.bytes().all(is_project) {
            return Err(Setup::Setting(what, "one that names its project"));
        }
        let token_uri = transport::base(&file.token_uri, "the service account's token_uri")?;
        Ok(Self {
            email: file.client_email.clone(),
            key_id: file.private_key_id.clone(),
            project: file.project_id.clone(),
            token_uri: token_uri.parse().map_err(|_| Setup::Url("the service account's token_uri"))?,
            signer,
        })
    }

    pub(super) fn project(&self) -> &str {
        &self.project
    }

    /// A new token. The message was not sent when this fails, however it fails.
    pub(super) async fn mint(&self, transport: &Transport, now: DateTime<Utc>) -> Result<Minted, Answer> {
        let iat = now.timestamp();
        let claims =
            Claims { iss: &self.email, scope: SCOPE, aud: self.token_uri.to_string(), iat, exp: iat + 60 * 60 };
        let word = jwt::signed(&self.signer, Some(&self.key_id), &claims)
            .map_err(|_| Answer::ours(Outcome::Misconfigured, "unsigned"))?;
        // Neither part has a character that a form would write otherwise, except the colons.
        let form = format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={word}");
        let mut headers = HeaderMap::with_capacity(2);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        match transport.post(self.token_uri.clone(), headers, Bytes::from(form)).await {
            Ok(reply) => read(&reply, now),
            Err(failure) => Err(failure.again()),
        }
    }
}

fn read(reply: &Reply, now: DateTime<Utc>) -> Result<Minted, Answer> {
    let fails = |outcome, reason| Err(Answer { outcome, status: Some(reply.status), reason });
    match reply.status {
        200 => {
            let granted = serde_json::from_slice::<Granted>(&reply.body).ok();
            let minted = granted.and_then(|granted| {
                let header = transport::secret(&format!("Bearer {}", granted.access_token.expose_secret()))?;
                // A fifth is left for what is sent with it at its end.
                let lasts = TimeDelta::seconds(granted.expires_in.clamp(0, LONGEST) * 4 / 5);
                Some(Minted { header, lasts })
            });
            minted.map_or_else(|| fails(Outcome::Retry { after: AGAIN }, "oauth_answer"), Ok)
        }
        408 | 429 | 500..=599 => {
            fails(Outcome::Retry { after: reply.retry_after(now).unwrap_or_default().max(AGAIN) }, "oauth_unavailable")
        }
        _ => fails(Outcome::Misconfigured, "oauth_refused"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::jwt::tests::RSA;

    fn file(change: impl Fn(&mut serde_json::Value)) -> Result<Account, Setup> {
        let mut file = json!({
            "type": "service_account",
            "project_id": "spectrum-test",
            "private_key_id": "0123456789abcdef",
            "private_key": RSA,
            "client_email": "push@spectrum-test.iam.gserviceaccount.com",
            "token_uri": "https://oauth2.googleapis.com/token",
        });
        change(&mut file);
        Account::new(&file.to_string().into())
    }

    #[test]
    fn the_file_is_looked_at_before_anything_is_sent() {
        let account = file(|_| ()).expect("an account");
        assert_eq!(account.project(), "spectrum-test");
        assert_eq!(format!("{account:?}"), r#"Account { project: "spectrum-test", .. }"#);
        for (key, value) in [
            ("project_id", json!("a/b")),
            ("project_id", json!("")),
            ("project_id", json!(null)),
            ("private_key", json!("none")),
            ("token_uri", json!("http://oauth2.googleapis.com/token")),
            ("token_uri", json!("https://a@oauth2.googleapis.com/token")),
            ("token_uri", json!("token")),
        ] {
            file(|file| file[key] = value.clone()).expect_err(key);
        }
    }

    fn given(status: u16, body: &str) -> Result<Minted, Answer> {
        let reply = Reply { status, headers: HeaderMap::new(), body: Bytes::copy_from_slice(body.as_bytes()) };
        read(&reply, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_token_is_kept_for_four_fifths_of_its_life() {
        let minted = given(200, r#"{"access_token":"ya29.a","expires_in":3600,"token_type":"Bearer"}"#);
        let minted = minted.expect("a token");
        assert_eq!(minted.lasts, TimeDelta::minutes(48));
        assert!(minted.header.is_sensitive());
    }

    #[test]
    fn without_a_token_nothing_was_sent() {
        for (status, body, outcome, reason) in [
            (400, r#"{"error":"invalid_grant"}"#, Outcome::Misconfigured, "oauth_refused"),
            (401, "", Outcome::Misconfigured, "oauth_refused"),
            (302, "", Outcome::Misconfigured, "oauth_refused"),
            (503, "<html>", Outcome::Retry { after: Duration::from_secs(30) }, "oauth_unavailable"),
            (429, "", Outcome::Retry { after: Duration::from_secs(30) }, "oauth_unavailable"),
            (200, "<html>", Outcome::Retry { after: Duration::from_secs(30) }, "oauth_answer"),
            (200, r#"{"access_token":"a\nb","expires_in":1}"#, Outcome::Retry { after: AGAIN }, "oauth_answer"),
        ] {
            assert_eq!(given(status, body).expect_err(body), Answer { outcome, status: Some(status), reason });
        }
    }
}
