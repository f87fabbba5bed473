#!/usr/bin/env bash
# The deck: built, walked, and looked at slide by slide in headless Chromium.
#
#   slides/check.sh
#
# Needs Rust, and Node.js 20 or newer with npm; installs Chromium and Go by apt-get if they are
# missing. Leaves a screenshot of every slide, light and dark, in target/slides-screenshots, the
# HTML and the PDF in target/slides, and no process behind.
set -euo pipefail
set -m # so that the checks are a process group of their own, which can be ended as a whole

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "error: Node.js and npm are missing. Install them first, for instance: apt-get install -y nodejs npm" >&2
  exit 1
fi

need() { # the Debian package of what is missing
  local sudo=()
  [[ $(id -u) == 0 ]] || sudo=(sudo)
  "${sudo[@]}" apt-get update -q
  "${sudo[@]}" apt-get install -y -q --no-install-recommends "$1"
}

chromium=$(command -v chromium || command -v chromium-browser || true)
if [[ -z $chromium ]]; then
  need chromium
  chromium=$(command -v chromium)
fi
command -v gofmt >/dev/null || need golang-go

(cd "$here/.." && cargo build --locked --examples)

all_checks() {
  cd "$here"
  npm ci --no-audit --no-fund --loglevel=error
  # What stands beside our Rust is Go that compiles, too.
  unformatted=$(gofmt -l go)
  if [[ -n $unformatted ]]; then
    echo "error: gofmt would write these anew: $unformatted" >&2
    return 1
  fi
  (cd go && GOTOOLCHAIN=local GOFLAGS=-mod=mod GOPROXY=off go vet ./...)
  npm run --silent guide -- --check
  node --test tools/
  node tools/walk.mjs
  node tools/look.mjs
  ./offline.sh prove deck
}

export CHROMIUM=$chromium CHROME_PATH=$chromium
all_checks &
checks=$!
end_all() { kill -TERM -- "-$checks" 2>/dev/null || true; }
trap end_all EXIT INT TERM
# A browser that hangs must not hold up the whole check.
(sleep 900 && echo "error: no end after 900 s" >&2 && end_all) &
watchdog=$!
status=0
wait "$checks" || status=$?
{ kill -TERM -- "-$watchdog" && wait "$watchdog"; } 2>/dev/null || true
exit "$status"
