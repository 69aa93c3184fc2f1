//! Reading the parts of a scenario on their own, where they are part of another document or of a command line.

use bailiwick_evaluator::{Document, PolicyKind, RequestError};
use bailiwick_source::Errors;
use bailiwick_source::json::{Limits, Value};
use bailiwick_source::object::Reader;

use crate::policies::compile_text;
pub use crate::principal::principal;
pub use crate::request::context_value;

/// Reads a policy document as AWS returns it: JSON, URL-encoded or not.
///
/// # Errors
///
/// All mistakes of the document, as [`bailiwick_parser::parse`] and [`bailiwick_normalizer::normalize`] find them.
pub fn document(text: &str, kind: PolicyKind, limits: &Limits) -> Result<Document, Errors> {
    compile_text(text, kind, limits).map_err(|(_, errors)| errors)
}

/// A part of a request, or its error at the value it was read from.
pub(crate) fn checked<T>(
    reader: &mut Reader,
    value: Value<'_, '_>,
    result: Result<T, RequestError>,
) -> Option<T> {
    result.map_err(|error| reader.report(error.at(value.span()))).ok()
}
