/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Socket.IO protocol 5, within the messages of Engine.IO:
 * https://socket.io/docs/v4/socket-io-protocol/ */

#define MUSTER_SOCKET_MAX_ATTACHMENTS 16
#define MUSTER_SOCKET_MAX_NAMESPACE 128

typedef enum
{
  MUSTER_SOCKET_CONNECT,
  MUSTER_SOCKET_DISCONNECT,
  MUSTER_SOCKET_EVENT,
  MUSTER_SOCKET_ACK,
  MUSTER_SOCKET_CONNECT_ERROR,
  MUSTER_SOCKET_BINARY_EVENT,
  MUSTER_SOCKET_BINARY_ACK,
} MusterSocketPacketType;

typedef struct
{
  MusterSocketPacketType type;
  unsigned               n_attachments; /* messages of bytes that follow it */
  char *namespace;                      /* (owned): "/" or "/admin" */
  gint64    ack;                        /* what an answer names, or -1: none is wanted */
  JsonNode *payload;                    /* (owned) (nullable) */
} MusterSocketPacket;

void muster_socket_packet_free (MusterSocketPacket *self);

/* Reads the text of a message. MUSTER_ERROR_MALFORMED for what is no packet, or one whose payload
 * does not fit its type: an event is an array that begins with its name. (transfer full) */
MusterSocketPacket *muster_socket_packet_parse (GBytes *message, GError **error);
/* The name of an event: borrowed. */
const char *muster_socket_packet_get_event (MusterSocketPacket *self);
/* The first argument behind the name, or NULL: borrowed. */
JsonNode *muster_socket_packet_get_argument (MusterSocketPacket *self);

/* Begins the text of an Engine.IO message that holds a packet of TYPE for NAMESPACE. ACK: -1 for
 * none. */
GString *muster_socket_packet_begin (MusterSocketPacketType type,
                                     const char *namespace,
                                     gint64 ack);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSocketPacket, muster_socket_packet_free)

G_END_DECLS
