/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-escalation-plan"

#include "config.h"

#include "model/muster-uuid.h"
#include "muster-escalation-plan.h"

#define MAX_STEPS 50
#define MAX_IDS 100
#define MAX_SECONDS (30 * 24 * 60 * 60)
#define MIN_REPEAT_SECONDS 10

/* --- reading --- */

static void
refuse (MusterFieldErrors *errors, const char *pointer, const char *name, const char *detail)
{
  g_autofree char *inner = g_strconcat (pointer, "/", name, NULL);

  if (errors != NULL)
    muster_field_errors_add (errors, inner, "%s", detail);
}

static const char *
get_id (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING &&
             muster_uuid_is_valid (json_node_get_string (node))
           ? json_node_get_string (node)
           : NULL;
}

/* (transfer full): those of the array NAME that are ids. */
static char **
read_ids (JsonObject *object, const char *name, const char *pointer, MusterFieldErrors *errors)
{
  JsonNode  *node = json_object_get_member (object, name);
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  gboolean right = array != NULL || node == NULL || JSON_NODE_HOLDS_NULL (node);

  for (guint i = 0; array != NULL && i < MIN (json_array_get_length (array), MAX_IDS); i++)
    {
      const char *id = get_id (json_array_get_element (array, i));

      if (id != NULL)
        g_strv_builder_add (ids, id);
      else
        right = FALSE;
    }
  if (!right || (array != NULL && json_array_get_length (array) > MAX_IDS))
    refuse (errors, pointer, name, "must be an array of at most 100 ids");
  return g_strv_builder_end (ids);
}

static gint64
read_seconds (JsonObject        *object,
              const char        *name,
              gint64             minimum,
              const char        *pointer,
              MusterFieldErrors *errors)
{
  JsonNode        *node = json_object_get_member (object, name);
  g_autofree char *detail = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return 0;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64 &&
      json_node_get_int (node) >= minimum && json_node_get_int (node) <= MAX_SECONDS)
    return json_node_get_int (node) * G_USEC_PER_SEC;
  detail = g_strdup_printf ("must be a number of seconds from %d to %d", (int)minimum, MAX_SECONDS);
  refuse (errors, pointer, name, detail);
  return 0;
}

static void
refuse_unknown (JsonObject *object, const char *pointer, MusterFieldErrors *errors)
{
  static const char *const known[] = { "after_seconds", "channels",       "people",
                                       "calendar_id",   "repeat_seconds", NULL };
  JsonObjectIter           iter;
  const char              *name;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    if (!g_strv_contains (known, name))
      refuse (errors, pointer, name, "is no part of a step");
}

static void
step_free (gpointer data)
{
  MusterEscalationStep *self = data;

  g_strfreev (self->channels);
  g_strfreev (self->people);
  g_free (self->calendar_id);
  g_free (self);
}

static MusterEscalationStep *
read_step (JsonObject *object, const char *pointer, MusterFieldErrors *errors)
{
  MusterEscalationStep *step = g_new0 (MusterEscalationStep, 1);
  JsonNode             *calendar = json_object_get_member (object, "calendar_id");

  step->after = read_seconds (object, "after_seconds", 0, pointer, errors);
  step->repeat = read_seconds (object, "repeat_seconds", MIN_REPEAT_SECONDS, pointer, errors);
  step->channels = read_ids (object, "channels", pointer, errors);
  step->people = read_ids (object, "people", pointer, errors);
  if (step->channels[0] == NULL)
    refuse (errors, pointer, "channels", "must name at least one channel");
  if (calendar != NULL && !JSON_NODE_HOLDS_NULL (calendar))
    {
      step->calendar_id = g_strdup (get_id (calendar));
      if (step->calendar_id == NULL)
        refuse (errors, pointer, "calendar_id", "must be the id of a duty calendar");
    }
  refuse_unknown (object, pointer, errors);
  return step;
}

static GPtrArray *
read_steps (const char *text, MusterFieldErrors *errors)
{
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  GPtrArray *steps = g_ptr_array_new_with_free_func (step_free);
  gint64     before = 0;

  if ((array == NULL || json_array_get_length (array) > MAX_STEPS) && errors != NULL)
    muster_field_errors_add (errors, "/steps", "must be an array of at most %d steps", MAX_STEPS);
  for (guint i = 0; array != NULL && i < MIN (json_array_get_length (array), MAX_STEPS); i++)
    {
      JsonNode             *element = json_array_get_element (array, i);
      g_autofree char      *pointer = g_strdup_printf ("/steps/%u", i);
      MusterEscalationStep *step = NULL;

      if (!JSON_NODE_HOLDS_OBJECT (element))
        {
          if (errors != NULL)
            muster_field_errors_add (errors, pointer, "must be an object");
          continue;
        }
      step = read_step (json_node_get_object (element), pointer, errors);
      if (step->after < before)
        refuse (errors, pointer, "after_seconds", "must not be less than that of the step before");
      before = MAX (before, step->after);
      g_ptr_array_add (steps, step);
    }
  return steps;
}

void
muster_escalation_plan_check (MusterEntity *escalation, MusterFieldErrors *errors)
{
  g_autoptr (GPtrArray) steps = read_steps (muster_entity_get_string (escalation, "steps"), errors);
}

MusterEscalationPlan *
muster_escalation_plan_new (MusterEntity *escalation)
{
  MusterEscalationPlan *self;

  g_return_val_if_fail (MUSTER_IS_ESCALATION (escalation), NULL);

  self = g_new0 (MusterEscalationPlan, 1);
  self->steps = read_steps (muster_entity_get_string (escalation, "steps"), NULL);
  self->renotify = muster_entity_get_integer (escalation, "renotify_seconds") * G_USEC_PER_SEC;
  return self;
}

void
muster_escalation_plan_free (MusterEscalationPlan *self)
{
  g_ptr_array_unref (self->steps);
  g_free (self);
}

void
muster_escalation_action_clear (MusterEscalationAction *self)
{
  g_clear_pointer (&self->steps, g_array_unref);
}

/* --- going on --- */

static const MusterEscalationStep *
get_step (const MusterEscalationPlan *self, int index)
{
  return index >= 0 && index < (int)self->steps->len ? self->steps->pdata[index] : NULL;
}

static void
begin_round (MusterEscalationState *state, gint64 now)
{
  state->begun_at = now;
  state->told_at = 0;
  state->step = 0;
  state->rounds++;
}

/* What has become due of the steps, in order. */
static void
take_due (const MusterEscalationPlan *self,
          gint64                      now,
          MusterEscalationState      *state,
          MusterEscalationAction     *action)
{
  const MusterEscalationStep *step;

  while ((step = get_step (self, state->step)) != NULL && now >= state->begun_at + step->after)
    {
      g_array_append_val (action->steps, state->step);
      state->step++;
      state->told_at = now;
    }
  action->is_repeat = state->rounds > 0;
  step = get_step (self, state->step - 1);
  if (action->steps->len == 0 && step != NULL && step->repeat > 0 &&
      now >= state->told_at + step->repeat)
    {
      int again = state->step - 1;

      g_array_append_val (action->steps, again);
      action->is_repeat = TRUE;
      state->told_at = now;
    }
}

/* When there is something to be done again, as far as nothing changes. */
static gint64
find_next (const MusterEscalationPlan *self, const MusterEscalationState *state)
{
  const MusterEscalationStep *next = get_step (self, state->step);
  const MusterEscalationStep *last = get_step (self, state->step - 1);
  gint64                      at = next != NULL ? state->begun_at + next->after : G_MAXINT64;

  if (last != NULL && last->repeat > 0)
    at = MIN (at, state->told_at + last->repeat);
  else if (next == NULL && self->renotify > 0)
    at = MIN (at, MAX (state->told_at, state->begun_at) + self->renotify);
  return at < G_MAXINT64 ? at : 0;
}

/* Whether the round is over, and nobody repeats its last step. */
static gboolean
is_told_out (const MusterEscalationPlan *self, const MusterEscalationState *state)
{
  const MusterEscalationStep *last = get_step (self, (int)self->steps->len - 1);

  return state->step >= (int)self->steps->len && (last == NULL || last->repeat == 0);
}

void
muster_escalation_plan_advance (const MusterEscalationPlan   *self,
                                const MusterEscalationMoment *moment,
                                MusterEscalationState        *state,
                                MusterEscalationAction       *action)
{
  /* A round that has begun since is another one. */
  gboolean stopped = moment->acknowledged_at > 0 && moment->acknowledged_at >= state->begun_at;

  *action = (MusterEscalationAction){ .steps = g_array_new (FALSE, FALSE, sizeof (int)) };
  if (moment->held_until > moment->now)
    {
      gboolean is_known = moment->held_until < G_MAXINT64;

      if (state->step == 0)
        state->begun_at = MAX (state->begun_at, is_known ? moment->held_until : moment->now);
      action->next_at = is_known ? moment->held_until : 0;
      return;
    }
  if (stopped && (self->renotify == 0 || moment->now < moment->acknowledged_at + self->renotify))
    {
      action->next_at = self->renotify > 0 ? moment->acknowledged_at + self->renotify : 0;
      return;
    }
  if (stopped || (is_told_out (self, state) && self->renotify > 0 &&
                  moment->now >= MAX (state->told_at, state->begun_at) + self->renotify))
    begin_round (state, moment->now);
  take_due (self, moment->now, state, action);
  action->next_at = find_next (self, state);
}
