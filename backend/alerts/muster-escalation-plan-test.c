/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/muster-core-test-util.h"
#include "muster-escalation-plan.h"

#define S(seconds) ((gint64)(seconds) * G_USEC_PER_SEC)
#define START S (1000000)

#define CHANNEL "01900000-0000-7000-8000-0000000000c1"

/* What happens in one timeline, and what it comes to: `+0:0 +300:1 …`, the seconds and the steps
 * told; `r` in front of a step: told again. */
static const struct
{
  const char *name;
  const char *steps; /* after[/repeat] of each */
  gint64      renotify;
  gint64      acknowledged; /* seconds, or 0: never */
  gint64      held_from;    /* seconds: from then … */
  gint64      held_until;   /* … until then; 0 and 0: never */
  gint64      asleep_until; /* the daemon is down until then, from the second 1 on; 0: never */
  gint64      until;
  const char *expected;
} timelines[] = {
  { "one", "0", 0, 0, 0, 0, 0, 1000, "+0:0" },
  { "late", "60", 0, 0, 0, 0, 0, 1000, "+60:0" },
  { "three", "0 300 900", 0, 0, 0, 0, 0, 2000, "+0:0 +300:1 +900:2" },
  { "together", "0 0", 0, 0, 0, 0, 0, 1000, "+0:0 +0:1" },
  { "repeats", "0/100", 0, 0, 0, 0, 0, 350, "+0:0 +100:r0 +200:r0 +300:r0" },
  { "repeats-until-the-next", "0/100 250/200", 0, 0, 0, 0, 0, 700,
    "+0:0 +100:r0 +200:r0 +250:1 +450:r1 +650:r1" },
  { "acknowledged", "0 300 900", 0, 310, 0, 0, 0, 5000, "+0:0 +300:1" },
  { "acknowledged-at-once", "60", 0, 10, 0, 0, 0, 5000, "" },
  { "acknowledged-repeat", "0/100", 0, 150, 0, 0, 0, 5000, "+0:0 +100:r0" },
  { "begins-again", "0 300", 1000, 0, 0, 0, 0, 3000,
    "+0:0 +300:1 +1300:r0 +1600:r1 +2600:r0 +2900:r1" },
  { "begins-again-after-acknowledged", "0 300", 1000, 100, 0, 0, 0, 1500,
    "+0:0 +1100:r0 +1400:r1" },
  { "silent-from-the-start", "0 300", 0, 0, 0, 500, 0, 2000, "+500:0 +800:1" },
  { "silenced-later", "0 300 900", 0, 0, 100, 500, 0, 2000, "+0:0 +500:1 +900:2" },
  { "silent-repeats", "0/100", 0, 0, 150, 450, 0, 600, "+0:0 +100:r0 +450:r0 +550:r0" },
  { "daemon-was-down", "0 300 900", 0, 0, 0, 0, 1200, 2000, "+0:0 +1200:1 +1200:2" },
  { "daemon-was-down-repeats", "0/100", 0, 0, 0, 0, 1050, 1300, "+0:0 +1050:r0 +1150:r0 +1250:r0" },
};

static MusterEntity *
make_escalation (const char *steps, gint64 renotify)
{
  MusterEntity *escalation = muster_entity_new (&muster_escalation_info);
  g_auto (GStrv) texts = g_strsplit (steps, " ", -1);
  g_autoptr (GString) json = g_string_new ("[");

  for (unsigned i = 0; texts[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (texts[i], "/", 2);

      g_string_append_printf (json,
                              "%s{\"after_seconds\":%s,\"channels\":[\"" CHANNEL
                              "\"],\"repeat_seconds\":%s}",
                              i > 0 ? "," : "", parts[0], parts[1] != NULL ? parts[1] : "null");
    }
  g_string_append_c (json, ']');
  muster_entity_set_string (escalation, "steps", json->str);
  if (renotify > 0)
    muster_entity_set_integer (escalation, "renotify_seconds", renotify);
  return escalation;
}

/* The next moment at which somebody looks: when it asked for it, or when something happens. */
static gint64
find_next_look (unsigned i, gint64 now, gint64 next_at)
{
  const gint64 events[] = { timelines[i].acknowledged, timelines[i].held_from };
  gint64       next = next_at > 0 ? (next_at - START) / G_USEC_PER_SEC : G_MAXINT64;

  for (unsigned j = 0; j < G_N_ELEMENTS (events); j++)
    if (events[j] > now)
      next = MIN (next, events[j]);
  if (timelines[i].asleep_until > 0 && next < G_MAXINT64)
    next = MAX (next, timelines[i].asleep_until);
  return next;
}

static char *
play (unsigned i)
{
  g_autoptr (MusterEntity) escalation = make_escalation (timelines[i].steps, timelines[i].renotify);
  g_autoptr (MusterEscalationPlan) plan = muster_escalation_plan_new (escalation);
  MusterEscalationState state = { .begun_at = START };
  GString              *told = g_string_new (NULL);

  for (gint64 now = 0; now <= timelines[i].until;)
    {
      gboolean held = now >= timelines[i].held_from && now < timelines[i].held_until;
      gboolean acknowledged = timelines[i].acknowledged > 0 && now >= timelines[i].acknowledged;
      MusterEscalationMoment moment = {
        .now = START + S (now),
        .held_until = held ? START + S (timelines[i].held_until) : 0,
        .acknowledged_at = acknowledged ? START + S (timelines[i].acknowledged) : 0,
      };
      g_auto (MusterEscalationAction) action = { 0 };

      muster_escalation_plan_advance (plan, &moment, &state, &action);
      for (guint j = 0; j < action.steps->len; j++)
        g_string_append_printf (told, "%s+%d:%s%d", told->len > 0 ? " " : "", (int)now,
                                action.is_repeat ? "r" : "", g_array_index (action.steps, int, j));
      /* what is to be done next lies ahead */
      g_assert_true (action.next_at == 0 || action.next_at > moment.now);
      now = find_next_look (i, now, action.next_at);
    }
  return g_string_free_and_steal (told);
}

static void
test_timelines (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (timelines); i++)
    {
      g_autofree char *told = play (i);

      g_test_message ("%s: %s", timelines[i].name, told);
      g_assert_cmpstr (told, ==, timelines[i].expected);
    }
}

/* Looking more often than needed tells nothing twice. */
static void
test_idempotent (void)
{
  g_autoptr (MusterEntity) escalation = make_escalation ("0 300/100", 0);
  g_autoptr (MusterEscalationPlan) plan = muster_escalation_plan_new (escalation);
  MusterEscalationState state = { .begun_at = START };
  unsigned              n_told = 0;

  for (gint64 now = 0; now < 500; now++)
    {
      MusterEscalationMoment moment = { .now = START + S (now) };
      g_auto (MusterEscalationAction) action = { 0 };

      muster_escalation_plan_advance (plan, &moment, &state, &action);
      n_told += action.steps->len;
    }
  g_assert_cmpuint (n_told, ==, 3); /* 0, 300, 400 */
}

/* Held for as long as something else explains it, it counts from when it is held no more. */
static void
test_explained (void)
{
  g_autoptr (MusterEntity) escalation = make_escalation ("60", 0);
  g_autoptr (MusterEscalationPlan) plan = muster_escalation_plan_new (escalation);
  MusterEscalationState  state = { .begun_at = START };
  MusterEscalationMoment held = { .now = START + S (500), .held_until = G_MAXINT64 };
  MusterEscalationMoment freed = { .now = START + S (500) };
  MusterEscalationAction action;

  muster_escalation_plan_advance (plan, &held, &state, &action);
  g_assert_cmpuint (action.steps->len, ==, 0);
  g_assert_cmpint (action.next_at, ==, 0);
  muster_escalation_action_clear (&action);
  muster_escalation_plan_advance (plan, &freed, &state, &action);
  g_assert_cmpuint (action.steps->len, ==, 0);
  g_assert_cmpint (action.next_at, ==, START + S (560));
  muster_escalation_action_clear (&action);
}

static void
test_check (void)
{
  static const struct
  {
    const char *steps;
    const char *pointer; /* (nullable): nothing is wrong */
  } cases[] = {
    { "[]", NULL },
    { "[{\"channels\":[\"" CHANNEL "\"]}]", NULL },
    { "{}", "/steps" },
    { "[1]", "/steps/0" },
    { "[{}]", "/steps/0/channels" },
    { "[{\"channels\":[\"x\"]}]", "/steps/0/channels" },
    { "[{\"channels\":[\"" CHANNEL "\"],\"after_seconds\":-1}]", "/steps/0/after_seconds" },
    { "[{\"channels\":[\"" CHANNEL "\"],\"after_seconds\":1.5}]", "/steps/0/after_seconds" },
    { "[{\"channels\":[\"" CHANNEL "\"],\"repeat_seconds\":1}]", "/steps/0/repeat_seconds" },
    { "[{\"channels\":[\"" CHANNEL "\"],\"people\":7}]", "/steps/0/people" },
    { "[{\"channels\":[\"" CHANNEL "\"],\"calendar_id\":7}]", "/steps/0/calendar_id" },
    { "[{\"channels\":[\"" CHANNEL "\"],\"sound\":7}]", "/steps/0/sound" },
    { "[{\"channels\":[\"" CHANNEL "\"],\"after_seconds\":60},{\"channels\":[\"" CHANNEL
      "\"],\"after_seconds\":30}]",
      "/steps/1/after_seconds" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterEntity) escalation = muster_entity_new (&muster_escalation_info);
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].steps);
      muster_entity_set_string (escalation, "steps", cases[i].steps);
      muster_escalation_plan_check (escalation, errors);
      g_assert_cmpint (muster_field_errors_check (errors, &error), ==, cases[i].pointer == NULL);
      if (cases[i].pointer != NULL)
        {
          const MusterFieldError *row = muster_error_get_fields (error)->pdata[0];

          g_assert_cmpstr (row->pointer, ==, cases[i].pointer);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/escalation-plan/timelines", test_timelines);
  g_test_add_func ("/escalation-plan/idempotent", test_idempotent);
  g_test_add_func ("/escalation-plan/explained", test_explained);
  g_test_add_func ("/escalation-plan/check", test_check);
  return g_test_run ();
}
