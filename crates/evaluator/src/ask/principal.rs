//! A principal from its text: an ARN or an account ID, and what is wrong with a text that is neither.

use std::str::FromStr;

use bailiwick_matcher::{Arn, is_account_id};
use bailiwick_source::Quoted;

use super::error::{RequestError, RequestMember};
use crate::principal::{Principal, PrincipalType};

const FORMS: &str = "write an ARN, an account ID, or an object with one of arn, account, service, \
                     anonymous, federated, canonicalUser";

impl FromStr for Principal<'static> {
    type Err = RequestError;

    /// Reads the ARN of a user, role, session or root user, or an account ID, which is its root user.
    ///
    /// ```
    /// use bailiwick_evaluator::{Principal, PrincipalType};
    ///
    /// let amy: Principal = "arn:aws:iam::111122223333:user/amy".parse()?;
    /// assert_eq!(amy.principal_type(), PrincipalType::User);
    /// let error = "arn:aws:iam::1111:user/amy".parse::<Principal>().unwrap_err();
    /// assert_eq!(error.help(), Some("an account ID has twelve digits"));
    /// # Ok::<(), bailiwick_evaluator::RequestError>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, RequestError> {
        if is_account_id(text) {
            return Ok(Self::root(text));
        }
        let invalid = |message, help| RequestError::invalid(RequestMember::Principal, message, help);
        let Some(principal) = Self::from_arn(text.to_owned()) else {
            let account = Arn::split(text).filter(|arn| matches!(arn.service(), "iam" | "sts"));
            let account =
                account.map(|arn| arn.account()).filter(|text| !text.is_empty() && !is_account_id(text));
            return Err(match account {
                Some(account) => invalid(
                    format!("the account of {} is {}, not an account ID", Quoted(text), Quoted(account)),
                    "an account ID has twelve digits",
                ),
                None => invalid(
                    format!("the principal {} is no user, role, session or root", Quoted(text)),
                    FORMS,
                ),
            });
        };
        let mut names = text.splitn(6, ':').nth(5).unwrap_or_default().split('/').skip(1);
        if names.clone().any(str::is_empty) {
            let help = "write the name of the user, or of the role and of the session";
            return Err(invalid(format!("the principal {} has an empty name", Quoted(text)), help));
        }
        let is_session =
            principal.principal_type() == PrincipalType::AssumedRole && principal.session_name().is_some();
        if is_session && names.nth(2).is_some() {
            let message = format!("the session {} has more than a role's name and a session's", Quoted(text));
            return Err(invalid(message, "leave out the role's path, and give it with roleArn"));
        }
        Ok(principal)
    }
}
