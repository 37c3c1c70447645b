#!/usr/bin/env bash
# Has the team's numbers reckoned a second time, by statsmodels and from the people themselves; ends with one line that counts.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

set_up --effect
# As the tests are built, with which the program is: after them there is nothing left to build, as there would be by `cargo build`.
cargo test --workspace --features app/ssr --test spectrum --no-run
SPECTRUM="$spectrum" "$cache/python-effect/bin/python" -B "$oracle/effect.py"
