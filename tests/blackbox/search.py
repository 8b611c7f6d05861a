#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Search over everything on the running daemon: what is found, in which order, and by whom."""
import sys
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site  # noqa: E402


def search(site, text, **parameters):
    more = "".join(f"&{name}={quote(str(value))}" for name, value in parameters.items())
    return site.api.get(f"/search?q={quote(text)}{more}")["groups"]


def hits(site, text, **parameters):
    return [(hit["kind"], hit["title"], hit["field"], hit["rank"]) for group in search(site, text, **parameters) for hit in group["items"]]


def refused(site, target):
    status, _, _ = site.api.exchange("GET", target)
    return status


def fill(site):
    site.api.post("/devices/", {"name": "Pump 7", "serial": "SN-1007", "mac": "02:00:5e:10:00:07", "model": "MP-1", "location": "Hall 3, row 1"})
    site.api.post("/devices/", {"name": "SN-1007 spare", "serial": "X-1"})
    site.api.post("/devices/", {"name": "Meter", "serial": "SN-10070"})
    site.api.post("/devices/", {"name": "Old meter", "serial": "ZZ-SN-1007"})
    site.api.post("/products/", {"name": "Pump MP-1", "sku": "MP-1", "manufacturer": "Acme"})
    site.api.post("/locations/", {"name": "Hall 3", "kind": "hall", "code": "H3"})
    site.api.post("/device-groups/", {"name": "Pumps of hall 3"})


def test_ranks(site):
    found = hits(site, "SN-1007", kinds="device")
    assert found[0] == ("device", "Pump 7", "serial", "exact"), found
    assert {row[3] for row in found[1:3]} == {"prefix"} and found[3] == ("device", "Old meter", "serial", "word"), found
    assert hits(site, "sn-1007")[0][1:] == ("Pump 7", "serial", "exact")


def test_forms(site):
    for text in ("02:00:5e:10:00:07", "02005E100007", "02-00-5e-10-00-07"):
        assert hits(site, text) == [("device", "Pump 7", "mac", "exact")], text
    assert ("device", "Pump 7", "mac", "prefix") in hits(site, "0200-5e")
    assert hits(site, "ump")[0][3] == "part"
    # every word counts, wherever it stands
    assert [row[1] for row in hits(site, "pump hall", kinds="device")] == ["Pump 7"]
    assert hits(site, "pump nowhere") == []
    assert hits(site, "'\"*%_\\") == []


def test_short(site):
    """One and two letters: beginnings of codes and names alone."""
    assert ("location", "Hall 3", "code", "exact") in hits(site, "h3")
    assert {row[0] for row in hits(site, "P")} == {"device", "product", "device_group"}
    assert hits(site, "um") == []


def test_groups(site):
    groups = search(site, "mp-1")
    assert groups[0]["kind"] == "product" and groups[0]["items"][0]["rank"] == "exact", groups
    assert [group["kind"] for group in search(site, "hall 3")][0] == "location"
    assert search(site, "SN-1007", limit=1, kinds="device")[0]["more"] is True
    assert search(site, "SN-1007", limit=4, kinds="device")[0]["more"] is False
    device = search(site, "Pump 7")[0]["items"][0]
    assert device["subtitle"] == "SN-1007 · MP-1 · Hall 3, row 1" and device["status"] == "in_stock", device
    assert hits(site, device["id"]) == [("device", "Pump 7", "id", "exact")]


def test_refusals(site):
    assert refused(site, "/search") == 422 and refused(site, "/search?q=") == 422
    assert refused(site, "/search?q=x&limit=51") == 422 and refused(site, "/search?q=x&kinds=nonsense") == 422
    assert refused(site, "/search?q=x&frob=1") == 422


def test_views(site):
    view = site.api.post("/views", {"name": "In stock", "entity": "device", "query": {"status": "in_stock"}, "columns": ["name", "serial"]})
    assert view["person_id"] is None and site.api.get("/views?entity=device")["total"] == 1
    changed = site.api.call("PUT", f"/views/{view['id']}", {"name": "Shelf"})
    assert changed["name"] == "Shelf" and changed["query"] == {"status": "in_stock"}, changed
    assert site.api.exchange("POST", "/views", {"name": "x", "entity": "nonsense", "query": {}})[0] == 422
    assert site.api.exchange("POST", "/views", {"name": "x", "entity": "device", "query": []})[0] == 422
    assert site.api.exchange("DELETE", f"/views/{view['id']}")[0] == 204 and site.api.get("/views")["total"] == 0


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
