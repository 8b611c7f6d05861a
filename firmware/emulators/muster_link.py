# SPDX-License-Identifier: GPL-3.0-or-later
"""A gateway on the serial link, written from LINK.md alone: what speaks to emulated boards in tests."""
import hashlib
import hmac
import os
import select
import socket
import struct
import time
import zlib

HELLO, CHALLENGE, START, PROVISION, DATA, ACK = 0x01, 0x82, 0x03, 0x04, 0x10, 0x11
UNIT = 0x80
ENQUIRE, LOADER_BEGIN, LOADER_DATA, LOADER_FINISH, LOADER_RUN, LOADER = 0x20, 0x21, 0x22, 0x23, 0x24, 0xA0
IDENTITY, METRIC, SAMPLES, RESULT, CHECK = 0x81, 0x82, 0x83, 0x84, 0x85
STATUS = ["done", "unknown", "malformed", "no metric", "read only", "range", "failed", "not now",
          "signature", "foreign", "older", "corrupt", "too large"]
FLOAT = 9
RETRY_S, RETRY_MOST_S, HELLO_S, KEEPALIVE_S = 1.0, 16.0, 4.0, 3.0


class LinkError(Exception):
    """The unit did not answer, or not as it should."""


def cobs_encode(frame):
    out = bytearray()
    for index, run in enumerate(pieces := frame.split(b"\0")):
        while len(run) >= 254:
            out += b"\xff" + run[:254]
            run = run[254:]
            if not run and index == len(pieces) - 1:
                return bytes(out)
        out += bytes([len(run) + 1]) + run
    return bytes(out)


def cobs_decode(data):
    out, at = bytearray(), 0
    while at < len(data):
        code = data[at]
        run = data[at + 1:at + code]
        if code == 0 or len(run) != code - 1:
            raise ValueError("no COBS")
        out += run
        at += code
        if code != 0xFF and at < len(data):
            out.append(0)
    return bytes(out)


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def text_at(data, at):
    size = data[at]
    return data[at + 1:at + 1 + size].decode(), at + 1 + size


class Gateway:
    """One unit on a socket. `keys` maps serials to keys of 32 bytes."""

    def __init__(self, sock, keys):
        self.sock, self.keys = sock, keys
        self.buffer = b""
        self.session = None
        self.up = False
        self.serial = None
        self.answers = []
        self.samples = []           # (starts, number, metric, null, ms, raw value)
        self.identity = None
        self.next_number = 0
        self.dropped_frames = 0
        self.sent, self.send_seq, self.receive_seq = None, 1, 1
        self.said = self.heard = 0.0

    # the line

    def _write(self, frame):
        frame += struct.pack("<I", zlib.crc32(frame))
        self.sock.sendall(b"\0" + cobs_encode(frame) + b"\0")
        self.said = time.monotonic()

    def _frames(self, timeout):
        """Decoded frames that came within `timeout` seconds, without their CRC."""
        if select.select([self.sock], [], [], max(0, timeout))[0]:
            data = self.sock.recv(4096)
            if not data:
                raise LinkError("the line is closed")
            self.buffer += data
        *whole, self.buffer = self.buffer.split(b"\0")
        for coded in whole:
            try:
                frame = cobs_decode(coded)
            except ValueError:
                self.dropped_frames += 1
                continue
            if len(frame) < 5:
                continue
            if zlib.crc32(frame[:-4]) != struct.unpack("<I", frame[-4:])[0] or not frame[0] & UNIT:
                self.dropped_frames += 1
                continue
            yield frame[:-4]

    def loader(self, kind, body=b"", timeout=30):
        """Asks the loader; its status, and what else it says. None: it does not answer in time."""
        self._write(bytes([kind]) + body)
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            for frame in self._frames(0.05):
                if frame[0] == LOADER and frame[1] == 1 and frame[2] == kind:
                    found = struct.unpack_from("<B?IIH", frame, 3)
                    return dict(zip(["status", "whole", "counter", "wanted", "page"], found), status=STATUS[found[0]])
        return None

    def reach_loader(self, timeout=30):
        """Asks for the loader until it answers, often, for it listens for a moment after each start. None: it does not in time."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            answer = self.loader(ENQUIRE, timeout=0.03)
            if answer:
                return answer
        return None

    def load(self, image, key):
        """Has the loader take an image; the status of the step that ended it."""
        answer = self.loader(LOADER_BEGIN, image[:256] + mac(key, b"muster loader image", image[:256])[:16])
        program = image[256:]
        program += b"\xff" * (-len(program) % 128)
        while answer and answer["status"] == "done" and answer["wanted"] < len(program):
            at = answer["wanted"]
            answer = self.loader(LOADER_DATA, struct.pack("<I", at) + program[at:at + 128])
        if answer and answer["status"] == "done":
            answer = self.loader(LOADER_FINISH, timeout=60)
        if answer is None:
            raise LinkError("the loader has fallen silent")
        return answer["status"]

    def provision(self, serial, key):
        self._write(bytes([PROVISION, len(serial)]) + serial.encode() + key)

    # the session

    def connect(self, timeout=30):
        """Agrees on a session, and waits for who the unit is."""
        end = time.monotonic() + timeout
        self.up, self.session, self.sent, self.identity = False, None, None, None
        while time.monotonic() < end and not (self.up and self.identity):
            if not self.up and (self.session is None or time.monotonic() > self.said + HELLO_S):
                self.nonce = os.urandom(16)
                self.session = b""
                self._write(bytes([HELLO, 1]) + self.nonce)
            self.pump(0.05)
        if not self.identity:
            raise LinkError("no session with the unit")
        return self.identity

    def _challenge(self, frame):
        theirs = frame[2:18]
        self.payload_max = struct.unpack_from("<H", frame, 18)[0]
        self.serial, at = text_at(frame, 20)
        key = self.keys.get(self.serial)
        if key is None or self.up:
            return
        if not hmac.compare_digest(mac(key, b"muster link unit", self.nonce, theirs, frame[:at])[:16], frame[at:]):
            self.dropped_frames += 1  # of another key, or the answer to an earlier HELLO
            return
        self.session = mac(key, b"muster link session", self.nonce, theirs)
        self.send_seq = self.receive_seq = 1
        self._write(bytes([START]) + mac(key, b"muster link gateway", self.nonce, theirs)[:16])

    def _send(self):
        frame = bytes([DATA]) + struct.pack("<II", self.sent[0], self.receive_seq) + self.sent[1]
        self._write(frame + mac(self.session, frame)[:16])
        self.sent_at, self.patience = self.said, RETRY_S

    def _acknowledge(self):
        frame = bytes([ACK]) + struct.pack("<II", 0, self.receive_seq)
        self._write(frame + mac(self.session, frame)[:16])

    def _session_frame(self, frame):
        body, tag = frame[:-16], frame[-16:]
        if not self.session or not hmac.compare_digest(mac(self.session, body)[:16], tag):
            self.dropped_frames += 1
            return
        self.up = True
        self.heard = time.monotonic()
        seq, ack = struct.unpack_from("<II", body, 1)
        if self.sent and ack == self.sent[0] + 1:
            self.sent = None
        if body[0] & ~UNIT != DATA:
            return
        if seq == self.receive_seq:
            self.receive_seq += 1
            self._message(body[9:])
        self._acknowledge()

    def _message(self, payload):
        if payload[0] == SAMPLES:
            number, now = struct.unpack_from("<II", payload, 2)
            for at in range(payload[1]):
                metric, null, ms, value = struct.unpack_from("<BBI4s", payload, 10 + at * 10)
                if number + at >= self.next_number:
                    self.samples.append((self.identity["starts"], number + at, metric, null, ms, value))
                    self.next_number = number + at + 1
        elif payload[0] == IDENTITY and self.identity is None:
            self._identity(payload)
        else:
            self.answers.append(payload)

    def _identity(self, payload):
        known = self.starts if hasattr(self, "starts") else None
        names = ["version", "starts", "ms", "number", "dropped", "counter", "cause", "metrics", "updates", "slot", "boot"]
        self.identity = dict(zip(names, struct.unpack_from("<BIIIIIBBBBB", payload, 1)))
        at = 27
        for name in ["serial", "model", "hardware", "firmware"]:
            self.identity[name], at = text_at(payload, at)
        self.starts = self.identity["starts"]
        if known != self.starts:
            self.next_number = 0

    def pump(self, timeout):
        """Does what is due, and takes what comes within `timeout` seconds."""
        for frame in self._frames(timeout):
            if frame[0] == CHALLENGE:
                self._challenge(frame)
            elif frame[0] & ~UNIT in (DATA, ACK):
                self._session_frame(frame)
        if self.up and self.sent and time.monotonic() > self.sent_at + self.patience:
            # twice as long each time: a slow machine would pile up what it has not read yet
            patience = min(2 * self.patience, RETRY_MOST_S)
            self._send()
            self.patience = patience
        elif self.up and not self.sent and time.monotonic() > self.said + KEEPALIVE_S:
            self.sent = (self.send_seq, b"")
            self.send_seq += 1
            self._send()

    def run(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.pump(min(left, 0.05))

    def until(self, condition, timeout, what):
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                raise LinkError(f"{what}: not within {timeout} s")
            self.pump(0.02)

    def ask(self, request, timeout=30):
        """Sends a request and returns its answer."""
        self.until(lambda: not self.sent, timeout, "the last message is not acknowledged")
        for _ in range(3):
            self.answers.clear()
            self.sent = (self.send_seq, request)
            self.send_seq += 1
            self._send()
            heard = self.heard
            try:
                self.until(lambda: self.answers, timeout, f"request {request[0]:#x} is not answered")
                return self.answers.pop(0)
            except LinkError:
                if self.heard != heard:
                    raise
                self.connect()  # nothing was heard for so long: the session is over
        raise LinkError(f"request {request[0]:#x} is not answered in three sessions")

    def result(self, request, timeout=30):
        """The status, in a word, and the detail of an answer that is a RESULT."""
        answer = self.ask(request, timeout)
        if answer[0] != RESULT or answer[1] != request[0]:
            raise LinkError(f"the answer is {answer.hex()}")
        return STATUS[answer[2]], struct.unpack_from("<I", answer, 3)[0]

    # what can be asked

    def metrics(self):
        found = []
        for index in range(self.identity["metrics"]):
            answer = self.ask(bytes([0x02, index]))
            kind, flags, low, high, period, deadband = struct.unpack_from("<BBffIf", answer, 2)
            name, at = text_at(answer, 20)
            unit, at = text_at(answer, at)
            found.append({"name": name, "unit": unit, "type": kind, "writable": bool(flags & 1), "low": low, "high": high,
                          "period": period, "deadband": deadband})
            if flags & 4:
                found[-1]["safe"], found[-1]["fall_back"] = struct.unpack_from("<BI", answer, at)
        return found

    def write(self, metric, value):
        return self.result(struct.pack("<BBI", 0x03, metric, value))[0]

    def configure(self, metric, period, deadband=0.0):
        return self.result(struct.pack("<BBIf", 0x04, metric, period, deadband))[0]

    def fall_back(self, metric, seconds):
        return self.result(struct.pack("<BBI", 0x09, metric, seconds))[0]

    def checks(self):
        found = []
        while (answer := self.ask(bytes([0x07, len(found)])))[0] == CHECK:
            passed, measured, low, high = struct.unpack_from("<Bfff", answer, 2)
            found.append((text_at(answer, 15)[0], bool(passed), measured, low, high))
        return found


def open_line(port, timeout=20):
    end = time.monotonic() + timeout
    while True:
        try:
            sock = socket.create_connection(("127.0.0.1", port), 1)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
