/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-update-progress"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-update-progress.h"
#include "widgets/muster-status-chip.h"

#define BAR_WIDTH 56 /* pixels */

struct _MusterUpdateProgress
{
  GtkWidget parent_instance;

  GtkWidget *chip;
  GtkWidget *bar;
  GtkWidget *label;
};

G_DEFINE_FINAL_TYPE (MusterUpdateProgress, muster_update_progress, GTK_TYPE_WIDGET)

/* --- words and figures --- */

/* Where each phase begins on the way from being told to running it, in percent; most of the time
 * goes by with the download. */
static const int begins[] = {
  [MUSTER_UPDATE_PHASE_NONE] = 0,        [MUSTER_UPDATE_PHASE_TOLD] = 2,
  [MUSTER_UPDATE_PHASE_DOWNLOADING] = 5, [MUSTER_UPDATE_PHASE_DOWNLOADED] = 70,
  [MUSTER_UPDATE_PHASE_INSTALLING] = 72, [MUSTER_UPDATE_PHASE_REBOOTING] = 88,
  [MUSTER_UPDATE_PHASE_CONFIRMING] = 94, [MUSTER_UPDATE_PHASE_CONFIRMING + 1] = 100,
};

gboolean
muster_update_is_open (MusterEntity *update)
{
  int status = muster_entity_get_enum (update, "status");

  return status == MUSTER_UPDATE_RUNNING || status == MUSTER_UPDATE_CANCELLING;
}

double
muster_update_get_fraction (MusterEntity *update)
{
  int    status = muster_entity_get_enum (update, "status");
  int    phase = muster_entity_get_enum (update, "phase");
  gint64 progress = muster_entity_get_integer (update, "progress");

  if (status == MUSTER_UPDATE_CONFIRMED)
    return 1;
  if (!muster_update_is_open (update))
    return 0;
  return (begins[phase] + (begins[phase + 1] - begins[phase]) * progress / 100.0) / 100.0;
}

char *
muster_update_describe (MusterEntity *update)
{
  int status = muster_entity_get_enum (update, "status");
  int phase = muster_entity_get_enum (update, "phase");
  int consent = muster_entity_get_enum (update, "confirmation");

  if (status == MUSTER_UPDATE_WAITING && consent == MUSTER_UPDATE_CONSENT_NEEDED)
    return g_strdup (_ ("Waits for consent at the device"));
  if (status == MUSTER_UPDATE_WAITING && consent == MUSTER_UPDATE_CONSENT_DENIED)
    return g_strdup (_ ("Waits, as consent was denied at the device"));
  if (status != MUSTER_UPDATE_RUNNING || phase == MUSTER_UPDATE_PHASE_NONE)
    return g_strdup (_ (muster_enum_get_label (&muster_update_status_enum, status)));
  if (muster_entity_is_null (update, "progress"))
    return g_strdup (_ (muster_enum_get_label (&muster_update_phase_enum, phase)));
  /* Translators: what a device is doing, and how much of it is done: "Downloading 43 %". */
  return g_strdup_printf (_ ("%s %d\u00a0%%"),
                          _ (muster_enum_get_label (&muster_update_phase_enum, phase)),
                          (int)muster_entity_get_integer (update, "progress"));
}

char *
muster_update_describe_fetched (MusterEntity *update)
{
  g_autofree char *fetched = NULL;
  g_autofree char *size = NULL;

  if (muster_entity_is_null (update, "fetched"))
    return NULL;
  fetched = g_format_size (muster_entity_get_integer (update, "fetched"));
  if (muster_entity_is_null (update, "size"))
    return g_strdup (fetched);
  size = g_format_size (muster_entity_get_integer (update, "size"));
  /* Translators: how much of a file came over the network: "120.4 kB of 1.2 MB". */
  return g_strdup_printf (_ ("%s of %s"), fetched, size);
}

/* --- the widget --- */

static void
muster_update_progress_dispose (GObject *object)
{
  MusterUpdateProgress *self = MUSTER_UPDATE_PROGRESS (object);

  g_clear_pointer (&self->chip, gtk_widget_unparent);
  g_clear_pointer (&self->bar, gtk_widget_unparent);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  G_OBJECT_CLASS (muster_update_progress_parent_class)->dispose (object);
}

static void
muster_update_progress_class_init (MusterUpdateProgressClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_update_progress_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "update");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
muster_update_progress_init (MusterUpdateProgress *self)
{
  GtkBoxLayout *layout = GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self)));

  gtk_box_layout_set_spacing (layout, 8);
  self->chip = muster_status_chip_new ();
  muster_status_chip_set_can_shrink (MUSTER_STATUS_CHIP (self->chip), TRUE);
  self->bar = gtk_progress_bar_new ();
  gtk_widget_set_size_request (self->bar, BAR_WIDTH, -1);
  gtk_widget_set_valign (self->bar, GTK_ALIGN_CENTER);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->label, "numeric");
  gtk_widget_set_parent (self->chip, GTK_WIDGET (self));
  gtk_widget_set_parent (self->bar, GTK_WIDGET (self));
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}

GtkWidget *
muster_update_progress_new (void)
{
  return g_object_new (MUSTER_TYPE_UPDATE_PROGRESS, NULL);
}

void
muster_update_progress_show (MusterUpdateProgress *self, MusterEntity *update)
{
  gboolean         open;
  g_autofree char *text = NULL;
  g_autofree char *fetched = NULL;
  g_autofree char *tooltip = NULL;

  g_return_if_fail (MUSTER_IS_UPDATE_PROGRESS (self) && update != NULL);

  open = muster_entity_get_enum (update, "status") == MUSTER_UPDATE_RUNNING;
  text = muster_update_describe (update);
  fetched = muster_update_describe_fetched (update);
  if (fetched != NULL)
    tooltip = g_strdup_printf (_ ("%s\nFetched %s"), text, fetched);
  muster_status_chip_set_value (MUSTER_STATUS_CHIP (self->chip), &muster_update_status_enum,
                                muster_entity_get_enum (update, "status"));
  gtk_widget_set_visible (self->chip, !open);
  gtk_widget_set_visible (self->bar, open);
  gtk_widget_set_visible (self->label, open);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar), muster_update_get_fraction (update));
  gtk_label_set_label (GTK_LABEL (self->label), text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip != NULL ? tooltip : text);
}

GtkWidget *
muster_update_progress_create_cell (MusterSession *session)
{
  return muster_update_progress_new ();
}

void
muster_update_progress_show_cell (GtkWidget *cell, MusterEntity *update, MusterSession *session)
{
  muster_update_progress_show (MUSTER_UPDATE_PROGRESS (cell), update);
}
