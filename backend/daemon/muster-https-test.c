/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/http/muster-http-test-util.h"
#include "messaging/muster-certificate-authority.h"

static DexFuture *
authenticate (const char *token, gpointer user_data)
{
  return dex_future_new_take_boxed (MUSTER_TYPE_ACTOR,
                                    muster_actor_new (MUSTER_ACTOR_TOKEN, "token", "token", 0));
}

static gboolean
accept_cb (GTlsConnection *connection, GTlsCertificate *certificate, GTlsCertificateFlags flags)
{
  return TRUE;
}

/* A TLS stream on top of the first TCP connection. */
static GIOStream *
connect_tls (MusterHttpServer *server)
{
  g_autoptr (GIOStream) base = muster_test_connect_tcp (server);
  g_autoptr (GError) error = NULL;
  GIOStream *tls = g_tls_client_connection_new (base, NULL, &error);

  g_assert_no_error (error);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_cb), NULL);
  return tls;
}

/* The API by HTTPS with the site's own certificate; whoever speaks plain HTTP there is not heard.
 */
static void
test_https (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *tls_dir = muster_test_dir_build (dir, "tls");
  g_autoptr (MusterClock) clock = muster_clock_new ();
  g_autoptr (MusterCertificateAuthority) authority =
              muster_certificate_authority_new (tls_dir, "Test", NULL, clock);
  g_autoptr (MusterRouter) router = muster_router_new ();
  g_autoptr (MusterHttpServer) server = muster_http_server_new (router, NULL, NULL);
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GIOStream) stream = NULL, plain = NULL;
  g_autoptr (MusterTestAnswer) answer = NULL, again = NULL, unheard = NULL;
  g_auto (GStrv) uris = NULL;
  g_autoptr (GError) error = NULL;

  muster_test_await (muster_service_start (MUSTER_SERVICE (authority)));
  certificate = muster_certificate_authority_dup_tls_certificate (authority, &error);
  g_assert_no_error (error);
  muster_http_server_add_tcp (server, "127.0.0.1", 0, certificate);
  muster_http_server_set_authenticate (server, authenticate, NULL, NULL);
  muster_test_await (muster_service_start (MUSTER_SERVICE (server)));
  uris = muster_http_server_list_uris (server);
  g_assert_true (g_str_has_prefix (uris[0], "https://127.0.0.1:"));
  stream = connect_tls (server);
  answer = muster_test_ask (stream, "GET", "/openapi.json", "Authorization: Bearer x\r\n", NULL);
  g_assert_cmpuint (answer->status, ==, 200);
  again = muster_test_ask (stream, "GET", "/docs", "", NULL);
  g_assert_cmpuint (again->status, ==, 200);
  plain = muster_test_connect_tcp (server);
  unheard = muster_test_ask (plain, "GET", "/docs", "", NULL);
  g_assert_cmpuint (unheard->status, ==, 0);
  muster_test_await (muster_service_stop (MUSTER_SERVICE (server)));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (authority)));
}

int
main (int argc, char *argv[])
{
  dex_init ();
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/https/serve", test_https);
  return g_test_run ();
}
