/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-command"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"

#include "model/muster-device-command.h"
#include "model/muster-error.h"

#define POLL_MILLISECONDS 200

static gboolean
is_under_way (MusterEntity *order)
{
  int state = muster_entity_get_enum (order, "state");

  return state == MUSTER_COMMAND_PENDING || state == MUSTER_COMMAND_SENT;
}

/* The order as it is now. */
static MusterEntity *
fetch (MusterCtl *ctl, MusterEntity *order, GError **error)
{
  const char        *filters[] = { "id", muster_entity_get_id (order), NULL };
  MusterApiListQuery query = { .limit = 1, .filters = filters };
  g_autoptr (MusterApiPage) page = dex_await_object (
    muster_api_devices_list_commands (ctl->client, muster_entity_get_string (order, "device_id"),
                                      &query),
    error);

  if (page == NULL)
    return NULL;
  if (muster_api_page_get_length (page) == 1)
    return g_object_ref (muster_api_page_get (page, 0));
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                       _ ("the command is gone from the device's history"));
  return NULL;
}

/* Takes ORDER; gives it once it is finished. */
static MusterEntity *
await_end (MusterCtl *ctl, MusterEntity *order, GError **error)
{
  g_autoptr (MusterEntity) now = order;

  while (is_under_way (now))
    {
      MusterEntity *next;

      dex_await (dex_timeout_new_msec (POLL_MILLISECONDS), NULL);
      next = fetch (ctl, now, error);
      if (next == NULL)
        return NULL;
      g_object_unref (now);
      now = next;
    }
  return g_steal_pointer (&now);
}

/* Whether it may still turn out well; a command that was waited for and failed is a failure of
 * ours. */
static gboolean
judge (MusterEntity *order, GError **error)
{
  int         state = muster_entity_get_enum (order, "state");
  const char *why = muster_entity_get_string (order, "error");

  if (state == MUSTER_COMMAND_TIMED_OUT)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT,
                         _ ("the device did not confirm it in time"));
  else if (state == MUSTER_COMMAND_FAILED)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, _ ("the command failed: %s"),
                 why != NULL ? why : "?");
  else
    return TRUE;
  return FALSE;
}

static MusterEntity *
give (MusterCtl *ctl, char **args, GError **error)
{
  gboolean is_write = g_str_equal (args[2], "write");
  unsigned n = g_strv_length (args);
  g_autoptr (MusterEntity) device = NULL;

  if (muster_enum_parse (&muster_command_kind_enum, args[2]) < 0 || n != (is_write ? 5 : 3))
    {
      g_set_error_literal (
        error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        _ ("usage: musterctl command DEVICE write METRIC VALUE, or reboot, identify, rebirth"));
      return NULL;
    }
  device = muster_ctl_find_device (ctl, args[1], error);
  if (device == NULL)
    return NULL;
  return dex_await_object (muster_api_devices_command (ctl->client, muster_entity_get_id (device),
                                                       args[2], is_write ? args[3] : NULL,
                                                       is_write ? muster_ctl_parse_value (args[4])
                                                                : NULL),
                           error);
}

gboolean
muster_ctl_command_run (MusterCtl              *ctl,
                        const MusterCtlCommand *command,
                        char                  **args,
                        GError                **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (MusterEntity) order = NULL;
  gboolean wait = FALSE;

  const GOptionEntry entries[] = { { "wait", 'w', 0, G_OPTION_ARG_NONE, &wait,
                                     N_ ("Wait until the device has confirmed it"), NULL },
                                   G_OPTION_ENTRY_NULL };

  if (!muster_ctl_parse (ctl, command, entries, &positional, 2, 4, error) ||
      (order = give (ctl, positional, error)) == NULL)
    return FALSE;
  if (wait && (order = await_end (ctl, g_steal_pointer (&order), error)) == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_entity (order);
  else
    muster_ctl_print ("%s %s\n", muster_entity_get_string (order, "kind"),
                      muster_entity_get_string (order, "state"));
  return judge (order, error);
}
