#!/usr/bin/env bash
# Holds the fake of APNs and FCM against clients that nobody here wrote, and our own channels against those clients, Google's
# schema and a server of Web Push; ends with one line that counts.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

set_up --push
# Word for word as the tests are built, these programs among them: after them there is nothing left to build.
cargo test --workspace --features app/ssr --no-run
export PUSH_FAKE="$target/debug/examples/push-fake" PUSH_SEND="$target/debug/examples/push-send"

passed=0 failed=0
try() {
    if timeout 60 "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}
step "The fake, as others see it"
try node "$push_peers/node_apn.mjs"
try "$cache/python-push/bin/python" "$push_peers/aioapns_peer.py"
try "$cache/python-push/bin/python" "$push_peers/google_client.py"
try "$cache/python-push/bin/python" "$push_peers/firebase.py"
step "Our channels, as others see them"
try node "$push_peers/same_as_node_apn.mjs"
try "$cache/python-push/bin/python" "$push_peers/schema.py"
try node "$push_peers/web_push.mjs"
say "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
