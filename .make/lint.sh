#!/usr/bin/env bash
# Formatting, clippy for both sides of the house, and the licences of what is depended on.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

if [ ! -f "$setup_state/front.env" ]; then fail "run make setup first"; fi
# shellcheck disable=SC1091
. "$setup_state/front.env"
cargo clippy --version >/dev/null 2>&1 || fail "clippy is missing: rustup component add clippy rustfmt (Debian: apt-get install rust-web-clippy rustfmt-web)"

step "Formatting"
cargo fmt --all --check

step "Clippy, server and tests"
cargo clippy --workspace --features app/ssr --all-targets -- -D warnings

if [ "$front_std" = installed ]; then
    step "Clippy, browser code"
    cargo clippy -p app --lib --features hydrate --target wasm32-unknown-unknown --target-dir "$target/front" -- -D warnings
else
    say "note: clippy for the browser code needs the wasm32 target of rustup; skipped"
fi

step "Licences, bans and sources"
if ! cargo deny --version >/dev/null 2>&1; then
    say "note: cargo-deny is not installed; skipped (cargo install cargo-deny)"
elif [ ! -f .deny.toml ]; then
    say "note: there is no .deny.toml; skipped"
else
    # Advisories are fetched from the network; where that is not to be had the rest still holds.
    cargo deny --config .deny.toml check licenses bans sources
    cargo deny --config .deny.toml check advisories || say "note: advisories could not be checked, or there are some: see above"
fi

.make/sqlx.sh --check
say "lint: nothing to say ($(elapsed))"
