/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-session"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-journal.h"
#include "client/muster-api-site.h"
#include "client/muster-fiber.h"
#include "muster-session.h"

struct _MusterUndo
{
  grefcount      references;
  MusterUndoFunc func;
  gpointer       user_data;
  GDestroyNotify destroy;
};

struct _MusterSession
{
  GObject parent_instance;

  MusterApiClient       *client;   /* (owned) */
  GSettings             *settings; /* (owned) (nullable) */
  MusterSite            *site;     /* (owned) (nullable) */
  GTimeZone             *zone;     /* (owned) */
  MusterApiSubscription *journal;  /* (owned) */
  MusterAccess          *access;   /* (owned) */
  MusterDirectory       *names;    /* (owned) */
  guint                  rehearsal : 1;
  guint                  kiosk : 1;
  guint                  connected : 1;
};

G_DEFINE_FINAL_TYPE (MusterSession, muster_session, G_TYPE_OBJECT)
G_DEFINE_BOXED_TYPE (MusterUndo, muster_undo, muster_undo_ref, muster_undo_unref)

typedef enum
{
  PROP_CLIENT = 1,
  PROP_SITE,
  PROP_SITE_NAME,
  PROP_CONNECTED,
  PROP_REHEARSAL,
  PROP_RIGHTS,
  PROP_AS_OF,
} MusterSessionProperty;

enum
{
  MESSAGE,
  SWITCH,
  SCAN_REPORT,
  NAMES_CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[PROP_AS_OF + 1];
static unsigned    signals[N_SIGNALS];

MusterUndo *
muster_undo_ref (MusterUndo *self)
{
  g_ref_count_inc (&self->references);
  return self;
}

void
muster_undo_unref (MusterUndo *self)
{
  if (!g_ref_count_dec (&self->references))
    return;
  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self);
}

DexFuture *
muster_undo_run (MusterUndo *self, MusterSession *session)
{
  return self->func (session, self->user_data);
}

static void
take_site (MusterSession *self, MusterSite *site)
{
  const char *zone_name = muster_entity_get_string (MUSTER_ENTITY (site), "timezone");
  GTimeZone  *zone = zone_name != NULL ? g_time_zone_new_identifier (zone_name) : NULL;

  g_set_object (&self->site, site);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  self->zone = zone != NULL ? zone : g_time_zone_new_local ();
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITE_NAME]);
}

static DexFuture *
muster_session_load_fiber (gpointer user_data)
{
  MusterSession *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterSite) site = dex_await_object (muster_api_site_get (self->client), &error);

  if (site == NULL)
    g_message ("could not read the site: %s", error->message);
  else
    take_site (self, site);
  return dex_future_new_true ();
}

static void
muster_session_load (MusterSession *self)
{
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_session_load_fiber, g_object_ref (self), g_object_unref));
}

static void
muster_session_rights_cb (MusterSession *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RIGHTS]);
}

static void
muster_session_names_cb (MusterSession *self)
{
  g_signal_emit (self, signals[NAMES_CHANGED], 0);
}

static void
muster_session_connection_cb (MusterSession *self)
{
  gboolean connected =
    muster_api_client_get_connection (self->client) == MUSTER_API_CONNECTION_CONNECTED;

  if (self->connected == connected)
    return;
  self->connected = connected;
  if (connected)
    {
      muster_session_load (self);
      dex_future_disown (muster_access_reload (self->access));
      muster_directory_reload (self->names);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTED]);
}

static void
muster_session_journal_cb (MusterSession *self,
                           const char    *topic,
                           const char    *subject,
                           JsonObject    *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change != NULL && g_strcmp0 (muster_api_change_get_entity (change), "site") == 0)
    muster_session_load (self);
  /* Whoever is given another role has it at once; the first person ends what everybody may do. */
  else if (change != NULL && g_strcmp0 (muster_api_change_get_entity (change), "person") == 0)
    {
      dex_future_disown (muster_access_reload (self->access));
      muster_directory_reload (self->names);
    }
}

static void
muster_session_constructed (GObject *object)
{
  MusterSession *self = MUSTER_SESSION (object);

  G_OBJECT_CLASS (muster_session_parent_class)->constructed (object);
  self->zone = g_time_zone_new_local ();
  self->access = muster_access_new (self->client);
  g_signal_connect_object (self->access, "notify::rights", G_CALLBACK (muster_session_rights_cb),
                           self, G_CONNECT_SWAPPED);
  self->names = muster_directory_new (self->client);
  g_signal_connect_object (self->names, "changed", G_CALLBACK (muster_session_names_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "notify::connection",
                           G_CALLBACK (muster_session_connection_cb), self, G_CONNECT_SWAPPED);
  /* Following the journal keeps one connection open, by which the client notices when the daemon
   * goes and comes. */
  self->journal = muster_api_stream_subscribe (muster_api_client_get_stream (self->client),
                                               "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_session_journal_cb), self,
                           G_CONNECT_SWAPPED);
  muster_session_connection_cb (self);
}

static void
muster_session_dispose (GObject *object)
{
  MusterSession *self = MUSTER_SESSION (object);

  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  g_clear_object (&self->access);
  g_clear_object (&self->names);
  g_clear_object (&self->client);
  g_clear_object (&self->settings);
  g_clear_object (&self->site);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  G_OBJECT_CLASS (muster_session_parent_class)->dispose (object);
}

static void
muster_session_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MusterSession *self = MUSTER_SESSION (object);

  switch ((MusterSessionProperty)prop_id)
    {
    case PROP_CLIENT:
      g_value_set_object (value, self->client);
      break;
    case PROP_SITE:
      g_value_set_object (value, self->site);
      break;
    case PROP_SITE_NAME:
      g_value_set_string (value, muster_session_get_site_name (self));
      break;
    case PROP_CONNECTED:
      g_value_set_boolean (value, self->connected);
      break;
    case PROP_REHEARSAL:
      g_value_set_boolean (value, self->rehearsal);
      break;
    case PROP_RIGHTS:
      g_value_set_object (value, self->access);
      break;
    case PROP_AS_OF:
      g_value_set_int64 (value, muster_session_get_as_of (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_session_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  MusterSession *self = MUSTER_SESSION (object);

  switch ((MusterSessionProperty)prop_id)
    {
    case PROP_CLIENT:
      self->client = g_value_dup_object (value);
      break;
    case PROP_REHEARSAL:
      muster_session_set_rehearsal (self, g_value_get_boolean (value));
      break;
    case PROP_SITE:
    case PROP_SITE_NAME:
    case PROP_CONNECTED:
    case PROP_RIGHTS:
    case PROP_AS_OF:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_session_class_init (MusterSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = muster_session_constructed;
  object_class->dispose = muster_session_dispose;
  object_class->get_property = muster_session_get_property;
  object_class->set_property = muster_session_set_property;

  properties[PROP_CLIENT] =
    g_param_spec_object ("client", NULL, NULL, MUSTER_TYPE_API_CLIENT,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SITE] = g_param_spec_object ("site", NULL, NULL, MUSTER_TYPE_SITE,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SITE_NAME] =
    g_param_spec_string ("site-name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONNECTED] = g_param_spec_boolean ("connected", NULL, NULL, FALSE,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_REHEARSAL] =
    g_param_spec_boolean ("rehearsal", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_RIGHTS] = g_param_spec_object ("rights", NULL, NULL, MUSTER_TYPE_ACCESS,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_AS_OF] = g_param_spec_int64 ("as-of", NULL, NULL, 0, G_MAXINT64, 0,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[MESSAGE] = g_signal_new ("message", MUSTER_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 2, G_TYPE_STRING, MUSTER_TYPE_UNDO);
  signals[SWITCH] = g_signal_new ("switch", MUSTER_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, MUSTER_TYPE_API_CLIENT);
  signals[NAMES_CHANGED] = g_signal_new ("names-changed", MUSTER_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SCAN_REPORT] =
    g_signal_new ("scan-report", MUSTER_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_BOOLEAN, G_TYPE_STRING);
}

static void
muster_session_init (MusterSession *self)
{
}

MusterSession *
muster_session_new (MusterApiClient *client, GSettings *settings)
{
  MusterSession *self;

  g_return_val_if_fail (MUSTER_IS_API_CLIENT (client), NULL);

  self = g_object_new (MUSTER_TYPE_SESSION, "client", client, NULL);
  g_set_object (&self->settings, settings);
  return self;
}

MusterApiClient *
muster_session_get_client (MusterSession *self)
{
  g_return_val_if_fail (MUSTER_IS_SESSION (self), NULL);

  return self->client;
}

MusterApiStream *
muster_session_get_stream (MusterSession *self)
{
  g_return_val_if_fail (MUSTER_IS_SESSION (self), NULL);

  return muster_api_client_get_stream (self->client);
}

MusterSite *
muster_session_get_site (MusterSession *self)
{
  g_return_val_if_fail (MUSTER_IS_SESSION (self), NULL);

  return self->site;
}

const char *
muster_session_get_site_name (MusterSession *self)
{
  const char *name = NULL;

  g_return_val_if_fail (MUSTER_IS_SESSION (self), NULL);

  if (self->site != NULL)
    name = muster_entity_get_string (MUSTER_ENTITY (self->site), "name");
  return name != NULL ? name : _ ("This site");
}

gboolean
muster_session_is_connected (MusterSession *self)
{
  g_return_val_if_fail (MUSTER_IS_SESSION (self), FALSE);

  return self->connected;
}

GTimeZone *
muster_session_get_zone (MusterSession *self)
{
  g_return_val_if_fail (MUSTER_IS_SESSION (self), NULL);

  return self->zone;
}

GSettings *
muster_session_get_settings (MusterSession *self)
{
  g_return_val_if_fail (MUSTER_IS_SESSION (self), NULL);

  return self->settings;
}

MusterAccess *
muster_session_get_access (MusterSession *self)
{
  g_return_val_if_fail (MUSTER_IS_SESSION (self), NULL);

  return self->access;
}

MusterDirectory *
muster_session_get_directory (MusterSession *self)
{
  g_return_val_if_fail (MUSTER_IS_SESSION (self), NULL);

  return self->names;
}

char *
muster_session_dup_actor_name (MusterSession *self, const char *actor)
{
  g_return_val_if_fail (MUSTER_IS_SESSION (self), NULL);

  return muster_directory_dup_name (self->names, actor);
}

gboolean
muster_session_may (MusterSession *self, const char *operation)
{
  g_return_val_if_fail (MUSTER_IS_SESSION (self), FALSE);

  return muster_access_may (self->access, operation) &&
         (muster_session_get_as_of (self) == 0 || !muster_access_changes (operation));
}

char *
muster_session_explain (MusterSession *self, const char *operation)
{
  g_return_val_if_fail (MUSTER_IS_SESSION (self), NULL);

  if (muster_session_get_as_of (self) != 0 && muster_access_changes (operation))
    return g_strdup (_ ("This is how it was: go back to now to change anything"));
  return muster_access_explain (self->access, operation);
}

gint64
muster_session_get_as_of (MusterSession *self)
{
  g_return_val_if_fail (MUSTER_IS_SESSION (self), 0);

  return muster_api_client_get_as_of (self->client);
}

void
muster_session_set_as_of (MusterSession *self, gint64 at)
{
  gint64 before;

  g_return_if_fail (MUSTER_IS_SESSION (self));
  g_return_if_fail (at >= 0);

  before = muster_session_get_as_of (self);
  if (before == at)
    return;
  g_object_freeze_notify (G_OBJECT (self));
  muster_api_client_set_as_of (self->client, at);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AS_OF]);
  if ((before == 0) != (at == 0))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RIGHTS]);
  g_object_thaw_notify (G_OBJECT (self));
  /* Nothing was heard of who may do what meanwhile. */
  if (at == 0)
    {
      muster_session_load (self);
      dex_future_disown (muster_access_reload (self->access));
      muster_directory_reload (self->names);
    }
}

gboolean
muster_session_is_kiosk (MusterSession *self)
{
  g_return_val_if_fail (MUSTER_IS_SESSION (self), FALSE);

  return self->kiosk;
}

void
muster_session_set_kiosk (MusterSession *self, gboolean kiosk)
{
  g_return_if_fail (MUSTER_IS_SESSION (self));

  self->kiosk = !!kiosk;
}

gboolean
muster_session_is_rehearsal (MusterSession *self)
{
  g_return_val_if_fail (MUSTER_IS_SESSION (self), FALSE);

  return self->rehearsal;
}

void
muster_session_set_rehearsal (MusterSession *self, gboolean rehearsal)
{
  g_return_if_fail (MUSTER_IS_SESSION (self));

  rehearsal = !!rehearsal;
  if (self->rehearsal == rehearsal)
    return;
  self->rehearsal = rehearsal;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REHEARSAL]);
}

void
muster_session_switch (MusterSession *self, MusterApiClient *client)
{
  g_return_if_fail (MUSTER_IS_SESSION (self));

  g_signal_emit (self, signals[SWITCH], 0, client);
}

void
muster_session_report_scan (MusterSession *self, const char *code, gboolean taken, const char *text)
{
  g_return_if_fail (MUSTER_IS_SESSION (self));
  g_return_if_fail (code != NULL);

  g_signal_emit (self, signals[SCAN_REPORT], 0, code, taken, text);
}

void
muster_session_tell (MusterSession *self, const char *text)
{
  g_return_if_fail (MUSTER_IS_SESSION (self));
  g_return_if_fail (text != NULL);

  g_signal_emit (self, signals[MESSAGE], 0, text, NULL);
}

void
muster_session_tell_error (MusterSession *self, const char *what, const GError *error)
{
  g_autofree char *text = NULL;

  g_return_if_fail (MUSTER_IS_SESSION (self));
  g_return_if_fail (what != NULL && error != NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_message ("%s: %s", what, error->message);
  /* Translators: what could not be done, then why. */
  text = g_strdup_printf (_ ("%s: %s"), what, error->message);
  muster_session_tell (self, text);
}

void
muster_session_offer_undo (MusterSession *self,
                           const char    *text,
                           MusterUndoFunc func,
                           gpointer       user_data,
                           GDestroyNotify destroy)
{
  g_autoptr (MusterUndo) undo = g_new0 (MusterUndo, 1);

  g_ref_count_init (&undo->references);
  undo->func = func;
  undo->user_data = user_data;
  undo->destroy = destroy;

  g_return_if_fail (MUSTER_IS_SESSION (self));
  g_return_if_fail (text != NULL && func != NULL);

  g_signal_emit (self, signals[MESSAGE], 0, text, undo);
}

typedef struct
{
  MusterSession *session;
  char          *text;
  char          *entity;
  char          *entity_id;
  gint64         sequence;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_clear_object (&change->session);
  g_free (change->text);
  g_free (change->entity);
  g_free (change->entity_id);
  g_free (change);
}

static DexFuture *
undo_sequence (MusterSession *self, gpointer user_data)
{
  return muster_api_journal_undo (self->client, *(gint64 *)user_data);
}

static DexFuture *
muster_session_offer_fiber (gpointer user_data)
{
  Change        *change = user_data;
  MusterSession *self = change->session;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterApiPage) page = dex_await_object (
    muster_api_journal_list (self->client, change->entity, change->entity_id, 0, 1), &error);
  gint64 sequence = 0;

  if (page != NULL && muster_api_page_get_length (page) > 0 &&
      muster_api_change_can_undo (muster_api_page_get (page, 0)))
    sequence = muster_api_change_get_sequence (muster_api_page_get (page, 0));
  if (sequence > 0)
    muster_session_offer_undo (self, change->text, undo_sequence,
                               g_memdup2 (&sequence, sizeof sequence), g_free);
  else
    muster_session_tell (self, change->text);
  return dex_future_new_true ();
}

void
muster_session_offer_journal_undo (MusterSession *self,
                                   const char    *text,
                                   const char    *entity,
                                   const char    *entity_id)
{
  Change *change;

  g_return_if_fail (MUSTER_IS_SESSION (self));

  change = g_new0 (Change, 1);
  change->session = g_object_ref (self);
  change->text = g_strdup (text);
  change->entity = g_strdup (entity);
  change->entity_id = g_strdup (entity_id);
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_session_offer_fiber, change, change_free));
}

static DexFuture *
muster_session_undo_fiber (gpointer user_data)
{
  Change *change = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_await (muster_api_journal_undo (change->session->client, change->sequence), &error))
    muster_session_tell (change->session, _ ("Taken back"));
  else
    muster_session_tell_error (change->session, _ ("Could not take it back"), error);
  return dex_future_new_true ();
}

void
muster_session_offer_change_undo (MusterSession *self, const char *text, gint64 sequence)
{
  muster_session_offer_undo (self, text, undo_sequence, g_memdup2 (&sequence, sizeof sequence),
                             g_free);
}

DexFuture *
muster_session_undo_change (MusterSession *self, gint64 sequence)
{
  Change *change;

  dex_return_error_if_fail (MUSTER_IS_SESSION (self));

  change = g_new0 (Change, 1);
  change->session = g_object_ref (self);
  change->sequence = sequence;
  return muster_fiber_spawn (NULL, 0, muster_session_undo_fiber, change, change_free);
}
