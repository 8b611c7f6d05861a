#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The live stream of customers: what changes of their own orders and deliveries, and never anything of somebody else's."""
import json
import ssl
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import websocket  # noqa: E402
from muster_site import Site, free_port, wait_for  # noqa: E402

PASSWORD = "correct horse battery"


class Customer:
    """One of the site's customers, who listens."""

    def __init__(self, site, port, name):
        body = {"name": name, "email": f"{name.lower()}@example.org", "password": PASSWORD}
        self.id = site.api.post("/users/add", {**body, "role": "customer"})["id"]
        self.token = site.api.post("/users/auth", {"email": body["email"], "password": PASSWORD})["token"]
        self.stream = websocket.create_connection(f"wss://127.0.0.1:{port}/ws/monitoring", timeout=10, header=[f"Authorization: Bearer {self.token}"],
                                                  sslopt={"cert_reqs": ssl.CERT_NONE, "check_hostname": False})
        self.frames = []

    def ask(self, **message):
        self.stream.send(json.dumps(message))
        return self.next(lambda frame: frame["op"] != "event")

    def next(self, wanted):
        """The next frame that is WANTED; the others are kept."""
        while True:
            frame = json.loads(self.stream.recv())
            if wanted(frame):
                return frame
            self.frames.append(frame)

    def heard(self):
        """What came in until now: a ping is answered behind it."""
        assert self.ask(op="ping")["op"] == "pong"
        frames, self.frames = self.frames, []
        return [frame["data"] for frame in frames]


def order(site, customer, product):
    return site.api.post("/orders/", {"customer_id": customer.id, "items": [{"product_id": product, "quantity": 1}]})


def check(condition, what):
    print(("ok" if condition else "not ok"), "-", what, flush=True)
    check.failed = getattr(check, "failed", 0) + (not condition)


def check_own(site, ann, bob, product):
    ann_order = order(site, ann, product)
    heard = ann.heard()
    check([row["entity"] for row in heard] == ["order"] and heard[0]["entity_id"] == ann_order["id"] and heard[0]["action"] == "insert", f"a customer hears of their own order: {heard}")
    check(set(heard[0]) == {"sequence", "at", "entity", "entity_id", "action"}, f"and not who of the site did what: {heard}")
    check(bob.heard() == [], "another customer hears nothing of it")
    site.api.call("PUT", f"/orders/{ann_order['id']}/status", {"status": "confirmed"})
    check(any(row["entity_id"] == ann_order["id"] and row["action"] == "update" for row in ann.heard()), "a customer hears that it is confirmed")
    delivery = site.api.post(f"/orders/{ann_order['id']}/ship", {"carrier": "Example Freight"})
    check(delivery["id"] in {row["entity_id"] for row in ann.heard()}, "a customer hears of the delivery")
    site.api.call("PUT", f"/deliveries/{delivery['id']}/status", {"status": "in_transit"})
    check(delivery["id"] in {row["entity_id"] for row in ann.heard()}, "and how it goes on")
    check(bob.heard() == [], "of all that another customer hears nothing")


def check_others(site, ann, bob, product):
    device = site.api.post("/devices/", {"name": "Lamp", "customer_id": ann.id})
    site.api.call("PUT", f"/products/{product}", {"unit_price": "7.00"})
    check(ann.heard() == [], "neither of devices, though their own, nor of products")
    site.api.call("DELETE", f"/devices/{device['id']}")
    moved = order(site, ann, product)
    ann.heard()
    site.api.call("PUT", f"/orders/{moved['id']}", {"customer_id": bob.id, "customer": "Bob"})
    check({row["entity_id"] for row in ann.heard()} == {moved["id"]} and {row["entity_id"] for row in bob.heard()} == {moved["id"]}, "an order that changes hands is told to both")
    site.api.call("PUT", f"/orders/{moved['id']}", {"notes": "By hand"})
    check(ann.heard() == [] and len(bob.heard()) == 1, "and from then on to the new one alone")


def check_asking(site, ann, bob):
    for topic in ("telemetry", "alerts", "jobs", "devices", "events", "notification", "discovery"):
        answer = ann.ask(op="subscribe", id="x", topic=topic)
        check(answer["op"] == "error" and answer["problem"]["status"] in (403, 422), f"no customer hears of {topic}: {answer}")
    order_of_bob = next(row["id"] for row in site.api.get(f"/orders/?customer_id={bob.id}")["items"])
    check(ann.ask(op="subscribe", id="spy", topic="journal", subjects=[order_of_bob])["op"] == "subscribed", "a customer may name any record")
    site.api.call("PUT", f"/orders/{order_of_bob}", {"notes": "Again"})
    check(ann.heard() == [], "and hears nothing of one that is not theirs")
    ann.stream.send(json.dumps({"op": "unsubscribe", "id": "spy"}))
    check(ann.ask(op="subscribe", id="back", topic="journal", since=1)["op"] == "subscribed", "who comes back")
    heard = ann.heard()
    check(len(heard) == 1 and heard[0]["many"]["changes"] is None, f"is told to read anew, and not what happened meanwhile: {heard}")


def main(build):
    with Site(build) as site:
        port = free_port()
        site.start_daemon("--listen", f"127.0.0.1:{port}", "--broker-listen", "127.0.0.1:0", "--no-mdns")
        site.api.post("/users/add", {"name": "Boss", "email": "boss@example.org", "password": PASSWORD})
        product = site.api.post("/products/", {"name": "Bracket", "sku": "B-1", "tracking": "quantity", "unit_price": "3.20"})["id"]
        site.api.post(f"/products/{product}/receive", {"quantity": 100})
        ann, bob = Customer(site, port, "Ann"), Customer(site, port, "Bob")
        for customer in (ann, bob):
            check(customer.ask(op="subscribe", id="j", topic="journal")["op"] == "subscribed", "a customer subscribes to the journal")
        check_own(site, ann, bob, product)
        check_others(site, ann, bob, product)
        check_asking(site, ann, bob)
        site.api.call("PUT", f"/users/{ann.id}", {"disabled": True})
        wait_for(lambda: not still_open(ann), 10, "the end of the stream")
        check(True, "who may not sign in any more hears nothing any more")
    return bool(check.failed)


def still_open(customer):
    try:
        customer.stream.ping()
        return bool(customer.stream.recv())
    except (websocket.WebSocketException, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
