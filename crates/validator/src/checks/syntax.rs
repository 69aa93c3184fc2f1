//! What the parser finds: the same mistakes as findings, with the spelling of known words as fixes.

use bailiwick_source::{Error as Mistake, Span, json};

use crate::Origin::{Aws, Own};
use crate::Severity::Error;
use crate::check::{checks, statements};
use crate::findings::Findings;
use crate::view::Policy;
use crate::{Example, Finding, Kind, Kinds};

/// A whole document as example.
macro_rules! documents {
    ($found:literal, $clean:literal) => {
        Example { kind: Kind::Identity, found: $found, clean: $clean }
    };
}

const CLEAN: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;

checks! {
    JSON_SYNTAX_ERROR {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-27, G-1",
        reason: "the text is not JSON",
        explanation: "A policy is one JSON object. Parsing continues after an error that can be corrected, \
            so that one run reports all errors.",
        example: Example {
            kind: Kind::Identity,
            found: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*",}]}"#,
            clean: CLEAN,
        },
    }
    JSON_SIZE_EXCEEDS_LIMIT {
        severity: Error, kinds: Kinds::ALL, origin: Own, rule: "limits of the parser",
        reason: "the text is longer than 16 MiB",
        explanation: "No policy that AWS stores is close to it. The limit bounds the work on hostile input.",
        example: UNSHOWN,
    }
    JSON_DEPTH_EXCEEDS_LIMIT {
        severity: Error, kinds: Kinds::ALL, origin: Own, rule: "limits of the parser",
        reason: "lists and objects are nested more than 64 deep",
        explanation: "A policy needs seven levels. The limit bounds the work on hostile input.",
        example: UNSHOWN,
    }
    JSON_NODES_EXCEED_LIMIT {
        severity: Error, kinds: Kinds::ALL, origin: Own, rule: "limits of the parser",
        reason: "the text holds more than a million values",
        explanation: "No policy that AWS stores is close to it. The limit bounds the work on hostile input.",
        example: UNSHOWN,
    }
    JSON_ITEMS_EXCEED_LIMIT {
        severity: Error, kinds: Kinds::ALL, origin: Own, rule: "limits of the parser",
        reason: "a list or object holds more than 200,000 values",
        explanation: "No policy that AWS stores is close to it. The limit bounds the work on hostile input.",
        example: UNSHOWN,
    }
    JSON_STRING_EXCEEDS_LIMIT {
        severity: Error, kinds: Kinds::ALL, origin: Own, rule: "limits of the parser",
        reason: "a string is longer than 4 MiB",
        explanation: "No policy that AWS stores is close to it. The limit bounds the work on hostile input.",
        example: UNSHOWN,
    }
    STATEMENTS_EXCEED_LIMIT {
        severity: Error, kinds: Kinds::ALL, origin: Own, rule: "limits of the parser",
        reason: "the policy has more than 100,000 statements",
        explanation: "No policy that AWS stores is close to it. The limit bounds the work on hostile input.",
        example: UNSHOWN,
    }
    ERRORS_EXCEED_LIMIT {
        severity: Error, kinds: Kinds::ALL, origin: Own, rule: "limits of the parser",
        reason: "there are more errors than are listed",
        explanation: "A thousand structural errors are listed; fix these and run again.",
        example: UNSHOWN,
    }
    DATA_TYPE_MISMATCH {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-3, G-32",
        reason: "an element has the wrong JSON type",
        explanation: "`Version`, `Id`, `Sid` and `Effect` are strings; `Statement` is an object or a list of \
            objects; actions, resources and principals are strings or lists of strings; condition values are \
            strings, numbers, booleans or lists of them. `null` is never a value.",
        example: documents!(
            r#"{"Version":20121017,"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#
        ),
    }
    INVALID_POLICY_ELEMENT {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-18, G-1, G-12",
        reason: "an element that the policy language does not have",
        explanation: "A document has `Version`, `Id` and `Statement`; a statement has `Sid`, `Effect`, \
            `Principal`, `NotPrincipal`, `Action`, `NotAction`, `Resource`, `NotResource` and `Condition`, \
            spelled exactly so.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","action":"s3:PutObject","Action":"s3:GetObject","Resource":"*""#,
            r#""Effect":"Allow","Action":["s3:PutObject","s3:GetObject"],"Resource":"*""#,
        ),
    }
    DUPLICATE_ELEMENT {
        severity: Error, kinds: Kinds::ALL, origin: Own, rule: "G-3, G-4",
        reason: "an element is repeated in one object",
        explanation: "Most JSON parsers silently keep one of the two, and not all the same one. AWS refuses \
            new documents with repeated elements.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Action":"s3:PutObject","Resource":"*""#,
            r#""Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*""#,
        ),
    }
    MISSING_STATEMENT {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-35, G-2",
        reason: "the document has no `Statement`",
        explanation: "`Statement` is the only element that every policy needs.",
        example: documents!(
            r#"{"Version":"2012-10-17"}"#,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#
        ),
    }
    INVALID_VERSION {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-26, G-6",
        reason: "`Version` is not a version of the policy language",
        explanation: "`Version` names the policy language, not the document: `2012-10-17`, or `2008-10-17` \
            for a policy without variables.",
        example: documents!(
            r#"{"Version":"2012-10-16","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#
        ),
    }
    MISSING_EFFECT {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-31, G-11",
        reason: "a statement has no `Effect`",
        explanation: "Every statement says `Allow` or `Deny`; neither is the default.",
        example: statements!(
            Identity,
            r#""Action":"s3:GetObject","Resource":"*""#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*""#,
        ),
    }
    INVALID_EFFECT {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-15, G-11",
        reason: "`Effect` is neither `Allow` nor `Deny`",
        explanation: "The two words are spelled with a capital letter.",
        example: statements!(
            Identity,
            r#""Effect":"allow","Action":"s3:GetObject","Resource":"*""#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*""#,
        ),
    }
    MISSING_ACTION {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-28, G-13",
        reason: "a statement has neither `Action` nor `NotAction`",
        explanation: "Every statement has exactly one of the two.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Resource":"*""#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*""#,
        ),
    }
    UNSUPPORTED_ELEMENT_COMBINATION {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-41, G-13",
        reason: "an element is combined with its `Not…` counterpart",
        explanation: "A statement has `Action` or `NotAction`, `Resource` or `NotResource`, `Principal` or \
            `NotPrincipal`, never both of a pair. Split the statement in two, or remove one element.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:Get*","NotAction":"s3:Put*","Resource":"*""#,
            r#""Effect":"Allow","Action":"s3:Get*","Resource":"*""#,
        ),
    }
    INVALID_PRINCIPAL_FORMAT {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-19, G-16",
        reason: "`Principal` is neither `\"*\"` nor an object",
        explanation: "A principal is `\"*\"`, or an object whose member gives the type of the principal: \
            `{\"AWS\": …}`, `{\"Service\": …}`, `{\"Federated\": …}`, `{\"CanonicalUser\": …}`.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Principal":"arn:aws:iam::111122223333:root","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
    INVALID_PRINCIPAL_KEY {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-20, G-16",
        reason: "a member of `Principal` is not a principal type",
        explanation: "The members are `AWS`, `CanonicalUser`, `Federated` and `Service`, spelled exactly so.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Principal":{"Aws":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
    DUPLICATE_PRINCIPAL_KEY {
        severity: Error, kinds: Kinds::ALL, origin: Own, rule: "G-3",
        reason: "a member of `Principal` is repeated",
        explanation: "Write one member with a list.",
        example: statements!(
            Resource,
            r#""Effect":"Allow","Principal":{"AWS":"111122223333","AWS":"444455556666"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
            r#""Effect":"Allow","Principal":{"AWS":["111122223333","444455556666"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    }
    INVALID_CONDITION_OPERATOR {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-14, G-29",
        reason: "a condition operator that the policy language does not have",
        explanation: "An operator is a comparison (`StringEquals`, `ArnLike`, `NumericLessThan`, …), with \
            the prefix `ForAllValues:` or `ForAnyValue:` for multivalued keys and the suffix `IfExists` \
            where an absent key is to match, spelled exactly so.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEqualsIfExist":{"aws:username":"x"}}"#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:username":"x"}}"#,
        ),
    }
    NULL_WITH_IF_EXISTS {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-36, C-26",
        reason: "`NullIfExists` is not an operator",
        explanation: "`Null` tests whether a key is absent, so `IfExists` has no meaning with it.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NullIfExists":{"aws:username":"true"}}"#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{"aws:username":"true"}}"#,
        ),
    }
    DUPLICATE_CONDITION_OPERATOR {
        severity: Error, kinds: Kinds::ALL, origin: Own, rule: "G-3",
        reason: "a condition operator is repeated in one condition",
        explanation: "Write the operator once, with all its keys.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:username":"x"},"StringEquals":{"aws:RequestedRegion":"us-east-1"}}"#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:username":"x","aws:RequestedRegion":"us-east-1"}}"#,
        ),
    }
    DUPLICATE_CONDITION_KEY {
        severity: Error, kinds: Kinds::ALL, origin: Own, rule: "G-3",
        reason: "a condition key is repeated under one operator",
        explanation: "Write the key once, with a list: a list means any of its values.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:username":"x","aws:username":"y"}}"#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:username":["x","y"]}}"#,
        ),
    }
    DUPLICATE_KEYS_WITH_DIFFERENT_CASE {
        severity: Error, kinds: Kinds::ALL, origin: Aws, rule: "V-4, G-34",
        reason: "two condition keys under one operator differ in letter case only",
        explanation: "Condition keys are not case-sensitive, so this is one key given twice.",
        example: statements!(
            Identity,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/a":"1","AWS:PrincipalTag/a":"2"}}"#,
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/a":["1","2"]}}"#,
        ),
    }
}

/// A document that exceeds a limit would fill more than a page; the parser's own tests have them.
const UNSHOWN: Example = Example { kind: Kind::Identity, found: "", clean: "" };

pub(crate) fn run(policy: &Policy<'_>, findings: &mut Findings) {
    for mistake in policy.errors {
        // The kinds of mistakes that depend on the kind of policy are the checks' own.
        let Some(check) = ALL.iter().find(|check| check.code == mistake.code.as_str()) else { continue };
        let mut finding = Finding::new(check, mistake.span, mistake.message.clone());
        finding.help.clone_from(&mistake.help);
        finding.related = mistake.related;
        if let Some(word) = meant(mistake).filter(|word| is_free(policy, mistake.span, word)) {
            finding = finding.fix(mistake.span, format!("\"{word}\""));
        }
        findings.push(finding);
    }
}

/// The known word that a misspelt one was meant to be, which the parser names in its help.
fn meant(mistake: &Mistake) -> Option<&str> {
    let spelling = matches!(
        mistake.code,
        bailiwick_parser::codes::INVALID_POLICY_ELEMENT
            | bailiwick_parser::codes::INVALID_PRINCIPAL_KEY
            | bailiwick_parser::codes::INVALID_CONDITION_OPERATOR
            | bailiwick_parser::codes::NULL_WITH_IF_EXISTS
            | bailiwick_parser::codes::INVALID_EFFECT
    );
    mistake.help.as_deref().filter(|_| spelling)?.strip_prefix("did you mean `")?.strip_suffix("`?")
}

/// Whether the object of a name has no other member of that name, nor of its `Not…` counterpart.
fn is_free(policy: &Policy<'_>, name: Span, word: &str) -> bool {
    let Some(json) = policy.json else { return false };
    let twin = word.strip_prefix("Not").map_or_else(|| format!("Not{word}"), str::to_owned);
    let taken = |object: json::Value<'_, '_>| object.member(word).is_some() || object.member(&twin).is_some();
    let mut value = json.root();
    'inner: loop {
        if value.members().any(|(member, _)| member.span == name) {
            return !taken(value);
        }
        let members = value.members().map(|(_, member)| member);
        for inside in members.chain(value.items()) {
            if inside.span().contains(name) {
                value = inside;
                continue 'inner;
            }
        }
        // A value, not a member's name: `Effect`.
        return true;
    }
}
