//! Files that hold what a test expects, and are written anew with `UPDATE=1`.

use std::path::Path;

/// Whether expected output is to be written, not compared.
pub fn is_renewed() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| !value.is_empty() && value != "0")
}

/// Asserts that a file holds a text; under `UPDATE=1`, writes it first.
///
/// # Panics
///
/// When the file holds another text, or cannot be written.
#[track_caller]
pub fn is_in(path: &Path, text: &str) {
    if is_renewed()
        && let Err(error) = std::fs::write(path, text)
    {
        panic!("{}: {error}", path.display());
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let differs = written.lines().zip(text.lines()).position(|(written, text)| written != text);
    let line = differs.unwrap_or_else(|| written.lines().count().min(text.lines().count()));
    assert!(
        written == text,
        "{}:{}: expected {:?}, got {:?}; UPDATE=1 writes the file anew",
        path.display(),
        line + 1,
        written.lines().nth(line).unwrap_or_default(),
        text.lines().nth(line).unwrap_or_default(),
    );
}
