#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The room Firmware without devices: a file that says nothing of itself, what firmware fits, withdrawing and undoing it,
keys, certificates and a token, sets of several parts, what firmware contains, and update clients whose token is shown once."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, run_main  # noqa: E402
from file_portal import ENVIRONMENT, FilePortal  # noqa: E402
from muster_site import wait_for  # noqa: E402
from window import can_press  # noqa: E402

PASSPHRASE = "a long enough passphrase"


def begins(text):
    return lambda name: name.startswith(text)


def only(site, path):
    rows = site.api.get(f"{path}?limit=100")["items"]
    return rows[0] if len(rows) == 1 else None


def await_status(site, artifact, status):
    return wait_for(lambda: site.api.get(f"/firmware/{artifact['id']}")["status"] == status, 30, status)


def upload(steps, site, window, portal):
    with steps.step("a raw binary is asked for its name and version, and comes in"):
        portal.next = site.folder / "boot.bin"
        portal.next.write_bytes(bytes(range(256)) * 40)
        window.keys("ctrl+9")
        window.click("button", "Upload Firmware…", where=can_press)
        dialog = window.find("alert", "What Is It?")
        window.type(window.find("text", "Name", within=dialog), "Boot loader")
        window.type(window.find("text", "Version", within=dialog), "0.3")
        window.click("button", "Upload", within=dialog)
        artifact = wait_for(lambda: only(site, "/firmware"), 30, "the firmware")
        assert (artifact["name"], artifact["version"], artifact["format"], artifact["size"]) == ("Boot loader", "0.3", "bin", 10240), artifact
        window.find("table row", begins("Boot loader 0.3"))
    return artifact


def change(steps, site, window, artifact):
    with steps.step("what it fits is said in its form"):
        window.open_found("Boot loader", begins("Boot loader"))
        window.click("button", "Edit", where=can_press)
        dialog = window.dialog("Edit Firmware")
        window.type(window.find("text", begins("Models"), within=dialog), "TH-10, TH-20")
        window.type(window.find("text", "Hardware from", within=dialog), "2")
        window.picture("firmware-room-1-edit")
        window.click("button", "Save", within=dialog)
        window.gone("dialog", "Edit Firmware")
        changed = site.api.get(f"/firmware/{artifact['id']}")
        assert (changed["models"], changed["hardware_from"]) == (["TH-10", "TH-20"], "2"), changed
        window.says("TH-10, TH-20")
        window.says("From 2 on")
    with steps.step("withdrawn, it is given to nobody; Ctrl+Z takes that back"):
        window.click("button", "Withdraw", where=can_press)
        await_status(site, artifact, "withdrawn")
        window.find("button", "Give to Devices Again", where=can_press)
        window.keys("ctrl+z")
        await_status(site, artifact, "ready")
        window.find("button", "Withdraw", where=can_press)


def keys(steps, site, window):
    with steps.step("a key is made with a passphrase that is asked for twice"):
        site.api.post("/signing-keys", {"name": "Maker", "public_key": "ab" * 32})
        window.keys("alt+Left")
        window.click("page tab", "Keys")
        window.find("table row", begins("Maker"))
        window.keys("ctrl+n")
        dialog = window.find("alert", "Make a Key")
        window.type(window.find("text", "Name", within=dialog), "2026")
        for text in ("mistyped", PASSPHRASE):
            window.find("button", "Make", within=dialog, where=lambda node: not can_press(node))
            for field, typed in (("Passphrase", PASSPHRASE), ("Passphrase again", text)):
                window.type(window.find("text", field, within=dialog), typed)
        window.picture("firmware-room-2-key")
        window.click("button", "Make", within=dialog)
        window.find("table row", begins("2026"))
        made = {row["name"]: row for row in site.api.get("/signing-keys?limit=100")["items"]}
        assert made["2026"]["place"] == "site" and made["Maker"]["place"] == "elsewhere", made
    with steps.step("what is done to one key is not offered for several"):
        window.click("toggle button", "Select")
        window.find("button", "Rename…")
        window.click("button", begins("Select All"))
        window.gone("button", "Rename…")
        window.click("toggle button", "Select")


def choose_item(window, number):
    """Items of menus have no names for assistive technology."""
    window.wait(lambda: (node := window.focused()) and node.get_role_name() == "menu item", what="the focus in the menu")
    for key in ["Down"] * (number - 1) + ["Return"]:
        window.keys(key)


def sort(steps, window):
    def order():
        rows = [row.get_name() for row in window.look("table row")]  # each as often as the room has views
        return list(dict.fromkeys(name for row in rows for name in ("2026", "Maker") if row.startswith(name)))

    with steps.step("the list is sorted by keys alone, from its menu, and the other way round by the same"):
        for wanted in (["2026", "Maker"], ["Maker", "2026"]):
            window.tab_to("toggle button", "More")
            window.keys("Return")
            choose_item(window, 7)
            window.keys("Down", "Return")
            window.wait(lambda wanted=wanted: order() == wanted, what=f"the order {wanted}")
        window.picture("firmware-room-11-sorted")


def make_token(folder):
    """The address of a key on a token of SoftHSM that the daemon finds, if it is started then; None where there is no SoftHSM."""
    if shutil.which("softhsm2-util") is None:
        return None
    config, key = folder / "softhsm2.conf", folder / "key.pem"
    config.write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(config)
    for argv in (["softhsm2-util", "--init-token", "--free", "--label", "Vault", "--so-pin", "12345678", "--pin", "4711"], ["openssl", "genpkey", "-algorithm", "ed25519", "-out", key],
                 ["softhsm2-util", "--import", key, "--token", "Vault", "--label", "release", "--id", "01", "--pin", "4711"]):
        subprocess.run(argv, check=True, capture_output=True)
    return "pkcs11:token=Vault;object=release"


def token(steps, site, window, address):
    with steps.step("a key of a token is added by its address and PIN; a wrong PIN is told"):
        for pin in ("0815", "4711"):
            window.click("toggle button", "More", where=can_press)
            choose_item(window, 4)
            dialog = window.find("alert", "Add a Key of a Token")
            window.type(window.find("text", "Name", within=dialog), "Vault")
            window.type(window.find("text", begins("Address of the key"), within=dialog), address)
            window.type(window.find("text", "PIN of the token", within=dialog), pin)
            if pin == "4711":
                window.picture("firmware-room-8-token")
            window.click("button", "Add", within=dialog)
            if pin == "0815":
                window.says("is not the PIN of the token")
        window.find("table row", begins("Vault"))
        made = {row["name"]: row for row in site.api.get("/signing-keys?limit=100")["items"]}
        assert (made["Vault"]["place"], made["Vault"]["token_uri"]) == ("token", address), made["Vault"]


def certificate(steps, site, window, portal):
    with steps.step("the certificate of who signs updates of SWUpdate is trusted, by a file"):
        pem = site.folder / "builder.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=Builder",
                        "-keyout", site.folder / "builder.key", "-out", pem], check=True, capture_output=True)
        portal.next = pem
        window.click("toggle button", "More", where=can_press)
        choose_item(window, 3)
        dialog = window.find("alert", "Trust a Certificate")
        window.type(window.find("text", "Name", within=dialog), "Builder")
        window.picture("firmware-room-4-certificate")
        window.click("button", "Trust", within=dialog)
        window.find("table row", begins("Builder"))
        made = {row["name"]: row for row in site.api.get("/signing-keys?limit=100")["items"]}
        assert made["Builder"]["certificate"] == pem.read_text(), made["Builder"]


def bring(site, name, version):
    upload = site.api.post("/firmware/uploads", {"file_name": f"{name}.bin", "size": 4})["id"]
    site.api.call("PUT", f"/firmware/uploads/{upload}/content?offset=0", name[:4].encode(), {"Content-Type": "application/octet-stream"})
    return site.api.post(f"/firmware/uploads/{upload}/finish", {"name": name, "version": version})


def sets(steps, site, window):
    with steps.step("a set is made of two parts, in the order in which they are ticked"):
        system, app = bring(site, "Panel system", "6.1"), bring(site, "Panel app", "2.0")
        window.click("page tab", "Sets")
        window.click("button", "Make a Set…", where=can_press)
        dialog = window.dialog("Make a Set of Firmware")
        window.type(window.find("text", "Name", within=dialog), "Panel")
        window.type(window.find("text", "Version", within=dialog), "2026.1")
        window.click("toggle button", "Firmware, in this order", within=dialog)
        window.find("check box", "Panel system 6.1")
        window.keys("Down", "Return", "Down", "Return")
        window.says("Panel app 2.0, Panel system 6.1", within=dialog)
        window.keys("Escape")
        window.picture("firmware-room-5-set")
        window.click("button", "Save", within=dialog)
        made = wait_for(lambda: only(site, "/firmware-sets"), 30, "the set")
        members = site.api.get(f"/firmware-sets/{made['id']}/members?sort=position")["items"]
        assert [row["artifact_id"] for row in members] == [app["id"], system["id"]], members
        window.find("table row", begins("Panel"))
        window.picture("firmware-room-6-sets")
        window.tab_to("table row", begins("Panel"))
        window.keys("Return")
        dialog = window.dialog("Panel 2026.1")
        window.says("Panel app 2.0", within=dialog)
        window.picture("firmware-room-7-parts")
        window.keys("Escape")
        window.gone("dialog", "Panel 2026.1")


def components(steps, site, window):
    with steps.step("what firmware contains is searched, as its bill of materials tells, and leads to the firmware"):
        artifact = bring(site, "Gateway image", "4.2")["id"]
        bill = {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
            {"type": "library", "name": name, "version": version, "licenses": [{"license": {"id": licence}}]}
            for name, version, licence in (("busybox", "1.36.1", "GPL-2.0-only"), ("openssl", "3.0.11", "Apache-2.0"), ("zlib", "1.3", "Zlib"))]}
        site.api.call("POST", f"/attachments?entity=firmware_artifact&entity_id={artifact}&name=gateway.cdx.json&purpose=document", json.dumps(bill).encode(),
                      {"Content-Type": "application/octet-stream"})
        window.click("page tab", "Components")
        window.find("table row", begins("zlib"))
        window.keys("ctrl+f")
        window.keyboard_text("ssl")
        window.gone("table row", begins("zlib"))
        window.find("table row", begins("openssl"))
        window.picture("firmware-room-9-components")
        window.tab_to("table row", begins("openssl"))
        window.keys("Return")
        window.says("3 components")
        window.says("CycloneDX 1.5 · gateway.cdx.json")
        window.picture("firmware-room-10-contents")
        window.tab_to("list item", begins("3 components"))
        window.keys("Return")
        window.find("table row", begins("busybox"))
        window.find("table row", begins("openssl"))


def clients(steps, site, window):
    with steps.step("an update client is added, and its token is shown this once"):
        site.api.post("/devices/", {"name": "Panel", "serial": "P-1"})
        window.click("page tab", "Clients")
        window.click("button", "Add a Client…", where=can_press)
        dialog = window.dialog("Add an Update Client")
        window.type(window.find("text", "Controller id", within=dialog), "panel-7f3a")
        row = window.click("list item", "Device", within=dialog)
        window.wait(lambda: (node := window.focused()) and node.get_role_name() == "entry", what="the focus in the search")
        window.keyboard_text("Panel")
        window.find("list item", begins("Panel"))
        window.keys("Return")
        window.find("label", "Panel", within=row)
        window.click("button", "Save", within=dialog)
        token = window.dialog("Target Token")
        target = wait_for(lambda: only(site, "/update-targets"), 30, "the client")
        assert target["controller_id"] == "panel-7f3a" and "token" not in target, target
        window.click("button", "Make Token", within=token)
        window.find("button", "Copy: Target token", within=token)
        window.picture("firmware-room-3-token")
        window.keys("Escape")
        window.gone("dialog", "Target Token")
        window.find("table row", begins("panel-7f3a"))


def test(build, steps):
    with tempfile.TemporaryDirectory(prefix="muster-token-") as folder, FilePortal() as portal:
        address = make_token(Path(folder))
        press(build, steps, portal, address)


def press(build, steps, portal, address):
    with local_site_and_window(build, "Firmware", env=ENVIRONMENT) as (site, window):
        change(steps, site, window, upload(steps, site, window, portal))
        keys(steps, site, window)
        sort(steps, window)
        certificate(steps, site, window, portal)
        if address:
            token(steps, site, window, address)
        sets(steps, site, window)
        components(steps, site, window)
        clients(steps, site, window)


if __name__ == "__main__":
    sys.exit(run_main(test))
