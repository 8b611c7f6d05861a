/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-group-popover"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "client/muster-api-groups.h"
#include "muster-group-edit.h"
#include "muster-group-popover.h"
#include "widgets/muster-format.h"

#define MAX_GROUPS 1000

struct _MusterGroupPopover
{
  GtkPopover parent_instance;

  MusterSession *session; /* (owned) */
  DexFuture     *reading; /* (owned) (nullable) */
  gboolean       editable;

  GtkListBox *list;
  GtkLabel   *placeholder;
  GtkWidget  *add;
};

G_DEFINE_FINAL_TYPE (MusterGroupPopover, muster_group_popover, GTK_TYPE_POPOVER)

enum
{
  CHOSEN,
  NEW,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static MusterDeviceGroup *
group_of (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "muster-group");
}

static void
muster_group_popover_activated_cb (MusterGroupPopover *self, GtkWidget *row)
{
  g_autoptr (MusterDeviceGroup) group = g_object_ref (group_of (row));

  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[CHOSEN], 0, group);
}

static void
muster_group_popover_new_cb (MusterGroupPopover *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[NEW], 0);
}

static void
muster_group_popover_rename_cb (MusterGroupPopover *self, GtkWidget *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, GTK_TYPE_LIST_BOX_ROW);

  gtk_popover_popdown (GTK_POPOVER (self));
  muster_group_rename (self->session, gtk_widget_get_parent (GTK_WIDGET (self)), group_of (row));
}

static void
muster_group_popover_delete_cb (MusterGroupPopover *self, GtkWidget *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, GTK_TYPE_LIST_BOX_ROW);

  gtk_popover_popdown (GTK_POPOVER (self));
  muster_group_delete (self->session, group_of (row));
}

/* LABEL is taken. */
static void
add_button (MusterGroupPopover *self,
            GtkWidget          *row,
            const char         *icon_name,
            char               *label,
            GCallback           clicked)
{
  GtkWidget       *button = gtk_button_new_from_icon_name (icon_name);
  g_autofree char *owned = label;

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static GtkWidget *
make_row (MusterGroupPopover *self, MusterEntity *group)
{
  const char *name = muster_entity_get_string (group, "name");
  const char *description = muster_entity_get_string (group, "description");
  gboolean    filtered = !muster_entity_is_null (group, "filter");
  GtkWidget  *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "title", name, "use-markup", FALSE, "activatable", TRUE,
                  "subtitle",
                  description != NULL ? description
                                      : (filtered ? _ ("Saved filter") : _ ("Chosen devices")),
                  "subtitle-lines", 1, NULL);

  g_object_set_data_full (G_OBJECT (row), "muster-group", g_object_ref (group), g_object_unref);
  if (!self->editable)
    return row;
  add_button (self, row, "document-edit-symbolic", g_strdup_printf (_ ("Rename %s"), name),
              G_CALLBACK (muster_group_popover_rename_cb));
  add_button (self, row, "user-trash-symbolic", g_strdup_printf (_ ("Delete %s"), name),
              G_CALLBACK (muster_group_popover_delete_cb));
  return row;
}

static DexFuture *
muster_group_popover_read_cb (DexFuture *future, gpointer user_data)
{
  MusterGroupPopover *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  MusterApiPage   *page = value != NULL ? g_value_get_object (value) : NULL;
  g_autofree char *text = error != NULL ? muster_format_sentence (error->message) : NULL;

  gtk_list_box_remove_all (self->list);
  gtk_list_box_set_placeholder (self->list, GTK_WIDGET (self->placeholder));
  gtk_label_set_label (self->placeholder, text != NULL ? text : _ ("There are no groups yet."));
  for (unsigned i = 0; page != NULL && i < muster_api_page_get_length (page); i++)
    gtk_list_box_append (self->list, make_row (self, muster_api_page_get (page, i)));
  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
  return dex_future_new_true ();
}

static void
muster_group_popover_map (GtkWidget *widget)
{
  MusterGroupPopover      *self = MUSTER_GROUP_POPOVER (widget);
  const MusterApiListQuery query = { .sort = "name", .limit = MAX_GROUPS };

  GTK_WIDGET_CLASS (muster_group_popover_parent_class)->map (widget);
  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_groups_list (muster_session_get_client (self->session), &query),
                        muster_group_popover_read_cb, self, NULL);
}

static void
muster_group_popover_dispose (GObject *object)
{
  MusterGroupPopover *self = MUSTER_GROUP_POPOVER (object);

  dex_clear (&self->reading);
  g_clear_object (&self->placeholder);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_group_popover_parent_class)->dispose (object);
}

static void
muster_group_popover_class_init (MusterGroupPopoverClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_group_popover_dispose;
  GTK_WIDGET_CLASS (klass)->map = muster_group_popover_map;
  signals[CHOSEN] = g_signal_new ("chosen", MUSTER_TYPE_GROUP_POPOVER, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, MUSTER_TYPE_DEVICE_GROUP);
  signals[NEW] = g_signal_new ("new", MUSTER_TYPE_GROUP_POPOVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
}

static void
muster_group_popover_init (MusterGroupPopover *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Groups"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  g_signal_connect_object (self->list, "row-activated",
                           G_CALLBACK (muster_group_popover_activated_cb), self, G_CONNECT_SWAPPED);
  self->placeholder = g_object_ref_sink (
    g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "max-width-chars", 30, "margin-top", 12,
                  "margin-bottom", 12, "margin-start", 12, "margin-end", 12, "css-classes",
                  (const char *[]){ "dim-label", NULL }, NULL));
  g_object_set (scrolled, "hscrollbar-policy", GTK_POLICY_NEVER, "propagate-natural-height", TRUE,
                "max-content-height", 360, "width-request", 290, "child", self->list, NULL);
  self->add = gtk_button_new ();
  gtk_widget_add_css_class (self->add, "flat");
  g_signal_connect_object (self->add, "clicked", G_CALLBACK (muster_group_popover_new_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), self->add);
  gtk_popover_set_child (GTK_POPOVER (self), box);
}

GtkWidget *
muster_group_popover_new (MusterSession *session, const char *new_label, gboolean editable)
{
  MusterGroupPopover *self = g_object_new (MUSTER_TYPE_GROUP_POPOVER, NULL);

  self->session = g_object_ref (session);
  self->editable = editable;
  gtk_button_set_label (GTK_BUTTON (self->add), new_label);
  gtk_button_set_use_underline (GTK_BUTTON (self->add), TRUE);
  return GTK_WIDGET (self);
}

void
muster_group_popover_set_can_add (MusterGroupPopover *self, gboolean can_add)
{
  g_return_if_fail (MUSTER_IS_GROUP_POPOVER (self));

  gtk_widget_set_sensitive (self->add, can_add);
}
