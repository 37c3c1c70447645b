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
# Pages may be read from right to left: a side is named by where reading begins, never by left and right. What has four values
# names its sides as well; they may differ only from top to bottom.
physical=$(grep -nE '(margin|padding|border|inset|scroll-(margin|padding))-(left|right)|(^|[;{ ])(left|right) *:|(text-align|float|clear) *: *(left|right)' style/*.css | grep -v 'safe-area-inset-' || true)
uneven=$(grep -nE '^ *(margin|padding|inset|border-(width|style|color)) *:' style/*.css | awk -F': *' '{
    value = $NF; sub(/;.*/, "", value); depth = 0; n = 1; part[1] = ""
    for (i = 1; i <= length(value); i++) {
        c = substr(value, i, 1)
        if (c == "(") depth++
        if (c == ")") depth--
        if (c == " " && depth == 0) { n++; part[n] = "" } else part[n] = part[n] c
    }
    if (n == 4 && part[2] != part[4]) print
}')
if [ -n "$physical$uneven" ]; then
    say "style names a side by left or right: use the logical property (margin-inline, inset-inline, border-inline-end …)"
    printf '%s\n' "$physical" "$uneven" >&2
    status=1
fi
exit "$status"
