#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ethernet-node.py BUILD PROGRAM: a board on QEMU that is a node of the site by lwIP and its Ethernet: it gets an address by DHCP, reaches a broker of the
plant without TLS, measures, obeys, and keeps what it measures while that broker is away."""
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("MUSTER_EMULATORS", str(Path(sys.argv[1]) / "firmware/emulators"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "firmware/emulators"))
from board_node import BoardNode, bench, credentials  # noqa: E402
from muster_site import Site, free_port, wait_for  # noqa: E402

HOST = "10.0.2.2"  # where QEMU's network has this machine
OUTAGE = 6  # seconds
MAC = bytes.fromhex("020000000017")


class Broker:
    """The plant's: by TLS for the daemon, without for boards that cannot."""

    def __init__(self, site):
        self.site, self.folder = site, site.folder / "plant"
        self.folder.mkdir()
        self.secure, self.plain = free_port(), free_port()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"],
                       check=True, capture_output=True)
        for number, (name, password) in enumerate((("muster", "hush"), ("gate", "open"))):
            subprocess.run(["mosquitto_passwd", *([] if number else ["-c"]), "-b", self.folder / "passwords", name, password], check=True)
        (self.folder / "broker.conf").write_text(
            f"listener {self.secure} 127.0.0.1\ncertfile {self.folder}/cert.pem\nkeyfile {self.folder}/key.pem\nlistener {self.plain} 127.0.0.1\n"
            f"allow_anonymous false\npassword_file {self.folder}/passwords\n" + ("user root\n" if os.geteuid() == 0 else ""))
        self.start()

    def start(self):
        self.process = self.site.spawn("plant-broker", [shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin:/sbin"), "-c", self.folder / "broker.conf"])

    def kill(self):
        self.process.kill()
        self.process.wait()


def use(site, broker):
    site.start_daemon("--no-mdns")
    for key, value in (("external-uri", f"mqtts://127.0.0.1:{broker.secure}"), ("external-user", "muster"), ("external-password", "hush"),
                       ("external-ca-file", str(broker.folder / "cert.pem"))):
        site.api.call("PUT", f"/settings/broker.{key}", {"value": value})
    assert site.stop_daemon() == 0
    site.start_daemon("--no-mdns")
    wait_for(lambda: site.api.get("/messaging/status")["state"] == "up", 30, "the connection to the broker")


def main():
    with tempfile.TemporaryDirectory(prefix="muster-ethernet-") as folder, Site(sys.argv[1]) as site:
        broker = Broker(site)
        use(site, broker)
        status = site.api.get("/messaging/status")
        device = site.api.post("/devices/", {"name": "Gate", "serial": "GATE-1", "node_id": "gate"})["id"]
        known = credentials(HOST, broker.plain, "gate", "open", "muster", status["host_id"], (broker.folder / "cert.pem").read_text(), "localhost")
        node = BoardNode(site, device, folder, Path(sys.argv[2]).read_bytes(), bench(known, mac=MAC), "--ethernet", "user")
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
