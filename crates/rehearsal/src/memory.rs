use std::{fmt, fs};

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, Signal, System};

/// Looks at a process from outside.
pub(crate) struct Observed {
    system: System,
    pid: Pid,
}

impl Observed {
    pub(crate) fn of(pid: u32) -> Self {
        Self { system: System::new(), pid: Pid::from_u32(pid) }
    }

    /// The resident memory in bytes; 0 if the process is gone. On Linux without the pages of files,
    /// such as the program's own: a control group gives those back before the kernel kills.
    pub(crate) fn resident(&mut self) -> u64 {
        self.anonymous().unwrap_or_else(|| self.whole())
    }

    fn anonymous(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid)).ok()?;
        let kilobytes = |name| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix(" kB")?.parse::<u64>().ok()
        };
        Some((kilobytes("RssAnon:")? + kilobytes("RssShmem:")?) * 1024)
    }

    fn whole(&mut self) -> u64 {
        let only = ProcessesToUpdate::Some(&[self.pid]);
        // The threads of every process on the machine would cost ten times as much.
        let memory = ProcessRefreshKind::nothing().with_memory().without_tasks();
        self.system.refresh_processes_specifics(only, true, memory);
        self.system.process(self.pid).map_or(0, |process| process.memory())
    }

    /// Sends SIGTERM. False where there is no such signal, or no such process any more.
    pub(crate) fn terminate(&mut self) -> bool {
        self.whole();
        let process = self.system.process(self.pid);
        process.and_then(|process| process.kill_with(Signal::Term)).unwrap_or(false)
    }
}

impl fmt::Debug for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observed").field("pid", &self.pid).finish_non_exhaustive()
    }
}
