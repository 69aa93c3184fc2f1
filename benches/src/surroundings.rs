//! What figures were taken on, in a line to stand above them.

use std::process::Command;
use std::{env, fs, thread};

/// Processor, cores, platform, compiler, and how busy the machine was when this was called.
pub struct Surroundings {
    machine: String,
    load: Option<String>,
}

impl Surroundings {
    /// Looks around; what a platform does not tell is left out.
    pub fn now() -> Self {
        let processor = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        });
        let cores = thread::available_parallelism().ok().map(|cores| format!("{cores} cores"));
        let platform = Some(format!("{} {}", env::consts::ARCH, env::consts::OS));
        let compiler =
            Command::new(env::var("RUSTC").as_deref().unwrap_or("rustc")).arg("--version").output();
        let compiler = compiler.ok().and_then(|output| {
            let text = String::from_utf8(output.stdout).ok()?;
            Some(text.split(" (").next()?.trim().to_owned())
        });
        let known: Vec<String> = [processor, cores, platform, compiler].into_iter().flatten().collect();
        Self { machine: known.join(", "), load: load() }
    }

    /// The line, with the load then and now: a run of one thread alone brings it to 1.
    pub fn line(&self) -> String {
        let load = match (&self.load, load()) {
            (Some(before), Some(after)) => {
                format!("; load average {before} before the run, {after} after it")
            }
            _ => String::new(),
        };
        format!("{}{load}.", self.machine)
    }
}

/// Of the last minute.
fn load() -> Option<String> {
    fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next().map(str::to_owned)
}
