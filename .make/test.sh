#!/usr/bin/env bash
# Runs every test there is and ends with one line that counts them.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

set_up --browser --schemathesis --push --effect
.make/front.sh

log="$setup_state/test.log"
: >"$log"
passed=0
failed=0
failures=()

# One check that is a script of its own: its exit status counts as one test, unless it ends with a count.
check() {
    local label=$1 output status=0 line
    shift
    step "$label"
    output="$setup_state/check.log"
    "$@" 2>&1 | tee "$output" || status=$?
    cat "$output" >>"$log"
    line=$(grep -Eo '^[0-9]+ passed, [0-9]+ failed' "$output" | tail -n 1 || true)
    if [ -n "$line" ]; then
        passed=$((passed + ${line%% *}))
        line=${line#*, }
        failed=$((failed + ${line%% *}))
        [ "${line%% *}" -eq 0 ] && [ "$status" -eq 0 ] || failures+=("$label")
        if [ "${line%% *}" -eq 0 ] && [ "$status" -ne 0 ]; then failed=$((failed + 1)); fi
    elif [ "$status" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        failures+=("$label")
    fi
}

# --- the Rust tests: one build for everything ------------------------------------------------------------------------------

# `cargo build` would leave out what the tests' own dependencies turn on, and everything would be compiled twice: the tests'
# build makes the binary as well. Never --all-features: `ssr` and `hydrate` exclude each other.
rust_tests=(--workspace --features app/ssr)
step "Building the server and its tests"
status=0
cargo test "${rust_tests[@]}" --no-run || status=$?
if [ "$status" -ne 0 ]; then
    say "0 passed, 1 failed"
    fail "the tests do not compile"
fi

step "Running the Rust tests on a PostgreSQL of their own"
status=0
"$spectrum" postgres run -- cargo test "${rust_tests[@]}" --no-fail-fast 2>&1 | tee "$log" || status=$?
counts=$(sed -n 's/^test result: [a-zA-Z]*\. \([0-9]*\) passed; \([0-9]*\) failed;.*/\1 \2/p' "$log" | awk '{p += $1; f += $2} END {print p + 0, f + 0}')
passed=$((passed + ${counts% *}))
failed=$((failed + ${counts#* }))
if [ "$status" -ne 0 ]; then
    failures+=("Rust tests")
    # A test program that dies of a signal is in nobody's count.
    if [ "${counts#* }" -eq 0 ]; then failed=$((failed + 1)); fi
fi

# --- the shape of the build, and the browser ------------------------------------------------------------------------------------

check "The browser code carries no server" .make/check-front-graph.sh
check "The alert rules fire when they should" .make/check-alerts.sh
check "The scripts parse, and no file is out of place" .make/check-tree.sh
# A demo of its own, thrown away: every page and endpoint once, as each kind of person.
demo_check() {
    local data
    data=$(mktemp -d "${TMPDIR:-/tmp}/spectrum-demo-XXXXXX")
    # Where root runs this, PostgreSQL runs as another user, who has to be able to pass through.
    chmod 711 "$data"
    "$spectrum" demo --check --data-dir "$data"
    local status=$?
    rm -rf "$data"
    return "$status"
}
check "The demo answers on every page and endpoint" demo_check
check "Schemathesis on the running API" .make/schemathesis.sh
check "The push channels against clients and servers nobody here wrote" .make/test-push.sh
check "The team's numbers against another implementation" .make/test-effect.sh
if [ -f end2end/run.mjs ]; then
    check "Journeys in a real browser" env SPECTRUM_BIN="$spectrum" node end2end/run.mjs
fi

say ""
if [ ${#failures[@]} -gt 0 ]; then
    grep -E '^test .* \.\.\. FAILED$|^    [a-z_:]+$' "$log" | sort -u | head -n 50 || true
    # What each of the Rust tests said when it failed, cut short: some print a whole page.
    awk '/^---- .* stdout ----$/ {said = 1} /^failures:$/ {said = 0} said' "$log" | cut -c 1-600 | head -n 100 || true
    printf 'failed: %s\n' "${failures[@]}"
fi
say "took $(elapsed); the whole output of the tests is in $log"
say "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ ${#failures[@]} -eq 0 ]
