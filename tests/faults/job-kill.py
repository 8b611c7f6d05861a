#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of the daemon, several times, in the middle of a job of 10,000 rows.

It goes on by itself after each start. At every moment what the job says, what its rows say and what the journal says
is the same; at the end each row was done exactly once, and one undo brings every record back.
"""
import os
import signal
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site, wait_for  # noqa: E402
from stock_of_devices import add_devices, read_devices  # noqa: E402

ROWS = int(os.environ.get("MUSTER_TEST_ROWS", "10000"))
KILLS = int(os.environ.get("MUSTER_TEST_KILLS", "6"))


def compare(database, job_id):
    """What the three accounts of the job say, once they agree."""
    connection = sqlite3.connect(database)
    operation, done, skipped, failed = connection.execute("SELECT operation, done, skipped, failed FROM job WHERE id = ?", (job_id,)).fetchone()
    rows = dict(connection.execute("SELECT status, count(*) FROM job_row WHERE job_id = ? GROUP BY status", (job_id,)))
    entries, records = connection.execute("SELECT count(*), count(DISTINCT entity_id) FROM journal WHERE operation = ?", (operation,)).fetchone()
    changed = connection.execute("SELECT count(*) FROM device WHERE notes = 'Counted'").fetchone()[0]
    connection.close()
    assert (skipped, failed) == (0, 0), (skipped, failed)
    assert done == rows.get("done", 0) == entries == records == changed, (done, rows, entries, records, changed)
    return done


def kill_at_progress(site, job_id, rows):
    """Kills the daemon as soon as it says that so many rows are done: a machine may be as fast or as slow as it likes."""
    path = f"/jobs/{job_id}"
    wait_for(lambda: site.api.get(path)["done"] >= rows, 120, f"{rows} rows of the job", interval=0.002)
    site.stop_daemon(signal.SIGKILL)


def run(site):
    database = site.folder / "data" / "muster.db"
    site.start_daemon("--no-mdns")
    site.stop_daemon()
    add_devices(database, ROWS)
    before = read_devices(database)
    assert len(before) == ROWS
    site.start_daemon("--no-mdns")
    job = site.api.post("/jobs", {"kind": "edit", "entity": "device", "filter": "sort=name", "changes": {"notes": "Counted"}})
    assert job["total"] == ROWS, job

    seen = []
    for kill in range(KILLS):
        kill_at_progress(site, job["id"], ROWS * (kill + 1) // (KILLS + 2))
        seen.append(compare(database, job["id"]))
        site.start_daemon("--no-mdns")
    assert seen == sorted(seen) and any(0 < done < ROWS for done in seen), seen

    def is_done():
        now = site.api.get(f"/jobs/{job['id']}")
        assert now["status"] in ("queued", "running", "done"), now
        return now if now["status"] == "done" else None

    done = wait_for(is_done, 120, "the job")
    assert done["done"] == ROWS, done
    compare(database, job["id"])
    print(f"{KILLS} kills, at {seen} rows; {ROWS} rows done once each")

    begun = time.monotonic()
    site.api.call("POST", f"/journal/{done['first_sequence']}/undo")
    print(f"undone in {time.monotonic() - begun:.2f} s")
    assert read_devices(database) == before, "undo did not bring back what was"
    verdict = site.api.get("/journal/verify")
    assert verdict["intact"] and verdict["checked"] > 2 * ROWS, verdict


def main():
    with Site(sys.argv[1]) as site:
        run(site)


if __name__ == "__main__":
    main()
