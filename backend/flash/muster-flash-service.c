/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-flash-service"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/muster-patience.h"
#include "core/muster-promise.h"
#include "model/muster-firmware-artifact.h"
#include "muster-flash-child.h"
#include "muster-flash-logs.h"
#include "ota/muster-firmware-use.h"
#include "muster-flash-ports.h"
#include "muster-flash-service.h"
#include "muster-flash-store.h"
#include "muster-flash-tool.h"

#define LOG_MAX (1024 * 1024)
#define SUFFIX_MAX 8 /* of a file, with its dot */
#define PROGRESS_INTERVAL G_TIME_SPAN_SECOND
#define COLLECT_SECONDS (24 * 3600)
#define SETTING_PARALLEL "flash.parallel"
#define SETTING_TIMEOUT "flash.timeout"

/* clang-format off */
const MusterSetting muster_flash_settings[] = {
  { SETTING_PARALLEL, { "flash_parallel", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 64, .default_value = 8, .label = N_("Boards at once"), .doc = "How many boards are given firmware over cables at the same time." } },
  { SETTING_TIMEOUT, { "flash_timeout", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 5, 3600, .default_value = 300, .unit = "s", .label = N_("Patience with a board"), .doc = "How long a tool may take for one step with one board before it is stopped." } },
  { "flash.esptool", { "flash_esptool", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Program esptool"), .doc = "Where esptool is; empty: wherever the daemon finds it." } },
  { "flash.avrdude", { "flash_avrdude", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Program AVRDUDE"), .doc = "Where AVRDUDE is; empty: wherever the daemon finds it." } },
  { "flash.picotool", { "flash_picotool", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Program picotool"), .doc = "Where picotool is; empty: wherever the daemon finds it." } },
  { "flash.stm32flash", { "flash_stm32flash", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Program stm32flash"), .doc = "Where stm32flash is; empty: wherever the daemon finds it." } },
  { "flash.openocd", { "flash_openocd", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 1000, .label = N_("Program OpenOCD"), .doc = "Where OpenOCD is; empty: wherever the daemon finds it." } },
  { NULL },
};
/* clang-format on */

struct _MusterFlashService
{
  MusterService          parent_instance;
  MusterFirmwareService *firmware; /* (owned) */
  MusterSettings        *settings; /* (owned) */
  MusterActor           *actor;    /* (owned) */
  char                  *folder;
  GHashTable            *running; /* (owned) run id → (owned) Run */
  MusterPortTable       *ports;   /* (owned) */
  GCancellable          *stopping;
  guint                  collect_id;
  gboolean               is_looking; /* for what can begin */
  gboolean               look_again;
};

G_DEFINE_FINAL_TYPE (MusterFlashService, muster_flash_service, MUSTER_TYPE_SERVICE)

/* One board that is being written. */
typedef struct
{
  MusterFlashService *service; /* (owned) */
  GCancellable       *cancellable;
  char               *id;
  char               *batch_id;
  char               *port;
  char               *holder; /* in whose name it has the port: its own, or that of its unit */
  char               *log;
  gint64              told_at; /* monotonic: of its progress */
} Run;

static void muster_flash_service_look (MusterFlashService *self);

MusterRepository *
muster_flash_service_get_repository (MusterFlashService *self)
{
  g_return_val_if_fail (MUSTER_IS_FLASH_SERVICE (self), NULL);

  return muster_firmware_service_get_repository (self->firmware);
}

MusterPortTable *
muster_flash_service_get_ports (MusterFlashService *self)
{
  g_return_val_if_fail (MUSTER_IS_FLASH_SERVICE (self), NULL);

  return self->ports;
}

static MusterDatabase *
get_database (MusterFlashService *self)
{
  return muster_repository_get_database (muster_flash_service_get_repository (self));
}

static char *
find_tool (MusterFlashService *self, MusterFlashTool tool, GError **error)
{
  g_autofree char *key =
    g_strconcat ("flash.", muster_enum_get_nick (&muster_flash_tool_enum, (int)tool), NULL);

  return muster_flash_tool_find (tool, muster_settings_get_string (self->settings, key), error);
}

static char *
build_log_path (MusterFlashService *self, const char *run_id)
{
  g_autofree char *name = g_strconcat (run_id, MUSTER_FLASH_LOG_SUFFIX, NULL);

  return g_build_filename (self->folder, name, NULL);
}

/* --- one board --- */

static const char *
get_holder (MusterEntity *record)
{
  const char *unit_id = muster_entity_get_string (record, "unit_id");

  return unit_id != NULL ? unit_id : muster_entity_get_id (record);
}

static Run *
run_new (MusterFlashService *service, MusterEntity *record)
{
  Run *self = g_new0 (Run, 1);

  self->service = g_object_ref (service);
  self->cancellable = g_cancellable_new ();
  self->id = g_strdup (muster_entity_get_id (record));
  self->batch_id = g_strdup (muster_entity_get_string (record, "batch_id"));
  self->port = g_strdup (muster_entity_get_string (record, "port"));
  self->holder = g_strdup (get_holder (record));
  self->log = build_log_path (service, self->id);
  return self;
}

static void
run_free (gpointer data)
{
  Run *self = data;

  g_object_unref (self->service);
  g_object_unref (self->cancellable);
  g_free (self->id);
  g_free (self->batch_id);
  g_free (self->port);
  g_free (self->holder);
  g_free (self->log);
  g_free (self);
}

/* In a fiber. FALSE: it is not to go on. How it ended is written down whoever stops the board. */
static gboolean
run_note (Run *self, MusterFlashRunStatus status, const char *message)
{
  gboolean goes_on = status == MUSTER_FLASH_RUN_WRITING || status == MUSTER_FLASH_RUN_VERIFYING;
  MusterFlashCall *call = muster_flash_call_new (self->id);
  g_autoptr (GError) error = NULL;

  call->status = status;
  call->error = g_strdup (message);
  if (dex_await (muster_database_write_patiently (
                   get_database (self->service), self->service->actor, muster_flash_store_progress,
                   call, muster_flash_call_free,
                   goes_on ? self->cancellable : self->service->stopping, self->port),
                 &error))
    return TRUE;
  g_message ("%s: %s", self->port, error->message);
  return FALSE;
}

static gboolean
store_percent (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  return muster_transaction_touch (transaction, data, error);
}

static void
run_progress_cb (int percent, gpointer user_data)
{
  Run          *self = user_data;
  gint64        now = g_get_monotonic_time ();
  MusterEntity *touched = NULL;

  if (now - self->told_at < PROGRESS_INTERVAL)
    return;
  self->told_at = now;
  touched = muster_entity_new (&muster_flash_run_info);
  muster_entity_set_string (touched, "id", self->id);
  muster_entity_set_integer (touched, "progress", percent);
  muster_disown_logged (G_LOG_LEVEL_DEBUG,
                        muster_database_write (get_database (self->service), self->service->actor,
                                               NULL, store_percent, touched, g_object_unref),
                        "noting a board's progress");
}

/* How NAME (nullable) ends, which is a word of a command line then. */
static const char *
get_suffix (const char *name)
{
  const char *dot = name != NULL ? strrchr (name, '.') : NULL;

  return dot != NULL && strlen (dot) <= SUFFIX_MAX &&
             strspn (dot + 1, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS) == strlen (dot + 1)
           ? dot
           : ".bin";
}

/* The file as the tools want it: they tell its format by its name. (transfer full) */
static char *
run_link_file (Run *self, MusterEntity *artifact, GError **error)
{
  MusterFirmwareStore *store = muster_firmware_service_get_store (self->service->firmware);
  const char          *sha256 = muster_entity_get_string (artifact, "sha256");
  g_autofree char     *content =
    sha256 != NULL ? muster_firmware_store_build_path (store, sha256) : NULL;
  g_autofree char *file =
    g_strconcat (self->id, get_suffix (muster_entity_get_string (artifact, "file_name")), NULL);
  g_autofree char *path = g_build_filename (self->service->folder, file, NULL);
  g_autofree char *target = content != NULL ? g_canonicalize_filename (content, NULL) : NULL;

  g_unlink (path);
  if (target != NULL && g_file_test (target, G_FILE_TEST_EXISTS) && symlink (target, path) == 0)
    return g_steal_pointer (&path);
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                       "the firmware has no file any more: upload it again");
  return NULL;
}

/* In a fiber: one step with the board. */
static gboolean
run_step (Run *self, MusterEntity *batch, const char *file, MusterFlashStep step, GError **error)
{
  MusterFlashTool  tool = (MusterFlashTool)muster_entity_get_enum (batch, "tool");
  g_autofree char *program = find_tool (self->service, tool, error);
  MusterFlashJob   job = { program,
                           self->port,
                           file,
                           muster_entity_get_string (batch, "part"),
                           muster_entity_get_string (batch, "programmer"),
                           muster_entity_get_integer (batch, "address") };
  g_auto (GStrv) command = NULL;
  MusterFlashChild child = { NULL };

  if (program == NULL)
    return FALSE;
  command = muster_flash_tool_make_command (tool, &job, step);
  if (command == NULL)
    return TRUE;
  if (step == MUSTER_FLASH_VERIFY && !run_note (self, MUSTER_FLASH_RUN_VERIFYING, NULL))
    return FALSE;
  child.command = (const char *const *)command;
  child.log = self->log;
  child.timeout = (unsigned)muster_settings_get_integer (self->service->settings, SETTING_TIMEOUT);
  child.progress = run_progress_cb;
  child.user_data = self;
  return muster_flash_child_run (&child, self->cancellable, error);
}

static gboolean
run_write (Run *self, GError **error)
{
  MusterRepository *repository = muster_flash_service_get_repository (self->service);
  g_autoptr (MusterEntity) batch = dex_await_object (
    muster_repository_get (repository, &muster_flash_batch_info, self->batch_id), error);
  g_autoptr (MusterEntity) artifact = NULL;
  g_autofree char *file = NULL;
  gboolean         good;

  if (batch == NULL)
    return FALSE;
  artifact =
    dex_await_object (muster_repository_get (repository, &muster_firmware_artifact_info,
                                             muster_entity_get_string (batch, "artifact_id")),
                      error);
  file =
    artifact != NULL && muster_firmware_check_given (artifact,
                                                     muster_firmware_service_requires_signature (
                                                       self->service->firmware),
                                                     error)
      ? run_link_file (self, artifact, error)
      : NULL;
  if (file == NULL)
    return FALSE;
  good = run_step (self, batch, file, MUSTER_FLASH_WRITE, error) &&
         run_step (self, batch, file, MUSTER_FLASH_VERIFY, error);
  g_unlink (file);
  return good;
}

static DexFuture *
run_fiber (gpointer user_data)
{
  Run                *self = user_data;
  MusterFlashService *service = g_object_ref (self->service);
  g_autoptr (GError) error = NULL;

  if (run_note (self, MUSTER_FLASH_RUN_WRITING, NULL))
    {
      if (run_write (self, &error))
        run_note (self, MUSTER_FLASH_RUN_DONE, NULL);
      else if (!g_cancellable_is_cancelled (self->cancellable))
        run_note (self, MUSTER_FLASH_RUN_FAILED, error != NULL ? error->message : NULL);
      else if (!g_cancellable_is_cancelled (service->stopping))
        run_note (self, MUSTER_FLASH_RUN_CANCELLED, NULL);
    }
  muster_port_table_release (service->ports, self->port, self->holder);
  g_hash_table_remove (service->running, self->id);
  muster_flash_service_look (service);
  g_object_unref (service);
  return dex_future_new_true ();
}

/* --- the queue --- */

/* What people call the batch that RECORD is of: (transfer full) (nullable). */
static char *
dup_batch_name (MusterFlashService *self, MusterEntity *record)
{
  g_autoptr (MusterEntity) batch = dex_await_object (
    muster_repository_get (muster_flash_service_get_repository (self), &muster_flash_batch_info,
                           muster_entity_get_string (record, "batch_id")),
    NULL);

  return batch != NULL ? g_strdup (muster_entity_get_string (batch, "name")) : NULL;
}

/* RECORD waits for who has its port; that is written down where it is news. */
static void
hold_back (MusterFlashService *self, MusterEntity *record)
{
  g_autofree char *who =
    muster_port_table_describe (self->ports, muster_entity_get_string (record, "port"));
  MusterFlashCall *call = NULL;

  if (g_strcmp0 (who, muster_entity_get_string (record, "waits_for")) == 0)
    return;
  call = muster_flash_call_new (muster_entity_get_id (record));
  call->waits_for = g_steal_pointer (&who);
  muster_disown_logged (G_LOG_LEVEL_WARNING,
                        muster_database_write (get_database (self), self->actor, NULL,
                                               muster_flash_store_hold, call,
                                               muster_flash_call_free),
                        "noting what a board waits for");
}

static void
begin_run (MusterFlashService *self, MusterEntity *record)
{
  g_autofree char *name = dup_batch_name (self, record);
  Run             *run = NULL;

  if (g_cancellable_is_cancelled (self->stopping))
    return;
  if (!muster_port_table_claim (self->ports, muster_entity_get_string (record, "port"),
                                MUSTER_PORT_WRITTEN, get_holder (record), name))
    {
      hold_back (self, record);
      return;
    }
  run = run_new (self, record);
  g_hash_table_insert (self->running, run->id, run);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, run_fiber, run, NULL));
}

static void
begin_runs (MusterFlashService *self, GPtrArray *waiting)
{
  guint limit = (guint)muster_settings_get_integer (self->settings, SETTING_PARALLEL);

  for (guint i = 0; i < waiting->len && g_hash_table_size (self->running) < limit; i++)
    if (!g_hash_table_contains (self->running, muster_entity_get_id (waiting->pdata[i])))
      begin_run (self, waiting->pdata[i]);
}

static DexFuture *
look_fiber (gpointer user_data)
{
  MusterFlashService *self = user_data;

  do
    {
      g_autoptr (GPtrArray) waiting = NULL;
      g_autoptr (GError) error = NULL;

      self->look_again = FALSE;
      waiting = dex_await_boxed (muster_database_read (get_database (self),
                                                       muster_flash_store_list_waiting, NULL, NULL),
                                 &error);
      if (waiting == NULL)
        g_warning ("could not look for boards that wait: %s", error->message);
      else if (!g_cancellable_is_cancelled (self->stopping))
        begin_runs (self, waiting);
    }
  while (self->look_again);
  self->is_looking = FALSE;
  return dex_future_new_true ();
}

/* Begins what waits and can begin. */
static void
muster_flash_service_look (MusterFlashService *self)
{
  if (g_cancellable_is_cancelled (self->stopping))
    return;
  self->look_again = TRUE;
  if (self->is_looking)
    return;
  self->is_looking = TRUE;
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, look_fiber, g_object_ref (self), g_object_unref));
}

/* --- what people do --- */

static DexFuture *
look_cb (DexFuture *future, gpointer self)
{
  muster_flash_service_look (self);
  return dex_ref (future);
}

static DexFuture *
change (MusterFlashService *self,
        MusterActor        *actor,
        const char         *operation,
        MusterDatabaseFunc  func,
        MusterFlashCall    *call)
{
  return dex_future_then (muster_database_write (get_database (self), actor, operation, func, call,
                                                 muster_flash_call_free),
                          look_cb, g_object_ref (self), g_object_unref);
}

static void
check_ports (const char *const *ports, MusterFieldErrors *errors)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (ports == NULL || ports[0] == NULL)
    muster_field_errors_add (errors, "/ports", "must name a port at least");
  for (unsigned i = 0; ports != NULL && ports[i] != NULL; i++)
    {
      g_autofree char *pointer = g_strdup_printf ("/ports/%u", i);

      if (!muster_flash_tool_is_port (ports[i]))
        muster_field_errors_add (errors, pointer, "must be a port, of 1 to %d characters",
                                 MUSTER_FLASH_PORT_MAX);
      else if (!g_hash_table_add (seen, (gpointer)ports[i]))
        muster_field_errors_add (errors, pointer, "is named twice");
    }
}

static gboolean
check_batch (MusterEntity *batch, const char *const *ports, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_flash_tool_check_words (batch, errors);
  check_ports (ports, errors);
  return muster_field_errors_check (errors, error);
}

DexFuture *
muster_flash_service_create (MusterFlashService *self,
                             MusterActor        *actor,
                             MusterEntity       *batch,
                             const char *const  *ports,
                             const char         *unit_id)
{
  MusterFlashCall *call = NULL;
  g_autofree char *program = NULL;
  GError          *error = NULL;

  g_return_val_if_fail (MUSTER_IS_FLASH_SERVICE (self), NULL);
  g_return_val_if_fail (MUSTER_IS_FLASH_BATCH (batch), NULL);

  if (!check_batch (batch, ports, &error))
    return dex_future_new_for_error (error);
  program = find_tool (self, (MusterFlashTool)muster_entity_get_enum (batch, "tool"), &error);
  if (program == NULL)
    return dex_future_new_for_error (error);
  call = muster_flash_call_new (NULL);
  call->batch = g_object_ref (batch);
  call->ports = g_strdupv ((char **)ports);
  call->unit_id = g_strdup (unit_id);
  return change (self, actor, "Give boards their firmware", muster_flash_store_create, call);
}

DexFuture *
muster_flash_service_add (MusterFlashService *self,
                          MusterActor        *actor,
                          const char         *batch_id,
                          const char *const  *ports,
                          const char         *unit_id)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  MusterFlashCall *call = NULL;
  GError          *error = NULL;

  g_return_val_if_fail (MUSTER_IS_FLASH_SERVICE (self), NULL);
  g_return_val_if_fail (batch_id != NULL, NULL);

  check_ports (ports, errors);
  if (!muster_field_errors_check (errors, &error))
    return dex_future_new_for_error (error);
  call = muster_flash_call_new (batch_id);
  call->ports = g_strdupv ((char **)ports);
  call->unit_id = g_strdup (unit_id);
  return change (self, actor, "Give the next boards their firmware", muster_flash_store_add, call);
}

DexFuture *
muster_flash_service_retry (MusterFlashService *self, MusterActor *actor, const char *batch_id)
{
  g_return_val_if_fail (MUSTER_IS_FLASH_SERVICE (self), NULL);
  g_return_val_if_fail (batch_id != NULL, NULL);

  return change (self, actor, "Try boards again", muster_flash_store_retry,
                 muster_flash_call_new (batch_id));
}

DexFuture *
muster_flash_service_cancel (MusterFlashService *self, MusterActor *actor, const char *batch_id)
{
  GHashTableIter iter;
  Run           *run = NULL;
  g_autoptr (GPtrArray) stopped = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (MUSTER_IS_FLASH_SERVICE (self), NULL);
  g_return_val_if_fail (batch_id != NULL, NULL);

  g_hash_table_iter_init (&iter, self->running);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&run))
    if (g_str_equal (run->batch_id, batch_id))
      g_ptr_array_add (stopped, g_object_ref (run->cancellable));
  for (guint i = 0; i < stopped->len; i++)
    g_cancellable_cancel (stopped->pdata[i]);
  return change (self, actor, "Stop giving boards their firmware", muster_flash_store_cancel,
                 muster_flash_call_new (batch_id));
}

DexFuture *
muster_flash_service_cancel_run (MusterFlashService *self, MusterActor *actor, const char *run_id)
{
  Run *run = NULL;

  g_return_val_if_fail (MUSTER_IS_FLASH_SERVICE (self), NULL);
  g_return_val_if_fail (run_id != NULL, NULL);

  run = g_hash_table_lookup (self->running, run_id);
  if (run != NULL)
    g_cancellable_cancel (run->cancellable);
  return change (self, actor, "Stop giving a board its firmware", muster_flash_store_cancel_run,
                 muster_flash_call_new (run_id));
}

/* --- questions --- */

static DexFuture *
read_log_thread (gpointer path)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  gsize       size = file != NULL ? g_mapped_file_get_length (file) : 0;
  const char *data = file != NULL ? g_mapped_file_get_contents (file) : NULL;
  gsize       skip = size > LOG_MAX ? size - LOG_MAX : 0;

  return dex_future_new_take_boxed (G_TYPE_BYTES,
                                    g_bytes_new (data != NULL ? data + skip : "", size - skip));
}

DexFuture *
muster_flash_service_read_log (MusterFlashService *self, const char *run_id)
{
  g_return_val_if_fail (MUSTER_IS_FLASH_SERVICE (self), NULL);
  g_return_val_if_fail (run_id != NULL, NULL);

  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, read_log_thread,
                              build_log_path (self, run_id), g_free);
}

static void
append_nullable (GString *json, const char *text)
{
  if (text != NULL)
    muster_json_append_string (json, text, -1);
  else
    g_string_append (json, "null");
}

char *
muster_flash_service_encode_tools (MusterFlashService *self)
{
  g_autoptr (GString) json = g_string_new ("{\"items\":[");

  g_return_val_if_fail (MUSTER_IS_FLASH_SERVICE (self), NULL);

  for (unsigned i = 0; i < MUSTER_FLASH_N_TOOLS; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *program = find_tool (self, i, &error);

      g_string_append_printf (json, "%s{\"tool\":\"%s\",\"program\":", i > 0 ? "," : "",
                              muster_enum_get_nick (&muster_flash_tool_enum, (int)i));
      append_nullable (json, program);
      g_string_append (json, ",\"problem\":");
      append_nullable (json, error != NULL ? error->message : NULL);
      g_string_append_printf (json, ",\"needs_part\":%s,\"needs_programmer\":%s}",
                              muster_flash_tool_needs_part (i) ? "true" : "false",
                              muster_flash_tool_needs_programmer (i) ? "true" : "false");
    }
  g_string_append (json, "]}");
  return g_string_free_and_steal (g_steal_pointer (&json));
}

static void
append_port (MusterFlashService *self, GString *json, const char *port)
{
  g_autofree char *who = muster_port_table_describe (self->ports, port);

  g_string_append (json, json->str[json->len - 1] == '[' ? "{\"port\":" : ",{\"port\":");
  muster_json_append_string (json, port, -1);
  g_string_append_printf (json, ",\"busy\":%s,\"used_by\":", who != NULL ? "true" : "false");
  append_nullable (json, who);
  g_string_append (json, ",\"user_id\":");
  append_nullable (json, muster_port_table_get_holder (self->ports, port));
  g_string_append_c (json, '}');
}

static gboolean
is_listed (char **ports, const char *port)
{
  while (*ports != NULL && !muster_port_is_same (*ports, port))
    ports++;
  return *ports != NULL;
}

char *
muster_flash_service_encode_ports (MusterFlashService *self)
{
  g_auto (GStrv) ports = muster_flash_ports_list ("/dev");
  g_auto (GStrv) held = NULL;
  g_autoptr (GString) json = g_string_new ("{\"items\":[");

  g_return_val_if_fail (MUSTER_IS_FLASH_SERVICE (self), NULL);

  held = muster_port_table_list (self->ports);
  for (unsigned i = 0; ports[i] != NULL; i++)
    append_port (self, json, ports[i]);
  for (unsigned i = 0; held[i] != NULL; i++)
    if (!is_listed (ports, held[i]))
      append_port (self, json, held[i]);
  g_string_append (json, "]}");
  return g_string_free_and_steal (g_steal_pointer (&json));
}

/* --- life cycle --- */

static DexFuture *
settled_cb (DexFuture *future, gpointer self)
{
  muster_flash_service_look (self);
  return dex_future_new_true ();
}

static gboolean
muster_flash_service_collect_cb (gpointer user_data)
{
  MusterFlashService *self = user_data;

  muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                        muster_flash_logs_collect (get_database (self), self->folder),
                        "logs of boards that nobody knows any more are not removed");
  return G_SOURCE_CONTINUE;
}

static DexFuture *
muster_flash_service_start (MusterService *service)
{
  MusterFlashService *self = MUSTER_FLASH_SERVICE (service);

  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_FAILED, "%s cannot be made",
                                  self->folder);
  self->collect_id = g_timeout_add_seconds (COLLECT_SECONDS, muster_flash_service_collect_cb, self);
  muster_flash_service_collect_cb (self);
  return dex_future_then (muster_database_write (get_database (self), self->actor, NULL,
                                                 muster_flash_store_settle, NULL, NULL),
                          settled_cb, g_object_ref (self), g_object_unref);
}

/* Tools end with the daemon; their boards are written anew when it is back. */
static DexFuture *
muster_flash_service_stop (MusterService *service)
{
  MusterFlashService *self = MUSTER_FLASH_SERVICE (service);
  g_autoptr (GPtrArray) runs = g_hash_table_get_values_as_ptr_array (self->running);

  g_clear_handle_id (&self->collect_id, g_source_remove);
  g_cancellable_cancel (self->stopping);
  for (guint i = 0; i < runs->len; i++)
    g_cancellable_cancel (((Run *)runs->pdata[i])->cancellable);
  return NULL;
}

static void
muster_flash_service_finalize (GObject *object)
{
  MusterFlashService *self = MUSTER_FLASH_SERVICE (object);

  g_clear_handle_id (&self->collect_id, g_source_remove);
  g_clear_object (&self->firmware);
  g_clear_object (&self->settings);
  g_clear_object (&self->ports);
  g_clear_object (&self->stopping);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_pointer (&self->running, g_hash_table_unref);
  g_clear_pointer (&self->folder, g_free);
  G_OBJECT_CLASS (muster_flash_service_parent_class)->finalize (object);
}

static void
muster_flash_service_class_init (MusterFlashServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_flash_service_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "flashing";
  MUSTER_SERVICE_CLASS (klass)->start = muster_flash_service_start;
  MUSTER_SERVICE_CLASS (klass)->stop = muster_flash_service_stop;
}

static void
muster_flash_service_init (MusterFlashService *self)
{
  self->actor = muster_actor_new_system ("flashing");
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, run_free);
  self->stopping = g_cancellable_new ();
  self->ports = muster_port_table_new ();
  g_signal_connect_object (self->ports, "freed", G_CALLBACK (muster_flash_service_look), self,
                           G_CONNECT_SWAPPED);
}

MusterFlashService *
muster_flash_service_new (MusterFirmwareService *firmware,
                          MusterSettings        *settings,
                          const char            *folder)
{
  MusterFlashService *self = NULL;

  g_return_val_if_fail (MUSTER_IS_FIRMWARE_SERVICE (firmware), NULL);
  g_return_val_if_fail (MUSTER_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_FLASH_SERVICE, NULL);
  self->firmware = g_object_ref (firmware);
  self->settings = g_object_ref (settings);
  self->folder = g_strdup (folder);
  return self;
}
