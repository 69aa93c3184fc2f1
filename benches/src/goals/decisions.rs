//! What a decision costs: policies compiled and requests built before the clock starts.

use std::hint::black_box;

use bailiwick::CompiledPolicy;
use memchr::memmem::Finder;
use serde_json::Value;

use super::Peers;
use crate::clock::{Contender, Effort, measure};
use crate::engine::{Ask, Asked, Asks, Engine as _, Model, asked};
use crate::memory::Memory;
use crate::table::{Row, Section, Unit};
use crate::workload::{Case, Workload, thousands};

/// Of W1's answers none may be slower than its "allow"; a clock does not tell less than this apart.
const AS_FAST: f64 = 1.05;

/// W1 and W2, request by request.
pub(super) fn decisions(effort: Effort, peers: &Peers, memory: &Memory) -> Section {
    let mut section = Section::new("one decision");
    let mut allow = f64::NAN;
    for workload in [Workload::w1(), Workload::w2()] {
        let compiled = workload.compile();
        let attached: Vec<&CompiledPolicy> = compiled.iter().collect();
        let asked = asked(&workload, &attached);
        let mut others = others(peers, &workload, &mut section);
        for ((place, case), one) in workload.cases.iter().enumerate().zip(&asked) {
            let is_allow = (workload.name.as_str(), case.name.as_str()) == ("W1", "allow");
            let mut contenders = vec![ours(std::slice::from_ref(one))];
            if is_allow {
                contenders.push(by_hand(&workload, case));
            }
            for asks in &mut others {
                contenders.extend(
                    asks.asks.get_mut(place).and_then(Option::as_mut).map(|ask| theirs(asks.name, [ask])),
                );
            }
            let work = format!("{} {}", workload.name, case.name.replace('_', " "));
            let row = Row::of(work, &measure(effort, &mut contenders));
            section.push(if is_allow {
                allow = row.ours();
                row.at_most(50.0)
            } else if workload.name == "W1" {
                row.goal("as W1 allow", |ours| ours <= allow * AS_FAST)
            } else {
                row.at_most(100.0)
            });
        }
    }
    let mut row = Row::new("allocations, mean of W1 to W4", Unit::Count, memory.get("allocations"));
    for (name, count) in memory.below("allocations ") {
        row = row.beside(name, count);
    }
    section.push(row.goal("0", |ours| ours == 0.0));
    section
}

/// W4: a thousand requests, each over its own one of the policies AWS manages, so that memory counts.
pub(super) fn managed(effort: Effort, peers: &Peers) -> Section {
    let mut section = Section::new("one decision over a policy AWS manages");
    match Workload::w4() {
        Some(workload) => {
            let row = whole(effort, peers, &workload, &mut section);
            section.push(row.at_most(100.0));
        }
        None => section.note("W4 is left out: the policies AWS manages are not at hand."),
    }
    section
}

/// A request from its strings, the principal included.
pub(super) fn requests(effort: Effort, memory: &Memory) -> Section {
    let mut section = Section::new("a request from its strings");
    for (workload, bound) in [(Workload::w1(), Some(120.0)), (Workload::w2(), None)] {
        let Some(case) = workload.cases.first() else { continue };
        let figures = measure(effort, &mut [Contender::new("bailiwick", 1, || black_box(case).build())]);
        let row = Row::of(format!("{}, {} keys of context", workload.name, case.context.len()), &figures);
        section.push(match bound {
            Some(bound) => row.at_most(bound),
            None => row,
        });
    }
    section.push(Row::new("allocations, W1", Unit::Count, memory.get("request allocations")));
    section
}

/// A row of the mean over all requests of a workload.
pub(super) fn whole(effort: Effort, peers: &Peers, workload: &Workload, section: &mut Section) -> Row {
    let compiled = workload.compile();
    let attached: Vec<&CompiledPolicy> = compiled.iter().collect();
    let asked = asked(workload, &attached);
    let mut others = others(peers, workload, section);
    let mut contenders = vec![ours(&asked)];
    for asks in &mut others {
        if asks.asks.iter().any(Option::is_some) {
            contenders.push(theirs(asks.name, asks.asks.iter_mut().flatten()));
        }
    }
    let work = format!("{}, mean of {} requests", workload.name, thousands(asked.len()));
    Row::of(work, &measure(effort, &mut contenders))
}

/// The engines beside ours, each asked once; what is wrong with their answers is noted.
fn others<'w>(peers: &Peers, workload: &'w Workload, section: &mut Section) -> Vec<Asks<'w>> {
    let model = Asks::new(&Model, workload);
    assert_eq!(model.wrong, 0, "{}: {}", workload.name, Model.name());
    let peers = peers.engines.iter().map(|engine| Asks::new(engine.as_ref(), workload));
    let all: Vec<Asks<'w>> = std::iter::once(model).chain(peers).collect();
    all.iter().filter_map(|asks| asks.note(workload)).for_each(|note| section.note(note));
    all
}

fn ours<'c>(asked: &'c [Asked<'c>]) -> Contender<'c> {
    Contender::new("bailiwick", asked.len(), move || {
        for (policies, request) in asked {
            black_box(black_box(policies).decide(black_box(request)));
        }
    })
}

fn theirs<'c, 'w: 'c>(name: &str, asks: impl IntoIterator<Item = &'c mut Ask<'w>>) -> Contender<'c> {
    let mut asks: Vec<_> = asks.into_iter().collect();
    Contender::new(name, asks.len(), move || {
        for ask in &mut asks {
            black_box(ask());
        }
    })
}

/// What the policy of W1 asks, as a programmer would write it down for this one purpose: about as little as must be
/// done. The case is the one it allows.
fn by_hand<'c>(workload: &Workload, case: &'c Case) -> Contender<'c> {
    let of =
        |key: &str| case.context.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value.as_str());
    let (arn, account) = (of("aws:SourceArn"), of("aws:SourceAccount"));
    let policy: Value =
        workload.documents.first().map_or(Value::Null, |text| text.parse().unwrap_or_default());
    let resource = policy.pointer("/Statement/0/Resource").or(policy.pointer("/Statement/Resource"));
    let resource: Vec<&str> = resource.and_then(Value::as_str).unwrap_or_default().split('*').collect();
    let [group, stream, ..] = resource.as_slice() else { return Contender::new("by hand", 1, || ()) };
    let (group, stream, account_wanted) =
        ((*group).to_owned(), Finder::new(stream).into_owned(), account.to_owned());
    let decide = move |case: &Case| {
        let rest = case.resource.strip_prefix(&group);
        case.principal_text.1 == "route53.amazonaws.com"
            && (case.action == "logs:CreateLogStream" || case.action == "logs:PutLogEvents")
            && rest.is_some_and(|rest| stream.find(rest.as_bytes()).is_some())
            && black_box(account) == account_wanted
            && black_box(arn).starts_with("arn:aws:route53:::hostedzone/")
    };
    assert!(decide(case), "W1 by hand");
    Contender::new("by hand", 1, move || {
        black_box(decide(black_box(case)));
    })
}
