"""Builds every overlay, holds each object against the schemas and all of them against the policy,
and then breaks them one by one to see that somebody notices.

    manifests.py FOLDER [MAJOR.MINOR ...]

FOLDER is k8s/. $KUBECTL is the kubectl to build with. Schemas are those of kubernetes-validate.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import kubernetes_validate
import yaml
from kubernetes_validate.utils import all_versions

import mutations
import policy

STEPS = list(policy.TALK)
OVERLAYS = [*STEPS, "gateway", "autoscale"]
# Custom resources have no schema among Kubernetes' own: ../gateway is held against the Gateway
# API's by route.mjs, and against the Ingress by policy.route.
CUSTOM = {"HTTPRoute"}


class DoesNotBuild(Exception):
    pass


def build(folder):
    """What `kubectl kustomize` makes of an overlay."""
    made = subprocess.run(
        [os.environ.get("KUBECTL", "kubectl"), "kustomize", str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    if made.returncode != 0:
        raise DoesNotBuild(f"{folder.name} does not build: {made.stderr.strip()}")
    return list(yaml.safe_load_all(made.stdout))


class Overlays(dict):
    """What the overlays in a folder build, each of them when it is first asked for."""

    def __init__(self, k8s):
        self.k8s = k8s

    def __missing__(self, name):
        self[name] = build(self.k8s / name)
        return self[name]


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


def errors(k8s, versions):
    """A sentence for all that is wrong with the manifests in `k8s`."""
    overlays = Overlays(k8s)
    on_cpu = yaml.safe_load((k8s / "autoscale/on-cpu.yaml").read_text())
    adapter = yaml.safe_load((k8s / "autoscale/adapter.values.yaml").read_text())
    for step in STEPS:
        for rule in policy.RULES:
            yield from (f"{step}: {error}" for error in rule(step, overlays[step]))
    yield from policy.same_pod(overlays["step9"], overlays["step10"])
    yield from policy.route(overlays["step10"], overlays["gateway"])
    yield from policy.autoscaling(overlays["step10"], overlays["autoscale"], on_cpu, adapter)
    for name in OVERLAYS:
        yield from (f"{name}: {error}" for error in schema_errors(overlays[name], versions))
    yield from schema_errors([on_cpu], versions)


def noticed(k8s, file, old, new):
    """What is said about the manifests with one text in one file replaced."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "k8s"
        shutil.copytree(k8s, copy, ignore=shutil.ignore_patterns("node_modules"))
        text = (copy / file).read_text()
        if old not in text:
            return f"BUG in mutations.py: {file} has no {old!r}"
        (copy / file).write_text(text.replace(old, new, 1))
        latest = all_versions()[-1]
        try:
            return next(errors(copy, [latest]), None)
        except DoesNotBuild as error:
            return str(error)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            return f"the policy cannot read it: {error!r}"


def promised(k8s):
    """All versions that have schemas, from the one that the guide promises."""
    (oldest,) = set(re.findall(r"Kubernetes (1\.\d+) or newer", (k8s / "README.md").read_text()))
    number = lambda version: [int(part) for part in version.split(".")]
    return sorted({one for one in all_versions() if number(one) >= number(oldest)}, key=number)


def main():
    k8s = Path(sys.argv[1])
    versions = sys.argv[2:] or promised(k8s)
    try:
        wrong = list(errors(k8s, versions))
    except DoesNotBuild as error:
        wrong = [str(error)]
    for error in wrong:
        print(f"error: {error}", file=sys.stderr)
    if wrong:
        sys.exit(1)
    count = sum(len(build(k8s / name)) for name in OVERLAYS) + 1
    print(f"{count} objects of {len(OVERLAYS)} overlays hold against {', '.join(versions)}")
    missed = 0
    for file, old, new in mutations.ALL:
        said = noticed(k8s, file, old, new)
        change = f"{file}: {' '.join(old.split())} -> {' '.join(new.split()) or 'nothing'}"
        if said is None or said.startswith("BUG"):
            missed += 1
            print(f"error: nobody noticed {change} ({said})", file=sys.stderr)
        else:
            print(f"  {change}\n    {shorten(said)}")
    print(f"{len(mutations.ALL) - missed} of {len(mutations.ALL)} broken manifests were noticed")
    stale = list(stale_in_the_guide(k8s))
    for sentence in stale:
        print(f"error: README.md {sentence}", file=sys.stderr)
    sys.exit(1 if missed or stale else 0)


def stale_in_the_guide(k8s):
    guide = (k8s / "README.md").read_text()
    flat = re.sub(r"[\s>]+", " ", guide)
    if f"each of {len(mutations.ALL)} broken manifests is noticed" not in flat:
        yield f"does not say that {len(mutations.ALL)} broken manifests are noticed"
    links = re.findall(r"\]\(([^)#:]+)\)", guide)
    files = [f"../{file}" for file in re.findall(r"(?:k8s|docker)/[\w./-]*\w", guide)]
    for file in (*links, *files):
        if not (k8s / file).exists():
            yield f"names {file}, which is not there"
    for overlay in re.findall(r"(?:apply -k|kustomize) k8s/(\w+)", guide):
        if overlay not in OVERLAYS:
            yield f"builds {overlay}, which nobody checks"


def shorten(sentence):
    return sentence if len(sentence) <= 160 else f"{sentence[:160]}..."


if __name__ == "__main__":
    main()
