#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file of samples as version 1 wrote it, a row a sample, is brought into blocks at the start: to the last value, type and mark."""
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site  # noqa: E402

SCHEMA = """CREATE TABLE series (id INTEGER PRIMARY KEY, device_id TEXT NOT NULL, metric TEXT NOT NULL, UNIQUE (device_id, metric)) STRICT;
CREATE TABLE sample (series INTEGER NOT NULL, time INTEGER NOT NULL, value ANY, flags INTEGER NOT NULL, PRIMARY KEY (series, time)) STRICT, WITHOUT ROWID;
CREATE TABLE statistic (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO statistic VALUES ('samples', 11000); PRAGMA application_id = 0x4d757353; PRAGMA user_version = 1;"""
SECONDS = 5000
HISTORICAL, BAD, BOOLEAN = 1, 4, 1 << 16


def write_old(path, device, begin):
    """Four metrics; what the daemon is to tell of each."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.executescript(SCHEMA)
    rows = {"number": [(second, second / 10, 0) for second in range(SECONDS)], "truth": [(second, second % 2, BOOLEAN) for second in range(SECONDS)],
            "text": [(second, f"x{second % 3}", HISTORICAL) for second in range(0, SECONDS, 10)], "nothing": [(second, None, BAD) for second in range(0, SECONDS, 10)]}
    for number, (metric, samples) in enumerate(rows.items()):
        database.execute("INSERT INTO series VALUES (?, ?, ?)", (number, device, metric))
        database.executemany("INSERT INTO sample VALUES (?, ?, ?, ?)", [(number, (begin + second) * 1_000_000, value, flags) for second, value, flags in samples])
    database.commit()
    database.close()
    return {metric: [[(begin + second) * 1000, bool(value) if flags == BOOLEAN else value] + (["bad"] if flags == BAD else []) for second, value, flags in samples]
            for metric, samples in rows.items()}


def main():
    begin = int(time.time()) - 2 * SECONDS
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        device = site.api.post("/devices/", {"name": "Old", "serial": "OLD-1"})["id"]
        for turn in ("brought into blocks", "read again"):
            site.daemon.terminate()
            site.daemon.wait()
            site.api.connection = None
            if turn == "brought into blocks":
                for file in (site.folder / "data").glob("samples.db*"):
                    file.unlink()
                expected = write_old(site.folder / "data/samples.db", device, begin)
            site.start_daemon("--no-mdns")
            moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(begin))
            found = {series["metric"]: series["points"] for series in site.api.get(f"/monitoring/data/{device}?points=0&from={moment}")["samples"]}
            assert found == expected, (turn, {metric: (len(points), points[:2]) for metric, points in found.items()})
            assert site.api.get("/monitoring/stats")["samples"] == 11000
            latest = {series["metric"]: series["points"][0][1] for series in site.api.get("/monitoring/data")["items"][0]["samples"]}
            assert latest == {"number": 499.9, "truth": True, "nothing": None}, latest
            print(f"ok {turn}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
