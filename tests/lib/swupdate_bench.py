# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's SWUpdate, what it installs, and a site that gives it to it."""
import hashlib
import os
import shutil
import subprocess
import time

from muster_ddi import Management
from muster_site import wait_for

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


def pack(folder, body, name, signer, hardware="1.0"):
    """The bytes of a .swu with the file NAME of FOLDER, described by BODY."""
    description = folder / "sw-description"
    description.write_text(f'software = {{\n  version = "1.0.1";\n  hardware-compatibility: [ "{hardware}" ];\n  {body}\n}}\n')
    run("openssl", "cms", "-sign", "-binary", "-nosmimecap", "-outform", "DER", "-md", "sha256", "-signer", f"{signer}.pem", "-inkey", f"{signer}.key",
        "-in", str(description), "-out", str(folder / "sw-description.sig"))
    packed = subprocess.run(["cpio", "-o", "-H", "crc", "--quiet"], input=f"sw-description\nsw-description.sig\n{name}\n".encode(), cwd=folder,
                            check=True, capture_output=True)
    return packed.stdout


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
        self.data = pack(folder, body, name_of, bench.folder / signer, hardware)

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
        return self.give_files({"update.swu": image.data}, **more)

    def give_files(self, files, **more):
        self.count += 1
        name = f"swu-{self.count}"
        self.management.make_target(name, securityToken=f"t-{name}")
        distribution, _ = self.management.make_set(f"set-{self.count}", "1.0.1", files)
        return name, ["-k", f"t-{name}"], self.management.assign(distribution, name, **more)

    def wait_status(self, name, action, status):
        return wait_for(lambda: self.management.action(name, action)["detailStatus"] == status, PATIENCE, f"{name} to be {status}", 0.2)

    def messages(self, name, action):
        return "\n".join(message for row in self.management.statuses(name, action) for message in row["messages"])

    def wait_message(self, name, action, text):
        return wait_for(lambda: text in self.messages(name, action), PATIENCE, f"{name} to say {text!r}", 0.2)


def skip_without(*programs):
    """77, which says that the test was skipped, where one of PROGRAMS is not installed; 0."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        print(f"skipped: {', '.join(missing)} is not installed")
    return SKIP if missing else 0
