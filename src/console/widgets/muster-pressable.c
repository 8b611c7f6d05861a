/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-pressable"

#include "config.h"

#include "muster-pressable.h"

static void
muster_pressable_click_action (GSimpleAction *action, GVariant *parameter, gpointer row)
{
  if (ADW_IS_ACTION_ROW (row))
    adw_action_row_activate (row);
  else
    g_signal_emit_by_name (row, "activate");
}

void
muster_pressable_make (GtkListBoxRow *row)
{
  static const GActionEntry entries[] = { { "click", muster_pressable_click_action } };
  g_autoptr (GSimpleActionGroup) group = NULL;

  g_return_if_fail (GTK_IS_LIST_BOX_ROW (row));

  group = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), row);
  gtk_widget_insert_action_group (GTK_WIDGET (row), "a11y", G_ACTION_GROUP (group));
}
