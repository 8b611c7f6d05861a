# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of hawkBit's two APIs share: the Management API as its tools use it, an update client that asks and tells by
hand, and who signs certificates of such clients."""
import base64
import hashlib
import http.client
import json
import ssl
import subprocess
from urllib.parse import quote, urlsplit

TENANT = "DEFAULT"


class Http:
    """Plain HTTP to PORT of loopback; one connection."""

    def __init__(self, port, headers=None):
        self.port, self.headers, self.connection = port, dict(headers or {}), None

    def exchange(self, method, target, body=None, headers=None):
        """(status, headers, bytes), whatever the status."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            self.connection.request(method, target, body, {**self.headers, **(headers or {})})
            answer = self.connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        except OSError:
            self.connection = None
            raise


class Management(Http):
    """The Management API, as USER with PASSWORD."""

    def __init__(self, port, user, password):
        super().__init__(port, {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()})

    def call(self, method, path, body=None, expect=200):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        status, _, data = self.exchange(method, "/rest/v1/" + path, None if body is None else json.dumps(body), headers)
        assert status == expect, (method, path, status, data)
        return json.loads(data) if data else None

    def get(self, path, expect=200):
        return self.call("GET", path, expect=expect)

    def configure(self, **values):
        for key, value in values.items():
            self.call("PUT", f"system/configs/{key.replace('_', '.')}", {"value": value})

    def upload(self, module, name, data, expect=201, query=""):
        boundary = "b0undary"
        body = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                "Content-Type: application/octet-stream\r\n\r\n").encode() + data + f"\r\n--{boundary}--\r\n".encode()
        status, _, answer = self.exchange("POST", f"/rest/v1/softwaremodules/{module}/artifacts{query}", body,
                                          {"Content-Type": f"multipart/form-data; boundary={boundary}"})
        assert status == expect, (name, status, answer)
        return json.loads(answer)

    def make_set(self, name, version, files, part="os"):
        """A distribution set of one module with FILES (name: bytes); both ids."""
        module = self.call("POST", "softwaremodules", [{"name": name, "version": version, "type": part}], 201)[0]["id"]
        for file, data in files.items():
            made = self.upload(module, file, data)
            assert made["hashes"] == {kind: hashlib.new(kind, data).hexdigest() for kind in ("sha1", "md5", "sha256")} and made["size"] == len(data), made
        made = self.call("POST", "distributionsets", [{"name": name, "version": version, "type": part, "modules": [{"id": module}]}], 201)[0]
        return made["id"], module

    def make_target(self, controller, **more):
        made = self.call("POST", "targets", [{"controllerId": controller, "name": controller, **more}], 201)[0]
        assert made["controllerId"] == controller, made
        return made

    def assign(self, distribution, controller, **more):
        """The action that comes of it."""
        answer = self.call("POST", f"distributionsets/{distribution}/assignedTargets", [{"id": controller, **more}])
        assert answer["assigned"] == 1 and answer["total"] == 1, answer
        return answer["assignedActions"][0]["id"]

    def action(self, controller, action):
        return self.get(f"targets/{quote(controller)}/actions/{action}")

    def statuses(self, controller, action):
        """What happened, the newest first."""
        page = self.get(f"targets/{quote(controller)}/actions/{action}/status?offset=0&limit=500&sort=id:DESC")
        return page["content"]

    def cancel(self, controller, action, force=False, expect=204):
        self.call("DELETE", f"targets/{quote(controller)}/actions/{action}" + ("?force=true" if force else ""), expect=expect)


class Client(Http):
    """An update client named CONTROLLER that shows AUTHORIZATION."""

    def __init__(self, port, controller, authorization=None, tenant=TENANT):
        super().__init__(port, {"Authorization": authorization} if authorization else {})
        self.base = f"/{tenant}/controller/v1/{quote(controller, safe='')}"

    def ask(self, method, path="", body=None, expect=200, headers=None):
        """The JSON of the answer; PATH: below the base, or a link."""
        target = self.base + path if not path.startswith("http") else path[path.index("/", 8):]
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        status, _, answer = self.exchange(method, target, data, {**({"Content-Type": "application/json"} if data is not None else {}), **(headers or {})})
        assert status == expect, (method, target, status, answer)
        return json.loads(answer) if answer and status == 200 else None

    def links(self):
        """What the base resource points at: name to href."""
        return {name: link["href"] for name, link in self.ask("GET").get("_links", {}).items()}

    def feedback(self, action, execution, finished="none", details=(), kind="deploymentBase", expect=200, **more):
        body = {"id": str(action), "status": {"execution": execution, "result": {"finished": finished, **more}, "details": list(details)}}
        return self.ask("POST", f"/{kind}/{action}/feedback", body, expect)


class Authority:
    """Signs certificates of clients."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.pem = folder / f"{name}.pem"
        self.run("req", "-x509", *self.new(name), "-days", "2", "-out", self.pem)

    def run(self, *args):
        subprocess.run(["openssl", *args], check=True, capture_output=True)

    def new(self, name):
        return "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout", self.folder / f"{name}.key"

    def sign(self, name, usage="clientAuth"):
        """A certificate for NAME: the files of it and of its key."""
        request, extensions, pem = (self.folder / f"{name}.{kind}" for kind in ("request", "extensions", "crt"))
        extensions.write_text(f"extendedKeyUsage={usage}\n")
        self.run("req", *self.new(name), "-out", request)
        self.run("x509", "-req", "-in", request, "-CA", self.pem, "-CAkey", self.folder / f"{self.name}.key", "-CAcreateserial", "-days", "2", "-extfile", extensions, "-out", pem)
        return pem, self.folder / f"{name}.key"

    def context(self, name, **more):
        """Of TLS, which shows such a certificate and looks at none."""
        context = ssl._create_unverified_context()
        context.load_cert_chain(*self.sign(name, **more))
        return context


def path_of(link):
    parts = urlsplit(link)
    return parts.path + ("?" + parts.query if parts.query else "")
