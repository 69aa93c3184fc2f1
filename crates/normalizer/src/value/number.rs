//! Numbers: the operands of the `Numeric…` operators and the texts of a request compared with them.
//!
//! Rules C-12 to C-14 as observed: a text is a number exactly when the Java platform's `BigDecimal` reads it,
//! which is a sign or none, digits with or without one point (on either side of them too), and perhaps an
//! exponent. So `01`, `+1`, `1.`, `1.0` and `1e0` are 1, and blanks, `1_0`, `0x1`, `1d`, `NaN` and `Infinity`
//! are no numbers. Digits of any script of the Basic Multilingual Plane count.
//!
//! Arithmetic is decimal and exact at any size. A number keeps its digits and where they start, so an
//! exponent costs nothing however large; like there, digits and exponent together must leave a scale of 32
//! bits.

use std::cmp::Ordering;

use super::digit::{self, split_sign};

/// A number as an operand. Equality and order are those of the values, not of their spelling.
///
/// ```
/// use std::cmp::Ordering;
///
/// use bailiwick_normalizer::value::number::Number;
///
/// let limit = Number::parse("9007199254740993").ok_or("no number")?;
/// assert_eq!(limit.cmp_text("9007199254740992"), Some(Ordering::Greater));
/// assert_eq!(limit.cmp_text("+9.007199254740993e15"), Some(Ordering::Equal));
/// assert_eq!(limit.cmp_text("ten"), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Number {
    negative: bool,
    /// The power of ten by which `0.digits` is multiplied.
    magnitude: i64,
    /// Without zeros at either end; empty for zero.
    digits: Box<[u8]>,
}

impl Number {
    /// Parses a number; `None` when the text is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let decimal = Decimal::read(text)?;
        let digits = decimal.digits().collect();
        Some(Self { negative: decimal.negative, magnitude: decimal.magnitude, digits })
    }

    /// Compares this number with the one in a text; `None` when the text is not a number.
    #[must_use]
    pub fn cmp_text(&self, text: &str) -> Option<Ordering> {
        let decimal = Decimal::read(text)?;
        let ordering = (self.sign().cmp(&decimal.sign())).then_with(|| {
            let size = self.magnitude.cmp(&decimal.magnitude);
            size.then_with(|| self.digits.iter().copied().cmp(decimal.digits())).reverse_if(self.negative)
        });
        Some(ordering)
    }

    fn sign(&self) -> Sign {
        Sign::of(self.negative, self.digits.is_empty())
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.sign().cmp(&other.sign()).then_with(|| {
            let size = self.magnitude.cmp(&other.magnitude);
            size.then_with(|| self.digits.cmp(&other.digits)).reverse_if(self.negative)
        })
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// In order.
#[derive(Eq, Ord, PartialEq, PartialOrd)]
enum Sign {
    Negative,
    Zero,
    Positive,
}

impl Sign {
    fn of(negative: bool, zero: bool) -> Self {
        match (negative, zero) {
            (_, true) => Self::Zero,
            (true, false) => Self::Negative,
            (false, false) => Self::Positive,
        }
    }
}

trait ReverseIf {
    fn reverse_if(self, condition: bool) -> Self;
}

impl ReverseIf for Ordering {
    fn reverse_if(self, condition: bool) -> Self {
        if condition { self.reverse() } else { self }
    }
}

/// A number in the text that spells it.
struct Decimal<'t> {
    negative: bool,
    magnitude: i64,
    /// The digits before the point from the first that counts, and those after it to the last that counts.
    whole: &'t str,
    fraction: &'t str,
}

impl<'t> Decimal<'t> {
    fn read(text: &'t str) -> Option<Self> {
        let (negative, unsigned) = split_sign(text);
        let (significand, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((significand, exponent)) => (significand, read_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = significand.split_once('.').unwrap_or((significand, ""));
        let places = count_digits(fraction)?;
        if count_digits(whole)? + places == 0 {
            return None;
        }
        i32::try_from(places - exponent).ok()?;

        let is_zero = |character| digit::value(character) == Some(0);
        let whole = whole.trim_start_matches(is_zero);
        let fraction = fraction.trim_end_matches(is_zero);
        let decimal = if fraction.is_empty() {
            let magnitude = count_digits(whole)? + exponent;
            Self { negative, magnitude, whole: whole.trim_end_matches(is_zero), fraction }
        } else if whole.is_empty() {
            let significant = fraction.trim_start_matches(is_zero);
            let zeros = count_digits(fraction)? - count_digits(significant)?;
            Self { negative, magnitude: exponent - zeros, whole, fraction: significant }
        } else {
            Self { negative, magnitude: count_digits(whole)? + exponent, whole, fraction }
        };
        let is_nothing = decimal.whole.is_empty() && decimal.fraction.is_empty();
        Some(if is_nothing { Self { negative: false, magnitude: 0, ..decimal } } else { decimal })
    }

    /// Without zeros at either end.
    fn digits(&self) -> impl Iterator<Item = u8> {
        self.whole.chars().chain(self.fraction.chars()).filter_map(digit::value)
    }

    fn sign(&self) -> Sign {
        Sign::of(self.negative, self.whole.is_empty() && self.fraction.is_empty())
    }
}

/// How many digits a text is; `None` when it is anything else too.
fn count_digits(text: &str) -> Option<i64> {
    text.chars().try_fold(0, |count, character| digit::value(character).map(|_| count + 1))
}

/// A sign or none, and at least one digit. What is too large for any number stays too large.
fn read_exponent(text: &str) -> Option<i64> {
    let (negative, digits) = split_sign(text);
    if digits.is_empty() {
        return None;
    }
    let exponent = digits.chars().try_fold(0_i64, |exponent, character| {
        digit::value(character).map(|digit| (exponent * 10 + i64::from(digit)).min(i64::MAX / 100))
    })?;
    Some(if negative { -exponent } else { exponent })
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;

    use super::Number;

    fn compare(left: &str, right: &str) -> Option<Ordering> {
        let left = Number::parse(left)?;
        let by_text = left.cmp_text(right)?;
        let right = Number::parse(right).expect("what can be compared can be parsed");
        assert_eq!(by_text, left.cmp(&right));
        assert_eq!(by_text.is_eq(), left == right);
        Some(by_text)
    }

    #[test]
    fn texts_equal_one_as_observed() {
        for (text, equal) in [
            ("1", Some(true)),
            ("01", Some(true)),
            ("+1", Some(true)),
            ("1.", Some(true)),
            ("1.0", Some(true)),
            ("1e0", Some(true)),
            ("2", Some(false)),
            ("no-number", None),
            ("", None),
            ("NaN", None),
            ("Infinity", None),
        ] {
            assert_eq!(compare("1", text).map(Ordering::is_eq), equal, "{text:?}");
            assert_eq!(compare(text, "1").map(Ordering::is_eq), equal, "{text:?}");
        }
    }

    #[test]
    fn numbers_compare_by_value() {
        use Ordering::{Equal, Greater, Less};
        for (left, right, expected) in [
            ("9007199254740993", "9007199254740992", Greater),
            ("0.1", "0.10000000000000000000000000000000000000000000001", Less),
            ("10.5", "10", Greater),
            ("5", "5.0", Equal),
            ("100", "1e2", Equal),
            ("100", "1E+2", Equal),
            ("0.01", "1e-2", Equal),
            (".5", "+0.50", Equal),
            ("00.050", "5e-2", Equal),
            ("120", "12.0e1", Equal),
            ("1020", "10.2e2", Equal),
            ("99", "100", Less),
            ("-99", "-100", Greater),
            ("-1", "1", Less),
            ("-1", "0", Less),
            ("-0", "0", Equal),
            ("-0.00", "+0e9", Equal),
            ("0", "1e-2147483647", Less),
            ("1e2147483647", "9e2147483646", Greater),
            ("1e2147483647", "10e2147483646", Equal),
            ("-1e2147483647", "1e-2147483647", Less),
            ("1e-2147483647", "1e-2147483646", Less),
            ("0.000e2147483647", "0", Equal),
            ("12345678901234567890e2147483647", "1.2345678901234567890e2147483647", Greater),
            ("١٢٫", "12", Equal),
            ("١٢", "12", Equal),
            ("１.５e１", "15", Equal),
        ] {
            let expected = (!left.contains('٫')).then_some(expected);
            assert_eq!(compare(left, right), expected, "{left:?} against {right:?}");
            assert_eq!(compare(right, left), expected.map(Ordering::reverse), "{right:?} against {left:?}");
        }
    }

    #[test]
    fn texts_are_numbers_when_they_are_decimals_with_a_scale_of_32_bits() {
        for (text, is_number) in [
            ("1e00000000000000000000000000000001", true),
            ("1e2147483648", true),
            ("1e2147483649", false),
            ("1.0e2147483649", true),
            ("1e-2147483647", true),
            ("1e-2147483648", false),
            ("1.0e-2147483647", false),
            ("0e99999999999", false),
            ("1e99999999999999999999999999999999999999", false),
            ("1e-99999999999999999999999999999999999999", false),
            ("10kb", false),
            ("10abc", false),
            (" 1", false),
            ("1 ", false),
            ("1\n", false),
            ("1_0", false),
            ("1,0", false),
            ("0x1", false),
            ("1d", false),
            ("1f", false),
            ("-Infinity", false),
            ("∞", false),
            ("½", false),
            ("Ⅷ", false),
            ("𝟎", false),
            ("−1", false),
            (".", false),
            ("+", false),
            ("-", false),
            ("+-1", false),
            ("--1", false),
            ("1-", false),
            ("1.2.3", false),
            ("e1", false),
            (".e1", false),
            ("1e", false),
            ("1e+", false),
            ("1e+-1", false),
            ("1e1.0", false),
            ("1e1e1", false),
        ] {
            assert_eq!(Number::parse(text).is_some(), is_number, "{text:?}");
            assert_eq!(Number::parse("0").unwrap().cmp_text(text).is_some(), is_number, "{text:?}");
        }
    }

    /// The value of a spelling made below, in units of 10^-12.
    fn exact(significand: i64, point: u32, exponent: i32) -> i128 {
        let shift = 12 + exponent - i32::try_from(point).unwrap();
        i128::from(significand) * 10_i128.pow(u32::try_from(shift).unwrap())
    }

    fn spell(significand: i64, point: u32, exponent: i32, zeros: usize) -> String {
        let point = usize::try_from(point).unwrap();
        let digits = format!("{:0width$}", significand.unsigned_abs(), width = point);
        let (whole, fraction) = digits.split_at(digits.len() - point);
        let sign = if significand < 0 { "-" } else { "" };
        let zeros = "0".repeat(zeros);
        format!("{sign}{zeros}{whole}.{fraction}{zeros}e{exponent}")
    }

    fn parts() -> impl Strategy<Value = (i64, u32, i32, usize)> {
        let significand = prop_oneof![-20..=20_i64, -99_999..=99_999_i64];
        (significand, 1..6_u32, -6..7_i32, 0..3_usize)
    }

    proptest! {
        #[test]
        fn numbers_compare_as_exact_fixed_point_numbers_do(left in parts(), right in parts()) {
            let texts = [left, right].map(|(significand, point, exponent, zeros)| spell(significand, point, exponent, zeros));
            let [left, right] = [left, right].map(|(significand, point, exponent, _)| exact(significand, point, exponent));
            prop_assert_eq!(compare(&texts[0], &texts[1]), Some(left.cmp(&right)), "{} {}", texts[0], texts[1]);
        }

        #[test]
        fn integers_compare_as_integers(left: i128, right: i128) {
            prop_assert_eq!(compare(&left.to_string(), &right.to_string()), Some(left.cmp(&right)));
            prop_assert_eq!(compare(&left.to_string(), &left.to_string()), Some(Ordering::Equal));
        }

        #[test]
        fn reading_is_total(text in "[-+0-9.eE]{0,40}|\\PC{0,20}") {
            let parsed = Number::parse(&text);
            prop_assert_eq!(parsed.as_ref().and_then(|number| number.cmp_text(&text)), parsed.map(|_| Ordering::Equal));
        }
    }
}
