/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-router.h"

G_BEGIN_DECLS

/* What the other side of a TLS connection has shown, where the server asks for it
 * (muster_http_server_set_asks()): it has the key to it, and nobody has looked at who signed it.
 * (transfer none) (nullable). */
GTlsCertificate *muster_request_get_certificate (MusterRequest *self);

G_END_DECLS
