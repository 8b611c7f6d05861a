/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-factory-batch.h"
#include "model/muster-factory-unit.h"
#include "muster-document-block.h"
#include "muster-print-report.h"

#define REPORT                                                                                     \
  "{\"steps\":[{\"name\":\"Warm\",\"verdict\":\"failed\",\"measured\":41.5,\"minimum\":15,"        \
  "\"maximum\":35,\"unit\":\"°C\",\"detail\":\"too warm\",\"ms\":1250},"                           \
  "{\"name\":\"LED\",\"verdict\":\"passed\"}]}"

static MusterEntity *
make_unit (void)
{
  MusterEntity *unit = muster_entity_new (&muster_factory_unit_info);

  muster_entity_set_integer (unit, "number", 7);
  muster_entity_set_string (unit, "port", "/dev/ttyUSB0");
  muster_entity_set_string (unit, "serial", "TH-0007");
  muster_entity_set_string (unit, "error", "too warm");
  muster_entity_set_enum (unit, "status", MUSTER_BENCH_FAILED);
  muster_entity_set_integer (unit, "finished_at", G_GINT64_CONSTANT (1767225600000000));
  muster_entity_set_string (unit, "report", REPORT);
  return unit;
}

/* The rows of the one table of PRINT: borrowed. */
static GPtrArray *
find_rows (MusterDocumentPrint *print)
{
  GPtrArray *blocks = muster_document_print_get_blocks (print);

  for (unsigned i = 0; i < blocks->len; i++)
    if (muster_block_is_table (blocks->pdata[i]))
      return ((MusterBlock *)blocks->pdata[i])->rows;
  g_assert_not_reached ();
}

static void
test_report (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (MusterEntity) unit = make_unit ();
  g_autoptr (MusterDocumentPrint) print = muster_print_report ("Plant 7", zone, unit, "Batch 3");
  GPtrArray *rows = find_rows (print);
  char     **row = rows->pdata[0];

  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (muster_printable_get_title (MUSTER_PRINTABLE (print)), ==,
                   "Test report TH-0007");
  g_assert_cmpstr (row[0], ==, "Warm");
  g_assert_cmpstr (row[1], ==, "Failed");
  g_assert_cmpstr (row[2], ==, "41.5\u00a0°C");
  g_assert_cmpstr (row[3], ==, "15 to 35\u00a0°C");
  g_assert_cmpstr (row[4], ==, "too warm");
  g_assert_cmpstr (row[5], ==, "1.2\u00a0s");
  g_assert_cmpuint (muster_printable_layout (MUSTER_PRINTABLE (print)), ==, 1);
}

static void
test_record (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (MusterEntity) batch = muster_entity_new (&muster_factory_batch_info);
  g_autoptr (GPtrArray) units = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (MusterDocumentPrint) print = NULL;
  char **row;

  muster_entity_set_string (batch, "name", "Friday");
  g_ptr_array_add (units, make_unit ());
  print = muster_print_batch_record ("Plant 7", zone, batch, units, NULL);
  row = find_rows (print)->pdata[0];
  g_assert_cmpstr (row[0], ==, "7");
  g_assert_cmpstr (row[1], ==, "TH-0007");
  g_assert_cmpstr (row[2], ==, "Failed");
  g_assert_cmpstr (row[3], ==, "too warm");
  g_assert_cmpstr (row[4], ==, "2026-01-01 00:00:00 UTC");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/print/report/unit", test_report);
  g_test_add_func ("/print/report/batch", test_record);
  return g_test_run ();
}
