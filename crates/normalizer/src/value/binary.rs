//! Bytes written in base64: the operands of `BinaryEquals` and the texts of a request compared with them.
//!
//! Rule C-20 as observed: decoding is strict. The alphabet is that of RFC 4648 section 4, padding is written
//! out, the bits that padding leaves over are zero, and blanks have no place. So every sequence of bytes has
//! exactly one spelling, and a text decodes to given bytes if and only if it is that spelling.

/// The bytes that a text spells; `None` when it is not strict base64. AWS refuses a policy with such an
/// operand.
///
/// ```
/// use bailiwick_normalizer::value::binary::decode;
///
/// assert_eq!(decode("YQ==").as_deref(), Some(&b"a"[..]));
/// assert_eq!(decode("YQ"), None);
/// ```
#[must_use]
pub fn decode(text: &str) -> Option<Box<[u8]>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (quads, rest) = text.as_bytes().as_chunks::<4>();
    if !rest.is_empty() {
        return None;
    }
    for quad in quads {
        // Padding is no sextet: it counts as zero here, and the comparison at the end tells where it may
        // stand.
        let [a, b, c, d] = quad.map(|letter| if letter == b'=' { Some(0) } else { sextet(letter) });
        let group = u32::from(a?) << 18 | u32::from(b?) << 12 | u32::from(c?) << 6 | u32::from(d?);
        let [_, first, second, third] = group.to_be_bytes();
        let length =
            quad.iter().position(|letter| *letter == b'=').map_or(3, |place| place.saturating_sub(1));
        bytes.extend([first, second, third].into_iter().take(length));
    }
    decodes_to(text, &bytes).then(|| bytes.into_boxed_slice())
}

/// Whether a text is the base64 of these bytes.
///
/// ```
/// use bailiwick_normalizer::value::binary::decodes_to;
///
/// assert!(decodes_to("YQ==", b"a"));
/// assert!(!decodes_to("YQ", b"a") && !decodes_to(" YQ== ", b"a"));
/// ```
#[must_use]
pub fn decodes_to(text: &str, bytes: &[u8]) -> bool {
    let (quads, rest) = text.as_bytes().as_chunks::<4>();
    rest.is_empty()
        && quads.len() == bytes.len().div_ceil(3)
        && quads.iter().zip(bytes.chunks(3)).all(|(quad, group)| *quad == encode(group))
}

/// The four letters of a group of one to three bytes.
fn encode(group: &[u8]) -> [u8; 4] {
    let mut bytes = [0; 4];
    for (place, byte) in bytes.iter_mut().skip(1).zip(group) {
        *place = *byte;
    }
    let bits = u32::from_be_bytes(bytes);
    let letters = [18, 12, 6, 0].map(|shift| letter((bits >> shift) & 0x3F));
    match (group.len(), letters) {
        (1, [a, b, ..]) => [a, b, b'=', b'='],
        (2, [a, b, c, _]) => [a, b, c, b'='],
        (_, letters) => letters,
    }
}

/// The letter of six bits.
fn letter(sextet: u32) -> u8 {
    let sextet = (sextet & 0x3F) as u8;
    match sextet {
        0..=25 => b'A' + sextet,
        26..=51 => b'a' + sextet - 26,
        52..=61 => b'0' + sextet - 52,
        62 => b'+',
        _ => b'/',
    }
}

/// The six bits of a letter.
fn sextet(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{decode, decodes_to};

    #[test]
    fn only_the_one_strict_spelling_decodes() {
        for (text, bytes) in [
            ("", Some(&b""[..])),
            ("YQ==", Some(b"a")),
            ("Yg==", Some(b"b")),
            ("YWI=", Some(b"ab")),
            ("YWJj", Some(b"abc")),
            ("AP/+", Some(&[0, 255, 254])),
            ("QmluYXJ5VmFsdWVJbkJhc2U2NA==", Some(b"BinaryValueInBase64")),
            // Unpadded.
            ("YQ", None),
            ("YWI", None),
            ("Y", None),
            // The bits left over are not zero.
            ("YR==", None),
            ("YWJ=", None),
            // Letters outside the alphabet.
            ("no-binary", None),
            ("AP_-", None),
            (" YQ== ", None),
            ("YQ==\n", None),
            ("YQ==    ", None),
            ("YÜ=", None),
            // Padding where none belongs.
            ("====", None),
            ("Y===", None),
            ("=YQ=", None),
            ("YQ=Q", None),
            ("YQ==YQ==", None),
            ("YWJj====", None),
        ] {
            assert_eq!(decode(text).as_deref(), bytes, "{text:?}");
        }
    }

    #[test]
    fn a_request_text_equals_only_when_it_spells_the_same_bytes() {
        for (text, equal) in [
            ("YQ==", true),
            ("Yg==", false),
            ("YQ", false),
            ("YR==", false),
            ("no-binary", false),
            ("", false),
            (" YQ== ", false),
        ] {
            assert_eq!(decodes_to(text, b"a"), equal, "{text:?}");
        }
        assert!(decodes_to("", b""));
    }

    proptest! {
        #[test]
        fn every_text_that_decodes_is_the_spelling_of_its_bytes(text in "([A-Za-z0-9+/]{4}){0,3}[A-D=]{0,4}|\\PC{0,8}") {
            if let Some(bytes) = decode(&text) {
                prop_assert!(decodes_to(&text, &bytes));
            }
        }

        #[test]
        fn a_text_equals_bytes_if_and_only_if_it_decodes_to_them(
            text in "[AQg+/=]{0,8}",
            bytes in proptest::collection::vec(any::<u8>(), 0..6),
        ) {
            prop_assert_eq!(decodes_to(&text, &bytes), decode(&text).as_deref() == Some(&bytes[..]));
        }
    }
}
