#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of the daemon, 50 times, at any moment of taking samples as line protocol, packing them and starting again.

Every body that was answered 204 is there afterwards, whole and as it was sent; of the others there may be something, but nothing twice and nothing else.
"""
import http.client
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Api, Site  # noqa: E402

KILLS = int(os.environ.get("MUSTER_TEST_KILLS", "50"))
ROWS, STATES = 400, ("off", "heating", "fault")  # rows of a body
GONE = (OSError, http.client.HTTPException)
# Not the same as the clock's: what is sent are rows of the past, a second each.
BASE = (int(time.time()) - 40 * 86400) // 86400 * 86400


def level(row):
    return row * 7 % 5000 / 10


def line(serial, row):
    return f'kiln,serial={serial} level={level(row)},row={row}i,state="{STATES[row // 50 % 3]}" {BASE + row}\n'


class Poster(threading.Thread):
    """Sends body after body for one device; one whose answer did not come is not sent again. A few rows late and out of order."""

    def __init__(self, site, serial):
        super().__init__(daemon=True)
        self.api, self.serial = Api(site.socket), serial
        self.id = site.api.post("/devices/", {"name": serial, "serial": serial})["id"]
        self.running, self.next, self.late = True, 0, []
        self.acknowledged, self.unknown, self.refused = set(), set(), []

    def take_rows(self):
        rows = list(range(self.next, self.next + ROWS))
        self.next += ROWS
        rows, later = [row for row in rows if row % 97], [row for row in rows if row % 97 == 0]
        rows, self.late = rows + self.late, later
        return rows

    def run(self):
        rows = None
        while self.running:
            rows = rows or self.take_rows()
            try:
                status, _, data = self.api.exchange("POST", "/write?precision=s", "".join(line(self.serial, row) for row in rows).encode())
            except (ConnectionRefusedError, FileNotFoundError):
                time.sleep(0.01)  # nobody listens: nothing was sent
                continue
            except GONE:
                self.unknown.update(rows)
                rows = None
                continue
            if status == 204:
                self.acknowledged.update(rows)
            else:
                self.unknown.update(rows)
                if status != 503:
                    self.refused.append((status, data))
            rows = None


def stored(site, poster):
    """{metric: {row: value}}; AssertionError where a row is there twice or where none was sent."""
    found = {}
    for begin in range(0, poster.next + 1, 50_000):
        stamps = [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(BASE + second)) for second in (begin, begin + 49_999)]
        answer = site.api.get(f"/monitoring/data/{poster.id}?from={stamps[0]}&to={stamps[1]}&points=0")
        for series in answer["samples"]:
            rows = found.setdefault(series["metric"], {})
            for msec, value in series["points"]:
                row = msec / 1000 - BASE
                assert row == int(row) and row not in rows, (poster.serial, series["metric"], msec)
                rows[int(row)] = value
    return found


def check(site, posters):
    """The number of samples; AssertionError with what is wrong."""
    total = 0
    for poster in posters:
        found = stored(site, poster)
        assert set(found) == {"kiln/level", "kiln/row", "kiln/state"}, set(found)
        for metric, value_of in (("kiln/level", level), ("kiln/row", lambda row: row), ("kiln/state", lambda row: STATES[row // 50 % 3])):
            rows = found[metric]
            lost = poster.acknowledged - set(rows)
            assert not lost, f"{poster.serial} {metric}: {len(lost)} rows are lost that were acknowledged, the first {min(lost)}"
            strange = set(rows) - poster.acknowledged - poster.unknown
            assert not strange, f"{poster.serial} {metric}: {len(strange)} rows that nobody sent, the first {min(strange)}"
            wrong = [row for row, value in rows.items() if value != value_of(row)]
            assert not wrong, f"{poster.serial} {metric}: {len(wrong)} other values, the first at row {wrong[0]}"
            total += len(rows)
    told = site.api.get("/monitoring/stats")["samples"]
    assert told == total, f"{told} samples are told of, {total} are there"
    return total


def kill(site, delay):
    time.sleep(delay)
    site.daemon.send_signal(signal.SIGKILL)
    site.daemon.wait()
    site.api.connection = None


def main():
    seed = int(os.environ.get("MUSTER_TEST_SEED", time.time()))
    random.seed(seed)
    print(f"seed {seed}")
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        posters = [Poster(site, f"KILN-{number}") for number in range(3)]
        for poster in posters:
            poster.start()
        for number in range(KILLS):
            # some before it has read its journal again
            kill(site, random.uniform(0, 0.6) if number % 3 else random.uniform(0, 0.05))
            site.start_daemon("--no-mdns", wait=number % 3 != 1)
        for poster in posters:
            poster.running = False
            poster.join(60)
        kill(site, 0)
        site.start_daemon("--no-mdns")
        total = check(site, posters)
        site.stop_daemon()
        site.start_daemon("--no-mdns")
        assert check(site, posters) == total, "another start gives another number"
        refused = [row for poster in posters for row in poster.refused]
        assert not refused, refused[:3]
        acknowledged = sum(len(poster.acknowledged) for poster in posters)
        assert acknowledged > KILLS * ROWS / 4, f"only {acknowledged} rows were taken between {KILLS} kills"
        print(f"{KILLS} kills: {acknowledged:,} rows of 3 samples acknowledged, {sum(len(poster.unknown) for poster in posters):,} without an answer, {total:,} samples stored, none lost, none twice")
    return 0


if __name__ == "__main__":
    sys.exit(main())
