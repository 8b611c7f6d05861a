# SPDX-License-Identifier: GPL-3.0-or-later
"""A small store on a site: places, products, stock, and orders in every state. For rehearsals, screenshots and tests."""

PLACES = (  # name, kind, code, what it holds
    ("Main warehouse", "building", "WH", (
        ("Hall A", "hall", "A", tuple((f"Rack {rack}", "rack", f"A-{rack}", tuple((f"Bin {n}", "bin", f"A-{rack}-{n}", ()) for n in range(1, 5))) for rack in range(1, 4))),
        ("Hall B", "hall", "B", (("Rack 1", "rack", "B-1", ()), ("Rack 2", "rack", "B-2", ()))),
        ("Goods in", "area", "IN", ()),
        ("Repair bench", "bench", "BENCH", ()))),
    ("Plant 7", "building", "P7", (("Boiler room", "area", "P7-BOILER", ()), ("Cold store", "area", "P7-COLD", ()))),
)

PRODUCTS = {
    "node": {"name": "Muster node", "model": "MN-1", "sku": "MN-1", "kind": "sensor", "manufacturer": "Example Instruments", "unit_price": "89.00", "reorder_point": 10,
             "reorder_quantity": 50, "warranty_months": 24, "supplier": "Example Instruments", "description": "Temperature, humidity and a relay.",
             "specifications": {"Range": "-40 to 85 °C", "Supply": "5 V", "Radio": "Wi-Fi"}},
    "door": {"name": "Door sensor", "model": "DS-3", "sku": "DS-3", "kind": "sensor", "manufacturer": "Example Instruments", "unit_price": "24.50", "reorder_point": 20,
             "reorder_quantity": 100, "warranty_months": 24, "supplier": "Example Instruments"},
    "gateway": {"name": "Gateway", "model": "GW-2", "sku": "GW-2", "kind": "gateway", "manufacturer": "Sample Networks", "unit_price": "349.00", "reorder_point": 2,
                "reorder_quantity": 5, "warranty_months": 36, "supplier": "Sample Networks"},
    "meter": {"name": "Energy meter", "model": "EM-3P", "sku": "EM-3P", "kind": "meter", "manufacturer": "Sample Networks", "unit_price": "129.00", "warranty_months": 60,
              "supplier": "Sample Networks"},
    "bracket": {"name": "Mounting bracket", "sku": "MB-40", "tracking": "quantity", "unit_price": "3.20", "reorder_point": 100, "reorder_quantity": 500,
                "supplier": "Example Metalworks"},
    "cable": {"name": "Sensor cable, 2 m", "sku": "SC-2", "tracking": "quantity", "unit_price": "5.90", "reorder_point": 40, "reorder_quantity": 200,
              "supplier": "Example Metalworks"},
}

TAX = {"kind": "tax", "description": "VAT 19 %", "rate": 1900}


class Store:
    """What furnish() has made, by name."""

    def __init__(self, api):
        self.api, self.places, self.products, self.orders = api, {}, {}, {}

    def add_places(self, places=PLACES, parent=None):
        for name, kind, code, within in places:
            body = {"name": name, "kind": kind, "code": code}
            if parent is not None:
                body["parent_id"] = parent
            self.places[code] = self.api.post("/locations/", body)["id"]
            self.add_places(within, self.places[code])

    def add_products(self):
        for name, body in PRODUCTS.items():
            self.products[name] = self.api.post("/products/", body)["id"]

    def receive(self, product, place, **how):
        return self.api.post(f"/products/{self.products[product]}/receive", {"location_id": self.places[place], **how})

    def line(self, product, quantity):
        return {"product_id": self.products[product], "quantity": quantity}

    def order(self, name, customer, lines, status=None, **members):
        body = {"customer": customer, "items": [self.line(*line) for line in lines] + [TAX], **members}
        self.orders[name] = self.api.post("/orders/", body)
        if status is not None:
            self.step(name, status)
        return self.orders[name]

    def step(self, name, status):
        self.orders[name] = self.api.call("PUT", f"/orders/{self.orders[name]['id']}/status", {"status": status})

    def ship(self, name, tracking, **members):
        return self.api.post(f"/orders/{self.orders[name]['id']}/ship", {"carrier": "Example Freight", "tracking_number": tracking, **members})

    @staticmethod
    def cost(product):
        """What the site pays: three fifths of its own price."""
        return f"{float(PRODUCTS[product]['unit_price']) * 0.6:.2f}"

    def buy(self, name, supplier, product, units=(), quantity=None, arrived=True):
        """A purchase whose delivery announces UNITS ({serial, secret}); it has come in when it has ARRIVED."""
        order = self.api.post("/orders/", {"kind": "purchase", "customer": supplier, "items": [{**self.line(product, quantity or len(units)), "unit_price": self.cost(product)}]})
        self.orders[name] = order
        self.step(name, "confirmed")
        delivery = self.api.post("/deliveries/", {"order_id": order["id"], "carrier": "Example Freight", "tracking_number": f"EF{order['order_number'][-6:]}"})
        if units:
            self.api.post(f"/deliveries/{delivery['id']}/items", {"items": [{"order_item_id": order["items"][0]["id"], **unit} for unit in units]})
        self.api.call("PUT", f"/deliveries/{delivery['id']}/status", {"status": "shipped"})
        if arrived:
            self.api.call("PUT", f"/deliveries/{delivery['id']}/confirm", {"recipient": "Goods in"})
        return delivery


def furnish(api):
    """A store with something in every room; quick."""
    store = Store(api)
    store.add_places()
    store.add_products()
    store.receive("door", "A-1-1", serials="DS-0101+17")
    store.receive("door", "A-1-2", serials="DS-0201+5")
    store.receive("gateway", "B-1", serials="GW-0007+2")
    store.receive("meter", "B-2", serials="EM-2201+11")
    store.receive("bracket", "A-2-1", quantity=340)
    store.receive("cable", "A-2-2", quantity=25)
    store.order("pending", "Example Farms", (("door", 4), ("bracket", 8)), shipping_address="Field Lane 12\n20095 Sampletown", reference="EF-771")
    store.order("confirmed", "Sample Bakery", (("meter", 3), ("cable", 3)), "confirmed", shipping_address="Mill Road 3\n10115 Exampleville")
    store.order("processing", "Example Cold Storage", (("door", 10), ("bracket", 20)), "confirmed", shipping_address="Harbour 1\n20457 Sampletown")
    goods = store.orders["processing"]["items"]
    store.ship("processing", "EF-100200", lines=[{"order_item_id": goods[0]["id"], "quantity": 6}])
    store.order("shipped", "Sample Brewery", (("gateway", 1), ("meter", 2)), "confirmed", shipping_address="Brewers Square 5\n80331 Exampleville")
    store.ship("shipped", "EF-100201")
    store.order("delivered", "Example School", (("door", 2),), "confirmed", shipping_address="School Street 9\n50667 Sampletown")
    sent = store.ship("delivered", "EF-100202")
    api.call("PUT", f"/deliveries/{sent['id']}/confirm", {"recipient": "A. Example", "signature": [[[0.1, 0.6], [0.25, 0.2], [0.4, 0.8], [0.55, 0.3], [0.9, 0.5]]]})
    return store
