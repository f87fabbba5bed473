use std::path::Path;

use serde_json::Value;

use crate::error::ManifestError;
use crate::grammar::{CONTAINER, Outside};
use crate::quantity::Quantity;
use crate::resources::Resources;

/// A field of the shop's container, from the top.
pub(crate) fn in_shop(field: &str) -> String {
    format!("spec.template.spec.containers[{CONTAINER}]{field}")
}

/// Reads fields of one manifest, so that every error names it.
pub(crate) struct Fields<'a> {
    pub(crate) path: &'a Path,
}

impl Fields<'_> {
    pub(crate) fn lacks(&self, field: &str, example: &'static str) -> ManifestError {
        ManifestError::Lacks { path: self.path.to_owned(), field: field.to_owned(), example }
    }

    pub(crate) fn wrong(&self, field: &str, why: String) -> ManifestError {
        ManifestError::Wrong { path: self.path.to_owned(), field: field.to_owned(), why }
    }

    pub(crate) fn shape(&self, field: &str, shape: &'static str) -> ManifestError {
        self.wrong(field, format!("it is no {}; mend it", shape.trim_start_matches("a ")))
    }

    pub(crate) fn outside(&self, outside: Outside) -> ManifestError {
        match outside {
            Outside::Field(field) => ManifestError::Outside { path: self.path.to_owned(), field },
            Outside::Shape(field, shape) => self.shape(&field, shape),
        }
    }

    /// A map with no other fields than these.
    pub(crate) fn only(
        &self,
        map: &Value,
        known: &[&str],
        field: &str,
    ) -> Result<(), ManifestError> {
        let map = map.as_object().ok_or_else(|| self.shape(field, "a map"))?;
        let is_other =
            |(name, value): &(&String, &Value)| !value.is_null() && !known.contains(&name.as_str());
        match map.iter().find(is_other) {
            Some((other, _)) => Err(self.outside(Outside::Field(format!("{field}.{other}")))),
            None => Ok(()),
        }
    }

    /// A whole number, or what the API server fills in where nothing is.
    pub(crate) fn whole(
        &self,
        value: &Value,
        field: &str,
        default: u64,
    ) -> Result<u64, ManifestError> {
        let wrong = || self.wrong(field, format!("{value} is no whole number; try {default}"));
        match value {
            Value::Null => Ok(default),
            value => value.as_u64().ok_or_else(wrong),
        }
    }

    pub(crate) fn resources(&self, shop: &Value, which: &str) -> Result<Resources, ManifestError> {
        let amount = |name: &str| {
            let text = match &shop["resources"][which][name] {
                Value::Null => return Ok(None),
                Value::String(text) => text.clone(),
                other => other.to_string(), // `cpu: 4`
            };
            let field = in_shop(&format!(".resources.{which}.{name}"));
            let amount: Quantity = text.parse().map_err(|why| self.wrong(&field, why))?;
            if name == "memory" && amount.is_in_parts() {
                let why = format!(
                    "'{amount}' is {} bytes, because {} is a part of one; try 100M or 100Mi",
                    amount.value(),
                    text.chars().last().unwrap_or_default()
                );
                return Err(self.wrong(&field, why));
            }
            if which == "limits" && amount.value() == 0.0 {
                return Err(self.wrong(&field, format!("{amount} is no limit; leave it out")));
            }
            Ok(Some(amount))
        };
        Ok(Resources { cpu: amount("cpu")?, memory: amount("memory")? })
    }
}
