#!/usr/bin/env bash
# Runs the chaos test of server/tests/chaos.rs with 20,000 sessions, or as many as are given, on the release build.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

set_up
step "Building the release server"
cargo test --release -p server --features app/ssr --test chaos --no-run
step "Killing"
SPECTRUM_CHAOS_SESSIONS=${1:-20000} cargo test -q --release -p server --features app/ssr --test chaos -- --nocapture
