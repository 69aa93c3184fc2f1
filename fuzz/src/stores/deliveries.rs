//! Delivery sources, delivery destinations with their policies, and deliveries.

use arbitrary::Unstructured;
use bailiwick_store::{
    CreateDeliveryInput, LogsStore, PutDeliveryDestinationInput, PutDeliveryDestinationPolicyInput,
    PutDeliverySourceInput,
};

use super::{NAMES, Plain, SOURCES, Step, arn, document, refused};

impl Plain {
    pub(super) fn put_source(
        &mut self,
        draw: &mut Unstructured<'_>,
        store: &mut LogsStore,
        name: String,
    ) -> Step {
        let in_use = self.deliveries.values().any(|(source, _)| *source == name);
        if draw.ratio(1u8, 3u8).unwrap_or(false) {
            let absent = !self.sources.contains_key(&name);
            let got = store.delete_delivery_source(&name);
            if got.is_ok() {
                self.sources.remove(&name);
            }
            return (got, refused(&[(absent, "ResourceNotFoundException"), (in_use, "ConflictException")]));
        }
        let resource = (*draw.choose(&SOURCES).unwrap_or(&SOURCES[0])).to_owned();
        let log_type = (*draw.choose(&["ACCESS_LOGS", "ES_LOGS"]).unwrap_or(&"ACCESS_LOGS")).to_owned();
        let logs = (resource.clone(), log_type.clone());
        let taken = self.sources.iter().any(|(other, of)| *other != name && *of == logs);
        let changes = in_use && self.sources.get(&name) != Some(&logs);
        let bad = name.is_empty() || name.contains(':') || !resource.starts_with("arn:");
        let reasons = [(bad, "ValidationException"), (taken || changes, "ConflictException")];
        let input =
            PutDeliverySourceInput { name: name.clone(), resource_arn: resource, log_type, tags: None };
        let got = store.put_delivery_source(&input).map(drop);
        if got.is_ok() {
            self.sources.insert(name, logs);
        }
        (got, refused(&reasons))
    }

    pub(super) fn put_target(
        &mut self,
        draw: &mut Unstructured<'_>,
        store: &mut LogsStore,
        name: String,
    ) -> Step {
        let present = self.targets.contains_key(&name);
        match draw.int_in_range(0..=3u8).unwrap_or(0) {
            0 => {
                let (text, readable) = document(draw);
                let reasons = [
                    (name.is_empty() || name.contains(':') || !readable, "ValidationException"),
                    (!present, "ResourceNotFoundException"),
                ];
                let input = PutDeliveryDestinationPolicyInput {
                    delivery_destination_name: name.clone(),
                    delivery_destination_policy: text.clone(),
                };
                let got = store.put_delivery_destination_policy(&input).map(drop);
                if got.is_ok()
                    && let Some((_, policy)) = self.targets.get_mut(&name)
                {
                    *policy = Some(text);
                }
                (got, refused(&reasons))
            }
            1 => {
                let policy = self.targets.get_mut(&name).and_then(|(_, policy)| policy.take());
                (
                    store.delete_delivery_destination_policy(&name),
                    refused(&[(policy.is_none(), "ResourceNotFoundException")]),
                )
            }
            _ => {
                let input = PutDeliveryDestinationInput {
                    name: name.clone(),
                    delivery_destination_configuration: Some(
                        bailiwick_store::DeliveryDestinationConfiguration {
                            destination_resource_arn: "arn:aws:s3:::logs".to_owned(),
                        },
                    ),
                    ..Default::default()
                };
                let got = store.put_delivery_destination(&input).map(drop);
                if got.is_ok() {
                    let policy = self.targets.remove(&name).and_then(|(_, policy)| policy);
                    self.targets.insert(name.clone(), ("S3".to_owned(), policy));
                }
                (got, refused(&[(name.is_empty() || name.contains(':'), "ValidationException")]))
            }
        }
    }

    pub(super) fn delivery(
        &mut self,
        draw: &mut Unstructured<'_>,
        store: &mut LogsStore,
        name: String,
    ) -> Step {
        let id = (*draw.choose(&["d0", "d1", "d2", "d-3"]).unwrap_or(&"d0")).to_owned();
        if draw.ratio(1u8, 3u8).unwrap_or(false) {
            let absent = self.deliveries.remove(&id).is_none();
            return (store.delete_delivery(&id), refused(&[(absent, "ResourceNotFoundException")]));
        }
        let source = (*draw.choose(&NAMES).unwrap_or(&"p0")).to_owned();
        let missing = !self.sources.contains_key(&source) || !self.targets.contains_key(&name);
        let taken =
            self.deliveries.contains_key(&id) || self.deliveries.values().any(|(of, _)| *of == source);
        let reasons = [
            (id.contains('-'), "ValidationException"),
            (missing, "ResourceNotFoundException"),
            (taken, "ConflictException"),
        ];
        let input = CreateDeliveryInput {
            delivery_source_name: source.clone(),
            delivery_destination_arn: arn("delivery-destination", &name),
            ..Default::default()
        };
        let got = store.create_delivery(&input, None, &id).map(drop);
        if got.is_ok() {
            self.deliveries.insert(id, (source, name));
        }
        (got, refused(&reasons))
    }
}
