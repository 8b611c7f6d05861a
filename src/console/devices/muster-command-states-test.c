/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-command-states.h"

static void
test_in_order (void)
{
  g_autoptr (MusterCommandStates) states = muster_command_states_new ();

  g_assert_cmpint (muster_command_states_note (states, "a", MUSTER_COMMAND_PENDING), ==,
                   MUSTER_COMMAND_PENDING);
  g_assert_cmpint (muster_command_states_note (states, "a", MUSTER_COMMAND_SENT), ==,
                   MUSTER_COMMAND_SENT);
  g_assert_cmpint (muster_command_states_note (states, "a", MUSTER_COMMAND_TIMED_OUT), ==,
                   MUSTER_COMMAND_TIMED_OUT);
}

/* The live stream is faster than the answer. */
static void
test_answer_comes_last (void)
{
  g_autoptr (MusterCommandStates) states = muster_command_states_new ();

  g_assert_cmpint (muster_command_states_note (states, "a", MUSTER_COMMAND_CONFIRMED), ==,
                   MUSTER_COMMAND_CONFIRMED);
  g_assert_cmpint (muster_command_states_note (states, "a", MUSTER_COMMAND_SENT), ==,
                   MUSTER_COMMAND_CONFIRMED);
  g_assert_cmpint (muster_command_states_note (states, "b", MUSTER_COMMAND_SENT), ==,
                   MUSTER_COMMAND_SENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/command-states/in-order", test_in_order);
  g_test_add_func ("/command-states/answer-comes-last", test_answer_comes_last);
  return g_test_run ();
}
