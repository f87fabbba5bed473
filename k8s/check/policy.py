"""What must hold for what the overlays build, beyond what the API server's schema says.

Each rule is a function over the built objects that yields a sentence for everything that is wrong.
"""

import re

# What the talk reported on its slides, and what an overlay is there to rehearse:
# replicas, limits, requests, as (cpu, memory).
TALK = {
    "step7": (1, None, None),
    "step8": (1, ("1m", "10Mi"), ("1m", "10Mi")),
    "step9": (1, ("4", "3092M"), ("2", "1024M")),
    "step10": (2, ("4", "3092M"), ("2", "1024M")),
}
CAPACITY = {"step7": "auto", "step8": "unlimited", "step9": "3000000", "step10": "3000000"}
# What the shop answers, besides orders: crates/steps/server/src/front.rs.
ALIVE, READY, METRICS = "/healthz", "/readyz", "/metrics"
PROBES = {"startupProbe": ALIVE, "livenessProbe": ALIVE, "readinessProbe": READY}
# Seconds to drop what is left (at most 1, crates/steps/server/src/run.rs), and for a slow node.
MARGIN = 5
SELECTOR = {"app.kubernetes.io/name": "coffee-shop", "app.kubernetes.io/component": "server"}
RECOMMENDED = {**SELECTOR, "app.kubernetes.io/part-of": "coffee-shop"}
SUFFIXES = {"": 1, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


def quantity(text):
    """A number of cores or bytes, as Kubernetes writes it."""
    number, suffix = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", str(text)).groups()
    return float(number) * SUFFIXES[suffix]


def only(objects, kind):
    found = [thing for thing in objects if thing["kind"] == kind]
    return found[0] if len(found) == 1 else None


def pod(deployment):
    return deployment["spec"]["template"]["spec"]


def container(deployment):
    (only_one,) = pod(deployment)["containers"]
    return only_one


def env(deployment):
    return {entry["name"]: entry for entry in container(deployment)["env"]}


def seconds(deployment, name):
    return float(env(deployment)[name]["value"])


def ports(deployment):
    return {port["name"]: port["containerPort"] for port in container(deployment)["ports"]}


def labels_and_selectors(step, objects):
    deployment = only(objects, "Deployment")
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    selectors = {"Deployment": deployment["spec"]["selector"]["matchLabels"]}
    for constraint in pod(deployment).get("topologySpreadConstraints", []):
        selectors["topology spread"] = constraint["labelSelector"]["matchLabels"]
    if service := only(objects, "Service"):
        selectors["Service"] = service["spec"]["selector"]
    if budget := only(objects, "PodDisruptionBudget"):
        selectors["PodDisruptionBudget"] = budget["spec"]["selector"]["matchLabels"]
    for who, selector in selectors.items():
        if not selector.items() <= labels.items():
            yield f"the selector of the {who} is {selector}, the pods are labelled {labels}"
        if selector != SELECTOR:
            yield f"the selector of the {who} is not {SELECTOR}"
    if "topology spread" not in selectors:
        yield "nothing spreads the replicas over the nodes"
    for thing in objects:
        if thing["kind"] != "Namespace" and thing["metadata"].get("namespace") != "coffee-shop":
            yield f"the {thing['kind']} is not in the namespace coffee-shop"
        if not RECOMMENDED.items() <= thing["metadata"]["labels"].items():
            if thing["kind"] != "Namespace":
                yield f"the {thing['kind']} lacks one of the labels {RECOMMENDED}"
    if not RECOMMENDED.items() <= labels.items():
        yield f"the pods lack one of the labels {RECOMMENDED}"


def what_the_talk_had(step, objects):
    deployment = only(objects, "Deployment")
    resources = container(deployment).get("resources", {})
    pairs = [
        (resources[key]["cpu"], resources[key]["memory"]) if key in resources else None
        for key in ("limits", "requests")
    ]
    here = (deployment["spec"].get("replicas"), *pairs)
    if here != TALK[step]:
        yield f"replicas, limits and requests are {here}, the talk's {TALK[step]}"
    capacity = env(deployment)["CAPACITY"].get("value")
    if capacity != CAPACITY[step]:
        yield f"CAPACITY is {capacity}, this step is about {CAPACITY[step]}"


def requests_fit_into_limits(step, objects):
    resources = container(only(objects, "Deployment")).get("resources", {})
    for what, limit in resources.get("limits", {}).items():
        if quantity(resources["requests"][what]) > quantity(limit):
            yield f"the request of {what} is more than the limit"


def memory_limit(step, objects):
    deployment = only(objects, "Deployment")
    passed = env(deployment).get("MEMORY_LIMIT")
    limited = "memory" in container(deployment).get("resources", {}).get("limits", {})
    if passed and not limited:
        yield "without a limit the Downward API passes the memory of the whole node"
    wanted = {"resourceFieldRef": {"resource": "limits.memory"}}
    if limited and (passed or {}).get("valueFrom") != wanted:
        yield "MEMORY_LIMIT does not come from limits.memory"


def probes(step, objects):
    deployment = only(objects, "Deployment")
    shop = container(deployment)
    wanted = {"readinessProbe"} if step == "step8" else set(PROBES)
    for name, path in PROBES.items():
        probe = shop.get(name)
        if (name in wanted) != (probe is not None):
            wrong = "missing" if name in wanted else "there, and can kill a throttled shop"
            yield f"{name} is {wrong}"
        elif probe and probe.get("httpGet") != {"path": path, "port": "http"}:
            yield f"{name} does not ask GET {path} on the port named http"
    if "http" not in ports(deployment):
        yield "no port of the container is named http"
    elif str(ports(deployment)["http"]) != env(deployment)["PORT"]["value"]:
        yield "the shop listens on another PORT than the one named http"
    if env(deployment)["ADDRESS"]["value"] != "0.0.0.0":
        yield "the kubelet cannot reach a shop that does not listen on all addresses"
    if "exec" in str([shop.get(name) for name in (*PROBES, "lifecycle")]):
        yield "a program started in the container counts against its memory"
    notes = deployment["spec"]["template"]["metadata"]["annotations"]
    scrape = tuple(notes[f"prometheus.io/{key}"] for key in ("scrape", "port", "path"))
    if scrape != ("true", str(ports(deployment).get("http")), METRICS):
        yield f"Prometheus is told to look at {scrape}"


def restricted(step, objects):
    """The restricted Pod Security Standard, and what else a pod can do without."""
    spec = pod(only(objects, "Deployment"))
    whole = spec.get("securityContext", {})
    own = container(only(objects, "Deployment")).get("securityContext", {})
    wanted = {
        "runAsNonRoot": whole.get("runAsNonRoot") is True,
        "runAsUser by number": isinstance(whole.get("runAsUser"), int) and whole["runAsUser"] > 0,
        "seccompProfile": whole.get("seccompProfile") == {"type": "RuntimeDefault"},
        "allowPrivilegeEscalation": own.get("allowPrivilegeEscalation") is False,
        "readOnlyRootFilesystem": own.get("readOnlyRootFilesystem") is True,
        "capabilities": own.get("capabilities") == {"drop": ["ALL"]},
        "privileged": not own.get("privileged"),
        "nothing of the host": not [key for key in spec if key.startswith("host")],
        "automountServiceAccountToken": spec.get("automountServiceAccountToken") is False,
        "enableServiceLinks": spec.get("enableServiceLinks") is False,
        "no volumes": "volumes" not in spec,
    }
    for what, holds in wanted.items():
        if not holds:
            yield f"the pod is not restricted: {what}"
    labels = only(objects, "Namespace")["metadata"]["labels"]
    if labels.get("pod-security.kubernetes.io/enforce") != "restricted":
        yield "the namespace does not enforce the restricted standard"


def grace(step, objects):
    deployment = only(objects, "Deployment")
    whole = pod(deployment).get("terminationGracePeriodSeconds", 30)
    hook = container(deployment).get("lifecycle", {}).get("preStop", {})
    sleep = hook.get("sleep", {}).get("seconds", 0)
    delay, finish = seconds(deployment, "DRAIN_DELAY"), seconds(deployment, "GRACE_PERIOD")
    if sleep < 5:
        yield f"preStop sleeps {sleep} s: to withdraw an address everywhere takes some seconds"
    if delay < 1:
        yield "without DRAIN_DELAY nobody can see /readyz fail before orders are refused"
    if whole < sleep + delay + finish + MARGIN:
        parts = f"preStop {sleep} + drain {delay} + grace {finish} + margin {MARGIN}"
        yield f"killed after {whole} s: {parts} are more"
    if finish < 10:
        yield f"GRACE_PERIOD is {finish} s: three million customers may take longer than 10 s"


def rolling_update(step, objects):
    strategy = only(objects, "Deployment")["spec"]["strategy"]
    if strategy.get("type") != "RollingUpdate" or strategy["rollingUpdate"]["maxUnavailable"] != 0:
        yield "a rolling update takes an old pod away before the new one is ready"
    elif strategy["rollingUpdate"]["maxSurge"] == 0:
        yield "a rolling update that may neither add nor remove a pod does nothing"


def image(step, objects):
    shop = container(only(objects, "Deployment"))
    name, _, tag = shop["image"].partition(":")
    if tag in ("", "latest") or shop["imagePullPolicy"] != "IfNotPresent":
        how = f"{shop['image']} with {shop['imagePullPolicy']}"
        yield f"{how}: a local image would be asked of a registry"
    if name != "coffee-shop" or shop["name"] != "coffee-shop":
        yield "docker/ builds coffee-shop, and the rehearsal looks for that name"


def from_outside_to_the_pods(step, objects):
    """The chain of step 10: Ingress or route, Service, container, each by the name of the next."""
    service, ingress = only(objects, "Service"), only(objects, "Ingress")
    names = ports(only(objects, "Deployment"))
    if TALK[step][0] == 1:
        if service or ingress:
            yield "Service and Ingress belong to step 10"
        return
    front = service["spec"]["ports"]
    if [port["targetPort"] for port in front] != ["http"] or "http" not in names:
        yield "the Service does not lead to the container's port named http"
    (rule,) = ingress["spec"]["rules"]
    for path in rule["http"]["paths"]:
        backend = path["backend"]["service"]
        if backend["name"] != service["metadata"]["name"]:
            yield f"the Ingress leads to a Service {backend['name']}, which is not there"
        if backend["port"] not in [{"name": port["name"]} for port in front]:
            yield f"the Ingress leads to the port {backend['port']}, which the Service has not"
        if (path["path"], path["pathType"]) != ("/serve-customer", "Prefix"):
            yield f"the Ingress shows {path['path']} to everybody: orders only"
    if "ingressClassName" in ingress["spec"] or ingress["metadata"].get("annotations"):
        yield "the Ingress is for any controller: its class is a parameter"


def disruption_budget(step, objects):
    budget = only(objects, "PodDisruptionBudget")
    if (budget is not None) != (TALK[step][0] > 1):
        yield "a PodDisruptionBudget is for several replicas: a single one would block every drain"
    elif budget and budget["spec"].get("maxUnavailable") != 1:
        yield "the budget does not let exactly one replica go at a time"


RULES = [
    labels_and_selectors,
    what_the_talk_had,
    requests_fit_into_limits,
    memory_limit,
    probes,
    restricted,
    grace,
    rolling_update,
    image,
    from_outside_to_the_pods,
    disruption_budget,
]


def same_pod(step9, step10):
    """Scaling out adds a pod, and replaces none."""
    templates = [only(objects, "Deployment")["spec"]["template"] for objects in (step9, step10)]
    if templates[0] != templates[1]:
        yield "step 10 changes the pod of step 9, so that applying it replaces pods"


def route(step10, gateway):
    """The route says what the Ingress says, and not a field more."""
    ingress, made = only(step10, "Ingress"), only(gateway, "HTTPRoute")
    (rule,) = ingress["spec"]["rules"]
    (port,) = only(step10, "Service")["spec"]["ports"]
    wanted = {
        "parentRefs": [{"name": "traefik-gateway", "namespace": "traefik"}],
        "hostnames": [rule["host"]],
        "rules": [
            {
                "matches": [{"path": {"type": "PathPrefix", "value": path["path"]}}],
                "backendRefs": [{"name": path["backend"]["service"]["name"], "port": port["port"]}],
            }
            for path in rule["http"]["paths"]
        ],
    }
    if made["spec"] != wanted:
        yield f"the route says {made['spec']}, the Ingress means {wanted}"
    if [thing for thing in gateway if thing["kind"] != "HTTPRoute"] != [
        thing for thing in step10 if thing["kind"] != "Ingress"
    ]:
        yield "the overlay gateway differs from step 10 in more than the Ingress"


def metric(scaled):
    (only_one,) = only(scaled, "HorizontalPodAutoscaler")["spec"]["metrics"]
    return only_one["pods"]["metric"]["name"]


def autoscaling(step10, scaled, on_cpu, adapter):
    """One autoscaler, on a metric that the adapter brings."""
    deployment, scaler = only(scaled, "Deployment"), only(scaled, "HorizontalPodAutoscaler")
    if "replicas" in deployment["spec"]:
        yield "the Deployment says how many replicas there are, and so does the autoscaler"
    name = metric(scaled)
    series = [rule["seriesQuery"].partition("{")[0] for rule in adapter["rules"]["custom"]]
    if series != [name]:
        yield f"the adapter does not bring {name}"
    for one in (scaler, on_cpu):
        target = one["spec"]["scaleTargetRef"]
        if (target["kind"], target["name"]) != ("Deployment", deployment["metadata"]["name"]):
            yield f"the autoscaler {one['metadata']['name']} scales {target}, which is not there"
        if one["spec"]["minReplicas"] != only(step10, "Deployment")["spec"]["replicas"]:
            yield f"the autoscaler {one['metadata']['name']} does not start from step 10's replicas"
