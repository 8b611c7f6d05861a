/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Engine.IO protocol 4: https://socket.io/docs/v4/engine-io-protocol/ */

/* Bytes of one request's or frame's payload. */
#define MUSTER_ENGINE_MAX_PAYLOAD 1000000
#define MUSTER_ENGINE_MAX_PACKETS 1000

typedef enum
{
  MUSTER_ENGINE_OPEN,
  MUSTER_ENGINE_CLOSE,
  MUSTER_ENGINE_PING,
  MUSTER_ENGINE_PONG,
  MUSTER_ENGINE_MESSAGE,
  MUSTER_ENGINE_UPGRADE,
  MUSTER_ENGINE_NOOP,
} MusterEnginePacketType;

typedef struct
{
  MusterEnginePacketType type;
  GBytes                *data;      /* (owned): what follows the type; text is valid UTF-8 */
  gboolean               is_binary; /* a message of bytes */
} MusterEnginePacket;

void muster_engine_packet_free (MusterEnginePacket *self);

/* One packet, as a text frame holds it. MUSTER_ERROR_MALFORMED for what is none. (transfer full) */
MusterEnginePacket *muster_engine_packet_parse (const char *text, gsize length, GError **error);

/* The packets of a body of the polling transport, joined by 0x1e: (transfer full) (element-type
 * MusterEnginePacket). MUSTER_ERROR_MALFORMED when one of them is none, MUSTER_ERROR_TOO_LARGE when
 * they are too many. */
GPtrArray *muster_engine_payload_parse (GBytes *body, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterEnginePacket, muster_engine_packet_free)

G_END_DECLS
