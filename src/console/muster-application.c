/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-application"

#include "config.h"

#include <signal.h>

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#include "alerts/muster-alert-actions.h"
#include "muster-application.h"
#include "muster-daemon-supervisor.h"
#include "muster-first-frame.h"
#include "muster-rehearsal.h"
#include "muster-window.h"
#include "settings/muster-connect.h"

struct _MusterApplication
{
  AdwApplication parent_instance;

  /* Options */
  char    *socket_path; /* (owned) (nullable) */
  char    *uri;         /* (owned) (nullable) */
  gboolean rehearsal;
  gboolean kiosk;
  gboolean wall; /* of charts */

  GSettings              *settings;      /* (owned) (nullable) */
  MusterSession          *session;       /* (owned) (nullable) */
  MusterRehearsal        *site;          /* (owned) (nullable) that of --rehearsal */
  MusterDaemonSupervisor *supervisor;    /* (owned) (nullable) when the daemon is on this machine */
  unsigned                signal_ids[2]; /* SIGTERM, SIGINT */
};

G_DEFINE_FINAL_TYPE (MusterApplication, muster_application, ADW_TYPE_APPLICATION)

/* NULL where the schema is not installed: then nothing is remembered, and all else works. */
static GSettings *
load_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
              source != NULL ? g_settings_schema_source_lookup (source, MUSTER_APP_ID, TRUE) : NULL;

  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

static MusterWindow *
get_window (MusterApplication *self)
{
  for (GList *item = gtk_application_get_windows (GTK_APPLICATION (self)); item != NULL;
       item = item->next)
    if (MUSTER_IS_WINDOW (item->data))
      return item->data;
  return NULL;
}

/* --- the daemon --- */

static void
muster_application_trouble_cb (MusterApplication *self)
{
  MusterWindow *window = get_window (self);

  if (window != NULL)
    muster_window_set_trouble (window, muster_daemon_supervisor_get_trouble (self->supervisor));
}

static void
muster_application_retry_cb (gpointer user_data)
{
  MusterApplication *self = user_data;

  if (self->session != NULL && !muster_session_is_connected (self->session))
    muster_api_stream_retry_now (muster_session_get_stream (self->session));
}

static void
enable_restart (MusterApplication *self, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "restart-service");

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

/* A daemon of ours is up within a fraction of a second: look soon, and again in case it took
 * longer. */
static void
muster_application_started_cb (MusterApplication *self)
{
  static const unsigned delays[] = { 60, 120, 200, 300, 450, 700, 1100, 2000 };

  enable_restart (self, TRUE);
  for (unsigned i = 0; i < G_N_ELEMENTS (delays); i++)
    g_timeout_add_full (G_PRIORITY_DEFAULT, delays[i], G_SOURCE_FUNC (muster_application_retry_cb),
                        g_object_ref (self), g_object_unref);
}

static void
supervise (MusterApplication *self, const char *socket_path)
{
  self->supervisor = muster_daemon_supervisor_new (NULL, socket_path, NULL);
  g_signal_connect_object (self->supervisor, "notify::trouble",
                           G_CALLBACK (muster_application_trouble_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->supervisor, "started", G_CALLBACK (muster_application_started_cb),
                           self, G_CONNECT_SWAPPED);
  muster_daemon_supervisor_start (self->supervisor);
}

static MusterApiClient *
create_client (MusterApplication *self)
{
  g_autofree char *remembered =
    self->settings != NULL ? g_settings_get_string (self->settings, "connect") : NULL;
  const char      *uri = self->uri;
  g_autofree char *socket_path = NULL;
  g_autoptr (GError) error = NULL;
  MusterApiClient *client;

  if (uri == NULL && self->socket_path == NULL && !self->rehearsal && remembered != NULL &&
      *remembered != '\0')
    uri = remembered;
  if (uri != NULL)
    {
      client = muster_api_client_new_for_uri (uri, &error);
      if (client != NULL)
        {
          muster_api_client_set_token (client, g_getenv ("MUSTER_TOKEN"));
          return client;
        }
      g_printerr ("%s\n", error->message);
    }
  if (self->rehearsal && self->site == NULL)
    self->site = muster_rehearsal_new (&error);
  if (self->rehearsal && self->site == NULL)
    g_printerr ("%s\n", error->message);
  if (self->site != NULL)
    {
      client = muster_api_client_new_for_socket (muster_rehearsal_get_socket (self->site));
      dex_future_disown (muster_rehearsal_furnish (self->site, client));
      muster_application_started_cb (self);
      return client;
    }
  if (self->socket_path != NULL)
    socket_path = g_strdup (self->socket_path);
  else
    socket_path = muster_api_client_dup_default_socket ();
  /* Whoever names the socket runs the service there, unless he says which program to run. */
  if (self->socket_path == NULL || g_getenv ("MUSTERD") != NULL)
    supervise (self, socket_path);
  return muster_api_client_new_for_socket (socket_path);
}

/* --- actions --- */

static void
muster_application_about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AdwDialog *about = adw_about_dialog_new ();

  g_object_set (about, "application-name", _ ("Muster"), "application-icon", MUSTER_APP_ID,
                "developer-name", _ ("The Muster project"), "version", MUSTER_VERSION,
                "license-type", GTK_LICENSE_GPL_3_0, "comments",
                _ ("Finds, adopts and watches the devices of one site."), NULL);
  adw_dialog_present (about, GTK_WIDGET (get_window (user_data)));
}

/* A process of its own, so that ending it leaves this one alone. */
static void
muster_application_rehearsal_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  MusterApplication *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", &error);
  g_autoptr (GSubprocess) rehearsal =
              program != NULL
                ? g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--rehearsal", NULL)
                : NULL;

  if (rehearsal == NULL)
    muster_session_tell_error (self->session, _ ("The rehearsal site did not open"), error);
}

static void
muster_application_quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_application_quit (user_data);
}

/* Only what was started here is started again here. */
static void
muster_application_restart_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  MusterApplication *self = user_data;

  if (self->supervisor != NULL)
    muster_daemon_supervisor_restart (self->supervisor);
}

/* From a notification of the desktop: PARAMETER is the id of the alert. */
static void
muster_application_open_alert_action (GSimpleAction *action,
                                      GVariant      *parameter,
                                      gpointer       user_data)
{
  MusterWindow *window = get_window (user_data);

  if (window == NULL)
    return;
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.open", "(ss)", "alert",
                              g_variant_get_string (parameter, NULL));
}

static void
muster_application_acknowledge_alert_action (GSimpleAction *action,
                                             GVariant      *parameter,
                                             gpointer       user_data)
{
  MusterApplication *self = user_data;

  if (self->session != NULL)
    muster_alerts_acknowledge (self->session, (const char *const[]){
                                                g_variant_get_string (parameter, NULL), NULL });
}

static void
install_actions (MusterApplication *self)
{
  static const GActionEntry actions[] = {
    { "open-alert", muster_application_open_alert_action, "s" },
    { "acknowledge-alert", muster_application_acknowledge_alert_action, "s" },
    { "about", muster_application_about_action },
    { "rehearsal", muster_application_rehearsal_action },
    { "quit", muster_application_quit_action },
    { "restart-service", muster_application_restart_action },
  };
  static const struct
  {
    const char *action;
    const char *keys[3];
  } shortcuts[] = {
    { "app.quit", { "<Control>q" } },
    { "window.close", { "<Control>w" } },
    { "win.find", { "<Control>k" } },
    { "win.search", { "<Control>f" } },
    { "win.page::new", { "<Control>n" } },
    { "win.page::import", { "<Control>i" } },
    { "win.page::export", { "<Control>e" } },
    { "win.page::print", { "<Control>p" } },
    { "win.refresh", { "F5", "<Control>r" } },
    { "win.undo", { "<Control>z" } },
    { "win.lock", { "<Control>l" } },
    { "win.time-machine", { "<Control>t" } },
    { "win.time-step(-1)", { "<Control>bracketleft" } },
    { "win.time-step(1)", { "<Control>bracketright" } },
    { "win.time-mark(-1)", { "<Control><Shift>Left" } },
    { "win.time-mark(1)", { "<Control><Shift>Right" } },
    { "win.help", { "F1" } },
    { "win.toggle-sidebar", { "F9" } },
    { "win.fullscreen", { "F11" } },
    { "win.wall", { "<Shift>F11" } },
    { "win.show-help-overlay", { "<Control>question" } },
    { "win.room::overview", { "<Control>1" } },
    { "win.room::discover", { "<Control>2" } },
    { "win.room::devices", { "<Control>3" } },
    { "win.room::inventory", { "<Control>4" } },
    { "win.room::orders", { "<Control>5" } },
    { "win.room::deliveries", { "<Control>6" } },
    { "win.room::telemetry", { "<Control>7" } },
    { "win.room::alerts", { "<Control>8" } },
    { "win.room::firmware", { "<Control>9" } },
    { "win.room::factory", { "<Control>0" } },
    { "win.room::people", { "<Control><Shift>p" } },
    { "win.room::history", { "<Control>h" } },
    { "win.room::settings", { "<Control>comma" } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  enable_restart (self, FALSE);
  for (unsigned i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), shortcuts[i].action,
                                           (const char *const *)shortcuts[i].keys);
}

/* --- life --- */

/* Ended from outside, the daemon that was started here is stopped as well. */
static gboolean
muster_application_signal_cb (gpointer user_data)
{
  g_application_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static void
muster_application_startup (GApplication *application)
{
  MusterApplication *self = MUSTER_APPLICATION (application);

  G_APPLICATION_CLASS (muster_application_parent_class)->startup (application);
  gtk_window_set_default_icon_name (MUSTER_APP_ID);
  self->settings = load_settings ();
  self->signal_ids[0] = g_unix_signal_add (SIGTERM, muster_application_signal_cb, self);
  self->signal_ids[1] = g_unix_signal_add (SIGINT, muster_application_signal_cb, self);
  install_actions (self);
}

/* Whoever is trusted now is asked at once, not when the stream tries again by itself. */
static DexFuture *
muster_application_checked_cb (DexFuture *future, gpointer session)
{
  if (dex_future_get_value (future, NULL) != NULL)
    muster_api_stream_retry_now (muster_session_get_stream (session));
  return dex_future_new_true ();
}

static void muster_application_switch_cb (MusterApplication *self, MusterApiClient *client);

/* A window on the site of CLIENT. */
static GtkWindow *
open_window (MusterApplication *self, MusterApiClient *client)
{
  GtkWidget *window;

  self->session = muster_session_new (client, self->settings);
  muster_session_set_rehearsal (self->session, self->rehearsal);
  muster_session_set_kiosk (self->session, self->kiosk);
  g_signal_connect_object (self->session, "switch", G_CALLBACK (muster_application_switch_cb), self,
                           G_CONNECT_SWAPPED);
  window = muster_window_new (GTK_APPLICATION (self), self->session);
  gtk_window_present (GTK_WINDOW (window));
  return GTK_WINDOW (window);
}

typedef struct
{
  MusterApplication *application;
  MusterApiClient   *client; /* (nullable) */
} Switch;

static void
switch_free (gpointer data)
{
  Switch *wanted = data;

  g_object_unref (wanted->application);
  g_clear_object (&wanted->client);
  g_free (wanted);
}

/* Every page holds on to its session, so another site is another window in the place of this one.
 */
static gboolean
muster_application_switch_idle_cb (gpointer user_data)
{
  Switch            *wanted = user_data;
  MusterApplication *self = wanted->application;
  GtkWindow         *old = GTK_WINDOW (get_window (self));
  g_autoptr (MusterSession) session = g_steal_pointer (&self->session);
  g_autoptr (MusterApiClient) client = NULL;
  GtkWindow *window;

  g_clear_pointer (&self->uri, g_free);
  if (self->supervisor != NULL)
    muster_daemon_supervisor_stop (self->supervisor);
  g_clear_object (&self->supervisor);
  client = wanted->client != NULL ? g_object_ref (wanted->client) : create_client (self);
  window = open_window (self, client);
  if (old != NULL && gtk_window_is_fullscreen (old))
    gtk_window_fullscreen (window);
  if (old != NULL)
    gtk_window_destroy (old);
  return G_SOURCE_REMOVE;
}

static void
muster_application_switch_cb (MusterApplication *self, MusterApiClient *client)
{
  Switch *wanted = g_new0 (Switch, 1);

  wanted->application = g_object_ref (self);
  g_set_object (&wanted->client, client);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, muster_application_switch_idle_cb, wanted, switch_free);
}

/* As it was asked for now, or once and for all at this kiosk. */
static gboolean
begins_with_wall (MusterApplication *self)
{
  return self->wall || (self->kiosk && self->settings != NULL &&
                        g_settings_get_boolean (self->settings, "kiosk-wall"));
}

static void
muster_application_activate (GApplication *application)
{
  MusterApplication *self = MUSTER_APPLICATION (application);
  GtkWindow         *window = GTK_WINDOW (get_window (self));

  if (window == NULL)
    {
      g_autoptr (MusterApiClient) client = create_client (self);

      window = open_window (self, client);
      if (self->kiosk)
        gtk_window_fullscreen (window);
      if (begins_with_wall (self))
        muster_window_begin_with_wall (MUSTER_WINDOW (window));
      if (!muster_api_client_is_local (client))
        dex_future_disown (dex_future_finally (muster_connect_check (client, GTK_WIDGET (window)),
                                               muster_application_checked_cb,
                                               g_object_ref (self->session), g_object_unref));
    }
  gtk_window_present (window);
}

static void
muster_application_shutdown (GApplication *application)
{
  MusterApplication *self = MUSTER_APPLICATION (application);

  if (self->supervisor != NULL)
    muster_daemon_supervisor_stop (self->supervisor);
  for (unsigned i = 0; i < G_N_ELEMENTS (self->signal_ids); i++)
    g_clear_handle_id (&self->signal_ids[i], g_source_remove);
  G_APPLICATION_CLASS (muster_application_parent_class)->shutdown (application);
  g_clear_object (&self->supervisor);
  g_clear_object (&self->session);
  g_clear_object (&self->site);
}

static void
muster_application_finalize (GObject *object)
{
  MusterApplication *self = MUSTER_APPLICATION (object);

  g_free (self->socket_path);
  g_free (self->uri);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (muster_application_parent_class)->finalize (object);
}

static void
muster_application_class_init (MusterApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_application_finalize;
  application_class->startup = muster_application_startup;
  application_class->activate = muster_application_activate;
  application_class->shutdown = muster_application_shutdown;
}

static void
muster_application_init (MusterApplication *self)
{
  const GOptionEntry options[] = {
    { "socket", 0, 0, G_OPTION_ARG_FILENAME, &self->socket_path,
      N_ ("Unix socket of the site's service"), N_ ("PATH") },
    { "connect", 0, 0, G_OPTION_ARG_STRING, &self->uri,
      N_ ("Connect to a site's service elsewhere"), N_ ("https://HOST:PORT") },
    { "rehearsal", 0, 0, G_OPTION_ARG_NONE, &self->rehearsal,
      N_ ("Open the rehearsal site, which has data of its own"), NULL },
    { "kiosk", 0, 0, G_OPTION_ARG_NONE, &self->kiosk, N_ ("Start full screen"), NULL },
    { "wall", 0, 0, G_OPTION_ARG_NONE, &self->wall, N_ ("Start with the wall of charts"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

GApplication *
muster_application_new (void)
{
  return g_object_new (MUSTER_TYPE_APPLICATION, "application-id", MUSTER_APP_ID,
                       "resource-base-path", "/org/muster/Muster", "flags",
                       G_APPLICATION_NON_UNIQUE, NULL);
}
