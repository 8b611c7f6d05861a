/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-device"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-json.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"
#include "muster-ctl-record.h"

static void
print_entity (MusterCtl *ctl, MusterEntity *entity)
{
  if (ctl->json)
    muster_ctl_print_entity (entity);
  else
    muster_ctl_print_record (ctl, entity);
}

static gboolean
show (MusterCtl *ctl, MusterEntity *device, char **rest, GError **error)
{
  print_entity (ctl, device);
  return TRUE;
}

static gboolean
set (MusterCtl *ctl, MusterEntity *device, char **rest, GError **error)
{
  g_autoptr (JsonObject) changes = json_object_new ();
  g_autoptr (MusterEntity) now = NULL;

  for (char **pair = rest; *pair != NULL; pair++)
    if (!muster_ctl_add_change (&muster_device_info, *pair, changes, error))
      return FALSE;
  now = dex_await_object (muster_api_devices_update (ctl->client, muster_entity_get_id (device),
                                                     g_steal_pointer (&changes),
                                                     muster_entity_get_revision (device)),
                          error);
  if (now != NULL)
    print_entity (ctl, now);
  return now != NULL;
}

/* PAIRS are all that follows the verb. */
static gboolean
add (MusterCtl *ctl, char **pairs, GError **error)
{
  g_autoptr (JsonObject) members = json_object_new ();
  g_autoptr (MusterEntity) draft = NULL;
  g_autoptr (MusterEntity) device = NULL;

  for (char **pair = pairs; *pair != NULL; pair++)
    if (!muster_ctl_add_change (&muster_device_info, *pair, members, error))
      return FALSE;
  draft = muster_entity_new_from_json (&muster_device_info, members, error);
  if (draft == NULL)
    return FALSE;
  device = dex_await_object (muster_api_devices_create (ctl->client, MUSTER_DEVICE (draft)), error);
  if (device != NULL)
    print_entity (ctl, device);
  return device != NULL;
}

static gboolean delete (MusterCtl *ctl, MusterEntity *device, char **rest, GError **error)
{
  return dex_await (muster_api_devices_delete (ctl->client, muster_entity_get_id (device),
                                               muster_entity_get_revision (device)),
                    error);
}

static void
print_proofs (MusterCtl *ctl, JsonArray *proofs)
{
  static const MusterCtlColumn columns[] = { { N_ ("PROOF"), 0 },
                                             { N_ ("FRESH"), MUSTER_CTL_COLUMN_COLORED },
                                             { N_ ("AGE"), 0 },
                                             { N_ ("DETAIL"), MUSTER_CTL_COLUMN_ELIDE },
                                             { NULL, 0 } };
  MusterCtlTable              *table = muster_ctl_table_new (columns);

  for (unsigned i = 0; proofs != NULL && i < json_array_get_length (proofs); i++)
    {
      JsonObject      *proof = muster_api_json_as_object (json_array_get_element (proofs, i));
      gint64           at = proof != NULL ? muster_api_json_get_time (proof, "at") : -1;
      g_autofree char *age = at >= 0 ? muster_ctl_format_age (at, g_get_real_time ()) : NULL;

      if (proof != NULL)
        muster_ctl_table_add (table,
                              (const char *[]){
                                muster_api_json_get_string (proof, "kind"),
                                muster_api_json_get_boolean (proof, "fresh") ? _ ("yes") : _ ("no"),
                                age, muster_api_json_get_string (proof, "detail"), NULL });
    }
  muster_ctl_print_table (ctl, table, _ ("No proof of life yet."));
}

static void
print_status (MusterCtl *ctl, JsonObject *status)
{
  JsonObject      *live = muster_api_json_get_object (status, "live");
  const char      *nick = muster_api_json_get_string (status, "status");
  const char      *state = live != NULL ? muster_api_json_get_string (live, "state") : NULL;
  gint64           since = live != NULL ? muster_api_json_get_time (live, "since") : -1;
  g_autofree char *age =
    since >= 0 ? muster_ctl_format_age (since, g_get_real_time ()) : g_strdup ("");

  muster_ctl_print ("%s, %s %s\n", nick != NULL ? nick : "?", state != NULL ? state : "?", age);
  if (live != NULL)
    print_proofs (ctl, muster_api_json_get_array (live, "proofs"));
}

static gboolean
status (MusterCtl *ctl, MusterEntity *device, char **rest, GError **error)
{
  const char *id = muster_entity_get_id (device);
  g_autoptr (JsonObject) object = NULL;

  if (rest[0] != NULL)
    {
      int wanted = muster_enum_parse (&muster_device_status_enum, rest[0]);

      if (wanted < 0)
        {
          g_set_error (
            error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
            _ (
              "“%s” is no status: in_stock, reserved, sold, deployed, maintenance, defective or retired"),
            rest[0]);
          return FALSE;
        }
      if (!dex_await (muster_api_devices_set_status (ctl->client, id, wanted), error))
        return FALSE;
    }
  object = dex_await_boxed (muster_api_devices_get_status (ctl->client, id), error);
  if (object == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (object);
  else
    print_status (ctl, object);
  return TRUE;
}

static void
add_metric (MusterCtlTable *table, MusterApiMetric *item)
{
  MusterEntity     *metric = MUSTER_ENTITY (muster_api_metric_get_metric (item));
  MusterApiReading *latest = muster_api_metric_get_latest (item);
  g_autofree char  *value = latest != NULL ? muster_api_reading_format (latest) : NULL;
  g_autofree char  *age =
    latest != NULL
       ? muster_ctl_format_age (muster_api_reading_get_time (latest), g_get_real_time ())
       : NULL;

  muster_ctl_table_add (table,
                        (const char *[]){ muster_entity_get_string (metric, "name"), value,
                                          muster_entity_get_string (metric, "unit"), age,
                                          muster_entity_get_string (metric, "datatype"),
                                          muster_entity_get_boolean (metric, "writable") ? _ ("yes")
                                                                                         : _ ("no"),
                                          NULL });
}

static gboolean
metrics (MusterCtl *ctl, MusterEntity *device, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("METRIC"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("VALUE"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("UNIT"), 0 },
                                             { N_ ("AGE"), 0 },
                                             { N_ ("TYPE"), 0 },
                                             { N_ ("WRITABLE"), 0 },
                                             { NULL, 0 } };
  g_autoptr (MusterApiPage) page = dex_await_object (
    muster_api_devices_list_metrics (ctl->client, muster_entity_get_id (device)), error);
  MusterCtlTable *table;

  if (page == NULL)
    return FALSE;
  if (ctl->json)
    {
      muster_ctl_print_object (muster_api_page_get_json (page));
      return TRUE;
    }
  table = muster_ctl_table_new (columns);
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    add_metric (table, muster_api_page_get (page, i));
  muster_ctl_print_table (ctl, table, _ ("It has not reported any metric yet."));
  return TRUE;
}

static const struct
{
  const char *name;
  int         minimum; /* arguments behind the device */
  int         maximum;
  gboolean (*run) (MusterCtl *ctl, MusterEntity *device, char **rest, GError **error);
} verbs[] = {
  { "show", 0, 0, show },       { "set", 1, G_MAXINT, set }, { "status", 0, 1, status },
  { "metrics", 0, 0, metrics }, { "delete", 0, 0, delete },
};

gboolean
muster_ctl_device_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (MusterEntity) device = NULL;
  int n_rest;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 2, -1, error))
    return FALSE;
  if (g_str_equal (positional[1], "add"))
    return add (ctl, positional + 2, error);
  n_rest = (int)g_strv_length (positional) - 3;
  for (unsigned i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (verbs[i].name, positional[1]) && n_rest >= verbs[i].minimum &&
        n_rest <= verbs[i].maximum)
      {
        device = muster_ctl_find_device (ctl, positional[2], error);
        return device != NULL && verbs[i].run (ctl, device, positional + 3, error);
      }
  g_set_error (
    error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
    _ (
      "usage: musterctl device show|metrics|delete DEVICE, add FIELD=VALUE…, set DEVICE FIELD=VALUE…, status DEVICE [STATUS]"));
  return FALSE;
}
