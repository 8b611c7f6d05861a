#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills the daemon at any moment of an adoption: each device ends up adopted once, with one record and an account that works.

adoption-kill.py BUILD [--count N] [--seed N]
"""
import argparse
import json
import random
import signal
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, wait_for  # noqa: E402


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--seed", type=int, default=77)
    return parser.parse_args()


class Unit:
    """A simulated device on loopback, with what its label says."""

    def __init__(self, site, serial):
        self.site, self.serial = site, serial
        folder = site.folder / serial
        folder.mkdir()
        site.spawn(serial, [site.program("muster-node"), "--state-dir", str(folder), "--serial", serial, "--address", "127.0.0.1", "--no-mdns"])
        label = wait_for(self.read_label, 10, "the label")
        self.secret = label["secret"]
        self.address = site.api.post("/discovery/addresses", {"address": f"127.0.0.1:{label['pairing port']}", "name": serial})

    def read_label(self):
        lines = [line.rsplit(None, 1) for line in self.site.log_path(self.serial).read_text().splitlines()]
        label = {line[0].strip(): line[1] for line in lines if len(line) == 2}
        return label if "pairing port" in label else None

    def find_candidate(self):
        found = [c for c in self.site.api.get("/discovery/")["items"] if c.get("serial") == self.serial and c["pairing_address"]]
        return found[0] if found else None

    def adopt(self):
        """Whether it could be asked for and was adopted."""
        candidate = self.find_candidate()
        try:
            return candidate and self.site.api.post(f"/discovery/{candidate['key']}/adopt", {"secret": self.secret})
        except ApiError as error:
            if error.status in (403, 404, 422):
                raise
            time.sleep(0.5)
            return None

    def find_adopted(self):
        """Its records, once one is adopted and its session with the broker is open."""
        records = [d for d in self.site.api.get("/devices/?limit=1000")["items"] if d["serial"] == self.serial]
        if not records or records[0]["adoption"] != "adopted":
            return None
        proofs = self.site.api.get(f"/devices/{records[0]['id']}/status")["live"]["proofs"]
        return records if any(p["kind"] == "mqtt" and p["fresh"] for p in proofs) else None


def interrupt(site, unit, delay):
    """Starts an adoption, kills the daemon DELAY seconds later, and starts it again. Whether the adoption was over before."""
    outcome = []

    def ask():
        try:
            if unit.adopt():
                outcome.append("answered")
        except (OSError, ApiError, ValueError, json.JSONDecodeError):
            pass  # the daemon's end cuts the answer off: that is the point

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(delay)
    site.stop_daemon(signal.SIGKILL)
    asking.join()
    site.start_daemon("--no-mdns")
    return bool(outcome)


def check(site, unit):
    try:
        records, how = wait_for(unit.find_adopted, 4, "the adoption"), "by itself"
    except TimeoutError:
        wait_for(unit.adopt, 40, "another attempt")
        records, how = wait_for(unit.find_adopted, 15, "the session after another attempt"), "by another attempt"
    assert len(records) == 1, records
    assert records[0]["node_id"] == unit.serial, records
    site.api.call("DELETE", f"/discovery/addresses/{unit.address['id']}")
    return how


def main():
    options = parse()
    random.seed(options.seed)
    with Site(options.build) as site:
        site.start_daemon("--no-mdns")
        for i in range(options.count):
            unit = Unit(site, f"MN-KILL-{i}")
            wait_for(unit.find_candidate, 15, "the candidate")
            delay = random.uniform(0.002, 0.09)
            answered = interrupt(site, unit, delay)
            print(f"killed {delay * 1000:.0f} ms after the request, {'after' if answered else 'before'} its answer: adopted {check(site, unit)}", flush=True)
        devices = site.api.get("/overview")["devices"]
        assert devices["total"] == devices["by_adoption"]["adopted"] == options.count, devices


main()
