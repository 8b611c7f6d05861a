/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-expectations"

#include "config.h"

#include "core/muster-journal.h"
#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-device.h"
#include "model/muster-order.h"
#include "model/muster-product.h"
#include "muster-expectations.h"

#define MAX_KNOWN 16384

/* What is known of one device. */
typedef struct
{
  char    *serial;    /* (owned) (nullable) */
  char    *mac;       /* (owned) (nullable) */
  char    *device_id; /* (owned) (nullable) */
  char    *json;      /* (owned) (nullable): NULL: nothing is expected */
  gboolean secret_known;
  gboolean is_stale; /* to be looked up */
} Expectation;

struct _MusterExpectations
{
  GObject           parent_instance;
  MusterRepository *repository; /* (owned) */
  GHashTable       *known;      /* (owned) (element-type utf8 Expectation) */
  guint             reload_id;
  guint             is_loading : 1;
};

G_DEFINE_FINAL_TYPE (MusterExpectations, muster_expectations, G_TYPE_OBJECT)

static guint changed_signal;

static void
expectation_free (gpointer data)
{
  Expectation *self = data;

  g_free (self->serial);
  g_free (self->mac);
  g_free (self->device_id);
  g_free (self->json);
  g_free (self);
}

static Expectation *
expectation_new (const char *serial, const char *mac, const char *device_id)
{
  Expectation *self = g_new0 (Expectation, 1);

  self->serial = g_strdup (serial);
  self->mac = g_strdup (mac);
  self->device_id = g_strdup (device_id);
  return self;
}

/* --- looking up, on a reader's thread --- */

/* The first item that is expected and has VALUE (nullable) in FIELD, or NULL. */
static MusterEntity *
find_item (MusterTransaction *transaction, const char *field, const char *value, GError **error)
{
  g_autoptr (MusterQuery) query = NULL;

  if (value == NULL)
    return NULL;
  query = muster_query_new (&muster_delivery_item_info);
  muster_query_where (query, field, value);
  muster_query_where (query, "expected", "true");
  return muster_transaction_find (transaction, query, error);
}

static MusterEntity *
follow (MusterTransaction      *transaction,
        MusterEntity           *entity,
        const char             *field,
        const MusterEntityInfo *info)
{
  const char *id = entity != NULL ? muster_entity_get_string (entity, field) : NULL;

  return id != NULL ? muster_transaction_get (transaction, info, id, NULL) : NULL;
}

static void
append_text (GString *json, const char *member, MusterEntity *entity, const char *field)
{
  const char *text = entity != NULL ? muster_entity_get_string (entity, field) : NULL;

  g_string_append_printf (json, "%s\"%s\":", json->len > 1 ? "," : "", member);
  if (text != NULL)
    muster_json_append_string (json, text, -1);
  else
    g_string_append (json, "null");
}

static void
describe (MusterTransaction *transaction, Expectation *self, MusterEntity *item)
{
  g_autoptr (MusterEntity) delivery =
              follow (transaction, item, "delivery_id", &muster_delivery_info);
  g_autoptr (MusterEntity) order = follow (transaction, delivery, "order_id", &muster_order_info);
  g_autoptr (MusterEntity) product = follow (transaction, item, "product_id", &muster_product_info);
  g_autoptr (MusterEntity) device = follow (transaction, item, "device_id", &muster_device_info);
  GString *json = g_string_new ("{");

  append_text (json, "delivery_item_id", item, "id");
  append_text (json, "delivery_id", delivery, "id");
  append_text (json, "delivery_number", delivery, "delivery_number");
  append_text (json, "order_id", order, "id");
  append_text (json, "order_number", order, "order_number");
  append_text (json, "order_item_id", item, "order_item_id");
  append_text (json, "product_id", item, "product_id");
  append_text (json, "product", product, "name");
  append_text (json, "device_id", item, "device_id");
  append_text (json, "name", device != NULL ? device : product, "name");
  g_string_append_c (json, '}');
  self->secret_known = !muster_entity_is_null (item, "secret") ||
                       (device != NULL && !muster_entity_is_null (device, "secret"));
  self->json = g_string_free_and_steal (json);
}

/* DATA: (element-type Expectation), filled in. */
static gboolean
look_up_all (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  GPtrArray *list = data;

  for (guint i = 0; i < list->len; i++)
    {
      Expectation *one = list->pdata[i];
      g_autoptr (GError) cause = NULL;
      g_autoptr (MusterEntity) item = find_item (transaction, "device_id", one->device_id, &cause);

      if (item == NULL && cause == NULL)
        item = find_item (transaction, "serial", one->serial, &cause);
      if (item == NULL && cause == NULL)
        item = find_item (transaction, "mac", one->mac, &cause);
      if (cause != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      if (item != NULL)
        describe (transaction, one, item);
    }
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_set_boxed (result, list);
  return TRUE;
}

/* --- keeping --- */

static char *
make_key (const char *serial, const char *mac, const char *device_id)
{
  return g_strdup_printf ("%s\n%s\n%s", serial != NULL ? serial : "", mac != NULL ? mac : "",
                          device_id != NULL ? device_id : "");
}

/* Whether anything is known now that was not. */
static gboolean
muster_expectations_take (MusterExpectations *self, GPtrArray *list)
{
  gboolean has_changed = FALSE;

  for (guint i = 0; i < list->len; i++)
    {
      Expectation     *found = list->pdata[i];
      g_autofree char *key = make_key (found->serial, found->mac, found->device_id);
      Expectation     *known = g_hash_table_lookup (self->known, key);

      if (known == NULL)
        continue;
      has_changed = has_changed || known->secret_known != found->secret_known ||
                    g_strcmp0 (known->json, found->json) != 0;
      known->secret_known = found->secret_known;
      g_set_str (&known->json, found->json);
    }
  return has_changed;
}

static DexFuture *
muster_expectations_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterExpectations *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  self->is_loading = FALSE;
  if (value == NULL)
    g_warning ("what deliveries announce is not known: %s", error->message);
  else if (muster_expectations_take (self, g_value_get_boxed (value)))
    g_signal_emit (self, changed_signal, 0);
  return dex_future_new_true ();
}

static GPtrArray *
muster_expectations_list_stale (MusterExpectations *self)
{
  GPtrArray     *list = g_ptr_array_new_with_free_func (expectation_free);
  GHashTableIter iter;
  Expectation   *one = NULL;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&one))
    if (one->is_stale)
      {
        one->is_stale = FALSE;
        g_ptr_array_add (list, expectation_new (one->serial, one->mac, one->device_id));
      }
  return list;
}

static gboolean
muster_expectations_reload_cb (gpointer user_data)
{
  MusterExpectations *self = user_data;
  g_autoptr (GPtrArray) list = NULL;

  if (self->is_loading)
    return G_SOURCE_CONTINUE;
  self->reload_id = 0;
  list = muster_expectations_list_stale (self);
  if (list->len == 0)
    return G_SOURCE_REMOVE;
  self->is_loading = TRUE;
  dex_future_disown (
    dex_future_finally (muster_database_read (muster_repository_get_database (self->repository),
                                              look_up_all, g_ptr_array_ref (list),
                                              (GDestroyNotify)g_ptr_array_unref),
                        muster_expectations_loaded_cb, g_object_ref (self), g_object_unref));
  return G_SOURCE_REMOVE;
}

/* Many questions at once are one look. */
static void
muster_expectations_queue (MusterExpectations *self)
{
  if (self->reload_id == 0)
    self->reload_id = g_timeout_add (20, muster_expectations_reload_cb, self);
}

static void
muster_expectations_journal_cb (MusterEvent *event, gpointer user_data)
{
  static const char *const watched[] = { "delivery", "delivery_item", "device",
                                         "order",    "product",       NULL };
  MusterExpectations      *self = user_data;
  MusterJournalEntry      *entry = muster_event_get_payload (event);
  GHashTableIter           iter;
  Expectation             *one = NULL;

  if (!g_strv_contains (watched, muster_journal_entry_get_entity (entry)) ||
      g_hash_table_size (self->known) == 0)
    return;
  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&one))
    one->is_stale = TRUE;
  muster_expectations_queue (self);
}

static void
muster_expectations_finalize (GObject *object)
{
  MusterExpectations *self = MUSTER_EXPECTATIONS (object);

  g_clear_handle_id (&self->reload_id, g_source_remove);
  g_clear_object (&self->repository);
  g_clear_pointer (&self->known, g_hash_table_unref);
  G_OBJECT_CLASS (muster_expectations_parent_class)->finalize (object);
}

static void
muster_expectations_class_init (MusterExpectationsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_expectations_finalize;
  changed_signal = g_signal_new ("changed", MUSTER_TYPE_EXPECTATIONS, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_expectations_init (MusterExpectations *self)
{
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, expectation_free);
}

MusterExpectations *
muster_expectations_new (MusterRepository *repository, MusterBus *bus)
{
  MusterExpectations *self = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);
  g_return_val_if_fail (MUSTER_IS_BUS (bus), NULL);

  self = g_object_new (MUSTER_TYPE_EXPECTATIONS, NULL);
  self->repository = g_object_ref (repository);
  muster_bus_subscribe (bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self), muster_expectations_journal_cb,
                        self);
  return self;
}

const char *
muster_expectations_look_up (MusterExpectations *self,
                             const char         *serial,
                             const char         *mac,
                             const char         *device_id,
                             gboolean           *secret_known)
{
  g_autofree char *key = NULL;
  Expectation     *known = NULL;

  g_return_val_if_fail (MUSTER_IS_EXPECTATIONS (self), NULL);
  g_return_val_if_fail (secret_known != NULL, NULL);

  *secret_known = FALSE;
  if (serial == NULL && mac == NULL && device_id == NULL)
    return NULL;
  key = make_key (serial, mac, device_id);
  known = g_hash_table_lookup (self->known, key);
  if (known == NULL)
    {
      /* Far more than there are candidates: most of them are gone. */
      if (g_hash_table_size (self->known) >= MAX_KNOWN)
        g_hash_table_remove_all (self->known);
      known = expectation_new (serial, mac, device_id);
      known->is_stale = TRUE;
      g_hash_table_insert (self->known, g_steal_pointer (&key), known);
      muster_expectations_queue (self);
    }
  *secret_known = known->secret_known;
  return known->json;
}
