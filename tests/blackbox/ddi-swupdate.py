#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's SWUpdate against the daemon: updates that succeed, fail, bear a bad signature or are for other hardware; cancelling before and during
a download; going on with a broken one; soft ones; in windows; two at once; both kinds of token; TLS."""
import datetime
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_ddi import Authority  # noqa: E402
from muster_site import Site, free_port, wait_for  # noqa: E402
from swupdate_bench import GATEWAY, NEEDED, PATIENCE, SKIP, Bench, Image, SwUpdate, make_key, skip_without  # noqa: E402
from valve import Valve  # noqa: E402


def test_success(bench):
    """It installs, and says that it worked when it comes back."""
    image = Image(bench, "good")
    name, token, action = bench.give(image)
    with SwUpdate(bench, name, bench.url, token, "--identify", "serial", "4711") as client:
        bench.wait_message(name, action, "All Chunks Installed.")
        assert image.is_installed and bench.management.action(name, action)["active"], client.text[-3000:]
        wait_for(lambda: bench.management.get(f"targets/{name}/attributes").get("serial") == "4711", PATIENCE, "its attributes")
    with SwUpdate(bench, name, bench.url, token, "-c", "2"):
        bench.wait_status(name, action, "finished")
    assert bench.management.get(f"targets/{name}")["updateStatus"] == "in_sync"
    assert [row["type"] for row in bench.management.statuses(name, action)].count("retrieved") == 1


def expect_failure(bench, label, **image):
    made = Image(bench, label, **image)
    name, token, action = bench.give(made)
    with SwUpdate(bench, name, bench.url, token):
        bench.wait_status(name, action, "error")
    assert not made.is_installed and bench.messages(name, action), label


def test_failures(bench):
    expect_failure(bench, "script", script='#!/bin/sh\nprintf "\\033[1m\\001 \\374 said \\"no\\"\\n"\nexit 1\n')
    make_key(bench.folder, "stranger")
    expect_failure(bench, "signature", signer="stranger")
    expect_failure(bench, "hardware", hardware="9.9")


def test_reverted(bench):
    """It installs, and says that it failed when it comes back."""
    image = Image(bench, "reverts")
    name, token, action = bench.give(image)
    with SwUpdate(bench, name, bench.url, token):
        bench.wait_message(name, action, "All Chunks Installed.")
    with SwUpdate(bench, name, bench.url, token, "-c", "3"):
        bench.wait_status(name, action, "error")


def test_cancel_before(bench):
    image = Image(bench, "never")
    name, token, action = bench.give(image, type="soft")
    bench.management.exchange("GET", f"/DEFAULT/controller/v1/{name}/deploymentBase/{action}", headers={"Authorization": f"TargetToken {token[1]}"})
    bench.management.cancel(name, action)
    assert bench.management.action(name, action)["detailStatus"] == "canceling"
    with SwUpdate(bench, name, bench.url, token):
        bench.wait_status(name, action, "canceled")
    assert not image.is_installed


def test_cancel_during(bench):
    image = Image(bench, "slow", size=4 * 1024 * 1024)
    name, token, action = bench.give(image)
    valve = Valve(bench.port)
    valve.rate = 200_000
    with SwUpdate(bench, name, f"http://127.0.0.1:{valve.own_port}", token):
        wait_for(lambda: "download" in [row["type"] for row in bench.management.statuses(name, action)], PATIENCE, "the download", 0.2)
        bench.management.cancel(name, action)
        bench.wait_status(name, action, "canceled")
    assert not image.is_installed


def test_resume(bench):
    """A connection that breaks is gone on with where it broke."""
    image = Image(bench, "broken", size=2 * 1024 * 1024)
    name, token, action = bench.give(image)
    valve = Valve(bench.port)
    valve.cut_after = 1024 * 1024
    with SwUpdate(bench, name, f"http://127.0.0.1:{valve.own_port}", token, "-r", "5", "-w", "1"):
        bench.wait_message(name, action, "All Chunks Installed.")
    assert image.is_installed and valve.cut_after is None
    assert [row["type"] for row in bench.management.statuses(name, action)].count("download") == 1


def test_two_at_once(bench):
    """One softly, one by the gateway's token, side by side."""
    images = [Image(bench, f"pair-{n}") for n in range(2)]
    first, second = bench.give(images[0], type="soft"), bench.give(images[1])
    with SwUpdate(bench, first[0], bench.url, first[1]), SwUpdate(bench, second[0], bench.url, ["-g", GATEWAY]):
        for name, _, action in (first, second):
            bench.wait_message(name, action, "All Chunks Installed.")
    assert all(image.is_installed for image in images)


def test_nothing_to_skip(bench):
    """What is only to be downloaded is not told to one that would call it done."""
    image = Image(bench, "later")
    name, token, action = bench.give(image, type="downloadonly")
    with SwUpdate(bench, name, bench.url, token, "--identify", "poll", "yes"):
        wait_for(lambda: bench.management.get(f"targets/{name}/attributes").get("poll") == "yes", PATIENCE, "a poll")
        time.sleep(3)
    assert bench.management.action(name, action)["active"] and not image.is_installed


def clock(hours):
    return (datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=hours)).strftime("%H:%M")


def test_window(bench):
    """Outside of its window it is not told, and so does not call it done; once the window is open, it installs."""
    api = bench.site.api
    zone, image = api.get("/site")["timezone"], Image(bench, "timed")
    api.call("PUT", "/site", {"timezone": "Etc/UTC"})
    name, token, action = bench.give(image)
    bench.management.cancel(name, action)
    artifact = next(row["id"] for row in api.get("/firmware?sort=-created_at&limit=1")["items"])
    target = next(row for row in api.get("/update-targets?limit=1000")["items"] if row["controller_id"] == name)
    update = api.post("/updates", {"device_id": target["device_id"], "artifact_id": artifact, "window": {"from": clock(5), "to": clock(7)}})
    with SwUpdate(bench, name, bench.url, token, "--identify", "poll", "yes"):
        wait_for(lambda: bench.management.get(f"targets/{name}/attributes").get("poll") == "yes", PATIENCE, "a poll")
        time.sleep(3)
        assert api.get(f"/updates/{update['id']}")["status"] == "waiting" and not image.is_installed
        # Six hours to the east it is open.
        api.call("PUT", "/site", {"timezone": "Etc/GMT-6"})
        bench.wait_message(name, update["number"], "All Chunks Installed.")
    api.call("PUT", "/site", {"timezone": zone})
    assert image.is_installed


def install_by_tls(bench, label, make_members):
    """SWUpdate installs over HTTPS, let in by what MAKE_MEMBERS says for its name and token."""
    image = Image(bench, label)
    name, token, action = bench.give(image)
    config = bench.folder / f"{label}.cfg"
    config.write_text(f'globals : {{ verbose = true; }};\nsuricatta : {{ server = "hawkbit"; tenant = "DEFAULT"; id = "{name}"; url = "https://127.0.0.1:{bench.https}"; '
                      f'nocheckcert = false; cafile = "{bench.site.folder / "data/broker/authority.pem"}"; {make_members(name, token[1])} }};\n')
    with SwUpdate(bench, name, f"https://127.0.0.1:{bench.https}", [], options=("-f", str(config))) as client:
        try:
            bench.wait_message(name, action, "All Chunks Installed.")
        except TimeoutError:
            print(client.text[-3000:])
            raise
    assert image.is_installed


def test_tls(bench):
    """By its token, though it is asked for a certificate that it has not; and by its certificate alone."""
    authority = Authority(bench.folder, "fleet")
    bench.site.api.call("PUT", "/settings/ddi.client-authorities", {"value": str(authority.pem)})

    def by_certificate(name, token):
        certificate, key = authority.sign(name)
        return f'sslcert = "{certificate}"; sslkey = "{key}";'
    install_by_tls(bench, "private", lambda name, token: f'targettoken = "{token}";')
    install_by_tls(bench, "certified", by_certificate)
    bench.site.api.call("PUT", "/settings/ddi.client-authorities", {"value": None})


def main():
    if skip_without(*NEEDED):
        return SKIP
    port, https = free_port(), free_port()
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns", "--listen-plain", f"127.0.0.1:{port}", "--listen", f"127.0.0.1:{https}")
        bench = Bench(site, port, https)
        tests = (test_success, test_failures, test_reverted, test_cancel_before, test_cancel_during, test_resume, test_two_at_once, test_nothing_to_skip, test_window, test_tls)
        for test in tests:
            if sys.argv[2:] and test.__name__ not in sys.argv[2:]:
                continue
            begin = time.monotonic()
            test(bench)
            print(f"ok {test.__name__} ({time.monotonic() - begin:.1f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
