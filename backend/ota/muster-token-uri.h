/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MUSTER_TOKEN_URI_MAX 1000

/* What of URI, a PKCS #11 URI (RFC 7512), names a private key on a token: `token`, `manufacturer`,
 * `model`, `serial`, `object` and `id`, as they were written and in that order: (transfer full). It
 * must name a token by `token` or `serial`, and a key by `object` or `id`. One that holds a PIN or
 * says where one is, or names a module, a slot or what is no private key, is refused:
 * MUSTER_ERROR_INVALID at POINTER. */
char *muster_token_uri_normalize (const char *uri, const char *pointer, GError **error);

G_END_DECLS
