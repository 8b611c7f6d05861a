/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-flash-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-flash.h"
#include "client/muster-api-json.h"
#include "muster-factory-words.h"
#include "muster-flash-dialog.h"
#include "muster-port-list.h"
#include "widgets/muster-dialog.h"
#include "widgets/muster-entity-form.h"
#include "widgets/muster-format.h"
#include "widgets/muster-reference-row.h"
#include "widgets/muster-references.h"

struct _MusterFlashDialog
{
  AdwDialog parent_instance;

  MusterSession    *session; /* (owned) */
  MusterEntity     *batch;   /* (owned) (nullable) */
  MusterEntityForm *form;    /* (owned) (nullable) */
  JsonObject       *tools;   /* (owned) (nullable): as the daemon tells */
  DexFuture        *reading; /* (owned) (nullable) */
  DexFuture        *sending; /* (owned) (nullable) */
  char             *named;   /* (owned) (nullable): the name that was proposed */

  /* Borrowed from the page; without a form but the ports NULL */
  MusterPortList *ports;
  GtkWidget      *tool_row;
  GtkWidget      *tool_icon;
  GtkWidget      *address;

  /* Template children */
  GtkButton          *flash;
  AdwBanner          *banner;
  AdwPreferencesPage *page;
};

G_DEFINE_FINAL_TYPE (MusterFlashDialog, muster_flash_dialog, ADW_TYPE_DIALOG)

enum
{
  BEGUN,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

/* --- the tool --- */

static int
get_tool (MusterFlashDialog *self)
{
  return (int)adw_combo_row_get_selected (
    ADW_COMBO_ROW (muster_entity_form_get_row (self->form, "tool")));
}

/* What the daemon tells of the tool that is chosen: borrowed (nullable). */
static JsonObject *
find_tool (MusterFlashDialog *self)
{
  const char *nick = muster_enum_get_nick (&muster_flash_tool_enum, get_tool (self));
  JsonArray  *items = self->tools != NULL ? muster_api_json_get_array (self->tools, "items") : NULL;

  for (unsigned i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *item = muster_api_json_as_object (json_array_get_element (items, i));

      if (item != NULL && g_strcmp0 (muster_api_json_get_string (item, "tool"), nick) == 0)
        return item;
    }
  return NULL;
}

static gboolean
is_tool_missing (MusterFlashDialog *self)
{
  JsonObject *tool = self->form != NULL ? find_tool (self) : NULL;

  return tool != NULL && muster_api_json_get_string (tool, "problem") != NULL;
}

static void
update_button (MusterFlashDialog *self)
{
  unsigned         n_boards = muster_port_list_count_chosen (self->ports);
  g_autofree char *label = muster_flash_describe_button (n_boards);

  gtk_button_set_label (self->flash, label);
  gtk_widget_set_sensitive (GTK_WIDGET (self->flash),
                            n_boards > 0 && self->sending == NULL && !is_tool_missing (self));
}

/* Whether it is there, and what to do where it is not; the rows that it wants. */
static void
show_tool (MusterFlashDialog *self)
{
  JsonObject      *tool = find_tool (self);
  const char      *problem = tool != NULL ? muster_api_json_get_string (tool, "problem") : NULL;
  g_autofree char *text = problem != NULL ? muster_format_sentence (problem) : NULL;

  gtk_widget_set_visible (self->tool_row, tool != NULL);
  gtk_widget_set_visible (muster_entity_form_get_row (self->form, "part"),
                          tool == NULL || muster_api_json_get_boolean (tool, "needs_part"));
  gtk_widget_set_visible (muster_entity_form_get_row (self->form, "programmer"),
                          tool == NULL || muster_api_json_get_boolean (tool, "needs_programmer"));
  update_button (self);
  if (tool == NULL)
    return;
  g_object_set (self->tool_row, "title",
                problem != NULL ? _ ("The tool is not there") : _ ("The tool is there"), "subtitle",
                problem != NULL ? text : muster_api_json_get_string (tool, "program"), NULL);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->tool_icon), problem != NULL
                                                               ? "muster-triangle-symbolic"
                                                               : "muster-online-symbolic");
  gtk_widget_remove_css_class (self->tool_icon, problem != NULL ? "success" : "warning");
  gtk_widget_add_css_class (self->tool_icon, problem != NULL ? "warning" : "success");
}

static DexFuture *
muster_flash_dialog_tools_cb (DexFuture *future, gpointer user_data)
{
  MusterFlashDialog *self = user_data;
  const GValue      *value = dex_future_get_value (future, NULL);

  if (value != NULL)
    {
      g_clear_pointer (&self->tools, json_object_unref);
      self->tools = json_object_ref (g_value_get_boxed (value));
      show_tool (self);
    }
  return dex_future_new_true ();
}

/* --- what is proposed --- */

/* A batch is called after what it gives, and the tool is one for such files, until somebody says
 * otherwise. */
static void
muster_flash_dialog_artifact_cb (MusterFlashDialog *self)
{
  MusterReferenceRow *row =
    MUSTER_REFERENCE_ROW (muster_entity_form_get_row (self->form, "artifact_id"));
  GtkEditable  *name = GTK_EDITABLE (muster_entity_form_get_row (self->form, "name"));
  MusterEntity *artifact = muster_reference_row_get_record (row);
  const char   *typed = gtk_editable_get_text (name);

  if (artifact == NULL)
    return;
  if (*typed == '\0' || g_strcmp0 (typed, self->named) == 0)
    {
      g_set_str (&self->named, muster_reference_get_title (artifact));
      gtk_editable_set_text (name, self->named);
    }
  adw_combo_row_set_selected (ADW_COMBO_ROW (muster_entity_form_get_row (self->form, "tool")),
                              muster_flash_suggest_tool (
                                muster_entity_get_enum (artifact, "format")));
}

/* --- beginning --- */

static void
show_error (MusterFlashDialog *self, const GError *error)
{
  if (self->form != NULL)
    muster_entity_form_show_error (self->form, error);
  muster_dialog_refuse (ADW_DIALOG (self), self->banner, self->session, error);
}

static DexFuture *
muster_flash_dialog_sent_cb (DexFuture *future, gpointer user_data)
{
  MusterFlashDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  dex_clear (&self->sending);
  if (value == NULL)
    {
      update_button (self);
      show_error (self, error);
      return dex_future_new_true ();
    }
  g_signal_emit (self, signals[BEGUN], 0, g_value_get_object (value));
  muster_dialog_end (ADW_DIALOG (self));
  return dex_future_new_true ();
}

/* What the tool takes no notice of is not sent. */
static void
drop_hidden (MusterFlashDialog *self, JsonObject *members)
{
  static const char *const fields[] = { "part", "programmer" };

  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!gtk_widget_get_visible (muster_entity_form_get_row (self->form, fields[i])) &&
        json_object_has_member (members, fields[i]))
      json_object_remove_member (members, fields[i]);
}

/* What is to be sent but the ports: (transfer full), NULL where something is wrong and shown. */
static JsonObject *
collect (MusterFlashDialog *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) members = muster_entity_form_collect (self->form, &error);
  gint64 address;

  if (members == NULL)
    {
      show_error (self, error);
      return NULL;
    }
  gtk_widget_remove_css_class (self->address, "error");
  if (!muster_flash_read_address (gtk_editable_get_text (GTK_EDITABLE (self->address)), &address))
    {
      gtk_widget_add_css_class (self->address, "error");
      gtk_widget_grab_focus (self->address);
      adw_banner_set_title (self->banner,
                            _ ("An address is a number such as 0x10000, at most 0xffffffff"));
      adw_banner_set_revealed (self->banner, TRUE);
      return NULL;
    }
  drop_hidden (self, members);
  json_object_set_int_member (members, "address", address);
  return g_steal_pointer (&members);
}

static JsonArray *
make_array (char **ports)
{
  JsonArray *array = json_array_new ();

  for (unsigned i = 0; ports[i] != NULL; i++)
    json_array_add_string_element (array, ports[i]);
  return array;
}

static void
muster_flash_dialog_flash_cb (MusterFlashDialog *self)
{
  MusterApiClient *client = muster_session_get_client (self->session);
  g_auto (GStrv) ports = muster_port_list_dup_chosen (self->ports);
  JsonObject *members = NULL;

  adw_banner_set_revealed (self->banner, FALSE);
  if (self->batch == NULL && (members = collect (self)) == NULL)
    return;
  if (members != NULL)
    json_object_set_array_member (members, "ports", make_array (ports));
  self->sending =
    dex_future_finally (members != NULL
                          ? muster_api_flash_create (client, members)
                          : muster_api_flash_add (client, muster_entity_get_id (self->batch),
                                                  (const char *const *)ports),
                        muster_flash_dialog_sent_cb, g_object_ref (self), g_object_unref);
  update_button (self);
}

static void
muster_flash_dialog_cancel_cb (MusterFlashDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

/* --- life --- */

static void
build_tool_rows (MusterFlashDialog *self)
{
  static const char *const tool[] = { "tool", NULL };
  static const char *const rest[] = { "part", "programmer", NULL };
  AdwPreferencesGroup     *group =
    muster_entity_form_add_group (self->form, self->page, _ ("How"), tool);

  self->tool_icon = gtk_image_new ();
  self->tool_row =
    g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "subtitle-selectable", TRUE, NULL);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self->tool_row), self->tool_icon);
  gtk_widget_set_visible (self->tool_row, FALSE);
  self->address = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->address), _ ("Address"));
  gtk_editable_set_text (GTK_EDITABLE (self->address), "0x0");
  adw_preferences_group_add (group, self->tool_row);
  group = muster_entity_form_add_group (self->form, self->page, NULL, rest);
  adw_preferences_group_add (group, self->address);
}

static void
build_form (MusterFlashDialog *self)
{
  static const char *const what[] = { "artifact_id", "name", NULL };
  static const char *const ready[] = { "status", "ready", NULL };
  GtkWidget               *artifact;

  self->form = muster_entity_form_new (self->session, &muster_flash_batch_info, NULL);
  muster_entity_form_add_group (self->form, self->page, NULL, what);
  build_tool_rows (self);
  artifact = muster_entity_form_get_row (self->form, "artifact_id");
  muster_reference_row_set_filters (MUSTER_REFERENCE_ROW (artifact), ready);
  g_signal_connect_object (artifact, "notify::record-id",
                           G_CALLBACK (muster_flash_dialog_artifact_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_entity_form_get_row (self->form, "tool"), "notify::selected",
                           G_CALLBACK (show_tool), self, G_CONNECT_SWAPPED);
  self->reading =
    dex_future_finally (muster_api_flash_list_tools (muster_session_get_client (self->session)),
                        muster_flash_dialog_tools_cb, self, NULL);
}

static void
muster_flash_dialog_dispose (GObject *object)
{
  MusterFlashDialog *self = MUSTER_FLASH_DIALOG (object);

  dex_clear (&self->reading);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_FLASH_DIALOG);
  g_clear_object (&self->form);
  g_clear_object (&self->batch);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_flash_dialog_parent_class)->dispose (object);
}

static void
muster_flash_dialog_finalize (GObject *object)
{
  MusterFlashDialog *self = MUSTER_FLASH_DIALOG (object);

  g_clear_pointer (&self->tools, json_object_unref);
  g_free (self->named);
  G_OBJECT_CLASS (muster_flash_dialog_parent_class)->finalize (object);
}

static void
muster_flash_dialog_class_init (MusterFlashDialogClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_flash_dialog_dispose;
  object_class->finalize = muster_flash_dialog_finalize;
  signals[BEGUN] = g_signal_new ("begun", MUSTER_TYPE_FLASH_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, MUSTER_TYPE_ENTITY);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/flash-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterFlashDialog, flash);
  gtk_widget_class_bind_template_child (widget_class, MusterFlashDialog, banner);
  gtk_widget_class_bind_template_child (widget_class, MusterFlashDialog, page);
  gtk_widget_class_bind_template_callback (widget_class, muster_flash_dialog_flash_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_flash_dialog_cancel_cb);
}

static void
muster_flash_dialog_init (MusterFlashDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
muster_flash_dialog_new (MusterSession *session, MusterEntity *batch)
{
  MusterFlashDialog *self =
    g_object_new (MUSTER_TYPE_FLASH_DIALOG, "title",
                  batch != NULL ? _ ("Next Boards") : _ ("Flash Boards"), NULL);

  self->session = g_object_ref (session);
  if (batch != NULL)
    self->batch = g_object_ref (batch);
  else
    build_form (self);
  self->ports = MUSTER_PORT_LIST (muster_port_list_new (session, FALSE));
  adw_preferences_group_set_description (
    ADW_PREFERENCES_GROUP (self->ports),
    _ ("What is on these boards now is lost: flashing cannot be undone."));
  adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (self->ports));
  g_signal_connect_object (self->ports, "changed", G_CALLBACK (update_button), self,
                           G_CONNECT_SWAPPED);
  update_button (self);
  return ADW_DIALOG (self);
}
