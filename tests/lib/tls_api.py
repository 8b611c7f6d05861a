# SPDX-License-Identifier: GPL-3.0-or-later
"""The API as everybody elsewhere meets it: over HTTPS, with a token."""
import http.client
import ssl

from muster_site import Api


class TlsApi(Api):
    """One connection to a site's HTTPS port. TOKEN None: nobody. SOURCE: another address of loopback, which the site takes for another machine. HOST: where the site
    listens, if that is not loopback."""

    def __init__(self, port, token=None, source="127.0.0.1", host="127.0.0.1"):
        super().__init__(None)
        self.port, self.token, self.host = port, token, host
        self.source = (source, 0) if host == "127.0.0.1" else None
        self.context = ssl.create_default_context()
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE

    def make_connection(self):
        return http.client.HTTPSConnection(self.host, self.port, timeout=30, context=self.context, source_address=self.source)

    def exchange(self, method, target, body=None, headers=None):
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent.update(headers or {})
        return super().exchange(method, target, body, sent)
