//! What cannot be rehearsed is refused, with the name of its field and what to do.

use std::fs;

use crate::support::{BASE, KUSTOMIZATION, ONLY_BASE, PATCH, folder, read, read_built};

const TWO: &str = "wrong number of Deployments: 2, and one can be rehearsed; take the others out";

#[test]
fn what_is_missing_or_wrong_is_named_with_what_to_write() {
    let limit = "            limits: {cpu: 4, memory: 3092M}\n";
    for (base, kustomization, patch, sentence) in [
        ("", ONLY_BASE, PATCH, "lacks a Deployment. Add it, such as deployment.yaml under"),
        (BASE, "resources: []\n", PATCH, "lacks a Deployment. Add it, such as"),
        (
            BASE,
            "patches: [{path: patch.yaml}]\n",
            PATCH,
            "is for apps/v1 Deployment coffee-shop, and the resources have 0 of them",
        ),
        (BASE, "resources: [no.yaml]\n", PATCH, "no.yaml cannot be read: "),
        (BASE, KUSTOMIZATION, "a: [\n", "patch.yaml is no YAML: "),
        (
            BASE,
            KUSTOMIZATION,
            "a: 1\na: 2\n",
            "patch.yaml has a twice in one map, again in line 2. Leave one out",
        ),
        (BASE, KUSTOMIZATION, "- op: remove\n", "uses a patch that is a list of operations, which"),
        (BASE, "resources: [base.yaml]\nimages: []\n", PATCH, "uses images, which the rehearsal"),
        (BASE, "resources: [base.yaml, patch.yaml]\n", PATCH, TWO),
        (&format!("{BASE}---\n{BASE}"), ONLY_BASE, PATCH, TWO),
        (
            BASE,
            "resources: [base.yaml]\npatches: [{patch: x}]\n",
            PATCH,
            "a patch that is more than a path",
        ),
        (BASE, "resources: [.]\n", PATCH, "uses folders within folders without end, which"),
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
            ONLY_BASE,
            "",
            "has spec.template.spec.containers[tea], which cannot be rehearsed",
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
            ONLY_BASE,
            "",
            "has spec.template.spec.containers[coffee-shop].lifecycle.preStop.exec, which cannot be rehearsed",
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
        assert!(error.starts_with("the manifest ") || error.starts_with("the patch "), "{error}");
        assert!(error.contains(sentence), "{sentence}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    let folder = folder(BASE, KUSTOMIZATION, &PATCH.replace(limit, "            limits: {}\n"));
    let error = read(folder.path()).and_then(|found| found.memory_limit()).expect_err("no limit");
    let field = "lacks spec.template.spec.containers[coffee-shop].resources.limits.memory. Add it";
    assert!(error.to_string().contains(field), "{error}");
}

/// Each of these was rehearsed as another Deployment than the one it is, before.
#[test]
fn nothing_is_left_out_in_silence() {
    let shop = "spec.template.spec.containers[coffee-shop]";
    let in_shop = |text: &str| format!("{PATCH}          {text}\n");
    let in_pod = |text: &str| {
        PATCH.replace("      containers:", &format!("      {text}\n      containers:"))
    };
    for (patch, sentences) in [
        (
            in_shop("args: [--capacity, \"3\"]"),
            &[shop, ".args, which cannot be rehearsed. Leave it"][..],
        ),
        (in_shop("command: [/coffee-shop]"), &[shop, ".command, which cannot be rehearsed"]),
        (in_shop("envFrom: [{configMapRef: {name: a}}]"), &[shop, ".envFrom, which cannot be"]),
        (in_shop("resource: {limits: {memory: 10Mi}}"), &[shop, ".resource, which cannot be"]),
        (
            in_shop("lifecycle: {postStart: {sleep: {seconds: 1}}}"),
            &[shop, ".lifecycle.postStart, "],
        ),
        (
            in_shop("<<: {image: x}"),
            &["patch.yaml uses << in line 21, which the rehearsal does not"],
        ),
        (
            PATCH.replace("            limits: {", "            claims: []\n            limits: {"),
            &[shop, ".resources.claims, which"],
        ),
        (PATCH.replace("memory: 3092M", "memry: 3092M"), &[shop, ".resources.limits.memry, which"]),
        (PATCH.replace("value: unlimited", "$patch: delete"), &["uses $patch in line 16, which"]),
        (PATCH.replace("value: unlimited", "value: $(PORT)"), &[".env[CAPACITY]: $( ) and $$ are"]),
        (PATCH.replace("value: unlimited", "value: a$$b"), &[".env[CAPACITY]: $( ) and $$ are"]),
        (
            PATCH.replace(
                "- name: MEMORY_LIMIT",
                "- name: MEMORY_LIMIT\n              value: \"1\"",
            ),
            &[".env[MEMORY_LIMIT]: value and valueFrom; leave one out"],
        ),
        (
            PATCH.replace(
                "resourceFieldRef:\n                  resource: limits.memory",
                "fieldRef: {fieldPath: a}",
            ),
            &[".env[MEMORY_LIMIT].valueFrom.fieldRef, which cannot be rehearsed"],
        ),
        (
            format!("{PATCH}                  containerName: other\n"),
            &["resourceFieldRef.containerName: only the container coffee-shop can be rehearsed"],
        ),
        (
            in_pod("initContainers: [{name: a, image: b}]"),
            &["spec.template.spec.initContainers, which"],
        ),
        (in_pod("hostNetwork: true"), &["spec.template.spec.hostNetwork, which cannot be"]),
        (
            PATCH.replace(
                "        - name: coffee-shop",
                "        - {name: sidecar, image: a}\n        - name: coffee-shop",
            ),
            &["spec.template.spec.containers[sidecar], which cannot be rehearsed"],
        ),
        (
            PATCH.replace("spec:\n  replicas", "spec:\n  paused: true\n  replicas"),
            &["has spec.paused, which"],
        ),
        (
            PATCH.replace("name: CAPACITY", "name: A=B"),
            &[".env[A=B]: no variable can have that name; mend it"],
        ),
        (
            PATCH.replace("value: unlimited", "value: \"a\\0b\""),
            &[".env[CAPACITY]: no variable can have a NUL in it"],
        ),
        (
            in_pod("terminationGracePeriodSeconds: 18446744073709551615"),
            &["no whole number; try 30"],
        ),
        (
            in_pod("terminationGracePeriodSeconds: 90000"),
            &["at least the 0 s of preStop, and at most a day"],
        ),
        (
            in_shop("lifecycle: {preStop: {sleep: {seconds: 10}}}"),
            &[
                "GracePeriodSeconds: 9, and it must be at least the 10 s of preStop, and at most a day; try 40",
            ],
        ),
        (
            PATCH.replace("limits: {cpu: 4, memory: 3092M}", "limits: 5"),
            &["resources.limits: it is no map; mend it"],
        ),
        (
            PATCH.replace("replicas: 2", "replicas: 017"),
            &["has 017 in line 6, which is another value in"],
        ),
        (
            PATCH.replace("replicas: 2", "replicas: \"2\""),
            &["wrong spec.replicas: \"2\" is no whole number"],
        ),
        // A patch hits exactly one target.
        (
            PATCH.replace("  name: coffee-shop\nspec", "  name: tea-shop\nspec"),
            &["is for apps/v1 Deployment tea-shop, and the resources have 0"],
        ),
        (
            PATCH.replace("kind: Deployment", "kind: StatefulSet"),
            &["is for apps/v1 StatefulSet coffee-shop, and the"],
        ),
        (
            PATCH.replace("apps/v1", "apps/v1beta1"),
            &["is for apps/v1beta1 Deployment coffee-shop, and"],
        ),
        (
            PATCH.replace("  name: coffee-shop\nspec", "  name: coffee-shop\n  namespace: a\nspec"),
            &["uses metadata.namespace in a patch"],
        ),
        (String::new(), &["is for nothing, and the resources have 0 of them"]),
        (
            PATCH.replace("- name: CAPACITY\n              value", "- value"),
            &["env[] without name: the patch has another shape"],
        ),
        (
            PATCH.replace("template:\n    spec:", "template:\n    a:"),
            &["has spec.template.a, which"],
        ),
    ] {
        let folder = folder(BASE, KUSTOMIZATION, &patch);
        let error = read(folder.path()).expect_err(sentences[0]).to_string();
        for sentence in sentences {
            assert!(error.contains(sentence), "{sentence}: {error}");
        }
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn what_kustomize_does_not_read_is_not_read_either() {
    for (kustomization, sentence) in [
        ("resources: base.yaml\n", "uses resources that are no list"),
        ("resources: [base.yaml]\npatches: {path: patch.yaml}\n", "uses patches that are no list"),
        ("resources: [../base.yaml]\n", "base.yaml cannot be read: "),
        ("resources: [\"https://example.org/base?ref=main\"]\n", "uses a resource from elsewhere"),
        ("resources: [base.yaml]\n---\nresources: []\n", "uses more than one map"),
        ("kind: Component\nresources: [base.yaml]\n", "uses kind \"Component\""),
        (
            "resources: [base.yaml]\npatches: [{path: patch.yaml, target: {kind: Deployment}}]\n",
            "more than a path",
        ),
    ] {
        let folder = folder(BASE, kustomization, PATCH);
        let error = read(folder.path()).expect_err(sentence).to_string();
        assert!(error.contains(sentence), "{sentence}: {error}");
    }
    let outside = folder(BASE, ONLY_BASE, PATCH);
    let inside = outside.path().join("inside");
    fs::create_dir(&inside).expect("a folder");
    fs::write(inside.join("kustomization.yaml"), "resources: [../base.yaml]\n").expect("written");
    let error = read(&inside).expect_err("it lies outside").to_string();
    assert!(error.contains("uses ../base.yaml, which lies outside of its folder"), "{error}");
}

#[test]
fn odd_amounts_are_called_what_they_are() {
    let with = |resources: &str| read_built(format!("{BASE}          resources: {resources}\n"));
    for (resources, sentence) in [
        (
            "{limits: {memory: 100m}}",
            "limits.memory: '100m' is 0.1 bytes, because m is a part of one; try 100M",
        ),
        ("{limits: {memory: 0}}", "limits.memory: 0 is no limit; leave it out"),
        ("{limits: {memory: -1}}", "limits.memory: '-1' is negative; try 10Mi"),
        ("{limits: {memory: true}}", "limits.memory: 'true' is no quantity"),
        ("{limits: {memory: 99Ei}}", "limits.memory: '99Ei' is more than any machine has"),
        (
            "{limits: {memory: 1Gi}, requests: {memory: 2G}}",
            "requests.memory: 2G is more than the limit of 1Gi; try 1Gi",
        ),
        (
            "{limits: {cpu: 500m}, requests: {cpu: 1}}",
            "requests.cpu: 1 is more than the limit of 500m",
        ),
    ] {
        let error = with(resources).expect_err(sentence);
        assert!(error.contains(sentence), "{error}");
    }
}

/// Each folder lists the next one fifty times: read to the end, that is 50 to the power of 6.
#[test]
fn folders_that_multiply_are_not_read_to_the_end() {
    let root = tempfile::tempdir().expect("a folder");
    let mut folder = root.path().to_owned();
    for _ in 0..6 {
        let next = ["next"; 50].join(", ");
        fs::write(folder.join("kustomization.yaml"), format!("resources: [{next}]\n"))
            .expect("written");
        folder.push("next");
        fs::create_dir(&folder).expect("a folder");
    }
    fs::write(folder.join("kustomization.yaml"), "resources: []\n").expect("written");
    let error = read(root.path()).expect_err("it has an end").to_string();
    assert!(error.contains("uses folders within folders without end"), "{error}");
}
