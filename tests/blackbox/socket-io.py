#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The npm library socket.io-client against /socket.io/: over WebSocket, over polling that is upgraded, over polling alone; refusals; a slow client."""
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site, free_port, wait_for  # noqa: E402
from npm_parts import install  # noqa: E402
from tls_api import TlsApi  # noqa: E402

SCRIPT = Path(__file__).with_name("socket-io-client.js")
MODES = {"websocket": ["websocket"], "upgraded": ["polling", "websocket"], "polling": ["polling"]}


class Clients:
    """A node process with any number of sockets, and all that they were told."""

    def __init__(self, folder):
        self.process = subprocess.Popen(["node", str(SCRIPT), str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.said = []
        threading.Thread(target=self.listen, daemon=True).start()
        self.wait("ready")

    def listen(self):
        for line in self.process.stdout:
            self.said.append(json.loads(line))

    def order(self, what, **more):
        self.process.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self.process.stdin.flush()

    def find(self, event, **members):
        return [row for row in self.said if row["event"] == event and all(row.get(name) == value for name, value in members.items())]

    def wait(self, event, number=1, timeout=15, **members):
        wait_for(lambda: len(self.find(event, **members)) >= number, timeout, f"{event} {members} after {self.said[-5:]}")
        return self.find(event, **members)[number - 1]

    def ask(self, name, topic, data=None, **more):
        before = len(self.find("acknowledged", name=name, topic=topic))
        self.order("emit", name=name, topic=topic, data=data, **more)
        return self.wait("acknowledged", before + 1, name=name, topic=topic)

    def end(self):
        self.process.kill()
        self.process.wait()


class World:
    def __init__(self, site, port, clients):
        self.site, self.clients, self.url = site, clients, f"https://127.0.0.1:{port}"
        self.api = TlsApi(port)
        self.token = (site.folder / "data/token").read_text().strip()
        # the first person of a site is its administrator
        site.api.post("/users/add", {"name": "Ada", "email": "ada@example.org", "password": "a long enough password"})
        self.device = site.api.post("/devices", {"name": "Lamp", "kind": "sensor"})["id"]
        self.other = site.api.post("/devices", {"name": "Heater", "kind": "sensor"})["id"]

    def open(self, name, auth=None, transports=("websocket",), **more):
        self.clients.order("open", name=name, url=self.url, auth=auth, transports=list(transports), **more)

    def measure(self, device, **metrics):
        self.site.api.post("/monitoring/data", {"device_id": device, "metrics": metrics})


def check_mode(world, mode, transports):
    clients, site = world.clients, world.site
    world.open(mode, {"token": world.token}, transports)
    connected = clients.wait("connect", name=mode)
    assert connected["sid"], connected
    wanted = "polling" if mode == "polling" else "websocket"
    wait_for(lambda: clients.order("transport", name=mode) or clients.find("transport", name=mode, transport=wanted), 10, f"{mode} over {wanted}")
    world.measure(world.device, temperature=21.5)
    told = clients.wait("told", name=mode, topic="monitoring")["data"]
    assert told["device_id"] == world.device and "temperature" in json.dumps(told), told
    site.api.call("PUT", f"/devices/{world.device}", {"notes": f"by {mode}"})
    changed = wait_for(lambda: [row for row in clients.find("told", name=mode, topic="device") if row["data"]["action"] == "update"], 10, "the change of a device")[0]["data"]
    assert changed["id"] == world.device and changed["notes"] == f"by {mode}" and changed["sequence"] > 0, changed
    site.api.call("POST", "/notification-channels/01900000-0000-7000-8000-0000000000c1/test")
    shown = clients.wait("told", name=mode, topic="notification")["data"]
    assert shown["channel"] == "console" and shown["sound"] == "chime" and shown["kind"] == "test", shown
    check_subscribing(world, mode)
    clients.order("close", name=mode)
    assert clients.wait("disconnect", name=mode)["reason"] == "io client disconnect"


def check_subscribing(world, mode):
    clients = world.clients
    answer = clients.ask(mode, "subscribe", {"events": ["telemetry"], "devices": [world.other], "metrics": ["power"]})["answer"]
    assert answer == {"ok": True, "events": ["telemetry"]}, answer
    before = len(clients.find("told", name=mode))
    world.measure(world.device, temperature=22)
    world.measure(world.other, temperature=23)
    world.measure(world.other, power=7)
    told = clients.wait("told", name=mode, topic="telemetry")["data"]
    assert told["device_id"] == world.other and "power" in json.dumps(told) and "temperature" not in json.dumps(told), told
    assert len(clients.find("told", name=mode)) == before + 1, clients.find("told", name=mode)[before:]
    refused = clients.ask(mode, "subscribe", {"events": ["weather"]})["answer"]
    assert refused["ok"] is False and "monitoring" in refused["error"], refused
    assert clients.ask(mode, "dance", {"x": 1})["answer"]["ok"] is False
    # bytes travel beside the packet that they belong to
    assert clients.ask(mode, "ping", {"x": 1}, binary=True)["answer"]["ok"] is True
    assert clients.ask(mode, "unsubscribe")["answer"] == {"ok": True, "events": []}


def check_burst(world):
    """All of a thousand values reach each mode, in order."""
    clients = world.clients
    for mode, transports in MODES.items():
        world.open(f"burst-{mode}", {"token": world.token, "events": ["device"]}, transports)
        clients.wait("connect", name=f"burst-{mode}")
    for number in range(200):
        world.site.api.call("PUT", f"/devices/{world.other}", {"notes": f"no. {number}"})
    for mode in MODES:
        def list_notes(name=f"burst-{mode}"):
            return [row["data"]["notes"] for row in clients.find("told", name=name, topic="device") if "notes" in row["data"]]

        wait_for(lambda: len(list_notes()) >= 200, 20, f"200 changes by {mode}")
        notes = list_notes()
        assert notes == [f"no. {number}" for number in range(200)], notes[:5]


def check_alert(world):
    """A sample that is too high is an alert, and what consoles show, everywhere; and well again."""
    clients = world.clients
    for mode, transports in MODES.items():
        world.open(f"alert-{mode}", {"token": world.token, "events": ["alert", "notification"]}, transports)
        clients.wait("connect", name=f"alert-{mode}")
    world.site.api.post("/alert-rules", {"name": "Hot", "kind": "threshold", "metric": "temperature", "value": 30, "severity": "error"})
    begun = time.monotonic()
    world.measure(world.device, temperature=35)
    for mode in MODES:
        told = clients.wait("told", name=f"alert-{mode}", topic="alert")["data"]
        assert told["action"] == "insert" and told["device_id"] == world.device and told["severity"] == "error" and told["status"] == "open", told
        shown = clients.wait("told", name=f"alert-{mode}", topic="notification")["data"]
        assert shown["kind"] == "raise" and shown["alert_id"] == told["id"], shown
    print(f"from a sample to what consoles show, in all three modes: {(time.monotonic() - begun) * 1000:.0f} ms")
    world.measure(world.device, temperature=20)
    for mode in MODES:
        wait_for(lambda mode=mode: [row for row in clients.find("told", name=f"alert-{mode}", topic="alert") if row["data"].get("status") == "resolved"], 10, "the end of it")


def check_refusals(world):
    clients = world.clients
    world.open("nobody")
    assert clients.wait("connect_error", name="nobody")["data"]["status"] == 401
    world.open("wrong", {"token": "nonsense"}, ["polling"])
    assert clients.wait("connect_error", name="wrong")["data"]["status"] == 401
    world.open("elsewhere", {"token": world.token}, namespace="/admin")
    assert clients.wait("connect_error", name="elsewhere")["message"] == "Invalid namespace"
    world.open("header", None, ["polling", "websocket"], headers={"Authorization": f"Bearer {world.token}"})
    clients.wait("connect", name="header")
    customer = world.site.api.post("/users/add", {"name": "Cuno", "email": "cuno@example.org", "password": "a long enough password", "role": "customer"})
    assert customer["role"] == "customer", customer
    token = world.api.post("/users/auth", {"email": "cuno@example.org", "password": "a long enough password"})["access_token"]
    world.open("customer", {"token": token})
    assert clients.wait("connect_error", name="customer")["data"]["status"] == 403


def check_revoked(world):
    """Who may not listen any more is sent away."""
    clients, site = world.clients, world.site
    person = site.api.post("/users/add", {"name": "Vera", "email": "vera@example.org", "password": "a long enough password", "role": "viewer"})
    token = world.api.post("/users/auth", {"email": "vera@example.org", "password": "a long enough password"})["access_token"]
    world.open("vera", {"token": token})
    clients.wait("connect", name="vera")
    site.api.call("PUT", f"/users/{person['id']}", {"disabled": True})
    assert clients.wait("disconnect", name="vera")["reason"] == "io server disconnect"


def check_protocol(world):
    """What the library would never send."""
    def code(method, target, body=None):
        status, _, data = world.api.exchange(method, target, body, {"Content-Type": "text/plain"} if body is not None else None)
        return (status, json.loads(data)["code"]) if status == 400 else (status, data.decode())

    assert code("GET", "/socket.io/?EIO=4&transport=pigeon") == (400, 0)
    assert code("GET", "/socket.io/?EIO=3&transport=polling") == (400, 5)
    assert code("GET", "/socket.io/?EIO=4&transport=polling&sid=nobody") == (400, 1)
    assert code("GET", "/socket.io/?EIO=4&transport=websocket") == (400, 3)
    assert code("POST", "/socket.io/?EIO=4&transport=polling", b"40") == (400, 2)
    status, text = code("GET", "/socket.io/?EIO=4&transport=polling&t=x&anything=1")
    opened = json.loads(text[1:])
    assert status == 200 and text[0] == "0" and opened["upgrades"] == ["websocket"] and opened["pingInterval"] == 25000, text
    target = f"/socket.io/?EIO=4&transport=polling&sid={opened['sid']}"
    assert code("POST", target, b"40/admin,\x1e40") == (200, "ok")
    status, text = code("GET", target)
    assert status == 200 and [part[:2] for part in text.split("\x1e")] == ["44", "44"], text
    assert code("POST", target, b"x" * 1_000_001)[0] == 413
    assert code("POST", target, b"9") == (400, 3)
    assert code("GET", target) == (400, 1), "a broken session is over"
    # two that wait for the same packets
    _, text = code("GET", "/socket.io/?EIO=4&transport=polling")
    target = f"/socket.io/?EIO=4&transport=polling&sid={json.loads(text[1:])['sid']}"
    first = []
    waiting = TlsApi(world.api.port)
    thread = threading.Thread(target=lambda: first.append(waiting.exchange("GET", target)))
    thread.start()
    time.sleep(0.5)
    assert code("GET", target) == (400, 3)
    thread.join(10)
    assert first[0][0] == 200 and first[0][2] == b"1", first


def main():
    folder = install(sys.argv[1])
    port = free_port()
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{port}")
        clients = Clients(folder)
        try:
            world = World(site, port, clients)
            for mode, transports in MODES.items():
                check_mode(world, mode, transports)
            check_burst(world)
            check_alert(world)
            check_refusals(world)
            check_revoked(world)
            check_protocol(world)
        finally:
            clients.end()
        assert site.stop_daemon() == 0, "the daemon did not end well"


if __name__ == "__main__":
    main()
