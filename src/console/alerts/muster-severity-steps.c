/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-severity-steps"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "model/muster-device-event.h"
#include "muster-json-enum.h"
#include "muster-severity-steps.h"

/* More than the rule has severities would never be reached. */
#define MAX_STEPS 8

struct _MusterSeveritySteps
{
  AdwPreferencesGroup parent_instance;

  GPtrArray *rows; /* (owned) (element-type GtkWidget) borrowed from the group */
  GtkWidget *add;
};

G_DEFINE_FINAL_TYPE (MusterSeveritySteps, muster_severity_steps, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static GtkWidget *
get_part (GtkWidget *row, const char *part)
{
  return g_object_get_data (G_OBJECT (row), part);
}

/* NAN: what stands there is no number. */
static double
get_value (GtkWidget *row)
{
  g_autofree char *text =
    g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (get_part (row, "muster-value")))));
  char  *end = NULL;
  double value = g_ascii_strtod (text, &end);

  return *text != '\0' && *end == '\0' && isfinite (value) ? value : NAN;
}

static void
muster_severity_steps_changed (MusterSeveritySteps *self)
{
  for (unsigned i = 0; i < self->rows->len; i++)
    {
      GtkWidget *entry = get_part (self->rows->pdata[i], "muster-value");

      if (isnan (get_value (self->rows->pdata[i])))
        gtk_widget_add_css_class (entry, "error");
      else
        gtk_widget_remove_css_class (entry, "error");
    }
  gtk_widget_set_sensitive (self->add, self->rows->len < MAX_STEPS);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_severity_steps_remove_cb (MusterSeveritySteps *self, GtkWidget *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW);

  g_ptr_array_remove (self->rows, row);
  adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), row);
  muster_severity_steps_changed (self);
}

static GtkWidget *
create_severity (int severity)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  GtkWidget *dropdown;

  for (unsigned i = 0; i < muster_enum_get_count (&muster_severity_enum); i++)
    gtk_string_list_append (labels, _ (muster_enum_get_label (&muster_severity_enum, i)));
  dropdown = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&labels)), NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (dropdown), severity);
  gtk_widget_set_valign (dropdown, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (dropdown), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Severity"), -1);
  return dropdown;
}

static GtkWidget *
create_value (double value)
{
  GtkWidget *entry = gtk_entry_new ();
  char       text[G_ASCII_DTOSTR_BUF_SIZE] = "";

  if (!isnan (value))
    g_ascii_formatd (text, sizeof text, "%.10g", value);
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 7);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), 10);
  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_NUMBER);
  gtk_widget_set_valign (entry, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (entry, "numeric");
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Value"), -1);
  return entry;
}

static GtkWidget *
add_step (MusterSeveritySteps *self, int severity, double value)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", _ ("From"), NULL);
  GtkWidget *entry = create_value (value);
  GtkWidget *dropdown = create_severity (severity);
  GtkWidget *remove = gtk_button_new_from_icon_name ("user-trash-symbolic");

  gtk_widget_set_valign (remove, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (remove, "flat");
  gtk_widget_set_tooltip_text (remove, _ ("Remove"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Remove"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), entry);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), dropdown);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), remove);
  g_object_set_data (G_OBJECT (row), "muster-value", entry);
  g_object_set_data (G_OBJECT (row), "muster-severity", dropdown);
  g_signal_connect_object (entry, "changed", G_CALLBACK (muster_severity_steps_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dropdown, "notify::selected", G_CALLBACK (muster_severity_steps_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (muster_severity_steps_remove_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_ptr_array_add (self->rows, row);
  return entry;
}

static void
muster_severity_steps_add_cb (MusterSeveritySteps *self)
{
  int        worst = (int)muster_enum_get_count (&muster_severity_enum) - 1;
  GtkWidget *entry = add_step (self, worst, NAN);

  muster_severity_steps_changed (self);
  gtk_widget_grab_focus (entry);
}

static void
muster_severity_steps_finalize (GObject *object)
{
  g_ptr_array_unref (MUSTER_SEVERITY_STEPS (object)->rows);
  G_OBJECT_CLASS (muster_severity_steps_parent_class)->finalize (object);
}

static void
muster_severity_steps_class_init (MusterSeverityStepsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_severity_steps_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_SEVERITY_STEPS, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_severity_steps_init (MusterSeveritySteps *self)
{
  self->rows = g_ptr_array_new ();
  self->add = gtk_button_new_from_icon_name ("list-add-symbolic");
  gtk_widget_add_css_class (self->add, "flat");
  gtk_widget_set_valign (self->add, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (self->add, _ ("Add a step"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->add), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Add a step"), -1);
  g_signal_connect_object (self->add, "clicked", G_CALLBACK (muster_severity_steps_add_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Severity Steps"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self),
                                         _ ("From a further value on, it matters more."));
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), self->add);
}

GtkWidget *
muster_severity_steps_new (void)
{
  return g_object_new (MUSTER_TYPE_SEVERITY_STEPS, NULL);
}

void
muster_severity_steps_set_json (MusterSeveritySteps *self, const char *text)
{
  g_autoptr (JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonArray *steps;

  g_return_if_fail (MUSTER_IS_SEVERITY_STEPS (self));

  steps = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
  while (self->rows->len > 0)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self),
                                  g_ptr_array_remove_index (self->rows, self->rows->len - 1));
  for (unsigned i = 0; steps != NULL && i < json_array_get_length (steps); i++)
    {
      JsonObject *step = muster_api_json_as_object (json_array_get_element (steps, i));
      int         severity =
        step != NULL ? muster_json_get_enum (step, "severity", &muster_severity_enum) : -1;

      if (severity >= 0)
        add_step (self, severity, muster_api_json_get_double (step, "value", NAN));
    }
  muster_severity_steps_changed (self);
}

JsonArray *
muster_severity_steps_get_json (MusterSeveritySteps *self)
{
  g_autoptr (JsonArray) steps = json_array_new ();

  g_return_val_if_fail (MUSTER_IS_SEVERITY_STEPS (self), NULL);

  for (unsigned i = 0; i < self->rows->len; i++)
    {
      GtkWidget  *dropdown = get_part (self->rows->pdata[i], "muster-severity");
      double      value = get_value (self->rows->pdata[i]);
      JsonObject *step;

      if (isnan (value))
        continue;
      step = json_object_new ();
      json_object_set_string_member (step, "severity",
                                     muster_enum_get_nick (&muster_severity_enum,
                                                           gtk_drop_down_get_selected (
                                                             GTK_DROP_DOWN (dropdown))));
      json_object_set_double_member (step, "value", value);
      json_array_add_object_element (steps, step);
    }
  return json_array_get_length (steps) > 0 ? g_steal_pointer (&steps) : NULL;
}

void
muster_severity_steps_set_value (MusterSeveritySteps *self, unsigned index, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_if_fail (MUSTER_IS_SEVERITY_STEPS (self));

  g_ascii_formatd (text, sizeof text, "%.10g", value);
  for (unsigned i = 0; i < self->rows->len; i++)
    if (!isnan (get_value (self->rows->pdata[i])) && index-- == 0)
      {
        gtk_editable_set_text (GTK_EDITABLE (get_part (self->rows->pdata[i], "muster-value")),
                               text);
        return;
      }
}
