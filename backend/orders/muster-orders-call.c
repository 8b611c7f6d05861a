/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-orders-call"

#include "config.h"

#include "model/muster-person.h"
#include "muster-orders-call.h"

typedef struct
{
  MusterOrdersCall call;
  MusterOrdersFunc func;
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;

  muster_actor_unref (self->call.actor);
  g_free (self->call.id);
  g_clear_pointer (&self->call.body, json_object_unref);
  g_string_free (self->call.json, TRUE);
  g_free (self);
}

static Job *
job_new (MusterActor     *actor,
         MusterOrdersFunc func,
         const char      *id,
         JsonObject      *body,
         gint64           expected_revision)
{
  Job *self = g_new0 (Job, 1);

  self->func = func;
  self->call.actor = muster_actor_ref (actor);
  self->call.id = g_strdup (id);
  self->call.body = body != NULL ? json_object_ref (body) : NULL;
  self->call.expected_revision = expected_revision;
  self->call.json = g_string_new (NULL);
  return self;
}

static gboolean
run_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Job           *self = data;
  MusterDocument document;

  if (!self->func (transaction, &self->call, error))
    return FALSE;
  document.json = g_bytes_new (self->call.json->str, self->call.json->len);
  document.revision = self->call.revision;
  g_value_init (result, MUSTER_TYPE_DOCUMENT);
  g_value_set_boxed (result, &document);
  g_bytes_unref (document.json);
  return TRUE;
}

DexFuture *
muster_orders_write (MusterDatabase  *database,
                     MusterActor     *actor,
                     const char      *summary,
                     MusterOrdersFunc func,
                     const char      *id,
                     JsonObject      *body,
                     gint64           expected_revision)
{
  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);
  g_return_val_if_fail (actor != NULL && func != NULL, NULL);

  return muster_database_write (database, actor, summary, run_job,
                                job_new (actor, func, id, body, expected_revision), job_free);
}

DexFuture *
muster_orders_read (MusterDatabase  *database,
                    MusterActor     *actor,
                    MusterOrdersFunc func,
                    const char      *id,
                    JsonObject      *body,
                    gint64           as_of)
{
  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);
  g_return_val_if_fail (actor != NULL && func != NULL, NULL);

  return muster_database_read_as_of (database, as_of, run_job, job_new (actor, func, id, body, 0),
                                     job_free);
}

JsonNode *
muster_orders_call_get_node (MusterOrdersCall *self, const char *member)
{
  JsonNode *node = NULL;

  g_return_val_if_fail (self != NULL && member != NULL, NULL);

  if (self->body != NULL)
    node = json_object_get_member (self->body, member);
  return node != NULL && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;
}

const char *
muster_orders_call_get_string (MusterOrdersCall *self, const char *member)
{
  JsonNode *node = muster_orders_call_get_node (self, member);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

gboolean
muster_orders_call_get_boolean (MusterOrdersCall *self, const char *member, gboolean otherwise)
{
  JsonNode *node = muster_orders_call_get_node (self, member);

  return node != NULL ? json_node_get_boolean (node) : otherwise;
}

JsonObject *
muster_orders_copy_members (JsonObject *body, const char *const *apart)
{
  JsonObject    *copy = json_object_new ();
  JsonObjectIter iter;
  const char    *name = NULL;
  JsonNode      *node = NULL;

  g_return_val_if_fail (body != NULL && apart != NULL, copy);

  json_object_iter_init_ordered (&iter, body);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (!g_strv_contains (apart, name))
      json_object_set_member (copy, name, json_node_copy (node));
  return copy;
}

void
muster_orders_add_rows (MusterFieldErrors *errors, const GError *cause)
{
  GPtrArray *rows = muster_error_get_fields (cause);

  g_return_if_fail (errors != NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const MusterFieldError *row = rows->pdata[i];

      muster_field_errors_add (errors, row->pointer, "%s", row->detail);
    }
}

/* --- records --- */

gboolean
muster_orders_are_own_only (MusterActor *actor)
{
  g_return_val_if_fail (actor != NULL, TRUE);

  return muster_actor_get_role (actor) == MUSTER_ROLE_CUSTOMER;
}

const char *
muster_orders_get_own_id (MusterActor *actor)
{
  const char *id;

  g_return_val_if_fail (actor != NULL, NULL);

  id = muster_actor_get_person_id (actor);
  return id != NULL ? id : "nobody";
}

MusterEntity *
muster_orders_load (MusterTransaction      *transaction,
                    MusterActor            *actor,
                    const MusterEntityInfo *info,
                    const char             *id,
                    GError                **error)
{
  g_autoptr (MusterEntity) record = NULL;
  const char *person_id;

  g_return_val_if_fail (transaction != NULL && actor != NULL, NULL);
  g_return_val_if_fail (info != NULL && id != NULL, NULL);

  record = muster_transaction_get (transaction, info, id, error);
  if (record == NULL || !muster_orders_are_own_only (actor))
    return g_steal_pointer (&record);
  person_id = muster_actor_get_person_id (actor);
  if (person_id != NULL &&
      g_strcmp0 (muster_entity_get_string (record, "customer_id"), person_id) == 0)
    return g_steal_pointer (&record);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no %s %s", info->name, id);
  return NULL;
}

MusterEntity *
muster_orders_load_named (MusterTransaction      *transaction,
                          MusterActor            *actor,
                          const MusterEntityInfo *info,
                          const char             *id,
                          const char             *pointer,
                          GError                **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GError) cause = NULL;
  MusterEntity *record = muster_orders_load (transaction, actor, info, id, &cause);

  if (record != NULL)
    return record;
  if (g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
    {
      muster_field_errors_add (errors, pointer, "%s", cause->message);
      muster_field_errors_check (errors, error);
    }
  else
    g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

GPtrArray *
muster_orders_select (MusterTransaction      *transaction,
                      const MusterEntityInfo *info,
                      const char             *field,
                      const char             *value,
                      const char             *sort,
                      GError                **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);

  muster_query_where (query, field, value);
  muster_query_set_sort (query, sort);
  muster_query_set_limit (query, 0);
  return muster_transaction_select (transaction, query, error);
}

MusterEntity *
muster_orders_find (MusterTransaction      *transaction,
                    const MusterEntityInfo *info,
                    const char             *field,
                    const char             *value,
                    GError                **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);

  muster_query_where (query, field, value);
  return muster_transaction_find (transaction, query, error);
}

gboolean
muster_orders_follow (MusterTransaction      *transaction,
                      MusterEntity           *entity,
                      const char             *field,
                      const MusterEntityInfo *info,
                      MusterEntity          **record,
                      GError                **error)
{
  const char *id = muster_entity_get_string (entity, field);

  *record = NULL;
  if (id == NULL)
    return TRUE;
  *record = muster_transaction_get (transaction, info, id, error);
  return *record != NULL;
}

gboolean
muster_orders_check_revision (MusterOrdersCall *call, MusterEntity *record, GError **error)
{
  gint64 revision = muster_entity_get_revision (record);

  if (call->expected_revision == 0 || call->expected_revision == revision)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PRECONDITION,
               "the %s has changed meanwhile (revision %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT
               "): read it again",
               muster_entity_get_info (record)->name, revision, call->expected_revision);
  return FALSE;
}

void
muster_orders_encode_with (MusterEntity *record,
                           const char   *name,
                           GPtrArray    *records,
                           GString      *json)
{
  muster_entity_encode (record, json);
  g_string_truncate (json, json->len - 1);
  g_string_append_printf (json, ",\"%s\":[", name);
  for (guint i = 0; i < records->len; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      muster_entity_encode (records->pdata[i], json);
    }
  g_string_append (json, "]}");
}
