#!/usr/bin/env bash
# The long form of what `make test` does for a moment: schemathesis against the running server, and every parser of what comes
# from outside on a million made-up inputs each.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

set_up --schemathesis
.make/front.sh
rust_tests=(--workspace --features app/ssr)
step "Building the server and its tests"
cargo test "${rust_tests[@]}" --no-run
step "Parsers"
PROPTEST_CASES="${PROPTEST_CASES:-1000000}" cargo test "${rust_tests[@]}" --no-fail-fast never_panic
step "The API"
.make/schemathesis.sh --long
