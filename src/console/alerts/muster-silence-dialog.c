/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-silence-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-alert-rule.h"
#include "model/muster-alert-silence.h"
#include "model/muster-time.h"
#include "muster-hours-row.h"
#include "muster-moment-row.h"
#include "muster-scope-picker.h"
#include "muster-silence-dialog.h"
#include "muster-silence-times.h"
#include "widgets/muster-record-dialog.h"

/* What stands beside the fields that have rows of their own. Owned by the dialog. */
typedef struct
{
  MusterRecordDialog *dialog;  /* borrowed: it owns this */
  MusterEntity       *silence; /* (owned) (nullable) */
  MusterScopePicker  *scope;   /* (owned) */
  /* Borrowed from the dialog */
  GtkWidget *weekly;
  GtkWidget *start, *end;
  GtkWidget *hours;
} Form;

static void
form_free (gpointer data)
{
  Form *form = data;

  g_clear_object (&form->silence);
  g_object_unref (form->scope);
  g_free (form);
}

static gboolean
is_weekly (Form *form)
{
  return adw_combo_row_get_selected (ADW_COMBO_ROW (form->weekly)) == 1;
}

static void
muster_silence_dialog_weekly_cb (Form *form)
{
  gtk_widget_set_visible (form->hours, is_weekly (form));
}

/* --- collecting --- */

static void
collect_moment (JsonObject *changes, const char *field, GtkWidget *row)
{
  gint64 time = muster_moment_row_get_time (MUSTER_MOMENT_ROW (row));
  char   text[MUSTER_TIME_TEXT_LENGTH + 1];

  if (time > 0)
    {
      muster_time_format (time, text);
      json_object_set_string_member (changes, field, text);
    }
  else
    json_object_set_null_member (changes, field);
}

static char *
collect_week (Form *form, JsonObject *changes)
{
  g_autoptr (MusterHours) hours =
              is_weekly (form) ? muster_hours_row_dup_hours (MUSTER_HOURS_ROW (form->hours)) : NULL;
  g_autofree char *days = hours != NULL ? muster_days_to_json (hours->days) : NULL;
  g_autofree char *from = hours != NULL ? muster_clock_format (hours->from) : NULL;
  g_autofree char *to = hours != NULL ? muster_clock_format (hours->to) : NULL;

  if (is_weekly (form) && hours == NULL)
    return g_strdup (_ ("A window that recurs needs a day, and times of day such as 02:00"));
  muster_record_dialog_collect_json (form->dialog, changes, "days", days);
  if (hours != NULL)
    {
      json_object_set_string_member (changes, "from_time", from);
      json_object_set_string_member (changes, "to_time", to);
    }
  else if (form->silence != NULL)
    {
      json_object_set_null_member (changes, "from_time");
      json_object_set_null_member (changes, "to_time");
    }
  return NULL;
}

static char *
muster_silence_dialog_collect_cb (Form *form, JsonObject *changes)
{
  muster_scope_picker_collect (form->scope, changes);
  collect_moment (changes, "starts_at", form->start);
  collect_moment (changes, "ends_at", form->end);
  if (!is_weekly (form) && muster_moment_row_get_time (MUSTER_MOMENT_ROW (form->end)) == 0)
    return g_strdup (_ ("Say until when: a silence ends by itself"));
  if (muster_scope_picker_get_kind (form->scope) != MUSTER_ALERT_SCOPE_SITE &&
      muster_scope_picker_get_id (form->scope) == NULL)
    return g_strdup (_ ("Choose what it holds for"));
  return collect_week (form, changes);
}

/* --- building --- */

static void
fill (Form *form, MusterSession *session)
{
  GTimeZone  *zone = muster_session_get_zone (session);
  const char *days, *from, *to;
  int         begin = 2 * 60, end = 4 * 60;

  if (form->silence == NULL)
    {
      muster_moment_row_set_time (MUSTER_MOMENT_ROW (form->end),
                                  muster_silence_times_resolve ("4h", g_get_real_time (), zone));
      muster_hours_row_set_hours (MUSTER_HOURS_ROW (form->hours), 0x60, begin, end);
      return;
    }
  days = muster_entity_get_string (form->silence, "days");
  from = muster_entity_get_string (form->silence, "from_time");
  to = muster_entity_get_string (form->silence, "to_time");
  if (from != NULL)
    muster_clock_parse (from, &begin);
  if (to != NULL)
    muster_clock_parse (to, &end);
  adw_combo_row_set_selected (ADW_COMBO_ROW (form->weekly), days != NULL);
  muster_hours_row_set_hours (MUSTER_HOURS_ROW (form->hours), muster_days_from_json (days), begin,
                              end);
  muster_moment_row_set_time (MUSTER_MOMENT_ROW (form->start),
                              muster_entity_get_integer (form->silence, "starts_at"));
  muster_moment_row_set_time (MUSTER_MOMENT_ROW (form->end),
                              muster_entity_get_integer (form->silence, "ends_at"));
  muster_scope_picker_set (form->scope, muster_entity_get_enum (form->silence, "scope_kind"),
                           muster_entity_get_string (form->silence, "scope_id"));
}

static GtkWidget *
create_when (Form *form, MusterSession *session)
{
  const char *const kinds[] = { _ ("Once"), _ ("Every week"), NULL };
  g_autoptr (GtkStringList) model = gtk_string_list_new (kinds);
  GTimeZone       *zone = muster_session_get_zone (session);
  g_autofree char *description =
    g_strdup_printf (_ ("Times are those of %s."), g_time_zone_get_identifier (zone));
  GtkWidget *group = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", _ ("When"), "description",
                                   description, NULL);

  form->weekly = g_object_new (ADW_TYPE_COMBO_ROW, "title", _ ("Recurs"), "model", model, NULL);
  form->hours = muster_hours_row_new (FALSE);
  form->start = muster_moment_row_new (_ ("From"), zone);
  form->end = muster_moment_row_new (_ ("Until"), zone);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), form->weekly);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), form->hours);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), form->start);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), form->end);
  return group;
}

AdwDialog *
muster_silence_dialog_new (MusterSession *session, MusterEntity *silence)
{
  static const char *const         why[] = { "reason", NULL };
  static const char *const         which[] = { "rule_id", "metric", "warn_before_seconds", NULL };
  static const MusterRecordSection sections[] = { { NULL, why },
                                                  { N_ ("Only These"), which },
                                                  { NULL, NULL } };
  AdwDialog                       *dialog =
    muster_record_dialog_new (session, &muster_alert_silence_info, silence, sections,
                              silence != NULL ? _ ("Edit Silence") : _ ("Add a Silence"));
  GtkWidget *where = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", _ ("Where"), NULL);
  Form      *form = g_new0 (Form, 1);

  form->dialog = MUSTER_RECORD_DIALOG (dialog);
  g_set_object (&form->silence, silence);
  form->scope = muster_scope_picker_new (session, ADW_PREFERENCES_GROUP (where));
  muster_record_dialog_add_group (form->dialog,
                                  ADW_PREFERENCES_GROUP (create_when (form, session)));
  muster_record_dialog_add_group (form->dialog, ADW_PREFERENCES_GROUP (where));
  fill (form, session);
  g_object_set_data_full (G_OBJECT (dialog), "muster-silence-form", form, form_free);
  g_signal_connect_swapped (dialog, "collect", G_CALLBACK (muster_silence_dialog_collect_cb), form);
  g_signal_connect_swapped (form->weekly, "notify::selected",
                            G_CALLBACK (muster_silence_dialog_weekly_cb), form);
  muster_silence_dialog_weekly_cb (form);
  return dialog;
}
