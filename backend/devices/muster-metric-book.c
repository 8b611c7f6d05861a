/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-metric-book"

#include "config.h"

#include <math.h>
#include <string.h>

#include "model/muster-metric.h"
#include "muster-metric-book.h"

#define UNIT_MAX 32
#define DESCRIPTION_MAX 500

struct _MusterMetricBook
{
  GObject           parent_instance;
  MusterRepository *repository; /* (owned) */
  MusterActor      *actor;      /* (owned) */
  GHashTable       *known;      /* (owned) device id → checksum of what was declared */
};

G_DEFINE_FINAL_TYPE (MusterMetricBook, muster_metric_book, G_TYPE_OBJECT)

gboolean
muster_metric_name_is_control (const char *name)
{
  g_return_val_if_fail (name != NULL, FALSE);

  return g_str_equal (name, "bdSeq") || g_str_has_prefix (name, "Node Control/") ||
         g_str_has_prefix (name, "Device Control/") || g_str_has_prefix (name, "Update/");
}

static void
set_text (MusterEntity *metric, const char *field, const char *text, gsize maximum)
{
  g_autofree char *valid = NULL;
  g_autofree char *cut = NULL;

  if (text == NULL || *text == '\0')
    return;
  valid = g_utf8_make_valid (text, -1);
  cut = g_utf8_substring (valid, 0, MIN ((gsize)g_utf8_strlen (valid, -1), maximum));
  muster_entity_set_string (metric, field, cut);
}

/* What the birth leaves out stays as a person may have set it. */
static void
describe (MusterEntity *metric, const MusterSparkplugMetricInfo *info)
{
  muster_entity_set_string (metric, "datatype", muster_sparkplug_datatype_to_nick (info->datatype));
  muster_entity_set_boolean (metric, "writable", info->writable);
  set_text (metric, "unit", info->unit, UNIT_MAX);
  set_text (metric, "description", info->description, DESCRIPTION_MAX);
  if (isfinite (info->minimum))
    muster_entity_set_double (metric, "minimum", info->minimum);
  if (isfinite (info->maximum))
    muster_entity_set_double (metric, "maximum", info->maximum);
}

/* The metrics of the birth as records without ids: (transfer full). */
static GPtrArray *
make_records (const char *device_id, const MusterSparkplugMetricInfo *metrics, unsigned n_metrics)
{
  GPtrArray *records = g_ptr_array_new_with_free_func (g_object_unref);

  for (unsigned i = 0; i < n_metrics; i++)
    {
      const char   *name = metrics[i].name;
      MusterEntity *metric = NULL;

      if (muster_metric_name_is_control (name) || *name == '\0' ||
          !g_utf8_validate (name, -1, NULL) || g_utf8_strlen (name, -1) > MUSTER_METRIC_NAME_MAX)
        continue;
      metric = muster_entity_new (&muster_metric_info);
      muster_entity_set_string (metric, "device_id", device_id);
      muster_entity_set_string (metric, "name", name);
      describe (metric, &metrics[i]);
      g_ptr_array_add (records, metric);
    }
  return records;
}

static char *
make_checksum (GPtrArray *records)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < records->len; i++)
    muster_entity_encode (records->pdata[i], text);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, text->len);
}

typedef struct
{
  MusterMetricBook *book;
  char             *device_id;
  char             *checksum;
  GPtrArray        *records;
} Birth;

static void
birth_clear (gpointer data)
{
  Birth *self = data;

  g_object_unref (self->book);
  g_free (self->device_id);
  g_free (self->checksum);
  g_ptr_array_unref (self->records);
}

static void
birth_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, birth_clear);
}

/* Copies what DECLARED says onto STORED. */
static void
adjust (MusterEntity *stored, MusterEntity *declared)
{
  static const char *const texts[] = { "datatype", "unit", "description" };
  static const char *const numbers[] = { "minimum", "maximum" };

  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!muster_entity_is_null (declared, texts[i]))
      muster_entity_set_string (stored, texts[i], muster_entity_get_string (declared, texts[i]));
  for (unsigned i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (!muster_entity_is_null (declared, numbers[i]))
      muster_entity_set_double (stored, numbers[i],
                                muster_entity_get_double (declared, numbers[i]));
  muster_entity_set_boolean (stored, "writable", muster_entity_get_boolean (declared, "writable"));
}

static gboolean
store_metric (MusterTransaction *transaction,
              GHashTable        *by_name,
              MusterEntity      *declared,
              GError           **error)
{
  const char   *name = muster_entity_get_string (declared, "name");
  MusterEntity *stored = g_hash_table_lookup (by_name, name);

  if (stored != NULL)
    {
      adjust (stored, declared);
      return muster_transaction_update (transaction, stored, 0, error);
    }
  if (!muster_transaction_insert (transaction, declared, error))
    return FALSE;
  g_hash_table_insert (by_name, (char *)name, declared);
  return TRUE;
}

static gboolean
store_birth (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Birth *self = data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_metric_info);
  g_autoptr (GPtrArray) stored = NULL;
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);

  muster_query_where (query, "device_id", self->device_id);
  muster_query_set_limit (query, 0);
  stored = muster_transaction_select (transaction, query, error);
  if (stored == NULL)
    return FALSE;
  for (guint i = 0; i < stored->len; i++)
    g_hash_table_insert (by_name, (char *)muster_entity_get_string (stored->pdata[i], "name"),
                         stored->pdata[i]);
  for (guint i = 0; i < self->records->len; i++)
    if (!store_metric (transaction, by_name, self->records->pdata[i], error))
      return FALSE;
  return TRUE;
}

static DexFuture *
muster_metric_book_stored_cb (DexFuture *future, gpointer user_data)
{
  Birth *birth = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    {
      /* A later birth must be looked at again. */
      g_hash_table_remove (birth->book->known, birth->device_id);
      g_warning ("%s: could not keep its metrics: %s", birth->device_id, error->message);
      return dex_ref (future);
    }
  return dex_future_new_true ();
}

DexFuture *
muster_metric_book_note_birth (MusterMetricBook                *self,
                               const char                      *device_id,
                               const MusterSparkplugMetricInfo *metrics,
                               unsigned                         n_metrics)
{
  g_autoptr (GPtrArray) records = NULL;
  g_autofree char *checksum = NULL;
  Birth           *birth = NULL;

  g_return_val_if_fail (MUSTER_IS_METRIC_BOOK (self), NULL);
  g_return_val_if_fail (device_id != NULL, NULL);

  records = make_records (device_id, metrics, n_metrics);
  checksum = make_checksum (records);
  if (g_strcmp0 (g_hash_table_lookup (self->known, device_id), checksum) == 0)
    return dex_future_new_for_boolean (FALSE);
  g_hash_table_insert (self->known, g_strdup (device_id), g_strdup (checksum));
  birth = g_atomic_rc_box_new0 (Birth);
  birth->book = g_object_ref (self);
  birth->device_id = g_strdup (device_id);
  birth->checksum = g_steal_pointer (&checksum);
  birth->records = g_steal_pointer (&records);
  return dex_future_finally (muster_database_write (muster_repository_get_database (
                                                      self->repository),
                                                    self->actor, "Describe metrics", store_birth,
                                                    g_atomic_rc_box_acquire (birth), birth_unref),
                             muster_metric_book_stored_cb, birth, birth_unref);
}

void
muster_metric_book_forget (MusterMetricBook *self, const char *device_id)
{
  g_return_if_fail (MUSTER_IS_METRIC_BOOK (self));
  g_return_if_fail (device_id != NULL);

  g_hash_table_remove (self->known, device_id);
}

static void
muster_metric_book_finalize (GObject *object)
{
  MusterMetricBook *self = MUSTER_METRIC_BOOK (object);

  g_clear_object (&self->repository);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_pointer (&self->known, g_hash_table_unref);
  G_OBJECT_CLASS (muster_metric_book_parent_class)->finalize (object);
}

static void
muster_metric_book_class_init (MusterMetricBookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_metric_book_finalize;
}

static void
muster_metric_book_init (MusterMetricBook *self)
{
  self->actor = muster_actor_new_system ("messaging");
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

MusterMetricBook *
muster_metric_book_new (MusterRepository *repository)
{
  MusterMetricBook *self = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);

  self = g_object_new (MUSTER_TYPE_METRIC_BOOK, NULL);
  self->repository = g_object_ref (repository);
  return self;
}
