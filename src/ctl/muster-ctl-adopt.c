/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-adopt"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-discovery.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"

#include "model/muster-error.h"

/* The candidate that TEXT names by key, serial number or name: (transfer full), or NULL without an
 * error when there is none. */
static MusterEntity *
find_candidate (MusterCtl *ctl, const char *text, GError **error)
{
  static const char *const names[] = { "key", "serial", "name" };
  MusterApiListQuery       query = { .limit = 1000 };
  g_autoptr (MusterApiPage) page =
              dex_await_object (muster_api_discovery_list (ctl->client, &query), error);

  for (unsigned i = 0; page != NULL && i < G_N_ELEMENTS (names); i++)
    for (unsigned row = 0; row < muster_api_page_get_length (page); row++)
      if (g_strcmp0 (muster_entity_get_string (muster_api_page_get (page, row), names[i]), text) ==
          0)
        return g_object_ref (muster_api_page_get (page, row));
  return NULL;
}

/* Reads a line, or nothing when a signal in SIGNALS (blocked) comes first. */
static gboolean
read_line (const sigset_t *signals, char *line, int size)
{
  g_autofd int  signal_fd = signalfd (-1, signals, SFD_CLOEXEC);
  struct pollfd fds[] = { { STDIN_FILENO, POLLIN, 0 }, { signal_fd, POLLIN, 0 } };

  return poll (fds, G_N_ELEMENTS (fds), -1) > 0 && fds[1].revents == 0 &&
         fgets (line, size, stdin) != NULL;
}

/* Asks at the terminal, unseen. NULL where there is none. Who interrupts it gets the terminal back
 * as it was. */
static char *
ask_secret (void)
{
  struct termios old;
  struct termios quiet;
  sigset_t       signals;
  sigset_t       before;
  char           line[256] = "";
  gboolean       got;

  if (!isatty (STDIN_FILENO) || tcgetattr (STDIN_FILENO, &old) != 0)
    return NULL;
  sigemptyset (&signals);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGTERM);
  pthread_sigmask (SIG_BLOCK, &signals, &before);
  quiet = old;
  quiet.c_lflag &= ~(tcflag_t)ECHO;
  fputs (_ ("Secret on the device's label (empty: the one in its record): "), stderr);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &quiet);
  got = read_line (&signals, line, sizeof line);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &old);
  fputc ('\n', stderr);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  g_strstrip (line);
  return got && *line != '\0' ? g_strdup (line) : NULL;
}

/* SECRET (inout) (nullable) is asked for where it is not given and may be wanted. */
static MusterEntity *
adopt (MusterCtl  *ctl,
       const char *text,
       char      **secret,
       const char *name,
       const char *location,
       GError    **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterEntity) candidate = find_candidate (ctl, text, &cause);
  g_autoptr (MusterEntity) device = NULL;

  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  if (*secret == NULL && (candidate == NULL || muster_entity_get_boolean (candidate, "pairable")))
    *secret = ask_secret ();
  if (candidate != NULL)
    return dex_await_object (
      muster_api_discovery_adopt (ctl->client, muster_entity_get_string (candidate, "key"), *secret,
                                  name, location),
      error);
  device = muster_ctl_find_device (ctl, text, &cause);
  if (device != NULL)
    return dex_await_object (muster_api_devices_adopt (ctl->client, muster_entity_get_id (device),
                                                       *secret, name),
                             error);
  g_set_error (
    error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
    _ (
      "nothing on the network or in the records is called “%s”; musterctl discover lists what is there"),
    text);
  return NULL;
}

gboolean
muster_ctl_adopt_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autofree char *secret = NULL;
  g_autofree char *name = NULL;
  g_autofree char *location = NULL;
  g_autofree char *title = NULL;
  g_autoptr (MusterEntity) device = NULL;

  const GOptionEntry entries[] = {
    { "secret", 0, 0, G_OPTION_ARG_STRING, &secret,
      N_ ("Secret on the device's label; “-” reads it from standard input"), N_ ("SECRET") },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_ ("What to call it"), N_ ("NAME") },
    { "location", 0, 0, G_OPTION_ARG_STRING, &location, N_ ("Where it stands"), N_ ("PLACE") },
    G_OPTION_ENTRY_NULL
  };

  if (!muster_ctl_parse (ctl, command, entries, &positional, 1, 1, error))
    return FALSE;
  if (g_strcmp0 (secret, "-") == 0)
    {
      char line[256] = "";

      g_clear_pointer (&secret, g_free);
      if (fgets (line, sizeof line, stdin) != NULL)
        secret = g_strdup (g_strstrip (line));
    }
  device = adopt (ctl, positional[1], &secret, name, location, error);
  if (device == NULL)
    return FALSE;
  title = muster_ctl_format_line (muster_entity_get_string (device, "name"));
  if (ctl->json)
    muster_ctl_print_entity (device);
  else
    muster_ctl_print (_ ("Adopted %s (%s).\n"), title, muster_entity_get_id (device));
  return TRUE;
}

gboolean
muster_ctl_release_run (MusterCtl              *ctl,
                        const MusterCtlCommand *command,
                        char                  **args,
                        GError                **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (MusterEntity) device = NULL;
  g_autofree char *title = NULL;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 1, 1, error) ||
      (device = muster_ctl_find_device (ctl, positional[1], error)) == NULL ||
      !dex_await (muster_api_devices_release (ctl->client, muster_entity_get_id (device)), error))
    return FALSE;
  title = muster_ctl_format_line (muster_entity_get_string (device, "name"));
  if (!ctl->json)
    muster_ctl_print (_ ("Released %s: its account is void.\n"), title);
  return TRUE;
}

gboolean
muster_ctl_ignore_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 1, 1, error))
    return FALSE;
  if (g_str_equal (command->name, "ignore"))
    return dex_await (muster_api_discovery_ignore (ctl->client, positional[1]), error);
  return dex_await (muster_api_discovery_unignore (ctl->client, positional[1]), error);
}
