/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-people-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-accounts.h"
#include "client/muster-api-journal.h"
#include "muster-people-page.h"
#include "muster-permission.h"
#include "muster-person-dialog.h"
#include "muster-person-page.h"
#include "imports/muster-import-dialog.h"
#include "widgets/muster-list.h"
#include "widgets/muster-records-export.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-trouble-view.h"

#define MAX_PEOPLE 1000
#define AVATAR_SIZE 36
#define KEY_PERSON "muster-person"
/* Who may import people: as the daemon has it. */
#define IMPORT_RIGHT "deleteUser"

struct _MusterPeoplePage
{
  MusterPage parent_instance;

  MusterApiSubscription *journal; /* (owned) */
  DexFuture             *reading; /* (owned) (nullable) */
  unsigned               n_people;

  /* Template children */
  AdwWindowTitle    *title;
  GtkWidget         *search_bar;
  GtkEditable       *search;
  GtkStack          *stack;
  MusterTroubleView *trouble;
  GtkListBox        *list;
};

G_DEFINE_FINAL_TYPE (MusterPeoplePage, muster_people_page, MUSTER_TYPE_PAGE)

static MusterEntity *
person_of (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), KEY_PERSON);
}

/* --- what is shown --- */

static gboolean
muster_people_page_fits_cb (GtkListBoxRow *row, gpointer user_data)
{
  static const char *const fields[] = { "name", "email", "phone" };
  MusterPeoplePage        *self = user_data;
  g_autofree char         *text = g_utf8_casefold (gtk_editable_get_text (self->search), -1);

  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char      *value = muster_entity_get_string (person_of (row), fields[i]);
      g_autofree char *folded = value != NULL ? g_utf8_casefold (value, -1) : NULL;

      if (folded != NULL && strstr (folded, text) != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
muster_people_page_update (MusterPeoplePage *self)
{
  gboolean any = FALSE;

  for (int i = 0; !any && gtk_list_box_get_row_at_index (self->list, i) != NULL; i++)
    any = gtk_widget_get_child_visible (GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, i)));
  gtk_widget_set_visible (self->search_bar, self->n_people > 0);
  gtk_stack_set_visible_child_name (self->stack, self->n_people == 0 ? "empty"
                                                 : any               ? "content"
                                                                     : "nothing");
}

static void
muster_people_page_filter_cb (MusterPeoplePage *self)
{
  if (self->list == NULL)
    return;
  gtk_list_box_invalidate_filter (self->list);
  muster_people_page_update (self);
}

static void
muster_people_page_clear_cb (MusterPeoplePage *self)
{
  gtk_editable_set_text (self->search, "");
}

static void
muster_people_page_search (MusterPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (MUSTER_PEOPLE_PAGE (page)->search));
}

/* What one can switch to the person with, besides a password. */
static char *
describe (MusterEntity *person)
{
  g_autoptr (GString) text = g_string_new (NULL);
  static const struct
  {
    const char *field, *label;
  } ways[] = { { "has_pin", N_ ("PIN") }, { "has_badge", N_ ("badge") } };

  if (!muster_entity_is_null (person, "email"))
    g_string_append (text, muster_entity_get_string (person, "email"));
  for (unsigned i = 0; i < G_N_ELEMENTS (ways); i++)
    if (muster_entity_get_boolean (person, ways[i].field))
      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", _ (ways[i].label));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static GtkWidget *
create_row (MusterEntity *person)
{
  const char      *name = muster_entity_get_string (person, "name");
  gboolean         disabled = muster_entity_get_boolean (person, "disabled");
  g_autofree char *subtitle = describe (person);
  GtkWidget       *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", name, "subtitle", subtitle,
                  "activatable", TRUE, "title-lines", 1, "subtitle-lines", 1, NULL);
  GtkWidget *role =
    gtk_label_new (disabled ? _ ("Disabled")
                            : _ (muster_enum_get_label (&muster_person_role_enum,
                                                        muster_entity_get_enum (person, "role"))));

  gtk_widget_add_css_class (role, "dim-label");
  if (disabled)
    gtk_widget_add_css_class (row, "absent");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), adw_avatar_new (AVATAR_SIZE, name, TRUE));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), role);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  g_object_set_data_full (G_OBJECT (row), KEY_PERSON, g_object_ref (person), g_object_unref);
  return row;
}

static void
fill (MusterPeoplePage *self, MusterApiPage *people)
{
  g_autofree char *count = NULL;

  self->n_people = muster_api_page_get_length (people);
  count = g_strdup_printf (ngettext ("%u in all", "%u in all", self->n_people), self->n_people);
  adw_window_title_set_subtitle (self->title, self->n_people > 0 ? count : "");
  muster_list_clear (self->list);
  for (unsigned i = 0; i < self->n_people; i++)
    gtk_list_box_append (self->list, create_row (muster_api_page_get (people, i)));
  muster_people_page_update (self);
}

static DexFuture *
muster_people_page_read_cb (DexFuture *future, gpointer user_data)
{
  MusterPeoplePage *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL)
    fill (self, g_value_get_object (value));
  else if (self->n_people == 0)
    {
      muster_trouble_view_set_error (self->trouble, _ ("The People Could Not Be Read"), error);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
  return dex_future_new_true ();
}

static void
muster_people_page_refresh (MusterPage *page)
{
  MusterPeoplePage        *self = MUSTER_PEOPLE_PAGE (page);
  const MusterApiListQuery query = { .sort = "name", .limit = MAX_PEOPLE };

  dex_clear (&self->reading);
  self->reading = dex_future_finally (muster_api_users_list (muster_page_get_client (page), &query),
                                      muster_people_page_read_cb, self, NULL);
}

/* --- actions --- */

static void
muster_people_page_rights_changed (MusterPage *page)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.new", muster_page_may (page, "addUser"));
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.import",
                                 muster_page_may (page, IMPORT_RIGHT));
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.export",
                                 muster_page_may (page, "exportUsers"));
}

static void
muster_people_page_activated_cb (MusterPeoplePage *self, GtkListBoxRow *row)
{
  muster_page_push (MUSTER_PAGE (self),
                    muster_person_page_new (muster_page_get_session (MUSTER_PAGE (self)),
                                            muster_entity_get_id (person_of (row))));
}

static void
muster_people_page_add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterPeoplePage *self = MUSTER_PEOPLE_PAGE (widget);

  adw_dialog_present (muster_person_dialog_new (muster_page_get_session (MUSTER_PAGE (self)), NULL,
                                                self->n_people == 0),
                      widget);
}

static void
muster_people_page_import_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterSession *session = muster_page_get_session (MUSTER_PAGE (widget));

  adw_dialog_present (muster_import_dialog_new (session, &muster_person_info, NULL), widget);
}

/* Those who are shown, with what the list and their pages say of them. */
static void
muster_people_page_export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const char *const columns[] = { "name",     "email",      "phone",      "address", "role",
                                         "disabled", "local_user", "created_at", NULL };
  MusterPeoplePage        *self = MUSTER_PEOPLE_PAGE (widget);
  const char              *text = gtk_editable_get_text (self->search);
  const char *const        parameters[] = { *text != '\0' ? "q" : NULL, text, NULL };

  muster_records_export (muster_page_get_session (MUSTER_PAGE (self)), widget, &muster_person_info,
                         columns, parameters);
}

static void
muster_people_page_journal_cb (MusterPeoplePage *self,
                               const char       *topic,
                               const char       *subject,
                               JsonObject       *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change != NULL && g_strcmp0 (muster_api_change_get_entity (change), "person") == 0)
    muster_people_page_refresh (MUSTER_PAGE (self));
}

/* --- life --- */

static void
muster_people_page_constructed (GObject *object)
{
  MusterPeoplePage *self = MUSTER_PEOPLE_PAGE (object);
  MusterSession    *session = muster_page_get_session (MUSTER_PAGE (self));

  G_OBJECT_CLASS (muster_people_page_parent_class)->constructed (object);
  gtk_list_box_set_filter_func (self->list, muster_people_page_fits_cb, self, NULL);
  self->journal =
    muster_api_stream_subscribe (muster_session_get_stream (session), "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_people_page_journal_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_people_page_refresh), self,
                           G_CONNECT_SWAPPED);
  muster_import_accept_drops (GTK_WIDGET (self), session, &muster_person_info, IMPORT_RIGHT);
  muster_people_page_rights_changed (MUSTER_PAGE (self));
  muster_people_page_refresh (MUSTER_PAGE (self));
}

static void
muster_people_page_dispose (GObject *object)
{
  MusterPeoplePage *self = MUSTER_PEOPLE_PAGE (object);

  dex_clear (&self->reading);
  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  if (self->list != NULL)
    gtk_list_box_set_filter_func (self->list, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_PEOPLE_PAGE);
  G_OBJECT_CLASS (muster_people_page_parent_class)->dispose (object);
}

static void
muster_people_page_class_init (MusterPeoplePageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_people_page_constructed;
  object_class->dispose = muster_people_page_dispose;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_people_page_refresh;
  MUSTER_PAGE_CLASS (klass)->search = muster_people_page_search;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_people_page_rights_changed;
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/people-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterPeoplePage, title);
  gtk_widget_class_bind_template_child (widget_class, MusterPeoplePage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, MusterPeoplePage, search);
  gtk_widget_class_bind_template_child (widget_class, MusterPeoplePage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterPeoplePage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterPeoplePage, list);
  gtk_widget_class_bind_template_callback (widget_class, muster_people_page_filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_people_page_clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_people_page_activated_cb);
  gtk_widget_class_install_action (widget_class, "page.new", NULL, muster_people_page_add_action);
  gtk_widget_class_install_action (widget_class, "page.import", NULL,
                                   muster_people_page_import_action);
  gtk_widget_class_install_action (widget_class, "page.export", NULL,
                                   muster_people_page_export_action);
}

static void
muster_people_page_init (MusterPeoplePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
