#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bulk edit, move, status and delete of many rows, each in one job with one undo; pausing, cancelling, retrying; refusals."""
import csv
import io
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, wait_for  # noqa: E402
from stock_of_devices import add_devices, read_devices  # noqa: E402

ROWS = int(os.environ.get("MUSTER_TEST_ROWS", "10000"))


def refused(call, status):
    try:
        call()
    except ApiError as error:
        assert error.status == status, error
        return error.body
    raise AssertionError(f"was not refused with {status}")


def await_job(api, job, *states):
    def ended():
        now = api.get(f"/jobs/{job['id']}")
        return now if now["status"] in (states or ("done", "failed", "cancelled")) else None

    return wait_for(ended, 300, "the job", 0.1)


def do_and_undo(site, database, body, check):
    """One job over all, one undo: how long each took."""
    api, before = site.api, read_devices(database)
    begun = time.monotonic()
    job = await_job(api, api.post("/jobs", body))
    took = time.monotonic() - begun
    assert (job["status"], job["done"], job["failed"]) == ("done", ROWS, 0), job
    check(read_devices(database))
    operation = api.get(f"/journal/{job['first_sequence']}/operation")
    assert operation["undoable"] and operation["changes"]["device"] == ROWS, operation
    begun = time.monotonic()
    api.call("POST", f"/journal/{job['first_sequence']}/undo")
    undo = time.monotonic() - begun
    assert read_devices(database) == before, f"undoing {body['kind']} did not bring back what was"
    again = api.get(f"/journal/{job['first_sequence']}/operation")
    assert not again["undoable"] and again["undone_by"], again
    print(f"{body['kind']:7} {ROWS} rows in {took:.2f} s ({ROWS / took:.0f}/s), undone in {undo:.2f} s")


def check_bulk(site, database):
    place = site.api.post("/locations", {"name": "Hall 1", "kind": "hall"})["id"]
    do_and_undo(site, database, {"kind": "edit", "entity": "device", "filter": "", "changes": {"notes": "Counted", "model": "TH-10"}},
                lambda rows: all(row["notes"] == "Counted" and row["model"] == "TH-10" for row in rows.values()) or sys.exit("not all were edited"))
    do_and_undo(site, database, {"kind": "move", "entity": "device", "filter": "q=Lamp", "changes": {"location_id": place}},
                lambda rows: all(row["location_id"] == place for row in rows.values()) or sys.exit("not all were moved"))
    do_and_undo(site, database, {"kind": "status", "entity": "device", "filter": "status=deployed", "changes": {"status": "maintenance"}},
                lambda rows: all(row["status"] == "maintenance" for row in rows.values()) or sys.exit("not all have the status"))
    do_and_undo(site, database, {"kind": "delete", "entity": "device", "filter": ""}, lambda rows: not rows or sys.exit("not all are gone"))


def check_refusals(api, ids):
    base = {"kind": "edit", "entity": "device", "ids": ids[:2], "changes": {"notes": "x"}}
    for change, pointer in [({"changes": {"serial": "1"}}, "/changes/serial"), ({"changes": {"secret": "x"}}, "/changes/secret"),
                            ({"changes": {"status": "sold"}}, "/changes/status"), ({"changes": {}}, "/changes"), ({"changes": {"nope": 1}}, "/changes/nope"),
                            ({"changes": {"location_id": ids[0]}}, "/changes/location_id"), ({"ids": ["x"]}, "/ids/0"), ({"ids": []}, "/ids"),
                            ({"filter": "a=b"}, "/ids"), ({"ids": None, "filter": "nope=1"}, "/filter"), ({"entity": "unicorn"}, "/entity"),
                            ({"kind": "move"}, "/changes/location_id"), ({"kind": "delete"}, "/changes")]:
        body = refused(lambda sent={**base, **change}: api.post("/jobs", sent), 422)
        assert any(row["pointer"] == pointer for row in body["errors"]), (change, body)


def check_rows_stand_alone(api, ids):
    """A row that is refused spoils no other; what was refused is told, kept as a file, and done again."""
    api.call("PUT", f"/devices/{ids[0]}/status", {"status": "retired"})
    retiring = api.get("/journal/operations?limit=1")["items"][0]
    job = await_job(api, api.post("/jobs", {"kind": "status", "entity": "device", "ids": ids[:5], "changes": {"status": "maintenance"}}))
    assert (job["done"], job["failed"]) == (4, 1), job
    rows = api.get(f"/jobs/{job['id']}/rows?status=failed")["items"]
    assert len(rows) == 1 and rows[0]["entity_id"] == ids[0] and rows[0]["title"].startswith("Lamp") and rows[0]["error"], rows
    status, headers, data = api.exchange("GET", f"/jobs/{job['id']}/failed.csv")
    table = list(csv.DictReader(io.StringIO(data.decode())))
    assert status == 200 and headers["Content-Type"].startswith("text/csv"), (status, headers)
    assert [row["id"] for row in table] == [ids[0]] and table[0]["error"], table
    again = await_job(api, api.call("POST", f"/jobs/{job['id']}/retry"))
    assert (again["done"], again["failed"], again["operation"]) == (4, 1, job["operation"]), again
    refused(lambda: api.call("POST", f"/jobs/{job['id']}/pause"), 409)
    for sequence in (job["first_sequence"], retiring["sequence"]):
        api.call("POST", f"/journal/{sequence}/undo")


def check_steering(api):
    job = api.post("/jobs", {"kind": "edit", "entity": "device", "filter": "", "changes": {"notes": "Steered"}})
    paused = api.call("POST", f"/jobs/{job['id']}/pause")
    assert paused["status"] == "paused", paused
    time.sleep(0.5)
    resting = api.get(f"/jobs/{job['id']}")
    assert resting["status"] == "paused" and resting["done"] < ROWS, resting
    if resting["first_sequence"]:
        body = refused(lambda: api.call("POST", f"/journal/{resting['first_sequence']}/undo"), 409)
        assert "cancel it first" in body["detail"], body
    api.call("POST", f"/jobs/{job['id']}/resume")
    wait_for(lambda: api.get(f"/jobs/{job['id']}")["done"] > resting["done"], 30, "the resumed job")
    cancelled = api.call("POST", f"/jobs/{job['id']}/cancel")
    assert cancelled["status"] == "cancelled", cancelled
    if cancelled["done"] < ROWS:
        assert api.get("/devices?notes=Steered&limit=1")["total"] == cancelled["done"], cancelled
    api.call("POST", f"/journal/{cancelled['first_sequence']}/undo")
    assert api.get("/devices?notes=Steered&limit=1")["total"] == 0


def check_people(api):
    """Many people at once are the administrators' business; the last administrator stays, and undo gives back what was taken."""
    ids = [api.post("/users/add", {"name": name, "email": f"{name}@example.org", "password": "a long enough password", "role": role})["id"]
           for name, role in (("ada", "administrator"), ("ole", "operator"), ("vi", "viewer"))]
    token = api.call("POST", "/users/auth", {"email": "ole@example.org", "password": "a long enough password"})["access_token"]
    as_ole = {"Authorization": f"Bearer {token}"}
    for kind, changes in (("edit", {"changes": {"role": "administrator"}}), ("delete", {})):
        assert api.exchange("POST", "/jobs", {"kind": kind, "entity": "person", "ids": ids, **changes}, as_ole)[0] == 403
    for changes in ({"email": "x@example.org"}, {"password_hash": "x"}, {"is_admin": True}):
        refused(lambda changes=changes: api.post("/jobs", {"kind": "edit", "entity": "person", "ids": ids, "changes": changes}), 422)

    def disabled():
        return {person["name"] for person in api.get("/users/")["items"] if person["disabled"]}
    job = await_job(api, api.post("/jobs", {"kind": "edit", "entity": "person", "ids": ids, "changes": {"disabled": True}}), "done")
    assert (job["done"], job["failed"], disabled()) == (2, 1, {"ole", "vi"}), job
    assert "last administrator" in [row["error"] for row in api.get(f"/jobs/{job['id']}/rows")["items"] if row["error"]][0]
    assert api.exchange("GET", "/rights", None, as_ole)[0] == 401
    api.call("POST", f"/journal/{job['first_sequence']}/undo")
    assert disabled() == set()


def check_ctl(site):
    answer = site.ctl("bulk", "edit", "device", "notes=By hand", "--", "serial=SN-000001,SN-000002")
    assert answer.returncode == 0, answer
    answer = site.ctl("undo", "--last")
    assert answer.returncode == 0, answer
    assert site.api.get("/devices?serial=SN-000001")["items"][0]["notes"] is None
    for arguments in (["jobs"], ["journal", "operations"], ["journal", "verify"]):
        answer = site.ctl(*arguments)
        assert answer.returncode == 0 and answer.stdout, answer
    assert site.ctl("bulk", "delete", "device").returncode == 2, "a bulk command without a filter"


def main():
    with Site(sys.argv[1]) as site:
        database = site.folder / "data" / "muster.db"
        site.start_daemon("--no-mdns")
        site.stop_daemon()
        ids = add_devices(database, ROWS)
        site.start_daemon("--no-mdns")
        check_refusals(site.api, ids)
        check_rows_stand_alone(site.api, ids)
        check_steering(site.api)
        check_ctl(site)
        check_people(site.api)
        check_bulk(site, database)
        assert site.api.get("/journal/verify")["intact"]


if __name__ == "__main__":
    main()
