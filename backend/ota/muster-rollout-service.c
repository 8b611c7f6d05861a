/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollout-service"

#include "config.h"

#include "core/muster-journal.h"
#include "core/muster-promise.h"
#include "model/muster-site.h"
#include "muster-firmware-service-private.h"
#include "muster-preflight.h"
#include "muster-rollout-course.h"
#include "muster-rollout-service.h"
#include "muster-update-rules.h"
#include "muster-update-service-private.h"
#include "muster-update-window.h"

#define TICK_SECONDS 5
#define TOUCH_DELAY_MS 500
#define REMARK_MAX 1000 /* characters */
/* What devices say to a daemon that is not there they say again, at least so soon. */
#define RETURN_TIME (3600 * G_TIME_SPAN_SECOND)

struct _MusterRolloutService
{
  MusterService        parent_instance;
  MusterUpdateService *updates; /* (owned) */
  MusterSampleStore   *samples; /* (owned) */
  MusterBus           *bus;     /* (owned) */
  MusterClock         *clock;   /* (owned) */
  MusterActor         *actor;   /* (owned) */
  GHashTable *courses; /* (owned): rollout id, of the record → (owned) MusterRolloutCourse */
  GTimeZone  *zone;    /* (owned): of the site */
  guint       tick_id;
  gboolean    is_loaded; /* a rollout that is not in `courses` is not under way */
};

G_DEFINE_FINAL_TYPE (MusterRolloutService, muster_rollout_service, MUSTER_TYPE_SERVICE)

static void course_consider (MusterRolloutCourse *self);

static MusterDatabase *
get_database (MusterRolloutService *self)
{
  return muster_repository_get_database (muster_update_service_get_repository (self->updates));
}

/* --- counting --- */

/* The figures that windows show: written together, a little later. */
static gboolean
course_touch_cb (gpointer user_data)
{
  MusterRolloutCourse  *self = user_data;
  MusterRolloutService *service = self->service;

  self->touch_id = 0;
  muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                        muster_database_write (get_database (service), service->actor, NULL,
                                               muster_rollout_store_touch,
                                               muster_rollout_course_make_figures (self),
                                               (GDestroyNotify)g_ptr_array_unref),
                        "keeping the figures of a rollout");
  return G_SOURCE_REMOVE;
}

static void
course_touch (MusterRolloutCourse *self)
{
  if (self->touch_id == 0)
    self->touch_id = g_timeout_add (TOUCH_DELAY_MS, course_touch_cb, self);
}

/* --- moving --- */

/* What the writer did: (transfer none) (nullable): the course of a rollout that is under way. */
static MusterRolloutCourse *
muster_rollout_service_put (MusterRolloutService *self, MusterRolloutState *state)
{
  const char          *id = muster_entity_get_id (state->rollout);
  MusterRolloutCourse *course = g_hash_table_lookup (self->courses, id);

  if (course == NULL)
    {
      course = muster_rollout_course_new (self);
      course->since = muster_clock_get_now (self->clock);
    }
  else
    g_hash_table_steal (self->courses, id);
  muster_rollout_course_set_rollout (course, state->rollout);
  muster_rollout_course_set_groups (course, state->groups);
  for (guint i = 0; i < state->updates->len; i++)
    if (g_strcmp0 (muster_entity_get_string (state->updates->pdata[i], "rollout_id"), id) == 0)
      muster_rollout_course_note (course, state->updates->pdata[i]);
  g_hash_table_insert (self->courses, (gpointer)muster_entity_get_id (course->rollout), course);
  course_touch (course);
  return course;
}

static DexFuture *
muster_rollout_service_done_cb (DexFuture *future, gpointer user_data)
{
  MusterRolloutService *self = user_data;
  MusterRolloutState   *state = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_autoptr (MusterEntity) rollout = g_object_ref (state->rollout);
  g_autofree char     *id = g_strdup (muster_entity_get_id (rollout));
  MusterRolloutCourse *course = muster_rollout_service_put (self, state);

  course->busy = FALSE;
  muster_update_service_take (self->updates, state->updates);
  course_consider (course);
  muster_update_service_wake (self->updates);
  /* One that has ended keeps its figures up to date until it is forgotten. */
  course = g_hash_table_lookup (self->courses, id);
  if (course != NULL && !muster_rollout_course_is_under_way (course) && !course->busy)
    {
      g_clear_handle_id (&course->touch_id, g_source_remove);
      course_touch_cb (course);
      if (muster_entity_get_enum (course->rollout, "status") != MUSTER_ROLLOUT_CANCELLED ||
          muster_rollout_course_count_running (course) == 0)
        g_hash_table_remove (self->courses, id);
    }
  return dex_future_new_take_object (g_steal_pointer (&rollout));
}

/* What devices have to be updated with: DEVICE_IDS (nullable): all. */
static DexFuture *
muster_rollout_service_ask_reserves (MusterRolloutService *self, const char *const *device_ids)
{
  MusterFirmwareService *firmware = muster_update_service_get_firmware (self->updates);

  return muster_reserves_ask (self->samples, device_ids,
                              muster_firmware_service_get_least_charge (firmware));
}

/* Takes CHANGE. OPERATION: a static text. */
static DexFuture *
muster_rollout_service_write_now (MusterRolloutService *self,
                                  MusterActor          *actor,
                                  const char           *operation,
                                  MusterRolloutChange  *change)
{
  change->needs_signature =
    muster_firmware_service_requires_signature (muster_update_service_get_firmware (self->updates));
  return dex_future_then (muster_database_write_large (get_database (self), actor, operation,
                                                       muster_rollout_store_change, change,
                                                       muster_rollout_change_free),
                          muster_rollout_service_done_cb, g_object_ref (self), g_object_unref);
}

/* A change that waits for what is known of its devices. */
typedef struct
{
  MusterRolloutService *service; /* (owned) */
  MusterActor          *actor;   /* (owned) */
  const char           *operation;
  MusterRolloutChange  *change; /* (owned) (nullable) */
} Write;

static void
write_free (gpointer data)
{
  Write *self = data;

  g_object_unref (self->service);
  muster_actor_unref (self->actor);
  g_clear_pointer (&self->change, muster_rollout_change_free);
  g_free (self);
}

static DexFuture *
write_cb (DexFuture *future, gpointer user_data)
{
  Write *self = user_data;

  self->change->reserves = g_value_dup_boxed (dex_future_get_value (future, NULL));
  return muster_rollout_service_write_now (self->service, self->actor, self->operation,
                                           g_steal_pointer (&self->change));
}

/* Approving and going on start what has not begun. */
static gboolean
takes_devices_in (MusterRolloutDeed deed)
{
  return deed == MUSTER_ROLLOUT_DO_START || deed == MUSTER_ROLLOUT_DO_APPROVE ||
         deed == MUSTER_ROLLOUT_DO_RESUME || deed == MUSTER_ROLLOUT_DO_JOIN;
}

/* Takes CHANGE. OPERATION: a static text. */
static DexFuture *
muster_rollout_service_write (MusterRolloutService *self,
                              MusterActor          *actor,
                              const char           *operation,
                              MusterRolloutChange  *change)
{
  g_autofree const char **joiners = NULL;
  Write                  *write = NULL;

  if (!takes_devices_in (change->deed))
    return muster_rollout_service_write_now (self, actor, operation, change);
  write = g_new0 (Write, 1);
  *write = (Write){ g_object_ref (self), muster_actor_ref (actor), operation, change };
  if (change->joiners != NULL)
    joiners = (const char **)g_hash_table_get_keys_as_array (change->joiners, NULL);
  return dex_future_then (muster_rollout_service_ask_reserves (self, joiners), write_cb, write,
                          write_free);
}

typedef struct
{
  MusterRolloutService *service; /* (owned) */
  char                 *id;
  MusterRolloutDeed     deed;
} Failure;

static void course_write (MusterRolloutCourse *self,
                          MusterRolloutDeed    deed,
                          unsigned             group,
                          const char          *operation,
                          char                *reason);

static Failure *
failure_new (MusterRolloutCourse *course, MusterRolloutDeed deed)
{
  Failure *self = g_new0 (Failure, 1);

  self->service = g_object_ref (course->service);
  self->id = g_strdup (muster_entity_get_id (course->rollout));
  self->deed = deed;
  return self;
}

static void
failure_free (gpointer data)
{
  Failure *self = data;

  g_object_unref (self->service);
  g_free (self->id);
  g_free (self);
}

/* Whether it is for people to mend: the firmware was withdrawn, say, or fits no device any more. */
static gboolean
is_for_people (const Failure *failure, const GError *error)
{
  return (failure->deed == MUSTER_ROLLOUT_DO_START || failure->deed == MUSTER_ROLLOUT_DO_JOIN) &&
         (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT) ||
          g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_INVALID) ||
          g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND));
}

/* What failed is tried again with the next tick, but where that would be the same for ever. */
static void
course_fail (MusterRolloutCourse *self, const Failure *failure, const GError *error)
{
  if (self != NULL && !self->busy && muster_rollout_course_is_under_way (self) &&
      is_for_people (failure, error))
    course_write (self, MUSTER_ROLLOUT_DO_PAUSE, 0, "Pause a rollout that cannot go on",
                  g_utf8_truncate_middle (error->message, REMARK_MAX));
  else
    g_warning ("a rollout cannot go on: %s", error->message);
}

static DexFuture *
course_failed_cb (DexFuture *future, gpointer user_data)
{
  Failure             *failure = user_data;
  MusterRolloutCourse *course = g_hash_table_lookup (failure->service->courses, failure->id);
  g_autoptr (GError) error = NULL;

  if (course != NULL)
    course->busy = FALSE;
  if (dex_future_get_value (future, &error) == NULL)
    course_fail (course, failure, error);
  return dex_future_new_true ();
}

/* Takes CHANGE. */
static void
course_write_change (MusterRolloutCourse *self, const char *operation, MusterRolloutChange *change)
{
  Failure *failure = failure_new (self, change->deed);

  change->id = g_strdup (failure->id);
  self->busy = TRUE;
  dex_future_disown (
    dex_future_catch (muster_rollout_service_write (self->service, self->service->actor, operation,
                                                    change),
                      course_failed_cb, failure, failure_free));
}

/* Takes REASON and EVIDENCE. */
static void
course_write_found (MusterRolloutCourse *self,
                    MusterRolloutDeed    deed,
                    unsigned             group,
                    const char          *operation,
                    char                *reason,
                    char                *evidence)
{
  MusterRolloutChange *change = g_new0 (MusterRolloutChange, 1);

  change->deed = deed;
  change->position = group + 1;
  change->reason = reason;
  change->evidence = evidence;
  course_write_change (self, operation, change);
}

/* Takes REASON. */
static void
course_write (MusterRolloutCourse *self,
              MusterRolloutDeed    deed,
              unsigned             group,
              const char          *operation,
              char                *reason)
{
  course_write_found (self, deed, group, operation, reason, NULL);
}

/* --- the telemetry gate --- */

/* A gate that was asked, and the group (an index) that it was asked of. */
typedef struct
{
  Failure  failure; /* what it is of; also where it could not be answered */
  unsigned group;
} Verdict;

static void
verdict_free (gpointer data)
{
  Verdict *self = data;

  g_object_unref (self->failure.service);
  g_free (self->failure.id);
  g_free (self);
}

/* What came of it is written with the group, unless people had other ideas meanwhile. */
static void
course_take_judgement (MusterRolloutCourse       *self,
                       unsigned                   group,
                       const MusterGateJudgement *judgement)
{
  gboolean stops = judgement->verdict == MUSTER_GATE_WORSE;

  if (self->busy || muster_entity_get_enum (self->rollout, "status") != MUSTER_ROLLOUT_RUNNING ||
      group >= self->groups->len ||
      muster_entity_get_enum (self->groups->pdata[group], "status") != MUSTER_ROLLOUT_GROUP_WATCHED)
    return;
  course_write_found (self, stops ? MUSTER_ROLLOUT_DO_FAIL : MUSTER_ROLLOUT_DO_PASS, group,
                      stops ? "Stop a rollout" : "End a group of a rollout",
                      stops ? g_strdup (judgement->reason) : NULL, g_strdup (judgement->evidence));
}

static DexFuture *
course_judged_cb (DexFuture *future, gpointer user_data)
{
  Verdict             *verdict = user_data;
  MusterRolloutCourse *course =
    g_hash_table_lookup (verdict->failure.service->courses, verdict->failure.id);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (course != NULL)
    course->judging = FALSE;
  if (value == NULL)
    g_warning ("a telemetry gate cannot be asked: %s", error->message);
  else if (course != NULL)
    course_take_judgement (course, verdict->group, g_value_get_boxed (value));
  return dex_future_new_true ();
}

static void
course_judge (MusterRolloutCourse *self, guint group)
{
  MusterRolloutService *service = self->service;
  MusterGateQuestion   *question =
    muster_gate_question_new (get_database (service), service->samples, self->rollout,
                              self->groups->pdata[group], muster_clock_get_now (service->clock));
  Verdict *verdict = g_new0 (Verdict, 1);

  muster_rollout_course_list_compared (self, group, question);
  verdict->failure.service = g_object_ref (service);
  verdict->failure.id = g_strdup (muster_entity_get_id (self->rollout));
  verdict->group = group;
  self->judging = TRUE;
  dex_future_disown (dex_future_finally (muster_gate_question_answer (question), course_judged_cb,
                                         verdict, verdict_free));
}

/* --- deciding --- */

static void
course_consider (MusterRolloutCourse *self)
{
  static const struct
  {
    MusterRolloutDeed deed;
    const char       *operation;
  } deeds[] = {
    [MUSTER_ROLLOUT_ASK] = { MUSTER_ROLLOUT_DO_ASK, "Ask for a group to be opened" },
    [MUSTER_ROLLOUT_BEGIN] = { MUSTER_ROLLOUT_DO_BEGIN, "Begin a group of a rollout" },
    [MUSTER_ROLLOUT_WATCH] = { MUSTER_ROLLOUT_DO_WATCH, "Watch a group of a rollout" },
    [MUSTER_ROLLOUT_PASS] = { MUSTER_ROLLOUT_DO_PASS, "End a group of a rollout" },
    [MUSTER_ROLLOUT_FAIL] = { MUSTER_ROLLOUT_DO_FAIL, "Stop a rollout" },
    [MUSTER_ROLLOUT_FINISH] = { MUSTER_ROLLOUT_DO_FINISH, "Finish a rollout" },
  };
  g_autofree MusterRolloutGroupState *states = NULL;
  gint64                              now = muster_clock_get_now (self->service->clock);
  unsigned                            group = 0;
  MusterRolloutMove                   move;

  if (self->busy || muster_entity_get_enum (self->rollout, "status") != MUSTER_ROLLOUT_RUNNING)
    return;
  states = muster_rollout_course_make_states (self);
  move = muster_rollout_plan_move (
    states, self->groups->len,
    muster_entity_get_integer (self->rollout, "soak") * G_TIME_SPAN_SECOND,
    muster_entity_is_null (self->rollout, "gate") ? MUSTER_GATE_NONE : MUSTER_GATE_UNKNOWN, now,
    &group);
  if (move == MUSTER_ROLLOUT_JUDGE)
    {
      if (!self->judging)
        course_judge (self, group);
      return;
    }
  if (move == MUSTER_ROLLOUT_WAIT ||
      (move == MUSTER_ROLLOUT_FINISH && muster_entity_get_boolean (self->rollout, "dynamic")))
    return;
  course_write (self, deeds[move].deed, group, deeds[move].operation,
                move == MUSTER_ROLLOUT_FAIL ? muster_rollout_course_describe_failure (self, group)
                                            : NULL);
}

/* --- what updates may --- */

static void
leave_cb (MusterEntity *update, gint64 now, MusterUpdateLeave *leave, gpointer user_data)
{
  MusterRolloutService *self = user_data;
  const char           *rollout_id = muster_entity_get_string (update, "rollout_id");
  MusterRolloutCourse  *course =
    rollout_id != NULL ? g_hash_table_lookup (self->courses, rollout_id) : NULL;

  leave->has_window = !muster_entity_is_null (update, "window");
  leave->may_install = muster_update_window_is_open (muster_entity_get_string (update, "window"),
                                                     self->zone, now, &leave->opens_at);
  leave->pace = course != NULL ? course->pace : NULL;
  if (rollout_id == NULL || muster_entity_get_enum (update, "status") != MUSTER_UPDATE_WAITING)
    return;
  /* One that a person tries again after its rollout has ended goes alone. */
  if (course == NULL || !muster_rollout_course_is_under_way (course))
    leave->may_begin = self->is_loaded;
  else
    leave->may_begin =
      muster_rollout_course_grant (course, update, muster_clock_get_monotonic (self->clock));
}

static void
updates_changed_cb (MusterUpdateService *updates, MusterEntity *update, MusterRolloutService *self)
{
  const char          *rollout_id = muster_entity_get_string (update, "rollout_id");
  MusterRolloutCourse *course =
    rollout_id != NULL ? g_hash_table_lookup (self->courses, rollout_id) : NULL;

  if (course == NULL || !muster_rollout_course_note (course, update))
    return;
  course_touch (course);
  course_consider (course);
  /* A place is free. */
  if (!muster_update_status_is_open (muster_entity_get_enum (update, "status")) &&
      !muster_entity_is_null (course->rollout, "max_concurrent"))
    muster_update_service_wake (updates);
}

/* --- late joiners --- */

/* They are looked at again the next time, in case that anything comes between. */
static void
course_let_join (MusterRolloutCourse *self, GHashTable *devices)
{
  MusterRolloutChange *change = NULL;
  GHashTableIter       iter;
  gpointer             id;

  g_hash_table_iter_init (&iter, devices);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    muster_late_joiners_note_device (self->joiners, id);
  if (g_hash_table_size (devices) == 0 || self->busy ||
      muster_entity_get_enum (self->rollout, "status") != MUSTER_ROLLOUT_RUNNING)
    return;
  change = g_new0 (MusterRolloutChange, 1);
  change->deed = MUSTER_ROLLOUT_DO_JOIN;
  change->joiners = g_hash_table_ref (devices);
  course_write_change (self, "Take late joiners into a rollout", change);
}

static DexFuture *
course_looked_cb (DexFuture *future, gpointer user_data)
{
  Failure             *failure = user_data;
  MusterRolloutCourse *course = g_hash_table_lookup (failure->service->courses, failure->id);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (course != NULL)
    course->looking = FALSE;
  if (value == NULL)
    course_fail (course, failure, error);
  else if (course != NULL)
    course_let_join (course, g_value_get_boxed (value));
  return dex_future_new_true ();
}

static void
course_look_for_joiners (MusterRolloutCourse *self, gint64 monotonic)
{
  self->looking = TRUE;
  dex_future_disown (
    dex_future_finally (muster_late_joiners_find (self->joiners, get_database (self->service),
                                                  self->rollout, monotonic),
                        course_looked_cb, failure_new (self, MUSTER_ROLLOUT_DO_JOIN),
                        failure_free));
}

/* ENTRY (nullable), or what else became of DEVICE_ID, may let it join rollouts. */
static void
muster_rollout_service_note_joiners (MusterRolloutService *self,
                                     MusterJournalEntry   *entry,
                                     const char           *device_id)
{
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, self->courses);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      MusterRolloutCourse *course = value;

      if (!muster_entity_get_boolean (course->rollout, "dynamic"))
        continue;
      if (entry != NULL)
        muster_late_joiners_note (course->joiners, entry);
      else
        muster_late_joiners_note_device (course->joiners, device_id);
    }
}

/* How far an update is that goes on is of no matter to whom a rollout is for. */
static void
joiners_changed_cb (MusterUpdateService *updates, MusterEntity *update, MusterRolloutService *self)
{
  int status = muster_entity_get_enum (update, "status");

  if (status == MUSTER_UPDATE_WAITING || !muster_update_status_is_open (status))
    muster_rollout_service_note_joiners (self, NULL,
                                         muster_entity_get_string (update, "device_id"));
}

/* --- time --- */

/* Whether the device of UPDATE, which is at it, has not said a word for too long. One that waits
 * for its window has nothing to say, and none can say anything to a daemon that is not there. */
static gboolean
course_is_silent (MusterRolloutCourse *self,
                  MusterRolloutMember *member,
                  MusterEntity        *update,
                  gint64               now)
{
  gint64 patience = muster_entity_get_integer (self->rollout, "give_up_after") * G_TIME_SPAN_SECOND;

  if (member->status == MUSTER_UPDATE_RUNNING &&
      !muster_update_service_get_leave (self->service->updates, update).may_install)
    member->held_at = now;
  return now - MAX (muster_entity_get_integer (update, "reported_at"), member->held_at) >
           patience &&
         now - self->since > MIN (patience, RETURN_TIME);
}

static void
course_give_one_up (MusterRolloutCourse *self, MusterEntity *update)
{
  gboolean         is_running = muster_entity_get_enum (update, "status") == MUSTER_UPDATE_RUNNING;
  g_autofree char *why =
    g_strdup_printf ("silent: the device said nothing for %" G_GINT64_FORMAT " s",
                     muster_entity_get_integer (self->rollout, "give_up_after"));
  const char *const    messages[] = { why, NULL };
  const MusterFeedback feedback = { .kind = is_running ? MUSTER_FEEDBACK_FAILED
                                                       : MUSTER_FEEDBACK_CANCELLED,
                                    .progress = -1,
                                    .messages = messages };

  muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                        muster_update_service_feedback (self->service->updates,
                                                        self->service->actor,
                                                        muster_entity_get_id (update), &feedback),
                        "giving an update up");
}

/* Ends updates whose devices are silent, whether they are at it or were told to let it be. */
static void
course_give_up (MusterRolloutCourse *self, gint64 now)
{
  g_autoptr (GPtrArray) silent = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer       id, value;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &id, &value))
    {
      MusterRolloutMember *member = value;
      gboolean             is_at_it =
        member->status == MUSTER_UPDATE_RUNNING || member->status == MUSTER_UPDATE_CANCELLING;
      MusterEntity *update =
        is_at_it ? muster_update_service_find (self->service->updates, id) : NULL;

      if (update != NULL && course_is_silent (self, member, update, now))
        g_ptr_array_add (silent, g_object_ref (update));
    }
  for (guint i = 0; i < silent->len; i++)
    course_give_one_up (self, silent->pdata[i]);
}

static void
course_tick (MusterRolloutCourse *self, gint64 now, gint64 monotonic)
{
  int status = muster_entity_get_enum (self->rollout, "status");

  muster_rollout_course_expire_grants (self, monotonic);
  if (self->busy)
    return;
  if (status == MUSTER_ROLLOUT_SCHEDULED &&
      muster_entity_get_integer (self->rollout, "starts_at") <= now)
    {
      course_write (self, MUSTER_ROLLOUT_DO_START, 0, "Start a rollout", NULL);
      return;
    }
  if (status == MUSTER_ROLLOUT_RUNNING || status == MUSTER_ROLLOUT_CANCELLED)
    course_give_up (self, now);
  if (status != MUSTER_ROLLOUT_RUNNING)
    return;
  course_consider (self);
  if (!self->busy && !self->looking && muster_entity_get_boolean (self->rollout, "dynamic") &&
      muster_late_joiners_is_due (self->joiners, self->rollout, monotonic))
    course_look_for_joiners (self, monotonic);
}

static gboolean
muster_rollout_service_tick_cb (gpointer user_data)
{
  MusterRolloutService *self = user_data;
  g_autoptr (GPtrArray) courses = g_hash_table_get_values_as_ptr_array (self->courses);
  gint64 now = muster_clock_get_now (self->clock);
  gint64 monotonic = muster_clock_get_monotonic (self->clock);

  for (guint i = 0; i < courses->len; i++)
    course_tick (courses->pdata[i], now, monotonic);
  return G_SOURCE_CONTINUE;
}

/* --- what people do --- */

DexFuture *
muster_rollout_service_do (MusterRolloutService *self,
                           MusterActor          *actor,
                           const char           *id,
                           MusterRolloutDeed     deed,
                           gint64                position,
                           const char           *remark)
{
  static const char *const operations[] = {
    [MUSTER_ROLLOUT_DO_START] = "Start a rollout",
    [MUSTER_ROLLOUT_DO_APPROVE] = "Approve a rollout",
    [MUSTER_ROLLOUT_DO_PAUSE] = "Pause a rollout",
    [MUSTER_ROLLOUT_DO_RESUME] = "Resume a rollout",
    [MUSTER_ROLLOUT_DO_CANCEL] = "Cancel a rollout",
    [MUSTER_ROLLOUT_DO_RETRY] = "Try what failed of a rollout again",
    [MUSTER_ROLLOUT_DO_OPEN] = "Open a group of a rollout",
    [MUSTER_ROLLOUT_DO_DENY] = "Deny a rollout its approval",
    [MUSTER_ROLLOUT_DO_NEXT] = "Begin the next group of a rollout",
  };
  MusterRolloutChange *change = NULL;

  dex_return_error_if_fail (MUSTER_IS_ROLLOUT_SERVICE (self));
  dex_return_error_if_fail (id != NULL && deed < G_N_ELEMENTS (operations));

  change = g_new0 (MusterRolloutChange, 1);
  change->id = g_strdup (id);
  change->deed = deed;
  change->position = position;
  change->reason = remark != NULL
                     ? g_utf8_substring (remark, 0, MIN (g_utf8_strlen (remark, -1), REMARK_MAX))
                     : NULL;
  return muster_rollout_service_write (self, actor, operations[deed], change);
}

typedef struct
{
  MusterRolloutService *service; /* (owned) */
  MusterEntity         *rollout; /* (owned) */
} Look;

static void
look_free (gpointer data)
{
  Look *self = data;

  g_object_unref (self->service);
  g_object_unref (self->rollout);
  g_free (self);
}

static DexFuture *
preflight_cb (DexFuture *future, gpointer user_data)
{
  Look                    *look = user_data;
  MusterRolloutService    *self = look->service;
  MusterPreflightQuestion *question = g_new0 (MusterPreflightQuestion, 1);

  *question = (MusterPreflightQuestion){
    g_object_ref (look->rollout), g_time_zone_ref (self->zone),
    g_value_dup_boxed (dex_future_get_value (future, NULL)), muster_clock_get_now (self->clock),
    muster_firmware_service_requires_signature (muster_update_service_get_firmware (self->updates))
  };
  return muster_database_read (get_database (self), muster_preflight_run, question,
                               muster_preflight_question_free);
}

DexFuture *
muster_rollout_service_preflight (MusterRolloutService *self, MusterEntity *rollout)
{
  Look *look = NULL;

  dex_return_error_if_fail (MUSTER_IS_ROLLOUT_SERVICE (self));
  dex_return_error_if_fail (MUSTER_IS_ROLLOUT (rollout));

  look = g_new0 (Look, 1);
  *look = (Look){ g_object_ref (self), g_object_ref (rollout) };
  return dex_future_then (muster_rollout_service_ask_reserves (self, NULL), preflight_cb, look,
                          look_free);
}

MusterUpdateService *
muster_rollout_service_get_updates (MusterRolloutService *self)
{
  g_return_val_if_fail (MUSTER_IS_ROLLOUT_SERVICE (self), NULL);

  return self->updates;
}

/* --- life cycle --- */

static void
set_zone (MusterRolloutService *self, const char *name)
{
  GTimeZone *zone = name != NULL ? g_time_zone_new_identifier (name) : NULL;

  g_clear_pointer (&self->zone, g_time_zone_unref);
  self->zone = zone != NULL ? zone : g_time_zone_new_local ();
}

static gboolean
load_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterRolloutService *self = data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_site_info);
  g_autoptr (MusterEntity) site = muster_transaction_find (transaction, query, NULL);

  set_zone (self, site != NULL ? muster_entity_get_string (site, "timezone") : NULL);
  return muster_rollout_store_list (transaction, NULL, result, error);
}

static DexFuture *
muster_rollout_service_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterRolloutService *self = user_data;
  GPtrArray            *states = g_value_get_boxed (dex_future_get_value (future, NULL));

  for (guint i = 0; i < states->len; i++)
    muster_rollout_service_put (self, states->pdata[i]);
  self->is_loaded = TRUE;
  g_signal_connect_object (self->updates, "changed", G_CALLBACK (updates_changed_cb), self, 0);
  g_signal_connect_object (self->updates, "changed", G_CALLBACK (joiners_changed_cb), self, 0);
  self->tick_id = g_timeout_add_seconds (TICK_SECONDS, muster_rollout_service_tick_cb, self);
  muster_rollout_service_tick_cb (self);
  return dex_future_new_true ();
}

static DexFuture *
muster_rollout_service_read_cb (DexFuture *future, gpointer user_data)
{
  MusterRolloutService *self = user_data;
  MusterEntity         *rollout = g_value_get_object (dex_future_get_value (future, NULL));
  MusterRolloutCourse *course = g_hash_table_lookup (self->courses, muster_entity_get_id (rollout));

  if (course == NULL)
    return dex_future_new_true ();
  g_hash_table_steal (self->courses, muster_entity_get_id (rollout));
  muster_rollout_course_set_rollout (course, rollout);
  g_hash_table_insert (self->courses, (gpointer)muster_entity_get_id (course->rollout), course);
  course_consider (course);
  muster_update_service_wake (self->updates);
  return dex_future_new_true ();
}

/* A rollout may be changed as any record is, and the site may move to another zone. */
static void
journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterRolloutService *self = user_data;
  MusterJournalEntry   *entry = muster_event_get_payload (event);
  const char           *entity = muster_journal_entry_get_entity (entry);
  const char           *id = muster_journal_entry_get_entity_id (entry);
  JsonObject           *after = muster_journal_entry_get_after (entry);
  MusterRolloutCourse  *course = g_hash_table_lookup (self->courses, id);

  muster_rollout_service_note_joiners (self, entry, NULL);
  if (after == NULL)
    return;
  /* Nothing was noted as long as it took none. */
  if (course != NULL && json_object_has_member (after, "dynamic"))
    muster_late_joiners_note_all (course->joiners);
  if (g_str_equal (entity, muster_site_info.name) && json_object_has_member (after, "timezone"))
    set_zone (self, json_object_get_string_member_with_default (after, "timezone", NULL));
  else if (g_str_equal (entity, muster_rollout_info.name) && course != NULL)
    muster_disown_logged (
      G_LOG_LEVEL_MESSAGE,
      dex_future_then (muster_repository_get (muster_update_service_get_repository (self->updates),
                                              &muster_rollout_info, id),
                       muster_rollout_service_read_cb, g_object_ref (self), g_object_unref),
      "reading a rollout that was changed");
}

static DexFuture *
muster_rollout_service_start (MusterService *service)
{
  MusterRolloutService *self = MUSTER_ROLLOUT_SERVICE (service);

  muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self), journal_cb, self);
  muster_update_service_set_leave (self->updates, leave_cb, self);
  return dex_future_then (muster_database_read (get_database (self), load_job, g_object_ref (self),
                                                g_object_unref),
                          muster_rollout_service_loaded_cb, g_object_ref (self), g_object_unref);
}

static DexFuture *
muster_rollout_service_stop (MusterService *service)
{
  MusterRolloutService *self = MUSTER_ROLLOUT_SERVICE (service);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  self->is_loaded = FALSE;
  muster_update_service_set_leave (self->updates, NULL, NULL);
  g_hash_table_remove_all (self->courses);
  return NULL;
}

static void
muster_rollout_service_finalize (GObject *object)
{
  MusterRolloutService *self = MUSTER_ROLLOUT_SERVICE (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_pointer (&self->courses, g_hash_table_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_object (&self->updates);
  g_clear_object (&self->samples);
  g_clear_object (&self->bus);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (muster_rollout_service_parent_class)->finalize (object);
}

static void
muster_rollout_service_class_init (MusterRolloutServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_rollout_service_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "rollouts";
  MUSTER_SERVICE_CLASS (klass)->start = muster_rollout_service_start;
  MUSTER_SERVICE_CLASS (klass)->stop = muster_rollout_service_stop;
}

static void
muster_rollout_service_init (MusterRolloutService *self)
{
  self->actor = muster_actor_new_system ("rollouts");
  self->zone = g_time_zone_new_local ();
  self->courses = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, muster_rollout_course_free);
}

MusterRolloutService *
muster_rollout_service_new (MusterUpdateService *updates,
                            MusterSampleStore   *samples,
                            MusterBus           *bus,
                            MusterClock         *clock)
{
  MusterRolloutService *self = NULL;

  g_return_val_if_fail (MUSTER_IS_UPDATE_SERVICE (updates), NULL);
  g_return_val_if_fail (MUSTER_IS_SAMPLE_STORE (samples), NULL);

  self = g_object_new (MUSTER_TYPE_ROLLOUT_SERVICE, NULL);
  self->updates = g_object_ref (updates);
  self->samples = g_object_ref (samples);
  self->bus = g_object_ref (bus);
  self->clock = g_object_ref (clock);
  return self;
}
