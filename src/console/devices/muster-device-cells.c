/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-cells"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-device.h"
#include "muster-device-cells.h"
#include "muster-device-courses.h"
#include "widgets/muster-age-label.h"
#include "widgets/muster-kind-icon.h"
#include "widgets/muster-path-label.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-status-menu.h"

const char *
muster_device_get_icon_name (MusterEntity *device)
{
  return muster_kind_get_icon_name (muster_entity_get_string (device, "kind"));
}

GtkWidget *
muster_device_create_seen (MusterSession *session)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *age = muster_age_label_new ();
  GtkWidget *now = gtk_label_new (_ ("Now"));

  muster_age_label_set_zone (MUSTER_AGE_LABEL (age), muster_session_get_zone (session));
  gtk_widget_set_tooltip_text (now, _ ("It is online: it is heard of all the time"));
  gtk_box_append (GTK_BOX (box), age);
  gtk_box_append (GTK_BOX (box), now);
  return box;
}

void
muster_device_show_seen (GtkWidget *cell, MusterEntity *device, MusterSession *session)
{
  GtkWidget *age = gtk_widget_get_first_child (cell);
  GtkWidget *now = gtk_widget_get_last_child (cell);
  gboolean   online = muster_entity_get_enum (device, "live_state") == MUSTER_LIVE_ONLINE;

  /* The record is written every few minutes; who is online has just been heard. */
  gtk_widget_set_visible (now, online);
  gtk_widget_set_visible (age, !online);
  muster_age_label_set_time (MUSTER_AGE_LABEL (age),
                             muster_entity_get_integer (device, "last_seen"));
}

GtkWidget *
muster_device_create_place (MusterSession *session)
{
  return muster_path_label_new ();
}

void
muster_device_show_place (GtkWidget *cell, MusterEntity *device, MusterSession *session)
{
  g_autofree char *place = muster_record_format (session, device, "location_id");

  muster_path_label_set_path (MUSTER_PATH_LABEL (cell),
                              place != NULL ? place
                                            : muster_entity_get_string (device, "location"));
}

GtkWidget *
muster_device_create_course (MusterSession *session)
{
  return muster_device_courses_create_cell (muster_device_courses_get (session));
}

void
muster_device_show_course (GtkWidget *cell, MusterEntity *device, MusterSession *session)
{
  muster_device_courses_show (muster_device_courses_get (session), cell,
                              muster_entity_get_id (device));
}

GMenuModel *
muster_device_create_status_menu (const char *action)
{
  return muster_status_menu_new (&muster_device_status_enum, action, NULL);
}
