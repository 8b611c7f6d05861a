#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Orders and deliveries over the socket: numbers, prices, what is short, races, receiving by scanning, issues, customers."""
import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Api, ApiError, Site, wait_for  # noqa: E402

local = threading.local()


def refused(call, status, text=""):
    try:
        call()
    except ApiError as error:
        assert error.status == status and text in json.dumps(error.body, ensure_ascii=False), (error.status, error.body)
        return error.body
    raise AssertionError(f"not refused with {status}")


def put(api, path, body):
    return api.call("PUT", path, body)


class Shop:
    def __init__(self, site):
        self.site, self.api, self.n = site, site.api, 0

    def product(self, tracking="serial", stock=0, **members):
        self.n += 1
        product = self.api.post("/products", {"name": f"Product {self.n}", "tracking": tracking, "unit_price": "10", **members})
        if stock:
            self.api.post(f"/products/{product['id']}/receive", {"serials": f"P{self.n}N1+{stock - 1}"} if tracking == "serial" else {"quantity": stock})
        return product["id"]

    def order(self, *items, api=None, **members):
        return (api or self.api).post("/orders", {"customer": "Ann", "items": [dict(item) for item in items], **members})

    def status(self, order, status, api=None):
        return put(api or self.api, f"/orders/{order['id']}/status", {"status": status})

    def line(self, order, index=0):
        return self.api.get(f"/orders/{order['id']}")["items"][index]


def test_totals(shop):
    product = shop.product(unit_price="19.99")
    order = shop.order({"product_id": product, "quantity": 3}, {"kind": "discount", "rate": 1000}, {"kind": "shipping", "unit_price": "4.90"}, {"kind": "tax", "rate": 1900})
    assert [line["subtotal"] for line in order["items"]] == ["59.97", "-6.00", "4.90", "11.19"], order
    assert order["total_amount"] == "70.06" and order["order_number"].startswith("SO-")
    refused(lambda: shop.order({"product_id": product, "subtotal": "1.00"}), 422, "/items/0/subtotal")
    refused(lambda: shop.order({"product_id": product, "unit_price": -1}), 422, "must not be negative")
    refused(lambda: shop.order({"product_id": product}, {"kind": "discount", "rate": 20000}), 422, "/items/1/rate")
    edited = put(shop.api, f"/orders/{order['id']}", {"items": [{**order["items"][0], "quantity": 1}]})
    assert [line["id"] for line in edited["items"]] == [order["items"][0]["id"]] and edited["total_amount"] == "19.99"


def test_short(shop):
    product = shop.product(stock=2)
    order = shop.order({"product_id": product, "quantity": 3})
    assert shop.api.get(f"/orders/{order['id']}/availability")["items"][0]["short"] == 1
    body = refused(lambda: shop.status(order, "confirmed"), 409)
    assert body["errors"][0]["pointer"] == "/items/0" and "wanted 3, available 2" in body["errors"][0]["detail"], body
    assert shop.api.get(f"/products/{product}")["reserved"] == 0
    refused(lambda: shop.status(order, "delivered"), 409, "allowed")


def test_last_unit(shop):
    product = shop.product(stock=1)
    orders = [shop.order({"product_id": product}) for _ in range(2)]
    results = in_parallel(shop, 2, lambda api, i: api.exchange("PUT", f"/orders/{orders[i]['id']}/status", {"status": "confirmed"})[0])
    assert sorted(results) == [200, 409], results


def in_parallel(shop, n, function, workers=16):
    def run(i):
        if not hasattr(local, "api") or local.path != shop.site.socket:
            local.api, local.path = Api(shop.site.socket), shop.site.socket
        return function(local.api, i)

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, range(n)))


def test_no_oversell(shop):
    product, bulk = shop.product(stock=50), shop.product("quantity", stock=120)

    def buy(api, i):
        order = shop.order({"product_id": product}, {"product_id": bulk, "quantity": 2}, api=api)
        return order["order_number"], api.exchange("PUT", f"/orders/{order['id']}/status", {"status": "confirmed"})[0]

    results = in_parallel(shop, 200, buy)
    assert len({number for number, _ in results}) == 200
    assert [status for _, status in results].count(200) == 50 and {status for _, status in results} == {200, 409}
    assert shop.api.get(f"/products/{product}")["reserved"] == 50 and shop.api.get(f"/products/{bulk}")["reserved"] == 100
    numbers = sorted(int(order["order_number"][8:]) for order in shop.api.get("/orders?kind=sales&limit=1000")["items"])
    assert numbers == list(range(1, len(numbers) + 1)), "numbers have gaps"


def test_ship_in_parts(shop):
    product, bulk = shop.product(stock=3), shop.product("quantity", stock=10)
    order = shop.order({"product_id": product, "quantity": 2}, {"product_id": bulk, "quantity": 4})
    shop.status(order, "confirmed")
    spare = shop.api.get(f"/devices?product_id={product}&status=in_stock")["items"][0]
    delivery = shop.api.post(f"/orders/{order['id']}/ship", {"carrier": "C", "tracking_number": "T1", "lines": [
        {"order_item_id": order["items"][0]["id"], "device_ids": [spare["id"]]}]})
    assert [item["serial"] for item in delivery["items"]] == [spare["serial"]] and delivery["shipped_at"]
    assert shop.api.get(f"/orders/{order['id']}")["status"] == "processing"
    assert shop.api.get(f"/products/{product}")["reserved"] == 1, "the unit that was replaced is free again"
    refused(lambda: shop.status(order, "cancelled"), 409, "take its deliveries back")
    shop.status(order, "shipped")
    left = shop.api.get(f"/deliveries?order_id={order['id']}")
    assert left["total"] == 2
    for one in left["items"]:
        put(shop.api, f"/deliveries/{one['id']}/confirm", {"recipient": "Ann", "signature": [[[0, 0], [0.5, 1]]], "delivery_notes": "door"})
    done = shop.api.get(f"/orders/{order['id']}")
    assert done["status"] == "delivered" and done["delivered_at"] and [line["delivered"] for line in done["items"]] == [2, 4]
    refused(lambda: put(shop.api, f"/deliveries/{delivery['id']}/confirm", {"signature": [[[0, 2]]]}), 422, "/signature")
    put(shop.api, f"/deliveries/{delivery['id']}/status", {"status": "returned"})
    assert shop.api.get(f"/devices/{spare['id']}")["status"] == "in_stock"


def test_returned_opens_again(shop):
    """What comes back lies where it was picked, or where it is said to; its order is no longer delivered, and can go out again."""
    api = shop.api
    shelf, bench = (api.post("/locations", {"name": name, "kind": "bin"})["id"] for name in ("Shelf", "Bench"))
    product, bulk = shop.product(), shop.product("quantity")
    api.post(f"/products/{product}/receive", {"serials": "RT1, RT2", "location_id": shelf})
    api.post(f"/products/{bulk}/receive", {"quantity": 3, "location_id": shelf})
    order = shop.order({"product_id": product, "quantity": 2}, {"product_id": bulk, "quantity": 3})
    for status in ("confirmed", "shipped", "delivered"):
        shop.status(order, status)
    refused(lambda: shop.status(order, "processing"), 409, "set the delivery that came back to returned")
    (delivery,) = api.get(f"/deliveries?order_id={order['id']}")["items"]
    put(api, f"/deliveries/{delivery['id']}/status", {"status": "returned"})
    again = api.get(f"/orders/{order['id']}")
    assert again["status"] == "processing" and again["delivered_at"] is None and again["shipped_at"] is None, again
    units = api.get(f"/devices?product_id={product}")["items"]
    assert [(unit["status"], unit["location_id"]) for unit in units] == [("in_stock", shelf)] * 2, units
    assert [(level["location_id"], level["quantity"]) for level in api.get(f"/stock-levels?product_id={bulk}")["items"]] == [(shelf, 3)]
    sent = api.post(f"/orders/{order['id']}/ship")
    put(api, f"/deliveries/{sent['id']}/confirm", {"recipient": "Ann"})
    assert api.get(f"/orders/{order['id']}")["status"] == "delivered"
    refused(lambda: put(api, f"/deliveries/{sent['id']}/status", {"status": "returned", "location_id": NOWHERE}), 422, "/location_id")
    back = put(api, f"/deliveries/{sent['id']}/status", {"status": "returned", "location_id": bench})
    assert {unit["location_id"] for unit in api.get(f"/devices?product_id={product}")["items"]} == {bench}
    sequence = api.get("/journal/operations?limit=1")["items"][0]["sequence"]
    api.call("POST", f"/journal/{sequence}/undo")
    assert api.get(f"/orders/{order['id']}")["status"] == "delivered" and api.get(f"/deliveries/{back['id']}")["status"] == "delivered"
    put(api, f"/deliveries/{sent['id']}/status", {"status": "returned"})
    shop.status(order, "cancelled")


NOWHERE = "01900000-0000-7000-8000-000000000000"


def test_references(shop):
    """What a body names and is not there is an error of that field, not of the path."""
    api = shop.api
    product, bulk, place = shop.product(stock=2), shop.product("quantity", stock=5), api.post("/locations", {"name": "Bin", "kind": "bin"})["id"]
    sale = shop.order({"product_id": product})
    shop.status(sale, "confirmed")
    purchase = shop.order({"product_id": product}, kind="purchase")
    shop.status(purchase, "confirmed")
    delivery = api.post("/deliveries", {"order_id": purchase["id"]})
    line = sale["items"][0]["id"]
    for path, body, pointer in [
            ("/deliveries", {"order_id": NOWHERE}, "/order_id"),
            (f"/deliveries/{delivery['id']}/scans", {"code": "RX1", "order_item_id": NOWHERE}, "/order_item_id"),
            (f"/deliveries/{delivery['id']}/issues", {"kind": "damaged", "description": "bent", "delivery_id": sale["id"]}, "/delivery_id"),
            (f"/orders/{sale['id']}/ship", {"lines": [{"order_item_id": line, "device_ids": [NOWHERE]}]}, "/lines/0/device_ids/0"),
            (f"/orders/{sale['id']}/allocate", {"lines": [{"order_item_id": line, "device_ids": [NOWHERE]}]}, "/lines/0/device_ids/0"),
            (f"/orders/{sale['id']}/allocate", {"lines": [{"order_item_id": NOWHERE}]}, "/lines/0/order_item_id"),
            ("/stock-moves", {"reason": "move", "device_id": NOWHERE, "to_location_id": place}, "/device_id"),
            ("/stock-moves", {"reason": "move", "product_id": NOWHERE, "quantity": 1, "to_location_id": place}, "/product_id"),
            ("/stock-moves", {"reason": "move", "product_id": bulk, "quantity": 1, "from_location_id": NOWHERE, "to_location_id": place}, "/from_location_id"),
            (f"/products/{bulk}/receive", {"quantity": 1, "location_id": NOWHERE}, "/location_id")]:
        body = refused(lambda path=path, body=body: api.post(path, body), 422)
        assert [row["pointer"] for row in body["errors"]] == [pointer], (path, body)
    assert api.post(f"/deliveries/{delivery['id']}/issues", {"kind": "damaged", "description": "bent", "delivery_id": delivery["id"]})
    spare = api.get(f"/devices?product_id={product}&status=in_stock")["items"][0]
    refused(lambda: api.post(f"/orders/{sale['id']}/allocate", {"lines": [{"order_item_id": line, "device_ids": [spare["id"]]}]}), 409, "set aside or gone in full")
    refused(lambda: api.call("DELETE", f"/products/{product}"), 409, "mark it as discontinued")


def test_failed_and_again(shop):
    order = shop.order({"product_id": shop.product(stock=1)})
    shop.status(order, "confirmed")
    delivery = shop.api.post(f"/orders/{order['id']}/ship")
    for status in ("failed", "pending", "shipped", "in_transit", "delivered"):
        put(shop.api, f"/deliveries/{delivery['id']}/status", {"status": status})
    assert shop.line(order)["shipped"] == 1 and shop.api.get(f"/orders/{order['id']}")["status"] == "delivered"


def test_cancel_frees(shop):
    product, bulk = shop.product(stock=2), shop.product("quantity", stock=5)
    order = shop.order({"product_id": product, "quantity": 2}, {"product_id": bulk, "quantity": 5})
    shop.status(order, "confirmed")
    shop.status(order, "cancelled")
    assert [shop.api.get(f"/products/{one}")["reserved"] for one in (product, bulk)] == [0, 0]


SECRET = "5NRH-CGNQ-4TR4-80B2-FJMZ-QB1J-YMYF"


def test_receive_by_scanning(shop):
    product, bulk = shop.product(warranty_months=12), shop.product("quantity", sku="BULK-1")
    order = shop.order({"product_id": product, "quantity": 5, "unit_price": "3"}, {"product_id": bulk, "quantity": 10}, kind="purchase", customer="Supplier")
    refused(lambda: shop.api.post("/deliveries", {"order_id": order["id"]}), 409, "confirm it first")
    shop.status(order, "confirmed")
    line = order["items"][0]["id"]
    delivery = shop.api.post("/deliveries", {"order_id": order["id"], "items": [{"order_item_id": order["items"][1]["id"], "quantity": 10}]})
    path = f"/deliveries/{delivery['id']}"
    text = f"serial,secret,mac\nRX1,{SECRET},02:00:00:00:00:01\nRX2-3\nMUSTER:1:RX4:{SECRET.replace('-', '')}"
    delivery = shop.api.post(f"{path}/items", {"order_item_id": line, "text": text})
    assert sorted(item["serial"] for item in delivery["items"] if item["serial"]) == ["RX1", "RX2", "RX3", "RX4"]
    refused(lambda: shop.api.post(f"{path}/items", {"order_item_id": line, "text": "RX1"}), 422, delivery["delivery_number"])
    refused(lambda: shop.api.post(f"{path}/items", {"order_item_id": line, "text": "RY1-5"}), 409, "left to announce")
    expected = {row["serial"]: row for row in shop.api.get("/expected")["items"]}
    assert expected["RX1"]["secret_known"] and not expected["RX2"]["secret_known"] and expected["RX1"]["order_number"] == order["order_number"]

    def scan(code, **members):
        return shop.api.post(f"{path}/scans", {"code": code, **members})

    assert scan("RX1")["result"] == "received" and scan("RX1")["result"] == "again"
    assert scan(f"MUSTER:1:RX9:{SECRET.replace('-', '')}")["result"] == "counted"
    stranger = scan("RX10")
    assert stranger["result"] == "unexpected" and stranger["issue_id"], stranger
    assert scan("BULK-1", quantity=10)["result"] == "received"
    device = shop.api.get("/devices?serial=RX1")["items"][0]
    assert device["product_id"] == product and device["purchase_item_id"] == line and device["warranty_until"] and device["mac"] == "02:00:00:00:00:01"
    added = shop.api.post("/devices", {"name": "By hand", "serial": "RX2"})
    assert added["purchase_item_id"] == line, "what is announced is known by its serial number"
    put(shop.api, f"{path}/confirm", {"recipient": "Me"})
    issues = shop.api.get(f"{path}/issues")["items"]
    assert sorted(issue["kind"] for issue in issues) == ["missing", "missing", "wrong"], issues
    assert shop.line(order)["delivered"] == 3 and shop.line(order, 1)["delivered"] == 10
    missing = next(issue for issue in issues if issue["kind"] == "missing")
    followed = put(shop.api, f"/delivery-issues/{missing['id']}", {"follow_up": "replace"})
    replacement = shop.api.get(f"/orders/{followed['follow_up_order_id']}")
    assert replacement["kind"] == "purchase" and replacement["total_amount"] == "0.00" and replacement["origin_order_id"] == order["id"]


def test_return(shop):
    order = shop.order({"product_id": shop.product(stock=1)})
    shop.status(order, "confirmed")
    shop.status(order, "shipped")
    shop.status(order, "delivered")
    device = shop.api.get(f"/devices?order_item_id={order['items'][0]['id']}")["items"][0]
    back = shop.order({"device_id": device["id"]}, kind="return", origin_order_id=order["id"])
    assert back["order_number"].startswith("RO-") and back["total_amount"] == "10.00"
    shop.status(back, "confirmed")
    delivery = shop.api.post("/deliveries", {"order_id": back["id"]})
    put(shop.api, f"/deliveries/{delivery['id']}/confirm", {"recipient": "Me", "condition": "maintenance"})
    assert shop.api.get(f"/devices/{device['id']}")["status"] == "maintenance"
    assert shop.api.get(f"/orders/{back['id']}")["status"] == "delivered"


def sold(shop, n=1):
    """An order of N units that has left: (order, its delivery, the units)."""
    order = shop.order({"product_id": shop.product(stock=n), "quantity": n})
    shop.status(order, "confirmed")
    delivery = shop.api.post(f"/orders/{order['id']}/ship")
    return order, delivery, [shop.api.get(f"/devices/{item['device_id']}") for item in delivery["items"]]


def last_sequence(api):
    return api.get("/journal/operations?limit=1")["items"][0]["sequence"]


def test_on_its_way_once(shop):
    """What left and has not arrived comes into the stock by its delivery alone, so that nobody sells it again meanwhile."""
    api = shop.api
    _, delivery, (unit,) = sold(shop)
    path, number = f"/devices/{unit['id']}/status", delivery["delivery_number"]
    refused(lambda: put(api, path, {"status": "in_stock"}), 409, f"is with delivery {number} (shipped): set that delivery to delivered or returned first")
    put(api, path, {"status": "deployed"})
    put(api, path, {"status": "maintenance"})
    for status in ("in_transit", "failed"):
        put(api, f"/deliveries/{delivery['id']}/status", {"status": status})
        refused(lambda: put(api, path, {"status": "in_stock"}), 409, f"{number} ({status})")
        refused(lambda: api.call("PUT", f"/devices/{unit['id']}", {"status": "in_stock"}), 409, number)
    row = await_rows(api, {"kind": "status", "entity": "device", "ids": [unit["id"]], "changes": {"status": "in_stock"}})[0]
    assert row["status"] == "failed" and number in row["error"], row
    put(api, f"/deliveries/{delivery['id']}/status", {"status": "returned"})
    assert put(api, path, {"status": "in_stock"})["status"] == "in_stock"


def test_arrived_and_sold_again(shop):
    """A unit that arrived, came back and was sold again is on its way with one delivery, whatever is undone."""
    api = shop.api
    order, first, (unit,) = sold(shop)
    put(api, f"/deliveries/{first['id']}/confirm", {"recipient": "Ann"})
    confirmed = last_sequence(api)
    put(api, f"/devices/{unit['id']}/status", {"status": "in_stock"})
    body = refused(lambda: api.call("POST", f"/journal/{confirmed}/undo"), 409, "it is in_stock meanwhile")
    assert first["delivery_number"] in body["detail"], body
    again = shop.order({"device_id": unit["id"]})
    shop.status(again, "confirmed")
    second = api.post(f"/orders/{again['id']}/ship")
    shipped = last_sequence(api)
    refused(lambda: api.call("POST", f"/journal/{confirmed}/undo"), 409, f"is with delivery {second['delivery_number']}")
    undoing = api.call("POST", f"/journal/{shipped}/undo")["sequence"]
    api.call("POST", f"/journal/{undoing}/undo")
    assert api.get(f"/devices/{unit['id']}")["status"] == "sold"
    put(api, f"/deliveries/{second['id']}/status", {"status": "returned"})
    returned = last_sequence(api)
    undoing = api.call("POST", f"/journal/{returned}/undo")["sequence"]
    api.call("POST", f"/journal/{undoing}/undo")
    assert (api.get(f"/devices/{unit['id']}")["status"], api.get(f"/deliveries/{second['id']}")["status"]) == ("in_stock", "returned")


def test_pending_delivery_of_a_sold_unit(shop):
    """A unit of a delivery that waits, freed and sold to somebody else meanwhile, does not leave twice."""
    api, product = shop.api, shop.product(stock=1)
    first, second = (shop.order({"product_id": product}) for _ in range(2))
    shop.status(first, "confirmed")
    waiting = api.post("/deliveries", {"order_id": first["id"]})
    unit = waiting["items"][0]["device_id"]
    put(api, f"/devices/{unit}/status", {"status": "in_stock"})
    shop.status(second, "confirmed")
    sent = api.post(f"/orders/{second['id']}/ship")
    assert sent["items"][0]["device_id"] == unit
    refused(lambda: put(api, f"/deliveries/{waiting['id']}/status", {"status": "shipped"}), 409, "sold for somebody else; take it out of the delivery")
    put(api, f"/deliveries/{sent['id']}/confirm", {"recipient": "Ann"})
    refused(lambda: put(api, f"/deliveries/{waiting['id']}/status", {"status": "shipped"}), 409, "sold for somebody else")


def test_found_on_its_way(shop):
    """A count that finds what is said to be on its way says so, and goes on with the rest."""
    api = shop.api
    _, delivery, (unit,) = sold(shop)
    place = api.post("/locations", {"name": "Dock", "kind": "bin"})["id"]
    count = api.post("/stocktakes", {"name": "Dock", "location_id": place})
    api.post(f"/stocktakes/{count['id']}/scans", {"scans": [{"code": unit["serial"]}]})
    (conflict,) = api.post(f"/stocktakes/{count['id']}/apply")["conflicts"]
    assert conflict["code"] == unit["serial"] and f"is with delivery {delivery['delivery_number']}" in conflict["detail"], conflict
    assert api.get(f"/devices/{unit['id']}")["status"] == "sold"


def await_rows(api, body):
    """What became of each row of a job."""
    job = api.post("/jobs", body)
    wait_for(lambda: api.get(f"/jobs/{job['id']}")["status"] == "done", 30, "the job")
    return api.get(f"/jobs/{job['id']}/rows")["items"]


def test_deleting_units(shop):
    """A unit of an open order or delivery stays, alone and among many, and what keeps it is named; when all is done it may go."""
    api = shop.api
    order, delivery, units = sold(shop, 2)
    named = shop.order({"device_id": api.post("/devices", {"name": "Named", "product_id": shop.product(), "status": "in_stock"})["id"]})
    product = shop.product(stock=2)
    reserved = shop.order({"product_id": product})
    shop.status(reserved, "confirmed")
    held, free = (api.get(f"/devices?product_id={product}&status={status}")["items"][0]["id"] for status in ("reserved", "in_stock"))
    kept = {units[0]["id"]: order, units[1]["id"]: order, held: reserved, named["items"][0]["device_id"]: named}
    for unit, of in kept.items():
        refused(lambda unit=unit: api.call("DELETE", f"/devices/{unit}"), 409, f"it is on order {of['order_number']}")
    rows = {row["entity_id"]: row for row in await_rows(api, {"kind": "delete", "entity": "device", "ids": [*kept, free]})}
    assert rows[free]["status"] == "done", rows
    for unit, of in kept.items():
        assert rows[unit]["status"] == "failed" and of["order_number"] in rows[unit]["error"], rows[unit]
        assert api.get(f"/devices/{unit}")
    put(api, f"/deliveries/{delivery['id']}/confirm", {"recipient": "Ann"})
    api.call("DELETE", f"/devices/{units[0]['id']}")
    back = shop.order({"device_id": units[1]["id"]}, kind="return", origin_order_id=order["id"])
    refused(lambda: api.call("DELETE", f"/devices/{units[1]['id']}"), 409, back["order_number"])
    shop.status(named, "cancelled")
    api.call("DELETE", f"/devices/{named['items'][0]['device_id']}")
    purchase = shop.order({"product_id": product}, kind="purchase")
    shop.status(purchase, "confirmed")
    arriving = api.post("/deliveries", {"order_id": purchase["id"], "items": [{"order_item_id": purchase["items"][0]["id"], "serial": "DEL1"}]})
    api.post(f"/deliveries/{arriving['id']}/scans", {"code": "DEL1"})
    arrived = api.get("/devices?serial=DEL1")["items"][0]["id"]
    refused(lambda: api.call("DELETE", f"/devices/{arrived}"), 409, f"it is in delivery {arriving['delivery_number']} (pending): set that delivery to delivered or failed first")
    put(api, f"/deliveries/{arriving['id']}/confirm", {"recipient": "Me"})
    api.call("DELETE", f"/devices/{arrived}")


def test_many(shop):
    """Jobs do all the work of a step, row by row, and are undone as one."""
    api, product = shop.api, shop.product(stock=3)
    enough = [shop.order({"product_id": product}), shop.order({"product_id": product})]
    short = shop.order({"product_id": product, "quantity": 2})
    rows = {row["entity_id"]: row for row in await_rows(api, {"kind": "status", "entity": "order", "ids": [order["id"] for order in (*enough, short)],
                                                              "changes": {"status": "confirmed"}, "title": "Confirm the new ones"})}
    assert [rows[order["id"]]["status"] for order in (*enough, short)] == ["done", "done", "failed"], rows
    assert "available 1" in rows[short["id"]]["error"] and rows[short["id"]]["title"] == short["order_number"], rows
    assert api.get(f"/products/{product}")["reserved"] == 2
    operation = api.get("/journal/operations?limit=1")["items"][0]
    assert operation["summary"] == "Confirm the new ones", operation
    api.call("POST", f"/journal/{operation['sequence']}/undo")
    assert api.get(f"/products/{product}")["reserved"] == 0
    assert {api.get(f"/orders/{order['id']}")["status"] for order in enough} == {"pending"}
    for order in enough:
        shop.status(order, "confirmed")
    await_rows(api, {"kind": "status", "entity": "order", "ids": [order["id"] for order in enough], "changes": {"status": "shipped"}})
    sent = [row for row in api.get("/deliveries?limit=1000")["items"] if row["order_id"] in {order["id"] for order in enough}]
    assert len(sent) == 2 and {row["status"] for row in sent} == {"shipped"}, sent
    rows = await_rows(api, {"kind": "status", "entity": "delivery", "ids": [row["id"] for row in sent], "changes": {"status": "delivered"}})
    assert {row["status"] for row in rows} == {"done"} and {api.get(f"/orders/{order['id']}")["status"] for order in enough} == {"delivered"}, rows
    refused(lambda: api.post("/jobs", {"kind": "status", "entity": "order", "ids": [short["id"]], "changes": {"status": "gone"}}), 422, "must be one of pending, confirmed")
    refused(lambda: api.post("/jobs", {"kind": "delete", "entity": "order", "ids": [short["id"]]}), 422)
    refused(lambda: api.post("/jobs", {"kind": "edit", "entity": "order", "ids": [short["id"]], "changes": {"notes": "x"}}), 422)


def test_lost_update(shop):
    order = shop.order({"product_id": shop.product(stock=1)})
    status, headers, _ = shop.api.exchange("GET", f"/orders/{order['id']}")
    tag = headers["ETag"]
    assert status == 200 and shop.api.exchange("PUT", f"/orders/{order['id']}", {"notes": "a"}, {"If-Match": tag})[0] == 200
    assert shop.api.exchange("PUT", f"/orders/{order['id']}/status", {"status": "confirmed"}, {"If-Match": tag})[0] == 412


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        shop = Shop(site)
        for name, test in sorted(globals().items()):
            if name.startswith("test_"):
                test(shop)
                print("ok", name)


main()
