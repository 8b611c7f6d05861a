/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-scan-group"

#include "config.h"

#include "muster-scan-group.h"

struct _MusterScanGroup
{
  MusterSettingsGroup parent_instance;

  AdwSwitchRow *sound;
  AdwSwitchRow *flash;
  GtkEditable  *prefix;
  GtkEditable  *suffix;
  AdwSpinRow   *gap;
};

G_DEFINE_FINAL_TYPE (MusterScanGroup, muster_scan_group, MUSTER_TYPE_SETTINGS_GROUP)

static MusterSession *
session_of (MusterScanGroup *self)
{
  return muster_settings_group_get_session (MUSTER_SETTINGS_GROUP (self));
}

static void
muster_scan_group_constructed (GObject *object)
{
  MusterScanGroup *self = MUSTER_SCAN_GROUP (object);
  GSettings       *settings = muster_session_get_settings (session_of (self));

  G_OBJECT_CLASS (muster_scan_group_parent_class)->constructed (object);
  gtk_widget_set_visible (GTK_WIDGET (self), settings != NULL);
  if (settings == NULL)
    return;
  g_settings_bind (settings, "scan-sound", self->sound, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "scan-flash", self->flash, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "scan-prefix", self->prefix, "text", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "scan-suffix", self->suffix, "text", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "scan-gap", self->gap, "value", G_SETTINGS_BIND_DEFAULT);
}

static void
muster_scan_group_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), MUSTER_TYPE_SCAN_GROUP);
  G_OBJECT_CLASS (muster_scan_group_parent_class)->dispose (object);
}

static void
muster_scan_group_class_init (MusterScanGroupClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_scan_group_constructed;
  object_class->dispose = muster_scan_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/scan-group.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterScanGroup, sound);
  gtk_widget_class_bind_template_child (widget_class, MusterScanGroup, flash);
  gtk_widget_class_bind_template_child (widget_class, MusterScanGroup, prefix);
  gtk_widget_class_bind_template_child (widget_class, MusterScanGroup, suffix);
  gtk_widget_class_bind_template_child (widget_class, MusterScanGroup, gap);
}

static void
muster_scan_group_init (MusterScanGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
