/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-progress-steps"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-progress-steps.h"

struct _MusterProgressSteps
{
  GtkWidget parent_instance;

  GtkWidget *box;
};

G_DEFINE_FINAL_TYPE (MusterProgressSteps, muster_progress_steps, GTK_TYPE_WIDGET)

static void
clear (MusterProgressSteps *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
}

static void
muster_progress_steps_dispose (GObject *object)
{
  MusterProgressSteps *self = MUSTER_PROGRESS_STEPS (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (muster_progress_steps_parent_class)->dispose (object);
}

static void
muster_progress_steps_class_init (MusterProgressStepsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_progress_steps_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "steps");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
muster_progress_steps_init (MusterProgressSteps *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
muster_progress_steps_new (void)
{
  return g_object_new (MUSTER_TYPE_PROGRESS_STEPS, NULL);
}

/* A bar above a word: the word alone gives way where there is no room. */
static GtkWidget *
create_step (const char *text, const char *css_class)
{
  GtkWidget *step = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *label = gtk_label_new (text);

  /* Each as wide as its word asks for, and then the same more: none is cut on a telephone. */
  gtk_widget_set_hexpand (step, TRUE);
  gtk_widget_add_css_class (step, "step");
  if (css_class != NULL)
    gtk_widget_add_css_class (step, css_class);
  gtk_widget_add_css_class (bar, "bar");
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_tooltip_text (step, text);
  gtk_box_append (GTK_BOX (step), bar);
  gtk_box_append (GTK_BOX (step), label);
  return step;
}

void
muster_progress_steps_set (MusterProgressSteps *self,
                           const MusterEnum    *enumeration,
                           const int           *states,
                           unsigned             n_states,
                           int                  state)
{
  int              reached = -1;
  const char      *word;
  g_autofree char *about = NULL;

  g_return_if_fail (MUSTER_IS_PROGRESS_STEPS (self));
  g_return_if_fail (enumeration != NULL && states != NULL);

  clear (self);
  word = _ (muster_enum_get_label (enumeration, state));
  for (unsigned i = 0; i < n_states; i++)
    if (states[i] == state)
      reached = i;
  for (unsigned i = 0; i < n_states; i++)
    gtk_box_append (GTK_BOX (self->box),
                    create_step (_ (muster_enum_get_label (enumeration, states[i])),
                                 (int)i < reached    ? "done"
                                 : (int)i == reached ? "current"
                                                     : NULL));
  if (reached < 0)
    gtk_box_append (GTK_BOX (self->box), create_step (word, "ended"));
  about = reached >= 0 ? g_strdup_printf (_ ("%s: step %d of %u"), word, reached + 1, n_states)
                       : g_strdup (word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, about, -1);
}
