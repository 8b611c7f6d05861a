#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts that reach somebody: mail to a real SMTP server (TLS, sign-in, refusals), webhooks with signatures, ntfy, an SMS gateway and a modem; escalation, acknowledgement, storms, a
daemon that is killed with messages in its queue; who may set secrets, and that nobody reads them."""
import base64
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from modem_manager import ModemManager  # noqa: E402
from muster_site import ApiError, Site, free_port, wait_for  # noqa: E402
from stock_of_devices import make_id  # noqa: E402
from tls_api import TlsApi  # noqa: E402

KEY = b"0123456789abcdef0123456789abcdef"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
MAIL_PASSWORD = "paßwort of the mail server"
CONSOLE = "01900000-0000-7000-8000-0000000000c1"


class Mailbox:
    """An SMTP server that does as it is told. `script`: what it answers next to the recipient named, or to all ("*")."""

    def __init__(self, context=None, implicit_tls=False, sign_in=False):
        self.mails, self.script, self.users, self.implicit_tls = [], {}, [], implicit_tls
        # aiosmtpd takes a connection for open unless it was STARTTLS that closed it
        options = {"auth_require_tls": not implicit_tls, "auth_required": True, "authenticator": self.authenticate} if sign_in else {}
        if context and not implicit_tls:
            options.update(tls_context=context, require_starttls=True)
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port(), ssl_context=context if implicit_tls else None, **options)
        self.controller.start()
        self.port = self.controller.port

    def authenticate(self, server, session, envelope, mechanism, data):
        right = data.login == b"muster" and data.password == MAIL_PASSWORD.encode()
        self.users.append(data.login.decode())
        return AuthResult(success=right, handled=False)

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.script.get(address, self.script.get("*"))
        if answer and not answer.startswith("2"):
            if answer.startswith("4"):
                self.script.pop(address, None)  # come back later
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append({"to": list(envelope.rcpt_tos), "from": envelope.mail_from, "message": message, "tls": self.implicit_tls or session.ssl is not None})
        return "250 taken"

    def wait(self, number, timeout=15):
        wait_for(lambda: len(self.mails) >= number, timeout, f"mail no. {number}")
        return self.mails[number - 1]

    def stop(self):
        self.controller.stop()


class Hooks(http.server.ThreadingHTTPServer):
    """Takes what is posted; `answers` are given first, one a request."""

    def __init__(self):
        super().__init__(("127.0.0.1", free_port()), Hook)
        self.daemon_threads, self.taken, self.refused, self.answers = True, [], [], []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def wait(self, number, timeout=15, path=None):
        def take():
            rows = [row for row in self.taken if path in (None, row["path"])]
            return rows[number - 1] if len(rows) >= number else None

        return wait_for(take, timeout, f"request no. {number} to {path}")


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        row = {"path": self.path, "headers": dict(self.headers), "body": json.loads(body), "raw": body}
        answer = self.server.answers.pop(0) if self.server.answers else (200, {}, b"ok")
        (self.server.taken if answer[0] < 300 else self.server.refused).append(row)
        self.send_response(answer[0])
        for name, value in answer[1].items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer[2])

    def log_message(self, *_):
        pass


def make_context(folder):
    """A certificate of its own for 127.0.0.1."""
    certificate, key = folder / "mail.crt", folder / "mail.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=mail",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, str(certificate)


class World:
    def __init__(self, site, port):
        self.site, self.port, self.n_alerts = site, port, 0
        self.api = site.api

    def add_channel(self, kind, config=None, **more):
        return self.api.post("/notification-channels", {"name": f"{kind} {uuid.uuid4().hex[:6]}", "kind": kind, "config": config, **more})["id"]

    def test(self, channel):
        return self.api.call("POST", f"/notification-channels/{channel}/test")

    def escalate(self, *steps, **more):
        return self.api.post("/escalations", {"name": f"E {uuid.uuid4().hex[:6]}", "is_default": True, "steps": list(steps), **more})["id"]

    def log(self, **filters):
        query = "&".join(f"{name}={value}" for name, value in {"sort": "id", "limit": 1000, **filters}.items())
        return self.api.get(f"/notifications?{query}")["items"]

    def raise_alerts(self, count=1, severity="error", title=None, **columns):
        """Alerts that were raised while the daemon was down; it is started again."""
        if self.site.daemon.poll() is None:
            assert self.site.stop_daemon() == 0, "the daemon did not end well"
        ids = insert_alerts(self.site.folder / "data/muster.db", range(self.n_alerts, self.n_alerts + count), severity, title, columns)
        self.n_alerts += count
        self.start()
        return ids

    def start(self):
        self.site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{self.port}")


def insert_alerts(database, numbers, severity, title, columns):
    connection = sqlite3.connect(database)
    ids, now = [], int(time.time() * 1e6)
    for number in numbers:
        row = {"id": str(uuid.uuid4()) if columns else make_id(number), "created_at": now, "updated_at": now, "revision": 1, "severity": severity, "status": "open",
               "title": title or f"Kühlraum {number}: zu warm", "metric": "temperature", "value": 12.5, "threshold": 8, "unit": "°C", "raised_at": now, "last_at": now,
               "occurrences": 1, "dedupe_key": f"test/{number}", "children": 0, "cause_kind": "none", **columns}
        ids.append(row["id"])
        with connection:
            connection.execute(f"INSERT INTO alert ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
    connection.close()
    return ids


def refused(call, status):
    try:
        call()
    except ApiError as error:
        assert error.status == status, error
        return error.body
    raise AssertionError(f"was not refused with {status}")


def check_mail(world, folder):
    context, ca_file = make_context(folder)
    mail = {"host": "127.0.0.1", "from": "muster@example.org", "to": ["ann@example.org", "ben@example.org"]}
    for security, server in (("none", Mailbox()), ("starttls", Mailbox(context, sign_in=True)), ("tls", Mailbox(context, True, sign_in=True))):
        user = {} if security == "none" else {"user": "muster", "ca_file": ca_file}
        channel = world.add_channel("email", {**mail, "port": server.port, "security": security, **user}, **({"secret": MAIL_PASSWORD} if user else {}))
        answer = world.test(channel)
        assert answer["sent"], (security, answer)
        got = server.wait(1)
        assert got["to"] == mail["to"] and got["from"] == mail["from"] and got["tls"] == (security != "none"), got
        assert got["message"]["subject"].startswith("Test of “email") and got["message"]["to"] == "ann@example.org, ben@example.org", got["message"]
        assert got["message"]["auto-submitted"] == "auto-generated" and "Nothing is wrong" in got["message"].get_content()
        if user:
            world.api.call("PUT", f"/notification-channels/{channel}", {"secret": "wrong"})
            answer = world.test(channel)
            assert not answer["sent"] and "535" in answer["detail"] and "wrong" not in answer["detail"], answer
            world.api.call("PUT", f"/notification-channels/{channel}", {"secret": MAIL_PASSWORD, "config": {**mail, "port": server.port, "security": security, "user": "muster"}})
            answer = world.test(channel)
            assert not answer["sent"] and "certificate" in answer["detail"].lower(), f"a certificate of nobody is taken: {answer}"
        server.stop()
    check_settings(world, mail)
    check_refused_mail(world, mail)


def check_settings(world, mail):
    """A password goes over no line that others may read; what is wrong is named."""
    for config, pointer in (({**mail, "host": "mail.example.org", "security": "none", "user": "m"}, "/config/security"), ({**mail, "to": ["nobody"]}, "/config/to/0"),
                            ({**mail, "prot": 25}, "/config/prot"), ({"host": "127.0.0.1"}, "/config/from")):
        problem = refused(lambda config=config: world.add_channel("email", config), 422)
        assert pointer in [row["pointer"] for row in problem["errors"]], problem


def check_refused_mail(world, mail):
    """Some recipients refused, all of them, the server full, away, or silent."""
    server = Mailbox()
    channel = world.add_channel("email", {**mail, "port": server.port, "security": "none"})
    server.script = {"ben@example.org": "550 5.1.1 nobody of that name"}
    answer = world.test(channel)
    assert answer["sent"] and "ben@example.org: 550" in answer["detail"] and server.wait(1)["to"] == ["ann@example.org"], answer
    server.script = {"*": "550 5.7.1 not from you"}
    answer = world.test(channel)
    assert not answer["sent"] and "550 5.7.1 not from you" in answer["detail"], answer
    server.script = {"*": "421 4.3.2 come back later"}
    answer = world.test(channel)
    assert not answer["sent"] and "421" in answer["detail"], answer
    check_deferred(world, server, channel)
    server.stop()
    answer = world.test(channel)
    assert not answer["sent"] and "connect" in answer["detail"].lower(), answer
    refused(lambda: world.api.call("POST", f"/notifications/{world.log(channel_id=channel)[0]['id']}/retry"), 409)


def check_deferred(world, server, channel):
    """Who is to come back later is told later, and nobody is told twice."""
    world.escalate({"after_seconds": 0, "channels": [channel]})
    server.mails.clear()
    server.script = {"ben@example.org": "451 4.7.1 greylisted"}
    [alert] = world.raise_alerts()
    first, second = server.wait(1), server.wait(2, 30)
    assert (first["to"], second["to"]) == (["ann@example.org"], ["ben@example.org"]), (first, second)
    row = wait_for(lambda: world.log(alert_id=alert, status="sent"), 5, "the whole of it")[0]
    assert row["attempts"] == 2, row
    world.api.post(f"/alerts/{alert}/resolve", {})
    server.wait(3)


def check_web(world, hooks):
    channel = world.add_channel("webhook", {"url": f"{hooks.url}/hook"}, secret=SECRET)
    assert world.test(channel)["sent"]
    check_signature(hooks.wait(1, path="/hook"))
    assert world.test(world.add_channel("webhook", {"url": f"{hooks.url}/unsigned"}))["sent"]
    assert "Webhook-Signature" not in hooks.wait(1, path="/unsigned")["headers"]
    for status, final in ((404, True), (503, False)):
        hooks.answers = [(status, {}, b"no\nluck")]
        answer = world.test(channel)
        assert not answer["sent"] and f"HTTP {status}: no luck" in answer["detail"], answer
    channel = world.add_channel("ntfy", {"url": f"{hooks.url}/ntfy", "topic": "halle-1", "link": "https://muster.example/{alert_id}"}, secret="tk_token")
    assert world.test(channel)["sent"]
    got = hooks.wait(1, path="/ntfy")
    assert got["headers"]["Authorization"] == "Bearer tk_token" and got["body"]["topic"] == "halle-1" and got["body"]["priority"] == 3, got
    assert got["body"]["title"].startswith("Test of") and got["body"]["tags"] == ["bell", "info"] and got["body"]["actions"][0]["action"] == "view", got
    channel = world.add_channel("sms", {"via": "http", "url": f"{hooks.url}/sms", "number": "+49123"}, secret="sms token")
    assert world.test(channel)["sent"]
    got = hooks.wait(1, path="/sms")
    assert got["body"]["to"] == "+49123" and got["body"]["text"].startswith("Rehearsal site: Test of") and got["headers"]["Authorization"] == "Bearer sms token", got


def check_modem(world, modem):
    channel = world.add_channel("sms", {"number": "+49 123"})
    assert world.test(channel)["sent"]
    assert modem.sent == [("+49 123", f"Rehearsal site: {world.log(channel_id=channel)[0]['subject']}")], modem.sent
    modem.failure = "no network"
    answer = world.test(channel)
    assert not answer["sent"] and "no network" in answer["detail"], answer
    modem.failure, modem.has_modem = None, False
    answer = world.test(channel)
    assert not answer["sent"] and "no modem" in answer["detail"], answer


def check_signature(row):
    headers = row["headers"]
    signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + row["raw"]
    expected = "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert headers["Webhook-Signature"] == expected and abs(int(headers["Webhook-Timestamp"]) - time.time()) < 60, headers


def check_escalation(world, hooks):
    """Raised, told over two channels to whom it concerns, acknowledged in time, resolved to those who were told."""
    server = Mailbox()
    ann = world.api.post("/users/add", {"name": "Ann", "email": "ann@example.org", "password": "a long enough password"})["id"]
    dumb = world.api.post("/users/add", {"name": "Dora", "password": "a long enough password", "email": "dora@example.org", "role": "viewer"})["id"]
    calendar = world.api.post("/duty-calendars", {"name": "Always Ann", "shifts": [{"person_id": ann, "from": "00:00", "to": "24:00"}]})["id"]
    on_duty = world.api.get(f"/duty-calendars/{calendar}/on-duty")
    assert [person["name"] for person in on_duty["people"]] == ["Ann"], on_duty
    mail = world.add_channel("email", {"host": "127.0.0.1", "port": server.port, "security": "none", "from": "m@example.org", "to": ["all@example.org"]})
    hook = world.add_channel("webhook", {"url": f"{hooks.url}/alerts"}, secret=SECRET)
    quiet = world.add_channel("webhook", {"url": f"{hooks.url}/quiet"}, enabled=False)
    late = world.add_channel("webhook", {"url": f"{hooks.url}/late"})
    world.escalate({"after_seconds": 0, "channels": [mail, hook, quiet], "calendar_id": calendar, "people": [dumb]}, {"after_seconds": 600, "channels": [late]})
    [alert] = world.raise_alerts(title="Kühlraum 3: zu warm")
    got = hooks.wait(1, path="/alerts")
    check_signature(got)
    assert got["body"]["type"] == "alert.raised" and got["body"]["data"]["alert"]["id"] == alert and got["body"]["data"]["subject"] == "Error: Kühlraum 3: zu warm", got["body"]
    server.wait(2)
    assert sorted(got["to"][0] for got in server.mails) == ["ann@example.org", "dora@example.org"], server.mails
    message = server.mails[0]["message"]
    assert message["subject"] == "Error: Kühlraum 3: zu warm" and message["importance"] == "high" and "12.5 °C (threshold 8 °C)" in message.get_content(), message
    world.api.post(f"/alerts/{alert}/acknowledge", {"comment": "on my way"})
    world.api.post(f"/alerts/{alert}/resolve", {"comment": "door closed"})
    assert hooks.wait(2, path="/alerts")["body"]["type"] == "alert.resolved"
    server.wait(4)
    assert server.mails[3]["message"]["subject"] == "Resolved: Kühlraum 3: zu warm"
    # A mail has come before it is known to have come.
    rows = wait_for(lambda: (found := world.log(alert_id=alert)) and all(row["status"] == "sent" for row in found) and found, 10, "what was sent noted as such")
    assert [(row["kind"], row["status"], row["step"]) for row in rows] == [("raise", "sent", 0)] * 3 + [("resolve", "sent", None)] * 3, rows
    # told once, whatever is done again
    world.site.stop_daemon()
    world.start()
    time.sleep(1)
    assert len(world.log(alert_id=alert)) == 6 and len(server.mails) == 4
    server.stop()


def check_folded(world, hooks):
    """Alerts that are explained, silent or too small tell nobody."""
    hook = world.add_channel("webhook", {"url": f"{hooks.url}/folded"}, min_severity="warning")
    world.escalate({"after_seconds": 0, "channels": [hook]})
    [cause] = world.raise_alerts(title="Gateway")
    hooks.wait(1, path="/folded")
    world.raise_alerts(3, title="Unreachable", cause_id=cause)
    world.raise_alerts(title="Silent", silenced_until=int((time.time() + 3600) * 1e6))
    world.raise_alerts(title="Small", severity="info")
    world.raise_alerts(title="Last")
    assert hooks.wait(2, path="/folded")["body"]["data"]["alert"]["title"] == "Last"
    assert len([row for row in hooks.taken if row["path"] == "/folded"]) == 2


def check_storm(world):
    """Five hundred alerts are a handful of mails."""
    server = Mailbox()
    mail = world.add_channel("email", {"host": "127.0.0.1", "port": server.port, "security": "none", "from": "m@example.org", "to": ["all@example.org"]}, digest_limit=5)
    world.escalate({"after_seconds": 0, "channels": [mail]})
    world.raise_alerts(500)
    wait_for(lambda: len(world.log(channel_id=mail, status="sent", kind="raise")) == 500, 60, "all of them told")
    assert 1 <= len(server.mails) <= 5, [got["message"]["subject"] for got in server.mails]
    assert any("messages:" in got["message"]["subject"] for got in server.mails), [got["message"]["subject"] for got in server.mails]
    digests = world.log(channel_id=mail, kind="digest")
    assert sum(row["data"]["count"] for row in digests) + len(server.mails) - len(digests) == 500, digests
    server.stop()


def check_killed(world, hooks):
    """Killed between queueing and sending: everything is sent after the start, the first attempts are remembered, and each has one id."""
    hook = world.add_channel("webhook", {"url": f"{hooks.url}/killed"}, digest_limit=100)
    world.escalate({"after_seconds": 0, "channels": [hook]})
    hooks.answers = [(503, {"Retry-After": "3"}, b"busy")]
    ids = world.raise_alerts(3)
    wait_for(lambda: any(row["attempts"] for row in world.log(channel_id=hook, status="queued")), 10, "a first attempt")
    ready = world.api.get("/health/ready")
    assert "HTTP 503: busy" in json.dumps(ready), ready
    assert b"muster_notifications_queued 3" in world.api.exchange("GET", "/metrics")[2]
    world.site.daemon.kill()
    world.site.daemon.wait()
    world.site.api.connection = None
    rows = sqlite3.connect(world.site.folder / "data/muster.db").execute("SELECT id, attempts, error FROM notification WHERE channel_id = ? AND status = 'queued'", (hook,)).fetchall()
    assert len(rows) == 3 and any("HTTP 503: busy" in (row[2] or "") for row in rows), rows
    world.start()
    hooks.wait(3, path="/killed", timeout=30)
    time.sleep(1)
    taken = [row["headers"]["Webhook-Id"] for row in hooks.taken if row["path"] == "/killed"]
    assert sorted(taken) == sorted(row[0] for row in rows), "each once"
    assert {row["status"] for row in world.log(channel_id=hook)} == {"sent"}
    for alert in ids:
        world.api.post(f"/alerts/{alert}/resolve", {})
    wait_for(lambda: sum(row["path"] == "/killed" for row in hooks.taken) >= 6, 10, "what tells that all is well")


def check_final(world, hooks):
    """What is refused for good is not tried again by itself, but by people."""
    hook = world.add_channel("webhook", {"url": f"{hooks.url}/final"})
    world.escalate({"after_seconds": 0, "channels": [hook]})
    hooks.answers = [(410, {}, b"gone")]
    world.raise_alerts()
    row = wait_for(lambda: world.log(channel_id=hook, status="failed"), 10, "the refusal")[0]
    assert row["attempts"] == 1 and "HTTP 410: gone" in row["error"], row
    again = world.api.call("POST", f"/notifications/{row['id']}/retry")
    assert again["status"] == "queued", again
    assert hooks.wait(1, path="/final")["headers"]["Webhook-Id"] == row["id"]


def check_secrets(world):
    """Administrators alone set them; nobody else has them sent to where they listen; nobody reads them."""
    users = {}
    for name, role in (("adam", "administrator"), ("olga", "operator"), ("vera", "viewer")):
        world.api.post("/users/add", {"name": name, "email": f"{name}@example.net", "password": "a long enough password", "role": role})
        token = TlsApi(world.port).post("/users/auth", {"email": f"{name}@example.net", "password": "a long enough password"})["access_token"]
        users[name] = TlsApi(world.port, token)
    body = {"name": "Secretive", "kind": "email", "config": {"host": "127.0.0.1", "from": "m@example.org", "to": ["x@example.org"], "user": "m"}}
    refused(lambda: users["vera"].post("/notification-channels", body), 403)
    refused(lambda: users["olga"].post("/notification-channels", {**body, "secret": "hidden words"}), 403)
    channel = users["adam"].post("/notification-channels", {**body, "secret": "hidden words"})
    assert channel["has_secret"] and "secret" not in channel, channel
    path = f"/notification-channels/{channel['id']}"
    users["olga"].call("PUT", path, {"name": "Renamed", "config": {**body["config"], "to": ["y@example.org"]}})
    refused(lambda: users["olga"].call("PUT", path, {"config": {**body["config"], "host": "evil.example"}}), 403)
    refused(lambda: users["olga"].call("PUT", path, {"secret": "another"}), 403)
    for target in (path, "/notification-channels", "/journal?limit=50", "/export?entity=notification_channel"):
        _, _, data = world.api.exchange("GET", target)
        assert b"hidden words" not in data, target
    assert "hidden words" not in world.site.log_path("musterd").read_text()
    cleared = users["olga"].call("PUT", path, {"secret": None, "config": {**body["config"], "host": "elsewhere.example"}})
    assert not cleared["has_secret"], cleared


def main():
    port = free_port()
    with Site(sys.argv[1]) as site:
        world, hooks, modem = World(site, port), Hooks(), ModemManager(site.folder)
        site.processes.append(modem.daemon)
        site.env["DBUS_SYSTEM_BUS_ADDRESS"] = modem.address
        world.start()
        check_mail(world, site.folder)
        check_web(world, hooks)
        check_modem(world, modem)
        check_escalation(world, hooks)
        check_folded(world, hooks)
        check_storm(world)
        check_killed(world, hooks)
        check_final(world, hooks)
        check_secrets(world)
        assert site.stop_daemon() == 0, "the daemon did not end well"


if __name__ == "__main__":
    main()
