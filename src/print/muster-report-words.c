/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-report-words"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "client/muster-api-json.h"
#include "model/muster-number.h"
#include "muster-report-words.h"

static const MusterEnumValue verdicts[] = {
  { "waiting", N_ ("Waiting") }, { "running", N_ ("Under way") }, { "passed", N_ ("Passed") },
  { "failed", N_ ("Failed") },   { "skipped", N_ ("Skipped") },   { NULL, NULL },
};
const MusterEnum muster_verdict_enum = { "TestVerdict", verdicts };

MusterVerdict
muster_step_get_verdict (JsonObject *step)
{
  const char *nick = muster_api_json_get_string (step, "verdict");
  int         value = nick != NULL ? muster_enum_parse (&muster_verdict_enum, nick) : -1;

  return value >= 0 ? (MusterVerdict)value : MUSTER_VERDICT_WAITING;
}

/* --- figures --- */

/* A number with its unit, or without. */
static char *
format_figure (double value, const char *unit)
{
  g_autofree char *number = muster_number_format (value, 6);

  return unit != NULL ? g_strdup_printf ("%s\u00a0%s", number, unit) : g_steal_pointer (&number);
}

char *
muster_limits_describe (double minimum, double maximum, const char *unit)
{
  g_autofree char *low = NULL;
  g_autofree char *high = NULL;

  if (isnan (minimum) && isnan (maximum))
    return NULL;
  low = isnan (minimum) ? NULL : format_figure (minimum, isnan (maximum) ? unit : NULL);
  high = isnan (maximum) ? NULL : format_figure (maximum, unit);
  if (isnan (maximum))
    return g_strdup_printf (_ ("at least %s"), low);
  if (isnan (minimum))
    return g_strdup_printf (_ ("at most %s"), high);
  /* Translators: limits of what is measured: "15 to 35 °C". */
  return g_strdup_printf (_ ("%s to %s"), low, high);
}

char *
muster_step_describe_limits (JsonObject *step)
{
  return muster_limits_describe (muster_api_json_get_double (step, "minimum", NAN),
                                 muster_api_json_get_double (step, "maximum", NAN),
                                 muster_api_json_get_string (step, "unit"));
}

char *
muster_step_describe_measured (JsonObject *step)
{
  double value = muster_api_json_get_double (step, "measured", NAN);

  return isnan (value) ? NULL : format_figure (value, muster_api_json_get_string (step, "unit"));
}

/* --- reports --- */

JsonArray *
muster_report_read_steps (const char *text, JsonNode **root)
{
  JsonObject *report;

  *root = text != NULL ? json_from_string (text, NULL) : NULL;
  report = *root != NULL ? muster_api_json_as_object (*root) : NULL;
  return report != NULL ? muster_api_json_get_array (report, "steps") : NULL;
}

unsigned
muster_report_count_done (JsonArray *steps)
{
  unsigned done = 0;

  for (unsigned i = 0; steps != NULL && i < json_array_get_length (steps); i++)
    {
      JsonObject *step = muster_api_json_as_object (json_array_get_element (steps, i));

      done += step != NULL && muster_step_get_verdict (step) >= MUSTER_VERDICT_PASSED;
    }
  return done;
}
