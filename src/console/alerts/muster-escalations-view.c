/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-escalations-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "model/muster-escalation.h"
#include "muster-escalation-dialog.h"
#include "muster-escalations-view.h"
#include "muster-records-delete.h"
#include "widgets/muster-duration.h"
#include "widgets/muster-records-view.h"

struct _MusterEscalationsView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterEscalationsView, muster_escalations_view, ADW_TYPE_BIN)

/* --- cells --- */

/* "at once, after 10 min, after 1 h" */
static void
show_steps (GtkWidget *label, MusterEntity *escalation, MusterSession *session)
{
  const char *json = muster_entity_get_string (escalation, "steps");
  g_autoptr (JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  JsonArray *steps =
    root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  for (unsigned i = 0; steps != NULL && i < json_array_get_length (steps); i++)
    {
      JsonObject *step = muster_api_json_as_object (json_array_get_element (steps, i));
      gint64 seconds = step != NULL ? muster_api_json_get_integer (step, "after_seconds", 0) : 0;
      g_autofree char *after = muster_duration_format (MAX (seconds, 0));

      if (i > 0)
        g_string_append (text, ", ");
      if (seconds == 0)
        g_string_append (text, _ ("at once"));
      else
        /* Translators: a length of time. */
        g_string_append_printf (text, _ ("after %s"), after);
    }
  gtk_label_set_label (GTK_LABEL (label), text->str);
}

static const MusterColumn columns[] = {
  { "name", 180, .flags = MUSTER_COLUMN_TITLE },
  { "steps", 260, 2, MUSTER_COLUMN_UNSORTED, N_ ("Tells"), .show = show_steps },
  { "min_severity", 140, 3, MUSTER_COLUMN_UNSORTED },
  { "renotify_seconds", 130, 4 },
  { "is_default", 90, 1 },
};

static const char *const below[] = { "min_severity", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("_Delete"), "user-trash-symbolic", "escalations.delete", "deleteEscalation" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_escalation_info,
  .name = "escalations",
  .title = N_ ("Escalations"),
  .search = N_ ("Name"),
  .sort = "name",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "muster-escalation-symbolic",
  .empty_title = N_ ("No Escalations Yet"),
  .empty_text = N_ ("An escalation tells somebody at once, somebody else after ten minutes, and "
                    "everybody after an hour, until one of them acknowledges."),
  .new_label = N_ ("_Add an Escalation…"),
  .new_operation = "createEscalation",
};

/* --- actions --- */

static void
muster_escalations_view_activate_cb (MusterEscalationsView *self, MusterIndexItem *item)
{
  MusterEntity *record = muster_index_item_get_entity (item);

  if (record != NULL)
    adw_dialog_present (muster_escalation_dialog_new (self->session, record), GTK_WIDGET (self));
}

static void
muster_escalations_view_new_cb (MusterEscalationsView *self)
{
  adw_dialog_present (muster_escalation_dialog_new (self->session, NULL), GTK_WIDGET (self));
}

static void
muster_escalations_view_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterEscalationsView *self = MUSTER_ESCALATIONS_VIEW (widget);

  muster_records_delete_chosen (self->session, self->records, &muster_escalation_info);
}

static void
muster_escalations_view_delete_key_cb (MusterEscalationsView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "escalations.delete", NULL);
}

static void
muster_escalations_view_rights_cb (MusterEscalationsView *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "escalations.delete",
                                 muster_session_may (self->session, "deleteEscalation"));
}

static void
muster_escalations_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_ESCALATIONS_VIEW (object)->session);
  G_OBJECT_CLASS (muster_escalations_view_parent_class)->dispose (object);
}

static void
muster_escalations_view_class_init (MusterEscalationsViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_escalations_view_dispose;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "escalations.delete", NULL,
                                   muster_escalations_view_delete_action);
}

static void
muster_escalations_view_init (MusterEscalationsView *self)
{
}

GtkWidget *
muster_escalations_view_new (MusterSession *session)
{
  MusterEscalationsView *self = g_object_new (MUSTER_TYPE_ESCALATIONS_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  g_signal_connect_object (self->records, "activate",
                           G_CALLBACK (muster_escalations_view_activate_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_escalations_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "delete",
                           G_CALLBACK (muster_escalations_view_delete_key_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights",
                           G_CALLBACK (muster_escalations_view_rights_cb), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  muster_escalations_view_rights_cb (self);
  return GTK_WIDGET (self);
}
