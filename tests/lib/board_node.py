# SPDX-License-Identifier: GPL-3.0-or-later
"""Boards that are nodes of the site themselves: what a bench writes into their flash, and what the site says of them."""
import ssl
import struct
from pathlib import Path

from muster_site import wait_for
from rig import Board

PATIENCE = 90
BENCH = {"mps2": 0x4000, "virt-rv32": 0x200000}  # where in a board's flash


def varint(value):
    out = b""
    while value > 0x7F:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def field(number, value):
    """A member of a protocol buffer."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def credentials(host, port, username, password, group_id, host_id, authority, tls_name):
    """The site as data/protocol/pairing.proto has it."""
    return b"".join(field(number, value) for number, value in [
        (1, "01890000-0000-7000-8000-000000000001"), (2, "Test site"), (3, host), (4, port), (5, username), (6, password),
        (7, ssl.PEM_cert_to_DER_cert(authority)), (8, group_id), (9, host_id), (11, tls_name)])


def bench(site, ssid="", password="", tls=False, mac=b""):
    return struct.pack("<33s64sB6sI", ssid.encode(), password.encode(), tls, mac, len(site)) + site


def prepare(target, folder, programs, written):
    """A board with its program, or its boot program and the image that this starts, each in a file, and what the bench has written."""
    contents = [Path(program).read_bytes() for program in programs[:2]]
    board = Board(target, folder, contents[0], b"".join(contents[1:]))
    with board.flash.open("r+b") as flash:
        flash.seek(BENCH[target])
        flash.write(written)
    return board


class BoardNode:
    """A board with its program in QEMU, and the record that its site has of it."""

    def __init__(self, site, device, board, *options):
        self.site, self.id, self.board = site, device, board
        board.start(*options)

    def state(self):
        return self.site.api.get(f"/devices/{self.id}/status")["live"]["state"]

    def await_state(self, state, why=""):
        wait_for(lambda: self.state() == state, PATIENCE, f"{state} {why}")

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

    def check_session(self):
        """It measures and obeys."""
        self.await_state("online")
        wait_for(lambda: {"Uptime", "Output/Relay", "Output/Level"} <= self.metrics(), PATIENCE, "its metrics")
        wait_for(lambda: len(self.uptimes()) >= 3, PATIENCE, "samples")
        assert self.command(kind="write", metric="Output/Level", value=42) == "confirmed"
        assert self.command(kind="write", metric="Output/Relay", value=True) == "confirmed"

    def check_whole(self, before, seconds=5):
        """No second is missing from BEFORE to so many seconds later."""
        wait_for(lambda: max(self.uptimes()) >= before + seconds, PATIENCE, "samples after it")
        values = sorted({value for value in self.uptimes() if value >= before})
        gaps = [pair for pair in zip(values, values[1:]) if pair[1] - pair[0] > 2]
        assert not gaps, gaps
