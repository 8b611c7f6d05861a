# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs that make and send samples, and what their measurements share."""
import json
import os
import subprocess
import time
from pathlib import Path


def size_of(*paths):
    """In bytes, of files and of all that lies in folders."""
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*"))]
    return sum(file.stat().st_size for file in files if file.is_file())


def stamp(msec):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(msec // 1000)) + f".{msec % 1000:03}Z"


def serial(number):
    """Of the device that telemetry-workload gives this number."""
    return f"BENCH-{10000 + number}"


def wait_until_still(store, seconds=5):
    """Until its files stay as large as they are: what is written in the background has been."""
    last, same, end = -1, 0, time.monotonic() + 120
    while same < seconds and time.monotonic() < end:
        now = store.size()
        same, last = same + 1 if now == last else 0, now
        time.sleep(1)


class Tools:
    def __init__(self, build, folder):
        self.programs = Path(build).resolve() / "tests/performance/telemetry"
        self.folder = Path(folder)
        self.bodies = self.folder / "bodies"

    def run(self, tool, *arguments):
        done = subprocess.run([str(self.programs / tool), *map(str, arguments)], capture_output=True, text=True, timeout=900, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{tool}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def make(self, **options):
        """Writes the bodies of OPTIONS of telemetry-workload."""
        return self.run("telemetry-workload", *(f"--{name}={value}" for name, value in options.items()), self.bodies)

    def post(self, address, target, headers=(), more=()):
        """Sends all bodies. MORE: options of telemetry-client."""
        return self.run("telemetry-client", "--address", address, "--target", target, "--posters", 2, *more, *(f"--header={text}" for text in headers), self.bodies)

    def ask(self, address, target, headers=(), body=None, times=50):
        """(milliseconds of the median, the last answer)"""
        output = self.folder / "answer"
        more = [f"--body={json.dumps(body)}", "--header=Content-Type: application/json"] if body else []
        took = self.run("telemetry-client", "--address", address, "--target", target, "--times", times, "--output", output, *(f"--header={text}" for text in headers), *more)
        return took["p50_ms"], json.loads(output.read_text())


def forget_cached(*paths):
    """Has the kernel read these files from the disk next time. Files that somebody has mapped or not written yet stay."""
    for path in paths:
        with open(path, "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
