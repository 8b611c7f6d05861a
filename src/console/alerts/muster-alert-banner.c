/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-banner"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-device-event.h"
#include "muster-alert-actions.h"
#include "muster-alert-banner.h"
#include "muster-permission.h"

struct _MusterAlertBanner
{
  AdwBin parent_instance;

  MusterSession    *session; /* (owned) (nullable) */
  MusterAlertWatch *watch;   /* (owned) (nullable) */

  /* Template children */
  GtkRevealer *revealer;
  GtkWidget   *bar;
  GtkImage    *image;
  GtkLabel    *label;
  GtkWidget   *acknowledge;
};

G_DEFINE_FINAL_TYPE (MusterAlertBanner, muster_alert_banner, ADW_TYPE_BIN)

/* The worst first. */
char *
muster_alert_counts_format (const unsigned counts[MUSTER_N_SEVERITIES])
{
  g_autofree char *errors =
    g_strdup_printf (ngettext ("%u error", "%u errors", counts[2]), counts[2]);
  g_autofree char *warnings =
    g_strdup_printf (ngettext ("%u warning", "%u warnings", counts[1]), counts[1]);
  g_autofree char *notes =
    g_strdup_printf (ngettext ("%u for information", "%u for information", counts[0]), counts[0]);
  const char *const parts[] = { errors, warnings, notes };
  g_autoptr (GString) text = g_string_new (NULL);

  for (unsigned i = 0; i < G_N_ELEMENTS (parts); i++)
    if (counts[MUSTER_N_SEVERITIES - 1 - i] > 0)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", parts[i]);
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
muster_alert_banner_update (MusterAlertBanner *self)
{
  static const char *const icons[] = { "muster-ring-symbolic", "muster-triangle-symbolic",
                                       "muster-diamond-symbolic" };
  unsigned                 counts[MUSTER_N_SEVERITIES], n = 0;
  int                      worst = 0;
  g_autofree char         *parts = NULL, *text = NULL;
  const char              *classes[] = { "alert-banner", NULL, NULL };

  for (int i = 0; i < MUSTER_N_SEVERITIES; i++)
    {
      counts[i] = muster_alert_watch_get_new (self->watch, i);
      n += counts[i];
      worst = counts[i] > 0 ? i : worst;
    }
  if (n == 0)
    {
      gtk_revealer_set_reveal_child (self->revealer, FALSE);
      return;
    }
  parts = muster_alert_counts_format (counts);
  /* Translators: a count, then "1 error, 2 warnings". */
  text = g_strdup_printf (ngettext ("%u new alert: %s", "%u new alerts: %s", n), n, parts);
  classes[1] = muster_enum_get_nick (&muster_severity_enum, worst);
  gtk_widget_set_css_classes (self->bar, classes);
  gtk_image_set_from_icon_name (self->image, icons[worst]);
  if (g_strcmp0 (gtk_label_get_label (self->label), text) != 0)
    {
      gtk_label_set_label (self->label, text);
      gtk_accessible_announce (GTK_ACCESSIBLE (self), text,
                               worst == MUSTER_N_SEVERITIES - 1
                                 ? GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH
                                 : GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
    }
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

/* One is opened, many are listed. */
static void
muster_alert_banner_show_cb (MusterAlertBanner *self)
{
  static const char *const open[] = {
    "view", "alerts", "status", "open", "cause_id", "null", NULL
  };
  g_auto (GStrv) ids = muster_alert_watch_list_new (self->watch);

  if (g_strv_length (ids) == 1)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open", "(ss)", "alert", ids[0]);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.list", "(s^as)", "alerts", open);
  muster_alert_watch_dismiss (self->watch);
}

static void
muster_alert_banner_acknowledge_cb (MusterAlertBanner *self)
{
  g_auto (GStrv) ids = muster_alert_watch_list_new (self->watch);

  muster_alerts_acknowledge (self->session, (const char *const *)ids);
  muster_alert_watch_dismiss (self->watch);
}

static void
muster_alert_banner_close_cb (MusterAlertBanner *self)
{
  muster_alert_watch_dismiss (self->watch);
}

static void
muster_alert_banner_dispose (GObject *object)
{
  MusterAlertBanner *self = MUSTER_ALERT_BANNER (object);

  g_clear_object (&self->watch);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_alert_banner_parent_class)->dispose (object);
}

static void
muster_alert_banner_class_init (MusterAlertBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_alert_banner_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/alert-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterAlertBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertBanner, bar);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertBanner, image);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertBanner, label);
  gtk_widget_class_bind_template_child (widget_class, MusterAlertBanner, acknowledge);
  gtk_widget_class_bind_template_callback (widget_class, muster_alert_banner_show_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_alert_banner_acknowledge_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_alert_banner_close_cb);
}

static void
muster_alert_banner_init (MusterAlertBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
muster_alert_banner_set_watch (MusterAlertBanner *self,
                               MusterSession     *session,
                               MusterAlertWatch  *watch)
{
  g_return_if_fail (MUSTER_IS_ALERT_BANNER (self));
  g_return_if_fail (MUSTER_IS_ALERT_WATCH (watch));

  g_set_object (&self->session, session);
  g_set_object (&self->watch, watch);
  muster_permission_guard (session, self->acknowledge, "acknowledgeAlert");
  g_signal_connect_object (watch, "changed", G_CALLBACK (muster_alert_banner_update), self,
                           G_CONNECT_SWAPPED);
  muster_alert_banner_update (self);
}
