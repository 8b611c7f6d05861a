/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-retention-service"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/muster-journal.h"
#include "model/muster-retention-class.h"
#include "muster-retention-service.h"
#include "muster-sqlite-sample-store.h"
#include "muster-victoria-sample-store.h"

/* clang-format off */
const MusterSetting muster_retention_settings[] = {
  { MUSTER_SETTING_MAX_BYTES, { "samples_max_bytes", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, G_GINT64_CONSTANT (1) << 50, .unit = "B", .label = N_("Most room for samples"), .doc = "How many bytes samples on this machine may need. Above that the oldest go, of whatever metric; hours tell of them as long as there is room. 0: no limit." } },
  { NULL },
};
/* clang-format on */

struct _MusterRetentionService
{
  MusterService            parent_instance;
  MusterRepository        *repository; /* (owned) */
  MusterSampleStore       *store;      /* (owned) */
  MusterSettings          *settings;   /* (owned) */
  MusterClock             *clock;      /* (owned) */
  MusterBus               *bus;        /* (owned) */
  MusterRetentionPolicy   *policy;     /* (owned) */
  MusterRetentionFollower *follower;   /* (owned) (nullable) while started */
};

G_DEFINE_FINAL_TYPE (MusterRetentionService, muster_retention_service, MUSTER_TYPE_SERVICE)

static int
compare_classes (gconstpointer a, gconstpointer b)
{
  MusterEntity *first = *(MusterEntity *const *)a, *second = *(MusterEntity *const *)b;
  gint64        one = muster_entity_get_integer (first, "position");
  gint64        other = muster_entity_get_integer (second, "position");

  if (one != other)
    return one < other ? -1 : 1;
  return g_strcmp0 (muster_entity_get_id (first), muster_entity_get_id (second));
}

MusterRetentionPolicy *
muster_retention_make_policy (GPtrArray *classes, gint64 max_bytes)
{
  static const char *const names[MUSTER_N_ROLLUP_LEVELS] = { "raw_days", "minute_days",
                                                             "hour_days" };
  MusterRetentionPolicy   *policy = muster_retention_policy_new ();
  g_autoptr (GPtrArray) sorted = g_ptr_array_sized_new (classes->len);

  /* Not copied: a copy would free what it does not own. */
  for (guint i = 0; i < classes->len; i++)
    g_ptr_array_add (sorted, classes->pdata[i]);
  g_ptr_array_sort (sorted, compare_classes);
  policy->max_bytes = max_bytes;
  for (guint i = 0; i < sorted->len; i++)
    {
      MusterEntity *class = sorted->pdata[i];
      gint64 days[MUSTER_N_ROLLUP_LEVELS];

      for (unsigned k = 0; k < MUSTER_N_ROLLUP_LEVELS; k++)
        days[k] = muster_entity_is_null (class, names[k])
                    ? MUSTER_RETENTION_FOR_EVER
                    : muster_entity_get_integer (class, names[k]);
      muster_retention_policy_add (policy, muster_entity_get_id (class),
                                   muster_entity_get_string (class, "name"),
                                   muster_entity_get_string (class, "pattern"), days);
    }
  return policy;
}

/* --- following records and settings --- */

static DexFuture *
loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterRetentionService *self = user_data;
  GPtrArray              *classes = g_value_get_boxed (dex_future_get_value (future, NULL));

  muster_retention_policy_unref (self->policy);
  self->policy =
    muster_retention_make_policy (classes, muster_settings_get_integer (self->settings,
                                                                        MUSTER_SETTING_MAX_BYTES));
  if (self->follower != NULL)
    muster_retention_follower_set_policy (self->follower, self->policy);
  return dex_future_new_true ();
}

static DexFuture *
load (MusterRetentionService *self)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_retention_class_info);

  muster_query_set_limit (query, 0);
  return dex_future_then (muster_repository_select (self->repository, query), loaded_cb,
                          g_object_ref (self), g_object_unref);
}

/* Until it can be read, what was in force stays so. */
static DexFuture *
failed_cb (DexFuture *future, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  dex_future_get_value (future, &error);
  g_warning ("retention classes cannot be read: %s", error->message);
  return dex_future_new_false ();
}

static void
load_again (MusterRetentionService *self)
{
  dex_future_disown (dex_future_catch (load (self), failed_cb, NULL, NULL));
}

static void
muster_retention_service_journal_cb (MusterEvent *event, gpointer user_data)
{
  if (g_str_equal (muster_journal_entry_get_entity (muster_event_get_payload (event)),
                   muster_retention_class_info.name))
    load_again (user_data);
}

static void
muster_retention_service_setting_cb (MusterSettings *settings, const char *key, gpointer user_data)
{
  load_again (user_data);
}

/* --- asking --- */

MusterRetentionPolicy *
muster_retention_service_get_policy (MusterRetentionService *self)
{
  g_return_val_if_fail (MUSTER_IS_RETENTION_SERVICE (self), NULL);

  return self->policy;
}

MusterRepository *
muster_retention_service_get_repository (MusterRetentionService *self)
{
  g_return_val_if_fail (MUSTER_IS_RETENTION_SERVICE (self), NULL);

  return self->repository;
}

gboolean
muster_retention_service_is_elsewhere (MusterRetentionService *self)
{
  g_return_val_if_fail (MUSTER_IS_RETENTION_SERVICE (self), FALSE);

  return MUSTER_IS_VICTORIA_SAMPLE_STORE (self->store);
}

DexFuture *
muster_retention_service_survey (MusterRetentionService *self,
                                 MusterRetentionPolicy  *policy,
                                 gboolean                everything)
{
  dex_return_error_if_fail (MUSTER_IS_RETENTION_SERVICE (self) && policy != NULL);

  return self->follower != NULL
           ? muster_retention_follower_survey (self->follower, policy, everything)
           : dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                    "the sample store is not running");
}

static double
read_samples (gpointer owner)
{
  MusterRetentionService *self = owner;

  return self->follower != NULL ? muster_retention_follower_get_tally (self->follower).samples : 0;
}

static double
read_chunks (gpointer owner)
{
  MusterRetentionService *self = owner;

  return self->follower != NULL ? muster_retention_follower_get_tally (self->follower).chunks : 0;
}

void
muster_retention_service_add_metrics (MusterRetentionService *self, MusterMetrics *metrics)
{
  g_return_if_fail (MUSTER_IS_RETENTION_SERVICE (self) && metrics != NULL);

  muster_metrics_add (metrics, MUSTER_METRICS_COUNTER, "muster_retention_samples_deleted_total",
                      "Samples deleted because they were too old, or for want of room.", NULL,
                      G_OBJECT (self), read_samples);
  muster_metrics_add (metrics, MUSTER_METRICS_COUNTER, "muster_retention_rollups_cut_total",
                      "Chunks of minutes and hours that were deleted or made shorter.", NULL,
                      G_OBJECT (self), read_chunks);
}

/* --- life --- */

static MusterSampleEngine *
get_engine (MusterSampleStore *store)
{
  return MUSTER_IS_VICTORIA_SAMPLE_STORE (store)
           ? muster_victoria_sample_store_get_engine (MUSTER_VICTORIA_SAMPLE_STORE (store))
           : muster_sqlite_sample_store_get_engine (MUSTER_SQLITE_SAMPLE_STORE (store));
}

static DexFuture *
muster_retention_service_start (MusterService *service)
{
  MusterRetentionService *self = MUSTER_RETENTION_SERVICE (service);
  MusterSampleEngine     *engine = get_engine (self->store);

  if (engine != NULL)
    self->follower = muster_retention_follower_new (engine, self->clock);
  muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                        muster_retention_service_journal_cb, self);
  g_signal_connect_object (self->settings, "changed::" MUSTER_SETTING_MAX_BYTES,
                           G_CALLBACK (muster_retention_service_setting_cb), self,
                           G_CONNECT_DEFAULT);
  return load (self);
}

static DexFuture *
muster_retention_service_stop (MusterService *service)
{
  g_clear_pointer (&MUSTER_RETENTION_SERVICE (service)->follower, muster_retention_follower_stop);
  return NULL;
}

static void
muster_retention_service_finalize (GObject *object)
{
  MusterRetentionService *self = MUSTER_RETENTION_SERVICE (object);

  g_clear_pointer (&self->follower, muster_retention_follower_stop);
  muster_retention_policy_unref (self->policy);
  g_clear_object (&self->repository);
  g_clear_object (&self->store);
  g_clear_object (&self->settings);
  g_clear_object (&self->clock);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (muster_retention_service_parent_class)->finalize (object);
}

static void
muster_retention_service_class_init (MusterRetentionServiceClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_retention_service_finalize;
  service_class->name = "retention";
  service_class->start = muster_retention_service_start;
  service_class->stop = muster_retention_service_stop;
}

static void
muster_retention_service_init (MusterRetentionService *self)
{
  self->policy = muster_retention_policy_new ();
}

MusterRetentionService *
muster_retention_service_new (MusterRepository  *repository,
                              MusterSampleStore *store,
                              MusterSettings    *settings,
                              MusterClock       *clock,
                              MusterBus         *bus)
{
  MusterRetentionService *self;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository) && MUSTER_IS_SAMPLE_STORE (store), NULL);
  g_return_val_if_fail (MUSTER_IS_SETTINGS (settings) && MUSTER_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (MUSTER_IS_BUS (bus), NULL);

  self = g_object_new (MUSTER_TYPE_RETENTION_SERVICE, NULL);
  self->repository = g_object_ref (repository);
  self->store = g_object_ref (store);
  self->settings = g_object_ref (settings);
  self->clock = g_object_ref (clock);
  self->bus = g_object_ref (bus);
  return self;
}
