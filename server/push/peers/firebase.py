"""The Firebase Admin SDK sends to the fake, and raises for each of the fake's errors what it would raise for FCM's."""

import os
import warnings

from fake import check

LABELLED = {
    "gone": ("unregistered", "UnregisteredError"),
    "elsewhere": ("sender_mismatch", "SenderIdMismatchError"),
    "often": ("too_many", "QuotaExceededError"),
    "unpaired": ("third_party_auth", "ThirdPartyAuthError"),
    "broken": ("bad_token", "InvalidArgumentError"),
}


def test(fake):
    os.environ["REQUESTS_CA_BUNDLE"] = fake.root
    warnings.simplefilter("ignore", DeprecationWarning)
    import firebase_admin
    from firebase_admin import credentials, messaging

    messaging._MessagingService.FCM_URL = fake.url + "/v1/projects/{0}/messages:send"
    firebase_admin.initialize_app(credentials.Certificate(fake.service_account))

    def message(token):
        return messaging.Message(
            token=token,
            notification=messaging.Notification(title="Your week", body="It is ready"),
            android=messaging.AndroidConfig(
                collapse_key="weekly", priority="normal", ttl=72000,
                notification=messaging.AndroidNotification(tag="weekly-2026-W47", channel_id="weekly"),
            ),
        )

    sent = messaging.send(message("good"))
    assert sent.startswith(f"projects/{fake.project}/messages/"), sent
    assert messaging.send(message("good"), dry_run=True).endswith("/fake_message_id")

    raised = []
    for address, (state, wanted) in LABELLED.items():
        fake.tell(do_="address", address=address, state=state)
        try:
            messaging.send(message(address))
        except firebase_admin.exceptions.FirebaseError as error:
            assert type(error).__name__ == wanted, (address, error)
            raised.append(wanted)
    assert len(raised) == len(LABELLED), raised

    told = fake.tell(do_="tell")
    assert (told["counts"]["accepted"], told["refused"]) == (1, []), told
    first, dry = told["seen"]
    assert (first["collapse"], first["dry"], dry["dry"]) == ("weekly-2026-W47", False, True), told["seen"]
    return f"taken, and once only checked; {', '.join(raised)}"


check("firebase-admin", test)
