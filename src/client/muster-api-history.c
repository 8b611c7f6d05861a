/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-history"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-history.h"
#include "muster-api-json.h"

#include "model/muster-time.h"

/* A journal of millions takes its time. */
#define VERIFY_MILLISECONDS 600000

struct _MusterApiOperation
{
  GObject parent_instance;

  JsonObject *json; /* (owned) */
  gint64      time;
};

G_DEFINE_FINAL_TYPE (MusterApiOperation, muster_api_operation, G_TYPE_OBJECT)

static void
muster_api_operation_finalize (GObject *object)
{
  g_clear_pointer (&MUSTER_API_OPERATION (object)->json, json_object_unref);
  G_OBJECT_CLASS (muster_api_operation_parent_class)->finalize (object);
}

static void
muster_api_operation_class_init (MusterApiOperationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_api_operation_finalize;
}

static void
muster_api_operation_init (MusterApiOperation *self)
{
}

MusterApiOperation *
muster_api_operation_new_from_json (JsonObject *object, GError **error)
{
  MusterApiOperation *self;
  const char         *lack = NULL;

  g_return_val_if_fail (object != NULL, NULL);

  if (muster_api_json_get_string (object, "operation") == NULL)
    lack = "operation";
  else if (muster_api_json_get_integer (object, "sequence", 0) <= 0)
    lack = "sequence";
  else if (muster_api_json_get_time (object, "at") < 0)
    lack = "at";
  if (lack != NULL)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL, "an operation has no “%s”", lack);
      return NULL;
    }
  self = g_object_new (MUSTER_TYPE_API_OPERATION, NULL);
  self->json = json_object_ref (object);
  self->time = muster_api_json_get_time (object, "at");
  return self;
}

gint64
muster_api_operation_get_time (MusterApiOperation *self)
{
  g_return_val_if_fail (MUSTER_IS_API_OPERATION (self), 0);

  return self->time;
}

#define DEFINE_TEXT(name, member)                                                                  \
  const char *muster_api_operation_get_##name (MusterApiOperation *self)                           \
  {                                                                                                \
    g_return_val_if_fail (MUSTER_IS_API_OPERATION (self), NULL);                                   \
    return muster_api_json_get_string (self->json, member);                                        \
  }

#define DEFINE_NUMBER(name)                                                                        \
  gint64 muster_api_operation_get_##name (MusterApiOperation *self)                                \
  {                                                                                                \
    g_return_val_if_fail (MUSTER_IS_API_OPERATION (self), 0);                                      \
    return muster_api_json_get_integer (self->json, #name, 0);                                     \
  }

DEFINE_TEXT (id, "operation")
DEFINE_TEXT (actor, "actor")
DEFINE_TEXT (person, "person")
DEFINE_TEXT (entity, "entity")
DEFINE_TEXT (title, "title")
DEFINE_TEXT (summary, "summary")
DEFINE_TEXT (reason, "reason")
DEFINE_NUMBER (sequence)
DEFINE_NUMBER (count)
DEFINE_NUMBER (undoes)
DEFINE_NUMBER (undone_by)

JsonObject *
muster_api_operation_get_changes (MusterApiOperation *self)
{
  g_return_val_if_fail (MUSTER_IS_API_OPERATION (self), NULL);

  return muster_api_json_get_object (self->json, "changes");
}

gboolean
muster_api_operation_can_undo (MusterApiOperation *self)
{
  g_return_val_if_fail (MUSTER_IS_API_OPERATION (self), FALSE);

  return muster_api_json_get_boolean (self->json, "undoable");
}

static GObject *
make_operation (JsonObject *row, gconstpointer data, GError **error)
{
  return (GObject *)muster_api_operation_new_from_json (row, error);
}

static void
add_time (MusterApiRequest *request, const char *name, gint64 time)
{
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  if (time > 0)
    muster_api_request_add_query (request, name, muster_time_format (time, text));
}

DexFuture *
muster_api_history_list (MusterApiClient *client, const MusterApiHistoryQuery *query)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "journal", "operations", NULL);
  const MusterApiHistoryQuery all = { NULL };

  if (query == NULL)
    query = &all;
  muster_api_request_add_query (request, "entity", query->entity);
  muster_api_request_add_query (request, "actor", query->actor);
  muster_api_request_add_query (request, "q", query->q);
  add_time (request, "from", query->from);
  add_time (request, "to", query->to);
  if (query->before > 0)
    muster_api_request_add_query_integer (request, "before", query->before);
  if (query->limit > 0)
    muster_api_request_add_query_integer (request, "limit", query->limit);
  return muster_api_call_rows (client, request, MUSTER_TYPE_API_OPERATION, make_operation);
}

static DexFuture *
make_operation_cb (DexFuture *future, gpointer user_data)
{
  JsonObject         *object = g_value_get_boxed (dex_future_get_value (future, NULL));
  GError             *error = NULL;
  MusterApiOperation *operation = muster_api_operation_new_from_json (object, &error);

  return operation != NULL ? dex_future_new_take_object (operation)
                           : dex_future_new_for_error (error);
}

DexFuture *
muster_api_history_get (MusterApiClient *client, gint64 sequence)
{
  g_autofree char  *number = g_strdup_printf ("%" G_GINT64_FORMAT, sequence);
  MusterApiRequest *request = muster_api_request_new ("GET", "journal", number, "operation", NULL);

  return dex_future_then (muster_api_call_object (client, request), make_operation_cb, NULL, NULL);
}

DexFuture *
muster_api_history_verify (MusterApiClient *client)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "journal", "verify", NULL);

  muster_api_request_set_deadline (request, VERIFY_MILLISECONDS);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_history_list_as_of (MusterApiClient *client,
                               const char      *entity,
                               gint64           at,
                               const char      *cursor,
                               unsigned         limit)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "journal", "as-of", NULL);

  muster_api_request_add_query (request, "entity", entity);
  add_time (request, "at", at);
  muster_api_request_add_query (request, "cursor", cursor);
  if (limit > 0)
    muster_api_request_add_query_integer (request, "limit", limit);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_history_list_marks (MusterApiClient *client, gint64 from, gint64 to, unsigned points)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "journal", "marks", NULL);

  add_time (request, "from", from);
  add_time (request, "to", to);
  muster_api_request_add_query_integer (request, "points", points);
  return muster_api_call_object (client, request);
}
