#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole site by the clock: every figure beside the bar it is held to and the reference it is compared with.

site.py BUILD [--json FILE] [--only PART,...]    parts: start, http, adoption, flow, rows, fleet, console
"""
import argparse
import json
import os
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import websocket

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, free_port, in_threads, wait_for  # noqa: E402
from site_figures import Figures, cpu_seconds, memory_mb, percentile  # noqa: E402

ROWS = int(os.environ.get("MUSTER_BENCH_ROWS", "100000"))
FLEET = int(os.environ.get("MUSTER_BENCH_FLEET", "2000"))
FLOW_NODES, FLOW_METRICS = 50, 40


def start_msec(site, *options):
    """From the spawn to the first answer that it is ready."""
    site.api.connection = None
    begin = time.monotonic()
    site.start_daemon(*options, wait=False)
    wait_for(site.is_ready, 20, "ready", interval=0.002)
    return (time.monotonic() - begin) * 1e3


def restart_msec(site, *options, times=5):
    def once():
        site.stop_daemon()
        return start_msec(site, *options)
    return statistics.median(once() for _ in range(times))


def add_devices(site, count, prefix="Sensor"):
    def add(api, number):
        return api.post("/devices/", {"name": f"{prefix} {number:06}", "serial": f"{prefix[:2].upper()}-{number:06}", "kind": "sensor", "model": "MN-1",
                                      "location": f"Hall {number % 7}, row {number % 31}"})["id"]
    return in_threads(site, range(count), add)


# --- parts ---

def measure_start(options, figures):
    with Site(options.build) as site:
        figures.add("daemon: very first start (keys, certificates, schema) to ready", start_msec(site, "--no-mdns"), "ms")
        figures.add("daemon: start to ready, no devices", restart_msec(site, "--no-mdns"), "ms", 300)
        begin = time.monotonic()
        add_devices(site, 1000)
        figures.add("devices added, 16 clients at once", 1000 / (time.monotonic() - begin), "1/s")
        figures.add("daemon: start to ready, 1,000 devices", restart_msec(site, "--no-mdns"), "ms", 300)
        time.sleep(2)
        figures.add("daemon: resident, 1,000 devices", memory_mb(site.daemon), "MB", 40, reference=("FastAPI service", 622))
        for _ in range(20):
            site.api.get("/devices/?limit=1000")
            site.api.get("/overview")
        figures.add("daemon: resident, after 20 lists of 1,000 devices", memory_mb(site.daemon), "MB", 40)


def run_wrk(url, token, seconds=5):
    """(requests/s, p50 ms, p99 ms)"""
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "--latency", "-H", f"Authorization: Bearer {token}", url]
    text = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30, check=True).stdout
    if "Non-2xx" in text:
        raise RuntimeError(text)

    def latency(share):
        number, unit = re.search(rf"\s{share}%\s+([\d.]+)(us|ms|s)", text).groups()
        return float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]

    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), latency(50), latency(99)


def measure_http(options, figures):
    bench = options.build / "tests/performance/http-bench"
    text = subprocess.run([str(bench), "--seconds", "5"], capture_output=True, text=True, timeout=60, check=False).stdout
    rates = {name: (float(rate), p50, p99) for name, rate, p50, p99 in re.findall(r"# (\w+)\s+([\d.]+) requests/s, p50 (\S+), p99 (\S+)", text)}
    soup, own = rates.get("libsoup"), rates.get("muster")
    if soup and own:
        figures.add(f"GET /devices/{{id}}, plain TCP, 16 connections (p50 {own[1]}, p99 {own[2]})", own[0], "1/s", 12000, True, (f"libsoup constant (p50 {soup[1]}, p99 {soup[2]})", soup[0]))
        figures.add("   the same against the service of the same paths", own[0], "1/s", 12000, True, ("FastAPI service", 1803))
    with Site(options.build) as site:
        port = free_port()
        site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{port}")
        device = add_devices(site, 1000)[500]
        token = (site.folder / "data/token").read_text().strip()
        rate, p50, p99 = run_wrk(f"https://127.0.0.1:{port}/devices/{device}", token)
        figures.add(f"GET /devices/{{id}}, HTTPS, 16 connections (p50 {p50:.2f} ms, p99 {p99:.2f} ms)", rate, "1/s", 12000, True, ("FastAPI service", 1803))
        figures.add("   99 % answered within", p99, "ms", reference=("FastAPI service", 1190))
        rate, p50, p99 = run_wrk(f"https://127.0.0.1:{port}/devices?limit=100", token, 3)
        figures.add(f"GET /devices of 100, HTTPS, 16 connections (p99 {p99:.2f} ms)", rate, "1/s")
        figures.add("daemon: resident after that load", memory_mb(site.daemon), "MB", 40, reference=("FastAPI service", 622))


def measure_adoption(options, figures):
    with Site(options.build) as site:
        if not site.start_avahi():
            print("     avahi-daemon does not run here: discovery is not measured")
            return
        site.start_daemon()
        took, adopted = [], []
        for number in range(5):
            labels = site.folder / f"labels-{number}"
            serial = f"BENCH{number}-0001"
            begin = time.monotonic()
            site.spawn(f"node-{number}", [site.program("muster-fleet"), "1", "--prefix", f"BENCH{number}", "--state-dir", str(site.folder / f"node-{number}"),
                                          "--address", "127.0.0.1", "--print-labels", str(labels)])
            label = json.loads(wait_for(lambda labels=labels: labels.exists() and labels.read_text().strip(), 10, "label", 0.005))
            serial = label["serial"]
            found = wait_for(lambda serial=serial: next((c for c in site.api.get("/discovery/?limit=1000")["items"] if c.get("serial") == serial and c["pairable"]), None), 10, "candidate", 0.01)
            took.append((time.monotonic() - begin) * 1e3)
            begin = time.monotonic()
            site.api.post(f"/discovery/{found['key']}/adopt", {"secret": label["secret"]})
            adopted.append((time.monotonic() - begin) * 1e3)
        figures.add("node started → candidate in the API (worst of 5)", max(took), "ms", 1500, reference=("Avahi alone", 1000))
        figures.add("   median", statistics.median(took), "ms", 1500)
        figures.add("adoption: asked → adopted (worst of 5)", max(adopted), "ms", 2000)
        figures.add("   median", statistics.median(adopted), "ms", 2000)


class Watcher(threading.Thread):
    """Samples from the live stream with their age at arrival."""

    def __init__(self, path):
        super().__init__(daemon=True)
        stream = socket.socket(socket.AF_UNIX)
        stream.connect(str(path))
        self.socket = websocket.create_connection("ws://localhost/ws/monitoring", socket=stream, timeout=30)
        self.socket.send(json.dumps({"op": "subscribe", "id": "t", "topic": "telemetry"}))
        self.ages, self.samples, self.dropped, self.running, self.problem = [], 0, 0, True, None

    def run(self):
        try:
            while self.running:
                text = self.socket.recv()
                now = time.time() * 1e3
                message = json.loads(text)
                if message["op"] == "lagged":
                    self.dropped += message["dropped"]
                if message["op"] == "event":
                    for series in message["data"]["samples"]:
                        for point in series["points"]:
                            self.ages.append(now - point[0])
                            self.samples += 1
        except (OSError, websocket.WebSocketException) as error:
            self.problem = error


def adopt_fleet(site, labels):
    def adopt(api, label):
        address = api.post("/discovery/addresses", {"address": label["pairing"], "name": label["name"]})
        device = api.post("/devices/", {"name": label["name"], "serial": label["serial"], "secret": label["secret"]})["id"]

        def ready():
            return next((c for c in api.get("/discovery/?limit=1000")["items"] if c.get("serial") == label["serial"] and c["pairable"] and c.get("device_id")), None)

        wait_for(ready, 30, f"{label['serial']} at {address['address']}")
        begin = time.monotonic()
        api.post(f"/devices/{device}/adopt")
        return (time.monotonic() - begin) * 1e3
    return in_threads(site, labels, adopt, 4)


def measure_flow(options, figures):
    """Fleet → TLS → broker → host → store → live stream."""
    with Site(options.build) as site:
        site.start_daemon("--no-mdns")
        rate, metrics = 1, ["--metrics", str(FLOW_METRICS - 4), "--no-mdns"]
        labels = site.start_fleet(FLOW_NODES, "--rate", str(rate), *metrics)
        times = adopt_fleet(site, labels)
        figures.add(f"adoption by address, {FLOW_NODES} nodes, 4 at once (slowest)", max(times), "ms", 2000)
        wait_for(lambda: site.api.get("/devices/?live_state=online&limit=1")["total"] == FLOW_NODES, 30, "the fleet online")
        for rate in (1, 2, 5, 10, 20, 40):
            if rate > 1:
                site.fleet.terminate()
                site.fleet.wait(20)
                (site.folder / "labels.jsonl").unlink()
                site.start_fleet(FLOW_NODES, "--rate", str(rate), *metrics)
                wait_for(lambda: site.api.get("/devices/?live_state=online&limit=1")["total"] == FLOW_NODES, 30, "the fleet online")
            if not measure_rate(site, figures, rate):
                break


def measure_rate(site, figures, rate):
    watcher = Watcher(site.socket)
    time.sleep(2)
    watcher.start()
    time.sleep(1)
    watcher.ages.clear()
    before, arrived, cpu = site.api.get("/monitoring/stats"), watcher.samples, cpu_seconds(site.daemon)
    begin = time.monotonic()
    time.sleep(8)
    after, seconds = site.api.get("/monitoring/stats"), time.monotonic() - begin
    cpu = (cpu_seconds(site.daemon) - cpu) / seconds * 100
    stored, shown, ages = (after["samples"] - before["samples"]) / seconds, (watcher.samples - arrived) / seconds, list(watcher.ages)
    watcher.running = False
    dropped = site.api.get("/messaging/status").get("dropped") or 0
    lost = after["lost"] - before["lost"]
    print(f"     {rate} Hz × {FLOW_NODES} nodes: {stored:,.0f} samples/s stored, {shown:,.0f} shown, lost {lost}, dropped by the broker {dropped}, "
          f"coalesced for the stream {watcher.dropped}, daemon {cpu:.0f} % CPU, {memory_mb(site.daemon):.0f} MB {watcher.problem or ''}", flush=True)
    if rate == 1 and ages:
        figures.add(f"reading → WebSocket at {stored:,.0f} samples/s, median", statistics.median(ages), "ms", 250)
        figures.add("   99 % within", percentile(ages, 0.99), "ms", 250)
        figures.add("daemon: resident at that rate", memory_mb(site.daemon), "MB", 40)
        figures.add("daemon: CPU at that rate", cpu, "%")
    good = lost == 0 and dropped == 0
    if not good or rate == 40:
        figures.add(f"samples/s stored{' until loss' if not good else ''}", stored, "1/s")
    return good


def clone_devices(path, count):
    """Copies of the one device in the stopped daemon's database."""
    with sqlite3.connect(path) as database:
        names = [row[1] for row in database.execute("PRAGMA table_info(device)") if row[1] != "row"]
        own = {"id": "printf('0190%04x-%04x-7000-8000-%012x', n / 65536, n % 65536, n)", "name": "printf('Sensor %06d', (n * 7919) % 1000003)",
               "serial": "printf('SN-%07d', n)", "location": "printf('Hall %d, row %d', n % 7, n % 31)", "kind": "CASE n % 3 WHEN 0 THEN 'sensor' WHEN 1 THEN 'meter' ELSE 'actuator' END"}
        columns = ", ".join(own.get(name, f"device.{name}") for name in names)
        database.execute(f"WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < {count}) "
                         f"INSERT INTO device ({', '.join(names)}) SELECT {columns} FROM counter, (SELECT * FROM device LIMIT 1) AS device")
    database.execute("PRAGMA optimize=0x10002")
    database.close()


def time_get(api, target, times=9):
    def once():
        begin = time.monotonic()
        status, _, data = api.exchange("GET", target)
        if status != 200:
            raise ApiError(status, data)
        return (time.monotonic() - begin) * 1e3, data
    samples = [once() for _ in range(times)]
    return statistics.median(took for took, _ in samples), json.loads(samples[-1][1])


def fill_rows(site):
    site.start_daemon("--no-mdns")
    add_devices(site, 1)
    site.stop_daemon()
    clone_devices(site.folder / "data/muster.db", ROWS - 1)


def measure_rows(options, figures):
    with Site(options.build) as site:
        fill_rows(site)
        figures.add(f"daemon: start to ready, {ROWS:,} devices", (start_msec(site, "--no-mdns"), restart_msec(site, "--no-mdns", times=3))[1], "ms")
        figures.add(f"daemon: resident, {ROWS:,} devices", memory_mb(site.daemon), "MB")
        took, answer = time_get(site.api, "/devices/ids?sort=name")
        if len(answer["ids"]) != ROWS:
            raise RuntimeError(f"{len(answer['ids'])} ids of {ROWS}")
        figures.add(f"{ROWS:,} devices: every id, sorted by name", took, "ms", reference=("SQLite alone", 30))
        figures.add("   sorted by location (no index)", time_get(site.api, "/devices/ids?sort=location")[0], "ms", reference=("SQLite alone", 67))
        page = ",".join(answer["ids"][50000 % ROWS:][:64])
        took, rows = time_get(site.api, f"/devices/?id={page}&limit=64")
        if len(rows["items"]) != len(page.split(",")):
            raise RuntimeError("a page is not whole")
        figures.add("   64 rows by id", took, "ms", reference=("SQLite alone", 0.09))
        figures.add("   first page by name", time_get(site.api, "/devices/?sort=name&limit=100")[0], "ms")
        figures.add("   search, ids (q=hall 3 row 5)", time_get(site.api, "/devices/ids?q=hall%203%20row%205&sort=name")[0], "ms")
        figures.add("   search, one (q=SN-0054321)", time_get(site.api, "/devices/?q=SN-0054321")[0], "ms")
        figures.add("   filter and sort, ids (kind=meter)", time_get(site.api, "/devices/ids?kind=meter&sort=-name")[0], "ms", reference=("SQLite alone", 4.5))
        figures.add("   overview", time_get(site.api, "/overview")[0], "ms")
        figures.add("daemon: resident after that", memory_mb(site.daemon), "MB")


def measure_console(options, figures):
    with_display = Path(__file__).resolve().parents[1] / "tools/with-display"
    with Site(options.build) as site:
        fill_rows(site)
        site.start_daemon("--no-mdns")
        # The clock starts when the display is there.
        starter = "import os, sys, time; os.environ['MUSTER_MEASURE_START'] = str(time.monotonic_ns() // 1000); os.execv(sys.argv[1], sys.argv[1:])"
        for room in ("overview", "devices"):
            times = []
            for _ in range(5):
                done = subprocess.run([str(with_display), sys.executable, "-c", starter, site.program("muster"), "--socket", str(site.socket)],
                                      env={**site.env, "MUSTER_MEASURE_ROOM": room}, capture_output=True, text=True, timeout=60, check=False)
                match = re.search(r"first useful frame after ([\d.]+) ms", done.stdout)
                if match is None:
                    raise RuntimeError(f"the console does not tell its first frame: {done.stderr[-500:]}")
                times.append(float(match[1]))
            figures.add(f"console: start → {room} shown, {ROWS:,} devices (median of 5)", statistics.median(times), "ms", 700, reference=("bare Adwaita window", 190))


def account_of(api, number):
    device = api.post("/devices/", {"name": f"Fleet {number}", "serial": f"FLEET-{number:04}"})["id"]
    return api.call("POST", f"/devices/{device}/account")


def measure_fleet(options, figures):
    """Many connected nodes in one process; their accounts are made by the API."""
    with Site(options.build) as site:
        site.start_daemon("--no-mdns")
        begin = time.monotonic()
        accounts = in_threads(site, range(FLEET), account_of, 64)
        figures.add("broker accounts made, 64 clients at once", FLEET / (time.monotonic() - begin), "1/s")
        first = accounts[0]
        path = site.folder / "site.json"
        path.write_text(json.dumps({"group_id": first["group_id"], "host_id": site.api.get("/messaging/status")["host_id"], "tls_name": first["tls_name"], "ca_certificate": first["ca_certificate"],
                                    "broker_port": first["port"], "broker_hosts": ["127.0.0.1"],
                                    "accounts": [{"username": a["username"], "password": a["password"]} for a in accounts]}))
        begin = time.monotonic()
        fleet = site.spawn("fleet", [site.program("muster-fleet"), str(FLEET), "--no-mdns", "--no-sync", "--address", "127.0.0.1", "--rate", "0.1",
                                     "--state-dir", str(site.folder / "fleet"), "--adopted-by", str(path)])
        wait_for(lambda: site.api.get("/devices/?live_state=online&limit=1")["total"] == FLEET, 120, "the fleet online", 0.2)
        figures.add(f"{FLEET:,} nodes: start → all online", time.monotonic() - begin, "s")
        time.sleep(3)
        figures.add(f"muster-fleet: resident, {FLEET:,} nodes connected by TLS", memory_mb(fleet), "MB", 300)
        figures.add("daemon: resident with them", memory_mb(site.daemon), "MB")


PARTS = {"start": measure_start, "http": measure_http, "adoption": measure_adoption, "flow": measure_flow, "rows": measure_rows, "fleet": measure_fleet,
         "console": measure_console}


def main():
    parser = argparse.ArgumentParser(description="Measures the whole site.")
    parser.add_argument("build", type=lambda text: Path(text).resolve())
    parser.add_argument("--json", help="write the figures there too")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, joined by commas")
    options = parser.parse_args()
    figures, failed = Figures(), 0
    for name in options.only.split(","):
        try:
            PARTS[name](options, figures)
        except (TimeoutError, RuntimeError, ApiError, OSError, subprocess.SubprocessError) as error:
            print(f"FAILED {name}: {error}", flush=True)
            failed += 1
    Path(options.json or options.build / "site-figures.json").write_text(json.dumps(figures.rows, indent=1, ensure_ascii=False))
    missed = [row["figure"] for row in figures.rows if row["met"] is False]
    print(f"{len(figures.rows)} figures, {len(missed)} beyond their bars{': ' + '; '.join(missed) if missed else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
