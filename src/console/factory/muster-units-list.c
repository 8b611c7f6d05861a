/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-units-list"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-factory-unit.h"
#include "muster-factory-words.h"
#include "muster-report-page.h"
#include "muster-units-list.h"
#include "widgets/muster-record-pages.h"

static const MusterColumn columns[] = {
  { "serial", 140, .flags = MUSTER_COLUMN_TITLE, .icon_name = "muster-circuit-symbolic",
    .dup_title = muster_board_dup_name },
  { "status", 160 },
  { "number", 70, 3 },
  { "step", 150, 2, MUSTER_COLUMN_UNSORTED },
  { "finished_at", 120, 1, MUSTER_COLUMN_AGE },
  { "port", 160, 5, MUSTER_COLUMN_HIDDEN },
  { "attempt", 90, 4, MUSTER_COLUMN_HIDDEN },
  { "label", 140, 4, MUSTER_COLUMN_HIDDEN },
  { "waits_for", 200, 5, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
  { "error", 220, 5, MUSTER_COLUMN_HIDDEN | MUSTER_COLUMN_UNSORTED },
};

static const MusterFilterChip chips[] = {
  { "status", "passed" },
  { "status", "failed" },
  { "status", "asking" },
  { "label", "failed" },
};

static const char *const below[] = { "status", "step", NULL };

static const MusterRecordsSpec spec = {
  .info = &muster_factory_unit_info,
  .name = "factory-units",
  .title = N_ ("Boards"),
  .search = N_ ("Serial number, port"),
  .sort = "-number",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .below = below,
  .chips = chips,
  .n_chips = G_N_ELEMENTS (chips),
  .empty_icon = "muster-circuit-symbolic",
  .empty_title = N_ ("No Boards Yet"),
  .empty_text = N_ ("Open the station, put a board on its port, and press Enter."),
};

GtkWidget *
muster_units_list_new (MusterSession *session, const char *batch_id)
{
  MusterRecordsView *records = MUSTER_RECORDS_VIEW (muster_records_view_new (session, &spec));

  muster_records_view_open_pages (records, muster_report_page_new_for_unit);
  muster_records_view_set_condition (records, "batch_id", batch_id, NULL);
  return GTK_WIDGET (records);
}
