use std::collections::BTreeSet;

use serde_json::Value;

/// What the rehearsal does with a field of a Deployment. A field that has no rule is refused.
enum Rule {
    /// It changes what is rehearsed, or nothing at all.
    Known,
    /// A cluster acts on it, and the rehearsal says that it does not.
    Unrehearsed,
    /// Rules for the fields of a map.
    Map(&'static [(&'static str, Rule)]),
    /// The list of containers: the shop's, and no other.
    Containers(&'static Rule),
}

use Rule::{Containers, Known, Map, Unrehearsed};

/// The container that is rehearsed.
pub(crate) const CONTAINER: &str = "coffee-shop";

/// The fields of our own manifests, and those beside them that change nothing that is rehearsed.
static DEPLOYMENT: Rule =
    Map(&[("apiVersion", Known), ("kind", Known), ("metadata", METADATA), ("spec", SPEC)]);

const METADATA: Rule =
    Map(&[("name", Known), ("namespace", Known), ("labels", Known), ("annotations", Known)]);

const SPEC: Rule = Map(&[
    ("replicas", Known),
    ("selector", Known),
    (
        "strategy",
        Map(&[
            ("type", Known),
            ("rollingUpdate", Map(&[("maxSurge", Known), ("maxUnavailable", Known)])),
        ]),
    ),
    ("minReadySeconds", Unrehearsed),
    ("revisionHistoryLimit", Unrehearsed),
    ("progressDeadlineSeconds", Unrehearsed),
    ("template", Map(&[("metadata", METADATA), ("spec", POD)])),
]);

const POD: Rule = Map(&[
    ("containers", Containers(&SHOP)),
    ("terminationGracePeriodSeconds", Known),
    ("affinity", Unrehearsed),
    ("automountServiceAccountToken", Unrehearsed),
    ("dnsPolicy", Unrehearsed),
    ("enableServiceLinks", Unrehearsed),
    ("imagePullSecrets", Unrehearsed),
    ("nodeSelector", Unrehearsed),
    ("priorityClassName", Unrehearsed),
    ("schedulerName", Unrehearsed),
    ("securityContext", Unrehearsed),
    ("serviceAccountName", Unrehearsed),
    ("tolerations", Unrehearsed),
    ("topologySpreadConstraints", Unrehearsed),
    ("volumes", Unrehearsed),
]);

static SHOP: Rule = Map(&[
    ("name", Known),
    ("env", Known), // whose entries `environment` checks
    ("resources", Map(&[("limits", AMOUNTS), ("requests", AMOUNTS)])),
    ("lifecycle", Map(&[("preStop", Map(&[("sleep", Map(&[("seconds", Known)]))]))])),
    ("image", Unrehearsed),
    ("imagePullPolicy", Unrehearsed),
    ("livenessProbe", Unrehearsed),
    ("ports", Unrehearsed),
    ("readinessProbe", Unrehearsed),
    ("securityContext", Unrehearsed),
    ("startupProbe", Unrehearsed),
    ("terminationMessagePath", Unrehearsed),
    ("terminationMessagePolicy", Unrehearsed),
    ("volumeMounts", Unrehearsed),
]);

const AMOUNTS: Rule = Map(&[("cpu", Known), ("memory", Known), ("ephemeral-storage", Unrehearsed)]);

/// Why a Deployment is outside the grammar.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outside {
    /// There is no rule for this field.
    Field(String),
    /// The value of this field is not what the word says.
    Shape(String, &'static str),
}

/// The fields of a Deployment that are not rehearsed, from the top.
///
/// # Errors
///
/// The first field that has no rule, or another shape.
pub(crate) fn unrehearsed(deployment: &Value) -> Result<BTreeSet<String>, Outside> {
    let mut found = BTreeSet::new();
    check(&DEPLOYMENT, deployment, "", &mut found)?;
    Ok(found)
}

fn check(
    rule: &Rule,
    value: &Value,
    path: &str,
    found: &mut BTreeSet<String>,
) -> Result<(), Outside> {
    match (rule, value) {
        (_, Value::Null) | (Known, _) => {}
        (Unrehearsed, _) => {
            found.insert(path.to_owned());
        }
        (Map(rules), Value::Object(fields)) => {
            for (field, value) in fields {
                let path = if path.is_empty() { field } else { &format!("{path}.{field}") };
                let rule = rules.iter().find(|(name, _)| name == field);
                let (_, rule) = rule.ok_or_else(|| Outside::Field(path.clone()))?;
                check(rule, value, path, found)?;
            }
        }
        (Containers(rule), Value::Array(containers)) => {
            for container in containers {
                check_container(rule, container, path, found)?;
            }
        }
        (Map(_), _) => return Err(Outside::Shape(path.to_owned(), "a map")),
        (Containers(_), _) => return Err(Outside::Shape(path.to_owned(), "a list")),
    }
    Ok(())
}

fn check_container(
    rule: &Rule,
    container: &Value,
    path: &str,
    found: &mut BTreeSet<String>,
) -> Result<(), Outside> {
    match container["name"].as_str() {
        Some(CONTAINER) => check(rule, container, &format!("{path}[{CONTAINER}]"), found),
        Some(other) => Err(Outside::Field(format!("{path}[{other}]"))),
        None => Err(Outside::Shape(format!("{path}[]"), "a container with a name")),
    }
}
