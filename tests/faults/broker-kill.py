#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of the broker, and a restart of Avahi: everything returns by itself, and no device is called offline for the broker's sake."""
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site, wait_for  # noqa: E402

NODES = 5


def children(pid, name):
    found = subprocess.run(["pgrep", "-P", str(pid), "-x", name], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def online(site):
    return site.api.get("/devices/?live_state=online&limit=1")["total"]


def samples(site):
    return site.api.get("/monitoring/stats")["samples"]


def adopt_all(site, labels):
    for label in labels:
        site.api.post("/discovery/addresses", {"address": label["pairing"]})
    secrets = {label["serial"]: label["secret"] for label in labels}

    def adopt():
        for candidate in site.api.get("/discovery/?limit=1000")["items"]:
            if candidate["pairable"] and candidate["state"] != "adopted" and candidate["serial"] in secrets:
                site.api.post(f"/discovery/{candidate['key']}/adopt", {"secret": secrets[candidate["serial"]]})
        return site.api.get("/devices/?adoption=adopted&limit=1")["total"] == len(labels)

    wait_for(adopt, 30, "adoption")
    wait_for(lambda: online(site) == len(labels), 20, "every node online")


def kill_broker(site):
    (broker,) = children(site.daemon.pid, "mosquitto")
    begin = time.monotonic()
    os.kill(broker, signal.SIGKILL)
    wait_for(lambda: children(site.daemon.pid, "mosquitto") not in ([], [broker]), 15, "a new broker")
    back = time.monotonic() - begin
    offline = site.api.get("/devices/?live_state=offline&limit=1")["total"]
    assert offline == 0, f"{offline} devices are called offline because the broker went away"
    before = samples(site)
    wait_for(lambda: samples(site) > before + 10 * NODES, 30, "samples after the broker's return")
    wait_for(lambda: online(site) == NODES, 30, "every node online again")
    print(f"broker killed: a new one after {back:.2f} s, samples and nodes back after {time.monotonic() - begin:.2f} s")


def restart_avahi(site):
    avahi = site.processes[0]
    avahi.kill()
    avahi.wait()
    (site.folder / "avahi-running").unlink()
    begin = time.monotonic()
    wait_for(lambda: site.api.get("/discovery/status")["trouble"], 15, "a word about the missing Avahi")
    before = samples(site)
    wait_for(lambda: samples(site) > before, 10, "samples while Avahi is away")
    assert site.start_avahi(), "avahi-daemon did not start again"
    wait_for(lambda: site.api.get("/discovery/status")["available"], 40, "discovery after Avahi's return")
    print(f"Avahi restarted: said so, went on, and recovered after {time.monotonic() - begin:.2f} s")


def main():
    with Site(sys.argv[1]) as site:
        has_avahi = site.start_avahi()
        site.start_daemon(*([] if has_avahi else ["--no-mdns"]))
        labels = site.start_fleet(NODES, "--rate", "5", "--no-mdns")
        adopt_all(site, labels)
        for _ in range(3):
            kill_broker(site)
        if has_avahi:
            restart_avahi(site)
        else:
            print("FAILED: avahi-daemon does not run here")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
