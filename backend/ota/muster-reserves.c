/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-reserves"

#include "config.h"

#include <math.h>
#include <string.h>

#include "model/muster-metric.h"
#include "muster-gate-figures.h"
#include "muster-reserves.h"

/* A metric that may be of a battery: its unit is known to the database alone. */
typedef struct
{
  char  *metric;
  double value;
} Charge;

typedef struct
{
  GArray *charges; /* (owned) (element-type Charge) */
  gint64  space;
} Told;

struct _MusterReserves
{
  gatomicrefcount ref_count;
  double          least;
  GHashTable     *devices; /* (owned): (owned) device id → (owned) Told */
};

G_DEFINE_BOXED_TYPE (MusterReserves, muster_reserves, muster_reserves_ref, muster_reserves_unref)

static void
charge_clear (gpointer data)
{
  g_free (((Charge *)data)->metric);
}

static void
told_free (gpointer data)
{
  Told *self = data;

  g_array_unref (self->charges);
  g_free (self);
}

static Told *
ensure_told (MusterReserves *self, const char *device_id)
{
  Told *told = g_hash_table_lookup (self->devices, device_id);

  if (told == NULL)
    {
      told = g_new0 (Told, 1);
      told->charges = g_array_new (FALSE, FALSE, sizeof (Charge));
      g_array_set_clear_func (told->charges, charge_clear);
      g_hash_table_insert (self->devices, g_strdup (device_id), told);
    }
  return told;
}

static gboolean
is_of_battery (const char *metric)
{
  g_autofree char *name = g_ascii_strdown (metric, -1);

  return strstr (name, "battery") != NULL;
}

static void
take_sample (MusterReserves *self, const char *device_id, const MusterSample *sample)
{
  double value = muster_gate_figures_get_number (sample);

  if (isnan (value) || (sample->flags & MUSTER_SAMPLE_BAD))
    return;
  if (g_str_equal (sample->metric, MUSTER_METRIC_IMAGE_SPACE))
    ensure_told (self, device_id)->space = CLAMP (value, 0, G_MAXUINT32);
  else if (is_of_battery (sample->metric))
    {
      Charge charge = { g_strdup (sample->metric), value };

      g_array_append_val (ensure_told (self, device_id)->charges, charge);
    }
}

MusterReserves *
muster_reserves_new (GPtrArray *batches, double least)
{
  MusterReserves *self = g_new0 (MusterReserves, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->least = least;
  self->devices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, told_free);
  for (guint i = 0; i < batches->len; i++)
    {
      unsigned            n_samples;
      const MusterSample *samples = muster_sample_batch_get (batches->pdata[i], &n_samples);

      for (unsigned n = 0; n < n_samples; n++)
        take_sample (self, muster_sample_batch_get_device_id (batches->pdata[i]), &samples[n]);
    }
  return self;
}

MusterReserves *
muster_reserves_ref (MusterReserves *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
muster_reserves_unref (MusterReserves *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->devices);
  g_free (self);
}

/* --- asking --- */

static DexFuture *
answered_cb (DexFuture *future, gpointer least)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();
  const GValue *value = dex_future_get_value (future, &error);

  if (value == NULL)
    g_warning ("devices are not held back by their batteries or space: %s", error->message);
  return dex_future_new_take_boxed (MUSTER_TYPE_RESERVES,
                                    muster_reserves_new (value != NULL ? g_value_get_boxed (value)
                                                                       : nothing,
                                                         *(double *)least));
}

DexFuture *
muster_reserves_ask (MusterSampleStore *store, const char *const *device_ids, double least)
{
  dex_return_error_if_fail (MUSTER_IS_SAMPLE_STORE (store));

  return dex_future_finally (muster_sample_store_query_latest (store, device_ids), answered_cb,
                             g_memdup2 (&least, sizeof least), g_free);
}

/* --- reading --- */

/* Whether METRIC of the device is in percent, into *IS. */
static gboolean
is_percent (MusterTransaction *transaction,
            const char        *device_id,
            const char        *metric,
            gboolean          *is,
            GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_metric_info);
  g_autoptr (GPtrArray) records = NULL;

  muster_query_where (query, "device_id", device_id);
  muster_query_where (query, "name", metric);
  records = muster_transaction_select (transaction, query, error);
  *is = records != NULL && records->len > 0 &&
        g_strcmp0 (muster_entity_get_string (records->pdata[0], "unit"), "%") == 0;
  return records != NULL;
}

gboolean
muster_reserves_get (MusterReserves    *self,
                     MusterTransaction *transaction,
                     const char        *device_id,
                     MusterReserve     *reserve,
                     GError           **error)
{
  Told *told = self != NULL ? g_hash_table_lookup (self->devices, device_id) : NULL;

  *reserve = MUSTER_RESERVE_UNKNOWN;
  if (told == NULL)
    return TRUE;
  reserve->least = self->least;
  reserve->space = told->space;
  for (guint i = 0; i < told->charges->len; i++)
    {
      const Charge *charge = &g_array_index (told->charges, Charge, i);
      gboolean      is = FALSE;

      if (!is_percent (transaction, device_id, charge->metric, &is, error))
        return FALSE;
      if (is)
        reserve->charge =
          fmin (reserve->charge, charge->value); /* of NAN and a number, the number */
    }
  return TRUE;
}
