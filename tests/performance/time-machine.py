#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time machine by the clock: a window's questions, as of moment after moment, over a site with a long history.

time-machine.py BUILD [--devices N] [--changes N] [--steps N]
A step is all that a room asks when the slider moves: the list of devices with its ids, the overview, one device, the open alerts, the stock.
"""
import argparse
import datetime
import random
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Api, Site, wait_for  # noqa: E402
from site_figures import Figures, cpu_seconds, memory_mb, percentile  # noqa: E402

BAR_MS = 100


def write_csv(path, count, turn):
    with open(path, "w", encoding="utf-8") as file:
        file.write("name,serial,kind,model,manufacturer,location,status\n")
        for i in range(count):
            file.write(f"Sensor {i:05},TM-{i:06},sensor,MX-{(i + turn) % 40},Example,Hall {(i * 7 + turn) % 90},in_stock\n")


def import_file(site, path):
    made = site.api.call("POST", "/imports?entity=device", path.read_bytes(), {"Content-Type": "text/csv"})
    job = site.api.post(f"/imports/{made['id']}/apply")
    ended = ("done", "failed", "cancelled")
    return wait_for(lambda: (state := site.api.get(f"/jobs/{job.get('job_id') or job['id']}"))["status"] in ended and state, 120, "the import", 0.02)


def make_history(site, n_devices, n_changes):
    """(first, last): the moments between which the devices were changed."""
    path = site.folder / "devices.csv"
    begin = time.time()
    for turn in range(max(1, n_changes // n_devices)):
        write_csv(path, n_devices, turn)
        import_file(site, path)
    return begin, time.time()


def as_text(moment):
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class Window:
    """Asks what a room asks, on as many connections as a window has."""

    def __init__(self, site):
        self.site = site
        self.connections = [Api(site.socket) for _ in range(5)]
        self.device = site.api.get("/devices/?limit=1")["items"][0]["id"]

    def step(self, moment):
        at = as_text(moment)
        targets = (f"/devices/?limit=100&sort=name&as_of={at}", f"/devices/ids?sort=name&as_of={at}", f"/overview?as_of={at}",
                   f"/alerts/?status=open,acknowledged&as_of={at}", f"/stock-levels/?as_of={at}")
        threads = [threading.Thread(target=api.get, args=(target,)) for api, target in zip(self.connections, targets)]
        begin = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return (time.monotonic() - begin) * 1000


def measure(window, figures, name, moments):
    before = cpu_seconds(window.site.daemon)
    took = [window.step(moment) for moment in moments]
    used = (cpu_seconds(window.site.daemon) - before) * 1000 / len(moments)
    figures.add(f"{name}: a step, p50", percentile(took, 0.5), "ms", BAR_MS)
    figures.add(f"{name}: a step, p99", percentile(took, 0.99), "ms", BAR_MS)
    # what it costs is the same on a busy machine, where every step takes longer
    figures.add(f"{name}: processor time of the daemon, a step", used, "ms")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=Path)
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--changes", type=int, default=100000)
    parser.add_argument("--steps", type=int, default=200)
    options = parser.parse_args()
    figures, chance = Figures(), random.Random(5)
    with Site(options.build) as site:
        site.start_daemon()
        first, last = make_history(site, options.devices, options.changes)
        entries = site.api.get("/journal?limit=1")["items"][0]["sequence"]
        print(f"# {options.devices} devices, {entries} entries of the journal", flush=True)
        window = Window(site)
        before = memory_mb(site.daemon)
        figures.add("the first step, to the far end", window.step(first + (last - first) * 0.02), "ms")
        span = last - first
        measure(window, figures, "drawn along the slider", [last - span * i / options.steps for i in range(options.steps)])
        measure(window, figures, "here and there", [first + span * chance.random() for _ in range(options.steps)])
        figures.add("memory that it takes", memory_mb(site.daemon) - before, "MB", 100)
        if window.site.api.get(f"/devices/?limit=1&as_of={as_text(first - 1)}")["total"] != 0:
            raise RuntimeError("there were devices before the first one")
    return 0 if all(row["met"] is not False for row in figures.rows) else 1


if __name__ == "__main__":
    sys.exit(main())
