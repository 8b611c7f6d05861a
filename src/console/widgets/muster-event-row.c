/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-event-row"

#include "config.h"

#include "muster-age-label.h"
#include "muster-event-row.h"
#include "muster-status-chip.h"

GtkWidget *
muster_event_row_new (MusterSession *session, MusterDeviceEvent *event, const char *device_name)
{
  MusterEntity    *entity = MUSTER_ENTITY (event);
  const char      *message = muster_entity_get_string (entity, "message");
  const char      *kind = muster_entity_get_string (entity, "kind");
  GtkWidget       *row = adw_action_row_new ();
  GtkWidget       *chip = muster_status_chip_new ();
  GtkWidget       *age = muster_age_label_new ();
  g_autofree char *subtitle = NULL;

  if (device_name != NULL)
    subtitle = g_strdup_printf ("%s · %s", device_name, kind);
  else
    subtitle = g_strdup (message != NULL ? kind : "");
  g_object_set (row, "use-markup", FALSE, "title", message != NULL ? message : kind, "subtitle",
                subtitle, "title-lines", 2, NULL);
  muster_status_chip_set_severity (MUSTER_STATUS_CHIP (chip),
                                   muster_entity_get_enum (entity, "severity"));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), chip);
  muster_age_label_set_zone (MUSTER_AGE_LABEL (age), muster_session_get_zone (session));
  muster_age_label_set_time (MUSTER_AGE_LABEL (age),
                             muster_entity_get_integer (entity, "created_at"));
  gtk_widget_set_valign (age, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (age, "dim-label");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), age);
  return row;
}
