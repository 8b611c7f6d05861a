#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Firmware from a file to the device, in the window: uploaded, rolled out in groups to real nodes, watched until it is confirmed, seen on the
device's page; then once more by key presses alone."""
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, run_main  # noqa: E402
from file_portal import ENVIRONMENT, FilePortal  # noqa: E402
from muster_site import ApiError, wait_for  # noqa: E402
from window import can_press  # noqa: E402

MODEL = "TH-10"
METRIC = "Sensor/Temperature"
PATIENCE = 90  # seconds in which a node downloads, restarts and comes back on a busy machine


class Node:
    """A muster-node on loopback that takes firmware signed by the key of the test; adopted over the API."""

    def __init__(self, site, serial, name, key):
        self.site, self.serial, self.name = site, serial, name
        folder = site.folder / serial
        folder.mkdir()
        site.spawn(serial, [site.program("muster-node"), "--state-dir", str(folder), "--serial", serial, "--name", name, "--model", MODEL,
                            "--address", "127.0.0.1", "--no-mdns", "--no-sync", "--update-key", str(key)])
        label = wait_for(self.read_label, 30, "the label")
        site.api.post("/discovery/addresses", {"address": f"127.0.0.1:{label['pairing port']}", "name": serial})
        self.secret = label["secret"]
        self.id = wait_for(self.adopt, 60, "the adoption")["id"]

    def read_label(self):
        lines = [line.rsplit(None, 1) for line in self.site.log_path(self.serial).read_text().splitlines()]
        label = {line[0].strip(): line[1] for line in lines if len(line) == 2}
        return label if "pairing port" in label else None

    def adopt(self):
        found = [row for row in self.site.api.get("/discovery/")["items"] if row.get("serial") == self.serial and row["pairing_address"]]
        try:
            return found and self.site.api.post(f"/discovery/{found[0]['key']}/adopt", {"secret": self.secret})
        except ApiError as error:
            if error.status in (403, 404, 422):
                raise
            time.sleep(0.5)
            return None

    def version(self):
        return self.site.api.get(f"/devices/{self.id}").get("firmware_version")


class Maker:
    """Who makes firmware: a key, and images that it signed."""

    def __init__(self, site):
        self.tool, self.folder = str(site.build / "firmware/tools/muster-image"), site.folder / "images"
        self.folder.mkdir()
        self.public = self.folder / "public"
        self.run("keygen", self.folder / "seed", self.public)

    def run(self, *arguments):
        subprocess.run([self.tool, *map(str, arguments)], check=True, capture_output=True)

    def make(self, version):
        payload, image = self.folder / "payload", self.folder / f"{MODEL}-{version}.mfi"
        payload.write_bytes(os.urandom(200_000))
        self.run("pack", "--model", MODEL, "--version", version, "--key", self.folder / "seed", payload, image)
        return image


def begins(text):
    return lambda name: name.startswith(text)


def artifact_of(site, version):
    return wait_for(lambda: next((row for row in site.api.get("/firmware?limit=100")["items"] if row["version"] == version), None), 30, f"firmware {version}")


def bring(site, image):
    """Over the API, for what comes after."""
    made = site.api.post("/firmware/uploads", {"file_name": image.name})["id"]
    site.api.call("PUT", f"/firmware/uploads/{made}/content?offset=0", image.read_bytes(), {"Content-Type": "application/octet-stream"})
    return site.api.post(f"/firmware/uploads/{made}/finish")


def await_ready(site, artifact, count):
    """Who is online is written a moment after it is known."""
    asked = {"name": "?", "artifact_id": artifact["id"], "filter": ""}
    return wait_for(lambda: site.api.post("/rollouts/preflight", asked)["ready"] == count, PATIENCE, f"{count} devices that can be updated")


def rollout_of(site, name):
    return wait_for(lambda: next((row for row in site.api.get("/rollouts?limit=100")["items"] if row["name"] == name), None), 30, f"rollout {name}")


def await_finished(site, rollout, count):
    def look():
        now = site.api.get(f"/rollouts/{rollout['id']}")
        assert now["status"] not in ("paused", "cancelled"), now
        return now["status"] == "finished" and now["succeeded"] == count and now
    return wait_for(look, PATIENCE, f"{rollout['name']}: {site.api.get(f'/updates?rollout_id={rollout['id']}')['items']}")


def upload(steps, site, window, portal, image):
    with steps.step("the room says what to do while there is no firmware"):
        window.keys("ctrl+9")
        window.says("No Firmware Yet")
        window.picture("rollout-01-empty")
    with steps.step("a file is chosen, and becomes firmware that says what it fits"):
        portal.next = image
        window.click("button", "Upload Firmware…", where=can_press)
        artifact = artifact_of(site, "2.0.0")
        assert (artifact["models"], artifact["trust"]) == ([MODEL], "signed"), artifact
        window.find("table row", begins(f"{MODEL} 2.0.0"))
        window.picture("rollout-02-firmware")
    with steps.step("its page says what it fits and who signed it"):
        window.open_found("2.0.0", begins(MODEL))
        window.find("list", "What It Fits")
        window.says("Signed")
        window.picture("rollout-03-artifact")
    return artifact


def make_rollout(steps, site, window):
    with steps.step("Roll Out… begins with this firmware; a name is what is missing"):
        window.click("button", "Roll Out…", where=can_press)
        window.type(window.find("text", "Name"), "Spring")
        window.picture("rollout-04-what")
        window.click("button", "Next", where=can_press)
    with steps.step("who can be updated, and who cannot, is said before anything is made"):
        window.says("2 of 2 devices can be updated now", 30)
        window.picture("rollout-05-whom")
        window.click("button", "Next", where=can_press)
    with steps.step("groups: one device first, then the rest"):
        window.click("button", "Add a group", where=can_press)
        window.says("Canary")
        assert window.description(window.find("text", "Success threshold")) == "%"
        window.picture("rollout-06-how")
    with steps.step("the gate watches errors, restarts and a metric, which is refused at its row, in the API's words, as long as it has no name"):
        for _ in range(3):
            window.click("button", "Add a watch", where=can_press)
        window.type(window.find("text", "Wait between groups"), "1 s")
        window.click("button", "Make the Rollout", where=can_press)
        window.says("Metric: must name a metric, of at most 200 characters")
        window.picture("rollout-06-refused")
        window.type(window.find("text", "Metric"), METRIC)
        window.says(f"{METRIC} must not become higher")
        window.click("button", "Make the Rollout", where=can_press)
        rollout = rollout_of(site, "Spring")
        assert [group.get("count") for group in rollout["plan"]] == [1, None] and rollout["status"] == "draft", rollout
        assert rollout["gate"] == [{"watch": "errors"}, {"watch": "reboots"}, {"watch": "metric", "metric": METRIC}], rollout["gate"]
    return rollout


def change_gate(steps, site, window, rollout):
    with steps.step("a watch is taken out of the gate again, and the others are as they were"):
        window.click("toggle button", "More", where=can_press)
        window.wait(lambda: (node := window.focused()) and node.get_role_name() == "menu item", what="the focus in the menu")
        window.keys("Return")
        window.click("button", "Next", where=can_press)
        window.click("button", "Next", where=can_press)
        window.find("button", "Save", where=can_press)
        window.press(window.wait(lambda: (found := window.look("button", "Remove this watch")) and len(found) == 3 and found[1], what="three watches"))
        window.click("button", "Save", where=can_press)
        wait_for(lambda: [watch["watch"] for watch in site.api.get(f"/rollouts/{rollout['id']}")["gate"]] == ["errors", "metric"], 30, "two watches")


def run_rollout(steps, site, window, rollout):
    with steps.step("nothing happens before it is started, and what comes of that is said first"):
        window.click("button", "Start…", 20, where=can_press)
        dialog = window.find("alert", "Start This Rollout?")
        window.picture("rollout-07-start")
        window.click("button", "Start", within=dialog)
    with steps.step("both groups are updated one after the other, and the page says so by itself"):
        await_finished(site, rollout, 2)
        window.says("2 of 2 succeeded", PATIENCE)
        window.says("Finished", PATIENCE)
        window.wait(lambda: len(window.look("table row", where=lambda row: any(node.get_name() == "Confirmed" for node in window.each("label", within=row)))) == 2,
                    PATIENCE, "two confirmed devices")
        window.picture("rollout-08-finished")


def rows_of(window):
    """The devices of the table, which has a row for its headers too, each with what stands in its row."""
    rows = [[node.get_name() for node in window.each("label", within=row)] for row in window.look("table row")]
    return [row for row in rows if "Confirmed" in row]


def see_groups(steps, site, window, rollout):
    with steps.step("the evidence of each watch stands below its group"):
        for text in ("Errors an hour: too few devices tell", f"{METRIC}: too few devices tell", "1 device told"):
            window.says(text)
    with steps.step("each device says its group, and the daemon sorts by it, in the order of the groups"):
        window.wait(lambda: sorted(name for row in rows_of(window) for name in ("Canary", "Rest") if name in row) == ["Canary", "Rest"], what="a device of each group")
        groups = {row["id"]: row["name"] for row in site.api.get("/rollout-groups?sort=position")["items"]}
        sorted_by_group = site.api.get(f"/updates?rollout_id={rollout['id']}&sort=rollout_group_id")["items"]
        assert [groups[row["rollout_group_id"]] for row in sorted_by_group] == ["Canary", "Rest"], sorted_by_group
    with steps.step("by keys alone: Enter on a group shows its devices alone, and once more those of all"):
        window.tab_to("list item", "Canary")
        window.keys("Return")
        window.wait(lambda: len(rows_of(window)) == 1 and "Canary" in rows_of(window)[0], what="the device of the canary group alone")
        window.find("image", "Its devices are shown")
        window.picture("rollout-08-group")
        window.keys("Return")
        window.wait(lambda: len(rows_of(window)) == 2, what="all devices")


def see_device(steps, site, window, node):
    with steps.step("the device's page says the new version, and how it came by it"):
        assert node.version() == "2.0.0", node.version()
        window.open_found(node.name)
        group = window.find("list", "Firmware")
        window.find("label", "2.0.0", within=group)
        window.find("label", "Confirmed", within=group)
        window.picture("rollout-09-device")


def by_keyboard(steps, site, window):
    with steps.step("by keys alone: the firmware is found, Roll Out… is where Tab goes, the name is typed"):
        window.open_found("3.0.0", begins(MODEL))
        window.find("button", "Roll Out…", where=can_press)
        window.tab_to("button", "Roll Out…")
        window.keys("Return")
        window.find("text", "Name")
        window.tab_to("text", "Name")
        window.keyboard_text("Summer")
    with steps.step("Alt+N goes on, to the devices and to how"):
        window.keys("alt+n")
        window.says("2 of 2 devices can be updated now", 30)
        window.keys("alt+n")
        window.find("button", "Make the Rollout", where=can_press)
    with steps.step("Alt+M makes it, Alt+S and Enter start it"):
        window.keys("alt+m")
        rollout = rollout_of(site, "Summer")
        window.find("button", "Start…", 20, where=can_press)
        window.keys("alt+s")
        window.find("alert", "Start This Rollout?")
        window.keys("Return")
        await_finished(site, rollout, 2)
        window.says("2 of 2 succeeded", PATIENCE)


def test(build, steps):
    with FilePortal() as portal, local_site_and_window(build, "Rollout", env=ENVIRONMENT) as (site, window):
        maker = Maker(site)
        site.api.post("/signing-keys", {"name": "Maker", "public_key": maker.public.read_text().strip()})
        nodes = [Node(site, "MN1-0A4C", "Cold store", maker.public), Node(site, "MN1-0B17", "Boiler room", maker.public)]
        artifact = upload(steps, site, window, portal, maker.make("2.0.0"))
        await_ready(site, artifact, 2)
        rollout = make_rollout(steps, site, window)
        change_gate(steps, site, window, rollout)
        run_rollout(steps, site, window, rollout)
        see_groups(steps, site, window, rollout)
        see_device(steps, site, window, nodes[0])
        await_ready(site, bring(site, maker.make("3.0.0")), 2)
        by_keyboard(steps, site, window)
        assert {node.version() for node in nodes} == {"3.0.0"}


if __name__ == "__main__":
    sys.exit(run_main(test))
