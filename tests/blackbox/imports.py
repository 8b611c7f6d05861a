#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that become records, on the running daemon: encodings, guesses, preview by row and field, one job, one undo, the failed rows back."""
import csv
import io
import json
import sys
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site, wait_for  # noqa: E402

GERMAN = "Seriennummer;Bezeichnung;MAC-Adresse;Artikelnummer;Lagerort;Bemerkung\n"


def announce(site, target, media_type, length):
    """The status of the answer to the headers of a body that is never sent."""
    connection = site.api.make_connection()
    connection.putrequest("POST", target)
    connection.putheader("Content-Type", media_type)
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    return connection.getresponse().status


def upload(site, text, entity="device", name="file.csv", expect=201):
    body = text if isinstance(text, bytes) else text.encode()
    status, _, data = site.api.exchange("POST", f"/imports?entity={entity}&name={quote(name)}", body, {"Content-Type": "text/csv"})
    assert status == expect, (status, data)
    return json.loads(data)


def preview(site, item, **parameters):
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return site.api.get(f"/imports/{item['id']}/preview?{query}")


def counts(answer):
    return [answer[name] for name in ("new", "changed", "same", "failed")]


def apply(site, item):
    job = site.api.call("POST", f"/imports/{item['id']}/apply")

    def ended():
        now = site.api.get(f"/jobs/{job['id']}")
        return now if now["status"] in ("done", "failed", "cancelled") else None
    return wait_for(ended, 60, "the import")


def devices(site, query=""):
    return site.api.get(f"/devices/?sort=serial&limit=1000{query}")["items"]


def fill(site):
    site.api.post("/products/", {"name": "Lamp", "sku": "L-1"})
    hall = site.api.post("/locations/", {"name": "Hall 1", "kind": "hall", "code": "H1"})["id"]
    site.api.post("/locations/", {"name": "Rack 2", "kind": "rack", "parent_id": hall})


def test_german(site):
    """A spreadsheet's file: semicolons, Windows-1252, German headings."""
    rows = "".join(f"S-{number:02};Gerät {number};02-00-00-00-00-{number:02x};L-1;Hall 1 / Rack 2;Tür {number}\n" for number in range(30))
    item = upload(site, (GERMAN + rows + "S-99;;zz;L-9;H1;\n").encode("cp1252"))
    assert (item["encoding"], item["delimiter"], item["rows"], item["key"]) == ("WINDOWS-1252", ";", 31, "serial"), item
    assert item["mapping"] == {"Seriennummer": "serial", "Bezeichnung": "name", "MAC-Adresse": "mac", "Artikelnummer": "product_id", "Lagerort": "location_id",
                               "Bemerkung": "notes"}, item["mapping"]
    assert item["columns"][1]["samples"][0] == "Gerät 0"
    shown = preview(site, item, limit=3)
    assert counts(shown) == [30, 0, 0, 1] and len(shown["items"]) == 3 and shown["items"][0]["values"]["mac"] == "02:00:00:00:00:00", shown
    failed = preview(site, item, only="failed")["items"]
    assert failed[0]["row"] == 32 and {error["field"] for error in failed[0]["errors"]} == {"mac", "product_id"}, failed
    before = site.api.get("/journal/?limit=1")["items"][0]["sequence"]
    job = apply(site, item)
    assert (job["status"], job["done"], job["failed"], job["kind"]) == ("done", 30, 1, "import"), job
    assert len(devices(site)) == 30 and devices(site)[0]["notes"] == "Tür 0"
    returned = list(csv.reader(io.StringIO(site.api.exchange("GET", f"/jobs/{job['id']}/failed.csv")[2].decode())))
    assert returned[0] == [*GERMAN.strip().split(";"), "error"] and returned[1][0] == "S-99" and "L-9" in returned[1][-1], returned
    assert before < job["first_sequence"]
    # applied once, not twice
    assert site.api.exchange("POST", f"/imports/{item['id']}/apply")[0] == 409
    return job


def test_again(site):
    """The same file once more changes nothing; another one changes what differs."""
    text = "serial,name,notes\n" + "".join(f"S-{number:02},Gerät {number},Tür {number if number else 'neu'}\n" for number in range(30))
    item = upload(site, text)
    shown = preview(site, item, only="changed")
    assert counts(shown) == [0, 1, 29, 0], shown
    assert shown["items"][0]["values"] == {"notes": "Tür neu"} and shown["items"][0]["before"] == {"notes": "Tür 0"}, shown
    job = apply(site, item)
    assert (job["done"], job["skipped"], job["failed"]) == (1, 29, 0), job
    assert devices(site)[0]["notes"] == "Tür neu" and devices(site)[0]["mac"] == "02:00:00:00:00:00"
    site.api.call("POST", f"/journal/{job['first_sequence']}/undo")
    assert devices(site)[0]["notes"] == "Tür 0"


def test_round_trip(site):
    """What was exported comes in again as it was."""
    _, _, exported = site.api.exchange("GET", "/exports/devices?columns=id,serial,name,status,mac,notes,location_id.path,product_id.sku,received_at&bom=true")
    item = upload(site, exported)
    assert item["encoding"] == "UTF-8" and item["mapping"]["location_id.path"] == "location_id.path", item
    site.api.call("PUT", f"/imports/{item['id']}", {"key": "id"})
    assert counts(preview(site, item)) == [0, 0, 30, 0], preview(site, item)


def test_undo_of_all(site, job):
    site.api.call("POST", f"/journal/{job['first_sequence']}/undo")
    assert devices(site) == []


def test_encodings(site):
    text = "serial,name\nU-1,Gerät ü\n"
    for encoding, name in (("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16LE"), ("utf-16-le", "UTF-16LE"), ("utf-16-be", "UTF-16BE"), ("cp1252", "WINDOWS-1252")):
        item = upload(site, text.encode(encoding))
        assert item["encoding"] == name and item["columns"][1]["samples"] == ["Gerät ü"], (encoding, item)
        assert site.api.exchange("DELETE", f"/imports/{item['id']}")[0] == 204
        assert site.api.exchange("GET", f"/imports/{item['id']}")[0] == 404
    assert upload(site, "serial\tname\nT-1\tx\n")["delimiter"] == "\t"


def test_values(site):
    """Numbers, money, dates and words as people write them."""
    item = upload(site, "Artikelnummer;Bezeichnung;Preis;Kategorie;Garantie\nP-1;Leuchte;1.234,50 €;Light;24\nP-2;Kabel;0,5;other;x\n", "product")
    assert item["options"]["decimal_comma"] is True and item["mapping"]["Preis"] == "unit_price", item
    shown = preview(site, item)
    assert counts(shown) == [1, 0, 0, 1] and shown["items"][0]["values"]["unit_price"] == "1234.5" or shown["items"][0]["values"]["unit_price"] == "1234.50", shown
    assert shown["items"][1]["errors"][0]["field"] == "warranty_months", shown
    item = upload(site, "serial,name,received,ok\nD-1,a,31.12.2026,\n")
    site.api.call("PUT", f"/imports/{item['id']}", {"options": {"date_format": "dmy"}, "defaults": {"kind": "Meter"}})
    values = preview(site, item)["items"][0]["values"]
    assert values["received_at"].startswith(("2026-12-31", "2026-12-30")) and values["kind"] == "meter", values


def test_places(site):
    """A row may lie within one that the same file makes."""
    item = upload(site, "code,name,kind,parent\nA,Hall A,hall,H1\nB,Rack B,rack,A\nC,Bin C,bin,Hall 1 > Hall A > Rack B\n", "location")
    assert counts(preview(site, item)) == [3, 0, 0, 0], preview(site, item)
    assert apply(site, item)["failed"] == 0
    assert site.api.get("/locations/?code=C")["items"][0]["path"] == "Hall 1 › Hall A › Rack B › Bin C"


def test_refusals(site):
    for text in ("", "a,b\n", "\n\n\n", "a\n\"" + "x" * 100_000, ",".join("abc") + "\n1,2,3,4\n", "a" * 300_000, "\0\0\0\0"):
        upload(site, text, expect=400)
    upload(site, ",".join(f"c{number}" for number in range(300)) + "\n1\n", expect=400)
    upload(site, "a\n1\n", entity="nonsense", expect=422)
    upload(site, "a\n1\n", entity="stock_move", expect=422)
    refused = upload(site, "customer,total\nAnn,1\n", entity="order", expect=422)
    assert "POST /orders" in refused["errors"][0]["detail"] and "device" in refused["errors"][0]["detail"], refused
    assert site.api.exchange("POST", "/imports?entity=device", b"{}", {"Content-Type": "application/json"})[0] == 415
    item = upload(site, "serial,name\nR-1,x\n")
    for plan in ({"mapping": {"nothing": "name"}}, {"mapping": {"serial": "adoption"}}, {"mapping": {"serial": "name", "name": "name"}}, {"mapping": {}}, {"key": "mac"},
                 {"options": {"date_format": "x"}}, {"defaults": {"frob": "1"}}, {"mapping": []}, {"frob": 1}):
        assert site.api.exchange("PUT", f"/imports/{item['id']}", plan)[0] == 422, plan
    assert site.api.get(f"/imports/{item['id']}")["mapping"] == {"serial": "serial", "name": "name"}


def test_same_key_twice(site):
    """Which of two rows with one key is meant nobody can tell: the second is refused, before and when it is applied, and again on a second try."""
    text = "serial,name,mac\nTW-1,One,02:00:00:00:00:01\nTW-2,Two,02:00:00:00:00:02\n TW-1 ,Three,\nTW-3,Four,02:00:00:00:00:02\n"
    item = upload(site, text)
    assert item["key"] == "serial", item
    shown = preview(site, item)
    assert counts(shown) == [2, 0, 0, 2], shown
    errors = {row["row"]: row["errors"] for row in shown["items"] if row["outcome"] == "failed"}
    (first,), (second,) = errors.values()
    assert first["field"] == "serial" and "has the same" in first["detail"], errors
    assert second["field"] == "mac" and "another row of the file" in second["detail"], errors
    job = apply(site, item)
    assert (job["done"], job["failed"]) == (2, 2), job
    assert {device["serial"]: device["name"] for device in devices(site) if (device["serial"] or "").startswith("TW-")} == {"TW-1": "One", "TW-2": "Two"}
    site.api.call("POST", f"/jobs/{job['id']}/retry")
    again = wait_for(lambda: (now := site.api.get(f"/jobs/{job['id']}"))["status"] == "done" and now, 30, "the second try")
    assert again["failed"] == 2, again
    status, _, data = site.api.exchange("GET", f"/jobs/{job['id']}/failed.csv")
    assert status == 200 and "TW-1" in data.decode() and "has the same" in data.decode(), data
    assert data.decode().splitlines()[0] == "serial,name,mac,error", data
    site.api.call("POST", f"/journal/{job['first_sequence']}/undo")


def test_owner(site):
    """A file is its sender's."""
    tokens = {}
    for name, role in (("Ada", "administrator"), ("Ole", "operator"), ("Olga", "operator")):
        site.api.post("/users/add", {"name": name, "email": f"{name}@example.org", "password": "a long enough password", "role": role})
        answer = site.api.call("POST", "/users/auth", {"email": f"{name}@example.org", "password": "a long enough password"})
        tokens[name] = {"Authorization": f"Bearer {answer['access_token']}"}
    status, _, data = site.api.exchange("POST", "/imports?entity=device&name=ole.csv", b"serial,name\nOW-1,One\n", {"Content-Type": "text/csv", **tokens["Ole"]})
    item = json.loads(data)
    assert status == 201 and item["owner"].startswith("person:"), item
    for name, expected in (("Ole", 200), ("Ada", 200), ("Olga", 404)):
        for method, path, body in (("GET", "", None), ("GET", "/preview", None), ("PUT", "", {"key": "serial"})):
            status, _, data = site.api.exchange(method, f"/imports/{item['id']}{path}", body, tokens[name])
            assert status == expected, (name, method, path, data)
    for method, path in (("POST", "/apply"), ("DELETE", "")):
        assert site.api.exchange(method, f"/imports/{item['id']}{path}", None, tokens["Olga"])[0] == 404
    assert site.api.exchange("DELETE", f"/imports/{item['id']}", None, tokens["Ole"])[0] == 204


def test_people(site):
    """A list of people: for administrators, without passwords, told apart by their addresses however these are written; taken back as one."""
    people = lambda: {person["email"]: person for person in site.api.get("/users?limit=1000")["items"]}  # noqa: E731
    before, tokens = people(), {}
    for name, role in (("Vera", "viewer"), ("Otto", "operator")):
        site.api.post("/users/add", {"name": name, "email": f"{name}@example.org", "password": "a long enough password", "role": role})
        answer = site.api.call("POST", "/users/auth", {"email": f"{name}@example.org", "password": "a long enough password"})
        tokens[name] = {"Authorization": f"Bearer {answer['access_token']}"}
    text = "Name;E-Mail-Adresse;Rolle;Telefon\nPaul;Paul@Example.org;technician;1\nPia;pia@example.org;Customer;2\nVera;VERA@example.org;viewer;3\nBad;nowhere;king;4\n"
    for name in tokens:
        assert site.api.exchange("POST", "/imports?entity=person", text.encode(), {"Content-Type": "text/csv", **tokens[name]})[0] == 403
    item = upload(site, text, "person")
    assert item["mapping"] == {"Name": "name", "E-Mail-Adresse": "email", "Rolle": "role", "Telefon": "phone"} and item["key"] == "email", item
    for field in ("password_hash", "pin_hash", "has_password", "is_admin"):
        assert site.api.exchange("PUT", f"/imports/{item['id']}", {"mapping": {"Telefon": field}})[0] == 422
    shown = preview(site, item)
    assert counts(shown) == [2, 1, 0, 1] and {error["field"] for error in shown["items"][3]["errors"]} == {"email", "role"}, shown
    job = apply(site, item)
    assert (job["done"], job["failed"]) == (3, 1), job
    paul = people()["paul@example.org"]
    assert (paul["name"], paul["role"], paul["has_password"], paul["is_admin"]) == ("Paul", "technician", False, False), paul
    assert site.api.exchange("POST", "/users/auth", {"email": "paul@example.org", "password": ""})[0] in (401, 422)
    for name, expected in (("Vera", 403), ("Otto", 200)):
        for path in ("rows", "failed.csv"):
            assert site.api.exchange("GET", f"/jobs/{job['id']}/{path}", None, tokens[name])[0] == expected, (name, path)
    assert site.api.exchange("POST", f"/journal/{job['first_sequence']}/undo", None, tokens["Otto"])[0] == 403
    site.api.call("POST", f"/journal/{job['first_sequence']}/undo")
    assert set(people()) - set(before) == {"vera@example.org", "otto@example.org"}
    assert people()["vera@example.org"]["phone"] is None


def test_too_large(site):
    assert announce(site, "/imports?entity=device", "text/csv", 64 * 1024 * 1024 + 1) == 413


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        fill(site)
        job = test_german(site)
        test_again(site)
        test_round_trip(site)
        test_undo_of_all(site, job)
        for test in (test_encodings, test_values, test_places, test_refusals, test_same_key_twice, test_owner, test_people, test_too_large):
            test(site)
        print("12 passed, 0 failed")


if __name__ == "__main__":
    main()
