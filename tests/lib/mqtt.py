# SPDX-License-Identifier: GPL-3.0-or-later
"""A small MQTT 3.1.1 client for simulated devices: TLS, will, QoS 0 and 1. It knows nothing of the daemon's own codec."""
import socket
import ssl
import struct
import threading
import time

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ, DISCONNECT = 1, 2, 3, 4, 8, 9, 12, 14


def text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return struct.pack("!H", len(data)) + data


def packet(kind, flags, body):
    head, length = bytes([kind << 4 | flags]), len(body)
    while True:
        length, digit = divmod(length, 128)
        head += bytes([digit | (0x80 if length else 0)])
        if not length:
            return head + body


def matches(filter_, topic):
    mine, its = filter_.split("/"), topic.split("/")
    for i, level in enumerate(mine):
        if level == "#":
            return True
        if i >= len(its) or level not in ("+", its[i]):
            return False
    return len(mine) == len(its)


class Client:
    """Connected once made. WILL: (topic, payload), retained. What comes is told to the callbacks of subscribe() on a thread of its own."""

    def __init__(self, host, port, client_id, username=None, password=None, ca_file=None, server_name=None, will=None, keep_alive=30):
        raw = socket.create_connection((host, port), timeout=10)
        if ca_file:
            context = ssl.create_default_context(cafile=ca_file)
            context.check_hostname = server_name is not None
            raw = context.wrap_socket(raw, server_hostname=server_name)
        raw.settimeout(None)
        self.socket, self.lock, self.next_id, self.callbacks = raw, threading.Lock(), 0, []
        self.acknowledged, self.alive, self.keep_alive = set(), True, keep_alive
        flags = 0x02 | (0x80 if username else 0) | (0x40 if password else 0) | (0x04 | 0x20 | 0x08 if will else 0)
        body = text("MQTT") + bytes([4, flags]) + struct.pack("!H", keep_alive) + text(client_id)
        body += (text(will[0]) + text(will[1]) if will else b"") + (text(username) if username else b"") + (text(password) if password else b"")
        self.socket.sendall(packet(CONNECT, 0, body))
        kind, _, answer = self.read()
        if kind != CONNACK or answer[1]:
            raise ConnectionRefusedError(f"the broker refuses: {answer[1]}")
        self.reader = threading.Thread(target=self.run, daemon=True)
        self.reader.start()
        threading.Thread(target=self.ping, daemon=True).start()

    def read_bytes(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise ConnectionResetError("the broker closed the connection")
            data += part
        return data

    def read(self):
        head, length, shift = self.read_bytes(1)[0], 0, 0
        while True:
            digit = self.read_bytes(1)[0]
            length |= (digit & 0x7F) << shift
            shift += 7
            if not digit & 0x80:
                return head >> 4, head & 15, self.read_bytes(length) if length else b""

    def send(self, data):
        with self.lock:
            self.socket.sendall(data)

    def ping(self):
        while self.alive:
            time.sleep(self.keep_alive / 2)
            try:
                self.send(packet(PINGREQ, 0, b""))
            except OSError:
                return

    def run(self):
        try:
            while True:
                kind, flags, body = self.read()
                if kind == PUBLISH:
                    self.take(flags, body)
                elif kind in (PUBACK, SUBACK):
                    self.acknowledged.add(struct.unpack("!H", body[:2])[0])
        except OSError:
            self.alive = False

    def take(self, flags, body):
        length = struct.unpack("!H", body[:2])[0]
        topic, rest = body[2:2 + length].decode(), body[2 + length:]
        if flags & 0x06:
            self.send(packet(PUBACK, 0, rest[:2]))
            rest = rest[2:]
        for filter_, callback in list(self.callbacks):
            if matches(filter_, topic):
                callback(topic, rest, bool(flags & 1))

    def await_acknowledged(self, number):
        end = time.monotonic() + 10
        while number not in self.acknowledged:
            if time.monotonic() > end or not self.alive:
                raise TimeoutError("the broker does not acknowledge")
            time.sleep(0.002)
        self.acknowledged.discard(number)

    def make_id(self):
        self.next_id = self.next_id % 65535 + 1
        return self.next_id

    def subscribe(self, filter_, callback):
        """CALLBACK (topic, payload, retained) for each message; returns once the broker knows."""
        number = self.make_id()
        self.callbacks.append((filter_, callback))
        self.send(packet(SUBSCRIBE, 2, struct.pack("!H", number) + text(filter_) + b"\x01"))
        if threading.current_thread() is threading.main_thread():
            self.await_acknowledged(number)

    def publish(self, topic, payload, retain=False, qos=0):
        data = payload if isinstance(payload, bytes) else str(payload).encode()
        number = self.make_id() if qos else 0
        self.send(packet(PUBLISH, qos << 1 | retain, text(topic) + (struct.pack("!H", number) if qos else b"") + data))
        if qos and threading.current_thread() is threading.main_thread():
            self.await_acknowledged(number)

    def disconnect(self):
        """Says goodbye: the will is not published."""
        self.alive = False
        self.send(packet(DISCONNECT, 0, b""))
        self.close()

    def die(self):
        """Goes without a word: the broker publishes the will."""
        self.alive = False
        self.close()

    def close(self):
        """Not before its reader is done: it would read of whatever gets the same descriptor next."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the broker was faster
        if threading.current_thread() is not self.reader:
            self.reader.join(10)
        self.socket.close()
