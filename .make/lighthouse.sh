#!/usr/bin/env bash
# Has Lighthouse judge every screen of a demo as on a slow phone, in some minutes; what is passed on goes to
# end2end/lighthouse/run.mjs.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

set_up --browser --lighthouse
if [ -z "${SPECTRUM_BIN:-}" ]; then
    .make/front.sh
    .make/build.sh
    export SPECTRUM_BIN="$spectrum"
fi
step "Lighthouse"
exec node end2end/lighthouse/run.mjs "$@"
