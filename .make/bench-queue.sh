#!/usr/bin/env bash
# Measures job queues beside each other and beside what the machine could do, on a PostgreSQL of its own whose commits wait
# for the disk; words that are passed on are the driver's (--quick, --only W2,W3, --contestants pg_boss, --seed 1, --busy).
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

peers=server/benches/peers
# shellcheck disable=SC2119 # the words are the driver's, not the set-up's
set_up
.make/build.sh
step "Building our own contestant"
cargo bench -p server --bench queue --no-run
SPECTRUM_QUEUE_BENCH=$(cargo bench -p server --bench queue --no-run --message-format=json 2>/dev/null |
    sed -n 's/.*"name":"queue".*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
export SPECTRUM_QUEUE_BENCH
# Their targets lie together: the two share most of what they depend on.
for peer in graphile_worker apalis; do
    step "Building the peer $peer"
    cargo build --release --locked --manifest-path "$peers/$peer/Cargo.toml" --target-dir "$target/peers"
done
if [ ! "$peers/node/node_modules/.package-lock.json" -nt "$peers/node/package-lock.json" ]; then
    long "Installing the Node.js peers" npm ci --no-audit --no-fund --prefix "$peers/node"
fi
export SPECTRUM_QUEUE_PEERS="$target/peers/release"
step "Measuring queues"
exec "$spectrum" postgres run --durable --set shared_buffers=1GB -- node "$peers/run.mjs" "$@"
