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


def find_room(window):
    return window.find("text", lambda name: name.startswith("Most room for samples"))


def allow(window, room):
    """By the keyboard, as an entry is applied where it has the focus."""
    window.tab_to("text", lambda name: name.startswith("Most room for samples"))
    window.keys("ctrl+a")
    window.keyboard_text(room)
    window.keys("Return")


def test(build, steps):
    with local_site_and_window(build, "Hall 2") as (site, window):
        store(site)
        made = site.api.post("/retention-classes", {"name": "Climate", "pattern": "climate/*", "raw_days": 60, "minute_days": 365})
        site.api.post("/retention-classes", {"name": "Debugging", "pattern": "debug/*, heap, *_test", "position": 1, "raw_days": 7, "minute_days": 0, "hour_days": 0})
        with steps.step("Settings list the classes with what is stored of each"):
            window.open_settings("Samples")
            window.says("How Long Samples Are Kept")
            window.says("43200 samples")
            window.picture("retention-list")
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
        with steps.step("so is less room for all samples, and Cancel leaves the room as it was"):
            allow(window, "10 kB")
            asked = window.find("alert", lambda name: name.startswith("Delete") and "Samples?" in name)
            window.says("Climate:", within=asked)
            window.picture("retention-room")
            window.click("button", "Cancel", within=asked)
            window.wait(lambda: window.text(find_room(window)) == "0 B", 15, "the room of before")
            assert site.api.get("/monitoring/stats")["samples"] == 43200 + 14400
        with steps.step("with Delete the oldest go"):
            allow(window, "10000")
            window.click("button", "Delete", within=window.find("alert", lambda name: name.startswith("Delete") and "Samples?" in name))
            wait_for(lambda: site.api.get("/monitoring/stats")["samples"] < 43200 + 14400, 20, "the deletion")


sys.exit(run_main(test))
