#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Catalogue and stock over the API and by musterctl, against the running daemon: what comes in, lies, moves, is counted, lent and
replaced; and that quantities stay the sum of the moves through all of it."""
import json
import sys
import threading
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Api, ApiError, Site  # noqa: E402


def refused(status, call, *words):
    """Calls CALL, which must be refused with STATUS and say WORDS; the problem document."""
    try:
        answer = call()
    except ApiError as error:
        assert error.status == status, error
        text = json.dumps(error.body, ensure_ascii=False)
        for word in words:
            assert word in text, (word, text)
        return error.body
    raise AssertionError(f"{status} expected, got {answer}")


def undo(api, operation=None, entity_id=None):
    for entry in api.get("/journal?limit=1000")["items"]:
        if entry["operation"] == operation or entry["entity_id"] == entity_id:
            return api.call("POST", f"/journal/{entry['sequence']}/undo")
    raise AssertionError("no such operation")


def is_sound(api):
    report = api.get("/stock-levels/check")
    assert report["differences"] == [], report
    return report


class Store:
    """A hall with two racks and a yard, a product by serial number and one by quantity."""

    def __init__(self, api, name):
        self.api = api
        self.hall = api.post("/locations", {"name": f"{name} hall", "kind": "hall"})
        self.rack = api.post("/locations", {"name": "Rack 1", "kind": "rack", "parent_id": self.hall["id"], "code": f"{name}-R1"})
        self.rack2 = api.post("/locations", {"name": "Rack 2", "kind": "rack", "parent_id": self.hall["id"], "code": f"{name}-R2"})
        self.yard = api.post("/locations", {"name": f"{name} yard", "kind": "area"})
        self.lamp = api.post("/products", {"name": f"{name} lamp", "sku": f"{name}-L", "kind": "light", "model": "L 7", "manufacturer": "Acme",
                                           "warranty_months": 24, "reorder_point": 5, "supplier": "Acme", "unit_price": "12.50"})
        self.cable = api.post("/products", {"name": f"{name} cable", "sku": f"{name}-C", "tracking": "quantity"})

    def receive(self, product, **members):
        return self.api.post(f"/products/{product['id']}/receive", members)

    def on_hand(self, product):
        record = self.api.get(f"/products/{product['id']}")
        return record["on_hand"], record["reserved"]

    def levels(self, product):
        rows = self.api.get(f"/stock-levels?product_id={product['id']}&limit=1000")["items"]
        return {(row["location_id"], row["batch_id"]): (row["quantity"], row["reserved"]) for row in rows}

    def device(self, serial):
        return self.api.get(f"/devices?serial={serial}")["items"][0]

    def moves(self, device):
        return [move["reason"] for move in reversed(self.api.get(f"/stock-moves?device_id={device['id']}")["items"])]


def test_receiving(api):
    store = Store(api, "RC")
    answer = store.receive(store.lamp, serials="RC08-11, 500+2, ~", location_id=store.rack["id"], batch="B 1", notes="first")
    assert [row["serial"] for row in answer["devices"]] == ["RC08", "RC09", "RC10", "RC11", "500", "501", "502", "503"], answer
    unit = store.device("RC08")
    assert unit["name"] == "RC lamp RC08" and unit["kind"] == "light" and unit["model"] == "L 7" and unit["manufacturer"] == "Acme", unit
    assert unit["batch_id"] == answer["batch_id"] and unit["location_id"] == store.rack["id"] and unit["status"] == "in_stock", unit
    assert int(unit["warranty_until"][:4]) == int(unit["received_at"][:4]) + 2, unit
    assert store.on_hand(store.lamp) == (8, 0)
    # the same batch again is the same record; one operation takes all of a receipt back
    again = store.receive(store.lamp, serials="~*2", quantity=2, batch="B 1")
    assert again["batch_id"] == answer["batch_id"] and len(again["devices"]) == 2, again
    undo(api, entity_id=again["devices"][0]["id"])
    assert store.on_hand(store.lamp) == (8, 0) and api.get(f"/devices?product_id={store.lamp['id']}")["total"] == 8
    problem = refused(409, lambda: store.receive(store.lamp, serials="RC11-13"), "RC11 is taken by RC lamp RC11", "RC hall › Rack 1")
    assert problem["errors"][0]["pointer"] == "/serials", problem
    refused(422, lambda: store.receive(store.lamp, serials="RC20-10"), "runs backwards", "/serials")
    refused(422, lambda: store.receive(store.lamp, quantity=3), "/serials")
    refused(422, lambda: store.receive(store.lamp, serials="X1-3", quantity=4), "are 3, but 4 are wanted")
    refused(422, lambda: store.receive(store.cable, serials="X1", quantity=1), "/serials", "kept by quantity")
    refused(422, lambda: store.receive(store.cable), "/quantity")
    refused(404, lambda: store.receive({"id": str(uuid.uuid4())}, quantity=1))
    refused(422, lambda: store.receive(store.cable, quantity=1, location_id=str(uuid.uuid4())), "/location_id")
    assert store.receive(store.cable, quantity=20, location_id=store.rack["id"])["devices"] == []
    preview = api.post("/serials/expand", {"text": "RC11, RC12, ~", "product_id": store.lamp["id"]})
    assert preview["serials"] == ["RC11", "RC12", "RC13"] and [row["serial"] for row in preview["duplicates"]] == ["RC11"], preview
    assert preview["duplicates"][0]["location"] == "RC hall › Rack 1", preview
    is_sound(api)


def test_places(api):
    store = Store(api, "PL")
    assert store.rack["path"] == "PL hall › Rack 1"
    store.receive(store.lamp, serials="PL1-3", location_id=store.rack["id"])
    store.receive(store.cable, quantity=4, location_id=store.rack2["id"])
    api.call("PUT", f"/locations/{store.hall['id']}", {"name": "Great hall"})
    assert api.get(f"/locations/{store.rack['id']}")["path"] == "Great hall › Rack 1"
    api.call("PUT", f"/locations/{store.rack['id']}", {"parent_id": store.rack2["id"]})
    assert api.get(f"/locations/{store.rack['id']}")["path"] == "Great hall › Rack 2 › Rack 1"
    undo(api, entity_id=store.rack["id"])
    assert api.get(f"/locations/{store.rack['id']}")["path"] == "Great hall › Rack 1"
    for parent in store.rack, store.hall:
        refused(422, lambda p=parent: api.call("PUT", f"/locations/{store.hall['id']}", {"parent_id": p["id"]}), "/parent_id", "within itself")
    refused(409, lambda: api.call("DELETE", f"/locations/{store.hall['id']}"), "2 locations")
    refused(409, lambda: api.call("DELETE", f"/locations/{store.rack['id']}"), "3 devices", "3 stock moves")
    refused(409, lambda: api.call("DELETE", f"/products/{store.lamp['id']}"), "3 devices", "3 stock moves")
    api.call("DELETE", f"/locations/{store.yard['id']}")
    contents = api.get(f"/locations/{store.hall['id']}/contents?sort=serial&limit=2")
    assert contents["total"] == 3 and [row["serial"] for row in contents["items"]] == ["PL1", "PL2"], contents
    assert [(row["name"], row["location"], row["quantity"]) for row in contents["goods"]] == [("PL cable", "Great hall › Rack 2", 4)], contents
    rest = api.get(f"/locations/{store.hall['id']}/contents?sort=serial&limit=2&cursor={contents['next']}")
    assert [row["serial"] for row in rest["items"]] == ["PL3"] and rest["next"] is None, rest
    direct = api.get(f"/locations/{store.hall['id']}/contents?recursive=false")
    assert direct["total"] == 0 and direct["goods"] == [], direct
    refused(404, lambda: api.get(f"/locations/{uuid.uuid4()}/contents"))


def test_products(api):
    refused(422, lambda: api.post("/products", {"name": "X", "specifications": [1]}), "/specifications", "object")
    product = api.post("/products", {"name": "Spec", "specifications": {"range": "-40 to 85 °C"}, "unit_price": 12.5, "gtin": "4006381333931"})
    assert product["specifications"] == {"range": "-40 to 85 °C"} and product["unit_price"] == "12.50", product
    refused(422, lambda: api.post("/products", {"name": "X", "gtin": "4006381333932"}), "/gtin")
    refused(409, lambda: api.post("/products", {"name": "X", "gtin": "4006381333931"}), "gtin")
    refused(422, lambda: api.call("PUT", f"/products/{product['id']}", {"tracking": "quantity"}), "/tracking")
    refused(422, lambda: api.post("/devices", {"name": "X", "product_id": api.post("/products", {"name": "Bulk", "tracking": "quantity"})["id"]}),
            "/product_id", "kept by quantity")
    other = api.post("/batches", {"product_id": product["id"], "number": "B"})
    lamp = api.post("/products", {"name": "Lone lamp"})
    refused(422, lambda: api.post("/devices", {"name": "X", "product_id": lamp["id"], "batch_id": other["id"]}), "/batch_id", "another product")
    refused(409, lambda: api.post("/batches", {"product_id": product["id"], "number": "B"}))
    api.call("DELETE", f"/products/{product['id']}")  # with its batches, which nothing names
    refused(404, lambda: api.get(f"/batches/{other['id']}"))
    for row in api.get("/reorder-list")["items"]:
        assert row["available"] + row["on_order"] < row["reorder_point"], row


def test_moves(api):
    store = Store(api, "MV")
    move = lambda **members: api.post("/stock-moves", members)  # noqa: E731
    store.receive(store.lamp, serials="MV1-2")
    unit = store.device("MV1")
    assert move(reason="put_away", device_id=unit["id"], to_location_id=store.rack["id"])["reason"] == "put_away"
    assert move(reason="move", device_id=unit["id"], to_location_id=store.rack2["id"], note="tidy")["note"] == "tidy"
    refused(409, lambda: move(reason="move", device_id=unit["id"], to_location_id=store.rack2["id"]), "already")
    refused(422, lambda: move(reason="move", device_id=unit["id"]), "/to_location_id")
    refused(422, lambda: move(reason="scrap", device_id=unit["id"], quantity=2), "/quantity")
    assert move(reason="scrap", device_id=unit["id"])["outside_to"] and store.device("MV1")["status"] == "retired"
    assert store.device("MV1")["location_id"] is None
    refused(409, lambda: move(reason="scrap", device_id=unit["id"]), "retired already")
    refused(409, lambda: move(reason="return", device_id=unit["id"]), "allowed next")
    assert store.moves(unit) == ["receive", "put_away", "move", "scrap"]
    for reason in "reserve", "pick", "ship", "receive":
        refused(422, lambda r=reason: move(reason=r, product_id=store.cable["id"]), "/reason")
    refused(422, lambda: move(reason="move"), "/product_id")
    refused(422, lambda: move(reason="move", product_id=store.lamp["id"], to_location_id=store.rack["id"]), "/device_id")
    refused(409, lambda: move(reason="move", device_id=api.post("/devices", {"name": "Loose"})["id"], to_location_id=store.rack["id"]),
            "of no product")
    # goods: what expires first goes first
    late = store.receive(store.cable, quantity=5, location_id=store.rack["id"], batch="late", expires_at="2030-01-01T00:00:00Z")["batch_id"]
    soon = store.receive(store.cable, quantity=5, location_id=store.rack["id"], batch="soon", expires_at="2027-06-01T00:00:00Z")["batch_id"]
    store.receive(store.cable, quantity=5, location_id=store.rack["id"])
    move(reason="move", product_id=store.cable["id"], quantity=7, from_location_id=store.rack["id"], to_location_id=store.yard["id"])
    assert store.levels(store.cable) == {(store.rack["id"], late): (3, 0), (store.rack["id"], None): (5, 0),
                                         (store.yard["id"], soon): (5, 0), (store.yard["id"], late): (2, 0)}, store.levels(store.cable)
    refused(409, lambda: move(reason="scrap", product_id=store.cable["id"], quantity=9, from_location_id=store.rack["id"]),
            "only 8 of MV cable are free at MV hall › Rack 1, not 9")
    move(reason="adjust", product_id=store.cable["id"], quantity=-5, from_location_id=store.yard["id"])
    move(reason="adjust", product_id=store.cable["id"], quantity=2, to_location_id=store.yard["id"], batch_id=late)
    move(reason="return", product_id=store.cable["id"], quantity=1)
    assert store.on_hand(store.cable) == (13, 0), store.on_hand(store.cable)
    refused(422, lambda: move(reason="adjust", product_id=store.cable["id"], quantity=0, from_location_id=store.yard["id"]), "/quantity")
    refused(422, lambda: move(reason="move", product_id=store.cable["id"], from_location_id=store.yard["id"], to_location_id=store.yard["id"]),
            "/to_location_id")
    refused(422, lambda: move(reason="scrap", product_id=store.cable["id"], batch_id=store.device("MV2")["id"]), "/batch_id")
    is_sound(api)


def test_life_of_a_unit(api):
    """Whoever changes the status: the moves follow, and undo takes them back."""
    store = Store(api, "LF")
    store.receive(store.lamp, serials="LF1", location_id=store.rack["id"])
    unit = store.device("LF1")
    target = f"/devices/{unit['id']}"
    api.call("PUT", target + "/status", {"status": "reserved"})
    assert store.on_hand(store.lamp) == (1, 1)
    api.call("PUT", target, {"location_id": store.rack2["id"]})
    assert store.levels(store.lamp) == {(store.rack2["id"], None): (1, 1)}, store.levels(store.lamp)
    api.call("PUT", target + "/status", {"status": "sold"})
    assert store.on_hand(store.lamp) == (0, 0) and api.get(target)["location_id"] is None
    undo(api, entity_id=unit["id"])
    assert store.on_hand(store.lamp) == (1, 1) and api.get(target)["location_id"] == store.rack2["id"]
    api.call("PUT", target, {"status": "deployed", "location_id": store.yard["id"]})
    assert store.on_hand(store.lamp) == (0, 0)
    api.call("PUT", target, {"status": "in_stock"})
    assert store.levels(store.lamp) == {(store.yard["id"], None): (1, 0)}
    api.call("PUT", target, {"status": "reserved"})
    wrong = refused(409, lambda: api.call("PUT", target, {"status": "defective"}))
    assert wrong["allowed"] == ["in_stock", "sold", "deployed"], wrong
    assert store.moves(unit) == ["receive", "reserve", "reserve", "move", "reserve", "pick", "return", "reserve"], store.moves(unit)
    api.call("DELETE", target)
    assert store.on_hand(store.lamp) == (0, 0)
    is_sound(api)


def test_race_for_the_last(site):
    """Two clients reserve and move the last ones at once: one has them."""
    store = Store(site.api, "RA")
    store.receive(store.cable, quantity=1, location_id=store.rack["id"])
    store.receive(store.lamp, serials="RA1", location_id=store.rack["id"])
    unit = store.device("RA1")
    for target, body in (("/stock-moves", {"reason": "scrap", "product_id": store.cable["id"], "from_location_id": store.rack["id"]}),
                         ("/loans", {"device_id": unit["id"], "borrower": "Racer", "due_at": "2031-01-01T00:00:00Z"})):
        statuses, gate = [], threading.Barrier(2)

        def race(target=target, body=body, gate=gate, statuses=statuses):
            client = Api(site.socket)
            client.get("/health/live")
            gate.wait()
            statuses.append(client.exchange("POST", target, body)[0])

        racers = [threading.Thread(target=race) for _ in range(2)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        assert sorted(statuses) == [201, 409], (target, statuses)
    assert store.on_hand(store.cable) == (0, 0) and store.on_hand(store.lamp) == (0, 0)
    is_sound(site.api)


def test_stocktake(api):
    store = Store(api, "ST")
    store.receive(store.lamp, serials="ST1-4", location_id=store.rack["id"])
    store.receive(store.lamp, serials="STY", location_id=store.yard["id"])
    store.receive(store.lamp, serials="STS", location_id=store.yard["id"])
    api.call("PUT", f"/devices/{store.device('STS')['id']}/status", {"status": "sold"})
    store.receive(store.cable, quantity=10, location_id=store.rack["id"])
    before = {row["id"]: row for row in api.get("/devices?limit=1000")["items"]}
    count = api.post("/stocktakes", {"name": "Count 1", "location_id": store.hall["id"]})
    scan = lambda *scans: api.post(f"/stocktakes/{count['id']}/scans", {"scans": list(scans)})  # noqa: E731
    assert api.get(f"/stocktakes/{count['id']}")["counts"] == {"expected": 0, "missing": 5, "extra": 0, "moved": 0, "unknown": 0}
    mine = str(uuid.uuid4())
    rows = scan({"code": "ST1"}, {"code": "ST2", "location_id": store.rack2["id"]}, {"code": "STY"}, {"code": "STS"},
                {"code": "ST-C", "quantity": 7, "id": mine}, {"code": "nobody's"}, {"code": "ST-R1"}, {"code": "ST-L"})["items"]
    assert [(row["kind"], row["result"]) for row in rows] == [
        ("device", "expected"), ("device", "moved"), ("device", "moved"), ("device", "extra"), ("product", "missing"),
        ("unknown", "unknown"), ("location", None), ("product", None)], rows
    # what was counted while the network was away may come twice
    again = scan({"code": "ST-C", "quantity": 7, "id": mine})
    assert again["items"][0]["kind"] == "repeated" and again["items"][0]["counted"] == 7, again
    assert again["counts"] == {"expected": 1, "missing": 3, "extra": 1, "moved": 2, "unknown": 1}, again
    refused(422, lambda: scan({"code": "ST1", "location_id": store.yard["id"]}), "location_id", "counted")
    refused(422, lambda: scan({"code": "ST-C", "quantity": -8}), "/quantity")
    refused(422, lambda: scan({"code": "ST-C", "colour": 1}), "/scans/0/colour")
    assert api.get(f"/stocktakes/{count['id']}/lines?result=missing&sort=code")["total"] == 3
    # meanwhile: ST3 is reserved, ST4 goes to the yard, two cables leave after they were counted
    api.call("PUT", f"/devices/{store.device('ST3')['id']}/status", {"status": "reserved"})
    api.call("PUT", f"/devices/{store.device('ST4')['id']}", {"location_id": store.yard["id"]})
    api.post("/stock-moves", {"reason": "scrap", "product_id": store.cable["id"], "quantity": 2, "from_location_id": store.rack["id"]})
    preview = api.post(f"/stocktakes/{count['id']}/apply", {"preview": True})
    assert preview["stocktake"]["status"] == "counting" and preview["operation"] is None, preview
    assert store.device("STY")["location_id"] == store.yard["id"]
    applied = api.post(f"/stocktakes/{count['id']}/apply")
    assert applied["applied"] == preview["applied"] == 4, applied
    conflicts = {row["code"]: row["detail"] for row in applied["conflicts"]}
    assert sorted(conflicts) == ["ST3", "ST4"] and "reserved" in conflicts["ST3"] and "ST yard" in conflicts["ST4"], conflicts
    assert store.device("ST2")["location_id"] == store.rack2["id"] and store.device("STY")["location_id"] == store.hall["id"]
    assert store.device("STS")["status"] == "in_stock" and store.device("STS")["location_id"] == store.hall["id"]
    assert store.levels(store.cable) == {(store.rack["id"], None): (5, 0)}, store.levels(store.cable)
    moves = api.get(f"/stock-moves?stocktake_id={count['id']}")
    assert moves["total"] == 4 and {move["note"] for move in moves["items"]} == {"Count 1"}, moves
    refused(409, lambda: scan({"code": "ST1"}), "applied")
    is_sound(api)
    undo(api, operation=applied["operation"])
    assert store.levels(store.cable) == {(store.rack["id"], None): (8, 0)}
    for serial in "ST2", "STY", "STS":
        now, then = store.device(serial), before[store.device(serial)["id"]]
        assert {**now, "revision": 0, "updated_at": 0} == {**then, "revision": 0, "updated_at": 0}, (now, then)
    assert api.get(f"/stocktakes/{count['id']}")["status"] == "counting"
    api.call("POST", f"/stocktakes/{count['id']}/cancel")
    refused(409, lambda: scan({"code": "ST1"}), "resume")
    assert api.call("POST", f"/stocktakes/{count['id']}/resume")["status"] == "counting"
    kept = api.post(f"/stocktakes/{count['id']}/apply", {"missing": "keep"})
    assert kept["stocktake"]["status"] == "applied"
    refused(409, lambda: api.call("POST", f"/stocktakes/{count['id']}/cancel"), "final")
    is_sound(api)


def test_missing_units_are_retired(api):
    store = Store(api, "MU")
    store.receive(store.lamp, serials="MU1-2", location_id=store.rack["id"])
    count = api.post("/stocktakes", {"name": "Count 2", "location_id": store.rack["id"]})
    api.post(f"/stocktakes/{count['id']}/scans", {"code": "MU1"})
    applied = api.post(f"/stocktakes/{count['id']}/apply")
    assert applied["conflicts"] == [] and store.device("MU2")["status"] == "retired" and store.on_hand(store.lamp) == (1, 0)
    # and found again by the next count
    count = api.post("/stocktakes", {"name": "Count 3", "location_id": store.rack["id"]})
    row = api.post(f"/stocktakes/{count['id']}/scans", {"code": "MU2"})["items"][0]
    assert row["result"] == "extra", row
    assert "retired" in api.post(f"/stocktakes/{count['id']}/apply", {"missing": "keep"})["conflicts"][0]["detail"]
    is_sound(api)


def test_loans(api):
    store = Store(api, "LN")
    store.receive(store.lamp, serials="LN1-2", location_id=store.rack["id"])
    unit = store.device("LN1")
    refused(422, lambda: api.post("/loans", {"device_id": unit["id"], "borrower": "Bea", "due_at": "2020-01-01T00:00:00Z"}), "/due_at")
    refused(422, lambda: api.post("/loans", {"device_id": str(uuid.uuid4()), "borrower": "Bea", "due_at": "2030-01-01T00:00:00Z"}), "/device_id")
    loan = api.post("/loans", {"device_id": unit["id"], "borrower": "Bea", "due_at": "2030-01-01T00:00:00Z"})
    away = store.device("LN1")
    assert away["loan_id"] == loan["id"] and away["status"] == "deployed" and away["location_id"] is None and loan["from_stock"], away
    assert store.on_hand(store.lamp) == (1, 0)
    refused(409, lambda: api.post("/loans", {"device_id": unit["id"], "borrower": "Bob", "due_at": "2030-01-01T00:00:00Z"}), "lent to Bea")
    assert api.get("/loans?returned_at=null&due_at.max=2029-01-01T00:00:00Z")["total"] == 0
    assert loan["id"] in [row["id"] for row in api.get("/loans?returned_at=null&due_at.max=2031-01-01T00:00:00Z")["items"]]
    back = api.post(f"/loans/{loan['id']}/return")
    home = store.device("LN1")
    assert back["returned_at"] and home["status"] == "in_stock" and home["location_id"] == store.rack["id"] and home["loan_id"] is None, home
    refused(409, lambda: api.post(f"/loans/{loan['id']}/return"), "already")
    undo(api, entity_id=loan["id"])
    assert store.device("LN1")["loan_id"] == loan["id"]
    api.post(f"/loans/{loan['id']}/return", {"location_id": store.yard["id"]})
    assert store.device("LN1")["location_id"] == store.yard["id"]
    is_sound(api)


def test_replacing(api):
    store = Store(api, "RP")
    store.receive(store.lamp, serials="RP1-3", location_id=store.rack["id"])
    unit = store.device("RP1")
    group = api.post("/device-groups", {"name": "RP group"})
    api.post(f"/device-groups/{group['id']}/members", {"device_id": unit["id"]})
    api.call("PUT", f"/devices/{unit['id']}", {"name": "Door lamp", "status": "deployed", "location": "north door", "location_id": store.yard["id"]})
    replace = lambda **members: api.post(f"/devices/{unit['id']}/replace", members)  # noqa: E731
    refused(422, lambda: replace(), "/serial")
    refused(422, lambda: replace(serial="RP1"), "another unit")
    refused(409, lambda: replace(serial="MU2"), "retired")
    answer = replace(serial="RP2", reason="broken")
    new, old = answer["device"], answer["replaced"]
    assert (new["name"], new["location"], new["location_id"], new["status"]) == ("Door lamp", "north door", store.yard["id"], "deployed"), new
    assert new["replaces_id"] == unit["id"] and new["id"] == store.device("RP2")["id"] and answer["final"] is None, answer
    assert (old["name"], old["status"], old["location"]) == ("Door lamp (replaced)", "maintenance", None), old
    assert api.get(f"/device-groups/{group['id']}/devices")["ids"] == [new["id"]]
    assert store.on_hand(store.lamp) == (1, 0)
    is_sound(api)
    undo(api, operation=answer["operation"])
    assert store.device("RP1")["name"] == "Door lamp" and store.device("RP2")["status"] == "in_stock"
    assert api.get(f"/device-groups/{group['id']}/devices")["ids"] == [unit["id"]]
    # a serial number that nobody knows is a new record; a sold unit and a reserved one too are replaced as what they are
    api.call("PUT", f"/devices/{unit['id']}/status", {"status": "in_stock"})
    for status in "reserved", "sold":
        api.call("PUT", f"/devices/{unit['id']}/status", {"status": status})
        answer = replace(serial=f"RP-new-{status}")
        assert answer["device"]["status"] == status and answer["replaced"]["status"] == "maintenance", answer
        is_sound(api)
        undo(api, operation=answer["operation"])
        refused(404, lambda a=answer: api.get(f"/devices/{a['device']['id']}"))
    is_sound(api)


def test_codes(api):
    store = Store(api, "CD")
    store.receive(store.lamp, serials="CD1", location_id=store.rack["id"])
    api.call("PUT", f"/devices/{store.device('CD1')['id']}", {"mac": "a8:03:2a:b1:23:45"})
    for code, kind, title in (("CD1", "device", "CD lamp CD1"), ("A8-03-2A-B1-23-45", "device", "CD lamp CD1"), ("CD-R1", "location", "Rack 1"),
                              (" CD-L ", "product", "CD lamp")):
        answer = api.get("/scan?code=" + code.replace(" ", "%20"))
        assert (answer["kind"], answer["title"]) == (kind, title), answer
    refused(404, lambda: api.get("/scan?code=nobody"), "nobody")
    refused(422, lambda: api.get("/scan"), "code")
    refused(422, lambda: api.get("/scan?code=MUSTER:1:CD1:torn"), "/code")


def test_ctl(site):
    def run(*arguments, expect=0):
        done = site.ctl(*arguments)
        assert done.returncode == expect, (arguments, done)
        return done.stdout + done.stderr

    def run_json(*arguments):
        return json.loads(run(*arguments, "--json"))

    hall = run_json("locations", "add", "name=CT hall", "code=CT-H")
    run("locations", "add", "name=CT shelf", "parent=CT-H", "kind=shelf", "code=CT-S")
    assert "CT hall › CT shelf" in run("locations", "-q", "shelf")
    run("products", "add", "name=CT lamp", "sku=CT-L", "reorder_point=9", "supplier=Acme")
    run("products", "add", "name=CT cable", "sku=CT-C", "tracking=quantity")
    received = run_json("products", "receive", "CT-L", "serials=CT1-3,~", "location=CT-S")
    assert [row["serial"] for row in received["devices"]] == ["CT1", "CT2", "CT3", "CT4"], received
    assert "10 × CT cable" in run("products", "receive", "CT cable", "quantity=10", "location=CT hall")
    assert "taken by CT lamp CT2" in run("products", "receive", "CT-L", "serials=CT2", expect=4)
    assert "CT lamp" in run("stock", "reorder")
    run("stock", "move", "CT1", "to=CT-H", "note=for the door")
    run("stock", "adjust", "CT-C", "quantity=-3", "from=CT-H")
    assert "only 7" in run("stock", "scrap", "CT-C", "quantity=8", "from=CT-H", expect=4)
    assert run_json("stock", "levels", "product=CT-C")["items"][0]["quantity"] == 7
    assert "for the door" in run("stock", "moves", "reason=move")
    assert "CT lamp CT2" in run("locations", "contents", "CT-H") and "CT cable" in run("locations", "contents", "CT-H")
    run("stocktake", "add", "name=CT count", "location=CT-H")
    assert "missing 4" in run("stocktake", "scan", "CT count", "CT1")
    done = site.ctl("stocktake", "scan", "CT count", "-", input="CT2\nCT-C\t6\n\nwhat\n")
    assert done.returncode == 0 and "as expected 2, missing 3" in done.stdout and "unknown 1" in done.stdout, done
    assert "what" in run("stocktake", "lines", "CT count")
    assert "1 set right" in run("stocktake", "apply", "CT count", "keep") and "applied" in run("stocktake", "show", "CT count")
    assert run_json("stock", "levels", "product=CT-C")["items"][0]["quantity"] == 6
    run("loans", "add", "device=CT3", "borrower=Bea", "due_at=2031-01-01T00:00:00Z")
    assert "Bea" in run("loans", "returned_at=null") and "No loans" in run("loans", "overdue")
    run("loans", "return", "CT3", "CT hall")
    assert "is not lent" in run("loans", "return", "CT3", expect=4)
    assert "CT lamp CT4" in run("replace", "CT4", "CT9", "--reason", "broken")
    assert run("scan", "CT9").startswith("device  CT lamp CT4"), run("scan", "CT9")
    run("scan", "nothing", expect=3)
    assert "All quantities" in run("stock", "check")
    run("locations", "delete", "CT-S", expect=4)
    run("stock", "frob", expect=2)
    assert hall["path"] == "CT hall"


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon()
        for test in (test_receiving, test_places, test_products, test_moves, test_life_of_a_unit, test_stocktake, test_missing_units_are_retired,
                     test_loans, test_replacing, test_codes):
            test(site.api)
            print(f"ok {test.__name__}", flush=True)
        for test in (test_race_for_the_last, test_ctl):
            test(site)
            print(f"ok {test.__name__}", flush=True)
        site.stop_daemon()


if __name__ == "__main__":
    main()
