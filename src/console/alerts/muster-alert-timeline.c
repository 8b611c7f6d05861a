/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-timeline"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "model/muster-alert.h"
#include "model/muster-device-event.h"
#include "model/muster-notification.h"
#include "model/muster-time.h"
#include "muster-alert-timeline.h"
#include "widgets/muster-format.h"
#include "widgets/muster-list.h"
#include "widgets/muster-references.h"

#define MAX_READ 100
/* What was changed so long before may have caused it. */
#define BEFORE (60 * G_TIME_SPAN_MINUTE)

struct _MusterAlertTimeline
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) (nullable) */
  MusterEntity  *alert;   /* (owned) (nullable) */
  MusterApiPage *changes; /* (owned) (nullable) of the alert */
  MusterApiPage *told;    /* (owned) (nullable) */
  MusterApiPage *device;  /* (owned) (nullable) changes of its device */
  GtkListBox    *list;
};

G_DEFINE_FINAL_TYPE (MusterAlertTimeline, muster_alert_timeline, ADW_TYPE_BIN)

/* One line of it. */
typedef struct
{
  gint64      at;
  const char *icon_name;
  const char *tone;     /* style class */
  char       *title;    /* (owned) */
  char       *subtitle; /* (owned) (nullable) */
} Moment;

static void
moment_free (gpointer data)
{
  Moment *self = data;

  g_free (self->title);
  g_free (self->subtitle);
  g_free (self);
}

/* TITLE and SUBTITLE (nullable) are taken. */
static void
add (GPtrArray  *moments,
     gint64      at,
     const char *icon_name,
     const char *tone,
     char       *title,
     char       *subtitle)
{
  Moment *moment = g_new (Moment, 1);

  *moment = (Moment){ at, icon_name, tone, title, subtitle };
  g_ptr_array_add (moments, moment);
}

/* --- the alert itself --- */

static char *
by (const char *what, const char *who)
{
  /* Translators: what was done, and by whom: "Acknowledged by Ann". */
  return who != NULL ? g_strdup_printf (_ ("%s by %s"), what, who) : g_strdup (what);
}

static void
add_status (GPtrArray *moments, MusterApiChange *change, const char *status)
{
  JsonObject *after = muster_api_change_get_after (change);
  const char *comment = muster_api_json_get_string (after, "comment");
  const char *resolved_by = muster_api_json_get_string (after, "resolved_by");
  gint64      at = muster_api_change_get_time (change);

  if (g_strcmp0 (status, "acknowledged") == 0)
    add (moments, at, "muster-online-symbolic", "accent",
         by (_ ("Acknowledged"), muster_api_json_get_string (after, "acknowledged_by")),
         g_strdup (comment));
  else if (g_strcmp0 (status, "resolved") == 0)
    add (moments, at, "object-select-symbolic", "success",
         resolved_by != NULL ? by (_ ("Resolved"), resolved_by) : g_strdup (_ ("Ended by itself")),
         g_strdup (comment));
  else
    add (moments, at, "muster-alert-symbolic", "warning",
         g_strdup (json_object_has_member (after, "resolved_at") ? _ ("Came back")
                                                                 : _ ("Open again: it got worse")),
         NULL);
}

static void
add_silence (MusterAlertTimeline *self, GPtrArray *moments, MusterApiChange *change)
{
  JsonObject      *after = muster_api_change_get_after (change);
  const char      *text = muster_api_json_get_string (after, "silenced_until");
  gint64           until = 0;
  g_autofree char *moment = NULL;

  if (text == NULL || !muster_time_parse (text, &until))
    {
      add (moments, muster_api_change_get_time (change), "muster-alert-symbolic", "dim-label",
           by (_ ("Heard again"), muster_api_change_get_actor (change)), NULL);
      return;
    }
  moment =
    muster_format_short_time (until, g_get_real_time (), muster_session_get_zone (self->session));
  add (moments, muster_api_change_get_time (change), "notifications-disabled-symbolic", "dim-label",
       g_strdup_printf (_ ("Silenced until %s"), moment),
       g_strdup (muster_api_json_get_string (after, "comment")));
}

static void
add_update (MusterAlertTimeline *self, GPtrArray *moments, MusterApiChange *change)
{
  JsonObject *after = muster_api_change_get_after (change);
  const char *status = muster_api_json_get_string (after, "status");
  const char *severity = muster_api_json_get_string (after, "severity");
  gint64      at = muster_api_change_get_time (change);

  if (status != NULL)
    add_status (moments, change, status);
  if (severity != NULL)
    add (moments, at, "muster-diamond-symbolic", "warning",
         g_strdup_printf (_ ("Severity is now %s"),
                          _ (muster_enum_get_label (&muster_severity_enum,
                                                    muster_enum_parse (&muster_severity_enum,
                                                                       severity)))),
         NULL);
  if (json_object_has_member (after, "assigned_to"))
    {
      const char *id = muster_api_json_get_string (after, "assigned_to");
      const char *name =
        id != NULL
          ? muster_references_get_name (muster_references_get (self->session), "person", id)
          : NULL;

      add (moments, at, "system-users-symbolic", "dim-label",
           id == NULL ? g_strdup (_ ("Assigned to nobody"))
                      : g_strdup_printf (_ ("Assigned to %s"), name != NULL ? name : "…"),
           NULL);
    }
  if (json_object_has_member (after, "silenced_until"))
    add_silence (self, moments, change);
  if (muster_api_json_get_string (after, "cause_id") != NULL)
    add (moments, at, "muster-alert-symbolic", "dim-label",
         g_strdup (_ ("Explained by another alert: nobody is told of this one")), NULL);
}

static void
add_changes (MusterAlertTimeline *self, GPtrArray *moments)
{
  unsigned length = self->changes != NULL ? muster_api_page_get_length (self->changes) : 0;

  for (unsigned i = 0; i < length; i++)
    {
      MusterApiChange *change = muster_api_page_get (self->changes, i);

      if (muster_api_change_get_after (change) == NULL)
        continue;
      if (g_strcmp0 (muster_api_change_get_action (change), "update") == 0)
        add_update (self, moments, change);
      else
        add (moments, muster_api_change_get_time (change), "muster-alert-symbolic", "error",
             g_strdup (_ ("Raised")),
             g_strdup (muster_api_json_get_string (muster_api_change_get_after (change), "title")));
    }
}

/* --- who was told --- */

static char *
describe_told (MusterAlertTimeline *self, MusterEntity *told)
{
  MusterReferences *references = muster_references_get (self->session);
  const char       *person_id = muster_entity_get_string (told, "person_id");
  const char       *channel = muster_references_get_name (references, "notification_channel",
                                                          muster_entity_get_string (told, "channel_id"));
  const char       *person =
    person_id != NULL ? muster_references_get_name (references, "person", person_id) : NULL;
  const char *kind = _ (
    muster_enum_get_label (&muster_notification_kind_enum, muster_entity_get_enum (told, "kind")));

  if (channel == NULL)
    channel = "…";
  if (person_id == NULL)
    /* Translators: what is told ("Raised"), and over which channel. */
    return g_strdup_printf (_ ("%s: told over %s"), kind, channel);
  /* Translators: what is told ("Raised"), to whom, and over which channel. */
  return g_strdup_printf (_ ("%s: %s told over %s"), kind, person != NULL ? person : "…", channel);
}

static void
add_told (MusterAlertTimeline *self, GPtrArray *moments)
{
  unsigned length = self->told != NULL ? muster_api_page_get_length (self->told) : 0;

  for (unsigned i = 0; i < length; i++)
    {
      MusterEntity *told = muster_api_page_get (self->told, i);
      int           status = muster_entity_get_enum (told, "status");
      const char   *error = muster_entity_get_string (told, "error");
      const char   *label = _ (muster_enum_get_label (&muster_notification_status_enum, status));
      gboolean      failed = status == MUSTER_NOTIFICATION_FAILED;

      add (moments, muster_entity_get_integer (told, "created_at"), "mail-send-symbolic",
           failed ? "error" : "dim-label", describe_told (self, told),
           error != NULL ? g_strdup_printf ("%s: %s", label, error) : g_strdup (label));
    }
}

/* --- what else happened to its device --- */

static void
add_device (MusterAlertTimeline *self, GPtrArray *moments)
{
  gint64   raised = muster_entity_get_integer (self->alert, "raised_at");
  gint64   end = muster_entity_is_null (self->alert, "resolved_at")
                   ? G_MAXINT64
                   : muster_entity_get_integer (self->alert, "resolved_at");
  unsigned length = self->device != NULL ? muster_api_page_get_length (self->device) : 0;

  for (unsigned i = 0; i < length; i++)
    {
      MusterApiChange *change = muster_api_page_get (self->device, i);
      gint64           at = muster_api_change_get_time (change);
      const char      *summary = muster_api_change_get_summary (change);

      if (at >= raised - BEFORE && at <= end && summary != NULL)
        add (moments, at, "muster-devices-symbolic", "dim-label", g_strdup (summary),
             g_strdup (muster_api_change_get_actor (change)));
    }
}

/* --- what is shown --- */

static int
compare_moments (gconstpointer a, gconstpointer b)
{
  const Moment *one = *(Moment *const *)a;
  const Moment *other = *(Moment *const *)b;

  return (other->at > one->at) - (other->at < one->at);
}

static GtkWidget *
create_row (MusterAlertTimeline *self, const Moment *moment)
{
  GTimeZone       *zone = muster_session_get_zone (self->session);
  g_autofree char *text = muster_format_short_time (moment->at, g_get_real_time (), zone);
  g_autofree char *whole = muster_format_time (moment->at, zone);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", moment->title, "use-markup", FALSE,
                                 "title-lines", 0, "subtitle-lines", 2, NULL);
  GtkWidget *icon = gtk_image_new_from_icon_name (moment->icon_name);
  GtkWidget *time = gtk_label_new (text);

  if (moment->subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), moment->subtitle);
  gtk_widget_add_css_class (icon, moment->tone);
  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_add_css_class (time, "dim-label");
  gtk_widget_add_css_class (time, "numeric");
  gtk_widget_set_tooltip_text (time, whole);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), time);
  return row;
}

static void
update (MusterAlertTimeline *self)
{
  g_autoptr (GPtrArray) moments = g_ptr_array_new_with_free_func (moment_free);

  if (self->alert == NULL)
    return;
  add_changes (self, moments);
  add_told (self, moments);
  add_device (self, moments);
  g_ptr_array_sort (moments, compare_moments);
  muster_list_clear (self->list);
  for (guint i = 0; i < moments->len; i++)
    gtk_list_box_append (self->list, create_row (self, moments->pdata[i]));
  gtk_widget_set_visible (GTK_WIDGET (self), moments->len > 0);
}

/* --- reading --- */

typedef struct
{
  MusterAlertTimeline *timeline; /* (owned) */
  char                *id;
  char                *device_id; /* (nullable) */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *self = data;

  g_object_unref (self->timeline);
  g_free (self->id);
  g_free (self->device_id);
  g_free (self);
}

/* What one may not read is left out. */
static DexFuture *
muster_alert_timeline_read_fiber (gpointer user_data)
{
  Reading                 *reading = user_data;
  MusterAlertTimeline     *self = reading->timeline;
  MusterApiClient         *client = muster_session_get_client (self->session);
  const char *const        filters[] = { "alert_id", reading->id, NULL };
  const MusterApiListQuery query = { .sort = "-created_at", .limit = MAX_READ, .filters = filters };
  g_autoptr (MusterApiPage) changes =
              dex_await_object (muster_api_journal_list (client, "alert", reading->id, 0, MAX_READ),
                                NULL);
  g_autoptr (MusterApiPage) told =
      dex_await_object (muster_api_collection_list (client, &muster_notification_info, &query),
                        NULL);
  g_autoptr (MusterApiPage) device =
              reading->device_id != NULL
                ? dex_await_object (muster_api_journal_list (client, "device", reading->device_id,
                                                             0, MAX_READ),
                                    NULL)
                : NULL;

  if (self->list == NULL || g_strcmp0 (reading->id, muster_entity_get_id (self->alert)) != 0)
    return dex_future_new_true ();
  g_set_object (&self->changes, changes);
  g_set_object (&self->told, told);
  g_set_object (&self->device, device);
  update (self);
  return dex_future_new_true ();
}

void
muster_alert_timeline_show (MusterAlertTimeline *self, MusterSession *session, MusterEntity *alert)
{
  Reading *reading = NULL;

  g_return_if_fail (MUSTER_IS_ALERT_TIMELINE (self) && MUSTER_IS_SESSION (session));

  if (g_set_object (&self->session, session))
    g_signal_connect_object (muster_references_get (session), "changed", G_CALLBACK (update), self,
                             G_CONNECT_SWAPPED);
  g_set_object (&self->alert, alert);
  reading = g_new (Reading, 1);
  *reading = (Reading){ g_object_ref (self), g_strdup (muster_entity_get_id (alert)),
                        g_strdup (muster_entity_get_string (alert, "device_id")) };
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_alert_timeline_read_fiber, reading, reading_free));
}

static void
muster_alert_timeline_dispose (GObject *object)
{
  MusterAlertTimeline *self = MUSTER_ALERT_TIMELINE (object);

  self->list = NULL;
  g_clear_object (&self->changes);
  g_clear_object (&self->told);
  g_clear_object (&self->device);
  g_clear_object (&self->alert);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_alert_timeline_parent_class)->dispose (object);
}

static void
muster_alert_timeline_class_init (MusterAlertTimelineClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_alert_timeline_dispose;
}

static void
muster_alert_timeline_init (MusterAlertTimeline *self)
{
  GtkWidget *group = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", _ ("Course"), NULL);

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Course"), -1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), group);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
