/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-retention-ask"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "muster-retention-ask.h"
#include "widgets/muster-format.h"

typedef struct
{
  MusterSession         *session; /* (owned) */
  GtkWidget             *parent;  /* (owned) */
  MusterRetentionAskFunc func;
  gpointer               data; /* (owned) */
  GDestroyNotify         destroy;
} Asking;

static void
asking_clear (gpointer pointer)
{
  Asking *asking = pointer;

  asking->destroy (asking->data);
  g_object_unref (asking->session);
  g_object_unref (asking->parent);
}

static void
asking_unref (gpointer asking)
{
  g_rc_box_release_full (asking, asking_clear);
}

char *
muster_retention_describe_totals (JsonObject *totals)
{
  gint64           samples = muster_api_json_get_integer (totals, "samples", 0);
  g_autofree char *number = muster_format_number ((double)samples);
  g_autofree char *size = g_format_size (muster_api_json_get_integer (totals, "bytes", 0) +
                                         muster_api_json_get_integer (totals, "rollup_bytes", 0));

  /* Translators: %s samples, and a size like 12 MB. */
  return g_strdup_printf (ngettext ("%s sample, %s", "%s samples, %s", samples), number, size);
}

/* What goes, class by class. */
static char *
list_losses (JsonObject *preview)
{
  JsonArray *items = muster_api_json_get_array (preview, "items");
  GString   *text = g_string_new (NULL);

  for (unsigned i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject      *item = json_array_get_object_element (items, i);
      const char      *name = muster_api_json_get_string (item, "name");
      g_autofree char *totals = muster_retention_describe_totals (item);

      if (muster_api_json_get_integer (item, "series", 0) == 0)
        continue;
      g_string_append_printf (text, "%s: %s\n", name != NULL ? name : _ ("Other metrics"), totals);
    }
  g_string_append_c (text, '\n');
  g_string_append (text, _ ("What is deleted does not come back, not even by Undo."));
  return g_string_free_and_steal (text);
}

static void
muster_retention_ask_response_cb (AdwAlertDialog *dialog, const char *response, gpointer user_data)
{
  Asking *asking = user_data;

  if (g_strcmp0 (response, "delete") == 0)
    asking->func (asking->data);
}

/* (transfer full) */
static char *
make_heading (JsonObject *preview)
{
  gint64           samples = muster_api_json_get_integer (preview, "samples", 0);
  g_autofree char *number = muster_format_number ((double)samples);

  return samples > 0
           ? g_strdup_printf (ngettext ("Delete %s Sample?", "Delete %s Samples?", samples), number)
           : g_strdup (_ ("Delete Minutes and Hours?"));
}

static void
ask (Asking *asking, const char *heading, const char *body)
{
  AdwDialog *dialog = adw_alert_dialog_new (heading, body);

  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "delete",
                                  _ ("_Delete"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "delete",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (muster_retention_ask_response_cb),
                         g_rc_box_acquire (asking), (GClosureNotify)(void (*) (void))asking_unref,
                         0);
  adw_dialog_present (dialog, asking->parent);
}

static void
ask_about_losses (Asking *asking, JsonObject *preview)
{
  g_autofree char *heading = make_heading (preview);
  g_autofree char *body = list_losses (preview);

  ask (asking, heading, body);
}

/* How much goes is not known: that it may is to be agreed to all the same. */
static void
ask_blindly (Asking *asking, const GError *error)
{
  g_autofree char *why = muster_format_sentence (error->message);
  g_autofree char *body =
    g_strconcat (_ ("How much this deletes could not be found out. What is deleted does not come "
                    "back, not even by Undo."),
                 "\n\n", why, NULL);

  ask (asking, _ ("Delete Samples?"), body);
}

static DexFuture *
muster_retention_ask_previewed_cb (DexFuture *future, gpointer user_data)
{
  Asking *asking = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  JsonObject   *preview = value != NULL ? g_value_get_boxed (value) : NULL;

  if (preview == NULL && !g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_INVALID))
    ask_blindly (asking, error);
  else if (preview != NULL && (muster_api_json_get_integer (preview, "samples", 0) > 0 ||
                               muster_api_json_get_integer (preview, "bytes", 0) > 0))
    ask_about_losses (asking, preview);
  else
    asking->func (asking->data);
  return dex_future_new_true ();
}

void
muster_retention_ask (MusterSession         *session,
                      GtkWidget             *parent,
                      DexFuture             *preview,
                      MusterRetentionAskFunc func,
                      gpointer               data,
                      GDestroyNotify         destroy)
{
  Asking *asking = g_rc_box_new (Asking);

  *asking = (Asking){ g_object_ref (session), g_object_ref (parent), func, data, destroy };
  dex_future_disown (
    dex_future_finally (preview, muster_retention_ask_previewed_cb, asking, asking_unref));
}
