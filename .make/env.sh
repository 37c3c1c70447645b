# What every script of this folder needs first: the checkout's root, a usable HOME, the tools' places, and words for progress.
# Sourced, never run.
# shellcheck shell=bash disable=SC2034
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"
cache="$root/.cache"
tools="$root/end2end"
push_peers="$root/server/push/peers"
oracle="$root/server/domain/oracle"
setup_state="$cache/setup"
mkdir -p "$setup_state"

# In odd roots (containers, service users) HOME is unset or cannot be written to. The tools that are there keep being
# found through the old HOME; what has to be written goes below the checkout.
if [ -z "${HOME:-}" ]; then
    HOME=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6) || HOME=
fi
if [ -n "$HOME" ] && [ -d "$HOME/.cargo/bin" ]; then PATH="$HOME/.cargo/bin:$PATH"; fi
if [ -n "${CARGO_HOME:-}" ]; then PATH="$CARGO_HOME/bin:$PATH"; fi
if [ -z "$HOME" ] || ! mkdir -p "$HOME" 2>/dev/null || [ ! -w "$HOME" ]; then
    if [ -z "${RUSTUP_HOME:-}" ] && [ -d "$HOME/.rustup" ]; then export RUSTUP_HOME="$HOME/.rustup"; fi
    HOME="$cache/home"
    mkdir -p "$HOME"
    unset XDG_CACHE_HOME
fi
export HOME PATH

# Some accounts have neither sbin on their PATH, where Debian keeps what a package installation calls.
case ":$PATH:" in *:/usr/sbin:*) ;; *) PATH="$PATH:/usr/sbin:/sbin" ;; esac

started=$SECONDS
say() { printf '%s\n' "$*"; }
step() { printf '\n==> %s (%s)\n' "$*" "$(elapsed)"; }
fail() {
    printf '\nerror: %s\n' "$*" >&2
    exit 1
}
elapsed() {
    local seconds=$((SECONDS - started))
    printf '%d:%02d min' $((seconds / 60)) $((seconds % 60))
}

# Runs a command that would print too much, with a sign of life every ten seconds; its output is shown only when it fails.
long() {
    local label=$1 log begin=$SECONDS status=0 job next=10
    shift
    log="$setup_state/$(printf '%s' "$label" | tr -cs 'A-Za-z0-9' '-').log"
    step "$label"
    "$@" >"$log" 2>&1 </dev/null &
    job=$!
    # A background job of a script ignores Ctrl-C by itself.
    trap 'kill "$job" 2>/dev/null; exit 130' INT
    trap 'kill "$job" 2>/dev/null; exit 143' TERM
    while kill -0 "$job" 2>/dev/null; do
        sleep 0.2
        if [ $((SECONDS - begin)) -ge "$next" ]; then
            say "    … $next s"
            next=$((next + 10))
        fi
    done
    wait "$job" || status=$?
    trap - INT TERM
    if [ "$status" -ne 0 ]; then
        tail -n 40 "$log" >&2
        fail "$label did not work (the whole output is in $log)"
    fi
    say "    done in $((SECONDS - begin)) s"
}

# 1.96.0-nightly >= 1.95? Prints nothing; the answer is the exit status.
at_least() {
    local have=${1%%-*} want=$2
    [ "$(printf '%s\n%s\n' "$want" "$have" | sort -V | head -n 1)" = "$want" ]
}

# One hash over files and folders, in which those that are not there count for nothing.
hash_files() { { find "$@" -type f -print0 2>/dev/null || true; } | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -c1-32; }

wanted_rust() { sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml | head -n 1; }
wanted_wasm_bindgen() { sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"/\1/p}' Cargo.lock; }
wasm_bindgen_root() { printf '%s/spectrum/wasm-bindgen-%s' "${XDG_CACHE_HOME:-$HOME/.cache}" "$(wanted_wasm_bindgen)"; }

# The oldest Node.js that the browser tests' driver accepts; the one that is installed when the machine's is older.
oldest_node=20
oldest_node_of_lighthouse=22.19
own_node="$cache/node/node_modules/node-linux-$(case $(uname -m) in aarch64 | arm64) echo arm64 ;; *) echo x64 ;; esac)/bin"

# A checkout that was set up with the distribution's Rust must not fall back to an older one that comes first in PATH.
path_of_the_machine=$PATH
find_tools() {
    PATH=$path_of_the_machine
    if [ -x "$own_node/node" ]; then PATH="$own_node:$PATH"; fi
    if [ -f "$setup_state/rust.env" ]; then
        # shellcheck disable=SC1091
        . "$setup_state/rust.env"
    fi
}
find_tools

# Installs what is missing, and finds what was installed just now: a script that goes on after it on a bare machine would
# otherwise look for Rust and Node.js where they are not.
set_up() {
    PATH=$path_of_the_machine .make/setup.sh "$@"
    hash -r
    find_tools
}

export CARGO_TERM_PROGRESS_WHEN="${CARGO_TERM_PROGRESS_WHEN:-auto}"
# Where the built server is; a person may have moved cargo's target directory.
target="${CARGO_TARGET_DIR:-$root/target}"
spectrum="$target/debug/spectrum"
