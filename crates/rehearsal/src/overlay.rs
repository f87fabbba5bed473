use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::error::ManifestError;
use crate::manifest::Manifest;
use crate::merge::merge;
use crate::yaml::documents;

/// How many folders of overlays may lie on one another.
const DEEPEST: u32 = 8;
/// How many files and folders an overlay may be made of.
const MOST: u32 = 1_000;
/// The names that a kustomization may have.
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
/// What a kustomization may say. A namespace does not change what is rehearsed.
const FIELDS: [&str; 5] = ["apiVersion", "kind", "namespace", "resources", "patches"];

/// The one Deployment of a kustomize folder: its resources, with the patches of the folder over
/// them.
///
/// This is the part of kustomize that the overlays use, and no more: strategic merge patches in
/// files, each for exactly one resource. Everything else that a kustomization says is refused.
///
/// # Errors
///
/// A file that cannot be read or is no YAML, no Deployment, a patch without a target, or something
/// of kustomize that the rehearsal does not know.
pub fn overlay(folder: &Path) -> Result<Manifest, ManifestError> {
    manifest(folder, Reader { files: 0 }.resources(folder, DEEPEST)?)
}

/// The one Deployment of what `kubectl kustomize` has built.
///
/// # Errors
///
/// A file that cannot be read or is no YAML, or has no Deployment or more than one.
pub fn built(file: &Path) -> Result<Manifest, ManifestError> {
    manifest(file, read(file)?)
}

fn manifest(path: &Path, resources: Vec<Value>) -> Result<Manifest, ManifestError> {
    let is_deployment = |resource: &Value| resource["kind"] == "Deployment";
    let (mut deployments, others): (Vec<_>, Vec<_>) =
        resources.into_iter().partition(is_deployment);
    let deployment = match (deployments.pop(), deployments.len() + 1) {
        (Some(deployment), 1) => deployment,
        (None, _) => {
            let (path, field) = (path.to_owned(), "a Deployment".to_owned());
            let example = "deployment.yaml under resources";
            return Err(ManifestError::Lacks { path, field, example });
        }
        (Some(_), number) => {
            let field = "number of Deployments".to_owned();
            let why = format!("{number}, and one can be rehearsed; take the others out");
            return Err(ManifestError::Wrong { path: path.to_owned(), field, why });
        }
    };
    let kind = |other: &Value| other["kind"].as_str().unwrap_or_default().to_owned();
    let beside = others.iter().map(kind).collect();
    Ok(Manifest { path: path.to_owned(), deployment, beside })
}

/// The resources of a file: maps with a kind. (An empty document is none.)
fn read(path: &Path) -> Result<Vec<Value>, ManifestError> {
    let resources = documents(path)?.into_iter().filter(|resource| !resource.is_null());
    let resources: Vec<_> = resources.collect();
    for resource in &resources {
        let wrong = |why: String| {
            let (path, field) = (path.to_owned(), "kind".to_owned());
            Err(ManifestError::Wrong { path, field, why })
        };
        match resource["kind"].as_str() {
            Some(kind) if kind.ends_with("List") && resource["items"].is_array() => {
                return wrong(format!("{kind}; write its items as documents, with --- between"));
            }
            Some(_) => {}
            None => return wrong("there is none; try kind: Deployment".to_owned()),
        }
    }
    Ok(resources)
}

/// Reads the folders of an overlay, as long as they are not too many.
struct Reader {
    files: u32,
}

impl Reader {
    /// All resources of a folder, patched.
    fn resources(&mut self, folder: &Path, deeper: u32) -> Result<Vec<Value>, ManifestError> {
        let path = kustomization(folder)?;
        let kustomization = fields(&path)?;
        let mut found = Vec::new();
        for resource in list(&path, &kustomization, "resources")? {
            let name = resource.as_str();
            let name = name.ok_or_else(|| unknown(&path, "a resource that is no path"))?;
            found.extend(self.resource(&path, folder, name, deeper)?);
        }
        for patch in list(&path, &kustomization, "patches")? {
            let fields = patch.as_object().map(|patch| patch.keys().collect::<Vec<_>>());
            let only_path = fields.is_some_and(|fields| fields == ["path"]);
            let name = patch["path"].as_str().filter(|_| only_path);
            let name = name.ok_or_else(|| unknown(&path, "a patch that is more than a path"))?;
            apply_all(&mut found, &within(&path, folder, name)?)?;
        }
        Ok(found)
    }

    /// What one entry of `resources` stands for: a file, or a folder on which this one lies.
    fn resource(
        &mut self,
        kustomization: &Path,
        folder: &Path,
        name: &str,
        deeper: u32,
    ) -> Result<Vec<Value>, ManifestError> {
        if name.contains("://") || name.contains("?ref=") {
            return Err(unknown(kustomization, "a resource from elsewhere"));
        }
        self.files += 1;
        let resource = folder.join(name);
        match deeper.checked_sub(1) {
            Some(deeper) if resource.is_dir() && self.files <= MOST => {
                self.resources(&resource, deeper)
            }
            _ if resource.is_dir() => {
                Err(unknown(kustomization, "folders within folders without end"))
            }
            _ => read(&within(kustomization, folder, name)?),
        }
    }
}

/// Lays the patches of a file over the resources that they are for.
fn apply_all(resources: &mut [Value], file: &Path) -> Result<(), ManifestError> {
    let patches = documents(file)?;
    if patches.is_empty() {
        let (path, target) = (file.to_owned(), "nothing".to_owned());
        return Err(ManifestError::Misses { path, target, hits: 0 });
    }
    patches.into_iter().try_for_each(|patch| apply(resources, patch, file))
}

/// Lays a patch over the one resource that it is for.
fn apply(resources: &mut [Value], patch: Value, file: &Path) -> Result<(), ManifestError> {
    if patch.is_array() {
        return Err(unknown(file, "a patch that is a list of operations"));
    }
    let metadata = &patch["metadata"];
    if !metadata["namespace"].is_null() {
        return Err(unknown(file, "metadata.namespace in a patch"));
    }
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let target = [&patch["apiVersion"], &patch["kind"], &metadata["name"]].map(text).join(" ");
    let is_target = |resource: &&mut Value| {
        ["apiVersion", "kind"].iter().all(|field| resource[*field] == patch[*field])
            && resource["metadata"]["name"] == metadata["name"]
    };
    let mut hit: Vec<_> = resources.iter_mut().filter(is_target).collect();
    let [resource] = hit.as_mut_slice() else {
        let (path, hits) = (file.to_owned(), hit.len());
        return Err(ManifestError::Misses { path, target, hits });
    };
    merge(resource, patch).map_err(|field| {
        let why = "the patch has another shape than what it patches; mend the patch".to_owned();
        ManifestError::Wrong { path: file.to_owned(), field, why }
    })
}

/// The kustomization of a folder.
fn kustomization(folder: &Path) -> Result<PathBuf, ManifestError> {
    let mut found = NAMES.iter().map(|name| folder.join(name)).filter(|path| path.exists());
    match (found.next(), found.next()) {
        (Some(path), Some(other)) => {
            let name = other.file_name().unwrap_or_default().display();
            Err(unknown(&path, &format!("a second kustomization, {name}")))
        }
        // Or the reason why there is none.
        (path, _) => Ok(path.unwrap_or_else(|| folder.join(NAMES[0]))),
    }
}

fn fields(path: &Path) -> Result<Map<String, Value>, ManifestError> {
    let mut documents = documents(path)?.into_iter();
    let fields = match (documents.next().unwrap_or_default(), documents.next()) {
        (Value::Null, None) => Map::new(),
        (Value::Object(fields), None) => fields,
        _ => return Err(unknown(path, "more than one map")),
    };
    match fields.keys().find(|field| !FIELDS.contains(&field.as_str())) {
        Some(field) => Err(unknown(path, field)),
        None if fields.get("kind").is_some_and(|kind| kind != "Kustomization") => {
            Err(unknown(path, &format!("kind {}", fields["kind"])))
        }
        None => Ok(fields),
    }
}

/// A list of a kustomization; nothing is an empty one.
fn list<'a>(
    path: &Path,
    kustomization: &'a Map<String, Value>,
    field: &str,
) -> Result<&'a [Value], ManifestError> {
    match kustomization.get(field) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(unknown(path, &format!("{field} that are no list"))),
    }
}

/// A file of a kustomize folder: kustomize reads none that lies outside.
fn within(kustomization: &Path, folder: &Path, name: &str) -> Result<PathBuf, ManifestError> {
    let path = folder.join(name);
    match (path.canonicalize(), folder.canonicalize()) {
        (Ok(real), Ok(folder)) if !real.starts_with(&folder) => {
            Err(unknown(kustomization, &format!("{name}, which lies outside of its folder")))
        }
        _ => Ok(path),
    }
}

fn unknown(path: &Path, field: &str) -> ManifestError {
    ManifestError::Unknown { path: path.to_owned(), field: field.to_owned() }
}
