//! The error of a command that printed no output. Only an error by which AWS says that there is none counts as
//! none; any other error, and none at all, says nothing about what there is.

use bailiwick_source::Quoted;

use crate::commands::Command;
use crate::loader::Place;
use crate::model::{Environment, Uncollected};

/// Why an output is empty.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Silence {
    /// AWS says that there is none.
    None,
    /// Anything else, in words.
    Unknown(String),
}

/// Reads what a call wrote to standard error; `None` if it was not kept.
pub(crate) fn silence(command: &Command, error: Option<&str>) -> Silence {
    let error = error.map(str::trim).unwrap_or_default();
    if error.is_empty() {
        return Silence::Unknown("its output is empty, and nothing says why".to_owned());
    }
    match code(error) {
        Some((code, operation)) if command.none.contains(&code) && is_of(operation, command) => Silence::None,
        Some((code, _)) => Silence::Unknown(format!("it failed with {code}")),
        None => {
            let line: String = error.lines().last().unwrap_or_default().chars().take(200).collect();
            Silence::Unknown(format!("it failed: {}", Quoted(&line)))
        }
    }
}

/// Whether a call failed because the bucket it was about does not exist. Every call about the bucket answers so.
pub(crate) fn says_no_such_bucket(command: &Command, error: Option<&str>) -> bool {
    command.service == "s3api" && error.and_then(code).is_some_and(|(code, _)| code == "NoSuchBucket")
}

/// The code and the operation in `An error occurred (CODE) when calling the OPERATION operation: …`.
fn code(error: &str) -> Option<(&str, &str)> {
    let (_, rest) = error.rsplit_once("An error occurred (")?;
    let (code, rest) = rest.split_once(')')?;
    let is_code = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    let operation = rest.split_once("calling the ").and_then(|(_, rest)| rest.split_once(" operation"));
    is_code.then(|| (code, operation.map(|(operation, _)| operation).unwrap_or_default()))
}

/// Whether an operation is the command's: `GetBucketPolicy` is that of `get-bucket-policy`.
fn is_of(operation: &str, command: &Command) -> bool {
    operation.eq_ignore_ascii_case(&command.name.replace('-', ""))
}

impl Environment {
    /// Keeps that an output was to be collected and was not.
    pub(crate) fn set_uncollected(&mut self, command: &Command, place: &Place<'_>, why: &str) {
        let Place { account, region, subject } = *place;
        let of = if subject.is_empty() { String::new() } else { format!(" of {subject}") };
        let within = if region.is_empty() { String::new() } else { format!(" in {region}") };
        let region = if region.is_empty() { "global" } else { region };
        let path = if subject.is_empty() { String::new() } else { format!("/{subject}") };
        self.uncollected.push(Uncollected {
            path: format!("{region}/{}{path}", command.name),
            what: format!("{}{of}, account {account}{within}: {why}", command.call()),
        });
    }

    /// The outputs that were to be collected and were not.
    #[must_use]
    pub fn uncollected(&self) -> &[Uncollected] {
        &self.uncollected
    }
}

#[cfg(test)]
mod tests {
    use super::{Silence, silence};
    use crate::commands::Command;

    fn read(error: &str) -> Silence {
        silence(Command::find("get-bucket-policy").unwrap(), Some(error))
    }

    #[test]
    fn only_the_error_that_says_there_is_none_counts_as_none() {
        for text in [
            "\nAn error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy operation: The bucket policy does not exist\n",
            "aws: [ERROR]: An error occurred (NoSuchBucket) when calling the GetBucketPolicy operation: gone",
        ] {
            assert_eq!(read(text), Silence::None, "{text}");
        }
        for text in [
            "An error occurred (AccessDenied) when calling the GetBucketPolicy operation: no",
            "An error occurred (ThrottlingException) when calling the GetBucketPolicy operation: no",
            // The same code of another operation says something else.
            "An error occurred (NoSuchBucket) when calling the GetBucketAcl operation: no",
            "An error occurred (NoSuchBucketPolicy)",
            "The config profile (x) could not be found",
            "",
        ] {
            assert!(matches!(read(text), Silence::Unknown(_)), "{text}");
        }
        let silent = silence(Command::find("get-bucket-policy").unwrap(), None);
        assert!(matches!(silent, Silence::Unknown(why) if why.contains("empty")));
    }
}
