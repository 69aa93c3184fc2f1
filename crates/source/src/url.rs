//! Documents as IAM returns them: URL-encoded.

use std::borrow::Cow;

use crate::{Code, Error, Span};

/// The text of a document as AWS returns it. IAM returns documents URL-encoded (RFC 3986): such a text begins
/// with an encoded brace, which no JSON does. Any other text is itself.
///
/// # Errors
///
/// The first `%` that encodes nothing, or that the encoded bytes are no text.
///
/// ```
/// use bailiwick_source::url::decode;
///
/// assert_eq!(decode("%7B%22Statement%22%3A%5B%5D%7D")?, r#"{"Statement":[]}"#);
/// assert_eq!(decode(r#"{"Id": "100%"}"#)?, r#"{"Id": "100%"}"#);
/// assert!(decode("%7B%2").unwrap_err().message.contains("two hexadecimal digits"));
/// # Ok::<(), bailiwick_source::Error>(())
/// ```
pub fn decode(text: &str) -> Result<Cow<'_, str>, Error> {
    if !text.trim_start().starts_with('%') {
        return Ok(Cow::Borrowed(text));
    }
    let encodes = |at: usize| {
        let digits = text.as_bytes().get(at.saturating_add(1)..at.saturating_add(3));
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let error = |start: usize, end: usize, message: &str| {
        let to_offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Error::new(Code::JSON_SYNTAX_ERROR, Span::new(to_offset(start), to_offset(end)), message)
            .with_help("a document that begins with an encoded brace, %7B, is URL-encoded to its end")
    };
    if let Some((at, percent)) = text.match_indices('%').find(|&(at, _)| !encodes(at)) {
        let message = "a `%` of the URL-encoded document is not followed by two hexadecimal digits";
        return Err(error(at, at.saturating_add(percent.len()), message));
    }
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
    decoded.map_err(|_| error(0, text.len(), "the URL-encoded document is not UTF-8"))
}
