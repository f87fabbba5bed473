use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Command;
use rush::{Interrupt, Paper};
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::args::{Accidents, Arguments, parse};
use crate::deployment::Deployment;
use crate::error::Error;
use crate::overlay::{built, overlay};
use crate::pod::close;
use crate::shop;
use crate::show::{Show, idea};
use crate::stage::Stage;

/// How long a shop may take until it is ready, in real time.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the runtime may take to drop what is left in it, in real time.
const LAST_CALL: Duration = Duration::from_secs(1);

/// What a shell says of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

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

async fn until_the_end(step: u8, args: &Arguments, accidents: Accidents) -> Result<u8, Error> {
    let interrupt = Interrupt::listen();
    let mut stage = Stage { paper: Paper::new(args.plain), patience: PATIENCE };
    // Owns every pod: whatever ends the rehearsal drops it, and them.
    let mut pods = JoinSet::new();
    let ended = tokio::select! {
        ended = rehearse(step, args, accidents, &mut stage, &mut pods) => ended.map(|()| 0),
        () = interrupt.come() => Ok(INTERRUPTED),
        () = sleep(args.time_limit) => Err(Error::TimeOver(args.time_limit.as_secs_f64())),
    };
    stage.paper.done();
    close(&mut pods).await;
    if let Ok(INTERRUPTED) = ended {
        stage.say("Stopped by Ctrl-C. The shops are closed.")?;
    }
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

async fn rehearse(
    step: u8,
    args: &Arguments,
    accidents: Accidents,
    stage: &mut Stage,
    pods: &mut JoinSet<()>,
) -> Result<(), Error> {
    let deployment = deployment(step, args)?;
    if args.plan {
        return Ok(stage.paper.print(&deployment.to_string())?);
    }
    let show = Show::of(step, args, deployment)?;
    show.announce(stage)?;
    show.go(stage, pods, accidents).await?;
    stage.say("\nThe same in a cluster, of which k8s/README.md tells the rest:")?;
    Ok(stage.paper.print(&show.for_real(accidents))?)
}
