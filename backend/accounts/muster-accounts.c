/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-accounts"

#include "config.h"

#include <sodium.h>

#include <glib/gi18n-lib.h>

#include "core/muster-promise.h"
#include "model/muster-error.h"
#include "model/muster-revoked-token.h"
#include "model/muster-sign-in.h"
#include "muster-accounts-private.h"

#define MAX_KNOWN 4096
#define SWEEP_SECONDS 3600
#define MAX_SWEPT 1000

/* clang-format off */
const MusterSetting muster_accounts_settings[] = {
  { MUSTER_SETTING_REGISTRATION, { "accounts_registration", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Self-registration"), .doc = "Whether customers may add themselves." } },
  { MUSTER_SETTING_LOCAL_ROLE, { "accounts_local_role", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_person_role_enum, .default_value = MUSTER_ROLE_ADMINISTRATOR, .label = N_("Role of local users"), .doc = "What those may do who use this machine and are no person of the site; a kiosk wants less than administrator." } },
  { MUSTER_SETTING_ACCESS_SECONDS, { "accounts_access_seconds", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 3600, .unit = "s", .default_value = 900, .label = N_("Life of access tokens"), .doc = "For how long an access token is good before the program that holds it has to refresh it." } },
  { MUSTER_SETTING_REFRESH_DAYS, { "accounts_refresh_days", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 365, .unit = "d", .default_value = 30, .label = N_("Life of sign-ins"), .doc = "After how many days without use a sign-in ends." } },
  { NULL },
};
/* clang-format on */

static const MusterThrottlePolicy account_policy = { 5, G_USEC_PER_SEC, 300 * G_USEC_PER_SEC };
static const MusterThrottlePolicy address_policy = { 20, G_USEC_PER_SEC, 900 * G_USEC_PER_SEC };
static const MusterThrottlePolicy pin_policy = { 3, 5 * G_USEC_PER_SEC, 900 * G_USEC_PER_SEC };
static const MusterThrottlePolicy registration_policy = { 10, 10 * G_USEC_PER_SEC,
                                                          900 * G_USEC_PER_SEC };

G_DEFINE_FINAL_TYPE (MusterAccounts, muster_accounts, MUSTER_TYPE_SERVICE)

static unsigned changed_signal;

/* Any change may concern what is known; changes are few, and looking up is quick. */
static void
muster_accounts_changed_cb (MusterDatabase         *database,
                            const MusterEntityInfo *info,
                            const char             *id,
                            gpointer                user_data)
{
  static const char *const names[] = { "api_key", "person", "revoked_token", "sign_in", NULL };
  MusterAccounts          *self = user_data;

  if (!g_strv_contains (names, info->name))
    return;
  self->generation++;
  muster_lru_clear (self->known);
  g_signal_emit (self, changed_signal, 0);
}

/* --- what is over --- */

/* Deletes what of INFO ceased to be good; some at a time. */
static gboolean
sweep_one (MusterTransaction *transaction, const MusterEntityInfo *info, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);
  g_autoptr (GPtrArray) old = NULL;

  muster_query_set_sort (query, "expires_at");
  muster_query_set_limit (query, MAX_SWEPT);
  old = muster_transaction_select (transaction, query, error);
  if (old == NULL)
    return FALSE;
  for (guint i = 0; i < old->len; i++)
    {
      if (muster_entity_get_integer (old->pdata[i], "expires_at") >
          muster_transaction_get_now (transaction))
        break;
      if (!muster_transaction_delete (transaction, info, muster_entity_get_id (old->pdata[i]), 0,
                                      error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
sweep_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  return sweep_one (transaction, &muster_sign_in_info, error) &&
         sweep_one (transaction, &muster_revoked_token_info, error);
}

static DexFuture *
muster_accounts_sweep_fiber (gpointer user_data)
{
  MusterAccounts *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!dex_await (muster_database_write (muster_repository_get_database (self->repository),
                                         self->actor, NULL, sweep_job, NULL, NULL),
                  &error))
    g_message ("old sign-ins are not deleted: %s", error->message);
  /* Once a month, for some milliseconds. */
  g_clear_error (&error);
  if (!muster_key_ring_rotate (self->keys, G_TIME_SPAN_HOUR, &error))
    g_warning ("the keys that sign access tokens are not renewed: %s", error->message);
  return dex_future_new_true ();
}

static gboolean
muster_accounts_sweep_cb (gpointer user_data)
{
  MusterAccounts *self = user_data;

  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_accounts_sweep_fiber, g_object_ref (self),
                                          g_object_unref));
  return G_SOURCE_CONTINUE;
}

/* --- life --- */

static DexFuture *
muster_accounts_start (MusterService *service)
{
  MusterAccounts *self = MUSTER_ACCOUNTS (service);
  GError         *error = NULL;

  if (!muster_key_ring_load (self->keys, &error) ||
      !muster_key_ring_rotate (self->keys, G_TIME_SPAN_HOUR, &error))
    return dex_future_new_for_error (error);
  g_signal_connect_object (muster_repository_get_database (self->repository), "changed",
                           G_CALLBACK (muster_accounts_changed_cb), self, G_CONNECT_DEFAULT);
  self->sweep_id = g_timeout_add_seconds (SWEEP_SECONDS, muster_accounts_sweep_cb, self);
  return dex_future_new_true ();
}

static DexFuture *
muster_accounts_stop (MusterService *service)
{
  g_clear_handle_id (&MUSTER_ACCOUNTS (service)->sweep_id, g_source_remove);
  return dex_future_new_true ();
}

static void
muster_accounts_finalize (GObject *object)
{
  MusterAccounts *self = MUSTER_ACCOUNTS (object);

  g_clear_handle_id (&self->sweep_id, g_source_remove);
  g_clear_pointer (&self->known, muster_lru_free);
  g_clear_pointer (&self->sign_ins, muster_lru_free);
  g_clear_pointer (&self->by_account, muster_throttle_free);
  g_clear_pointer (&self->by_address, muster_throttle_free);
  g_clear_pointer (&self->by_pin, muster_throttle_free);
  g_clear_pointer (&self->registrations, muster_throttle_free);
  g_clear_pointer (&self->keys, muster_key_ring_free);
  g_clear_object (&self->hasher);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_pointer (&self->issuer, g_free);
  g_clear_object (&self->clock);
  g_clear_object (&self->settings);
  g_clear_object (&self->repository);
  G_OBJECT_CLASS (muster_accounts_parent_class)->finalize (object);
}

static void
muster_accounts_class_init (MusterAccountsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_accounts_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "accounts";
  MUSTER_SERVICE_CLASS (klass)->start = muster_accounts_start;
  MUSTER_SERVICE_CLASS (klass)->stop = muster_accounts_stop;
  changed_signal = g_signal_new ("changed", MUSTER_TYPE_ACCOUNTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
muster_accounts_init (MusterAccounts *self)
{
  self->actor = muster_actor_new_system ("accounts");
  self->by_account = muster_throttle_new (&account_policy);
  self->by_address = muster_throttle_new (&address_policy);
  self->by_pin = muster_throttle_new (&pin_policy);
  self->registrations = muster_throttle_new (&registration_policy);
}

MusterAccounts *
muster_accounts_new (MusterRepository            *repository,
                     MusterSettings              *settings,
                     const MusterAccountsOptions *options)
{
  MusterAccounts *self = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);
  g_return_val_if_fail (MUSTER_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (options != NULL && options->key_file != NULL, NULL);
  g_return_val_if_fail (options->issuer != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_ACCOUNTS, NULL);
  self->repository = g_object_ref (repository);
  self->settings = g_object_ref (settings);
  self->clock =
    g_object_ref (muster_database_get_clock (muster_repository_get_database (repository)));
  self->known = muster_accounts_known_new (MAX_KNOWN);
  randombytes_buf (self->basic_key, sizeof self->basic_key);
  self->hasher =
    muster_password_hasher_new (options->cost != NULL ? options->cost : &muster_password_cost);
  self->keys = muster_key_ring_new (options->key_file, self->clock);
  self->issuer = g_strdup (options->issuer);
  return self;
}

void
muster_accounts_set_fallback (MusterAccounts        *self,
                              MusterAccountsFallback fallback,
                              gpointer               user_data)
{
  g_return_if_fail (MUSTER_IS_ACCOUNTS (self));

  self->fallback = fallback;
  self->fallback_data = user_data;
}

MusterRepository *
muster_accounts_get_repository (MusterAccounts *self)
{
  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);

  return self->repository;
}

MusterSettings *
muster_accounts_get_settings (MusterAccounts *self)
{
  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);

  return self->settings;
}
