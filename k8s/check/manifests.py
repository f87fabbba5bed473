"""Builds every overlay and holds it against Kubernetes' schemas, checkov's policies and our rules.

    manifests.py FOLDER

FOLDER is k8s/. $KUBECTL is the kubectl to build with. Says what is wrong, a sentence a line.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import kubernetes_validate
import yaml
from kubernetes_validate.utils import all_versions

import rules

# Custom resources have no schema among Kubernetes' own: rules.route holds this one, field by field.
CUSTOM = {"HTTPRoute"}
# Policies that a step breaks on purpose, beside those that all of them break.
NO_REGISTRY = {"CKV_K8S_15": "the image is on the node", "CKV_K8S_43": "a local image has no digest"}
BROKEN_ON_PURPOSE = {
    "step7": {f"CKV_K8S_{number}": "resources are the next step" for number in (10, 11, 12, 13)},
    "step8": {"CKV_K8S_8": "a liveness probe would kill a throttled shop"},
}


def build(folder):
    """What `kubectl kustomize` makes of an overlay, as text."""
    kubectl = [os.environ.get("KUBECTL", "kubectl"), "kustomize", str(folder)]
    made = subprocess.run(kubectl, capture_output=True, text=True, timeout=60)
    if made.returncode != 0:
        sys.exit(f"error: {folder.name} does not build: {made.stderr.strip()}")
    return made.stdout


def promised(guide):
    """All versions that have schemas, from the one that the guide promises."""
    (oldest,) = set(re.findall(r"Kubernetes (1\.\d+) or newer", guide))
    number = lambda version: [int(part) for part in version.split(".")]
    return sorted({one for one in all_versions() if number(one) >= number(oldest)}, key=number)


def schema_errors(objects, versions):
    for version in versions:
        for thing in objects:
            if thing["kind"] in CUSTOM:
                continue
            try:
                kubernetes_validate.validate(thing, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                where = ".".join(map(str, error.path))
                yield f"{thing['kind']} against Kubernetes {version}: {where}: {error.message}"
            except kubernetes_validate.SchemaNotFoundError as error:
                yield error.message


def policy_errors(name, text):
    """What checkov finds, beside what the overlay does on purpose; and what it does so no more."""
    allowed = {**NO_REGISTRY, **BROKEN_ON_PURPOSE.get(name, {})}
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(text)
        file.flush()
        flags = ["--framework", "kubernetes", "--skip-download", "--output", "json"]
        ran = subprocess.run(["checkov", *flags, "--file", file.name], capture_output=True, text=True)
    try:
        report = json.loads(ran.stdout)
    except ValueError:
        sys.exit(f"error: checkov has failed: {ran.stderr.strip() or ran.stdout.strip()}")
    failed = {check["check_id"]: check for check in report["results"]["failed_checks"]}
    on_purpose = len(failed.keys() & allowed.keys())
    for check in failed.keys() - allowed.keys():
        yield f"{check}: {failed[check]['check_name']} ({failed[check]['resource']})"
    for check in allowed.keys() - failed.keys():
        yield f"{check} holds, although it need not: {allowed[check]}"
    print(f"{name}: checkov: {report['summary']['passed']} policies hold, {on_purpose} are broken on purpose")


def stale_in_the_guide(k8s, guide, overlays):
    links = re.findall(r"\]\(([^)#:]+)\)", guide)
    files = [f"../{file}" for file in re.findall(r"(?:k8s|docker)/[\w./-]*\w", guide)]
    for file in (*links, *files):
        if not (k8s / file).exists():
            yield f"the guide names {file}, which is not there"
    for overlay in re.findall(r"(?:apply -k|kustomize) k8s/(\w+)", guide):
        if overlay not in overlays:
            yield f"the guide builds {overlay}, which is no overlay"


def errors(k8s):
    guide = (k8s / "README.md").read_text()
    names = sorted(path.parent.name for path in k8s.glob("*/kustomization.yaml"))
    texts = {name: build(k8s / name) for name in names}
    overlays = {name: list(yaml.safe_load_all(text)) for name, text in texts.items()}
    on_cpu = yaml.safe_load((k8s / "autoscale/on-cpu.yaml").read_text())
    adapter = yaml.safe_load((k8s / "autoscale/adapter.values.yaml").read_text())
    versions = promised(guide)
    for name, objects in overlays.items():
        yield from (f"{name}: {error}" for error in schema_errors(objects, versions))
    yield from schema_errors([on_cpu], versions)
    for name, text in texts.items():
        if name != "base":
            yield from (f"{name}: {error}" for error in policy_errors(name, text))
    yield from rules.errors(overlays, on_cpu, adapter)
    yield from stale_in_the_guide(k8s, guide, overlays)
    count = sum(map(len, overlays.values())) + 1
    print(f"{count} objects of {len(overlays)} overlays were held against {', '.join(versions)}")


def main():
    wrong = list(errors(Path(sys.argv[1])))
    for error in wrong:
        print(f"error: {error}", file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
