/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-credentials-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-discovery.h"
#include "client/muster-api-json.h"
#include "client/muster-api-update-targets.h"
#include "muster-credentials-dialog.h"
#include "widgets/muster-dialog.h"
#include "widgets/muster-format.h"

/* The members of the answer that are shown, in this order. */
typedef struct
{
  const char *member;
  const char *label;
  gboolean    is_file; /* too long for a line: can be saved as well */
} Part;

typedef struct
{
  const char *title, *make, *before, *after;
  DexFuture *(*request) (MusterApiClient *client, const char *id, const char *family);
  gboolean has_family; /* it is asked which family the device is of */
  Part     parts[10];
} Kind;

static DexFuture *
make_token (MusterApiClient *client, const char *id, const char *family)
{
  return muster_api_devices_make_token (client, id);
}

static DexFuture *
make_target_token (MusterApiClient *client, const char *id, const char *family)
{
  return muster_api_update_targets_issue_token (client, id);
}

static const Kind kinds[] = {
  [MUSTER_CREDENTIALS_TOKEN] = {
    N_ ("HTTP Token"),
    N_ ("_Make Token"),
    N_ ("With this token the device may send samples by HTTP, in its own name alone. A token that was made "
        "before no longer works then."),
    N_ ("The token is shown this once: copy it now. The device sends it as “Authorization: Bearer”."),
    make_token,
    FALSE,
    { { "token", N_ ("Token"), FALSE } },
  },
  [MUSTER_CREDENTIALS_TARGET] = {
    N_ ("Target Token"),
    N_ ("_Make Token"),
    N_ ("With this token the device’s update client asks for updates, in its own name alone. A token that "
        "was made before no longer works then."),
    N_ ("The token is shown this once: copy it now. The client sends it as “Authorization: TargetToken”."),
    make_target_token,
    FALSE,
    { { "token", N_ ("Target token"), FALSE } },
  },
  [MUSTER_CREDENTIALS_ACCOUNT] = {
    N_ ("Broker Account"),
    N_ ("_Make Account"),
    N_ ("With this account a device of another make signs in at the site’s broker. "
        "A password that was made before no longer works then."),
    N_ ("The password is shown this once: copy it now. The rest is needed on the device, too."),
    muster_api_devices_make_account,
    TRUE,
    { { "username", N_ ("User name"), FALSE },
      { "password", N_ ("Password"), FALSE },
      { "host", N_ ("Host"), FALSE },
      { "port", N_ ("Port (TLS)"), FALSE },
      { "plain_port", N_ ("Port without TLS, unencrypted"), FALSE },
      { "tls_name", N_ ("Name in the certificate"), FALSE },
      { "group_id", N_ ("Sparkplug group"), FALSE },
      { "node_id", N_ ("Sparkplug node"), FALSE },
      { "ca_certificate", N_ ("CA certificate"), TRUE } },
  },
};

struct _MusterCredentialsDialog
{
  AdwDialog parent_instance;

  MusterSession *session; /* (owned) */
  const Kind    *kind;
  char          *id;     /* (owned) of the device */
  DexFuture     *making; /* (owned) (nullable) */

  /* Template children */
  GtkWidget   *cancel;
  GtkButton   *make;
  GtkWidget   *done;
  GtkLabel    *explanation;
  GtkLabel    *trouble;
  GtkWidget   *rows;
  GtkWidget   *family_group;
  AdwComboRow *family;
  GtkLabel    *help;

  DexFuture *loading;  /* (owned) (nullable) */
  JsonArray *families; /* (owned) (nullable): of what the daemon says of each */
};

G_DEFINE_FINAL_TYPE (MusterCredentialsDialog, muster_credentials_dialog, ADW_TYPE_DIALOG)

static void
set_trouble (MusterCredentialsDialog *self, const GError *error)
{
  g_autofree char *text = error != NULL ? muster_format_sentence (error->message) : NULL;

  gtk_label_set_label (self->trouble, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble), error != NULL);
}

static const char *
value_of (GtkWidget *button)
{
  return g_object_get_data (G_OBJECT (button), "muster-value");
}

static void
muster_credentials_dialog_copy_cb (GtkWidget *button)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (button), value_of (button));
  gtk_button_set_icon_name (GTK_BUTTON (button), "object-select-symbolic");
  gtk_accessible_announce (GTK_ACCESSIBLE (button), _ ("Copied"),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
muster_credentials_dialog_saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MusterCredentialsDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  g_file_replace_contents_finish (G_FILE (object), result, NULL, &error);
  set_trouble (self, error);
}

static void
muster_credentials_dialog_chosen_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) button = user_data;
  GtkWidget *dialog = gtk_widget_get_ancestor (button, MUSTER_TYPE_CREDENTIALS_DIALOG);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (object), result, &error);
  g_autoptr (GBytes) bytes = g_bytes_new (value_of (button), strlen (value_of (button)));

  if (dialog == NULL)
    return;
  if (file != NULL)
    g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE,
                                         G_FILE_CREATE_REPLACE_DESTINATION, NULL,
                                         muster_credentials_dialog_saved_cb, g_object_ref (dialog));
  else if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    set_trouble (MUSTER_CREDENTIALS_DIALOG (dialog), error);
}

static void
muster_credentials_dialog_save_cb (GtkWidget *button)
{
  g_autoptr (GtkFileDialog) chooser = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (chooser, _ ("Save the Certificate"));
  gtk_file_dialog_set_initial_name (chooser, "muster-ca.pem");
  gtk_file_dialog_save (chooser, GTK_WINDOW (gtk_widget_get_root (button)), NULL,
                        muster_credentials_dialog_chosen_cb, g_object_ref (button));
}

/* LABEL is taken. */
static void
add_button (GtkWidget  *row,
            const char *value,
            const char *icon_name,
            char       *label,
            GCallback   clicked)
{
  GtkWidget       *button = gtk_button_new_from_icon_name (icon_name);
  g_autofree char *owned = label;

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_object_set_data_full (G_OBJECT (button), "muster-value", g_strdup (value), g_free);
  g_signal_connect (button, "clicked", clicked, NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static void
add_row (MusterCredentialsDialog *self, const Part *part, const char *value)
{
  const char *label = _ (part->label);
  GtkWidget  *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "title", label, "use-markup", FALSE, "subtitle",
                  part->is_file ? _ ("PEM; the only authority to trust") : value,
                  "subtitle-selectable", TRUE, NULL);

  gtk_widget_add_css_class (row, "property");
  /* Translators: what is copied, such as “Password”. */
  add_button (row, value, "edit-copy-symbolic", g_strdup_printf (_ ("Copy: %s"), label),
              G_CALLBACK (muster_credentials_dialog_copy_cb));
  if (part->is_file)
    /* Translators: what is saved, such as “CA certificate”. */
    add_button (row, value, "document-save-symbolic",
                g_strdup_printf (_ ("Save as file: %s"), label),
                G_CALLBACK (muster_credentials_dialog_save_cb));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->rows), row);
}

static void
show (MusterCredentialsDialog *self, JsonObject *made)
{
  for (const Part *part = self->kind->parts; part->member != NULL; part++)
    {
      JsonNode        *node = json_object_get_member (made, part->member);
      g_autofree char *value = NULL;

      if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
        continue;
      value = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node)
                                                               : json_to_string (node, FALSE);
      add_row (self, part, value);
    }
  gtk_label_set_label (self->explanation, _ (self->kind->after));
  gtk_widget_set_visible (self->rows, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->family), FALSE);
  gtk_widget_set_visible (self->cancel, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->make), FALSE);
  gtk_widget_set_visible (self->done, TRUE);
  gtk_widget_child_focus (self->rows, GTK_DIR_TAB_FORWARD);
}

/* --- families --- */

/* The chosen one; NULL: Sparkplug, the first row. */
static JsonObject *
get_family (MusterCredentialsDialog *self)
{
  guint index = self->families != NULL ? adw_combo_row_get_selected (self->family) : 0;

  return index > 0 && index != GTK_INVALID_LIST_POSITION
           ? json_array_get_object_element (self->families, index - 1)
           : NULL;
}

static void
muster_credentials_dialog_family_cb (MusterCredentialsDialog *self)
{
  JsonObject *family = get_family (self);
  JsonArray  *lines = family != NULL ? muster_api_json_get_array (family, "help") : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  for (unsigned i = 0; lines != NULL && i < json_array_get_length (lines); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            json_array_get_string_element (lines, i));
  gtk_label_set_label (self->help, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->help), text->len > 0);
}

static DexFuture *
muster_credentials_dialog_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterCredentialsDialog *self = user_data;
  const GValue            *value = dex_future_get_value (future, NULL);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  JsonArray *items =
    value != NULL ? muster_api_json_get_array (g_value_get_boxed (value), "items") : NULL;

  dex_clear (&self->loading);
  if (items == NULL)
    return dex_future_new_true ();
  self->families = json_array_ref (items);
  gtk_string_list_append (names, _ ("Sparkplug"));
  for (unsigned i = 0; i < json_array_get_length (items); i++)
    gtk_string_list_append (names,
                            muster_api_json_get_string (json_array_get_object_element (items, i),
                                                        "title"));
  adw_combo_row_set_model (self->family, G_LIST_MODEL (names));
  gtk_widget_set_visible (self->family_group, TRUE);
  return dex_future_new_true ();
}

static DexFuture *
muster_credentials_dialog_made_cb (DexFuture *future, gpointer user_data)
{
  MusterCredentialsDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  dex_clear (&self->making);
  gtk_widget_set_sensitive (GTK_WIDGET (self->make), TRUE);
  if (value == NULL && muster_dialog_tell_missed (ADW_DIALOG (self), self->session, error))
    return dex_future_new_true ();
  set_trouble (self, error);
  if (value != NULL && muster_dialog_is_open (ADW_DIALOG (self)))
    show (self, g_value_get_boxed (value));
  else if (value != NULL)
    muster_session_tell (self->session,
                         _ ("What was made nobody has seen, and what was before counts no more: "
                            "make it again"));
  return dex_future_new_true ();
}

static void
muster_credentials_dialog_make_cb (MusterCredentialsDialog *self)
{
  JsonObject *family = get_family (self);

  if (self->making != NULL)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self->make), FALSE);
  self->making = dex_future_finally (
    self->kind->request (muster_session_get_client (self->session), self->id,
                         family != NULL ? muster_api_json_get_string (family, "family") : NULL),
    muster_credentials_dialog_made_cb, g_object_ref (self), g_object_unref);
}

static void
muster_credentials_dialog_close_cb (MusterCredentialsDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
muster_credentials_dialog_dispose (GObject *object)
{
  MusterCredentialsDialog *self = MUSTER_CREDENTIALS_DIALOG (object);

  dex_clear (&self->making);
  dex_clear (&self->loading);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_CREDENTIALS_DIALOG);
  G_OBJECT_CLASS (muster_credentials_dialog_parent_class)->dispose (object);
}

static void
muster_credentials_dialog_finalize (GObject *object)
{
  MusterCredentialsDialog *self = MUSTER_CREDENTIALS_DIALOG (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->families, json_array_unref);
  g_free (self->id);
  G_OBJECT_CLASS (muster_credentials_dialog_parent_class)->finalize (object);
}

static void
muster_credentials_dialog_class_init (MusterCredentialsDialogClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_credentials_dialog_dispose;
  object_class->finalize = muster_credentials_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/credentials-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterCredentialsDialog, cancel);
  gtk_widget_class_bind_template_child (widget_class, MusterCredentialsDialog, make);
  gtk_widget_class_bind_template_child (widget_class, MusterCredentialsDialog, done);
  gtk_widget_class_bind_template_child (widget_class, MusterCredentialsDialog, explanation);
  gtk_widget_class_bind_template_child (widget_class, MusterCredentialsDialog, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterCredentialsDialog, rows);
  gtk_widget_class_bind_template_child (widget_class, MusterCredentialsDialog, family_group);
  gtk_widget_class_bind_template_child (widget_class, MusterCredentialsDialog, family);
  gtk_widget_class_bind_template_child (widget_class, MusterCredentialsDialog, help);
  gtk_widget_class_bind_template_callback (widget_class, muster_credentials_dialog_family_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_credentials_dialog_make_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_credentials_dialog_close_cb);
}

static void
muster_credentials_dialog_init (MusterCredentialsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
muster_credentials_dialog_new (MusterSession *session, const char *id, MusterCredentialsKind kind)
{
  MusterCredentialsDialog *self =
    g_object_new (MUSTER_TYPE_CREDENTIALS_DIALOG, "title", _ (kinds[kind].title), NULL);

  self->session = g_object_ref (session);
  self->kind = &kinds[kind];
  self->id = g_strdup (id);
  gtk_label_set_label (self->explanation, _ (self->kind->before));
  gtk_button_set_label (self->make, _ (self->kind->make));
  if (self->kind->has_family)
    self->loading =
      dex_future_finally (muster_api_discovery_list_families (muster_session_get_client (session)),
                          muster_credentials_dialog_loaded_cb, g_object_ref (self), g_object_unref);
  return ADW_DIALOG (self);
}
