//! `simulate --batch`: one scenario a line in, one answer a line out, in the same order.
//!
//! Every line is answered in its place, blank ones too, so that line N of the answers belongs to line N of the
//! scenarios. Blocks of lines are answered by several threads and written in order; a block is written at once, so
//! that whoever ends the program leaves complete lines.

use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use super::block::{self, Answers, Counts};
use super::expectation::Expectation;
use super::lines::{Block, Blocks};
use super::progress::Progress;
use crate::args::Batch;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::screen::Screen;
use crate::terminal::Terminal;

pub(crate) fn run(
    path: &Path,
    expectation: Expectation,
    options: &Batch,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let started = Instant::now();
    let progress = Progress::start(path, terminal);
    end_between_lines(progress.clone());
    let name = input::name_of(path);
    let blocks = Blocks::new(input::open(path)?, block::LONGEST_LINE);
    let mut writer = Writer { counts: Counts::default(), progress: &progress, failed: None };
    let read = answer_all(blocks, options.jobs, expectation, &mut writer);
    progress.finish();
    if !options.quiet {
        terminal.complain(&Screen::plain(writer.counts.summary(started.elapsed())));
    }
    if let Some(warning) = writer.counts.warning() {
        terminal.complain(&Screen::plain(warning));
    }
    read.map_err(|error| input::unreadable(&name, &error))?;
    if writer.counts.is_empty() && writer.failed.is_none() {
        let warning = format!("warning: there is no line in {name}: nothing was decided");
        terminal.complain(&Screen::plain(warning));
    }
    match writer.failed {
        // A reader that closed the pipe has what it wanted.
        Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(writer.counts.exit()),
    }
}

/// Held while answers are written, so that an interrupt finds complete lines.
static WRITING: Mutex<()> = Mutex::new(());

/// Lets an interrupt (Ctrl-C) end the program only while nothing is being written.
fn end_between_lines(progress: Progress) {
    /// What shells report of a program that SIGINT ended.
    const INTERRUPTED: i32 = 130;
    /// How many times 10 ms it waits for a block that is being written.
    const PATIENCE: usize = 50;
    // Without the handler an interrupt ends the program at once, which is all that is lost.
    let _ = ctrlc::set_handler(move || {
        // Who reads the answers may have stopped reading: whoever interrupts does not wait for that any longer.
        for _ in 0..PATIENCE {
            match WRITING.try_lock() {
                Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(10)),
                Ok(_) | Err(TryLockError::Poisoned(_)) => break,
            }
        }
        progress.finish();
        std::process::exit(INTERRUPTED);
    });
}

/// Writes answers as they come.
struct Writer<'p> {
    counts: Counts,
    progress: &'p Progress,
    failed: Option<io::Error>,
}

impl Writer<'_> {
    /// Writes the answers to a block; false when nothing more can be written.
    fn write(&mut self, answers: &Answers) -> bool {
        let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        let mut stdout = io::stdout().lock();
        match stdout.write_all(&answers.text).and_then(|()| stdout.flush()) {
            Ok(()) => {
                self.counts += answers.counts;
                self.progress.advance(answers.length);
                true
            }
            Err(error) => {
                self.failed = Some(error);
                false
            }
        }
    }
}

/// More threads than this are not started, however many are asked for.
const MOST_JOBS: usize = 256;

/// Answers every block, the answers in the order of the blocks. The error is that of reading.
fn answer_all(
    mut blocks: Blocks<impl io::Read>,
    jobs: Option<NonZeroUsize>,
    expectation: Expectation,
    writer: &mut Writer<'_>,
) -> io::Result<()> {
    let jobs =
        jobs.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get).min(MOST_JOBS);
    if jobs == 1 {
        while let Some(block) = blocks.next()? {
            if !writer.write(&block::answer(&block, expectation)) {
                break;
            }
        }
        return Ok(());
    }
    let (to_workers, work) = mpsc::sync_channel::<(Block, mpsc::Sender<Answers>)>(jobs);
    let work = &Mutex::new(work);
    thread::scope(move |scope| {
        // One receiver a block, in the order of the blocks: the writer waits for each in turn.
        let (to_writer, in_order) = mpsc::sync_channel::<Receiver<Answers>>(2 * jobs);
        for _ in 0..jobs {
            scope.spawn(move || {
                loop {
                    let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((block, reply)) = next else { break };
                    // Nobody waits for it any more when the writer has failed.
                    let _ = reply.send(block::answer(&block, expectation));
                }
            });
        }
        scope.spawn(move || {
            for answers in in_order {
                let Ok(answers) = answers.recv() else { break };
                if !writer.write(&answers) {
                    break;
                }
            }
        });
        while let Some(block) = blocks.next()? {
            let (reply, answers) = mpsc::channel();
            if to_writer.send(answers).is_err() || to_workers.send((block, reply)).is_err() {
                break;
            }
        }
        Ok(())
    })
}
