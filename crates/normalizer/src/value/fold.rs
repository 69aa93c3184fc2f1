//! Case-insensitive equality of texts: `StringEqualsIgnoreCase` and its negation.
//!
//! Rule C-9 as observed: both texts are lowered as the Java platform lowers a string for no particular language, and
//! then are equal or not. So `K` (U+212A) is `k`, `ẞ` is `ß`, and `İ` is `i` with a dot above (U+0307); while `ß` is
//! not `SS`, `ſ` not `s` and `ı` not `I`, for these are lower case already. Nothing is normalized, and letters beyond
//! the Basic Multilingual Plane keep their case.
//!
//! A capital sigma is lowered to `ς` at the end of a word and to `σ` elsewhere: it ends a word when a cased letter
//! stands before it and none after it in the same word. What a word is, is [`Word`]'s to know.
//!
//! Texts are lowered as they are compared, so nothing is stored. A text may come in pieces, as an operand with policy
//! variables does; words reach across them.

use std::iter::FlatMap;
use std::str::Chars;

/// Whether two texts are equal but for letter case.
///
/// ```
/// use bailiwick_normalizer::value::fold::eq_ignore_case;
///
/// assert!(eq_ignore_case("QA", "qa"));
/// assert!(eq_ignore_case("ΟΔΟΣ", "οδος"));
/// assert!(!eq_ignore_case("STRASSE", "straße"));
/// ```
#[must_use]
pub fn eq_ignore_case(left: &str, right: &str) -> bool {
    if left.is_ascii() && right.is_ascii() {
        return left.eq_ignore_ascii_case(right);
    }
    lower([left]).eq(lower([right]))
}

/// Whether the text that the pieces make together is equal to another but for letter case.
///
/// ```
/// use bailiwick_normalizer::value::fold::eq_ignore_case_pieces;
///
/// assert!(eq_ignore_case_pieces(["Team-", "", "Ο", "Σ"], "team-ος"));
/// assert!(!eq_ignore_case_pieces(["a"], "ab"));
/// ```
#[must_use]
pub fn eq_ignore_case_pieces<'t, P>(pieces: P, text: &str) -> bool
where
    P: IntoIterator<Item = &'t str, IntoIter: Clone>,
{
    lower(pieces).eq(lower([text]))
}

/// The characters of the text that the pieces make together, in lower case.
///
/// ```
/// use bailiwick_normalizer::value::fold::lower;
///
/// assert!(lower(["\u{130}", "Σ Σ"]).eq("i\u{307}ς σ".chars()));
/// ```
pub fn lower<'t, P>(pieces: P) -> Lower<'t, P::IntoIter>
where
    P: IntoIterator<Item = &'t str, IntoIter: Clone>,
{
    let split: fn(&'t str) -> Chars<'t> = str::chars;
    Lower { rest: pieces.into_iter().flat_map(split), word: Word::default(), dot_above: false }
}

/// The characters of a text in lower case; made by [`lower`].
#[derive(Clone, Debug)]
pub struct Lower<'t, P: Iterator<Item = &'t str>> {
    rest: FlatMap<P, Chars<'t>, fn(&'t str) -> Chars<'t>>,
    word: Word,
    /// The second character of a lowered `İ` is still to come.
    dot_above: bool,
}

impl<'t, P> Iterator for Lower<'t, P>
where
    P: Iterator<Item = &'t str> + Clone,
{
    type Item = char;

    fn next(&mut self) -> Option<char> {
        if std::mem::take(&mut self.dot_above) {
            return Some('\u{307}');
        }
        let character = self.rest.next()?;
        let cased_before = self.word.cased;
        let joined = self.word.step(character);
        match character {
            'Σ' if joined && cased_before && !cased_follows(self.word, self.rest.clone()) => Some('ς'),
            'İ' => {
                self.dot_above = true;
                Some('i')
            }
            '\0'..='\x7F' => Some(character.to_ascii_lowercase()),
            '\u{80}'..='\u{FFFF}' => character.to_lowercase().next(),
            _ => Some(character),
        }
    }
}

/// Whether a cased letter follows in the same word. It is looked for after a sigma only and a sigma is one itself, so
/// all searches together read a text once.
fn cased_follows(mut word: Word, mut rest: impl Iterator<Item = char>) -> bool {
    rest.find_map(
        |character| {
            if word.step(character) { is_cased(character).then_some(true) } else { Some(false) }
        },
    )
    .unwrap_or(false)
}

/// The word that the characters read so far end in, as the Java platform divides a text into words.
///
/// A word is letters and digits of any script but Chinese and Japanese, with their combining marks. One dash,
/// connector, full stop or quotation mark between two letters belongs to the word, and so does one full stop, comma or
/// quotation mark between two digits. Format characters are passed over.
///
/// Combining marks are known for scripts that have letter case. Those of other scripts count as letters or end the
/// word, which can only matter in a word of several scripts.
#[derive(Clone, Copy, Debug, Default)]
struct Word {
    last: Last,
    /// Whether the word has a cased letter.
    cased: bool,
}

/// What the word ends in.
#[derive(Clone, Copy, Debug, Default)]
enum Last {
    /// There is no word here.
    #[default]
    None,
    Letter,
    Digit,
    LetterAndPunctuation,
    DigitAndPunctuation,
}

impl Word {
    /// Reads a character and tells whether it belongs to the word as it was. Punctuation does when it may: what comes
    /// next decides, and asks for itself.
    fn step(&mut self, character: char) -> bool {
        let (last, joined) = match (Class::of(character), self.last) {
            (Class::Format, last) | (Class::Mark, last @ (Last::Letter | Last::Digit)) => (last, true),
            (Class::Letter, last) => {
                (Last::Letter, matches!(last, Last::Letter | Last::Digit | Last::LetterAndPunctuation))
            }
            (Class::Digit, last) => {
                (Last::Digit, matches!(last, Last::Letter | Last::Digit | Last::DigitAndPunctuation))
            }
            (Class::BetweenLetters | Class::BetweenEither, Last::Letter) => {
                (Last::LetterAndPunctuation, true)
            }
            (Class::BetweenDigits | Class::BetweenEither, Last::Digit) => (Last::DigitAndPunctuation, true),
            _ => (Last::None, false),
        };
        let in_word = !matches!(last, Last::None);
        self.cased = (self.cased && joined) || (in_word && is_cased(character));
        self.last = last;
        joined
    }
}

/// What a character can be to a word.
enum Class {
    Letter,
    Digit,
    Mark,
    Format,
    BetweenLetters,
    BetweenDigits,
    BetweenEither,
    Other,
}

impl Class {
    fn of(character: char) -> Self {
        match character {
            'a'..='z' | 'A'..='Z' => Self::Letter,
            '0'..='9' => Self::Digit,
            '.' | '\'' | '"' => Self::BetweenEither,
            ',' | '\u{66B}' => Self::BetweenDigits,
            '-' | '_' | '\u{2027}' => Self::BetweenLetters,
            _ if character.is_ascii() => Self::Other,
            _ if is_in(&DASHES_AND_CONNECTORS, character) => Self::BetweenLetters,
            _ if is_in(&FORMAT, character) => Self::Format,
            _ if is_in(&MARKS, character) => Self::Mark,
            _ if is_in(&NOT_LETTERS, character) => Self::Other,
            _ if character.is_numeric() => Self::Digit,
            _ if character.is_alphabetic() => Self::Letter,
            _ => Self::Other,
        }
    }
}

/// Whether a character is a letter of either case, or one of the modifiers and numerals that count as such there.
fn is_cased(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphabetic();
    }
    let has_case = character.is_lowercase() || character.is_uppercase();
    (has_case && !is_in(&NOT_CASED, character)) || is_in(&TITLE_CASE, character)
}

/// Whether a character is within one of the ranges, each its first and its last.
fn is_in(ranges: &[u32], character: char) -> bool {
    let character = u32::from(character);
    ranges.as_chunks().0.iter().any(|[first, last]| (*first..=*last).contains(&character))
}

/// Dashes and connectors (general categories Pd and Pc).
const DASHES_AND_CONNECTORS: [u32; 38] = [
    0x058A, 0x058A, 0x05BE, 0x05BE, 0x1400, 0x1400, 0x1806, 0x1806, 0x2010, 0x2015, 0x203F, 0x2040, 0x2054,
    0x2054, 0x2E17, 0x2E17, 0x2E1A, 0x2E1A, 0x2E3A, 0x2E3B, 0x2E40, 0x2E40, 0x301C, 0x301C, 0x3030, 0x3030,
    0x30A0, 0x30A0, 0xFE31, 0xFE34, 0xFE4D, 0xFE4F, 0xFE58, 0xFE58, 0xFE63, 0xFE63, 0xFF0D, 0xFF0D,
];

/// Format characters (Cf).
const FORMAT: [u32; 28] = [
    0x00AD, 0x00AD, 0x0600, 0x0605, 0x061C, 0x061C, 0x06DD, 0x06DD, 0x070F, 0x070F, 0x08E2, 0x08E2, 0x180E,
    0x180E, 0x200B, 0x200F, 0x202A, 0x202E, 0x2060, 0x2064, 0x2066, 0x206F, 0xFEFF, 0xFEFF, 0xFFF9, 0xFFFB,
    0x1BCA0, 0x1BCA3,
];

/// Blocks of marks (Mn and Me) that combine with letters of scripts with case.
const MARKS: [u32; 24] = [
    0x0300, 0x036F, 0x0483, 0x0489, 0x1AB0, 0x1AFF, 0x1DC0, 0x1DFF, 0x20D0, 0x20FF, 0x2CEF, 0x2CF1, 0x2DE0,
    0x2DFF, 0xA66F, 0xA672, 0xA674, 0xA67D, 0xA69E, 0xA69F, 0xFE00, 0xFE0F, 0xFE20, 0xFE2F,
];

/// Letters and marks of Chinese and Japanese, of which each script is words of its own, and circled letters, which are none.
const NOT_LETTERS: [u32; 12] =
    [0x24B6, 0x24E9, 0x3005, 0x3005, 0x3041, 0x30FE, 0x4E00, 0x9FA5, 0xF900, 0xFA2D, 0x1F130, 0x1F189];

/// Lower-case characters that do not count: ordinal indicators and modifiers that were added later.
const NOT_CASED: [u32; 36] = [
    0x00AA, 0x00AA, 0x00BA, 0x00BA, 0x10FC, 0x10FC, 0x1D62, 0x1D6A, 0x1D78, 0x1D78, 0x1D9B, 0x1DBF, 0x2071,
    0x2071, 0x207F, 0x207F, 0x2090, 0x209C, 0x2C7C, 0x2C7D, 0xA69C, 0xA69D, 0xA770, 0xA770, 0xA7F1, 0xA7F4,
    0xA7F8, 0xA7F9, 0xAB5C, 0xAB5F, 0xAB69, 0xAB69, 0x10780, 0x107BA, 0x1E030, 0x1E06D,
];

/// Letters in title case (Lt).
const TITLE_CASE: [u32; 20] = [
    0x01C5, 0x01C5, 0x01C8, 0x01C8, 0x01CB, 0x01CB, 0x01F2, 0x01F2, 0x1F88, 0x1F8F, 0x1F98, 0x1F9F, 0x1FA8,
    0x1FAF, 0x1FBC, 0x1FBC, 0x1FCC, 0x1FCC, 0x1FFC, 0x1FFC,
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{eq_ignore_case, eq_ignore_case_pieces, lower};

    fn lowered(text: &str) -> String {
        lower([text]).collect()
    }

    #[test]
    fn texts_are_equal_as_observed() {
        for (left, right, equal) in [
            ("prod", "PrOd", true),
            ("I", "ı", false),
            ("i", "İ", false),
            ("İ", "i\u{307}", true),
            ("K", "\u{212A}", true),
            ("s", "ſ", false),
            ("ß", "ẞ", true),
            ("ß", "SS", false),
            ("Σ", "ς", false),
            ("Σ", "σ", true),
            ("ΟΣ", "ος", true),
            ("ΟΣ", "οσ", false),
            ("ΟΣΑ", "οσα", true),
            ("É", "é", true),
            ("é", "e\u{301}", false),
            ("𐐀", "𐐨", false),
            ("𐐀", "𐐀", true),
            ("AΣ𐐀", "aς𐐀", false),
            ("AΣ𐐀", "aσ𐐀", true),
            ("𐐀Σ", "𐐀σ", false),
            ("𐐀Σ", "𐐀ς", true),
            ("", "", true),
            ("a", "", false),
            ("a", "ab", false),
        ] {
            assert_eq!(eq_ignore_case(left, right), equal, "{left:?} and {right:?}");
            assert_eq!(eq_ignore_case(right, left), equal, "{right:?} and {left:?}");
            assert_eq!(eq_ignore_case_pieces([left], right), equal, "{left:?} in one piece and {right:?}");
        }
    }

    /// Lowered by the Java platform (releases 17 and 25, root locale).
    #[test]
    fn a_sigma_is_final_by_the_word_it_stands_in() {
        for (text, expected) in [
            ("AΣ-B", "aσ-b"),
            ("AΣ.B", "aσ.b"),
            ("AΣ..B", "aς..b"),
            ("AΣ1B", "aσ1b"),
            ("A1Σ", "a1ς"),
            ("A-Σ", "a-ς"),
            ("A'Σ", "a'ς"),
            ("A\"Σ", "a\"ς"),
            ("A:Σ", "a:σ"),
            ("AΣ:B", "aς:b"),
            ("A_Σ", "a_ς"),
            ("AΣ_B", "aσ_b"),
            ("A Σ", "a σ"),
            ("AΣ.", "aς."),
            ("AΣ,B", "aς,b"),
            ("AΣ@B", "aς@b"),
            ("A&Σ", "a&σ"),
            ("A/Σ", "a/σ"),
            ("A’Σ", "a’σ"),
            ("A·Σ", "a·σ"),
            ("A1,2Σ", "a1,2ς"),
            ("A1.1Σ", "a1.1ς"),
            ("A1.Σ", "a1.σ"),
            ("A1-Σ", "a1-σ"),
            ("1.1Σ", "1.1σ"),
            ("A\u{AD}Σ", "a\u{AD}ς"),
            ("A\u{200D}Σ", "a\u{200D}ς"),
            ("A\u{301}Σ", "a\u{301}ς"),
            ("\u{301}AΣ\u{301}B", "\u{301}aσ\u{301}b"),
            ("אΣ", "אσ"),
            ("AאΣ", "aאς"),
            ("AאΣאB", "aאσאb"),
            ("A中Σ", "a中σ"),
            ("AあΣ", "aあσ"),
            ("AアΣ", "aアσ"),
            ("AกΣ", "aกς"),
            ("ʰΣ", "ʰς"),
            ("ªΣ", "ªσ"),
            ("ⒶΣ", "ⓐσ"),
            ("ⅠΣ", "ⅰς"),
            ("ǅΣ", "ǆς"),
            ("ᾈΣ", "ᾀς"),
            ("\u{37A}Σ", "\u{37A}ς"),
            ("İΣ", "i\u{307}ς"),
        ] {
            assert_eq!(lowered(text), expected, "{text:?}");
        }
    }

    #[test]
    fn many_sigmas_cost_no_more_than_their_text() {
        // Each search for what follows ends at the next sigma; a quadratic one would not end today.
        let text = "AΣ1".repeat(1 << 18);
        assert!(eq_ignore_case(&text, &lowered(&text)));
    }

    fn text() -> impl Strategy<Value = String> {
        let character = prop_oneof![
            4 => proptest::sample::select("aAΣσς.-'1,_ \u{301}\u{345}\u{200D}𐐀א中ßẞİiI\u{307}K".chars().collect::<Vec<_>>()),
            1 => any::<char>(),
        ];
        proptest::collection::vec(character, 0..12).prop_map(|characters| characters.into_iter().collect())
    }

    proptest! {
        #[test]
        fn words_reach_across_pieces(text in text(), other in text(), cuts in proptest::collection::vec(any::<bool>(), 12)) {
            let mut pieces = vec![String::new()];
            for (character, cut) in text.chars().zip(cuts) {
                if cut {
                    pieces.push(String::new());
                }
                pieces.last_mut().unwrap().push(character);
            }
            let pieces = || pieces.iter().map(String::as_str);
            prop_assert_eq!(lower(pieces()).collect::<String>(), lowered(&text));
            prop_assert_eq!(eq_ignore_case_pieces(pieces(), &other), eq_ignore_case(&text, &other));
        }

        #[test]
        fn every_text_equals_its_lowered_form_within_its_plane(text in text()) {
            let lowered = lowered(&text);
            // A lowered text stays as it is: there is no capital left to lower.
            prop_assert!(eq_ignore_case(&text, &lowered));
        }

        #[test]
        fn the_short_way_for_ascii_agrees_with_the_long(left in "[a-zA-Z0-9.:/-]{0,6}", right in "[a-zA-Z0-9.:/-]{0,6}") {
            prop_assert_eq!(eq_ignore_case(&left, &right), lower([&*left]).eq(lower([&*right])));
        }

        #[test]
        fn bmp_texts_without_sigma_are_lowered_as_the_standard_library_does(text in "[\u{0}-\u{3A2}\u{3A4}-\u{FFFF}]{0,8}") {
            prop_assert_eq!(lowered(&text), text.to_lowercase());
        }
    }
}
