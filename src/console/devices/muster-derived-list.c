/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-derived-list"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "model/muster-derived-metric.h"
#include "muster-derived-dialog.h"
#include "muster-derived-list.h"
#include "muster-doing.h"
#include "muster-permission.h"
#include "widgets/muster-list.h"

#define MAX_SHOWN 100
#define KEY_RECORD "muster-record"

struct _MusterDerivedList
{
  AdwBin parent_instance;

  MusterSession *session;    /* (owned) (nullable) */
  char          *device_id;  /* (owned) (nullable) */
  char          *product_id; /* (owned) (nullable) */
  DexFuture     *reading;    /* (owned) (nullable) */
  GtkWidget     *add;
  GtkListBox    *list;
};

G_DEFINE_FINAL_TYPE (MusterDerivedList, muster_derived_list, ADW_TYPE_BIN)

static void read_again (MusterDerivedList *self);

/* --- doings --- */

static void
present (MusterDerivedList *self, MusterEntity *derived)
{
  AdwDialog *dialog =
    muster_derived_dialog_new (self->session, derived, self->device_id, self->product_id);

  g_signal_connect_object (dialog, "saved", G_CALLBACK (read_again), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
muster_derived_list_add_cb (MusterDerivedList *self)
{
  present (self, NULL);
}

static void
muster_derived_list_activated_cb (MusterDerivedList *self, GtkListBoxRow *row)
{
  if (muster_session_may (self->session, "updateDerivedMetric"))
    present (self, g_object_get_data (G_OBJECT (row), KEY_RECORD));
}

static DexFuture *
muster_derived_list_deleted_cb (DexFuture *future, gpointer user_data)
{
  MusterDerivedList *self = user_data;

  if (self->list != NULL)
    read_again (self);
  return dex_ref (future);
}

static void
muster_derived_list_delete_cb (MusterDerivedList *self, GtkButton *button)
{
  GtkWidget    *row = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_LIST_BOX_ROW);
  MusterEntity *derived = g_object_get_data (G_OBJECT (row), KEY_RECORD);
  DexFuture    *work =
    muster_api_collection_delete (muster_session_get_client (self->session),
                                  &muster_derived_metric_info, muster_entity_get_id (derived), 0);

  muster_do_and_offer (self->session,
                       dex_future_finally (work, muster_derived_list_deleted_cb,
                                           g_object_ref (self), g_object_unref),
                       "derived_metric", muster_entity_get_id (derived),
                       g_strdup_printf (_ ("%s is no longer reckoned"),
                                        muster_entity_get_string (derived, "name")),
                       _ ("Could not delete it"));
}

/* --- what is shown --- */

static GtkWidget *
create_row (MusterDerivedList *self, MusterEntity *derived)
{
  const char *name = muster_entity_get_string (derived, "name");
  const char *unit = muster_entity_get_string (derived, "unit");
  GtkWidget  *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  GtkWidget  *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "title", name, "subtitle",
                  muster_entity_get_string (derived, "expression"), "use-markup", FALSE,
                  "activatable", muster_session_may (self->session, "updateDerivedMetric"), NULL);
  g_autofree char *label = g_strdup_printf (_ ("Delete %s"), name);

  gtk_widget_set_tooltip_text (button, _ ("Delete"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (button, "clicked", G_CALLBACK (muster_derived_list_delete_cb), self,
                           G_CONNECT_SWAPPED);
  muster_permission_hide (self->session, button, "deleteDerivedMetric");
  if (unit != NULL)
    {
      GtkWidget *suffix = gtk_label_new (unit);

      gtk_widget_add_css_class (suffix, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), suffix);
    }
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_object_set_data_full (G_OBJECT (row), KEY_RECORD, g_object_ref (derived), g_object_unref);
  return row;
}

static DexFuture *
muster_derived_list_read_cb (DexFuture *future, gpointer user_data)
{
  MusterDerivedList *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue  *value = dex_future_get_value (future, &error);
  MusterApiPage *page = value != NULL ? g_value_get_object (value) : NULL;
  unsigned       length = page != NULL ? muster_api_page_get_length (page) : 0;

  if (page == NULL)
    g_message ("could not read what is derived: %s", error->message);
  muster_list_clear (self->list);
  for (unsigned i = 0; i < length; i++)
    gtk_list_box_append (self->list, create_row (self, muster_api_page_get (page, i)));
  gtk_widget_set_visible (GTK_WIDGET (self),
                          length > 0 || muster_session_may (self->session, "createDerivedMetric"));
  return dex_future_new_true ();
}

static void
read_again (MusterDerivedList *self)
{
  const char *const filters[] = { self->device_id != NULL ? "device_id" : "product_id",
                                  self->device_id != NULL ? self->device_id : self->product_id,
                                  NULL };
  const MusterApiListQuery query = { .sort = "name", .limit = MAX_SHOWN, .filters = filters };

  dex_clear (&self->reading);
  if (!muster_session_may (self->session, "listDerivedMetrics"))
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      return;
    }
  self->reading =
    dex_future_finally (muster_api_collection_list (muster_session_get_client (self->session),
                                                    &muster_derived_metric_info, &query),
                        muster_derived_list_read_cb, self, NULL);
}

void
muster_derived_list_show (MusterDerivedList *self,
                          MusterSession     *session,
                          const char        *device_id,
                          const char        *product_id)
{
  g_return_if_fail (MUSTER_IS_DERIVED_LIST (self));
  g_return_if_fail (device_id != NULL || product_id != NULL);

  if (g_set_object (&self->session, session))
    muster_permission_hide (session, self->add, "createDerivedMetric");
  g_set_str (&self->device_id, device_id);
  g_set_str (&self->product_id, device_id == NULL ? product_id : NULL);
  read_again (self);
}

/* --- life --- */

static void
muster_derived_list_dispose (GObject *object)
{
  MusterDerivedList *self = MUSTER_DERIVED_LIST (object);

  dex_clear (&self->reading);
  self->list = NULL;
  g_clear_object (&self->session);
  g_clear_pointer (&self->device_id, g_free);
  g_clear_pointer (&self->product_id, g_free);
  G_OBJECT_CLASS (muster_derived_list_parent_class)->dispose (object);
}

static void
muster_derived_list_class_init (MusterDerivedListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_derived_list_dispose;
}

static GtkWidget *
create_placeholder (void)
{
  GtkWidget *label = gtk_label_new (
    _ ("A sum, another unit, kWh from W: reckoned from other metrics as they come."));

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  g_object_set (label, "margin-top", 16, "margin-bottom", 16, "margin-start", 16, "margin-end", 16,
                NULL);
  gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static void
muster_derived_list_init (MusterDerivedList *self)
{
  GtkWidget *group =
    g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", _ ("Derived Metrics"), NULL);

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder (self->list, create_placeholder ());
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Derived metrics"), -1);
  g_signal_connect_object (self->list, "row-activated",
                           G_CALLBACK (muster_derived_list_activated_cb), self, G_CONNECT_SWAPPED);
  self->add = gtk_button_new_from_icon_name ("list-add-symbolic");
  gtk_widget_set_tooltip_text (self->add, _ ("Derive a metric"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->add), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Derive a metric"), -1);
  gtk_widget_add_css_class (self->add, "flat");
  g_signal_connect_object (self->add, "clicked", G_CALLBACK (muster_derived_list_add_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (group), self->add);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), group);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
