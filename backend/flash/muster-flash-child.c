/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-flash-child"

#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "model/muster-error.h"
#include "muster-flash-child.h"
#include "muster-flash-tool.h"

#define PIECE 4096
#define LOG_MAX (4 * 1024 * 1024)
#define KEPT 8192 /* of what it said last, to find the reason of a failure in */

/* In the child: a tool that outlives the daemon would hold the port. What it starts in its turn is
 * stopped with it. */
static void
child_setup (gpointer parent)
{
  setpgid (0, 0);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != GPOINTER_TO_INT (parent))
    _exit (1);
}

static GSubprocess *
start (const char *const *command, gboolean with_input, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE |
    (with_input ? G_SUBPROCESS_FLAGS_STDIN_PIPE : G_SUBPROCESS_FLAGS_NONE));
  g_autoptr (GError) cause = NULL;
  GSubprocess *process = NULL;

  g_subprocess_launcher_setenv (launcher, "PYTHONUNBUFFERED", "1", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "NOTIFY_SOCKET");
  g_subprocess_launcher_set_child_setup (launcher, child_setup, GINT_TO_POINTER (getpid ()), NULL);
  process = g_subprocess_launcher_spawnv (launcher, command, &cause);
  if (process == NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "%s cannot be started: %s",
                 command[0], cause->message);
  return process;
}

/* What a program says, as far as there is room for it. */
typedef struct
{
  GOutputStream *stream; /* (owned) (nullable): none is kept */
  gsize          left;   /* bytes */
} Log;

static void
log_write (Log *self, const char *data, gsize size)
{
  gsize taken = MIN (size, self->left);

  if (self->stream == NULL || self->left == 0)
    return;
  g_output_stream_write_all (self->stream, data, taken, NULL, NULL, NULL);
  self->left -= taken;
  if (self->left == 0)
    g_output_stream_printf (self->stream, NULL, NULL, NULL,
                            "\n… cut here: a log has %d MB at the most\n", LOG_MAX / 1024 / 1024);
}

/* One that is full makes place for what is tried next. */
static gboolean
log_open (Log *self, const MusterFlashChild *child, GError **error)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *line = NULL;
  GStatBuf         status;
  gboolean         is_there;

  if (child->log == NULL)
    return TRUE;
  file = g_file_new_for_path (child->log);
  is_there = g_stat (child->log, &status) == 0;
  self->left = is_there && status.st_size < LOG_MAX ? LOG_MAX - (gsize)status.st_size : LOG_MAX;
  self->stream =
    is_there && status.st_size >= LOG_MAX
      ? G_OUTPUT_STREAM (g_file_replace (file, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, error))
      : G_OUTPUT_STREAM (g_file_append_to (file, G_FILE_CREATE_PRIVATE, NULL, error));
  if (self->stream == NULL)
    return FALSE;
  line = g_strjoinv (" ", (char **)child->command);
  log_write (self, "$ ", 2);
  log_write (self, line, strlen (line));
  log_write (self, "\n", 1);
  return TRUE;
}

static void
log_close (Log *self)
{
  if (self->stream != NULL)
    g_output_stream_close (self->stream, NULL, NULL);
  g_clear_object (&self->stream);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Log, log_close)

/* One that does not read to the end says why by how it ends. */
static void
feed (GSubprocess *process, GBytes *input)
{
  GOutputStream *stream = g_subprocess_get_stdin_pipe (process);
  g_autoptr (GBytes) left = g_bytes_ref (input);

  while (g_bytes_get_size (left) > 0)
    {
      gint64  written = dex_await_int64 (dex_output_stream_write_bytes (stream, left, 0), NULL);
      GBytes *rest = NULL;

      if (written <= 0)
        break;
      rest =
        g_bytes_new_from_bytes (left, (gsize)written, g_bytes_get_size (left) - (gsize)written);
      g_bytes_unref (left);
      left = rest;
    }
  g_output_stream_close (stream, NULL, NULL);
}

static void
keep (GString *said, const char *data, gsize size)
{
  g_string_append_len (said, data, (gssize)size);
  if (said->len > KEPT)
    g_string_erase (said, 0, (gssize)(said->len - KEPT));
}

/* Takes what it says until it says no more. */
static void
listen (const MusterFlashChild *child, GSubprocess *process, Log *log, GString *said)
{
  GInputStream *stream = g_subprocess_get_stdout_pipe (process);
  int           last = -1;

  for (;;)
    {
      g_autoptr (GBytes) bytes =
                  dex_await_boxed (dex_input_stream_read_bytes (stream, PIECE, 0), NULL);
      g_autofree char *text = NULL;
      gsize            size = 0;
      const char      *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
      int              percent;

      if (size == 0)
        return;
      keep (said, data, size);
      log_write (log, data, size);
      text = g_strndup (data, size);
      percent = muster_flash_tool_read_progress (text);
      if (percent >= 0 && percent != last && child->progress != NULL)
        child->progress (percent, child->user_data);
      last = percent >= 0 ? percent : last;
    }
}

typedef struct
{
  GSubprocess *process; /* (owned) */
  pid_t        group;
  guint        timeout_id;
  gboolean     timed_out;
} Watch;

/* A helper that it leaves behind would hold the port, and what is listened to. */
static void
watch_stop (Watch *self)
{
  g_subprocess_force_exit (self->process);
  if (self->group > 0)
    kill (-self->group, SIGKILL);
}

static gboolean
timed_out_cb (gpointer user_data)
{
  Watch *self = user_data;

  self->timeout_id = 0;
  self->timed_out = TRUE;
  watch_stop (self);
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *cancellable, Watch *watch)
{
  watch_stop (watch);
}

static void
tell_failure (const MusterFlashChild *child, GString *said, GError **error)
{
  g_autofree char *reason = muster_flash_tool_find_reason (said->str);
  g_autofree char *name = g_path_get_basename (child->command[0]);

  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "%s failed: %s", name,
               reason != NULL ? reason : "it said nothing");
}

gboolean
muster_flash_child_run (const MusterFlashChild *child, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GString) said = g_string_new (NULL);
  g_auto (Log) log = { NULL };
  Watch    watch = { NULL };
  gulong   handler = 0;
  gboolean good;

  if (!log_open (&log, child, error) || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  process = start (child->command, child->input != NULL, error);
  if (process == NULL)
    return FALSE;
  watch.process = process;
  watch.group = (pid_t)g_ascii_strtoll (g_subprocess_get_identifier (process) != NULL
                                          ? g_subprocess_get_identifier (process)
                                          : "0",
                                        NULL, 10);
  watch.timeout_id = g_timeout_add_seconds (child->timeout, timed_out_cb, &watch);
  handler = g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancelled_cb), &watch);
  if (child->input != NULL)
    feed (process, child->input);
  listen (child, process, &log, said);
  good = dex_await (dex_subprocess_wait_check (process), NULL);
  g_clear_handle_id (&watch.timeout_id, g_source_remove);
  g_signal_handler_disconnect (cancellable, handler);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (watch.timed_out)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT,
                 "the tool was not done within %u s and was stopped", child->timeout);
  else if (!good)
    tell_failure (child, said, error);
  return good && !watch.timed_out;
}
