#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample store by the clock, beside VictoriaMetrics on the same machine in the same run, and beside what the machine can do at all.

telemetry.py BUILD [--json FILE] [--only STORE,...]    stores: victoria, unix, https
1,000 devices × 5 metrics send a row each 10 s for 6 h, as InfluxDB's line protocol in bodies that lie on disk before the clock starts. The same two
posters send the same bytes to VictoriaMetrics (plain HTTP) and to musterd (over its Unix socket, and by HTTPS to a second site). MUSTER_BENCH_DEVICES and MUSTER_BENCH_HOURS change the load.
VictoriaMetrics acknowledges what it holds in memory and writes it seconds later; musterd acknowledges what is durable.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lib"))
from muster_site import Site, free_port, wait_for  # noqa: E402
from site_figures import Figures, cpu_seconds, peak_memory_mb  # noqa: E402
from telemetry_tools import Tools, serial, size_of, stamp, wait_until_still  # noqa: E402

DEVICES = int(os.environ.get("MUSTER_BENCH_DEVICES", "1000"))
HOURS = float(os.environ.get("MUSTER_BENCH_HOURS", "6"))
METRICS, INTERVAL, POINTS, STEP = 5, 10_000, 1270, 60
ROWS = int(HOURS * 3_600_000 / INTERVAL)
SAMPLES = DEVICES * METRICS * ROWS
# The goals: of an idle machine with two cores.
BARS = {"rate": 2e6, "bytes": 0.65, "series": 0.7, "mean": 10, "memory": 100}


class Load(Tools):
    """The bodies, and the programs that send them."""

    def __init__(self, build, folder):
        super().__init__(build, folder)
        # to the whole minute, so that steps of a minute are the same of both stores
        self.begin = (int(time.time() * 1000) - int(HOURS * 3_600_000) - 900_000) // 60_000 * 60_000
        self.end = self.begin + ROWS * INTERVAL
        made = self.make(devices=DEVICES, rows=ROWS, interval=INTERVAL, begin=self.begin)
        if made["samples"] != SAMPLES:
            raise RuntimeError(f"{made} instead of {SAMPLES} samples")
        self.least_bytes = made["least_bytes"]

    def limits(self):
        return self.run("telemetry-limits", self.folder, self.bodies / "000000.lp")


class Victoria:
    """VictoriaMetrics as Debian packages it."""
    name, durable, headers, target = "VictoriaMetrics", False, (), "/write"

    def __init__(self, load, build):
        if not shutil.which("victoria-metrics"):
            raise RuntimeError("victoria-metrics is not installed: ./dev makes a tree that has it")
        self.load, self.folder = load, load.folder / "victoria"
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        with open(load.folder / "victoria.log", "wb") as log:
            self.process = subprocess.Popen(["victoria-metrics", f"-storageDataPath={self.folder}", f"-httpListenAddr=127.0.0.1:{port}", "-retentionPeriod=10y"],
                                            stdout=log, stderr=log)
        wait_for(lambda: self.get("/health"), 20, "VictoriaMetrics")

    def get(self, target):
        with urllib.request.urlopen(self.address + target, timeout=120) as answer:
            return answer.read()

    def settle(self):
        """Until all is on disk, and merged there."""
        self.get("/internal/force_flush")
        wait_for(lambda: b'vm_rows{type="storage/inmemory"} 0\n' in self.get("/metrics"), 60, "the write to disk", 0.5)
        self.get("/internal/force_merge")
        wait_until_still(self)

    def count(self):
        text = self.query("query", "sum(count_over_time({__name__=~'telemetry_.*'}[30d]))", time=time.time())
        return int(json.loads(self.get(text))["data"]["result"][0]["value"][1])

    def size(self):
        return size_of(self.folder / "data")

    def query(self, kind, text, **more):
        return f"/api/v1/{kind}?" + urllib.parse.urlencode({"query": text, "nocache": 1, **more})

    def ask_series(self):
        """(milliseconds, points)"""
        load, step = self.load, (self.load.end - self.load.begin) / 1000 / POINTS
        took, answer = load.ask(self.address, self.query("query_range", f'telemetry_temperature{{device="{serial(0)}"}}',
                                                         start=load.begin / 1000 + step, end=load.end / 1000, step=f"{step:.6f}"), ())
        return took, len(answer["data"]["result"][0]["values"])

    def range_by_minute(self, text, times):
        """(milliseconds, values). A window reaches back from its time and its begin is left out: a millisecond less makes it [0, 60) s as elsewhere."""
        load = self.load
        took, answer = load.ask(self.address, self.query("query_range", text, start=(load.begin - 1) / 1000 + STEP, end=(load.end - 1) / 1000, step=STEP), (), times=times)
        return took, [float(value) for _, value in answer["data"]["result"][0]["values"]]

    def ask_mean(self):
        """(milliseconds of the mean of the series' means, the mean of all samples, which musterd tells)"""
        took, _ = self.range_by_minute("avg(avg_over_time(telemetry_temperature[1m]))", 50)
        return took, self.range_by_minute("sum(sum_over_time(telemetry_temperature[1m])) / sum(count_over_time(telemetry_temperature[1m]))", 1)[1]

    def stop(self):
        self.process.terminate()
        self.process.wait(60)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder)


class Muster:
    """musterd with the devices that send; each a record of its own."""
    durable, target = True, "/write?precision=ns"

    def __init__(self, load, build):
        self.load, self.site = load, Site(build)
        port = free_port()
        self.process = self.site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{port}")
        self.site.api.call("PUT", "/settings/http.rate-per-token", {"value": 0})  # one token sends for all
        self.ids = [self.site.api.post("/devices/", {"name": f"Bench {number}", "serial": serial(number)})["id"] for number in range(DEVICES)]
        self.connect(port)

    def connect(self, port):
        raise NotImplementedError

    def stored(self):
        return self.site.api.get("/monitoring/stats")

    def settle(self):
        wait_until_still(self)

    def count(self):
        return self.stored()["samples"]

    def size(self):
        return size_of(*self.site.folder.glob("data/samples*"))

    def ask_series(self):
        load = self.load
        took, answer = load.ask(self.address, f"/monitoring/data/{self.ids[0]}?metric=telemetry/temperature&points={POINTS}&from={stamp(load.begin - 1000)}&to={stamp(load.end)}",
                                self.headers)
        return took, len(answer["samples"][0]["points"])

    def ask_mean(self):
        load = self.load
        body = {"devices": self.ids, "metrics": ["telemetry/temperature"], "from": stamp(load.begin), "to": stamp(load.end - 1), "step": STEP, "aggregate": "mean", "by": "none"}
        took, answer = load.ask(self.address, "/monitoring/query", self.headers, body)
        return took, [value for _, value in answer["series"][0]["samples"][0]["points"]]

    def stop(self):
        self.site.stop_daemon(timeout=60)

    def close(self):
        self.site.close()


class MusterUnix(Muster):
    name = "musterd, Unix socket"

    def connect(self, port):
        self.address, self.headers = f"unix:{self.site.socket}", ()


class MusterHttps(Muster):
    name = "musterd, HTTPS"

    def connect(self, port):
        token = (self.site.folder / "data/token").read_text().strip()
        self.address, self.headers = f"https://127.0.0.1:{port}", (f"Authorization: Bearer {token}",)


def measure(store, load):
    """What STORE does with LOAD, by name."""
    before = cpu_seconds(store.process)
    posted = load.post(store.address, store.target, store.headers)
    found = {"rate": SAMPLES / posted["seconds"], "p50": posted["p50_ms"], "p99": posted["p99_ms"],
             "posters": posted["cpu_seconds"], "server": cpu_seconds(store.process) - before}
    store.settle()
    if store.count() != SAMPLES:
        raise RuntimeError(f"{store.name}: {store.count():,} of {SAMPLES:,} samples are there")
    found["settled"] = cpu_seconds(store.process) - before
    found["series"], found["points"] = store.ask_series()
    found["mean"], found["means"] = store.ask_mean()
    found["memory"] = peak_memory_mb(store.process)
    store.stop()
    found["bytes"] = store.size() / SAMPLES
    return found


def tell(name, found, figures, other):
    """FOUND beside what the OTHER store did."""
    def reference(key, factor=1):
        return ("VictoriaMetrics", round(other[key] * factor, 3)) if other else None

    bars = BARS if name != Victoria.name else {}
    print(f"{name}: {found['points']} points of one series; a body is answered in {found['p50']:.1f} ms (p99 {found['p99']:.1f} ms)")
    figures.add("ingest" + (", durable" if name != Victoria.name else ""), found["rate"], "1/s", bars.get("rate"), True, reference("rate"))
    figures.add("   processor time of the server for a million samples", found["server"] * 1e9 / SAMPLES, "ms", None, False, reference("server", 1e9 / SAMPLES))
    figures.add("      with what it did until all was settled", found["settled"] * 1e9 / SAMPLES, "ms", None, False, reference("settled", 1e9 / SAMPLES))
    figures.add("   of the two posters", found["posters"] * 1e9 / SAMPLES, "ms", None, False, reference("posters", 1e9 / SAMPLES))
    figures.add("bytes a sample on disk, all files after a clean stop", found["bytes"], "B", bars.get("bytes"), False, reference("bytes"))
    figures.add(f"one series, {HOURS:g} h → {POINTS} points, median of 50", found["series"], "ms", bars.get("series"), False, reference("series"))
    figures.add(f"mean of {DEVICES:,} series by the minute, median of 50", found["mean"], "ms", bars.get("mean"), False, reference("mean"))
    figures.add("resident at most during all of it", found["memory"], "MB", bars.get("memory"), False, reference("memory"))


def compare_means(name, mine, theirs):
    """The two must tell the same."""
    if len(mine) != len(theirs):
        raise RuntimeError(f"{name} tells {len(mine)} means, VictoriaMetrics {len(theirs)}")
    worst = max(abs(a - b) for a, b in zip(mine, theirs))
    print(f"     {'the means differ by at most':<58}{worst:>12.1e}")
    if worst > 1e-6:
        raise RuntimeError(f"{name} and VictoriaMetrics differ by {worst} in a mean")


def tell_limits(load, figures):
    limits, size = load.limits(), size_of(load.bodies)
    print("This machine, and what the samples hold:")
    figures.add("disk, one long write made durable", limits["disk_mb_s"], "MB/s")
    figures.add("   64 kB made durable", limits["sync_ms"], "ms")
    figures.add("   samples/s if the bodies were written to it as they are", limits["disk_mb_s"] * 1e6 / (size / SAMPLES), "1/s")
    figures.add("memory, copied by one core", limits["memory_gb_s"], "GB/s")
    figures.add("one core that reads the numbers of the bodies and no more", limits["parse_samples_s"], "1/s")
    figures.add("bytes a sample that the walks and the jitter are, after Shannon", load.least_bytes, "B")


STORES = {"victoria": Victoria, "unix": MusterUnix, "https": MusterHttps}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", default=",".join(STORES))
    options, figures, victoria = parser.parse_args(), Figures(), None
    with tempfile.TemporaryDirectory(prefix="muster-telemetry-", dir=os.environ.get("MUSTER_BENCH_FOLDER", "/var/tmp")) as folder:
        load = Load(options.build, folder)
        print(f"{SAMPLES:,} samples in {size_of(load.bodies) / 1e6:.0f} MB of bodies")
        tell_limits(load, figures)
        for kind in options.only.split(","):
            store = STORES[kind](load, options.build)
            try:
                found = measure(store, load)
            finally:
                store.close()
            tell(store.name, found, figures, victoria)
            if kind == "victoria":
                victoria = found
            elif victoria:
                compare_means(store.name, found["means"], victoria["means"])
    if options.json:
        options.json.write_text(json.dumps(figures.rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
