#!/usr/bin/env bash
# Builds the code that reaches the browser, the style sheet and the static files into target/site, named by their content.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# With --quick (make dev) the size steps are left out; the files have the same names and places.
quick=no
if [ "${1:-}" = --quick ]; then quick=yes; fi

if [ ! -f "$setup_state/front.env" ]; then fail "run make setup first"; fi
# shellcheck disable=SC1091
. "$setup_state/front.env"

# The server looks for it in the checkout, wherever cargo builds.
site="$root/target/site"
stamp="$root/target/site.inputs"
work="$target/front/site"
mkdir -p "$work" "$root/target"

inputs=$(
    printf '%s %s %s ' "$quick" "$front_rustc" "$front_std"
    hash_files app/src app/Cargo.toml server/domain Cargo.toml Cargo.lock .cargo style public .make/front.sh .make/front-pack.mjs end2end/package-lock.json
)
if [ -f "$site/assets.json" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$inputs" ]; then
    say "front: nothing changed"
    exit 0
fi
rm -f "$stamp"

step "Compiling the browser code to WebAssembly"
# Its own target directory: where this machine's toolchain has no wasm32 standard library another one does this build,
# and two toolchains in one directory rebuild everything at each change of hands.
arguments=(build -p app --lib --features hydrate --profile wasm-release --target wasm32-unknown-unknown --target-dir "$target/front")
if [ "$front_std" = built ]; then
    # Cargo builds the standard library itself, which it does on a stable toolchain only when told so.
    RUSTC="$front_rustc" RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19 \
        "$front_cargo" "${arguments[@]}" -Zbuild-std=std,panic_abort -Zbuild-std-features=optimize_for_size
else
    RUSTC="$front_rustc" "$front_cargo" "${arguments[@]}"
fi
raw="$target/front/wasm32-unknown-unknown/wasm-release/app.wasm"

compiled="$quick $(sha256sum "$raw" | cut -c1-32) $(sha256sum "$tools/package-lock.json" .make/front.sh | sha256sum | cut -c1-32)"
if [ "$(cat "$work/compiled" 2>/dev/null)" != "$compiled" ]; then
    rm -rf "$work/compiled" "$work/bindgen"
    step "Making its glue, and both smaller"
    # No default path in the glue: the page names the hashed file, and a default could only ever ask for one that is not there.
    "$(wasm_bindgen_root)/bin/wasm-bindgen" "$raw" --target web --no-typescript --omit-default-module-path \
        --out-name spectrum --out-dir "$work/bindgen"
    if [ "$quick" = no ]; then
        # The features are those that rustc turns on by itself for this target; without naming them wasm-opt refuses the module.
        "$tools/node_modules/.bin/wasm-opt" "$work/bindgen/spectrum_bg.wasm" -o "$work/bindgen/small.wasm" \
            -Oz --converge --strip-debug --strip-producers --strip-target-features \
            --enable-bulk-memory --enable-bulk-memory-opt --enable-call-indirect-overlong --enable-multivalue \
            --enable-mutable-globals --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext
        mv "$work/bindgen/small.wasm" "$work/bindgen/spectrum_bg.wasm"
    fi
    # Bundled as well: the snippets of dependencies would be requests of their own.
    "$tools/node_modules/.bin/esbuild" "$work/bindgen/spectrum.js" --bundle --minify --format=esm --target=es2022 \
        --legal-comments=none --log-level=warning --outfile="$work/bindgen/spectrum.min.js"
    printf '%s\n' "$compiled" >"$work/compiled"
fi

rm -f "$work/spectrum.css"
if [ -f style/main.css ]; then
    # Browsers since the middle of 2024 know nesting and light-dark(): rewriting those for older ones doubles the sheet.
    "$tools/node_modules/.bin/lightningcss" --bundle --minify --targets 'chrome >= 123, firefox >= 121, safari >= 17.5' style/main.css -o "$work/spectrum.css"
fi

# The old site stays until the new one is whole.
rm -rf "$site.new"
pack=()
if [ "$quick" = yes ]; then pack+=(--quick); fi
node .make/front-pack.mjs --bindgen "$work/bindgen" --css "$work/spectrum.css" --public public --out "$site.new" "${pack[@]}"
rm -rf "$site"
mv "$site.new" "$site"
printf '%s\n' "$inputs" >"$stamp"
say "front: built in $(elapsed)"
