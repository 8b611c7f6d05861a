#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site's own broker instead of the private one: a second mosquitto with TLS that the daemon is told to use by its settings, and a node
that signs in there with an account which that broker's keeper made."""
import json
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, wait_for  # noqa: E402
from plant_broker import PlantBroker  # noqa: E402

NAME = "broker.plant.example"


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
        broker = PlantBroker(site, NAME, {"oven": "hot"})
        broker.use()
        assert "hush" not in json.dumps(site.api.get("/settings")) + json.dumps(site.api.get("/journal/?entity=setting"))
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
