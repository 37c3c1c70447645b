#!/usr/bin/env bash
# Builds the server in the form that the demo, the development loop and the tests share, and prints nothing when it is there.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

step "Building the server"
cargo build --bin spectrum
