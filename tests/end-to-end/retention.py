#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long samples are kept is said in Settings, and what would go is asked about before."""
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, run_main  # noqa: E402
from muster_site import wait_for  # noqa: E402

DAY = 86400


def store(site):
    """Of a month, each minute."""
    device = site.api.post("/devices/", {"name": "Cold room"})["id"]
    begin = (int(time.time()) // DAY - 30) * DAY
    rows = "".join(f"{at * 1000},{at % 977 / 10},{at % 31}\n" for at in range(begin, begin + 30 * DAY, 60))
    site.api.call("POST", f"/monitoring/import?device={device}", ("time,climate/temperature,energy\n" + rows).encode(), {"Content-Type": "text/csv"})


def test(build, steps):
    with local_site_and_window(build, "Hall 2") as (site, window):
        store(site)
        made = site.api.post("/retention-classes", {"name": "Climate", "pattern": "climate/*", "raw_days": 60, "minute_days": 365})
        site.api.post("/retention-classes", {"name": "Debugging", "pattern": "debug/*, heap, *_test", "position": 1, "raw_days": 7, "minute_days": 0, "hour_days": 0})
        with steps.step("Settings list the classes with what is stored of each"):
            window.keys("ctrl+comma")
            window.says("How Long Samples Are Kept")
            window.says("43200 samples")
            window.resize_screen(1280, 2400)
            window.picture("retention-list")
            window.resize_screen(1280, 800)
        with steps.step("what is shorter is asked about, and Cancel changes nothing"):
            window.click("button", "Climate")
            dialog = window.dialog("Edit Retention")
            window.picture("retention-edit")
            window.type(window.find("text", "Keep samples", within=dialog), "10")
            window.click("button", "Save", within=dialog)
            asked = window.find("alert", "Delete 28800 Samples?")
            window.says("Climate: 28800 samples", within=asked)
            window.picture("retention-ask")
            window.click("button", "Cancel", within=asked)
            assert site.api.get(f"/retention-classes/{made['id']}")["raw_days"] == 60
        with steps.step("Delete deletes"):
            window.click("button", "Save", within=window.dialog("Edit Retention"))
            window.click("button", "Delete", within=window.find("alert", "Delete 28800 Samples?"))
            wait_for(lambda: site.api.get("/monitoring/stats")["samples"] == 43200 + 14400, 20, "the deletion")
            window.says("14400 samples")


run_main(test)
