use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use timeline::count;

use crate::environment::{Amounts, environment};
use crate::error::ManifestError;
use crate::fields::{Fields, in_shop};
use crate::grammar::{CONTAINER, unrehearsed};
use crate::manifest::Manifest;
use crate::quantity::Quantity;
use crate::resources::Resources;

/// More than one machine should be asked for.
const MOST_REPLICAS: u64 = 16;
/// A day, in seconds: more than anything here is waited for.
const LONGEST: u64 = 86_400;
/// What the rehearsal sets itself: a container's address and port are not those of a process here.
const OWN: [&str; 4] = ["ACTION_SECONDS", "ADDRESS", "LOG_FORMAT", "PORT"];

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
    /// What a node must have free for each of them: as much as the limit, if only that is set.
    pub requests: Resources,
    /// The environment of the shop, what the Downward API passes included.
    pub environment: BTreeMap<String, String>,
    /// How long a pod that ends serves on before it gets SIGTERM, in wall time.
    pub pre_stop: Duration,
    /// How long it may take from then on until it is killed, `pre_stop` included, in wall time.
    pub grace: Duration,
    /// The fields that are not rehearsed, and the kinds of the resources beside the Deployment.
    pub unrehearsed: BTreeSet<String>,
}

impl Deployment {
    /// Reads the Deployment of a manifest.
    ///
    /// # Errors
    ///
    /// A field that is missing, has a value that cannot be rehearsed, or is outside the grammar of
    /// our own manifests; with its name and what to do.
    pub fn read(manifest: &Manifest) -> Result<Self, ManifestError> {
        let Manifest { path, deployment, beside } = manifest;
        let fields = Fields { path };
        if deployment["apiVersion"] != "apps/v1" {
            let why = format!("{}; try apps/v1", deployment["apiVersion"]);
            return Err(fields.wrong("apiVersion", why));
        }
        let mut unrehearsed = unrehearsed(deployment).map_err(|why| fields.outside(why))?;
        unrehearsed.extend(beside.iter().cloned());
        let spec = &deployment["spec"];
        let replicas = fields.whole(&spec["replicas"], "spec.replicas", 1)?;
        if !(1..=MOST_REPLICAS).contains(&replicas) {
            let why = format!("1 to {MOST_REPLICAS} shops can be rehearsed; try 2");
            return Err(fields.wrong("spec.replicas", why));
        }
        let pod = &spec["template"]["spec"];
        let shop = shop(&fields, pod)?;
        let (limits, requests) = amounts(&fields, shop)?;
        let grace = &pod["terminationGracePeriodSeconds"];
        let grace = fields.whole(grace, "spec.template.spec.terminationGracePeriodSeconds", 30)?;
        let pre_stop = pre_stop(&fields, shop)?;
        if grace > LONGEST || pre_stop > grace {
            let why = format!(
                "{grace}, and it must be at least the {pre_stop} s of preStop, and at most a day; \
                 try {}",
                pre_stop.min(LONGEST - 30) + 30
            );
            return Err(fields.wrong("spec.template.spec.terminationGracePeriodSeconds", why));
        }
        let amounts = Amounts { limits: &limits, requests: &requests };
        let environment = environment(&fields, shop, &amounts)?;
        unrehearsed.extend(environment.of_the_node);
        let own = OWN.iter().filter(|name| environment.variables.contains_key(**name));
        unrehearsed.extend(own.map(|name| in_shop(&format!(".env[{name}]"))));
        Ok(Self {
            path: path.clone(),
            strategy: spec["strategy"].clone(),
            replicas: u32::try_from(replicas).unwrap_or(u32::MAX),
            environment: environment.variables,
            limits,
            requests,
            pre_stop: Duration::from_secs(pre_stop),
            grace: Duration::from_secs(grace),
            unrehearsed,
        })
    }

    /// Whether a rollout replaces one replica after another, each by one that is ready.
    ///
    /// # Errors
    ///
    /// The manifest says something else, or nothing, which means something else.
    pub fn rolls_one_by_one(&self) -> Result<(), ManifestError> {
        let rolling = &self.strategy["rollingUpdate"];
        let is_rolling =
            ["null", "\"RollingUpdate\""].contains(&&*self.strategy["type"].to_string());
        if is_rolling && rolling["maxUnavailable"] == 0 && rolling["maxSurge"] == 1 {
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

/// The container of the shop. (The grammar allows no other.)
fn shop<'a>(fields: &Fields<'_>, pod: &'a Value) -> Result<&'a Value, ManifestError> {
    let containers = pod["containers"].as_array().map_or(&[][..], Vec::as_slice);
    match containers {
        [shop] => Ok(shop),
        [] => {
            let example = "- name: coffee-shop under spec.template.spec.containers";
            Err(fields.lacks(&in_shop(""), example))
        }
        _ => Err(fields.wrong(&in_shop(""), format!("{CONTAINER} stands there twice"))),
    }
}

/// The limits and the requests; those of a cluster default to the limits.
fn amounts(fields: &Fields<'_>, shop: &Value) -> Result<(Resources, Resources), ManifestError> {
    let limits = fields.resources(shop, "limits")?;
    let requests = fields.resources(shop, "requests")?;
    let requests = Resources {
        cpu: requests.cpu.or_else(|| limits.cpu.clone()),
        memory: requests.memory.or_else(|| limits.memory.clone()),
    };
    for (name, request, limit) in
        [("cpu", &requests.cpu, &limits.cpu), ("memory", &requests.memory, &limits.memory)]
    {
        if let Some((request, limit)) = request.as_ref().zip(limit.as_ref())
            && request > limit
        {
            let why = format!("{request} is more than the limit of {limit}; try {limit}");
            return Err(fields.wrong(&in_shop(&format!(".resources.requests.{name}")), why));
        }
    }
    Ok((limits, requests))
}

fn pre_stop(fields: &Fields<'_>, shop: &Value) -> Result<u64, ManifestError> {
    let field = in_shop(".lifecycle.preStop.sleep.seconds");
    match &shop["lifecycle"]["preStop"] {
        Value::Null => Ok(0),
        hook if hook["sleep"]["seconds"].is_null() => {
            Err(fields.lacks(&field, "sleep: {seconds: 5}"))
        }
        hook => fields.whole(&hook["sleep"]["seconds"], &field, 5),
    }
}

/// The plan, a line or more for each part.
impl fmt::Display for Deployment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { replicas, limits, requests, .. } = self;
        writeln!(f, "replicas       {}", count(u64::from(*replicas), "shop"))?;
        writeln!(f, "limits         {limits}")?;
        writeln!(f, "requests       {requests}")?;
        for (name, value) in &self.environment {
            writeln!(f, "environment    {name}={value}")?;
        }
        let [pre_stop, grace] = [self.pre_stop, self.grace].map(|time| time.as_secs());
        writeln!(f, "the end        {pre_stop} s, then SIGTERM; killed after {grace} s")?;
        for field in &self.unrehearsed {
            writeln!(f, "not rehearsed  {field}")?;
        }
        Ok(())
    }
}
