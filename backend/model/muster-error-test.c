/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-device.h"
#include "muster-error.h"

static void
test_no_rows (void)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (muster_field_errors_check (errors, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (muster_error_get_fields (NULL)->len, ==, 0);
}

static void
test_rows_survive_copies (void)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) copy = NULL;
  const MusterFieldError *row;

  muster_field_errors_add (errors, "/items/2/quantity", "must be at least %d", 1);
  muster_field_errors_add (errors, "/name", "is required");
  g_assert_false (muster_field_errors_check (errors, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, "/items/2/quantity: must be at least 1 (and 1 more)");
  copy = g_error_copy (error);
  g_clear_error (&error);
  g_assert_cmpuint (muster_error_get_fields (copy)->len, ==, 2);
  row = muster_error_get_fields (copy)->pdata[1];
  g_assert_cmpstr (row->pointer, ==, "/name");
  g_assert_cmpstr (row->detail, ==, "is required");
}

static void
test_rows_are_bounded (void)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  for (int i = 0; i < 1000; i++)
    muster_field_errors_add (errors, "/x\xff", "%d", i);
  g_assert_cmpuint (muster_field_errors_get_count (errors), ==, 100);
  g_assert_false (muster_field_errors_check (errors, NULL));
}

static void
test_allowed_and_blockers (void)
{
  static const char *const blockers[] = { "17", "18", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOENT, "gone");

  g_assert_false (muster_state_machine_check (&muster_device_status_machine,
                                              MUSTER_DEVICE_STATUS_DEFECTIVE,
                                              MUSTER_DEVICE_STATUS_SOLD, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT);
  g_assert_cmpstr (error->message, ==,
                   "cannot go from defective to sold: allowed next is maintenance, retired");
  g_assert_cmpstr (muster_error_get_allowed (error)[0], ==, "maintenance");
  g_assert_cmpstr (muster_error_get_allowed (error)[1], ==, "retired");
  g_assert_null (muster_error_get_allowed (error)[2]);
  g_assert_null (muster_error_get_blockers (error));
  muster_error_set_blockers (error, blockers);
  muster_error_set_blockers (error, muster_error_get_blockers (error));
  g_assert_cmpstr (muster_error_get_blockers (error)[1], ==, "18");
  g_assert_null (muster_error_get_allowed (other));
  g_assert_null (muster_error_get_blockers (other));
  g_assert_cmpuint (muster_error_get_fields (other)->len, ==, 0);
}

static void
test_final_state (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) next = muster_state_machine_list_next (&muster_device_status_machine,
                                                       MUSTER_DEVICE_STATUS_RETIRED);

  g_assert_cmpuint (g_strv_length (next), ==, 0);
  g_assert_true (muster_state_machine_check (&muster_device_status_machine,
                                             MUSTER_DEVICE_STATUS_RETIRED,
                                             MUSTER_DEVICE_STATUS_RETIRED, &error));
  g_assert_no_error (error);
  g_assert_false (muster_state_machine_check (&muster_device_status_machine,
                                              MUSTER_DEVICE_STATUS_RETIRED,
                                              MUSTER_DEVICE_STATUS_IN_STOCK, &error));
  g_assert_cmpstr (error->message, ==,
                   "cannot go from retired to in_stock: allowed next is nothing, it is final");
}

/* Every step of the table names states that exist, and no step stands twice. */
static void
test_transition_table (void)
{
  const MusterStateMachine *machine = &muster_device_status_machine;
  int                       n = muster_enum_get_count (machine->states);

  for (const MusterTransition *a = machine->transitions; a->from >= 0; a++)
    {
      g_assert_cmpint (a->from, <, n);
      g_assert_cmpint (a->to, <, n);
      g_assert_cmpint (a->from, !=, a->to);
      for (const MusterTransition *b = a + 1; b->from >= 0; b++)
        g_assert_false (a->from == b->from && a->to == b->to);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/no-rows", test_no_rows);
  g_test_add_func ("/error/rows-survive-copies", test_rows_survive_copies);
  g_test_add_func ("/error/rows-are-bounded", test_rows_are_bounded);
  g_test_add_func ("/error/allowed-and-blockers", test_allowed_and_blockers);
  g_test_add_func ("/state-machine/final-state", test_final_state);
  g_test_add_func ("/state-machine/table", test_transition_table);
  return g_test_run ();
}
