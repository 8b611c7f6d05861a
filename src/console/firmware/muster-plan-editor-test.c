/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-error.h"
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
              "{\"share\":40,\"target_query\":\"name==pump*\",\"success_threshold\":100,"
              "\"error_threshold\":10,\"confirmation_required\":true},"
              "{\"success_threshold\":0,\"error_threshold\":100,\"confirmation_required\":false}]");
  g_assert_cmpuint (changes, >, 0);
  check_kept (editor,
              "[{\"percent\":33.3,\"success_threshold\":100,\"error_threshold\":10},"
              "{\"percent\":0.125,\"success_threshold\":100,\"error_threshold\":10},"
              "{\"percent\":33.3333333333,\"success_threshold\":100,\"error_threshold\":10}]");
  check_kept (editor, NULL);
}

/* The first row of a share of devices below WIDGET. */
static GtkWidget *
find_share (GtkWidget *widget)
{
  GtkWidget *found = NULL;

  if (ADW_IS_SPIN_ROW (widget) && adw_spin_row_get_digits (ADW_SPIN_ROW (widget)) > 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_share (child);
  return found;
}

/* It reads as it was given, and takes fractions. */
static void
test_share (void)
{
  g_autoptr (GtkWidget) widget = g_object_ref_sink (muster_plan_editor_new ());
  MusterRowsEditor *editor = MUSTER_ROWS_EDITOR (widget);
  GtkWidget        *row;
  g_autofree char  *now = NULL;

  muster_rows_editor_set_json (editor, "[{\"percent\":33.3}]");
  row = find_share (widget);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, "33.3");
  gtk_editable_set_text (GTK_EDITABLE (row), "12.5");
  adw_spin_row_update (ADW_SPIN_ROW (row));
  g_assert_cmpfloat (adw_spin_row_get_value (ADW_SPIN_ROW (row)), ==, 12.5);
  now = muster_rows_editor_dup_json (editor);
  g_assert_cmpstr (now, ==,
                   "[{\"percent\":12.5,\"success_threshold\":100,\"error_threshold\":10}]");
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
  g_autoptr (GtkWidget) widget = g_object_ref_sink (muster_gate_editor_new (NULL));
  g_autofree char *now = NULL;

  muster_gate_editor_set_json (MUSTER_GATE_EDITOR (widget), json);
  now = muster_rows_editor_dup_json (MUSTER_ROWS_EDITOR (widget));
  g_assert_cmpstr (now, ==, expected);
}

/* What is said of each watch comes back, but for what is meant anyway. */
static void
test_gate (void)
{
  const char *two = "[{\"watch\":\"errors\",\"tolerance\":0.5,\"against\":\"rest\"},"
                    "{\"watch\":\"metric\",\"metric\":\"Current\",\"worse\":\"lower\","
                    "\"before\":3600,\"alpha\":0.0005,\"unsure\":\"stop\"}]";

  check_gate (NULL, NULL);
  check_gate (two, two);
  check_gate ("{\"metric\":\"Current\",\"alpha\":0.01,\"before\":86400,\"against\":\"any\"}",
              "[{\"watch\":\"metric\",\"metric\":\"Current\"}]");
  check_gate ("[{\"watch\":\"reboots\",\"unsure\":\"go_on\"}]", "[{\"watch\":\"reboots\"}]");
}

static void
check_refused (const char *json, const char *pointer)
{
  g_autoptr (GtkWidget) widget = g_object_ref_sink (muster_gate_editor_new (NULL));
  g_autoptr (GError) error = NULL;
  const MusterFieldError *field;

  muster_gate_editor_set_json (MUSTER_GATE_EDITOR (widget), json);
  g_assert_cmpint (muster_gate_editor_check (MUSTER_GATE_EDITOR (widget), &error), ==,
                   pointer == NULL);
  if (pointer == NULL)
    return;
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
  field = muster_error_get_fields (error)->pdata[0];
  g_assert_cmpstr (field->pointer, ==, pointer);
  muster_gate_editor_show_error (MUSTER_GATE_EDITOR (widget), field->pointer, field->detail);
}

/* It is refused as the daemon refuses it. */
static void
test_gate_refused (void)
{
  check_refused (NULL, NULL);
  check_refused ("{\"watch\":\"errors\"}", NULL);
  check_refused ("[{\"watch\":\"errors\"},{\"watch\":\"metric\"}]", "/gate/1/metric");
  check_refused ("{\"watch\":\"errors\",\"tolerance\":-1}", "/gate/0/tolerance");
  check_refused ("{\"watch\":\"errors\",\"alpha\":0.5}", "/gate/0/alpha");
  check_refused ("{\"watch\":\"errors\",\"before\":5}", "/gate/0/before");
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/plan-editor/kept", test_kept);
  g_test_add_func ("/plan-editor/share", test_share);
  g_test_add_func ("/plan-editor/foreign", test_foreign);
  g_test_add_func ("/gate-editor/kept", test_gate);
  g_test_add_func ("/gate-editor/refused", test_gate_refused);
  return g_test_run ();
}
