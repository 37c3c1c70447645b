#!/usr/bin/env bash
# Measures pushes a second over loopback TLS: our APNs channel beside node-apn and aioapns on the same fake, with h2load as the
# ceiling; words that are passed on are the driver's (--quick, --count N, --rounds N, --delays 0,5, --only ours …).
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

set_up --push --h2load
step "Building the fake and our contestant"
cargo build --profile bench -p spectrum-push --features fake --example push-fake
cargo bench -p spectrum-push --features fake --bench push --no-run
PUSH_BENCH=$(cargo bench -p spectrum-push --features fake --bench push --no-run --message-format=json 2>/dev/null |
    sed -n 's/.*"name":"push".*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
export PUSH_BENCH PUSH_FAKE="$target/release/examples/push-fake" PUSH_PYTHON="$cache/python-push/bin/python"
step "Measuring pushes"
node "$push_peers/bench/run.mjs" "$@"
step "Measuring from the row that is due to what came of it"
exec .make/bench.sh push
