/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-socket-packet"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-json-body.h"
#include "muster-socket-packet.h"

void
muster_socket_packet_free (MusterSocketPacket *self)
{
  g_free (self->namespace);
  g_clear_pointer (&self->payload, json_node_unref);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *detail)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "no packet of Socket.IO 5: %s", detail);
  return FALSE;
}

/* A number of at most 15 digits at *P, into VALUE; *P is then behind it. FALSE where there is none.
 */
static gboolean
read_number (const char **p, const char *end, gint64 *value)
{
  const char *start = *p;

  *value = 0;
  while (*p < end && g_ascii_isdigit (**p) && *p - start < 15)
    *value = *value * 10 + *(*p)++ - '0';
  return *p > start;
}

/* "2-": how many messages of bytes follow. */
static gboolean
read_attachments (MusterSocketPacket *self, const char **p, const char *end, GError **error)
{
  gint64 n;

  if (self->type != MUSTER_SOCKET_BINARY_EVENT && self->type != MUSTER_SOCKET_BINARY_ACK)
    return TRUE;
  if (!read_number (p, end, &n) || *p == end || *(*p)++ != '-')
    return refuse (error, "the number of attachments and a hyphen are missing");
  if (n > MUSTER_SOCKET_MAX_ATTACHMENTS)
    return refuse (error, "it has more than 16 attachments");
  self->n_attachments = n;
  return TRUE;
}

/* "/admin," or nothing; a query behind it is of older protocols. */
static gboolean
read_namespace (MusterSocketPacket *self, const char **p, const char *end, GError **error)
{
  const char *start = *p, *stop = NULL, *query = NULL;

  if (start == end || *start != '/')
    {
      self->namespace = g_strdup ("/");
      return TRUE;
    }
  stop = memchr (start, ',', end - start);
  *p = stop != NULL ? stop + 1 : end;
  if (stop == NULL)
    stop = end;
  query = memchr (start, '?', stop - start);
  if (query != NULL)
    stop = query;
  if (stop - start > MUSTER_SOCKET_MAX_NAMESPACE)
    return refuse (error, "the name of its namespace is too long");
  self->namespace = g_strndup (start, stop - start);
  return TRUE;
}

static gboolean
is_event (JsonNode *payload)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (payload) ? json_node_get_array (payload) : NULL;
  JsonNode  *name =
    array != NULL && json_array_get_length (array) > 0 ? json_array_get_element (array, 0) : NULL;

  return name != NULL && JSON_NODE_HOLDS_VALUE (name) &&
         json_node_get_value_type (name) == G_TYPE_STRING;
}

static gboolean
check_payload (MusterSocketPacket *self, GError **error)
{
  switch (self->type)
    {
    case MUSTER_SOCKET_CONNECT:
      return self->payload == NULL || JSON_NODE_HOLDS_OBJECT (self->payload) ||
             refuse (error, "what comes with a connect is an object");
    case MUSTER_SOCKET_DISCONNECT:
      return self->payload == NULL || refuse (error, "nothing comes with a disconnect");
    case MUSTER_SOCKET_EVENT:
    case MUSTER_SOCKET_BINARY_EVENT:
      return (self->payload != NULL && is_event (self->payload)) ||
             refuse (error, "an event is an array that begins with its name");
    case MUSTER_SOCKET_ACK:
    case MUSTER_SOCKET_BINARY_ACK:
      return (self->payload != NULL && JSON_NODE_HOLDS_ARRAY (self->payload) && self->ack >= 0) ||
             refuse (error, "an acknowledgement has a number and an array");
    case MUSTER_SOCKET_CONNECT_ERROR:
      return refuse (error, "servers alone refuse to connect");
    default:
      return refuse (error, "its type is a digit from 0 to 6");
    }
}

MusterSocketPacket *
muster_socket_packet_parse (GBytes *message, GError **error)
{
  g_autoptr (MusterSocketPacket) self = g_new0 (MusterSocketPacket, 1);
  gsize       length;
  const char *p = g_bytes_get_data (message, &length);
  const char *end = p + length;

  self->ack = -1;
  if (length == 0 || *p < '0' || *p > '6')
    {
      refuse (error, "it begins with a digit from 0 to 6");
      return NULL;
    }
  self->type = *p++ - '0';
  if (!read_attachments (self, &p, end, error) || !read_namespace (self, &p, end, error))
    return NULL;
  if (!read_number (&p, end, &self->ack))
    self->ack = -1;
  if (p < end)
    {
      g_autoptr (GBytes) json = g_bytes_new_from_bytes (message, length - (end - p), end - p);

      self->payload = muster_json_body_parse (json, error);
      if (self->payload == NULL)
        return NULL;
    }
  return check_payload (self, error) ? g_steal_pointer (&self) : NULL;
}

const char *
muster_socket_packet_get_event (MusterSocketPacket *self)
{
  return json_array_get_string_element (json_node_get_array (self->payload), 0);
}

JsonNode *
muster_socket_packet_get_argument (MusterSocketPacket *self)
{
  JsonArray *array = json_node_get_array (self->payload);

  return json_array_get_length (array) > 1 ? json_array_get_element (array, 1) : NULL;
}

GString *
muster_socket_packet_begin (MusterSocketPacketType type, const char *namespace, gint64 ack)
{
  GString *text = g_string_sized_new (128);

  g_string_append_printf (text, "4%d", type);
  if (strcmp (namespace, "/") != 0)
    g_string_append_printf (text, "%s,", namespace);
  if (ack >= 0)
    g_string_append_printf (text, "%" G_GINT64_FORMAT, ack);
  return text;
}
