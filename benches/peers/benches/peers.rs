//! The tables of `goals`, with other engines beside ours: `cargo bench --manifest-path benches/peers/Cargo.toml`.

use std::process::ExitCode;

use bailiwick_benches::goals;

fn main() -> ExitCode {
    goals::main(&bailiwick_peers::peers(), env!("CARGO_BIN_EXE_peers-memory"), "peers")
}
