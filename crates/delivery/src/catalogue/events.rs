//! Kinds of delivery of this family.

pub(super) const KINDS: &[super::Kind] = &[];
