use std::fs;
use std::path::Path;

use saphyr::{LoadableYamlNode, ScalarOwned, YamlOwned};
use serde_json::{Map, Value};

use crate::error::ManifestError;

/// How many folders of overlays may lie on one another.
const DEEPEST: u32 = 8;
/// What a kustomization may say without the Deployment's being another for it.
const HARMLESS: [&str; 5] = ["apiVersion", "kind", "namespace", "resources", "patches"];

/// The one Deployment of a kustomize folder: its resources, with the patches of the folder over
/// them.
///
/// This is the part of kustomize that the overlays use, and no more: strategic merge patches in
/// files. Whatever else a kustomization says is refused, and not ignored.
///
/// # Errors
///
/// A file that cannot be read or is no YAML, no Deployment, or something of kustomize that is not
/// known here.
pub fn overlay(folder: &Path) -> Result<Value, ManifestError> {
    found(folder, deployment_of(folder, DEEPEST)?)
}

/// The one Deployment of what `kubectl kustomize` has built.
///
/// # Errors
///
/// A file that cannot be read or is no YAML, or has no Deployment.
pub fn built(file: &Path) -> Result<Value, ManifestError> {
    found(file, the_one(file, documents(file)?)?)
}

fn found(path: &Path, deployment: Option<Value>) -> Result<Value, ManifestError> {
    deployment.ok_or_else(|| ManifestError::Lacks {
        path: path.to_owned(),
        field: "a Deployment".to_owned(),
        example: "deployment.yaml under resources",
    })
}

/// The only Deployment of these documents, if there is one.
fn the_one(path: &Path, documents: Vec<Value>) -> Result<Option<Value>, ManifestError> {
    let mut deployments: Vec<_> = documents.into_iter().filter(is_deployment).collect();
    match deployments.len() {
        0 | 1 => Ok(deployments.pop()),
        number => {
            let field = "number of Deployments".to_owned();
            let why = format!("{number}, and one can be rehearsed; take the others out");
            Err(ManifestError::Wrong { path: path.to_owned(), field, why })
        }
    }
}

fn is_deployment(document: &Value) -> bool {
    document["kind"] == "Deployment"
}

fn deployment_of(folder: &Path, deeper: u32) -> Result<Option<Value>, ManifestError> {
    let path = folder.join("kustomization.yaml");
    let kustomization = documents(&path)?.into_iter().next().unwrap_or_default();
    let unknown =
        |field: &str| ManifestError::Unknown { path: path.clone(), field: field.to_owned() };
    for field in kustomization.as_object().into_iter().flat_map(Map::keys) {
        if !HARMLESS.contains(&field.as_str()) {
            return Err(unknown(field));
        }
    }
    let mut deployments = Vec::new();
    for resource in list(&kustomization["resources"]) {
        let name = resource.as_str().ok_or_else(|| unknown("a resource that is no path"))?;
        let resource = folder.join(name);
        match deeper.checked_sub(1) {
            Some(deeper) if resource.is_dir() => {
                deployments.extend(deployment_of(&resource, deeper)?);
            }
            None if resource.is_dir() => return Err(unknown("folders within folders without end")),
            _ => deployments.extend(the_one(&resource, documents(&resource)?)?),
        }
    }
    let mut deployment = the_one(&path, deployments)?;
    for patch in list(&kustomization["patches"]) {
        let fields = patch.as_object().map(|patch| patch.keys().collect::<Vec<_>>());
        let (Some("path"), Some(name)) = (
            fields.as_deref().and_then(|fields| Some(fields.first()?.as_str())),
            patch["path"].as_str().filter(|_| fields.as_ref().is_some_and(|all| all.len() == 1)),
        ) else {
            return Err(unknown("a patch that is no file"));
        };
        for patch in documents(&folder.join(name))? {
            if !patch.is_object() {
                return Err(unknown("a patch that is a list of operations"));
            }
            match &mut deployment {
                Some(of) if is_deployment(&patch) && name_of(&patch) == name_of(of) => {
                    merge(of, patch, "");
                }
                _ => {}
            }
        }
    }
    Ok(deployment)
}

fn name_of(document: &Value) -> &Value {
    &document["metadata"]["name"]
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Strategic merge, as the API server does it with a Deployment: maps merge, `null` deletes, and
/// the items of some lists have a key by which they are the same; any other list is replaced.
fn merge(base: &mut Value, patch: Value, field: &str) {
    match (base, patch) {
        (Value::Object(base), Value::Object(patch)) => merge_maps(base, patch),
        (Value::Array(base), Value::Array(patch)) => match key_of(field) {
            Some(key) => merge_lists(base, patch, key),
            None => *base = patch,
        },
        (base, patch) => {
            *base = patch;
            without_nulls(base);
        }
    }
}

fn merge_maps(base: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (field, value) in patch {
        match base.get_mut(&field) {
            _ if value.is_null() => {
                base.remove(&field);
            }
            Some(old) => merge(old, value, &field),
            None => {
                let mut value = value;
                without_nulls(&mut value);
                base.insert(field, value);
            }
        }
    }
}

fn merge_lists(base: &mut Vec<Value>, patch: Vec<Value>, key: &str) {
    for item in patch {
        match base.iter_mut().find(|old| old[key] == item[key]) {
            Some(old) => merge(old, item, ""),
            None => base.push(item),
        }
    }
}

/// What deletes where something is has nothing to delete where nothing is.
fn without_nulls(value: &mut Value) {
    if let Value::Object(map) = value {
        map.retain(|_, value| !value.is_null());
        map.values_mut().for_each(without_nulls);
    }
}

/// By what two items of a list are the same, as the API's types say (`patchMergeKey`).
fn key_of(field: &str) -> Option<&'static str> {
    match field {
        "containers" | "initContainers" | "env" | "volumes" | "imagePullSecrets" => Some("name"),
        "ports" => Some("containerPort"),
        "volumeMounts" => Some("mountPath"),
        "topologySpreadConstraints" => Some("topologyKey"),
        "hostAliases" => Some("ip"),
        _ => None,
    }
}

/// The documents of a YAML file.
fn documents(path: &Path) -> Result<Vec<Value>, ManifestError> {
    let read = |source| ManifestError::Read { path: path.to_owned(), source };
    let text = fs::read_to_string(path).map_err(read)?;
    let yaml = |why| ManifestError::Yaml { path: path.to_owned(), why };
    let documents = YamlOwned::load_from_str(&text).map_err(|error| yaml(error.to_string()))?;
    let documents: Option<Vec<Value>> = documents.into_iter().map(value).collect();
    documents.ok_or_else(|| yaml("it has a key that is no text, or a tag".to_owned()))
}

/// YAML as the JSON that Kubernetes means by it.
fn value(yaml: YamlOwned) -> Option<Value> {
    Some(match yaml {
        YamlOwned::Value(scalar) => match scalar {
            ScalarOwned::Null => Value::Null,
            ScalarOwned::Boolean(truth) => truth.into(),
            ScalarOwned::Integer(number) => number.into(),
            ScalarOwned::FloatingPoint(number) => number.into_inner().into(),
            ScalarOwned::String(text) => text.into(),
        },
        YamlOwned::Sequence(items) => {
            Value::Array(items.into_iter().map(value).collect::<Option<_>>()?)
        }
        YamlOwned::Mapping(fields) => {
            let field =
                |(key, of): (YamlOwned, YamlOwned)| Some((key.as_str()?.to_owned(), value(of)?));
            Value::Object(fields.into_iter().map(field).collect::<Option<_>>()?)
        }
        YamlOwned::Representation(..)
        | YamlOwned::Tagged(..)
        | YamlOwned::Alias(_)
        | YamlOwned::BadValue => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged(mut base: Value, patch: Value) -> Value {
        merge(&mut base, patch, "");
        base
    }

    #[test]
    fn maps_merge_and_null_deletes() {
        let base = json!({"a": {"b": 1, "c": 2}, "d": 3, "e": [1, 2]});
        let patch = json!({"a": {"b": 4, "c": null}, "e": [5], "f": {"g": null, "h": 6}});
        let expected = json!({"a": {"b": 4}, "d": 3, "e": [5], "f": {"h": 6}});
        assert_eq!(merged(base, patch), expected);
    }

    #[test]
    fn containers_and_their_environment_merge_by_name() {
        let base = json!({"containers": [
            {"name": "other", "image": "x"},
            {"name": "coffee-shop", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]},
        ]});
        let patch = json!({"containers": [
            {"name": "coffee-shop", "env": [{"name": "B", "value": "3"}, {"name": "C", "value": "4"}]},
        ]});
        let expected = json!({"containers": [
            {"name": "other", "image": "x"},
            {"name": "coffee-shop", "env": [
                {"name": "A", "value": "1"}, {"name": "B", "value": "3"}, {"name": "C", "value": "4"},
            ]},
        ]});
        assert_eq!(merged(base, patch), expected);
    }
}
