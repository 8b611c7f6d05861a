# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands between a client and the daemon on the network."""
import socket
import threading
import time


class Valve:
    """Stands between a client and the daemon: counts connections and the bytes of the answers, lets so many a second through, may cut what
    goes through it, and may let nobody in any more."""

    def __init__(self, port):
        self.port, self.rate, self.cut_after, self.passed = port, None, None, 0
        self.is_shut, self.let_in, self.sent_away = False, 0, 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.own_port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.server.accept()
            if self.is_shut:
                self.sent_away += 1
                client.close()
                continue
            self.let_in += 1
            other = socket.create_connection(("127.0.0.1", self.port))
            for source, sink, is_answer in ((client, other, False), (other, client, True)):
                threading.Thread(target=self.pump, args=(source, sink, is_answer), daemon=True).start()

    def pump(self, source, sink, is_answer):
        passed = 0
        try:
            while data := source.recv(16384):
                sink.sendall(data)
                passed += len(data)
                self.passed += len(data) if is_answer else 0
                if is_answer and self.cut_after is not None and passed > self.cut_after:
                    self.cut_after = None
                    break
                if is_answer and self.rate and passed > 16384:
                    time.sleep(len(data) / self.rate)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
