#!/usr/bin/env bash
# Measures the team's pages and the nightly sums they read, with 100,000 members and 5 million events of use and then with ten times as
# many, filled in by PostgreSQL itself; words that are passed on are the driver's (--thousands 10, --only engagement,cost,
# --requests N, --keep). Takes 20 GB of disk. SPECTRUM_BIN names a built server.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

peers=server/benches/peers
# shellcheck disable=SC2119 # the words are the driver's, not the set-up's
set_up
if [ -z "${SPECTRUM_BIN:-}" ]; then
    .make/front.sh
    step "Building the server that is measured"
    cargo build --profile bench -p server --bin spectrum
    SPECTRUM_BIN="$target/release/spectrum"
fi
export SPECTRUM_BIN
# The driver's way to PostgreSQL.
if [ ! "$peers/node/node_modules/.package-lock.json" -nt "$peers/node/package-lock.json" ]; then
    long "Installing the driver's client of PostgreSQL" npm ci --no-audit --no-fund --prefix "$peers/node"
fi
step "Measuring the team's pages"
exec "$SPECTRUM_BIN" postgres run --set shared_buffers=2GB --set max_wal_size=4GB --set wal_level=minimal \
    --set max_wal_senders=0 -- node server/benches/team/run.mjs "$@"
