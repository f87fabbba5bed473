//! The overlays of the workspace, and how patches lie over a base.

use std::time::Duration;

use rehearsal::{Deployment, built, overlay};

use crate::support::{BASE, KUSTOMIZATION, PATCH, folder, k8s, read};

fn step(number: u8) -> Deployment {
    let folder = k8s().join(format!("step{number}"));
    read(&folder).expect("it can be rehearsed")
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
    let merged = overlay(folder.path()).expect("it merges").deployment;
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
fn what_kubectl_has_built_is_read_too() {
    let folder = folder(&format!("kind: Namespace\n---\n{BASE}---\n"), KUSTOMIZATION, PATCH);
    let file = folder.path().join("base.yaml");
    let deployment = built(&file).and_then(|manifest| Deployment::read(&manifest));
    assert_eq!(deployment.expect("it can be rehearsed").replicas, 1);
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
fn a_rollout_is_rehearsed_only_as_the_manifest_says_it() {
    assert!(step(10).rolls_one_by_one().is_ok());
    let folder = folder(BASE, KUSTOMIZATION, PATCH);
    let silent = read(folder.path()).expect("it can be rehearsed");
    let error = silent.rolls_one_by_one().expect_err("the default is another").to_string();
    assert!(error.contains("wrong spec.strategy.rollingUpdate: a rollout is rehearsed"), "{error}");
}
