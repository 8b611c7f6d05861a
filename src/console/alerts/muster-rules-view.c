/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rules-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-alert-rule.h"
#include "muster-enabled-cell.h"
#include "muster-page.h"
#include "muster-records-delete.h"
#include "muster-rule-editor.h"
#include "muster-rule-why.h"
#include "muster-rule-words.h"
#include "muster-rules-view.h"
#include "widgets/muster-records-view.h"

struct _MusterRulesView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterRulesView, muster_rules_view, ADW_TYPE_BIN)

/* --- cells --- */

static void
show_condition (GtkWidget *label, MusterEntity *rule, MusterSession *session)
{
  g_autofree char *text = muster_rule_describe (rule);

  gtk_label_set_label (GTK_LABEL (label), text);
}

static void
show_scope (GtkWidget *label, MusterEntity *rule, MusterSession *session)
{
  g_autofree char *text = muster_scope_describe (session, rule);

  gtk_label_set_label (GTK_LABEL (label), text);
}

static void
show_enabled (GtkWidget *cell, MusterEntity *rule, MusterSession *session)
{
  muster_enabled_cell_show (cell, rule, session, "updateAlertRule");
}

static const MusterColumn columns[] = {
  { "name", 170, .flags = MUSTER_COLUMN_TITLE },
  { "severity", 112, 2, MUSTER_COLUMN_UNSORTED },
  { "condition", 250, 3, MUSTER_COLUMN_UNSORTED, N_ ("Watches for"), .show = show_condition },
  { "scope_kind", 170, 4, MUSTER_COLUMN_UNSORTED, N_ ("Holds for"), .show = show_scope },
  { "enabled", 86, 1, .create = muster_enabled_cell_create, .show = show_enabled },
  { "kind", 120, 6, MUSTER_COLUMN_HIDDEN },
  { "metric", 140, 6, MUSTER_COLUMN_HIDDEN },
  { "escalation_id", 140, 6, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
  { "is_default", 120, 6, MUSTER_COLUMN_HIDDEN },
  { "updated_at", 120, 6, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_AGE },
};

static const MusterFilterChip chips[] = {
  { "enabled", "true", N_ ("On") },
  { "enabled", "false", N_ ("Off") },
  { "severity", "error", NULL, TRUE },
  { "severity", "warning" },
  { "severity", "info" },
  { "is_default", "true", N_ ("Made by Muster"), TRUE },
};

static const char *const below[] = { "kind", "metric", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("_Why?"), "dialog-question-symbolic", "rules.why", "explainAlertRule", .single = TRUE },
  { N_ ("_Delete"), "user-trash-symbolic", "rules.delete", "deleteAlertRule" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_alert_rule_info,
  .name = "alert-rules",
  .title = N_ ("Rules"),
  .search = N_ ("Name, description"),
  .sort = "name",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "muster-rule-symbolic",
  .empty_title = N_ ("No Rules Yet"),
  .empty_text = N_ ("A rule watches over a metric, and raises an alert when it is not as it should "
                    "be. Drag its threshold on a chart and see when it would have fired."),
  .new_label = N_ ("_Add a Rule…"),
  .new_operation = "createAlertRule",
};

/* --- actions --- */

static MusterPage *
page_of (MusterRulesView *self)
{
  return MUSTER_PAGE (gtk_widget_get_ancestor (GTK_WIDGET (self), MUSTER_TYPE_PAGE));
}

static void
muster_rules_view_activate_cb (MusterRulesView *self, MusterIndexItem *item)
{
  muster_page_push (page_of (self),
                    muster_rule_editor_new (self->session, muster_index_item_get_id (item)));
}

static void
muster_rules_view_new_cb (MusterRulesView *self)
{
  muster_page_push (page_of (self), muster_rule_editor_new (self->session, NULL));
}

static void
muster_rules_view_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRulesView *self = MUSTER_RULES_VIEW (widget);

  muster_records_delete_chosen (self->session, self->records, &muster_alert_rule_info);
}

static void
muster_rules_view_why_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterRulesView *self = MUSTER_RULES_VIEW (widget);
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);
  MusterIndexItem *item =
    ids[0] != NULL ? muster_index_model_find (muster_records_view_get_model (self->records), ids[0])
                   : NULL;
  MusterEntity *rule = item != NULL ? muster_index_item_get_entity (item) : NULL;

  if (rule != NULL)
    muster_page_push (page_of (self), muster_rule_why_new (self->session, rule));
}

static void
muster_rules_view_delete_key_cb (MusterRulesView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "rules.delete", NULL);
}

static void
muster_rules_view_rights_cb (MusterRulesView *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rules.delete",
                                 muster_session_may (self->session, "deleteAlertRule"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rules.why",
                                 muster_session_may (self->session, "explainAlertRule"));
}

static void
muster_rules_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_RULES_VIEW (object)->session);
  G_OBJECT_CLASS (muster_rules_view_parent_class)->dispose (object);
}

static void
muster_rules_view_class_init (MusterRulesViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_rules_view_dispose;
  gtk_widget_class_install_action (widget_class, "rules.delete", NULL,
                                   muster_rules_view_delete_action);
  gtk_widget_class_install_action (widget_class, "rules.why", NULL, muster_rules_view_why_action);
}

static void
muster_rules_view_init (MusterRulesView *self)
{
}

GtkWidget *
muster_rules_view_new (MusterSession *session)
{
  MusterRulesView *self = g_object_new (MUSTER_TYPE_RULES_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_rules_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_rules_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "delete", G_CALLBACK (muster_rules_view_delete_key_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (muster_rules_view_rights_cb),
                           self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  muster_rules_view_rights_cb (self);
  return GTK_WIDGET (self);
}
