#!/usr/bin/env bash
# Holds the house in order: the top level has only what the architecture names, and every script here parses.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

status=0
while IFS= read -r entry; do
    case $entry in
    .* | Cargo.toml | Cargo.lock | Makefile | README.md | CHANGELOG.md | NOTICE | LICENSE) ;;
    app | server | style | public | migrations | end2end | docs) ;;
    *)
        say "not at home at the top level: $entry"
        status=1
        ;;
    esac
done < <(git ls-files | cut -d/ -f1 | sort -u)

for script in .make/*.sh .ci/run; do
    bash -n "$script" || status=1
    # The first line of prose says what a script is for.
    sed -n '1{/^#!/!p};2p' "$script" | grep -q '^# ' || {
        say "does not open with what it is for: $script"
        status=1
    }
done
exit "$status"
