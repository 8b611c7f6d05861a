/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-keys"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-accounts.h"
#include "client/muster-api-json.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-record.h"

#include "model/muster-error.h"

static const MusterCtlColumn columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("KEY"), 0 },
                                           { N_ ("ROLE"), 0 },
                                           { N_ ("EXPIRES"), 0 },
                                           { N_ ("DISABLED"), 0 },
                                           { N_ ("LAST USED"), 0 },
                                           { N_ ("ID"), 0 },
                                           { NULL, 0 } };
static const char *const     fields[] = { "name",     "prefix",       "role", "expires_at",
                                          "disabled", "last_used_at", "id",   NULL };

static MusterApiPage *
fetch (MusterCtl *ctl, GError **error)
{
  MusterApiListQuery query = { .sort = "name", .limit = 1000 };

  return dex_await_object (muster_api_keys_list (ctl->client, &query), error);
}

/* By id, name or the begin that the list shows: (transfer full). */
static MusterEntity *
find_key (MusterCtl *ctl, const char *text, GError **error)
{
  static const char *const by[] = { "id", "name", "prefix" };
  g_autoptr (MusterApiPage) page = fetch (ctl, error);
  MusterEntity *found = NULL;

  if (page == NULL)
    return NULL;
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    for (unsigned k = 0; k < G_N_ELEMENTS (by); k++)
      {
        MusterEntity *key = muster_api_page_get (page, i);

        if (g_strcmp0 (muster_entity_get_string (key, by[k]), text) != 0)
          continue;
        if (found != NULL && found != key)
          {
            g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                         _ ("several keys are called “%s”: give the id"), text);
            return NULL;
          }
        found = key;
      }
  if (found == NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                 _ ("there is no key “%s”; musterctl keys lists them"), text);
  return found != NULL ? g_object_ref (found) : NULL;
}

static gboolean
list (MusterCtl *ctl, GError **error)
{
  g_autoptr (MusterApiPage) page = fetch (ctl, error);
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();

  if (page == NULL)
    return FALSE;
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    g_ptr_array_add (keys, muster_api_page_get (page, i));
  if (ctl->json)
    muster_ctl_print_object (muster_api_page_get_json (page));
  else
    muster_ctl_print_page (ctl, keys, columns, fields, _ ("No keys."));
  return TRUE;
}

static JsonObject *
read_changes (char **args, GError **error)
{
  g_autoptr (JsonObject) changes = json_object_new ();

  for (char **arg = args; *arg != NULL; arg++)
    if (!muster_ctl_add_change (&muster_api_key_info, *arg, changes, error))
      return NULL;
  return g_steal_pointer (&changes);
}

/* The key goes to the standard output alone, so that a script can keep it. */
static gboolean
add (MusterCtl *ctl, char **args, GError **error)
{
  g_autoptr (JsonObject) body = read_changes (args + 1, error);
  g_autoptr (JsonObject) made = NULL;

  if (body == NULL)
    return FALSE;
  json_object_set_string_member (body, "name", args[0]);
  made = dex_await_boxed (muster_api_keys_add (ctl->client, g_steal_pointer (&body)), error);
  if (made == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (made);
  else
    muster_ctl_print ("%s\n", muster_api_json_get_string (made, "key"));
  return TRUE;
}

static gboolean
set (MusterCtl *ctl, char **args, GError **error)
{
  g_autoptr (MusterEntity) key = find_key (ctl, args[0], error);
  g_autoptr (JsonObject) changes = key != NULL ? read_changes (args + 1, error) : NULL;

  if (changes == NULL ||
      !dex_await (muster_api_keys_update (ctl->client, muster_entity_get_id (key),
                                          g_steal_pointer (&changes),
                                          muster_entity_get_revision (key)),
                  error))
    return FALSE;
  muster_ctl_print (_ ("%s: changed\n"), muster_entity_get_string (key, "name"));
  return TRUE;
}

static gboolean delete (MusterCtl *ctl, char **args, GError **error)
{
  g_autoptr (MusterEntity) key = find_key (ctl, args[0], error);

  if (key == NULL || !dex_await (muster_api_keys_delete (ctl->client, muster_entity_get_id (key),
                                                         muster_entity_get_revision (key)),
                                 error))
    return FALSE;
  muster_ctl_print (_ ("%s: deleted\n"), muster_entity_get_string (key, "name"));
  return TRUE;
}

gboolean
muster_ctl_keys_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  unsigned    n;
  const char *verb;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 0, -1, error))
    return FALSE;
  n = g_strv_length (positional);
  verb = n > 1 ? positional[1] : "list";
  if (n <= 2 && g_str_equal (verb, "list"))
    return list (ctl, error);
  if (n >= 3 && g_str_equal (verb, "add"))
    return add (ctl, positional + 2, error);
  if (n >= 4 && g_str_equal (verb, "set"))
    return set (ctl, positional + 2, error);
  if (n == 3 && g_str_equal (verb, "delete"))
    return delete (ctl, positional + 2, error);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("usage: musterctl %s %s"),
               command->name, command->usage);
  return FALSE;
}
