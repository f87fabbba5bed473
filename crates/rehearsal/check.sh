#!/usr/bin/env bash
# The rehearsals of steps 7 to 10 in a release build: what only large crowds and real manifests show.
#
#   crates/rehearsal/check.sh
#
# Needs Linux and Rust; unpacks a kubectl with kustomize 5 into the target folder if there is none
# (`KUBECTL` says which one to take). Takes about two minutes after the build and 3 GB of memory, and
# leaves no process behind.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../.ci/lib.sh"
cd "$root"

need_kubectl

work=$(mktemp -d)
chmod 755 "$work"
# The shops of a rehearsal are its own program, started again.
processes() {
  local exe
  for exe in /proc/[0-9]*/exe; do
    [[ $(readlink "$exe" 2>/dev/null) == "$examples"/step* ]] && echo "${exe//[!0-9]/}"
  done
  return 0
}
ours= # until they can only be those of this script
end_all() {
  local left
  left=$([[ -z $ours ]] || processes)
  # shellcheck disable=SC2086 # one word for each process
  [[ -z $left ]] || kill -KILL $left 2>/dev/null || true
  rm -rf "$work"
}
trap end_all EXIT

cargo build --release --locked -p rehearsal --examples
examples=$(cd "$target/release/examples" && pwd -P)
[[ -z $(processes) ]] || fail "an example of a release build runs already: close it first"
ours=yes

# rehearse COMMAND...: what it says goes to $said, and it leaves no process behind.
said=
rehearse() {
  step "$*"
  "$@" >"$work/said" || fail "$* ended with $?"
  said=$(<"$work/said")
  printf '%s\n' "$said"
  [[ -z $(processes) ]] || fail "$* left processes behind"
}
# says PATTERN: an extended regular expression that a line of it must match.
says() {
  grep -Eq -- "$1" <<<"$said" || fail "nothing it said matches: $1"
}
says_not() {
  ! grep -Eq -- "$1" <<<"$said" || fail "it said something that matches: $1"
}

step "the rehearsal reads the overlays as kubectl builds them"
for step in 7 8 9 10; do
  "$KUBECTL" kustomize "k8s/step$step" >"$work/built.yaml"
  "$examples/step$step" --plan >"$work/ours"
  "$examples/step$step" --plan --built "$work/built.yaml" >"$work/theirs"
  diff "$work/ours" "$work/theirs" || fail "step $step: the rehearsal merges another manifest than kubectl"
done

step "the rehearsal merges as kubectl does, on overlays made at random"
cargo test --locked -p rehearsal --test manifests -- --ignored --nocapture

rehearse cargo run --release --example step7
says '^ +3  2\.002 s +2\.[0-9]{3} s '

# Killed and restarted with `unlimited`; with `auto` neither.
rehearse cargo run --release --example step8
says '^ +300  3\.782 s +2\.[0-9]{3} s '
says '^ +30,000  - +died '
says 'killed by the rehearsal at [0-9.]+ MB; in a cluster'
says 'Restart [0-9]+ '
auto=${said#*CAPACITY=auto}
[[ $auto != "$said" ]] || fail "there is no second half with CAPACITY=auto"
said=$auto
says '^ +30,000  - +422 '
says '^coffee-shop-1 +40 +[1-9][0-9]* +0 +[1-9][0-9]* '
says 'Restarts with CAPACITY=auto: 0\.'
says_not 'died|killed'

# Three million, within the limit of the manifest; a shop past it is killed.
rehearse cargo run --release --example step9
says '^ +30,000  3\.797 s +[0-9.]+ s +[0-9.]+ [MG]B$'
says '^ 3,000,000  OOM-killed +[0-9.]+ s +[0-9.]+ [MG]B$'
says_not 'died|killed by'
peak=$(awk '/^ 3,000,000 / { print int($(NF-1) * ($NF == "GB" ? 1000 : 1)) }' <<<"$said")
# By a table, in far less than what the pod requests.
((peak > 40 && peak < 1024)) || fail "the peak is $peak MB"

rehearse cargo run --release --example step10
says '^coffee-shop-2 +30,000  2\.210 s +[0-9.]+ s '
says '^coffee-shop-1 +[0-9]+ +[0-9]+ +0 +0 '

rehearse cargo run --release --example step10 -- --kill-one
lost=$(sed -n 's/^coffee-shop-1 *[0-9]* *[0-9]* *\([0-9]*\) .*/\1/p' <<<"$said")
((lost >= 1 && lost <= 40)) || fail "$lost orders were lost"
says '^coffee-shop-2 +1[0-9]{2} +1[0-9]{2} +0 +0 '
says 'orders that no shop took: 0$'

rehearse cargo run --release --example step10 -- --rollout
words=$(tr -s ' \n' ' ' <<<"$said")
grep -Eq 'orders 0 were lost and 0 refused\.' <<<"$words" || fail "the rollout lost orders"

# Without permission, which root always has.
mkdir "$work/k8s"
chmod 700 "$work/k8s"
as_another_user=()
if [[ $(id -u) == 0 ]]; then
  as_another_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
else
  chmod 000 "$work/k8s"
fi
step "no permission"
status=0
cp "$examples/step8" "$work" # a folder that every user may read
refused=$("${as_another_user[@]}" "$work/step8" --manifests "$work/k8s" 2>&1) || status=$?
echo "$refused"
[[ $status == 1 && $(wc -l <<<"$refused") == 1 && $refused == error:*"ermission denied"*"look at --manifests" ]] ||
  fail "no permission is not one sentence"

# A rehearsal that is killed leaves nothing behind, either.
step "killed in mid-rush"
"$examples/step10" >/dev/null 2>&1 &
rehearsal=$!
for _ in {1..100}; do
  [[ $(processes | wc -l) != 3 ]] || break
  sleep 0.1
done
[[ $(processes | wc -l) == 3 ]] || fail "there are no two shops"
sleep 1
kill -KILL "$rehearsal"
wait "$rehearsal" 2>/dev/null || true
for _ in {1..50}; do
  [[ -n $(processes) ]] || break
  sleep 0.1
done
[[ -z $(processes) ]] || fail "the shops live on without their rehearsal"

step "all rehearsals went as they should"
