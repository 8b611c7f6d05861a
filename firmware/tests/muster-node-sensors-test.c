/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-node-sensors.h"

/* The simulated world: what its sensors show, and each of its faults. */

typedef struct
{
  MusterNodeCatalogue catalogue;
  MusterNodeSensors   sensors;
} World;

static World *
world_new (guint extras)
{
  World *world = g_new0 (World, 1);

  muster_node_catalogue_init (&world->catalogue, 4, extras);
  muster_node_sensors_init (&world->sensors, 99);
  for (guint i = 0; i < G_N_ELEMENTS (world->sensors.texts); i++)
    world->sensors.texts[i] = "text";
  return world;
}

static void
world_free (World *world)
{
  muster_node_catalogue_clear (&world->catalogue);
  g_free (world);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

static const struct mf_metric_info *
find (World *world, const char *name)
{
  for (guint i = 0; i < world->catalogue.n_infos; i++)
    if (g_str_equal (world->catalogue.infos[i].name, name))
      return &world->catalogue.infos[i];
  g_error ("no metric %s", name);
}

static gboolean
read_value (World *world, const char *name, union mf_value *value)
{
  return muster_node_sensors_read (&world->sensors, find (world, name)->channel, value);
}

static double
read_number (World *world, const char *name)
{
  union mf_value value = { 0 };

  g_assert_true (read_value (world, name, &value));
  return value.f;
}

static gboolean
write_text (World *world, const char *name, const char *text)
{
  union mf_value value = { .s = text };

  return muster_node_sensors_write (&world->sensors, find (world, name)->channel, &value);
}

static void
test_catalogue (void)
{
  g_autoptr (World) world = world_new (150);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < world->catalogue.n_infos; i++)
    {
      const struct mf_metric_info *info = &world->catalogue.infos[i];
      union mf_value               value = { 0 };

      g_assert_true (g_hash_table_add (names, (gpointer)info->name));
      g_assert_true (muster_node_sensors_read (&world->sensors, info->channel, &value));
      g_assert_true (mf_value_in_range (info, &value));
    }
  g_assert_cmpuint (find (world, "Sensor/Temperature")->period_ms, ==, 250);
  g_assert_cmpuint (find (world, "Sensor/Battery")->period_ms, ==, 2500);
  g_assert_cmpuint (find (world, "Output/Relay")->period_ms, ==, 0);
  g_assert_nonnull (find (world, "Sensor/Extra 150"));
}

/* Within what a room has, never the same twice, and smooth but for the noise. */
static void
test_curves (void)
{
  g_autoptr (World) world = world_new (0);
  double last = read_number (world, "Sensor/Temperature");

  for (guint i = 0; i < 5000; i++)
    {
      double now = read_number (world, "Sensor/Temperature");

      g_assert_cmpfloat (now, >, 16);
      g_assert_cmpfloat (now, <, 25);
      g_assert_cmpfloat (ABS (now - last), <, 0.5);
      g_assert_cmpfloat (read_number (world, "Sensor/Humidity"), <=, 60);
      last = now;
    }
}

static void
test_outputs (void)
{
  g_autoptr (World) world = world_new (0);
  union mf_value on = { .b = true }, level = { .f = 100 };
  double         before = read_number (world, "Sensor/Power");

  g_assert_true (
    muster_node_sensors_write (&world->sensors, find (world, "Output/Relay")->channel, &on));
  g_assert_cmpfloat (read_number (world, "Sensor/Power"), >, before + 190);
  g_assert_true (
    muster_node_sensors_write (&world->sensors, find (world, "Output/Level")->channel, &level));
  g_assert_cmpfloat (read_number (world, "Sensor/Power"), >, before + 390);
  g_assert_false (
    muster_node_sensors_write (&world->sensors, find (world, "Sensor/Power")->channel, &level));
}

static void
test_fault_names (void)
{
  static const char *const faults[] = { "spike",  "drift",       "stuck",      "broken",
                                        "silent", "reboot-loop", "clock-jump", "none" };
  g_autoptr (World) world = world_new (0);

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      union mf_value value = { 0 };

      g_assert_true (write_text (world, "Simulation/Fault", faults[i]));
      g_assert_true (read_value (world, "Simulation/Fault", &value));
      g_assert_cmpstr (value.s, ==, faults[i]);
    }
  g_assert_false (write_text (world, "Simulation/Fault", "fire"));
  g_assert_false (write_text (world, "Simulation/Fault", ""));
}

static void
test_spike (void)
{
  g_autoptr (World) world = world_new (0);
  guint spikes = 0;

  g_assert_true (write_text (world, "Simulation/Fault", "spike"));
  for (guint i = 0; i < 1000; i++)
    spikes += read_number (world, "Sensor/Temperature") > 50;
  g_assert_cmpuint (spikes, >, 10);
  g_assert_cmpuint (spikes, <, 200);
}

static void
test_drift (void)
{
  g_autoptr (World) world = world_new (0);

  g_assert_true (write_text (world, "Simulation/Fault", "drift"));
  world->sensors.fault_us -= 1000 * G_USEC_PER_SEC;
  g_assert_cmpfloat (read_number (world, "Sensor/Temperature"), >, 60);
}

static void
test_held (void)
{
  g_autoptr (World) world = world_new (1);
  double   temperature = read_number (world, "Sensor/Temperature");
  double   humidity = read_number (world, "Sensor/Humidity");
  gboolean moved = FALSE;

  g_assert_true (write_text (world, "Simulation/Fault", "stuck"));
  for (guint i = 0; i < 100; i++)
    {
      g_assert_cmpfloat (read_number (world, "Sensor/Temperature"), ==, temperature);
      moved |= ABS (read_number (world, "Sensor/Humidity") - humidity) > 0.01;
    }
  g_assert_true (moved);
  humidity = read_number (world, "Sensor/Humidity");
  g_assert_true (write_text (world, "Simulation/Fault", "silent"));
  for (guint i = 0; i < 100; i++)
    {
      g_assert_cmpfloat (read_number (world, "Sensor/Humidity"), ==, humidity);
      g_assert_cmpfloat (read_number (world, "Sensor/Extra 001"), ==, temperature);
    }
}

static void
test_broken (void)
{
  g_autoptr (World) world = world_new (0);
  union mf_value value = { 0 };

  g_assert_true (write_text (world, "Simulation/Fault", "broken"));
  g_assert_false (read_value (world, "Sensor/Temperature", &value));
  g_assert_true (read_value (world, "Sensor/Humidity", &value));
}

static void
test_crash (void)
{
  g_autoptr (World) world = world_new (0);
  gint64 booted = g_get_monotonic_time ();

  g_assert_cmpint (muster_node_sensors_next_crash_us (&world->sensors, booted), ==, 0);
  g_assert_true (write_text (world, "Simulation/Fault", "reboot-loop"));
  g_assert_cmpint (muster_node_sensors_next_crash_us (&world->sensors, booted + G_USEC_PER_SEC), ==,
                   booted + 16 * G_USEC_PER_SEC);
}

static void
test_clock (void)
{
  g_autoptr (World) world = world_new (0);

  g_assert_cmpint (muster_node_sensors_clock_offset_ms (&world->sensors), ==, 0);
  g_assert_true (write_text (world, "Simulation/Fault", "clock-jump"));
  g_assert_cmpint (muster_node_sensors_clock_offset_ms (&world->sensors), ==, 3600000);
  world->sensors.fault_us -= 31 * G_USEC_PER_SEC;
  g_assert_cmpint (muster_node_sensors_clock_offset_ms (&world->sensors), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sensors/catalogue", test_catalogue);
  g_test_add_func ("/sensors/curves", test_curves);
  g_test_add_func ("/sensors/outputs", test_outputs);
  g_test_add_func ("/sensors/fault-names", test_fault_names);
  g_test_add_func ("/sensors/spike", test_spike);
  g_test_add_func ("/sensors/drift", test_drift);
  g_test_add_func ("/sensors/held", test_held);
  g_test_add_func ("/sensors/broken", test_broken);
  g_test_add_func ("/sensors/crash", test_crash);
  g_test_add_func ("/sensors/clock", test_clock);
  return g_test_run ();
}
