/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/muster-device-event.h"
#include "model/muster-time.h"
#include "muster-alert-engine.h"
#include "muster-alert-past.h"

/* Rules, what happened, and what must have come of it. The clock goes on by itself from one step to
 * the next, and every deadline between them is met.
 *
 * A step is `SECOND=VALUE`, seconds from the begin, of the metric `m` or, as `n:SECOND=VALUE`, of
 * another. `SECOND@TIME=VALUE` is a sample of TIME that comes at SECOND, `SECOND!=VALUE` one that
 * is stored and of which nobody is told. A value is a number, a word for a text, `true`, `null`,
 * `bad` (a quality), `online`, `offline` or `unknown` (the life of the device), or `restart`: the
 * daemon begins anew, and knows what is stored. `SECOND` alone lets time go on. Samples of one
 * second and a `+` behind all but the last come in one message. An outcome is `SECOND:+severity`
 * (raised), `SECOND:^severity` (another severity) or `SECOND:-` (well again), of another metric
 * than `m` with its name before. */
typedef struct
{
  const char *name;
  const char *rule; /* members of the rule */
  const char *steps;
  const char *outcomes;
  const char *begin; /* (nullable): 2026-03-02T12:00:00Z, a Monday */
  const char *zone;  /* (nullable): UTC */
} Timeline;

#define HOT "\"kind\":\"threshold\",\"metric\":\"m\",\"value\":80"
#define HOT_STEPS HOT ",\"steps\":[{\"severity\":\"error\",\"value\":90}]"
#define NIGHT "\"quiet_hours\":[{\"from\":\"22:00\",\"to\":\"06:00\"}]"

/* clang-format off */
static const Timeline timelines[] = {
  /* thresholds */
  { "above", HOT, "0=80 10=80.1 20=80", "10:+warning 20:-" },
  { "at or above", HOT ",\"operator\":\"ge\"", "0=79.9 10=80 20=79.9", "10:+warning 20:-" },
  { "below", HOT ",\"operator\":\"lt\"", "0=80 10=79 20=80", "10:+warning 20:-" },
  { "at or below", HOT ",\"operator\":\"le\"", "0=81 10=80 20=81", "10:+warning 20:-" },
  { "equal", HOT ",\"operator\":\"eq\"", "0=79 10=80 20=81", "10:+warning 20:-" },
  { "other than", HOT ",\"operator\":\"ne\"", "0=80 10=79 20=80", "10:+warning 20:-" },
  { "first sample over it", HOT, "0=85", "0:+warning" },
  { "stays over it", HOT, "0=85 10=86 20=99", "0:+warning" },
  { "severity of the rule", HOT ",\"severity\":\"info\"", "0=85", "0:+info" },
  { "not this metric", HOT, "n:0=85", "" },
  { "not enabled", HOT ",\"enabled\":false", "0=85", "" },
  { "a truth value is a number", "\"kind\":\"threshold\",\"metric\":\"m\",\"value\":0", "0=false 10=true 20=false", "10:+warning 20:-" },
  { "a text is none", HOT, "0=hot 10=85", "10:+warning" },
  { "null says nothing", HOT, "0=85 10=null 20=79", "0:+warning 20:-" },
  { "a bad one says nothing", HOT, "0=85 10=bad 20=79", "0:+warning 20:-" },
  { "integers beyond 2^53 keep their order", "\"kind\":\"threshold\",\"metric\":\"m\",\"value\":9007199254740992", "0=9007199254740992 10=9007199254740994", "10:+warning" },

  /* hysteresis */
  { "hysteresis above", HOT ",\"hysteresis\":5", "0=81 10=79 20=75.1 30=75 40=79 50=81", "0:+warning 30:- 50:+warning" },
  { "hysteresis below", HOT ",\"operator\":\"lt\",\"hysteresis\":5", "0=79 10=84.9 20=85", "0:+warning 20:-" },
  { "hysteresis at or above", HOT ",\"operator\":\"ge\",\"hysteresis\":5", "0=80 10=75.5 20=75", "0:+warning 20:-" },
  { "hysteresis of equal", HOT ",\"operator\":\"eq\",\"hysteresis\":1", "0=80.5 10=80 20=81 30=81.5", "10:+warning 30:-" },
  { "hysteresis does not raise", HOT ",\"hysteresis\":5", "0=78", "" },
  { "flapping within the hysteresis", HOT ",\"hysteresis\":5", "0=81 1=79 2=81 3=79 4=81 5=70", "0:+warning 5:-" },

  /* for a time */
  { "for: too short", HOT ",\"for_seconds\":60", "0=85 59=79", "" },
  { "for: by the next sample", HOT ",\"for_seconds\":60", "0=85 30=86 61=87", "60:+warning" },
  { "for: by the clock alone", HOT ",\"for_seconds\":60", "0=85 100", "60:+warning" },
  { "for: to the second", HOT ",\"for_seconds\":60", "0=85 60=85", "60:+warning" },
  { "for: begins again", HOT ",\"for_seconds\":60", "0=85 50=79 55=85 100=85 114=85 120", "115:+warning" },
  { "for: well at once", HOT ",\"for_seconds\":60", "0=85 70=79 80=85 100", "60:+warning 70:-" },
  { "for: raised again only after it", HOT ",\"for_seconds\":60", "0=85 70=79 80=85 200", "60:+warning 70:- 140:+warning" },
  { "for: with hysteresis", HOT ",\"for_seconds\":60,\"hysteresis\":5", "0=85 30=79 40=85 70=85 120", "100:+warning" },
  { "for: a device whose clock is an hour behind", HOT ",\"for_seconds\":60", "3600@0=85 3700", "3660:+warning" },
  { "for: buffered samples tell how long", HOT ",\"for_seconds\":60", "90@0=85+ 90@30=86+ 90@60=87 95", "90:+warning" },

  /* severity steps */
  { "step up and down", HOT_STEPS, "0=85 10=91 20=89 30=80", "0:+warning 10:^error 20:^warning 30:-" },
  { "step at once", HOT_STEPS, "0=95 10=70", "0:+error 10:-" },
  { "step with hysteresis", HOT_STEPS ",\"hysteresis\":3", "0=91 10=88 20=87 30=78 40=77", "0:+error 20:^warning 40:-" },
  { "step after a time of its own", HOT_STEPS ",\"for_seconds\":60", "0=85 60=95 90=95 200", "60:+warning 120:^error" },
  { "step straight to the severe one", HOT_STEPS ",\"for_seconds\":60", "0=95 200", "60:+error" },
  { "steps downwards", "\"kind\":\"threshold\",\"metric\":\"m\",\"operator\":\"lt\",\"value\":20,\"severity\":\"info\",\"steps\":[{\"severity\":\"warning\",\"value\":10},{\"severity\":\"error\",\"value\":5}]", "0=15 10=7 20=3 30=30", "0:+info 10:^warning 20:^error 30:-" },

  /* ranges */
  { "range", "\"kind\":\"range\",\"metric\":\"m\",\"value\":2,\"value_high\":8", "0=5 10=8.1 20=8 30=1.9 40=2", "10:+warning 20:- 30:+warning 40:-" },
  { "range with hysteresis", "\"kind\":\"range\",\"metric\":\"m\",\"value\":2,\"value_high\":8,\"hysteresis\":1", "0=9 10=7.5 20=7 30=1 40=2.5 50=3", "0:+warning 20:- 30:+warning 50:-" },
  { "range with a step", "\"kind\":\"range\",\"metric\":\"m\",\"value\":2,\"value_high\":8,\"steps\":[{\"severity\":\"error\",\"value\":0,\"value_high\":10}]", "0=9 10=11 20=5", "0:+warning 10:^error 20:-" },

  /* rates */
  { "rate: slow", "\"kind\":\"rate\",\"metric\":\"m\",\"value\":5,\"rate_seconds\":60", "0=0 30=2 60=4 90=6 120=8", "" },
  { "rate: fast", "\"kind\":\"rate\",\"metric\":\"m\",\"value\":5,\"rate_seconds\":60", "0=0 30=6", "30:+warning" },
  { "rate: from its least", "\"kind\":\"rate\",\"metric\":\"m\",\"value\":5,\"rate_seconds\":60", "0=4 20=0 40=5.5", "40:+warning" },
  { "rate: calm again", "\"kind\":\"rate\",\"metric\":\"m\",\"value\":5,\"rate_seconds\":60", "0=0 30=6 55=6 120=6", "30:+warning 120:-" },
  { "rate: falling", "\"kind\":\"rate\",\"metric\":\"m\",\"operator\":\"lt\",\"value\":-5,\"rate_seconds\":60", "0=20 30=14 120=14", "30:+warning 120:-" },
  { "rate: falling is not rising", "\"kind\":\"rate\",\"metric\":\"m\",\"value\":5,\"rate_seconds\":60", "0=20 30=0", "" },

  /* missing */
  { "missing", "\"kind\":\"missing\",\"metric\":\"m\",\"missing_seconds\":60", "0=1 30=1 89=1 200", "149:+warning" },
  { "missing: comes back", "\"kind\":\"missing\",\"metric\":\"m\",\"missing_seconds\":60", "0=1 100=1 120", "60:+warning 100:-" },
  { "missing: twice", "\"kind\":\"missing\",\"metric\":\"m\",\"missing_seconds\":60", "0=1 100=1 300", "60:+warning 100:- 160:+warning" },
  { "missing: a text counts", "\"kind\":\"missing\",\"metric\":\"m\",\"missing_seconds\":60", "0=ok 50=ok 100=ok 120", "" },
  { "missing: only that metric", "\"kind\":\"missing\",\"metric\":\"m\",\"missing_seconds\":60", "0=1 n:30=1 n:59=1 n:61=1", "60:+warning" },
  { "missing: for a time more", "\"kind\":\"missing\",\"metric\":\"m\",\"missing_seconds\":60,\"for_seconds\":30", "0=1 200", "90:+warning" },
  { "missing: any that came once", "\"kind\":\"missing\",\"metric\":\"*\",\"missing_seconds\":60", "0=1 n:0=1 50=1 n:70=1 100", "n:60:+warning n:70:-" },
  { "missing: by when it comes, whatever its time", "\"kind\":\"missing\",\"metric\":\"m\",\"missing_seconds\":60", "4000@100=1 4050@150=1 4105", "" },

  /* states */
  { "state", "\"kind\":\"state\",\"metric\":\"m\",\"text\":\"fault\"", "0=run 10=fault 20=fault 30=run", "10:+warning 30:-" },
  { "state: other than", "\"kind\":\"state\",\"metric\":\"m\",\"text\":\"run\",\"operator\":\"ne\"", "0=run 10=stop 20=run", "10:+warning 20:-" },
  { "state: truth", "\"kind\":\"state\",\"metric\":\"m\",\"text\":\"true\"", "0=false 10=true 20=false", "10:+warning 20:-" },
  { "state: a number", "\"kind\":\"state\",\"metric\":\"m\",\"text\":\"3\"", "0=2 10=3 20=3.5", "10:+warning 20:-" },
  { "state: for a time", "\"kind\":\"state\",\"metric\":\"m\",\"text\":\"fault\",\"for_seconds\":10", "0=fault 5=run 10=fault 30", "20:+warning" },
  { "state: case counts", "\"kind\":\"state\",\"metric\":\"m\",\"text\":\"fault\"", "0=Fault", "" },

  /* several metrics */
  { "expression", "\"kind\":\"expression\",\"expression\":\"m - n > 5\"", "0=10 n:0=9 10=15 20=13", "10:+warning 20:-" },
  { "expression: by value", "\"kind\":\"expression\",\"expression\":\"m - n\",\"value\":5,\"steps\":[{\"severity\":\"error\",\"value\":10}]", "0=10 n:0=9 10=15 20=25 30=9", "10:+warning 20:^error 30:-" },
  { "expression: not before all are known", "\"kind\":\"expression\",\"expression\":\"m - n > 5\"", "0=100 10=100", "" },
  { "expression: one message is one moment", "\"kind\":\"expression\",\"expression\":\"m - n > 5\"", "0=10+ n:0=9 10=20+ n:10=19 20=25+ n:20=19", "20:+warning" },
  { "expression: a bad one is not known", "\"kind\":\"expression\",\"expression\":\"m > 5 or n > 5\"", "0=1 n:0=1 10=bad 20=9", "20:+warning" },

  /* patterns */
  { "pattern", "\"kind\":\"threshold\",\"metric\":\"?\",\"value\":80", "0=85 n:10=85 20=10", "0:+warning n:10:+warning 20:-" },

  /* life */
  { "offline", "\"kind\":\"offline\"", "0=online 10=offline 20=online", ":10:+warning :20:-" },
  { "offline: unknown is neither", "\"kind\":\"offline\"", "0=unknown 10=offline 20=unknown 30=online", ":10:+warning :30:-" },
  { "offline: for a time", "\"kind\":\"offline\",\"for_seconds\":60", "0=offline 50=online 60=offline 200", ":120:+warning" },
  { "offline: silent for", "\"kind\":\"offline\",\"missing_seconds\":60", "0=offline 100", ":60:+warning" },

  /* samples out of order */
  { "the same again", HOT, "0=85 1@0=85 2@0=85", "0:+warning" },
  { "the same time, another value: the last counts", HOT, "0=85 1@0=79", "0:+warning 1:-" },
  { "late ones count for nothing", HOT, "100=79 101@50=85 102@99=85", "" },
  { "late ones do not end it", HOT, "100=85 101@50=70", "100:+warning" },
  { "the clock of the device was put back", HOT, "0@7200=79 30@60=85 400@430=85 410@440=79", "400:+warning 410:-" },
  { "no doubt about the future", HOT, "0@60=85 10@70=79", "0:+warning 10:-" },

  /* a value that cannot be */
  { "range: beyond what can be", "\"kind\":\"range\",\"metric\":\"m\",\"value\":2,\"value_high\":8", "0=5 10=bad 20=5", "10:+warning 20:-" },
  { "range: bad but within", "\"kind\":\"range\",\"metric\":\"m\",\"value\":2,\"value_high\":2000", "0=1 10=bad 20=5", "0:+warning 20:-" },

  /* restarts */
  { "restart: well", HOT, "0=79 10=restart 20=79", "" },
  { "restart: open stays open", HOT, "0=85 10=restart 20=86 30=79", "0:+warning 30:-" },
  { "restart: it went over while nobody looked", HOT, "0=79 5!=85 10=restart", "10:+warning" },
  { "restart: it is well meanwhile", HOT, "0=85 5!=79 10=restart", "0:+warning 10:-" },
  { "restart: within the hysteresis", HOT ",\"hysteresis\":5", "0=85 5=78 10=restart 20=76 30=75", "0:+warning 30:-" },
  { "restart: the step", HOT_STEPS, "0=95 10=restart 20=91 30=85 40=70", "0:+error 30:^warning 40:-" },
  { "restart: for", HOT ",\"for_seconds\":60", "0=85 20=85 40=restart 100", "60:+warning" },
  { "restart: for, over meanwhile", HOT ",\"for_seconds\":60", "0=85 20=85 90!=85 100=restart", "60:+warning" },
  { "restart: for was over while nobody looked", HOT ",\"for_seconds\":60", "0!=85 20!=85 100=restart", "100:+warning" },
  { "restart: for, of one sample", HOT ",\"for_seconds\":60", "0=85 40=restart 100", "60:+warning" },
  { "restart: for, of one that is older than what is read", HOT ",\"for_seconds\":60", "0!=85 500=restart", "500:+warning" },
  { "restart: for began again", HOT ",\"for_seconds\":60", "0=85 20=70 30=85 40=restart 200", "90:+warning" },
  { "restart: for of the next step", HOT_STEPS ",\"for_seconds\":60", "0=85 60=85 80=95 90=restart 300", "60:+warning 140:^error" },
  { "restart: twice", HOT ",\"for_seconds\":60", "0=85 20=restart 40=restart 100", "60:+warning" },
  { "restart: a state for a time", "\"kind\":\"state\",\"metric\":\"m\",\"text\":\"fault\",\"for_seconds\":60", "0=fault 20=restart 100", "60:+warning" },
  { "restart: several metrics for a time", "\"kind\":\"expression\",\"expression\":\"m - n > 5\",\"for_seconds\":60", "0=20+ n:0=9 30=20+ n:30=9 40=restart 100", "60:+warning" },
  { "restart: several metrics, one that is seldom told", "\"kind\":\"expression\",\"expression\":\"m - n > 5\",\"for_seconds\":60", "n:0=9 1000=20 1030=21 1040=restart 1100", "1060:+warning" },
  { "restart: several metrics by value with hysteresis", "\"kind\":\"expression\",\"expression\":\"m - n\",\"value\":5", "0=20+ n:0=9 10=restart 20=12", "0:+warning 20:-" },
  { "restart: a rate", "\"kind\":\"rate\",\"metric\":\"m\",\"value\":5,\"rate_seconds\":60", "0=0 20=4 30=restart 40=6", "40:+warning" },
  { "restart: a rate that is open", "\"kind\":\"rate\",\"metric\":\"m\",\"value\":5,\"rate_seconds\":60", "0=0 20=6 30=restart 40=6 100=6", "20:+warning 100:-" },
  { "restart: a rate that was passed meanwhile", "\"kind\":\"rate\",\"metric\":\"m\",\"value\":5,\"rate_seconds\":60", "0=0 20!=6 30=restart", "30:+warning" },
  { "restart: a silence goes on", "\"kind\":\"missing\",\"metric\":\"m\",\"missing_seconds\":600", "0=1 300=restart 700", "600:+warning" },
  { "restart: devices have time to come back", "\"kind\":\"missing\",\"metric\":\"m\",\"missing_seconds\":600", "0=1 500=restart 700", "620:+warning" },
  { "restart: what is missing is not back", "\"kind\":\"missing\",\"metric\":\"m\",\"missing_seconds\":60", "0=1 100=restart 200 300=1", "60:+warning 300:-" },

  /* quiet hours */
  { "quiet: raised at their end", HOT "," NIGHT, "0=85 21600=85 36000", "28800:+warning", "2026-03-01T22:00:00Z" },
  { "quiet: well before their end", HOT "," NIGHT, "0=85 3600=79 36000", "", "2026-03-01T22:00:00Z" },
  { "quiet: what goes on before goes on", HOT "," NIGHT, "0=85 7200=86 10800=79", "0:+warning 10800:-", "2026-03-01T21:00:00Z" },
  { "quiet: not yet", HOT "," NIGHT, "0=85", "0:+warning", "2026-03-01T21:59:59Z" },
  { "quiet: across midnight", HOT "," NIGHT, "0=85 90000", "21600:+warning", "2026-03-02T00:00:00Z" },
  { "quiet: no longer", HOT "," NIGHT, "0=85", "0:+warning", "2026-03-02T06:00:00Z" },
  { "quiet: the severer step too", HOT_STEPS "," NIGHT, "0=95 36000", "28800:+error", "2026-03-01T22:00:00Z" },
  { "quiet: after its time", HOT ",\"for_seconds\":3600," NIGHT, "0=85 90000", "32400:+warning", "2026-03-01T21:00:00Z" },
  { "quiet: only on its days", HOT ",\"quiet_hours\":[{\"days\":[6,7],\"from\":\"22:00\",\"to\":\"06:00\"}]", "0=85", "0:+warning", "2026-03-03T23:00:00Z" },
  { "quiet: Sunday's into Monday", HOT ",\"quiet_hours\":[{\"days\":[7],\"from\":\"22:00\",\"to\":\"06:00\"}]", "0=85 20000", "10800:+warning", "2026-03-02T03:00:00Z" },
  { "quiet: not Monday's own night", HOT ",\"quiet_hours\":[{\"days\":[7],\"from\":\"22:00\",\"to\":\"06:00\"}]", "0=85", "0:+warning", "2026-03-02T23:00:00Z" },
  { "quiet: a whole day", HOT ",\"quiet_hours\":[{\"days\":[7],\"from\":\"00:00\",\"to\":\"00:00\"}]", "0=85 90000", "43200:+warning", "2026-03-01T12:00:00Z" },
  { "quiet: two windows", HOT ",\"quiet_hours\":[{\"from\":\"12:00\",\"to\":\"13:00\"},{\"from\":\"13:00\",\"to\":\"14:00\"}]", "0=85 9000", "7200:+warning", "2026-03-02T12:00:00Z" },

  /* zones */
  { "zone: east of Greenwich", HOT "," NIGHT, "0=85 36000", "28800:+warning", "2026-01-12T21:00:00Z", "Europe/Berlin" },
  { "zone: west of it", HOT "," NIGHT, "0=85 36000", "28800:+warning", "2026-01-13T03:00:00Z", "America/New_York" },
  { "zone: half an hour", HOT "," NIGHT, "0=85 36000", "28800:+warning", "2026-01-12T16:30:00Z", "Asia/Kolkata" },
  { "zone: the night that is an hour shorter", HOT "," NIGHT, "0=85 36000", "25200:+warning", "2026-03-28T21:00:00Z", "Europe/Berlin" },
  { "zone: the night that is an hour longer", HOT "," NIGHT, "0=85 40000", "32400:+warning", "2026-10-24T20:00:00Z", "Europe/Berlin" },
  { "zone: the day before by its own calendar", HOT ",\"quiet_hours\":[{\"days\":[1],\"from\":\"20:00\",\"to\":\"23:00\"}]", "0=85 9000", "7200:+warning", "2026-01-13T02:00:00Z", "America/New_York" },
  { "quiet: until the end of the day", HOT ",\"quiet_hours\":[{\"from\":\"22:00\",\"to\":\"24:00\"}]", "0=85 9000", "7200:+warning", "2026-03-02T22:00:00Z" },
  { "zone: a leap day", HOT ",\"quiet_hours\":[{\"days\":[4],\"from\":\"22:00\",\"to\":\"06:00\"}]", "0=85 36000", "28800:+warning", "2024-02-29T22:00:00Z" },
};
/* clang-format on */

/* --- a site of one device --- */

typedef struct
{
  MusterAlertEngine *engine;
  GTimeZone         *zone;
  GString           *outcomes;
  gint64             begin;
  gint64             now;
  MusterSampleBatch *batch; /* (nullable): being filled */
  MusterAlertPlan   *plan;
  MusterSampleBatch *stored; /* all samples */
  GHashTable        *open;   /* (element-type utf8 MusterAlertTransition): by metric, the alerts */
} Site;

static void
take_transition (const MusterAlertTransition *transition, gpointer user_data)
{
  Site       *site = user_data;
  const char *metric = transition->metric != NULL ? transition->metric : "";
  const char *severity =
    transition->level > 0
      ? muster_enum_get_nick (&muster_severity_enum,
                              transition->plan->levels[transition->level - 1].severity)
      : "";
  const char *sign = transition->outcome == MUSTER_ALERT_RAISED    ? "+"
                     : transition->outcome == MUSTER_ALERT_CHANGED ? "^"
                                                                   : "-";

  g_hash_table_insert (site->open, g_strdup (metric), g_memdup2 (transition, sizeof *transition));
  if (transition->plan->kind == MUSTER_ALERT_RULE_EXPRESSION)
    metric = "m";
  g_string_append_printf (site->outcomes, "%s%s%s%" G_GINT64_FORMAT ":%s%s",
                          site->outcomes->len > 0 ? " " : "",
                          g_str_equal (metric, "m") ? "" : metric,
                          g_str_equal (metric, "m") ? "" : ":",
                          (site->now - site->begin) / G_USEC_PER_SEC, sign, severity);
}

static MusterAlertReason
gate (const MusterAlertPlan *plan, gint64 at, gint64 *until, gpointer user_data)
{
  Site *site = user_data;

  return plan->quiet != NULL && muster_alert_windows_contain (plan->quiet, site->zone, at, until)
           ? MUSTER_ALERT_REASON_QUIET
           : MUSTER_ALERT_REASON_FIRING;
}

/* SCOPE_ID (nullable): of what SCOPE_KIND says. */
static MusterAlertPlan *
compile_for (const char *members, const char *scope_kind, const char *scope_id)
{
  g_autofree char *text = g_strdup_printf ("{\"name\":\"Rule\",%s}", members);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  g_autoptr (MusterEntity) rule = muster_entity_new (&muster_alert_rule_info);
  g_autoptr (GError) error = NULL;
  MusterAlertPlan *plan = NULL;

  g_assert_nonnull (node);
  muster_entity_set_string (rule, "id", "rule");
  muster_entity_decode (rule, json_node_get_object (node), MUSTER_DECODE_CREATE, "", &error);
  g_assert_no_error (error);
  muster_entity_set_string (rule, "scope_kind", scope_kind);
  muster_entity_set_string (rule, "scope_id", scope_id);
  plan = muster_alert_plan_new (rule, &error);
  g_assert_no_error (error);
  return plan;
}

static MusterAlertPlan *
compile (const char *members)
{
  return compile_for (members, "site", NULL);
}

static void
site_go_on (Site *site, gint64 to)
{
  while (muster_alert_engine_get_deadline (site->engine) <= to)
    {
      site->now = MAX (site->now, muster_alert_engine_get_deadline (site->engine));
      muster_alert_engine_tick (site->engine, site->now);
    }
  site->now = to;
}

static unsigned
find_stored (const MusterAlertPlan *plan,
             const char            *device_id,
             const char            *metric,
             gint64                *since,
             gpointer               user_data)
{
  Site                        *site = user_data;
  const MusterAlertTransition *open =
    g_hash_table_lookup (site->open, metric != NULL ? metric : "");

  *since = open != NULL ? open->since : 0;
  return open != NULL ? open->level : 0;
}

static void
site_start (Site *site)
{
  const MusterAlertEngineHooks hooks = { take_transition, find_stored, gate, site };

  site->engine = muster_alert_engine_new (&hooks);
  muster_alert_engine_set_device (site->engine, "d", NULL, NULL, TRUE, site->now);
  muster_alert_engine_set_rule (site->engine, site->plan, site->now);
}

static void
copy_sample (MusterSampleBatch *to, const MusterSample *sample)
{
  switch (sample->type)
    {
    case MUSTER_SAMPLE_DOUBLE:
      muster_sample_batch_add_double (to, sample->metric, sample->time, sample->number,
                                      sample->flags);
      break;
    case MUSTER_SAMPLE_INTEGER:
      muster_sample_batch_add_integer (to, sample->metric, sample->time, sample->integer,
                                       sample->flags);
      break;
    case MUSTER_SAMPLE_STRING:
      muster_sample_batch_add_string (to, sample->metric, sample->time, sample->text,
                                      sample->flags);
      break;
    case MUSTER_SAMPLE_NULL:
    case MUSTER_SAMPLE_BOOLEAN:
    default:
      g_assert_not_reached ();
    }
}

/* Those of METRICS (NULL: of all) since FROM; NEWEST: only the last of each. */
static MusterSampleBatch *
query (Site *site, const char *const *metrics, gint64 from, gboolean newest)
{
  MusterSampleBatch  *found = muster_sample_batch_new ("d");
  unsigned            n = 0;
  const MusterSample *samples = muster_sample_batch_get (site->stored, &n);

  for (unsigned i = 0; i < n; i++)
    {
      gboolean is_newest = TRUE;

      for (unsigned j = i + 1; j < n; j++)
        is_newest = is_newest && !g_str_equal (samples[j].metric, samples[i].metric);
      if (samples[i].time >= from && (is_newest || !newest) &&
          (metrics == NULL || g_strv_contains (metrics, samples[i].metric)))
        copy_sample (found, &samples[i]);
    }
  return found;
}

/* As the service does it. */
static void
site_restart (Site *site)
{
  g_autoptr (MusterSampleBatch) latest = query (site, NULL, 0, TRUE);
  g_autoptr (GPtrArray) pasts = NULL;

  muster_alert_engine_free (site->engine);
  site_start (site);
  muster_alert_engine_feed_known (site->engine, latest, site->now);
  pasts = muster_alert_past_list (site->engine);
  for (guint i = 0; i < pasts->len; i++)
    {
      MusterAlertPast *past = pasts->pdata[i];
      unsigned         n = 0;
      g_autoptr (MusterSampleBatch) batch =
                  query (site, (const char *const *)past->metrics, site->now - past->length, FALSE);

      muster_sample_batch_get (batch, &n);
      if (n > 0)
        muster_alert_past_restore (past, site->engine, batch, site->now);
    }
}

static gboolean
set_life (Site *site, const char *value)
{
  int state = muster_enum_parse (&muster_live_state_enum, value);

  if (state >= 0)
    muster_alert_engine_set_live (site->engine, "d", (MusterLiveState)state, site->now, site->now);
  return state >= 0;
}

static void
add_sample (Site *site, const char *metric, gint64 time, const char *value)
{
  char  *end = NULL;
  gint64 integer = g_ascii_strtoll (value, &end, 10);
  double number = 0;

  if (*end == '\0')
    muster_sample_batch_add_integer (site->batch, metric, time, integer, MUSTER_SAMPLE_PLAIN);
  else if (number = g_ascii_strtod (value, &end), *end == '\0')
    muster_sample_batch_add_double (site->batch, metric, time, number, MUSTER_SAMPLE_PLAIN);
  else if (g_str_equal (value, "true") || g_str_equal (value, "false"))
    muster_sample_batch_add_boolean (site->batch, metric, time, *value == 't', MUSTER_SAMPLE_PLAIN);
  else if (g_str_equal (value, "null"))
    muster_sample_batch_add_null (site->batch, metric, time, MUSTER_SAMPLE_PLAIN);
  else if (g_str_equal (value, "bad"))
    muster_sample_batch_add_double (site->batch, metric, time, 1000, MUSTER_SAMPLE_BAD);
  else
    muster_sample_batch_add_string (site->batch, metric, time, value, MUSTER_SAMPLE_PLAIN);
}

static void
store (Site *site, MusterSampleBatch *batch)
{
  unsigned            n = 0;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);

  for (unsigned i = 0; i < n; i++)
    if (samples[i].type == MUSTER_SAMPLE_DOUBLE || samples[i].type == MUSTER_SAMPLE_INTEGER ||
        samples[i].type == MUSTER_SAMPLE_STRING)
      copy_sample (site->stored, &samples[i]);
}

static void
site_take_value (Site       *site,
                 const char *metric,
                 gint64      time,
                 const char *text,
                 gboolean    is_stored_only)
{
  g_autofree char *value = g_strdup (text);
  gboolean         more = g_str_has_suffix (value, "+");

  if (more)
    value[strlen (value) - 1] = '\0';
  if (set_life (site, value))
    return;
  if (g_str_equal (value, "restart"))
    {
      site_restart (site);
      return;
    }
  if (site->batch == NULL)
    site->batch = muster_sample_batch_new ("d");
  add_sample (site, metric, time, value);
  if (more)
    return;
  store (site, site->batch);
  if (!is_stored_only)
    muster_alert_engine_feed (site->engine, site->batch, site->now);
  g_clear_object (&site->batch);
}

static gint64
read_second (Site *site, const char *text)
{
  return site->begin + g_ascii_strtoll (text, NULL, 10) * G_USEC_PER_SEC;
}

static void
site_take_step (Site *site, const char *step)
{
  g_auto (GStrv) named = g_strsplit (step, ":", 2);
  const char *metric = named[1] != NULL ? named[0] : "m";
  g_auto (GStrv) parts = g_strsplit (named[1] != NULL ? named[1] : named[0], "=", 2);
  const char *at = strchr (parts[0], '@');
  gint64      now = read_second (site, parts[0]);

  if (now > site->now)
    site_go_on (site, now - 1);
  site_go_on (site, now);
  if (parts[1] != NULL)
    site_take_value (site, metric, at != NULL ? read_second (site, at + 1) : now, parts[1],
                     g_str_has_suffix (parts[0], "!"));
}

static void
test_timeline (gconstpointer data)
{
  const Timeline *timeline = data;
  Site            site = { .outcomes = g_string_new (NULL) };
  g_autoptr (MusterAlertPlan) plan = compile (timeline->rule);
  g_auto (GStrv) steps = g_strsplit (timeline->steps, " ", -1);

  g_assert_true (
    muster_time_parse (timeline->begin != NULL ? timeline->begin : "2026-03-02T12:00:00Z",
                       &site.begin));
  site.now = site.begin;
  site.zone = g_time_zone_new_identifier (timeline->zone != NULL ? timeline->zone : "UTC");
  g_assert_nonnull (site.zone);
  site.plan = plan;
  site.stored = muster_sample_batch_new ("d");
  site.open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  site_start (&site);
  for (char **step = steps; *step != NULL; step++)
    site_take_step (&site, *step);
  g_assert_cmpstr (site.outcomes->str, ==, timeline->outcomes);
  muster_alert_engine_free (site.engine);
  g_hash_table_unref (site.open);
  g_object_unref (site.stored);
  g_time_zone_unref (site.zone);
  g_string_free (site.outcomes, TRUE);
}

/* --- scopes, and rules that change --- */

typedef struct
{
  MusterAlertEngine *engine;
  unsigned           n_raised;
  unsigned           n_cleared;
  unsigned           open_level; /* what find_open() says */
} Counter;

static void
count_transition (const MusterAlertTransition *transition, gpointer user_data)
{
  Counter *counter = user_data;

  counter->n_raised += transition->outcome == MUSTER_ALERT_RAISED;
  counter->n_cleared += transition->outcome == MUSTER_ALERT_CLEARED;
}

static unsigned
find_open (const MusterAlertPlan *plan,
           const char            *device_id,
           const char            *metric,
           gint64                *since,
           gpointer               user_data)
{
  *since = 1;
  return ((Counter *)user_data)->open_level;
}

static void
send (Counter *counter, const char *device, gint64 at, double value)
{
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (device);

  muster_sample_batch_add_double (batch, "m", at, value, MUSTER_SAMPLE_PLAIN);
  muster_alert_engine_feed (counter->engine, batch, at);
}

static void
set_rule (Counter *counter, const char *members, gint64 now)
{
  g_autoptr (MusterAlertPlan) plan = compile (members);

  muster_alert_engine_set_rule (counter->engine, plan, now);
}

static void
counter_begin (Counter *counter)
{
  const MusterAlertEngineHooks hooks = { count_transition, find_open, NULL, counter };

  *counter = (Counter){ 0 };
  counter->engine = muster_alert_engine_new (&hooks);
  muster_alert_engine_set_place (counter->engine, "shelf", "hall");
  muster_alert_engine_set_device (counter->engine, "a", "pump", "shelf", TRUE, 1);
  muster_alert_engine_set_device (counter->engine, "b", NULL, NULL, TRUE, 1);
  muster_alert_engine_set_groups (counter->engine, "b", (const char *const[]){ "g", NULL }, 1);
}

static void
test_scopes (void)
{
  static const struct
  {
    const char *kind;
    const char *id;
    gboolean    a;
    gboolean    b;
  } scopes[] = {
    { "site", NULL, TRUE, TRUE },        { "device", "a", TRUE, FALSE },
    { "product", "pump", TRUE, FALSE },  { "location", "shelf", TRUE, FALSE },
    { "location", "hall", TRUE, FALSE }, { "location", "other", FALSE, FALSE },
    { "group", "g", FALSE, TRUE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (scopes); i++)
    {
      Counter counter;
      g_autoptr (MusterAlertPlan) plan = compile_for (HOT, scopes[i].kind, scopes[i].id);

      counter_begin (&counter);
      muster_alert_engine_set_rule (counter.engine, plan, 1);
      send (&counter, "a", 10, 99);
      g_assert_cmpuint (counter.n_raised, ==, scopes[i].a);
      send (&counter, "b", 10, 99);
      g_assert_cmpuint (counter.n_raised, ==, scopes[i].a + scopes[i].b);
      muster_alert_engine_free (counter.engine);
    }
}

static void
test_moved (void)
{
  Counter counter;
  g_autoptr (MusterAlertPlan) plan = compile_for (HOT, "location", "hall");

  counter_begin (&counter);
  muster_alert_engine_set_rule (counter.engine, plan, 1);
  send (&counter, "a", 10, 99);
  muster_alert_engine_set_device (counter.engine, "a", "pump", NULL, TRUE, 20);
  g_assert_cmpuint (counter.n_cleared, ==, 1);
  /* What is known is evaluated where it comes to. */
  muster_alert_engine_set_device (counter.engine, "a", "pump", "shelf", TRUE, 30);
  g_assert_cmpuint (counter.n_raised, ==, 2);
  muster_alert_engine_free (counter.engine);
}

static void
test_rule_changes (void)
{
  Counter counter;

  counter_begin (&counter);
  send (&counter, "a", 10, 99);
  set_rule (&counter, HOT, 20);
  g_assert_cmpuint (counter.n_raised, ==, 1); /* by what was known */
  counter.open_level = 1;
  set_rule (&counter, HOT ",\"hysteresis\":5", 30);
  g_assert_cmpuint (counter.n_raised, ==, 1); /* it is open: nothing new */
  g_assert_cmpuint (counter.n_cleared, ==, 0);
  set_rule (&counter, "\"kind\":\"threshold\",\"metric\":\"m\",\"value\":100", 40);
  g_assert_cmpuint (counter.n_cleared, ==, 1);
  counter.open_level = 0;
  set_rule (&counter, HOT, 50);
  g_assert_cmpuint (counter.n_raised, ==, 2);
  muster_alert_engine_remove_rule (counter.engine, "rule");
  send (&counter, "a", 60, 10);
  g_assert_cmpuint (counter.n_cleared, ==, 1); /* whoever removed it ends its alerts */
  muster_alert_engine_remove_device (counter.engine, "a");
  send (&counter, "a", 70, 99);
  muster_alert_engine_free (counter.engine);
}

static void
test_anomaly (void)
{
  Counter counter;

  counter_begin (&counter);
  set_rule (&counter, "\"kind\":\"anomaly\",\"metric\":\"m\",\"value\":3", 1);
  send (&counter, "a", 10, 99);
  g_assert_cmpuint (counter.n_raised, ==, 0); /* only the detector's score counts */
  muster_alert_engine_report_anomaly (counter.engine, "a", "m", 4.5, 20, 20);
  g_assert_cmpuint (counter.n_raised, ==, 1);
  muster_alert_engine_report_anomaly (counter.engine, "a", "m", 1, 30, 30);
  g_assert_cmpuint (counter.n_cleared, ==, 1);
  muster_alert_engine_free (counter.engine);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (timelines); i++)
    {
      g_autofree char *path = g_strdup_printf ("/alert-timelines/%s", timelines[i].name);

      g_test_add_data_func (path, &timelines[i], test_timeline);
    }
  g_test_add_func ("/alert-engine/scopes", test_scopes);
  g_test_add_func ("/alert-engine/moved", test_moved);
  g_test_add_func ("/alert-engine/rule-changes", test_rule_changes);
  g_test_add_func ("/alert-engine/anomaly", test_anomaly);
  return g_test_run ();
}
