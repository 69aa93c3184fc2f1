//! Writes the table of the Service Authorization Reference that `bailiwick-aws` holds, from its source: a
//! file with one service a line, whose path is the argument. `crates/aws/README.md` describes both.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use bailiwick_tests::reference::{Reference, encode};

fn main() -> ExitCode {
    let Some(source) = std::env::args_os().nth(1) else {
        eprintln!("usage: reference FILE.ndjson");
        return ExitCode::from(2);
    };
    let table = fs::read_to_string(source).map_err(|error| error.to_string());
    let table = table.and_then(|text| encode(&Reference::read(&text)?));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/aws/data/reference.bin");
    let written = table.and_then(|table| {
        fs::write(&path, &table).map_err(|error| error.to_string())?;
        Ok(table.len())
    });
    match written {
        Ok(length) => {
            println!("{}: {length} bytes", path.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
