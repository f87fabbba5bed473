# What the scripts of this project share: where things are, and the tools that they need. Sourced:
#
#   source "$(dirname "${BASH_SOURCE[0]}")/../.ci/lib.sh"
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=$(realpath --canonicalize-missing "${CARGO_TARGET_DIR:-$root/target}")
[[ -z ${CARGO_TARGET_DIR-} ]] || export CARGO_TARGET_DIR=$target # whatever folder a script goes to
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}

# What is installed for the scripts alone, and nowhere else on the machine.
tools=$target/ci-tools
mkdir -p "$tools"

step() { printf '\n== %s\n' "$*"; }

fail() {
  echo "error: $*" >&2
  exit 1
}

as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; else sudo "$@"; fi
}

# one_at_a_time COMMAND...: jobs run side by side, and an installer does not bear another beside it.
one_at_a_time() {
  (flock 9 && "$@" 9>&-) 9>"$tools/lock"
}

# need COMMAND[=PACKAGE]...: installs the Debian packages of the commands that are missing.
need() {
  missing_commands "$@" >/dev/null || one_at_a_time install_missing "$@"
}

# Prints the packages of the commands that are missing; fails if there are any.
missing_commands() {
  local tool packages=()
  for tool; do
    command -v "${tool%%=*}" >/dev/null || packages+=("${tool#*=}")
  done
  echo "${packages[*]-}"
  [[ ${#packages[@]} == 0 ]]
}

install_missing() {
  local packages
  packages=$(missing_commands "$@") && return # another job has installed them
  # shellcheck disable=SC2086 # one word for each package
  install_packages $packages
}

install_packages() {
  command -v apt-get >/dev/null || fail "missing: $*. There is no apt-get to install it: install it, and run this again"
  as_root apt-get update -qq </dev/null
  # Never at the price of a package that is there.
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends --no-remove "$@" </dev/null >/dev/null
}

# python_with NAME REQUIREMENT...: a Python of its own with these packages is the first in PATH.
python_with() {
  local venv=$tools/python-$1
  shift
  python3 -c 'import ensurepip, venv' 2>/dev/null || one_at_a_time install_packages python3 python3-venv
  [[ -x $venv/bin/python ]] || python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "$@"
  PATH=$venv/bin:$PATH
}

# node_packages FOLDER: what its lock file names. Node.js 20 or newer.
node_packages() {
  need node=nodejs npm
  npm ci --prefix "$1" --no-audit --no-fund --loglevel=error
}

need_chromium() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || need chromium
  CHROMIUM=$(command -v chromium || command -v chromium-browser)
  export CHROMIUM CHROME_PATH=$CHROMIUM
}

# A podman that may limit memory: rootless podman cannot everywhere. The tests call it by its name.
need_podman() {
  need podman runc
  [[ $(id -u) != 0 ]] || return 0
  mkdir -p "$tools/bin"
  printf '#!/bin/sh\nexec sudo podman "$@"\n' >"$tools/bin/podman"
  chmod +x "$tools/bin/podman"
  PATH=$tools/bin:$PATH
}

# Debian 12's own kubectl is of 2020, and does not know `resources: [../base]`.
need_kubectl() {
  KUBECTL=${KUBECTL:-$(command -v kubectl || true)}
  if ! has_kustomize_5 "$KUBECTL"; then
    one_at_a_time unpack kubectl trixie
    KUBECTL=$tools/kubectl/usr/bin/kubectl
  fi
  export KUBECTL
}

has_kustomize_5() {
  [[ $("$1" version --client 2>/dev/null) =~ Kustomize\ Version:\ v([0-9]+) && ${BASH_REMATCH[1]} -ge 5 ]]
}

# Without the service that the package would start.
need_nginx() {
  NGINX_PROGRAM=$(PATH=$PATH:/usr/sbin command -v nginx || true)
  if [[ -z $NGINX_PROGRAM ]]; then
    one_at_a_time unpack nginx
    NGINX_PROGRAM=$tools/nginx/usr/sbin/nginx
  fi
  export NGINX_PROGRAM
}

# unpack PACKAGE [SUITE]: a Debian package's files in $tools/PACKAGE, and nothing on the system. With
# a suite: from that one of Debian's, whatever this system is, verified with Debian's own keys.
unpack() (
  package=$1 suite=${2-} folder=$tools/apt-$1
  [[ ! -d $tools/$package ]] || exit 0
  command -v apt-get >/dev/null || fail "$package is missing or too old: install it, and run this again"
  rm -rf "$folder"
  mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
  as_root apt-get update -qq </dev/null
  if [[ -n $suite ]]; then
    export APT_CONFIG=$folder/apt.conf
    apt_config_of "$suite" "$folder"
    apt-get update -qq
  fi
  (cd "$folder" && apt-get download -qq "$package")
  dpkg-deb -x "$folder"/"$package"_*.deb "$folder/files"
  mv "$folder/files" "$tools/$package"
  rm -rf "$folder"
)

apt_config_of() {
  local suite=$1 folder=$2 mirror
  # Where this system gets its own packages from.
  mirror=$(env -u APT_CONFIG apt-get indextargets --format "\$(SITE)" 'Origin: Debian' | head -n 1)
  [[ -n $mirror ]] || fail "the package is missing or too old, and this is not Debian: install it, and run this again"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$folder/sources.list"
  : >"$folder/status"
  cat >"$folder/apt.conf" <<END
Dir::Etc::SourceList "$folder/sources.list";
Dir::Etc::SourceParts "-";
Dir::State::Lists "$folder/lists";
Dir::State::Status "$folder/status";
Dir::Cache "$folder/cache";
APT::Sandbox::User "$(id -un)";
END
}
