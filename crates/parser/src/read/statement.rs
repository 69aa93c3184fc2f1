//! One statement: its elements, which of them exclude each other, and which must be there.

use super::reader::{DOCUMENT_ELEMENTS, Reader, opening};
use crate::codes;
use crate::syntax::{Effect, Element, Statement};
use bailiwick_source::display::shown;
use bailiwick_source::json::Value;
use bailiwick_source::{Error, Span, Spanned, Text};

/// The elements of a statement.
pub(super) const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// The elements without regard to `Not…`.
#[derive(Clone, Copy)]
enum Part {
    Sid,
    Effect,
    Principal,
    Action,
    Resource,
    Condition,
}

impl Part {
    /// Which element has that name, and whether it is the `Not…` form.
    fn parse(name: &str) -> Option<(Self, bool)> {
        Some(match name {
            "Sid" => (Self::Sid, false),
            "Effect" => (Self::Effect, false),
            "Principal" => (Self::Principal, false),
            "NotPrincipal" => (Self::Principal, true),
            "Action" => (Self::Action, false),
            "NotAction" => (Self::Action, true),
            "Resource" => (Self::Resource, false),
            "NotResource" => (Self::Resource, true),
            "Condition" => (Self::Condition, false),
            _ => return None,
        })
    }
}

/// Where the elements of a statement were first named, the plain form and the `Not…` form of each.
#[derive(Default)]
struct Seen([[Option<Span>; 2]; 6]);

impl Seen {
    /// Where the plain and the `Not…` form of a part were first named.
    fn of(&mut self, part: Part) -> &mut [Option<Span>; 2] {
        let Self([sid, effect, principal, action, resource, condition]) = self;
        match part {
            Part::Sid => sid,
            Part::Effect => effect,
            Part::Principal => principal,
            Part::Action => action,
            Part::Resource => resource,
            Part::Condition => condition,
        }
    }
}

impl Reader {
    pub(super) fn statement<'src>(&mut self, value: Value<'_, 'src>) -> Statement<'src> {
        let mut statement = Statement { span: value.span(), ..Statement::default() };
        let mut seen = Seen::default();
        for (name, value) in value.members().readable() {
            let Some((part, negated)) = Part::parse(&name.value) else {
                self.unknown_element(&name, "a statement", &ELEMENTS, &DOCUMENT_ELEMENTS);
                continue;
            };
            self.see(&mut seen, part, negated, &name);
            // Every value is read for its mistakes, whatever is wrong with its name; the first of several is
            // kept.
            let name_span = name.span;
            match part {
                Part::Sid => keep(&mut statement.sid, self.string("Sid", value)),
                Part::Effect => keep(&mut statement.effect, self.effect(value)),
                Part::Principal => {
                    let principal = self.principal(&name.value, value);
                    let element = |value| Element { negated, name_span, value };
                    keep(&mut statement.principal, principal.map(element));
                }
                Part::Action => {
                    let list = self.list(&name.value, value);
                    keep(&mut statement.action, list.map(|value| Element { negated, name_span, value }));
                }
                Part::Resource => {
                    let list = self.list(&name.value, value);
                    keep(&mut statement.resource, list.map(|value| Element { negated, name_span, value }));
                }
                Part::Condition => keep(&mut statement.condition, self.conditions(value)),
            }
        }
        if !value.is_broken() {
            self.missing(&mut seen, value);
        }
        statement
    }

    /// Notes that an element was named, which may be once too often (rules G-3, G-13).
    fn see(&mut self, seen: &mut Seen, part: Part, negated: bool, name: &Text<'_>) {
        let [plain, not] = seen.of(part);
        let (this, twin) = if negated { (not, *plain) } else { (plain, *not) };
        if let Some(first) = *this {
            self.duplicate(codes::DUPLICATE_ELEMENT, name, first, "this statement");
            return;
        }
        *this = Some(name.span);
        if let Some(twin) = twin {
            let plain = name.value.trim_start_matches("Not");
            let message = format!("a statement cannot have both `{plain}` and `Not{plain}`");
            let error = Error::new(codes::UNSUPPORTED_ELEMENT_COMBINATION, name.span, message);
            self.report(
                error.with_related(twin, "the other one is here").with_help("split the statement in two"),
            );
        }
    }

    fn missing(&mut self, seen: &mut Seen, statement: Value<'_, '_>) {
        if let [None, _] = seen.of(Part::Effect) {
            let error = Error::new(codes::MISSING_EFFECT, opening(statement), "statement has no `Effect`");
            self.report(error.with_help("add `\"Effect\": \"Allow\"` or `\"Effect\": \"Deny\"`"));
        }
        if let [None, None] = seen.of(Part::Action) {
            let message = "statement has neither `Action` nor `NotAction`";
            let error = Error::new(codes::MISSING_ACTION, opening(statement), message);
            self.report(error.with_help("add `\"Action\": […]`"));
        }
    }

    fn effect(&mut self, value: Value<'_, '_>) -> Option<Spanned<Effect>> {
        let text = self.string("Effect", value)?;
        let effects = [Effect::Allow, Effect::Deny];
        let effect = effects.into_iter().find(|effect| effect.as_str() == text.value);
        if effect.is_none() {
            let message = format!("{} is not an effect, expected `Allow` or `Deny`", shown(&text.value));
            let error = Error::new(codes::INVALID_EFFECT, text.span, message);
            let meant = effects.into_iter().find(|effect| effect.as_str().eq_ignore_ascii_case(&text.value));
            self.report(match meant {
                Some(meant) => error.with_help(format!("did you mean `{}`?", meant.as_str())),
                None => error,
            });
        }
        Some(Spanned { value: effect?, span: text.span })
    }
}

/// Keeps the first of several.
fn keep<T>(first: &mut Option<T>, another: Option<T>) {
    if first.is_none() {
        *first = another;
    }
}
