#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long samples are kept: what a preview says is deleted, and no more, whatever happens meanwhile."""
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, wait_for  # noqa: E402

DAY = 86400
DAYS = 40
STEP = 60


def refused(status, call, *words):
    try:
        call()
    except ApiError as error:
        assert error.status == status and all(word in str(error.body) for word in words), (error.status, error.body)
        return
    raise AssertionError(f"not refused: {words}")


class Plant:
    def __init__(self, site):
        self.site = site
        self.begin = (int(time.time()) // DAY - DAYS) * DAY
        self.devices = [site.api.post("/devices/", {"name": f"Unit {i}"})["id"] for i in range(2)]
        for number, device in enumerate(self.devices):
            rows = "".join(f"{at * 1000},{at % 977 + number},{at % 31},{at % 7}\n" for at in range(self.begin, self.begin + DAYS * DAY, STEP))
            done = self.site.api.call("POST", f"/monitoring/import?device={device}", ("time,climate/t,debug/heap,energy\n" + rows).encode(), {"Content-Type": "text/csv"})
            assert done["stored"] == 3 * DAYS * DAY // STEP, done

    def stats(self):
        return {item["name"]: item for item in self.site.api.get("/monitoring/retention")["items"]}

    def sums(self, metric, day):
        """Of one device, by the hour."""
        begin = self.begin + day * DAY
        found = self.site.api.get(f"/monitoring/data/{self.devices[0]}?metric={metric}&from={iso(begin)}&to={iso(begin + DAY - 1)}&agg=sum&step=3600")["samples"]
        return found[0]["points"] if found else []

    def raw(self, metric, day):
        begin = self.begin + day * DAY
        found = self.site.api.get(f"/monitoring/data/{self.devices[1]}?metric={metric}&from={iso(begin)}&to={iso(begin + DAY - 1)}&points=0")["samples"]
        return found[0]["points"] if found else []


def iso(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def by_name(answer):
    return {item["name"]: item for item in answer["items"]}


CLIMATE = {"name": "Climate", "pattern": "climate/*", "raw_days": 10, "minute_days": 0, "hour_days": 30}
DEBUG = {"name": "Debug", "pattern": "debug/*, test", "raw_days": 5, "minute_days": 0, "hour_days": 0}


def test_refusals(api):
    path = "/retention-classes"
    refused(422, lambda: api.post(path, {"name": "x", "pattern": "a,,b"}), "/pattern")
    refused(422, lambda: api.post(path, {"name": "x", "pattern": "a", "raw_days": 0}), "/raw_days")
    refused(422, lambda: api.post(path, {"name": "x", "pattern": "a", "raw_days": 9, "minute_days": 8}), "/minute_days", "raw_days")
    refused(422, lambda: api.post(path, {"name": "x", "pattern": "a", "raw_days": 9, "minute_days": 20, "hour_days": 10}), "/hour_days", "minute_days")
    refused(422, lambda: api.post(path, {"name": "x", "pattern": "a", "minute_days": 8}), "/minute_days", "for ever")
    refused(422, lambda: api.post(path + "/preview", {"classes": [CLIMATE, {"name": "x", "pattern": ""}]}), "/classes/1/pattern")
    refused(422, lambda: api.post(path + "/preview", {"classes": "all"}), "/classes")
    assert api.get(path)["total"] == 0


def test_changes(site, plant):
    """Classes come and go while samples are counted: nothing is deleted of what is younger."""
    api = site.api
    for i in range(8):
        made = api.post("/retention-classes", {**CLIMATE, "raw_days": 60 - i, "hour_days": 90})
        api.get("/monitoring/retention")
        room = api.post("/retention-classes/preview", {"max_bytes": 1000})
        assert room["samples"] > 0 and room["max_bytes"] == 1000, room
        api.call("DELETE", f"/retention-classes/{made['id']}")
    stats = plant.stats()
    assert sum(item["samples"] for item in stats.values()) == 3 * 2 * DAYS * DAY // STEP, stats


def test_deletion(site, plant):
    api = site.api
    before = {metric: {day: plant.sums(metric, day) for day in (3, 15, 25, 34)} for metric in ("climate/t", "energy")}
    preview = by_name(api.post("/retention-classes/preview", {"classes": [CLIMATE, DEBUG]}))
    a_day = DAY // STEP
    assert preview["Climate"]["samples"] == 2 * (DAYS - 10) * a_day and preview["Debug"]["samples"] == 2 * (DAYS - 5) * a_day, preview
    assert preview[None]["samples"] == 0 and preview["Climate"]["series"] == 2 and preview["Climate"]["from"].startswith(iso(plant.begin)[:10]), preview
    assert preview["Climate"]["bytes"] > 0, preview
    total = api.get("/monitoring/stats")["samples"]
    made = api.post("/retention-classes", CLIMATE)
    # Deleting goes on where a kill interrupts it.
    site.stop_daemon(signal.SIGKILL)
    site.start_daemon("--no-mdns")
    api = site.api
    api.post("/retention-classes", {**DEBUG, "position": 1})
    time.sleep(0.05)
    site.stop_daemon(signal.SIGKILL)
    site.start_daemon("--no-mdns")
    api = site.api
    expected = total - preview["Climate"]["samples"] - preview["Debug"]["samples"]
    wait_for(lambda: api.get("/monitoring/stats")["samples"] == expected, 60, "the deletion", 0.5)
    wait_for(lambda: api.post("/retention-classes/preview", {})["bytes"] == 0, 60, "the end of the deletion", 0.5)
    stats = plant.stats()
    assert stats["Climate"]["samples"] == 2 * 10 * a_day and stats["Debug"]["samples"] == 2 * 5 * a_day and stats[None]["samples"] == 2 * DAYS * a_day, stats
    for day in (15, 25, 34):
        assert plant.sums("climate/t", day) == before["climate/t"][day], day
    assert plant.sums("climate/t", 3) == [] and plant.raw("debug/heap", 20) == []
    for day in (3, 15, 25, 34):
        assert plant.sums("energy", day) == before["energy"][day]
    assert len(plant.raw("energy", 3)) == a_day and len(plant.raw("climate/t", 35)) == a_day and len(plant.raw("debug/heap", 37)) == a_day
    return made


def test_ctl(site):
    text = site.ctl("retention").stdout
    assert "Climate" in text and "debug/*" in text, text
    text = site.ctl("retention", "preview", "Climate", "raw_days=8", "minute_days=8").stdout
    assert "Climate" in text, text
    text = site.ctl("retention", "preview", "name=Energy", "pattern=energy", "raw_days=1").stdout
    assert "Energy" in text, text
    text = site.ctl("retention", "stats").stdout
    assert "Debug" in text and "(no class)" in text, text
    metrics = site.api.get("/metrics")
    assert "muster_retention_samples_deleted_total" in (metrics if isinstance(metrics, str) else metrics.decode())


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        test_refusals(site.api)
        plant = Plant(site)
        test_changes(site, plant)
        test_deletion(site, plant)
        test_ctl(site)
        log = site.log_path("musterd").read_text()
        assert "CRITICAL" not in log and "WARNING" not in log, log[-3000:]


main()
