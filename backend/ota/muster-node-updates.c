/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-updates"

#include "config.h"

#include "core/muster-promise.h"
#include "muster-node-report.h"
#include "muster-firmware-index.h"
#include "muster-node-updates.h"
#include "muster-update-rules.h"
#include "muster-update-service-private.h"

#define TICK_SECONDS 5
/* A command may be lost with a connection: how long a node may take to show that it knows of it. */
#define PATIENCE (30 * G_TIME_SPAN_SECOND)
#define REBIRTH_TIMEOUT (10 * G_TIME_SPAN_SECOND)

struct _MusterNodeUpdates
{
  MusterService        parent_instance;
  MusterUpdateService *updates; /* (owned) */
  MusterSparkplugHost *host;    /* (owned) */
  MusterClock         *clock;   /* (owned) */
  MusterActor         *actor;   /* (owned) */
  char                *group_id;
  MusterBaseUriFunc    base_uri;
  gpointer             base_uri_data;
  GHashTable          *reports; /* (owned): device id → (owned) MusterNodeReport */
  GHashTable          *busy;    /* (owned) set of device ids whose next step is under way */
  GHashTable          *told; /* (owned): device id → (owned) Told: the command that was sent last */
  GHashTable *asked; /* (owned) set of device ids that were asked to tell how far they are */
  guint       tick_id;
};

G_DEFINE_FINAL_TYPE (MusterNodeUpdates, muster_node_updates, MUSTER_TYPE_SERVICE)

typedef struct
{
  const char *action;
  gint64      at; /* monotonic */
} Told;

static void muster_node_updates_consider (MusterNodeUpdates *self, const char *device_id);

/* How Sparkplug names the device: a node, or a device behind one. FALSE: not at all. Both (transfer
 * full). */
static gboolean
get_node (MusterNodeUpdates *self, const char *device_id, char **node, char **behind)
{
  const MusterDeviceBrief *brief =
    muster_device_registry_get_brief (muster_update_service_get_registry (self->updates),
                                      device_id);

  *node = *behind = NULL;
  return brief != NULL && muster_device_brief_get_node (brief, node, behind);
}

gboolean
muster_node_updates_knows (MusterNodeUpdates *self, const char *device_id)
{
  g_autofree char *node = NULL;
  g_autofree char *behind = NULL;

  g_return_val_if_fail (MUSTER_IS_NODE_UPDATES (self), FALSE);

  return get_node (self, device_id, &node, &behind) &&
         muster_sparkplug_host_get_metric (self->host, self->group_id, node, behind,
                                           "Update/State") != NULL;
}

/* --- telling --- */

/* What is done next with one update. */
typedef struct
{
  MusterNodeUpdates *owner;  /* (owned) */
  MusterEntity      *update; /* (owned): as it was when it was decided */
  char              *device_id;
  const char        *action; /* of the command: "install" */
  gboolean           is_first;
} Step;

static void
step_free (gpointer data)
{
  Step *self = data;

  g_hash_table_remove (self->owner->busy, self->device_id);
  g_object_unref (self->owner);
  g_object_unref (self->update);
  g_free (self->device_id);
  g_free (self);
}

static void
set_text (MusterSparkplugOrder *order, const char *name, const char *text)
{
  *order = (MusterSparkplugOrder){ name,
                                   MUSTER_SPARKPLUG_STRING,
                                   { .metric = name, .type = MUSTER_SAMPLE_STRING, .text = text } };
}

static void
set_number (MusterSparkplugOrder *order, const char *name, gint64 number)
{
  *order =
    (MusterSparkplugOrder){ name,
                            MUSTER_SPARKPLUG_UINT32,
                            { .metric = name, .type = MUSTER_SAMPLE_INTEGER, .integer = number } };
}

/* Of how many blocks the node takes an index. Only one that was born so understands an order that
 * names one: it may run older firmware than it did. */
static gint64
step_get_index_blocks (Step *self)
{
  MusterNodeUpdates      *owner = self->owner;
  g_autofree char        *node = NULL;
  g_autofree char        *behind = NULL;
  const MusterNodeReport *report = g_hash_table_lookup (owner->reports, self->device_id);

  return report != NULL && get_node (owner, self->device_id, &node, &behind) &&
             muster_sparkplug_host_get_metric (owner->host, owner->group_id, node, behind,
                                               "Update/Index Blocks") != NULL
           ? report->index_blocks
           : 0;
}

/* In a fiber. How many bytes the index of ARTIFACT has; 0: the node is told of none. */
static gint64
step_get_index_size (Step *self, MusterEntity *artifact)
{
  gint64 blocks = step_get_index_blocks (self), size = 0;
  g_autoptr (GError) error = NULL;

  if (blocks == 0 || muster_entity_get_enum (artifact, "format") != MUSTER_FORMAT_IMAGE)
    return 0;
  size = dex_await_int64 (
    muster_firmware_service_ensure_index (muster_update_service_get_firmware (self->owner->updates),
                                          muster_entity_get_string (artifact, "sha256")),
    &error);
  if (error != NULL)
    {
      g_message ("a node is told of no index: %s", error->message);
      return 0;
    }
  blocks = MIN (blocks, step_get_index_blocks (self));
  return muster_firmware_index_count_blocks (size) <= blocks ? size : 0;
}

/* In a fiber. */
static gboolean
step_send (Step *self, MusterEntity *artifact, gint64 index_size, GError **error)
{
  MusterNodeUpdates   *owner = self->owner;
  g_autofree char     *node = NULL;
  g_autofree char     *behind = NULL;
  g_autofree char     *id = muster_node_report_make_id (self->update);
  g_autofree char     *base = owner->base_uri (owner->base_uri_data);
  g_autofree char     *uri = g_strdup_printf ("%s/firmware/download/%s", base != NULL ? base : "",
                                              muster_entity_get_string (self->update, "secret"));
  const Told           told = { self->action, muster_clock_get_monotonic (owner->clock) };
  unsigned             n_orders = 0;
  MusterSparkplugOrder orders[8];

  if (!get_node (owner, self->device_id, &node, &behind) || (artifact != NULL && base == NULL))
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                           node == NULL ? "the device is no node any more"
                                        : "the daemon listens on no address of HTTPS: devices "
                                          "cannot fetch files from it");
      return FALSE;
    }
  set_text (&orders[n_orders++], "Update/Action", self->action);
  set_text (&orders[n_orders++], "Update/Id", id);
  if (artifact != NULL)
    {
      set_text (&orders[n_orders++], "Update/URL", uri);
      set_number (&orders[n_orders++], "Update/Size", muster_entity_get_integer (artifact, "size"));
      set_text (&orders[n_orders++], "Update/SHA-256",
                muster_entity_get_string (artifact, "sha256"));
      set_text (&orders[n_orders++], "Update/Version",
                muster_entity_get_string (self->update, "to_version"));
      set_number (&orders[n_orders++], "Update/Confirm Within",
                  muster_entity_get_integer (self->update, "confirm_within"));
    }
  if (artifact != NULL && index_size > 0)
    set_number (&orders[n_orders++], "Update/Index Size", index_size);
  g_hash_table_insert (owner->told, g_strdup (self->device_id), g_memdup2 (&told, sizeof told));
  return dex_await (muster_sparkplug_host_command (owner->host, owner->group_id, node, behind,
                                                   orders, n_orders),
                    error);
}

/* In a fiber. The one file that a node takes: (transfer full), NULL with ERROR. */
static MusterEntity *
step_get_artifact (Step *self, GError **error)
{
  g_autoptr (GPtrArray) parts =
      dex_await_boxed (muster_update_service_list_parts (self->owner->updates, self->update),
                       error);
  MusterUpdatePart *part = parts != NULL && parts->len == 1 ? parts->pdata[0] : NULL;

  if (parts == NULL)
    return NULL;
  if (part == NULL || part->files->len != 1 ||
      muster_entity_get_integer (part->artifact, "size") > G_MAXUINT32)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNSUPPORTED,
                           "a node takes one file of less than 4 GiB");
      return NULL;
    }
  return g_object_ref (part->artifact);
}

static void
step_fail (Step *self, const char *why)
{
  const char *const    messages[] = { why, NULL };
  const MusterFeedback feedback = { .kind = MUSTER_FEEDBACK_FAILED,
                                    .progress = -1,
                                    .messages = messages };

  muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                        muster_update_service_feedback (self->owner->updates, self->owner->actor,
                                                        muster_entity_get_id (self->update),
                                                        &feedback),
                        "ending an update");
}

/* Whether what was decided still holds: making an index takes its time, and people pause or cancel
 * meanwhile. */
static gboolean
step_is_due (Step *self)
{
  MusterUpdateService *updates = self->owner->updates;
  MusterEntity *update = muster_update_service_find (updates, muster_entity_get_id (self->update));

  return update != NULL &&
         muster_entity_get_enum (update, "status") ==
           muster_entity_get_enum (self->update, "status") &&
         (!self->is_first || muster_update_service_get_leave (updates, update).may_begin);
}

/* Written down before it is told, so that no update is forgotten that a device knows of. */
static DexFuture *
step_fiber (gpointer user_data)
{
  Step              *self = user_data;
  MusterNodeUpdates *owner = self->owner;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) artifact = NULL;
  gint64 index_size = 0;

  if (g_str_equal (self->action, "install") || g_str_equal (self->action, "download"))
    {
      artifact = step_get_artifact (self, &error);
      if (artifact == NULL && g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_UNSUPPORTED))
        step_fail (self, error->message);
      if (artifact == NULL)
        return dex_future_new_for_error (g_steal_pointer (&error));
      index_size = step_get_index_size (self, artifact);
    }
  if (!step_is_due (self))
    return dex_future_new_true ();
  if ((!self->is_first ||
       dex_await (muster_update_service_change (owner->updates, owner->actor, NULL,
                                                muster_entity_get_id (self->update),
                                                MUSTER_UPDATE_DO_TELL, MUSTER_UPDATE_BY_NODE),
                  &error)) &&
      step_send (self, artifact, index_size, &error))
    return dex_future_new_true ();
  return dex_future_new_for_error (g_steal_pointer (&error));
}

static void
muster_node_updates_take_step (MusterNodeUpdates *self,
                               const char        *device_id,
                               MusterEntity      *update,
                               const char        *action)
{
  Step *step = g_new0 (Step, 1);

  step->owner = g_object_ref (self);
  step->update = muster_entity_copy (update);
  step->device_id = g_strdup (device_id);
  step->action = action;
  step->is_first = muster_entity_get_enum (update, "status") == MUSTER_UPDATE_WAITING;
  g_hash_table_add (self->busy, g_strdup (device_id));
  muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                        dex_scheduler_spawn (NULL, 0, step_fiber, step, step_free),
                        "telling a node of its update");
}

/* Whether the node was told so a moment ago, and may not have answered yet. */
static gboolean
was_just_told (MusterNodeUpdates *self, const char *device_id, const char *action)
{
  const Told *told = g_hash_table_lookup (self->told, device_id);

  return told != NULL && g_str_equal (told->action, action) &&
         muster_clock_get_monotonic (self->clock) - told->at < PATIENCE;
}

/* What to tell the node of UPDATE now, which it shows by REPORT that it knows of or not; NULL:
 * nothing. */
static const char *
choose_action (MusterNodeUpdates *self, MusterEntity *update, const MusterNodeReport *report)
{
  MusterUpdateLeave leave = muster_update_service_get_leave (self->updates, update);
  g_autofree char  *id = muster_node_report_make_id (update);
  gboolean          is_known = g_strcmp0 (report->id, id) == 0;
  gboolean          is_held = !leave.may_install ||
                     muster_entity_get_enum (update, "kind") == MUSTER_UPDATE_KIND_DOWNLOAD_ONLY;

  switch ((MusterUpdateStatus)muster_entity_get_enum (update, "status"))
    {
    case MUSTER_UPDATE_CANCELLING:
      return "cancel";
    case MUSTER_UPDATE_WAITING:
      return leave.may_begin ? (is_held ? "download" : "install") : NULL;
    case MUSTER_UPDATE_RUNNING:
      if (!is_known)
        return is_held ? "download" : "install";
      return !is_held && g_strcmp0 (report->state, "downloaded") == 0 ? "activate" : NULL;
    case MUSTER_UPDATE_CONFIRMED:
    case MUSTER_UPDATE_FAILED:
    case MUSTER_UPDATE_REVERTED:
    case MUSTER_UPDATE_CANCELLED:
    default:
      return NULL;
    }
}

static gboolean
may_tell (MusterEntity *update)
{
  int delivery = muster_entity_get_enum (update, "delivery");

  return (delivery == MUSTER_UPDATE_BY_NONE || delivery == MUSTER_UPDATE_BY_NODE) &&
         !muster_update_waits_for_consent (update);
}

static DexFuture *
asked_cb (DexFuture *future, gpointer user_data)
{
  Step *self = user_data;

  g_hash_table_remove (self->owner->asked, self->device_id);
  return dex_ref (future);
}

static void
asked_free (gpointer data)
{
  Step *self = data;

  g_object_unref (self->owner);
  g_free (self->device_id);
  g_free (self);
}

/* A node that was born before this service listened: what it knows is not known here, and the order
 * for what it has failed in would have it try once more. */
static void
muster_node_updates_ask (MusterNodeUpdates *self, const char *device_id, const char *node)
{
  Step *step = NULL;

  if (!g_hash_table_add (self->asked, g_strdup (device_id)))
    return;
  step = g_new0 (Step, 1);
  step->owner = g_object_ref (self);
  step->device_id = g_strdup (device_id);
  muster_disown_logged (G_LOG_LEVEL_DEBUG,
                        dex_future_finally (muster_sparkplug_host_request_rebirth (
                                              self->host, self->group_id, node, REBIRTH_TIMEOUT),
                                            asked_cb, step, asked_free),
                        "asking a node how far its update is");
}

static void
muster_node_updates_consider (MusterNodeUpdates *self, const char *device_id)
{
  g_autofree char        *node = NULL;
  g_autofree char        *behind = NULL;
  MusterEntity           *update = NULL;
  const MusterNodeReport *report = NULL;
  const char             *action = NULL;

  if (!get_node (self, device_id, &node, &behind) ||
      !muster_service_is_running (MUSTER_SERVICE (self)) ||
      g_hash_table_contains (self->busy, device_id) ||
      !muster_sparkplug_host_is_online (self->host, self->group_id, node, behind) ||
      !muster_node_updates_knows (self, device_id))
    return;
  update = muster_update_service_get_next (self->updates, device_id);
  if (update == NULL || !may_tell (update))
    return;
  if (muster_update_service_get_leave (self->updates, update).is_over &&
      muster_entity_get_enum (update, "status") != MUSTER_UPDATE_CANCELLING)
    {
      muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                            muster_update_service_end_lapsed (self->updates, device_id),
                            "ending an update whose window is over");
      return;
    }
  report = g_hash_table_lookup (self->reports, device_id);
  if (report == NULL)
    {
      muster_node_updates_ask (self, device_id, node);
      return;
    }
  action = choose_action (self, update, report);
  if (action == NULL || (muster_entity_get_enum (update, "status") != MUSTER_UPDATE_WAITING &&
                         was_just_told (self, device_id, action)))
    return;
  muster_node_updates_take_step (self, device_id, update, action);
}

/* --- hearing --- */

static MusterEntity *
find_reported (MusterNodeUpdates *self, const char *device_id, const char *id)
{
  g_autoptr (GPtrArray) updates = muster_update_service_list_open (self->updates, device_id);

  for (guint i = 0; id != NULL && i < updates->len; i++)
    {
      g_autofree char *known = muster_node_report_make_id (updates->pdata[i]);

      if (g_str_equal (known, id))
        return updates->pdata[i];
    }
  return NULL;
}

/* One whose cancelling the node shows to have understood no word of, as it is idle by another id,
 * is over too. */
static MusterEntity *
find_cancelled (MusterNodeUpdates *self, const char *device_id, const MusterNodeReport *report)
{
  MusterEntity *next = muster_update_service_get_next (self->updates, device_id);

  return next != NULL && g_strcmp0 (report->state, "idle") == 0 &&
             muster_entity_get_enum (next, "status") == MUSTER_UPDATE_CANCELLING &&
             muster_entity_get_enum (next, "delivery") == MUSTER_UPDATE_BY_NODE
           ? next
           : NULL;
}

static void
pass_on (MusterNodeUpdates *self, MusterEntity *update, const MusterNodeReport *report)
{
  const char *const messages[] = { report->error, NULL };
  MusterFeedback    feedback = { .delivery = MUSTER_UPDATE_BY_NODE,
                                 .progress = -1,
                                 .fetched = report->fetched };

  if (!muster_node_report_read (report, muster_entity_get_enum (update, "status"),
                                muster_entity_get_enum (update, "phase"), &feedback.kind))
    return;
  if (feedback.kind == MUSTER_FEEDBACK_DOWNLOADING)
    feedback.progress = report->progress;
  if (report->error != NULL)
    feedback.messages = messages;
  muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                        muster_update_service_feedback (self->updates, self->actor,
                                                        muster_entity_get_id (update), &feedback),
                        "noting how far an update is");
}

static MusterNodeReport *
ensure_report (MusterNodeUpdates *self, const char *device_id)
{
  MusterNodeReport *report = g_hash_table_lookup (self->reports, device_id);

  if (report == NULL)
    {
      report = muster_node_report_new ();
      g_hash_table_insert (self->reports, g_strdup (device_id), report);
    }
  return report;
}

/* What the device itself is: written where it is another than it said before. */
static void
note_hardware (MusterNodeUpdates *self,
               const char        *device_id,
               MusterNodeReport  *report,
               const char        *hardware,
               gint64             security_counter)
{
  if (g_strcmp0 (report->hardware, hardware) != 0 || report->security_counter != security_counter)
    muster_disown_logged (G_LOG_LEVEL_DEBUG,
                          muster_update_service_note_installed (self->updates, device_id, NULL,
                                                                report->hardware,
                                                                report->security_counter),
                          "noting a node's hardware");
}

static void
node_data_cb (const MusterSparkplugSource *source,
              const MusterSample          *samples,
              unsigned                     n_samples,
              gpointer                     user_data)
{
  MusterNodeUpdates *self = user_data;
  g_autofree char   *device_id = NULL;
  g_autofree char   *hardware = NULL;
  MusterNodeReport  *report = NULL;
  MusterEntity      *update = NULL;
  gint64             security_counter;

  if (!g_str_equal (source->group, self->group_id))
    return;
  device_id = g_strdup (
    muster_device_registry_find_by_source (muster_update_service_get_registry (self->updates),
                                           source->node, source->device));
  if (device_id == NULL)
    return;
  report = ensure_report (self, device_id);
  hardware = g_strdup (report->hardware);
  security_counter = report->security_counter;
  if (!muster_node_report_take (report, samples, n_samples))
    return;
  note_hardware (self, device_id, report, hardware, security_counter);
  update = find_reported (self, device_id, report->id);
  if (update == NULL)
    update = find_cancelled (self, device_id, report);
  if (update != NULL)
    pass_on (self, update, report);
  muster_node_updates_consider (self, device_id);
}

/* After a birth nothing that was told before counts as under way. */
static void
node_birth_cb (const MusterSparkplugSource     *source,
               const MusterSparkplugMetricInfo *metrics,
               unsigned                         n_metrics,
               gint64                           time,
               gboolean                         rebirth,
               gpointer                         user_data)
{
  MusterNodeUpdates *self = user_data;
  const char        *device_id =
    muster_device_registry_find_by_source (muster_update_service_get_registry (self->updates),
                                           source->node, source->device);

  if (device_id != NULL)
    g_hash_table_remove (self->told, device_id);
}

static const MusterSparkplugListener listener = {
  .birth = node_birth_cb,
  .data = node_data_cb,
};

static void
muster_node_updates_changed_cb (MusterUpdateService *updates,
                                MusterEntity        *update,
                                MusterNodeUpdates   *self)
{
  muster_node_updates_consider (self, muster_entity_get_string (update, "device_id"));
}

static void
muster_node_updates_woken_cb (MusterUpdateService *updates, MusterNodeUpdates *self)
{
  g_autoptr (GPtrArray) devices = muster_update_service_list_devices (self->updates);

  for (guint i = 0; i < devices->len; i++)
    muster_node_updates_consider (self, devices->pdata[i]);
}

/* Windows open, limits free themselves, and commands get lost. */
static gboolean
muster_node_updates_tick_cb (gpointer user_data)
{
  MusterNodeUpdates *self = user_data;

  muster_node_updates_woken_cb (self->updates, self);
  return G_SOURCE_CONTINUE;
}

/* --- life cycle --- */

static DexFuture *
muster_node_updates_start (MusterService *service)
{
  MusterNodeUpdates *self = MUSTER_NODE_UPDATES (service);

  muster_sparkplug_host_add_listener (self->host, &listener, G_OBJECT (self), self);
  g_signal_connect_object (self->updates, "changed", G_CALLBACK (muster_node_updates_changed_cb),
                           self, G_CONNECT_AFTER);
  g_signal_connect_object (self->updates, "woken", G_CALLBACK (muster_node_updates_woken_cb), self,
                           0);
  self->tick_id = g_timeout_add_seconds (TICK_SECONDS, muster_node_updates_tick_cb, self);
  return NULL;
}

static DexFuture *
muster_node_updates_stop (MusterService *service)
{
  g_clear_handle_id (&MUSTER_NODE_UPDATES (service)->tick_id, g_source_remove);
  return NULL;
}

static void
muster_node_updates_finalize (GObject *object)
{
  MusterNodeUpdates *self = MUSTER_NODE_UPDATES (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_object (&self->updates);
  g_clear_object (&self->host);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_pointer (&self->group_id, g_free);
  g_clear_pointer (&self->reports, g_hash_table_unref);
  g_clear_pointer (&self->busy, g_hash_table_unref);
  g_clear_pointer (&self->told, g_hash_table_unref);
  g_clear_pointer (&self->asked, g_hash_table_unref);
  G_OBJECT_CLASS (muster_node_updates_parent_class)->finalize (object);
}

static void
muster_node_updates_class_init (MusterNodeUpdatesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_node_updates_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "node updates";
  MUSTER_SERVICE_CLASS (klass)->start = muster_node_updates_start;
  MUSTER_SERVICE_CLASS (klass)->stop = muster_node_updates_stop;
}

static void
muster_node_updates_init (MusterNodeUpdates *self)
{
  self->actor = muster_actor_new_system ("updates");
  self->reports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify)muster_node_report_free);
  self->busy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

MusterNodeUpdates *
muster_node_updates_new (MusterUpdateService *updates,
                         MusterSparkplugHost *host,
                         const char          *group_id,
                         MusterClock         *clock,
                         MusterBaseUriFunc    base_uri,
                         gpointer             user_data)
{
  MusterNodeUpdates *self = NULL;

  g_return_val_if_fail (MUSTER_IS_UPDATE_SERVICE (updates), NULL);
  g_return_val_if_fail (MUSTER_IS_SPARKPLUG_HOST (host), NULL);
  g_return_val_if_fail (group_id != NULL && base_uri != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_NODE_UPDATES, NULL);
  self->updates = g_object_ref (updates);
  self->host = g_object_ref (host);
  self->clock = g_object_ref (clock);
  self->group_id = g_strdup (group_id);
  self->base_uri = base_uri;
  self->base_uri_data = user_data;
  return self;
}
