#!/usr/bin/env bash
# Builds the release server and measures it with `spectrum bench`; arguments are passed on.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

.make/setup.sh
.make/front.sh
step "Building the release server"
cargo build --release --bin spectrum
exec "$target/release/spectrum" bench "$@"
