//! `bailiwick completions` and `bailiwick man`: what follows from the definition of the arguments.

use clap::CommandFactory as _;

use crate::args::{Args, Completions, Man};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::Terminal;

const PROGRAM: &str = "bailiwick";

/// Prints the completion script of a shell.
pub(crate) fn completions(args: &Completions, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), PROGRAM, &mut script);
    terminal.print_own(&String::from_utf8_lossy(&script)).map(|()| Exit::Yes)
}

/// Prints a man page.
pub(crate) fn man(args: &Man, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut program = Args::command();
    program.build();
    let command = match &args.subcommand {
        None => program,
        Some(name) => {
            let names = program.get_subcommands().map(clap::Command::get_name).collect::<Vec<_>>().join(", ");
            let known = program.find_subcommand(name).cloned();
            known.ok_or_else(|| {
                Failure::usage(
                    format!("there is no subcommand `{name}`"),
                    format!("the subcommands are {names}"),
                )
            })?
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).map_err(Failure::Output)?;
    terminal.print_own(&String::from_utf8_lossy(&page)).map(|()| Exit::Yes)
}
