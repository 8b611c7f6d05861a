#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A heater drifts: the rule is drafted on the chart with the firings it would have had, then comes the alert, with banner, sound and e-mail;
it is acknowledged, and it ends."""
import email
import email.policy
import sys
import time
from pathlib import Path

from aiosmtpd.controller import Controller

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, note, run_main  # noqa: E402
from muster_site import ApiError, free_port, wait_for  # noqa: E402
from window import Atspi  # noqa: E402

METRIC = "Sensor/Temperature"
SERIAL = "HEAT-0001"


class Postbox:
    """What an SMTP server has taken."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the name that aiosmtpd looks for
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append((letter["subject"], letter.get_body(("plain",)).get_content(), envelope.rcpt_tos))
        return "250 OK"


class Heater:
    """A simulated device on loopback, adopted over the API."""

    def __init__(self, site):
        self.site = site
        folder = site.folder / SERIAL
        folder.mkdir()
        site.spawn(SERIAL, [site.program("muster-node"), "--state-dir", str(folder), "--serial", SERIAL, "--name", "Heater 1",
                            "--address", "127.0.0.1", "--no-mdns", "--rate", "5"])
        label = wait_for(self.read_label, 15, "the label")
        site.api.post("/discovery/addresses", {"address": f"127.0.0.1:{label['pairing port']}", "name": SERIAL})
        self.secret = label["secret"]
        self.id = wait_for(self.adopt, 40, "the adoption")["id"]
        wait_for(lambda: self.latest() is not None, 30, "a temperature")

    def read_label(self):
        lines = [line.rsplit(None, 1) for line in self.site.log_path(SERIAL).read_text().splitlines()]
        label = {line[0].strip(): line[1] for line in lines if len(line) == 2}
        return label if "pairing port" in label else None

    def adopt(self):
        found = [row for row in self.site.api.get("/discovery/")["items"] if row.get("serial") == SERIAL and row["pairing_address"]]
        try:
            return found and self.site.api.post(f"/discovery/{found[0]['key']}/adopt", {"secret": self.secret})
        except ApiError as error:
            if error.status in (403, 404, 422):
                raise
            time.sleep(0.5)
            return None

    def latest(self):
        for item in self.site.api.get("/monitoring/data")["items"]:
            for sample in item["samples"] if item["device_id"] == self.id else ():
                if sample["metric"] == METRIC:
                    return sample["points"][-1][1]
        return None

    def set_fault(self, name):
        self.site.api.post(f"/devices/{self.id}/command", {"kind": "write", "metric": "Simulation/Fault", "value": name})


def set_up_channels(site, postbox_port):
    """Console with its alarm, and e-mail, in the default escalation."""
    console = site.api.post("/notification-channels", {"name": "Consoles", "kind": "console", "sound": "alarm"})
    mail = site.api.post("/notification-channels", {
        "name": "Mail to the shift", "kind": "email",
        "config": {"host": "127.0.0.1", "port": postbox_port, "security": "none", "from": "muster@site.example", "to": ["shift@site.example"]}})
    site.api.post("/escalations", {"name": "Everybody", "is_default": True, "steps": [{"after_seconds": 0, "channels": [console["id"], mail["id"]], "people": []}]})


def try_channel(steps, window, postbox):
    with steps.step("the e-mail channel is tried from its form, and the answer stands in place"):
        window.keys("ctrl+8")
        window.click("page tab", "Channels", 15)
        window.find("table row", lambda name: "Mail to the shift" in name, 15)
        window.keys("ctrl+f")
        window.keyboard_text("Mail")
        window.says("1 match", 15)
        window.keys("Return")
        dialog = window.dialog("Edit Channel")
        window.click("button", "Send Test", within=dialog)
        window.find(None, lambda name: "It was taken" in name, 20, within=dialog)
        window.picture("alert-01-channel-test")
        assert len(postbox.letters) == 1, postbox.letters
        window.keys("Escape")
        window.gone("dialog", "Edit Channel")
        postbox.letters.clear()


def draft(steps, site, window, heater):
    before = heater.latest()
    with steps.step("the heater was too warm for a moment, some time ago"):
        heater.set_fault("drift")
        wait_for(lambda: heater.latest() > before + 1.2, 90, "a rise of 1.2 °C")
        heater.set_fault("none")
        wait_for(lambda: heater.latest() < before + 0.6, 30, "an end of it")
    with steps.step("a rule is begun from the metric on the device's page"):
        window.open_found("Heater 1")
        window.click("button", f"Add an alert rule for {METRIC}", 20)
        window.find("slider", "Threshold", 20)
        window.picture("alert-02-rule-begun", 1.0)
    with steps.step("its threshold is moved, line and number together, and the firings it would have had are shown meanwhile"):
        field = window.find("text", "Value")
        window.type(field, f"{before + 5:.1f}")
        window.says("It would not have fired", 30)
        window.type(field, f"{before + 0.8:.1f}")
        window.find("label", lambda name: name.startswith("It would have fired"), 30)
        window.picture("alert-03-backtest", 0.6)
        slider = window.find("slider", "Threshold")
        assert abs(Atspi.Value.get_current_value(slider) - round(before + 0.8, 1)) < 0.05, Atspi.Value.get_current_value(slider)
    with steps.step("it is saved, and can be taken back"):
        window.type(window.find("text", "Name"), "Heater too warm")
        window.type(window.find("text", "Hysteresis"), "0.5")  # the readings are noisy
        window.click("button", "Save")
        wait_for(lambda: any(rule["name"] == "Heater too warm" for rule in site.api.get("/alert-rules/")["items"]), 15, "the rule")
        window.find_last("button", "Undo")
        rule = next(rule for rule in site.api.get("/alert-rules/")["items"] if rule["name"] == "Heater too warm")
        assert (rule["kind"], rule["metric"], rule["scope_kind"], rule["scope_id"]) == ("threshold", METRIC, "device", heater.id), rule


def drift(steps, site, window, heater, postbox, heard):
    with steps.step("the heater drifts: banner, sound and e-mail tell of it"):
        heater.set_fault("drift")
        alert = wait_for(lambda: next((row for row in site.api.get("/alerts/?status=open")["items"]), None), 90, "the alert")
        began = time.monotonic()
        window.find("label", lambda name: name.startswith("1 new alert"), 10)
        note(f"banner {time.monotonic() - began:.2f} s after the alert was first seen over the API")
        window.picture("alert-04-banner")
        wait_for(lambda: heard.exists() and heard.stat().st_size > 48000, 20, "the sound")
        wait_for(lambda: postbox.letters, 20, "the e-mail")
        subject, body, recipients = postbox.letters[0]
        assert recipients == ["shift@site.example"] and "Heater 1" in subject + body, postbox.letters
        return alert


def act(steps, site, window, heater, alert):
    with steps.step("its page says what, since when, the value now and why"):
        window.click("button", "Show", 10)
        window.find("label", lambda name: name.startswith("since "), 15)
        window.find("label", lambda name: name.startswith("now "), 20)
        window.find("list item", lambda name: "Over the threshold" in name, 20)
        window.picture("alert-05-page", 0.8)
    with steps.step("A acknowledges it, and Undo takes that back"):
        window.keys("a")
        wait_for(lambda: site.api.get(f"/alerts/{alert['id']}")["status"] == "acknowledged", 15, "the acknowledgement")
        window.keys("ctrl+z")
        wait_for(lambda: site.api.get(f"/alerts/{alert['id']}")["status"] == "open", 15, "its taking back")
    with steps.step("in the list it is acknowledged by the keyboard alone"):
        window.keys("alt+Left")
        window.click("page tab", "Alerts", 10)
        window.find("table row", lambda name: alert["title"] in name, 15)
        window.picture("alert-06-list")
        window.keys("ctrl+f", "Escape", "Down")
        window.keys("a")
        wait_for(lambda: site.api.get(f"/alerts/{alert['id']}")["status"] == "acknowledged", 15, "the acknowledgement")
    with steps.step("the heater is well again, and so the alert ends by itself"):
        heater.set_fault("none")
        wait_for(lambda: site.api.get(f"/alerts/{alert['id']}")["status"] == "resolved", 60, "the end")
        found = site.api.get(f"/alerts/{alert['id']}")
        assert found["resolved_at"] and found["duration_seconds"] > 0, found


def test(build, steps):
    postbox = Postbox()
    server = Controller(postbox, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        heard = Path(build) / "meson-logs" / "heater-alert.raw"
        heard.unlink(missing_ok=True)
        with local_site_and_window(build, "Hall 2", env={"MUSTER_AUDIO_SINK": f"filesink location={heard}"}) as (site, window):
            heater = Heater(site)
            set_up_channels(site, server.port)
            try_channel(steps, window, postbox)
            draft(steps, site, window, heater)
            alert = drift(steps, site, window, heater, postbox, heard)
            act(steps, site, window, heater, alert)
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(run_main(test))
