use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Command;
use customers::Output;
use program::{End, Interrupt};
use tokio::runtime::Builder;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;

use crate::args::{Accidents, Arguments, parse};
use crate::deployment::Deployment;
use crate::error::Error;
use crate::overlay::{built, overlay};
use crate::pod::close;
use crate::progress::Progress;
use crate::rehearsal::Rehearsal;
use crate::scenario::Scenario;
use crate::shop;

/// How long a shop may take until it is ready, in wall time.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the runtime may take to drop what is left in it, in wall time.
const LAST_CALL: Duration = Duration::from_secs(1);

/// Rehearses a scenario, as its manifest and the command line say. In a process that a rehearsal
/// started, it is one of the shops.
///
/// The exit code is 0 if it went to its end, whatever was seen there; 1 if it could not; 2 if the
/// command line is wrong; 130 after Ctrl-C or SIGTERM. No shop is left behind in any case.
#[must_use]
pub fn run(scenario: &Scenario) -> ExitCode {
    if shop::is_shop() {
        return shop::serve();
    }
    let command = Command::new("rehearsal")
        .bin_name(format!("cargo run --release --example step{} --", scenario.step))
        .about(scenario.idea)
        .after_help(
            "Without a cluster: the shops are processes of this machine, with the limits and \
             replicas of the step's overlay in k8s/. Ctrl-C closes them.",
        );
    let (args, accidents) = parse(command, scenario);
    program::exit(on_a_runtime(until_the_end(scenario, &args, accidents)))
}

fn on_a_runtime(work: impl Future<Output = Result<End, Error>>) -> Result<End, Error> {
    let runtime = Builder::new_multi_thread().enable_all().build().map_err(Error::System)?;
    let ended = runtime.block_on(work);
    runtime.shutdown_timeout(LAST_CALL);
    ended
}

async fn until_the_end(
    scenario: &Scenario,
    args: &Arguments,
    accidents: Accidents,
) -> Result<End, Error> {
    let interrupt = Interrupt::listen().map_err(Error::System)?;
    let mut progress = Progress { output: Output::new(args.plain), patience: PATIENCE };
    // Owns every pod: whatever ends the rehearsal drops it, and them.
    let mut pods = JoinSet::new();
    let ended = tokio::select! {
        ended = rehearse(scenario, args, accidents, &mut progress, &mut pods) => {
            ended.map(|()| End::Done)
        }
        () = interrupt.requested() => Ok(End::Interrupted),
        () = sleep(args.time_limit) => Err(Error::TimeOver(args.time_limit.as_secs_f64())),
    };
    progress.output.done();
    close(&mut pods).await;
    match ended {
        Ok(End::Interrupted) => {
            let _ = progress.say("Stopped by Ctrl-C. The shops are closed.");
            Ok(End::Interrupted)
        }
        // A reader that wants no more is no error.
        Err(Error::Closed(_)) => progress.output.check().map(|()| End::Done).map_err(Error::Output),
        ended => ended,
    }
}

/// Where the overlays of this workspace are.
fn manifests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../k8s")
}

fn deployment(step: u8, folder: Option<PathBuf>, file: Option<&Path>) -> Result<Deployment, Error> {
    let manifest = match file {
        Some(file) => built(file)?,
        None => {
            let folder = folder.unwrap_or_else(manifests).join(format!("step{step}"));
            // Two folders up and down again is right, and hard to read.
            overlay(&folder.canonicalize().unwrap_or(folder))?
        }
    };
    Ok(Deployment::read(&manifest)?)
}

/// On a thread of its own, because a pipe may be read for long: the time limit is a bound for it,
/// too.
async fn read(scenario: &Scenario, args: &Arguments) -> Result<Deployment, Error> {
    let (step, folder, file) = (scenario.step, args.manifests.clone(), args.built.clone());
    let read = spawn_blocking(move || deployment(step, folder, file.as_deref()));
    read.await.map_err(|error| Error::System(error.into()))?
}

async fn rehearse(
    scenario: &Scenario,
    args: &Arguments,
    accidents: Accidents,
    progress: &mut Progress,
    pods: &mut JoinSet<()>,
) -> Result<(), Error> {
    let deployment = read(scenario, args).await?;
    if args.plan {
        return Ok(progress.output.print(&deployment.to_string())?);
    }
    let rehearsal = Rehearsal::of(scenario, args, accidents, deployment)?;
    rehearsal.announce(progress)?;
    rehearsal.play(progress, pods).await?;
    progress.say("\nThe same in a cluster, of which k8s/README.md tells the rest:")?;
    Ok(progress.output.print(&rehearsal.for_real())?)
}
