//! The command line, as clap reads it. What arguments mean together is decided by the subcommands.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// Allow or deny, exactly as AWS IAM would.
///
/// bailiwick evaluates IAM policies offline: what AWS would decide, which statement decides it, and what nearly did.
#[derive(Debug, Parser)]
#[command(name = "bailiwick", version, arg_required_else_help = true, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to colour the output; NO_COLOR is honoured
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,
}

const EXAMPLES: &str = "\
Examples:
  bailiwick simulate examples/scenarios/route53-query-logging.json
  bailiwick normalize examples/policies/read-reports.json

Exit status: 0 yes, 1 no, 2 unusable arguments or input.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Simulate(Simulate),
    Normalize(Normalize),
}

/// Decide a request and say why
///
/// A scenario is one JSON document: a request and the policies that apply to it.
#[derive(ClapArgs, Debug)]
#[command(after_help = "\
Examples:
  bailiwick simulate examples/scenarios/route53-query-logging.json
  bailiwick simulate examples/scenarios/wrong-source-account.json             # exit 1: denied
  bailiwick simulate --format json - < examples/scenarios/cross-account.json
  bailiwick simulate --expect explicitDeny examples/scenarios/region-guardrail.json
  bailiwick simulate --batch examples/scenarios/batch.ndjson

Exit status: 0 allowed, 1 denied; with --expect, 0 as expected, 1 not; 2 unusable input, nothing was decided.
A batch: 0 when every line was answered, 1 when one is not as --expect says, 2 when a line was unusable.")]
pub(crate) struct Simulate {
    /// The scenario, or - for standard input
    #[arg(value_name = "SCENARIO.json|-")]
    pub(crate) file: Option<PathBuf>,

    /// Read one scenario a line and write one answer a line, in the same order
    ///
    /// A line that is no scenario is answered in its place with {"line": N, "error": {...}}; so is a blank line.
    #[arg(long)]
    pub(crate) batch: bool,

    #[command(flatten)]
    pub(crate) batch_options: Batch,

    /// Succeed when this is the decision; without a value, the one that the scenario expects
    #[arg(long, value_name = "DECISION", num_args = 0..=1, default_missing_value = "")]
    pub(crate) expect: Option<String>,

    /// How to print the answer; a batch is always JSON
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
}

/// What concerns batches only.
#[derive(ClapArgs, Debug)]
pub(crate) struct Batch {
    /// How many threads answer a batch; as many as there are processors when left out
    #[arg(long, value_name = "N", requires = "batch", help_heading = "Batch options")]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// Do not print counts and speed of a batch at its end
    #[arg(long, requires = "batch", help_heading = "Batch options")]
    pub(crate) quiet: bool,
}

/// Print the canonical form of a policy document
///
/// Members in one order, lists always lists, sorted and without duplicates where order has no meaning, actions and
/// condition keys in lower case, account principals in one spelling. Documents that differ in nothing else have the
/// same canonical text.
#[derive(ClapArgs, Debug)]
#[command(after_help = "\
Examples:
  bailiwick normalize examples/policies/read-reports.json
  bailiwick normalize - < examples/policies/read-reports.json

Exit status: 0 printed, 2 unusable input.")]
pub(crate) struct Normalize {
    /// The policy document, or - for standard input
    #[arg(value_name = "FILE|-")]
    pub(crate) file: PathBuf,

    /// Accepted for symmetry: the canonical form is the same JSON either way
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// One JSON document
    Json,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Args::command().debug_assert();
    }
}
