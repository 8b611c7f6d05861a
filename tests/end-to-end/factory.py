#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""factory.py BUILD [IMAGE]: the room Factory. Boards at cables are flashed several at once, what fails is told with what the tool said, and tried again
alone; the next boards join. With a tool of ours at esptool's place: a board is a file. At the station emulated boards that run IMAGE are made into units, whose
labels are printed into a file. Then what was made is saved and printed, and a plan is run alone."""
import csv
import importlib
import os
import shutil
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rig import local_site_and_window, open_window, run_main  # noqa: E402
from file_portal import ENVIRONMENT, FilePortal  # noqa: E402
from muster_site import free_port, wait_for  # noqa: E402
from window import can_press  # noqa: E402

TOOL = Path(__file__).resolve().parents[1] / "lib/fake_flash_tool.py"


def begins(text):
    return lambda name: name.startswith(text)


def upload(api, name, data):
    made = api.post("/firmware/uploads", {"file_name": name, "size": len(data)})["id"]
    api.call("PUT", f"/firmware/uploads/{made}/content?offset=0", data, {"Content-Type": "application/octet-stream"})
    return api.post(f"/firmware/uploads/{made}/finish", {"name": name.partition(".")[0], "version": "1.2"})["id"]


class Bench:
    """Boards as files in a folder; one of them fails until it is mended."""

    def __init__(self, site):
        self.api, self.folder = site.api, site.folder / "boards"
        self.folder.mkdir()
        self.data = os.urandom(5000)
        site.api.call("PUT", "/settings/flash.esptool", {"value": str(TOOL)})
        site.api.call("PUT", "/settings/flash.openocd", {"value": "/nowhere/openocd"})
        self.artifact = upload(site.api, "Thermometer.bin", self.data)

    def port(self, name, fault=""):
        path = self.folder / name
        Path(f"{path}.fault").write_text(fault)
        return str(path)

    def only_batch(self):
        rows = self.api.get("/flash-batches?limit=10")["items"]
        return rows[0] if len(rows) == 1 else None

    def await_figures(self, succeeded, failed):
        return wait_for(lambda: (row := self.only_batch()) and row["status"] == "finished" and (row["succeeded"], row["failed"]) == (succeeded, failed),
                        60, f"{succeeded} done and {failed} failed")


def add_port(window, dialog, port):
    """Types a port that nobody finds."""
    entry = window.find("text", "Another port", within=dialog)
    window.type(entry, port)
    window.click("button", "Add This Port", within=dialog)
    window.find(None, port.removeprefix("/dev/"), within=dialog, where=window.is_on)  # one of several is a radio button


def choose(window, dialog, row_name, text):
    row = window.click("list item", row_name, within=dialog)
    window.wait(lambda: (node := window.focused()) and node.get_role_name() == "entry", what="the focus in the search")
    window.keyboard_text(text)
    window.find("list item", begins(text))
    window.keys("Return")
    window.find("label", begins(text), within=row)


def flash(steps, window, bench):
    with steps.step("a tool that is missing is told with what to do; the button says how many boards it will be"):
        window.click("page tab", "Flashing")
        window.says("No Boards Flashed Yet")
        window.keys("ctrl+n")
        dialog = window.dialog("Flash Boards")
        choose(window, dialog, "Firmware", "Thermometer")
        window.wait(lambda: window.text(window.find("text", "Name", within=dialog)) == "Thermometer 1.2", what="the proposed name")
        window.type(window.find("text", "Part", within=dialog), "esp32c3")
        window.find("label", "The tool is there", within=dialog)
        assert not can_press(window.find("button", "Flash Boards", within=dialog))
        add_port(window, dialog, bench.port("left"))
        add_port(window, dialog, bench.port("right", "write"))
        window.picture("factory-1-dialog")
    with steps.step("two boards are flashed: one passes, one fails and says why"):
        window.click("button", "Flash 2 Boards", within=dialog, where=can_press)
        window.gone("dialog", "Flash Boards")
        bench.await_figures(1, 1)
        window.find("list item", lambda name: "left" in name and "Done" in name)
        window.click("list item", lambda name: "right" in name and "No serial data received" in name)
        window.wait(lambda: "Connecting to" in window.text(window.find("text", "Log")), what="what the tool said")
        window.picture("factory-2-batch")


def go_on(steps, window, bench):
    with steps.step("what failed is tried again alone"):
        bench.port("right")
        window.click("button", "Try What Failed Again", where=can_press)
        bench.await_figures(2, 0)
        window.find("list item", lambda name: "right · attempt 2" in name and "Done" in name)
        window.gone("button", "Try What Failed Again")
    with steps.step("the next board joins the batch"):
        window.keys("ctrl+n")
        dialog = window.dialog("Next Boards")
        add_port(window, dialog, bench.port("third"))
        window.click("button", "Flash 1 Board", within=dialog, where=can_press)
        window.gone("dialog", "Next Boards")
        bench.await_figures(3, 0)
        window.find("list item", lambda name: "third" in name and "Done" in name)
        assert all((bench.folder / name).read_bytes() == bench.data for name in ("left", "right", "third"))
        window.keys("alt+Left")
        window.find("table row", begins("Thermometer 1.2"))


def plan(steps, site, window):
    with steps.step("a test plan is written: what is wrong is said at once, then it is kept"):
        window.keys("ctrl+0")
        window.click("page tab", "Test Plans")
        window.says("No Test Plans Yet")
        window.keys("ctrl+n")
        dialog = window.dialog("Add a Test Plan")
        window.type(window.find("text", "Name", within=dialog), "Thermometer")
        window.click("button", "Add a step", within=dialog)
        window.click("button", "Save", within=dialog)
        window.says("Step 3 needs a name", within=dialog)
        window.type(window.find_last("text", "Name", within=dialog), "Warm")
        for field, text in (("Metric", "temperature"), ("At least", "15"), ("At most", "35,5"), ("Unit", "°C")):
            window.type(window.find_last("text", field, within=dialog), text)
        window.picture("factory-3-plan")
        window.click("button", "Save", within=dialog)
        window.gone("dialog", "Add a Test Plan")
        window.find("table row", begins("Thermometer"))
        kept = site.api.get("/test-plans")["items"][0]
        assert [step["action"] for step in kept["steps"]] == ["identity", "self-test", "read"], kept
        assert kept["steps"][2] == {"name": "Warm", "action": "read", "metric": "temperature", "minimum": 15, "maximum": 35.5, "unit": "°C"}, kept


def batch(steps, site, window):
    with steps.step("a batch is begun for a product, with the plan that its units must pass"):
        site.api.post("/products/", {"name": "Thermometer TH-10", "sku": "TH-10", "tracking": "serial"})
        window.click("page tab", "Batches")
        window.says("No Batches Yet")
        window.keys("ctrl+n")
        dialog = window.dialog("Begin a Batch")
        window.type(window.find("text", "Name", within=dialog), "Friday")
        choose(window, dialog, "Product", "Thermometer")
        choose(window, dialog, "Test plan", "Thermometer")
        window.type(window.find("text", "Wanted", within=dialog), "2")
        window.type(window.find("text", begins("Serial numbers"), within=dialog), "TH-")
        window.picture("factory-4-batch-form")
        window.click("button", "Save", within=dialog)
        window.gone("dialog", "Begin a Batch")
        made = wait_for(lambda: (rows := site.api.get("/factory/batches")["items"]) and rows[0], 30, "the batch")
        assert (made["name"], made["serial_prefix"], made["status"]) == ("Friday", "TH-", "open") and made["plan_id"], made
        window.says("No Boards Yet")
        window.picture("factory-5-batch")
    return made["id"]


def station(steps, site, window, made):
    """By keyboard alone."""
    port = "/dev/nowhere"
    with steps.step("at the station a board is begun by Enter; that it failed is told large, with why, and Enter tries again"):
        window.click("button", "Open the Station", where=can_press)
        window.says("Which Port?")
        window.wait(lambda: (node := window.focused()) and node.get_name() == "Choose the Port…", what="the focus on what is next")
        window.keys("Return")
        dialog = window.find("alert", "Which Port?")
        add_port(window, dialog, port)
        window.click("button", "Choose", within=dialog, where=can_press)
        window.says("Put a Board on the Port")
        window.wait(lambda: (node := window.focused()) and node.get_name() == "Start", what="the focus on Start")
        window.picture("factory-6-station")
        window.keys("Return")
        unit = wait_for(lambda: (rows := site.api.get(f"/factory/units?batch_id={made}")["items"]) and rows[0]["status"] == "failed" and rows[0], 60, "the failure")
        window.says(port)
        window.says("Give the identity")
        window.wait(lambda: (node := window.focused()) and node.get_name() == "Try Again", what="the focus on Try Again")
        window.picture("factory-7-failed")
        window.keys("Return")
        wait_for(lambda: (row := site.api.get(f"/factory/units/{unit['id']}"))["attempt"] == 2 and row["status"] == "failed", 60, "the second attempt")
    with steps.step("its report says at which step and why"):
        window.click("list item", begins("Board on nowhere"))
        window.find("list", "Details")
        window.find("list item", begins("Give the identity"))
        window.picture("factory-8-report")
    with steps.step("without a serial number it stands in the batch by its port"):
        for _ in range(2):
            window.keys("alt+Left")
        window.find("table row", begins("Board on nowhere"))
        window.picture("factory-8-boards")
        window.keys("alt+Left")
        window.find("page tab", "Flashing")


def tool_port(steps, site, window):
    """A programmer beside the serial line. By keyboard alone but for the ports."""
    board, tool = "/dev/nowhere", str(site.folder / "boards/programmer")
    made = site.api.post("/factory/batches", {
        "name": "Programmed", "product_id": site.api.get("/products/?limit=1")["items"][0]["id"], "wanted": 1, "serial_prefix": "P-",
        "artifact_id": site.api.get("/firmware?limit=1")["items"][0]["id"], "tool": "esptool", "part": "esp32c3"})["id"]
    with steps.step("a tool with a port of its own: the station asks for both, and none is chosen before both are"):
        window.click("page tab", "Batches")
        window.tab_to("table row", begins("Programmed"))
        window.keys("Return")
        window.click("button", "Open the Station", where=can_press)
        await_focus(window, "Choose the Port…")
        window.keys("Return")
        dialog = window.find("alert", "Which Port?")
        add_port(window, dialog, board)
        choose_button = window.find("button", "Choose", within=dialog, where=can_press)
        switch = next(window.each("check box", "The tool has a port of its own", within=dialog, where=lambda node: node.get_n_actions() > 0))
        window.press(switch)
        window.find("label", "Port of the Tool", within=dialog)
        window.wait(lambda: not can_press(choose_button), what="the button that waits for the tool's port")
        entry = window.find_last("text", "Another port", within=dialog)
        window.type(entry, tool)
        window.press(window.find_last("button", "Add This Port", within=dialog))
        window.find(None, tool, within=dialog, where=window.is_on)
        window.picture("factory-17-tool-port")
        window.click("button", "Choose", within=dialog, where=can_press)
    with steps.step("the firmware goes by the tool's port, the identity by the board's"):
        window.find("button", f"nowhere, tool at {tool}")
        await_focus(window, "Start")
        window.keys("Return")
        unit = wait_for(lambda: (rows := site.api.get(f"/factory/units?batch_id={made}")["items"]) and rows[0]["status"] == "failed" and rows[0], 60, "the failure")
        assert (unit["port"], unit["flash_port"], unit["step"]) == (board, tool, "Give the identity"), unit
        assert Path(tool).read_bytes(), "the tool wrote nothing"
        window.says("Give the identity")
        for _ in range(2):
            window.keys("alt+Left")
        window.find("page tab", "Flashing")


def await_focus(window, name):
    return window.wait(lambda: (node := window.focused()) and node.get_name() == name, what=f"the focus on {name}")


def make_units(steps, site, window, image):
    """On real boards, as far as an emulator is one: one passes, the next is found wanting by the operator. By keyboard alone but for the port."""
    board_rig = blank_boards(site)
    port, program = free_port(), board_rig.read_program(image)
    product = site.api.post("/products/", {"name": "Heater H-1", "sku": "H-1", "tracking": "serial"})["id"]
    plan = site.api.post("/test-plans", {"name": "Heater", "steps": [
        {"name": "Who it is", "action": "identity", "timeout_ms": 60000}, {"name": "Its own checks", "action": "self-test", "timeout_ms": 60000},
        {"name": "Lamp", "action": "ask", "text": "Is the lamp on?"}]})["id"]
    made = site.api.post("/factory/batches", {"name": "Saturday", "product_id": product, "plan_id": plan, "serial_prefix": "H-", "wanted": 2, "labels": "station"})["id"]
    paper = label_printer(site)

    def unit(number, status):
        return wait_for(lambda: next((row for row in site.api.get(f"/factory/units?batch_id={made}")["items"] if (row["number"], row["status"]) == (number, status)), None),
                        120, f"board {number} {status}: {site.api.get(f'/factory/units?batch_id={made}')['items']}")

    board = board_rig.Blank(site.folder / "board-1", program, port=port)
    try:
        with steps.step("a board on the station's port gets its identity and is tested; the operator is asked, and Y says yes"):
            window.click("page tab", "Batches")
            window.tab_to("table row", begins("Saturday"))
            window.keys("Return")
            window.click("button", "Open the Station", where=can_press)
            await_focus(window, "Choose the Port…")
            window.keys("Return")
            dialog = window.find("alert", "Which Port?")
            add_port(window, dialog, f"tcp:127.0.0.1:{port}")
            window.click("button", "Choose", within=dialog, where=can_press)
            await_focus(window, "Start")
            window.keys("Return")
            unit(1, "asking")
            window.says("Is the lamp on?")
            await_focus(window, "Yes")
            window.picture("factory-9-asks")
            window.keys("y")
            row = unit(1, "passed")
        with steps.step("it passed: its label is shown, and its record is in stock"):
            window.says("Passed")
            await_focus(window, "Start Next Board")
            device = site.api.get(f"/devices/{row['device_id']}")
            assert (row["serial"], device["serial"], device["product_id"], device["status"]) == ("H-0001", "H-0001", product, "in_stock"), (row, device)
            wait_for(lambda: site.api.get(f"/factory/units/{row['id']}")["label"] == "printed", 30, f"the label: {site.api.get(f'/factory/units/{row['id']}')}")
            assert paper.read_bytes().startswith(b"%PDF-")
            window.says("Label: Printed")
            window.find("button", "Print Label Again", where=can_press)
            await_focus(window, "Start Next Board")
            window.picture("factory-10-passed", 1)
        with steps.step("the next board is begun by Enter; N says no, and it keeps its number for another try"):
            settings(site).write_text(settings(site).read_text().replace(paper.name, "no-folder/label.pdf"))
            board.stop()
            board = board_rig.Blank(site.folder / "board-2", program, port=port)
            window.keys("Return")
            unit(2, "asking")
            await_focus(window, "Yes")
            window.keys("n")
            row = unit(2, "failed")
            assert row["serial"] == "H-0002" and not row["device_id"], row
            await_focus(window, "Try Again")
            window.picture("factory-11-refused")
            window.keys("Return")
            unit(2, "asking")
            await_focus(window, "Yes")
            window.keys("Return")
            row = unit(2, "passed")
            assert row["serial"] == "H-0002"
            window.says("That was the last one of this batch")
        with steps.step("a printer that fails costs no unit: the station says so"):
            row = wait_for(lambda: found if (found := site.api.get(f"/factory/units/{row['id']}"))["label"] == "failed" else None, 30, "the label's failure")
            assert row["status"] == "passed" and row["device_id"] and row["label_error"], row
            window.says("Label: Could not be printed")
            window.find("button", "Print Label Again", where=can_press)
            window.picture("factory-12-complete", 1)
    finally:
        board.stop()
    window.keys("alt+Left", "alt+Left")
    window.find("page tab", "Flashing")


def settings(site):
    """Where the window keeps the printer of its labels."""
    return site.folder / "config/muster/label-printer.ini"


def label_printer(site):
    """The printer that the person chose: the desktop's own that prints into a file, which is given back."""
    paper = site.folder / "label.pdf"
    settings(site).parent.mkdir(parents=True, exist_ok=True)
    settings(site).write_text(f"[Print Settings]\nprinter=Print to File\noutput-file-format=pdf\noutput-uri={paper.as_uri()}\n")
    return paper


def run_alone(steps, site, window):
    """By keyboard alone but for the port."""
    with steps.step("a plan is run against a board without a batch; its report says why it failed"):
        window.keys("ctrl+0")
        window.click("page tab", "Test Plans")
        window.type(window.find("entry", "Search: Test Plans"), "Thermometer")
        window.says("1 match")
        window.tab_to("toggle button", "Select")
        window.keys("space")
        window.tab_to("button", "Select All 1")
        window.keys("Return")
        window.says("1 selected")
        window.tab_to("button", "Run Against a Board…")
        window.keys("Return")
        dialog = window.find("alert", "Run the Plan")
        add_port(window, dialog, "/dev/nowhere")
        window.picture("factory-13-run")
        window.click("button", "Run", within=dialog, where=can_press)
        run = wait_for(lambda: (rows := site.api.get("/test-runs")["items"]) and rows[0]["status"] == "failed" and rows[0], 60, "the run's end")
        assert run["name"] == "Thermometer" and "/dev/nowhere" in run["error"] and run["report_hash"], run
        window.find("list item", begins("Meet the board"))
        window.picture("factory-14-run-report")
    return run


def save_report(steps, site, window, portal):
    with steps.step("its report is saved as JUnit, and as PDF from what is printed"):
        file = portal.next = site.folder / "report.xml"
        window.press(window.find_last("toggle button", "More"))
        # Items of menus have no names for assistive technology; this one is the first, and can be chosen.
        window.wait(lambda: (node := window.focused()) and node.get_role_name() == "menu item", what="the focus in the menu")
        window.keys("Return")
        wait_for(lambda: file.exists() and file.stat().st_size > 0, 30, "the report")
        suite = xml.parse(file).getroot().find("testsuite")
        assert suite.get("failures") == "1" and suite.find("testcase").get("name") == "Meet the board", file.read_text()
        print_paper(window, portal, site.folder / "report.pdf", "factory-15-print")
        window.keys("alt+Left")
        window.find("page tab", "Flashing")


def print_paper(window, portal, file, picture):
    """What Ctrl+P shows, saved from there."""
    window.keys("ctrl+p")
    dialog = window.dialog("Print")
    window.picture(picture, 1)
    portal.next = file
    window.click("button", "Save as PDF…", within=dialog, where=can_press)
    wait_for(lambda: file.exists() and file.read_bytes().startswith(b"%PDF-"), 30, "the PDF")
    window.gone("dialog", "Print")


def save_batch(steps, site, window, portal):
    with steps.step("the record of a batch is saved and printed"):
        window.click("page tab", "Batches")
        window.tab_to("table row", begins("Friday"))
        window.keys("Return")
        window.find("button", "Open the Station")
        file = portal.next = site.folder / "record.csv"
        window.keys("ctrl+e")
        wait_for(lambda: file.exists() and file.stat().st_size > 0, 30, "the record")
        rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
        assert [(row["number"], row["status"], row["attempt"]) for row in rows] == [("1", "failed", "2")], rows
        print_paper(window, portal, site.folder / "record.pdf", "factory-16-record")


def blank_boards(site):
    """Boards come from the emulators' folder, whose rig has the name of ours."""
    os.environ["MUSTER_EMULATORS"] = str(Path(site.build) / "firmware/emulators")
    folder = Path(__file__).resolve().parents[2] / "firmware/emulators"
    ours = sys.modules.pop("rig")
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("blank_board")
    finally:
        sys.path.remove(str(folder))
        sys.modules["rig"] = ours


def test(build, steps):
    config = tempfile.mkdtemp(prefix="muster-config-")
    with local_site_and_window(build, "Factory", env={"XDG_CONFIG_HOME": config}) as (site, window):
        (site.folder / "config").symlink_to(config)
        bench = Bench(site)
        plan(steps, site, window)
        station(steps, site, window, batch(steps, site, window))
        if len(sys.argv) > 2:
            make_units(steps, site, window, sys.argv[2])
        flash(steps, window, bench)
        go_on(steps, window, bench)
        tool_port(steps, site, window)
        window.close()
        with FilePortal() as portal, open_window(site, window.pictures, ENVIRONMENT) as other:
            run_alone(steps, site, other)
            save_report(steps, site, other, portal)
            save_batch(steps, site, other, portal)
    shutil.rmtree(config)


if __name__ == "__main__":
    sys.exit(run_main(test))
