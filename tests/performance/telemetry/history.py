#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts of much history by the clock: one series of a year at 1 Hz (31 million samples), read from the disk for the first time, and 20 series of a week.

history.py BUILD [--json FILE]
MUSTER_BENCH_DAYS changes how long the year is. Each first reading is of a daemon that has just started, after the kernel has forgotten the files.
"""
import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lib"))
from muster_site import Site  # noqa: E402
from site_figures import Figures, memory_mb, peak_memory_mb  # noqa: E402
from telemetry_tools import Tools, forget_cached, serial, size_of, stamp, wait_until_still  # noqa: E402

DAYS = int(os.environ.get("MUSTER_BENCH_DAYS", "365"))
DAY, WEEK, POINTS = 86_400_000, 7, 1270
WEEK_DEVICES, WEEK_METRICS = 4, 5  # 20 series


class History:
    def __init__(self, build, folder):
        self.site, self.tools = Site(build), Tools(build, folder)
        self.address = f"unix:{self.site.socket}"
        self.end = int(time.time() * 1000) // DAY * DAY
        self.site.start_daemon("--no-mdns")
        self.ids = [self.site.api.post("/devices/", {"name": f"Bench {number}", "serial": serial(number)})["id"] for number in range(1 + WEEK_DEVICES)]

    def files(self):
        return [file for path in self.site.folder.glob("data/samples*") for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()]

    def size(self):
        return size_of(*self.files())

    def fill(self, days, first, last, **options):
        """DAYS of 1 Hz, ending at the end, of the devices from FIRST to before LAST; a month at a time, so that the bodies do not take much room. The seconds of it."""
        took, begin = 0.0, self.end - days * DAY
        while begin < self.end:
            until = min(begin + 30 * DAY, self.end)
            self.tools.make(devices=last - first, first=first, rows=(until - begin) // 1000, interval=1000, jitter=0, lines=20_000, begin=begin, seed=begin // DAY, **options)
            took += self.tools.post(self.address, "/write?precision=ns")["seconds"]
            shutil.rmtree(self.tools.bodies)
            begin = until
        return took

    def target(self, number, days, metric="telemetry/temperature"):
        return f"/monitoring/data/{self.ids[number]}?metric={metric}&points={POINTS}&from={stamp(self.end - days * DAY)}&to={stamp(self.end)}"

    def restart_cold(self):
        self.site.stop_daemon()
        forget_cached(*self.files())
        self.site.start_daemon("--no-mdns")

    def ask(self, target, times):
        took, answer = self.tools.ask(self.address, target, times=times)
        for series in answer["samples"]:
            if not POINTS // 2 < len(series["points"]) <= POINTS:
                raise RuntimeError(f"{len(series['points'])} points of {series['metric']}")
        return took, len(answer["samples"])

    def ask_cold(self, targets):
        """Milliseconds for all TARGETS, the median of some first times."""
        def once():
            self.restart_cold()
            return sum(self.ask(target, 1)[0] for target in targets)
        return statistics.median(once() for _ in range(5))


def measure(history, figures):
    samples = DAYS * DAY // 1000
    took = history.fill(DAYS, 0, 1, metrics=1)
    figures.add(f"{samples:,} samples of one series taken, one a line", samples / took, "1/s")
    wait_until_still(history)
    stored = history.site.api.get("/monitoring/stats")["samples"]
    if stored != samples:
        raise RuntimeError(f"{stored:,} of {samples:,} samples are there")
    figures.add("   bytes a sample on disk", history.size() / samples, "B")
    figures.add("   daemon: resident at most", peak_memory_mb(history.site.daemon), "MB", 100)
    year = [history.target(0, DAYS)]
    figures.add(f"one series, {DAYS} days of 1 Hz → {POINTS} points, for the first time", history.ask_cold(year), "ms", 30)
    figures.add("   again", history.ask(year[0], 20)[0], "ms", 30)
    figures.add("   one day of it, for the first time", history.ask_cold([history.target(0, 1)]), "ms", 30)
    history.fill(WEEK, 1, 1 + WEEK_DEVICES, metrics=WEEK_METRICS)
    wait_until_still(history)
    names = "telemetry/temperature,telemetry/humidity,telemetry/cpu,telemetry/memory,telemetry/battery"
    week = [history.target(1 + number, WEEK, names) for number in range(WEEK_DEVICES)]
    figures.add("20 series, a week of 1 Hz each, for the first time", history.ask_cold(week), "ms", 100)
    figures.add("   again", sum(history.ask(target, 20)[0] for target in week), "ms", 100)
    figures.add("   daemon: resident after that", memory_mb(history.site.daemon), "MB", 100)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--json", type=Path)
    options, figures = parser.parse_args(), Figures()
    with tempfile.TemporaryDirectory(prefix="muster-history-", dir=os.environ.get("MUSTER_BENCH_FOLDER", "/var/tmp")) as folder:
        history = History(options.build, folder)
        with history.site:
            measure(history, figures)
    if options.json:
        options.json.write_text(json.dumps(figures.rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
