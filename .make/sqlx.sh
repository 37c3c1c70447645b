#!/usr/bin/env bash
# Writes .sqlx anew from the migrations and the queries in the code; with --check says only whether it is up to date.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# By hand and not through `spectrum postgres run`: when a query was changed the server does not compile until this has run.
postgres_bin=
for bin in ${SPECTRUM_POSTGRES_BIN:-} $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$(dirname "$(command -v postgres || echo /none/postgres)")"; do
    if [ -x "$bin/initdb" ]; then
        postgres_bin=$bin
        break
    fi
done
[ -n "$postgres_bin" ] || fail "run make setup first: no PostgreSQL here"
# The program itself: Debian's `psql` is a wrapper that looks for the machine's own clusters.
psql="$postgres_bin/psql"

cluster=$(mktemp -d /tmp/spectrum-sqlx-XXXXXX)
as_server=()
if [ "$(id -u)" -eq 0 ]; then
    # PostgreSQL refuses to run as root.
    user=postgres
    id "$user" >/dev/null 2>&1 || user=nobody
    chown "$user" "$cluster"
    as_server=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
fi
server() { (cd / && env -i PATH="$PATH" LC_ALL=C "${as_server[@]}" "$postgres_bin/$1" "${@:2}"); }
prepared=
finish() {
    server pg_ctl stop -D "$cluster/data" -m immediate -s >/dev/null 2>&1 || true
    rm -rf "$cluster" ${prepared:+"$prepared"}
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

step "Starting a PostgreSQL for the queries"
# Without autovacuum: what may be NULL is read from the plans, which change with statistics.
server initdb -D "$cluster/data" -U spectrum_admin --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null
server pg_ctl start -w -s -D "$cluster/data" -l "$cluster/log" \
    -o "-c listen_addresses='' -c unix_socket_directories=$cluster -c port=5432 -c fsync=off -c autovacuum=off" >/dev/null
"$psql" -X -q -h "$cluster" -p 5432 -U spectrum_admin -d postgres -c 'CREATE DATABASE spectrum'
for migration in $(printf '%s\n' migrations/*.sql | sort); do
    [ -f "$migration" ] || continue
    "$psql" -X -q -h "$cluster" -p 5432 -U spectrum_admin -d spectrum -v ON_ERROR_STOP=1 -1 -f "$migration" >/dev/null ||
        fail "$migration does not apply"
done

prepared=$(mktemp -d "${TMPDIR:-/tmp}/spectrum-queries-XXXXXX")
step "Compiling the queries against it"
# The macros write what they learn when they expand; cargo expands again what looks newer than its last build.
find server/core/src server/src -name lib.rs -maxdepth 1 -exec touch {} +
touch server/src/main.rs
socket=$(printf '%s' "$cluster" | sed 's,/,%2F,g')
SQLX_OFFLINE=false SQLX_OFFLINE_DIR="$prepared" DATABASE_URL="postgres://spectrum_admin@$socket:5432/spectrum" \
    cargo check -p spectrum-core -p server --all-targets

queries=$(find "$prepared" -name 'query-*.json' | wc -l)
if [ "${1:-}" = --check ]; then
    mkdir -p .sqlx
    if ! diff -rq "$prepared" .sqlx; then
        fail ".sqlx is not what the code and the migrations say: run make sqlx and commit it"
    fi
    say "sqlx: $queries queries, all as committed"
else
    rm -rf .sqlx
    mkdir .sqlx
    find "$prepared" -name 'query-*.json' -exec cp {} .sqlx/ \;
    say "sqlx: $queries queries written to .sqlx ($(elapsed))"
fi
