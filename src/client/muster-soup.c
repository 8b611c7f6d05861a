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

/* --- sending --- */

/* libsoup (3.6.5) gives up one reference too many of a request that is cancelled after the head of
 * its answer has been read and before that has been told: both lie one turn of the main loop apart.
 * Hence it is cancelled when nothing of that is left to be told, after everything of its priority.
 */
#define AFTER_ANSWERS (G_PRIORITY_DEFAULT + 1)

typedef struct
{
  DexPromise   *promise;     /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable): of the caller */
  GCancellable *own;         /* (owned): what libsoup looks at */
  gulong        cancelled_id;
  unsigned      cancel_id;
} Sending;

static void
sending_free (Sending *self)
{
  g_cancellable_disconnect (self->cancellable, self->cancelled_id);
  g_clear_handle_id (&self->cancel_id, g_source_remove);
  g_clear_object (&self->cancellable);
  g_object_unref (self->own);
  dex_unref (self->promise);
  g_free (self);
}

static gboolean
muster_soup_cancel_cb (gpointer user_data)
{
  Sending *self = user_data;

  self->cancel_id = 0;
  g_cancellable_cancel (self->own);
  return G_SOURCE_REMOVE;
}

static void
muster_soup_cancelled_cb (GCancellable *cancellable, Sending *self)
{
  if (self->cancel_id == 0)
    self->cancel_id = g_idle_add_full (AFTER_ANSWERS, muster_soup_cancel_cb, self, NULL);
}

static void
muster_soup_send_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Sending      *self = user_data;
  GError       *error = NULL;
  GInputStream *stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  complete_object (dex_ref (self->promise), stream, error);
  sending_free (self);
}

DexFuture *
muster_soup_send (SoupSession *session, SoupMessage *message, GCancellable *cancellable)
{
  Sending    *self = g_new0 (Sending, 1);
  DexPromise *promise = dex_promise_new ();

  self->promise = dex_ref (promise);
  self->own = g_cancellable_new ();
  g_set_object (&self->cancellable, cancellable);
  if (cancellable != NULL)
    self->cancelled_id =
      g_cancellable_connect (cancellable, G_CALLBACK (muster_soup_cancelled_cb), self, NULL);
  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, self->own, muster_soup_send_cb,
                           self);
  return DEX_FUTURE (promise);
}

static gboolean
muster_soup_abort_cb (gpointer session)
{
  soup_session_abort (session);
  return G_SOURCE_REMOVE;
}

void
muster_soup_abort (SoupSession *session)
{
  g_idle_add_full (AFTER_ANSWERS, muster_soup_abort_cb, g_object_ref (session), g_object_unref);
}

/* --- reading and streams --- */

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
