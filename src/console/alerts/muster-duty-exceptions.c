/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-duty-exceptions"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "muster-clock-entry.h"
#include "muster-duty-exceptions.h"
#include "muster-hours.h"
#include "widgets/muster-date-row.h"
#include "widgets/muster-reference-row.h"

/* The rows of one of them, borrowed from the group. */
typedef struct
{
  GtkWidget *date;
  GtkWidget *who;
  GtkWidget *from;
  GtkWidget *to;
} Exception;

struct _MusterDutyExceptions
{
  AdwPreferencesGroup parent_instance;

  MusterSession *session;    /* (owned) */
  GPtrArray     *exceptions; /* (owned) (element-type Exception) */
};

G_DEFINE_FINAL_TYPE (MusterDutyExceptions, muster_duty_exceptions, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
muster_duty_exceptions_changed (MusterDutyExceptions *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- rows --- */

static void
remove_exception (MusterDutyExceptions *self, Exception *exception)
{
  adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), exception->date);
  adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), exception->who);
  g_ptr_array_remove (self->exceptions, exception);
}

static void
muster_duty_exceptions_remove_cb (MusterDutyExceptions *self, GtkWidget *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, MUSTER_TYPE_DATE_ROW);

  for (unsigned i = 0; i < self->exceptions->len; i++)
    if (((Exception *)self->exceptions->pdata[i])->date == row)
      {
        remove_exception (self, self->exceptions->pdata[i]);
        break;
      }
  muster_duty_exceptions_changed (self);
}

static void
add_suffixes (MusterDutyExceptions *self, Exception *exception)
{
  GtkWidget *remove = gtk_button_new_from_icon_name ("user-trash-symbolic");

  exception->from = muster_clock_entry_new (_ ("From"));
  exception->to = muster_clock_entry_new (_ ("To"));
  gtk_widget_set_valign (remove, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (remove, "flat");
  gtk_widget_set_tooltip_text (remove, _ ("Remove"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Remove"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (exception->date), remove);
  adw_action_row_add_suffix (ADW_ACTION_ROW (exception->who), exception->from);
  adw_action_row_add_suffix (ADW_ACTION_ROW (exception->who), gtk_label_new ("–"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (exception->who), exception->to);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (muster_duty_exceptions_remove_cb), self,
                           G_CONNECT_SWAPPED);
}

static Exception *
add_exception (MusterDutyExceptions *self)
{
  Exception *exception = g_new0 (Exception, 1);

  exception->date = muster_date_row_new (_ ("Date"), muster_session_get_zone (self->session));
  exception->who =
    muster_reference_row_new (self->session, "person", _ ("Who; empty: nobody"), TRUE);
  add_suffixes (self, exception);
  muster_clock_entry_set_minutes (exception->from, 0);
  muster_clock_entry_set_minutes (exception->to, 0);
  g_signal_connect_object (exception->date, "changed", G_CALLBACK (muster_duty_exceptions_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (exception->who, "notify::record-id",
                           G_CALLBACK (muster_duty_exceptions_changed), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), exception->date);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), exception->who);
  g_ptr_array_add (self->exceptions, exception);
  return exception;
}

static void
muster_duty_exceptions_add_cb (MusterDutyExceptions *self)
{
  Exception *exception = add_exception (self);

  muster_date_row_set_time (MUSTER_DATE_ROW (exception->date), g_get_real_time ());
  muster_duty_exceptions_changed (self);
}

/* --- JSON --- */

static void
read_exception (MusterDutyExceptions *self, JsonObject *object)
{
  Exception       *exception = add_exception (self);
  const char      *date = muster_api_json_get_string (object, "date");
  const char      *from = muster_api_json_get_string (object, "from");
  const char      *to = muster_api_json_get_string (object, "to");
  int              minutes;
  g_autofree char *noon = date != NULL ? g_strconcat (date, "T12:00:00", NULL) : NULL;
  g_autoptr (GDateTime) time =
              noon != NULL
                ? g_date_time_new_from_iso8601 (noon, muster_session_get_zone (self->session))
                : NULL;

  if (time != NULL)
    muster_date_row_set_time (MUSTER_DATE_ROW (exception->date),
                              g_date_time_to_unix (time) * G_USEC_PER_SEC);
  muster_reference_row_set_id (MUSTER_REFERENCE_ROW (exception->who),
                               muster_api_json_get_string (object, "person_id"));
  if (from != NULL && muster_clock_parse (from, &minutes))
    muster_clock_entry_set_minutes (exception->from, minutes);
  if (to != NULL && muster_clock_parse (to, &minutes))
    muster_clock_entry_set_minutes (exception->to, minutes);
}

void
muster_duty_exceptions_set_json (MusterDutyExceptions *self, const char *text)
{
  g_autoptr (JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonArray *array;

  g_return_if_fail (MUSTER_IS_DUTY_EXCEPTIONS (self));

  array = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
  while (self->exceptions->len > 0)
    remove_exception (self, self->exceptions->pdata[0]);
  for (unsigned i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = muster_api_json_as_object (json_array_get_element (array, i));

      if (object != NULL)
        read_exception (self, object);
    }
}

/* (transfer full); NULL: it is not whole. */
static JsonObject *
write_exception (MusterDutyExceptions *self, const Exception *exception)
{
  gint64      time = muster_date_row_get_time (MUSTER_DATE_ROW (exception->date));
  int         from = muster_clock_entry_get_minutes (exception->from);
  int         to = muster_clock_entry_get_minutes (exception->to);
  const char *who = muster_reference_row_get_id (MUSTER_REFERENCE_ROW (exception->who));
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) day = g_date_time_to_timezone (utc, muster_session_get_zone (self->session));
  g_autofree char *date = g_date_time_format (day, "%Y-%m-%d");
  g_autofree char *begin = muster_clock_format (MAX (from, 0));
  g_autofree char *end = muster_clock_format (MAX (to, 0));
  JsonObject      *object;

  if (time == 0 || from < 0 || to < 0)
    return NULL;
  object = json_object_new ();
  json_object_set_string_member (object, "date", date);
  if (who != NULL)
    json_object_set_string_member (object, "person_id", who);
  else
    json_object_set_null_member (object, "person_id");
  json_object_set_string_member (object, "from", begin);
  json_object_set_string_member (object, "to", end);
  return object;
}

char *
muster_duty_exceptions_dup_json (MusterDutyExceptions *self)
{
  g_autoptr (JsonArray) array = json_array_new ();
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (MUSTER_IS_DUTY_EXCEPTIONS (self), NULL);

  for (unsigned i = 0; i < self->exceptions->len; i++)
    {
      JsonObject *object = write_exception (self, self->exceptions->pdata[i]);

      if (object != NULL)
        json_array_add_object_element (array, object);
    }
  if (json_array_get_length (array) == 0)
    return NULL;
  root = json_node_init_array (json_node_alloc (), array);
  return json_to_string (root, FALSE);
}

gboolean
muster_duty_exceptions_is_complete (MusterDutyExceptions *self)
{
  g_return_val_if_fail (MUSTER_IS_DUTY_EXCEPTIONS (self), FALSE);

  for (unsigned i = 0; i < self->exceptions->len; i++)
    {
      g_autoptr (JsonObject) object = write_exception (self, self->exceptions->pdata[i]);

      if (object == NULL)
        return FALSE;
    }
  return TRUE;
}

/* --- life --- */

static void
muster_duty_exceptions_finalize (GObject *object)
{
  MusterDutyExceptions *self = MUSTER_DUTY_EXCEPTIONS (object);

  g_clear_object (&self->session);
  g_ptr_array_unref (self->exceptions);
  G_OBJECT_CLASS (muster_duty_exceptions_parent_class)->finalize (object);
}

static void
muster_duty_exceptions_class_init (MusterDutyExceptionsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_duty_exceptions_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_DUTY_EXCEPTIONS, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_duty_exceptions_init (MusterDutyExceptions *self)
{
  GtkWidget *add = gtk_button_new_from_icon_name ("list-add-symbolic");

  self->exceptions = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_add_css_class (add, "flat");
  gtk_widget_set_valign (add, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (add, _ ("Add an exception"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (add), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Add an exception"), -1);
  g_signal_connect_object (add, "clicked", G_CALLBACK (muster_duty_exceptions_add_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Exceptions"));
  adw_preferences_group_set_description (
    ADW_PREFERENCES_GROUP (self),
    _ ("On these dates others are on duty than the week says, or nobody; 00:00–00:00 is all day."));
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), add);
}

GtkWidget *
muster_duty_exceptions_new (MusterSession *session)
{
  MusterDutyExceptions *self = g_object_new (MUSTER_TYPE_DUTY_EXCEPTIONS, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}
