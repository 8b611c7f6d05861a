/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-broker-probe"

#include "config.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-broker-probe.h"

#define CLIENT_ID "muster-probe"
#define KEEP_ALIVE 60 /* seconds */

struct _MusterBrokerProbe
{
  GObject parent_instance;

  char              *socket_path;
  char              *username;
  char              *password;
  GSocketConnection *connection; /* (owned) (nullable) */
  DexFuture         *last;       /* (owned) (nullable): pings go one after the other */
  guint              timeout_id;
};

typedef struct
{
  MusterBrokerProbe *probe;  /* (owned) */
  DexFuture         *before; /* (owned) (nullable) */
  unsigned           timeout;
} Ping;

static void
ping_free (gpointer data)
{
  Ping *self = data;

  g_object_unref (self->probe);
  dex_clear (&self->before);
  g_free (self);
}

G_DEFINE_FINAL_TYPE (MusterBrokerProbe, muster_broker_probe, G_TYPE_OBJECT)

static void
muster_broker_probe_finalize (GObject *object)
{
  MusterBrokerProbe *self = MUSTER_BROKER_PROBE (object);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  muster_broker_probe_close (self);
  dex_clear (&self->last);
  g_free (self->socket_path);
  g_free (self->username);
  g_free (self->password);
  G_OBJECT_CLASS (muster_broker_probe_parent_class)->finalize (object);
}

static void
muster_broker_probe_class_init (MusterBrokerProbeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_broker_probe_finalize;
}

static void
muster_broker_probe_init (MusterBrokerProbe *self)
{
}

MusterBrokerProbe *
muster_broker_probe_new (const char *socket_path, const char *username, const char *password)
{
  MusterBrokerProbe *self = g_object_new (MUSTER_TYPE_BROKER_PROBE, NULL);

  self->socket_path = g_strdup (socket_path);
  self->username = g_strdup (username);
  self->password = g_strdup (password);
  return self;
}

static void
append_text (GByteArray *packet, const char *text)
{
  gsize  size = strlen (text);
  guint8 prefix[2] = { size >> 8, size & 0xff };

  g_byte_array_append (packet, prefix, sizeof prefix);
  g_byte_array_append (packet, (const guint8 *)text, size);
}

/* MQTT 3.1.1, chapter 3.1: clean session, user name and password. */
static GBytes *
make_connect (MusterBrokerProbe *self)
{
  const guint8 flags[] = { 4, 0xc2, 0, KEEP_ALIVE };
  GByteArray  *packet = g_byte_array_new ();
  guint8       header[2] = { 0x10, 0 };

  append_text (packet, "MQTT");
  g_byte_array_append (packet, flags, sizeof flags);
  append_text (packet, CLIENT_ID);
  append_text (packet, self->username);
  append_text (packet, self->password);
  g_assert (packet->len < 128);
  header[1] = packet->len;
  g_byte_array_prepend (packet, header, sizeof header);
  return g_byte_array_free_to_bytes (packet);
}

/* Sends REQUEST and waits for as many bytes as EXPECTED has; any other answer is an error. */
static gboolean
exchange (GSocketConnection *connection,
          GBytes            *request,
          const guint8      *expected,
          gsize              size,
          GError           **error)
{
  GIOStream *stream = G_IO_STREAM (connection);
  guint8     answer[8];
  gsize      got = 0;

  g_assert (size <= sizeof answer);
  dex_await_int64 (dex_output_stream_write_bytes (g_io_stream_get_output_stream (stream), request,
                                                  G_PRIORITY_DEFAULT),
                   error);
  if (*error != NULL)
    return FALSE;
  while (got < size)
    {
      gint64 count =
        dex_await_int64 (dex_input_stream_read (g_io_stream_get_input_stream (stream), answer + got,
                                                size - got, G_PRIORITY_DEFAULT),
                         error);

      if (*error != NULL)
        return FALSE;
      if (count <= 0)
        break;
      got += count;
    }
  if (got == size && memcmp (answer, expected, size) == 0)
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                       "the broker gives no proper answer");
  return FALSE;
}

static gboolean
open_session (MusterBrokerProbe *self, GError **error)
{
  static const guint8 accepted[] = { 0x20, 2, 0, 0 };
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->socket_path);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GBytes) request = make_connect (self);

  connection =
    dex_await_object (dex_socket_client_connect (client, G_SOCKET_CONNECTABLE (address)), error);
  g_set_object (&self->connection, connection);
  return connection != NULL && exchange (connection, request, accepted, sizeof accepted, error);
}

static gboolean
ping (MusterBrokerProbe *self, GError **error)
{
  static const guint8 pong[] = { 0xd0, 0 };
  g_autoptr (GBytes) request = g_bytes_new_static ("\xc0\x00", 2);
  g_autoptr (GSocketConnection) connection = NULL;

  if (self->connection == NULL && !open_session (self, error))
    return FALSE;
  connection = g_object_ref (self->connection);
  return exchange (connection, request, pong, sizeof pong, error);
}

/* Ends what the fiber waits for, so that it comes to its end in order. */
static gboolean
muster_broker_probe_timeout_cb (gpointer user_data)
{
  MusterBrokerProbe *self = user_data;

  self->timeout_id = 0;
  if (self->connection != NULL)
    g_socket_shutdown (g_socket_connection_get_socket (self->connection), TRUE, TRUE, NULL);
  return G_SOURCE_REMOVE;
}

static DexFuture *
ping_fiber (gpointer user_data)
{
  Ping              *turn = user_data;
  MusterBrokerProbe *self = turn->probe;
  g_autoptr (GError) error = NULL;
  gboolean answered;

  if (turn->before != NULL)
    dex_await (g_steal_pointer (&turn->before), NULL);
  self->timeout_id = g_timeout_add (turn->timeout, muster_broker_probe_timeout_cb, self);
  answered = ping (self, &error);
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  if (answered)
    return dex_future_new_true ();
  muster_broker_probe_close (self);
  return dex_future_new_for_error (g_steal_pointer (&error));
}

DexFuture *
muster_broker_probe_ping (MusterBrokerProbe *self, unsigned timeout)
{
  Ping *turn;

  g_return_val_if_fail (MUSTER_IS_BROKER_PROBE (self), NULL);

  turn = g_new0 (Ping, 1);
  turn->probe = g_object_ref (self);
  turn->before = g_steal_pointer (&self->last);
  turn->timeout = timeout;
  self->last = dex_scheduler_spawn (NULL, 0, ping_fiber, turn, ping_free);
  return dex_ref (self->last);
}

void
muster_broker_probe_close (MusterBrokerProbe *self)
{
  g_return_if_fail (MUSTER_IS_BROKER_PROBE (self));

  if (self->connection != NULL)
    g_socket_shutdown (g_socket_connection_get_socket (self->connection), TRUE, TRUE, NULL);
  g_clear_object (&self->connection);
}
