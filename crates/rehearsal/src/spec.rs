use std::collections::BTreeMap;
use std::time::Duration;

/// What a pod is made from.
#[derive(Clone, Debug, Default)]
pub(crate) struct PodSpec {
    pub(crate) name: String,
    pub(crate) environment: BTreeMap<String, String>,
    /// In bytes; without one the pod is never killed for its memory.
    pub(crate) memory_limit: Option<u64>,
    /// 0 is any free one.
    pub(crate) port: u16,
    /// From the request to terminate to SIGTERM, in wall time.
    pub(crate) pre_stop: Duration,
    /// From the request to terminate to SIGKILL, in wall time.
    pub(crate) grace: Duration,
}
