#!/usr/bin/env bash
# The exercises and their runner as an attendee meets them: every starter fails, every solution
# passes, every wrong attempt gets its sentence, and nothing gets out of hand.
#
#   crates/workshop/runner/check.sh [NAME]
#
# Needs Rust with rustfmt and clippy. Works in a copy of the clone within target/, so that the exercises
# of this clone are not touched. NAME runs only the tests with that in their name. The attempts are in
# crates/workshop/runner/tests/workshop/attempts.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../../.ci/lib.sh"
cd "$root"

need script=bsdutils
exec cargo test --locked --package runner --test workshop -- --nocapture "$@"
