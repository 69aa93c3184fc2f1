//! The checks, by what they look at. Each module declares its entries and reports them.

mod action;
mod address;
mod arn;
mod control;
mod delivery;
mod document;
mod key;
mod logs;
mod never;
mod oidc;
mod overlap;
mod powerful;
mod principal;
mod redundant;
mod sensitive;
mod service_principal;
mod sid;
mod syntax;
mod trust;
mod value;
mod variable;

use crate::Check;
use crate::findings::Findings;
use crate::view::Policy;

/// One subject: its entries, and the function that reports them.
struct Module {
    checks: &'static [Check],
    run: fn(&Policy<'_>, &mut Findings),
}

/// The checks of the grammar, which read what the parser reported.
const GRAMMAR: Module = Module { checks: syntax::ALL, run: syntax::run };

/// The checks of meaning, in the order in which they look at a document.
const MEANING: &[Module] = &[
    Module { checks: document::ALL, run: document::run },
    Module { checks: sid::ALL, run: sid::run },
    Module { checks: principal::ALL, run: principal::run },
    Module { checks: service_principal::ALL, run: service_principal::run },
    Module { checks: trust::ALL, run: trust::run },
    Module { checks: oidc::ALL, run: oidc::run },
    Module { checks: action::ALL, run: action::run },
    Module { checks: powerful::ALL, run: powerful::run },
    Module { checks: arn::ALL, run: arn::run },
    Module { checks: variable::ALL, run: variable::run },
    Module { checks: key::ALL, run: key::run },
    Module { checks: value::ALL, run: value::run },
    Module { checks: address::ALL, run: address::run },
    Module { checks: sensitive::ALL, run: sensitive::run },
    Module { checks: control::ALL, run: control::run },
    Module { checks: redundant::ALL, run: redundant::run },
    Module { checks: overlap::ALL, run: overlap::run },
    Module { checks: never::ALL, run: never::run },
    Module { checks: logs::ALL, run: logs::run },
    Module { checks: delivery::ALL, run: delivery::run },
];

/// Runs the checks of the grammar over one document.
pub(crate) fn grammar(policy: &Policy<'_>, findings: &mut Findings) {
    (GRAMMAR.run)(policy, findings);
}

/// Runs the checks of meaning over one document.
pub(crate) fn meaning(policy: &Policy<'_>, findings: &mut Findings) {
    for module in MEANING {
        (module.run)(policy, findings);
    }
}

/// How many entries there are.
const COUNT: usize = {
    let mut count = GRAMMAR.checks.len();
    let mut modules = MEANING;
    while let [module, rest @ ..] = modules {
        count += module.checks.len();
        modules = rest;
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
    let mut all = [GRAMMAR.checks[0]; COUNT];
    let (mut checks, mut rest) = (GRAMMAR.checks, MEANING);
    let (mut at, mut place) = (0, 0);
    while place < COUNT {
        if at < checks.len() {
            all[place] = checks[at];
            at += 1;
            place += 1;
        } else if let [module, others @ ..] = rest {
            (checks, rest, at) = (module.checks, others, 0);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_module_is_registered() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
        for entry in std::fs::read_dir(folder).expect("the folder of the checks") {
            let path = entry.expect("an entry of the folder").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            if name == "mod" {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a module of checks");
            // Each entry begins with its code, alone on a line.
            let declared = text.lines().filter_map(|line| line.strip_prefix("    ")?.strip_suffix(" {"));
            let is_code = |line: &&str| line.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
            let codes: Vec<_> = declared.filter(is_code).collect();
            assert!(!codes.is_empty(), "{name} declares no check");
            for code in codes {
                let is_registered = CHECKS.iter().any(|check| check.code == code);
                assert!(is_registered, "{code} of {name} is not in CHECKS");
            }
        }
        assert_eq!(COUNT, CHECKS.len());
    }
}
