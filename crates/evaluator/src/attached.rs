//! How policies are attached to what a request touches: listed, shared, as a set, or several of these together.

use std::sync::Arc;

use crate::compiled::CompiledPolicy;
use crate::set::PolicySet;

/// The policies of one kind (or of one level) that apply to a request. They are one union, however they are put
/// together (rule E-3), and putting them together allocates nothing.
///
/// ```
/// use std::sync::Arc;
/// use bailiwick_evaluator::{Attached, CompiledPolicy, Decision, Policies, Principal, Request};
/// use bailiwick_normalizer::{PolicyKind, normalize};
///
/// let compile = |text| -> Result<_, bailiwick_source::Errors> {
///     let document = bailiwick_parser::parse(text)?;
///     Ok(Arc::new(CompiledPolicy::new(normalize(&document, Some(PolicyKind::Identity))?)))
/// };
/// // A service keeps the policies of each user and group, shared.
/// let of_amy = [compile(r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}"#)?];
/// let of_staff = [compile(r#"{"Statement": {"Effect": "Deny", "Action": "s3:GetObjectAcl", "Resource": "*"}}"#)?];
///
/// let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").unwrap();
/// let policies = Policies {
///     identity: Attached::Union(&[Attached::Shared(&of_amy), Attached::Shared(&of_staff)]),
///     ..Policies::default()
/// };
/// let decide = |action| policies.decide(&Request::new(&amy, action, "arn:aws:s3:::reports/2024.csv"));
/// assert_eq!(decide("s3:GetObject"), Decision::Allowed);
/// assert_eq!(decide("s3:GetObjectAcl"), Decision::ExplicitDeny);
/// # Ok::<(), bailiwick_source::Errors>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub enum Attached<'p> {
    /// Nothing is attached: the kind does not apply. An empty list is attached, and says nothing.
    #[default]
    Nothing,
    /// These policies.
    List(&'p [&'p CompiledPolicy]),
    /// These policies, as their owner shares them with others.
    Shared(&'p [Arc<CompiledPolicy>]),
    /// A set, with its index.
    Set(&'p PolicySet),
    /// All of these.
    Union(&'p [Attached<'p>]),
    /// The kind is not examined and counts as allowing every request. It has no statement that an explanation names.
    ///
    /// ```
    /// use bailiwick_evaluator::{Attached, Decision, Policies, Principal, Request};
    ///
    /// // The question is about the queue's side alone, and the queue has no policy.
    /// let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").ok_or("not a principal")?;
    /// let ask = |queue| Request::new(&amy, "sqs:SendMessage", queue);
    /// let policies = Policies {
    ///     identity: Attached::Everything,
    ///     resource: Attached::List(&[]),
    ///     ..Policies::default()
    /// };
    /// let own = policies.decide(&ask("arn:aws:sqs:us-east-1:111122223333:q"));
    /// assert_eq!(own, Decision::Allowed);
    /// let foreign = policies.decide(&ask("arn:aws:sqs:us-east-1:444455556666:q"));
    /// assert_eq!(foreign, Decision::ImplicitDeny);
    /// # Ok::<(), &str>(())
    /// ```
    Everything,
}

impl<'p> Attached<'p> {
    /// Whether the kind applies.
    #[inline]
    #[must_use]
    pub fn is_attached(&self) -> bool {
        match self {
            Self::Nothing => false,
            // Also a union of no parts: whoever found no part of a boundary must not be left without one.
            Self::List(_) | Self::Shared(_) | Self::Set(_) | Self::Union(_) | Self::Everything => true,
        }
    }

    /// Calls `each` with every policy, in order, until it is `true` of one.
    pub(crate) fn any(&self, each: &mut dyn FnMut(&'p CompiledPolicy) -> bool) -> bool {
        match self {
            Self::Nothing | Self::Everything => false,
            Self::List(policies) => policies.iter().any(|policy| each(policy)),
            Self::Shared(policies) => policies.iter().any(|policy| each(policy)),
            Self::Set(set) => set.iter().any(|(_, policy)| each(policy)),
            Self::Union(parts) => parts.iter().any(|part| part.any(each)),
        }
    }
}

impl<'p> From<&'p [&'p CompiledPolicy]> for Attached<'p> {
    fn from(policies: &'p [&'p CompiledPolicy]) -> Self {
        Self::List(policies)
    }
}

impl<'p> From<&'p [Arc<CompiledPolicy>]> for Attached<'p> {
    fn from(policies: &'p [Arc<CompiledPolicy>]) -> Self {
        Self::Shared(policies)
    }
}

impl<'p> From<&'p PolicySet> for Attached<'p> {
    fn from(set: &'p PolicySet) -> Self {
        Self::Set(set)
    }
}
