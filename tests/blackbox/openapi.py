#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The daemon's description of its API is a sound OpenAPI document, by the word of two independent tools, and says what is so."""
import copy
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site  # noqa: E402
from npm_parts import install  # noqa: E402

PARSER = """
const parser = require('@apidevtools/swagger-parser');
parser.validate(process.argv[1]).then(api => console.log(Object.keys(api.paths).length + ' paths'), error => { console.error(error.message); process.exit(1); });
"""
EXPECTED = ["/devices", "/devices/{id}", "/devices/{id}/adopt", "/devices/{id}/command", "/discovery", "/monitoring/data/{device_id}",
            "/monitoring/stats", "/journal/{sequence}/undo", "/health/ready", "/metrics", "/openapi.json", "/backup", "/settings", "/overview"]


def run_parser(folder, path):
    return subprocess.run(["node", "-e", PARSER, str(path)], cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def run_redocly(folder, path):
    env = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "CI": "true"}
    return subprocess.run([str(folder / "node_modules/.bin/redocly"), "lint", "--extends=spec", "--max-problems=20", str(path)],
                          cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)


def main():
    folder = install(sys.argv[1])
    failed = 0
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        document = site.api.get("/openapi.json")
        path = site.folder / "openapi.json"
        path.write_text(json.dumps(document))
        for name, run in (("swagger-parser", run_parser), ("redocly", run_redocly)):
            result = run(folder, path)
            print(f"{name}: exit {result.returncode} {result.stdout.strip()[-1500:]} {result.stderr.strip()[-3000:] if result.returncode else ''}")
            failed += result.returncode != 0
        # The tools must be able to say no.
        broken = copy.deepcopy(document)
        next(iter(broken["paths"].values()))["get"] = {"responses": {"200": {"content": 5}}}
        path.write_text(json.dumps(broken))
        for name, run in (("swagger-parser", run_parser), ("redocly", run_redocly)):
            if run(folder, path).returncode == 0:
                print(f"FAILED: {name} does not notice a broken document")
                failed += 1
        known = {p.rstrip("/") for p in document["paths"]}
        for wanted in EXPECTED:
            if wanted not in known:
                print(f"FAILED: {wanted} is not described")
                failed += 1
        operations = [op["operationId"] for methods in document["paths"].values() for op in methods.values() if isinstance(op, dict) and "operationId" in op]
        if len(operations) != len(set(operations)):
            print("FAILED: operation ids stand twice")
            failed += 1
        page = site.api.exchange("GET", "/docs")
        if page[0] != 200 or b"<html" not in page[2].lower() or b"http://" in page[2].replace(b"http://www.w3.org", b"").replace(b"http://localhost", b""):
            print("FAILED: /docs is not a page that works offline")
            failed += 1
        print(f"{len(operations)} operations described")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
