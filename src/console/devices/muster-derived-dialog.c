/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-derived-dialog"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "client/muster-api-telemetry.h"
#include "model/muster-derived-metric.h"
#include "muster-derived-dialog.h"
#include "widgets/muster-field-row.h"
#include "widgets/muster-format.h"
#include "widgets/muster-record-dialog.h"

#define KEY "muster-derived-trial"
/* Nobody types a formula faster than it is answered. */
#define SETTLE_MSEC 250
/* What it is made of changes meanwhile. */
#define AGAIN_SECONDS 2

/* What the expression is at present. Owned by the dialog. */
typedef struct
{
  MusterSession      *session;    /* (owned) */
  MusterRecordDialog *dialog;     /* borrowed: it owns this */
  char               *device_id;  /* (owned) (nullable) */
  char               *product_id; /* (owned) (nullable) */
  AdwActionRow       *row;        /* borrowed from the dialog */
  DexFuture          *asking;     /* (owned) (nullable) */
  unsigned            settle_id;
  unsigned            again_id;
} Trial;

static void
trial_free (gpointer data)
{
  Trial *trial = data;

  g_clear_handle_id (&trial->settle_id, g_source_remove);
  g_clear_handle_id (&trial->again_id, g_source_remove);
  dex_clear (&trial->asking);
  g_object_unref (trial->session);
  g_free (trial->device_id);
  g_free (trial->product_id);
  g_free (trial);
}

static char *
dup_field (Trial *trial, const char *field)
{
  GtkWidget *row =
    muster_entity_form_get_row (muster_record_dialog_get_form (trial->dialog), field);

  return row != NULL ? muster_field_row_dup_text (row) : g_strdup ("");
}

/* --- what is shown --- */

static void
show (Trial *trial, const char *title, const char *subtitle, gboolean is_wrong)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (trial->row), title);
  adw_action_row_set_subtitle (trial->row, subtitle);
  if (is_wrong)
    gtk_widget_add_css_class (GTK_WIDGET (trial->row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (trial->row), "error");
}

/* "temperature 21.5 · humidity not heard yet" */
static char *
describe_inputs (JsonObject *answer)
{
  JsonArray *inputs = muster_api_json_get_array (answer, "inputs");
  g_autoptr (GString) text = g_string_new (NULL);

  for (unsigned i = 0; inputs != NULL && i < json_array_get_length (inputs); i++)
    {
      JsonObject      *input = muster_api_json_as_object (json_array_get_element (inputs, i));
      double           value = muster_api_json_get_double (input, "value", NAN);
      g_autofree char *number = isnan (value) ? NULL : muster_format_number (value);

      g_string_append_printf (text, "%s%s %s", i > 0 ? " · " : "",
                              muster_api_json_get_string (input, "metric"),
                              number != NULL ? number : _ ("not heard yet"));
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
show_answer (Trial *trial, JsonObject *answer)
{
  double           value = muster_api_json_get_double (answer, "value", NAN);
  g_autofree char *unit = dup_field (trial, "unit");
  g_autofree char *number = isnan (value) ? NULL : muster_format_number (value);
  g_autofree char *inputs = describe_inputs (answer);
  g_autofree char *text = number == NULL
                            ? g_strdup (_ ("Not known at present"))
                            /* Translators: what a formula is at present, and its unit. */
                            : g_strdup_printf (_ ("Now %s %s"), number, unit);

  show (trial, g_strchomp (text), inputs, FALSE);
}

/* What is wrong with the expression says where. */
static void
show_error (Trial *trial, const GError *error)
{
  GPtrArray  *fields = muster_error_get_fields (error);
  const char *detail =
    fields->len > 0 ? ((MusterFieldError *)fields->pdata[0])->detail : error->message;
  g_autofree char *text = muster_format_sentence (detail);

  show (trial, _ ("It cannot be read yet"), text, TRUE);
}

/* --- asking --- */

static DexFuture *
muster_derived_dialog_answered_cb (DexFuture *future, gpointer user_data)
{
  Trial *trial = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL)
    show_answer (trial, g_value_get_boxed (value));
  else
    show_error (trial, error);
  return dex_future_new_true ();
}

static void
ask (Trial *trial)
{
  g_autofree char *expression = dup_field (trial, "expression");

  dex_clear (&trial->asking);
  if (*g_strstrip (expression) == '\0')
    {
      show (trial, _ ("Made of other metrics"),
            _ ("Names stand as they are, or in quotes: temperature * 1.8 + 32"), FALSE);
      return;
    }
  trial->asking = dex_future_finally (
    muster_api_derived_metrics_preview (muster_session_get_client (trial->session), expression,
                                        trial->device_id, trial->product_id),
    muster_derived_dialog_answered_cb, trial, NULL);
}

static void
muster_derived_dialog_settled_cb (gpointer user_data)
{
  Trial *trial = user_data;

  trial->settle_id = 0;
  ask (trial);
}

static void
muster_derived_dialog_changed_cb (Trial *trial)
{
  g_clear_handle_id (&trial->settle_id, g_source_remove);
  trial->settle_id = g_timeout_add_once (SETTLE_MSEC, muster_derived_dialog_settled_cb, trial);
}

static gboolean
muster_derived_dialog_again_cb (gpointer user_data)
{
  Trial *trial = user_data;

  if (trial->settle_id == 0)
    ask (trial);
  return G_SOURCE_CONTINUE;
}

static char *
muster_derived_dialog_collect_cb (MusterRecordDialog *dialog, JsonObject *changes, Trial *trial)
{
  if (trial->device_id != NULL)
    json_object_set_string_member (changes, "device_id", trial->device_id);
  else
    json_object_set_string_member (changes, "product_id", trial->product_id);
  return NULL;
}

AdwDialog *
muster_derived_dialog_new (MusterSession *session,
                           MusterEntity  *derived,
                           const char    *device_id,
                           const char    *product_id)
{
  static const char *const         what[] = { "name",        "expression", "unit", "method",
                                              "description", "enabled",    NULL };
  static const MusterRecordSection sections[] = { { NULL, what }, { NULL, NULL } };
  AdwDialog                       *dialog =
    muster_record_dialog_new (session, &muster_derived_metric_info, derived, sections,
                              derived != NULL ? muster_entity_get_string (derived, "name")
                                              : _ ("Derive a Metric"));
  GtkWidget *group = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title", _ ("At Present"), NULL);
  Trial     *trial = g_new0 (Trial, 1);

  trial->session = g_object_ref (session);
  trial->dialog = MUSTER_RECORD_DIALOG (dialog);
  trial->device_id = g_strdup (device_id);
  trial->product_id = g_strdup (product_id);
  trial->row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "subtitle-lines", 0, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (trial->row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("At present"), -1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (trial->row));
  muster_record_dialog_add_group (trial->dialog, ADW_PREFERENCES_GROUP (group));
  g_object_set_data_full (G_OBJECT (dialog), KEY, trial, trial_free);
  g_signal_connect_swapped (muster_record_dialog_get_form (trial->dialog), "changed",
                            G_CALLBACK (muster_derived_dialog_changed_cb), trial);
  if (derived == NULL)
    g_signal_connect (dialog, "collect", G_CALLBACK (muster_derived_dialog_collect_cb), trial);
  trial->again_id = g_timeout_add_seconds (AGAIN_SECONDS, muster_derived_dialog_again_cb, trial);
  ask (trial);
  return dialog;
}
