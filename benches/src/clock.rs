//! Medians of short samples: for tables that put several engines side by side in one run.
//!
//! Criterion measures one thing at a time; here the engines take turns, so that what else the machine does falls on
//! all of them alike.

#![expect(clippy::indexing_slicing, reason = "there is at least one sample")]

use std::time::{Duration, Instant};

/// How long a sample lasts at least: long beside the clock's own cost, short beside a scheduler's slice.
const SAMPLE: Duration = Duration::from_micros(500);

/// What one contender may take in all, beyond its first three samples.
const BUDGET: Duration = Duration::from_millis(1_500);

/// How many samples a quick contender gives.
const SAMPLES: usize = 201;

/// How thoroughly to measure.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effort {
    /// Medians of many samples.
    Measured,
    /// Everything once: answers are asserted, times mean nothing.
    Once,
}

impl Effort {
    /// `Once` where the program was called with `--test`, as by `cargo bench -- --test`.
    pub fn from_arguments() -> Self {
        if std::env::args().any(|argument| argument == "--test") { Self::Once } else { Self::Measured }
    }
}

/// One thing to measure.
pub struct Contender<'c> {
    name: String,
    run: Box<dyn FnMut() + 'c>,
    /// How many pieces of work one run does.
    count: usize,
}

impl<'c> Contender<'c> {
    /// A contender whose `run` does as many pieces of work as said: decisions, documents.
    pub fn new(name: impl Into<String>, count: usize, run: impl FnMut() + 'c) -> Self {
        Self { name: name.into(), run: Box::new(run), count: count.max(1) }
    }
}

/// What a contender needs for one piece of work.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Whose it is.
    pub name: String,
    /// The median of the samples, in nanoseconds for a piece of work.
    pub median: f64,
}

/// Lets the contenders take turns until each has its samples: a slow one gives fewer, at least three.
pub fn measure(effort: Effort, contenders: &mut [Contender<'_>]) -> Vec<Figure> {
    let plans: Vec<Plan> = contenders.iter_mut().map(|contender| plan(effort, contender)).collect();
    let mut times = vec![Vec::new(); contenders.len()];
    for sample in 0..plans.iter().map(|plan| plan.samples).max().unwrap_or(0) {
        for ((contender, plan), times) in contenders.iter_mut().zip(&plans).zip(&mut times) {
            // The samples of slow ones are spread over the whole time.
            if sample % (SAMPLES / plan.samples).max(1) == 0 && times.len() < plan.samples {
                // What the others left in the caches is no part of the work: see `service` for memory that is cold.
                if plan.runs > 1 {
                    (contender.run)();
                }
                times.push(timed(contender, plan.runs) / (plan.runs * contender.count) as f64);
            }
        }
    }
    let figure = |(contender, times): (&Contender<'_>, Vec<f64>)| Figure {
        name: contender.name.clone(),
        median: median(times),
    };
    contenders.iter().zip(times).map(figure).collect()
}

/// How often each piece is measured where work is measured piece by piece.
const ROUNDS: usize = 15;

/// Does a piece of work by its number.
pub type Piecewise<'c> = (&'c str, Box<dyn FnMut(usize) + 'c>);

/// Measures work of many pieces, each too long to be repeated for a sample: the contenders take turns piece by piece,
/// and a figure is the sum of the pieces' medians. So what the machine does meanwhile disturbs single pieces.
pub fn measure_pieces(effort: Effort, pieces: usize, contenders: &mut [Piecewise<'_>]) -> Vec<Figure> {
    let rounds = if effort == Effort::Once { 1 } else { ROUNDS };
    let mut times = vec![vec![Vec::with_capacity(rounds); pieces]; contenders.len()];
    for _ in 0..rounds {
        for piece in 0..pieces {
            for ((_, run), times) in contenders.iter_mut().zip(&mut times) {
                let start = Instant::now();
                run(piece);
                times[piece].push(start.elapsed().as_secs_f64() * 1e9);
            }
        }
    }
    let sum = |times: Vec<Vec<f64>>| times.into_iter().map(median).sum();
    let figure =
        |((name, _), times): (&Piecewise<'_>, _)| Figure { name: (*name).to_owned(), median: sum(times) };
    contenders.iter().zip(times).map(figure).collect()
}

/// The middle one of some figures.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

struct Plan {
    /// How often a contender runs for a sample.
    runs: usize,
    samples: usize,
}

/// Also warms the contender up.
fn plan(effort: Effort, contender: &mut Contender<'_>) -> Plan {
    let mut runs = 1;
    loop {
        let time = timed(contender, runs);
        if effort == Effort::Once {
            return Plan { runs, samples: 1 };
        }
        if time >= SAMPLE.as_nanos() as f64 || runs >= 1 << 24 {
            let samples = (BUDGET.as_nanos() as f64 / time) as usize;
            return Plan { runs, samples: samples.clamp(3, SAMPLES) };
        }
        runs *= 2;
    }
}

/// Nanoseconds.
fn timed(contender: &mut Contender<'_>, runs: usize) -> f64 {
    let start = Instant::now();
    (0..runs).for_each(|_| (contender.run)());
    start.elapsed().as_secs_f64() * 1e9
}
