#!/usr/bin/env bash
# The live page in a real browser: headless Chromium against the real shop.
#
#   crates/shop/live/browser/check.sh
#
# Needs Rust; installs Node.js, Chromium and nginx if they are missing. Leaves screenshots and the
# measured rates in target/live-screenshots, and no process behind. With the argument `pictures` it
# also keeps the README's two pictures in slides/pictures.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../../../.ci/lib.sh"

need_chromium
need_nginx
node_packages "$here"
(cd "$root" && cargo build --locked --example step5)

mkdir -p "$target/live-screenshots"
export SHOP=$target/debug/examples/step5
export SCREENSHOTS=$target/live-screenshots
node --test --test-concurrency=1 "$here"/*.test.mjs
if [[ ${1-} == pictures ]]; then
  cp "$SCREENSHOTS"/live-{light,dark}.png "$root/slides/pictures/"
fi
