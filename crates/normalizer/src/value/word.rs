//! Where words begin and end, and which of their letters have case, for the final sigma of
//! [`fold`](super::fold).
//!
//! This follows the Java platform, whose lowering of strings asks its own division of texts into words and
//! not the rule of the Unicode standard: `AΣ1B` is one word here. Combining marks are known for scripts that
//! have letter case; those of other scripts count as letters or end the word, which can only matter where a
//! word mixes scripts.

/// The word that the characters read so far end in, as the Java platform divides a text into words.
///
/// A word is letters and digits of any script but Chinese and Japanese, with their combining marks. One dash,
/// connector, full stop or quotation mark between two letters belongs to the word, and so does one full stop,
/// comma or quotation mark between two digits. Format characters are passed over.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    last: Last,
    /// Whether the word has a cased letter.
    pub(super) cased: bool,
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
    /// Reads a character and tells whether it belongs to the word as it was. Punctuation does when it may:
    /// what comes next decides, and asks for itself.
    pub(super) fn step(&mut self, character: char) -> bool {
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
            '-' | '_' | '\u{AD}' | '\u{2027}' => Self::BetweenLetters,
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

/// Whether a character is a letter of either case, or one of the modifiers and numerals that count as such
/// there.
pub(super) fn is_cased(character: char) -> bool {
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
const DASHES_AND_CONNECTORS: [u32; 42] = [
    0x058A, 0x058A, 0x05BE, 0x05BE, 0x1400, 0x1400, 0x1806, 0x1806, 0x2010, 0x2015, 0x203F, 0x2040, 0x2054,
    0x2054, 0x2E17, 0x2E17, 0x2E1A, 0x2E1A, 0x2E3A, 0x2E3B, 0x2E40, 0x2E40, 0x2E5D, 0x2E5D, 0x301C, 0x301C,
    0x3030, 0x3030, 0x30A0, 0x30A0, 0xFE31, 0xFE34, 0xFE4D, 0xFE4F, 0xFE58, 0xFE58, 0xFE63, 0xFE63, 0xFF0D,
    0xFF0D, 0xFF3F, 0xFF3F,
];

/// Format characters (Cf).
const FORMAT: [u32; 26] = [
    0x0600, 0x0605, 0x061C, 0x061C, 0x06DD, 0x06DD, 0x070F, 0x070F, 0x08E2, 0x08E2, 0x180E, 0x180E, 0x200B,
    0x200F, 0x202A, 0x202E, 0x2060, 0x2064, 0x2066, 0x206F, 0xFEFF, 0xFEFF, 0xFFF9, 0xFFFB, 0x1BCA0, 0x1BCA3,
];

/// Blocks of marks (Mn and Me) that combine with letters of scripts with case.
const MARKS: [u32; 24] = [
    0x0300, 0x036F, 0x0483, 0x0489, 0x1AB0, 0x1AFF, 0x1DC0, 0x1DFF, 0x20D0, 0x20FF, 0x2CEF, 0x2CF1, 0x2DE0,
    0x2DFF, 0xA66F, 0xA672, 0xA674, 0xA67D, 0xA69E, 0xA69F, 0xFE00, 0xFE0F, 0xFE20, 0xFE2F,
];

/// Letters and marks of Chinese and Japanese, of which each script is words of its own, and circled letters,
/// which are none.
const NOT_LETTERS: [u32; 16] = [
    0x24B6, 0x24E9, 0x3005, 0x3005, 0x3041, 0x3094, 0x3099, 0x309E, 0x30A1, 0x30FE, 0x4E00, 0x9FA5, 0xF900,
    0xFA2D, 0x1F130, 0x1F189,
];

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
