/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-factory"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/muster-api-factory.h"
#include "muster-ctl-collection.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-record.h"

static gboolean
show (MusterCtl *ctl, DexFuture *future, GError **error)
{
  return muster_ctl_show_entity (ctl, dex_await_object (future, error));
}

static gboolean
print_bytes (DexFuture *future, GError **error)
{
  g_autoptr (GBytes) bytes = dex_await_boxed (future, error);
  gsize       size = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  if (bytes != NULL)
    g_print ("%.*s", (int)size, size > 0 ? text : "");
  return bytes != NULL;
}

/* --- batches --- */

static MusterApiPage *
list_units (MusterCtl *ctl, MusterEntity *batch, GError **error)
{
  const char *const        filters[] = { "batch_id", muster_entity_get_id (batch), NULL };
  const MusterApiListQuery query = { .sort = "number", .limit = 1000, .filters = filters };

  return dex_await_object (muster_api_factory_list_units (ctl->client, &query), error);
}

static gboolean
print_units (MusterCtl *ctl, MusterApiPage *page)
{
  static const MusterCtlColumn columns[] = { { N_ ("NO"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("SERIAL"), 0 },
                                             { N_ ("PORT"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("STATUS"), MUSTER_CTL_COLUMN_COLORED },
                                             { N_ ("STEP"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("QUESTION"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("ERROR"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("WAITS FOR"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("LABEL"), 0 },
                                             { NULL, 0 } };
  static const char *const     fields[] = { "number",   "serial", "port",      "status", "step",
                                            "question", "error",  "waits_for", "label",  NULL };

  if (page == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (muster_api_page_get_json (page));
  else
    muster_ctl_print_page (ctl, muster_api_page_get_items (page), columns, fields,
                           _ ("No boards."));
  return TRUE;
}

static gboolean
show_units (MusterCtl *ctl, MusterEntity *batch, char **rest, GError **error)
{
  g_autoptr (MusterApiPage) page = list_units (ctl, batch, error);

  return print_units (ctl, page);
}

/* PORT, or PORT@FLASH-PORT where the firmware is written at another. */
static gboolean
next (MusterCtl *ctl, MusterEntity *batch, char **rest, GError **error)
{
  JsonArray *ports = json_array_new ();
  g_autoptr (MusterApiPage) page = NULL;

  for (unsigned i = 0; rest[i] != NULL; i++)
    {
      const char      *at = strchr (rest[i], '@');
      g_autofree char *port = at != NULL ? g_strndup (rest[i], (gsize)(at - rest[i])) : NULL;
      JsonObject      *object = NULL;

      if (at == NULL)
        {
          json_array_add_string_element (ports, rest[i]);
          continue;
        }
      object = json_object_new ();
      json_object_set_string_member (object, "port", port);
      json_object_set_string_member (object, "flash_port", at + 1);
      json_array_add_object_element (ports, object);
    }
  page = dex_await_object (muster_api_factory_add_units (ctl->client, muster_entity_get_id (batch),
                                                         ports),
                           error);
  return print_units (ctl, page);
}

/* The id of board NUMBER of the batch: (transfer full). */
static char *
find_unit (MusterCtl *ctl, MusterEntity *batch, const char *number, GError **error)
{
  g_autoptr (MusterApiPage) page = list_units (ctl, batch, error);
  GPtrArray *units = page != NULL ? muster_api_page_get_items (page) : NULL;

  for (guint i = 0; units != NULL && i < units->len; i++)
    {
      g_autofree char *own =
        g_strdup_printf ("%" G_GINT64_FORMAT,
                         muster_entity_get_integer (units->pdata[i], "number"));

      if (g_str_equal (own, number) ||
          g_strcmp0 (muster_entity_get_string (units->pdata[i], "serial"), number) == 0)
        return g_strdup (muster_entity_get_id (units->pdata[i]));
    }
  if (units != NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("the batch has no board %s"),
                 number);
  return NULL;
}

static gboolean
retry_unit (MusterCtl *ctl, MusterEntity *batch, char **rest, GError **error)
{
  g_autofree char *id = find_unit (ctl, batch, rest[0], error);

  return id != NULL && show (ctl, muster_api_factory_retry_unit (ctl->client, id), error);
}

static gboolean
cancel_unit (MusterCtl *ctl, MusterEntity *batch, char **rest, GError **error)
{
  g_autofree char *id = find_unit (ctl, batch, rest[0], error);

  return id != NULL && show (ctl, muster_api_factory_cancel_unit (ctl->client, id), error);
}

static gboolean
say_yes (MusterCtl *ctl, MusterEntity *batch, char **rest, GError **error)
{
  g_autofree char *id = find_unit (ctl, batch, rest[0], error);

  return id != NULL &&
         show (ctl, muster_api_factory_answer_unit (ctl->client, id, TRUE, rest[1]), error);
}

static gboolean
say_no (MusterCtl *ctl, MusterEntity *batch, char **rest, GError **error)
{
  g_autofree char *id = find_unit (ctl, batch, rest[0], error);

  return id != NULL &&
         show (ctl, muster_api_factory_answer_unit (ctl->client, id, FALSE, rest[1]), error);
}

static gboolean
show_report (MusterCtl *ctl, MusterEntity *batch, char **rest, GError **error)
{
  g_autofree char *id = find_unit (ctl, batch, rest[0], error);

  return id != NULL &&
         print_bytes (muster_api_factory_get_report (ctl->client, id,
                                                     rest[1] != NULL ? rest[1] : "json"),
                      error);
}

static gboolean
show_batch_record (MusterCtl *ctl, MusterEntity *batch, char **rest, GError **error)
{
  return print_bytes (muster_api_factory_get_record (ctl->client, muster_entity_get_id (batch),
                                                     rest[0] != NULL ? rest[0] : "csv"),
                      error);
}

static gboolean
show_keys (MusterCtl *ctl, MusterEntity *batch, char **rest, GError **error)
{
  return print_bytes (muster_api_factory_get_keys (ctl->client, muster_entity_get_id (batch), NULL),
                      error);
}

/* GATEWAY */
static gboolean
show_gateway_keys (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  g_autoptr (MusterEntity) gateway = muster_ctl_find_device (ctl, rest[0], error);

  return gateway != NULL &&
         print_bytes (muster_api_factory_get_keys (ctl->client, NULL,
                                                   muster_entity_get_id (gateway)),
                      error);
}

static gboolean
print_label (MusterCtl *ctl, MusterEntity *batch, char **rest, GError **error)
{
  g_autofree char *id = find_unit (ctl, batch, rest[0], error);

  return id != NULL &&
         show (ctl, muster_api_factory_print_label (ctl->client, id, NULL, NULL), error);
}

gboolean
muster_ctl_factory_run (MusterCtl              *ctl,
                        const MusterCtlCommand *command,
                        char                  **args,
                        GError                **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("STATUS"), MUSTER_CTL_COLUMN_COLORED },
                                             { N_ ("WANTED"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("BOARDS"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("PASSED"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("FAILED"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("ID"), 0 },
                                             { NULL, 0 } };
  static const char *const     fields[] = { "name",   "status", "wanted", "total",
                                            "passed", "failed", "id",     NULL };
  static const char *const     keys[] = { "name", NULL };
  static const MusterCtlVerb   verbs[] = {
    { "next", TRUE, 1, -1, next },         { "units", TRUE, 0, 0, show_units },
    { "retry", TRUE, 1, 1, retry_unit },   { "cancel", TRUE, 1, 1, cancel_unit },
    { "yes", TRUE, 1, 2, say_yes },        { "no", TRUE, 1, 2, say_no },
    { "report", TRUE, 1, 2, show_report }, { "record", TRUE, 0, 1, show_batch_record },
    { "keys", TRUE, 0, 0, show_keys },     { "gateway-keys", FALSE, 1, 1, show_gateway_keys },
    { "label", TRUE, 1, 1, print_label },  { NULL }
  };
  static const MusterCtlCollection batches = {
    &muster_factory_batch_info, columns, fields, "-id", keys, N_ ("No batches."),
  };

  return muster_ctl_collection_run (&batches, verbs, ctl, command, args, error);
}

/* --- test plans --- */

static gboolean
run_plan (MusterCtl *ctl, MusterEntity *plan, char **rest, GError **error)
{
  return show (ctl, muster_api_test_plans_run (ctl->client, muster_entity_get_id (plan), rest[0]),
               error);
}

static gboolean
show_runs (MusterCtl *ctl, MusterEntity *plan, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("STARTED"), 0 },
                                             { N_ ("SERIAL"), 0 },
                                             { N_ ("PORT"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("STATUS"), MUSTER_CTL_COLUMN_COLORED },
                                             { N_ ("STEP"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("ERROR"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("WAITS FOR"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("ID"), 0 },
                                             { NULL, 0 } };
  static const char *const     fields[] = { "started_at", "serial",    "port", "status", "step",
                                            "error",      "waits_for", "id",   NULL };
  const char *const            filters[] = { "plan_id", muster_entity_get_id (plan), NULL };
  const MusterApiListQuery     query = { .limit = 1000, .filters = filters };
  g_autoptr (MusterApiPage) page =
              dex_await_object (muster_api_test_runs_list (ctl->client, &query), error);

  if (page == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (muster_api_page_get_json (page));
  else
    muster_ctl_print_page (ctl, muster_api_page_get_items (page), columns, fields, _ ("No runs."));
  return TRUE;
}

static gboolean
run_yes (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  return show (ctl, muster_api_test_runs_answer (ctl->client, rest[0], TRUE, rest[1]), error);
}

static gboolean
run_no (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  return show (ctl, muster_api_test_runs_answer (ctl->client, rest[0], FALSE, rest[1]), error);
}

static gboolean
cancel_run (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  return show (ctl, muster_api_test_runs_cancel (ctl->client, rest[0]), error);
}

static gboolean
show_run_report (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  return print_bytes (muster_api_test_runs_get_report (ctl->client, rest[0],
                                                       rest[1] != NULL ? rest[1] : "json"),
                      error);
}

gboolean
muster_ctl_test_plan_run (MusterCtl              *ctl,
                          const MusterCtlCommand *command,
                          char                  **args,
                          GError                **error)
{
  static const MusterCtlColumn     columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                                 { N_ ("MODEL"), 0 },
                                                 { N_ ("CHANGED"), 0 },
                                                 { N_ ("ID"), 0 },
                                                 { NULL, 0 } };
  static const char *const         fields[] = { "name", "model", "updated_at", "id", NULL };
  static const char *const         keys[] = { "name", NULL };
  static const MusterCtlVerb       verbs[] = { { "run", TRUE, 1, 1, run_plan },
                                               { "runs", TRUE, 0, 0, show_runs },
                                               { "yes", FALSE, 1, 2, run_yes },
                                               { "no", FALSE, 1, 2, run_no },
                                               { "cancel", FALSE, 1, 1, cancel_run },
                                               { "report", FALSE, 1, 2, show_run_report },
                                               { NULL } };
  static const MusterCtlCollection plans = {
    &muster_test_plan_info, columns, fields, "name", keys, N_ ("No test plans."),
  };

  return muster_ctl_collection_run (&plans, verbs, ctl, command, args, error);
}
