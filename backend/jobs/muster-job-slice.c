/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-slice"

#include "config.h"

#include <string.h>

#include "core/muster-journal-words.h"
#include "muster-job-service-private.h"

/* A slice ends with whichever comes first. Others that want to write wait no longer than the first
 * time; without them it goes on, for each commit has its price. */
#define MAX_ROWS 2500
#define PATIENCE_USEC (50 * 1000)
#define MAX_USEC (400 * 1000)

/* Rows at once. */
#define MAX_BATCH 100

#define MAX_ERROR 1000

/* A slice at its work. */
typedef struct
{
  MusterJobMood       *mood; /* (unowned) */
  int                  number;
  const MusterJobKind *kind;
  MusterJobRun         run;
  gint64               began; /* monotonic */
  MusterEntity       **batch; /* (unowned): rows that are done together */
  guint                n_batch;
  MusterEntity        *row; /* (unowned): the one under way */
  MusterJobOutcome     outcome;
  gint64               counts[4]; /* by MusterJobRowStatus, of this slice */
} Work;

gint64
muster_job_count_settled (MusterEntity *job)
{
  return muster_entity_get_integer (job, "done") + muster_entity_get_integer (job, "skipped") +
         muster_entity_get_integer (job, "failed");
}

static gboolean
work_try_row (MusterTransaction *transaction, gpointer data, GError **error)
{
  Work *self = data;

  self->outcome = self->kind->run (transaction, &self->run, self->row, error);
  return self->outcome != MUSTER_JOB_REFUSED;
}

/* Whether the row is to blame, and not the machine. */
static gboolean
is_of_the_row (const GError *error)
{
  return error->domain == MUSTER_ERROR && error->code != MUSTER_ERROR_FAILED &&
         error->code != MUSTER_ERROR_STORAGE_FULL && error->code != MUSTER_ERROR_CORRUPT;
}

/* What is wrong in one line: each field that was refused, or the message. */
static char *
describe (const GError *error)
{
  GPtrArray *fields = muster_error_get_fields (error);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < fields->len; i++)
    {
      const MusterFieldError *field = fields->pdata[i];
      const char             *name = field->pointer + (field->pointer[0] == '/');

      g_string_append_printf (text, "%s%s %s", i > 0 ? "; " : "", name, field->detail);
    }
  if (fields->len == 0)
    g_string_append (text, error->message);
  return g_utf8_substring (text->str, 0, MIN (g_utf8_strlen (text->str, -1), MAX_ERROR));
}

static gboolean
work_is_long_enough (const Work *self, MusterTransaction *transaction)
{
  gint64 elapsed = g_get_monotonic_time () - self->began;

  return elapsed > MAX_USEC ||
         (elapsed > PATIENCE_USEC && muster_transaction_is_awaited (transaction));
}

/* How ROW came out, for whoever asks. WORDS (nullable): why it was refused. */
static gboolean
work_note_row (Work              *self,
               MusterTransaction *transaction,
               MusterJobRowStatus status,
               const char        *words,
               GError           **error)
{
  muster_entity_set_enum (self->row, "status", status);
  muster_entity_set_string (self->row, "error", words);
  self->counts[status]++;
  return muster_transaction_touch (transaction, self->row, error);
}

static MusterJobRowStatus
work_get_status (const Work *self)
{
  return self->outcome == MUSTER_JOB_DONE ? MUSTER_JOB_ROW_STATUS_DONE
                                          : MUSTER_JOB_ROW_STATUS_SKIPPED;
}

/* A row that may be refused and leave nothing behind. */
static gboolean
work_do_row (Work *self, MusterTransaction *transaction, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *words = NULL;

  if (muster_transaction_try (transaction, work_try_row, self, &cause))
    return work_note_row (self, transaction, work_get_status (self), NULL, error);
  if (!is_of_the_row (cause))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  words = describe (cause);
  return work_note_row (self, transaction, MUSTER_JOB_ROW_STATUS_FAILED, words, error);
}

/* FUNC for one row after the other; the batch ends early when it has taken long enough. */
static gboolean
work_each_row (Work              *self,
               MusterTransaction *transaction,
               gboolean (*func) (Work *, MusterTransaction *, GError **),
               GError **error)
{
  for (guint i = 0; i < self->n_batch; i++)
    {
      self->row = self->batch[i];
      if (!func (self, transaction, error))
        return FALSE;
      if (work_is_long_enough (self, transaction))
        self->n_batch = i + 1;
    }
  return TRUE;
}

static gboolean
work_hope_row (Work *self, MusterTransaction *transaction, GError **error)
{
  return work_try_row (transaction, self, error) &&
         work_note_row (self, transaction, work_get_status (self), NULL, error);
}

/* A row as the batch is done in hope: with nobody to catch it when it falls. */
static gboolean
work_dare_row (Work *self, MusterTransaction *transaction, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (work_hope_row (self, transaction, &cause))
    return TRUE;
  if (is_of_the_row (cause))
    {
      g_atomic_int_set (&self->mood->is_careful, TRUE);
      g_atomic_int_set (&self->mood->gave_up, self->number);
    }
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/* All rows of the batch, up to the first that is refused. */
static gboolean
work_try_batch (MusterTransaction *transaction, gpointer data, GError **error)
{
  return work_each_row (data, transaction, work_hope_row, error);
}

/* Where rows are refused most are not, and to be able to take back each row by itself costs as much
 * as the row. So a batch stands or falls as one, and only one that falls is done again row by row.
 */
static gboolean
work_do_batch (Work *self, MusterTransaction *transaction, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gint64 counts[G_N_ELEMENTS (self->counts)];

  if (!g_atomic_int_get (&self->mood->is_careful))
    return work_each_row (self, transaction, work_dare_row, error);
  memcpy (counts, self->counts, sizeof counts);
  if (muster_transaction_try (transaction, work_try_batch, self, &cause))
    return TRUE;
  if (!is_of_the_row (cause))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  memcpy (self->counts, counts, sizeof counts);
  return work_each_row (self, transaction, work_do_row, error);
}

/* The next rows in their order: (element-type MusterEntity). */
static GPtrArray *
select_pending (MusterTransaction *transaction, const char *job_id, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_job_row_info);

  muster_query_where (query, "job_id", job_id);
  muster_query_where (query, "status", "pending");
  muster_query_set_sort (query, "position");
  muster_query_set_limit (query, MAX_ROWS);
  return muster_transaction_select (transaction, query, error);
}

static gboolean
work_do_rows (Work *self, MusterTransaction *transaction, gboolean *is_last, GError **error)
{
  g_autoptr (GPtrArray) rows =
              select_pending (transaction, muster_entity_get_id (self->run.job), error);
  guint i = 0;

  if (rows == NULL)
    return FALSE;
  while (i < rows->len)
    {
      self->batch = (MusterEntity **)rows->pdata + i;
      self->n_batch = MIN (rows->len - i, MAX_BATCH);
      if (!work_do_batch (self, transaction, error))
        return FALSE;
      i += self->n_batch;
      if (work_is_long_enough (self, transaction))
        break;
    }
  *is_last = i == rows->len && rows->len < MAX_ROWS;
  return TRUE;
}

static void
add_count (MusterEntity *job, const char *name, gint64 count)
{
  muster_entity_set_integer (job, name, muster_entity_get_integer (job, name) + count);
}

/* How fast it goes, by what this run of it has done. */
static void
note_rate (MusterEntity *job, const MusterJobSlice *slice, gint64 n_rows)
{
  gint64 elapsed = g_get_monotonic_time () - slice->started;
  gint64 n_left = muster_entity_get_integer (job, "total") - muster_job_count_settled (job);
  double rate = (double)(slice->n_before + n_rows) * G_USEC_PER_SEC / MAX (elapsed, 1);

  if (rate <= 0)
    return;
  muster_entity_set_double (job, "rate", rate);
  muster_entity_set_integer (job, "remaining", (gint64)(MAX (n_left, 0) / rate + 0.5));
}

static gboolean
work_note_progress (Work                 *self,
                    MusterTransaction    *transaction,
                    const MusterJobSlice *slice,
                    gboolean              is_last,
                    GError              **error)
{
  MusterEntity *job = self->run.job;
  gint64        n_rows = 0;

  add_count (job, "done", self->counts[MUSTER_JOB_ROW_STATUS_DONE]);
  add_count (job, "skipped", self->counts[MUSTER_JOB_ROW_STATUS_SKIPPED]);
  add_count (job, "failed", self->counts[MUSTER_JOB_ROW_STATUS_FAILED]);
  for (size_t i = 0; i < G_N_ELEMENTS (self->counts); i++)
    n_rows += self->counts[i];
  if (self->counts[MUSTER_JOB_ROW_STATUS_FAILED] == 0)
    g_atomic_int_set (&self->mood->is_careful, FALSE);
  if (muster_entity_is_null (job, "first_sequence") &&
      muster_transaction_get_first_sequence (transaction) > 0)
    muster_entity_set_integer (job, "first_sequence",
                               muster_transaction_get_first_sequence (transaction));
  note_rate (job, slice, n_rows);
  if (is_last)
    {
      muster_entity_set_enum (job, "status", MUSTER_JOB_STATUS_DONE);
      muster_entity_set_integer (job, "finished_at", muster_transaction_get_now (transaction));
      muster_entity_set_null (job, "remaining");
    }
  return muster_transaction_update (transaction, job, 0, error);
}

static gboolean
work_begin (Work *self, MusterTransaction *transaction, GError **error)
{
  MusterEntity *job = self->run.job;

  muster_transaction_join_operation (transaction, muster_entity_get_string (job, "operation"));
  muster_transaction_set_summary (transaction, muster_entity_get_string (job, "title"));
  muster_transaction_set_context (transaction, MUSTER_CONTEXT_SUMMARY_STAYS, job);
  if (muster_entity_get_enum (job, "status") == MUSTER_JOB_STATUS_QUEUED)
    {
      muster_entity_set_enum (job, "status", MUSTER_JOB_STATUS_RUNNING);
      if (muster_entity_is_null (job, "started_at"))
        muster_entity_set_integer (job, "started_at", muster_transaction_get_now (transaction));
      muster_entity_set_null (job, "finished_at");
      muster_entity_set_null (job, "error");
      if (!muster_transaction_update (transaction, job, 0, error))
        return FALSE;
    }
  return self->kind->prepare == NULL || self->kind->prepare (transaction, &self->run, error);
}

static gboolean
work_run (Work *self, MusterTransaction *transaction, const MusterJobSlice *slice, GError **error)
{
  gboolean is_last = FALSE;
  gboolean done;

  self->began = g_get_monotonic_time ();
  if (!work_begin (self, transaction, error))
    return FALSE;
  done = work_do_rows (self, transaction, &is_last, error);
  if (self->kind->release != NULL)
    self->kind->release (&self->run);
  return done && work_note_progress (self, transaction, slice, is_last, error);
}

static JsonNode *
parse_parameters (MusterEntity *job)
{
  const char *text = muster_entity_get_string (job, "parameters");
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? g_steal_pointer (&node) : NULL;
}

static gboolean
is_open (MusterEntity *job)
{
  int status = muster_entity_get_enum (job, "status");

  return status == MUSTER_JOB_STATUS_QUEUED || status == MUSTER_JOB_STATUS_RUNNING;
}

gboolean
muster_job_slice_run (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const MusterJobSlice *slice = data;
  g_autoptr (MusterEntity) job =
              muster_transaction_get (transaction, &muster_job_info, slice->id, error);
  g_autoptr (JsonNode) parameters = NULL;
  Work work = { 0 };

  if (job == NULL)
    return FALSE;
  if (is_open (job))
    {
      parameters = parse_parameters (job);
      work.mood = slice->mood;
      work.number = slice->number;
      work.kind = slice->kind->kind;
      work.run.info = slice->info;
      work.run.job = job;
      work.run.parameters = parameters != NULL ? json_node_get_object (parameters) : NULL;
      work.run.target = slice->target;
      work.run.data = slice->kind->data;
      if (!work_run (&work, transaction, slice, error))
        return FALSE;
    }
  g_value_init (result, G_TYPE_OBJECT);
  g_value_take_object (result, g_steal_pointer (&job));
  return TRUE;
}
