#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a device needs to come in by itself: an HTTP token, and a broker account for one of another make. Each is shown once, and works."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, run_main  # noqa: E402
from window import can_press  # noqa: E402


def open_device(window, name):
    window.keys("ctrl+3")
    window.find("table row", lambda text: text.startswith(name), 10)
    window.keys("ctrl+f")
    window.keyboard_text(name)
    window.says("1 match")
    window.keys("Return")
    return window.find("button", "More", 10)


def choose(window, letter):
    """Items of a menu have no names of their own on the accessibility bus: by their letters."""
    window.click("toggle button", "More")
    window.find("menu item")
    window.keys(letter)


def row_value(window, dialog, title):
    """What stands under TITLE."""
    row = window.find("list item", lambda name: name.startswith(title), within=dialog)
    labels = [node.get_name() for node in window.look("label", within=row)]
    return next(text for text in labels if text and text != title)


def token(steps, site, window, device_id):
    with steps.step("the menu makes an HTTP token, shown once with a way to copy it"):
        choose(window, "h")
        dialog = window.dialog("HTTP Token")
        window.says("no longer works then", within=dialog)
        window.click("button", "Make Token", within=dialog)
        window.says("shown this once", within=dialog)
        value = row_value(window, dialog, "Token")
        window.click("button", "Copy: Token", within=dialog)
        window.picture("access-1-token")
    with steps.step("the token lets samples in"):
        body = {"device_id": device_id, "metric": "temperature", "value": 21.5}
        answer = site.api.exchange("POST", "/monitoring/data", body, {"Authorization": f"Bearer {value}"})
        assert answer[0] in (200, 201, 202, 204), answer
        window.click("button", "Done", within=dialog)
        window.gone("dialog", "HTTP Token")


def account(steps, site, window):
    with steps.step("the menu makes a broker account with all that the device needs"):
        choose(window, "b")
        dialog = window.dialog("Broker Account")
        window.click("button", "Make Account", within=dialog)
        window.says("shown this once", 10, within=dialog)
        username, password = (row_value(window, dialog, title) for title in ("User name", "Password"))
        assert username and len(password) >= 16, (username, password)
        for title in ("Host", "Port (TLS)", "Sparkplug group", "Sparkplug node"):
            assert row_value(window, dialog, title)
        window.find("button", "Copy: CA certificate", within=dialog)
        window.find("button", "Save as file: CA certificate", within=dialog)
        window.picture("access-2-account")
        window.keys("Escape")
        window.gone("dialog", "Broker Account")


def refused(steps, site, window, device_id):
    with steps.step("an error stands in the dialog"):
        choose(window, "h")
        dialog = window.dialog("HTTP Token")
        site.stop_daemon()
        window.click("button", "Make Token", within=dialog)
        window.find("button", "Make Token", 45, within=dialog, where=can_press)
        assert not window.look("button", "Done", within=dialog)
        window.picture("access-3-error")
        window.keys("Escape")


def test(build, steps):
    with local_site_and_window(build, "Hall 2") as (site, window):
        record = site.api.post("/devices/", {"name": "Boiler of another make", "serial": "OTHER-1", "kind": "sensor"})
        open_device(window, record["name"])
        token(steps, site, window, record["id"])
        account(steps, site, window)
        refused(steps, site, window, record["id"])


if __name__ == "__main__":
    sys.exit(run_main(test))
