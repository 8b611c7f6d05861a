/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-plan-editor"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "client/muster-api-json.h"
#include "muster-plan-editor.h"

#define MAX_GROUPS 100
#define CANARIES 1

/* How the size of a group is meant. */
typedef enum
{
  SIZE_COUNT,
  SIZE_PERCENT,
  SIZE_REST,
} Size;

/* The rows of a group, borrowed from the preferences. */
typedef struct
{
  GtkWidget *row;
  GtkWidget *name;
  GtkWidget *size;
  GtkWidget *count;
  GtkWidget *percent;
  GtkWidget *success;
  GtkWidget *error;
  GtkWidget *manual;
} Group;

struct _MusterPlanEditor
{
  AdwPreferencesGroup parent_instance;

  GPtrArray *groups; /* (owned) (element-type Group) */
  GtkWidget *add;
};

G_DEFINE_FINAL_TYPE (MusterPlanEditor, muster_plan_editor, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

/* --- what it says --- */

static Size
get_size (const Group *group)
{
  return adw_combo_row_get_selected (ADW_COMBO_ROW (group->size));
}

static int
get_number (GtkWidget *row)
{
  return (int)adw_spin_row_get_value (ADW_SPIN_ROW (row));
}

static char *
describe (const Group *group)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (get_size (group) == SIZE_COUNT)
    g_string_append_printf (text, ngettext ("%d device", "%d devices", get_number (group->count)),
                            get_number (group->count));
  else if (get_size (group) == SIZE_PERCENT)
    g_string_append_printf (text, _ ("%d\u00a0%% of all devices"), get_number (group->percent));
  else
    g_string_append (text, _ ("All that are left"));
  /* Translators: of a group of a rollout: how much must succeed, and how much may fail. */
  g_string_append_printf (text, _ (" · done at %d\u00a0%%, stops at %d\u00a0%% failed"),
                          get_number (group->success), get_number (group->error));
  if (adw_switch_row_get_active (ADW_SWITCH_ROW (group->manual)))
    g_string_append_printf (text, " · %s", _ ("opened by a second person"));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
muster_plan_editor_changed (MusterPlanEditor *self)
{
  for (unsigned i = 0; i < self->groups->len; i++)
    {
      const Group     *group = self->groups->pdata[i];
      const char      *name = gtk_editable_get_text (GTK_EDITABLE (group->name));
      g_autofree char *number = g_strdup_printf (_ ("Group %u"), i + 1);
      g_autofree char *subtitle = describe (group);

      gtk_widget_set_visible (group->count, get_size (group) == SIZE_COUNT);
      gtk_widget_set_visible (group->percent, get_size (group) == SIZE_PERCENT);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (group->row),
                                     *name != '\0' ? name : number);
      adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (group->row), subtitle);
    }
  gtk_widget_set_sensitive (self->add, self->groups->len < MAX_GROUPS);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- rows --- */

static void
remove_group (MusterPlanEditor *self, Group *group)
{
  adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), group->row);
  g_ptr_array_remove (self->groups, group);
}

static void
muster_plan_editor_remove_cb (MusterPlanEditor *self, GtkWidget *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_EXPANDER_ROW);

  for (unsigned i = 0; i < self->groups->len; i++)
    if (((Group *)self->groups->pdata[i])->row == row)
      {
        remove_group (self, self->groups->pdata[i]);
        break;
      }
  muster_plan_editor_changed (self);
}

static GtkWidget *
create_button (const char *icon_name, const char *label)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  return button;
}

static GtkWidget *
create_spin (const char *title, double least, double most, double value)
{
  GtkWidget *row = adw_spin_row_new_with_range (least, most, 1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_spin_row_set_value (ADW_SPIN_ROW (row), value);
  return row;
}

static GtkWidget *
create_size (void)
{
  const char *const words[] = { _ ("A number of devices"), _ ("A share of all devices"),
                                _ ("All that are left"), NULL };
  g_autoptr (GtkStringList) model = gtk_string_list_new (words);

  return g_object_new (ADW_TYPE_COMBO_ROW, "title", _ ("How many"), "model", model, NULL);
}

static void
follow (MusterPlanEditor *self, Group *group)
{
  const struct
  {
    GtkWidget  *row;
    const char *signal;
  } rows[] = {
    { group->name, "changed" },          { group->size, "notify::selected" },
    { group->count, "notify::value" },   { group->percent, "notify::value" },
    { group->success, "notify::value" }, { group->error, "notify::value" },
    { group->manual, "notify::active" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      adw_expander_row_add_row (ADW_EXPANDER_ROW (group->row), rows[i].row);
      g_signal_connect_object (rows[i].row, rows[i].signal, G_CALLBACK (muster_plan_editor_changed),
                               self, G_CONNECT_SWAPPED);
    }
}

static Group *
add_group (MusterPlanEditor *self, Size size, const char *name)
{
  Group     *group = g_new0 (Group, 1);
  GtkWidget *remove = create_button ("user-trash-symbolic", _ ("Remove this group"));

  group->row = g_object_new (ADW_TYPE_EXPANDER_ROW, "use-markup", FALSE, "subtitle-lines", 2, NULL);
  group->name = g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ ("Name"), "text", name, NULL);
  group->size = create_size ();
  group->count = create_spin (_ ("Devices"), 1, 1000000, CANARIES);
  group->percent = create_spin (_ ("Percent of all devices"), 1, 100, 10);
  group->success = create_spin (_ ("Done when so many percent succeeded"), 0, 100, 100);
  group->error = create_spin (_ ("Stops when so many percent failed"), 1, 100, 10);
  group->manual = g_object_new (ADW_TYPE_SWITCH_ROW, "title", _ ("A second person opens it"),
                                "subtitle", _ ("Not the one who made the rollout"), NULL);
  adw_combo_row_set_selected (ADW_COMBO_ROW (group->size), size);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (muster_plan_editor_remove_cb), self,
                           G_CONNECT_SWAPPED);
  adw_expander_row_add_suffix (ADW_EXPANDER_ROW (group->row), remove);
  follow (self, group);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), group->row);
  g_ptr_array_add (self->groups, group);
  return group;
}

/* The first one is for a few; what comes after for the rest. */
static void
muster_plan_editor_add_cb (MusterPlanEditor *self)
{
  Group *group;

  if (self->groups->len == 0)
    {
      add_group (self, SIZE_COUNT, _ ("Canary"));
      add_group (self, SIZE_REST, _ ("Rest"));
      group = self->groups->pdata[0];
    }
  else
    group = add_group (self, SIZE_REST, "");
  muster_plan_editor_changed (self);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (group->row), TRUE);
  gtk_widget_grab_focus (group->name);
}

/* --- life --- */

static void
muster_plan_editor_finalize (GObject *object)
{
  g_ptr_array_unref (MUSTER_PLAN_EDITOR (object)->groups);
  G_OBJECT_CLASS (muster_plan_editor_parent_class)->finalize (object);
}

static void
muster_plan_editor_class_init (MusterPlanEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_plan_editor_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_PLAN_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_plan_editor_init (MusterPlanEditor *self)
{
  self->groups = g_ptr_array_new_with_free_func (g_free);
  self->add = create_button ("list-add-symbolic", _ ("Add a group"));
  g_signal_connect_object (self->add, "clicked", G_CALLBACK (muster_plan_editor_add_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Groups"));
  adw_preferences_group_set_description (
    ADW_PREFERENCES_GROUP (self),
    _ ("One begins when the one before is done. Without groups all devices are updated at once."));
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), self->add);
}

GtkWidget *
muster_plan_editor_new (void)
{
  return g_object_new (MUSTER_TYPE_PLAN_EDITOR, NULL);
}

/* --- JSON --- */

static void
read_group (MusterPlanEditor *self, JsonObject *object)
{
  gint64      count = muster_api_json_get_integer (object, "count", 0);
  double      percent = muster_api_json_get_double (object, "percent", 0);
  const char *name = muster_api_json_get_string (object, "name");
  Group      *group = add_group (self,
                            count > 0     ? SIZE_COUNT
                                 : percent > 0 ? SIZE_PERCENT
                                               : SIZE_REST,
                            name != NULL ? name : "");

  if (count > 0)
    adw_spin_row_set_value (ADW_SPIN_ROW (group->count), count);
  if (percent > 0)
    adw_spin_row_set_value (ADW_SPIN_ROW (group->percent), percent);
  adw_spin_row_set_value (ADW_SPIN_ROW (group->success),
                          muster_api_json_get_integer (object, "success_threshold", 100));
  adw_spin_row_set_value (ADW_SPIN_ROW (group->error),
                          muster_api_json_get_integer (object, "error_threshold", 10));
  adw_switch_row_set_active (ADW_SWITCH_ROW (group->manual),
                             muster_api_json_get_boolean (object, "manual"));
}

void
muster_plan_editor_set_json (MusterPlanEditor *self, const char *text)
{
  g_autoptr (JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonArray *groups =
    root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  g_return_if_fail (MUSTER_IS_PLAN_EDITOR (self));

  while (self->groups->len > 0)
    remove_group (self, self->groups->pdata[0]);
  for (unsigned i = 0; groups != NULL && i < json_array_get_length (groups); i++)
    {
      JsonObject *group = muster_api_json_as_object (json_array_get_element (groups, i));

      if (group != NULL)
        read_group (self, group);
    }
  muster_plan_editor_changed (self);
}

static JsonObject *
write_group (const Group *group)
{
  JsonObject *object = json_object_new ();
  const char *name = gtk_editable_get_text (GTK_EDITABLE (group->name));

  if (*name != '\0')
    json_object_set_string_member (object, "name", name);
  if (get_size (group) == SIZE_COUNT)
    json_object_set_int_member (object, "count", get_number (group->count));
  else if (get_size (group) == SIZE_PERCENT)
    json_object_set_int_member (object, "percent", get_number (group->percent));
  json_object_set_int_member (object, "success_threshold", get_number (group->success));
  json_object_set_int_member (object, "error_threshold", get_number (group->error));
  if (adw_switch_row_get_active (ADW_SWITCH_ROW (group->manual)))
    json_object_set_boolean_member (object, "manual", TRUE);
  return object;
}

char *
muster_plan_editor_dup_json (MusterPlanEditor *self)
{
  g_autoptr (JsonArray) array = json_array_new ();
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (MUSTER_IS_PLAN_EDITOR (self), NULL);

  if (self->groups->len == 0)
    return NULL;
  for (unsigned i = 0; i < self->groups->len; i++)
    json_array_add_object_element (array, write_group (self->groups->pdata[i]));
  root = json_node_init_array (json_node_alloc (), array);
  return json_to_string (root, FALSE);
}

void
muster_plan_editor_set_error (MusterPlanEditor *self, unsigned index, const char *message)
{
  g_return_if_fail (MUSTER_IS_PLAN_EDITOR (self));

  for (unsigned i = 0; i < self->groups->len; i++)
    {
      const Group *group = self->groups->pdata[i];

      if (message == NULL || i != index)
        gtk_widget_remove_css_class (group->row, "error");
      else
        {
          gtk_widget_add_css_class (group->row, "error");
          adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (group->row), message);
        }
    }
}
