/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-account-projection"

#include "config.h"

#include "core/muster-journal.h"
#include "messaging/muster-broker.h"
#include "model/muster-device-account.h"
#include "model/muster-pairing-attempt.h"
#include "muster-account-projection.h"

#define RETRY_DELAY_MS 2000

struct _MusterAccountProjection
{
  MusterService            parent_instance;
  MusterRepository        *repository; /* (owned) */
  MusterBus               *bus;        /* (owned) */
  char                    *group_id;   /* (owned) */
  const MusterDeviceLinks *links;
  gpointer                 links_data;
  GPtrArray               *waiting;    /* (owned) (element-type DexPromise): of the run to come */
  DexFuture               *held;       /* (owned) (nullable): what the next run awaits first */
  MusterListFamilyRules    list_rules; /* (nullable) */
  gpointer                 list_rules_data;
  guint                    retry_id;
  gboolean                 running;
};

G_DEFINE_FINAL_TYPE (MusterAccountProjection, muster_account_projection, MUSTER_TYPE_SERVICE)

static gboolean
add_accounts (MusterTransaction *transaction, GPtrArray *accounts, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_account_info);
  g_autoptr (GPtrArray) records = NULL;

  muster_query_set_limit (query, 0);
  records = muster_transaction_select (transaction, query, error);
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      MusterEntity        *record = records->pdata[i];
      const char          *username = muster_entity_get_string (record, "username");
      MusterBrokerAccount *account =
        muster_broker_account_new (username, muster_entity_get_string (record, "password_hash"),
                                   muster_entity_get_string (record, "group_id"), username);

      account->family = g_strdup (muster_entity_get_string (record, "family"));
      g_ptr_array_add (accounts, account);
    }
  return records != NULL;
}

static gboolean
add_attempts (MusterTransaction *transaction,
              const char        *group_id,
              GPtrArray         *accounts,
              GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_pairing_attempt_info);
  g_autoptr (GPtrArray) records = NULL;

  muster_query_set_limit (query, 0);
  records = muster_transaction_select (transaction, query, error);
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      MusterEntity    *record = records->pdata[i];
      const char      *username = muster_entity_get_string (record, "username");
      g_autofree char *hash = NULL;

      if (muster_entity_get_integer (record, "updated_at") + MUSTER_PAIRING_KEEP <
          muster_transaction_get_now (transaction))
        continue;
      hash = muster_broker_hash_password (muster_entity_get_string (record, "password"));
      g_ptr_array_add (accounts, muster_broker_account_new (username, hash, group_id, username));
    }
  return records != NULL;
}

static gboolean
read_accounts (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (GPtrArray) accounts =
              g_ptr_array_new_with_free_func ((GDestroyNotify)muster_broker_account_free);

  if (!add_accounts (transaction, accounts, error) ||
      !add_attempts (transaction, data, accounts, error))
    return FALSE;
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&accounts));
  return TRUE;
}

static gboolean
muster_account_projection_apply (MusterAccountProjection *self, GError **error)
{
  g_autoptr (GPtrArray) accounts =
      dex_await_boxed (muster_database_read (muster_repository_get_database (self->repository),
                                             read_accounts, g_strdup (self->group_id), g_free),
                       error);

  /* What families allow is known on this thread alone. */
  for (guint i = 0; accounts != NULL && i < accounts->len; i++)
    {
      MusterBrokerAccount *account = accounts->pdata[i];

      account->rules =
        muster_account_projection_list_rules (self, account->family, account->username);
    }
  return accounts != NULL &&
         dex_await (self->links->set_accounts (accounts, self->links_data), error);
}

static void
settle (GPtrArray *promises, const GError *error)
{
  for (guint i = 0; i < promises->len; i++)
    if (error == NULL)
      dex_promise_resolve_boolean (promises->pdata[i], TRUE);
    else
      dex_promise_reject (promises->pdata[i], g_error_copy (error));
}

static gboolean
muster_account_projection_retry_cb (gpointer user_data)
{
  MusterAccountProjection *self = user_data;

  self->retry_id = 0;
  dex_future_disown (muster_account_projection_sync (self));
  return G_SOURCE_REMOVE;
}

static DexFuture *
muster_account_projection_fiber (gpointer user_data)
{
  MusterAccountProjection *self = user_data;

  while (self->waiting->len > 0)
    {
      g_autoptr (GPtrArray) served = g_steal_pointer (&self->waiting);
      g_autoptr (GError) error = NULL;

      self->waiting = g_ptr_array_new_with_free_func (dex_unref);
      while (self->held != NULL)
        dex_await (g_steal_pointer (&self->held), NULL);
      if (!muster_account_projection_apply (self, &error))
        {
          g_autofree char *trouble =
            g_strdup_printf ("the broker's accounts are not up to date: %s", error->message);

          muster_service_set_trouble (MUSTER_SERVICE (self), trouble);
          if (self->retry_id == 0)
            self->retry_id =
              g_timeout_add (RETRY_DELAY_MS, muster_account_projection_retry_cb, self);
        }
      else
        muster_service_set_trouble (MUSTER_SERVICE (self), NULL);
      settle (served, error);
    }
  self->running = FALSE;
  return dex_future_new_true ();
}

char **
muster_account_projection_list_rules (MusterAccountProjection *self,
                                      const char              *family,
                                      const char              *username)
{
  g_return_val_if_fail (MUSTER_IS_ACCOUNT_PROJECTION (self), NULL);
  g_return_val_if_fail (username != NULL, NULL);

  return family != NULL && self->list_rules != NULL
           ? self->list_rules (family, username, self->list_rules_data)
           : NULL;
}

void
muster_account_projection_set_family_rules (MusterAccountProjection *self,
                                            MusterListFamilyRules    list,
                                            gpointer                 user_data)
{
  g_return_if_fail (MUSTER_IS_ACCOUNT_PROJECTION (self));

  self->list_rules = list;
  self->list_rules_data = user_data;
}

/* However it went. */
static DexFuture *
settled_cb (DexFuture *future, gpointer user_data)
{
  return dex_future_new_true ();
}

void
muster_account_projection_hold (MusterAccountProjection *self, DexFuture *farewell)
{
  g_return_if_fail (MUSTER_IS_ACCOUNT_PROJECTION (self));
  g_return_if_fail (farewell != NULL);

  farewell = dex_future_finally (farewell, settled_cb, NULL, NULL);
  self->held =
    self->held != NULL ? dex_future_all (g_steal_pointer (&self->held), farewell, NULL) : farewell;
}

DexFuture *
muster_account_projection_sync (MusterAccountProjection *self)
{
  DexPromise *promise = NULL;

  g_return_val_if_fail (MUSTER_IS_ACCOUNT_PROJECTION (self), NULL);

  promise = dex_promise_new ();
  g_ptr_array_add (self->waiting, promise);
  if (!self->running)
    {
      self->running = TRUE;
      dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_account_projection_fiber,
                                              g_object_ref (self), g_object_unref));
    }
  return dex_ref (promise);
}

static void
muster_account_projection_journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterJournalEntry *entry = muster_event_get_payload (event);

  if (g_str_equal (muster_journal_entry_get_entity (entry), muster_device_account_info.name))
    dex_future_disown (muster_account_projection_sync (user_data));
}

static DexFuture *
muster_account_projection_start (MusterService *service)
{
  MusterAccountProjection *self = MUSTER_ACCOUNT_PROJECTION (service);

  muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                        muster_account_projection_journal_cb, self);
  /* Before the broker starts, so that it starts with them. A broker that is not there yet is
   * retried; the daemon starts without it. */
  return dex_future_finally (muster_account_projection_sync (self), settled_cb, NULL, NULL);
}

static DexFuture *
muster_account_projection_stop (MusterService *service)
{
  g_clear_handle_id (&MUSTER_ACCOUNT_PROJECTION (service)->retry_id, g_source_remove);
  return NULL;
}

static void
muster_account_projection_finalize (GObject *object)
{
  MusterAccountProjection *self = MUSTER_ACCOUNT_PROJECTION (object);

  g_clear_handle_id (&self->retry_id, g_source_remove);
  dex_clear (&self->held);
  g_clear_object (&self->repository);
  g_clear_object (&self->bus);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_free (self->group_id);
  G_OBJECT_CLASS (muster_account_projection_parent_class)->finalize (object);
}

static void
muster_account_projection_class_init (MusterAccountProjectionClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_account_projection_finalize;
  service_class->name = "broker accounts";
  service_class->start = muster_account_projection_start;
  service_class->stop = muster_account_projection_stop;
}

static void
muster_account_projection_init (MusterAccountProjection *self)
{
  self->waiting = g_ptr_array_new_with_free_func (dex_unref);
}

MusterAccountProjection *
muster_account_projection_new (MusterRepository        *repository,
                               MusterBus               *bus,
                               const char              *group_id,
                               const MusterDeviceLinks *links,
                               gpointer                 links_data)
{
  MusterAccountProjection *self = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);
  g_return_val_if_fail (MUSTER_IS_BUS (bus), NULL);
  g_return_val_if_fail (group_id != NULL && links != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_ACCOUNT_PROJECTION, NULL);
  self->repository = g_object_ref (repository);
  self->bus = g_object_ref (bus);
  self->group_id = g_strdup (group_id);
  self->links = links;
  self->links_data = links_data;
  return self;
}
