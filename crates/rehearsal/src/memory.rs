use std::fmt;

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, Signal, System};

/// The scales on which a process stands.
pub(crate) struct Scales {
    system: System,
    pid: Pid,
}

impl Scales {
    pub(crate) fn under(pid: u32) -> Self {
        Self { system: System::new(), pid: Pid::from_u32(pid) }
    }

    /// The resident memory in bytes; 0 if the process is gone.
    pub(crate) fn resident(&mut self) -> u64 {
        let only = ProcessesToUpdate::Some(&[self.pid]);
        // The threads of every process on the machine would cost ten times as much.
        let memory = ProcessRefreshKind::nothing().with_memory().without_tasks();
        self.system.refresh_processes_specifics(only, true, memory);
        self.system.process(self.pid).map_or(0, |process| process.memory())
    }

    /// Sends SIGTERM. False where there is no such signal, or no such process any more.
    pub(crate) fn terminate(&mut self) -> bool {
        self.resident();
        let process = self.system.process(self.pid);
        process.and_then(|process| process.kill_with(Signal::Term)).unwrap_or(false)
    }
}

impl fmt::Debug for Scales {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scales").field("pid", &self.pid).finish_non_exhaustive()
    }
}

/// `10.3 MB`
pub(crate) fn megabytes(bytes: u64) -> String {
    let megabytes = bytes as f64 / 1e6;
    if megabytes < 100.0 { format!("{megabytes:.1} MB") } else { format!("{megabytes:.0} MB") }
}
