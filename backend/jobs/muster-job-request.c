/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-request"

#include "config.h"

#include "model/muster-uuid.h"
#include "muster-job-service-private.h"

#define MAX_ROWS 1000000

/* What POST /jobs asks for, read and checked. */
typedef struct
{
  const MusterEntityInfo *info;
  GPtrArray              *ids;     /* (owned) (nullable) (element-type utf8) */
  MusterQuery            *query;   /* (owned) (nullable) */
  MusterEntity           *changes; /* (owned) (nullable): a record with the changed fields set */
  GStrv                   fields;  /* (owned) (nullable): names of them */
  gboolean                names_itself;
  char                   *verb; /* (owned) */
} Draft;

static void
draft_free (gpointer data)
{
  Draft *self = data;

  g_clear_pointer (&self->ids, g_ptr_array_unref);
  g_clear_pointer (&self->query, muster_query_unref);
  g_clear_object (&self->changes);
  g_strfreev (self->fields);
  g_free (self->verb);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Draft, draft_free)

/* --- on the writer's thread --- */

/* What every row would be refused for is refused at once. */
static gboolean
draft_check_references (const Draft *self, MusterTransaction *transaction, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  for (unsigned i = 0; self->fields != NULL && self->fields[i] != NULL; i++)
    {
      const MusterField *field =
        &self->info->fields[muster_entity_info_find (self->info, self->fields[i])];
      gboolean there = TRUE;

      if (field->references == NULL || muster_entity_is_null (self->changes, field->name))
        continue;
      if (!muster_transaction_has (transaction, field->references,
                                   muster_entity_get_string (self->changes, field->name), &there,
                                   error))
        return FALSE;
      if (!there)
        {
          g_autofree char *pointer = muster_json_pointer_append ("/changes", field->name);

          muster_field_errors_add (errors, pointer, "there is no %s %s", field->references,
                                   muster_entity_get_string (self->changes, field->name));
        }
    }
  return muster_field_errors_check (errors, error);
}

static gboolean
check_count (const Draft *self, guint n_rows, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  const char *pointer = self->ids != NULL ? "/ids" : "/filter";

  if (n_rows == 0)
    muster_field_errors_add (errors, pointer, "matches nothing: there is nothing to be done");
  else if (n_rows > MAX_ROWS)
    muster_field_errors_add (errors, pointer, "matches %u records: at most %d go into one job",
                             n_rows, MAX_ROWS);
  return muster_field_errors_check (errors, error);
}

/* "Set the status of 1240 devices" */
static char *
draft_make_title (const Draft *self, guint n_rows)
{
  g_autofree char *noun =
    g_strdelimit (g_strdup (n_rows == 1 ? self->info->name : self->info->path), "_-", ' ');

  return g_strdup_printf ("%s %u %s", self->verb, n_rows, noun);
}

static gboolean
draft_fill (MusterTransaction *transaction, MusterEntity *job, gpointer data, GError **error)
{
  const Draft *self = data;
  g_autoptr (GPtrArray) found = NULL;
  GPtrArray *ids = self->ids;

  if (!draft_check_references (self, transaction, error))
    return FALSE;
  if (ids == NULL)
    ids = found = muster_transaction_select_ids (transaction, self->query, error);
  if (ids == NULL || !check_count (self, ids->len, error))
    return FALSE;
  if (self->names_itself)
    {
      g_autofree char *title = draft_make_title (self, ids->len);

      muster_entity_set_string (job, "title", title);
    }
  for (guint i = 0; i < ids->len; i++)
    if (!muster_job_add_row (transaction, job, i + 1, ids->pdata[i], NULL, error))
      return FALSE;
  return TRUE;
}

/* --- reading the request --- */

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static gboolean
has_member (JsonObject *object, const char *name)
{
  return json_object_has_member (object, name) && !json_object_get_null_member (object, name);
}

static const char *
get_operation (const MusterJobTarget *target, const char *kind)
{
  if (g_str_equal (kind, "delete"))
    return target->remove;
  if (g_str_equal (kind, "status"))
    return target->status;
  if (g_str_equal (kind, "move") && muster_entity_info_find (target->info, "location_id") < 0)
    return NULL;
  return target->update;
}

/* A place of an element of the array `ids`. */
static void
refuse_id (MusterFieldErrors *errors, guint index, const char *detail)
{
  g_autofree char *pointer = g_strdup_printf ("/ids/%u", index);

  muster_field_errors_add (errors, pointer, "%s", detail);
}

static void
draft_read_ids (Draft *self, JsonNode *node, MusterFieldErrors *errors)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (array == NULL)
    {
      muster_field_errors_add (errors, "/ids", "must be an array of ids");
      return;
    }
  self->ids = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode   *element = json_array_get_element (array, i);
      const char *id =
        JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING
          ? json_node_get_string (element)
          : NULL;

      if (id == NULL || !muster_uuid_is_valid (id))
        {
          refuse_id (errors, i, "must be a UUID in lower case");
          return;
        }
      if (g_hash_table_add (seen, (gpointer)id))
        g_ptr_array_add (self->ids, g_strdup (id));
    }
}

static void
draft_read_filter (Draft *self, const char *filter, MusterFieldErrors *errors)
{
  static const char *const ignored[] = { "limit", "cursor", NULL };
  g_autoptr (GHashTable) params = g_uri_parse_params (filter, -1, "&", G_URI_PARAMS_NONE, NULL);
  g_autoptr (GError) cause = NULL;

  if (params != NULL)
    self->query = muster_query_new_from_params (self->info, params, ignored, &cause);
  if (self->query != NULL)
    return;
  if (cause == NULL || muster_error_get_fields (cause)->len == 0)
    muster_field_errors_add (errors, "/filter",
                             "must be a query of the list, for instance status=in_stock&q=lamp; "
                             "\"\" stands for all");
  else
    {
      const MusterFieldError *first = muster_error_get_fields (cause)->pdata[0];

      muster_field_errors_add (errors, "/filter", "%s %s", first->pointer, first->detail);
    }
}

static gboolean
draft_read_rows (Draft *self, JsonObject *request, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (has_member (request, "ids") == has_member (request, "filter"))
    muster_field_errors_add (errors, "/ids", "must be given, or else filter: one of the two");
  else if (has_member (request, "ids"))
    draft_read_ids (self, json_object_get_member (request, "ids"), errors);
  else
    draft_read_filter (self, get_text (request, "filter"), errors);
  return muster_field_errors_check (errors, error);
}

static gboolean
draft_read_changes (Draft *self, const char *kind, JsonObject *request, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  gboolean       is_given = has_member (request, "changes");
  JsonNode      *node = is_given ? json_object_get_member (request, "changes") : NULL;
  JsonObjectIter iter;
  const char    *name = NULL;

  if (g_str_equal (kind, "delete"))
    {
      if (is_given)
        muster_field_errors_add (errors, "/changes", "goes with edit, move and status alone");
      return muster_field_errors_check (errors, error);
    }
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      muster_field_errors_add (errors, "/changes", "must be an object of the fields to set");
      return muster_field_errors_check (errors, error);
    }
  if (!muster_job_check_changes (self->info, kind, json_node_get_object (node), error))
    return FALSE;
  self->changes = muster_entity_new (self->info);
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, NULL))
    g_strv_builder_add (names, name);
  self->fields = g_strv_builder_end (names);
  return muster_job_decode_changes (self->info, kind, json_node_get_object (node), self->changes,
                                    error);
}

/* What the job keeps of the request. */
static char *
make_parameters (JsonObject *request)
{
  static const char *const kept[] = { "changes", "filter" };
  g_autoptr (JsonNode) node = json_node_alloc ();
  JsonObject *object = json_object_new ();

  for (size_t i = 0; i < G_N_ELEMENTS (kept); i++)
    if (has_member (request, kept[i]))
      json_object_set_member (object, kept[i],
                              json_node_copy (json_object_get_member (request, kept[i])));
  json_node_init_object (node, object);
  json_object_unref (object);
  return json_to_string (node, FALSE);
}

static const char *
get_verb (const char *kind)
{
  return g_str_equal (kind, "delete")   ? "Delete"
         : g_str_equal (kind, "move")   ? "Move"
         : g_str_equal (kind, "status") ? "Set the status of"
                                        : "Change";
}

static gboolean
check_target (const MusterJobTarget *target, JsonObject *request, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  const char *kind = get_text (request, "kind");

  if (target == NULL)
    muster_field_errors_add (errors, "/entity", "%s is no kind of record that is changed in bulk",
                             get_text (request, "entity"));
  else if (get_operation (target, kind) == NULL)
    muster_field_errors_add (errors, "/kind", "%s is not done to %s in bulk", kind,
                             target->info->path);
  return muster_field_errors_check (errors, error);
}

static MusterEntity *
make_job (const Draft *draft, JsonObject *request)
{
  MusterEntity    *job = muster_entity_new (&muster_job_info);
  g_autofree char *parameters = make_parameters (request);

  muster_entity_set_string (job, "kind", get_text (request, "kind"));
  muster_entity_set_string (job, "entity", draft->info->name);
  muster_entity_set_string (job, "title",
                            has_member (request, "title") ? get_text (request, "title")
                                                          : draft->verb);
  muster_entity_set_string (job, "parameters", parameters);
  return job;
}

DexFuture *
muster_job_service_create (MusterJobService *self, MusterActor *actor, JsonObject *request)
{
  const MusterJobTarget *target = NULL;
  const char            *kind = NULL;
  g_autoptr (Draft) draft = NULL;
  g_autoptr (MusterEntity) job = NULL;
  GError *error = NULL;

  g_return_val_if_fail (MUSTER_IS_JOB_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL && request != NULL, NULL);

  kind = get_text (request, "kind");
  target = muster_job_service_find_target (self, get_text (request, "entity"));
  if (!check_target (target, request, &error))
    return dex_future_new_for_error (error);
  if (!muster_job_service_may (self, actor, get_operation (target, kind)))
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                                  "your role may not do this to %s", target->info->path);
  draft = g_new0 (Draft, 1);
  draft->info = target->info;
  draft->verb = g_strdup (get_verb (kind));
  draft->names_itself = !has_member (request, "title");
  if (!draft_read_changes (draft, kind, request, &error) ||
      !draft_read_rows (draft, request, &error))
    return dex_future_new_for_error (error);
  job = make_job (draft, request);
  return muster_job_service_add (self, actor, job, draft_fill, g_steal_pointer (&draft),
                                 draft_free);
}
