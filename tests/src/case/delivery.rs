//! Cases about deliveries: whether one succeeds, and at which step it fails.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::{files, topic_of};

/// A delivery, its environment, and what it comes to.
#[derive(Clone, Debug)]
pub struct DeliveryCase {
    /// The file below `cases/`, without extension: `deliveries/kinds/logs`.
    pub topic: String,
    /// States the behaviour; no other case of the file has it.
    pub name: String,
    /// Why the verdict is this one.
    pub because: String,
    /// AWS's page, or the observation.
    pub source: String,
    /// The member `delivery` of the program's input.
    pub delivery: Value,
    /// The member `environment`.
    pub environment: Value,
    /// `verdict`, and where they are there `step`, `says` and `fixed`.
    pub expect: Map<String, Value>,
}

impl DeliveryCase {
    /// What messages call it.
    pub fn title(&self) -> String {
        format!("{}: {}", self.topic, self.name)
    }

    /// The input of the program.
    pub fn text(&self) -> String {
        json!({"delivery": self.delivery, "environment": self.environment}).to_string()
    }

    /// Whether fixes have to be found that make it succeed.
    pub fn is_fixed(&self) -> bool {
        self.expect.get("fixed").and_then(Value::as_bool) == Some(true)
    }

    /// Reads the cases of those topics that are wanted, of both formats.
    ///
    /// # Errors
    ///
    /// One sentence per mistake, as of [`load`](super::load).
    pub fn load_of(folder: &Path, wants: impl Fn(&str) -> bool) -> Result<Vec<Self>, Vec<String>> {
        let mut mistakes = vec![];
        let mut cases: Vec<Self> = vec![];
        for format in ["deliveries/kinds", "deliveries/steps"] {
            for file in files(&folder.join(format), &mut mistakes) {
                let topic = topic_of(folder, &file);
                if !wants(&topic) {
                    continue;
                }
                let text = fs::read_to_string(&file).map_err(|error| error.to_string());
                let list = text.and_then(|text| {
                    serde_json::from_str::<Vec<Value>>(&text).map_err(|error| error.to_string())
                });
                for (at, case) in list.iter().flatten().enumerate() {
                    match read(&topic, case) {
                        Ok(case) => cases.push(case),
                        Err(mistake) => mistakes.push(format!("{topic}, case {at}: {mistake}")),
                    }
                }
                mistakes.extend(list.err().map(|mistake| format!("{topic}: {mistake}")));
            }
        }
        let mut titles = BTreeSet::new();
        for title in cases.iter().map(Self::title) {
            if !titles.insert(title.clone()) {
                mistakes.push(format!("two cases are called {title}"));
            }
        }
        if mistakes.is_empty() { Ok(cases) } else { Err(mistakes) }
    }
}

fn read(topic: &str, case: &Value) -> Result<DeliveryCase, String> {
    const MEMBERS: [&str; 6] = ["name", "because", "source", "delivery", "environment", "expect"];
    let text = |name: &str| match case[name].as_str() {
        Some(text) if !text.trim().is_empty() => Ok(text.to_owned()),
        _ => Err(format!("{name} is missing or no text")),
    };
    let members = case.as_object().ok_or("not an object")?;
    if let Some(unknown) = members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return Err(format!("unknown member {unknown}"));
    }
    let expect = case["expect"].as_object().filter(|expect| expect.contains_key("verdict"));
    Ok(DeliveryCase {
        topic: topic.to_owned(),
        name: text("name")?,
        because: text("because")?,
        source: text("source")?,
        delivery: case["delivery"].clone(),
        environment: case["environment"].clone(),
        expect: expect.ok_or("expect has no verdict")?.clone(),
    })
}
