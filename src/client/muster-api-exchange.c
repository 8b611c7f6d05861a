/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-exchange"

#include "config.h"

#include "muster-api-client-private.h"
#include "muster-api-error.h"
#include "muster-api-exchange.h"
#include "muster-api-problem.h"
#include "muster-api-sink.h"
#include "muster-fiber.h"
#include "muster-soup.h"

#include "model/muster-error.h"

#define PIECE 65536
#define PROBLEM_LIMIT (1024 * 1024)

struct _MusterApiExchange
{
  gatomicrefcount       ref_count;
  MusterApiClient      *client;  /* (owned) */
  MusterApiRequest     *request; /* (owned) */
  MusterApiRetry        retry;
  char                 *key; /* (owned) */
  GCancellable         *cancellable;
  DexFuture            *future; /* (owned): of the fiber */
  MusterApiExchangeDone done;   /* (nullable): until it was called */
  gpointer              done_data;
  unsigned              n_waiting;
  guint                 deadline_id;
  guint                 timed_out : 1;
  guint                 renewed : 1;
};

static MusterApiExchange *
muster_api_exchange_ref (MusterApiExchange *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
muster_api_exchange_unref (MusterApiExchange *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_handle_id (&self->deadline_id, g_source_remove);
  g_object_unref (self->client);
  muster_api_request_unref (self->request);
  g_free (self->key);
  g_object_unref (self->cancellable);
  dex_clear (&self->future);
  g_free (self);
}

static void
muster_api_exchange_finish (MusterApiExchange *self)
{
  MusterApiExchangeDone done = g_steal_pointer (&self->done);

  g_clear_handle_id (&self->deadline_id, g_source_remove);
  if (done != NULL)
    done (self, self->done_data);
}

static gboolean
muster_api_exchange_deadline_cb (gpointer user_data)
{
  MusterApiExchange *self = user_data;

  self->deadline_id = 0;
  self->timed_out = TRUE;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static SoupMessage *
muster_api_exchange_make_message (MusterApiExchange *self)
{
  g_autofree char *path = muster_api_request_dup_path (self->request);
  SoupMessage     *message =
    muster_api_client_make_message (self->client, muster_api_request_get_method (self->request),
                                    path);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  gint64              revision = muster_api_request_get_revision (self->request);
  const char         *key = muster_api_request_get_idempotency_key (self->request);
  GBytes             *body = muster_api_request_get_body (self->request);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_replace (headers, "Accept", muster_api_request_get_accept (self->request));
  if (revision > 0)
    {
      g_autofree char *tag = g_strdup_printf ("\"%" G_GINT64_FORMAT "\"", revision);

      soup_message_headers_replace (headers, "If-Match", tag);
    }
  if (key != NULL)
    soup_message_headers_replace (headers, "Idempotency-Key", key);
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message,
                                              muster_api_request_get_body_type (self->request),
                                              body);
  return message;
}

/* Reads to the end, or NULL where there are more than LIMIT bytes. */
static GBytes *
muster_api_exchange_read (MusterApiExchange *self,
                          GInputStream      *stream,
                          gsize              limit,
                          GError           **error)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();

  for (;;)
    {
      g_autoptr (GBytes) piece =
                  dex_await_boxed (muster_soup_read (stream, PIECE, self->cancellable), error);

      if (piece == NULL)
        return NULL;
      if (g_bytes_get_size (piece) == 0)
        return g_byte_array_free_to_bytes (g_steal_pointer (&body));
      if (body->len + g_bytes_get_size (piece) > limit)
        {
          g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                       "the answer is longer than %" G_GSIZE_FORMAT " bytes", limit);
          return NULL;
        }
      g_byte_array_append (body, g_bytes_get_data (piece, NULL), g_bytes_get_size (piece));
    }
}

static gint64
get_revision (SoupMessageHeaders *headers)
{
  const char *tag = soup_message_headers_get_one (headers, "ETag");
  guint64     revision = 0;

  if (tag != NULL && g_str_has_prefix (tag, "W/"))
    tag += 2;
  if (tag == NULL || *tag != '"')
    return 0;
  revision = g_ascii_strtoull (tag + 1, NULL, 10);
  return revision <= G_MAXINT64 ? revision : 0;
}

/* Status before type, type before content. */
static MusterApiResponse *
muster_api_exchange_judge (MusterApiExchange *self,
                           SoupMessage       *message,
                           GBytes            *body,
                           GError           **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char         *type = soup_message_headers_get_content_type (headers, NULL);
  const char         *accept = muster_api_request_get_accept (self->request);
  unsigned            status = soup_message_get_status (message);

  if (!SOUP_STATUS_IS_SUCCESSFUL (status))
    g_propagate_error (error, muster_api_problem_decode (status, type, body));
  else if (g_bytes_get_size (body) > 0 && !g_str_equal (accept, "*/*") &&
           g_strcmp0 (type, accept) != 0)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                 "the answer is %s instead of %s: is this address a Muster daemon's?",
                 type != NULL ? type : "of no type",
                 g_str_equal (accept, "application/json") ? "JSON" : accept);
  else
    return muster_api_response_new (status, type, get_revision (headers), body);
  return NULL;
}

/* Hands everything on as it comes; nothing is left of it. */
static GBytes *
muster_api_exchange_pour (MusterApiExchange *self, GInputStream *stream, GError **error)
{
  gpointer          sink_data;
  MusterApiSinkFunc sink = muster_api_request_get_sink (self->request, &sink_data);

  for (;;)
    {
      g_autoptr (GBytes) piece =
                  dex_await_boxed (muster_soup_read (stream, PIECE, self->cancellable), error);

      if (piece == NULL)
        return NULL;
      if (g_bytes_get_size (piece) == 0)
        return g_bytes_new (NULL, 0);
      /* Nobody may be left to take it. */
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error) ||
          !dex_await (sink (piece, sink_data), error))
        return NULL;
    }
}

/* One attempt. STATUS: that of the answer, or 0 when none came. */
static MusterApiResponse *
muster_api_exchange_attempt (MusterApiExchange *self,
                             SoupMessage       *message,
                             unsigned          *status,
                             GError           **error)
{
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GBytes) body = NULL;
  GError *cause = NULL;

  *status = 0;
  stream = dex_await_object (muster_soup_send (muster_api_client_get_session (self->client),
                                               message, self->cancellable),
                             &cause);
  if (stream != NULL)
    {
      gpointer sink_data;
      gboolean successful = SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message));

      if (successful && muster_api_request_get_sink (self->request, &sink_data) != NULL)
        body = muster_api_exchange_pour (self, stream, &cause);
      else
        body = muster_api_exchange_read (self, stream,
                                         successful ? muster_api_request_get_limit (self->request)
                                                    : PROBLEM_LIMIT,
                                         &cause);
    }
  if (body == NULL)
    {
      g_propagate_error (error, muster_api_client_explain (self->client, message, cause));
      return NULL;
    }
  *status = soup_message_get_status (message);
  return muster_api_exchange_judge (self, message, body, error);
}

static void
muster_api_exchange_report (MusterApiExchange *self, unsigned status, const GError *error)
{
  if ((g_cancellable_is_cancelled (self->cancellable) && !self->timed_out) ||
      (status == SOUP_STATUS_UNAUTHORIZED &&
       muster_api_request_get_speaks_for_itself (self->request)))
    return;
  muster_api_client_report (self->client,
                            status == 0 || status == SOUP_STATUS_UNAUTHORIZED ? error : NULL);
}

static gint64
muster_api_exchange_get_delay (MusterApiExchange *self,
                               unsigned           attempt,
                               SoupMessage       *message,
                               unsigned           status,
                               const GError      *error)
{
  const char *after =
    soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");

  if (!muster_api_request_is_repeatable (self->request) ||
      g_cancellable_is_cancelled (self->cancellable))
    return -1;
  if (status == 0 && !muster_api_error_is_lost (error))
    return -1;
  return muster_api_retry_next_delay (&self->retry, attempt, status,
                                      muster_api_retry_parse_after (after, g_get_real_time ()),
                                      g_random_double ());
}

/* FALSE when the exchange was cancelled meanwhile. */
static gboolean
muster_api_exchange_sleep (MusterApiExchange *self, gint64 milliseconds)
{
  dex_await (dex_future_first (dex_timeout_new_msec (milliseconds),
                               dex_cancellable_new_from_cancellable (self->cancellable), NULL),
             NULL);
  return !g_cancellable_is_cancelled (self->cancellable);
}

/* Whether a request that was refused for its token, MESSAGE, may be sent with another one: an
 * access token lives for minutes. Once. */
static gboolean
muster_api_exchange_renew (MusterApiExchange *self, SoupMessage *message, unsigned status)
{
  if (status != SOUP_STATUS_UNAUTHORIZED || self->renewed ||
      muster_api_request_get_speaks_for_itself (self->request))
    return FALSE;
  self->renewed = TRUE;
  return dex_await (muster_api_client_renew (self->client, message), NULL) &&
         !g_cancellable_is_cancelled (self->cancellable);
}

static DexFuture *
muster_api_exchange_fiber (gpointer user_data)
{
  MusterApiExchange *self = user_data;
  g_autoptr (MusterApiResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  for (unsigned attempt = 1; response == NULL; attempt++)
    {
      g_autoptr (SoupMessage) message = muster_api_exchange_make_message (self);
      unsigned status;
      gint64   delay;

      g_clear_error (&error);
      response = muster_api_exchange_attempt (self, message, &status, &error);
      if (muster_api_exchange_renew (self, message, status))
        continue;
      muster_api_exchange_report (self, status, error);
      if (response != NULL)
        break;
      delay = muster_api_exchange_get_delay (self, attempt, message, status, error);
      if (delay < 0)
        break;
      g_debug ("%s: again in %" G_GINT64_FORMAT " ms: %s", self->key, delay, error->message);
      if (!muster_api_exchange_sleep (self, delay))
        break;
    }
  muster_api_exchange_finish (self);
  if (response != NULL)
    return dex_future_new_take_object (g_steal_pointer (&response));
  if (self->timed_out)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT, "no answer within %u ms",
                                  muster_api_request_get_deadline (self->request));
  return dex_future_new_for_error (g_steal_pointer (&error));
}

char *
muster_api_exchange_make_key (MusterApiRequest *request)
{
  g_autofree char *path = muster_api_request_dup_path (request);

  return g_strconcat (muster_api_request_get_method (request), " ", path, NULL);
}

MusterApiExchange *
muster_api_exchange_new (MusterApiClient      *client,
                         MusterApiRequest     *request,
                         const MusterApiRetry *retry,
                         MusterApiExchangeDone done,
                         gpointer              user_data)
{
  MusterApiExchange *self = g_new0 (MusterApiExchange, 1);
  unsigned           deadline = muster_api_request_get_deadline (request);

  g_atomic_ref_count_init (&self->ref_count);
  self->client = g_object_ref (client);
  self->request = muster_api_request_ref (request);
  self->retry = *retry;
  self->key = muster_api_exchange_make_key (request);
  self->cancellable = g_cancellable_new ();
  self->done = done;
  self->done_data = user_data;
  if (deadline > 0)
    self->deadline_id = g_timeout_add (deadline, muster_api_exchange_deadline_cb, self);
  self->future =
    muster_fiber_spawn (NULL, 0, muster_api_exchange_fiber, muster_api_exchange_ref (self),
                        (GDestroyNotify)muster_api_exchange_unref);
  return self;
}

const char *
muster_api_exchange_get_key (MusterApiExchange *self)
{
  return self->key;
}

static void
muster_api_exchange_leave (gpointer user_data)
{
  MusterApiExchange *self = user_data;

  if (--self->n_waiting == 0)
    {
      g_cancellable_cancel (self->cancellable);
      muster_api_exchange_finish (self);
    }
  muster_api_exchange_unref (self);
}

static DexFuture *
muster_api_exchange_pass_cb (DexFuture *future, gpointer user_data)
{
  return dex_ref (future);
}

DexFuture *
muster_api_exchange_wait (MusterApiExchange *self)
{
  self->n_waiting++;
  return dex_future_finally (dex_ref (self->future), muster_api_exchange_pass_cb,
                             muster_api_exchange_ref (self), muster_api_exchange_leave);
}
