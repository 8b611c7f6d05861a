/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-operations"

#include "config.h"

#include <glib/gstdio.h>

#include "model/muster-entity.h"
#include "model/muster-error.h"
#include "muster-folder-copy.h"
#include "muster-operations.h"
#include "muster-process-metrics.h"

struct _MusterOperations
{
  GObject parent_instance;

  GPtrArray      *services; /* (owned) (element-type MusterService) */
  MusterDatabase *database; /* (owned) */
  MusterMetrics  *metrics;  /* (owned) */
  char           *backups;  /* (owned) */
  GStrv           folders;  /* (owned) (nullable) */
  gint64          started;

  GWeakRef             samples_owner;
  MusterOperationsCopy copy_samples;
};

G_DEFINE_FINAL_TYPE (MusterOperations, muster_operations, G_TYPE_OBJECT)

static void
muster_operations_finalize (GObject *object)
{
  MusterOperations *self = MUSTER_OPERATIONS (object);

  g_weak_ref_clear (&self->samples_owner);
  g_clear_pointer (&self->services, g_ptr_array_unref);
  g_clear_object (&self->database);
  g_clear_object (&self->metrics);
  g_clear_pointer (&self->backups, g_free);
  g_clear_pointer (&self->folders, g_strfreev);
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
  g_weak_ref_init (&self->samples_owner, NULL);
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

/* --- backup --- */

typedef struct
{
  MusterOperations *operations; /* (owned) */
  char             *path;
  char             *samples; /* (nullable) */
  char             *files;   /* (nullable) */
} Backup;

static void
backup_free (gpointer data)
{
  Backup *self = data;

  g_object_unref (self->operations);
  g_free (self->path);
  g_free (self->samples);
  g_free (self->files);
  g_free (self);
}

/* "site.db" → "site-samples.db" */
static char *
make_path_beside (const char *path, const char *end)
{
  gsize length = strlen (path) - (g_str_has_suffix (path, ".db") ? strlen (".db") : 0);

  return g_strdup_printf ("%.*s-%s", (int)length, path, end);
}

static gboolean
check_free (const char *path, GError **error)
{
  if (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s is there already: name another file",
               path);
  return FALSE;
}

/* Nothing is left of a copy that is not whole. */
static DexFuture *
backup_give_up (Backup *self, GError *error)
{
  if (self->samples != NULL)
    g_unlink (self->samples);
  return dex_future_new_for_error (error);
}

/* The samples first: so every sample of the copy belongs to a device of the copy; the files last:
 * so every file that a record of the copy names is there. */
static DexFuture *
muster_operations_backup_fiber (gpointer user_data)
{
  Backup           *backup = user_data;
  MusterOperations *self = backup->operations;
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  g_autoptr (GObject) owner = g_weak_ref_get (&self->samples_owner);
  g_autoptr (GError) error = NULL;

  if (owner != NULL)
    backup->samples = make_path_beside (backup->path, "samples.db");
  if (self->folders != NULL)
    backup->files = make_path_beside (backup->path, "files");
  if (!check_free (backup->path, &error) || !check_free (backup->samples, &error) ||
      !check_free (backup->files, &error) ||
      (owner != NULL && !dex_await (self->copy_samples (owner, backup->samples), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (!dex_await (muster_database_backup (self->database, backup->path), &error))
    return backup_give_up (backup, g_steal_pointer (&error));
  if (backup->files != NULL &&
      !dex_await (muster_folder_copy_start ((const char *const *)self->folders, backup->files),
                  &error))
    {
      g_unlink (backup->path);
      return backup_give_up (backup, g_steal_pointer (&error));
    }
  g_strv_builder_add (paths, backup->path);
  g_strv_builder_add (paths, backup->samples != NULL ? backup->samples : "");
  g_strv_builder_add (paths, backup->files != NULL ? backup->files : "");
  return dex_future_new_take_boxed (G_TYPE_STRV, g_strv_builder_end (paths));
}

void
muster_operations_set_copy_samples (MusterOperations    *self,
                                    GObject             *owner,
                                    MusterOperationsCopy copy)
{
  g_return_if_fail (MUSTER_IS_OPERATIONS (self));
  g_return_if_fail (G_IS_OBJECT (owner) && copy != NULL);

  g_weak_ref_set (&self->samples_owner, owner);
  self->copy_samples = copy;
}

void
muster_operations_set_folders (MusterOperations *self, const char *const *folders)
{
  g_return_if_fail (MUSTER_IS_OPERATIONS (self));

  g_strfreev (self->folders);
  self->folders = g_strdupv ((char **)folders);
}

DexFuture *
muster_operations_backup (MusterOperations *self, const char *path)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *name = g_date_time_format (now, "muster-%Y%m%dT%H%M%SZ.db");
  Backup          *backup;

  g_return_val_if_fail (MUSTER_IS_OPERATIONS (self), NULL);

  if (path == NULL)
    g_mkdir_with_parents (self->backups, 0700);
  backup = g_new0 (Backup, 1);
  backup->operations = g_object_ref (self);
  backup->path = path != NULL ? g_strdup (path) : g_build_filename (self->backups, name, NULL);
  return dex_scheduler_spawn (NULL, 0, muster_operations_backup_fiber, backup, backup_free);
}
