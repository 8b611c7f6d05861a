/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-accounts"

#include "config.h"

#include "core/muster-setting-record.h"
#include "model/muster-error.h"
#include "model/muster-sign-in.h"
#include "model/muster-site.h"
#include "muster-accounts-private.h"

/* --- what agrees by itself --- */

static void
set_presence (MusterEntity *person, const char *flag, const char *field)
{
  muster_entity_set_boolean (person, flag, !muster_entity_is_null (person, field));
}

static gboolean
person_agrees (MusterTransaction *transaction,
               MusterEntity      *before,
               MusterEntity      *after,
               gpointer           data,
               GError           **error)
{
  const char *email = NULL;

  if (after == NULL)
    return TRUE;
  email = muster_entity_get_string (after, "email");
  if (email != NULL)
    {
      g_autofree char *lower = g_utf8_strdown (email, -1);

      muster_entity_set_string (after, "email", lower);
    }
  muster_entity_set_boolean (after, "is_admin",
                             muster_entity_get_enum (after, "role") == MUSTER_ROLE_ADMINISTRATOR);
  set_presence (after, "has_password", "password_hash");
  set_presence (after, "has_pin", "pin_hash");
  set_presence (after, "has_badge", "badge_hash");
  return TRUE;
}

/* --- sign-ins end with what they stand on --- */

static gboolean
end_sign_ins (MusterTransaction *transaction, MusterEntity *person, GError **error)
{
  const char *kept = muster_transaction_get_context (transaction, "keep-sign-in");
  g_autoptr (MusterQuery) query = muster_query_new (&muster_sign_in_info);
  g_autoptr (GPtrArray) sign_ins = NULL;

  muster_query_where (query, "person_id", muster_entity_get_id (person));
  muster_query_where (query, "revoked_at", NULL);
  muster_query_set_limit (query, 0);
  sign_ins = muster_transaction_select (transaction, query, error);
  if (sign_ins == NULL)
    return FALSE;
  for (guint i = 0; i < sign_ins->len; i++)
    {
      MusterEntity *sign_in = sign_ins->pdata[i];

      if (g_strcmp0 (muster_entity_get_id (sign_in), kept) == 0)
        continue;
      muster_entity_set_integer (sign_in, "revoked_at", muster_transaction_get_now (transaction));
      if (!muster_transaction_update (transaction, sign_in, 0, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
person_signs_out (MusterTransaction *transaction,
                  MusterEntity      *before,
                  MusterEntity      *after,
                  gpointer           data,
                  GError           **error)
{
  gboolean has_changed, is_disabled;

  if (before == NULL || after == NULL)
    return TRUE;
  has_changed = g_strcmp0 (muster_entity_get_string (before, "password_hash"),
                           muster_entity_get_string (after, "password_hash")) != 0 &&
                muster_transaction_get_context (transaction, "same-password") == NULL;
  is_disabled = muster_entity_get_boolean (after, "disabled") &&
                !muster_entity_get_boolean (before, "disabled");
  return (!has_changed && !is_disabled) || end_sign_ins (transaction, after, error);
}

/* --- the last administrator --- */

static gboolean
is_active_administrator (MusterEntity *person)
{
  return person != NULL && muster_entity_get_enum (person, "role") == MUSTER_ROLE_ADMINISTRATOR &&
         !muster_entity_get_boolean (person, "disabled");
}

static gboolean
person_leaves_administrator (MusterTransaction *transaction,
                             MusterEntity      *before,
                             MusterEntity      *after,
                             gpointer           data,
                             GError           **error)
{
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (GError) cause = NULL;
  gint64 left;

  if (!is_active_administrator (before) || is_active_administrator (after))
    return TRUE;
  query = muster_query_new (&muster_person_info);
  muster_query_where (query, "role", "administrator");
  muster_query_where (query, "disabled", "false");
  left = muster_transaction_count (transaction, query, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (left > 0)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "%s is the last administrator: make somebody else one before",
               muster_entity_get_string (before, "name"));
  return FALSE;
}

/* --- what only administrators change, only they take back --- */

static gboolean
forbid_undo (MusterTransaction *transaction, GError **error)
{
  if (!muster_transaction_is_undoing (transaction) ||
      muster_accounts_is_administrator (muster_transaction_get_actor (transaction)))
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                       "changes of people and settings are taken back by administrators");
  return FALSE;
}

static gboolean
record_is_undone (MusterTransaction *transaction,
                  MusterEntity      *before,
                  MusterEntity      *after,
                  gpointer           data,
                  GError           **error)
{
  return forbid_undo (transaction, error);
}

/* Their own name and address people take back themselves. */
static gboolean
person_is_undone (MusterTransaction *transaction,
                  MusterEntity      *before,
                  MusterEntity      *after,
                  gpointer           data,
                  GError           **error)
{
  MusterActor *actor = muster_transaction_get_actor (transaction);

  if (before != NULL && after != NULL &&
      g_strcmp0 (muster_actor_get_person_id (actor), muster_entity_get_id (after)) == 0 &&
      muster_entity_get_enum (before, "role") == muster_entity_get_enum (after, "role") &&
      muster_entity_get_boolean (before, "disabled") ==
        muster_entity_get_boolean (after, "disabled") &&
      g_strcmp0 (muster_entity_get_string (before, "local_user"),
                 muster_entity_get_string (after, "local_user")) == 0)
    return TRUE;
  return forbid_undo (transaction, error);
}

void
muster_accounts_add_rules (MusterDatabase *database)
{
  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_database_add_rule (database, &muster_person_info, MUSTER_RULE_BEFORE | MUSTER_RULE_ON_UNDO,
                            person_agrees, NULL);
  muster_database_add_rule (database, &muster_person_info, MUSTER_RULE_ON_UNDO, person_signs_out,
                            NULL);
  muster_database_add_rule (database, &muster_person_info, MUSTER_RULE_ON_UNDO,
                            person_leaves_administrator, NULL);
  muster_database_add_rule (database, &muster_person_info, MUSTER_RULE_ON_UNDO, person_is_undone,
                            NULL);
  muster_database_add_rule (database, &muster_setting_info, MUSTER_RULE_ON_UNDO, record_is_undone,
                            NULL);
  muster_database_add_rule (database, &muster_site_info, MUSTER_RULE_ON_UNDO, record_is_undone,
                            NULL);
}
