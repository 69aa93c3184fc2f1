//! Log groups, as far as policies and subscription filters depend on them.

use crate::error::{Done, ServiceError};
use crate::logs::LogsStore;
use crate::shapes::log_groups::LogGroup;

impl LogsStore {
    /// Declares the list of log groups complete: one that was not added does not exist.
    pub fn know_log_groups(&mut self) {
        self.knows_all_log_groups = true;
    }

    /// Declares that one log group was looked up: unless it was added, it does not exist.
    pub fn know_log_group(&mut self, name: &str) {
        self.known_log_groups.insert(name.to_owned());
    }

    /// Adds a log group, or replaces the one of that name.
    ///
    /// ```
    /// use bailiwick_store::{LogGroup, LogsStore};
    ///
    /// let mut logs = LogsStore::new("aws", "111122223333", "us-east-1");
    /// logs.know_log_groups();
    /// logs.add_log_group(LogGroup { log_group_name: "app".into(), ..Default::default() });
    /// assert!(logs.log_group("app").is_some());
    /// assert_eq!(logs.delete_log_group("other").unwrap_err().name, "ResourceNotFoundException");
    /// ```
    pub fn add_log_group(&mut self, group: LogGroup) {
        self.log_groups.insert(group.log_group_name.clone(), group);
    }

    /// The log group of that name, if it is known to exist.
    #[must_use]
    pub fn log_group(&self, name: &str) -> Option<&LogGroup> {
        self.log_groups.get(name)
    }

    /// Whether the log group exists; `None` if it is not known.
    ///
    /// ```
    /// use bailiwick_store::{LogGroup, LogsStore};
    ///
    /// let mut logs = LogsStore::new("aws", "111122223333", "us-east-1");
    /// logs.add_log_group(LogGroup { log_group_name: "/aws/a".to_owned(), ..LogGroup::default() });
    /// assert_eq!(logs.log_group_exists("/aws/a"), Some(true));
    /// assert_eq!(logs.log_group_exists("/aws/b"), None);
    /// logs.know_log_group("/aws/b");
    /// assert_eq!(logs.log_group_exists("/aws/b"), Some(false));
    /// ```
    #[must_use]
    pub fn log_group_exists(&self, name: &str) -> Option<bool> {
        if self.log_groups.contains_key(name) {
            return Some(true);
        }
        (self.knows_all_log_groups || self.known_log_groups.contains(name)).then_some(false)
    }

    /// `DeleteLogGroup`: deletes the log group's policy and its subscription filters as well.
    ///
    /// # Errors
    ///
    /// `ResourceNotFoundException`.
    pub fn delete_log_group(&mut self, name: &str) -> Done {
        self.require_log_group(name)?;
        self.log_groups.remove(name);
        self.know_log_group(name);
        let arn = self.arn(&format!("log-group:{name}"));
        self.group_policies.remove(&arn);
        self.subscription_filters.retain(|(group, _), _| group != name);
        Ok(())
    }

    pub(crate) fn require_log_group(&self, name: &str) -> Done {
        if self.log_group_exists(name) == Some(false) { Err(no_such_log_group()) } else { Ok(()) }
    }
}

pub(crate) fn no_such_log_group() -> ServiceError {
    ServiceError::missing("The specified log group does not exist.")
}
