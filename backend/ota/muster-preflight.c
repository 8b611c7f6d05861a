/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-preflight"

#include "config.h"

#include <math.h>
#include <string.h>

#include "model/muster-device-group-member.h"
#include "model/muster-device-group.h"
#include "model/muster-firmware-set.h"
#include "model/muster-firmware-update.h"
#include "model/muster-rollout.h"
#include "model/muster-update-target.h"
#include "mf_image.h"
#include "muster-firmware-facts.h"
#include "muster-firmware-use.h"
#include "muster-preflight.h"
#include "muster-target-query.h"
#include "muster-update-window.h"

/* --- one device --- */

static gboolean
fits_model (MusterEntity *device, MusterEntity *artifact)
{
  const char *text = muster_entity_get_string (artifact, "models");
  const char *model = muster_entity_get_string (device, "model");
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonArray *models =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; models != NULL && i < json_array_get_length (models); i++)
    if (g_strcmp0 (json_array_get_string_element (models, i), model) == 0)
      return TRUE;
  return models == NULL;
}

/* A revision is the number at the end of its name: "rev12" is 12. What a person gave as a range is
 * compared in whole where it is no such number. */
static int
compare_revision (const char *revision, const char *limit)
{
  if (strspn (limit, "0123456789") == strlen (limit))
    {
      g_autofree char *number = g_strdup_printf ("%u", mf_image_hardware_revision (revision));

      return muster_version_compare (number, limit);
    }
  return muster_version_compare (revision, limit);
}

static gboolean
fits_hardware (MusterEntity *device, MusterEntity *artifact)
{
  const char *revision = muster_entity_get_string (device, "hardware_revision");
  const char *from = muster_entity_get_string (artifact, "hardware_from");
  const char *to = muster_entity_get_string (artifact, "hardware_to");

  /* One that does not tell decides by itself. */
  return revision == NULL || ((from == NULL || compare_revision (revision, from) >= 0) &&
                              (to == NULL || compare_revision (revision, to) <= 0));
}

static MusterPreflight
check_version (MusterEntity *device, MusterEntity *artifact)
{
  const char *installed = muster_entity_get_string (device, "firmware_version");
  const char *version = muster_entity_get_string (artifact, "version");
  const char *required = muster_entity_get_string (artifact, "requires_version");
  int         order = installed != NULL ? muster_version_compare (installed, version) : -1;

  if (installed == NULL)
    return 0;
  if (g_str_equal (installed, version))
    return MUSTER_PREFLIGHT_SAME;
  if (order > 0 && !muster_entity_get_boolean (artifact, "allow_downgrade"))
    return MUSTER_PREFLIGHT_DOWNGRADE;
  if (required != NULL && muster_version_compare (installed, required) < 0)
    return MUSTER_PREFLIGHT_TOO_OLD;
  return 0;
}

void
muster_preflight_gift_clear (MusterPreflightGift *self)
{
  g_clear_object (&self->record);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_clear_pointer (&self->barred, g_free);
  g_clear_pointer (&self->opens, g_free);
}

gboolean
muster_preflight_gift_read (MusterPreflightGift *self,
                            MusterTransaction   *transaction,
                            MusterEntity        *rollout,
                            GError             **error)
{
  const char *artifact_id = muster_entity_get_string (rollout, "artifact_id");
  const char *set_id = muster_entity_get_string (rollout, "set_id");

  g_return_val_if_fail (self != NULL, FALSE);

  *self = (MusterPreflightGift){ NULL };
  if (artifact_id == NULL && set_id == NULL)
    return TRUE;
  self->record = artifact_id != NULL
                   ? muster_transaction_get_named (transaction, &muster_firmware_artifact_info,
                                                   artifact_id, "/artifact_id", error)
                   : muster_transaction_get_named (transaction, &muster_firmware_set_info, set_id,
                                                   "/set_id", error);
  if (self->record != NULL)
    self->parts = muster_firmware_use_list_parts (transaction, artifact_id, set_id, error);
  return self->parts != NULL;
}

static gboolean
fits_space (const MusterReserve *reserve, MusterEntity *artifact)
{
  return reserve->space == 0 || muster_entity_get_integer (artifact, "size") <= reserve->space;
}

/* Whether DEVICE could run ARTIFACT at all. */
static MusterPreflight
check_fit (MusterEntity *device, const MusterReserve *reserve, MusterEntity *artifact)
{
  MusterPreflight reasons = 0;

  if (!fits_model (device, artifact))
    reasons |= MUSTER_PREFLIGHT_MODEL;
  if (!fits_hardware (device, artifact))
    reasons |= MUSTER_PREFLIGHT_HARDWARE;
  if (!muster_entity_is_null (artifact, "security_counter") &&
      muster_entity_get_integer (artifact, "security_counter") <
        muster_entity_get_integer (device, "security_counter"))
    reasons |= MUSTER_PREFLIGHT_COUNTER;
  if (!fits_space (reserve, artifact))
    reasons |= MUSTER_PREFLIGHT_SPACE;
  return reasons;
}

/* The versions of a set's parts are not what a device reports: its own is. */
static MusterPreflight
check_gift (MusterEntity *device, const MusterReserve *reserve, const MusterPreflightGift *gift)
{
  MusterPreflight reasons = 0;

  if (MUSTER_IS_FIRMWARE_ARTIFACT (gift->record))
    reasons = check_version (device, gift->record);
  else if (gift->record != NULL &&
           g_strcmp0 (muster_entity_get_string (device, "firmware_version"),
                      muster_entity_get_string (gift->record, "version")) == 0)
    reasons = MUSTER_PREFLIGHT_SAME;
  for (guint i = 0; gift->parts != NULL && i < gift->parts->len; i++)
    reasons |= check_fit (device, reserve, gift->parts->pdata[i]);
  return reasons;
}

MusterPreflight
muster_preflight_check (MusterEntity              *device,
                        const MusterPreflightGift *gift,
                        const MusterReserve       *reserve,
                        gint64                     n_open,
                        gboolean                   asks)
{
  MusterPreflight reasons;
  int             status;

  g_return_val_if_fail (MUSTER_IS_DEVICE (device) && gift != NULL && reserve != NULL, 0);

  status = muster_entity_get_enum (device, "status");
  reasons = check_gift (device, reserve, gift);
  if (status == MUSTER_DEVICE_STATUS_RETIRED || status == MUSTER_DEVICE_STATUS_DEFECTIVE)
    reasons |= MUSTER_PREFLIGHT_RETIRED;
  if (!asks && muster_entity_is_null (device, "node_id") &&
      muster_entity_get_enum (device, "adoption") != MUSTER_ADOPTION_ADOPTED)
    reasons |= MUSTER_PREFLIGHT_NOT_ADOPTED;
  if (gift->barred != NULL)
    reasons |= MUSTER_PREFLIGHT_BARRED;
  if (gift->opens != NULL)
    reasons |= MUSTER_PREFLIGHT_WINDOW;
  if (reserve->charge < reserve->least) /* not where it tells none */
    reasons |= MUSTER_PREFLIGHT_POWER;
  if (n_open > 0)
    reasons |= MUSTER_PREFLIGHT_BUSY;
  if (muster_entity_get_enum (device, "live_state") != MUSTER_LIVE_ONLINE)
    reasons |= MUSTER_PREFLIGHT_OFFLINE;
  return reasons;
}

static const char *
get_or (MusterEntity *entity, const char *field, const char *other)
{
  const char *text = entity != NULL ? muster_entity_get_string (entity, field) : NULL;

  return text != NULL ? text : other;
}

static char *
describe_model (MusterEntity *device, MusterEntity *artifact)
{
  const char *text = get_or (artifact, "models", "[]");
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            json_array_get_string_element (json_node_get_array (node), i));
  return g_strdup_printf ("its model is %s, the firmware is for %s",
                          get_or (device, "model", "not known"), names->str);
}

static char *
describe_one (MusterPreflight      reason,
              MusterEntity        *device,
              const MusterReserve *reserve,
              MusterEntity        *artifact)
{
  const char *installed = get_or (device, "firmware_version", "?");

  switch (reason)
    {
    case MUSTER_PREFLIGHT_NOT_ADOPTED:
      return g_strdup ("it is not adopted: the site has no way to tell it");
    case MUSTER_PREFLIGHT_MODEL:
      return describe_model (device, artifact);
    case MUSTER_PREFLIGHT_HARDWARE:
      return g_strdup_printf ("its hardware is %s, the firmware is for %s to %s",
                              get_or (device, "hardware_revision", "?"),
                              get_or (artifact, "hardware_from", "any"),
                              get_or (artifact, "hardware_to", "any"));
    case MUSTER_PREFLIGHT_SAME:
      return g_strdup_printf ("it runs %s already", installed);
    case MUSTER_PREFLIGHT_DOWNGRADE:
      return g_strdup_printf ("it runs %s, which is newer, and the firmware allows no downgrade",
                              installed);
    case MUSTER_PREFLIGHT_TOO_OLD:
      return g_strdup_printf ("it runs %s, and the firmware requires %s", installed,
                              get_or (artifact, "requires_version", "?"));
    case MUSTER_PREFLIGHT_COUNTER:
      return g_strdup ("it ran a higher security counter, and would refuse it");
    case MUSTER_PREFLIGHT_POWER:
      return g_strdup_printf ("its battery is at %.0f %%, at least %.0f %% are needed",
                              floor (reserve->charge), reserve->least);
    case MUSTER_PREFLIGHT_SPACE:
      return g_strdup_printf ("it has room for %" G_GINT64_FORMAT
                              " bytes, and the firmware has %" G_GINT64_FORMAT,
                              reserve->space, muster_entity_get_integer (artifact, "size"));
    case MUSTER_PREFLIGHT_RETIRED:
      return g_strdup_printf ("it is %s", get_or (device, "status", "?"));
    case MUSTER_PREFLIGHT_BUSY:
      return g_strdup ("another update of it is open: this one waits");
    case MUSTER_PREFLIGHT_OFFLINE:
      return g_strdup ("it is offline: it is told once it is back");
    case MUSTER_PREFLIGHT_BARRED: /* these two are the gift's own, whatever the device */
    case MUSTER_PREFLIGHT_WINDOW:
    default:
      return NULL;
    }
}

/* The firmware that REASON is about: of a set, the first part of which it holds. */
static MusterEntity *
find_meant (MusterPreflight            reason,
            MusterEntity              *device,
            const MusterReserve       *reserve,
            const MusterPreflightGift *gift)
{
  for (guint i = 0; gift->parts != NULL && i < gift->parts->len; i++)
    if (check_fit (device, reserve, gift->parts->pdata[i]) & reason)
      return gift->parts->pdata[i];
  return MUSTER_IS_FIRMWARE_ARTIFACT (gift->record) ? gift->record : NULL;
}

char **
muster_preflight_describe (MusterPreflight            reasons,
                           MusterEntity              *device,
                           const MusterPreflightGift *gift,
                           const MusterReserve       *reserve)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();

  if (reasons & MUSTER_PREFLIGHT_BARRED)
    g_strv_builder_add (texts, gift->barred);
  if (reasons & MUSTER_PREFLIGHT_WINDOW)
    g_strv_builder_take (texts,
                         g_strdup_printf ("its maintenance window opens at %s", gift->opens));
  for (unsigned bit = 1; bit <= MUSTER_PREFLIGHT_SPACE; bit <<= 1)
    if (reasons & bit & ~(MUSTER_PREFLIGHT_BARRED | MUSTER_PREFLIGHT_WINDOW))
      g_strv_builder_take (texts, describe_one (bit, device, reserve,
                                                find_meant (bit, device, reserve, gift)));
  return g_strv_builder_end (texts);
}

/* --- all of a rollout --- */

static gboolean
refuse_filter (const char *detail, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_field_errors_add (errors, "/filter", "%s", detail);
  return muster_field_errors_check (errors, error);
}

/* Adds what FILTER matches to DEVICES, each once. */
static gboolean
add_matches (MusterTransaction *transaction,
             const char        *filter,
             GHashTable        *devices,
             GError           **error)
{
  static const char *const ignored[] = { NULL };
  g_autoptr (GHashTable) params = g_uri_parse_params (filter, -1, "&", G_URI_PARAMS_NONE, NULL);
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (GPtrArray) matches = NULL;

  if (params == NULL)
    return refuse_filter ("must be a query of the list of devices: model=TH-10&status=deployed",
                          error);
  query = muster_query_new_from_params (&muster_device_info, params, ignored, &cause);
  if (query == NULL)
    return refuse_filter (cause->message, error);
  muster_query_set_limit (query, 0);
  matches = muster_transaction_select (transaction, query, error);
  for (guint i = 0; matches != NULL && i < matches->len; i++)
    g_hash_table_replace (devices, (gpointer)muster_entity_get_id (matches->pdata[i]),
                          g_object_ref (matches->pdata[i]));
  return matches != NULL;
}

static gboolean
add_members (MusterTransaction *transaction,
             const char        *group_id,
             GHashTable        *devices,
             GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_group_member_info);
  g_autoptr (GPtrArray) members = NULL;

  muster_query_where (query, "group_id", group_id);
  muster_query_set_limit (query, 0);
  members = muster_transaction_select (transaction, query, error);
  for (guint i = 0; members != NULL && i < members->len; i++)
    {
      MusterEntity *device =
        muster_transaction_get (transaction, &muster_device_info,
                                muster_entity_get_string (members->pdata[i], "device_id"), error);

      if (device == NULL)
        return FALSE;
      g_hash_table_replace (devices, (gpointer)muster_entity_get_id (device), device);
    }
  return members != NULL;
}

gboolean
muster_preflight_add_group (MusterTransaction *transaction,
                            const char        *group_id,
                            GHashTable        *devices,
                            GError           **error)
{
  g_autoptr (MusterEntity) group =
              muster_transaction_get_named (transaction, &muster_device_group_info, group_id,
                                            "/device_group_id", error);
  const char *filter = group != NULL ? muster_entity_get_string (group, "filter") : NULL;

  return group != NULL && add_members (transaction, group_id, devices, error) &&
         (filter == NULL || add_matches (transaction, filter, devices, error));
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (muster_entity_get_id (*(MusterEntity *const *)a),
                 muster_entity_get_id (*(MusterEntity *const *)b));
}

GPtrArray *
muster_preflight_list_targets (MusterTransaction *transaction,
                               MusterEntity      *rollout,
                               GHashTable        *only,
                               GError           **error)
{
  const char *filter = NULL;
  const char *group_id = NULL;
  const char *clients = NULL;
  g_autoptr (GHashTable) devices = NULL;
  GPtrArray     *list = NULL;
  GHashTableIter iter;
  gpointer       device;

  g_return_val_if_fail (MUSTER_IS_ROLLOUT (rollout), NULL);

  filter = muster_entity_get_string (rollout, "filter");
  group_id = muster_entity_get_string (rollout, "device_group_id");
  clients = muster_entity_get_string (rollout, "target_query");
  devices = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  if ((group_id != NULL && !muster_preflight_add_group (transaction, group_id, devices, error)) ||
      (filter != NULL && !add_matches (transaction, filter, devices, error)) ||
      (clients != NULL &&
       !muster_target_query_add_matches (transaction, clients, only, devices, error)))
    return NULL;
  list = g_ptr_array_new_with_free_func (g_object_unref);
  g_hash_table_iter_init (&iter, devices);
  while (g_hash_table_iter_next (&iter, NULL, &device))
    if (only == NULL || g_hash_table_contains (only, muster_entity_get_id (device)))
      g_ptr_array_add (list, g_object_ref (device));
  g_ptr_array_sort (list, compare_ids);
  return list;
}

gboolean
muster_preflight_find_client (MusterTransaction *transaction,
                              const char        *device_id,
                              gboolean          *asks,
                              GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_update_target_info);
  gint64 n_clients;

  muster_query_where (query, "device_id", device_id);
  n_clients = muster_transaction_count (transaction, query, error);
  *asks = n_clients > 0;
  return n_clients >= 0;
}

gint64
muster_preflight_count_open (MusterTransaction *transaction, const char *device_id, GError **error)
{
  static const char *const states[] = { "waiting", "running", "cancelling", NULL };
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_update_info);

  muster_query_where (query, "device_id", device_id);
  muster_query_where_any (query, "status", states);
  return muster_transaction_count (transaction, query, error);
}

static void
append_device (GString                   *json,
               MusterEntity              *device,
               const MusterReserve       *reserve,
               const MusterPreflightGift *gift,
               MusterPreflight            reasons)
{
  g_auto (GStrv) texts = muster_preflight_describe (reasons, device, gift, reserve);

  g_string_append_printf (json, "%s{\"device_id\":\"%s\",\"name\":",
                          json->str[json->len - 1] == '[' ? "" : ",",
                          muster_entity_get_id (device));
  muster_json_append_string (json, muster_entity_get_string (device, "name"), -1);
  g_string_append_printf (json, ",\"verdict\":\"%s\",\"reasons\":[",
                          reasons & MUSTER_PREFLIGHT_NEVER ? "never"
                                                           : (reasons != 0 ? "later" : "ready"));
  for (unsigned i = 0; texts[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      muster_json_append_string (json, texts[i], -1);
    }
  g_string_append (json, "]}");
}

void
muster_preflight_question_free (gpointer data)
{
  MusterPreflightQuestion *self = data;

  g_object_unref (self->rollout);
  g_time_zone_unref (self->zone);
  muster_reserves_unref (self->reserves);
  g_free (self);
}

/* What stands against all devices alike. */
static void
look_at_all (const MusterPreflightQuestion *self, MusterPreflightGift *gift)
{
  gint64 opens_at = 0;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; gift->parts != NULL && gift->barred == NULL && i < gift->parts->len; i++)
    if (!muster_firmware_check_given (gift->parts->pdata[i], self->needs_signature, &error))
      gift->barred = g_strdup (error->message);
  if (!muster_update_window_is_open (muster_entity_get_string (self->rollout, "window"), self->zone,
                                     self->now, &opens_at) &&
      opens_at > 0)
    {
      g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (opens_at);
      g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, self->zone);

      gift->opens = g_date_time_format (local, "%F %R");
    }
}

gboolean
muster_preflight_run (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const MusterPreflightQuestion *question = data;
  MusterEntity                  *rollout = question->rollout;
  g_auto (MusterPreflightGift) gift = { NULL };
  g_autoptr (GPtrArray) devices =
              muster_preflight_gift_read (&gift, transaction, rollout, error)
                ? muster_preflight_list_targets (transaction, rollout, NULL, error)
                : NULL;
  g_autoptr (GString) json = g_string_new ("{\"items\":[");
  unsigned counts[3] = { 0 };

  if (devices != NULL)
    look_at_all (question, &gift);
  for (guint i = 0; devices != NULL && i < devices->len; i++)
    {
      const char     *id = muster_entity_get_id (devices->pdata[i]);
      gint64          n_open = muster_preflight_count_open (transaction, id, error);
      gboolean        asks = FALSE;
      MusterReserve   reserve;
      MusterPreflight reasons;

      if (n_open < 0 || !muster_preflight_find_client (transaction, id, &asks, error) ||
          !muster_reserves_get (question->reserves, transaction, id, &reserve, error))
        return FALSE;
      reasons = muster_preflight_check (devices->pdata[i], &gift, &reserve, n_open, asks);
      counts[reasons & MUSTER_PREFLIGHT_NEVER ? 2 : reasons != 0]++;
      append_device (json, devices->pdata[i], &reserve, &gift, reasons);
    }
  if (devices == NULL)
    return FALSE;
  g_string_append_printf (json, "],\"total\":%u,\"ready\":%u,\"later\":%u,\"never\":%u}",
                          devices->len, counts[0], counts[1], counts[2]);
  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, g_string_free_to_bytes (g_steal_pointer (&json)));
  return TRUE;
}
