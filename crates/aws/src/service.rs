//! Services and their resource types.

use crate::condition_key::ConditionKey;
use crate::pool::{Reader, search, two};
use crate::table::{KEYS, RESOURCE_TYPES, SERVICES};
use crate::text::Text;

/// A service, as policies name it by its prefix.
///
/// ```
/// let logs = bailiwick_aws::service("logs").unwrap();
/// assert_eq!(logs.prefix(), "logs");
/// assert!(logs.takes_rcp());
/// assert!(logs.action("PutLogEvents").is_some() && logs.action("PutLogEvent").is_none());
/// let group = logs.resource_type("log-group").unwrap();
/// assert_eq!(group.arn_pattern(), "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}");
/// let key = logs.condition_key("logs:loggeneratingresourcearns").unwrap();
/// assert_eq!(key.name(), "logs:LogGeneratingResourceArns");
/// assert!(key.is_multivalued());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Service {
    prefix: Text,
    takes_rcp: bool,
    /// The place of its first action, and how many there are.
    pub(crate) first_action: usize,
    pub(crate) actions: usize,
    first_type: usize,
    types: usize,
    /// Places of its condition keys, two bytes each.
    keys: &'static [u8],
}

/// The service with a prefix, letter case ignored.
///
/// ```
/// assert_eq!(bailiwick_aws::service("S3").unwrap().prefix(), "s3");
/// assert!(bailiwick_aws::service("s4").is_none());
/// ```
#[must_use]
pub fn service(prefix: &str) -> Option<Service> {
    let found = search(SERVICES.len(), |place| Service::at(place).prefix.compare(prefix));
    found.ok().map(Service::at)
}

/// All services, ordered by prefix.
///
/// ```
/// assert!(bailiwick_aws::services().len() > 400);
/// assert!(bailiwick_aws::services().any(|service| service.prefix() == "sts"));
/// ```
pub fn services() -> impl ExactSizeIterator<Item = Service> + Clone {
    (0..SERVICES.len()).map(Service::at)
}

impl Service {
    fn at(place: usize) -> Self {
        let mut reader = Reader { bytes: SERVICES.get(place) };
        let takes_rcp = reader.byte() & 1 == 1;
        let [first_action, actions, first_type, types, keys] = std::array::from_fn(|_| reader.number());
        let keys = reader.run(2 * keys);
        let prefix = Text::coded(reader.bytes);
        Self { prefix, takes_rcp, first_action, actions, first_type, types, keys }
    }

    /// What its actions begin with, such as `s3`.
    #[must_use]
    pub fn prefix(&self) -> Text {
        self.prefix
    }

    /// Whether resource control policies apply to its resources.
    #[must_use]
    pub fn takes_rcp(&self) -> bool {
        self.takes_rcp
    }

    /// Its resource types, ordered by name.
    pub fn resource_types(&self) -> impl ExactSizeIterator<Item = ResourceType> + Clone + use<> {
        let service = *self;
        (0..self.types).map(move |place| service.type_at(place))
    }

    pub(crate) fn type_at(&self, place: usize) -> ResourceType {
        let mut reader = Reader { bytes: RESOURCE_TYPES.get(self.first_type + place) };
        let name = Text::coded(reader.counted());
        let keys = Keys::read(*self, &mut reader);
        ResourceType { name, keys, arn_pattern: Text::coded(reader.bytes) }
    }

    /// Its resource type of that name, letter case ignored.
    #[must_use]
    pub fn resource_type(&self, name: &str) -> Option<ResourceType> {
        let found = search(self.types, |place| self.type_at(place).name.compare(name));
        found.ok().map(|place| self.type_at(place))
    }

    /// The condition keys that its requests can carry, ordered by name: its own, and of the global ones those
    /// that the reference lists for the service.
    pub fn condition_keys(&self) -> impl ExactSizeIterator<Item = ConditionKey> + Clone + use<> {
        let service = *self;
        (0..self.keys.len() / 2).map(move |place| service.key_at(place))
    }

    fn key_at(&self, place: usize) -> ConditionKey {
        ConditionKey::read(KEYS.get(two(self.keys, place)))
    }

    /// Its condition key of that name, letter case ignored. A key with a placeholder, such as
    /// `aws:RequestTag/${TagKey}`, is found by any name that fills it in.
    #[must_use]
    pub fn condition_key(&self, name: &str) -> Option<ConditionKey> {
        let found = search(self.keys.len() / 2, |place| self.key_at(place).name().compare(name));
        found.ok().map(|place| self.key_at(place)).or_else(|| ConditionKey::best(self.condition_keys(), name))
    }
}

/// A type of resources of a service.
#[derive(Clone, Copy, Debug)]
pub struct ResourceType {
    name: Text,
    arn_pattern: Text,
    keys: Keys,
}

impl ResourceType {
    /// Its name, such as `log-group`.
    #[must_use]
    pub fn name(&self) -> Text {
        self.name
    }

    /// The ARNs of such resources, with placeholders such as `${Region}`.
    #[must_use]
    pub fn arn_pattern(&self) -> Text {
        self.arn_pattern
    }

    /// The condition keys that describe such a resource.
    pub fn condition_keys(&self) -> impl Iterator<Item = ConditionKey> + Clone + use<> {
        self.keys
    }
}

/// A list of condition keys, by their places among the service's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keys {
    service: Service,
    reader: Reader<'static>,
    left: usize,
}

impl Keys {
    pub(crate) fn none(service: Service) -> Self {
        Self { service, reader: Reader { bytes: &[] }, left: 0 }
    }

    /// Reads a list, and leaves the reader where it ends.
    pub(crate) fn read(service: Service, reader: &mut Reader<'static>) -> Self {
        let left = reader.number();
        let keys = Self { service, reader: *reader, left };
        for _ in 0..left {
            reader.number();
        }
        keys
    }
}

impl Iterator for Keys {
    type Item = ConditionKey;

    fn next(&mut self) -> Option<ConditionKey> {
        self.left = self.left.checked_sub(1)?;
        Some(self.service.key_at(self.reader.number()))
    }
}
