/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-update-store"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "model/muster-device.h"
#include "model/muster-firmware-note.h"
#include "model/muster-uuid.h"
#include "muster-firmware-use.h"
#include "muster-preflight.h"
#include "muster-update-store.h"
#include "muster-update-window.h"

#define EVENTS_MAX 1000 /* of one attempt */
#define MESSAGES_MAX 50
#define MESSAGE_BYTES 512
#define ERROR_CHARACTERS 1000
#define SECRET_BYTES 24

/* What no device could run. That it would go back to an older version a person may want. */
#define UNFIT (MUSTER_PREFLIGHT_MODEL | MUSTER_PREFLIGHT_HARDWARE | MUSTER_PREFLIGHT_COUNTER)

static const char *const open_states[] = { "waiting", "running", "cancelling", NULL };

static GPtrArray *
new_list (GValue *result)
{
  GPtrArray *updates = g_ptr_array_new_with_free_func (g_object_unref);

  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, updates);
  return updates;
}

/* --- events --- */

static gboolean
note_event (MusterTransaction    *transaction,
            MusterEntity         *update,
            MusterUpdateEventKind kind,
            const char           *messages,
            const int            *code,
            gboolean              by_device,
            GError              **error)
{
  g_autoptr (MusterEntity) event = muster_entity_new (&muster_update_event_info);

  muster_entity_set_string (event, "update_id", muster_entity_get_id (update));
  muster_entity_set_integer (event, "attempt", muster_entity_get_integer (update, "attempt"));
  muster_entity_set_enum (event, "kind", kind);
  muster_entity_set_string (event, "messages", messages);
  if (code != NULL)
    muster_entity_set_integer (event, "code", *code);
  muster_entity_set_boolean (event, "by_device", by_device);
  return muster_transaction_insert (transaction, event, error);
}

static gint64
count_events (MusterTransaction *transaction, MusterEntity *update, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_update_event_info);
  g_autofree char *attempt =
    g_strdup_printf ("%" G_GINT64_FORMAT, muster_entity_get_integer (update, "attempt"));

  muster_query_where (query, "update_id", muster_entity_get_id (update));
  muster_query_where (query, "attempt", attempt);
  return muster_transaction_count (transaction, query, error);
}

/* --- giving --- */

void
muster_update_gift_free (gpointer data)
{
  MusterUpdateGift *self = data;

  g_object_unref (self->update);
  g_free (self);
}

static char *
make_secret (void)
{
  guint8 bytes[SECRET_BYTES];
  char   text[SECRET_BYTES * 2];

  randombytes_buf (bytes, sizeof bytes);
  sodium_bin2base64 (text, sizeof text, bytes, sizeof bytes,
                     sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return g_strdup (text);
}

static void
renew_secret (MusterEntity *update)
{
  g_autofree char *secret = make_secret ();

  muster_entity_set_string (update, "secret", secret);
}

static gboolean
check_artifacts (MusterTransaction      *transaction,
                 const MusterUpdateGift *gift,
                 MusterEntity           *record,
                 gint64                 *size,
                 GError                **error)
{
  MusterEntity *update = gift->update;
  g_autoptr (GPtrArray) artifacts =
              muster_firmware_use_list_parts (transaction,
                                              muster_entity_get_string (update, "artifact_id"),
                                              muster_entity_get_string (update, "set_id"), error);

  if (artifacts != NULL && artifacts->len == 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "%s has no parts: make a set of firmware that is here",
                   muster_entity_get_string (record, "name"));
      return FALSE;
    }
  for (guint i = 0; artifacts != NULL && i < artifacts->len; i++)
    if (!muster_firmware_check_given (artifacts->pdata[i], gift->needs_signature, error))
      return FALSE;
    else
      *size += muster_entity_get_integer (artifacts->pdata[i], "size");
  return artifacts != NULL;
}

/* What UPDATE brings is there and may be given; *VERSION: what a device runs then, *SIZE: of all of
 * it, in bytes. */
static gboolean
check_firmware (MusterTransaction      *transaction,
                const MusterUpdateGift *gift,
                char                  **version,
                gint64                 *size,
                GError                **error)
{
  const char *artifact_id = muster_entity_get_string (gift->update, "artifact_id");
  const char *set_id = muster_entity_get_string (gift->update, "set_id");
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (MusterEntity) record = NULL;

  if ((artifact_id == NULL) == (set_id == NULL))
    {
      muster_field_errors_add (errors, "/artifact_id",
                               "must be given, or set_id in its place, and not both");
      return muster_field_errors_check (errors, error);
    }
  record = artifact_id != NULL
             ? muster_transaction_get_named (transaction, &muster_firmware_artifact_info,
                                             artifact_id, "/artifact_id", error)
             : muster_transaction_get_named (transaction, &muster_firmware_set_info, set_id,
                                             "/set_id", error);
  if (record == NULL || !check_artifacts (transaction, gift, record, size, error))
    return FALSE;
  *version = g_strdup (muster_entity_get_string (record, "version"));
  return TRUE;
}

/* Whether DEVICE could run what UPDATE brings; one whose model nobody knows decides by itself. */
static gboolean
check_fit (MusterTransaction *transaction,
           MusterEntity      *device,
           MusterEntity      *update,
           GError           **error)
{
  const MusterReserve reserve = MUSTER_RESERVE_UNKNOWN;
  g_auto (MusterPreflightGift) gift = { NULL };
  MusterPreflight reasons;
  g_auto (GStrv) texts = NULL;
  g_autofree char *why = NULL;

  if (!muster_preflight_gift_read (&gift, transaction, update, error))
    return FALSE;
  reasons = muster_preflight_check (device, &gift, &reserve, 0, TRUE) & UNFIT;
  if (muster_entity_is_null (device, "model"))
    reasons &= ~MUSTER_PREFLIGHT_MODEL;
  if (reasons == 0)
    return TRUE;
  texts = muster_preflight_describe (reasons, device, &gift, &reserve);
  why = g_strjoinv ("; ", texts);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s cannot be given %s: %s",
               muster_entity_get_string (device, "name"),
               muster_entity_get_string (gift.record, "name"), why);
  return FALSE;
}

static gboolean
check_window (MusterTransaction *transaction, MusterEntity *update, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_update_window_check (muster_entity_get_string (update, "window"), TRUE,
                              muster_transaction_get_now (transaction), errors);
  return muster_field_errors_check (errors, error);
}

static gboolean is_same_firmware (MusterEntity *a, MusterEntity *b);

static GPtrArray *
list_open_of (MusterTransaction *transaction, const char *device_id, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_update_info);

  muster_query_where (query, "device_id", device_id);
  muster_query_where_any (query, "status", open_states);
  muster_query_set_limit (query, 0);
  return muster_transaction_select (transaction, query, error);
}

static gboolean
end_update (MusterTransaction    *transaction,
            MusterEntity         *update,
            MusterUpdateStatus    status,
            MusterUpdateEventKind event,
            GError              **error)
{
  muster_entity_set_enum (update, "status", status);
  if (!muster_update_status_is_open (status))
    muster_entity_set_integer (update, "finished_at", muster_transaction_get_now (transaction));
  return muster_transaction_update (transaction, update, 0, error) &&
         note_event (transaction, update, event, NULL, NULL, FALSE, error);
}

/* One that the device was never told of need not be agreed upon. */
gboolean
muster_update_store_cancel_one (MusterTransaction *transaction,
                                MusterEntity      *update,
                                gboolean           close,
                                GError           **error)
{
  gboolean is_told = muster_entity_get_enum (update, "status") != MUSTER_UPDATE_WAITING;

  if (is_told && !close)
    return end_update (transaction, update, MUSTER_UPDATE_CANCELLING,
                       MUSTER_UPDATE_EVENT_CANCELLING, error);
  return end_update (transaction, update, MUSTER_UPDATE_CANCELLED, MUSTER_UPDATE_EVENT_CANCELLED,
                     error);
}

static gboolean
is_same_firmware (MusterEntity *a, MusterEntity *b)
{
  return g_strcmp0 (muster_entity_get_string (a, "artifact_id"),
                    muster_entity_get_string (b, "artifact_id")) == 0 &&
         g_strcmp0 (muster_entity_get_string (a, "set_id"),
                    muster_entity_get_string (b, "set_id")) == 0;
}

/* What becomes of the device's other updates; those that changed go into UPDATES. */
static gboolean
settle_others (MusterTransaction      *transaction,
               const MusterUpdateGift *gift,
               GPtrArray              *updates,
               GError                **error)
{
  const char *device_id = muster_entity_get_string (gift->update, "device_id");
  g_autoptr (GPtrArray) others = list_open_of (transaction, device_id, error);

  for (guint i = 0; others != NULL && i < others->len; i++)
    {
      MusterEntity *other = others->pdata[i];

      if (is_same_firmware (other, gift->update))
        {
          g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                               "the device has an open update with this firmware already");
          return FALSE;
        }
      if (gift->others == MUSTER_OTHERS_STAY ||
          (gift->others == MUSTER_OTHERS_CANCEL &&
           muster_entity_get_enum (other, "status") == MUSTER_UPDATE_CANCELLING))
        continue;
      if (!muster_update_store_cancel_one (transaction, other, gift->others == MUSTER_OTHERS_CLOSE,
                                           error))
        return FALSE;
      g_ptr_array_add (updates, g_object_ref (other));
    }
  return others != NULL;
}

gboolean
muster_update_store_give_one (MusterTransaction      *transaction,
                              const MusterUpdateGift *gift,
                              GPtrArray              *updates,
                              GError                **error)
{
  g_autoptr (MusterEntity) update = muster_entity_copy (gift->update);
  g_autoptr (MusterEntity) device =
              muster_transaction_get_named (transaction, &muster_device_info,
                                            muster_entity_get_string (update, "device_id"),
                                            "/device_id", error);
  g_autofree char *version = NULL;
  gint64           size = 0;

  if (device == NULL || !check_window (transaction, update, error) ||
      !check_firmware (transaction, gift, &version, &size, error) ||
      (gift->checks_fit && !check_fit (transaction, device, update, error)))
    return FALSE;
  g_ptr_array_add (updates, g_object_ref (update));
  if (!settle_others (transaction, gift, updates, error))
    return FALSE;
  muster_entity_set_enum (update, "status", MUSTER_UPDATE_WAITING);
  muster_entity_set_string (update, "to_version", version);
  muster_entity_set_integer (update, "size", size);
  muster_entity_set_string (update, "from_version",
                            muster_entity_get_string (device, "firmware_version"));
  muster_entity_set_string (update, "actor",
                            muster_actor_to_string (muster_transaction_get_actor (transaction)));
  renew_secret (update);
  if (!muster_transaction_insert (transaction, update, error) ||
      !note_event (transaction, update, MUSTER_UPDATE_EVENT_ASSIGNED, NULL, NULL, FALSE, error))
    return FALSE;
  return muster_entity_get_enum (update, "confirmation") != MUSTER_UPDATE_CONSENT_NEEDED ||
         note_event (transaction, update, MUSTER_UPDATE_EVENT_CONSENT_NEEDED, NULL, NULL, FALSE,
                     error);
}

gboolean
muster_update_store_give (MusterTransaction *transaction,
                          gpointer           data,
                          GValue            *result,
                          GError           **error)
{
  return muster_update_store_give_one (transaction, data, new_list (result), error);
}

/* --- changing --- */

void
muster_update_change_free (gpointer data)
{
  MusterUpdateChange *self = data;

  g_free (self->id);
  g_free (self);
}

static gboolean
refuse_state (MusterEntity *update, const char *what, GError **error)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "the update is %s: %s",
               muster_entity_get_string (update, "status"), what);
  return FALSE;
}

/* Whether DEVICE is given the firmware of UPDATE by another one. */
static gboolean
has_other (MusterTransaction *transaction, MusterEntity *update, gboolean *has, GError **error)
{
  g_autoptr (GPtrArray) others =
              list_open_of (transaction, muster_entity_get_string (update, "device_id"), error);

  *has = FALSE;
  for (guint i = 0; others != NULL && i < others->len; i++)
    *has |= is_same_firmware (others->pdata[i], update);
  return others != NULL;
}

gboolean
muster_update_store_is_wanted (MusterTransaction *transaction,
                               MusterEntity      *update,
                               gboolean          *is_wanted,
                               GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (GError) cause = NULL;
  gboolean has = FALSE;

  g_return_val_if_fail (MUSTER_IS_FIRMWARE_UPDATE (update) && is_wanted != NULL, FALSE);

  muster_query_where (query, "id", muster_entity_get_string (update, "device_id"));
  device = muster_transaction_find (transaction, query, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  *is_wanted = device != NULL && g_strcmp0 (muster_entity_get_string (device, "firmware_version"),
                                            muster_entity_get_string (update, "to_version")) != 0;
  if (*is_wanted && !has_other (transaction, update, &has, error))
    return FALSE;
  *is_wanted &= !has;
  return TRUE;
}

gboolean
muster_update_store_retry_one (MusterTransaction *transaction, MusterEntity *update, GError **error)
{
  gboolean has = FALSE;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_update_info);
  g_autoptr (MusterEntity) last = NULL;

  if (muster_update_status_is_open (muster_entity_get_enum (update, "status")) ||
      muster_entity_get_enum (update, "status") == MUSTER_UPDATE_CONFIRMED)
    return refuse_state (update, "one that failed, reverted or was cancelled can be tried again",
                         error);
  if (!muster_firmware_use_check_given (transaction, update, error) ||
      !has_other (transaction, update, &has, error))
    return FALSE;
  if (has)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                           "the device has an open update with this firmware already");
      return FALSE;
    }
  /* Clients remember the number of an attempt that they are done with. */
  muster_query_set_sort (query, "-number");
  muster_query_set_limit (query, 1);
  last = muster_transaction_find (transaction, query, error);
  if (last == NULL)
    return FALSE;
  muster_entity_set_integer (update, "number", muster_entity_get_integer (last, "number") + 1);
  muster_entity_set_integer (update, "attempt", muster_entity_get_integer (update, "attempt") + 1);
  muster_entity_set_enum (update, "status", MUSTER_UPDATE_WAITING);
  muster_entity_set_enum (update, "delivery", MUSTER_UPDATE_BY_NONE);
  muster_entity_set_null (update, "error");
  muster_entity_set_null (update, "started_at");
  muster_entity_set_null (update, "finished_at");
  renew_secret (update);
  if (!muster_transaction_update (transaction, update, 0, error))
    return FALSE;
  muster_entity_set_enum (update, "phase", MUSTER_UPDATE_PHASE_NONE);
  muster_entity_set_null (update, "progress");
  muster_entity_set_null (update, "fetched");
  return muster_transaction_touch (transaction, update, error) &&
         note_event (transaction, update, MUSTER_UPDATE_EVENT_RETRIED, NULL, NULL, FALSE, error);
}

static gboolean
tell_update (MusterTransaction   *transaction,
             MusterEntity        *update,
             MusterUpdateDelivery delivery,
             GError             **error)
{
  if (muster_entity_get_enum (update, "status") != MUSTER_UPDATE_WAITING)
    return refuse_state (update, "only one that waits can be told", error);
  muster_entity_set_enum (update, "status", MUSTER_UPDATE_RUNNING);
  muster_entity_set_enum (update, "delivery", delivery);
  muster_entity_set_integer (update, "started_at", muster_transaction_get_now (transaction));
  if (!muster_transaction_update (transaction, update, 0, error))
    return FALSE;
  muster_entity_set_enum (update, "phase", MUSTER_UPDATE_PHASE_TOLD);
  muster_entity_set_integer (update, "reported_at", muster_transaction_get_now (transaction));
  return muster_transaction_touch (transaction, update, error) &&
         note_event (transaction, update, MUSTER_UPDATE_EVENT_TOLD, NULL, NULL, FALSE, error);
}

static gboolean
change_update (MusterTransaction        *transaction,
               const MusterUpdateChange *change,
               MusterEntity             *update,
               GError                  **error)
{
  MusterUpdateStatus status = muster_entity_get_enum (update, "status");
  gboolean           is_open = muster_update_status_is_open (status);

  switch (change->deed)
    {
    case MUSTER_UPDATE_DO_CANCEL:
      if (!is_open || status == MUSTER_UPDATE_CANCELLING)
        return refuse_state (update, "one that waits or runs can be cancelled", error);
      return muster_update_store_cancel_one (transaction, update, FALSE, error);
    case MUSTER_UPDATE_DO_CLOSE:
      if (status != MUSTER_UPDATE_CANCELLING)
        return refuse_state (update, "it must be asked to cancel first", error);
      return muster_update_store_cancel_one (transaction, update, TRUE, error);
    case MUSTER_UPDATE_DO_RETRY:
      return muster_update_store_retry_one (transaction, update, error);
    case MUSTER_UPDATE_DO_FORCE:
      if (!is_open)
        return refuse_state (update, "one that is open can be forced", error);
      muster_entity_set_enum (update, "kind", MUSTER_UPDATE_KIND_FORCED);
      return muster_transaction_update (transaction, update, 0, error);
    case MUSTER_UPDATE_DO_TELL:
      return tell_update (transaction, update, change->delivery, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

gboolean
muster_update_store_change (MusterTransaction *transaction,
                            gpointer           data,
                            GValue            *result,
                            GError           **error)
{
  MusterUpdateChange *change = data;
  g_autoptr (MusterEntity) update =
              muster_transaction_get (transaction, &muster_firmware_update_info, change->id, error);

  if (update == NULL || !change_update (transaction, change, update, error))
    return FALSE;
  g_ptr_array_add (new_list (result), g_object_ref (update));
  return TRUE;
}

/* --- what devices say --- */

static char *
encode_messages (const char *const *messages)
{
  g_autoptr (GString) json = g_string_new ("[");

  for (unsigned i = 0; messages[i] != NULL && i < MESSAGES_MAX; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      muster_json_append_string (json, messages[i],
                                 MIN (strlen (messages[i]), (gsize)MESSAGE_BYTES));
    }
  g_string_append_c (json, ']');
  return g_string_free_and_steal (g_steal_pointer (&json));
}

MusterUpdateReport *
muster_update_report_new (const char *id, const MusterFeedback *feedback, gint64 at)
{
  MusterUpdateReport *self = g_new0 (MusterUpdateReport, 1);

  self->id = g_strdup (id);
  self->kind = feedback->kind;
  self->delivery = feedback->delivery;
  self->progress = feedback->progress;
  self->fetched = feedback->fetched;
  self->has_code = feedback->has_code;
  self->code = feedback->code;
  self->at = at;
  if (feedback->messages != NULL && feedback->messages[0] != NULL)
    self->messages = encode_messages (feedback->messages);
  return self;
}

void
muster_update_report_free (gpointer data)
{
  MusterUpdateReport *self = data;

  g_free (self->id);
  g_free (self->messages);
  g_free (self);
}

/* The first message, as why it failed. */
static void
set_reason (MusterEntity *update, const char *messages)
{
  g_autoptr (JsonNode) node = messages != NULL ? json_from_string (messages, NULL) : NULL;
  const char *text = NULL;

  if (node != NULL && json_array_get_length (json_node_get_array (node)) > 0)
    text = json_array_get_string_element (json_node_get_array (node), 0);
  if (text != NULL && *text != '\0')
    {
      g_autofree char *cut =
        g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), ERROR_CHARACTERS));

      muster_entity_set_string (update, "error", cut);
    }
}

static gboolean
note_success (MusterTransaction *transaction, MusterEntity *update, GError **error)
{
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (MusterEntity) artifact = NULL;
  const char *artifact_id = muster_entity_get_string (update, "artifact_id");

  if (muster_entity_get_enum (update, "kind") == MUSTER_UPDATE_KIND_DOWNLOAD_ONLY)
    return TRUE;
  device = muster_transaction_get (transaction, &muster_device_info,
                                   muster_entity_get_string (update, "device_id"), error);
  if (device == NULL)
    return FALSE;
  muster_entity_set_string (device, "firmware_version",
                            muster_entity_get_string (update, "to_version"));
  muster_entity_set_enum (device, "firmware_origin", MUSTER_FIRMWARE_ORIGIN_UPDATE);
  if (artifact_id != NULL)
    {
      artifact =
        muster_transaction_get (transaction, &muster_firmware_artifact_info, artifact_id, error);
      if (artifact == NULL)
        return FALSE;
      if (!muster_entity_is_null (artifact, "security_counter"))
        muster_entity_set_integer (device, "security_counter",
                                   MAX (muster_entity_get_integer (device, "security_counter"),
                                        muster_entity_get_integer (artifact, "security_counter")));
    }
  return muster_transaction_update (transaction, device, 0, error);
}

static void
apply_status (MusterTransaction        *transaction,
              const MusterUpdateReport *report,
              MusterEntity             *update,
              const MusterUpdateStep   *step)
{
  gint64 now = muster_transaction_get_now (transaction);

  muster_entity_set_enum (update, "status", step->status);
  if (report->delivery != MUSTER_UPDATE_BY_NONE)
    muster_entity_set_enum (update, "delivery", report->delivery);
  if (step->status != MUSTER_UPDATE_WAITING && muster_entity_is_null (update, "started_at"))
    muster_entity_set_integer (update, "started_at", now);
  if (report->kind == MUSTER_FEEDBACK_CONSENT_GIVEN)
    muster_entity_set_enum (update, "confirmation", MUSTER_UPDATE_CONSENT_GIVEN);
  if (report->kind == MUSTER_FEEDBACK_CONSENT_DENIED)
    muster_entity_set_enum (update, "confirmation", MUSTER_UPDATE_CONSENT_DENIED);
  if (muster_update_status_is_open (step->status))
    return;
  muster_entity_set_integer (update, "finished_at", now);
  if (step->status != MUSTER_UPDATE_CONFIRMED)
    set_reason (update, report->messages);
}

static gboolean
apply_report (MusterTransaction        *transaction,
              const MusterUpdateReport *report,
              MusterEntity             *update,
              const MusterUpdateStep   *step,
              GError                  **error)
{
  gboolean is_end = !muster_update_status_is_open (step->status);
  gint64   n_events = is_end ? 0 : count_events (transaction, update, error);

  if (n_events >= EVENTS_MAX)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_RATE_LIMITED,
                 "the device said more than %d things of this update", EVENTS_MAX);
  if (n_events < 0 || n_events >= EVENTS_MAX)
    return FALSE;
  apply_status (transaction, report, update, step);
  if (!muster_transaction_update (transaction, update, 0, error))
    return FALSE;
  muster_entity_set_enum (update, "phase", step->phase);
  if (report->progress >= 0)
    muster_entity_set_integer (update, "progress", MIN (report->progress, 100));
  else
    muster_entity_set_null (update, "progress");
  if (report->fetched > 0)
    muster_entity_set_integer (update, "fetched", report->fetched);
  muster_entity_set_integer (update, "reported_at", report->at);
  return muster_transaction_touch (transaction, update, error) &&
         note_event (transaction, update, step->event, report->messages,
                     report->has_code ? &report->code : NULL, TRUE, error) &&
         (step->status != MUSTER_UPDATE_CONFIRMED || note_success (transaction, update, error));
}

gboolean
muster_update_store_report (MusterTransaction *transaction,
                            gpointer           data,
                            GValue            *result,
                            GError           **error)
{
  MusterUpdateReport *report = data;
  MusterUpdateStep    step;
  g_autoptr (MusterEntity) update =
              muster_transaction_get (transaction, &muster_firmware_update_info, report->id, error);

  if (update == NULL ||
      !muster_update_step (muster_entity_get_enum (update, "status"),
                           muster_entity_get_enum (update, "phase"),
                           muster_entity_get_enum (update, "kind"), report->kind, &step, error) ||
      (!step.is_known && !apply_report (transaction, report, update, &step, error)))
    return FALSE;
  g_ptr_array_add (new_list (result), g_object_ref (update));
  return TRUE;
}

gboolean
muster_update_store_progress (MusterTransaction *transaction,
                              gpointer           data,
                              GValue            *result,
                              GError           **error)
{
  MusterEntity *progress = data;
  g_autoptr (MusterEntity) update =
              muster_transaction_get (transaction, &muster_firmware_update_info,
                                      muster_entity_get_id (progress), error);

  if (update == NULL)
    return FALSE;
  if (muster_entity_get_integer (update, "attempt") !=
      muster_entity_get_integer (progress, "attempt"))
    return TRUE;
  if (muster_entity_get_enum (update, "status") == MUSTER_UPDATE_RUNNING &&
      muster_entity_get_enum (update, "phase") == MUSTER_UPDATE_PHASE_DOWNLOADING)
    return muster_transaction_touch (transaction, progress, error);
  /* What the device said before this was still on its way to the disk: how much it fetched is all
   * that is news. */
  if (muster_entity_get_integer (progress, "fetched") <=
      muster_entity_get_integer (update, "fetched"))
    return TRUE;
  muster_entity_set_integer (update, "fetched", muster_entity_get_integer (progress, "fetched"));
  return muster_transaction_touch (transaction, update, error);
}

/* --- reading --- */

gboolean
muster_update_store_list_open (MusterTransaction *transaction,
                               gpointer           data,
                               GValue            *result,
                               GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_update_info);
  GPtrArray *updates = NULL;

  muster_query_where_any (query, "status", open_states);
  muster_query_set_limit (query, 0);
  updates = muster_transaction_select (transaction, query, error);
  if (updates == NULL)
    return FALSE;
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, updates);
  return TRUE;
}

void
muster_installed_free (gpointer data)
{
  MusterInstalled *self = data;

  g_free (self->device_id);
  g_free (self->version);
  g_free (self->hardware);
  g_free (self);
}

gboolean
muster_update_store_installed (MusterTransaction *transaction,
                               gpointer           data,
                               GValue            *result,
                               GError           **error)
{
  MusterInstalled *installed = data;
  g_autoptr (MusterEntity) device = muster_transaction_get (transaction, &muster_device_info,
                                                           installed->device_id, error);

  if (device == NULL)
    return FALSE;
  if (installed->version != NULL)
    muster_entity_set_string (device, "firmware_version", installed->version);
  if (installed->hardware != NULL)
    muster_entity_set_string (device, "hardware_revision", installed->hardware);
  if (installed->security_counter >= 0)
    muster_entity_set_integer (device, "security_counter", installed->security_counter);
  return muster_transaction_update (transaction, device, 0, error);
}

/* --- what an update brings --- */

void
muster_update_part_free (gpointer data)
{
  MusterUpdatePart *self = data;

  g_clear_object (&self->artifact);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
  g_free (self);
}

/* What is told with ARTIFACT: (transfer full) (element-type MusterFirmwareNote). */
static GPtrArray *
select_notes (MusterTransaction *transaction, MusterEntity *artifact, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_note_info);

  muster_query_where (query, "artifact_id", muster_entity_get_id (artifact));
  muster_query_where (query, "told", "true");
  muster_query_set_sort (query, "key");
  muster_query_set_limit (query, 0);
  return muster_transaction_select (transaction, query, error);
}

static gboolean
add_part (MusterTransaction *transaction, GPtrArray *parts, MusterEntity *artifact, GError **error)
{
  MusterUpdatePart *part = g_new0 (MusterUpdatePart, 1);
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_file_info);

  g_ptr_array_add (parts, part);
  part->artifact = g_object_ref (artifact);
  muster_query_where (query, "artifact_id", muster_entity_get_id (artifact));
  muster_query_set_sort (query, "name");
  muster_query_set_limit (query, 0);
  part->files = muster_transaction_select (transaction, query, error);
  if (part->files != NULL)
    part->notes = select_notes (transaction, artifact, error);
  return part->notes != NULL;
}

gboolean
muster_update_store_list_parts (MusterTransaction *transaction,
                                gpointer           data,
                                GValue            *result,
                                GError           **error)
{
  MusterEntity *update = data;
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (muster_update_part_free);
  g_autoptr (GPtrArray) artifacts =
              muster_firmware_use_list_parts (transaction,
                                              muster_entity_get_string (update, "artifact_id"),
                                              muster_entity_get_string (update, "set_id"), error);

  for (guint i = 0; artifacts != NULL && i < artifacts->len; i++)
    if (!add_part (transaction, parts, artifacts->pdata[i], error))
      return FALSE;
  if (artifacts == NULL)
    return FALSE;
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&parts));
  return TRUE;
}
