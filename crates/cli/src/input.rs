//! Reading what the user names: files and standard input, as text, within a limit.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use bailiwick_source::json::{Limits, decode_utf8};
use bailiwick_source::{Code, Error, Span};
use globset::GlobBuilder;

use crate::failure::Failure;
use crate::source::Source;

impl Source {
    /// Reads a file, or standard input when the path is `-`, that holds one document.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        Self::read_up_to(path, Limits::default().max_bytes)
    }

    /// Reads a file, or standard input when the path is `-`, of at most so many bytes.
    pub(crate) fn read_up_to(path: &Path, limit: usize) -> Result<Self, Failure> {
        let name = name_of(path);
        let mut bytes = Vec::new();
        open(path)?
            .take(limit as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| unreadable(&name, &error))?;
        if bytes.len() > limit {
            let message = format!("the text is longer than the limit of {limit} bytes");
            let error = Error::new(Code::JSON_SIZE_EXCEEDS_LIMIT, Span::empty(0), message);
            return Err(Failure::Invalid { source: Self { name, text: String::new() }, errors: vec![error] });
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self { name, text }),
            Err(error) => Err(not_utf8(name, error.as_bytes())),
        }
    }
}

/// What a path is called in messages.
pub(crate) fn name_of(path: &Path) -> String {
    if is_standard_input(path) { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// Opens a file, or standard input when the path is `-`.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read + Send>, Failure> {
    if is_standard_input(path) {
        return Ok(Box::new(io::stdin()));
    }
    let name = name_of(path);
    let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(unreadable(&name, &io::ErrorKind::IsADirectory.into()));
    }
    Ok(Box::new(file))
}

/// What files of policies are called.
const POLICY_FILES: [&str; 2] = ["json", "ndjson"];

/// The files that paths name: files and standard input themselves, of folders the policy files in them, of globs the
/// files that match. What names nothing is a failure.
pub(crate) fn policy_files(paths: &[PathBuf], failures: &mut Vec<Failure>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        let found = if path.is_dir() {
            files_below(path, &POLICY_FILES)
        } else if is_standard_input(path) || path.exists() {
            Ok(vec![path.clone()])
        } else {
            matching(path)
        };
        match found {
            Ok(found) if found.is_empty() => failures.push(Failure::Unreadable {
                name: name_of(path),
                message: "there is no .json or .ndjson file in it".to_owned(),
                help: None,
            }),
            Ok(found) => files.extend(found),
            Err(failure) => failures.push(failure),
        }
    }
    files
}

/// The files that match a glob; `*` and `?` stay within a folder, `**` does not.
fn matching(pattern: &Path) -> Result<Vec<PathBuf>, Failure> {
    let text = pattern.to_string_lossy();
    if !text.contains(['*', '?', '[', '{']) {
        return Err(unreadable(&text, &io::ErrorKind::NotFound.into()));
    }
    let glob = GlobBuilder::new(&text).literal_separator(true).build().map_err(|error| {
        Failure::Unreadable { name: text.clone().into_owned(), message: error.kind().to_string(), help: None }
    })?;
    let matcher = glob.compile_matcher();
    // The folder that the literal beginning of the pattern names.
    let has_wildcard =
        |part: &Component<'_>| part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
    let base: PathBuf = pattern.components().take_while(|part| !has_wildcard(part)).collect();
    let is_here = base.as_os_str().is_empty();
    let files = files_below(if is_here { Path::new(".") } else { &base }, &[])?;
    let named = files.into_iter().map(|file| match file.strip_prefix(".") {
        Ok(stripped) if is_here => stripped.to_owned(),
        _ => file,
    });
    let found: Vec<_> = named.filter(|file| matcher.is_match(file)).collect();
    if found.is_empty() {
        let message = "no file matches it".to_owned();
        return Err(Failure::Unreadable { name: text.into_owned(), message, help: None });
    }
    Ok(found)
}

/// The files of a folder and of the folders in it whose names end so, or all of them; in the order of their paths. A
/// link to a folder is not followed.
pub(crate) fn files_below(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let mut list = || -> io::Result<()> {
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                let path = entry.path();
                if entry.file_type()?.is_dir() {
                    folders.push(path);
                } else if extensions.is_empty()
                    || extensions.iter().any(|wanted| path.extension().is_some_and(|found| found == *wanted))
                {
                    files.push(path);
                }
            }
            Ok(())
        };
        list().map_err(|error| unreadable_folder(&folder, &error))?;
    }
    files.sort();
    Ok(files)
}

/// That a file cannot be written, and why.
pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::Unwritable { name: name_of(path), message: error.to_string() }
}

fn unreadable_folder(path: &Path, error: &io::Error) -> Failure {
    let message = match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        io::ErrorKind::NotADirectory => "it is a file, expected a folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    Failure::Unreadable { name: name_of(path), message, help: None }
}

/// That a file cannot be read, and why.
pub(crate) fn unreadable(name: &str, error: &io::Error) -> Failure {
    let (message, help) = match error.kind() {
        io::ErrorKind::NotFound => ("there is no such file".to_owned(), Some("write - for standard input")),
        io::ErrorKind::IsADirectory => {
            ("it is a folder, expected a file".to_owned(), Some("name a file in it"))
        }
        io::ErrorKind::PermissionDenied => ("permission denied".to_owned(), None),
        _ => (error.to_string(), None),
    };
    Failure::Unreadable { name: name.to_owned(), message, help: help.map(str::to_owned) }
}

/// Whether a path means standard input.
pub(crate) fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Says where the first byte stands that is not UTF-8.
fn not_utf8(name: String, bytes: &[u8]) -> Failure {
    // Up to that byte offsets are the same in the text that is shown, where U+FFFD stands for it.
    let text = String::from_utf8_lossy(bytes).into_owned();
    let errors = decode_utf8(bytes).err().map(|error| {
        let end = error.span.start.saturating_add(u32::try_from('\u{fffd}'.len_utf8()).unwrap_or(0));
        Error { span: Span::new(error.span.start, end), ..error }
    });
    Failure::Invalid { source: Source { name, text }, errors: errors.into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_that_is_not_utf8_is_shown_where_it_stands() {
        let Failure::Invalid { source, errors } = not_utf8("x".to_owned(), b"{\n\"\xc3\xa9\xff\"}") else {
            panic!("not a mistake in a text");
        };
        assert_eq!(errors[0].span.text(&source.text), Some("\u{fffd}"));
        assert_eq!(errors[0].span.start, 5);
    }
}
