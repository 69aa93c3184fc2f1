//! Services: prefixes, actions and ARN formats.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::keys::Key;

/// What is known of one service.
#[derive(Debug, Default)]
pub(crate) struct Service {
    pub(crate) prefix: &'static str,
    pub(crate) formats: Vec<ArnFormat>,
    pub(crate) keys: Vec<Key>,
    /// By lower-case name.
    actions: HashMap<String, Action>,
    /// Names of API operations that are not actions, by lower-case name, with the action that decides the operation
    /// and whether AWS's own managed policies carry the name.
    misnomers: HashMap<String, (&'static str, bool)>,
}

/// One action of a service.
#[derive(Debug)]
pub(crate) struct Action {
    /// As AWS spells it.
    pub(crate) name: &'static str,
    /// The names of the ARN formats it is authorized on; `["*"]` for an action without resource types, `["any"]`
    /// where that is not known.
    pub(crate) types: Vec<&'static str>,
}

/// The format of the ARNs of one resource type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ArnFormat {
    /// The type's name.
    pub(crate) name: &'static str,
    /// The format with its placeholders (see `data/services.txt`).
    pub(crate) format: &'static str,
}

impl ArnFormat {
    /// The six fields of the format.
    pub(crate) fn fields(&self) -> [&'static str; 6] {
        let mut fields = self.format.splitn(6, ':');
        std::array::from_fn(|_| fields.next().unwrap_or_default())
    }
}

impl Service {
    /// The action of that name, letter case ignored.
    pub(crate) fn action(&self, name: &str) -> Option<&Action> {
        self.actions.get(&name.to_lowercase())
    }

    /// The action that decides the API operation of that name, and whether AWS itself writes it so.
    pub(crate) fn misnomer(&self, name: &str) -> Option<(&'static str, bool)> {
        self.misnomers.get(&name.to_lowercase()).copied()
    }

    /// All actions, in no order.
    pub(crate) fn actions(&self) -> impl Iterator<Item = &Action> {
        self.actions.values()
    }

    /// The formats of the types that an action is authorized on.
    pub(crate) fn formats_of(&self, action: &Action) -> Vec<ArnFormat> {
        let foreign = if self.prefix == "sts" { IAM_ROLE.as_slice() } else { &[] };
        let all = self.formats.iter().chain(foreign);
        all.filter(|format| action.types.contains(&format.name)).copied().collect()
    }

    fn read(&mut self, words: &[&'static str]) {
        match words {
            ["type", name, format] => self.formats.push(ArnFormat { name, format }),
            ["on", types, names @ ..] => {
                for name in names {
                    let types = types.trim_end_matches(':').split(',').collect();
                    self.actions.insert(name.to_lowercase(), Action { name, types });
                }
            }
            ["misnomer", name, action] => drop(self.misnomers.insert(name.to_lowercase(), (action, false))),
            ["shipped", name, action] => drop(self.misnomers.insert(name.to_lowercase(), (action, true))),
            ["key", name, rest @ ..] => self.keys.push(Key::read(name, rest)),
            _ => debug_assert!(false, "a line of the service table that says nothing: {words:?}"),
        }
    }
}

/// STS assumes roles, whose ARNs are IAM's.
const IAM_ROLE: [ArnFormat; 1] = [ArnFormat { name: "role", format: "arn:{p}:iam::{a}:role/{x}" }];

static SERVICES: LazyLock<HashMap<&'static str, Service>> = LazyLock::new(|| {
    let mut services: Vec<Service> = Vec::new();
    for line in super::lines(include_str!("../../data/services.txt")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let ["service", prefix] = words.as_slice() {
            services.push(Service { prefix, ..Service::default() });
        } else if let Some(service) = services.last_mut() {
            service.read(&words);
        }
    }
    services.into_iter().map(|service| (service.prefix, service)).collect()
});

/// The service of that prefix, letter case ignored, if its actions are known.
pub(crate) fn service(prefix: &str) -> Option<&'static Service> {
    SERVICES.get(prefix.to_lowercase().as_str())
}

static PREFIXES: LazyLock<(HashSet<&'static str>, HashSet<&'static str>)> = LazyLock::new(|| {
    let mut prefixes = HashSet::new();
    let mut arn_only = HashSet::new();
    for line in super::lines(include_str!("../../data/service-prefixes.txt")) {
        match line.strip_prefix("arn ") {
            Some(names) => arn_only.extend(names.split_whitespace()),
            None => prefixes.extend(line.split_whitespace()),
        }
    }
    (prefixes, arn_only)
});

/// Whether actions of a service begin with that prefix, letter case ignored.
pub(crate) fn is_prefix(prefix: &str) -> bool {
    PREFIXES.0.contains(prefix.to_lowercase().as_str())
}

/// Whether ARNs have that service field; letter case counts.
pub(crate) fn is_arn_service(field: &str) -> bool {
    PREFIXES.0.contains(field) || PREFIXES.1.contains(field)
}

/// All service prefixes, in no order.
pub(crate) fn prefixes() -> impl Iterator<Item = &'static str> {
    PREFIXES.0.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_services_that_deliveries_touch_are_known() {
        for prefix in
            ["logs", "xray", "s3", "kms", "sts", "iam", "sqs", "sns", "lambda", "firehose", "kinesis"]
        {
            let service = service(prefix).unwrap_or_else(|| panic!("{prefix} is missing"));
            assert!(service.actions().count() > 10, "{prefix}");
            assert!(is_prefix(prefix), "{prefix} is not a service prefix");
        }
    }

    #[test]
    fn every_type_an_action_names_has_an_arn_format() {
        for service in SERVICES.values() {
            for action in service.actions() {
                let formats = service.formats_of(action);
                let known = |name: &&&str| {
                    ["*", "any"].contains(name) || formats.iter().any(|format| format.name == **name)
                };
                assert!(action.types.iter().all(|name| known(&name)), "{}:{}", service.prefix, action.name);
            }
        }
    }

    #[test]
    fn no_misnomer_is_an_action_and_each_leads_to_one() {
        for service in SERVICES.values() {
            for (name, (action, _)) in &service.misnomers {
                assert!(service.action(name).is_none(), "{}:{name} is an action", service.prefix);
                assert!(service.action(action).is_some(), "{}:{action} is not an action", service.prefix);
            }
        }
    }

    #[test]
    fn keys_that_are_bound_to_actions_name_actions() {
        for service in SERVICES.values() {
            for name in service.keys.iter().flat_map(|key| &key.only) {
                assert!(service.action(name).is_some(), "{}:{name}", service.prefix);
            }
        }
    }
}
