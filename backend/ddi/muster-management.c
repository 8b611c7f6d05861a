/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-management"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/http/muster-json-body.h"
#include "core/http/muster-problem.h"
#include "muster-management-private.h"

struct _MusterManagement
{
  GObject parent_instance;

  MusterDdiService            *service; /* (owned) */
  MusterManagementAuthenticate authenticate;
  gpointer                     user_data;
};

G_DEFINE_FINAL_TYPE (MusterManagement, muster_management, G_TYPE_OBJECT)

static void
muster_management_finalize (GObject *object)
{
  g_clear_object (&MUSTER_MANAGEMENT (object)->service);
  G_OBJECT_CLASS (muster_management_parent_class)->finalize (object);
}

static void
muster_management_class_init (MusterManagementClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_management_finalize;
}

static void
muster_management_init (MusterManagement *self)
{
}

MusterManagement *
muster_management_new (MusterDdiService            *service,
                       MusterManagementAuthenticate authenticate,
                       gpointer                     user_data)
{
  MusterManagement *self = g_object_new (MUSTER_TYPE_MANAGEMENT, NULL);

  self->service = g_object_ref (service);
  self->authenticate = authenticate;
  self->user_data = user_data;
  return self;
}

void
muster_management_resource_add (MusterRouter *router, MusterManagement *management)
{
  g_return_if_fail (MUSTER_IS_MANAGEMENT (management));

  muster_management_targets_add (router, management);
  muster_management_modules_add (router, management);
  muster_management_sets_add (router, management);
  muster_management_actions_add (router, management);
  muster_management_consent_add (router, management);
  muster_management_system_add (router, management);
  muster_management_rollouts_add (router, management);
  muster_management_groups_add (router, management);
  muster_management_filters_add (router, management);
  muster_management_tags_add (router, management);
  muster_management_metadata_add (router, management);
}

/* --- who calls, and what is refused --- */

static DexFuture *
authenticate (MusterRequest *request, gpointer user_data)
{
  MusterManagement *self = user_data;
  const char       *remote = muster_request_get_remote (request);
  const char       *bearer = muster_request_get_bearer (request);
  g_autofree char  *user = NULL;
  g_autofree char  *password = NULL;

  if (bearer != NULL)
    return self->authenticate (NULL, bearer, remote, self->user_data);
  if (muster_request_dup_basic (request, &user, &password))
    return self->authenticate (user, password, remote, self->user_data);
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED,
                                "sign in by HTTP Basic: a person's e-mail address and password, "
                                "or anything and a token");
}

/* By status: the words are hawkBit's. */
static const char *
get_code (unsigned status)
{
  switch (status)
    {
    case 400:
      return "hawkbit.server.error.rest.body.notReadable";
    case 404:
      return "hawkbit.server.error.repo.entitiyNotFound";
    case 405:
      return "hawkbit.server.error.action.notcancelable";
    case 409:
      return "hawkbit.server.error.repo.entitiyAlreadyExists";
    default:
      return "hawkbit.server.error.unspecified";
    }
}

static MusterResponse *
refuse (MusterRequest *request, const GError *error)
{
  unsigned         status = muster_problem_find (error)->status;
  GString         *json = g_string_new (NULL);
  MusterResponse  *response = NULL;
  GPtrArray       *fields = muster_error_get_fields (error);
  g_autofree char *message =
    g_strdup (error->domain == MUSTER_ERROR ? error->message : "an internal error");

  status = status == 422 ? 400 : status;
  if (fields->len > 0)
    {
      const MusterFieldError *first = fields->pdata[0];

      g_free (message);
      message = g_strdup_printf ("%s %s", first->pointer, first->detail);
    }
  g_string_printf (json, "{\"exceptionClass\":\"muster\",\"errorCode\":\"%s\",\"message\":",
                   get_code (status));
  muster_json_append_string (json, message, -1);
  g_string_append_c (json, '}');
  response = muster_response_new_json (status, json);
  if (status == 401)
    muster_response_set_header (response, "WWW-Authenticate", "Basic realm=\"Muster\"");
  return response;
}

const MusterDialect muster_management_dialect = { authenticate, refuse, "management" };

/* --- one request --- */

typedef struct
{
  MusterManagementCall call;
  MusterManagementFunc func;
} Run;

static void
run_free (gpointer data)
{
  Run *self = data;

  g_object_unref (self->call.request);
  g_object_unref (self->call.management);
  g_free (self->call.base);
  g_free (self);
}

static DexFuture *
run_fiber (gpointer user_data)
{
  Run            *self = user_data;
  GError         *error = NULL;
  MusterResponse *response = self->func (&self->call, &error);

  return response != NULL ? muster_response_resolve (response) : dex_future_new_for_error (error);
}

DexFuture *
muster_management_run (MusterRequest *request, gpointer management, MusterManagementFunc func)
{
  MusterManagement *self = management;
  Run              *run = g_new0 (Run, 1);
  g_autofree char  *origin = muster_request_dup_origin (request);

  run->call.request = g_object_ref (request);
  run->call.management = g_object_ref (self);
  run->call.service = self->service;
  run->call.repository = muster_ddi_service_get_repository (self->service);
  run->call.actor = muster_request_get_actor (request);
  run->call.base = g_strconcat (origin, "/rest/v1", NULL);
  run->func = func;
  return dex_scheduler_spawn (NULL, 0, run_fiber, run, run_free);
}

/* --- reading --- */

const char *
muster_management_get_text (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

gint64
muster_management_get_number (JsonObject *object, const char *name)
{
  JsonNode   *node = object != NULL ? json_object_get_member (object, name) : NULL;
  const char *text = muster_management_get_text (object, name);

  if (text != NULL)
    return g_ascii_strtoll (text, NULL, 10);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;
}

gboolean
muster_management_take_consent (JsonObject *object, gboolean *asks, GError **error)
{
  JsonNode *node = json_object_get_member (object, "confirmationRequired");

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    {
      *asks = json_node_get_boolean (node);
      return TRUE;
    }
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                       "confirmationRequired must be true or false");
  return FALSE;
}

static gboolean
take_object (GPtrArray *objects, JsonNode *node, GError **error)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      g_ptr_array_add (objects, json_node_dup_object (node));
      return TRUE;
    }
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                       "the body must be an object, or a list of them");
  return FALSE;
}

GPtrArray *
muster_management_list_objects (MusterManagementCall *call, GError **error)
{
  g_autoptr (JsonNode) node =
              muster_json_body_parse (muster_request_get_body (call->request), error);
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
  JsonArray *array = NULL;

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return take_object (objects, node, error) ? g_steal_pointer (&objects) : NULL;
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!take_object (objects, json_array_get_element (array, i), error))
      return NULL;
  return g_steal_pointer (&objects);
}

JsonObject *
muster_management_read_object (MusterManagementCall *call, GError **error)
{
  g_autoptr (GPtrArray) objects = muster_management_list_objects (call, error);

  if (objects == NULL)
    return NULL;
  if (objects->len == 1)
    return json_object_ref (objects->pdata[0]);
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "the body must be an object");
  return NULL;
}

gboolean
muster_management_set_text (MusterEntity *entity,
                            const char   *field,
                            const char   *text,
                            GError      **error)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  int         index = muster_entity_info_find (info, field);
  MusterValue value = { .is_null = TRUE };

  if (text == NULL && (info->fields[index].flags & MUSTER_FIELD_REQUIRED))
    muster_field_errors_add (errors, field, "is required");
  else if (text == NULL)
    return TRUE;
  else if (muster_field_decode_text (&info->fields[index], text, field, &value, errors))
    muster_entity_take (entity, index, &value);
  return muster_field_errors_check (errors, error);
}

static gboolean
write_job (MusterTransaction *transaction, gpointer entity, GValue *result, GError **error)
{
  return muster_transaction_update (transaction, entity, 0, error);
}

gboolean
muster_management_write (MusterManagementCall *call,
                         const char           *operation,
                         MusterEntity         *entity,
                         GError              **error)
{
  return dex_await (muster_database_write (muster_repository_get_database (call->repository),
                                           call->actor, operation, write_job, g_object_ref (entity),
                                           g_object_unref),
                    error);
}

/* --- writing --- */

static void
add_name (GString *json, const char *name)
{
  char last = json->len > 0 ? json->str[json->len - 1] : '{';

  g_string_append_printf (json, "%s\"%s\":", last == '{' || last == '[' ? "" : ",", name);
}

void
muster_management_add_text (GString *json, const char *name, const char *text)
{
  if (text == NULL)
    return;
  add_name (json, name);
  muster_json_append_string (json, text, -1);
}

void
muster_management_add_number (GString *json, const char *name, gint64 number)
{
  add_name (json, name);
  g_string_append_printf (json, "%" G_GINT64_FORMAT, number);
}

void
muster_management_add_boolean (GString *json, const char *name, gboolean value)
{
  add_name (json, name);
  g_string_append (json, value ? "true" : "false");
}

void
muster_management_add_raw (GString *json, const char *name, const char *text)
{
  add_name (json, name);
  g_string_append (json, text);
}

void
muster_management_add_stamps (GString *json, MusterEntity *entity)
{
  muster_management_add_text (json, "createdBy", "muster");
  muster_management_add_number (json, "createdAt",
                                muster_entity_get_integer (entity, "created_at") / 1000);
  muster_management_add_text (json, "lastModifiedBy", "muster");
  muster_management_add_number (json, "lastModifiedAt",
                                muster_entity_get_integer (entity, "updated_at") / 1000);
}

void
muster_management_add_self (GString *json, const char *base, const char *path)
{
  g_autofree char *href = g_strdup_printf ("%s/%s", base, path);

  muster_management_add_raw (json, "_links", "{\"self\":{\"href\":");
  muster_json_append_string (json, href, -1);
  g_string_append (json, "}}");
}

MusterResponse *
muster_management_respond (unsigned status, GString *json)
{
  MusterResponse *response = muster_response_new_json (status, json);

  muster_response_set_header (response, "Content-Type", "application/hal+json");
  return response;
}

/* clang-format off */
const MusterField muster_management_list_query[] = {
  { "offset", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, G_MAXINT32, .label = N_("Offset"), .doc = "How many are left out before." },
  { "limit", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, G_MAXINT32, .label = N_("Limit"), .doc = "How many are told, at most 500; 50 unless told." },
  { "sort", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 0, 200, .label = N_("Order"), .doc = "A field, then :ASC or :DESC." },
  { "q", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 0, 4096, .label = N_("Filter"), .doc = "RSQL: controllerid==dev*;attribute.hw==2" },
};
const MusterShape muster_management_body = { .schema = "ManagementBody", .doc = "JSON as hawkBit's Management API describes it.", .media_type = "*/*" };
const MusterShape muster_management_answer = { .schema = "ManagementAnswer", .doc = "JSON as hawkBit's Management API describes it.", .media_type = "application/hal+json" };
/* clang-format on */
