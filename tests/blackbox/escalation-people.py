#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Escalations whose people, calendars and channels change or go: nobody drops out of one unseen."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, wait_for  # noqa: E402


def refused(call, *arguments):
    try:
        call(*arguments)
    except ApiError as error:
        return error.status, error.body["detail"]
    raise AssertionError("it was not refused")


class Hall:
    """A site with two people, a calendar of one of them, e-mail, and an escalation of two steps."""

    def __init__(self, site):
        self.site, self.api = site, site.api
        self.api.post("/users/add", {"name": "Ada", "email": "ada@example.org", "password": "a long enough password", "role": "administrator"})
        self.tom, self.eva = (self.add_person(name) for name in ("Tom", "Eva"))
        self.duty = self.api.post("/duty-calendars", {"name": "Day shift", "shifts": [{"person_id": self.eva, "from": "06:00", "to": "18:00"}]})["id"]
        config = {"host": "127.0.0.1", "port": 9, "from": "m@example.org", "to": ["hall@example.org"]}
        self.mail, self.spare = (self.api.post("/notification-channels", {"name": name, "kind": "email", "config": config})["id"] for name in ("Mail", "Spare"))
        self.escalation = self.api.post("/escalations", {"name": "Boiler house", "steps": [
            {"after_seconds": 0, "channels": [self.mail], "people": [self.tom]},
            {"after_seconds": 600, "channels": [self.mail, self.spare], "people": [self.tom, self.eva]},
            {"after_seconds": 900, "channels": [self.mail], "calendar_id": self.duty}]})
        assert self.escalation["problems"] is None, self.escalation

    def add_person(self, name):
        return self.api.post("/users/add", {"name": name, "email": f"{name}@example.org", "password": "a long enough password", "role": "technician"})["id"]

    def change(self, path, changes):
        self.api.call("PUT", path, changes)
        return self.read()

    def read(self):
        text = self.api.get(f"/escalations/{self.escalation['id']}")["problems"]
        return text.split("\n") if text else []

    def undo_last(self, entity, entity_id):
        entry = self.api.get(f"/journal/?entity={entity}&entity_id={entity_id}&limit=1")["items"][0]
        self.api.call("POST", f"/journal/{entry['sequence']}/undo")
        return self.read()


def check_changes(hall):
    """What keeps somebody from being told stands at the escalation as soon as it is so, and no longer."""
    assert hall.change(f"/users/{hall.tom}", {"disabled": True}) == ["step 1: Tom is disabled", "step 2: Tom is disabled"]
    assert hall.undo_last("person", hall.tom) == []
    assert hall.change(f"/users/{hall.eva}", {"email": None}) == [f"step {n}: Eva has no email: add one to the person's record" for n in (2, 3)]
    assert hall.change(f"/users/{hall.eva}", {"email": "eva@example.net"}) == []
    assert hall.change(f"/notification-channels/{hall.mail}", {"enabled": False}) == [f"step {n}: no channel of it is switched on" for n in (1, 3)]
    assert hall.change(f"/notification-channels/{hall.mail}", {"enabled": True}) == []
    assert hall.change(f"/duty-calendars/{hall.duty}", {"shifts": []}) == ["step 3: nobody has a shift in “Day shift”"]
    assert hall.undo_last("duty_calendar", hall.duty) == []
    assert hall.change(f"/users/{hall.tom}", {"phone": "+49 1"}) == []


def check_deletions(hall):
    """Whoever is the last of a step stays; all others are taken out, and come back by Undo."""
    delete = hall.api.call
    expected = "step 1 of the escalation “Boiler house” tells by “%s” alone: change that step first"
    assert refused(delete, "DELETE", f"/users/{hall.tom}") == (409, expected % "Tom")
    assert refused(delete, "DELETE", f"/notification-channels/{hall.mail}") == (409, expected % "Mail")
    assert refused(delete, "DELETE", f"/duty-calendars/{hall.duty}")[0] == 409
    steps = hall.api.get(f"/escalations/{hall.escalation['id']}")["steps"]
    assert steps == hall.escalation["steps"], "a refused deletion takes nobody out"
    delete("DELETE", f"/notification-channels/{hall.spare}")
    assert hall.api.get(f"/escalations/{hall.escalation['id']}")["steps"][1]["channels"] == [hall.mail]
    delete("DELETE", f"/users/{hall.eva}")
    now = hall.api.get(f"/escalations/{hall.escalation['id']}")
    assert now["steps"][1]["people"] == [hall.tom] and now["problems"] == "step 3: nobody has a shift in “Day shift”", now
    assert hall.undo_last("person", hall.eva) == []
    now = hall.api.get(f"/escalations/{hall.escalation['id']}")
    assert now["steps"][1]["people"] == [hall.tom, hall.eva], now


def check_escalation(hall):
    """An escalation that tells nobody says so from the begin, in the answers too."""
    path = f"/escalations/{hall.escalation['id']}"
    assert hall.api.call("PUT", path, {"steps": []})["problems"] == "it has no steps: nobody is told"
    assert hall.undo_last("escalation", hall.escalation["id"]) == []
    console = hall.api.post("/notification-channels", {"name": "Desk", "kind": "console", "sound": "none"})["id"]
    deaf = hall.api.post("/escalations", {"name": "Deaf", "steps": [{"after_seconds": 0, "channels": [console], "people": [hall.tom]}]})
    assert deaf["problems"] == "step 1: no channel of it goes to the people whom it names", deaf
    hall.api.call("DELETE", f"/escalations/{deaf['id']}")
    hall.api.call("PUT", f"/users/{hall.tom}", {"disabled": True})
    made = hall.api.post("/escalations", {"name": "New", "steps": [{"after_seconds": 0, "channels": [hall.mail], "people": [hall.tom]}]})
    assert made["problems"] == "step 1: Tom is disabled", made
    listed = hall.site.ctl("escalations", "show", "Boiler house").stdout
    assert "Tom is disabled" in listed, listed
    hall.site.stop_daemon()
    hall.site.start_daemon("--no-mdns")
    assert hall.read() == ["step 1: Tom is disabled", "step 2: Tom is disabled"], "it outlives a restart"


def check_log(hall):
    """The log of what was sent is filtered by channel, person, alert, kind, status and time."""
    device = hall.api.post("/devices/", {"name": "Boiler", "serial": "B-1"})["id"]
    hall.api.call("PUT", f"/users/{hall.tom}", {"disabled": False})
    rules = [hall.api.post("/alert-rules/", {"name": metric, "kind": "threshold", "metric": metric, "value": 5, "scope_kind": "site", "severity": "error",
                                             "escalation_id": hall.escalation["id"]})["id"] for metric in ("heat", "steam")]
    hall.api.post("/monitoring/data", {"device_id": device, "metrics": {"heat": 7, "steam": 8}})
    alerts = [wait_for(lambda rule=rule: hall.api.get(f"/alerts/?rule_id={rule}")["items"], 15, "the alert")[0]["id"] for rule in rules]

    def log(**filters):
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        return hall.api.get(f"/notifications/?{query}")["items"]
    wait_for(lambda: all(log(alert_id=alert, channel_id=hall.mail) for alert in alerts), 15, "what is sent of both")
    of_one = log(alert_id=alerts[0], channel_id=hall.mail)
    assert {row["person_id"] for row in of_one} == {hall.tom} and {row["alert_id"] for row in of_one} == {alerts[0]}, of_one
    assert len(log(channel_id=hall.mail, person_id=hall.tom)) == len(log(channel_id=hall.mail)) >= 2
    assert log(person_id=hall.eva) == [] and log(kind="digest", channel_id=hall.mail) == []
    begin = of_one[0]["created_at"]
    assert of_one[0]["id"] in {row["id"] for row in log(**{"created_at.min": begin, "created_at.max": begin})}
    assert log(**{"created_at.min": "2099-01-01T00:00:00Z"}) == []
    shown = hall.site.ctl("notifications", "channel=Mail", "person=Tom", f"created_at.min={begin}")
    assert shown.returncode == 0 and "heat" in shown.stdout and "steam" in shown.stdout, shown
    shown = hall.site.ctl("notifications", f"alert={alerts[0]}", "channel=Mail")
    assert shown.returncode == 0 and "heat" in shown.stdout and "steam" not in shown.stdout, shown
    assert "heat" not in hall.site.ctl("notifications", "person=Eva").stdout
    wrong = hall.site.ctl("notifications", "channel=nothing")
    assert wrong.returncode != 0 and "nothing" in wrong.stderr, wrong


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        hall = Hall(site)
        check_changes(hall)
        check_deletions(hall)
        check_escalation(hall)
        check_log(hall)
        assert site.api.get("/journal/verify")["intact"]


if __name__ == "__main__":
    main()
