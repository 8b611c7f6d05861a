# SPDX-License-Identifier: GPL-3.0-or-later
"""Boards for tests: what their flash holds, and how they are started, cut off and taken up again."""
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

from muster_link import Gateway, LinkError, open_line

HERE = Path(__file__).resolve().parent
SERIAL, KEY = "EM-0001", bytes(range(32))

# QEMU's clock is the world's; it counts no operations on flash, and runs the boot program from a file of its own.
QEMU = {"qemu": True, "supply": False}

# For each board: the size of its flash file, where the boot program, the unit's records and the first slot lie in it.
# The smallest keeps fewer samples, so it is asked less often for one. "parts": sensors
# hang on its pins, these or all, and its light has that curve.
LAYOUT = {
    "uno": {"size": 0x8400, "boot": 0x7000, "records": 0x8000, "program": 16, "slots": [0], "kept": 0x6F00, "report_ms": 6000,
            "stack_free": 2048 - 1600, "parts": "linear", "sensors": ["Probe/Temperature"]},
    "esp32c3": {"size": 0x400000, "boot": 0, "records": 0x12000, "program": 16, "slots": [0x20000, 0x40000], "supply": False, "parts": "lightness",
                "sensors": ["Probe/Temperature", "Room/Temperature", "Room/Humidity", "Air/Temperature", "Air/Humidity"]},
    "pico": {"size": 0x200000, "boot": 0, "records": 0x12000, "program": 256, "slots": [0x20000, 0x40000], "parts": "lightness"},
    "virt-rv32": {"size": 0x2000000, "program_size": 0x2000000, "records": 0x80000, "program": 256, "slots": [0x100000], **QEMU},
    "mps2": {"size": 0x1000000, "records": 0x2000, "program": 16, "slots": [0x40000, 0x80000], **QEMU},
    "esp8266": {"size": 0x400000, "records": 0, "program": 256, "slots": [0x40000], **QEMU},
    # It has flash and no flash controller: it keeps nothing over a start, not even its number, nor why it started; its converter says anything.
    "stm32f4": {"size": 0x100000, "boot": 0, "records": 0xC000, "program": 16, "slots": [0x20000], **QEMU, "supply": None, "keeps": False,
                "report_ms": 5000, "loaded_at": 0x8000000},
    "stm32": {"size": 0x20000, "boot": 0, "records": 0x4800, "program": 16, "slots": [0x5000, 0x12800], "parts": "lightness"},
}


class Parts:
    """What hangs on a board's pins: parts.h."""

    WORDS = ["probe_milli_c", "probe_fault", "room_deci_c", "room_deci_percent", "room_fault", "air_milli_c", "air_milli_percent", "air_fault",
             "battery_mv", "relay", "light", "asked"]
    GOOD, ABSENT, SHORTED, CORRUPT = range(4)

    def __init__(self, path):
        self.path = path
        path.write_bytes(bytes(4 * len(self.WORDS)))
        self.set(probe_milli_c=18500, room_deci_c=215, room_deci_percent=480, air_milli_c=22000, air_milli_percent=45000, battery_mv=3700)

    def set(self, **words):
        with open(self.path, "r+b", buffering=0) as file:
            for name, value in words.items():
                os.pwrite(file.fileno(), struct.pack("=i", value), 4 * self.WORDS.index(name))

    def get(self, name):
        return struct.unpack_from("=i", self.path.read_bytes(), 4 * self.WORDS.index(name))[0]


def record(number, key, data, program):
    """A record as mf_records.h has it."""
    body = struct.pack("<IBB", number, key, len(data)) + data
    body += b"\xff" * (76 - len(body))
    body += struct.pack("<I", zlib.crc32(body))
    return body + b"\xff" * (-len(body) % program)


def identity_record(program):
    serial = SERIAL.encode()
    return record(1, 0, bytes([len(serial)]) + serial + bytes(24 - len(serial)) + KEY, program)


def kept_header(image):
    """What the loader of a board with one slot keeps of an image that it checked."""
    kept = image[:192] + struct.pack("<I", zlib.crc32(image[256:]))
    return kept + struct.pack("<I", zlib.crc32(kept))


def as_elf(content, address):
    """A program for QEMU's -kernel: one segment, with the Cortex-M's vectors at its start."""
    entry, = struct.unpack_from("<I", content, 4)
    head = b"\x7fELF\1\1\1" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 2, 40, 1, entry, 52, 0, 0x5000000, 52, 32, 1, 0, 0, 0)
    return head + struct.pack("<IIIIIIII", 1, 84, address, address, len(content), len(content), 5, 4) + content


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Board:
    """An emulated board in its own process, and its flash in a file."""

    def __init__(self, target, folder, boot, image):
        self.target, self.layout = target, LAYOUT[target]
        self.is_qemu = self.layout.get("qemu", False)
        self.report_ms = self.layout.get("report_ms", 1000)
        self.folder = Path(folder)
        self.flash = self.folder / "flash"
        self.process = None
        self.gateway = None
        self.parts = Parts(self.folder / "parts") if "parts" in self.layout else None
        self.make_flash(boot, image)

    def make_flash(self, boot, image):
        content = bytearray(b"\xff" * self.layout["size"])
        parts = [(identity_record(self.layout["program"]), self.layout["records"])]
        if "kept" in self.layout:
            parts += [(image[256:], 0), (kept_header(image), self.layout["kept"])]
        else:
            parts += [(image, at) for at in self.layout["slots"][:1]]
        if "boot" in self.layout:
            parts.append((boot, self.layout["boot"]))
        else:
            (self.folder / "flash.program").write_bytes(boot + bytes(max(0, self.layout.get("program_size", 0) - len(boot))))
        for data, at in parts:
            content[at:at + len(data)] = data
        self.flash.write_bytes(content)
        if "loaded_at" in self.layout:
            (self.folder / "flash.program").write_bytes(as_elf(bytes(content), self.layout["loaded_at"]))

    def start(self, *options, port=None):
        self.port = port or free_port()
        command = [HERE / f"start-{self.target}", "--port", str(self.port), "--flash", str(self.flash), *options]
        if not self.is_qemu:
            command += ["--count", str(self.folder / "count"), "--clock", str(self.folder / "clock")]
        if self.parts:
            command += ["--parts", str(self.parts.path)]
        self.process = subprocess.Popen([str(part) for part in command], start_new_session=True)

    def line(self):
        """A new line; what is known of samples stays."""
        if self.gateway is None:
            self.gateway = Gateway(open_line(self.port), {SERIAL: KEY})
        else:
            self.gateway.sock.close()
            self.gateway.sock = open_line(self.port)
            self.gateway.buffer = b""
        return self.gateway

    def connect(self):
        """A new line and a new session."""
        return self.line().connect()

    def connect_after_start(self, starts, timeout=60):
        """A session with the unit once it has started so many times; it may answer before it resets."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise LinkError("the board has lost its power")
            try:
                if self.connect()["starts"] >= starts:
                    return self.gateway.identity
            except (LinkError, OSError):
                pass
            time.sleep(0.2)
        raise LinkError(f"the unit has not started {starts} times")

    def lose_power(self):
        """Takes the board's power, and waits until it is gone; flash may then be changed. Needs a line."""
        os.killpg(self.process.pid, signal.SIGHUP)
        try:
            self.gateway.sock.settimeout(60)
            while self.gateway.sock.recv(4096):
                pass
        except ConnectionError:
            pass  # it had not read all that was sent to it

    def regain_power(self):
        os.killpg(self.process.pid, signal.SIGHUP)

    def fast(self, on):
        if not self.is_qemu:
            os.killpg(self.process.pid, signal.SIGUSR1 if on else signal.SIGUSR2)

    def let_pass(self, seconds, timeout=300):
        """Waits until so much of the board's own time has passed, in a hurry where its clock can be driven; QEMU's is the world's."""
        if self.is_qemu:
            time.sleep(seconds)
            return
        clock = self.folder / "clock"
        end = self._clock_s(clock) + seconds
        self.fast(True)
        if not wait_for(lambda: self._clock_s(clock) >= end, timeout):
            raise LinkError(f"the board's clock did not advance by {seconds} s in {timeout} s")
        self.fast(False)

    @staticmethod
    def _clock_s(clock):
        return int.from_bytes(clock.read_bytes(), sys.byteorder) / 1e6

    def operations(self):
        return "unknown" if self.is_qemu else (self.folder / "count").read_text().strip()

    def stop(self):
        if self.process is None:
            return
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.process = None


def read_journal(path):
    """Each operation on flash: where it was, what was there when it was half done, and when it was done."""
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        offset, size = struct.unpack_from("<II", data, at)
        at += 8 + 2 * size
        found.append((offset, data[at - 2 * size:at - size], data[at - size:at]))
    return found


class Tap:
    """A test's steps, for Meson."""

    def __init__(self):
        self.count, self.failed = 0, 0

    def ok(self, good, what):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {what}", flush=True)

    def note(self, text):
        print(f"# {text}", flush=True)

    def done(self):
        print(f"1..{self.count}", flush=True)
        return 1 if self.failed else 0


def scratch():
    return tempfile.TemporaryDirectory(prefix="muster-board-")


def wait_for(condition, timeout):
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
