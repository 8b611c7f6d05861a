#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The past over the API: what every list and record said at a moment is what it says as of that moment, whatever is changed later."""
import datetime
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, wait_for  # noqa: E402
from store import furnish  # noqa: E402

# what nobody writes down, or is counted in another way
FORGOTTEN = {"live_state", "last_seen", "address", "last_sign_in", "last_used_at", "samples_per_second", "unknown_nodes", "etag"}
OF_LEVELS = {"id", "created_at", "updated_at", "revision"}

failures = []


def check(condition, *what):
    if not condition:
        failures.append(what)
        print("FAILED:", *what)


def refused(status, call, *words):
    try:
        call()
        check(False, "not refused", *words)
    except ApiError as error:
        check(error.status == status and all(word in str(error.body) for word in words), f"{error.status} instead of {status}", error.body, words)


def strip(value, forgotten):
    if isinstance(value, dict):
        return {name: strip(member, forgotten) for name, member in value.items() if name not in forgotten}
    return [strip(item, forgotten) for item in value] if isinstance(value, list) else value


def moment():
    """One between what was before and what comes."""
    time.sleep(0.02)
    now = datetime.datetime.now(datetime.timezone.utc)
    time.sleep(0.02)
    return now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03}Z"


class Witness:
    """Writes down what the API says, and asks again as of then."""

    def __init__(self, api, targets):
        self.api, self.targets, self.told = api, targets, []

    def ask(self, target, at=None):
        mark = "&" if "?" in target else "?"
        answer = self.api.get(target if at is None else f"{target}{mark}as_of={at}")
        forgotten = FORGOTTEN | OF_LEVELS if target.startswith("/stock-levels") else FORGOTTEN
        text = json.dumps(strip(answer, forgotten), sort_keys=True)
        # of levels that are summed up anew there is no order
        return sorted(text.split("{")) if target.startswith("/stock-levels") else text

    def write_down(self, name):
        self.told.append((name, moment(), {target: self.ask(target) for target in self.targets}))

    def compare(self):
        for name, at, answers in self.told[::-1] + self.told[::2]:
            for target, answer in answers.items():
                then = self.ask(target, at)
                check(then == answer, f"{name}: {target}", f"\n  said  {answer}\n  says  {then}")


def list_targets(api, store):
    device = api.get("/devices/?q=DS-0101&limit=1")["items"][0]["id"]
    order = store.orders["processing"]["id"]
    delivery = api.get("/deliveries/?limit=1")["items"][0]["id"]
    group = api.post("/device-groups", {"name": "Doors", "filter": "q=door&status=in_stock"})["id"]
    api.post(f"/device-groups/{group}/members", {"device_id": device})
    return (device, order, group), (
        "/devices/?sort=name,id&limit=200", "/devices/?status=in_stock&sort=serial&limit=20", "/devices/ids?sort=-updated_at,id", "/devices/?q=ds-01&limit=50", f"/devices/{device}",
        f"/device-groups/{group}/devices", "/device-groups", "/products?sort=name", "/locations?sort=path", f"/locations/{store.places['A-1']}/contents?sort=id", "/stock-levels?limit=200",
        "/stock-moves?limit=30", "/reorder-list", "/orders?sort=order_number", f"/orders/{order}", f"/orders/{order}/availability", "/order-items?sort=id", "/deliveries?sort=id",
        f"/deliveries/{delivery}", f"/deliveries/{delivery}/items", "/expected?sort=id", "/loans", "/users", "/users/names", "/alert-rules?sort=id", "/alerts", "/search?q=door", "/journal?limit=10",
        "/journal/operations?limit=10", f"/attachments?entity=device&entity_id={device}")


def change_things(api, store, witness, device, order, group):
    api.call("PUT", f"/devices/{device}", {"name": "Front door", "notes": "Painted \"red\""})
    witness.write_down("renamed")
    store.receive("bracket", "A-2-1", quantity=11)
    api.call("PUT", f"/device-groups/{group}", {"filter": "q=gateway"})
    witness.write_down("received")
    store.ship("processing", "EF-1", lines=[{"order_item_id": store.orders["processing"]["items"][0]["id"], "quantity": 1}])
    store.step("pending", "confirmed")
    witness.write_down("shipped")
    bought = store.buy("purchase", "Example Instruments", "node", units=({"serial": "MN-9001", "mac": "02:00:00:00:90:01"}, {"serial": "MN-9002"}), arrived=False)
    witness.write_down("announced")
    api.call("PUT", f"/deliveries/{bought['id']}/confirm", {"recipient": "Goods in"})
    person = api.post("/users/add", {"name": "Pat", "email": "pat@example.org", "password": "long enough to be one", "role": "operator"})
    witness.write_down("arrived")
    doomed = api.get("/devices/?q=EM-2211&limit=1")["items"][0]["id"]
    api.call("DELETE", f"/devices/{doomed}")
    witness.write_down("deleted")
    last = api.get("/journal?limit=1")["items"][0]["sequence"]
    api.call("POST", f"/journal/{last}/undo")
    api.post(f"/attachments?entity=device&entity_id={device}&name=a.txt", b"Words", {"Content-Type": "text/plain"})
    witness.write_down("undone")
    return person


def test_states(api):
    """Online and offline by events, newest values by samples."""
    device = api.post("/devices", {"name": "Plug"})["id"]
    before = moment()
    api.post("/monitoring/data", {"device_id": device, "metrics": {"power": 12.5}})
    api.post(f"/devices/{device}/events", {"kind": "online"})
    online = moment()
    api.post("/monitoring/data", {"device_id": device, "metrics": {"power": 99}})
    api.post(f"/devices/{device}/events", {"kind": "offline", "severity": "warning"})
    offline = moment()
    for at, state, value in ((before, "unknown", None), (online, "online", 12.5), (offline, "offline", 99)):
        record = api.get(f"/devices/{device}?as_of={at}")
        check(record["live_state"] == state, state, record)
        check(api.get(f"/devices/{device}/status?as_of={at}")["live"]["state"] == state, "status", state)
        metrics = api.get(f"/devices/{device}/metrics?as_of={at}")["items"]
        check([metric["latest"]["value"] for metric in metrics] == ([] if value is None else [value]), "latest", state, metrics)
        check(api.get(f"/overview?as_of={at}")["by_live_state"][state] >= 1, "overview", state)
    check(api.get(f"/devices/?live_state=online&as_of={online}")["total"] == 1, "filtered by state")
    events = [event["kind"] for event in api.get(f"/devices/{device}/events?as_of={online}")["items"]]
    check("online" in events and "offline" not in events, "events until then", events)


def test_marks(api):
    begin = moment()
    rule = api.post("/alert-rules", {"name": "Hot", "kind": "threshold", "metric": "t", "operator": "gt", "value": 50, "scope_kind": "site"})["id"]
    device = api.post("/devices", {"name": "Oven"})["id"]
    quiet = moment()
    api.post("/monitoring/data", {"device_id": device, "metrics": {"t": 80}})
    wait_for(lambda: api.get(f"/alerts?rule_id={rule}")["total"] == 1, 10, "the alert")
    end = moment()
    check(api.get(f"/alerts?rule_id={rule}&as_of={quiet}")["total"] == 0 and api.get(f"/monitoring/alerts?as_of={end}")["total"] >= 1, "alerts as of")
    marks = api.get(f"/journal/marks?from={begin}&to={end}&points=10")
    check([mark["kind"] for mark in marks["marks"]] == ["alert"] and sum(marks["changes"]) >= 3 and len(marks["changes"]) == 10, "marks", marks)
    refused(422, lambda: api.get(f"/journal/marks?from={end}&to={begin}"), "from")


def test_refused(api):
    refused(422, lambda: api.get("/devices?as_of=yesterday"), "as_of")
    refused(422, lambda: api.get(f"/discovery?as_of={moment()}"), "as_of")
    refused(404, lambda: api.get(f"/devices/{api.get('/devices?limit=1')['items'][0]['id']}?as_of=2001-01-01T00:00:00Z"))
    check(api.get("/devices?as_of=2001-01-01T00:00:00Z")["total"] == 0, "nothing before the beginning")


def test_ctl(site, device, at):
    shown = site.ctl("--as-of", at, "device", "show", device)
    check(shown.returncode == 0 and "Front door" not in shown.stdout and "DS-0101" in shown.stdout, "device", shown.stdout, shown.stderr)
    listed = site.ctl("devices", "--as-of", at, "--json")
    check(listed.returncode == 0 and "Front door" not in listed.stdout, "devices", listed.stderr)
    check(site.ctl("--as-of", "noon", "devices").returncode == 2, "a time that is none")
    kept = site.ctl("--as-of", at, "bulk", "edit", "device", "notes=x", "--all")
    check(kept.returncode not in (0, 2) and "past" in kept.stderr, "no change in the past", kept.returncode, kept.stderr)
    records = site.ctl("journal", "as-of", "device", at)
    check(records.returncode == 0 and "Door sensor" in records.stdout, "journal as-of", records.stdout, records.stderr)
    check(site.ctl("journal", "marks", "2001-01-01T00:00:00Z", at).returncode == 0, "journal marks")


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon()
        api = site.api
        store = furnish(api)
        (device, order, group), targets = list_targets(api, store)
        witness = Witness(api, targets)
        witness.write_down("furnished")
        change_things(api, store, witness, device, order, group)
        witness.compare()
        test_states(api)
        test_marks(api)
        test_refused(api)
        test_ctl(site, device, witness.told[0][1])
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
