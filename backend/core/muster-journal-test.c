/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-device-account.h"
#include "model/muster-device-command.h"
#include "model/muster-device-event.h"
#include "model/muster-device-group-member.h"
#include "model/muster-device-group.h"
#include "model/muster-device.h"
#include "model/muster-metric.h"
#include "muster-core-test-util.h"
#include "muster-journal.h"
#include "muster-repository.h"

#define SECRET "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345"
#define HASH "$7$101$cGVwcGVy$c2VjcmV0"

typedef struct
{
  MusterTestDir    *dir;
  MusterClock      *clock;
  MusterBus        *bus;
  MusterDatabase   *database;
  MusterRepository *repository;
  MusterActor      *actor;
  GString          *stream; /* every journal event as the live stream sends it */
} Fixture;

static void
stream_cb (MusterEvent *event, gpointer user_data)
{
  GString *stream = user_data;

  g_assert_true (muster_event_encode (event, NULL, stream));
  g_string_append_c (stream, '\n');
}

static void
set_up (Fixture *fixture)
{
  fixture->dir = muster_test_dir_new ();
  fixture->clock = muster_manual_clock_new (G_GINT64_CONSTANT (1767225600123456));
  fixture->bus = muster_bus_new ();
  fixture->stream = g_string_new (NULL);
  muster_bus_subscribe (fixture->bus, MUSTER_TOPIC_JOURNAL, NULL, stream_cb, fixture->stream);
  fixture->database = muster_test_database_new (fixture->dir, fixture->clock, fixture->bus);
  fixture->repository = muster_repository_new (fixture->database);
  fixture->actor = muster_actor_new (MUSTER_ACTOR_LOCAL, "alice", NULL, 0);
}

static void
tear_down (Fixture *fixture)
{
  g_assert_finalize_object (fixture->repository);
  muster_test_database_free (fixture->database);
  g_object_unref (fixture->bus);
  g_object_unref (fixture->clock);
  muster_actor_unref (fixture->actor);
  g_string_free (fixture->stream, TRUE);
  muster_test_dir_free (fixture->dir);
}

static MusterEntity *
insert (Fixture *fixture, MusterEntity *entity)
{
  g_autoptr (MusterEntity) given = entity;

  return muster_test_await_object (
    muster_repository_insert (fixture->repository, fixture->actor, NULL, given));
}

static MusterEntity *
insert_device (Fixture *fixture, const char *name)
{
  MusterEntity *device = muster_entity_new (&muster_device_info);

  muster_entity_set_string (device, "name", name);
  muster_entity_set_string (device, "secret", SECRET);
  muster_entity_set_string (device, "address", "192.0.2.7:80");
  return insert (fixture, device);
}

static void
update (Fixture *fixture, MusterEntity *entity, const char *field, const char *value)
{
  muster_entity_set_string (entity, field, value);
  muster_test_await (
    muster_repository_update (fixture->repository, fixture->actor, NULL, entity, 0));
}

static MusterEntity *
reload (Fixture *fixture, MusterEntity *entity)
{
  return muster_test_await_object (muster_repository_get (fixture->repository,
                                                          muster_entity_get_info (entity),
                                                          muster_entity_get_id (entity)));
}

static gint64
undo (Fixture *fixture, gint64 sequence)
{
  g_autoptr (GError) error = NULL;
  gint64 undoing =
    dex_await_int64 (muster_journal_undo (fixture->database, fixture->actor, sequence), &error);

  g_assert_no_error (error);
  return undoing;
}

/* Asserts that SEQUENCE cannot be undone, for BLOCKERS ("3 4") or, where these are NULL, for
 * another reason: (transfer full). */
static char *
undo_refused (Fixture *fixture, gint64 sequence, const char *blockers)
{
  g_autoptr (GError) error = muster_test_await_error (muster_journal_undo (fixture->database,
                                                                          fixture->actor, sequence),
                                                     MUSTER_ERROR_CONFLICT);

  if (blockers != NULL)
    {
      g_autofree char *names = g_strjoinv (" ", (char **)muster_error_get_blockers (error));

      g_assert_cmpstr (names, ==, blockers);
    }
  else
    g_assert_null (muster_error_get_blockers (error));
  return g_strdup (error->message);
}

static JsonArray *
list (Fixture    *fixture,
      const char *entity,
      const char *id,
      gint64      before,
      gint64      after,
      unsigned    limit,
      gint64     *next)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
              dex_await_boxed (muster_journal_list_json (fixture->database, entity, id, NULL,
                                                         before, after, limit, 0),
                               &error);
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_assert_no_error (error);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_null (strstr (text, SECRET));
  g_assert_null (strstr (text, HASH));
  node = json_from_string (text, &error);
  g_assert_no_error (error);
  *next = json_object_get_int_member_with_default (json_node_get_object (node), "next", 0);
  return json_array_ref (json_object_get_array_member (json_node_get_object (node), "items"));
}

/* The sequence numbers of a list: "3 2 1 >1", the last one being that of the next page. */
static char *
list_sequences (Fixture    *fixture,
                const char *entity,
                const char *id,
                gint64      before,
                gint64      after,
                unsigned    limit)
{
  gint64 next;
  g_autoptr (JsonArray) items = list (fixture, entity, id, before, after, limit, &next);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (items); i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                            json_object_get_int_member (json_array_get_object_element (items, i),
                                                        "sequence"));
  if (next > 0)
    g_string_append_printf (text, " >%" G_GINT64_FORMAT, next);
  return g_string_free_and_steal (text);
}

static void
test_entry (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (JsonArray) items = NULL;
  JsonObject *entry = NULL, *before = NULL, *after = NULL;
  gint64      next;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp");
  muster_entity_set_string (device, "name", "Lantern");
  muster_test_await (
    muster_repository_update (fixture.repository, fixture.actor, "Rename the lamp", device, 1));
  items = list (&fixture, NULL, NULL, 0, -1, 10, &next);
  g_assert_cmpuint (json_array_get_length (items), ==, 2);

  entry = json_array_get_object_element (items, 0);
  g_assert_cmpint (json_object_get_int_member (entry, "sequence"), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (entry, "at"), ==, "2026-01-01T00:00:00.123Z");
  g_assert_cmpstr (json_object_get_string_member (entry, "actor"), ==, "local:alice");
  g_assert_cmpstr (json_object_get_string_member (entry, "summary"), ==, "Rename the lamp");
  g_assert_cmpstr (json_object_get_string_member (entry, "entity"), ==, "device");
  g_assert_cmpstr (json_object_get_string_member (entry, "entity_id"), ==,
                   muster_entity_get_id (device));
  g_assert_cmpstr (json_object_get_string_member (entry, "title"), ==, "Lantern");
  g_assert_cmpstr (json_object_get_string_member (entry, "action"), ==, "update");
  g_assert_cmpstr (json_object_get_string_member (entry, "origin"), ==,
                   muster_database_get_origin (fixture.database));
  g_assert_true (json_object_get_null_member (entry, "undoes"));
  g_assert_true (json_object_get_null_member (entry, "undone_by"));
  g_assert_true (json_object_get_null_member (entry, "final"));
  g_assert_cmpint (json_object_get_int_member (entry, "hlc") >> 16, ==,
                   G_GINT64_CONSTANT (1767225600123));
  before = json_object_get_object_member (entry, "before");
  after = json_object_get_object_member (entry, "after");
  g_assert_cmpuint (json_object_get_size (before), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (before, "name"), ==, "Lamp");
  g_assert_cmpuint (json_object_get_size (after), ==, 3);
  g_assert_cmpstr (json_object_get_string_member (after, "name"), ==, "Lantern");
  g_assert_cmpint (json_object_get_int_member (after, "revision"), ==, 2);

  entry = json_array_get_object_element (items, 1);
  g_assert_cmpstr (json_object_get_string_member (entry, "summary"), ==, "Add device Lamp");
  g_assert_cmpstr (json_object_get_string_member (entry, "action"), ==, "insert");
  g_assert_true (json_object_get_null_member (entry, "before"));
  after = json_object_get_object_member (entry, "after");
  g_assert_false (json_object_has_member (after, "secret"));
  /* Live state is no decision. */
  g_assert_false (json_object_has_member (after, "address"));
  tear_down (&fixture);
}

static void
test_list (void)
{
  static const struct
  {
    const char *entity;
    gboolean    of_first;
    gint64      before, after;
    unsigned    limit;
    const char *sequences;
  } cases[] = {
    { NULL, FALSE, 0, -1, 10, "5 4 3 2 1" },
    { NULL, FALSE, 0, -1, 2, "5 4 >4" },
    { NULL, FALSE, 4, -1, 2, "3 2 >2" },
    { NULL, FALSE, 2, -1, 2, "1" },
    { NULL, FALSE, 0, 0, 3, "1 2 3 >3" },
    { NULL, FALSE, 0, 3, 3, "4 5" },
    { NULL, FALSE, 0, 5, 3, "" },
    { "device_group", FALSE, 0, -1, 10, "3" },
    { "device", TRUE, 0, -1, 10, "5 1" },
    { NULL, TRUE, 0, 1, 10, "5" },
    { "unicorn", FALSE, 0, -1, 10, "" },
  };
  Fixture fixture;
  g_autoptr (MusterEntity) first = NULL, second = NULL, group = NULL, last = NULL;

  set_up (&fixture);
  first = insert_device (&fixture, "Lamp");
  second = insert_device (&fixture, "Plug");
  group = muster_entity_new (&muster_device_group_info);
  muster_entity_set_string (group, "name", "Lights");
  last = insert (&fixture, g_object_ref (group));
  update (&fixture, second, "notes", "hot");
  update (&fixture, first, "notes", "bright");
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sequences =
        list_sequences (&fixture, cases[i].entity,
                        cases[i].of_first ? muster_entity_get_id (first) : NULL, cases[i].before,
                        cases[i].after, cases[i].limit);

      g_assert_cmpstr (sequences, ==, cases[i].sequences);
    }
  tear_down (&fixture);
}

static void
test_replay (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) first = NULL, second = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GString) replayed = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  set_up (&fixture);
  first = insert_device (&fixture, "Lamp");
  second = insert_device (&fixture, "Plug");
  update (&fixture, first, "notes", "bright");
  entries = dex_await_boxed (muster_journal_replay (fixture.database, 0, 100), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 3);
  for (guint i = 0; i < entries->len; i++)
    {
      muster_journal_entry_encode (entries->pdata[i], replayed);
      g_string_append_c (replayed, '\n');
    }
  /* Whoever resumes gets what those got who listened. */
  g_assert_cmpstr (replayed->str, ==, fixture.stream->str);
  g_assert_cmpstr (
    json_object_get_string_member (muster_journal_entry_get_after (entries->pdata[2]), "notes"), ==,
    "bright");
  g_assert_null (muster_journal_entry_get_before (entries->pdata[0]));
  g_assert_cmpint (muster_journal_entry_get_action (entries->pdata[2]), ==, MUSTER_JOURNAL_UPDATE);
  g_clear_pointer (&entries, g_ptr_array_unref);
  entries = dex_await_boxed (muster_journal_replay (fixture.database, 1, 1), &error);
  g_assert_cmpuint (entries->len, ==, 1);
  g_assert_cmpint (muster_journal_entry_get_sequence (entries->pdata[0]), ==, 2);
  tear_down (&fixture);
}

static void
test_undo_update (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL, undone = NULL, redone = NULL;
  g_autoptr (JsonArray) items = NULL;
  JsonObject *entry = NULL;
  gint64      next;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp");
  update (&fixture, device, "name", "Lantern");
  g_assert_cmpint (undo (&fixture, 2), ==, 3);
  undone = reload (&fixture, device);
  g_assert_cmpstr (muster_entity_get_string (undone, "name"), ==, "Lamp");
  g_assert_cmpint (muster_entity_get_revision (undone), ==, 3);
  items = list (&fixture, NULL, NULL, 0, -1, 10, &next);
  entry = json_array_get_object_element (items, 0);
  g_assert_cmpint (json_object_get_int_member (entry, "undoes"), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (entry, "summary"), ==,
                   "Undo: Change device Lantern");
  entry = json_array_get_object_element (items, 1);
  g_assert_cmpint (json_object_get_int_member (entry, "undone_by"), ==, 3);

  /* Undoing the undoing brings it back, and then it counts as not undone. */
  g_assert_cmpint (undo (&fixture, 3), ==, 4);
  redone = reload (&fixture, device);
  g_assert_cmpstr (muster_entity_get_string (redone, "name"), ==, "Lantern");
  g_clear_pointer (&items, json_array_unref);
  items = list (&fixture, NULL, NULL, 0, -1, 10, &next);
  g_assert_true (
    json_object_get_null_member (json_array_get_object_element (items, 2), "undone_by"));
  tear_down (&fixture);
}

static void
test_undo_secret (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL, undone = NULL;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp");
  update (&fixture, device, "secret", NULL);
  undo (&fixture, 2);
  undone = reload (&fixture, device);
  g_assert_cmpstr (muster_entity_get_string (undone, "secret"), ==, SECRET);
  g_assert_null (strstr (fixture.stream->str, SECRET));
  g_assert_null (strstr (fixture.stream->str, "\"secret\""));
  tear_down (&fixture);
}

/* Back to nothing, and out of a state that no step leads out of. */
static void
test_undo_to_null_and_out_of_end_state (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) plain = muster_entity_new (&muster_device_info);
  g_autoptr (MusterEntity) device = NULL, undone = NULL;

  set_up (&fixture);
  muster_entity_set_string (plain, "name", "Lamp");
  device = insert (&fixture, g_object_ref (plain));
  update (&fixture, device, "secret", SECRET);
  update (&fixture, device, "notes", "by the door");
  update (&fixture, device, "status", "retired");
  undo (&fixture, 4);
  undo (&fixture, 3);
  undo (&fixture, 2);
  undone = reload (&fixture, device);
  g_assert_true (muster_entity_is_null (undone, "secret"));
  g_assert_true (muster_entity_is_null (undone, "notes"));
  g_assert_cmpstr (muster_entity_get_string (undone, "status"), ==, "in_stock");
  tear_down (&fixture);
}

static void
test_undo_insert_and_delete (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL, back = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp");
  undo (&fixture, 1);
  error = muster_test_await_error (muster_repository_get (fixture.repository, &muster_device_info,
                                                          muster_entity_get_id (device)),
                                   MUSTER_ERROR_NOT_FOUND);
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (fixture.clock), G_USEC_PER_SEC);
  undo (&fixture, 2);
  back = reload (&fixture, device);
  g_assert_cmpstr (muster_entity_get_id (back), ==, muster_entity_get_id (device));
  g_assert_cmpstr (muster_entity_get_string (back, "secret"), ==, SECRET);
  g_assert_cmpint (muster_entity_get_integer (back, "created_at"), ==,
                   muster_entity_get_integer (device, "created_at"));
  /* An ETag never comes twice. */
  g_assert_cmpint (muster_entity_get_revision (back), ==, 2);
  tear_down (&fixture);
}

static void
test_undo_delete_with_all_that_hung_on_it (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL, back = NULL, metric = NULL, group = NULL, member = NULL,
                          account = NULL, event = NULL, one = NULL;
  g_autoptr (GError) error = NULL;
  gint64 last;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp");
  one = muster_entity_new (&muster_metric_info);
  muster_entity_set_string (one, "device_id", muster_entity_get_id (device));
  muster_entity_set_string (one, "name", "brightness");
  metric = insert (&fixture, g_steal_pointer (&one));
  one = muster_entity_new (&muster_device_group_info);
  muster_entity_set_string (one, "name", "Lights");
  group = insert (&fixture, g_steal_pointer (&one));
  one = muster_entity_new (&muster_device_group_member_info);
  muster_entity_set_string (one, "device_id", muster_entity_get_id (device));
  muster_entity_set_string (one, "group_id", muster_entity_get_id (group));
  member = insert (&fixture, g_steal_pointer (&one));
  one = muster_entity_new (&muster_device_account_info);
  muster_entity_set_string (one, "device_id", muster_entity_get_id (device));
  muster_entity_set_string (one, "username", "lamp");
  muster_entity_set_string (one, "password_hash", HASH);
  muster_entity_set_string (one, "group_id", "site");
  account = insert (&fixture, g_steal_pointer (&one));
  one = muster_entity_new (&muster_device_event_info);
  muster_entity_set_string (one, "device_id", muster_entity_get_id (device));
  muster_entity_set_string (one, "kind", "birth");
  event = insert (&fixture, g_steal_pointer (&one));

  muster_test_await (muster_repository_delete (fixture.repository, fixture.actor, "Delete the lamp",
                                               &muster_device_info, muster_entity_get_id (device),
                                               0));
  error = muster_test_await_error (muster_repository_get (fixture.repository, &muster_metric_info,
                                                          muster_entity_get_id (metric)),
                                   MUSTER_ERROR_NOT_FOUND);
  g_clear_error (&error);
  error =
    muster_test_await_error (muster_repository_get (fixture.repository, &muster_device_account_info,
                                                    muster_entity_get_id (account)),
                             MUSTER_ERROR_NOT_FOUND);
  /* What happened has happened. */
  back = reload (&fixture, event);
  g_clear_object (&back);

  last = muster_database_get_sequence (fixture.database);
  undo (&fixture, last);
  back = reload (&fixture, metric);
  g_assert_cmpstr (muster_entity_get_string (back, "name"), ==, "brightness");
  g_clear_object (&back);
  back = reload (&fixture, account);
  g_assert_cmpstr (muster_entity_get_string (back, "password_hash"), ==, HASH);
  g_clear_object (&back);
  back = reload (&fixture, member);
  g_clear_object (&back);
  back = reload (&fixture, device);
  g_assert_null (strstr (fixture.stream->str, HASH));
  tear_down (&fixture);
}

static void
test_undo_refused_by_later_changes (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL, undone = NULL;
  g_autofree char *message = NULL;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp");         /* 1 */
  update (&fixture, device, "name", "Lantern");      /* 2 */
  update (&fixture, device, "notes", "by the door"); /* 3 */
  update (&fixture, device, "name", "Torch");        /* 4 */
  message = undo_refused (&fixture, 2, "4");
  g_assert_nonnull (strstr (message, "later changes stand on it"));
  g_free (g_steal_pointer (&message));
  message = undo_refused (&fixture, 1, "4 3 2");
  /* Nothing later touched the notes. */
  undo (&fixture, 3);
  /* Step after step back: what was undone and its undoing cancel each other out. */
  undo (&fixture, 4);
  undo (&fixture, 2);
  undone = reload (&fixture, device);
  g_assert_cmpstr (muster_entity_get_string (undone, "name"), ==, "Lamp");
  undo (&fixture, 1);
  tear_down (&fixture);
}

static void
test_undo_refused_twice (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (GError) error = NULL;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp");
  update (&fixture, device, "name", "Lantern");
  undo (&fixture, 2);
  g_free (undo_refused (&fixture, 2, "3"));
  error = muster_test_await_error (muster_journal_undo (fixture.database, fixture.actor, 999),
                                   MUSTER_ERROR_NOT_FOUND);
  tear_down (&fixture);
}

static void
test_undo_refused_by_referrer (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL, metric = NULL;
  MusterEntity *one = NULL;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp");
  one = muster_entity_new (&muster_metric_info);
  muster_entity_set_string (one, "device_id", muster_entity_get_id (device));
  muster_entity_set_string (one, "name", "brightness");
  metric = insert (&fixture, one);
  g_free (undo_refused (&fixture, 1, "2"));
  undo (&fixture, 2);
  undo (&fixture, 1);
  tear_down (&fixture);
}

/* What the daemon notes of a device is no reason to keep it; what a person makes of that is. */
static void
test_undo_over_what_the_daemon_noted (void)
{
  Fixture fixture;
  g_autoptr (MusterActor) person = NULL;
  g_autoptr (MusterEntity) device = NULL, metric = NULL, back = NULL;
  MusterEntity *one = NULL;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp");
  person = g_steal_pointer (&fixture.actor);
  fixture.actor = muster_actor_new_system ("messaging");
  one = muster_entity_new (&muster_metric_info);
  muster_entity_set_string (one, "device_id", muster_entity_get_id (device));
  muster_entity_set_string (one, "name", "brightness");
  metric = insert (&fixture, one);
  update (&fixture, device, "firmware_version", "1.1");
  muster_actor_unref (fixture.actor);
  fixture.actor = g_steal_pointer (&person);
  undo (&fixture, 1);
  /* And it comes back with the device. */
  undo (&fixture, 4);
  back = reload (&fixture, metric);
  update (&fixture, back, "unit", "lx");
  g_free (undo_refused (&fixture, 1, "8"));
  tear_down (&fixture);
}

static void
test_undo_refused_by_missing_target (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL, metric = NULL, back = NULL;
  MusterEntity *one = NULL;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp");
  one = muster_entity_new (&muster_metric_info);
  muster_entity_set_string (one, "device_id", muster_entity_get_id (device));
  muster_entity_set_string (one, "name", "brightness");
  metric = insert (&fixture, one);
  muster_test_await (muster_repository_delete (fixture.repository, fixture.actor, NULL,
                                               &muster_metric_info, muster_entity_get_id (metric),
                                               0));
  muster_test_await (muster_repository_delete (fixture.repository, fixture.actor, NULL,
                                               &muster_device_info, muster_entity_get_id (device),
                                               0));
  g_free (undo_refused (&fixture, 3, "4"));
  undo (&fixture, 4);
  undo (&fixture, 3);
  back = reload (&fixture, metric);
  tear_down (&fixture);
}

static void
test_undo_refused_by_another_holder (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) first = NULL, second = NULL;
  g_autofree char *message = NULL;

  set_up (&fixture);
  first = insert_device (&fixture, "Lamp");
  update (&fixture, first, "serial", "L-1");
  update (&fixture, first, "serial", NULL); /* 3 */
  second = insert_device (&fixture, "Plug");
  update (&fixture, second, "serial", "L-1");
  message = undo_refused (&fixture, 3, NULL);
  g_assert_cmpstr (message, ==, "/serial: another device has this value already");
  tear_down (&fixture);
}

static gboolean
adopt_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterEntity *device = data;
  g_autoptr (MusterEntity) metric = muster_entity_new (&muster_metric_info);

  muster_entity_set_string (device, "adoption", "adopted");
  muster_entity_set_string (metric, "device_id", muster_entity_get_id (device));
  muster_entity_set_string (metric, "name", "brightness");
  if (!muster_transaction_update (transaction, device, 0, error) ||
      !muster_transaction_insert (transaction, metric, error))
    return FALSE;
  muster_entity_set_string (device, "status", "deployed");
  return muster_transaction_update (transaction, device, 0, error);
}

static gboolean
release_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterEntity *device = data;

  muster_transaction_set_final (transaction, "the device has forgotten its credentials");
  muster_entity_set_string (device, "adoption", "released");
  return muster_transaction_update (transaction, device, 0, error);
}

static void
test_undo_whole_operation (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL, undone = NULL;
  g_autofree char *sequences = NULL;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp");
  muster_test_await (muster_database_write (fixture.database, fixture.actor, "Adopt the lamp",
                                            adopt_job, device, NULL));
  /* Three changes; any of them stands for all. */
  undo (&fixture, 3);
  undone = reload (&fixture, device);
  g_assert_cmpstr (muster_entity_get_string (undone, "adoption"), ==, "none");
  g_assert_cmpstr (muster_entity_get_string (undone, "status"), ==, "in_stock");
  sequences = list_sequences (&fixture, "metric", NULL, 0, -1, 10);
  g_assert_cmpstr (sequences, ==, "6 3");
  tear_down (&fixture);
}

static void
test_undo_refused_when_final (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL, command = NULL;
  g_autoptr (JsonArray) items = NULL;
  g_autofree char *message = NULL;
  MusterEntity    *one = NULL;
  gint64           next;

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp");
  muster_test_await (muster_database_write (fixture.database, fixture.actor, "Release the lamp",
                                            release_job, device, NULL));
  message = undo_refused (&fixture, 2, NULL);
  g_assert_cmpstr (message, ==,
                   "“Release the lamp” cannot be undone: the device has forgotten its credentials");
  items = list (&fixture, NULL, NULL, 0, -1, 1, &next);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (items, 0),
                                                  "final"),
                   ==, "the device has forgotten its credentials");

  one = muster_entity_new (&muster_device_command_info);
  muster_entity_set_string (one, "device_id", muster_entity_get_id (device));
  muster_entity_set_string (one, "kind", "reboot");
  command = insert (&fixture, one);
  g_free (undo_refused (&fixture, 3, NULL));
  tear_down (&fixture);
}

static void
test_unjournalled (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) device = NULL, event = NULL;
  MusterEntity *one = muster_entity_new (&muster_device_event_info);

  set_up (&fixture);
  device = insert_device (&fixture, "Lamp");
  muster_entity_set_string (one, "device_id", muster_entity_get_id (device));
  muster_entity_set_string (one, "kind", "birth");
  event = insert (&fixture, one);
  g_assert_cmpint (muster_database_get_sequence (fixture.database), ==, 1);
  /* Nor is a change of nothing. */
  muster_test_await (muster_repository_update (fixture.repository, fixture.actor, NULL, device, 1));
  g_assert_cmpint (muster_database_get_sequence (fixture.database), ==, 1);
  tear_down (&fixture);
}

static void
test_missing_reference (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) metric = muster_entity_new (&muster_metric_info);
  g_autoptr (GError) error = NULL;

  set_up (&fixture);
  muster_entity_set_string (metric, "device_id", "01890000-0000-7000-8000-000000000000");
  muster_entity_set_string (metric, "name", "brightness");
  error = muster_test_await_error (muster_repository_insert (fixture.repository, fixture.actor,
                                                             NULL, metric),
                                   MUSTER_ERROR_INVALID);
  g_assert_cmpstr (((MusterFieldError *)muster_error_get_fields (error)->pdata[0])->pointer, ==,
                   "/device_id");
  tear_down (&fixture);
}

static void
test_stamps_survive_restart (void)
{
  Fixture fixture;
  g_autoptr (MusterEntity) first = NULL, second = NULL;
  g_autoptr (JsonArray) items = NULL;
  gint64 next;

  set_up (&fixture);
  first = insert_device (&fixture, "Lamp");
  muster_test_await (muster_service_stop (MUSTER_SERVICE (fixture.database)));
  g_clear_object (&fixture.repository);
  g_assert_finalize_object (fixture.database);
  /* The clock goes back while the service is down. */
  muster_manual_clock_set_now (MUSTER_MANUAL_CLOCK (fixture.clock),
                               G_GINT64_CONSTANT (1767220000000000));
  fixture.database = muster_test_database_new (fixture.dir, fixture.clock, fixture.bus);
  fixture.repository = muster_repository_new (fixture.database);
  second = insert_device (&fixture, "Plug");
  items = list (&fixture, NULL, NULL, 0, -1, 10, &next);
  g_assert_cmpint (json_object_get_int_member (json_array_get_object_element (items, 0), "hlc"), >,
                   json_object_get_int_member (json_array_get_object_element (items, 1), "hlc"));
  tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/journal/entry", test_entry);
  muster_test_add_fiber ("/journal/list", test_list);
  muster_test_add_fiber ("/journal/replay", test_replay);
  muster_test_add_fiber ("/journal/unjournalled", test_unjournalled);
  muster_test_add_fiber ("/journal/missing-reference", test_missing_reference);
  muster_test_add_fiber ("/journal/stamps-survive-restart", test_stamps_survive_restart);
  muster_test_add_fiber ("/undo/update", test_undo_update);
  muster_test_add_fiber ("/undo/secret", test_undo_secret);
  muster_test_add_fiber ("/undo/to-null", test_undo_to_null_and_out_of_end_state);
  muster_test_add_fiber ("/undo/insert-and-delete", test_undo_insert_and_delete);
  muster_test_add_fiber ("/undo/delete-with-referrers", test_undo_delete_with_all_that_hung_on_it);
  muster_test_add_fiber ("/undo/whole-operation", test_undo_whole_operation);
  muster_test_add_fiber ("/undo/refused/later-changes", test_undo_refused_by_later_changes);
  muster_test_add_fiber ("/undo/refused/twice", test_undo_refused_twice);
  muster_test_add_fiber ("/undo/refused/referrer", test_undo_refused_by_referrer);
  muster_test_add_fiber ("/undo/noted-by-the-daemon", test_undo_over_what_the_daemon_noted);
  muster_test_add_fiber ("/undo/refused/missing-target", test_undo_refused_by_missing_target);
  muster_test_add_fiber ("/undo/refused/another-holder", test_undo_refused_by_another_holder);
  muster_test_add_fiber ("/undo/refused/final", test_undo_refused_when_final);
  return g_test_run ();
}
