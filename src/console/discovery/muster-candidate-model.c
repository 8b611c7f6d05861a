/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-candidate-model"

#include "config.h"

#include "client/muster-api-discovery.h"
#include "muster-candidate-model.h"

struct _MusterCandidateModel
{
  GObject parent_instance;

  MusterSession *session; /* (owned) */
  GListStore    *store;   /* (owned) (element-type MusterCandidate) */
  GHashTable *by_key; /* (owned) (element-type utf8 MusterCandidate) borrows both from the store */
  MusterApiSubscription *subscription; /* (owned) */
  DexFuture             *loading;      /* (owned) (nullable) */
  GError                *error;        /* (owned) (nullable) */
  guint                  loaded : 1;
};

static void muster_candidate_model_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MusterCandidateModel,
                               muster_candidate_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      muster_candidate_model_list_init))

typedef enum
{
  PROP_LOADED = 1,
} MusterCandidateModelProperty;

enum
{
  CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[PROP_LOADED + 1];
static unsigned    signals[N_SIGNALS];

static GType
muster_candidate_model_get_item_type (GListModel *model)
{
  return MUSTER_TYPE_CANDIDATE;
}

static guint
muster_candidate_model_get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (MUSTER_CANDIDATE_MODEL (model)->store));
}

static gpointer
muster_candidate_model_get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (MUSTER_CANDIDATE_MODEL (model)->store), position);
}

static void
muster_candidate_model_list_init (GListModelInterface *iface)
{
  iface->get_item_type = muster_candidate_model_get_item_type;
  iface->get_n_items = muster_candidate_model_get_n_items;
  iface->get_item = muster_candidate_model_get_item;
}

static const char *
get_key (MusterEntity *candidate)
{
  return muster_entity_get_string (candidate, "key");
}

static void
remove_candidate (MusterCandidateModel *self, MusterEntity *candidate)
{
  unsigned position;

  g_hash_table_remove (self->by_key, get_key (candidate));
  if (g_list_store_find (self->store, candidate, &position))
    g_list_store_remove (self->store, position);
}

static void
put_candidate (MusterCandidateModel *self, MusterEntity *candidate)
{
  MusterEntity *old = g_hash_table_lookup (self->by_key, get_key (candidate));
  unsigned      position;

  if (old == NULL)
    g_list_store_append (self->store, candidate);
  else if (muster_entity_equal (old, candidate))
    return;
  else
    {
      g_hash_table_remove (self->by_key, get_key (candidate));
      if (g_list_store_find (self->store, old, &position))
        g_list_store_splice (self->store, position, 1, (gpointer *)&candidate, 1);
    }
  g_hash_table_insert (self->by_key, (char *)get_key (candidate), candidate);
}

/* Makes the list what PAGE says with as little change as possible. */
static void
take_page (MusterCandidateModel *self, MusterApiPage *page)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    {
      MusterEntity *candidate = muster_api_page_get (page, i);

      if (get_key (candidate) == NULL)
        continue;
      put_candidate (self, candidate);
      g_hash_table_add (seen, (char *)get_key (candidate));
    }
  for (unsigned i = g_list_model_get_n_items (G_LIST_MODEL (self->store)); i > 0; i--)
    {
      g_autoptr (MusterEntity) candidate = g_list_model_get_item (G_LIST_MODEL (self->store), i - 1);

      if (!g_hash_table_contains (seen, get_key (candidate)))
        remove_candidate (self, candidate);
    }
}

static DexFuture *
muster_candidate_model_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterCandidateModel *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL)
    take_page (self, g_value_get_object (value));
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&error);
  self->loaded = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
  g_signal_emit (self, signals[CHANGED], 0);
  return dex_future_new_true ();
}

void
muster_candidate_model_refresh (MusterCandidateModel *self)
{
  const MusterApiListQuery query = { .limit = 1000 };

  g_return_if_fail (MUSTER_IS_CANDIDATE_MODEL (self));

  dex_clear (&self->loading);
  self->loading =
    dex_future_finally (muster_api_discovery_list (muster_session_get_client (self->session),
                                                   &query),
                        muster_candidate_model_loaded_cb, self, NULL);
}

static void
muster_candidate_model_event_cb (MusterCandidateModel *self,
                                 const char           *topic,
                                 const char           *subject,
                                 JsonObject           *data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) candidate =
              muster_entity_new_from_json (&muster_candidate_info, data, &error);
  MusterEntity *old;

  if (candidate != NULL && get_key (candidate) != NULL)
    put_candidate (self, candidate);
  else if (subject != NULL && (old = g_hash_table_lookup (self->by_key, subject)) != NULL)
    remove_candidate (self, old);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_candidate_model_ready_cb (MusterCandidateModel *self, gboolean resumed)
{
  if (!resumed)
    muster_candidate_model_refresh (self);
}

static void
muster_candidate_model_dispose (GObject *object)
{
  MusterCandidateModel *self = MUSTER_CANDIDATE_MODEL (object);

  dex_clear (&self->loading);
  if (self->subscription != NULL)
    muster_api_subscription_close (self->subscription);
  g_clear_object (&self->subscription);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_candidate_model_parent_class)->dispose (object);
}

static void
muster_candidate_model_finalize (GObject *object)
{
  MusterCandidateModel *self = MUSTER_CANDIDATE_MODEL (object);

  g_hash_table_unref (self->by_key);
  g_object_unref (self->store);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (muster_candidate_model_parent_class)->finalize (object);
}

static void
muster_candidate_model_get_property (GObject    *object,
                                     guint       prop_id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  switch ((MusterCandidateModelProperty)prop_id)
    {
    case PROP_LOADED:
      g_value_set_boolean (value, MUSTER_CANDIDATE_MODEL (object)->loaded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_candidate_model_class_init (MusterCandidateModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = muster_candidate_model_dispose;
  object_class->finalize = muster_candidate_model_finalize;
  object_class->get_property = muster_candidate_model_get_property;
  properties[PROP_LOADED] =
    g_param_spec_boolean ("loaded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_CANDIDATE_MODEL, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_candidate_model_init (MusterCandidateModel *self)
{
  self->store = g_list_store_new (MUSTER_TYPE_CANDIDATE);
  self->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  g_signal_connect_swapped (self->store, "items-changed", G_CALLBACK (g_list_model_items_changed),
                            self);
}

MusterCandidateModel *
muster_candidate_model_new (MusterSession *session)
{
  MusterCandidateModel *self = g_object_new (MUSTER_TYPE_CANDIDATE_MODEL, NULL);

  g_return_val_if_fail (MUSTER_IS_SESSION (session), self);

  self->session = g_object_ref (session);
  self->subscription =
    muster_api_stream_subscribe (muster_session_get_stream (session), "discovery", NULL, NULL, -1);
  g_signal_connect_object (self->subscription, "event",
                           G_CALLBACK (muster_candidate_model_event_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->subscription, "ready",
                           G_CALLBACK (muster_candidate_model_ready_cb), self, G_CONNECT_SWAPPED);
  muster_candidate_model_refresh (self);
  return self;
}

gboolean
muster_candidate_model_is_loaded (MusterCandidateModel *self)
{
  g_return_val_if_fail (MUSTER_IS_CANDIDATE_MODEL (self), FALSE);

  return self->loaded;
}

const GError *
muster_candidate_model_get_error (MusterCandidateModel *self)
{
  g_return_val_if_fail (MUSTER_IS_CANDIDATE_MODEL (self), NULL);

  return self->error;
}

unsigned
muster_candidate_model_count_adoptable (MusterCandidateModel *self)
{
  unsigned count = 0;

  g_return_val_if_fail (MUSTER_IS_CANDIDATE_MODEL (self), 0);

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->store)); i++)
    {
      g_autoptr (MusterEntity) candidate = g_list_model_get_item (G_LIST_MODEL (self->store), i);
      int state = muster_entity_get_enum (candidate, "state");

      count += muster_entity_get_boolean (candidate, "adoptable") &&
               muster_entity_get_boolean (candidate, "present") &&
               state != MUSTER_CANDIDATE_ADOPTED && state != MUSTER_CANDIDATE_IGNORED;
    }
  return count;
}
