/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-why-list"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-alerts.h"
#include "client/muster-api-json.h"
#include "muster-why-list.h"
#include "widgets/muster-format.h"
#include "widgets/muster-list.h"
#include "widgets/muster-references.h"

struct _MusterWhyList
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) (nullable) */
  DexFuture     *reading; /* (owned) (nullable) */
  JsonObject    *shown;   /* (owned) (nullable) */
  GtkWidget     *group;
  GtkListBox    *list;
  GtkLabel      *placeholder;
};

G_DEFINE_FINAL_TYPE (MusterWhyList, muster_why_list, ADW_TYPE_BIN)

/* What an evaluation came to, as the daemon says it. */
static const struct
{
  const char *nick, *label, *icon_name, *tone;
} reasons[] = {
  { "firing", N_ ("Over the threshold"), "muster-diamond-symbolic", "error" },
  { "for_pending", N_ ("Over the threshold, but not for long enough yet"),
    "muster-triangle-symbolic", "warning" },
  { "hysteresis", N_ ("Back over the threshold, but not far enough"), "muster-triangle-symbolic",
    "warning" },
  { "quiet_hours", N_ ("Over the threshold, but within quiet hours"), "muster-ring-symbolic",
    "dim-label" },
  { "off_duty", N_ ("Over the threshold, but nobody is on duty"), "muster-ring-symbolic",
    "dim-label" },
  { "silenced", N_ ("Over the threshold, but silenced"), "muster-ring-symbolic", "dim-label" },
  { "well", N_ ("Within the limits"), "muster-online-symbolic", "success" },
  { "no_data", N_ ("There was nothing to compare"), "muster-unknown-symbolic", "dim-label" },
  { "late", N_ ("Older than what was compared before"), "muster-unknown-symbolic", "dim-label" },
  { "duplicate", N_ ("The same sample again"), "muster-unknown-symbolic", "dim-label" },
};

static gsize
find_reason (const char *nick)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_strcmp0 (reasons[i].nick, nick) == 0)
      return i;
  return G_N_ELEMENTS (reasons);
}

/* --- what is shown --- */

static char *
format_value (JsonObject *evaluation, const char *member)
{
  double      number = muster_api_json_get_double (evaluation, member, NAN);
  const char *text = muster_api_json_get_string (evaluation, member);

  return isnan (number) ? g_strdup (text) : muster_format_number (number);
}

/* Device, metric and what was compared. */
static char *
describe (MusterWhyList *self, JsonObject *evaluation)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *id = muster_api_json_get_string (evaluation, "device_id");
  const char *metric = muster_api_json_get_string (evaluation, "metric");
  const char *device =
    id != NULL ? muster_references_get_name (muster_references_get (self->session), "device", id)
               : NULL;
  g_autofree char *value = format_value (evaluation, "value");
  g_autofree char *threshold = format_value (evaluation, "threshold");

  if (device != NULL)
    g_string_append (text, device);
  if (metric != NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", metric);
  if (value != NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", value);
  if (threshold != NULL)
    {
      /* Translators: what a value was compared with. */
      g_autofree char *limit = g_strdup_printf (_ ("limit %s"), threshold);

      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", limit);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static GtkWidget *
create_row (MusterWhyList *self, JsonObject *evaluation)
{
  const char      *nick = muster_api_json_get_string (evaluation, "reason");
  gsize            reason = find_reason (nick);
  gboolean         known = reason < G_N_ELEMENTS (reasons);
  gint64           at = muster_api_json_get_time (evaluation, "at");
  GTimeZone       *zone = muster_session_get_zone (self->session);
  g_autofree char *subtitle = describe (self, evaluation);
  g_autofree char *time =
    at > 0 ? muster_format_moment (at, g_get_real_time (), zone) : g_strdup ("");
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                                 known          ? _ (reasons[reason].label)
                                 : nick != NULL ? nick
                                                : "–",
                                 "subtitle", subtitle, NULL);
  GtkWidget *image =
    gtk_image_new_from_icon_name (known ? reasons[reason].icon_name : "muster-unknown-symbolic");
  GtkWidget *label = gtk_label_new (time);

  gtk_image_set_pixel_size (GTK_IMAGE (image), 12);
  gtk_widget_add_css_class (image, known ? reasons[reason].tone : "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "dim-label");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  return row;
}

static void
fill (MusterWhyList *self)
{
  JsonArray *evaluations =
    self->shown != NULL ? muster_api_json_get_array (self->shown, "evaluations") : NULL;

  muster_list_clear (self->list);
  for (unsigned i = 0; evaluations != NULL && i < json_array_get_length (evaluations); i++)
    {
      JsonObject *evaluation = muster_api_json_as_object (json_array_get_element (evaluations, i));

      if (evaluation != NULL)
        gtk_list_box_append (self->list, create_row (self, evaluation));
    }
  gtk_label_set_label (self->placeholder, _ ("The rule has not looked at anything since the "
                                             "service was started."));
}

static DexFuture *
muster_why_list_read_cb (DexFuture *future, gpointer user_data)
{
  MusterWhyList *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (self->list == NULL)
    return dex_future_new_true ();
  if (value != NULL)
    {
      g_clear_pointer (&self->shown, json_object_unref);
      self->shown = g_value_dup_boxed (value);
      fill (self);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *text = muster_format_sentence (error->message);

      gtk_label_set_label (self->placeholder, text);
    }
  return dex_future_new_true ();
}

/* READING is taken. */
static void
start_reading (MusterWhyList *self, MusterSession *session, DexFuture *reading)
{
  if (g_set_object (&self->session, session))
    g_signal_connect_object (muster_references_get (session), "changed", G_CALLBACK (fill), self,
                             G_CONNECT_SWAPPED);
  dex_clear (&self->reading);
  self->reading = dex_future_finally (reading, muster_why_list_read_cb, self, NULL);
}

void
muster_why_list_show_alert (MusterWhyList *self, MusterSession *session, const char *alert_id)
{
  g_return_if_fail (MUSTER_IS_WHY_LIST (self));

  start_reading (self, session,
                 muster_api_alerts_explain (muster_session_get_client (session), alert_id));
}

void
muster_why_list_show_rule (MusterWhyList *self,
                           MusterSession *session,
                           const char    *rule_id,
                           const char    *device_id)
{
  g_return_if_fail (MUSTER_IS_WHY_LIST (self));

  start_reading (self, session,
                 muster_api_alert_rules_explain (muster_session_get_client (session), rule_id,
                                                 device_id));
}

/* --- life --- */

static void
muster_why_list_dispose (GObject *object)
{
  MusterWhyList *self = MUSTER_WHY_LIST (object);

  dex_clear (&self->reading);
  g_clear_pointer (&self->shown, json_object_unref);
  self->list = NULL;
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_why_list_parent_class)->dispose (object);
}

static void
muster_why_list_class_init (MusterWhyListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_why_list_dispose;
}

static void
muster_why_list_init (MusterWhyList *self)
{
  self->group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->group), _ ("Why?"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->group),
                                         _ ("What the rule saw last, and what came of it."));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  self->placeholder = GTK_LABEL (gtk_label_new (_ ("Asking…")));
  g_object_set (self->placeholder, "wrap", TRUE, "margin-top", 16, "margin-bottom", 16,
                "margin-start", 12, "margin-end", 12, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->placeholder), "dim-label");
  gtk_list_box_set_placeholder (self->list, GTK_WIDGET (self->placeholder));
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Evaluations"), -1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), self->group);
}

GtkWidget *
muster_why_list_new (void)
{
  return g_object_new (MUSTER_TYPE_WHY_LIST, NULL);
}
