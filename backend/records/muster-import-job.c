/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-import-job"

#include "config.h"

#include "muster-import-file.h"
#include "muster-import-job.h"
#include "muster-import-plan.h"

/* In the input of a row whose key a row before has: which one. No column is called so. */
#define REPEATS "\n"

/* --- one row --- */

typedef struct
{
  MusterImportPlan *plan;    /* (owned) */
  char            **columns; /* (owned) */
  const char      **cells;   /* (owned): along them, of the row under way */
} State;

static void
state_free (State *self)
{
  g_clear_pointer (&self->plan, muster_import_plan_free);
  g_strfreev (self->columns);
  g_free (self->cells);
  g_free (self);
}

static char **
list_columns (JsonObject *import)
{
  JsonArray *array = json_object_get_array_member (import, "columns");
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_strv_builder_add (names,
                        json_object_get_string_member (json_array_get_object_element (array, i),
                                                       "name"));
  return g_strv_builder_end (names);
}

static gboolean
prepare (MusterTransaction *transaction, MusterJobRun *run, GError **error)
{
  State *state = g_new0 (State, 1);

  state->columns = list_columns (run->parameters);
  state->cells = g_new0 (const char *, g_strv_length (state->columns) + 1);
  state->plan =
    muster_import_plan_new (muster_record_kind_find (run->info->name),
                            (const char *const *)state->columns, run->parameters, error);
  if (state->plan == NULL)
    {
      state_free (state);
      return FALSE;
    }
  run->state = state;
  return TRUE;
}

static void
release (MusterJobRun *run)
{
  g_clear_pointer ((State **)&run->state, state_free);
}

static gboolean
write_record (MusterTransaction  *transaction,
              MusterImportOutcome outcome,
              MusterEntity       *record,
              GError            **error)
{
  if (outcome == MUSTER_IMPORT_NEW)
    return muster_transaction_insert (transaction, record, error);
  return outcome != MUSTER_IMPORT_CHANGED ||
         muster_transaction_update (transaction, record, 0, error);
}

static void
note_record (MusterEntity *row, MusterEntity *record)
{
  const char *title_field = muster_entity_get_info (record)->title_field;
  const char *title = title_field != NULL ? muster_entity_get_string (record, title_field) : NULL;

  muster_entity_set_string (row, "entity_id", muster_entity_get_id (record));
  muster_entity_set_string (row, "title", title);
}

static MusterJobOutcome
take_row (MusterTransaction *transaction, State *state, MusterEntity *row, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (MusterEntity) record = NULL;
  g_autoptr (MusterEntity) before = NULL;
  MusterImportOutcome outcome = MUSTER_IMPORT_FAILED;

  if (!muster_import_plan_read (state->plan, transaction, state->cells, &outcome, &record, &before,
                                errors, error) ||
      !muster_field_errors_check (errors, error) ||
      !write_record (transaction, outcome, record, error))
    return MUSTER_JOB_REFUSED;
  note_record (row, record);
  return outcome == MUSTER_IMPORT_SAME ? MUSTER_JOB_UNCHANGED : MUSTER_JOB_DONE;
}

static gboolean
check_repeat (State *state, JsonObject *input, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = NULL;

  if (!json_object_has_member (input, REPEATS))
    return TRUE;
  errors = muster_field_errors_new ();
  muster_import_plan_refuse_repeat (state->plan, json_object_get_int_member (input, REPEATS),
                                    errors);
  return muster_field_errors_check (errors, error);
}

static MusterJobOutcome
run_row (MusterTransaction *transaction, const MusterJobRun *run, MusterEntity *row, GError **error)
{
  State *state = run->state;
  g_autoptr (JsonNode) node = json_from_string (muster_entity_get_string (row, "input"), error);
  JsonObject *input = node != NULL ? json_node_get_object (node) : NULL;

  if (input == NULL || !check_repeat (state, input, error))
    return MUSTER_JOB_REFUSED;
  for (unsigned i = 0; state->columns[i] != NULL; i++)
    state->cells[i] = json_object_get_string_member_with_default (input, state->columns[i], NULL);
  return take_row (transaction, state, row, error);
}

const MusterJobKind muster_import_job_kind = {
  .name = "import",
  .prepare = prepare,
  .run = run_row,
  .release = release,
};

/* --- the rows of a new job --- */

typedef struct
{
  char              *path;
  char               delimiter;
  char             **columns;
  MusterTransaction *transaction; /* (unowned) (nullable): while it fills */
  MusterEntity      *job;         /* likewise */
  GString           *input;       /* (owned) */
  MusterImportPlan  *plan;        /* (owned) */
  const char       **row;         /* (owned): the cells along the columns */
} Filling;

static void
filling_free (gpointer data)
{
  Filling *self = data;

  g_free (self->path);
  g_strfreev (self->columns);
  g_string_free (self->input, TRUE);
  g_clear_pointer (&self->plan, muster_import_plan_free);
  g_free (self->row);
  g_free (self);
}

static gboolean
fill_row (char **cells, guint n_cells, gint64 number, gpointer data, GError **error)
{
  Filling *self = data;
  gint64   repeats;

  g_string_assign (self->input, "{");
  for (guint i = 0; self->columns[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (self->input, ',');
      muster_json_append_string (self->input, self->columns[i], -1);
      g_string_append_c (self->input, ':');
      self->row[i] = i < n_cells ? cells[i] : "";
      muster_json_append_string (self->input, self->row[i], -1);
    }
  repeats = muster_import_plan_find_repeat (self->plan, self->row, number);
  if (repeats > 0)
    {
      g_string_append_c (self->input, ',');
      muster_json_append_string (self->input, REPEATS, -1);
      g_string_append_printf (self->input, ":%" G_GINT64_FORMAT, repeats);
    }
  g_string_append_c (self->input, '}');
  return muster_job_add_row (self->transaction, self->job, number, NULL, self->input->str, error);
}

static gboolean
fill (MusterTransaction *transaction, MusterEntity *job, gpointer data, GError **error)
{
  Filling *self = data;

  self->transaction = transaction;
  self->job = job;
  return muster_import_file_each (self->path, self->delimiter, fill_row, self, error);
}

static char *
make_title (JsonObject *import, const MusterRecordKind *kind)
{
  const char *name = json_object_get_string_member_with_default (import, "name", NULL);

  return name != NULL ? g_strdup_printf ("Import %s from %.120s", kind->scope.info->path, name)
                      : g_strdup_printf ("Import %s", kind->scope.info->path);
}

/* What the job needs of IMPORT to go on after a restart, without the samples. */
static char *
make_parameters (JsonObject *import)
{
  static const char *const members[] = { "columns", "mapping", "key", "options", "defaults" };
  g_autoptr (JsonObject) parameters = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  for (unsigned i = 0; i < G_N_ELEMENTS (members); i++)
    json_object_set_member (parameters, members[i],
                            json_node_copy (json_object_get_member (import, members[i])));
  json_node_set_object (node, parameters);
  return json_to_string (node, FALSE);
}

DexFuture *
muster_import_job_start (MusterJobService *jobs,
                         MusterActor      *actor,
                         JsonObject       *import,
                         const char       *path)
{
  const MusterRecordKind *kind = NULL;
  g_autoptr (MusterEntity) job = NULL;
  g_autofree char *title = NULL;
  g_autofree char *parameters = NULL;
  Filling         *filling = NULL;
  GError          *error = NULL;

  dex_return_error_if_fail (MUSTER_IS_JOB_SERVICE (jobs));
  dex_return_error_if_fail (import != NULL && path != NULL);

  kind = muster_record_kind_find (json_object_get_string_member (import, "entity"));
  dex_return_error_if_fail (kind != NULL);
  title = make_title (import, kind);
  parameters = make_parameters (import);
  job = muster_entity_new (&muster_job_info);
  muster_entity_set_string (job, "kind", muster_import_job_kind.name);
  muster_entity_set_string (job, "title", title);
  muster_entity_set_string (job, "entity", kind->scope.info->name);
  muster_entity_set_string (job, "parameters", parameters);
  filling = g_new0 (Filling, 1);
  filling->path = g_strdup (path);
  filling->delimiter = json_object_get_string_member (import, "delimiter")[0];
  filling->columns = list_columns (import);
  filling->row = g_new0 (const char *, g_strv_length (filling->columns) + 1);
  filling->input = g_string_new (NULL);
  filling->plan =
    muster_import_plan_new (kind, (const char *const *)filling->columns, import, &error);
  if (filling->plan == NULL)
    {
      filling_free (filling);
      return dex_future_new_for_error (error);
    }
  return muster_job_service_add (jobs, actor, job, fill, filling, filling_free);
}
