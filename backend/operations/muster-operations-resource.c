/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-operations-resource"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/muster-person.h"
#include "muster-operations.h"

static DexFuture *
get_live (MusterRequest *request, gpointer user_data)
{
  GString *json = g_string_new (NULL);

  g_string_printf (json, "{\"status\":\"alive\",\"uptime\":%" G_GINT64_FORMAT "}",
                   (g_get_monotonic_time () - muster_operations_get_started (user_data)) /
                     G_USEC_PER_SEC);
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
get_ready (MusterRequest *request, gpointer user_data)
{
  GString *json = g_string_new (NULL);
  gboolean ready = muster_operations_encode_health (user_data, json);

  return muster_response_resolve (muster_response_new_json (ready ? 200 : 503, json));
}

static DexFuture *
get_metrics (MusterRequest *request, gpointer user_data)
{
  char *text = muster_operations_print_metrics (user_data);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  return muster_response_resolve (
    muster_response_new_bytes (200, "text/plain; version=0.0.4; charset=utf-8", bytes));
}

static void
append_path (GString *json, const char *name, const char *path)
{
  g_string_append_printf (json, ",\"%s\":", name);
  if (*path != '\0')
    muster_json_append_string (json, path, -1);
  else
    g_string_append (json, "null");
}

static DexFuture *
respond_path_cb (DexFuture *future, gpointer user_data)
{
  GString     *json = g_string_new ("{\"path\":");
  const char **paths = g_value_get_boxed (dex_future_get_value (future, NULL));

  muster_json_append_string (json, paths[0], -1);
  append_path (json, "samples_path", paths[1]);
  append_path (json, "files_path", paths[2]);
  g_string_append_c (json, '}');
  return muster_response_resolve (muster_response_new_json (201, json));
}

/* The file will be the daemon's: where it is written is for those to say who could write it
 * themselves. */
static gboolean
check_backup (const char *remote, const char *path, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (path == NULL)
    return TRUE;
  if (strcmp (remote, "unix") == 0)
    {
      if (!g_path_is_absolute (path))
        muster_field_errors_add (errors, "/path", "must be absolute");
      return muster_field_errors_check (errors, error);
    }
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                       "a path can be named on the daemon's own machine alone: leave it out");
  return FALSE;
}

static DexFuture *
post_backup (MusterRequest *request, gpointer user_data)
{
  JsonObject *object = json_node_get_object (muster_request_get_json (request));
  const char *path = json_object_get_string_member_with_default (object, "path", NULL);
  g_autoptr (GError) error = NULL;

  if (!check_backup (muster_request_get_remote (request), path, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return dex_future_then (muster_operations_backup (user_data, path), respond_path_cb, NULL, NULL);
}

/* clang-format off */
static const MusterField live_fields[] = {
  { "status", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Status"), .doc = "`alive`." },
  { "uptime", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .unit = "s", .label = N_("Running for"), .doc = "Since the daemon started." },
};
static const MusterField ready_fields[] = {
  { "status", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Status"), .doc = "`ready`, `degraded` (all run, some cannot do their whole duty) or `starting`." },
  { "services", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Services"), .doc = "Array of {name, running, trouble}." },
};
static const MusterField backup_fields[] = {
  { "path", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 1, 4000, .label = N_("File"), .doc = "Absolute path of a file that is not there yet; left out, the daemon names one." },
  { "samples_path", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 4000, .label = N_("Samples"), .doc = "The file beside it with the samples." },
  { "files_path", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 4000, .label = N_("Files"), .doc = "The folder beside it with attachments, keys and certificates: keep it as secret as the daemon's own." },
};
static const MusterShape live_shape = { .schema = "Liveness", .doc = "That the daemon answers.", .fields = live_fields, .n_fields = G_N_ELEMENTS (live_fields) };
static const MusterShape ready_shape = { .schema = "Readiness", .doc = "How the services fare.", .fields = ready_fields, .n_fields = G_N_ELEMENTS (ready_fields) };
static const MusterShape metrics_shape = { .doc = "Prometheus text format 0.0.4.", .media_type = "text/plain" };
static const MusterShape backup_shape = { .schema = "Backup", .doc = "A copy of the records, one of the samples, and one of attachments, keys and certificates.", .fields = backup_fields, .n_fields = G_N_ELEMENTS (backup_fields) };

static const MusterRoute routes[] = {
  { "GET", "/health/live", "getLiveness", "operations", "Whether the daemon answers", get_live, MUSTER_ROUTE_PUBLIC, .response = &live_shape },
  { "GET", "/health/ready", "getReadiness", "operations", "Whether every service runs; 503 while one does not", get_ready, MUSTER_ROUTE_PUBLIC, .response = &ready_shape },
  { "GET", "/metrics", "getMetrics", "operations", "What the daemon counts about itself, for Prometheus", get_metrics, MUSTER_ROUTE_PUBLIC, .response = &metrics_shape },
  { "POST", "/backup", "backUp", "operations", "Copy records, samples and files while they are in use", post_backup, MUSTER_ROUTE_PLAIN, .request = &backup_shape, .response = &backup_shape, .status = 201 },
};
/* clang-format on */

void
muster_operations_resource_add (MusterRouter *router, MusterOperations *self)
{
  g_return_if_fail (MUSTER_IS_ROUTER (router) && MUSTER_IS_OPERATIONS (self));

  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (self));
}
