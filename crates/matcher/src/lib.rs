//! Does a text match a pattern whose only wildcards are `*` and `?`; ARN parts; policy-variable templates.

#![forbid(unsafe_code)]
