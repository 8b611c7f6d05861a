/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-detail-rows"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-detail-rows.h"
#include "muster-list.h"
#include "muster-record-format.h"

GtkWidget *
muster_detail_row_new (const char *title, const char *text)
{
  GtkWidget *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "use-markup", FALSE, "subtitle",
                  text != NULL ? text : "", "subtitle-selectable", TRUE, NULL);

  gtk_widget_add_css_class (row, "property");
  return row;
}

GtkWidget *
muster_link_row_new (const char *title, const char *subtitle, const char *action)
{
  GtkWidget *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "use-markup", FALSE, "subtitle",
                  subtitle != NULL ? subtitle : "", "subtitle-lines", 2, "activatable", TRUE, NULL);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (row), action);
  return row;
}

void
muster_detail_rows_show (GtkListBox        *list,
                         MusterSession     *session,
                         MusterEntity      *record,
                         const char *const *fields)
{
  const MusterEntityInfo *info = muster_entity_get_info (record);

  muster_list_clear (list);
  for (unsigned i = 0; fields[i] != NULL; i++)
    {
      int              index = muster_entity_info_find (info, fields[i]);
      g_autofree char *text = muster_record_format_index (session, record, index);
      GtkWidget       *row;

      if (text == NULL || *text == '\0')
        continue;
      row = muster_detail_row_new (_ (info->fields[index].label), text);
      gtk_widget_set_tooltip_text (row, info->fields[index].doc);
      gtk_list_box_append (list, row);
    }
}
