//! A document that was read, and the cursor over it.

use std::borrow::Cow;
use std::fmt;

use super::decode;
use super::limits::Limits;
use super::node::{BARE, BROKEN, ESCAPED, Kind, Node};
use crate::{Span, Text};

/// A document that was read: its text and the flat list of its values.
#[derive(Clone, Debug)]
pub struct Document<'src> {
    pub(super) source: &'src str,
    /// In the order of the text; a container precedes its contents, a member's name before its value.
    pub(super) nodes: Vec<Node>,
    /// Nothing was wrong with the text.
    pub(super) is_complete: bool,
    /// What it was read within; the policies in it are held to the same.
    pub(super) limits: Limits,
}

impl<'src> Document<'src> {
    /// The outermost value.
    #[must_use]
    pub fn root(&self) -> Value<'_, 'src> {
        Value::at(self, 0)
    }

    /// Whether nothing was wrong with the text: what was read is all there is. Always so for [`parse`](super::parse)(super::parse).
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The limits it was read within. They hold for what is in it, too: for policies, and for texts in its
    /// strings.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The text it was read from.
    #[must_use]
    pub fn source(&self) -> &'src str {
        self.source
    }

    /// The JSON Pointer (RFC 6901) of the innermost value that covers `span`; of a member's name, that of its
    /// value.
    ///
    /// ```
    /// use bailiwick_source::{Span, json};
    ///
    /// let document = json::parse(r#"{"a": [1, {"b/c": 2}]}"#, &json::Limits::default())?;
    /// assert_eq!(document.pointer_to(Span::new(18, 19)), "/a/1/b~1c");
    /// # Ok::<(), json::Error>(())
    /// ```
    #[must_use]
    pub fn pointer_to(&self, span: Span) -> String {
        let mut pointer = String::new();
        let mut value = self.root();
        'inner: loop {
            for (name, member) in value.members() {
                let whole = Span::new(name.span.start, member.span().end);
                if whole.contains(span) {
                    pointer.push('/');
                    pointer.push_str(&name.value.replace('~', "~0").replace('/', "~1"));
                    value = member;
                    continue 'inner;
                }
            }
            for (at, item) in value.items().enumerate() {
                if item.span().contains(span) {
                    pointer.push('/');
                    pointer.push_str(&at.to_string());
                    value = item;
                    continue 'inner;
                }
            }
            return pointer;
        }
    }
}

/// One value of a [`Document`]: a cursor, cheap to copy.
///
/// `'doc` is the document, `'src` its text: strings outlive the document they were read from.
#[derive(Clone, Copy)]
pub struct Value<'doc, 'src> {
    document: &'doc Document<'src>,
    node: &'doc Node,
    /// Of the first node that the value holds, if it holds any.
    inside: u32,
}

/// Replaces a node that does not exist, which cannot happen in a document read by this module.
static NOTHING: Node = Node { start: 0, end: 0, next: 0, kind: Kind::Null, flags: BROKEN };

impl<'doc, 'src> Value<'doc, 'src> {
    pub(super) fn at(document: &'doc Document<'src>, index: u32) -> Self {
        let node = document.nodes.get(index as usize).unwrap_or(&NOTHING);
        Self { document, node, inside: index.saturating_add(1) }
    }

    /// The JSON type.
    #[must_use]
    #[inline]
    pub fn kind(self) -> Kind {
        self.node.kind
    }

    /// The place; of a string, including its quotes.
    #[must_use]
    #[inline]
    pub fn span(self) -> Span {
        Span::new(self.node.start, self.node.end)
    }

    /// The document it belongs to.
    #[must_use]
    pub fn document(self) -> &'doc Document<'src> {
        self.document
    }

    /// The text it was read from, as written; of a string, quotes included.
    #[must_use]
    pub fn text(self) -> &'src str {
        self.span().text(self.document.source).unwrap_or_default()
    }

    /// Whether it was cut short or could not be read: only in documents of
    /// [`parse_partial`](super::parse_partial), where the mistake was reported. A value that could not be
    /// read is a broken `null`; a broken list or object may lack members.
    #[must_use]
    pub fn is_broken(self) -> bool {
        self.node.flags & BROKEN != 0
    }

    /// Of a string, what it means: decoded, and borrowed from the source unless it holds escapes.
    #[must_use]
    #[inline]
    pub fn as_str(self) -> Option<Cow<'src, str>> {
        (self.node.kind == Kind::String).then(|| self.string())
    }

    /// The decoded string and its place.
    #[must_use]
    #[inline]
    pub fn as_text(self) -> Option<Text<'src>> {
        Some(Text { value: self.as_str()?, span: self.span() })
    }

    /// Of `true` and `false`, which of them it is.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        (self.node.kind == Kind::Boolean).then(|| self.text() == "true")
    }

    /// Of a number, its text as written.
    #[must_use]
    pub fn as_number(self) -> Option<&'src str> {
        (self.node.kind == Kind::Number).then(|| self.text())
    }

    /// The members of an object in order, repeated ones included; of other values, none.
    #[must_use]
    pub fn members(self) -> Members<'doc, 'src> {
        Members(self.inside(Kind::Object))
    }

    /// The values of a list in order; of other values, none.
    #[must_use]
    pub fn items(self) -> Items<'doc, 'src> {
        self.inside(Kind::Array)
    }

    /// The value of an object's first member of that name.
    ///
    /// ```
    /// use bailiwick_source::json;
    ///
    /// let document = json::parse(r#"{"a": {"b": 1.50}}"#, &json::Limits::default())?;
    /// let b = document.root().member("a").and_then(|a| a.member("b"));
    /// assert_eq!(b.and_then(json::Value::as_number), Some("1.50"));
    /// # Ok::<(), json::Error>(())
    /// ```
    #[must_use]
    pub fn member(self, name: &str) -> Option<Self> {
        self.members().find(|(text, _)| text.value == name).map(|(_, value)| value)
    }

    fn inside(self, kind: Kind) -> Items<'doc, 'src> {
        let end = if self.node.kind == kind { self.node.next } else { 0 };
        Items { document: self.document, at: self.inside, end }
    }

    /// A member's name.
    fn name(self) -> Text<'src> {
        Text { value: self.string(), span: self.span() }
    }

    #[inline]
    fn string(self) -> Cow<'src, str> {
        let Span { start, end } = self.span();
        let quote = u32::from(self.node.flags & BARE == 0);
        let inner = Span::new(start.saturating_add(quote), end.saturating_sub(quote));
        let text = inner.text(self.document.source).unwrap_or_default();
        if self.node.flags & ESCAPED == 0 { Cow::Borrowed(text) } else { Cow::Owned(decode::unescape(text)) }
    }
}

impl fmt::Debug for Value<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Value").field(&self.text()).finish()
    }
}

/// The values of a list.
#[derive(Clone, Debug)]
pub struct Items<'doc, 'src> {
    document: &'doc Document<'src>,
    at: u32,
    end: u32,
}

impl Items<'_, '_> {
    /// At most how many values are left: exact when they are scalars.
    #[must_use]
    pub fn at_most(&self) -> usize {
        self.end.saturating_sub(self.at) as usize
    }
}

impl<'doc, 'src> Iterator for Items<'doc, 'src> {
    type Item = Value<'doc, 'src>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let value = Value::at(self.document, self.at);
        // Every node's `next` is after it; the maximum guarantees progress.
        self.at = value.node.next.max(value.inside);
        Some(value)
    }
}

/// The members of an object: name and value.
#[derive(Clone, Debug)]
pub struct Members<'doc, 'src>(Items<'doc, 'src>);

impl Members<'_, '_> {
    /// At most how many members are left: exact when their values are scalars.
    #[must_use]
    pub fn at_most(&self) -> usize {
        self.0.at_most() / 2
    }
}

impl<'doc, 'src> Members<'doc, 'src> {
    /// The members whose names could be read.
    pub fn readable(mut self) -> impl Iterator<Item = (Text<'src>, Value<'doc, 'src>)> {
        std::iter::from_fn(move || {
            loop {
                let (name, value) = self.next_pair()?;
                if !name.is_broken() {
                    return Some((name.name(), value));
                }
            }
        })
    }

    fn next_pair(&mut self) -> Option<(Value<'doc, 'src>, Value<'doc, 'src>)> {
        Some((self.0.next()?, self.0.next()?))
    }
}

impl<'doc, 'src> Iterator for Members<'doc, 'src> {
    type Item = (Text<'src>, Value<'doc, 'src>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, value) = self.next_pair()?;
        Some((name.name(), value))
    }
}
