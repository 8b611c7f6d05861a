#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file becomes records in the window: chosen, its columns guessed and changed, previewed with its errors in place, imported, the refused rows saved, undone."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, run_main  # noqa: E402
from file_portal import ENVIRONMENT, FilePortal  # noqa: E402
from muster_site import wait_for  # noqa: E402
from store import furnish  # noqa: E402

ROWS = """Name;SKU;Preis;Mindestbestand;Lieferant;Bemerkung
Door sensor;DS-3;26,00;20;Example Instruments;dearer
Gateway;GW-2;349,00;2;Sample Networks;
Lamp;NL-1;12,50;5;Sample Networks;bright
Bad lamp;BL-1;twelve;5;Sample Networks;
;NN-1;1,00;5;Sample Networks;
"""


def begins(text):
    return lambda name: name.startswith(text)


def products(site):
    return {row["sku"]: (row["name"], row["unit_price"], row["reorder_point"]) for row in site.api.get("/products/?limit=100")["items"]}


def choose(steps, window, portal, file):
    with steps.step("Ctrl+I asks for the file; its columns are guessed, in the words and numbers of its language"):
        window.keys("ctrl+4")
        window.find("table row", lambda name: "Door sensor" in name, 10)
        window.keys("ctrl+i")
        dialog = window.dialog("Import", 10)
        window.picture("import-01-file")
        portal.next = file
        window.click("button", "Choose File…", within=dialog)
        window.find("button", "Preview", 10, within=dialog)
        assert portal.asked == ["Choose a CSV File"], portal.asked
        for column, field in (("Preis", "Price"), ("Mindestbestand", "Reorder point"), ("Bemerkung", "Leave out"), ("Find by", "SKU"), ("Numbers", "1.234,50")):
            row = window.find("combo box", column, within=dialog)
            window.find("label", field, within=row)
        window.picture("import-02-columns")
    return dialog


def preview(steps, site, window, dialog, before):
    with steps.step("the preview counts what is new, changed, the same and refused, and says why in the row"):
        window.click("button", "Preview", within=dialog)
        for chip in ("All 5", "New 1", "Changed 1", "The same 1", "Refused 2"):
            window.find("toggle button", chip, 10, within=dialog)
        window.says("Price: 24.50\u00a0€ → 26.00\u00a0€", within=dialog)
        window.says("Price must be an amount", within=dialog)
        window.picture("import-03-preview")
        window.click("toggle button", "Refused 2", within=dialog)
        window.gone("list item", begins("Row 4"), 10, within=dialog)
        assert len(window.look("list item", begins("Row "), within=dialog)) == 2
        assert products(site) == before, "the preview has changed something"


def apply(steps, site, window, dialog, before):
    with steps.step("two rows are imported, and the sheet tells what came of each"):
        window.click("button", "Import 2 Rows", within=dialog)
        window.says("2 done, 1 skipped, 2 failed", 20, within=dialog)
        window.says("Price must be an amount", within=dialog)
        window.picture("import-04-result")
        after = products(site)
        assert after == {**before, "DS-3": ("Door sensor", "26.00", 20), "NL-1": ("Lamp", "12.50", 5)}, after


def save(steps, site, window, portal, dialog):
    with steps.step("the refused rows are saved as a file, with the reasons"):
        refused = site.folder / "refused.csv"
        portal.next = refused
        window.click("button", "Save Refused as CSV…", within=dialog)
        text = wait_for(lambda: refused.exists() and refused.read_text(), 10, "the file")
        assert "BL-1" in text and "NN-1" in text and "NL-1" not in text and "twelve" in text, text
        assert "must be an amount" in text, text


def undo(steps, site, window, dialog, before):
    with steps.step("Undo takes all of it back"):
        window.click("button", "Undo", within=dialog)
        wait_for(lambda: products(site) == before, 10, "the products as they were")
        window.keys("Escape")
        window.gone("dialog", "Import", 10)


def give_up(steps, site, window, portal, file):
    with steps.step("a file that is no table is refused with the reason; another can be chosen"):
        bad = site.folder / "bad.csv"
        bad.write_bytes(b"")
        window.keys("ctrl+i")
        dialog = window.dialog("Import", 10)
        portal.next = bad
        window.click("button", "Choose File…", within=dialog)
        window.says("The file is empty", 10, within=dialog)
        window.picture("import-05-no-table")
        portal.next = file
        window.click("button", "Choose File…", within=dialog)
        window.find("button", "Preview", 10, within=dialog)
        window.keys("Escape")
        window.gone("dialog", "Import", 10)


def test(build, steps):
    with FilePortal() as portal, local_site_and_window(build, "import", env=ENVIRONMENT) as (site, window):
        furnish(site.api)
        before = products(site)
        file = site.folder / "products.csv"
        file.write_text(ROWS, encoding="windows-1252")
        dialog = choose(steps, window, portal, file)
        preview(steps, site, window, dialog, before)
        apply(steps, site, window, dialog, before)
        save(steps, site, window, portal, dialog)
        undo(steps, site, window, dialog, before)
        give_up(steps, site, window, portal, file)


if __name__ == "__main__":
    sys.exit(run_main(test))
