/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollout-store"

#include "config.h"

#include "muster-firmware-use.h"
#include "muster-preflight.h"
#include "muster-rollout-gate.h"
#include "muster-rollout-plan.h"
#include "muster-rollout-store.h"
#include "muster-target-query.h"
#include "muster-update-store.h"
#include "muster-update-window.h"

static void
state_free (MusterRolloutState *self)
{
  g_clear_object (&self->rollout);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->updates, g_ptr_array_unref);
  g_free (self);
}

static MusterRolloutState *
state_copy (MusterRolloutState *self)
{
  MusterRolloutState *copy = g_new0 (MusterRolloutState, 1);

  copy->rollout = g_object_ref (self->rollout);
  copy->groups = g_ptr_array_ref (self->groups);
  copy->updates = g_ptr_array_ref (self->updates);
  return copy;
}

G_DEFINE_BOXED_TYPE (MusterRolloutState, muster_rollout_state, state_copy, state_free)

void
muster_rollout_change_free (gpointer data)
{
  MusterRolloutChange *self = data;

  g_free (self->id);
  g_free (self->reason);
  g_free (self->evidence);
  g_clear_pointer (&self->joiners, g_hash_table_unref);
  g_clear_pointer (&self->reserves, muster_reserves_unref);
  g_free (self);
}

static GPtrArray *
select_of (MusterTransaction      *transaction,
           const MusterEntityInfo *info,
           const char             *rollout_id,
           const char             *sort,
           GError                **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);

  muster_query_where (query, "rollout_id", rollout_id);
  muster_query_set_sort (query, sort);
  muster_query_set_limit (query, 0);
  return muster_transaction_select (transaction, query, error);
}

/* --- its devices --- */

static MusterEntity *
make_update (MusterEntity *rollout, MusterEntity *group, MusterEntity *device)
{
  static const char *const texts[] = { "artifact_id", "set_id", "window" };
  static const char *const numbers[] = { "kind", "weight", "confirm_within" };
  MusterEntity            *update = muster_entity_new (&muster_firmware_update_info);

  muster_entity_set_string (update, "device_id", muster_entity_get_id (device));
  muster_entity_set_string (update, "rollout_id", muster_entity_get_id (rollout));
  muster_entity_set_string (update, "rollout_group_id", muster_entity_get_id (group));
  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    muster_entity_set_string (update, texts[i], muster_entity_get_string (rollout, texts[i]));
  for (unsigned i = 0; i < G_N_ELEMENTS (numbers); i++)
    muster_entity_set_integer (update, numbers[i], muster_entity_get_integer (rollout, numbers[i]));
  if (!muster_entity_is_null (rollout, "force_at"))
    muster_entity_set_integer (update, "force_at", muster_entity_get_integer (rollout, "force_at"));
  if (muster_entity_get_boolean (group, "confirmation_required"))
    muster_entity_set_enum (update, "confirmation", MUSTER_UPDATE_CONSENT_NEEDED);
  return update;
}

static gboolean
add_device (MusterTransaction  *transaction,
            MusterRolloutState *state,
            MusterEntity       *group,
            MusterEntity       *device,
            gboolean            needs_signature,
            GError            **error)
{
  MusterUpdateGift gift = { .others = MUSTER_OTHERS_STAY, .needs_signature = needs_signature };
  g_autoptr (MusterEntity) update = make_update (state->rollout, group, device);

  gift.update = update;
  return muster_update_store_give_one (transaction, &gift, state->updates, error);
}

/* Whether DEVICE is given the firmware of ROLLOUT by another update already, or had it by this
 * one. */
static gboolean
has_update (MusterTransaction *transaction,
            MusterEntity      *rollout,
            const char        *device_id,
            gboolean          *has,
            GError           **error)
{
  static const char *const states[] = { "waiting", "running", "cancelling", NULL };
  gboolean                 by_artifact = !muster_entity_is_null (rollout, "artifact_id");
  const char              *field = by_artifact ? "artifact_id" : "set_id";
  g_autoptr (MusterQuery) open_ones = muster_query_new (&muster_firmware_update_info);
  g_autoptr (MusterQuery) own = muster_query_new (&muster_firmware_update_info);
  gint64 n_open, n_own;

  muster_query_where (open_ones, "device_id", device_id);
  muster_query_where (open_ones, field, muster_entity_get_string (rollout, field));
  muster_query_where_any (open_ones, "status", states);
  muster_query_where (own, "device_id", device_id);
  muster_query_where (own, "rollout_id", muster_entity_get_id (rollout));
  n_open = muster_transaction_count (transaction, open_ones, error);
  n_own = n_open >= 0 ? muster_transaction_count (transaction, own, error) : -1;
  *has = n_open > 0 || n_own > 0;
  return n_open >= 0 && n_own >= 0;
}

GPtrArray *
muster_rollout_store_list_devices (MusterTransaction *transaction,
                                   MusterEntity      *rollout,
                                   GHashTable        *only,
                                   MusterReserves    *reserves,
                                   GError           **error)
{
  g_auto (MusterPreflightGift) gift = { NULL };
  g_autoptr (GPtrArray) targets =
              muster_preflight_gift_read (&gift, transaction, rollout, error)
                ? muster_preflight_list_targets (transaction, rollout, only, error)
                : NULL;
  g_autoptr (GPtrArray) devices = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; targets != NULL && i < targets->len; i++)
    {
      MusterEntity *device = targets->pdata[i];
      const char   *id = muster_entity_get_id (device);
      gboolean      has = FALSE, asks = FALSE;
      MusterReserve reserve;

      if (!muster_preflight_find_client (transaction, id, &asks, error) ||
          !muster_reserves_get (reserves, transaction, id, &reserve, error))
        return NULL;
      if (muster_preflight_check (device, &gift, &reserve, 0, asks) & MUSTER_PREFLIGHT_NEVER)
        continue;
      if (!has_update (transaction, rollout, id, &has, error))
        return NULL;
      if (!has)
        g_ptr_array_add (devices, g_object_ref (device));
    }
  return targets != NULL ? g_steal_pointer (&devices) : NULL;
}

MusterEntity *
muster_rollout_store_make_group (MusterEntity                 *rollout,
                                 const MusterRolloutGroupPlan *plan,
                                 unsigned                      position)
{
  MusterEntity *group = muster_entity_new (&muster_rollout_group_info);

  muster_entity_set_string (group, "rollout_id", muster_entity_get_id (rollout));
  muster_entity_set_integer (group, "position", position);
  muster_entity_set_string (group, "name", plan->name);
  muster_entity_set_integer (group, "success_threshold", plan->success_threshold);
  muster_entity_set_integer (group, "error_threshold", plan->error_threshold);
  muster_entity_set_boolean (group, "manual", plan->manual);
  muster_entity_set_string (group, "target_query", plan->target_query);
  muster_entity_set_boolean (group, "confirmation_required", plan->confirmation_required);
  return group;
}

/* --- its groups --- */

/* Which devices the groups of a plan may take. */
typedef struct
{
  GPtrArray *sets; /* (owned) (element-type GHashTable): by device id; NULL: any */
  GPtrArray *devices;
} Choice;

static void
set_free (gpointer set)
{
  if (set != NULL)
    g_hash_table_unref (set);
}

static gboolean
choice_matches (guint group, guint device, gpointer user_data)
{
  Choice *self = user_data;

  return g_hash_table_contains (self->sets->pdata[group],
                                muster_entity_get_id (self->devices->pdata[device]));
}

/* (transfer full) (element-type GHashTable): along PLAN. */
static GPtrArray *
list_sets (MusterTransaction *transaction, GArray *plan, GError **error)
{
  g_autoptr (GPtrArray) sets = g_ptr_array_new_with_free_func (set_free);

  for (guint i = 0; i < plan->len; i++)
    {
      const char *query = g_array_index (plan, MusterRolloutGroupPlan, i).target_query;
      GHashTable *set = query != NULL
                          ? g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref)
                          : NULL;

      g_ptr_array_add (sets, set);
      if (query != NULL && !muster_target_query_add_matches (transaction, query, NULL, set, error))
        return NULL;
    }
  return g_steal_pointer (&sets);
}

static gboolean
has_any (GArray *groups, guint group)
{
  for (guint i = 0; i < groups->len; i++)
    if (g_array_index (groups, guint, i) == group)
      return TRUE;
  return FALSE;
}

GArray *
muster_rollout_store_split (MusterTransaction *transaction,
                            MusterEntity      *rollout,
                            GArray            *plan,
                            GPtrArray         *devices,
                            GError           **error)
{
  g_autoptr (GPtrArray) sets = list_sets (transaction, plan, error);
  Choice   choice = { sets, devices };
  gboolean has_rest = g_array_index (plan, MusterRolloutGroupPlan, plan->len - 1).is_rest;
  GArray  *groups =
    sets != NULL ? muster_rollout_plan_split (plan, devices->len, choice_matches, &choice) : NULL;

  if (groups != NULL && has_rest && !muster_entity_get_boolean (rollout, "dynamic") &&
      !has_any (groups, plan->len - 1))
    g_array_set_size (plan, plan->len - 1);
  return groups;
}

static gboolean
fill_groups (MusterTransaction         *transaction,
             MusterRolloutState        *state,
             const MusterRolloutChange *change,
             GError                   **error)
{
  g_autoptr (GArray) plan = muster_rollout_plan_read (state->rollout, error);
  g_autoptr (GPtrArray) devices =
              plan != NULL ? muster_rollout_store_list_devices (transaction, state->rollout, NULL,
                                                                change->reserves, error)
                           : NULL;
  g_autoptr (GArray) groups = NULL;

  if (devices == NULL)
    return FALSE;
  if (devices->len == 0 && !muster_entity_get_boolean (state->rollout, "dynamic"))
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                           "no device can be given this firmware: the pre-flight table says why");
      return FALSE;
    }
  groups = muster_rollout_store_split (transaction, state->rollout, plan, devices, error);
  for (guint i = 0; groups != NULL && i < plan->len; i++)
    {
      MusterEntity *group =
        muster_rollout_store_make_group (state->rollout,
                                         &g_array_index (plan, MusterRolloutGroupPlan, i), i + 1);

      g_ptr_array_add (state->groups, group);
      if (!muster_transaction_insert (transaction, group, error))
        return FALSE;
      for (guint n = 0; n < devices->len; n++)
        if (g_array_index (groups, guint, n) == i &&
            !add_device (transaction, state, group, devices->pdata[n], change->needs_signature,
                         error))
          return FALSE;
    }
  return groups != NULL;
}

static gboolean
join_devices (MusterTransaction         *transaction,
              MusterRolloutState        *state,
              const MusterRolloutChange *change,
              GError                   **error)
{
  g_autoptr (GPtrArray) devices =
              muster_rollout_store_list_devices (transaction, state->rollout, change->joiners,
                                                 change->reserves, error);

  for (guint i = 0; devices != NULL && state->groups->len > 0 && i < devices->len; i++)
    if (!add_device (transaction, state, state->groups->pdata[state->groups->len - 1],
                     devices->pdata[i], change->needs_signature, error))
      return FALSE;
  return devices != NULL;
}

/* --- what people do --- */

/* In which states people may do what; approving, denying and opening groups look for themselves. */
static gboolean
check_state (MusterEntity *rollout, MusterRolloutDeed deed, GError **error)
{
  static const struct
  {
    MusterRolloutDeed deed;
    guint             states; /* bits */
    const char       *detail;
  } rules[] = {
    { MUSTER_ROLLOUT_DO_START,
      1 << MUSTER_ROLLOUT_DRAFT | 1 << MUSTER_ROLLOUT_APPROVAL | 1 << MUSTER_ROLLOUT_SCHEDULED,
      "one that has not begun can be started" },
    { MUSTER_ROLLOUT_DO_RESUME, 1 << MUSTER_ROLLOUT_PAUSED, "one that is paused can go on" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rules); i++)
    if (rules[i].deed == deed &&
        !(rules[i].states & 1u << muster_entity_get_enum (rollout, "status")))
      {
        g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "the rollout is %s: %s",
                     muster_entity_get_string (rollout, "status"), rules[i].detail);
        return FALSE;
      }
  return TRUE;
}

static gboolean
set_status (MusterTransaction  *transaction,
            MusterRolloutState *state,
            MusterRolloutStatus status,
            const char         *reason,
            GError            **error)
{
  gint64 now = muster_transaction_get_now (transaction);

  muster_entity_set_enum (state->rollout, "status", status);
  muster_entity_set_string (state->rollout, "reason", reason);
  if (status == MUSTER_ROLLOUT_RUNNING && muster_entity_is_null (state->rollout, "started_at"))
    muster_entity_set_integer (state->rollout, "started_at", now);
  if (status == MUSTER_ROLLOUT_FINISHED || status == MUSTER_ROLLOUT_CANCELLED)
    muster_entity_set_integer (state->rollout, "finished_at", now);
  else
    muster_entity_set_null (state->rollout, "finished_at");
  return muster_transaction_update (transaction, state->rollout, 0, error);
}

static gboolean
start (MusterTransaction         *transaction,
       MusterRolloutState        *state,
       const MusterRolloutChange *change,
       GError                   **error)
{
  MusterEntity *rollout = state->rollout;

  if (muster_entity_get_boolean (rollout, "needs_approval") &&
      muster_entity_is_null (rollout, "approved_by"))
    return set_status (transaction, state, MUSTER_ROLLOUT_APPROVAL, NULL, error);
  if (!muster_entity_is_null (rollout, "starts_at") &&
      muster_entity_get_integer (rollout, "starts_at") > muster_transaction_get_now (transaction))
    return set_status (transaction, state, MUSTER_ROLLOUT_SCHEDULED, NULL, error);
  return set_status (transaction, state, MUSTER_ROLLOUT_RUNNING, NULL, error) &&
         (state->groups->len > 0 || fill_groups (transaction, state, change, error));
}

/* One that was paused before its time waits for that again. */
static gboolean
resume (MusterTransaction         *transaction,
        MusterRolloutState        *state,
        const MusterRolloutChange *change,
        GError                   **error)
{
  /* It could begin nothing, and would only seem to run. */
  if (!muster_firmware_use_check_given (transaction, state->rollout, error))
    return FALSE;
  if (muster_entity_is_null (state->rollout, "started_at"))
    return start (transaction, state, change, error);
  return set_status (transaction, state, MUSTER_ROLLOUT_RUNNING, NULL, error) &&
         (state->groups->len > 0 || fill_groups (transaction, state, change, error));
}

/* Two pairs of eyes: who made it does not let it pass. */
static gboolean
check_second (MusterTransaction *transaction, MusterEntity *rollout, GError **error)
{
  const char *actor = muster_actor_to_string (muster_transaction_get_actor (transaction));

  if (g_strcmp0 (actor, muster_entity_get_string (rollout, "actor")) != 0)
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                       "another person than who made the rollout must do this");
  return FALSE;
}

static gboolean
check_waits (MusterEntity *rollout, const char *deed, GError **error)
{
  if (muster_entity_get_enum (rollout, "status") == MUSTER_ROLLOUT_APPROVAL)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "the rollout is %s: one that waits for approval can be %s",
               muster_entity_get_string (rollout, "status"), deed);
  return FALSE;
}

static gboolean
approve (MusterTransaction         *transaction,
         MusterRolloutState        *state,
         const MusterRolloutChange *change,
         GError                   **error)
{
  if (!check_waits (state->rollout, "approved", error) ||
      !check_second (transaction, state->rollout, error))
    return FALSE;
  muster_entity_set_string (state->rollout, "approved_by",
                            muster_actor_to_string (muster_transaction_get_actor (transaction)));
  muster_entity_set_integer (state->rollout, "approved_at",
                             muster_transaction_get_now (transaction));
  muster_entity_set_string (state->rollout, "approval_remark", change->reason);
  return start (transaction, state, change, error);
}

static gboolean
deny (MusterTransaction         *transaction,
      MusterRolloutState        *state,
      const MusterRolloutChange *change,
      GError                   **error)
{
  if (!check_waits (state->rollout, "denied", error))
    return FALSE;
  muster_entity_set_string (state->rollout, "approval_remark", change->reason);
  return set_status (transaction, state, MUSTER_ROLLOUT_CANCELLED,
                     change->reason != NULL ? change->reason : "it was not approved", error);
}

static gboolean
each_update (MusterTransaction  *transaction,
             MusterRolloutState *state,
             gboolean (*func) (MusterTransaction *, MusterEntity *, gboolean *, GError **),
             GError **error)
{
  g_autoptr (GPtrArray) updates = select_of (transaction, &muster_firmware_update_info,
                                            muster_entity_get_id (state->rollout), "id", error);

  for (guint i = 0; updates != NULL && i < updates->len; i++)
    {
      gboolean changed = FALSE;

      if (!func (transaction, updates->pdata[i], &changed, error))
        return FALSE;
      if (changed)
        g_ptr_array_add (state->updates, g_object_ref (updates->pdata[i]));
    }
  return updates != NULL;
}

static gboolean
cancel_open (MusterTransaction *transaction,
             MusterEntity      *update,
             gboolean          *changed,
             GError           **error)
{
  int status = muster_entity_get_enum (update, "status");

  *changed = status == MUSTER_UPDATE_WAITING || status == MUSTER_UPDATE_RUNNING;
  return !*changed || muster_update_store_cancel_one (transaction, update, FALSE, error);
}

static gboolean
retry_failed (MusterTransaction *transaction,
              MusterEntity      *update,
              gboolean          *changed,
              GError           **error)
{
  int      status = muster_entity_get_enum (update, "status");
  gboolean is_wanted = FALSE;

  if (status != MUSTER_UPDATE_FAILED && status != MUSTER_UPDATE_REVERTED)
    return TRUE;
  /* It may have got it otherwise, or be gone. */
  if (!muster_update_store_is_wanted (transaction, update, &is_wanted, error))
    return FALSE;
  *changed = is_wanted;
  return !is_wanted || muster_update_store_retry_one (transaction, update, error);
}

static gboolean
retry (MusterTransaction *transaction, MusterRolloutState *state, GError **error)
{
  if (!each_update (transaction, state, retry_failed, error))
    return FALSE;
  if (state->updates->len == 0)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                           "none of its updates failed whose device still wants it");
      return FALSE;
    }
  for (guint i = 0; i < state->groups->len; i++)
    if (muster_entity_get_enum (state->groups->pdata[i], "status") == MUSTER_ROLLOUT_GROUP_FAILED)
      {
        muster_entity_set_enum (state->groups->pdata[i], "status", MUSTER_ROLLOUT_GROUP_RUNNING);
        muster_entity_set_null (state->groups->pdata[i], "finished_at");
        if (!muster_transaction_update (transaction, state->groups->pdata[i], 0, error))
          return FALSE;
      }
  /* One that had ended is no longer in memory: whoever takes it up again needs all of it. */
  g_clear_pointer (&state->updates, g_ptr_array_unref);
  state->updates = select_of (transaction, &muster_firmware_update_info,
                              muster_entity_get_id (state->rollout), "id", error);
  return state->updates != NULL &&
         set_status (transaction, state, MUSTER_ROLLOUT_RUNNING, NULL, error);
}

/* --- groups --- */

static MusterEntity *
get_group (MusterRolloutState *state, const MusterRolloutChange *change, GError **error)
{
  if (change->position >= 1 && change->position <= state->groups->len)
    return state->groups->pdata[change->position - 1];
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
               "the rollout has no group %" G_GINT64_FORMAT, change->position);
  return NULL;
}

static gboolean
open_group (MusterTransaction         *transaction,
            MusterRolloutState        *state,
            const MusterRolloutChange *change,
            GError                   **error)
{
  MusterEntity *group = get_group (state, change, error);
  int           status = group != NULL ? muster_entity_get_enum (group, "status") : 0;

  if (group == NULL || (muster_entity_get_boolean (state->rollout, "needs_approval") &&
                        !check_second (transaction, state->rollout, error)))
    return FALSE;
  if (status != MUSTER_ROLLOUT_GROUP_WAITING && status != MUSTER_ROLLOUT_GROUP_GATE)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "the group is %s: one that has not begun can be opened",
                   muster_entity_get_string (group, "status"));
      return FALSE;
    }
  muster_entity_set_string (group, "opened_by",
                            muster_actor_to_string (muster_transaction_get_actor (transaction)));
  return muster_transaction_update (transaction, group, 0, error);
}

static gboolean
set_group_status (MusterTransaction         *transaction,
                  MusterRolloutState        *state,
                  const MusterRolloutChange *change,
                  MusterRolloutGroupStatus   status,
                  GError                   **error)
{
  MusterEntity *group = get_group (state, change, error);
  gint64        now = muster_transaction_get_now (transaction);

  if (group == NULL)
    return FALSE;
  muster_entity_set_enum (group, "status", status);
  if (status == MUSTER_ROLLOUT_GROUP_RUNNING)
    muster_entity_set_integer (group, "started_at", now);
  if (status == MUSTER_ROLLOUT_GROUP_RUNNING)
    muster_entity_set_null (group, "evidence");
  if (status == MUSTER_ROLLOUT_GROUP_WATCHED)
    muster_entity_set_integer (group, "finished_at", now);
  if (change->evidence != NULL)
    muster_entity_set_string (group, "evidence", change->evidence);
  return muster_transaction_update (transaction, group, 0, error);
}

/* The first group that has not begun; NULL with ERROR. */
static MusterEntity *
find_next (MusterRolloutState *state, GError **error)
{
  for (guint i = 0; i < state->groups->len; i++)
    {
      int status = muster_entity_get_enum (state->groups->pdata[i], "status");

      if (status == MUSTER_ROLLOUT_GROUP_WAITING || status == MUSTER_ROLLOUT_GROUP_GATE)
        return state->groups->pdata[i];
    }
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                       "the rollout has no group that has not begun");
  return NULL;
}

static gboolean
begin_next (MusterTransaction         *transaction,
            MusterRolloutState        *state,
            const MusterRolloutChange *change,
            GError                   **error)
{
  MusterEntity       *group = find_next (state, error);
  MusterRolloutChange next = *change;

  if (group == NULL)
    return FALSE;
  if (muster_entity_get_enum (state->rollout, "status") != MUSTER_ROLLOUT_RUNNING)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "the rollout is %s: the groups of one that runs can begin",
                   muster_entity_get_string (state->rollout, "status"));
      return FALSE;
    }
  next.position = muster_entity_get_integer (group, "position");
  return open_group (transaction, state, &next, error) &&
         set_group_status (transaction, state, &next, MUSTER_ROLLOUT_GROUP_RUNNING, error);
}

static gboolean
fail_group (MusterTransaction         *transaction,
            MusterRolloutState        *state,
            const MusterRolloutChange *change,
            GError                   **error)
{
  gboolean cancels =
    muster_entity_get_enum (state->rollout, "error_action") == MUSTER_ROLLOUT_ON_ERROR_CANCEL;

  return set_group_status (transaction, state, change, MUSTER_ROLLOUT_GROUP_FAILED, error) &&
         set_status (transaction, state, cancels ? MUSTER_ROLLOUT_CANCELLED : MUSTER_ROLLOUT_PAUSED,
                     change->reason, error) &&
         (!cancels || each_update (transaction, state, cancel_open, error));
}

/* --- all of it --- */

/* What the course does by itself it decided before it heard of what people did meanwhile. */
static gboolean
is_too_late (MusterEntity *rollout, MusterRolloutDeed deed)
{
  return deed >= MUSTER_ROLLOUT_DO_JOIN &&
         muster_entity_get_enum (rollout, "status") != MUSTER_ROLLOUT_RUNNING;
}

static gboolean
change_state (MusterTransaction         *transaction,
              MusterRolloutState        *state,
              const MusterRolloutChange *change,
              GError                   **error)
{
  switch (change->deed)
    {
    case MUSTER_ROLLOUT_DO_START:
      return start (transaction, state, change, error);
    case MUSTER_ROLLOUT_DO_APPROVE:
      return approve (transaction, state, change, error);
    case MUSTER_ROLLOUT_DO_PAUSE:
      return set_status (transaction, state, MUSTER_ROLLOUT_PAUSED, change->reason, error);
    case MUSTER_ROLLOUT_DO_RESUME:
      return resume (transaction, state, change, error);
    case MUSTER_ROLLOUT_DO_CANCEL:
      return set_status (transaction, state, MUSTER_ROLLOUT_CANCELLED, change->reason, error) &&
             each_update (transaction, state, cancel_open, error);
    case MUSTER_ROLLOUT_DO_RETRY:
      return retry (transaction, state, error);
    case MUSTER_ROLLOUT_DO_OPEN:
      return open_group (transaction, state, change, error);
    case MUSTER_ROLLOUT_DO_DENY:
      return deny (transaction, state, change, error);
    case MUSTER_ROLLOUT_DO_NEXT:
      return begin_next (transaction, state, change, error);
    case MUSTER_ROLLOUT_DO_JOIN:
      return join_devices (transaction, state, change, error);
    case MUSTER_ROLLOUT_DO_ASK:
      return set_group_status (transaction, state, change, MUSTER_ROLLOUT_GROUP_GATE, error);
    case MUSTER_ROLLOUT_DO_BEGIN:
      return set_group_status (transaction, state, change, MUSTER_ROLLOUT_GROUP_RUNNING, error);
    case MUSTER_ROLLOUT_DO_WATCH:
      return set_group_status (transaction, state, change, MUSTER_ROLLOUT_GROUP_WATCHED, error);
    case MUSTER_ROLLOUT_DO_PASS:
      return set_group_status (transaction, state, change, MUSTER_ROLLOUT_GROUP_DONE, error);
    case MUSTER_ROLLOUT_DO_FAIL:
      return fail_group (transaction, state, change, error);
    case MUSTER_ROLLOUT_DO_FINISH:
      return set_status (transaction, state, MUSTER_ROLLOUT_FINISHED, NULL, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

static MusterRolloutState *
read_state (MusterTransaction *transaction, const char *id, gboolean with_updates, GError **error)
{
  MusterRolloutState *state = g_new0 (MusterRolloutState, 1);

  state->rollout = muster_transaction_get (transaction, &muster_rollout_info, id, error);
  if (state->rollout != NULL)
    state->groups = select_of (transaction, &muster_rollout_group_info, id, "position", error);
  if (state->groups != NULL)
    state->updates = with_updates
                       ? select_of (transaction, &muster_firmware_update_info, id, "id", error)
                       : g_ptr_array_new_with_free_func (g_object_unref);
  if (state->updates != NULL)
    return state;
  state_free (state);
  return NULL;
}

gboolean
muster_rollout_store_change (MusterTransaction *transaction,
                             gpointer           data,
                             GValue            *result,
                             GError           **error)
{
  const MusterRolloutChange *change = data;
  MusterRolloutState        *state = read_state (transaction, change->id, FALSE, error);

  if (state == NULL || !check_state (state->rollout, change->deed, error) ||
      (!is_too_late (state->rollout, change->deed) &&
       !change_state (transaction, state, change, error)))
    {
      g_clear_pointer (&state, state_free);
      return FALSE;
    }
  g_value_init (result, MUSTER_TYPE_ROLLOUT_STATE);
  g_value_take_boxed (result, state);
  return TRUE;
}

/* Adds those that QUERY finds to STATES. */
static gboolean
read_states (MusterTransaction *transaction, MusterQuery *query, GPtrArray *states, GError **error)
{
  g_autoptr (GPtrArray) ids = muster_transaction_select_ids (transaction, query, error);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      MusterRolloutState *state = read_state (transaction, ids->pdata[i], TRUE, error);

      if (state == NULL)
        return FALSE;
      g_ptr_array_add (states, state);
    }
  return ids != NULL;
}

gboolean
muster_rollout_store_list (MusterTransaction *transaction,
                           gpointer           data,
                           GValue            *result,
                           GError           **error)
{
  static const char *const under_way[] = { "scheduled", "running", "paused", NULL };
  g_autoptr (MusterQuery) query = muster_query_new (&muster_rollout_info);
  g_autoptr (MusterQuery) ending = muster_query_new (&muster_rollout_info);
  g_autoptr (GPtrArray) states = g_ptr_array_new_with_free_func ((GDestroyNotify)state_free);

  muster_query_where_any (query, "status", under_way);
  /* Their devices have still to let it be. */
  muster_query_where (ending, "status", "cancelled");
  muster_query_where (ending, "running.min", "1");
  if (!read_states (transaction, query, states, error) ||
      !read_states (transaction, ending, states, error))
    return FALSE;
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&states));
  return TRUE;
}

gboolean
muster_rollout_store_touch (MusterTransaction *transaction,
                            gpointer           data,
                            GValue            *result,
                            GError           **error)
{
  GPtrArray *records = data;

  for (guint i = 0; i < records->len; i++)
    if (!muster_transaction_touch (transaction, records->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* --- rules --- */

static void
check_targets (MusterEntity *rollout, MusterFieldErrors *errors)
{
  if (muster_entity_is_null (rollout, "artifact_id") == muster_entity_is_null (rollout, "set_id"))
    muster_field_errors_add (errors, "/artifact_id",
                             "must be given, or set_id in its place, and not both");
  if (muster_entity_is_null (rollout, "filter") &&
      muster_entity_is_null (rollout, "device_group_id") &&
      muster_entity_is_null (rollout, "target_query"))
    muster_field_errors_add (
      errors, "/filter",
      "must say for which devices it is, or device_group_id or target_query: an empty one is for "
      "all");
  if (muster_entity_get_enum (rollout, "kind") == MUSTER_UPDATE_KIND_TIME_FORCED &&
      muster_entity_is_null (rollout, "force_at"))
    muster_field_errors_add (errors, "/force_at",
                             "must be given for what is forced from a time on");
}

/* Nobody is asked at other devices than update clients: it would wait for ever. */
static gboolean
check_consent (MusterEntity *rollout, GArray *plan, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  gboolean asks = muster_entity_get_boolean (rollout, "confirmation_required");

  for (guint i = 0; i < plan->len; i++)
    asks = asks || g_array_index (plan, MusterRolloutGroupPlan, i).confirmation_required;
  if (asks && (muster_entity_is_null (rollout, "target_query") ||
               !muster_entity_is_null (rollout, "filter") ||
               !muster_entity_is_null (rollout, "device_group_id")))
    muster_field_errors_add (errors, "/confirmation_required",
                             "only update clients can be asked for consent: say which by "
                             "target_query alone");
  return muster_field_errors_check (errors, error);
}

static void
check_clients (MusterEntity *rollout, MusterFieldErrors *errors)
{
  const char *text = muster_entity_get_string (rollout, "target_query");
  g_autoptr (GError) error = NULL;

  if (text != NULL && !muster_target_query_check (text, &error))
    muster_field_errors_add (errors, "/target_query", "%s", error->message);
}

static void
check_same (MusterEntity      *before,
            MusterEntity      *after,
            const char *const *fixed,
            const char        *detail,
            MusterFieldErrors *errors)
{
  for (unsigned i = 0; fixed[i] != NULL; i++)
    {
      int index = muster_entity_info_find (&muster_rollout_info, fixed[i]);

      if (!muster_value_equal (&muster_rollout_info.fields[index],
                               muster_entity_peek (before, index),
                               muster_entity_peek (after, index)))
        {
          g_autofree char *pointer = muster_json_pointer_append ("", fixed[i]);

          muster_field_errors_add (errors, pointer, "%s", detail);
        }
    }
}

/* Once it has begun, who is given what does not change under those who approved it. */
static void
check_fixed (MusterEntity *before, MusterEntity *after, MusterFieldErrors *errors)
{
  static const char *const fixed[] = { "artifact_id",           "set_id",         "filter",
                                       "device_group_id",       "target_query",   "plan",
                                       "confirmation_required", "needs_approval", NULL };
  static const char *const agreed[] = {
    "dynamic", "kind", "force_at", "success_threshold", "error_threshold", "error_action", "window",
    "soak",    "gate", NULL
  };

  if (muster_entity_get_enum (before, "status") == MUSTER_ROLLOUT_DRAFT)
    return;
  check_same (before, after, fixed, "is fixed once the rollout left its draft", errors);
  if (muster_entity_get_boolean (before, "needs_approval"))
    check_same (before, after, agreed, "is what the second person agreed to", errors);
}

static gboolean
is_draft (MusterEntity *rollout)
{
  return muster_entity_get_enum (rollout, "status") == MUSTER_ROLLOUT_DRAFT;
}

static gboolean
rollout_rule (MusterTransaction *transaction,
              MusterEntity      *before,
              MusterEntity      *after,
              gpointer           data,
              GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GArray) plan = NULL;
  g_autoptr (GArray) gate = NULL;

  if (after == NULL)
    {
      int status = muster_entity_get_enum (before, "status");

      if (status == MUSTER_ROLLOUT_DRAFT || status == MUSTER_ROLLOUT_APPROVAL)
        return TRUE;
      g_set_error_literal (
        error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
        "a rollout that has begun stays, as what happened to devices: cancel it");
      return FALSE;
    }
  /* Whoever changes what others drafted is not the second person any more. */
  if (before == NULL || (is_draft (before) && is_draft (after)))
    muster_entity_set_string (after, "actor",
                              muster_actor_to_string (muster_transaction_get_actor (transaction)));
  if (before != NULL)
    check_fixed (before, after, errors);
  check_targets (after, errors);
  check_clients (after, errors);
  muster_update_window_check (muster_entity_get_string (after, "window"), FALSE,
                              muster_transaction_get_now (transaction), errors);
  if (!muster_field_errors_check (errors, error))
    return FALSE;
  plan = muster_rollout_plan_read (after, error);
  gate = plan != NULL && check_consent (after, plan, error)
           ? muster_rollout_gate_read (after, error)
           : NULL;
  return gate != NULL;
}

void
muster_rollout_rules_add (MusterDatabase *database)
{
  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_database_add_rule (database, &muster_rollout_info, MUSTER_RULE_BEFORE, rollout_rule, NULL);
}
