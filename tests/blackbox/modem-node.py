#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""modem-node.py BUILD PROGRAM: a board on QEMU that is a node of the site by a Wi-Fi modem at its second serial line, with TLS to the real broker: it
measures, obeys, and keeps what it measures while the modem has no network, no connection, or no power."""
import os
import struct
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("MUSTER_EMULATORS", str(Path(sys.argv[1]) / "firmware/emulators"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "firmware/emulators"))
import ssl  # noqa: E402

from at_modem import Modem  # noqa: E402
from muster_site import Site, free_port, wait_for  # noqa: E402
from rig import Board  # noqa: E402

SSID, PASSWORD = 'Hall 3, "north"', "p\\a,ss word"
BENCH, PATIENCE = 0x4000, 90


def field(number, value):
    """A member of a protocol buffer."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def varint(value):
    out = b""
    while value > 0x7F:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def bench(account, host_id):
    """What the bench writes: the network, and the site as data/protocol/pairing.proto has it."""
    credentials = b"".join(field(number, value) for number, value in [
        (1, "01890000-0000-7000-8000-000000000001"), (2, "Test site"), (3, "broker"), (4, account["port"]), (5, account["username"]), (6, account["password"]),
        (7, ssl.PEM_cert_to_DER_cert(account["ca_certificate"])), (8, account["group_id"]), (9, host_id), (11, account["tls_name"])])
    return struct.pack("<33s64sB2xI", SSID.encode(), PASSWORD.encode(), 1, len(credentials)) + credentials


class Node:
    def __init__(self, site, folder, program):
        self.site = site
        self.id = site.api.post("/devices/", {"name": "Gate", "serial": "GATE-1"})["id"]
        account = site.api.call("POST", f"/devices/{self.id}/account")
        self.authority, self.address = account["ca_certificate"], {"broker": account["host"]}
        self.board = Board("mps2", folder, program, b"")
        with self.board.flash.open("r+b") as flash:
            flash.seek(BENCH)
            flash.write(bench(account, site.api.get("/messaging/status")["host_id"]))
        self.line = free_port()
        self.board.start("--modem", str(self.line))
        self.modem = wait_for(self.plug_in, 30, "the board's second line")

    def plug_in(self):
        try:
            return Modem(self.line, self.authority, SSID, PASSWORD, self.address)
        except ConnectionError:
            return None

    def state(self):
        return self.site.api.get(f"/devices/{self.id}/status")["live"]["state"]

    def await_state(self, state):
        wait_for(lambda: self.state() == state, PATIENCE, f"{state}; {self.modem.commands[-8:]}")

    def uptimes(self):
        series = self.site.api.get(f"/monitoring/data/{self.id}?metric=Uptime")["samples"]
        return [int(value) for _, value in series[0]["points"]] if series else []

    def metrics(self):
        return {row["name"] for row in self.site.api.get(f"/devices/{self.id}/metrics")["items"]}

    def command(self, **body):
        made = self.site.api.post(f"/devices/{self.id}/command", body)["id"]

        def over():
            row = self.site.api.get(f"/devices/{self.id}/commands?id={made}")["items"][0]
            return row if row["finished_at"] else None

        return wait_for(over, PATIENCE, f"the end of {body}")["state"]


def check_session(node):
    node.await_state("online")
    wait_for(lambda: {"Uptime", "Output/Relay", "Output/Level"} <= node.metrics(), PATIENCE, "its metrics")
    wait_for(lambda: len(node.uptimes()) >= 3, PATIENCE, "samples")
    assert node.modem.verify == 2 and node.modem.name, "TLS without a check of the certificate"
    assert node.command(kind="write", metric="Output/Level", value=42) == "confirmed"
    assert node.command(kind="write", metric="Output/Relay", value=True) == "confirmed"
    print("ok the board is online by its modem, measures and obeys", flush=True)


def check_outage(node, name, begin, end=None):
    """Nothing is lost, whatever it was that failed."""
    before = max(node.uptimes())
    opened = sum(command.startswith("AT+CIPSTART") for command in node.modem.commands)
    begin()
    if end:
        node.await_state("offline")
        end()
    wait_for(lambda: sum(command.startswith("AT+CIPSTART") for command in node.modem.commands) > opened, PATIENCE, "a new connection")
    node.await_state("online")
    wait_for(lambda: max(node.uptimes()) >= before + 5, PATIENCE, "samples after it")
    values = sorted({value for value in node.uptimes() if value >= before})
    gaps = [pair for pair in zip(values, values[1:]) if pair[1] - pair[0] > 2]
    assert not gaps, (name, gaps)
    print(f"ok nothing is lost when {name}", flush=True)


def bring_back(node):
    node.modem.has_network = True


def main():
    with tempfile.TemporaryDirectory(prefix="muster-modem-") as folder, Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{free_port()}")
        node = Node(site, folder, Path(sys.argv[2]).read_bytes())
        try:
            check_session(node)
            check_outage(node, "the connection ends", node.modem.drop_connection)
            node.modem.busy = 2
            check_outage(node, "the modem starts anew, and is busy", node.modem.restart)
            check_outage(node, "the network is away", node.modem.lose_network, lambda: bring_back(node))
        finally:
            node.modem.stop()
            node.board.stop()


if __name__ == "__main__":
    main()
