//! The forms that ARNs and other members of a delivery must have: of one service, of one type of resource, and
//! concrete. Whether the resource exists is not known here.

use bailiwick_environment::arn::{field, is_account, is_region};

/// ARNs as documentation writes them: `arn:aws:sqs:REGION:ACCOUNT:NAME`. `aws` stands for any partition, and the
/// last word for what names the resource (see [`ends`]); `ANY` stands for every resource that a service has.
pub(crate) type Forms = &'static [&'static str];

pub(crate) const ROLE: Forms = &["arn:aws:iam::ACCOUNT:role/PATH"];
pub(crate) const CALLER: Forms = &[
    "arn:aws:iam::ACCOUNT:role/PATH",
    "arn:aws:iam::ACCOUNT:user/PATH",
    "arn:aws:sts::ACCOUNT:assumed-role/PATH",
    "arn:aws:iam::ACCOUNT:root",
];
pub(crate) const KEY: Forms =
    &["arn:aws:kms:REGION:ACCOUNT:key/NAME", "arn:aws:kms:REGION:ACCOUNT:alias/PATH"];
pub(crate) const STREAM: Forms =
    &["arn:aws:kinesis:REGION:ACCOUNT:stream/NAME", "arn:aws:firehose:REGION:ACCOUNT:deliverystream/NAME"];

/// A name for every resource that can generate logs or be a target.
pub(crate) const ANY: &str = "arn:aws:SERVICE:REGION:ACCOUNT:ANY";

/// Whether an ARN is concrete and has one of these forms.
pub(crate) fn fits(arn: &str, forms: Forms) -> bool {
    is_concrete(arn) && forms.iter().any(|form| fits_one(arn, form))
}

/// Whether a text can name one thing: no wildcard, no blank, nothing that is no character to see.
pub(crate) fn is_concrete(text: &str) -> bool {
    let bare = text.strip_suffix(":*").filter(|group| group.contains(":log-group:")).unwrap_or(text);
    !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'*' | b'?'))
}

fn fits_one(arn: &str, form: &str) -> bool {
    let partition = field(arn, 1);
    let is_partition = partition == "aws"
        || partition.strip_prefix("aws-").is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        });
    if !arn.starts_with("arn:") || !is_partition {
        return false;
    }
    let (region, account) = (field(arn, 3), field(arn, 4));
    if form == ANY {
        // CloudWatch Logs generates no logs of its own, and some services leave Region or account out.
        let service = field(arn, 2);
        return service
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !matches!(service, "" | "logs")
            && (region.is_empty() || is_region(region))
            && (account.is_empty() || is_account(account))
            && is_path(field(arn, 5).trim_start_matches('/'));
    }
    let part = |place, is: fn(&str) -> bool| match field(form, place) {
        "" => field(arn, place).is_empty(),
        _ => is(field(arn, place)),
    };
    field(form, 2) == field(arn, 2)
        && part(3, is_region)
        && part(4, is_account)
        && ends(field(arn, 5), field(form, 5))
}

/// Whether a resource is what a form ends with: letters that stay, then a word for what names the resource.
fn ends(resource: &str, form: &str) -> bool {
    let is = |word: &str, name: fn(&str) -> bool| {
        form.strip_suffix(word).and_then(|fixed| resource.strip_prefix(fixed)).is_some_and(name)
    };
    resource == form
        || is("BUCKET", is_name)
        || is("BUCKET[/PREFIX]", |path| is_name(path.split_once('/').map_or(path, |(bucket, _)| bucket)))
        || is("NAME", is_name)
        || is("GROUP", |group| is_group(group.strip_suffix(":*").unwrap_or(group)))
        || is("FUNCTION[:ALIAS]", |function| match function.split_once(':') {
            Some((name, alias)) => is_name(name) && is_name(alias.trim_start_matches('$')),
            None => is_name(function),
        })
        || is("PATH", is_path)
}

/// One name: no separator within.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

fn is_group(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/' | b'#');
    !text.is_empty() && text.bytes().all(is_part)
}

/// Names with separators between them, none of them empty.
fn is_path(text: &str) -> bool {
    text.split('/').all(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{ANY, Forms, fits};

    const ZONE: Forms = &["arn:aws:route53:::hostedzone/NAME"];
    const GROUP: Forms = &["arn:aws:logs:REGION:ACCOUNT:log-group:GROUP"];

    #[test]
    fn an_arn_of_another_resource_does_not_fit() {
        assert!(fits("arn:aws:route53:::hostedzone/Z1D633PJN98FT9", ZONE));
        assert!(fits("arn:aws-cn:route53:::hostedzone/Z1", ZONE));
        for other in [
            "arn:aws:s3:::hostedzone/Z1",
            "arn:aws:route53:::healthcheck/Z1",
            "arn:aws:route53:::hostedzone/",
            "arn:aws:route53:::hostedzone/*",
            "arn:aws:route53:::hostedzone/Z1/x",
            "arn:aws:route53:::hostedzone/Z1\n",
            "arn:aws:route53:::hostedzone/\u{1b}[1mZ1",
            "arn:aws:route53:us-east-1::hostedzone/Z1",
            "arn:aws:route53::111122223333:hostedzone/Z1",
            "arn:azure:route53:::hostedzone/Z1",
            "arn:aws-:route53:::hostedzone/Z1",
            "hostedzone/Z1",
            "",
        ] {
            assert!(!fits(other, ZONE), "{other:?}");
        }
    }

    #[test]
    fn region_and_account_have_their_own_forms() {
        for group in ["app", "/aws/route53/example.com", "app:*"] {
            assert!(
                fits(&format!("arn:aws:logs:us-east-1:111122223333:log-group:{group}"), GROUP),
                "{group}"
            );
        }
        for other in [
            "arn:aws:logs:us-east-1:12:log-group:app",
            "arn:aws:logs:us-bad-9:111122223333:log-group:app",
            "arn:aws:logs:us-east-1:111122223333:log-group:app:log-stream:s",
            "arn:aws:logs:us-east-1:111122223333:log-group:*",
            "arn:aws:logs:us-east-1:111122223333:log-group:app:*:*",
            "arn:aws:logs:us-east-1:111122223333:log-group:",
            "arn:aws:logs::111122223333:log-group:app",
        ] {
            assert!(!fits(other, GROUP), "{other}");
        }
    }

    #[test]
    fn what_has_an_alias_or_a_prefix_may_have_it() {
        let function: Forms = &["arn:aws:lambda:REGION:ACCOUNT:function:FUNCTION[:ALIAS]"];
        assert!(fits("arn:aws:lambda:us-east-1:111122223333:function:f", function));
        assert!(fits("arn:aws:lambda:us-east-1:111122223333:function:f:$LATEST", function));
        assert!(!fits("arn:aws:lambda:us-east-1:111122223333:function:f:", function));
        let bucket: Forms = &["arn:aws:s3:::BUCKET[/PREFIX]"];
        assert!(fits("arn:aws:s3:::b", bucket) && fits("arn:aws:s3:::b/a/b/", bucket));
        assert!(!fits("arn:aws:s3:::", bucket) && !fits("arn:aws:s3:::/a", bucket));
    }

    #[test]
    fn any_resource_is_still_one_resource() {
        assert!(fits("arn:aws:cloudfront::111122223333:distribution/E", &[ANY]));
        assert!(fits("arn:aws:apigateway:us-east-1::/restapis/a/stages/prod", &[ANY]));
        for other in [
            "arn:aws:states:us-east-1:12:stateMachine:m",
            "arn:aws:states:nowhere:111122223333:stateMachine:m",
            "arn:aws:states:us-east-1:111122223333:stateMachine:*",
            "arn:aws:logs:us-east-1:111122223333:log-group:g",
            "arn:aws:states:us-east-1:111122223333:x/",
        ] {
            assert!(!fits(other, &[ANY]), "{other}");
        }
    }
}
