/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollout-gate"

#include "config.h"

#include <math.h>

#include "model/muster-error.h"
#include "model/muster-number.h"
#include "model/muster-time.h"
#include "muster-ranks.h"
#include "muster-rollout-gate.h"

static MusterGateJudgement *
judgement_copy (MusterGateJudgement *self)
{
  MusterGateJudgement *copy = g_new0 (MusterGateJudgement, 1);

  copy->verdict = self->verdict;
  copy->evidence = g_strdup (self->evidence);
  copy->reason = g_strdup (self->reason);
  return copy;
}

void
muster_gate_judgement_free (MusterGateJudgement *self)
{
  g_free (self->evidence);
  g_free (self->reason);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (MusterGateJudgement,
                     muster_gate_judgement,
                     judgement_copy,
                     muster_gate_judgement_free)

/* --- reading --- */

GArray *
muster_rollout_gate_read (MusterEntity *rollout, GError **error)
{
  g_autoptr (GArray) watches = NULL;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  g_return_val_if_fail (MUSTER_IS_ROLLOUT (rollout), NULL);

  watches = muster_gate_read (muster_entity_get_string (rollout, "gate"), errors);
  if (watches->len > 0 && muster_entity_get_integer (rollout, "soak") == 0)
    muster_field_errors_add (errors, "/soak",
                             "must be more than 0 where there is a telemetry gate: it looks at "
                             "what devices say in that time");
  return muster_field_errors_check (errors, error) ? g_steal_pointer (&watches) : NULL;
}

/* --- judging --- */

/* The figures of one watch, with those parted that are compared. */
typedef struct
{
  const MusterGateWatch *watch;
  double                 alpha;   /* of one test */
  GArray                *updated; /* (owned) (element-type double): how much worse each became */
  GArray                *rest;    /* (owned): likewise */
  GArray                *values[2][2]; /* (owned): of the updated and the rest, before and after */
  unsigned               n_silent[2];  /* devices of each that said nothing in one of the times */
  MusterRankTest         by_before;
  MusterRankTest         by_rest;
} Comparison;

static void
comparison_clear (Comparison *self)
{
  g_array_unref (self->updated);
  g_array_unref (self->rest);
  for (unsigned i = 0; i < 4; i++)
    g_array_unref (self->values[i / 2][i % 2]);
}

static void
comparison_init (Comparison *self, const MusterGateWatch *watch, unsigned n_tests)
{
  *self = (Comparison){ .watch = watch, .alpha = watch->alpha / n_tests };
  self->updated = g_array_new (FALSE, FALSE, sizeof (double));
  self->rest = g_array_new (FALSE, FALSE, sizeof (double));
  for (unsigned i = 0; i < 4; i++)
    self->values[i / 2][i % 2] = g_array_new (FALSE, FALSE, sizeof (double));
}

static void
comparison_take (Comparison *self, GArray *figures)
{
  for (guint i = 0; i < figures->len; i++)
    {
      const MusterGateFigure *figure = &g_array_index (figures, MusterGateFigure, i);
      unsigned                which = figure->is_rest;
      double                  worse = self->watch->worse_is_lower ? figure->before - figure->after
                                                                  : figure->after - figure->before;

      if (isnan (worse))
        {
          self->n_silent[which]++;
          continue;
        }
      /* What is tolerated is given to the updated ones alone. */
      worse -= which ? 0 : self->watch->tolerance;
      g_array_append_val (which ? self->rest : self->updated, worse);
      g_array_append_val (self->values[which][0], figure->before);
      g_array_append_val (self->values[which][1], figure->after);
    }
}

static const double *
get_numbers (GArray *array)
{
  return (const double *)(gpointer)array->data;
}

/* Whether TEST could have found something of so few. */
static gboolean
could_find (const Comparison *self, gboolean is_asked, const MusterRankTest *test)
{
  return is_asked && test->least_p <= self->alpha;
}

static MusterGateVerdict
comparison_decide (Comparison *self)
{
  const MusterGateWatch *watch = self->watch;

  self->by_before = muster_ranks_test_signed (get_numbers (self->updated), self->updated->len);
  /* Differences of 0 are a finding too, though not one that the test can use. */
  self->by_before.least_p = pow (2, -(double)self->updated->len);
  self->by_rest = muster_ranks_test_sum (get_numbers (self->updated), self->updated->len,
                                         get_numbers (self->rest), self->rest->len);
  if ((watch->against_before && self->by_before.p <= self->alpha) ||
      (watch->against_rest && self->by_rest.p <= self->alpha))
    return MUSTER_GATE_WORSE;
  return could_find (self, watch->against_before, &self->by_before) ||
             could_find (self, watch->against_rest, &self->by_rest)
           ? MUSTER_GATE_GOOD
           : MUSTER_GATE_UNSURE;
}

/* --- what is kept of it --- */

static const char *
name_verdict (MusterGateVerdict verdict)
{
  return verdict == MUSTER_GATE_WORSE ? "worse" : verdict == MUSTER_GATE_GOOD ? "good" : "unsure";
}

static void
append_number (GString *json, const char *name, double value)
{
  g_string_append_printf (json, ",\"%s\":", name);
  if (isnan (value))
    g_string_append (json, "null");
  else
    muster_json_append_double (json, value);
}

static void
append_time (GString *json, const char *name, gint64 time)
{
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  g_string_append_printf (json, ",\"%s\":\"%s\"", name, muster_time_format (time, text));
}

static double
median_of (GArray *values)
{
  return muster_ranks_median (get_numbers (values), values->len);
}

static void
append_side (GString *json, const char *name, const Comparison *self, unsigned which)
{
  g_string_append_printf (json, ",\"%s\":{\"devices\":%u,\"silent\":%u", name,
                          self->values[which][0]->len, self->n_silent[which]);
  append_number (json, "median_before", median_of (self->values[which][0]));
  append_number (json, "median_after", median_of (self->values[which][1]));
  g_string_append_c (json, '}');
}

static void
append_test (GString *json, const char *name, const char *test_name, const MusterRankTest *test)
{
  g_string_append_printf (json, ",\"%s\":{\"test\":\"%s\",\"n\":%u,\"m\":%u,\"exact\":%s", name,
                          test_name, test->n, test->m, test->is_exact ? "true" : "false");
  append_number (json, "rank_sum", test->statistic);
  append_number (json, "p", test->p);
  g_string_append_c (json, '}');
}

static void
append_watch (GString *json, const Comparison *self, MusterGateVerdict verdict)
{
  const MusterGateWatch *watch = self->watch;

  g_string_append_printf (json,
                          "{\"watch\":\"%s\",\"metric\":", muster_gate_subjects[watch->subject]);
  if (watch->metric != NULL)
    muster_json_append_string (json, watch->metric, -1);
  else
    g_string_append (json, "null");
  g_string_append_printf (json, ",\"worse\":\"%s\",\"verdict\":\"%s\"",
                          watch->worse_is_lower ? "lower" : "higher", name_verdict (verdict));
  append_number (json, "alpha", self->alpha);
  append_number (json, "tolerance", watch->tolerance);
  append_side (json, "updated", self, 0);
  append_side (json, "rest", self, 1);
  if (watch->against_before)
    append_test (json, "against_before", "wilcoxon-signed-rank", &self->by_before);
  if (watch->against_rest)
    append_test (json, "against_rest", "mann-whitney", &self->by_rest);
  g_string_append_c (json, '}');
}

static const char *
name_subject (const MusterGateWatch *watch)
{
  switch (watch->subject)
    {
    case MUSTER_GATE_WATCH_ERRORS:
      return "errors an hour";
    case MUSTER_GATE_WATCH_REBOOTS:
      return "restarts an hour";
    case MUSTER_GATE_WATCH_METRIC:
    default:
      return watch->metric;
    }
}

static char *
describe (const Comparison *self, MusterGateVerdict verdict, const char *group_name)
{
  const MusterGateWatch *watch = self->watch;
  g_autofree char       *after = muster_number_format (median_of (self->values[0][1]), 4);
  g_autofree char       *before = muster_number_format (median_of (self->values[0][0]), 4);
  g_autofree char       *alpha = muster_number_format (self->alpha, 2);
  g_autofree char       *p_text = NULL;
  double                 p =
    MIN (watch->against_before ? self->by_before.p : 1, watch->against_rest ? self->by_rest.p : 1);

  if (verdict == MUSTER_GATE_UNSURE)
    return g_strdup_printf ("%s: %u devices told %s, too few to say that it is not worse",
                            group_name, self->updated->len, name_subject (watch));
  p_text = muster_number_format (p, 2);
  return g_strdup_printf ("%s: %s became %s with the update: %s in the middle of %u devices, "
                          "%s before (p = %s, less than %s is no accident)",
                          group_name, name_subject (watch),
                          watch->worse_is_lower ? "lower" : "higher", after, self->updated->len,
                          before, p_text, alpha);
}

static unsigned
count_tests (GArray *watches)
{
  unsigned n = 0;

  for (guint i = 0; i < watches->len; i++)
    {
      const MusterGateWatch *watch = &g_array_index (watches, MusterGateWatch, i);

      n += watch->against_before + watch->against_rest;
    }
  return n;
}

/* What one watch adds to what is known of the group. */
static void
judge_watch (MusterGateJudgement   *self,
             const MusterGateWatch *watch,
             unsigned               n_tests,
             GArray                *figures,
             const char            *group_name,
             GString               *json)
{
  Comparison        comparison;
  MusterGateVerdict verdict;

  comparison_init (&comparison, watch, n_tests);
  comparison_take (&comparison, figures);
  verdict = comparison_decide (&comparison);
  append_watch (json, &comparison, verdict);
  if (self->reason == NULL &&
      (verdict == MUSTER_GATE_WORSE || (verdict == MUSTER_GATE_UNSURE && watch->stops_unsure)))
    {
      self->verdict = MUSTER_GATE_WORSE;
      self->reason = describe (&comparison, verdict, group_name);
    }
  else if (verdict == MUSTER_GATE_UNSURE && self->verdict == MUSTER_GATE_GOOD)
    self->verdict = MUSTER_GATE_UNSURE;
  comparison_clear (&comparison);
}

MusterGateJudgement *
muster_rollout_gate_judge (GArray     *watches,
                           GPtrArray  *figures,
                           const char *group_name,
                           gint64      began,
                           gint64      from,
                           gint64      to)
{
  MusterGateJudgement *self = NULL;
  g_autoptr (GString) json = g_string_new ("{\"watches\":[");

  g_return_val_if_fail (watches != NULL && figures != NULL && figures->len == watches->len, NULL);
  g_return_val_if_fail (group_name != NULL, NULL);

  self = g_new0 (MusterGateJudgement, 1);
  self->verdict = MUSTER_GATE_GOOD;
  for (guint i = 0; i < watches->len; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      judge_watch (self, &g_array_index (watches, MusterGateWatch, i), count_tests (watches),
                   figures->pdata[i], group_name, json);
    }
  g_string_append_printf (json, "],\"verdict\":\"%s\",\"stops\":%s", name_verdict (self->verdict),
                          self->reason != NULL ? "true" : "false");
  append_time (json, "before_until", began);
  append_time (json, "after_from", from);
  append_time (json, "after_until", to);
  g_string_append_c (json, '}');
  self->evidence = g_string_free_and_steal (g_steal_pointer (&json));
  return self;
}
