//! How time and memory grow with the input, kind by kind: nanoseconds and bytes of memory at the peak per byte of
//! input, at 10 KB, 100 KB and 1 MB.
//!
//! What grows linearly has the same figures in every column; the last column is the factor between the first and the
//! last. It ends with a failure where that is more than [`MOST`], which no noise explains and any square does: a
//! hundred times the input would make it a hundred.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "inputs are made here, and a failure is the program's"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use bailiwick::{Attached, CompiledPolicy, Policies, PolicyKind, Principal, Request};
use bailiwick_benches::collisions::colliding;
use bailiwick_delivery::Delivery;
use bailiwick_matcher::Pattern;
use bailiwick_normalizer as normalizer;
use bailiwick_normalizer::canonical_json;
use bailiwick_parser as parser;
use bailiwick_scenario::Scenario;
use bailiwick_source::json::{self, Limits};
use bailiwick_validator as validator;
use bailiwick_validator::Kind;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The sizes of inputs, in bytes.
const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];

/// The most that a byte of the largest input may cost, in those of the smallest.
const MOST: f64 = 6.0;

fn main() -> ExitCode {
    // `cargo test --benches` wants to see that it runs.
    let sizes = if std::env::args().any(|arg| arg == "--test") { &SIZES[..1] } else { &SIZES };
    let mut table = Table { sizes, steepest: (0.0, String::new()) };
    table.head("documents");
    for (shape, make) in documents() {
        for (stage, run) in STAGES {
            table.row(&format!("{stage}, {shape}"), &make, run);
        }
    }
    table.head("documents with mistakes");
    for (shape, make) in mistakes() {
        table.row(&format!("parse, {shape}"), &make, &|text| drop(black_box(parser::parse_partial(text))));
        table.row(&format!("check, {shape}"), &make, &|text| drop(black_box(validator::check(text, KIND))));
    }
    table.head("scenarios");
    for (shape, make) in scenarios() {
        table.row(&format!("read and answer, {shape}"), &make, &|text| {
            drop(black_box(Scenario::parse(text).map(|scenario| scenario.answer())));
        });
    }
    table.keys();
    table.head("deliveries");
    for (shape, make) in deliveries() {
        table.row(&format!("simulate, {shape}"), &make, &|text| {
            drop(black_box(Delivery::parse(text).expect("a delivery").simulate()));
        });
    }
    table.head("decisions over so many bytes of statements, all of which have to be judged");
    for (shape, make) in judged() {
        table.prepared(&format!("decide, {shape}"), &make, &|policy| {
            let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").expect("a user");
            let request = Request::new(&amy, "s3:GetObject", "arn:aws:s3:::bucket/xxxxxxxxxxxxxxxxxxxx");
            let policies = Policies { identity: Attached::List(&[policy]), ..Policies::default() };
            black_box(policies.decide(&request));
        });
    }
    table.head("decisions about one of so many bytes of actions whose hashes are alike, and about one more");
    for missing in [0, 1] {
        let names = colliding(1_000_000 / 67 + 2);
        let make = |bytes| {
            let actions = list(bytes, |at| format!("\"{}\"", names[at + 1]));
            policy(&format!(r#"{{"Effect":"Allow","Resource":"*","Action":[{actions}]}}"#))
        };
        let name = if missing == 0 { "decide, not listed" } else { "decide, listed" };
        table.prepared(name, &make, &|policy| {
            let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").expect("a user");
            let request = Request::new(&amy, &names[missing], "arn:aws:s3:::b/k");
            let policies = Policies { identity: Attached::List(&[policy]), ..Policies::default() };
            black_box(policies.decide(&request));
        });
    }
    table.head("matching: nanoseconds per (pattern + 1) · (text + 1)");
    table.patterns();
    println!("\nsteepest: {} ({:.1} times)", table.steepest.1, table.steepest.0);
    if table.steepest.0 > MOST { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

struct Table<'s> {
    sizes: &'s [usize],
    steepest: (f64, String),
}

impl Table<'_> {
    fn head(&self, what: &str) {
        println!("\n{what}\n");
        let sizes: String = self.sizes.iter().fold(String::new(), |mut text, size| {
            let _ = write!(text, " {:>7} KB |", size / 1000);
            text
        });
        println!("| {:<58} |{sizes} memory | × |", "ns per byte");
    }

    fn row(&mut self, name: &str, make: &dyn Fn(usize) -> String, run: &dyn Fn(&str)) {
        let figures = self.sizes.iter().map(|&size| {
            let text = make(size);
            let (time, memory) = cost(&|| run(&text));
            (time / text.len() as f64, memory as f64 / text.len() as f64)
        });
        let figures: Vec<_> = figures.collect();
        self.print(name, &figures);
    }

    /// A decision over a policy that was compiled before.
    fn prepared(&mut self, name: &str, make: &dyn Fn(usize) -> String, run: &dyn Fn(&CompiledPolicy)) {
        let figures = self.sizes.iter().map(|&size| {
            let text = make(size);
            let policy = bailiwick::compile(&text, PolicyKind::Identity).expect("a policy");
            let (time, memory) = cost(&|| run(&policy));
            (time / text.len() as f64, memory as f64 / text.len() as f64)
        });
        let figures: Vec<_> = figures.collect();
        self.print(name, &figures);
    }

    /// A request with so many context keys, built and decided under a condition: nanoseconds per key. Keys are found by their
    /// hashes, also by each that is added to find its like; where many hashes are alike, in a tree. So a key costs about the
    /// same however many there are.
    fn keys(&mut self) {
        let sizes = &[100, 1_000, 10_000][..self.sizes.len()];
        println!("\nrequests with so many context keys: ns per key, 100 to 10,000 of them\n");
        let text = policy(
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"x:last":"v"}}}"#,
        );
        let policy = bailiwick::compile(&text, PolicyKind::Identity).expect("a policy");
        let amy = Principal::from_arn("arn:aws:iam::111122223333:user/amy").expect("a user");
        let alike = colliding(10_000);
        let alike: (&str, &dyn Fn(usize) -> String) =
            ("keys whose hashes are alike", &|at| alike[at].clone());
        let others = KEYS.iter().map(|(name, key)| (*name, key as &dyn Fn(usize) -> String));
        for (name, key) in others.chain([alike]) {
            let figures = sizes.iter().map(|&count| {
                let keys: Vec<String> = (0..count).map(key).collect();
                let (time, memory) = cost(&|| {
                    let mut request = Request::new(&amy, "s3:GetObject", "arn:aws:s3:::b/k");
                    keys.iter().for_each(|key| request.set(key, "v"));
                    let policies = Policies { identity: Attached::List(&[&policy]), ..Policies::default() };
                    black_box(policies.decide(&request));
                });
                (time / count as f64, memory as f64 / count as f64)
            });
            let figures: Vec<_> = figures.collect();
            self.print(name, &figures);
        }
        let figures = sizes.iter().map(|&count| {
            let values: Vec<String> = (0..count).map(|at| format!("v{at}")).collect();
            let text = r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ForAnyValue:StringLike":{"x:k":"*y*"}}}"#;
            let policy = bailiwick::compile(&self::policy(&list(70 * text.len(), |_| text.to_owned())), PolicyKind::Identity)
                .expect("a policy");
            let request = Request::new(&amy, "s3:GetObject", "arn:aws:s3:::b/k").with_values("x:k", values.iter().map(String::as_str));
            let (time, memory) = cost(&|| {
                let policies = Policies { identity: Attached::List(&[&policy]), ..Policies::default() };
                black_box(policies.decide(&request));
            });
            (time / count as f64, memory as f64 / count as f64)
        });
        let figures: Vec<_> = figures.collect();
        self.print("values of a key, under 70 statements", &figures);
    }

    fn patterns(&mut self) {
        for (name, piece, letter) in [
            ("*a*a…*b* on aa…a", "*a", 'a'),
            ("*?a?a…b* on aa…a", "?a", 'a'),
            ("*?é?é…b* on éé…é", "?é", 'é'),
        ] {
            let figures = [100, 1_000, 10_000].iter().map(|&length| {
                let pattern = format!("*{}b*", piece.repeat(length / 4));
                let text: String = std::iter::repeat_n(letter, length).collect();
                let compiled = Pattern::new(&pattern);
                let (time, memory) = cost(&|| {
                    black_box(compiled.is_match(&text));
                });
                let product = ((pattern.len() + 1) * (text.len() + 1)) as f64;
                (time / product, memory as f64 / product)
            });
            let figures: Vec<_> = figures.collect();
            self.print(&format!("match, {name}, 100 to 10,000 long"), &figures);
        }
    }

    fn print(&mut self, name: &str, figures: &[(f64, f64)]) {
        let times = figures.iter().fold(String::new(), |mut text, (time, _)| {
            let _ = write!(text, " {time:>10.3} |");
            text
        });
        let (first, last) = (figures[0], figures[figures.len() - 1]);
        let factor = last.0 / first.0.max(1e-3);
        if factor > self.steepest.0 {
            self.steepest = (factor, name.to_owned());
        }
        println!("| {name:<58} |{times} {:>6.1} | {factor:.1} |", last.1);
    }
}

type Key = fn(usize) -> String;

/// Names of context keys.
const KEYS: [(&str, Key); 4] = [
    ("keys", |at| format!("x:k{at}")),
    ("tags of the request", |at| format!("aws:RequestTag/k{at}")),
    ("keys of an encryption context", |at| format!("kms:EncryptionContext:k{at}")),
    ("keys of an encryption context that differ in case alone", |at| {
        let letter = |bit: u32| if at >> bit & 1 == 0 { 'a' } else { 'A' };
        format!("kms:EncryptionContext:{}", (0..14).map(letter).collect::<String>())
    }),
];

/// The fastest of several runs in nanoseconds, and the bytes that one held at its peak beyond what was held before.
fn cost(run: &dyn Fn()) -> (f64, usize) {
    let held = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    run();
    let memory = MEMORY.peak_usage().saturating_sub(held);
    let (mut fastest, mut spent) = (f64::MAX, 0.0);
    for runs in 0.. {
        let start = Instant::now();
        run();
        let time = start.elapsed().as_secs_f64() * 1e9;
        fastest = fastest.min(time);
        spent += time;
        if (spent > 3e7 && runs > 2) || spent > 2e9 {
            break;
        }
    }
    (fastest, memory)
}

type Make = Box<dyn Fn(usize) -> String>;
type Shapes = Vec<(&'static str, Make)>;
type Stage = (&'static str, &'static dyn Fn(&str));

const KIND: Kind = Kind::Identity;

const STAGES: [Stage; 6] = [
    ("JSON", &|text| drop(black_box(json::parse(text, &Limits::default()).expect("JSON")))),
    ("parse", &|text| drop(black_box(parser::parse(text).expect("a policy")))),
    ("parse to normalize", &|text| drop(black_box(normalized(text)))),
    ("parse to compile", &|text| drop(black_box(CompiledPolicy::new(normalized(text))))),
    ("parse to print", &|text| drop(black_box(canonical_json(&normalized(text))))),
    ("check", &|text| drop(black_box(validator::check(text, KIND)))),
];

fn normalized(text: &str) -> normalizer::Policy {
    let document = parser::parse(text).expect("a policy");
    normalizer::normalize(&document, Some(PolicyKind::Identity)).expect("an identity policy")
}

/// Items that are different, as many as make so many bytes, with commas between them.
fn list(bytes: usize, item: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for at in 0.. {
        text.push_str(&item(at));
        if text.len() >= bytes {
            break;
        }
        text.push(',');
    }
    text
}

fn policy(statements: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)
}

/// A shape of documents: its name, what stands before the growing list, an item, and what stands behind.
fn shape(
    name: &'static str,
    before: &'static str,
    item: fn(usize) -> String,
    behind: &'static str,
) -> (&'static str, Make) {
    (name, Box::new(move |bytes| policy(&format!("{before}{}{behind}", list(bytes, item)))))
}

fn documents() -> Shapes {
    vec![
        shape(
            "statements",
            "",
            |at| {
                format!(
                    r#"{{"Sid":"s{at}","Effect":"Allow","Action":["s3:GetObject","s3:Put*"],"Resource":"arn:aws:s3:::b{at}/*","Condition":{{"StringEquals":{{"aws:SourceAccount":"111122223333"}}}}}}"#
                )
            },
            "",
        ),
        shape(
            "resources of one statement",
            r#"{"Effect":"Allow","Action":"s3:*","Resource":["#,
            |at| format!(r#""arn:aws:s3:::b{at}/${{aws:username}}/*""#),
            "]}",
        ),
        shape(
            "actions of one statement",
            r#"{"Effect":"Allow","Resource":"*","Action":["#,
            |at| format!(r#""s3:Get{at}*Object""#),
            "]}",
        ),
        shape(
            "keys of one condition",
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"#,
            |at| format!(r#""aws:RequestTag/k{at}":["v*","w"]"#),
            "}}}",
        ),
        shape(
            "values of one condition",
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:username":["#,
            |at| format!(r#""user-{at}""#),
            "]}}}",
        ),
        (
            "actions whose hashes are alike",
            Box::new(|bytes| {
                let names = colliding(bytes / 67 + 1);
                let actions = list(bytes, |at| format!("\"{}\"", names[at]));
                policy(&format!(r#"{{"Effect":"Allow","Resource":"*","Action":[{actions}]}}"#))
            }),
        ),
        (
            "keys of one condition whose hashes are alike",
            Box::new(|bytes| {
                let names = colliding(bytes / 71 + 1);
                let keys = list(bytes, |at| format!("\"{}\":\"v\"", names[at]));
                policy(&format!(
                    r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{"StringEquals":{{{keys}}}}}}}"#
                ))
            }),
        ),
        (
            "one long pattern",
            Box::new(|bytes| {
                let text = "a*?é${*}".repeat(bytes / 9);
                policy(&format!(r#"{{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::{text}"}}"#))
            }),
        ),
    ]
}

fn mistakes() -> Shapes {
    vec![
        shape(
            "unknown elements",
            r#"{"Effect":"Allow","Action":"*","Resource":"*","#,
            |at| format!(r#""Resorce{at}":"*""#),
            "}",
        ),
        shape(
            "repeated elements",
            r#"{"Effect":"Allow","Action":"*","#,
            |_| r#""Resource":"*""#.to_owned(),
            "}",
        ),
        shape("wrong types", "", |at| format!(r#"{{"Effect":{at},"Action":[[]]}}"#), ""),
        ("commas", Box::new(|bytes| policy(&",".repeat(bytes)))),
        ("open brackets", Box::new(|bytes| "[".repeat(bytes))),
        ("quotes", Box::new(|bytes| "\"".repeat(bytes))),
        ("escapes", Box::new(|bytes| format!("\"{}", "\\u00e9\\x".repeat(bytes / 8)))),
    ]
}

fn request(context: &str, policies: &str) -> String {
    format!(
        r#"{{"request":{{"principal":"arn:aws:iam::111122223333:user/amy","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","resourceAccount":"111122223333","context":{{{context}}}}},"policies":{{"identity":[{policies}]}}}}"#
    )
}

fn scenarios() -> Shapes {
    let statement = |at: usize| {
        format!(
            r#"{{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{{"StringLike":{{"aws:username":["a*","{at}"]}}}}}}"#
        )
    };
    let near = |at: usize| {
        format!(
            r#"{{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{{"StringEquals":{{"x:k{at}":"v"}}}}}}"#
        )
    };
    vec![
        ("statements that match", Box::new(move |bytes| request("", &policy(&list(bytes, statement))))),
        (
            "a document as a string, all of it matches",
            Box::new(move |bytes| request("", &format!("{:?}", policy(&list(bytes, statement))))),
        ),
        ("statements that nearly match", Box::new(move |bytes| request("", &policy(&list(bytes, near))))),
        ("policies", Box::new(move |bytes| request("", &list(bytes, |at| policy(&statement(at)))))),
        (
            "context keys",
            Box::new(|bytes| {
                let item = |at| format!(r#""x:k{at}":"{}""#, "v".repeat(985));
                request(&list(bytes, item), &policy(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#))
            }),
        ),
        (
            "values of a context key",
            Box::new(|bytes| request(&format!(r#""x:k":[{}]"#, list(bytes, |at| format!(r#""v{at}""#))), "")),
        ),
        (
            "a Deny that takes back what a resource policy allows",
            Box::new(|bytes| {
                let statement = |effect| {
                    let actions = list(bytes / 2, |at| format!(r#""s3:Get{at}""#));
                    format!(
                        r#"{{"Effect":"{effect}","Principal":"*","Action":[{actions}],"Resource":"arn:aws:s3:::b"}}"#
                    )
                };
                let document = policy(&format!("{},{}", statement("Allow"), statement("Deny")));
                request("", "")
                    .replace(r#""identity":[]"#, &format!(r#""identity":[],"resource":[{document}]"#))
            }),
        ),
        (
            "pairs of a grant's constraint",
            Box::new(|bytes| {
                let pairs = list(bytes, |at| format!(r#""k{at}":"v""#));
                format!(
                    r#"{{"request":{{"principal":"arn:aws:iam::111122223333:user/amy","action":"kms:Decrypt","resource":"arn:aws:kms:us-east-1:111122223333:key/k"}},"policies":{{"grants":[{{"GranteePrincipal":"arn:aws:iam::111122223333:user/amy","Operations":["Decrypt"],"Constraints":{{"EncryptionContextSubset":{{{pairs}}}}}}}]}}}}"#
                )
            }),
        ),
        (
            "unknown members",
            Box::new(|bytes| format!("{{{}}}", list(bytes, |at| format!(r#""requst{at}":1"#)))),
        ),
    ]
}

fn deliveries() -> Shapes {
    let delivery = |policies: &str| {
        format!(
            r#"{{"delivery":{{"kind":"route53-query-logging","source":"arn:aws:route53:::hostedzone/Z1D633PJN98FT9","destination":"arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/e"}},"environment":{{"111122223333":{{"us-east-1":{{"describe-resource-policies":{{"resourcePolicies":[{policies}]}}}}}}}}}}"#
        )
    };
    let statement = |at: usize| {
        format!(
            r#"{{"Sid":"s{at}","Effect":"Allow","Principal":{{"Service":"route53.amazonaws.com"}},"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}}"#
        )
    };
    let named =
        |at: usize, document: &str| format!(r#"{{"policyName":"p{at}","policyDocument":{document:?}}}"#);
    vec![
        ("one large document", Box::new(move |bytes| delivery(&named(0, &policy(&list(bytes, statement)))))),
        (
            "many documents",
            Box::new(move |bytes| delivery(&list(bytes, |at| named(at, &policy(&statement(at)))))),
        ),
        (
            "a document that does not suffice, and its fixes",
            Box::new(move |bytes| {
                let other = move |at| statement(at).replace("route53.amazonaws.com", "waf.amazonaws.com");
                delivery(&named(0, &policy(&list(bytes, other))))
            }),
        ),
    ]
}

fn judged() -> Shapes {
    vec![
        shape(
            "patterns for resources",
            "",
            |at| format!(r#"{{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::*x*{at}*y"}}"#),
            "",
        ),
        shape(
            "conditions",
            "",
            |at| {
                format!(
                    r#"{{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{{"StringLike":{{"aws:username":"*m*{at}*"}}}}}}"#
                )
            },
            "",
        ),
    ]
}
