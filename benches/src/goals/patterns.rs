//! One pattern against one text, beside matchers made for globs and regular expressions.

#![expect(clippy::expect_used, reason = "the patterns stand in this file")]

use std::hint::black_box;

use bailiwick_matcher::Pattern;
use memchr::memmem::Finder;
use regex::Regex;

use super::Peers;
use crate::clock::{Contender, Effort, measure};
use crate::globs;
use crate::table::{Row, Section};

/// A log stream's ARN of 113 bytes, and its near miss.
const STREAM: &str = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/example.com:log-stream:Z0123456789ABCDEFGHIJ/IAD79-C12";
const NEAR_MISS: &str = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/example.com:log-streams/Z0123456789ABCDEFGHIJ/IAD79-C1";
const GROUP: &str = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/";
const TWO_STARS: &str = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53/*:log-stream:*";

pub(super) fn patterns(effort: Effort, peers: &Peers) -> Section {
    let mut section = Section::new("one pattern, one text");
    let run = "a".repeat(4_096);
    for (work, pattern, text, matches) in [
        ("two stars, an ARN of 113 bytes", TWO_STARS, STREAM, true),
        ("two stars, a near miss", TWO_STARS, NEAR_MISS, false),
        ("one star at the end", "arn:aws:logs:us-east-1:123456789012:log-group:*", STREAM, true),
        ("no star", STREAM, STREAM, true),
        ("seven stars, 4,096 bytes, a miss", "*a*a*a*a*a*a*b", &run, false),
    ] {
        let ours = Pattern::new(pattern);
        let (glob, regex) = (globs::glob(pattern), regex(pattern));
        assert_eq!(ours.is_match(text), matches, "{work}");
        assert_eq!(glob.is_match(text), matches, "globset: {work}");
        assert_eq!(regex.is_match(text), matches, "regex: {work}");
        let matchers: Vec<_> =
            peers.matchers.iter().map(|(name, compile)| (*name, compile(pattern))).collect();
        let finder = Finder::new(":log-stream:");
        let mut contenders = vec![
            contender("bailiwick", text, |text| ours.is_match(text)),
            contender("globset", text, |text| glob.is_match(text)),
            contender("regex", text, |text| regex.is_match(text)),
        ];
        let by_pieces =
            |text: &str| text.strip_prefix(GROUP).is_some_and(|rest| finder.find(rest.as_bytes()).is_some());
        if pattern == TWO_STARS {
            assert_eq!(by_pieces(text), matches, "by hand: {work}");
            contenders.insert(1, contender("memmem by hand", text, by_pieces));
        }
        for (name, matcher) in &matchers {
            assert_eq!(matcher(text), matches, "{name}: {work}");
            contenders.push(contender(name, text, matcher));
        }
        let row = Row::of(work, &measure(effort, &mut contenders));
        section.push(if pattern == TWO_STARS {
            row.ahead_of(&["globset", "regex", "wildmatch"])
        } else {
            row
        });
    }
    section
}

fn contender<'c>(name: &str, text: &'c str, matcher: impl Fn(&str) -> bool + 'c) -> Contender<'c> {
    Contender::new(name, 1, move || {
        black_box(matcher(black_box(text)));
    })
}

/// The pattern as a regular expression over bytes of any kind.
fn regex(pattern: &str) -> Regex {
    let escaped = regex::escape(pattern).replace(r"\*", ".*").replace(r"\?", ".");
    Regex::new(&format!("(?s)^{escaped}$")).expect("an escaped pattern is a regular expression")
}
