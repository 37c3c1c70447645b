#!/usr/bin/env bash
# Measures the pages of a running Spectrum over HTTP with a hundred thousand members, its week beside the same week by Next.js;
# words that are passed on are the driver's (--quick, --only week,feed, --members N, --gzip). SPECTRUM_BIN names a built server.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

peers=server/benches/peers
set_up --wrk
if [ -z "${SPECTRUM_BIN:-}" ]; then
    .make/front.sh
    step "Building the server that is measured"
    cargo build --profile bench -p server --bin spectrum
    SPECTRUM_BIN="$target/release/spectrum"
fi
export SPECTRUM_BIN NEXT_TELEMETRY_DISABLED=1
if [ ! "$peers/nextjs/node_modules/.package-lock.json" -nt "$peers/nextjs/package-lock.json" ]; then
    long "Installing Next.js" npm ci --no-audit --no-fund --prefix "$peers/nextjs"
fi
# Always anew: it takes half a minute, and a page that was changed must not be measured as it was.
long "Building the peer's page" npm run build --prefix "$peers/nextjs"
step "Measuring pages"
exec "$SPECTRUM_BIN" postgres run --set shared_buffers=1GB --set max_wal_size=2GB --set wal_level=minimal \
    --set max_wal_senders=0 --set full_page_writes=off -- node "$peers/pages/run.mjs" "$@"
