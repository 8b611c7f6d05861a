/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-notify-rules"

#include "config.h"

#include "core/muster-journal.h"
#include "model/muster-device.h"
#include "model/muster-duty-calendar.h"
#include "model/muster-escalation.h"
#include "model/muster-person.h"
#include "muster-channel.h"
#include "muster-duty-roster.h"
#include "muster-escalation-plan.h"
#include "muster-escalation-problems.h"
#include "muster-json-ids.h"
#include "muster-notify-rules.h"

/* Adds a row for each id of TEXT under a member NAME that no record of ENTITY has. */
static gboolean
check_ids (MusterTransaction *transaction,
           const char        *text,
           const char        *field,
           const char        *name,
           const char        *entity,
           MusterFieldErrors *errors,
           GError           **error)
{
  g_autoptr (GPtrArray) found = muster_json_ids_find (text, field, name);

  for (guint i = 0; i < found->len; i++)
    {
      const MusterJsonId *id = found->pdata[i];
      gboolean            there = FALSE;

      if (!muster_transaction_has (transaction, entity, id->id, &there, error))
        return FALSE;
      if (!there)
        muster_field_errors_add (errors, id->pointer, "there is no such record");
    }
  return TRUE;
}

/* --- escalations --- */

static gboolean
clear_other_default (MusterTransaction *transaction, MusterEntity *escalation, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_escalation_info);
  g_autoptr (GPtrArray) others = NULL;

  muster_query_where (query, "is_default", "true");
  others = muster_transaction_select (transaction, query, error);
  for (guint i = 0; others != NULL && i < others->len; i++)
    {
      MusterEntity *other = others->pdata[i];

      if (g_strcmp0 (muster_entity_get_id (other), muster_entity_get_id (escalation)) == 0)
        continue;
      muster_entity_set_boolean (other, "is_default", FALSE);
      if (!muster_transaction_update (transaction, other, 0, error))
        return FALSE;
    }
  return others != NULL;
}

static gboolean
check_escalation (MusterTransaction *transaction,
                  MusterEntity      *before,
                  MusterEntity      *after,
                  gpointer           data,
                  GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  const char *steps = after != NULL ? muster_entity_get_string (after, "steps") : NULL;

  if (after == NULL)
    return TRUE;
  muster_escalation_plan_check (after, errors);
  return check_ids (transaction, steps, "/steps", "channels", "notification_channel", errors,
                    error) &&
         check_ids (transaction, steps, "/steps", "people", "person", errors, error) &&
         check_ids (transaction, steps, "/steps", "calendar_id", "duty_calendar", errors, error) &&
         muster_field_errors_check (errors, error) &&
         (!muster_entity_get_boolean (after, "is_default") ||
          clear_other_default (transaction, after, error));
}

/* --- duty calendars --- */

static gboolean
check_calendar (MusterTransaction *transaction,
                MusterEntity      *before,
                MusterEntity      *after,
                gpointer           data,
                GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (after == NULL)
    return TRUE;
  muster_duty_roster_check (after, errors);
  return check_ids (transaction, muster_entity_get_string (after, "shifts"), "/shifts", "person_id",
                    "person", errors, error) &&
         check_ids (transaction, muster_entity_get_string (after, "exceptions"), "/exceptions",
                    "person_id", "person", errors, error) &&
         muster_field_errors_check (errors, error);
}

/* --- channels --- */

/* Whether AFTER would send the secret of BEFORE elsewhere. */
static gboolean
is_sent_elsewhere (MusterEntity *before, MusterEntity *after)
{
  const MusterChannel *channel = muster_channel_get (muster_entity_get_enum (after, "kind"));
  const char          *was = muster_entity_get_string (before, "config");
  const char          *is = muster_entity_get_string (after, "config");
  g_autoptr (JsonNode) old = json_from_string (was != NULL ? was : "{}", NULL);
  g_autoptr (JsonNode) new = json_from_string (is != NULL ? is : "{}", NULL);

  if (old == NULL || new == NULL || !JSON_NODE_HOLDS_OBJECT (old) || !JSON_NODE_HOLDS_OBJECT (new))
    return TRUE;
  for (const char *const *name = channel->destination; name != NULL && *name != NULL; name++)
    {
      JsonNode *a = json_object_get_member (json_node_get_object (old), *name);
      JsonNode *b = json_object_get_member (json_node_get_object (new), *name);

      if ((a == NULL) != (b == NULL) || (a != NULL && !json_node_equal (a, b)))
        return TRUE;
    }
  return FALSE;
}

/* Only administrators set secrets; and nobody else learns one by letting it be sent to where they
 * listen. */
static gboolean
check_secret (MusterTransaction *transaction,
              MusterEntity      *before,
              MusterEntity      *after,
              GError           **error)
{
  MusterActor *actor = muster_transaction_get_actor (transaction);
  const char  *was = before != NULL ? muster_entity_get_string (before, "secret") : NULL;
  const char  *is = muster_entity_get_string (after, "secret");

  if (muster_actor_get_kind (actor) == MUSTER_ACTOR_SYSTEM ||
      muster_actor_get_role (actor) == MUSTER_ROLE_ADMINISTRATOR)
    return TRUE;
  if (is != NULL && g_strcmp0 (was, is) != 0)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                         "the secret of a channel is set by administrators: leave it out");
  else if (is != NULL && is_sent_elsewhere (before, after))
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                         "the channel's secret would go elsewhere: an administrator changes where "
                         "it is sent, or clear the secret first");
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_siren (MusterTransaction *transaction,
             MusterEntity      *channel,
             MusterFieldErrors *errors,
             GError           **error)
{
  return check_ids (transaction, muster_entity_get_string (channel, "config"), "/config",
                    "device_id", "device", errors, error);
}

static gboolean
check_channel (MusterTransaction *transaction,
               MusterEntity      *before,
               MusterEntity      *after,
               gpointer           data,
               GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (after == NULL)
    return TRUE;
  muster_channel_check (after, errors);
  if (muster_entity_get_enum (after, "kind") == MUSTER_CHANNEL_SIREN &&
      !check_siren (transaction, after, errors, error))
    return FALSE;
  muster_entity_set_boolean (after, "has_secret", !muster_entity_is_null (after, "secret"));
  return muster_field_errors_check (errors, error) &&
         check_secret (transaction, before, after, error);
}

/* --- what is deleted --- */

/* Takes ID out of the field NAME of every record of INFO. */
static gboolean
forget (MusterTransaction      *transaction,
        const MusterEntityInfo *info,
        const char             *name,
        const char             *id,
        GError                **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);
  g_autoptr (GPtrArray) records = NULL;

  muster_query_set_limit (query, 0);
  records = muster_transaction_select (transaction, query, error);
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      MusterEntity    *record = records->pdata[i];
      g_autofree char *without =
        muster_json_ids_remove (muster_entity_get_string (record, name), id);

      if (without == NULL)
        continue;
      muster_entity_set_string (record, name, without);
      if (!muster_transaction_update (transaction, record, 0, error))
        return FALSE;
    }
  return records != NULL;
}

/* Whoever is the last of a step stays: that was refused before. */
static gboolean
forget_deleted (MusterTransaction *transaction,
                MusterEntity      *before,
                MusterEntity      *after,
                gpointer           data,
                GError           **error)
{
  const char *id = before != NULL ? muster_entity_get_id (before) : NULL;

  if (after != NULL)
    return TRUE;
  return forget (transaction, &muster_escalation_info, "steps", id, error) &&
         forget (transaction, &muster_duty_calendar_info, "shifts", id, error) &&
         forget (transaction, &muster_duty_calendar_info, "exceptions", id, error);
}

void
muster_notify_rules_add (MusterDatabase *database)
{
  const MusterEntityInfo *const named[] = { &muster_notification_channel_info, &muster_person_info,
                                            &muster_duty_calendar_info };

  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_database_add_rule (database, &muster_escalation_info, MUSTER_RULE_BEFORE, check_escalation,
                            NULL);
  muster_database_add_rule (database, &muster_duty_calendar_info, MUSTER_RULE_BEFORE,
                            check_calendar, NULL);
  muster_database_add_rule (database, &muster_notification_channel_info, MUSTER_RULE_BEFORE,
                            check_channel, NULL);
  /* It looks at what is named before that is taken out. */
  muster_escalation_problems_add_rules (database);
  for (guint i = 0; i < G_N_ELEMENTS (named); i++)
    muster_database_add_rule (database, named[i], MUSTER_RULE_BEFORE, forget_deleted, NULL);
}
