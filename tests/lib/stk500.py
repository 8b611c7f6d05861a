# SPDX-License-Identifier: GPL-3.0-or-later
"""The boot loader of an Arduino, as a peer on TCP: STK500 version 1 by Atmel's application note AVR061, as far as AVRDUDE's programmer
`arduino` speaks it. What is written is kept in `flash`."""
import socket
import threading

SYNC, EOP, INSYNC, OK = 0x30, 0x20, b"\x14", b"\x10"
# What follows each command before the end mark, where that is of a fixed length.
LENGTHS = {0x30: 0, 0x31: 0, 0x41: 1, 0x42: 20, 0x45: 5, 0x50: 0, 0x51: 0, 0x55: 2, 0x56: 4, 0x74: 3, 0x75: 0}
SIGNATURE = b"\x1e\x95\x0f"  # ATmega328P


class Loader:
    """A board with its boot loader; one programmer after the other."""

    def __init__(self, size=0x8000):
        self.flash = bytearray(b"\xff" * size)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.address = 0
        self.written = threading.Event()  # once a programmer that wrote has left
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            with sock:
                try:
                    self.talk(sock.makefile("rwb", buffering=0))
                except (OSError, EOFError):
                    pass
            if any(byte != 0xFF for byte in self.flash):
                self.written.set()

    @staticmethod
    def take(stream, size):
        data = b""
        while len(data) < size:
            piece = stream.read(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def talk(self, stream):
        while True:
            command = self.take(stream, 1)[0]
            rest = self.take(stream, 3 if command == 0x64 else LENGTHS.get(command, 0))
            page = self.take(stream, int.from_bytes(rest[:2], "big")) if command == 0x64 else b""
            if self.take(stream, 1)[0] == EOP:
                stream.write(INSYNC + self.answer(command, rest, page) + OK)

    def answer(self, command, rest, page):
        at = 2 * self.address  # addresses count words
        if command == 0x55:
            self.address = int.from_bytes(rest, "little")
        elif command == 0x64 and rest[2:] == b"F":
            self.flash[at:at + len(page)] = page
        elif command == 0x74 and rest[2:] == b"F":
            return bytes(self.flash[at:at + int.from_bytes(rest[:2], "big")])
        elif command == 0x75:
            return SIGNATURE
        elif command == 0x41:
            return b"\x03"
        elif command == 0x56:
            # The universal command of the serial programming interface: the signature, byte by byte, is all that is read by it.
            return SIGNATURE[rest[2]:rest[2] + 1] if rest[0] == 0x30 and rest[2] < 3 else b"\0"
        return b""

    def close(self):
        self.listener.close()
