#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples over a WebSocket, with acknowledgements and back-pressure, and out of CSV files of any size."""
import json
import socket
import ssl
import sys
import time
from pathlib import Path

import websocket

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, free_port, memory_kb  # noqa: E402

failures = []


def check(condition, *what):
    if not condition:
        failures.append(what)
        print("FAILED:", *what)


class Stream:
    """/ws/ingest, over the socket of the machine, or over HTTPS with a token."""

    def __init__(self, site, port=None, token=None):
        if port is None:
            stream = socket.socket(socket.AF_UNIX)
            stream.connect(str(site.socket))
            self.socket = websocket.create_connection("ws://localhost/ws/ingest", socket=stream, timeout=10)
        else:
            self.socket = websocket.create_connection(f"wss://127.0.0.1:{port}/ws/ingest", timeout=10, header=[f"Authorization: Bearer {token}"] if token else [],
                                                      sslopt={"cert_reqs": ssl.CERT_NONE, "check_hostname": False})
        self.notes = []
        self.hello = json.loads(self.socket.recv())

    def send(self, *readings):
        for reading in readings:
            self.socket.send(json.dumps(reading))

    def until(self, number):
        """Errors, and the ack of message NUMBER."""
        errors = []
        while True:
            text = self.socket.recv()
            if not text:
                raise websocket.WebSocketConnectionClosedException("sent away")
            said = json.loads(text)
            if said["op"] == "note":
                self.notes.append((said["message"], said["notes"]))
            elif said["op"] == "error":
                errors.append((said["message"], said["problem"]["status"]))
            elif said["message"] >= number:
                return errors, said


def points(api, device, metric):
    answer = api.get(f"/monitoring/data/{device}?points=0&metric={metric}")
    return answer["samples"][0]["points"] if answer["samples"] else []


def test_socket(site, port, lamp, meter):
    api, now = site.api, int(time.time() * 1000)
    stream = Stream(site)
    check(stream.hello == {"op": "hello", "window": 64}, "hello", stream.hello)
    stream.send({"device_id": lamp, "metric": "a", "value": 1, "timestamp": now}, [{"device_id": lamp, "metrics": {"b": 2, "c": 3}}, {"device_id": meter, "metric": "a", "value": 4}],
                {"device_id": lamp}, {"device_id": "0192e4a0-7b1c-7def-8abc-0123456789ab", "metric": "a", "value": 1}, {"device_id": lamp, "metric": "a", "value": 5, "timestamp": now + 1},
                {"device_id": lamp, "metric": "a", "value": 6, "timestamp": now + 5 * 86400000})
    stream.socket.send("no JSON")
    errors, ack = stream.until(7)
    check(errors == [(3, 422), (4, 404), (7, 400)], "what is wrong is told of each message", errors)
    check(ack == {"op": "ack", "message": 7, "stored": 5, "refused": 1}, "counts", ack)
    check(points(api, lamp, "a") == [[now, 1], [now + 1, 5]], "samples are durable when acknowledged", points(api, lamp, "a"))
    for turn in range(20):
        stream.send(*({"device_id": lamp, "metric": "fast", "value": i, "timestamp": now - 5000 + turn * 50 + i} for i in range(50)))
        stream.until(7 + (turn + 1) * 50)
    check(len(points(api, lamp, "fast")) == 1000, "a thousand by windows")
    # A device in the sender's own words, and values in other units than the site keeps.
    meter_name = api.get(f"/devices/{meter}")["name"]
    metric = api.post("/monitoring/metrics/", {"device_id": meter, "name": "heat", "unit": "°C"})["id"]
    stream.send({"device": meter_name, "metric": "heat", "value": 212, "unit": "°F", "timestamp": now + 1}, {"device": meter, "metrics": {"heat": 294.65}, "units": {"heat": "K"}, "timestamp": now + 2},
                {"device": "nobody", "metric": "heat", "value": 1}, {"device": meter_name, "metric": "heat", "value": 7, "unit": "kPa", "timestamp": now + 3})
    stream.notes.clear()
    errors, _ = stream.until(1011)
    check(errors == [(1010, 422)], "an unknown name", errors)
    check(points(api, meter, "heat") == [[now + 1, 100], [now + 2, 21.5], [now + 3, 7, "bad"]], "units", points(api, meter, "heat"))
    check(len(stream.notes) == 1 and stream.notes[0][0] == 1011 and "kept in °C" in stream.notes[0][1][0], "why", stream.notes)
    answer = api.post("/monitoring/data", [{"device": meter_name, "metric": "heat", "value": 32, "unit": "degF", "timestamp": now + 4}, {"device_id": meter, "metric": "heat", "value": 1, "unit": "bogus"}])
    check(answer["stored"] == 2 and len(answer["notes"]) == 1 and "bogus" in answer["notes"][0], "the same by POST", answer)
    check("notes" not in api.post("/monitoring/data", {"device_id": meter, "metric": "heat", "value": 20, "unit": "°C"}), "nothing to say")
    api.call("PUT", f"/monitoring/metrics/{metric}", {"unit": "°F"})
    time.sleep(0.3)
    api.post("/monitoring/data", {"device_id": meter, "metric": "heat", "value": 100, "unit": "°C", "timestamp": now + 6})
    check([now + 6, 212] in points(api, meter, "heat"), "the metric's new unit", points(api, meter, "heat"))
    stream.socket.close()
    # Whoever does not wait for acks is sent away, and what it sent is whole messages.
    stream = Stream(site)
    try:
        for i in range(20000):
            stream.send({"device_id": lamp, "metric": "flood", "value": i, "timestamp": now + i})
        stream.until(20000)
        check(False, "a flood was taken")
    except (OSError, websocket.WebSocketException):
        pass
    token = api.call("POST", f"/devices/{lamp}/token")["token"]
    device = Stream(site, port, token)
    device.send({"metric": "own", "value": 1}, {"device_id": meter, "metric": "own", "value": 1})
    check(device.until(2)[0] == [(2, 422)], "only its own")
    api.call("POST", f"/devices/{lamp}/token")
    try:
        for _ in range(100):
            time.sleep(0.2)
            device.send({"metric": "own", "value": 2})
            device.until(3)
        check(False, "a revoked token still writes")
    except (OSError, websocket.WebSocketException):
        pass
    try:
        Stream(site, port)
        check(False, "nobody was let in")
    except websocket.WebSocketException as error:
        check("401" in str(error), "nobody", error)


def send_csv(api, text, **params):
    query = "&".join(f"{name}={value}" for name, value in params.items())
    return api.call("POST", f"/monitoring/import?{query}", text if isinstance(text, bytes) else text.encode(), {"Content-Type": "text/csv"})


def test_csv(site, lamp, meter):
    api = site.api
    text = "timestamp,device,metric,value\n2026-01-01T00:00:01Z,Lamp,t,21.5\n2026-01-01T00:00:02Z,M-7,t,22\nnever,Lamp,t,1\n2026-01-01T00:00:03Z,Nobody,t,1\n"
    seen = send_csv(api, text, preview="true")
    check(seen["stored"] == 0 and seen["samples"] == 2 and [error["row"] for error in seen["errors"]] == [4, 5] and sorted(seen["devices"]) == sorted([lamp, meter]), "preview", seen)
    query = "?metric=t&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"
    check(api.get(f"/monitoring/data/{lamp}{query}")["samples"] == [], "a preview stores nothing")
    done = send_csv(api, text)
    check(done["stored"] == 2 and done["refused"] == 0 and done["wrong"] == 2, "import", done)
    check(api.get(f"/monitoring/data/{lamp}{query}")["samples"][0]["points"] == [[1767225601000, 21.5]], "stored")
    wide = send_csv(api, "time;power;state\n2026-01-01 01:00:00;1,5;on\n", device="M-7", zone="Europe/Berlin", decimal_comma="true")
    check(wide["stored"] == 2 and wide["metrics"] == ["power", "state"], "wide", wide)
    check(api.get(f"/monitoring/data/{meter}?metric=power&from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z")["samples"][0]["points"] == [[1767225600000, 1.5]], "zone and comma")
    for params, body, status in (({"device": "Nobody"}, "time,t\n1,1\n", 422), ({"zone": "Nowhere"}, "time,t\n1,1\n", 422), ({}, "time,t\n1,1\n", 422), ({}, "a", 422)):
        try:
            check(False, "taken", send_csv(api, body, **params))
        except ApiError as error:
            check(error.status == status, "refused", params, body, error.body)
    before = memory_kb(site.daemon)
    rows = b"".join(b"%d,%d,%d,%d,%d\n" % (1700000000 + i, i, i * 2, i % 7, i % 3) for i in range(400_000))
    start = time.monotonic()
    large = send_csv(api, b"time,a,b,c,d\n" + rows, device=meter)
    took = time.monotonic() - start
    check(large["stored"] == 1_600_000, "a large file", {name: large[name] for name in ("stored", "refused", "rows", "samples", "wrong")})
    print(f"{large['samples'] / took / 1e6:.2f} M samples/s out of CSV, {len(rows) / took / 1e6:.1f} MB/s; memory {before // 1024} → {memory_kb(site.daemon) // 1024} MiB")
    check(site.is_sanitized or memory_kb(site.daemon) < before + 150 * 1024, "it takes memory with the file", before, memory_kb(site.daemon))
    count = api.get(f"/monitoring/data/{meter}?metric=a&agg=count&step=1000000000&from=2023-01-01T00:00:00Z&to=2024-12-31T00:00:00Z")["samples"][0]["points"]
    check(sum(value for _, value in count) == 400_000, "all of them are there", count)


def main():
    port = free_port()
    with Site(sys.argv[1]) as site:
        site.start_daemon("--listen", f"127.0.0.1:{port}", "--no-mdns")
        lamp = site.api.post("/devices/", {"name": "Lamp"})["id"]
        meter = site.api.post("/devices/", {"name": "Meter", "serial": "M-7"})["id"]
        test_socket(site, port, lamp, meter)
        test_csv(site, lamp, meter)
    sys.exit(1 if failures else 0)


main()
