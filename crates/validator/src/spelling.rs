//! A document with its misspelt words corrected, so that one run finds the errors that they hide.
//!
//! A misspelt operator or element is lost to the syntax tree, and with it whatever is wrong inside. The checks of
//! meaning read the corrected document; this module maps their places back to the source.

use bailiwick_source::Span;

use crate::{Finding, Fix};

/// A text with some places replaced.
pub(crate) struct Corrected {
    pub(crate) text: String,
    /// The replaced places of the old text and their places in the new one, in order.
    places: Vec<(Span, Span)>,
}

impl Corrected {
    /// The source with the fixes of the findings applied, if there are any that can be applied together.
    pub(crate) fn new(source: &str, findings: &[Finding]) -> Option<Self> {
        let mut fixes: Vec<&Fix> = findings.iter().filter_map(|finding| finding.fix.as_ref()).collect();
        fixes.sort_by_key(|fix| fix.span);
        let (mut text, mut places, mut at) = (String::with_capacity(source.len()), Vec::new(), 0);
        for fix in fixes {
            let Some(between) = source.get(at..fix.span.start as usize) else { continue };
            text.push_str(between);
            let start = u32::try_from(text.len()).ok()?;
            text.push_str(&fix.replacement);
            places.push((fix.span, Span::new(start, u32::try_from(text.len()).ok()?)));
            at = fix.span.end as usize;
        }
        text.push_str(source.get(at..)?);
        (!places.is_empty()).then_some(Self { text, places })
    }

    /// A finding of the corrected text as one of the source.
    pub(crate) fn restored(&self, mut finding: Finding) -> Finding {
        finding.span = self.span(finding.span);
        finding.related = finding.related.map(|(span, what)| (self.span(span), what));
        if let Some(fix) = &mut finding.fix {
            fix.span = self.span(fix.span);
        }
        finding
    }

    fn span(&self, span: Span) -> Span {
        Span::new(self.offset(span.start, false), self.offset(span.end, true))
    }

    /// An offset of the corrected text as one of the source; inside of a replaced place, its begin or end.
    fn offset(&self, offset: u32, end: bool) -> u32 {
        let before =
            self.places.partition_point(|(_, new)| new.start < offset || (new.start == offset && !end));
        let Some((old, new)) = before.checked_sub(1).and_then(|last| self.places.get(last)) else {
            return offset;
        };
        if offset < new.end {
            return if end { old.end } else { old.start };
        }
        old.end + (offset - new.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CHECKS;

    #[test]
    fn places_of_the_corrected_text_are_found_in_the_source() {
        let source = "one too three for five";
        let check = CHECKS.first().expect("a check");
        let fix = |start, end, word: &str| {
            Finding::new(check, Span::new(start, end), "").fix(Span::new(start, end), word)
        };
        let corrected =
            Corrected::new(source, &[fix(4, 7, "two"), fix(14, 17, "fourteen")]).expect("corrected");
        assert_eq!(corrected.text, "one two three fourteen five");
        for (word, was) in
            [("one", "one"), ("two", "too"), ("three", "three"), ("teen", "for"), ("five", "five")]
        {
            let start = corrected.text.find(word).expect("the word") as u32;
            let finding = Finding::new(check, Span::new(start, start + word.len() as u32), "");
            assert_eq!(corrected.restored(finding).span.text(source), Some(was), "{word}");
        }
    }
}
