# SPDX-License-Identifier: GPL-3.0-or-later
"""A believable store for tests and pictures: places, products, units by serial number, goods by quantity, a loan, some of each status."""
import datetime

PLACES = [
    ("Main site", "site", None, None),
    ("Hall 1", "hall", "Main site", "H1"),
    ("Hall 2", "hall", "Main site", "H2"),
    ("Rack A", "rack", "Hall 1", "H1-A"),
    ("Rack B", "rack", "Hall 1", "H1-B"),
    ("Rack C", "rack", "Hall 2", "H2-C"),
    ("Bin A1", "bin", "Rack A", "A1"),
    ("Bin A2", "bin", "Rack A", "A2"),
    ("Bin A3", "bin", "Rack A", "A3"),
    ("Bin B1", "bin", "Rack B", "B1"),
    ("Bin B2", "bin", "Rack B", "B2"),
    ("Bin C1", "bin", "Rack C", "C1"),
    ("Repair bench", "bench", "Hall 2", "BENCH"),
    ("Van 1", "vehicle", "Main site", "VAN1"),
]

# name, model, manufacturer, SKU, kind, tracking, price, reorder point, warranty in months, GTIN
PRODUCTS = [
    ("Climate sensor T7", "T7", "Nordmess", "NM-T7", "sensor", "serial", "48.50", 12, 24, "4012345678901"),
    ("Climate sensor T7 outdoor", "T7-O", "Nordmess", "NM-T7O", "sensor", "serial", "61.00", 6, 24, None),
    ("Power meter P3", "P3", "Elvolt", "EV-P3", "meter", "serial", "129.00", 4, 36, "4012345678918"),
    ("Relay box R4", "R4", "Elvolt", "EV-R4", "actuator", "serial", "84.90", 4, 24, None),
    ("Edge gateway G2", "G2", "Muster", "MU-G2", "gateway", "serial", "310.00", 2, 36, None),
    ("Leak detector L1", "L1", "Aquasens", "AQ-L1", "sensor", "serial", "27.40", 10, 12, None),
    ("Door contact D2", "D2", "Aquasens", "AQ-D2", "sensor", "serial", "14.20", 20, 12, None),
    ("Wall bracket", "WB-1", "Nordmess", "NM-WB", "other", "quantity", "3.20", 40, None, None),
    ("Mains adapter 5 V", "MA5", "Elvolt", "EV-MA5", "other", "quantity", "8.90", 25, 12, None),
    ("Cable M12, 2 m", "M12-2", "Kabelwerk", "KW-M12-2", "other", "quantity", "6.75", 30, None, None),
    ("Cable ties, 100", "CT-100", "Kabelwerk", "KW-CT", "other", "quantity", "4.10", 5, None, None),
]

# product, serials, place, batch
UNITS = [
    ("NM-T7", "T7-2601*14", "Bin A1", "2026-04"),
    ("NM-T7", "T7-2615*6", "Bin A2", "2026-07"),
    ("NM-T7O", "T7O-100*4", "Bin A3", None),
    ("EV-P3", "P3-00871*7", "Bin B1", None),
    ("EV-R4", "R4-5510*5", "Bin B2", None),
    ("MU-G2", "G2-0031*3", "Bin C1", None),
    ("AQ-L1", "L1-9001*8", "Bin A3", None),
    ("AQ-D2", "D2-4401*16", "Bin C1", None),
]

GOODS = [("NM-WB", 120, "Bin B1"), ("NM-WB", 30, "Bin A1"), ("EV-MA5", 18, "Bin B2"), ("KW-M12-2", 64, "Bin B2"), ("KW-CT", 9, "Bin A2")]


def add_places(api):
    """Their ids by name."""
    ids = {}
    for name, kind, parent, code in PLACES:
        body = {"name": name, "kind": kind, "code": code, "parent_id": ids.get(parent)}
        ids[name] = api.post("/locations/", {key: value for key, value in body.items() if value is not None})["id"]
    return ids


def add_products(api):
    """Their ids by SKU."""
    ids = {}
    for name, model, maker, sku, kind, tracking, price, reorder, warranty, gtin in PRODUCTS:
        body = {"name": name, "model": model, "manufacturer": maker, "sku": sku, "kind": kind, "tracking": tracking, "unit_price": price, "currency": "EUR",
                "reorder_point": reorder, "reorder_quantity": reorder * 2, "warranty_months": warranty, "gtin": gtin, "supplier": maker + " GmbH"}
        ids[sku] = api.post("/products/", {key: value for key, value in body.items() if value is not None})["id"]
    api.call("PUT", f"/products/{ids['NM-T7']}", {
        "description": "Room climate: temperature and relative humidity, Modbus and Wi-Fi.",
        "specifications": {"Range": "−20 … 60 °C", "Accuracy": "±0.3 K", "Humidity": True, "Supply": "5 V", "Protection": "IP 20"}})
    return ids


def fill(api):
    """Everything. {"places", "products", "devices" (by serial)}"""
    places, products = add_places(api), add_products(api)
    devices = {}
    for sku, serials, place, batch in UNITS:
        receipt = {"serials": serials, "location_id": places[place], "notes": "First delivery"}
        if batch:
            receipt["batch"] = batch
        for device in api.post(f"/products/{products[sku]}/receive", receipt)["devices"]:
            devices[device["serial"]] = device["id"]
    for sku, quantity, place in GOODS:
        api.post(f"/products/{products[sku]}/receive", {"quantity": quantity, "location_id": places[place]})
    return {"places": places, "products": products, "devices": devices}


def live_a_little(api, stock):
    """Some weeks of work: units deployed, broken, moved, lent."""
    ids = list(stock["devices"].items())

    def of(prefix):
        return [device for serial, device in ids if serial.startswith(prefix)]

    for device in of("T7-26")[10:14]:
        api.call("PUT", f"/devices/{device}/status", {"status": "deployed"})
    for device in of("P3-")[4:6]:
        api.call("PUT", f"/devices/{device}/status", {"status": "deployed"})
    api.call("PUT", f"/devices/{of('R4-')[4]}/status", {"status": "defective"})
    api.call("PUT", f"/devices/{of('L1-')[0]}/status", {"status": "maintenance"})
    api.post("/stock-moves/", {"reason": "move", "device_id": of("D2-")[0], "to_location_id": stock["places"]["Van 1"], "note": "For the Kessler job"})
    api.post("/stock-moves/", {"reason": "move", "product_id": stock["products"]["NM-WB"], "quantity": 20,
                               "from_location_id": stock["places"]["Bin B1"], "to_location_id": stock["places"]["Van 1"]})
    api.post("/stock-moves/", {"reason": "adjust", "product_id": stock["products"]["KW-CT"], "quantity": -6,
                               "from_location_id": stock["places"]["Bin A2"], "note": "Used up at the bench"})
    now = datetime.datetime.now(datetime.timezone.utc)
    for device, borrower, days in ((of("T7O-")[0], "Anna Berger", 9), (of("P3-")[0], "Stadtwerke Kiel", 0)):
        due = (now + datetime.timedelta(days=days, seconds=3)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        api.post("/loans/", {"device_id": device, "borrower": borrower, "due_at": due})
