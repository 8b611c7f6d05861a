/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "muster-sparkplug-topic.h"

static const struct
{
  const char            *text;
  MusterSparkplugMessage message;
  const char            *group, *node, *device;
} good[] = {
  { "spBv1.0/plant/NBIRTH/node 1", MUSTER_SPARKPLUG_NBIRTH, "plant", "node 1", NULL },
  { "spBv1.0/plant/NDEATH/n", MUSTER_SPARKPLUG_NDEATH, "plant", "n", NULL },
  { "spBv1.0/plant/NDATA/n", MUSTER_SPARKPLUG_NDATA, "plant", "n", NULL },
  { "spBv1.0/plant/NCMD/n", MUSTER_SPARKPLUG_NCMD, "plant", "n", NULL },
  { "spBv1.0/plant/DBIRTH/n/d", MUSTER_SPARKPLUG_DBIRTH, "plant", "n", "d" },
  { "spBv1.0/plant/DDEATH/n/d", MUSTER_SPARKPLUG_DDEATH, "plant", "n", "d" },
  { "spBv1.0/plant/DDATA/n/d", MUSTER_SPARKPLUG_DDATA, "plant", "n", "d" },
  { "spBv1.0/Halle Süd/DCMD/n/d", MUSTER_SPARKPLUG_DCMD, "Halle Süd", "n", "d" },
  { "spBv1.0/STATE/host", MUSTER_SPARKPLUG_STATE, NULL, "host", NULL },
};

static const char *const bad[] = {
  "",
  "/",
  "spBv1.0",
  "spBv1.0/",
  "spBv1.0/g",
  "spBv1.0/g/NBIRTH",
  "spBv1.0/g/NBIRTH/",
  "spBv1.0/g/nbirth/n",
  "spBv1.0/g/NBIRTH/n/d",
  "spBv1.0/g/DBIRTH/n",
  "spBv1.0/g/DBIRTH/n/",
  "spBv1.0/g/DBIRTH/n/d/e",
  "spBv1.0//NBIRTH/n",
  "spAv1.0/g/NBIRTH/n",
  "spBv1.0/STATE/h/x",
  "spBv1.0/STATE",
  "STATE/h",
  "spBv1.0/g/STATE/n",
};

static void
test_parse (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (good); i++)
    {
      MusterSparkplugTopic topic;
      g_autofree char     *text = NULL;

      g_assert_true (muster_sparkplug_topic_parse (&topic, good[i].text));
      g_assert_cmpint (topic.message, ==, good[i].message);
      g_assert_cmpstr (topic.group, ==, good[i].group);
      g_assert_cmpstr (topic.node, ==, good[i].node);
      g_assert_cmpstr (topic.device, ==, good[i].device);
      text = muster_sparkplug_topic_format (topic.message, topic.group, topic.node, topic.device);
      g_assert_cmpstr (text, ==, good[i].text);
    }
}

static void
test_refuse (void)
{
  g_autofree char     *long_node = g_strnfill (MUSTER_SPARKPLUG_MAX_ID + 1, 'x');
  g_autofree char     *long_text = g_strconcat ("spBv1.0/g/NDATA/", long_node, NULL);
  g_autofree char     *huge_text = g_strnfill (70000, 'x');
  MusterSparkplugTopic topic;

  for (unsigned i = 0; i < G_N_ELEMENTS (bad); i++)
    if (muster_sparkplug_topic_parse (&topic, bad[i]))
      g_error ("%s was taken", bad[i]);
  g_assert_false (muster_sparkplug_topic_parse (&topic, long_text));
  g_assert_false (muster_sparkplug_topic_parse (&topic, huge_text));
  long_text[strlen (long_text) - 1] = '\0';
  g_assert_true (muster_sparkplug_topic_parse (&topic, long_text));
}

static void
test_ids (void)
{
  g_assert_true (muster_sparkplug_id_is_valid ("muster-1"));
  g_assert_true (muster_sparkplug_id_is_valid ("Gerät"));
  g_assert_false (muster_sparkplug_id_is_valid (NULL));
  g_assert_false (muster_sparkplug_id_is_valid (""));
  g_assert_false (muster_sparkplug_id_is_valid ("a/b"));
  g_assert_false (muster_sparkplug_id_is_valid ("a+"));
  g_assert_false (muster_sparkplug_id_is_valid ("#"));
  g_assert_false (muster_sparkplug_id_is_valid ("\xff"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sparkplug-topic/parse", test_parse);
  g_test_add_func ("/sparkplug-topic/refuse", test_refuse);
  g_test_add_func ("/sparkplug-topic/ids", test_ids);
  return g_test_run ();
}
