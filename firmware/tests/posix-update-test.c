/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "posix-update-test"

#include "config.h"

#include <signal.h>
#include <stdlib.h>

#include <sodium.h>

#include "messaging/muster-certificate.h"
#include "mf-test-unit.h"
#include "muster-node-rig.h"

/* Updates of muster-fleet's units as processes: ordered by MQTT over a real broker, fetched by
 * HTTPS from a server that speaks as much of it as they need, and that can hang up. */

#define NODE "F-0"
#define IMAGE_SIZE 300000u
#define PIECE 16384u

typedef struct
{
  GSocketService  *service;
  GTlsCertificate *certificate;
  GMutex           mutex;
  guint16          port;
  GBytes          *file;     /* (nullable): without one it answers 404 */
  GBytes          *index;    /* (nullable): of the file */
  gsize            sent;     /* bytes of files and indexes */
  gsize            cut;      /* the next answer ends after so many bytes; 0 = whole */
  guint            refused;  /* connections whose handshake failed */
  GArray          *requests; /* of gsize: first byte of every range asked for */
} Server;

static gboolean
read_head (GInputStream *input, char *head, gsize size)
{
  gsize used = 0;

  while (used < size - 1 && g_input_stream_read (input, head + used, 1, NULL, NULL) == 1)
    {
      head[++used] = '\0';
      if (g_str_has_suffix (head, "\r\n\r\n"))
        return TRUE;
    }
  return FALSE;
}

static void
answer (Server *server, GIOStream *stream, const char *head)
{
  const char      *range = strstr (head, "Range: bytes=");
  g_autofree char *line = NULL;
  g_autoptr (GBytes) file = NULL;
  gsize first, last, until;

  g_mutex_lock (&server->mutex);
  file = strstr (head, "/index HTTP") != NULL ? server->index : server->file;
  if (file != NULL)
    g_bytes_ref (file);
  first = range != NULL ? strtoul (range + strlen ("Range: bytes="), NULL, 10) : 0;
  last = range != NULL ? strtoul (strchr (range, '-') + 1, NULL, 10) : 0;
  until = server->cut > 0 ? MIN (first + server->cut, last + 1) : last + 1;
  server->cut = 0;
  g_array_append_val (server->requests, first);
  server->sent += until - first;
  g_mutex_unlock (&server->mutex);
  if (file == NULL || range == NULL || last >= g_bytes_get_size (file))
    line = g_strdup ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  else
    line = g_strdup_printf ("HTTP/1.1 206 Partial Content\r\nContent-Length: %zu\r\n"
                            "Content-Range: bytes %zu-%zu/%zu\r\nConnection: close\r\n\r\n",
                            last - first + 1, first, last, g_bytes_get_size (file));
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), line, strlen (line), NULL,
                             NULL, NULL);
  if (!g_str_has_prefix (line, "HTTP/1.1 206"))
    return;
  for (gsize at = first; at < until; at += PIECE)
    if (!g_output_stream_write_all (g_io_stream_get_output_stream (stream),
                                    (const guint8 *)g_bytes_get_data (file, NULL) + at,
                                    MIN (PIECE, until - at), NULL, NULL, NULL))
      return;
}

static gboolean
server_run_cb (GThreadedSocketService *service,
               GSocketConnection      *connection,
               GObject                *source,
               gpointer                user_data)
{
  Server *server = user_data;
  g_autoptr (GIOStream) tls =
              g_tls_server_connection_new (G_IO_STREAM (connection), server->certificate, NULL);
  char head[4096] = "";

  if (!g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, NULL) ||
      !read_head (g_io_stream_get_input_stream (tls), head, sizeof head))
    {
      g_mutex_lock (&server->mutex);
      server->refused++;
      g_mutex_unlock (&server->mutex);
      return TRUE;
    }
  answer (server, tls, head);
  g_io_stream_close (tls, NULL, NULL);
  return TRUE;
}

static Server *
server_new (const char *certificate_pem, const char *key_pem)
{
  Server          *server = g_new0 (Server, 1);
  g_autofree char *pem = g_strconcat (certificate_pem, key_pem, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) got = NULL;

  server->certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_assert_no_error (error);
  server->requests = g_array_new (FALSE, FALSE, sizeof (gsize));
  server->service = g_threaded_socket_service_new (16);
  g_socket_listener_add_address (G_SOCKET_LISTENER (server->service), any, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &got, &error);
  g_assert_no_error (error);
  server->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
  g_signal_connect (server->service, "run", G_CALLBACK (server_run_cb), server);
  return server;
}

static void
server_free (Server *server)
{
  g_socket_service_stop (server->service);
  g_socket_listener_close (G_SOCKET_LISTENER (server->service));
  g_object_unref (server->service);
  g_object_unref (server->certificate);
  g_clear_pointer (&server->file, g_bytes_unref);
  g_clear_pointer (&server->index, g_bytes_unref);
  g_array_unref (server->requests);
  g_free (server);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Server, server_free)

static guint
server_count_requests (Server *server)
{
  guint n;

  g_mutex_lock (&server->mutex);
  n = server->requests->len;
  g_mutex_unlock (&server->mutex);
  return n;
}

static guint
server_count_refused (Server *server)
{
  guint n;

  g_mutex_lock (&server->mutex);
  n = server->refused;
  g_mutex_unlock (&server->mutex);
  return n;
}

static void
add_text (MusterSparkplugPayload *payload, const char *name, const char *text)
{
  MusterSparkplugMetric *metric =
    muster_sparkplug_payload_add (payload, name, MUSTER_SPARKPLUG_STRING);

  metric->is_null = FALSE;
  metric->wire = MUSTER_SPARKPLUG_WIRE_STRING;
  metric->text = muster_sparkplug_payload_keep_text (payload, text);
}

static void
add_number (MusterSparkplugPayload *payload, const char *name, guint64 number)
{
  MusterSparkplugMetric *metric =
    muster_sparkplug_payload_add (payload, name, MUSTER_SPARKPLUG_UINT32);

  metric->is_null = FALSE;
  metric->wire = MUSTER_SPARKPLUG_WIRE_INT;
  metric->bits = number;
}

/* Puts the image on the server and orders it. */
static void
order_of (Rig        *rig,
          Server     *server,
          const char *node,
          const char *id,
          GBytes     *file,
          guint       confirm_within_s)
{
  g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_new ();
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, file);
  g_autofree char *url =
    g_strdup_printf ("https://127.0.0.1:%u/firmware/download/a-secret", server->port);

  g_mutex_lock (&server->mutex);
  g_clear_pointer (&server->file, g_bytes_unref);
  server->file = g_bytes_ref (file);
  g_mutex_unlock (&server->mutex);
  add_text (payload, "Update/Action", "install");
  add_text (payload, "Update/Id", id);
  add_text (payload, "Update/URL", url);
  add_text (payload, "Update/SHA-256", hash);
  add_number (payload, "Update/Size", g_bytes_get_size (file));
  add_number (payload, "Update/Confirm Within", confirm_within_s);
  if (server->index != NULL)
    add_number (payload, "Update/Index Size", g_bytes_get_size (server->index));
  rig_publish_command (rig, node, payload);
}

static void
order (Rig *rig, Server *server, const char *id, GBytes *file, guint confirm_within_s)
{
  order_of (rig, server, NODE, id, file, confirm_within_s);
}

static gboolean
says (MusterSparkplugPayload *payload, const char *name, const char *text)
{
  const MusterSparkplugMetric *metric = rig_look_for (payload, name);

  return metric != NULL && !metric->is_null && g_strcmp0 (metric->text, text) == 0;
}

/* The first message, from `*from` on, in which the unit says so of that update. */
static MusterSparkplugPayload *
await_state (Rig *rig, guint *from, const char *id, const char *state)
{
  while (TRUE)
    {
      g_autoptr (MusterSparkplugPayload) payload = rig_await (rig, "spBv1.0/plant/N", (*from)++);

      if (says (payload, "Update/Id", id) && says (payload, "Update/State", state))
        return g_steal_pointer (&payload);
    }
}

/* The unit is born, with this version. */
static void
await_version (Rig *rig, guint nth, const char *version)
{
  g_autoptr (MusterSparkplugPayload) birth = rig_await (rig, "spBv1.0/plant/NBIRTH/" NODE, nth);

  g_assert_true (says (birth, "Properties/Firmware Version", version));
}

/* A fleet that takes images of the tests' key, and what further arguments say. */
static GSubprocess *
start_units (Rig *rig, guint count, const char *const *more)
{
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();
  g_auto (GStrv) words = NULL;
  g_autofree char *path = muster_test_dir_build (rig->dir, "image-key");
  guint8           key[MF_ED25519_KEY_SIZE];
  char             hex[2 * MF_ED25519_KEY_SIZE + 1];

  mf_ed25519_public_key (key, mf_test_seed);
  sodium_bin2hex (hex, sizeof hex, key, sizeof key);
  g_assert_true (g_file_set_contents (path, hex, -1, NULL));
  g_strv_builder_add_many (all, "--model", MF_TEST_MODEL, "--update-key", path, NULL);
  g_strv_builder_addv (all, (const char **)more);
  words = g_strv_builder_end (all);
  return rig_start_fleet (rig, count, (const char *const *)words);
}

static GSubprocess *
start_unit (Rig *rig)
{
  return start_units (rig, 1, (const char *[]){ "--bad-version", "1.2.0=no-confirm", NULL });
}

/* v1 → v2, which does not get well, → v1; v3 confirms, over an outage of the broker. */
static void
test_revert_and_confirm (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (Server) server = server_new (rig->server_pem, rig->server_key_pem);
  g_autoptr (GSubprocess) unit = start_unit (rig);
  g_autoptr (GBytes) bad = mf_test_image_new (2, 0, IMAGE_SIZE);
  g_autoptr (GBytes) good = mf_test_image_new (3, 4, IMAGE_SIZE);
  g_autoptr (MusterSparkplugPayload) trying = NULL, reverted = NULL, confirmed = NULL;
  guint  from = 0;
  gint64 number;

  await_version (rig, 0, MUSTER_VERSION);
  order (rig, server, "first", bad, 2);
  trying = await_state (rig, &from, "first", "confirming");
  g_assert_true (says (trying, "Properties/Firmware Version", "1.2.0"));
  g_assert_true (says (trying, "Update/Slot", "b"));
  reverted = await_state (rig, &from, "first", "reverted");
  g_assert_true (says (reverted, "Properties/Firmware Version", MUSTER_VERSION));
  g_assert_true (says (reverted, "Update/Error", "not-confirmed: the version was made to be bad"));
  order (rig, server, "second", good, 60);
  confirmed = await_state (rig, &from, "second", "confirmed");
  g_assert_true (says (confirmed, "Update/Slot", "b"));
  g_assert_true (
    muster_sparkplug_metric_get_integer (rig_find (confirmed, "Update/Progress"), &number));
  g_assert_cmpint (number, ==, 100);
  g_assert_true (
    muster_sparkplug_metric_get_integer (rig_find (confirmed, "Update/Security Counter"), &number));
  g_assert_cmpint (number, ==, 4);
  await_version (rig, 3, "1.3.0");
  rig_stop (&unit, SIGTERM);
  unit = start_unit (rig);
  await_version (rig, 4, "1.3.0");
}

static void
await_refusal (Rig *rig, Server *server, guint *from, GBytes *file, const char *code)
{
  g_autoptr (MusterSparkplugPayload) failed = NULL;
  const char *said;

  order (rig, server, code, file, 60);
  failed = await_state (rig, from, code, "failed");
  said = rig_find (failed, "Update/Error")->text;
  g_assert_true (g_str_has_prefix (said, code) && g_str_has_prefix (said + strlen (code), ": "));
}

static void
test_refuses (void)
{
  static const struct mf_image fields = {
    .model = MF_TEST_MODEL, .hardware_max = 9, .version = { 1, 9, 0 }, .security_counter = 7
  };
  struct mf_image foreign_fields = fields;
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (Server) server = server_new (rig->server_pem, rig->server_key_pem);
  g_autoptr (GSubprocess) unit = start_unit (rig);
  g_autoptr (GBytes) good = mf_test_image_new (4, 7, IMAGE_SIZE);
  g_autoptr (GBytes) older = mf_test_image_new (3, 6, IMAGE_SIZE);
  g_autoptr (GBytes) payload = g_bytes_new_static ("a payload", 9);
  g_autoptr (GBytes) nameless = mf_test_image_build (&fields, payload, NULL, NULL);
  g_autoptr (GBytes) foreign = NULL;
  g_autoptr (GBytes) corrupted = NULL;
  g_autoptr (MusterSparkplugPayload) confirmed = NULL;
  g_autofree guint8 *altered = g_memdup2 (g_bytes_get_data (good, NULL), g_bytes_get_size (good));
  guint              from = 0;

  altered[g_bytes_get_size (good) / 2] ^= 1;
  corrupted = g_bytes_new (altered, g_bytes_get_size (good));
  strcpy (foreign_fields.model, "MN-2");
  foreign = mf_test_image_build (&foreign_fields, payload, mf_test_seed, NULL);
  await_version (rig, 0, MUSTER_VERSION);
  order (rig, server, "good", good, 60);
  confirmed = await_state (rig, &from, "good", "confirmed");
  await_refusal (rig, server, &from, corrupted, "bad-payload");
  await_refusal (rig, server, &from, foreign, "wrong-model");
  await_refusal (rig, server, &from, older, "rolled-back");
  await_refusal (rig, server, &from, nameless, "unsigned");
  rig_stop (&unit, SIGKILL);
  unit = start_unit (rig);
  await_version (rig, 2, "1.4.0");
}

/* Killed in the middle of a download, it goes on from its last mark. */
static void
test_goes_on (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (Server) server = server_new (rig->server_pem, rig->server_key_pem);
  g_autoptr (GSubprocess) unit = start_unit (rig);
  g_autoptr (GBytes) good = mf_test_image_new (5, 0, IMAGE_SIZE);
  g_autoptr (MusterSparkplugPayload) confirmed = NULL;
  guint from = 0;

  await_version (rig, 0, MUSTER_VERSION);
  server->cut = 200000;
  order (rig, server, "long", good, 60);
  while (server_count_requests (server) < 2)
    muster_test_sleep (5);
  rig_stop (&unit, SIGKILL);
  g_mutex_lock (&server->mutex);
  g_assert_cmpuint (g_array_index (server->requests, gsize, 0), ==, 0);
  g_assert_cmpuint (g_array_index (server->requests, gsize, 1), ==, 200000);
  g_array_set_size (server->requests, 0);
  g_mutex_unlock (&server->mutex);
  unit = start_unit (rig);
  confirmed = await_state (rig, &from, "long", "confirmed");
  g_mutex_lock (&server->mutex);
  if (server->requests->len > 0) /* else the second request brought all before the kill */
    {
      g_assert_cmpuint (g_array_index (server->requests, gsize, 0), ==, 0);
      g_assert_cmpuint (g_array_index (server->requests, gsize, 1), >=, 196608);
    }
  g_mutex_unlock (&server->mutex);
}

static gint64
get_number (MusterSparkplugPayload *payload, const char *name)
{
  gint64 number = -1;

  g_assert_true (muster_sparkplug_metric_get_integer (rig_find (payload, name), &number));
  return number;
}

/* The second image is the first with a few bytes more: a part of it goes over the network. */
static void
test_difference (void)
{
  static const struct mf_image fields = { .model = MF_TEST_MODEL,
                                          .hardware_max = 9,
                                          .version = { 1, 4, 0 } };
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (Server) server = server_new (rig->server_pem, rig->server_key_pem);
  g_autoptr (GSubprocess) unit = start_unit (rig);
  g_autoptr (GBytes) first = mf_test_image_new (3, 0, IMAGE_SIZE);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GBytes) payload = NULL;
  g_autoptr (GBytes) second = NULL;
  g_autoptr (MusterSparkplugPayload) whole = NULL, confirmed = NULL;
  const guint8 *data = (const guint8 *)g_bytes_get_data (first, NULL) + MF_IMAGE_HEADER_SIZE;
  guint         from = 0;
  gsize         before;

  await_version (rig, 0, MUSTER_VERSION);
  order (rig, server, "first", first, 60);
  whole = await_state (rig, &from, "first", "confirmed");
  g_assert_cmpint (get_number (whole, "Update/Fetched"), ==, g_bytes_get_size (first));
  g_assert_cmpint (get_number (whole, "Update/Index Blocks"), ==, MF_INDEX_BLOCKS_MAX);
  g_byte_array_append (bytes, data, 100000);
  g_byte_array_append (bytes, (const guint8 *)"a few bytes", 11);
  g_byte_array_append (bytes, data + 100000, IMAGE_SIZE - 100000);
  payload = g_bytes_new (bytes->data, bytes->len);
  second = mf_test_image_build (&fields, payload, mf_test_seed, NULL);
  server->index = mf_test_index_new (second);
  before = server->sent;
  order (rig, server, "second", second, 60);
  confirmed = await_state (rig, &from, "second", "confirmed");
  g_assert_cmpint (get_number (confirmed, "Update/Fetched"), ==, (gint64)(server->sent - before));
  g_assert_cmpuint (server->sent - before, <, 8000);
}

/* A server that is not of the site gives nothing that the unit takes. */
static void
test_foreign_server (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *ca = NULL, *ca_key = NULL, *pem = NULL, *key = NULL;
  const char      *names[] = { RIG_TLS_NAME, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (Server) server = NULL;
  g_autoptr (GSubprocess) unit = start_unit (rig);
  g_autoptr (GBytes) good = mf_test_image_new (6, 0, IMAGE_SIZE);

  muster_certificate_make_authority ("Site", g_get_real_time (), &ca, &ca_key, &error);
  muster_certificate_make_server (ca, ca_key, names, g_get_real_time (), 30, &pem, &key, &error);
  g_assert_no_error (error);
  server = server_new (pem, key);
  await_version (rig, 0, MUSTER_VERSION);
  order (rig, server, "never", good, 60);
  while (server_count_refused (server) == 0)
    muster_test_sleep (20);
  g_assert_cmpuint (server_count_requests (server), ==, 0);
}

/* What each unit of a fleet has come to with an update. */
typedef struct
{
  const char *id;
  GHashTable *states; /* of topic's node to state; both owned */
  guint       n_over;
  guint       n_confirmed;
} Outcome;

static void
note_cb (const char *topic, MusterSparkplugPayload *payload, gpointer user_data)
{
  Outcome                     *outcome = user_data;
  const MusterSparkplugMetric *state = rig_look_for (payload, "Update/State");

  if (state != NULL && says (payload, "Update/Id", outcome->id))
    g_hash_table_replace (outcome->states, g_path_get_basename (topic), g_strdup (state->text));
}

static void
count_cb (gpointer key, gpointer value, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->n_confirmed += g_str_equal (value, "confirmed");
  outcome->n_over += g_str_equal (value, "confirmed") || g_str_equal (value, "reverted") ||
                     g_str_equal (value, "failed");
}

/* Orders the update of all, and waits for what comes of it. */
static GHashTable *
update_all (Rig *rig, Server *server, guint count, const char *id, GBytes *file, guint *confirmed)
{
  Outcome outcome = { id, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free), 0, 0 };
  gint64  start = g_get_monotonic_time ();
  gsize   from = 0;

  for (guint i = 0; i < count; i++)
    {
      g_autofree char *node = g_strdup_printf ("F-%u", i);

      order_of (rig, server, node, id, file, 5);
    }
  while (outcome.n_over < count)
    {
      muster_test_sleep (200);
      rig_hear_on (rig, &from, note_cb, &outcome);
      outcome.n_over = outcome.n_confirmed = 0;
      g_hash_table_foreach (outcome.states, count_cb, &outcome);
    }
  *confirmed = outcome.n_confirmed;
  g_test_message ("%s: %u of %u confirmed in %.1f s", id, outcome.n_confirmed, count,
                  (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  return outcome.states;
}

static gboolean
is_same_state_cb (gpointer key, gpointer value, gpointer other)
{
  return g_strcmp0 (value, g_hash_table_lookup (other, key)) != 0;
}

static void
await_births (Rig *rig, guint count)
{
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *topic = g_strdup_printf ("spBv1.0/plant/NBIRTH/F-%u ", i);
      g_autoptr (MusterSparkplugPayload) birth = rig_await (rig, topic, 0);
    }
}

/* One fleet, with a part of units that fail at first and a part whose power is cut. */
static GHashTable *
run_fleet (guint count, const char *seed, guint32 size)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (Server) server = server_new (rig->server_pem, rig->server_key_pem);
  g_autoptr (GSubprocess) units =
              start_units (rig, count,
                           (const char *[]){ "--seed", seed, "--update-failures", "0.2",
                                             "--update-power-cuts", "0.2", NULL });
  g_autoptr (GBytes) file = mf_test_image_new (7, 0, size);
  g_autoptr (GHashTable) again = NULL;
  GHashTable *first;
  guint       confirmed;

  await_births (rig, count);
  first = update_all (rig, server, count, "fleet", file, &confirmed);
  g_assert_cmpuint (confirmed, >, 0);
  g_assert_cmpuint (confirmed, <, count);
  again = update_all (rig, server, count, "again", file, &confirmed);
  g_assert_cmpuint (confirmed, ==, count);
  rig_stop (&units, SIGTERM);
  return first;
}

/* The same units go wrong in every run with the same seed; ordered again, all come through. */
static void
test_fleet (void)
{
  const guint count = 20;
  g_autoptr (GHashTable) one = run_fleet (count, "5", IMAGE_SIZE);
  g_autoptr (GHashTable) same = run_fleet (count, "5", IMAGE_SIZE);

  g_assert_cmpuint (g_hash_table_foreach_remove (one, is_same_state_cb, same), ==, 0);
}

int
main (int argc, char **argv)
{
  g_setenv ("MUSTER_TEST_PATIENCE", "4", FALSE); /* units start anew, and machines are busy */
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/posix-update/revert-and-confirm", test_revert_and_confirm);
  muster_test_add_fiber ("/posix-update/refuses", test_refuses);
  muster_test_add_fiber ("/posix-update/goes-on", test_goes_on);
  muster_test_add_fiber ("/posix-update/difference", test_difference);
  muster_test_add_fiber ("/posix-update/fleet", test_fleet);
  muster_test_add_fiber ("/posix-update/foreign-server", test_foreign_server);
  return g_test_run ();
}
