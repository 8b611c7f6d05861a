/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-session"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

#include "client/muster-api-accounts.h"
#include "muster-ctl-session.h"

#include "model/muster-error.h"

#define SECRET_MAX 4096
/* An access token of this age is renewed before it is used, under a lock: several programs at once
 * must not spend the same refresh token. */
#define RENEW_AFTER (10 * 60)

/* --- the file: a GKeyFile, a group for each daemon --- */

static char *
build_path (const char *name)
{
  return g_build_filename (g_get_user_state_dir (), "muster", name, NULL);
}

static GKeyFile *
read_file (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = build_path ("sign-ins");

  /* What cannot be read is nobody's sign-in. */
  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  return g_steal_pointer (&file);
}

static gboolean
write_file (GKeyFile *file, GError **error)
{
  g_autofree char *path = build_path ("sign-ins");
  g_autofree char *folder = g_path_get_dirname (path);
  gsize            length;
  g_autofree char *text = g_key_file_to_data (file, &length, NULL);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, _ ("cannot make the folder %s: %s"),
                   folder, g_strerror (errno));
      return FALSE;
    }
  return g_file_set_contents_full (path, text, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

static gboolean
save (MusterCtl *self, GError **error)
{
  g_autoptr (GKeyFile) file = read_file ();
  const char *target = muster_api_client_get_target (self->client);

  if (muster_api_client_is_signed_in (self->client))
    {
      g_key_file_set_string (file, target, "access",
                             muster_api_client_get_access_token (self->client));
      g_key_file_set_string (file, target, "refresh",
                             muster_api_client_get_refresh_token (self->client));
      g_key_file_set_int64 (file, target, "at", g_get_real_time () / G_USEC_PER_SEC);
    }
  else
    g_key_file_remove_group (file, target, NULL);
  return write_file (file, error);
}

static void
sign_in_changed_cb (MusterApiClient *client, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!save (user_data, &error))
    g_printerr ("musterctl: %s\n", error->message);
}

gboolean
muster_ctl_session_keep (MusterCtl *self, GError **error)
{
  g_signal_handlers_disconnect_by_func (self->client, sign_in_changed_cb, self);
  g_signal_connect (self->client, "sign-in-changed", G_CALLBACK (sign_in_changed_cb), self);
  return save (self, error);
}

/* FALSE where nobody is signed in. AGE: seconds since the tokens were given out. */
static gboolean
load (MusterCtl *self, gint64 *age)
{
  g_autoptr (GKeyFile) file = read_file ();
  const char      *target = muster_api_client_get_target (self->client);
  g_autofree char *access = g_key_file_get_string (file, target, "access", NULL);
  g_autofree char *refresh = g_key_file_get_string (file, target, "refresh", NULL);

  if (access == NULL || refresh == NULL)
    return FALSE;
  muster_api_client_set_sign_in (self->client, access, refresh);
  *age = g_get_real_time () / G_USEC_PER_SEC - g_key_file_get_int64 (file, target, "at", NULL);
  return TRUE;
}

/* In a fiber. Who else is at it finishes first; then there may be nothing left to do. */
static void
renew (MusterCtl *self)
{
  g_autofree char *path = build_path ("sign-ins.lock");
  g_autofd int     fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  gint64           age;

  if (fd < 0 || flock (fd, LOCK_EX) != 0 || !load (self, &age) || age < RENEW_AFTER)
    return;
  dex_await (muster_api_client_renew_sign_in (self->client), NULL);
}

void
muster_ctl_session_restore (MusterCtl *self)
{
  gint64 age;

  if (!load (self, &age))
    return;
  g_signal_connect (self->client, "sign-in-changed", G_CALLBACK (sign_in_changed_cb), self);
  if (age < 0 || age >= RENEW_AFTER)
    renew (self);
}

/* --- secrets --- */

static gboolean
read_line (char *line, gsize size)
{
  gsize length = 0;

  while (length + 1 < size)
    {
      char   c;
      gssize n = read (STDIN_FILENO, &c, 1);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0 || c == '\n')
        {
          line[length] = '\0';
          return n > 0 || length > 0;
        }
      line[length++] = c;
    }
  return FALSE;
}

/* Without an echo, where it is a terminal. */
static gboolean
ask_line (const char *prompt, char *line, gsize size)
{
  struct termios before, quiet;
  gboolean       done;

  if (tcgetattr (STDIN_FILENO, &before) != 0)
    return read_line (line, size);
  quiet = before;
  quiet.c_lflag &= ~(tcflag_t)ECHO;
  g_printerr ("%s ", prompt);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &quiet);
  done = read_line (line, size);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
  g_printerr ("\n");
  return done;
}

char *
muster_ctl_read_secret (const char *prompt, GError **error)
{
  char  line[SECRET_MAX];
  char *secret = NULL;

  if (ask_line (prompt, line, sizeof line) && g_utf8_validate (line, -1, NULL))
    secret = g_strdup (line);
  else
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                         _ (
                           "nothing was typed, nor is there a line of text on the standard input"));
  memset (line, 0, sizeof line);
  return secret;
}
