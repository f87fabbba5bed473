#!/usr/bin/env bash
# Builds one static binary, for an image that holds nothing else.
#
#   docker/static.sh FILE [PACKAGE [BINARY]]
#
# PACKAGE is `server`, the shop of step 6, unless another is named; BINARY is `coffee-shop`, or what
# another package is called. The Dockerfile and docker/check.sh both use this. Needs Linux, Rust, and
# the C library as an archive, which comes with a C compiler on Debian and Alpine alike.
set -euo pipefail

if [[ $# -lt 1 || $# -gt 3 || $1 == -* ]]; then
  echo "usage: docker/static.sh FILE [PACKAGE [BINARY]]" >&2
  exit 2
fi
package=${2:-server}
case $package in
  server) binary=coffee-shop ;;
  *) binary=$package ;;
esac
binary=${3:-$binary}
if [[ $(uname -s) != Linux ]]; then
  echo "error: a static binary for a container is built on Linux; use docker build -f docker/Dockerfile . instead" >&2
  exit 1
fi
mkdir -p "$(dirname "$1")"
file=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# With the target named, the flags are for the program alone and not for build scripts and macros,
# which cannot be static.
target=$(rustc --version --verbose | sed -n 's/^host: //p')
export RUSTFLAGS="-C target-feature=+crt-static"
cargo build --locked --profile image --package "$package" --bin "$binary" --target "$target"
install -m 755 "${CARGO_TARGET_DIR:-target}/$target/image/$binary" "$file"
echo "$file: $(stat -c %s "$file") bytes"
