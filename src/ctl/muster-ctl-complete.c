/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-complete"

#include "config.h"

#include "client/muster-api-devices.h"
#include "client/muster-api-discovery.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"

#include "model/muster-device-command.h"
#include "model/muster-error.h"

/* A shell's user does not wait longer. */
#define PATIENCE_MILLISECONDS 1500

static void
print_words (const char *const *words)
{
  for (; *words != NULL; words++)
    muster_ctl_print ("%s\n", *words);
}

static void
print_names (MusterApiPage *page, const char *field)
{
  for (unsigned i = 0; page != NULL && i < muster_api_page_get_length (page); i++)
    {
      const char      *text = muster_entity_get_string (muster_api_page_get (page, i), field);
      g_autofree char *line = text != NULL ? muster_ctl_format_line (text) : NULL;

      if (line != NULL)
        muster_ctl_print ("%s\n", line);
    }
}

static MusterApiPage *
await_page (DexFuture *future)
{
  return dex_await_object (dex_future_first (future, dex_timeout_new_msec (PATIENCE_MILLISECONDS),
                                             NULL),
                           NULL);
}

static void
print_devices (MusterCtl *ctl)
{
  MusterApiListQuery query = { .sort = "name", .limit = 1000 };
  g_autoptr (MusterApiPage) page = muster_ctl_connect (ctl, NULL)
                                    ? await_page (muster_api_devices_list (ctl->client, &query))
                                    : NULL;

  print_names (page, "name");
}

static void
print_candidates (MusterCtl *ctl)
{
  MusterApiListQuery query = { .limit = 1000 };
  g_autoptr (MusterApiPage) page = muster_ctl_connect (ctl, NULL)
                                    ? await_page (muster_api_discovery_list (ctl->client, &query))
                                    : NULL;

  print_names (page, "key");
}

static void
print_metrics (MusterCtl *ctl, const char *text)
{
  g_autoptr (MusterEntity) device =
              muster_ctl_connect (ctl, NULL) ? muster_ctl_find_device (ctl, text, NULL) : NULL;
  g_autoptr (MusterApiPage) page =
      device != NULL
        ? await_page (muster_api_devices_list_metrics (ctl->client, muster_entity_get_id (device)))
        : NULL;

  for (unsigned i = 0; page != NULL && i < muster_api_page_get_length (page); i++)
    {
      g_autofree char *line = muster_ctl_format_line (muster_entity_get_string (
        MUSTER_ENTITY (muster_api_metric_get_metric (muster_api_page_get (page, i))), "name"));

      muster_ctl_print ("%s\n", line);
    }
}

static void
print_commands (void)
{
  for (const MusterCtlCommand *command = muster_ctl_commands; command->name != NULL; command++)
    muster_ctl_print ("%s\n", command->name);
}

/* The verbs of a command over records, or NULL. */
static const char *const *
verbs_of (const char *command)
{
  static const struct
  {
    const char       *command;
    const char *const verbs[12];
  } table[] = {
    { "users", { "list", "show", "add", "set", "password", "pin", "badge", "delete", NULL } },
    { "keys", { "list", "add", "set", "delete", NULL } },
    { "products", { "list", "show", "add", "set", "delete", "receive", NULL } },
    { "locations", { "list", "show", "add", "set", "delete", "contents", NULL } },
    { "batches", { "list", "show", "add", "set", "delete", NULL } },
    { "stock",
      { "levels", "moves", "move", "put_away", "return", "adjust", "scrap", "reorder", "check",
        NULL } },
    { "stocktake", { "list", "add", "show", "lines", "scan", "apply", "cancel", "resume", NULL } },
    { "orders",
      { "list", "show", "add", "set", "confirm", "cancel", "deliver", "status", "allocate", "ship",
        "availability", NULL } },
    { "deliveries",
      { "list", "show", "add", "set", "status", "confirm", "announce", "scan", "issues", "issue",
        "follow", NULL } },
    { "loans", { "list", "overdue", "add", "set", "return", NULL } },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].command, command))
      return table[i].verbs;
  return NULL;
}

/* WORDS: the command and those before the one that is being typed. */
void
muster_ctl_complete (MusterCtl *ctl, char **words)
{
  static const char *const of_devices[] = { "release", "replace", "watch",  "query",
                                            "samples", "series",  "events", "token",
                                            "command", "account", NULL };
  static const char *const of_candidates[] = { "adopt", "ignore", "unignore", NULL };
  unsigned                 n = g_strv_length (words);
  const char              *name = words[0];

  if (n == 0)
    print_commands ();
  else if (g_str_equal (name, "device") && n == 1)
    print_words ((const char *[]){ "show", "add", "set", "status", "metrics", "delete", NULL });
  else if (g_str_equal (name, "device") && n == 2 && !g_str_equal (words[1], "add"))
    print_devices (ctl);
  else if (g_str_equal (name, "print") && n == 1)
    print_words ((const char *[]){ "pick-list", "invoice", "delivery-note", "count-sheet", "labels",
                                   "formats", NULL });
  else if (g_str_equal (name, "print") && g_str_equal (words[1], "labels"))
    print_devices (ctl);
  else if (n == 1 && verbs_of (name) != NULL)
    print_words (verbs_of (name));
  else if (g_str_equal (name, "stock") && n == 2)
    print_devices (ctl);
  else if (g_str_equal (name, "settings") && n == 1)
    print_words ((const char *[]){ "get", "set", NULL });
  else if (g_str_equal (name, "command") && n == 2)
    print_words ((const char *[]){ "write", "reboot", "identify", "rebirth", NULL });
  else if (g_str_equal (name, "command") && n == 3)
    print_metrics (ctl, words[1]);
  else if (g_strv_contains (of_devices, name) && (n == 1 || g_str_equal (name, "watch")))
    print_devices (ctl);
  else if (g_strv_contains (of_candidates, name) && n == 1)
    print_candidates (ctl);
}
