/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-command-service"

#include "config.h"

#include <string.h>

#include "model/muster-metric.h"
#include "muster-command-check.h"
#include "muster-command-service.h"

#define WRITE_TIMEOUT (10 * G_TIME_SPAN_SECOND)
#define REBOOT_TIMEOUT_MS (60 * 1000)
#define ERROR_MAX 1000

struct _MusterCommandService
{
  MusterService             parent_instance;
  MusterDeviceService      *devices; /* (owned) */
  MusterNodeService        *nodes;   /* (owned) */
  MusterClock              *clock;   /* (owned) */
  MusterActor              *actor;   /* (owned) */
  GHashTable               *reborn;  /* (owned) device id → (owned) DexPromise of its next birth */
  const MusterDeviceLinks  *links;
  gpointer                  links_data;
  const MusterCommandRoute *route; /* (nullable) */
  gpointer                  route_data;
};

G_DEFINE_FINAL_TYPE (MusterCommandService, muster_command_service, MUSTER_TYPE_SERVICE)

/* One command on its way. */
typedef struct
{
  MusterCommandService *service;
  MusterActor          *actor;
  MusterEntity         *command;
  char                 *device_id;
  char                 *device_name;
  char                 *node_id; /* (nullable) */
  char                 *behind;  /* (nullable): its name at the node that speaks for it */
  gboolean              by_route;
  JsonNode             *value;  /* (nullable) */
  MusterSample          sample; /* for `write`; text belongs to `value`, the name to `command` */
} Run;

static void
run_clear (gpointer data)
{
  Run *run = data;

  g_object_unref (run->service);
  muster_actor_unref (run->actor);
  g_object_unref (run->command);
  g_free (run->device_id);
  g_free (run->device_name);
  g_free (run->node_id);
  g_free (run->behind);
  g_clear_pointer (&run->value, json_node_unref);
}

static void
run_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, run_clear);
}

static MusterRepository *
get_repository (MusterCommandService *self)
{
  return muster_device_service_get_repository (self->devices);
}

/* --- the record --- */

static gboolean
refuse_metric (GError **error, const char *detail)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_field_errors_add (errors, "/metric", "%s", detail);
  return muster_field_errors_check (errors, error);
}

static gboolean
check_write (MusterTransaction *transaction, Run *run, GError **error)
{
  const char *name = muster_entity_get_string (run->command, "metric");
  g_autoptr (MusterQuery) query = muster_query_new (&muster_metric_info);
  g_autoptr (MusterEntity) metric = NULL;
  g_autoptr (GError) cause = NULL;

  if (name == NULL)
    return refuse_metric (error, "must be given to write it");
  muster_query_where (query, "device_id", run->device_id);
  muster_query_where (query, "name", name);
  metric = muster_transaction_find (transaction, query, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (metric == NULL)
    return refuse_metric (error, "must be a metric that the device reports");
  if (!muster_command_check_value (metric, run->value, &run->sample, error))
    return FALSE;
  run->sample.metric = name;
  return TRUE;
}

static gboolean
store_command (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Run *run = data;

  if (muster_entity_get_enum (run->command, "kind") == MUSTER_COMMAND_WRITE)
    {
      if (!check_write (transaction, run, error))
        return FALSE;
    }
  else if (!muster_entity_is_null (run->command, "metric") || run->value != NULL)
    return refuse_metric (error, "goes with the command write alone");
  muster_entity_set_string (run->command, "device_id", run->device_id);
  muster_entity_set_string (run->command, "actor", muster_actor_to_string (run->actor));
  muster_entity_set_enum (run->command, "state", MUSTER_COMMAND_PENDING);
  return muster_transaction_insert (transaction, run->command, error);
}

typedef struct
{
  char              *id;
  char              *error; /* (nullable) */
  MusterCommandState state;
} Progress;

static void
progress_free (gpointer data)
{
  Progress *progress = data;

  g_free (progress->id);
  g_free (progress->error);
  g_free (progress);
}

static gboolean
store_progress (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Progress *progress = data;
  g_autoptr (MusterEntity) command =
              muster_transaction_get (transaction, &muster_device_command_info, progress->id,
                                      error);

  if (command == NULL)
    return FALSE;
  muster_entity_set_enum (command, "state", progress->state);
  muster_entity_set_string (command, "error", progress->error);
  if (progress->state != MUSTER_COMMAND_SENT)
    muster_entity_set_integer (command, "finished_at", muster_transaction_get_now (transaction));
  return muster_transaction_update (transaction, command, 0, error);
}

static gboolean
run_progress (Run *run, MusterCommandState state, const char *message)
{
  g_autoptr (GError) error = NULL;
  Progress *progress = g_new0 (Progress, 1);

  progress->id = g_strdup (muster_entity_get_id (run->command));
  progress->state = state;
  if (message != NULL)
    progress->error = g_utf8_substring (message, 0, MIN (g_utf8_strlen (message, -1), ERROR_MAX));
  if (dex_await (muster_database_write (muster_repository_get_database (
                                          get_repository (run->service)),
                                        run->actor, NULL, store_progress, progress, progress_free),
                 &error))
    return TRUE;
  g_warning ("%s: could not note the progress of a command: %s", run->device_name, error->message);
  return FALSE;
}

/* --- doing it --- */

static DexFuture *
write_sample (Run *run, const char *name, const MusterSample *sample)
{
  MusterCommandService *self = run->service;

  return self->links->write (muster_device_service_get_group_id (self->devices), run->node_id,
                             run->behind, name, sample, WRITE_TIMEOUT, self->links_data);
}

static DexFuture *
write_control (Run *run, const char *name)
{
  const MusterSample sample = { .metric = name, .type = MUSTER_SAMPLE_BOOLEAN, .boolean = TRUE };

  return write_sample (run, name, &sample);
}

static DexFuture *
muster_command_service_when_reborn (MusterCommandService *self, const char *device_id)
{
  DexPromise *promise = g_hash_table_lookup (self->reborn, device_id);

  if (promise == NULL)
    {
      promise = dex_promise_new ();
      g_hash_table_insert (self->reborn, g_strdup (device_id), promise);
    }
  return dex_ref (promise);
}

static void
muster_command_service_born_cb (MusterNodeService    *nodes,
                                const char           *device_id,
                                gboolean              rebirth,
                                MusterCommandService *self)
{
  g_autoptr (DexPromise) promise = NULL;
  g_autofree char *key = NULL;

  if (!g_hash_table_steal_extended (self->reborn, device_id, (gpointer *)&key,
                                    (gpointer *)&promise))
    return;
  dex_promise_resolve_boolean (promise, TRUE);
}

/* A device that restarts answers nothing: its next birth is the confirmation. Whether the broker
 * told of its death in between depends on how the device went down. */
static gboolean
run_reboot (Run *run, GError **error)
{
  g_autoptr (DexFuture) reborn = muster_command_service_when_reborn (run->service, run->device_id);
  g_autoptr (GError) cause = NULL;

  if (dex_await (dex_future_first (dex_ref (reborn),
                                   write_control (run, run->behind != NULL ? "Device Control/Reboot"
                                                                           : "Node Control/Reboot"),
                                   NULL),
                 &cause) &&
      !dex_future_is_pending (reborn))
    return TRUE;
  if (cause != NULL && !g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (dex_await (dex_future_first (dex_ref (reborn), dex_timeout_new_msec (REBOOT_TIMEOUT_MS),
                                   NULL),
                 NULL))
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT,
               "the device did not come back within %d s", REBOOT_TIMEOUT_MS / 1000);
  return FALSE;
}

static gboolean
run_by_route (Run *run, GError **error)
{
  MusterCommandService *self = run->service;
  MusterCommandKind     kind = muster_entity_get_enum (run->command, "kind");

  if (kind == MUSTER_COMMAND_WRITE)
    return dex_await (self->route->write (run->device_id, run->sample.metric, &run->sample,
                                          WRITE_TIMEOUT, self->route_data),
                      error);
  return dex_await (self->route->act (run->device_id, kind, WRITE_TIMEOUT, self->route_data),
                    error);
}

static gboolean
run_do (Run *run, GError **error)
{
  MusterCommandService *self = run->service;

  if (run->by_route)
    return run_by_route (run, error);
  switch ((MusterCommandKind)muster_entity_get_enum (run->command, "kind"))
    {
    case MUSTER_COMMAND_WRITE:
      return dex_await (write_sample (run, run->sample.metric, &run->sample), error);
    case MUSTER_COMMAND_REBOOT:
      return run_reboot (run, error);
    case MUSTER_COMMAND_IDENTIFY:
      return dex_await (write_control (run, run->behind != NULL ? "Device Control/Identify"
                                                                : "Node Control/Identify"),
                        error);
    case MUSTER_COMMAND_REBIRTH:
      return dex_await (self->links->rebirth (muster_device_service_get_group_id (self->devices),
                                              run->node_id, self->links_data),
                        error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

static DexFuture *
run_fiber (gpointer user_data)
{
  Run *run = user_data;
  g_autoptr (GError) error = NULL;

  if (!run_progress (run, MUSTER_COMMAND_SENT, NULL))
    return dex_future_new_for_boolean (FALSE);
  if (run_do (run, &error))
    run_progress (run, MUSTER_COMMAND_CONFIRMED, NULL);
  else
    run_progress (run,
                  g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT)
                    ? MUSTER_COMMAND_TIMED_OUT
                    : MUSTER_COMMAND_FAILED,
                  error->message);
  return dex_future_new_true ();
}

static DexFuture *
run_stored_cb (DexFuture *future, gpointer user_data)
{
  Run *run = user_data;

  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, run_fiber, g_atomic_rc_box_acquire (run), run_unref));
  return dex_future_new_take_object (muster_entity_copy (run->command));
}

DexFuture *
muster_command_service_give (MusterCommandService *self,
                             MusterActor          *actor,
                             const char           *device_id,
                             MusterEntity         *command)
{
  const MusterDeviceBrief *brief = NULL;
  const char              *value = NULL;
  g_autofree char         *operation = NULL;
  Run                     *run = NULL;
  gboolean                 by_route = FALSE;
  g_autofree char         *node_id = NULL;
  g_autofree char         *behind = NULL;

  g_return_val_if_fail (MUSTER_IS_COMMAND_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL && device_id != NULL, NULL);
  g_return_val_if_fail (MUSTER_IS_DEVICE_COMMAND (command), NULL);

  brief = muster_device_registry_get_brief (muster_device_service_get_registry (self->devices),
                                            device_id);
  if (brief == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no device %s",
                                  device_id);
  by_route = self->route != NULL && self->route->knows (device_id, self->route_data);
  /* At a broker of the site's own a device speaks without having been adopted. */
  if (!muster_device_brief_get_node (brief, &node_id, &behind) && !by_route)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                                  "%s is not adopted: it takes no commands", brief->name);
  value = muster_entity_get_string (command, "value");
  run = g_atomic_rc_box_new0 (Run);
  run->service = g_object_ref (self);
  run->actor = muster_actor_ref (actor);
  run->command = g_object_ref (command);
  run->device_id = g_strdup (device_id);
  run->device_name = g_strdup (brief->name);
  run->node_id = g_steal_pointer (&node_id);
  run->behind = g_steal_pointer (&behind);
  run->by_route = by_route;
  run->value = value != NULL ? json_from_string (value, NULL) : NULL;
  operation =
    g_strdup_printf ("Tell %s: %s", brief->name, muster_entity_get_string (command, "kind"));
  return dex_future_then (
    muster_database_write (muster_repository_get_database (get_repository (self)), actor, operation,
                           store_command, g_atomic_rc_box_acquire (run), run_unref),
    run_stored_cb, run, run_unref);
}

/* --- life cycle --- */

/* What was under way when the daemon ended: nobody knows what came of it. */
static gboolean
settle_old (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  static const struct
  {
    MusterCommandState from, to;
    const char        *error;
  } ends[] = {
    { MUSTER_COMMAND_PENDING, MUSTER_COMMAND_FAILED, "the daemon ended before it was sent" },
    { MUSTER_COMMAND_SENT, MUSTER_COMMAND_TIMED_OUT, "the daemon ended before it was confirmed" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autoptr (MusterQuery) query = muster_query_new (&muster_device_command_info);
      g_autoptr (GPtrArray) commands = NULL;

      muster_query_where (query, "state",
                          muster_enum_get_nick (&muster_command_state_enum, ends[i].from));
      muster_query_set_limit (query, 0);
      commands = muster_transaction_select (transaction, query, error);
      if (commands == NULL)
        return FALSE;
      for (guint j = 0; j < commands->len; j++)
        {
          muster_entity_set_enum (commands->pdata[j], "state", ends[i].to);
          muster_entity_set_string (commands->pdata[j], "error", ends[i].error);
          muster_entity_set_integer (commands->pdata[j], "finished_at",
                                     muster_transaction_get_now (transaction));
          if (!muster_transaction_update (transaction, commands->pdata[j], 0, error))
            return FALSE;
        }
    }
  return TRUE;
}

static DexFuture *
muster_command_service_start (MusterService *service)
{
  MusterCommandService *self = MUSTER_COMMAND_SERVICE (service);

  return muster_database_write (muster_repository_get_database (get_repository (self)), self->actor,
                                NULL, settle_old, NULL, NULL);
}

static void
muster_command_service_finalize (GObject *object)
{
  MusterCommandService *self = MUSTER_COMMAND_SERVICE (object);

  g_clear_object (&self->devices);
  g_clear_object (&self->nodes);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_pointer (&self->reborn, g_hash_table_unref);
  G_OBJECT_CLASS (muster_command_service_parent_class)->finalize (object);
}

static void
muster_command_service_class_init (MusterCommandServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_command_service_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "commands";
  MUSTER_SERVICE_CLASS (klass)->start = muster_command_service_start;
}

static void
muster_command_service_init (MusterCommandService *self)
{
  self->actor = muster_actor_new_system ("commands");
  self->reborn = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, dex_unref);
}

MusterCommandService *
muster_command_service_new (MusterDeviceService     *devices,
                            MusterNodeService       *nodes,
                            MusterClock             *clock,
                            const MusterDeviceLinks *links,
                            gpointer                 links_data)
{
  MusterCommandService *self = NULL;

  g_return_val_if_fail (MUSTER_IS_DEVICE_SERVICE (devices), NULL);
  g_return_val_if_fail (MUSTER_IS_NODE_SERVICE (nodes), NULL);
  g_return_val_if_fail (links != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_COMMAND_SERVICE, NULL);
  self->devices = g_object_ref (devices);
  self->nodes = g_object_ref (nodes);
  self->clock = g_object_ref (clock);
  self->links = links;
  self->links_data = links_data;
  g_signal_connect_object (nodes, "born", G_CALLBACK (muster_command_service_born_cb), self,
                           G_CONNECT_DEFAULT);
  return self;
}

void
muster_command_service_set_route (MusterCommandService     *self,
                                  const MusterCommandRoute *route,
                                  gpointer                  user_data)
{
  g_return_if_fail (MUSTER_IS_COMMAND_SERVICE (self));

  self->route = route;
  self->route_data = user_data;
}
