//! `Principal` and `NotPrincipal`: `"*"`, or an object of up to four kinds of names (rule G-16).

use super::reader::{Reader, listed};
use crate::codes;
use crate::syntax::{PrincipalKey, PrincipalMember, PrincipalValue};
use bailiwick_source::display::shown;
use bailiwick_source::json::{Kind, Value};
use bailiwick_source::{Error, Span, Spanned, Text, nearest};

impl Reader {
    pub(super) fn principal<'src>(
        &mut self,
        element: &str,
        value: Value<'_, 'src>,
    ) -> Option<PrincipalValue<'src>> {
        match value.kind() {
            Kind::String => {
                let text = value.as_text().filter(|_| !value.is_broken())?;
                if text.value != "*" {
                    let message = format!(
                        "`{element}` is the string {}, expected `\"*\"` or an object",
                        shown(&text.value)
                    );
                    let key = if text.value.ends_with(".amazonaws.com") { "Service" } else { "AWS" };
                    let error = Error::new(codes::INVALID_PRINCIPAL_FORMAT, text.span, message);
                    self.report(error.with_help(format!("write `{{\"{key}\": …}}`")));
                }
                Some(PrincipalValue::Text(text))
            }
            Kind::Object => {
                let members = self.principal_members(element, value);
                Some(PrincipalValue::Map { span: value.span(), members })
            }
            Kind::Array => {
                let message = format!("`{element}` is a list, expected `\"*\"` or an object");
                let error = Error::new(codes::INVALID_PRINCIPAL_FORMAT, value.span(), message);
                self.report(error.with_help("write `{\"AWS\": […]}`"));
                None
            }
            _ => {
                self.wrong_type(element, value, "`\"*\"` or an object");
                None
            }
        }
    }

    fn principal_members<'src>(
        &mut self,
        element: &str,
        value: Value<'_, 'src>,
    ) -> Vec<PrincipalMember<'src>> {
        let mut members: Vec<PrincipalMember<'src>> = Vec::with_capacity(value.members().at_most().min(4));
        let mut seen: [Option<Span>; PrincipalKey::ALL.len()] = [None; PrincipalKey::ALL.len()];
        for (name, value) in value.members().readable() {
            let values = self.list(&name.value, value);
            let known = PrincipalKey::ALL.into_iter().zip(&mut seen);
            let Some((key, seen)) = known.into_iter().find(|(key, _)| key.as_str() == name.value) else {
                self.unknown_principal_key(&name);
                continue;
            };
            if let Some(first) = *seen {
                self.duplicate(codes::DUPLICATE_PRINCIPAL_KEY, &name, first, &format!("this `{element}`"));
                continue;
            }
            *seen = Some(name.span);
            let key = Spanned { value: key, span: name.span };
            members.extend(values.map(|values| PrincipalMember { key, values }));
        }
        members
    }

    fn unknown_principal_key(&mut self, name: &Text<'_>) {
        if self.is_full() {
            return;
        }
        let names = PrincipalKey::ALL.map(PrincipalKey::as_str);
        let message = format!("{} is not a kind of principal", shown(&name.value));
        let error = Error::new(codes::INVALID_PRINCIPAL_KEY, name.span, message);
        self.report(match nearest(&name.value, &names) {
            Some(meant) => error.with_help(format!("did you mean `{meant}`?")),
            None => error.with_help(format!("a principal object has the members {}", listed(&names))),
        });
    }
}
