/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollout-course"

#include "config.h"

#include "muster-rollout-course.h"
#include "muster-update-rules.h"

/* A device that was let begin, and does not: its place is another's. */
#define GRANT_PATIENCE (60 * G_TIME_SPAN_SECOND)

static void
member_free (gpointer data)
{
  g_free (((MusterRolloutMember *)data)->device_id);
  g_free (data);
}

MusterRolloutCourse *
muster_rollout_course_new (struct _MusterRolloutService *service)
{
  MusterRolloutCourse *self = g_new0 (MusterRolloutCourse, 1);

  self->service = service;
  self->joiners = muster_late_joiners_new ();
  self->members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, member_free);
  return self;
}

void
muster_rollout_course_free (gpointer data)
{
  MusterRolloutCourse *self = data;

  g_clear_handle_id (&self->touch_id, g_source_remove);
  g_clear_object (&self->rollout);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->members, g_hash_table_unref);
  g_clear_pointer (&self->joiners, muster_late_joiners_free);
  g_clear_pointer (&self->pace, muster_pace_unref);
  g_free (self->counts);
  g_free (self);
}

void
muster_rollout_course_set_rollout (MusterRolloutCourse *self, MusterEntity *rollout)
{
  gint64 rate = muster_entity_is_null (rollout, "max_rate")
                  ? 0
                  : muster_entity_get_integer (rollout, "max_rate") * 1000;

  /* What was written before, and told later, says nothing new. */
  if (self->rollout != NULL && muster_entity_get_integer (rollout, "revision") <
                                 muster_entity_get_integer (self->rollout, "revision"))
    return;
  g_set_object (&self->rollout, rollout);
  if (rate == 0)
    g_clear_pointer (&self->pace, muster_pace_unref);
  else if (self->pace == NULL)
    self->pace = muster_pace_new (rate);
  else
    muster_pace_set_rate (self->pace, rate);
}

void
muster_rollout_course_set_groups (MusterRolloutCourse *self, GPtrArray *groups)
{
  guint n_known = self->groups != NULL ? self->groups->len : 0;

  g_clear_pointer (&self->groups, g_ptr_array_unref);
  self->groups = g_ptr_array_ref (groups);
  self->counts = g_renew (MusterRolloutCounts, self->counts, MAX (groups->len, 1));
  for (guint i = n_known; i < groups->len; i++)
    self->counts[i] = (MusterRolloutCounts){ 0 };
}

static gint64 *
get_count (MusterRolloutCounts *counts, MusterUpdateStatus status)
{
  switch (status)
    {
    case MUSTER_UPDATE_WAITING:
      return &counts->waiting;
    case MUSTER_UPDATE_CONFIRMED:
      return &counts->succeeded;
    case MUSTER_UPDATE_FAILED:
    case MUSTER_UPDATE_REVERTED:
      return &counts->failed;
    case MUSTER_UPDATE_CANCELLED:
      return &counts->cancelled;
    case MUSTER_UPDATE_RUNNING:
    case MUSTER_UPDATE_CANCELLING:
    default:
      return &counts->running;
    }
}

static guint
find_group (MusterRolloutCourse *self, const char *group_id)
{
  for (guint i = 0; i < self->groups->len; i++)
    if (g_strcmp0 (muster_entity_get_id (self->groups->pdata[i]), group_id) == 0)
      return i;
  return 0;
}

static void
release (MusterRolloutCourse *self, MusterRolloutMember *member)
{
  if (member->granted_at != 0)
    self->n_granted--;
  member->granted_at = 0;
}

gboolean
muster_rollout_course_note (MusterRolloutCourse *self, MusterEntity *update)
{
  const char          *id = muster_entity_get_id (update);
  MusterRolloutMember *member = g_hash_table_lookup (self->members, id);
  MusterUpdateStatus   status = muster_entity_get_enum (update, "status");

  if (self->groups->len == 0)
    return FALSE;
  if (member == NULL)
    {
      member = g_new0 (MusterRolloutMember, 1);
      member->device_id = g_strdup (muster_entity_get_string (update, "device_id"));
      member->group = find_group (self, muster_entity_get_string (update, "rollout_group_id"));
      g_hash_table_insert (self->members, g_strdup (id), member);
      self->counts[member->group].total++;
    }
  else if (member->status == status)
    return FALSE;
  else
    (*get_count (&self->counts[member->group], member->status))--;
  if (status != MUSTER_UPDATE_WAITING)
    release (self, member);
  member->status = status;
  member->finished_at = muster_entity_get_integer (update, "finished_at");
  (*get_count (&self->counts[member->group], status))++;
  return TRUE;
}

static void
set_counts (MusterEntity *record, const MusterRolloutCounts *counts)
{
  muster_entity_set_integer (record, "total", counts->total);
  muster_entity_set_integer (record, "running", counts->running);
  muster_entity_set_integer (record, "succeeded", counts->succeeded);
  muster_entity_set_integer (record, "failed", counts->failed);
}

GPtrArray *
muster_rollout_course_make_figures (MusterRolloutCourse *self)
{
  MusterRolloutCounts sum = { 0 };
  GPtrArray          *records = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->groups->len; i++)
    {
      const MusterRolloutCounts *counts = &self->counts[i];

      sum.total += counts->total;
      sum.running += counts->running;
      sum.succeeded += counts->succeeded;
      sum.failed += counts->failed;
      set_counts (self->groups->pdata[i], counts);
      g_ptr_array_add (records, muster_entity_copy (self->groups->pdata[i]));
    }
  set_counts (self->rollout, &sum);
  g_ptr_array_add (records, muster_entity_copy (self->rollout));
  return records;
}

gint64
muster_rollout_course_count_running (MusterRolloutCourse *self)
{
  gint64 n_running = self->n_granted;

  for (guint i = 0; i < self->groups->len; i++)
    n_running += self->counts[i].running;
  return n_running;
}

gboolean
muster_rollout_course_is_under_way (MusterRolloutCourse *self)
{
  int status = muster_entity_get_enum (self->rollout, "status");

  return status == MUSTER_ROLLOUT_SCHEDULED || status == MUSTER_ROLLOUT_RUNNING ||
         status == MUSTER_ROLLOUT_PAUSED;
}

MusterRolloutGroupState *
muster_rollout_course_make_states (MusterRolloutCourse *self)
{
  MusterRolloutGroupState *states = g_new0 (MusterRolloutGroupState, MAX (self->groups->len, 1));

  for (guint i = 0; i < self->groups->len; i++)
    {
      MusterEntity *group = self->groups->pdata[i];

      states[i] = (MusterRolloutGroupState){
        .status = muster_entity_get_enum (group, "status"),
        .counts = self->counts[i],
        .success_threshold = (int)muster_entity_get_integer (group, "success_threshold"),
        .error_threshold = (int)muster_entity_get_integer (group, "error_threshold"),
        .manual = muster_entity_get_boolean (group, "manual"),
        .is_opened = !muster_entity_is_null (group, "opened_by"),
        .done_at = muster_entity_get_integer (group, "finished_at"),
      };
    }
  return states;
}

char *
muster_rollout_course_describe_failure (MusterRolloutCourse *self, unsigned group)
{
  const MusterRolloutCounts *counts = &self->counts[group];
  MusterEntity              *record = self->groups->pdata[group];
  gint64                     tried = counts->total - counts->cancelled;
  gint64                     most = muster_entity_get_integer (record, "error_threshold");

  if (counts->failed * 100 >= most * tried)
    return g_strdup_printf ("%s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                            " updates failed, %" G_GINT64_FORMAT " %% are the most",
                            muster_entity_get_string (record, "name"), counts->failed, tried, most);
  return g_strdup_printf ("%s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                          " updates succeeded, %" G_GINT64_FORMAT " %% are the least",
                          muster_entity_get_string (record, "name"), counts->succeeded, tried,
                          muster_entity_get_integer (record, "success_threshold"));
}

/* Whether the group of an update that waits has begun; one that failed goes on where a person goes
 * on in spite of it. */
static gboolean
has_begun (MusterEntity *group)
{
  int status = muster_entity_get_enum (group, "status");

  return status == MUSTER_ROLLOUT_GROUP_RUNNING || status == MUSTER_ROLLOUT_GROUP_WATCHED ||
         status == MUSTER_ROLLOUT_GROUP_DONE || status == MUSTER_ROLLOUT_GROUP_FAILED;
}

gboolean
muster_rollout_course_grant (MusterRolloutCourse *self, MusterEntity *update, gint64 monotonic)
{
  MusterRolloutMember *member = g_hash_table_lookup (self->members, muster_entity_get_id (update));

  /* What is being decided may be that none begins any more. */
  if (self->busy || muster_entity_get_enum (self->rollout, "status") != MUSTER_ROLLOUT_RUNNING ||
      member == NULL || !has_begun (self->groups->pdata[member->group]))
    return FALSE;
  /* It takes no place from those that could begin, however long somebody thinks about it. */
  if (member->granted_at != 0 || muster_update_waits_for_consent (update))
    return TRUE;
  if (!muster_entity_is_null (self->rollout, "max_concurrent") &&
      muster_rollout_course_count_running (self) >=
        muster_entity_get_integer (self->rollout, "max_concurrent"))
    return FALSE;
  member->granted_at = monotonic;
  self->n_granted++;
  return TRUE;
}

void
muster_rollout_course_expire_grants (MusterRolloutCourse *self, gint64 monotonic)
{
  GHashTableIter iter;
  gpointer       value;

  if (self->n_granted == 0)
    return;
  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      MusterRolloutMember *member = value;

      if (member->granted_at != 0 && monotonic - member->granted_at > GRANT_PATIENCE)
        release (self, member);
    }
}

/* Who is compared: those of the group that have run it since before the group was watched, and
 * those of groups that have not begun. */
static gboolean
is_compared (MusterRolloutCourse       *self,
             const MusterRolloutMember *member,
             guint                      group,
             gboolean                  *is_rest)
{
  MusterEntity *record = self->groups->pdata[member->group];
  int           status = muster_entity_get_enum (record, "status");

  *is_rest = member->group != group;
  if (!*is_rest)
    return member->status == MUSTER_UPDATE_CONFIRMED &&
           member->finished_at <= muster_entity_get_integer (record, "finished_at");
  return member->status == MUSTER_UPDATE_WAITING &&
         (status == MUSTER_ROLLOUT_GROUP_WAITING || status == MUSTER_ROLLOUT_GROUP_GATE);
}

void
muster_rollout_course_list_compared (MusterRolloutCourse *self,
                                     guint                group,
                                     MusterGateQuestion  *question)
{
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const MusterRolloutMember *member = value;
      gboolean                   is_rest;

      if (is_compared (self, member, group, &is_rest))
        muster_gate_question_add (question, member->device_id, is_rest);
    }
}
