#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""F1 opens the page of the manual about what is in front, in the viewer that the desktop has for help; where there is none, the window says so."""
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, run_main  # noqa: E402
from muster_site import wait_for  # noqa: E402
from window import has_state  # noqa: E402

MANUAL = Path(__file__).resolve().parents[2] / "help" / "C"
ROOMS = (("ctrl+1", "overview"), ("ctrl+2", "discover"), ("ctrl+3", "devices"), ("ctrl+4", "inventory"), ("ctrl+5", "orders"), ("ctrl+6", "deliveries"),
         ("ctrl+7", "telemetry"), ("ctrl+8", "alerts"), ("ctrl+h", "history"), ("ctrl+comma", "settings"))
ALERT_VIEWS = (("Rules", "alert-rules"), ("Silences", "alert-silences"), ("Channels", "channels"), ("Escalations", "escalations"), ("On Duty", "duty"))


class Viewer:
    """What the desktop opens help with: a script that notes what it was asked for."""

    def __init__(self, folder):
        self.asked, self.read = folder / "asked", 0
        program = folder / "viewer"
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >>{self.asked}\n')
        program.chmod(0o755)
        self.entry = Path(os.environ["XDG_DATA_HOME"]) / "applications" / "viewer.desktop"
        self.text = f"[Desktop Entry]\nType=Application\nName=Viewer\nExec={program} %u\nMimeType=x-scheme-handler/help;\n"
        self.defaults = Path(os.environ["XDG_CONFIG_HOME"]) / "mimeapps.list"

    def install(self):
        self.entry.parent.mkdir(parents=True, exist_ok=True)
        self.entry.write_text(self.text)
        self.defaults.write_text("[Default Applications]\nx-scheme-handler/help=viewer.desktop\n")

    def opened(self):
        """What it was asked for since the last time."""
        lines = self.asked.read_text().splitlines() if self.asked.exists() else []
        if len(lines) == self.read:
            return None
        self.read = len(lines)
        return lines[-1]


def expect(window, viewer, topic):
    window.keys("F1")
    opened = wait_for(viewer.opened, 10, f"the page {topic}")
    assert opened == f"help:muster/{topic}", (opened, topic)
    assert (MANUAL / f"{topic}.page").exists(), topic


def choose_view(window, name):
    window.click("page tab", name)
    window.find("page tab", name, where=lambda node: has_state(node, "SELECTED"))


def test(build, steps):
    with local_site_and_window(build, "Hall 2") as (_, window):
        with steps.step("without a viewer the window says what to install, and offers the shortcuts"):
            window.keys("ctrl+1", "F1")
            window.find(None, "No Help Viewer")
            window.find("label", lambda name: "yelp" in name)
            window.picture("help-none")
            window.click("button", "Close")
            window.gone(None, "No Help Viewer")
    with local_site_and_window(build, "Hall 2") as (site, window):
        viewer = Viewer(site.folder)
        viewer.install()
        site.api.post("/devices/", {"name": "Pump 1", "serial": "P-0001"})
        for keys, topic in ROOMS:
            with steps.step(f"F1 in the room {topic}"):
                window.keys(keys)
                expect(window, viewer, topic)
        for view, topic in ALERT_VIEWS:
            with steps.step(f"F1 on {view} of the alerts"):
                window.keys("ctrl+8")
                choose_view(window, view)
                expect(window, viewer, topic)
        with steps.step("F1 on one device, and on the count of a place"):
            window.open_found("Pump 1")
            expect(window, viewer, "device")
            window.keys("ctrl+4")
            choose_view(window, "Counts")
            expect(window, viewer, "stocktake")
        with steps.step("the main menu has it too"):
            window.keys("ctrl+1", "F10")
            window.find("menu")
            window.keys("Up", "Up", "Return")
            opened = wait_for(viewer.opened, 10, "the page")
            assert opened == "help:muster/overview", opened


if __name__ == "__main__":
    sys.exit(run_main(test))
