#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole window in the past: what was changed since is as it was in every room, nothing can be changed there, and now is as it was left."""
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, note, run_main  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from store import furnish  # noqa: E402
from window import can_press  # noqa: E402

DARK = bool(os.environ.get("ADW_DEBUG_COLOR_SCHEME", "").endswith("dark"))


def picture(window, name):
    window.picture(f"time-{name}{'-dark' if DARK else ''}")


def make_history(site):
    """(device, a moment before everything was changed)."""
    store = furnish(site.api)
    device = site.api.post("/devices", {"name": "Boiler", "kind": "sensor", "notes": "In the cellar"})
    site.api.post("/alert-rules", {"name": "Too hot", "kind": "threshold", "metric": "t", "operator": "gt", "value": 90, "scope_kind": "site"})
    site.api.post("/monitoring/data", {"device_id": device["id"], "metrics": {"t": 61.5}})
    time.sleep(2.1)
    before = time.time()
    time.sleep(1.1)
    site.api.call("PUT", f"/devices/{device['id']}", {"name": "Cauldron", "notes": "In the hall"})
    store.receive("bracket", "A-2-1", quantity=11)
    store.step("pending", "confirmed")
    site.api.post("/monitoring/data", {"device_id": device["id"], "metrics": {"t": 95}})
    time.sleep(1)
    return device, before


def go_to(window, moment):
    """Typed as a person types: Tab leads to the entry."""
    entry = window.find("text", "Date and time", 10)
    window.type(entry, time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(moment)))
    window.tab_to(None, "Date and time", 12)
    window.keys("Return")


def row(window, *parts):
    return window.find("table row", lambda name: all(part in name for part in parts), 15)


def test(build, steps):
    with local_site_and_window(build, "Past and present") as (site, window):
        device, before = make_history(site)
        with steps.step("now: the devices as they are"):
            window.keys("ctrl+3")
            row(window, "Cauldron")
            picture(window, "01-now")
        with steps.step("Ctrl+T opens the time machine, and a moment is typed"):
            window.keys("ctrl+t")
            window.says("Now – draw the slider", 10)
            begin = time.monotonic()
            go_to(window, before)
            window.says("As of", 10)
            row(window, "Boiler")
            note(f"seen after {time.monotonic() - begin:.2f} s, by the accessibility tree")
            assert not window.look("table row", lambda name: "Cauldron" in name), "the new name in the past"
            picture(window, "02-devices")
        with steps.step("the device's page is of then, and changes nothing"):
            window.open_found("Boiler")
            window.says("In the cellar", 15)
            assert not window.look("label", lambda name: "In the hall" in name)
            edit = window.look("push button", lambda name: name in ("Edit", "Edit…")) + window.look("button", lambda name: name in ("Edit", "Edit…"))
            assert all(not can_press(node) for node in edit), "it can be edited in the past"
            picture(window, "03-device")
            window.keys("alt+Left")
            row(window, "Boiler")
        with steps.step("stock and orders are of then"):
            window.keys("ctrl+4")
            row(window, "Mounting bracket", "340")
            picture(window, "04-stock")
            window.keys("ctrl+5")
            row(window, "Example Farms", "Pending")
        with steps.step("there was no alert then, and the overview counts as it was"):
            window.keys("ctrl+8")
            window.says("No Alert", 15)
            picture(window, "05-alerts")
            window.keys("ctrl+1")
            picture(window, "06-overview")
        with steps.step("Discover says that it has no past"):
            window.keys("ctrl+2")
            window.says("has no past", 10)
        with steps.step("what happens meanwhile does not leak in"):
            window.keys("ctrl+3")
            site.api.post("/devices", {"name": "Arrival"})
            row(window, "Boiler")
            time.sleep(1.5)
            assert not window.look("table row", lambda name: "Arrival" in name), "the present leaks into the past"
        with steps.step("the keys go on in time: to the alert"):
            window.keys("ctrl+shift+Right")
            row(window, "Cauldron")
        with steps.step("narrow, everything has its place"):
            window.resize_screen(360, 720)
            picture(window, "07-narrow")
            window.resize_screen(1280, 800)
        with steps.step("back to now: everything is there again"):
            window.click("button", "Back to Now")
            row(window, "Arrival")
            row(window, "Cauldron")
            assert not window.look("label", lambda name: name.startswith("As of")), "it still says that it is the past"
            window.keys("ctrl+5")
            row(window, "Example Farms", "Confirmed")
            picture(window, "08-back")
        with steps.step("the finder knows it"):
            window.open_found("time mach", "Time Machine")
            window.says("Now – draw the slider", 10)
            window.keys("ctrl+t")


if __name__ == "__main__":
    sys.exit(run_main(test))
