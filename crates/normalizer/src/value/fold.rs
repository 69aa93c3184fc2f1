//! Case-insensitive equality of texts: `StringEqualsIgnoreCase` and its negation.
//!
//! Rule C-9 as observed: both texts are lowered as the Java platform lowers a string for no particular
//! language, and then are equal or not. So `K` (U+212A) is `k`, `ẞ` is `ß`, and `İ` is `i` with a dot above
//! (U+0307); while `ß` is not `SS`, `ſ` not `s` and `ı` not `I`, for these are lower case already. Nothing is
//! normalized, and letters beyond the Basic Multilingual Plane keep their case.
//!
//! A capital sigma is lowered to `ς` at the end of a word and to `σ` elsewhere: it ends a word when a cased
//! letter precedes it and none follows it in the same word. What a word is, `word.rs` decides.
//!
//! Texts are lowered as they are compared, so nothing is stored. A text may come in pieces, as an operand
//! with policy variables does; words reach across them.

use std::iter::FlatMap;
use std::str::Chars;

use super::word::{Word, is_cased};

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
    let pieces = pieces.into_iter();
    if text.is_ascii() && pieces.clone().all(str::is_ascii) {
        let rest = pieces.clone().try_fold(text, |rest, piece| {
            let (start, rest) = rest.split_at_checked(piece.len())?;
            start.eq_ignore_ascii_case(piece).then_some(rest)
        });
        return rest.is_some_and(str::is_empty);
    }
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
    let pieces = pieces.into_iter();
    let word = pieces.clone().any(|piece| piece.contains('Σ')).then(Word::default);
    let split: fn(&'t str) -> Chars<'t> = str::chars;
    Lower { rest: pieces.flat_map(split), word, dot_above: false }
}

/// The characters of a text in lower case; made by [`lower`].
#[derive(Clone, Debug)]
pub struct Lower<'t, P: Iterator<Item = &'t str>> {
    rest: FlatMap<P, Chars<'t>, fn(&'t str) -> Chars<'t>>,
    /// Only a sigma asks for it: without one in the text there is none.
    word: Option<Word>,
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
        let may_be_final = self.word.as_mut().is_some_and(|word| {
            let cased_before = word.cased;
            word.step(character) && cased_before
        });
        match character {
            'Σ' if may_be_final && !cased_follows(self.word, self.rest.clone()) => Some('ς'),
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

/// Whether a cased letter follows in the same word. It is looked for after a sigma only and a sigma is one
/// itself, so all searches together read a text once.
fn cased_follows(word: Option<Word>, rest: impl Iterator<Item = char>) -> bool {
    let mut word = word.unwrap_or_default();
    rest.take_while(|character| word.step(*character)).any(is_cased)
}

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
