#!/usr/bin/env bash
# Proves that nothing of the server is compiled into the browser code: neither its crates nor a database driver or a runtime.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

graph=$(cargo tree --offline -p app --features hydrate --target wasm32-unknown-unknown -e normal --prefix none 2>/dev/null) ||
    graph=$(cargo tree -p app --features hydrate --target wasm32-unknown-unknown -e normal --prefix none)
strangers=$(printf '%s\n' "$graph" | grep -E '^(server|spectrum-core|sqlx[a-z-]*|tokio|axum|hyper|reqwest|ring|icu_(calendar|datetime|decimal)[a-z_]*) v' | sort -u || true)
if [ -n "$strangers" ]; then
    printf '%s\n' "$strangers" >&2
    fail "the crates above would reach the browser: put them behind the feature ssr in app/Cargo.toml"
fi
say "$(printf '%s\n' "$graph" | cut -d' ' -f1 | sort -u | wc -l) crates reach the browser, none of them the server's"
