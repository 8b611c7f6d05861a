/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-retention-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-retention-class.h"
#include "model/muster-time.h"
#include "muster-retention-resource.h"

#define CLASSES_PATH "/retention-classes"
#define MAX_CLASSES 1000

/* --- answers --- */

static void
append_time (GString *json, const char *name, gint64 time, gboolean is_known)
{
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  if (is_known)
    g_string_append_printf (json, ",\"%s\":\"%s\"", name, muster_time_format (time, text));
  else
    g_string_append_printf (json, ",\"%s\":null", name);
}

static void
append_text (GString *json, const char *text)
{
  if (text != NULL)
    muster_json_append_string (json, text, -1);
  else
    g_string_append (json, "null");
}

/* RULE (nullable): of what is of no class. */
static void
append_totals (GString *json, const MusterRetentionRule *rule, const MusterRetentionTotals *totals)
{
  g_string_append (json, "{\"id\":");
  append_text (json, rule != NULL ? rule->id : NULL);
  g_string_append (json, ",\"name\":");
  append_text (json, rule != NULL ? rule->name : NULL);
  g_string_append_printf (json,
                          ",\"samples\":%" G_GINT64_FORMAT ",\"bytes\":%" G_GINT64_FORMAT
                          ",\"rollup_bytes\":%" G_GINT64_FORMAT ",\"series\":%" G_GINT64_FORMAT,
                          totals->samples, totals->bytes, totals->rollup_bytes, totals->series);
  append_time (json, "from", totals->from, totals->series > 0);
  append_time (json, "to", totals->to, totals->series > 0);
  g_string_append_c (json, '}');
}

/* What is counted, and by what. */
typedef struct
{
  MusterRetentionPolicy *policy;       /* (owned) */
  gboolean               is_elsewhere; /* what comes now is not counted */
} Survey;

static void
survey_free (gpointer data)
{
  Survey *survey = data;

  muster_retention_policy_unref (survey->policy);
  g_free (survey);
}

static DexFuture *
respond_totals_cb (DexFuture *future, gpointer user_data)
{
  const Survey          *survey = user_data;
  MusterRetentionPolicy *policy = survey->policy;
  GArray                *totals = g_value_get_boxed (dex_future_get_value (future, NULL));
  GString               *json = g_string_new ("{\"items\":[");
  MusterRetentionTotals  all = { 0 };

  for (guint i = 0; i < totals->len; i++)
    {
      const MusterRetentionTotals *one = &g_array_index (totals, MusterRetentionTotals, i);

      if (i > 0)
        g_string_append_c (json, ',');
      append_totals (json, i < policy->classes->len ? policy->classes->pdata[i] : NULL, one);
      all.samples += one->samples;
      all.bytes += one->bytes + one->rollup_bytes;
    }
  g_string_append_printf (json,
                          "],\"samples\":%" G_GINT64_FORMAT ",\"bytes\":%" G_GINT64_FORMAT
                          ",\"max_bytes\":%" G_GINT64_FORMAT ",\"kept_in\":\"%s\"}",
                          all.samples, all.bytes, policy->max_bytes,
                          survey->is_elsewhere ? "victoria-metrics" : "muster");
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
respond (MusterRetentionService *service, MusterRetentionPolicy *policy, gboolean everything)
{
  Survey *survey = g_new (Survey, 1);

  *survey = (Survey){ muster_retention_policy_ref (policy),
                      muster_retention_service_is_elsewhere (service) };
  return dex_future_then (muster_retention_service_survey (service, policy, everything),
                          respond_totals_cb, survey, survey_free);
}

/* --- GET /monitoring/retention --- */

static DexFuture *
get_statistics (MusterRequest *request, gpointer service)
{
  return respond (service, muster_retention_service_get_policy (service), TRUE);
}

/* --- POST and PUT /retention-classes --- */

/* A class that would not hold for what comes is refused, rather than kept and not heeded. */
static gboolean
check_here (MusterRetentionService *service, GError **error)
{
  if (!muster_retention_service_is_elsewhere (service))
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "samples are kept in VictoriaMetrics: how long, the -retentionPeriod of that server "
               "says; to have classes, empty the setting samples.victoria-url and start again");
  return FALSE;
}

static DexFuture *
create_class (MusterRequest *request, gpointer service)
{
  g_autoptr (GError) error = NULL;

  return check_here (service, &error)
           ? muster_handle_create (request, muster_retention_service_get_repository (service))
           : dex_future_new_for_error (g_steal_pointer (&error));
}

static DexFuture *
update_class (MusterRequest *request, gpointer service)
{
  g_autoptr (GError) error = NULL;

  return check_here (service, &error)
           ? muster_handle_update (request, muster_retention_service_get_repository (service))
           : dex_future_new_for_error (g_steal_pointer (&error));
}

/* --- POST /retention-classes/preview --- */

/* A class as it would be; its id, if it has one, is told in the answer. */
static MusterEntity *
read_class (JsonNode *node, guint index, GError **error)
{
  g_autofree char *prefix = g_strdup_printf ("/classes/%u", index);
  g_autoptr (MusterEntity) class = muster_entity_new (&muster_retention_class_info);
  g_autoptr (JsonObject) members = NULL;
  const char              *id;
  static const char *const known[] = { "name",     "pattern",     "position",
                                       "raw_days", "minute_days", "hour_days" };

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

      muster_field_errors_add (errors, prefix, "must be an object");
      muster_field_errors_check (errors, error);
      return NULL;
    }
  /* A whole record may be given as it was read. */
  members = json_object_new ();
  for (unsigned i = 0; i < G_N_ELEMENTS (known); i++)
    {
      JsonNode *member = json_object_get_member (json_node_get_object (node), known[i]);

      if (member != NULL)
        json_object_set_member (members, known[i], json_node_copy (member));
    }
  if (!muster_entity_decode (class, members, MUSTER_DECODE_CREATE, prefix, error) ||
      !muster_retention_class_check (class, prefix, error))
    return NULL;
  id = json_object_get_string_member_with_default (json_node_get_object (node), "id", NULL);
  if (id != NULL && g_uuid_string_is_valid (id))
    muster_entity_set_string (class, "id", id);
  return g_steal_pointer (&class);
}

static MusterRetentionPolicy *
read_policy (MusterRetentionService *service, JsonObject *body, GError **error)
{
  MusterRetentionPolicy *now = muster_retention_service_get_policy (service);
  g_autoptr (GPtrArray) classes = g_ptr_array_new_with_free_func (g_object_unref);
  JsonNode *given = json_object_get_member (body, "classes");
  JsonNode *room = json_object_get_member (body, "max_bytes");
  gint64    max_bytes =
    room != NULL && !JSON_NODE_HOLDS_NULL (room) ? json_node_get_int (room) : now->max_bytes;
  JsonArray *array;

  if (given == NULL || JSON_NODE_HOLDS_NULL (given))
    return muster_retention_policy_copy (now, max_bytes);
  array = JSON_NODE_HOLDS_ARRAY (given) ? json_node_get_array (given) : NULL;
  if (array == NULL || json_array_get_length (array) > MAX_CLASSES)
    {
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

      muster_field_errors_add (errors, "/classes", "must be an array of at most %d classes",
                               MAX_CLASSES);
      muster_field_errors_check (errors, error);
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      MusterEntity *class = read_class (json_array_get_element (array, i), i, error);

      if (class == NULL)
        return NULL;
      g_ptr_array_add (classes, class);
    }
  return muster_retention_make_policy (classes, max_bytes);
}

static DexFuture *
preview (MusterRequest *request, gpointer service)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterRetentionPolicy) policy =
              read_policy (service, json_node_get_object (muster_request_get_json (request)),
                           &error);

  return policy != NULL ? respond (service, policy, FALSE)
                        : dex_future_new_for_error (g_steal_pointer (&error));
}

/* clang-format off */
static const MusterField preview_fields[] = {
  { "classes", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Classes"), .doc = "Array of all retention classes as they would be: {name, pattern, position, raw_days, minute_days, hour_days}; null: as they are." },
  { "max_bytes", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 0, G_GINT64_CONSTANT (1) << 50, .unit = "B", .label = N_("Most room"), .doc = "The setting samples.max-bytes as it would be; null: as it is." },
};
static const MusterField totals_fields[] = {
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Classes"), .doc = "Array of {id, name, samples, bytes, rollup_bytes, series, from, to}, by position; the last one, without a name, is of metrics of no class. Bytes are estimates." },
  { "samples", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Samples"), .doc = "Of all together." },
  { "bytes", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .unit = "B", .label = N_("Bytes"), .doc = "Of samples and roll-ups of all together, about." },
  { "max_bytes", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .unit = "B", .label = N_("Most room"), .doc = "How much room there may be; 0: no limit." },
  { "kept_in", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, .label = N_("Kept in"), .doc = "\"muster\"; or \"victoria-metrics\": only what is on this machine is counted and deleted here, and how long the rest is kept, the -retentionPeriod of that server says. Classes can then be deleted, not made or changed." },
};

static const MusterShape class_shape = { .doc = "A retention class.", .entity = &muster_retention_class_info };
static const MusterShape classes_shape = { .doc = "Retention classes.", .entity = &muster_retention_class_info, .list = TRUE };
static const MusterShape preview_shape = { .schema = "PreviewRetention", .doc = "Retention as it would be.", .fields = preview_fields, .n_fields = G_N_ELEMENTS (preview_fields) };
static const MusterShape totals_shape = { .schema = "RetentionTotals", .doc = "Samples and roll-ups by retention class.", .fields = totals_fields, .n_fields = G_N_ELEMENTS (totals_fields) };

static const MusterRoute record_routes[] = {
  { "GET", CLASSES_PATH, "listRetentionClasses", "monitoring", "List retention classes", muster_handle_list, MUSTER_ROUTE_LIST, .response = &classes_shape },
  { "GET", CLASSES_PATH "/{id:uuid}", "getRetentionClass", "monitoring", "One retention class", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &class_shape },
  { "DELETE", CLASSES_PATH "/{id:uuid}", "deleteRetentionClass", "monitoring", "Delete a retention class; its metrics are of the next that names them", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_retention_class_info },
};

static const MusterRoute service_routes[] = {
  { "POST", CLASSES_PATH, "createRetentionClass", "monitoring", "Keep samples of some metrics for a time; what is older is deleted at once", create_class, MUSTER_ROUTE_PLAIN, .request = &class_shape, .response = &class_shape, .status = 201 },
  { "PUT", CLASSES_PATH "/{id:uuid}", "updateRetentionClass", "monitoring", "Change a retention class; what is older is deleted at once", update_class, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &class_shape, .response = &class_shape },
  { "POST", CLASSES_PATH "/preview", "previewRetention", "monitoring", "What would be deleted if retention were as given", preview, MUSTER_ROUTE_PLAIN, .request = &preview_shape, .response = &totals_shape },
  { "GET", "/monitoring/retention", "getRetentionStatistics", "monitoring", "What is stored, by retention class", get_statistics, MUSTER_ROUTE_PLAIN, .response = &totals_shape },
};
/* clang-format on */

void
muster_retention_resource_add (MusterRouter           *router,
                               MusterRepository       *repository,
                               MusterRetentionService *service)
{
  g_return_if_fail (MUSTER_IS_ROUTER (router) && MUSTER_IS_REPOSITORY (repository) &&
                    MUSTER_IS_RETENTION_SERVICE (service));

  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes), G_OBJECT (repository));
  muster_router_add (router, service_routes, G_N_ELEMENTS (service_routes), G_OBJECT (service));
}
