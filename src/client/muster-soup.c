/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-soup"

#include "config.h"

#include "muster-soup.h"

static void
complete_object (DexPromise *promise, gpointer object, GError *error)
{
  if (error != NULL)
    dex_promise_reject (promise, error);
  else
    dex_promise_resolve_object (promise, object);
  dex_unref (promise);
}

static void
muster_soup_send_cb (GObject *source, GAsyncResult *result, gpointer promise)
{
  GError       *error = NULL;
  GInputStream *stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  complete_object (promise, stream, error);
}

DexFuture *
muster_soup_send (SoupSession *session, SoupMessage *message, GCancellable *cancellable)
{
  DexPromise *promise = dex_promise_new ();

  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, cancellable, muster_soup_send_cb,
                           dex_ref (promise));
  return DEX_FUTURE (promise);
}

static void
muster_soup_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DexPromise *promise = user_data;
  GError     *error = NULL;
  GBytes     *bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (bytes == NULL)
    dex_promise_reject (promise, error);
  else
    dex_promise_resolve_boxed (promise, G_TYPE_BYTES, bytes);
  dex_unref (promise);
}

DexFuture *
muster_soup_read (GInputStream *stream, gsize size, GCancellable *cancellable)
{
  DexPromise *promise = dex_promise_new ();

  g_input_stream_read_bytes_async (stream, size, G_PRIORITY_DEFAULT, cancellable,
                                   muster_soup_read_cb, dex_ref (promise));
  return DEX_FUTURE (promise);
}

static void
muster_soup_connect_websocket_cb (GObject *source, GAsyncResult *result, gpointer promise)
{
  GError                  *error = NULL;
  SoupWebsocketConnection *connection =
    soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);

  complete_object (promise, connection, error);
}

DexFuture *
muster_soup_connect_websocket (SoupSession  *session,
                               SoupMessage  *message,
                               GCancellable *cancellable)
{
  DexPromise *promise = dex_promise_new ();

  soup_session_websocket_connect_async (session, message, NULL, NULL, G_PRIORITY_DEFAULT,
                                        cancellable, muster_soup_connect_websocket_cb,
                                        dex_ref (promise));
  return DEX_FUTURE (promise);
}
