#!/usr/bin/env bash
# Installs what is missing to build and run Spectrum, with --browser what its browser tests need, with --lighthouse what
# judges its pages besides, with --schemathesis what tries the API out, with --push the push channels' counterparts, with --effect
# what reckons the team's numbers a second time, with --wrk what asks for many pages at once and with --h2load the same for
# HTTP/2; nothing is installed twice.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

browser=no lighthouse=no schemathesis=no push=no effect=no wrk=no h2load=no
for argument in "$@"; do
    case $argument in
    --browser) browser=yes ;;
    --lighthouse) browser=yes lighthouse=yes ;;
    --schemathesis) schemathesis=yes ;;
    --push) push=yes ;;
    --effect) effect=yes ;;
    --wrk) wrk=yes ;;
    --h2load) h2load=yes ;;
    *) fail "setup: I don't know $argument" ;;
    esac
done

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

may_become_root() {
    [ "$(id -u)" -eq 0 ] && return 0
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null && return 0
    # With a terminal sudo can ask for the password, once, now: the installation itself runs in the background.
    [ -t 0 ] && say "Some packages are missing; sudo asks for your password to install them." && sudo -v
}

# Prints the first cargo on PATH, then the distribution's, that is new enough.
find_cargo() {
    local candidate version
    for candidate in "$(command -v cargo || true)" /usr/bin/cargo; do
        [ -x "$candidate" ] || continue
        version=$("$candidate" --version 2>/dev/null | cut -d' ' -f2) || continue
        if [ -n "$version" ] && at_least "$version" "$(wanted_rust)"; then
            printf '%s' "$candidate"
            return 0
        fi
    done
    return 1
}

find_postgres() {
    local bin
    for bin in ${SPECTRUM_POSTGRES_BIN:-} $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$(dirname "$(command -v postgres || echo /none/postgres)")"; do
        [ -x "$bin/initdb" ] && [ -x "$bin/postgres" ] || continue
        at_least "$("$bin/postgres" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')" 15 && return 0
    done
    return 1
}

find_browser() {
    [ -x "${SPECTRUM_CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null
}

wasm_std_is_there() {
    compgen -G "$("$1" --print target-libdir --target wasm32-unknown-unknown 2>/dev/null)/libstd-*.rlib" >/dev/null
}

# --- packages of the distribution, all in one go -----------------------------------------------------------------------

packages=()
cargo=$(find_cargo) || cargo=
if [ -z "$cargo" ] && command -v rustup >/dev/null; then
    long "Installing a current Rust with rustup" rustup toolchain install stable --profile minimal --component clippy --component rustfmt
    export RUSTUP_TOOLCHAIN=stable
    cargo=$(find_cargo) || cargo=
fi
if [ -z "$cargo" ]; then packages+=(rustc-web cargo-web rust-web-src lld-19); fi
command -v cc >/dev/null || packages+=(gcc libc6-dev)
[ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/pki/tls/certs/ca-bundle.crt ] || packages+=(ca-certificates)
find_postgres || packages+=(postgresql)
command -v node >/dev/null && command -v npm >/dev/null || packages+=(nodejs npm)
if [ "$browser" = yes ] && ! find_browser; then packages+=(chromium fonts-liberation); fi
# Debian keeps what makes a folder of Python packages in a package of its own.
if [ "$schemathesis$push$effect" != nonono ] && ! python3 -c 'import ensurepip, venv' 2>/dev/null; then packages+=(python3-venv); fi
if [ "$wrk" = yes ] && ! command -v wrk >/dev/null; then packages+=(wrk); fi
if [ "$h2load" = yes ] && ! command -v h2load >/dev/null; then packages+=(nghttp2-client); fi

install_packages() {
    # Its own cluster is of no use here and would hold a port: the package's installation is told not to make one.
    local only_now=/etc/postgresql-common/createcluster.d/spectrum-no-cluster.conf status=0
    case " $* " in *" postgresql "*)
        as_root mkdir -p "$(dirname "$only_now")"
        printf 'create_main_cluster = false\nstart_conf = manual\n' | as_root tee "$only_now" >/dev/null
        ;;
    esac
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 update || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@" || status=$?
    as_root rm -f "$only_now"
    return "$status"
}

if [ ${#packages[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null; then
        fail "missing: ${packages[*]} (Debian's names). Install Rust $(wanted_rust) or newer with rustup, PostgreSQL 15 or newer, Node.js $oldest_node or newer with npm, a C compiler$([ "$browser" = yes ] && printf ', Chromium'), then try again."
    fi
    if ! may_become_root; then
        fail "these packages are missing and I may not install them. As root: apt-get install --no-install-recommends ${packages[*]}"
    fi
    long "Installing ${packages[*]}" install_packages "${packages[@]}"
    hash -r
    cargo=$(find_cargo) || fail "no Rust $(wanted_rust) or newer, even after the installation: install it with rustup, then try again."
fi

# --- Rust, and the standard library of the browser ----------------------------------------------------------------------

rustc="$(dirname "$cargo")/rustc"
{
    # A cargo that is not the first on PATH, or a toolchain that had to be named, is remembered for the other scripts.
    # shellcheck disable=SC2016
    [ "$cargo" = "$(PATH=$path_of_the_machine command -v cargo || true)" ] || printf 'PATH="%s:$PATH"\n' "$(dirname "$cargo")"
    # shellcheck disable=SC2016
    [ -z "${RUSTUP_TOOLCHAIN:-}" ] || printf 'export RUSTUP_TOOLCHAIN="${RUSTUP_TOOLCHAIN:-%s}"\n' "$RUSTUP_TOOLCHAIN"
} >"$setup_state/rust.env"

front_cargo=$cargo front_rustc=$rustc front_std=installed
if ! wasm_std_is_there "$rustc"; then
    if command -v rustup >/dev/null; then
        step "Installing the wasm32 standard library with rustup"
        rustup target add wasm32-unknown-unknown || say "    rustup could not: building it from its source instead"
    fi
    if ! wasm_std_is_there "$rustc"; then
        front_std=built
        # Debian's Rust comes with the source of the standard library in a package of its own and without a WebAssembly linker.
        front_cargo=/usr/bin/cargo front_rustc=/usr/bin/rustc
        missing=()
        at_least "$("$front_cargo" --version 2>/dev/null | cut -d' ' -f2 || echo 0)" "$(wanted_rust)" || missing+=(rustc-web cargo-web)
        [ -x "$front_rustc" ] && [ -e "$("$front_rustc" --print sysroot)/lib/rustlib/src/rust/library/std/Cargo.toml" ] || missing+=(rust-web-src)
        command -v wasm-ld-19 >/dev/null || missing+=(lld-19)
        if [ ${#missing[@]} -gt 0 ]; then
            if ! command -v apt-get >/dev/null || ! may_become_root; then
                fail "the wasm32-unknown-unknown standard library is missing: rustup target add wasm32-unknown-unknown, or as root: apt-get install --no-install-recommends ${missing[*]}"
            fi
            long "Installing ${missing[*]}" install_packages "${missing[@]}"
        fi
    fi
fi
printf 'front_cargo=%q front_rustc=%q front_std=%q\n' "$front_cargo" "$front_rustc" "$front_std" >"$setup_state/front.env"

# --- wasm-bindgen: the version must be the lock file's to the digit ------------------------------------------------------

version=$(wanted_wasm_bindgen)
bindgen_root=$(wasm_bindgen_root)
if [ ! -x "$bindgen_root/bin/wasm-bindgen" ]; then
    step "Building wasm-bindgen $version (two to three minutes, once)"
    # Into its own folder outside target/: it outlives `make clean` and serves every checkout of this user. A target
    # directory that a person has set would keep its build products for nothing. The lock file that the tool ships may
    # name a version that its registry has withdrawn or does not carry yet: then the versions that fit have to do.
    install_wasm_bindgen() {
        env -u CARGO_TARGET_DIR "$cargo" install wasm-bindgen-cli --no-default-features --version "$version" --root "$bindgen_root" "$@"
    }
    install_wasm_bindgen --locked || install_wasm_bindgen
fi

# --- Node.js packages ----------------------------------------------------------------------------------------------------

needed_node=$oldest_node
if [ "$lighthouse" = yes ]; then needed_node=$oldest_node_of_lighthouse; fi
have_node=$(node --version 2>/dev/null || true)
if [ "$browser" = yes ] && ! at_least "${have_node#v}" "$needed_node"; then
    # Not in package.json: it would weigh 100 MB on every machine whose own Node.js is new enough.
    package=$(basename "$(dirname "$own_node")")
    version=$(node -p "JSON.parse(require('fs').readFileSync('$tools/package.json','utf8')).config.node")
    mkdir -p "$cache/node"
    [ -e "$cache/node/package.json" ] || printf '{"private":true}\n' >"$cache/node/package.json"
    long "Installing Node.js $version beside the system's $(node --version)" \
        npm install --prefix "$cache/node" --no-save --no-audit --no-fund "$package@$version"
    PATH="$own_node:$PATH"
    hash -r
fi

packages_key="$(sha256sum "$tools/package.json" "$tools/package-lock.json" | sha256sum | cut -c1-32) $(uname -m)"
if [ ! -d "$tools/node_modules" ] || [ "$(cat "$setup_state/npm" 2>/dev/null)" != "$packages_key" ]; then
    rm -f "$setup_state/npm"
    long "Installing the Node.js packages of end2end/" npm ci --prefix "$tools" --no-audit --no-fund
    printf '%s\n' "$packages_key" >"$setup_state/npm"
fi

# Apart from the others: they weigh as much as all of those together, and only `make lighthouse` needs them.
if [ "$lighthouse" = yes ]; then
    lighthouse_key=$(sha256sum "$tools/lighthouse/package-lock.json" | cut -c1-32)
    if [ ! -d "$tools/lighthouse/node_modules" ] || [ "$(cat "$setup_state/lighthouse" 2>/dev/null)" != "$lighthouse_key" ]; then
        rm -f "$setup_state/lighthouse"
        long "Installing Lighthouse" npm ci --prefix "$tools/lighthouse" --no-audit --no-fund
        printf '%s\n' "$lighthouse_key" >"$setup_state/lighthouse"
    fi
fi

# Clients and servers of push that nobody here wrote.
if [ "$push" = yes ]; then
    push_key=$(sha256sum "$push_peers/package-lock.json" | cut -c1-32)
    if [ ! -d "$push_peers/node_modules" ] || [ "$(cat "$setup_state/push" 2>/dev/null)" != "$push_key" ]; then
        rm -f "$setup_state/push"
        long "Installing the push channels' counterparts in Node.js" npm ci --prefix "$push_peers" --no-audit --no-fund
        printf '%s\n' "$push_key" >"$setup_state/push"
    fi
fi

# --- Python packages, in folders of their own ------------------------------------------------------------------------------

# A folder of the cache, what its packages are called, and the list of them.
python_packages() {
    local folder=$1 label=$2 list=$3 key
    key="$(sha256sum "$list" | cut -c1-32) $(python3 --version)"
    if [ ! -x "$cache/$folder/bin/python" ] || [ "$(cat "$setup_state/$folder" 2>/dev/null)" != "$key" ]; then
        rm -rf "${cache:?}/$folder" "$setup_state/$folder"
        python3 -m venv "$cache/$folder"
        long "Installing $label" "$cache/$folder/bin/pip" install --disable-pip-version-check -r "$list"
        printf '%s\n' "$key" >"$setup_state/$folder"
    fi
}
if [ "$schemathesis" = yes ]; then python_packages python schemathesis .make/schemathesis.txt; fi
if [ "$push" = yes ]; then
    python_packages python-push "the push channels' counterparts in Python" "$push_peers/requirements.txt"
fi
if [ "$effect" = yes ]; then
    python_packages python-effect "the other implementation of the team's numbers" "$oracle/requirements.txt"
fi

say "setup: all there ($(elapsed))"
