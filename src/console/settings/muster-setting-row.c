/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-setting-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "client/muster-api-site.h"
#include "client/muster-api-telemetry.h"
#include "muster-retention-ask.h"
#include "muster-setting-row.h"
#include "widgets/muster-size-text.h"

#define KEY_NAME "muster-setting-key"
#define KEY_TYPE "muster-setting-type"
#define KEY_RESTART "muster-setting-restart"
#define KEY_BYTES "muster-setting-bytes"

typedef struct
{
  MusterSession *session;
  GtkWidget     *row;
  gboolean       needs_restart;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_object_unref (saving->session);
  g_object_unref (saving->row);
  g_free (saving);
}

static DexFuture *
muster_setting_row_saved_cb (DexFuture *future, gpointer user_data)
{
  Saving *saving = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    muster_session_tell_error (saving->session, _ ("The setting was not changed"), error);
  else if (!saving->needs_restart ||
           !gtk_widget_activate_action (saving->row, "settings.need-restart", NULL))
    muster_session_tell (saving->session,
                         saving->needs_restart
                           ? _ ("Changed; takes effect when the site's service is started again")
                           : _ ("Changed"));
  return dex_future_new_true ();
}

static void
store (GtkWidget *row, MusterSession *session, JsonNode *value)
{
  Saving *saving = g_new0 (Saving, 1);

  saving->session = g_object_ref (session);
  saving->row = g_object_ref (row);
  saving->needs_restart = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), KEY_RESTART));
  dex_future_disown (
    dex_future_finally (muster_api_settings_set (muster_session_get_client (session),
                                                 g_object_get_data (G_OBJECT (row), KEY_NAME),
                                                 value),
                        muster_setting_row_saved_cb, saving, saving_free));
}

/* --- what deletes something --- */

typedef struct
{
  MusterSession *session; /* (owned) */
  GtkWidget     *row;     /* (owned) */
  JsonNode      *value;   /* (owned) (nullable) until it is stored */
} Wish;

static void
fulfil (gpointer data)
{
  Wish *wish = data;

  store (wish->row, wish->session, g_steal_pointer (&wish->value));
}

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  /* Given up: what holds is shown again. */
  if (wish->value != NULL)
    gtk_widget_activate_action (wish->row, "win.refresh", NULL);
  g_clear_pointer (&wish->value, json_node_unref);
  g_object_unref (wish->session);
  g_object_unref (wish->row);
  g_free (wish);
}

/* Takes VALUE. Less room for samples deletes some: that is asked about before. */
static void
store_or_ask (GtkWidget *row, MusterSession *session, JsonNode *value)
{
  Wish *wish;

  if (!g_str_equal (g_object_get_data (G_OBJECT (row), KEY_NAME), "samples.max-bytes") ||
      !JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_INT64 ||
      json_node_get_int (value) <= 0)
    {
      store (row, session, value);
      return;
    }
  wish = g_new (Wish, 1);
  *wish = (Wish){ g_object_ref (session), g_object_ref (row), value };
  muster_retention_ask (session, row,
                        muster_api_retention_preview (muster_session_get_client (session), NULL,
                                                      json_node_get_int (value)),
                        fulfil, wish, wish_free);
}

static void
muster_setting_row_apply_cb (GtkWidget *row, MusterSession *session)
{
  const char *type = g_object_get_data (G_OBJECT (row), KEY_TYPE);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));
  JsonNode   *node = json_node_alloc ();
  char       *end = NULL;
  gint64      bytes;

  if (*text == '\0')
    json_node_init_null (node);
  else if (g_object_get_data (G_OBJECT (row), KEY_BYTES) != NULL &&
           muster_size_text_parse (text, &bytes))
    json_node_init_int (node, bytes);
  else if (g_strcmp0 (type, "integer") == 0)
    {
      json_node_init_int (node, g_ascii_strtoll (text, &end, 10));
      /* What is no number goes as it is: the service says what it wants. */
      if (*end != '\0')
        json_node_init_string (node, text);
    }
  else if (g_strcmp0 (type, "double") == 0 || g_strcmp0 (type, "number") == 0)
    {
      json_node_init_double (node, g_ascii_strtod (text, &end));
      if (*end != '\0')
        json_node_init_string (node, text);
    }
  else
    json_node_init_string (node, text);
  store_or_ask (row, session, node);
}

static void
muster_setting_row_active_cb (GtkWidget *row, GParamSpec *pspec, MusterSession *session)
{
  store (row, session,
         json_node_init_boolean (json_node_alloc (),
                                 adw_switch_row_get_active (ADW_SWITCH_ROW (row))));
}

/* A number of bytes is written with its unit. */
static gboolean
is_bytes (JsonObject *setting)
{
  return g_strcmp0 (muster_api_json_get_string (setting, "unit"), "B") == 0;
}

/* The value as text, "" for none: (transfer full). */
static char *
format_value (JsonObject *setting)
{
  JsonNode *value = json_object_get_member (setting, "value");

  if (value == NULL || JSON_NODE_HOLDS_NULL (value))
    return g_strdup ("");
  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
    return json_node_dup_string (value);
  if (is_bytes (setting))
    return muster_size_text_format (json_node_get_int (value));
  return json_to_string (value, FALSE);
}

/* What it does, in a popover: a tooltip is out of reach for a finger. */
static GtkWidget *
create_help (const char *title, const char *doc)
{
  GtkWidget       *button = gtk_menu_button_new ();
  GtkWidget       *popover = gtk_popover_new ();
  GtkWidget       *label = gtk_label_new (doc);
  g_autofree char *name = g_strdup_printf (_ ("About %s"), title);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 42);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_popover_set_child (GTK_POPOVER (popover), label);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "help-about-symbolic");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

GtkWidget *
muster_setting_row_new (MusterSession *session, JsonObject *setting)
{
  const char      *type = muster_api_json_get_string (setting, "type");
  const char      *unit = muster_api_json_get_string (setting, "unit");
  const char      *label = muster_api_json_get_string (setting, "label");
  const char      *key = muster_api_json_get_string (setting, "key");
  const char      *doc = muster_api_json_get_string (setting, "doc");
  gboolean         overridden = muster_api_json_get_boolean (setting, "overridden");
  g_autofree char *text = format_value (setting);
  g_autofree char *title = NULL;
  GtkWidget       *row;

  g_return_val_if_fail (key != NULL, NULL);

  title = unit != NULL && !is_bytes (setting)
            ? g_strdup_printf ("%s (%s)", label != NULL ? _ (label) : key, unit)
            : g_strdup (label != NULL ? _ (label) : key);
  if (g_strcmp0 (type, "boolean") == 0)
    {
      row = g_object_new (ADW_TYPE_SWITCH_ROW, "active", g_str_equal (text, "true"), NULL);
      g_signal_connect_object (row, "notify::active", G_CALLBACK (muster_setting_row_active_cb),
                               session, 0);
    }
  else
    {
      row = muster_api_json_get_boolean (setting, "secret") ? adw_password_entry_row_new ()
                                                            : adw_entry_row_new ();
      gtk_editable_set_text (GTK_EDITABLE (row), text);
      adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (row), TRUE);
      g_signal_connect_object (row, "apply", G_CALLBACK (muster_setting_row_apply_cb), session, 0);
    }
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_widget_set_sensitive (row, !overridden);
  if (overridden)
    gtk_widget_set_tooltip_text (row, _ ("Set by the configuration file of the site's service"));
  if (doc != NULL && ADW_IS_SWITCH_ROW (row))
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), doc);
  else if (doc != NULL)
    adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), create_help (title, doc));
  g_object_set_data_full (G_OBJECT (row), KEY_NAME, g_strdup (key), g_free);
  g_object_set_data_full (G_OBJECT (row), KEY_TYPE, g_strdup (type), g_free);
  if (is_bytes (setting))
    g_object_set_data (G_OBJECT (row), KEY_BYTES, row);
  g_object_set_data (G_OBJECT (row), KEY_RESTART,
                     GINT_TO_POINTER (muster_api_json_get_boolean (setting, "needs_restart")));
  return row;
}
