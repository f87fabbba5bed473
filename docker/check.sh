#!/usr/bin/env bash
# The image and its containers, for real: builds the image and runs it with podman under the
# talk's limits, which the kernel enforces.
#
#   docker/check.sh          checks, and prints what it measures
#   docker/check.sh --save   keeps that in benches/data and draws docker/measured.md
#
# Needs Linux, Rust, and root or sudo, as rootless podman cannot limit memory everywhere; installs
# podman and runc by apt-get if they are missing, and podman-compose by pip for this run alone. Listens on the loopback only, and leaves no container
# behind.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ $# -gt 1 || ${1---save} != --save ]]; then
  echo "usage: docker/check.sh [--save]" >&2
  exit 2
fi

folder=$(mktemp -d)
# Every container and network of this run is named after it.
export RUN=coffee-shop-check-$$
clean() {
  # What a test that was ended could not take down itself.
  podman ps --all --quiet --filter "name=$RUN" | xargs --no-run-if-empty podman rm --force --time 0
  podman network ls --quiet --filter "name=$RUN" | xargs --no-run-if-empty podman network rm --force
  rm -rf "$folder"
}

sudo=()
if [[ $(id -u) != 0 ]]; then
  sudo=(sudo)
  # The tests call podman by its name.
  mkdir "$folder/bin"
  printf '#!/bin/sh\nexec sudo podman "$@"\n' >"$folder/bin/podman"
  chmod +x "$folder/bin/podman"
fi
install() {
  "${sudo[@]}" apt-get update -q
  # Never at the price of another engine that is there.
  "${sudo[@]}" apt-get install -y -q --no-install-recommends --no-remove "$@"
}
command -v podman >/dev/null || install podman
command -v runc >/dev/null || install runc
python3 -c 'import ensurepip, venv' 2>/dev/null || install python3 python3-venv
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet --disable-pip-version-check podman-compose==1.6.0
PATH=$folder/bin:$folder/python/bin:$PATH
trap clean EXIT

image=coffee-shop:step6
export BINARY=$folder/image/coffee-shop
docker/static.sh "$BINARY"
# The first stage cannot be pulled everywhere. This folder stands in for it: what it would hold
# was made by the same script.
podman build --quiet --format docker --build-context "build=$folder" --file docker/Dockerfile --tag "$image" .

export IMAGE=$image FIGURES=$folder/figures TMPDIR=$folder
cargo clippy --locked --package server --features podman --test container -- -D warnings
timeout --foreground 900 cargo test --locked --package server --features podman --test container -- --nocapture --test-threads 1
if [[ $# == 1 ]]; then
  cargo run --quiet --locked --package benches --bin limits -- "$FIGURES"
  cargo run --quiet --locked --package benches --bin charts
fi
