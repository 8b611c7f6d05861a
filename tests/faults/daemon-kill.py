#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of the daemon, 50 times, under 2,000 samples a second and a stream of new records.

What was acknowledged is there afterwards, once. What was not acknowledged may be there or not, but never twice.
"""
import http.client
import json
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Api, ApiError, Site, wait_for  # noqa: E402

KILLS = int(os.environ.get("MUSTER_TEST_KILLS", "50"))
RATE, BATCH, DEVICES = 2000, 100, 5
GONE = (OSError, http.client.HTTPException)


class Poster(threading.Thread):
    """Sends batches at RATE, waiting for each answer; a batch whose answer did not come is not sent again."""

    def __init__(self, path, devices):
        super().__init__(daemon=True)
        self.api, self.devices = Api(path), devices
        self.acknowledged, self.unknown, self.refused = set(), set(), []
        self.running, self.clock = True, int(time.time() * 1000) - 10_000_000

    def run(self):
        turn, due = 0, time.monotonic()
        while self.running:
            device = self.devices[turn % len(self.devices)]
            turn += 1
            times = range(self.clock, self.clock + BATCH)
            self.clock += BATCH
            keys = {(device, t) for t in times}
            body = {"items": [{"device_id": device, "metric": "n", "value": t % 1000, "timestamp": t} for t in times]}
            try:
                answer = self.api.post("/monitoring/data", body)
                if answer != {"stored": BATCH, "refused": 0}:
                    self.refused.append(answer)
                self.acknowledged |= keys
            except ApiError as error:
                self.unknown |= keys
                if error.status != 503:
                    self.refused.append(error)
            except GONE:
                self.unknown |= keys
                time.sleep(0.01)
            due = max(due + BATCH / RATE, time.monotonic() - 1)
            time.sleep(max(0, due - time.monotonic()))


class Clerk(threading.Thread):
    """Makes records one after the other; a retry with the same key is the same record."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.api, self.acknowledged, self.asked, self.running, self.refused = Api(path), {}, 0, True, []

    def look_up(self, name):
        """A kill may come between the record and the note of its answer: then the retry is told that the serial number is taken."""
        try:
            found = self.api.get(f"/devices/?serial={name}")["items"]
        except (ApiError, *GONE):
            return False
        if found:
            self.acknowledged[name] = found[0]["id"]
        return bool(found)

    def run(self):
        while self.running:
            name = f"unit-{self.asked:06}"
            self.asked += 1
            while self.running:
                try:
                    answer = self.api.post("/devices/", {"name": name, "serial": name}, {"Idempotency-Key": f"key-{name}"})
                    self.acknowledged[name] = answer["id"]
                    break
                except ApiError as error:
                    if error.status == 409 and self.look_up(name):
                        break
                    if error.status not in (503, 409):
                        self.refused.append(error)
                        break
                    time.sleep(0.02)
                except GONE:
                    time.sleep(0.02)
            time.sleep(0.02)


def check_samples(site, poster, devices):
    problems = []
    for device in devices:
        mine = {t for d, t in poster.acknowledged if d == device}
        maybe = {t for d, t in poster.unknown if d == device}
        stored = []
        low, high = min(mine | maybe), max(mine | maybe)
        for begin in range(low, high + 1, 50_000):
            end = min(begin + 49_999, high)
            stamp = [time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(t // 1000)) + f".{t % 1000:03}Z" for t in (begin, end)]
            answer = site.api.get(f"/monitoring/data/{device}?metric=n&from={stamp[0]}&to={stamp[1]}&points=0")
            stored += [p for s in answer["samples"] for p in s["points"]]
        times = [t for t, _ in stored]
        if len(times) != len(set(times)):
            problems.append(f"{device}: samples stand twice")
        if mine - set(times):
            problems.append(f"{device}: {len(mine - set(times))} acknowledged samples are lost")
        if set(times) - mine - maybe:
            problems.append(f"{device}: samples that nobody sent")
        if any(v != t % 1000 for t, v in stored):
            problems.append(f"{device}: values are wrong")
    total = site.api.get("/monitoring/stats")["samples"]
    if not len(poster.acknowledged) <= total <= len(poster.acknowledged | poster.unknown):
        problems.append(f"{total} samples are counted, between {len(poster.acknowledged)} and {len(poster.acknowledged | poster.unknown)} were sent")
    return problems


def check_records(site, clerk):
    problems, found, cursor = [], {}, ""
    while cursor is not None:
        page = site.api.get(f"/devices/?limit=1000&sort=serial&q=unit{cursor}")
        for item in page["items"]:
            if item["serial"] in found:
                problems.append(f"{item['serial']} stands twice")
            found[item["serial"]] = item["id"]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    for serial, ident in clerk.acknowledged.items():
        if found.get(serial) != ident:
            problems.append(f"{serial} was acknowledged as {ident} and is {found.get(serial)}")
    after, entries = 0, 0
    while True:
        items = site.api.get(f"/journal/?entity=device&after={after}&limit=1000")["items"]
        if not items:
            break
        entries += len(items)
        after = items[-1]["sequence"]
    if entries != len(found) + DEVICES:
        problems.append(f"{entries} journal entries for {len(found) + DEVICES} records")
    return problems


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        devices = [site.api.post("/devices/", {"name": f"Meter {i}", "serial": f"meter-{i}"})["id"] for i in range(DEVICES)]
        poster, clerk = Poster(site.socket, devices), Clerk(site.socket)
        poster.start()
        clerk.start()
        chance, begin, slowest = random.Random(1), time.monotonic(), 0.0
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.05, 0.5))
            site.stop_daemon(signal.SIGKILL)
            again = time.monotonic()
            site.start_daemon("--no-mdns")
            slowest = max(slowest, time.monotonic() - again)
        time.sleep(0.5)
        poster.running = clerk.running = False
        poster.join(10)
        clerk.join(10)
        seconds = time.monotonic() - begin
        problems = check_samples(site, poster, devices) + check_records(site, clerk)
        problems += [f"refused: {r}" for r in (poster.refused + clerk.refused)[:5]]
        print(json.dumps({"kills": KILLS, "seconds": round(seconds, 1), "acknowledged samples": len(poster.acknowledged),
                          "without answer": len(poster.unknown), "records": len(clerk.acknowledged), "slowest start s": round(slowest, 3)}))
        if len(poster.acknowledged) < 1000 * KILLS // 50 or len(clerk.acknowledged) < KILLS:
            problems.append("too little was written for the test to mean anything")
        for problem in problems:
            print("FAILED:", problem)
        return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
