#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records by the clock, on the running daemon: devices posted and listed, a file of them imported and taken back, everything searched.

records.py BUILD [--json FILE] [--only PART,...]    parts: post, list, import, search
The reference service is a FastAPI one with the same paths over PostgreSQL, measured on a machine of this class.
"""
import argparse
import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.parse
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Api, Site, free_port, wait_for  # noqa: E402
from site_figures import Figures, cpu_seconds, memory_mb, percentile  # noqa: E402

ROWS = int(os.environ.get("MUSTER_BENCH_ROWS", "100000"))
SECONDS = int(os.environ.get("MUSTER_BENCH_SECONDS", "5"))

POST_SCRIPT = """
local n, prefix = 0, "%s"
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
function request ()
  n = n + 1
  return wrk.format (nil, "/devices/", nil, string.format (
    '{"name":"Sensor %%s %%d","serial":"%%s-%%07d","kind":"sensor","model":"MN-1","manufacturer":"Example","location":"Hall %%d"}',
    prefix, n, prefix, n, n %% 31))
end
"""


class Wrk:
    """16 connections over HTTPS, as the site's access token."""

    def __init__(self, site, port):
        self.site, self.port = site, port
        self.token = (site.folder / "data/token").read_text().strip()

    def run(self, target, script=None, seconds=SECONDS):
        """(requests/s, p50 ms, p99 ms) of answers that all succeeded."""
        command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "--latency", "-H", f"Authorization: Bearer {self.token}"]
        if script is not None:
            path = self.site.folder / "wrk.lua"
            path.write_text(script)
            command += ["-s", str(path)]
        command.append(f"https://127.0.0.1:{self.port}{target}")
        before = cpu_seconds(self.site.daemon)
        text = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=True).stdout
        # what it cost is the same on a busy machine, where fewer are answered
        self.cost = (cpu_seconds(self.site.daemon) - before) * 1e6 / int(re.search(r"(\d+) requests in", text)[1])
        if "Non-2xx" in text or "Socket errors" in text:
            raise RuntimeError(text)

        def latency(share):
            number, unit = re.search(rf"\s{share}%\s+([\d.]+)(us|ms|s)", text).groups()
            return float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]

        return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), latency(50), latency(99)


def count(site, collection):
    return site.api.get(f"/{collection}/?limit=1")["total"]


def measure_post(site, wrk, figures):
    before = count(site, "devices")
    rate, p50, p99 = wrk.run("/devices/", POST_SCRIPT % uuid.uuid4().hex[:6].upper())
    figures.add(f"POST /devices/, durable, 16 connections (p50 {p50:.2f} ms, p99 {p99:.2f} ms)", rate, "1/s", 4000, True, ("FastAPI service", 850))
    figures.add("   99 % answered within", p99, "ms", reference=("FastAPI service", 38))
    figures.add("   processor time of the daemon for each", wrk.cost, "µs")
    made = count(site, "devices") - before
    if made < rate * SECONDS * 0.95:
        raise RuntimeError(f"{rate * SECONDS:.0f} were answered and {made} are there")
    return made


def write_csv(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        file.write("name,serial,kind,model,manufacturer,location,status\n")
        for i in range(rows):
            file.write(f"Boiler sensor {i:06},IMP-{i:07},sensor,MX-{i % 40},Example,Hall {i % 9} row {i % 71},in_stock\n")


def import_file(site, path):
    """The job that has applied the file."""
    made = site.api.call("POST", "/imports?entity=device", Path(path).read_bytes(), {"Content-Type": "text/csv"})
    job = site.api.post(f"/imports/{made['id']}/apply")
    ended = ("done", "failed", "cancelled")
    return wait_for(lambda: (state := site.api.get(f"/jobs/{job.get('job_id') or job['id']}"))["status"] in ended and state, 300, "the import", 0.02)


def measure_import(site, wrk, figures):
    path, before = site.folder / "devices.csv", count(site, "devices")
    write_csv(path, ROWS)
    begin = time.monotonic()
    job = import_file(site, path)
    took = time.monotonic() - begin
    if job["done"] != ROWS or count(site, "devices") != before + ROWS:
        raise RuntimeError(f"not all were imported: {job}")
    figures.add(f"import of {ROWS:,} rows, from the first byte to the last row", took, "s", 10)
    begin = time.monotonic()
    Api(site.socket, timeout=300).call("POST", f"/journal/{job['first_sequence']}/undo")
    took = time.monotonic() - begin
    if count(site, "devices") != before:
        raise RuntimeError("the undo left something")
    figures.add("   undo of it", took, "s", 10)
    import_file(site, path)


def measure_list(site, wrk, figures):
    if count(site, "devices") < ROWS:
        write_csv(site.folder / "devices.csv", ROWS)
        import_file(site, site.folder / "devices.csv")
    total = count(site, "devices")
    rate, p50, p99 = wrk.run("/devices/?status=in_stock&sort=name&limit=100")
    figures.add(f"100 of {total:,} devices, filtered and sorted by name (p50 {p50:.2f} ms, p99 {p99:.2f} ms)", rate, "1/s", 2500, True, ("FastAPI service", 590))
    figures.add("   99 % answered within", p99, "ms", reference=("FastAPI service", 93))
    figures.add("   processor time of the daemon for each", wrk.cost, "µs")
    rate, p50, p99 = wrk.run("/devices/?status=in_stock&sort=-updated_at&limit=100", seconds=3)
    figures.add(f"   sorted by the last change (p99 {p99:.2f} ms)", rate, "1/s", 2500, True)
    rate, p50, p99 = wrk.run("/devices/?kind=sensor&status=in_stock,reserved&sort=-created_at&limit=100", seconds=3)
    figures.add(f"   two filters, newest first (p99 {p99:.2f} ms)", rate, "1/s", 2500, True)


def add_orders(site, port, orders):
    """ORDERS orders, written beside the daemon while it does not run."""
    site.stop_daemon()
    base = 1767225600000000
    with sqlite3.connect(site.folder / "data/muster.db") as database:
        database.executemany(
            "INSERT INTO site_order (id, created_at, updated_at, revision, order_number, kind, status, customer, reference, currency, subtotal, discount_amount, "
            "tax_amount, shipping_amount, total_amount) VALUES (?, ?, ?, 1, ?, 'sales', 'pending', ?, ?, 'EUR', 0, 0, 0, 0, 0)",
            ((str(uuid.uuid4()), base + i, base + i, f"SO-2025-{i:06}", f"Customer {i % 997} Ltd", f"PO-{i * 7919 % 1000003:07}") for i in range(orders)))
    database.close()
    site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{port}")


QUERIES = ("IMP-0004711", "SO-2025-012345", "boiler", "sensor 0471", "Customer 42", "PO-00", "hall 3", "imp", "sen", "ex", "7", "zzz nothing", "MX-12 row 5")


def measure_search(site, wrk, figures):
    add_orders(site, wrk.port, ROWS)
    everything, worst = [], {}
    for text in QUERIES:
        took = []
        for _ in range(20):
            begin = time.monotonic()
            site.api.get(f"/search?q={urllib.parse.quote(text)}&limit=20")
            took.append((time.monotonic() - begin) * 1e3)
        everything += took
        worst[text] = percentile(took, 0.95)
    slowest = max(worst, key=worst.get)
    figures.add(f"search in {count(site, 'devices'):,} devices and {count(site, 'orders'):,} orders, 95 % within", percentile(everything, 0.95), "ms", 50)
    figures.add(f"   the slowest text, “{slowest}”, 95 % within", worst[slowest], "ms", 50)
    figures.add("   median of all", statistics.median(everything), "ms")


PARTS = {"post": measure_post, "import": measure_import, "list": measure_list, "search": measure_search}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", default=",".join(PARTS))
    options, figures = parser.parse_args(), Figures()
    with Site(options.build) as site:
        port = free_port()
        site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{port}")
        wrk = Wrk(site, port)
        site.api.call("PUT", "/settings/http.rate-per-token", {"value": 0})  # one token asks for all of it
        for name in options.only.split(","):
            PARTS[name](site, wrk, figures)
        time.sleep(2)
        figures.add("daemon: resident after all of that", memory_mb(site.daemon), "MB", 60, reference=("FastAPI service", 622))
    if options.json:
        options.json.write_text(json.dumps(figures.rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
