# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated Sparkplug B node that takes updates: it knows nothing of the daemon's own codec, nor of the firmware's."""
import hashlib
import struct
import threading
import time
import urllib.request
import ssl

import mqtt

UINT8, UINT32, UINT64, BOOLEAN, STRING = 5, 7, 8, 11, 12


def varint(number):
    data = b""
    while True:
        number, digit = number >> 7, number & 0x7f
        data += bytes([digit | (0x80 if number else 0)])
        if not number:
            return data


def field(number, value):
    """One field of a protobuf message: numbers as varints, bytes by their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def encode(metrics, seq=None):
    now = int(time.time() * 1000)
    data = field(1, now)
    for name, datatype, value in metrics:
        metric = field(1, name.encode()) + field(3, now) + field(4, datatype)
        metric += {STRING: lambda v: field(15, v.encode()), BOOLEAN: lambda v: field(14, int(v)), UINT64: lambda v: field(11, v)}.get(datatype, lambda v: field(10, v))(value)
        data += field(2, metric)
    return data if seq is None else data + field(3, seq)


def read_fields(data):
    at = 0

    def read_varint():
        nonlocal at
        number, shift = 0, 0
        while True:
            digit = data[at]
            at += 1
            number |= (digit & 0x7f) << shift
            shift += 7
            if not digit & 0x80:
                return number

    while at < len(data):
        key = read_varint()
        if key & 7 == 0:
            yield key >> 3, read_varint()
        elif key & 7 == 2:
            length = read_varint()
            yield key >> 3, data[at:at + length]
            at += length
        else:
            size = 4 if key & 7 == 5 else 8
            yield key >> 3, data[at:at + size]
            at += size


def decode(data):
    """{name: value} of a payload's metrics."""
    metrics = {}
    for number, value in read_fields(data):
        if number != 2:
            continue
        members = dict(read_fields(value))
        metrics[members[1].decode()] = members[15].decode() if 15 in members else next((members[n] for n in (10, 11, 14) if n in members), None)
    return metrics


class Node:
    """Connected once made. ORDERS are the commands about updates, as they came."""

    def __init__(self, account, version="1.0.0", hardware="sim-1", counter=0, ca_file=None):
        self.account, self.version, self.hardware, self.counter, self.ca_file = account, version, hardware, counter, ca_file
        self.state, self.update_id, self.progress, self.error = "idle", "", 0, ""
        self.more = []  # further metrics of its births and messages
        self.orders, self.session, self.seq, self.lock = [], 0, 0, threading.Lock()
        self.client = None
        self.connect()

    def topic(self, kind):
        return f"spBv1.0/{self.account['group_id']}/{kind}/{self.account['node_id']}"

    def connect(self):
        self.session += 1
        self.client = mqtt.Client(self.account["host"], self.account["port"], f"{self.account['username']}-{self.session}", self.account["username"],
                                  self.account["password"], self.ca_file, self.account["tls_name"])
        self.client.subscribe(self.topic("NCMD"), self.take_command)
        self.birth()

    def disconnect(self):
        """As a node goes that says goodbye."""
        self.client.publish(self.topic("NDEATH"), encode([("bdSeq", UINT64, self.session)]))
        self.client.disconnect()

    def metrics(self):
        return [("Update/Id", STRING, self.update_id), ("Update/State", STRING, self.state), ("Update/Progress", UINT8, self.progress),
                ("Update/Error", STRING, self.error), ("Update/Security Counter", UINT32, self.counter), ("Update/Slot", STRING, "a"), *self.more]

    def birth(self):
        with self.lock:
            self.seq = 0
            self.client.publish(self.topic("NBIRTH"), encode([("bdSeq", UINT64, self.session), ("Node Control/Rebirth", BOOLEAN, False),
                                                              ("Properties/Firmware Version", STRING, self.version),
                                                              ("Properties/Hardware Version", STRING, self.hardware), *self.metrics()], 0))

    def tell(self, state=None, progress=0, error="", more=()):
        """How far the update is."""
        with self.lock:
            self.state, self.progress, self.error = state or self.state, progress, error
            self.seq = (self.seq + 1) % 256
            self.client.publish(self.topic("NDATA"), encode([*self.metrics(), *more], self.seq))

    def take_command(self, _topic, payload, _retained):
        command = decode(payload)
        if "Node Control/Rebirth" in command:
            self.birth()
        if "Update/Action" in command:
            self.orders.append(command)
            self.take_order(command)

    def take_order(self, order):
        """For whoever wants to act at once."""

    def fetch(self, order, first=0, last=None):
        """The bytes of the order's file, or a part of them: (status, bytes)."""
        context = ssl.create_default_context(cafile=self.ca_file)
        context.check_hostname = False
        request = urllib.request.Request(order["Update/URL"], headers={} if not first and last is None else {"Range": f"bytes={first}-{'' if last is None else last}"})
        with urllib.request.urlopen(request, timeout=20, context=context) as answer:
            return answer.status, answer.read()

    def install(self, order):
        """The whole way of a good update, in two ranges."""
        self.update_id = order["Update/Id"]
        half = order["Update/Size"] // 2
        self.tell("downloading", 0)
        status, head = self.fetch(order, 0, half - 1)
        assert status == 206 and len(head) == half, (status, len(head))
        self.tell("downloading", 50)
        data = head + self.fetch(order, half)[1]
        assert hashlib.sha256(data).hexdigest() == order["Update/SHA-256"]
        self.tell("installing")
        self.tell("rebooting")
        self.disconnect()
        self.version, self.state = order["Update/Version"], "confirming"
        self.connect()
        return data

    def confirm(self):
        self.tell("confirmed", more=[("Properties/Firmware Version", STRING, self.version)])
