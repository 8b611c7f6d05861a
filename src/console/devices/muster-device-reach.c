/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-reach"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "muster-device-reach.h"
#include "widgets/muster-detail-rows.h"
#include "widgets/muster-list.h"
#include "widgets/muster-references.h"
#include "widgets/muster-status-chip.h"

/* More are a list of their own. */
#define MAX_SHOWN 20

struct _MusterDeviceReach
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) (nullable) */
  MusterEntity  *device;  /* (owned) (nullable) */
  MusterApiPage *behind;  /* (owned) (nullable) */
  DexFuture     *reading; /* (owned) (nullable) */
  GtkWidget     *group;
  GtkListBox    *list;
};

G_DEFINE_FINAL_TYPE (MusterDeviceReach, muster_device_reach, ADW_TYPE_BIN)

static GtkWidget *
create_link (const char *title, const char *subtitle, const char *id)
{
  g_autofree char *action = g_strdup_printf ("win.open(('device','%s'))", id);

  return muster_link_row_new (title, subtitle, action);
}

static void
add_gateway (MusterDeviceReach *self)
{
  const char *id = muster_entity_get_string (self->device, "gateway_id");
  const char *name = NULL;

  if (id == NULL)
    return;
  name = muster_references_get_name (muster_references_get (self->session), "device", id);
  gtk_list_box_append (self->list,
                       create_link (_ ("Reached through"), name != NULL ? name : "…", id));
}

static GtkWidget *
create_child (MusterEntity *child)
{
  GtkWidget *row =
    create_link (muster_entity_get_string (child, "name"),
                 muster_entity_get_string (child, "serial"), muster_entity_get_id (child));
  GtkWidget *chip = muster_status_chip_new ();

  muster_status_chip_set_live (MUSTER_STATUS_CHIP (chip),
                               muster_entity_get_enum (child, "live_state"));
  gtk_widget_set_valign (chip, GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), chip);
  return row;
}

/* What is behind it: the first of them, and how many there are. */
static void
add_children (MusterDeviceReach *self)
{
  unsigned         length = self->behind != NULL ? muster_api_page_get_length (self->behind) : 0;
  gint64           total = length > 0 ? MAX (length, muster_api_page_get_total (self->behind)) : 0;
  g_autofree char *text = NULL;

  for (unsigned i = 0; i < length; i++)
    gtk_list_box_append (self->list, create_child (muster_api_page_get (self->behind, i)));
  if (total > 0)
    text = g_strdup_printf (ngettext ("%d device is reached through it: when it is down, one alert "
                                      "says so for all.",
                                      "%d devices are reached through it: when it is down, one "
                                      "alert says so for all.",
                                      (unsigned long)total),
                            (int)total);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->group), text);
}

static void
update (MusterDeviceReach *self)
{
  if (self->device == NULL)
    return;
  muster_list_clear (self->list);
  add_gateway (self);
  add_children (self);
  gtk_widget_set_visible (GTK_WIDGET (self), gtk_list_box_get_row_at_index (self->list, 0) != NULL);
}

static DexFuture *
muster_device_reach_read_cb (DexFuture *future, gpointer user_data)
{
  MusterDeviceReach *self = user_data;
  const GValue      *value = dex_future_get_value (future, NULL);

  if (value == NULL || self->list == NULL)
    return dex_future_new_true ();
  g_set_object (&self->behind, g_value_get_object (value));
  update (self);
  return dex_future_new_true ();
}

void
muster_device_reach_show (MusterDeviceReach *self, MusterSession *session, MusterDevice *device)
{
  const char              *filters[] = { "gateway_id", NULL, NULL };
  const MusterApiListQuery query = { .sort = "name", .limit = MAX_SHOWN, .filters = filters };

  g_return_if_fail (MUSTER_IS_DEVICE_REACH (self));

  filters[1] = muster_entity_get_id (MUSTER_ENTITY (device));
  if (g_set_object (&self->session, session))
    g_signal_connect_object (muster_references_get (session), "changed", G_CALLBACK (update), self,
                             G_CONNECT_SWAPPED);
  g_set_object (&self->device, MUSTER_ENTITY (device));
  update (self);
  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_devices_list (muster_session_get_client (session), &query),
                        muster_device_reach_read_cb, self, NULL);
}

static void
muster_device_reach_dispose (GObject *object)
{
  MusterDeviceReach *self = MUSTER_DEVICE_REACH (object);

  dex_clear (&self->reading);
  self->list = NULL;
  g_clear_object (&self->behind);
  g_clear_object (&self->device);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_device_reach_parent_class)->dispose (object);
}

static void
muster_device_reach_class_init (MusterDeviceReachClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_device_reach_dispose;
}

static void
muster_device_reach_init (MusterDeviceReach *self)
{
  self->group = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", _ ("Reach"), NULL);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Reach"), -1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->group), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), self->group);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
