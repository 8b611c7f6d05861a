/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stocktake-review"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "client/muster-api-inventory.h"
#include "client/muster-api-json.h"
#include "model/muster-stocktake-line.h"
#include "muster-stocktake-review.h"

/* Conflicts that are named one by one. */
#define MAX_NAMED 12

typedef struct
{
  MusterSession *session; /* (owned) */
  GtkWidget     *parent;  /* (owned) */
  char          *id;      /* (owned) */
} Review;

static void
review_clear (gpointer data)
{
  Review *self = data;

  g_object_unref (self->session);
  g_object_unref (self->parent);
  g_free (self->id);
}

static void
review_release (gpointer data)
{
  g_rc_box_release_full (data, review_clear);
}

static void
review_release_closure (gpointer data, GClosure *closure)
{
  review_release (data);
}

static void
tell_applied (Review *self, JsonObject *answer)
{
  JsonArray       *conflicts = muster_api_json_get_array (answer, "conflicts");
  unsigned         n_conflicts = conflicts != NULL ? json_array_get_length (conflicts) : 0;
  gint64           applied = muster_api_json_get_integer (answer, "applied", 0);
  g_autofree char *text =
    g_strdup_printf (ngettext ("The count is the stock now: %d change",
                               "The count is the stock now: %d changes", applied),
                     (int)applied);

  muster_session_offer_journal_undo (self->session, text, "stocktake", self->id);
  if (n_conflicts > 0)
    {
      g_autoptr (GString) body = g_string_new (NULL);
      AdwDialog *dialog;

      for (unsigned i = 0; i < MIN (n_conflicts, MAX_NAMED); i++)
        {
          JsonObject *conflict = json_array_get_object_element (conflicts, i);

          g_string_append_printf (body, "%s%s: %s", i > 0 ? "\n" : "",
                                  muster_api_json_get_string (conflict, "code"),
                                  muster_api_json_get_string (conflict, "detail"));
        }
      dialog = adw_alert_dialog_new (_ ("Some Were Left Alone"), body->str);
      adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _ ("_Close"));
      adw_dialog_present (dialog, self->parent);
    }
}

static DexFuture *
muster_stocktake_review_applied_cb (DexFuture *future, gpointer user_data)
{
  Review *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL)
    tell_applied (self, g_value_get_boxed (value));
  else
    muster_session_tell_error (self->session, _ ("The count could not be applied"), error);
  return dex_future_new_true ();
}

static void
muster_stocktake_review_response_cb (AdwAlertDialog *dialog,
                                     const char     *response,
                                     gpointer        user_data)
{
  Review *self = user_data;

  if (g_strcmp0 (response, "retire") != 0 && g_strcmp0 (response, "keep") != 0)
    return;
  dex_future_disown (dex_future_finally (
    muster_api_stocktakes_apply (muster_session_get_client (self->session), self->id, response),
    muster_stocktake_review_applied_cb, g_rc_box_acquire (self), review_release));
}

void
muster_stocktake_review (MusterSession *session,
                         GtkWidget     *parent,
                         const char    *id,
                         const gint64  *counts)
{
  Review          *review = g_rc_box_new0 (Review);
  gint64           missing = counts[MUSTER_COUNT_RESULT_MISSING];
  g_autofree char *body = g_strdup_printf (
    _ ("%d as expected\n%d missing\n%d extra\n%d moved here\n%d unknown codes, which change "
       "nothing\n\nThe result becomes the stock in one operation, which one Undo takes back."),
    (int)counts[MUSTER_COUNT_RESULT_EXPECTED], (int)missing, (int)counts[MUSTER_COUNT_RESULT_EXTRA],
    (int)counts[MUSTER_COUNT_RESULT_MOVED], (int)counts[MUSTER_COUNT_RESULT_UNKNOWN]);
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (_ ("Apply the Count?"), body));

  adw_alert_dialog_add_response (dialog, "cancel", _ ("_Go On Counting"));
  if (missing > 0)
    adw_alert_dialog_add_response (dialog, "keep", _ ("Apply, _Keep What Is Missing"));
  adw_alert_dialog_add_response (dialog, "retire",
                                 missing > 0 ? _ ("Apply, _Retire What Is Missing") : _ ("_Apply"));
  adw_alert_dialog_set_response_appearance (dialog, "retire", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (dialog, "retire");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  review->session = g_object_ref (session);
  review->parent = g_object_ref (parent);
  review->id = g_strdup (id);
  g_signal_connect_data (dialog, "response", G_CALLBACK (muster_stocktake_review_response_cb),
                         review, review_release_closure, 0);
  adw_dialog_present (ADW_DIALOG (dialog), parent);
}
