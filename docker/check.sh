#!/usr/bin/env bash
# The image, its containers and the pods of k8s/, for real: builds the image and runs it with podman
# under limits that the kernel enforces, and behind nginx as the Ingress says.
#
#   docker/check.sh          checks, and prints what it measures
#   docker/check.sh --save   keeps that in benches/data and draws docker/measured.md
#
# Needs Linux, Rust, and root or sudo, as rootless podman cannot limit memory everywhere; installs
# podman and runc if they are missing, and podman-compose, kubectl and nginx into the target folder.
# Listens on the loopback only, and leaves no container behind.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../.ci/lib.sh"
cd "$root"

if [[ $# -gt 1 || ${1---save} != --save ]]; then
  echo "usage: docker/check.sh [--save]" >&2
  exit 2
fi

need_podman
need_kubectl
need_nginx
python_with compose podman-compose==1.6.0

folder=$(mktemp -d)
# Every container and network of this run is named after it.
export RUN=coffee-shop-check-$$
clean() {
  # What a test that was ended could not take down itself.
  podman ps --all --quiet --filter "name=$RUN" | xargs --no-run-if-empty podman rm --force --time 0
  podman network ls --quiet --filter "name=$RUN" | xargs --no-run-if-empty podman network rm --force
  rm -rf "$folder"
}
trap clean EXIT

step "the image"
export IMAGE=coffee-shop:step6 BINARY=$folder/image/app
docker/static.sh "$BINARY"
# The first stage cannot be pulled everywhere. This folder stands in for it: what it would hold
# was made by the same script.
podman build --quiet --format docker --build-context "build=$folder" --file docker/Dockerfile --tag "$IMAGE" .

step "its containers"
export FIGURES=$folder/figures TMPDIR=$folder
tests=(--locked --package server --features podman --test container)
cargo clippy "${tests[@]}" -- -D warnings
# Most of them wait, so that three run at once; the one that needs all processors runs alone.
alone=three_million_in_one_call
cargo test "${tests[@]}" -- --nocapture --test-threads 3 --skip "$alone"
cargo test "${tests[@]}" -- --nocapture "$alone"
if [[ $# == 1 ]]; then
  cargo run --quiet --locked --package benches --bin limits -- "$FIGURES"
  cargo run --quiet --locked --package benches --bin charts
fi
