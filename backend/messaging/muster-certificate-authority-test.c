/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/muster-core-test-util.h"
#include "muster-certificate-authority.h"
#include "muster-certificate.h"

#define NOW G_GINT64_CONSTANT (1767225600000000)
#define DAY G_TIME_SPAN_DAY

static const char *const hosts[] = { "hall.example", "2001:db8::7", NULL };

static MusterCertificateAuthority *
start (MusterTestDir *dir, MusterClock *clock, const char *const *extra)
{
  MusterCertificateAuthority *self =
    muster_certificate_authority_new (muster_test_dir_get_path (dir), "Hall", extra, clock);

  muster_test_await (muster_service_start (MUSTER_SERVICE (self)));
  return self;
}

/* GIO's view of the chain, as a client has it. */
static GTlsCertificateFlags
verify (MusterCertificateAuthority *self, const char *identity)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) server =
              muster_certificate_authority_dup_tls_certificate (self, &error);
  g_autoptr (GTlsCertificate) authority =
      g_tls_certificate_new_from_pem (muster_certificate_authority_get_certificate_pem (self), -1,
                                      NULL);
  g_autoptr (GSocketConnectable) name = g_network_address_new (identity, 443);

  g_assert_no_error (error);
  return g_tls_certificate_verify (server, name, authority);
}

static void
test_chain (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterClock) clock = muster_clock_new ();
  g_autoptr (MusterCertificateAuthority) self = start (dir, clock, hosts);
  g_autofree char *key = muster_test_dir_build (dir, "authority.key");
  g_auto (GStrv) list = muster_certificate_authority_list_hosts (self);
  GStatBuf status;

  g_assert_cmpint (verify (self, "hall.example"), ==, 0);
  g_assert_cmpint (verify (self, "2001:db8::7"), ==, 0);
  g_assert_cmpint (verify (self, "127.0.0.1"), ==, 0);
  g_assert_cmpint (verify (self, "localhost"), ==, 0);
  g_assert_cmpint (verify (self, muster_certificate_authority_get_tls_name (self)), ==, 0);
  g_assert_cmpint (verify (self, "other.example"), ==, G_TLS_CERTIFICATE_BAD_IDENTITY);
  g_assert_nonnull (list[0]);
  g_assert_cmpint (verify (self, list[0]), ==, 0);
  g_assert_cmpint (g_stat (key, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpuint (g_bytes_get_size (muster_certificate_authority_get_certificate_der (self)), >,
                    200);
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self)));
}

static void
test_kept (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterClock) clock = muster_manual_clock_new (NOW);
  g_autoptr (MusterCertificateAuthority) first = start (dir, clock, NULL);
  g_autoptr (MusterCertificateAuthority) second = start (dir, clock, NULL);
  g_autoptr (MusterCertificateAuthority) renamed = start (dir, clock, hosts);

  g_assert_cmpstr (muster_certificate_authority_get_certificate_pem (first), ==,
                   muster_certificate_authority_get_certificate_pem (second));
  g_assert_cmpstr (muster_certificate_authority_get_server_pem (first), ==,
                   muster_certificate_authority_get_server_pem (second));
  g_assert_cmpstr (muster_certificate_authority_get_certificate_pem (first), ==,
                   muster_certificate_authority_get_certificate_pem (renamed));
  g_assert_cmpstr (muster_certificate_authority_get_tls_name (first), ==,
                   muster_certificate_authority_get_tls_name (renamed));
  g_assert_cmpstr (muster_certificate_authority_get_server_pem (first), !=,
                   muster_certificate_authority_get_server_pem (renamed));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (first)));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (second)));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (renamed)));
}

static void
test_renewal (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterClock) clock = muster_manual_clock_new (NOW);
  g_autoptr (MusterCertificateAuthority) self = start (dir, clock, NULL);
  g_autoptr (MusterTestCounter) renewed = muster_test_counter_new (self, "renewed");
  g_autofree char *before = g_strdup (muster_certificate_authority_get_server_pem (self));

  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (clock), 300 * DAY);
  muster_test_await (muster_certificate_authority_renew (self));
  g_assert_cmpuint (muster_test_counter_take (renewed), ==, 0);
  g_assert_cmpstr (muster_certificate_authority_get_server_pem (self), ==, before);

  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (clock), 70 * DAY);
  muster_test_await (muster_certificate_authority_renew (self));
  g_assert_cmpuint (muster_test_counter_take (renewed), ==, 1);
  g_assert_cmpstr (muster_certificate_authority_get_server_pem (self), !=, before);
  g_assert_cmpint (muster_certificate_get_end (muster_certificate_authority_get_server_pem (self)),
                   >, NOW + 700 * DAY);
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self)));
}

/* A damaged authority is not replaced silently: every device trusts the old one. */
static void
test_damaged (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterClock) clock = muster_manual_clock_new (NOW);
  g_autoptr (MusterCertificateAuthority) first = start (dir, clock, NULL);
  g_autoptr (MusterCertificateAuthority) second =
              muster_certificate_authority_new (muster_test_dir_get_path (dir), "Hall", NULL,
                                                clock);
  g_autofree char *path = muster_test_dir_build (dir, "authority.pem");
  g_autoptr (GError) error = NULL;

  muster_test_await (muster_service_stop (MUSTER_SERVICE (first)));
  g_assert_true (g_file_set_contents (path, "-----BEGIN", -1, NULL));
  error =
    muster_test_await_error (muster_service_start (MUSTER_SERVICE (second)), MUSTER_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "restore it from a backup"));
}

static void
test_no_folder (void)
{
  g_autoptr (MusterClock) clock = muster_manual_clock_new (NOW);
  g_autoptr (MusterCertificateAuthority) self =
              muster_certificate_authority_new ("/dev/null/tls", "Hall", NULL, clock);
  g_autoptr (GError) error = muster_test_await_error (muster_service_start (MUSTER_SERVICE (self)),
                                                     MUSTER_ERROR_FAILED);
}

static void
test_texts (void)
{
  g_assert_cmpint (muster_certificate_get_end ("nothing"), ==, 0);
  g_assert_null (muster_certificate_get_der (""));
  g_assert_null (muster_certificate_get_fingerprint ("x", 6));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/certificate-authority/chain", test_chain);
  muster_test_add_fiber ("/certificate-authority/kept", test_kept);
  muster_test_add_fiber ("/certificate-authority/renewal", test_renewal);
  muster_test_add_fiber ("/certificate-authority/damaged", test_damaged);
  muster_test_add_fiber ("/certificate-authority/no-folder", test_no_folder);
  g_test_add_func ("/certificate-authority/texts", test_texts);
  return g_test_run ();
}
