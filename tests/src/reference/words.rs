//! The words that the texts of the table consist of.

use std::collections::BTreeMap;

/// How many words have a code of one byte.
const SHORT: usize = 224;

/// Words by how often they occur, and their codes.
pub(super) struct Words {
    codes: BTreeMap<String, usize>,
    words: Vec<String>,
}

impl Words {
    /// The words of these texts. A text counts once for each time that it is written.
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Result<Self, String> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for text in texts {
            for word in split(text) {
                *counts.entry(word).or_default() += 1;
            }
        }
        let mut words: Vec<(&str, usize)> = counts.into_iter().collect();
        words.sort_by(|(one, often), (other, rarely)| rarely.cmp(often).then(one.cmp(other)));
        if words.len() > SHORT + (256 - SHORT) * 256 {
            return Err(format!("{} words are more than there are codes", words.len()));
        }
        let words: Vec<String> = words.into_iter().map(|(word, _)| word.to_owned()).collect();
        let codes = words.iter().enumerate().map(|(code, word)| (word.clone(), code)).collect();
        Ok(Self { codes, words })
    }

    /// A text as codes.
    pub(super) fn encode(&self, text: &str) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        for word in split(text) {
            let code = *self.codes.get(word).ok_or_else(|| format!("the word {word} was not counted"))?;
            if let Some(long) = code.checked_sub(SHORT) {
                bytes.push(byte(SHORT + (long >> 8))?);
                bytes.push(byte(long & 0xff)?);
            } else {
                bytes.push(byte(code)?);
            }
        }
        Ok(bytes)
    }

    /// The two sections of the table: where the words begin, and the words.
    pub(super) fn sections(&self) -> Result<[Vec<u8>; 2], String> {
        let text = self.words.concat();
        let mut places = Vec::new();
        let mut place = 0;
        for length in self.words.iter().map(String::len).chain([0]) {
            let two = u16::try_from(place).map_err(|_| "the words are longer than 64 KiB".to_owned())?;
            places.extend(two.to_le_bytes());
            place += length;
        }
        Ok([places, text.into_bytes()])
    }
}

fn byte(number: usize) -> Result<u8, String> {
    u8::try_from(number).map_err(|error| error.to_string())
}

/// A text as words: at capitals, and where letters and other characters meet. What most ARNs have in common
/// is a word.
fn split(text: &str) -> Vec<&str> {
    const COMMON: [&str; 2] = ["arn:${Partition}:", ":${Region}:${Account}:"];
    for common in COMMON {
        if let Some((before, after)) = text.split_once(common) {
            let start = before.len();
            let middle = text.get(start..start + common.len());
            return [split(before), middle.into_iter().collect(), split(after)].concat();
        }
    }
    let bytes = text.as_bytes();
    let mut words = Vec::new();
    let mut start = 0;
    for place in 1..=bytes.len() {
        let ends = match (bytes.get(place - 1), bytes.get(place), bytes.get(place + 1)) {
            (Some(last), Some(next), after) => {
                last.is_ascii_alphanumeric() != next.is_ascii_alphanumeric()
                    || next.is_ascii_uppercase()
                        && (!last.is_ascii_uppercase() || after.is_some_and(u8::is_ascii_lowercase))
            }
            _ => true,
        };
        if ends {
            words.extend(text.get(start..place));
            start = place;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn texts_are_divided_at_capitals_and_marks() {
        assert_eq!(split("DescribeDBClusters"), ["Describe", "DB", "Clusters"]);
        assert_eq!(split("log-group"), ["log", "-", "group"]);
        assert_eq!(
            split("arn:${Partition}:s3:${Region}:${Account}:job/${JobId}"),
            ["arn:${Partition}:", "s3", ":${Region}:${Account}:", "job", "/${", "Job", "Id", "}"]
        );
        assert!(split("").is_empty());
    }
}
