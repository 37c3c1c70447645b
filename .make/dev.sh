#!/usr/bin/env bash
# Runs the demo and does the building and starting again whenever a source file was saved; Ctrl-C ends it.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

set_up
watched=(app server style public migrations Cargo.toml Cargo.lock)
mark="$setup_state/dev-mark"
running=
stop() {
    [ -n "$running" ] || return 0
    kill -TERM "$running" 2>/dev/null || true
    wait "$running" 2>/dev/null || true
    running=
}
trap 'stop; exit 0' INT TERM
trap stop EXIT

wait_for_change() {
    if command -v inotifywait >/dev/null; then
        # In the background and waited for: bash acts on Ctrl-C only between commands.
        [ -n "$(find "${watched[@]}" -newer "$mark" -type f -print -quit)" ] ||
            inotifywait -q -q -r -t 5 -e close_write,move,create,delete "${watched[@]}" || true
    fi
    while [ -z "$(find "${watched[@]}" -newer "$mark" -print -quit)" ]; do
        sleep 0.5
    done
    # An editor or a version control system writes many files: they belong to one build.
    sleep 0.3
}

while true; do
    touch "$mark"
    if .make/front.sh --quick && .make/build.sh; then
        stop
        "$spectrum" demo "$@" &
        running=$!
    else
        say "dev: does not build; waiting for the next change"
    fi
    wait_for_change
    step "Something changed"
done
