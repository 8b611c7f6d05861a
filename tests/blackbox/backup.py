#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup taken while the daemon works, put back in another place: records, samples, attachments and a journal that still verifies."""
import json
import os
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site  # noqa: E402

SHEET = b"serial,name\n" + b"BK-1,Pump\n" * 4000


def fill(site):
    api = site.api
    device = api.post("/devices", {"name": "Pump", "serial": "BK-1"})
    for i in range(20):
        api.call("PUT", f"/devices/{device['id']}", {"notes": f"note {i}"})
    status, _, data = api.exchange("POST", f"/attachments?entity=device&entity_id={device['id']}&name=list.csv&purpose=document", SHEET, {"Content-Type": "text/csv"})
    assert status == 201, data
    token = api.call("POST", f"/devices/{device['id']}/token")["token"]
    api.call("POST", "/monitoring/data", {"device_id": device["id"], "timestamp": int(time.time() * 1000), "metrics": {"flow": 1.5}}, {"Authorization": f"Bearer {token}"})
    return device["id"], json.loads(data)["id"]


def restore(written, folder):
    """As musterd(8) says."""
    data = Path(folder) / "data"
    data.mkdir(parents=True, mode=0o700)
    shutil.copy(written["path"], data / "muster.db")
    shutil.copy(written["samples_path"], data / "samples.db")
    shutil.copytree(written["files_path"], data, dirs_exist_ok=True)
    os.chmod(data, 0o700)


def check_private(folder):
    for path in [folder, *folder.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        device, attachment = fill(site)
        path = site.folder / "copy.db"
        written = json.loads(site.ctl("--json", "backup", str(path)).stdout)
        assert written["files_path"] == str(site.folder / "copy-files"), written
        check_private(Path(written["files_path"]))
        assert (Path(written["files_path"]) / "keys/journal.key").read_bytes() == (site.folder / "data/keys/journal.key").read_bytes()
        before = site.api.get("/journal/verify")
        assert before["intact"], before
        site.api.call("PUT", f"/devices/{device}", {"name": "After the backup"})
        status, _, _ = site.api.exchange("POST", "/backup", {"path": str(path)})
        assert status == 409, status
        with Site(sys.argv[1]) as other:
            restore(written, other.folder)
            other.start_daemon("--no-mdns")
            after = other.api.get("/journal/verify")
            assert after["intact"] and after["head"] == before["head"] and after["checked"] == before["checked"], (before, after)
            assert "as it was written" in other.ctl("journal", "verify").stdout
            assert other.api.get(f"/devices/{device}")["name"] == "Pump"
            status, _, data = other.api.exchange("GET", f"/attachments/{attachment}/content")
            assert status == 200 and data == SHEET, status
            assert "1.5" in json.dumps(other.api.get(f"/monitoring/data/{device}")), "the samples are there"
            last = other.api.get("/journal/operations?entity=attachment")["items"][0]["sequence"]
            other.api.call("POST", f"/journal/{last}/undo")
            assert other.api.get("/journal/verify")["intact"]


main()
