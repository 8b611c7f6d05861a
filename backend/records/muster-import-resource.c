/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-import-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-order.h"
#include "muster-import-job.h"
#include "muster-import-plan.h"
#include "muster-import-preview.h"
#include "muster-import-resource.h"

#define PREVIEW_DEFAULT 50
#define PREVIEW_MAX 1000

static MusterResponse *
make_response (unsigned status, JsonObject *import)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_set_object (node, import);
  text = json_to_string (node, FALSE);
  return muster_response_new_json (status, g_string_new (text));
}

/* Who imports records must be one who may make them. */
static gboolean
check_may_import (const MusterRecordKind *kind, MusterActor *actor, GError **error)
{
  int role = muster_actor_get_role (actor);

  if (role >= 0 && muster_rights_allow (kind->create, role))
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
               "importing %s is for those who may add them", kind->scope.info->path);
  return FALSE;
}

/* A file is its sender's, and the administrators'. */
static gboolean
check_owner (JsonObject *import, MusterActor *actor, GError **error)
{
  const char *owner = json_object_get_string_member_with_default (import, "owner", NULL);

  if (muster_actor_get_role (actor) == MUSTER_ROLE_ADMINISTRATOR ||
      g_strcmp0 (owner, muster_actor_to_string (actor)) == 0)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
               "there is no import %s: files are kept for a week",
               json_object_get_string_member (import, "id"));
  return FALSE;
}

/* The import that the path names, if the caller may work with it: (transfer full). */
static JsonObject *
load_import (MusterRequest *request, MusterImportStore *store, GError **error)
{
  g_autoptr (JsonObject) import =
              muster_import_store_load (store, muster_request_get_path_param (request, "id"),
                                        error);
  const MusterRecordKind *kind = NULL;

  if (import == NULL || !check_owner (import, muster_request_get_actor (request), error))
    return NULL;
  kind = muster_record_kind_find (json_object_get_string_member (import, "entity"));
  return check_may_import (kind, muster_request_get_actor (request), error)
           ? g_steal_pointer (&import)
           : NULL;
}

/* --- the file --- */

static DexFuture *
respond_created_cb (DexFuture *future, gpointer user_data)
{
  JsonObject      *import = g_value_get_boxed (dex_future_get_value (future, NULL));
  MusterResponse  *response = make_response (201, import);
  g_autofree char *location =
    g_strconcat ("/imports/", json_object_get_string_member (import, "id"), NULL);

  muster_response_set_header (response, "Location", location);
  return muster_response_resolve (response);
}

/* KIND (nullable) is none whose rows stand for themselves. */
static void
refuse_kind (const MusterRecordKind *kind, MusterFieldErrors *errors)
{
  g_autoptr (GString) others = g_string_new (NULL);

  for (unsigned i = 0; i < muster_n_record_kinds; i++)
    if (muster_record_kinds[i].create != NULL)
      g_string_append_printf (others, "%s%s", others->len > 0 ? ", " : "",
                              muster_record_kinds[i].scope.info->name);
  if (kind != NULL && kind->scope.info == &muster_order_info)
    muster_field_errors_add (errors, "entity",
                             "must be one of %s: an order is made with its lines, by POST /orders",
                             others->str);
  else
    muster_field_errors_add (errors, "entity", "must be one of %s", others->str);
}

static DexFuture *
create_import (MusterRequest *request, gpointer store)
{
  const char             *entity = muster_request_get_param_text (request, "entity");
  const MusterRecordKind *kind = muster_record_kind_find (entity);
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GError) error = NULL;
  gint64 length;
  int    fd = muster_request_get_body_file (request, &length);

  if (kind == NULL || kind->create == NULL)
    refuse_kind (kind, errors);
  if (!muster_field_errors_check (errors, &error) ||
      !check_may_import (kind, muster_request_get_actor (request), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return dex_future_then (
    muster_import_store_add (store, fd, kind, muster_request_get_param_text (request, "name"),
                             muster_actor_to_string (muster_request_get_actor (request))),
    respond_created_cb, NULL, NULL);
}

static DexFuture *
get_import (MusterRequest *request, gpointer store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) import = load_import (request, store, &error);

  if (import == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  return muster_response_resolve (make_response (200, import));
}

static DexFuture *
delete_import (MusterRequest *request, gpointer store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) import = load_import (request, store, &error);

  if (import == NULL ||
      !muster_import_store_remove (store, muster_request_get_path_param (request, "id"), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return muster_response_resolve (muster_response_new (204));
}

/* --- what its columns are --- */

static gboolean
check_plan (JsonObject *import, GError **error)
{
  JsonArray *array = json_object_get_array_member (import, "columns");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) columns = NULL;
  g_autoptr (MusterImportPlan) plan = NULL;

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_strv_builder_add (builder,
                        json_object_get_string_member (json_array_get_object_element (array, i),
                                                       "name"));
  columns = g_strv_builder_end (builder);
  plan = muster_import_plan_new (muster_record_kind_find (
                                   json_object_get_string_member (import, "entity")),
                                 (const char *const *)columns, import, error);
  return plan != NULL;
}

/* The import that the path names with what the request says of its columns: (transfer full). */
static JsonObject *
load_planned (MusterRequest *request, MusterImportStore *store, GError **error)
{
  static const char *const members[] = { "mapping", "key", "options", "defaults" };
  JsonObject              *changes = json_node_get_object (muster_request_get_json (request));
  g_autoptr (JsonObject) import = load_import (request, store, error);

  for (unsigned i = 0; import != NULL && i < G_N_ELEMENTS (members); i++)
    if (json_object_has_member (changes, members[i]))
      json_object_set_member (import, members[i],
                              json_node_copy (json_object_get_member (changes, members[i])));
  return import != NULL && check_plan (import, error) ? g_steal_pointer (&import) : NULL;
}

static DexFuture *
update_import (MusterRequest *request, gpointer store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) import = load_planned (request, store, &error);

  if (import == NULL || !muster_import_store_save (store, import, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return muster_response_resolve (make_response (200, import));
}

/* --- what would come of it --- */

static DexFuture *
respond_preview_cb (DexFuture *future, gpointer user_data)
{
  GBytes *bytes = g_value_get_boxed (dex_future_get_value (future, NULL));

  return muster_response_resolve (muster_response_new_bytes (200, "application/json", bytes));
}

static DexFuture *
preview_import (MusterRequest *request, gpointer store)
{
  const MusterValue *limit = muster_request_get_param (request, "limit");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) import = load_import (request, store, &error);
  g_autofree char *path = NULL;

  if (import == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  path = muster_import_store_build_path (store, muster_request_get_path_param (request, "id"));
  return dex_future_then (
    muster_import_preview (muster_job_service_get_database (muster_import_store_get_jobs (store)),
                           import, path, muster_request_get_param_text (request, "only"),
                           limit->is_null ? PREVIEW_DEFAULT : limit->integer),
    respond_preview_cb, NULL, NULL);
}

/* --- applying --- */

typedef struct
{
  MusterImportStore *store;  /* (owned) */
  JsonObject        *import; /* (owned) */
} Applying;

static void
applying_free (gpointer data)
{
  Applying *self = data;

  g_object_unref (self->store);
  json_object_unref (self->import);
  g_free (self);
}

static DexFuture *
respond_job_cb (DexFuture *future, gpointer user_data)
{
  Applying     *self = user_data;
  MusterEntity *job = g_value_get_object (dex_future_get_value (future, NULL));
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (self->import, "job_id", muster_entity_get_id (job));
  /* It is under way all the same. */
  if (!muster_import_store_save (self->store, self->import, &error))
    g_message ("the import does not know its job: %s", error->message);
  return muster_response_resolve (muster_response_new_entity (202, job));
}

static DexFuture *
apply_import (MusterRequest *request, gpointer store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) import = load_planned (request, store, &error);
  g_autofree char *path = NULL;
  Applying        *applying = NULL;

  if (import == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (!json_object_get_null_member (import, "job_id"))
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                                  "the file is imported already, by job %s",
                                  json_object_get_string_member (import, "job_id"));
  path = muster_import_store_build_path (store, muster_request_get_path_param (request, "id"));
  applying = g_new0 (Applying, 1);
  applying->store = g_object_ref (store);
  applying->import = json_object_ref (import);
  return dex_future_then (muster_import_job_start (muster_import_store_get_jobs (store),
                                                   muster_request_get_actor (request), import,
                                                   path),
                          respond_job_cb, applying, applying_free);
}

/* clang-format off */
static const MusterField create_parameters[] = {
  { "entity", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 64, .label = N_("Kind of record"), .doc = "What the rows are: device, product, location, batch, device_group or person." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 1, 200, .label = N_("Name"), .doc = "Of the file, for people." },
};
static const MusterField preview_parameters[] = {
  { "limit", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, PREVIEW_MAX, .label = N_("Limit"), .doc = "How many rows to show; 50 unless told. All are counted." },
  { "only", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_import_outcome_enum, .label = N_("Only"), .doc = "Show rows of this outcome alone." },
};
static const MusterField import_fields[] = {
  { "id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .label = N_("Identifier"), .doc = "Of the import; the file is kept for a week." },
  { "entity", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Kind of record"), .doc = "What the rows are." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Name"), .doc = "Of the file." },
  { "owner", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Owner"), .doc = "Who sent it, as the journal names them; nobody else but administrators sees it." },
  { "created_at", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED, .label = N_("Created"), .doc = "When the file came." },
  { "encoding", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Encoding"), .doc = "What its bytes were taken for: UTF-8, UTF-16LE, UTF-16BE or WINDOWS-1252." },
  { "delimiter", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Delimiter"), .doc = "What parts its cells: a comma, a semicolon or a tab." },
  { "rows", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Rows"), .doc = "How many there are behind the headings." },
  { "columns", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Columns"), .doc = "Its columns in their order: {name, samples}." },
  { "mapping", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Mapping"), .doc = "The field that each column sets, or null: {column: field}. `product_id.sku` finds what product_id points at by its sku." },
  { "key", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Key"), .doc = "The field by which a row finds the record that it changes; null: every row is a new record." },
  { "options", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Options"), .doc = "{decimal_comma: true or false, date_format: iso, dmy, mdy or ymd, empty: keep or clear}." },
  { "defaults", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Defaults"), .doc = "Texts for fields of new records whose cell is empty: {field: text}." },
  { "job_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Job"), .doc = "The job that applies it." },
};
static const MusterField plan_fields[] = {
  { "mapping", MUSTER_FIELD_JSON, MUSTER_FIELD_PLAIN, .label = N_("Mapping"), .doc = "The field that each column sets, or null: {column: field}." },
  { "key", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Key"), .doc = "The field by which a row finds the record that it changes; null: every row is a new record." },
  { "options", MUSTER_FIELD_JSON, MUSTER_FIELD_PLAIN, .label = N_("Options"), .doc = "{decimal_comma, date_format, empty}." },
  { "defaults", MUSTER_FIELD_JSON, MUSTER_FIELD_PLAIN, .label = N_("Defaults"), .doc = "Texts for fields of new records whose cell is empty: {field: text}." },
};
static const MusterField preview_fields[] = {
  { "rows", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Rows"), .doc = "How many there are." },
  { "new", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("New"), .doc = "How many would make a record." },
  { "changed", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Changed"), .doc = "How many would change one." },
  { "same", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Same"), .doc = "How many say what is so already." },
  { "failed", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Failed"), .doc = "How many would be refused." },
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Rows"), .doc = "The first rows: {row, outcome, cells, values, before, errors: [{field, detail}]}." },
};
static const MusterShape file_shape = { .schema = "ImportFile", .doc = "A CSV file.", .media_type = "text/csv" };
static const MusterShape import_shape = { .schema = "Import", .doc = "A file that waits to be imported.", .fields = import_fields, .n_fields = G_N_ELEMENTS (import_fields) };
static const MusterShape plan_shape = { .schema = "ImportPlan", .doc = "How to read it; what is left out stays as it is.", .fields = plan_fields, .n_fields = G_N_ELEMENTS (plan_fields) };
static const MusterShape preview_shape = { .schema = "ImportPreview", .doc = "What an import would do.", .fields = preview_fields, .n_fields = G_N_ELEMENTS (preview_fields) };
static const MusterShape job_shape = { .doc = "The job that applies it.", .entity = &muster_job_info };

static const MusterRoute routes[] = {
  { "POST", "/imports", "createImport", "records", "Send a CSV file of records; answers its columns and what they are taken for", create_import, MUSTER_ROUTE_SPOOL, create_parameters, G_N_ELEMENTS (create_parameters), .request = &file_shape, .response = &import_shape, .status = 201, .body_limit = MUSTER_IMPORT_MAX_BYTES },
  { "GET", "/imports/{id:uuid}", "getImport", "records", "One import", get_import, MUSTER_ROUTE_PLAIN, .response = &import_shape },
  { "PUT", "/imports/{id:uuid}", "updateImport", "records", "Say what the columns of an import are, and how its cells are written", update_import, MUSTER_ROUTE_PLAIN, .request = &plan_shape, .response = &import_shape },
  { "DELETE", "/imports/{id:uuid}", "deleteImport", "records", "Forget the file of an import; what was imported stays", delete_import, MUSTER_ROUTE_PLAIN },
  { "GET", "/imports/{id:uuid}/preview", "previewImport", "records", "What an import would do, row by row", preview_import, MUSTER_ROUTE_PLAIN, preview_parameters, G_N_ELEMENTS (preview_parameters), .response = &preview_shape },
  { "POST", "/imports/{id:uuid}/apply", "applyImport", "records", "Import: one job, one operation of the journal, undone as one", apply_import, MUSTER_ROUTE_PLAIN, .request = &plan_shape, .response = &job_shape, .status = 202 },
};
/* clang-format on */

void
muster_import_resource_add (MusterRouter *router, MusterImportStore *store)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (store));
}
