"""Google's own API client sends to the fake: by its service account's token, and with the errors it knows."""

import json

import google_auth_httplib2
import httplib2
from google.api_core.client_options import ClientOptions
from google.oauth2 import service_account
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from fake import check

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"


def test(fake):
    account = service_account.Credentials.from_service_account_file(fake.service_account, scopes=[SCOPE])
    http = google_auth_httplib2.AuthorizedHttp(account, http=httplib2.Http(ca_certs=fake.root))
    client = build(
        "fcm", "v1", http=http, client_options=ClientOptions(api_endpoint=fake.url), static_discovery=True,
    )

    def send(**message):
        body = {"message": {"notification": {"title": "Your week", "body": "It is ready"}, **message}}
        return client.projects().messages().send(parent=f"projects/{fake.project}", body=body).execute()

    def error(**message):
        try:
            send(**message)
        except HttpError as error:
            return error.resp.status, json.loads(error.content)["error"], error
        raise AssertionError(f"taken: {message}")

    sent = send(fid="cXNhbXBsZS1maWQ", android={"priority": "NORMAL", "ttl": "72000s", "collapseKey": "weekly"})
    assert sent["name"].startswith(f"projects/{fake.project}/messages/"), sent

    fake.tell(do_="address", address="gone", state="unregistered")
    status, body, raised = error(token="gone")
    assert (status, body["status"]) == (404, "NOT_FOUND"), body
    assert [one["errorCode"] for one in body["details"]] == ["UNREGISTERED"], body
    assert raised.reason == "Requested entity was not found.", raised.reason

    status, body, _ = error(token="good", android={"tag": "weekly"})
    assert (status, body["status"]) == (400, "INVALID_ARGUMENT"), body
    assert body["details"][0]["fieldViolations"][0]["field"] == "message.android", body

    status, body, _ = error(token="good", topic="too")
    assert status == 400, body

    told = fake.tell(do_="tell")
    assert (told["counts"]["accepted"], told["counts"]["access_tokens"]) == (1, 1), told["counts"]
    assert len(told["refused"]) == 2, told["refused"]
    return "taken with one access token; UNREGISTERED, an unknown field by its name, and two recipients refused"


check("google-api-python-client", test)
