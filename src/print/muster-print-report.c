/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-print-report"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "client/muster-api-json.h"
#include "model/muster-factory-unit.h"
#include "muster-print-report.h"
#include "muster-report-words.h"

/* A moment of RECORD as people write it: (transfer full) (nullable). */
static char *
format_time (MusterEntity *record, const char *field, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (muster_entity_is_null (record, field))
    return NULL;
  utc = g_date_time_new_from_unix_utc (muster_entity_get_integer (record, field) / G_USEC_PER_SEC);
  local = g_date_time_to_timezone (utc, zone);
  return g_date_time_format (local, "%F %T %Z");
}

static const char *
get_status (MusterEntity *record)
{
  return _ (
    muster_enum_get_label (&muster_bench_status_enum, muster_entity_get_enum (record, "status")));
}

static void
add_step (MusterDocumentPrint *print, JsonObject *step)
{
  double           ms = muster_api_json_get_double (step, "ms", NAN);
  g_autofree char *measured = muster_step_describe_measured (step);
  g_autofree char *limits = muster_step_describe_limits (step);
  g_autofree char *took = isnan (ms) ? NULL : g_strdup_printf (_ ("%.1f\u00a0s"), ms / 1000);
  const char      *cells[] = {
    muster_api_json_get_string (step, "name"),
    _ (muster_enum_get_label (&muster_verdict_enum, (int)muster_step_get_verdict (step))),
    measured,
    limits,
    muster_api_json_get_string (step, "detail"),
    took,
    NULL,
  };

  muster_document_print_add_row (print, cells);
}

static void
add_steps (MusterDocumentPrint *print, const char *report)
{
  const MusterDocumentColumn columns[] = {
    { _ ("Step"), 3, MUSTER_COLUMN_START },
    { _ ("Result"), 1.5, MUSTER_COLUMN_START },
    { _ ("Measured"), 1.5, MUSTER_COLUMN_END },
    { _ ("Limits"), 2.5, MUSTER_COLUMN_START },
    { _ ("Found"), 3, MUSTER_COLUMN_START },
    { _ ("Took"), 1, MUSTER_COLUMN_END },
    { NULL },
  };
  g_autoptr (JsonNode) root = NULL;
  JsonArray *steps = muster_report_read_steps (report, &root);

  if (steps == NULL)
    return;
  muster_document_print_add_table (print, columns);
  for (unsigned i = 0; i < json_array_get_length (steps); i++)
    {
      JsonObject *step = muster_api_json_as_object (json_array_get_element (steps, i));

      if (step != NULL)
        add_step (print, step);
    }
}

MusterDocumentPrint *
muster_print_report (const char *site, GTimeZone *zone, MusterEntity *record, const char *about)
{
  const char          *serial;
  MusterDocumentPrint *print;
  g_autofree char     *title = NULL;
  g_autofree char     *started = NULL;
  g_autofree char     *finished = NULL;

  g_return_val_if_fail (MUSTER_IS_ENTITY (record) && zone != NULL, NULL);

  serial = muster_entity_get_string (record, "serial");
  started = format_time (record, "started_at", zone);
  finished = format_time (record, "finished_at", zone);
  print = muster_document_print_new (site, _ ("Test report"), serial);
  title =
    serial != NULL ? g_strdup_printf (_ ("Test report %s"), serial) : g_strdup (_ ("Test report"));
  muster_printable_set_title (MUSTER_PRINTABLE (print), title);
  muster_document_print_add_text (print, about);
  muster_document_print_add_pair (print, _ ("Result"), get_status (record));
  muster_document_print_add_pair (print, _ ("Failed at"),
                                  muster_entity_get_string (record, "error"));
  muster_document_print_add_pair (print, _ ("Port"), muster_entity_get_string (record, "port"));
  muster_document_print_add_pair (print, _ ("Started"), started);
  muster_document_print_add_pair (print, _ ("Finished"), finished);
  add_steps (print, muster_entity_get_string (record, "report"));
  return print;
}

static void
add_unit (MusterDocumentPrint *print, MusterEntity *unit, GTimeZone *zone)
{
  g_autofree char *number =
    g_strdup_printf ("%" G_GINT64_FORMAT, muster_entity_get_integer (unit, "number"));
  g_autofree char *finished = format_time (unit, "finished_at", zone);
  const char      *cells[] = { number,
                               muster_entity_get_string (unit, "serial"),
                               get_status (unit),
                               muster_entity_get_string (unit, "error"),
                               finished,
                               NULL };

  muster_document_print_add_row (print, cells);
}

static void
add_count (MusterDocumentPrint *print, const char *label, MusterEntity *batch, const char *field)
{
  g_autofree char *text =
    g_strdup_printf ("%" G_GINT64_FORMAT, muster_entity_get_integer (batch, field));

  muster_document_print_add_pair (print, label, text);
}

MusterDocumentPrint *
muster_print_batch_record (const char   *site,
                           GTimeZone    *zone,
                           MusterEntity *batch,
                           GPtrArray    *units,
                           const char   *about)
{
  const MusterDocumentColumn columns[] = {
    { _ ("No."), 1, MUSTER_COLUMN_END },        { _ ("Serial number"), 3, MUSTER_COLUMN_START },
    { _ ("Result"), 1.5, MUSTER_COLUMN_START }, { _ ("Why"), 3.5, MUSTER_COLUMN_START },
    { _ ("Finished"), 3, MUSTER_COLUMN_START }, { NULL },
  };
  MusterDocumentPrint *print;
  g_autofree char     *title = NULL;

  g_return_val_if_fail (MUSTER_IS_ENTITY (batch) && zone != NULL && units != NULL, NULL);

  print = muster_document_print_new (site, _ ("Batch record"), NULL);
  title = g_strdup_printf (_ ("Batch record %s"), muster_entity_get_string (batch, "name"));
  muster_printable_set_title (MUSTER_PRINTABLE (print), title);
  muster_document_print_add_heading (print, muster_entity_get_string (batch, "name"));
  muster_document_print_add_text (print, about);
  add_count (print, _ ("Wanted"), batch, "wanted");
  add_count (print, _ ("Passed"), batch, "passed");
  add_count (print, _ ("Failed"), batch, "failed");
  muster_document_print_add_table (print, columns);
  for (unsigned i = 0; i < units->len; i++)
    add_unit (print, units->pdata[i], zone);
  muster_document_print_add_signature (print, _ ("Checked by"), NULL, NULL);
  return print;
}
