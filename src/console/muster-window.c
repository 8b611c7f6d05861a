/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-window"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "alerts/muster-alert-banner.h"
#include "alerts/muster-alert-cover.h"
#include "alerts/muster-alert-notice.h"
#include "muster-badges.h"
#include "muster-connection-button.h"
#include "muster-page.h"
#include "muster-room-row.h"
#include "muster-room.h"
#include "muster-toaster.h"
#include "muster-window-private.h"
#include "jobs/muster-job-notice.h"
#include "jobs/muster-jobs-button.h"
#include "people/muster-gatekeeper.h"
#include "people/muster-idle-lock.h"
#include "people/muster-person-button.h"
#include "scanning/muster-scan-desk.h"
#include "scanning/muster-scan.h"
#include "scanning/muster-scans-button.h"

G_DEFINE_FINAL_TYPE (MusterWindow, muster_window, ADW_TYPE_APPLICATION_WINDOW)

typedef enum
{
  PROP_SESSION = 1,
  PROP_SITE_NAME,
} MusterWindowProperty;

static GParamSpec *properties[PROP_SITE_NAME + 1];

const MusterRoom *
muster_window_find_room (const char *name)
{
  unsigned          n_rooms;
  const MusterRoom *rooms = muster_rooms_list (&n_rooms);

  for (unsigned i = 0; i < n_rooms; i++)
    if (g_strcmp0 (rooms[i].name, name) == 0)
      return &rooms[i];
  return NULL;
}

static MusterRoomRow *
find_row (MusterWindow *self, const char *name)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->rooms, i)) != NULL; i++)
    if (g_strcmp0 (muster_room_row_get_name (MUSTER_ROOM_ROW (row)), name) == 0)
      return MUSTER_ROOM_ROW (row);
  return NULL;
}

MusterPage *
muster_window_get_page (MusterWindow *self)
{
  GtkWidget *view;

  g_return_val_if_fail (MUSTER_IS_WINDOW (self), NULL);

  view = gtk_stack_get_visible_child (self->stack);
  return view != NULL
           ? MUSTER_PAGE (adw_navigation_view_get_visible_page (ADW_NAVIGATION_VIEW (view)))
           : NULL;
}

/* Says in the bar of the past what the page in front has to do with it. */
static void
note_past (MusterWindow *self)
{
  MusterPage *page = muster_window_get_page (self);
  gboolean    is_past = muster_session_get_as_of (self->session) != 0;

  muster_time_machine_set_note (self->machine,
                                is_past && page != NULL && !muster_page_has_past (page)
                                  ? _ ("This page has no past: what it shows is of now")
                                  : NULL);
}

/* The one place that says which actions make sense now. */
static void
muster_window_update_actions (MusterWindow *self)
{
  static const char *const behind_gate[] = { "win.room",    "win.open",        "win.open-device",
                                             "win.find",    "win.find-text",   "win.list",
                                             "win.sign-in", "win.scan",        "win.toggle-sidebar",
                                             "win.jobs",    "win.time-machine" };
  MusterPage              *page = muster_window_get_page (self);
  MusterApiClient         *client = muster_session_get_client (self->session);
  gboolean                 gated = muster_gatekeeper_is_closed (self->gatekeeper);

  for (unsigned i = 0; i < G_N_ELEMENTS (behind_gate); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), behind_gate[i], !gated);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.refresh",
                                 !gated && page != NULL && muster_page_can_refresh (page));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.search",
                                 !gated && page != NULL && muster_page_can_search (page));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo",
                                 !gated && muster_toaster_can_undo (self->toaster) &&
                                   muster_session_get_as_of (self->session) == 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.time-step",
                                 !gated && gtk_revealer_get_reveal_child (self->past));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.time-mark",
                                 !gated && gtk_revealer_get_reveal_child (self->past));
  note_past (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.lock",
                                 muster_gatekeeper_can_lock (self->gatekeeper));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.sign-out",
                                 !gated && muster_api_client_is_signed_in (client));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.reconnect",
                                 !muster_session_is_connected (self->session));
}

AdwNavigationView *
muster_window_ensure_view (MusterWindow *self, const MusterRoom *room)
{
  GtkWidget *view = gtk_stack_get_child_by_name (self->stack, room->name);
  GtkWidget *page;

  if (view != NULL)
    return ADW_NAVIGATION_VIEW (view);
  view = adw_navigation_view_new ();
  page =
    g_object_new (room->get_page_type (), "session", self->session, "title", _ (room->title), NULL);
  adw_navigation_view_add (ADW_NAVIGATION_VIEW (view), ADW_NAVIGATION_PAGE (page));
  g_signal_connect_object (view, "notify::visible-page", G_CALLBACK (muster_window_update_actions),
                           self, G_CONNECT_SWAPPED);
  gtk_stack_add_named (self->stack, view, room->name);
  return ADW_NAVIGATION_VIEW (view);
}

static void
pop_to_first (AdwNavigationView *view)
{
  g_autoptr (GListModel) pages = G_LIST_MODEL (adw_navigation_view_get_navigation_stack (view));
  g_autoptr (AdwNavigationPage) first = g_list_model_get_item (pages, 0);

  adw_navigation_view_pop_to_page (view, first);
}

/* Brings the room to the front of the stack, without leaving the sidebar where there is place for
 * one pane only. */
static void
select_room (MusterWindow *self, const MusterRoom *room)
{
  GSettings *settings = muster_session_get_settings (self->session);

  muster_window_ensure_view (self, room);
  gtk_stack_set_visible_child_name (self->stack, room->name);
  adw_navigation_page_set_title (self->content_page, _ (room->title));
  if (settings != NULL)
    g_settings_set_string (settings, "room", room->name);
  muster_window_update_actions (self);
}

void
muster_window_show_room (MusterWindow *self, const char *name)
{
  const MusterRoom *room = muster_window_find_room (name);

  g_return_if_fail (MUSTER_IS_WINDOW (self));

  if (room == NULL)
    return;
  g_set_str (&self->activated, name);
  select_room (self, room);
  gtk_list_box_select_row (self->rooms, GTK_LIST_BOX_ROW (find_row (self, name)));
  adw_navigation_split_view_set_show_content (self->split, TRUE);
}

static gboolean
muster_window_focus_page_cb (gpointer user_data)
{
  /* Meanwhile it may be gone from the window, or the window itself. */
  if (gtk_widget_get_root (user_data) != NULL)
    gtk_widget_child_focus (user_data, GTK_DIR_TAB_FORWARD);
  return G_SOURCE_REMOVE;
}

gboolean
muster_window_open (MusterWindow *self, const char *kind, const char *id)
{
  const MusterRoomKind *found = muster_rooms_find_kind (kind);
  AdwNavigationView    *view;
  AdwNavigationPage    *page;

  g_return_val_if_fail (MUSTER_IS_WINDOW (self), FALSE);
  g_return_val_if_fail (kind != NULL && id != NULL, FALSE);

  if (found == NULL)
    return FALSE;
  muster_window_show_room (self, found->room);
  view = muster_window_ensure_view (self, muster_window_find_room (found->room));
  pop_to_first (view);
  if (found->create_page != NULL)
    adw_navigation_view_push (view, ADW_NAVIGATION_PAGE (found->create_page (self->session, id)));
  page = adw_navigation_view_get_visible_page (view);
  if (found->show != NULL)
    found->show (MUSTER_PAGE (page), id);
  /* Once the dialog that asked for it has given the focus back. */
  g_idle_add_full (G_PRIORITY_LOW, muster_window_focus_page_cb, g_object_ref (page),
                   g_object_unref);
  return TRUE;
}

static void
muster_window_room_activated_cb (MusterWindow *self, GtkListBoxRow *row)
{
  const char *name = muster_room_row_get_name (MUSTER_ROOM_ROW (row));
  gboolean    again = g_strcmp0 (self->activated, name) == 0;

  g_set_str (&self->activated, name);
  /* A second click on the room goes to the bottom of its stack. */
  if (again)
    pop_to_first (muster_window_ensure_view (self, muster_window_find_room (name)));
  muster_window_show_room (self, name);
}

/* The arrow keys go through the rooms as they go through the rows. */
static void
muster_window_room_selected_cb (MusterWindow *self, GtkListBoxRow *row)
{
  const char *name = row != NULL ? muster_room_row_get_name (MUSTER_ROOM_ROW (row)) : NULL;

  if (name != NULL && self->session != NULL &&
      g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), name) != 0)
    select_room (self, muster_window_find_room (name));
}

static void
muster_window_header_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  const MusterRoom *room =
    muster_window_find_room (muster_room_row_get_name (MUSTER_ROOM_ROW (row)));
  gboolean apart =
    room->below && before != NULL &&
    !muster_window_find_room (muster_room_row_get_name (MUSTER_ROOM_ROW (before)))->below;

  gtk_list_box_row_set_header (row, apart ? gtk_separator_new (GTK_ORIENTATION_HORIZONTAL) : NULL);
}

static void
fill_sidebar (MusterWindow *self)
{
  unsigned          n_rooms;
  const MusterRoom *rooms = muster_rooms_list (&n_rooms);

  for (unsigned i = 0; i < n_rooms; i++)
    gtk_list_box_append (self->rooms, muster_room_row_new (rooms[i].name, _ (rooms[i].title),
                                                           rooms[i].icon_name));
  gtk_list_box_set_header_func (self->rooms, muster_window_header_cb, NULL, NULL);
  /* The rooms are one stop for Tab, which would open each of them in passing (GTK 4.18). */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (self->rooms), "tab-behavior") != NULL)
    g_object_set (self->rooms, "tab-behavior", GTK_LIST_TAB_ITEM, NULL);
}

/* --- who is at this console --- */

static void
muster_window_gate_cb (MusterWindow *self)
{
  if (muster_gatekeeper_is_closed (self->gatekeeper))
    muster_toaster_hide (self->toaster);
  muster_window_update_actions (self);
}

static void
muster_window_passed_cb (MusterWindow *self)
{
  /* The keyboard was at the gate, which is gone. */
  gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
}

/* What is scanned at the gate, or while somebody is to take over, is a badge, and nobody else's
 * business. */
static gboolean
muster_window_badge_cb (GtkWidget *widget, const char *code, gpointer user_data)
{
  MusterWindow *self = MUSTER_WINDOW (widget);

  return muster_gatekeeper_take_badge (self->gatekeeper, code) ||
         muster_person_button_take_badge (self->person_button, code);
}

static const MusterRoom *
find_first_room (MusterWindow *self)
{
  unsigned          n_rooms;
  const MusterRoom *rooms = muster_rooms_list (&n_rooms);

  for (unsigned i = 0; i < n_rooms; i++)
    if (muster_room_is_there (&rooms[i], self->session))
      return &rooms[i];
  return &rooms[0];
}

/* A room whose content the role may not read, or has no use for, is not there. */
static void
muster_window_rights_cb (MusterWindow *self)
{
  const char       *shown = gtk_stack_get_visible_child_name (self->stack);
  const MusterRoom *room = shown != NULL ? muster_window_find_room (shown) : NULL;
  unsigned          n_rooms;
  const MusterRoom *rooms = muster_rooms_list (&n_rooms);

  for (unsigned i = 0; i < n_rooms; i++)
    gtk_widget_set_visible (GTK_WIDGET (find_row (self, rooms[i].name)),
                            muster_room_is_there (&rooms[i], self->session));
  if (room != NULL && !muster_room_is_there (room, self->session))
    muster_window_show_room (self, find_first_room (self)->name);
  muster_window_update_actions (self);
}

static void
muster_window_badges_cb (MusterWindow *self)
{
  unsigned         waiting = muster_badges_get_waiting (self->badges);
  unsigned         devices = muster_badges_get_devices (self->badges);
  g_autofree char *waiting_text =
    g_strdup_printf (ngettext ("%u device can be adopted", "%u devices can be adopted", waiting),
                     waiting);
  g_autofree char *devices_text =
    g_strdup_printf (ngettext ("%u device", "%u devices", devices), devices);

  muster_room_row_set_badge (find_row (self, "discover"), waiting, TRUE, waiting_text);
  muster_room_row_set_badge (find_row (self, "devices"), devices, FALSE, devices_text);
}

/* --- the past --- */

/* Nobody shall take for now what is long gone: the whole window says so. */
static void
muster_window_past_cb (MusterWindow *self)
{
  if (muster_session_get_as_of (self->session) != 0)
    gtk_widget_add_css_class (GTK_WIDGET (self), "past");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "past");
  muster_window_update_actions (self);
}

static void
muster_window_left_past_cb (MusterWindow *self)
{
  gtk_revealer_set_reveal_child (self->past, FALSE);
  muster_window_update_actions (self);
  /* The keyboard was in the bar. */
  gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);
}

static void
muster_window_alerts_cb (MusterWindow *self)
{
  unsigned         open = muster_alert_watch_get_open (self->alerts);
  g_autofree char *text = g_strdup_printf (ngettext ("%u alert nobody has acknowledged",
                                                     "%u alerts nobody has acknowledged", open),
                                           open);

  muster_room_row_set_badge (find_row (self, "alerts"), open, TRUE, text);
}

void
muster_window_offer (MusterWindow *self,
                     const char   *text,
                     const char   *label,
                     const char   *action,
                     GVariant     *target)
{
  g_return_if_fail (MUSTER_IS_WINDOW (self));

  muster_toaster_offer (self->toaster, text, label, action, target);
}

/* --- connection --- */

static void
muster_window_connection_cb (MusterWindow *self)
{
  g_autofree char *warning = muster_connection_button_dup_warning (self->connection_button);

  if (warning != NULL)
    adw_banner_set_title (self->banner, warning);
  adw_banner_set_revealed (self->banner, warning != NULL);
  muster_window_update_actions (self);
}

void
muster_window_set_trouble (MusterWindow *self, const char *trouble)
{
  g_return_if_fail (MUSTER_IS_WINDOW (self));

  muster_connection_button_set_trouble (self->connection_button, trouble);
  muster_window_connection_cb (self);
}

static void
muster_window_site_cb (MusterWindow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITE_NAME]);
  adw_banner_set_revealed (self->rehearsal_banner, muster_session_is_rehearsal (self->session));
  adw_window_title_set_subtitle (self->sidebar_title, muster_session_is_rehearsal (self->session)
                                                        ? _ ("Rehearsal")
                                                        : "");
}

/* --- life --- */

static void
restore_size (MusterWindow *self)
{
  GSettings *settings = muster_session_get_settings (self->session);

  if (settings == NULL)
    return;
  g_settings_bind (settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
}

/* The parts that know the site beside the rooms. */
static void
create_parts (MusterWindow *self)
{
  self->badges = muster_badges_new (self->session);
  self->alerts = muster_alert_watch_new (self->session);
  self->desk = muster_scan_desk_new (GTK_WIDGET (self), self->session);
  self->jobs = muster_jobs_new (self->session);
  self->toaster = muster_toaster_new (self->toasts, self->session);
  self->gatekeeper =
    muster_gatekeeper_new (ADW_APPLICATION_WINDOW (self), self->cover, self->session);
  muster_idle_lock_attach (GTK_WINDOW (self), self->gatekeeper, self->session);
  muster_job_notice_attach (GTK_WINDOW (self), self->session, self->jobs);
  muster_alert_banner_set_watch (self->alert_banner, self->session, self->alerts);
  muster_wall_open (self->wall, self->session);
  muster_alert_cover_set_watch (self->alert_cover, self->session, self->alerts);
  muster_alert_notice_attach (GTK_WINDOW (self), self->session, self->alerts, self->alert_cover);
  muster_person_button_set_session (self->person_button, self->session);
  muster_connection_button_set_session (self->connection_button, self->session);
  muster_jobs_button_set_jobs (self->jobs_button, self->session, self->jobs);
  muster_time_machine_set_session (self->machine, self->session);
  muster_scans_button_set_desk (self->scans_button, self->desk);
  muster_scan_claim_secret (GTK_WIDGET (self), muster_window_badge_cb, NULL, NULL);
}

static void
follow (MusterWindow *self)
{
  MusterApiClient *client = muster_session_get_client (self->session);
  const struct
  {
    gpointer    object;
    const char *signal;
    void (*callback) (MusterWindow *self);
  } followed[] = {
    { self->badges, "changed", muster_window_badges_cb },
    { self->alerts, "changed", muster_window_alerts_cb },
    { self->toaster, "changed", muster_window_update_actions },
    { self->gatekeeper, "changed", muster_window_gate_cb },
    { self->gatekeeper, "passed", muster_window_passed_cb },
    { self->session, "notify::site-name", muster_window_site_cb },
    { self->session, "notify::rehearsal", muster_window_site_cb },
    { self->session, "notify::rights", muster_window_rights_cb },
    { self->session, "notify::as-of", muster_window_past_cb },
    { client, "notify::connection", muster_window_connection_cb },
    { client, "notify::reason", muster_window_connection_cb },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (followed); i++)
    g_signal_connect_object (followed[i].object, followed[i].signal,
                             G_CALLBACK (followed[i].callback), self, G_CONNECT_SWAPPED);
}

static void
muster_window_constructed (GObject *object)
{
  MusterWindow    *self = MUSTER_WINDOW (object);
  GSettings       *settings = muster_session_get_settings (self->session);
  g_autofree char *room = settings != NULL ? g_settings_get_string (settings, "room") : NULL;

  G_OBJECT_CLASS (muster_window_parent_class)->constructed (object);
  restore_size (self);
  create_parts (self);
  fill_sidebar (self);
  follow (self);
  if (muster_session_is_rehearsal (self->session))
    gtk_widget_add_css_class (GTK_WIDGET (self->sidebar_header), "rehearsal");
  muster_window_site_cb (self);
  muster_window_connection_cb (self);
  muster_window_show_room (self, muster_window_find_room (room) != NULL ? room : "overview");
  muster_window_rights_cb (self);
}

static void
muster_window_dispose (GObject *object)
{
  MusterWindow *self = MUSTER_WINDOW (object);

  g_clear_object (&self->badges);
  g_clear_object (&self->alerts);
  g_clear_object (&self->desk);
  g_clear_object (&self->jobs);
  g_clear_object (&self->toaster);
  g_clear_object (&self->gatekeeper);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_WINDOW);
  G_OBJECT_CLASS (muster_window_parent_class)->dispose (object);
}

static void
muster_window_finalize (GObject *object)
{
  MusterWindow *self = MUSTER_WINDOW (object);

  g_clear_object (&self->session);
  g_free (self->activated);
  G_OBJECT_CLASS (muster_window_parent_class)->finalize (object);
}

static void
muster_window_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MusterWindow *self = MUSTER_WINDOW (object);

  switch ((MusterWindowProperty)prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_SITE_NAME:
      g_value_set_string (value, self->session != NULL
                                   ? muster_session_get_site_name (self->session)
                                   : "");
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_window_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  MusterWindow *self = MUSTER_WINDOW (object);

  switch ((MusterWindowProperty)prop_id)
    {
    case PROP_SESSION:
      self->session = g_value_dup_object (value);
      break;
    case PROP_SITE_NAME:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_window_class_init (MusterWindowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_window_constructed;
  object_class->dispose = muster_window_dispose;
  object_class->finalize = muster_window_finalize;
  object_class->get_property = muster_window_get_property;
  object_class->set_property = muster_window_set_property;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, MUSTER_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SITE_NAME] =
    g_param_spec_string ("site-name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  g_type_ensure (MUSTER_TYPE_ALERT_BANNER);
  g_type_ensure (MUSTER_TYPE_ALERT_COVER);
  g_type_ensure (MUSTER_TYPE_CONNECTION_BUTTON);
  g_type_ensure (MUSTER_TYPE_JOBS_BUTTON);
  g_type_ensure (MUSTER_TYPE_PERSON_BUTTON);
  g_type_ensure (MUSTER_TYPE_SCANS_BUTTON);
  g_type_ensure (MUSTER_TYPE_TIME_MACHINE);
  g_type_ensure (MUSTER_TYPE_WALL);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/window.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, cover);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, jobs_button);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, person_button);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, scans_button);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, connection_button);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, split);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, content_page);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, sidebar_title);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, sidebar_header);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, rooms);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, rehearsal_banner);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, alert_banner);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, alert_cover);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, past);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, machine);
  gtk_widget_class_bind_template_child (widget_class, MusterWindow, wall);
  gtk_widget_class_bind_template_callback (widget_class, muster_window_room_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_window_room_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_window_left_past_cb);
  muster_window_class_install_actions (widget_class);
}

static void
muster_window_init (MusterWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
muster_window_new (GtkApplication *application, MusterSession *session)
{
  return g_object_new (MUSTER_TYPE_WINDOW, "application", application, "session", session, NULL);
}

MusterSession *
muster_window_get_session (MusterWindow *self)
{
  g_return_val_if_fail (MUSTER_IS_WINDOW (self), NULL);

  return self->session;
}

void
muster_window_begin_with_wall (MusterWindow *self)
{
  g_return_if_fail (MUSTER_IS_WINDOW (self));

  muster_wall_return_when_idle (self->wall);
  muster_wall_show (self->wall);
}
