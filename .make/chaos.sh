#!/usr/bin/env bash
# Runs the chaos test of server/tests/chaos.rs with 20,000 sessions, or as many as are given, on the build that is measured too.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

set_up
step "Building the measured server"
cargo test --profile bench -p server --features app/ssr --test chaos --no-run
step "Killing"
SPECTRUM_CHAOS_SESSIONS=${1:-20000} cargo test -q --profile bench -p server --features app/ssr --test chaos -- --nocapture
