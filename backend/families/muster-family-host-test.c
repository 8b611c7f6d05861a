/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-host-test"

#include "config.h"

#include "core/muster-core-test-util.h"
#include "messaging/muster-fake-mqtt-client.h"
#include "muster-family-host.h"

static const char profile_text[] =
  "{\"family\":\"box\",\"title\":\"Box\",\"rules\":[{\"topic\":\"box/{id}/config\",\"format\":\"json\","
  "\"describes\":true,\"unit\":\"{{ id }}\",\"facts\":{\"name\":\"{{ value_json.name }}\"},"
  "\"variables\":{\"at\":\"{{ value_json.at }}\"},\"metrics\":[{\"each\":\"m/*\",\"name\":\"{{ key }}\","
  "\"datatype\":\"{{ item }}\",\"writable\":true}]}],\"topics\":[{\"topic\":\"{{ at }}/{metric}\",\"values\":"
  "[{\"metric\":\"{{ metric }}\",\"value\":\"{{ value }}\"}]},{\"topic\":\"{{ at }}/answer\",\"format\":\"json\","
  "\"answer\":\"{{ value_json.id }}\",\"failure\":\"{{ value_json.error | default('') }}\"}],"
  "\"commands\":[{\"metric\":\"rpc{n}\",\"topic\":\"{{ at }}/do\",\"payload\":{\"id\":\"{{ request }}\",\"n\":\"{{ n | int }}\",\"v\":\"{{ value }}\"},"
  "\"confirm\":\"answer\"},{\"metric\":\"{name}\",\"topic\":\"{{ at }}/{{ name }}/set\",\"payload\":\"{{ value }}\"}],"
  "\"quantities\":[{\"match\":\"answer\",\"ignored\":true}]}";

typedef struct
{
  MusterClock          *clock;
  MusterFakeMqttClient *client;
  GPtrArray            *profiles;
  MusterFamilyHost     *host;
  GString              *told;
  unsigned              n_values;
} Fixture;

static void
found_cb (MusterFamilyUnit *unit, gpointer user_data)
{
  g_string_append_printf (((Fixture *)user_data)->told, "found %s %s;", unit->key,
                          muster_family_unit_get_fact (unit, "name"));
}

static void
removed_cb (MusterFamilyUnit *unit, gpointer user_data)
{
  g_string_append_printf (((Fixture *)user_data)->told, "removed %s;", unit->key);
}

static void
described_cb (MusterFamilyUnit *unit, gpointer user_data)
{
  g_autoptr (GArray) list = muster_family_unit_list_metrics (unit);

  g_string_append_printf (((Fixture *)user_data)->told, "described %u;", list->len);
}

static void
values_cb (MusterFamilyUnit   *unit,
           const MusterSample *samples,
           unsigned            n_samples,
           gpointer            user_data)
{
  Fixture *self = user_data;

  self->n_values += n_samples;
  for (unsigned i = 0; i < MIN (n_samples, 5); i++)
    g_string_append_printf (self->told, "%s=%g%s;", samples[i].metric, samples[i].number,
                            samples[i].flags & MUSTER_SAMPLE_STALE ? " old" : "");
}

static void
life_cb (MusterFamilyUnit *unit, gpointer user_data)
{
}

static const MusterFamilyListener listener = { found_cb, removed_cb, described_cb, values_cb,
                                               life_cb };

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);
  g_autoptr (GError) error = NULL;

  self->clock = muster_clock_new ();
  self->client = muster_fake_mqtt_client_new ();
  self->profiles = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_family_profile_free);
  g_ptr_array_add (self->profiles, muster_family_profile_new_from_json (profile_text, -1, &error));
  g_assert_no_error (error);
  self->told = g_string_new (NULL);
  self->host = muster_family_host_new (MUSTER_MQTT_CLIENT (self->client), self->clock, "me",
                                       self->profiles, &listener, self);
  dex_future_disown (muster_mqtt_client_connect (MUSTER_MQTT_CLIENT (self->client)));
  return self;
}

static void
fixture_free (Fixture *self)
{
  g_object_unref (self->host);
  g_object_unref (self->client);
  g_object_unref (self->clock);
  g_ptr_array_unref (self->profiles);
  g_string_free (self->told, TRUE);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
deliver (Fixture *self, const char *topic, const char *payload, gboolean retained)
{
  g_autoptr (GBytes) bytes = g_bytes_new (payload, strlen (payload));

  muster_fake_mqtt_client_deliver (self->client, topic, bytes, retained);
}

static void
expect_told (Fixture *self, const char *expected)
{
  muster_family_host_flush (self->host);
  g_assert_cmpstr (self->told->str, ==, expected);
  g_string_truncate (self->told, 0);
}

/* What was said to the broker since the last call, parted by semicolons. */
static char *
take_said (Fixture *self)
{
  GString *said = g_string_new (NULL);

  for (;;)
    {
      g_autoptr (GBytes) payload = NULL;
      g_autofree char *text = muster_fake_mqtt_client_take (self->client, &payload);

      if (text == NULL)
        return g_string_free (said, FALSE);
      g_string_append_printf (said, "%s;", text);
    }
}

static MusterFamilyUnit *
make_unit (Fixture *self)
{
  deliver (
    self, "box/1/config",
    "{\"name\":\"One\",\"at\":\"x/1\",\"m\":{\"t\":\"double\",\"s\":\"boolean\",\"rpc7\":\"boolean\"}}",
    TRUE);
  return muster_family_host_find (self->host, "box:1");
}

static void
test_units (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  MusterFamilyUnit *unit = make_unit (self);
  g_autofree char  *said = NULL;

  g_assert_nonnull (unit);
  expect_told (self, "found box:1 One;");
  muster_test_sleep (20);
  said = take_said (self);
  /* The narrower filter is not subscribed to: a broker would hand its messages on twice. */
  g_assert_cmpstr (said, ==, "connect;subscribe box/+/config 1;subscribe x/1/+ 0;");
  deliver (self, "x/1/t", "20", TRUE);
  muster_family_host_follow (self->host, unit, TRUE);
  expect_told (self, "described 3;t=20 old;");
  deliver (self, "x/1/t", "21", FALSE);
  /* What the broker kept is older than what is known. */
  deliver (self, "x/1/t", "5", TRUE);
  expect_told (self, "t=21;");
  deliver (self, "x/1/new", "3", FALSE);
  expect_told (self, "described 4;new=3;");
  /* What the description leaves out goes, what was found by itself stays. */
  deliver (self, "box/1/config", "{\"name\":\"Uno\",\"at\":\"x/2\",\"m\":{\"t\":\"double\"}}",
           FALSE);
  expect_told (self, "found box:1 Uno;described 2;");
  g_free (g_steal_pointer (&said));
  muster_test_sleep (20);
  said = take_said (self);
  g_assert_nonnull (strstr (said, "unsubscribe x/1/+;"));
  g_assert_nonnull (strstr (said, "subscribe x/2/+ 0;"));
  deliver (self, "box/1/config", "", FALSE);
  expect_told (self, "removed box:1;");
  g_assert_null (muster_family_host_find (self->host, "box:1"));
}

static void
test_orders (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  MusterFamilyUnit *unit = make_unit (self);
  MusterSample      on = { .type = MUSTER_SAMPLE_BOOLEAN, .boolean = TRUE };
  g_autoptr (DexFuture) write = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;

  g_free (take_said (self));
  write = muster_family_host_write (self->host, unit, "s", &on, 5 * G_TIME_SPAN_SECOND);
  said = take_said (self);
  g_assert_nonnull (strstr (said, "publish x/1/s/set 1 0;")); /* not retained */
  /* An old value, or another one, confirms nothing. */
  deliver (self, "x/1/s", "true", TRUE);
  deliver (self, "x/1/s", "false", FALSE);
  g_assert_true (dex_future_is_pending (write));
  deliver (self, "x/1/s", "true", FALSE);
  muster_test_await (g_steal_pointer (&write));

  write = muster_family_host_write (self->host, unit, "rpc7", &on, 5 * G_TIME_SPAN_SECOND);
  deliver (self, "x/1/answer", "{\"id\":77}", FALSE);
  g_assert_true (dex_future_is_pending (write));
  deliver (self, "x/1/answer", "{\"id\":2}", FALSE);
  muster_test_await (g_steal_pointer (&write));

  write = muster_family_host_write (self->host, unit, "rpc7", &on, 5 * G_TIME_SPAN_SECOND);
  deliver (self, "x/1/answer", "{\"id\":3,\"error\":\"no power\"}", FALSE);
  error = muster_test_await_error (g_steal_pointer (&write), MUSTER_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "no power"));
  g_clear_error (&error);

  error = muster_test_await_error (muster_family_host_write (self->host, unit, "s", &on,
                                                             50 * G_TIME_SPAN_MILLISECOND),
                                   MUSTER_ERROR_TIMED_OUT);
  g_clear_error (&error);
  error = muster_test_await_error (muster_family_host_write (self->host, unit, "missing", &on, 1),
                                   MUSTER_ERROR_NOT_FOUND);
  g_clear_error (&error);
  error = muster_test_await_error (muster_family_host_act (self->host, unit, "reboot", 1),
                                   MUSTER_ERROR_CONFLICT);
}

/* However much a unit sends, what is kept of it is bounded. */
static void
test_flood (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  MusterFamilyUnit *unit = make_unit (self);

  muster_family_host_flush (self->host);
  muster_family_host_follow (self->host, unit, TRUE);
  for (unsigned i = 0; i < 20000; i++)
    deliver (self, "x/1/t", "1", FALSE);
  for (unsigned i = 0; i < 3000; i++)
    {
      g_autofree char *topic = g_strdup_printf ("x/1/metric-%u", i);

      deliver (self, topic, "1", FALSE);
    }
  muster_family_host_flush (self->host);
  g_assert_cmpuint (self->n_values, ==, 5000);
  g_assert_cmpuint (g_hash_table_size (unit->metrics), ==, MUSTER_FAMILY_MAX_METRICS);
  g_assert_cmpuint (muster_family_host_get_counts (self->host)->dropped, >, 15000);
}

/* Every built-in family can be read, and says how its devices come here. */
static void
test_profiles (void)
{
  g_autoptr (GPtrArray) profiles = muster_family_profiles_load ();

  g_assert_cmpuint (profiles->len, ==, 7);
  for (guint i = 0; i < profiles->len; i++)
    {
      const MusterFamilyProfile *profile = profiles->pdata[i];
      g_auto (GStrv) rules = muster_family_profiles_list_rules (profile->family, "u", profiles);

      g_assert_nonnull (profile->help);
      g_assert_cmpuint (g_strv_length (rules), >, 0);
    }
  g_assert_null (muster_family_profiles_list_rules ("nobody", "u", profiles));
}

static void
test_bad_profiles (void)
{
  static const char *const texts[] = {
    "[]",
    "{\"family\":\"x\"}",
    "{\"family\":\"x\",\"title\":\"X\",\"rules\":[{}]}",
    "{\"family\":\"x\",\"title\":\"X\",\"rules\":[{\"topic\":\"{{ a }}\"}]}",
    "{\"family\":\"x\",\"title\":\"X\",\"rules\":[{\"topic\":\"a/#\"}]}",
    "{\"family\":\"x\",\"title\":\"X\",\"rules\":[{\"topic\":\"a\",\"unit\":\"{{ (\"}]}",
    "{\"family\":\"x\",\"title\":\"X\",\"odd\":1}",
    "{\"family\":\"x\",\"title\":\"X\",\"quantities\":[{\"match\":\"a\",\"datatype\":\"odd\"}]}",
    "{\"family\":\"x\",\"title\":\"X\",\"commands\":[{\"metric\":\"a\",\"confirm\":\"odd\"}]}",
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", texts[i]);
      g_assert_null (muster_family_profile_new_from_json (texts[i], -1, &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/family-host/units", test_units);
  muster_test_add_fiber ("/family-host/orders", test_orders);
  muster_test_add_fiber ("/family-host/flood", test_flood);
  g_test_add_func ("/family-host/profiles", test_profiles);
  g_test_add_func ("/family-host/bad-profiles", test_bad_profiles);
  return g_test_run ();
}
