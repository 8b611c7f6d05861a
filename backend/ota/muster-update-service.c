/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-update-service"

#include "config.h"

#include "core/muster-journal.h"
#include "core/muster-promise.h"
#include "muster-firmware-service-private.h"
#include "muster-firmware-use.h"
#include "muster-update-book.h"
#include "muster-update-service-private.h"
#include "muster-update-store.h"

/* How often mere progress is written down. */
#define PROGRESS_INTERVAL (10 * G_TIME_SPAN_SECOND)

struct _MusterUpdateService
{
  MusterService          parent_instance;
  MusterFirmwareService *firmware;   /* (owned) */
  MusterRepository      *repository; /* (owned) */
  MusterDeviceRegistry  *registry;   /* (owned) */
  MusterBus             *bus;        /* (owned) */
  MusterClock           *clock;      /* (owned) */
  MusterActor           *actor;      /* (owned) */
  MusterUpdateBook      *book;       /* (owned) */
  GHashTable *written; /* (owned): update id → (owned) gint64: when its progress was written */
  MusterUpdateLeaveFunc leave; /* (nullable) */
  gpointer              leave_data;
};

G_DEFINE_FINAL_TYPE (MusterUpdateService, muster_update_service, MUSTER_TYPE_SERVICE)

enum
{
  SIGNAL_CHANGED,
  SIGNAL_WOKEN,
  N_SIGNALS
};

static unsigned signals[N_SIGNALS];

static MusterDatabase *
get_database (MusterUpdateService *self)
{
  return muster_repository_get_database (self->repository);
}

/* --- telling --- */

static gboolean
encode_update (MusterEvent *event, GHashTable *details, GString *json)
{
  muster_entity_encode (muster_event_get_payload (event), json);
  return TRUE;
}

static void
muster_update_service_publish (MusterUpdateService *self, MusterEntity *update)
{
  g_autoptr (MusterEvent) event = NULL;

  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, update);
  if (!muster_bus_has_subscribers (self->bus, MUSTER_TOPIC_UPDATES))
    return;
  event = muster_event_new (MUSTER_TOPIC_UPDATES, muster_entity_get_string (update, "device_id"),
                            muster_entity_get_id (update), 0, G_OBJECT (update), encode_update);
  muster_bus_publish (self->bus, event);
}

void
muster_update_service_take (MusterUpdateService *self, GPtrArray *updates)
{
  g_return_if_fail (MUSTER_IS_UPDATE_SERVICE (self));

  for (guint i = 0; i < updates->len; i++)
    {
      muster_update_book_put (self->book, updates->pdata[i]);
      if (!muster_update_status_is_open (muster_entity_get_enum (updates->pdata[i], "status")))
        g_hash_table_remove (self->written, muster_entity_get_id (updates->pdata[i]));
      muster_update_service_publish (self, updates->pdata[i]);
    }
}

void
muster_update_service_wake (MusterUpdateService *self)
{
  g_return_if_fail (MUSTER_IS_UPDATE_SERVICE (self));

  g_signal_emit (self, signals[SIGNAL_WOKEN], 0);
}

/* Takes what the writer changed into memory; resolves to the first of it. */
static DexFuture *
muster_update_service_take_cb (DexFuture *future, gpointer user_data)
{
  GPtrArray *updates = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_autoptr (MusterEntity) first = g_object_ref (updates->pdata[0]);

  muster_update_service_take (user_data, updates);
  return dex_future_new_take_object (g_steal_pointer (&first));
}

static DexFuture *
muster_update_service_write (MusterUpdateService *self,
                             MusterActor         *actor,
                             const char          *operation,
                             MusterDatabaseFunc   func,
                             gpointer             data,
                             GDestroyNotify       destroy)
{
  return dex_future_then (muster_database_write (get_database (self), actor, operation, func, data,
                                                 destroy),
                          muster_update_service_take_cb, g_object_ref (self), g_object_unref);
}

/* --- giving --- */

static const char *
get_device_name (MusterUpdateService *self, const char *device_id)
{
  const MusterDeviceBrief *brief = muster_device_registry_get_brief (self->registry, device_id);

  return brief != NULL ? brief->name : device_id;
}

DexFuture *
muster_update_service_give (MusterUpdateService *self,
                            MusterActor         *actor,
                            MusterEntity        *update,
                            MusterUpdateOthers   others,
                            gboolean             checks_fit)
{
  MusterUpdateGift *gift = NULL;
  g_autofree char  *operation = NULL;

  dex_return_error_if_fail (MUSTER_IS_UPDATE_SERVICE (self));
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_UPDATE (update));

  gift = g_new0 (MusterUpdateGift, 1);
  gift->update = muster_entity_copy (update);
  gift->others = others;
  gift->checks_fit = checks_fit;
  gift->needs_signature = muster_firmware_service_requires_signature (self->firmware);
  operation =
    g_strdup_printf ("Update %s",
                     get_device_name (self, muster_entity_get_string (update, "device_id")));
  return muster_update_service_write (self, actor, operation, muster_update_store_give, gift,
                                      muster_update_gift_free);
}

DexFuture *
muster_update_service_change (MusterUpdateService *self,
                              MusterActor         *actor,
                              const char          *operation,
                              const char          *id,
                              MusterUpdateDeed     deed,
                              MusterUpdateDelivery delivery)
{
  MusterUpdateChange *change = g_new0 (MusterUpdateChange, 1);

  change->id = g_strdup (id);
  change->deed = deed;
  change->delivery = delivery;
  return muster_update_service_write (self, actor, operation, muster_update_store_change, change,
                                      muster_update_change_free);
}

DexFuture *
muster_update_service_cancel (MusterUpdateService *self,
                              MusterActor         *actor,
                              const char          *id,
                              gboolean             force)
{
  dex_return_error_if_fail (MUSTER_IS_UPDATE_SERVICE (self));
  dex_return_error_if_fail (id != NULL);

  return muster_update_service_change (self, actor, "Cancel an update", id,
                                       force ? MUSTER_UPDATE_DO_CLOSE : MUSTER_UPDATE_DO_CANCEL,
                                       MUSTER_UPDATE_BY_NONE);
}

DexFuture *
muster_update_service_retry (MusterUpdateService *self, MusterActor *actor, const char *id)
{
  dex_return_error_if_fail (MUSTER_IS_UPDATE_SERVICE (self));
  dex_return_error_if_fail (id != NULL);

  return muster_update_service_change (self, actor, "Try an update again", id,
                                       MUSTER_UPDATE_DO_RETRY, MUSTER_UPDATE_BY_NONE);
}

DexFuture *
muster_update_service_force (MusterUpdateService *self, MusterActor *actor, const char *id)
{
  dex_return_error_if_fail (MUSTER_IS_UPDATE_SERVICE (self));
  dex_return_error_if_fail (id != NULL);

  return muster_update_service_change (self, actor, "Force an update", id, MUSTER_UPDATE_DO_FORCE,
                                       MUSTER_UPDATE_BY_NONE);
}

/* --- asking --- */

MusterRepository *
muster_update_service_get_repository (MusterUpdateService *self)
{
  g_return_val_if_fail (MUSTER_IS_UPDATE_SERVICE (self), NULL);

  return self->repository;
}

MusterFirmwareService *
muster_update_service_get_firmware (MusterUpdateService *self)
{
  g_return_val_if_fail (MUSTER_IS_UPDATE_SERVICE (self), NULL);

  return self->firmware;
}

MusterDeviceRegistry *
muster_update_service_get_registry (MusterUpdateService *self)
{
  g_return_val_if_fail (MUSTER_IS_UPDATE_SERVICE (self), NULL);

  return self->registry;
}

MusterEntity *
muster_update_service_find (MusterUpdateService *self, const char *id)
{
  g_return_val_if_fail (MUSTER_IS_UPDATE_SERVICE (self), NULL);

  return muster_update_book_find (self->book, id);
}

MusterEntity *
muster_update_service_find_number (MusterUpdateService *self, gint64 number)
{
  g_return_val_if_fail (MUSTER_IS_UPDATE_SERVICE (self), NULL);

  return muster_update_book_find_number (self->book, number);
}

MusterEntity *
muster_update_service_find_secret (MusterUpdateService *self, const char *secret)
{
  g_return_val_if_fail (MUSTER_IS_UPDATE_SERVICE (self), NULL);

  return muster_update_book_find_secret (self->book, secret);
}

GPtrArray *
muster_update_service_list_open (MusterUpdateService *self, const char *device_id)
{
  GPtrArray *updates = NULL;

  g_return_val_if_fail (MUSTER_IS_UPDATE_SERVICE (self), NULL);

  updates = muster_update_book_list (self->book, device_id);
  return updates != NULL ? g_ptr_array_copy (updates, NULL, NULL) : g_ptr_array_new ();
}

GPtrArray *
muster_update_service_list_devices (MusterUpdateService *self)
{
  g_return_val_if_fail (MUSTER_IS_UPDATE_SERVICE (self), NULL);

  return muster_update_book_list_devices (self->book);
}

void
muster_update_service_set_leave (MusterUpdateService  *self,
                                 MusterUpdateLeaveFunc leave,
                                 gpointer              user_data)
{
  g_return_if_fail (MUSTER_IS_UPDATE_SERVICE (self));

  self->leave = leave;
  self->leave_data = user_data;
}

static gboolean
is_forced (MusterEntity *update, gint64 now)
{
  switch ((MusterUpdateKind)muster_entity_get_enum (update, "kind"))
    {
    case MUSTER_UPDATE_KIND_FORCED:
    case MUSTER_UPDATE_KIND_DOWNLOAD_ONLY:
      return TRUE;
    case MUSTER_UPDATE_KIND_TIME_FORCED:
      return now >= muster_entity_get_integer (update, "force_at");
    case MUSTER_UPDATE_KIND_SOFT:
    default:
      return FALSE;
    }
}

MusterUpdateLeave
muster_update_service_get_leave (MusterUpdateService *self, MusterEntity *update)
{
  MusterUpdateLeave leave = { .may_begin = TRUE, .may_install = TRUE };
  gint64            now;

  g_return_val_if_fail (MUSTER_IS_UPDATE_SERVICE (self), leave);
  g_return_val_if_fail (MUSTER_IS_FIRMWARE_UPDATE (update), leave);

  now = muster_clock_get_now (self->clock);
  leave.is_forced = is_forced (update, now);
  if (self->leave != NULL)
    self->leave (update, now, &leave, self->leave_data);
  leave.is_over = leave.has_window && !leave.may_install && leave.opens_at == 0;
  return leave;
}

DexFuture *
muster_update_service_end_lapsed (MusterUpdateService *self, const char *device_id)
{
  g_autoptr (GPtrArray) updates = NULL;
  DexFuture *ended = dex_future_new_true ();

  dex_return_error_if_fail (MUSTER_IS_UPDATE_SERVICE (self));
  dex_return_error_if_fail (device_id != NULL);

  updates = muster_update_service_list_open (self, device_id);
  for (guint i = 0; i < updates->len; i++)
    if (muster_entity_get_enum (updates->pdata[i], "status") != MUSTER_UPDATE_CANCELLING &&
        muster_update_service_get_leave (self, updates->pdata[i]).is_over)
      ended = dex_future_all (
        ended,
        muster_update_service_change (self, self->actor, "Cancel an update whose window is over",
                                      muster_entity_get_id (updates->pdata[i]),
                                      MUSTER_UPDATE_DO_CANCEL, MUSTER_UPDATE_BY_NONE),
        NULL);
  return ended;
}

MusterEntity *
muster_update_service_get_next (MusterUpdateService *self, const char *device_id)
{
  GPtrArray *updates = NULL;

  g_return_val_if_fail (MUSTER_IS_UPDATE_SERVICE (self), NULL);

  updates = muster_update_book_list (self->book, device_id);
  for (guint i = 0; updates != NULL && i < updates->len; i++)
    {
      MusterEntity *update = updates->pdata[i];

      if (muster_entity_get_enum (update, "status") == MUSTER_UPDATE_CANCELLING ||
          muster_update_service_get_leave (self, update).may_begin)
        return update;
    }
  return NULL;
}

DexFuture *
muster_update_service_list_parts (MusterUpdateService *self, MusterEntity *update)
{
  dex_return_error_if_fail (MUSTER_IS_UPDATE_SERVICE (self));
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_UPDATE (update));

  return muster_database_read (get_database (self), muster_update_store_list_parts,
                               g_object_ref (update), g_object_unref);
}

/* --- what devices say --- */

/* The same again, with other figures: kept in memory, and told. */
static gboolean
note_progress (MusterUpdateService *self, MusterEntity *update, const MusterFeedback *feedback)
{
  const char *id = muster_entity_get_id (update);
  gint64     *written = g_hash_table_lookup (self->written, id);
  gint64      now = muster_clock_get_now (self->clock);

  if (feedback->messages != NULL || feedback->has_code || feedback->progress < 0 ||
      feedback->kind != MUSTER_FEEDBACK_DOWNLOADING ||
      muster_entity_get_enum (update, "status") != MUSTER_UPDATE_RUNNING ||
      muster_entity_get_enum (update, "phase") != MUSTER_UPDATE_PHASE_DOWNLOADING)
    return FALSE;
  muster_entity_set_integer (update, "progress", MIN (feedback->progress, 100));
  if (feedback->fetched > 0)
    muster_entity_set_integer (update, "fetched", feedback->fetched);
  muster_entity_set_integer (update, "reported_at", now);
  muster_update_service_publish (self, update);
  if (written != NULL && now - *written < PROGRESS_INTERVAL)
    return TRUE;
  g_hash_table_insert (self->written, g_strdup (id), g_memdup2 (&now, sizeof now));
  muster_disown_logged (G_LOG_LEVEL_DEBUG,
                        muster_database_write (get_database (self), self->actor, NULL,
                                               muster_update_store_progress,
                                               muster_entity_copy (update), g_object_unref),
                        "keeping the progress of an update");
  return TRUE;
}

DexFuture *
muster_update_service_feedback (MusterUpdateService  *self,
                                MusterActor          *actor,
                                const char           *id,
                                const MusterFeedback *feedback)
{
  MusterEntity *update = NULL;

  dex_return_error_if_fail (MUSTER_IS_UPDATE_SERVICE (self));
  dex_return_error_if_fail (id != NULL && feedback != NULL);

  update = muster_update_book_find (self->book, id);
  if (update != NULL && note_progress (self, update, feedback))
    return dex_future_new_take_object (g_object_ref (update));
  return muster_update_service_write (self, actor, NULL, muster_update_store_report,
                                      muster_update_report_new (id, feedback,
                                                                muster_clock_get_now (self->clock)),
                                      muster_update_report_free);
}

DexFuture *
muster_update_service_note_installed (MusterUpdateService *self,
                                      const char          *device_id,
                                      const char          *version,
                                      const char          *hardware,
                                      gint64               security_counter)
{
  MusterInstalled *installed = NULL;

  dex_return_error_if_fail (MUSTER_IS_UPDATE_SERVICE (self));
  dex_return_error_if_fail (device_id != NULL);

  installed = g_new0 (MusterInstalled, 1);
  *installed = (MusterInstalled){ g_strdup (device_id), g_strdup (version), g_strdup (hardware),
                                  security_counter };
  return muster_database_write (get_database (self), self->actor, NULL,
                                muster_update_store_installed, installed, muster_installed_free);
}

/* --- what may not be given any more --- */

static DexFuture *
muster_update_service_ended_cb (DexFuture *future, gpointer user_data)
{
  muster_update_service_take (user_data, g_value_get_boxed (dex_future_get_value (future, NULL)));
  return dex_future_new_true ();
}

static void
muster_update_service_end_barred (MusterUpdateService *self)
{
  muster_disown_logged (
    G_LOG_LEVEL_WARNING,
    dex_future_then (muster_database_write (get_database (self), self->actor,
                                            "Stop updates whose firmware may not be given any more",
                                            muster_firmware_use_end_barred, NULL, NULL),
                     muster_update_service_ended_cb, g_object_ref (self), g_object_unref),
    "ending updates whose firmware may not be given any more");
}

static gboolean
becomes (JsonObject *after, const char *member, const char *value)
{
  return g_strcmp0 (json_object_get_string_member_with_default (after, member, NULL), value) == 0;
}

static void
muster_update_service_journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterJournalEntry *entry = muster_event_get_payload (event);
  JsonObject         *after = muster_journal_entry_get_after (entry);

  if (after != NULL &&
      g_str_equal (muster_journal_entry_get_entity (entry), muster_firmware_artifact_info.name) &&
      (becomes (after, "trust", "revoked") || becomes (after, "status", "withdrawn")))
    muster_update_service_end_barred (user_data);
}

/* --- life cycle --- */

/* The daemon may have died between the end of a key, or of firmware, and that of its updates. */
static DexFuture *
muster_update_service_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterUpdateService *self = user_data;
  GPtrArray           *updates = g_value_get_boxed (dex_future_get_value (future, NULL));

  for (guint i = 0; i < updates->len; i++)
    muster_update_book_put (self->book, updates->pdata[i]);
  if (updates->len > 0)
    muster_update_service_end_barred (self);
  return dex_future_new_true ();
}

/* A device that is deleted takes its open updates along: nobody is left to do them. */
static void
muster_update_service_forget_device (MusterUpdateService *self, const char *device_id)
{
  g_autoptr (GPtrArray) updates = muster_update_service_list_open (self, device_id);

  for (guint i = 0; i < updates->len; i++)
    muster_disown_logged (
      G_LOG_LEVEL_MESSAGE,
      muster_update_service_feedback (self, self->actor, muster_entity_get_id (updates->pdata[i]),
                                      &(const MusterFeedback){
                                        .kind = MUSTER_FEEDBACK_CANCELLED,
                                        .progress = -1,
                                        .messages = (const char *const[]){ "the device was deleted",
                                                                           NULL } }),
      "ending the update of a deleted device");
}

static void
muster_update_service_changed_cb (MusterDatabase      *database,
                                  gpointer             info,
                                  const char          *id,
                                  MusterUpdateService *self)
{
  if (info == &muster_device_info && muster_update_book_list (self->book, id) != NULL &&
      muster_device_registry_get_brief (self->registry, id) == NULL)
    muster_update_service_forget_device (self, id);
}

static DexFuture *
muster_update_service_start (MusterService *service)
{
  MusterUpdateService *self = MUSTER_UPDATE_SERVICE (service);

  g_signal_connect_object (get_database (self), "changed",
                           G_CALLBACK (muster_update_service_changed_cb), self, G_CONNECT_AFTER);
  muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                        muster_update_service_journal_cb, self);
  return dex_future_then (muster_database_read (get_database (self), muster_update_store_list_open,
                                                NULL, NULL),
                          muster_update_service_loaded_cb, g_object_ref (self), g_object_unref);
}

static void
muster_update_service_finalize (GObject *object)
{
  MusterUpdateService *self = MUSTER_UPDATE_SERVICE (object);

  g_clear_object (&self->firmware);
  g_clear_object (&self->repository);
  g_clear_object (&self->registry);
  g_clear_object (&self->bus);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_pointer (&self->book, muster_update_book_free);
  g_clear_pointer (&self->written, g_hash_table_unref);
  G_OBJECT_CLASS (muster_update_service_parent_class)->finalize (object);
}

static void
muster_update_service_class_init (MusterUpdateServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_update_service_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "updates";
  MUSTER_SERVICE_CLASS (klass)->start = muster_update_service_start;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 1, MUSTER_TYPE_ENTITY);
  signals[SIGNAL_WOKEN] = g_signal_new ("woken", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_update_service_init (MusterUpdateService *self)
{
  self->actor = muster_actor_new_system ("updates");
  self->book = muster_update_book_new ();
  self->written = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

MusterUpdateService *
muster_update_service_new (MusterFirmwareService *firmware,
                           MusterDeviceRegistry  *registry,
                           MusterBus             *bus,
                           MusterClock           *clock)
{
  MusterUpdateService *self = NULL;

  g_return_val_if_fail (MUSTER_IS_FIRMWARE_SERVICE (firmware), NULL);
  g_return_val_if_fail (MUSTER_IS_DEVICE_REGISTRY (registry), NULL);

  self = g_object_new (MUSTER_TYPE_UPDATE_SERVICE, NULL);
  self->firmware = g_object_ref (firmware);
  self->repository = g_object_ref (muster_firmware_service_get_repository (firmware));
  self->registry = g_object_ref (registry);
  self->bus = g_object_ref (bus);
  self->clock = g_object_ref (clock);
  return self;
}
