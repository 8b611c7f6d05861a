/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-steps-editor"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>

#include "client/muster-api-json.h"
#include "muster-steps-editor.h"
#include "muster-test-words.h"

#define MAX_STEPS 64

/* What a step says beside its name and action, in the order of the rows. */
typedef enum
{
  PART_METRIC,
  PART_VALUE,
  PART_MINIMUM,
  PART_MAXIMUM,
  PART_UNIT,
  PART_TEXT,
  PART_TIMEOUT,
  N_PARTS,
} Part;

/* The rows of a step, borrowed from the group. */
typedef struct
{
  guint32    id;   /* of its own, wherever it stands */
  GMenu     *menu; /* borrowed from its button */
  GtkWidget *row;
  GtkWidget *name;
  GtkWidget *action;
  GtkWidget *parts[N_PARTS];
} Step;

struct _MusterStepsEditor
{
  AdwPreferencesGroup parent_instance;

  GPtrArray *steps; /* (owned) (element-type Step) */
  guint32    last_id;
  GtkWidget *add;
};

G_DEFINE_FINAL_TYPE (MusterStepsEditor, muster_steps_editor, ADW_TYPE_PREFERENCES_GROUP)

static const struct
{
  const char *member;
  const char *title;
  unsigned    actions; /* bits of those that have it */
} parts[N_PARTS] = {
  [PART_METRIC] = { "metric", N_ ("Metric"), 1 << MUSTER_STEP_READ | 1 << MUSTER_STEP_WRITE },
  [PART_VALUE] = { "value", N_ ("Value: a number, on or off"), 1 << MUSTER_STEP_WRITE },
  [PART_MINIMUM] = { "minimum", N_ ("At least"), 1 << MUSTER_STEP_READ },
  [PART_MAXIMUM] = { "maximum", N_ ("At most"), 1 << MUSTER_STEP_READ },
  [PART_UNIT] = { "unit", N_ ("Unit"), 1 << MUSTER_STEP_READ },
  [PART_TEXT] = { "text", N_ ("Question to the operator"),
                  1 << MUSTER_STEP_BLINK | 1 << MUSTER_STEP_ASK },
  [PART_TIMEOUT] = { "timeout_ms", N_ ("Milliseconds that it may take"), ~0u },
};

static MusterStepAction
get_action (const Step *step)
{
  return adw_combo_row_get_selected (ADW_COMBO_ROW (step->action));
}

static gboolean
has_part (const Step *step, Part part)
{
  return (parts[part].actions & 1u << get_action (step)) != 0;
}

/* Without white space around it: (transfer full). */
static char *
dup_text (GtkWidget *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

/* --- JSON --- */

static void
write_part (const Step *step, Part part, JsonObject *object)
{
  g_autofree char *text = dup_text (step->parts[part]);
  const char      *member = parts[part].member;
  double           number = NAN;
  JsonNode        *value;

  if (*text == '\0' || !has_part (step, part))
    return;
  switch (part)
    {
    case PART_VALUE:
      value = muster_value_read (text);
      if (value != NULL)
        json_object_set_member (object, member, value);
      break;
    case PART_MINIMUM:
    case PART_MAXIMUM:
      if (muster_number_read (text, &number))
        json_object_set_double_member (object, member, number);
      break;
    case PART_TIMEOUT:
      json_object_set_int_member (object, member, g_ascii_strtoll (text, NULL, 10));
      break;
    case PART_METRIC:
    case PART_UNIT:
    case PART_TEXT:
    case N_PARTS:
    default:
      json_object_set_string_member (object, member, text);
      break;
    }
}

static JsonObject *
write_step (const Step *step)
{
  JsonObject      *object = json_object_new ();
  g_autofree char *name = dup_text (step->name);

  json_object_set_string_member (object, "name", name);
  json_object_set_string_member (object, "action",
                                 muster_enum_get_nick (&muster_step_action_enum,
                                                       (int)get_action (step)));
  for (unsigned i = 0; i < N_PARTS; i++)
    write_part (step, i, object);
  return object;
}

char *
muster_steps_editor_dup_json (MusterStepsEditor *self)
{
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) root = json_node_init_array (json_node_alloc (), array);

  g_return_val_if_fail (MUSTER_IS_STEPS_EDITOR (self), NULL);

  for (unsigned i = 0; i < self->steps->len; i++)
    json_array_add_object_element (array, write_step (self->steps->pdata[i]));
  json_array_unref (array);
  return muster_api_json_to_string (root, FALSE);
}

/* --- what is missing --- */

/* What is wrong with one step, to be said behind its name; NULL: nothing. */
static const char *
find_fault (const Step *step)
{
  MusterStepAction action = get_action (step);
  g_autofree char *metric = dup_text (step->parts[PART_METRIC]);
  g_autofree char *value = dup_text (step->parts[PART_VALUE]);
  g_autofree char *minimum = dup_text (step->parts[PART_MINIMUM]);
  g_autofree char *maximum = dup_text (step->parts[PART_MAXIMUM]);
  g_autofree char *question = dup_text (step->parts[PART_TEXT]);
  g_autofree char *timeout = dup_text (step->parts[PART_TIMEOUT]);
  g_autoptr (JsonNode) node = muster_value_read (value);
  double low = NAN, high = NAN, within = NAN;

  if (has_part (step, PART_METRIC) && *metric == '\0')
    return _ ("say which metric");
  if (action == MUSTER_STEP_WRITE && node == NULL)
    return _ ("the value is a number, on or off");
  if (action == MUSTER_STEP_ASK && *question == '\0')
    return _ ("say what to ask");
  if (action == MUSTER_STEP_READ &&
      (!muster_number_read (minimum, &low) || !muster_number_read (maximum, &high)))
    return _ ("limits are numbers");
  if (low > high)
    return _ ("the lower limit is above the upper one");
  if (!muster_number_read (timeout, &within) || within < 100 || within > 3600000)
    return _ ("it may take from 100 to 3600000 milliseconds");
  return NULL;
}

char *
muster_steps_editor_find_missing (MusterStepsEditor *self)
{
  g_return_val_if_fail (MUSTER_IS_STEPS_EDITOR (self), NULL);

  if (self->steps->len == 0)
    return g_strdup (_ ("A plan needs a step"));
  for (unsigned i = 0; i < self->steps->len; i++)
    {
      const Step      *step = self->steps->pdata[i];
      g_autofree char *name = dup_text (step->name);
      const char      *fault = find_fault (step);

      if (*name == '\0')
        return g_strdup_printf (_ ("Step %u needs a name"), i + 1);
      /* Translators: a step's number and name, and what is wrong with it. */
      if (fault != NULL)
        return g_strdup_printf (_ ("Step %u, “%s”: %s"), i + 1, name, fault);
    }
  return NULL;
}

/* --- rows --- */

static void
append_item (GMenu *menu, const char *label, const char *action, guint32 id)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "u", id);
  g_menu_append_item (menu, item);
}

/* What can be done with the step at INDEX: the first has nowhere up to go, the last nowhere down.
 */
static void
fill_menu (MusterStepsEditor *self, unsigned index)
{
  const Step *step = self->steps->pdata[index];

  g_menu_remove_all (step->menu);
  if (index > 0)
    append_item (step->menu, _ ("Move _Up"), "steps.up", step->id);
  if (index + 1 < self->steps->len)
    append_item (step->menu, _ ("Move _Down"), "steps.down", step->id);
  append_item (step->menu, _ ("_Remove"), "steps.remove", step->id);
}

static void
muster_steps_editor_changed (MusterStepsEditor *self)
{
  for (unsigned i = 0; i < self->steps->len; i++)
    {
      const Step      *step = self->steps->pdata[i];
      g_autofree char *name = dup_text (step->name);
      g_autofree char *number = g_strdup_printf (_ ("Step %u"), i + 1);
      g_autofree char *title =
        *name != '\0' ? g_strdup_printf ("%u. %s", i + 1, name) : g_steal_pointer (&number);
      g_autoptr (JsonObject) object = write_step (step);
      g_autofree char *subtitle = muster_step_describe (object);

      for (unsigned part = 0; part < N_PARTS; part++)
        gtk_widget_set_visible (step->parts[part], has_part (step, part));
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (step->row), title);
      adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (step->row), subtitle);
      fill_menu (self, i);
    }
  gtk_widget_set_sensitive (self->add, self->steps->len < MAX_STEPS);
}

static void
remove_step (MusterStepsEditor *self, Step *step)
{
  adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), step->row);
  g_ptr_array_remove (self->steps, step);
}

/* The index of the step with the id in PARAMETER; as many as there are: none. */
static unsigned
find_step (MusterStepsEditor *self, GVariant *parameter)
{
  unsigned index = 0;

  while (index < self->steps->len &&
         ((Step *)self->steps->pdata[index])->id != g_variant_get_uint32 (parameter))
    index++;
  return index;
}

static void
muster_steps_editor_remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStepsEditor *self = MUSTER_STEPS_EDITOR (widget);
  unsigned           index = find_step (self, parameter);

  if (index < self->steps->len)
    remove_step (self, self->steps->pdata[index]);
  muster_steps_editor_changed (self);
  gtk_widget_grab_focus (self->add);
}

/* A group has no way to move a row: all from INDEX on are put there anew. */
static void
place_rows (MusterStepsEditor *self, unsigned index)
{
  for (unsigned i = index; i < self->steps->len; i++)
    {
      g_autoptr (GtkWidget) row = g_object_ref (((Step *)self->steps->pdata[i])->row);

      adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), row);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
    }
}

static void
muster_steps_editor_move_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterStepsEditor *self = MUSTER_STEPS_EDITOR (widget);
  unsigned           index = find_step (self, parameter);
  gboolean           is_up = g_str_equal (name, "steps.up");
  Step              *step;

  if (index >= self->steps->len || (is_up ? index == 0 : index + 1 == self->steps->len))
    return;
  step = g_ptr_array_steal_index (self->steps, index);
  g_ptr_array_insert (self->steps, (int)(is_up ? index - 1 : index + 1), step);
  place_rows (self, is_up ? index - 1 : index);
  muster_steps_editor_changed (self);
  gtk_widget_child_focus (step->row, GTK_DIR_TAB_FORWARD);
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
create_action (void)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (NULL);

  for (int i = 0; i < MUSTER_STEP_N_ACTIONS; i++)
    gtk_string_list_append (model, _ (muster_enum_get_label (&muster_step_action_enum, i)));
  return g_object_new (ADW_TYPE_COMBO_ROW, "title", _ ("What it does"), "model", model, NULL);
}

/* At the end of the row, for what is done with the whole step. */
static void
add_menu (Step *step)
{
  GtkWidget *button = gtk_menu_button_new ();

  step->menu = g_menu_new ();
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (step->menu));
  g_object_unref (step->menu);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Move or Remove This Step"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Move or Remove This Step"), -1);
  adw_expander_row_add_suffix (ADW_EXPANDER_ROW (step->row), button);
}

/* A row of STEP, whose change under SIGNAL is told. */
static void
add_row (MusterStepsEditor *self, Step *step, GtkWidget *row, const char *signal)
{
  adw_expander_row_add_row (ADW_EXPANDER_ROW (step->row), row);
  g_signal_connect_object (row, signal, G_CALLBACK (muster_steps_editor_changed), self,
                           G_CONNECT_SWAPPED);
}

static Step *
add_step (MusterStepsEditor *self, MusterStepAction action, const char *name)
{
  Step *step = g_new0 (Step, 1);

  step->id = ++self->last_id;
  step->row = g_object_new (ADW_TYPE_EXPANDER_ROW, "use-markup", FALSE, "subtitle-lines", 2, NULL);
  step->name = g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ ("Name"), "text", name, NULL);
  step->action = create_action ();
  adw_combo_row_set_selected (ADW_COMBO_ROW (step->action), action);
  add_menu (step);
  add_row (self, step, step->name, "changed");
  add_row (self, step, step->action, "notify::selected");
  for (unsigned i = 0; i < N_PARTS; i++)
    {
      step->parts[i] = g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ (parts[i].title), NULL);
      add_row (self, step, step->parts[i], "changed");
    }
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), step->row);
  g_ptr_array_add (self->steps, step);
  return step;
}

static void
muster_steps_editor_add_cb (MusterStepsEditor *self)
{
  Step *step = add_step (self, MUSTER_STEP_READ, "");

  muster_steps_editor_changed (self);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (step->row), TRUE);
  gtk_widget_grab_focus (step->name);
}

static void
read_part (const Step *step, Part part, JsonObject *object)
{
  JsonNode        *node = json_object_get_member (object, parts[part].member);
  g_autofree char *text = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    text = json_node_dup_string (node);
  else
    text = muster_api_json_to_string (node, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (step->parts[part]), text);
}

static void
read_step (MusterStepsEditor *self, JsonObject *object)
{
  const char *nick = muster_api_json_get_string (object, "action");
  const char *name = muster_api_json_get_string (object, "name");
  int         action = nick != NULL ? muster_enum_parse (&muster_step_action_enum, nick) : -1;
  Step       *step = add_step (self, (MusterStepAction)MAX (action, 0), name != NULL ? name : "");

  for (unsigned i = 0; i < N_PARTS; i++)
    read_part (step, i, object);
}

void
muster_steps_editor_set_json (MusterStepsEditor *self, const char *text)
{
  g_autoptr (JsonNode) root = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonArray *steps =
    root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  g_return_if_fail (MUSTER_IS_STEPS_EDITOR (self));

  while (self->steps->len > 0)
    remove_step (self, self->steps->pdata[0]);
  for (unsigned i = 0; steps != NULL && i < json_array_get_length (steps); i++)
    {
      JsonObject *object = muster_api_json_as_object (json_array_get_element (steps, i));

      if (object != NULL)
        read_step (self, object);
    }
  if (text == NULL)
    {
      add_step (self, MUSTER_STEP_IDENTITY, _ ("Identity"));
      add_step (self, MUSTER_STEP_SELF_TEST, _ ("Self-test"));
    }
  muster_steps_editor_changed (self);
}

/* --- life --- */

static void
muster_steps_editor_finalize (GObject *object)
{
  g_ptr_array_unref (MUSTER_STEPS_EDITOR (object)->steps);
  G_OBJECT_CLASS (muster_steps_editor_parent_class)->finalize (object);
}

static void
muster_steps_editor_class_init (MusterStepsEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_steps_editor_finalize;
  gtk_widget_class_install_action (widget_class, "steps.up", "u", muster_steps_editor_move_action);
  gtk_widget_class_install_action (widget_class, "steps.down", "u",
                                   muster_steps_editor_move_action);
  gtk_widget_class_install_action (widget_class, "steps.remove", "u",
                                   muster_steps_editor_remove_action);
}

static void
muster_steps_editor_init (MusterStepsEditor *self)
{
  self->steps = g_ptr_array_new_with_free_func (g_free);
  self->add = create_button ("list-add-symbolic", _ ("Add a step"));
  g_signal_connect_object (self->add, "clicked", G_CALLBACK (muster_steps_editor_add_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Steps"));
  adw_preferences_group_set_description (
    ADW_PREFERENCES_GROUP (self),
    _ ("One after the other; all of them are done, also after one has failed."));
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), self->add);
}

GtkWidget *
muster_steps_editor_new (void)
{
  return g_object_new (MUSTER_TYPE_STEPS_EDITOR, NULL);
}
