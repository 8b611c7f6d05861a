/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-journal-many"

#include "config.h"

#include "muster-journal-many.h"

struct _MusterJournalMany
{
  GObject     parent_instance;
  gint64      first;
  gint64      last;
  GHashTable *counts; /* (owned) (element-type utf8 guint): by kind of record */
};

G_DEFINE_FINAL_TYPE (MusterJournalMany, muster_journal_many, G_TYPE_OBJECT)

static void
muster_journal_many_finalize (GObject *object)
{
  g_hash_table_unref (MUSTER_JOURNAL_MANY (object)->counts);
  G_OBJECT_CLASS (muster_journal_many_parent_class)->finalize (object);
}

static void
muster_journal_many_class_init (MusterJournalManyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_journal_many_finalize;
}

static void
muster_journal_many_init (MusterJournalMany *self)
{
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

MusterJournalMany *
muster_journal_many_new (gint64 first, gint64 last)
{
  MusterJournalMany *self = g_object_new (MUSTER_TYPE_JOURNAL_MANY, NULL);

  self->first = first;
  self->last = last;
  return self;
}

void
muster_journal_many_add (MusterJournalMany *self, MusterJournalEntry *entry)
{
  const char *entity = muster_journal_entry_get_entity (entry);
  guint       count = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, entity));

  g_hash_table_replace (self->counts, g_strdup (entity), GUINT_TO_POINTER (count + 1));
}

gint64
muster_journal_many_get_last (MusterJournalMany *self)
{
  g_return_val_if_fail (MUSTER_IS_JOURNAL_MANY (self), 0);

  return self->last;
}

static gboolean
muster_journal_many_concerns (MusterJournalMany *self, GHashTable *details)
{
  GHashTableIter iter;
  gpointer       entity;

  if (details == NULL || g_hash_table_size (self->counts) == 0)
    return TRUE;
  g_hash_table_iter_init (&iter, self->counts);
  while (g_hash_table_iter_next (&iter, &entity, NULL))
    if (g_hash_table_contains (details, entity))
      return TRUE;
  return FALSE;
}

static gboolean
encode_many (MusterEvent *event, GHashTable *details, GString *json)
{
  MusterJournalMany *self = muster_event_get_payload (event);
  GHashTableIter     iter;
  gpointer           entity, count;
  char               separator = '{';

  if (!muster_journal_many_concerns (self, details))
    return FALSE;
  g_string_append_printf (json,
                          "{\"many\":{\"first\":%" G_GINT64_FORMAT ",\"last\":%" G_GINT64_FORMAT
                          ",\"changes\":",
                          self->first, self->last);
  g_hash_table_iter_init (&iter, self->counts);
  while (g_hash_table_iter_next (&iter, &entity, &count))
    {
      g_string_append_printf (json, "%c\"%s\":%u", separator, (const char *)entity,
                              GPOINTER_TO_UINT (count));
      separator = ',';
    }
  g_string_append (json, separator == '{' ? "null}}" : "}}}");
  return TRUE;
}

MusterEvent *
muster_journal_many_make_event (MusterJournalMany *self)
{
  g_return_val_if_fail (MUSTER_IS_JOURNAL_MANY (self), NULL);

  return muster_event_new (MUSTER_TOPIC_JOURNAL_MANY, NULL, NULL, self->last, G_OBJECT (self),
                           encode_many);
}
