//! What is no manifest at all: each has its own sentence.

use std::fs;

use rehearsal::{Deployment, built};

use crate::support::{BASE, ONLY_BASE, PATCH, folder, read, read_built};

#[test]
fn every_unreadable_file_has_its_own_advice() {
    for (bytes, sentence) in [
        (
            &b"\xff\xff\0"[..],
            "is no text: neither UTF-8 nor UTF-16 with its mark. Save it as UTF-8",
        ),
        (b"a: [", "is no YAML: "),
        (
            b"kind: Deployment\nkind: Deployment\n",
            "has kind twice in one map, again in line 2. Leave",
        ),
        (
            b"kind: List\nitems: []\n",
            "has a wrong kind: List; write its items as documents, with ---",
        ),
        (b"kind: DeploymentList\nitems: []\n", "has a wrong kind: DeploymentList; write its items"),
        (b"a: b\n", "has a wrong kind: there is none; try kind: Deployment"),
        (b"[1, 2]\n", "has a wrong kind: there is none"),
        (b"", "lacks a Deployment. Add it"),
        (b"kind: Deployment\n", "has a wrong apiVersion: null; try apps/v1"),
        (&[b'#'; 5 << 20], "is longer than 4 MB, or endless. Give the file that kubectl kustomize"),
    ] {
        let error = read_built(bytes).expect_err(sentence);
        assert!(error.contains(sentence), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    let folder = folder(BASE, ONLY_BASE, PATCH);
    let error = |name: &str| built(&folder.path().join(name)).expect_err(name).to_string();
    let missing = error("missing.yaml");
    assert!(
        missing.ends_with("Look at --manifests or --built, and at the name in kustomization.yaml")
    );
    #[cfg(unix)]
    assert!(
        error("").ends_with("It is a folder: give --built a file, and --manifests the folder k8s")
    );
}

#[test]
#[cfg(target_os = "linux")]
fn an_endless_file_ends_with_a_sentence() {
    let error = built("/dev/zero".as_ref()).expect_err("it is endless").to_string();
    assert!(error.contains("/dev/zero is longer than 4 MB, or endless. Give"), "{error}");
}

/// As `kubectl kustomize ... > built.yaml` writes it in Windows PowerShell.
#[test]
fn utf_16_is_text_too() {
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(BASE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(read_built(utf16).expect("it can be rehearsed").replicas, 1);
}

#[test]
fn a_kustomization_may_have_each_of_its_three_names() {
    for name in ["kustomization.yaml", "kustomization.yml", "Kustomization"] {
        let folder = folder(BASE, ONLY_BASE, PATCH);
        let old = folder.path().join("kustomization.yaml");
        fs::rename(old, folder.path().join(name)).expect("renamed");
        let deployment: Deployment = read(folder.path()).expect(name);
        assert_eq!(deployment.replicas, 1);
    }
    let both = folder(BASE, ONLY_BASE, PATCH);
    fs::write(both.path().join("Kustomization"), ONLY_BASE).expect("written");
    let error = read(both.path()).expect_err("kustomize refuses both").to_string();
    assert!(error.contains("uses a second kustomization, Kustomization"), "{error}");
}
