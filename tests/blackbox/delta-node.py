#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates by difference of a real node: of an image that changed a little only a little is sent, an index that lies or is not there costs no more
than the whole file, and what the node says that it fetched is what went over the network."""
import hashlib
import os
import ssl
import struct
import sys
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import wait_for  # noqa: E402
from update_fleet import Fleet, FleetSite, Works, await_online, upload  # noqa: E402
from valve import Valve  # noqa: E402

HEADER, BLOCK, SIZE = 256, 1024, 1_000_000


def make_index(image, of=None):
    """As firmware/IMAGE.md has it; OF: the entries are of that image's blocks, whatever the head says."""
    blocks = (len(image) - HEADER) // BLOCK
    index = struct.pack("<4sHHIIII", b"MFX1", 1, 56, BLOCK, len(image), HEADER, blocks) + hashlib.sha256(image).digest()
    data = image if of is None else of.ljust(len(image), b"\0")
    for at in range(HEADER, HEADER + blocks * BLOCK, BLOCK):
        block = data[at:at + BLOCK]
        weak = sum(block) % 65536 + sum((BLOCK - i) * byte for i, byte in enumerate(block)) % 65536 * 65536
        index += struct.pack("<I", weak) + hashlib.sha256(block).digest()[:8]
    return index


def change(content):
    """What a developer does to a program: something is put in, something taken out, a table has other values."""
    content = content[:200_000] + os.urandom(300) + content[200_000:]
    content = content[:500_000] + content[500_700:]
    return content[:800_000] + bytes(b ^ 0x55 for b in content[800_000:800_040]) + content[800_040:]


class Bench:
    def __init__(self, site):
        self.site, self.api = site, site.api
        self.works = Works(site.build, site.folder)
        self.fleet = Fleet(site, "UNIT", 1)
        self.device = self.fleet.ids[0]
        self.valve = Valve(site.https_port)
        self.api.call("PUT", "/settings/firmware.base-uri", {"value": f"https://127.0.0.1:{self.valve.own_port}"})

    def index_path(self, artifact):
        return self.site.folder / "data/firmware" / artifact["sha256"][:2] / (artifact["sha256"] + ".index")

    def give(self, artifact):
        """Gives it, and waits until it is confirmed: the update, and how many bytes were sent for it."""
        before = self.valve.passed
        update = self.api.post("/updates", {"device_id": self.device, "artifact_id": artifact["id"], "confirm_within": 30})

        def is_confirmed():
            now = self.api.get(f"/updates/{update['id']}")
            assert now["status"] in ("waiting", "running", "confirmed"), now
            return now if now["status"] == "confirmed" else None

        done = wait_for(is_confirmed, 60, f"the end of {update['to_version']}")
        assert self.api.get(f"/devices/{self.device}")["firmware_version"] == update["to_version"]
        passed = self.valve.passed - before
        print(f"   {update['to_version']}: fetched {done['fetched']:,} of {done['size']:,}, sent {passed:,} with TLS")
        assert done["size"] == artifact["size"] and done["fetched"] <= passed <= done["fetched"] + 60_000, (done, passed)
        return done


def make(bench, version, content):
    data = bench.works.make(version, 0, content=content)
    return data, upload(bench.api, data)


def check_difference(bench, content):
    """The first version shares nothing with what the factory put in; the second is the first, changed."""
    first, artifact = make(bench, "1.1.0", content)
    whole = bench.give(artifact)
    assert artifact["size"] <= whole["fetched"] <= artifact["size"] + 15_000, whole
    changed = change(content)
    second, artifact = make(bench, "1.2.0", changed)
    small = bench.give(artifact)
    assert small["fetched"] < artifact["size"] * 0.03, small
    assert bench.index_path(artifact).read_bytes() == make_index(second), "the daemon's index is another than the one that is described"
    return second, changed


def check_index_address(bench):
    """An index is had by its update's secret, in ranges, and by nothing else."""
    data, artifact = make(bench, "8.0.0", os.urandom(50_000))
    context = ssl.create_default_context(cafile=bench.site.folder / "data/tls/authority.pem")
    context.check_hostname = False
    for path in ("/firmware/download/guessed/index", f"/firmware/download/{artifact['sha256']}/index", f"/firmware/{artifact['id']}/content"):
        try:
            urllib.request.urlopen(f"https://127.0.0.1:{bench.site.https_port}{path}", timeout=20, context=context)
        except urllib.error.HTTPError as error:
            assert error.code in (401, 404), (path, error.code)
        else:
            raise AssertionError(f"{path} is given to anybody")


def check_lying(bench, before, content):
    """It says that all blocks are as they were: the node copies them, finds that it was lied to, and fetches the whole file."""
    changed = change(content)
    data, artifact = make(bench, "1.3.0", changed)
    path = bench.index_path(artifact)
    path.write_bytes(make_index(data, of=before))
    assert path.stat().st_size == len(make_index(data)), "of another size it would be made anew"
    done = bench.give(artifact)
    assert artifact["size"] < done["fetched"] < artifact["size"] * 1.1, done
    return changed


def check_absent(bench, content):
    """What cannot be made is not told of."""
    changed = change(content)
    _, artifact = make(bench, "1.4.0", changed)
    bench.index_path(artifact).mkdir()
    done = bench.give(artifact)
    assert done["fetched"] == artifact["size"], done
    assert "told of no index" in bench.site.log_path("musterd").read_text()
    return changed


def check_killed(bench, works, content):
    """Killed on the way, it begins again with what is behind its last mark, and by difference still."""
    _, artifact = make(bench, "1.5.0", change(content))
    bench.valve.rate = 30_000
    before = bench.valve.passed
    update = bench.api.post("/updates", {"device_id": bench.device, "artifact_id": artifact["id"]})
    wait_for(lambda: bench.valve.passed > before + 8_000, 30, "the first bytes")
    bench.fleet.process.kill()
    bench.fleet.process.wait()
    bench.valve.rate = None
    bench.fleet.start(works)
    done = wait_for(lambda: (now := bench.api.get(f"/updates/{update['id']}"))["status"] == "confirmed" and now, 60, "the end")
    assert bench.valve.passed - before < artifact["size"] * 0.15 and done["fetched"] < artifact["size"] * 0.06, (done, bench.valve.passed - before)


def main():
    with FleetSite(sys.argv[1]) as site:
        site.start()
        bench = Bench(site)
        bench.fleet.start(bench.works)
        await_online(site, 1)
        second, content = check_difference(bench, os.urandom(SIZE))
        check_index_address(bench)
        content = check_lying(bench, second, content)
        content = check_absent(bench, content)
        check_killed(bench, bench.works, content)


if __name__ == "__main__":
    main()
