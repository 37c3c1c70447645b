#!/usr/bin/env bash
# Lets schemathesis loose on a running Spectrum, with the API's own description and a host's key: nothing it thinks of may be
# answered with a 5xx or otherwise than is described. Half a minute; with --long a quarter of an hour.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

inside=no seconds=30 examples=60
for argument in "$@"; do
    case $argument in
    --inside) inside=yes ;;
    --long) seconds=900 examples=2000 ;;
    *) fail "schemathesis: I don't know $argument" ;;
    esac
done
[ "$inside" = yes ] || exec "$spectrum" postgres run -- "$0" --inside "$@"

work=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; fi
    rm -rf "$work"
}
trap finish EXIT

# One caller asks as fast as it can, which is what the limits are there to stop; they have tests of their own.
export SPECTRUM_SECRETS_MASTER_KEY=0707070707070707070707070707070707070707070707070707070707070707 \
    SPECTRUM_HTTP_BIND=127.0.0.1:0 SPECTRUM_METRICS_BIND=127.0.0.1:0 SPECTRUM_LOG_FORMAT=json \
    SPECTRUM_LIMITS_HOST_KEY=off SPECTRUM_LIMITS_MEMBER=off SPECTRUM_LIMITS_ADDRESS=off SPECTRUM_LIMITS_SIGN_IN=off
"$spectrum" migrate
key=$("$spectrum" host-key create --host schemathesis)
"$spectrum" serve >"$work/log" 2>&1 &
server=$!
address=
for _ in $(seq 300); do
    address=$(grep -o 'Some(127.0.0.1:[0-9]*)' "$work/log" | head -n 1 | tr -dc '0-9.:' || true)
    [ -z "$address" ] || break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
done
if [ -z "$address" ]; then
    tail -n 20 "$work/log" >&2
    fail "the server did not start"
fi

status=0
"$cache/python/bin/schemathesis" --config-file .make/schemathesis.toml run "http://$address/api/openapi.json" \
    --header "Authorization: Bearer $key" --checks all --max-examples "$examples" --max-time "$seconds" \
    --workers 1 --request-timeout 20 --seed 4711 --continue-on-failure || status=$?
# A panic that was caught is a 5xx, and would have been found; one in a task of its own would not.
if grep -q 'panicked' "$work/log"; then
    grep 'panicked' "$work/log" | head -n 5 >&2
    fail "something panicked"
fi
exit "$status"
