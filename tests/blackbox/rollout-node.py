#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates of real nodes: adopted by their labels, which is how they come to know the site's certificate authority, they fetch from the
daemon's own HTTPS, install, restart, confirm; they revert what is not well, and refuse what is corrupted, older, foreign or not signed."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, free_port, wait_for  # noqa: E402
from update_fleet import MODEL, FleetSite, Works, await_online, upload  # noqa: E402

SIZE, BAD = 200_000, "1.3.0"


def adopt(api, label):
    api.post("/discovery/addresses", {"address": label["pairing"], "name": label["name"]})

    def find():
        return next((c for c in api.get("/discovery/?limit=1000")["items"] if c.get("serial") == label["serial"] and c["pairable"]), None)

    candidate = wait_for(find, 30, f"{label['serial']} in discovery")
    return wait_for(lambda: api.post(f"/discovery/{candidate['key']}/adopt", {"secret": label["secret"]}), 30, "the adoption", 0.5)


def await_end(api, update, status):
    def reached():
        now = api.get(f"/updates/{update['id']}")
        assert now["status"] in ("waiting", "running", status), now
        return now if now["status"] == status else None

    return wait_for(reached, 60, f"{status}: {api.get(f'/updates/{update['id']}')}")


def give(api, device, artifact, **more):
    return api.post("/updates", {"device_id": device, "artifact_id": artifact["id"], "confirm_within": 10, **more})


def kinds(api, update):
    return [event["kind"] for event in api.get(f"/updates/{update['id']}/events?sort=created_at,id&limit=200")["items"]]


def check_good(site, works, device):
    api, artifact = site.api, upload(site.api, works.make("1.1.0", SIZE, counter=3))
    update = give(api, device, artifact)
    done = await_end(api, update, "confirmed")
    assert (done["delivery"], done["to_version"], done["attempt"], done["error"]) == ("node", "1.1.0", 1, None), done
    happened = kinds(api, update)
    for kind in ("assigned", "told", "confirmed"):
        assert happened.count(kind) == 1, happened
    assert happened.index("told") < happened.index("confirmed") and {"downloading", "installing", "rebooting", "confirming"} & set(happened), happened
    record = api.get(f"/devices/{device}")
    assert (record["firmware_version"], record["firmware_origin"], record["security_counter"], record["model"]) == ("1.1.0", "update", 3, MODEL), record
    return artifact


def check_reverted(site, works, device):
    """The new version runs, is not well, and gives way to the old one; going on with that is not an error of anybody."""
    api = site.api
    update = give(api, device, upload(api, works.make(BAD, SIZE, counter=3)))
    reverted = await_end(api, update, "reverted")
    assert reverted["error"] == "not-confirmed: the version was made to be bad", reverted
    assert api.get(f"/devices/{device}")["firmware_version"] == "1.1.0"
    retried = api.call("POST", f"/updates/{update['id']}/retry")
    assert (retried["status"], retried["attempt"]) == ("waiting", 2), retried
    await_end(api, retried, "reverted")


def check_refused(site, works, device):
    """What the node does not take: nothing of it runs, and the daemon says in the node's words why."""
    api, foreign = site.api, Works(site.build, site.folder, "foreign works")
    corrupted = upload(api, works.make("1.4.1", SIZE, counter=3))
    path = next((site.folder / "data/firmware").rglob(corrupted["sha256"]))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    refused = {
        "bad-payload": corrupted,
        "wrong-model": upload(api, works.make("1.4.2", SIZE, model="MN-2", counter=3)),
        "rolled-back": upload(api, works.make("1.4.3", SIZE, counter=2)),
        "unsigned": upload(api, works.make("1.4.4", SIZE, counter=3, sign=False)),
        "unknown-key": upload(api, foreign.make("1.4.5", SIZE, counter=3)),
    }
    for code, words in (("wrong-model", "its model is MN-1, the firmware is for MN-2"), ("rolled-back", "it ran a higher security counter")):
        try:
            give(api, device, refused[code])
            raise AssertionError(f"{code}: it was given to the node")
        except ApiError as error:
            assert error.status == 409 and words in error.body["detail"], error.body
    for code in ("bad-payload", "unsigned", "unknown-key"):
        failed = await_end(api, give(api, device, refused[code]), "failed")
        assert failed["error"].startswith(f"{code}: "), (code, failed)
        assert api.get(f"/devices/{device}")["firmware_version"] == "1.1.0"
    large = upload(api, works.make("1.4.6", 16 * 1024 * 1024, counter=3))  # with its header it is larger than a slot
    table = api.post("/rollouts/preflight", {"name": "x", "artifact_id": large["id"], "filter": f"model={MODEL}"})
    assert table["never"] == 2 and all(f"it has room for {16 * 1024 * 1024} bytes, and the firmware has {large['size']}" in row["reasons"] for row in table["items"]), table
    verdicts = {code: api.post("/rollouts/preflight", {"name": "x", "artifact_id": artifact["id"], "filter": f"model={MODEL}"})["never"] for code, artifact in refused.items()}
    assert verdicts["wrong-model"] == 2 and verdicts["rolled-back"] == 1 and verdicts["unknown-key"] == 0, verdicts


def check_cancelled(site, works, device):
    api = site.api
    update = give(api, device, upload(api, works.make("1.5.0", SIZE, counter=3)), kind="download_only")
    await_end(api, update, "confirmed")
    assert api.get(f"/devices/{device}")["firmware_version"] == "1.1.0"


def check_rollout(site, works, device, first):
    """Back to the version before, for both at once; their certificate authority is the one that they learnt at adoption."""
    api, artifact = site.api, upload(site.api, works.make("1.6.0", SIZE, counter=3))
    rollout = api.post("/rollouts", {"name": "Both", "artifact_id": artifact["id"], "filter": f"model={MODEL}", "confirm_within": 10})
    api.call("POST", f"/rollouts/{rollout['id']}/start")
    wait_for(lambda: api.get(f"/rollouts/{rollout['id']}")["status"] == "finished", 60, "the rollout")
    back = api.call("PUT", f"/firmware/{first['id']}", {"allow_downgrade": True})
    await_end(api, give(api, device, back), "confirmed")
    assert api.get(f"/devices/{device}")["firmware_version"] == "1.1.0"


def check_unreachable(site, works, device):
    """As long as the address that the settings tell devices is nobody's, an update goes on trying, until it is called off."""
    api = site.api
    api.call("PUT", "/settings/firmware.base-uri", {"value": f"https://127.0.0.1:{free_port()}"})
    update = give(api, device, upload(api, works.make("1.7.0", SIZE, counter=3)))
    wait_for(lambda: "the file does not come" in site.log_path("fleet").read_text(), 30, "the node's complaint")
    assert api.get(f"/updates/{update['id']}")["status"] == "running"
    api.call("PUT", "/settings/firmware.base-uri", {"value": None})
    assert api.call("POST", f"/updates/{update['id']}/cancel")["status"] == "cancelling"
    wait_for(lambda: api.get(f"/updates/{update['id']}")["status"] == "cancelled", 60, f"the end: {api.get(f'/updates/{update['id']}')}")


def check_revoked(site, works, device):
    """A key that is revoked takes along what it signed: what waits is cancelled, and nobody is given it any more."""
    api = site.api
    key = api.post("/signing-keys", {"name": "Works", "public_key": works.public.read_text().strip()})
    artifact = upload(api, works.make("1.8.0", SIZE, counter=3))
    assert artifact["trust"] == "signed", artifact
    site.fleet.terminate()
    site.fleet.wait(20)
    wait_for(lambda: api.get(f"/devices/{device}")["live_state"] != "online", 60, "the node to be away")
    update = give(api, device, artifact)
    assert update["status"] == "waiting", update
    api.call("POST", f"/signing-keys/{key['id']}/revoke", {"reason": "lost"})
    cancelled = wait_for(lambda: (now := api.get(f"/updates/{update['id']}"))["status"] == "cancelled" and now, 30, "the update's end")
    assert cancelled["error"] == "a key that signed it was revoked", cancelled
    assert api.get(f"/firmware/{artifact['id']}")["trust"] == "revoked"
    for call in (lambda: give(api, device, artifact), lambda: api.call("POST", f"/updates/{update['id']}/retry")):
        try:
            call()
        except ApiError as error:
            assert error.status == 409 and "revoked" in str(error.body), error
        else:
            raise AssertionError("what a revoked key signed is given")


def main():
    with FleetSite(sys.argv[1]) as site:
        site.start()
        works = Works(site.build, site.folder)
        labels = site.start_fleet(2, "--no-mdns", "--no-sync", "--model", MODEL, "--update-key", str(works.public), "--bad-version", f"{BAD}=no-confirm")
        for label in labels:
            adopt(site.api, label)
        await_online(site, 2)
        device = site.api.get(f"/devices/?serial={labels[0]['serial']}")["items"][0]["id"]
        first = check_good(site, works, device)
        check_reverted(site, works, device)
        check_refused(site, works, device)
        check_cancelled(site, works, device)
        check_rollout(site, works, device, first)
        check_unreachable(site, works, device)
        check_revoked(site, works, device)


if __name__ == "__main__":
    main()
