//! The progress bar of a batch: on standard error, and only for somebody who sees it alone there.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::terminal::Terminal;

/// How far a batch has come.
#[derive(Clone, Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Shows a bar over the bytes of a file, or a count of them when the length is not known. Shows nothing when
    /// standard error is no terminal, or answers go to a terminal too and say the same.
    pub(crate) fn start(path: &Path, terminal: &Terminal) -> Self {
        if !io::stderr().is_terminal() || io::stdout().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let length = path.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len());
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
        let bar_color = if terminal.color_errors { ".cyan/dim" } else { "" };
        let template = match length {
            Some(_) => format!("{{wide_bar{bar_color}}} {{bytes}} of {{total_bytes}}, {{eta}} left"),
            None => "{spinner} {bytes} read, {bytes_per_sec}".to_owned(),
        };
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        Self(bar)
    }

    pub(crate) fn advance(&self, bytes: u64) {
        self.0.inc(bytes);
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
