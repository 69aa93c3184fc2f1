//! Who asks: the authenticated principal, and the condition keys that follow from it.

use std::borrow::Cow;
use std::slice;

use bailiwick_aws::{Partition, Region};

/// The principal of a request, as AWS authenticated it.
///
/// Built once per caller and borrowed by its requests. What the constructors cannot know (a role's path, a unique
/// identifier, tags) is added with the `with_…` methods.
///
/// ```
/// use bailiwick_evaluator::{Principal, PrincipalType};
///
/// let principal = Principal::from_arn("arn:aws:sts::111122223333:assumed-role/app/i-0abc").unwrap();
/// assert_eq!(principal.principal_type(), PrincipalType::AssumedRole);
/// assert_eq!(principal.account(), Some("111122223333"));
/// // The ARN of a session leaves out the role's path.
/// let principal = principal.with_role_arn("arn:aws:iam::111122223333:role/service/app");
/// assert_eq!(principal.principal_arn(), Some("arn:aws:iam::111122223333:role/service/app"));
/// ```
#[derive(Clone, Debug)]
pub struct Principal<'a> {
    principal_type: PrincipalType,
    /// The ARN of the user, session or root; the name of a service or provider; a canonical user ID.
    name: Cow<'a, str>,
    account: Option<Cow<'a, str>>,
    role_arn: Option<Cow<'a, str>>,
    user_id: Option<Cow<'a, str>>,
    /// PERF: few principals have any of these. In place they took a fifth of the instructions of making a principal and
    /// letting it go.
    more: Option<Box<More<'a>>>,
    service_linked_role: bool,
    management_account: bool,
    session_token: bool,
}

/// What few principals have.
#[derive(Clone, Debug, Default)]
struct More<'a> {
    issuer_arn: Option<Cow<'a, str>>,
    /// `AIDA…` or `AROA…`.
    unique_id: Option<Cow<'a, str>>,
    /// Of a service that has but its one name: none, so that nothing is allocated for it.
    service_names: Vec<Cow<'a, str>>,
    tags: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    session_tags: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// What kind of principal asks. The first five are the values of `aws:PrincipalType`.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum PrincipalType {
    /// The root user of an account.
    Account,
    /// An IAM user.
    User,
    /// A session of a role.
    AssumedRole,
    /// A session from `sts:GetFederationToken`.
    FederatedUser,
    /// An unsigned request.
    Anonymous,
    /// An AWS service acting as itself.
    Service,
    /// Somebody vouched for by an identity provider, asking for a role with `sts:AssumeRoleWithWebIdentity` or
    /// `sts:AssumeRoleWithSAML`.
    Federated,
    /// An account known by its canonical user ID (S3).
    CanonicalUser,
}

impl<'a> Principal<'a> {
    /// A principal from its ARN: `arn:…:iam::A:root`, `user/…`, `role/…` (some session of the role),
    /// `arn:…:sts::A:assumed-role/ROLE/SESSION` or `federated-user/…`; `None` for anything else,
    /// and where the account is not twelve digits, for nobody has another. Partition and names are taken as they are.
    #[must_use]
    pub fn from_arn(arn: impl Into<Cow<'a, str>>) -> Option<Self> {
        let name = arn.into();
        let fields = bailiwick_matcher::Arn::split(&name)?;
        let account = fields.account();
        if !bailiwick_matcher::is_account_id(account) || !fields.region().is_empty() {
            return None;
        }
        let (kind, rest) = fields.resource().split_once('/').unwrap_or((fields.resource(), ""));
        let mut role_arn = None;
        let mut user_id = None;
        let principal_type = match (fields.service(), kind) {
            ("iam", "root") if rest.is_empty() => {
                user_id = Some(account.to_owned());
                PrincipalType::Account
            }
            ("iam", "user") if !rest.is_empty() => PrincipalType::User,
            ("iam", "role") if !rest.is_empty() => {
                role_arn = Some(name.to_string());
                PrincipalType::AssumedRole
            }
            ("sts", "assumed-role") => {
                let (role, _session) = rest.split_once('/')?;
                role_arn = Some(format!("arn:{}:iam::{account}:role/{role}", fields.partition()));
                PrincipalType::AssumedRole
            }
            ("sts", "federated-user") if !rest.is_empty() => {
                user_id = Some(format!("{account}:{rest}"));
                PrincipalType::FederatedUser
            }
            _ => return None,
        };
        let account = account.to_owned();
        Some(Self {
            account: Some(account.into()),
            role_arn: role_arn.map(Cow::Owned),
            user_id: user_id.map(Cow::Owned),
            ..Self::new(principal_type, name)
        })
    }

    /// The root user of an account, given as twelve digits.
    #[must_use]
    pub fn root(account: &str) -> Self {
        Self {
            account: Some(account.to_owned().into()),
            user_id: Some(account.to_owned().into()),
            ..Self::new(PrincipalType::Account, Cow::Owned(format!("arn:aws:iam::{account}:root")))
        }
    }

    /// A user or role of an account, given as twelve digits, of whom nothing else is known: some session of some role.
    /// The keys that follow from its ARN, name and identifier are absent, and policies that name it do not match.
    ///
    /// ```
    /// use bailiwick_evaluator::Principal;
    ///
    /// let principal = Principal::unnamed("111122223333");
    /// assert_eq!((principal.account(), principal.principal_arn()), (Some("111122223333"), None));
    /// ```
    #[must_use]
    pub fn unnamed(account: &str) -> Self {
        Self {
            account: Some(account.to_owned().into()),
            ..Self::new(PrincipalType::AssumedRole, Cow::Owned(format!("a user or role of {account}")))
        }
    }

    /// An AWS service acting as itself, such as `route53.amazonaws.com`. A Regional name
    /// (`sns.eu-central-1.amazonaws.com`) stands for the service's general name too, unless the Region is one that
    /// accounts must opt in to.
    #[must_use]
    pub fn service(name: impl Into<Cow<'a, str>>) -> Self {
        let name = name.into();
        let more = without_region(&name).map(|general| {
            let service_names = vec![name.clone(), Cow::Owned(general)];
            Box::new(More { service_names, ..More::default() })
        });
        Self { more, ..Self::new(PrincipalType::Service, name) }
    }

    /// An unsigned request.
    #[must_use]
    pub fn anonymous() -> Self {
        Self {
            user_id: Some("anonymous".into()),
            ..Self::new(PrincipalType::Anonymous, Cow::Borrowed("anonymous"))
        }
    }

    /// Somebody an identity provider vouches for: the provider's ARN, or a built-in name such as
    /// `accounts.google.com`.
    #[must_use]
    pub fn federated(provider: impl Into<Cow<'a, str>>) -> Self {
        Self::new(PrincipalType::Federated, provider.into())
    }

    /// An account by its canonical user ID.
    #[must_use]
    pub fn canonical_user(id: impl Into<Cow<'a, str>>) -> Self {
        Self::new(PrincipalType::CanonicalUser, id.into())
    }

    fn new(principal_type: PrincipalType, name: Cow<'a, str>) -> Self {
        Self {
            principal_type,
            name,
            account: None,
            role_arn: None,
            user_id: None,
            more: None,
            service_linked_role: false,
            management_account: false,
            session_token: false,
        }
    }

    /// The role's own ARN, with its path; a session's ARN does not show it.
    #[must_use]
    pub fn with_role_arn(mut self, arn: impl Into<Cow<'a, str>>) -> Self {
        self.role_arn = Some(arn.into());
        self
    }

    /// The ARN of the user that called `sts:GetFederationToken`.
    #[must_use]
    pub fn with_issuer_arn(mut self, arn: impl Into<Cow<'a, str>>) -> Self {
        self.more().issuer_arn = Some(arn.into());
        self
    }

    /// The unique identifier: `AIDA…` of a user, `AROA…` of a role, with or without `:SESSION`. `aws:userid`
    /// follows from it.
    #[must_use]
    pub fn with_unique_id(mut self, id: impl Into<Cow<'a, str>>) -> Self {
        let id = id.into();
        if self.principal_type == PrincipalType::AssumedRole {
            let (role, session) = match id.split_once(':') {
                Some((role, session)) => (role.to_owned(), Some(session.to_owned())),
                None => (id.to_string(), self.session_name().map(str::to_owned)),
            };
            self.user_id = session.map(|session| Cow::Owned(format!("{role}:{session}")));
            self.more().unique_id = Some(Cow::Owned(role));
        } else {
            if self.principal_type == PrincipalType::User {
                self.user_id = Some(id.clone());
            }
            self.more().unique_id = Some(id);
        }
        self
    }

    /// A tag of the user or role: `aws:PrincipalTag/KEY`.
    #[must_use]
    pub fn with_tag(mut self, key: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        self.more().tags.push((folded(key.into()), value.into()));
        self
    }

    /// A tag passed when the session was created; it hides a tag of the role with the same name (rule E-52).
    #[must_use]
    pub fn with_session_tag(mut self, key: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        self.more().session_tags.push((folded(key.into()), value.into()));
        self
    }

    /// All names of the service that calls, general and Regional: `aws:PrincipalServiceNamesList`.
    #[must_use]
    pub fn with_service_names(mut self, names: impl IntoIterator<Item = Cow<'a, str>>) -> Self {
        let mut names: Vec<_> = names.into_iter().collect();
        if !names.contains(&self.name) {
            names.insert(0, self.name.clone());
        }
        self.more().service_names = names;
        self
    }

    /// Marks the role as service-linked: organizations' policies do not limit it (rule E-29).
    #[must_use]
    pub fn service_linked_role(mut self, yes: bool) -> Self {
        self.service_linked_role = yes;
        self
    }

    /// Says that a user or root user signs with credentials from `sts:GetSessionToken`, which may call less than its own
    /// (rule E-50).
    #[must_use]
    pub fn session_token(mut self, yes: bool) -> Self {
        self.session_token = yes;
        self
    }

    /// Marks the caller's account as its organization's management account: service control policies do not limit
    /// it (rule E-33).
    #[must_use]
    pub fn management_account(mut self, yes: bool) -> Self {
        self.management_account = yes;
        self
    }

    /// What kind of principal it is.
    #[must_use]
    pub fn principal_type(&self) -> PrincipalType {
        self.principal_type
    }

    /// The ARN of the user, session or root user; the name of a service or provider; `anonymous`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The account of the user, role or root user.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// `aws:PrincipalArn`: of a session the role's ARN (rule C-25).
    #[must_use]
    pub fn principal_arn(&self) -> Option<&str> {
        match self.principal_type {
            PrincipalType::AssumedRole => self.role_arn.as_deref(),
            PrincipalType::Account | PrincipalType::User | PrincipalType::FederatedUser => Some(&self.name),
            _ => None,
        }
    }

    /// The account of the identity provider that vouches for the caller, where the provider's ARN says it
    /// (rule K-1).
    pub(crate) fn provider_account(&self) -> Option<&str> {
        let arn = bailiwick_matcher::Arn::split(&self.name)?;
        Some(arn.account())
            .filter(|account| arn.service() == "iam" && bailiwick_matcher::is_account_id(account))
    }

    /// Whether an identity provider vouches for the caller with a token of OpenID Connect (rule K-1).
    pub(crate) fn is_web_identity(&self) -> bool {
        let is_saml = || {
            bailiwick_matcher::Arn::split(&self.name)
                .is_some_and(|arn| arn.resource().starts_with("saml-provider/"))
        };
        self.principal_type == PrincipalType::Federated && !is_saml()
    }

    /// `aws:userid` (rule M-54), if it is known.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        self.user_id.as_deref()
    }

    /// `aws:username`: the name of a user without its path.
    #[must_use]
    pub fn user_name(&self) -> Option<&str> {
        match self.principal_type {
            PrincipalType::User => self.name.rsplit('/').next(),
            _ => None,
        }
    }

    /// The name of the session, of an assumed role.
    #[must_use]
    pub fn session_name(&self) -> Option<&str> {
        let (_, rest) = self.name.split_once(":assumed-role/")?;
        rest.split_once('/').map(|(_role, session)| session)
    }

    /// The value of `aws:PrincipalTag/KEY`, without regard to the key's case (rule M-39).
    #[must_use]
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.tag_of(&folded(key.into()))
    }

    /// [`tag`](Self::tag) of a key in lower case, as far as it has letters beyond ASCII.
    pub(crate) fn tag_of(&self, folded: &str) -> Option<&str> {
        let find = |tags: &'_ [(Cow<'a, str>, Cow<'a, str>)]| {
            tags.iter().position(|(name, _)| name.eq_ignore_ascii_case(folded))
        };
        let More { tags, session_tags, .. } = self.more.as_deref()?;
        let tags = match find(session_tags) {
            Some(place) => session_tags.get(place),
            None => find(tags).and_then(|place| tags.get(place)),
        };
        tags.map(|(_, value)| &**value)
    }

    fn more(&mut self) -> &mut More<'a> {
        self.more.get_or_insert_default()
    }

    /// `aws:PrincipalServiceName`: of a Regional name the general one, if the service has it too (observation 19).
    pub(crate) fn service_name(&self) -> &str {
        let general = regional(&self.name).and_then(|service| {
            self.service_names().iter().find(|name| name.strip_suffix(DOMAIN) == Some(service))
        });
        general.unwrap_or(&self.name)
    }

    pub(crate) fn role_arn(&self) -> Option<&str> {
        self.role_arn.as_deref()
    }

    pub(crate) fn issuer_arn(&self) -> Option<&str> {
        self.more.as_ref()?.issuer_arn.as_deref()
    }

    pub(crate) fn unique_id(&self) -> Option<&str> {
        self.more.as_ref()?.unique_id.as_deref()
    }

    pub(crate) fn service_names(&self) -> &[Cow<'a, str>] {
        match self.more.as_ref().map_or(&[] as &[_], |more| more.service_names.as_slice()) {
            [] if self.principal_type == PrincipalType::Service => slice::from_ref(&self.name),
            names => names,
        }
    }

    /// Marked so, or a role under the path that only service-linked roles have.
    pub(crate) fn is_service_linked_role(&self) -> bool {
        self.service_linked_role || self.role_arn().is_some_and(|arn| arn.contains(":role/aws-service-role/"))
    }

    pub(crate) fn has_session_token(&self) -> bool {
        self.session_token
    }

    pub(crate) fn is_in_management_account(&self) -> bool {
        self.management_account
    }
}

/// A tag's name whose letters beyond ASCII are in lower case, folded as keys are (rule M-39). A decision compares what is
/// left, the ASCII letters, without their case.
fn folded(name: Cow<'_, str>) -> Cow<'_, str> {
    if name.is_ascii() { name } else { name.to_lowercase().into() }
}

/// The general name of a Regional service principal: `sns.eu-central-1.amazonaws.com` is also `sns.amazonaws.com`.
fn without_region(name: &str) -> Option<String> {
    regional(name).map(|service| [service, DOMAIN].concat())
}

/// What stands before the Region in a Regional service principal. From a Region that accounts must opt in to, a service
/// has its Regional name alone (rule M-28).
fn regional(name: &str) -> Option<&str> {
    let name = name.strip_suffix(DOMAIN)?;
    // PERF: most names have no Region, and every Region's ends so: two bytes are looked at. To look for the point first
    // takes a fourteenth of what it takes to make a principal and its request (`goals`, "a request from its strings").
    let [.., b'-', b'0'..=b'9'] = name.as_bytes() else { return None };
    let (service, region) = name.rsplit_once('.')?;
    // A Region that is not known yet has opened later than those that are enabled in every account.
    let is_default = region
        .parse::<Region>()
        .is_ok_and(|region| region.partition() == Partition::Aws && !region.is_opt_in());
    (is_default && !service.is_empty()).then_some(service)
}

/// What service principals end in.
const DOMAIN: &str = ".amazonaws.com";

#[cfg(test)]
mod tests {
    use super::{Principal, PrincipalType};

    #[test]
    fn what_an_arn_names_is_read_from_its_service_and_resource() {
        let kind = |arn| Principal::from_arn(arn).map(|principal| principal.principal_type());
        assert_eq!(kind("arn:aws:iam::111111111111:root"), Some(PrincipalType::Account));
        assert_eq!(kind("arn:aws:iam::111111111111:user/div/amy"), Some(PrincipalType::User));
        assert_eq!(kind("arn:aws:iam::111111111111:role/r"), Some(PrincipalType::AssumedRole));
        assert_eq!(kind("arn:aws:iam::1:user/x"), None);
        assert_eq!(kind("arn:aws:iam::11111111111x:root"), None);
        assert_eq!(kind("arn:aws:sts::111111111111:assumed-role/r/s"), Some(PrincipalType::AssumedRole));
        assert_eq!(kind("arn:aws:sts::111111111111:federated-user/bob"), Some(PrincipalType::FederatedUser));
        for other in [
            "arn:aws:iam::111111111111:group/g",
            "arn:aws:s3:::b",
            "amy",
            "arn:aws:sts::111111111111:assumed-role/r",
        ] {
            assert_eq!(kind(other), None, "{other}");
        }
    }

    #[test]
    fn user_ids_follow_the_principal() {
        let session = Principal::from_arn("arn:aws:sts::111111111111:assumed-role/r/s1").unwrap();
        assert_eq!(session.clone().with_unique_id("AROAX").user_id(), Some("AROAX:s1"));
        assert_eq!(session.with_unique_id("AROAX:s2").user_id(), Some("AROAX:s2"));
        let user =
            Principal::from_arn("arn:aws:iam::111111111111:user/div/amy").unwrap().with_unique_id("AIDAX");
        assert_eq!((user.user_id(), user.user_name()), (Some("AIDAX"), Some("amy")));
        assert_eq!(Principal::root("111111111111").user_id(), Some("111111111111"));
    }

    #[test]
    fn session_tags_hide_tags_of_the_role_whatever_their_case() {
        let role = Principal::from_arn("arn:aws:iam::111111111111:role/r").unwrap();
        let role = role.with_tag("Team", "red").with_tag("env", "x").with_session_tag("team", "blue");
        assert_eq!(role.tag("TEAM"), Some("blue"));
        assert_eq!(role.tag("Env"), Some("x"));
        assert_eq!(role.tag("other"), None);
    }

    #[test]
    fn letters_beyond_ascii_do_not_tell_tags_apart_by_their_case() {
        let user = Principal::from_arn("arn:aws:iam::111111111111:user/amy").unwrap();
        let user = user.with_tag("\u{212a}", "kelvin").with_session_tag("Équipe", "blue");
        for key in ["k", "K", "\u{212a}"] {
            assert_eq!(user.tag(key), Some("kelvin"), "{key}");
        }
        for key in ["équipe", "ÉQUIPE", "Équipe"] {
            assert_eq!(user.tag(key), Some("blue"), "{key}");
        }
    }

    #[test]
    fn a_regional_service_name_stands_for_the_general_one_too() {
        let names = |name| {
            Principal::service(name).service_names().iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            names("sns.eu-central-1.amazonaws.com"),
            ["sns.eu-central-1.amazonaws.com", "sns.amazonaws.com"]
        );
        assert_eq!(names("sns.me-south-1.amazonaws.com"), ["sns.me-south-1.amazonaws.com"]);
        assert_eq!(names("delivery.logs.amazonaws.com"), ["delivery.logs.amazonaws.com"]);
        assert_eq!(
            names("delivery.logs.us-east-1.amazonaws.com"),
            ["delivery.logs.us-east-1.amazonaws.com", "delivery.logs.amazonaws.com"]
        );
        for other in [".us-east-1.amazonaws.com", "us-east-1.amazonaws.com", "sns.us-east-1.amazonaws.com.x"]
        {
            assert_eq!(names(other), [other]);
        }
    }
}
