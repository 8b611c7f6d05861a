/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-derived-preview"

#include "config.h"

#include <math.h>

#include "core/muster-expression.h"
#include "core/muster-wire.h"
#include "model/muster-device.h"
#include "model/muster-time.h"
#include "muster-derived-preview.h"

/* Of a product; one of them will have been heard. */
#define MAX_DEVICES 20

typedef struct
{
  MusterRepository  *repository; /* (owned) */
  MusterSampleStore *store;      /* (owned) */
  MusterExpression  *expression; /* (owned) */
  char              *device_id;  /* (owned) (nullable) */
  char              *product_id; /* (owned) (nullable) */
} Preview;

static void
preview_free (gpointer data)
{
  Preview *self = data;

  g_object_unref (self->repository);
  g_object_unref (self->store);
  muster_expression_free (self->expression);
  g_free (self->device_id);
  g_free (self->product_id);
  g_free (self);
}

static double
get_number (const MusterSample *sample)
{
  switch (sample->type)
    {
    case MUSTER_SAMPLE_DOUBLE:
      return sample->number;
    case MUSTER_SAMPLE_INTEGER:
      return (double)sample->integer;
    case MUSTER_SAMPLE_BOOLEAN:
      return sample->boolean ? 1 : 0;
    case MUSTER_SAMPLE_STRING:
    case MUSTER_SAMPLE_NULL:
    default:
      return NAN;
    }
}

/* What BATCH (nullable) says of the variables, into VALUES and TIMES: how many are known. */
static unsigned
read_values (Preview *self, MusterSampleBatch *batch, double *values, gint64 *times)
{
  unsigned            n_names = 0;
  unsigned            n_samples = 0;
  unsigned            n_known = 0;
  const char *const  *names = muster_expression_get_variables (self->expression, &n_names);
  const MusterSample *samples = batch != NULL ? muster_sample_batch_get (batch, &n_samples) : NULL;

  for (unsigned i = 0; i < n_names; i++)
    {
      values[i] = NAN;
      times[i] = 0;
      for (unsigned j = 0; j < n_samples; j++)
        if (g_str_equal (samples[j].metric, names[i]))
          {
            values[i] = get_number (&samples[j]);
            times[i] = samples[j].time;
          }
      n_known += isnan (values[i]) ? 0 : 1;
    }
  return n_known;
}

/* The one of BATCHES of which most is known. (nullable) */
static MusterSampleBatch *
find_best (Preview *self, GPtrArray *batches)
{
  double             values[MUSTER_EXPRESSION_MAX_VARIABLES];
  gint64             times[MUSTER_EXPRESSION_MAX_VARIABLES];
  MusterSampleBatch *best = NULL;
  unsigned           most = 0;

  for (guint i = 0; i < batches->len; i++)
    {
      unsigned n_known = read_values (self, batches->pdata[i], values, times);

      if (best == NULL || n_known > most)
        {
          best = batches->pdata[i];
          most = n_known;
        }
    }
  return best;
}

static void
append_number (GString *json, double value)
{
  if (isnan (value))
    g_string_append (json, "null");
  else
    muster_json_append_double (json, value);
}

static GBytes *
describe (Preview *self, MusterSampleBatch *batch)
{
  unsigned           n_names = 0;
  const char *const *names = muster_expression_get_variables (self->expression, &n_names);
  double             values[MUSTER_EXPRESSION_MAX_VARIABLES];
  gint64             times[MUSTER_EXPRESSION_MAX_VARIABLES];
  char               text[MUSTER_TIME_TEXT_LENGTH + 1];
  GString           *json = g_string_new ("{\"device_id\":");

  read_values (self, batch, values, times);
  if (batch != NULL)
    muster_json_append_string (json, muster_sample_batch_get_device_id (batch), -1);
  else
    g_string_append (json, "null");
  g_string_append (json, ",\"value\":");
  append_number (json, muster_expression_evaluate (self->expression, values));
  g_string_append (json, ",\"inputs\":[");
  for (unsigned i = 0; i < n_names; i++)
    {
      g_string_append (json, i > 0 ? ",{\"metric\":" : "{\"metric\":");
      muster_json_append_string (json, names[i], -1);
      g_string_append (json, ",\"value\":");
      append_number (json, values[i]);
      if (times[i] > 0)
        g_string_append_printf (json, ",\"at\":\"%s\"}", muster_time_format (times[i], text));
      else
        g_string_append (json, ",\"at\":null}");
    }
  g_string_append (json, "]}");
  return g_string_free_to_bytes (json);
}

/* In a fiber: ids of the devices that are asked: (transfer full). */
static char **
list_devices (Preview *self, GError **error)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (GPtrArray) devices = NULL;

  if (self->device_id != NULL)
    g_strv_builder_add (ids, self->device_id);
  if (self->device_id != NULL || self->product_id == NULL)
    return g_strv_builder_end (ids);
  query = muster_query_new (&muster_device_info);
  muster_query_where (query, "product_id", self->product_id);
  muster_query_set_limit (query, MAX_DEVICES);
  devices = dex_await_boxed (muster_repository_select (self->repository, query), error);
  for (guint i = 0; devices != NULL && i < devices->len; i++)
    g_strv_builder_add (ids, muster_entity_get_id (devices->pdata[i]));
  return devices != NULL ? g_strv_builder_end (ids) : NULL;
}

static DexFuture *
preview_fiber (gpointer user_data)
{
  Preview *self = user_data;
  GError  *error = NULL;
  g_auto (GStrv) ids = list_devices (self, &error);
  g_autoptr (GPtrArray) batches = NULL;

  if (ids == NULL)
    return dex_future_new_for_error (error);
  if (ids[0] != NULL)
    {
      batches =
        dex_await_boxed (muster_sample_store_query_latest (self->store, (const char *const *)ids),
                         &error);
      if (batches == NULL)
        return dex_future_new_for_error (error);
    }
  return dex_future_new_take_boxed (G_TYPE_BYTES,
                                    describe (self,
                                              batches != NULL ? find_best (self, batches) : NULL));
}

DexFuture *
muster_derived_preview (MusterRepository  *repository,
                        MusterSampleStore *store,
                        const char        *expression,
                        const char        *device_id,
                        const char        *product_id)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  MusterExpression *compiled = muster_expression_new (expression, &cause);
  GError           *error = NULL;
  Preview          *self = NULL;

  if (compiled == NULL)
    {
      muster_field_errors_add (errors, "/expression", "%s", cause->message);
      muster_field_errors_check (errors, &error);
      return dex_future_new_for_error (error);
    }
  self = g_new (Preview, 1);
  *self = (Preview){ g_object_ref (repository), g_object_ref (store), compiled,
                     g_strdup (device_id), g_strdup (product_id) };
  return dex_scheduler_spawn (NULL, 0, preview_fiber, self, preview_free);
}
