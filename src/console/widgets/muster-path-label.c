/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-path-label"

#include "config.h"

#include "muster-path-label.h"

struct _MusterPathLabel
{
  GtkWidget parent_instance;

  char        *path;    /* (owned) */
  unsigned     n_names; /* of it, at least 1 */
  PangoLayout *layout;  /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (MusterPathLabel, muster_path_label, GTK_TYPE_WIDGET)

unsigned
muster_path_label_choose (const int *widths, unsigned n_widths, int available)
{
  for (unsigned i = 0; i < n_widths; i++)
    if (widths[i] <= available)
      return i;
  return n_widths > 0 ? n_widths - 1 : 0;
}

char *
muster_path_label_shorten (const char *path, unsigned n_gone)
{
  const char *rest = path;

  g_return_val_if_fail (path != NULL, NULL);

  for (unsigned i = 0; i < n_gone; i++)
    {
      const char *next = strstr (rest, MUSTER_PATH_SEPARATOR);

      if (next == NULL)
        break;
      rest = next + strlen (MUSTER_PATH_SEPARATOR);
    }
  return rest == path ? g_strdup (path) : g_strconcat ("…", MUSTER_PATH_SEPARATOR, rest, NULL);
}

/* The layout with so much gone: borrowed. */
static PangoLayout *
lay_out (MusterPathLabel *self, unsigned n_gone)
{
  g_autofree char *text = muster_path_label_shorten (self->path, n_gone);

  if (self->layout == NULL)
    {
      self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
      pango_layout_set_single_paragraph_mode (self->layout, TRUE);
    }
  pango_layout_set_width (self->layout, -1);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_NONE);
  pango_layout_set_text (self->layout, text, -1);
  return self->layout;
}

static int
get_width (MusterPathLabel *self, unsigned n_gone)
{
  int width;

  pango_layout_get_pixel_size (lay_out (self, n_gone), &width, NULL);
  return width;
}

static void
muster_path_label_measure (GtkWidget     *widget,
                           GtkOrientation orientation,
                           int            for_size,
                           int           *minimum,
                           int           *natural,
                           int           *minimum_baseline,
                           int           *natural_baseline)
{
  MusterPathLabel *self = MUSTER_PATH_LABEL (widget);
  PangoLayout     *layout = lay_out (self, 0);
  int              width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *natural = width;
      pango_layout_set_text (layout, "…", -1);
      pango_layout_get_pixel_size (layout, &width, NULL);
      *minimum = MIN (*natural, width);
      return;
    }
  *minimum = *natural = height;
  *minimum_baseline = *natural_baseline = pango_layout_get_baseline (layout) / PANGO_SCALE;
}

static void
muster_path_label_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MusterPathLabel *self = MUSTER_PATH_LABEL (widget);
  g_autofree int  *widths = g_new (int, self->n_names);
  int              available = gtk_widget_get_width (widget);
  PangoLayout     *layout;
  int              width, height;
  GdkRGBA          color;
  float            x;

  for (unsigned i = 0; i < self->n_names; i++)
    widths[i] = get_width (self, i);
  layout = lay_out (self, muster_path_label_choose (widths, self->n_names, available));
  pango_layout_set_width (layout, available * PANGO_SCALE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_get_pixel_size (layout, &width, &height);
  x = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? available - width : 0;
  gtk_widget_get_color (widget, &color);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT (x, (gtk_widget_get_height (widget) - height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

/* Another font. */
static void
muster_path_label_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (muster_path_label_parent_class)->css_changed (widget, change);
  g_clear_object (&MUSTER_PATH_LABEL (widget)->layout);
  gtk_widget_queue_resize (widget);
}

static void
muster_path_label_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (muster_path_label_parent_class)->system_setting_changed (widget, setting);
  g_clear_object (&MUSTER_PATH_LABEL (widget)->layout);
  gtk_widget_queue_resize (widget);
}

static void
muster_path_label_finalize (GObject *object)
{
  MusterPathLabel *self = MUSTER_PATH_LABEL (object);

  g_free (self->path);
  g_clear_object (&self->layout);
  G_OBJECT_CLASS (muster_path_label_parent_class)->finalize (object);
}

static void
muster_path_label_class_init (MusterPathLabelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_path_label_finalize;
  widget_class->measure = muster_path_label_measure;
  widget_class->snapshot = muster_path_label_snapshot;
  widget_class->css_changed = muster_path_label_css_changed;
  widget_class->system_setting_changed = muster_path_label_system_setting_changed;
  gtk_widget_class_set_css_name (widget_class, "label");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
muster_path_label_init (MusterPathLabel *self)
{
  self->path = g_strdup ("");
  self->n_names = 1;
}

GtkWidget *
muster_path_label_new (void)
{
  return g_object_new (MUSTER_TYPE_PATH_LABEL, NULL);
}

void
muster_path_label_set_path (MusterPathLabel *self, const char *path)
{
  g_return_if_fail (MUSTER_IS_PATH_LABEL (self));

  if (!g_set_str (&self->path, path != NULL ? path : ""))
    return;
  self->n_names = 1;
  for (const char *at = self->path; (at = strstr (at, MUSTER_PATH_SEPARATOR)) != NULL;
       at += strlen (MUSTER_PATH_SEPARATOR))
    self->n_names++;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->path,
                                  -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), self->n_names > 1 ? self->path : NULL);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
