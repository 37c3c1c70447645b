"""Starts the fake of APNs and FCM for a test in Python, and tells it what to do. PUSH_FAKE names the program."""

import json
import os
import ssl
import subprocess
import sys
import traceback
import urllib.request


class Fake:
    """A fake that lives as long as its block."""

    def __init__(self, *options):
        command = [os.environ["PUSH_FAKE"], *options]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        about = json.loads(self.process.stdout.readline())
        self.url, self.port, self.root = about["url"], about["port"], about["root"]
        self.apns_key, self.key_id, self.team_id = about["apnsKey"], about["keyId"], about["teamId"]
        self.topic, self.project, self.pid = about["topic"], about["project"], about["pid"]
        self.service_account = about["serviceAccount"]
        self.tls = ssl.create_default_context(cafile=self.root)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)

    def tell(self, **order):
        """One order of `fake/control.rs`; `do` is spelled `do_` for Python's sake."""
        order["do"] = order.pop("do_")
        request = urllib.request.Request(f"{self.url}/__control", json.dumps(order).encode())
        with urllib.request.urlopen(request, context=self.tls) as answer:
            return json.load(answer)


def check(name, test, *options):
    """Runs a test with a fake of its own, prints its one line, and ends with its status."""
    try:
        with Fake(*options) as fake:
            print(f"ok   {name}: {test(fake)}", flush=True)
    except Exception:  # noqa: BLE001
        print(f"FAIL {name}: {traceback.format_exc()}", flush=True)
        sys.exit(1)
