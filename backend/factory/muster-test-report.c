/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-test-report"

#include "config.h"

#include <math.h>

#include "model/muster-test-run.h"
#include "model/muster-time.h"
#include "muster-test-report.h"

struct _MusterTestReport
{
  JsonObject *root;  /* (owned) */
  JsonArray  *steps; /* in `root` */
  gint64      begun; /* when the step under way began, UTC microseconds */
};

static const char *const verdicts[] = { "waiting", "running", "passed", "failed", "skipped" };

MusterTestReport *
muster_test_report_new (void)
{
  MusterTestReport *self = g_new0 (MusterTestReport, 1);

  self->root = json_object_new ();
  self->steps = json_array_new ();
  json_object_set_null_member (self->root, "identity");
  json_object_set_array_member (self->root, "steps", self->steps);
  return self;
}

void
muster_test_report_free (MusterTestReport *self)
{
  g_return_if_fail (self != NULL);

  json_object_unref (self->root);
  g_free (self);
}

static JsonObject *
get_step (MusterTestReport *self, unsigned step)
{
  return json_array_get_object_element (self->steps, step);
}

static void
set_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
  else
    json_object_set_null_member (object, name);
}

static void
set_number (JsonObject *object, const char *name, double number)
{
  if (isfinite (number))
    json_object_set_double_member (object, name, number);
  else
    json_object_set_null_member (object, name);
}

static void
set_time (JsonObject *object, const char *name, gint64 time)
{
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  muster_time_format (time, text);
  json_object_set_string_member (object, name, text);
}

unsigned
muster_test_report_add_own (MusterTestReport *self, const char *name, const char *action)
{
  static const char *const rest[] = { "detail", "measured", "minimum",    "maximum", "unit",
                                      "note",   "person",   "started_at", "ms" };
  JsonObject              *row = json_object_new ();

  g_return_val_if_fail (self != NULL && name != NULL && action != NULL, 0);

  json_object_set_string_member (row, "name", name);
  json_object_set_string_member (row, "action", action);
  json_object_set_string_member (row, "verdict", verdicts[MUSTER_VERDICT_WAITING]);
  for (unsigned i = 0; i < G_N_ELEMENTS (rest); i++)
    json_object_set_null_member (row, rest[i]);
  json_object_set_array_member (row, "checks", json_array_new ());
  json_array_add_object_element (self->steps, row);
  return json_array_get_length (self->steps) - 1;
}

unsigned
muster_test_report_add (MusterTestReport *self, const MusterTestStep *step)
{
  unsigned index;

  g_return_val_if_fail (self != NULL && step != NULL, 0);

  index = muster_test_report_add_own (self, step->name, muster_step_action_get_nick (step->action));
  set_number (get_step (self, index), "minimum", step->minimum);
  set_number (get_step (self, index), "maximum", step->maximum);
  set_text (get_step (self, index), "unit", step->unit);
  return index;
}

void
muster_test_report_begin (MusterTestReport *self, unsigned step, gint64 time)
{
  JsonObject *row = NULL;

  g_return_if_fail (self != NULL);

  row = get_step (self, step);
  json_object_set_string_member (row, "verdict", verdicts[MUSTER_VERDICT_RUNNING]);
  set_time (row, "started_at", time);
  self->begun = time;
}

void
muster_test_report_end (MusterTestReport *self,
                        unsigned          step,
                        MusterVerdict     verdict,
                        const char       *detail,
                        gint64            time)
{
  JsonObject *row = NULL;

  g_return_if_fail (self != NULL);

  row = get_step (self, step);
  json_object_set_string_member (row, "verdict", verdicts[verdict]);
  set_text (row, "detail", detail);
  json_object_set_int_member (row, "ms", MAX (time - self->begun, 0) / 1000);
}

void
muster_test_report_skip_rest (MusterTestReport *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < json_array_get_length (self->steps); i++)
    if (g_str_equal (json_object_get_string_member (get_step (self, i), "verdict"),
                     verdicts[MUSTER_VERDICT_WAITING]))
      json_object_set_string_member (get_step (self, i), "verdict",
                                     verdicts[MUSTER_VERDICT_SKIPPED]);
}

void
muster_test_report_set_measured (MusterTestReport *self, unsigned step, double measured)
{
  g_return_if_fail (self != NULL);

  set_number (get_step (self, step), "measured", measured);
}

void
muster_test_report_add_check (MusterTestReport *self, unsigned step, const MusterUnitCheck *check)
{
  JsonObject *row = json_object_new ();

  g_return_if_fail (self != NULL && check != NULL);

  json_object_set_string_member (row, "name", check->name);
  json_object_set_boolean_member (row, "passed", check->passed);
  set_number (row, "measured", check->measured);
  set_number (row, "minimum", check->low);
  set_number (row, "maximum", check->high < MUSTER_UNIT_CHECK_UNLIMITED ? check->high : INFINITY);
  json_array_add_object_element (json_object_get_array_member (get_step (self, step), "checks"),
                                 row);
}

void
muster_test_report_set_answer (MusterTestReport *self,
                               unsigned          step,
                               const char       *person,
                               const char       *note)
{
  g_return_if_fail (self != NULL);

  set_text (get_step (self, step), "person", person);
  set_text (get_step (self, step), "note", note);
}

void
muster_test_report_set_identity (MusterTestReport *self, const MusterUnitIdentity *identity)
{
  JsonObject *row = json_object_new ();

  g_return_if_fail (self != NULL && identity != NULL);

  json_object_set_string_member (row, "serial", identity->serial);
  json_object_set_string_member (row, "model", identity->model);
  json_object_set_string_member (row, "hardware_revision", identity->hardware);
  json_object_set_string_member (row, "firmware_version", identity->firmware);
  json_object_set_int_member (row, "starts", identity->starts);
  json_object_set_object_member (self->root, "identity", row);
}

const char *
muster_test_report_get_name (MusterTestReport *self, unsigned step)
{
  g_return_val_if_fail (self != NULL, NULL);

  return json_object_get_string_member (get_step (self, step), "name");
}

gboolean
muster_test_report_find_failed (MusterTestReport *self, const char **name, const char **detail)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < json_array_get_length (self->steps); i++)
    {
      JsonObject *row = get_step (self, i);

      if (!g_str_equal (json_object_get_string_member (row, "verdict"),
                        verdicts[MUSTER_VERDICT_FAILED]))
        continue;
      *name = json_object_get_string_member (row, "name");
      *detail = json_object_get_string_member_with_default (row, "detail", NULL);
      return TRUE;
    }
  return FALSE;
}

char *
muster_test_report_to_json (MusterTestReport *self)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  g_return_val_if_fail (self != NULL, NULL);

  json_node_set_object (node, self->root);
  return json_to_string (node, FALSE);
}

/* --- papers --- */

/* The report's steps: (transfer full); empty before it began. */
static JsonArray *
read_steps (MusterEntity *record)
{
  const char *text = muster_entity_get_string (record, "report");
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonObject *root =
    node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  return root != NULL && json_object_has_member (root, "steps")
           ? json_array_ref (json_object_get_array_member (root, "steps"))
           : json_array_new ();
}

static void
append_attribute (GString *xml, const char *name, const char *value)
{
  /* XML 1.0 has no place for most control characters, not even escaped ones. */
  g_autofree char *plain = g_utf8_make_valid (value, -1);
  g_autofree char *escaped = NULL;

  for (char *c = plain; *c != '\0'; c++)
    if ((guchar)*c < ' ')
      *c = ' ';
  escaped = g_markup_escape_text (plain, -1);
  g_string_append_printf (xml, " %s=\"%s\"", name, escaped);
}

static void
append_seconds (GString *xml, const char *name, double milliseconds)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  append_attribute (xml, name, g_ascii_formatd (text, sizeof text, "%.3f", milliseconds / 1000));
}

static double
get_milliseconds (JsonObject *row)
{
  return (double)json_object_get_int_member_with_default (row, "ms", 0);
}

/* "measured 3.31, at least 3, at most 3.6 V" */
static void
append_measured (GString *xml, JsonObject *row)
{
  static const char *const names[] = { "measured", "minimum", "maximum" };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *escaped = NULL;
  char             number[G_ASCII_DTOSTR_BUF_SIZE];

  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    if (!json_object_get_null_member (row, names[i]))
      g_string_append_printf (text, "%s%s %s", text->len > 0 ? ", " : "", names[i],
                              g_ascii_formatd (number, sizeof number, "%g",
                                               json_object_get_double_member (row, names[i])));
  if (text->len == 0)
    return;
  g_string_append_printf (text, " %s",
                          json_object_get_string_member_with_default (row, "unit", ""));
  escaped = g_markup_escape_text (g_strchomp (text->str), -1);
  g_string_append_printf (xml, "      <system-out>%s</system-out>\n", escaped);
}

static void
append_case (GString *xml, JsonObject *row, const char *suite)
{
  const char *verdict = json_object_get_string_member (row, "verdict");
  const char *detail = json_object_get_string_member_with_default (row, "detail", NULL);

  g_string_append (xml, "    <testcase");
  append_attribute (xml, "classname", suite);
  append_attribute (xml, "name", json_object_get_string_member (row, "name"));
  append_seconds (xml, "time", get_milliseconds (row));
  g_string_append (xml, ">\n");
  if (g_str_equal (verdict, verdicts[MUSTER_VERDICT_FAILED]))
    {
      g_string_append (xml, "      <failure");
      append_attribute (xml, "message", detail != NULL ? detail : "failed");
      g_string_append (xml, "/>\n");
    }
  else if (!g_str_equal (verdict, verdicts[MUSTER_VERDICT_PASSED]))
    g_string_append (xml, "      <skipped/>\n");
  append_measured (xml, row);
  g_string_append (xml, "    </testcase>\n");
}

static unsigned
count_verdicts (JsonArray *steps, MusterVerdict verdict)
{
  unsigned count = 0;

  for (guint i = 0; i < json_array_get_length (steps); i++)
    count += g_str_equal (json_object_get_string_member (json_array_get_object_element (steps, i),
                                                         "verdict"),
                          verdicts[verdict]);
  return count;
}

char *
muster_test_report_format_junit (MusterEntity *record)
{
  g_autoptr (JsonArray) steps = read_steps (record);
  g_autoptr (GString) xml = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  guint       n_steps = json_array_get_length (steps);
  unsigned    n_failed = count_verdicts (steps, MUSTER_VERDICT_FAILED);
  const char *name = NULL;
  const char *serial = NULL;
  double      milliseconds = 0;

  g_return_val_if_fail (MUSTER_IS_ENTITY (record), NULL);

  name = MUSTER_IS_TEST_RUN (record) ? muster_entity_get_string (record, "name") : "factory";
  serial = muster_entity_get_string (record, "serial");
  for (guint i = 0; i < n_steps; i++)
    milliseconds += get_milliseconds (json_array_get_object_element (steps, i));
  g_string_append (xml, "<testsuites>\n  <testsuite");
  append_attribute (xml, "name", name);
  append_attribute (xml, "hostname",
                    serial != NULL ? serial : muster_entity_get_string (record, "port"));
  g_string_append_printf (xml, " tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\"", n_steps,
                          n_failed,
                          n_steps - n_failed - count_verdicts (steps, MUSTER_VERDICT_PASSED));
  append_seconds (xml, "time", milliseconds);
  if (!muster_entity_is_null (record, "started_at"))
    {
      char text[MUSTER_TIME_TEXT_LENGTH + 1];

      muster_time_format (muster_entity_get_integer (record, "started_at"), text);
      append_attribute (xml, "timestamp", text);
    }
  g_string_append (xml, ">\n");
  for (guint i = 0; i < n_steps; i++)
    append_case (xml, json_array_get_object_element (steps, i), name);
  g_string_append (xml, "  </testsuite>\n</testsuites>\n");
  return g_string_free_and_steal (g_steal_pointer (&xml));
}
