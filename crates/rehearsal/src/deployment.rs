use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use timeline::count;

use crate::error::ManifestError;
use crate::fields::{CONTAINER, Fields, in_shop};
use crate::quantity::Quantity;
use crate::resources::Resources;

/// More than one machine should be asked for.
const MOST_REPLICAS: u64 = 16;

/// What a manifest asks for, as far as it can be rehearsed.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    path: PathBuf,
    /// How replicas are replaced, as the manifest says it.
    strategy: Value,
    /// How many shops.
    pub replicas: u32,
    /// What each of them gets at the most.
    pub limits: Resources,
    /// What a node must have free for each of them.
    pub requests: Resources,
    /// The environment of the shop, what the Downward API passes included.
    pub environment: BTreeMap<String, String>,
    /// How long a pod that ends serves on before it gets SIGTERM, in wall time.
    pub pre_stop: Duration,
    /// How long it may take from then on until it is killed, `pre_stop` included, in wall time.
    pub grace: Duration,
}

impl Deployment {
    /// Reads a Deployment that was found at `path`.
    ///
    /// # Errors
    ///
    /// A field that is missing or makes no sense, with its name and what to write.
    pub fn read(path: &Path, deployment: &Value) -> Result<Self, ManifestError> {
        let fields = Fields { path };
        let replicas = fields.number(deployment, "/spec/replicas", "replicas: 1")?;
        if !(1..=MOST_REPLICAS).contains(&replicas) {
            let why = format!("1 to {MOST_REPLICAS} shops can be rehearsed; try 2");
            return Err(fields.wrong("spec.replicas", why));
        }
        let pod = "/spec/template/spec";
        let containers = deployment.pointer(&format!("{pod}/containers"));
        let containers = containers.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let shop = containers.iter().find(|container| container["name"] == CONTAINER);
        let shop = shop.ok_or_else(|| {
            fields.lacks(&in_shop(""), "- name: coffee-shop under spec.template.spec.containers")
        })?;
        let limits = fields.resources(shop, "limits")?;
        let requests = fields.resources(shop, "requests")?;
        let grace = format!("{pod}/terminationGracePeriodSeconds");
        let grace = match deployment.pointer(&grace) {
            Some(_) => fields.number(deployment, &grace, "30")?,
            None => 30, // what the API server fills in
        };
        let pre_stop = match shop.pointer("/lifecycle/preStop") {
            Some(hook) => {
                let field = in_shop(".lifecycle.preStop.sleep.seconds");
                fields.whole(hook.pointer("/sleep/seconds"), &field, "sleep: {seconds: 5}")?
            }
            None => 0,
        };
        Ok(Self {
            path: path.to_owned(),
            strategy: deployment["spec"]["strategy"].clone(),
            replicas: u32::try_from(replicas).unwrap_or(u32::MAX),
            environment: fields.environment(shop, &limits, &requests)?,
            limits,
            requests,
            pre_stop: Duration::from_secs(pre_stop),
            grace: Duration::from_secs(grace),
        })
    }

    /// Whether a rollout replaces one replica after another, each by one that is ready.
    ///
    /// # Errors
    ///
    /// The manifest says something else, or nothing, which means something else.
    pub fn rolls_one_by_one(&self) -> Result<(), ManifestError> {
        let rolling = &self.strategy["rollingUpdate"];
        if rolling["maxUnavailable"] == 0 && rolling["maxSurge"] == 1 {
            return Ok(());
        }
        let why = "a rollout is rehearsed with maxUnavailable: 0 and maxSurge: 1; try these";
        Err(Fields { path: &self.path }.wrong("spec.strategy.rollingUpdate", why.to_owned()))
    }

    /// The memory limit in bytes.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn memory_limit(&self) -> Result<u64, ManifestError> {
        let lacks = || {
            let fields = Fields { path: &self.path };
            fields.lacks(&in_shop(".resources.limits.memory"), "memory: 10Mi")
        };
        self.limits.memory.as_ref().map(Quantity::ceil).ok_or_else(lacks)
    }
}

/// The plan, a line for each part.
impl fmt::Display for Deployment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { replicas, limits, requests, .. } = self;
        writeln!(f, "replicas     {}", count(u64::from(*replicas), "shop"))?;
        writeln!(f, "limits       {limits}")?;
        writeln!(f, "requests     {requests}")?;
        for (name, value) in &self.environment {
            writeln!(f, "environment  {name}={value}")?;
        }
        let [pre_stop, grace] = [self.pre_stop, self.grace].map(|time| time.as_secs());
        writeln!(f, "the end      {pre_stop} s, then SIGTERM; killed after {grace} s")
    }
}
