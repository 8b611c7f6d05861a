/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether an Accept-Encoding (RFC 9110 §12.5.3; nullable) takes gzip. */
gboolean muster_gzip_is_accepted (const char *accept_encoding);
/* BYTES compressed (RFC 1952), or NULL when that saves nothing. */
GBytes *muster_gzip_compress (GBytes *bytes);

G_END_DECLS
