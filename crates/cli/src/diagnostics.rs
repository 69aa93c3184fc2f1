//! Mistakes and findings as people read them: severity, code, message, the source line with the span underlined.
//!
//! Decides how much of the source is shown. The drawing is annotate-snippets'.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use bailiwick::{Error, LineIndex, Span};

/// Lines longer than this are cut around the span.
const LONGEST_LINE: usize = 240;
/// How much of a long line is shown before the span, and how much from its start on; in bytes.
const BEFORE: usize = 60;
const AFTER: usize = 100;
/// A span over more lines than this is shown by its first line.
const MOST_LINES: u32 = 40;

/// One mistake or finding.
#[derive(Debug)]
pub(crate) struct Diagnostic<'a> {
    pub(crate) level: Level<'static>,
    pub(crate) code: &'a str,
    pub(crate) message: &'a str,
    /// What is wrong with what is underlined, in general.
    pub(crate) label: Option<&'a str>,
    pub(crate) help: Option<&'a str>,
    /// What the help would put where.
    pub(crate) fix: Option<(Span, &'a str)>,
    pub(crate) note: Option<String>,
    pub(crate) span: Span,
    pub(crate) related: Option<(Span, &'static str)>,
}

impl<'a> From<&'a Error> for Diagnostic<'a> {
    fn from(error: &'a Error) -> Self {
        Self {
            level: Level::ERROR,
            code: error.code.as_str(),
            message: &error.message,
            label: None,
            help: error.help.as_deref(),
            fix: None,
            note: None,
            span: error.span,
            related: error.related,
        }
    }
}

/// How diagnostics are drawn.
pub(crate) fn renderer(color: bool, width: usize) -> Renderer {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(width)
}

/// A source that diagnostics point into.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    name: &'a str,
    text: &'a str,
    lines: LineIndex<'a>,
}

impl<'a> Page<'a> {
    pub(crate) fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, lines: LineIndex::new(text) }
    }

    /// Draws one diagnostic; ends with a line feed.
    pub(crate) fn render(&self, diagnostic: &Diagnostic<'_>, renderer: &Renderer) -> String {
        let Diagnostic { level, code, message, label, help, fix, note, span, related } = diagnostic;
        let window = self.window(*span, related.map(|(span, _)| span));
        let mut marks = vec![AnnotationKind::Primary.span(window.range(*span)).label(*label)];
        if let Some((span, what)) = *related
            && window.holds(span)
        {
            marks.push(AnnotationKind::Context.span(window.range(span)).label(what));
        }
        let title = level.clone().primary_title(*message).id(*code);
        let mut group: Group<'_> = title.element(window.snippet(self.name, marks));
        let elsewhere = related.filter(|(span, _)| !window.holds(*span));
        let elsewhere = elsewhere.map(|(span, what)| (self.window(span, None), span, what));
        if let Some((window, span, what)) = &elsewhere {
            let mark = AnnotationKind::Context.span(window.range(*span)).label(*what);
            group = group.element(window.snippet(self.name, vec![mark]));
        }
        // A change is shown as one where its line is shown as a whole.
        let change = fix.map(|(span, text)| (self.window(span, None), span, text));
        let change = change.as_ref().filter(|(window, span, _)| !window.is_cut() && window.holds(*span));
        if let (Some(help), None) = (help, change) {
            group = group.element(Level::HELP.message(*help));
        }
        if let Some(note) = note {
            group = group.element(Level::NOTE.message(note));
        }
        let mut groups = vec![group];
        if let Some((window, span, text)) = change {
            let title = Level::HELP.secondary_title(help.unwrap_or("this can be mended"));
            let source = Snippet::source(window.text.as_str()).line_start(window.first_line);
            groups.push(title.element(source.patch(Patch::new(window.range(*span), *text))));
        }
        let mut text = renderer.render(&groups);
        text.push('\n');
        if window.is_cut() {
            // The column that was counted in the part of the line that is shown, put right.
            let at = self.lines.position(span.start);
            let counted =
                window.text.get(..window.range(*span).start).unwrap_or_default().chars().count() + 1;
            let wrong = format!("{}:{}:{counted}", self.name, at.line);
            text = text.replacen(&wrong, &format!("{}:{at}", self.name), 1);
        }
        text
    }

    /// The lines that hold `span`, and `related` if that is near and they are of a readable length.
    fn window(&self, span: Span, related: Option<Span>) -> Window {
        let both = related.map_or(span, |related| Span {
            start: span.start.min(related.start),
            end: span.end.max(related.end),
        });
        self.whole_lines(both).or_else(|| self.whole_lines(span)).unwrap_or_else(|| self.part_of_a_line(span))
    }

    fn whole_lines(&self, span: Span) -> Option<Window> {
        let (first, last) = self.lines.range(span);
        if last.line - first.line > MOST_LINES {
            return None;
        }
        let is_long = |line| self.lines.line_text(line).is_none_or(|text| text.len() > LONGEST_LINE);
        if (first.line..=last.line).any(is_long) {
            return None;
        }
        let (start, end) = (self.line_start(span.start as usize), self.line_end(span.end as usize));
        let text = self.text.get(start..end)?.to_owned();
        Some(Window { first_line: first.line as usize, start, end, text, cut_before: 0 })
    }

    /// What stands around the start of `span` on its line.
    fn part_of_a_line(&self, span: Span) -> Window {
        let at = (span.start as usize).min(self.text.len());
        let (line_start, line_end) = (self.line_start(at), self.line_end(at));
        let (mut start, mut end) = (line_start, line_end);
        if end - start > LONGEST_LINE {
            start = self.text.floor_char_boundary(at.saturating_sub(BEFORE).max(line_start));
            end = self.text.floor_char_boundary((at + AFTER).min(line_end));
        }
        let mut text = String::new();
        if start > line_start {
            text.push('…');
        }
        let cut_before = text.len();
        text.push_str(self.text.get(start..end).unwrap_or_default());
        if end < line_end {
            text.push('…');
        }
        Window { first_line: self.lines.position(span.start).line as usize, start, end, text, cut_before }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |feed| feed + 1)
    }

    fn line_end(&self, at: usize) -> usize {
        self.text.get(at..).and_then(|rest| rest.find('\n')).map_or(self.text.len(), |feed| at + feed)
    }
}

/// The part of a source that is shown.
#[derive(Debug)]
struct Window {
    first_line: usize,
    /// The offset in the source of what is shown, and that behind it.
    start: usize,
    end: usize,
    text: String,
    /// The length of what stands in `text` before the part of the source.
    cut_before: usize,
}

impl Window {
    fn is_cut(&self) -> bool {
        self.cut_before > 0
    }

    fn holds(&self, span: Span) -> bool {
        self.start <= span.start as usize && span.end as usize <= self.end
    }

    /// A span of the source as a range of what is shown.
    fn range(&self, span: Span) -> Range<usize> {
        let place =
            |offset: u32| (offset as usize).clamp(self.start, self.end) - self.start + self.cut_before;
        place(span.start)..place(span.end)
    }

    fn snippet<'a>(&'a self, name: &'a str, marks: Vec<Annotation<'a>>) -> Snippet<'a, Annotation<'a>> {
        Snippet::source(self.text.as_str()).line_start(self.first_line).path(name).annotations(marks)
    }
}
