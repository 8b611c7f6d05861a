/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-journal"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-journal.h"
#include "muster-api-json.h"

/* An import of 100,000 rows is taken back as one. */
#define UNDO_MILLISECONDS 120000

struct _MusterApiChange
{
  GObject parent_instance;

  JsonObject *json; /* (owned) */
  gint64      time;
};

G_DEFINE_FINAL_TYPE (MusterApiChange, muster_api_change, G_TYPE_OBJECT)

static void
muster_api_change_finalize (GObject *object)
{
  g_clear_pointer (&MUSTER_API_CHANGE (object)->json, json_object_unref);
  G_OBJECT_CLASS (muster_api_change_parent_class)->finalize (object);
}

static void
muster_api_change_class_init (MusterApiChangeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_api_change_finalize;
}

static void
muster_api_change_init (MusterApiChange *self)
{
}

MusterApiChange *
muster_api_change_new_from_json (JsonObject *object, GError **error)
{
  static const char *const texts[] = { "entity", "entity_id", "action" };
  MusterApiChange         *self;
  const char              *lack = NULL;

  g_return_val_if_fail (object != NULL, NULL);

  for (unsigned i = 0; i < G_N_ELEMENTS (texts) && lack == NULL; i++)
    if (muster_api_json_get_string (object, texts[i]) == NULL)
      lack = texts[i];
  if (muster_api_json_get_time (object, "at") < 0)
    lack = "at";
  if (muster_api_json_get_integer (object, "sequence", 0) <= 0)
    lack = "sequence";
  if (lack != NULL)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL, "a journal entry has no “%s”", lack);
      return NULL;
    }
  self = g_object_new (MUSTER_TYPE_API_CHANGE, NULL);
  self->json = json_object_ref (object);
  self->time = muster_api_json_get_time (object, "at");
  return self;
}

gint64
muster_api_change_get_sequence (MusterApiChange *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CHANGE (self), 0);

  return muster_api_json_get_integer (self->json, "sequence", 0);
}

gint64
muster_api_change_get_time (MusterApiChange *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CHANGE (self), 0);

  return self->time;
}

#define DEFINE_TEXT(name)                                                                          \
  const char *muster_api_change_get_##name (MusterApiChange *self)                                 \
  {                                                                                                \
    g_return_val_if_fail (MUSTER_IS_API_CHANGE (self), NULL);                                      \
    return muster_api_json_get_string (self->json, #name);                                         \
  }

DEFINE_TEXT (actor)
DEFINE_TEXT (summary)
DEFINE_TEXT (operation)
DEFINE_TEXT (entity)
DEFINE_TEXT (entity_id)
DEFINE_TEXT (title)
DEFINE_TEXT (action)
DEFINE_TEXT (final)
DEFINE_TEXT (reason)

JsonObject *
muster_api_change_get_before (MusterApiChange *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CHANGE (self), NULL);

  return muster_api_json_get_object (self->json, "before");
}

JsonObject *
muster_api_change_get_after (MusterApiChange *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CHANGE (self), NULL);

  return muster_api_json_get_object (self->json, "after");
}

gint64
muster_api_change_get_undoes (MusterApiChange *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CHANGE (self), 0);

  return muster_api_json_get_integer (self->json, "undoes", 0);
}

gint64
muster_api_change_get_undone_by (MusterApiChange *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CHANGE (self), 0);

  return muster_api_json_get_integer (self->json, "undone_by", 0);
}

gboolean
muster_api_change_can_undo (MusterApiChange *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CHANGE (self), FALSE);

  return muster_api_json_get_boolean (self->json, "undoable");
}

static GObject *
make_change (JsonObject *row, gconstpointer data, GError **error)
{
  return (GObject *)muster_api_change_new_from_json (row, error);
}

DexFuture *
muster_api_journal_list (MusterApiClient *client,
                         const char      *entity,
                         const char      *entity_id,
                         gint64           before,
                         unsigned         limit)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "journal", "", NULL);

  muster_api_request_add_query (request, "entity", entity);
  muster_api_request_add_query (request, "entity_id", entity_id);
  if (before > 0)
    muster_api_request_add_query_integer (request, "before", before);
  if (limit > 0)
    muster_api_request_add_query_integer (request, "limit", limit);
  return muster_api_call_rows (client, request, MUSTER_TYPE_API_CHANGE, make_change);
}

DexFuture *
muster_api_journal_list_operation (MusterApiClient *client, const char *operation, unsigned limit)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "journal", "", NULL);

  muster_api_request_add_query (request, "operation", operation);
  muster_api_request_add_query_integer (request, "after", 0);
  muster_api_request_add_query_integer (request, "limit", limit);
  return muster_api_call_rows (client, request, MUSTER_TYPE_API_CHANGE, make_change);
}

DexFuture *
muster_api_journal_undo (MusterApiClient *client, gint64 sequence)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, sequence);

  MusterApiRequest *request = muster_api_request_new ("POST", "journal", number, "undo", NULL);

  muster_api_request_set_deadline (request, UNDO_MILLISECONDS);
  return muster_api_call_object (client, request);
}
