/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <json-glib/json-glib.h>
#include <math.h>

#include "factory/muster-steps-editor.h"
#include "factory/muster-test-words.h"

#define PLAN                                                                                       \
  "[{\"name\":\"Who\",\"action\":\"identity\"},"                                                   \
  "{\"name\":\"Warm\",\"action\":\"read\",\"metric\":\"temperature\",\"minimum\":15,"              \
  "\"maximum\":35.5,\"unit\":\"°C\",\"timeout_ms\":2000},"                                         \
  "{\"name\":\"Relay\",\"action\":\"write\",\"metric\":\"relay\",\"value\":true},"                 \
  "{\"name\":\"Speed\",\"action\":\"write\",\"metric\":\"fan\",\"value\":0.5},"                    \
  "{\"name\":\"LED\",\"action\":\"blink\"},"                                                       \
  "{\"name\":\"Case\",\"action\":\"ask\",\"text\":\"Is it whole?\"}]"

static gboolean
is_same (const char *a, const char *b)
{
  g_autoptr (JsonNode) left = json_from_string (a, NULL);
  g_autoptr (JsonNode) right = json_from_string (b, NULL);

  return left != NULL && right != NULL && json_node_equal (left, right);
}

static void
assert_missing (MusterStepsEditor *editor, const char *json, const char *wanted)
{
  g_autofree char *missing = NULL;

  muster_steps_editor_set_json (editor, json);
  missing = muster_steps_editor_find_missing (editor);
  g_assert_cmpstr (missing, ==, wanted);
}

static void
test_round_trip (void)
{
  g_autoptr (GtkWidget) widget = g_object_ref_sink (muster_steps_editor_new ());
  MusterStepsEditor *editor = MUSTER_STEPS_EDITOR (widget);
  g_autofree char   *text = NULL;

  assert_missing (editor, PLAN, NULL);
  text = muster_steps_editor_dup_json (editor);
  if (!is_same (text, PLAN))
    g_test_message ("%s", text);
  g_assert_true (is_same (text, PLAN));
}

static void
test_first (void)
{
  g_autoptr (GtkWidget) widget = g_object_ref_sink (muster_steps_editor_new ());
  MusterStepsEditor *editor = MUSTER_STEPS_EDITOR (widget);
  g_autofree char   *text = NULL;

  assert_missing (editor, NULL, NULL);
  text = muster_steps_editor_dup_json (editor);
  g_assert_true (is_same (text, "[{\"name\":\"Identity\",\"action\":\"identity\"},"
                                "{\"name\":\"Self-test\",\"action\":\"self-test\"}]"));
}

static void
test_missing (void)
{
  g_autoptr (GtkWidget) widget = g_object_ref_sink (muster_steps_editor_new ());
  MusterStepsEditor *editor = MUSTER_STEPS_EDITOR (widget);

  assert_missing (editor, "[]", "A plan needs a step");
  assert_missing (editor, "[{\"name\":\" \",\"action\":\"blink\"}]", "Step 1 needs a name");
  assert_missing (editor, "[{\"name\":\"A\",\"action\":\"read\"}]",
                  "Step 1, “A”: say which metric");
  assert_missing (editor, "[{\"name\":\"A\",\"action\":\"ask\"}]", "Step 1, “A”: say what to ask");
  assert_missing (editor,
                  "[{\"name\":\"A\",\"action\":\"write\",\"metric\":\"x\",\"value\":\"warm\"}]",
                  "Step 1, “A”: the value is a number, on or off");
  assert_missing (
    editor, "[{\"name\":\"A\",\"action\":\"read\",\"metric\":\"x\",\"minimum\":3,\"maximum\":2}]",
    "Step 1, “A”: the lower limit is above the upper one");
  assert_missing (editor, "[{\"name\":\"A\",\"action\":\"reboot\",\"timeout_ms\":50}]",
                  "Step 1, “A”: it may take from 100 to 3600000 milliseconds");
}

/* The names of the steps, as they stand: (transfer full). */
static char *
list_names (MusterStepsEditor *editor)
{
  g_autofree char *text = muster_steps_editor_dup_json (editor);
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  JsonArray *steps = json_node_get_array (root);
  GString   *names = g_string_new (NULL);

  for (unsigned i = 0; i < json_array_get_length (steps); i++)
    g_string_append (names, json_object_get_string_member (json_array_get_object_element (steps, i),
                                                           "name"));
  return g_string_free_and_steal (names);
}

/* Steps are told apart by when they were added, from 1, wherever they stand. */
static void
test_order (void)
{
  static const struct
  {
    const char *action;
    guint32     id;
    const char *names;
  } moves[] = {
    { "steps.up", 1, "ABC" },   { "steps.up", 3, "ACB" },    { "steps.down", 1, "CAB" },
    { "steps.down", 2, "CAB" }, { "steps.remove", 1, "CB" }, { "steps.up", 2, "BC" },
    { "steps.up", 9, "BC" },    { "steps.remove", 3, "B" },  { "steps.down", 2, "B" },
  };
  g_autoptr (GtkWidget) widget = g_object_ref_sink (muster_steps_editor_new ());
  MusterStepsEditor *editor = MUSTER_STEPS_EDITOR (widget);

  muster_steps_editor_set_json (editor, "[{\"name\":\"A\",\"action\":\"identity\"},"
                                        "{\"name\":\"B\",\"action\":\"identity\"},"
                                        "{\"name\":\"C\",\"action\":\"identity\"}]");
  for (unsigned i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      g_autofree char *names = NULL;

      g_assert_true (gtk_widget_activate_action (widget, moves[i].action, "u", moves[i].id));
      names = list_names (editor);
      g_assert_cmpstr (names, ==, moves[i].names);
    }
}

static void
test_limits (void)
{
  g_autofree char *both = muster_limits_describe (15, 35.5, "°C");
  g_autofree char *low = muster_limits_describe (15, NAN, "V");
  g_autofree char *high = muster_limits_describe (NAN, 3, NULL);

  g_assert_cmpstr (both, ==, "15 to 35.5\u00a0°C");
  g_assert_cmpstr (low, ==, "at least 15\u00a0V");
  g_assert_cmpstr (high, ==, "at most 3");
  g_assert_null (muster_limits_describe (NAN, NAN, "V"));
}

static void
test_values (void)
{
  static const char *const bad[] = { "", "warm", "1 2", "0x", "inf" };
  g_autoptr (JsonNode) on = muster_value_read (" On ");
  g_autoptr (JsonNode) off = muster_value_read ("false");
  g_autoptr (JsonNode) number = muster_value_read ("-2,5");

  g_assert_true (json_node_get_boolean (on));
  g_assert_false (json_node_get_boolean (off));
  g_assert_cmpfloat (json_node_get_double (number), ==, -2.5);
  for (unsigned i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (muster_value_read (bad[i]));
}

static void
test_report (void)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (JsonNode) none = NULL;
  JsonArray *steps = muster_report_read_steps (
    "{\"steps\":[{\"verdict\":\"passed\"},{\"verdict\":\"failed\"},{\"verdict\":\"running\"},"
    "{\"verdict\":\"new\"}]}",
    &root);

  g_assert_cmpuint (json_array_get_length (steps), ==, 4);
  g_assert_cmpuint (muster_report_count_done (steps), ==, 2);
  g_assert_null (muster_report_read_steps (NULL, &none));
  g_assert_cmpuint (muster_report_count_done (NULL), ==, 0);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/factory/steps/round-trip", test_round_trip);
  g_test_add_func ("/factory/steps/first", test_first);
  g_test_add_func ("/factory/steps/missing", test_missing);
  g_test_add_func ("/factory/steps/order", test_order);
  g_test_add_func ("/factory/steps/limits", test_limits);
  g_test_add_func ("/factory/steps/values", test_values);
  g_test_add_func ("/factory/steps/report", test_report);
  return g_test_run ();
}
