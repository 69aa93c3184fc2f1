//! Medians of short samples: for tables that put several engines side by side in one run.
//!
//! Criterion measures one thing at a time; here the engines take turns, so that what else the machine does falls on
//! all of them alike.

#![expect(clippy::indexing_slicing, reason = "there is at least one sample")]

use std::time::{Duration, Instant};

/// How long a sample lasts at least: long beside the clock's own cost, short beside a scheduler's slice.
const SAMPLE: Duration = Duration::from_micros(500);

/// One thing to measure.
pub struct Contender<'c> {
    name: String,
    run: Box<dyn FnMut() + 'c>,
    /// How many decisions one run makes.
    decisions: usize,
}

impl<'c> Contender<'c> {
    /// A contender whose `run` makes as many decisions as said.
    pub fn new(name: impl Into<String>, decisions: usize, run: impl FnMut() + 'c) -> Self {
        Self { name: name.into(), run: Box::new(run), decisions }
    }
}

/// What a contender needs for one decision.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Whose it is.
    pub name: String,
    /// The median of the samples, in nanoseconds per decision.
    pub median: f64,
    /// The fastest sample, in nanoseconds per decision.
    pub fastest: f64,
}

/// Lets the contenders take turns, `samples` times each.
pub fn measure(samples: usize, contenders: &mut [Contender<'_>]) -> Vec<Figure> {
    let runs: Vec<usize> = contenders.iter_mut().map(runs_per_sample).collect();
    let mut times = vec![Vec::with_capacity(samples); contenders.len()];
    for _ in 0..samples.max(1) {
        for ((contender, runs), times) in contenders.iter_mut().zip(&runs).zip(&mut times) {
            let start = Instant::now();
            (0..*runs).for_each(|_| (contender.run)());
            times.push(start.elapsed().as_secs_f64() * 1e9 / (*runs * contender.decisions) as f64);
        }
    }
    let figure = |(contender, mut times): (&Contender<'_>, Vec<f64>)| {
        times.sort_by(f64::total_cmp);
        Figure { name: contender.name.clone(), median: times[times.len() / 2], fastest: times[0] }
    };
    contenders.iter().zip(times).map(figure).collect()
}

/// How many runs a sample needs to last long enough; also warms the contender up.
fn runs_per_sample(contender: &mut Contender<'_>) -> usize {
    let mut runs = 1;
    loop {
        let start = Instant::now();
        (0..runs).for_each(|_| (contender.run)());
        if start.elapsed() >= SAMPLE || runs >= 1 << 24 {
            return runs;
        }
        runs *= 2;
    }
}
