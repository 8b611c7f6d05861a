/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollout-graph"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-rollout-group.h"
#include "muster-permission.h"
#include "muster-rollout-graph.h"
#include "muster-rollout-words.h"
#include "muster-share-bar.h"
#include "widgets/muster-list.h"
#include "widgets/muster-pressable.h"
#include "widgets/muster-status-chip.h"

struct _MusterRolloutGraph
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) (nullable) */
  char          *shown;   /* (owned) (nullable): id of the group whose devices are shown alone */
  GtkListBox    *list;
};

G_DEFINE_FINAL_TYPE (MusterRolloutGraph, muster_rollout_graph, ADW_TYPE_BIN)

enum
{
  OPEN,
  ACTIVATE,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

#define KEY "muster-group"
#define KEY_MARK "muster-mark"

static void
muster_rollout_graph_open_cb (MusterRolloutGraph *self, GtkWidget *button)
{
  GtkWidget    *row = gtk_widget_get_ancestor (button, GTK_TYPE_LIST_BOX_ROW);
  MusterEntity *group = g_object_get_data (G_OBJECT (row), KEY);

  g_signal_emit (self, signals[OPEN], 0, (unsigned)muster_entity_get_integer (group, "position"));
}

static void
muster_rollout_graph_activate_cb (MusterRolloutGraph *self, GtkListBoxRow *row)
{
  g_signal_emit (self, signals[ACTIVATE], 0, g_object_get_data (G_OBJECT (row), KEY));
}

/* --- which one is shown --- */

static MusterEntity *
get_group (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), KEY);
}

static void
show_mark (MusterRolloutGraph *self, GtkWidget *row)
{
  gboolean shown = g_strcmp0 (muster_entity_get_id (get_group (row)), self->shown) == 0;

  gtk_widget_set_visible (g_object_get_data (G_OBJECT (row), KEY_MARK), shown);
  gtk_widget_set_tooltip_text (row, shown ? _ ("Show the devices of all groups again")
                                          : _ ("Show the devices of this group alone"));
  if (shown)
    gtk_widget_add_css_class (row, "shown");
  else
    gtk_widget_remove_css_class (row, "shown");
}

void
muster_rollout_graph_set_shown (MusterRolloutGraph *self, const char *group_id)
{
  GtkListBoxRow *row;

  g_return_if_fail (MUSTER_IS_ROLLOUT_GRAPH (self));

  g_set_str (&self->shown, group_id);
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    show_mark (self, GTK_WIDGET (row));
}

/* --- a group --- */

static GtkWidget *
create_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* "3 of 5 succeeded, 1 failed · done at 80 %, stops at 10 % failed" */
static char *
describe (MusterEntity *group, const MusterShares *shares)
{
  g_autofree char *counts = muster_shares_describe (shares);
  const char      *query = muster_entity_get_string (group, "target_query");
  g_autoptr (GString) text = g_string_new (NULL);

  /* Translators: how far a group is, what must have succeeded, and what may fail. */
  g_string_printf (text, _ ("%s · done at %d\u00a0%%, stops at %d\u00a0%% failed"), counts,
                   (int)muster_entity_get_integer (group, "success_threshold"),
                   (int)muster_entity_get_integer (group, "error_threshold"));
  if (query != NULL)
    /* Translators: of a group of a rollout: the filter of the update clients that it has. */
    g_string_append_printf (text, _ (" · only %s"), query);
  if (muster_entity_get_boolean (group, "confirmation_required"))
    g_string_append_printf (text, " · %s", _ ("asks for consent"));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static GtkWidget *
create_head (MusterRolloutGraph *self, MusterEntity *group, GtkWidget *mark)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *chip = muster_status_chip_new ();
  GtkWidget *name = create_label (muster_entity_get_string (group, "name"), "heading");
  int        status = muster_entity_get_enum (group, "status");

  gtk_widget_set_hexpand (name, TRUE);
  gtk_box_append (GTK_BOX (head), mark);
  gtk_box_append (GTK_BOX (head), name);
  if (status == MUSTER_ROLLOUT_GROUP_GATE)
    {
      GtkWidget *open = gtk_button_new_with_mnemonic (_ ("_Open"));

      gtk_widget_add_css_class (open, "suggested-action");
      gtk_widget_set_valign (open, GTK_ALIGN_CENTER);
      g_signal_connect_object (open, "clicked", G_CALLBACK (muster_rollout_graph_open_cb), self,
                               G_CONNECT_SWAPPED);
      muster_permission_guard (self->session, open, "openRolloutGroup");
      gtk_box_append (GTK_BOX (head), open);
    }
  muster_status_chip_set_value (MUSTER_STATUS_CHIP (chip), &muster_rollout_group_status_enum,
                                status);
  gtk_box_append (GTK_BOX (head), chip);
  return head;
}

/* What the telemetry gate found by one of its watches, and by what figures. */
static GtkWidget *
create_finding (const MusterGateFinding *finding)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *icon = gtk_image_new_from_icon_name (finding->icon_name);
  GtkWidget *figures = create_label (finding->figures, "caption");

  gtk_widget_add_css_class (icon, finding->css_class);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_add_css_class (figures, "dim-label");
  gtk_widget_add_css_class (figures, "numeric");
  gtk_widget_set_visible (figures, *finding->figures != '\0');
  gtk_box_append (GTK_BOX (lines), create_label (finding->text, "caption-heading"));
  gtk_box_append (GTK_BOX (lines), figures);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), lines);
  return box;
}

static GtkWidget *
create_group (MusterRolloutGraph *self, MusterEntity *group)
{
  const MusterShares shares = { muster_entity_get_integer (group, "total"),
                                muster_entity_get_integer (group, "succeeded"),
                                muster_entity_get_integer (group, "running"),
                                muster_entity_get_integer (group, "failed") };
  GtkWidget         *row = gtk_list_box_row_new ();
  GtkWidget         *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget         *bar = muster_share_bar_new ();
  GtkWidget         *mark = gtk_image_new_from_icon_name ("object-select-symbolic");
  g_autofree char   *text = describe (group, &shares);
  g_autoptr (GPtrArray) findings = muster_rollout_list_findings (group);

  muster_share_bar_set (MUSTER_SHARE_BAR (bar), &shares);
  muster_share_bar_set_thresholds (MUSTER_SHARE_BAR (bar),
                                   muster_entity_get_integer (group, "success_threshold"),
                                   muster_entity_get_integer (group, "error_threshold"));
  gtk_box_append (GTK_BOX (box), create_head (self, group, mark));
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), create_label (text, "caption"));
  for (unsigned i = 0; i < findings->len; i++)
    gtk_box_append (GTK_BOX (box), create_finding (findings->pdata[i]));
  gtk_widget_add_css_class (box, "rollout-group");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  muster_entity_get_string (group, "name"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Its devices are shown"), -1);
  muster_pressable_make (GTK_LIST_BOX_ROW (row));
  g_object_set_data_full (G_OBJECT (row), KEY, g_object_ref (group), g_object_unref);
  g_object_set_data (G_OBJECT (row), KEY_MARK, mark);
  show_mark (self, row);
  return row;
}

/* --- life --- */

static void
muster_rollout_graph_finalize (GObject *object)
{
  MusterRolloutGraph *self = MUSTER_ROLLOUT_GRAPH (object);

  g_clear_object (&self->session);
  g_free (self->shown);
  G_OBJECT_CLASS (muster_rollout_graph_parent_class)->finalize (object);
}

static void
muster_rollout_graph_class_init (MusterRolloutGraphClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_rollout_graph_finalize;
  signals[OPEN] = g_signal_new ("open", MUSTER_TYPE_ROLLOUT_GRAPH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[ACTIVATE] = g_signal_new ("activate", MUSTER_TYPE_ROLLOUT_GRAPH, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, MUSTER_TYPE_ENTITY);
}

static void
muster_rollout_graph_init (MusterRolloutGraph *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Groups"), -1);
  g_signal_connect_object (self->list, "row-activated",
                           G_CALLBACK (muster_rollout_graph_activate_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
}

void
muster_rollout_graph_show (MusterRolloutGraph *self, MusterSession *session, MusterApiPage *groups)
{
  GtkListBoxRow *focused; /* the keyboard stays where it is while figures change */
  int            index;

  g_return_if_fail (MUSTER_IS_ROLLOUT_GRAPH (self) && MUSTER_IS_SESSION (session));

  g_set_object (&self->session, session);
  focused = GTK_LIST_BOX_ROW (gtk_widget_get_focus_child (GTK_WIDGET (self->list)));
  index = focused != NULL ? gtk_list_box_row_get_index (focused) : -1;
  muster_list_clear (self->list);
  for (unsigned i = 0; i < muster_api_page_get_length (groups); i++)
    gtk_list_box_append (self->list, create_group (self, muster_api_page_get (groups, i)));
  focused = index >= 0 ? gtk_list_box_get_row_at_index (self->list, index) : NULL;
  if (focused != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (focused));
}
