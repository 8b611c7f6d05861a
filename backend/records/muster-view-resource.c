/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-view-resource"

#include "config.h"

#include <string.h>

#include "model/muster-person.h"
#include "model/muster-saved-view.h"
#include "muster-record-kinds.h"
#include "muster-view-resource.h"

/* What views of charts are of, which are no list of records. */
#define CHARTS "telemetry"

/* A change of one view, on its way to the writer. */
typedef struct
{
  MusterEntity *view;    /* (owned) (nullable): a new one */
  char         *id;      /* (nullable) */
  JsonObject   *changes; /* (owned) (nullable) */
  gint64        expected_revision;
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_clear_object (&self->view);
  g_free (self->id);
  g_clear_pointer (&self->changes, json_object_unref);
  g_free (self);
}

/* What everybody sees is not for everybody to change. */
static gboolean
may_change_shared (MusterActor *actor)
{
  return muster_actor_get_role (actor) == MUSTER_ROLE_ADMINISTRATOR ||
         muster_actor_get_role (actor) == MUSTER_ROLE_OPERATOR;
}

static gboolean
is_seen_by (MusterEntity *view, MusterActor *actor)
{
  const char *owner = muster_entity_get_string (view, "person_id");

  return owner == NULL || g_strcmp0 (owner, muster_actor_get_person_id (actor)) == 0;
}

static gboolean
check_may_change (MusterEntity *view, MusterActor *actor, GError **error)
{
  if (muster_entity_get_string (view, "person_id") != NULL || may_change_shared (actor))
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                       "a view that everybody sees is changed by operators and administrators: "
                       "save one of your own");
  return FALSE;
}

/* The stored view; others' own ones are as if they were not there. */
static MusterEntity *
load_view (MusterTransaction *transaction, const char *id, GError **error)
{
  g_autoptr (MusterEntity) view =
              muster_transaction_get (transaction, &muster_saved_view_info, id, error);

  if (view == NULL || is_seen_by (view, muster_transaction_get_actor (transaction)))
    return g_steal_pointer (&view);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no %s %s",
               muster_saved_view_info.name, id);
  return NULL;
}

/* --- reading --- */

static DexFuture *
respond_list_cb (DexFuture *future, gpointer user_data)
{
  GBytes *bytes = g_value_get_boxed (dex_future_get_value (future, NULL));

  return muster_response_resolve (muster_response_new_bytes (200, "application/json", bytes));
}

static DexFuture *
list_views (MusterRequest *request, gpointer repository)
{
  MusterQuery *query = muster_request_get_query (request);

  muster_query_where_null_or (query, "person_id",
                              muster_actor_get_person_id (muster_request_get_actor (request)));
  return dex_future_then (muster_repository_list_json (repository, query), respond_list_cb, NULL,
                          NULL);
}

static DexFuture *
respond_view_cb (DexFuture *future, gpointer request)
{
  MusterEntity *view = g_value_get_object (dex_future_get_value (future, NULL));

  if (!is_seen_by (view, muster_request_get_actor (request)))
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no %s %s",
                                  muster_saved_view_info.name, muster_entity_get_id (view));
  return muster_response_resolve (muster_response_new_entity (200, view));
}

static DexFuture *
get_view (MusterRequest *request, gpointer repository)
{
  return dex_future_then (muster_repository_get (repository, &muster_saved_view_info,
                                                 muster_request_get_path_param (request, "id")),
                          respond_view_cb, g_object_ref (request), g_object_unref);
}

/* --- changing --- */

static gboolean
check_shape (MusterEntity *view, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  const char *columns = muster_entity_get_string (view, "columns");
  const char *entity = muster_entity_get_string (view, "entity");

  if (!g_str_equal (entity, CHARTS) && muster_record_kind_find (entity) == NULL)
    muster_field_errors_add (errors, "/entity", "is no kind of record that has lists");
  if (muster_entity_get_string (view, "query")[0] != '{')
    muster_field_errors_add (errors, "/query", "must be an object of names and values");
  if (columns != NULL && columns[0] != '[')
    muster_field_errors_add (errors, "/columns", "must be an array of names");
  return muster_field_errors_check (errors, error);
}

static void
take_view (GValue *result, MusterEntity *view)
{
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, view);
}

static gboolean
insert_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Change *change = data;

  if (!check_shape (change->view, error) ||
      !check_may_change (change->view, muster_transaction_get_actor (transaction), error) ||
      !muster_transaction_insert (transaction, change->view, error))
    return FALSE;
  take_view (result, g_steal_pointer (&change->view));
  return TRUE;
}

static gboolean
update_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Change *change = data;
  g_autoptr (MusterEntity) view = load_view (transaction, change->id, error);

  if (view == NULL || !check_may_change (view, muster_transaction_get_actor (transaction), error) ||
      !muster_entity_decode (view, change->changes, MUSTER_DECODE_REPLACE, "", error) ||
      !check_shape (view, error) ||
      !muster_transaction_update (transaction, view, change->expected_revision, error))
    return FALSE;
  take_view (result, g_steal_pointer (&view));
  return TRUE;
}

static gboolean
delete_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Change *change = data;
  g_autoptr (MusterEntity) view = load_view (transaction, change->id, error);

  return view != NULL &&
         check_may_change (view, muster_transaction_get_actor (transaction), error) &&
         muster_transaction_delete (transaction, &muster_saved_view_info, change->id,
                                    change->expected_revision, error);
}

static DexFuture *
respond_changed_cb (DexFuture *future, gpointer status)
{
  const GValue *value = dex_future_get_value (future, NULL);

  if (!G_VALUE_HOLDS (value, MUSTER_TYPE_ENTITY))
    return muster_response_resolve (muster_response_new (204));
  return muster_response_resolve (
    muster_response_new_entity (GPOINTER_TO_UINT (status), g_value_get_object (value)));
}

static DexFuture *
write_view (MusterRequest     *request,
            gpointer           repository,
            const char        *operation,
            MusterDatabaseFunc job,
            Change            *change,
            unsigned           status)
{
  change->expected_revision = muster_request_get_expected_revision (request);
  return dex_future_then (muster_database_write (muster_repository_get_database (repository),
                                                 muster_request_get_actor (request), operation, job,
                                                 change, change_free),
                          respond_changed_cb, GUINT_TO_POINTER (status), NULL);
}

/* Without a word on whose it is, it is the caller's own; `"person_id": null` is for everybody. */
static DexFuture *
create_view (MusterRequest *request, gpointer repository)
{
  JsonObject *body = json_node_get_object (muster_request_get_json (request));
  const char *person = muster_actor_get_person_id (muster_request_get_actor (request));
  Change     *change = g_new0 (Change, 1);

  change->view = muster_entity_copy (muster_request_get_entity (request));
  if (!json_object_has_member (body, "person_id"))
    muster_entity_set_string (change->view, "person_id", person);
  if (!is_seen_by (change->view, muster_request_get_actor (request)))
    {
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
      GError *error = NULL;

      muster_field_errors_add (errors, "/person_id", "must be your own, or null for everybody");
      muster_field_errors_check (errors, &error);
      change_free (change);
      return dex_future_new_for_error (error);
    }
  return write_view (request, repository, "Save view", insert_job, change, 201);
}

static DexFuture *
update_view (MusterRequest *request, gpointer repository)
{
  Change *change = g_new0 (Change, 1);

  change->id = g_strdup (muster_request_get_path_param (request, "id"));
  change->changes = json_object_ref (json_node_get_object (muster_request_get_json (request)));
  return write_view (request, repository, "Change view", update_job, change, 200);
}

static DexFuture *
delete_view (MusterRequest *request, gpointer repository)
{
  Change *change = g_new0 (Change, 1);

  change->id = g_strdup (muster_request_get_path_param (request, "id"));
  return write_view (request, repository, "Delete view", delete_job, change, 204);
}

/* clang-format off */
static const MusterShape view_shape = { .doc = "A saved view.", .entity = &muster_saved_view_info };
static const MusterShape views_shape = { .doc = "The caller's own views, and those for everybody.", .entity = &muster_saved_view_info, .list = TRUE };

static const MusterRoute routes[] = {
  { "GET", "/views", "listViews", "records", "List your own saved views and those for everybody", list_views, MUSTER_ROUTE_LIST, .response = &views_shape },
  { "POST", "/views", "createView", "records", "Save a view: your own, or for everybody with person_id null", create_view, MUSTER_ROUTE_PLAIN, .request = &view_shape, .response = &view_shape, .status = 201 },
  { "GET", "/views/{id:uuid}", "getView", "records", "One saved view", get_view, MUSTER_ROUTE_PLAIN, .response = &view_shape },
  { "PUT", "/views/{id:uuid}", "updateView", "records", "Change a saved view", update_view, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &view_shape, .response = &view_shape },
  { "DELETE", "/views/{id:uuid}", "deleteView", "records", "Delete a saved view", delete_view, MUSTER_ROUTE_UPDATE },
};
/* clang-format on */

void
muster_view_resource_add (MusterRouter *router, MusterRepository *repository)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (repository));
}
