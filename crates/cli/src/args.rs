//! The command line, as clap reads it. What arguments mean together is decided by the subcommands.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use bailiwick_validator::{Kind, Severity};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Allow or deny, as AWS IAM decides.
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
  bailiwick deliver examples/route53-query-logging.json
  bailiwick simulate examples/scenarios/route53-query-logging.json
  bailiwick check examples/policies/read-reports.json
  bailiwick normalize examples/policies/read-reports.json

Exit status: 0 yes, 1 no, 2 unusable arguments or input, 3 uncertain.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Simulate(Box<Simulate>),
    Deliver(Deliver),
    Check(Check),
    Normalize(Normalize),
    Completions(Completions),
    Man(Man),
}

/// Decide a request and say why
///
/// A scenario is one JSON document: a request and the policies that apply to it.
#[derive(ClapArgs, Debug)]
#[command(after_help = "\
Examples:
  bailiwick simulate examples/scenarios/route53-query-logging.json
  bailiwick simulate examples/scenarios/wrong-source-account.json # exit 1: denied
  bailiwick simulate --format json - < examples/scenarios/cross-account.json
  bailiwick simulate --expect explicitDeny examples/scenarios/region-guardrail.json
  bailiwick simulate --batch examples/scenarios/batch.ndjson
  bailiwick simulate --action s3:GetObject --resource arn:aws:s3:::quarterly-reports/q3.csv \\
      --resource-account 111122223333 --context aws:SecureTransport=true \\
      --identity-policy examples/policies/read-reports.json
  bailiwick simulate --principal route53.amazonaws.com --action logs:PutLogEvents \\
      --resource arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/a.com:log-stream:b \\
      --context aws:SourceAccount=111122223333 \\
      --resource-policy examples/policies/route53-query-logging.json
  bailiwick simulate --format aws examples/simulate-custom-policy.json # exit 1: one is denied

Exit status: 0 allowed, 1 denied; with --expect, 0 as expected, 1 not; 2 unusable input, nothing was decided.
A batch: 0 when every line was answered, 1 when one is not as --expect says, 2 when a line was unusable.")]
pub(crate) struct Simulate {
    /// The scenario, or - for standard input; also the input of aws iam simulate-custom-policy
    #[arg(value_name = "SCENARIO.json|-")]
    pub(crate) file: Option<PathBuf>,

    /// Read one scenario a line and write one answer a line, in the same order
    ///
    /// A line that is no scenario is answered in its place with {"line": N, "error": {...}}; so is a blank line.
    #[arg(long)]
    pub(crate) batch: bool,

    #[command(flatten)]
    pub(crate) batch_options: Batch,

    /// Succeed when this is the decision; without a value, the one that the scenario expects. Without the option, a
    /// warning tells that a scenario does not come to what it expects
    #[arg(long, value_name = "DECISION", num_args = 0..=1, default_missing_value = "")]
    pub(crate) expect: Option<String>,

    /// How to print the answer; a batch is always JSON
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<AnswerFormat>,

    #[command(flatten)]
    pub(crate) request: Request,
}

/// A request without a file.
#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Request options, instead of a scenario")]
pub(crate) struct Request {
    /// The action asked for, for example s3:GetObject
    #[arg(long, conflicts_with = "file")]
    pub(crate) action: Option<String>,

    /// Who asks: an ARN, a service, an account ID (its root user), anonymous, or a scenario's principal as JSON;
    /// when left out, somebody in the account that owns the resource
    #[arg(long, requires = "action")]
    pub(crate) principal: Option<String>,

    /// The resource's ARN
    #[arg(long, value_name = "ARN", default_value = "*", requires = "action")]
    pub(crate) resource: String,

    /// The account that owns the resource, where its ARN does not say
    #[arg(long, value_name = "ACCOUNT", requires = "action")]
    pub(crate) resource_account: Option<String>,

    /// A context key; a key that is given several times has several values, as has KEY=["VALUE"]
    #[arg(long, value_name = "KEY=VALUE", requires = "action")]
    pub(crate) context: Vec<String>,

    /// An identity policy of the caller; may be given several times, like all policies here
    #[arg(long, value_name = "FILE", requires = "action")]
    pub(crate) identity_policy: Vec<PathBuf>,

    /// A policy of the resource
    #[arg(long, value_name = "FILE", requires = "action")]
    pub(crate) resource_policy: Vec<PathBuf>,

    /// The caller's permissions boundary
    #[arg(long, value_name = "FILE", requires = "action")]
    pub(crate) permissions_boundary: Vec<PathBuf>,

    /// A policy of the session
    #[arg(long, value_name = "FILE", requires = "action")]
    pub(crate) session_policy: Vec<PathBuf>,

    /// The service control policies of one level; once per level, from the root to the account
    #[arg(long, value_name = "FILE,FILE...", requires = "action")]
    pub(crate) service_control_policy: Vec<String>,

    /// The resource control policies of one level; once per level, from the root to the account
    #[arg(long, value_name = "FILE,FILE...", requires = "action")]
    pub(crate) resource_control_policy: Vec<String>,

    /// The policy of the VPC endpoint the request comes through
    #[arg(long, value_name = "FILE", requires = "action")]
    pub(crate) vpc_endpoint_policy: Vec<PathBuf>,
}

/// What concerns batches only.
#[derive(ClapArgs, Debug)]
pub(crate) struct Batch {
    /// How many threads answer a batch; as many as there are processors when left out
    #[arg(long, value_name = "N", requires = "batch", value_parser = jobs, help_heading = "Batch options")]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// Do not print counts and speed of a batch at its end
    #[arg(long, requires = "batch", help_heading = "Batch options")]
    pub(crate) quiet: bool,
}

/// Say whether a delivery of logs or traces would succeed, and what mends it
///
/// The steps a service takes to deliver from its source to a destination, each with the call it makes, the policies that
/// decide it and the decision; the first that fails; and a change that was tried and makes the delivery succeed.
#[derive(ClapArgs, Debug)]
#[command(after_help = "\
Examples:
  bailiwick deliver examples/route53-query-logging.json
  bailiwick deliver examples/route53-wrong-account.json # exit 1: would fail
  bailiwick deliver route53-query-logging \\
      --source arn:aws:route53:::hostedzone/Z1D633PJN98FT9 \\
      --destination arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/example.com \\
      --policy examples/policies/route53-query-logging.json
  bailiwick deliver --collect examples/route53-query-logging.json
  bailiwick deliver --list

Exit status: 0 would succeed, 1 would fail, 2 unusable input, 3 uncertain: it hangs on a fact that is not given.")]
pub(crate) struct Deliver {
    /// The delivery, or - for standard input; with the options of a delivery without a file, its kind
    #[arg(value_name = "DELIVERY.json|-|KIND", required_unless_present = "list")]
    pub(crate) delivery: Option<PathBuf>,

    /// A folder of AWS CLI outputs, ACCOUNT/REGION/COMMAND.json, that is the delivery's environment
    #[arg(long, value_name = "FOLDER")]
    pub(crate) environment: Option<PathBuf>,

    /// Print the AWS CLI commands that make such a folder for this delivery, as a shell script
    #[arg(long)]
    pub(crate) collect: bool,

    /// List the kinds of deliveries
    #[arg(long, conflicts_with_all = ["delivery", "environment", "collect"])]
    pub(crate) list: bool,

    /// How to print the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) quick: Quick,
}

/// A delivery without a file.
#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "Delivery options, instead of a file")]
pub(crate) struct Quick {
    /// What logs or traces come from
    #[arg(long, value_name = "ARN")]
    pub(crate) source: Option<String>,

    /// Where they go
    #[arg(long, value_name = "ARN")]
    pub(crate) destination: Option<String>,

    /// Another member of the delivery; docs/DELIVERIES.md says which ones a kind has
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,

    /// A policy that has a say, one of each document; may be given several times
    #[arg(long, value_name = "FILE", conflicts_with_all = ["environment", "collect"])]
    pub(crate) policy: Vec<PathBuf>,
}

/// Find errors, security warnings and suggestions in policy documents
///
/// Reads policy documents, lists of them, NDJSON, outputs of the AWS CLI, CloudFormation templates and Terraform plans in
/// JSON. Reports the findings of AWS's policy validation, and causes of failing log and trace deliveries; docs/CHECKS.md
/// lists all checks.
#[derive(ClapArgs, Debug)]
#[command(after_help = "\
Examples:
  bailiwick check examples/policies/read-reports.json
  bailiwick check --kind logs-resource examples/policies/misspelt.json # exit 1: findings
  bailiwick check --deny warning 'examples/policies/**/read-*.json'
  bailiwick check --kind resource --format sarif examples/policies/route53-query-logging.json
  bailiwick check --explain MISSING_VERSION

Exit status: 0 no finding at or above --deny LEVEL, 1 findings, 2 unusable input.")]
pub(crate) struct Check {
    /// Files, folders (their .json and .ndjson files), globs, or - for standard input
    #[arg(value_name = "FILE|GLOB|FOLDER|-", required_unless_present = "explain")]
    pub(crate) files: Vec<PathBuf>,

    /// The kind of the documents whose file does not say it; without it, identity, or the kind of resource policy that
    /// a document with a Principal shows
    #[arg(long, value_name = "KIND", value_parser = kind())]
    pub(crate) kind: Option<Kind>,

    /// How to print the findings
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: FindingFormat,

    /// The lowest severity that makes the exit status 1
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    pub(crate) deny: Level,

    /// Correct misspelt names and redundant entries in place, and show the changes
    #[arg(long)]
    pub(crate) fix: bool,

    /// Print the documentation of a check instead of checking
    #[arg(long, value_name = "CODE", conflicts_with_all = ["files", "fix"])]
    pub(crate) explain: Option<String>,
}

/// The kinds of policies by their names; other spellings are read and not listed.
fn kind() -> impl TypedValueParser<Value = Kind> {
    let value = |kind: Kind| {
        let others = std::iter::once(kind.as_str()).chain(kind.aliases().iter().copied());
        PossibleValue::new(kind.option_name()).aliases(others.filter(move |name| *name != kind.option_name()))
    };
    PossibleValuesParser::new(Kind::ALL.map(value)).try_map(|name| name.parse::<Kind>())
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum FindingFormat {
    /// Every finding with its source line
    Human,
    /// One JSON document
    Json,
    /// A SARIF 2.1.0 log, for code scanning
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
}

/// The severity of a finding.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Level {
    /// Errors: the document is refused, or a part of it cannot work
    Error,
    /// Also documents that grant more than was probably intended
    #[value(name = "securityWarning", alias = "security-warning")]
    SecurityWarning,
    /// Also documents that probably do not do what was intended
    Warning,
    /// Everything
    Suggestion,
}

impl Level {
    pub(crate) fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::SecurityWarning => Severity::SecurityWarning,
            Self::Warning => Severity::Warning,
            Self::Suggestion => Severity::Suggestion,
        }
    }
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

/// Print the completions of a shell
#[derive(ClapArgs, Debug)]
#[command(after_help = "\
Examples:
  bailiwick completions bash
  bailiwick completions zsh > /dev/null && echo done

The output goes where the shell looks for completions: for bash, ~/.local/share/bash-completion/completions/bailiwick.")]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

/// Print the man page
#[derive(ClapArgs, Debug)]
#[command(after_help = "\
Examples:
  bailiwick man
  bailiwick man simulate")]
pub(crate) struct Man {
    /// The subcommand to print the page of; the program's own page when left out
    pub(crate) subcommand: Option<String>,
}

/// How an answer to a request is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum AnswerFormat {
    /// For people
    Human,
    /// One JSON document
    Json,
    /// The output of aws iam simulate-custom-policy
    Aws,
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

/// The number of threads.
fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "write how many threads answer: a number from 1 on".to_owned())
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
