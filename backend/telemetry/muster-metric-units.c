/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-metric-units"

#include "config.h"

#include "core/muster-journal.h"
#include "model/muster-device.h"
#include "model/muster-metric.h"
#include "model/muster-unit.h"
#include "muster-metric-units.h"

struct _MusterMetricUnits
{
  MusterService     parent_instance;
  MusterRepository *repository; /* (owned) */
  MusterBus        *bus;        /* (owned) */
  GHashTable       *devices;    /* (owned) device's id → (owned) (metric's name → unit), interned */
};

G_DEFINE_FINAL_TYPE (MusterMetricUnits, muster_metric_units, MUSTER_TYPE_SERVICE)

/* A device has few metrics, many devices the same: names are kept once for all. */
static void
remember (GHashTable *devices, const char *device_id, const char *metric, const char *unit)
{
  GHashTable *units = g_hash_table_lookup (devices, device_id);

  if (units == NULL && unit == NULL)
    return;
  if (units == NULL)
    {
      units = g_hash_table_new (g_str_hash, g_str_equal);
      g_hash_table_insert (devices, g_strdup (device_id), units);
    }
  if (unit != NULL)
    g_hash_table_replace (units, (gpointer)g_intern_string (metric),
                          (gpointer)g_intern_string (unit));
  else
    g_hash_table_remove (units, metric);
}

static gboolean
remember_metric (MusterEntity *metric, gpointer devices, GError **error)
{
  remember (devices, muster_entity_get_string (metric, "device_id"),
            muster_entity_get_string (metric, "name"), muster_entity_get_string (metric, "unit"));
  return TRUE;
}

static GHashTable *
make_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                (GDestroyNotify)g_hash_table_unref);
}

/* --- which there are --- */

static DexFuture *
muster_metric_units_read_cb (DexFuture *future, gpointer user_data)
{
  MusterMetricUnits *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL)
    remember_metric (g_value_get_object (value), self->devices, NULL);
  else if (!g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
    g_warning ("could not read a changed metric: %s", error->message);
  return dex_future_new_true ();
}

static void
muster_metric_units_follow (MusterMetricUnits *self, MusterJournalEntry *entry)
{
  JsonObject *before = muster_journal_entry_get_before (entry);
  JsonObject *after = muster_journal_entry_get_after (entry);

  if (muster_journal_entry_get_action (entry) == MUSTER_JOURNAL_DELETE)
    {
      if (before != NULL && json_object_has_member (before, "device_id") &&
          json_object_has_member (before, "name"))
        remember (self->devices, json_object_get_string_member (before, "device_id"),
                  json_object_get_string_member (before, "name"), NULL);
    }
  else if (muster_journal_entry_get_record (entry) != NULL)
    remember_metric (muster_journal_entry_get_record (entry), self->devices, NULL);
  /* A change tells neither device nor name. */
  else if (after != NULL && json_object_has_member (after, "unit"))
    dex_future_disown (
      dex_future_finally (muster_repository_get (self->repository, &muster_metric_info,
                                                 muster_journal_entry_get_entity_id (entry)),
                          muster_metric_units_read_cb, g_object_ref (self), g_object_unref));
}

static void
muster_metric_units_journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterMetricUnits  *self = user_data;
  MusterJournalEntry *entry = muster_event_get_payload (event);
  const char         *entity = muster_journal_entry_get_entity (entry);

  if (g_str_equal (entity, muster_metric_info.name))
    muster_metric_units_follow (self, entry);
  else if (g_str_equal (entity, muster_device_info.name) &&
           muster_journal_entry_get_action (entry) == MUSTER_JOURNAL_DELETE)
    g_hash_table_remove (self->devices, muster_journal_entry_get_entity_id (entry));
}

/* On the reader's thread. */
static gboolean
load_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_metric_info);
  g_autoptr (GHashTable) devices = make_table ();

  if (!muster_transaction_for_each (transaction, query, remember_metric, devices, error))
    return FALSE;
  g_value_init (result, G_TYPE_HASH_TABLE);
  g_value_take_boxed (result, g_steal_pointer (&devices));
  return TRUE;
}

static DexFuture *
muster_metric_units_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterMetricUnits *self = user_data;

  g_hash_table_unref (self->devices);
  self->devices = g_value_dup_boxed (dex_future_get_value (future, NULL));
  /* The services that change records start later. */
  muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                        muster_metric_units_journal_cb, self);
  return dex_future_new_true ();
}

static DexFuture *
muster_metric_units_start (MusterService *service)
{
  MusterMetricUnits *self = MUSTER_METRIC_UNITS (service);

  return dex_future_then (muster_database_read (muster_repository_get_database (self->repository),
                                                load_job, NULL, NULL),
                          muster_metric_units_loaded_cb, g_object_ref (self), g_object_unref);
}

/* --- what comes in --- */

const char *
muster_metric_units_get (MusterMetricUnits *self, const char *device_id, const char *metric)
{
  GHashTable *units = NULL;

  g_return_val_if_fail (MUSTER_IS_METRIC_UNITS (self), NULL);
  g_return_val_if_fail (device_id != NULL && metric != NULL, NULL);

  units = g_hash_table_lookup (self->devices, device_id);
  return units != NULL ? g_hash_table_lookup (units, metric) : NULL;
}

gboolean
muster_metric_units_convert (MusterMetricUnits *self,
                             const char        *device_id,
                             const char        *unit,
                             MusterSample      *sample,
                             GError           **error)
{
  const char *own = muster_metric_units_get (self, device_id, sample->metric);
  double      value = 0;

  g_return_val_if_fail (unit != NULL, FALSE);

  if (own == NULL || muster_unit_is_same (own, unit) ||
      (sample->type != MUSTER_SAMPLE_INTEGER && sample->type != MUSTER_SAMPLE_DOUBLE))
    return TRUE;
  value = sample->type == MUSTER_SAMPLE_INTEGER ? (double)sample->integer : sample->number;
  if (muster_unit_convert (unit, own, &value))
    {
      sample->type = MUSTER_SAMPLE_DOUBLE;
      sample->number = value;
      return TRUE;
    }
  sample->flags |= MUSTER_SAMPLE_BAD;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
               "%s is kept in %s, and what comes in %s cannot be turned into it: stored as bad",
               sample->metric, own, unit);
  return FALSE;
}

static void
muster_metric_units_finalize (GObject *object)
{
  MusterMetricUnits *self = MUSTER_METRIC_UNITS (object);

  g_hash_table_unref (self->devices);
  g_clear_object (&self->repository);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (muster_metric_units_parent_class)->finalize (object);
}

static void
muster_metric_units_class_init (MusterMetricUnitsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_metric_units_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "metric-units";
  MUSTER_SERVICE_CLASS (klass)->start = muster_metric_units_start;
}

static void
muster_metric_units_init (MusterMetricUnits *self)
{
  self->devices = make_table ();
}

MusterMetricUnits *
muster_metric_units_new (MusterRepository *repository, MusterBus *bus)
{
  MusterMetricUnits *self;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository) && MUSTER_IS_BUS (bus), NULL);

  self = g_object_new (MUSTER_TYPE_METRIC_UNITS, NULL);
  self->repository = g_object_ref (repository);
  self->bus = g_object_ref (bus);
  return self;
}
