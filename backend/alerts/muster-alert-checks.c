/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-checks"

#include "config.h"

#include "model/muster-alert-silence.h"
#include "muster-alert-checks.h"
#include "muster-alert-plan.h"

/* By MusterAlertScope. */
static const char *const scope_entities[] = { NULL, "device", "product", "location",
                                              "device_group" };

/* What the scope names must be there; that it is named at all is checked elsewhere. */
static gboolean
check_scope (MusterTransaction *transaction, MusterEntity *record, GError **error)
{
  const char *entity = scope_entities[muster_entity_get_enum (record, "scope_kind")];
  const char *id = muster_entity_get_string (record, "scope_id");
  gboolean    there = TRUE;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (entity != NULL && id != NULL &&
      !muster_transaction_has (transaction, entity, id, &there, error))
    return FALSE;
  if (!there)
    muster_field_errors_add (errors, "/scope_id", "there is no %s %s", entity, id);
  return muster_field_errors_check (errors, error);
}

static gboolean
check_rule (MusterTransaction *transaction,
            MusterEntity      *before,
            MusterEntity      *after,
            gpointer           data,
            GError           **error)
{
  return after == NULL ||
         (muster_alert_plan_check_rule (after, error) && check_scope (transaction, after, error));
}

static void
check_window (MusterEntity *silence, MusterFieldErrors *errors)
{
  const char *days = muster_entity_get_string (silence, "days");
  const char *from = muster_entity_get_string (silence, "from_time");
  const char *to = muster_entity_get_string (silence, "to_time");
  g_autoptr (MusterAlertWindows) windows = NULL;

  if (days != NULL || from != NULL || to != NULL)
    windows = muster_alert_windows_parse_one (days, from, to, errors);
  else if (muster_entity_is_null (silence, "ends_at"))
    muster_field_errors_add (errors, "/ends_at",
                             "must say when it ends, or from_time and to_time when it recurs");
}

static gboolean
check_silence (MusterTransaction *transaction,
               MusterEntity      *before,
               MusterEntity      *after,
               gpointer           data,
               GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  gboolean is_site = FALSE;

  if (after == NULL)
    return TRUE;
  is_site = muster_entity_get_enum (after, "scope_kind") == MUSTER_ALERT_SCOPE_SITE;
  if (is_site != muster_entity_is_null (after, "scope_id"))
    muster_field_errors_add (errors, "/scope_id",
                             is_site ? "must be left out for the whole site"
                                     : "must name what scope_kind says");
  if (!muster_entity_is_null (after, "starts_at") && !muster_entity_is_null (after, "ends_at") &&
      muster_entity_get_integer (after, "ends_at") <=
        muster_entity_get_integer (after, "starts_at"))
    muster_field_errors_add (errors, "/ends_at", "must be later than starts_at");
  check_window (after, errors);
  return muster_field_errors_check (errors, error) && check_scope (transaction, after, error);
}

void
muster_alert_checks_add (MusterDatabase *database)
{
  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_database_add_rule (database, &muster_alert_rule_info, MUSTER_RULE_BEFORE, check_rule,
                            NULL);
  muster_database_add_rule (database, &muster_alert_silence_info, MUSTER_RULE_BEFORE, check_silence,
                            NULL);
}
