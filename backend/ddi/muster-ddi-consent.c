/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ddi-consent"

#include "config.h"

#include "muster-ddi-call.h"
#include "muster-ddi-consent.h"
#include "ota/muster-update-rules.h"

#define MAX_INITIATOR 64
#define MAX_REMARK 512

/* --- the target --- */

/* What a client changes of its target; the rest may be another by now. */
static void
copy_own_fields (MusterEntity *to, MusterEntity *from)
{
  static const char *const texts[] = { "attributes", "auto_confirm_by", "auto_confirm_remark" };
  static const char *const flags[] = { "attributes_wanted", "auto_confirm" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    muster_entity_set_string (to, texts[i], muster_entity_get_string (from, texts[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    muster_entity_set_boolean (to, flags[i], muster_entity_get_boolean (from, flags[i]));
  if (muster_entity_is_null (from, "auto_confirm_at"))
    muster_entity_set_null (to, "auto_confirm_at");
  else
    muster_entity_set_integer (to, "auto_confirm_at",
                               muster_entity_get_integer (from, "auto_confirm_at"));
}

static gboolean
update_target (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterEntity) target = muster_transaction_get (transaction, &muster_update_target_info,
                                                           muster_entity_get_id (data), error);

  if (target == NULL)
    return FALSE;
  copy_own_fields (target, data);
  return muster_transaction_update (transaction, target, 0, error);
}

gboolean
muster_ddi_target_write (MusterDdiService *service,
                         MusterActor      *actor,
                         MusterEntity     *target,
                         const char       *operation,
                         GError          **error)
{
  MusterRepository *repository = muster_ddi_service_get_repository (service);

  return dex_await (muster_database_write (muster_repository_get_database (repository), actor,
                                           operation, update_target, g_object_ref (target),
                                           g_object_unref),
                    error);
}

/* --- consent in advance --- */

void
muster_ddi_auto_confirm_append (MusterEntity *target, GString *json)
{
  static const char *const texts[][2] = { { "initiator", "auto_confirm_by" },
                                          { "remark", "auto_confirm_remark" } };
  gboolean                 is_active = muster_entity_get_boolean (target, "auto_confirm");

  g_string_append_printf (json, "{\"active\":%s", is_active ? "true" : "false");
  for (gsize i = 0; is_active && i < G_N_ELEMENTS (texts); i++)
    if (!muster_entity_is_null (target, texts[i][1]))
      {
        g_string_append_printf (json, ",\"%s\":", texts[i][0]);
        muster_json_append_string (json, muster_entity_get_string (target, texts[i][1]), -1);
      }
  if (is_active && !muster_entity_is_null (target, "auto_confirm_at"))
    g_string_append_printf (json, ",\"activatedAt\":%" G_GINT64_FORMAT,
                            muster_entity_get_integer (target, "auto_confirm_at") / 1000);
  g_string_append_c (json, '}');
}

/* Takes a text of at most MAX characters from OBJECT (nullable) into FIELD. */
static gboolean
take_text (MusterEntity *target,
           const char   *field,
           JsonObject   *object,
           const char   *name,
           int           max,
           GError      **error)
{
  const char *text =
    object != NULL ? json_object_get_string_member_with_default (object, name, NULL) : NULL;

  if (text != NULL && g_utf8_strlen (text, -1) > max)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "%s: at most %d characters", name,
                   max);
      return FALSE;
    }
  muster_entity_set_string (target, field, text != NULL && *text != '\0' ? text : NULL);
  return TRUE;
}

/* What waits for consent has it with that. */
static gboolean
consent_to_all (MusterDdiService *service, MusterActor *actor, MusterEntity *target, GError **error)
{
  MusterUpdateService *updates = muster_ddi_service_get_parts (service)->updates;
  const MusterFeedback feedback = { .kind = MUSTER_FEEDBACK_CONSENT_GIVEN,
                                    .delivery = MUSTER_UPDATE_BY_POLL,
                                    .progress = -1 };
  g_autoptr (GPtrArray) open =
              muster_update_service_list_open (updates,
                                               muster_entity_get_string (target, "device_id"));
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < open->len; i++)
    g_ptr_array_add (kept, g_object_ref (open->pdata[i]));
  for (guint i = 0; i < kept->len; i++)
    if (muster_update_waits_for_consent (kept->pdata[i]) &&
        muster_entity_get_enum (kept->pdata[i], "status") != MUSTER_UPDATE_CANCELLING &&
        !dex_await (muster_update_service_feedback (updates, actor,
                                                    muster_entity_get_id (kept->pdata[i]),
                                                    &feedback),
                    error))
      return FALSE;
  return TRUE;
}

gboolean
muster_ddi_auto_confirm_start (MusterDdiService *service,
                               MusterActor      *actor,
                               MusterEntity     *target,
                               JsonObject       *object,
                               GError          **error)
{
  MusterClock *clock = muster_ddi_service_get_parts (service)->clock;

  if (!take_text (target, "auto_confirm_by", object, "initiator", MAX_INITIATOR, error) ||
      !take_text (target, "auto_confirm_remark", object, "remark", MAX_REMARK, error))
    return FALSE;
  muster_entity_set_boolean (target, "auto_confirm", TRUE);
  muster_entity_set_integer (target, "auto_confirm_at", muster_clock_get_now (clock));
  return muster_ddi_target_write (service, actor, target, "Consent to updates in advance", error) &&
         consent_to_all (service, actor, target, error);
}

gboolean
muster_ddi_auto_confirm_stop (MusterDdiService *service,
                              MusterActor      *actor,
                              MusterEntity     *target,
                              GError          **error)
{
  muster_entity_set_boolean (target, "auto_confirm", FALSE);
  muster_entity_set_null (target, "auto_confirm_by");
  muster_entity_set_null (target, "auto_confirm_remark");
  muster_entity_set_null (target, "auto_confirm_at");
  return muster_ddi_target_write (service, actor, target, "Ask for consent to updates again",
                                  error);
}
