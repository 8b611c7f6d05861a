/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-flash"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/muster-api-flash.h"
#include "muster-ctl-collection.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-inventory.h"
#include "muster-ctl-record.h"

#define PORT_PREFIX "port="

static gboolean
show_batch (MusterCtl *ctl, DexFuture *future, GError **error)
{
  return muster_ctl_show_entity (ctl, dex_await_object (future, error));
}

/* `port=…` any number of times, and members of the batch. */
static gboolean
add (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  g_autoptr (GPtrArray) pairs = g_ptr_array_new ();
  JsonArray  *ports = json_array_new ();
  JsonObject *members = NULL;

  for (unsigned i = 0; rest[i] != NULL; i++)
    if (g_str_has_prefix (rest[i], PORT_PREFIX))
      json_array_add_string_element (ports, rest[i] + strlen (PORT_PREFIX));
    else
      g_ptr_array_add (pairs, rest[i]);
  g_ptr_array_add (pairs, NULL);
  members = muster_ctl_read_pairs (ctl, muster_flash_batch_info.fields,
                                   muster_flash_batch_info.n_fields, (char **)pairs->pdata, error);
  if (members == NULL)
    {
      json_array_unref (ports);
      return FALSE;
    }
  json_object_set_array_member (members, "ports", ports);
  return show_batch (ctl, muster_api_flash_create (ctl->client, members), error);
}

static gboolean
next (MusterCtl *ctl, MusterEntity *batch, char **rest, GError **error)
{
  return show_batch (ctl,
                     muster_api_flash_add (ctl->client, muster_entity_get_id (batch),
                                           (const char *const *)rest),
                     error);
}

static gboolean
retry_failed (MusterCtl *ctl, MusterEntity *batch, char **rest, GError **error)
{
  return show_batch (ctl, muster_api_flash_retry_failed (ctl->client, muster_entity_get_id (batch)),
                     error);
}

static gboolean
cancel (MusterCtl *ctl, MusterEntity *batch, char **rest, GError **error)
{
  return show_batch (ctl, muster_api_flash_cancel (ctl->client, muster_entity_get_id (batch)),
                     error);
}

static MusterApiPage *
list_runs (MusterCtl *ctl, MusterEntity *batch, GError **error)
{
  const char *const        filters[] = { "batch_id", muster_entity_get_id (batch), NULL };
  const MusterApiListQuery query = { .sort = "number", .limit = 1000, .filters = filters };

  return dex_await_object (muster_api_flash_list_runs (ctl->client, &query), error);
}

static gboolean
show_runs (MusterCtl *ctl, MusterEntity *batch, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = {
    { N_ ("NO"), MUSTER_CTL_COLUMN_RIGHT },        { N_ ("PORT"), MUSTER_CTL_COLUMN_ELIDE },
    { N_ ("STATUS"), MUSTER_CTL_COLUMN_COLORED },  { N_ ("PROGRESS"), MUSTER_CTL_COLUMN_RIGHT },
    { N_ ("ATTEMPT"), MUSTER_CTL_COLUMN_RIGHT },   { N_ ("ERROR"), MUSTER_CTL_COLUMN_ELIDE },
    { N_ ("WAITS FOR"), MUSTER_CTL_COLUMN_ELIDE }, { NULL, 0 }
  };
  static const char *const fields[] = { "number",  "port",  "status",    "progress",
                                        "attempt", "error", "waits_for", NULL };
  g_autoptr (MusterApiPage) page = list_runs (ctl, batch, error);

  if (page == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (muster_api_page_get_json (page));
  else
    muster_ctl_print_page (ctl, muster_api_page_get_items (page), columns, fields,
                           _ ("No boards."));
  return TRUE;
}

/* NUMBER of a board of the batch. */
static gboolean
show_log (MusterCtl *ctl, MusterEntity *batch, char **rest, GError **error)
{
  g_autoptr (MusterApiPage) page = NULL;
  g_autoptr (GBytes) log = NULL;
  GPtrArray *runs = NULL;
  guint64    number = 0;
  gsize      size = 0;

  if (!g_ascii_string_to_unsigned (rest[0], 10, 1, G_MAXINT32, &number, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("“%s” is no number of a board, which count from 1"), rest[0]);
      return FALSE;
    }
  page = list_runs (ctl, batch, error);
  if (page == NULL)
    return FALSE;
  runs = muster_api_page_get_items (page);
  for (guint i = 0; i < runs->len; i++)
    if (muster_entity_get_integer (runs->pdata[i], "number") == (gint64)number)
      {
        const char *text = NULL;

        log = dex_await_boxed (muster_api_flash_get_log (ctl->client,
                                                         muster_entity_get_id (runs->pdata[i])),
                               error);
        text = log != NULL ? g_bytes_get_data (log, &size) : NULL;
        if (log != NULL)
          g_print ("%.*s", (int)size, size > 0 ? text : "");
        return log != NULL;
      }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("the batch has no board %s"),
               rest[0]);
  return FALSE;
}

static gboolean
show_tools (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = {
    { N_ ("TOOL"), 0 }, { N_ ("PROGRAM"), 0 }, { N_ ("PROBLEM"), 0 }, { NULL, 0 }
  };
  static const char *const names[] = { "tool", "program", "problem", NULL };

  return muster_ctl_show_rows (ctl,
                               dex_await_boxed (muster_api_flash_list_tools (ctl->client), error),
                               "items", columns, names, _ ("No tools."));
}

static gboolean
show_ports (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("PORT"), 0 },
                                             { N_ ("BUSY"), MUSTER_CTL_COLUMN_COLORED },
                                             { N_ ("USED BY"), MUSTER_CTL_COLUMN_ELIDE },
                                             { NULL, 0 } };
  static const char *const     names[] = { "port", "busy", "used_by", NULL };

  return muster_ctl_show_rows (ctl,
                               dex_await_boxed (muster_api_flash_list_ports (ctl->client), error),
                               "items", columns, names,
                               _ ("The daemon's machine has no serial port."));
}

gboolean
muster_ctl_flash_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  static const MusterCtlColumn     columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                                 { N_ ("STATUS"), MUSTER_CTL_COLUMN_COLORED },
                                                 { N_ ("TOOL"), 0 },
                                                 { N_ ("BOARDS"), MUSTER_CTL_COLUMN_RIGHT },
                                                 { N_ ("SUCCEEDED"), MUSTER_CTL_COLUMN_RIGHT },
                                                 { N_ ("FAILED"), MUSTER_CTL_COLUMN_RIGHT },
                                                 { N_ ("ID"), 0 },
                                                 { NULL, 0 } };
  static const char *const         fields[] = { "name",      "status", "tool", "total",
                                                "succeeded", "failed", "id",   NULL };
  static const char *const         keys[] = { "name", NULL };
  static const MusterCtlVerb       verbs[] = { { "add", FALSE, 1, -1, add },
                                               { "next", TRUE, 1, -1, next },
                                               { "runs", TRUE, 0, 0, show_runs },
                                               { "log", TRUE, 1, 1, show_log },
                                               { "retry-failed", TRUE, 0, 0, retry_failed },
                                               { "cancel", TRUE, 0, 0, cancel },
                                               { "tools", FALSE, 0, 0, show_tools },
                                               { "ports", FALSE, 0, 0, show_ports },
                                               { NULL } };
  static const MusterCtlCollection batches = {
    &muster_flash_batch_info, columns, fields, "-id", keys, N_ ("No batches."),
  };

  return muster_ctl_collection_run (&batches, verbs, ctl, command, args, error);
}
