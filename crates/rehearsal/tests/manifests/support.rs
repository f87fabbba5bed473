//! Manifests to begin with, and how to read them.

use std::fs;
use std::path::{Path, PathBuf};

use rehearsal::{Deployment, ManifestError, built, overlay};
use tempfile::TempDir;

pub(crate) fn k8s() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../k8s")
}

pub(crate) fn read(folder: &Path) -> Result<Deployment, ManifestError> {
    Deployment::read(&overlay(folder)?)
}

/// Reads a text as what `kubectl kustomize` has built.
pub(crate) fn read_built(text: impl AsRef<[u8]>) -> Result<Deployment, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("built.yaml");
    fs::write(&file, text).expect("written");
    let deployment = built(&file).and_then(|manifest| Deployment::read(&manifest));
    deployment.map_err(|error| error.to_string())
}

pub(crate) const BASE: &str = "\
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
pub(crate) const KUSTOMIZATION: &str = "resources: [base.yaml]\npatches:\n  - path: patch.yaml\n";
/// A kustomization without a patch.
pub(crate) const ONLY_BASE: &str = "resources: [base.yaml]\n";
pub(crate) const PATCH: &str = "\
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

pub(crate) fn folder(base: &str, kustomization: &str, patch: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let files = [("base.yaml", base), ("kustomization.yaml", kustomization), ("patch.yaml", patch)];
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("written");
    }
    folder
}
