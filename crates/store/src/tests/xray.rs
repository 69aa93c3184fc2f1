//! X-Ray resource policies.

use super::*;

const REVISION: &str = "InvalidPolicyRevisionIdException";
const PUT: &str = "xray put-resource-policy";

fn put(name: &str) -> Value {
    json!({"PolicyName": name, "PolicyDocument": GRANT})
}

fn revision(name: &str, id: &str) -> Value {
    json!({"PolicyName": name, "PolicyDocument": GRANT, "PolicyRevisionId": id})
}

fn document(text: &str) -> Value {
    json!({"PolicyName": "p", "PolicyDocument": text})
}

fn modified() -> Answer {
    refused(REVISION, "Another concurrent request has modified the resource policy p")
}

#[test]
fn put_resource_policy_answers_as_documented() {
    let p = || vec![(PUT, put("p"))];
    let five = || (0..5).map(|n| (PUT, put(&format!("p{n}")))).collect::<Vec<_>>();
    let deny = GRANT.replace("Allow", "Deny");
    let of_length = |bytes: usize| format!("{GRANT}{}", " ".repeat(bytes - GRANT.len()));
    let is = |id: &str| ok(json!({"ResourcePolicy": {"PolicyName": "p", "PolicyRevisionId": id}}));
    check(vec![
        row(
            "a new policy is revision 1",
            vec![],
            PUT,
            put("p"),
            ok(json!({"ResourcePolicy": {"PolicyDocument": GRANT,
            "PolicyRevisionId": "1", "LastUpdatedTime": NOW / 1000}})),
        ),
        row("the same text gives a new revision", p(), PUT, put("p"), is("2")),
        row("the current revision updates", p(), PUT, revision("p", "1"), is("2")),
        row(
            "a stale revision is refused",
            vec![(PUT, put("p")), (PUT, put("p"))],
            PUT,
            revision("p", "1"),
            modified(),
        ),
        row("a revision of nothing is refused", vec![], PUT, revision("p", "1"), modified()),
        row("0 creates", vec![], PUT, revision("p", "0"), is("1")),
        row("0 creates only", p(), PUT, revision("p", "0"), modified()),
        row(
            "the sixth policy is refused",
            five(),
            PUT,
            put("p"),
            refused("PolicyCountLimitExceededException", "The number of resource policies may not exceed 5."),
        ),
        row(
            "the fifth may be replaced",
            five(),
            PUT,
            put("p4"),
            ok(json!({"ResourcePolicy": {"PolicyRevisionId": "2"}})),
        ),
        row("5,120 bytes", vec![], PUT, document(&of_length(5_120)), is("1")),
        row(
            "5,121 bytes",
            vec![],
            PUT,
            document(&of_length(5_121)),
            refused(
                "PolicySizeLimitExceededException",
                "The size of a resource policy may not exceed 5120 bytes.",
            ),
        ),
        row(
            "a document that is not JSON",
            vec![],
            PUT,
            document("{"),
            refused("MalformedPolicyDocumentException", ""),
        ),
        row(
            "a name with a slash",
            vec![],
            PUT,
            put("a/b"),
            refused(
                "ValidationException",
                "1 validation error detected: Value 'a/b' at 'policyName' failed to satisfy constraint: Member must \
            satisfy regular expression pattern: [\\w+=,.@-]+",
            ),
        ),
        row(
            "a name of 129 characters",
            vec![],
            PUT,
            put(&"a".repeat(129)),
            refused(
                "ValidationException",
                "1 validation error detected: Value at 'policyName' failed to satisfy constraint: Member must have \
            length less than or equal to 128",
            ),
        ),
        row(
            "a document that locks the caller out",
            vec![],
            PUT,
            document(&deny),
            refused(
                "LockoutPreventionException",
                "The provided resource policy would prevent the caller from making another PutResourcePolicy request.",
            ),
        ),
        row(
            "the same, accepted by the caller",
            vec![],
            PUT,
            json!({"PolicyName": "p", "PolicyDocument": deny, "BypassPolicyLockoutCheck": true}),
            is("1"),
        ),
        row(
            "who is locked out already is not stopped",
            vec![(PUT, json!({"PolicyName": "p", "PolicyDocument": deny, "BypassPolicyLockoutCheck": true}))],
            PUT,
            document(&deny),
            is("2"),
        ),
    ]);
}

#[test]
fn list_and_delete_resource_policies_answer_as_documented() {
    let two = || vec![(PUT, put("p")), (PUT, put("a"))];
    let delete = "xray delete-resource-policy";
    check(vec![
        row(
            "listed by name",
            two(),
            "xray list-resource-policies",
            json!({}),
            ok(json!({"ResourcePolicies": [{"PolicyName": "a"}, {"PolicyName": "p"}]})),
        ),
        row("deleted", two(), delete, json!({"PolicyName": "p"}), ok(Value::Null)),
        row(
            "deleted at its revision",
            two(),
            delete,
            json!({"PolicyName": "p", "PolicyRevisionId": "1"}),
            ok(Value::Null),
        ),
        row(
            "a stale revision",
            two(),
            delete,
            json!({"PolicyName": "p", "PolicyRevisionId": "3"}),
            modified(),
        ),
        row(
            "what is not there",
            vec![],
            delete,
            json!({"PolicyName": "p"}),
            refused("InvalidRequestException", "The resource policy p does not exist."),
        ),
    ]);
}

#[test]
fn times_of_both_versions_of_the_cli_are_read() {
    for time in ["1700000000", "1700000000.5", "\"2023-11-14T22:13:20.500000+00:00\""] {
        let text = format!(
            r#"{{"ResourcePolicies": [{{"PolicyName": "p", "PolicyDocument": "{{}}", "LastUpdatedTime": {time}}}]}}"#
        );
        let output: ListXrayResourcePoliciesOutput = serde_json::from_str(&text).expect("read");
        let again = serde_json::to_string(&output).expect("written");
        assert!(again.contains(time), "{time} came back as {again}");
    }
}
