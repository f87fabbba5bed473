"""What no validator knows: the talk's own figures, and what the parts of an overlay say of each other.

Each rule yields a sentence for everything that is wrong.
"""

# What the talk reported on its slides: replicas, limits, requests, as (cpu, memory).
TALK = {
    "step7": (1, None, None),
    "step8": (1, ("1m", "10Mi"), ("1m", "10Mi")),
    "step9": (1, ("4", "3092M"), ("2", "1024M")),
    "step10": (2, ("4", "3092M"), ("2", "1024M")),
}
CAPACITY = {"step7": "auto", "step8": "unlimited", "step9": "auto", "step10": "auto"}
PROBES = {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
# Seconds to drop what is left (at most 1), and for a slow node.
MARGIN = 5


def errors(overlays, on_cpu, adapter):
    for step in TALK:
        for rule in RULES:
            yield from (f"{step}: {error}" for error in rule(step, overlays[step]))
    pods = [only(overlays[step], "Deployment")["spec"]["template"] for step in ("step9", "step10")]
    if pods[0] != pods[1]:
        yield "step 10 changes the pod of step 9, so that applying it replaces pods"
    yield from route(overlays["step10"], overlays["gateway"])
    yield from autoscaling(overlays["step10"], overlays["autoscale"], on_cpu, adapter)


def only(objects, kind):
    found = [thing for thing in objects if thing["kind"] == kind]
    return found[0] if len(found) == 1 else None


def pod(objects):
    return only(objects, "Deployment")["spec"]["template"]["spec"]


def container(objects):
    (only_one,) = pod(objects)["containers"]
    return only_one


def env(objects, name):
    return next((entry for entry in container(objects)["env"] if entry["name"] == name), {})


def the_talks_figures(step, objects):
    resources = container(objects).get("resources", {})
    pairs = [
        (resources[key]["cpu"], resources[key]["memory"]) if key in resources else None
        for key in ("limits", "requests")
    ]
    here = (only(objects, "Deployment")["spec"].get("replicas"), *pairs)
    if here != TALK[step]:
        yield f"replicas, limits and requests are {here}, the talk's {TALK[step]}"
    if (capacity := env(objects, "CAPACITY").get("value")) != CAPACITY[step]:
        yield f"CAPACITY is {capacity}, this step is about {CAPACITY[step]}"
    # Without a limit the Downward API passes the memory of the whole node.
    limit = {"resourceFieldRef": {"resource": "limits.memory"}} if TALK[step][1] else None
    if env(objects, "MEMORY_LIMIT").get("valueFrom") != limit:
        yield f"MEMORY_LIMIT should come from {limit}"


def selectors(step, objects):
    """The talk's slip: its Service selects a label that its pods do not have."""
    deployment = only(objects, "Deployment")
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    found = {"Deployment": deployment["spec"]["selector"]["matchLabels"]}
    for constraint in pod(objects)["topologySpreadConstraints"]:
        found["topology spread"] = constraint["labelSelector"]["matchLabels"]
    if service := only(objects, "Service"):
        found["Service"] = service["spec"]["selector"]
    for kind, key in (("PodDisruptionBudget", "selector"), ("NetworkPolicy", "podSelector")):
        if thing := only(objects, kind):
            found[kind] = thing["spec"][key]["matchLabels"]
    for what, selector in found.items():
        if not selector.items() <= labels.items():
            yield f"the selector of the {what} is {selector}, the pods are labelled {labels}"
    for thing in objects:
        if thing["kind"] != "Namespace" and thing["metadata"].get("namespace") != "coffee-shop":
            yield f"the {thing['kind']} is not in the namespace coffee-shop"


def probes(step, objects):
    shop = container(objects)
    ports = {port["name"]: str(port["containerPort"]) for port in shop["ports"]}
    for name, path in PROBES.items():
        wanted = None if step == "step8" and name != "readinessProbe" else {"path": path, "port": "http"}
        if shop.get(name, {}).get("httpGet") != wanted:
            yield f"{name} should ask {wanted}"
    if ports.get("http") != env(objects, "PORT").get("value"):
        yield "the shop listens on another PORT than the one named http"
    if env(objects, "ADDRESS").get("value") != "0.0.0.0":
        yield "the kubelet cannot reach a shop that does not listen on all addresses"
    notes = only(objects, "Deployment")["spec"]["template"]["metadata"]["annotations"]
    scrape = [notes[f"prometheus.io/{key}"] for key in ("scrape", "port", "path")]
    if scrape != ["true", ports.get("http"), "/metrics"]:
        yield f"Prometheus is told to look at {scrape}"


def losing_nothing(step, objects):
    """A pod that goes serves what it has accepted; see the comment in base/deployment.yaml."""
    sleep = container(objects)["lifecycle"]["preStop"]["sleep"]["seconds"]
    delay, finish = (float(env(objects, name)["value"]) for name in ("DRAIN_DELAY", "GRACE_PERIOD"))
    whole = pod(objects).get("terminationGracePeriodSeconds", 30)
    if sleep < 5 or delay < 1 or finish < 10 or whole < sleep + delay + finish + MARGIN:
        yield f"killed after {whole} s: preStop {sleep} + drain {delay} + grace {finish} + margin {MARGIN}"
    if only(objects, "Deployment")["spec"]["strategy"]["rollingUpdate"] != {"maxUnavailable": 0, "maxSurge": 1}:
        yield "a rolling update takes an old pod away before the new one is ready"
    budget = only(objects, "PodDisruptionBudget")
    if (budget and budget["spec"].get("maxUnavailable")) != (1 if TALK[step][0] > 1 else None):
        yield "one replica of several goes at a time; a budget for a single one would block every drain"


def who_may_come(step, objects):
    """The Ingress' controller and the scraper, and no other; the shop calls no other service."""
    spec = only(objects, "NetworkPolicy")["spec"]
    (rule,) = spec["ingress"]
    (peer,), (port,) = rule["from"], rule["ports"]
    (expression,) = peer["namespaceSelector"]["matchExpressions"]
    if (expression["operator"], expression["values"]) != ("In", ["traefik", "monitoring"]):
        yield f"the NetworkPolicy lets in {expression}"
    if port["port"] not in [port["name"] for port in container(objects)["ports"]]:
        yield f"the NetworkPolicy names the port {port['port']}, which the container has not"
    if spec["policyTypes"] != ["Ingress", "Egress"] or spec["egress"]:
        yield "the NetworkPolicy lets the shop call others"


def from_outside_to_the_pods(step, objects):
    """Ingress, Service, container: each by the name of the next, and orders only."""
    service, ingress = only(objects, "Service"), only(objects, "Ingress")
    if TALK[step][0] == 1:
        if service or ingress:
            yield "Service and Ingress belong to step 10"
        return
    (port,) = service["spec"]["ports"]
    if port["targetPort"] not in [port["name"] for port in container(objects)["ports"]]:
        yield f"the Service leads to the port {port['targetPort']}, which the container has not"
    backend = {"name": service["metadata"]["name"], "port": {"name": port["name"]}}
    path = {"path": "/serve-customer", "pathType": "Prefix", "backend": {"service": backend}}
    rules = [{"host": "localhost", "http": {"paths": [path]}}]
    # No class and no annotation: for any controller.
    if ingress["spec"] != {"rules": rules} or ingress["metadata"].get("annotations"):
        yield f"the Ingress says {ingress['spec']}, and should say {rules}"


def restricted(step, objects):
    labels = only(objects, "Namespace")["metadata"]["labels"]
    if labels.get("pod-security.kubernetes.io/enforce") != "restricted":
        yield "the namespace does not enforce the restricted standard"
    if pod(objects)["securityContext"].get("runAsNonRoot") is not True:
        yield "the pod does not promise to run as another user than root"


RULES = [
    the_talks_figures,
    selectors,
    probes,
    losing_nothing,
    who_may_come,
    from_outside_to_the_pods,
    restricted,
]


def route(step10, gateway):
    """The route says what the Ingress says, and not a field more."""
    (rule,) = only(step10, "Ingress")["spec"]["rules"]
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
    made = only(gateway, "HTTPRoute")
    if (made["apiVersion"], made["spec"]) != ("gateway.networking.k8s.io/v1", wanted):
        yield f"the route says {made}, the Ingress means {wanted}"
    if [thing for thing in gateway if thing["kind"] != "HTTPRoute"] != [
        thing for thing in step10 if thing["kind"] != "Ingress"
    ]:
        yield "the overlay gateway differs from step 10 in more than the Ingress"


def autoscaling(step10, scaled, on_cpu, adapter):
    """One autoscaler, on a metric that the adapter brings."""
    deployment, scaler = only(scaled, "Deployment"), only(scaled, "HorizontalPodAutoscaler")
    if "replicas" in deployment["spec"]:
        yield "the Deployment says how many replicas there are, and so does the autoscaler"
    (metric,) = scaler["spec"]["metrics"]
    series = [rule["seriesQuery"].partition("{")[0] for rule in adapter["rules"]["custom"]]
    if series != [metric["pods"]["metric"]["name"]]:
        yield f"the adapter brings {series}, the autoscaler asks for {metric}"
    for one in (scaler, on_cpu):
        spec, name = one["spec"], one["metadata"]["name"]
        if spec["scaleTargetRef"]["name"] != deployment["metadata"]["name"]:
            yield f"the autoscaler {name} scales {spec['scaleTargetRef']}, which is not there"
        if spec["minReplicas"] != only(step10, "Deployment")["spec"]["replicas"]:
            yield f"the autoscaler {name} does not start from step 10's replicas"
