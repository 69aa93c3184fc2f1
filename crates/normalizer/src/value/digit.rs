//! Decimal digits of any script.
//!
//! The Java platform reads every decimal digit of the Basic Multilingual Plane as the digit that it is (`٣`
//! is 3), in whole numbers and in decimals alike, and none beyond it. So does everything here that reads a
//! number that way.

/// The digit zero of each script in the Basic Multilingual Plane; its nine successors follow it.
const ZEROS: [u16; 36] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0,
    0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];

/// The value of a decimal digit.
#[inline]
pub(super) fn value(character: char) -> Option<u8> {
    if character.is_ascii() {
        return character.is_ascii_digit().then_some(character as u8 & 0x0F);
    }
    let character = u16::try_from(u32::from(character)).ok()?;
    let zero = *ZEROS.get(ZEROS.partition_point(|zero| *zero <= character).checked_sub(1)?)?;
    u8::try_from(character - zero).ok().filter(|digit| *digit < 10)
}

/// A whole number as the Java platform's `Long.parseLong` reads it: a sign or none, then digits.
pub(super) fn integer(text: &str) -> Option<i64> {
    let (negative, digits) = split_sign(text);
    let mut total: Option<i64> = None;
    for character in digits.chars() {
        let digit = i64::from(value(character)?);
        let shifted = total.unwrap_or(0).checked_mul(10)?;
        // Counting on the side of the sign reaches the least integer too.
        total = Some(if negative { shifted.checked_sub(digit)? } else { shifted.checked_add(digit)? });
    }
    total
}

/// Whether a text starts with a minus sign, and the text without its sign.
pub(super) fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::{ZEROS, integer, value};

    #[test]
    fn every_script_of_the_plane_has_ten_digits() {
        for zero in ZEROS {
            for digit in 0..10 {
                let character = char::from_u32(u32::from(zero) + u32::from(digit)).unwrap();
                assert_eq!(value(character), Some(digit), "{character:?}");
                assert!(character.is_numeric());
            }
        }
        assert_eq!(
            (0..=0x10FFFF).filter_map(char::from_u32).filter_map(value).count(),
            10 * (1 + ZEROS.len())
        );
    }

    #[test]
    fn integers_span_all_of_sixty_four_bits_and_no_more() {
        for (text, expected) in [
            ("0", Some(0)),
            ("+24", Some(24)),
            ("-0", Some(0)),
            ("024", Some(24)),
            ("٢٤", Some(24)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("-9223372036854775809", None),
            ("", None),
            ("+", None),
            ("-", None),
            ("--1", None),
            (" 1", None),
            ("1 ", None),
            ("1_0", None),
            ("0x1", None),
        ] {
            assert_eq!(integer(text), expected, "{text:?}");
        }
    }
}
