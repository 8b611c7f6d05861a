/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-factory-run"

#include "config.h"

#include <gio/gio.h>
#include <sodium.h>
#include <string.h>

#include "core/muster-patience.h"
#include "model/muster-test-plan.h"
#include "muster-factory-run.h"

/* A board that was written boots; one of two kilobytes takes its time for the first handshake. */
#define MEET_MS 60000
#define PROVISION_MS 60000

struct _MusterFactoryRun
{
  MusterFlashService     *flash; /* (owned) */
  MusterFactoryGate      *gate;
  MusterActor            *actor; /* (owned) */
  const MusterEntityInfo *info;
  GCancellable           *cancellable; /* (owned) */
  MusterEntity           *record;      /* (owned): as it is now */
  MusterEntity           *batch;       /* (owned) (nullable): of a unit */
  MusterEntity           *plan;        /* (owned) (nullable) */
  GPtrArray              *steps;       /* (owned) (element-type MusterTestStep) */
  MusterTestReport       *report;      /* (owned) */
  MusterBench            *bench;       /* (owned) (nullable) */
  DexPromise             *flashed;     /* (owned) (nullable): what waits for the flash run */
  char                   *serial;      /* (owned) (nullable): of a test run's board */
  char                   *device_id;   /* (owned) (nullable): likewise */
  MusterTestAnswer        answer;
  gboolean                is_answered;
  gboolean                is_cancelled; /* by a person */
};

MusterFactoryRun *
muster_factory_run_new (MusterFlashService *flash,
                        MusterFactoryGate  *gate,
                        MusterActor        *actor,
                        MusterEntity       *record)
{
  MusterFactoryRun *self = NULL;

  g_return_val_if_fail (MUSTER_IS_ENTITY (record), NULL);

  self = g_new0 (MusterFactoryRun, 1);
  self->flash = g_object_ref (flash);
  self->gate = gate;
  self->actor = muster_actor_ref (actor);
  self->info = muster_entity_get_info (record);
  self->record = g_object_ref (record);
  self->cancellable = g_cancellable_new ();
  self->report = muster_test_report_new ();
  return self;
}

void
muster_factory_run_free (MusterFactoryRun *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->bench, muster_bench_free);
  g_object_unref (self->flash);
  muster_actor_unref (self->actor);
  g_object_unref (self->cancellable);
  g_object_unref (self->record);
  g_clear_object (&self->batch);
  g_clear_object (&self->plan);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  muster_test_report_free (self->report);
  dex_clear (&self->flashed);
  muster_test_answer_clear (&self->answer);
  g_free (self->serial);
  g_free (self->device_id);
  g_free (self);
}

const char *
muster_factory_run_get_id (MusterFactoryRun *self)
{
  return muster_entity_get_id (self->record);
}

const char *
muster_factory_run_get_port (MusterFactoryRun *self)
{
  return muster_entity_get_string (self->record, "port");
}

void
muster_factory_run_stop (MusterFactoryRun *self, gboolean is_for_good)
{
  g_return_if_fail (self != NULL);

  self->is_cancelled |= is_for_good;
  g_cancellable_cancel (self->cancellable);
  muster_factory_run_wake (self);
}

void
muster_factory_run_answer (MusterFactoryRun *self, MusterTestAnswer *answer)
{
  g_return_if_fail (self != NULL && answer != NULL);

  muster_test_answer_clear (&self->answer);
  self->answer = *answer;
  self->is_answered = TRUE;
  if (self->bench != NULL)
    muster_bench_wake (self->bench);
}

void
muster_factory_run_wake (MusterFactoryRun *self)
{
  g_autoptr (DexPromise) flashed = NULL;

  g_return_if_fail (self != NULL);

  flashed = g_steal_pointer (&self->flashed);
  if (flashed != NULL)
    dex_promise_resolve_boolean (flashed, TRUE);
}

/* --- writing down --- */

static MusterRepository *
get_repository (MusterFactoryRun *self)
{
  return muster_flash_service_get_repository (self->flash);
}

static MusterDatabase *
get_database (MusterFactoryRun *self)
{
  return muster_repository_get_database (get_repository (self));
}

static gint64
get_now (gpointer user_data)
{
  return muster_clock_get_now (muster_database_get_clock (get_database (user_data)));
}

static MusterFactoryCall *
new_call (MusterFactoryRun *self)
{
  return muster_factory_call_new (self->info, muster_factory_run_get_id (self));
}

/* In a fiber: CALL (taken) is done, and the record is what it gives. That a person stopped the
 * board is written down however long it takes. */
static gboolean
write_down (MusterFactoryRun  *self,
            MusterDatabaseFunc func,
            MusterFactoryCall *call,
            GError           **error)
{
  MusterEntity *record =
    dex_await_object (muster_database_write_patiently (get_database (self), self->actor, func, call,
                                                       muster_factory_call_free,
                                                       self->is_cancelled ? NULL
                                                                          : self->cancellable,
                                                       muster_factory_run_get_port (self)),
                      error);

  if (record == NULL)
    return FALSE;
  g_object_unref (self->record);
  self->record = record;
  return TRUE;
}

static gboolean
note (MusterFactoryRun *self,
      MusterBenchStatus status,
      const char       *step,
      const char       *failure,
      const char       *question,
      GError          **error)
{
  MusterFactoryCall *call = new_call (self);

  call->status = status;
  call->step = g_strdup (step);
  /* As long as the field `error` may be, in characters. */
  call->error = failure != NULL ? g_utf8_truncate_middle (failure, 500) : NULL;
  call->question = g_strdup (question);
  call->report = muster_test_report_to_json (self->report);
  call->serial = g_strdup (self->serial);
  call->device_id = g_strdup (self->device_id);
  return write_down (self, muster_factory_store_progress, call, error);
}

static gboolean
changed_cb (const char *step, gpointer user_data, GError **error)
{
  return note (user_data, MUSTER_BENCH_TESTING, step, NULL, NULL, error);
}

static gboolean
ask_cb (const char *question, gpointer user_data, GError **error)
{
  MusterFactoryRun *self = user_data;
  g_autofree char  *step = g_strdup (muster_entity_get_string (self->record, "step"));

  self->is_answered = FALSE;
  return note (self, MUSTER_BENCH_ASKING, step, NULL, question, error);
}

static gboolean
take_answer_cb (MusterTestAnswer *answer, gpointer user_data)
{
  MusterFactoryRun *self = user_data;

  if (!self->is_answered)
    return FALSE;
  self->is_answered = FALSE;
  *answer = self->answer;
  self->answer = (MusterTestAnswer){ 0 };
  return TRUE;
}

static const MusterTestWorld world = { get_now, changed_cb, ask_cb, take_answer_cb };

/* A step of ours, not of the plan. */
static gboolean
begin_own (MusterFactoryRun *self, unsigned row, MusterBenchStatus status, GError **error)
{
  muster_test_report_begin (self->report, row, get_now (self));
  return note (self, status, muster_test_report_get_name (self->report, row), NULL, NULL, error);
}

static gboolean
end_own (MusterFactoryRun *self, unsigned row, gboolean good, GError *cause)
{
  MusterVerdict verdict = good ? MUSTER_VERDICT_PASSED : MUSTER_VERDICT_FAILED;

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    verdict = MUSTER_VERDICT_SKIPPED;
  muster_test_report_end (self->report, row, verdict, cause != NULL ? cause->message : NULL,
                          get_now (self));
  return good;
}

/* --- firmware --- */

static MusterFlashRunStatus
get_flash_status (MusterEntity *run)
{
  return (MusterFlashRunStatus)muster_entity_get_enum (run, "status");
}

static MusterEntity *
get_flash_run (MusterFactoryRun *self, GError **error)
{
  const char *id = muster_entity_get_string (self->record, "flash_run_id");

  return dex_await_object (muster_repository_get (get_repository (self), &muster_flash_run_info,
                                                  id),
                           error);
}

static gboolean
is_flash_over (MusterFlashRunStatus status)
{
  return status == MUSTER_FLASH_RUN_DONE || status == MUSTER_FLASH_RUN_FAILED ||
         status == MUSTER_FLASH_RUN_CANCELLED;
}

/* A batch of the flash room, as the first board of ours needs it. */
static MusterEntity *
make_flash_batch (MusterFactoryRun *self)
{
  static const char *const same[] = { "name", "artifact_id", "part", "programmer" };
  MusterEntity            *batch = muster_entity_new (&muster_flash_batch_info);

  for (unsigned i = 0; i < G_N_ELEMENTS (same); i++)
    muster_entity_set_string (batch, same[i], muster_entity_get_string (self->batch, same[i]));
  muster_entity_set_enum (batch, "tool", muster_entity_get_enum (self->batch, "tool"));
  muster_entity_set_integer (batch, "address", muster_entity_get_integer (self->batch, "address"));
  return batch;
}

/* Whether the boards of FLASHED are written as ours are now. */
static gboolean
is_same_writing (MusterFactoryRun *self, MusterEntity *flashed)
{
  g_autoptr (MusterEntity) wanted = make_flash_batch (self);
  static const char *const fields[] = { "artifact_id", "part", "programmer", "tool" };

  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_strcmp0 (muster_entity_get_string (wanted, fields[i]),
                   muster_entity_get_string (flashed, fields[i])) != 0)
      return FALSE;
  return muster_entity_get_integer (wanted, "address") ==
         muster_entity_get_integer (flashed, "address");
}

static char *
find_flash_run (MusterFactoryRun *self,
                const char       *flash_batch_id,
                const char       *port,
                GError          **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_flash_run_info);
  g_autoptr (GPtrArray) runs = NULL;

  muster_query_where (query, "batch_id", flash_batch_id);
  muster_query_where (query, "port", port);
  muster_query_where (query, "unit_id", muster_factory_run_get_id (self));
  muster_query_set_sort (query, "-number");
  muster_query_set_limit (query, 1);
  runs = dex_await_boxed (muster_repository_select (get_repository (self), query), error);
  return runs != NULL && runs->len > 0 ? g_strdup (muster_entity_get_id (runs->pdata[0])) : NULL;
}

/* The flash batch that has a run at PORT now. */
static MusterEntity *
add_to_flash_batch (MusterFactoryRun *self, const char *port, GError **error)
{
  const char *const ports[] = { port, NULL };
  const char       *id = NULL;
  g_autoptr (MusterEntity) batch = NULL;
  g_autoptr (MusterEntity) fresh = NULL;
  g_autoptr (MusterEntity) ours =
      dex_await_object (muster_repository_get (get_repository (self), &muster_factory_batch_info,
                                               muster_entity_get_id (self->batch)),
                        error);

  if (ours == NULL)
    return NULL;
  id = muster_entity_get_string (ours, "flash_batch_id");
  if (id != NULL)
    batch =
      dex_await_object (muster_repository_get (get_repository (self), &muster_flash_batch_info, id),
                        NULL);
  if (batch != NULL && is_same_writing (self, batch))
    return dex_await_object (muster_flash_service_add (self->flash, self->actor, id, ports,
                                                       muster_factory_run_get_id (self)),
                             error);
  fresh = make_flash_batch (self);
  return dex_await_object (muster_flash_service_create (self->flash, self->actor, fresh, ports,
                                                        muster_factory_run_get_id (self)),
                           error);
}

static gboolean
write_at (MusterFactoryRun *self, const char *port, GError **error)
{
  g_autoptr (MusterEntity) flashed = add_to_flash_batch (self, port, error);
  MusterFactoryCall *call = NULL;

  if (flashed == NULL)
    return FALSE;
  call = new_call (self);
  call->flash_batch_id = g_strdup (muster_entity_get_id (flashed));
  call->flash_run_id = find_flash_run (self, call->flash_batch_id, port, error);
  if (call->flash_run_id != NULL)
    return write_down (self, muster_factory_store_note_flash, call, error);
  muster_factory_call_free (call);
  return FALSE;
}

/* One after the other, so that the boards of a batch share a flash batch. */
static gboolean
begin_writing (MusterFactoryRun *self, GError **error)
{
  const char *port = muster_entity_get_string (self->record, "flash_port");
  g_autoptr (DexFuture) before = g_steal_pointer (&self->gate->last);
  DexPromise *passed = dex_promise_new ();
  gboolean    good = FALSE;

  self->gate->last = DEX_FUTURE (dex_ref (passed));
  if (before != NULL)
    dex_await (g_steal_pointer (&before), NULL);
  good = write_at (self, port != NULL ? port : muster_factory_run_get_port (self), error);
  dex_promise_resolve_boolean (passed, TRUE);
  dex_unref (passed);
  return good;
}

/* Whether the writing that was under way when the daemon ended goes on: then it is not begun anew.
 */
static gboolean
is_being_written (MusterFactoryRun *self)
{
  g_autoptr (MusterEntity) run = NULL;

  if (muster_entity_is_null (self->record, "flash_run_id"))
    return FALSE;
  run = get_flash_run (self, NULL);
  return run != NULL && !is_flash_over (get_flash_status (run));
}

/* A person stops with the board: the tool lets go of it. When the daemon ends, its tools do too. */
static void
stop_writing (MusterFactoryRun *self)
{
  g_autoptr (GError) error = NULL;

  if (self->is_cancelled &&
      !dex_await (muster_flash_service_cancel_run (self->flash, self->actor,
                                                   muster_entity_get_string (self->record,
                                                                             "flash_run_id")),
                  &error))
    g_message ("%s: %s", muster_factory_run_get_port (self), error->message);
}

static gboolean
await_writing (MusterFactoryRun *self, GError **error)
{
  for (;;)
    {
      g_autoptr (MusterEntity) run = NULL;

      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        {
          stop_writing (self);
          return FALSE;
        }
      self->flashed = dex_promise_new ();
      run = get_flash_run (self, error);
      if (run == NULL)
        return FALSE;
      if (get_flash_status (run) == MUSTER_FLASH_RUN_DONE)
        return TRUE;
      if (is_flash_over (get_flash_status (run)))
        {
          const char *why = muster_entity_get_string (run, "error");

          g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "%s",
                       why != NULL ? why : "the writing of the firmware was stopped");
          return FALSE;
        }
      if (self->flashed != NULL)
        dex_await (dex_ref (self->flashed), NULL);
      dex_clear (&self->flashed);
    }
}

static gboolean
write_firmware (MusterFactoryRun *self, unsigned row, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gboolean good = FALSE;

  if (!begin_own (self, row, MUSTER_BENCH_FLASHING, error))
    return FALSE;
  good = (is_being_written (self) || begin_writing (self, &cause)) && await_writing (self, &cause);
  end_own (self, row, good, cause);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return good;
}

/* --- who is at the line --- */

/* The unit that was given SERIAL here, or NULL. */
static MusterEntity *
find_unit (MusterFactoryRun *self, const char *serial, GError **error)
{
  MusterFactoryCall *call = muster_factory_call_new (&muster_factory_unit_info, NULL);

  call->serial = g_strdup (serial);
  return dex_await_object (muster_database_read (get_database (self),
                                                 muster_factory_store_find_serial, call,
                                                 muster_factory_call_free),
                           error);
}

static void
learn_key (MusterFactoryRun *self, MusterEntity *unit)
{
  guint8 key[MUSTER_BENCH_KEY_SIZE];

  if (muster_factory_unit_read_key (unit, key))
    muster_bench_learn_key (self->bench, muster_entity_get_string (unit, "serial"), key);
  sodium_memzero (key, sizeof key);
}

/* SERIAL: MESSAGE. */
static gboolean
refuse (GError **error, const char *serial, const char *message)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s%s%s", serial,
               *serial != '\0' ? ": " : "", message);
  return FALSE;
}

/* The board says a serial number that is not the one that this unit was given. */
static gboolean
refuse_stranger (MusterFactoryRun *self, const char *serial, GError **error)
{
  g_autoptr (MusterEntity) other = find_unit (self, serial, NULL);

  if (other == NULL)
    return refuse (error, serial,
                   "the board has this serial number from elsewhere: erase its records");
  if (muster_entity_get_enum (other, "status") == MUSTER_BENCH_PASSED)
    return refuse (error, serial, "the board was made already");
  return refuse (error, serial,
                 "the board has this serial number already: try that one again instead");
}

static gboolean
provision (MusterFactoryRun *self, GError **error)
{
  guint8   key[MUSTER_BENCH_KEY_SIZE];
  gboolean good = FALSE;

  if (!write_down (self, muster_factory_store_assign, new_call (self), error))
    return FALSE;
  if (!muster_factory_unit_read_key (self->record, key))
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT,
                           "the unit's key is damaged: restore it from a backup");
      return FALSE;
    }
  good = muster_bench_provision (self->bench, muster_entity_get_string (self->record, "serial"),
                                 key, PROVISION_MS, error);
  sodium_memzero (key, sizeof key);
  return good;
}

/* A board of a batch: it has its identity then. */
static gboolean
meet_unit (MusterFactoryRun *self, GError **error)
{
  MusterBenchUnit unit;

  learn_key (self, self->record);
  if (!muster_bench_meet (self->bench, MEET_MS, &unit, error))
    return FALSE;
  switch (unit)
    {
    case MUSTER_BENCH_UNIT_BLANK:
      return provision (self, error);
    case MUSTER_BENCH_UNIT_STRANGER:
      return refuse_stranger (self, muster_bench_get_serial (self->bench), error);
    case MUSTER_BENCH_UNIT_ALIEN:
      return refuse (error, muster_bench_get_serial (self->bench),
                     "the board has this serial number, and another key: erase its records");
    case MUSTER_BENCH_UNIT_KNOWN:
    default:
      return TRUE;
    }
}

/* A board of a test run: one whose key the site knows. */
static gboolean
meet_board (MusterFactoryRun *self, GError **error)
{
  MusterBenchUnit unit;
  const char     *serial = NULL;
  g_autoptr (MusterEntity) known = NULL;

  if (!muster_bench_meet (self->bench, MEET_MS, &unit, error))
    return FALSE;
  serial = muster_bench_get_serial (self->bench);
  if (unit == MUSTER_BENCH_UNIT_BLANK)
    return refuse (error, "", "the board has no serial number yet: make it in a batch first");
  known = find_unit (self, serial, error);
  if (known == NULL)
    return error != NULL && *error != NULL
             ? FALSE
             : refuse (error, serial, "the key of this board is not known here");
  g_set_str (&self->serial, serial);
  g_set_str (&self->device_id, muster_entity_get_string (known, "device_id"));
  learn_key (self, known);
  if (!muster_bench_meet (self->bench, MEET_MS, &unit, error))
    return FALSE;
  return unit == MUSTER_BENCH_UNIT_KNOWN ||
         refuse (error, muster_bench_get_serial (self->bench),
                 "the board has this serial number, and another key");
}

static const char *
get_wanted (MusterFactoryRun *self, const char *field)
{
  const char *wanted = self->batch != NULL ? muster_entity_get_string (self->batch, field) : NULL;

  if (wanted == NULL && self->plan != NULL && g_str_equal (field, "model"))
    wanted = muster_entity_get_string (self->plan, field);
  return wanted;
}

static gboolean
open_line (MusterFactoryRun *self, unsigned row, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gboolean is_unit = self->batch != NULL;
  gboolean good = FALSE;

  if (!begin_own (self, row, is_unit ? MUSTER_BENCH_PROVISIONING : MUSTER_BENCH_TESTING, error))
    return FALSE;
  self->bench = muster_bench_new (muster_factory_run_get_port (self), self->cancellable, &cause);
  good =
    self->bench != NULL && (is_unit ? meet_unit (self, &cause) : meet_board (self, &cause)) &&
    muster_test_check_identity (muster_bench_get_identity (self->bench), get_wanted (self, "model"),
                                get_wanted (self, "hardware_revision"), &cause);
  if (self->bench != NULL && muster_bench_get_identity (self->bench)->serial[0] != '\0')
    muster_test_report_set_identity (self->report, muster_bench_get_identity (self->bench));
  end_own (self, row, good, cause);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return good;
}

/* --- its end --- */

static gboolean
take_into_stock (MusterFactoryRun *self, unsigned row, GError **error)
{
  MusterFactoryCall *call = NULL;
  g_autoptr (GError) cause = NULL;

  if (!begin_own (self, row, MUSTER_BENCH_TESTING, error))
    return FALSE;
  end_own (self, row, TRUE, NULL);
  call = new_call (self);
  call->report = muster_test_report_to_json (self->report);
  call->identity = *muster_bench_get_identity (self->bench);
  if (write_down (self, muster_factory_store_finish, call, &cause))
    return TRUE;
  end_own (self, row, FALSE, cause);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/* Before anything is done with the board: what is to be done, all of which is in the report. */
static gboolean
load (MusterFactoryRun *self, GError **error)
{
  MusterRepository *repository = get_repository (self);
  const char       *plan_id = NULL;

  if (MUSTER_IS_FACTORY_UNIT (self->record))
    {
      self->batch = dex_await_object (muster_repository_get (repository, &muster_factory_batch_info,
                                                             muster_entity_get_string (self->record,
                                                                                       "batch_id")),
                                      error);
      if (self->batch == NULL)
        return FALSE;
    }
  plan_id = muster_entity_get_string (self->batch != NULL ? self->batch : self->record, "plan_id");
  if (plan_id == NULL)
    {
      self->steps = g_ptr_array_new ();
      return self->batch != NULL || refuse (error, "", "the test plan is there no more");
    }
  self->plan =
    dex_await_object (muster_repository_get (repository, &muster_test_plan_info, plan_id), error);
  self->steps = self->plan != NULL
                  ? muster_test_steps_parse (muster_entity_get_string (self->plan, "steps"), error)
                  : NULL;
  return self->steps != NULL;
}

static gboolean
run_plan (MusterFactoryRun *self, unsigned first, GError **error)
{
  const MusterTest test = { self->bench,
                            self->report,
                            self->steps,
                            first,
                            get_wanted (self, "model"),
                            get_wanted (self, "hardware_revision"),
                            &world,
                            self };
  const char      *name = NULL, *detail = NULL;

  if (!muster_test_run (&test, error))
    return FALSE;
  if (!muster_test_report_find_failed (self->report, &name, &detail))
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "%s", detail != NULL ? detail : name);
  return FALSE;
}

/* All of it; FALSE with ERROR. */
static gboolean
work (MusterFactoryRun *self, GError **error)
{
  gboolean is_flashed = FALSE;
  unsigned flash_row = 0, line_row = 0, first = 0, stock_row = 0;

  if (!load (self, error))
    return FALSE;
  is_flashed = self->batch != NULL && !muster_entity_is_null (self->batch, "artifact_id");
  if (is_flashed)
    flash_row = muster_test_report_add_own (self->report, "Write the firmware", "flash");
  line_row =
    muster_test_report_add_own (self->report,
                                self->batch != NULL ? "Give the identity" : "Meet the board",
                                "provision");
  first = line_row + 1;
  for (guint i = 0; i < self->steps->len; i++)
    muster_test_report_add (self->report, self->steps->pdata[i]);
  if (self->batch != NULL)
    stock_row = muster_test_report_add_own (self->report, "Take into stock", "inventory");
  if ((is_flashed && !write_firmware (self, flash_row, error)) ||
      !open_line (self, line_row, error) || !run_plan (self, first, error))
    return FALSE;
  return self->batch != NULL ? take_into_stock (self, stock_row, error)
                             : note (self, MUSTER_BENCH_PASSED, NULL, NULL, NULL, error);
}

void
muster_factory_run_work (MusterFactoryRun *self)
{
  const char *name = NULL, *detail = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) cause = NULL;

  g_return_if_fail (self != NULL);

  if (work (self, &error))
    return;
  /* The daemon ends: all this is done anew when it is back. */
  if (g_cancellable_is_cancelled (self->cancellable) && !self->is_cancelled)
    return;
  muster_test_report_skip_rest (self->report);
  muster_test_report_find_failed (self->report, &name, &detail);
  if (!note (self, self->is_cancelled ? MUSTER_BENCH_CANCELLED : MUSTER_BENCH_FAILED, name,
             self->is_cancelled ? NULL : error->message, NULL, &cause))
    g_message ("%s: %s", muster_factory_run_get_port (self), cause->message);
}
