/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-window-actions"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-accounts.h"
#include "jobs/muster-jobs-button.h"
#include "muster-finder.h"
#include "muster-help.h"
#include "muster-page.h"
#include "muster-toaster.h"
#include "muster-window-private.h"
#include "people/muster-gatekeeper.h"
#include "scanning/muster-scan-desk.h"
#include "scanning/muster-scan.h"

static void
muster_window_lock_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_gatekeeper_lock (MUSTER_WINDOW (widget)->gatekeeper);
}

static void
muster_window_sign_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_gatekeeper_ask (MUSTER_WINDOW (widget)->gatekeeper);
}

static DexFuture *
muster_window_signed_out_cb (DexFuture *future, gpointer user_data)
{
  muster_session_tell (user_data, _ ("Signed out"));
  return dex_future_new_true ();
}

static void
muster_window_sign_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterSession *session = MUSTER_WINDOW (widget)->session;

  dex_future_disown (dex_future_finally (muster_api_sign_out (muster_session_get_client (session)),
                                         muster_window_signed_out_cb, g_object_ref (session),
                                         g_object_unref));
}

/* Who went to a page by a shortcut goes on by the keyboard: where it was left, or at its beginning.
 */
static void
focus_page (MusterWindow *self)
{
  GtkWidget *page = GTK_WIDGET (muster_window_get_page (self));
  GtkWidget *left = page != NULL ? gtk_widget_get_focus_child (page) : NULL;

  while (left != NULL && gtk_widget_get_focus_child (left) != NULL)
    left = gtk_widget_get_focus_child (left);
  if (page != NULL && (left == NULL || !gtk_widget_grab_focus (left)))
    gtk_widget_child_focus (page, GTK_DIR_TAB_FORWARD);
}

static void
muster_window_room_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterWindow *self = MUSTER_WINDOW (widget);

  muster_window_show_room (self, g_variant_get_string (parameter, NULL));
  focus_page (self);
}

static void
muster_window_open_device_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_window_open (MUSTER_WINDOW (widget), "device", g_variant_get_string (parameter, NULL));
}

/* PARAMETER: the kind of a record, and its id. */
static void
muster_window_open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *kind, *id;

  g_variant_get (parameter, "(&s&s)", &kind, &id);
  muster_window_open (MUSTER_WINDOW (widget), kind, id);
}

/* PARAMETER: a room, and the filters (field, value …) of its list. */
static void
muster_window_list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterWindow      *self = MUSTER_WINDOW (widget);
  AdwNavigationView *view;
  g_autoptr (GListModel) pages = NULL;
  g_autoptr (AdwNavigationPage) page = NULL;
  g_autofree const char **filters = NULL;
  const char             *room;

  g_variant_get (parameter, "(&s^a&s)", &room, &filters);
  muster_window_show_room (self, room);
  view = muster_window_ensure_view (self, muster_window_find_room (room));
  adw_navigation_view_pop_to_tag (view, room);
  pages = G_LIST_MODEL (adw_navigation_view_get_navigation_stack (view));
  page = g_list_model_get_item (pages, 0);
  muster_page_list (MUSTER_PAGE (page), filters);
}

static void
muster_window_refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_page_refresh (muster_window_get_page (MUSTER_WINDOW (widget)));
}

static void
muster_window_search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_page_search (muster_window_get_page (MUSTER_WINDOW (widget)));
}

/* What the page in front has an action for: "new", "import", "export", "print". */
static void
muster_window_page_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterPage      *page = muster_window_get_page (MUSTER_WINDOW (widget));
  g_autofree char *action = g_strconcat ("page.", g_variant_get_string (parameter, NULL), NULL);

  if (page != NULL)
    gtk_widget_activate_action (GTK_WIDGET (page), action, NULL);
}

static void
muster_window_find_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *text = parameter != NULL ? g_variant_get_string (parameter, NULL) : "";

  adw_dialog_present (muster_finder_new (MUSTER_WINDOW (widget)->session, text), widget);
}

/* As if PARAMETER had been scanned. */
static void
muster_window_scan_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_scan_desk_take (MUSTER_WINDOW (widget)->desk, g_variant_get_string (parameter, NULL));
}

/* The button of the jobs stands in the sidebar. */
static void
muster_window_jobs_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterWindow *self = MUSTER_WINDOW (widget);

  adw_navigation_split_view_set_show_content (self->split, FALSE);
  if (!muster_jobs_button_open (self->jobs_button))
    {
      adw_navigation_split_view_set_show_content (self->split, TRUE);
      muster_session_tell (self->session, _ ("There have been no jobs"));
    }
}

static void
muster_window_sidebar_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterWindow *self = MUSTER_WINDOW (widget);

  if (adw_application_window_get_current_breakpoint (ADW_APPLICATION_WINDOW (self)) != NULL)
    adw_navigation_split_view_set_show_content (self->split,
                                                !adw_navigation_split_view_get_show_content (
                                                  self->split));
  else
    {
      adw_navigation_split_view_set_show_content (self->split, TRUE);
      adw_navigation_split_view_set_collapsed (self->split,
                                               !adw_navigation_split_view_get_collapsed (
                                                 self->split));
    }
}

static void
muster_window_fullscreen_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (gtk_window_is_fullscreen (GTK_WINDOW (widget)))
    gtk_window_unfullscreen (GTK_WINDOW (widget));
  else
    gtk_window_fullscreen (GTK_WINDOW (widget));
}

static void
muster_window_wall_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterWall *wall = MUSTER_WINDOW (widget)->wall;

  if (gtk_widget_get_visible (GTK_WIDGET (wall)))
    muster_wall_leave (wall);
  else
    muster_wall_show (wall);
}

/* Behind the gate nobody looks at a page. */
static void
muster_window_help_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterWindow *self = MUSTER_WINDOW (widget);

  if (muster_gatekeeper_is_closed (self->gatekeeper))
    muster_help_show (widget, "sign-in");
  else
    muster_help_show (widget,
                      muster_help_find_topic (muster_window_get_page (self),
                                              gtk_stack_get_visible_child_name (self->stack)));
}

static void
muster_window_undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_toaster_undo (MUSTER_WINDOW (widget)->toaster);
}

/* Into the past, and back to the present. */
static void
muster_window_time_machine_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterWindow *self = MUSTER_WINDOW (widget);

  if (gtk_revealer_get_reveal_child (self->past))
    {
      muster_time_machine_leave (self->machine);
      return;
    }
  gtk_revealer_set_reveal_child (self->past, TRUE);
  muster_time_machine_enter (self->machine);
  gtk_widget_action_set_enabled (widget, "win.time-step", TRUE);
  gtk_widget_action_set_enabled (widget, "win.time-mark", TRUE);
}

/* PARAMETER: how many steps, or marks. */
static void
muster_window_time_step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_time_machine_step (MUSTER_WINDOW (widget)->machine, g_variant_get_int32 (parameter),
                            g_str_equal (name, "win.time-mark"));
}

static void
muster_window_reconnect_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_api_stream_retry_now (muster_session_get_stream (MUSTER_WINDOW (widget)->session));
}

void
muster_window_class_install_actions (GtkWidgetClass *klass)
{
  static const struct
  {
    const char                 *name, *parameter;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "win.room", "s", muster_window_room_action },
    { "win.open", "(ss)", muster_window_open_action },
    { "win.open-device", "s", muster_window_open_device_action },
    { "win.list", "(sas)", muster_window_list_action },
    { "win.refresh", NULL, muster_window_refresh_action },
    { "win.search", NULL, muster_window_search_action },
    { "win.page", "s", muster_window_page_action },
    { "win.find", NULL, muster_window_find_action },
    { "win.find-text", "s", muster_window_find_action },
    { "win.toggle-sidebar", NULL, muster_window_sidebar_action },
    { "win.fullscreen", NULL, muster_window_fullscreen_action },
    { "win.help", NULL, muster_window_help_action },
    { "win.lock", NULL, muster_window_lock_action },
    { "win.scan", "s", muster_window_scan_action },
    { "win.sign-in", NULL, muster_window_sign_in_action },
    { "win.sign-out", NULL, muster_window_sign_out_action },
    { "win.wall", NULL, muster_window_wall_action },
    { "win.undo", NULL, muster_window_undo_action },
    { "win.jobs", NULL, muster_window_jobs_action },
    { "win.time-machine", NULL, muster_window_time_machine_action },
    { "win.time-step", "i", muster_window_time_step_action },
    { "win.time-mark", "i", muster_window_time_step_action },
    { "win.reconnect", NULL, muster_window_reconnect_action },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (klass, actions[i].name, actions[i].parameter,
                                     actions[i].activate);
}
