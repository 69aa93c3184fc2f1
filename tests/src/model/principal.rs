//! Who asks, and which principals of a policy name them (sections 1.3, 2.3; table E-13 of section 4.2).

use bailiwick_aws::Partition;
use serde_json::Value;

use super::context::Context;
use super::document::{members, object, scalar, texts};
use super::{Refused, refused};

/// Who asks.
pub enum Who {
    /// The root user of an account.
    Root,
    /// An IAM user.
    User {
        /// The friendly name, without path.
        name: String,
    },
    /// A session of a role.
    RoleSession {
        /// The role's ARN, with path.
        role: String,
        /// The session's name, if known.
        session: Option<String>,
    },
    /// A session from GetFederationToken.
    FederatedUser {
        /// The session's name.
        name: String,
        /// The ARN of the user that asked for it.
        issuer: Option<String>,
    },
    /// Some user or role of an account, of whom nothing else is known.
    Unnamed,
    /// An AWS service, under all its names.
    Service {
        /// The first is aws:PrincipalServiceName.
        names: Vec<String>,
    },
    /// Nobody signed.
    Anonymous,
    /// A web identity or SAML assertion of a provider.
    Federated {
        /// Its ARN or built-in name.
        provider: String,
    },
    /// Somebody known by S3's canonical user ID only.
    CanonicalUser {
        /// The ID.
        id: String,
    },
}

/// The caller.
pub struct Caller {
    /// Who asks.
    pub who: Who,
    /// Every ARN the caller is named by, its own first, its account's root ARN last.
    pub forms: Vec<String>,
    /// The caller's account (E-26).
    pub account: Option<String>,
    /// `AIDA…` or `AROA…`, with or without the session's name.
    pub unique_id: Option<String>,
    /// Tags of the principal overlaid by tags of its session (E-52).
    pub tags: Vec<(String, String)>,
    /// E-29.
    pub service_linked_role: bool,
    /// E-33: of the organization's management account.
    pub management_account: bool,
    /// E-50: signs with credentials from GetSessionToken.
    pub session_token: bool,
}

/// How closely an Allow of a resource-based policy names the caller, by what it lifts inside one account
/// (E-11, table E-13). Ordered: the most lifting one of all that apply counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grant {
    /// Nothing names the caller.
    #[default]
    Nothing,
    /// The account: delegation, identity policies must allow as well (E-12).
    Account,
    /// The role of the session, the creator of the federated user: identity policies need not allow, boundary and
    /// session policy must (E-15, E-16).
    Behind,
    /// The caller itself or everybody: no implicit deny of identity, boundary or session counts (E-14, E-17, E-18).
    Itself,
}

/// Reads the principal of a scenario.
pub fn caller(principal: &Value) -> Result<Caller, Refused> {
    let Some(map) = principal.as_object() else {
        return match principal.as_str() {
            Some(text) if is_account(text) => from_arn(&format!("arn:aws:iam::{text}:root"), None, None),
            Some(arn) => from_arn(arn, None, None),
            None => refused("principal is neither text nor object"),
        };
    };
    let text = |name: &str| map.get(name).map(|value| name_of(value, name)).transpose();
    let flag = |name: &str| match map.get(name) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => refused(format!("{name} is not true or false")),
    };
    if map.contains_key("arn") {
        let known = [
            "arn",
            "roleArn",
            "issuerArn",
            "uniqueId",
            "tags",
            "sessionTags",
            "serviceLinkedRole",
            "managementAccount",
            "sessionToken",
        ];
        members(map, &known)?;
        let mut caller = from_arn(&text("arn")?.unwrap_or_default(), text("roleArn")?, text("issuerArn")?)?;
        caller.unique_id = text("uniqueId")?;
        // What follows the role's ID is the name of the session, and the session's ARN has it too.
        if let (Who::RoleSession { session: Some(own), .. }, Some(id)) = (&caller.who, &caller.unique_id)
            && id.split_once(':').is_some_and(|(_, session)| session != own)
        {
            return refused(format!("{id} is of another session"));
        }
        let is_role = matches!(caller.who, Who::RoleSession { .. });
        if flag("serviceLinkedRole")? && !is_role {
            return refused("only roles are linked to services");
        }
        caller.service_linked_role |= flag("serviceLinkedRole")?;
        caller.management_account = flag("managementAccount")?;
        caller.session_token = flag("sessionToken")?;
        if caller.session_token && !matches!(caller.who, Who::User { .. } | Who::Root) {
            return refused("only users and root users call GetSessionToken");
        }
        for tags in ["tags", "sessionTags"] {
            let mut seen = vec![];
            for (tag, value) in
                map.get(tags).map(|tags| object(tags, "tags")).transpose()?.into_iter().flatten()
            {
                // M-39: letter case does not tell tags apart.
                if seen.contains(&tag.to_lowercase()) {
                    return refused(format!("the tag {tag} twice"));
                }
                seen.push(tag.to_lowercase());
                caller.tags.push((tag.clone(), text_of(value, tag)?));
            }
        }
        return Ok(caller);
    }
    members(map, &["account", "service", "anonymous", "federated", "canonicalUser"])?;
    if let [(name, account)] = map.iter().collect::<Vec<_>>()[..]
        && name == "account"
    {
        let account = text_of(account, name)?;
        if !is_account(&account) {
            return refused(format!("{account} is no account"));
        }
        let caller = from_arn(&format!("arn:aws:iam::{account}:root"), None, None)?;
        // Nothing names it but its account.
        let forms = [vec![String::new()], caller.forms].concat();
        return Ok(Caller { who: Who::Unnamed, forms, ..caller });
    }
    let who = match map.iter().collect::<Vec<_>>()[..] {
        [(name, names)] if name == "service" => {
            let mut all: Vec<String> = texts(names).into_iter().map(str::to_owned).collect();
            all.extend(names.as_str().and_then(general_name));
            if all.is_empty() || all.contains(&String::new()) {
                return refused("a service without name");
            }
            Who::Service { names: all }
        }
        [(name, Value::Bool(true))] if name == "anonymous" => Who::Anonymous,
        [(name, provider)] if name == "federated" => Who::Federated { provider: name_of(provider, name)? },
        [(name, id)] if name == "canonicalUser" => Who::CanonicalUser { id: name_of(id, name)? },
        _ => return refused("a principal is one of arn, service, anonymous, federated, canonicalUser"),
    };
    Ok(Caller {
        who,
        forms: vec![],
        account: None,
        unique_id: None,
        tags: vec![],
        service_linked_role: false,
        management_account: false,
        session_token: false,
    })
}

/// G-17: what the ARN of a caller says. A session ARN has the role's name without its path (M-25).
fn from_arn(arn: &str, role: Option<String>, issuer: Option<String>) -> Result<Caller, Refused> {
    let fields: Vec<&str> = arn.splitn(6, ':').collect();
    let &["arn", partition, service, "", account, resource] = &fields[..] else {
        return refused(format!("{arn} is no principal"));
    };
    let root = format!("arn:{partition}:iam::{account}:root");
    let mut forms = vec![arn.to_owned()];
    let named = resource.split_once('/').filter(|(_, path)| path.split('/').all(|name| !name.is_empty()));
    // The role of a session has its name and its account; the path is what the session's ARN leaves out.
    let last = |path: &str| path.rsplit('/').next().map(str::to_owned);
    let is_its_role = |role: &String| {
        let name = match named {
            Some(("assumed-role", path)) => path.split('/').next().map(str::to_owned),
            Some(("role", path)) => last(path),
            _ => None,
        };
        match role.splitn(6, ':').collect::<Vec<_>>()[..] {
            ["arn", _, "iam", "", of, its] => {
                of == account && its.strip_prefix("role/").and_then(last) == name && name.is_some()
            }
            _ => false,
        }
    };
    // Whoever asked for a federated session is a user, or the root, of its account.
    let may_issue = |issuer: &String| match issuer.splitn(6, ':').collect::<Vec<_>>()[..] {
        ["arn", _, "iam", "", of, name] => {
            of == account
                && (name == "root" || name.strip_prefix("user/").is_some_and(|name| !name.is_empty()))
        }
        _ => false,
    };
    let who = match (service, named) {
        _ if !is_account(account) => return refused(format!("{arn} has no account")),
        _ if issuer.is_some() && !resource.starts_with("federated-user/") => {
            return refused(format!("{arn} has no issuer"));
        }
        _ if role.as_ref().is_some_and(|role| !is_its_role(role)) => {
            return refused(format!("{arn} has another role"));
        }
        ("iam", None) if resource == "root" => Who::Root,
        ("iam", Some(("user", path))) => {
            Who::User { name: path.rsplit('/').next().unwrap_or(path).to_owned() }
        }
        ("iam", Some(("role", _))) => Who::RoleSession { role: arn.to_owned(), session: None },
        ("sts", Some(("assumed-role", path))) if path.matches('/').count() == 1 => {
            let (name, session) = path.split_once('/').unwrap_or((path, ""));
            let role = role.unwrap_or_else(|| format!("arn:{partition}:iam::{account}:role/{name}"));
            forms.push(role.clone());
            Who::RoleSession { role, session: Some(session.to_owned()) }
        }
        ("sts", Some(("federated-user", _))) if issuer.as_ref().is_some_and(|issuer| !may_issue(issuer)) => {
            return refused(format!("{arn} has another issuer"));
        }
        ("sts", Some(("federated-user", name))) => Who::FederatedUser { name: name.to_owned(), issuer },
        _ => return refused(format!("{arn} is no principal")),
    };
    if !matches!(who, Who::Root) {
        forms.push(root);
    }
    Ok(Caller {
        service_linked_role: matches!(&who, Who::RoleSession { role, .. } if role.contains(":role/aws-service-role/")),
        who,
        forms,
        account: Some(account.to_owned()),
        unique_id: None,
        tags: vec![],
        management_account: false,
        session_token: false,
    })
}

/// M-22: the account that a principal value names as a whole, by its digits or its root ARN of any partition, which are one.
fn account_named(value: &str) -> Option<&str> {
    match value.splitn(6, ':').collect::<Vec<_>>()[..] {
        ["arn", partition, "iam", "", account, "root"] => {
            (is_account(account) && !partition.is_empty() && !partition.contains(['*', '?']))
                .then_some(account)
        }
        _ => is_account(value).then_some(value),
    }
}

/// Twelve digits.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn text_of(value: &Value, name: &str) -> Result<String, Refused> {
    value.as_str().map(str::to_owned).ok_or_else(|| Refused(format!("{name} is no string")))
}

/// A text that says something.
fn name_of(value: &Value, name: &str) -> Result<String, Refused> {
    let text = text_of(value, name)?;
    if text.is_empty() { refused(format!("{name} is empty")) } else { Ok(text) }
}

impl Caller {
    /// M-22 to M-30: how closely one principal value of a policy names the caller. Wildcards stand only alone (G-18).
    pub fn named_by(&self, key: &str, value: &str, context: &Context) -> Grant {
        match (key, &self.who) {
            ("AWS", _) if value == "*" => Grant::Itself,
            ("Service", Who::Service { names }) => {
                let listed = context.values("aws:PrincipalServiceNamesList");
                Grant::itself_if(names.iter().chain(listed).any(|name| name == value))
            }
            ("Federated", Who::Federated { provider }) => Grant::itself_if(provider == value),
            ("CanonicalUser", Who::CanonicalUser { id }) => Grant::itself_if(id == value),
            ("AWS", _) => self.named_by_aws(value),
            _ => Grant::Nothing,
        }
    }

    /// G-17, M-22 to M-27, M-34: exact comparison, with the account in either spelling and the unique ID of the
    /// user, of the role, or of the session.
    pub fn named_by_aws(&self, value: &str) -> Grant {
        if self.account.is_some() && self.account.as_deref() == account_named(value) {
            return if matches!(self.who, Who::Root) { Grant::Itself } else { Grant::Account };
        }
        let own = self.forms.first().is_some_and(|own| own == value);
        let id = self.unique_id.as_deref().unwrap_or_default();
        match &self.who {
            // Not even a principal without text.
            Who::Unnamed => Grant::Nothing,
            Who::RoleSession { role, .. } if role == value || self.role_id() == Some(value) => Grant::Behind,
            Who::RoleSession { session: Some(session), .. } => {
                let with_session = self.role_id().is_some_and(|role| format!("{role}:{session}") == value);
                Grant::itself_if(own || with_session)
            }
            // M-24, M-27: a federated session has no unique ID, so what is given is its creator's.
            Who::FederatedUser { issuer, .. }
                if issuer.as_deref() == Some(value) || (!id.is_empty() && id == value) =>
            {
                Grant::Behind
            }
            // M-54: the root user has no unique ID beside the account's.
            Who::Root => Grant::Nothing,
            _ => Grant::itself_if(own || (!id.is_empty() && id == value)),
        }
    }

    /// M-27: the part of the unique ID before the colon.
    fn role_id(&self) -> Option<&str> {
        self.unique_id.as_deref().map(|id| id.split(':').next().unwrap_or(id))
    }

    /// M-31: a Deny with NotPrincipal spares the caller only when every form of it is listed: the session, its role and its
    /// account; the user and its account. One that is everybody's, or a name of a service, spares alone.
    pub fn spared_by(&self, listed: &[(String, String)], context: &Context) -> bool {
        let lists = |form: &String| {
            listed.iter().any(|(key, value)| {
                let same_account =
                    Some(form) == self.forms.last() && self.account.as_deref() == account_named(value);
                let same_id = match self.named_by_aws(value) {
                    Grant::Itself => Some(form) == self.forms.first(),
                    Grant::Behind => matches!(&self.who, Who::RoleSession { role, .. } if role == form),
                    Grant::Account | Grant::Nothing => false,
                };
                key == "AWS" && (value == "*" || value == form || same_account || same_id)
            })
        };
        if self.forms.is_empty() { self.listed_in(listed, context) } else { self.forms.iter().all(lists) }
    }

    /// Whether any form of the caller is listed.
    pub fn listed_in(&self, listed: &[(String, String)], context: &Context) -> bool {
        listed.iter().any(|(key, value)| match self.named_by(key, value, context) {
            Grant::Nothing => false,
            // The user who asked for a federated session is somebody else.
            Grant::Behind => matches!(self.who, Who::RoleSession { .. }),
            Grant::Account | Grant::Itself => true,
        })
    }
}

/// Observation 19: a service's name of a Region that is on by default counts as its general name; in an opt-in Region
/// only the Region's own name does. Regions launched since 2019 are opt-in. The Region stands before `amazonaws.com`.
pub fn general_name(name: &str) -> Option<String> {
    let (service, region) = name.strip_suffix(".amazonaws.com")?.rsplit_once('.')?;
    let mut on_by_default = Partition::Aws.regions().filter(|known| !known.is_opt_in());
    let has_general = on_by_default.any(|known| known.name() == region) && !service.is_empty();
    has_general.then(|| format!("{service}.amazonaws.com"))
}

impl Grant {
    fn itself_if(named: bool) -> Self {
        if named { Self::Itself } else { Self::Nothing }
    }
}

/// G-16, G-19: the (member, value) pairs of a principal; `"*"` is the same as `{"AWS": "*"}`.
pub fn listed(principal: &Value) -> Vec<(String, String)> {
    match principal.as_object() {
        None => scalar(principal).map(|value| ("AWS".to_owned(), value)).into_iter().collect(),
        Some(map) => {
            let pairs = |(key, values): (&String, &Value)| -> Vec<(String, String)> {
                texts(values).into_iter().map(|value| (key.clone(), value.to_owned())).collect()
            };
            map.iter().flat_map(pairs).collect()
        }
    }
}
