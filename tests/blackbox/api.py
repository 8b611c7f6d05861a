#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation that the daemon describes × everything that can be wrong with a request, over the Unix socket and over HTTPS.

The requests are made from /openapi.json, so a new path is covered by being there.
"""
import json
import re
import sys
import time
import uuid
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from api_document import Document, right_body, right_value, types_of, wrong_texts, wrong_values  # noqa: E402
from api_probe import Findings, https_probe, raw_exchange, unix_probe  # noqa: E402
from muster_site import Site, free_port, memory_kb, wait_for  # noqa: E402

MALFORMED = {"cut off": b'{"a": 1', "a bare word": b"nul", "a comma too much": b'{"a": 1,}', "two values": b'{"a": 1} {"b": 2}', "no UTF-8": b'{"a": "\xff\xfe"}',
             "a zero byte": b'{"a": 1}\0', "half a surrogate": b'{"a": "\\ud800"}', "not a number": b'{"a": NaN}', "only blanks": b"   ",
             "too deep": b"[" * 100_000 + b"]" * 100_000, "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000}
# A stream, not an exchange; one that must be asked for something; and the operation that has an effect outside the site's folder is asked with wrong bodies only.
STREAMS = {"openLiveStream", "openIngestStream", "resolveCode"}
# What others ask in words of their own, and are answered so: their tests are line-protocol and socket-io; and ddi and management, of what is
# described as of another API. And files whose addresses are secrets that no answer tells: their tests are firmware and delta-node,
# and ddi-delta.
FOREIGN = {"pollSocketIo", "postSocketIo", "pingInflux", "queryInflux", "postInfluxQuery", "downloadFirmware",
           "downloadFirmwareChunks", "downloadFirmwareIndex"}
# What takes bodies of more than one shape; its rows have their own test.
LENIENT = {"storeSamples"}
LARGE = 5 * 1024 * 1024
# Lists of as many ids as a site has devices.
LARGER = {"createJob": 65 * 1024 * 1024}
# These tell of the person who asks; whoever only uses the machine is none.
OF_PERSONS = {"getMe"}


class Walk:
    def __init__(self, probe, document, samples):
        self.probe, self.document, self.samples = probe, document, samples
        self.check = probe.findings.check

    def target(self, operation, values=None):
        """The path with the values of records that exist, unless VALUES says otherwise."""
        def fill(match):
            name = match[1]
            known = self.samples.get((operation.path, name)) or self.samples.get(name)
            return quote(str((values or {}).get(name, known)), safe="")
        return re.sub(r"{(\w+)}", fill, operation.path)

    def address(self, operation, *texts, but=None, values=None):
        """The target with the query that it cannot do without, but for the parameter BUT, and TEXTS."""
        needed = [f"{p['name']}={quote(str(self.samples.get((operation.path, p['name'])) or right_value(self.document.resolve(p['schema']))))}"
                  for p in operation.parameters_in("query") if p.get("required") and p["name"] != but]
        query = "&".join([*needed, *texts])
        return self.target(operation, values) + (f"?{query}" if query else "")

    def run(self):
        for operation in self.document.operations:
            if operation.name in STREAMS | FOREIGN or operation.is_foreign:
                continue
            self.walk_path(operation)
            self.walk_query(operation)
            self.walk_headers(operation)
            self.walk_body(operation)
            if operation.method == "GET":
                self.walk_reading(operation)
        for path in self.document.data["paths"]:
            if not path.startswith("/ws/"):
                self.walk_methods(path)
        self.walk_nowhere()

    def body_of(self, operation):
        if operation.body is None or operation.name in LENIENT:
            return None
        return {**right_body(operation.body), **self.samples.get(("body", operation.name), {})}

    def walk_path(self, operation):
        for parameter in operation.parameters_in("path"):
            name, schema = parameter["name"], parameter["schema"]
            if schema.get("format") == "uuid":
                unknown, wrong = [str(uuid.uuid4())], ["not-a-uuid", "1", "%00", "é", "x" * 1500, str(uuid.uuid4()) + "0"]
            elif "integer" in types_of(schema):
                unknown, wrong = ["999999999"], ["abc", "-1", "1.5", "9" * 30, "0x10"]
            else:
                unknown, wrong = ["no-such-thing"], ["é", "a/b", "..", "x" * 1500]
            for value in unknown + wrong:
                self.probe.ask(operation.method, self.address(operation, values={name: value}), self.body_of(operation), label=f"{name} unknown", expect=404)

    def walk_query(self, operation):
        target, body = self.address(operation), self.body_of(operation)
        for text, label in (("nope=1", "unknown parameter"), ("nope", "parameter without a value"), ("%6eope=%31", "escaped parameter")):
            answer = self.probe.ask(operation.method, self.address(operation, text), body, label=label, expect=422)
            if answer is not None and answer.status == 422:
                self.check([row["pointer"] for row in answer.json["errors"]] == ["nope"], target, f"{label}: the rows are {answer.json['errors']}")
        for text in ("a=%zz", "a=%ff%fe", "a=%00"):
            self.probe.ask(operation.method, self.address(operation, text), body, label=f"bad escape {text}", expect=(400, 422))
        for parameter in operation.parameters_in("query"):
            for what, text in wrong_texts(self.document.resolve(parameter["schema"])):
                address = self.address(operation, f"{parameter['name']}={quote(text)}", but=parameter["name"])
                answer = self.probe.ask(operation.method, address, body, label=f"{parameter['name']}: {what}", expect=422)
                if answer is not None and answer.status == 422:
                    self.check(answer.json["errors"][0]["pointer"] == parameter["name"], target, f"{parameter['name']}, {what}: {answer.json['errors']}")
        if any(p["name"] == "cursor" for p in operation.parameters_in("query")):
            for text in ("x", "!!", "A" * 2000, "eyJhIjoxfQ", "%00"):
                self.probe.ask(operation.method, self.address(operation, f"cursor={text}"), label="odd cursor", expect=(400, 422))
        if any(p["name"] == "sort" for p in operation.parameters_in("query")):
            for text in ("nope", "-", "--id", "id,nope"):
                self.probe.ask(operation.method, self.address(operation, f"sort={text}"), label="odd sort", expect=422)

    def walk_headers(self, operation):
        names = {p["name"] for p in operation.parameters_in("header")}
        target, body = self.address(operation), self.body_of(operation)
        if "If-Match" in names:
            for tag in ("nonsense", '"x"', '"0"', '"99999"', '"1", "2"', 'W/"99"', '"-1"', "\""):
                self.probe.ask(operation.method, target, body, {"If-Match": tag}, label=f"If-Match {tag}", expect=412)
        if "Idempotency-Key" in names:
            for key in ("", "x" * 129, "a\tb", "é"):
                self.probe.ask(operation.method, target, body, {"Idempotency-Key": key.encode("utf-8")}, label=f"Idempotency-Key {key[:10]!r}", expect=400)
        if operation.media_type is None and operation.method != "GET":
            self.probe.ask(operation.method, target, {"a": 1}, label="a body that is not taken", expect=415)

    def walk_body(self, operation):
        if operation.body is None:
            return
        target, ask = self.address(operation), self.probe.ask
        right = self.body_of(operation) or right_body(operation.body)
        for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "", "*/*", "application/jsonx", None):
            ask(operation.method, target, json.dumps(right).encode(), {"Content-Type": kind}, label=f"Content-Type {kind}", expect=415)
        for what, data in MALFORMED.items():
            ask(operation.method, target, data, label=what, expect=400)
        large = LARGER.get(operation.name, LARGE)
        ask(operation.method, target, b'{"a":"' + b"x" * large + b'"}', label="too large", expect=413)
        ask(operation.method, target, iter([b'{"a":"'] + [b"x" * 65536] * (large // 65536) + [b'"}']), label="too large in chunks", expect=413)
        for what, value in (("a number", 5), ("a string", "x"), ("null", None), ("a list", [])):
            if value != [] or operation.name not in LENIENT:
                ask(operation.method, target, json.dumps(value).encode(), label=f"{what} as the body", expect=422)
        if operation.name in LENIENT:
            return
        required = operation.body.get("required", [])
        if required:
            for body in (None, {}):
                answer = ask(operation.method, target, body, label="required members missing", expect=422)
                if answer is not None and answer.status == 422:
                    # Of members that stand for each other one is required: that is beyond the schema.
                    rows = [row["pointer"] for row in answer.json["errors"] if not row["detail"].startswith("is required, or ")]
                    self.check(rows == [f"/{name}" for name in required], target, f"missing members are reported as {rows}")
        self.walk_members(operation, target, right)

    def walk_members(self, operation, target, right):
        members = operation.body.get("properties", {})
        for name, schema in members.items():
            for what, value in wrong_values(schema):
                self.expect_row(operation, target, {**right, name: value}, f"/{name}", f"{name}: {what}")
            if "string" in types_of(schema):
                self.probe.ask(operation.method, target, {**right, name: "a\0b"}, label=f"{name}: a zero byte", expect=400)
        if operation.body.get("additionalProperties") is False:
            for name in ("no_such_member", "a/b", "a~b", "", "__proto__", "id"):
                pointer = "/" + name.replace("~", "~0").replace("/", "~1")
                self.expect_row(operation, target, {**right, name: 1}, pointer, f"unknown member {name!r}")
            wrong = {name: value for name, value in ((n, next((v for _, v in wrong_values(s)), ...)) for n, s in members.items()) if value is not ...}
            answer = self.probe.ask(operation.method, target, {**right, **wrong}, label="every member wrong", expect=422 if wrong else None)
            if wrong and answer is not None and answer.status == 422:
                rows = {row["pointer"] for row in answer.json["errors"]}
                self.check(rows >= {f"/{name}" for name in wrong}, target, f"of the wrong members {sorted(wrong)} only {sorted(rows)} are named")

    def expect_row(self, operation, target, body, pointer, label):
        answer = self.probe.ask(operation.method, target, body, label=label, expect=422)
        if answer is not None and answer.status == 422:
            rows = [row["pointer"] for row in answer.json.get("errors", [])]
            self.check(rows == [pointer], f"{operation.method} {operation.path}", f"{label}: the rows name {rows}, not {pointer}")

    def walk_reading(self, operation):
        ask, target = (self.as_person() if operation.name in OF_PERSONS else self.probe).ask, self.address(operation)
        answer = ask("GET", target, label="as it should be", expect=200, operation=operation)
        head = ask("HEAD", target, label="HEAD", expect=200)
        if answer is None or head is None:
            return
        self.check(head.body == b"", target, "HEAD has a body")
        self.check(head.headers.get("content-type") == answer.headers.get("content-type"), target, "HEAD has another Content-Type")
        self.check(not operation.path.count("{") or "?" in target or ask("GET", target + "/", label="a slash at the end").status == 200, target, "not found with a slash at the end")
        packed = ask("GET", target, headers={"Accept-Encoding": "gzip"}, expect=200)
        self.check(packed is None or packed.headers.get("content-encoding") in (None, "gzip"), target, "an encoding that nobody asked for")

    def as_person(self):
        return self.probe.with_headers(f"{self.probe.name}, a person", {"Authorization": f"Bearer {self.samples['person_token']}"})

    def walk_methods(self, path):
        known = self.document.methods_of(path)
        operation = next(op for op in self.document.operations if op.path == path)
        target = self.target(operation)
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "FROBNICATE"} - known:
            answer = self.probe.ask(method, target, label="a method that is not there", expect=405)
            if answer is not None and answer.status == 405:
                self.check_allow(target, answer, known)
        answer = self.probe.ask("OPTIONS", target, label="OPTIONS", expect=204)
        if answer is not None and answer.status == 204:
            self.check_allow(target, answer, known)

    def check_allow(self, target, answer, known):
        allowed = {word.strip() for word in answer.headers.get("allow", "").split(",")}
        expected = known | {"OPTIONS"} | ({"HEAD"} if "GET" in known else set())
        self.check(allowed == expected, target, f"Allow is {sorted(allowed)}, not {sorted(expected)}")

    def walk_nowhere(self):
        for target in ("/nope", "/devices/nope/nope/nope", "//", "/devices//", "/devices%2f", "/" + "x" * 7000, "/DEVICES", "/devices%00", "/%ff", "/.", "/%"):
            answer = self.probe.ask("GET", target, label="nothing there")
            self.check(answer is None or answer.status in (400, 404, 413), target, f"answers {answer and answer.status}")


def check_tokens(document, https, samples, device_token):
    """Who may not, is told so before anything else of the request matters."""
    findings = https.findings
    walk = Walk(https, document, samples)
    nobody = https.with_headers("nobody", {})
    device = https.with_headers("device", {"Authorization": f"Bearer {device_token}"})
    for operation in document.operations:
        target = walk.target(operation)
        if operation.is_foreign:
            continue
        if operation.is_public:
            if operation.method == "GET" and operation.name not in FOREIGN:
                nobody.ask("GET", target, expect=200, operation=operation)
            continue
        answer = nobody.ask(operation.method, target, walk.body_of(operation), label="no token", expect=401)
        findings.check(answer is None or answer.headers.get("www-authenticate", "").startswith("Bearer"), target, "401 without WWW-Authenticate")
        for text in ("Bearer nope", "Bearer ", "Bearer", "Basic YTpi", "Bearer " + "x" * 5000, "nope"):
            nobody.ask(operation.method, target, walk.body_of(operation), {"Authorization": text}, label=f"token {text[:12]!r}", expect=401)
        if not operation.opens_to_devices:
            device.ask(operation.method, target, walk.body_of(operation), label="a device's token", expect=403)


def check_garbage(site, findings):
    """Bytes that are no HTTP: an answer of 400 or silence, and the daemon goes on."""
    for data in (b"\0" * 100, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00" + b"a" * 200, b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 5000 + b"\r\n",
                 b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n", b"POST /devices HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
                 b"POST /devices HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                 b"POST /devices HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{}"):
        received = raw_exchange(site.socket, data)
        findings.asked += 1
        status = received[9:12]
        findings.check(not received or (received.startswith(b"HTTP/1.") and (status[:1] == b"4" or status == b"505")), f"garbage {data[:40]!r}", f"answered {received[:80]!r}")


def make_goods(api, device):
    """Of the stock."""
    product = api.post("/products", {"name": "Probe product", "tracking": "quantity", "unit_price": "10"})["id"]
    location = api.post("/locations", {"name": "Probe place"})["id"]
    batch = api.post("/batches", {"product_id": product, "number": "P"})["id"]
    move = api.post(f"/products/{product}/receive", {"quantity": 9, "location_id": location})["move_id"]
    stocktake = api.post("/stocktakes", {"name": "Probe count", "location_id": location})["id"]
    loan = api.post("/loans", {"device_id": device, "borrower": "Pat Probe", "due_at": "2040-01-01T00:00:00Z"})["id"]
    return {"product": product, "/products/{id}": product, "/locations/{id}": location, "/batches/{id}": batch, "/stock-moves/{id}": move,
            "/stocktakes/{id}": stocktake, "/loans/{id}": loan}


def make_trade(api, product):
    """An order that can still change, and the delivery of another, with an issue."""
    lines = {"customer": "Pat Probe", "items": [{"product_id": product, "quantity": 2}]}
    pending, confirmed = (api.post("/orders", lines) for _ in range(2))
    api.call("PUT", f"/orders/{confirmed['id']}/status", {"status": "confirmed"})
    delivery = api.post("/deliveries", {"order_id": confirmed["id"], "items": [{"order_item_id": confirmed["items"][0]["id"], "quantity": 1}]})
    issue = api.post(f"/deliveries/{delivery['id']}/issues", {"kind": "damaged", "description": "A dent"})["id"]
    return {"/orders/{id}": pending["id"], "/deliveries/{id}": delivery["id"], "/delivery-items/{id}": delivery["items"][0]["id"],
            "/delivery-issues/{id}": issue, ("body", "createOrder"): lines, ("body", "createDelivery"): {"order_id": confirmed["id"]}}


def make_papers(api, device):
    """What is kept beside the records."""
    job = api.post("/jobs", {"kind": "edit", "entity": "device", "ids": [device], "changes": {"notes": "Probed"}})["id"]
    file = api.post("/imports?entity=device&name=probe.csv", b"serial;name\nPROBE-2;Second\n", {"Content-Type": "text/csv"})["id"]
    owner = {"entity": "device", "entity_id": device, "name": "probe.txt"}
    attachment = api.post("/attachments?" + "&".join(f"{name}={value}" for name, value in owner.items()), b"Some words", {"Content-Type": "text/plain"})["id"]
    view = api.post("/views", {"name": "Probe view", "entity": "device", "query": {}})["id"]
    return {"/jobs/{id}": job, "/imports/{id}": file, "/attachments/{id}": attachment, "/views/{id}": view,
            ("/imports", "entity"): "device", ("/journal/as-of", "entity"): "device",
            ("/journal/marks", "from"): "2026-01-01T00:00:00Z", ("/journal/marks", "to"): "2026-01-02T00:00:00Z", **{("/attachments", name): value for name, value in owner.items()}}


def make_marks(api, device):
    """What is said about samples."""
    own = {"device_id": device}
    moments = {"from_at": "2026-01-01T00:00:00Z", "to_at": "2026-01-01T00:00:01Z"}
    made = {path: api.post(path, {**own, **body})["id"] for path, body in (
        ("/monitoring/metrics", {"name": "probed"}), ("/exclusions", {**moments, "reason": "Probed"}),
        ("/annotations", {"at": moments["from_at"], "text": "Probed"}), ("/derived-metrics", {"name": "twice", "expression": "probed * 2"}))}
    made["/retention-classes"] = api.post("/retention-classes", {"name": "Probe", "pattern": "probed/*", "raw_days": 30})["id"]
    return {**{f"{path}/{{id}}": record for path, record in made.items()}, ("body", "createMetric"): own, ("body", "createExclusion"): {**own, **moments},
            ("body", "createRetentionClass"): {"raw_days": 7, "minute_days": 14, "hour_days": None},
            ("body", "createDerivedMetric"): {**own, "expression": "probed + 1"}, ("body", "previewDerivedMetric"): {"expression": "probed + 1"}, ("body", "recalculateDerivedMetric"): {"from": moments["from_at"], "to": moments["to_at"]}}


def make_alerts(api, device):
    """An alert that fires, and who is told."""
    rule = api.post("/alert-rules", {"name": "Probe", "kind": "threshold", "metric": "hot", "operator": "gt", "value": 1, "scope_kind": "device", "scope_id": device})["id"]
    api.post("/monitoring/data", {"device_id": device, "metrics": {"hot": 20.5}})
    alert = wait_for(lambda: api.get(f"/alerts/?rule_id={rule}")["items"], 10, "the alert")[0]["id"]
    channel = api.get("/notification-channels/")["items"][0]["id"]
    made = {path: api.post(path, body)["id"] for path, body in (
        ("/alert-silences", {"reason": "Probed", "scope_kind": "device", "scope_id": device, "starts_at": "2026-01-01T00:00:00Z", "ends_at": "2026-01-02T00:00:00Z"}),
        ("/escalations", {"name": "Probe", "steps": [{"after_seconds": 0, "channels": [channel]}]}), ("/duty-calendars", {"name": "Probe", "shifts": []}))}
    notification = wait_for(lambda: api.get("/notifications/")["items"], 10, "a message")[0]["id"]
    return {**{f"{path}/{{id}}": record for path, record in made.items()}, "/alerts/{id}": alert, "/alert-rules/{id}": rule, "/notification-channels/{id}": channel,
            "/notifications/{id}": notification, ("body", "silenceAlert"): {"seconds": 60},
            **{("body", f"{verb}Alerts"): {"ids": [alert], **more} for verb, more in (("acknowledge", {}), ("assign", {}), ("silence", {"seconds": 60}), ("unsilence", {}), ("resolve", {}))}}


def make_firmware(api, device):
    """Firmware, some on its way in, and a device that is given it."""
    bytes_type = {"Content-Type": "application/octet-stream"}
    uploads = [api.post("/firmware/uploads", {"file_name": "probe.bin"})["id"] for _ in range(2)]
    for upload in uploads:
        api.call("PUT", f"/firmware/uploads/{upload}/content?offset=0", b"Some words", bytes_type)
    artifact = api.post(f"/firmware/uploads/{uploads[0]}/finish", {"name": "probe", "version": "1"})["id"]
    other = api.post("/devices/", {"name": "Updated"})["id"]
    update = api.post("/updates", {"device_id": device, "artifact_id": artifact})["id"]
    target = api.post("/update-targets", {"device_id": device, "controller_id": "probe"})["id"]
    rollout = {"artifact_id": artifact, "filter": "serial=nobody"}
    api.call("PUT", "/settings/flash.esptool", {"value": "/bin/true"})
    flash = {"artifact_id": artifact, "tool": "esptool", "part": "esp32c3", "programmer": None, "ports": ["/dev/probe"]}
    batch = api.post("/flash-batches", {"name": "Probe", **flash})["id"]
    run = api.get(f"/flash-runs?batch_id={batch}")["items"][0]["id"]
    key = api.post("/signing-keys", {"name": "Probe", "passphrase": "a long passphrase"})["id"]
    made = api.post("/firmware-sets", {"name": "Probe", "version": "1", "artifact_ids": [artifact]})["id"]
    return {"/firmware-sets/{id}": made, ("body", "createFirmwareSet"): {"artifact_ids": [artifact]}, "/update-targets/{id}": target, ("body", "createUpdateTarget"): {"device_id": other}, "/firmware/{id}": artifact, "/firmware/uploads/{id}": uploads[1], "/rollouts/{id}": api.post("/rollouts", {"name": "Probe", **rollout})["id"],
            "/signing-keys/{id}": key, ("/rollouts/{id}/groups/{position}/open", "position"): 1, ("body", "createRollout"): rollout, "/flash-batches/{id}": batch, "/flash-runs/{id}": run, ("body", "createFlashBatch"): flash, ("body", "addFlashRuns"): {"ports": ["/dev/probe"]}, ("body", "preflightRollout"): rollout,
            ("body", "createSigningKey"): {"passphrase": "a long passphrase", "secret_key": None, "public_key": None, "certificate": None, "token_uri": None}, ("body", "rotateSigningKey"): {"new_passphrase": "another passphrase", "new_token_uri": None}, "/firmware-components/{id}": attach_sbom(api, artifact), ("body", "signFirmware"): {"signing_key_id": key, "second_key_id": None}, "/updates/{id}": update, ("body", "createUpdate"): {"device_id": other, "artifact_id": artifact},
            ("body", "finishFirmwareUpload"): {"name": "probed", "version": "2"}}


def attach_sbom(api, artifact):
    """A component of ARTIFACT, as a bill of materials tells that is attached to it."""
    sbom = {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"type": "library", "name": "probe", "version": "1"}]}
    api.call("POST", f"/attachments?entity=firmware_artifact&entity_id={artifact}&name=bom.json", json.dumps(sbom).encode(), {"Content-Type": "application/octet-stream"})
    return api.get(f"/firmware-components?artifact_id={artifact}")["items"][0]["id"]


def make_factory(api):
    """Units that are made here."""
    product = api.post("/products", {"name": "Made here"})["id"]
    batch = {"product_id": product, "artifact_id": None, "location_id": None, "plan_id": None, "serial_prefix": "P-", "serial_digits": 6, "serial_next": 1}
    steps = {"steps": [{"name": "Who it is", "action": "identity"}]}
    plan = api.post("/test-plans", {"name": "Probe", **steps})["id"]
    made = api.post("/factory/batches", {"name": "Probe", **batch, "wanted": 9})["id"]
    unit = api.post(f"/factory/batches/{made}/units", {"ports": ["/dev/probe"]})["items"][0]["id"]
    run = api.post(f"/test-plans/{plan}/runs", {"port": "/dev/probe"})["id"]
    return {"/test-plans/{id}": plan, "/factory/batches/{id}": made, "/factory/units/{id}": unit, "/test-runs/{id}": run,
            ("body", "addFactoryUnits"): {"ports": ["/dev/probe"]}, ("body", "runTestPlan"): {"port": "/dev/probe"},
            ("body", "createTestPlan"): steps, ("body", "updateTestPlan"): steps, ("body", "createFactoryBatch"): batch, ("body", "updateFactoryBatch"): batch}


def make_people(api):
    password = "a long pass phrase of Pat"
    person = api.post("/users/add", {"name": "Pat Probe", "email": "pat@example.org", "password": password, "role": "viewer"})["id"]
    return {"/users/{id}": person, "/api-keys/{id}": api.post("/api-keys", {"name": "Probe"})["id"],
            "person_token": api.post("/users/auth", {"email": "pat@example.org", "password": password})["access_token"]}


def make_samples(api, document):
    """Records for the paths to lead to."""
    device = api.post("/devices/", {"name": "Probe", "serial": "PROBE-1"})["id"]
    group = api.post("/device-groups/", {"name": "Probes"})["id"]
    api.post(f"/device-groups/{group}/members", {"device_id": device})
    goods = make_goods(api, api.post("/devices/", {"name": "Lent"})["id"])
    made = {"/devices/{id}": device, "/device-groups/{id}": group, "/discovery/addresses/{id}": api.post("/discovery/addresses", {"address": "127.0.0.1:9"})["id"],
            **goods, **make_trade(api, goods["product"]), **make_papers(api, device), **make_marks(api, device), **make_alerts(api, device), **make_firmware(api, device), **make_factory(api), **make_people(api),
            ("body", "makeDefaultAlertRules"): {"product_id": goods["product"]}}
    api.post("/monitoring/data", {"device_id": device, "metrics": {"t": 20.5}})
    samples = {**dict.fromkeys(("actionId", "artifactId", "filterId", "groupId", "moduleId", "rolloutId", "setId", "tagId"), 1), "id": device, "device_id": device, "sequence": api.get("/journal/?limit=1")["items"][0]["sequence"],
               "key": next((c["key"] for c in api.get("/discovery/")["items"]), "address:127.0.0.1"),
               ("/settings/{key}", "key"): api.get("/settings")["items"][0]["key"]}
    for start, value in made.items():
        if isinstance(start, str) and start.startswith("/"):
            samples.update({(path, "id"): value for path in document.data["paths"] if path == start or path.startswith(start + "/")})
        else:
            samples[start] = value
    return samples


def grows(site, sizes):
    """Whether the last turn cost memory beside the one before it; a sanitizer's own grows always."""
    return not site.is_sanitized and sizes[-1] - sizes[-3] >= 4096


def main():
    findings = Findings()
    with Site(sys.argv[1]) as site:
        port = free_port()
        site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{port}")
        document = Document(site.api.get("/openapi.json"))
        samples = make_samples(site.api, document)
        anchors = set(re.findall(r'id="?([^\s">]+)', site.api.get("/docs")))
        token = (site.folder / "data/token").read_text().strip()
        device_token = site.api.call("POST", f"/devices/{samples['id']}/token")["token"]
        probes = [unix_probe(site.socket, findings), https_probe(port, site.folder / "data/broker/authority.pem", token, findings)]
        sizes = []
        # The second turn of the same requests must not cost memory that the first did not; what is made once, such as another reader of the
        # database for a moment when all were busy, may fall into it, but not into the third as well.
        while len(sizes) < 4 or (grows(site, sizes) and len(sizes) < 6):
            for probe in probes:
                begin = time.monotonic()
                probe.document, probe.anchors = document, anchors
                before = findings.asked
                Walk(probe, document, samples).run()
                sizes.append(memory_kb(site.daemon))
                print(f"{probe.name}: {findings.asked - before} requests in {time.monotonic() - begin:.1f} s, {sizes[-1]} kB", flush=True)
        check_tokens(document, probes[1], samples, device_token)
        check_garbage(site, findings)
        findings.check(not grows(site, sizes), "memory", f"grows from turn to turn: {sizes} kB")
        findings.check(site.api.exchange("GET", "/health/ready")[0] == 200, "/health/ready", "not ready at the end")
        findings.check(site.daemon.poll() is None, "musterd", "has ended")
        log = site.log_path("musterd").read_text()
        for line in re.findall(r".*(?:CRITICAL|WARNING|ERROR \*\*).*", log)[:20]:
            findings.add("log", line)
        print(f"{len(document.operations)} operations")
    return findings.report()


if __name__ == "__main__":
    sys.exit(main())
