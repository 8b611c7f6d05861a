/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-scans-button"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-scan.h"
#include "muster-scans-button.h"
#include "widgets/muster-age-label.h"

#define KEY_SCAN "muster-scan"
#define KEY_ICON "muster-icon"

struct _MusterScansButton
{
  AdwBin parent_instance;

  MusterScanDesk *desk; /* (owned) */

  /* Template children */
  GtkMenuButton *button;
  GtkListBox    *list;
};

G_DEFINE_FINAL_TYPE (MusterScansButton, muster_scans_button, ADW_TYPE_BIN)

static void
muster_scans_button_show_scan_cb (MusterScan *scan, GtkWidget *row)
{
  static const struct
  {
    const char *icon_name, *css_class, *word;
  } outcomes[] = {
    [MUSTER_SCAN_PENDING] = { "content-loading-symbolic", "dim-label", N_ ("Not known yet") },
    [MUSTER_SCAN_TAKEN] = { "object-select-symbolic", "success", N_ ("Taken") },
    [MUSTER_SCAN_REFUSED] = { "dialog-warning-symbolic", "warning", N_ ("Not taken") },
  };
  MusterScanOutcome outcome = muster_scan_get_outcome (scan);
  GtkWidget        *icon = g_object_get_data (G_OBJECT (row), KEY_ICON);
  const char       *classes[] = { outcomes[outcome].css_class, NULL };
  const char       *text = muster_scan_get_text (scan);

  gtk_image_set_from_icon_name (GTK_IMAGE (icon), outcomes[outcome].icon_name);
  gtk_widget_set_css_classes (icon, classes);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                               text != NULL ? text : _ (outcomes[outcome].word));
}

static GtkWidget *
muster_scans_button_create_row (gpointer item, gpointer user_data)
{
  MusterScan *scan = item;
  GtkWidget  *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", muster_scan_get_code (scan),
                  "activatable", TRUE, "title-lines", 1, "subtitle-lines", 2, NULL);
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *age = muster_age_label_new ();

  gtk_widget_set_tooltip_text (row, _ ("Scan it once more"));
  muster_age_label_set_time (MUSTER_AGE_LABEL (age), muster_scan_get_time (scan));
  muster_age_label_set_whole (MUSTER_AGE_LABEL (age), TRUE);
  gtk_widget_add_css_class (age, "dim-label");
  gtk_widget_set_valign (age, GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), age);
  g_object_set_data (G_OBJECT (row), KEY_ICON, icon);
  g_object_set_data_full (G_OBJECT (row), KEY_SCAN, g_object_ref (scan), g_object_unref);
  g_signal_connect_object (scan, "changed", G_CALLBACK (muster_scans_button_show_scan_cb), row, 0);
  muster_scans_button_show_scan_cb (scan, row);
  return row;
}

static void
muster_scans_button_activated_cb (MusterScansButton *self, GtkListBoxRow *row)
{
  g_autofree char *code =
    g_strdup (muster_scan_get_code (g_object_get_data (G_OBJECT (row), KEY_SCAN)));

  gtk_menu_button_popdown (self->button);
  muster_scan_desk_take (self->desk, code);
}

static void
muster_scans_button_items_cb (MusterScansButton *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static void
muster_scans_button_dispose (GObject *object)
{
  MusterScansButton *self = MUSTER_SCANS_BUTTON (object);

  if (self->list != NULL)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  /* Disposing of the template takes a child that it names away without the bin's knowing. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_SCANS_BUTTON);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (muster_scans_button_parent_class)->dispose (object);
}

static void
muster_scans_button_class_init (MusterScansButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_scans_button_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/scans-button.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterScansButton, button);
  gtk_widget_class_bind_template_child (widget_class, MusterScansButton, list);
  gtk_widget_class_bind_template_callback (widget_class, muster_scans_button_activated_cb);
}

static void
muster_scans_button_init (MusterScansButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
muster_scans_button_set_desk (MusterScansButton *self, MusterScanDesk *desk)
{
  g_return_if_fail (MUSTER_IS_SCANS_BUTTON (self) && self->desk == NULL);
  g_return_if_fail (MUSTER_IS_SCAN_DESK (desk));

  self->desk = g_object_ref (desk);
  gtk_list_box_bind_model (self->list, muster_scan_desk_get_scans (desk),
                           muster_scans_button_create_row, self, NULL);
  g_signal_connect_object (muster_scan_desk_get_scans (desk), "items-changed",
                           G_CALLBACK (muster_scans_button_items_cb), self, G_CONNECT_SWAPPED);
}
