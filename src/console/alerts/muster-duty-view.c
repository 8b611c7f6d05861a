/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-duty-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-duty-calendar.h"
#include "muster-duty-page.h"
#include "muster-duty-view.h"
#include "muster-hours.h"
#include "muster-page.h"
#include "muster-records-delete.h"
#include "widgets/muster-records-view.h"

struct _MusterDutyView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterDutyView, muster_duty_view, ADW_TYPE_BIN)

/* --- cells --- */

static void
show_shifts (GtkWidget *label, MusterEntity *calendar, MusterSession *session)
{
  g_autoptr (GPtrArray) shifts =
              muster_hours_list_from_json (muster_entity_get_string (calendar, "shifts"));
  g_autofree char *text =
    g_strdup_printf (ngettext ("%u shift", "%u shifts", shifts->len), shifts->len);

  gtk_label_set_label (GTK_LABEL (label), text);
}

static const MusterColumn columns[] = {
  { "name", 200, .flags = MUSTER_COLUMN_TITLE, .icon_name = "x-office-calendar-symbolic" },
  { "shifts", 120, 1, MUSTER_COLUMN_UNSORTED, .show = show_shifts },
  { "updated_at", 130, 2, MUSTER_COLUMN_AGE },
};

static const char *const below[] = { "updated_at", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("_Delete"), "user-trash-symbolic", "duty.delete", "deleteDutyCalendar" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_duty_calendar_info,
  .name = "duty-calendars",
  .title = N_ ("Duty Calendars"),
  .search = N_ ("Name"),
  .sort = "name",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "x-office-calendar-symbolic",
  .empty_title = N_ ("No Duty Calendars Yet"),
  .empty_text = N_ ("A calendar says who is on duty when, so that an escalation tells the one who "
                    "is there."),
  .new_label = N_ ("_Add a Duty Calendar…"),
  .new_operation = "createDutyCalendar",
};

/* --- actions --- */

static void
muster_duty_view_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDutyView *self = MUSTER_DUTY_VIEW (widget);

  muster_records_delete_chosen (self->session, self->records, &muster_duty_calendar_info);
}

static void
muster_duty_view_delete_key_cb (MusterDutyView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "duty.delete", NULL);
}

static MusterPage *
page_of (MusterDutyView *self)
{
  return MUSTER_PAGE (gtk_widget_get_ancestor (GTK_WIDGET (self), MUSTER_TYPE_PAGE));
}

static void
muster_duty_view_activate_cb (MusterDutyView *self, MusterIndexItem *item)
{
  MusterEntity *calendar = muster_index_item_get_entity (item);

  if (calendar != NULL)
    muster_page_push (page_of (self), muster_duty_page_new (self->session, calendar));
}

static void
muster_duty_view_new_cb (MusterDutyView *self)
{
  muster_page_push (page_of (self), muster_duty_page_new (self->session, NULL));
}

static void
muster_duty_view_rights_cb (MusterDutyView *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "duty.delete",
                                 muster_session_may (self->session, "deleteDutyCalendar"));
}

static void
muster_duty_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_DUTY_VIEW (object)->session);
  G_OBJECT_CLASS (muster_duty_view_parent_class)->dispose (object);
}

static void
muster_duty_view_class_init (MusterDutyViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_duty_view_dispose;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "duty.delete", NULL,
                                   muster_duty_view_delete_action);
}

static void
muster_duty_view_init (MusterDutyView *self)
{
}

GtkWidget *
muster_duty_view_new (MusterSession *session)
{
  MusterDutyView *self = g_object_new (MUSTER_TYPE_DUTY_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  g_signal_connect_object (self->records, "delete", G_CALLBACK (muster_duty_view_delete_key_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_duty_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_duty_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_duty_view_rights_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  muster_duty_view_rights_cb (self);
  return GTK_WIDGET (self);
}
