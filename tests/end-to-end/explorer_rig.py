# SPDX-License-Identifier: GPL-3.0-or-later
"""What the walks through the room Telemetry have in common: two heaters with a day and more of values, and how the room is worked."""
import math
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import rig  # noqa: E402, F401 - it knows where the tests' modules are

MINUTE = 60_000  # ms
HOURS = 30


def store_samples(api, devices, hours=HOURS):
    """A course of each kind of value, one a minute; the first device rests for an hour."""
    now = int(time.time() * 1000)
    for offset, device in enumerate(devices):
        rows = []
        for k in range(hours * 60, -1, -1):
            at = now - k * MINUTE
            if offset == 0 and 180 < k < 240:
                continue
            day = at / 86_400_000 * 2 * math.pi
            rows.append({"device_id": device, "timestamp": at, "metrics": {
                "Sensor/Temperature": round(21 + offset + 3 * math.sin(day), 2), "Heater/On": k % 60 < 20,
                "Heater/Mode": ("idle", "heating", "cooling")[k // 45 % 3], "Heater/Cycles": (hours * 60 - k) // 60}})
        for begin in range(0, len(rows), 1000):
            assert api.post("/monitoring/data", rows[begin:begin + 1000])["refused"] == 0


def make_devices(api, **more):
    return [api.post("/devices/", {"name": name, "kind": "sensor", "model": "HN-1", **more})["id"] for name in ("Heater 1", "Heater 2")]


def chart(window, name):
    return window.find("image", name)


def described(window, name, words, timeout=15):
    """What a screen reader hears of a chart, once it holds WORDS."""
    return window.wait(lambda: words in window.description(chart(window, name)) and window.description(chart(window, name)), timeout, f"“{words}” in {name}")


def pick(window, *names):
    """Opens the room and picks devices in it."""
    window.keys("ctrl+7")
    window.says("Pick What to See")
    for name in names:
        window.click("list item", name)


def choose(window, *steps_down):
    """An item of the menu of the deck, by how many steps down in each menu."""
    window.click("toggle button", "More about the charts")
    window.find("menu")
    for down in steps_down:
        time.sleep(0.3)
        window.keys(*["Down"] * down, "Return")


def focus_chart(window, name, most=40):
    """By the Tab key alone, as nothing else is reached without a pointer."""
    return window.tab_to("image", name, most)
