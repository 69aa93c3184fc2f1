//! URL decoding, as IAM encodes policy documents (RFC 3986).

/// Decodes a URL-encoded text. Other characters are kept, and bytes that are not UTF-8 become replacement characters:
/// the document is then not JSON, and is reported as such.
pub(super) fn percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let escaped =
            (byte == b'%').then(|| Some(digit(ahead.next()?)? << 4 | digit(ahead.next()?)?)).flatten();
        match escaped {
            Some(value) => {
                bytes.push(value);
                rest = ahead;
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn escapes_become_the_bytes_they_name() {
        assert_eq!(percent("%7B%22a%22%3A%20%22%C3%A9%22%7d"), r#"{"a": "é"}"#);
    }

    #[test]
    fn other_characters_are_kept() {
        assert_eq!(percent("a+b%2"), "a+b%2");
        assert_eq!(percent("%zz%"), "%zz%");
        assert_eq!(percent("%ff"), "\u{fffd}");
    }
}
