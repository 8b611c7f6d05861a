/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-engine-packet"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-engine-packet.h"

#define SEPARATOR 0x1e

void
muster_engine_packet_free (MusterEnginePacket *self)
{
  g_bytes_unref (self->data);
  g_free (self);
}

/* Takes DATA. */
static MusterEnginePacket *
packet_new (MusterEnginePacketType type, GBytes *data, gboolean is_binary)
{
  MusterEnginePacket *self = g_new (MusterEnginePacket, 1);

  *self = (MusterEnginePacket){ type, data, is_binary };
  return self;
}

static void
refuse (GError **error, const char *detail)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "no packet of Engine.IO 4: %s", detail);
}

/* "b" and base64. */
static MusterEnginePacket *
parse_binary (const char *text, gsize length, GError **error)
{
  g_autofree char *base64 = g_strndup (text, length);
  guchar          *bytes = NULL;
  gsize            n_bytes = 0;

  if (strlen (base64) != length ||
      strspn (base64, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") !=
        length)
    {
      refuse (error, "bytes are sent as base64");
      return NULL;
    }
  bytes = g_base64_decode (base64, &n_bytes);
  return packet_new (MUSTER_ENGINE_MESSAGE, g_bytes_new_take (bytes, n_bytes), TRUE);
}

MusterEnginePacket *
muster_engine_packet_parse (const char *text, gsize length, GError **error)
{
  if (length == 0)
    refuse (error, "it is empty");
  else if (text[0] < '0' || text[0] > '6')
    refuse (error, "it begins with a digit from 0 to 6");
  else if (!g_utf8_validate_len (text + 1, length - 1, NULL))
    refuse (error, "text is UTF-8 without NUL");
  else
    return packet_new (text[0] - '0', g_bytes_new (text + 1, length - 1), FALSE);
  return NULL;
}

GPtrArray *
muster_engine_payload_parse (GBytes *body, GError **error)
{
  g_autoptr (GPtrArray) packets =
              g_ptr_array_new_with_free_func ((GDestroyNotify)muster_engine_packet_free);
  gsize       length;
  const char *text = g_bytes_get_data (body, &length);

  for (gsize start = 0; start <= length;)
    {
      const char *end = start < length ? memchr (text + start, SEPARATOR, length - start) : NULL;
      gsize       size = end != NULL ? (gsize)(end - text) - start : length - start;
      gboolean    is_binary = size > 0 && text[start] == 'b';
      MusterEnginePacket *packet = NULL;

      if (packets->len >= MUSTER_ENGINE_MAX_PACKETS)
        {
          g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                       "more than %d packets in one body", MUSTER_ENGINE_MAX_PACKETS);
          return NULL;
        }
      packet = is_binary ? parse_binary (text + start + 1, size - 1, error)
                         : muster_engine_packet_parse (size > 0 ? text + start : "", size, error);
      if (packet == NULL)
        return NULL;
      g_ptr_array_add (packets, packet);
      start += size + 1;
    }
  return g_steal_pointer (&packets);
}
