# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else's mosquitto, which a site uses instead of its own."""
import os
import shutil
import subprocess

from muster_site import free_port, wait_for


def make_certificates(folder, name):
    quiet = {"check": True, "capture_output": True}
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=Plant",
                    "-keyout", folder / "ca.key", "-out", folder / "ca.pem"], **quiet)
    subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout", folder / "key.pem",
                    "-out", folder / "request.pem"], **quiet)
    (folder / "names").write_text(f"subjectAltName=DNS:{name},DNS:localhost,IP:127.0.0.1\n")
    subprocess.run(["openssl", "x509", "-req", "-in", folder / "request.pem", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-CAcreateserial",
                    "-days", "2", "-extfile", folder / "names", "-out", folder / "cert.pem"], **quiet)


class PlantBroker:
    """With TLS at `port` for the daemon, whose account is "muster"; without at `plain` for what cannot do TLS. `people`: more accounts, {name: password}."""

    def __init__(self, site, name, people):
        self.site, self.folder = site, site.folder / "plant"
        self.folder.mkdir()
        self.port, self.plain = free_port(), free_port()
        make_certificates(self.folder, name)
        for number, (person, password) in enumerate({"muster": "hush", **people}.items()):
            subprocess.run(["mosquitto_passwd", *([] if number else ["-c"]), "-b", self.folder / "passwords", person, password], check=True)
        (self.folder / "broker.conf").write_text(
            f"listener {self.port} 127.0.0.1\ncafile {self.folder}/ca.pem\ncertfile {self.folder}/cert.pem\nkeyfile {self.folder}/key.pem\n"
            f"listener {self.plain} 127.0.0.1\nallow_anonymous false\npassword_file {self.folder}/passwords\n" + ("user root\n" if os.geteuid() == 0 else ""))
        self.start()

    def start(self):
        program = shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
        self.process = self.site.spawn("plant-broker", [program, "-c", self.folder / "broker.conf"])

    def kill(self):
        self.process.kill()
        self.process.wait()

    def use(self, *options):
        """Starts the site's daemon with those options, has it use this broker, and starts it anew."""
        self.site.start_daemon("--no-mdns", *options)
        for key, value in (("external-uri", f"mqtts://127.0.0.1:{self.port}"), ("external-user", "muster"), ("external-password", "hush"),
                           ("external-ca-file", str(self.folder / "ca.pem"))):
            self.site.api.call("PUT", f"/settings/broker.{key}", {"value": value})
        assert self.site.stop_daemon() == 0
        self.site.start_daemon("--no-mdns", *options)
        wait_for(lambda: self.site.api.get("/messaging/status")["state"] == "up", 30, "the connection to the broker")
