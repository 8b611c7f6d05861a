#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation with every role, over HTTPS: what the table of rights allows is let through, what it does not is refused with 403,
and who does not say who they are gets 401. The table, the description of the API and the daemon say the same."""
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site, free_port  # noqa: E402
from rights_table import NOBODY, ROLES, read_rights  # noqa: E402
from tls_api import TlsApi  # noqa: E402

NO_RECORD = "0199a1b2-0000-7000-8000-00000000dead"
PEOPLE = ["administrator", "operator", "technician", "viewer", "customer"]
PASSWORD = "a long enough password"


def told_in(problem):
    """What a refusal says, in our words or in those of another API."""
    return problem.get("detail") or problem["message"]


class Matrix:
    def __init__(self, site, port):
        self.site, self.port = site, port
        self.rights = read_rights()
        self.cells, self.failures = 0, []
        self.credentials = {}  # name of a column → (role, token)
        self.connections = {}
        self.device = site.api.post("/devices", {"name": "Probe"})["id"]

    def fail(self, text):
        self.failures.append(text)
        print("FAILED:", text)

    # --- who asks ---

    def make_credentials(self):
        """People by sign-in, and by a key of the same role; a device by its token; another site by a key of its own."""
        nobody = TlsApi(self.port)
        for role in PEOPLE:
            email = f"{role}@example.org"
            person = self.site.api.post("/users/add", {"name": role, "email": email, "password": PASSWORD, "role": role})
            self.credentials[role] = (role, nobody.post("/users/auth", {"email": email, "password": PASSWORD})["access_token"])
            key = self.site.api.post("/api-keys", {"name": role, "role": role, "person_id": person["id"]})
            self.credentials[f"key of {role}"] = (role, key["key"])
        token = self.site.api.call("POST", f"/devices/{self.device}/token")["token"]
        self.credentials["device"] = ("device", token)
        self.credentials["access token"] = ("administrator", (self.site.folder / "data/token").read_text().strip())
        self.credentials["nobody"] = (NOBODY, None)
        self.credentials["peer"] = ("peer", self.site.api.post("/api-keys", {"name": "Other site", "role": "peer"})["key"])
        for role, status in (("operator", 403), ("device", 422)):
            asked = TlsApi(self.port, self.credentials[role][1] if role == "operator" else self.credentials["access token"][1])
            got = asked.exchange("POST", "/api-keys", {"name": "x", "role": "peer" if role == "operator" else role})[0]
            if got != status:
                self.fail(f"a key of the role {role}: {got} instead of {status}")
        person = self.site.api.get("/users/?role=viewer")["items"][0]["id"]
        if self.site.api.exchange("POST", "/api-keys", {"name": "x", "role": "peer", "person_id": person})[0] != 422:
            self.fail("a peer's key that is a person's")

    def spare_refresh_token(self):
        return TlsApi(self.port).post("/users/auth", {"email": "viewer@example.org", "password": PASSWORD})["refresh_token"]

    # --- what is asked ---

    def make_target(self, path, role):
        """PATH with its parameters filled in so that nothing is found: the answer is not about a record."""
        def fill(match):
            name = match[1]
            if path.startswith("/devices/") and name == "id" and role == "device":
                return self.device
            return "999999999" if name in ("sequence", "position", "actionId", "artifactId", "filterId", "groupId", "moduleId", "rolloutId", "setId", "tagId") else "nothing" if name in ("key", "collection", "entity") else NO_RECORD
        return re.sub(r"\{(\w+)\}", fill, path)

    def make_body(self, operation, role, column):
        content = operation.get("requestBody", {}).get("content")
        if content is None:
            return None, {}
        if role == NOBODY and operation["operationId"] == "verifyUserToken":
            return {"token": self.credentials["viewer"][1]}, {}
        if column not in PEOPLE and operation["operationId"] == "logoutUser":
            return {"refresh_token": self.spare_refresh_token()}, {}
        media = next(iter(content))
        return ({}, {}) if media == "application/json" else (b"x", {"Content-Type": media})

    def check(self, column, method, path, operation):
        if operation.get("x-muster-dialect") == "ddi":
            return  # these show tokens of their own: blackbox/ddi
        role, token = self.credentials[column]
        name = operation["operationId"]
        body, headers = self.make_body(operation, role, column)
        api = self.connections.setdefault(column, TlsApi(self.port, token))
        status, _, data = api.exchange(method.upper(), self.make_target(path, role), body, headers)
        allowed = role in self.rights[name]
        self.cells += 1
        if allowed and (status in (401, 403) or status >= 500):
            self.fail(f"{name} as {column}: {status} {data[:200]!r}, though the table allows it")
        elif not allowed and role == NOBODY and status != 401:
            self.fail(f"{name} as nobody: {status} instead of 401")
        elif not allowed and role != NOBODY and status != 403:
            self.fail(f"{name} as {column}: {status} instead of 403")
        elif not allowed and role != NOBODY and not all(r in told_in(json.loads(data)) for r in ROLES if r in self.rights[name]):
            self.fail(f"{name} as {column}: the refusal does not say who may: {data!r}")

    # --- the documents ---

    def check_document(self, document):
        operations = {op["operationId"]: op for methods in document["paths"].values() for op in methods.values() if "operationId" in op}
        for name in sorted(self.rights.keys() - operations.keys()):
            self.fail(f"the table has a row for {name}, which is no operation")
        for name in sorted(operations.keys() - self.rights.keys()):
            self.fail(f"{name} has no row in the table")
        for name in sorted(operations.keys() & self.rights.keys()):
            if operations[name].get("x-muster-roles") != [role for role in ROLES if role in self.rights[name]]:
                self.fail(f"{name}: the description says {operations[name].get('x-muster-roles')}")
            if (operations[name].get("security") == []) != (NOBODY in self.rights[name]):
                self.fail(f"{name}: the description and the table disagree on whether a token is needed")

    def check_told(self):
        """What /rights tells each caller is their column."""
        for column, (role, token) in self.credentials.items():
            if role == NOBODY:
                continue
            told = TlsApi(self.port, token).get("/rights")
            if told["role"] != role or set(told["operations"]) != {name for name, roles in self.rights.items() if role in roles}:
                self.fail(f"/rights tells {column} something else than the table")

    def run(self, document):
        # logging out last: it ends the column's own sign-in
        cells = [(method, path, op) for path, methods in document["paths"].items() for method, op in methods.items() if "operationId" in op]
        cells.sort(key=lambda cell: cell[2]["operationId"] == "logoutUser")
        for method, path, operation in cells:
            if operation["operationId"] in self.rights:
                for column in self.credentials:
                    self.check(column, method, path, operation)


def main():
    with Site(sys.argv[1]) as site:
        port = free_port()
        site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{port}")
        matrix = Matrix(site, port)
        matrix.make_credentials()
        document = site.api.get("/openapi.json")
        matrix.check_document(document)
        matrix.check_told()
        matrix.run(document)
        print(f"{matrix.cells} cells: {len(matrix.rights)} operations, {len(matrix.credentials)} kinds of caller")
        return 1 if matrix.failures or matrix.cells == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
