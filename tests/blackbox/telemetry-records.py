#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of metrics, and what follows: bad values marked, derived metrics, exclusions, annotations."""
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, wait_for  # noqa: E402

failures = []


def check(condition, *what):
    if not condition:
        failures.append(what)
        print("FAILED:", *what)


def refused(status, call, *words):
    try:
        call()
        check(False, "not refused", *words)
    except ApiError as error:
        check(error.status == status and all(word in str(error.body) for word in words), f"{error.status} instead of {status}", error.body, words)


class Meter:
    def __init__(self, api, name, product=None):
        self.api = api
        self.id = api.post("/devices/", {"name": name, **({"product_id": product} if product else {})})["id"]
        self.now = int(time.time() * 1000) - 60_000

    def send(self, offset_ms, **metrics):
        self.api.post("/monitoring/data", {"device_id": self.id, "timestamp": self.now + offset_ms, "metrics": metrics})

    def points(self, metric, **params):
        query = "".join(f"&{name}={value}" for name, value in params.items())
        samples = self.api.get(f"/monitoring/data/{self.id}?points=0&metric={metric}{query}")["samples"]
        return [[point[0] - self.now, *point[1:]] for point in samples[0]["points"]] if samples else []


def iso(milliseconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(milliseconds // 1000)) + f".{milliseconds % 1000:03}Z"


def test_checks(api):
    meter = Meter(api, "Thermometer")
    metric = api.post("/monitoring/metrics", {"device_id": meter.id, "name": "t", "unit": "°C", "minimum": -20, "maximum": 80, "max_rate": 1})
    check(api.get(f"/monitoring/metrics?device_id={meter.id}")["total"] == 1, "the metric is listed")
    refused(422, lambda: api.call("PUT", f"/monitoring/metrics/{metric['id']}", {"max_rate": 0}), "/max_rate")
    refused(409, lambda: api.post("/monitoring/metrics", {"device_id": meter.id, "name": "t"}))
    for offset, value in ((0, 20), (1000, 85), (2000, 21), (3000, 50), (4000, 22), (5000, "text"), (34000, 50)):
        meter.send(offset, t=value)
    check(meter.points("t") == [[0, 20], [1000, 85, "bad"], [2000, 21], [3000, 50, "bad"], [4000, 22], [5000, "text"], [34000, 50]], "bad values are marked", meter.points("t"))
    api.call("PUT", f"/monitoring/metrics/{metric['id']}", {"maximum": 100, "max_rate": None})
    meter.send(35000, t=85)
    meter.send(36000, t=101)
    check(meter.points("t")[-2:] == [[35000, 85], [36000, 101, "bad"]], "a change of the limits counts", meter.points("t")[-2:])
    api.call("DELETE", f"/monitoring/metrics/{metric['id']}")
    meter.send(37000, t=1e6)
    check(meter.points("t")[-1] == [37000, 1e6], "nothing is known any more")


def test_derived(api):
    product = api.post("/products", {"name": "Plug"})["id"]
    plug, other = Meter(api, "Plug 1", product), Meter(api, "Plug 2")
    refused(422, lambda: api.post("/derived-metrics", {"name": "x", "expression": "a +", "device_id": plug.id}), "/expression", "at character 4")
    refused(422, lambda: api.post("/derived-metrics", {"name": "x", "expression": "1 + 2", "device_id": plug.id}), "/expression")
    refused(422, lambda: api.post("/derived-metrics", {"name": "x", "expression": "a"}), "/device_id")
    refused(422, lambda: api.post("/derived-metrics", {"name": "x", "expression": "a", "device_id": plug.id, "product_id": product}), "/device_id")
    refused(422, lambda: api.post("/derived-metrics", {"name": "x", "expression": "x + 1", "device_id": plug.id}), "circle")
    energy = api.post("/derived-metrics", {"name": "energy", "unit": "kWh", "expression": '"power/active" / 1000', "method": "integral", "product_id": product})
    api.post("/derived-metrics", {"name": "f", "unit": "°F", "expression": "t * 1.8 + 32", "device_id": plug.id})
    api.post("/derived-metrics", {"name": "hot", "expression": "f > 100", "device_id": plug.id})
    refused(422, lambda: api.post("/derived-metrics/preview", {"expression": "a +", "device_id": plug.id}), "/expression", "at character 4")
    unknown = api.post("/derived-metrics/preview", {"expression": "nothing * 2", "device_id": plug.id})
    check(unknown["value"] is None and unknown["inputs"] == [{"metric": "nothing", "value": None, "at": None}], unknown)
    refused(422, lambda: api.post("/derived-metrics", {"name": "t", "expression": "hot", "device_id": plug.id}), "circle")
    time.sleep(0.3)
    plug.send(0, t=20, **{"power/active": 3_600_000})
    time.sleep(0.3)
    plug.send(1000, t=40, **{"power/active": 3_600_000})
    plug.send(2000, t=30, **{"power/active": 7_200_000})
    other.send(0, t=20, **{"power/active": 1})
    check(plug.points("f") == [[0, 68], [1000, 104], [2000, 86]], "a unit converted", plug.points("f"))
    check(plug.points("hot") == [[0, 0], [1000, 1], [2000, 0]], "made of one that is made", plug.points("hot"))
    check(plug.points("energy")[-2:] == [[1000, 1], [2000, 2.5]], "energy", plug.points("energy"))
    check(not other.points("f") and not other.points("energy"), "nothing for others")
    wait_for(lambda: api.get(f"/monitoring/metrics?device_id={plug.id}")["total"] == 3, 5, "their records")
    units = {item["name"]: item["unit"] for item in api.get(f"/monitoring/metrics?device_id={plug.id}")["items"]}
    check(units == {"energy": "kWh", "f": "°F", "hot": None}, "their units", units)
    return plug, energy


def test_derived_after_start(site, plug, energy):
    api = site.api
    check(site.stop_daemon() == 0, "it ends")
    site.start_daemon("--no-mdns")
    plug.send(3000, **{"power/active": 7_200_000})
    check(plug.points("energy")[-1] == [3000, 4.5], "the sum goes on after a start", plug.points("energy"))
    # Half the energy, from the second sample on.
    api.call("PUT", f"/derived-metrics/{energy['id']}", {"expression": '"power/active" / 2000'})
    refused(404, lambda: api.post(f"/derived-metrics/{plug.id}/recalculate", {"from": iso(plug.now)}))
    refused(422, lambda: api.post(f"/derived-metrics/{energy['id']}/recalculate", {}), "/from")
    time.sleep(0.3)
    done = api.post(f"/derived-metrics/{energy['id']}/recalculate", {"from": iso(plug.now + 2000), "device_id": plug.id})
    check(done == {"stored": 2}, "recalculated", done)
    check(plug.points("energy")[-3:] == [[1000, 1], [2000, 1.75], [3000, 2.75]], "recalculated from what was before", plug.points("energy"))
    plug.send(4000, **{"power/active": 7_200_000})
    check(plug.points("energy")[-1] == [4000, 3.75], "and it goes on from there", plug.points("energy"))
    api.call("DELETE", f"/derived-metrics/{energy['id']}")
    plug.send(5000, **{"power/active": 7_200_000})
    check(plug.points("energy")[-1] == [4000, 3.75], "no longer")


def test_marks(api, plug):
    at = iso(plug.now)
    refused(422, lambda: api.post("/exclusions", {"device_id": plug.id, "from_at": iso(plug.now + 1), "to_at": at, "reason": "x"}), "/to_at")
    mark = api.post("/exclusions", {"device_id": plug.id, "metric": "t", "from_at": at, "to_at": iso(plug.now + 500), "reason": "the probe was out"})
    check(api.get(f"/exclusions?device_id={plug.id}")["items"][0]["reason"] == "the probe was out", "exclusion")
    check(plug.points("t") == [[1000, 40], [2000, 30]] and len(plug.points("f")) == 3, "left out", plug.points("t"))
    check(plug.points("t", agg="max", step=86400)[0][1] == 40 and plug.points("t", include_excluded="true")[0] == [0, 20], "left out of figures, and still there")
    api.call("PUT", f"/exclusions/{mark['id']}", {"metric": None, "to_at": iso(plug.now + 1500)})
    check(plug.points("t") == [[2000, 30]] and len(plug.points("f")) == 1, "of all metrics", plug.points("f"))
    api.call("DELETE", f"/exclusions/{mark['id']}")
    check(api.get("/exclusions")["total"] == 0 and len(plug.points("t")) == 3, "restored")
    refused(422, lambda: api.post("/annotations", {"at": at, "until": iso(plug.now - 1), "text": "x"}), "/until")
    note = api.post("/annotations", {"at": at, "text": "Filter changed", "device_id": plug.id})
    check(note["author"] and note["until"] is None, "annotation", note)
    check(api.get(f"/annotations?q=filter&at.min={at}")["total"] == 1, "found by its words")
    api.call("PUT", f"/annotations/{note['id']}", {"text": "Both filters changed"})
    api.call("DELETE", f"/devices/{plug.id}")
    check(api.get("/annotations")["total"] == 0, "it goes with the device")


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        test_checks(site.api)
        plug, energy = test_derived(site.api)
        test_derived_after_start(site, plug, energy)
        test_marks(site.api, plug)
    sys.exit(1 if failures else 0)


main()
