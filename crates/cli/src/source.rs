//! A text that messages quote, and its name.

/// A text and what to call it in messages.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
}
