/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-firmware"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <unistd.h>

#include "client/muster-api-firmware.h"
#include "muster-ctl-collection.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-firmware.h"
#include "muster-ctl-record.h"

#include "model/muster-device.h"
#include "model/muster-firmware-component.h"

/* --- firmware --- */

static const MusterCtlColumn firmware_columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                                    { N_ ("VERSION"), 0 },
                                                    { N_ ("STATUS"), MUSTER_CTL_COLUMN_COLORED },
                                                    { N_ ("FORMAT"), 0 },
                                                    { N_ ("TRUST"), 0 },
                                                    { N_ ("SIZE"), MUSTER_CTL_COLUMN_RIGHT },
                                                    { N_ ("ADDED"), 0 },
                                                    { N_ ("ID"), 0 },
                                                    { NULL, 0 } };
static const char *const firmware_fields[] = { "name", "version",    "status", "format", "trust",
                                               "size", "created_at", "id",     NULL };
static const char *const firmware_keys[] = { "sha256", "name", NULL };

const MusterCtlCollection muster_ctl_firmware = {
  &muster_firmware_artifact_info,
  firmware_columns,
  firmware_fields,
  "-id",
  firmware_keys,
  N_ ("No firmware."),
};

static gboolean
print_sent (gint64 sent, gint64 size, gpointer user_data)
{
  if (isatty (STDERR_FILENO))
    g_printerr (_ ("\r%" PRId64 " %% sent\033[K"), size > 0 ? sent * 100 / size : 100);
  return TRUE;
}

static gboolean
upload (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  g_autoptr (JsonObject) members =
              muster_ctl_read_pairs (ctl, muster_firmware_artifact_info.fields,
                                     muster_firmware_artifact_info.n_fields, rest + 1, error);
  g_autoptr (MusterEntity) artifact = NULL;

  if (members == NULL)
    return FALSE;
  artifact =
    dex_await_object (muster_api_firmware_upload (ctl->client, rest[0], g_steal_pointer (&members),
                                                  print_sent, NULL),
                      error);
  if (isatty (STDERR_FILENO))
    g_printerr ("\r\033[K");
  return muster_ctl_show_entity (ctl, g_steal_pointer (&artifact));
}

static gboolean
withdraw (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  return muster_ctl_show_entity (
    ctl,
    dex_await_object (muster_api_firmware_withdraw (ctl->client, muster_entity_get_id (record)),
                      error));
}

static gboolean
restore (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  return muster_ctl_show_entity (
    ctl, dex_await_object (muster_api_firmware_restore (ctl->client, muster_entity_get_id (record)),
                           error));
}

gboolean
muster_ctl_give (MusterCtl    *ctl,
                 const char   *field,
                 MusterEntity *record,
                 char        **rest,
                 GError      **error)
{
  const MusterCtlCollection *devices = muster_ctl_collection_of (muster_device_info.name);
  g_autoptr (MusterEntity) device = muster_ctl_collection_find (devices, ctl, rest[0], error);
  g_autoptr (MusterEntity) update = NULL;
  g_autoptr (JsonObject) members = NULL;

  if (device == NULL)
    return FALSE;
  members = muster_ctl_read_pairs (ctl, muster_firmware_update_info.fields,
                                   muster_firmware_update_info.n_fields, rest + 1, error);
  if (members == NULL)
    return FALSE;
  json_object_set_string_member (members, "device_id", muster_entity_get_id (device));
  json_object_set_string_member (members, field, muster_entity_get_id (record));
  update = muster_entity_new (&muster_firmware_update_info);
  return muster_entity_decode (update, members, MUSTER_DECODE_CREATE, "", error) &&
         muster_ctl_show_entity (ctl,
                                 dex_await_object (muster_api_updates_create (ctl->client, update),
                                                   error));
}

/* FIRMWARE to a device. */
static gboolean
give (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  return muster_ctl_give (ctl, "artifact_id", record, rest, error);
}

gboolean
muster_ctl_firmware_run (MusterCtl              *ctl,
                         const MusterCtlCommand *command,
                         char                  **args,
                         GError                **error)
{
  static const MusterCtlVerb verbs[] = { { "upload", FALSE, 1, -1, upload },
                                         { "give", TRUE, 1, -1, give },
                                         { "sign", TRUE, 1, 2, muster_ctl_sign_firmware },
                                         { "withdraw", TRUE, 0, 0, withdraw },
                                         { "restore", TRUE, 0, 0, restore },
                                         { NULL } };

  return muster_ctl_collection_run (&muster_ctl_firmware, verbs, ctl, command, args, error);
}

/* --- components --- */

static const MusterCtlColumn component_columns[] = { { N_ ("COMPONENT"), MUSTER_CTL_COLUMN_ELIDE },
                                                     { N_ ("VERSION"), 0 },
                                                     { N_ ("LICENCE"), 0 },
                                                     { N_ ("FIRMWARE"), 0 },
                                                     { N_ ("ID"), 0 },
                                                     { NULL, 0 } };
static const char *const     component_fields[] = { "name",        "version", "licence",
                                                    "artifact_id", "id",      NULL };
static const char *const     component_keys[] = { "name", NULL };

static const MusterCtlCollection components = {
  &muster_firmware_component_info,
  component_columns,
  component_fields,
  "name",
  component_keys,
  N_ ("No components: attach a bill of materials to firmware."),
};

gboolean
muster_ctl_firmware_components_run (MusterCtl              *ctl,
                                    const MusterCtlCommand *command,
                                    char                  **args,
                                    GError                **error)
{
  static const MusterCtlVerb verbs[] = { { NULL } };

  return muster_ctl_collection_run (&components, verbs, ctl, command, args, error);
}

/* --- updates --- */

static const MusterCtlColumn update_columns[] = { { N_ ("DEVICE"), 0 },
                                                  { N_ ("FROM"), 0 },
                                                  { N_ ("TO"), 0 },
                                                  { N_ ("STATUS"), MUSTER_CTL_COLUMN_COLORED },
                                                  { N_ ("CONSENT"), MUSTER_CTL_COLUMN_COLORED },
                                                  { N_ ("PHASE"), 0 },
                                                  { N_ ("PROGRESS"), MUSTER_CTL_COLUMN_RIGHT },
                                                  { N_ ("FETCHED"), MUSTER_CTL_COLUMN_RIGHT },
                                                  { N_ ("ERROR"), MUSTER_CTL_COLUMN_ELIDE },
                                                  { N_ ("ID"), 0 },
                                                  { NULL, 0 } };
static const char *const     update_fields[] = {
  "device_id", "from_version", "to_version", "status", "confirmation", "phase", "progress",
  "fetched",   "error",        "id",         NULL
};
static const char *const no_keys[] = { NULL };

static gboolean
cancel (MusterCtl *ctl, MusterEntity *update, char **rest, GError **error)
{
  gboolean force = rest[0] != NULL && g_str_equal (rest[0], "now");

  if (rest[0] != NULL && !force)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _ ("usage: musterctl updates cancel UPDATE [now]"));
      return FALSE;
    }
  return muster_ctl_show_entity (
    ctl,
    dex_await_object (muster_api_updates_cancel (ctl->client, muster_entity_get_id (update), force),
                      error));
}

static gboolean
retry (MusterCtl *ctl, MusterEntity *update, char **rest, GError **error)
{
  return muster_ctl_show_entity (
    ctl, dex_await_object (muster_api_updates_retry (ctl->client, muster_entity_get_id (update)),
                           error));
}

static gboolean
force (MusterCtl *ctl, MusterEntity *update, char **rest, GError **error)
{
  return muster_ctl_show_entity (
    ctl, dex_await_object (muster_api_updates_force (ctl->client, muster_entity_get_id (update)),
                           error));
}

static gboolean
list_events (MusterCtl *ctl, MusterEntity *update, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("WHEN"), 0 },
                                             { N_ ("ATTEMPT"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("WHAT"), 0 },
                                             { N_ ("MESSAGES"), MUSTER_CTL_COLUMN_ELIDE },
                                             { NULL, 0 } };
  static const char *const     fields[] = { "created_at", "attempt", "kind", "messages", NULL };
  g_autoptr (MusterApiPage) page =
      dex_await_object (muster_api_updates_list_events (ctl->client, muster_entity_get_id (update)),
                        error);

  if (page == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (muster_api_page_get_json (page));
  else
    muster_ctl_print_page (ctl, muster_api_page_get_items (page), columns, fields,
                           _ ("Nothing happened yet."));
  return TRUE;
}

gboolean
muster_ctl_updates_run (MusterCtl              *ctl,
                        const MusterCtlCommand *command,
                        char                  **args,
                        GError                **error)
{
  static const MusterCtlVerb       verbs[] = { { "cancel", TRUE, 0, 1, cancel },
                                               { "retry", TRUE, 0, 0, retry },
                                               { "force", TRUE, 0, 0, force },
                                               { "events", TRUE, 0, 0, list_events },
                                               { NULL } };
  static const MusterCtlCollection updates = {
    &muster_firmware_update_info, update_columns, update_fields, "-id", no_keys, N_ ("No updates."),
  };

  return muster_ctl_collection_run (&updates, verbs, ctl, command, args, error);
}
