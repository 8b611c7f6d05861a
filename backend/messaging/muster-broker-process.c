/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-broker-process"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "model/muster-error.h"
#include "muster-broker-process.h"

#define MAX_DESCRIPTORS 65536

static char *
find_program (const char *wanted)
{
  static const char *const places[] = { "/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto",
                                        "/app/sbin/mosquitto" };
  char *found = wanted ? g_strdup (wanted) : g_find_program_in_path ("mosquitto");

  for (unsigned i = 0; found == NULL && i < G_N_ELEMENTS (places); i++)
    if (g_access (places[i], X_OK) == 0)
      found = g_strdup (places[i]);
  return found;
}

/* What the child needs before it becomes the broker. */
typedef struct
{
  pid_t parent;
  uid_t uid; /* 0: stay as we are */
  gid_t gid;
} Child;

/* Only the owner of the broker's folder can be its user. The broker could drop root's rights by
 * itself, but that would undo what makes it end with us. */
static gboolean
prepare_child (const char *directory, Child *child, GError **error)
{
  GStatBuf status;

  *child = (Child){ getpid (), 0, 0 };
  if (geteuid () != 0)
    return TRUE;
  if (g_stat (directory, &status) != 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "cannot look at %s: %s", directory,
                   g_strerror (errno));
      return FALSE;
    }
  child->uid = status.st_uid;
  child->gid = status.st_gid;
  return TRUE;
}

/* In the child: it must not outlive us, and may have as many clients as the system lets it. */
static void
child_setup (gpointer user_data)
{
  Child        *child = user_data;
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0)
    {
      limit.rlim_cur = MIN (limit.rlim_max, MAX_DESCRIPTORS);
      setrlimit (RLIMIT_NOFILE, &limit);
    }
  if (child->uid != 0 &&
      (setgroups (0, NULL) != 0 || setgid (child->gid) != 0 || setuid (child->uid) != 0))
    _exit (1);
  prctl (PR_SET_PDEATHSIG, SIGTERM);
  if (getppid () != child->parent)
    _exit (1);
}

GSubprocess *
muster_broker_process_new (const char *directory, const char *program, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autofree char *found = find_program (program);
  Child            child;

  if (found == NULL)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                           "mosquitto is not installed");
      return NULL;
    }
  if (!prepare_child (directory, &child, error))
    return NULL;
  g_subprocess_launcher_set_cwd (launcher, directory);
  g_subprocess_launcher_unsetenv (launcher, "NOTIFY_SOCKET");
  g_subprocess_launcher_set_child_setup (launcher, child_setup, &child, NULL);
  return g_subprocess_launcher_spawn (launcher, error, found, "-c", "mosquitto.conf", NULL);
}
