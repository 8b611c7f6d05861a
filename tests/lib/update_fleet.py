# SPDX-License-Identifier: GPL-3.0-or-later
"""Firmware images, and fleets of real nodes that take them: accounts at the broker, `muster-fleet`, and what its units say that they did."""
import hashlib
import json
import os
import re
import signal
import subprocess
from pathlib import Path

from muster_site import Site, free_port, in_threads, wait_for

MODEL, PIECE = "MN-1", 4 * 1024 * 1024


class Works:
    """Where images come from: a key, and a folder that they are made in."""

    def __init__(self, build, folder, name="works"):
        self.tool = str(Path(build) / "firmware/tools/muster-image")
        self.folder = Path(folder) / name
        self.folder.mkdir()
        self.seed, self.public = self.folder / "seed", self.folder / "public"
        self.run("keygen", self.seed, self.public)

    def run(self, *arguments):
        subprocess.run([self.tool, *map(str, arguments)], check=True, capture_output=True)

    def make(self, version, size, model=MODEL, counter=0, sign=True, content=None):
        """An image of SIZE random bytes, or of CONTENT."""
        payload, image = self.folder / "payload", self.folder / f"{model}-{version}.mfi"
        payload.write_bytes(os.urandom(size) if content is None else content)
        self.run("pack", "--model", model, "--version", version, "--counter", counter, "--key", self.seed, payload, image)
        data = image.read_bytes()
        return data if sign else data[:112] + bytes(144) + data[256:]  # the header without its signatures


def upload(api, data, name="image.mfi", members=None):
    made = api.post("/firmware/uploads", {"file_name": name, "size": len(data)})["id"]
    for at in range(0, len(data), PIECE):
        api.call("PUT", f"/firmware/uploads/{made}/content?offset={at}", data[at:at + PIECE], {"Content-Type": "application/octet-stream"})
    return api.post(f"/firmware/uploads/{made}/finish", members)


class FleetSite(Site):
    """It listens at the same addresses again after it was killed, so that devices find it."""

    def __init__(self, build, **more):
        super().__init__(build, **more)
        self.https_port, self.broker_port = free_port(), free_port()

    def start(self):
        self.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{self.https_port}", "--broker-listen", f"127.0.0.1:{self.broker_port}", timeout=60)

    def kill(self):
        self.stop_daemon(signal.SIGKILL)
        self.start()


class Fleet:
    """COUNT units of `muster-fleet` in one process, which the site knows already; those that are made later stand later in rollouts."""

    def __init__(self, site, name, count):
        self.site, self.name, self.count = site, name, count
        self.serials = [f"{name}-{number + 1:05}" for number in range(count)]
        # one after the other: rollouts take devices in the order of their creation
        self.ids = [site.api.post("/devices/", {"name": serial, "serial": serial, "model": MODEL})["id"] for serial in self.serials]
        accounts = in_threads(site, self.ids, lambda api, device: api.call("POST", f"/devices/{device}/account"), 64)
        first = accounts[0]
        self.adopted_by = site.folder / f"{name}.json"
        self.adopted_by.write_text(json.dumps({
            "group_id": first["group_id"], "host_id": site.api.get("/messaging/status")["host_id"], "tls_name": first["tls_name"],
            "ca_certificate": first["ca_certificate"], "broker_port": first["port"], "broker_hosts": ["127.0.0.1"],
            "accounts": [{"username": account["username"], "password": account["password"]} for account in accounts]}))
        self.process = None

    def start(self, works, *options):
        self.process = self.site.spawn(self.name, [
            self.site.program("muster-fleet"), str(self.count), "--no-mdns", "--no-sync", "--address", "127.0.0.1", "--rate", "0.01", "--keep", "16",
            "--model", MODEL, "--prefix", self.name, "--state-dir", str(self.site.folder / self.name), "--adopted-by", str(self.adopted_by),
            "--update-key", str(works.public), *map(str, options)])

    def count_tries(self, version):
        """How often each unit came up with VERSION on trial, as it says itself: {serial: times}."""
        tries = dict.fromkeys(self.serials, 0)
        for serial in re.findall(rf"(\S+): tries version {re.escape(version)}$", self.site.log_path(self.name).read_text(), re.M):
            tries[serial] += 1
        return tries


def is_drawn(seed, purpose, serial, part):
    """Whether a fleet's faults meet this unit: the same draw as `muster-fleet` makes."""
    return int(hashlib.sha256(f"{seed} {purpose} {serial}".encode()).hexdigest()[:8], 16) / 2 ** 32 < part


def await_online(site, count, timeout=120):
    wait_for(lambda: site.api.get("/devices/?live_state=online&limit=1")["total"] >= count, timeout, f"{count} nodes online", 0.2)


def count_updates(api, rollout, **where):
    query = "".join(f"&{name}={value}" for name, value in where.items())
    return api.get(f"/updates?rollout_id={rollout['id']}&limit=1{query}")["total"]


def list_updates(api, rollout):
    """All of its updates, page after page."""
    items, cursor = [], ""
    while cursor is not None:
        page = api.get(f"/updates?rollout_id={rollout['id']}&sort=id&limit=500{cursor}")
        items += page["items"]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    return items
