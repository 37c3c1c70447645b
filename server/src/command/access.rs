//! Letting people and services in, from the command line.

use std::{fs, path::PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};
use spectrum_core::{
    access::{
        host_key::{self as keys, ListedKey, MadeKey, NewKey},
        issuer::{self, Issuer, KeySet},
        staff,
    },
    ambient::Ambient,
};
use spectrum_domain::{
    access::{KeyScope, StaffRole},
    id::HostKeyId,
};

use super::{Failure, host_named};
use crate::{
    compose,
    config::{Config, is_sealed_or_here},
};

/// How long a link that a person carries from the terminal to a browser may wait.
const LINK_LIFE: TimeDelta = TimeDelta::minutes(10);

/// People of the product team.
#[derive(Debug, Subcommand)]
pub enum Staff {
    /// Admits a person in these roles, and no others; they sign in at `/staff/sign-in`.
    Admit {
        /// Their e-mail address, as the provider of identities has it.
        email: String,
        /// What for: analyst, reviewer, operator, with commas.
        #[arg(long, value_delimiter = ',', required = true, value_parser = role)]
        roles: Vec<StaffRole>,
    },
    /// Shuts a person out at once.
    Dismiss {
        /// Their e-mail address.
        email: String,
    },
    /// Everybody who was ever admitted.
    List,
    /// Makes a one-time link that signs an admitted person in, where `staff.links` says so: for a demo.
    Link {
        /// Their e-mail address.
        #[arg(long)]
        email: String,
    },
}

/// Keys of host services.
#[derive(Debug, Subcommand)]
pub enum HostKey {
    /// Makes a key and prints it, once.
    Create(Create),
    /// Every key with what it is good for and when it was used last.
    List,
    /// Makes a key with the same purpose as another, which ends after the overlap.
    Rotate {
        /// The key's id, as `host-key list` has it.
        key: HostKeyId,
        /// Hours for which both count.
        #[arg(long, default_value_t = 24)]
        overlap_hours: u16,
        /// Days after which the new key ends by itself.
        #[arg(long)]
        days: Option<u16>,
    },
    /// Ends a key at once.
    Revoke {
        /// The key's id.
        key: HostKeyId,
    },
}

/// A new key.
#[derive(Debug, Args)]
pub struct Create {
    /// The host's name; made if it is new.
    #[arg(long)]
    host: String,
    /// What people call the key.
    #[arg(long, default_value = "default")]
    label: String,
    /// What it is good for: events, members, erasure, with commas.
    #[arg(long, value_delimiter = ',', default_value = "events,members", value_parser = scope)]
    scopes: Vec<KeyScope>,
    /// Its requests must be signed; prints what with.
    #[arg(long)]
    signed: bool,
    /// Days after which it ends by itself.
    #[arg(long)]
    days: Option<u16>,
}

/// Issuers of members' tokens.
#[derive(Debug, Subcommand)]
pub enum HostIssuer {
    /// Makes an issuer known, or changes what is known of it.
    Set {
        /// The host's name.
        #[arg(long)]
        host: String,
        /// As it stands in the tokens (`iss`).
        #[arg(long)]
        issuer: String,
        /// For whom tokens must be made out (`aud`).
        #[arg(long, default_value = "spectrum")]
        audience: String,
        /// Address of its public keys, a JSON Web Key Set.
        #[arg(long, required_unless_present = "key_set")]
        key_set_url: Option<String>,
        /// A file with its public keys instead.
        #[arg(long, value_name = "FILE", conflicts_with = "key_set_url")]
        key_set: Option<PathBuf>,
    },
    /// No token of this issuer counts any more.
    Remove {
        /// As it stands in the tokens.
        issuer: String,
    },
}

fn role(text: &str) -> Result<StaffRole, String> {
    StaffRole::from_name(text)
        .ok_or_else(|| format!("must be one of {}", StaffRole::ALL.map(StaffRole::name).join(", ")))
}

fn scope(text: &str) -> Result<KeyScope, String> {
    KeyScope::from_name(text).ok_or_else(|| format!("must be one of {}", KeyScope::ALL.map(KeyScope::name).join(", ")))
}

pub(super) async fn staff(config: &Config, command: Staff) -> Result<(), Failure> {
    let ambient: Ambient = compose::ambient();
    let mut connection = compose::operator_connection(config).await?;
    match command {
        Staff::Admit { email, roles } => {
            staff::admit(&mut connection, &ambient, &email, &roles).await?;
            eprintln!("{email} may sign in at {}/staff/sign-in.", config.http.public_url);
        }
        Staff::Dismiss { email } => {
            if !staff::dismiss(&mut connection, &email).await? {
                return Err("nobody of this address was admitted".into());
            }
            eprintln!("{email} is signed out and may not come in.");
        }
        Staff::List => {
            for person in staff::list(&mut connection).await? {
                let roles = person.roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(",");
                let account = if person.bound { "has signed in" } else { "has not signed in" };
                println!("{:<40} {:<28} {account}", person.email, if roles.is_empty() { "dismissed" } else { &roles });
            }
        }
        Staff::Link { email } => link(config, &mut connection, &email).await?,
    }
    Ok(())
}

async fn link(config: &Config, connection: &mut sqlx::PgConnection, email: &str) -> Result<(), Failure> {
    if !config.staff.links {
        return Err("people of the team sign in at /staff/sign-in; links are for a demo (`staff.links`)".into());
    }
    let staff = staff::find(connection, email).await?.ok_or("nobody of this address is admitted")?;
    let services = compose::services(config)?;
    let link = services.create_staff_link(staff, LINK_LIFE).await?;
    println!("{}/sign-in?code={}", config.http.public_url, link.code.expose());
    eprintln!("Good for one use until {}.", link.expires_at.format("%H:%M:%S UTC"));
    services.pools().close().await;
    Ok(())
}

pub(super) async fn host_key(config: &Config, command: HostKey) -> Result<(), Failure> {
    let ambient = compose::ambient();
    let keyring = compose::keyring(&config.secrets);
    let mut connection = compose::operator_connection(config).await?;
    let end = |days: Option<u16>| days.map(|days| ambient.now() + TimeDelta::days(i64::from(days)));
    match command {
        HostKey::Create(Create { host, label, scopes, signed, days }) => {
            let new = NewKey { label: &label, scopes: &scopes, signed, expires_at: end(days) };
            print_key(&keys::create(&mut connection, &ambient, keyring.ledger(), &host, &new).await?);
        }
        HostKey::List => {
            let now = ambient.now();
            keys::list(&mut connection).await?.iter().for_each(|key| println!("{}", line(key, now)));
        }
        HostKey::Rotate { key, overlap_hours, days } => {
            let overlap = TimeDelta::hours(i64::from(overlap_hours));
            let made = keys::rotate(&mut connection, &ambient, keyring.ledger(), key, overlap, end(days)).await?;
            print_key(&made.ok_or("there is no such key that counts")?);
            eprintln!("The old key ends in {overlap_hours} h.");
        }
        HostKey::Revoke { key } => {
            if !keys::revoke(&mut connection, &ambient, key).await? {
                return Err("there is no such key that counts".into());
            }
        }
    }
    Ok(())
}

fn print_key(made: &MadeKey) {
    println!("{}", made.key.expose());
    if let Some(signing) = &made.signing_key {
        println!("{}", signing.expose());
        eprintln!("The second line is what requests are signed with (docs/access.md).");
    }
    eprintln!("This is key {}, shown this once. Send it as `Authorization: Bearer …`.", made.key_id);
}

fn line(key: &ListedKey, now: DateTime<Utc>) -> String {
    let day = |at: DateTime<Utc>| at.format("%Y-%m-%d").to_string();
    let state = match (key.revoked_at, key.expires_at) {
        (Some(at), _) => format!("revoked {}", day(at)),
        (None, Some(at)) if at <= now => format!("ended {}", day(at)),
        (None, Some(at)) => format!("until {}", day(at)),
        (None, None) => "no end".to_owned(),
    };
    let used = key.last_used_at.map_or_else(|| "never".to_owned(), |at| at.format("%Y-%m-%d %H:%M").to_string());
    let scopes = key.scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(",");
    let signed = if key.signed { "signed" } else { "plain" };
    let (id, host, label, made) = (key.key_id, &key.host, &key.label, day(key.created_at));
    format!("{id}  {host:<16} {label:<16} {scopes:<22} {signed:<6}  made {made}  {state:<18} used {used}")
}

pub(super) async fn host_issuer(config: &Config, command: HostIssuer) -> Result<(), Failure> {
    let mut connection = compose::operator_connection(config).await?;
    match command {
        HostIssuer::Set { host, issuer, audience, key_set_url, key_set } => {
            let keys = match (key_set_url, key_set) {
                (Some(url), _) if is_sealed_or_here(&url) => KeySet::At(url),
                (Some(_), _) => return Err("--key-set-url must begin with https:// unless it is this machine".into()),
                (None, Some(file)) => {
                    let text = fs::read_to_string(&file)?;
                    serde_json::from_str::<jsonwebtoken::jwk::JwkSet>(&text)
                        .map_err(|_| "the file is no JSON Web Key Set")?;
                    KeySet::Given(serde_json::from_str(&text)?)
                }
                (None, None) => return Err("say where the keys are: --key-set-url or --key-set".into()),
            };
            let host_id = host_named(config, &host).await?;
            let issuer = Issuer { issuer, host_id, audience, keys };
            issuer::set(&mut connection, &compose::ambient(), &issuer).await?;
        }
        HostIssuer::Remove { issuer } => {
            if !issuer::remove(&mut connection, &issuer).await? {
                return Err("there is no such issuer".into());
            }
        }
    }
    Ok(())
}
