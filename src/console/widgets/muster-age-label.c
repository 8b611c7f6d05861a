/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-age-label"

#include "config.h"

#include "muster-age-label.h"
#include "muster-format.h"

struct _MusterAgeLabel
{
  GtkWidget parent_instance;

  GtkWidget *label;
  gint64     time;
  GTimeZone *zone;      /* (owned) */
  unsigned   update_id; /* timeout, while mapped */
};

G_DEFINE_FINAL_TYPE (MusterAgeLabel, muster_age_label, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_TIME = 1,
} MusterAgeLabelProperty;

static GParamSpec *properties[PROP_TIME + 1];

static void muster_age_label_update (MusterAgeLabel *self);

static void
muster_age_label_timeout_cb (gpointer user_data)
{
  MusterAgeLabel *self = user_data;

  self->update_id = 0;
  muster_age_label_update (self);
}

static void
muster_age_label_update (MusterAgeLabel *self)
{
  gint64           now = g_get_real_time ();
  g_autofree char *text = self->time > 0 ? muster_format_age (self->time, now) : NULL;

  g_clear_handle_id (&self->update_id, g_source_remove);
  gtk_label_set_label (GTK_LABEL (self->label), text != NULL ? text : "");
  if (text != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->update_id = g_timeout_add_seconds_once (muster_format_age_lifetime (self->time, now),
                                                  muster_age_label_timeout_cb, self);
}

static gboolean
muster_age_label_query_tooltip_cb (MusterAgeLabel *self,
                                   int             x,
                                   int             y,
                                   gboolean        keyboard_mode,
                                   GtkTooltip     *tooltip)
{
  g_autofree char *text = NULL;

  if (self->time <= 0)
    return FALSE;
  text = muster_format_time (self->time, self->zone);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
muster_age_label_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (muster_age_label_parent_class)->map (widget);
  muster_age_label_update (MUSTER_AGE_LABEL (widget));
}

static void
muster_age_label_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&MUSTER_AGE_LABEL (widget)->update_id, g_source_remove);
  GTK_WIDGET_CLASS (muster_age_label_parent_class)->unmap (widget);
}

static void
muster_age_label_dispose (GObject *object)
{
  MusterAgeLabel *self = MUSTER_AGE_LABEL (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  G_OBJECT_CLASS (muster_age_label_parent_class)->dispose (object);
}

static void
muster_age_label_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((MusterAgeLabelProperty)prop_id)
    {
    case PROP_TIME:
      g_value_set_int64 (value, MUSTER_AGE_LABEL (object)->time);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_age_label_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch ((MusterAgeLabelProperty)prop_id)
    {
    case PROP_TIME:
      muster_age_label_set_time (MUSTER_AGE_LABEL (object), g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_age_label_class_init (MusterAgeLabelClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_age_label_dispose;
  object_class->get_property = muster_age_label_get_property;
  object_class->set_property = muster_age_label_set_property;
  widget_class->map = muster_age_label_map;
  widget_class->unmap = muster_age_label_unmap;
  properties[PROP_TIME] =
    g_param_spec_int64 ("time", NULL, NULL, 0, G_MAXINT64, 0,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "age");
}

static void
muster_age_label_init (MusterAgeLabel *self)
{
  self->zone = g_time_zone_new_local ();
  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->label, "numeric");
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (muster_age_label_query_tooltip_cb), NULL);
}

GtkWidget *
muster_age_label_new (void)
{
  return g_object_new (MUSTER_TYPE_AGE_LABEL, NULL);
}

gint64
muster_age_label_get_time (MusterAgeLabel *self)
{
  g_return_val_if_fail (MUSTER_IS_AGE_LABEL (self), 0);

  return self->time;
}

void
muster_age_label_set_time (MusterAgeLabel *self, gint64 time)
{
  g_return_if_fail (MUSTER_IS_AGE_LABEL (self));

  if (self->time == time)
    return;
  self->time = time;
  muster_age_label_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIME]);
}

void
muster_age_label_set_zone (MusterAgeLabel *self, GTimeZone *zone)
{
  g_return_if_fail (MUSTER_IS_AGE_LABEL (self));
  g_return_if_fail (zone != NULL);

  g_time_zone_ref (zone);
  g_time_zone_unref (self->zone);
  self->zone = zone;
}

void
muster_age_label_set_whole (MusterAgeLabel *self, gboolean whole)
{
  g_return_if_fail (MUSTER_IS_AGE_LABEL (self));

  gtk_label_set_ellipsize (GTK_LABEL (self->label),
                           whole ? PANGO_ELLIPSIZE_NONE : PANGO_ELLIPSIZE_END);
}
