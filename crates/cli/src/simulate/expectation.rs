//! What `--expect` asks for.

use std::path::{Path, PathBuf};

use bailiwick_evaluator::Decision;
use bailiwick_scenario::Scenario;
use bailiwick_source::{Code, Error, Span};

use crate::failure::Failure;

/// What the decision is compared with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Expectation {
    /// Nothing was said: the answer is yes when the request is allowed.
    None,
    /// `--expect DECISION`.
    Decision(Decision),
    /// `--expect` alone: what the scenario itself expects.
    Own,
}

impl Expectation {
    /// Reads the option's value, which clap also takes from `--expect FILE`: a value that is no decision is the file
    /// if none was named.
    pub(crate) fn read(value: Option<&str>, file: Option<&Path>) -> Result<(Self, Option<PathBuf>), Failure> {
        let file = file.map(Path::to_owned);
        let Some(value) = value else { return Ok((Self::None, file)) };
        if value.is_empty() {
            return Ok((Self::Own, file));
        }
        if let Ok(decision) = value.parse() {
            return Ok((Self::Decision(decision), file));
        }
        if file.is_none() && (value == "-" || value.contains(['.', '/', '\\']) || Path::new(value).exists()) {
            return Ok((Self::Own, Some(value.into())));
        }
        Err(Failure::usage(
            format!("`{value}` is no decision"),
            "--expect takes allowed, explicitDeny or implicitDeny, or nothing to take the scenario's own",
        ))
    }

    /// What to say of a scenario that does not come to what it expects itself, when nobody asked for that to count.
    pub(crate) fn unmet(self, scenario: &Scenario, decision: Decision) -> Option<String> {
        let expected = scenario.expect().filter(|expected| self == Self::None && *expected != decision)?;
        Some(format!(
            "warning: the scenario expects {expected}, the decision is {decision} (with --expect that is exit 1)"
        ))
    }

    /// What this scenario is expected to come to.
    pub(crate) fn of(self, scenario: &Scenario) -> Result<Option<Decision>, Error> {
        match self {
            Self::None => Ok(None),
            Self::Decision(decision) => Ok(Some(decision)),
            Self::Own => scenario.expect().map(Some).ok_or_else(|| {
                Error::new(Code::MISSING_MEMBER, Span::default(), "the scenario has no member `expect`")
                    .with_help("add one, or say which decision to expect: --expect allowed")
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_not_taken_for_a_file_and_a_file_not_for_a_decision() {
        let read = |value, file: Option<&str>| Expectation::read(value, file.map(Path::new)).ok();
        let file = || Some(PathBuf::from("a.json"));
        assert_eq!(read(None, Some("a.json")), Some((Expectation::None, file())));
        assert_eq!(read(Some(""), Some("a.json")), Some((Expectation::Own, file())));
        assert_eq!(read(Some("a.json"), None), Some((Expectation::Own, file())));
        assert_eq!(
            read(Some("implicitDeny"), Some("a.json")),
            Some((Expectation::Decision(Decision::ImplicitDeny), file()))
        );
        assert_eq!(read(Some("denied"), Some("a.json")), None);
        assert_eq!(read(Some("denied"), None), None);
    }
}
