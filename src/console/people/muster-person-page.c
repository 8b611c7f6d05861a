/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-person-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-accounts.h"
#include "client/muster-api-journal.h"
#include "muster-key-dialog.h"
#include "muster-permission.h"
#include "muster-person-dialog.h"
#include "muster-person-page.h"
#include "muster-roles.h"
#include "muster-secret-dialog.h"
#include "widgets/muster-format.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-trouble-view.h"

struct _MusterPersonPage
{
  MusterPage parent_instance;

  char                  *id;      /* (owned) */
  MusterPerson          *person;  /* (owned) (nullable) */
  MusterApiSubscription *journal; /* (owned) */
  GPtrArray             *details; /* (element-type GtkWidget) rows, borrowed from their groups */
  GPtrArray             *keys;    /* (element-type GtkWidget) likewise */
  gboolean               showing; /* what is shown is not what somebody set */

  /* Template children */
  GtkStack            *stack;
  MusterTroubleView   *trouble;
  AdwAvatar           *avatar;
  GtkLabel            *name;
  GtkLabel            *role;
  AdwPreferencesGroup *details_group;
  AdwSwitchRow        *enabled;
  AdwActionRow        *password;
  AdwActionRow        *pin;
  AdwActionRow        *badge;
  GtkWidget           *set_password;
  GtkWidget           *set_pin;
  GtkWidget           *clear_pin;
  GtkWidget           *set_badge;
  GtkWidget           *clear_badge;
  AdwPreferencesGroup *keys_group;
  GtkWidget           *add_key;
  GtkWidget           *remove;
};

G_DEFINE_FINAL_TYPE (MusterPersonPage, muster_person_page, MUSTER_TYPE_PAGE)

static MusterSession *
session_of (MusterPersonPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static MusterEntity *
entity_of (MusterPersonPage *self)
{
  return MUSTER_ENTITY (self->person);
}

static gboolean
is_own (MusterPersonPage *self)
{
  MusterPerson *own = muster_access_get_person (muster_session_get_access (session_of (self)));

  return own != NULL && g_strcmp0 (muster_entity_get_id (MUSTER_ENTITY (own)), self->id) == 0;
}

/* Everybody reaches their own record; others are for administrators. */
static gboolean
may (MusterPersonPage *self, const char *operation)
{
  return self->person != NULL && muster_page_may (MUSTER_PAGE (self), operation) &&
         (is_own (self) || muster_page_may (MUSTER_PAGE (self), "deleteUser"));
}

/* --- what is shown --- */

static void
muster_person_page_rights_changed (MusterPage *page)
{
  MusterPersonPage *self = MUSTER_PERSON_PAGE (page);
  gboolean          administrates = muster_page_may (page, "deleteUser");
  static const struct
  {
    const char *action, *operation;
  } actions[] = {
    { "person.edit", "updateUser" },        { "person.set-password", "setUserPassword" },
    { "person.set-pin", "setUserPin" },     { "person.clear-pin", "setUserPin" },
    { "person.set-badge", "setUserBadge" }, { "person.clear-badge", "setUserBadge" },
    { "person.add-key", "createApiKey" },   { "person.delete", "deleteUser" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i].action,
                                   may (self, actions[i].operation));
  gtk_widget_set_sensitive (GTK_WIDGET (self->enabled), administrates && !is_own (self));
}

static void
add_detail (MusterPersonPage *self, const char *title, const char *value)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "subtitle", value, "subtitle-selectable", TRUE, NULL);

  gtk_widget_add_css_class (row, "property");
  adw_preferences_group_add (self->details_group, row);
  g_ptr_array_add (self->details, row);
}

static void
clear_rows (AdwPreferencesGroup *group, GPtrArray *rows)
{
  for (unsigned i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, rows->pdata[i]);
  g_ptr_array_set_size (rows, 0);
}

static void
show_details (MusterPersonPage *self)
{
  static const char *const fields[] = { "email", "phone", "address", "local_user", "last_sign_in" };

  clear_rows (self->details_group, self->details);
  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      unsigned           index = muster_entity_info_find (&muster_person_info, fields[i]);
      const MusterField *field = &muster_person_info.fields[index];
      g_autofree char   *text = NULL;

      if (muster_entity_is_null (entity_of (self), fields[i]))
        continue;
      text = field->type == MUSTER_FIELD_TIME
               ? muster_format_time (muster_entity_get_integer (entity_of (self), fields[i]),
                                     muster_session_get_zone (session_of (self)))
               : muster_field_format_text (field, muster_entity_peek (entity_of (self), index));
      add_detail (self, _ (field->label), text);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->details_group), self->details->len > 0);
}

static void
show_way (MusterPersonPage *self, AdwActionRow *row, GtkWidget *clear, const char *field)
{
  gboolean set = muster_entity_get_boolean (entity_of (self), field);

  adw_action_row_set_subtitle (row, set ? _ ("Set") : _ ("Not set"));
  if (clear != NULL)
    gtk_widget_set_visible (clear, set);
}

static void
show (MusterPersonPage *self)
{
  const char      *name = muster_entity_get_string (entity_of (self), "name");
  int              role = muster_entity_get_enum (entity_of (self), "role");
  g_autofree char *text =
    g_strdup_printf ("%s: %s", _ (muster_enum_get_label (&muster_person_role_enum, role)),
                     muster_roles_describe (role));

  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), name);
  adw_avatar_set_text (self->avatar, name);
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->role, text);
  show_details (self);
  show_way (self, self->password, NULL, "has_password");
  show_way (self, self->pin, self->clear_pin, "has_pin");
  show_way (self, self->badge, self->clear_badge, "has_badge");
  self->showing = TRUE;
  adw_switch_row_set_active (self->enabled,
                             !muster_entity_get_boolean (entity_of (self), "disabled"));
  self->showing = FALSE;
  muster_person_page_rights_changed (MUSTER_PAGE (self));
  gtk_stack_set_visible_child_name (self->stack, "content");
}

/* --- keys --- */

static DexFuture *
muster_person_page_key_deleted_cb (DexFuture *future, gpointer user_data)
{
  MusterPersonPage *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (dex_future_get_value (future, &error) == NULL)
    muster_session_tell_error (session_of (self), _ ("The key was not deleted"), error);
  else
    muster_session_tell (session_of (self), _ ("The key was deleted"));
  muster_page_refresh (MUSTER_PAGE (self));
  return dex_future_new_true ();
}

static void
muster_person_page_delete_key_cb (MusterPersonPage *self, const char *response, AdwDialog *dialog)
{
  const char *id = g_object_get_data (G_OBJECT (dialog), "muster-key");

  if (g_strcmp0 (response, "delete") != 0)
    return;
  dex_future_disown (
    dex_future_finally (muster_api_keys_delete (muster_page_get_client (MUSTER_PAGE (self)), id, 0),
                        muster_person_page_key_deleted_cb, g_object_ref (self), g_object_unref));
}

/* A program that has the key stops working, and no journal brings the key back. */
static void
muster_person_page_ask_delete_cb (MusterPersonPage *self, GtkWidget *button)
{
  MusterEntity    *key = g_object_get_data (G_OBJECT (button), "muster-key");
  g_autofree char *title =
    g_strdup_printf (_ ("Delete the Key “%s”?"), muster_entity_get_string (key, "name"));
  AdwDialog *dialog = adw_alert_dialog_new (
    title, _ ("The program that uses it is refused from now on. This cannot be undone."));

  g_object_set_data_full (G_OBJECT (dialog), "muster-key", g_strdup (muster_entity_get_id (key)),
                          g_free);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "delete",
                                  _ ("_Delete Key"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "delete",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (muster_person_page_delete_key_cb), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static DexFuture *
muster_person_page_key_saved_cb (DexFuture *future, gpointer user_data)
{
  MusterPersonPage *self = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL && muster_page_is_alive (MUSTER_PAGE (self)))
    {
      muster_session_tell_error (session_of (self), _ ("The key was not changed"), error);
      muster_page_refresh (MUSTER_PAGE (self));
    }
  return dex_future_new_true ();
}

static void
muster_person_page_key_switched_cb (GtkWidget *toggle, GParamSpec *pspec, MusterPersonPage *self)
{
  JsonObject *changes = json_object_new ();

  json_object_set_boolean_member (changes, "disabled",
                                  !gtk_switch_get_active (GTK_SWITCH (toggle)));
  dex_future_disown (
    dex_future_finally (muster_api_keys_update (muster_page_get_client (MUSTER_PAGE (self)),
                                                g_object_get_data (G_OBJECT (toggle), "muster-key"),
                                                changes, 0),
                        muster_person_page_key_saved_cb, g_object_ref (self), g_object_unref));
}

static char *
describe_key (MusterPersonPage *self, MusterEntity *key)
{
  gint64           used = muster_entity_get_integer (key, "last_used_at");
  gint64           expires = muster_entity_get_integer (key, "expires_at");
  GTimeZone       *zone = muster_session_get_zone (session_of (self));
  g_autofree char *used_text = used > 0 ? muster_format_age (used, g_get_real_time ()) : NULL;
  g_autofree char *expires_text = expires > 0 ? muster_format_time (expires, zone) : NULL;
  g_autoptr (GString) text = g_string_new (
    _ (muster_enum_get_label (&muster_person_role_enum, muster_entity_get_enum (key, "role"))));

  g_string_append_printf (text, " · %s…", muster_entity_get_string (key, "prefix"));
  g_string_append (text, " · ");
  /* Translators: %s is how long ago. */
  if (used_text != NULL)
    g_string_append_printf (text, _ ("used %s"), used_text);
  else
    g_string_append (text, _ ("never used"));
  if (expires_text != NULL)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text,
                              expires < g_get_real_time () ? _ ("expired %s") : _ ("until %s"),
                              expires_text);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static GtkWidget *
create_key_row (MusterPersonPage *self, MusterEntity *key)
{
  const char      *name = muster_entity_get_string (key, "name");
  g_autofree char *subtitle = describe_key (self, key);
  g_autofree char *delete_label = g_strdup_printf (_ ("Delete the key “%s”"), name);
  g_autofree char *switch_label = g_strdup_printf (_ ("Whether the key “%s” works"), name);
  GtkWidget       *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", name,
                                       "subtitle", subtitle, NULL);
  GtkWidget       *toggle = gtk_switch_new ();
  GtkWidget       *remove = gtk_button_new_from_icon_name ("user-trash-symbolic");

  gtk_switch_set_active (GTK_SWITCH (toggle), !muster_entity_get_boolean (key, "disabled"));
  g_object_set_data_full (G_OBJECT (toggle), "muster-key", g_strdup (muster_entity_get_id (key)),
                          g_free);
  g_object_set_data_full (G_OBJECT (remove), "muster-key", g_object_ref (key), g_object_unref);
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (remove, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (remove, "flat");
  gtk_widget_set_tooltip_text (remove, delete_label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  delete_label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  switch_label, -1);
  g_signal_connect_object (toggle, "notify::active",
                           G_CALLBACK (muster_person_page_key_switched_cb), self, 0);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (muster_person_page_ask_delete_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), remove);
  return row;
}

static void
show_keys (MusterPersonPage *self, MusterApiPage *keys)
{
  clear_rows (self->keys_group, self->keys);
  for (unsigned i = 0; i < muster_api_page_get_length (keys); i++)
    {
      GtkWidget *row = create_key_row (self, muster_api_page_get (keys, i));

      adw_preferences_group_add (self->keys_group, row);
      g_ptr_array_add (self->keys, row);
    }
}

/* --- reading --- */

static DexFuture *
muster_person_page_read_fiber (gpointer user_data)
{
  MusterPersonPage        *self = user_data;
  MusterApiClient         *client = muster_page_get_client (MUSTER_PAGE (self));
  const char *const        filters[] = { "person_id", self->id, NULL };
  const MusterApiListQuery query = { .sort = "name", .filters = filters };
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterPerson) person =
              dex_await_object (muster_api_users_get (client, self->id), &error);
  g_autoptr (MusterApiPage) keys = NULL;

  if (person != NULL)
    keys = dex_await_object (muster_api_keys_list (client, &query), NULL);
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (person == NULL)
    {
      muster_trouble_view_set_error (self->trouble, _ ("The Person Could Not Be Read"), error);
      gtk_stack_set_visible_child_name (self->stack, "error");
      return dex_future_new_true ();
    }
  g_set_object (&self->person, person);
  show (self);
  gtk_widget_set_visible (GTK_WIDGET (self->keys_group), keys != NULL);
  if (keys != NULL)
    show_keys (self, keys);
  return dex_future_new_true ();
}

static void
muster_person_page_refresh (MusterPage *page)
{
  muster_page_run (page, muster_person_page_read_fiber);
}

static void
muster_person_page_journal_cb (MusterPersonPage *self,
                               const char       *topic,
                               const char       *subject,
                               JsonObject       *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);
  const char *entity = change != NULL ? muster_api_change_get_entity (change) : NULL;

  if (g_strcmp0 (entity, "api_key") == 0 ||
      (g_strcmp0 (entity, "person") == 0 &&
       g_strcmp0 (muster_api_change_get_entity_id (change), self->id) == 0 &&
       g_strcmp0 (muster_api_change_get_action (change), "delete") != 0))
    muster_page_refresh (MUSTER_PAGE (self));
}

/* --- doing --- */

static void
muster_person_page_edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterPersonPage *self = MUSTER_PERSON_PAGE (widget);

  adw_dialog_present (muster_person_dialog_new (session_of (self), self->person, FALSE), widget);
}

static const struct
{
  const char      *action;
  MusterSecretKind kind;
  const char      *cleared; /* of a way that is taken away */
} ways[] = {
  { "person.set-password", MUSTER_SECRET_PASSWORD, NULL },
  { "person.set-pin", MUSTER_SECRET_PIN, NULL },
  { "person.set-badge", MUSTER_SECRET_BADGE, NULL },
  { "person.clear-pin", MUSTER_SECRET_PIN, N_ ("The PIN was taken away") },
  { "person.clear-badge", MUSTER_SECRET_BADGE, N_ ("The badge was taken away") },
};

static void
muster_person_page_set_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterPersonPage *self = MUSTER_PERSON_PAGE (widget);

  for (unsigned i = 0; i < G_N_ELEMENTS (ways); i++)
    if (g_str_equal (ways[i].action, name))
      adw_dialog_present (muster_secret_dialog_new (session_of (self), self->person, ways[i].kind),
                          widget);
}

/* What is under way: its words, and whether the journal takes it back. */
typedef struct
{
  MusterPersonPage *page; /* (owned) */
  char             *done; /* (owned) */
  gboolean          undoable;
} Doing;

static void
doing_free (gpointer data)
{
  Doing *doing = data;

  g_object_unref (doing->page);
  g_free (doing->done);
  g_free (doing);
}

static DexFuture *
muster_person_page_done_cb (DexFuture *future, gpointer user_data)
{
  Doing            *doing = user_data;
  MusterPersonPage *self = doing->page;
  g_autoptr (GError) error = NULL;
  MusterSession *session = session_of (self);

  if (session == NULL)
    return dex_future_new_true ();
  if (dex_future_get_value (future, &error) == NULL)
    {
      muster_session_tell_error (session, _ ("The person was not changed"), error);
      muster_page_refresh (MUSTER_PAGE (self));
    }
  else if (doing->undoable)
    muster_session_offer_journal_undo (session, doing->done, "person", self->id);
  else
    muster_session_tell (session, doing->done);
  return dex_future_new_true ();
}

/* DONE is taken. */
static void
do_work (MusterPersonPage *self, DexFuture *work, char *done, gboolean undoable)
{
  Doing *doing = g_new0 (Doing, 1);

  doing->page = g_object_ref (self);
  doing->done = done;
  doing->undoable = undoable;
  dex_future_disown (dex_future_finally (work, muster_person_page_done_cb, doing, doing_free));
}

static void
muster_person_page_clear_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterPersonPage *self = MUSTER_PERSON_PAGE (widget);

  for (unsigned i = 0; i < G_N_ELEMENTS (ways); i++)
    if (g_str_equal (ways[i].action, name))
      do_work (self, muster_secret_store (session_of (self), self->id, ways[i].kind, NULL, NULL),
               g_strdup (_ (ways[i].cleared)), FALSE);
}

static void
muster_person_page_enabled_cb (MusterPersonPage *self)
{
  gboolean    enabled = adw_switch_row_get_active (self->enabled);
  const char *name;
  JsonObject *changes;

  if (self->showing || self->person == NULL)
    return;
  name = muster_entity_get_string (entity_of (self), "name");
  changes = json_object_new ();
  json_object_set_boolean_member (changes, "disabled", !enabled);
  do_work (self,
           muster_api_users_update (muster_page_get_client (MUSTER_PAGE (self)), self->id, changes,
                                    0),
           g_strdup_printf (enabled ? _ ("%s may sign in again")
                                    : _ ("%s may not sign in any more"),
                            name),
           TRUE);
}

static void
muster_person_page_add_key_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterPersonPage *self = MUSTER_PERSON_PAGE (widget);

  adw_dialog_present (muster_key_dialog_new (session_of (self), self->person), widget);
}

static DexFuture *
muster_person_page_deleted_cb (DexFuture *future, gpointer page)
{
  muster_page_leave (page);
  return dex_ref (future);
}

static void
muster_person_page_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterPersonPage *self = MUSTER_PERSON_PAGE (widget);
  DexFuture        *work =
    muster_api_users_delete (muster_page_get_client (MUSTER_PAGE (self)), self->id, 0);

  do_work (self,
           dex_future_then (work, muster_person_page_deleted_cb, g_object_ref (self),
                            g_object_unref),
           g_strdup_printf (_ ("%s is deleted"),
                            muster_entity_get_string (entity_of (self), "name")),
           TRUE);
}

/* --- life --- */

static void
muster_person_page_dispose (GObject *object)
{
  MusterPersonPage *self = MUSTER_PERSON_PAGE (object);

  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_PERSON_PAGE);
  G_OBJECT_CLASS (muster_person_page_parent_class)->dispose (object);
}

static void
muster_person_page_finalize (GObject *object)
{
  MusterPersonPage *self = MUSTER_PERSON_PAGE (object);

  g_free (self->id);
  g_clear_object (&self->person);
  g_ptr_array_unref (self->details);
  g_ptr_array_unref (self->keys);
  G_OBJECT_CLASS (muster_person_page_parent_class)->finalize (object);
}

static void
muster_person_page_class_init (MusterPersonPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_person_page_dispose;
  object_class->finalize = muster_person_page_finalize;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_person_page_refresh;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_person_page_rights_changed;
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/person-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterPersonPage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonPage, avatar);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonPage, name);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonPage, role);
  gtk_widget_class_bind_template_child_full (widget_class, "details", FALSE,
                                             G_STRUCT_OFFSET (MusterPersonPage, details_group));
  gtk_widget_class_bind_template_child (widget_class, MusterPersonPage, enabled);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonPage, password);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonPage, pin);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonPage, badge);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonPage, set_password);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonPage, set_pin);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonPage, clear_pin);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonPage, set_badge);
  gtk_widget_class_bind_template_child (widget_class, MusterPersonPage, clear_badge);
  gtk_widget_class_bind_template_child_full (widget_class, "keys", FALSE,
                                             G_STRUCT_OFFSET (MusterPersonPage, keys_group));
  gtk_widget_class_bind_template_child (widget_class, MusterPersonPage, add_key);
  gtk_widget_class_bind_template_child_full (widget_class, "delete", FALSE,
                                             G_STRUCT_OFFSET (MusterPersonPage, remove));
  for (unsigned i = 0; i < G_N_ELEMENTS (ways); i++)
    gtk_widget_class_install_action (widget_class, ways[i].action, NULL,
                                     ways[i].cleared == NULL ? muster_person_page_set_action
                                                             : muster_person_page_clear_action);
  gtk_widget_class_install_action (widget_class, "person.edit", NULL,
                                   muster_person_page_edit_action);
  gtk_widget_class_install_action (widget_class, "person.add-key", NULL,
                                   muster_person_page_add_key_action);
  gtk_widget_class_install_action (widget_class, "person.delete", NULL,
                                   muster_person_page_delete_action);
}

static void
muster_person_page_init (MusterPersonPage *self)
{
  self->details = g_ptr_array_new ();
  self->keys = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->enabled, "notify::active",
                           G_CALLBACK (muster_person_page_enabled_cb), self, G_CONNECT_SWAPPED);
}

/* What a role may not do says so where the pointer rests. */
static void
guard (MusterPersonPage *self)
{
  MusterSession *session = session_of (self);

  /* Their own text would win over the name that says what is set. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->set_password),
                                 GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->set_pin),
                                 GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->set_badge),
                                 GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  muster_permission_guard (session, self->set_password, "setUserPassword");
  muster_permission_guard (session, self->set_pin, "setUserPin");
  muster_permission_guard (session, self->set_badge, "setUserBadge");
  muster_permission_guard (session, self->add_key, "createApiKey");
  muster_permission_guard (session, self->remove, "deleteUser");
}

MusterPage *
muster_person_page_new (MusterSession *session, const char *person_id)
{
  MusterPersonPage *self =
    g_object_new (MUSTER_TYPE_PERSON_PAGE, "session", session, "title", _ ("Person"), NULL);

  self->id = g_strdup (person_id);
  guard (self);
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_person_page_journal_cb), self,
                           G_CONNECT_SWAPPED);
  muster_person_page_rights_changed (MUSTER_PAGE (self));
  muster_person_page_refresh (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}
