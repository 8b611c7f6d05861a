/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-certificate-test"

#include "config.h"

#include <libsoup/soup.h>

#include "core/muster-core-test-util.h"
#include "muster-api-client.h"
#include "muster-api-error.h"

#include "model/muster-error.h"

/* Self-signed for localhost and 127.0.0.1, EC P-256, till 2126. */
static const char pem[] = "-----BEGIN CERTIFICATE-----\n"
                          "MIIBmzCCAUGgAwIBAgIUVQvBZX9d6ZleVYHkdLrbg2zrJC8wCgYIKoZIzj0EAwIw\n"
                          "FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMDIzNTkwNVoYDzIxMjYxMDI3\n"
                          "MjM1OTA1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO\n"
                          "PQMBBwNCAATpfhQ9Q5KV8OojES5fDqmkLdawuveY0B+tzHpEWg7g4QftpWYCIcuz\n"
                          "nr69g7qlcCEQp8Ijp7iF1zewzIfwGkn9o28wbTAdBgNVHQ4EFgQUFZsiAZToGwLk\n"
                          "xZHEJbMt59X6t+wwHwYDVR0jBBgwFoAUFZsiAZToGwLkxZHEJbMt59X6t+wwDwYD\n"
                          "VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI\n"
                          "zj0EAwIDSAAwRQIgTDRGJ06ruw8GSqSrUVHHeA9U95p4LUFLFze8qlE+HC0CIQDd\n"
                          "Z3iBOeNzJGVe5ukUuZqHEegnn7j2AlOkOqMWnqoslg==\n"
                          "-----END CERTIFICATE-----\n"
                          "-----BEGIN PRIVATE KEY-----\n"
                          "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkQgGdjK3AJYdhf7o\n"
                          "mytEEf8YgMPPi3d/fHfBw9uDIe+hRANCAATpfhQ9Q5KV8OojES5fDqmkLdawuveY\n"
                          "0B+tzHpEWg7g4QftpWYCIcuznr69g7qlcCEQp8Ijp7iF1zewzIfwGkn9\n"
                          "-----END PRIVATE KEY-----\n";

/* The servers of all tests, kept till the end: libsoup's may not go while a handshake is under way,
 * as one is for a moment after its client has refused the certificate. */
static GPtrArray *servers;

static void
answer_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           n_requests)
{
  (*(unsigned *)n_requests)++;
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{}", 2);
}

/* Its address: (transfer full). */
static char *
serve (unsigned *n_requests, char **fingerprint)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  SoupServer *server;
  GSList     *uris;
  char       *uri;

  g_assert_no_error (error);
  server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (server, NULL, answer_cb, n_requests, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY,
                            &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (server);
  uri = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  *fingerprint = muster_api_fingerprint_new (certificate);
  g_ptr_array_add (servers, server);
  return uri;
}

static DexFuture *
ask (MusterApiClient *client)
{
  g_autoptr (MusterApiRequest) request = muster_api_request_new ("GET", "thing", NULL);

  return muster_api_client_send (client, request);
}

static void
test_first_use (void)
{
  unsigned         n_requests = 0;
  g_autofree char *fingerprint = NULL;
  g_autofree char *uri = serve (&n_requests, &fingerprint);
  g_autoptr (MusterApiClient) client = muster_api_client_new_for_uri (uri, NULL);
  g_autoptr (GError) error = NULL;
  gboolean answered;

  answered = dex_await (ask (client), &error);
  g_assert_cmpint (answered, ==, FALSE);
  g_assert_error (error, MUSTER_API_CERTIFICATE_ERROR, MUSTER_API_CERTIFICATE_ERROR_UNTRUSTED);
  g_assert_cmpstr (muster_api_certificate_error_get_fingerprint (error), ==, fingerprint);
  g_assert_cmpint (muster_api_client_get_connection (client), ==, MUSTER_API_CONNECTION_REFUSED);
  g_assert_cmpuint (n_requests, ==, 0);
  g_clear_error (&error);
  muster_api_client_set_pin (client, fingerprint, &error);
  g_assert_no_error (error);
  answered = dex_await (ask (client), &error);
  g_assert_no_error (error);
  g_assert_cmpint (answered, ==, TRUE);
  g_assert_cmpuint (n_requests, ==, 1);
  g_assert_cmpint (muster_api_client_get_connection (client), ==, MUSTER_API_CONNECTION_CONNECTED);
}

static void
test_changed (void)
{
  unsigned         n_requests = 0;
  g_autofree char *fingerprint = NULL;
  g_autofree char *uri = serve (&n_requests, &fingerprint);
  g_autoptr (MusterApiClient) client = muster_api_client_new_for_uri (uri, NULL);
  g_autoptr (GError) error = NULL;
  gboolean answered;

  g_assert_cmpint (muster_api_client_set_pin (
                     client, "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
                     &error),
                   ==, TRUE);
  answered = dex_await (ask (client), &error);
  g_assert_cmpint (answered, ==, FALSE);
  g_assert_error (error, MUSTER_API_CERTIFICATE_ERROR, MUSTER_API_CERTIFICATE_ERROR_CHANGED);
  g_assert_cmpstr (muster_api_certificate_error_get_fingerprint (error), ==, fingerprint);
  g_assert_cmpuint (n_requests, ==, 0);
}

static void
test_authority (void)
{
  unsigned         n_requests = 0;
  g_autofree char *fingerprint = NULL;
  g_autofree char *uri = serve (&n_requests, &fingerprint);
  g_autoptr (MusterApiClient) client = muster_api_client_new_for_uri (uri, NULL);
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "ca.pem");
  g_autoptr (GError) error = NULL;
  gboolean done;

  done = muster_api_client_set_authority_file (client, path, &error);
  g_assert_cmpint (done, ==, FALSE);
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_file_set_contents (path, pem, -1, &error);
  g_assert_no_error (error);
  done = muster_api_client_set_authority_file (client, path, &error);
  g_assert_no_error (error);
  done = dex_await (ask (client), &error);
  g_assert_no_error (error);
  g_assert_cmpint (done, ==, TRUE);
}

static void
test_fingerprints (void)
{
  static const char *const refused[] = {
    "",
    "12:AB",
    "x",
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeef",
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00",
    "zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *taken = muster_api_fingerprint_parse (
    "00:11:22:33 44556677 8899aabbccddeeff00112233445566778899aabbccddeeFF", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (
    taken, ==,
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF");
  for (unsigned i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_assert_null (muster_api_fingerprint_parse (refused[i], &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      g_clear_error (&error);
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  servers = g_ptr_array_new_with_free_func (g_object_unref);
  muster_test_add_fiber ("/api-certificate/first-use", test_first_use);
  muster_test_add_fiber ("/api-certificate/changed", test_changed);
  muster_test_add_fiber ("/api-certificate/authority", test_authority);
  g_test_add_func ("/api-certificate/fingerprints", test_fingerprints);
  status = g_test_run ();
  g_ptr_array_unref (servers);
  return status;
}
