#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A device that we did not write: the npm library sparkplug-client with an account made by the API, over TLS to the site's broker."""
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, wait_for  # noqa: E402
from npm_parts import install  # noqa: E402

SCRIPT = Path(__file__).with_name("sparkplug-device.js")
NOW = 1_750_000_000_123
# name: (Sparkplug type, value, the same as the API tells it)
METRICS = {
    "Motor/Speed": ("Int32", -1450, -1450), "Motor/Turns": ("UInt32", 4294967295, 4294967295), "Ratio": ("Float", 0.25, 0.25),
    "Temperature": ("Double", 21.123456789012345, 21.123456789012345), "Running": ("Boolean", True, True),
    "Label": ("String", "Pumpe 7 – Süd", "Pumpe 7 – Süd"), "Energy": ("Int64", "-9007199254740993", -9007199254740993),
    "Small": ("Int8", -128, -128), "Word": ("UInt16", 65535, 65535), "Serviced": ("DateTime", NOW, NOW),
}
UNITS = {"Temperature": "°C", "Motor/Speed": "1/min"}


class Device:
    """A node process, and all it said."""

    def __init__(self, folder):
        self.process = subprocess.Popen(["node", str(SCRIPT), str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.said = []
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            self.said.append(json.loads(line))

    def order(self, what, **more):
        self.process.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self.process.stdin.flush()

    def count(self, event):
        return sum(row["event"] == event for row in self.said)

    def wait(self, event, number=1, timeout=10):
        wait_for(lambda: self.count(event) >= number, timeout, f"{event} no. {number} of {self.said[-5:]}")
        return [row for row in self.said if row["event"] == event][-1]

    def connect(self, account, node=None, **more):
        self.order("connect", url=f"mqtts://{account['host']}:{account['port']}", username=account["username"], password=account["password"],
                   group=account["group_id"], node=node or account["node_id"], client=f"npm-{account['username']}-{id(self)}", ca=account["ca_certificate"],
                   name=account["tls_name"], **more)

    def end(self):
        self.process.kill()
        self.process.wait()


def metric_of(name, value=None):
    datatype, initial, _ = METRICS[name]
    properties = {"engUnit": {"type": "String", "value": UNITS[name]}} if name in UNITS else None
    return {"name": name, "type": datatype, "value": initial if value is None else value, **({"properties": properties} if properties else {})}


def latest(site, device):
    items = site.api.get(f"/monitoring/data?device_id={device}")["items"]
    return {series["metric"]: series["points"][-1][1] for item in items for series in item["samples"]}


def live_state(site, device):
    return site.api.get(f"/devices/{device}/status")["live"]["state"]


def events(site, device):
    return [row["kind"] for row in site.api.get(f"/devices/{device}/events?sort=id&limit=1000")["items"]]


def make_device(site, name):
    device = site.api.post("/devices/", {"name": name, "serial": name.upper()})["id"]
    return device, site.api.call("POST", f"/devices/{device}/account")


def test_birth(site, device, node):
    node.wait("connect")
    node.order("birth", metrics=[metric_of(name) for name in METRICS])
    expected = {name: told for name, (_, _, told) in METRICS.items()}
    wait_for(lambda: set(latest(site, device)) >= set(expected), 10, "the birth's values")
    stored = latest(site, device)
    assert {name: stored[name] for name in expected} == expected, stored
    assert type(stored["Running"]) is bool and type(stored["Energy"]) is int, stored
    records = {row["name"]: row for row in site.api.get(f"/devices/{device}/metrics")["items"]}
    for name, (datatype, _, told) in METRICS.items():
        assert records[name]["datatype"].lower() == datatype.lower(), records[name]
        assert records[name]["unit"] == UNITS.get(name), records[name]
        assert records[name]["latest"]["value"] == told and records[name]["latest"]["quality"] == "good", records[name]
    wait_for(lambda: live_state(site, device) == "online", 10, "online")
    wait_for(lambda: {"birth", "online"} & set(events(site, device)), 10, "an event of the birth")


def test_data(site, device, node):
    sent = {"Temperature": -3.5, "Motor/Speed": 2147483647, "Running": False, "Label": "", "Energy": "9223372036854775807", "Ratio": 1.5}
    node.order("data", metrics=[metric_of(name, value) for name, value in sent.items()])
    wait_for(lambda: latest(site, device)["Temperature"] == -3.5, 10, "data")
    stored = latest(site, device)
    for name, value in sent.items():
        assert stored[name] == (int(value) if name == "Energy" else value), (name, stored[name])
    assert stored["Word"] == 65535, stored
    # The library's compressed form, whose envelope bears no sequence number.
    node.order("data", metrics=[metric_of("Temperature", 7.25)], options={"compress": True, "algorithm": "GZIP"})
    wait_for(lambda: latest(site, device)["Temperature"] == 7.25, 10, "compressed data")
    first = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 600))
    series = site.api.get(f"/monitoring/data/{device}?metric=Temperature&from={first}")["samples"][0]["points"]
    assert [value for _, value in series] == [21.123456789012345, -3.5, 7.25], series


def command(site, device, body, state="confirmed"):
    made = site.api.post(f"/devices/{device}/command", body)
    return wait_for(lambda: next((row for row in site.api.get(f"/devices/{device}/commands?id={made['id']}")["items"] if row["state"] == state), None), 30, f"{state} of {body}")


def test_commands(site, device, node):
    for name, value in (("Motor/Speed", 900), ("Running", True), ("Label", "Nord"), ("Temperature", 18.75), ("Word", 12)):
        done = command(site, device, {"kind": "write", "metric": name, "value": value})
        assert done["finished_at"] and done["error"] is None, done
        wait_for(lambda name=name, value=value: latest(site, device)[name] == value, 5, f"{name} = {value}")
    births = node.count("birth")
    done = command(site, device, {"kind": "rebirth"})
    node.wait("birth", births + 1)
    assert done["state"] == "confirmed"
    for body, status, pointer in (({"kind": "write", "metric": "Word", "value": 65536}, 422, "/value"), ({"kind": "write", "metric": "Running", "value": "yes"}, 422, "/value"),
                                  ({"kind": "write", "metric": "Nope", "value": 1}, 422, "/metric"), ({"kind": "write"}, 422, "/metric")):
        try:
            site.api.post(f"/devices/{device}/command", body)
            raise AssertionError(f"{body} was taken")
        except ApiError as error:
            assert error.status == status and [row["pointer"] for row in error.body["errors"]] == [pointer], (body, error)


def expect_refusal(folder, account):
    node = Device(folder)
    try:
        node.connect(account)
        assert "auth" in node.wait("error")["message"].lower() and node.count("connect") == 0, node.said
    finally:
        node.end()


def test_foreign_topic(site, folder, device):
    """Another device's account does not open this device's topics."""
    other, account = make_device(site, "Intruder")
    mine = site.api.get(f"/devices/{device}")["node_id"]
    before = latest(site, device)
    intruder = Device(folder)
    try:
        intruder.connect(account, node=mine)
        intruder.wait("connect")
        intruder.order("birth", metrics=[metric_of("Temperature", 666.0)])
        intruder.order("data", metrics=[metric_of("Temperature", 667.0)])
        time.sleep(1)
        assert latest(site, device) == before, latest(site, device)
        assert latest(site, other) == {} and live_state(site, device) == "online"
        command(site, device, {"kind": "write", "metric": "Motor/Speed", "value": 901})
        assert intruder.count("command") == 0, "it hears another's commands"
    finally:
        intruder.end()
    expect_refusal(folder, {**account, "password": "wrong"})


def test_death(site, device, node):
    node.order("stop")
    node.wait("close")
    wait_for(lambda: live_state(site, device) == "offline", 15, "offline")
    wait_for(lambda: {row["latest"]["quality"] for row in site.api.get(f"/devices/{device}/metrics")["items"] if row["latest"]} == {"stale"}, 10, "stale values")
    wait_for(lambda: {"death", "offline"} & set(events(site, device)), 10, "an event of the death")


def test_crash_and_return(site, folder, device, account):
    """Without a goodbye: the broker speaks the last will."""
    node = Device(folder)
    node.connect(account)
    node.wait("connect")
    node.order("birth", metrics=[metric_of(name) for name in METRICS])
    wait_for(lambda: live_state(site, device) == "online", 10, "online again")
    time.sleep(1.2)  # the library counts no sessions: a will right after a birth may be an older one's
    node.order("die")
    wait_for(lambda: live_state(site, device) == "offline", 20, "offline after the crash")
    node.end()


def test_revoked(site, folder, device, account):
    node = Device(folder)
    node.connect(account)
    node.wait("connect")
    node.order("birth", metrics=[metric_of(name) for name in METRICS])
    wait_for(lambda: live_state(site, device) == "online", 10, "online again")
    site.api.call("POST", f"/devices/{device}/release")
    begin = time.monotonic()
    node.wait("close", timeout=5)
    took = time.monotonic() - begin
    assert node.count("connect") == 1, node.said
    node.end()
    expect_refusal(folder, account)
    wait_for(lambda: live_state(site, device) == "offline", 10, "offline once released")
    return took


def main():
    folder = install(sys.argv[1])
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        device, account = make_device(site, "Third-party pump")
        node = Device(folder)
        try:
            node.connect(account)
            for test in (test_birth, test_data, test_commands):
                test(site, device, node)
                print(f"ok {test.__name__}", flush=True)
            test_foreign_topic(site, folder, device)
            print("ok test_foreign_topic", flush=True)
            test_death(site, device, node)
            print("ok test_death", flush=True)
        finally:
            node.end()
        test_crash_and_return(site, folder, device, account)
        print("ok test_crash_and_return", flush=True)
        print(f"ok test_revoked (cut after {test_revoked(site, folder, device, account):.2f} s)", flush=True)


if __name__ == "__main__":
    main()
