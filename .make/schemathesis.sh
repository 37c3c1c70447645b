#!/usr/bin/env bash
# Lets schemathesis loose on a running Spectrum, with the API's own description, once as a host and once as a member: nothing it
# thinks of may be answered with a 5xx or otherwise than is described. Half a minute each; with --long ten minutes each.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

inside=no seconds=30 examples=60
for argument in "$@"; do
    case $argument in
    --inside) inside=yes ;;
    --long) seconds=600 examples=2000 ;;
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
key=$("$spectrum" host-key create --host schemathesis --scopes events,members,erasure)
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

# A member with a session, and a token that their host has signed for the hours this may take.
curl -fsS -X PUT "http://$address/api/v1/members/ada" -H "Authorization: Bearer $key" -H 'Content-Type: application/json' -d '{}' >/dev/null
token=$(node - "$work/keys.json" <<'SIGN'
const { generateKeyPairSync, sign } = require("node:crypto");
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
require("node:fs").writeFileSync(process.argv[2], JSON.stringify({ keys: [publicKey.export({ format: "jwk" })] }));
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const claims = { iss: "https://host.example", sub: "ada", aud: "spectrum", exp: Math.floor(Date.now() / 1000) + 36000 };
const text = `${part({ alg: "EdDSA" })}.${part(claims)}`;
console.log(`${text}.${sign(null, Buffer.from(text), privateKey).toString("base64url")}`);
SIGN
)
"$spectrum" host-issuer set --host schemathesis --issuer https://host.example --key-set "$work/keys.json"

status=0
# A credential, and what it is let loose on with it.
try() {
    local credential=$1
    shift
    "$cache/python/bin/schemathesis" --config-file .make/schemathesis.toml run "http://$address/api/openapi.json" \
        --header "Authorization: Bearer $credential" "$@" --checks all --max-examples "$examples" \
        --max-time "$seconds" --workers 1 --request-timeout 20 --seed 4711 --continue-on-failure || status=$?
}
step "As a host"
try "$key" --include-tag events --include-tag members
step "As a member"
# A fresh start takes along what others have just made, so it is tried by itself.
reset=/api/v1/spectrum/reset
try "$token" --include-tag insight --include-tag control --exclude-path "$reset"
try "$token" --include-path "$reset"
# A panic that was caught is a 5xx, and would have been found; one in a task of its own would not.
if grep -q 'panicked' "$work/log"; then
    grep 'panicked' "$work/log" | head -n 5 >&2
    fail "something panicked"
fi
exit "$status"
