/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "bench-connection.h"

struct _BenchConnection
{
  GSocketConnection *connection; /* (owned) */
  GInputStream      *input;
  GOutputStream     *output;
  char              *host;
  char              *headers;
  GString           *request;
  GString           *bytes;  /* read and not yet taken */
  GString           *answer; /* body of the last answer */
};

static gboolean
accept_cb (GTlsConnection      *connection,
           GTlsCertificate     *certificate,
           GTlsCertificateFlags errors,
           gpointer             user_data)
{
  return TRUE;
}

static void
event_cb (GSocketClient      *client,
          GSocketClientEvent  event,
          GSocketConnectable *connectable,
          GIOStream          *connection,
          gpointer            user_data)
{
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    g_signal_connect (connection, "accept-certificate", G_CALLBACK (accept_cb), NULL);
}

static GSocketConnectable *
parse_address (const char *address, gboolean *tls, GError **error)
{
  *tls = g_str_has_prefix (address, "https:");
  if (g_str_has_prefix (address, "unix:"))
    return G_SOCKET_CONNECTABLE (g_unix_socket_address_new (address + strlen ("unix:")));
  return g_network_address_parse_uri (address, *tls ? 443 : 80, error);
}

BenchConnection *
bench_connection_new (const char *address, const char *headers, GError **error)
{
  g_autoptr (BenchConnection) self = g_new0 (BenchConnection, 1);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) where = NULL;
  gboolean tls;

  self->headers = g_strdup (headers != NULL ? headers : "");
  self->request = g_string_new (NULL);
  self->bytes = g_string_new (NULL);
  self->answer = g_string_new (NULL);
  where = parse_address (address, &tls, error);
  if (where == NULL)
    return NULL;
  g_signal_connect (client, "event", G_CALLBACK (event_cb), NULL);
  g_socket_client_set_tls (client, tls);
  self->connection = g_socket_client_connect (client, where, NULL, error);
  if (self->connection == NULL)
    return NULL;
  self->input = g_io_stream_get_input_stream (G_IO_STREAM (self->connection));
  self->output = g_io_stream_get_output_stream (G_IO_STREAM (self->connection));
  return g_steal_pointer (&self);
}

void
bench_connection_free (BenchConnection *self)
{
  g_clear_object (&self->connection);
  g_string_free (self->request, TRUE);
  g_string_free (self->bytes, TRUE);
  g_string_free (self->answer, TRUE);
  g_free (self->headers);
  g_free (self);
}

const GString *
bench_connection_get_answer (BenchConnection *self)
{
  return self->answer;
}

static gboolean
read_more (BenchConnection *self, GError **error)
{
  gsize  had = self->bytes->len;
  gssize n;

  g_string_set_size (self->bytes, had + 65536);
  n = g_input_stream_read (self->input, self->bytes->str + had, 65536, NULL, error);
  g_string_truncate (self->bytes, had + MAX (n, 0));
  if (n == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                 "the server closed the connection");
  return n > 0;
}

/* How far the bytes go up to and with END; 0 with ERROR. */
static gsize
read_until (BenchConnection *self, const char *end, GError **error)
{
  gsize length = strlen (end);

  for (gsize looked = 0;;)
    {
      char *found = memmem (self->bytes->str + looked, self->bytes->len - looked, end, length);

      if (found != NULL)
        return found - self->bytes->str + length;
      looked = self->bytes->len >= length ? self->bytes->len - length + 1 : 0;
      if (!read_more (self, error))
        return 0;
    }
}

/* Moves LENGTH bytes to the answer. */
static gboolean
take_bytes (BenchConnection *self, gsize length, GError **error)
{
  while (self->bytes->len < length)
    if (!read_more (self, error))
      return FALSE;
  g_string_append_len (self->answer, self->bytes->str, length);
  g_string_erase (self->bytes, 0, length);
  return TRUE;
}

static gboolean
take_chunks (BenchConnection *self, GError **error)
{
  for (;;)
    {
      gsize   head = read_until (self, "\r\n", error);
      guint64 length;

      if (head == 0)
        return FALSE;
      length = g_ascii_strtoull (self->bytes->str, NULL, 16);
      g_string_erase (self->bytes, 0, head);
      if (!take_bytes (self, length, error))
        return FALSE;
      head = read_until (self, "\r\n", error);
      if (head == 0)
        return FALSE;
      g_string_erase (self->bytes, 0, head);
      if (length == 0)
        return TRUE;
    }
}

/* The value of the header NAME in HEAD, as far as it goes; NULL where there is none. */
static const char *
find_header (const char *head, const char *name)
{
  const char *found = strcasestr (head, name);

  return found != NULL ? found + strlen (name) : NULL;
}

static int
read_answer (BenchConnection *self, GError **error)
{
  g_autofree char *head = NULL;
  const char      *text;
  int              status;
  gsize            length = read_until (self, "\r\n\r\n", error);

  if (length == 0)
    return 0;
  head = g_strndup (self->bytes->str, length);
  g_string_erase (self->bytes, 0, length);
  g_string_truncate (self->answer, 0);
  status = g_str_has_prefix (head, "HTTP/1.1 ") ? atoi (head + strlen ("HTTP/1.1 ")) : 0;
  if (status == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no HTTP answer: %.40s", head);
      return 0;
    }
  text = find_header (head, "\r\ncontent-length:");
  if (text != NULL)
    return take_bytes (self, g_ascii_strtoull (text, NULL, 10), error) ? status : 0;
  if (find_header (head, "\r\ntransfer-encoding: chunked") != NULL)
    return take_chunks (self, error) ? status : 0;
  return status;
}

int
bench_connection_exchange (BenchConnection *self,
                           const char      *method,
                           const char      *target,
                           gconstpointer    body,
                           gsize            length,
                           GError         **error)
{
  g_string_printf (self->request, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s", method, target,
                   self->headers);
  if (body != NULL)
    g_string_append_printf (self->request, "Content-Length: %" G_GSIZE_FORMAT "\r\n", length);
  g_string_append (self->request, "\r\n");
  if (!g_output_stream_write_all (self->output, self->request->str, self->request->len, NULL, NULL,
                                  error) ||
      (body != NULL && !g_output_stream_write_all (self->output, body, length, NULL, NULL, error)))
    return 0;
  return read_answer (self, error);
}
