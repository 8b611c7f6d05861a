/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-target-picker"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "devices/muster-group-filter.h"
#include "model/muster-device.h"
#include "muster-target-picker.h"
#include "widgets/muster-filter-bar.h"
#include "widgets/muster-reference-row.h"

/* Who is meant. */
typedef enum
{
  WHOM_ALL,
  WHOM_GROUP,
  WHOM_FOUND,
  WHOM_GIVEN, /* a query that chips cannot say: as it was written elsewhere */
} Whom;

struct _MusterTargetPicker
{
  AdwPreferencesGroup parent_instance;

  char            *given;   /* (owned) (nullable): the query of the list of devices */
  char            *clients; /* (owned) (nullable): or the filter of update clients */
  GtkWidget       *whom;
  GtkWidget       *group;
  GtkWidget       *words;
  GtkWidget       *chips_row;
  MusterFilterBar *chips;
};

G_DEFINE_FINAL_TYPE (MusterTargetPicker, muster_target_picker, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static const MusterFilterChip chips[] = {
  { "live_state", "online" },
  { "live_state", "offline" },
  { "status", "in_stock", NULL, TRUE },
  { "status", "reserved" },
  { "status", "sold" },
  { "status", "deployed" },
  { "status", "maintenance" },
  { "kind", "sensor", NULL, TRUE },
  { "kind", "actuator" },
  { "kind", "meter" },
  { "kind", "controller" },
  { "kind", "gateway" },
};

static Whom
get_whom (MusterTargetPicker *self)
{
  return adw_combo_row_get_selected (ADW_COMBO_ROW (self->whom));
}

static void
muster_target_picker_changed (MusterTargetPicker *self)
{
  gtk_widget_set_visible (self->group, get_whom (self) == WHOM_GROUP);
  gtk_widget_set_visible (self->words, get_whom (self) == WHOM_FOUND);
  gtk_widget_set_visible (self->chips_row, get_whom (self) == WHOM_FOUND);
  muster_target_picker_set_error (self, NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_target_picker_finalize (GObject *object)
{
  g_free (MUSTER_TARGET_PICKER (object)->given);
  g_free (MUSTER_TARGET_PICKER (object)->clients);
  G_OBJECT_CLASS (muster_target_picker_parent_class)->finalize (object);
}

static void
muster_target_picker_class_init (MusterTargetPickerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_target_picker_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_TARGET_PICKER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_target_picker_init (MusterTargetPicker *self)
{
}

static GtkWidget *
create_chips (MusterTargetPicker *self)
{
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->chips = g_object_new (MUSTER_TYPE_FILTER_BAR, NULL);
  muster_filter_bar_add_chips (self->chips, &muster_device_info, chips, G_N_ELEMENTS (chips));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_EXTERNAL,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->chips));
  gtk_widget_add_css_class (scrolled, "chips-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), scrolled);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

GtkWidget *
muster_target_picker_new (MusterSession *session)
{
  MusterTargetPicker *self = g_object_new (MUSTER_TYPE_TARGET_PICKER, NULL);
  const char *const   words[] = { _ ("All devices"), _ ("Those of a group"), _ ("Those that match"),
                                  NULL };
  g_autoptr (GtkStringList) model = gtk_string_list_new (words);
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self);

  self->whom = g_object_new (ADW_TYPE_COMBO_ROW, "title", _ ("Devices"), "model", model, NULL);
  self->group = muster_reference_row_new (session, "device_group", _ ("Group"), FALSE);
  self->words =
    g_object_new (ADW_TYPE_ENTRY_ROW, "title", _ ("Name, serial number, model, place"), NULL);
  self->chips_row = create_chips (self);
  adw_preferences_group_add (group, self->whom);
  adw_preferences_group_add (group, self->group);
  adw_preferences_group_add (group, self->words);
  adw_preferences_group_add (group, self->chips_row);
  g_signal_connect_object (self->whom, "notify::selected",
                           G_CALLBACK (muster_target_picker_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->group, "notify::record-id",
                           G_CALLBACK (muster_target_picker_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->words, "changed", G_CALLBACK (muster_target_picker_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chips, "changed", G_CALLBACK (muster_target_picker_changed), self,
                           G_CONNECT_SWAPPED);
  muster_target_picker_changed (self);
  return GTK_WIDGET (self);
}

/* The list of choices has one more for what only the query itself can say. */
static void
keep_given (MusterTargetPicker *self, const char *filter, const char *clients)
{
  GListModel *model = adw_combo_row_get_model (ADW_COMBO_ROW (self->whom));

  if (g_list_model_get_n_items (model) == WHOM_GIVEN)
    gtk_string_list_append (GTK_STRING_LIST (model), _ ("Those chosen before"));
  g_set_str (&self->given, filter);
  g_set_str (&self->clients, clients);
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->whom), WHOM_GIVEN);
}

void
muster_target_picker_set (MusterTargetPicker *self,
                          const char         *filter,
                          const char         *device_group_id,
                          const char         *target_query)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) filters = NULL;

  g_return_if_fail (MUSTER_IS_TARGET_PICKER (self));

  if (target_query != NULL)
    {
      keep_given (self, NULL, target_query);
      return;
    }
  if (device_group_id != NULL)
    {
      muster_reference_row_set_id (MUSTER_REFERENCE_ROW (self->group), device_group_id);
      adw_combo_row_set_selected (ADW_COMBO_ROW (self->whom), WHOM_GROUP);
      return;
    }
  if (filter == NULL || *filter == '\0')
    return;
  if (!muster_group_filter_parse (filter, &text, &filters) ||
      !muster_filter_bar_has_chips (self->chips, (const char *const *)filters))
    {
      keep_given (self, filter, NULL);
      return;
    }
  gtk_editable_set_text (GTK_EDITABLE (self->words), text);
  muster_filter_bar_apply (self->chips, (const char *const *)filters);
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->whom), WHOM_FOUND);
}

static void
set_text (JsonObject *object, const char *member, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, member, text);
  else
    json_object_set_null_member (object, member);
}

void
muster_target_picker_collect (MusterTargetPicker *self, JsonObject *object)
{
  g_autofree char *text = NULL;
  g_autofree char *found = NULL;
  g_auto (GStrv) filters = NULL;
  const char *filter = "", *group = NULL, *clients = NULL;

  g_return_if_fail (MUSTER_IS_TARGET_PICKER (self));

  if (get_whom (self) == WHOM_FOUND)
    {
      text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->words))));
      filters = muster_filter_bar_list (self->chips);
      found = muster_group_filter_build (text, (const char *const *)filters);
      filter = found != NULL ? found : "";
    }
  else if (get_whom (self) == WHOM_GIVEN)
    {
      filter = self->given;
      clients = self->clients;
    }
  else if (get_whom (self) == WHOM_GROUP)
    {
      group = muster_reference_row_get_id (MUSTER_REFERENCE_ROW (self->group));
      filter = NULL;
    }
  set_text (object, "filter", filter);
  set_text (object, "device_group_id", group);
  set_text (object, "target_query", clients);
}

void
muster_target_picker_set_error (MusterTargetPicker *self, const char *message)
{
  g_return_if_fail (MUSTER_IS_TARGET_PICKER (self));

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->whom), message != NULL ? message : "");
  if (message != NULL)
    gtk_widget_add_css_class (self->whom, "error");
  else
    gtk_widget_remove_css_class (self->whom, "error");
}
