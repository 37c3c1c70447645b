//! The message as Apple's devices take it: `a2`'s model, with the keys of `aps` that it lacks.

use a2::request::{
    notification::{
        CollapseId, DefaultNotificationBuilder, NotificationBuilder, NotificationOptions, Priority, PushType,
    },
    payload::{APS, PayloadLike},
};
use serde::Serialize;
use uuid::Uuid;

use crate::message::Message;

/// What the app gives buttons to, among them the one that opens the settings.
const CATEGORY: &str = "weekly";
/// Where it stands in the device's own summary, between 0 and 1: nothing here is urgent.
const RELEVANCE: f64 = 0.3;

#[derive(Debug, Serialize)]
pub(super) struct Notification<'a> {
    aps: Aps<'a>,
    link: &'a str,
    delivery: Uuid,
    #[serde(skip)]
    device: &'a str,
    #[serde(skip)]
    options: NotificationOptions<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Aps<'a> {
    #[serde(flatten)]
    known: APS<'a>,
    thread_id: &'a str,
    interruption_level: &'static str,
    relevance_score: f64,
}

impl<'a> Notification<'a> {
    /// `id` is the message's delivery, written out.
    pub(super) fn new(
        message: &'a Message,
        device: &'a str,
        id: &'a str,
        topic: &'a str,
    ) -> Result<Self, &'static str> {
        let options = NotificationOptions {
            apns_id: Some(id),
            apns_push_type: Some(PushType::Alert),
            apns_expiration: Some(u64::try_from(message.expires_at.timestamp()).map_err(|_| "expired")?),
            // An alert that may wait for a moment at which it costs the device little.
            apns_priority: Some(Priority::Normal),
            apns_topic: Some(topic),
            apns_collapse_id: Some(CollapseId::new(&message.collapse).map_err(|_| "collapse")?),
        };
        let alert = DefaultNotificationBuilder::new()
            .set_title(&message.title)
            .set_body(&message.body)
            .build(device, NotificationOptions::default())
            .aps
            .alert;
        let known = APS { alert, category: Some(CATEGORY), ..APS::default() };
        let aps = Aps { known, thread_id: message.thread, interruption_level: "passive", relevance_score: RELEVANCE };
        Ok(Self { aps, link: &message.path, delivery: message.delivery, device, options })
    }
}

impl PayloadLike for Notification<'_> {
    fn get_device_token(&self) -> &str {
        self.device
    }

    fn get_options(&self) -> &NotificationOptions<'_> {
        &self.options
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::message::tests::weekly;

    #[test]
    fn the_payload_is_what_apple_documents_and_no_more() {
        let message = weekly();
        let notification = Notification::new(&message, "ab12", "id", "example.spectrum").expect("a notification");
        let json: Value = serde_json::from_str(&notification.to_json_string().expect("JSON")).expect("JSON");
        assert_eq!(
            json,
            json!({
                "aps": {
                    "alert": { "title": "Your week is ready", "body": "Have a look when it suits you." },
                    "category": "weekly",
                    "thread-id": "weekly-summary",
                    "interruption-level": "passive",
                    "relevance-score": 0.3,
                },
                "link": "/week/2026-W47",
                "delivery": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            })
        );
    }
}
