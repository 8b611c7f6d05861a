/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-share-bar"

#include "config.h"

#include <inttypes.h>

#include <glib/gi18n-lib.h>

#include "muster-share-bar.h"

enum
{
  SUCCEEDED,
  RUNNING,
  FAILED,
  SUCCESS_TICK,
  ERROR_TICK,
  N_PARTS,
};

#define HEIGHT 10    /* pixels */
#define TICK_WIDTH 2 /* likewise */

struct _MusterShareBar
{
  GtkWidget parent_instance;

  GtkWidget   *parts[N_PARTS];
  MusterShares shares;
  int          success; /* percent; -1: none */
  int          error;
};

G_DEFINE_FINAL_TYPE (MusterShareBar, muster_share_bar, GTK_TYPE_WIDGET)

char *
muster_shares_describe (const MusterShares *shares)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, _ ("%" PRId64 " of %" PRId64 " succeeded"), shares->succeeded,
                          shares->total);
  if (shares->running > 0)
    g_string_append_printf (text, _ (", %" PRId64 " under way"), shares->running);
  if (shares->failed > 0)
    g_string_append_printf (text, _ (", %" PRId64 " failed"), shares->failed);
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* --- place --- */

static void
muster_share_bar_measure (GtkWidget     *widget,
                          GtkOrientation orientation,
                          int            for_size,
                          int           *minimum,
                          int           *natural,
                          int           *minimum_baseline,
                          int           *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 40 : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 160 : HEIGHT;
}

static int
scale (MusterShareBar *self, gint64 count, int width)
{
  return self->shares.total > 0 ? (int)(count * width / self->shares.total) : 0;
}

static void
place (GtkWidget *part, int x, int width, int height)
{
  int least;

  gtk_widget_set_child_visible (part, width > 0);
  gtk_widget_measure (part, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  if (width > 0)
    gtk_widget_size_allocate (part, &(GtkAllocation){ x, 0, MAX (width, least), height }, -1);
}

static void
muster_share_bar_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  MusterShareBar *self = MUSTER_SHARE_BAR (widget);
  int             done = scale (self, self->shares.succeeded, width);
  int             running = scale (self, self->shares.running, width);
  int             failed = scale (self, self->shares.failed, width);

  place (self->parts[SUCCEEDED], 0, done, height);
  place (self->parts[RUNNING], done, running, height);
  place (self->parts[FAILED], width - failed, failed, height);
  place (self->parts[SUCCESS_TICK],
         CLAMP (self->success * width / 100 - TICK_WIDTH, 0, MAX (width - TICK_WIDTH, 0)),
         self->success >= 0 ? TICK_WIDTH : 0, height);
  place (self->parts[ERROR_TICK], CLAMP (width - self->error * width / 100, 0, MAX (width, 0)),
         self->error >= 0 ? TICK_WIDTH : 0, height);
}

/* --- life --- */

static void
muster_share_bar_dispose (GObject *object)
{
  MusterShareBar *self = MUSTER_SHARE_BAR (object);

  for (unsigned i = 0; i < N_PARTS; i++)
    g_clear_pointer (&self->parts[i], gtk_widget_unparent);
  G_OBJECT_CLASS (muster_share_bar_parent_class)->dispose (object);
}

static void
muster_share_bar_class_init (MusterShareBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_share_bar_dispose;
  widget_class->measure = muster_share_bar_measure;
  widget_class->size_allocate = muster_share_bar_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "shares");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

/* Nothing but a colour of the style sheet. */
static GtkWidget *
create_part (const char *name, const char *css_class)
{
  GtkWidget *part = g_object_new (GTK_TYPE_BOX, "css-name", name, NULL);

  gtk_widget_add_css_class (part, css_class);
  return part;
}

static void
muster_share_bar_init (MusterShareBar *self)
{
  static const struct
  {
    const char *name, *css_class;
  } looks[N_PARTS] = {
    [SUCCEEDED] = { "share", "success" }, [RUNNING] = { "share", "accent" },
    [FAILED] = { "share", "error" },      [SUCCESS_TICK] = { "tick", "success" },
    [ERROR_TICK] = { "tick", "error" },
  };

  self->success = self->error = -1;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  for (unsigned i = 0; i < N_PARTS; i++)
    {
      self->parts[i] = create_part (looks[i].name, looks[i].css_class);
      gtk_accessible_update_state (GTK_ACCESSIBLE (self->parts[i]), GTK_ACCESSIBLE_STATE_HIDDEN,
                                   TRUE, -1);
      gtk_widget_set_parent (self->parts[i], GTK_WIDGET (self));
    }
}

GtkWidget *
muster_share_bar_new (void)
{
  return g_object_new (MUSTER_TYPE_SHARE_BAR, NULL);
}

void
muster_share_bar_set (MusterShareBar *self, const MusterShares *shares)
{
  g_autofree char *text = NULL;

  g_return_if_fail (MUSTER_IS_SHARE_BAR (self) && shares != NULL);

  self->shares = *shares;
  text = muster_shares_describe (shares);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), text);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

void
muster_share_bar_set_thresholds (MusterShareBar *self, int success, int error)
{
  g_return_if_fail (MUSTER_IS_SHARE_BAR (self));

  self->success = success;
  self->error = error;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}
