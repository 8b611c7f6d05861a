/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-scope-picker"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-alert-rule.h"
#include "muster-scope-picker.h"
#include "widgets/muster-reference-row.h"

#define N_SCOPES (MUSTER_ALERT_SCOPE_GROUP + 1)

struct _MusterScopePicker
{
  GObject parent_instance;

  /* Borrowed from their group, which lives as long. */
  GtkWidget *kind;
  GtkWidget *which[N_SCOPES]; /* NULL: the site */
};

G_DEFINE_FINAL_TYPE (MusterScopePicker, muster_scope_picker, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static const struct
{
  const char *entity; /* NULL: nothing to choose */
  const char *title;
} scopes[N_SCOPES] = {
  [MUSTER_ALERT_SCOPE_DEVICE] = { "device", N_ ("Device") },
  [MUSTER_ALERT_SCOPE_PRODUCT] = { "product", N_ ("Product") },
  [MUSTER_ALERT_SCOPE_LOCATION] = { "location", N_ ("Place, with what lies within") },
  [MUSTER_ALERT_SCOPE_GROUP] = { "device_group", N_ ("Group") },
};

static void
muster_scope_picker_changed (MusterScopePicker *self)
{
  for (int i = 0; i < N_SCOPES; i++)
    if (self->which[i] != NULL)
      gtk_widget_set_visible (self->which[i], i == muster_scope_picker_get_kind (self));
  muster_scope_picker_set_error (self, NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_scope_picker_class_init (MusterScopePickerClass *klass)
{
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_SCOPE_PICKER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_scope_picker_init (MusterScopePicker *self)
{
}

MusterScopePicker *
muster_scope_picker_new (MusterSession *session, AdwPreferencesGroup *group)
{
  MusterScopePicker *self = g_object_new (MUSTER_TYPE_SCOPE_PICKER, NULL);
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  for (int i = 0; i < N_SCOPES; i++)
    gtk_string_list_append (labels, _ (muster_enum_get_label (&muster_alert_scope_enum, i)));
  self->kind = g_object_new (ADW_TYPE_COMBO_ROW, "title", _ ("Holds for"), "model", labels, NULL);
  adw_preferences_group_add (group, self->kind);
  for (int i = 0; i < N_SCOPES; i++)
    {
      if (scopes[i].entity == NULL)
        continue;
      self->which[i] =
        muster_reference_row_new (session, scopes[i].entity, _ (scopes[i].title), FALSE);
      gtk_widget_set_visible (self->which[i], FALSE);
      adw_preferences_group_add (group, self->which[i]);
      g_signal_connect_object (self->which[i], "notify::record-id",
                               G_CALLBACK (muster_scope_picker_changed), self, G_CONNECT_SWAPPED);
    }
  g_signal_connect_object (self->kind, "notify::selected", G_CALLBACK (muster_scope_picker_changed),
                           self, G_CONNECT_SWAPPED);
  return self;
}

void
muster_scope_picker_set (MusterScopePicker *self, int kind, const char *id)
{
  g_return_if_fail (MUSTER_IS_SCOPE_PICKER (self));
  g_return_if_fail (kind >= 0 && kind < N_SCOPES);

  adw_combo_row_set_selected (ADW_COMBO_ROW (self->kind), kind);
  if (self->which[kind] != NULL)
    muster_reference_row_set_id (MUSTER_REFERENCE_ROW (self->which[kind]), id);
}

int
muster_scope_picker_get_kind (MusterScopePicker *self)
{
  g_return_val_if_fail (MUSTER_IS_SCOPE_PICKER (self), 0);

  return CLAMP ((int)adw_combo_row_get_selected (ADW_COMBO_ROW (self->kind)), 0, N_SCOPES - 1);
}

const char *
muster_scope_picker_get_id (MusterScopePicker *self)
{
  GtkWidget *row;

  g_return_val_if_fail (MUSTER_IS_SCOPE_PICKER (self), NULL);

  row = self->which[muster_scope_picker_get_kind (self)];
  return row != NULL ? muster_reference_row_get_id (MUSTER_REFERENCE_ROW (row)) : NULL;
}

void
muster_scope_picker_collect (MusterScopePicker *self, JsonObject *object)
{
  const char *id;

  g_return_if_fail (MUSTER_IS_SCOPE_PICKER (self));

  id = muster_scope_picker_get_id (self);
  json_object_set_string_member (object, "scope_kind",
                                 muster_enum_get_nick (&muster_alert_scope_enum,
                                                       muster_scope_picker_get_kind (self)));
  if (id != NULL)
    json_object_set_string_member (object, "scope_id", id);
  else
    json_object_set_null_member (object, "scope_id");
}

void
muster_scope_picker_set_error (MusterScopePicker *self, const char *message)
{
  int              kind;
  GtkWidget       *row;
  g_autofree char *title = NULL;

  g_return_if_fail (MUSTER_IS_SCOPE_PICKER (self));

  kind = muster_scope_picker_get_kind (self);
  row = self->which[kind];
  if (row == NULL)
    return;
  title = message != NULL ? g_strdup_printf ("%s: %s", _ (scopes[kind].title), message)
                          : g_strdup (_ (scopes[kind].title));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (message != NULL)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
}
