//! A product of your own that uses the language of IAM policies: its own partition, service, actions and
//! condition keys.
//!
//! `cargo run -p bailiwick --example own_service` decides who may see an album of a photo service. Nothing
//! but AWS's own services has rules of its own, so `photos:View` is decided by the general rules: an explicit
//! Deny wins, within one account an Allow of the user's or of the album's policy suffices, and across
//! accounts both must allow.

use std::error::Error;

use bailiwick::{Attached, CompiledPolicy, Decision, Policies, PolicyKind, Principal, Request, compile};

/// Tenants are accounts: twelve digits, as in every ARN of the language.
const TENANT: &str = "100000000001";
const OTHER_TENANT: &str = "100000000002";

fn main() -> Result<(), Box<dyn Error>> {
    let members = compile(
        r#"{"Version": "2012-10-17", "Statement": [
            {"Sid": "OwnAlbums", "Effect": "Allow", "Action": ["photos:View", "photos:Add*"],
             "Resource": "arn:acme:photos::100000000001:album/*"},
            {"Sid": "NoExport", "Effect": "Deny", "Action": "photos:Export", "Resource": "*",
             "Condition": {"StringNotEquals": {"photos:Plan": "business"}}}]}"#,
        PolicyKind::Identity,
    )?;
    let shared = compile(
        r#"{"Version": "2012-10-17", "Statement": [{"Sid": "Friends", "Effect": "Allow",
            "Principal": {"AWS": "arn:acme:iam::100000000002:user/bob"}, "Action": "photos:View",
            "Resource": "arn:acme:photos::100000000001:album/7",
            "Condition": {"NumericLessThanEquals": {"photos:Size": "2048"}}}]}"#,
        PolicyKind::Resource,
    )?;
    let viewer = compile(
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "photos:View",
            "Resource": "*"}]}"#,
        PolicyKind::Identity,
    )?;

    let album = format!("arn:acme:photos::{TENANT}:album/7");
    let amy: Principal<'_> = format!("arn:acme:iam::{TENANT}:user/amy").parse()?;
    let bob: Principal<'_> = format!("arn:acme:iam::{OTHER_TENANT}:user/bob").parse()?;
    let decide = |identity: &CompiledPolicy, request: &Request<'_>| {
        let policies = Policies {
            identity: Attached::List(&[identity]),
            resource: Attached::List(&[&shared]),
            ..Policies::default()
        };
        policies.decide(request)
    };

    // A member of the tenant adds to the tenant's album; the service's own key decides about an export.
    assert_eq!(decide(&members, &Request::new(&amy, "photos:AddPhoto", &album)), Decision::Allowed);
    let export = Request::new(&amy, "photos:Export", &album).with("photos:Plan", "free");
    assert_eq!(decide(&members, &export), Decision::ExplicitDeny);

    // A friend from another tenant sees it in a small size, and no other album.
    let small = Request::new(&bob, "photos:View", &album).with("photos:Size", "1024");
    let large = Request::new(&bob, "photos:View", &album).with("photos:Size", "4096");
    assert_eq!(decide(&viewer, &small), Decision::Allowed);
    assert_eq!(decide(&viewer, &large), Decision::ImplicitDeny);
    let another = format!("arn:acme:photos::{TENANT}:album/8");
    let small = Request::new(&bob, "photos:View", &another).with("photos:Size", "1024");
    assert_eq!(decide(&viewer, &small), Decision::ImplicitDeny);

    println!("every request was decided as expected");
    Ok(())
}
