#!/usr/bin/env bash
# The deck: built, walked, and looked at slide by slide in headless Chromium.
#
#   slides/check.sh
#
# Needs Rust; installs Node.js, Chromium, Go and librsvg if they are missing. Leaves a screenshot of every
# slide, light and dark, in target/slides-screenshots, the HTML and the PDF in target/slides, and no
# process behind.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../.ci/lib.sh"

need_chromium
need gofmt=golang-go rsvg-convert=librsvg2-bin
node_packages "$here"
(cd "$root" && cargo build --locked --examples)
cd "$here"

# What stands beside our Rust is Go that compiles, too.
unformatted=$(gofmt -l go)
[[ -z $unformatted ]] || fail "gofmt would write these anew: $unformatted"
(cd go && GOTOOLCHAIN=local GOFLAGS=-mod=mod GOPROXY=off go vet ./...)

npm run --silent guide -- --check
npm run --silent pictures -- --check
node --test tools/
node tools/walk.mjs
node tools/look.mjs
node tools/viewers.mjs
npm run --silent notes -- talk
npm run --silent site
./offline.sh prove deck
