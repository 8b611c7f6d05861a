/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-pairing-interop-test"

#include "config.h"

#include <signal.h>
#include <string.h>

#include "core/muster-core-test-util.h"
#include "model/muster-label-secret.h"
#include "devices/muster-pairing.h"

#define SERIAL "MN-INTEROP-1"
#define ADOPTION_ID "0199a1b2-0000-7000-8000-000000000001"
#define OTHER_ID "0199a1b2-0000-7000-8000-000000000002"

static const char *node_path;

/* The console's pairing against the firmware's, over HTTP on loopback. */
typedef struct
{
  MusterTestDir   *dir;
  MusterHttpFetch *fetch;
  GSubprocess     *node;
  char            *address;
  guint8           secret[MUSTER_LABEL_SECRET_LENGTH];
} Fixture;

/* What follows NAME at the start of one of the lines that the node prints. */
static char *
read_value (GDataInputStream *lines, const char *name)
{
  for (unsigned i = 0; i < 20; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (line);
      if (g_str_has_prefix (line, name))
        return g_strdup (g_strstrip (line + strlen (name)));
    }
  g_assert_not_reached ();
}

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *label = NULL;
  g_autofree char *port = NULL;

  self->dir = muster_test_dir_new ();
  self->fetch = muster_http_fetch_new ();
  self->node = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, node_path, "--state-dir",
                                 muster_test_dir_get_path (self->dir), "--no-mdns", "--address",
                                 "127.0.0.1", "--serial", SERIAL, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->node));
  label = read_value (lines, "secret");
  port = read_value (lines, "pairing port");
  self->address = g_strdup_printf ("127.0.0.1:%s", port);
  g_assert_true (muster_label_secret_parse (label, self->secret, &error));
  return self;
}

static void
fixture_free (Fixture *self)
{
  g_subprocess_send_signal (self->node, SIGTERM);
  g_subprocess_wait (self->node, NULL, NULL);
  g_clear_object (&self->node);
  g_clear_object (&self->fetch);
  muster_test_dir_free (self->dir);
  g_free (self->address);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static DexFuture *
tell (MusterPairing *pairing, const char *adoption_id)
{
  static const char *const hosts[] = { "127.0.0.1", NULL };
  static const guint8      der[500] = { 0x30, 0x82, 0x01, 0xf0 };
  g_autoptr (GBytes) certificate = g_bytes_new_static (der, sizeof der);
  MusterPairingCredentials credentials = {
    .adoption_id = adoption_id,
    .site_name = "Hall 3",
    .broker_hosts = hosts,
    .broker_port = 1,
    .username = SERIAL,
    .password = "0123456789abcdef",
    .ca_certificate = certificate,
    .group_id = "hall-3",
    .host_id = "console",
    .now = g_get_real_time (),
    .tls_name = "muster-1f0c2ab93d44",
  };

  return muster_pairing_tell (pairing, &credentials);
}

static MusterPairing *
prove (Fixture *self, gboolean retry)
{
  MusterPairing *pairing = muster_pairing_new (self->fetch, self->address);

  muster_test_await (muster_pairing_prove (pairing, self->secret, SERIAL, retry));
  return pairing;
}

static void
test_adoption (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  gint64 began = g_get_monotonic_time ();
  g_autoptr (MusterPairing) pairing = prove (self, FALSE);
  g_autoptr (MusterPairing) again = NULL;
  g_autoptr (MusterPairing) stranger = NULL;
  g_autoptr (MusterPairing) unaware = NULL;
  g_autoptr (GError) other = NULL;
  g_autoptr (GError) adopted = NULL;
  gint64 took = 0;

  g_assert_cmpstr (muster_pairing_get_identity (pairing)->serial, ==, SERIAL);
  g_assert_nonnull (muster_pairing_get_identity (pairing)->mac);
  g_assert_nonnull (muster_pairing_get_firmware (pairing));
  muster_test_await (tell (pairing, ADOPTION_ID));
  took = g_get_monotonic_time () - began;
  g_test_message ("paired in %.1f ms", took / 1000.0);
  g_assert_cmpint (took, <, 2 * G_TIME_SPAN_SECOND);
  /* The same adoption again is harmless, another one is refused. */
  again = prove (self, TRUE);
  muster_test_await (tell (again, ADOPTION_ID));
  stranger = prove (self, TRUE);
  other = muster_test_await_error (tell (stranger, OTHER_ID), MUSTER_ERROR_CONFLICT);
  unaware = muster_pairing_new (self->fetch, self->address);
  adopted = muster_test_await_error (muster_pairing_prove (unaware, self->secret, SERIAL, FALSE),
                                     MUSTER_ERROR_CONFLICT);
}

static void
test_wrong_secret (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterPairing) late = muster_pairing_new (self->fetch, self->address);
  g_autoptr (GError) limited = NULL;
  guint8 wrong[MUSTER_LABEL_SECRET_LENGTH] = { 0 };

  for (unsigned i = 0; i < 5; i++)
    {
      g_autoptr (MusterPairing) pairing = muster_pairing_new (self->fetch, self->address);
      g_autoptr (GError) error =
                  muster_test_await_error (muster_pairing_prove (pairing, wrong, SERIAL, FALSE),
                                           MUSTER_ERROR_FORBIDDEN);
    }
  limited = muster_test_await_error (muster_pairing_prove (late, self->secret, SERIAL, FALSE),
                                     MUSTER_ERROR_RATE_LIMITED);
  g_assert_nonnull (strstr (limited->message, "for 1 seconds"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  node_path = argv[1];
  muster_test_add_fiber ("/pairing-interop/adoption", test_adoption);
  muster_test_add_fiber ("/pairing-interop/wrong-secret", test_wrong_secret);
  return g_test_run ();
}
