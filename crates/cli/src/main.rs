//! The bailiwick program: arguments, rendering, exit codes.

fn main() {}
