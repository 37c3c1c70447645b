"""aioapns sends to the fake: it waits for more streams until the fake allows them, and reports what the fake says."""

import asyncio
import logging
import ssl
from datetime import datetime

from aioapns import APNs, NotificationRequest, PushType
from aioapns.connection import APNsProductionClientProtocol

from fake import check

SINCE = "2026-11-20T08:00:00.123Z"


def address(number):
    return f"{number:064x}"


def request(number, **more):
    payload = {"aps": {"alert": {"title": "Your week", "body": "It is ready"}, "thread-id": "weekly-summary"}}
    return NotificationRequest(
        device_token=address(number), message=payload, priority=5, time_to_live=3600,
        push_type=PushType.ALERT, collapse_key="weekly-2026-W47", **more,
    )


async def send(fake):
    APNsProductionClientProtocol.APNS_SERVER = "localhost"
    APNsProductionClientProtocol.APNS_PORT = fake.port
    context = ssl.create_default_context(cafile=fake.root)
    context.set_alpn_protocols(["h2"])
    client = APNs(
        key=fake.apns_key, key_id=fake.key_id, team_id=fake.team_id, topic=fake.topic,
        max_connections=1, ssl_context=context,
    )
    allowed = []
    believe = APNsProductionClientProtocol.on_remote_settings_changed

    def noting(connection, changed):
        believe(connection, changed)
        allowed.append(connection.free_channels.bound)

    APNsProductionClientProtocol.on_remote_settings_changed = noting
    first = await client.send_notification(request(1))
    assert first.is_successful, vars(first)
    assert allowed == [1, 50], f"streams allowed: {allowed}"
    # More than may be open at a time.
    rest = await asyncio.gather(*(client.send_notification(request(number)) for number in range(2, 202)))
    assert all(one.is_successful for one in rest)

    fake.tell(do_="address", address=address(500), state={"gone": {"since": SINCE}})
    fake.tell(do_="address", address=address(501), state="bad_token")
    gone = await client.send_notification(request(500))
    since = round(datetime.fromisoformat(SINCE.replace("Z", "+00:00")).timestamp() * 1000)
    assert (gone.status, gone.description, gone.timestamp) == ("410", "Unregistered", since), gone
    bad = await client.send_notification(request(501))
    assert (bad.status, bad.description) == ("400", "BadDeviceToken"), bad
    client.pool.close()


def test(fake):
    logging.getLogger("aioapns").setLevel(logging.CRITICAL)
    asyncio.run(send(fake))
    told = fake.tell(do_="tell")
    assert told["counts"]["accepted"] == 201, told["counts"]
    assert told["counts"]["provider_tokens"] == 1, told["counts"]
    assert told["refused"] == [], told["refused"]
    assert told["seen"][0]["collapse"] == "weekly-2026-W47", told["seen"][0]
    return "201 taken with one token, one stream at first and then 50; 410 with its time, BadDeviceToken"


check("aioapns", test, "--streams", "50")
