//! Bytes to text, and escapes to characters.

use crate::{Code, Error, Span};

/// The text of a document that came as bytes.
///
/// # Errors
///
/// The offset and the value of the first byte that is not UTF-8.
///
/// ```
/// use bailiwick_source::json::decode_utf8;
///
/// assert_eq!(decode_utf8(b"{}"), Ok("{}"));
/// assert_eq!(decode_utf8(b"{\"a\xff").unwrap_err().message, "byte 3 (0xff) is not valid UTF-8");
/// ```
pub fn decode_utf8(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let byte = bytes.get(at).copied().unwrap_or_default();
        let offset = u32::try_from(at).unwrap_or(u32::MAX);
        let span = Span::new(offset, offset.saturating_add(1));
        let message = format!("byte {at} (0x{byte:02x}) is not valid UTF-8");
        let error = Error::new(Code::JSON_SYNTAX_ERROR, span, message);
        match bytes {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
                error.with_help("the text looks like UTF-16; save it as UTF-8 without a byte order mark")
            }
            _ => error.with_help("a document is UTF-8 text"),
        }
    })
}

/// The characters that a string means whose escapes were checked while it was read.
///
/// In a string whose mistakes were reported, an invalid escape is kept as it is.
pub(super) fn unescape(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        decoded.push_str(plain);
        let (character, after) = escaped_character(escape);
        decoded.extend(character);
        rest = after;
    }
    decoded.push_str(rest);
    decoded
}

/// The character that an escape means, given the text after its backslash, and the rest of the text.
fn escaped_character(text: &str) -> (Option<char>, &str) {
    let mut characters = text.chars();
    let character = match characters.next() {
        Some('b') => Some('\u{8}'),
        Some('f') => Some('\u{c}'),
        Some('n') => Some('\n'),
        Some('r') => Some('\r'),
        Some('t') => Some('\t'),
        Some('u') => return unicode_escape(characters.as_str()),
        other => other,
    };
    (character, characters.as_str())
}

/// The character of the text after `\u`: one code unit, or two that are a surrogate pair.
fn unicode_escape(text: &str) -> (Option<char>, &str) {
    let Some((first, after)) = code_unit(text) else {
        return (Some(char::REPLACEMENT_CHARACTER), text);
    };
    if let Some(character) = char::from_u32(first) {
        return (Some(character), after);
    }
    let pair = after
        .strip_prefix("\\u")
        .and_then(code_unit)
        .and_then(|(second, after)| Some((surrogate_pair(first, second)?, after)));
    match pair {
        Some((character, after)) => (Some(character), after),
        None => (Some(char::REPLACEMENT_CHARACTER), after),
    }
}

/// The value of the four hexadecimal digits that the text begins with, and what follows them.
pub(super) fn code_unit(text: &str) -> Option<(u32, &str)> {
    let (digits, after) = text.split_at_checked(4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    Some((u32::from_str_radix(digits, 16).ok()?, after))
}

/// The character beyond U+FFFF that two code units stand for.
pub(super) fn surrogate_pair(high: u32, low: u32) -> Option<char> {
    if !(0xD800..0xDC00).contains(&high) || !(0xDC00..0xE000).contains(&low) {
        return None;
    }
    char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_the_characters_they_stand_for() {
        assert_eq!(unescape(r#"a\"\\\/\b\f\n\r\t"#), "a\"\\/\u{8}\u{c}\n\r\t");
        assert_eq!(unescape(r"\u0041\u00e9\u2192\uD834\udd1e!"), "Aé→𝄞!");
    }

    #[test]
    fn broken_escapes_do_not_lose_what_follows_them() {
        assert_eq!(unescape(r"\x41 \u12 \ud800\u0041 \udc00 \"), "x41 \u{fffd}12 \u{fffd}A \u{fffd} ");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_named_with_their_offset() {
        let error = decode_utf8(b"{\"a\": \"\xc3\"}").unwrap_err();
        assert_eq!(
            (error.span, error.message.as_str()),
            (Span::new(7, 8), "byte 7 (0xc3) is not valid UTF-8")
        );
        let utf16 = decode_utf8(b"\xff\xfe{\0}\0").unwrap_err();
        assert!(utf16.help.is_some_and(|help| help.contains("UTF-16")));
    }
}
