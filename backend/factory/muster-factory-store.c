/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-factory-store"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "core/muster-journal.h"
#include "inventory/muster-stock-moves.h"
#include "inventory/muster-unit.h"
#include "model/muster-device.h"
#include "model/muster-label-secret.h"
#include "model/muster-product.h"
#include "model/muster-test-plan.h"
#include "muster-factory-rules.h"
#include "muster-factory-store.h"

#define SECRET_CONTEXT "muster label secret"

MusterFactoryCall *
muster_factory_call_new (const MusterEntityInfo *info, const char *id)
{
  MusterFactoryCall *self = g_new0 (MusterFactoryCall, 1);

  self->info = info;
  self->id = g_strdup (id);
  return self;
}

void
muster_factory_call_free (gpointer data)
{
  MusterFactoryCall *self = data;

  g_free (self->id);
  g_strfreev (self->ports);
  g_strfreev (self->flash_ports);
  g_free (self->step);
  g_free (self->error);
  g_free (self->question);
  g_free (self->report);
  g_free (self->serial);
  g_free (self->device_id);
  g_free (self->flash_batch_id);
  g_free (self->flash_run_id);
  g_free (self->waits_for);
  g_free (self);
}

static void
give (GValue *result, MusterEntity *entity)
{
  g_value_init (result, G_TYPE_OBJECT);
  g_value_set_object (result, entity);
}

static void
give_all (GValue *result, GPtrArray *entities)
{
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_set_boxed (result, entities);
}

static gboolean
is_over (int status)
{
  return status == MUSTER_BENCH_PASSED || status == MUSTER_BENCH_FAILED ||
         status == MUSTER_BENCH_CANCELLED;
}

static gboolean
conflict (GError **error, const char *message)
{
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, message);
  return FALSE;
}

/* --- batches --- */

/* The batch's units in STATUS (NULL: all); -1 with ERROR. */
static gint64
count_units (MusterTransaction *transaction,
             MusterEntity      *batch,
             const char        *status,
             GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_factory_unit_info);

  muster_query_where (query, "batch_id", muster_entity_get_id (batch));
  if (status != NULL)
    muster_query_where (query, "status", status);
  return muster_transaction_count (transaction, query, error);
}

/* BATCH counts its units anew, and is stored. */
static gboolean
count (MusterTransaction *transaction, MusterEntity *batch, GError **error)
{
  gint64 total = count_units (transaction, batch, NULL, error);
  gint64 passed = total >= 0 ? count_units (transaction, batch, "passed", error) : -1;
  gint64 failed = passed >= 0 ? count_units (transaction, batch, "failed", error) : -1;

  if (failed < 0)
    return FALSE;
  muster_entity_set_integer (batch, "total", total);
  muster_entity_set_integer (batch, "passed", passed);
  muster_entity_set_integer (batch, "failed", failed);
  return muster_transaction_update (transaction, batch, 0, error);
}

static MusterEntity *
get_batch (MusterTransaction *transaction, MusterEntity *unit, GError **error)
{
  return muster_transaction_get (transaction, &muster_factory_batch_info,
                                 muster_entity_get_string (unit, "batch_id"), error);
}

/* Of what is not a unit there is nothing to count. */
static gboolean
count_batch_of (MusterTransaction *transaction, MusterEntity *record, GError **error)
{
  g_autoptr (MusterEntity) batch =
              MUSTER_IS_FACTORY_UNIT (record) ? get_batch (transaction, record, error) : NULL;

  if (!MUSTER_IS_FACTORY_UNIT (record))
    return TRUE;
  return batch != NULL && count (transaction, batch, error);
}

/* Whether N more boards may be made in BATCH now. */
static gboolean
check_room (MusterTransaction *transaction, MusterEntity *batch, gint64 n, GError **error)
{
  gint64 total = count_units (transaction, batch, NULL, error);
  gint64 failed = total >= 0 ? count_units (transaction, batch, "failed", error) : -1;
  gint64 cancelled = failed >= 0 ? count_units (transaction, batch, "cancelled", error) : -1;
  gint64 wanted = muster_entity_get_integer (batch, "wanted");

  if (cancelled < 0)
    return FALSE;
  if (muster_entity_get_enum (batch, "status") != MUSTER_FACTORY_BATCH_OPEN)
    return conflict (error, "the batch is closed: open it again first");
  if (total - failed - cancelled + n <= wanted)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "%" G_GINT64_FORMAT " of the %" G_GINT64_FORMAT
               " units that are wanted are made or under way: want more, or begin another batch",
               total - failed - cancelled, wanted);
  return FALSE;
}

gboolean
muster_factory_store_add (MusterTransaction *transaction,
                          gpointer           data,
                          GValue            *result,
                          GError           **error)
{
  MusterFactoryCall *self = data;
  g_autoptr (GPtrArray) units = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (MusterEntity) batch =
              muster_transaction_get (transaction, &muster_factory_batch_info, self->id, error);
  gint64 number;

  if (batch == NULL || !check_room (transaction, batch, g_strv_length (self->ports), error))
    return FALSE;
  number = muster_entity_get_integer (batch, "total");
  for (unsigned i = 0; self->ports[i] != NULL; i++)
    {
      MusterEntity *unit = muster_entity_new (&muster_factory_unit_info);

      g_ptr_array_add (units, unit);
      muster_entity_set_string (unit, "batch_id", self->id);
      muster_entity_set_integer (unit, "number", ++number);
      muster_entity_set_string (unit, "port", self->ports[i]);
      if (*self->flash_ports[i] != '\0')
        muster_entity_set_string (unit, "flash_port", self->flash_ports[i]);
      if (!muster_transaction_insert (transaction, unit, error))
        return FALSE;
    }
  if (!count (transaction, batch, error))
    return FALSE;
  give_all (result, units);
  return TRUE;
}

gboolean
muster_factory_store_add_run (MusterTransaction *transaction,
                              gpointer           data,
                              GValue            *result,
                              GError           **error)
{
  MusterFactoryCall *self = data;
  g_autoptr (MusterEntity) plan =
              muster_transaction_get (transaction, &muster_test_plan_info, self->id, error);
  g_autoptr (MusterEntity) run = NULL;

  if (plan == NULL)
    return FALSE;
  run = muster_entity_new (&muster_test_run_info);
  muster_entity_set_string (run, "plan_id", self->id);
  muster_entity_set_string (run, "name", muster_entity_get_string (plan, "name"));
  muster_entity_set_string (run, "port", self->ports[0]);
  if (!muster_transaction_insert (transaction, run, error))
    return FALSE;
  give (result, run);
  return TRUE;
}

/* --- what becomes of one --- */

static MusterEntity *
get_record (MusterTransaction *transaction, const MusterFactoryCall *call, GError **error)
{
  return muster_transaction_get (transaction, call->info, call->id, error);
}

static gboolean
store (MusterTransaction *transaction, MusterEntity *record, GValue *result, GError **error)
{
  if (!muster_transaction_update (transaction, record, 0, error))
    return FALSE;
  give (result, record);
  return TRUE;
}

gboolean
muster_factory_store_retry (MusterTransaction *transaction,
                            gpointer           data,
                            GValue            *result,
                            GError           **error)
{
  g_autoptr (MusterEntity) unit = get_record (transaction, data, error);
  g_autoptr (MusterEntity) batch = unit != NULL ? get_batch (transaction, unit, error) : NULL;
  int status;

  if (batch == NULL)
    return FALSE;
  status = muster_entity_get_enum (unit, "status");
  if (status != MUSTER_BENCH_FAILED && status != MUSTER_BENCH_CANCELLED)
    return conflict (error, "only a board that failed or was cancelled can be tried again");
  if (!check_room (transaction, batch, 1, error))
    return FALSE;
  muster_entity_set_enum (unit, "status", MUSTER_BENCH_WAITING);
  muster_entity_set_null (unit, "step");
  muster_entity_set_null (unit, "error");
  muster_entity_set_null (unit, "finished_at");
  muster_entity_set_null (unit, "report_hash");
  return store (transaction, unit, result, error) && count (transaction, batch, error);
}

/* Now that RECORD is over the journal vouches for its report. */
static void
seal_report (MusterEntity *record)
{
  const char      *report = muster_entity_get_string (record, "report");
  g_autofree char *digest = report != NULL ? muster_journal_make_digest (report) : NULL;

  muster_entity_set_string (record, "report_hash", digest);
}

gboolean
muster_factory_store_cancel (MusterTransaction *transaction,
                             gpointer           data,
                             GValue            *result,
                             GError           **error)
{
  g_autoptr (MusterEntity) record = get_record (transaction, data, error);
  int status;

  if (record == NULL)
    return FALSE;
  status = muster_entity_get_enum (record, "status");
  if (status == MUSTER_BENCH_PASSED || status == MUSTER_BENCH_FAILED)
    return conflict (error, "it is over already");
  if (status == MUSTER_BENCH_WAITING)
    {
      muster_entity_set_enum (record, "status", MUSTER_BENCH_CANCELLED);
      muster_entity_set_null (record, "waits_for");
      muster_entity_set_integer (record, "finished_at", muster_transaction_get_now (transaction));
      seal_report (record);
    }
  return store (transaction, record, result, error) && count_batch_of (transaction, record, error);
}

/* The report is live state: it is written without a trace of its own. */
static gboolean
store_report (MusterTransaction *transaction,
              MusterEntity      *record,
              const char        *report,
              GError           **error)
{
  if (report == NULL)
    return TRUE;
  muster_entity_set_string (record, "report", report);
  return muster_transaction_touch (transaction, record, error);
}

static void
set_progress (MusterTransaction *transaction, MusterEntity *record, const MusterFactoryCall *call)
{
  gint64 now = muster_transaction_get_now (transaction);

  if (muster_entity_get_enum (record, "status") == MUSTER_BENCH_WAITING)
    {
      muster_entity_set_integer (record, "started_at", now);
      muster_entity_set_null (record, "finished_at");
      if (MUSTER_IS_FACTORY_UNIT (record))
        muster_entity_set_integer (record, "attempt",
                                   muster_entity_get_integer (record, "attempt") + 1);
    }
  muster_entity_set_enum (record, "status", (int)call->status);
  muster_entity_set_string (record, "step", call->step);
  muster_entity_set_string (record, "error", call->error);
  muster_entity_set_string (record, "question", call->question);
  muster_entity_set_null (record, "waits_for");
  if (MUSTER_IS_TEST_RUN (record))
    {
      muster_entity_set_string (record, "serial", call->serial);
      muster_entity_set_string (record, "device_id", call->device_id);
    }
  if (!is_over ((int)call->status))
    return;
  muster_entity_set_integer (record, "finished_at", now);
  seal_report (record);
}

gboolean
muster_factory_store_progress (MusterTransaction *transaction,
                               gpointer           data,
                               GValue            *result,
                               GError           **error)
{
  MusterFactoryCall *self = data;
  g_autoptr (MusterEntity) record = get_record (transaction, self, error);

  if (record == NULL)
    return FALSE;
  if (is_over (muster_entity_get_enum (record, "status")))
    return conflict (error, "it does not wait any more");
  if (!store_report (transaction, record, self->report, error))
    return FALSE;
  set_progress (transaction, record, self);
  return store (transaction, record, result, error) &&
         (!is_over ((int)self->status) || count_batch_of (transaction, record, error));
}

gboolean
muster_factory_store_hold (MusterTransaction *transaction,
                           gpointer           data,
                           GValue            *result,
                           GError           **error)
{
  MusterFactoryCall *self = data;
  g_autoptr (MusterEntity) record = get_record (transaction, self, error);

  if (record == NULL)
    return FALSE;
  if (muster_entity_get_enum (record, "status") == MUSTER_BENCH_WAITING)
    muster_entity_set_string (record, "waits_for", self->waits_for);
  return store (transaction, record, result, error);
}

gboolean
muster_factory_store_answer (MusterTransaction *transaction,
                             gpointer           data,
                             GValue            *result,
                             GError           **error)
{
  g_autoptr (MusterEntity) record = get_record (transaction, data, error);

  if (record == NULL)
    return FALSE;
  if (muster_entity_get_enum (record, "status") != MUSTER_BENCH_ASKING)
    return conflict (error, "it asks nothing now");
  muster_entity_set_enum (record, "status", MUSTER_BENCH_TESTING);
  muster_entity_set_null (record, "question");
  return store (transaction, record, result, error);
}

gboolean
muster_factory_store_note_flash (MusterTransaction *transaction,
                                 gpointer           data,
                                 GValue            *result,
                                 GError           **error)
{
  MusterFactoryCall *self = data;
  g_autoptr (MusterEntity) unit = get_record (transaction, self, error);
  g_autoptr (MusterEntity) batch = unit != NULL ? get_batch (transaction, unit, error) : NULL;

  if (batch == NULL)
    return FALSE;
  muster_entity_set_string (batch, "flash_batch_id", self->flash_batch_id);
  muster_entity_set_string (unit, "flash_run_id", self->flash_run_id);
  return muster_transaction_update (transaction, batch, 0, error) &&
         store (transaction, unit, result, error);
}

/* --- serial numbers --- */

gboolean
muster_factory_unit_read_key (MusterEntity *unit, guint8 key[MUSTER_BENCH_KEY_SIZE])
{
  const char *text = NULL;
  gsize       size = 0;

  g_return_val_if_fail (MUSTER_IS_FACTORY_UNIT (unit), FALSE);

  text = muster_entity_get_string (unit, "link_key");
  return text != NULL &&
         sodium_hex2bin (key, MUSTER_BENCH_KEY_SIZE, text, strlen (text), NULL, &size, NULL) == 0 &&
         size == MUSTER_BENCH_KEY_SIZE;
}

char *
muster_factory_derive_secret (const guint8 key[MUSTER_BENCH_KEY_SIZE])
{
  guint8 mac[crypto_auth_hmacsha256_BYTES];
  char  *text = NULL;

  G_STATIC_ASSERT (crypto_auth_hmacsha256_KEYBYTES == MUSTER_BENCH_KEY_SIZE);
  G_STATIC_ASSERT (crypto_auth_hmacsha256_BYTES >= MUSTER_LABEL_SECRET_LENGTH);
  g_return_val_if_fail (key != NULL, NULL);

  crypto_auth_hmacsha256 (mac, (const guint8 *)SECRET_CONTEXT, strlen (SECRET_CONTEXT), key);
  text = muster_label_secret_format (mac);
  sodium_memzero (mac, sizeof mac);
  return text;
}

/* Nobody has SERIAL. */
static gboolean
check_free (MusterTransaction *transaction, const char *serial, GError **error)
{
  const char *const serials[] = { serial, NULL };
  g_autoptr (GPtrArray) devices = muster_unit_find_by_serials (transaction, serials, error);

  if (devices == NULL)
    return FALSE;
  if (devices->len == 0)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "the next serial number, %s, is taken by %s: set the batch's next number beyond it",
               serial, muster_entity_get_string (devices->pdata[0], "name"));
  return FALSE;
}

static void
give_key (MusterEntity *unit)
{
  guint8 key[MUSTER_BENCH_KEY_SIZE];
  char   text[2 * MUSTER_BENCH_KEY_SIZE + 1];

  randombytes_buf (key, sizeof key);
  muster_entity_set_string (unit, "link_key", sodium_bin2hex (text, sizeof text, key, sizeof key));
  sodium_memzero (key, sizeof key);
  sodium_memzero (text, sizeof text);
}

gboolean
muster_factory_store_assign (MusterTransaction *transaction,
                             gpointer           data,
                             GValue            *result,
                             GError           **error)
{
  g_autoptr (MusterEntity) unit = get_record (transaction, data, error);
  g_autoptr (MusterEntity) batch = unit != NULL ? get_batch (transaction, unit, error) : NULL;
  g_autofree char *serial = NULL;
  gint64           next;

  if (batch == NULL)
    return FALSE;
  if (!muster_entity_is_null (unit, "serial"))
    {
      give (result, unit);
      return TRUE;
    }
  next = muster_entity_get_integer (batch, "serial_next");
  serial = muster_factory_format_serial (batch, next);
  if (strlen (serial) > MUSTER_FACTORY_SERIAL_MAX)
    return conflict (error, "the batch has no serial numbers left: give it more digits");
  if (!check_free (transaction, serial, error))
    return FALSE;
  muster_entity_set_string (unit, "serial", serial);
  give_key (unit);
  muster_entity_set_integer (batch, "serial_next", next + 1);
  return muster_transaction_update (transaction, batch, 0, error) &&
         store (transaction, unit, result, error);
}

/* --- the device --- */

static void
set_secret (MusterEntity *device, MusterEntity *unit)
{
  guint8 key[MUSTER_BENCH_KEY_SIZE];
  char  *secret = NULL;

  if (!muster_factory_unit_read_key (unit, key))
    return;
  secret = muster_factory_derive_secret (key);
  muster_entity_set_string (device, "secret", secret);
  sodium_memzero (secret, strlen (secret));
  sodium_memzero (key, sizeof key);
  g_free (secret);
}

static void
set_text (MusterEntity *device, const char *field, const char *text)
{
  if (*text != '\0')
    muster_entity_set_string (device, field, text);
}

static MusterEntity *
make_device (MusterTransaction        *transaction,
             MusterEntity             *batch,
             MusterEntity             *unit,
             const MusterUnitIdentity *identity,
             GError                  **error)
{
  g_autoptr (MusterEntity) product =
              muster_transaction_get (transaction, &muster_product_info,
                                      muster_entity_get_string (batch, "product_id"), error);
  g_autoptr (MusterEntity) device = NULL;
  g_autofree char   *note = NULL;
  MusterStockContext context = { .reason = -1 };
  gboolean           stored = FALSE;

  if (product == NULL)
    return NULL;
  device = muster_unit_new (product, muster_entity_get_string (unit, "serial"),
                            muster_transaction_get_now (transaction));
  if (muster_entity_is_null (device, "model"))
    set_text (device, "model", identity->model);
  set_text (device, "hardware_revision", identity->hardware);
  set_text (device, "firmware_version", identity->firmware);
  muster_entity_set_string (device, "location_id", muster_entity_get_string (batch, "location_id"));
  set_secret (device, unit);
  note = g_strdup_printf ("Made in %s", muster_entity_get_string (batch, "name"));
  context.note = note;
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, &context);
  stored = muster_transaction_insert (transaction, device, error);
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, NULL);
  return stored ? g_steal_pointer (&device) : NULL;
}

/* --- labels --- */

/* Who prints the label of a unit of BATCH that has just passed. */
static MusterUnitLabel
get_first_label (MusterEntity *batch)
{
  switch ((MusterFactoryLabels)muster_entity_get_enum (batch, "labels"))
    {
    case MUSTER_FACTORY_LABELS_STATION:
      return MUSTER_UNIT_LABEL_DUE;
    case MUSTER_FACTORY_LABELS_SITE:
      return MUSTER_UNIT_LABEL_WAITING;
    case MUSTER_FACTORY_LABELS_HAND:
    default:
      return MUSTER_UNIT_LABEL_NONE;
    }
}

gboolean
muster_factory_store_set_label (MusterTransaction *transaction,
                                gpointer           data,
                                GValue            *result,
                                GError           **error)
{
  MusterFactoryCall *self = data;
  g_autoptr (MusterEntity) unit = get_record (transaction, self, error);

  if (unit == NULL)
    return FALSE;
  if (muster_entity_get_enum (unit, "status") != MUSTER_BENCH_PASSED ||
      muster_entity_is_null (unit, "device_id"))
    return conflict (error, "only a unit that passed has a label");
  muster_entity_set_enum (unit, "label", (int)self->label);
  muster_entity_set_string (unit, "label_error",
                            self->label == MUSTER_UNIT_LABEL_FAILED ? self->error : NULL);
  return store (transaction, unit, result, error);
}

/* --- the end of a unit --- */

gboolean
muster_factory_store_finish (MusterTransaction *transaction,
                             gpointer           data,
                             GValue            *result,
                             GError           **error)
{
  MusterFactoryCall *self = data;
  g_autoptr (MusterEntity) unit = get_record (transaction, self, error);
  g_autoptr (MusterEntity) batch = unit != NULL ? get_batch (transaction, unit, error) : NULL;
  g_autoptr (MusterEntity) device = NULL;
  g_autofree char *summary = NULL;

  if (batch == NULL)
    return FALSE;
  if (is_over (muster_entity_get_enum (unit, "status")))
    return conflict (error, "it is over already");
  device = make_device (transaction, batch, unit, &self->identity, error);
  if (device == NULL || !store_report (transaction, unit, self->report, error))
    return FALSE;
  summary = g_strdup_printf ("Make %s", muster_entity_get_string (device, "name"));
  muster_transaction_set_summary (transaction, summary);
  muster_entity_set_string (unit, "device_id", muster_entity_get_id (device));
  muster_entity_set_enum (unit, "label", (int)get_first_label (batch));
  muster_entity_set_null (unit, "label_error");
  self->status = MUSTER_BENCH_PASSED;
  set_progress (transaction, unit, self);
  return store (transaction, unit, result, error) && count (transaction, batch, error);
}

/* --- lists --- */

static GPtrArray *
list (MusterTransaction      *transaction,
      const MusterEntityInfo *info,
      const char *const      *statuses,
      const char             *batch_id,
      GError                **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);

  if (statuses != NULL)
    muster_query_where_any (query, "status", statuses);
  if (batch_id != NULL)
    muster_query_where (query, "batch_id", batch_id);
  muster_query_set_sort (query, "id");
  muster_query_set_limit (query, 0);
  return muster_transaction_select (transaction, query, error);
}

static const MusterEntityInfo *const kinds[] = { &muster_factory_unit_info, &muster_test_run_info };

gboolean
muster_factory_store_settle (MusterTransaction *transaction,
                             gpointer           data,
                             GValue            *result,
                             GError           **error)
{
  static const char *const under_way[] = { "flashing", "provisioning", "testing", "asking", NULL };

  for (unsigned kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      g_autoptr (GPtrArray) records = list (transaction, kinds[kind], under_way, NULL, error);

      for (guint i = 0; records != NULL && i < records->len; i++)
        {
          muster_entity_set_enum (records->pdata[i], "status", MUSTER_BENCH_WAITING);
          muster_entity_set_null (records->pdata[i], "question");
          if (!muster_transaction_update (transaction, records->pdata[i], 0, error))
            return FALSE;
        }
      if (records == NULL)
        return FALSE;
    }
  return TRUE;
}

gboolean
muster_factory_store_list_waiting (MusterTransaction *transaction,
                                   gpointer           data,
                                   GValue            *result,
                                   GError           **error)
{
  static const char *const waiting[] = { "waiting", NULL };
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);

  for (unsigned kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      g_autoptr (GPtrArray) records = list (transaction, kinds[kind], waiting, NULL, error);

      if (records == NULL)
        return FALSE;
      g_ptr_array_extend (all, records, (GCopyFunc)(void *)g_object_ref, NULL);
    }
  give_all (result, all);
  return TRUE;
}

gboolean
muster_factory_store_find_serial (MusterTransaction *transaction,
                                  gpointer           data,
                                  GValue            *result,
                                  GError           **error)
{
  MusterFactoryCall *self = data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_factory_unit_info);
  g_autoptr (MusterEntity) unit = NULL;
  g_autoptr (GError) cause = NULL;

  muster_query_where (query, "serial", self->serial);
  unit = muster_transaction_find (transaction, query, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  give (result, unit);
  return TRUE;
}

gboolean
muster_factory_store_list_units (MusterTransaction *transaction,
                                 gpointer           data,
                                 GValue            *result,
                                 GError           **error)
{
  MusterFactoryCall *self = data;
  g_autoptr (GPtrArray) units = list (transaction, &muster_factory_unit_info, NULL, self->id, error);

  if (units == NULL)
    return FALSE;
  give_all (result, units);
  return TRUE;
}

gboolean
muster_factory_store_list_labels (MusterTransaction *transaction,
                                  gpointer           data,
                                  GValue            *result,
                                  GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_factory_unit_info);
  g_autoptr (GPtrArray) units = NULL;

  muster_query_where (query, "label",
                      muster_enum_get_nick (&muster_unit_label_enum, MUSTER_UNIT_LABEL_WAITING));
  muster_query_set_sort (query, "id");
  muster_query_set_limit (query, 0);
  units = muster_transaction_select (transaction, query, error);
  if (units == NULL)
    return FALSE;
  give_all (result, units);
  return TRUE;
}

/* --- keys --- */

/* Whether the record of UNIT says that it is reached through the gateway. */
static gboolean
is_behind (MusterTransaction *transaction, MusterEntity *unit, const char *gateway_id)
{
  const char *device_id = muster_entity_get_string (unit, "device_id");
  g_autoptr (MusterEntity) device =
              device_id != NULL
                ? muster_transaction_get (transaction, &muster_device_info, device_id, NULL)
                : NULL;

  return device != NULL &&
         g_strcmp0 (muster_entity_get_string (device, "gateway_id"), gateway_id) == 0;
}

static gboolean
is_there (MusterTransaction *transaction, const char *id, GError **error)
{
  g_autoptr (MusterEntity) gateway =
              muster_transaction_get (transaction, &muster_device_info, id, error);

  return gateway != NULL;
}

gboolean
muster_factory_store_read_keys (MusterTransaction *transaction,
                                gpointer           data,
                                GValue            *result,
                                GError           **error)
{
  MusterFactoryCall *self = data;
  g_autoptr (GPtrArray) all = list (transaction, &muster_factory_unit_info, NULL, self->id, error);
  g_autoptr (GPtrArray) units = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 now = muster_transaction_get_now (transaction);

  if (all == NULL || (self->device_id != NULL && !is_there (transaction, self->device_id, error)))
    return FALSE;
  muster_transaction_set_final (transaction, "the keys are known to who read them");
  for (guint i = 0; i < all->len; i++)
    {
      MusterEntity *unit = all->pdata[i];

      if (muster_entity_is_null (unit, "link_key") ||
          (self->device_id != NULL && !is_behind (transaction, unit, self->device_id)))
        continue;
      muster_entity_set_integer (unit, "key_read_at", now);
      if (!muster_transaction_update (transaction, unit, 0, error))
        return FALSE;
      g_ptr_array_add (units, g_object_ref (unit));
    }
  if (self->device_id != NULL && units->len == 0)
    return conflict (error, "no unit that was made here is reached through it: say so in their "
                            "records, or read the keys of a batch");
  give_all (result, units);
  return TRUE;
}
