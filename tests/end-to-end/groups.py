#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups on the screen: a filter saved as a group, chosen, renamed, deleted and taken back; chosen devices in a group of their own."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, run_main  # noqa: E402


def name_it(window, name, verb):
    window.wait(lambda: (node := window.focused()) is not None and node.get_role_name() == "text", 15, "the focus on the name")
    window.keys("ctrl+a")
    window.keyboard_text(name)
    window.click("button", verb)


def open_groups(window):
    window.click("toggle button", "Groups")
    return window.find("list", "Groups")


def choose_group(window, name):
    open_groups(window)
    go_to_group(window, name)


def go_to_group(window, name):
    for _ in range(10):
        node = window.wait(lambda: (node := window.focused()) is not None and node.get_role_name() == "list item" and node, 15, "the focus on a group")
        if node.get_name().startswith(name):
            return window.keys("Return")
        window.keys("Down")
    raise AssertionError(f"the arrows do not come to {name}")


def save_filter(steps, site, window):
    with steps.step("a filter is saved as a group"):
        window.keys("ctrl+3")
        window.says("6 in all", 10)
        window.click("toggle button", "Meter")
        window.keys("ctrl+f")
        window.keyboard_text("hall")
        window.says("2 match")
        open_groups(window)
        window.picture("groups-1-menu")
        window.click("button", "Save Filter as Group…")
        name_it(window, "Meters of the hall", "Make Group")
        window.says("The group “Meters of the hall” was made")
        group = site.api.get("/device-groups/")["items"][0]
        assert group["filter"] == "q=hall&kind=meter", group
    with steps.step("chosen again, it is the same filter"):
        window.click("toggle button", "Meter")
        window.keys("ctrl+f", "Escape")
        window.says("6 in all")
        choose_group(window, "Meters of the hall")
        window.says("2 match")
        assert window.is_on(window.find("toggle button", "Meter"))
        window.click("toggle button", "Meter")
        window.keys("ctrl+f", "Escape")
        window.says("6 in all")


def add_chosen(steps, site, window):
    with steps.step("chosen devices go into a new group, which shows them alone"):
        window.click("toggle button", "Select")
        window.click("button", lambda name: name.startswith("Select All"))
        window.click("toggle button", "Add to Group…")
        window.picture("groups-2-add")
        window.click("button", "New Group…")
        name_it(window, "To be calibrated", "Make Group")
        window.wait(lambda: (found := site.api.get("/device-groups/?q=calibrated")["items"])
                    and site.api.get(f"/device-groups/{found[0]['id']}/devices")["total"] == 6, 10, "six members")
        group = site.api.get("/device-groups/?q=calibrated")["items"][0]["id"]
    with steps.step("Undo takes them out of the group, and nothing else is touched"):
        before = {device["id"]: device["revision"] for device in site.api.get("/devices/")["items"]}
        window.says("Added to “To be calibrated”: 6 devices")
        window.undo()
        window.wait(lambda: site.api.get(f"/device-groups/{group}/devices")["total"] == 0, 10, "no members")
        assert {device["id"]: device["revision"] for device in site.api.get("/devices/")["items"]} == before
        window.click("toggle button", "Select")
        window.click("button", lambda name: name.startswith("Select All"))
        window.click("toggle button", "Add to Group…")
        go_to_group(window, "To be calibrated")
        window.wait(lambda: site.api.get(f"/device-groups/{group}/devices")["total"] == 6, 10, "six members")
    with steps.step("a group shows its devices alone"):
        site.api.post("/devices/", {"name": "Newcomer", "kind": "sensor"})
        window.says("7 in all")
        choose_group(window, "To be calibrated")
        window.says("6 match")
        window.picture("groups-3-chosen")
        window.click("button", "To be calibrated")
        window.says("7 in all")


def rename_and_delete(steps, site, window):
    def names():
        return {group["name"] for group in site.api.get("/device-groups/")["items"]}

    with steps.step("a group is renamed and deleted, and comes back with Undo"):
        open_groups(window)
        window.click("button", "Rename To be calibrated")
        name_it(window, "Calibration 2027", "Rename")
        window.says("called “Calibration 2027” now")
        open_groups(window)
        window.click("button", "Delete Calibration 2027")
        window.says("“Calibration 2027” was deleted")
        assert names() == {"Meters of the hall"}, names()
        window.keys("ctrl+z")
        window.wait(lambda: names() == {"Meters of the hall", "Calibration 2027"}, 15, "both groups")


def test(build, steps):
    with local_site_and_window(build, "Hall 2") as (site, window):
        for kind in ("meter", "sensor", "controller"):
            for place in ("Hall", "Yard"):
                site.api.post("/devices/", {"name": f"{place} {kind}", "kind": kind, "location": place})
        site.api.post("/devices/", {"name": "Hall meter two", "kind": "meter"})
        site.api.call("DELETE", f"/devices/{site.api.get('/devices/?q=yard%20sensor')['items'][0]['id']}")
        save_filter(steps, site, window)
        add_chosen(steps, site, window)
        rename_and_delete(steps, site, window)
        with steps.step("everything fits 360 pixels"):
            window.resize_screen(360, 720)
            open_groups(window)
            window.picture("groups-4-narrow")
            window.resize_screen(1280, 800)


if __name__ == "__main__":
    sys.exit(run_main(test))
