/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-daemon-supervisor"

#include "config.h"

#include <signal.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>

#include "muster-daemon-supervisor.h"

#define FIRST_DELAY 500u                /* ms */
#define LAST_DELAY 30000u               /* ms */
#define LONG_LIFE (60 * G_USEC_PER_SEC) /* who lived so long starts again without a penalty */

struct _MusterDaemonSupervisor
{
  GObject parent_instance;

  char         *program;     /* (owned) */
  char         *socket_path; /* (owned) */
  char         *data_dir;    /* (owned) (nullable) */
  GSubprocess  *daemon;      /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) */
  char         *trouble;     /* (owned) (nullable) */
  gint64        started_at;
  unsigned      attempt;
  unsigned      retry_id;
  guint         wanted : 1;
};

G_DEFINE_FINAL_TYPE (MusterDaemonSupervisor, muster_daemon_supervisor, G_TYPE_OBJECT)

typedef enum
{
  PROP_TROUBLE = 1,
} MusterDaemonSupervisorProperty;

enum
{
  STARTED,
  N_SIGNALS,
};

static GParamSpec *properties[PROP_TROUBLE + 1];
static unsigned    signals[N_SIGNALS];

static void muster_daemon_supervisor_probe (MusterDaemonSupervisor *self);

static void
set_trouble (MusterDaemonSupervisor *self, const char *trouble)
{
  if (g_set_str (&self->trouble, trouble))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TROUBLE]);
}

unsigned
muster_daemon_supervisor_get_delay (unsigned attempt)
{
  return attempt >= 6 ? LAST_DELAY : MIN (FIRST_DELAY << attempt, LAST_DELAY);
}

static void
muster_daemon_supervisor_retry_cb (gpointer user_data)
{
  MusterDaemonSupervisor *self = user_data;

  self->retry_id = 0;
  muster_daemon_supervisor_probe (self);
}

static void
retry_later (MusterDaemonSupervisor *self)
{
  if (self->wanted && self->retry_id == 0)
    self->retry_id = g_timeout_add_once (muster_daemon_supervisor_get_delay (self->attempt++),
                                         muster_daemon_supervisor_retry_cb, self);
}

static void
muster_daemon_supervisor_ended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MusterDaemonSupervisor) self = user_data;
  GSubprocess     *daemon = G_SUBPROCESS (object);
  g_autofree char *trouble = NULL;

  g_subprocess_wait_finish (daemon, result, NULL);
  if (self->daemon != daemon)
    return;
  if (g_get_monotonic_time () - self->started_at > LONG_LIFE)
    self->attempt = 0;
  if (g_subprocess_get_if_exited (daemon))
    trouble = g_strdup_printf (_ ("The site's service ended with status %d"),
                               g_subprocess_get_exit_status (daemon));
  else
    trouble = g_strdup_printf (_ ("The site's service was ended by signal %d"),
                               g_subprocess_get_term_sig (daemon));
  g_clear_object (&self->daemon);
  if (!self->wanted)
    return;
  g_message ("%s", trouble);
  set_trouble (self, trouble);
  retry_later (self);
}

static void
run_daemon (MusterDaemonSupervisor *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autofree char *socket_dir = g_path_get_dirname (self->socket_path);

  g_mkdir_with_parents (socket_dir, 0700);
  g_ptr_array_add (arguments, self->program);
  g_ptr_array_add (arguments, (char *)"--headless");
  g_ptr_array_add (arguments, (char *)"--socket");
  g_ptr_array_add (arguments, self->socket_path);
  if (self->data_dir != NULL)
    {
      g_ptr_array_add (arguments, (char *)"--data-dir");
      g_ptr_array_add (arguments, self->data_dir);
    }
  g_ptr_array_add (arguments, NULL);
  self->started_at = g_get_monotonic_time ();
  self->daemon =
    g_subprocess_newv ((const char *const *)arguments->pdata, G_SUBPROCESS_FLAGS_NONE, &error);
  if (self->daemon == NULL)
    {
      g_autofree char *trouble =
        g_strdup_printf (_ ("The site's service could not be started: %s"), error->message);

      set_trouble (self, trouble);
      retry_later (self);
      return;
    }
  g_debug ("started %s as %s", self->program, g_subprocess_get_identifier (self->daemon));
  set_trouble (self, NULL);
  g_subprocess_wait_async (self->daemon, NULL, muster_daemon_supervisor_ended_cb,
                           g_object_ref (self));
  g_signal_emit (self, signals[STARTED], 0);
}

static void
muster_daemon_supervisor_probed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MusterDaemonSupervisor) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection = NULL;

  connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (object), result, &error);
  if (!self->wanted || self->daemon != NULL)
    return;
  if (connection != NULL)
    {
      g_debug ("a daemon answers at %s", self->socket_path);
      set_trouble (self, NULL);
      self->attempt = 0;
      /* It is not ours to wait for, so look again from time to time. */
      self->retry_id = g_timeout_add_once (5000, muster_daemon_supervisor_retry_cb, self);
      return;
    }
  run_daemon (self);
}

static void
muster_daemon_supervisor_probe (MusterDaemonSupervisor *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->socket_path);

  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address), self->cancellable,
                                 muster_daemon_supervisor_probed_cb, g_object_ref (self));
}

static void
muster_daemon_supervisor_dispose (GObject *object)
{
  MusterDaemonSupervisor *self = MUSTER_DAEMON_SUPERVISOR (object);

  muster_daemon_supervisor_stop (self);
  G_OBJECT_CLASS (muster_daemon_supervisor_parent_class)->dispose (object);
}

static void
muster_daemon_supervisor_finalize (GObject *object)
{
  MusterDaemonSupervisor *self = MUSTER_DAEMON_SUPERVISOR (object);

  g_free (self->program);
  g_free (self->socket_path);
  g_free (self->data_dir);
  g_free (self->trouble);
  G_OBJECT_CLASS (muster_daemon_supervisor_parent_class)->finalize (object);
}

static void
muster_daemon_supervisor_get_property (GObject    *object,
                                       guint       prop_id,
                                       GValue     *value,
                                       GParamSpec *pspec)
{
  switch ((MusterDaemonSupervisorProperty)prop_id)
    {
    case PROP_TROUBLE:
      g_value_set_string (value, MUSTER_DAEMON_SUPERVISOR (object)->trouble);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_daemon_supervisor_class_init (MusterDaemonSupervisorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = muster_daemon_supervisor_dispose;
  object_class->finalize = muster_daemon_supervisor_finalize;
  object_class->get_property = muster_daemon_supervisor_get_property;
  properties[PROP_TROUBLE] =
    g_param_spec_string ("trouble", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  signals[STARTED] = g_signal_new ("started", MUSTER_TYPE_DAEMON_SUPERVISOR, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_daemon_supervisor_init (MusterDaemonSupervisor *self)
{
}

MusterDaemonSupervisor *
muster_daemon_supervisor_new (const char *program, const char *socket_path, const char *data_dir)
{
  MusterDaemonSupervisor *self = g_object_new (MUSTER_TYPE_DAEMON_SUPERVISOR, NULL);

  g_return_val_if_fail (socket_path != NULL, self);

  if (program == NULL)
    program = g_getenv ("MUSTERD");
  self->program =
    program != NULL ? g_strdup (program) : g_build_filename (MUSTER_BINDIR, "musterd", NULL);
  self->socket_path = g_strdup (socket_path);
  self->data_dir = g_strdup (data_dir);
  return self;
}

void
muster_daemon_supervisor_start (MusterDaemonSupervisor *self)
{
  g_return_if_fail (MUSTER_IS_DAEMON_SUPERVISOR (self));

  if (self->wanted)
    return;
  self->wanted = TRUE;
  self->cancellable = g_cancellable_new ();
  muster_daemon_supervisor_probe (self);
}

void
muster_daemon_supervisor_stop (MusterDaemonSupervisor *self)
{
  g_return_if_fail (MUSTER_IS_DAEMON_SUPERVISOR (self));

  self->wanted = FALSE;
  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  /* It drains by itself; there is nothing here that waiting for it would add. */
  if (self->daemon != NULL)
    g_subprocess_send_signal (self->daemon, SIGTERM);
  g_clear_object (&self->daemon);
}

void
muster_daemon_supervisor_restart (MusterDaemonSupervisor *self)
{
  g_return_if_fail (MUSTER_IS_DAEMON_SUPERVISOR (self));

  if (self->daemon != NULL)
    g_subprocess_send_signal (self->daemon, SIGTERM);
}

const char *
muster_daemon_supervisor_get_trouble (MusterDaemonSupervisor *self)
{
  g_return_val_if_fail (MUSTER_IS_DAEMON_SUPERVISOR (self), NULL);

  return self->trouble;
}

gboolean
muster_daemon_supervisor_is_running (MusterDaemonSupervisor *self)
{
  g_return_val_if_fail (MUSTER_IS_DAEMON_SUPERVISOR (self), FALSE);

  return self->daemon != NULL;
}
