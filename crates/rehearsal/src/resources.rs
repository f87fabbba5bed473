use std::fmt;

use crate::quantity::Quantity;

/// Amounts of what a container needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resources {
    /// Processors.
    pub cpu: Option<Quantity>,
    /// Bytes.
    pub memory: Option<Quantity>,
}

/// `CPU 1m, memory 10Mi`
impl fmt::Display for Resources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.cpu, &self.memory) {
            (None, None) => f.write_str("none"),
            (Some(cpu), None) => write!(f, "CPU {cpu}"),
            (None, Some(memory)) => write!(f, "memory {memory}"),
            (Some(cpu), Some(memory)) => write!(f, "CPU {cpu}, memory {memory}"),
        }
    }
}
