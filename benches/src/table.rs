//! Tables of figures: ours beside a goal and beside other engines, as Markdown.

use std::fmt::Write as _;

use crate::clock::Figure;

/// What a figure is in, and with it whether less is better.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unit {
    /// Nanoseconds.
    Time,
    /// Bytes of input in a second.
    Rate,
    /// Decisions in a second.
    Throughput,
    /// Bytes.
    Bytes,
    /// Times something else.
    Times,
    /// A number of something.
    Count,
}

impl Unit {
    fn show(self, figure: f64) -> String {
        let scaled = |steps: &[(f64, &str)]| {
            let step = steps.iter().find(|(least, _)| figure.abs() >= *least).or(steps.last());
            let (least, unit) = step.copied().unwrap_or((1.0, ""));
            let figure = figure / least;
            let digits = if figure < 9.995 { 2 } else { usize::from(figure < 99.95) };
            format!("{figure:.digits$} {unit}")
        };
        match self {
            Self::Time => scaled(&[(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns")]),
            Self::Rate => scaled(&[(1e6, "MB/s")]),
            Self::Throughput => scaled(&[(1e6, "M/s"), (1e3, "k/s")]),
            Self::Bytes => scaled(&[(1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B")]),
            Self::Times => format!("{figure:.2} ×"),
            Self::Count => format!("{figure:.0}"),
        }
    }

    fn less_is_better(self) -> bool {
        !matches!(self, Self::Rate | Self::Throughput)
    }
}

/// A goal, as it is said, and whether the figure meets it.
#[derive(Clone, Debug)]
struct Goal {
    said: String,
    met: bool,
}

/// One kind of work and what each engine needs for it.
#[derive(Clone, Debug)]
pub struct Row {
    work: String,
    unit: Unit,
    ours: f64,
    goals: Vec<Goal>,
    others: Vec<(String, f64)>,
    /// More figures of our own, under a head each.
    more: Vec<(&'static str, String)>,
}

impl Row {
    /// A row with our own figure.
    pub fn new(work: impl Into<String>, unit: Unit, ours: f64) -> Self {
        Self { work: work.into(), unit, ours, goals: Vec::new(), others: Vec::new(), more: Vec::new() }
    }

    /// A row of times of which the first is ours.
    pub fn of(work: impl Into<String>, figures: &[Figure]) -> Self {
        let mut figures = figures.iter();
        let mut row = Self::new(work, Unit::Time, figures.next().map_or(f64::NAN, |figure| figure.median));
        row.others = figures.map(|figure| (figure.name.clone(), figure.median)).collect();
        row
    }

    /// The times turned to rates: so many bytes are what the time is for.
    #[must_use]
    pub fn as_rate(mut self, bytes: usize) -> Self {
        let rate = |time: f64| bytes as f64 / time * 1e9;
        self.unit = Unit::Rate;
        self.ours = rate(self.ours);
        self.others.iter_mut().for_each(|(_, figure)| *figure = rate(*figure));
        self
    }

    /// Our figure.
    pub fn ours(&self) -> f64 {
        self.ours
    }

    /// Our figure must be no greater.
    #[must_use]
    pub fn at_most(self, bound: f64) -> Self {
        let said = format!("≤ {}", self.unit.show(bound));
        self.goal(said, |ours| ours <= bound)
    }

    /// Our figure must be no less.
    #[must_use]
    pub fn at_least(self, bound: f64) -> Self {
        let said = format!("≥ {}", self.unit.show(bound));
        self.goal(said, |ours| ours >= bound)
    }

    /// Our figure must do as it is said.
    #[must_use]
    pub fn goal(mut self, said: impl Into<String>, is_met: impl Fn(f64) -> bool) -> Self {
        self.goals.push(Goal { said: said.into(), met: is_met(self.ours) });
        self
    }

    /// Our figure must be better than those of the named.
    #[must_use]
    pub fn ahead_of(self, names: &[&str]) -> Self {
        let best = |a: f64, b: f64| if self.unit.less_is_better() { a.min(b) } else { a.max(b) };
        let named = self.others.iter().filter(|(name, _)| names.contains(&name.as_str()));
        let Some(bound) = named.map(|(_, figure)| *figure).reduce(best) else { return self };
        let less = self.unit.less_is_better();
        self.goal("ahead of the crates", |ours| if less { ours < bound } else { ours > bound })
    }

    /// Another engine's figure.
    #[must_use]
    pub fn beside(mut self, name: impl Into<String>, figure: f64) -> Self {
        self.others.push((name.into(), figure));
        self
    }

    /// Another figure of our own.
    #[must_use]
    pub fn with(mut self, head: &'static str, unit: Unit, figure: f64) -> Self {
        self.more.push((head, unit.show(figure)));
        self
    }

    /// Another engine's figure, with how many times as good ours is.
    fn other(&self, name: &str) -> String {
        let Some((_, figure)) = self.others.iter().find(|(other, _)| other == name) else {
            return String::new();
        };
        let times = if self.unit.less_is_better() { figure / self.ours } else { self.ours / figure };
        let digits = usize::from(times < 9.95);
        if self.unit == Unit::Count {
            return self.unit.show(*figure);
        }
        format!("{} ({times:.digits$} ×)", self.unit.show(*figure))
    }
}

/// Rows that stand under one heading.
#[derive(Clone, Debug)]
pub struct Section {
    title: &'static str,
    rows: Vec<Row>,
    notes: Vec<String>,
}

impl Section {
    /// A heading without rows.
    pub fn new(title: &'static str) -> Self {
        Self { title, rows: Vec::new(), notes: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Adds a sentence below the rows.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Those of the goals that are missed, and how many there are.
    pub fn missed(&self) -> (Vec<String>, usize) {
        let goals = || self.rows.iter().flat_map(|row| row.goals.iter().map(move |goal| (row, goal)));
        let missed = goals().filter(|(_, goal)| !goal.met);
        let say =
            |(row, goal): (&Row, &Goal)| format!("{}: {}, {}", row.work, row.unit.show(row.ours), goal.said);
        (missed.map(say).collect(), goals().count())
    }

    /// The heading, the table and the notes.
    pub fn markdown(&self) -> String {
        let mut engines: Vec<&str> = Vec::new();
        for (name, _) in self.rows.iter().flat_map(|row| &row.others) {
            if !engines.contains(&name.as_str()) {
                engines.push(name);
            }
        }
        let has_goals = self.rows.iter().any(|row| !row.goals.is_empty());
        let mut heads = vec![self.title, "bailiwick"];
        if has_goals {
            heads.extend(["goal", "met"]);
        }
        let more: Vec<&str> =
            self.rows.first().into_iter().flat_map(|row| row.more.iter().map(|(head, _)| *head)).collect();
        heads.extend(&more);
        heads.extend(&engines);
        let mut text = format!("| {} |\n| ---", heads.join(" | "));
        for head in heads.iter().skip(1) {
            text.push_str(if ["goal", "met"].contains(head) { " | ---" } else { " | ---:" });
        }
        text.push_str(" |\n");
        for row in &self.rows {
            let mut cells = vec![row.work.clone(), row.unit.show(row.ours)];
            if has_goals {
                let said: Vec<&str> = row.goals.iter().map(|goal| goal.said.as_str()).collect();
                let met = match row.goals.iter().all(|goal| goal.met) {
                    _ if row.goals.is_empty() => "",
                    true => "yes",
                    false => "**no**",
                };
                cells.extend([said.join(", "), met.to_owned()]);
            }
            cells.extend(row.more.iter().map(|(_, shown)| shown.clone()));
            cells.extend(engines.iter().map(|name| row.other(name)));
            _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        for note in &self.notes {
            _ = write!(text, "\n{note}\n");
        }
        text
    }
}
