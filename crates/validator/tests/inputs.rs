//! The inputs in which policy documents are found.

use bailiwick_source::Span;
use bailiwick_validator::inputs::{Embedding, Format, PolicyDocument, documents, read};
use bailiwick_validator::{Kind, Severity};

const POLICY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;

/// A text as a JSON string.
fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn url_encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    string(&text.bytes().map(encode).collect::<String>())
}

/// Pointer and kind of the documents in an input.
fn found(input: &str) -> Vec<(String, Option<Kind>)> {
    documents(input).into_iter().map(|document| (document.pointer, document.kind)).collect()
}

fn entry(pointer: &str, kind: impl Into<Option<Kind>>) -> (String, Option<Kind>) {
    (pointer.to_owned(), kind.into())
}

#[test]
fn a_policy_is_its_own_input() {
    assert_eq!(found(POLICY), [entry("", None)]);
    let [document] = documents(POLICY).try_into().expect("one document");
    assert_eq!(document.text, POLICY);
    assert_eq!(document.embedding, Embedding::Value);
}

#[test]
fn what_is_not_recognized_is_a_document_with_mistakes() {
    for text in
        ["", "{", "[]", "null", r#"{"Statment": []}"#, "{\n  \"Version\": \"2012-10-17\",\n", "Version: 2012"]
    {
        let [document] = documents(text).try_into().expect("one document");
        assert_eq!(document.text, text);
        assert!(!document.check(Kind::Identity).is_empty(), "{text}");
    }
}

#[test]
fn misspelt_members_do_not_hide_a_policy() {
    let statement = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}"#;
    for text in [
        format!(r#"{{"Statment":[{statement}]}}"#),
        format!(r#"{{"statement":{statement}}}"#),
        format!(r#"{{"version":"2012-10-17","Rules":[{statement}]}}"#),
        r#"{"Version":"2012-10-17"}"#.to_owned(),
        r#"{"Version":"2012-10-17","Statement":"none"}"#.to_owned(),
        r#"{"Statement":[{"Efect":"Allow"}]}"#.to_owned(),
        statement.to_owned(),
        "{}".to_owned(),
    ] {
        let document = only(&text);
        assert!(
            document.check(Kind::Identity).iter().any(|finding| finding.severity == Severity::Error),
            "{text}"
        );
    }
}

#[test]
fn files_of_other_kinds_hold_no_policy() {
    for (text, format) in [
        (r#"{"name":"x","version":"1.0.0","dependencies":{}}"#, Format::Unknown),
        (
            r#"{"version":"36.0.0","artifacts":{"Stack":{"type":"aws:cloudformation:stack"}}}"#,
            Format::Unknown,
        ),
        (r#"{"compilerOptions":{"target":"es2022"},"include":["src"]}"#, Format::Unknown),
        (r#"[{"date":"2024-06-01","amount":12}]"#, Format::List),
        (r#"{"statements":80,"branches":75}"#, Format::Unknown),
        (r#"{"Buckets":[{"Name":"b"}],"Owner":{"ID":"x"}}"#, Format::Unknown),
        (r#"{"rules":[{"rulePriority":1,"action":{"type":"expire"}}]}"#, Format::Unknown),
        (r#"{"text":"{\"version\":\"1\"}","policy":"{\"rules\":[]}"}"#, Format::Unknown),
        (
            r#"{"policyName":"p","policyArn":"arn:aws:iot:us-east-1:111122223333:policy/p","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iot:Connect\",\"Resource\":\"*\"}]}"}"#,
            Format::Unknown,
        ),
        (
            r#"{"accountPolicies":[{"policyType":"DATA_PROTECTION_POLICY","policyDocument":"{\"Name\":\"n\",\"Version\":\"2021-06-01\",\"Statement\":[{\"Sid\":\"a\",\"DataIdentifier\":[],\"Operation\":{}}]}"}]}"#,
            Format::Unknown,
        ),
        (&template(r#"{"Q":{"Type":"AWS::SQS::Queue"}}"#), Format::CloudFormationTemplate),
        (
            &template(
                r#"{"F":{"Type":"AWS::Serverless::Function","Properties":{"Policies":["AmazonS3ReadOnlyAccess",{"S3ReadPolicy":{"BucketName":"b"}}]}}}"#,
            ),
            Format::CloudFormationTemplate,
        ),
        (
            &template(&format!(
                r#"{{"I":{{"Type":"AWS::IoT::Policy","Properties":{{"PolicyDocument":{POLICY}}}}}}}"#
            )),
            Format::CloudFormationTemplate,
        ),
        (
            r#"{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[{"mode":"managed","type":"aws_instance","values":{"ami":"a"}}]}}}"#,
            Format::TerraformPlan,
        ),
        (r#"{"format_version":"1.0","terraform_version":"1.9.0"}"#, Format::TerraformPlan),
        (
            r#"{"version":4,"terraform_version":"1.9.0","serial":3,"lineage":"x","outputs":{},"resources":[]}"#,
            Format::TerraformState,
        ),
        (
            r#"{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[{"mode":"managed","type":"aws_ecr_lifecycle_policy","values":{"policy":"{\"rules\":[]}"}},{"mode":"managed","type":"aws_iot_policy","values":{"policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\"}]}"}}]}}}"#,
            Format::TerraformPlan,
        ),
    ] {
        let input = read(text);
        assert_eq!(input.format, format, "{text}");
        assert!(input.documents.is_empty(), "{text}: {:?}", input.documents);
    }
}

#[test]
fn text_that_is_not_json_is_evident_only_where_it_shows_a_policy() {
    for (text, is_evident) in [
        ("// a comment\n{\"compilerOptions\": {}}", false),
        ("{\"name\": \"x\",}", false),
        ("{\"Version\": \"2012-10-17\", \"Statement\": [", true),
        ("{\"AWSTemplateFormatVersion\": \"2010-09-09\", \"Resources\": {", true),
        ("null", false),
        ("[]", false),
        ("{}", false),
        (POLICY, true),
    ] {
        assert_eq!(only(text).is_evident(), is_evident, "{text}");
    }
    let broken = "{\"AWSTemplateFormatVersion\": \"2010-09-09\", \"Resources\": {";
    let findings = only(broken).check(Kind::Identity);
    assert!(findings.iter().all(|finding| finding.code == "JSON_SYNTAX_ERROR"), "{findings:?}");
}

#[test]
fn only_what_is_certainly_a_policy_is_offered_a_fix() {
    let wrong =
        r#"{"version":"2012-10-17","Statement":[{"Effect":"allow","Action":"s3:GetObject","Resource":"*"}]}"#;
    let text = string(wrong);
    let plan = format!(
        r#"{{"format_version":"1.2","planned_values":{{"root_module":{{"resources":[{{"type":"aws_iam_policy","values":{{"policy":{text}}}}}]}}}},"terraform_version":"1"}}"#
    );
    let state = format!(
        r#"{{"version":4,"terraform_version":"1","lineage":"x","resources":[{{"mode":"managed","type":"aws_iam_policy","instances":[{{"attributes":{{"policy":{text}}}}}]}}]}}"#
    );
    for (input, fixes) in [
        (wrong.to_owned(), true),
        (format!("{wrong}\n{{\"version\":\"1\"}}"), true),
        (format!(r#"{{"PolicyVersion":{{"Document":{text}}}}}"#), true),
        (wrong.replace("Statement", "Statment"), false),
        (wrong.replace("Statement", "statement"), false),
        (r#"{"Version":"2012-10-17","statement":{"effect":"allow"}}"#.to_owned(), false),
        (r#"{"Statement":[{"effect":"allow","action":"x"}]}"#.to_owned(), false),
        (r#"{"effect":"allow","Effect":"allow","Action":"x"}"#.to_owned(), false),
        (plan, false),
        (state, false),
    ] {
        let found: Vec<_> =
            documents(&input).iter().flat_map(|document| document.check(Kind::Identity)).collect();
        assert!(!found.is_empty(), "{input}");
        assert_eq!(found.iter().any(|finding| finding.fix.is_some()), fixes, "{input}: {found:?}");
    }
}

#[test]
fn a_list_holds_policies_and_outputs() {
    let input =
        format!(r#"[{POLICY}, {{"PolicyVersion": {{"Document": {POLICY}, "VersionId": "v1"}}}}, {POLICY}]"#);
    assert_eq!(
        found(&input),
        [entry("/0", None), entry("/1/PolicyVersion/Document", Kind::Identity), entry("/2", None)]
    );
}

#[test]
fn lines_are_read_one_by_one_and_a_broken_one_is_found() {
    let input = format!("{POLICY}\n\n{{\"name\":\"x\",\"document\":{POLICY}}}\r\n{{\"Version\"\n{POLICY}");
    let found = documents(&input);
    let pointers: Vec<_> = found.iter().map(|document| document.pointer.as_str()).collect();
    assert_eq!(pointers, ["", "/document", "", ""]);
    for document in &found {
        assert_eq!(document.outer(Span::new(0, 1)).text(&input), Some("{"), "{}", document.text);
    }
    let broken = found[2].check(Kind::Identity);
    assert!(broken.iter().any(|finding| finding.code == "JSON_SYNTAX_ERROR"), "{broken:?}");
    assert!(found[3].check(Kind::Identity).is_empty());
}

#[test]
fn two_objects_on_one_line_are_one_broken_document() {
    let text = format!("{POLICY}{POLICY}");
    assert_eq!(documents(&text).len(), 1);
}

#[test]
fn outputs_of_the_aws_cli_say_where_their_documents_are_and_what_for() {
    let text = string(POLICY);
    let encoded = url_encoded(POLICY);
    let key = string(&POLICY.replace("s3:GetObject", "kms:Decrypt"));
    let queue = string(&POLICY.replace("s3:GetObject", "sqs:SendMessage"));
    for (input, pointer, kind) in [
        (
            format!(r#"{{"PolicyVersion":{{"Document":{POLICY},"VersionId":"v1"}}}}"#),
            "/PolicyVersion/Document",
            Kind::Identity,
        ),
        (
            format!(r#"{{"PolicyVersion":{{"Document":{encoded}}}}}"#),
            "/PolicyVersion/Document",
            Kind::Identity,
        ),
        (
            format!(r#"{{"RoleName":"r","PolicyName":"p","PolicyDocument":{POLICY}}}"#),
            "/PolicyDocument",
            Kind::Identity,
        ),
        (
            format!(r#"{{"Role":{{"RoleName":"r","AssumeRolePolicyDocument":{encoded}}}}}"#),
            "/Role/AssumeRolePolicyDocument",
            Kind::Trust,
        ),
        (format!(r#"{{"Policy":{text}}}"#), "/Policy", Kind::S3Bucket),
        (format!(r#"{{"Policy":{key},"PolicyName":"default"}}"#), "/Policy", Kind::KmsKey),
        (format!(r#"{{"Attributes":{{"Policy":{queue}}}}}"#), "/Attributes/Policy", Kind::Resource),
        (format!(r#"{{"ARN":"a","ResourcePolicy":{text}}}"#), "/ResourcePolicy", Kind::Resource),
        (
            format!(r#"{{"resourcePolicies":[{{"policyDocument":{text}}}]}}"#),
            "/resourcePolicies/0/policyDocument",
            Kind::LogsResource,
        ),
        (
            format!(r#"{{"ResourcePolicies":[{{"PolicyDocument":{text}}}]}}"#),
            "/ResourcePolicies/0/PolicyDocument",
            Kind::XrayResource,
        ),
        (
            format!(r#"{{"destinations":[{{"accessPolicy":{text}}}]}}"#),
            "/destinations/0/accessPolicy",
            Kind::LogsDestination,
        ),
        (
            format!(r#"{{"policy":{{"deliveryDestinationPolicy":{text}}}}}"#),
            "/policy/deliveryDestinationPolicy",
            Kind::LogsDeliveryDestination,
        ),
        (
            format!(r#"{{"VpcEndpoints":[{{"PolicyDocument":{text}}}]}}"#),
            "/VpcEndpoints/0/PolicyDocument",
            Kind::VpcEndpoint,
        ),
        (
            format!(
                r#"{{"Policy":{{"PolicySummary":{{"Type":"SERVICE_CONTROL_POLICY"}},"Content":{text}}}}}"#
            ),
            "/Policy/Content",
            Kind::ServiceControl,
        ),
        (
            format!(
                r#"{{"Policy":{{"PolicySummary":{{"Type":"RESOURCE_CONTROL_POLICY"}},"Content":{text}}}}}"#
            ),
            "/Policy/Content",
            Kind::ResourceControl,
        ),
    ] {
        assert_eq!(found(&input), [entry(pointer, kind)], "{input}");
    }
}

#[test]
fn account_authorization_details_hold_all_policies_of_an_account() {
    let encoded = url_encoded(POLICY);
    let input = format!(
        r#"{{"UserDetailList":[{{"UserName":"u","UserPolicyList":[{{"PolicyName":"p","PolicyDocument":{encoded}}}]}}],
        "GroupDetailList":[{{"GroupPolicyList":[{{"PolicyName":"p","PolicyDocument":{POLICY}}}]}}],
        "RoleDetailList":[{{"AssumeRolePolicyDocument":{POLICY},"RolePolicyList":[{{"PolicyDocument":{POLICY}}}]}}],
        "Policies":[{{"PolicyName":"m","PolicyVersionList":[{{"Document":{POLICY},"VersionId":"v2"}},{{"Document":{POLICY}}}]}}]}}"#
    );
    assert_eq!(
        found(&input),
        [
            entry("/UserDetailList/0/UserPolicyList/0/PolicyDocument", Kind::Identity),
            entry("/GroupDetailList/0/GroupPolicyList/0/PolicyDocument", Kind::Identity),
            entry("/RoleDetailList/0/AssumeRolePolicyDocument", Kind::Trust),
            entry("/RoleDetailList/0/RolePolicyList/0/PolicyDocument", Kind::Identity),
            entry("/Policies/0/PolicyVersionList/0/Document", Kind::Identity),
            entry("/Policies/0/PolicyVersionList/1/Document", Kind::Identity),
        ]
    );
}

#[test]
fn a_document_in_a_string_is_decoded_and_knows_its_string() {
    for (encoded, embedding) in
        [(string(POLICY), Embedding::String), (url_encoded(POLICY), Embedding::UrlEncoded)]
    {
        let input = format!(r#"{{"PolicyVersion": {{"Document": {encoded}}}}}"#);
        let [document] = documents(&input).try_into().expect("one document");
        assert_eq!(document.text, POLICY);
        assert_eq!(document.embedding, embedding);
        assert_eq!(document.outer(Span::new(3, 7)).text(&input), Some(encoded.as_str()));
    }
}

fn template(resources: &str) -> String {
    format!(r#"{{"AWSTemplateFormatVersion":"2010-09-09","Resources":{resources}}}"#)
}

#[test]
fn templates_say_what_their_documents_are_for() {
    let text = string(POLICY);
    let input = template(&format!(
        r#"{{
        "Role": {{"Type": "AWS::IAM::Role", "Properties": {{"AssumeRolePolicyDocument": {POLICY}, "Policies": [{{"PolicyDocument": {POLICY}}}]}}}},
        "Bucket": {{"Type": "AWS::S3::BucketPolicy", "Properties": {{"Bucket": "b", "PolicyDocument": {POLICY}}}}},
        "Logs": {{"Type": "AWS::Logs::ResourcePolicy", "Properties": {{"PolicyDocument": {text}}}}},
        "Made": {{"Type": "AWS::Logs::ResourcePolicy", "Properties": {{"PolicyDocument": {{"Fn::Sub": {text}}}}}}},
        "To": {{"Type": "AWS::Logs::DeliveryDestination", "Properties": {{"DeliveryDestinationPolicy": {{"DeliveryDestinationPolicy": {POLICY}}}}}}},
        "Key": {{"Type": "AWS::KMS::Key", "Properties": {{"KeyPolicy": {POLICY}}}}},
        "Rcp": {{"Type": "AWS::Organizations::Policy", "Properties": {{"Type": "RESOURCE_CONTROL_POLICY", "Content": {POLICY}}}}},
        "Queue": {{"Type": "AWS::SQS::Queue", "Properties": {{"QueueName": "q"}}}}
    }}"#
    ));
    assert_eq!(
        found(&input),
        [
            entry("/Resources/Role/Properties/AssumeRolePolicyDocument", Kind::Trust),
            entry("/Resources/Role/Properties/Policies/0/PolicyDocument", Kind::Identity),
            entry("/Resources/Bucket/Properties/PolicyDocument", Kind::S3Bucket),
            entry("/Resources/Logs/Properties/PolicyDocument", Kind::LogsResource),
            entry(
                "/Resources/To/Properties/DeliveryDestinationPolicy/DeliveryDestinationPolicy",
                Kind::LogsDeliveryDestination
            ),
            entry("/Resources/Key/Properties/KeyPolicy", Kind::KmsKey),
            entry("/Resources/Rcp/Properties/Content", Kind::ResourceControl),
        ]
    );
}

/// The one document of a template with one identity policy of one statement.
fn in_template(statement: &str) -> String {
    template(&format!(
        r#"{{"P": {{"Type": "AWS::IAM::ManagedPolicy", "Properties": {{"PolicyDocument":
        {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", {statement}}}]}}}}}}}}"#
    ))
}

fn only(input: &str) -> PolicyDocument<'_> {
    let mut found = documents(input);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn functions_of_a_template_raise_no_findings() {
    for statement in [
        r#""Action": "s3:GetObject", "Resource": {"Fn::GetAtt": ["Bucket", "Arn"]}"#,
        r#""Action": "s3:GetObject", "Resource": {"Fn::Sub": "${Bucket.Arn}/*"}"#,
        r#""Action": "s3:GetObject", "Resource": {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/${!aws:username}/*"}"#,
        r#""Action": "s3:GetObject", "Resource": [{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::", {"Ref": "Bucket"}, "/*"]]}]"#,
        r#""Action": "sqs:SendMessage", "Resource": {"Fn::Sub": ["arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${Q}", {"Q": "q"}]}"#,
        r#""Action": "iam:PassRole", "Resource": {"Ref": "R"}"#,
        r#""Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceVpc": {"Ref": "V"}, "aws:PrincipalOrgID": {"Ref": "O"}}}"#,
        r#""Action": ["s3:GetObject", {"Ref": "X"}], "Resource": "*""#,
    ] {
        let input = in_template(statement);
        let findings = only(&input).check(Kind::Identity);
        assert_eq!(findings, [], "{statement}");
    }
}

#[test]
fn findings_in_a_template_are_where_they_stand() {
    let input = in_template(
        r#""Action": "logs:PutLogEvent", "Resource": {"Fn::Sub": "arn:aws:s4:::${Bucket}/é/*"}, "Condition": {"Bool": {"aws:SecureTransport": "yes"}}"#,
    );
    let document = only(&input);
    assert_eq!(document.text.len(), document.span.len() as usize);
    let found: Vec<_> = document
        .check(Kind::Identity)
        .iter()
        .map(|finding| {
            (finding.code, document.outer(finding.span).text(&input).unwrap_or_default().to_owned())
        })
        .collect();
    assert_eq!(
        found,
        [
            ("INVALID_ACTION", "PutLogEvent".to_owned()),
            ("INVALID_SERVICE", r#"{"Fn::Sub": "arn:aws:s4:::${Bucket}/é/*"}"#.to_owned()),
            ("TYPE_MISMATCH_BOOLEAN", "\"yes\"".to_owned()),
        ]
    );
}

#[test]
fn plans_say_what_their_documents_are_for() {
    let text = string(POLICY);
    let input = format!(
        r#"{{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{{"root_module":{{
        "resources":[
            {{"mode":"managed","type":"aws_iam_role","values":{{"assume_role_policy":{text},"inline_policy":[{{"name":"i","policy":{text}}}]}}}},
            {{"mode":"managed","type":"aws_s3_bucket_policy","values":{{"bucket":"b","policy":{text}}}}},
            {{"mode":"data","type":"aws_iam_policy_document","values":{{"json":{text},"policy":{text}}}}},
            {{"mode":"managed","type":"aws_sqs_queue","values":{{"name":"q"}}}},
            {{"mode":"managed","type":"aws_organizations_policy","values":{{"content":{text},"type":"RESOURCE_CONTROL_POLICY"}}}}
        ],
        "child_modules":[{{"resources":[
            {{"mode":"managed","type":"aws_cloudwatch_log_resource_policy","values":{{"policy_document":{text}}}}},
            {{"mode":"managed","type":"aws_xray_resource_policy","values":{{"policy_document":{text}}}}},
            {{"mode":"managed","type":"aws_sns_topic_policy","values":{{"policy":{text}}}}}
        ]}}]
        }}}}, "resource_changes":[]}}"#
    );
    let root = "/planned_values/root_module";
    let pointers: Vec<_> = [
        ("/resources/0/values/assume_role_policy", Kind::Trust),
        ("/resources/0/values/inline_policy/0/policy", Kind::Identity),
        ("/resources/1/values/policy", Kind::S3Bucket),
        ("/resources/4/values/content", Kind::ResourceControl),
        ("/child_modules/0/resources/0/values/policy_document", Kind::LogsResource),
        ("/child_modules/0/resources/1/values/policy_document", Kind::XrayResource),
        ("/child_modules/0/resources/2/values/policy", Kind::Resource),
    ]
    .map(|(pointer, kind)| entry(&format!("{root}{pointer}"), kind))
    .into();
    assert_eq!(found(&input), pointers);
}

#[test]
fn carriers_are_known_by_property_and_depth() {
    let document = |resource: &str, properties: &str| {
        template(&format!(r#"{{"X": {{"Type": "{resource}", "Properties": {properties}}}}}"#))
    };
    let inside = |name: &str| format!(r#"{{"{name}": {POLICY}}}"#);
    let statement =
        r#"{"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": "${!x}"}"#;
    for (resource, properties, pointer, kind) in [
        (
            "AWS::DynamoDB::Table",
            format!(r#"{{"ResourcePolicy": {}}}"#, inside("PolicyDocument")),
            "ResourcePolicy/PolicyDocument",
            Kind::Resource,
        ),
        (
            "AWS::DynamoDB::GlobalTable",
            format!(r#"{{"Replicas": [{{"ResourcePolicy": {}}}]}}"#, inside("PolicyDocument")),
            "Replicas/0/ResourcePolicy/PolicyDocument",
            Kind::Resource,
        ),
        (
            "AWS::Kinesis::Stream",
            format!(r#"{{"ResourcePolicy": {}}}"#, inside("ResourcePolicy")),
            "ResourcePolicy/ResourcePolicy",
            Kind::Resource,
        ),
        ("AWS::EFS::FileSystem", inside("FileSystemPolicy"), "FileSystemPolicy", Kind::Resource),
        ("AWS::Backup::BackupVault", inside("AccessPolicy"), "AccessPolicy", Kind::Resource),
        (
            "AWS::CodeArtifact::Domain",
            inside("PermissionsPolicyDocument"),
            "PermissionsPolicyDocument",
            Kind::Resource,
        ),
        ("AWS::Events::EventBus", inside("Policy"), "Policy", Kind::Resource),
        ("AWS::ECR::Repository", inside("RepositoryPolicyText"), "RepositoryPolicyText", Kind::Resource),
        (
            "AWS::Logs::LogGroup",
            inside("ResourcePolicyDocument"),
            "ResourcePolicyDocument",
            Kind::LogsResource,
        ),
        (
            "AWS::Serverless::Function",
            format!(r#"{{"Policies": ["A", {POLICY}]}}"#),
            "Policies/1",
            Kind::Identity,
        ),
        ("AWS::Serverless::StateMachine", inside("Policies"), "Policies", Kind::Identity),
        (
            "AWS::Serverless::Function",
            inside("AssumeRolePolicyDocument"),
            "AssumeRolePolicyDocument",
            Kind::Trust,
        ),
        (
            "AWS::Events::EventBusPolicy",
            format!(r#"{{"EventBusName": "default", "StatementId": "s", "Statement": {statement}}}"#),
            "",
            Kind::Resource,
        ),
    ] {
        let input = document(resource, &properties);
        let pointer = format!("/Resources/X/Properties/{pointer}");
        assert_eq!(found(&input), [entry(pointer.trim_end_matches('/'), kind)], "{input}");
    }
}

#[test]
fn the_statement_of_an_event_bus_policy_keeps_its_places() {
    let input = template(
        r#"{"X": {"Type": "AWS::Events::EventBusPolicy", "Properties": {"StatementId": "s", "EventBusName": "default",
        "Statement": {"Effect": "Alow", "Principal": "*", "Action": "events:PutEvents", "Resource": "*"}}}}"#,
    );
    let document = only(&input);
    let findings = document.check(Kind::Identity);
    let wrong = findings.iter().find(|finding| finding.code == "INVALID_EFFECT").expect("it is misspelt");
    assert_eq!(document.outer(wrong.span).text(&input), Some("\"Alow\""));
    assert_eq!(wrong.pointer, "/Statement/Effect");
    assert!(
        findings.iter().all(|finding| finding.code != "MISSING_VERSION" && finding.fix.is_none()),
        "{findings:?}"
    );
}

#[test]
fn plans_with_changes_alone_are_read() {
    let text = string(POLICY);
    let input = format!(
        r#"{{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{{"root_module":{{}}}},
        "resource_changes":[{{"type":"aws_iam_policy","change":{{"after":{{"policy":{text}}}}}}}]}}"#
    );
    assert_eq!(found(&input), [entry("/resource_changes/0/change/after/policy", Kind::Identity)]);
}
