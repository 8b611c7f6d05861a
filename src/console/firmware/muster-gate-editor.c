/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-gate-editor"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "client/muster-api-json.h"
#include "muster-gate-editor.h"

/* What is watched, in the order of the choice. */
enum
{
  WATCH_ERRORS,
  WATCH_REBOOTS,
  WATCH_METRIC,
};

static const char *const subjects[] = { "errors", "reboots", "metric" };
static const char *const directions[] = { "higher", "lower" };
static const char *const unsure[] = { "go_on", "stop" };

struct _MusterGateEditor
{
  AdwPreferencesGroup parent_instance;

  JsonObject *kept;    /* (owned) (nullable) the watch as it was */
  char       *several; /* (owned) (nullable) a gate of several watches: kept as it is */
  GtkWidget  *wanted;
  GtkWidget  *subject;
  GtkWidget  *metric;
  GtkWidget  *worse;
  GtkWidget  *unsure;
};

G_DEFINE_FINAL_TYPE (MusterGateEditor, muster_gate_editor, ADW_TYPE_PREFERENCES_GROUP)

static gboolean
is_wanted (MusterGateEditor *self)
{
  return adw_expander_row_get_enable_expansion (ADW_EXPANDER_ROW (self->wanted));
}

static unsigned
get_choice (GtkWidget *row)
{
  return adw_combo_row_get_selected (ADW_COMBO_ROW (row));
}

static void
muster_gate_editor_changed (MusterGateEditor *self)
{
  gboolean metric = self->several == NULL && get_choice (self->subject) == WATCH_METRIC;

  gtk_widget_set_visible (self->subject, self->several == NULL);
  gtk_widget_set_visible (self->unsure, self->several == NULL);
  gtk_widget_set_visible (self->metric, metric);
  gtk_widget_set_visible (self->worse, metric);
}

/* --- life --- */

static void
muster_gate_editor_finalize (GObject *object)
{
  MusterGateEditor *self = MUSTER_GATE_EDITOR (object);

  g_clear_pointer (&self->kept, json_object_unref);
  g_free (self->several);
  G_OBJECT_CLASS (muster_gate_editor_parent_class)->finalize (object);
}

static void
muster_gate_editor_class_init (MusterGateEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_gate_editor_finalize;
}

static GtkWidget *
create_choice (const char *title, const char *const *words)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (words);

  return g_object_new (ADW_TYPE_COMBO_ROW, "title", title, "model", model, NULL);
}

static void
muster_gate_editor_init (MusterGateEditor *self)
{
  const char *const watched[] = { _ ("Errors of the devices"), _ ("Restarts"), _ ("A metric"),
                                  NULL };
  const char *const worse[] = { _ ("Higher is worse"), _ ("Lower is worse"), NULL };
  const char *const doubt[] = { _ ("Go on"), _ ("Stop"), NULL };
  AdwExpanderRow   *row;

  self->wanted =
    g_object_new (ADW_TYPE_EXPANDER_ROW, "title", _ ("Telemetry gate"), "subtitle",
                  _ ("Stops by itself when updated devices do worse than before, or than the rest. "
                     "It looks after the wait between groups."),
                  "subtitle-lines", 3, "show-enable-switch", TRUE, "enable-expansion", FALSE, NULL);
  self->subject = create_choice (_ ("Watches"), watched);
  self->metric = g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ ("Metric"), NULL);
  self->worse = create_choice (_ ("What is worse"), worse);
  self->unsure = create_choice (_ ("When too few devices tell"), doubt);
  row = ADW_EXPANDER_ROW (self->wanted);
  adw_expander_row_add_row (row, self->subject);
  adw_expander_row_add_row (row, self->metric);
  adw_expander_row_add_row (row, self->worse);
  adw_expander_row_add_row (row, self->unsure);
  g_signal_connect_object (self->subject, "notify::selected",
                           G_CALLBACK (muster_gate_editor_changed), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->wanted);
  muster_gate_editor_changed (self);
}

GtkWidget *
muster_gate_editor_new (void)
{
  return g_object_new (MUSTER_TYPE_GATE_EDITOR, NULL);
}

/* --- JSON --- */

/* The only watch of a gate, borrowed; NULL: there are several, or none. */
static JsonObject *
find_watch (JsonNode *root)
{
  JsonArray *watches =
    root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  if (watches == NULL)
    return root != NULL ? muster_api_json_as_object (root) : NULL;
  return json_array_get_length (watches) == 1
           ? muster_api_json_as_object (json_array_get_element (watches, 0))
           : NULL;
}

/* Where MEMBER of WATCH stands among WORDS, which has COUNT; else FALLBACK. */
static void
choose (GtkWidget         *row,
        JsonObject        *watch,
        const char        *member,
        const char *const *words,
        unsigned           count,
        unsigned           fallback)
{
  const char *word = muster_api_json_get_string (watch, member);
  unsigned    found = fallback;

  for (unsigned i = 0; i < count; i++)
    if (g_strcmp0 (words[i], word) == 0)
      found = i;
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), found);
}

void
muster_gate_editor_set_json (MusterGateEditor *self, const char *text)
{
  g_autoptr (JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonObject *watch = find_watch (root);
  const char *metric = watch != NULL ? muster_api_json_get_string (watch, "metric") : NULL;

  g_return_if_fail (MUSTER_IS_GATE_EDITOR (self));

  g_clear_pointer (&self->kept, json_object_unref);
  self->kept = watch != NULL ? json_object_ref (watch) : NULL;
  g_set_str (&self->several, root != NULL && watch == NULL ? text : NULL);
  if (watch != NULL)
    {
      choose (self->subject, watch, "watch", subjects, G_N_ELEMENTS (subjects), WATCH_METRIC);
      choose (self->worse, watch, "worse", directions, G_N_ELEMENTS (directions), 0);
      choose (self->unsure, watch, "unsure", unsure, G_N_ELEMENTS (unsure), 0);
    }
  gtk_editable_set_text (GTK_EDITABLE (self->metric), metric != NULL ? metric : "");
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (self->wanted), root != NULL);
  muster_gate_editor_changed (self);
}

char *
muster_gate_editor_dup_json (MusterGateEditor *self)
{
  g_autoptr (JsonObject) watch = NULL;
  g_autoptr (JsonNode) root = NULL;
  unsigned subject;

  g_return_val_if_fail (MUSTER_IS_GATE_EDITOR (self), NULL);

  if (!is_wanted (self) || self->several != NULL)
    return is_wanted (self) ? g_strdup (self->several) : NULL;
  root = json_node_alloc ();
  watch = self->kept != NULL ? json_object_ref (self->kept) : json_object_new ();
  subject = MIN (get_choice (self->subject), WATCH_METRIC);
  json_object_set_string_member (watch, "watch", subjects[subject]);
  json_object_set_string_member (watch, "unsure", unsure[get_choice (self->unsure) == 1]);
  if (subject == WATCH_METRIC)
    {
      json_object_set_string_member (watch, "metric",
                                     gtk_editable_get_text (GTK_EDITABLE (self->metric)));
      json_object_set_string_member (watch, "worse", directions[get_choice (self->worse) == 1]);
    }
  else
    {
      json_object_remove_member (watch, "metric");
      json_object_remove_member (watch, "worse");
    }
  json_node_init_object (root, watch);
  return muster_api_json_to_string (root, FALSE);
}

const char *
muster_gate_editor_find_missing (MusterGateEditor *self)
{
  g_return_val_if_fail (MUSTER_IS_GATE_EDITOR (self), NULL);

  return is_wanted (self) && self->several == NULL && get_choice (self->subject) == WATCH_METRIC &&
             *gtk_editable_get_text (GTK_EDITABLE (self->metric)) == '\0'
           ? _ ("A telemetry gate needs the metric that it looks at")
           : NULL;
}
