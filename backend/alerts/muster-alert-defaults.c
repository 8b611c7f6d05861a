/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-defaults"

#include "config.h"

#include "core/muster-promise.h"
#include "muster-alert-default-rules.h"
#include "muster-alert-service-private.h"

/* The metrics of one birth come one by one. */
#define GATHER_MILLISECONDS 500

/* A metric that is new, of a device of a product. */
typedef struct
{
  char         *product_id; /* (owned) */
  MusterEntity *metric;     /* (owned) */
} NewMetric;

static void
new_metric_free (gpointer data)
{
  NewMetric *self = data;

  g_free (self->product_id);
  g_object_unref (self->metric);
  g_free (self);
}

static gboolean
add_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  GPtrArray *metrics = data;

  for (guint i = 0; i < metrics->len; i++)
    {
      NewMetric *each = metrics->pdata[i];

      if (!muster_alert_default_rules_add (transaction, each->product_id, each->metric, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
gather_cb (gpointer user_data)
{
  MusterAlertService *self = user_data;
  g_autoptr (MusterActor) actor = muster_actor_new_system ("alerts");

  self->defaults_id = 0;
  muster_disown_logged (G_LOG_LEVEL_WARNING,
                        muster_database_write (muster_repository_get_database (self->repository),
                                               actor, "Add alert rules of a product", add_job,
                                               g_steal_pointer (&self->new_metrics),
                                               (GDestroyNotify)g_ptr_array_unref),
                        "default alert rules");
  return G_SOURCE_REMOVE;
}

void
muster_alert_service_note_metric (MusterAlertService *self, MusterEntity *metric)
{
  const char      *device_id = muster_entity_get_string (metric, "device_id");
  MusterAlertUnit *unit = muster_alert_site_get_unit (self->site, device_id);
  NewMetric       *own = NULL;

  if (unit == NULL || unit->product_id == NULL ||
      !muster_alert_service_get_setting (self, MUSTER_SETTING_ALERTS_DEFAULT_RULES))
    return;
  own = g_new (NewMetric, 1);
  *own = (NewMetric){ g_strdup (unit->product_id), g_object_ref (metric) };
  if (self->new_metrics == NULL)
    self->new_metrics = g_ptr_array_new_with_free_func (new_metric_free);
  g_ptr_array_add (self->new_metrics, own);
  if (self->defaults_id == 0)
    self->defaults_id = g_timeout_add (GATHER_MILLISECONDS, gather_cb, self);
}

/* --- again --- */

static gboolean
add_again_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  gint64 n_added = muster_alert_default_rules_add_again (transaction, data, error);

  if (n_added < 0)
    return FALSE;
  g_value_init (result, G_TYPE_INT64);
  g_value_set_int64 (result, n_added);
  return TRUE;
}

DexFuture *
muster_alert_service_add_defaults (MusterAlertService *self,
                                   MusterActor        *actor,
                                   const char         *product_id)
{
  g_return_val_if_fail (MUSTER_IS_ALERT_SERVICE (self), NULL);
  g_return_val_if_fail (product_id != NULL, NULL);

  return muster_database_write (muster_repository_get_database (self->repository), actor,
                                "Make default alert rules again", add_again_job,
                                g_strdup (product_id), g_free);
}
