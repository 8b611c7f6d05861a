/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-runs-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-test-run.h"
#include "muster-report-page.h"
#include "muster-runs-view.h"
#include "widgets/muster-record-pages.h"

static const MusterColumn columns[] = {
  { "name", 200, .flags = MUSTER_COLUMN_TITLE, .icon_name = "muster-circuit-symbolic" },
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

static const char *const below[] = { "status", "serial", "port", NULL };

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
  .empty_icon = "muster-circuit-symbolic",
  .empty_title = N_ ("No Tests Run Yet"),
  .empty_text = N_ ("Run a test plan against a board, and its report is kept here."),
};

GtkWidget *
muster_runs_view_new (MusterSession *session)
{
  MusterRecordsView *records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));

  muster_records_view_open_pages (records, muster_report_page_new_for_run);
  return GTK_WIDGET (records);
}
