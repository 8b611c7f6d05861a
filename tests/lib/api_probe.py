# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that must be answered: every answer is judged, a connection that drops is a finding, and so is anything from 500 on."""
import http.client
import json
import re
import socket
import ssl

from muster_site import UnixConnection

# What belongs into a log and not into an answer.
INNER = re.compile(r"sqlite|\bSELECT |\bINSERT INTO|\bUPDATE \w+ SET|\.c:\d|0x[0-9a-f]{6,}|assertion|\bg_[a-z]+_|/root/|/tmp/", re.IGNORECASE)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, {name.lower(): value for name, value in headers}, body
        self.media_type = self.headers.get("content-type", "").split(";")[0]

    @property
    def json(self):
        return json.loads(self.body)


class Findings:
    """What is wrong, once each, and how much was asked."""

    def __init__(self):
        self.rows, self.asked = {}, 0

    def add(self, label, text):
        self.rows.setdefault(f"{label}: {text}", 0)
        self.rows[f"{label}: {text}"] += 1

    def check(self, condition, label, text):
        if not condition:
            self.add(label, text)
        return condition

    def report(self):
        """The exit status."""
        for row in list(self.rows)[:200]:
            print("FAILED:", row)
        print(f"{self.asked} requests, {len(self.rows)} findings")
        return 1 if self.rows else 0


class Probe:
    """A client that asks once and believes nothing."""

    def __init__(self, name, connect, findings, headers=None):
        self.name, self.connect, self.findings, self.headers = name, connect, findings, headers or {}
        self.connection, self.document, self.anchors = None, None, None

    def with_headers(self, name, headers):
        probe = Probe(name, self.connect, self.findings, headers)
        probe.document, probe.anchors = self.document, self.anchors
        return probe

    def ask(self, method, target, body=None, headers=None, label=None, expect=None, operation=None):
        """The answer, or None after a drop. BODY: bytes as they are, an iterator is sent in chunks, anything else as JSON."""
        label = f"{self.name} {method} {target[:120]} ({label})" if label else f"{self.name} {method} {target[:120]}"
        self.findings.asked += 1
        sent = {**self.headers, **({"Content-Type": "application/json"} if body is not None else {}), **(headers or {})}
        sent = {name: value for name, value in sent.items() if value is not None}
        data = body if body is None or isinstance(body, bytes) or hasattr(body, "__next__") else json.dumps(body).encode()
        answer = self.exchange(method, target, data, sent, label)
        if answer is None:
            return None
        self.findings.check(answer.status < 500, label, f"answered {answer.status} {answer.body[:200]!r}")
        if expect is not None:
            wanted = expect if isinstance(expect, (tuple, set)) else (expect,)
            self.findings.check(answer.status in wanted, label, f"{answer.status} instead of {'/'.join(map(str, wanted))} {answer.body[:300]!r}")
        if answer.status >= 400 and method != "HEAD":
            self.check_problem(label, answer, body)
        elif operation is not None and method != "HEAD":
            self.check_answer(label, operation, answer)
        return answer

    def exchange(self, method, target, data, headers, label):
        try:
            if self.connection is None:
                self.connection = self.connect()
            self.connection.request(method, target, data, headers, encode_chunked=hasattr(data, "__next__"))
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError) as error:
            # A refusal may be told before the whole body was read: then the answer is there all the same.
            if data is None:
                return self.lose(label, error)
        try:
            response = self.connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        except (http.client.HTTPException, OSError) as error:
            return self.lose(label, error)

    def lose(self, label, error):
        self.findings.add(label, f"the connection was lost: {error!r}")
        self.connection = None
        return None

    def check_answer(self, label, operation, answer):
        value = None
        if answer.media_type == "application/json":
            try:
                value = answer.json
            except ValueError as error:
                self.findings.add(label, f"the answer is no JSON: {error}")
                return
        why = self.document.why_not(operation, answer.status, answer.media_type, value)
        self.findings.check(why is None, label, f"the answer is not as described: {why}")

    def check_problem(self, label, answer, body):
        check = self.findings.check
        if not check(answer.media_type == "application/problem+json", label, f"{answer.status} comes as {answer.media_type!r} {answer.body[:200]!r}"):
            return
        problem = answer.json
        check(problem.get("status") == answer.status, label, f"status {problem.get('status')} stands in an answer {answer.status}")
        check(problem.get("title") and problem.get("detail"), label, f"no title or no detail: {problem}")
        kind = problem.get("type", "")
        check(kind.startswith("/docs#") and (self.anchors is None or kind[6:] in self.anchors), label, f"type {kind!r} leads nowhere")
        check(answer.status == 400 or problem.get("instance") == answer.headers.get("x-request-id"), label,
              f"instance {problem.get('instance')!r} is not the request's id {answer.headers.get('x-request-id')!r}")
        text = json.dumps({name: value for name, value in problem.items() if name != "instance"})
        check(not INNER.search(text), label, f"tells inner things: {text[:300]}")
        check(not problem.get("detail", "").endswith("."), label, f"detail is no sentence of ours: {problem.get('detail')!r}")
        check(answer.status != 422 or problem.get("errors") or "Idempotency-Key" in problem["detail"], label, f"no row says which field: {text[:300]}")
        for row in problem.get("errors", []):
            check(set(row) == {"pointer", "detail"} and row["detail"], label, f"odd row {row}")
            if row["pointer"].startswith("/") and isinstance(body, (dict, list)):
                check(leads_somewhere(row, body), label, f"{row} points at nothing that was sent")


def leads_somewhere(row, body):
    """Whether the pointer names a member of BODY, or one that is missing in it."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in row["pointer"].split("/")[1:]]
    for number, step in enumerate(steps):
        if isinstance(body, dict) and step in body:
            body = body[step]
        elif isinstance(body, list) and step.isdigit() and int(step) < len(body):
            body = body[int(step)]
        else:
            return number == len(steps) - 1 and "required" in row["detail"]
    return True


def unix_probe(path, findings):
    return Probe("unix", lambda: UnixConnection(path), findings)


def https_probe(port, authority, token, findings):
    """By HTTPS with the site's own authority; TOKEN None: without."""
    context = ssl.create_default_context(cafile=str(authority))

    def connect():
        return http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=context)

    return Probe("https", connect, findings, {"Authorization": f"Bearer {token}"} if token else {})


def raw_exchange(path, data, timeout=5):
    """Everything that the daemon says to DATA on a fresh connection of the Unix socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stream:
        stream.settimeout(timeout)
        stream.connect(str(path))
        try:
            stream.sendall(data)
            stream.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass
        received = b""
        try:
            while chunk := stream.recv(65536):
                received += chunk
        except OSError:
            pass
        return received
