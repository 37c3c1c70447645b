//! Runs the fake of APNs and FCM as a program, for clients in other languages: prints one line of JSON that says where it is and
//! with which keys, and lives until its input ends.
//!
//! `--port N`, `--delay-ms N`, `--streams N`, `--careless` (all streams at once, from the first), `--lean` (keeps no pushes).
//! `POST /__control` tells it the rest.

use std::{error::Error, fs, io, time::Duration};

use serde_json::json;
use spectrum_push::fake::{Fake, KEY_ID, Options, PROJECT, TEAM_ID, TOPIC};

fn main() -> Result<(), Box<dyn Error>> {
    let options = options(std::env::args().skip(1))?;
    // One thread: with two processors the client that is measured has the other for itself.
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run(options))
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, Box<dyn Error>> {
    let mut options = Options::default();
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().ok_or_else(|| format!("{argument} needs a number"));
        match argument.as_str() {
            "--port" => options.port = number()?.parse()?,
            "--delay-ms" => options.delay = Duration::from_millis(number()?.parse()?),
            "--streams" => options.streams = number()?.parse()?,
            "--careless" => options.careful = false,
            "--lean" => options.lean = true,
            _ => return Err(format!("I don't know {argument}").into()),
        }
    }
    Ok(options)
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let fake = Fake::start_with(options).await?;
    let account = std::env::temp_dir().join(format!("spectrum-push-account-{}.json", std::process::id()));
    fs::write(&account, fake.service_account())?;
    let line = json!({
        "url": fake.url(), "port": fake.port(), "root": fake.root(), "apnsKey": fake.apns_key(), "keyId": KEY_ID,
        "teamId": TEAM_ID, "topic": TOPIC, "project": PROJECT, "serviceAccount": account, "pid": std::process::id(),
    });
    println!("{line}");
    tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink())).await??;
    fs::remove_file(&account)?;
    Ok(())
}
