#!/usr/bin/env bash
# Trains the model anew from the data and compares every byte with the committed one. DATA names the folder of data sets.
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

data="${DATA:-../shared/data}"
committed=server/analyzer/model/spectrum.model
[ -d "$data" ] || fail "no data sets in $data: name their folder by DATA=…"
set_up
.make/build.sh
again="$target/verify/spectrum.model"
mkdir -p "$(dirname "$again")"
step "Training the model from $data (two to four minutes)"
"$spectrum" train --data "$data" --out "$again"
step "Comparing"
sha256sum "$committed" "$again"
cmp "$committed" "$again" || fail "the trained model is not the committed one"
cmp "$committed.metrics.json" "$again.metrics.json" || fail "the figures are not the committed ones"
say "the same to the byte ($(elapsed))"
