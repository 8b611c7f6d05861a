/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-permission"

#include "config.h"

#include "muster-permission.h"

/* What is guarded; lives as long as its widget. */
typedef struct
{
  GtkWidget  *widget;
  const char *operation;
  char       *tooltip; /* (nullable) the widget's own, while it shows the reason */
  gboolean    refused;
} Guard;

static void
guard_free (gpointer data, GClosure *closure)
{
  Guard *guard = data;

  g_free (guard->tooltip);
  g_free (guard);
}

static gboolean
has_action (GtkWidget *widget)
{
  return GTK_IS_ACTIONABLE (widget) &&
         gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)) != NULL;
}

static void
muster_permission_guard_cb (MusterSession *session, GParamSpec *pspec, Guard *guard)
{
  g_autofree char *reason = muster_session_explain (session, guard->operation);

  if (reason != NULL && !guard->refused)
    guard->tooltip = g_strdup (gtk_widget_get_tooltip_text (guard->widget));
  if (reason != NULL)
    gtk_widget_set_tooltip_text (guard->widget, reason);
  else if (guard->refused)
    {
      gtk_widget_set_tooltip_text (guard->widget, guard->tooltip);
      g_clear_pointer (&guard->tooltip, g_free);
    }
  if (!has_action (guard->widget) && guard->refused != (reason != NULL))
    gtk_widget_set_sensitive (guard->widget, reason == NULL);
  guard->refused = reason != NULL;
}

/* What is only not to be done in the past stays where it is. */
static void
muster_permission_hide_cb (MusterSession *session, GParamSpec *pspec, Guard *guard)
{
  gboolean may = muster_access_may (muster_session_get_access (session), guard->operation);

  gtk_widget_set_visible (guard->widget, may);
  if (may)
    muster_permission_guard_cb (session, pspec, guard);
}

typedef void (*GuardFunc) (MusterSession *session, GParamSpec *pspec, Guard *guard);

static void
watch (MusterSession *session, GtkWidget *widget, const char *operation, GuardFunc func)
{
  Guard    *guard = g_new0 (Guard, 1);
  GClosure *closure = g_cclosure_new (G_CALLBACK (func), guard, guard_free);

  guard->widget = widget;
  guard->operation = operation;
  g_object_watch_closure (G_OBJECT (widget), closure);
  g_signal_connect_closure (session, "notify::rights", closure, FALSE);
  func (session, NULL, guard);
}

void
muster_permission_guard (MusterSession *session, GtkWidget *widget, const char *operation)
{
  g_return_if_fail (MUSTER_IS_SESSION (session));
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (operation != NULL);

  watch (session, widget, operation, muster_permission_guard_cb);
}

void
muster_permission_hide (MusterSession *session, GtkWidget *widget, const char *operation)
{
  g_return_if_fail (MUSTER_IS_SESSION (session));
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (operation != NULL);

  watch (session, widget, operation, muster_permission_hide_cb);
}
