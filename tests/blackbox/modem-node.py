#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""modem-node.py BUILD TARGET PROGRAM: a board on QEMU that is a node of the site by a Wi-Fi modem at its second serial line, with TLS to the real broker: it
measures, obeys, and keeps what it measures while the modem has no network, no connection, or no power."""
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("MUSTER_EMULATORS", str(Path(sys.argv[1]) / "firmware/emulators"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "firmware/emulators"))
from at_modem import Modem  # noqa: E402
from board_node import PATIENCE, BoardNode, bench, credentials, prepare  # noqa: E402
from muster_site import Site, free_port, wait_for  # noqa: E402

SSID, PASSWORD = 'Hall 3, "north"', "p\\a,ss word"


class Node(BoardNode):
    def __init__(self, site, folder):
        device = site.api.post("/devices/", {"name": "Gate", "serial": "GATE-1"})["id"]
        account = site.api.call("POST", f"/devices/{device}/account")
        known = credentials("broker", account["port"], account["username"], account["password"], account["group_id"], site.api.get("/messaging/status")["host_id"],
                            account["ca_certificate"], account["tls_name"])
        self.line = free_port()
        super().__init__(site, device, prepare(sys.argv[2], folder, sys.argv[3:], bench(known, SSID, PASSWORD, True)), "--modem", str(self.line))
        self.modem = wait_for(lambda: self.plug_in(account), 30, "the board's second line")

    def plug_in(self, account):
        try:
            return Modem(self.line, account["ca_certificate"], SSID, PASSWORD, {"broker": account["host"]})
        except ConnectionError:
            return None

    def count_openings(self):
        return sum(command.startswith("AT+CIPSTART") for command in self.modem.commands)


def check_outage(node, name, begin, end=None):
    """Nothing is lost, whatever it was that failed."""
    before, opened = max(node.uptimes()), node.count_openings()
    begin()
    if end:
        node.await_state("offline")
        end()
    wait_for(lambda: node.count_openings() > opened, PATIENCE, f"a new connection: {node.modem.commands[-8:]}")
    node.await_state("online")
    node.check_whole(before)
    print(f"ok nothing is lost when {name}", flush=True)


def bring_back(node):
    node.modem.has_network = True


def main():
    with tempfile.TemporaryDirectory(prefix="muster-modem-") as folder, Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{free_port()}")
        node = Node(site, folder)
        try:
            node.check_session()
            assert node.modem.verify == 2 and node.modem.name, "TLS without a check of the certificate"
            print("ok the board is online by its modem, measures and obeys", flush=True)
            check_outage(node, "the connection ends", node.modem.drop_connection)
            node.modem.busy = 2
            check_outage(node, "the modem starts anew, and is busy", node.modem.restart)
            check_outage(node, "the network is away", node.modem.lose_network, lambda: bring_back(node))
        finally:
            node.modem.stop()
            node.board.stop()


if __name__ == "__main__":
    main()
