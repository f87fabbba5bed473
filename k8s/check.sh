#!/usr/bin/env bash
# The manifests of steps 7 to 10: built, validated, and held against the rules of the guide. What the
# pods do under their limits, docker/check.sh shows.
#
#   k8s/check.sh
#
# Needs Linux; installs the validators into the target folder, and unpacks a kubectl with kustomize 5
# there if there is none.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../.ci/lib.sh"
cd "$root/k8s"

need_kubectl
python_with manifests --requirement check/requirements.txt
"$KUBECTL" version --client

step "the manifests"
PYTHONDONTWRITEBYTECODE=1 python check/manifests.py .

step "the class of the Ingress, as the guide sets it"
patch=$(sed -n "s/^\$ kubectl patch ingress .* --patch '\(.*\)'$/\1/p" README.md)
"$KUBECTL" patch --local -f step10/ingress.yaml --type=merge --patch "$patch" -o yaml |
  grep 'ingressClassName: traefik'
