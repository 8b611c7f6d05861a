#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site's own broker instead of the private one: a second mosquitto with TLS that the daemon is told to use by its settings, and a node
that signs in there with an account which that broker's keeper made."""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, wait_for  # noqa: E402

NAME = "broker.plant.example"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_certificates(folder):
    quiet = {"check": True, "capture_output": True}
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=Plant",
                    "-keyout", folder / "ca.key", "-out", folder / "ca.pem"], **quiet)
    subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={NAME}", "-keyout", folder / "key.pem",
                    "-out", folder / "request.pem"], **quiet)
    (folder / "names").write_text(f"subjectAltName=DNS:{NAME},DNS:localhost,IP:127.0.0.1\n")
    subprocess.run(["openssl", "x509", "-req", "-in", folder / "request.pem", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-CAcreateserial",
                    "-days", "2", "-extfile", folder / "names", "-out", folder / "cert.pem"], **quiet)


class Broker:
    """Somebody else's mosquitto."""

    def __init__(self, site):
        self.site, self.port, self.folder = site, free_port(), site.folder / "plant"
        self.folder.mkdir()
        make_certificates(self.folder)
        for number, (name, password) in enumerate((("muster", "hush"), ("oven", "hot"))):
            subprocess.run(["mosquitto_passwd", *([] if number else ["-c"]), "-b", self.folder / "passwords", name, password], check=True)
        (self.folder / "broker.conf").write_text(
            f"listener {self.port} 127.0.0.1\ncafile {self.folder}/ca.pem\ncertfile {self.folder}/cert.pem\nkeyfile {self.folder}/key.pem\n"
            f"allow_anonymous false\npassword_file {self.folder}/passwords\n" + ("user root\n" if os.geteuid() == 0 else ""))
        self.start()

    def start(self):
        program = shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
        self.process = self.site.spawn("plant-broker", [program, "-c", self.folder / "broker.conf"])


def start_node(site, broker, group):
    """Its account was typed in, as that of a device of another make."""
    path = site.folder / "site.json"
    path.write_text(json.dumps({"group_id": group, "tls_name": NAME, "ca_certificate": (broker.folder / "ca.pem").read_text(),
                                "broker_port": broker.port, "broker_hosts": ["127.0.0.1"], "accounts": [{"username": "oven", "password": "hot"}]}))
    return site.spawn("node", [site.program("muster-node"), "--no-mdns", "--address", "127.0.0.1", "--state-dir", str(site.folder / "node"), "--serial", "OVEN-1",
                               "--adopted-by", str(path)])


def is_online(site, device):
    proofs = site.api.get(f"/devices/{device}/status")["live"]["proofs"]
    return any(proof["kind"] == "mqtt" and proof["fresh"] for proof in proofs)


def status(site):
    return site.api.get("/messaging/status")


def main():
    with Site(sys.argv[1]) as site:
        broker = Broker(site)
        site.start_daemon("--no-mdns")
        for key, value in (("external-uri", f"mqtts://127.0.0.1:{broker.port}"), ("external-user", "muster"), ("external-password", "hush"),
                           ("external-ca-file", str(broker.folder / "ca.pem"))):
            site.api.call("PUT", f"/settings/broker.{key}", {"value": value})
        assert "hush" not in json.dumps(site.api.get("/settings")) + json.dumps(site.api.get("/journal/?entity=setting"))
        assert site.stop_daemon() == 0
        site.start_daemon("--no-mdns")
        wait_for(lambda: status(site)["state"] == "up", 10, "the connection to the broker")
        assert status(site)["mode"] == "external" and status(site)["clients"] is None and status(site)["limits"]
        print("ok used by its settings", flush=True)

        device = site.api.post("/devices/", {"name": "Oven", "serial": "OVEN-1", "node_id": "oven"})["id"]
        try:
            site.api.call("POST", f"/devices/{device}/account")
            raise AssertionError("an account was made at somebody else's broker")
        except ApiError as error:
            assert error.status == 409 and "external broker" in error.body["detail"], error
        start_node(site, broker, "muster")
        wait_for(lambda: is_online(site, device), 15, "the node's birth")
        wait_for(lambda: any(row["name"] == "Sensor/Temperature" and row["latest"] for row in site.api.get(f"/devices/{device}/metrics")["items"]), 10, "samples")
        command = site.api.post(f"/devices/{device}/command", {"kind": "write", "metric": "Output/Relay", "value": True})["id"]
        wait_for(lambda: any(row["id"] == command and row["state"] == "confirmed" for row in site.api.get(f"/devices/{device}/commands")["items"]), 10, "the command")
        print("ok a node reports and obeys", flush=True)

        # The broker goes on without the daemon; the node is known again without its starting anew.
        site.stop_daemon(signal.SIGKILL)
        site.start_daemon("--no-mdns")
        wait_for(lambda: is_online(site, device), 20, "the node after the daemon's death")
        print("ok the daemon was killed", flush=True)

        broker.process.kill()
        wait_for(lambda: status(site)["trouble"], 10, "the trouble told")
        assert site.api.get("/health/ready")["status"] == "degraded"
        assert site.daemon.poll() is None
        begin = time.monotonic()
        broker.start()
        wait_for(lambda: status(site)["state"] == "up" and is_online(site, device), 60, "everything back")
        print(f"ok the broker was killed; back after {time.monotonic() - begin:.1f} s", flush=True)
        assert site.stop_daemon() == 0


if __name__ == "__main__":
    main()
