#!/usr/bin/env bash
# For a day without network.
#
#   slides/offline.sh fetch        fetches all that the day needs, and builds it once
#   slides/offline.sh prove        proves that it works without network: the examples and the deck
#   slides/offline.sh prove deck   the deck alone
#
# On Linux the proof runs in a network namespace of its own, which reaches nothing but this machine
# itself. Elsewhere, and where that is not allowed, the tools' own offline switches stand in, and
# the last line says so.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/.." && pwd)

# What the slides run in release; everything else is a debug build.
release=(--release --example grinder --example batched --example rush
  --example step7 --example step8 --example step9 --example step10)

fetch() {
  cd "$root"
  cargo fetch --locked
  cargo build --locked --examples
  cargo build --locked "${release[@]}"
  cargo test --locked --no-run -p traps
  cargo bench --locked --no-run -p benches --bench serve_customers
  cd "$here"
  npm ci --no-audit --no-fund --loglevel=error
  npm run --silent build
}

prove_deck() {
  cd "$here"
  [[ -d node_modules ]] || { echo "error: nothing is fetched yet: slides/offline.sh fetch" >&2; return 1; }
  npm run --silent build
}

prove_examples() {
  cd "$root"
  cargo build --locked --offline --examples
  cargo build --locked --offline "${release[@]}"
  cargo test --locked --offline --quiet -p traps
  cargo run --quiet --locked --offline --example step5 -- --customers 3 --paused
}

prove() {
  [[ ${1-} == deck ]] || prove_examples
  prove_deck
}

cut_off() { # runs this script again where there is no network
  if command -v unshare >/dev/null && unshare --map-root-user --net true 2>/dev/null; then
    export CHROME_NO_SANDBOX=1
    unshare --map-root-user --net bash -c 'command -v ip >/dev/null && ip link set lo up; exec "$@"' -- "$0" prove-here "$@"
    printf '\nProved, in a namespace without network.\n'
  else
    "$0" prove-here "$@"
    printf '\nProved with the offline switches of cargo and npm only: this system gives no namespace\nwithout network. Switch the network off, and run this again, to be sure.\n'
  fi
}

case ${1-} in
  fetch) fetch ;;
  prove) cut_off "${@:2}" ;;
  prove-here) prove "${@:2}" ;;
  *)
    sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 1
    ;;
esac
