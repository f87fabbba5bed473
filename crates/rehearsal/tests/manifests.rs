//! What is read from manifests, and what is refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rehearsal::{Deployment, ManifestError, built, overlay};
use tempfile::TempDir;

fn k8s() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../k8s")
}

fn step(number: u8) -> Deployment {
    let folder = k8s().join(format!("step{number}"));
    read(&folder).expect("it can be rehearsed")
}

fn read(folder: &Path) -> Result<Deployment, ManifestError> {
    Deployment::read(folder, &overlay(folder)?)
}

const BASE: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: coffee-shop
spec:
  replicas: 1
  template:
    spec:
      terminationGracePeriodSeconds: 9
      containers:
        - name: coffee-shop
          env:
            - name: CAPACITY
              value: auto
            - name: PORT
              value: \"8080\"
          livenessProbe:
            httpGet: {path: /healthz, port: 8080}
";
const KUSTOMIZATION: &str = "resources: [base.yaml]\npatches:\n  - path: patch.yaml\n";
const PATCH: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: coffee-shop
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: coffee-shop
          livenessProbe: null
          resources:
            limits: {cpu: 4, memory: 3092M}
          env:
            - name: CAPACITY
              value: unlimited
            - name: MEMORY_LIMIT
              valueFrom:
                resourceFieldRef:
                  resource: limits.memory
";

const TWO: &str = "wrong number of Deployments: 2, and one can be rehearsed; take the others out";

fn folder(base: &str, kustomization: &str, patch: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let files = [("base.yaml", base), ("kustomization.yaml", kustomization), ("patch.yaml", patch)];
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("written");
    }
    folder
}

#[test]
fn the_overlays_say_what_the_talk_did() {
    let limits = |number| step(number).limits.to_string();
    let replicas: Vec<_> = (7..=10).map(|number| step(number).replicas).collect();
    assert_eq!(replicas, [1, 1, 1, 2]);
    assert_eq!((limits(7).as_str(), limits(8).as_str()), ("none", "CPU 1m, memory 10Mi"));
    assert_eq!((limits(9), limits(10)), (limits(10), "CPU 4, memory 3092M".to_owned()));
    assert_eq!(step(8).environment["CAPACITY"], "unlimited");
    assert_eq!(step(8).environment["MEMORY_LIMIT"], "10485760");
    assert_eq!(step(9).memory_limit().expect("a limit"), 3_092_000_000);
}

#[test]
fn a_patch_lies_over_its_base() {
    let folder = folder(BASE, KUSTOMIZATION, PATCH);
    let merged = overlay(folder.path()).expect("it merges");
    let shop = &merged["spec"]["template"]["spec"]["containers"][0];
    assert!(shop.get("livenessProbe").is_none(), "null deletes: {shop}");
    let deployment = read(folder.path()).expect("it can be rehearsed");
    assert_eq!(deployment.replicas, 2);
    let environment: Vec<_> =
        deployment.environment.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(environment, ["CAPACITY=unlimited", "MEMORY_LIMIT=3092000000", "PORT=8080"]);
    assert_eq!((deployment.pre_stop, deployment.grace), (Duration::ZERO, Duration::from_secs(9)));
    assert_eq!(deployment.limits.to_string(), "CPU 4, memory 3092M");
}

#[test]
fn a_patch_for_something_else_changes_nothing() {
    let other = PATCH.replace("  name: coffee-shop\nspec", "  name: tea-shop\nspec");
    let folder = folder(BASE, KUSTOMIZATION, &other);
    assert_eq!(read(folder.path()).expect("it can be rehearsed").replicas, 1);
}

#[test]
fn what_kubectl_has_built_is_read_too() {
    let folder = folder(&format!("kind: Namespace\n---\n{BASE}"), KUSTOMIZATION, PATCH);
    let file = folder.path().join("base.yaml");
    let deployment = built(&file).and_then(|found| Deployment::read(&file, &found));
    assert_eq!(deployment.expect("it can be rehearsed").replicas, 1);
}

#[test]
fn a_second_deployment_that_kubectl_has_built_is_not_ignored() {
    let folder = folder(&format!("{BASE}---\n{PATCH}"), KUSTOMIZATION, PATCH);
    let error = built(&folder.path().join("base.yaml")).expect_err("there are two").to_string();
    assert!(error.contains(TWO), "{error}");
}

#[test]
fn a_divisor_of_one_changes_nothing() {
    for divisor in ["1", "\"1\"", "\"0\""] {
        let patch = format!("{PATCH}                  divisor: {divisor}\n");
        let folder = folder(BASE, KUSTOMIZATION, &patch);
        let deployment = read(folder.path()).expect("it can be rehearsed");
        assert_eq!(deployment.environment["MEMORY_LIMIT"], "3092000000", "{divisor}");
    }
}

#[test]
fn what_is_missing_or_wrong_is_named_with_what_to_write() {
    let limit = "            limits: {cpu: 4, memory: 3092M}\n";
    for (base, kustomization, patch, sentence) in [
        ("", KUSTOMIZATION, PATCH, "lacks a Deployment. Add it, such as deployment.yaml under"),
        (BASE, "resources: []\n", PATCH, "lacks a Deployment"),
        (BASE, "patches: [{path: patch.yaml}]\n", PATCH, "lacks a Deployment"),
        (BASE, "resources: [no.yaml]\n", PATCH, "no.yaml cannot be read: "),
        (BASE, KUSTOMIZATION, "a: [\n", "patch.yaml is no YAML: "),
        (BASE, KUSTOMIZATION, "a: 1\na: 2\n", "patch.yaml is no YAML: "),
        (BASE, KUSTOMIZATION, "- op: remove\n", "uses a patch that is a list of operations, which"),
        (BASE, "resources: [base.yaml]\nimages: []\n", PATCH, "uses images, which the rehearsal"),
        (BASE, "resources: [base.yaml, patch.yaml]\n", PATCH, TWO),
        (&format!("{BASE}---\n{BASE}"), "resources: [base.yaml]\n", PATCH, TWO),
        (BASE, "resources: [base.yaml]\npatches: [{patch: x}]\n", PATCH, "a patch that is no file"),
        (BASE, "resources: [.]\n", PATCH, "uses folders within folders without end, which"),
        (
            &BASE.replace("  replicas: 1\n", ""),
            "resources: [base.yaml]\n",
            "",
            "lacks spec.replicas. Add it, such as replicas: 1",
        ),
        (
            BASE,
            KUSTOMIZATION,
            &PATCH.replace("replicas: 2", "replicas: two"),
            "wrong spec.replicas: \"two\" is no whole number",
        ),
        (
            BASE,
            KUSTOMIZATION,
            &PATCH.replace("replicas: 2", "replicas: 1000"),
            "1 to 16 shops can be rehearsed",
        ),
        (
            BASE,
            KUSTOMIZATION,
            &PATCH.replace("3092M", "3092MB"),
            "'3092MB' is no quantity; try 10Mi",
        ),
        (
            &BASE.replace("- name: coffee-shop", "- name: tea"),
            "resources: [base.yaml]\n",
            "",
            "lacks spec.template.spec.containers[coffee-shop]. Add",
        ),
        (
            BASE,
            KUSTOMIZATION,
            &PATCH.replace("limits.memory", "limits.tea"),
            "there is no limits.tea here; try limits.memory",
        ),
        (
            BASE,
            KUSTOMIZATION,
            &format!("{PATCH}                  divisor: 1Mi\n"),
            "wrong spec.template.spec.containers[coffee-shop].env[MEMORY_LIMIT]: only a divisor of 1",
        ),
        (
            &format!("{BASE}          lifecycle: {{preStop: {{exec: {{command: [sleep]}}}}}}\n"),
            "resources: [base.yaml]\n",
            "",
            "lacks spec.template.spec.containers[coffee-shop].lifecycle.preStop.sleep.seconds. Add it",
        ),
        (
            BASE,
            KUSTOMIZATION,
            &PATCH.replace("value: unlimited", "value: 3"),
            "only a text in quotes or a resourceFieldRef",
        ),
    ] {
        let folder = folder(base, kustomization, patch);
        let error = read(folder.path()).expect_err(sentence).to_string();
        assert!(error.starts_with("the manifest "), "{error}");
        assert!(error.contains(sentence), "{sentence}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    let folder = folder(BASE, KUSTOMIZATION, &PATCH.replace(limit, "            limits: {}\n"));
    let error = read(folder.path()).and_then(|found| found.memory_limit()).expect_err("no limit");
    let field = "lacks spec.template.spec.containers[coffee-shop].resources.limits.memory. Add it";
    assert!(error.to_string().contains(field), "{error}");
}

#[test]
fn a_rollout_is_rehearsed_only_as_the_manifest_says_it() {
    assert!(step(10).rolls_one_by_one().is_ok());
    let folder = folder(BASE, KUSTOMIZATION, PATCH);
    let silent = read(folder.path()).expect("it can be rehearsed");
    let error = silent.rolls_one_by_one().expect_err("the default is another").to_string();
    assert!(error.contains("wrong spec.strategy.rollingUpdate: a rollout is rehearsed"), "{error}");
}
