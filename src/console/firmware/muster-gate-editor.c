/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-gate-editor"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "client/muster-api-json.h"
#include "muster-gate-editor.h"

struct _MusterGateEditor
{
  AdwPreferencesGroup parent_instance;

  JsonObject *kept; /* (owned) (nullable) the gate as it was */
  GtkWidget  *wanted;
  GtkWidget  *metric;
  GtkWidget  *worse;
};

G_DEFINE_FINAL_TYPE (MusterGateEditor, muster_gate_editor, ADW_TYPE_PREFERENCES_GROUP)

static const char *const directions[] = { "higher", "lower" };

static gboolean
is_wanted (MusterGateEditor *self)
{
  return adw_expander_row_get_enable_expansion (ADW_EXPANDER_ROW (self->wanted));
}

static void
muster_gate_editor_finalize (GObject *object)
{
  g_clear_pointer (&MUSTER_GATE_EDITOR (object)->kept, json_object_unref);
  G_OBJECT_CLASS (muster_gate_editor_parent_class)->finalize (object);
}

static void
muster_gate_editor_class_init (MusterGateEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_gate_editor_finalize;
}

static void
muster_gate_editor_init (MusterGateEditor *self)
{
  const char *const words[] = { _ ("Higher is worse"), _ ("Lower is worse"), NULL };
  g_autoptr (GtkStringList) model = gtk_string_list_new (words);

  self->wanted =
    g_object_new (ADW_TYPE_EXPANDER_ROW, "title", _ ("Telemetry gate"), "subtitle",
                  _ ("Stops by itself when what updated devices measure is worse than before"),
                  "subtitle-lines", 3, "show-enable-switch", TRUE, "enable-expansion", FALSE, NULL);
  self->metric = g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ ("Metric"), NULL);
  self->worse =
    g_object_new (ADW_TYPE_COMBO_ROW, "title", _ ("What is worse"), "model", model, NULL);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self->wanted), self->metric);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self->wanted), self->worse);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->wanted);
}

GtkWidget *
muster_gate_editor_new (void)
{
  return g_object_new (MUSTER_TYPE_GATE_EDITOR, NULL);
}

void
muster_gate_editor_set_json (MusterGateEditor *self, const char *text)
{
  g_autoptr (JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonObject *gate = root != NULL ? muster_api_json_as_object (root) : NULL;
  const char *metric = gate != NULL ? muster_api_json_get_string (gate, "metric") : NULL;
  gboolean    lower;

  g_return_if_fail (MUSTER_IS_GATE_EDITOR (self));

  lower =
    gate != NULL && g_strcmp0 (muster_api_json_get_string (gate, "worse"), directions[1]) == 0;
  g_clear_pointer (&self->kept, json_object_unref);
  self->kept = gate != NULL ? json_object_ref (gate) : NULL;
  gtk_editable_set_text (GTK_EDITABLE (self->metric), metric != NULL ? metric : "");
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->worse), lower);
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (self->wanted), gate != NULL);
}

char *
muster_gate_editor_dup_json (MusterGateEditor *self)
{
  g_autoptr (JsonObject) gate = NULL;
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (MUSTER_IS_GATE_EDITOR (self), NULL);

  if (!is_wanted (self))
    return NULL;
  root = json_node_alloc ();
  gate = self->kept != NULL ? json_object_ref (self->kept) : json_object_new ();
  json_object_set_string_member (gate, "metric",
                                 gtk_editable_get_text (GTK_EDITABLE (self->metric)));
  json_object_set_string_member (
    gate, "worse", directions[adw_combo_row_get_selected (ADW_COMBO_ROW (self->worse)) == 1]);
  json_node_init_object (root, gate);
  return json_to_string (root, FALSE);
}

const char *
muster_gate_editor_find_missing (MusterGateEditor *self)
{
  g_return_val_if_fail (MUSTER_IS_GATE_EDITOR (self), NULL);

  return is_wanted (self) && *gtk_editable_get_text (GTK_EDITABLE (self->metric)) == '\0'
           ? _ ("A telemetry gate needs the metric that it looks at")
           : NULL;
}
