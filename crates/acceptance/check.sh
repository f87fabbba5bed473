#!/usr/bin/env bash
# Nothing is compiled twice on the way from the first coffee to the tests: two lists of features of
# one dependency would let an attendee wait for it again. Quick after `cargo test --workspace`, whose
# build it uses.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../.ci/lib.sh"
cd "$root"

# The files of the dependencies that a cargo command needs; each is named after its features.
libraries() {
  cargo "$@" --locked --message-format=json |
    grep '"reason":"compiler-artifact","package_id":"registry+' |
    grep -o '"filenames":\["[^"]*' | sort -u
}

# once CARGO-ARGUMENTS -- CARGO-ARGUMENTS: the second command needs no file anew that the first has.
once() {
  local first=() again
  while [[ $1 != -- ]]; do first+=("$1") && shift; done
  shift
  step "cargo $*, after cargo ${first[*]}"
  libraries "${first[@]}" >"$tools/first"
  grep -q 'libtokio-' "$tools/first" || fail "tokio is not among the dependencies of cargo ${first[*]}"
  again=$(libraries "$@" | comm -23 "$tools/first" -)
  [[ -z $again ]] || fail "compiled again, with other features: $again"
}

once build --example step1 -- build --example step5
once build --example step5 -- test --workspace --no-run
