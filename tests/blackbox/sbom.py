#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bills of materials that are attached to firmware: recognised by their bytes, refused where they are broken, searched over all firmware after a
report of a weakness, and gone and back with their attachment."""
import json
import sys
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import Site  # noqa: E402

OCTETS = {"Content-Type": "application/octet-stream"}


def cyclonedx(*components):
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": [
        {"type": "library", "name": name, "version": version, "licenses": [{"license": {"id": "Apache-2.0"}}], "purl": f"pkg:deb/debian/{name}@{version}"}
        for name, version in components]}).encode()


def spdx(*components):
    return "".join(["SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: panel\n\n"] + [
        f"PackageName: {name}\nSPDXID: SPDXRef-{name}\nPackageVersion: {version}\nPackageLicenseConcluded: Zlib\n\n" for name, version in components]).encode()


class Bench:
    def __init__(self, site):
        self.site, self.api = site, site.api

    def make_firmware(self, name, version="1.0"):
        made = self.api.post("/firmware/uploads", {"file_name": "x.bin"})["id"]
        self.api.call("PUT", f"/firmware/uploads/{made}/content?offset=0", f"{name} {version}".encode(), OCTETS)
        return self.api.post(f"/firmware/uploads/{made}/finish", {"name": name, "version": version})["id"]

    def attach(self, owner, name, data, purpose=None, entity="firmware_artifact", expect=201):
        target = f"/attachments?entity={entity}&entity_id={owner}&name={quote(name)}" + (f"&purpose={purpose}" if purpose else "")
        status, _, answer = self.api.exchange("POST", target, data, OCTETS)
        assert status == expect, (name, status, answer)
        return json.loads(answer)

    def components(self, query):
        page = self.api.get(f"/firmware-components?sort=name&{query}")
        assert page["total"] == len(page["items"]), page
        return page["items"]

    def undo_last(self):
        last = self.api.get("/journal/?entity=attachment&limit=1")["items"][0]
        self.api.call("POST", f"/journal/{last['sequence']}/undo")


def test_recognised(bench, artifact):
    made = bench.attach(artifact, "panel.cdx.json", cyclonedx(("openssl", "3.0.11"), ("zlib", "1.3")), "document")
    assert (made["purpose"], made["sbom_format"], made["sbom_components"], made["media_type"]) == ("sbom", "CycloneDX 1.5", 2, "application/json"), made
    rows = bench.components(f"attachment_id={made['id']}")
    assert [(row["name"], row["version"], row["licence"], row["package_url"], row["artifact_id"]) for row in rows] == [
        ("openssl", "3.0.11", "Apache-2.0", "pkg:deb/debian/openssl@3.0.11", artifact), ("zlib", "1.3", "Apache-2.0", "pkg:deb/debian/zlib@1.3", artifact)], rows
    told = bench.attach(artifact, "panel.spdx", spdx(("busybox", "1.36")), "sbom")
    assert (told["sbom_format"], told["sbom_components"], told["media_type"]) == ("SPDX 2.3", 1, "text/plain"), told
    # What is something else stays that; and only firmware is made of components.
    for owner, entity, name, data in ((artifact, "firmware_artifact", "notes.txt", b"Only words\n"), (artifact, "firmware_artifact", "data.json", b'{"a": 1}'),
                                      (bench.api.post("/devices/", {"name": "Lamp"})["id"], "device", "bom.json", cyclonedx(("openssl", "3")))):
        other = bench.attach(owner, name, data, "document", entity)
        assert (other["purpose"], other["sbom_format"]) == ("document", None), other
        body = bench.api.exchange("PUT", f"/attachments/{other['id']}", {"purpose": "sbom"})
        assert body[0] == 422, body
    assert len(bench.components("")) == 3
    return made


def test_refused(bench, artifact):
    """What says that it is one, or is called one, must be one that can be read."""
    for name, data, purpose, word in (("a.json", cyclonedx(("openssl", "3"))[:-9], None, "cannot be read"), ("b.json", b'{"bomFormat": "CycloneDX", "specVersion": "7.0"}', None, "specVersion"),
                                      ("c.json", cyclonedx(("", "1")), None, "component 1"), ("d.spdx", b"SPDXVersion: SPDX-2.3\nnonsense\n", None, "line 2"),
                                      ("e.txt", b"Only words\n", "sbom", "no tag and value in line 1"), ("f.json", b'{"a": 1}', "sbom", "no bill of materials")):
        body = bench.attach(artifact, name, data, purpose, expect=422)
        assert body["errors"][0]["pointer"] == "/file" and word in body["errors"][0]["detail"], (name, body)
    assert bench.api.get(f"/attachments?entity=firmware_artifact&entity_id={artifact}")["total"] == 4


def test_searched(bench, artifact):
    """Which firmware contains openssl, and in which version?"""
    other = bench.make_firmware("Gateway", "4.2")
    bench.attach(other, "gateway.json", cyclonedx(("openssl", "3.2.1"), ("libssl-dev", "3.2.1")))
    assert {(row["artifact_id"], row["version"]) for row in bench.components("name=openssl")} == {(artifact, "3.0.11"), (other, "3.2.1")}
    assert [row["artifact_id"] for row in bench.components("name=openssl&version=3.0.11")] == [artifact]
    assert {row["name"] for row in bench.components("q=ssl")} == {"openssl", "libssl-dev"}
    answer = bench.site.ctl("firmware-components", "name=openssl")
    assert answer.returncode == 0 and "3.0.11" in answer.stdout and artifact in answer.stdout and other in answer.stdout, answer
    status, _, table = bench.api.exchange("GET", "/exports/firmware-components?columns=name,version&sort=version&name=openssl")
    assert status == 200 and b"openssl,3.0.11" in table and b"zlib" not in table, (status, table)
    return other


def test_undone(bench, artifact, made, other):
    """Components go with their attachment, that goes with its firmware; and come back with it."""
    before = len(bench.components(""))
    assert bench.api.exchange("DELETE", f"/attachments/{made['id']}")[0] == 204
    assert len(bench.components("")) == before - 2 and not bench.components("name=zlib")
    bench.undo_last()
    assert [row["attachment_id"] for row in bench.components("name=zlib")] == [made["id"]] and len(bench.components("")) == before
    assert bench.api.exchange("DELETE", f"/firmware/{other}")[0] == 204
    assert not bench.components(f"artifact_id={other}") and bench.components("q=ssl")
    bench.undo_last()
    assert len(bench.components(f"artifact_id={other}")) == 2


def test_large(bench):
    """As many as are taken at most, in no more time than an operator waits."""
    many = bench.make_firmware("Large")
    made = bench.attach(many, "large.spdx", spdx(*((f"part-{n}", "1") for n in range(20_000))))
    assert made["sbom_components"] == 20_000 and bench.api.get(f"/firmware-components?artifact_id={many}&limit=1")["total"] == 20_000
    bench.attach(many, "larger.spdx", spdx(*((f"part-{n}", "1") for n in range(20_001))), expect=422)
    assert bench.api.exchange("DELETE", f"/attachments/{made['id']}")[0] == 204


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        bench = Bench(site)
        artifact = bench.make_firmware("Panel")
        made = test_recognised(bench, artifact)
        test_refused(bench, artifact)
        other = test_searched(bench, artifact)
        test_undone(bench, artifact, made, other)
        test_large(bench)


if __name__ == "__main__":
    main()
