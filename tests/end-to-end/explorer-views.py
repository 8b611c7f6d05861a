#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Views of the room Telemetry: a range chosen by its ends, devices counted together, all of it saved and shown again, the dashboard of a
product, and the wall."""
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from explorer_rig import described, make_devices, pick, store_samples  # noqa: E402
from muster_site import wait_for  # noqa: E402
from rig import local_site_and_window, run_main  # noqa: E402
from window import can_press  # noqa: E402


def choose_range(steps, window):
    with steps.step("a range is chosen by its ends, and nonsense is refused"):
        pick(window, "Heater 1", "Heater 2")
        described(window, "Chart of Temperature", "Heater 2 · Temperature: last")
        window.click("button", "Show a range")
        dialog = window.find("alert", "Show a Range")
        begin = time.strftime("%Y-%m-%d %H:%M", time.gmtime(time.time() - 7200))
        window.type(window.find("text", "From", within=dialog), "yesterday, perhaps")
        show = window.find("button", "Show", within=dialog)
        window.wait(lambda: not can_press(show), 10, "the refusal")
        window.type(window.find("text", "From", within=dialog), begin)
        window.type(window.find("text", "To", within=dialog), "now")
        window.wait(lambda: can_press(show), 10, "the range to be good")
        window.picture("explorer-a-range")
        window.press(show)
        window.gone("alert", "Show a Range")


def count_together(steps, window):
    with steps.step("the mean of all devices is one line"):
        select(window, "Value", 1)
        select(window, "Of", 4)
        described(window, "Chart of Temperature", "All · Temperature: last", 30)
        window.gone("toggle button", "Heater 1 · Temperature")
        window.picture("explorer-b-together")


def select(window, row, number):
    """The NUMBERth item of a row that offers some, by the keyboard."""
    window.click("combo box", row)
    time.sleep(0.5)
    window.keys(*["Home"], *["Down"] * number, "Return")
    time.sleep(0.3)


def save_and_show(steps, site, window):
    with steps.step("the view is saved with all of that"):
        window.click("toggle button", "Saved views")
        window.click("button", lambda name: name.startswith("Save This"))
        dialog = window.find("alert", "Save View")
        window.type(window.find("text", "Name", within=dialog), "Both heaters")
        window.click("button", "Save", within=dialog)
        view = wait_for(lambda: site.api.get("/views/?entity=telemetry")["items"], 15, "the view")[0]
        assert view["query"]["calculation"].startswith("mean 0.5 none"), view
        assert int(view["query"]["to"]) > int(view["query"]["from"]), view
    with steps.step("and stands on the wall, large, until Escape"):
        window.click("button", "Wall of charts")
        window.find("grouping", "Wall", 15)
        window.says("Both heaters", 20)
        window.wait(lambda: "All · Temperature: last" in window.description(window.find("image", "Chart of Temperature")), 30, "its chart")
        window.picture("explorer-c-wall", 1.0)
        window.keys("Escape")
        window.gone("grouping", "Wall")


def dashboard(steps, site, window, product):
    with steps.step("the page of a product leads to the dashboard of its devices, which needs no setting up"):
        window.open_found("Heating node")
        window.click("button", "Dashboard of its devices", 20)
        described(window, "Chart of Temperature", "Heater 2 · Temperature: last", 30)
        cycles = described(window, "Chart of Cycles", "/h", 30)
        assert "Heater 1 · Cycles" in cycles, cycles
        described(window, "Chart of Mode", "Mode: last")
        window.picture("explorer-d-dashboard", 1.0)


def test(build, steps):
    with local_site_and_window(build, "Views") as (site, window):
        product = site.api.post("/products/", {"name": "Heating node", "sku": "HN-1"})["id"]
        store_samples(site.api, make_devices(site.api, product_id=product))
        choose_range(steps, window)
        count_together(steps, window)
        save_and_show(steps, site, window)
        dashboard(steps, site, window, product)


sys.exit(run_main(test))
