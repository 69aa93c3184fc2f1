//! Writes `docs/CHECKS.md` to standard output.

fn main() {
    print!("{}", bailiwick_validator::markdown());
}
