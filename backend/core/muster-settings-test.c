/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-core-test-util.h"
#include "muster-journal.h"
#include "muster-settings.h"

static const MusterEnumValue colours[] = { { "red", "Red" }, { "green", "Green" }, { NULL, NULL } };
static const MusterEnum      colour_enum = { "Colour", colours };

static const MusterSetting table[] = {
  { "site.title",
    { "title", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 1, 10, .label = "Title",
      .doc = "Of the site." },
    "Home" },
  { "broker.external-uri",
    { "uri", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 100, .label = "Broker",
      .doc = "Another broker." },
    NULL,
    TRUE },
  { "broker.port",
    { "port", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 65535, .default_value = 8883,
      .label = "Port", .doc = "Of the broker." } },
  { "discovery.enabled",
    { "enabled", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .default_value = TRUE, .label = "Look",
      .doc = "Whether to look." } },
  { "site.colour",
    { "colour", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &colour_enum,
      .label = "Colour", .doc = "Of the site." } },
  { "broker.password",
    { "password", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, 100,
      .label = "Password", .doc = "Of the broker." } },
  { NULL },
};

typedef struct
{
  MusterTestDir  *dir;
  MusterDatabase *database;
  MusterSettings *settings;
  MusterActor    *actor;
} Fixture;

static void
set_up (Fixture *fixture)
{
  fixture->dir = muster_test_dir_new ();
  fixture->database = muster_test_database_new (fixture->dir, NULL, NULL);
  fixture->settings = muster_settings_new (fixture->database);
  fixture->actor = muster_actor_new_system ("test");
  muster_settings_register (fixture->settings, table);
}

static void
tear_down (Fixture *fixture)
{
  g_assert_finalize_object (fixture->settings);
  muster_test_database_free (fixture->database);
  muster_actor_unref (fixture->actor);
  muster_test_dir_free (fixture->dir);
}

static DexFuture *
set (Fixture *fixture, const char *key, const char *text)
{
  return muster_settings_set_text (fixture->settings, fixture->actor, key, text);
}

static void
test_defaults (void)
{
  Fixture fixture;

  set_up (&fixture);
  muster_test_await (muster_settings_load (fixture.settings, NULL));
  g_assert_cmpstr (muster_settings_get_string (fixture.settings, "site.title"), ==, "Home");
  g_assert_null (muster_settings_get_string (fixture.settings, "broker.external-uri"));
  g_assert_cmpint (muster_settings_get_integer (fixture.settings, "broker.port"), ==, 8883);
  g_assert_true (muster_settings_get_boolean (fixture.settings, "discovery.enabled"));
  g_assert_cmpstr (muster_settings_get_string (fixture.settings, "site.colour"), ==, "red");
  tear_down (&fixture);
}

static void
test_set (void)
{
  Fixture fixture;

  set_up (&fixture);
  muster_test_await (muster_settings_load (fixture.settings, NULL));
  {
    g_autoptr (MusterTestCounter) changed =
                muster_test_counter_new (fixture.settings, "changed::broker.port");
    g_autoptr (MusterTestCounter) other =
                muster_test_counter_new (fixture.settings, "changed::site.title");

    muster_test_await (set (&fixture, "broker.port", "1883"));
    g_assert_cmpint (muster_settings_get_integer (fixture.settings, "broker.port"), ==, 1883);
    g_assert_cmpuint (muster_test_counter_take (changed), ==, 1);
    muster_test_await (set (&fixture, "broker.port", "1883"));
    g_assert_cmpuint (muster_test_counter_take (changed), ==, 0);
    g_assert_cmpuint (muster_test_counter_take (other), ==, 0);
    /* Back to the default. */
    muster_test_await (set (&fixture, "broker.port", NULL));
    g_assert_cmpint (muster_settings_get_integer (fixture.settings, "broker.port"), ==, 8883);
    g_assert_cmpuint (muster_test_counter_take (changed), ==, 1);
    muster_test_await (set (&fixture, "broker.port", NULL));
  }
  tear_down (&fixture);
}

static void
test_kept (void)
{
  Fixture fixture;

  set_up (&fixture);
  muster_test_await (muster_settings_load (fixture.settings, NULL));
  muster_test_await (set (&fixture, "site.title", "Plant"));
  muster_test_await (set (&fixture, "site.colour", "green"));
  muster_test_await (set (&fixture, "broker.password", "hush hush"));
  g_assert_finalize_object (fixture.settings);
  fixture.settings = muster_settings_new (fixture.database);
  muster_settings_register (fixture.settings, table);
  muster_test_await (muster_settings_load (fixture.settings, NULL));
  g_assert_cmpstr (muster_settings_get_string (fixture.settings, "site.title"), ==, "Plant");
  g_assert_cmpint (muster_settings_get_integer (fixture.settings, "site.colour"), ==, 1);
  g_assert_cmpstr (muster_settings_get_string (fixture.settings, "broker.password"), ==,
                   "hush hush");
  tear_down (&fixture);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *key, *text;
    int         code;
  } cases[] = {
    { "broker.port", "0", MUSTER_ERROR_INVALID },
    { "broker.port", "many", MUSTER_ERROR_INVALID },
    { "site.title", "", MUSTER_ERROR_INVALID },
    { "site.title", "a title of too many letters", MUSTER_ERROR_INVALID },
    { "site.colour", "blue", MUSTER_ERROR_INVALID },
    { "discovery.enabled", "perhaps", MUSTER_ERROR_INVALID },
    { "site.wings", "2", MUSTER_ERROR_NOT_FOUND },
  };
  Fixture fixture;

  set_up (&fixture);
  muster_test_await (muster_settings_load (fixture.settings, NULL));
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error =
                  muster_test_await_error (set (&fixture, cases[i].key, cases[i].text),
                                           cases[i].code);

      g_assert_nonnull (strstr (error->message, cases[i].key));
    }
  g_assert_cmpint (muster_database_get_sequence (fixture.database), ==, 0);
  tear_down (&fixture);
}

static void
test_overridden (void)
{
  Fixture fixture;
  g_autoptr (GKeyFile) config = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  set_up (&fixture);
  g_key_file_set_string (config, "settings", "broker.port", "1884");
  g_key_file_set_string (config, "settings", "site.wings", "2");
  g_test_expect_message ("muster-settings", G_LOG_LEVEL_WARNING, "*site.wings*");
  muster_test_await (muster_settings_load (fixture.settings, config));
  g_test_assert_expected_messages ();
  g_assert_cmpint (muster_settings_get_integer (fixture.settings, "broker.port"), ==, 1884);
  error = muster_test_await_error (set (&fixture, "broker.port", "1885"), MUSTER_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "configuration file"));
  tear_down (&fixture);
}

static void
test_bad_config (void)
{
  Fixture fixture;
  g_autoptr (GKeyFile) config = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  set_up (&fixture);
  g_key_file_set_string (config, "settings", "broker.port", "-1");
  error =
    muster_test_await_error (muster_settings_load (fixture.settings, config), MUSTER_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "broker.port"));
  tear_down (&fixture);
}

static void
test_reloaded (void)
{
  Fixture fixture;
  g_autoptr (GKeyFile) config = g_key_file_new ();
  g_autoptr (GKeyFile) newer = g_key_file_new ();
  g_autoptr (GKeyFile) wrong = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  set_up (&fixture);
  g_key_file_set_string (config, "settings", "broker.port", "1884");
  g_key_file_set_string (newer, "settings", "site.title", "Plant");
  g_key_file_set_string (wrong, "settings", "site.title", "Depot");
  g_key_file_set_string (wrong, "settings", "broker.port", "-1");
  muster_test_await (muster_settings_load (fixture.settings, NULL));
  muster_test_await (set (&fixture, "broker.port", "1883"));
  muster_test_await (muster_settings_reload (fixture.settings, config));
  g_assert_cmpint (muster_settings_get_integer (fixture.settings, "broker.port"), ==, 1884);
  {
    g_autoptr (MusterTestCounter) port =
                muster_test_counter_new (fixture.settings, "changed::broker.port");
    g_autoptr (MusterTestCounter) title =
                muster_test_counter_new (fixture.settings, "changed::site.title");

    /* What the file no longer says is again what the database holds. */
    muster_test_await (muster_settings_reload (fixture.settings, newer));
    g_assert_cmpint (muster_settings_get_integer (fixture.settings, "broker.port"), ==, 1883);
    g_assert_cmpstr (muster_settings_get_string (fixture.settings, "site.title"), ==, "Plant");
    g_assert_cmpuint (muster_test_counter_take (port), ==, 1);
    g_assert_cmpuint (muster_test_counter_take (title), ==, 1);
    muster_test_await (set (&fixture, "broker.port", NULL));
    error = muster_test_await_error (set (&fixture, "site.title", "Shop"), MUSTER_ERROR_CONFLICT);
    g_clear_error (&error);
    /* One mistake, and nothing of the file counts. */
    error = muster_test_await_error (muster_settings_reload (fixture.settings, wrong),
                                     MUSTER_ERROR_INVALID);
    g_assert_nonnull (strstr (error->message, "broker.port"));
    g_assert_cmpstr (muster_settings_get_string (fixture.settings, "site.title"), ==, "Plant");
    muster_test_await (muster_settings_reload (fixture.settings, NULL));
    g_assert_cmpstr (muster_settings_get_string (fixture.settings, "site.title"), ==, "Home");
  }
  g_assert_true (muster_settings_needs_restart (fixture.settings, "broker.external-uri"));
  g_assert_false (muster_settings_needs_restart (fixture.settings, "site.title"));
  tear_down (&fixture);
}

static void
test_undo_is_followed (void)
{
  Fixture fixture;

  set_up (&fixture);
  muster_test_await (muster_settings_load (fixture.settings, NULL));
  muster_test_await (set (&fixture, "site.title", "Plant"));
  muster_test_await (muster_journal_undo (fixture.database, fixture.actor, 1));
  for (int i = 0;
       i < 100 &&
       g_str_equal (muster_settings_get_string (fixture.settings, "site.title"), "Plant");
       i++)
    muster_test_sleep (5);
  g_assert_cmpstr (muster_settings_get_string (fixture.settings, "site.title"), ==, "Home");
  tear_down (&fixture);
}

static void
test_encode (void)
{
  Fixture fixture;
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  JsonArray  *items = NULL;
  JsonObject *item = NULL;

  set_up (&fixture);
  muster_test_await (muster_settings_load (fixture.settings, NULL));
  muster_test_await (set (&fixture, "broker.password", "hush hush"));
  muster_test_await (set (&fixture, "broker.port", "1883"));
  muster_settings_encode (fixture.settings, json);
  g_assert_null (strstr (json->str, "hush"));
  node = json_from_string (json->str, &error);
  g_assert_no_error (error);
  items = json_object_get_array_member (json_node_get_object (node), "items");
  g_assert_cmpuint (json_array_get_length (items), ==, 6);
  item = json_array_get_object_element (items, 2);
  g_assert_cmpstr (json_object_get_string_member (item, "key"), ==, "broker.port");
  g_assert_cmpint (json_object_get_int_member (item, "value"), ==, 1883);
  g_assert_cmpint (json_object_get_int_member (item, "default"), ==, 8883);
  g_assert_cmpstr (json_object_get_string_member (item, "type"), ==, "integer");
  g_assert_false (json_object_get_boolean_member (item, "overridden"));
  g_assert_true (
    json_object_get_boolean_member (json_array_get_object_element (items, 1), "needs_restart"));
  g_assert_false (json_object_get_boolean_member (item, "secret"));
  for (unsigned i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject *each = json_array_get_object_element (items, i);

      g_assert_cmpint (json_object_get_boolean_member (each, "secret"), ==,
                       g_str_equal (json_object_get_string_member (each, "key"),
                                    "broker.password"));
    }
  item = json_array_get_object_element (items, 4);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (item, "values")), ==, 2);
  g_assert_true (json_object_get_null_member (json_array_get_object_element (items, 5), "value"));
  tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/settings/defaults", test_defaults);
  muster_test_add_fiber ("/settings/set", test_set);
  muster_test_add_fiber ("/settings/kept", test_kept);
  muster_test_add_fiber ("/settings/refused", test_refused);
  muster_test_add_fiber ("/settings/overridden", test_overridden);
  muster_test_add_fiber ("/settings/bad-config", test_bad_config);
  muster_test_add_fiber ("/settings/reloaded", test_reloaded);
  muster_test_add_fiber ("/settings/undo", test_undo_is_followed);
  muster_test_add_fiber ("/settings/encode", test_encode);
  return g_test_run ();
}
