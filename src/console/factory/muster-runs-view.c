/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-runs-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-test-run.h"
#include "muster-page.h"
#include "muster-report-page.h"
#include "muster-runs-view.h"
#include "widgets/muster-records-view.h"

struct _MusterRunsView
{
  AdwBin parent_instance;

  MusterSession     *session; /* (owned) */
  MusterRecordsView *records;
};

G_DEFINE_FINAL_TYPE (MusterRunsView, muster_runs_view, ADW_TYPE_BIN)

static const MusterColumn columns[] = {
  { "name", 200, .flags = MUSTER_COLUMN_TITLE, .icon_name = "muster-board-symbolic" },
  { "status", 150 },
  { "serial", 130, 1 },
  { "port", 160, 4 },
  { "step", 150, 3, MUSTER_COLUMN_UNSORTED },
  { "started_at", 120, 2, MUSTER_COLUMN_AGE },
  { "error", 220, 5, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
};

static const MusterFilterChip chips[] = {
  { "status", "testing" },
  { "status", "asking" },
  { "status", "passed" },
  { "status", "failed" },
};

static const char *const below[] = { "status", "serial", NULL };

static const MusterRecordsSpec spec = {
  .info = &muster_test_run_info,
  .name = "test-runs",
  .title = N_ ("Tests"),
  .search = N_ ("Plan, serial number, port"),
  .sort = "-started_at",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .empty_icon = "muster-board-symbolic",
  .empty_title = N_ ("No Tests Run Yet"),
  .empty_text = N_ ("Run a test plan against a board, and its report is kept here."),
};

static void
muster_runs_view_activate_cb (MusterRunsView *self, MusterIndexItem *item)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), MUSTER_TYPE_PAGE);

  muster_page_push (MUSTER_PAGE (page),
                    muster_report_page_new_for_run (self->session,
                                                    muster_index_item_get_id (item)));
}

/* --- life --- */

static void
muster_runs_view_dispose (GObject *object)
{
  g_clear_object (&MUSTER_RUNS_VIEW (object)->session);
  G_OBJECT_CLASS (muster_runs_view_parent_class)->dispose (object);
}

static void
muster_runs_view_class_init (MusterRunsViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_runs_view_dispose;
}

static void
muster_runs_view_init (MusterRunsView *self)
{
}

GtkWidget *
muster_runs_view_new (MusterSession *session)
{
  MusterRunsView *self = g_object_new (MUSTER_TYPE_RUNS_VIEW, NULL);

  self->session = g_object_ref (session);
  self->records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));
  g_signal_connect_object (self->records, "activate", G_CALLBACK (muster_runs_view_activate_cb),
                           self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->records));
  return GTK_WIDGET (self);
}
