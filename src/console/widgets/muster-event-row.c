/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-event-row"

#include "config.h"

#include "muster-age-label.h"
#include "muster-event-row.h"
#include "muster-format.h"
#include "muster-status-chip.h"

/* What matters stands out; what is merely told does not. */
static GtkWidget *
create_mark (MusterEntity *event)
{
  GtkWidget *mark;

  if (muster_entity_get_enum (event, "severity") == 0)
    {
      mark = gtk_image_new_from_icon_name ("muster-ring-symbolic");
      gtk_widget_add_css_class (mark, "dim-label");
      return mark;
    }
  mark = muster_status_chip_new ();
  muster_status_chip_set_severity (MUSTER_STATUS_CHIP (mark),
                                   muster_entity_get_enum (event, "severity"));
  return mark;
}

GtkWidget *
muster_event_row_new (MusterSession *session, MusterDeviceEvent *event, const char *device_name)
{
  MusterEntity    *entity = MUSTER_ENTITY (event);
  const char      *message = muster_entity_get_string (entity, "message");
  const char      *kind = muster_entity_get_string (entity, "kind");
  GtkWidget       *row = adw_action_row_new ();
  GtkWidget       *age = muster_age_label_new ();
  g_autofree char *what = muster_format_sentence (message != NULL ? message : kind);

  g_object_set (row, "use-markup", FALSE, "title", device_name != NULL ? device_name : what,
                "subtitle", device_name != NULL ? what : NULL, "title-lines", 2, NULL);
  gtk_widget_set_tooltip_text (row, kind);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), create_mark (entity));
  muster_age_label_set_zone (MUSTER_AGE_LABEL (age), muster_session_get_zone (session));
  muster_age_label_set_time (MUSTER_AGE_LABEL (age),
                             muster_entity_get_integer (entity, "created_at"));
  gtk_widget_set_valign (age, GTK_ALIGN_CENTER);
  muster_age_label_set_whole (MUSTER_AGE_LABEL (age), TRUE);
  gtk_widget_add_css_class (age, "dim-label");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), age);
  return row;
}
