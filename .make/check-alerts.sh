#!/usr/bin/env bash
# Checks every file of rules with promtool, and that each alert fires when it should and only then.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

promtool=$(command -v promtool || true)
if [ -z "$promtool" ]; then
    # Taken out of Debian's package without installing it: installed, it would start a Prometheus.
    promtool="$cache/promtool/usr/bin/promtool"
    if [ ! -x "$promtool" ]; then
        command -v apt-get >/dev/null && command -v dpkg >/dev/null || {
            say "left out: promtool is not here, and this is no Debian to take it from"
            exit 0
        }
        download=$(mktemp -d)
        trap 'rm -rf "$download"' EXIT
        if ! (cd "$download" && apt-get download -q prometheus >log 2>&1); then
            say "left out: promtool is not here and could not be fetched ($(tail -n 1 "$download/log"))"
            exit 0
        fi
        mkdir -p "$cache/promtool"
        dpkg -x "$download"/prometheus_*.deb "$cache/promtool"
    fi
fi
cd docs/operating
shopt -s nullglob
tests=(*_test.yml)
rules=()
for file in *.yml; do
    case $file in *_test.yml) ;; *) rules+=("$file") ;; esac
done
"$promtool" check rules "${rules[@]}"
"$promtool" test rules "${tests[@]}"
