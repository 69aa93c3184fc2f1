//! Where the places of a document are in its file: of a document in a JSON string, every character of its text by
//! itself, so that a finding points at the character in the file and not at the string as a whole.

use bailiwick_source::Span;
use bailiwick_validator::inputs::{Embedding, PolicyDocument};

/// The places of one document.
#[derive(Debug)]
pub(crate) enum Places {
    /// The document is in the file unchanged, from this offset on.
    Moved(u32),
    /// The offset in the file of every byte of the document's text, and of its end.
    Mapped(Vec<u32>),
    /// Only the string that holds the document is known.
    Within(Span),
}

impl Places {
    pub(crate) fn new(document: &PolicyDocument<'_>, source: &str) -> Self {
        let span = document.span;
        if document.embedding == Embedding::Value {
            return Self::Moved(span.start);
        }
        let mut map = span.text(source).map_or_else(Vec::new, |token| characters(token, span.start));
        if document.embedding == Embedding::UrlEncoded {
            map = without_percents(&map);
        }
        // A map that does not make the same text is of no use.
        let is_same = map.iter().map(|place| place.byte).eq(document.text.bytes());
        if !is_same {
            return Self::Within(span);
        }
        let end = span.end.saturating_sub(1);
        Self::Mapped(map.into_iter().map(|place| place.offset).chain([end]).collect())
    }

    /// Where a span of the document's text is in the file.
    pub(crate) fn outer(&self, inner: Span) -> Span {
        match self {
            Self::Moved(start) => {
                Span::new(start.saturating_add(inner.start), start.saturating_add(inner.end))
            }
            Self::Within(span) => *span,
            Self::Mapped(offsets) => {
                let place =
                    |offset: u32| offsets.get(offset as usize).or(offsets.last()).copied().unwrap_or(0);
                Span::new(place(inner.start), place(inner.end))
            }
        }
    }
}

/// A byte of a decoded text and where what it was decoded from begins.
#[derive(Clone, Copy, Debug)]
struct Decoded {
    byte: u8,
    offset: u32,
}

/// The bytes that a JSON string means; `start` is the offset of its quote.
fn characters(token: &str, start: u32) -> Vec<Decoded> {
    let inner = token.strip_prefix('"').and_then(|token| token.strip_suffix('"')).unwrap_or_default();
    let mut decoded = Vec::with_capacity(inner.len());
    let mut rest = inner;
    let mut push = |text: &str, at: usize| {
        let offset = start.saturating_add(1).saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        decoded.extend(text.bytes().map(|byte| Decoded { byte, offset }));
    };
    while let Some(first) = rest.chars().next() {
        let at = inner.len() - rest.len();
        let length = if first == '\\' { escape_length(rest) } else { first.len_utf8() };
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if first == '\\' {
            // serde_json knows the escapes; a piece that is none decodes to nothing, and the map is not used.
            let text: String = serde_json::from_str(&format!("\"{piece}\"")).unwrap_or_default();
            push(&text, at);
        } else {
            push(piece, at);
        }
        rest = after;
    }
    decoded
}

/// The length of the escape that a text begins with; a surrogate pair is one.
fn escape_length(text: &str) -> usize {
    let unit =
        |text: &str| text.strip_prefix("\\u").and_then(|rest| u16::from_str_radix(rest.get(..4)?, 16).ok());
    match unit(text) {
        None => 2,
        Some(0xD800..=0xDBFF) if text.get(6..).and_then(unit).is_some() => 12,
        Some(_) => 6,
    }
}

/// The bytes that a URL-encoded text means.
fn without_percents(encoded: &[Decoded]) -> Vec<Decoded> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((first, after)) = rest.split_first() {
        let digit = |at: usize| after.get(at).and_then(|place| char::from(place.byte).to_digit(16));
        let byte = match (first.byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => u8::try_from(high * 16 + low).ok(),
            _ => None,
        };
        decoded.push(Decoded { byte: byte.unwrap_or(first.byte), offset: first.offset });
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    decoded
}

#[cfg(test)]
mod tests {
    use bailiwick_validator::inputs::documents;

    use super::*;

    /// What a span of the only document in a source is in the source.
    fn outer<'s>(source: &'s str, inner: &str) -> &'s str {
        let documents = documents(source);
        let document = documents.first().expect("there is a document");
        let start = u32::try_from(document.text.find(inner).expect("it is in the document")).unwrap();
        let span = Span::new(start, start + u32::try_from(inner.len()).unwrap());
        Places::new(document, source).outer(span).text(source).expect("it is in the source")
    }

    #[test]
    fn places_in_strings_are_those_of_the_characters() {
        let source = r#"{"PolicyVersion": {"Document": "{\n \"Statement\": [{\"Sid\": \"caf\u00e9 \ud834\udd1e\", \"Effect\": \"é\"}]}"}}"#;
        assert_eq!(outer(source, "\"Sid\""), r#"\"Sid\""#);
        assert_eq!(outer(source, "é 𝄞"), r"\u00e9 \ud834\udd1e");
        assert_eq!(outer(source, "\"é\""), r#"\"é\""#);
    }

    #[test]
    fn places_in_encoded_strings_are_those_of_the_characters() {
        let source =
            r#"{"PolicyVersion": {"Document": "%7B%22Statement%22%3A%5B%7B%22Sid%22:%22a+b%22%7D%5D%7D"}}"#;
        assert_eq!(outer(source, "\"Sid\""), "%22Sid%22");
        assert_eq!(outer(source, "a+b"), "a+b");
    }

    #[test]
    fn places_of_a_document_as_it_is_are_moved() {
        assert_eq!(outer(r#" [{"Statement": [{"Sid": "x"}]}]"#, "\"Sid\""), "\"Sid\"");
    }
}
