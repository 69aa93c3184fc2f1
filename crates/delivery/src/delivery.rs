//! A delivery and its environment, as one JSON document.

use bailiwick_source::Errors;
use bailiwick_source::json::{self, Kind, Limits, Value};
use bailiwick_source::object::Reader;

use crate::answer::{Answer, Fix};
use crate::collect::{self, CollectCommand};
use crate::quick::{self, QuickError};
use crate::simulate::{self, Around};
use crate::step::Step;
use crate::{explicit, fix, members, plan};
use bailiwick_environment::Environment;
use bailiwick_environment::File;

const MEMBERS: [&str; 3] = ["name", "delivery", "environment"];
const EXPLICIT: [&str; 4] = ["steps", "phase", "facts", "kind"];
const CASE: [&str; 17] = [
    "id",
    "name",
    "title",
    "source_kind",
    "phase",
    "accounts",
    "policies",
    "not_consulted",
    "facts",
    "requests",
    "expected",
    "fails_at_step",
    "error",
    "why",
    "source_doc",
    "confidence",
    "uncertainty",
];

/// A delivery and what AWS holds around it.
///
/// ```
/// use bailiwick_delivery::{Delivery, Verdict};
///
/// let delivery = Delivery::parse(r#"{
///     "delivery": {
///         "kind": "route53-query-logging",
///         "source": "arn:aws:route53:::hostedzone/Z1D633PJN98FT9",
///         "destination": "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/example.com"
///     },
///     "environment": {"111122223333": {"us-east-1": {"describe-resource-policies": {"resourcePolicies": []}}}}
/// }"#)?;
/// let answer = delivery.simulate();
/// assert_eq!(answer.verdict, Verdict::Fails);
/// assert!(answer.summary.ends_with("account 111122223333 has no CloudWatch Logs resource policy in us-east-1"));
/// assert!(answer.fixes.iter().all(|fix| fix.verified));
/// # Ok::<(), bailiwick_source::Errors>(())
/// ```
#[derive(Clone, Debug)]
pub struct Delivery {
    steps: Vec<Step>,
    environment: Environment,
    around: Around,
}

impl Delivery {
    /// Reads a delivery.
    ///
    /// # Errors
    ///
    /// All mistakes of the text: of the JSON, of the delivery's own members, and of every policy document in it.
    pub fn parse(source: &str) -> Result<Self, Errors> {
        Self::parse_with(source, None)
    }

    /// Reads a delivery whose environment was read from elsewhere; what the text itself has is added.
    ///
    /// # Errors
    ///
    /// As [`Delivery::parse`].
    pub fn parse_with(source: &str, environment: Option<Environment>) -> Result<Self, Errors> {
        Self::parse_within(source, environment, &Limits::default())
    }

    /// [`parse_with`](Self::parse_with) within other limits than the default.
    ///
    /// # Errors
    ///
    /// As [`Delivery::parse`].
    pub fn parse_within(
        source: &str,
        environment: Option<Environment>,
        limits: &Limits,
    ) -> Result<Self, Errors> {
        let document = json::parse(source, limits).map_err(Errors::from)?;
        let mut reader = Reader::default();
        let value = document.root();
        let delivery = if value.member("requests").is_some() {
            Self::case(&mut reader, value, environment)
        } else {
            Self::members(&mut reader, value, environment)
        };
        reader.finish(delivery)
    }

    fn members(reader: &mut Reader, value: Value<'_, '_>, environment: Option<Environment>) -> Option<Self> {
        if ["request", "PolicyInputList"].iter().any(|name| value.member(name).is_some()) {
            reader.invalid(value, "this is a scenario, not a delivery", "bailiwick simulate takes it");
            return None;
        }
        let fields = reader.object(value, "a delivery", &MEMBERS)?;
        let name = fields.get("name").and_then(|value| reader.string(value, "name")).map(Into::into);
        let mut environment = environment.unwrap_or_default();
        if let Some(value) = fields.get("environment") {
            environment.read(reader, value);
        }
        let delivery = reader.required(&fields, "delivery", "a delivery")?;
        let mut around = Around { name, ..Around::default() };
        let steps = if delivery.member("steps").is_some() {
            let fields = reader.object(delivery, "delivery", &EXPLICIT)?;
            let phase = fields.get("phase").and_then(|value| explicit::phase(reader, value));
            around.facts = fields.get("facts").map_or_else(Vec::new, facts);
            around.uncollected = environment.uncollected().iter().map(|it| it.what.clone()).collect();
            explicit::read(reader, fields.get("steps")?, &environment, phase)
        } else {
            plan::read(reader, delivery, &environment, &mut around)?
        };
        Some(Self { steps, environment, around })
    }

    /// The explicit form with everything at the top: policies by account, requests.
    fn case(reader: &mut Reader, value: Value<'_, '_>, environment: Option<Environment>) -> Option<Self> {
        let fields = reader.object(value, "a delivery with requests", &CASE)?;
        let mut environment = environment.unwrap_or_default();
        if let Some(policies) = fields.get("policies") {
            environment.read_policies(reader, policies);
        }
        let phase = fields.get("phase").and_then(|value| simulate::phase_of(&value.as_str()?));
        let name = ["name", "id"].iter().find_map(|name| fields.get(name)?.as_str()).map(Into::into);
        let notes = fields.get("uncertainty").and_then(Value::as_str).map(Into::into);
        let around = Around {
            name,
            facts: fields.get("facts").map_or_else(Vec::new, facts),
            notes: notes.into_iter().collect(),
            uncollected: environment.uncollected().iter().map(|it| it.what.clone()).collect(),
            ..Around::default()
        };
        let steps = explicit::read(reader, fields.get("requests")?, &environment, phase);
        Some(Self { steps, environment, around })
    }

    /// Reads a delivery from a kind, its members (`kind`, `source`, `destination`, …) and the policies that decide,
    /// each by the path it was read from.
    ///
    /// # Errors
    ///
    /// The mistakes of the members, or those of every policy that has some.
    ///
    /// ```
    /// use bailiwick_delivery::{Delivery, Verdict};
    /// use bailiwick_environment::File;
    ///
    /// let members = [
    ///     ("kind", "sns-sqs"),
    ///     ("source", "arn:aws:sns:us-east-1:111122223333:topic"),
    ///     ("destination", "arn:aws:sqs:us-east-1:111122223333:queue"),
    ///     ("key", "none"),
    /// ];
    /// let policy = r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
    ///     "Action": "sqs:SendMessage", "Resource": "*"}}"#;
    /// let delivery = Delivery::quick(&members, &[File { path: "queue-policy.json", text: policy }])?;
    /// assert_eq!(delivery.simulate().verdict, Verdict::Succeeds);
    /// # Ok::<(), bailiwick_delivery::QuickError>(())
    /// ```
    pub fn quick(members: &[(&str, &str)], policies: &[File<'_>]) -> Result<Self, QuickError> {
        quick::read(members, policies)
    }

    /// The AWS CLI commands that collect what a delivery depends on. `source` is a delivery; an environment in it
    /// is passed over.
    ///
    /// # Errors
    ///
    /// The mistakes of the text; a delivery written out in steps names no kind to collect for.
    ///
    /// ```
    /// let commands = bailiwick_delivery::Delivery::collect(r#"{"delivery": {
    ///     "kind": "s3-server-access-logs", "source": "arn:aws:s3:::site", "sourceAccount": "111122223333",
    ///     "destination": "arn:aws:s3:::logs"
    /// }}"#)?;
    /// assert!(commands.iter().any(|c| c.path == "111122223333/global/get-bucket-policy/logs.json"));
    /// # Ok::<(), bailiwick_source::Errors>(())
    /// ```
    pub fn collect(source: &str) -> Result<Vec<CollectCommand>, Errors> {
        let document = json::parse(source, &Limits::default()).map_err(Errors::from)?;
        let mut reader = Reader::default();
        let fields = reader.object(document.root(), "a delivery", &MEMBERS);
        let found = fields
            .and_then(|fields| reader.required(&fields, "delivery", "a delivery"))
            .and_then(|delivery| members::read(&mut reader, delivery));
        let commands = found.map(|(kind, given)| collect::commands(kind, &given));
        reader.finish(commands)
    }

    /// The delivery as it is after the commands of these fixes were run: its environment holds their documents.
    ///
    /// # Errors
    ///
    /// The exception of AWS that refuses a document, in words; no fix of this delivery's own answer is refused.
    ///
    /// ```
    /// use bailiwick_delivery::{Delivery, Verdict};
    ///
    /// let delivery = Delivery::parse(r#"{
    ///     "delivery": {
    ///         "kind": "route53-query-logging",
    ///         "source": "arn:aws:route53:::hostedzone/Z1D633PJN98FT9",
    ///         "destination": "arn:aws:logs:us-east-1:111122223333:log-group:/aws/route53/example.com"
    ///     },
    ///     "environment": {"111122223333": {"us-east-1": {"describe-resource-policies": {"resourcePolicies": []}}}}
    /// }"#).unwrap();
    /// let answer = delivery.simulate();
    /// assert!(answer.fixes.iter().all(|fix| fix.verified));
    /// assert_eq!(delivery.with_fixes(&answer.fixes)?.simulate().verdict, Verdict::Succeeds);
    /// # Ok::<(), String>(())
    /// ```
    pub fn with_fixes(&self, fixes: &[Fix]) -> Result<Self, String> {
        let mut fixed = self.clone();
        for fix in fixes {
            fixed.environment.put_document(&fix.id, &fix.after)?;
        }
        Ok(fixed)
    }

    /// Would the delivery succeed?
    #[must_use]
    pub fn simulate(&self) -> Answer {
        let mut answer = simulate::run(&self.steps, &self.environment, &self.around);
        answer.fixes = fix::find(&self.steps, &self.environment, &self.around, &answer);
        answer
    }
}

/// Settings given besides, as texts.
fn facts(value: Value<'_, '_>) -> Vec<(String, String)> {
    let text = |value: Value<'_, '_>| match value.kind() {
        Kind::String => value.as_str().map(std::borrow::Cow::into_owned),
        _ => Some(value.text().to_owned()),
    };
    value.members().filter_map(|(name, value)| Some((name.value.into_owned(), text(value)?))).collect()
}
