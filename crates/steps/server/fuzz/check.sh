#!/usr/bin/env bash
# A minute of requests that a fuzzer makes up.
#
#   crates/steps/server/fuzz/check.sh [SECONDS]
#
# Needs Rust; installs a C++ compiler if there is none, and cargo-fuzz into the target folder.
# What makes the shop fail is kept in crates/steps/server/fuzz/artifacts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source ../../../../.ci/lib.sh

seconds=${1:-60}
need c++=g++
cargo install --quiet --locked --root "$tools" cargo-fuzz@0.13.2
PATH=$tools/bin:$PATH

cargo clippy --locked --features fuzz --bin request -- -D warnings
corpus=$target/fuzz/corpus
mkdir -p "$corpus"
# Without a sanitizer, because nothing here is unsafe, and so that a stable compiler will do.
# Begins with what people ask.
i=0
while read -r path; do
  i=$((i + 1))
  printf '%s' "$path" >"$corpus/seed-$i"
done <<'PATHS'
/serve-customer
/serve-customer/
/serve-customer/3
/serve-customer/20?step=4
/serve-customer/21
/serve-customer/0
/serve-customer/-1
/serve-customer/%33
/serve-customer/%ff?step=2&step=x
/serve-customer/99999999999999999999
/serve-customer//3
http://localhost:8080/serve-customer/3?&&step=7
/healthz
/readyz?x
/metrics
*
PATHS
cargo fuzz run --sanitizer none --features fuzz --fuzz-dir . --target-dir "$target/fuzz/build" \
  request "$corpus" -- -max_total_time="$seconds" -max_len=256 -timeout=10 -print_final_stats=1
