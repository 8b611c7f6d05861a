/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-gate-editor.h"
#include "muster-plan-editor.h"

static void
count_cb (unsigned *count)
{
  (*count)++;
}

static void
check_kept (MusterRowsEditor *editor, const char *json)
{
  g_autofree char *now = NULL;

  muster_rows_editor_set_json (editor, json);
  now = muster_rows_editor_dup_json (editor);
  g_assert_cmpstr (now, ==, json);
}

/* What is set comes back, and no plan is none. */
static void
test_kept (void)
{
  g_autoptr (GtkWidget) widget = g_object_ref_sink (muster_plan_editor_new ());
  MusterRowsEditor *editor = MUSTER_ROWS_EDITOR (widget);
  unsigned          changes = 0;

  g_signal_connect_swapped (editor, "changed", G_CALLBACK (count_cb), &changes);
  check_kept (editor,
              "[{\"name\":\"Canary\",\"count\":1,\"success_threshold\":100,\"error_threshold\":10},"
              "{\"percent\":30,\"success_threshold\":80,\"error_threshold\":5,\"manual\":true},"
              "{\"success_threshold\":0,\"error_threshold\":100}]");
  g_assert_cmpuint (changes, >, 0);
  check_kept (editor, NULL);
}

/* Whatever stands there, what comes out is a plan or none. */
static void
test_foreign (void)
{
  static const char *const texts[] = { "", "{}", "[1,null,\"x\"]", "[{\"count\":\"many\"}]", "[" };
  g_autoptr (GtkWidget) widget = g_object_ref_sink (muster_plan_editor_new ());

  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *now = NULL;

      muster_rows_editor_set_json (MUSTER_ROWS_EDITOR (widget), texts[i]);
      now = muster_rows_editor_dup_json (MUSTER_ROWS_EDITOR (widget));
      g_assert_true (now == NULL || *now == '[');
    }
}

static void
check_gate (const char *json, const char *expected)
{
  g_autoptr (GtkWidget) widget = g_object_ref_sink (muster_gate_editor_new ());
  g_autofree char *now = NULL;

  muster_gate_editor_set_json (MUSTER_GATE_EDITOR (widget), json);
  now = muster_gate_editor_dup_json (MUSTER_GATE_EDITOR (widget));
  g_assert_cmpstr (now, ==, expected);
}

/* What the form has no row for is kept. */
static void
test_gate (void)
{
  const char *two = "[{\"watch\":\"errors\"},{\"watch\":\"reboots\"}]";

  check_gate (NULL, NULL);
  check_gate (two, two);
  check_gate ("{\"metric\":\"Current\",\"worse\":\"lower\",\"alpha\":0.05}",
              "{\"metric\":\"Current\",\"worse\":\"lower\",\"alpha\":0.05,\"watch\":\"metric\","
              "\"unsure\":\"go_on\"}");
  check_gate ("[{\"watch\":\"reboots\",\"unsure\":\"stop\"}]",
              "{\"watch\":\"reboots\",\"unsure\":\"stop\"}");
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/plan-editor/kept", test_kept);
  g_test_add_func ("/plan-editor/foreign", test_foreign);
  g_test_add_func ("/gate-editor/kept", test_gate);
  return g_test_run ();
}
