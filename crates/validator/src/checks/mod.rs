//! The checks, by what they look at. Each module declares its entries and reports them.

use crate::Check;
use crate::findings::Findings;
use crate::view::Policy;

macro_rules! modules {
    ($($module:ident),+ $(,)?) => {
        $(mod $module;)+

        /// The entries of all modules.
        const GROUPS: &[&[Check]] = &[syntax::ALL, $($module::ALL),+];

        /// Runs the checks of meaning over one document.
        pub(crate) fn meaning(policy: &Policy<'_>, findings: &mut Findings) {
            $($module::run(policy, findings);)+
        }
    };
}

mod syntax;

pub(crate) use self::syntax::run as grammar;

modules! {
    document,
    sid,
    principal,
    service_principal,
    trust,
    oidc,
    action,
    powerful,
    arn,
    variable,
    key,
    value,
    address,
    sensitive,
    control,
    redundant,
    overlap,
    never,
    logs,
    delivery,
}

/// How many entries there are.
const COUNT: usize = {
    let mut groups = GROUPS;
    let mut count = 0;
    while let [group, rest @ ..] = groups {
        count += group.len();
        groups = rest;
    }
    count
};

/// One entry per code, in the order in which their modules look at a document.
pub static CHECKS: &[Check] = &flatten();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated at compile time, where a wrong index is a compile error"
)]
const fn flatten() -> [Check; COUNT] {
    let mut all = [GROUPS[0][0]; COUNT];
    let (mut group, mut at, mut place) = (0, 0, 0);
    while group < GROUPS.len() {
        if at < GROUPS[group].len() {
            all[place] = GROUPS[group][at];
            at += 1;
            place += 1;
        } else {
            group += 1;
            at = 0;
        }
    }
    all
}
