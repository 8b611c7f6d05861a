/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-factory-service"

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "core/muster-promise.h"
#include "flash/muster-flash-tool.h"
#include "model/muster-flash-run.h"
#include "muster-label-queue.h"
#include "muster-factory-run.h"
#include "muster-factory-service.h"

#define TCP_PREFIX "tcp:"

struct _MusterFactoryService
{
  MusterService       parent_instance;
  MusterFlashService *flash;   /* (owned) */
  MusterLabelQueue   *labels;  /* (owned) */
  MusterActor        *actor;   /* (owned) */
  GHashTable         *running; /* (owned) record id → MusterFactoryRun, which its fiber has */
  MusterFactoryGate   gate;
  gboolean            is_stopping;
  gboolean            is_looking; /* for what can begin */
  gboolean            look_again;
};

G_DEFINE_FINAL_TYPE (MusterFactoryService, muster_factory_service, MUSTER_TYPE_SERVICE)

static void muster_factory_service_look (MusterFactoryService *self);

MusterRepository *
muster_factory_service_get_repository (MusterFactoryService *self)
{
  g_return_val_if_fail (MUSTER_IS_FACTORY_SERVICE (self), NULL);

  return muster_flash_service_get_repository (self->flash);
}

static MusterDatabase *
get_database (MusterFactoryService *self)
{
  return muster_repository_get_database (muster_factory_service_get_repository (self));
}

/* --- what is under way --- */

typedef struct
{
  MusterFactoryService *service; /* (owned) */
  MusterFactoryRun     *run;     /* (owned) */
  MusterEntity         *record;  /* (owned): as it was when it began */
} Work;

static void
work_free (gpointer data)
{
  Work *self = data;

  muster_factory_run_free (self->run);
  g_object_unref (self->record);
  g_object_unref (self->service);
  g_free (self);
}

/* The ports of a board: that of its line, and that of the tool (nullable) where it is another. */
static const char *const port_fields[] = { "port", "flash_port" };

static const char *
get_port (MusterEntity *record, unsigned index)
{
  return index == 0 || MUSTER_IS_FACTORY_UNIT (record)
           ? muster_entity_get_string (record, port_fields[index])
           : NULL;
}

static void
release_ports (MusterFactoryService *self, MusterEntity *record, unsigned n_ports)
{
  MusterPortTable *ports = muster_flash_service_get_ports (self->flash);

  for (unsigned i = 0; i < n_ports; i++)
    if (get_port (record, i) != NULL)
      muster_port_table_release (ports, get_port (record, i), muster_entity_get_id (record));
}

/* All of its ports or none: NULL, or which it waits for. NAME is what it is a part of. */
static const char *
claim_ports (MusterFactoryService *self, MusterEntity *record, const char *name)
{
  MusterPortTable *ports = muster_flash_service_get_ports (self->flash);
  MusterPortUse    use = MUSTER_IS_FACTORY_UNIT (record) ? MUSTER_PORT_MADE : MUSTER_PORT_TESTED;

  for (unsigned i = 0; i < G_N_ELEMENTS (port_fields); i++)
    {
      const char *port = get_port (record, i);

      if (port == NULL ||
          muster_port_table_claim (ports, port, use, muster_entity_get_id (record), name))
        continue;
      release_ports (self, record, i);
      return port;
    }
  return NULL;
}

static DexFuture *
work_fiber (gpointer user_data)
{
  Work                 *self = user_data;
  MusterFactoryService *service = self->service;

  muster_factory_run_work (self->run);
  g_hash_table_remove (service->running, muster_factory_run_get_id (self->run));
  release_ports (service, self->record, G_N_ELEMENTS (port_fields));
  muster_factory_service_look (service);
  muster_label_queue_look (service->labels);
  return dex_future_new_true ();
}

/* What people call what RECORD is a part of: its batch, or its plan. (transfer full) (nullable) */
static char *
dup_name (MusterFactoryService *self, MusterEntity *record)
{
  g_autoptr (MusterEntity) batch = NULL;

  if (!MUSTER_IS_FACTORY_UNIT (record))
    return g_strdup (muster_entity_get_string (record, "name"));
  batch = dex_await_object (muster_repository_get (muster_factory_service_get_repository (self),
                                                   &muster_factory_batch_info,
                                                   muster_entity_get_string (record, "batch_id")),
                            NULL);
  return batch != NULL ? g_strdup (muster_entity_get_string (batch, "name")) : NULL;
}

/* RECORD waits for who has PORT; that is written down where it is news. */
static void
hold_back (MusterFactoryService *self, MusterEntity *record, const char *port)
{
  g_autofree char *who =
    muster_port_table_describe (muster_flash_service_get_ports (self->flash), port);
  MusterFactoryCall *call = NULL;

  if (g_strcmp0 (who, muster_entity_get_string (record, "waits_for")) == 0)
    return;
  call = muster_factory_call_new (muster_entity_get_info (record), muster_entity_get_id (record));
  call->waits_for = g_steal_pointer (&who);
  muster_disown_logged (G_LOG_LEVEL_WARNING,
                        muster_database_write (get_database (self), self->actor, NULL,
                                               muster_factory_store_hold, call,
                                               muster_factory_call_free),
                        "noting what a board waits for");
}

static void
begin (MusterFactoryService *self, MusterEntity *record)
{
  g_autofree char *name = dup_name (self, record);
  const char      *busy = NULL;
  Work            *work = NULL;

  if (self->is_stopping)
    return;
  busy = claim_ports (self, record, name);
  if (busy != NULL)
    {
      hold_back (self, record, busy);
      return;
    }
  work = g_new0 (Work, 1);
  work->service = g_object_ref (self);
  work->record = g_object_ref (record);
  work->run = muster_factory_run_new (self->flash, &self->gate, self->actor, record);
  g_hash_table_insert (self->running, g_strdup (muster_entity_get_id (record)), work->run);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, work_fiber, work, work_free));
}

static void
begin_all (MusterFactoryService *self, GPtrArray *waiting)
{
  for (guint i = 0; i < waiting->len; i++)
    if (!g_hash_table_contains (self->running, muster_entity_get_id (waiting->pdata[i])))
      begin (self, waiting->pdata[i]);
}

static DexFuture *
look_fiber (gpointer user_data)
{
  MusterFactoryService *self = user_data;

  do
    {
      g_autoptr (GPtrArray) waiting = NULL;
      g_autoptr (GError) error = NULL;

      self->look_again = FALSE;
      waiting =
        dex_await_boxed (muster_database_read (get_database (self),
                                               muster_factory_store_list_waiting, NULL, NULL),
                         &error);
      if (waiting == NULL)
        g_warning ("could not look for boards that wait: %s", error->message);
      else if (!self->is_stopping)
        begin_all (self, waiting);
    }
  while (self->look_again);
  self->is_looking = FALSE;
  return dex_future_new_true ();
}

/* Begins what waits and can begin. */
static void
muster_factory_service_look (MusterFactoryService *self)
{
  if (self->is_stopping)
    return;
  self->look_again = TRUE;
  if (self->is_looking)
    return;
  self->is_looking = TRUE;
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, look_fiber, g_object_ref (self), g_object_unref));
}

/* A board that is being written may be done. */
static void
muster_factory_service_changed_cb (MusterFactoryService   *self,
                                   const MusterEntityInfo *info,
                                   const char             *id)
{
  GHashTableIter    iter;
  MusterFactoryRun *run = NULL;

  if (info != &muster_flash_run_info)
    return;
  g_hash_table_iter_init (&iter, self->running);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&run))
    muster_factory_run_wake (run);
}

/* --- what people do --- */

static DexFuture *
look_cb (DexFuture *future, gpointer self)
{
  muster_factory_service_look (self);
  return dex_ref (future);
}

static DexFuture *
change (MusterFactoryService *self,
        MusterActor          *actor,
        const char           *operation,
        MusterDatabaseFunc    func,
        MusterFactoryCall    *call)
{
  return dex_future_then (muster_database_write (get_database (self), actor, operation, func, call,
                                                 muster_factory_call_free),
                          look_cb, g_object_ref (self), g_object_unref);
}

/* Whether it is the path of a device file, or HOST:PORT behind `tcp:`. */
static void
check_port (const char *port, const char *pointer, MusterFieldErrors *errors)
{
  gboolean is_remote = g_str_has_prefix (port, TCP_PREFIX);

  if (g_utf8_strlen (port, -1) > MUSTER_FLASH_PORT_MAX ||
      (!is_remote && !g_path_is_absolute (port)))
    muster_field_errors_add (errors, pointer,
                             "must be the path of a serial port, or tcp:HOST:PORT, of at most %d "
                             "characters",
                             MUSTER_FLASH_PORT_MAX);
  else if (is_remote)
    {
      g_autoptr (GSocketConnectable) address =
                  g_network_address_parse (port + strlen (TCP_PREFIX), 0, NULL);

      if (address == NULL || g_network_address_get_port (G_NETWORK_ADDRESS (address)) == 0)
        muster_field_errors_add (errors, pointer, "must be tcp:HOST:PORT");
    }
}

static void
check_ports (const char *const *ports, const char *const *flash_ports, MusterFieldErrors *errors)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (ports[0] == NULL)
    muster_field_errors_add (errors, "/ports", "must name a port at least");
  for (unsigned i = 0; ports[i] != NULL; i++)
    {
      g_autofree char *pointer = g_strdup_printf ("/ports/%u", i);

      if (*flash_ports[i] != '\0' && !muster_flash_tool_is_port (flash_ports[i]))
        muster_field_errors_add (errors, pointer, "must have a flash_port of 1 to %d characters",
                                 MUSTER_FLASH_PORT_MAX);
      else if (!g_hash_table_add (seen, (gpointer)ports[i]))
        muster_field_errors_add (errors, pointer, "is named twice");
      else
        check_port (ports[i], pointer, errors);
    }
}

DexFuture *
muster_factory_service_add (MusterFactoryService *self,
                            MusterActor          *actor,
                            const char           *batch_id,
                            const char *const    *ports,
                            const char *const    *flash_ports)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  MusterFactoryCall *call = NULL;
  GError            *error = NULL;

  g_return_val_if_fail (MUSTER_IS_FACTORY_SERVICE (self), NULL);
  g_return_val_if_fail (batch_id != NULL && ports != NULL && flash_ports != NULL, NULL);

  check_ports (ports, flash_ports, errors);
  if (!muster_field_errors_check (errors, &error))
    return dex_future_new_for_error (error);
  call = muster_factory_call_new (&muster_factory_batch_info, batch_id);
  call->ports = g_strdupv ((char **)ports);
  call->flash_ports = g_strdupv ((char **)flash_ports);
  return change (self, actor, "Make units", muster_factory_store_add, call);
}

DexFuture *
muster_factory_service_test (MusterFactoryService *self,
                             MusterActor          *actor,
                             const char           *plan_id,
                             const char           *port)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  const char *const  ports[] = { port, NULL };
  MusterFactoryCall *call = NULL;
  GError            *error = NULL;

  g_return_val_if_fail (MUSTER_IS_FACTORY_SERVICE (self), NULL);
  g_return_val_if_fail (plan_id != NULL && port != NULL, NULL);

  check_port (port, "/port", errors);
  if (!muster_field_errors_check (errors, &error))
    return dex_future_new_for_error (error);
  call = muster_factory_call_new (&muster_test_run_info, plan_id);
  call->ports = g_strdupv ((char **)ports);
  return change (self, actor, "Test a board", muster_factory_store_add_run, call);
}

DexFuture *
muster_factory_service_retry (MusterFactoryService *self, MusterActor *actor, const char *id)
{
  g_return_val_if_fail (MUSTER_IS_FACTORY_SERVICE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return change (self, actor, "Try a board again", muster_factory_store_retry,
                 muster_factory_call_new (&muster_factory_unit_info, id));
}

DexFuture *
muster_factory_service_cancel (MusterFactoryService   *self,
                               MusterActor            *actor,
                               const MusterEntityInfo *info,
                               const char             *id)
{
  MusterFactoryRun *run = NULL;

  g_return_val_if_fail (MUSTER_IS_FACTORY_SERVICE (self), NULL);
  g_return_val_if_fail (info != NULL && id != NULL, NULL);

  run = g_hash_table_lookup (self->running, id);
  if (run != NULL)
    muster_factory_run_stop (run, TRUE);
  return change (self, actor, "Stop with a board", muster_factory_store_cancel,
                 muster_factory_call_new (info, id));
}

/* --- labels and keys --- */

static DexFuture *
look_for_labels_cb (DexFuture *future, gpointer self)
{
  muster_label_queue_look (MUSTER_FACTORY_SERVICE (self)->labels);
  return dex_ref (future);
}

DexFuture *
muster_factory_service_print_label (MusterFactoryService *self,
                                    MusterActor          *actor,
                                    const char           *id,
                                    MusterUnitLabel       label,
                                    const char           *error)
{
  MusterFactoryCall *call = NULL;

  g_return_val_if_fail (MUSTER_IS_FACTORY_SERVICE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  call = muster_factory_call_new (&muster_factory_unit_info, id);
  call->label = label;
  call->error = g_strdup (error);
  return dex_future_then (muster_database_write (get_database (self), actor, "Print a label",
                                                 muster_factory_store_set_label, call,
                                                 muster_factory_call_free),
                          look_for_labels_cb, g_object_ref (self), g_object_unref);
}

DexFuture *
muster_factory_service_read_keys (MusterFactoryService *self,
                                  MusterActor          *actor,
                                  const char           *batch_id,
                                  const char           *gateway_id)
{
  MusterFactoryCall *call = NULL;

  g_return_val_if_fail (MUSTER_IS_FACTORY_SERVICE (self), NULL);

  call = muster_factory_call_new (&muster_factory_batch_info, batch_id);
  call->device_id = g_strdup (gateway_id);
  return muster_database_write_large (get_database (self), actor, "Read keys of units",
                                      muster_factory_store_read_keys, call,
                                      muster_factory_call_free);
}

/* --- answers --- */

typedef struct
{
  MusterFactoryService *service; /* (owned) */
  char                 *id;
  MusterTestAnswer      answer;
} Answering;

static void
answering_free (gpointer data)
{
  Answering *self = data;

  g_object_unref (self->service);
  g_free (self->id);
  muster_test_answer_clear (&self->answer);
  g_free (self);
}

static DexFuture *
answered_cb (DexFuture *future, gpointer user_data)
{
  Answering        *self = user_data;
  MusterFactoryRun *run = g_hash_table_lookup (self->service->running, self->id);

  if (run != NULL)
    muster_factory_run_answer (run, &self->answer);
  self->answer = (MusterTestAnswer){ 0 };
  return dex_ref (future);
}

DexFuture *
muster_factory_service_answer (MusterFactoryService   *self,
                               MusterActor            *actor,
                               const MusterEntityInfo *info,
                               const char             *id,
                               gboolean                passed,
                               const char             *note)
{
  Answering *answering = NULL;

  g_return_val_if_fail (MUSTER_IS_FACTORY_SERVICE (self), NULL);
  g_return_val_if_fail (info != NULL && id != NULL, NULL);

  answering = g_new0 (Answering, 1);
  answering->service = g_object_ref (self);
  answering->id = g_strdup (id);
  answering->answer.passed = passed;
  answering->answer.note = g_strdup (note);
  answering->answer.person = g_strdup (muster_actor_get_name (actor));
  return dex_future_then (muster_database_write (get_database (self), actor, "Say what a board did",
                                                 muster_factory_store_answer,
                                                 muster_factory_call_new (info, id),
                                                 muster_factory_call_free),
                          answered_cb, answering, answering_free);
}

/* --- life cycle --- */

static DexFuture *
settled_cb (DexFuture *future, gpointer self)
{
  muster_factory_service_look (self);
  muster_label_queue_look (MUSTER_FACTORY_SERVICE (self)->labels);
  return dex_future_new_true ();
}

static DexFuture *
muster_factory_service_start (MusterService *service)
{
  MusterFactoryService *self = MUSTER_FACTORY_SERVICE (service);

  g_signal_connect_object (get_database (self), "changed",
                           G_CALLBACK (muster_factory_service_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_flash_service_get_ports (self->flash), "freed",
                           G_CALLBACK (muster_factory_service_look), self, G_CONNECT_SWAPPED);
  return dex_future_then (muster_database_write (get_database (self), self->actor, NULL,
                                                 muster_factory_store_settle, NULL, NULL),
                          settled_cb, g_object_ref (self), g_object_unref);
}

static DexFuture *
muster_factory_service_stop (MusterService *service)
{
  MusterFactoryService *self = MUSTER_FACTORY_SERVICE (service);
  g_autoptr (GPtrArray) runs = g_hash_table_get_values_as_ptr_array (self->running);

  self->is_stopping = TRUE;
  muster_label_queue_stop (self->labels);
  for (guint i = 0; i < runs->len; i++)
    muster_factory_run_stop (runs->pdata[i], FALSE);
  return NULL;
}

static void
muster_factory_service_finalize (GObject *object)
{
  MusterFactoryService *self = MUSTER_FACTORY_SERVICE (object);

  g_clear_object (&self->flash);
  g_clear_object (&self->labels);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_pointer (&self->running, g_hash_table_unref);
  dex_clear (&self->gate.last);
  G_OBJECT_CLASS (muster_factory_service_parent_class)->finalize (object);
}

static void
muster_factory_service_class_init (MusterFactoryServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_factory_service_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "factory";
  MUSTER_SERVICE_CLASS (klass)->start = muster_factory_service_start;
  MUSTER_SERVICE_CLASS (klass)->stop = muster_factory_service_stop;
}

static void
muster_factory_service_init (MusterFactoryService *self)
{
  self->actor = muster_actor_new_system ("factory");
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

MusterFactoryService *
muster_factory_service_new (MusterFlashService *flash, MusterSettings *settings)
{
  MusterFactoryService *self = NULL;

  g_return_val_if_fail (MUSTER_IS_FLASH_SERVICE (flash), NULL);

  self = g_object_new (MUSTER_TYPE_FACTORY_SERVICE, NULL);
  self->flash = g_object_ref (flash);
  self->labels =
    muster_label_queue_new (muster_flash_service_get_repository (flash), settings, self->actor);
  return self;
}
