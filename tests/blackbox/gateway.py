#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""gateway.py BUILD TARGET BOOT IMAGE NEXT: a serial board in its emulator, behind a node that is its gateway: it gets a record of its own below the
gateway's, measures, obeys, goes offline with its line, brings what it measured while its gateway had no power, and is updated from IMAGE to NEXT through it."""
import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("MUSTER_EMULATORS", str(Path(sys.argv[1]) / "firmware/emulators"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "firmware/emulators"))
from muster_site import Site, free_port, wait_for  # noqa: E402
from rig import KEY, SERIAL, Board  # noqa: E402

PERIOD = 5  # seconds between two reports of its uptime
PATIENCE = 180  # an emulator is slow on a busy machine


class Gateway:
    """A node with an account of its own, on one serial line."""

    def __init__(self, site, port, *options):
        self.site, self.port, self.options, self.process = site, port, options, None
        self.device = site.api.post("/devices/", {"name": "Hall gateway", "serial": "GW-1", "kind": "gateway"})["id"]
        account = site.api.call("POST", f"/devices/{self.device}/account")
        self.account = site.folder / "account.json"
        self.account.write_text(json.dumps({
            "group_id": account["group_id"], "tls_name": account["tls_name"], "ca_certificate": account["ca_certificate"], "broker_hosts": [account["host"]],
            "broker_port": account["port"], "accounts": [{"username": account["username"], "password": account["password"]}]}))
        self.keys = site.folder / "unit-keys"
        self.keys.write_text(f"# units of hall 3\n{SERIAL} {KEY.hex()}\n")

    def start(self):
        self.process = self.site.spawn("gateway", [
            self.site.program("muster-node"), "--no-mdns", "--no-sync", "--address", "127.0.0.1", "--state-dir", str(self.site.folder / "gateway"), "--serial", "GW-1",
            "--adopted-by", str(self.account), "--gateway", f"tcp:127.0.0.1:{self.port}", "--unit-keys", str(self.keys),
            *self.options])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def state_of(site, device):
    return site.api.get(f"/devices/{device}/status")["live"]["state"]


def uptimes(site, device):
    """[(time, seconds)…] that are stored."""
    series = site.api.get(f"/monitoring/data/{device}?metric=Uptime")["samples"]
    return [tuple(point) for point in series[0]["points"]] if series else []


def latest(site, device, name):
    return next((row["latest"]["value"] for row in site.api.get(f"/devices/{device}/metrics")["items"] if row["name"] == name and row["latest"]), None)


def command(site, device, body):
    made = site.api.post(f"/devices/{device}/command", body)["id"]

    def over():
        row = next(row for row in site.api.get(f"/devices/{device}/commands?id={made}")["items"])
        return row if row["finished_at"] else None

    return wait_for(over, PATIENCE, f"the end of {body}")


def confirm(site, device, body):
    """Gives the command until it is confirmed: where the machine is busy, the board's answer may be too late for the first."""
    return wait_for(lambda: (done := command(site, device, body))["state"] == "confirmed" and done, PATIENCE, f"{body} confirmed")


def check_record(site, gateway, target):
    device = wait_for(lambda: next((row for row in site.api.get(f"/devices/?serial={SERIAL}")["items"]), None), PATIENCE, "the board's record")["id"]
    wait_for(lambda: site.api.get(f"/devices/{device}")["firmware_version"], PATIENCE, "its firmware")
    row = site.api.get(f"/devices/{device}")
    assert (row["name"], row["model"], row["firmware_version"]) == (SERIAL, f"muster-{target}", "1.0.0"), row
    assert (row["gateway_id"], row["adoption"], row["status"], row["node_id"]) == (gateway.device, "adopted", "deployed", None), row
    wait_for(lambda: state_of(site, device) == "online", PATIENCE, "the board online")
    wait_for(lambda: len(uptimes(site, device)) >= 2, PATIENCE, "samples of the board")
    names = {row["name"] for row in site.api.get(f"/devices/{device}/metrics")["items"]}
    assert {"Uptime", "Supply", "Output/Relay", "Output/Level"} <= names, names
    above = {row["name"] for row in site.api.get(f"/devices/{gateway.device}/metrics")["items"]}
    assert not any(SERIAL in name or name == "Uptime" for name in above), above
    print("ok the board has a record below its gateway's, and its samples are stored there", flush=True)
    return device


def check_commands(site, device):
    confirm(site, device, {"kind": "write", "metric": "Output/Relay", "value": True})
    wait_for(lambda: latest(site, device, "Output/Relay") is True, PATIENCE, "the sample of what was set")
    confirm(site, device, {"kind": "write", "metric": "Output/Level", "value": 42})
    wait_for(lambda: latest(site, device, "Output/Level") == 42, PATIENCE, "the sample of what was set")
    confirm(site, device, {"kind": "identify"})
    confirm(site, device, {"kind": "reboot"})
    wait_for(lambda: latest(site, device, "Output/Relay") is False, PATIENCE, "what the board is after its start")
    print("ok the board is told through its gateway", flush=True)


def check_line(site, gateway, device, board):
    board.stop()
    wait_for(lambda: state_of(site, device) == "offline", PATIENCE, "the board offline without its line")
    assert state_of(site, gateway.device) == "online"
    wait_for(lambda: "death" in [row["kind"] for row in site.api.get(f"/devices/{device}/events?limit=1000")["items"]], PATIENCE, "the event of its death")
    board.start(port=board.port)
    wait_for(lambda: state_of(site, device) == "online", PATIENCE, "the board online again")
    print("ok the board is offline with its line, and the gateway is not", flush=True)


def check_outage(site, gateway, device, board):
    """A minute of the board's passes, by its own clock, while its gateway has no power."""
    wait_for(lambda: uptimes(site, device)[-1][1] >= PERIOD, PATIENCE, "a sample since its start")
    gateway.kill()
    wait_for(lambda: state_of(site, device) == "offline", PATIENCE, "the board offline with its gateway")
    before = uptimes(site, device)
    board.fast(True)
    time.sleep(2.5)
    board.fast(False)
    gateway.start()
    wanted = before[-1][1] + 60
    wait_for(lambda: uptimes(site, device)[-1][1] >= wanted, PATIENCE, "the samples of the outage")
    wait_for(lambda: state_of(site, device) == "online", PATIENCE, "the board online again")
    # Its clock ran ahead of the world's, so what it measured lies before what was known: by their values they stand in a row.
    values = sorted({value for _, value in uptimes(site, device) if value >= before[-1][1]})
    assert all(after - last <= PERIOD + 1 for last, after in zip(values, values[1:])), values
    print("ok what the board measured while its gateway was away is there", flush=True)


def check_update(site, device, image):
    data = Path(image).read_bytes()
    made = site.api.post("/firmware/uploads", {"file_name": "board.mfi", "size": len(data)})["id"]
    site.api.call("PUT", f"/firmware/uploads/{made}/content?offset=0", data, {"Content-Type": "application/octet-stream"})
    artifact = site.api.post(f"/firmware/uploads/{made}/finish", {})["id"]
    update = site.api.post("/updates", {"device_id": device, "artifact_id": artifact})["id"]

    def over():
        row = site.api.get(f"/updates/{update}")
        return row if row["finished_at"] else None

    done = wait_for(over, PATIENCE, "the end of the update")
    kinds = [row["kind"] for row in site.api.get(f"/updates/{update}/events?sort=id&limit=1000")["items"]]
    assert done["status"] == "confirmed", (done, kinds)
    wait_for(lambda: site.api.get(f"/devices/{device}")["firmware_version"] == "2.0.0", PATIENCE, "the version in the record")
    row = site.api.get(f"/devices/{device}")
    assert (row["firmware_origin"], row["hardware_revision"]) == ("update", "rev1"), row
    print(f"ok the board is updated through its gateway: {' '.join(kinds)}", flush=True)


def main():
    build, target, boot, image, following = sys.argv[1:6]
    with tempfile.TemporaryDirectory(prefix="muster-board-") as folder, Site(build) as site:
        board = Board(target, folder, Path(boot).read_bytes(), Path(image).read_bytes())
        board.start()
        try:
            site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{free_port()}")
            gateway = Gateway(site, board.port)
            gateway.start()
            device = check_record(site, gateway, target)
            check_commands(site, device)
            check_line(site, gateway, device, board)
            check_outage(site, gateway, device, board)
            check_update(site, device, following)
        finally:
            board.stop()


if __name__ == "__main__":
    main()
