/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-rule-draft.h"

static JsonObject *
parse (const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  g_assert_nonnull (node);
  return json_object_ref (json_node_get_object (node));
}

static void
test_thresholds (void)
{
  static const struct
  {
    const char *json;
    unsigned    n;
    double      first, last;
    int         side;
  } cases[] = {
    { "{\"kind\":\"threshold\",\"value\":80}", 1, 80, 80, MUSTER_THRESHOLD_ABOVE },
    { "{\"kind\":\"threshold\",\"operator\":\"lt\",\"value\":5,\"steps\":[{\"severity\":\"error\","
      "\"value\":0}]}",
      2, 5, 0, MUSTER_THRESHOLD_BELOW },
    { "{\"kind\":\"threshold\",\"operator\":\"eq\",\"value\":5}", 1, 5, 5,
      MUSTER_THRESHOLD_NEITHER },
    { "{\"kind\":\"range\",\"value\":10,\"value_high\":30}", 2, 10, 30, MUSTER_THRESHOLD_BELOW },
    /* Half a range cannot be told from its other half. */
    { "{\"kind\":\"range\",\"value_high\":30}", 0, 0, 0, 0 },
    /* These are not about the values as they are. */
    { "{\"kind\":\"rate\",\"value\":5,\"rate_seconds\":60}", 0, 0, 0, 0 },
    { "{\"kind\":\"anomaly\",\"value\":3}", 0, 0, 0, 0 },
    { "{\"kind\":\"state\",\"text\":\"open\"}", 0, 0, 0, 0 },
    { "{\"kind\":\"threshold\",\"steps\":[{\"severity\":\"error\",\"value\":90}]}", 0, 0, 0, 0 },
    { "{}", 0, 0, 0, 0 },
    { "{\"kind\":7,\"value\":\"x\",\"steps\":{}}", 0, 0, 0, 0 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonObject) draft = parse (cases[i].json);
      MusterThreshold thresholds[MUSTER_RULE_MAX_THRESHOLDS];
      unsigned        n = muster_rule_draft_list_thresholds (draft, thresholds);

      g_test_message ("%s", cases[i].json);
      g_assert_cmpuint (n, ==, cases[i].n);
      if (n == 0)
        continue;
      g_assert_cmpfloat (thresholds[0].value, ==, cases[i].first);
      g_assert_cmpfloat (thresholds[n - 1].value, ==, cases[i].last);
      g_assert_cmpint (thresholds[0].side, ==, cases[i].side);
    }
}

/* However many steps somebody sends, there is room. */
static void
test_many_steps (void)
{
  g_autoptr (GString) json = g_string_new ("{\"kind\":\"threshold\",\"value\":1,\"steps\":[");
  g_autoptr (JsonObject) draft = NULL;
  MusterThreshold thresholds[MUSTER_RULE_MAX_THRESHOLDS];

  for (int i = 0; i < 40; i++)
    g_string_append_printf (json, "%s{\"severity\":\"error\",\"value\":%d}", i > 0 ? "," : "", i);
  g_string_append (json, "]}");
  draft = parse (json->str);
  g_assert_cmpuint (muster_rule_draft_list_thresholds (draft, thresholds), ==,
                    MUSTER_RULE_MAX_THRESHOLDS);
}

static void
test_whole (void)
{
  static const struct
  {
    const char *json;
    gboolean    whole;
  } cases[] = {
    { "{\"kind\":\"threshold\",\"metric\":\"t\",\"value\":80,\"scope_kind\":\"site\"}", TRUE },
    { "{\"kind\":\"threshold\",\"metric\":\"t\",\"value\":80,\"scope_kind\":\"device\"}", FALSE },
    { "{\"kind\":\"threshold\",\"metric\":\"t\",\"value\":80,\"scope_kind\":\"device\","
      "\"scope_id\":\"d\"}",
      TRUE },
    { "{\"kind\":\"threshold\",\"metric\":\"\",\"value\":80,\"scope_kind\":\"site\"}", FALSE },
    { "{\"kind\":\"range\",\"metric\":\"t\",\"value\":30,\"value_high\":10,\"scope_kind\":"
      "\"site\"}",
      FALSE },
    { "{\"kind\":\"rate\",\"metric\":\"t\",\"value\":5,\"scope_kind\":\"site\"}", FALSE },
    { "{\"kind\":\"offline\",\"missing_seconds\":60,\"scope_kind\":\"site\"}", TRUE },
    { "{\"kind\":\"expression\",\"expression\":\"a > b\",\"scope_kind\":\"site\"}", TRUE },
    { "{\"kind\":\"state\",\"metric\":\"door\",\"scope_kind\":\"site\"}", FALSE },
    { "{}", FALSE },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonObject) draft = parse (cases[i].json);

      g_test_message ("%s", cases[i].json);
      g_assert_cmpint (muster_rule_draft_is_whole (draft), ==, cases[i].whole);
    }
}

static void
test_metric (void)
{
  g_autoptr (GPtrArray) metrics = g_ptr_array_new ();

  g_ptr_array_add (metrics, (gpointer) "humidity");
  g_ptr_array_add (metrics, (gpointer) "inlet/temperature");
  g_ptr_array_add (metrics, (gpointer) "outlet/temperature");
  g_assert_cmpstr (muster_rule_find_metric (metrics, "*/temperature"), ==, "inlet/temperature");
  g_assert_cmpstr (muster_rule_find_metric (metrics, "humidity"), ==, "humidity");
  g_assert_null (muster_rule_find_metric (metrics, "temperature"));
  g_assert_null (muster_rule_find_metric (metrics, NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rule-draft/thresholds", test_thresholds);
  g_test_add_func ("/rule-draft/many-steps", test_many_steps);
  g_test_add_func ("/rule-draft/whole", test_whole);
  g_test_add_func ("/rule-draft/metric", test_metric);
  return g_test_run ();
}
