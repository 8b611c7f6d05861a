/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-idempotency"

#include "config.h"

#include <string.h>

#include "core/muster-transaction-private.h"
#include "muster-idempotency.h"
#include "muster-response-private.h"

#define KEPT_USEC (24 * G_TIME_SPAN_HOUR)
#define MAX_IN_MEMORY 256

/* One answer in memory. */
typedef struct
{
  char           *name;     /* (owned): actor and key */
  char           *hash;     /* (owned): of the request */
  MusterResponse *response; /* (owned) */
} Answer;

struct _MusterIdempotency
{
  GObject parent_instance;

  MusterDatabase *database; /* (owned) (nullable) */
  GHashTable     *running;  /* (owned) (element-type utf8), a set: requests under way */
  GHashTable     *answers;  /* (owned) (element-type utf8 Answer) */
  GQueue          order;    /* (element-type Answer): oldest first, borrowed */
};

G_DEFINE_FINAL_TYPE (MusterIdempotency, muster_idempotency, G_TYPE_OBJECT)

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_clear_object (&answer->response);
  g_free (answer->name);
  g_free (answer->hash);
  g_free (answer);
}

static void
muster_idempotency_finalize (GObject *object)
{
  MusterIdempotency *self = MUSTER_IDEMPOTENCY (object);

  g_queue_clear (&self->order);
  g_clear_pointer (&self->answers, g_hash_table_unref);
  g_clear_pointer (&self->running, g_hash_table_unref);
  g_clear_object (&self->database);
  G_OBJECT_CLASS (muster_idempotency_parent_class)->finalize (object);
}

static void
muster_idempotency_class_init (MusterIdempotencyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_idempotency_finalize;
}

static void
muster_idempotency_init (MusterIdempotency *self)
{
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, answer_free);
  g_queue_init (&self->order);
}

MusterIdempotency *
muster_idempotency_new (MusterDatabase *database)
{
  MusterIdempotency *self = g_object_new (MUSTER_TYPE_IDEMPOTENCY, NULL);

  self->database = database != NULL ? g_object_ref (database) : NULL;
  return self;
}

gboolean
muster_idempotency_key_is_valid (const char *key)
{
  gsize length = strlen (key);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (key[i]))
      return FALSE;
  return length > 0 && length <= 128;
}

/* --- answers as they are stored --- */

/* One header a line; the media type and the revision among them. */
static char *
print_headers (MusterResponse *response)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "Content-Type: %s\nRevision: %" G_GINT64_FORMAT "\n",
                          response->media_type != NULL ? response->media_type : "",
                          response->revision);
  for (guint i = 0; response->headers != NULL && i < response->headers->len; i++)
    {
      const MusterHeader *header = &g_array_index (response->headers, MusterHeader, i);

      g_string_append_printf (text, "%s: %s\n", header->name, header->value);
    }
  return g_string_free_and_steal (text);
}

static void
parse_header (MusterResponse *response, char *line)
{
  char *value = strstr (line, ": ");

  if (value == NULL)
    return;
  *value = '\0';
  value += 2;
  if (strcmp (line, "Content-Type") == 0)
    response->media_type = *value != '\0' ? g_intern_string (value) : NULL;
  else if (strcmp (line, "Revision") == 0)
    response->revision = g_ascii_strtoll (value, NULL, 10);
  else
    muster_response_set_header (response, line, value);
}

static MusterResponse *
restore_response (unsigned status, const char *headers, const char *body)
{
  MusterResponse *response = muster_response_new (status);
  g_auto (GStrv) lines = g_strsplit (headers, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    parse_header (response, *line);
  if (response->media_type != NULL)
    response->body = g_bytes_new (body, strlen (body));
  return response;
}

/* --- the database --- */

typedef struct
{
  char    *actor;   /* (owned) */
  char    *key;     /* (owned) */
  char    *hash;    /* (owned) */
  char    *headers; /* (owned) (nullable) */
  GBytes  *body;    /* (owned) (nullable) */
  unsigned status;
} Row;

static void
row_free (gpointer data)
{
  Row *row = data;

  g_clear_pointer (&row->body, g_bytes_unref);
  g_free (row->actor);
  g_free (row->key);
  g_free (row->hash);
  g_free (row->headers);
  g_free (row);
}

static Row *
row_new (const char *actor, const char *key, const char *hash)
{
  Row *row = g_new0 (Row, 1);

  row->actor = g_strdup (actor);
  row->key = g_strdup (key);
  row->hash = g_strdup (hash);
  return row;
}

static void
set_used_otherwise (GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_field_errors_add (errors, "Idempotency-Key",
                           "was used for another request: take a new one");
  muster_field_errors_check (errors, error);
}

/* Gives FALSE, or the response of the row. */
static gboolean
find_thread (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Row *row = data;
  g_autoptr (MusterStatement) statement =
              muster_statement_new (transaction->connection,
                                    "SELECT request_hash, status, headers, body FROM idempotency"
                                    " WHERE actor = :actor AND key = :key AND at > :since",
                                    error);
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_text (statement, ":actor", row->actor);
  muster_statement_bind_text (statement, ":key", row->key);
  muster_statement_bind_integer (statement, ":since",
                                 muster_transaction_get_now (transaction) - KEPT_USEC);
  step = muster_statement_step (statement, error);
  if (step == MUSTER_STEP_FAILED)
    return FALSE;
  if (step == MUSTER_STEP_DONE)
    {
      g_value_init (result, G_TYPE_BOOLEAN);
      return TRUE;
    }
  if (g_strcmp0 (muster_statement_get_text (statement, 0), row->hash) != 0)
    {
      set_used_otherwise (error);
      return FALSE;
    }
  g_value_init (result, MUSTER_TYPE_RESPONSE);
  g_value_take_object (result, restore_response (muster_statement_get_integer (statement, 1),
                                                 muster_statement_get_text (statement, 2),
                                                 muster_statement_get_text (statement, 3)));
  return TRUE;
}

static gboolean
store_thread (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Row   *row = data;
  gint64 now = muster_transaction_get_now (transaction);
  g_autoptr (MusterStatement) old =
              muster_statement_new (transaction->connection,
                                    "DELETE FROM idempotency WHERE at <= :before", error);
  g_autoptr (MusterStatement) statement = NULL;

  if (old == NULL)
    return FALSE;
  muster_statement_bind_integer (old, ":before", now - KEPT_USEC);
  if (!muster_statement_run (old, error))
    return FALSE;
  statement = muster_statement_new (
    transaction->connection,
    "INSERT OR REPLACE INTO idempotency (actor, key, request_hash, status, headers, body, at)"
    " VALUES (:actor, :key, :hash, :status, :headers, :body, :at)",
    error);
  if (statement == NULL)
    return FALSE;
  muster_statement_bind_text (statement, ":actor", row->actor);
  muster_statement_bind_text (statement, ":key", row->key);
  muster_statement_bind_text (statement, ":hash", row->hash);
  muster_statement_bind_integer (statement, ":status", row->status);
  muster_statement_bind_text (statement, ":headers", row->headers);
  muster_statement_bind_blob (statement, ":body", row->body);
  muster_statement_bind_integer (statement, ":at", now);
  return muster_statement_run (statement, error);
}

/* --- in memory --- */

static char *
make_name (const char *actor, const char *key)
{
  return g_strconcat (actor, "\n", key, NULL);
}

static void
muster_idempotency_remember (MusterIdempotency *self,
                             const char        *name,
                             const char        *hash,
                             MusterResponse    *response)
{
  Answer *answer = g_new (Answer, 1);

  if (self->order.length == MAX_IN_MEMORY)
    g_hash_table_remove (self->answers, ((Answer *)g_queue_pop_head (&self->order))->name);
  *answer = (Answer){ g_strdup (name), g_strdup (hash), g_object_ref (response) };
  g_hash_table_insert (self->answers, answer->name, answer);
  g_queue_push_tail (&self->order, answer);
}

typedef struct
{
  MusterIdempotency *self; /* (owned) */
  char              *name; /* (owned) */
} Lookup;

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_object_unref (lookup->self);
  g_free (lookup->name);
  g_free (lookup);
}

/* Under way is only what has not been answered before. */
static DexFuture *
muster_idempotency_found_cb (DexFuture *future, gpointer user_data)
{
  Lookup       *lookup = user_data;
  const GValue *value = dex_future_get_value (future, NULL);

  if (value == NULL || G_VALUE_HOLDS (value, MUSTER_TYPE_RESPONSE))
    g_hash_table_remove (lookup->self->running, lookup->name);
  return dex_ref (future);
}

DexFuture *
muster_idempotency_begin (MusterIdempotency *self,
                          const char        *actor,
                          const char        *key,
                          const char        *hash)
{
  g_autofree char *name = make_name (actor, key);
  Answer          *answer = g_hash_table_lookup (self->answers, name);
  g_autoptr (GError) error = NULL;
  Lookup *lookup;

  if (g_hash_table_contains (self->running, name))
    return dex_future_new_reject (
      MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
      "a request with this Idempotency-Key is under way: ask again later");
  if (answer != NULL && strcmp (answer->hash, hash) == 0)
    return dex_future_new_take_object (g_object_ref (answer->response));
  if (answer != NULL)
    {
      set_used_otherwise (&error);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  g_hash_table_add (self->running, g_strdup (name));
  if (self->database == NULL)
    return dex_future_new_false ();
  lookup = g_new (Lookup, 1);
  *lookup = (Lookup){ g_object_ref (self), g_steal_pointer (&name) };
  return dex_future_finally (muster_database_read (self->database, find_thread,
                                                   row_new (actor, key, hash), row_free),
                             muster_idempotency_found_cb, lookup, lookup_free);
}

DexFuture *
muster_idempotency_end (MusterIdempotency *self,
                        MusterActor       *actor,
                        const char        *key,
                        const char        *hash,
                        MusterResponse    *response)
{
  g_autofree char *name = make_name (muster_actor_to_string (actor), key);
  Row             *row;

  g_hash_table_remove (self->running, name);
  if (response == NULL || response->status >= 300)
    return dex_future_new_true ();
  muster_idempotency_remember (self, name, hash, response);
  if (self->database == NULL ||
      g_strcmp0 (muster_response_get_header (response, "Cache-Control"), "no-store") == 0)
    return dex_future_new_true ();
  row = row_new (muster_actor_to_string (actor), key, hash);
  row->status = response->status;
  row->headers = print_headers (response);
  row->body = response->body != NULL ? g_bytes_ref (response->body) : g_bytes_new_static ("", 0);
  return muster_database_write (self->database, actor, NULL, store_thread, row, row_free);
}
