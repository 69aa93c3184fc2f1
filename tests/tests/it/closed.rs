//! No mistake becomes an allow: a policy that has one is refused on every public way from a text to a decision.
//!
//! Each way is tried with policies that allow, to see that it would allow, and with the same policies with one
//! mistake each; a Deny with a mistake must not leave the Allow beside it in force.

use std::sync::Arc;

use bailiwick_delivery::{Delivery, Verdict};
use bailiwick_environment::{Environment, File};
use bailiwick_evaluator::{Attached, CompiledPolicy, Policies, PolicyKind, PolicySet, Principal, Request};
use bailiwick_normalizer::normalize;
use bailiwick_parser::{parse, parse_partial, parse_value, parse_value_partial};
use bailiwick_scenario::{Decision, Documents, Limits as ScenarioLimits, Scenario};
use bailiwick_source::json::{self, Limits};
use bailiwick_store::{LogsStore, PutResourcePolicyInput};

/// Whether a text, on some way, became something that allows; `None` when it was refused.
type Way = fn(&str) -> Option<bool>;

const SERVICE: &str = "route53.amazonaws.com";
const STREAM: &str =
    "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/example.com:log-stream:Z1/IAD";

fn decide(policy: &CompiledPolicy) -> bool {
    decide_over(&Policies { resource: Attached::List(&[policy]), ..Policies::default() })
}

fn decide_over(policies: &Policies<'_>) -> bool {
    let service = Principal::service(SERVICE);
    let request = Request::new(&service, "logs:PutLogEvents", STREAM);
    policies.decide(&request) == Decision::Allowed
}

fn request() -> String {
    format!(r#"{{"principal":{{"service":"{SERVICE}"}},"action":"logs:PutLogEvents","resource":"{STREAM}"}}"#)
}

fn scenario(policy: &str) -> String {
    format!(r#"{{"request":{},"policies":{{"resource":[{policy}]}}}}"#, request())
}

fn answered(scenario: Scenario) -> bool {
    let answer = scenario.answer();
    assert_eq!(answer.decision, scenario.decide());
    answer.decision.is_allowed()
}

const PATH: &str = "111122223333/us-east-1/describe-resource-policies.json";

fn output(policy: &str) -> String {
    format!(r#"{{"resourcePolicies":[{{"policyName":"p","policyDocument":{policy:?}}}]}}"#)
}

fn delivery(environment: &str) -> String {
    format!(
        r#"{{"delivery":{{"steps":[{{"name":"put","principal":{{"service":"{SERVICE}"}},"action":"logs:PutLogEvents","resource":"{STREAM}"}}]}}{environment}}}"#
    )
}

fn succeeds(delivery: &Delivery) -> bool {
    delivery.simulate().verdict == Verdict::Succeeds
}

/// Every public way from the text of a policy to a decision.
const WAYS: [(&str, Way); 17] = [
    ("parse, normalize, compile", |text| {
        let policy = normalize(&parse(text).ok()?, Some(PolicyKind::Resource)).ok()?;
        Some(decide(&CompiledPolicy::new(policy)))
    }),
    ("parse, normalize as no kind in particular, compile", |text| {
        let policy = normalize(&parse(text).ok()?, None).ok()?;
        // Without a kind nobody asks for a principal, and without one a resource policy allows nobody.
        Some(decide(&CompiledPolicy::new(policy)))
    }),
    ("what could be parsed, normalize, compile", |text| {
        let policy = normalize(&parse_partial(text).0?, Some(PolicyKind::Resource)).ok()?;
        Some(decide(&CompiledPolicy::new(policy)))
    }),
    ("a part of a JSON document", |text| {
        let text = format!("[{text}]");
        let json = json::parse(&text, &Limits::default()).ok()?;
        let policy = parse_value(json.root().items().next()?).ok()?;
        Some(decide(&CompiledPolicy::new(normalize(&policy, Some(PolicyKind::Resource)).ok()?)))
    }),
    ("what could be parsed of a part of what could be read of a JSON document", |text| {
        let text = format!("[{text}]");
        let (json, _) = json::parse_partial(&text, &Limits::default());
        let json = json?;
        let (policy, _) = parse_value_partial(json.root().items().next()?);
        Some(decide(&CompiledPolicy::new(normalize(&policy?, Some(PolicyKind::Resource)).ok()?)))
    }),
    ("compile", |text| Some(decide(&bailiwick::compile(text, PolicyKind::Resource).ok()?))),
    ("compile within limits", |text| {
        Some(decide(&bailiwick::compile_within(text, PolicyKind::Resource, &Limits::NONE).ok()?))
    }),
    ("a set under an index", |text| {
        let mut set = PolicySet::new();
        set.insert(Arc::new(bailiwick::compile(text, PolicyKind::Resource).ok()?));
        set.index();
        Some(decide_over(&Policies { resource: Attached::Set(&set), ..Policies::default() }))
    }),
    ("a scenario", |text| Some(answered(Scenario::parse(&scenario(text)).ok()?))),
    ("a scenario within limits", |text| {
        Some(answered(Scenario::parse_with(&scenario(text), &ScenarioLimits::default()).ok()?))
    }),
    ("a scenario with the policy as a string", |text| {
        Some(answered(Scenario::parse(&scenario(&format!("{text:?}"))).ok()?))
    }),
    ("a scenario with a named policy", |text| {
        Some(answered(Scenario::parse(&scenario(&format!(r#"{{"name":"n","document":{text}}}"#))).ok()?))
    }),
    ("a scenario out of what could be read of a JSON document", |text| {
        let text = scenario(text);
        let (json, _) = json::parse_partial(&text, &Limits::default());
        Some(answered(Scenario::read(json?.root()).ok()?))
    }),
    ("a scenario over a document", |text| {
        let mut documents = Documents::default();
        let document =
            bailiwick_scenario::read::document(text, PolicyKind::Resource, &Limits::default()).ok()?;
        documents.attach(PolicyKind::Resource, vec![document]);
        Some(answered(Scenario::over(&request(), documents).ok()?))
    }),
    ("a delivery", |text| {
        let environment = format!(
            r#","environment":{{"111122223333":{{"us-east-1":{{"describe-resource-policies":{}}}}}}}"#,
            output(text)
        );
        Some(succeeds(&Delivery::parse(&delivery(&environment)).ok()?))
    }),
    ("a delivery over files", |text| {
        let environment = Environment::from_files(&[File { path: PATH, text: &output(text) }]).ok()?;
        Some(succeeds(&Delivery::parse_with(&delivery(""), Some(environment)).ok()?))
    }),
    ("a quick delivery", |text| {
        let members = [
            ("kind", "route53-query-logging"),
            ("source", "arn:aws:route53:::hostedzone/Z1D633PJN98FT9"),
            ("destination", "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/example.com"),
        ];
        let quick = Delivery::quick(&members, &[File { path: "logs-policy.json", text }]);
        Some(succeeds(&quick.ok()?))
    }),
];

/// A policy that allows what is asked for, and denies something else.
const ALLOWS: &str = r#"{"Version":"2012-10-17","Id":"policy","Statement":[{"Sid":"A","Effect":"Allow","Principal":{"Service":"route53.amazonaws.com"},"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"},{"Sid":"D","Effect":"Deny","Principal":"*","Action":"logs:Get*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}"#;

/// What is replaced by what, to make a mistake of it.
const MISTAKES: [(&str, &str); 32] = [
    (r#"{"Version""#, r#""Version""#),
    (r#"2012-10-17""#, r#"2012-10-17"#),
    ("2012-10-17", "2012-10-18"),
    (r#""Version":"#, r#""Verson":"#),
    (r#""Version":"2012-10-17","#, r#""Version":"2012-10-17","Version":"2012-10-17","#),
    (r#""Id":"policy""#, r#""Id":1"#),
    (r#""Id":"policy","#, ","),
    (r#""Statement":"#, r#""Statment":"#),
    (r#"}]}"#, "}],}"),
    (r#"}]}"#, "}}"),
    (r#"}]}"#, "}]}]"),
    (r#"}]}"#, r#"}],"Statement":[]}"#),
    (r#"}]}"#, "},null]}"),
    (r#""Effect":"Deny""#, r#""Effect":"deny""#),
    (r#""Effect":"Deny""#, r#""effect":"Deny""#),
    (r#""Effect":"Deny","#, ""),
    (r#""Effect":"Deny","#, r#""Effect":"Deny","Effect":"Allow","#),
    (r#""Principal":"*","#, ""),
    (r#""Principal":"*""#, r#""Principal":"amy""#),
    (r#""Principal":"*""#, r#""Principal":{"AWSS":"*"}"#),
    (r#""Principal":"*""#, r#""Principal":"*","NotPrincipal":"*""#),
    (r#""Action":"logs:Get*""#, r#""Action":{}"#),
    (r#""Action":"logs:Get*""#, r#""Action":["logs:Get*",1]"#),
    (r#""Action":"logs:Get*""#, r#""Actions":"logs:Get*""#),
    (r#""Action":"logs:Get*""#, r#""Action":"*","NotAction":"logs:Put*""#),
    (r#""Condition":{"#, r#""Conditions":{"#),
    (r#"{"Bool":"#, r#"{"Boolean":"#),
    (r#"{"Bool":"#, r#"{"BinaryEquals":{"x:k":"!"},"Bool":"#),
    (r#"{"aws:SecureTransport":"false"}"#, r#"{"aws:SecureTransport":null}"#),
    (r#"{"aws:SecureTransport":"false"}"#, r#"{"aws:SecureTransport":{"a":"b"}}"#),
    (r#"{"aws:SecureTransport":"false"}"#, r#""false""#),
    (r#"{"aws:SecureTransport":"false"}"#, r#"{"aws:SecureTransport":"false","aws:SecureTransport":"true"}"#),
];

/// What a kind asks for: nobody asks for it who does not say the kind.
fn is_of_a_kind(mistake: &str) -> bool {
    mistake == r#""Principal":"*","#
}

#[test]
fn what_allows_without_a_mistake_is_refused_with_one_on_every_way() {
    for (way, become_decision) in WAYS {
        assert_eq!(become_decision(ALLOWS), Some(true), "{way}");
        for (from, to) in MISTAKES {
            let at = ALLOWS.rfind(from).unwrap_or_else(|| panic!("{from} is not in it"));
            let wrong = format!("{}{to}{}", &ALLOWS[..at], &ALLOWS[at + from.len()..]);
            if way.contains("no kind") && is_of_a_kind(from) && to.is_empty() {
                continue;
            }
            assert_eq!(become_decision(&wrong), None, "{way}: {wrong}");
        }
    }
}

#[test]
fn no_beginning_and_no_end_of_a_policy_is_a_policy_on_any_way() {
    for (way, become_decision) in WAYS {
        for at in 1..ALLOWS.len() {
            for part in [&ALLOWS[..at], &ALLOWS[at..]] {
                assert_eq!(become_decision(part), None, "{way}: {part}");
            }
        }
    }
}

#[test]
fn a_deny_with_a_mistake_does_not_leave_the_allow_beside_it() {
    let request = r#"{"principal":"arn:aws:iam::111122223333:user/amy","action":"sqs:SendMessage","resource":"arn:aws:sqs:us-east-1:111122223333:q"}"#;
    let kinds = ["identity", "resource", "permissionsBoundary", "session", "vpcEndpoint"];
    let lists = kinds.map(|kind| (kind, "", ""));
    let levels = [("serviceControl", "[", "]"), ("resourceControl", "[", "]")];
    for (kind, open, close) in lists.into_iter().chain(levels) {
        let principal = match kind {
            "resource" | "resourceControl" | "vpcEndpoint" => r#""Principal":"*","#,
            _ => "",
        };
        let of = |deny: &str| {
            format!(
                r#"{{"request":{},"policies":{{"{kind}":[{open}{{"Statement":{{"Effect":"Allow",{principal}"Action":"*","Resource":"*"}}}},{deny}{close}]}}}}"#,
                request
            )
        };
        let right = format!(r#"{{"Statement":{{"Effect":"Deny",{principal}"Action":"*","Resource":"*"}}}}"#);
        assert_eq!(Scenario::parse(&of(&right)).unwrap().decide(), Decision::ExplicitDeny, "{kind}");
        for wrong in [
            right.replace("Action", "Acton"),
            right.replace("\"Deny\"", "\"Refuse\""),
            format!("{right:?}").replace("Resource", "Resources"),
            format!(r#"{{"name":"n","document":{}}}"#, right.replace("\"Statement\"", "\"Statements\"")),
            r#"{"name":"n","document":null}"#.to_owned(),
            "null".to_owned(),
            "\"\"".to_owned(),
            "[]".to_owned(),
        ] {
            assert!(Scenario::parse(&of(&wrong)).is_err(), "{kind}: {wrong}");
        }
    }
}

#[test]
fn an_incomplete_document_says_why_it_is_not_evaluated() {
    let wrong = ALLOWS.replace("Condition", "Conditions");
    let (document, errors) = parse_partial(&wrong);
    let document = document.expect("tooling gets what could be read");
    assert!(!errors.is_empty() && !document.is_complete() && document.statements.len() == 2);
    let refused = normalize(&document, Some(PolicyKind::Resource)).unwrap_err();
    assert_eq!(refused.iter().next().unwrap().code, bailiwick_normalizer::codes::INCOMPLETE_DOCUMENT);
}

#[test]
fn a_store_keeps_what_it_had_when_a_policy_is_refused() {
    let mut store = LogsStore::new("aws", "111122223333", "us-east-1");
    let put = |store: &mut LogsStore, document: &str| {
        let input = PutResourcePolicyInput {
            policy_name: Some("p".to_owned()),
            policy_document: document.to_owned(),
            ..PutResourcePolicyInput::default()
        };
        store.put_resource_policy(&input, 0).is_ok()
    };
    assert!(put(&mut store, ALLOWS));
    let before = format!("{store:?}");
    assert!(!put(&mut store, &ALLOWS.replace("\"Deny\"", "\"Refuse\"")));
    assert!(!put(&mut store, &ALLOWS[1..]));
    assert_eq!(format!("{store:?}"), before);
}
