/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-escalation-problems"

#include "config.h"

#include "model/muster-duty-calendar.h"
#include "model/muster-escalation.h"
#include "model/muster-person.h"
#include "muster-channel.h"
#include "muster-escalation-plan.h"
#include "muster-escalation-problems.h"
#include "muster-json-ids.h"

/* --- looking --- */

/* The lines of one escalation. */
typedef struct
{
  MusterTransaction *transaction;
  GString           *text; /* (owned) */
  GHashTable        *seen; /* (owned) (element-type utf8): lines that stand there */
} Findings;

static void G_GNUC_PRINTF (3, 4) add (Findings *self, unsigned step, const char *format, ...)
{
  va_list          args;
  g_autofree char *what = NULL;
  g_autofree char *line = NULL;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  line = g_strdup_printf ("step %u: %s", step + 1, what);
  if (!g_hash_table_add (self->seen, g_strdup (line)))
    return;
  if (self->text->len > 0)
    g_string_append_c (self->text, '\n');
  g_string_append (self->text, line);
}

/* Those of the step, and those with a shift in its calendar: (transfer full) (element-type utf8).
 */
static GPtrArray *
list_people (Findings *self, unsigned index, const MusterEscalationStep *step)
{
  GPtrArray *people = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (MusterEntity) calendar = NULL;
  g_autoptr (GPtrArray) shifts = NULL;

  for (char **id = step->people; *id != NULL; id++)
    g_ptr_array_add (people, g_strdup (*id));
  if (step->calendar_id == NULL)
    return people;
  calendar =
    muster_transaction_get (self->transaction, &muster_duty_calendar_info, step->calendar_id, NULL);
  if (calendar == NULL)
    {
      add (self, index, "its duty calendar is gone");
      return people;
    }
  shifts = muster_json_ids_find (muster_entity_get_string (calendar, "shifts"), "", "person_id");
  if (shifts->len == 0)
    add (self, index, "nobody has a shift in “%s”", muster_entity_get_string (calendar, "name"));
  for (guint i = 0; i < shifts->len; i++)
    g_ptr_array_add (people, g_strdup (((const MusterJsonId *)shifts->pdata[i])->id));
  return people;
}

static void
look_at_people (Findings *self, unsigned index, GPtrArray *people, MusterEntity *channel)
{
  const MusterChannel *way = muster_channel_get (muster_entity_get_enum (channel, "kind"));

  for (guint i = 0; way->person_field != NULL && i < people->len; i++)
    {
      g_autoptr (MusterEntity) person =
                  muster_transaction_get (self->transaction, &muster_person_info, people->pdata[i],
                                          NULL);
      g_autofree char *obstacle =
        person != NULL ? muster_channel_find_obstacle (way, person) : NULL;

      if (person == NULL)
        add (self, index, "somebody whom it names is gone");
      else if (obstacle != NULL)
        add (self, index, "%s", obstacle);
    }
}

static void
look_at_step (Findings *self, unsigned index, const MusterEscalationStep *step)
{
  g_autoptr (GPtrArray) people = list_people (self, index, step);
  unsigned n_enabled = 0, n_personal = 0;

  for (char **id = step->channels; *id != NULL; id++)
    {
      g_autoptr (MusterEntity) channel =
                  muster_transaction_get (self->transaction, &muster_notification_channel_info, *id,
                                          NULL);

      if (channel == NULL)
        add (self, index, "a channel of it is gone");
      else if (muster_entity_get_boolean (channel, "enabled"))
        {
          n_enabled++;
          n_personal +=
            muster_channel_get (muster_entity_get_enum (channel, "kind"))->person_field != NULL;
          look_at_people (self, index, people, channel);
        }
    }
  if (n_enabled == 0)
    add (self, index, "no channel of it is switched on");
  else if (people->len > 0 && n_personal == 0)
    add (self, index, "no channel of it goes to the people whom it names");
}

/* What is wrong with ESCALATION: (transfer full), NULL when nothing is. */
static char *
find_problems (MusterTransaction *transaction, MusterEntity *escalation)
{
  g_autoptr (MusterEscalationPlan) plan = muster_escalation_plan_new (escalation);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  Findings findings = { transaction, text, seen };

  if (plan->steps->len == 0)
    return g_strdup ("it has no steps: nobody is told");
  for (guint i = 0; i < plan->steps->len; i++)
    look_at_step (&findings, i, plan->steps->pdata[i]);
  return text->len > 0 ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
}

/* (transfer full) (element-type MusterEntity) */
static GPtrArray *
list_escalations (MusterTransaction *transaction, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_escalation_info);

  muster_query_set_limit (query, 0);
  return muster_transaction_select (transaction, query, error);
}

static gboolean
refresh (MusterTransaction *transaction, GError **error)
{
  g_autoptr (GPtrArray) escalations = list_escalations (transaction, error);

  for (guint i = 0; escalations != NULL && i < escalations->len; i++)
    {
      MusterEntity    *escalation = escalations->pdata[i];
      g_autofree char *problems = find_problems (transaction, escalation);

      if (g_strcmp0 (problems, muster_entity_get_string (escalation, "problems")) == 0)
        continue;
      muster_entity_set_string (escalation, "problems", problems);
      if (!muster_transaction_touch (transaction, escalation, error))
        return FALSE;
    }
  return escalations != NULL;
}

/* --- what is deleted --- */

static gboolean
is_alone (char **ids, const char *id)
{
  return ids[0] != NULL && ids[1] == NULL && g_str_equal (ids[0], id);
}

/* Whether the step tells somebody by ID (of a person, a calendar or a channel) and by nothing
 * else. */
static gboolean
depends_on (const MusterEscalationStep *step, const char *id)
{
  gboolean by_calendar = g_strcmp0 (step->calendar_id, id) == 0;

  return is_alone (step->channels, id) || (by_calendar && step->people[0] == NULL) ||
         (step->calendar_id == NULL && is_alone (step->people, id));
}

/* Without the last whom a step tells it would go to whoever its channels reach by themselves, or to
 * nobody, and no one would see that before an alert. */
static gboolean
refuse_last (MusterTransaction *transaction,
             MusterEntity      *before,
             MusterEntity      *after,
             gpointer           data,
             GError           **error)
{
  g_autoptr (GPtrArray) escalations = NULL;

  if (after != NULL)
    return TRUE;
  escalations = list_escalations (transaction, error);
  for (guint i = 0; escalations != NULL && i < escalations->len; i++)
    {
      g_autoptr (MusterEscalationPlan) plan = muster_escalation_plan_new (escalations->pdata[i]);

      for (guint j = 0; j < plan->steps->len; j++)
        {
          if (!depends_on (plan->steps->pdata[j], muster_entity_get_id (before)))
            continue;
          g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                       "step %u of the escalation “%s” tells by “%s” alone: change that step first",
                       j + 1, muster_entity_get_string (escalations->pdata[i], "name"),
                       muster_entity_get_string (before, "name"));
          return FALSE;
        }
    }
  return escalations != NULL;
}

/* --- rules --- */

/* Whether FIELDS, up to NULL, are the same. */
static gboolean
is_alike (MusterEntity *before, MusterEntity *after, const char *const *fields)
{
  const MusterEntityInfo *info = muster_entity_get_info (after);

  for (; *fields != NULL; fields++)
    {
      unsigned index = (unsigned)muster_entity_info_find (info, *fields);

      if (!muster_value_equal (&info->fields[index], muster_entity_peek (before, index),
                               muster_entity_peek (after, index)))
        return FALSE;
    }
  return TRUE;
}

/* DATA: the fields that matter, up to NULL. What is new is named by nothing yet, but for what comes
 * back. */
static gboolean
follow (MusterTransaction *transaction,
        MusterEntity      *before,
        MusterEntity      *after,
        gpointer           data,
        GError           **error)
{
  if (before == NULL && !muster_transaction_is_undoing (transaction))
    return TRUE;
  return (before != NULL && after != NULL && is_alike (before, after, data)) ||
         refresh (transaction, error);
}

static gboolean
follow_escalation (MusterTransaction *transaction,
                   MusterEntity      *before,
                   MusterEntity      *after,
                   gpointer           data,
                   GError           **error)
{
  g_autofree char *problems = NULL;

  if (after == NULL)
    return TRUE;
  problems = find_problems (transaction, after);
  muster_entity_set_string (after, "problems", problems);
  return refresh (transaction, error);
}

void
muster_escalation_problems_add_rules (MusterDatabase *database)
{
  static const char *const person[] = { "name", "disabled", "email", "phone", NULL };
  static const char *const calendar[] = { "name", "shifts", NULL };
  static const char *const channel[] = { "kind", "enabled", NULL };
  const struct
  {
    const MusterEntityInfo *info;
    const char *const      *fields;
  } named[] = { { &muster_person_info, person },
                { &muster_duty_calendar_info, calendar },
                { &muster_notification_channel_info, channel } };

  g_return_if_fail (MUSTER_IS_DATABASE (database));

  for (size_t i = 0; i < G_N_ELEMENTS (named); i++)
    {
      muster_database_add_rule (database, named[i].info, MUSTER_RULE_BEFORE, refuse_last, NULL);
      muster_database_add_rule (database, named[i].info, MUSTER_RULE_ON_UNDO, follow,
                                (gpointer)named[i].fields);
    }
  muster_database_add_rule (database, &muster_escalation_info, MUSTER_RULE_ON_UNDO,
                            follow_escalation, NULL);
}

static gboolean
refresh_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_value_init (result, G_TYPE_BOOLEAN);
  g_value_set_boolean (result, TRUE);
  return refresh (transaction, error);
}

DexFuture *
muster_escalation_problems_refresh (MusterDatabase *database)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("notifications");

  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);

  return muster_database_write (database, actor, NULL, refresh_job, NULL, NULL);
}
