/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-plan-editor"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "model/muster-number.h"
#include "muster-plan-editor.h"

#define MAX_GROUPS 100
#define CANARIES 1
#define LEAST_SHARE 0.001 /* percent, as the API says */
#define SHARE_DIGITS 12   /* behind the point, as many as there are: none is lost */

/* How the size of a group is meant. */
typedef enum
{
  SIZE_COUNT,
  SIZE_PERCENT,
  SIZE_SHARE, /* of those that are left */
  SIZE_REST,
} Size;

/* Whether the devices of a group are asked. */
typedef enum
{
  CONSENT_AS_ROLLOUT,
  CONSENT_ASKED,
  CONSENT_NOT_ASKED,
} Consent;

/* The rows of a group, borrowed from the editor. */
typedef struct
{
  GtkWidget *name;
  GtkWidget *size;
  GtkWidget *count;
  GtkWidget *percent;
  GtkWidget *clients;
  GtkWidget *consent;
  GtkWidget *success;
  GtkWidget *error;
  GtkWidget *manual;
} Group;

struct _MusterPlanEditor
{
  MusterRowsEditor parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterPlanEditor, muster_plan_editor, MUSTER_TYPE_ROWS_EDITOR)

/* --- what it says --- */

static Size
get_size (const Group *group)
{
  return adw_combo_row_get_selected (ADW_COMBO_ROW (group->size));
}

static Consent
get_consent (const Group *group)
{
  return adw_combo_row_get_selected (ADW_COMBO_ROW (group->consent));
}

static const char *
get_clients (const Group *group)
{
  return gtk_editable_get_text (GTK_EDITABLE (group->clients));
}

static int
get_number (GtkWidget *row)
{
  return (int)adw_spin_row_get_value (ADW_SPIN_ROW (row));
}

static double
get_share (const Group *group)
{
  return adw_spin_row_get_value (ADW_SPIN_ROW (group->percent));
}

/* A share as it was given, not as a row would round it: (transfer full). */
static char *
format_share (double percent)
{
  return muster_number_format (percent, SHARE_DIGITS);
}

static char *
describe (const Group *group)
{
  g_autofree char *share = format_share (get_share (group));
  g_autoptr (GString) text = g_string_new (NULL);

  if (get_size (group) == SIZE_COUNT)
    g_string_append_printf (text, ngettext ("%d device", "%d devices", get_number (group->count)),
                            get_number (group->count));
  else if (get_size (group) == SIZE_PERCENT)
    g_string_append_printf (text, _ ("%s\u00a0%% of all devices"), share);
  else if (get_size (group) == SIZE_SHARE)
    g_string_append_printf (text, _ ("%s\u00a0%% of those that are left"), share);
  else
    g_string_append (text, _ ("All that are left"));
  if (*get_clients (group) != '\0')
    /* Translators: of a group of a rollout: the filter of the update clients that it has. */
    g_string_append_printf (text, _ (" · only %s"), get_clients (group));
  /* Translators: of a group of a rollout: how much must succeed, and how much may fail. */
  g_string_append_printf (text, _ (" · done at %d\u00a0%%, stops at %d\u00a0%% failed"),
                          get_number (group->success), get_number (group->error));
  if (get_consent (group) == CONSENT_ASKED)
    g_string_append_printf (text, " · %s", _ ("asks for consent"));
  if (adw_switch_row_get_active (ADW_SWITCH_ROW (group->manual)))
    g_string_append_printf (text, " · %s", _ ("opened by a second person"));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
muster_plan_editor_show (MusterRowsEditor *editor,
                         unsigned          index,
                         gpointer          item,
                         AdwExpanderRow   *row)
{
  const Group     *group = item;
  const char      *name = gtk_editable_get_text (GTK_EDITABLE (group->name));
  g_autofree char *number = g_strdup_printf (_ ("Group %u"), index + 1);
  g_autofree char *subtitle = describe (group);

  gtk_widget_set_visible (group->count, get_size (group) == SIZE_COUNT);
  gtk_widget_set_visible (group->percent,
                          get_size (group) == SIZE_PERCENT || get_size (group) == SIZE_SHARE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), *name != '\0' ? name : number);
  adw_expander_row_set_subtitle (row, subtitle);
}

/* --- rows --- */

static GtkWidget *
create_spin (const char *title, double least, double most, double value)
{
  GtkWidget *row = adw_spin_row_new_with_range (least, most, 1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_spin_row_set_value (ADW_SPIN_ROW (row), value);
  return row;
}

static gboolean
muster_plan_editor_output_cb (AdwSpinRow *row)
{
  g_autofree char *text = format_share (adw_spin_row_get_value (row));

  if (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (row)), text))
    gtk_editable_set_text (GTK_EDITABLE (row), text);
  return TRUE;
}

/* Takes fractions, and shows as many digits as there are. */
static GtkWidget *
create_share (void)
{
  GtkWidget *row = create_spin (_ ("Percent"), LEAST_SHARE, 100, 10);

  adw_spin_row_set_digits (ADW_SPIN_ROW (row), SHARE_DIGITS);
  g_signal_connect (row, "output", G_CALLBACK (muster_plan_editor_output_cb), NULL);
  adw_spin_row_update (ADW_SPIN_ROW (row));
  return row;
}

static GtkWidget *
create_choice (const char *title, const char *const words[])
{
  g_autoptr (GtkStringList) model = gtk_string_list_new (words);

  return g_object_new (ADW_TYPE_COMBO_ROW, "title", title, "model", model, NULL);
}

static GtkWidget *
create_size (void)
{
  const char *const words[] = { _ ("A number of devices"), _ ("A share of all devices"),
                                _ ("A share of those that are left"), _ ("All that are left"),
                                NULL };

  return create_choice (_ ("How many"), words);
}

static GtkWidget *
create_consent (void)
{
  const char *const words[] = { _ ("As the rollout says"), _ ("Is asked for at each device"),
                                _ ("Is not asked for"), NULL };

  return create_choice (_ ("Consent"), words);
}

static void
add_parts (MusterRowsEditor *editor, Group *group)
{
  const struct
  {
    GtkWidget  *row;
    const char *signal;
  } rows[] = {
    { group->name, "changed" },          { group->size, "notify::selected" },
    { group->count, "notify::value" },   { group->percent, "notify::value" },
    { group->clients, "changed" },       { group->consent, "notify::selected" },
    { group->success, "notify::value" }, { group->error, "notify::value" },
    { group->manual, "notify::active" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    muster_rows_editor_add_part (editor, rows[i].row, rows[i].signal);
}

static Group *
add_group (MusterRowsEditor *editor, Size size, const char *name)
{
  Group *group = g_new0 (Group, 1);

  group->name = g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ ("Name"), "text", name, NULL);
  group->size = create_size ();
  group->count = create_spin (_ ("Devices"), 1, 1000000, CANARIES);
  group->percent = create_share ();
  group->clients =
    g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ ("Only update clients that match (RSQL)"), NULL);
  group->consent = create_consent ();
  group->success = create_spin (_ ("Done when so many percent succeeded"), 0, 100, 100);
  group->error = create_spin (_ ("Stops when so many percent failed"), 1, 100, 10);
  group->manual = g_object_new (ADW_TYPE_SWITCH_ROW, "title", _ ("A second person opens it"),
                                "subtitle", _ ("Not the one who made the rollout"), NULL);
  adw_combo_row_set_selected (ADW_COMBO_ROW (group->size), size);
  muster_rows_editor_append (editor, group);
  add_parts (editor, group);
  return group;
}

/* The first one is for a few; what comes after for the rest. */
static void
muster_plan_editor_add (MusterRowsEditor *editor)
{
  gboolean first = muster_rows_editor_get_length (editor) == 0;
  Group   *group =
    first ? add_group (editor, SIZE_COUNT, _ ("Canary")) : add_group (editor, SIZE_REST, "");

  if (first)
    add_group (editor, SIZE_REST, _ ("Rest"));
  muster_rows_editor_open (editor, group, group->name);
}

/* --- JSON --- */

static Consent
read_consent (JsonObject *object)
{
  if (!json_object_has_member (object, "confirmation_required"))
    return CONSENT_AS_ROLLOUT;
  return muster_api_json_get_boolean (object, "confirmation_required") ? CONSENT_ASKED
                                                                       : CONSENT_NOT_ASKED;
}

static void
muster_plan_editor_read (MusterRowsEditor *editor, JsonObject *object)
{
  gint64      count = muster_api_json_get_integer (object, "count", 0);
  double      percent = muster_api_json_get_double (object, "percent", 0);
  double      share = muster_api_json_get_double (object, "share", 0);
  const char *clients = muster_api_json_get_string (object, "target_query");
  const char *name = muster_api_json_get_string (object, "name");
  Group      *group = add_group (editor,
                            count > 0     ? SIZE_COUNT
                                 : percent > 0 ? SIZE_PERCENT
                                 : share > 0   ? SIZE_SHARE
                                               : SIZE_REST,
                            name != NULL ? name : "");

  if (count > 0)
    adw_spin_row_set_value (ADW_SPIN_ROW (group->count), count);
  if (percent > 0 || share > 0)
    adw_spin_row_set_value (ADW_SPIN_ROW (group->percent), percent > 0 ? percent : share);
  if (clients != NULL)
    gtk_editable_set_text (GTK_EDITABLE (group->clients), clients);
  adw_combo_row_set_selected (ADW_COMBO_ROW (group->consent), read_consent (object));
  adw_spin_row_set_value (ADW_SPIN_ROW (group->success),
                          muster_api_json_get_integer (object, "success_threshold", 100));
  adw_spin_row_set_value (ADW_SPIN_ROW (group->error),
                          muster_api_json_get_integer (object, "error_threshold", 10));
  adw_switch_row_set_active (ADW_SWITCH_ROW (group->manual),
                             muster_api_json_get_boolean (object, "manual"));
}

static JsonObject *
muster_plan_editor_write (gpointer item)
{
  const Group *group = item;
  JsonObject  *object = json_object_new ();
  const char  *name = gtk_editable_get_text (GTK_EDITABLE (group->name));

  if (*name != '\0')
    json_object_set_string_member (object, "name", name);
  if (get_size (group) == SIZE_COUNT)
    json_object_set_int_member (object, "count", get_number (group->count));
  else if (get_size (group) == SIZE_PERCENT)
    json_object_set_double_member (object, "percent", get_share (group));
  else if (get_size (group) == SIZE_SHARE)
    json_object_set_double_member (object, "share", get_share (group));
  if (*get_clients (group) != '\0')
    json_object_set_string_member (object, "target_query", get_clients (group));
  json_object_set_int_member (object, "success_threshold", get_number (group->success));
  json_object_set_int_member (object, "error_threshold", get_number (group->error));
  if (adw_switch_row_get_active (ADW_SWITCH_ROW (group->manual)))
    json_object_set_boolean_member (object, "manual", TRUE);
  if (get_consent (group) != CONSENT_AS_ROLLOUT)
    json_object_set_boolean_member (object, "confirmation_required",
                                    get_consent (group) == CONSENT_ASKED);
  return object;
}

/* --- life --- */

static void
muster_plan_editor_class_init (MusterPlanEditorClass *klass)
{
  MusterRowsEditorClass *rows_class = MUSTER_ROWS_EDITOR_CLASS (klass);

  rows_class->most = MAX_GROUPS;
  rows_class->add_label = N_ ("Add a group");
  rows_class->remove_label = N_ ("Remove this group");
  rows_class->add = muster_plan_editor_add;
  rows_class->show = muster_plan_editor_show;
  rows_class->read = muster_plan_editor_read;
  rows_class->write = muster_plan_editor_write;
}

static void
muster_plan_editor_init (MusterPlanEditor *self)
{
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Groups"));
  adw_preferences_group_set_description (
    ADW_PREFERENCES_GROUP (self),
    _ ("One begins when the one before is done. Without groups all devices are updated at once."));
}

GtkWidget *
muster_plan_editor_new (void)
{
  return g_object_new (MUSTER_TYPE_PLAN_EDITOR, NULL);
}
