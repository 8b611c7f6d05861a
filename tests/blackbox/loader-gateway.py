#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""loader-gateway.py BUILD SEED PUBLIC BOOT IMAGE NEXT: an emulated Uno, a unit with one slot, is updated through the node that is its gateway: by a rollout,
in the midst of which it loses its power; back to the former version, while it and the gateway both lose it; and not at all by an image that the gateway
does not trust. SEED and PUBLIC are the key that it does."""
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from gateway import PATIENCE, Gateway, check_record, state_of  # noqa: E402
from muster_site import Site, free_port, wait_for  # noqa: E402
from rig import Board  # noqa: E402

MODEL = "muster-uno"
NO_POWER = 75  # how an emulator ends that was told to
CUT_AFTER = 150  # of the 330 operations on flash that an update takes at least


class Images:
    """Images of an image's program, signed and named as the test wants them."""

    def __init__(self, site, build):
        self.site, self.tool, self.folder = site, str(Path(build) / "firmware/tools/muster-image"), site.folder / "images"
        self.folder.mkdir()

    def make_key(self):
        seed, public = self.folder / "seed", self.folder / "public"
        subprocess.run([self.tool, "keygen", seed, public], check=True, capture_output=True)
        return seed

    def upload(self, image, version, seed):
        """The artifact of that program; of a security counter that lets it be followed by any."""
        payload, path = self.folder / "payload", self.folder / f"uno-{version}.mfi"
        payload.write_bytes(Path(image).read_bytes()[256:])
        subprocess.run([self.tool, "pack", "--model", MODEL, "--hardware", "1", "--version", version, "--counter", "1", "--key", seed, payload, path],
                       check=True, capture_output=True)
        data = path.read_bytes()
        made = self.site.api.post("/firmware/uploads", {"file_name": path.name, "size": len(data)})["id"]
        self.site.api.call("PUT", f"/firmware/uploads/{made}/content?offset=0", data, {"Content-Type": "application/octet-stream"})
        return self.site.api.post(f"/firmware/uploads/{made}/finish", {})["id"]


def states_of(site, update):
    return [row["kind"] for row in site.api.get(f"/updates/{update}/events?sort=id&limit=1000")["items"]]


def await_end(site, update, status):
    def over():
        row = site.api.get(f"/updates/{update}")
        return row if row["finished_at"] else None

    done = wait_for(over, PATIENCE, f"the end of the update: {states_of(site, update)}")
    assert done["status"] == status, (done, states_of(site, update))
    return done


def check_version(site, device, version):
    wait_for(lambda: site.api.get(f"/devices/{device}")["firmware_version"] == version, PATIENCE, f"{version} in the record")
    wait_for(lambda: state_of(site, device) == "online", PATIENCE, "the unit online")


def restart(site, device, board, *options):
    board.stop()
    wait_for(lambda: state_of(site, device) == "offline", PATIENCE, "the unit offline")
    board.start(*options, port=board.port)
    wait_for(lambda: state_of(site, device) == "online", PATIENCE, "the unit online again")


def await_cut(board):
    assert board.process.wait(PATIENCE) == NO_POWER
    board.process = None


def check_rollout(site, device, board, artifact):
    restart(site, device, board, "--cut-after", str(CUT_AFTER))
    rollout = site.api.post("/rollouts", {"name": "Halls", "artifact_id": artifact, "filter": f"model={MODEL}"})["id"]
    site.api.call("POST", f"/rollouts/{rollout}/start")
    await_cut(board)
    update = site.api.get(f"/updates?rollout_id={rollout}")["items"][0]
    assert update["device_id"] == device and update["finished_at"] is None, update
    board.start(port=board.port)
    await_end(site, update["id"], "confirmed")
    check_version(site, device, "2.0.0")
    wait_for(lambda: site.api.get(f"/rollouts/{rollout}")["status"] == "finished", PATIENCE, "the end of the rollout")
    print(f"ok a rollout reaches the unit, whose power fails in the midst of it: {' '.join(states_of(site, update['id']))}", flush=True)


def check_return(site, device, board, gateway, artifact):
    restart(site, device, board, "--cut-after", str(CUT_AFTER))
    update = site.api.post("/updates", {"device_id": device, "artifact_id": artifact})["id"]
    await_cut(board)
    gateway.kill()
    board.start(port=board.port)
    gateway.start()
    await_end(site, update, "confirmed")
    check_version(site, device, "1.0.0")
    assert "goes on with an update" in site.log_path("gateway").read_text()
    assert not list(site.folder.glob("gateway/*.unit-update")), "what the gateway kept for the unit is still there"
    print(f"ok it is brought back to the former version, while it and its gateway lose their power: {' '.join(states_of(site, update))}", flush=True)


def check_stranger(site, device, artifact):
    update = site.api.post("/updates", {"device_id": device, "artifact_id": artifact})["id"]
    done = await_end(site, update, "failed")
    words = str(site.api.get(f"/updates/{update}/events?sort=id&limit=1000")["items"]) + str(done)
    assert "unknown-key" in words, words
    check_version(site, device, "1.0.0")
    print("ok the unit is not given an image that its gateway does not trust", flush=True)


def main():
    build, seed, public, boot, image, following = sys.argv[1:7]
    with tempfile.TemporaryDirectory(prefix="muster-board-") as folder, Site(build) as site:
        board = Board("uno", folder, Path(boot).read_bytes(), Path(image).read_bytes())
        board.start()
        try:
            site.start_daemon("--no-mdns", "--listen", f"127.0.0.1:{free_port()}")
            gateway = Gateway(site, board.port, "--update-key", public)
            gateway.start()
            device = check_record(site, gateway, "uno")
            images = Images(site, build)
            check_rollout(site, device, board, images.upload(following, "2.0.0", seed))
            check_return(site, device, board, gateway, images.upload(image, "1.0.0", seed))
            check_stranger(site, device, images.upload(following, "2.1.0", images.make_key()))
        finally:
            board.stop()


if __name__ == "__main__":
    main()
