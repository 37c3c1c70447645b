#!/usr/bin/env bash
# Removes what was built, and keeps the tools in .cache and the demo's data in .data.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

cargo clean
rm -rf "$tools/node_modules" "$tools/lighthouse/node_modules" "$setup_state"
