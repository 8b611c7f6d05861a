#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's SWUpdate against the daemon: updates that succeed, fail, bear a bad signature or are for other hardware; cancelling before and during
a download; going on with a broken one; soft ones; two at once; both kinds of token; TLS."""
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_ddi import Authority, Management  # noqa: E402
from muster_site import Site, free_port, wait_for  # noqa: E402

SKIP = 77
NEEDED = ("swupdate", "cpio", "openssl")
PATIENCE = 60
GATEWAY = "gateway-secret-2"


def run(*argv, **kwargs):
    subprocess.run(argv, check=True, capture_output=True, **kwargs)


def make_key(folder, name="sign"):
    """A signing key and its certificate, as SWUpdate wants them."""
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=signer", "-addext", "extendedKeyUsage=emailProtection,codeSigning",
        "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem"))


class Image:
    """A signed .swu whose payload goes to a file of its own."""

    def __init__(self, bench, name, size=64 * 1024, script=None, hardware="1.0", signer="sign"):
        folder = bench.folder / name
        folder.mkdir()
        self.target, self.payload = folder / "installed", os.urandom(size)
        name_of = "run.sh" if script else "payload.bin"
        (folder / name_of).write_bytes(script.encode() if script else self.payload)
        digest = hashlib.sha256((folder / name_of).read_bytes()).hexdigest()
        body = (f'scripts: ( {{ filename = "run.sh"; type = "shellscript"; sha256 = "{digest}"; }} );' if script else
                f'files: ( {{ filename = "payload.bin"; path = "{self.target}"; sha256 = "{digest}"; }} );')
        description = folder / "sw-description"
        description.write_text(f'software = {{\n  version = "1.0.1";\n  hardware-compatibility: [ "{hardware}" ];\n  {body}\n}}\n')
        run("openssl", "cms", "-sign", "-binary", "-nosmimecap", "-outform", "DER", "-md", "sha256", "-signer", str(bench.folder / f"{signer}.pem"),
            "-inkey", str(bench.folder / f"{signer}.key"), "-in", str(description), "-out", str(folder / "sw-description.sig"))
        packed = subprocess.run(["cpio", "-o", "-H", "crc", "--quiet"], input=f"sw-description\nsw-description.sig\n{name_of}\n".encode(), cwd=folder,
                                check=True, capture_output=True)
        self.data = packed.stdout

    @property
    def is_installed(self):
        return self.target.exists() and self.target.read_bytes() == self.payload


class SwUpdate:
    """One SWUpdate; its sockets stand in a folder of its own."""

    def __init__(self, bench, name, url, authorization, *more, options=()):
        self.folder = bench.folder / f"run-{name}-{time.monotonic_ns()}"
        self.folder.mkdir()
        self.log = open(self.folder / "log", "wb")
        argv = ["swupdate", "-v", "-H", "test:1.0", "-k", str(bench.folder / "sign.pem"), *options,
                "-u", " ".join(["-S", "hawkbit", "-t", "DEFAULT", "-i", name, "-u", url, *authorization, *more])]
        self.process = subprocess.Popen(argv, cwd=self.folder, env={**os.environ, "TMPDIR": str(self.folder)}, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                        start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)
            self.process.wait()
        self.log.close()

    @property
    def text(self):
        return (self.folder / "log").read_text(errors="replace")


class Valve:
    """Stands between a client and the daemon: lets so many bytes a second through, and may cut what goes through it."""

    def __init__(self, port):
        self.port, self.rate, self.cut_after = port, None, None
        self.server = socket.create_server(("127.0.0.1", 0))
        self.own_port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.server.accept()
            other = socket.create_connection(("127.0.0.1", self.port))
            for source, sink, is_answer in ((client, other, False), (other, client, True)):
                threading.Thread(target=self.pump, args=(source, sink, is_answer), daemon=True).start()

    def pump(self, source, sink, is_answer):
        passed = 0
        try:
            while data := source.recv(16384):
                sink.sendall(data)
                passed += len(data)
                if is_answer and self.cut_after is not None and passed > self.cut_after:
                    self.cut_after = None
                    break
                if is_answer and self.rate and passed > 16384:
                    time.sleep(len(data) / self.rate)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Bench:
    def __init__(self, site, port, https):
        self.site, self.port, self.https, self.count = site, port, https, 0
        self.folder = site.folder / "swupdate"
        self.folder.mkdir()
        make_key(self.folder)
        self.management = Management(port, "anyone", (site.folder / "data/token").read_text().strip())
        self.management.configure(pollingTime="00:00:01", authentication_gatewaytoken_enabled=True, authentication_gatewaytoken_key=GATEWAY)
        self.url = f"http://127.0.0.1:{port}"

    def give(self, image, **more):
        """A device that is given IMAGE: its name, how it is let in, and the action."""
        self.count += 1
        name = f"swu-{self.count}"
        self.management.make_target(name, securityToken=f"t-{name}")
        distribution, _ = self.management.make_set(f"set-{self.count}", "1.0.1", {"update.swu": image.data})
        return name, ["-k", f"t-{name}"], self.management.assign(distribution, name, **more)

    def wait_status(self, name, action, status):
        return wait_for(lambda: self.management.action(name, action)["detailStatus"] == status, PATIENCE, f"{name} to be {status}", 0.2)

    def messages(self, name, action):
        return "\n".join(message for row in self.management.statuses(name, action) for message in row["messages"])

    def wait_message(self, name, action, text):
        return wait_for(lambda: text in self.messages(name, action), PATIENCE, f"{name} to say {text!r}", 0.2)


def test_success(bench):
    """It installs, and says that it worked when it comes back."""
    image = Image(bench, "good")
    name, token, action = bench.give(image)
    with SwUpdate(bench, name, bench.url, token, "--identify", "serial", "4711") as client:
        bench.wait_message(name, action, "All Chunks Installed.")
        assert image.is_installed and bench.management.action(name, action)["active"], client.text[-3000:]
        wait_for(lambda: bench.management.get(f"targets/{name}/attributes").get("serial") == "4711", PATIENCE, "its attributes")
    with SwUpdate(bench, name, bench.url, token, "-c", "2"):
        bench.wait_status(name, action, "finished")
    assert bench.management.get(f"targets/{name}")["updateStatus"] == "in_sync"
    assert [row["type"] for row in bench.management.statuses(name, action)].count("retrieved") == 1


def expect_failure(bench, label, **image):
    made = Image(bench, label, **image)
    name, token, action = bench.give(made)
    with SwUpdate(bench, name, bench.url, token):
        bench.wait_status(name, action, "error")
    assert not made.is_installed and bench.messages(name, action), label


def test_failures(bench):
    expect_failure(bench, "script", script='#!/bin/sh\nprintf "\\033[1m\\001 \\374 said \\"no\\"\\n"\nexit 1\n')
    make_key(bench.folder, "stranger")
    expect_failure(bench, "signature", signer="stranger")
    expect_failure(bench, "hardware", hardware="9.9")


def test_reverted(bench):
    """It installs, and says that it failed when it comes back."""
    image = Image(bench, "reverts")
    name, token, action = bench.give(image)
    with SwUpdate(bench, name, bench.url, token):
        bench.wait_message(name, action, "All Chunks Installed.")
    with SwUpdate(bench, name, bench.url, token, "-c", "3"):
        bench.wait_status(name, action, "error")


def test_cancel_before(bench):
    image = Image(bench, "never")
    name, token, action = bench.give(image, type="soft")
    bench.management.exchange("GET", f"/DEFAULT/controller/v1/{name}/deploymentBase/{action}", headers={"Authorization": f"TargetToken {token[1]}"})
    bench.management.cancel(name, action)
    assert bench.management.action(name, action)["detailStatus"] == "canceling"
    with SwUpdate(bench, name, bench.url, token):
        bench.wait_status(name, action, "canceled")
    assert not image.is_installed


def test_cancel_during(bench):
    image = Image(bench, "slow", size=4 * 1024 * 1024)
    name, token, action = bench.give(image)
    valve = Valve(bench.port)
    valve.rate = 200_000
    with SwUpdate(bench, name, f"http://127.0.0.1:{valve.own_port}", token):
        wait_for(lambda: "download" in [row["type"] for row in bench.management.statuses(name, action)], PATIENCE, "the download", 0.2)
        bench.management.cancel(name, action)
        bench.wait_status(name, action, "canceled")
    assert not image.is_installed


def test_resume(bench):
    """A connection that breaks is gone on with where it broke."""
    image = Image(bench, "broken", size=2 * 1024 * 1024)
    name, token, action = bench.give(image)
    valve = Valve(bench.port)
    valve.cut_after = 1024 * 1024
    with SwUpdate(bench, name, f"http://127.0.0.1:{valve.own_port}", token, "-r", "5", "-w", "1"):
        bench.wait_message(name, action, "All Chunks Installed.")
    assert image.is_installed and valve.cut_after is None
    assert [row["type"] for row in bench.management.statuses(name, action)].count("download") == 1


def test_two_at_once(bench):
    """One softly, one by the gateway's token, side by side."""
    images = [Image(bench, f"pair-{n}") for n in range(2)]
    first, second = bench.give(images[0], type="soft"), bench.give(images[1])
    with SwUpdate(bench, first[0], bench.url, first[1]), SwUpdate(bench, second[0], bench.url, ["-g", GATEWAY]):
        for name, _, action in (first, second):
            bench.wait_message(name, action, "All Chunks Installed.")
    assert all(image.is_installed for image in images)


def test_nothing_to_skip(bench):
    """What is only to be downloaded is not told to one that would call it done."""
    image = Image(bench, "later")
    name, token, action = bench.give(image, type="downloadonly")
    with SwUpdate(bench, name, bench.url, token, "--identify", "poll", "yes"):
        wait_for(lambda: bench.management.get(f"targets/{name}/attributes").get("poll") == "yes", PATIENCE, "a poll")
        time.sleep(3)
    assert bench.management.action(name, action)["active"] and not image.is_installed


def install_by_tls(bench, label, make_members):
    """SWUpdate installs over HTTPS, let in by what MAKE_MEMBERS says for its name and token."""
    image = Image(bench, label)
    name, token, action = bench.give(image)
    config = bench.folder / f"{label}.cfg"
    config.write_text(f'globals : {{ verbose = true; }};\nsuricatta : {{ server = "hawkbit"; tenant = "DEFAULT"; id = "{name}"; url = "https://127.0.0.1:{bench.https}"; '
                      f'nocheckcert = false; cafile = "{bench.site.folder / "data/broker/authority.pem"}"; {make_members(name, token[1])} }};\n')
    with SwUpdate(bench, name, f"https://127.0.0.1:{bench.https}", [], options=("-f", str(config))) as client:
        try:
            bench.wait_message(name, action, "All Chunks Installed.")
        except TimeoutError:
            print(client.text[-3000:])
            raise
    assert image.is_installed


def test_tls(bench):
    """By its token, though it is asked for a certificate that it has not; and by its certificate alone."""
    authority = Authority(bench.folder, "fleet")
    bench.site.api.call("PUT", "/settings/ddi.client-authorities", {"value": str(authority.pem)})

    def by_certificate(name, token):
        certificate, key = authority.sign(name)
        return f'sslcert = "{certificate}"; sslkey = "{key}";'
    install_by_tls(bench, "private", lambda name, token: f'targettoken = "{token}";')
    install_by_tls(bench, "certified", by_certificate)
    bench.site.api.call("PUT", "/settings/ddi.client-authorities", {"value": None})


def main():
    missing = [program for program in NEEDED if shutil.which(program) is None]
    if missing:
        print(f"skipped: {', '.join(missing)} is not installed")
        return SKIP
    port, https = free_port(), free_port()
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns", "--listen-plain", f"127.0.0.1:{port}", "--listen", f"127.0.0.1:{https}")
        bench = Bench(site, port, https)
        tests = (test_success, test_failures, test_reverted, test_cancel_before, test_cancel_during, test_resume, test_two_at_once, test_nothing_to_skip, test_tls)
        for test in tests:
            if sys.argv[2:] and test.__name__ not in sys.argv[2:]:
                continue
            begin = time.monotonic()
            test(bench)
            print(f"ok {test.__name__} ({time.monotonic() - begin:.1f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
