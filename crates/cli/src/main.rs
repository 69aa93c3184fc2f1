//! The bailiwick program: arguments, rendering, exit codes.
//!
//! This file is the table of contents: each subcommand has a file of its own. They read what [`input`] gives them,
//! ask the library, and hand [`render`]ed text to [`terminal`]. Nothing is decided here that the library decides.

mod args;
mod check;
mod deliver;
mod diagnostics;
mod exit;
mod failure;
mod input;
mod manual;
mod normalize;
mod render;
mod report;
mod screen;
mod simulate;
mod source;
mod styles;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};
use exit::Exit;
use failure::Failure;
use terminal::Terminal;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => error_in_arguments(&error).exit(),
    };
    let terminal = Terminal::new(args.color);
    match run(&args.command, &terminal) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            terminal.complain(&failure.render(&terminal.error_renderer()));
            Exit::Unusable.into()
        }
    }
}

/// What is wrong with the arguments, in which clap shows them as they are: arguments that must not be shown so are
/// read again as they may be.
fn error_in_arguments(error: &clap::Error) -> clap::Error {
    let shown = std::env::args_os().map(|argument| screen::argument(&argument.to_string_lossy()));
    match Args::try_parse_from(shown) {
        Err(shown) => shown,
        // No argument becomes right by that, and what says nothing of them can be shown.
        Ok(_) => clap::Error::new(error.kind()),
    }
}

fn run(command: &Command, terminal: &Terminal) -> Result<Exit, Failure> {
    match command {
        Command::Simulate(args) => simulate::run(args, terminal),
        Command::Deliver(args) => deliver::run(args, terminal),
        Command::Check(args) => check::run(args, terminal),
        Command::Normalize(args) => normalize::run(args, terminal),
        Command::Completions(args) => manual::completions(args, terminal),
        Command::Man(args) => manual::man(args, terminal),
    }
}
