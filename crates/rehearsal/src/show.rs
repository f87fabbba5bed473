use std::collections::BTreeMap;
use std::thread::available_parallelism;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::args::{Accidents, Arguments};
use crate::backoff::SCALE;
use crate::crowd::Crowd;
use crate::deployment::Deployment;
use crate::error::Error;
use crate::ladder::Ladder;
use crate::pod::{Pod, Recipe, close};
use crate::quantity::Quantity;
use crate::replicas::Replicas;
use crate::stage::Stage;

const DEBUG: bool = cfg!(debug_assertions);
/// What the program itself takes more in a debug build, in bytes: about 10 MB at rest, and not 6.
const BALLAST: u64 = if DEBUG { 8 << 20 } else { 0 };
/// How long one answer may take, in real time.
const ANSWER: Duration = Duration::from_secs(120);

/// The step in a line.
pub(crate) const fn idea(step: u8) -> &'static str {
    match step {
        7 => "Step 7, rehearsed: deploy it",
        8 => "Step 8, rehearsed: limits so small that something gives",
        9 => "Step 9, rehearsed: more of everything, in the same single pod",
        _ => "Step 10, rehearsed: two replicas behind one address",
    }
}

/// What is the same for all shops of a rehearsal.
pub(crate) struct Show<'a> {
    step: u8,
    args: &'a Arguments,
    deployment: Deployment,
    memory_limit: Option<u64>,
}

impl<'a> Show<'a> {
    /// # Errors
    ///
    /// A step that is about a memory limit, and a manifest without one.
    pub(crate) fn of(step: u8, args: &'a Arguments, deployment: Deployment) -> Result<Self, Error> {
        let memory_limit = match step {
            7 => deployment.limits.memory.as_ref().map(Quantity::ceil),
            _ => Some(deployment.memory_limit()?),
        };
        let memory_limit = memory_limit.map(|limit| limit + BALLAST);
        Ok(Self { step, args, deployment, memory_limit })
    }

    /// Puts the step's customers through its shops.
    pub(crate) async fn go(
        &self,
        stage: &mut Stage,
        pods: &mut JoinSet<()>,
        accidents: Accidents,
    ) -> Result<(), Error> {
        match self.step {
            7 => self.ladder(stage, pods, &[3]).await,
            8 => self.squeezed(stage, pods).await,
            9 if DEBUG => self.ladder(stage, pods, &[300]).await,
            9 => self.ladder(stage, pods, &[30_000, 3_000_000]).await,
            _ => self.scaled_out(stage, pods, accidents).await,
        }
    }

    pub(crate) fn announce(&self, stage: &Stage) -> Result<(), Error> {
        let Deployment { replicas, limits, .. } = &self.deployment;
        stage.say(idea(self.step))?;
        let plural = if *replicas == 1 { "" } else { "s" };
        stage.say(&format!("The manifest: {replicas} shop{plural}; limits: {limits}."))?;
        if DEBUG {
            stage.tell(
                0,
                "This is a debug build, which is slow and large: only small ladders, no figures \
                 that count, and 8 MiB more for each shop, which its program needs. Add --release \
                 after cargo run.",
            )?;
        }
        if let Some(cpu) = &limits.cpu {
            let cores = available_parallelism().map_or(1, usize::from);
            stage.tell(
                0,
                &format!(
                    "Not rehearsed: the CPU limit of {cpu}, which takes the kernel. Each shop has \
                     all {cores} cores of this machine."
                ),
            )?;
        }
        if self.memory_limit.is_some() {
            stage.tell(
                0,
                &format!(
                    "Rehearsed: the memory limit, by looking every 10 ms. A shop past it is \
                     killed and restarted, {SCALE} times as fast as a kubelet would."
                ),
            )?;
        }
        Ok(stage.say("")?)
    }

    fn recipe(&self, number: u16, more: &[(&str, &str)]) -> Recipe {
        let Deployment { environment, pre_stop, grace, .. } = &self.deployment;
        let mut environment: BTreeMap<String, String> = environment.clone();
        let seconds = self.args.action_seconds.as_secs_f64().to_string();
        environment.insert("ACTION_SECONDS".to_owned(), seconds);
        environment
            .extend(more.iter().map(|(name, value)| (String::from(*name), String::from(*value))));
        Recipe {
            name: format!("coffee-shop-{number}"),
            environment,
            memory_limit: self.memory_limit,
            port: self.args.port.map_or(0, |port| port + number - 1),
            pre_stop: *pre_stop,
            grace: *grace,
        }
    }

    fn replicas(&self) -> u16 {
        u16::try_from(self.deployment.replicas).unwrap_or(u16::MAX)
    }

    /// Starts as many shops as the manifest says.
    fn start(&self, pods: &mut JoinSet<()>) -> Vec<Pod> {
        (1..=self.replicas()).map(|number| Pod::start(self.recipe(number, &[]), pods)).collect()
    }

    async fn ladder(
        &self,
        stage: &mut Stage,
        pods: &mut JoinSet<()>,
        usual: &[u32],
    ) -> Result<(), Error> {
        let started = self.start(pods);
        if started.len() > 1 {
            stage.say("The orders go to the first shop, as with port-forward.")?;
        }
        let customers = self.args.ladder(usual);
        let ladder = Ladder { customers: &customers, talk: Some(self.step), timeout: ANSWER };
        let first = started.first().ok_or(Error::NoStart("there is none".to_owned()))?;
        ladder.walk(stage, first).await
    }

    /// Step 8: as the manifest says, until it is killed; then with its capacity bounded.
    async fn squeezed(&self, stage: &mut Stage, pods: &mut JoinSet<()>) -> Result<(), Error> {
        let capacity = self.deployment.environment.get("CAPACITY").map_or("auto", String::as_str);
        stage.say(&format!("CAPACITY={capacity}, as in the manifest:"))?;
        self.ladder(stage, pods, &[3, 30, 300, 3_000, 10_000, 30_000]).await?;
        close(pods).await;

        stage.say("\nCAPACITY=auto, which admits what fits:")?;
        let pod = Pod::start(self.recipe(1, &[("CAPACITY", "auto")]), pods);
        let customers = self.args.ladder(&[3, 30, 300, 3_000, 30_000]);
        let ladder = Ladder { customers: &customers, talk: None, timeout: ANSWER };
        ladder.walk(stage, &pod).await?;
        stage.ready(&pod).await?;
        let replicas = Replicas {
            pods: vec![pod.clone()],
            crowd: Crowd { orders: 40, at_once: 40, customers: 300, arrive_over: Duration::ZERO },
            timeout: ANSWER,
            action: self.args.action_seconds,
        };
        stage.say("")?;
        replicas.rush(stage).await?;
        let restarts = pod.status.borrow().restarts;
        stage.tell(
            0,
            &format!(
                "Refused means 503, with the time to come again. Restarts with CAPACITY=auto: \
                 {restarts}."
            ),
        )?;
        Ok(())
    }

    /// Step 10: all replicas behind one address.
    async fn scaled_out(
        &self,
        stage: &mut Stage,
        pods: &mut JoinSet<()>,
        accidents: Accidents,
    ) -> Result<(), Error> {
        if accidents.rollout {
            self.deployment.rolls_one_by_one()?;
        }
        let action = self.args.action_seconds;
        let replicas = Replicas {
            pods: self.start(pods),
            crowd: Crowd { orders: 200, at_once: 40, customers: 30, arrive_over: action },
            timeout: ANSWER,
            action,
        };
        replicas.ready(stage).await?;
        if accidents.kill_one {
            replicas.kill_one(stage).await?;
        } else if accidents.rollout {
            let number = self.replicas();
            let new = (number + 1..=2 * number).map(|number| self.recipe(number, &[]));
            replicas.rollout(stage, new.collect(), pods).await?;
        } else {
            for customers in self.args.ladder(if DEBUG { &[300] } else { &[30_000] }) {
                replicas.one_each(stage, customers).await?;
            }
            stage.say("")?;
            replicas.rush(stage).await?;
        }
        Ok(())
    }

    /// The commands that do the same in a cluster. A test finds each of them in `k8s/README.md`.
    pub(crate) fn for_real(&self, accidents: Accidents) -> String {
        let step = self.step;
        let rush = "cargo run --release --example rush -- http://localhost:8080";
        let shop = "-n coffee-shop deployment/coffee-shop";
        let forward = format!("kubectl port-forward {shop} 8080:8080");
        let mut commands = vec![format!("kubectl apply -k k8s/step{step}")];
        commands.extend(match (step, accidents) {
            (7, _) => vec![forward, "curl localhost:8080/serve-customer/3".to_owned()],
            (8, _) => vec![
                forward,
                format!("{rush} 3 30 300 3000 10000 30000 100000"),
                format!("kubectl set env {shop} CAPACITY=auto"),
            ],
            (9, _) => vec![forward, format!("{rush} 30000 3000000")],
            (_, Accidents { kill_one: true, .. }) => vec![
                format!("{rush} --requests 2000 --concurrency 50 --customers 300"),
                "kubectl delete pod -n coffee-shop --force --grace-period=0 NAME".to_owned(),
            ],
            (_, Accidents { rollout: true, .. }) => vec![
                format!("{rush} --requests 2000 --concurrency 50 --customers 300"),
                format!("kubectl rollout restart {shop}"),
            ],
            _ => vec![format!("{rush} --requests 2 --concurrency 2 --customers 30000")],
        });
        commands.iter().map(|command| format!("  {command}\n")).collect()
    }
}
