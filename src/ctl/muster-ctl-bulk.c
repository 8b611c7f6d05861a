/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-bulk"

#include "config.h"

#include <glib/gi18n-lib.h>
#include "client/muster-api-jobs.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-jobs.h"
#include "muster-ctl-record.h"

#include "model/muster-device.h"
#include "model/muster-location.h"
#include "model/muster-product.h"

/* "a=b" as a piece of a query string. */
static gboolean
append_filter (GString *filter, const char *pair, GError **error)
{
  g_autofree char *name = NULL;
  const char      *value = NULL;

  if (!muster_ctl_split_pair (pair, &name, &value, error))
    return FALSE;
  if (filter->len > 0)
    g_string_append_c (filter, '&');
  g_string_append_uri_escaped (filter, name, NULL, FALSE);
  g_string_append_c (filter, '=');
  g_string_append_uri_escaped (filter, value, ",", FALSE);
  return TRUE;
}

/* By the table of the kind of record where it is known here; else what the value looks like. */
static gboolean
add_change (const char *entity, JsonObject *changes, const char *pair, GError **error)
{
  static const MusterEntityInfo *const known[] = { &muster_device_info, &muster_location_info,
                                                   &muster_product_info };
  g_autofree char                     *name = NULL;
  const char                          *value = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i]->name, entity))
      return muster_ctl_add_change (known[i], pair, changes, error);
  if (!muster_ctl_split_pair (pair, &name, &value, error))
    return FALSE;
  json_object_set_member (changes, name, muster_ctl_parse_value (value));
  return TRUE;
}

/* REST: the changes, then "--" (which the option parser has left in), then the filters. */
static gboolean
read_pairs (const char *entity, char **rest, JsonObject *changes, GString *filter, GError **error)
{
  gboolean filtered = FALSE;

  for (; *rest != NULL; rest++)
    {
      if (g_str_equal (*rest, "--"))
        filtered = TRUE;
      else if (filtered ? !append_filter (filter, *rest, error)
                        : !add_change (entity, changes, *rest, error))
        return FALSE;
    }
  return TRUE;
}

static MusterEntity *
create (MusterCtl *ctl, char **words, gboolean all, const char *title, GError **error)
{
  g_autoptr (JsonObject) changes = json_object_new ();
  g_autoptr (GString) filter = g_string_new (NULL);
  MusterApiJobDraft draft = { .kind = words[0], .entity = words[1], .title = title };

  if (!read_pairs (words[1], words + 2, changes, filter, error))
    return NULL;
  if (filter->len == 0 && !all)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _ ("which records? Give filters behind “--”, or --all"));
      return NULL;
    }
  draft.filter = filter->str;
  if (json_object_get_size (changes) > 0)
    draft.changes = changes;
  return dex_await_object (muster_api_jobs_create (ctl->client, &draft), error);
}

/* GOption drops the first "--"; here it means something. */
static char **
keep_dashes (char **args)
{
  GStrvBuilder *builder = g_strv_builder_new ();
  gboolean      kept = FALSE;
  char        **words = NULL;

  for (char **arg = args; *arg != NULL; arg++)
    {
      if (!kept && g_str_equal (*arg, "--"))
        {
          g_strv_builder_add (builder, "--");
          kept = TRUE;
        }
      g_strv_builder_add (builder, *arg);
    }
  words = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return words;
}

gboolean
muster_ctl_bulk_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  static const char *const kinds[] = { "edit", "move", "status", "delete", NULL };
  g_auto (GStrv) positional = keep_dashes (args);
  g_autofree char *title = NULL;
  g_autoptr (MusterEntity) job = NULL;
  gboolean all = FALSE, background = FALSE;

  const GOptionEntry entries[] = {
    { "all", 'a', 0, G_OPTION_ARG_NONE, &all, N_ ("Every record of that kind"), NULL },
    { "background", 'b', 0, G_OPTION_ARG_NONE, &background, N_ ("Do not wait for its end"), NULL },
    { "title", 't', 0, G_OPTION_ARG_STRING, &title, N_ ("What the history calls it"), N_ ("TEXT") },
    G_OPTION_ENTRY_NULL
  };

  if (!muster_ctl_parse (ctl, command, entries, &positional, 2, -1, error))
    return FALSE;
  if (!g_strv_contains (kinds, positional[1]))
    {
      g_set_error_literal (
        error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        _ ("usage: musterctl bulk edit|move|status|delete ENTITY [FIELD=VALUE…] -- FILTER=VALUE…"));
      return FALSE;
    }
  job = create (ctl, positional + 1, all, title, error);
  if (job != NULL && !background)
    {
      g_autofree char *id = g_strdup (muster_entity_get_id (job));

      g_object_unref (job);
      job = muster_ctl_await_job (ctl, id, error);
    }
  return job != NULL && muster_ctl_conclude_job (ctl, job, !background, error);
}
