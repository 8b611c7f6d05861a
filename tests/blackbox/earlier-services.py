#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of the five earlier services: nothing but the paths, words and field names that it knows, with its trailing slashes."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Api, Site, wait_for  # noqa: E402


class Client:
    """Requests with whatever token the session has."""

    def __init__(self, api):
        self.api, self.token = api, None

    def ask(self, method, path, body=None, expect=(200, 201, 202, 204)):
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        status, _, data = self.api.exchange(method, path, body, headers)
        assert status in (expect if isinstance(expect, tuple) else (expect,)), (method, path, body, status, data[:400])
        return __import__("json").loads(data) if data else None


def find_token(answer):
    for name in ("access_token", "token", "access"):
        if answer.get(name):
            return answer[name]
    raise AssertionError(f"no token in {answer}")


def test_users(client):
    person = {"name": "Ada", "email": "ada@example.org", "password": "correct horse battery"}
    client.ask("POST", "/users/add/", person)
    client.ask("POST", "/users/add/", person, (409, 422))
    client.ask("POST", "/users/auth/", {"email": person["email"], "password": "wrong wrong wrong"}, 401)
    client.token = find_token(client.ask("POST", "/users/auth/", {"email": person["email"], "password": person["password"]}))
    client.ask("POST", "/users/verify-token/", {"token": client.token})
    users = client.ask("GET", "/users/")["items"]
    assert [user["email"] for user in users].count("ada@example.org") == 1


def test_devices(client):
    device = client.ask("POST", "/devices/", {"name": "Sensor 1", "serial": "OLD-1", "kind": "sensor", "status": "in_stock"})
    path = f"/devices/{device['id']}/"
    assert client.ask("GET", path)["serial"] == "OLD-1"
    client.ask("PUT", path, {"name": "Sensor one"})
    client.ask("PUT", f"{path}status/", {"status": "deployed"})
    assert client.ask("GET", f"{path}status/")["status"] == "deployed"
    problem = client.ask("PUT", f"{path}status/", {"status": "reserved"}, 409)
    assert "maintenance" in problem["allowed"]
    client.ask("POST", f"{path}events/", {"kind": "door", "message": "opened"})
    assert client.ask("GET", f"{path}events/")["items"]
    group = client.ask("POST", "/device-groups/", {"name": "Hall"})
    client.ask("POST", f"/device-groups/{group['id']}/members/", {"device_id": device["id"]})
    assert client.ask("GET", "/device-groups/")["total"] == 1
    return device


def test_discovery(client):
    assert client.ask("GET", "/discovery/")["items"] == []
    client.ask("POST", "/discovery/scan/")


def test_monitoring(client, device):
    client.ask("POST", "/monitoring/data/", {"device_id": device["id"], "metric": "temperature", "value": 21.5}, (200, 202, 204, 401, 403, 422))
    client.ask("GET", f"/monitoring/data/{device['id']}/")
    client.ask("GET", "/monitoring/stats/")


def test_store(client):
    product = client.ask("POST", "/products/", {"name": "Lamp", "model": "L-1", "type": "light", "unit_price": "25.00", "currency": "EUR"})
    units = [client.ask("POST", "/devices/", {"name": f"Lamp {n}", "serial": f"LAMP-{n}", "product_id": product["id"]}) for n in range(3)]
    order = client.ask("POST", "/orders/", {"customer": "Customer & Sons", "shipping_address": "Main Street 1", "items": [
        {"product_id": product["id"], "quantity": 2, "unit_price": "25.00", "subtotal": "50.00"}, {"device_id": units[2]["id"], "quantity": 1, "unit_price": 20}],
        "total_amount": "70.00", "status": "pending"})
    path = f"/orders/{order['id']}/"
    assert order["status"] == "pending" and order["order_number"] and order["total_amount"] == "70.00"
    assert [item["subtotal"] for item in client.ask("GET", path)["items"]] == ["50.00", "20.00"]
    assert client.ask("GET", "/orders/?status=pending")["total"] == 1
    client.ask("PUT", f"{path}status/", {"status": "shipped"}, 409)
    client.ask("POST", f"{path}allocate/", {})
    assert {client.ask("GET", f"/devices/{unit['id']}")["status"] for unit in units} == {"reserved"}
    for status in ("processing", "shipped"):
        assert client.ask("PUT", f"{path}status/", {"status": status})["status"] == status
    delivery = client.ask("GET", f"/deliveries/?order_id={order['id']}")["items"][0]
    assert delivery["status"] == "shipped" and delivery["shipped_at"]
    client.ask("PUT", f"/deliveries/{delivery['id']}/status/", {"status": "in_transit"})
    done = client.ask("PUT", f"/deliveries/{delivery['id']}/confirm/", {"delivery_notes": "left at the door"})
    assert done["status"] == "delivered" and done["delivered_at"] and done["delivery_notes"] == "left at the door"
    assert client.ask("GET", path)["status"] == "delivered"
    other = client.ask("POST", "/orders/", {"customer": "B", "items": [{"product_id": product["id"], "quantity": 1, "unit_price": 25}]})
    client.ask("PUT", f"/orders/{other['id']}/status/", {"status": "confirmed"}, 409)
    client.ask("POST", "/devices/", {"name": "Lamp 9", "serial": "LAMP-9", "product_id": product["id"]})
    client.ask("PUT", f"/orders/{other['id']}/status/", {"status": "confirmed"})
    pending = client.ask("POST", "/deliveries/", {"order_id": other["id"], "tracking_number": "TRACK-1", "delivery_notes": "careful"})
    assert pending["status"] == "pending" and pending["tracking_number"] == "TRACK-1"
    client.ask("PUT", f"/deliveries/{pending['id']}/status/", {"status": "shipped"})
    client.ask("PUT", f"/deliveries/{pending['id']}/status/", {"status": "failed"})


def test_logout(client):
    client.ask("POST", "/users/logout/")
    client.ask("POST", "/users/verify-token/", {"token": client.token}, 401)


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        wait_for(lambda: site.api.get("/health/ready"), what="the daemon")
        client = Client(Api(site.socket))
        test_users(client)
        device = test_devices(client)
        test_discovery(client)
        test_monitoring(client, device)
        test_store(client)
        test_logout(client)
        print("ok")


main()
