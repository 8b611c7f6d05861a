#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts on the running daemon: rules evaluated on samples, what people do about alerts, silences, and a restart."""
import signal
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, wait_for  # noqa: E402


def send(site, device, **metrics):
    site.api.post("/monitoring/data", {"device_id": device["id"], "metrics": metrics})


def alerts(site, **parameters):
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return site.api.get(f"/alerts/?{query}")["items"]


def await_alert(site, **parameters):
    return wait_for(lambda: alerts(site, **parameters), 10, f"an alert with {parameters}")[0]


def rows(call, *arguments):
    """The pointers of the rows of a refusal."""
    try:
        call(*arguments)
    except ApiError as error:
        return {row["pointer"] for row in error.body["errors"]} if error.status == 422 else error.status
    raise AssertionError("it was not refused")


def add_rule(site, **members):
    return site.api.post("/alert-rules/", {"severity": "warning", "scope_kind": "site", **members})


def in_future(**delta):
    return (datetime.now(timezone.utc) + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def check_refusals(site):
    def post(body):
        return rows(site.api.post, "/alert-rules/", body)
    assert post({"kind": "threshold"}) == {"/name"}
    assert post({"name": "r", "kind": "threshold"}) == {"/metric", "/value"}
    assert post({"name": "r", "kind": "range", "metric": "t", "value": 5, "value_high": 1}) == {"/value_high"}
    assert post({"name": "r", "kind": "rate", "metric": "t", "value": 5}) == {"/rate_seconds"}
    assert post({"name": "r", "kind": "missing", "metric": "t"}) == {"/missing_seconds"}
    assert post({"name": "r", "kind": "state", "metric": "t"}) == {"/text"}
    assert post({"name": "r", "kind": "expression", "expression": "a +"}) == {"/expression"}
    assert post({"name": "r", "kind": "expression", "expression": "1"}) == {"/expression"}
    assert post({"name": "r", "kind": "threshold", "metric": "t", "value": 5, "hysteresis": -1}) == {"/hysteresis"}
    assert post({"name": "r", "kind": "offline", "scope_kind": "device"}) == {"/scope_id"}
    assert post({"name": "r", "kind": "offline", "scope_kind": "device", "scope_id": "0199a4a0-0000-7000-8000-000000000000"}) == {"/scope_id"}
    assert post({"name": "r", "kind": "threshold", "metric": "t", "value": 5, "steps": [{"severity": "error", "value": 4}]}) == {"/steps/0"}
    assert post({"name": "r", "kind": "offline", "quiet_hours": [{"days": [8], "from": "25:00", "to": "06:00"}]}) == {"/quiet_hours/0/days", "/quiet_hours/0/from"}
    assert rows(site.api.post, "/alert-silences/", {"reason": "r"}) == {"/ends_at"}
    assert rows(site.api.post, "/alert-silences/", {"reason": "r", "days": [6], "from_time": "02:00"}) == {"/to_time"}


def check_life(site, pump):
    """Raised, worse, acknowledged, worse again, well again."""
    rule = add_rule(site, name="Hot", kind="threshold", metric="temperature", value=80, hysteresis=5, steps=[{"severity": "error", "value": 90}],
                    message="{device} has {value}, more than {threshold}: {nonsense}")
    send(site, pump, temperature=79.5)
    send(site, pump, temperature=85.25)
    began = time.monotonic()
    alert = await_alert(site, status="open")
    assert time.monotonic() - began < 1, "from sample to alert"
    assert (alert["rule_id"], alert["device_id"], alert["metric"], alert["severity"]) == (rule["id"], pump["id"], "temperature", "warning"), alert
    assert alert["title"] == "Pump 7: temperature is 85.25, above 80" and alert["detail"] == "Pump 7 has 85.25, more than 80: {nonsense}", alert
    assert (alert["value"], alert["threshold"], alert["occurrences"]) == (85.25, 80, 1)
    assert site.api.get("/monitoring/alerts")["items"][0]["id"] == alert["id"]
    target = f"/alerts/{alert['id']}"
    taken = site.api.post(f"{target}/acknowledge", {"comment": "on my way"})
    assert taken["status"] == "acknowledged" and taken["comment"] == "on my way" and taken["acknowledged_at"] and taken["acknowledged_by"], taken
    send(site, pump, temperature=95)
    worse = wait_for(lambda: [a for a in alerts(site, severity="error")], 10, "the step")[0]
    assert worse["id"] == alert["id"] and worse["status"] == "open", "what got worse is open again"
    send(site, pump, temperature=76)  # within the hysteresis
    wait_for(lambda: alerts(site, severity="warning", status="open"), 10, "the step back")
    send(site, pump, temperature=74)
    ended = await_alert(site, status="resolved")
    assert ended["id"] == alert["id"] and ended["resolved_at"] and ended["resolved_by"] is None and ended["duration_seconds"] >= 0, ended
    assert rows(site.api.post, f"{target}/acknowledge") == 409
    return rule


NOBODY = "0199a4a0-0000-7000-8000-000000000000"


def outcomes(answer):
    assert answer["changed"] == sum(row["outcome"] == "changed" for row in answer["results"]), answer
    return [(row["id"], row["outcome"]) for row in answer["results"]]


def check_many(site, open_one, over, person):
    """What is done to many: a result each, one operation, taken back as a whole."""
    post, ids = site.api.post, [open_one["id"], over["id"], NOBODY]
    refused = [(over["id"], "refused"), (NOBODY, "refused")]
    answer = post("/alerts/acknowledge", {"ids": ids, "comment": "all of us"})
    assert outcomes(answer) == [(open_one["id"], "changed"), *refused], answer
    assert answer["results"][1]["detail"] == "the alert is resolved already", answer
    assert outcomes(post("/alerts/acknowledge", {"ids": ids}))[0] == (open_one["id"], "unchanged")
    assert rows(post, "/alerts/assign", {"ids": ids, "person_id": NOBODY}) == {"/person_id"}
    assert rows(post, "/alerts/silence", {"ids": ids}) == {"/until"}
    assert rows(post, "/alerts/silence", {"ids": ids, "until": "2020-01-01T00:00:00Z"}) == {"/until"}
    assert rows(post, "/alerts/resolve", {"ids": [3]}) == {"/ids"}
    assert site.api.get(f"/alerts/{open_one['id']}")["silenced_until"] is None, "a refused request changes nothing"
    assert outcomes(post("/alerts/assign", {"ids": ids, "person_id": person["id"]})) == [(open_one["id"], "changed"), *refused]
    assert outcomes(post("/alerts/silence", {"ids": ids, "seconds": 60})) == [(open_one["id"], "changed"), *refused]
    assert outcomes(post("/alerts/unsilence", {"ids": ids})) == [(open_one["id"], "changed"), *refused]
    assert outcomes(post("/alerts/unsilence", {"ids": ids}))[0] == (open_one["id"], "unchanged")


def check_many_undo(site):
    """Twelve alerts are resolved in one operation, and are back by one Undo."""
    tanks = [site.api.post("/devices/", {"name": f"Basin {i}", "serial": f"B-{i:02}"}) for i in range(12)]
    rule = add_rule(site, name="Basin", kind="threshold", metric="fill", value=50)
    for tank in tanks:
        send(site, tank, fill=60)
    raised = wait_for(lambda: len(found := alerts(site, rule_id=rule["id"], status="open")) == 12 and found, 20, "twelve alerts")
    answer = site.api.post("/alerts/resolve", {"ids": [row["id"] for row in raised], "comment": "drained"})
    assert answer["changed"] == 12 and {outcome for _, outcome in outcomes(answer)} == {"changed"}, answer
    resolved = alerts(site, rule_id=rule["id"], status="resolved")
    assert len(resolved) == 12 and all(row["resolved_by"] and row["comment"] == "drained" for row in resolved), resolved
    entries = [site.api.get(f"/journal/?entity=alert&entity_id={row['id']}&limit=1")["items"][0] for row in raised]
    assert len({entry["operation"] for entry in entries}) == 1 and entries[0]["summary"] == "Resolve 12 alerts", entries[0]
    site.api.call("POST", f"/journal/{entries[5]['sequence']}/undo")
    assert len(alerts(site, rule_id=rule["id"], status="open")) == 12
    person = site.api.get("/users/")["items"][0]
    assert "12 of 12 alerts changed" in ctl(site, "assign", "all", f"rule_id={rule['id']}", person["name"])
    assert all(row["assigned_to"] == person["id"] for row in alerts(site, rule_id=rule["id"]))
    assert "0 of 12 alerts changed" in ctl(site, "unsilence", "all", f"rule_id={rule['id']}")
    assert "12 of 12 alerts changed" in ctl(site, "resolve", "all", f"rule_id={rule['id']}", "by hand")
    assert "0 of 0 alerts changed" in ctl(site, "resolve", "all", f"rule_id={rule['id']}")
    assert "12 of" not in ctl(site, "silence", "all", f"rule_id={rule['id']}", "status=resolved", "2h"), "what is over is refused"
    site.api.call("DELETE", f"/alert-rules/{rule['id']}")
    for tank in tanks:
        site.api.call("DELETE", f"/devices/{tank['id']}")


def check_people(site, pump):
    person = site.api.post("/users/add", {"name": "mo", "email": "mo@example.org", "password": "a good long one", "role": "technician"})
    add_rule(site, name="State", kind="state", metric="mode", text="fault")
    send(site, pump, mode="run")
    send(site, pump, mode="fault")
    alert = await_alert(site, status="open")
    target = f"/alerts/{alert['id']}"
    assert alert["title"] == "Pump 7: mode is fault"
    assert site.api.post(f"{target}/assign", {"person_id": person["id"]})["assigned_to"] == person["id"]
    assert rows(site.api.post, f"{target}/silence", {}) == {"/until"}
    silenced = site.api.post(f"{target}/silence", {"seconds": 600, "reason": "spare part ordered"})
    assert silenced["silenced_until"] and silenced["comment"] == "spare part ordered"
    assert site.api.post(f"{target}/unsilence")["silenced_until"] is None
    ended = site.api.post(f"{target}/resolve", {"comment": "a false one"})
    assert ended["status"] == "resolved" and ended["resolved_by"], ended
    send(site, pump, mode="fault")
    time.sleep(0.3)
    assert not alerts(site, status="open"), "it is still at fault: whoever resolved it knew"
    send(site, pump, mode="run")
    send(site, pump, mode="fault")
    again = await_alert(site, status="open")
    assert again["id"] != alert["id"]
    check_many(site, again, alert, person)
    send(site, pump, mode="run")
    wait_for(lambda: not alerts(site, status="open,acknowledged"), 10, "the end")


def check_silences(site, pump):
    silence = site.api.post("/alert-silences/", {"reason": "Maintenance", "scope_kind": "device", "scope_id": pump["id"], "ends_at": in_future(hours=1)})
    assert silence["author"]
    send(site, pump, temperature=85)
    alert = await_alert(site, status="open")
    assert alert["silenced_until"] == silence["ends_at"], alert
    assert site.api.call("DELETE", f"/alert-silences/{silence['id']}") is None
    wait_for(lambda: alerts(site, status="open")[0]["silenced_until"] is None, 10, "the end of the silence")
    site.api.post("/alert-silences/", {"reason": "Others", "metric": "humid*", "ends_at": in_future(hours=1)})
    late = site.api.post("/alert-silences/", {"reason": "All", "metric": "temp*", "ends_at": in_future(hours=2)})
    wait_for(lambda: alerts(site, status="open")[0]["silenced_until"] == late["ends_at"], 10, "a silence made later")
    site.api.call("DELETE", f"/alert-silences/{late['id']}")
    wait_for(lambda: alerts(site, status="open")[0]["silenced_until"] is None, 10, "its end")


def check_restart(site, pump, rule):
    """What was open is the same alert after a restart; what a person resolved is not raised again; a rule that goes takes its alerts along."""
    alert = await_alert(site, status="open", rule_id=rule["id"])
    send(site, pump, mode="fault")
    other = wait_for(lambda: [a for a in alerts(site, status="open,acknowledged") if a["metric"] == "mode"], 10, "the other")[0]
    assert other["status"] == "acknowledged", "what comes back is as well known as before"
    site.api.post(f"/alerts/{other['id']}/resolve", {})
    site.stop_daemon()
    site.start_daemon("--no-mdns")
    time.sleep(0.5)
    assert [a["id"] for a in alerts(site, status="open")] == [alert["id"]]
    send(site, pump, temperature=86)
    time.sleep(0.3)
    assert [a["id"] for a in alerts(site, status="open")] == [alert["id"]]
    site.api.call("PUT", f"/alert-rules/{rule['id']}", {"name": "Too hot", "value": 84})
    time.sleep(0.3)
    assert [a["id"] for a in alerts(site, status="open")] == [alert["id"]], "a change of the rule that changes nothing for it"
    site.api.call("PUT", f"/alert-rules/{rule['id']}", {"value": 100, "steps": []})
    wait_for(lambda: site.api.get(f"/alerts/{alert['id']}")["status"] == "resolved", 10, "the end by another threshold")
    site.api.call("PUT", f"/alert-rules/{rule['id']}", {"value": 80})
    fresh = await_alert(site, status="open")
    site.api.call("DELETE", f"/alert-rules/{rule['id']}")
    wait_for(lambda: site.api.get(f"/alerts/{fresh['id']}")["status"] == "resolved", 10, "the end of the rule's alert")


def check_explanation(site, pump):
    add_rule(site, name="Difference", kind="expression", expression="inlet - outlet", value=5, operator="gt", scope_kind="device", scope_id=pump["id"])
    send(site, pump, inlet=40, outlet=39)
    site.api.call("PUT", f"/devices/{pump['id']}", {"status": "deployed"})
    send(site, pump, inlet=50, outlet=39)
    alert = await_alert(site, status="open")
    assert alert["title"] == "Pump 7: Difference is 11, above 5" and alert["metric"] is None, alert
    assert alert["explanation"].endswith("after becoming deployed") and alert["journal_sequence"], alert
    site.api.call("DELETE", f"/devices/{pump['id']}")
    wait_for(lambda: not alerts(site, status="open"), 10, "the alert goes with its device")


def check_backtest_and_why(site):
    """What a rule would have raised, and why it did not."""
    tank = site.api.post("/devices/", {"name": "Tank", "serial": "T-1"})
    start = int(time.time()) - 7200
    for minute in range(0, 60):
        level = 85 if 10 <= minute < 20 else 95 if 30 <= minute < 35 else 50
        site.api.post("/monitoring/data", {"device_id": tank["id"], "timestamp": (start + minute * 60) * 1000, "metrics": {"level": level}})
    rule = {"kind": "threshold", "metric": "level", "value": 80, "steps": [{"severity": "error", "value": 90}]}
    times = {"from": iso(start), "to": iso(start + 3600)}
    result = site.api.post("/alert-rules/backtest", {"rule": rule, "device_id": tank["id"], **times})
    firings = [(f["severity"], f["from"], f["to"], f["value"]) for f in result["firings"]]
    assert firings == [("warning", iso(start + 600), iso(start + 1200), 85), ("error", iso(start + 1800), iso(start + 2100), 95)], result
    assert result["evaluated"] == 60 and not result["truncated"] and result["series"][0]["device_id"] == tank["id"], result
    slow = site.api.post("/alert-rules/backtest", {"rule": {**rule, "for_seconds": 540}, "device_id": tank["id"], **times})
    assert [(f["from"], f["to"]) for f in slow["firings"]] == [(iso(start + 1140), iso(start + 1200))], slow
    silent = site.api.post("/alert-rules/backtest", {"rule": {"kind": "missing", "metric": "level", "missing_seconds": 300}, "device_id": tank["id"], "from": times["from"], "to": iso(start + 7000)})
    assert [(f["from"], f["to"]) for f in silent["firings"]] == [(iso(start + 59 * 60 + 300), None)], silent
    assert rows(site.api.post, "/alert-rules/backtest", {"rule": {"kind": "threshold"}, **times}) == {"/rule/metric", "/rule/value"}
    assert rows(site.api.post, "/alert-rules/backtest", {"rule": {"kind": "offline"}, **times}) == {"/rule/kind"}
    stored = add_rule(site, name="Level", scope_kind="device", scope_id=tank["id"], for_seconds=3600, **{k: v for k, v in rule.items() if k != "steps"})
    send(site, tank, level=85)
    why = site.api.get(f"/alert-rules/{stored['id']}/why?device_id={tank['id']}")["evaluations"]
    assert why[0]["reason"] == "for_pending" and why[0]["value"] == 85 and why[0]["threshold"] == 80 and why[0]["outcome"] == "well", why[:2]
    site.api.call("PUT", f"/alert-rules/{stored['id']}", {"for_seconds": 0})
    alert = await_alert(site, status="open")
    why = site.api.get(f"/alerts/{alert['id']}/why")
    assert why["alert"]["id"] == alert["id"] and why["rule"]["id"] == stored["id"] and why["cause"] is None and why["children"] == []
    assert why["evaluations"][0]["outcome"] == "raised", why["evaluations"][:2]
    return alert


def check_missing(site):
    """A metric that no longer comes, by the clock alone."""
    valve = site.api.post("/devices/", {"name": "Valve", "serial": "V-1"})
    add_rule(site, name="Silent", kind="missing", metric="position", missing_seconds=1)
    send(site, valve, position=3)
    alert = wait_for(lambda: [a for a in alerts(site, status="open") if a["device_id"] == valve["id"]], 20, "the alert about silence")[0]
    assert alert["title"] == "Valve: no position for 1 s", alert
    send(site, valve, position=3)
    wait_for(lambda: site.api.get(f"/alerts/{alert['id']}")["status"] == "resolved", 10, "its end")


def iso(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def ctl(site, *arguments):
    answer = site.ctl("alerts", *arguments)
    assert answer.returncode == 0, (arguments, answer)
    return answer.stdout


def check_ctl(site, alert):
    assert alert["title"] in ctl(site)
    assert "Level" in ctl(site, "rules") and "Level" in ctl(site, "why", alert["id"]) and "firing" in ctl(site, "rules", "why", "Level", "Tank")
    assert "warning" in ctl(site, "rules", "backtest", "Level", "3h")
    assert "Acknowledged" in ctl(site, "acknowledge", alert["id"], "seen")
    ctl(site, "assign", alert["id"], "mo")
    ctl(site, "silence", alert["id"], "2h", "painting")
    now = site.api.get(f"/alerts/{alert['id']}")
    assert now["status"] == "acknowledged" and now["assigned_to"] and now["silenced_until"] and now["comment"] == "painting", now
    ctl(site, "unsilence", alert["id"])
    ctl(site, "resolve", alert["id"], "done")
    assert alert["title"] not in ctl(site) and alert["title"] in ctl(site, "all")
    ctl(site, "rules", "add", "name=By hand", "kind=threshold", "metric=level", "value=80", "severity=error")
    ctl(site, "rules", "set", "By hand", "value=99")
    ctl(site, "rules", "delete", "By hand")
    ctl(site, "silences", "add", "reason=Cleaning", "days=[6]", "from_time=02:00", "to_time=06:00")
    assert "Cleaning" in ctl(site, "silences")
    assert "0 alerts" in ctl(site, "acknowledge", "all")


def check_flapping(site):
    """What comes back soon is the same alert again; with the setting at 0 it is another."""
    tap = site.api.post("/devices/", {"name": "Tap", "serial": "T-9"})
    rule = add_rule(site, name="Wet", kind="threshold", metric="moisture", value=50, scope_kind="device", scope_id=tap["id"])
    send(site, tap, moisture=60)
    first = await_alert(site, status="open", rule_id=rule["id"])
    send(site, tap, moisture=40)
    await_alert(site, status="resolved", rule_id=rule["id"])
    send(site, tap, moisture=61)
    again = await_alert(site, status="open", rule_id=rule["id"])
    assert (again["id"], again["occurrences"], again["resolved_at"], again["value"]) == (first["id"], 2, None, 61), again
    send(site, tap, moisture=40)
    await_alert(site, status="resolved", rule_id=rule["id"])
    site.api.call("PUT", "/settings/alerts.reopen-minutes", {"value": 0})
    send(site, tap, moisture=62)
    assert await_alert(site, status="open", rule_id=rule["id"])["id"] != first["id"]


def check_pending_restart(site):
    """How long something has been so outlives a kill, of several metrics too."""
    oven = site.api.post("/devices/", {"name": "Oven", "serial": "O-1"})
    rule = add_rule(site, name="Uneven", kind="expression", expression="top - bottom > 10", for_seconds=6, scope_kind="device", scope_id=oven["id"])
    send(site, oven, top=200, bottom=150)
    began = time.monotonic()
    time.sleep(1)
    send(site, oven, top=201, bottom=150)
    site.stop_daemon(signal.SIGKILL)
    site.start_daemon("--no-mdns")
    assert not alerts(site, rule_id=rule["id"])
    await_alert(site, rule_id=rule["id"])
    assert 5.5 < time.monotonic() - began < 10, "it counts from the first sample, not from the restart"


def check_defaults(site):
    product = site.api.post("/products/", {"name": "Pump MP-2", "sku": "MP-2"})
    device = site.api.post("/devices/", {"name": "P", "serial": "P-9", "product_id": product["id"]})
    site.api.post("/monitoring/metrics", {"device_id": device["id"], "name": "flow", "minimum": 0, "maximum": 50})
    rules = wait_for(lambda: (found := site.api.get(f"/alert-rules/?product_id={product['id']}")["items"]) and len(found) == 2 and found, 10, "the default rules")
    for rule in rules:
        site.api.call("DELETE", f"/alert-rules/{rule['id']}")
    assert "2 rules" in ctl(site, "rules", "defaults", "MP-2")
    assert site.api.post("/alert-rules/defaults", {"product_id": product["id"]}) == {"made": 0}
    assert rows(site.api.post, "/alert-rules/defaults", {"product_id": device["id"]}) == 404
    send(site, device, flow=60)
    alert = wait_for(lambda: alerts(site, device_id=device["id"]), 10, "an alert of what was marked as bad for its range")[0]
    assert alert["value"] == 60 and alert["threshold"] == 50, alert


def check_records(site):
    """Alerts, rules and silences are found, and leave as tables."""
    groups = {group["kind"]: group["items"] for group in site.api.get("/search?q=uneven")["groups"]}
    assert groups["alert_rule"][0]["title"] == "Uneven" and "Uneven" in groups["alert"][0]["title"], groups
    assert site.api.get("/search?q=cleaning")["groups"][0]["kind"] == "alert_silence"
    for path in ("alerts", "alert-rules", "alert-silences", "notifications", "notification-channels", "escalations", "duty-calendars"):
        status, headers, body = site.api.exchange("GET", f"/exports/{path}")
        assert status == 200 and headers["Content-Type"].startswith("text/csv") and body.startswith(b"id,"), (path, status)
        assert b",secret," not in body.splitlines()[0]


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        pump = site.api.post("/devices/", {"name": "Pump 7", "serial": "P-7"})
        check_refusals(site)
        rule = check_life(site, pump)
        check_people(site, pump)
        check_silences(site, pump)
        check_restart(site, pump, rule)
        check_explanation(site, pump)
        check_ctl(site, check_backtest_and_why(site))
        check_many_undo(site)
        check_missing(site)
        check_flapping(site)
        check_pending_restart(site)
        check_defaults(site)
        check_records(site)
        assert site.api.get("/journal/verify")["intact"]


if __name__ == "__main__":
    main()
