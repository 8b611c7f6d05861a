#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists as files from the running daemon: columns, filters, formats, cells that must not become formulas, and any length in little memory."""
import csv
import io
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site, memory_kb  # noqa: E402

TEXTS = ['=HYPERLINK("http://x")', "+49 30 1", "-5", "@SUM(A1)", 'say "hi", twice', "two\nlines", "Gerät ü", "plain"]


def fetch(site, target):
    status, headers, body = site.api.exchange("GET", target)
    assert status == 200, (target, status, body[:300])
    return headers, body


def rows_of(body):
    return list(csv.reader(io.StringIO(body.decode(), newline="")))


def fill(site):
    product = site.api.post("/products/", {"name": "Lamp", "sku": "L-1"})["id"]
    hall = site.api.post("/locations/", {"name": "Hall 1", "kind": "hall"})["id"]
    place = site.api.post("/locations/", {"name": "Rack 2", "kind": "rack", "parent_id": hall})["id"]
    for number, text in enumerate(TEXTS):
        site.api.post("/devices/", {"name": f"Device {number}", "serial": f"S-{number}", "notes": text, "product_id": product, "location_id": place,
                                    "status": "in_stock" if number % 2 else "maintenance", "secret": None})


def test_columns(site):
    headers, body = fetch(site, "/exports/devices?columns=name,location_id.path,product_id.sku&sort=name&status=in_stock")
    assert headers["Content-Type"] == "text/csv; charset=utf-8" and headers["Content-Disposition"].startswith('attachment; filename="devices-'), headers
    assert body.endswith(b"\r\n") and int(headers["Content-Length"]) == len(body)
    rows = rows_of(body)
    assert rows[0] == ["name", "location_id.path", "product_id.sku"], rows[0]
    assert rows[1] == ["Device 1", "Hall 1 › Rack 2", "L-1"] and len(rows) == 5, rows


def test_cells(site):
    rows = rows_of(fetch(site, "/exports/devices?columns=notes&sort=serial")[1])[1:]
    expected = ["'" + text if text[0] in "=+-@" else text for text in TEXTS]
    assert [row[0] for row in rows] == expected, rows


def test_all_columns(site):
    header = rows_of(fetch(site, "/exports/devices")[1])[0]
    assert header[0] == "id" and "secret" not in header and "serial" in header, header
    assert "password_hash" not in rows_of(fetch(site, "/exports/users")[1])[0]


def test_formats(site):
    lines = fetch(site, "/exports/devices?format=ndjson&columns=serial,notes&sort=serial")[1].decode().splitlines()
    assert [json.loads(line)["notes"] for line in lines] == TEXTS, lines
    assert fetch(site, "/exports/devices?bom=true")[1].startswith(b"\xef\xbb\xbfid,")
    status, headers, body = site.api.exchange("HEAD", "/exports/devices")
    assert status == 200 and int(headers["Content-Length"]) > 100 and body == b""


def test_filters_as_lists(site):
    for query in ("q=Device", "serial=S-1,S-2", "status=maintenance", "revision.min=1", "q=Lamp"):
        total = site.api.get(f"/devices/?{query}")["total"]
        assert len(rows_of(fetch(site, f"/exports/devices?columns=id&{query}")[1])) - 1 == total, query


def test_refusals(site):
    for target in ("/exports/devices?columns=secret", "/exports/devices?columns=name.name", "/exports/devices?columns=location_id.nothing", "/exports/devices?frob=1",
                   "/exports/devices?format=xml", "/exports/devices?status=nonsense", "/exports/devices?columns=", "/exports/users?columns=password_hash"):
        assert site.api.exchange("GET", target)[0] == 422, target
    assert site.api.exchange("GET", "/exports/secrets")[0] == 404


def test_every_collection(site):
    for collection in ("devices", "orders", "deliveries", "products", "locations", "batches", "device-groups", "users", "order-items", "delivery-items", "delivery-issues",
                       "stock-moves", "stock-levels", "stocktakes", "stocktake-lines", "loans", "events"):
        status, _, body = site.api.exchange("GET", f"/exports/{collection}")
        if status != 404:
            assert status == 200 and body.startswith(b"id,"), (collection, status, body[:200])


def test_length(site):
    """Many megabytes pass through, and nothing of them stays."""
    for number in range(300):
        site.api.post("/devices/", {"name": f"Long {number}", "notes": "x" * 9000})
    fetch(site, "/exports/devices")
    before = memory_kb(site.daemon)
    for _ in range(20):
        assert len(fetch(site, "/exports/devices")[1]) > 2_700_000
    grown = memory_kb(site.daemon) - before
    assert site.is_sanitized or grown < 4000, f"{grown} kB more after 54 MB of exports"
    assert not list((site.folder / "data/spool").iterdir())


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        fill(site)
        tests = [function for name, function in globals().items() if name.startswith("test_")]
        for test in tests:
            test(site)
        print(f"{len(tests)} passed, 0 failed")


if __name__ == "__main__":
    main()
