/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-broker"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "model/muster-error.h"
#include "muster-broker-files.h"
#include "muster-broker-probe.h"
#include "muster-broker-process.h"
#include "muster-broker-setup.h"
#include "muster-broker.h"

/* Milliseconds. */
#define BACKOFF_FIRST 200
#define BACKOFF_LAST 30000
#define STABLE_AFTER 10000 /* a broker that lived so long starts again at once */
#define READY_TIMEOUT 10000
#define PATIENCE 5000
#define STOP_TIMEOUT 5000
#define DEBOUNCE 200
#define PLAIN_PORT_PAUSE 100
#define PLAIN_PORT_LOOKS 30

struct _MusterBroker
{
  MusterService parent_instance;

  char                       *directory;
  char                       *address; /* (nullable) */
  int                         wanted_port;
  int                         wanted_plain_port; /* 0: none */
  unsigned                    patience;
  char                       *program; /* (nullable) */
  MusterCertificateAuthority *authority;
  MusterClock                *clock;

  /* how the daemon connects */
  char            *socket_name;
  char            *socket_path;
  int              directory_fd; /* -1 unless the socket's path is too long for a socket address */
  char            *core_password;
  char            *core_hash;
  char            *uri;
  MusterMqttTarget target;

  GPtrArray         *accounts;
  MusterBrokerProbe *probe;
  GSubprocess       *process;     /* (owned) (nullable) */
  DexPromise        *ended;       /* (owned) (nullable): when `process` does */
  DexFuture         *supervision; /* (owned) (nullable) */
  DexPromise        *first_run;   /* (owned): the first start came to a result */
  DexPromise        *wake;        /* (owned): cuts the wait before a restart short */
  DexFuture         *last_write;  /* (owned) (nullable): writes go one after the other */
  DexPromise        *flush;       /* (owned) (nullable): accounts that wait for the debounce */
  guint              flush_id;
  gint64             flushed_at; /* monotonic, 0: never */
  guint              kill_id;
  int                port;
  int                plain_port;         /* 0: none */
  char              *last_error;         /* of the broker's log */
  GHashTable        *sessions;           /* client id -> username */
  guint              port_was_taken : 1; /* between our look and the broker's */
  guint              wanted : 1;
  guint              up : 1;
};

G_DEFINE_FINAL_TYPE (MusterBroker, muster_broker, MUSTER_TYPE_SERVICE)

enum
{
  SIGNAL_UP,
  SIGNAL_CLIENT_CONNECTED,
  SIGNAL_CLIENT_DISCONNECTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* --- the log --- */

static void
forget_session (MusterBroker *self, const char *client_id, const char *why)
{
  g_autofree char *id = NULL;
  g_autofree char *username = NULL;

  if (g_hash_table_steal_extended (self->sessions, client_id, (gpointer *)&id,
                                   (gpointer *)&username))
    g_signal_emit (self, signals[SIGNAL_CLIENT_DISCONNECTED], 0, username, id, why);
}

static void
forget_sessions (MusterBroker *self)
{
  g_autoptr (GPtrArray) ids = g_hash_table_steal_all_keys (self->sessions);

  g_ptr_array_set_free_func (ids, g_free);
}

static void
note_session (MusterBroker *self, const MusterBrokerLogLine *line)
{
  if (line->username == NULL || g_str_equal (line->username, MUSTER_BROKER_CORE_USER))
    return;
  g_hash_table_replace (self->sessions, g_strdup (line->client_id), g_strdup (line->username));
  g_signal_emit (self, signals[SIGNAL_CLIENT_CONNECTED], 0, line->username, line->client_id,
                 line->address);
}

static void
muster_broker_handle_line (MusterBroker *self, const char *text)
{
  g_auto (MusterBrokerLogLine) line = { 0 };

  g_debug ("%s", text);
  muster_broker_log_parse (&line, text);
  switch (line.kind)
    {
    case MUSTER_BROKER_LOG_CONNECTED:
      note_session (self, &line);
      break;
    case MUSTER_BROKER_LOG_DISCONNECTED:
      forget_session (self, line.client_id, line.detail);
      break;
    case MUSTER_BROKER_LOG_ERROR:
      g_set_str (&self->last_error, line.detail);
      g_message ("%s", text);
      break;
    case MUSTER_BROKER_LOG_OTHER:
    default:
      break;
    }
}

typedef struct
{
  GWeakRef          broker;
  GDataInputStream *stream;
} LogReader;

static void muster_broker_read_cb (GObject *object, GAsyncResult *result, gpointer user_data);

static void
read_log (LogReader *reader)
{
  g_data_input_stream_read_line_async (reader->stream, G_PRIORITY_DEFAULT, NULL,
                                       muster_broker_read_cb, reader);
}

static void
muster_broker_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  LogReader       *reader = user_data;
  g_autofree char *line =
    g_data_input_stream_read_line_finish_utf8 (reader->stream, result, NULL, NULL);
  g_autoptr (MusterBroker) self = g_weak_ref_get (&reader->broker);

  if (line != NULL && self != NULL)
    {
      muster_broker_handle_line (self, line);
      read_log (reader);
      return;
    }
  g_weak_ref_clear (&reader->broker);
  g_object_unref (reader->stream);
  g_free (reader);
}

static void
start_log (MusterBroker *self)
{
  LogReader *reader = g_new0 (LogReader, 1);

  g_weak_ref_init (&reader->broker, self);
  reader->stream = g_data_input_stream_new (g_subprocess_get_stderr_pipe (self->process));
  read_log (reader);
}

/* --- files --- */

typedef struct
{
  DexFuture         *before; /* (owned) (nullable) */
  MusterBrokerSetup *setup;  /* (owned) */
} Write;

static DexFuture *
write_fiber (gpointer user_data)
{
  Write *write = user_data;

  if (write->before != NULL)
    dex_await (g_steal_pointer (&write->before), NULL);
  return muster_broker_setup_run (g_steal_pointer (&write->setup));
}

static DexFuture *
muster_broker_write (MusterBroker *self, gboolean whole)
{
  Write *write = g_new0 (Write, 1);

  write->before = g_steal_pointer (&self->last_write);
  write->setup = muster_broker_setup_new (self->directory);
  write->setup->whole = whole;
  write->setup->address = g_strdup (self->address);
  write->setup->socket = g_strdup (self->socket_name);
  write->setup->port = self->up ? self->port : self->wanted_port;
  write->setup->plain_port = self->plain_port;
  write->setup->any_port = self->port_was_taken;
  write->setup->passwords = muster_broker_make_passwords (self->accounts, self->core_hash);
  write->setup->acl = muster_broker_make_acl (self->accounts);
  write->setup->plain_passwords = muster_broker_make_plain_passwords (self->accounts);
  write->setup->plain_acl = muster_broker_make_plain_acl (self->accounts);
  write->setup->authority_pem =
    g_strdup (muster_certificate_authority_get_certificate_pem (self->authority));
  write->setup->server_pem =
    g_strdup (muster_certificate_authority_get_server_pem (self->authority));
  write->setup->server_key_pem =
    g_strdup (muster_certificate_authority_get_server_key_pem (self->authority));
  self->last_write = dex_scheduler_spawn (NULL, 0, write_fiber, write, g_free);
  return dex_ref (self->last_write);
}

/* --- the process --- */

static void
muster_broker_ended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) ended = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (object), result, NULL);
  dex_promise_resolve_boolean (ended, TRUE);
}

static gboolean
spawn (MusterBroker *self, GError **error)
{
  self->process = muster_broker_process_new (self->directory, self->program, error);
  if (self->process == NULL)
    return FALSE;
  dex_clear (&self->ended);
  self->ended = dex_promise_new ();
  g_subprocess_wait_async (self->process, NULL, muster_broker_ended_cb, dex_ref (self->ended));
  start_log (self);
  return TRUE;
}

static void
set_up (MusterBroker *self, gboolean up)
{
  if (self->up == up)
    return;
  self->up = up;
  if (!up)
    forget_sessions (self);
  g_signal_emit (self, signals[SIGNAL_UP], 0, up);
}

static gboolean
has_ended (MusterBroker *self)
{
  return !dex_future_is_pending (DEX_FUTURE (self->ended));
}

/* Waits until the broker ends, at most MSEC milliseconds. */
static gboolean
await_end (MusterBroker *self, unsigned msec)
{
  dex_await (dex_future_first (dex_ref (self->ended), dex_timeout_new_msec (msec), NULL), NULL);
  return has_ended (self);
}

static gboolean
await_ready (MusterBroker *self)
{
  gint64 deadline = g_get_monotonic_time () + READY_TIMEOUT * G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < deadline)
    {
      if (dex_await (muster_broker_probe_ping (self->probe, self->patience), NULL))
        return TRUE;
      if (await_end (self, 10))
        return FALSE;
    }
  return FALSE;
}

static void
resolve_first_run (MusterBroker *self)
{
  if (dex_future_is_pending (DEX_FUTURE (self->first_run)))
    dex_promise_resolve_boolean (self->first_run, TRUE);
}

/* A broker without the listener that was asked for is better than none. */
static void
note_plain_port (MusterBroker *self)
{
  g_autofree char *trouble = NULL;

  if (self->plain_port != self->wanted_plain_port)
    trouble = g_strdup_printf ("port %d is taken: devices without TLS cannot connect; set "
                               "broker.plain-port to one that is free",
                               self->wanted_plain_port);
  muster_service_set_trouble (MUSTER_SERVICE (self), trouble);
}

/* From a running process to its end. */
static void
watch (MusterBroker *self)
{
  if (await_ready (self))
    {
      note_plain_port (self);
      set_up (self, TRUE);
      resolve_first_run (self);
      while (!await_end (self, self->patience))
        if (!dex_await (muster_broker_probe_ping (self->probe, self->patience), NULL) &&
            !has_ended (self))
          {
            g_set_str (&self->last_error, "it did not answer any more");
            break;
          }
    }
  if (!has_ended (self))
    g_subprocess_force_exit (self->process);
  dex_await (dex_ref (self->ended), NULL);
  muster_broker_probe_close (self->probe);
  set_up (self, FALSE);
}

/* A free port may be somebody else's by the time the broker wants it: that is no trouble, there are
 * others. */
static gboolean
note_port_taken (MusterBroker *self)
{
  self->port_was_taken = self->wanted_port == 0 && self->last_error != NULL &&
                         strstr (self->last_error, "in use") != NULL;
  return self->port_was_taken;
}

/* The broker of the start before may still be about to end. */
static void
await_plain_port (MusterBroker *self)
{
  self->plain_port = 0;
  for (unsigned i = 0; self->wanted_plain_port != 0 && self->wanted && i < PLAIN_PORT_LOOKS; i++)
    {
      if (muster_broker_setup_port_is_free (self->address, self->wanted_plain_port))
        {
          self->plain_port = self->wanted_plain_port;
          return;
        }
      dex_await (dex_timeout_new_msec (PLAIN_PORT_PAUSE), NULL);
    }
}

static gboolean
run_once (MusterBroker *self, GError **error)
{
  int port;

  await_plain_port (self);
  port = dex_await_int (muster_broker_write (self, TRUE), error);
  if (port == 0 || !self->wanted)
    return port != 0;
  self->port = port;
  if (self->plain_port == port)
    self->plain_port = 0;
  g_clear_pointer (&self->last_error, g_free);
  if (!spawn (self, error))
    return FALSE;
  watch (self);
  g_clear_object (&self->process);
  if (self->wanted)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "the MQTT broker ended%s%s",
                 self->last_error ? ": " : "", self->last_error ? self->last_error : "");
  return !self->wanted;
}

static DexFuture *
supervise_fiber (gpointer user_data)
{
  MusterBroker *self = user_data;
  unsigned      backoff = BACKOFF_FIRST;

  while (self->wanted)
    {
      gint64 started = g_get_monotonic_time ();
      g_autoptr (GError) error = NULL;
      g_autofree char *trouble = NULL;

      if (run_once (self, &error) || !self->wanted)
        break;
      if (note_port_taken (self))
        continue;
      if (g_get_monotonic_time () - started > STABLE_AFTER * G_TIME_SPAN_MILLISECOND)
        backoff = BACKOFF_FIRST;
      trouble = g_strdup_printf ("%s; the next attempt is under way", error->message);
      muster_service_set_trouble (MUSTER_SERVICE (self), trouble);
      resolve_first_run (self);
      dex_await (dex_future_first (dex_ref (self->wake), dex_timeout_new_msec (backoff), NULL),
                 NULL);
      backoff = MIN (2 * backoff, BACKOFF_LAST);
    }
  resolve_first_run (self);
  return dex_future_new_true ();
}

/* --- accounts --- */

static DexFuture *
flush_fiber (gpointer user_data)
{
  MusterBroker *self = user_data;
  g_autoptr (DexPromise) promise = g_steal_pointer (&self->flush);
  g_autoptr (GError) error = NULL;

  dex_await_int (muster_broker_write (self, FALSE), &error);
  if (error != NULL)
    {
      dex_promise_reject (promise, g_steal_pointer (&error));
      return dex_future_new_true ();
    }
  /* The broker reloads at the end of the turn in which it notices the signal: the second answer
   * comes after that. */
  if (self->up && self->process != NULL)
    {
      g_subprocess_send_signal (self->process, SIGHUP);
      if (dex_await (muster_broker_probe_ping (self->probe, self->patience), NULL))
        dex_await (muster_broker_probe_ping (self->probe, self->patience), NULL);
    }
  dex_promise_resolve_boolean (promise, TRUE);
  return dex_future_new_true ();
}

static gboolean
muster_broker_flush_cb (gpointer user_data)
{
  MusterBroker *self = user_data;

  self->flush_id = 0;
  self->flushed_at = g_get_monotonic_time ();
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, flush_fiber, g_object_ref (self), g_object_unref));
  return G_SOURCE_REMOVE;
}

static gboolean
check_accounts (GPtrArray *accounts, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < accounts->len; i++)
    {
      const MusterBrokerAccount *account = accounts->pdata[i];

      if (!muster_broker_account_check (account, error))
        {
          g_prefix_error (error,
                          "account %s: ", account->username ? account->username : "without a name");
          return FALSE;
        }
      if (!g_hash_table_add (names, account->username))
        {
          g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "username: %s is there twice",
                       account->username);
          return FALSE;
        }
    }
  return TRUE;
}

/* Milliseconds: a change that comes alone need not wait, those that follow it go together. */
static unsigned
get_debounce (MusterBroker *self)
{
  gint64 since = (g_get_monotonic_time () - self->flushed_at) / G_TIME_SPAN_MILLISECOND;

  return self->flushed_at > 0 && since < DEBOUNCE ? DEBOUNCE - since : 0;
}

DexFuture *
muster_broker_set_accounts (MusterBroker *self, GPtrArray *accounts)
{
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (MUSTER_IS_BROKER (self) && accounts != NULL, NULL);

  if (!check_accounts (accounts, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  g_ptr_array_ref (accounts);
  g_ptr_array_unref (self->accounts);
  self->accounts = accounts;
  if (!self->wanted)
    return dex_future_new_true (); /* it will start with them */
  if (self->flush == NULL)
    self->flush = dex_promise_new ();
  if (self->flush_id == 0)
    self->flush_id = g_timeout_add (get_debounce (self), muster_broker_flush_cb, self);
  return dex_ref (DEX_FUTURE (self->flush));
}

/* --- service --- */

static void
muster_broker_renewed_cb (MusterCertificateAuthority *authority, MusterBroker *self)
{
  DexFuture *write;

  if (!self->up)
    return;
  write = muster_broker_write (self, TRUE);
  dex_future_disown (write);
  dex_future_disown (muster_broker_set_accounts (self, self->accounts));
}

/* A broker removes its socket as it ends, which may be after the next one has begun: each start has
 * a name of its own. Socket addresses hold 107 bytes: a longer path goes by way of the folder's
 * descriptor. */
static char *
make_socket_path (MusterBroker *self)
{
  g_autofree char *path = g_build_filename (self->directory, self->socket_name, NULL);

  if (strlen (path) < sizeof ((struct sockaddr_un *)NULL)->sun_path)
    return g_steal_pointer (&path);
  self->directory_fd = g_open (self->directory, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
  return g_strdup_printf ("/proc/self/fd/%d/%s", self->directory_fd, self->socket_name);
}

static DexFuture *
muster_broker_start (MusterService *service)
{
  MusterBroker *self = MUSTER_BROKER (service);

  if (muster_certificate_authority_get_server_pem (self->authority) == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                  "the certificates must be there before the broker starts");
  if (g_mkdir_with_parents (self->directory, 0700) != 0)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_FAILED,
                                  "cannot make the folder %s: %s", self->directory,
                                  g_strerror (errno));
  self->socket_path = make_socket_path (self);
  self->uri = g_strconcat ("unix:", self->socket_path, NULL);
  self->target = (MusterMqttTarget){ .uri = self->uri,
                                     .client_id = "muster-core",
                                     .username = MUSTER_BROKER_CORE_USER,
                                     .password = self->core_password,
                                     .keep_alive = 30 };
  self->probe =
    muster_broker_probe_new (self->socket_path, MUSTER_BROKER_CORE_USER, self->core_password);
  g_signal_connect_object (self->authority, "renewed", G_CALLBACK (muster_broker_renewed_cb), self,
                           G_CONNECT_DEFAULT);
  self->wanted = TRUE;
  self->supervision =
    dex_scheduler_spawn (NULL, 0, supervise_fiber, g_object_ref (self), g_object_unref);
  return dex_ref (DEX_FUTURE (self->first_run));
}

static gboolean
muster_broker_kill_cb (gpointer user_data)
{
  MusterBroker *self = user_data;

  self->kill_id = 0;
  if (self->process != NULL)
    g_subprocess_force_exit (self->process);
  return G_SOURCE_REMOVE;
}

static DexFuture *
muster_broker_stop (MusterService *service)
{
  MusterBroker *self = MUSTER_BROKER (service);

  self->wanted = FALSE;
  if (self->flush_id != 0)
    {
      g_clear_handle_id (&self->flush_id, g_source_remove);
      muster_broker_flush_cb (self);
    }
  if (dex_future_is_pending (DEX_FUTURE (self->wake)))
    dex_promise_resolve_boolean (self->wake, TRUE);
  if (self->process != NULL)
    {
      g_subprocess_send_signal (self->process, SIGTERM);
      self->kill_id = g_timeout_add (STOP_TIMEOUT, muster_broker_kill_cb, self);
    }
  return self->supervision != NULL ? dex_ref (self->supervision) : NULL;
}

static void
muster_broker_finalize (GObject *object)
{
  MusterBroker *self = MUSTER_BROKER (object);

  g_clear_handle_id (&self->flush_id, g_source_remove);
  g_clear_handle_id (&self->kill_id, g_source_remove);
  if (self->process != NULL)
    g_subprocess_force_exit (self->process);
  g_clear_object (&self->process);
  g_clear_object (&self->probe);
  g_clear_object (&self->authority);
  g_clear_object (&self->clock);
  dex_clear (&self->ended);
  dex_clear (&self->supervision);
  dex_clear (&self->first_run);
  dex_clear (&self->wake);
  dex_clear (&self->last_write);
  dex_clear (&self->flush);
  g_ptr_array_unref (self->accounts);
  g_hash_table_unref (self->sessions);
  if (self->directory_fd >= 0)
    close (self->directory_fd);
  g_free (self->directory);
  g_free (self->address);
  g_free (self->program);
  g_free (self->socket_name);
  g_free (self->socket_path);
  g_free (self->core_password);
  g_free (self->core_hash);
  g_free (self->uri);
  g_free (self->last_error);
  G_OBJECT_CLASS (muster_broker_parent_class)->finalize (object);
}

static void
muster_broker_class_init (MusterBrokerClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_broker_finalize;
  service_class->name = "broker";
  service_class->start = muster_broker_start;
  service_class->stop = muster_broker_stop;
  signals[SIGNAL_UP] = g_signal_new ("up", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[SIGNAL_CLIENT_CONNECTED] =
    g_signal_new ("client-connected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_CLIENT_DISCONNECTED] =
    g_signal_new ("client-disconnected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                  NULL, NULL, G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

static void
muster_broker_init (MusterBroker *self)
{
  self->directory_fd = -1;
  self->accounts = g_ptr_array_new ();
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->first_run = dex_promise_new ();
  self->wake = dex_promise_new ();
  self->socket_name = g_strdup_printf ("core-%08x.sock", g_random_int ());
  self->core_password = muster_broker_make_password ();
  self->core_hash = muster_broker_hash_password (self->core_password);
}

MusterBroker *
muster_broker_new (const MusterBrokerOptions  *options,
                   MusterCertificateAuthority *authority,
                   MusterClock                *clock)
{
  MusterBroker *self;

  g_return_val_if_fail (options != NULL && options->directory != NULL, NULL);
  g_return_val_if_fail (MUSTER_IS_CERTIFICATE_AUTHORITY (authority) && MUSTER_IS_CLOCK (clock),
                        NULL);

  self = g_object_new (MUSTER_TYPE_BROKER, NULL);
  self->directory = g_canonicalize_filename (options->directory, NULL);
  self->address = g_strdup (options->address);
  self->wanted_port = options->port;
  self->wanted_plain_port = options->plain_port;
  self->patience = options->patience > 0 ? options->patience : PATIENCE;
  self->program = g_strdup (options->program);
  self->authority = g_object_ref (authority);
  self->clock = g_object_ref (clock);
  return self;
}

/* --- questions --- */

gboolean
muster_broker_is_up (MusterBroker *self)
{
  g_return_val_if_fail (MUSTER_IS_BROKER (self), FALSE);

  return self->up;
}

int
muster_broker_get_port (MusterBroker *self)
{
  g_return_val_if_fail (MUSTER_IS_BROKER (self), 0);

  return self->port;
}

int
muster_broker_get_plain_port (MusterBroker *self)
{
  g_return_val_if_fail (MUSTER_IS_BROKER (self), 0);

  return self->plain_port;
}

int
muster_broker_get_pid (MusterBroker *self)
{
  const char *identifier;

  g_return_val_if_fail (MUSTER_IS_BROKER (self), 0);

  identifier = self->process != NULL ? g_subprocess_get_identifier (self->process) : NULL;
  return identifier != NULL ? atoi (identifier) : 0;
}

const MusterMqttTarget *
muster_broker_get_target (MusterBroker *self)
{
  g_return_val_if_fail (MUSTER_IS_BROKER (self), NULL);

  return &self->target;
}

GBytes *
muster_broker_get_ca_der (MusterBroker *self)
{
  g_return_val_if_fail (MUSTER_IS_BROKER (self), NULL);

  return muster_certificate_authority_get_certificate_der (self->authority);
}

const char *
muster_broker_get_ca_pem (MusterBroker *self)
{
  g_return_val_if_fail (MUSTER_IS_BROKER (self), NULL);

  return muster_certificate_authority_get_certificate_pem (self->authority);
}

const char *
muster_broker_get_tls_name (MusterBroker *self)
{
  g_return_val_if_fail (MUSTER_IS_BROKER (self), NULL);

  return muster_certificate_authority_get_tls_name (self->authority);
}

char **
muster_broker_list_hosts (MusterBroker *self)
{
  const char *only[] = { NULL, NULL };

  g_return_val_if_fail (MUSTER_IS_BROKER (self), NULL);

  only[0] = self->address;
  if (self->address != NULL && !g_str_equal (self->address, "0.0.0.0") &&
      !g_str_equal (self->address, "::"))
    return g_strdupv ((char **)only);
  return muster_certificate_authority_list_hosts (self->authority);
}

gboolean
muster_broker_is_client_connected (MusterBroker *self, const char *username)
{
  GHashTableIter iter;
  gpointer       name;

  g_return_val_if_fail (MUSTER_IS_BROKER (self) && username != NULL, FALSE);

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &name))
    if (g_str_equal (name, username))
      return TRUE;
  return FALSE;
}

unsigned
muster_broker_count_clients (MusterBroker *self)
{
  g_return_val_if_fail (MUSTER_IS_BROKER (self), 0);

  return g_hash_table_size (self->sessions);
}
