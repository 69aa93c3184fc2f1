//! The combination over all combinations of per-kind results.

use super::{Caller, Decision, Grant, KindSet, Outcome, Outcomes, Situation, combine};
use bailiwick_normalizer::PolicyKind;

const OUTCOMES: [Outcome; 4] = [Outcome::NotApplicable, Outcome::Silent, Outcome::Allows, Outcome::Denies];
const GRANTS: [Grant; 6] = [
    Grant::Account,
    Grant::FederatedUserIssuer,
    Grant::Role,
    Grant::Everyone,
    Grant::Principal,
    Grant::Session,
];
const CALLERS: [Caller; 4] =
    [Caller::Root, Caller::UserOrRole, Caller::FederatedUser, Caller::WithoutIdentity];

fn situations() -> impl Iterator<Item = Situation> {
    CALLERS.into_iter().flat_map(|caller| {
        [false, true].into_iter().flat_map(move |same_account| {
            [false, true].into_iter().map(move |resource_policy_required| Situation {
                caller,
                same_account,
                resource_policy_required,
            })
        })
    })
}

/// Every combination of results that an evaluation can come to: a grant goes with an allowing resource policy.
fn outcomes() -> impl Iterator<Item = Outcomes> {
    (0..4_usize.pow(7)).flat_map(|number| {
        let of = |place: u32| OUTCOMES[number / 4_usize.pow(place) % 4];
        let base = Outcomes {
            identity: of(0),
            resource: of(1),
            grant: None,
            permissions_boundary: of(2),
            session: of(3),
            service_control: of(4),
            resource_control: of(5),
            vpc_endpoint: of(6),
        };
        let grants: Vec<Option<Grant>> =
            if base.resource == Outcome::Allows { GRANTS.map(Some).to_vec() } else { vec![None] };
        grants.into_iter().map(move |grant| Outcomes { grant, ..base })
    })
}

/// Who must allow, written down anew from section 4 of the rules as one condition.
fn is_allowed(situation: Situation, o: &Outcomes) -> bool {
    use Outcome::{Allows, Denies, NotApplicable, Silent};
    let passes = |outcome| matches!(outcome, Allows | NotApplicable);
    let nobody_denies = PolicyKind::ALL.iter().all(|kind| o.of(*kind) != Denies);
    let organization = passes(o.service_control) && passes(o.resource_control) && passes(o.vpc_endpoint);
    let session = match situation.caller {
        Caller::FederatedUser => o.session == Allows,
        _ => o.session != Silent,
    };
    let limits = passes(o.permissions_boundary) && session;
    let identity = o.identity == Allows;
    let resource = o.resource == Allows;
    let account = match (situation.caller, situation.same_account) {
        (Caller::WithoutIdentity, _) => resource,
        (Caller::Root, false) => resource && limits,
        (Caller::Root, true) => limits && (resource || !situation.resource_policy_required),
        (_, false) => resource && identity && limits,
        (_, true) => match o.grant {
            Some(Grant::Everyone | Grant::Principal | Grant::Session) => true,
            Some(Grant::Role | Grant::FederatedUserIssuer) => limits,
            Some(Grant::Account) => identity && limits,
            None => identity && limits && !situation.resource_policy_required,
        },
    };
    nobody_denies && organization && account
}

#[test]
fn every_combination_comes_out_as_the_rules_say() {
    for situation in situations() {
        for outcomes in outcomes() {
            let verdict = combine(situation, &outcomes);
            let denied = PolicyKind::ALL.iter().any(|kind| outcomes.of(*kind) == Outcome::Denies);
            let expected = match (denied, is_allowed(situation, &outcomes)) {
                (true, _) => Decision::ExplicitDeny,
                (false, true) => Decision::Allowed,
                (false, false) => Decision::ImplicitDeny,
            };
            assert_eq!(verdict.decision, expected, "{situation:?} {outcomes:?}");
            assert_eq!(
                verdict.blocked_by.is_empty(),
                verdict.decision.is_allowed(),
                "{situation:?} {outcomes:?}"
            );
        }
    }
}

#[test]
fn a_kind_that_begins_to_allow_never_takes_away() {
    for situation in situations() {
        for outcomes in outcomes().filter(|outcomes| combine(situation, outcomes).decision.is_allowed()) {
            let allows =
                |outcome: Outcome| if outcome == Outcome::Silent { Outcome::Allows } else { outcome };
            let more = Outcomes {
                identity: allows(outcomes.identity),
                permissions_boundary: allows(outcomes.permissions_boundary),
                session: allows(outcomes.session),
                service_control: allows(outcomes.service_control),
                resource_control: allows(outcomes.resource_control),
                vpc_endpoint: allows(outcomes.vpc_endpoint),
                ..outcomes
            };
            assert!(combine(situation, &more).decision.is_allowed(), "{situation:?} {outcomes:?}");
        }
    }
}

#[test]
fn each_kind_named_as_blocking_blocks_on_its_own() {
    for situation in situations() {
        for outcomes in outcomes() {
            let verdict = combine(situation, &outcomes);
            for kind in verdict.blocked_by.iter() {
                // With every other kind allowing as strongly as can be, this one still stands in the way.
                let mut best = Outcomes {
                    identity: Outcome::Allows,
                    permissions_boundary: Outcome::Allows,
                    session: Outcome::Allows,
                    service_control: Outcome::Allows,
                    resource_control: Outcome::Allows,
                    vpc_endpoint: Outcome::Allows,
                    resource: outcomes.resource,
                    grant: outcomes.grant,
                };
                if outcomes.resource == Outcome::Denies && kind != PolicyKind::Resource {
                    best.resource = Outcome::Silent;
                }
                match kind {
                    PolicyKind::Identity => best.identity = outcomes.identity,
                    PolicyKind::Resource => {}
                    PolicyKind::PermissionsBoundary => {
                        best.permissions_boundary = outcomes.permissions_boundary;
                    }
                    PolicyKind::Session => best.session = outcomes.session,
                    PolicyKind::ServiceControl => best.service_control = outcomes.service_control,
                    PolicyKind::ResourceControl => best.resource_control = outcomes.resource_control,
                    PolicyKind::VpcEndpoint => best.vpc_endpoint = outcomes.vpc_endpoint,
                }
                assert!(
                    !combine(situation, &best).decision.is_allowed(),
                    "{kind} {situation:?} {outcomes:?}"
                );
            }
        }
    }
}

/// Table E-13: one account, the resource policy allows, and one other kind at a time is silent.
#[test]
fn what_a_resource_policy_s_allow_makes_up_for_depends_on_how_it_names_the_caller() {
    let silent = |caller, grant, kind: PolicyKind| {
        let mut outcomes = Outcomes {
            identity: Outcome::Allows,
            resource: Outcome::Allows,
            grant: Some(grant),
            ..Outcomes::default()
        };
        if caller == Caller::FederatedUser {
            outcomes.session = Outcome::Allows;
        }
        match kind {
            PolicyKind::Identity => outcomes.identity = Outcome::Silent,
            PolicyKind::PermissionsBoundary => outcomes.permissions_boundary = Outcome::Silent,
            _ => outcomes.session = Outcome::Silent,
        }
        let situation = Situation { caller, same_account: true, resource_policy_required: false };
        combine(situation, &outcomes).decision.is_allowed()
    };
    let row = |caller, grant| {
        [PolicyKind::Identity, PolicyKind::PermissionsBoundary, PolicyKind::Session]
            .map(|kind| silent(caller, grant, kind))
    };
    let (user, federated) = (Caller::UserOrRole, Caller::FederatedUser);
    assert_eq!(row(user, Grant::Principal), [true, true, true], "a user by its ARN");
    assert_eq!(row(user, Grant::Account), [false, false, false], "anybody by the account");
    assert_eq!(row(user, Grant::Everyone), [true, true, true], "anybody by *");
    assert_eq!(row(user, Grant::Role), [true, false, false], "a session by its role's ARN");
    assert_eq!(row(user, Grant::Session), [true, true, true], "a session by its own ARN");
    assert_eq!(row(federated, Grant::Session), [true, true, true], "a federated user by its own ARN");
    assert_eq!(
        row(federated, Grant::FederatedUserIssuer),
        [true, false, false],
        "a federated user by its issuer"
    );
    assert_eq!(row(federated, Grant::Account), [false, false, false], "a federated user by the account");
}

#[test]
fn a_set_of_kinds_lists_what_was_put_in_in_order() {
    let mut set = KindSet::default();
    assert!(set.is_empty());
    set.insert(PolicyKind::VpcEndpoint);
    set.insert(PolicyKind::Resource);
    assert_eq!(set.iter().collect::<Vec<_>>(), [PolicyKind::Resource, PolicyKind::VpcEndpoint]);
}
