#!/usr/bin/env bash
# Has the team's numbers reckoned a second time, by statsmodels and from the people themselves; ends with one line that counts.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

set_up --effect
# As the tests are built, of which the program is a part: after them there is nothing left to build.
cargo build --workspace --features app/ssr --bins --examples
SPECTRUM="$spectrum" "$cache/python-effect/bin/python" -B "$oracle/effect.py"
