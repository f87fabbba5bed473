use std::collections::BTreeMap;
use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Duration;

use clap::Command;
use rush::{Interrupt, Paper};
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::args::{Accidents, Arguments, parse};
use crate::backoff::SCALE;
use crate::crowd::Crowd;
use crate::deployment::Deployment;
use crate::error::Error;
use crate::ladder::Ladder;
use crate::overlay::{built, overlay};
use crate::pod::{Pod, Recipe};
use crate::replicas::Replicas;
use crate::shop;
use crate::stage::Stage;

const DEBUG: bool = cfg!(debug_assertions);
/// What the program itself takes more in a debug build, in bytes: about 10 MB at rest, and not 6.
const BALLAST: u64 = if DEBUG { 8 << 20 } else { 0 };
/// How long a shop may take until it is ready, in real time.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long one answer may take, in real time.
const ANSWER: Duration = Duration::from_secs(120);
/// How long the runtime may take to drop what is left in it, in real time.
const LAST_CALL: Duration = Duration::from_secs(1);

/// Rehearses a step from 7 to 10, as its manifest and the command line say. In a process that a
/// rehearsal started, it is one of the shops.
///
/// The exit code is 0 if it went to its end, whatever was seen there; 1 if it could not; 2 if the
/// command line is wrong; 130 after Ctrl-C. No shop is left behind in any case.
#[must_use]
pub fn run(step: u8) -> ExitCode {
    if shop::is_shop() {
        return shop::serve();
    }
    let command = Command::new("rehearsal")
        .bin_name(format!("cargo run --release --example step{step} --"))
        .about(idea(step))
        .after_help(
            "Without a cluster: the shops are processes of this machine, with the limits and \
             replicas of the step's overlay in k8s/. Ctrl-C closes them.",
        );
    let (args, accidents) = parse(command, step);
    let ended = Builder::new_multi_thread().enable_all().build().map_err(Error::System);
    let ended = ended.and_then(|runtime| {
        let ended = runtime.block_on(until_the_end(step, &args, accidents));
        runtime.shutdown_timeout(LAST_CALL);
        ended
    });
    ExitCode::from(match ended {
        Ok(code) => code,
        Err(Error::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => 0,
        Err(error) => {
            // If not even that can be written, the exit code has to do.
            let _ = writeln!(stderr(), "error: {error}");
            1
        }
    })
}

const fn idea(step: u8) -> &'static str {
    match step {
        7 => "Step 7, rehearsed: deploy it",
        8 => "Step 8, rehearsed: limits so small that something gives",
        9 => "Step 9, rehearsed: more of everything, in the same single pod",
        _ => "Step 10, rehearsed: two replicas behind one address",
    }
}

async fn until_the_end(step: u8, args: &Arguments, accidents: Accidents) -> Result<u8, Error> {
    let interrupt = Interrupt::listen();
    let mut stage = Stage { paper: Paper::new(args.plain), patience: PATIENCE };
    // Owns every pod: whatever ends the rehearsal drops it, and them.
    let mut pods = JoinSet::new();
    let ended = tokio::select! {
        ended = rehearse(step, args, accidents, &mut stage, &mut pods) => ended.map(|()| 0),
        () = interrupt.come() => Ok(130),
        () = sleep(args.time_limit) => Err(Error::TimeOver(args.time_limit.as_secs_f64())),
    };
    stage.paper.done();
    pods.shutdown().await;
    ended
}

/// Where the overlays of this workspace are.
fn manifests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../k8s")
}

fn deployment(step: u8, args: &Arguments) -> Result<Deployment, Error> {
    if let Some(file) = &args.built {
        return Ok(Deployment::read(file, &built(file)?)?);
    }
    let folder = args.manifests.clone().unwrap_or_else(manifests).join(format!("step{step}"));
    // Two folders up and down again is right, and hard to read.
    let folder = folder.canonicalize().unwrap_or(folder);
    Ok(Deployment::read(&folder, &overlay(&folder)?)?)
}

/// What is the same for all shops of a rehearsal.
struct Show<'a> {
    step: u8,
    args: &'a Arguments,
    deployment: Deployment,
    memory_limit: Option<u64>,
}

async fn rehearse(
    step: u8,
    args: &Arguments,
    accidents: Accidents,
    stage: &mut Stage,
    pods: &mut JoinSet<()>,
) -> Result<(), Error> {
    let deployment = deployment(step, args)?;
    let memory_limit = match step {
        7 => deployment.limits.memory.as_ref().map(crate::Quantity::ceil),
        _ => Some(deployment.memory_limit()?),
    };
    if args.plan {
        return Ok(stage.paper.print(&deployment.to_string())?);
    }
    let memory_limit = memory_limit.map(|limit| limit + BALLAST);
    let show = Show { step, args, deployment, memory_limit };
    show.announce(stage)?;
    match step {
        7 => show.ladder(stage, pods, &[3]).await?,
        8 => show.squeezed(stage, pods).await?,
        9 if DEBUG => show.ladder(stage, pods, &[300]).await?,
        9 => show.ladder(stage, pods, &[30_000, 3_000_000]).await?,
        _ => show.replicas(stage, pods, accidents).await?,
    }
    stage.say("\nThe same in a cluster, of which k8s/README.md tells the rest:")?;
    stage.paper.print(&show.for_real(accidents))?;
    Ok(())
}

impl Show<'_> {
    fn announce(&self, stage: &Stage) -> Result<(), Error> {
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

    async fn ladder(
        &self,
        stage: &mut Stage,
        pods: &mut JoinSet<()>,
        usual: &[u32],
    ) -> Result<(), Error> {
        let pod = Pod::start(self.recipe(1, &[]), pods);
        let customers = self.args.ladder(usual);
        let ladder = Ladder { customers: &customers, talk: Some(self.step), timeout: ANSWER };
        ladder.walk(stage, &pod).await
    }

    /// Step 8: as the manifest says, until it is killed; then with its capacity bounded.
    async fn squeezed(&self, stage: &mut Stage, pods: &mut JoinSet<()>) -> Result<(), Error> {
        let capacity = self.deployment.environment.get("CAPACITY").map_or("auto", String::as_str);
        stage.say(&format!("CAPACITY={capacity}, as in the manifest:"))?;
        self.ladder(stage, pods, &[3, 30, 300, 3_000, 10_000, 30_000]).await?;
        pods.shutdown().await;

        stage.say("\nCAPACITY=auto, which admits what fits:")?;
        let pod = Pod::start(self.recipe(1, &[("CAPACITY", "auto")]), pods);
        let customers = self.args.ladder(&[3, 30, 300, 3_000, 30_000]);
        let ladder = Ladder { customers: &customers, talk: None, timeout: ANSWER };
        ladder.walk(stage, &pod).await?;
        stage.ready(&pod).await?;
        let replicas = Replicas {
            pods: vec![pod.clone()],
            crowd: Crowd { orders: 40, at_once: 40, customers: 300 },
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

    async fn replicas(
        &self,
        stage: &mut Stage,
        pods: &mut JoinSet<()>,
        accidents: Accidents,
    ) -> Result<(), Error> {
        let number = u16::try_from(self.deployment.replicas).unwrap_or(u16::MAX);
        let started = (1..=number).map(|number| Pod::start(self.recipe(number, &[]), pods));
        let replicas = Replicas {
            pods: started.collect(),
            crowd: Crowd { orders: 200, at_once: 40, customers: 30 },
            timeout: ANSWER,
            action: self.args.action_seconds,
        };
        replicas.ready(stage).await?;
        if accidents.kill_one {
            replicas.kill_one(stage).await?;
        } else if accidents.rollout {
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
    fn for_real(&self, accidents: Accidents) -> String {
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
                "kubectl delete pod -n coffee-shop --force --grace-period=0".to_owned(),
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
