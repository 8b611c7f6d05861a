/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-exclusion-book"

#include "config.h"

#include "core/muster-journal.h"
#include "model/muster-exclusion.h"
#include "muster-exclusion-book.h"

struct _MusterExclusionBook
{
  MusterService     parent_instance;
  MusterRepository *repository; /* (owned) */
  MusterBus        *bus;        /* (owned) */
  GHashTable       *records;    /* (owned) id → (owned) MusterEntity */
  GHashTable *devices; /* (owned) device's id → (owned) (element-type MusterEntity) GPtrArray */
};

G_DEFINE_FINAL_TYPE (MusterExclusionBook, muster_exclusion_book, MUSTER_TYPE_SERVICE)

static void
forget (MusterExclusionBook *self, const char *id)
{
  MusterEntity *record = g_hash_table_lookup (self->records, id);
  const char   *device_id;
  GPtrArray    *list;

  if (record == NULL)
    return;
  device_id = muster_entity_get_string (record, "device_id");
  list = g_hash_table_lookup (self->devices, device_id);
  if (list->len == 1)
    g_hash_table_remove (self->devices, device_id);
  else
    g_ptr_array_remove (list, record);
  g_hash_table_remove (self->records, id);
}

static void
take (MusterExclusionBook *self, MusterEntity *record)
{
  const char *device_id = muster_entity_get_string (record, "device_id");
  GPtrArray  *list;

  forget (self, muster_entity_get_id (record));
  list = g_hash_table_lookup (self->devices, device_id);
  if (list == NULL)
    {
      list = g_ptr_array_new_with_free_func (g_object_unref);
      g_hash_table_insert (self->devices, g_strdup (device_id), list);
    }
  g_ptr_array_add (list, g_object_ref (record));
  g_hash_table_insert (self->records, g_strdup (muster_entity_get_id (record)),
                       g_object_ref (record));
}

static void
change (MusterExclusionBook *self, const char *id, JsonObject *members)
{
  MusterEntity *known = g_hash_table_lookup (self->records, id);
  g_autoptr (MusterEntity) changed = known != NULL ? muster_entity_copy (known) : NULL;
  g_autoptr (GError) error = NULL;

  if (changed == NULL)
    return;
  if (muster_entity_decode (changed, members, MUSTER_DECODE_TRUSTED, "", &error))
    take (self, changed);
  else
    g_warning ("could not read a changed exclusion: %s", error->message);
}

static void
muster_exclusion_book_journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterExclusionBook *self = user_data;
  MusterJournalEntry  *entry = muster_event_get_payload (event);
  const char          *id = muster_journal_entry_get_entity_id (entry);

  if (!g_str_equal (muster_journal_entry_get_entity (entry), muster_exclusion_info.name))
    return;
  if (muster_journal_entry_get_record (entry) != NULL)
    take (self, muster_journal_entry_get_record (entry));
  else if (muster_journal_entry_get_action (entry) == MUSTER_JOURNAL_DELETE)
    forget (self, id);
  else if (muster_journal_entry_get_after (entry) != NULL)
    change (self, id, muster_journal_entry_get_after (entry));
}

static DexFuture *
muster_exclusion_book_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterExclusionBook *self = user_data;
  GPtrArray           *records = g_value_get_boxed (dex_future_get_value (future, NULL));

  for (guint i = 0; i < records->len; i++)
    take (self, records->pdata[i]);
  /* The services that change records start later. */
  muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                        muster_exclusion_book_journal_cb, self);
  return dex_future_new_true ();
}

static DexFuture *
muster_exclusion_book_start (MusterService *service)
{
  MusterExclusionBook *self = MUSTER_EXCLUSION_BOOK (service);
  g_autoptr (MusterQuery) query = muster_query_new (&muster_exclusion_info);

  muster_query_set_limit (query, 0);
  return dex_future_then (muster_repository_select (self->repository, query),
                          muster_exclusion_book_loaded_cb, g_object_ref (self), g_object_unref);
}

GArray *
muster_exclusion_book_list (MusterExclusionBook *self, const char *device_id)
{
  GArray    *ranges = g_array_new (FALSE, FALSE, sizeof (MusterSampleExclusion));
  GPtrArray *list;

  g_return_val_if_fail (MUSTER_IS_EXCLUSION_BOOK (self) && device_id != NULL, ranges);

  list = g_hash_table_lookup (self->devices, device_id);
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      MusterEntity         *record = list->pdata[i];
      MusterSampleExclusion range = {
        .metric = g_intern_string (muster_entity_get_string (record, "metric")),
        .range = { muster_entity_get_integer (record, "from_at"),
                   muster_entity_get_integer (record, "to_at") },
      };

      g_array_append_val (ranges, range);
    }
  return ranges;
}

static void
muster_exclusion_book_finalize (GObject *object)
{
  MusterExclusionBook *self = MUSTER_EXCLUSION_BOOK (object);

  g_hash_table_unref (self->devices);
  g_hash_table_unref (self->records);
  g_clear_object (&self->repository);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (muster_exclusion_book_parent_class)->finalize (object);
}

static void
muster_exclusion_book_class_init (MusterExclusionBookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_exclusion_book_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "exclusions";
  MUSTER_SERVICE_CLASS (klass)->start = muster_exclusion_book_start;
}

static void
muster_exclusion_book_init (MusterExclusionBook *self)
{
  self->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->devices =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
}

MusterExclusionBook *
muster_exclusion_book_new (MusterRepository *repository, MusterBus *bus)
{
  MusterExclusionBook *self;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository) && MUSTER_IS_BUS (bus), NULL);

  self = g_object_new (MUSTER_TYPE_EXCLUSION_BOOK, NULL);
  self->repository = g_object_ref (repository);
  self->bus = g_object_ref (bus);
  return self;
}
