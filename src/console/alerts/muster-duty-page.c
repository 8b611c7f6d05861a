/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-duty-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-json.h"
#include "client/muster-api-notifications.h"
#include "model/muster-duty-calendar.h"
#include "muster-duty-exceptions.h"
#include "muster-duty-page.h"
#include "muster-hours-editor.h"
#include "muster-week-grid.h"
#include "widgets/muster-duration.h"
#include "widgets/muster-entity-form.h"
#include "widgets/muster-format.h"
#include "widgets/muster-references.h"

struct _MusterDutyPage
{
  MusterPage parent_instance;

  MusterEntity     *calendar; /* (owned) (nullable) */
  MusterEntityForm *form;     /* (owned) */
  DexFuture        *saving;   /* (owned) (nullable) */
  DexFuture        *asking;   /* (owned) (nullable) who is on duty */

  /* Borrowed from the form's page */
  MusterWeekGrid       *week;
  GtkLabel             *gaps;
  AdwActionRow         *now;
  MusterHoursEditor    *shifts;
  MusterDutyExceptions *exceptions;

  /* Template children */
  AdwBanner          *banner;
  AdwPreferencesPage *page;
};

G_DEFINE_FINAL_TYPE (MusterDutyPage, muster_duty_page, MUSTER_TYPE_PAGE)

static MusterSession *
session_of (MusterDutyPage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

/* --- the week --- */

static void
show_gaps (MusterDutyPage *self, GPtrArray *shifts)
{
  int              minutes = muster_week_count_gaps (shifts);
  g_autofree char *length = muster_duration_format ((gint64)minutes * 60);
  g_autofree char *text = minutes == 0
                            ? g_strdup (_ ("Somebody is on duty at all times."))
                            /* Translators: a length of time. */
                            : g_strdup_printf (_ ("Nobody is on duty for %s of the week."), length);

  gtk_label_set_label (self->gaps, text);
}

static void
muster_duty_page_changed_cb (MusterDutyPage *self)
{
  g_autoptr (GPtrArray) shifts = muster_hours_editor_list (self->shifts);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  MusterReferences *references = muster_references_get (session_of (self));

  for (unsigned i = 0; i < shifts->len; i++)
    g_ptr_array_add (names,
                     (gpointer)muster_references_get_name (references, "person",
                                                           ((MusterHours *)shifts->pdata[i])->who));
  g_ptr_array_add (names, NULL);
  muster_week_grid_set_shifts (self->week, shifts, (const char *const *)names->pdata);
  show_gaps (self, shifts);
}

static void
muster_duty_page_drawn_cb (MusterDutyPage *self, unsigned day, int from, int to)
{
  const MusterHours hours = { 1u << day, from, to, NULL };

  muster_hours_editor_add (self->shifts, &hours);
  muster_hours_editor_focus (self->shifts, G_MAXUINT);
}

static void
muster_duty_page_chosen_cb (MusterDutyPage *self, unsigned index)
{
  muster_hours_editor_focus (self->shifts, index);
}

/* --- who it is now --- */

static DexFuture *
muster_duty_page_asked_cb (DexFuture *future, gpointer user_data)
{
  MusterDutyPage *self = user_data;
  const GValue   *value = dex_future_get_value (future, NULL);
  JsonObject     *answer = value != NULL ? g_value_get_boxed (value) : NULL;
  JsonArray      *people = answer != NULL ? muster_api_json_get_array (answer, "people") : NULL;
  gint64          until = answer != NULL ? muster_api_json_get_time (answer, "until") : -1;
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->now == NULL)
    return dex_future_new_true ();
  for (unsigned i = 0; people != NULL && i < json_array_get_length (people); i++)
    {
      JsonObject *person = muster_api_json_as_object (json_array_get_element (people, i));
      const char *name = person != NULL ? muster_api_json_get_string (person, "name") : NULL;

      if (name != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", name);
    }
  if (text->len == 0)
    g_string_append (text, _ ("Nobody"));
  if (until > 0)
    {
      g_autofree char *end = muster_format_short_time (until, g_get_real_time (),
                                                       muster_session_get_zone (session_of (self)));

      /* Translators: until when somebody is on duty. */
      g_string_append_printf (text, _ (", until %s"), end);
    }
  adw_action_row_set_subtitle (self->now, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->now), answer != NULL);
  return dex_future_new_true ();
}

static void
muster_duty_page_refresh (MusterPage *page)
{
  MusterDutyPage *self = MUSTER_DUTY_PAGE (page);

  if (self->calendar == NULL)
    return;
  dex_clear (&self->asking);
  self->asking =
    dex_future_finally (muster_api_duty_calendars_get_on_duty (
                          muster_page_get_client (page), muster_entity_get_id (self->calendar), 0),
                        muster_duty_page_asked_cb, self, NULL);
}

/* --- saving --- */

static void
show_banner (MusterDutyPage *self, const char *text)
{
  adw_banner_set_title (self->banner, text);
  adw_banner_set_revealed (self->banner, TRUE);
}

static DexFuture *
muster_duty_page_saved_cb (DexFuture *future, gpointer user_data)
{
  MusterDutyPage *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  g_autofree char *text = NULL;

  dex_clear (&self->saving);
  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "duty.save", TRUE);
  if (value == NULL && muster_page_tell_missed (MUSTER_PAGE (self), error))
    return dex_future_new_true ();
  if (value == NULL)
    {
      text = muster_format_sentence (error->message);
      muster_entity_form_show_error (self->form, error);
      show_banner (self, text);
      return dex_future_new_true ();
    }
  text = g_strdup_printf (self->calendar == NULL ? _ ("%s was added") : _ ("%s was changed"),
                          muster_reference_get_title (g_value_get_object (value)));
  muster_session_offer_journal_undo (session_of (self), text, "duty_calendar",
                                     muster_entity_get_id (g_value_get_object (value)));
  muster_page_leave (MUSTER_PAGE (self));
  return dex_future_new_true ();
}

static void
set_json (JsonObject *changes, const char *field, const char *text, const char *none)
{
  json_object_set_member (changes, field,
                          text != NULL ? json_from_string (text, NULL)
                                       : json_from_string (none, NULL));
}

static void
muster_duty_page_save_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDutyPage  *self = MUSTER_DUTY_PAGE (widget);
  MusterApiClient *client = muster_page_get_client (MUSTER_PAGE (self));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = muster_hours_editor_list (self->shifts);
  g_autofree char *shifts = muster_hours_list_to_json (list);
  g_autofree char *exceptions = muster_duty_exceptions_dup_json (self->exceptions);
  JsonObject      *changes;
  DexFuture       *work;

  if (!muster_hours_editor_is_complete (self->shifts))
    {
      show_banner (self, _ ("Each shift needs somebody, a day, and times of day such as 06:00"));
      return;
    }
  if (!muster_duty_exceptions_is_complete (self->exceptions))
    {
      show_banner (self, _ ("Each exception needs a date, and times of day such as 06:00"));
      return;
    }
  adw_banner_set_revealed (self->banner, FALSE);
  changes = muster_entity_form_collect (self->form, &error);
  if (changes == NULL)
    {
      g_autofree char *text = muster_format_sentence (error->message);

      show_banner (self, text);
      return;
    }
  set_json (changes, "shifts", shifts, "[]");
  set_json (changes, "exceptions", exceptions, "null");
  gtk_widget_action_set_enabled (widget, "duty.save", FALSE);
  work = self->calendar == NULL
           ? muster_api_collection_create (client, &muster_duty_calendar_info, changes)
           : muster_api_collection_update (client, &muster_duty_calendar_info,
                                           muster_entity_get_id (self->calendar), changes,
                                           muster_entity_get_revision (self->calendar));
  self->saving =
    dex_future_finally (work, muster_duty_page_saved_cb, g_object_ref (self), g_object_unref);
}

/* --- life --- */

static void
muster_duty_page_rights_changed (MusterPage *page)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "duty.save",
                                 muster_page_may (page, MUSTER_DUTY_PAGE (page)->calendar == NULL
                                                          ? "createDutyCalendar"
                                                          : "updateDutyCalendar"));
}

static void
muster_duty_page_dispose (GObject *object)
{
  MusterDutyPage *self = MUSTER_DUTY_PAGE (object);

  dex_clear (&self->saving);
  dex_clear (&self->asking);
  self->now = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_DUTY_PAGE);
  g_clear_object (&self->form);
  g_clear_object (&self->calendar);
  G_OBJECT_CLASS (muster_duty_page_parent_class)->dispose (object);
}

static void
muster_duty_page_class_init (MusterDutyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_duty_page_dispose;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_duty_page_refresh;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_duty_page_rights_changed;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/duty-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterDutyPage, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterDutyPage, page);
  gtk_widget_class_install_action (widget_class, "duty.save", NULL, muster_duty_page_save_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "duty.save",
                                       NULL);
}

static void
muster_duty_page_init (MusterDutyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
add_week (MusterDutyPage *self)
{
  GtkWidget       *group = adw_preferences_group_new ();
  GtkWidget       *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  g_autofree char *description =
    g_strdup_printf (_ ("Drag over empty hours to add a shift. Times are those of %s."),
                     g_time_zone_get_identifier (muster_session_get_zone (session_of (self))));

  self->week = MUSTER_WEEK_GRID (muster_week_grid_new ());
  self->gaps = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->gaps, 0);
  gtk_label_set_wrap (self->gaps, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->gaps), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->gaps), "caption");
  g_object_set (self->gaps, "margin-start", 12, "margin-end", 12, "margin-bottom", 8, NULL);
  g_object_set (self->week, "margin-top", 8, "margin-start", 4, "margin-end", 8, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->week), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("The week"), -1);
  gtk_box_append (GTK_BOX (card), GTK_WIDGET (self->week));
  gtk_box_append (GTK_BOX (card), GTK_WIDGET (self->gaps));
  gtk_widget_add_css_class (card, "card");
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("The Week"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), description);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), card);
  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (group));
  g_signal_connect_object (self->week, "drawn", G_CALLBACK (muster_duty_page_drawn_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->week, "chosen", G_CALLBACK (muster_duty_page_chosen_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
build (MusterDutyPage *self)
{
  static const char *const what[] = { "name", NULL };
  AdwPreferencesGroup     *first;

  self->form =
    muster_entity_form_new (session_of (self), &muster_duty_calendar_info, self->calendar);
  first = muster_entity_form_add_group (self->form, self->page, NULL, what);
  self->now = g_object_new (ADW_TYPE_ACTION_ROW, "title", _ ("On duty now"), "use-markup", FALSE,
                            "visible", FALSE, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->now), "property");
  adw_preferences_group_add (first, GTK_WIDGET (self->now));
  add_week (self);
  self->shifts = MUSTER_HOURS_EDITOR (muster_hours_editor_new (session_of (self), TRUE));
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->shifts), _ ("Shifts"));
  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (self->shifts));
  self->exceptions = MUSTER_DUTY_EXCEPTIONS (muster_duty_exceptions_new (session_of (self)));
  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (self->exceptions));
  if (self->calendar != NULL)
    {
      muster_hours_editor_set_json (self->shifts,
                                    muster_entity_get_string (self->calendar, "shifts"));
      muster_duty_exceptions_set_json (self->exceptions,
                                       muster_entity_get_string (self->calendar, "exceptions"));
    }
  g_signal_connect_object (self->shifts, "changed", G_CALLBACK (muster_duty_page_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_references_get (session_of (self)), "changed",
                           G_CALLBACK (muster_duty_page_changed_cb), self, G_CONNECT_SWAPPED);
  muster_duty_page_changed_cb (self);
}

MusterPage *
muster_duty_page_new (MusterSession *session, MusterEntity *calendar)
{
  const char *title =
    calendar != NULL ? muster_entity_get_string (calendar, "name") : _ ("New Duty Calendar");
  MusterDutyPage *self =
    g_object_new (MUSTER_TYPE_DUTY_PAGE, "session", session, "title", title, NULL);

  g_set_object (&self->calendar, calendar);
  build (self);
  muster_duty_page_rights_changed (MUSTER_PAGE (self));
  muster_duty_page_refresh (MUSTER_PAGE (self));
  return MUSTER_PAGE (self);
}
