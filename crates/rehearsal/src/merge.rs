use serde_json::{Map, Value};

/// Strategic merge, as kustomize does it with a Deployment: maps merge, `null` deletes, and the
/// items of some lists have a key by which they are the same; any other list is replaced.
///
/// # Errors
///
/// The path of a field at which the patch does not fit.
pub(crate) fn merge(base: &mut Value, patch: Value) -> Result<(), String> {
    fields(base, patch, "")
}

fn fields(base: &mut Value, patch: Value, path: &str) -> Result<(), String> {
    let name = path.rsplit('.').next().unwrap_or_default();
    match (base, patch) {
        (Value::Object(base), Value::Object(patch)) => merge_maps(base, patch, path),
        (Value::Array(base), Value::Array(patch)) => match keys_of(name) {
            Some(keys) => merge_lists(base, patch, keys, path),
            None => {
                *base = patch;
                Ok(())
            }
        },
        (Value::Object(_) | Value::Array(_), _) | (_, Value::Object(_) | Value::Array(_)) => {
            Err(path.to_owned())
        }
        (base, patch) => {
            *base = patch;
            Ok(())
        }
    }
}

fn merge_maps(
    base: &mut Map<String, Value>,
    patch: Map<String, Value>,
    path: &str,
) -> Result<(), String> {
    for (field, value) in patch {
        let path = if path.is_empty() { field.clone() } else { format!("{path}.{field}") };
        match base.get_mut(&field) {
            _ if value.is_null() => {
                base.remove(&field);
            }
            Some(old) if !old.is_null() => fields(old, value, &path)?,
            _ => {
                let mut value = value;
                without_nulls(&mut value);
                base.insert(field, value);
            }
        }
    }
    Ok(())
}

/// The items of the patch come first, as kustomize has it; where several fields are the key, those
/// that are new come first.
fn merge_lists(
    base: &mut Vec<Value>,
    patch: Vec<Value>,
    keys: &[&str],
    path: &str,
) -> Result<(), String> {
    let mut first = Vec::new();
    for mut item in patch {
        if !keys.iter().any(|key| item[*key].is_string() || item[*key].is_number()) {
            return Err(format!("{path}[] without {}", keys[0]));
        }
        let same = |old: &Value| keys.iter().all(|key| old[*key] == item[*key]);
        let Some(place) = base.iter().position(same) else {
            without_nulls(&mut item);
            first.push(item);
            continue;
        };
        let path = format!("{path}[{}]", item[keys[0]].as_str().unwrap_or_default());
        fields(&mut base[place], item, &path)?;
        if keys.len() == 1 {
            first.push(base.remove(place));
        }
    }
    first.append(base);
    *base = first;
    Ok(())
}

/// What deletes where something is has nothing to delete where nothing is.
fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(without_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

/// By what two items of a list are the same, as the API's types say.
fn keys_of(field: &str) -> Option<&'static [&'static str]> {
    Some(match field {
        "containers" | "initContainers" | "env" | "volumes" | "imagePullSecrets" => &["name"],
        "ports" => &["containerPort", "protocol"],
        "volumeMounts" => &["mountPath"],
        "topologySpreadConstraints" => &["topologyKey", "whenUnsatisfiable"],
        "hostAliases" => &["ip"],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged(mut base: Value, patch: Value) -> Result<Value, String> {
        merge(&mut base, patch).map(|()| base)
    }

    #[test]
    fn maps_merge_and_null_deletes() {
        let base = json!({"a": {"b": 1, "c": 2}, "d": 3, "e": [1, 2]});
        let patch = json!({"a": {"b": 4, "c": null}, "e": [5], "f": {"g": null, "h": 6}});
        let expected = json!({"a": {"b": 4}, "d": 3, "e": [5], "f": {"h": 6}});
        assert_eq!(merged(base, patch), Ok(expected));
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
            {"name": "coffee-shop", "env": [
                {"name": "B", "value": "3"}, {"name": "C", "value": "4"}, {"name": "A", "value": "1"},
            ]},
            {"name": "other", "image": "x"},
        ]});
        assert_eq!(merged(base, patch), Ok(expected));
    }

    #[test]
    fn a_patch_of_another_shape_does_not_fit() {
        let base = json!({"a": {"b": 1}, "env": [{"name": "A"}]});
        for (patch, path) in [
            (json!({"a": 5}), "a"),
            (json!({"a": {"b": {"c": 1}}}), "a.b"),
            (json!({"env": {"A": 1}}), "env"),
            (json!({"env": [{"value": "1"}]}), "env[] without name"),
            (json!({"env": [null]}), "env[] without name"),
        ] {
            assert_eq!(merged(base.clone(), patch), Err(path.to_owned()));
        }
    }
}
