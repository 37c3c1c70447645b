"""Everything that our FCM channel sends is a SendMessageRequest by Google's own discovery document, field by field."""

import json
import os
import re
import subprocess
from datetime import datetime, timedelta, timezone
from importlib import resources

from fake import check

CHECKS = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "any": lambda value: True,
}
FORMATS = {"google-duration": re.compile(r"\d+(\.\d{1,9})?s"), "google-datetime": re.compile(r"\d{4}-\d\d-\d\dT.+")}


def document():
    folder = resources.files("googleapiclient.discovery_cache.documents")
    return json.loads(folder.joinpath("fcm.v1.json").read_text())


def wrong(schemas, schema, value, at):
    """What is wrong with a value, each with its place; fields that Google calls deprecated too, but for `token`."""
    schema = schemas[schema["$ref"]] if "$ref" in schema else schema
    kind = schema["type"]
    if kind == "object":
        if not isinstance(value, dict):
            return [f"{at} is no object"]
        known, more, found = schema.get("properties", {}), schema.get("additionalProperties"), []
        for name, inner in value.items():
            field = known.get(name, more)
            if field is None:
                found.append(f"{at}.{name} is unknown")
            elif field.get("deprecated") and name != "token":
                found.append(f"{at}.{name} is deprecated")
            else:
                found += wrong(schemas, field, inner, f"{at}.{name}")
        return found
    if kind == "array":
        if not isinstance(value, list):
            return [f"{at} is no array"]
        return [one for number, item in enumerate(value) for one in wrong(schemas, schema["items"], item, f"{at}[{number}]")]
    if not CHECKS[kind](value):
        return [f"{at} is no {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at} is none of {schema['enum']}"]
    if schema.get("format") in FORMATS and not FORMATS[schema["format"]].fullmatch(value):
        return [f"{at} is no {schema['format']}"]
    return []


def orders():
    expires = datetime.now(timezone.utc) + timedelta(hours=9)
    for number, (title, body) in enumerate([
        ("Your week is ready", "Have a look when it suits you."),
        ("Deine Woche ist da", "Schau hinein, wenn es dir passt."),
        ('"Quoted" \\ and <b>', "Two\nlines"),
        ("🌱", "أسبوعك جاهز"),
    ]):
        message = {
            "delivery": f"6ba7b810-9dad-41d1-80b4-{number:012}", "collapse": f"weekly-2026-W{40 + number}",
            "title": title, "body": body, "stop": "Fewer of these", "path": f"/week/2026-W{40 + number}",
            "expires_at": (expires + timedelta(days=30 * (number == 3))).isoformat(),
        }
        for address in ({"fcm_fid": f"fid{number}"}, {"fcm_token": f"a:token{number}"}):
            for dry in (False, True):
                yield {"address": address, "message": message, "dry": dry}


def test(fake):
    google = document()
    schemas, request = google["schemas"], {"$ref": "SendMessageRequest"}

    servers = {"url": fake.url, "root": fake.root, "apnsKey": fake.apns_key, "keyId": fake.key_id,
               "teamId": fake.team_id, "topic": fake.topic, "serviceAccount": fake.service_account}
    lines = [json.dumps(one) for one in [servers, *orders()]]
    output = subprocess.run([os.environ["PUSH_SEND"]], input="\n".join(lines), capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in output.stdout.splitlines()[1:]]
    assert len(answers) == len(lines) - 1
    assert all(answer["status"] == 200 for answer in answers), answers

    told = fake.tell(do_="tell")
    assert told["refused"] == [], told["refused"]
    sent = [json.loads(one["sent"]) for one in told["seen"]]
    assert len(sent) == len(answers), (len(sent), len(answers))
    assert sum(one.get("validateOnly", False) for one in sent) == len(sent) // 2
    for body in sent:
        found = wrong(schemas, request, body, "request")
        assert not found, found

    # A check that finds nothing must be one that can find something.
    def spoiled(change):
        body = json.loads(json.dumps(sent[0]))
        change(body)
        return wrong(schemas, request, body, "request")

    assert spoiled(lambda body: body["message"].update(mood="low")) == ["request.message.mood is unknown"]
    assert spoiled(lambda body: body["message"]["android"].update(tag="w")) == ["request.message.android.tag is unknown"]
    assert spoiled(lambda body: body["message"]["data"].update(week=47)) == ["request.message.data.week is no string"]
    assert spoiled(lambda body: body["message"]["android"].update(priority="LOW"))
    assert spoiled(lambda body: body["message"]["android"].update(ttl="1 day"))
    return f"{len(sent)} requests by revision {google['revision']}; five made-up faults found"


check("our FCM by Google's schema", test)
