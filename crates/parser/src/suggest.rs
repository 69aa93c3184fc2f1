//! The condition operator that an unknown one was probably meant to be.

use bailiwick_source::nearest;

use crate::syntax::{BaseOperator, Qualifier};

/// Longer names are not compared: no operator is near them.
const LONGEST: usize = 64;

/// The operator that `name` was probably meant to be: its parts in any order and case, each a little
/// misspelt.
pub(crate) fn nearest_operator(name: &str) -> Option<String> {
    if name.len() > LONGEST {
        return None;
    }
    let mut rest: String = name.to_ascii_lowercase();
    rest.retain(|character| !matches!(character, ' ' | ':' | '_' | '-'));
    let if_exists = take(&mut rest, &["ifexists", "ifexist", "ifexits", "ifpresent"]);
    let for_all = take(&mut rest, &["forallvalues", "forallvalue", "forall"]);
    let for_any = take(&mut rest, &["foranyvalues", "foranyvalue", "forany"]);
    let qualifier = match (for_all, for_any) {
        (true, true) => return None,
        (true, false) => Some(Qualifier::ForAllValues),
        (false, true) => Some(Qualifier::ForAnyValue),
        (false, false) => None,
    };
    let names: Vec<&str> = BaseOperator::ALL.iter().map(|base| base.as_str()).collect();
    let base = nearest(&rest, &names)?;
    let prefix = qualifier.map_or(String::new(), |qualifier| format!("{qualifier}:"));
    let suffix = if if_exists && base != BaseOperator::Null.as_str() { "IfExists" } else { "" };
    Some(format!("{prefix}{base}{suffix}"))
}

/// Removes the first of the spellings that occurs, and says whether one did.
fn take(text: &mut String, spellings: &[&str]) -> bool {
    for spelling in spellings {
        if let Some(at) = text.find(spelling) {
            text.replace_range(at..at + spelling.len(), "");
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_recognised_in_spite_of_case_order_and_slips() {
        for (name, meant) in [
            ("stringequals", "StringEquals"),
            ("StringEqual", "StringEquals"),
            ("StringEqualsIfExist", "StringEqualsIfExists"),
            ("IfExistsStringEquals", "StringEqualsIfExists"),
            ("StringLike:ForAnyValue", "ForAnyValue:StringLike"),
            ("ForAllValue:stringlike", "ForAllValues:StringLike"),
            ("ForAnyValueStringEquals", "ForAnyValue:StringEquals"),
            ("foranyvalues:StringNotLikeIfExists", "ForAnyValue:StringNotLikeIfExists"),
            ("IpAdress", "IpAddress"),
            ("nullIfExists", "Null"),
            ("ArnNotEqual", "ArnNotEquals"),
            ("NumericGreaterThanEqual", "NumericGreaterThanEquals"),
        ] {
            assert_eq!(nearest_operator(name).as_deref(), Some(meant), "{name}");
        }
        for name in ["", "IfExists", "ForAnyValue:", "ForAllValues:ForAnyValue:StringEquals", "Contains"] {
            assert_eq!(nearest_operator(name), None, "{name}");
        }
    }
}
