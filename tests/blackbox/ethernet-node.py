#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ethernet-node.py BUILD TARGET PROGRAMS: a board on QEMU that is a node of the site by lwIP and its Ethernet: it gets an address by DHCP, reaches a broker of the
plant without TLS, measures, obeys, and keeps what it measures while that broker is away."""
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("MUSTER_EMULATORS", str(Path(sys.argv[1]) / "firmware/emulators"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "firmware/emulators"))
from board_node import BoardNode, bench, credentials, prepare  # noqa: E402
from muster_site import Site, wait_for  # noqa: E402
from plant_broker import PlantBroker  # noqa: E402

HOST = "10.0.2.2"  # where QEMU's network has this machine
OUTAGE = 6  # seconds
MAC = bytes.fromhex("020000000017")


def main():
    with tempfile.TemporaryDirectory(prefix="muster-ethernet-") as folder, Site(sys.argv[1]) as site:
        broker = PlantBroker(site, "broker.plant.example", {"gate": "open"})
        broker.use()
        status = site.api.get("/messaging/status")
        device = site.api.post("/devices/", {"name": "Gate", "serial": "GATE-1", "node_id": "gate"})["id"]
        known = credentials(HOST, broker.plain, "gate", "open", "muster", status["host_id"], (broker.folder / "ca.pem").read_text(), "broker.plant.example")
        node = BoardNode(site, device, prepare(sys.argv[2], folder, sys.argv[3:], bench(known, mac=MAC)), "--ethernet", "user")
        try:
            node.check_session()
            print("ok the board is online by its Ethernet, measures and obeys", flush=True)
            before = max(node.uptimes())
            broker.kill()
            wait_for(lambda: site.api.get("/messaging/status")["trouble"], 30, "the trouble told")
            time.sleep(OUTAGE)
            broker.start()
            node.check_whole(before, OUTAGE + 5)
            print("ok nothing is lost while the broker is away", flush=True)
        finally:
            node.board.stop()


if __name__ == "__main__":
    main()
