#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's SWUpdate updates by difference from the daemon: an image that changed a little, of which only the changed chunks are sent, by an address
that holds nothing but the hash of the file of zchunk; and the artifact that waits until that file is there."""
import hashlib
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, free_port, wait_for  # noqa: E402
from swupdate_bench import NEEDED, SKIP, Bench, Image, SwUpdate, pack, run, skip_without  # noqa: E402
from update_fleet import upload  # noqa: E402
from valve import Valve  # noqa: E402

SIZE = 3 * 1024 * 1024


class DeltaImage:
    """A .swu that has only the header of a file of zchunk, and that file; it goes over an older image, which stands in OLD."""

    def __init__(self, bench, name, address):
        folder = bench.folder / name
        folder.mkdir()
        old, self.target, new, chunks = folder / "old.img", folder / "target.img", folder / "new.img", folder / "new.zck"
        before = os.urandom(SIZE)
        self.content = before[:900_000] + os.urandom(5_000) + before[900_000:2_000_000] + before[2_003_000:]
        old.write_bytes(before)
        new.write_bytes(self.content)
        self.target.write_bytes(bytes(len(self.content)))
        run("zck", "--output", str(chunks), "-u", "--chunk-hash-type", "sha256", str(new))
        said = subprocess.run(["zck_read_header", "-v", str(chunks)], check=True, capture_output=True, text=True).stdout
        self.chunks = chunks.read_bytes()
        header = self.chunks[:int(re.search(r"Header size:\s*(\d+)", said)[1])]
        (folder / "root.header").write_bytes(header)
        self.sha256 = hashlib.sha256(self.chunks).hexdigest()
        self.swu = pack(folder, f'images: ( {{ filename = "root.header"; type = "delta"; device = "{self.target}"; sha256 = "{hashlib.sha256(header).hexdigest()}"; '
                        f'properties: {{ url = "{address}/firmware/chunks/{self.sha256}"; chain = "raw"; source = "{old}"; max-ranges = "150"; zckloglevel = "error"; }}; }} );',
                        "root.header", bench.folder / "sign")

    @property
    def is_installed(self):
        return self.target.read_bytes() == self.content


def ask(bench, sha256, ranges=None):
    """(status, content type, bytes), of one who shows nothing."""
    request = urllib.request.Request(f"{bench.url}/firmware/chunks/{sha256}", headers={"Range": f"bytes={ranges}"} if ranges else {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, None, error.read()


def refused(call, status, words):
    try:
        call()
    except ApiError as error:
        assert error.status == status and words in str(error.body), error
    else:
        raise AssertionError(f"it is done: {words}")


def check_records(bench):
    """The update waits as a draft for its chunks, takes them by their hash, whoever brings them, and is a draft again without."""
    api, image = bench.site.api, DeltaImage(bench, "records", bench.url)
    refused(lambda: upload(api, image.chunks, "new.zck"), 409, image.sha256)
    artifact = upload(api, image.swu, "update.swu", {"name": "gateway"})
    assert artifact["status"] == "draft" and artifact["format"] == "swu" and artifact["manifest"]["chunks"] == [image.sha256], artifact
    device = api.post("/devices/", {"name": "by-hand"})
    refused(lambda: api.post("/updates", {"device_id": device["id"], "artifact_id": artifact["id"]}), 409, "draft")
    assert ask(bench, image.sha256)[0] == 404, "before it is there"
    ready = upload(api, image.chunks, "new.zck")
    assert (ready["id"], ready["status"], ready["file_name"]) == (artifact["id"], "ready", "update.swu"), ready
    files = api.get(f"/firmware/{artifact['id']}/files")["items"]
    assert sorted(file["name"] for file in files) == ["new.zck", "update.swu"], files
    assert ask(bench, image.sha256)[::2] == (200, image.chunks)
    status, kind, body = ask(bench, image.sha256, "0-4,1000-1999,5000-5000")
    assert status == 206 and kind.startswith("multipart/byteranges; boundary=") and image.chunks[1000:2000] in body and len(body) < 2_000, (status, kind)
    for other in (hashlib.sha256(image.swu).hexdigest(), "0" * 64, "x", image.sha256.upper()):
        assert ask(bench, other)[0] == 404, other
    api.call("POST", f"/firmware/{artifact['id']}/withdraw")
    assert ask(bench, image.sha256)[0] == 404, "what is withdrawn is given to nobody"
    assert api.call("POST", f"/firmware/{artifact['id']}/restore")["status"] == "ready"


def check_update(bench, label, chunks_first, https=None):
    """Real chunks to a real client: far fewer bytes than the image has, and the same image in the end."""
    valve = Valve(https or bench.port)
    image = DeltaImage(bench, label, f"{'https' if https else 'http'}://127.0.0.1:{valve.own_port}")
    files = {"update.swu": image.swu, "new.zck": image.chunks}
    name, token, action = bench.give_files(dict(reversed(files.items())) if chunks_first else files)
    options = ()
    if https:
        config = bench.folder / "delta.cfg"
        config.write_text(f'globals : {{ verbose = true; }};\ndelta : {{ cafile = "{bench.site.folder}/data/broker/authority.pem"; }};\n')
        options = ("-f", str(config))
    with SwUpdate(bench, name, bench.url, token, options=options) as client:
        try:
            bench.wait_message(name, action, "All Chunks Installed.")
            # its writer may have the last piece in hand still when it says so
            wait_for(lambda: image.is_installed, 20, "the image that was made")
        except TimeoutError:
            print(client.text[-4000:], [at for at in range(0, len(image.content), 4096) if image.target.read_bytes()[at:at + 4096] != image.content[at:at + 4096]])
            raise
    print(f"   {label}: {valve.passed:,} bytes of chunks for an image of {len(image.content):,}")
    assert valve.passed < len(image.content) * 0.25, valve.passed


def check_damaged(bench):
    """What is not what its address says is found out by the client, chunk by chunk."""
    valve = Valve(bench.port)
    image = DeltaImage(bench, "damaged", f"http://127.0.0.1:{valve.own_port}")
    name, token, action = bench.give_files({"update.swu": image.swu, "new.zck": image.chunks})
    path = next((bench.site.folder / "data/firmware").rglob(image.sha256))
    data = bytearray(path.read_bytes())
    at = data.index(image.content[900_500:900_600])
    data[at + 50] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    with SwUpdate(bench, name, bench.url, token):
        bench.wait_status(name, action, "error")


def check_nothing_else_is_given(bench):
    """The address gives files of zchunk alone, though an update that somebody signs may name any hash."""
    image = Image(bench, "plain")
    whole = hashlib.sha256(image.data).hexdigest()
    bench.management.make_set("plain", "1", {"update.swu": image.data})
    assert ask(bench, whole)[0] == 404
    folder = bench.folder / "naming"
    folder.mkdir()
    (folder / "x").write_bytes(b"x")
    naming = pack(folder, f'images: ( {{ filename = "x"; type = "delta"; sha256 = "{hashlib.sha256(b"x").hexdigest()}"; properties: {{ url = "{bench.url}/firmware/chunks/{whole}"; }}; }} );',
                  "x", bench.folder / "sign")
    made = upload(bench.site.api, naming, "naming.swu", {"name": "naming"})
    assert made["status"] == "ready" and ask(bench, whole)[0] == 404, json.dumps(made)


def main():
    if skip_without(*NEEDED, "zck", "zck_read_header"):
        return SKIP
    port, https = free_port(), free_port()
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns", "--listen-plain", f"127.0.0.1:{port}", "--listen", f"127.0.0.1:{https}")
        bench = Bench(site, port, https)
        check_records(bench)
        check_update(bench, "update-first", False)
        check_update(bench, "chunks-first", True)
        check_update(bench, "over-tls", False, https)
        check_damaged(bench)
        check_nothing_else_is_given(bench)
    return 0


if __name__ == "__main__":
    sys.exit(main())
