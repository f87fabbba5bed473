use std::thread::available_parallelism;
use std::time::Duration;

use rush::Plan;
use timeline::count;
use tokio::task::JoinSet;

use crate::args::{Accidents, Arguments};
use crate::backoff::SCALE;
use crate::crowd::Crowd;
use crate::deployment::Deployment;
use crate::error::Error;
use crate::ladder::Ladder;
use crate::pod::{Pod, close};
use crate::progress::Progress;
use crate::quantity::Quantity;
use crate::replicas::Replicas;
use crate::scenario::{Action, Customers, Scenario};
use crate::spec::PodSpec;

const DEBUG: bool = cfg!(debug_assertions);
/// What the program itself takes more in a debug build, in MiB: on Linux, where the pages of its file
/// do not count, about 1.4 MB at rest, and not 0.7; elsewhere about 10 MB, and not 6.
const BALLAST: u64 = match (DEBUG, cfg!(target_os = "linux")) {
    (true, true) => 1,
    (true, false) => 8,
    (false, _) => 0,
};
/// How long one answer may take, in wall time.
const ANSWER: Duration = Duration::from_secs(120);

/// A scenario, on the shops of one manifest.
pub(crate) struct Rehearsal<'a> {
    scenario: &'a Scenario,
    args: &'a Arguments,
    accidents: Accidents,
    deployment: Deployment,
    memory_limit: Option<u64>,
}

impl<'a> Rehearsal<'a> {
    /// # Errors
    ///
    /// A scenario that is about a memory limit, and a manifest without one; a rollout, and a
    /// manifest that does it in another way.
    pub(crate) fn of(
        scenario: &'a Scenario,
        args: &'a Arguments,
        accidents: Accidents,
        deployment: Deployment,
    ) -> Result<Self, Error> {
        let memory_limit = match scenario.is_limited {
            true => Some(deployment.memory_limit()?),
            false => deployment.limits.memory.as_ref().map(Quantity::ceil),
        };
        if accidents.rollout {
            deployment.rolls_one_by_one()?;
        }
        let memory_limit = memory_limit.map(|limit| limit + (BALLAST << 20));
        Ok(Self { scenario, args, accidents, deployment, memory_limit })
    }

    /// Says what is rehearsed of the manifest, and what is not.
    pub(crate) fn announce(&self, progress: &Progress) -> Result<(), Error> {
        let Deployment { replicas, limits, .. } = &self.deployment;
        progress.say(self.scenario.idea)?;
        let shops = count(u64::from(*replicas), "shop");
        progress.say(&format!("The manifest: {shops}; limits: {limits}."))?;
        if DEBUG {
            progress.tell(
                0,
                &format!(
                    "This is a debug build, which is slow and large: only small ladders, no \
                     figures that count, and {BALLAST} MiB more for each shop, which its program \
                     needs. Add --release after cargo run."
                ),
            )?;
        }
        if let Some(cpu) = &limits.cpu {
            let cores = available_parallelism().map_or(1, usize::from);
            progress.tell(
                0,
                &format!(
                    "Not rehearsed: the CPU limit of {cpu}, which takes the kernel. Each shop has \
                     all {cores} cores of this machine."
                ),
            )?;
        }
        let unrehearsed = self.deployment.unrehearsed.len() as u64;
        if unrehearsed > 0 {
            let parts = count(unrehearsed, "part");
            progress.say(&format!("Not rehearsed: {parts} of the manifest; see --plan."))?;
        }
        if self.memory_limit.is_some() {
            progress.tell(
                0,
                &format!(
                    "Rehearsed: the memory limit, by looking every 10 ms. A shop past it is \
                     killed and restarted, {SCALE} times as fast as a kubelet would."
                ),
            )?;
        }
        Ok(progress.say("")?)
    }

    /// Puts the scenario's customers through its shops.
    pub(crate) async fn play(
        &self,
        progress: &mut Progress,
        pods: &mut JoinSet<()>,
    ) -> Result<(), Error> {
        match self.scenario.action {
            Action::Ladder(customers) => self.ladder(progress, pods, customers).await,
            Action::Bounded { before, after } => {
                let environment = &self.deployment.environment;
                let capacity = environment.get("CAPACITY").map_or("auto", String::as_str);
                progress.say(&format!("CAPACITY={capacity}, as in the manifest:"))?;
                self.ladder(progress, pods, before).await?;
                close(pods).await;
                progress.say("\nCAPACITY=auto, which admits what fits:")?;
                self.bounded(progress, pods, after).await
            }
            Action::ScaledOut { each, .. } => self.scaled_out(progress, pods, each).await,
        }
    }

    async fn ladder(
        &self,
        progress: &mut Progress,
        pods: &mut JoinSet<()>,
        customers: Customers,
    ) -> Result<(), Error> {
        let started = self.start(pods);
        if started.len() > 1 {
            progress.say("The orders go to the first shop, as with port-forward.")?;
        }
        let customers = self.args.ladder(customers);
        let talk = Some(self.scenario.step);
        let ladder = Ladder { customers: &customers, talk, timeout: ANSWER };
        let first = started.first().ok_or(Error::NoStart("there is none".to_owned()))?;
        ladder.walk(progress, first).await
    }

    /// A shop that admits what fits: a ladder, and then many orders at once.
    async fn bounded(
        &self,
        progress: &mut Progress,
        pods: &mut JoinSet<()>,
        customers: Customers,
    ) -> Result<(), Error> {
        let mut spec = self.spec(1);
        spec.environment.insert("CAPACITY".to_owned(), "auto".to_owned());
        let pod = Pod::start(spec, pods);
        let customers = self.args.ladder(customers);
        let ladder = Ladder { customers: &customers, talk: None, timeout: ANSWER };
        ladder.walk(progress, &pod).await?;
        progress.ready(&pod).await?;
        progress.say("")?;
        let crowd = Crowd { plan: Plan::closed(40).requests(40), customers: 300 };
        self.behind_one_address(vec![pod.clone()], crowd).rush(progress).await?;
        let restarts = pod.status.borrow().restarts;
        progress.tell(
            0,
            &format!(
                "Refused means 503, with the time to come again. Restarts with CAPACITY=auto: \
                 {restarts}."
            ),
        )?;
        Ok(())
    }

    /// All replicas behind one address.
    async fn scaled_out(
        &self,
        progress: &mut Progress,
        pods: &mut JoinSet<()>,
        each: Customers,
    ) -> Result<(), Error> {
        let plan = Plan::closed(40).requests(200).ramp(self.args.action_seconds);
        let crowd = Crowd { plan, customers: 30 };
        let replicas = self.behind_one_address(self.start(pods), crowd);
        replicas.ready(progress).await?;
        match self.accidents {
            Accidents { kill_one: true, .. } => replicas.kill_one(progress).await?,
            Accidents { rollout: true, .. } => {
                let number = self.replicas();
                let new = (number + 1..=2 * number).map(|number| self.spec(number));
                replicas.rollout(progress, new.collect(), pods).await?
            }
            _ => {
                for customers in self.args.ladder(each) {
                    replicas.one_each(progress, customers).await?;
                }
                progress.say("")?;
                replicas.rush(progress).await?
            }
        };
        Ok(())
    }

    fn behind_one_address(&self, pods: Vec<Pod>, crowd: Crowd) -> Replicas {
        Replicas { pods, crowd, timeout: ANSWER, action: self.args.action_seconds }
    }

    /// Starts as many shops as the manifest says.
    fn start(&self, pods: &mut JoinSet<()>) -> Vec<Pod> {
        (1..=self.replicas()).map(|number| Pod::start(self.spec(number), pods)).collect()
    }

    fn replicas(&self) -> u16 {
        u16::try_from(self.deployment.replicas).unwrap_or(u16::MAX)
    }

    fn spec(&self, number: u16) -> PodSpec {
        let Deployment { environment, pre_stop, grace, .. } = &self.deployment;
        let mut environment = environment.clone();
        let seconds = self.args.action_seconds.as_secs_f64().to_string();
        environment.insert("ACTION_SECONDS".to_owned(), seconds);
        PodSpec {
            name: format!("coffee-shop-{number}"),
            environment,
            memory_limit: self.memory_limit,
            port: self.args.port.map_or(0, |port| port + number - 1),
            pre_stop: *pre_stop,
            grace: *grace,
        }
    }

    /// The commands that do the same in a cluster. A test finds each of them in `k8s/README.md`.
    pub(crate) fn for_real(&self) -> String {
        let apply = format!("kubectl apply -k k8s/step{}", self.scenario.step);
        let commands = match (self.scenario.action, self.accidents) {
            (Action::ScaledOut { kill_one, .. }, Accidents { kill_one: true, .. }) => kill_one,
            (Action::ScaledOut { rollout, .. }, Accidents { rollout: true, .. }) => rollout,
            _ => self.scenario.commands,
        };
        let commands = [apply.as_str()].into_iter().chain(commands.iter().copied());
        commands.map(|command| format!("  {command}\n")).collect()
    }
}
