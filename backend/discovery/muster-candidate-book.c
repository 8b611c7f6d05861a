/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-candidate-book"

#include "config.h"

#include <string.h>

#include "muster-candidate-book.h"
#include "muster-candidate-item.h"

struct _MusterCandidateBook
{
  GObject                 parent_instance;
  MusterFamilies         *families;  /* (owned) */
  GHashTable             *items;     /* set of MusterCandidateItem, owned */
  GHashTable             *by_token;  /* token → item */
  GHashTable             *by_record; /* MusterMdnsRecord → item */
  MusterCandidateDecorate decorate;  /* (nullable) */
  gpointer                decorate_data;
  guint64                 n_dropped;
};

G_DEFINE_FINAL_TYPE (MusterCandidateBook, muster_candidate_book, G_TYPE_OBJECT)

typedef enum
{
  SIGNAL_CHANGED,
  SIGNAL_REMOVED,
} MusterCandidateBookSignal;

static guint signals[SIGNAL_REMOVED + 1];

static void
muster_candidate_book_finalize (GObject *object)
{
  MusterCandidateBook *self = MUSTER_CANDIDATE_BOOK (object);

  g_hash_table_unref (self->by_record);
  g_hash_table_unref (self->by_token);
  g_hash_table_unref (self->items);
  g_object_unref (self->families);
  G_OBJECT_CLASS (muster_candidate_book_parent_class)->finalize (object);
}

static void
muster_candidate_book_class_init (MusterCandidateBookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_candidate_book_finalize;
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, MUSTER_TYPE_CANDIDATE);
  signals[SIGNAL_REMOVED] =
    g_signal_new ("removed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, MUSTER_TYPE_CANDIDATE);
}

static void
muster_candidate_book_init (MusterCandidateBook *self)
{
  self->items =
    g_hash_table_new_full (NULL, NULL, (GDestroyNotify)muster_candidate_item_free, NULL);
  self->by_token = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->by_record = g_hash_table_new_full (muster_mdns_record_hash, muster_mdns_record_same,
                                           (GDestroyNotify)muster_mdns_record_unref, NULL);
}

MusterCandidateBook *
muster_candidate_book_new (MusterFamilies *families)
{
  MusterCandidateBook *self;

  g_return_val_if_fail (MUSTER_IS_FAMILIES (families), NULL);

  self = g_object_new (MUSTER_TYPE_CANDIDATE_BOOK, NULL);
  self->families = g_object_ref (families);
  return self;
}

void
muster_candidate_book_set_decorate (MusterCandidateBook    *self,
                                    MusterCandidateDecorate decorate,
                                    gpointer                user_data)
{
  g_return_if_fail (MUSTER_IS_CANDIDATE_BOOK (self));

  self->decorate = decorate;
  self->decorate_data = user_data;
}

/* --- handing on --- */

static void
muster_candidate_book_hand_on (MusterCandidateBook *self, MusterCandidateItem *item)
{
  g_autoptr (MusterCandidate) candidate = muster_candidate_item_build (item);

  if (self->decorate != NULL)
    self->decorate (candidate, self->decorate_data);
  if (item->candidate != NULL &&
      muster_entity_equal (MUSTER_ENTITY (item->candidate), MUSTER_ENTITY (candidate)))
    return;
  g_set_object (&item->candidate, candidate);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, candidate);
}

static void
muster_candidate_book_unindex_records (MusterCandidateBook *self, MusterCandidateItem *item)
{
  GHashTableIter iter;
  gpointer       record;

  g_hash_table_iter_init (&iter, item->services);
  while (g_hash_table_iter_next (&iter, &record, NULL))
    g_hash_table_remove (self->by_record, record);
}

static void
muster_candidate_book_forget (MusterCandidateBook *self, MusterCandidateItem *item)
{
  g_autoptr (MusterCandidate) candidate = g_steal_pointer (&item->candidate);
  GHashTableIter iter;
  gpointer       member;

  muster_candidate_book_unindex_records (self, item);
  g_hash_table_iter_init (&iter, item->tokens);
  while (g_hash_table_iter_next (&iter, &member, NULL))
    if (g_hash_table_lookup (self->by_token, member) == item)
      g_hash_table_remove (self->by_token, member);
  g_hash_table_remove (self->items, item);
  if (candidate != NULL)
    g_signal_emit (self, signals[SIGNAL_REMOVED], 0, candidate);
}

/* --- merging --- */

/* "name:lamp-3", or for something that was asked "address:192.0.2.7:80". */
static char *
make_weak_token (MusterMdnsRecord *record)
{
  g_autofree char *host = g_ascii_strdown (record->host, -1);

  if (*host == '\0')
    return NULL;
  if (record->source == MUSTER_MDNS_ASKED)
    return g_strdup_printf ("address:%.180s", host);
  if (g_str_has_suffix (host, ".local"))
    host[strlen (host) - strlen (".local")] = '\0';
  return g_strdup_printf ("name:%.180s", host);
}

/* The lower, the better a token names a device. */
static int
weigh_token (const char *token)
{
  static const char *const prefixes[] = { "mac:", "serial:", "name:", "address:" };
  int                      weight = 0;

  while (weight < (int)G_N_ELEMENTS (prefixes) && !g_str_has_prefix (token, prefixes[weight]))
    weight++;
  return weight;
}

static gboolean
is_better (MusterCandidateItem *a, MusterCandidateItem *b)
{
  int difference = weigh_token (a->key) - weigh_token (b->key);

  return difference != 0 ? difference < 0 : a->first_seen <= b->first_seen;
}

static void
muster_candidate_book_index (MusterCandidateBook *self, MusterCandidateItem *item)
{
  GHashTableIter iter;
  gpointer       member;

  g_hash_table_iter_init (&iter, item->tokens);
  while (g_hash_table_iter_next (&iter, &member, NULL))
    g_hash_table_replace (self->by_token, g_strdup (member), item);
  g_hash_table_iter_init (&iter, item->services);
  while (g_hash_table_iter_next (&iter, &member, NULL))
    g_hash_table_replace (self->by_record, muster_mdns_record_ref (member), item);
}

/* Makes two known devices one; returns it. */
static MusterCandidateItem *
muster_candidate_book_merge (MusterCandidateBook *self,
                             MusterCandidateItem *a,
                             MusterCandidateItem *b)
{
  MusterCandidateItem *stays = is_better (a, b) ? a : b;
  MusterCandidateItem *goes = stays == a ? b : a;

  g_debug ("%s is %s", goes->key, stays->key);
  muster_candidate_book_unindex_records (self, goes);
  muster_candidate_item_absorb (stays, goes);
  muster_candidate_book_index (self, stays);
  muster_candidate_book_forget (self, goes);
  return stays;
}

/* The device that the tokens name, all of them made one; NULL when none is known. */
static MusterCandidateItem *
muster_candidate_book_find_strong (MusterCandidateBook *self, GPtrArray *tokens)
{
  MusterCandidateItem *found = NULL;

  for (guint i = 0; i < tokens->len; i++)
    {
      MusterCandidateItem *item = g_hash_table_lookup (self->by_token, tokens->pdata[i]);

      if (item == NULL || item == found)
        continue;
      found = found == NULL ? item : muster_candidate_book_merge (self, found, item);
    }
  return found;
}

/* Whether the record's own identity speaks against ITEM, which was found by the host's name. */
static gboolean
contradicts (MusterCandidateItem        *item,
             const MusterClassification *classification,
             GPtrArray                  *tokens)
{
  if (classification->family->host_link == MUSTER_HOST_ALWAYS || tokens->len == 0 ||
      !g_hash_table_contains (item->families, classification->family->family))
    return FALSE;
  for (guint i = 0; i < tokens->len; i++)
    if (g_hash_table_contains (item->tokens, tokens->pdata[i]))
      return FALSE;
  return TRUE;
}

/* The device that the record belongs to; WEAK is cleared where the host's name says nothing of it.
 */
static MusterCandidateItem *
muster_candidate_book_match (MusterCandidateBook        *self,
                             const MusterClassification *classification,
                             GPtrArray                  *tokens,
                             char                      **weak)
{
  MusterCandidateItem *strong = muster_candidate_book_find_strong (self, tokens);
  MusterCandidateItem *by_host;

  if (tokens->len > 0 && classification->family->host_link == MUSTER_HOST_NEVER && *weak != NULL &&
      g_str_has_prefix (*weak, "name:"))
    g_clear_pointer (weak, g_free);
  by_host = *weak != NULL ? g_hash_table_lookup (self->by_token, *weak) : NULL;
  if (by_host == NULL || by_host == strong)
    return strong;
  if (contradicts (by_host, classification, tokens) ||
      (strong != NULL && muster_candidate_item_conflicts (by_host, strong)))
    {
      g_clear_pointer (weak, g_free);
      return strong;
    }
  return strong != NULL ? muster_candidate_book_merge (self, strong, by_host) : by_host;
}

/* --- limits --- */

static gboolean
is_expendable (MusterCandidateItem *item)
{
  return g_hash_table_size (item->services) == 0 &&
         (item->candidate == NULL ||
          muster_entity_is_null (MUSTER_ENTITY (item->candidate), "device_id"));
}

static gboolean
muster_candidate_book_make_room (MusterCandidateBook *self)
{
  MusterCandidateItem *oldest = NULL;
  MusterCandidateItem *item;
  GHashTableIter       iter;

  if (g_hash_table_size (self->items) < MUSTER_CANDIDATE_BOOK_MAX)
    return TRUE;
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, (gpointer *)&item, NULL))
    if (is_expendable (item) && (oldest == NULL || item->last_seen < oldest->last_seen))
      oldest = item;
  if (oldest == NULL)
    return FALSE;
  muster_candidate_book_forget (self, oldest);
  return TRUE;
}

/* --- records --- */

static MusterCandidateItem *
muster_candidate_book_new_item (MusterCandidateBook *self,
                                GPtrArray           *tokens,
                                const char          *weak,
                                MusterMdnsRecord    *record,
                                gint64               now)
{
  g_autofree char     *fallback = NULL;
  const char          *key = tokens->len > 0 ? tokens->pdata[0] : weak;
  MusterCandidateItem *item;

  if (!muster_candidate_book_make_room (self))
    return NULL;
  if (key == NULL)
    key = fallback = g_strdup_printf ("name:%s.%s", record->name, record->type);
  item = muster_candidate_item_new (key, now);
  g_hash_table_add (item->tokens, g_strdup (key));
  g_hash_table_add (self->items, item);
  return item;
}

/* A known service that now names another device: the old one lost it. */
static void
muster_candidate_book_reassign (MusterCandidateBook        *self,
                                MusterMdnsRecord           *record,
                                const MusterClassification *classification,
                                gint64                      now)
{
  MusterCandidateItem        *item = g_hash_table_lookup (self->by_record, record);
  const MusterClassification *before =
    item != NULL ? g_hash_table_lookup (item->services, record) : NULL;

  if (before != NULL && before->mac != NULL && classification->mac != NULL &&
      strcmp (before->mac, classification->mac) != 0)
    muster_candidate_book_remove (self, record, now);
}

static MusterCandidate *
muster_candidate_book_put (MusterCandidateBook  *self,
                           MusterMdnsRecord     *record,
                           MusterClassification *classification,
                           gint64                now)
{
  g_autoptr (GPtrArray) tokens = muster_classification_list_tokens (classification);
  g_autofree char     *weak = make_weak_token (record);
  MusterCandidateItem *known = g_hash_table_lookup (self->by_record, record);
  MusterCandidateItem *item = muster_candidate_book_match (self, classification, tokens, &weak);

  /* The match may have made the known one part of another. */
  known = known != NULL ? g_hash_table_lookup (self->by_record, record) : NULL;
  if (known != NULL && item != NULL && known != item)
    item = muster_candidate_book_merge (self, known, item);
  if (item == NULL)
    item = known != NULL ? known : muster_candidate_book_new_item (self, tokens, weak, record, now);
  if (item == NULL || !muster_candidate_item_add (item, record, classification))
    {
      if (item == NULL)
        muster_classification_free (classification);
      self->n_dropped++;
      return NULL;
    }
  if (weak != NULL)
    g_hash_table_add (item->tokens, g_steal_pointer (&weak));
  item->last_seen = now;
  muster_candidate_book_index (self, item);
  muster_candidate_book_hand_on (self, item);
  return item->candidate;
}

MusterCandidate *
muster_candidate_book_add (MusterCandidateBook *self, MusterMdnsRecord *record, gint64 now)
{
  MusterCandidateItem  *item;
  MusterMdnsRecord     *before = NULL;
  MusterClassification *classification;

  g_return_val_if_fail (MUSTER_IS_CANDIDATE_BOOK (self), NULL);
  g_return_val_if_fail (record != NULL, NULL);

  item = g_hash_table_lookup (self->by_record, record);
  if (item != NULL &&
      g_hash_table_lookup_extended (item->services, record, (gpointer *)&before, NULL) &&
      muster_mdns_record_equal (before, record))
    {
      item->last_seen = now;
      return item->candidate;
    }
  classification = muster_families_classify (self->families, record);
  muster_candidate_book_reassign (self, record, classification, now);
  return muster_candidate_book_put (self, record, classification, now);
}

MusterCandidate *
muster_candidate_book_remove (MusterCandidateBook *self, MusterMdnsRecord *record, gint64 now)
{
  MusterCandidateItem *item;

  g_return_val_if_fail (MUSTER_IS_CANDIDATE_BOOK (self), NULL);
  g_return_val_if_fail (record != NULL, NULL);

  item = g_hash_table_lookup (self->by_record, record);
  if (item == NULL)
    return NULL;
  g_hash_table_remove (self->by_record, record);
  g_hash_table_remove (item->services, record);
  item->last_seen = now;
  muster_candidate_book_hand_on (self, item);
  return item->candidate;
}

/* --- all of them --- */

void
muster_candidate_book_refresh (MusterCandidateBook *self)
{
  g_autoptr (GPtrArray) items = NULL;

  g_return_if_fail (MUSTER_IS_CANDIDATE_BOOK (self));

  items = g_hash_table_get_keys_as_ptr_array (self->items);
  for (guint i = 0; i < items->len; i++)
    if (g_hash_table_contains (self->items, items->pdata[i]))
      muster_candidate_book_hand_on (self, items->pdata[i]);
}

void
muster_candidate_book_age (MusterCandidateBook *self, gint64 now)
{
  g_autoptr (GPtrArray) items = NULL;

  g_return_if_fail (MUSTER_IS_CANDIDATE_BOOK (self));

  items = g_hash_table_get_keys_as_ptr_array (self->items);
  for (guint i = 0; i < items->len; i++)
    {
      MusterCandidateItem *item = items->pdata[i];

      if (g_hash_table_contains (self->items, item) && is_expendable (item) &&
          now - item->last_seen > MUSTER_CANDIDATE_KEEP)
        muster_candidate_book_forget (self, item);
    }
}

MusterCandidate *
muster_candidate_book_find (MusterCandidateBook *self, const char *key)
{
  MusterCandidateItem *item;

  g_return_val_if_fail (MUSTER_IS_CANDIDATE_BOOK (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  item = g_hash_table_lookup (self->by_token, key);
  return item != NULL ? item->candidate : NULL;
}

gboolean
muster_candidate_book_is_known_by (MusterCandidateBook *self,
                                   MusterCandidate     *candidate,
                                   const char          *key)
{
  const char          *own;
  MusterCandidateItem *item;

  g_return_val_if_fail (MUSTER_IS_CANDIDATE_BOOK (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  own = muster_entity_get_string (MUSTER_ENTITY (candidate), "key");
  item = g_hash_table_lookup (self->by_token, own);
  return item != NULL && g_hash_table_contains (item->tokens, key);
}

gboolean
muster_candidate_book_is_announced (MusterCandidateBook *self, MusterCandidate *candidate)
{
  MusterCandidateItem *item = NULL;

  g_return_val_if_fail (MUSTER_IS_CANDIDATE_BOOK (self), FALSE);

  item = g_hash_table_lookup (self->by_token,
                              muster_entity_get_string (MUSTER_ENTITY (candidate), "key"));
  return item != NULL && muster_candidate_item_is_announced (item);
}

static int
compare_items (gconstpointer a, gconstpointer b)
{
  const MusterCandidateItem *x = a;
  const MusterCandidateItem *y = b;

  /* Made when first seen, ids sort by that. */
  return strcmp (x->id, y->id);
}

GPtrArray *
muster_candidate_book_list (MusterCandidateBook *self)
{
  g_autoptr (GPtrArray) items = NULL;
  GPtrArray *list;

  g_return_val_if_fail (MUSTER_IS_CANDIDATE_BOOK (self), NULL);

  items = g_hash_table_get_keys_as_ptr_array (self->items);
  g_ptr_array_sort_values (items, compare_items);
  list = g_ptr_array_new_full (items->len, g_object_unref);
  for (guint i = 0; i < items->len; i++)
    {
      const MusterCandidateItem *item = items->pdata[i];

      if (item->candidate != NULL)
        g_ptr_array_add (list, g_object_ref (item->candidate));
    }
  return list;
}

unsigned
muster_candidate_book_get_count (MusterCandidateBook *self)
{
  g_return_val_if_fail (MUSTER_IS_CANDIDATE_BOOK (self), 0);

  return g_hash_table_size (self->items);
}

guint64
muster_candidate_book_get_n_dropped (MusterCandidateBook *self)
{
  g_return_val_if_fail (MUSTER_IS_CANDIDATE_BOOK (self), 0);

  return self->n_dropped;
}

gboolean
muster_candidate_book_get_probe (MusterCandidateBook *self,
                                 const char          *key,
                                 MusterProbe         *probe,
                                 char               **address,
                                 guint16             *port)
{
  MusterCandidateItem *item;
  MusterMdnsRecord    *record;

  g_return_val_if_fail (MUSTER_IS_CANDIDATE_BOOK (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  item = g_hash_table_lookup (self->by_token, key);
  record = item != NULL ? muster_candidate_item_find_probe (item, probe) : NULL;
  if (record == NULL)
    return FALSE;
  *address = g_strdup (record->address);
  *port = record->port;
  return TRUE;
}
