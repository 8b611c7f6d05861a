#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The daemon as a process: what it says to a service manager, how it takes signals, what it ends with, what it logs, and that an adoption
survives its death at any moment."""
import http.client
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Api, ApiError, Site, wait_for  # noqa: E402


class ServiceManager:
    """The receiving end of sd_notify."""

    def __init__(self, site):
        self.path, self.said = site.folder / "notify", []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.path))
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            self.said.append(self.socket.recv(4096).decode())

    def env(self, site):
        return dict(site.env, NOTIFY_SOCKET=str(self.path), WATCHDOG_USEC="300000")

    def wait(self, what):
        wait_for(lambda: any(what in message for message in self.said), 10, what)


def overridden(site):
    return {row["key"]: row["value"] for row in site.api.get("/settings")["items"] if row["overridden"]}


def test_signals(site):
    manager, config = ServiceManager(site), site.folder / "site.conf"
    config.write_text("[settings]\nbroker.external-user=joe\n")
    site.start_daemon("--no-mdns", "--verbose", "--config", str(config), env=manager.env(site))
    manager.wait("READY=1")
    manager.wait("WATCHDOG=1")
    assert overridden(site) == {"broker.external-user": "joe"}, overridden(site)
    # A file with a mistake changes nothing; a right one counts at once.
    config.write_text("[settings\n")
    site.daemon.send_signal(signal.SIGHUP)
    wait_for(lambda: "the configuration stays as it was" in site.log_path("musterd").read_text(), 10, "the mistake told")
    assert overridden(site) == {"broker.external-user": "joe"}
    config.write_text("[settings]\nbroker.external-ca-file=/tmp/ca.pem\n")
    site.daemon.send_signal(signal.SIGHUP)
    wait_for(lambda: overridden(site) == {"broker.external-ca-file": "/tmp/ca.pem"}, 10, "the new configuration")
    manager.wait("RELOADING=1")
    site.daemon.send_signal(signal.SIGPIPE)
    time.sleep(0.1)
    assert site.api.get("/health/live")["status"] == "alive"
    assert site.stop_daemon() == 0
    manager.wait("STOPPING=1")
    foreign = [line for line in site.log_path("musterd").read_text().splitlines() if "-DEBUG" in line and "muster" not in line.split("-DEBUG")[0].split()[-1]]
    assert not foreign, foreign[:3]


def test_end_at_once(site):
    for delay in (0.02, 0.05, 0.1):
        daemon = site.start_daemon("--no-mdns", wait=False)
        time.sleep(delay)
        daemon.terminate()
        assert daemon.wait(10) in (0, -signal.SIGTERM), daemon.returncode


def test_exit_statuses(site):
    def run(*options):
        done = subprocess.run([site.program("musterd"), *options], capture_output=True, text=True, env=site.env, timeout=20, check=False)
        return done.returncode, done.stdout + done.stderr

    data = str(site.folder / "data")
    assert run("--version")[0] == 0
    assert run("--nope")[0] == 2
    assert run("--listen", "somewhere")[0] == 2
    assert run("--data-dir", "/proc/nowhere")[0] == 1
    assert run("--data-dir", data, "--config", "/nonexistent")[0] == 1
    site.start_daemon("--no-mdns")
    status, text = run("--data-dir", data, "--socket", str(site.folder / "other.sock"))
    assert status == 1 and "another musterd works on" in text, text
    status, text = run("--data-dir", str(site.folder / "other"), "--socket", str(site.socket))
    assert status == 1 and "another daemon answers" in text, text
    assert site.stop_daemon(signal.SIGINT) == 0


def find(site, label):
    return next((row for row in site.api.get("/discovery/")["items"] if row["serial"] == label["serial"] and row["present"]), None)


def adopt_and_kill(site, label, delay):
    """Whether the answer came before the daemon was killed."""
    key, answers = find(site, label)["key"], []

    def ask():
        try:
            answers.append(Api(site.socket).call("POST", f"/discovery/{key}/adopt", {"secret": label["secret"], "name": label["serial"]})["id"])
        except (OSError, http.client.HTTPException, ApiError):
            pass

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(delay)
    site.stop_daemon(signal.SIGKILL)
    thread.join()
    return bool(answers)


def test_adoption_survives_kills(site):
    """Wherever the daemon dies on the way, trying again ends with one record, one account and a device that reports."""
    delays = (0.001, 0.002, 0.003, 0.005, 0.007, 0.010, 0.020, 0.080)
    site.start_daemon("--no-mdns")
    labels = site.start_fleet(len(delays), "--no-mdns")
    for label in labels:
        site.api.post("/discovery/addresses", {"address": label["pairing"]})
    outcome = []
    for label, delay in zip(labels, delays):
        wait_for(lambda: find(site, label), 10, label["serial"])
        outcome.append(adopt_and_kill(site, label, delay))
        site.start_daemon("--no-mdns")
    for label in labels:
        wait_for(lambda: find(site, label), 10, label["serial"])
        try:
            site.api.post(f"/discovery/{find(site, label)['key']}/adopt", {"secret": label["secret"], "name": label["serial"]})
        except ApiError as error:
            assert error.status == 409 and "adopted already" in error.body["detail"], error
    wait_for(lambda: site.api.get("/devices/?live_state=online")["total"] == len(labels), 20, "all of them online")
    devices = site.api.get("/devices/")["items"]
    assert sorted(row["serial"] for row in devices) == sorted(label["serial"] for label in labels)
    assert {row["adoption"] for row in devices} == {"adopted"}
    assert not any(find(site, label)["pairable"] for label in labels)
    print(f"   answered before the kill: {sum(outcome)} of {len(outcome)}")


def online_by_mqtt(site, device):
    return any(proof["kind"] == "mqtt" and proof["fresh"] for proof in site.api.get(f"/devices/{device}/status")["live"]["proofs"])


def test_undo_of_adoption(site):
    """An adoption that is taken back leaves a device that anybody with its secret can adopt again, at once."""
    device = site.api.get("/devices/?limit=1&sort=serial")["items"][0]
    wait_for(lambda: online_by_mqtt(site, device["id"]), 10, "its session")
    entry = next(row for row in site.api.get(f"/journal/?entity=device&entity_id={device['id']}&limit=100")["items"] if row["action"] == "insert")
    wait_for(lambda: site.api.get(f"/devices/{device['id']}/metrics")["items"], 10, "its metrics")
    site.api.call("POST", f"/journal/{entry['sequence']}/undo")
    assert site.api.exchange("GET", f"/devices/{device['id']}")[0] == 404

    def is_free():
        site.api.call("POST", "/discovery/scan")
        return next((row for row in site.api.get("/discovery/")["items"] if row["serial"] == device["serial"] and row["pairable"] and row["state"] == "new"), None)

    assert wait_for(is_free, 30, "the device to be free", 0.3)


def test_latest(site):
    """The newest sample of one metric, of every device; before and after a restart."""
    devices = [row["id"] for row in site.api.get("/devices/?live_state=online")["items"]]

    def newest():
        items = site.api.get("/monitoring/data?metric=Sensor/Temperature")["items"]
        return {row["device_id"]: row["samples"][0]["points"][0] for row in items if [sample["metric"] for sample in row["samples"]] == ["Sensor/Temperature"]}

    before = wait_for(lambda: newest() if set(newest()) >= set(devices) else None, 10, "a temperature of each")
    assert site.stop_daemon() == 0
    site.start_daemon("--no-mdns")
    after = newest()
    assert set(after) == set(before) and all(after[device][0] >= point[0] for device, point in before.items()), (before, after)
    assert site.api.get("/monitoring/data?metric=Sensor/Nothing") == {"items": [], "total": 0, "next": None}


def main():
    for tests in ((test_signals, test_end_at_once, test_exit_statuses), (test_adoption_survives_kills, test_latest, test_undo_of_adoption)):
        with Site(sys.argv[1]) as site:
            for test in tests:
                begin = time.monotonic()
                test(site)
                print(f"ok {test.__name__} ({time.monotonic() - begin:.1f} s)", flush=True)


if __name__ == "__main__":
    main()
