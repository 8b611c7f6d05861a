#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates of SWUpdate and bundles of RAUC before they are offered: files that are not what was signed are refused, signatures count by the
certificates that the site trusts, and what bears none that counts is given to nobody where the site demands it."""
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site, wait_for  # noqa: E402

OCTETS = {"Content-Type": "application/octet-stream"}


def run(*argv, **kwargs):
    return subprocess.run([str(arg) for arg in argv], check=True, capture_output=True, **kwargs).stdout


def refused(call, status):
    try:
        call()
    except ApiError as error:
        assert error.status == status, error
        return error.body
    raise AssertionError(f"was not refused with {status}")


class Signer:
    """A certificate of its own, or one that ISSUER gave."""

    def __init__(self, folder, name, issuer=None):
        self.key, self.pem, self.above = folder / f"{name}.key", folder / f"{name}.pem", issuer
        new = ["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout", self.key]
        if issuer is None:
            run(*new, "-x509", "-days", "30", "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,digitalSignature,keyCertSign",
                "-addext", "extendedKeyUsage=emailProtection,codeSigning", "-out", self.pem)
            return
        run(*new, "-out", folder / "request")
        (folder / "extensions").write_text("keyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection,codeSigning\n")
        run("openssl", "x509", "-req", "-days", "30", "-in", folder / "request", "-CA", issuer.pem, "-CAkey", issuer.key, "-CAcreateserial", "-extfile",
            folder / "extensions", "-out", self.pem)

    def sign(self, path, *options):
        return run("openssl", "cms", "-sign", "-binary", "-nosmimecap", "-outform", "DER", "-md", "sha256", "-signer", self.pem, "-inkey", self.key, "-in", path,
                   *options)


class Archive:
    """The parts of a .swu, to be spoilt one by one."""

    def __init__(self, folder, version="1.0.1"):
        self.folder = folder / f"swu-{version}"
        self.folder.mkdir()
        self.payload = os.urandom(200_000)
        self.files = ["payload.bin"]
        digest = hashlib.sha256(self.payload).hexdigest()
        # A comment with a brace, a second collection and a list are what a reader of such a file must bear.
        self.description = (f'software =\n{{\n  version = "{version}"; # not {{ this\n  hardware-compatibility: [ "1.0", "#RE:^2.*$" ];\n'
                            f'  stable = {{ main: {{ files: ( {{ filename = "payload.bin"; path = "/x"; sha256 = "{digest}"; }} ); }}; }};\n}}\n')

    def pack(self, signer=None, options=(), signature=None, payload=None, after=""):
        (self.folder / "sw-description").write_text(self.description)
        (self.folder / "payload.bin").write_bytes(payload or self.payload)
        names = ["sw-description", *self.files]
        if signer:
            signature = signer.sign(self.folder / "sw-description", *options)
        if signature:
            (self.folder / "sw-description.sig").write_bytes(signature)
            names.insert(1, "sw-description.sig")
        (self.folder / "sw-description").write_text(self.description + after)
        return run("cpio", "-o", "-H", "crc", "--quiet", input="".join(f"{name}\n" for name in names).encode(), cwd=self.folder)


class Bench:
    def __init__(self, site):
        self.site, self.api, self.folder, self.count = site, site.api, site.folder / "made", 0
        self.folder.mkdir()

    def bring(self, name, data, **members):
        self.count += 1
        made = self.api.post("/firmware/uploads", {"file_name": name, "size": len(data)})
        self.api.call("PUT", f"/firmware/uploads/{made['id']}/content?offset=0", data, OCTETS)
        return self.api.post(f"/firmware/uploads/{made['id']}/finish", {"name": f"Made {self.count}", **members})

    def refuses(self, word, name, data, **members):
        body = refused(lambda: self.bring(name, data, **members), 422)
        assert body["errors"][0]["pointer"] == "/file" and word in body["errors"][0]["detail"], (word, body)

    def trust(self, name, path):
        answer = self.site.ctl("--json", "signing", "trust", name, str(path))
        assert answer.returncode == 0, answer
        return json.loads(answer.stdout)


def manifest_of(artifact):
    manifest = artifact["manifest"]
    return json.loads(manifest) if isinstance(manifest, str) else manifest


def check_archives(bench):
    maker, stranger = Signer(bench.folder, "maker"), Signer(bench.folder, "stranger")
    archive = Archive(bench.folder)
    good = archive.pack(maker)
    before = bench.bring("up.swu", good)
    assert (before["format"], before["trust"], before["version"], before["signing_key_id"]) == ("swu", "foreign", "1.0.1", None), before
    told = manifest_of(before)
    assert told["hardware_compatibility"] == "1.0, #RE:^2.*$" and told["signed_by"] == "CN=maker" and told["files"][2] == "payload.bin", told
    bench.refuses("changed after it was signed", "up.swu", archive.pack(maker, after="# more\n"))
    bench.refuses("is not what sw-description says", "up.swu", archive.pack(maker, payload=b"other"))
    bench.refuses("is damaged", "up.swu", archive.pack(signature=b"\x30\x03\x02\x01\x00"))
    whole = archive.description
    archive.description = whole.replace("sha256", "sha1")
    bench.refuses("no sha256", "up.swu", archive.pack(maker))
    archive.description = whole.replace("filename = \"payload.bin\"", "filename = \"lost.bin\"")
    bench.refuses("lacks lost.bin", "up.swu", archive.pack(maker))
    archive.description = whole.rstrip().rstrip("}")
    bench.refuses("braces", "up.swu", archive.pack(maker))
    archive.description = json.dumps({"software": {"version": "2.5", "files": [{"filename": "payload.bin", "sha256": hashlib.sha256(archive.payload).hexdigest()}]}})
    assert bench.bring("up.swu", archive.pack(maker))["version"] == "2.5"
    archive.description = whole
    assert bench.bring("up.swu", archive.pack())["trust"] == "unsigned"
    assert manifest_of(bench.bring("up.swu", archive.pack(signature=os.urandom(256).replace(b"\x30", b"\x31"))))["signature_note"].startswith("of a bare key")

    body = refused(lambda: bench.api.post("/signing-keys", {"name": "No", "certificate": "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n"}), 422)
    assert body["errors"][0]["pointer"] == "/certificate", body
    key = bench.trust("Maker", maker.pem)
    assert (key["place"], key["status"]) == ("elsewhere", "active") and key["certificate"].startswith("-----BEGIN"), key
    refused(lambda: bench.api.post("/signing-keys", {"name": "Again", "certificate": key["certificate"]}), 409)
    # What is here already counts too, soon.
    wait_for(lambda: bench.api.get(f"/signing-keys/{key['id']}")["to_check"] == 0, 20, "what is here to be checked again")
    again = bench.api.get(f"/firmware/{before['id']}")
    assert (again["trust"], again["signing_key_id"]) == ("signed", key["id"]), again
    trusted = bench.bring("up.swu", archive.pack(maker))
    assert (trusted["trust"], trusted["signing_key_id"]) == ("signed", key["id"]), trusted
    # A signature need not bring the certificate of who made it, once the site has it.
    assert bench.bring("up.swu", archive.pack(maker, ("-nocerts",)))["trust"] == "signed"
    bench.refuses("changed after it was signed", "up.swu", archive.pack(maker, ("-nocerts",), after="# more\n"))
    foreign = bench.bring("up.swu", archive.pack(stranger))
    assert foreign["trust"] == "foreign", foreign
    unknown = bench.bring("up.swu", archive.pack(stranger, ("-nocerts",)))
    assert unknown["trust"] == "foreign" and "unchecked" in manifest_of(unknown)["signature_note"], unknown

    # Where signatures are demanded, only what counts is given.
    bench.api.call("PUT", "/settings/firmware.require-signature", {"value": True})
    device = bench.api.post("/devices/", {"name": "Lamp"})["id"]
    for artifact in (foreign, unknown):
        assert "demand" in refused(lambda artifact=artifact: bench.api.post("/updates", {"device_id": device, "artifact_id": artifact["id"]}), 409)["detail"]
    update = bench.api.post("/updates", {"device_id": device, "artifact_id": trusted["id"]})
    bench.api.call("PUT", "/settings/firmware.require-signature", {"value": False})
    assert bench.api.call("POST", f"/signing-keys/{key['id']}/revoke", {"reason": "Lost"})["status"] == "revoked"
    assert bench.api.get(f"/firmware/{trusted['id']}")["trust"] == "revoked"
    refused(lambda: bench.api.call("POST", f"/updates/{update['id']}/retry"), 409)
    bench.refuses("revoked", "up.swu", archive.pack(maker))
    print("ok archives of SWUpdate", flush=True)


def check_chain(bench):
    """The certificate of an authority vouches for those that it gave."""
    authority = Signer(bench.folder, "authority")
    builder = Signer(bench.folder, "builder", authority)
    archive = Archive(bench.folder, "3.0")
    assert bench.bring("up.swu", archive.pack(builder))["trust"] == "foreign"
    key = bench.trust("Authority", authority.pem)
    signed = bench.bring("up.swu", archive.pack(builder))
    assert (signed["trust"], signed["signing_key_id"]) == ("signed", key["id"]) and manifest_of(signed)["signed_by"] == "CN=builder", signed
    # Two signatures count if one does.
    other = Signer(bench.folder, "other")
    both = bench.bring("up.swu", archive.pack(other, ("-signer", builder.pem, "-inkey", builder.key)))
    assert both["trust"] == "signed", both
    print("ok chains", flush=True)


def spoil(data, at):
    spoilt = bytearray(data)
    spoilt[at] ^= 1
    return bytes(spoilt)


def check_bundles(bench):
    if not all(shutil.which(name) for name in ("rauc", "mksquashfs")):
        print("skipped: bundles of RAUC (rauc is not here)", flush=True)
        return
    signer = Signer(bench.folder, "bundler")
    key = bench.trust("Bundler", signer.pem)
    for form in ("plain", "verity"):
        content = bench.folder / f"content-{form}"
        content.mkdir()
        # Enough for a tree of two levels.
        (content / "root.img").write_bytes(os.urandom(1_200_000))
        (content / "manifest.raucm").write_text(f"[update]\ncompatible=TH-10\nversion=7.1\n\n[bundle]\nformat={form}\n\n[image.rootfs]\nfilename=root.img\n")
        path = bench.folder / f"{form}.raucb"
        run("rauc", f"--cert={signer.pem}", f"--key={signer.key}", "bundle", content, path)
        data = path.read_bytes()
        bundle = bench.bring("up.raucb", data, **({"version": "7.1"} if form == "plain" else {}))
        assert (bundle["format"], bundle["trust"], bundle["signing_key_id"], bundle["version"]) == ("raucb", "signed", key["id"], "7.1"), bundle
        assert form == "plain" or manifest_of(bundle)["compatible"] == "TH-10", bundle
        tree = 0 if form == "plain" else 4096 * 4
        for at in (5000, 700_000, len(data) - 5000 - tree, len(data) - 3000):
            bench.refuses("", "up.raucb", spoil(data, at), version="7.1")
        bench.refuses("changed after it was signed", "up.raucb", spoil(data, 700_000), version="7.1")
        bench.refuses("signature at its end is missing", "up.raucb", data[:-100] + bytes(100), version="7.1")
    print("ok bundles of RAUC", flush=True)


def main():
    with Site(sys.argv[1]) as site:
        site.start_daemon("--no-mdns")
        bench = Bench(site)
        check_archives(bench)
        check_chain(bench)
        check_bundles(bench)


if __name__ == "__main__":
    main()
