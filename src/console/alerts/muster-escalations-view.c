/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-escalations-view"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/muster-api-json.h"
#include "model/muster-escalation.h"
#include "muster-escalation-dialog.h"
#include "muster-escalations-view.h"
#include "muster-records-delete.h"
#include "widgets/muster-duration.h"
#include "widgets/muster-format.h"
#include "widgets/muster-records-view.h"
#include "widgets/muster-references.h"

struct _MusterEscalationsView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterEscalationsView, muster_escalations_view, ADW_TYPE_BIN)

/* --- cells --- */

/* Adds what the ids of STEP's array MEMBER are called; those that are not known yet come when they
 * are. */
static void
append_names (GString       *text,
              MusterSession *session,
              JsonObject    *step,
              const char    *member,
              const char    *entity)
{
  JsonArray *ids = muster_api_json_get_array (step, member);

  for (unsigned i = 0; ids != NULL && i < json_array_get_length (ids); i++)
    {
      const char *name = muster_references_get_name (muster_references_get (session), entity,
                                                     json_array_get_string_element (ids, i));

      if (name != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", name);
    }
}

/* "Mail, Ann, who is on duty after 10 min": (transfer full). */
static char *
describe_step (MusterSession *session, JsonObject *step)
{
  gint64           seconds = MAX (muster_api_json_get_integer (step, "after_seconds", 0), 0);
  g_autofree char *after = muster_duration_format (seconds);
  g_autoptr (GString) names = g_string_new (NULL);

  append_names (names, session, step, "channels", "notification_channel");
  append_names (names, session, step, "people", "person");
  if (muster_api_json_get_string (step, "calendar_id") != NULL)
    g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", _ ("who is on duty"));
  if (seconds == 0)
    /* Translators: who is told of an alert: "Mail, Ann at once". */
    return g_strdup_printf (_ ("%s at once"), names->str);
  /* Translators: who is told of an alert after a length of time: "Mail, Ann after 10 min". */
  return g_strdup_printf (_ ("%s after %s"), names->str, after);
}

/* "Console at once · Mail, Ann after 10 min" */
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
      JsonObject      *step = muster_api_json_as_object (json_array_get_element (steps, i));
      g_autofree char *line = step != NULL ? describe_step (session, step) : NULL;

      if (line != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", line);
    }
  gtk_label_set_label (GTK_LABEL (label), text->str);
  gtk_widget_set_tooltip_text (label, text->str);
}

static GtkWidget *
create_problems (MusterSession *session)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "warning");
  return label;
}

/* The first line; the others are a hover away, and in the dialog. */
static void
show_problems (GtkWidget *label, MusterEntity *escalation, MusterSession *session)
{
  const char      *problems = muster_entity_get_string (escalation, "problems");
  g_autofree char *first = problems != NULL ? g_strndup (problems, strcspn (problems, "\n")) : NULL;
  g_autofree char *sentence = first != NULL ? muster_format_sentence (first) : NULL;

  gtk_label_set_label (GTK_LABEL (label), sentence != NULL ? sentence : "");
  gtk_widget_set_tooltip_text (label, problems);
}

static const MusterColumn columns[] = {
  { "name", 180, .flags = MUSTER_COLUMN_TITLE },
  { "steps", 300, 2, MUSTER_COLUMN_UNSORTED, N_ ("Tells"), .show = show_steps },
  { "problems", 200, 1, MUSTER_COLUMN_UNSORTED, .create = create_problems, .show = show_problems },
  { "min_severity", 120, 3, MUSTER_COLUMN_UNSORTED },
  { "renotify_seconds", 130, 4, MUSTER_COLUMN_HIDDEN },
  { "is_default", 80, 2 },
};

static const char *const below[] = { "problems", "min_severity", NULL };

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
