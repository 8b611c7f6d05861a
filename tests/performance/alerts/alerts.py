#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alert rules by the clock: 10,000 of them while 50,000 samples come in each second, and how long it takes from a sample to the message about it.

alerts.py BUILD [--json FILE]
1,000 devices send 5 metrics ten times a second, at first without a rule and then with ten rules a device, none of which fires. Meanwhile another device
now and then sends a value that is too high; the message is a webhook that a server in this process takes. MUSTER_BENCH_DEVICES, MUSTER_BENCH_RULES and
MUSTER_BENCH_SECONDS change the load.
"""
import argparse
import concurrent.futures
import http.server
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lib"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "telemetry"))
from muster_site import Api, Site, free_port  # noqa: E402
from site_figures import Figures, cpu_seconds, peak_memory_mb, percentile  # noqa: E402
from telemetry_tools import Tools, serial  # noqa: E402

DEVICES = int(os.environ.get("MUSTER_BENCH_DEVICES", "1000"))
RULES = int(os.environ.get("MUSTER_BENCH_RULES", "10000"))
SECONDS = int(os.environ.get("MUSTER_BENCH_SECONDS", "30"))
METRICS, ROWS_A_SECOND, PROBES = 5, 10, 100

# What a device is watched for; nothing of it ever happens. The ranges are those of telemetry-workload.
WATCHED = [
    {"kind": "threshold", "metric": "telemetry/temperature", "operator": "gt", "value": 80, "hysteresis": 2, "steps": [{"severity": "error", "value": 90}]},
    {"kind": "threshold", "metric": "telemetry/temperature", "operator": "lt", "value": -10, "for_seconds": 60},
    {"kind": "range", "metric": "telemetry/humidity", "value": 5, "value_high": 95},
    {"kind": "threshold", "metric": "*/cpu", "operator": "ge", "value": 101, "for_seconds": 300},
    {"kind": "threshold", "metric": "telemetry/memory", "operator": "gt", "value": 99, "quiet_hours": [{"days": [6, 7], "from": "00:00", "to": "23:59"}]},
    {"kind": "threshold", "metric": "telemetry/battery", "operator": "lt", "value": -1},
    {"kind": "rate", "metric": "telemetry/temperature", "operator": "gt", "value": 1000, "rate_seconds": 60},
    {"kind": "missing", "metric": "telemetry/temperature", "missing_seconds": 600},
    {"kind": "expression", "expression": "\"telemetry/temperature\" > 80 and \"telemetry/humidity\" > 90"},
    {"kind": "threshold", "metric": "telemetry/humidity", "operator": "gt", "value": 99, "hysteresis": 1},
]


class Receiver:
    """Takes webhooks, and keeps when each came."""

    def __init__(self):
        receiver = self
        self.came = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                receiver.came.append((time.monotonic(), self.rfile.read(int(self.headers["Content-Length"])).decode()))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def wait(self, word, end):
        """When the first message with WORD came; None where none did."""
        seen = 0
        while time.monotonic() < end:
            for when, text in self.came[seen:]:
                if word in text:
                    return when
            seen = max(0, len(self.came) - 1)
            time.sleep(0.002)
        return None


def post(site, path, body):
    return site.api.post(path, body)["id"]


def fill(site, receiver):
    """Devices, a channel to RECEIVER and whom to tell. The ids of the devices."""
    site.api.call("PUT", "/settings/http.rate-per-token", {"value": 0})
    channel = post(site, "/notification-channels/", {"name": "Bench", "kind": "webhook", "config": {"url": receiver.url}, "digest_limit": 1000})
    for known in site.api.get("/escalations/?is_default=true")["items"]:
        site.api.call("DELETE", f"/escalations/{known['id']}")
    post(site, "/escalations/", {"name": "Bench", "is_default": True, "steps": [{"after_seconds": 0, "channels": [channel]}]})
    ids = [post(site, "/devices/", {"name": f"Bench {number}", "serial": serial(number)}) for number in range(DEVICES)]
    for number in range(PROBES):
        device = post(site, "/devices/", {"name": f"Probe {number:03}", "serial": f"PROBE-{number:03}"})
        post(site, "/alert-rules/", {"name": f"Probe {number:03} is high", "kind": "threshold", "metric": "probe", "operator": "gt", "value": 50, "severity": "error",
                                     "scope_kind": "device", "scope_id": device})
    return ids


def add_rules(site, ids):
    """By 16 clients at once; how many a second."""
    begin, own = time.monotonic(), threading.local()

    def add(number):
        if not hasattr(own, "api"):
            own.api = Api(site.socket)
        own.api.post("/alert-rules/", {"name": f"Rule {number}", "scope_kind": "device", "scope_id": ids[number % len(ids)], **WATCHED[number // len(ids) % len(WATCHED)]})

    with concurrent.futures.ThreadPoolExecutor(16) as crew:
        list(crew.map(add, range(RULES)))
    return RULES / (time.monotonic() - begin)


class Load:
    """Bodies sent at a fixed rate, each with the time of its arrival."""

    def __init__(self, site, build, folder):
        self.site, self.tools = site, Tools(build, folder)
        made = self.tools.make(devices=DEVICES, rows=SECONDS * ROWS_A_SECOND, interval=1000 // ROWS_A_SECOND, jitter=0, lines=DEVICES, untimed=1)
        self.samples = made["samples"]

    def run(self):
        """(percent of one core that the daemon took, samples/s)"""
        before, begin = cpu_seconds(self.site.daemon), time.monotonic()
        told = self.tools.post(f"unix:{self.site.socket}", "/write", more=[f"--rate={ROWS_A_SECOND}"])
        took = time.monotonic() - begin
        return (cpu_seconds(self.site.daemon) - before) / took * 100, self.samples / told["seconds"]


def probe(site, receiver, first, last):
    """Milliseconds from each of some samples to its message."""
    api, delays = Api(site.socket), []
    for number in range(first, last):
        begin = time.monotonic()
        status, _, data = api.exchange("POST", "/write", f"probe,serial=PROBE-{number:03} value=99".encode())
        if status != 204:
            raise RuntimeError(f"{status} {data}")
        came = receiver.wait(f"Probe {number:03}", begin + 10)
        if came is None:
            raise RuntimeError(f"no message about Probe {number:03} within 10 s, {len(receiver.came)} about others")
        delays.append((came - begin) * 1e3)
        time.sleep(max(0, SECONDS * 0.8 / (last - first) - (time.monotonic() - begin)))
    return delays


def run_with_probes(load, site, receiver, first, last):
    delays, failure = [], []

    def work():
        try:
            delays.extend(probe(site, receiver, first, last))
        except (RuntimeError, OSError) as error:
            failure.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    percent, rate = load.run()
    thread.join()
    if failure:
        raise failure[0]
    return percent, rate, delays


def measure(site, build, folder, figures):
    receiver = Receiver()
    ids = fill(site, receiver)
    load = Load(site, build, folder)
    bare, rate, delays = run_with_probes(load, site, receiver, 0, PROBES // 2)
    figures.add(f"daemon: of one core at {rate:,.0f} samples/s, {PROBES} rules", bare, "%")
    figures.add("   sample → message, median", percentile(delays, 0.5), "ms", 1000)
    figures.add(f"rules posted, {RULES:,} of them", add_rules(site, ids), "1/s")
    time.sleep(2)
    full, rate, delays = run_with_probes(load, site, receiver, PROBES // 2, PROBES)
    if rate < 0.95 * DEVICES * METRICS * ROWS_A_SECOND:
        raise RuntimeError(f"only {rate:,.0f} samples/s were taken")
    figures.add(f"daemon: of one core at {rate:,.0f} samples/s, {RULES + PROBES:,} rules", full, "%", 100)
    figures.add("   of it for the rules", full - bare, "%")
    figures.add("   sample → message, median", percentile(delays, 0.5), "ms", 1000)
    figures.add("   sample → message, 99 %", percentile(delays, 0.99), "ms", 1000)
    figures.add("   daemon: resident at most", peak_memory_mb(site.daemon), "MB")
    raised = site.api.get("/alerts/?limit=1")["total"]
    if raised != PROBES:
        raise RuntimeError(f"{raised} alerts instead of {PROBES}")
    shutil.rmtree(load.tools.bodies)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--json", type=Path)
    options, figures = parser.parse_args(), Figures()
    with tempfile.TemporaryDirectory(prefix="muster-alerts-") as folder, Site(options.build) as site:
        site.start_daemon("--no-mdns")
        measure(site, options.build, folder, figures)
    if options.json:
        options.json.write_text(json.dumps(figures.rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
