/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-rollout"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "client/muster-api-json.h"
#include "client/muster-api-rollouts.h"
#include "muster-ctl-collection.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-inventory.h"
#include "muster-ctl-record.h"

static gboolean
show_rollout (MusterCtl *ctl, DexFuture *future, GError **error)
{
  return muster_ctl_show_entity (ctl, dex_await_object (future, error));
}

static gboolean
start (MusterCtl *ctl, MusterEntity *rollout, char **rest, GError **error)
{
  return show_rollout (ctl, muster_api_rollouts_start (ctl->client, muster_entity_get_id (rollout)),
                       error);
}

static gboolean
approve (MusterCtl *ctl, MusterEntity *rollout, char **rest, GError **error)
{
  return show_rollout (ctl,
                       muster_api_rollouts_approve (ctl->client, muster_entity_get_id (rollout)),
                       error);
}

static gboolean
pause_rollout (MusterCtl *ctl, MusterEntity *rollout, char **rest, GError **error)
{
  return show_rollout (ctl, muster_api_rollouts_pause (ctl->client, muster_entity_get_id (rollout)),
                       error);
}

static gboolean
resume (MusterCtl *ctl, MusterEntity *rollout, char **rest, GError **error)
{
  return show_rollout (ctl,
                       muster_api_rollouts_resume (ctl->client, muster_entity_get_id (rollout)),
                       error);
}

static gboolean
cancel (MusterCtl *ctl, MusterEntity *rollout, char **rest, GError **error)
{
  return show_rollout (ctl,
                       muster_api_rollouts_cancel (ctl->client, muster_entity_get_id (rollout)),
                       error);
}

static gboolean
retry_failed (MusterCtl *ctl, MusterEntity *rollout, char **rest, GError **error)
{
  return show_rollout (
    ctl, muster_api_rollouts_retry_failed (ctl->client, muster_entity_get_id (rollout)), error);
}

static gboolean
open_group (MusterCtl *ctl, MusterEntity *rollout, char **rest, GError **error)
{
  guint64 position = 0;

  if (!g_ascii_string_to_unsigned (rest[0], 10, 1, 1000, &position, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("“%s” is no number of a group, which count from 1"), rest[0]);
      return FALSE;
    }
  return show_rollout (ctl,
                       muster_api_rollouts_open_group (ctl->client, muster_entity_get_id (rollout),
                                                       (unsigned)position),
                       error);
}

static void
copy_member (JsonObject *from, const char *name, JsonObject *to, const char *to_name)
{
  if (from != NULL && json_object_has_member (from, name))
    json_object_set_member (to, to_name, json_object_dup_member (from, name));
}

/* One watch of a group's evidence as a flat row: (transfer full). */
static JsonObject *
make_gate_row (MusterEntity *group, JsonObject *watch)
{
  static const char *const plain[] = { "watch", "metric", "verdict" };
  JsonObject              *row = json_object_new ();
  JsonObject              *updated = muster_api_json_get_object (watch, "updated");

  json_object_set_string_member (row, "group", muster_entity_get_string (group, "name"));
  for (unsigned i = 0; i < G_N_ELEMENTS (plain); i++)
    copy_member (watch, plain[i], row, plain[i]);
  copy_member (updated, "devices", row, "devices");
  copy_member (updated, "median_before", row, "before");
  copy_member (updated, "median_after", row, "after");
  copy_member (muster_api_json_get_object (watch, "against_before"), "p", row, "p_before");
  copy_member (muster_api_json_get_object (watch, "against_rest"), "p", row, "p_rest");
  copy_member (watch, "alpha", row, "alpha");
  return row;
}

static void
add_gate_rows (JsonArray *rows, MusterEntity *group)
{
  const char *text = muster_entity_get_string (group, "evidence");
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonObject *evidence = node != NULL ? muster_api_json_as_object (node) : NULL;
  JsonArray  *watches = evidence != NULL ? muster_api_json_get_array (evidence, "watches") : NULL;

  for (unsigned i = 0; watches != NULL && i < json_array_get_length (watches); i++)
    {
      JsonObject *watch = muster_api_json_as_object (json_array_get_element (watches, i));

      if (watch != NULL)
        json_array_add_object_element (rows, make_gate_row (group, watch));
    }
}

static gboolean
show_gate (MusterCtl *ctl, MusterEntity *rollout, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("GROUP"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("WATCHED"), 0 },
                                             { N_ ("METRIC"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("VERDICT"), MUSTER_CTL_COLUMN_COLORED },
                                             { N_ ("DEVICES"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("BEFORE"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("AFTER"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("P (BEFORE)"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("P (THE REST)"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("ALPHA"), MUSTER_CTL_COLUMN_RIGHT },
                                             { NULL, 0 } };
  static const char *const     names[] = { "group",   "watch",  "metric", "verdict",
                                           "devices", "before", "after",  "p_before",
                                           "p_rest",  "alpha",  NULL };
  g_autoptr (MusterApiPage) page = dex_await_object (
    muster_api_rollouts_list_groups (ctl->client, muster_entity_get_id (rollout)), error);
  GPtrArray  *groups = page != NULL ? muster_api_page_get_items (page) : NULL;
  JsonObject *object = NULL;
  JsonArray  *rows = NULL;

  if (groups == NULL)
    return FALSE;
  object = json_object_new ();
  rows = json_array_new ();
  for (guint i = 0; i < groups->len; i++)
    add_gate_rows (rows, groups->pdata[i]);
  json_object_set_array_member (object, "items", rows);
  return muster_ctl_show_rows (ctl, object, "items", columns, names,
                               _ ("No telemetry gate was asked yet."));
}

static gboolean
preflight (MusterCtl *ctl, MusterEntity *rollout, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("DEVICE"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("VERDICT"), MUSTER_CTL_COLUMN_COLORED },
                                             { N_ ("WHY"), 0 },
                                             { NULL, 0 } };
  static const char *const     names[] = { "name", "verdict", "reasons", NULL };

  return muster_ctl_show_rows (ctl,
                               dex_await_boxed (muster_api_rollouts_get_preflight (
                                                  ctl->client, muster_entity_get_id (rollout)),
                                                error),
                               "items", columns, names, _ ("It is for no device."));
}

static const MusterCtlColumn columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("STATUS"), MUSTER_CTL_COLUMN_COLORED },
                                           { N_ ("DEVICES"), MUSTER_CTL_COLUMN_RIGHT },
                                           { N_ ("RUNNING"), MUSTER_CTL_COLUMN_RIGHT },
                                           { N_ ("SUCCEEDED"), MUSTER_CTL_COLUMN_RIGHT },
                                           { N_ ("FAILED"), MUSTER_CTL_COLUMN_RIGHT },
                                           { N_ ("REASON"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("ID"), 0 },
                                           { NULL, 0 } };

static const char *const fields[] = { "name",   "status", "total", "running", "succeeded",
                                      "failed", "reason", "id",    NULL };

static const char *const keys[] = { "name", NULL };

static const MusterCtlCollection rollouts = {
  &muster_rollout_info, columns, fields, "-id", keys, N_ ("No rollouts."),
};

/* Of the rollout that REST names, or of all. */
static DexFuture *
ask_groups (MusterCtl *ctl, char **rest, GError **error)
{
  static const MusterApiListQuery all = { .sort = "-rollout_id,position", .limit = 1000 };
  g_autoptr (MusterEntity) rollout = NULL;

  if (rest[0] == NULL)
    return muster_api_rollouts_list_all_groups (ctl->client, &all);
  rollout = muster_ctl_collection_find (&rollouts, ctl, rest[0], error);
  return rollout != NULL
           ? muster_api_rollouts_list_groups (ctl->client, muster_entity_get_id (rollout))
           : NULL;
}

static gboolean
list_groups (MusterCtl *ctl, MusterEntity *rollout, char **rest, GError **error)
{
  static const MusterCtlColumn group_columns[] = { { N_ ("NO"), MUSTER_CTL_COLUMN_RIGHT },
                                                   { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                                   { N_ ("STATUS"), MUSTER_CTL_COLUMN_COLORED },
                                                   { N_ ("DEVICES"), MUSTER_CTL_COLUMN_RIGHT },
                                                   { N_ ("RUNNING"), MUSTER_CTL_COLUMN_RIGHT },
                                                   { N_ ("SUCCEEDED"), MUSTER_CTL_COLUMN_RIGHT },
                                                   { N_ ("FAILED"), MUSTER_CTL_COLUMN_RIGHT },
                                                   { N_ ("ROLLOUT"), 0 },
                                                   { NULL, 0 } };
  static const char *const     group_fields[] = { "position", "name",       "status",
                                                  "total",    "running",    "succeeded",
                                                  "failed",   "rollout_id", NULL };
  DexFuture                   *asked = ask_groups (ctl, rest, error);
  g_autoptr (MusterApiPage) page = asked != NULL ? dex_await_object (asked, error) : NULL;

  if (page == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (muster_api_page_get_json (page));
  else
    muster_ctl_print_page (ctl, muster_api_page_get_items (page), group_columns, group_fields,
                           rest[0] != NULL ? _ ("No groups: the rollout has not begun.")
                                           : _ ("No groups: no rollout has begun."));
  return TRUE;
}

gboolean
muster_ctl_rollout_run (MusterCtl              *ctl,
                        const MusterCtlCommand *command,
                        char                  **args,
                        GError                **error)
{
  static const MusterCtlVerb verbs[] = { { "start", TRUE, 0, 0, start },
                                         { "approve", TRUE, 0, 0, approve },
                                         { "pause", TRUE, 0, 0, pause_rollout },
                                         { "resume", TRUE, 0, 0, resume },
                                         { "cancel", TRUE, 0, 0, cancel },
                                         { "retry-failed", TRUE, 0, 0, retry_failed },
                                         { "open", TRUE, 1, 1, open_group },
                                         { "groups", FALSE, 0, 1, list_groups },
                                         { "gate", TRUE, 0, 0, show_gate },
                                         { "preflight", TRUE, 0, 0, preflight },
                                         { NULL } };

  return muster_ctl_collection_run (&rollouts, verbs, ctl, command, args, error);
}
