/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-flash-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-factory-words.h"
#include "muster-flash-row.h"
#include "widgets/muster-format.h"
#include "widgets/muster-pressable.h"
#include "widgets/muster-status-chip.h"

struct _MusterFlashRow
{
  GtkListBoxRow parent_instance;

  MusterEntity *run; /* (owned) (nullable) */
  GtkLabel     *name;
  GtkWidget    *chip;
  GtkWidget    *bar;
  GtkLabel     *error;
};

G_DEFINE_FINAL_TYPE (MusterFlashRow, muster_flash_row, GTK_TYPE_LIST_BOX_ROW)

gboolean
muster_flash_run_is_busy (MusterEntity *run)
{
  int status = muster_entity_get_enum (run, "status");

  return status == MUSTER_FLASH_RUN_WRITING || status == MUSTER_FLASH_RUN_VERIFYING;
}

MusterEntity *
muster_flash_row_get_run (MusterFlashRow *self)
{
  g_return_val_if_fail (MUSTER_IS_FLASH_ROW (self), NULL);

  return self->run;
}

/* What a screen reader says of the row. */
static void
name_row (MusterFlashRow *self, const char *name, const char *error)
{
  const char      *status = muster_enum_get_label (&muster_flash_run_status_enum,
                                                   muster_entity_get_enum (self->run, "status"));
  g_autofree char *text = g_strdup_printf ("%s %s%s%s", name, _ (status), error != NULL ? ": " : "",
                                           error != NULL ? error : "");

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

void
muster_flash_row_show (MusterFlashRow *self, MusterEntity *run)
{
  const char      *port;
  const char      *error;
  const char      *waits;
  gint64           attempt;
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;
  g_autofree char *sentence = NULL;

  g_return_if_fail (MUSTER_IS_FLASH_ROW (self) && run != NULL);

  g_set_object (&self->run, run);
  port = muster_entity_get_string (run, "port");
  error = muster_entity_get_string (run, "error");
  waits = muster_entity_get_string (run, "waits_for");
  attempt = muster_entity_get_integer (run, "attempt");
  name = muster_port_dup_name (port);
  sentence = error != NULL   ? muster_format_sentence (error)
             : waits != NULL ? g_strdup_printf (_ ("The port is in use: %s"), waits)
                             : NULL;
  /* Translators: a board at a port, and how often it was tried: "ttyUSB0 · attempt 2". */
  title =
    attempt > 1 ? g_strdup_printf (_ ("%s · attempt %d"), name, (int)attempt) : g_strdup (name);
  gtk_label_set_label (self->name, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), port);
  muster_status_chip_set_value (MUSTER_STATUS_CHIP (self->chip), &muster_flash_run_status_enum,
                                muster_entity_get_enum (run, "status"));
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar),
                                 (double)muster_entity_get_integer (run, "progress") / 100);
  gtk_widget_set_visible (self->bar, muster_flash_run_is_busy (run));
  gtk_label_set_label (self->error, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), sentence != NULL);
  gtk_widget_remove_css_class (GTK_WIDGET (self->error), error != NULL ? "dim-label" : "error");
  gtk_widget_add_css_class (GTK_WIDGET (self->error), error != NULL ? "error" : "dim-label");
  name_row (self, title, sentence);
}

static void
muster_flash_row_dispose (GObject *object)
{
  g_clear_object (&MUSTER_FLASH_ROW (object)->run);
  G_OBJECT_CLASS (muster_flash_row_parent_class)->dispose (object);
}

static void
muster_flash_row_class_init (MusterFlashRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_flash_row_dispose;
}

static void
muster_flash_row_init (MusterFlashRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->name = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->name, 0);
  gtk_label_set_ellipsize (self->name, PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->name), TRUE);
  self->chip = muster_status_chip_new ();
  self->bar = gtk_progress_bar_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Progress"), -1);
  self->error = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->error, 0);
  gtk_label_set_wrap (self->error, TRUE);
  gtk_label_set_wrap_mode (self->error, PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (GTK_WIDGET (self->error), "caption");
  gtk_widget_add_css_class (box, "flash-row");
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (self->name));
  gtk_box_append (GTK_BOX (head), self->chip);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), self->bar);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->error));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  muster_pressable_make (GTK_LIST_BOX_ROW (self));
}

GtkWidget *
muster_flash_row_new (void)
{
  return g_object_new (MUSTER_TYPE_FLASH_ROW, NULL);
}
