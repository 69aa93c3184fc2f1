//! Safe display of untrusted text: names, values and paths that anyone may have chosen.
//!
//! On a terminal such a text could break the line, move the cursor, or hide and reorder its surroundings. The
//! characters that do so are written as JSON escapes. Which they are is decided here; where a text comes from
//! is not known here.

use std::fmt::{self, Write as _};

/// Shows a text with every character written out that would do something or not be seen: control characters
/// (line feeds and tabs too), marks of text direction, what has no width, and tags. They are written as in
/// JSON, in its UTF-16 code units; everything else is as it was.
///
/// ```
/// use bailiwick_source::Escaped;
///
/// assert_eq!(Escaped("a\n\u{1b}[8mb\u{200b}\u{e0001}é").to_string(), r"a\n\u001b[8mb\u200b\udb40\udc01é");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        // Characters that need no escape are written in one piece.
        while let Some(at) = rest.find(acts) {
            let (plain, rest_of_text) = rest.split_at(at);
            f.write_str(plain)?;
            let mut characters = rest_of_text.chars();
            if let Some(character) = characters.next() {
                escape(character, f)?;
            }
            rest = characters.as_str();
        }
        f.write_str(rest)
    }
}

/// Shows a text as a JSON string, [escaped](Escaped). A text longer than anyone would read is cut, and its
/// length in characters follows.
///
/// ```
/// use bailiwick_source::Quoted;
///
/// assert_eq!(Quoted("a \"b\"\t").to_string(), r#""a \"b\"\t""#);
/// let (long, shown) = ("x".repeat(200_000), "x".repeat(Quoted::LONGEST));
/// assert_eq!(Quoted(&long).to_string(), format!("\"{shown}…\" (200000 characters)"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'a>(pub &'a str);

impl Quoted<'_> {
    /// How many characters of a text are shown.
    pub const LONGEST: usize = 200;
}

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for character in self.0.chars().take(Self::LONGEST) {
            match character {
                '"' | '\\' => write!(f, "\\{character}")?,
                other if acts(other) => escape(other, f)?,
                other => f.write_char(other)?,
            }
        }
        match self.0.chars().count() {
            count if count > Self::LONGEST => write!(f, "…\" ({count} characters)"),
            _ => f.write_char('"'),
        }
    }
}

/// Whether a character does something, or is not seen, where a text is shown: control characters, separators
/// of lines, and what Unicode lets displays ignore (`Default_Ignorable_Code_Point`), which holds the marks of
/// direction, or draws as annotations.
#[must_use]
pub fn acts(character: char) -> bool {
    match character {
        ' '..='~' => false,
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        other => other.is_control(),
    }
}

/// Writes a character as in a JSON string.
fn escape(character: char, out: &mut impl fmt::Write) -> fmt::Result {
    match character {
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\t' => out.write_str("\\t"),
        other => other.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(out, "\\u{unit:04x}")),
    }
}

/// A piece of the document as a message shows it: in backticks, cut to a readable length, invisible
/// characters named.
#[must_use]
pub fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut characters = text.chars();
    if let (Some(only), None) = (characters.next(), characters.next()) {
        if let Some(name) = name_of(only) {
            return format!("{name} (U+{:04X})", only as u32);
        }
        if only == '`' {
            return "a backtick".to_owned();
        }
    }
    let cut = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    let (piece, rest) = text.split_at(cut);
    format!("`{}{}`", Escaped(piece), if rest.is_empty() { "" } else { "…" })
}

/// What a character is called that would not be seen.
fn name_of(character: char) -> Option<&'static str> {
    Some(match character {
        '\0' => "a NUL",
        '\t' => "a tab",
        '\n' => "a line feed",
        '\r' => "a carriage return",
        ' ' => "a space",
        '\u{a0}' => "a no-break space",
        '\u{feff}' => "a byte order mark",
        '\u{200b}' => "a zero width space",
        '\u{200c}' | '\u{200d}' => "a zero width joiner",
        '\u{2028}' => "a line separator",
        '\u{2029}' => "a paragraph separator",
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "a text direction mark",
        '\u{3000}' => "a wide space",
        other if other.is_control() => "a control character",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_written_as_json_writes_it() {
        for text in [
            "\0\u{8}\u{1b}[0m\u{7f}\u{85}\r\n\t",
            "\u{200b}\u{ad}\u{61c}\u{feff}",
            "\u{202e}\u{2066}\u{e0041}",
        ] {
            let shown = Escaped(text).to_string();
            assert!(shown.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{shown}");
            assert_eq!(Quoted(text).to_string(), format!("\"{shown}\""));
            let document = format!("\"{shown}\"");
            let read = crate::json::parse(&document, &crate::json::Limits::default()).unwrap();
            assert_eq!(read.root().as_str().as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_seen_stays() {
        for text in ["", "a b~", "é𝄞日本語", "\u{a0}", "\u{e000}"] {
            assert_eq!(Escaped(text).to_string(), text);
        }
    }

    #[test]
    fn only_what_is_too_long_is_shortened() {
        let most = "é".repeat(Quoted::LONGEST);
        assert_eq!(Quoted(&most).to_string(), format!("\"{most}\""));
        let more = format!("{most}\n");
        assert_eq!(Quoted(&more).to_string(), format!("\"{most}…\" (201 characters)"));
    }
}
