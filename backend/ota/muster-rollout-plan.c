/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollout-plan"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "model/muster-error.h"
#include "model/muster-number.h"
#include "muster-rollout-plan.h"
#include "muster-target-query.h"

/* --- reading --- */

static void
group_plan_clear (gpointer data)
{
  MusterRolloutGroupPlan *self = data;

  g_free (self->name);
  g_free (self->target_query);
}

static gboolean
read_number (JsonObject        *object,
             const char        *name,
             double             minimum,
             double             maximum,
             double            *number,
             const char        *pointer,
             MusterFieldErrors *errors)
{
  JsonNode        *node = json_object_get_member (object, name);
  GType            type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;
  g_autofree char *low = muster_number_format (minimum, 6);
  g_autofree char *high = muster_number_format (maximum, 6);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return FALSE;
  if (type == G_TYPE_INT64 || type == G_TYPE_DOUBLE)
    {
      *number = json_node_get_double (node);
      if (*number >= minimum && *number <= maximum)
        return TRUE;
    }
  muster_field_errors_add (errors, pointer, "%s must be a number from %s to %s", name, low, high);
  return FALSE;
}

static void
read_target_query (JsonObject             *object,
                   MusterRolloutGroupPlan *group,
                   const char             *pointer,
                   MusterFieldErrors      *errors)
{
  JsonNode   *node = json_object_get_member (object, "target_query");
  const char *text =
    node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
  g_autoptr (GError) error = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return;
  if (text == NULL)
    muster_field_errors_add (errors, pointer, "target_query must be a text");
  else if (!muster_target_query_check (text, &error))
    muster_field_errors_add (errors, pointer, "target_query: %s", error->message);
  else
    g_set_str (&group->target_query, text);
}

/* What is left out stays as it is. */
static void
read_flag (JsonObject        *object,
           const char        *name,
           gboolean          *flag,
           const char        *pointer,
           MusterFieldErrors *errors)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return;
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    *flag = json_node_get_boolean (node);
  else
    muster_field_errors_add (errors, pointer, "%s must be true or false", name);
}

static void
read_size (JsonObject             *object,
           MusterRolloutGroupPlan *group,
           const char             *pointer,
           MusterFieldErrors      *errors)
{
  double number = 0;

  if (read_number (object, "count", 1, 1e9, &number, pointer, errors))
    group->count = (gint64)ceil (number);
  if (read_number (object, "percent", 0.001, 100, &number, pointer, errors))
    group->percent = number;
  if (read_number (object, "share", 0.001, 100, &number, pointer, errors))
    group->share = number;
  if ((group->count > 0) + (group->percent > 0) + (group->share > 0) > 1)
    muster_field_errors_add (errors, pointer, "takes one of count, percent and share");
}

static void
read_group (JsonObject             *object,
            MusterRolloutGroupPlan *group,
            const char             *pointer,
            MusterFieldErrors      *errors)
{
  double      number = 0;
  const char *name = json_object_get_string_member_with_default (object, "name", NULL);

  if (name != NULL && *name != '\0' && g_utf8_strlen (name, -1) <= 120)
    g_set_str (&group->name, name);
  else if (json_object_has_member (object, "name"))
    muster_field_errors_add (errors, pointer, "name must have 1 to 120 characters");
  read_size (object, group, pointer, errors);
  read_target_query (object, group, pointer, errors);
  if (read_number (object, "success_threshold", 0, 100, &number, pointer, errors))
    group->success_threshold = (int)number;
  if (read_number (object, "error_threshold", 1, 100, &number, pointer, errors))
    group->error_threshold = (int)number;
  read_flag (object, "manual", &group->manual, pointer, errors);
  read_flag (object, "confirmation_required", &group->confirmation_required, pointer, errors);
}

static void
add_group (GArray *plan, MusterEntity *rollout)
{
  MusterRolloutGroupPlan group = {
    .name = g_strdup_printf (_ ("Group %u"), plan->len + 1),
    .success_threshold = (int)muster_entity_get_integer (rollout, "success_threshold"),
    .error_threshold = (int)muster_entity_get_integer (rollout, "error_threshold"),
    .confirmation_required = muster_entity_get_boolean (rollout, "confirmation_required"),
  };

  g_array_append_val (plan, group);
}

static void
read_groups (GArray *plan, JsonArray *array, MusterEntity *rollout, MusterFieldErrors *errors)
{
  unsigned n_groups = json_array_get_length (array);

  if (n_groups > MUSTER_ROLLOUT_GROUPS_MAX)
    muster_field_errors_add (errors, "/plan", "must have at most %d groups",
                             MUSTER_ROLLOUT_GROUPS_MAX);
  for (unsigned i = 0; i < MIN (n_groups, MUSTER_ROLLOUT_GROUPS_MAX); i++)
    {
      JsonNode        *element = json_array_get_element (array, i);
      g_autofree char *pointer = g_strdup_printf ("/plan/%u", i);

      add_group (plan, rollout);
      if (JSON_NODE_HOLDS_OBJECT (element))
        read_group (json_node_get_object (element),
                    &g_array_index (plan, MusterRolloutGroupPlan, i), pointer, errors);
      else
        muster_field_errors_add (errors, pointer, "must be an object");
    }
}

/* Whether PLAN ends with a group that takes whatever is left. */
static gboolean
takes_all (GArray *plan)
{
  const MusterRolloutGroupPlan *last =
    plan->len > 0 ? &g_array_index (plan, MusterRolloutGroupPlan, plan->len - 1) : NULL;

  return last != NULL && last->count == 0 && last->percent <= 0 &&
         (last->share <= 0 || last->share >= 100) && last->target_query == NULL;
}

GArray *
muster_rollout_plan_read (MusterEntity *rollout, GError **error)
{
  g_autoptr (GArray) plan = g_array_new (FALSE, TRUE, sizeof (MusterRolloutGroupPlan));
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  const char *text = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_return_val_if_fail (MUSTER_IS_ROLLOUT (rollout), NULL);

  text = muster_entity_get_string (rollout, "plan");
  node = text != NULL ? json_from_string (text, NULL) : NULL;
  g_array_set_clear_func (plan, group_plan_clear);
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    read_groups (plan, json_node_get_array (node), rollout, errors);
  else if (text != NULL)
    muster_field_errors_add (errors, "/plan", "must be an array of groups, or null");
  if (!muster_field_errors_check (errors, error))
    return NULL;
  if (!takes_all (plan))
    {
      gboolean is_rest = plan->len > 0;

      add_group (plan, rollout);
      g_array_index (plan, MusterRolloutGroupPlan, plan->len - 1).is_rest = is_rest;
    }
  return g_steal_pointer (&plan);
}

/* How many of N_FREE, which it may take, GROUP takes. */
static guint
get_size (const MusterRolloutGroupPlan *group, guint n_devices, guint n_free)
{
  if (group->count > 0)
    return (guint)MIN (group->count, n_free);
  if (group->percent > 0)
    return MIN ((guint)ceil (n_devices * group->percent / 100 - 1e-9), n_free);
  return group->share > 0 ? (guint)ceil (n_free * group->share / 100 - 1e-9) : n_free;
}

/* Takes TAKEN, which is in the same order, out of LEFT. */
static void
take_out (GArray *left, GArray *taken)
{
  guint n_taken = 0, n_left = 0;

  for (guint n = 0; n < left->len; n++)
    if (n_taken < taken->len &&
        g_array_index (taken, guint, n_taken) == g_array_index (left, guint, n))
      n_taken++;
    else
      g_array_index (left, guint, n_left++) = g_array_index (left, guint, n);
  g_array_set_size (left, n_left);
}

GArray *
muster_rollout_plan_split (GArray              *plan,
                           guint                n_devices,
                           MusterRolloutMatches matches,
                           gpointer             user_data)
{
  g_autoptr (GArray) groups = g_array_sized_new (FALSE, FALSE, sizeof (guint), n_devices);
  g_autoptr (GArray) left = g_array_sized_new (FALSE, FALSE, sizeof (guint), n_devices);
  g_autoptr (GArray) free_ones = g_array_new (FALSE, FALSE, sizeof (guint));

  g_return_val_if_fail (plan != NULL && plan->len > 0, NULL);

  g_array_set_size (groups, n_devices);
  for (guint device = 0; device < n_devices; device++)
    g_array_append_val (left, device);
  for (guint i = 0; i < plan->len; i++)
    {
      const MusterRolloutGroupPlan *group = &g_array_index (plan, MusterRolloutGroupPlan, i);

      g_array_set_size (free_ones, 0);
      for (guint n = 0; n < left->len; n++)
        if (group->target_query == NULL || matches (i, g_array_index (left, guint, n), user_data))
          g_array_append_val (free_ones, g_array_index (left, guint, n));
      g_array_set_size (free_ones, get_size (group, n_devices, free_ones->len));
      for (guint n = 0; n < free_ones->len; n++)
        g_array_index (groups, guint, g_array_index (free_ones, guint, n)) = i;
      take_out (left, free_ones);
    }
  return g_steal_pointer (&groups);
}

/* --- moving --- */

/* What was cancelled says nothing of the firmware, and thins no failure out. */
static gint64
count_tried (const MusterRolloutGroupState *group)
{
  return group->counts.total - group->counts.cancelled;
}

/* So many of a group failed that the threshold is reached. */
static gboolean
has_failed (const MusterRolloutGroupState *group)
{
  return group->counts.failed > 0 &&
         group->counts.failed * 100 >= (gint64)group->error_threshold * count_tried (group);
}

static gboolean
is_over (const MusterRolloutGroupState *group)
{
  return group->counts.waiting + group->counts.running == 0;
}

static gboolean
has_enough (const MusterRolloutGroupState *group)
{
  return group->counts.succeeded * 100 >= (gint64)group->success_threshold * count_tried (group);
}

/* A threshold of 100 % is for all that do not fail; one below says how many it must be. */
static MusterRolloutMove
move_running (const MusterRolloutGroupState *group)
{
  gboolean is_part = group->success_threshold < 100 && count_tried (group) > 0;

  if (is_part && has_enough (group))
    return MUSTER_ROLLOUT_WATCH;
  if (!is_over (group))
    return MUSTER_ROLLOUT_WAIT;
  return is_part ? MUSTER_ROLLOUT_FAIL : MUSTER_ROLLOUT_WATCH;
}

static MusterRolloutMove
move_watched (const MusterRolloutGroupState *group,
              gint64                         soak,
              MusterGateVerdict              verdict,
              gint64                         now)
{
  if (has_failed (group) || verdict == MUSTER_GATE_WORSE)
    return MUSTER_ROLLOUT_FAIL;
  if (now - group->done_at < soak)
    return MUSTER_ROLLOUT_WAIT;
  return verdict == MUSTER_GATE_UNKNOWN ? MUSTER_ROLLOUT_JUDGE : MUSTER_ROLLOUT_PASS;
}

/* Those of a group that is done may still be under way, as its threshold was less than all. */
static gboolean
is_all_over (const MusterRolloutGroupState *groups, unsigned n_groups)
{
  for (unsigned i = 0; i < n_groups; i++)
    if (!is_over (&groups[i]))
      return FALSE;
  return TRUE;
}

MusterRolloutMove
muster_rollout_plan_move (const MusterRolloutGroupState *groups,
                          unsigned                       n_groups,
                          gint64                         soak,
                          MusterGateVerdict              verdict,
                          gint64                         now,
                          unsigned                      *group)
{
  g_return_val_if_fail (groups != NULL || n_groups == 0, MUSTER_ROLLOUT_WAIT);
  g_return_val_if_fail (group != NULL, MUSTER_ROLLOUT_WAIT);

  /* People may let a group begin before those that stand before it are done, and those of one that
   * is done by a part of it may fail yet. */
  for (*group = 0; *group < n_groups; (*group)++)
    if ((groups[*group].status == MUSTER_ROLLOUT_GROUP_RUNNING ||
         groups[*group].status == MUSTER_ROLLOUT_GROUP_DONE) &&
        has_failed (&groups[*group]))
      return MUSTER_ROLLOUT_FAIL;
  for (*group = 0; *group < n_groups; (*group)++)
    switch (groups[*group].status)
      {
      case MUSTER_ROLLOUT_GROUP_WAITING:
        return groups[*group].manual && !groups[*group].is_opened ? MUSTER_ROLLOUT_ASK
                                                                  : MUSTER_ROLLOUT_BEGIN;
      case MUSTER_ROLLOUT_GROUP_GATE:
        return groups[*group].is_opened ? MUSTER_ROLLOUT_BEGIN : MUSTER_ROLLOUT_WAIT;
      case MUSTER_ROLLOUT_GROUP_RUNNING:
        return move_running (&groups[*group]);
      case MUSTER_ROLLOUT_GROUP_WATCHED:
        return move_watched (&groups[*group], soak, verdict, now);
      case MUSTER_ROLLOUT_GROUP_DONE:
      case MUSTER_ROLLOUT_GROUP_FAILED: /* a person went on in spite of it */
      default:
        break;
      }
  return is_all_over (groups, n_groups) ? MUSTER_ROLLOUT_FINISH : MUSTER_ROLLOUT_WAIT;
}
