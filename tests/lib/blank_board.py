# SPDX-License-Identifier: GPL-3.0-or-later
"""Emulated boards that nobody has given an identity yet."""
import threading
from pathlib import Path

from muster_site import free_port
from rig import Board
from stk500 import Loader

HEADER = 256  # of an image, before its program


def read_program(image):
    return Path(image).read_bytes()[HEADER:]


class Blank(Board):
    """A board without identity; with LOADER it has no program either, and starts once it was given one."""

    def __init__(self, folder, program, loader=False, port=None):
        folder.mkdir()
        self.loader = Loader() if loader else None
        super().__init__("uno", folder, b"", b"" if loader else program)
        self.port = port or free_port()
        if loader:
            threading.Thread(target=self.boot, daemon=True).start()
        else:
            self.start(port=self.port)

    def make_flash(self, boot, image):
        self.flash.write_bytes(image + b"\xff" * (self.layout["size"] - len(image)))

    def boot(self):
        self.loader.written.wait()
        self.make_flash(b"", bytes(self.loader.flash[:self.layout["boot"]]))
        self.start(port=self.port)

    @property
    def address(self):
        return f"tcp:127.0.0.1:{self.port}"

    @property
    def place(self):
        return {"port": self.address, "flash_port": f"net:127.0.0.1:{self.loader.port}"} if self.loader else self.address
