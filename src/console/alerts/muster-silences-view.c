/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-silences-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-alert-silence.h"
#include "muster-hours.h"
#include "muster-records-delete.h"
#include "muster-rule-words.h"
#include "muster-silence-dialog.h"
#include "muster-silences-view.h"
#include "widgets/muster-format.h"
#include "widgets/muster-records-view.h"

struct _MusterSilencesView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterSilencesView, muster_silences_view, ADW_TYPE_BIN)

/* --- cells --- */

static void
show_scope (GtkWidget *label, MusterEntity *silence, MusterSession *session)
{
  g_autofree char *text = muster_scope_describe (session, silence);

  gtk_label_set_label (GTK_LABEL (label), text);
}

/* "Sat, Sun, 02:00–04:00", or from when until when. */
static void
show_window (GtkWidget *label, MusterEntity *silence, MusterSession *session)
{
  GTimeZone       *zone = muster_session_get_zone (session);
  gint64           now = g_get_real_time ();
  gint64           start = muster_entity_get_integer (silence, "starts_at");
  gint64           end = muster_entity_get_integer (silence, "ends_at");
  unsigned         days = muster_days_from_json (muster_entity_get_string (silence, "days"));
  g_autofree char *begin = start > now ? muster_format_short_time (start, now, zone) : NULL;
  g_autofree char *until = end > 0 ? muster_format_short_time (end, now, zone) : NULL;
  g_autofree char *text = NULL;

  if (days != 0)
    {
      g_autofree char *names = muster_days_format (days);

      text =
        g_strdup_printf (_ ("%s, %s–%s"), names, muster_entity_get_string (silence, "from_time"),
                         muster_entity_get_string (silence, "to_time"));
    }
  else if (end > 0 && end <= now)
    text = g_strdup_printf (_ ("ended %s"), until);
  else if (begin != NULL && until != NULL)
    text = g_strdup_printf (_ ("%s until %s"), begin, until);
  else if (until != NULL)
    text = g_strdup_printf (_ ("until %s"), until);
  gtk_label_set_label (GTK_LABEL (label), text != NULL ? text : "");
  if (days == 0 && end > 0 && end <= now)
    gtk_widget_add_css_class (label, "dim-label");
  else
    gtk_widget_remove_css_class (label, "dim-label");
}

static const MusterColumn columns[] = {
  { "reason", 180, .flags = MUSTER_COLUMN_TITLE },
  { "ends_at", 210, 1, MUSTER_COLUMN_PLAIN, N_ ("When"), .show = show_window },
  { "scope_kind", 170, 2, MUSTER_COLUMN_UNSORTED, N_ ("Holds for"), .show = show_scope },
  { "rule_id", 150, 4, MUSTER_COLUMN_UNSORTED },
  { "metric", 130, 5 },
  { "author", 120, 3, MUSTER_COLUMN_UNSORTED },
  { "starts_at", 120, 6, MUSTER_COLUMN_HIDDEN },
  { "warn_before_seconds", 110, 6, MUSTER_COLUMN_HIDDEN },
  { "created_at", 120, 6, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_AGE },
};

static const MusterFilterChip chips[] = {
  { "ends_at.min", MUSTER_FILTER_NOW, N_ ("Not Over") },
};

static const char *const below[] = { "ends_at", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("_Delete"), "user-trash-symbolic", "silences.delete", "deleteAlertSilence" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_alert_silence_info,
  .name = "alert-silences",
  .title = N_ ("Silences"),
  .search = N_ ("Reason"),
  .sort = "-created_at",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "notifications-disabled-symbolic",
  .empty_title = N_ ("Nothing Is Silenced"),
  .empty_text = N_ ("While work is done, nobody need be told. A silence ends by itself; a "
                    "maintenance window comes back every week."),
  .new_label = N_ ("_Add a Silence…"),
  .new_operation = "createAlertSilence",
};

/* --- actions --- */

static void
muster_silences_view_activate_cb (MusterSilencesView *self, MusterIndexItem *item)
{
  MusterEntity *silence = muster_index_item_get_entity (item);

  if (silence != NULL)
    adw_dialog_present (muster_silence_dialog_new (self->session, silence), GTK_WIDGET (self));
}

static void
muster_silences_view_new_cb (MusterSilencesView *self)
{
  adw_dialog_present (muster_silence_dialog_new (self->session, NULL), GTK_WIDGET (self));
}

static void
muster_silences_view_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterSilencesView *self = MUSTER_SILENCES_VIEW (widget);

  muster_records_delete_chosen (self->session, self->records, &muster_alert_silence_info);
}

static void
muster_silences_view_delete_key_cb (MusterSilencesView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "silences.delete", NULL);
}

static void
muster_silences_view_rights_cb (MusterSilencesView *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "silences.delete",
                                 muster_session_may (self->session, "deleteAlertSilence"));
}

static void
muster_silences_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_SILENCES_VIEW (object)->session);
  G_OBJECT_CLASS (muster_silences_view_parent_class)->dispose (object);
}

static void
muster_silences_view_class_init (MusterSilencesViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_silences_view_dispose;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "silences.delete", NULL,
                                   muster_silences_view_delete_action);
}

static void
muster_silences_view_init (MusterSilencesView *self)
{
}

GtkWidget *
muster_silences_view_new (MusterSession *session)
{
  MusterSilencesView *self = g_object_new (MUSTER_TYPE_SILENCES_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_silences_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_silences_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "delete", G_CALLBACK (muster_silences_view_delete_key_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_silences_view_rights_cb),
                           self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  muster_silences_view_rights_cb (self);
  return GTK_WIDGET (self);
}
