#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Thousands of random operations, valid and not, on the records of a running daemon; then what must hold whatever happened.

  operations-property.py BUILD [STEPS [SEED]]

The seed decides the course of it: two runs with the same one name the same course.

Quantities are the sum of the moves, a unit is in one place and reserved once, totals are exact, the counters of an order's
lines are what its units, moves and deliveries say, and an operation that is undone at once, or hundreds that are undone the
newest first, undoings and undoings of those among them, leave every record as it was."""
import collections
import hashlib
import json
import os
import random
import sys
import time
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site  # noqa: E402

CHECK_EVERY = 2500
BACK = 600
COLLECTIONS = ["products", "locations", "devices", "stock-moves", "orders", "order-items", "deliveries", "delivery-issues"]
DEVICE_STATES = ["in_stock", "reserved", "sold", "deployed", "maintenance", "defective", "retired"]
ORDER_STATES = ["pending", "confirmed", "processing", "shipped", "delivered", "cancelled"]
DELIVERY_STATES = ["pending", "shipped", "in_transit", "delivered", "failed", "returned"]
# what an undone step leaves behind
TRACES = ("updated_at", "revision")


class World:
    def __init__(self, api, seed):
        self.api, self.random = api, random.Random(seed)
        self.products, self.locations, self.devices, self.orders, self.deliveries = [], [], [], [], []
        self.n_serials = 0
        self.answers = collections.Counter()
        self.course = hashlib.sha256()

    def call(self, method, path, body=None):
        status, _, data = self.api.exchange(method, path, body)
        if status >= 500:
            raise AssertionError(f"{method} {path} {body}: {status} {data[:500]}")
        self.answers[status // 100] += 1
        self.course.update(f"{method} {path.split('/')[1]} {status}\n".encode())
        return json.loads(data) if data and status < 300 else None

    def pick(self, ids):
        return self.random.choice(ids) if ids and self.random.random() > 0.02 else "01900000-0000-7000-8000-000000000000"

    def made(self, record, ids):
        if record:
            ids.append(record["id"])
        return record

    def serials(self, n):
        self.n_serials += n
        return f"S{self.n_serials - n + 1:06}+{n - 1}" if n > 1 else f"S{self.n_serials:06}"

    # --- operations ---
    def add_product(self):
        self.made(self.call("POST", "/products", {"name": f"P{len(self.products)}", "tracking": self.random.choice(["serial", "serial", "quantity"]),
                                                  "unit_price": f"{self.random.randint(0, 99999)}.{self.random.randint(0, 9999):04}",
                                                  "currency": self.random.choice(["EUR", "JPY", "KWD"])}), self.products)

    def add_location(self):
        self.made(self.call("POST", "/locations", {"name": f"L{len(self.locations)}", "kind": "bin"}), self.locations)

    def receive(self):
        n = self.random.randint(1, 4)
        body = {"serials": self.serials(n)} if self.random.random() < 0.6 else {"quantity": self.random.randint(1, 30)}
        if self.random.random() < 0.7:
            body["location_id"] = self.pick(self.locations)
        answer = self.call("POST", f"/products/{self.pick(self.products)}/receive", body)
        self.devices += [device["id"] for device in (answer or {}).get("devices", [])]

    def add_device(self):
        self.made(self.call("POST", "/devices", {"name": "D", "serial": self.serials(1), "product_id": self.pick(self.products),
                                                 "status": self.random.choice(DEVICE_STATES)}), self.devices)

    def move(self):
        self.call("PUT", f"/devices/{self.pick(self.devices)}", {"location_id": self.pick(self.locations)})

    def set_device_status(self):
        self.call("PUT", f"/devices/{self.pick(self.devices)}/status", {"status": self.random.choice(DEVICE_STATES)})

    def delete(self):
        kind = self.random.choice(["devices", "devices", "products", "locations"])
        self.call("DELETE", f"/{kind}/{self.pick(getattr(self, kind))}")

    def lines(self):
        lines = []
        for _ in range(self.random.randint(1, 3)):
            if self.random.random() < 0.15:
                lines.append({"device_id": self.pick(self.devices), "unit_price": "7.77"})
            else:
                lines.append({"product_id": self.pick(self.products), "quantity": self.random.randint(1, 4),
                              "unit_price": f"{self.random.randint(0, 999)}.{self.random.randint(0, 9999):04}"})
        if self.random.random() < 0.4:
            lines.append({"kind": "discount", "rate": self.random.randint(0, 10500)})
        if self.random.random() < 0.5:
            lines.append({"kind": "tax", "rate": self.random.randint(0, 2500)})
        if self.random.random() < 0.3:
            lines.append({"kind": "shipping", "unit_price": "4.90"})
        return lines

    def add_order(self):
        kind = self.random.choice(["sales", "sales", "sales", "purchase", "return"])
        self.made(self.call("POST", "/orders", {"kind": kind, "customer": "C", "items": self.lines(), "currency": self.random.choice(["EUR", "JPY", "KWD", "CLF"])}), self.orders)

    def edit_order(self):
        self.call("PUT", f"/orders/{self.pick(self.orders)}", {"items": self.lines()} if self.random.random() < 0.6 else {"notes": str(self.random.random())})

    def set_order_status(self):
        order = self.pick(self.orders[-40:])
        self.call("PUT", f"/orders/{order}/status", {"status": self.random.choice(ORDER_STATES)})

    def confirm_order(self):
        self.call("PUT", f"/orders/{self.pick(self.orders[-20:])}/status", {"status": "confirmed"})

    def allocate(self):
        self.call("POST", f"/orders/{self.pick(self.orders[-40:])}/allocate", {"partial": self.random.random() < 0.5})

    def ship(self):
        order = self.pick(self.orders[-40:])
        record = self.call("GET", f"/orders/{order}")
        body = {}
        if record and self.random.random() < 0.5:
            body["lines"] = [{"order_item_id": item["id"], "quantity": self.random.randint(1, 2)} for item in record["items"] if item["kind"] == "item"]
        self.made(self.call("POST", f"/orders/{order}/ship", body), self.deliveries)

    def add_delivery(self):
        body = {"order_id": self.pick(self.orders[-40:])}
        record = self.call("GET", f"/orders/{body['order_id']}")
        if record and record["kind"] == "purchase" and self.random.random() < 0.8:
            body["items"] = [{"order_item_id": item["id"], "quantity": 1, **({"serial": self.serials(1)} if self.random.random() < 0.6 else {})}
                             for item in record["items"] if item["kind"] == "item"]
        self.made(self.call("POST", "/deliveries", body), self.deliveries)

    def scan(self):
        delivery = self.call("GET", f"/deliveries/{self.pick(self.deliveries[-20:])}")
        if delivery:
            known = [item["serial"] for item in delivery["items"] if item["serial"]]
            code = self.random.choice(known) if known and self.random.random() < 0.7 else self.serials(1)
            answer = self.call("POST", f"/deliveries/{delivery['id']}/scans", {"code": code})
            if answer and answer["device_id"] and answer["device_id"] not in self.devices:
                self.devices.append(answer["device_id"])

    def set_delivery_status(self):
        self.call("PUT", f"/deliveries/{self.pick(self.deliveries[-40:])}/status", {"status": self.random.choice(DELIVERY_STATES)})

    def confirm_delivery(self):
        self.call("PUT", f"/deliveries/{self.pick(self.deliveries[-20:])}/confirm", {"recipient": "R"})

    def report(self):
        self.call("POST", f"/deliveries/{self.pick(self.deliveries)}/issues", {"kind": "damaged", "description": "bent", "follow_up": self.random.choice(["none", "replace", "return"])})

    def undo_one(self):
        sequence = self.newest_sequence()
        if sequence:
            self.call("POST", f"/journal/{max(1, sequence - self.random.randint(0, 20))}/undo")

    def undo_and_redo(self):
        """Some of the last operations, the newest first; then all, some or none of that taken back in the same way."""
        for _ in range(self.random.randint(1, 3)):
            done = []
            for operation in self.api.get(f"/journal/operations?limit={self.random.randint(1, 6)}")["items"]:
                done.append(self.call("POST", f"/journal/{operation['sequence']}/undo"))
            for undoing in [undoing for undoing in reversed(done) if undoing][:self.random.randint(0, 6)]:
                self.call("POST", f"/journal/{undoing['sequence']}/undo")

    def newest_sequence(self):
        items = self.api.get("/journal?limit=1")["items"]
        return items[0]["sequence"] if items else 0

    STEPS = [("add_product", 2), ("add_location", 1), ("receive", 8), ("add_device", 4), ("move", 6), ("set_device_status", 8), ("delete", 2), ("add_order", 10), ("edit_order", 5),
             ("set_order_status", 8), ("confirm_order", 8), ("allocate", 3), ("ship", 7), ("add_delivery", 5), ("scan", 6), ("set_delivery_status", 8), ("confirm_delivery", 5), ("report", 1), ("undo_one", 4)]

    def step(self, steps=STEPS):
        getattr(self, self.random.choices([name for name, _ in steps], [weight for _, weight in steps])[0])()

    # --- reading ---
    def all(self, collection):
        items, cursor = [], ""
        while cursor is not None:
            page = self.api.get(f"/{collection}?limit=1000&sort=id{cursor and f'&cursor={cursor}'}")
            items += page["items"]
            cursor = page["next"]
        return items

    def snapshot(self):
        return {collection: {item["id"]: {name: value for name, value in item.items() if name not in TRACES} for item in self.all(collection)} for collection in COLLECTIONS}


def decimals(currency):
    return {"JPY": 0, "KWD": 3, "CLF": 4}.get(currency, 2)


def rounded(value, currency):
    return value.quantize(Decimal(1).scaleb(-decimals(currency)), ROUND_HALF_UP)


def check_totals(order, lines):
    money = {name: Decimal(order[name]) for name in ("subtotal", "discount_amount", "tax_amount", "shipping_amount", "total_amount")}
    sums = collections.Counter()
    for line in lines:
        sums[line["kind"]] += Decimal(line["subtotal"])
        if line["kind"] == "item":
            assert Decimal(line["subtotal"]) == rounded(line["quantity"] * Decimal(line["unit_price"]), order["currency"]), (order, line)
    assert (money["subtotal"], money["discount_amount"], money["tax_amount"], money["shipping_amount"]) == (sums["item"], sums["discount"], sums["tax"], sums["shipping"]), order
    assert money["total_amount"] == sum(sums.values()), order
    for line in lines:
        base = {"discount": sums["item"], "tax": sums["item"] + sums["discount"] + sums["shipping"]}.get(line["kind"])
        if base is not None and line["rate"] is not None:
            assert abs(Decimal(line["subtotal"])) == abs(rounded(base * line["rate"] / 10000, order["currency"])), (order, line)


def check_stock(products, moves, devices, levels):
    on_hand, reserved, places = collections.Counter(), collections.Counter(), collections.Counter()
    for move in moves:
        quantity, reason = move["quantity"], move["reason"]
        key = lambda end: (move["product_id"], move[f"{end}_location_id"], move["batch_id"])  # noqa: E731
        reserved[move["product_id"]] += quantity * ((reason == "reserve") - (reason == "pick"))
        if reason == "reserve":
            continue
        on_hand[move["product_id"]] += quantity * (move["outside_from"] - move["outside_to"])
        if not move["outside_from"]:
            places[key("from")] -= quantity
        if not move["outside_to"]:
            places[key("to")] += quantity
    for product in products:
        units = [device for device in devices if device["product_id"] == product["id"]]
        assert (product["on_hand"], product["reserved"]) == (on_hand[product["id"]], reserved[product["id"]]), product
        assert 0 <= product["reserved"] <= product["on_hand"], product
        if product["tracking"] == "serial":
            assert product["on_hand"] == sum(unit["status"] in ("in_stock", "reserved") for unit in units), product
            assert product["reserved"] == sum(unit["status"] == "reserved" for unit in units), product
            for unit in units:
                if unit["status"] in ("in_stock", "reserved"):
                    assert places[(product["id"], unit["location_id"], unit["batch_id"])] > 0, unit
    assert all(count >= 0 for count in places.values()), places
    assert {(level["product_id"], level["location_id"], level["batch_id"]): level["quantity"] for level in levels} == {key: n for key, n in places.items() if n}, "levels"


def check_orders(orders, lines, deliveries, items, moves, devices):
    by_id = {delivery["id"]: delivery for delivery in deliveries}
    counts = collections.defaultdict(collections.Counter)
    for device in devices:
        if device["status"] == "reserved" and device["order_item_id"]:
            counts[device["order_item_id"]]["reserved"] += 1
        if device["status"] == "in_stock":
            assert device["order_item_id"] is None, device
    for move in moves:
        if move["order_item_id"] and not move["device_id"]:
            counts[move["order_item_id"]]["reserved"] += move["quantity"] * ((move["reason"] == "reserve") - (move["reason"] == "pick"))
    for item in items:
        delivery, count = by_id[item["delivery_id"]], counts[item["order_item_id"]]
        if delivery["status"] == "returned":
            continue
        if delivery["direction"] == "outbound":
            count["shipped"] += item["quantity"] if delivery["shipped_at"] else 0
            count["delivered"] += item["quantity"] if delivery["status"] == "delivered" else 0
        else:
            count["shipped"] += item["quantity"] if delivery["status"] != "failed" else 0
            count["delivered"] += item["received"]
    units = [item["device_id"] for item in items if item["device_id"] and by_id[item["delivery_id"]]["direction"] == "outbound"
             and by_id[item["delivery_id"]]["status"] in ("shipped", "in_transit")]
    assert len(units) == len(set(units)), "a unit is on its way twice"
    numbers = collections.defaultdict(list)
    for order in orders:
        mine = [line for line in lines if line["order_id"] == order["id"]]
        check_totals(order, mine)
        if order["status"] == "delivered":
            assert all(line["delivered"] >= line["quantity"] for line in mine if line["kind"] == "item"), (order, mine)
        numbers[order["order_number"][:7]].append(int(order["order_number"][8:]))
        for line in mine:
            found = tuple(counts[line["id"]][name] for name in ("reserved", "shipped", "delivered"))
            assert (line["reserved"], line["shipped"], line["delivered"]) == found, (order["order_number"], line, found)
            if order["kind"] == "sales" and line["kind"] == "item":
                assert line["reserved"] + line["shipped"] <= line["quantity"], (order, line)
    for delivery in deliveries:
        numbers[delivery["delivery_number"][:7]].append(int(delivery["delivery_number"][8:]))
    for series, given in numbers.items():
        assert sorted(given) == list(range(1, len(given) + 1)), f"{series} has gaps: {sorted(given)}"


def check(world):
    deliveries, moves, devices = world.all("deliveries"), world.all("stock-moves"), world.all("devices")
    items = [item for delivery in deliveries for item in world.api.get(f"/deliveries/{delivery['id']}")["items"]]
    check_stock(world.all("products"), moves, devices, world.all("stock-levels"))
    check_orders(world.all("orders"), world.all("order-items"), deliveries, items, moves, devices)
    serials = [device["serial"] for device in devices if device["serial"]]
    assert len(serials) == len(set(serials))


def operations_after(api, first):
    rows, cursor = [], ""
    while cursor is not None:
        page = api.get(f"/journal/operations?limit=1000{cursor and f'&before={cursor}'}")
        rows += [row for row in page["items"] if row["sequence"] > first]
        cursor = page["next"] if page["items"] and page["items"][-1]["sequence"] > first else None
    return rows


def check_all_back(world, steps):
    """STEPS operations, undone the newest first, leave every record as it was before them all."""
    before, first = world.snapshot(), world.newest_sequence()
    for _ in range(steps):
        world.step([*world.STEPS, ("undo_and_redo", 20)])
    rows = operations_after(world.api, first)
    for row in rows:
        now = world.api.get(f"/journal/{row['sequence']}/operation")
        assert now["undoable"] and now["undone_by"] is None, now
        undoing = world.api.call("POST", f"/journal/{row['sequence']}/undo")
        assert world.api.get(f"/journal/{row['sequence']}/operation")["undone_by"] == undoing["sequence"], (row, undoing)
    expect_same(before, world.snapshot(), f"{len(rows)} operations")
    return len(rows)


def expect_same(before, now, what):
    for collection in COLLECTIONS:
        assert json.dumps(now[collection], sort_keys=True) == json.dumps(before[collection], sort_keys=True), (what, collection, difference(before[collection], now[collection]))


def check_one_by_one(world, steps):
    """Each of STEPS operations, undone at once, leaves every record as it was."""
    for _ in range(steps):
        before, sequence = world.snapshot(), world.newest_sequence()
        world.step()
        after = world.newest_sequence()
        if after == sequence:
            continue
        rows = [row for row in world.api.get("/journal?limit=500")["items"] if row["sequence"] > sequence]
        if any(row["undoes"] for row in rows):
            continue
        status, _, data = world.api.exchange("POST", f"/journal/{after}/undo")
        assert status < 300, (rows[0]["summary"], data)
        expect_same(before, world.snapshot(), rows[0]["summary"])


def difference(before, after):
    return [(key, before.get(key), after.get(key)) for key in {*before, *after} if before.get(key) != after.get(key)][:3]


def main():
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else int(os.environ.get("MUSTER_PROPERTY_STEPS", "10000"))
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else int(os.environ.get("MUSTER_PROPERTY_SEED", "1"))
    begin = time.monotonic()
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        world = World(site.api, seed)
        for _ in range(6):
            world.add_product()
        world.add_location()
        for _ in range(40):
            world.step()
        check_one_by_one(world, 60)
        for step in range(steps):
            world.step()
            if step % CHECK_EVERY == CHECK_EVERY - 1:
                check(world)
        check(world)
        print(f"{steps} steps in {time.monotonic() - begin:.0f} s: {dict(world.answers)}, seed {seed}, course {world.course.hexdigest()[:12]}")
        n_undone = check_all_back(world, BACK)
        check(world)
        print(f"{n_undone} operations taken back, {time.monotonic() - begin:.0f} s in all")


main()
