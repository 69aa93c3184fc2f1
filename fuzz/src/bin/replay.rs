//! Replays every seed, every regression and every local corpus of every target.

fn main() -> std::process::ExitCode {
    bailiwick_fuzz::replay::all()
}
