#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the API promises beyond the shape of requests: lost updates, retries, states, pages under way, tokens, the live stream."""
import json
import socket
import sys
import threading
import time
import uuid
from pathlib import Path

import websocket

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from api_document import Document  # noqa: E402
from api_probe import Findings, https_probe, unix_probe  # noqa: E402
from muster_site import Api, Site, free_port, memory_kb, wait_for  # noqa: E402


class Rules:
    def __init__(self, site, port):
        self.site, self.findings = site, Findings()
        self.probe = unix_probe(site.socket, self.findings)
        self.probe.document = Document(site.api.get("/openapi.json"))
        self.https = https_probe(port, site.folder / "data/broker/authority.pem", (site.folder / "data/token").read_text().strip(), self.findings)
        self.https.document = self.probe.document

    def check(self, condition, text, *what):
        self.findings.check(condition, "rule", f"{text} {' '.join(str(w)[:300] for w in what)}")

    def ask(self, method, target, body=None, expect=None, **headers):
        return self.probe.ask(method, target, body, {name.replace("_", "-"): value for name, value in headers.items()}, expect=expect)

    def make(self, **members):
        return self.ask("POST", "/devices/", {"name": "A", **members}, 201).json


def test_lost_update(rules):
    device = rules.make(name="Lamp")
    path = f"/devices/{device['id']}"
    first = rules.ask("GET", path, expect=200)
    tag = first.headers["etag"]
    rules.check(first.json == device, "created and read differ", first.json, device)
    rules.ask("GET", path, expect=304, If_None_Match=tag)
    rules.ask("GET", path, expect=304, If_None_Match=f'"77", W/{tag}')
    rules.ask("GET", path, expect=200, If_None_Match='"77"')
    changed = rules.ask("PUT", path, {"name": "Lamp 2"}, 200, If_Match=tag)
    rules.check(changed.json["revision"] == 2 and changed.headers["etag"] == '"2"', "revision", changed.json, changed.headers)
    rules.ask("PUT", path, {"name": "Lamp 3"}, 412, If_Match=tag)
    rules.ask("DELETE", path, None, 412, If_Match=tag)
    rules.check(rules.ask("GET", path, expect=200, If_None_Match=tag).json["name"] == "Lamp 2", "the refused change was made")
    same = rules.ask("PUT", path, {"name": "Lamp 2"}, 200)
    rules.check(same.json["revision"] == 2, "a change to the same makes a revision", same.json)
    rules.ask("DELETE", path, None, 204, If_Match='"2"')
    for method in ("GET", "DELETE"):
        rules.ask(method, path, None, 404)

    # Of many writers with one revision exactly one wins.
    device = rules.make(name="Contended")
    results = []

    def write(number):
        api = Api(rules.site.socket)
        results.append(api.exchange("PUT", f"/devices/{device['id']}", {"name": f"Winner {number}"}, {"If-Match": '"1"'})[0])

    crew = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    rules.check(sorted(results) == [200] + [412] * 11, "writers with one revision got", results)


def test_retries(rules):
    key = {"Idempotency_Key": f"key-{uuid.uuid4()}"}
    body = {"name": "Once", "serial": "ONCE-1"}
    first = rules.ask("POST", "/devices/", body, 201, **key)
    again = rules.ask("POST", "/devices/", body, 201, **key)
    rules.check(again.body == first.body and again.headers.get("location") == first.headers.get("location"), "a retry is answered otherwise", again.body)
    rules.ask("POST", "/devices/", {**body, "name": "Twice"}, (409, 422), **key)
    rules.ask("POST", "/device-groups/", {"name": "Other"}, (409, 422), **key)
    rules.ask("POST", "/devices/", body, 409)
    refused = {"Idempotency_Key": f"key-{uuid.uuid4()}"}
    rules.ask("POST", "/devices/", {"name": ""}, 422, **refused)
    rules.ask("POST", "/devices/", {"name": ""}, 422, **refused)
    key = f"key-{uuid.uuid4()}"
    answers = []

    def post():
        answers.append(Api(rules.site.socket).exchange("POST", "/devices/", {"name": "Race"}, {"Idempotency-Key": key}))

    crew = [threading.Thread(target=post) for _ in range(12)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    made = {json.loads(body)["id"] for status, _, body in answers if status == 201}
    rules.check(len(made) == 1 and {status for status, _, _ in answers} <= {201, 409}, "a race of retries", [a[0] for a in answers], made)
    rules.check(rules.site.api.get("/devices/?q=Race")["total"] == 1, "a race of retries made more than one record")


def test_states(rules):
    device = rules.make(name="Traveller")
    path = f"/devices/{device['id']}/status"
    rules.ask("PUT", path, {"status": "deployed"}, 200)
    refusal = rules.ask("PUT", path, {"status": "sold"}, 409)
    rules.check(refusal.json.get("allowed") and "sold" not in refusal.json["allowed"], "409 without the states allowed", refusal.json)
    for status in refusal.json["allowed"]:
        other = rules.make(name=f"To {status}")
        rules.ask("PUT", f"/devices/{other['id']}/status", {"status": "deployed"}, 200)
        rules.ask("PUT", f"/devices/{other['id']}/status", {"status": status}, 200)
    rules.ask("POST", f"/devices/{device['id']}/adopt", {}, 409)
    rules.ask("POST", f"/devices/{device['id']}/command", {"kind": "reboot"}, 409)
    rules.ask("PUT", f"/devices/{device['id']}", {"status": "sold"}, 409)


def test_undo(rules):
    device = rules.make(name="Before")
    path = f"/devices/{device['id']}"
    rules.ask("PUT", path, {"name": "After"}, 200)
    entries = rules.ask("GET", f"/journal/?entity=device&entity_id={device['id']}", expect=200).json["items"]
    rename = max(entry["sequence"] for entry in entries)
    rules.ask("PUT", path, {"name": "Later"}, 200)
    overtaken = rules.ask("POST", f"/journal/{rename}/undo", None, 409)
    rules.check(overtaken.json.get("blockers") == [str(rename + 1)], "an undo that was overtaken names", overtaken.json)
    rules.ask("POST", f"/journal/{rename + 1}/undo", None, 200)
    rules.ask("POST", f"/journal/{rename + 1}/undo", None, 409)
    rules.check(rules.ask("GET", path).json["name"] == "After", "undo did not bring the name back")


def walk_pages(api, target):
    items, cursor, pages = [], "", 0
    while cursor is not None and pages < 1000:
        page = api.get(f"{target}{cursor}")
        items += page["items"]
        cursor = f"&cursor={page['next']}" if page["next"] else None
        pages += 1
    return items


def test_pages(rules):
    api, names = rules.site.api, ["ä", "B", "a", "Ä", "z", "Z", "", None]
    old = {rules.make(name=f"Page {number % 5}", location=names[number % 8] or None, kind=("sensor", "meter")[number % 2])["id"] for number in range(60)}
    running = True

    def insert():
        writer = Api(rules.site.socket)
        while running:
            writer.post("/devices/", {"name": "Page 2", "location": "m"})

    writer = threading.Thread(target=insert)
    writer.start()
    try:
        for sort in ("name", "-name", "location", "-location", "-id", "id", "kind,-name", "updated_at"):
            ids = [item["id"] for item in walk_pages(api, f"/devices/?limit=7&q=page&sort={sort}&created_at.max=2100-01-01T00:00:00Z")][:5000]
            rules.check(len(ids) == len(set(ids)), f"sorted by {sort}: rows come twice")
            rules.check(old <= set(ids), f"sorted by {sort}: {len(old - set(ids))} of {len(old)} rows are missing")
    finally:
        running = False
        writer.join()
    meters = walk_pages(api, "/devices/?limit=10&kind=meter&q=page")
    rules.check(len(meters) == 30 and all(item["kind"] == "meter" for item in meters), "filter", len(meters))
    both = api.get("/devices/?kind=meter,sensor&q=page&limit=1")["total"]
    rules.check(both == 60, "filter of two values", both)
    some = sorted(old)[:5]
    chosen = api.get(f"/devices/?id={','.join(some)}")
    rules.check(sorted(item["id"] for item in chosen["items"]) == some and chosen["total"] == 5, "rows by id", chosen["total"])
    index = api.get("/devices/ids?q=page&kind=meter&sort=id")
    rules.check(index["ids"] == sorted(item["id"] for item in meters) and index["total"] == 30, "ids and rows differ")
    for text in ("%", "_", '"', "'", "page'; drop table device", "*", "AND", "page*", "(", "a" * 200):
        rules.ask("GET", f"/devices/?q={text.replace('%', '%25').replace(' ', '%20').replace(';', '%3B')}", expect=200)
    cursor = api.get("/devices/?limit=5&sort=name")["next"]
    rules.ask("GET", f"/devices/?limit=5&sort=location&cursor={cursor}", expect=(400, 422))


def test_tokens(rules):
    mine, other = rules.make(name="Mine"), rules.make(name="Other")
    token = rules.ask("POST", f"/devices/{mine['id']}/token", None, 201).json["token"]
    device = rules.https.with_headers("device", {"Authorization": f"Bearer {token}"})
    stored = device.ask("POST", "/monitoring/data", {"device_id": mine["id"], "metrics": {"t": 1.5}}, expect=200)
    rules.check(stored.json == {"stored": 1, "refused": 0}, "own sample", stored.json)
    device.ask("POST", "/monitoring/data", {"metrics": {"t": 2}}, expect=200)
    device.ask("POST", "/monitoring/data", {"device_id": other["id"], "metrics": {"t": 1.5}}, expect=422)
    device.ask("POST", f"/devices/{mine['id']}/events", {"kind": "test"}, expect=204)
    device.ask("POST", f"/devices/{other['id']}/events", {"kind": "test"}, expect=403)
    rules.check(rules.site.api.get(f"/monitoring/data?device_id={other['id']}")["items"] in ([], [{"device_id": other["id"], "samples": []}]), "another's samples were stored")
    rules.ask("POST", f"/devices/{mine['id']}/token", None, 201)
    device.ask("POST", "/monitoring/data", {"metrics": {"t": 3}}, expect=401)
    bad = rules.ask("POST", "/monitoring/data", {"device_id": mine["id"], "metrics": {"inf": "1e999", "o": {"a": 1}}}, None)
    rules.check(bad.status in (200, 422), "odd values", bad.body)


def test_addresses(rules):
    """Every address is asked soon, however many are named at once."""
    listeners = []
    for number in range(2, 18):
        listener = socket.create_server((f"127.0.0.{number}", 0))
        listeners.append(listener)
        rules.ask("POST", "/discovery/addresses", {"address": f"127.0.0.{number}:{listener.getsockname()[1]}"}, 201)
    silent, end = 0, time.monotonic() + 15
    for listener in listeners:
        listener.settimeout(max(0.1, end - time.monotonic()))
        try:
            listener.accept()[0].close()
        except TimeoutError:
            silent += 1
        listener.close()
    rules.check(silent == 0, f"{silent} of {len(listeners)} addresses were never asked")


class Stream:
    def __init__(self, rules):
        stream = socket.socket(socket.AF_UNIX)
        stream.connect(str(rules.site.socket))
        self.socket = websocket.create_connection("ws://localhost/ws/monitoring", socket=stream, timeout=10)

    def send(self, value):
        self.socket.send(value if isinstance(value, str) else json.dumps(value))

    def receive(self, timeout=10):
        self.socket.settimeout(timeout)
        text = self.socket.recv()
        return json.loads(text) if text else None

    def until(self, op, timeout=10):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            message = self.receive(timeout)
            if message and message["op"] == op:
                return message
        raise TimeoutError(op)

    def call(self, value):
        self.send(value)
        return self.receive()


def test_stream(rules):
    device = rules.make(name="Streamed")
    stream = Stream(rules)
    rules.check(stream.call({"op": "ping"}) == {"op": "pong"}, "ping")
    taken = stream.call({"op": "subscribe", "id": "j", "topic": "journal"})
    rules.check(taken["op"] == "subscribed" and taken["id"] == "j" and taken["sequence"] > 0, "subscribed", taken)
    for number in range(5):
        rules.ask("PUT", f"/devices/{device['id']}", {"name": f"Name {number}"}, 200)
    seen = [stream.until("event") for _ in range(5)]
    numbers = [message["sequence"] for message in seen]
    rules.check(numbers == list(range(taken["sequence"] + 1, taken["sequence"] + 6)), "sequence of events", numbers, taken["sequence"])
    rules.check(all(message["subject"] == device["id"] and message["topic"] == "journal" for message in seen), "subjects", seen[0])
    stream.send({"op": "unsubscribe", "id": "j"})
    stream.send({"op": "ping"})
    stream.until("pong")
    rules.ask("PUT", f"/devices/{device['id']}", {"name": "Unseen"}, 200)
    stream.send({"op": "ping"})
    rules.check(stream.receive()["op"] == "pong", "an event after the end of the subscription")
    again = stream.call({"op": "subscribe", "id": "r", "topic": "journal", "since": numbers[1]})
    rules.check(again["op"] == "subscribed", "resume", again)
    replay = [stream.until("event")["sequence"] for _ in range(4)]
    rules.check(replay == numbers[2:] + [numbers[-1] + 1], "replay has a gap or a double", replay, numbers)
    stream.socket.close()


def test_stream_resume_under_way(rules):
    """A subscription with `since` while records change: no gap, no double."""
    device, running = rules.make(name="Busy"), True

    def write():
        api, number = Api(rules.site.socket), 0
        while running:
            number += 1
            api.call("PUT", f"/devices/{device['id']}", {"name": f"Busy {number}"})

    writer = threading.Thread(target=write)
    since = rules.site.api.get("/journal/?limit=1")["items"][0]["sequence"]
    writer.start()
    try:
        for _ in range(5):
            time.sleep(0.1)
            stream = Stream(rules)
            stream.send({"op": "subscribe", "id": "s", "topic": "journal", "since": since})
            numbers = []
            while len(numbers) < 200:
                message = stream.receive()
                if message["op"] == "event":
                    numbers.append(message["sequence"])
                elif message["op"] != "subscribed":
                    rules.check(False, "unexpected", message)
            rules.check(numbers == list(range(since + 1, since + 201)), "gap or double in a replay under way", numbers[:3], numbers[-3:])
            stream.socket.close()
    finally:
        running = False
        writer.join()


def test_stream_garbage(rules):
    for text in ("", "x", "[]", "5", "null", "{", '{"op":5}', '{"op":"nope"}', "{}", '{"op":"subscribe"}', '{"op":"subscribe","id":"a"}', '{"op":"subscribe","id":"a","topic":"nope"}',
                 '{"op":"subscribe","id":5,"topic":"journal"}', '{"op":"subscribe","id":"a","topic":"journal","since":-1}', '{"op":"subscribe","id":"a","topic":"journal","since":"x"}',
                 '{"op":"subscribe","id":"","topic":"journal"}', '{"op":"subscribe","id":"a","topic":"telemetry","subjects":5}', '{"op":"subscribe","id":"a","topic":"telemetry","subjects":["x"],"nope":1}',
                 '{"op":"subscribe","id":"' + "x" * 5000 + '","topic":"journal"}', "[" * 5000, '{"op":"ping","a":"' + "x" * 60000 + '"}', "\0", '{"op":"p\\u0000ing"}'):
        stream = Stream(rules)
        rules.findings.asked += 1
        try:
            answer = stream.call(text)
            rules.check(answer is None or answer["op"] in ("error", "pong"), f"garbage {text[:60]!r} is answered", answer)
            if answer and answer["op"] == "error":
                rules.check(400 <= answer["problem"]["status"] < 500 and answer["problem"]["title"], f"garbage {text[:60]!r}", answer)
        except websocket.WebSocketConnectionClosedException:
            pass
        except (OSError, websocket.WebSocketException) as error:
            rules.check(False, f"garbage {text[:60]!r}: {error!r}")
        stream.socket.close()
    stream = Stream(rules)
    stream.socket.send_binary(b"\xff\x00")
    stream.socket.close()
    double = Stream(rules)
    for _ in range(2):
        double.send({"op": "subscribe", "id": "a", "topic": "journal"})
    double.send({"op": "unsubscribe", "id": "never"})
    double.send({"op": "ping"})
    double.until("pong")
    rules.make(name="Told once")
    double.until("event")
    double.send({"op": "ping"})
    rules.check(double.receive()["op"] == "pong", "one id subscribed twice is told twice")
    double.socket.close()


def test_slow_client(rules):
    """Who does not read costs neither memory nor others' events, and is told what it missed or is cut."""
    device, slow, before = rules.make(name="Fast"), Stream(rules), memory_kb(rules.site.daemon)
    slow.call({"op": "subscribe", "id": "t", "topic": "telemetry"})
    reader = Stream(rules)
    reader.call({"op": "subscribe", "id": "t", "topic": "telemetry", "subjects": [device["id"]], "details": ["m0"]})
    api, stamp = Api(rules.site.socket), int(time.time() * 1000)
    for turn in range(150):
        api.post("/monitoring/data", {"items": [{"device_id": device["id"], "metric": f"m{number % 50}", "value": number, "timestamp": stamp + turn * 100 + number} for number in range(1000)]})
    last = None
    while last is None or last < stamp + 149 * 100:
        message = reader.receive()
        if message["op"] == "event":
            for series in message["data"]["samples"]:
                rules.check(series["metric"] == "m0", "a metric that was not asked for", series["metric"])
                last = series["points"][-1][0]
    told = 0
    try:
        while True:
            message = slow.receive(2)
            if message is None:
                break
            told += message.get("dropped", 0) if message["op"] == "lagged" else 0
    except (OSError, websocket.WebSocketException):
        pass
    print(f"  the slow client was told of {told} dropped events")
    slow.socket.close()
    reader.socket.close()
    grown = memory_kb(rules.site.daemon) - before
    # A sanitizer keeps what was freed.
    rules.check(grown < 40_000 or before > 100_000, "the slow client cost memory: kB", grown)
    wait_for(lambda: rules.site.api.exchange("GET", "/health/ready")[0] == 200, 5, "ready")


TESTS = (test_lost_update, test_retries, test_states, test_undo, test_pages, test_tokens, test_addresses, test_stream, test_stream_resume_under_way, test_stream_garbage, test_slow_client)


def main():
    with Site(sys.argv[1]) as site:
        port = free_port()
        site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{port}")
        rules = Rules(site, port)
        for test in TESTS:
            begin, before = time.monotonic(), len(rules.findings.rows)
            try:
                test(rules)
            except Exception as error:  # pylint: disable=broad-except
                rules.findings.add(test.__name__, repr(error)[:600])
            print(f"{'ok' if len(rules.findings.rows) == before else 'FAILED'} {test.__name__} ({time.monotonic() - begin:.1f} s)", flush=True)
        rules.check(site.daemon.poll() is None and site.api.exchange("GET", "/health/ready")[0] == 200, "the daemon is not well at the end")
        return rules.findings.report()


if __name__ == "__main__":
    sys.exit(main())
