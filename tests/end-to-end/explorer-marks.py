#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said about values, by the keyboard alone: the crosshair reads them out, a range is left out and comes back, a note is kept, the
table lists them, and an alert rule begins at one."""
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from explorer_rig import choose, described, focus_chart, make_devices, pick, store_samples  # noqa: E402
from muster_site import wait_for  # noqa: E402
from rig import local_site_and_window, run_main  # noqa: E402

TEMPERATURE = "Chart of Temperature"
BAD_VALUES = 3  # steps down in the menu


def show_bad(steps, site, window, device):
    with steps.step("a value beyond the metric's limits is on the chart only when bad values are asked for"):
        pick(window, "Heater 1")
        described(window, TEMPERATURE, "Temperature: last")
        window.click("radio button", "6 h")
        site.api.post("/monitoring/metrics", {"device_id": device, "name": "Sensor/Temperature", "minimum": -20, "maximum": 80})
        assert site.api.post("/monitoring/data", [{"device_id": device, "timestamp": int(time.time() * 1000) - 90_000, "metrics": {"Sensor/Temperature": 777}}])["refused"] == 0
        assert "777" not in window.description(window.find("image", TEMPERATURE))
        choose(window, BAD_VALUES)
        described(window, TEMPERATURE, "and 777")
        window.picture("explorer-5-bad")
        choose(window, BAD_VALUES)
        window.wait(lambda: "777" not in window.description(window.find("image", TEMPERATURE)), 15, "the chart without bad values")


def crosshair(steps, window):
    with steps.step("the keyboard leads to a chart, and its crosshair reads the values out"):
        focus_chart(window, TEMPERATURE)
        window.keys("shift+Left", "shift+Left", "shift+Left")
        first = described(window, TEMPERATURE, ", Temperature ")
        window.keys("shift+Left")
        window.wait(lambda: window.description(window.find("image", TEMPERATURE)) != first, 10, "the point before")
        window.picture("explorer-5-crosshair")


def leave_out(steps, site, window):
    with steps.step("B at either end of a range leaves it out of the site's values"):
        window.keys("b")
        window.keys(*["shift+Left"] * 5)
        window.keys("b")
        excluded = wait_for(lambda: site.api.get("/exclusions/")["items"], 15, "the exclusion")
        assert len(excluded) == 1 and excluded[0]["metric"] == "Sensor/Temperature", excluded
        window.find_last("button", "Undo")
        window.picture("explorer-6-excluded")
    with steps.step("and Ctrl+Z brings it back"):
        window.keys("ctrl+z")
        wait_for(lambda: not site.api.get("/exclusions/")["items"], 15, "the end of the exclusion")


def keep_note(steps, site, window):
    with steps.step("a note is kept where the crosshair stands"):
        focus_chart(window, TEMPERATURE)
        window.keys("shift+Left", "shift+Left")
        window.keys("Menu")
        window.find("menu", timeout=10)
        window.keys("Down", "Return")
        dialog = window.find("alert", "Add a Note")
        window.type(window.find("text", "What happened", within=dialog), "Door was open")
        window.click("button", "Keep", within=dialog)
        notes = wait_for(lambda: site.api.get("/annotations/")["items"], 15, "the note")
        assert notes[0]["text"] == "Door was open", notes
        choose(window, 7)
        window.dialog("Marks")
        window.says("Door was open")
        window.keys("Escape")
        window.gone("dialog", "Marks")


def read_table(steps, window):
    with steps.step("everything in sight stands in a table"):
        window.click("button", "Show as a table")
        dialog = window.dialog()
        window.find("table row", lambda name: "°" in name or "2" in name, 15, within=dialog)
        window.picture("explorer-7-table")
        window.keys("Escape")
        window.gone("dialog", None)


def begin_rule(steps, window):
    with steps.step("the menu key begins an alert rule at the value of the crosshair"):
        focus_chart(window, TEMPERATURE)
        window.keys("shift+Left")
        window.keys("Menu")
        window.find("menu", timeout=10)
        window.picture("explorer-8-menu")
        window.keys("Return")
        window.find("slider", "Threshold", 20)
        value = float(window.text(window.find("text", "Value")))
        assert 15 < value < 30, value
        window.keys("alt+Left")
        window.find("image", TEMPERATURE)


def test(build, steps):
    with local_site_and_window(build, "Marks") as (site, window):
        devices = make_devices(site.api)
        store_samples(site.api, devices)
        show_bad(steps, site, window, devices[0])
        crosshair(steps, window)
        leave_out(steps, site, window)
        keep_note(steps, site, window)
        read_table(steps, window)
        begin_rule(steps, window)


sys.exit(run_main(test))
