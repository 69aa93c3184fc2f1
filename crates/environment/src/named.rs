//! Documents listed by kind instead of in an output: `{"ref", "kind", "name", "attached_to", "document"}`.

use bailiwick_source::json::Value;
use bailiwick_source::{Quoted, nearest};

use crate::arn::is_region;
use crate::document::{Document, DocumentId, DocumentKind};
use crate::loader::Loader;
use crate::model::{Named, subject};

const MEMBERS: [&str; 6] = ["ref", "kind", "name", "attached_to", "region", "document"];

/// Reads the list of one account.
pub(crate) fn read(loader: &mut Loader<'_>, account: &str, value: Value<'_, '_>) {
    for item in loader.reader.list(value, "policies") {
        if let Some(named) = entry(loader, account, item) {
            if loader.environment.references.contains(&named.reference) {
                let message = format!("there are two policies with the ref {}", Quoted(&named.reference));
                loader.reader.invalid(item, message, "a ref names one policy, also across accounts");
            }
            loader.environment.add_named(&named.reference, named.document);
        }
    }
}

fn entry(loader: &mut Loader<'_>, account: &str, value: Value<'_, '_>) -> Option<Named> {
    let fields = loader.reader.object(value, "a policy", &MEMBERS)?;
    let text = |loader: &mut Loader<'_>, name: &str| match fields.get(name) {
        Some(value) => loader.reader.string(value, name).map(std::borrow::Cow::into_owned),
        None => Some(String::new()),
    };
    let kind = loader.reader.required(&fields, "kind", "a policy").and_then(|value| kind(loader, value));
    let document = loader.reader.required(&fields, "document", "a policy");
    let (reference, name) = (text(loader, "ref")?, text(loader, "name")?);
    let (attached_to, region) = (text(loader, "attached_to")?, text(loader, "region")?);
    if !region.is_empty() && !is_region(&region) {
        let message = format!("region is {}, not a Region", Quoted(&region));
        loader.reader.invalid(value, message, "write its code, such as us-east-1");
    }
    let kind = kind?;
    let source = loader.document(kind, document?)?;
    let attached_to = subject(kind, &attached_to);
    let region = if region.is_empty() { region_of(&attached_to) } else { region };
    // A ref is what the caller calls it; where there is none, its name or what it is attached to tells it apart.
    let named = if name.is_empty() { reference.clone() } else { name };
    let id = DocumentId { account: account.to_owned(), region, kind, attached_to, name: named };
    let reference = if reference.is_empty() { id.to_string() } else { reference };
    Some(Named { reference, document: Document { id, source } })
}

fn kind(loader: &mut Loader<'_>, value: Value<'_, '_>) -> Option<DocumentKind> {
    let name = loader.reader.string(value, "kind")?;
    let kind = DocumentKind::parse(&name);
    if kind.is_none() {
        let names: Vec<&str> = DocumentKind::ALL.iter().map(|kind| kind.as_str()).collect();
        let help = match nearest(&name, &names) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("kinds are {}", names.join(", ")),
        };
        loader.reader.invalid(value, format!("there is no kind of policy {}", Quoted(&name)), &help);
    }
    kind
}

/// The Region in an ARN, empty where there is none.
fn region_of(arn: &str) -> String {
    arn.split(':').nth(3).unwrap_or_default().to_owned()
}

/// Reads the levels of an organization's policies, from the root to the account, each a list of documents.
pub(crate) fn read_levels(loader: &mut Loader<'_>, account: &str, kind: DocumentKind, value: Value<'_, '_>) {
    let mut levels = Vec::new();
    for level in loader.reader.list(value, kind.words()) {
        let mut documents = Vec::new();
        for (place, item) in loader.reader.list(level, "a level of policies").into_iter().enumerate() {
            let (name, document) = if item.member("document").is_some() {
                let fields = loader.reader.object(item, "a policy of a level", &["name", "document"]);
                let Some(fields) = fields else { continue };
                let name = fields.get("name").and_then(|name| loader.reader.string(name, "name"));
                let Some(document) = loader.reader.required(&fields, "document", "a policy of a level")
                else {
                    continue;
                };
                (name, document)
            } else {
                (None, item)
            };
            let name =
                name.map_or_else(|| format!("{} {}", kind.words(), place + 1), std::borrow::Cow::into_owned);
            if let Some(source) = loader.document(kind, document) {
                let id = DocumentId {
                    account: account.to_owned(),
                    region: String::new(),
                    kind,
                    attached_to: String::new(),
                    name,
                };
                documents.push(Document { id, source });
            }
        }
        levels.push(documents);
    }
    loader.environment.controls.insert((account.to_owned(), kind), levels);
}
