/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-index-model"

#include "config.h"

#include <string.h>

#include "muster-index-model.h"

#define CACHE_SIZE (64 * MUSTER_INDEX_PAGE) /* records */
#define MAX_LOADS 3                         /* at a time */
#define REQUERY_MSEC 250
#define INVALIDATE_MSEC 80

struct _MusterIndexModel
{
  GObject parent_instance;

  MusterIndexSource source;
  gpointer          user_data;
  GDestroyNotify    destroy;

  /* What is asked for */
  char  *text;    /* (owned) (nullable) */
  char  *sort;    /* (owned) (nullable) */
  char **filters; /* (owned) (nullable) */

  /* What is known */
  char   **ids; /* (owned) */
  unsigned n_ids;
  GHashTable
    *items; /* (owned) id to MusterIndexItem, both borrowed: whoever holds the item owns it */
  GHashTable *cache;  /* (owned) id to link of `recent` */
  GQueue      recent; /* (owned) (element-type MusterEntity) the one used last first */
  GError     *error;  /* (owned) (nullable) */

  /* What is on its way */
  unsigned    generation;
  unsigned    epoch;   /* of what is known: another one after it was forgotten */
  DexFuture  *first;   /* (owned) (nullable) the first rows */
  DexFuture  *listing; /* (owned) (nullable) all ids */
  GHashTable *loading; /* (owned) (element-type utf8) ids asked for */
  GPtrArray  *wanted;  /* (owned) (element-type utf8) ids to ask for, the newest wish last */
  GHashTable *stale;   /* (owned) (element-type utf8) ids whose content is out of date */
  unsigned    n_loads;
  unsigned    load_id;    /* idle */
  unsigned    requery_id; /* timeout */
  unsigned    stale_id;   /* timeout */

  guint complete : 1;
  guint forgotten : 1; /* rows show what is no longer known */
};

static void muster_index_model_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MusterIndexModel,
                               muster_index_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      muster_index_model_list_init))

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

/* --- contents kept --- */

static MusterEntity *
lookup_cached (MusterIndexModel *self, const char *id)
{
  GList *link = g_hash_table_lookup (self->cache, id);

  if (link == NULL)
    return NULL;
  g_queue_unlink (&self->recent, link);
  g_queue_push_head_link (&self->recent, link);
  return link->data;
}

static void
drop_cached (MusterIndexModel *self, const char *id)
{
  GList        *link = g_hash_table_lookup (self->cache, id);
  MusterEntity *entity;

  if (link == NULL)
    return;
  entity = link->data;
  g_hash_table_remove (self->cache, id);
  g_queue_delete_link (&self->recent, link);
  g_object_unref (entity);
}

static void
keep (MusterIndexModel *self, MusterEntity *entity)
{
  drop_cached (self, muster_entity_get_id (entity));
  g_queue_push_head (&self->recent, g_object_ref (entity));
  g_hash_table_insert (self->cache, (char *)muster_entity_get_id (entity), self->recent.head);
  while (self->recent.length > CACHE_SIZE)
    drop_cached (self, muster_entity_get_id (self->recent.tail->data));
}

/* --- fetching contents --- */

static void muster_index_model_queue_load (MusterIndexModel *self);

typedef struct
{
  GWeakRef model;
  char   **ids;
  unsigned epoch;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_weak_ref_clear (&load->model);
  g_strfreev (load->ids);
  g_free (load);
}

static void
take_page (MusterIndexModel *self, MusterApiPage *page)
{
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    {
      MusterEntity    *entity = muster_api_page_get (page, i);
      MusterIndexItem *item = g_hash_table_lookup (self->items, muster_entity_get_id (entity));

      keep (self, entity);
      if (item != NULL)
        muster_index_item_set_entity (item, entity);
    }
}

/* What was asked for before it was forgotten is of no use. */
static void
want_all (MusterIndexModel *self, const char *const *ids)
{
  for (; *ids != NULL; ids++)
    g_ptr_array_add (self->wanted, g_strdup (*ids));
}

static DexFuture *
muster_index_model_loaded_cb (DexFuture *future, gpointer user_data)
{
  Load *load = user_data;
  g_autoptr (MusterIndexModel) self = g_weak_ref_get (&load->model);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (self == NULL)
    return dex_future_new_true ();
  self->n_loads--;
  for (unsigned i = 0; load->ids[i] != NULL; i++)
    g_hash_table_remove (self->loading, load->ids[i]);
  if (load->epoch != self->epoch)
    want_all (self, (const char *const *)load->ids);
  else if (value != NULL)
    take_page (self, g_value_get_object (value));
  else
    g_message ("could not load rows: %s", error->message);
  muster_index_model_queue_load (self);
  return dex_future_new_true ();
}

/* The ids to ask for next: wishes whose row somebody still holds, the newest first. */
static char **
take_wanted (MusterIndexModel *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  unsigned count = 0;

  while (self->wanted->len > 0 && count < MUSTER_INDEX_PAGE)
    {
      g_autofree char *id = g_ptr_array_steal_index (self->wanted, self->wanted->len - 1);

      if (g_hash_table_contains (self->loading, id) || !g_hash_table_contains (self->items, id))
        continue;
      g_hash_table_add (self->loading, g_strdup (id));
      g_strv_builder_take (builder, g_steal_pointer (&id));
      count++;
    }
  return count > 0 ? g_strv_builder_end (builder) : NULL;
}

static void
muster_index_model_load_cb (gpointer user_data)
{
  MusterIndexModel *self = user_data;

  self->load_id = 0;
  while (self->n_loads < MAX_LOADS && self->wanted->len > 0)
    {
      char **ids = take_wanted (self);
      Load  *load;

      if (ids == NULL)
        return;
      load = g_new0 (Load, 1);
      g_weak_ref_init (&load->model, self);
      load->ids = ids;
      load->epoch = self->epoch;
      self->n_loads++;
      dex_future_disown (
        dex_future_finally (self->source.load (self->user_data, (const char *const *)ids),
                            muster_index_model_loaded_cb, load, load_free));
    }
}

static void
muster_index_model_queue_load (MusterIndexModel *self)
{
  if (self->load_id == 0 && self->wanted->len > 0 && self->n_loads < MAX_LOADS)
    self->load_id = g_idle_add_once (muster_index_model_load_cb, self);
}

static void
want (MusterIndexModel *self, const char *id)
{
  g_ptr_array_add (self->wanted, g_strdup (id));
  muster_index_model_queue_load (self);
}

/* --- list model --- */

typedef struct
{
  MusterIndexModel *model;
  char              id[];
} Watch;

static void
muster_index_model_item_gone_cb (gpointer user_data, GObject *where_the_item_was)
{
  Watch *watch = user_data;

  /* Nobody watches any more once the model is gone. */
  if (watch->model != NULL)
    g_hash_table_remove (watch->model->items, watch->id);
  g_free (watch);
}

static void
watch_item (MusterIndexModel *self, MusterIndexItem *item)
{
  const char *id = muster_index_item_get_id (item);
  gsize       length = strlen (id) + 1;
  Watch      *watch = g_malloc (sizeof (Watch) + length);

  watch->model = self;
  memcpy (watch->id, id, length);
  g_hash_table_insert (self->items, watch->id, item);
  g_object_set_data (G_OBJECT (item), "muster-watch", watch);
  g_object_weak_ref (G_OBJECT (item), muster_index_model_item_gone_cb, watch);
}

static GType
muster_index_model_get_item_type (GListModel *model)
{
  return MUSTER_TYPE_INDEX_ITEM;
}

static guint
muster_index_model_get_n_items (GListModel *model)
{
  return MUSTER_INDEX_MODEL (model)->n_ids;
}

static gpointer
muster_index_model_get_item (GListModel *model, guint position)
{
  MusterIndexModel *self = MUSTER_INDEX_MODEL (model);
  MusterIndexItem  *item;
  MusterEntity     *entity;

  if (position >= self->n_ids)
    return NULL;
  item = g_hash_table_lookup (self->items, self->ids[position]);
  if (item != NULL)
    return g_object_ref (item);
  item = muster_index_item_new (self->ids[position]);
  watch_item (self, item);
  entity = lookup_cached (self, self->ids[position]);
  if (entity != NULL)
    muster_index_item_set_entity (item, entity);
  else
    want (self, self->ids[position]);
  return item;
}

static void
muster_index_model_list_init (GListModelInterface *iface)
{
  iface->get_item_type = muster_index_model_get_item_type;
  iface->get_n_items = muster_index_model_get_n_items;
  iface->get_item = muster_index_model_get_item;
}

/* Makes the list IDS (taken), telling of the one stretch between the common beginning and the
 * common end. */
static void
take_ids (MusterIndexModel *self, char **ids)
{
  g_auto (GStrv) old = g_steal_pointer (&self->ids);
  unsigned n_old = self->n_ids, n_new = g_strv_length (ids);
  unsigned head = 0, tail = 0;

  while (head < MIN (n_old, n_new) && strcmp (old[head], ids[head]) == 0)
    head++;
  while (tail < MIN (n_old, n_new) - head &&
         strcmp (old[n_old - 1 - tail], ids[n_new - 1 - tail]) == 0)
    tail++;
  self->ids = ids;
  self->n_ids = n_new;
  if (n_old != n_new || head < n_new)
    g_list_model_items_changed (G_LIST_MODEL (self), head, n_old - head - tail,
                                n_new - head - tail);
}

/* --- queries --- */

static void
changed (MusterIndexModel *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* The first rows come before all ids are known: there is something to see at once. */
static DexFuture *
muster_index_model_first_cb (DexFuture *future, gpointer user_data)
{
  MusterIndexModel *self = user_data;
  const GValue     *value = dex_future_get_value (future, NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  MusterApiPage *page;

  if (value == NULL)
    return dex_future_new_true ();
  page = g_value_get_object (value);
  take_page (self, page);
  if (self->complete)
    return dex_future_new_true ();
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    g_strv_builder_add (builder, muster_entity_get_id (muster_api_page_get (page, i)));
  take_ids (self, g_strv_builder_end (builder));
  changed (self);
  return dex_future_new_true ();
}

/* Rows that are still there, and did not come with the first ones. */
static void
want_forgotten (MusterIndexModel *self)
{
  GHashTableIter iter;
  gpointer       id;

  self->forgotten = FALSE;
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!g_hash_table_contains (self->cache, id))
      want (self, id);
}

static DexFuture *
muster_index_model_listed_cb (DexFuture *future, gpointer user_data)
{
  MusterIndexModel *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  g_clear_error (&self->error);
  if (value != NULL)
    {
      self->complete = TRUE;
      take_ids (self, g_value_dup_boxed (value));
      if (self->forgotten)
        want_forgotten (self);
    }
  else
    self->error = g_steal_pointer (&error);
  changed (self);
  return dex_future_new_true ();
}

static void
run_query (MusterIndexModel *self, gboolean show_first)
{
  MusterApiListQuery query = {
    .q = self->text,
    .sort = self->sort,
    .limit = MUSTER_INDEX_PAGE,
    .filters = (const char *const *)self->filters,
  };

  g_clear_handle_id (&self->requery_id, g_source_remove);
  self->generation++;
  /* Dropping the futures of an earlier query is all it takes to be rid of late answers. */
  dex_clear (&self->first);
  dex_clear (&self->listing);
  if (show_first)
    {
      self->complete = FALSE;
      self->first = dex_future_finally (self->source.list (self->user_data, &query),
                                        muster_index_model_first_cb, self, NULL);
    }
  self->listing = dex_future_finally (self->source.list_ids (self->user_data, &query),
                                      muster_index_model_listed_cb, self, NULL);
}

void
muster_index_model_set_query (MusterIndexModel  *self,
                              const char        *text,
                              const char        *sort,
                              const char *const *filters)
{
  g_return_if_fail (MUSTER_IS_INDEX_MODEL (self));

  g_set_str (&self->text, text);
  g_set_str (&self->sort, sort);
  g_strfreev (self->filters);
  self->filters = g_strdupv ((char **)filters);
  run_query (self, TRUE);
}

static void
muster_index_model_requery_cb (gpointer user_data)
{
  MusterIndexModel *self = user_data;

  self->requery_id = 0;
  run_query (self, FALSE);
}

void
muster_index_model_requery (MusterIndexModel *self)
{
  g_return_if_fail (MUSTER_IS_INDEX_MODEL (self));

  if (self->requery_id == 0)
    self->requery_id = g_timeout_add_once (REQUERY_MSEC, muster_index_model_requery_cb, self);
}

static void
muster_index_model_stale_cb (gpointer user_data)
{
  MusterIndexModel *self = user_data;
  GHashTableIter    iter;
  gpointer          id;

  self->stale_id = 0;
  g_hash_table_iter_init (&iter, self->stale);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      drop_cached (self, id);
      if (g_hash_table_contains (self->items, id))
        want (self, id);
    }
  g_hash_table_remove_all (self->stale);
}

void
muster_index_model_invalidate (MusterIndexModel *self, const char *id)
{
  g_return_if_fail (MUSTER_IS_INDEX_MODEL (self));

  g_hash_table_add (self->stale, g_strdup (id));
  if (self->stale_id == 0)
    self->stale_id = g_timeout_add_once (INVALIDATE_MSEC, muster_index_model_stale_cb, self);
}

void
muster_index_model_forget (MusterIndexModel *self)
{
  g_return_if_fail (MUSTER_IS_INDEX_MODEL (self));

  self->epoch++;
  self->forgotten = TRUE;
  g_hash_table_remove_all (self->stale);
  while (self->recent.tail != NULL)
    drop_cached (self, muster_entity_get_id (self->recent.tail->data));
}

MusterIndexItem *
muster_index_model_find (MusterIndexModel *self, const char *id)
{
  g_return_val_if_fail (MUSTER_IS_INDEX_MODEL (self), NULL);

  return g_hash_table_lookup (self->items, id);
}

gboolean
muster_index_model_is_complete (MusterIndexModel *self)
{
  g_return_val_if_fail (MUSTER_IS_INDEX_MODEL (self), FALSE);

  return self->complete;
}

const GError *
muster_index_model_get_error (MusterIndexModel *self)
{
  g_return_val_if_fail (MUSTER_IS_INDEX_MODEL (self), NULL);

  return self->error;
}

const char *
muster_index_model_get_id (MusterIndexModel *self, unsigned position)
{
  g_return_val_if_fail (MUSTER_IS_INDEX_MODEL (self), NULL);

  return position < self->n_ids ? self->ids[position] : NULL;
}

/* --- life --- */

static void
muster_index_model_dispose (GObject *object)
{
  MusterIndexModel *self = MUSTER_INDEX_MODEL (object);
  GHashTableIter    iter;
  gpointer          item;

  dex_clear (&self->first);
  dex_clear (&self->listing);
  g_clear_handle_id (&self->load_id, g_source_remove);
  g_clear_handle_id (&self->requery_id, g_source_remove);
  g_clear_handle_id (&self->stale_id, g_source_remove);
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    ((Watch *)g_object_get_data (item, "muster-watch"))->model = NULL;
  g_hash_table_remove_all (self->items);
  G_OBJECT_CLASS (muster_index_model_parent_class)->dispose (object);
}

static void
muster_index_model_finalize (GObject *object)
{
  MusterIndexModel *self = MUSTER_INDEX_MODEL (object);

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self->text);
  g_free (self->sort);
  g_strfreev (self->filters);
  g_strfreev (self->ids);
  g_hash_table_unref (self->items);
  g_hash_table_unref (self->cache);
  g_queue_clear_full (&self->recent, g_object_unref);
  g_hash_table_unref (self->loading);
  g_hash_table_unref (self->stale);
  g_ptr_array_unref (self->wanted);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (muster_index_model_parent_class)->finalize (object);
}

static void
muster_index_model_class_init (MusterIndexModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = muster_index_model_dispose;
  object_class->finalize = muster_index_model_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_INDEX_MODEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_index_model_init (MusterIndexModel *self)
{
  self->ids = g_new0 (char *, 1);
  self->items = g_hash_table_new (g_str_hash, g_str_equal);
  self->cache = g_hash_table_new (g_str_hash, g_str_equal);
  self->loading = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->stale = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->wanted = g_ptr_array_new_with_free_func (g_free);
}

MusterIndexModel *
muster_index_model_new (const MusterIndexSource *source, gpointer user_data, GDestroyNotify destroy)
{
  MusterIndexModel *self = g_object_new (MUSTER_TYPE_INDEX_MODEL, NULL);

  g_return_val_if_fail (source != NULL, self);

  self->source = *source;
  self->user_data = user_data;
  self->destroy = destroy;
  return self;
}
