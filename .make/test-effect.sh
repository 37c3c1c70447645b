#!/usr/bin/env bash
# Has the team's numbers reckoned a second time, by statsmodels and from the people themselves; ends with one line that counts.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

set_up --effect
# Word for word as the tests are built, the program among them: after them there is nothing left to build.
cargo test --workspace --features app/ssr --no-run
SPECTRUM="$spectrum" "$cache/python-effect/bin/python" -B "$oracle/effect.py"
