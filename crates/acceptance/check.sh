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

step "the dependencies of step 1"
first=$(libraries build --example step1)
grep -q 'libtokio-' <<<"$first" || fail "tokio is not among the dependencies of step 1: $first"

for command in "build --example step5" "test --workspace --no-run"; do
  step "cargo $command"
  # shellcheck disable=SC2086 # one word for each argument
  again=$(comm -23 <(echo "$first") <(libraries $command))
  [[ -z $again ]] || fail "compiled again, with other features: $again"
done
