use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::error::ManifestError;
use crate::quantity::Quantity;
use crate::resources::Resources;

/// The container that is rehearsed.
pub(crate) const CONTAINER: &str = "coffee-shop";

/// A field of that container, from the top.
pub(crate) fn in_shop(field: &str) -> String {
    format!("spec.template.spec.containers[{CONTAINER}]{field}")
}

/// Or one that divides nothing: Kubernetes takes 0 as 1.
fn has_no_divisor(reference: &Value) -> bool {
    match &reference["divisor"] {
        Value::Null => true,
        Value::String(text) => text == "0" || text == "1",
        divisor => divisor == 0 || divisor == 1,
    }
}

/// Reads fields of one manifest, so that every error names it.
pub(crate) struct Fields<'a> {
    pub(crate) path: &'a Path,
}

impl Fields<'_> {
    pub(crate) fn lacks(&self, field: &str, example: &'static str) -> ManifestError {
        let field = field.trim_start_matches('/').replace('/', ".");
        ManifestError::Lacks { path: self.path.to_owned(), field, example }
    }

    pub(crate) fn wrong(&self, field: &str, why: String) -> ManifestError {
        let field = field.trim_start_matches('/').replace('/', ".");
        ManifestError::Wrong { path: self.path.to_owned(), field, why }
    }

    pub(crate) fn number(
        &self,
        of: &Value,
        field: &str,
        example: &'static str,
    ) -> Result<u64, ManifestError> {
        self.whole(of.pointer(field), field, example)
    }

    pub(crate) fn whole(
        &self,
        value: Option<&Value>,
        field: &str,
        example: &'static str,
    ) -> Result<u64, ManifestError> {
        let value = value.ok_or_else(|| self.lacks(field, example))?;
        let wrong = || self.wrong(field, format!("{value} is no whole number; try {example}"));
        value.as_u64().ok_or_else(wrong)
    }

    pub(crate) fn resources(&self, shop: &Value, which: &str) -> Result<Resources, ManifestError> {
        let amount = |name: &str| {
            let text = match &shop["resources"][which][name] {
                Value::Null => return Ok(None),
                Value::String(text) => text.clone(),
                other => other.to_string(), // `cpu: 4`
            };
            let field = in_shop(&format!(".resources.{which}.{name}"));
            text.parse().map(Some).map_err(|why| self.wrong(&field, why))
        };
        Ok(Resources { cpu: amount("cpu")?, memory: amount("memory")? })
    }

    pub(crate) fn environment(
        &self,
        shop: &Value,
        limits: &Resources,
        requests: &Resources,
    ) -> Result<BTreeMap<String, String>, ManifestError> {
        let mut environment = BTreeMap::new();
        for entry in shop["env"].as_array().into_iter().flatten() {
            let no_name = || self.lacks(&in_shop(".env[].name"), "- name: CAPACITY");
            let name = entry["name"].as_str().ok_or_else(no_name)?;
            let field = in_shop(&format!(".env[{name}]"));
            let reference = &entry["valueFrom"]["resourceFieldRef"];
            if !has_no_divisor(reference) {
                let why = "only a divisor of 1 can be rehearsed; leave it out";
                return Err(self.wrong(&field, why.to_owned()));
            }
            let value = match (&entry["value"], reference["resource"].as_str()) {
                (Value::String(value), None) => Some(value.clone()),
                (Value::Null, None) if entry["valueFrom"].is_null() => Some(String::new()),
                (Value::Null, Some(resource)) => {
                    // Without a limit Kubernetes passes what the node has. The shop sees that
                    // for itself.
                    let quantity = self.referred(resource, &field, limits, requests)?;
                    quantity.map(|quantity| quantity.ceil().to_string())
                }
                _ => {
                    let why = "only a text in quotes or a resourceFieldRef can be rehearsed; try \
                               value: \"3\"";
                    return Err(self.wrong(&field, why.to_owned()));
                }
            };
            if let Some(value) = value {
                environment.insert(name.to_owned(), value);
            }
        }
        Ok(environment)
    }
    /// What the Downward API refers to.
    fn referred<'a>(
        &self,
        resource: &str,
        field: &str,
        limits: &'a Resources,
        requests: &'a Resources,
    ) -> Result<Option<&'a Quantity>, ManifestError> {
        let quantity = match resource {
            "limits.memory" => &limits.memory,
            "requests.memory" => &requests.memory,
            "limits.cpu" => &limits.cpu,
            "requests.cpu" => &requests.cpu,
            other => {
                let why = format!("there is no {other} here; try limits.memory");
                return Err(self.wrong(field, why));
            }
        };
        Ok(quantity.as_ref())
    }
}
