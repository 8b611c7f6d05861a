#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main path without a pointer: every step by key presses alone, as they come from a real keyboard."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import Device, open_window, run_main, site_and_window  # noqa: E402
from window import has_state  # noqa: E402

NAME = "Cold store"


def focus_is(window, role, name):
    return window.wait(lambda: (node := window.focused()) is not None and node.get_role_name() == role and node.get_name() == name, 5,
                       f"the focus on {role} {name!r}")


def rooms(steps, window):
    with steps.step("Ctrl+1, 2, 3 and Ctrl+comma open the rooms"):
        for key, room in (("ctrl+2", "Discover"), ("ctrl+3", "Devices"), ("ctrl+comma", "Settings"), ("ctrl+1", "Overview"), ("ctrl+2", "Discover")):
            window.keys(key)
            window.find("grouping", room)
            window.find("list item", room, where=lambda node: has_state(node, "SELECTED"))


def adopt(steps, window, device):
    with steps.step("Tab comes to Adopt, Enter opens its dialog, the secret has the focus"):
        window.find("button", f"Adopt {NAME}", 10)
        window.tab_to("button", f"Adopt {NAME}")
        window.keys("Return")
        window.dialog("Adopt Device")
        focus_is(window, "text", "Label secret")
    with steps.step("Escape closes it, and the focus is back on Adopt"):
        window.keys("Escape")
        window.gone("dialog", "Adopt Device")
        focus_is(window, "button", f"Adopt {NAME}")
    with steps.step("the secret is typed as it stands on the label, Enter adopts"):
        window.keys("Return")
        window.dialog("Adopt Device")
        focus_is(window, "text", "Label secret")
        window.keyboard_text(device.label_secret().replace("-", "").lower())
        window.says("Typed without an error")
        window.keys("Return")
        window.gone("dialog", "Adopt Device", 15)
        window.says(f"{NAME} is adopted")


def devices(steps, window):
    with steps.step("Ctrl+F searches, Enter opens what was found"):
        window.keys("ctrl+3")
        window.find("table row", lambda name: name.startswith(NAME), 10)
        window.keys("ctrl+f")
        focus_is(window, "entry", "Search: Devices")
        window.keyboard_text("nothing like it")
        window.says("Nothing Matches")
        window.keys("ctrl+a")
        window.keyboard_text("cold")
        window.find("table row", lambda name: name.startswith(NAME))
        window.keys("Return")
        window.find("button", "Identify")
    with steps.step("Alt+Left goes back to the search as it was"):
        window.keys("alt+Left")
        window.find("entry", "Search: Devices")
        window.gone("button", "Identify")
        window.says("1 match")
    with steps.step("Escape in the search shows all again"):
        window.keys("ctrl+f", "Escape")
        window.says("1 in all")
    with steps.step("arrow keys and Enter open a row"):
        window.keys("ctrl+f")
        window.tab_to("table row", lambda name: name.startswith(NAME))
        window.keys("Return")
        window.find("button", "Identify")
        window.keys("alt+Left")
    with steps.step("Ctrl+K goes to anything by its name"):
        window.keys("ctrl+k")
        window.dialog()
        window.keyboard_text("cold")
        window.find("list item", lambda name: name.startswith(NAME), within=window.dialog())
        window.keys("Return")
        window.find("button", "Identify", 10)


def no_trap(steps, window):
    with steps.step("Tab goes through a room and comes round to the header"):
        for key in ("ctrl+1", "ctrl+2"):
            window.keys(key)
            window.tab_to("button", "Go to anything", 60)
    with steps.step("Settings: Enter opens a section, Tab goes round in it, Alt+Left leads back"):
        window.keys("ctrl+comma")
        window.tab_to("list item", "Samples", 30)
        window.keys("Return")
        window.says("How Long Samples Are Kept")
        window.tab_to("button", "Go to anything", 80)
        window.tab_to("button", "Add Retention", 80)
        window.keys("alt+Left")
        window.gone("label", "How Long Samples Are Kept")
    with steps.step("Ctrl+K finds a section by what is said in it"):
        window.open_found("retention", "Samples")
        window.says("How Long Samples Are Kept")
        window.keys("alt+Left")
        window.gone("label", "How Long Samples Are Kept")


def command(steps, window):
    with steps.step("Tab comes to the switch of the output, the space bar switches it"):
        toggle = window.tab_to("check box", "Output/Relay", 60)
        window.keys("space")
        window.wait(lambda: has_state(toggle, "CHECKED"), 10, "the switch on")
        window.find("list item", "Output/Relay", 10, where=lambda node: node.get_description().strip() == "On")


def undo(steps, site, window):
    with steps.step("a rename by keys, and Ctrl+Z takes it back"):
        window.keys("ctrl+Home")
        window.tab_to("button", "Edit", 80, "shift+ISO_Left_Tab")
        window.keys("Return")
        window.dialog("Edit Device")
        name = window.find("text", "Name", within=window.dialog("Edit Device"))
        if not has_state(name, "FOCUSED"):
            window.tab_to("text", "Name", 10)
        window.keys("ctrl+a")
        window.keyboard_text("Another name")
        window.keys("Return")
        window.gone("dialog", "Edit Device")
        window.find("label", "Another name")
        window.keys("ctrl+z")
        window.says("Taken back")
        window.find("label", NAME)
        assert site.api.get("/devices/")["items"][0]["name"] == NAME


def frame(steps, window):
    with steps.step("F9 hides the sidebar and brings it back"):
        window.find("list", "Rooms")
        window.keys("F9")
        window.gone("list", "Rooms")
        window.keys("F9")
        window.find("list", "Rooms")
    with steps.step("F10 opens the main menu, Escape closes it"):
        window.keys("F10")
        window.find("menu item")
        window.picture("19-menu")
        window.keys("Escape")
        window.gone("menu item", None)


def shortcuts(steps, window):
    """Last, since it is a window of its own, after which this compositor gives no keys to the first."""
    with steps.step("Ctrl+? lists the shortcuts, Escape closes them"):
        window.keys("ctrl+question")
        window.find("label", "Shortcuts")
        window.picture("18-shortcuts", 0.8)
        window.keys("Escape")
        window.find("frame", "Muster", where=lambda node: has_state(node, "ACTIVE"))


def full_screen(steps, site, window):
    """The compositor shows every window on the whole screen, so what is looked at is what the window asks of it."""
    with steps.step("F11 goes full screen and back"):
        with open_window(site, window.pictures, {"WAYLAND_DEBUG": "client"}) as other:
            for wanted in (".set_fullscreen(", ".unset_fullscreen("):
                assert wanted not in other.log.read_text(errors="replace"), wanted
                other.keys("F11")
                other.wait(lambda: wanted in other.log.read_text(errors="replace"), 5, wanted)


def test(build, steps):
    with site_and_window(build, "Hall 2") as (site, window):
        device = Device(site, "MN1-0A4C", NAME)
        device.start()
        rooms(steps, window)
        adopt(steps, window, device)
        devices(steps, window)
        command(steps, window)
        undo(steps, site, window)
        frame(steps, window)
        no_trap(steps, window)
        shortcuts(steps, window)
        window.close()
        full_screen(steps, site, window)


if __name__ == "__main__":
    sys.exit(run_main(test))
