/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-device.h"
#include "model/muster-metric.h"
#include "muster-core-test-util.h"
#include "muster-journal.h"
#include "muster-repository.h"

typedef struct
{
  MusterTestDir    *dir;
  MusterDatabase   *database;
  MusterRepository *repository;
  MusterActor      *actor;
} Fixture;

static void
set_up (Fixture *fixture)
{
  fixture->dir = muster_test_dir_new ();
  fixture->database = muster_test_database_new (fixture->dir, NULL, NULL);
  fixture->repository = muster_repository_new (fixture->database);
  fixture->actor = muster_actor_new (MUSTER_ACTOR_LOCAL, "alice", NULL, 0);
}

static void
tear_down (Fixture *fixture)
{
  g_assert_finalize_object (fixture->repository);
  muster_test_database_free (fixture->database);
  muster_actor_unref (fixture->actor);
  muster_test_dir_free (fixture->dir);
}

static MusterEntity *
insert_device (Fixture *fixture, const char *name, const char *serial)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

  muster_entity_set_string (device, "name", name);
  muster_entity_set_string (device, "serial", serial);
  return muster_test_await_object (
    muster_repository_insert (fixture->repository, fixture->actor, NULL, device));
}

static char *
get_text (Fixture *fixture, const char *id, gint64 *revision)
{
  g_autoptr (GError) error = NULL;
  MusterDocument *document =
    dex_await_boxed (muster_repository_get_json (fixture->repository, &muster_device_info, id),
                     &error);
  char *text = NULL;

  g_assert_no_error (error);
  *revision = document->revision;
  text = g_strndup (g_bytes_get_data (document->json, NULL), g_bytes_get_size (document->json));
  g_boxed_free (MUSTER_TYPE_DOCUMENT, document);
  return text;
}

static void
test_insert_and_get (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (MusterEntity) read = NULL;
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gint64 revision;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp", "L-1");
  g_assert_cmpint (muster_entity_get_revision (device), ==, 1);
  read = muster_test_await_object (
    muster_repository_get (fixture.repository, &muster_device_info, muster_entity_get_id (device)));
  g_assert_true (muster_entity_equal (device, read));
  text = get_text (&fixture, muster_entity_get_id (device), &revision);
  muster_entity_encode (device, expected);
  g_assert_cmpstr (text, ==, expected->str);
  g_assert_cmpint (revision, ==, 1);
  error = muster_test_await_error (muster_repository_get (fixture.repository, &muster_device_info,
                                                          "nothing"),
                                   MUSTER_ERROR_NOT_FOUND);
  g_clear_error (&error);
  error = muster_test_await_error (muster_repository_get_json (fixture.repository,
                                                               &muster_device_info, "nothing"),
                                   MUSTER_ERROR_NOT_FOUND);
  tear_down (&fixture);
}

static gboolean
touch_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  return muster_transaction_touch (transaction, data, error);
}

static void
test_cache (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (MusterEntity) updated = NULL;
  g_autofree char *first = NULL, *second = NULL, *third = NULL;
  const char      *id = NULL;
  DexFuture       *future = NULL;
  gint64           revision;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp", NULL);
  id = muster_entity_get_id (device);
  first = get_text (&fixture, id, &revision);
  future = muster_repository_get_json (fixture.repository, &muster_device_info, id);
  g_assert_true (dex_future_is_resolved (future));
  dex_clear (&future);

  /* A touch makes it be read anew, with the same revision. */
  muster_entity_set_string (device, "address", "192.0.2.7:80");
  muster_test_await (muster_database_write (fixture.database, fixture.actor, NULL, touch_job,
                                            g_object_ref (device), g_object_unref));
  second = get_text (&fixture, id, &revision);
  g_assert_nonnull (strstr (second, "192.0.2.7:80"));
  g_assert_cmpint (revision, ==, 1);

  muster_entity_set_string (device, "name", "Lantern");
  updated = muster_test_await_object (
    muster_repository_update (fixture.repository, fixture.actor, "Rename", device, 1));
  g_assert_cmpint (muster_entity_get_revision (updated), ==, 2);
  third = get_text (&fixture, id, &revision);
  g_assert_nonnull (strstr (third, "Lantern"));
  g_assert_cmpint (revision, ==, 2);
  tear_down (&fixture);
}

static void
test_read_overtaken_by_write_is_not_kept (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL;
  g_autofree char *text = NULL;
  gint64           revision;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp", NULL);
  for (int i = 0; i < 50; i++)
    {
      g_autofree char *name = g_strdup_printf ("Lamp %d", i);
      DexFuture       *read = muster_repository_get_json (fixture.repository, &muster_device_info,
                                                          muster_entity_get_id (device));
      DexFuture       *write = NULL;

      muster_entity_set_string (device, "name", name);
      write = muster_repository_update (fixture.repository, fixture.actor, NULL, device, 0);
      muster_test_await (write);
      muster_test_await (read);
      text = get_text (&fixture, muster_entity_get_id (device), &revision);
      g_assert_nonnull (strstr (text, name));
      g_clear_pointer (&text, g_free);
    }
  tear_down (&fixture);
}

static JsonObject *
parse_object (const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  return json_node_dup_object (node);
}

static void
test_patch (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (MusterEntity) patched = NULL;
  g_autoptr (JsonObject) good = parse_object ("{\"name\":\"Lantern\",\"notes\":\"by the door\"}");
  g_autoptr (JsonObject) bad = parse_object ("{\"name\":\"\",\"wings\":2}");
  g_autoptr (JsonObject) wrong_state = parse_object ("{\"status\":\"sold\"}");
  g_autoptr (JsonObject) retired = parse_object ("{\"status\":\"retired\"}");
  g_autoptr (GError) error = NULL;
  const char *id = NULL;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp", NULL);
  id = muster_entity_get_id (device);
  patched =
    muster_test_await_object (muster_repository_patch (fixture.repository, fixture.actor, NULL,
                                                       &muster_device_info, id, good, 1));
  g_assert_cmpstr (muster_entity_get_string (patched, "name"), ==, "Lantern");
  error = muster_test_await_error (muster_repository_patch (fixture.repository, fixture.actor, NULL,
                                                            &muster_device_info, id, good, 1),
                                   MUSTER_ERROR_PRECONDITION);
  g_clear_error (&error);
  error = muster_test_await_error (muster_repository_patch (fixture.repository, fixture.actor, NULL,
                                                            &muster_device_info, id, bad, 0),
                                   MUSTER_ERROR_INVALID);
  g_assert_cmpuint (muster_error_get_fields (error)->len, ==, 2);
  g_clear_error (&error);
  muster_test_await (muster_repository_patch (fixture.repository, fixture.actor, NULL,
                                              &muster_device_info, id, retired, 0));
  error =
    muster_test_await_error (muster_repository_patch (fixture.repository, fixture.actor, NULL,
                                                      &muster_device_info, id, wrong_state, 0),
                             MUSTER_ERROR_CONFLICT);
  g_assert_nonnull (muster_error_get_allowed (error));
  tear_down (&fixture);
}

static void
test_delete (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  const char      *id = NULL;
  gint64           revision;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp", NULL);
  id = muster_entity_get_id (device);
  text = get_text (&fixture, id, &revision);
  error = muster_test_await_error (muster_repository_delete (fixture.repository, fixture.actor,
                                                             NULL, &muster_device_info, id, 7),
                                   MUSTER_ERROR_PRECONDITION);
  g_clear_error (&error);
  muster_test_await (
    muster_repository_delete (fixture.repository, fixture.actor, NULL, &muster_device_info, id, 1));
  error = muster_test_await_error (muster_repository_get_json (fixture.repository,
                                                               &muster_device_info, id),
                                   MUSTER_ERROR_NOT_FOUND);
  g_clear_error (&error);
  error = muster_test_await_error (muster_repository_delete (fixture.repository, fixture.actor,
                                                             NULL, &muster_device_info, id, 0),
                                   MUSTER_ERROR_NOT_FOUND);
  tear_down (&fixture);
}

static void
test_unique_names_the_field (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) first = NULL;
  g_autoptr (MusterEntity) second = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&fixture);
  first = insert_device (&fixture, "Lamp", "L-1");
  second = insert_device (&fixture, "Lamp", NULL);
  muster_entity_set_string (second, "serial", "L-1");
  error = muster_test_await_error (muster_repository_update (fixture.repository, fixture.actor,
                                                             NULL, second, 0),
                                   MUSTER_ERROR_CONFLICT);
  g_assert_cmpstr (error->message, ==, "/serial: another device has this value already");
  tear_down (&fixture);
}

/* --- lists --- */

static JsonObject *
list_kind (Fixture *fixture, const MusterEntityInfo *info, const char *params, gboolean ids)
{
  g_autoptr (GHashTable) table = muster_test_parse_params (params);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterQuery) query = muster_query_new_from_params (info, table, NULL, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = muster_test_await_text (ids ? muster_repository_list_ids (fixture->repository, query)
                                     : muster_repository_list_json (fixture->repository, query));
  return parse_object (text);
}

static JsonObject *
list (Fixture *fixture, const char *params, gboolean ids)
{
  return list_kind (fixture, &muster_device_info, params, ids);
}

/* The names in the list that PARAMS ask for, joined by spaces. */
static char *
list_names (Fixture *fixture, const char *params)
{
  g_autoptr (JsonObject) answer = list (fixture, params, FALSE);
  JsonArray *items = json_object_get_array_member (answer, "items");
  GString   *names = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (items); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? " " : "",
                            json_object_get_string_member (json_array_get_object_element (items, i),
                                                           "name"));
  return g_string_free_and_steal (names);
}

static void
insert_examples (Fixture *fixture)
{
  static const struct
  {
    const char *name, *status, *location, *model;
    gint64      last_seen;
  } examples[] = {
    { "alder", "in_stock", "Hall 1", "Thermo_X", 100000 },
    { "Birch", "deployed", "Hall 1, row 2", "Thermo_X", 200000 },
    { "cedar", "deployed", NULL, "100% Flow", 0 },
    { "Dogwood", "retired", "Yard", NULL, 300000 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

      muster_entity_set_string (device, "name", examples[i].name);
      muster_entity_set_string (device, "status", examples[i].status);
      muster_entity_set_string (device, "location", examples[i].location);
      muster_entity_set_string (device, "model", examples[i].model);
      muster_entity_set_string (device, "secret", "0000-0000-0000-0000-0000-0000-0000");
      if (examples[i].last_seen > 0)
        muster_entity_set_integer (device, "last_seen", examples[i].last_seen);
      muster_test_await (
        muster_repository_insert (fixture->repository, fixture->actor, NULL, device));
    }
}

static void
test_list (void)
{
  static const struct
  {
    const char *params, *names;
  } cases[] = {
    { "", "Dogwood cedar Birch alder" },
    { "sort=name", "alder Birch cedar Dogwood" },
    { "sort=-name", "Dogwood cedar Birch alder" },
    { "sort=status,-name", "cedar Birch alder Dogwood" },
    { "status=deployed&sort=name", "Birch cedar" },
    { "status=deployed,retired&sort=name", "Birch cedar Dogwood" },
    { "location=null", "cedar" },
    { "location=null,Yard&sort=name", "cedar Dogwood" },
    { "location=Hall%201%5C,%20row%202", "Birch" },
    { "location=%5Cnull", "" },
    { "last_seen.min=1970-01-01T00:00:00.200Z&sort=last_seen", "Birch Dogwood" },
    { "last_seen.max=1970-01-01T00:00:00.200Z&sort=last_seen", "alder Birch" },
    { "last_seen.min=1970-01-01T00:00:00.150Z&last_seen.max=1970-01-01T00:00:00.250Z", "Birch" },
    { "sort=last_seen", "cedar alder Birch Dogwood" },
    { "sort=-last_seen", "Dogwood Birch alder cedar" },
    { "q=hall&sort=name", "alder Birch" },
    { "q=HALL%20row", "Birch" },
    { "q=thermo_x%20al", "Birch alder" },
    { "q=0%25", "cedar" },
    { "q=o_x&sort=name", "alder Birch" },
    { "q=_", "Birch alder" },
    { "q=%22%22%22", "" },
    { "q=%20", "Dogwood cedar Birch alder" },
    { "q=zzz", "" },
    { "limit=2&sort=name", "alder Birch" },
  };
  Fixture fixture;

  set_up (&fixture);
  insert_examples (&fixture);
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *names = list_names (&fixture, cases[i].params);

      g_test_message ("%s", cases[i].params);
      g_assert_cmpstr (names, ==, cases[i].names);
    }
  tear_down (&fixture);
}

static void
test_list_answer (void)
{
  Fixture fixture;
  g_autoptr (JsonObject) page = NULL;
  g_autoptr (JsonObject) all = NULL;
  g_autoptr (JsonObject) ids = NULL;
  JsonObject *item = NULL;

  set_up (&fixture);
  insert_examples (&fixture);
  page = list (&fixture, "limit=3", FALSE);
  g_assert_cmpint (json_object_get_int_member (page, "total"), ==, 4);
  g_assert_nonnull (json_object_get_string_member_with_default (page, "next", NULL));
  all = list (&fixture, "limit=4", FALSE);
  g_assert_true (json_object_get_null_member (all, "next"));
  item = json_array_get_object_element (json_object_get_array_member (all, "items"), 0);
  g_assert_false (json_object_has_member (item, "secret"));
  ids = list (&fixture, "limit=1&status=deployed", TRUE);
  g_assert_cmpint (json_object_get_int_member (ids, "total"), ==, 2);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (ids, "ids")), ==, 2);
  tear_down (&fixture);
}

/* Reads page after page of the list while records are added in between; checks that those that were
 * there from the start come exactly once. */
static void
check_paging (const char *sort)
{
  Fixture fixture;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *cursor = NULL;
  unsigned         n_originals = 0;

  set_up (&fixture);
  for (int i = 0; i < 60; i++)
    {
      g_autofree char *name = g_strdup_printf ("original %d", i / 3); /* names repeat */
      g_autoptr (MusterEntity) device = insert_device (&fixture, name, NULL);

      if (i % 4 > 0)
        {
          muster_entity_set_string (device, "location", i % 4 == 1 ? "here" : "There");
          muster_test_await (
            muster_repository_update (fixture.repository, fixture.actor, NULL, device, 0));
        }
    }
  do
    {
      g_autofree char *params = g_strdup_printf ("sort=%s&limit=7%s%s", sort,
                                                 cursor ? "&cursor=" : "", cursor ? cursor : "");
      g_autoptr (JsonObject) page = list (&fixture, params, FALSE);
      g_autoptr (MusterEntity) added = insert_device (&fixture, "added", NULL);
      JsonArray *items = json_object_get_array_member (page, "items");

      for (guint i = 0; i < json_array_get_length (items); i++)
        {
          JsonObject *item = json_array_get_object_element (items, i);

          g_assert_true (
            g_hash_table_add (seen, g_strdup (json_object_get_string_member (item, "id"))));
          n_originals +=
            g_str_has_prefix (json_object_get_string_member (item, "name"), "original");
        }
      g_free (cursor);
      cursor = g_strdup (json_object_get_string_member_with_default (page, "next", NULL));
    }
  while (cursor != NULL);
  g_assert_cmpuint (n_originals, ==, 60);
  tear_down (&fixture);
}

static void
test_paging (void)
{
  static const char *const sorts[] = {
    "-id", "name", "-name", "location,-name", "-location,name", "status,location"
  };

  for (size_t i = 0; i < G_N_ELEMENTS (sorts); i++)
    check_paging (sorts[i]);
}

static void
test_select (void)
{
  Fixture fixture;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&fixture);
  insert_examples (&fixture);
  muster_query_where (query, "status", "deployed");
  muster_query_where (query, "location", NULL);
  muster_query_set_sort (query, "name");
  muster_query_set_limit (query, 0);
  devices = dex_await_boxed (muster_repository_select (fixture.repository, query), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (devices->len, ==, 1);
  g_assert_cmpstr (muster_entity_get_string (devices->pdata[0], "name"), ==, "cedar");
  /* Objects, unlike JSON, know the secret. */
  g_assert_nonnull (muster_entity_get_string (devices->pdata[0], "secret"));
  tear_down (&fixture);
}

/* A text from outside that no such field could hold. */
static void
test_impossible_value_matches_nothing (void)
{
  static const char *const conditions[][2] = {
    { "serial", "" },
    { "mac", "none" },
    { "serial", "a serial number of more characters than any serial number may have here" },
    { "revision.min", "two" },
    { "created_at.max", "tomorrow" },
  };
  Fixture fixture;

  set_up (&fixture);
  insert_examples (&fixture);
  for (size_t i = 0; i < G_N_ELEMENTS (conditions); i++)
    {
      g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
      g_autofree char *text = NULL;

      muster_query_where (query, conditions[i][0], conditions[i][1]);
      text = muster_test_await_text (muster_repository_list_ids (fixture.repository, query));
      g_assert_cmpstr (text, ==, "{\"ids\":[],\"total\":0}");
    }
  tear_down (&fixture);
}

/* "total" of the list that QUERY asks for. */
static gint64
list_total (Fixture *fixture, const MusterEntityInfo *info, const char *params)
{
  g_autoptr (JsonObject) answer = list_kind (fixture, info, params, FALSE);

  return json_object_get_int_member (answer, "total");
}

/* Readers keep counts: every way to change how many there are must be noticed. */
static void
test_totals_follow_changes (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) lamp = NULL;
  g_autoptr (MusterEntity) fan = NULL;
  g_autoptr (MusterEntity) metric = muster_entity_new (&muster_metric_info);
  g_autoptr (MusterEntity) stored = NULL;

  set_up (&fixture);
  for (unsigned i = 0; i < 4; i++)
    g_assert_cmpint (list_total (&fixture, &muster_device_info, "status=in_stock"), ==, 0);
  lamp = insert_device (&fixture, "Lamp", "L-1");
  fan = insert_device (&fixture, "Fan", "F-1");
  muster_entity_set_string (metric, "device_id", muster_entity_get_id (lamp));
  muster_entity_set_string (metric, "name", "power");
  stored = muster_test_await_object (
    muster_repository_insert (fixture.repository, fixture.actor, NULL, metric));
  for (unsigned i = 0; i < 4; i++)
    {
      g_assert_cmpint (list_total (&fixture, &muster_device_info, "status=in_stock"), ==, 2);
      g_assert_cmpint (list_total (&fixture, &muster_device_info, "status=in_stock&q=fan"), ==, 1);
      g_assert_cmpint (list_total (&fixture, &muster_metric_info, ""), ==, 1);
    }
  muster_entity_set_enum (fan, "status", MUSTER_DEVICE_STATUS_DEFECTIVE);
  g_object_unref (muster_test_await_object (
    muster_repository_update (fixture.repository, fixture.actor, NULL, fan, 0)));
  g_assert_cmpint (list_total (&fixture, &muster_device_info, "status=in_stock"), ==, 1);
  muster_test_await (muster_repository_delete (fixture.repository, fixture.actor, NULL,
                                               &muster_device_info, muster_entity_get_id (lamp),
                                               0));
  for (unsigned i = 0; i < 4; i++)
    {
      g_assert_cmpint (list_total (&fixture, &muster_device_info, "status=in_stock"), ==, 0);
      g_assert_cmpint (list_total (&fixture, &muster_metric_info, ""), ==, 0);
    }
  muster_test_await (muster_journal_undo (fixture.database, fixture.actor,
                                          muster_database_get_sequence (fixture.database)));
  for (unsigned i = 0; i < 4; i++)
    {
      g_assert_cmpint (list_total (&fixture, &muster_device_info, "status=in_stock"), ==, 1);
      g_assert_cmpint (list_total (&fixture, &muster_metric_info, ""), ==, 1);
    }
  tear_down (&fixture);
}

static void
check_names (Fixture *fixture, const char *params, const char *expected)
{
  g_autofree char *names = list_names (fixture, params);

  g_assert_cmpstr (names, ==, expected);
}

/* A page is the same whichever way it is found. */
static void
test_pages_of_few_and_of_many (void)
{
  Fixture fixture;

  set_up (&fixture);
  for (unsigned i = 0; i < 60; i++)
    {
      g_autofree char *name = g_strdup_printf ("Lamp %02u", i * 37 % 60);
      g_autoptr (MusterEntity) device = insert_device (&fixture, name, NULL);

      if (i % 10 == 0)
        {
          muster_entity_set_enum (device, "status", MUSTER_DEVICE_STATUS_DEFECTIVE);
          g_object_unref (muster_test_await_object (
            muster_repository_update (fixture.repository, fixture.actor, NULL, device, 0)));
        }
    }
  check_names (&fixture, "status=defective&sort=name&limit=4", "Lamp 00 Lamp 10 Lamp 20 Lamp 30");
  check_names (&fixture, "status=in_stock&sort=-name&limit=4", "Lamp 59 Lamp 58 Lamp 57 Lamp 56");
  check_names (&fixture, "status=in_stock,defective&sort=name&limit=3", "Lamp 00 Lamp 01 Lamp 02");
  tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/repository/insert-and-get", test_insert_and_get);
  muster_test_add_fiber ("/repository/cache", test_cache);
  muster_test_add_fiber ("/repository/overtaken-read", test_read_overtaken_by_write_is_not_kept);
  muster_test_add_fiber ("/repository/patch", test_patch);
  muster_test_add_fiber ("/repository/delete", test_delete);
  muster_test_add_fiber ("/repository/unique", test_unique_names_the_field);
  muster_test_add_fiber ("/repository/list", test_list);
  muster_test_add_fiber ("/repository/list-answer", test_list_answer);
  muster_test_add_fiber ("/repository/impossible-value", test_impossible_value_matches_nothing);
  muster_test_add_fiber ("/repository/paging", test_paging);
  muster_test_add_fiber ("/repository/totals-follow-changes", test_totals_follow_changes);
  muster_test_add_fiber ("/repository/pages-of-few-and-of-many", test_pages_of_few_and_of_many);
  muster_test_add_fiber ("/repository/select", test_select);
  return g_test_run ();
}
