/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-plans-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "alerts/muster-records-delete.h"
#include "client/muster-api-factory.h"
#include "muster-page.h"
#include "muster-plan-dialog.h"
#include "muster-plans-view.h"
#include "muster-ports-ask.h"
#include "muster-report-page.h"
#include "widgets/muster-records-view.h"

struct _MusterPlansView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterPlansView, muster_plans_view, ADW_TYPE_BIN)

/* --- what the list is made of --- */

static void
show_steps (GtkWidget *cell, MusterEntity *plan, MusterSession *session)
{
  const char *json = muster_entity_get_string (plan, "steps");
  g_autoptr (JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  unsigned         n_steps = root != NULL && JSON_NODE_HOLDS_ARRAY (root)
                               ? json_array_get_length (json_node_get_array (root))
                               : 0;
  g_autofree char *text = g_strdup_printf ("%u", n_steps);

  gtk_label_set_label (GTK_LABEL (cell), text);
}

static const MusterColumn columns[] = {
  { "name", 200, .flags = MUSTER_COLUMN_TITLE, .icon_name = "muster-count-symbolic" },
  { "model", 120, 2 },
  { "steps", 80, 1, MUSTER_COLUMN_UNSORTED | MUSTER_COLUMN_NUMBER, .show = show_steps },
  { "description", 220, 3, MUSTER_COLUMN_UNSORTED },
  { "updated_at", 120, 4, MUSTER_COLUMN_AGE },
};

static const char *const below[] = { "model", "description", NULL };

static const MusterRecordsAction actions[] = {
  { N_ ("_Run Against a Board…"), "media-playback-start-symbolic", "plans.run", "runTestPlan",
    .single = TRUE },
  { N_ ("_Delete"), "user-trash-symbolic", "plans.delete", "deleteTestPlan" },
};

static const MusterRecordsSpec spec = {
  .info = &muster_test_plan_info,
  .name = "test-plans",
  .title = N_ ("Test Plans"),
  .search = N_ ("Name, model"),
  .sort = "name",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .actions = actions,
  .n_actions = G_N_ELEMENTS (actions),
  .empty_icon = "muster-count-symbolic",
  .empty_title = N_ ("No Test Plans Yet"),
  .empty_text =
    N_ ("A test plan says what a board is asked and must answer: its self-test, what it "
        "measures and between which limits, what it switches, and what the operator "
        "looks at."),
  .new_label = N_ ("_Add a Test Plan…"),
  .new_operation = "createTestPlan",
};

/* --- actions --- */

static void
muster_plans_view_new_cb (MusterPlansView *self)
{
  adw_dialog_present (muster_plan_dialog_new (self->session, NULL), GTK_WIDGET (self));
}

static void
muster_plans_view_activate_cb (MusterPlansView *self, MusterIndexItem *item)
{
  MusterEntity *plan = muster_index_item_get_entity (item);

  if (plan != NULL)
    adw_dialog_present (muster_plan_dialog_new (self->session, plan), GTK_WIDGET (self));
}

static void
muster_plans_view_delete_cb (MusterPlansView *self)
{
  if (muster_session_may (self->session, "deleteTestPlan"))
    muster_records_delete_chosen (self->session, self->records, &muster_test_plan_info);
}

static void
muster_plans_view_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_plans_view_delete_cb (MUSTER_PLANS_VIEW (widget));
}

static DexFuture *
muster_plans_view_begun_cb (DexFuture *future, gpointer user_data)
{
  MusterPlansView *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  GtkWidget    *page = gtk_widget_get_ancestor (GTK_WIDGET (self), MUSTER_TYPE_PAGE);

  if (value == NULL)
    muster_session_tell_error (self->session, _ ("The test did not begin"), error);
  else if (page != NULL)
    muster_page_push (MUSTER_PAGE (page),
                      muster_report_page_new_for_run (
                        self->session, muster_entity_get_id (g_value_get_object (value))));
  return dex_future_new_true ();
}

static void
run_plan (const char *const *ports, gpointer user_data)
{
  MusterPlansView *self = user_data;
  g_auto (GStrv) ids = muster_records_view_list_chosen (self->records);

  if (ids[0] == NULL || self->session == NULL)
    return;
  dex_future_disown (
    dex_future_finally (muster_api_test_plans_run (muster_session_get_client (self->session),
                                                   ids[0], ports[0]),
                        muster_plans_view_begun_cb, g_object_ref (self), g_object_unref));
}

static void
muster_plans_view_run_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterPlansView *self = MUSTER_PLANS_VIEW (widget);

  muster_ports_ask (widget, self->session, _ ("Run the Plan"),
                    _ ("The board is asked by its serial line; nothing is kept but the report."),
                    _ ("_Run"), MUSTER_PORTS_ONE, run_plan, G_OBJECT (self));
}

/* --- life --- */

static void
muster_plans_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_PLANS_VIEW (object)->session);
  G_OBJECT_CLASS (muster_plans_view_parent_class)->dispose (object);
}

static void
muster_plans_view_class_init (MusterPlansViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_plans_view_dispose;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "plans.run", NULL,
                                   muster_plans_view_run_action);
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "plans.delete", NULL,
                                   muster_plans_view_delete_action);
}

static void
muster_plans_view_init (MusterPlansView *self)
{
}

GtkWidget *
muster_plans_view_new (MusterSession *session)
{
  MusterPlansView *self = g_object_new (MUSTER_TYPE_PLANS_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_plans_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "new", G_CALLBACK (muster_plans_view_new_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->records, "delete", G_CALLBACK (muster_plans_view_delete_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  return GTK_WIDGET (self);
}
