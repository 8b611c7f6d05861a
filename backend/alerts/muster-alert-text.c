/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-text"

#include "config.h"

#include <math.h>
#include <string.h>

#include "model/muster-number.h"
#include "muster-alert-text.h"

#define TITLE_MAX_LENGTH 300   /* characters */
#define DETAIL_MAX_LENGTH 4000 /* characters */

#define MAX_DECIMALS 9
#define MAX_DIGITS 7 /* a float's last bits tell nobody anything */

/* A number that a person chose: the shortest form that reads as it. */
static void
append_chosen (GString *text, double value, const char *unit)
{
  char             buffer[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *large = NULL;

  g_ascii_formatd (buffer, sizeof buffer, "%." G_STRINGIFY (MAX_DIGITS) "g", value);
  if (strchr (buffer, 'e') != NULL)
    large = muster_number_format (value, MAX_DIGITS);
  g_string_append (text, isnan (value) ? "–" : large != NULL ? large : buffer);
  if (unit != NULL && *unit != '\0' && !isnan (value))
    g_string_append_printf (text, " %s", unit);
}

/* With so many decimals into BUFFER, without those that are zero at the end. */
static double
round_to (double value, int decimals, char buffer[static G_ASCII_DTOSTR_BUF_SIZE])
{
  char  format[8];
  char *end = NULL;

  g_snprintf (format, sizeof format, "%%.%df", decimals);
  g_ascii_formatd (buffer, G_ASCII_DTOSTR_BUF_SIZE, format, value);
  end = strchr (buffer, '.') != NULL ? buffer + strlen (buffer) : NULL;
  while (end != NULL && (end[-1] == '0' || end[-1] == '.'))
    {
      gboolean was_point = end[-1] == '.';

      *--end = '\0';
      if (was_point)
        end = NULL;
    }
  return g_ascii_strtod (buffer, NULL);
}

/* A number that was measured, with as many digits as say something at its size; but with so many
 * that it does not read as the THRESHOLD (NAN: none) which it is not. */
static void
append_measured (GString *text, double value, double threshold, const char *unit)
{
  double magnitude = fabs (value);
  int    decimals = magnitude >= 1000 ? 1 : magnitude >= 1 ? 2 : 4;
  char   buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value) || (magnitude != 0 && (magnitude >= 1e9 || magnitude < 1e-4)))
    {
      append_chosen (text, value, unit);
      return;
    }
  while (round_to (value, decimals, buffer) == threshold && value != threshold &&
         decimals < MAX_DECIMALS)
    decimals++;
  g_string_append (text, g_str_equal (buffer, "-0") ? "0" : buffer);
  if (unit != NULL && *unit != '\0')
    g_string_append_printf (text, " %s", unit);
}

static char *
finish (GString *text, long most)
{
  if (g_utf8_strlen (text->str, (gssize)text->len) > most)
    {
      g_string_truncate (text, g_utf8_offset_to_pointer (text->str, most - 1) - text->str);
      g_string_append (text, "…");
    }
  return g_string_free_and_steal (text);
}

/* By MusterAlertOperator. */
static const char *const relations[] = { "above",       "at or above", "below",
                                         "at or below", "equal to",    "other than" };

static void
append_relation (GString *text, const MusterAlertPlan *plan, const MusterAlertWords *words)
{
  gboolean is_range = plan->kind == MUSTER_ALERT_RULE_RANGE;

  if (isnan (words->threshold))
    return;
  g_string_append_printf (text, ", %s ",
                          !is_range                         ? relations[plan->op]
                          : words->value > words->threshold ? "above"
                                                            : "below");
  append_chosen (text, words->threshold, words->unit);
}

static void
append_rate (GString *text, const MusterAlertPlan *plan, const MusterAlertWords *words)
{
  g_string_append_printf (text, "%s changed by ", words->metric);
  append_measured (text, words->value, words->threshold, words->unit);
  g_string_append_printf (text, " in %" G_GINT64_FORMAT " s", plan->rate / G_USEC_PER_SEC);
  append_relation (text, plan, words);
}

static void
append_value (GString *text, const MusterAlertPlan *plan, const MusterAlertWords *words)
{
  g_string_append_printf (text, "%s is ", words->metric);
  append_measured (text, words->value, words->threshold, words->unit);
  append_relation (text, plan, words);
}

static void
append_expression (GString *text, const MusterAlertPlan *plan, const MusterAlertWords *words)
{
  g_string_append (text, plan->name);
  if (!plan->has_value)
    return;
  g_string_append (text, " is ");
  append_measured (text, words->value, words->threshold, NULL);
  append_relation (text, plan, words);
}

char *
muster_alert_make_title (const MusterAlertPlan *plan, const MusterAlertWords *words)
{
  GString *text = g_string_new (words->device);

  g_string_append (text, words->device != NULL ? ": " : "");
  switch (plan->kind)
    {
    case MUSTER_ALERT_RULE_RATE:
      append_rate (text, plan, words);
      break;
    case MUSTER_ALERT_RULE_MISSING:
      g_string_append_printf (text, "no %s for %" G_GINT64_FORMAT " s", words->metric,
                              plan->missing / G_USEC_PER_SEC);
      break;
    case MUSTER_ALERT_RULE_STATE:
      g_string_append_printf (text, "%s is %s%s", words->metric,
                              plan->op == MUSTER_ALERT_OPERATOR_NE ? "not " : "", plan->text);
      break;
    case MUSTER_ALERT_RULE_EXPRESSION:
      append_expression (text, plan, words);
      break;
    case MUSTER_ALERT_RULE_OFFLINE:
      g_string_append (text, "not reached");
      break;
    case MUSTER_ALERT_RULE_ANOMALY:
      g_string_append_printf (text, "%s behaves unusually", words->metric);
      break;
    case MUSTER_ALERT_RULE_THRESHOLD:
    case MUSTER_ALERT_RULE_RANGE:
    default:
      append_value (text, plan, words);
    }
  return finish (text, TITLE_MAX_LENGTH);
}

static gboolean
append_named (GString                *text,
              const char             *name,
              gsize                   length,
              const MusterAlertPlan  *plan,
              const MusterAlertWords *words)
{
  const struct
  {
    const char *name;
    const char *text;
  } names[] = { { "device", words->device },
                { "metric", words->metric },
                { "unit", words->unit },
                { "place", words->place },
                { "rule", plan->name } };

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    if (strlen (names[i].name) == length && strncmp (names[i].name, name, length) == 0)
      {
        g_string_append (text, names[i].text != NULL ? names[i].text : "");
        return TRUE;
      }
  if (length == strlen ("value") && strncmp (name, "value", length) == 0)
    append_measured (text, words->value, words->threshold, NULL);
  else if (length == strlen ("threshold") && strncmp (name, "threshold", length) == 0)
    append_chosen (text, words->threshold, NULL);
  else
    return FALSE;
  return TRUE;
}

char *
muster_alert_make_detail (const MusterAlertPlan *plan, const MusterAlertWords *words)
{
  GString *text = NULL;

  if (plan->message == NULL || *plan->message == '\0')
    return NULL;
  text = g_string_new (NULL);
  for (const char *at = plan->message; *at != '\0';)
    {
      const char *end = *at == '{' ? strchr (at, '}') : NULL;

      if (end != NULL && append_named (text, at + 1, (gsize)(end - at - 1), plan, words))
        at = end + 1;
      else
        g_string_append_c (text, *at++);
    }
  return finish (text, DETAIL_MAX_LENGTH);
}

char *
muster_alert_make_cause_title (const MusterAlertVerdict *verdict, const char *name)
{
  GString *text = g_string_new (NULL);

  if (verdict->kind == MUSTER_ALERT_CAUSE_BROKER)
    g_string_append (text, "The broker is down");
  else
    g_string_append_printf (text, "%s is not reached: %u of %u devices", name, verdict->down,
                            verdict->all);
  return finish (text, TITLE_MAX_LENGTH);
}

char *
muster_alert_make_explanation (const char *change, gint64 elapsed)
{
  gint64   minutes = elapsed / G_USEC_PER_SEC / 60;
  GString *text = g_string_new (NULL);

  if (minutes == 0)
    g_string_append_printf (text, "%" G_GINT64_FORMAT " s", elapsed / G_USEC_PER_SEC);
  else if (minutes < 120)
    g_string_append_printf (text, "%" G_GINT64_FORMAT " min", minutes);
  else
    g_string_append_printf (text, "%" G_GINT64_FORMAT " h", minutes / 60);
  g_string_append_printf (text, " after %s", change);
  return finish (text, TITLE_MAX_LENGTH);
}
