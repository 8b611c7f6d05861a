#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys that PKCS #11 tokens hold (SoftHSM here): added by their URI, asked for their PIN at each signature, followed by others and following;
wrong and locked PINs, tokens that are not there, modules that are not loaded; and keys that come as files."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from muster_site import ApiError, Site  # noqa: E402

SKIP = 77
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/lib/pkcs11/libsofthsm2.so")
PIN, PASSPHRASE = "1234", "a long passphrase"
OCTETS = {"Content-Type": "application/octet-stream"}


def run(*argv, **kwargs):
    return subprocess.run([str(arg) for arg in argv], check=True, capture_output=True, **kwargs).stdout


def refused(call, status, pointer=None, word=""):
    try:
        call()
    except ApiError as error:
        assert error.status == status, error
        rows = error.body.get("errors", [])
        assert pointer is None or [row["pointer"] for row in rows] == [pointer], error
        assert word in (rows[0]["detail"] if pointer is not None else error.body["detail"]), error
        return error.body
    raise AssertionError(f"was not refused with {status}")


class Tokens:
    """Tokens of SoftHSM in a folder of their own; ENV leads to them."""

    def __init__(self, folder, module):
        self.folder, self.module = folder / "token", module
        (self.folder / "tokens").mkdir(parents=True)
        config = self.folder / "softhsm2.conf"
        config.write_text(f"directories.tokendir = {self.folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
        self.env = {**os.environ, "SOFTHSM2_CONF": str(config), "SOFTHSM2_MODULE": module}

    def make(self, label):
        run("softhsm2-util", "--module", self.module, "--init-token", "--free", "--label", label, "--so-pin", "12345678", "--pin", PIN, env=self.env)

    def add_key(self, token, label, number, kind="ed25519"):
        """Its public half in hexadecimal digits; None where it is of another kind."""
        path = self.folder / f"{label}.pem"
        run("openssl", "genpkey", *(("-algorithm", "ed25519") if kind == "ed25519" else ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")), "-out", path)
        run("softhsm2-util", "--module", self.module, "--import", path, "--token", token, "--label", label, "--id", number, "--pin", PIN, env=self.env)
        return public_of(path) if kind == "ed25519" else None


def public_of(path):
    return run("openssl", "pkey", "-in", path, "-pubout", "-outform", "DER")[-32:].hex()


class Bench:
    def __init__(self, site, tokens):
        self.site, self.api, self.tokens, self.count = site, site.api, tokens, 0
        self.image_tool = str(site.build / "firmware/tools/muster-image")

    def add(self, name, uri, pin=PIN):
        return self.api.post("/signing-keys", {"name": name, "token_uri": uri, "passphrase": pin})

    def bring_image(self):
        self.count += 1
        payload, image = self.site.folder / "payload", self.site.folder / "image.mfi"
        payload.write_bytes(os.urandom(50_000))
        run(self.image_tool, "pack", "--model", "TH-10", "--version", f"1.0.{self.count}", "--key", self.seed, payload, image)
        # As it is before anybody signs it.
        data = image.read_bytes()
        data = data[:112] + bytes(144) + data[256:]
        made = self.api.post("/firmware/uploads", {"file_name": "image.mfi", "size": len(data)})
        self.api.call("PUT", f"/firmware/uploads/{made['id']}/content?offset=0", data, OCTETS)
        return self.api.post(f"/firmware/uploads/{made['id']}/finish", {})["id"]

    def sign(self, artifact, key, secret=PIN, **more):
        return self.api.post(f"/firmware/{artifact}/sign", {"signing_key_id": key["id"], "passphrase": secret, **more})

    def check_signed_by(self, artifact, public_key):
        """As a device that knows this key alone would: one of the two places of firmware/IMAGE.md bears its signature."""
        data = self.api.exchange("GET", f"/firmware/{artifact}/content")[2]
        assert any(is_signature(self.site.folder, public_key, data[:end], data[end:end + 64]) for end in (192, 128)), data[:256].hex()


def test_uris(bench):
    for uri, word in (("pkcs11:token=Site;object=release?pin-value=1234", "must not tell a PIN"), ("pkcs11:token=Site;object=release?pin-source=file:/etc/x", "must not tell a PIN"),
                      ("pkcs11:object=release", "name the token"), ("pkcs11:token=Site", "name the key"), ("pkcs11:token=Site;object=release;type=public", "private key"),
                      ("pkcs11:token=Site;object=release?module-path=/tmp/x.so", "does not count"), ("pkcs11:token=Site;object=a b", "percent"),
                      ("pkcs11:token=Site;token=Other;object=a", "twice"), ("file:/etc/passwd", "PKCS #11 URI")):
        refused(lambda uri=uri: bench.add("No", uri), 422, "/token_uri", word)
    refused(lambda: bench.api.post("/signing-keys", {"name": "No", "token_uri": "pkcs11:token=Site;object=release"}), 422, "/passphrase")
    refused(lambda: bench.api.post("/signing-keys", {"name": "No", "token_uri": "pkcs11:token=Site;object=release", "passphrase": PIN, "secret_key": "00" * 32}), 422, "/secret_key")


def test_adding(bench, public_key):
    refused(lambda: bench.add("No", "pkcs11:token=Elsewhere;object=release"), 503, word="no token is there")
    refused(lambda: bench.add("No", "pkcs11:token=Site;object=nothing"), 422, "/token_uri", "names no key")
    refused(lambda: bench.add("No", "pkcs11:token=Site;object=curve"), 422, "/token_uri", "another kind")
    refused(lambda: bench.add("No", "pkcs11:token=Site;object=release", "4321"), 403, "/passphrase", "is not the PIN")
    assert bench.api.get("/signing-keys")["total"] == 0
    key = bench.add("Release", "pkcs11:object=release;type=private;token=Site")
    assert (key["place"], key["status"], key["public_key"], key["token_uri"]) == ("token", "active", public_key, "pkcs11:token=Site;object=release"), key
    refused(lambda: bench.add("Again", "pkcs11:token=Site;id=%01"), 409)
    refused(lambda: bench.api.call("PUT", f"/signing-keys/{key['id']}", {"token_uri": "pkcs11:token=Site;object=second"}), 422, "/token_uri")
    assert bench.api.call("PUT", f"/signing-keys/{key['id']}", {"name": "Releases"})["name"] == "Releases"
    return key


def test_signing(bench, key):
    artifact = bench.bring_image()
    # Having been open a moment ago opens it for nobody.
    refused(lambda: bench.sign(artifact, key, "4321"), 403, "/passphrase", "is not the PIN")
    signed = bench.sign(artifact, key)
    assert (signed["trust"], signed["signing_key_id"]) == ("signed", key["id"]), signed
    refused(lambda: bench.sign(artifact, key, "4321"), 403, "/passphrase", "is not the PIN")
    bench.check_signed_by(artifact, key["public_key"])


def test_both(bench, key):
    """One of here and one of a token sign together, whichever is the first; so do two of tokens."""
    second = bench.add("Second", "pkcs11:token=Site;object=second")
    here = bench.api.post("/signing-keys", {"name": "Here", "passphrase": PASSPHRASE})
    for first, first_secret, other, other_secret in ((key, PIN, here, PASSPHRASE), (here, PASSPHRASE, key, PIN), (key, PIN, second, PIN)):
        artifact = bench.bring_image()
        refused(lambda artifact=artifact, first=first, first_secret=first_secret, other=other:
                bench.sign(artifact, first, first_secret, second_key_id=other["id"], second_passphrase="not that one"), 403, "/second_passphrase")
        bench.sign(artifact, first, first_secret, second_key_id=other["id"], second_passphrase=other_secret)
        for one in (first, other):
            bench.check_signed_by(artifact, one["public_key"])
    return here


def test_rotating(bench, key, here):
    """Each of the two may be in a token."""
    rotate = f"/signing-keys/{key['id']}/rotate"
    refused(lambda: bench.api.post(rotate, {"name": "Next", "passphrase": "4321", "new_passphrase": PASSPHRASE}), 403, "/passphrase")
    refused(lambda: bench.api.post(rotate, {"name": "Next", "passphrase": PIN, "new_passphrase": "short"}), 422, "/new_passphrase")
    refused(lambda: bench.api.post(f"/signing-keys/{here['id']}/rotate", {"name": "Next", "passphrase": PASSPHRASE, "new_passphrase": "4321",
                                                                          "new_token_uri": "pkcs11:token=Site;object=third"}), 403, "/new_passphrase")
    out = bench.api.post(rotate, {"name": "Out of the token", "passphrase": PIN, "new_passphrase": PASSPHRASE})
    assert (out["place"], out["endorsed_by_id"]) == ("site", key["id"]) and bench.api.get(f"/signing-keys/{key['id']}")["status"] == "replaced", out
    answer = bench.site.ctl("--json", "signing", "rotate", here["id"], "Into the token", "pkcs11:token=Site;object=third", input=f"{PASSPHRASE}\n{PIN}\n")
    assert answer.returncode == 0, answer
    into = next(item for item in bench.api.get("/signing-keys")["items"] if item["name"] == "Into the token")
    assert (into["place"], into["endorsed_by_id"]) == ("token", here["id"]), into
    # What the old one said of the new one, as anybody can check it who has its public half.
    for old, new in ((key, out), (here, into)):
        assert is_signature(bench.site.folder, old["public_key"], b"muster-key-follows:" + bytes.fromhex(new["public_key"]), bytes.fromhex(new["endorsement"])), new
    artifact = bench.bring_image()
    bench.sign(artifact, into)
    bench.check_signed_by(artifact, into["public_key"])


def is_signature(folder, public_key, said, signature):
    (folder / "public.der").write_bytes(bytes.fromhex("302a300506032b6570032100" + public_key))
    (folder / "said").write_bytes(said)
    (folder / "signature").write_bytes(signature)
    return subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", folder / "public.der", "-keyform", "DER", "-rawin", "-in", folder / "said",
                           "-sigfile", folder / "signature"], capture_output=True, check=False).returncode == 0


def test_files(bench):
    """Keys that come as files: what muster-image and openssl write; others are refused."""
    pem, other, sealed = (bench.site.folder / name for name in ("own.pem", "other.pem", "sealed.pem"))
    run("openssl", "genpkey", "-algorithm", "ed25519", "-out", pem)
    run("openssl", "genpkey", "-algorithm", "X25519", "-out", other)
    run("openssl", "pkey", "-in", pem, "-aes256", "-passout", "pass:x", "-out", sealed)
    answer = bench.site.ctl("--json", "signing", "create", "From a file", str(pem), input=f"{PASSPHRASE}\n")
    assert answer.returncode == 0, answer
    made = next(item for item in bench.api.get("/signing-keys")["items"] if item["name"] == "From a file")
    assert (made["place"], made["public_key"]) == ("site", public_of(pem)), made
    artifact = bench.bring_image()
    bench.sign(artifact, made, PASSPHRASE)
    bench.check_signed_by(artifact, public_of(pem))
    for text, word in ((other.read_text(), "another kind"), (sealed.read_text(), "under a passphrase"), ("-----BEGIN PRIVATE KEY-----\nno\n" + "x" * 64, "cannot be read"),
                       ("g" * 64, "hexadecimal")):
        refused(lambda text=text: bench.api.post("/signing-keys", {"name": "No", "passphrase": PASSPHRASE, "secret_key": text}), 422, "/secret_key", word)


def test_modules(bench, locking):
    """What is loaded into the daemon is what root installed; a PIN that is locked is told from a wrong one."""
    def use(path):
        bench.api.call("PUT", "/settings/firmware.token-module", {"value": str(path)})

    stray = bench.site.folder / "stray.so"
    shutil.copy(bench.tokens.module, stray)
    for path, word in (("no/path.so", "names no file"), ("/nowhere/module.so", "names no file"), (stray, "must belong to root")):
        use(path)
        refused(lambda: bench.add("No", "pkcs11:token=Site;object=fourth"), 503, word=word)
    stray.chmod(0o600)
    if os.getuid() != 0 or not is_roots_alone(locking):
        print(f"skipped: a PIN that is locked ({locking} is not root's alone, so that it is not loaded)", flush=True)
        use(bench.tokens.module)
        return
    use(locking)
    uri = "pkcs11:token=Site%20locks;object=fourth"
    refused(lambda: bench.add("No", uri, "0"), 403, "/passphrase", "is not the PIN of the token")
    refused(lambda: bench.add("No", uri, "0"), 403, "/passphrase", "one try more")
    refused(lambda: bench.add("No", uri, "0"), 409, "/passphrase", "is locked")
    refused(lambda: bench.add("No", uri), 409, "/passphrase", "is locked")
    use(bench.tokens.module)
    assert bench.add("Fourth", "pkcs11:token=Site;object=fourth")["place"] == "token"


def is_roots_alone(path):
    return all(part.stat().st_uid == 0 and not part.stat().st_mode & 0o022 for part in (path, *path.parents[:-1]))


def test_gone(bench, key):
    """A token that is taken away."""
    artifact = bench.bring_image()
    (bench.tokens.folder / "tokens").rename(bench.tokens.folder / "elsewhere")
    (bench.tokens.folder / "tokens").mkdir()
    bench.site.stop_daemon()
    bench.site.start_daemon("--no-mdns")
    refused(lambda: bench.sign(artifact, key), 503, word="no token is there")
    assert bench.api.get(f"/signing-keys/{key['id']}")["place"] == "token"


def main():
    module = next((path for path in MODULES if os.path.exists(path)), None)
    missing = [name for name in ("softhsm2-util", "openssl") if shutil.which(name) is None] + ([] if module else ["libsofthsm2"])
    if missing:
        print(f"skipped: {', '.join(missing)} is not here")
        return SKIP
    with Site(sys.argv[1]) as site:
        tokens = Tokens(site.folder, module)
        tokens.make("Site")
        public_key = tokens.add_key("Site", "release", "01")
        for number, label in ((2, "second"), (3, "third"), (4, "fourth")):
            tokens.add_key("Site", label, f"{number:02}")
        tokens.add_key("Site", "curve", "05", "p256")
        site.env.update(SOFTHSM2_CONF=tokens.env["SOFTHSM2_CONF"], SOFTHSM2_MODULE=module)
        site.start_daemon("--no-mdns")
        bench = Bench(site, tokens)
        bench.seed = site.folder / "seed"
        run(bench.image_tool, "keygen", bench.seed, site.folder / "public")
        site.api.call("PUT", "/settings/firmware.token-module", {"value": module})
        test_uris(bench)
        key = test_adding(bench, public_key)
        test_signing(bench, key)
        here = test_both(bench, key)
        test_rotating(bench, key, here)
        test_files(bench)
        test_modules(bench, Path(sys.argv[2]).resolve())
        test_gone(bench, key)
    return 0


if __name__ == "__main__":
    sys.exit(main())
