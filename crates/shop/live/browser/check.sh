#!/usr/bin/env bash
# The live page in a real browser: headless Chromium against the real shop.
#
#   crates/shop/live/browser/check.sh
#
# Needs Rust, and Node.js 20 or newer with npm; installs Chromium by apt-get if it is missing.
# Leaves screenshots and the measured rates in target/live-screenshots, and no process behind.
set -euo pipefail
set -m # so that the tests are a process group of their own, which can be ended as a whole

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "error: Node.js and npm are missing. Install them first, for instance: apt-get install -y nodejs npm" >&2
  exit 1
fi

chromium=$(command -v chromium || command -v chromium-browser || true)
if [[ -z $chromium ]]; then
  sudo=()
  [[ $(id -u) == 0 ]] || sudo=(sudo)
  "${sudo[@]}" apt-get update -q
  "${sudo[@]}" apt-get install -y -q --no-install-recommends chromium
  chromium=$(command -v chromium)
fi

(cd "$here" && npm ci --no-audit --no-fund --loglevel=error)
(cd "$root" && cargo build --locked --example step5)

mkdir -p "$target/live-screenshots"
export CHROMIUM=$chromium
export SHOP=$target/debug/examples/step5
export SCREENSHOTS=$target/live-screenshots

node "$here/live.test.mjs" &
tests=$!
end_all() { kill -TERM -- "-$tests" 2>/dev/null || true; }
trap end_all EXIT INT TERM
# A browser that hangs must not hold up the whole check.
(sleep 240 && echo "error: no end after 240 s" >&2 && end_all) &
watchdog=$!
status=0
wait "$tests" || status=$?
{ kill -TERM -- "-$watchdog" && wait "$watchdog"; } 2>/dev/null || true
exit "$status"
