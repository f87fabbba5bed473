use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::ManifestError;
use crate::fields::{Fields, in_shop};
use crate::grammar::CONTAINER;
use crate::quantity::Quantity;
use crate::resources::Resources;

/// What a container's environment refers to.
pub(crate) struct Amounts<'a> {
    pub(crate) limits: &'a Resources,
    pub(crate) requests: &'a Resources,
}

/// The environment of a shop, and which of its variables a cluster sets from the node.
#[derive(Default)]
pub(crate) struct Environment {
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) of_the_node: Vec<String>,
}

/// Reads the environment of the shop.
pub(crate) fn environment(
    fields: &Fields<'_>,
    shop: &Value,
    amounts: &Amounts<'_>,
) -> Result<Environment, ManifestError> {
    let entries = match &shop["env"] {
        Value::Null => &[],
        Value::Array(entries) => entries.as_slice(),
        _ => return Err(fields.shape(&in_shop(".env"), "a list")),
    };
    let mut environment = Environment::default();
    for entry in entries {
        let no_name = || fields.lacks(&in_shop(".env[].name"), "- name: CAPACITY");
        let name = entry["name"].as_str().ok_or_else(no_name)?;
        let field = in_shop(&format!(".env[{name}]"));
        fields.only(entry, &["name", "value", "valueFrom"], &field)?;
        if name.is_empty() || name.contains(['=', '\0']) {
            return Err(fields.wrong(&field, "no variable can have that name; mend it".to_owned()));
        }
        if environment.variables.contains_key(name) {
            return Err(fields.wrong(&field, "it stands there twice; leave one out".to_owned()));
        }
        match value(fields, entry, &field, amounts)? {
            Some(value) => {
                environment.variables.insert(name.to_owned(), value);
            }
            None => environment.of_the_node.push(field),
        }
    }
    Ok(environment)
}

/// The value of one variable; `None` if it is one of the node's.
fn value(
    fields: &Fields<'_>,
    entry: &Value,
    field: &str,
    amounts: &Amounts<'_>,
) -> Result<Option<String>, ManifestError> {
    match (&entry["value"], &entry["valueFrom"]) {
        (Value::Null, Value::Null) => Ok(Some(String::new())),
        (Value::String(value), Value::Null) if value.contains("$(") || value.contains("$$") => {
            let why = "$( ) and $$ are replaced in a cluster, and not in the rehearsal; write the \
                       value itself";
            Err(fields.wrong(field, why.to_owned()))
        }
        (Value::String(value), Value::Null) if value.contains('\0') => {
            Err(fields.wrong(field, "no variable can have a NUL in it; take it out".to_owned()))
        }
        (Value::String(value), Value::Null) => Ok(Some(value.clone())),
        (Value::Null, from) => referred(fields, from, field, amounts),
        (_, Value::Null) => {
            let why = "only a text in quotes or a resourceFieldRef can be rehearsed; try value: \
                       \"3\"";
            Err(fields.wrong(field, why.to_owned()))
        }
        _ => Err(fields.wrong(field, "value and valueFrom; leave one out".to_owned())),
    }
}

/// What the Downward API passes: an amount, rounded up. Limits that are not set are those of the
/// node, and requests that are not set are 0.
fn referred(
    fields: &Fields<'_>,
    from: &Value,
    field: &str,
    amounts: &Amounts<'_>,
) -> Result<Option<String>, ManifestError> {
    let place = format!("{field}.valueFrom");
    fields.only(from, &["resourceFieldRef"], &place)?;
    let reference = &from["resourceFieldRef"];
    let place = format!("{place}.resourceFieldRef");
    fields.only(reference, &["containerName", "resource", "divisor"], &place)?;
    if !reference["containerName"].is_null() && reference["containerName"] != CONTAINER {
        let why = format!("only the container {CONTAINER} can be rehearsed; leave it out");
        return Err(fields.wrong(&format!("{place}.containerName"), why));
    }
    if !has_no_divisor(&reference["divisor"]) {
        let why = "only a divisor of 1 can be rehearsed; leave it out";
        return Err(fields.wrong(field, why.to_owned()));
    }
    let resource = reference["resource"].as_str().unwrap_or_default();
    let amount = match resource {
        "limits.memory" => &amounts.limits.memory,
        "limits.cpu" => &amounts.limits.cpu,
        "requests.memory" => &amounts.requests.memory,
        "requests.cpu" => &amounts.requests.cpu,
        other => {
            let why = format!("there is no {other} here; try limits.memory");
            return Err(fields.wrong(field, why));
        }
    };
    let unset = resource.starts_with("requests.").then_some(0);
    Ok(amount.as_ref().map(Quantity::ceil).or(unset).map(|amount| amount.to_string()))
}

/// Kubernetes takes a divisor of 0 as 1.
fn has_no_divisor(divisor: &Value) -> bool {
    let text = match divisor {
        Value::Null => return true,
        Value::String(text) => text.clone(),
        divisor => divisor.to_string(),
    };
    text.parse().is_ok_and(|divisor: Quantity| divisor.value() == 0.0 || divisor.value() == 1.0)
}
