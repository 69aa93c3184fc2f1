//! probe
use bailiwick_scenario::Scenario;
use std::time::Instant;

fn scenario(context: &str, policies: &str, principal: &str, extra: &str) -> String {
    format!(
        r#"{{"request": {{"principal": {principal}, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "resourceAccount": "111122223333", "context": {{{context}}}{extra}}}, "policies": {{{policies}}}}}"#
    )
}
const AMY: &str = r#""arn:aws:iam::111122223333:user/amy""#;
fn list(n: usize, f: impl Fn(usize) -> String) -> String {
    (0..n).map(f).collect::<Vec<_>>().join(",")
}
fn pol(s: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{s}]}}"#)
}

#[test]
fn probe() {
    let shapes: Vec<(&str, Box<dyn Fn(usize) -> String>)> = vec![
        ("context", Box::new(|n| scenario(&list(n, |i| format!(r#""x:k{i}":"v""#)), "", AMY, ""))),
        (
            "context values",
            Box::new(|n| scenario(&format!(r#""x:k":[{}]"#, list(n, |i| format!(r#""v{i}""#))), "", AMY, "")),
        ),
        ("unknown members", Box::new(|n| format!("{{{}}}", list(n, |i| format!(r#""k{i}":1"#))))),
        ("same member", Box::new(|n| format!("{{{}}}", list(n, |_| r#""name":"x""#.to_string())))),
        (
            "unknown elements",
            Box::new(|n| {
                scenario(
                    "",
                    &format!(r#""identity":[{{"Statement":{{{}}}}}]"#, list(n, |i| format!(r#""K{i}":1"#))),
                    AMY,
                    "",
                )
            }),
        ),
        (
            "tags",
            Box::new(|n| {
                scenario(
                    "",
                    "",
                    &format!(r#"{{"arn":{AMY},"tags":{{{}}}}}"#, list(n, |i| format!(r#""k{i}":"v""#))),
                    "",
                )
            }),
        ),
        (
            "services",
            Box::new(|n| {
                scenario(
                    "",
                    "",
                    &format!(r#"{{"service":[{}]}}"#, list(n, |i| format!(r#""s{i}.amazonaws.com""#))),
                    "",
                )
            }),
        ),
        (
            "dependent",
            Box::new(|n| {
                scenario(
                    "",
                    "",
                    AMY,
                    &format!(r#","dependentActions":[{}]"#, list(n, |i| format!(r#""s3:A{i}""#))),
                )
            }),
        ),
        (
            "policies",
            Box::new(|n| {
                scenario(
                    "",
                    &format!(
                        r#""identity":[{}]"#,
                        list(n, |_| pol(r#"{"Effect":"Allow","Action":"s3:Put*","Resource":"*"}"#))
                    ),
                    AMY,
                    "",
                )
            }),
        ),
        (
            "levels",
            Box::new(|n| {
                scenario(
                    "",
                    &format!(
                        r#""serviceControl":[{}]"#,
                        list(n, |_| format!(
                            "[{}]",
                            pol(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#)
                        ))
                    ),
                    AMY,
                    "",
                )
            }),
        ),
        (
            "statements",
            Box::new(|n| {
                scenario(
                    "",
                    &format!(
                        r#""identity":[{}]"#,
                        pol(&list(n, |i| format!(
                            r#"{{"Sid":"s{i}","Effect":"Allow","Action":"s3:Put{i}","Resource":"arn:aws:s3:::b{i}/*"}}"#
                        )))
                    ),
                    AMY,
                    "",
                )
            }),
        ),
        (
            "actions",
            Box::new(|n| {
                scenario(
                    "",
                    &format!(
                        r#""identity":[{}]"#,
                        pol(&format!(
                            r#"{{"Effect":"Allow","Action":[{}],"Resource":"*"}}"#,
                            list(n, |i| format!(r#""s3:A{i}*b""#))
                        ))
                    ),
                    AMY,
                    "",
                )
            }),
        ),
        (
            "resources",
            Box::new(|n| {
                scenario(
                    "",
                    &format!(
                        r#""identity":[{}]"#,
                        pol(&format!(
                            r#"{{"Effect":"Allow","Action":"s3:*","Resource":[{}]}}"#,
                            list(n, |i| format!(r#""arn:aws:s3:::b{i}/${{aws:username}}/*""#))
                        ))
                    ),
                    AMY,
                    "",
                )
            }),
        ),
        (
            "principals",
            Box::new(|n| {
                scenario(
                    "",
                    &format!(
                        r#""resource":[{}]"#,
                        pol(&format!(
                            r#"{{"Effect":"Allow","Principal":{{"AWS":[{}]}},"Action":"s3:*","Resource":"*"}}"#,
                            list(n, |i| format!(r#""arn:aws:iam::111122223333:user/u{i}""#))
                        ))
                    ),
                    AMY,
                    "",
                )
            }),
        ),
        (
            "operators",
            Box::new(|n| {
                scenario(
                    "",
                    &format!(
                        r#""identity":[{}]"#,
                        pol(&format!(
                            r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{"StringEquals":{{{}}}}}}}"#,
                            list(n, |i| format!(r#""x:k{i}":"v""#))
                        ))
                    ),
                    AMY,
                    "",
                )
            }),
        ),
        (
            "same operator",
            Box::new(|n| {
                scenario(
                    "",
                    &format!(
                        r#""identity":[{}]"#,
                        pol(&format!(
                            r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{{}}}}}"#,
                            list(n, |i| format!(r#""StringEquals":{{"x:k{i}":"v"}}"#))
                        ))
                    ),
                    AMY,
                    "",
                )
            }),
        ),
        (
            "operands",
            Box::new(|n| {
                scenario(
                    "",
                    &format!(
                        r#""identity":[{}]"#,
                        pol(&format!(
                            r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{"StringLike":{{"x:k":[{}]}}}}}}"#,
                            list(n, |i| format!(r#""v{i}*""#))
                        ))
                    ),
                    AMY,
                    "",
                )
            }),
        ),
        (
            "missing keys",
            Box::new(|n| {
                scenario(
                    "",
                    &format!(
                        r#""identity":[{}]"#,
                        pol(&list(n, |i| format!(
                            r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{"StringEquals":{{"x:k{i}":"v"}}}}}}"#
                        )))
                    ),
                    AMY,
                    "",
                )
            }),
        ),
        (
            "grants",
            Box::new(|n| {
                scenario(
                    "",
                    &format!(
                        r#""grants":[{}]"#,
                        list(n, |_| r#"{"GranteePrincipal":"x","Operations":["Decrypt"]}"#.to_string())
                    ),
                    AMY,
                    "",
                )
            }),
        ),
        (
            "long action",
            Box::new(|n| {
                scenario(
                    "",
                    &format!(
                        r#""identity":[{}]"#,
                        pol(&format!(
                            r#"{{"Effect":"Allow","Action":"s3:{}","Resource":"*"}}"#,
                            "a*".repeat(n)
                        ))
                    ),
                    AMY,
                    "",
                )
            }),
        ),
        (
            "long variable",
            Box::new(|n| {
                scenario(
                    "",
                    &format!(
                        r#""identity":[{}]"#,
                        pol(&format!(
                            r#"{{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::{}"}}"#,
                            "${aws:username}*".repeat(n)
                        ))
                    ),
                    AMY,
                    "",
                )
            }),
        ),
        (
            "long number",
            Box::new(|n| {
                scenario(
                    &format!(r#""x:k":"{}""#, "1".repeat(n)),
                    &format!(
                        r#""identity":[{}]"#,
                        pol(&format!(
                            r#"{{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{{"NumericEquals":{{"x:k":"{}"}}}}}}"#,
                            "1".repeat(n)
                        ))
                    ),
                    AMY,
                    "",
                )
            }),
        ),
        (
            "fold",
            Box::new(|n| {
                scenario(
                    &format!(r#""x:k":"{}""#, "aΣ.".repeat(n)),
                    &format!(
                        r#""identity":[{}]"#,
                        pol(&format!(
                            r#"{{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{{"StringEqualsIgnoreCase":{{"x:k":"{}"}}}}}}"#,
                            "Aς.".repeat(n)
                        ))
                    ),
                    AMY,
                    "",
                )
            }),
        ),
        ("nul commas", Box::new(|n| format!("{{\"a\":[{}", ",".repeat(n)))),
        ("brackets", Box::new(|n| "[".repeat(n))),
        ("quotes", Box::new(|n| "\"".repeat(n))),
        ("escapes", Box::new(|n| format!("\"{}\"", "\\u00e9".repeat(n)))),
    ];
    for (name, make) in &shapes {
        let time = |n: usize| {
            let t = make(n);
            let s = Instant::now();
            match Scenario::parse(&t) {
                Ok(r) => {
                    let _ = r.answer();
                }
                Err(e) => {
                    let _ = e.to_string();
                }
            }
            (t.len(), s.elapsed().as_secs_f64())
        };
        let (l1, t1) = time(10_000);
        let (l2, t2) = if t1 > 3.0 { (0, 0.0) } else { time(40_000) };
        println!(
            "{name:<20} {l1:>9} B {:>8.1} ms   {l2:>9} B {:>9.1} ms   ratio {:.1}",
            t1 * 1e3,
            t2 * 1e3,
            t2 / t1
        );
    }
}
