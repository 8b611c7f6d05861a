/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollout-service"

#include "config.h"

#include "core/muster-journal.h"
#include "core/muster-promise.h"
#include "core/muster-time-window.h"
#include "model/muster-site.h"
#include "muster-firmware-service-private.h"
#include "muster-preflight.h"
#include "muster-rollout-plan.h"
#include "muster-rollout-service.h"
#include "muster-update-service-private.h"

#define TICK_SECONDS 5
#define JOIN_INTERVAL (30 * G_TIME_SPAN_SECOND)
#define TOUCH_DELAY_MS 500
/* A device that was let begin, and does not: its place is another's. */
#define GRANT_PATIENCE (60 * G_TIME_SPAN_SECOND)

/* What is known of one update of a rollout. */
typedef struct
{
  MusterUpdateStatus status;
  guint              group;      /* index */
  gint64             granted_at; /* monotonic: it may begin, and has not shown it yet; 0: not */
} Member;

/* A rollout under way. */
typedef struct
{
  MusterRolloutService *service;
  MusterEntity         *rollout; /* (owned) */
  GPtrArray            *groups;  /* (owned) (element-type MusterRolloutGroup) */
  GHashTable           *members; /* (owned): (owned) update id → (owned) Member */
  MusterRolloutCounts  *counts;  /* (owned): along the groups */
  gint64                n_granted;
  gint64                joined_at; /* monotonic: when late joiners were looked for */
  guint                 touch_id;
  gboolean              busy; /* a move is being written */
} Course;

struct _MusterRolloutService
{
  MusterService        parent_instance;
  MusterUpdateService *updates; /* (owned) */
  MusterBus           *bus;     /* (owned) */
  MusterClock         *clock;   /* (owned) */
  MusterActor         *actor;   /* (owned) */
  GHashTable          *courses; /* (owned): rollout id, of the record → (owned) Course */
  GTimeZone           *zone;    /* (owned): of the site */
  guint                tick_id;
};

G_DEFINE_FINAL_TYPE (MusterRolloutService, muster_rollout_service, MUSTER_TYPE_SERVICE)

static void course_consider (Course *self);

static MusterDatabase *
get_database (MusterRolloutService *self)
{
  return muster_repository_get_database (muster_update_service_get_repository (self->updates));
}

/* --- counting --- */

static void
course_free (gpointer data)
{
  Course *self = data;

  g_clear_handle_id (&self->touch_id, g_source_remove);
  g_clear_object (&self->rollout);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->members, g_hash_table_unref);
  g_free (self->counts);
  g_free (self);
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
course_find_group (Course *self, const char *group_id)
{
  for (guint i = 0; i < self->groups->len; i++)
    if (g_strcmp0 (muster_entity_get_id (self->groups->pdata[i]), group_id) == 0)
      return i;
  return 0;
}

static void
course_release (Course *self, Member *member)
{
  if (member->granted_at != 0)
    self->n_granted--;
  member->granted_at = 0;
}

/* Returns whether anything changed by it. */
static gboolean
course_note (Course *self, MusterEntity *update)
{
  const char        *id = muster_entity_get_id (update);
  Member            *member = g_hash_table_lookup (self->members, id);
  MusterUpdateStatus status = muster_entity_get_enum (update, "status");

  if (self->groups->len == 0)
    return FALSE;
  if (member == NULL)
    {
      member = g_new0 (Member, 1);
      member->group =
        course_find_group (self, muster_entity_get_string (update, "rollout_group_id"));
      g_hash_table_insert (self->members, g_strdup (id), member);
      self->counts[member->group].total++;
    }
  else if (member->status == status)
    return FALSE;
  else
    (*get_count (&self->counts[member->group], member->status))--;
  if (status != MUSTER_UPDATE_WAITING)
    course_release (self, member);
  member->status = status;
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

static gint64
course_count_running (Course *self)
{
  gint64 n_running = self->n_granted;

  for (guint i = 0; i < self->groups->len; i++)
    n_running += self->counts[i].running;
  return n_running;
}

/* The figures that windows show: written together, a little later. */
static gboolean
course_touch_cb (gpointer user_data)
{
  Course             *self = user_data;
  MusterRolloutCounts sum = { 0 };
  GPtrArray          *records = g_ptr_array_new_with_free_func (g_object_unref);

  self->touch_id = 0;
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
  muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                        muster_database_write (get_database (self->service), self->service->actor,
                                               NULL, muster_rollout_store_touch, records,
                                               (GDestroyNotify)g_ptr_array_unref),
                        "keeping the figures of a rollout");
  return G_SOURCE_REMOVE;
}

static void
course_touch (Course *self)
{
  if (self->touch_id == 0)
    self->touch_id = g_timeout_add (TOUCH_DELAY_MS, course_touch_cb, self);
}

/* --- moving --- */

static gboolean
is_under_way (MusterEntity *rollout)
{
  int status = muster_entity_get_enum (rollout, "status");

  return status == MUSTER_ROLLOUT_SCHEDULED || status == MUSTER_ROLLOUT_RUNNING ||
         status == MUSTER_ROLLOUT_PAUSED;
}

/* What the writer did: (transfer none) (nullable): the course of a rollout that is under way. */
static Course *
muster_rollout_service_put (MusterRolloutService *self, MusterRolloutState *state)
{
  const char *id = muster_entity_get_id (state->rollout);
  Course     *course = g_hash_table_lookup (self->courses, id);
  guint       n_known = course != NULL ? course->groups->len : 0;

  if (course == NULL)
    {
      course = g_new0 (Course, 1);
      course->service = self;
      course->members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    }
  else
    g_hash_table_steal (self->courses, id);
  g_set_object (&course->rollout, state->rollout);
  g_clear_pointer (&course->groups, g_ptr_array_unref);
  course->groups = g_ptr_array_ref (state->groups);
  course->counts = g_renew (MusterRolloutCounts, course->counts, MAX (state->groups->len, 1));
  for (guint i = n_known; i < state->groups->len; i++)
    course->counts[i] = (MusterRolloutCounts){ 0 };
  for (guint i = 0; i < state->updates->len; i++)
    if (g_strcmp0 (muster_entity_get_string (state->updates->pdata[i], "rollout_id"), id) == 0)
      course_note (course, state->updates->pdata[i]);
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
  g_autofree char *id = g_strdup (muster_entity_get_id (rollout));
  Course          *course = muster_rollout_service_put (self, state);

  course->busy = FALSE;
  muster_update_service_take (self->updates, state->updates);
  course_consider (course);
  muster_update_service_wake (self->updates);
  /* One that has ended keeps its figures up to date until it is forgotten. */
  course = g_hash_table_lookup (self->courses, id);
  if (course != NULL && !is_under_way (course->rollout) && !course->busy)
    {
      g_clear_handle_id (&course->touch_id, g_source_remove);
      course_touch_cb (course);
      if (muster_entity_get_enum (course->rollout, "status") != MUSTER_ROLLOUT_CANCELLED ||
          course_count_running (course) == 0)
        g_hash_table_remove (self->courses, id);
    }
  return dex_future_new_take_object (g_steal_pointer (&rollout));
}

static DexFuture *
muster_rollout_service_write (MusterRolloutService *self,
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

typedef struct
{
  MusterRolloutService *service; /* (owned) */
  char                 *id;
} Failure;

static void
failure_free (gpointer data)
{
  Failure *self = data;

  g_object_unref (self->service);
  g_free (self->id);
  g_free (self);
}

/* Tried again with the next tick. */
static DexFuture *
course_failed_cb (DexFuture *future, gpointer user_data)
{
  Failure *failure = user_data;
  Course  *course = g_hash_table_lookup (failure->service->courses, failure->id);
  g_autoptr (GError) error = NULL;

  if (course != NULL)
    course->busy = FALSE;
  if (dex_future_get_value (future, &error) == NULL)
    g_warning ("a rollout cannot go on: %s", error->message);
  return dex_future_new_true ();
}

static void
course_write (Course           *self,
              MusterRolloutDeed deed,
              unsigned          group,
              const char       *operation,
              char             *reason)
{
  MusterRolloutChange *change = g_new0 (MusterRolloutChange, 1);
  Failure             *failure = g_new0 (Failure, 1);

  change->id = g_strdup (muster_entity_get_id (self->rollout));
  change->deed = deed;
  change->position = group + 1;
  change->reason = reason;
  failure->service = g_object_ref (self->service);
  failure->id = g_strdup (change->id);
  self->busy = TRUE;
  dex_future_disown (
    dex_future_catch (muster_rollout_service_write (self->service, self->service->actor, operation,
                                                    change),
                      course_failed_cb, failure, failure_free));
}

static MusterRolloutGroupState *
course_make_states (Course *self)
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

static char *
describe_failure (Course *self, unsigned group)
{
  const MusterRolloutCounts *counts = &self->counts[group];

  return g_strdup_printf ("%s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                          " updates failed, %" G_GINT64_FORMAT " %% are the most",
                          muster_entity_get_string (self->groups->pdata[group], "name"),
                          counts->failed, counts->total,
                          muster_entity_get_integer (self->groups->pdata[group],
                                                     "error_threshold"));
}

static void
course_consider (Course *self)
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
  states = course_make_states (self);
  move = muster_rollout_plan_move (states, self->groups->len,
                                   muster_entity_get_integer (self->rollout, "soak") *
                                     G_TIME_SPAN_SECOND,
                                   MUSTER_GATE_NONE, now, &group);
  if (move == MUSTER_ROLLOUT_WAIT || move == MUSTER_ROLLOUT_JUDGE ||
      (move == MUSTER_ROLLOUT_FINISH && muster_entity_get_boolean (self->rollout, "dynamic")))
    return;
  course_write (self, deeds[move].deed, group, deeds[move].operation,
                move == MUSTER_ROLLOUT_FAIL ? describe_failure (self, group) : NULL);
}

/* --- what updates may --- */

/* Whether NOW lies in the window of UPDATE; where not, *OPENS_AT is when it opens next. */
static gboolean
is_in_window (MusterRolloutService *self, MusterEntity *update, gint64 now, gint64 *opens_at)
{
  const char *text = muster_entity_get_string (update, "window");
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  MusterTimeWindow window;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node) ||
      !muster_time_window_read (&window, json_node_get_object (node), "", NULL))
    return TRUE;
  for (int offset = -1; offset <= 8; offset++)
    {
      g_autoptr (GDateTime) day = muster_time_window_dup_day (self->zone, now, offset);
      gint64 from, to;

      if (!(window.days & 1u << g_date_time_get_day_of_week (day)))
        continue;
      muster_time_window_get_interval (&window, self->zone, g_date_time_get_year (day),
                                       g_date_time_get_month (day),
                                       g_date_time_get_day_of_month (day), &from, &to);
      if (now >= from && now < to)
        return TRUE;
      if (from > now)
        {
          *opens_at = from;
          return FALSE;
        }
    }
  return FALSE;
}

/* Whether the group of an update that waits has begun. */
static gboolean
has_begun (MusterEntity *group)
{
  int status = muster_entity_get_enum (group, "status");

  return status == MUSTER_ROLLOUT_GROUP_RUNNING || status == MUSTER_ROLLOUT_GROUP_WATCHED ||
         status == MUSTER_ROLLOUT_GROUP_DONE;
}

/* Lets UPDATE have one of the places of its rollout. */
static gboolean
course_grant (Course *self, MusterEntity *update)
{
  Member *member = g_hash_table_lookup (self->members, muster_entity_get_id (update));

  /* What is being decided may be that none begins any more. */
  if (self->busy || muster_entity_get_enum (self->rollout, "status") != MUSTER_ROLLOUT_RUNNING ||
      member == NULL || !has_begun (self->groups->pdata[member->group]))
    return FALSE;
  if (member->granted_at != 0)
    return TRUE;
  if (!muster_entity_is_null (self->rollout, "max_concurrent") &&
      course_count_running (self) >= muster_entity_get_integer (self->rollout, "max_concurrent"))
    return FALSE;
  member->granted_at = muster_clock_get_monotonic (self->service->clock);
  self->n_granted++;
  return TRUE;
}

static void
leave_cb (MusterEntity *update, gint64 now, MusterUpdateLeave *leave, gpointer user_data)
{
  MusterRolloutService *self = user_data;
  const char           *rollout_id = muster_entity_get_string (update, "rollout_id");
  Course *course = rollout_id != NULL ? g_hash_table_lookup (self->courses, rollout_id) : NULL;

  leave->has_window = !muster_entity_is_null (update, "window");
  leave->may_install = is_in_window (self, update, now, &leave->opens_at);
  if (rollout_id == NULL || muster_entity_get_enum (update, "status") != MUSTER_UPDATE_WAITING)
    return;
  leave->may_begin = course != NULL && course_grant (course, update);
}

static void
updates_changed_cb (MusterUpdateService *updates, MusterEntity *update, MusterRolloutService *self)
{
  const char *rollout_id = muster_entity_get_string (update, "rollout_id");
  Course     *course = rollout_id != NULL ? g_hash_table_lookup (self->courses, rollout_id) : NULL;

  if (course == NULL || !course_note (course, update))
    return;
  course_touch (course);
  course_consider (course);
  /* A place is free. */
  if (!muster_update_status_is_open (muster_entity_get_enum (update, "status")) &&
      !muster_entity_is_null (course->rollout, "max_concurrent"))
    muster_update_service_wake (updates);
}

/* --- time --- */

static void
course_expire_grants (Course *self, gint64 monotonic)
{
  GHashTableIter iter;
  gpointer       value;

  if (self->n_granted == 0)
    return;
  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Member *member = value;

      if (member->granted_at != 0 && monotonic - member->granted_at > GRANT_PATIENCE)
        course_release (self, member);
    }
}

/* Ends updates whose devices have not said a word for too long. */
static void
course_give_up (Course *self, gint64 now)
{
  gint64 patience = muster_entity_get_integer (self->rollout, "give_up_after") * G_TIME_SPAN_SECOND;
  g_autofree char *why =
    g_strdup_printf ("silent: the device said nothing for %" G_GINT64_FORMAT " s",
                     muster_entity_get_integer (self->rollout, "give_up_after"));
  const char *const    messages[] = { why, NULL };
  const MusterFeedback feedback = { .kind = MUSTER_FEEDBACK_FAILED,
                                    .progress = -1,
                                    .messages = messages };
  g_autoptr (GPtrArray) silent = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer       id, value;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &id, &value))
    {
      MusterEntity *update = ((Member *)value)->status == MUSTER_UPDATE_RUNNING
                               ? muster_update_service_find (self->service->updates, id)
                               : NULL;

      if (update != NULL && now - muster_entity_get_integer (update, "reported_at") > patience)
        g_ptr_array_add (silent, g_strdup (id));
    }
  for (guint i = 0; i < silent->len; i++)
    muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                          muster_update_service_feedback (self->service->updates,
                                                          self->service->actor, silent->pdata[i],
                                                          &feedback),
                          "giving an update up");
}

static void
course_tick (Course *self, gint64 now, gint64 monotonic)
{
  int status = muster_entity_get_enum (self->rollout, "status");

  course_expire_grants (self, monotonic);
  if (self->busy)
    return;
  if (status == MUSTER_ROLLOUT_SCHEDULED &&
      muster_entity_get_integer (self->rollout, "starts_at") <= now)
    {
      course_write (self, MUSTER_ROLLOUT_DO_START, 0, "Start a rollout", NULL);
      return;
    }
  if (status != MUSTER_ROLLOUT_RUNNING)
    return;
  course_give_up (self, now);
  course_consider (self);
  if (!self->busy && muster_entity_get_boolean (self->rollout, "dynamic") &&
      monotonic - self->joined_at > JOIN_INTERVAL)
    {
      self->joined_at = monotonic;
      course_write (self, MUSTER_ROLLOUT_DO_JOIN, 0, "Take late joiners into a rollout", NULL);
    }
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
                           gint64                position)
{
  static const char *const operations[] = {
    [MUSTER_ROLLOUT_DO_START] = "Start a rollout",
    [MUSTER_ROLLOUT_DO_APPROVE] = "Approve a rollout",
    [MUSTER_ROLLOUT_DO_PAUSE] = "Pause a rollout",
    [MUSTER_ROLLOUT_DO_RESUME] = "Resume a rollout",
    [MUSTER_ROLLOUT_DO_CANCEL] = "Cancel a rollout",
    [MUSTER_ROLLOUT_DO_RETRY] = "Try what failed of a rollout again",
    [MUSTER_ROLLOUT_DO_OPEN] = "Open a group of a rollout",
  };
  MusterRolloutChange *change = NULL;

  dex_return_error_if_fail (MUSTER_IS_ROLLOUT_SERVICE (self));
  dex_return_error_if_fail (id != NULL && deed < G_N_ELEMENTS (operations));

  change = g_new0 (MusterRolloutChange, 1);
  change->id = g_strdup (id);
  change->deed = deed;
  change->position = position;
  return muster_rollout_service_write (self, actor, operations[deed], change);
}

DexFuture *
muster_rollout_service_preflight (MusterRolloutService *self, MusterEntity *rollout)
{
  dex_return_error_if_fail (MUSTER_IS_ROLLOUT_SERVICE (self));
  dex_return_error_if_fail (MUSTER_IS_ROLLOUT (rollout));

  return muster_database_read (get_database (self), muster_preflight_run, g_object_ref (rollout),
                               g_object_unref);
}

MusterUpdateService *
muster_rollout_service_get_updates (MusterRolloutService *self)
{
  g_return_val_if_fail (MUSTER_IS_ROLLOUT_SERVICE (self), NULL);

  return self->updates;
}

/* --- life cycle --- */

static gboolean
load_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterRolloutService *self = data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_site_info);
  g_autoptr (MusterEntity) site = muster_transaction_find (transaction, query, NULL);
  const char *name = site != NULL ? muster_entity_get_string (site, "timezone") : NULL;
  GTimeZone  *zone = name != NULL ? g_time_zone_new_identifier (name) : NULL;

  g_clear_pointer (&self->zone, g_time_zone_unref);
  self->zone = zone != NULL ? zone : g_time_zone_new_local ();
  return muster_rollout_store_list (transaction, NULL, result, error);
}

static DexFuture *
muster_rollout_service_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterRolloutService *self = user_data;
  GPtrArray            *states = g_value_get_boxed (dex_future_get_value (future, NULL));

  for (guint i = 0; i < states->len; i++)
    muster_rollout_service_put (self, states->pdata[i]);
  g_signal_connect_object (self->updates, "changed", G_CALLBACK (updates_changed_cb), self, 0);
  self->tick_id = g_timeout_add_seconds (TICK_SECONDS, muster_rollout_service_tick_cb, self);
  muster_rollout_service_tick_cb (self);
  return dex_future_new_true ();
}

/* A rollout may be changed as any record is, and the site may move to another zone. */
static void
journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterRolloutService *self = user_data;
  MusterJournalEntry   *entry = muster_event_get_payload (event);
  MusterEntity         *record = muster_journal_entry_get_record (entry);
  const char           *entity = muster_journal_entry_get_entity (entry);
  Course               *course = NULL;

  if (record == NULL)
    return;
  if (g_str_equal (entity, muster_site_info.name))
    {
      const char *name = muster_entity_get_string (record, "timezone");
      GTimeZone  *zone = name != NULL ? g_time_zone_new_identifier (name) : NULL;

      g_clear_pointer (&self->zone, g_time_zone_unref);
      self->zone = zone != NULL ? zone : g_time_zone_new_local ();
    }
  else if (g_str_equal (entity, muster_rollout_info.name) &&
           (course = g_hash_table_lookup (self->courses, muster_entity_get_id (record))) != NULL &&
           !course->busy)
    {
      g_autoptr (MusterEntity) copy = muster_entity_copy (record);

      g_hash_table_steal (self->courses, muster_entity_get_id (record));
      g_set_object (&course->rollout, copy);
      g_hash_table_insert (self->courses, (gpointer)muster_entity_get_id (copy), course);
    }
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
  self->courses = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, course_free);
}

MusterRolloutService *
muster_rollout_service_new (MusterUpdateService *updates, MusterBus *bus, MusterClock *clock)
{
  MusterRolloutService *self = NULL;

  g_return_val_if_fail (MUSTER_IS_UPDATE_SERVICE (updates), NULL);

  self = g_object_new (MUSTER_TYPE_ROLLOUT_SERVICE, NULL);
  self->updates = g_object_ref (updates);
  self->bus = g_object_ref (bus);
  self->clock = g_object_ref (clock);
  return self;
}
