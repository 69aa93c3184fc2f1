//! Counts what the engines allocate, for the tables.

use allocation_counter::measure;
use bailiwick_benches::clock::Effort;
use bailiwick_benches::memory::{Counted, print};

fn main() {
    print(Effort::from_arguments(), &bailiwick_peers::engines(), |code| {
        let info = measure(code);
        Counted { allocations: info.count_total, bytes: info.bytes_current }
    });
}
