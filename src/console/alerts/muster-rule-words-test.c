/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-alert-rule.h"
#include "muster-rule-words.h"

static void
test_describe (void)
{
  static const struct
  {
    const char *json, *words;
  } cases[] = {
    { "{\"kind\":\"threshold\",\"metric\":\"t\",\"operator\":\"gt\",\"value\":80}", "t above 80" },
    { "{\"kind\":\"threshold\",\"metric\":\"*/t\",\"operator\":\"le\",\"value\":-2.5,"
      "\"for_seconds\":300}",
      "*/t at or below -2.50 for 5 min" },
    { "{\"kind\":\"range\",\"metric\":\"t\",\"value\":10,\"value_high\":30}",
      "t outside of 10 to 30" },
    { "{\"kind\":\"rate\",\"metric\":\"t\",\"value\":5,\"rate_seconds\":600}",
      "t: a change above 5 in 10 min" },
    { "{\"kind\":\"missing\",\"metric\":\"t\",\"missing_seconds\":900}", "t silent for 15 min" },
    { "{\"kind\":\"state\",\"metric\":\"door\",\"operator\":\"eq\",\"text\":\"open\"}",
      "door is “open”" },
    { "{\"kind\":\"state\",\"metric\":\"door\",\"operator\":\"ne\",\"text\":\"shut\"}",
      "door is not “shut”" },
    { "{\"kind\":\"expression\",\"expression\":\"a > b + 2\"}", "a > b + 2" },
    { "{\"kind\":\"offline\",\"missing_seconds\":60}", "not reached for 1 min" },
    { "{\"kind\":\"anomaly\",\"metric\":\"t\"}", "t unlike itself" },
    /* Not finished yet. */
    { "{\"kind\":\"range\"}", "… outside of … to …" },
    { "{\"kind\":\"state\",\"metric\":\"door\"}", "door is “…”" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) node = json_from_string (cases[i].json, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterEntity) rule =
                  muster_entity_new_from_json (&muster_alert_rule_info, json_node_get_object (node),
                                               &error);
      g_autofree char *words = NULL;

      g_assert_no_error (error);
      words = muster_rule_describe (rule);
      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rule-words/describe", test_describe);
  return g_test_run ();
}
