/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-operations"

#include "config.h"

#include "model/muster-entity.h"
#include "muster-operations.h"
#include "muster-process-metrics.h"

struct _MusterOperations
{
  GObject parent_instance;

  GPtrArray      *services; /* (owned) (element-type MusterService) */
  MusterDatabase *database; /* (owned) */
  MusterMetrics  *metrics;  /* (owned) */
  char           *backups;  /* (owned) */
  gint64          started;
};

G_DEFINE_FINAL_TYPE (MusterOperations, muster_operations, G_TYPE_OBJECT)

static void
muster_operations_finalize (GObject *object)
{
  MusterOperations *self = MUSTER_OPERATIONS (object);

  g_clear_pointer (&self->services, g_ptr_array_unref);
  g_clear_object (&self->database);
  g_clear_object (&self->metrics);
  g_clear_pointer (&self->backups, g_free);
  G_OBJECT_CLASS (muster_operations_parent_class)->finalize (object);
}

static void
muster_operations_class_init (MusterOperationsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_operations_finalize;
}

static void
muster_operations_init (MusterOperations *self)
{
  self->started = g_get_monotonic_time ();
}

static void
muster_operations_append_services (MusterOperations *self,
                                   GString          *text,
                                   const char       *name,
                                   gboolean          trouble)
{
  for (guint i = 0; i < self->services->len; i++)
    {
      MusterService *service = self->services->pdata[i];
      g_autoptr (GString) labels = g_string_new (NULL);

      muster_metrics_append_label (labels, "service", muster_service_get_name (service));
      muster_metrics_append_value (text, name, labels->str,
                                   trouble ? muster_service_get_trouble (service) != NULL
                                           : muster_service_is_running (service));
    }
}

static void
muster_operations_collect (GString *text, gpointer owner)
{
  MusterOperations *self = owner;

  muster_metrics_append_head (text, "muster_service_running", "gauge", "Whether the service runs.");
  muster_operations_append_services (self, text, "muster_service_running", FALSE);
  muster_metrics_append_head (text, "muster_service_trouble", "gauge",
                              "Whether the service runs but cannot do its whole duty.");
  muster_operations_append_services (self, text, "muster_service_trouble", TRUE);
}

static double
muster_operations_read_sequence (gpointer owner)
{
  return muster_database_get_sequence (MUSTER_OPERATIONS (owner)->database);
}

MusterOperations *
muster_operations_new (GPtrArray      *services,
                       MusterDatabase *database,
                       MusterMetrics  *metrics,
                       const char     *backups)
{
  MusterOperations *self;

  g_return_val_if_fail (services != NULL && MUSTER_IS_DATABASE (database), NULL);
  g_return_val_if_fail (MUSTER_IS_METRICS (metrics) && backups != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_OPERATIONS, NULL);
  self->services = g_ptr_array_ref (services);
  self->database = g_object_ref (database);
  self->metrics = g_object_ref (metrics);
  self->backups = g_strdup (backups);
  muster_process_metrics_add (metrics, G_OBJECT (self));
  muster_metrics_add_collector (metrics, G_OBJECT (self), muster_operations_collect);
  muster_metrics_add (metrics, MUSTER_METRICS_COUNTER, "muster_journal_entries_total",
                      "Changes in the journal, those of former runs included.", NULL,
                      G_OBJECT (self), muster_operations_read_sequence);
  return self;
}

gint64
muster_operations_get_started (MusterOperations *self)
{
  g_return_val_if_fail (MUSTER_IS_OPERATIONS (self), 0);

  return self->started;
}

char *
muster_operations_print_metrics (MusterOperations *self)
{
  g_return_val_if_fail (MUSTER_IS_OPERATIONS (self), NULL);

  return muster_metrics_print (self->metrics);
}

static void
append_service (GString *json, MusterService *service)
{
  const char *trouble = muster_service_get_trouble (service);

  g_string_append (json, "{\"name\":");
  muster_json_append_string (json, muster_service_get_name (service), -1);
  g_string_append_printf (json, ",\"running\":%s,\"trouble\":",
                          muster_service_is_running (service) ? "true" : "false");
  if (trouble != NULL)
    muster_json_append_string (json, trouble, -1);
  else
    g_string_append (json, "null");
  g_string_append_c (json, '}');
}

gboolean
muster_operations_encode_health (MusterOperations *self, GString *json)
{
  gboolean all_run = TRUE, all_well = TRUE;

  g_return_val_if_fail (MUSTER_IS_OPERATIONS (self) && json != NULL, FALSE);

  for (guint i = 0; i < self->services->len; i++)
    {
      all_run &= muster_service_is_running (self->services->pdata[i]);
      all_well &= muster_service_get_trouble (self->services->pdata[i]) == NULL;
    }
  g_string_append_printf (json, "{\"status\":\"%s\",\"services\":[",
                          !all_run   ? "starting"
                          : all_well ? "ready"
                                     : "degraded");
  for (guint i = 0; i < self->services->len; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      append_service (json, self->services->pdata[i]);
    }
  g_string_append (json, "]}");
  return all_run;
}

static DexFuture *
backed_up_cb (DexFuture *future, gpointer user_data)
{
  return dex_future_new_take_string (g_strdup (user_data));
}

DexFuture *
muster_operations_backup (MusterOperations *self, const char *path)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *name = g_date_time_format (now, "muster-%Y%m%dT%H%M%SZ.db");
  char            *target;

  g_return_val_if_fail (MUSTER_IS_OPERATIONS (self), NULL);

  target = path != NULL ? g_strdup (path) : g_build_filename (self->backups, name, NULL);
  if (path == NULL)
    g_mkdir_with_parents (self->backups, 0700);
  if (g_file_test (target, G_FILE_TEST_EXISTS))
    {
      g_autofree char *taken = target;

      return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                                    "%s is there already: name another file", taken);
    }
  return dex_future_then (muster_database_backup (self->database, target), backed_up_cb, target,
                          g_free);
}
