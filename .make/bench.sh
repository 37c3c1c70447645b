#!/usr/bin/env bash
# Measures the release build beside its floors, on a PostgreSQL of its own whose commits wait for the disk; words that are
# passed on choose figures by the start of their name (page, ingest, partitions, sentence).
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

set_up
if [ $# -eq 0 ] || [ "$1" = sentence ]; then
    .make/bench-sentence.sh
    if [ $# -eq 1 ]; then exit; fi
fi
.make/build.sh
step "Building the release server and its measurements"
cargo bench -p server --bench figures --no-run
step "Measuring"
exec "$spectrum" postgres run --durable --set shared_buffers=1GB -- cargo bench -q -p server --bench figures -- "$@"
