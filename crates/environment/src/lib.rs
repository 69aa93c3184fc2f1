//! What AWS holds, as the AWS CLI printed it, by account and Region.
//!
//! An [`Environment`] answers two questions: which documents decide about a call ([`Environment::find`]), and which
//! facts hold ([`Environment::fact`]), such as a bucket's encryption. It tells apart what is known not to exist from
//! what was not collected: the first denies, the second leaves an answer uncertain. The stores of CloudWatch Logs and
//! X-Ray are the part of it that has operations ([`Environment::logs_mut`]).
//!
//! Each document is parsed, normalized and compiled once, when it is read, and shared as a [`PolicySource`].
//!
//! ```
//! use bailiwick_environment::{DocumentGroup, DocumentKind, Environment, File};
//!
//! let policy = r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site/*"}}"#;
//! let text = &format!(r#"{{"Policy": {}}}"#, serde_json::to_string(policy).unwrap());
//! let path = "111122223333/global/get-bucket-policy/site.json";
//! let environment = Environment::from_files(&[File { path, text }])?;
//!
//! let policy_of = |bucket: &str| DocumentGroup::Attached(DocumentKind::Bucket, format!("arn:aws:s3:::{bucket}"));
//! let found = environment.find(&policy_of("site"));
//! assert_eq!(found.documents.len(), 1);
//! assert_eq!(found.documents[0].source.syntax().statements.len(), 1);
//!
//! let found = environment.find(&policy_of("other"));
//! assert!(found.documents.is_empty());
//! assert!(found.not_collected.contains("the bucket policy of other"));
//! # Ok::<(), Vec<bailiwick_environment::FileErrors>>(())
//! ```

#![forbid(unsafe_code)]

pub mod arn;
mod commands;
mod document;
mod files;
mod find;
mod groups;
mod loader;
mod model;
mod named;
mod output;
mod outputs;
mod put;
mod read;
mod shape;
mod sources;
mod uncollected;

pub use commands::{COMMANDS, Command};
pub use document::{Document, DocumentId, DocumentKind, PolicySource, Unit};
pub use files::{File, FileErrors};
pub use groups::{DocumentGroup, FoundDocuments};
pub use model::{Environment, Uncollected, bucket_name, partition_of, subject};
