/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-http-test-util"

#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "muster-http-test-util.h"

void
muster_test_answer_free (MusterTestAnswer *self)
{
  g_hash_table_unref (self->headers);
  g_free (self->body);
  g_free (self);
}

const char *
muster_test_answer_get_header (MusterTestAnswer *self, const char *name)
{
  return g_hash_table_lookup (self->headers, name);
}

char *
muster_test_answer_dup_member (MusterTestAnswer *self, const char *name)
{
  g_autoptr (JsonNode) node = json_from_string (self->body, NULL);
  JsonNode *member = node != NULL && JSON_NODE_HOLDS_OBJECT (node)
                       ? json_object_get_member (json_node_get_object (node), name)
                       : NULL;

  if (member == NULL)
    return NULL;
  return JSON_NODE_HOLDS_VALUE (member) && json_node_get_value_type (member) == G_TYPE_STRING
           ? json_node_dup_string (member)
           : json_to_string (member, FALSE);
}

static GIOStream *
connect_to (GSocketConnectable *address)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  GIOStream *stream = dex_await_object (dex_socket_client_connect (client, address), &error);

  g_assert_no_error (error);
  return stream;
}

GIOStream *
muster_test_connect_unix (const char *path)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);

  return connect_to (G_SOCKET_CONNECTABLE (address));
}

GIOStream *
muster_test_connect_tcp (MusterHttpServer *server)
{
  g_auto (GStrv) uris = muster_http_server_list_uris (server);
  g_autoptr (GSocketConnectable) address = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (uris[0]);
  address = g_network_address_parse_uri (uris[0], 80, &error);
  g_assert_no_error (error);
  return connect_to (address);
}

void
muster_test_write (GIOStream *stream, const char *text, gssize length)
{
  gsize left = length < 0 ? strlen (text) : (gsize)length;

  while (left > 0)
    {
      gssize n = dex_await_int64 (dex_output_stream_write (g_io_stream_get_output_stream (stream),
                                                           text, left, G_PRIORITY_DEFAULT),
                                  NULL);

      if (n <= 0)
        return; /* the other side has gone: its answer, if any, is still to be read */
      text += n;
      left -= n;
    }
}

/* Reads more into TEXT; FALSE at the end. */
static gboolean
read_more (GIOStream *stream, GString *text)
{
  g_autoptr (GBytes) bytes =
              dex_await_boxed (dex_input_stream_read_bytes (g_io_stream_get_input_stream (stream),
                                                            65536, G_PRIORITY_DEFAULT),
                               NULL);

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return FALSE;
  g_string_append_len (text, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return TRUE;
}

static void
parse_head (MusterTestAnswer *self, const char *head)
{
  g_auto (GStrv) lines = g_strsplit (head, "\r\n", -1);

  self->status = atoi (lines[0] + strlen ("HTTP/1.1 "));
  for (unsigned i = 1; lines[i] != NULL; i++)
    {
      char *colon = strchr (lines[i], ':');

      if (colon != NULL)
        g_hash_table_insert (self->headers, g_ascii_strdown (lines[i], colon - lines[i]),
                             g_strstrip (g_strdup (colon + 1)));
    }
}

MusterTestAnswer *
muster_test_read_answer (GIOStream *stream)
{
  MusterTestAnswer *self = g_new0 (MusterTestAnswer, 1);
  g_autoptr (GString) text = g_string_new (NULL);
  const char *length;
  char       *end;

  self->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  while ((end = strstr (text->str, "\r\n\r\n")) == NULL)
    if (!read_more (stream, text))
      return self;
  *end = '\0';
  parse_head (self, text->str);
  g_string_erase (text, 0, end + 4 - text->str);
  length = muster_test_answer_get_header (self, "content-length");
  while (length != NULL && text->len < (gsize)atol (length))
    if (!read_more (stream, text))
      break;
  self->length = text->len;
  self->body = g_string_free_and_steal (g_steal_pointer (&text));
  return self;
}

MusterTestAnswer *
muster_test_ask (GIOStream  *stream,
                 const char *method,
                 const char *path,
                 const char *headers,
                 const char *body)
{
  g_autofree char *text = NULL;

  if (body != NULL)
    text = g_strdup_printf ("%s %s HTTP/1.1\r\nHost: test\r\n%sContent-Length: %" G_GSIZE_FORMAT
                            "\r\n\r\n%s",
                            method, path, headers, strlen (body), body);
  else
    text = g_strdup_printf ("%s %s HTTP/1.1\r\nHost: test\r\n%s\r\n", method, path, headers);
  muster_test_write (stream, text, -1);
  return muster_test_read_answer (stream);
}
