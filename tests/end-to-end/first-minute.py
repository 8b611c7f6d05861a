#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first minute with Muster, on real parts: a device nobody configured appears, is adopted, watched, commanded, renamed, and unplugged."""
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import Device, note, open_window, run_main, site_and_window  # noqa: E402
from window import Window, can_press  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import wait_for  # noqa: E402

CARD_WITHIN = 10.0  # seconds from the start of the device; Avahi's probing takes 0.75 to 1.25 of them
ADOPTED_WITHIN = 10.0  # two on an idle machine: performance/site measures it
OFFLINE_WITHIN = 30.0  # the node's keep-alive


def holds(*parts):
    return lambda text: all(part in text for part in parts)


def discover(steps, window, device, neighbour):
    with steps.step("the empty site says what to do"):
        window.keys("ctrl+2")
        window.says("Nothing Found Yet")
        window.picture("01-nothing-found")
    with steps.step("what is switched on appears by itself"):
        began = device.start()
        card = window.find("list item", device.name, 15)
        took = time.monotonic() - began
        note(f"start of the device to its card on the screen: {took:.2f} s")
        assert took <= CARD_WITHIN, f"{took:.2f} s"
    with steps.step("its card tells what it is and has one button to adopt it"):
        assert device.serial in Window.description(card), Window.description(card)
        buttons = [node.get_name() for node in window.look("button", within=card) if "Adopt" in node.get_name()]
        assert buttons == [f"Adopt {device.name}"], buttons
        neighbour.start()
        window.find("list item", neighbour.name, 15)
        window.find("list item", "Discover", where=lambda node: "2 devices" in Window.description(node))
        window.picture("02-discover")


def adopt(steps, site, window, device, neighbour):
    with steps.step("Adopt asks for the secret on the label"):
        window.click("button", f"Adopt {device.name}")
        dialog = window.dialog("Adopt Device")
        secret = window.find("text", "Label secret", within=dialog)
        assert not window.look("button", "Adopt", within=dialog, where=can_press), "Adopt without a secret"
        window.picture("03-adopt")
    right, other = device.label_secret(), neighbour.label_secret()
    with steps.step("a typing error is named while typing"):
        window.type(secret, right[:-1] + ("0" if right[-1] != "0" else "1"))
        window.says("typing error", within=dialog)
        window.picture("04-typing-error")
    with steps.step("the secret of another device is refused in place, and nothing has changed"):
        window.type(secret, other)
        window.click("button", "Adopt", within=dialog)
        window.says("The Secret Does Not Fit", 10, within=dialog)
        window.picture("05-wrong-secret")
        assert site.api.get("/devices/?adoption=adopted&limit=1")["total"] == 0
    with steps.step("the right one adopts it"):
        window.type(secret, right)
        window.says("Typed without an error", within=dialog)
        button = window.find("button", "Adopt", within=dialog, where=can_press)
        began = time.monotonic()
        window.press(button)
        window.gone("dialog", "Adopt Device", 15)
        window.says(f"{device.name} is adopted")
        took = time.monotonic() - began
        note(f"Adopt pressed to adopted on the screen: {took:.2f} s")
        assert took <= ADOPTED_WITHIN, f"{took:.2f} s"
        window.picture("06-adopted")


def open_page(steps, window, device):
    with steps.step("it stands in Devices, online"):
        window.keys("ctrl+3")
        window.find("table row", holds(device.name), 10)
        window.find("table row", holds(device.name, "Online", "Deployed"), 15)
        window.picture("07-devices")
    with steps.step("its page opens"):
        window.keys("ctrl+f")
        window.keyboard_text(device.name[:6])
        window.find("table row", holds(device.name))
        window.keys("Return")
        window.find("label", device.name, where=lambda node: window.look("button", "Identify"))
        window.find("grouping", "Online", 10)


def watch(steps, window):
    """The chart's description is what a screen reader says of it: each line with its last value."""
    with steps.step("the chart moves"):
        chart = window.find("image", holds("Chart of values in"), 15)
        seen, end = [], time.monotonic() + 25
        while len(seen) < 4 and time.monotonic() < end:
            said = Window.description(chart)
            if re.search(r": last -?[\d.]+ ", said) and said not in seen:
                seen.append(said)
            time.sleep(0.2)
        assert len(seen) >= 4, f"it stands still: {seen}"
        note(f"the chart said, one after the other: {' | '.join(seen)}")
        window.picture("08-device")


def metric(site, device_id, name):
    return next(row for row in site.api.get(f"/devices/{device_id}/metrics")["items"] if row["name"] == name)


def command(steps, site, window, device, device_id):
    with steps.step("a switch in the window switches the output of the device"):
        row = window.find("list item", "Output/Relay")
        assert Window.description(row).strip() == "Off", Window.description(row)
        toggle = window.find("check box", "Output/Relay", within=row, showing=False)
        began = time.monotonic()
        window.press(toggle)
        window.find("grouping", "Confirmed", 10, within=row, showing=False)
        note(f"switched and confirmed after {time.monotonic() - began:.2f} s")
        window.picture("09-switched")
        window.wait(lambda: Window.description(row).strip() == "On", 15, "On in the window")
    with steps.step("the device itself says so"):
        wait_for(lambda: metric(site, device_id, "Output/Relay")["latest"]["value"] is True, 15, "the value that the device published")
        done = site.api.get(f"/devices/{device_id}/commands")["items"]
        assert [(row["kind"], row["metric"], row["state"]) for row in done] == [("write", "Output/Relay", "confirmed")], done
        assert "was told: Output/Relay on" in device.log.read_text(), "the device's own log does not tell of it"


def rename(steps, site, window, device, device_id):
    new = "Cold store, door side"
    with steps.step("it is renamed in the window"):
        window.click("button", "Edit")
        dialog = window.dialog("Edit Device")
        name = window.find("text", "Name", within=dialog)
        assert Window.text(name) == device.name, Window.text(name)
        window.picture("10-edit")
        window.type(name, new)
        window.click("button", "Save", within=dialog)
        window.says(f"{new} was changed", 10)
        assert site.api.get(f"/devices/{device_id}")["name"] == new
    with steps.step("Undo in the toast gives the name back"):
        window.undo()  # soon: the toast goes by itself
        window.says("Taken back")
        window.find("label", device.name)
        assert site.api.get(f"/devices/{device_id}")["name"] == device.name
        window.picture("12-undone")
    with steps.step("the journal has both"):
        changes = [row for row in site.api.get(f"/journal/?entity=device&entity_id={device_id}&limit=20")["items"] if "name" in (row["after"] or {}) and row["action"] != "insert"]
        names = [(row["before"]["name"], row["after"]["name"]) for row in sorted(changes, key=lambda row: row["sequence"])]
        assert names == [(device.name, new), (new, device.name)], names


def unplug(steps, site, window, device, device_id):
    with steps.step("unplugged, it is offline within the keep-alive, and the page says why"):
        began = device.unplug()
        window.find("grouping", "Offline", OFFLINE_WITHIN + 5)
        took = time.monotonic() - began
        note(f"killed to offline on the screen: {took:.2f} s")
        assert took <= OFFLINE_WITHIN, f"{took:.2f} s"
        window.says("No fresh proof of life. Last: ")
        proofs = site.api.get(f"/devices/{device_id}/status")["live"]["proofs"]
        assert {"mqtt", "sample"} <= {proof["kind"] for proof in proofs} and not any(proof["fresh"] for proof in proofs), proofs
        window.picture("13-offline")
    with steps.step("the row in Devices says so"):
        window.keys("alt+Left")
        window.find("table row", holds(device.name, "Offline"))
        window.picture("14-devices-offline")


def look_narrow_and_dark(steps, site, window, build):
    with steps.step("everything fits 360 pixels"):
        window.resize_screen(360, 720)
        for key, name in (("ctrl+1", "overview"), ("ctrl+2", "discover"), ("ctrl+3", "devices")):
            window.keys(key)
            window.picture(f"15-narrow-{name}", 0.8)
        window.keys("ctrl+f", "Return")
        window.find("button", "Identify")
        window.picture("15-narrow-device", 0.8)
        window.resize_screen(1280, 800)
    window.close()
    with steps.step("dark"):
        with open_window(site, window.pictures, {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}) as dark:
            for key, name in (("ctrl+1", "overview"), ("ctrl+2", "discover"), ("ctrl+3", "devices"), ("ctrl+comma", "settings")):
                dark.keys(key)
                dark.picture(f"16-dark-{name}", 0.8)


def test(build, steps):
    with site_and_window(build, "Hall 2") as (site, window):
        device, neighbour = Device(site, "MN1-0A4C", "Cold store"), Device(site, "MN1-0B17", "Boiler room")
        discover(steps, window, device, neighbour)
        adopt(steps, site, window, device, neighbour)
        open_page(steps, window, device)
        device_id = site.api.get("/devices/?adoption=adopted")["items"][0]["id"]
        watch(steps, window)
        command(steps, site, window, device, device_id)
        rename(steps, site, window, device, device_id)
        unplug(steps, site, window, device, device_id)
        look_narrow_and_dark(steps, site, window, build)


if __name__ == "__main__":
    sys.exit(run_main(test))
