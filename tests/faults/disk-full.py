#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A full disk is told as such and leaves nothing half done; with space again, everything goes on, boards at cables too, which wait for it
without working. A damaged, foreign or newer database is refused with the way back, and the backup restores it."""
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, wait_for  # noqa: E402


class SmallSite(Site):
    """Its data lie on a file system of SIZE bytes, seen by the daemon alone."""

    def __init__(self, build, size):
        super().__init__(build)
        self.size = size
        (self.folder / "data").mkdir()

    def spawn(self, name, argv, env=None):
        if name == "musterd":
            script = f"mount -t tmpfs -o size={self.size},mode=0700 none {self.folder}/data && exec \"$@\""
            argv = ["unshare", "--mount", "sh", "-c", script, "sh", *argv]
        return super().spawn(name, argv, env)

    @property
    def data(self):
        return Path(f"/proc/{self.daemon.pid}/root{self.folder}/data")


def post_samples(site, device, start):
    items = [{"metric": f"m{i % 5}", "device_id": device, "value": f"{'x' * 200}{i}", "timestamp": 1_700_000_000_000 + start + i} for i in range(2000)]
    return site.api.post("/monitoring/data", {"items": items})


def refusal(call):
    try:
        call()
    except ApiError as error:
        return error
    raise AssertionError("was not refused")


def fill_and_empty(build):
    with SmallSite(build, "24m") as site:
        site.start_daemon("--no-mdns")
        device = site.api.post("/devices/", {"name": "Meter"})["id"]
        ballast = site.data / "ballast"
        stored, error = post_samples(site, device, 20_000_000)["stored"], None
        with open(ballast, "wb") as file:
            try:
                while True:
                    file.write(b"x" * 65536)
                    file.flush()
            except OSError:
                pass
        for turn in range(100):
            try:
                stored += post_samples(site, device, turn * 2000)["stored"]
            except ApiError as caught:
                error = caught
                break
        assert error is not None and error.status == 507, f"samples on a full disk: {error}"
        assert "space" in error.body["detail"], error.body
        refused = refusal(lambda: [site.api.post("/devices/", {"name": f"Device {i}", "notes": "n" * 9000}) for i in range(2000)])
        assert refused.status == 507 and "space" in refused.body["detail"], refused
        count = site.api.get("/devices/?limit=1")["total"]
        assert site.api.exchange("GET", "/health/live")[0] == 200
        ready = site.api.call("GET", "/health/ready")
        assert "space" in str(ready), f"/health/ready says nothing of the full disk: {ready}"
        ballast.unlink()
        wait_for(lambda: post_samples(site, device, 10_000_000)["stored"] == 2000, 10, "storing again")
        site.api.post("/devices/", {"name": "After"})
        assert site.api.get("/devices/?limit=1")["total"] == count + 1
        assert site.api.get("/monitoring/stats")["samples"] == stored + 2000
        print(f"disk full: 507 for samples and records, then on: {stored} + 2000 samples, {count + 1} devices")


FLASH_TOOL = Path(__file__).resolve().parents[1] / "lib/fake_flash_tool.py"


def upload(api, data):
    made = api.post("/firmware/uploads", {"file_name": "board.bin", "size": len(data)})["id"]
    api.call("PUT", f"/firmware/uploads/{made}/content?offset=0", data, {"Content-Type": "application/octet-stream"})
    return api.post(f"/firmware/uploads/{made}/finish", {"name": "board", "version": "1"})["id"]


def fill(site, ballast):
    """To the last byte: what the database still had room for is used as well."""
    with open(ballast, "wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass
    refused = refusal(lambda: [site.api.post("/devices/", {"name": f"Filler {i}"}) for i in range(20000)])
    assert refused.status == 507, refused


def boards_wait(build):
    with SmallSite(build, "24m") as site:
        site.start_daemon("--no-mdns")
        site.api.call("PUT", "/settings/flash.esptool", {"value": str(FLASH_TOOL)})
        site.api.call("PUT", "/settings/flash.parallel", {"value": 1})
        ports = [str(site.folder / name) for name in ("stopped", "next")]
        Path(f"{ports[0]}.fault").write_text("hang")
        batch = site.api.post("/flash-batches", {"name": "Full", "artifact_id": upload(site.api, b"firmware"), "tool": "esptool", "part": "esp32c3", "ports": ports})["id"]
        calls = Path(f"{ports[0]}.calls")
        wait_for(lambda: calls.exists() and calls.read_text().endswith("\n"), 10, "the tool's start")
        ballast = site.data / "ballast"
        fill(site, ballast)
        before = len(site.log_path("musterd").read_text().splitlines())
        os.kill(int(calls.read_text().split()[2]), signal.SIGKILL)
        time.sleep(4)
        assert refusal(lambda: site.api.post("/devices/", {"name": "None"})).status == 507
        said = site.log_path("musterd").read_text().splitlines()[before:]
        assert len([line for line in said if "space" in line and ports[0] in line]) == 1 and len(said) < 10, f"{len(said)} lines: {said[:5]}"
        ballast.unlink()
        runs = wait_for(lambda: [row for row in site.api.get(f"/flash-runs?batch_id={batch}&sort=number")["items"] if row["status"] in ("failed", "done")][1:] and site.api.get(f"/flash-runs?batch_id={batch}&sort=number")["items"], 30, "the boards' ends")
        assert [run["status"] for run in runs] == ["failed", "done"], runs
        assert not list((site.data / "flash").glob("*.bin"))
        print("disk full: a board's end is kept until it can be written down, said once, and the next board has its turn then")


def refused_start(site, *words):
    log = site.log_path("musterd")
    before = log.read_text()
    daemon = site.start_daemon("--no-mdns", wait=False)
    assert daemon.wait(20) == 1, "started on a database that is no good"
    said = log.read_text()[len(before):]
    for word in words:
        assert word in said, f"{word!r} is missing in: {said}"
    return said.strip().splitlines()[-1]


def damage(build):
    with Site(build) as site:
        site.start_daemon("--no-mdns")
        device = site.api.post("/devices/", {"name": "Kept", "notes": "n" * 5000})["id"]
        for i in range(200):
            site.api.post("/devices/", {"name": f"Device {i}", "notes": "n" * 2000})
        backup = site.folder / "backup.db"
        site.api.post("/backup", {"path": str(backup)})
        assert site.stop_daemon() == 0
        database = site.folder / "data" / "muster.db"
        whole = database.read_bytes()

        database.write_bytes(b"this is no database at all, not even a little" * 100)
        print("foreign:  ", refused_start(site, "muster.db", "backup"))
        page = bytearray(whole)
        for offset in range(4096 * 3, len(page) - 4096, 4096 * 2):
            page[offset:offset + 512] = b"\xff" * 512
        database.write_bytes(page)
        print("damaged:  ", refused_start(site, "muster.db", "backup"))
        database.write_bytes(whole)
        connection = sqlite3.connect(database)
        connection.execute("PRAGMA user_version = 9999")
        connection.close()
        print("newer:    ", refused_start(site, "newer version"))

        shutil.copy(backup, database)
        for leftover in ("muster.db-wal", "muster.db-shm"):
            (site.folder / "data" / leftover).unlink(missing_ok=True)
        site.start_daemon("--no-mdns")
        assert site.api.get(f"/devices/{device}")["name"] == "Kept"
        assert site.api.get("/devices/?limit=1")["total"] == 201
        print("restored from the backup: 201 devices")
        assert site.stop_daemon(signal.SIGTERM) == 0


def main():
    probe = subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False)
    if probe.returncode != 0:
        print("mounting is not allowed here")
        return 77
    fill_and_empty(sys.argv[1])
    boards_wait(sys.argv[1])
    damage(sys.argv[1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
