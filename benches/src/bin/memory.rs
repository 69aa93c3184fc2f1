//! Counts allocations and bytes, and prints them for the tables: `cargo run --profile bench -p bailiwick-benches --bin memory`.

use allocation_counter::measure;
use bailiwick_benches::clock::Effort;
use bailiwick_benches::memory::{Counted, print};

fn main() {
    print(Effort::from_arguments(), &[], |code| {
        let info = measure(code);
        Counted { allocations: info.count_total, bytes: info.bytes_current }
    });
}
