//! What single services do differently (section 4.6 and rules E-63 to E-68): each question is answered over
//! the whole list of services, as AWS's pages would be read, one page after the other.

use super::principal::Who;
use super::{Request, context};

/// The request as a service sees it: names in lower case.
struct Call<'r> {
    request: &'r Request,
    service: String,
    action: String,
    /// The last field of the resource's ARN, as the request named it; empty if it is no ARN.
    own: &'r str,
    /// The service and the account in that ARN.
    arn: Option<(&'r str, &'r str)>,
}

impl<'r> Call<'r> {
    fn of(request: &'r Request) -> Self {
        let lower = request.action.to_ascii_lowercase();
        let (service, action) = lower.split_once(':').unwrap_or((&lower, ""));
        let named = request.key_by_alias.as_ref().unwrap_or(&request.resource);
        let (own, arn) = match named.splitn(6, ':').collect::<Vec<_>>()[..] {
            ["arn", _, service, _, account, own] => (own, Some((service, account))),
            _ => ("", None),
        };
        Self { request, service: service.to_owned(), action: action.to_owned(), own, arn }
    }

    fn is(&self, service: &str, actions: &[&str]) -> bool {
        self.service == service && actions.contains(&self.action.as_str())
    }

    fn is_on(&self, start: &str) -> bool {
        self.own.starts_with(start)
    }

    /// E-65: AWS managed policies, transforms, and whatever else has `aws` where an account ID is.
    fn is_aws_owned(&self) -> bool {
        self.arn.is_some_and(|(_, account)| account == "aws")
    }

    fn is_own_account(&self) -> bool {
        let account = &self.request.caller.account;
        account.is_some() && *account == self.request.resource_account
    }

    fn is_service(&self) -> bool {
        matches!(self.request.caller.who, Who::Service { .. })
    }
}

/// What STS authorizes along with the call that makes a session.
const ALONG: [&str; 3] = ["tagsession", "setsourceidentity", "setcontext"];

/// E-49: needs no permission, and no policy takes it away.
pub fn is_free(request: &Request) -> bool {
    let call = Call::of(request);
    let caller = &request.caller;
    let is_long_term = matches!(caller.who, Who::User { .. } | Who::Root) && !caller.session_token;
    caller.account.is_some() && call.is("sts", &["getcalleridentity"])
        || is_long_term && call.is("sts", &["getsessiontoken"])
}

/// Refused whatever the policies allow.
pub fn is_refused(request: &Request) -> bool {
    let call = Call::of(request);
    by_credentials(&call) || by_reserved_names(&call)
}

/// E-50, E-51, E-67: whose credentials are not for this call.
fn by_credentials(call: &Call<'_>) -> bool {
    let caller = &call.request.caller;
    let is_along = ALONG.contains(&call.action.as_str());
    let is_federated_session = call.is_on("user/") || call.is_on("federated-user/");
    if call.service == "iam" {
        let mfa = call.request.context.get("aws:MultiFactorAuthPresent");
        let has_mfa =
            matches!(mfa, Some(context::Held::One(present)) if present.eq_ignore_ascii_case("true"));
        return matches!(caller.who, Who::FederatedUser { .. }) || caller.session_token && !has_mfa;
    }
    if call.service != "sts" {
        return false;
    }
    let with_assertion = ["assumerolewithsaml", "assumerolewithwebidentity"].contains(&call.action.as_str());
    let by_token = caller.session_token && call.action != "assumerole" && !is_along;
    by_token
        || match caller.who {
            Who::FederatedUser { .. } => true,
            Who::Federated { .. } => !with_assertion && !is_along,
            _ if with_assertion => true,
            Who::Root => {
                ["assumerole", "assumeroot"].contains(&call.action.as_str())
                    || is_along && !is_federated_session
            }
            Who::RoleSession { .. } | Who::Unnamed => {
                ["getsessiontoken", "getfederationtoken"].contains(&call.action.as_str())
                    || is_along && is_federated_session
            }
            _ => false,
        }
}

/// E-65, E-66: what AWS keeps to itself.
fn by_reserved_names(call: &Call<'_>) -> bool {
    let is_aws = call.is_service() || call.request.caller.service_linked_role;
    let action = call.action.as_str();
    match call.service.as_str() {
        "iam" if call.is_aws_owned() => {
            let changes = ["create", "delete", "tag", "untag"].map(|verb| format!("{verb}policy"));
            changes.iter().any(|change| change == action)
                || ["createpolicyversion", "deletepolicyversion", "setdefaultpolicyversion"].contains(&action)
        }
        "iam" => {
            let of_policies = ["attachrolepolicy", "detachrolepolicy", "putrolepolicy", "deleterolepolicy"];
            let of_boundary = ["putrolepermissionsboundary", "deleterolepermissionsboundary"];
            let of_role = ["createrole", "deleterole", "updateassumerolepolicy"];
            // The owner of the account may do these to a service-linked role.
            let open = ["updaterole", "updateroledescription", "tagrole", "untagrole"];
            let is_closed = [&of_policies[..], &of_boundary, &of_role].concat().contains(&action);
            let is_reserved = call.is_on("role/aws-reserved/");
            !is_aws
                && (is_reserved && open.contains(&action)
                    || is_closed && (is_reserved || call.is_on("role/aws-service-role/")))
        }
        "organizations" => {
            let changes = ["updatepolicy", "deletepolicy", "tagresource", "untagresource"];
            call.is_aws_owned() && changes.contains(&action)
        }
        "kms" => is_about_alias(action) && call.is_on("alias/aws/"),
        _ => false,
    }
}

/// E-63, E-64: whether the resource's policies count for this action and caller, allow and deny alike.
pub fn has_resource_policy(request: &Request) -> bool {
    let call = Call::of(request);
    let action = call.action.as_str();
    let is_destination = call.is_on("destination:") || call.is_on("delivery-destination:");
    // Of services as callers across accounts nothing is documented.
    let across = !call.is_own_account() && !call.is_service();
    let on_bucket_policy = ["getbucketpolicy", "putbucketpolicy", "deletebucketpolicy"].contains(&action);
    let silent = match call.service.as_str() {
        "iam" => true,
        "sts" => {
            let of_role = ["assumerole", "assumerolewithsaml", "assumerolewithwebidentity"];
            !of_role.contains(&action) && !ALONG.contains(&action)
        }
        "events" => ["putpermission", "removepermission", "deleteeventbus"].contains(&action),
        "logs" if !is_destination => {
            !(call.is_service() && ["createlogstream", "putlogevents"].contains(&action))
        }
        "logs" if call.is_on("destination:") => {
            across && !["putsubscriptionfilter", "putaccountpolicy"].contains(&action)
        }
        "logs" => across && action != "createdelivery",
        "kms" => across && !works_across_accounts(action),
        "s3" => on_bucket_policy && !call.is_own_account(),
        "sqs" => {
            let permissions = ["addpermission", "removepermission", "setqueueattributes"];
            let queues = ["createqueue", "deletequeue", "listqueues"];
            let tags = ["tagqueue", "untagqueue", "listqueuetags"];
            let tasks = ["startmessagemovetask", "cancelmessagemovetask", "listmessagemovetasks"];
            across && [permissions, queues, tags, tasks].concat().contains(&action)
        }
        "lambda" => across && call.is_on("layer:") && action != "getlayerversion",
        "backup" => across && call.is_on("backup-vault:") && action != "copyintobackupvault",
        _ => false,
    };
    !silent
}

/// E-64: the column "Cross-account use" of the KMS guide, as far as it says yes.
fn works_across_accounts(action: &str) -> bool {
    let cryptographic = ["encrypt", "decrypt", "reencryptfrom", "reencryptto", "sign", "verify"];
    let cryptographic_too = ["derivesharedsecret", "generatemac", "verifymac", "generatedatakey"];
    let data_keys =
        ["generatedatakeypair", "generatedatakeypairwithoutplaintext", "generatedatakeywithoutplaintext"];
    let grants = ["creategrant", "listgrants", "retiregrant", "revokegrant"];
    let reading = ["describekey", "getkeyrotationstatus", "getpublickey"];
    [&cryptographic[..], &cryptographic_too, &data_keys, &grants, &reading].concat().contains(&action)
}

/// E-65, E-68: no second account has a policy that could allow. Who says whose policies decide about a
/// resource of AWS's (observed with AWS managed policies of an organization) has two accounts.
pub fn is_callers_matter(request: &Request) -> bool {
    is_of_aws_alone(request) || Call::of(request).is("sts", &["assumeroot"])
}

fn is_of_aws_alone(request: &Request) -> bool {
    request.resource_account.as_deref() == Some("aws")
}

/// E-39: what RCPs do not touch, whoever asks.
pub fn is_beyond_rcp(request: &Request) -> bool {
    let call = Call::of(request);
    call.is("kms", &["retiregrant"])
        || call.service == "sts" && call.is_on("role/aws-service-role/")
        || is_of_aws_alone(request)
}

/// E-40, E-42: KMS keys and roles (for STS) admit nobody whom their own policy does not admit. The action
/// tells whether it is about a key or role; the resource may be `*`.
pub fn needs_consent(request: &Request) -> bool {
    let call = Call::of(request);
    match call.service.as_str() {
        // Tags of a federated session are the user's own matter.
        "sts" if ALONG.contains(&call.action.as_str()) => {
            !call.is_on("user/") && !call.is_on("federated-user/")
        }
        "sts" => call.action.starts_with("assumerole"),
        // An ARN of another service names no key.
        "kms" if call.arn.is_some_and(|(service, _)| service != "kms") => false,
        // Naming an alias needs the alias's permission and the key's, which are two requests.
        "kms" if is_about_alias(&call.action) => !call.is_on("alias/"),
        "kms" => !is_without_key(&call.action),
        _ => false,
    }
}

fn is_about_alias(action: &str) -> bool {
    ["createalias", "updatealias", "deletealias"].contains(&action)
}

/// E-42: the operations of KMS that are about no key.
pub fn is_without_key(action: &str) -> bool {
    action.ends_with("customkeystore")
        || action == "describecustomkeystores"
        || ["createkey", "generaterandom", "listaliases", "listkeys", "listretirablegrants"].contains(&action)
}

/// E-44: reading an object, its ACL, tags, legal hold, retention and encryption. Whatever else there is,
/// writing over it, deleting, restoring and replicating included, is the bucket owner's to permit, whosever
/// the object is.
pub fn is_on_an_object(action: &str) -> bool {
    let of_it = ["acl", "tagging", "versionacl", "versiontagging", "legalhold", "retention"];
    action.starts_with("getobject")
        || of_it.iter().any(|what| action == format!("putobject{what}"))
        || ["deleteobjecttagging", "deleteobjectversiontagging", "updateobjectencryption"].contains(&action)
}
