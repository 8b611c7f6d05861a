/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The value of `Webhook-Signature` by the Standard Webhooks specification 1.0.0: "v1," and the
 * base64 of the HMAC-SHA256 of "ID.TIMESTAMP.BODY". SECRET: "whsec_" and the key in base64; any
 * other text is the key itself. TIMESTAMP: seconds since 1970. (transfer full). */
char *muster_webhook_sign (const char *secret, const char *id, gint64 timestamp, const char *body);

G_END_DECLS
