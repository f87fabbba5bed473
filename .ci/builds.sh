#!/usr/bin/env bash
# What the jobs that measure will run: built beside other jobs, so that they need not build it alone.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

cargo build --release --locked --workspace --examples
cargo bench --locked --workspace --no-run
docker/static.sh "$tools/image/app"
