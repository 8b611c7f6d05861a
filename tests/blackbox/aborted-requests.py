#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that ask and go away before they are answered, at every moment of an answer: whoever stays is answered, and then the daemon rests."""
import random
import socket
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site, free_port, wait_for  # noqa: E402
from site_figures import cpu_seconds  # noqa: E402

ROUNDS, CALLERS = 400, 4
PATHS = ("/devices/?q=lamp&limit=100", "/devices/?sort=-name&limit=100", "/overview", "/journal?limit=100", "/search?q=lamp", "/monitoring/latest",
         "/orders/?limit=10", "/alerts/?limit=10", "/journal/verify")


def storm(path, seed, failures):
    """Of each request some or nothing of the answer is read."""
    dice = random.Random(seed)
    try:
        for _ in range(ROUNDS):
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(30)
                client.connect(str(path))
                client.sendall(f"GET {dice.choice(PATHS)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                if dice.random() < 0.3:
                    client.recv(dice.choice((1, 100, 100_000)))
                elif dice.random() < 0.7:
                    time.sleep(dice.random() * 0.004)
    except OSError as error:
        failures.append(error)


def rests(process):
    """Whether it needs next to nothing of the processor for a second."""
    before = cpu_seconds(process)
    time.sleep(1)
    return cpu_seconds(process) - before < 0.3


def main():
    with Site(sys.argv[1]) as site:
        process = site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{free_port()}")
        for number in range(200):
            site.api.post("/devices/", {"name": f"Lamp {number}", "kind": "light"})
        failures = []
        callers = [threading.Thread(target=storm, args=(site.socket, seed, failures)) for seed in range(CALLERS)]
        for caller in callers:
            caller.start()
        asked = 0
        while any(caller.is_alive() for caller in callers):
            assert site.api.get("/devices/?q=lamp&limit=1")["total"] == 200
            asked += 1
        for caller in callers:
            caller.join()
        assert not failures, failures
        assert asked > 0
        wait_for(lambda: rests(process), 30, "the daemon at rest")
        print(f"1..1\nok 1 - {CALLERS * ROUNDS} requests were given up, {asked} others answered meanwhile")


if __name__ == "__main__":
    main()
