#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's RAUC against the daemon: an update client as rauc-hawkbit-updater is one asks over DDI, downloads in ranges over a connection that
breaks, lets `rauc install` do it and says what came of it; a bundle of somebody else, one for other hardware and one that was damaged on the
way fail; and RAUC itself reads and installs over HTTP where the kernel lets it."""
import hashlib
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_ddi import Client, Management, path_of  # noqa: E402
from muster_site import Site, free_port, wait_for  # noqa: E402

SKIP = 77
NEEDED = ("rauc", "mksquashfs", "openssl", "dbus-run-session", "losetup")
PIECE = 40_000
KERNEL_LACKS = ("BLK_DEV_NBD not enabled in kernel", "device-mapper", "/dev/mapper/control")
BOOT = """#!/bin/sh
# Which slot is started, in files: what a boot loader keeps.
state=$(dirname "$0")/boot
mkdir -p "$state"
case "$1" in
get-primary) cat "$state/primary" 2>/dev/null || echo A ;;
set-primary) echo "$2" >"$state/primary" ;;
get-state) cat "$state/state-$2" 2>/dev/null || echo good ;;
set-state) echo "$3" >"$state/state-$2" ;;
get-current) echo A ;;
*) exit 1 ;;
esac
"""


def run(*argv, **kwargs):
    return subprocess.run([str(arg) for arg in argv], check=True, capture_output=True, **kwargs).stdout


def make_signer(folder, name):
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", f"/CN={name}", "-keyout", folder / f"{name}.key",
        "-out", folder / f"{name}.pem")


def make_bundle(folder, name, signer="maker", compatible="Test board", form="plain"):
    """A signed bundle of one file for the slot: its bytes, and those of the file."""
    content, path, payload = folder / f"content-{name}", folder / f"{name}.raucb", os.urandom(150_000)
    content.mkdir()
    (content / "root.img").write_bytes(payload)
    (content / "manifest.raucm").write_text(f"[update]\ncompatible={compatible}\nversion=7.1\n\n[bundle]\nformat={form}\n\n[image.rootfs]\nfilename=root.img\n")
    run("rauc", f"--cert={folder / signer}.pem", f"--key={folder / signer}.key", "bundle", content, path)
    return path.read_bytes(), payload


class Board:
    """A device with two slots, which are plain files, and RAUC's service on a message bus of its own, beside the keys in ABOVE."""

    def __init__(self, above):
        folder = self.folder = above / "board"
        folder.mkdir()
        self.slots = [folder / "slot-a", folder / "slot-b"]
        for slot in self.slots:
            slot.write_bytes(bytes(200_000))
        boot = folder / "boot.sh"
        boot.write_text(BOOT)
        boot.chmod(0o755)
        (folder / "data").mkdir()
        self.config = folder / "system.conf"
        self.config.write_text(f"[system]\ncompatible=Test board\nbootloader=custom\ndata-directory={folder}/data\nbundle-formats=plain verity\n\n"
                               f"[handlers]\nbootloader-custom-backend={boot}\n\n[keyring]\npath={above}/maker.pem\n\n"
                               f"[slot.rootfs.0]\ndevice={self.slots[0]}\ntype=raw\nbootname=A\n\n[slot.rootfs.1]\ndevice={self.slots[1]}\ntype=raw\nbootname=B\n")

    def __enter__(self):
        script = ('export DBUS_STARTER_BUS_TYPE=session\necho "$DBUS_SESSION_BUS_ADDRESS" >"$1/bus"\n'
                  'exec rauc --conf="$1/system.conf" --mount="$1/mnt" --override-boot-slot=A service')
        self.log = open(self.folder / "service.log", "wb")
        self.process = subprocess.Popen(["dbus-run-session", "--", "sh", "-c", script, "sh", str(self.folder)], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        wait_for(lambda: (self.folder / "bus").exists(), 20, "RAUC's bus")
        self.env = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": (self.folder / "bus").read_text().strip(), "DBUS_STARTER_BUS_TYPE": "session"}
        wait_for(lambda: self.rauc("status").returncode == 0, 20, "RAUC's service", 0.2)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()

    def rauc(self, *argv):
        return subprocess.run(["rauc", f"--conf={self.config}", *[str(arg) for arg in argv]], env=self.env, capture_output=True, text=True, timeout=60, check=False)

    def has_installed(self, payload):
        return self.slots[1].read_bytes()[:len(payload)] == payload

    @property
    def said(self):
        return (self.folder / "service.log").read_text(errors="replace")


class Updater(Client):
    """What rauc-hawkbit-updater does with what it is told."""

    def __init__(self, board, port, name, token):
        super().__init__(port, name, f"TargetToken {token}")
        self.board = board

    def download(self, artifact, spoil=False):
        """In pieces, each over a connection of its own, as one that always breaks; the file, with what it says checked."""
        path, got = self.board.folder / artifact["filename"], b""
        target = path_of(artifact["_links"]["download-http"]["href"])
        while len(got) < artifact["size"]:
            status, headers, data = read_some(self.port, target, {**self.headers, "Range": f"bytes={len(got)}-"})
            assert status == 206 and headers["Content-Range"] == f"bytes {len(got)}-{artifact['size'] - 1}/{artifact['size']}", (status, headers)
            got += data
        assert len(got) == artifact["size"] and hashlib.sha1(got).hexdigest() == artifact["hashes"]["sha1"], artifact
        if spoil:
            got = got[:60_000] + bytes([got[60_000] ^ 1]) + got[60_001:]
        path.write_bytes(got)
        return path

    def update(self, spoil=False):
        """One round: whether it installed what it was given."""
        link = self.links()["deploymentBase"]
        answer = self.ask("GET", link)
        action, artifact = answer["id"], answer["deployment"]["chunks"][0]["artifacts"][0]
        self.feedback(action, "proceeding", details=["Downloading"])
        path = self.download(artifact, spoil)
        self.feedback(action, "download", details=["File checksum OK."])
        installed = self.board.rauc("install", path)
        self.feedback(action, "closed", "success" if installed.returncode == 0 else "failure", details=[(installed.stdout + installed.stderr)[-500:]])
        return installed


def read_some(port, target, headers):
    """(status, headers, bytes): the beginning of an answer whose connection is then cut."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", target, headers=headers)
    answer = connection.getresponse()
    result = answer.status, dict(answer.getheaders()), answer.read(PIECE)
    connection.close()
    return result


class Bench:
    def __init__(self, site, port):
        self.site, self.port, self.count = site, port, 0
        self.folder = Path(tempfile.mkdtemp(prefix="rauc-", dir=site.folder))
        for name in ("maker", "stranger"):
            make_signer(self.folder, name)
        self.management = Management(port, "anyone", (site.folder / "data/token").read_text().strip())
        self.management.configure(pollingTime="00:00:01")

    def give(self, board, bundle):
        """An updater that is given BUNDLE, and the action."""
        self.count += 1
        name = f"rauc-{self.count}"
        self.management.make_target(name, securityToken=f"t-{name}")
        distribution, _ = self.management.make_set(f"set-{self.count}", "7.1", {"update.raucb": bundle})
        action = self.management.assign(distribution, name)
        return Updater(board, self.port, name, f"t-{name}"), name, action

    def status(self, name, action):
        return self.management.action(name, action)["detailStatus"]


def test_success(bench, board):
    bundle, payload = make_bundle(bench.folder, "good")
    updater, name, action = bench.give(board, bundle)
    installed = updater.update()
    assert installed.returncode == 0 and board.has_installed(payload), (installed, board.said[-3000:])
    assert bench.status(name, action) == "finished" and bench.management.get(f"targets/{name}")["updateStatus"] == "in_sync"
    assert "deploymentBase" not in updater.links()
    assert (board.folder / "boot/primary").read_text() == "B\n", "the boot loader was told"


def test_failures(bench, board):
    """Nothing of what is refused gets into the slot, and the action says so."""
    before = board.slots[1].read_bytes()
    for label, spoil, word, more in (("foreign", False, "signature verification failed", {"signer": "stranger"}), ("wrong", False, "Compatible mismatch", {"compatible": "Other board"}),
                                     ("damaged", True, "signature verification failed", {})):
        bundle, _ = make_bundle(bench.folder, label, **more)
        updater, name, action = bench.give(board, bundle)
        installed = updater.update(spoil)
        assert installed.returncode != 0 and word in installed.stdout, (label, installed, board.said[-2000:])
        assert bench.status(name, action) == "error" and board.slots[1].read_bytes() == before, label
        assert bench.management.get(f"targets/{name}")["updateStatus"] == "error", label


def test_streaming(bench, board):
    """RAUC itself over HTTP: it reads a bundle's ends in ranges and checks the signature; installing from there takes what not every kernel has."""
    bundle, payload = make_bundle(bench.folder, "streamed", form="verity")
    updater, name, action = bench.give(board, bundle)
    link = updater.ask("GET", updater.links()["deploymentBase"])["deployment"]["chunks"][0]["artifacts"][0]["_links"]["download-http"]["href"]
    header = f"--http-header=Authorization: {updater.headers['Authorization']}"
    told = board.rauc("info", header, link)
    assert told.returncode == 0 and "CN = maker" in told.stdout and hashlib.sha256(payload).hexdigest() in told.stdout, told
    assert board.rauc("info", "--http-header=Authorization: TargetToken other", link).returncode != 0
    assert [row["type"] for row in bench.management.statuses(name, action)].count("download") == 0, "ranges are no download"
    streamed = board.rauc("install", header, link)
    text = streamed.stdout + streamed.stderr
    if streamed.returncode != 0:
        lacks = next((words for words in KERNEL_LACKS if words in text), None)
        assert lacks and "Verifying signature done" in text and "Checking bundle done" in text, (text, board.said[-3000:])
        print(f"skipped: installing by `rauc install http://…` ({lacks}); it got as far as to mount it", flush=True)
        return
    assert board.has_installed(payload), text


def why_not():
    """The reason for which RAUC cannot install a plain bundle here, or None."""
    missing = [program for program in NEEDED if shutil.which(program) is None]
    if missing:
        return f"{', '.join(missing)} is not installed"
    if os.getuid() != 0:
        return "RAUC mounts bundles, which takes root"
    found = subprocess.run(["losetup", "--find"], capture_output=True, text=True, check=False)
    return f"no loop device to mount a bundle by: {found.stderr.strip()}" if found.returncode != 0 else None


def main():
    reason = why_not()
    if reason:
        print(f"skipped: {reason}")
        return SKIP
    port = free_port()
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns", "--listen-plain", f"127.0.0.1:{port}")
        bench = Bench(site, port)
        with Board(bench.folder) as board:
            for test in (test_success, test_failures, test_streaming):
                begin = time.monotonic()
                test(bench, board)
                print(f"ok {test.__name__} ({time.monotonic() - begin:.1f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
