#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The room Telemetry in the real window: devices and metrics picked, charts over one time, lines hidden and shown, the week before, means with
their range, and a phone's width."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from explorer_rig import chart, choose, make_devices, store_samples  # noqa: E402
from rig import local_site_and_window, run_main  # noqa: E402


def pick(steps, window):
    with steps.step("a device is picked by the keyboard, and everything it measures gets its chart"):
        window.keys("ctrl+7")
        window.says("Pick What to See")
        window.find("check box", "Heater 1")
        window.picture("explorer-1-empty")
        window.keys("ctrl+f", "Tab", "space")
        described = window.wait(lambda: "Temperature: last" in window.description(chart(window, "Chart of Temperature"))
                                and window.description(chart(window, "Chart of Temperature")), 10, "the temperatures")
        assert "between" in described, described
        states = window.description(chart(window, "Chart of states"))
        assert "Mode: last" in states and "On: last" in states, states
        window.click("radio button", "24 h")
        window.picture("explorer-2-day")
    with steps.step("a metric that is unmarked has no chart, and all come back with one click"):
        window.click("list item", "Cycles")
        window.gone("image", "Chart of Cycles")
        window.click("button", "All")
        window.find("image", "Chart of Cycles")
    with steps.step("a second device stands beside the first, each named in the legends"):
        window.click("list item", "Heater 2")
        window.find("toggle button", "Heater 2 · Temperature")
        window.click("toggle button", "Heater 1 · Temperature")
        window.wait(lambda: not window.is_on(window.find("toggle button", "Heater 1 · Temperature")), 15, "the line hidden")
        window.picture("explorer-3-two")
        window.click("list item", "Heater 2")
        window.gone("toggle button", "Heater 2 · Temperature")


def compare_and_look(steps, window):
    with steps.step("the week before stands behind, and goes away"):
        choose(window, 2, 3)
        window.says("Faintly behind: the week before")
        choose(window, 2, 1)
        window.gone("label", "Faintly behind: the week before")
    with steps.step("measures as means with their range"):
        choose(window, 0, 4)
        window.picture("explorer-4-band")
        choose(window, 0, 1)


def shapes(steps, window):
    with steps.step("it fits on a phone"):
        window.resize_screen(360, 740)
        window.picture("explorer-9-narrow")
        window.resize_screen(1280, 800)


def test(build, steps):
    with local_site_and_window(build, "Explorer") as (site, window):
        with steps.step("a day and more of samples"):
            store_samples(site.api, make_devices(site.api))
        pick(steps, window)
        compare_and_look(steps, window)
        shapes(steps, window)


sys.exit(run_main(test))
