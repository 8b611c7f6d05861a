/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-kinds"

#include "config.h"

#include "muster-job-service-private.h"

/* --- what may be asked for --- */

static void
refuse_field (MusterFieldErrors *errors, const char *name, const char *detail)
{
  g_autofree char *pointer = muster_json_pointer_append ("/changes", name);

  muster_field_errors_add (errors, pointer, "%s", detail);
}

/* What each record has for itself, or what is not for everybody's eyes, is no change for many. */
static void
check_field (const MusterEntityInfo *info, const char *name, MusterFieldErrors *errors)
{
  int               index = muster_entity_info_find (info, name);
  MusterFieldFlags  flags = index >= 0 ? info->fields[index].flags : 0;
  const char *const machine = info->machine_field;

  if (flags & MUSTER_FIELD_UNIQUE)
    refuse_field (errors, name, "is unique: it cannot be the same for many");
  else if (flags & MUSTER_FIELD_SECRET)
    refuse_field (errors, name, "is a secret of each record: set it one by one");
  else if (machine != NULL && g_str_equal (name, machine))
    refuse_field (errors, name, "is changed by a job of the kind status");
}

/* Exactly the member NAME, for the kinds that change one thing. */
static void
check_only (JsonObject *changes, const char *name, MusterFieldErrors *errors)
{
  JsonObjectIter iter;
  const char    *member = NULL;

  if (!json_object_has_member (changes, name))
    refuse_field (errors, name, "must be given");
  json_object_iter_init (&iter, changes);
  while (json_object_iter_next (&iter, &member, NULL))
    if (!g_str_equal (member, name))
      refuse_field (errors, member, "is changed by a job of the kind edit");
}

static void
check_edit (const MusterEntityInfo *info, JsonObject *changes, MusterFieldErrors *errors)
{
  JsonObjectIter iter;
  const char    *name = NULL;

  if (json_object_get_size (changes) == 0)
    muster_field_errors_add (errors, "/changes", "must name a field to change");
  json_object_iter_init (&iter, changes);
  while (json_object_iter_next (&iter, &name, NULL))
    check_field (info, name, errors);
}

/* Steps that have work of their own are read-only in the record: a job does the work. */
static gboolean
is_step (const MusterEntityInfo *info, const char *kind)
{
  int index =
    info->machine_field != NULL ? muster_entity_info_find (info, info->machine_field) : -1;

  return g_str_equal (kind, "status") && index >= 0 &&
         (info->fields[index].flags & MUSTER_FIELD_READ_ONLY) != 0;
}

/* NAME of CHANGES must be one of STATES. */
static void
check_state (const MusterEnum  *states,
             JsonObject        *changes,
             const char        *name,
             MusterFieldErrors *errors)
{
  JsonNode *node = json_object_get_member (changes, name);
  g_autoptr (GString) detail = g_string_new ("must be one of ");

  if (node == NULL ||
      (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING &&
       muster_enum_parse (states, json_node_get_string (node)) >= 0))
    return;
  for (unsigned i = 0; i < muster_enum_get_count (states); i++)
    g_string_append_printf (detail, "%s%s", i > 0 ? ", " : "", muster_enum_get_nick (states, i));
  refuse_field (errors, name, detail->str);
}

gboolean
muster_job_decode_changes (const MusterEntityInfo *info,
                           const char             *kind,
                           JsonObject             *changes,
                           MusterEntity           *record,
                           GError                **error)
{
  return muster_entity_decode (record, changes,
                               is_step (info, kind) ? MUSTER_DECODE_TRUSTED : MUSTER_DECODE_REPLACE,
                               "/changes", error);
}

gboolean
muster_job_check_changes (const MusterEntityInfo *info,
                          const char             *kind,
                          JsonObject             *changes,
                          GError                **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (MusterEntity) trial = muster_entity_new (info);

  if (g_str_equal (kind, "move"))
    check_only (changes, "location_id", errors);
  else if (g_str_equal (kind, "status"))
    check_only (changes, info->machine_field != NULL ? info->machine_field : "status", errors);
  else
    check_edit (info, changes, errors);
  if (is_step (info, kind))
    check_state (info->machine->states, changes, info->machine_field, errors);
  return muster_field_errors_check (errors, error) &&
         muster_job_decode_changes (info, kind, changes, trial, error);
}

/* --- edit, move, status --- */

static void
take_title (MusterEntity *row, MusterEntity *record)
{
  const MusterEntityInfo *info = muster_entity_get_info (record);
  int index = info->title_field != NULL ? muster_entity_info_find (info, info->title_field) : -1;
  g_autofree char *title = NULL;

  if (index < 0 || muster_entity_peek (record, index)->is_null)
    return;
  title = muster_field_format_text (&info->fields[index], muster_entity_peek (record, index));
  muster_entity_set_string (row, "title", title);
}

static gboolean
prepare_changes (MusterTransaction *transaction, MusterJobRun *run, GError **error)
{
  if (run->parameters != NULL && json_object_has_member (run->parameters, "changes"))
    run->state = json_object_get_object_member (run->parameters, "changes");
  if (run->state == NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT,
                 "the job does not know any more what to change: make a new one");
  return run->state != NULL;
}

static MusterJobOutcome
run_changes (MusterTransaction  *transaction,
             const MusterJobRun *run,
             MusterEntity       *row,
             GError            **error)
{
  const MusterJobTarget *target = run->target;
  g_autoptr (MusterEntity) record =
              muster_transaction_get (transaction, run->info,
                                      muster_entity_get_string (row, "entity_id"), error);
  gint64 revision;

  if (record == NULL)
    return MUSTER_JOB_REFUSED;
  take_title (row, record);
  revision = muster_entity_get_revision (record);
  if (!muster_entity_decode (record, run->state, MUSTER_DECODE_REPLACE, "", error))
    return MUSTER_JOB_REFUSED;
  if (target != NULL && target->change != NULL &&
      !target->change (transaction, record, run->state, target->data, error))
    return MUSTER_JOB_REFUSED;
  if (!muster_transaction_update (transaction, record, 0, error))
    return MUSTER_JOB_REFUSED;
  return muster_entity_get_revision (record) == revision ? MUSTER_JOB_UNCHANGED : MUSTER_JOB_DONE;
}

/* The status of what has no room for the work that goes with it is a change like any other. */
static MusterJobOutcome
run_status (MusterTransaction  *transaction,
            const MusterJobRun *run,
            MusterEntity       *row,
            GError            **error)
{
  const char *id = muster_entity_get_string (row, "entity_id");
  g_autoptr (MusterEntity) record = NULL;
  gboolean changed = FALSE;

  if (run->target == NULL || run->target->step == NULL)
    return run_changes (transaction, run, row, error);
  record = muster_transaction_get (transaction, run->info, id, error);
  if (record == NULL)
    return MUSTER_JOB_REFUSED;
  take_title (row, record);
  if (!run->target->step (transaction, id, run->state, &changed, error))
    return MUSTER_JOB_REFUSED;
  return changed ? MUSTER_JOB_DONE : MUSTER_JOB_UNCHANGED;
}

const MusterJobKind muster_job_edit_kind = { "edit", prepare_changes, run_changes };
const MusterJobKind muster_job_move_kind = { "move", prepare_changes, run_changes };
const MusterJobKind muster_job_status_kind = { "status", prepare_changes, run_status };

/* --- delete --- */

static MusterJobOutcome
run_delete (MusterTransaction  *transaction,
            const MusterJobRun *run,
            MusterEntity       *row,
            GError            **error)
{
  const char *id = muster_entity_get_string (row, "entity_id");
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterEntity) record = muster_transaction_get (transaction, run->info, id, &cause);

  /* It may have gone with another of the rows. */
  if (g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
    return MUSTER_JOB_UNCHANGED;
  if (record == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return MUSTER_JOB_REFUSED;
    }
  take_title (row, record);
  return muster_transaction_delete (transaction, run->info, id, 0, error) ? MUSTER_JOB_DONE
                                                                          : MUSTER_JOB_REFUSED;
}

const MusterJobKind muster_job_delete_kind = { "delete", NULL, run_delete };
