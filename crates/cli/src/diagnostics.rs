//! Mistakes and findings as people read them: severity, code, message, the source line with the span underlined.
//!
//! Decides how much of the source is shown. The drawing is annotate-snippets', of texts that were escaped before.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use bailiwick_source::{Error, Escaped, LineIndex, Span, acts};

/// Lines longer than this are cut around the span.
const LONGEST_LINE: usize = 240;
/// How much of a long line is shown before the span, and how much from its start on; in bytes.
const BEFORE: usize = 60;
const AFTER: usize = 100;
/// Messages longer than this are cut; in characters.
const LONGEST_MESSAGE: usize = 2_000;
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

/// What was drawn. In all that it was made of, texts of others were escaped.
#[derive(Debug)]
pub(crate) struct Drawing(String);

impl Drawing {
    /// A message about no place in a text.
    pub(crate) fn message(title: &str, help: Option<&str>, renderer: &Renderer) -> Self {
        let (title, help) = (shown(title), help.map(shown));
        let mut group = Group::with_title(Level::ERROR.primary_title(title.as_str()));
        if let Some(help) = &help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        Self(renderer.render(&[group]) + "\n")
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A message on one line, of a readable length.
fn shown(message: &str) -> String {
    match message.char_indices().nth(LONGEST_MESSAGE) {
        None => Escaped(message).to_string(),
        Some((cut, _)) => {
            let shown = Escaped(message.get(..cut).unwrap_or_default());
            format!("{shown}… ({} characters)", message.chars().count())
        }
    }
}

/// A source that diagnostics point into.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    name: String,
    text: &'a str,
    lines: LineIndex<'a>,
}

impl<'a> Page<'a> {
    pub(crate) fn new(name: &str, text: &'a str) -> Self {
        Self { name: shown(name), text, lines: LineIndex::new(text) }
    }

    /// Draws one diagnostic; ends with a line feed.
    pub(crate) fn draw(&self, diagnostic: &Diagnostic<'_>, renderer: &Renderer) -> Drawing {
        let Diagnostic { level, code, message, label, help, fix, note, span, related } = diagnostic;
        let (message, help, note) = (shown(message), help.map(shown), note.as_deref().map(shown));
        let window = self.window(*span, related.map(|(span, _)| span));
        let mut marks = vec![AnnotationKind::Primary.span(window.range(*span)).label(*label)];
        if let Some((span, what)) = *related
            && window.holds(span)
        {
            marks.push(AnnotationKind::Context.span(window.range(span)).label(what));
        }
        let title = level.clone().primary_title(message.as_str()).id(*code);
        let mut group: Group<'_> = title.element(window.snippet(&self.name, marks));
        let elsewhere = related.filter(|(span, _)| !window.holds(*span));
        let elsewhere = elsewhere.map(|(span, what)| (self.window(span, None), span, what));
        if let Some((window, span, what)) = &elsewhere {
            let mark = AnnotationKind::Context.span(window.range(*span)).label(*what);
            group = group.element(window.snippet(&self.name, vec![mark]));
        }
        // A change is shown as one where its line is shown as a whole.
        let change = fix.map(|(span, text)| {
            let mut replacement = String::new();
            escape_source(text, |_, piece| replacement.push_str(piece));
            (self.window(span, None), span, replacement)
        });
        let change = change.as_ref().filter(|(window, span, _)| !window.is_cut() && window.holds(*span));
        if let (Some(help), None) = (&help, change) {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        if let Some(note) = &note {
            group = group.element(Level::NOTE.message(note.as_str()));
        }
        let mut groups = vec![group];
        if let Some((window, span, text)) = change {
            let title = Level::HELP.secondary_title(help.as_deref().unwrap_or("this can be mended"));
            let source = Snippet::source(window.text.as_str()).line_start(window.first_line);
            groups.push(title.element(source.patch(Patch::new(window.range(*span), text.as_str()))));
        }
        let mut text = renderer.render(&groups);
        text.push('\n');
        self.put_column_right(&mut text, &window, *span);
        if let Some((window, span, _)) = &elsewhere {
            self.put_column_right(&mut text, window, *span);
        }
        Drawing(text)
    }

    /// Columns are counted in what is shown, which is part of the line, or has escapes where the line has characters.
    fn put_column_right(&self, text: &mut String, window: &Window, span: Span) {
        if !window.is_cut() && window.escapes.is_empty() {
            return;
        }
        let at = self.lines.position(span.start);
        let before = window.text.get(..window.range(span).start).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let wrong = format!("{}:{}:{}", self.name, at.line, line.chars().count() + 1);
        // The place stands below the message, which may hold anything.
        let Some((start, _)) = text.match_indices('\n').next() else { return };
        if let Some((found, _)) = text.get(start..).and_then(|below| below.match_indices(&wrong).next()) {
            let found = start + found;
            text.replace_range(found..found + wrong.len(), &format!("{}:{at}", self.name));
        }
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
        self.text.get(start..end)?;
        Some(self.part(start, end, "", ""))
    }

    /// A part of the source with what stands before it and behind it.
    fn part(&self, start: usize, end: usize, before: &str, behind: &str) -> Window {
        let mut text = before.to_owned();
        let mut escapes = Vec::new();
        escape_source(self.text.get(start..end).unwrap_or_default(), |character, piece| {
            text.push_str(piece);
            if let Some((at, length)) = character {
                escapes.push((start + at, piece.len() - length));
            }
        });
        text.push_str(behind);
        let first_line = self.lines.position(u32::try_from(start).unwrap_or(u32::MAX)).line as usize;
        Window { first_line, start, end, text, cut_before: before.len(), escapes }
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
        let (before, behind) = (start > line_start, end < line_end);
        self.part(start, end, if before { "…" } else { "" }, if behind { "…" } else { "" })
    }

    fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |feed| feed + 1)
    }

    fn line_end(&self, at: usize) -> usize {
        let line = self.text.get(at..).and_then(|rest| rest.split('\n').next()).unwrap_or_default();
        // A line ends before the carriage return of its line break.
        let is_whole = at + line.len() < self.text.len();
        at + line.strip_suffix('\r').filter(|_| is_whole).unwrap_or(line).len()
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
    /// The characters of the source that are written out: where they stand, and how many bytes longer they became.
    escapes: Vec<(usize, usize)>,
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
        let place = |offset: u32| {
            let offset = (offset as usize).clamp(self.start, self.end);
            let before = self.escapes.iter().take_while(|(at, _)| *at < offset);
            let longer: usize = before.map(|(_, longer)| longer).sum();
            offset - self.start + self.cut_before + longer
        };
        place(span.start)..place(span.end)
    }

    fn snippet<'a>(&'a self, name: &'a str, marks: Vec<Annotation<'a>>) -> Snippet<'a, Annotation<'a>> {
        Snippet::source(self.text.as_str()).line_start(self.first_line).path(name).annotations(marks)
    }
}

/// Gives the pieces of a source as they are shown: as they are, or a character that was written out, with its offset
/// and length. Line breaks stay, and tabs, which are drawn as blanks.
fn escape_source(source: &str, mut piece: impl FnMut(Option<(usize, usize)>, &str)) {
    let is_line_break = |at: usize| source.get(at..).is_some_and(|rest| rest.starts_with("\r\n"));
    let mut kept = 0;
    for (at, character) in source.char_indices() {
        if !acts(character) || matches!(character, '\n' | '\t') || is_line_break(at) {
            continue;
        }
        piece(None, source.get(kept..at).unwrap_or_default());
        let length = character.len_utf8();
        kept = at + length;
        let written = Escaped(source.get(at..kept).unwrap_or_default()).to_string();
        piece(Some((at, length)), &written);
    }
    piece(None, source.get(kept..).unwrap_or_default());
}
