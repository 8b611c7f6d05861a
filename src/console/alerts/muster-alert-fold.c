/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-fold"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "model/muster-alert.h"
#include "muster-alert-fold.h"
#include "muster-alerts-view.h"
#include "widgets/muster-list.h"
#include "widgets/muster-record-format.h"
#include "widgets/muster-status-chip.h"

#define MAX_SHOWN 50
#define KEY_ALERT "muster-alert"
#define KEY_SESSION "muster-session"

/* --- rows --- */

GtkWidget *
muster_alert_row_new (MusterSession *session, MusterEntity *alert, gboolean with_device)
{
  static const char *const fields[] = { "device_id", "status", NULL };
  GtkWidget               *chip = muster_status_chip_new ();
  GtkWidget               *since = gtk_label_new (NULL);
  g_autofree char         *subtitle =
    muster_record_format_line (session, alert, with_device ? fields : fields + 1);
  g_autofree char *lasts = muster_alert_format_since (alert);
  GtkWidget       *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                                       muster_entity_get_string (alert, "title"), "subtitle", subtitle,
                                       "activatable", TRUE, "title-lines", 2, "subtitle-lines", 1, NULL);

  muster_status_chip_set_severity (MUSTER_STATUS_CHIP (chip),
                                   muster_entity_get_enum (alert, "severity"));
  gtk_label_set_label (GTK_LABEL (since), lasts);
  gtk_widget_add_css_class (since, "numeric");
  gtk_widget_add_css_class (since, "dim-label");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), chip);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), since);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "(ss)", "alert",
                                    muster_entity_get_id (alert));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open");
  return row;
}

/* --- reading --- */

typedef struct
{
  MusterSession *session;
  GtkListBox    *list;
} Filling;

static void
filling_free (gpointer data)
{
  Filling *filling = data;

  g_object_unref (filling->session);
  g_object_unref (filling->list);
  g_free (filling);
}

static DexFuture *
muster_alert_fold_read_cb (DexFuture *future, gpointer user_data)
{
  Filling       *filling = user_data;
  MusterApiPage *page = g_value_get_object (dex_future_get_value (future, NULL));
  gint64         total = MAX (muster_api_page_get_total (page), 0);

  muster_list_clear (filling->list);
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    gtk_list_box_append (filling->list, muster_alert_row_new (filling->session,
                                                              muster_api_page_get (page, i), TRUE));
  if (total > muster_api_page_get_length (page))
    {
      g_autofree char *text =
        g_strdup_printf (_ ("%d more"), (int)(total - muster_api_page_get_length (page)));

      gtk_list_box_append (filling->list, g_object_new (ADW_TYPE_ACTION_ROW, "title", text, NULL));
    }
  return dex_future_new_for_int64 (total);
}

DexFuture *
muster_alert_fold_fill (MusterSession *session, GtkListBox *list, const char *alert_id)
{
  const char *const        filters[] = { "cause_id", alert_id, NULL };
  const MusterApiListQuery query = { .sort = "-raised_at", .limit = MAX_SHOWN, .filters = filters };
  Filling                 *filling = g_new (Filling, 1);

  *filling = (Filling){ g_object_ref (session), g_object_ref (list) };
  return dex_future_then (muster_api_collection_list (muster_session_get_client (session),
                                                      &muster_alert_info, &query),
                          muster_alert_fold_read_cb, filling, filling_free);
}

/* --- the cell --- */

static void
muster_alert_fold_popover_cb (GtkMenuButton *button, gpointer user_data)
{
  MusterSession *session = g_object_get_data (G_OBJECT (button), KEY_SESSION);
  GtkWidget     *popover = gtk_popover_new ();
  GtkWidget     *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_size_request (list, 320, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What it explains"), -1);
  gtk_popover_set_child (GTK_POPOVER (popover),
                         g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy",
                                       GTK_POLICY_NEVER, "propagate-natural-height", TRUE,
                                       "max-content-height", 380, "child", list, NULL));
  gtk_menu_button_set_popover (button, popover);
  dex_future_disown (muster_alert_fold_fill (session, GTK_LIST_BOX (list),
                                             g_object_get_data (G_OBJECT (button), KEY_ALERT)));
}

GtkWidget *
muster_alert_fold_create (MusterSession *session)
{
  /* The button is in a box, since a cell is always there. */
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *button = gtk_menu_button_new ();

  gtk_menu_button_set_always_show_arrow (GTK_MENU_BUTTON (button), TRUE);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (button), muster_alert_fold_popover_cb,
                                         NULL, NULL);
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "small");
  gtk_widget_add_css_class (button, "numeric");
  g_object_set_data_full (G_OBJECT (button), KEY_SESSION, g_object_ref (session), g_object_unref);
  gtk_box_append (GTK_BOX (cell), button);
  return cell;
}

void
muster_alert_fold_show (GtkWidget *cell, MusterEntity *alert, MusterSession *session)
{
  GtkWidget       *button = gtk_widget_get_first_child (cell);
  gint64           n = muster_entity_get_integer (alert, "children");
  g_autofree char *count = g_strdup_printf ("%" G_GINT64_FORMAT, n);
  g_autofree char *text =
    g_strdup_printf (ngettext ("Explains %d alert", "Explains %d alerts", n), (int)n);

  gtk_widget_set_visible (button, n > 0);
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), count);
  gtk_widget_set_tooltip_text (button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  g_object_set_data_full (G_OBJECT (button), KEY_ALERT, g_strdup (muster_entity_get_id (alert)),
                          g_free);
}
