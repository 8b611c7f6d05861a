# SPDX-License-Identifier: GPL-3.0-or-later
"""A Wi-Fi modem for tests: what Espressif's AT firmware says at its serial line (ESP-AT User Guide), with the network of this machine behind it. It
trusts one authority, as the one in a modem's partition `client_ca`."""
import re
import select
import socket
import ssl
import threading

CHUNK_MAX = 2048


class Modem:
    """At the other end of a TCP serial line. `ssid` and `password` are those of the only network; `hosts` says where a name leads."""

    def __init__(self, port, authority, ssid, password, hosts=None):
        self.line = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.line.settimeout(None)
        self.context = ssl.create_default_context(cadata=authority)
        self.network, self.hosts = (ssid, password), hosts or {}
        self.lock = threading.RLock()
        self.commands, self.has_network, self.ended = [], True, False
        self.busy = 0  # so many commands more are refused as busy
        self.forget()
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def forget(self):
        """What a restart leaves."""
        self.stream = None
        self.joined = self.echo = False
        self.verify, self.name, self.wanted, self.data = 0, None, 0, b""

    def say(self, *lines):
        for line in lines:
            self.line.sendall(line.encode() + b"\r\n")

    # what a test does to it

    def drop_connection(self):
        with self.lock:
            self.hang_up()

    def restart(self):
        """Power, off and on."""
        with self.lock:
            self.close_stream()
            self.forget()
            self.say("", "ready")

    def lose_network(self):
        with self.lock:
            self.has_network = False
            self.close_stream()
            self.joined = False
            self.say("WIFI DISCONNECT")

    def stop(self):
        self.ended = True
        self.line.close()
        self.close_stream()

    # the line

    def listen(self):
        buffer = b""
        try:
            while not self.ended:
                readable, _, _ = select.select([self.line, *([self.stream] if self.stream else [])], [], [], 0.05)
                with self.lock:
                    if self.line in readable:
                        piece = self.line.recv(4096)
                        if not piece:
                            return
                        buffer = self.take(buffer + piece)
                    if self.stream:
                        self.bring()
        except (OSError, ValueError):
            pass  # the board is gone, or the test has ended

    def take(self, buffer):
        while buffer:
            if self.wanted:
                piece, buffer = buffer[:self.wanted], buffer[self.wanted:]
                self.data += piece
                self.wanted -= len(piece)
                if not self.wanted:
                    self.send_data()
                continue
            line, end, rest = buffer.partition(b"\r\n")
            if not end:
                break
            buffer = rest
            if line:
                self.obey(line.decode())
        return buffer

    def obey(self, command):
        self.commands.append(command)
        if self.busy > 0:
            self.busy -= 1
            self.say("busy p...")
            return
        for pattern, deed in DEEDS:
            found = re.fullmatch(pattern, command)
            if found:
                deed(self, *found.groups())
                return
        self.say("ERROR")

    def done(self, *_):
        self.say("", "OK")

    def reset(self):
        self.done()
        self.close_stream()
        self.forget()
        self.say("ets Jan  8 2013,rst cause:1, boot mode:(3,7)", "ready")

    def join(self, ssid, password):
        known = tuple(re.sub(r"\\(.)", r"\1", text) for text in (ssid, password)) == self.network
        if known and self.has_network:
            self.joined = True
            self.say("WIFI CONNECTED", "WIFI GOT IP", "", "OK")
        else:
            self.say("+CWJAP:3", "", "FAIL")

    def trust(self, mode):
        self.verify = int(mode)
        self.done()

    def expect(self, name):
        self.name = name
        self.done()

    def open(self, kind, host, port):
        if not self.joined or self.stream:
            self.say(*(["ALREADY CONNECTED"] if self.stream else []), "", "ERROR")
            return
        try:
            stream = socket.create_connection((self.hosts.get(host, host), int(port)), timeout=10)
            if kind == "SSL":
                assert self.verify == 2, "the board wants no certificate checked"
                stream = self.context.wrap_socket(stream, server_hostname=self.name)
            stream.setblocking(False)
            self.stream = stream
            self.say("CONNECT", "", "OK")
        except OSError:
            self.say("CLOSED", "", "ERROR")

    def ask(self, size):
        if not self.stream or not 0 < int(size) <= CHUNK_MAX:
            self.say("link is not valid", "", "ERROR")
            return
        self.wanted, self.data = int(size), b""
        self.say("", "OK", "")
        self.line.sendall(b">")

    def send_data(self):
        self.say("", f"Recv {len(self.data)} bytes")
        try:
            self.stream.setblocking(True)
            self.stream.sendall(self.data)
            self.stream.setblocking(False)
            self.say("", "SEND OK")
        except (OSError, AttributeError):
            self.say("", "SEND FAIL")

    def bring(self):
        try:
            piece = self.stream.recv(1460)
        except (ssl.SSLWantReadError, BlockingIOError):
            return
        except OSError:
            piece = b""
        if piece:
            self.line.sendall(b"\r\n+IPD,%d:" % len(piece) + piece)
        else:
            self.hang_up()

    def close_stream(self):
        if self.stream:
            self.stream.close()
            self.stream = None

    def hang_up(self):
        if self.stream:
            self.close_stream()
            self.say("CLOSED")

    def close(self):
        if self.stream:
            self.close_stream()
            self.say("CLOSED", "", "OK")
        else:
            self.say("", "ERROR")


QUOTED = r'"((?:[^"\\]|\\.)*)"'
DEEDS = [
    (r"AT\+RST", Modem.reset), (r"ATE0", Modem.done), (r"AT\+CWMODE=1", Modem.done), (rf"AT\+CWJAP={QUOTED},{QUOTED}", Modem.join),
    (r"AT\+CIPMUX=0", Modem.done), (r"AT\+CIPSSLCCONF=(\d),0,0", Modem.trust), (rf"AT\+CIPSSLCSNI={QUOTED}", Modem.expect),
    (rf'AT\+CIPSTART="(TCP|SSL)",{QUOTED},(\d+)', Modem.open), (r"AT\+CIPSEND=(\d+)", Modem.ask), (r"AT\+CIPCLOSE", Modem.close),
]
