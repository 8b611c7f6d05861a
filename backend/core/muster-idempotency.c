/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-idempotency"

#include "config.h"

#include "muster-idempotency.h"
#include "muster-transaction-private.h"

#define KEPT_USEC (G_GINT64_CONSTANT (24) * 3600 * G_USEC_PER_SEC)

MusterKeptAnswer *
muster_kept_answer_new (const char *request_hash,
                        unsigned    status,
                        const char *headers,
                        GBytes     *body)
{
  MusterKeptAnswer *self = NULL;

  g_return_val_if_fail (request_hash != NULL && headers != NULL && body != NULL, NULL);

  self = g_new (MusterKeptAnswer, 1);
  *self =
    (MusterKeptAnswer){ g_strdup (request_hash), status, g_strdup (headers), g_bytes_ref (body) };
  return self;
}

void
muster_kept_answer_free (MusterKeptAnswer *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->request_hash);
  g_free (self->headers);
  g_bytes_unref (self->body);
  g_free (self);
}

static MusterKeptAnswer *
muster_kept_answer_copy (const MusterKeptAnswer *self)
{
  return muster_kept_answer_new (self->request_hash, self->status, self->headers, self->body);
}

G_DEFINE_BOXED_TYPE (MusterKeptAnswer,
                     muster_kept_answer,
                     muster_kept_answer_copy,
                     muster_kept_answer_free)

typedef struct
{
  char             *actor;
  char             *key;
  MusterKeptAnswer *answer; /* (owned) (nullable) */
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  g_free (self->actor);
  g_free (self->key);
  g_clear_pointer (&self->answer, muster_kept_answer_free);
  g_free (self);
}

static Request *
request_new (const char *actor, const char *key, const MusterKeptAnswer *answer)
{
  Request *self = g_new (Request, 1);

  *self =
    (Request){ g_strdup (actor), g_strdup (key), answer ? muster_kept_answer_copy (answer) : NULL };
  return self;
}

static gboolean
find_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  static const char sql[] =
    "SELECT request_hash, status, headers, body FROM idempotency WHERE actor = :actor AND key = :key AND at >= :since";
  Request *request = data;
  g_autoptr (MusterStatement) statement = muster_statement_new (transaction->connection, sql, error);
  g_autoptr (GBytes) body = NULL;
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_text (statement, ":actor", request->actor);
  muster_statement_bind_text (statement, ":key", request->key);
  muster_statement_bind_integer (statement, ":since", transaction->now - KEPT_USEC);
  step = muster_statement_step (statement, error);
  if (step == MUSTER_STEP_DONE)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "no answer is kept for this key");
  if (step != MUSTER_STEP_ROW)
    return FALSE;
  body = muster_statement_get_blob (statement, 3);
  g_value_init (result, MUSTER_TYPE_KEPT_ANSWER);
  g_value_take_boxed (result,
                      muster_kept_answer_new (muster_statement_get_text (statement, 0),
                                              muster_statement_get_integer (statement, 1),
                                              muster_statement_get_text (statement, 2), body));
  return TRUE;
}

DexFuture *
muster_idempotency_find (MusterDatabase *database, const char *actor, const char *key)
{
  dex_return_error_if_fail (MUSTER_IS_DATABASE (database));
  dex_return_error_if_fail (actor != NULL && key != NULL);

  return muster_database_read (database, find_job, request_new (actor, key, NULL), request_free);
}

static gboolean
forget_old (MusterTransaction *transaction, GError **error)
{
  g_autoptr (MusterStatement) statement =
              muster_statement_new (transaction->connection,
                                    "DELETE FROM idempotency WHERE at < :since", error);

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":since", transaction->now - KEPT_USEC);
  return muster_statement_run (statement, error);
}

static gboolean
keep_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  static const char sql[] =
    "INSERT OR IGNORE INTO idempotency (actor, key, request_hash, status, headers, body, at) "
    "VALUES (:actor, :key, :request_hash, :status, :headers, :body, :at)";
  Request *request = data;
  g_autoptr (MusterStatement) statement = NULL;

  if (!forget_old (transaction, error))
    return FALSE;
  statement = muster_statement_new (transaction->connection, sql, error);
  if (statement == NULL)
    return FALSE;
  muster_statement_bind_text (statement, ":actor", request->actor);
  muster_statement_bind_text (statement, ":key", request->key);
  muster_statement_bind_text (statement, ":request_hash", request->answer->request_hash);
  muster_statement_bind_integer (statement, ":status", request->answer->status);
  muster_statement_bind_text (statement, ":headers", request->answer->headers);
  muster_statement_bind_blob (statement, ":body", request->answer->body);
  muster_statement_bind_integer (statement, ":at", transaction->now);
  return muster_statement_run (statement, error);
}

DexFuture *
muster_idempotency_keep (MusterDatabase         *database,
                         MusterActor            *actor,
                         const char             *key,
                         const MusterKeptAnswer *answer)
{
  dex_return_error_if_fail (MUSTER_IS_DATABASE (database));
  dex_return_error_if_fail (actor != NULL && key != NULL && answer != NULL);

  return muster_database_write (database, actor, NULL, keep_job,
                                request_new (muster_actor_to_string (actor), key, answer),
                                request_free);
}
