//! What Kubernetes allows, with its defaults.

use crate::support::{BASE, KUSTOMIZATION, PATCH, folder, read, read_built};

#[test]
fn one_replica_is_the_default() {
    let deployment = read_built(BASE.replace("  replicas: 1\n", "")).expect("it can be rehearsed");
    assert_eq!(deployment.replicas, 1);
    let patch = PATCH.replace("replicas: 2", "replicas: null");
    let folder = folder(BASE, KUSTOMIZATION, &patch);
    assert_eq!(read(folder.path()).expect("null is the default").replicas, 1);
}

#[test]
fn amounts_may_be_exponents_and_quoted() {
    for (memory, bytes) in [
        ("\"129e6\"", 129_000_000),
        ("129e6", 129_000_000),
        ("\"1e-1\"", 1),
        ("\"+5\"", 5),
        ("134217728", 134_217_728),
        ("1.5Gi", 1_610_612_736),
    ] {
        let text = format!("{BASE}          resources: {{limits: {{memory: {memory}}}}}\n");
        let deployment = read_built(text).expect(memory);
        assert_eq!(deployment.memory_limit().expect("a limit"), bytes, "{memory}");
    }
}

#[test]
fn requests_are_as_large_as_the_limits_unless_they_are_said() {
    let environment = "
            - {name: A, valueFrom: {resourceFieldRef: {resource: requests.memory}}}
            - {name: B, valueFrom: {resourceFieldRef: {resource: requests.cpu}}}
            - {name: C, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}";
    let with = |resources: &str| {
        let text = BASE.replace("          env:", &format!("          env:{environment}"));
        read_built(format!("{text}          resources: {resources}\n")).expect(resources)
    };
    let limited = with("{limits: {memory: 10Mi, cpu: 2}, requests: {cpu: 1500m}}");
    assert_eq!(limited.requests.to_string(), "CPU 1500m, memory 10Mi");
    let [a, b, c] = ["A", "B", "C"].map(|name| limited.environment[name].as_str());
    assert_eq!((a, b, c), ("10485760", "2", "2"));
    // Without any, a cluster passes 0 for a request, and what the node has for a limit.
    let free = with("{}");
    assert_eq!((free.environment["A"].as_str(), free.environment.get("C")), ("0", None));
    let of_the_node = "spec.template.spec.containers[coffee-shop].env[C]";
    assert!(free.unrehearsed.contains(of_the_node), "{:?}", free.unrehearsed);
}

#[test]
fn what_is_not_rehearsed_is_named_in_the_plan() {
    let text = format!("kind: Service\n---\n{BASE}          volumeMounts: []\n");
    let plan = read_built(text).expect("it can be rehearsed").to_string();
    let named: Vec<_> =
        plan.lines().filter_map(|line| line.strip_prefix("not rehearsed  ")).collect();
    let expected = [
        "Service",
        "spec.template.spec.containers[coffee-shop].env[PORT]",
        "spec.template.spec.containers[coffee-shop].livenessProbe",
        "spec.template.spec.containers[coffee-shop].volumeMounts",
    ];
    assert_eq!(named, expected);
}
