#!/usr/bin/env bash
# The manifests of steps 7 to 10: built, validated, held against the rules of the guide, and their
# limits put to the test with podman and nginx.
#
#   k8s/check.sh              everything
#   k8s/check.sh manifests    without containers
#
# Needs Rust, Linux and apt-get; installs Python's venv, Node.js, podman and runc by it if they are
# missing, and unpacks kubectl and nginx into target/k8s where there are none. Listens on the
# loopback only, touches no system service, and leaves no container and no process behind.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/.." && pwd)
work=${CARGO_TARGET_DIR:-$root/target}/k8s
mkdir -p "$work"

if [[ $# -gt 1 || (${1-manifests} != manifests) ]]; then
  echo "usage: k8s/check.sh [manifests]" >&2
  exit 2
fi

sudo=()
[[ $(id -u) == 0 ]] || sudo=(sudo)

step() { printf '\n== %s\n' "$*"; }

install() {
  if ! command -v apt-get >/dev/null; then
    echo "error: $* is missing, and there is no apt-get to install it; install it and run this again" >&2
    exit 1
  fi
  "${sudo[@]}" apt-get update -q
  # Never at the price of another engine that is there.
  "${sudo[@]}" apt-get install -y -q --no-install-recommends --no-remove "$@"
}

# unpack PACKAGE [SUITE]: a package's files in $work/PACKAGE, and nothing on the system. With a
# suite: from that one of Debian's, whatever this system is, verified with Debian's own keys.
unpack() {
  local package=$1 suite=${2-} config=$work/apt-$1
  [[ -d $work/$package ]] && return
  rm -rf "$config" && mkdir -p "$config/lists/partial" "$config/cache/archives/partial"
  if [[ -n $suite ]]; then
    local keys=/usr/share/keyrings/debian-archive-keyring.gpg mirror
    "${sudo[@]}" apt-get update -q
    # Where this system gets its own packages from.
    mirror=$(apt-get indextargets --format "\$(SITE)" 'Origin: Debian' | head -n 1)
    if [[ -z $mirror ]]; then
      echo "error: $package is missing or too old, and this is not Debian; install it and run this again" >&2
      exit 1
    fi
    echo "deb [signed-by=$keys] $mirror $suite main" >"$config/sources.list"
    : >"$config/status"
    cat >"$config/apt.conf" <<END
Dir::Etc::SourceList "$config/sources.list";
Dir::Etc::SourceParts "-";
Dir::State::Lists "$config/lists";
Dir::State::Status "$config/status";
Dir::Cache "$config/cache";
APT::Sandbox::User "$(id -un)";
END
    export APT_CONFIG=$config/apt.conf
    apt-get update -q
  else
    "${sudo[@]}" apt-get update -q
  fi
  (cd "$config" && apt-get download -q "$package")
  unset APT_CONFIG
  dpkg-deb -x "$config"/"$package"_*.deb "$config/files"
  mv "$config/files" "$work/$package"
  rm -rf "$config"
}

# Debian 12's own kubectl is of 2020, and does not know `resources: [../base]`.
new_enough() {
  [[ $("$1" version --client 2>/dev/null) =~ Kustomize\ Version:\ v([0-9]+) && ${BASH_REMATCH[1]} -ge 5 ]]
}

# bounded SECONDS COMMAND...: ends the command after that time, or when this script is ended.
bounded() {
  timeout --kill-after=30 "$@" &
  local job=$! status=0
  trap 'kill -TERM "$job" 2>/dev/null' INT TERM
  wait "$job" || status=$?
  wait "$job" 2>/dev/null || true # a signal ends the first wait before the command
  trap - INT TERM
  return "$status"
}

step "tools"
KUBECTL=$(command -v kubectl || true)
if [[ -z $KUBECTL ]] || ! new_enough "$KUBECTL"; then
  unpack kubectl trixie
  KUBECTL=$work/kubectl/usr/bin/kubectl
fi
export KUBECTL
"$KUBECTL" version --client

python3 -c 'import ensurepip, venv' 2>/dev/null || install python3 python3-venv
if ! cmp -s "$here/check/requirements.txt" "$work/requirements.txt"; then
  rm -rf "$work/venv"
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$here/check/requirements.txt"
  cp "$here/check/requirements.txt" "$work/requirements.txt"
fi
python=$work/venv/bin/python
export PYTHONDONTWRITEBYTECODE=1

command -v npm >/dev/null || install nodejs npm
npm ci --prefix "$here/check" --no-audit --no-fund --loglevel=error

step "the manifests"
bounded 300 "$python" "$here/check/manifests.py" "$here"

step "the route of the Gateway API"
"$KUBECTL" kustomize "$here/gateway" |
  "$python" -c 'import json, sys, yaml
print(json.dumps(next(o for o in yaml.safe_load_all(sys.stdin) if o["kind"] == "HTTPRoute")))' |
  node "$here/check/route.mjs"

step "the class of the Ingress, as the guide sets it"
patch=$(sed -n "s/^\$ kubectl patch ingress .* --patch '\(.*\)'$/\1/p" "$here/README.md")
"$KUBECTL" patch --local -f "$here/step10/ingress.yaml" --type=merge --patch "$patch" -o yaml |
  grep 'ingressClassName: traefik'

[[ ${1-} != manifests ]] || exit 0

step "the image"
if [[ $(id -u) != 0 ]]; then
  # Rootless podman cannot limit memory everywhere. The tests call it by its name.
  mkdir -p "$work/bin"
  printf '#!/bin/sh\nexec sudo podman "$@"\n' >"$work/bin/podman"
  chmod +x "$work/bin/podman"
fi
command -v podman >/dev/null || install podman
command -v runc >/dev/null || install runc
[[ ! -d $work/bin ]] || PATH=$work/bin:$PATH
# What containers.py calls its containers. If it cannot take one down, this does.
export RUN=coffee-shop-k8s-$$
trap 'podman ps --all --quiet --filter "name=$RUN" | xargs --no-run-if-empty podman rm --force --time 0' EXIT
image=$("$KUBECTL" kustomize "$here/step10" | sed -n 's/^ *image: //p')
"$root/docker/static.sh" "$work/image/coffee-shop"
podman build --quiet --format docker --build-context "build=$work" \
  --file "$root/docker/Dockerfile" --tag "$image" "$root"

nginx=$(PATH=$PATH:/usr/sbin command -v nginx || true)
if [[ -z $nginx ]]; then
  unpack nginx
  nginx=$work/nginx/usr/sbin/nginx
fi
"$nginx" -v

step "the limits of the overlays, in containers"
cd "$work" # podman's monitor leaves a file named oom where it was started
bounded 600 "$python" "$here/check/containers.py" "$here" "$image" "$nginx"
