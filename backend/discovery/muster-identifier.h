/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-http-fetch.h"
#include "muster-mdns-record.h"

G_BEGIN_DECLS

/* Asks what stands at ADDRESS ("192.0.2.7", "lamp.lan:8080", "[2001:db8::7]:80"; without a port:
 * 80) by one request each of the ways that families answer: `/pair`, `/shelly`, `/json/info`,
 * `/cm?cmnd=Status%200`. Resolves to a MusterMdnsRecord of the type that the device would announce,
 * `_http._tcp` where it answers but says nothing of itself. Rejects with MUSTER_ERROR_INVALID (no
 * address of one host), _NOT_FOUND (no such name), _UNAVAILABLE or _TIMED_OUT (no answer). */
DexFuture *muster_identify_address (MusterHttpFetch *fetch, const char *address);

/* What JSON, the answer to PATH, tells: (transfer full), or NULL when it is not of that family.
 * HOST and IP: as in the record. */
MusterMdnsRecord *muster_identify_answer (const char *path,
                                          const char *json,
                                          gssize      length,
                                          const char *host,
                                          const char *ip,
                                          guint16     port);

G_END_DECLS
