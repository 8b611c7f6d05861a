#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""board-update.py BUILD TARGET KIND SEED ADDRESS-A ADDRESS-B BOOT IMAGE PROGRAM-2: a board on QEMU that is a node of the site (KIND `tls`: at the site's own broker;
`ethernet`: without TLS, at a broker of the plant, with a server of the plant's between it and the daemon) is brought from version 1 to version 2 by the daemon. It fetches the file
by its own network, by difference, goes on where the connection was cut and after its power was, and confirms. What is corrupted, foreign, unsigned or
signed by somebody else it refuses, and a server with a certificate of another authority it tells nothing; what does not come to the site it gives up for what it had."""
import http.client
import http.server
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

os.environ.setdefault("MUSTER_EMULATORS", str(Path(sys.argv[1]) / "firmware/emulators"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "firmware/emulators"))
from board_node import PATIENCE, BoardNode, bench, credentials, prepare  # noqa: E402
from muster_site import Site, free_port, wait_for  # noqa: E402
from plant_broker import PlantBroker, make_certificates  # noqa: E402
from update_fleet import upload  # noqa: E402
from valve import Valve  # noqa: E402

HOST = "10.0.2.2"  # where QEMU's network has this machine
MAC = bytes.fromhex("020000000019")
BUILD, TARGET, KIND, SEED = sys.argv[1:5]
ADDRESSES, PROGRAMS, SECOND = sys.argv[5:7], sys.argv[7:9], sys.argv[9]
MODEL = f"muster-{TARGET}-node"
TAIL = 120_000  # bytes that version 1 has not
RATE = 30_000  # bytes a second
# What is new in version 2, and its index; a program that is linked for its slot has little in common with the one in the other.
FETCHED_MAX = {"virt-rv32": TAIL + 15_000, "mps2": TAIL + 80_000}
CONFIRM_S = 10


class PlantServer:
    """A server of the plant's that gives devices by HTTP what it gets from the daemon by HTTPS; every other file in chunks."""

    def __init__(self, port):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version, count = "HTTP/1.1", 0

            def do_GET(self):
                context = ssl.create_default_context()
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                daemon = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=30)
                daemon.request("GET", self.path, headers={"Range": self.headers["Range"]})
                answer = daemon.getresponse()
                Handler.count += 1
                chunked = Handler.count % 2 == 0
                self.send_response(answer.status)
                for name in ("Content-Range", *(() if chunked else ("Content-Length",))):
                    if answer.getheader(name) is not None:
                        self.send_header(name, answer.getheader(name))
                if chunked:
                    self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                while data := answer.read(4096):
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data) if chunked else data)
                if chunked:
                    self.wfile.write(b"0\r\n\r\n")
                daemon.close()

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *args: None  # connections are cut
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Works:
    """Where images come from."""

    def __init__(self, folder):
        self.folder = folder
        self.run("keygen", folder / "other.seed", folder / "other.public")
        self.programs = [Path(PROGRAMS[1]).read_bytes()[256:], Path(SECOND).read_bytes()]

    @staticmethod
    def run(*arguments):
        subprocess.run([str(Path(BUILD) / "firmware/tools/muster-image"), *map(str, arguments)], check=True, capture_output=True)

    def make(self, version, slot, model=MODEL, seed=SEED, sign=True, tail=b""):
        payload, image = self.folder / "payload", self.folder / f"{version}.mfi"
        payload.write_bytes(self.programs[slot] + tail)
        self.run("pack", "--model", model, "--hardware", "1", "--version", version, "--address", ADDRESSES[slot], "--key", seed, payload, image)
        data = image.read_bytes()
        return data if sign else data[:112] + bytes(144) + data[256:]


class Plant:
    """The site, the board, and what stands between them: `gate` before the broker, `valve` before the files."""

    def __init__(self, site, folder):
        self.site, self.api = site, site.api
        options = ("--ethernet", "user", *(("--entropy", "yes") if KIND == "tls" else ()))
        known, device = self.join_own() if KIND == "tls" else self.join_plant()
        self.move_files(self.valve.own_port)
        self.node = BoardNode(site, device, prepare(TARGET, folder, PROGRAMS, bench(known, mac=MAC, tls=KIND == "tls")), *options)
        self.options = options

    def move_files(self, port):
        self.api.call("PUT", "/settings/firmware.base-uri", {"value": f"{'https' if KIND == 'tls' else 'http'}://{HOST}:{port}"})

    def join_own(self):
        https = free_port()
        self.site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{https}", "--broker-listen", f"127.0.0.1:{free_port()}")
        device = self.api.post("/devices/", {"name": "Gate", "serial": "GATE-1"})["id"]
        account = self.api.call("POST", f"/devices/{device}/account")
        self.name = account["tls_name"]
        self.gate, self.valve = Valve(account["port"]), Valve(https)
        return credentials(HOST, self.gate.own_port, account["username"], account["password"], account["group_id"], self.host_id(),
                           account["ca_certificate"], account["tls_name"]), device

    def join_plant(self):
        https = free_port()
        broker = PlantBroker(self.site, "broker.plant.example", {"gate": "open"})
        broker.use("--listen", f"127.0.0.1:{https}")
        device = self.api.post("/devices/", {"name": "Gate", "serial": "GATE-1", "node_id": "gate"})["id"]
        self.gate, self.valve = Valve(broker.plain), Valve(PlantServer(https).port)
        return credentials(HOST, self.gate.own_port, "gate", "open", "muster", self.host_id(), (broker.folder / "ca.pem").read_text(), "broker.plant.example"), device

    def host_id(self):
        return self.api.get("/messaging/status")["host_id"]

    def version(self):
        return self.api.get(f"/devices/{self.node.id}")["firmware_version"]

    def give(self, image, **more):
        artifact = image if isinstance(image, dict) else upload(self.api, image)
        return self.api.post("/updates", {"device_id": self.node.id, "artifact_id": artifact["id"], "confirm_within": CONFIRM_S, **more})

    def await_end(self, update, status, timeout=PATIENCE):
        def reached():
            now = self.api.get(f"/updates/{update['id']}")
            assert now["status"] in ("waiting", "running", "cancelling", status), now
            return now if now["status"] == status else None

        return wait_for(reached, timeout, f"{status}: {self.api.get(f'/updates/{update['id']}')}")


def check_good(plant, works):
    """Of what it has already nothing comes, and what came before the connection was cut comes no second time."""
    plant.valve.rate, plant.valve.cut_after = RATE, 80_000
    before = plant.valve.passed
    update = plant.give(works.make("2.0.0", 1, tail=os.urandom(TAIL)))
    done = plant.await_end(update, "confirmed")
    passed = plant.valve.passed - before
    print(f"   fetched {done['fetched']:,} of {done['size']:,} bytes, {passed:,} passed in {plant.valve.let_in} connections", flush=True)
    assert (done["delivery"], done["to_version"], done["attempt"], done["error"]) == ("node", "2.0.0", 1, None), done
    assert plant.valve.cut_after is None and plant.valve.let_in > 1, "the connection was not cut"
    assert TAIL < done["fetched"] < FETCHED_MAX[TARGET] and passed < done["fetched"] + 50_000, (done, passed)
    happened = [event["kind"] for event in plant.api.get(f"/updates/{update['id']}/events?sort=created_at,id&limit=200")["items"]]
    assert happened.count("told") == happened.count("confirmed") == 1 and "downloading" in happened, happened
    assert plant.version() == "2.0.0"
    plant.node.check_session()
    print("ok the board goes on where its connection was cut, and confirms version 2", flush=True)


def check_refused(plant, works):
    """Nothing of it runs, and the daemon says in the board's words why."""
    corrupted = upload(plant.api, works.make("2.1.1", 0, tail=os.urandom(1000)))
    path = next((plant.site.folder / "data/firmware").rglob(corrupted["sha256"]))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    for code, image in {
        "bad-payload": corrupted,
        "wrong-model": works.make("2.1.2", 0, model="another-model"),
        "unsigned": works.make("2.1.3", 0, sign=False),
        "unknown-key": works.make("2.1.4", 0, seed=works.folder / "other.seed"),
    }.items():
        failed = plant.await_end(plant.give(image), "failed")
        assert failed["error"].startswith(f"{code}: "), (code, failed)
        assert plant.version() == "2.0.0" and plant.node.state() == "online"
        print(f"ok the board refuses what is {code}", flush=True)


def check_stranger(plant, works):
    """It ends the handshake, and goes on trying: the secret in the address is not said to anybody else."""
    theirs = works.folder / "theirs"
    theirs.mkdir()
    make_certificates(theirs, plant.name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(theirs / "cert.pem", theirs / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        plant.move_files(server.getsockname()[1])
        update = plant.give(works.make("2.2.0", 0))
        raw = server.accept()[0]
        raw.settimeout(30)
        try:
            with context.wrap_socket(raw, server_side=True) as session:
                raise AssertionError(f"the board says {session.recv(64)} to a stranger")
        except ssl.SSLError as error:
            assert "UNKNOWN_CA" in error.reason, error
    assert plant.api.get(f"/updates/{update['id']}")["status"] == "running"
    plant.move_files(plant.valve.own_port)
    assert plant.api.call("POST", f"/updates/{update['id']}/cancel")["status"] == "cancelling"
    plant.await_end(update, "cancelled")
    print("ok the board tells nothing to a server with a certificate of another authority", flush=True)


def check_reverted(plant, works):
    """It goes on by itself after its power was cut; and then the new program cannot reach the broker in its time."""
    before = plant.valve.passed
    update = plant.give(works.make("3.0.0", 0, tail=os.urandom(TAIL)))
    wait_for(lambda: plant.valve.passed > before + TAIL // 3, PATIENCE, "some of the file")
    assert plant.api.get(f"/updates/{update['id']}")["status"] == "running"
    plant.node.board.stop()
    before = plant.valve.passed
    plant.node.board.start(*plant.options)
    wait_for(lambda: plant.valve.passed > before + TAIL // 3, PATIENCE, "more of the file")
    plant.gate.is_shut = True
    wait_for(lambda: plant.gate.sent_away > 0, PATIENCE, "the trial")
    print("ok the board goes on after its power was cut", flush=True)
    time.sleep(CONFIRM_S + 5)
    plant.gate.is_shut = False
    reverted = plant.await_end(update, "reverted")
    assert reverted["error"] == "not-confirmed: it did not connect in time", reverted
    plant.node.await_state("online")
    assert plant.version() == "2.0.0"
    plant.node.check_session()
    print("ok the board goes back from a version that does not come to the site", flush=True)


def main():
    with tempfile.TemporaryDirectory(prefix="muster-board-") as folder, Site(BUILD) as site:
        works = Works(Path(folder))
        plant = Plant(site, folder)
        try:
            plant.node.check_session()
            wait_for(lambda: plant.version() == "1.0.0", PATIENCE, "its version")
            print("ok the board runs version 1", flush=True)
            check_good(plant, works)
            check_refused(plant, works)
            if KIND == "tls":
                check_stranger(plant, works)
            check_reverted(plant, works)
        finally:
            plant.node.board.stop()


if __name__ == "__main__":
    main()
