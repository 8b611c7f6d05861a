/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-names"

#include "config.h"

#include "core/muster-journal.h"
#include "model/muster-device.h"
#include "muster-device-names.h"

/* What names a device besides its identifier, the first to be looked at first. */
static const char *const kinds[] = { "serial", "node_id", "name" };
#define N_KINDS G_N_ELEMENTS (kinds)

typedef struct _Entry Entry;
struct _Entry
{
  const char *id;      /* interned: whoever looked it up keeps it without a lock */
  const char *product; /* (nullable) interned */
  char       *keys[N_KINDS];
  Entry      *next[N_KINDS]; /* (nullable): another device with the same key */
};

struct _MusterDeviceNames
{
  MusterService   parent_instance;
  MusterDatabase *database; /* (owned) */
  MusterBus      *bus;      /* (owned) */

  GRWLock     lock;
  GHashTable *entries;         /* (owned) id → (owned) Entry */
  GHashTable *by_key[N_KINDS]; /* (owned) borrowed key → the first borrowed Entry */

  GPtrArray *waiting; /* (owned) (nullable) (element-type MusterJournalEntry): while it loads */
};

G_DEFINE_FINAL_TYPE (MusterDeviceNames, muster_device_names, MUSTER_TYPE_SERVICE)

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  for (unsigned i = 0; i < N_KINDS; i++)
    g_free (entry->keys[i]);
  g_free (entry);
}

/* --- keys, under the writer's lock --- */

static void
put_first (GHashTable *index, unsigned kind, Entry *entry)
{
  /* The table's own key must be one that lives on: that of the first. */
  g_hash_table_replace (index, entry->keys[kind], entry);
}

static void
link_key (MusterDeviceNames *self, Entry *entry, unsigned kind)
{
  if (entry->keys[kind] == NULL)
    return;
  entry->next[kind] = g_hash_table_lookup (self->by_key[kind], entry->keys[kind]);
  put_first (self->by_key[kind], kind, entry);
}

static void
unlink_key (MusterDeviceNames *self, Entry *entry, unsigned kind)
{
  Entry *first =
    entry->keys[kind] ? g_hash_table_lookup (self->by_key[kind], entry->keys[kind]) : NULL;
  Entry *before = first;

  if (first == NULL)
    return;
  if (first != entry)
    {
      while (before->next[kind] != entry)
        before = before->next[kind];
      before->next[kind] = entry->next[kind];
    }
  else if (entry->next[kind] != NULL)
    put_first (self->by_key[kind], kind, entry->next[kind]);
  else
    g_hash_table_remove (self->by_key[kind], entry->keys[kind]);
  entry->next[kind] = NULL;
}

static void
set_key (MusterDeviceNames *self, Entry *entry, unsigned kind, const char *key)
{
  if (g_strcmp0 (entry->keys[kind], key) == 0)
    return;
  unlink_key (self, entry, kind);
  g_set_str (&entry->keys[kind], key);
  link_key (self, entry, kind);
}

static Entry *
ensure_entry (MusterDeviceNames *self, const char *id)
{
  Entry *entry = g_hash_table_lookup (self->entries, id);

  if (entry == NULL)
    {
      entry = g_new0 (Entry, 1);
      entry->id = g_intern_string (id);
      g_hash_table_insert (self->entries, (gpointer)entry->id, entry);
    }
  return entry;
}

static void
take_record (MusterDeviceNames *self, MusterEntity *device)
{
  Entry *entry = ensure_entry (self, muster_entity_get_id (device));

  for (unsigned i = 0; i < N_KINDS; i++)
    set_key (self, entry, i, muster_entity_get_string (device, kinds[i]));
  entry->product = g_intern_string (muster_entity_get_string (device, "product_id"));
}

static void
take_members (MusterDeviceNames *self, const char *id, JsonObject *members)
{
  Entry *entry = ensure_entry (self, id);

  for (unsigned i = 0; i < N_KINDS; i++)
    if (json_object_has_member (members, kinds[i]))
      set_key (self, entry, i,
               json_object_get_string_member_with_default (members, kinds[i], NULL));
  if (json_object_has_member (members, "product_id"))
    entry->product =
      g_intern_string (json_object_get_string_member_with_default (members, "product_id", NULL));
}

static void
forget (MusterDeviceNames *self, const char *id)
{
  Entry *entry = g_hash_table_lookup (self->entries, id);

  for (unsigned i = 0; entry != NULL && i < N_KINDS; i++)
    unlink_key (self, entry, i);
  g_hash_table_remove (self->entries, id);
}

/* --- following the journal --- */

static void
apply (MusterDeviceNames *self, MusterJournalEntry *entry)
{
  const char *id = muster_journal_entry_get_entity_id (entry);

  g_rw_lock_writer_lock (&self->lock);
  if (muster_journal_entry_get_action (entry) == MUSTER_JOURNAL_DELETE)
    forget (self, id);
  else if (muster_journal_entry_get_record (entry) != NULL)
    take_record (self, muster_journal_entry_get_record (entry));
  else if (muster_journal_entry_get_after (entry) != NULL)
    take_members (self, id, muster_journal_entry_get_after (entry));
  g_rw_lock_writer_unlock (&self->lock);
}

static void
muster_device_names_journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterDeviceNames  *self = user_data;
  MusterJournalEntry *entry = muster_event_get_payload (event);

  if (!g_str_equal (muster_journal_entry_get_entity (entry), muster_device_info.name))
    return;
  if (self->waiting != NULL)
    g_ptr_array_add (self->waiting, g_object_ref (entry));
  else
    apply (self, entry);
}

/* On the reader's thread. */
static gboolean
load_device (MusterEntity *device, gpointer self, GError **error)
{
  take_record (self, device);
  return TRUE;
}

static gboolean
load_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterDeviceNames *self = data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  gboolean done;

  g_rw_lock_writer_lock (&self->lock);
  done = muster_transaction_for_each (transaction, query, load_device, self, error);
  g_rw_lock_writer_unlock (&self->lock);
  return done;
}

/* What changed while it loaded may be in what was loaded, or not: said again in order, it comes
 * out the same. */
static DexFuture *
muster_device_names_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterDeviceNames *self = user_data;
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);

  for (guint i = 0; i < waiting->len; i++)
    apply (self, waiting->pdata[i]);
  return dex_ref (future);
}

static DexFuture *
muster_device_names_start (MusterService *service)
{
  MusterDeviceNames *self = MUSTER_DEVICE_NAMES (service);

  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                        muster_device_names_journal_cb, self);
  return dex_future_finally (muster_database_read (self->database, load_job, g_object_ref (self),
                                                   g_object_unref),
                             muster_device_names_loaded_cb, g_object_ref (self), g_object_unref);
}

static void
muster_device_names_finalize (GObject *object)
{
  MusterDeviceNames *self = MUSTER_DEVICE_NAMES (object);

  for (unsigned i = 0; i < N_KINDS; i++)
    g_hash_table_unref (self->by_key[i]);
  g_hash_table_unref (self->entries);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_rw_lock_clear (&self->lock);
  g_clear_object (&self->database);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (muster_device_names_parent_class)->finalize (object);
}

static void
muster_device_names_class_init (MusterDeviceNamesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_device_names_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "device-names";
  MUSTER_SERVICE_CLASS (klass)->start = muster_device_names_start;
}

static void
muster_device_names_init (MusterDeviceNames *self)
{
  g_rw_lock_init (&self->lock);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);
  for (unsigned i = 0; i < N_KINDS; i++)
    self->by_key[i] = g_hash_table_new (g_str_hash, g_str_equal);
}

MusterDeviceNames *
muster_device_names_new (MusterDatabase *database, MusterBus *bus)
{
  MusterDeviceNames *self;

  g_return_val_if_fail (MUSTER_IS_DATABASE (database) && MUSTER_IS_BUS (bus), NULL);

  self = g_object_new (MUSTER_TYPE_DEVICE_NAMES, NULL);
  self->database = g_object_ref (database);
  self->bus = g_object_ref (bus);
  return self;
}

const char *
muster_device_names_lookup (MusterDeviceNames *self, const char *key)
{
  const Entry *entry;
  const char  *id;

  g_return_val_if_fail (MUSTER_IS_DEVICE_NAMES (self) && key != NULL, NULL);

  g_rw_lock_reader_lock (&self->lock);
  entry = g_hash_table_lookup (self->entries, key);
  id = entry != NULL ? entry->id : NULL;
  for (unsigned i = 0; id == NULL && i < N_KINDS; i++)
    {
      entry = g_hash_table_lookup (self->by_key[i], key);
      id = entry != NULL && entry->next[i] == NULL ? entry->id : NULL;
    }
  g_rw_lock_reader_unlock (&self->lock);
  return id;
}

const char *
muster_device_names_lookup_cb (const char *key, gpointer names)
{
  return muster_device_names_lookup (names, key);
}

const char *
muster_device_names_get_product (MusterDeviceNames *self, const char *id)
{
  const Entry *entry;
  const char  *product;

  g_return_val_if_fail (MUSTER_IS_DEVICE_NAMES (self) && id != NULL, NULL);

  g_rw_lock_reader_lock (&self->lock);
  entry = g_hash_table_lookup (self->entries, id);
  product = entry != NULL ? entry->product : NULL;
  g_rw_lock_reader_unlock (&self->lock);
  return product;
}

GPtrArray *
muster_device_names_list (MusterDeviceNames *self)
{
  GPtrArray     *ids = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer       entry;

  g_return_val_if_fail (MUSTER_IS_DEVICE_NAMES (self), ids);

  g_rw_lock_reader_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    g_ptr_array_add (ids, (gpointer)((Entry *)entry)->id);
  g_rw_lock_reader_unlock (&self->lock);
  return ids;
}
