#!/usr/bin/env bash
# What CI checks of the benches, the grinder and the crowd beyond `cargo test`, the cheap things first.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../.ci/lib.sh"
cd "$root"

# Baselines of this run alone: an old one must not decide whether it passes.
CRITERION_HOME=$(mktemp -d)
export CRITERION_HOME
trap 'rm -rf "$CRITERION_HOME"' EXIT

bench() {
    local name=$1
    shift
    step "cargo bench -p benches --bench $name -- $*"
    cargo bench -p benches --bench "$name" -- "$@" >"$CRITERION_HOME/$name.txt" 2>&1 ||
        { cat "$CRITERION_HOME/$name.txt"; exit 1; }
    sed -n '/^N  /,$p' "$CRITERION_HOME/$name.txt"
}

step "the grinder side by side"
cargo run --release --example grinder -- --beans 300000

step "three million in one call, in three ways"
cargo run --release --example batched -- 30000 3000000 | tee "$CRITERION_HOME/crowd.txt"
# The last two lines of ratios hold those of time beyond the 2 s, of CPU time and of peak memory: of
# thirty customers to a task, and of a table.
awk '$1 == "ratio" { time = table; memory = held; table = $2; held = $4 }
  END { if (!(time != "" && time <= 0.5 && memory < 1)) {
    print "error: thirty to a task should take at most half the time beyond 2 s, and less memory"; exit 1 }
  if (!(table <= 0.15 && held <= 0.1)) {
    print "error: a table should take at most 0.15 of the time beyond 2 s, and 0.1 of the memory"; exit 1 } }' \
    "$CRITERION_HOME/crowd.txt"

step "cargo bench --workspace: every bench runs, and none meets a libtest"
cargo bench --workspace -- --quick --noplot >"$CRITERION_HOME/all.txt" 2>&1 ||
    { cat "$CRITERION_HOME/all.txt"; exit 1; }

# Twice in a row, and against a saved baseline: that is where criterion draws its comparisons.
for name in serve_customers grind; do
    bench $name --quick
    bench $name --quick
    bench $name --quick --noplot --save-baseline ci
    bench $name --quick --baseline ci
done

step "the report has a line chart over N"
test -s "$CRITERION_HOME/serve_customers.html"
test -s "$CRITERION_HOME/report/index.html"
test -s "$CRITERION_HOME/serve N customers (the input is N)/report/lines.svg"
