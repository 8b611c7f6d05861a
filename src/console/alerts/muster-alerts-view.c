/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alerts-view"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "model/muster-alert.h"
#include "muster-alert-actions.h"
#include "muster-alert-filter.h"
#include "muster-alert-fold.h"
#include "muster-alert-page.h"
#include "muster-alerts-view.h"
#include "muster-page.h"
#include "muster-silence-times.h"
#include "widgets/muster-duration.h"
#include "widgets/muster-format.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-record-pages.h"

struct _MusterAlertsView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterAlertsView, muster_alerts_view, ADW_TYPE_BIN)

/* --- cells --- */

char *
muster_alert_format_since (MusterEntity *alert)
{
  gint64 raised = muster_entity_get_integer (alert, "raised_at");
  gint64 end = muster_entity_is_null (alert, "resolved_at")
                 ? g_get_real_time ()
                 : muster_entity_get_integer (alert, "resolved_at");
  gint64 seconds = MAX (end - raised, 0) / G_USEC_PER_SEC;

  /* Seconds matter only at first. */
  if (seconds >= 3600)
    seconds -= seconds % 60;
  if (seconds >= 86400)
    seconds -= seconds % 3600;
  return muster_duration_format (seconds);
}

char *
muster_alert_format_value (MusterEntity *alert)
{
  const char      *unit = muster_entity_get_string (alert, "unit");
  double           threshold = muster_entity_get_double (alert, "threshold");
  g_autofree char *value = NULL, *limit = NULL, *with_unit = NULL;

  if (muster_entity_is_null (alert, "value"))
    return NULL;
  value = muster_format_number (muster_entity_get_double (alert, "value"));
  with_unit = unit != NULL ? g_strdup_printf ("%s %s", value, unit) : g_steal_pointer (&value);
  if (isnan (threshold))
    return g_steal_pointer (&with_unit);
  limit = muster_format_number (threshold);
  /* Translators: a value that was measured, and the threshold that it went over or under. */
  return g_strdup_printf (_ ("%s, limit %s"), with_unit, limit);
}

char *
muster_alert_format_where (MusterSession *session, MusterEntity *alert)
{
  static const char *const fields[] = { "device_id", "location_id", "metric", NULL };

  return muster_record_format_line (session, alert, fields);
}

static void
show_value (GtkWidget *label, MusterEntity *alert, MusterSession *session)
{
  g_autofree char *text = muster_alert_format_value (alert);

  gtk_label_set_label (GTK_LABEL (label), text != NULL ? text : "");
}

static void
show_since (GtkWidget *label, MusterEntity *alert, MusterSession *session)
{
  g_autofree char *text = muster_alert_format_since (alert);
  g_autofree char *moment = muster_format_time (muster_entity_get_integer (alert, "raised_at"),
                                                muster_session_get_zone (session));

  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, moment);
}

static GtkWidget *
create_number (MusterSession *session)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "numeric");
  return label;
}

static const MusterColumn columns[] = {
  { "severity", 112, 0 },
  { "title", 200, .flags = MUSTER_COLUMN_TITLE },
  { "children", 74, 1, .title = N_ ("Explains"), .create = muster_alert_fold_create,
    .show = muster_alert_fold_show },
  { "device_id", 150, 3, MUSTER_COLUMN_UNSORTED },
  { "value", 150, 4, MUSTER_COLUMN_NUMBER, .create = create_number, .show = show_value },
  { "status", 130, 2 },
  { "raised_at", 100, 2, MUSTER_COLUMN_NUMBER, N_ ("For"), .create = create_number,
    .show = show_since },
  { "assigned_to", 130, 5, MUSTER_COLUMN_UNSORTED },
  { "location_id", 150, 6, MUSTER_COLUMN_UNSORTED },
  { "explanation", 190, 7, MUSTER_COLUMN_UNSORTED },
  { "metric", 140, 8, MUSTER_COLUMN_HIDDEN },
  { "silenced_until", 120, 8, MUSTER_COLUMN_HIDDEN },
  { "acknowledged_by", 120, 8, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
  { "occurrences", 90, 8, MUSTER_COLUMN_HIDDEN },
  { "resolved_at", 120, 8, MUSTER_COLUMN_HIDDEN },
  { "comment", 160, 8, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
};

static const MusterFilterChip chips[] = {
  { "status", "open" },
  { "status", "acknowledged" },
  { "status", "resolved" },
  { "severity", "error", NULL, TRUE },
  { "severity", "warning" },
  { "severity", "info" },
  { "cause_id", "null", N_ ("Folded"), TRUE },
};

static const char *const below[] = { "status", "device_id", "raised_at", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("_Acknowledge"), "muster-online-symbolic", "alerts.acknowledge", "acknowledgeAlert" },
  { N_ ("Acknowledge with _Comment…"), NULL, "alerts.comment", "acknowledgeAlert" },
  { N_ ("A_ssign…"), "system-users-symbolic", "alerts.assign", "assignAlert" },
  { N_ ("S_ilence"), "notifications-disabled-symbolic", "alerts.silence", "silenceAlert",
    muster_silence_times_create_menu },
  { N_ ("_Hear Again"), NULL, "alerts.unsilence", "unsilenceAlert" },
  { N_ ("_Resolve…"), "object-select-symbolic", "alerts.resolve", "resolveAlert" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_alert_info,
  .name = "alerts",
  .title = N_ ("Alerts"),
  .search = N_ ("Title, metric, comment, explanation"),
  .sort = "-severity,-raised_at",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "muster-alert-symbolic",
  .empty_title = N_ ("No Alerts Yet"),
  .empty_text = N_ ("Rules say what is an alert: a temperature above a limit, a device that is "
                    "silent. The first ones come with each product."),
  .way_label = N_ ("_Look at the Rules"),
  .way_action = "views.view::rules",
};

/* --- actions --- */

static void
muster_alerts_view_do_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterAlertsView *self = MUSTER_ALERTS_VIEW (widget);
  g_auto (GStrv) chosen = muster_records_view_list_chosen (self->records);
  const char *const *ids = (const char *const *)chosen;

  if (g_str_equal (name, "alerts.acknowledge"))
    muster_alerts_acknowledge (self->session, ids);
  else if (g_str_equal (name, "alerts.comment"))
    muster_alerts_ask_acknowledge (self->session, widget, ids);
  else if (g_str_equal (name, "alerts.assign"))
    muster_alerts_ask_assign (self->session, widget, ids);
  else if (g_str_equal (name, "alerts.silence"))
    muster_alerts_silence (self->session, widget, ids, g_variant_get_string (parameter, NULL));
  else if (g_str_equal (name, "alerts.unsilence"))
    muster_alerts_unsilence (self->session, ids);
  else
    muster_alerts_ask_resolve (self->session, widget, ids);
  muster_records_view_end_selection (self->records);
}

static const struct
{
  const char *name, *parameter, *operation;
} doings[] = {
  { "alerts.acknowledge", NULL, "acknowledgeAlert" },
  { "alerts.comment", NULL, "acknowledgeAlert" },
  { "alerts.assign", NULL, "assignAlert" },
  { "alerts.silence", "s", "silenceAlert" },
  { "alerts.unsilence", NULL, "unsilenceAlert" },
  { "alerts.resolve", NULL, "resolveAlert" },
};

/* What is chosen, or has the focus, is dealt with by a letter. */
static const struct
{
  guint           key;
  GdkModifierType modifiers;
  const char     *action, *format, *parameter;
} keys[] = {
  { GDK_KEY_a, 0, "alerts.acknowledge" },
  { GDK_KEY_a, GDK_SHIFT_MASK, "alerts.comment" },
  { GDK_KEY_g, 0, "alerts.assign" },
  { GDK_KEY_r, 0, "alerts.resolve" },
  { GDK_KEY_s, 0, "alerts.silence", "s", "custom" },
  { GDK_KEY_h, 0, "alerts.unsilence" },
};

static void
muster_alerts_view_rights_cb (MusterAlertsView *self)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (doings); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), doings[i].name,
                                   muster_session_may (self->session, doings[i].operation));
}

/* --- life --- */

static void
muster_alerts_view_dispose (GObject *object)
{
  MusterAlertsView *self = MUSTER_ALERTS_VIEW (object);

  self->records = NULL;
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_alerts_view_parent_class)->dispose (object);
}

static void
muster_alerts_view_class_init (MusterAlertsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_alerts_view_dispose;
  for (unsigned i = 0; i < G_N_ELEMENTS (doings); i++)
    gtk_widget_class_install_action (widget_class, doings[i].name, doings[i].parameter,
                                     muster_alerts_view_do_action);
  for (unsigned i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].modifiers,
                                         keys[i].action, keys[i].format, keys[i].parameter);
}

static void
muster_alerts_view_init (MusterAlertsView *self)
{
}

GtkWidget *
muster_alerts_view_new (MusterSession *session)
{
  static const char *const unresolved[] = { "status", "open,acknowledged", "cause_id", "null",
                                            NULL };
  MusterAlertsView        *self = g_object_new (MUSTER_TYPE_ALERTS_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  muster_records_view_show_only (self->records, unresolved);
  muster_records_view_add_tool (self->records, muster_alert_filter_new (session, self->records));
  muster_records_view_open_pages (self->records, muster_alert_page_new);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_alerts_view_rights_cb),
                           self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  muster_alerts_view_rights_cb (self);
  return GTK_WIDGET (self);
}
