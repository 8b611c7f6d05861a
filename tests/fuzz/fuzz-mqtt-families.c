/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "families/muster-family-host.h"
#include "messaging/muster-fake-mqtt-client.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What a listener may rely on. */
static void
found_cb (MusterFamilyUnit *unit, gpointer user_data)
{
  if (!unit->is_described || !g_str_has_prefix (unit->key, unit->profile->family))
    g_error ("a unit that is not described");
  muster_family_host_follow (*(MusterFamilyHost **)user_data, unit, TRUE);
}

static void
removed_cb (MusterFamilyUnit *unit, gpointer user_data)
{
}

static void
described_cb (MusterFamilyUnit *unit, gpointer user_data)
{
  g_autoptr (GArray) list = muster_family_unit_list_metrics (unit);

  if (list->len != g_hash_table_size (unit->metrics) || list->len > MUSTER_FAMILY_MAX_METRICS)
    g_error ("metrics that are not listed");
}

static void
values_cb (MusterFamilyUnit   *unit,
           const MusterSample *samples,
           unsigned            n_samples,
           gpointer            user_data)
{
  for (unsigned i = 0; i < n_samples; i++)
    if (samples[i].metric == NULL || samples[i].time == 0 ||
        (samples[i].type == MUSTER_SAMPLE_DOUBLE && !isfinite (samples[i].number)) ||
        (samples[i].type == MUSTER_SAMPLE_STRING && !g_utf8_validate (samples[i].text, -1, NULL)))
      g_error ("a value that is none");
}

static void
life_cb (MusterFamilyUnit *unit, gpointer user_data)
{
}

static const MusterFamilyListener listener = { found_cb, removed_cb, described_cb, values_cb,
                                               life_cb };

static GPtrArray *
get_profiles (void)
{
  static GPtrArray *profiles = NULL;

  if (profiles == NULL)
    {
      dex_init ();
      profiles = muster_family_profiles_load ();
    }
  return profiles;
}

static JsonNode *
look_up (const char *name, gpointer user_data)
{
  if (g_str_equal (name, "value"))
    return json_node_init_string (json_node_alloc (), "21.5");
  return g_str_equal (name, "value_json")
           ? json_from_string ("{\"a\":{\"b\":[1,2.5,\"x\"]},\"on\":true,\"n\":null}", NULL)
           : NULL;
}

/* A template: it is refused with a reason, or yields text, or the reason why not. */
static void
read_template (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterTemplate) template = muster_template_new (text, &error);
  g_autofree char *rendered = NULL;

  if ((template == NULL) != (error != NULL))
    g_error ("neither a template nor a reason, or both");
  if (template == NULL)
    return;
  rendered = muster_template_render (template, look_up, NULL, &error);
  if ((rendered == NULL) != (error != NULL))
    g_error ("neither text nor a reason, or both");
}

/* Lines of topic, tab and payload; a tab in front: retained. */
static void
read_messages (MusterFakeMqttClient *client, MusterFamilyHost *host, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 64);

  for (unsigned i = 0; lines[i] != NULL; i++)
    {
      gboolean         retained = lines[i][0] == '\t';
      const char      *topic = lines[i] + retained;
      const char      *tab = strchr (topic, '\t');
      g_autofree char *name = tab != NULL ? g_strndup (topic, tab - topic) : NULL;
      g_autoptr (GBytes) payload = tab != NULL ? g_bytes_new (tab + 1, strlen (tab + 1)) : NULL;

      if (name == NULL || *name == '\0' || !g_utf8_validate (name, -1, NULL))
        continue;
      muster_fake_mqtt_client_deliver (client, name, payload, retained);
      if (i % 4 == 3)
        muster_family_host_flush (host);
    }
}

/* Everything that was found is told to do something. */
static void
give_orders (MusterFamilyHost *host)
{
  g_autoptr (GPtrArray) units = muster_family_host_list (host);
  MusterSample sample = { .type = MUSTER_SAMPLE_BOOLEAN, .boolean = TRUE };

  for (guint i = 0; i < units->len; i++)
    {
      MusterFamilyUnit *unit = units->pdata[i];
      g_autoptr (GPtrArray) names = g_hash_table_get_keys_as_ptr_array (unit->metrics);

      for (guint j = 0; j < MIN (names->len, 8); j++)
        dex_future_disown (
          muster_family_host_write (host, unit, names->pdata[j], &sample, G_TIME_SPAN_SECOND));
      dex_future_disown (muster_family_host_act (host, unit, "reboot", G_TIME_SPAN_SECOND));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (MusterFakeMqttClient) client = NULL;
  g_autoptr (MusterClock) clock = NULL;
  MusterFamilyHost *host = NULL;

  if (size > 0 && data[0] == '{')
    {
      read_template (text);
      return 0;
    }
  clock = muster_clock_new ();
  client = muster_fake_mqtt_client_new ();
  host = muster_family_host_new (MUSTER_MQTT_CLIENT (client), clock, "muster", get_profiles (),
                                 &listener, &host);
  dex_future_disown (muster_mqtt_client_connect (MUSTER_MQTT_CLIENT (client)));
  read_messages (client, host, text);
  muster_family_host_flush (host);
  give_orders (host);
  muster_family_host_tick (host);
  g_object_unref (host);
  return 0;
}
