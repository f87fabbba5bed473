//! Overlays within the grammar of our manifests, merged by `kubectl kustomize` and by us.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rehearsal::{Deployment, Manifest, built, overlay};
use serde_json::{Map, Value, json};

/// How many overlays kubectl builds at once, and how often.
const AT_ONCE: usize = 50;
const TIMES: usize = 10;

#[test]
#[ignore = "needs kubectl with kustomize 5: crates/rehearsal/check.sh runs it"]
fn five_hundred_overlays_are_merged_as_kubectl_merges_them() {
    let mut runner = TestRunner::deterministic();
    let (mut planned, mut refused) = (0, 0);
    for _ in 0..TIMES {
        let overlays = vec(overlays(), AT_ONCE).new_tree(&mut runner).expect("overlays").current();
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), &overlays);
        for (number, theirs) in kubectl(folder.path()).into_iter().enumerate() {
            let mut ours = overlay(&folder.path().join(number.to_string())).expect("it merges");
            assert_eq!(
                ours.deployment,
                theirs.deployment,
                "{}{}",
                text(&overlays[number].0),
                text(&overlays[number].1)
            );
            ours.path.clone_from(&theirs.path);
            match (Deployment::read(&ours), Deployment::read(&theirs)) {
                (Ok(ours), Ok(theirs)) => {
                    assert_eq!(ours, theirs);
                    planned += 1;
                }
                (ours, theirs) => {
                    let [ours, theirs] =
                        [ours, theirs].map(|read| read.expect_err("both").to_string());
                    assert_eq!(ours, theirs);
                    refused += 1;
                }
            }
        }
    }
    println!("{planned} overlays were planned alike, and {refused} refused alike");
    assert_eq!(planned + refused, AT_ONCE * TIMES);
    assert!(planned > refused, "most of them are right");
}

/// The base of an overlay, and the patch over it.
type Overlay = (Value, Value);

/// A folder for each overlay, and one kustomization that builds them all.
fn write(folder: &Path, overlays: &[Overlay]) {
    let names: Vec<_> = (0..overlays.len()).map(|number| number.to_string()).collect();
    fs::write(folder.join("kustomization.yaml"), text(&json!({ "resources": names })))
        .expect("written");
    for (name, (base, patch)) in names.iter().zip(overlays) {
        let folder = folder.join(name);
        let kustomization =
            json!({ "resources": ["base.yaml"], "patches": [{ "path": "patch.yaml" }] });
        fs::create_dir(&folder).expect("a folder");
        for (file, mut content) in [("base.yaml", base.clone()), ("patch.yaml", patch.clone())] {
            content["metadata"]["name"] = format!("coffee-shop-{name:0>3}").into();
            fs::write(folder.join(file), text(&content)).expect("written");
        }
        fs::write(folder.join("kustomization.yaml"), text(&kustomization)).expect("written");
    }
}

/// What kubectl makes of them, by their number.
fn kubectl(folder: &Path) -> Vec<Manifest> {
    let program = env::var("KUBECTL").unwrap_or_else(|_| "kubectl".to_owned());
    let output = Command::new(program).arg("kustomize").arg(folder).output().expect("kubectl runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error:.2000}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let file = folder.join("built.yaml");
    let mut found: Vec<_> = text
        .split("---\n")
        .map(|document| {
            fs::write(&file, document).expect("written");
            built(&file).expect("a Deployment")
        })
        .collect();
    found.sort_by_key(|manifest| manifest.deployment["metadata"]["name"].to_string());
    found
}

/// In block style, as people write it, with its texts in quotes.
fn text(value: &Value) -> String {
    let mut text = String::new();
    block(value, 0, &mut text);
    text
}

fn block(value: &Value, indent: usize, text: &mut String) {
    let gap = " ".repeat(indent);
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (field, value) in fields {
                *text += &format!("\n{gap}{field}:");
                block(value, indent + 2, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                *text += &format!("\n{gap}-");
                block(item, indent + 2, text);
            }
        }
        scalar => *text += &format!(" {scalar}"),
    }
}

fn overlays() -> impl Strategy<Value = Overlay> {
    (deployment(false), deployment(true))
}

/// Fields that may be there; in a patch they may also be deleted.
fn maybe(patch: bool, of: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Option<Value>> {
    let weight = u32::from(patch);
    prop_oneof![
        4 => option::of(of),
        weight => Just(Some(Value::Null)),
    ]
    .boxed()
}

fn map(fields: Vec<(&'static str, BoxedStrategy<Option<Value>>)>) -> BoxedStrategy<Value> {
    let (names, values): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
    let collect = move |values: Vec<Option<Value>>| {
        let fields = names.iter().zip(values);
        let fields = fields.filter_map(|(name, value)| Some(((*name).to_owned(), value?)));
        Value::Object(fields.collect::<Map<_, _>>())
    };
    values.prop_map(collect).boxed()
}

fn one_of(values: &[Value]) -> BoxedStrategy<Value> {
    prop::sample::select(values.to_vec()).boxed()
}

/// Each field has values of one type: kustomize keeps the quotes of a text that a patch replaces by a
/// number, and the API server refuses what comes of it.
fn deployment(patch: bool) -> BoxedStrategy<Value> {
    let maybe = |of: BoxedStrategy<Value>| maybe(patch, of);
    let always = |of: BoxedStrategy<Value>| of.prop_map(Some).boxed();
    let rolling = map(vec![
        ("maxSurge", maybe(one_of(&[json!(1), json!(2)]))),
        ("maxUnavailable", maybe(one_of(&[json!(0), json!(1)]))),
    ]);
    let strategy = map(vec![
        ("type", maybe(one_of(&[json!("RollingUpdate")]))),
        ("rollingUpdate", maybe(rolling)),
    ]);
    let pod = map(vec![
        ("terminationGracePeriodSeconds", maybe(one_of(&[json!(9), json!(35)]))),
        ("securityContext", maybe(security())),
        ("topologySpreadConstraints", maybe(constraints())),
        ("containers", always(container(patch).prop_map(|shop| json!([shop])).boxed())),
    ]);
    let labels = one_of(&[json!({"app": "a"}), json!({"app": "b", "tier": "c"})]);
    let metadata = map(vec![("labels", maybe(labels.clone())), ("annotations", maybe(labels))]);
    let template = map(vec![("metadata", maybe(metadata.clone())), ("spec", always(pod))]);
    let spec = map(vec![
        ("replicas", maybe(one_of(&[json!(1), json!(2), json!(16)]))),
        ("strategy", maybe(strategy)),
        ("template", always(template)),
    ]);
    map(vec![
        ("apiVersion", always(one_of(&[json!("apps/v1")]))),
        ("kind", always(one_of(&[json!("Deployment")]))),
        ("metadata", always(metadata)),
        ("spec", always(spec)),
    ])
}

fn security() -> BoxedStrategy<Value> {
    one_of(&[json!({"runAsNonRoot": true, "runAsUser": 65532}), json!({"runAsUser": 1})])
}

fn constraints() -> BoxedStrategy<Value> {
    let constraint = |(key, when, skew): (&str, &str, u8)| json!({"topologyKey": key, "whenUnsatisfiable": when, "maxSkew": skew});
    let places = prop::sample::subsequence(
        vec![("zone", "DoNotSchedule"), ("zone", "ScheduleAnyway"), ("host", "DoNotSchedule")],
        1..=3,
    );
    let skewed = (places, 1..5_u8);
    skewed
        .prop_map(move |(places, skew)| {
            places.into_iter().map(|(key, when)| constraint((key, when, skew))).collect()
        })
        .boxed()
}

fn container(patch: bool) -> BoxedStrategy<Value> {
    let maybe = |of: BoxedStrategy<Value>| maybe(patch, of);
    let amounts = || {
        map(vec![
            ("cpu", maybe(one_of(&[json!("500m"), json!("4"), json!("1e1")]))),
            ("memory", maybe(one_of(&[json!("10Mi"), json!("3092M"), json!("134217728")]))),
        ])
    };
    let probe = map(vec![
        ("httpGet", maybe(one_of(&[json!({"path": "/healthz", "port": 2}), json!({"port": 1})]))),
        ("periodSeconds", maybe(one_of(&[json!(1), json!(10)]))),
    ]);
    let seconds = map(vec![("seconds", maybe(one_of(&[json!(0), json!(5)])))]);
    let hook = map(vec![("sleep", maybe(seconds))]);
    let port = |port: u16, protocol: &str| json!({"containerPort": port, "protocol": protocol});
    let ports =
        prop::sample::subsequence(vec![port(80, "TCP"), port(80, "UDP"), port(8080, "TCP")], 1..=3);
    map(vec![
        ("name", Just(Some(json!("coffee-shop"))).boxed()),
        ("image", maybe(one_of(&[json!("coffee-shop:step6"), json!("x@sha256:0")]))),
        ("env", maybe(environment(patch))),
        ("ports", maybe(ports.prop_map(Value::Array).boxed())),
        (
            "resources",
            maybe(map(vec![("limits", maybe(amounts())), ("requests", maybe(amounts()))])),
        ),
        ("livenessProbe", maybe(probe.clone())),
        ("readinessProbe", maybe(probe)),
        ("lifecycle", maybe(map(vec![("preStop", maybe(hook))]))),
        ("securityContext", maybe(security())),
    ])
}

/// Variables in any order, each once.
fn environment(patch: bool) -> BoxedStrategy<Value> {
    let names = ["ADDRESS", "CAPACITY", "GRACE_PERIOD", "MEMORY_LIMIT", "PORT", "STEP"];
    let names = prop::sample::subsequence(names.to_vec(), 1..=6).prop_shuffle();
    let resources =
        ["limits.memory", "limits.cpu", "requests.memory", "requests.cpu"].map(Value::from);
    let reference = map(vec![
        ("resource", one_of(&resources).prop_map(Some).boxed()),
        ("divisor", maybe(patch, one_of(&[json!("1"), json!("0")]))),
    ]);
    let text = one_of(&["auto", "3", "", "a b: c", "yes", "017", "caf\u{e9}"].map(Value::from));
    let value = prop_oneof![
        3 => text.prop_map(|text| json!({"value": text})),
        1 => reference.prop_map(move |reference| {
            let from = json!({"valueFrom": {"resourceFieldRef": reference}});
            if patch { merged(&from, &json!({"value": null})) } else { from }
        }),
    ];
    (names, vec(value, 6))
        .prop_map(|(names, values)| {
            let named = |(name, value): (&str, Value)| merged(&json!({ "name": name }), &value);
            names.into_iter().zip(values).map(named).collect()
        })
        .boxed()
}

fn merged(one: &Value, other: &Value) -> Value {
    let fields = [one, other].into_iter().filter_map(Value::as_object).flatten();
    Value::Object(fields.map(|(name, value)| (name.clone(), value.clone())).collect())
}
