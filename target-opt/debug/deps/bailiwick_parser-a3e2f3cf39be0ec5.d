/work/wt/lead/target-opt/debug/deps/bailiwick_parser-a3e2f3cf39be0ec5.d: crates/parser/src/lib.rs crates/parser/src/code.rs crates/parser/src/error.rs crates/parser/src/foreign.rs crates/parser/src/json.rs crates/parser/src/json/decode.rs crates/parser/src/json/mistake.rs crates/parser/src/json/recover.rs crates/parser/src/json/scan.rs crates/parser/src/json/value.rs crates/parser/src/json/tests.rs crates/parser/src/json/tests/reference.rs crates/parser/src/line_index.rs crates/parser/src/read.rs crates/parser/src/read/condition.rs crates/parser/src/read/principal.rs crates/parser/src/read/statement.rs crates/parser/src/read/tests.rs crates/parser/src/read/tests/properties.rs crates/parser/src/read/tests/tree.rs crates/parser/src/span.rs crates/parser/src/suggest.rs crates/parser/src/syntax.rs crates/parser/src/syntax/operator.rs

/work/wt/lead/target-opt/debug/deps/bailiwick_parser-a3e2f3cf39be0ec5: crates/parser/src/lib.rs crates/parser/src/code.rs crates/parser/src/error.rs crates/parser/src/foreign.rs crates/parser/src/json.rs crates/parser/src/json/decode.rs crates/parser/src/json/mistake.rs crates/parser/src/json/recover.rs crates/parser/src/json/scan.rs crates/parser/src/json/value.rs crates/parser/src/json/tests.rs crates/parser/src/json/tests/reference.rs crates/parser/src/line_index.rs crates/parser/src/read.rs crates/parser/src/read/condition.rs crates/parser/src/read/principal.rs crates/parser/src/read/statement.rs crates/parser/src/read/tests.rs crates/parser/src/read/tests/properties.rs crates/parser/src/read/tests/tree.rs crates/parser/src/span.rs crates/parser/src/suggest.rs crates/parser/src/syntax.rs crates/parser/src/syntax/operator.rs

crates/parser/src/lib.rs:
crates/parser/src/code.rs:
crates/parser/src/error.rs:
crates/parser/src/foreign.rs:
crates/parser/src/json.rs:
crates/parser/src/json/decode.rs:
crates/parser/src/json/mistake.rs:
crates/parser/src/json/recover.rs:
crates/parser/src/json/scan.rs:
crates/parser/src/json/value.rs:
crates/parser/src/json/tests.rs:
crates/parser/src/json/tests/reference.rs:
crates/parser/src/line_index.rs:
crates/parser/src/read.rs:
crates/parser/src/read/condition.rs:
crates/parser/src/read/principal.rs:
crates/parser/src/read/statement.rs:
crates/parser/src/read/tests.rs:
crates/parser/src/read/tests/properties.rs:
crates/parser/src/read/tests/tree.rs:
crates/parser/src/span.rs:
crates/parser/src/suggest.rs:
crates/parser/src/syntax.rs:
crates/parser/src/syntax/operator.rs:
