# SPDX-License-Identifier: GPL-3.0-or-later
"""What the end-to-end tests stand on: a site on the host "console", devices on the host "device", a window, and steps that are told."""
import contextlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site  # noqa: E402
from window import Window  # noqa: E402


class Steps:
    """TAP: one line a step, with how long it took."""

    def __init__(self):
        self.number, self.failed = 0, False
        print("TAP version 13", flush=True)

    @contextlib.contextmanager
    def step(self, what):
        self.number += 1
        begin = time.monotonic()
        try:
            yield
        except BaseException:
            print(f"not ok {self.number} - {what}", flush=True)
            self.failed = True
            raise
        print(f"ok {self.number} - {what} ({time.monotonic() - begin:.2f} s)", flush=True)

    def end(self):
        print(f"1..{self.number}", flush=True)
        return 1 if self.failed else 0


def note(text):
    print(f"# {text}", flush=True)


class Device:
    """A muster-node on the other host."""

    def __init__(self, site, serial, name, *options):
        self.site, self.serial, self.name, self.options = site, serial, name, options
        self.log = site.folder / f"{serial}.log"
        self.process = None

    def start(self):
        argv = [*os.environ["MUSTER_DEVICE_HOST"].split(), self.site.program("muster-node"), "--serial", self.serial, "--name", self.name,
                "--state-dir", str(self.site.folder / self.serial), *self.options]
        self.process = self.site.spawn(self.serial, argv, {**os.environ, "G_MESSAGES_DEBUG": "all", "LC_ALL": "C.UTF-8"})
        return time.monotonic()

    def label_secret(self):
        """As printed on its label."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            found = re.search(r"^secret +(\S+)$", self.log.read_text() if self.log.exists() else "", re.M)
            if found:
                return found[1]
            time.sleep(0.02)
        raise AssertionError(f"{self.serial} printed no label")

    def unplug(self):
        """kill -9: nothing is said to anybody."""
        self.process.kill()
        self.process.wait()
        return time.monotonic()


@contextlib.contextmanager
def site_and_window(build, name, **window):
    """The daemon on this host, found by the window over its socket; pictures go to the build folder."""
    pictures = Path(build) / "meson-logs" / "screenshots"
    address = os.environ["MUSTER_CONSOLE_ADDRESS"]
    with Site(build, name=name) as site:
        site.env["DBUS_SYSTEM_BUS_ADDRESS"] = os.environ["DBUS_SYSTEM_BUS_ADDRESS"]
        site.start_daemon("--listen", f"{address}:8443", "--broker-listen", f"{address}:8883")
        with open_window(site, pictures, **window) as shown:
            yield site, shown


@contextlib.contextmanager
def local_site_and_window(build, name, **window):
    """The same on loopback alone, for what needs no other host: nothing is announced or found."""
    with Site(build, name=name) as site:
        site.start_daemon("--listen", "127.0.0.1:0", "--broker-listen", "127.0.0.1:0", "--no-mdns")
        with open_window(site, Path(build) / "meson-logs" / "screenshots", **window) as shown:
            yield site, shown


def open_window(site, pictures, env=None, arguments=()):
    return Window([site.program("muster"), "--socket", str(site.socket), *arguments], site.log_path("muster"), pictures, env)


def adopt(site, device):
    """Adopts DEVICE over the API, for tests of what comes after; its record."""
    from muster_site import wait_for
    key = wait_for(lambda: next((row["key"] for row in site.api.get(f"/discovery/?q={device.serial}")["items"] if row["pairable"]), None), 10, "the announcement")
    return site.api.post(f"/discovery/{key}/adopt", {"secret": device.label_secret()})


def run_main(test):
    steps = Steps()
    try:
        test(sys.argv[1], steps)
    except (AssertionError, TimeoutError, subprocess.SubprocessError, OSError) as error:
        print(f"# {type(error).__name__}: {error}".replace("\n", "\n# "), flush=True)
        steps.failed = True
    return steps.end()
