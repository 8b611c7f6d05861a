#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many people at one console: the first one, signing in, locking, taking over by PIN and badge, what a viewer may not do, and the
history of all of it with its undo. A hand scanner types in between."""
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, run_main  # noqa: E402
from window import Window, can_press, has_state  # noqa: E402

ADA, BEN = "Ada Brandt", "Ben Okoye"
PASSWORD, PIN, BADGE = "correct horse battery", "271828", "BADGE-000451"
SERIAL = "MN1-0A4C"


def settings(build, lock_after=0):
    """A scanner that types as unevenly as this machine is busy."""
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "glib-2.0" / "settings"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "keyfile").write_text(f"[org/muster/Muster]\nscan-gap=200\nlock-after={lock_after}\n")
    return {"GSETTINGS_BACKEND": "keyfile", "GSETTINGS_SCHEMA_DIR": str(Path(build) / "data")}


def scan(code):
    """As a scanner types it: far faster than anybody, and Enter."""
    subprocess.run(["wtype", "-s", "100", "-d", "4", code + "\n"], check=True, timeout=60)


def unlock(window):
    window.type(window.find("text", "Password"), PASSWORD)
    window.click("button", "Sign In")
    window.find("list", "Rooms", 10)


def first_person(steps, site, window):
    with steps.step("without people the room says who the administrator is"):
        window.open_found("People")
        window.says("No People Yet")
        window.picture("30-no-people")
    with steps.step("the first person is added, and becomes the administrator"):
        window.click("button", "Add the First Person…")
        dialog = window.dialog("Add a Person")
        window.type(window.find("text", "Name", within=dialog), ADA)
        window.type(window.find("text", "E-mail", within=dialog), "ada@example.org")
        window.type(window.find("text", "Password", within=dialog), "short")
        window.click("button", "Save", within=dialog)
        window.find("text", lambda name: name.startswith("Password: "), within=dialog)
        window.picture("31-first-person")
        window.type(window.find("text", lambda name: name.startswith("Password"), within=dialog), PASSWORD)
        window.click("button", "Save", within=dialog)
        window.gone("dialog", "Add a Person", 15)
        window.find("list item", ADA, 10)
        assert [person["role"] for person in site.api.get("/users/")["items"]] == ["administrator"]
    with steps.step("another is added with a role, a PIN and a badge"):
        site.api.post("/users/add", {"name": BEN, "email": "ben@example.org", "role": "viewer"})
        ben = next(person for person in site.api.get("/users/")["items"] if person["name"] == BEN)
        site.api.post("/users/pin", {"person_id": ben["id"], "pin": PIN})
        window.find("list item", BEN, 10)
        window.picture("32-people")
    with steps.step("an administrator imports a list of people"):
        window.keys("ctrl+i")
        window.dialog("Import")
        window.picture("32-import")
        window.keys("Escape")
        window.gone("dialog", "Import")
    with steps.step("a badge is set by scanning it, wherever the cursor is"):
        window.open_found(BEN, lambda name: name.startswith(BEN), 10)
        window.find("button", "Set password", 10)
        window.click("button", "Scan badge")
        window.dialog("Set Badge")
        scan(BADGE)
        window.click("button", "Save", within=window.dialog("Set Badge"))
        window.gone("dialog", "Set Badge")
        window.find("button", "Take the badge away")
        window.picture("33-person")


def sign_in(steps, window):
    with steps.step("signing in refuses a wrong password at its field, and takes the right one"):
        window.click("toggle button", lambda name: name.startswith("At this console: "))
        window.click("button", "Sign In by Password…")
        window.says("Sign In")
        window.type(window.find("text", "E-mail address"), "ada@example.org")
        window.type(window.find("text", "Password"), "wrong horse")
        window.click("button", "Sign In")
        window.says("E-mail address or password is wrong", 10)
        window.picture("34-sign-in")
        window.type(window.find("text", "Password"), PASSWORD)
        window.click("button", "Sign In")
        window.find("toggle button", f"At this console: {ADA}, Administrator", 10)


def lock(steps, window):
    with steps.step("Ctrl+L covers the window; neither keys nor scans get past it"):
        window.keys("ctrl+l")
        window.find("button", "Somebody Else")
        assert not window.look("list", "Rooms"), "the rooms are to be seen"
        window.keys("ctrl+k")
        time.sleep(0.3)
        assert not window.look("dialog"), "Ctrl+K opens the finder"
        window.picture("35-locked")
    with steps.step("the password unlocks it"):
        unlock(window)


def idle(steps, build, window):
    with steps.step("a window that nobody touches locks itself"):
        settings(build, lock_after=3)
        window.find("button", "Somebody Else", 20)
        assert not window.look("list", "Rooms"), "the rooms are to be seen"
        settings(build)
        unlock(window)


def switch(steps, window):
    with steps.step("somebody else takes over by PIN"):
        window.click("toggle button", lambda name: name.startswith("At this console: "))
        window.find("list", "People to switch to")
        window.find("list item", BEN)
        window.picture("36-switch")
        window.tab_to(None, BEN)
        window.keys("Return")
        window.find("button", "Enter the PIN")
        for digit in PIN:
            window.click("button", digit)
        window.picture("37-pin")
        window.click("button", "Enter the PIN")
        window.find("toggle button", f"At this console: {BEN}, Viewer", 10)


def viewer(steps, window):
    with steps.step("a viewer sees what there is, and that he may not change it"):
        assert not window.look("list item", "People"), "People is there for a viewer"
        window.keys("ctrl+3")
        window.find("table row", lambda name: name.startswith("Cold store"), 10)
        window.wait(lambda: not can_press(window.find("button", "Add a Device…")), 15, "Add is insensitive")
        window.picture("38-viewer")


def scanning(steps, window):
    with steps.step("a scan opens what it stands for, and lands in no field"):
        window.keys("ctrl+f")
        entry = window.find("entry", "Search: Devices")
        scan(SERIAL)
        window.find("button", "Edit", 10)
        window.keys("alt+Left")
        assert Window.text(window.find("entry", "Search: Devices")) == "", Window.text(entry)
    with steps.step("typing in between arrives as it was typed"):
        window.keys("ctrl+f")
        window.keyboard_text("cold")
        window.wait(lambda: Window.text(window.find("entry", "Search: Devices")) == "cold", 15, "what was typed")
        window.keys("ctrl+a", "BackSpace")
    with steps.step("what nobody knows is offered to be searched for"):
        scan("4006381333931")
        window.find_last("button", "Find")
        window.click("toggle button", "Last scans")
        window.find("list item", "4006381333931")
        window.find("list item", SERIAL)
        assert not window.look("list item", BADGE), "the badge stands among the scans"
        window.picture("39-scans")
        window.keys("Escape")


def history(steps, site, window):
    with steps.step("who signs out leaves the console to this machine's user"):
        window.click("toggle button", lambda name: name.startswith("At this console: "))
        window.click("button", "Sign Out")
        window.find("toggle button", lambda name: name.startswith("At this console: ") and "Administrator" in name, 10)
        window.find("list item", "People", 10)
    with steps.step("History says who did what, and takes it back"):
        device = site.api.get("/devices/")["items"][0]
        site.api.call("PUT", f"/devices/{device['id']}", {"name": "Freezer"})
        window.open_found("History")
        window.find("button", lambda name: name.startswith("Take back: ") and "Cold store" in name, 10)
        window.picture("40-history")
        button = window.look("button", lambda name: name.startswith("Take back: ") and "Cold store" in name)[0]
        window.press(button)
        window.says("Taken back", 10)
        assert site.api.get(f"/devices/{device['id']}")["name"] == "Cold store"
    with steps.step("History says before what cannot be taken back"):
        final = window.find("button", lambda name: name.startswith("Take back: Make the site"), 10)
        assert not has_state(final, "SENSITIVE")
    with steps.step("what is searched for is found, and opens onto what it changed"):
        window.type(window.find("entry", "Search the history"), "make the")
        window.gone("button", lambda name: name.startswith("Take back: ") and "Cold store" in name, 10)
        window.tab_to(None, "Make the site")
        window.keys("Return")
        window.find("label", lambda name: name.startswith("Added: Site"), 10)


def narrow(steps, window):
    with steps.step("narrow"):
        window.resize_screen(360, 720)
        window.picture("41-narrow-history", 0.8)
        window.resize_screen(1280, 800)
        assert has_state(window.find("frame", "Muster"), "SHOWING")


def test(build, steps):
    with local_site_and_window(build, "Hall 2", env=settings(build)) as (site, window):
        site.api.post("/devices/", {"name": "Cold store", "serial": SERIAL, "kind": "sensor"})
        first_person(steps, site, window)
        sign_in(steps, window)
        lock(steps, window)
        idle(steps, build, window)
        switch(steps, window)
        viewer(steps, window)
        scanning(steps, window)
        history(steps, site, window)
        narrow(steps, window)


if __name__ == "__main__":
    sys.exit(run_main(test))
