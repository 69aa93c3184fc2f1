//! Policy variables: whether they are well-formed, and used where they work.

use bailiwick_matcher::{Segment, TemplateOptions, VariableMistake, segments};
use bailiwick_parser::syntax::{Family, PrincipalValue, Statement};
use bailiwick_source::Text;

use crate::Origin::{Aws, Own};
use crate::Severity::{Error, Warning};
use crate::check::{checks, statements};
use crate::findings::Findings;
use crate::tables;
use crate::view::{Policy, conditions, inside, members};
use crate::{Check, Example, Finding, Kind, Kinds};

checks! {
    VARIABLE_UNSUPPORTED_IN_VERSION {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-52, G-7",
        reason: "a policy variable is used in a document of the older version",
        explanation: "Under `2008-10-17`, and without `Version`, `${…}` is literal text: the statement \
            matches something unintended, or nothing.",
        example: Example {
            kind: Kind::Identity,
            found: r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}]}"#,
            clean: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}]}"#,
        },
    }
    VARIABLE_UNSUPPORTED_IN_ELEMENT {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-51, M-44",
        reason: "a policy variable is used where none is supported",
        explanation: "Variables work in `Resource` and `NotResource` (after the fifth colon of the ARN) and \
            in condition values of string and ARN operators, nowhere else.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/${aws:username}"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*""#,
        ),
    }
    INVALID_VARIABLE_FOR_OPERATOR {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-25, M-44, D-63",
        reason: "a policy variable is used with an operator that does not support it",
        explanation: "Variables are replaced for the string and ARN operators only; for others `${…}` is \
            text, not a number, date, boolean or address.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{"NumericEquals":{"s3:max-keys":"${aws:username}"}}"#,
            r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{"StringEquals":{"s3:prefix":"${aws:username}"}}"#,
        ),
    }
    MISSING_BRACE_IN_VARIABLE {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-47, M-53",
        reason: "a policy variable has no closing brace",
        explanation: "A variable is `${key}` or `${key, 'default'}`. To write the two characters `${`, write \
            `${$}{`.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username/*""#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*""#,
        ),
    }
    MISSING_QUOTE_IN_VARIABLE {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-48, M-50",
        reason: "the default text of a policy variable lacks a quote",
        explanation: "The default follows a comma and one space, in single quotes: `${aws:PrincipalTag/team, \
            'company-wide'}`.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b-${aws:PrincipalTag/team, 'x}/*""#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b-${aws:PrincipalTag/team, 'x'}/*""#,
        ),
    }
    UNSUPPORTED_SPACE_IN_VARIABLE {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-49, M-53",
        reason: "the name of a policy variable has white space",
        explanation: "Names have no white space; the only blank in a variable is between the comma and the \
            default text.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${ aws:username}/*""#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*""#,
        ),
    }
    EMPTY_VARIABLE {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-50, M-53",
        reason: "a policy variable has no name",
        explanation: "`${}` names nothing. To write the two characters `${`, write `${$}{`.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${}/*""#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*""#,
        ),
    }
    VARIABLE_NEVER_RESOLVES {
        severity: Warning, kinds: Kinds::ALL, origin: Own, rule: "M-46, M-51, M-52",
        reason: "a policy variable never has a value",
        explanation: "A multivalued key has no single value, so not even its default text is used, and an \
            unknown key is always absent: a resource with the variable matches nothing, a positive condition \
            is false and a negated one true.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:TagKeys}/*""#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*""#,
        ),
    }
}

pub(super) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    for statement in policy.statements() {
        nowhere(statement, findings);
        if let Some(resource) = &statement.resource {
            for item in &resource.value.items {
                written(policy, item, findings);
            }
        }
        for (condition, key) in conditions(statement) {
            let base = condition.operator.value.base;
            for value in &key.values {
                if matches!(base.family(), Family::String | Family::Arn) {
                    written(policy, &value.text, findings);
                } else if value.text.value.contains("${") {
                    let message = format!("`{base}` does not support policy variables");
                    let finding = Finding::new(&INVALID_VARIABLE_FOR_OPERATOR, value.text.span, message);
                    findings.push(finding.help("variables work with the string and ARN operators"));
                }
            }
        }
    }
}

/// The elements without variables: `Sid`, `Principal` and `Action` with their `Not…` twins.
fn nowhere(statement: &Statement<'_>, findings: &mut Findings) {
    let bare = match statement.principal.as_ref().map(|principal| &principal.value) {
        Some(PrincipalValue::Text(text)) => Some(text),
        _ => None,
    };
    let principals = members(statement).iter().flat_map(|member| &member.values.items).chain(bare);
    let actions = statement.action.iter().flat_map(|action| &action.value.items);
    let elements = principals.map(|text| ("principals", text)).chain(actions.map(|text| ("actions", text)));
    for (element, text) in elements.chain(statement.sid.iter().map(|sid| ("`Sid`", sid))) {
        if let Some(at) = text.value.find("${") {
            let message =
                format!("{element} do not support policy variables: `${{…}}` is literal text there");
            let finding =
                Finding::new(&VARIABLE_UNSUPPORTED_IN_ELEMENT, inside(text, at, text.value.len()), message);
            findings.push(finding.help("variables work in resources and condition values"));
        }
    }
}

/// A text in which variables work.
fn written(policy: &Policy<'_>, text: &Text<'_>, findings: &mut Findings) {
    if !text.value.contains("${") {
        return;
    }
    let options = TemplateOptions { wildcards: false, variables: true };
    for (range, segment) in segments(&text.value, options) {
        let span = inside(text, range.start, range.end);
        match segment {
            Segment::Malformed(mistake) => findings.push(malformed(mistake, span)),
            Segment::Variable { .. } | Segment::Escape(_) if !policy.has_variables() => {
                let shown = text.value.get(range).unwrap_or_default();
                let message = format!("`{shown}` is literal text in this version of the policy language");
                let finding = Finding::new(&VARIABLE_UNSUPPORTED_IN_VERSION, span, message);
                findings.push(finding.help("write `\"Version\": \"2012-10-17\"`"));
            }
            Segment::Variable { name, .. } => resolvable(name, span, findings),
            _ => {}
        }
    }
}

fn malformed(mistake: VariableMistake, span: bailiwick_source::Span) -> Finding {
    let (check, message): (&Check, _) = match mistake {
        VariableMistake::Empty => (&EMPTY_VARIABLE, "`${}` names no key"),
        VariableMistake::MissingBrace => {
            (&MISSING_BRACE_IN_VARIABLE, "the policy variable has no closing brace")
        }
        VariableMistake::MissingQuote => (
            &MISSING_QUOTE_IN_VARIABLE,
            "the default text is not in single quotes after a comma and one space",
        ),
        VariableMistake::Space => {
            (&UNSUPPORTED_SPACE_IN_VARIABLE, "the name of a policy variable has no white space")
        }
    };
    Finding::new(check, span, message).help("write `${key}` or `${key, 'default'}`")
}

fn resolvable(name: &str, span: bailiwick_source::Span, findings: &mut Findings) {
    let why = match tables::of_key(name) {
        Some(key) if key.multivalued => {
            format!("`{name}` is multivalued, and a policy variable needs a single value")
        }
        None if name.split_once(':').is_none() => format!("`{name}` is not a condition key"),
        None if name.to_ascii_lowercase().starts_with("aws:") => {
            format!("the condition key `{name}` does not exist")
        }
        _ => return,
    };
    let finding = Finding::new(&VARIABLE_NEVER_RESOLVES, span, why);
    findings.push(match tables::nearest_global(name) {
        Some(meant) if tables::of_key(name).is_none() => finding.help(format!("did you mean `{meant}`?")),
        _ => finding,
    });
}
