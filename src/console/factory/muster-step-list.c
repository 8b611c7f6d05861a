/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-step-list"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "muster-step-list.h"
#include "muster-test-words.h"
#include "widgets/muster-format.h"

/* The parts of a row. */
#define KEY "muster-step-parts"

typedef struct
{
  GtkWidget *icon;
  GtkWidget *measured;
  GtkWidget *limits;
  GtkWidget *verdict;
} Parts;

struct _MusterStepList
{
  AdwBin parent_instance;

  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (MusterStepList, muster_step_list, ADW_TYPE_BIN)

static GtkWidget *
create_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
create_row (void)
{
  GtkWidget *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "subtitle-lines", 4, NULL);
  GtkWidget *figures = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  Parts     *parts = g_new0 (Parts, 1);

  parts->icon = gtk_image_new ();
  parts->measured = create_label ("value");
  parts->limits = create_label ("caption");
  gtk_widget_add_css_class (parts->limits, "dim-label");
  parts->verdict = create_label ("caption-heading");
  gtk_widget_set_valign (figures, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (figures), parts->measured);
  gtk_box_append (GTK_BOX (figures), parts->limits);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), parts->icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), figures);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), parts->verdict);
  g_object_set_data_full (G_OBJECT (row), KEY, parts, g_free);
  return row;
}

static void
show_label (GtkWidget *label, const char *text)
{
  gtk_label_set_label (GTK_LABEL (label), text != NULL ? text : "");
  gtk_widget_set_visible (label, text != NULL);
}

static void
add_line (GString *text, const char *line)
{
  if (line != NULL && *line != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
}

/* What was found, the checks of a self-test that failed, and what the operator remarked. */
static char *
describe (JsonObject *step)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char      *detail = muster_api_json_get_string (step, "detail");
  g_autofree char *sentence = detail != NULL ? muster_format_sentence (detail) : NULL;
  JsonArray       *checks = muster_api_json_get_array (step, "checks");

  add_line (text, sentence);
  for (unsigned i = 0; checks != NULL && i < json_array_get_length (checks); i++)
    {
      JsonObject      *check = muster_api_json_as_object (json_array_get_element (checks, i));
      const char      *name = check != NULL ? muster_api_json_get_string (check, "name") : NULL;
      g_autofree char *measured = check != NULL ? muster_step_describe_measured (check) : NULL;
      g_autofree char *limits = check != NULL ? muster_step_describe_limits (check) : NULL;
      g_autofree char *line =
        name != NULL
          ? g_strdup_printf ("%s %s%s%s%s%s",
                             muster_api_json_get_boolean (check, "passed") ? "✓" : "✗", name,
                             measured != NULL ? " · " : "", measured != NULL ? measured : "",
                             limits != NULL ? " · " : "", limits != NULL ? limits : "")
          : NULL;

      add_line (text, line);
    }
  add_line (text, muster_api_json_get_string (step, "note"));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
show_step (GtkWidget *row, JsonObject *step)
{
  Parts           *parts = g_object_get_data (G_OBJECT (row), KEY);
  MusterVerdict    verdict = muster_step_get_verdict (step);
  const char      *name = muster_api_json_get_string (step, "name");
  const char      *css_class = muster_verdict_get_css_class (verdict);
  const char      *word = _ (muster_enum_get_label (&muster_verdict_enum, (int)verdict));
  g_autofree char *subtitle = describe (step);
  g_autofree char *measured = muster_step_describe_measured (step);
  g_autofree char *limits = muster_step_describe_limits (step);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name != NULL ? name : "");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_image_set_from_icon_name (GTK_IMAGE (parts->icon), muster_verdict_get_icon_name (verdict));
  for (int i = 0; i <= MUSTER_VERDICT_SKIPPED; i++)
    {
      gtk_widget_remove_css_class (parts->icon, muster_verdict_get_css_class ((MusterVerdict)i));
      gtk_widget_remove_css_class (parts->verdict, muster_verdict_get_css_class ((MusterVerdict)i));
    }
  gtk_widget_add_css_class (parts->icon, css_class);
  gtk_widget_add_css_class (parts->verdict, css_class);
  show_label (parts->measured, measured);
  show_label (parts->limits, limits);
  show_label (parts->verdict, word);
}

void
muster_step_list_show (MusterStepList *self, const char *text)
{
  g_autoptr (JsonNode) root = NULL;
  JsonArray     *steps;
  unsigned       n_steps;
  GtkListBoxRow *row;

  g_return_if_fail (MUSTER_IS_STEP_LIST (self));

  steps = muster_report_read_steps (text, &root);
  n_steps = steps != NULL ? json_array_get_length (steps) : 0;
  for (unsigned i = 0; i < n_steps; i++)
    {
      JsonObject *step = muster_api_json_as_object (json_array_get_element (steps, i));

      if (gtk_list_box_get_row_at_index (self->list, (int)i) == NULL)
        gtk_list_box_append (self->list, create_row ());
      if (step != NULL)
        show_step (GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, (int)i)), step);
    }
  while ((row = gtk_list_box_get_row_at_index (self->list, (int)n_steps)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  gtk_widget_set_visible (GTK_WIDGET (self), n_steps > 0);
}

static void
muster_step_list_class_init (MusterStepListClass *klass)
{
}

static void
muster_step_list_init (MusterStepList *self)
{
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_set_valign (GTK_WIDGET (self->list), GTK_ALIGN_START);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Steps"), -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
muster_step_list_new (void)
{
  return g_object_new (MUSTER_TYPE_STEP_LIST, NULL);
}
