#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A kiosk with its wall of charts: it begins with it, turns from page to page by itself and by hand, stays where it is held, leaves out
products that measure nothing, and is covered by an alert until somebody takes notice."""
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from explorer_rig import make_devices, store_samples  # noqa: E402
from muster_site import wait_for  # noqa: E402
from rig import local_site_and_window, run_main  # noqa: E402
from window import Atspi  # noqa: E402

SCREEN_HEIGHT = 800
SECONDS_A_SCREEN = 20


def furnish(site):
    """Two products that measure, between two that do not, and whom a kiosk is to tell."""
    products = {name: site.api.post("/products/", {"name": name, "sku": name})["id"] for name in ("Anvil", "Boiler node", "Heating node", "Zinc box")}
    store_samples(site.api, make_devices(site.api, product_id=products["Heating node"]), hours=3)
    tank = site.api.post("/devices/", {"name": "Tank", "product_id": products["Boiler node"]})["id"]
    now = int(time.time() * 1000)
    site.api.post("/monitoring/data", [{"device_id": tank, "timestamp": now - k * 60_000, "metrics": {"level": 40 + k % 7}} for k in range(60, 0, -1)])
    kiosk = site.api.post("/notification-channels", {"name": "Kiosks", "kind": "kiosk", "config": {}})["id"]
    site.api.post("/escalations", {"name": "Hall", "is_default": True, "steps": [{"after_seconds": 0, "channels": [kiosk]}]})
    site.api.post("/alert-rules/", {"name": "Full", "kind": "threshold", "metric": "level", "value": 90, "severity": "error", "scope_kind": "site"})
    return tank


def title(window):
    """Of the page that is on the wall: its product."""
    wall = window.find("grouping", "Wall")
    return next(node.get_name() for node in window.each("label", within=wall) if node.get_name())


def turned(window, name, timeout=15):
    return window.wait(lambda: title(window) == name, timeout, f"the page {name}")


def go_to(window, name, position):
    """Turns until this is on the wall."""
    for _ in range(8):
        if title(window) == name and window.look("label", position):
            return
        window.keys("Left")
        time.sleep(0.3)
    raise AssertionError(f"{name}, {position} is not on the wall: {title(window)}")


def in_sight(window):
    """All of the wall's own buttons lie within the screen."""
    wall = window.find("grouping", "Wall")
    bottom = max(box.y + box.height for box in (button.get_extents(Atspi.CoordType.WINDOW) for button in window.look("button", within=wall)))
    assert bottom <= SCREEN_HEIGHT, f"the buttons end at {bottom} of {SCREEN_HEIGHT} pixels"


def check_turning(steps, window):
    with steps.step("the wall shows what measures and nothing else, and stays where it is held"):
        window.find("grouping", "Wall", 30)
        window.click("toggle button", "Keep this page")
        window.wait(lambda: not {"Anvil", "Zinc box"} & {title(window)}, 30, "a page with charts")
        # four charts of heaters, two of them high ones, take two screens
        window.says("of 3", 30)
        in_sight(window)
        go_to(window, "Boiler node", "1 of 3")
        window.picture("kiosk-1-wall", 1.0)
    with steps.step("the arrow keys turn it in a circle, screen by screen"):
        for key, name, position in (("Right", "Heating node", "2 of 3"), ("Right", "Heating node", "3 of 3"), ("Right", "Boiler node", "1 of 3"),
                                    ("Left", "Heating node", "3 of 3"), ("Left", "Heating node", "2 of 3"), ("Left", "Boiler node", "1 of 3")):
            window.keys(key)
            turned(window, name)
            window.says(position)
            in_sight(window)
    with steps.step("what is held stays for more than its turn"):
        time.sleep(SECONDS_A_SCREEN + 3)
        window.says("1 of 3")
    with steps.step("it turns by itself when it is held no more"):
        window.click("toggle button", "Keep this page")
        window.says("2 of 3", SECONDS_A_SCREEN * 3)
        window.picture("kiosk-2-turned", 1.0)


def check_cover(steps, site, window, tank):
    with steps.step("an alert covers the wall, and whoever takes notice sees it again"):
        site.api.connection = None  # the daemon has closed it meanwhile
        site.api.post("/monitoring/data", {"device_id": tank, "metrics": {"level": 97}})
        alert = wait_for(lambda: site.api.get("/alerts/?status=open")["items"], 15, "the alert")[0]
        window.says(alert["title"], 20)
        window.picture("kiosk-3-cover", 1.0)
        window.click("button", "Acknowledge")
        wait_for(lambda: site.api.get(f"/alerts/{alert['id']}")["status"] == "acknowledged", 15, "the acknowledgement")
        window.gone("button", "Acknowledge")
        window.find("grouping", "Wall")
    with steps.step("Escape leaves the wall, and Shift+F11 brings it back"):
        window.keys("Escape")
        window.gone("grouping", "Wall")
        window.keys("shift+F11")
        window.says("of 3", 30)


def test(build, steps):
    with local_site_and_window(build, "Hall", arguments=("--kiosk", "--wall")) as (site, window):
        # the wall is there before the site has anything to show, and looks again when it is opened
        window.find("grouping", "Wall", 30)
        window.keys("Escape")
        window.gone("grouping", "Wall")
        tank = furnish(site)
        window.keys("shift+F11")
        check_turning(steps, window)
        check_cover(steps, site, window, tank)


if __name__ == "__main__":
    sys.exit(run_main(test))
