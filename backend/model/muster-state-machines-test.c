/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "muster-alert.h"
#include "muster-delivery-issue.h"
#include "muster-delivery.h"
#include "muster-device-command.h"
#include "muster-device.h"
#include "muster-error.h"
#include "muster-job.h"
#include "muster-order.h"
#include "muster-stocktake.h"

/* What may follow each state, parted by spaces: written down here once more, so that nobody changes
 * a life by accident. */
typedef struct
{
  const char *state;
  const char *next;
} Expectation;

typedef struct
{
  const char               *name;
  const MusterEntityInfo   *info;
  const MusterStateMachine *machine;
  const char               *finals; /* states that nothing follows */
  Expectation               states[10];
} Machine;

/* clang-format off */
static const Machine machines[] = {
  { "device", &muster_device_info, &muster_device_status_machine, "retired", {
    { "in_stock", "reserved sold deployed maintenance defective retired" },
    { "reserved", "in_stock sold deployed" },
    { "sold", "deployed in_stock defective" },
    { "deployed", "maintenance defective in_stock retired" },
    { "maintenance", "in_stock deployed defective retired" },
    { "defective", "maintenance retired" },
    { "retired", "" },
  } },
  { "order", &muster_order_info, &muster_order_status_machine, "cancelled", {
    { "pending", "confirmed cancelled" },
    { "confirmed", "processing shipped cancelled pending" },
    { "processing", "shipped cancelled" },
    { "shipped", "delivered processing" },
    { "delivered", "processing" },
    { "cancelled", "" },
  } },
  { "delivery", &muster_delivery_info, &muster_delivery_status_machine, "returned", {
    { "pending", "shipped failed in_transit delivered" },
    { "shipped", "in_transit delivered failed returned" },
    { "in_transit", "delivered failed returned" },
    { "delivered", "returned" },
    { "failed", "pending returned" },
    { "returned", "" },
  } },
  { "issue", &muster_delivery_issue_info, &muster_issue_status_machine, "", {
    { "open", "resolved" },
    { "resolved", "open" },
  } },
  { "stocktake", &muster_stocktake_info, &muster_stocktake_status_machine, "applied", {
    { "counting", "applied cancelled" },
    { "applied", "" },
    { "cancelled", "counting" },
  } },
  { "job", &muster_job_info, &muster_job_status_machine, "cancelled", {
    { "queued", "running paused cancelled" },
    { "running", "paused done failed cancelled" },
    { "paused", "queued cancelled" },
    { "done", "queued" },
    { "failed", "queued" },
    { "cancelled", "" },
  } },
  { "alert", &muster_alert_info, &muster_alert_status_machine, "", {
    { "open", "acknowledged resolved" },
    { "acknowledged", "open resolved" },
    { "resolved", "open acknowledged" },
  } },
  { "command", &muster_device_command_info, &muster_command_state_machine, "confirmed failed timed_out", {
    { "pending", "sent failed" },
    { "sent", "confirmed failed timed_out" },
    { "confirmed", "" },
    { "failed", "" },
    { "timed_out", "" },
  } },
};
/* clang-format on */

static const char *
find_next (const Machine *self, const char *state)
{
  for (const Expectation *row = self->states; row->state != NULL; row++)
    if (g_str_equal (row->state, state))
      return row->next;
  g_test_message ("%s: %s is not written down", self->name, state);
  g_assert_not_reached ();
}

/* Whether WORD is one of the words of LIST. */
static gboolean
has_word (const char *list, const char *word)
{
  g_auto (GStrv) words = g_strsplit (list, " ", -1);

  return g_strv_contains ((const char *const *)words, word);
}

/* A wrong step is refused with the right ones, in words and for a program. */
static void
check_refusal (const Machine *self, int from, int to, const char *next)
{
  const MusterStateMachine *machine = self->machine;
  g_auto (GStrv) words = g_strsplit (next, " ", -1);
  g_autoptr (GError) error = NULL;

  g_assert_false (muster_state_machine_check (machine, from, to, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, muster_enum_get_nick (machine->states, from)));
  g_assert_nonnull (strstr (error->message, muster_enum_get_nick (machine->states, to)));
  for (char **word = words; *word != NULL; word++)
    g_assert_nonnull (strstr (error->message, *word));
  g_assert_true ((*next == '\0') == (strstr (error->message, "final") != NULL));
  g_assert_cmpstrv ((char **)muster_error_get_allowed (error),
                    *next != '\0' ? words : (char *[]){ NULL });
}

static void
test_every_pair (gconstpointer data)
{
  const Machine            *self = data;
  const MusterStateMachine *machine = self->machine;
  int                       n_states = muster_enum_get_count (machine->states);

  for (int from = 0; from < n_states; from++)
    {
      const char *next = find_next (self, muster_enum_get_nick (machine->states, from));

      for (int to = 0; to < n_states; to++)
        {
          const char *nick = muster_enum_get_nick (machine->states, to);
          gboolean    allowed = from == to || has_word (next, nick);

          g_test_message ("%s: %s to %s", self->name, muster_enum_get_nick (machine->states, from),
                          nick);
          g_assert_true (muster_state_machine_allows (machine, from, to) == allowed);
          if (allowed)
            g_assert_true (muster_state_machine_check (machine, from, to, NULL));
          else
            check_refusal (self, from, to, next);
        }
    }
}

/* Every state is written down, no other is, and the list of the next ones is as written. */
static void
test_lists (gconstpointer data)
{
  const Machine            *self = data;
  const MusterStateMachine *machine = self->machine;
  unsigned                  n_rows = 0;

  for (; self->states[n_rows].state != NULL; n_rows++)
    {
      const Expectation *row = &self->states[n_rows];
      int                state = muster_enum_parse (machine->states, row->state);
      g_auto (GStrv) next = NULL;
      g_autofree char *text = NULL;

      g_test_message ("%s: %s", self->name, row->state);
      g_assert_cmpint (state, >=, 0);
      next = muster_state_machine_list_next (machine, state);
      text = g_strjoinv (" ", next);
      g_assert_cmpstr (text, ==, row->next);
    }
  g_assert_cmpuint (n_rows, ==, muster_enum_get_count (machine->states));
}

/* Each state can be come to from the first one, and only the final ones are the end. */
static void
test_no_dead_ends (gconstpointer data)
{
  const Machine            *self = data;
  const MusterStateMachine *machine = self->machine;
  int                       n_states = muster_enum_get_count (machine->states);
  g_autofree gboolean      *reached = g_new0 (gboolean, n_states);
  gboolean                  grows = TRUE;

  reached[0] = TRUE;
  while (grows)
    {
      grows = FALSE;
      for (const MusterTransition *step = machine->transitions; step->from >= 0; step++)
        if (reached[step->from] && !reached[step->to])
          grows = reached[step->to] = TRUE;
    }
  for (int state = 0; state < n_states; state++)
    {
      const char *nick = muster_enum_get_nick (machine->states, state);
      g_auto (GStrv) next = muster_state_machine_list_next (machine, state);

      g_test_message ("%s: %s", self->name, nick);
      g_assert_true (reached[state]);
      g_assert_true (has_word (self->finals, nick) == (next[0] == NULL));
    }
}

/* The record's own field is the one that the machine is about. */
static void
test_records (gconstpointer data)
{
  const Machine          *self = data;
  const MusterEntityInfo *info = self->info;
  int                     index = 0;

  g_assert_true (info->machine == self->machine);
  index = muster_entity_info_find (info, info->machine_field);
  g_assert_cmpint (index, >=, 0);
  g_assert_cmpint (info->fields[index].type, ==, MUSTER_FIELD_ENUM);
  g_assert_true (info->fields[index].enumeration == self->machine->states);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char   *name;
    GTestDataFunc func;
  } tests[] = { { "every-pair", test_every_pair },
                { "lists", test_lists },
                { "no-dead-ends", test_no_dead_ends },
                { "records", test_records } };

  g_test_init (&argc, &argv, NULL);
  for (unsigned i = 0; i < G_N_ELEMENTS (machines); i++)
    for (unsigned j = 0; j < G_N_ELEMENTS (tests); j++)
      {
        g_autofree char *path =
          g_strdup_printf ("/state-machines/%s/%s", machines[i].name, tests[j].name);

        g_test_add_data_func (path, &machines[i], tests[j].func);
      }
  return g_test_run ();
}
