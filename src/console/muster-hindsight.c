/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-hindsight"

#include "config.h"

#include "muster-hindsight.h"

#define FOLLOWER "muster-hindsight"

/* Lives as long as its widget. */
typedef struct
{
  GWeakRef            session;
  MusterHindsightFunc reload;
  gint64              shown; /* the moment that was asked for last */
} Follower;

static void
follower_free (gpointer data)
{
  Follower *follower = data;

  g_weak_ref_clear (&follower->session);
  g_free (follower);
}

/* Whether that is another one than before. */
static gboolean
take_moment (Follower *follower)
{
  g_autoptr (MusterSession) session = g_weak_ref_get (&follower->session);
  gint64   at = session != NULL ? muster_session_get_as_of (session) : follower->shown;
  gboolean is_new = at != follower->shown;

  follower->shown = at;
  return is_new;
}

static void
muster_hindsight_update_cb (GtkWidget *widget)
{
  Follower *follower = g_object_get_data (G_OBJECT (widget), FOLLOWER);

  if (follower != NULL && gtk_widget_get_mapped (widget) && take_moment (follower))
    follower->reload (widget);
}

void
muster_hindsight_follow (GtkWidget *widget, MusterSession *session, MusterHindsightFunc reload)
{
  Follower *follower;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (MUSTER_IS_SESSION (session));
  g_return_if_fail (reload != NULL);
  g_return_if_fail (g_object_get_data (G_OBJECT (widget), FOLLOWER) == NULL);

  follower = g_new0 (Follower, 1);
  g_weak_ref_init (&follower->session, session);
  follower->reload = reload;
  follower->shown = muster_session_get_as_of (session);
  g_object_set_data_full (G_OBJECT (widget), FOLLOWER, follower, follower_free);
  g_signal_connect_object (session, "notify::as-of", G_CALLBACK (muster_hindsight_update_cb),
                           widget, G_CONNECT_SWAPPED);
  g_signal_connect (widget, "map", G_CALLBACK (muster_hindsight_update_cb), NULL);
}

void
muster_hindsight_note (GtkWidget *widget)
{
  Follower *follower = g_object_get_data (G_OBJECT (widget), FOLLOWER);

  if (follower != NULL)
    take_moment (follower);
}
