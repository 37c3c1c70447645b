"""The contestant aioapns: sends what its line of input says, so many at a time, and prints how long that took."""

import asyncio
import json
import ssl
import sys
import time

from aioapns import APNs, NotificationRequest, PushType
from aioapns.connection import APNsProductionClientProtocol

task = json.load(sys.stdin)


async def send(client, count):
    numbers, good = iter(range(count)), 0

    async def worker():
        nonlocal good
        for number in numbers:
            delivery = f"00000000-0000-4000-8000-{number:012x}"
            payload = {
                "aps": {
                    "alert": {"title": "Your week is ready", "body": task["text"]}, "thread-id": "weekly-summary",
                    "category": "weekly", "interruption-level": "passive", "relevance-score": 0.3,
                },
                "link": "/week/2026-W47", "delivery": delivery,
            }
            answer = await client.send_notification(NotificationRequest(
                device_token=f"{number:064x}", message=payload, notification_id=delivery, priority=5,
                time_to_live=9 * 3600, push_type=PushType.ALERT, collapse_key="weekly-2026-W47",
            ))
            good += answer.is_successful

    await asyncio.gather(*(worker() for _ in range(min(task["streams"], count))))
    assert good == count, f"{good} of {count} were taken"


async def main():
    APNsProductionClientProtocol.APNS_SERVER = "localhost"
    APNsProductionClientProtocol.APNS_PORT = task["port"]
    context = ssl.create_default_context(cafile=task["root"])
    context.set_alpn_protocols(["h2"])
    client = APNs(
        key=task["apnsKey"], key_id=task["keyId"], team_id=task["teamId"], topic=task["topic"],
        max_connections=1, ssl_context=context,
    )
    await send(client, 1)
    await send(client, task["warm"])
    begun, busy = time.perf_counter(), time.process_time()
    await send(client, task["count"])
    print(json.dumps({"seconds": time.perf_counter() - begun, "cpu": time.process_time() - busy}))


asyncio.run(main())
