/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "core/http/muster-engine-packet.h"
#include "core/http/muster-socket-filter.h"
#include "core/http/muster-socket-packet.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
read_message (GBytes *message)
{
  g_autoptr (MusterSocketPacket) packet = muster_socket_packet_parse (message, NULL);
  MusterSocketFilter filter;
  JsonNode          *argument = NULL;

  if (packet == NULL)
    return;
  if (packet->type == MUSTER_SOCKET_EVENT || packet->type == MUSTER_SOCKET_BINARY_EVENT)
    {
      g_assert_nonnull (muster_socket_packet_get_event (packet));
      argument = muster_socket_packet_get_argument (packet);
    }
  else if (packet->type == MUSTER_SOCKET_CONNECT)
    argument = packet->payload;
  if (argument == NULL || !JSON_NODE_HOLDS_OBJECT (argument))
    return;
  muster_socket_filter_init (&filter);
  muster_socket_filter_read (&filter, json_node_get_object (argument), NULL);
  muster_socket_filter_clear (&filter);
}

/* What a client of Socket.IO posts, or says in one frame. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  g_autoptr (GPtrArray) packets = muster_engine_payload_parse (body, NULL);
  g_autoptr (MusterEnginePacket) frame = muster_engine_packet_parse ((const char *)data, size, NULL);

  for (guint i = 0; packets != NULL && i < packets->len; i++)
    {
      MusterEnginePacket *packet = packets->pdata[i];

      if (packet->type == MUSTER_ENGINE_MESSAGE && !packet->is_binary)
        read_message (packet->data);
    }
  if (frame != NULL && frame->type == MUSTER_ENGINE_MESSAGE)
    read_message (frame->data);
  return 0;
}
