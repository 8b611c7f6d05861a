/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-retries"

#include "config.h"

#include <string.h>

#include "core/muster-idempotency.h"
#include "muster-retries.h"
#include "muster-response-private.h"

#define MAX_IN_MEMORY 256

/* One answer in memory. */
typedef struct
{
  char           *name;     /* (owned): actor and key */
  char           *hash;     /* (owned): of the request */
  MusterResponse *response; /* (owned) */
} Answer;

struct _MusterRetries
{
  GObject parent_instance;

  MusterDatabase *database; /* (owned) (nullable) */
  GHashTable     *running;  /* (owned) (element-type utf8), a set: requests under way */
  GHashTable     *answers;  /* (owned) (element-type utf8 Answer) */
  GQueue          order;    /* (element-type Answer): oldest first, borrowed */
};

G_DEFINE_FINAL_TYPE (MusterRetries, muster_retries, G_TYPE_OBJECT)

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
muster_retries_finalize (GObject *object)
{
  MusterRetries *self = MUSTER_RETRIES (object);

  g_queue_clear (&self->order);
  g_clear_pointer (&self->answers, g_hash_table_unref);
  g_clear_pointer (&self->running, g_hash_table_unref);
  g_clear_object (&self->database);
  G_OBJECT_CLASS (muster_retries_parent_class)->finalize (object);
}

static void
muster_retries_class_init (MusterRetriesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_retries_finalize;
}

static void
muster_retries_init (MusterRetries *self)
{
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, answer_free);
  g_queue_init (&self->order);
}

MusterRetries *
muster_retries_new (MusterDatabase *database)
{
  MusterRetries *self = g_object_new (MUSTER_TYPE_RETRIES, NULL);

  self->database = database != NULL ? g_object_ref (database) : NULL;
  return self;
}

gboolean
muster_retries_key_is_valid (const char *key)
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
restore_response (const MusterKeptAnswer *kept)
{
  MusterResponse *response = muster_response_new (kept->status);
  g_auto (GStrv) lines = g_strsplit (kept->headers, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    parse_header (response, *line);
  if (response->media_type != NULL)
    response->body = g_bytes_ref (kept->body);
  return response;
}

static void
set_used_otherwise (GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_field_errors_add (errors, "Idempotency-Key",
                           "was used for another request: take a new one");
  muster_field_errors_check (errors, error);
}

/* --- in memory --- */

static char *
make_name (const char *actor, const char *key)
{
  return g_strconcat (actor, "\n", key, NULL);
}

static void
muster_retries_remember (MusterRetries  *self,
                         const char     *name,
                         const char     *hash,
                         MusterResponse *response)
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
  MusterRetries *self; /* (owned) */
  char          *name; /* (owned) */
  char          *hash; /* (owned): of the request */
} Lookup;

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_object_unref (lookup->self);
  g_free (lookup->name);
  g_free (lookup->hash);
  g_free (lookup);
}

/* Under way stays only what has not been answered before. */
static DexFuture *
muster_retries_found_cb (DexFuture *future, gpointer user_data)
{
  Lookup *lookup = user_data;
  g_autoptr (GError) error = NULL;
  const GValue           *value = dex_future_get_value (future, &error);
  const MusterKeptAnswer *kept = value != NULL ? g_value_get_boxed (value) : NULL;

  if (kept == NULL && g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
    return dex_future_new_false ();
  g_hash_table_remove (lookup->self->running, lookup->name);
  if (kept != NULL && strcmp (kept->request_hash, lookup->hash) == 0)
    return dex_future_new_take_object (restore_response (kept));
  if (kept != NULL)
    set_used_otherwise (&error);
  return dex_future_new_for_error (g_steal_pointer (&error));
}

DexFuture *
muster_retries_begin (MusterRetries *self, const char *actor, const char *key, const char *hash)
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
  *lookup = (Lookup){ g_object_ref (self), g_steal_pointer (&name), g_strdup (hash) };
  return dex_future_finally (muster_idempotency_find (self->database, actor, key),
                             muster_retries_found_cb, lookup, lookup_free);
}

DexFuture *
muster_retries_end (MusterRetries  *self,
                    MusterActor    *actor,
                    const char     *key,
                    const char     *hash,
                    MusterResponse *response)
{
  g_autofree char *name = make_name (muster_actor_to_string (actor), key);
  g_autofree char *headers = NULL;
  g_autoptr (GBytes) none = g_bytes_new_static ("", 0);
  g_autoptr (MusterKeptAnswer) kept = NULL;

  g_hash_table_remove (self->running, name);
  if (response == NULL || response->status >= 300)
    return dex_future_new_true ();
  muster_retries_remember (self, name, hash, response);
  if (self->database == NULL ||
      g_strcmp0 (muster_response_get_header (response, "Cache-Control"), "no-store") == 0)
    return dex_future_new_true ();
  headers = print_headers (response);
  kept = muster_kept_answer_new (hash, response->status, headers,
                                 response->body != NULL ? response->body : none);
  return muster_idempotency_keep (self->database, actor, key, kept);
}
