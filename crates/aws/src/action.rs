//! Actions, and what they are authorized on.

use std::fmt;

use crate::condition_key::ConditionKey;
use crate::pool::{Reader, search};
use crate::service::{Keys, ResourceType, Service};
use crate::table::{ACTIONS, DETAILS};
use crate::text::Text;

/// An action of a service.
///
/// ```
/// let action = bailiwick_aws::service("iam").unwrap().action("CreateRole").unwrap();
/// assert_eq!(action.service().prefix(), "iam");
/// assert_eq!(action.access_level().to_string(), "Write");
/// let role = action.resource_types().next().unwrap();
/// assert!(role.is_required() && role.resource_type().name() == "role");
/// assert!(action.condition_keys().any(|key| key.name() == "iam:PermissionsBoundary"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Action {
    service: Service,
    name: Text,
    details: usize,
}

/// What an action does to resources, as the reference classifies it.
///
/// ```
/// assert_eq!(bailiwick_aws::AccessLevel::PermissionsManagement.to_string(), "Permissions management");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum AccessLevel {
    /// Lists resources.
    List,
    /// Reads resources or what they hold.
    Read,
    /// Creates, changes or deletes resources.
    Write,
    /// Grants or changes permissions.
    PermissionsManagement,
    /// Changes tags alone.
    Tagging,
}

impl fmt::Display for AccessLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::List => "List",
            Self::Read => "Read",
            Self::Write => "Write",
            Self::PermissionsManagement => "Permissions management",
            Self::Tagging => "Tagging",
        })
    }
}

/// The flags of details.
const HAS_KEYS: u8 = 8;
const HAS_TYPES: u8 = 16;

impl Service {
    /// Its actions, ordered by name.
    pub fn actions(&self) -> impl ExactSizeIterator<Item = Action> + Clone + use<> {
        let service = *self;
        (0..self.actions).map(move |place| service.action_at(place))
    }

    fn action_at(&self, place: usize) -> Action {
        Action::new(*self, ACTIONS.get(self.first_action + place))
    }

    /// Its action of that name, letter case ignored.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<Action> {
        let found = search(self.actions, |place| self.action_at(place).name().compare(name));
        found.ok().map(|place| self.action_at(place))
    }
}

impl Action {
    fn new(service: Service, item: &'static [u8]) -> Self {
        let mut reader = Reader { bytes: item };
        let details = reader.number();
        Self { service, name: Text::coded(reader.bytes), details }
    }

    /// The service that it belongs to.
    #[must_use]
    pub fn service(&self) -> Service {
        self.service
    }

    /// Its name without the service's prefix, such as `PutLogEvents`.
    #[must_use]
    pub fn name(&self) -> Text {
        self.name
    }

    /// Flags, condition keys, and a reader of the resource types.
    fn details(&self) -> (u8, Keys, Reader<'static>) {
        let mut reader = Reader { bytes: DETAILS.get(self.details) };
        let flags = reader.byte();
        let keys = if flags & HAS_KEYS == 0 {
            Keys::none(self.service)
        } else {
            Keys::read(self.service, &mut reader)
        };
        (flags, keys, reader)
    }

    /// What it does to resources.
    #[must_use]
    pub fn access_level(&self) -> AccessLevel {
        match self.details().0 & 7 {
            0 => AccessLevel::List,
            1 => AccessLevel::Read,
            2 => AccessLevel::Write,
            3 => AccessLevel::PermissionsManagement,
            _ => AccessLevel::Tagging,
        }
    }

    /// The resource types that it is authorized on; none for an action that is authorized on `*`. The
    /// reference lists a type twice for a few actions, with other condition keys each time.
    pub fn resource_types(&self) -> impl Iterator<Item = ActionResourceType> + Clone + use<> {
        let (flags, _, mut reader) = self.details();
        let left = if flags & HAS_TYPES == 0 { 0 } else { reader.number() };
        ResourceTypes { service: self.service, reader, left }
    }

    /// The condition keys that every request of the action can carry. A resource type can add more:
    /// [`ActionResourceType::condition_keys`].
    pub fn condition_keys(&self) -> impl Iterator<Item = ConditionKey> + Clone + use<> {
        self.details().1
    }
}

/// A resource type that an action is authorized on.
#[derive(Clone, Copy, Debug)]
pub struct ActionResourceType {
    resource_type: ResourceType,
    is_required: bool,
    keys: Keys,
}

impl ActionResourceType {
    /// The type.
    #[must_use]
    pub fn resource_type(&self) -> ResourceType {
        self.resource_type
    }

    /// Whether every request of the action has a resource of that type.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.is_required
    }

    /// The condition keys that a request of the action can carry for a resource of that type.
    pub fn condition_keys(&self) -> impl Iterator<Item = ConditionKey> + Clone + use<> {
        self.keys
    }
}

#[derive(Clone, Debug)]
struct ResourceTypes {
    service: Service,
    reader: Reader<'static>,
    left: usize,
}

impl Iterator for ResourceTypes {
    type Item = ActionResourceType;

    fn next(&mut self) -> Option<ActionResourceType> {
        self.left = self.left.checked_sub(1)?;
        let head = self.reader.number();
        let keys =
            if head & 2 == 0 { Keys::none(self.service) } else { Keys::read(self.service, &mut self.reader) };
        let resource_type = self.service.type_at(head >> 2);
        Some(ActionResourceType { resource_type, is_required: head & 1 == 1, keys })
    }
}
