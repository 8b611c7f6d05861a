#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tls-node.py BUILD TARGET PROGRAMS: a board on QEMU that is a node of the site by TLS on its Ethernet. It speaks TLS 1.2 and 1.3, tells nothing to a server
with a certificate of another authority, of another name or of another time, and without a source of entropy does not go to the network; at the site's own
broker it measures, obeys, and keeps what it measures while the daemon and its broker are away."""
import os
import socket
import ssl
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("MUSTER_EMULATORS", str(Path(sys.argv[1]) / "firmware/emulators"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "firmware/emulators"))
from board_node import BoardNode, bench, credentials, prepare  # noqa: E402
from muster_site import Site, free_port  # noqa: E402
from plant_broker import make_certificates  # noqa: E402

HOST = "10.0.2.2"  # where QEMU's network has this machine
NAME = "broker.plant.example"
MAC = bytes.fromhex("020000000018")
OPTIONS = ("--ethernet", "user", "--entropy", "yes")
OUTAGE = 6  # seconds
SILENCE = 8  # in which a board that may not connect would have
TARGET, PROGRAMS = sys.argv[2], sys.argv[3:]


class Server:
    """Waits for a board with a certificate from FOLDER, and says how its handshake ends."""

    def __init__(self, folder, version=None):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        if version:
            self.context.minimum_version = self.context.maximum_version = version

    def serve(self, timeout=60):
        """(version of TLS, the first bytes that the board says), or (None, why there was no session), or None: it does not come."""
        self.socket.settimeout(timeout)
        try:
            raw = self.socket.accept()[0]
        except TimeoutError:
            return None
        raw.settimeout(30)
        try:
            with self.context.wrap_socket(raw, server_side=True) as session:
                return session.version(), session.recv(64)
        except ssl.SSLError as error:
            return None, error.reason


def visit(folder, certificates, authority, name, *options, version=None, timeout=60):
    """What a server with those certificates sees of a board that expects NAME by AUTHORITY."""
    server = Server(certificates, version)
    known = credentials(HOST, server.port, "gate", "open", "muster", "", (authority / "ca.pem").read_text(), name)
    board = prepare(TARGET, folder, PROGRAMS, bench(known, mac=MAC, tls=True))
    board.start(*options)
    try:
        return server.serve(timeout)
    finally:
        board.stop()
        server.socket.close()


def check_servers(folder):
    ours, theirs = folder / "ours", folder / "theirs"
    for place in (ours, theirs):
        place.mkdir()
        make_certificates(place, NAME)
    for version, name in ((ssl.TLSVersion.TLSv1_3, "TLSv1.3"), (ssl.TLSVersion.TLSv1_2, "TLSv1.2")):
        found = visit(folder, ours, ours, NAME, *OPTIONS, version=version)
        assert found[0] == name and b"MQTT" in found[1] and b"gate" in found[1], found
        print(f"ok the board speaks {name}", flush=True)
    for what, reason, found in (
        ("another authority", "UNKNOWN_CA", visit(folder, theirs, ours, NAME, *OPTIONS)),
        ("another name", "BAD_CERTIFICATE", visit(folder, ours, ours, "other.plant.example", *OPTIONS)),
        ("another time", "EXPIRED", visit(folder, ours, ours, NAME, *OPTIONS, "--rtc", "2051-03-01T12:00:00")),
    ):
        assert found[0] is None and reason in found[1], (what, found)
        print(f"ok the board tells nothing to a server with a certificate of {what}: {found[1]}", flush=True)
    found = visit(folder, ours, ours, NAME, "--ethernet", "user", timeout=SILENCE)
    assert found is None, found
    print("ok the board does no TLS without a source of entropy", flush=True)


def check_site(folder, build):
    with Site(build) as site:
        options = ("--no-mdns", "--listen", f"127.0.0.1:{free_port()}", "--broker-listen", f"127.0.0.1:{free_port()}")
        site.start_daemon(*options)
        device = site.api.post("/devices/", {"name": "Gate", "serial": "GATE-1"})["id"]
        account = site.api.call("POST", f"/devices/{device}/account")
        known = credentials(HOST, account["port"], account["username"], account["password"], account["group_id"], site.api.get("/messaging/status")["host_id"],
                            account["ca_certificate"], account["tls_name"])
        node = BoardNode(site, device, prepare(TARGET, folder, PROGRAMS, bench(known, mac=MAC, tls=True)), *OPTIONS)
        try:
            node.check_session()
            print("ok the board is online at the site's broker by TLS, measures and obeys", flush=True)
            before = max(node.uptimes())
            assert site.stop_daemon() == 0
            time.sleep(OUTAGE)
            site.start_daemon(*options)
            node.check_whole(before, OUTAGE + 5)
            print("ok nothing is lost while the daemon and its broker are away", flush=True)
        finally:
            node.board.stop()


def main():
    with tempfile.TemporaryDirectory(prefix="muster-tls-") as folder:
        check_servers(Path(folder))
        check_site(folder, sys.argv[1])


if __name__ == "__main__":
    main()
