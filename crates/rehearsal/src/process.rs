use std::env;
use std::io;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, ChildStdin, Command};

use crate::memory::Observed;
use crate::shop::{CLOSE, SHOP};
use crate::spec::PodSpec;

/// What a shop keeps of the rehearsal's environment: what the system needs to start anything.
const KEPT: [&str; 4] = ["PATH", "SystemRoot", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];

/// A shop as a child process of this one. Dropped, it is killed.
pub(crate) struct Process {
    pub(crate) child: Child,
    pub(crate) log: Lines<BufReader<ChildStderr>>,
    /// The shop serves while this is open.
    pub(crate) stdin: ChildStdin,
    pub(crate) observed: Observed,
}

impl Process {
    pub(crate) fn start(spec: &PodSpec) -> io::Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.env_clear().envs(KEPT.iter().filter_map(|name| Some((name, env::var_os(name)?))));
        command.envs(&spec.environment).env(SHOP, &spec.name);
        // Flags beat the environment: the manifest's address and port are those of a container.
        command.args(["--address", "127.0.0.1", "--log-format", "json", "--port"]);
        command.arg(spec.port.to_string()).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        // Ctrl-C is for the rehearsal, which then closes its shops.
        #[cfg(unix)]
        command.process_group(0);
        #[cfg(windows)]
        command.creation_flags(0x200); // CREATE_NEW_PROCESS_GROUP
        let mut child = command.spawn()?;
        let gone = || io::Error::other("the shop ended as soon as it began");
        let stdin = child.stdin.take().ok_or_else(gone)?;
        let log = BufReader::new(child.stderr.take().ok_or_else(gone)?).lines();
        let observed = Observed::of(child.id().ok_or_else(gone)?);
        Ok(Self { child, log, stdin, observed })
    }

    /// Sends SIGTERM; where there is none, a line on standard input that means the same.
    pub(crate) async fn terminate(&mut self) {
        if !self.observed.terminate() {
            let _ = self.stdin.write_all(CLOSE.as_bytes()).await;
        }
    }
}

/// What a line of its log says of a shop that opens: its port, or why it cannot.
pub(crate) fn opened(line: &str) -> Option<Result<u16, String>> {
    if let Some(error) = line.strip_prefix("error: ") {
        return Some(Err(error.to_owned()));
    }
    let said: Value = serde_json::from_str(line).ok()?;
    let port = said["port"].as_u64().and_then(|port| port.try_into().ok());
    port.filter(|_| said["message"] == "open").map(Ok)
}
