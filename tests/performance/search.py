#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Search over everything by the clock: 100,000 devices and 100,000 orders with their deliveries, over HTTP, on the real daemon.

search.py BUILD [--json FILE]
"""
import argparse
import json
import os
import random
import sqlite3
import sys
import time
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site, memory_kb  # noqa: E402
from site_figures import Figures, cpu_seconds, percentile  # noqa: E402

ROWS = int(os.environ.get("MUSTER_BENCH_ROWS", "100000"))
BAR = 50
TIMES = 15
# What people type, and what is worst for the index: parts that every record has, parts that none has, one and two letters.
QUERIES = {
    "a whole serial number": ["SN-0054321", "sn-0012345"],
    "a whole order number": ["SO-2025-054321"],
    "a whole tracking number": ["TRK0000054321"],
    "a MAC address as printed": ["02AB00D431", "02-ab-00-d4-31"],
    "a name": ["Sensor 054321", "sensor 05"],
    "a customer": ["Meyer", "meyer gmbh", "Schmidt & Söhne 77"],
    "a place": ["Hall 3", "hall 3 row 5"],
    "three letters that everything has": ["ens", "000", "SN-", "sen", "Hal", "ber"],
    "parts in the middle": ["054321", "5432", "eyer", "4321-"],
    "what nothing has": ["zzz", "qqqqqq", "000000000000000", "ensor99"],
    "common parts that never meet": ["ens 000999888", "sen hal wag"],
    "two letters": ["se", "SN", "Ha", "me", "00", "54"],
    "one letter": ["s", "S", "5", "m", "x"],
}
CUSTOMERS = ["Meyer GmbH", "Schmidt & Söhne", "Huber AG", "Weber KG", "Fischer", "Wagner und Partner", "Becker Anlagenbau", "Stadtwerke Nordberg"]


def copy_rows(database, table, count, own):
    """COUNT rows of TABLE: columns of OWN as it says, others as in the one row that is there."""
    names = [row[1] for row in database.execute(f"PRAGMA table_info({table})") if row[1] != "row"]
    columns = ", ".join(own.get(name, f"one.{name}") for name in names)
    database.execute(f"WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < {count}) "
                     f"INSERT INTO {table} ({', '.join(names)}) SELECT {columns} FROM counter, (SELECT * FROM {table} LIMIT 1) AS one")


def uuid(number):
    return f"printf('0190%04x-%04x-7{number}00-8000-%012x', n / 65536, n % 65536, n)"


def fill(path):
    customers = " ".join(f"WHEN {number} THEN '{name}'" for number, name in enumerate(CUSTOMERS))
    customer = f"CASE n % {len(CUSTOMERS)} {customers} END || printf(' %d', n % 997)"
    with sqlite3.connect(path) as database:
        copy_rows(database, "device", ROWS - 1, {
            "id": uuid(0), "name": "printf('Sensor %06d', (n * 7919) % 1000003)", "serial": "printf('SN-%07d', n)", "mac": "printf('02:ab:%02x:%02x:%02x:00', n / 65536, n / 256 % 256, n % 256)",
            "location": "printf('Hall %d, row %d', n % 7, n % 31)", "manufacturer": "'Acme Instruments'", "model": "printf('MN-%d', n % 50)"})
        copy_rows(database, "site_order", ROWS - 1, {
            "id": uuid(1), "order_number": "printf('SO-2025-%06d', n)", "customer": customer, "reference": "printf('PO %d/26', n * 13 % 100000)",
            "shipping_address": "printf('Hauptstraße %d, 12345 Nordberg', n % 300)"})
        copy_rows(database, "delivery", ROWS - 1, {
            "id": uuid(2), "order_id": uuid(1), "delivery_number": "printf('DN-2025-%06d', n)", "tracking_number": "printf('TRK%010d', n)", "carrier": "'DHL'", "recipient": customer})
    database.execute("PRAGMA optimize=0x10002")
    database.close()


def seed(site):
    """One record of each kind, of which the others are copies."""
    site.start_daemon("--no-mdns")
    site.api.post("/devices/", {"name": "Sensor 000000", "serial": "SN-0000000", "kind": "sensor"})
    for number in range(200):
        product = site.api.post("/products/", {"name": f"Sensor module {number}", "sku": f"SM-{number:04}", "manufacturer": "Acme Instruments"})["id"]
        hall = site.api.post("/locations/", {"name": f"Rack {number}", "kind": "rack", "code": f"R{number:03}"})["id"]
    order = site.api.post("/orders/", {"kind": "purchase", "customer": "Meyer GmbH", "items": [{"product_id": product, "quantity": 1, "unit_price": "12.50"}]})
    site.api.call("PUT", f"/orders/{order['id']}/status", {"status": "confirmed"})
    assert hall
    site.api.post("/deliveries/", {"order_id": order["id"], "tracking_number": "TRK0"})
    site.stop_daemon()


def time_query(api, text, limit, times=TIMES):
    target = f"/search?q={quote(text)}&limit={limit}"
    took = []
    for _ in range(times):
        begin = time.monotonic()
        status, _, data = api.exchange("GET", target)
        took.append((time.monotonic() - begin) * 1e3)
        assert status == 200, (text, status, data)
    return took, json.loads(data)


def measure(site, figures):
    every, worst = [], (0, "")
    figures.add("search: the very first after the start, nothing in memory", time_query(site.api, "SN-0054321", 8, 1)[0][0], "ms")
    for texts in QUERIES.values():
        for text in texts:
            time_query(site.api, text, 8, 1)
    cpu = cpu_seconds(site.daemon)
    for what, texts in QUERIES.items():
        took = []
        for text in texts:
            own, answer = time_query(site.api, text, 8)
            took += own
            worst = max(worst, (percentile(own, 0.95), text))
            if os.environ.get("MUSTER_BENCH_VERBOSE"):
                print(f"       {text:<24}{percentile(own, 0.95):>8.1f} ms  {[(g['kind'], len(g['items'])) for g in answer['groups']]}")
        every += took
        figures.add(f"search: {what}, 95 % within", percentile(took, 0.95), "ms", BAR)
    random.shuffle(every)
    figures.add(f"search: all of them, {ROWS:,} devices, orders and deliveries, 95 % within", percentile(every, 0.95), "ms", BAR)
    figures.add("   half within", percentile(every, 0.5), "ms")
    figures.add("   processor time of the daemon for each", (cpu_seconds(site.daemon) - cpu) / len(every) * 1e3, "ms")
    figures.add(f"   the slowest text (“{worst[1]}”), 95 % within", worst[0], "ms", BAR)
    figures.add("daemon: resident after that", memory_kb(site.daemon) / 1024, "MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures = Figures()
    with Site(options.build) as site:
        seed(site)
        fill(site.folder / "data/muster.db")
        site.start_daemon("--no-mdns", timeout=60)
        measure(site, figures)
    if options.json:
        options.json.write_text(json.dumps(figures.rows, indent=1))
    return 0 if all(row["met"] is not False for row in figures.rows) else 1


if __name__ == "__main__":
    sys.exit(main())
