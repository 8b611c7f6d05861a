/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-device.h"
#include "model/muster-location.h"
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

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->dir = muster_test_dir_new ();
  self->database = muster_test_database_new (self->dir, NULL, NULL);
  self->repository = muster_repository_new (self->database);
  self->actor = muster_actor_new (MUSTER_ACTOR_LOCAL, "alice", NULL, 0);
  return self;
}

static void
fixture_free (Fixture *self)
{
  g_assert_finalize_object (self->repository);
  muster_test_database_free (self->database);
  muster_actor_unref (self->actor);
  muster_test_dir_free (self->dir);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
become (Fixture *self, MusterActor *actor)
{
  muster_actor_unref (self->actor);
  self->actor = actor;
}

static DexFuture *
submit (Fixture *self, MusterDatabaseFunc job, gpointer data)
{
  return muster_database_write (self->database, self->actor, NULL, job, data, NULL);
}

static MusterEntity *
insert (Fixture *self, MusterEntity *entity)
{
  g_autoptr (MusterEntity) given = entity;

  return muster_test_await_object (
    muster_repository_insert (self->repository, self->actor, NULL, given));
}

static MusterEntity *
insert_device (Fixture *self, const char *name, const char *place_id)
{
  MusterEntity *device = muster_entity_new (&muster_device_info);

  muster_entity_set_string (device, "name", name);
  muster_entity_set_string (device, "location_id", place_id);
  return insert (self, device);
}

static MusterEntity *
insert_metric (Fixture *self, const char *device_id, const char *name)
{
  MusterEntity *metric = muster_entity_new (&muster_metric_info);

  muster_entity_set_string (metric, "device_id", device_id);
  muster_entity_set_string (metric, "name", name);
  return insert (self, metric);
}

static MusterEntity *
make_place (void)
{
  MusterEntity *place = muster_entity_new (&muster_location_info);

  muster_entity_set_string (place, "name", "Rack");
  muster_entity_set_string (place, "path", "Rack");
  return place;
}

static DexFuture *
update (Fixture *self, MusterEntity *entity, const char *field, const char *value)
{
  muster_entity_set_string (entity, field, value);
  return muster_repository_update (self->repository, self->actor, NULL, entity, 0);
}

static DexFuture *delete (Fixture *self, const MusterEntityInfo *info, const char *id)
{
  return muster_repository_delete (self->repository, self->actor, NULL, info, id, 0);
}

static gint64
undo (Fixture *self, gint64 sequence)
{
  g_autoptr (GError) error = NULL;
  gint64 undoing =
    dex_await_int64 (muster_journal_undo (self->database, self->actor, sequence), &error);

  g_assert_no_error (error);
  return undoing;
}

/* Asserts that BLOCKER alone stands in the way. */
static void
undo_refused (Fixture *self, gint64 sequence, gint64 blocker)
{
  g_autoptr (GError) error =
              muster_test_await_error (muster_journal_undo (self->database, self->actor, sequence),
                                       MUSTER_ERROR_CONFLICT);
  g_autofree char *names = g_strjoinv (" ", (char **)muster_error_get_blockers (error));
  g_autofree char *expected = g_strdup_printf ("%" G_GINT64_FORMAT, blocker);

  g_assert_cmpstr (names, ==, expected);
}

static JsonNode *
parse (char *text)
{
  g_autofree char *given = text;

  return json_from_string (given, NULL);
}

/* What the operation of entry SEQUENCE says took it back; 0 for nothing. */
static gint64
get_undone_by (Fixture *self, gint64 sequence)
{
  g_autoptr (JsonNode) node = parse (
    muster_test_await_text (muster_journal_get_operation (self->database, sequence, 0)));

  return json_object_get_int_member_with_default (json_node_get_object (node), "undone_by", 0);
}

/* "1:yes 2:no", of the entries of the operation that entry SEQUENCE belongs to, oldest first. */
static char *
list_verdicts (Fixture *self, gint64 sequence)
{
  g_autoptr (JsonNode) one = parse (
    muster_test_await_text (muster_journal_get_operation (self->database, sequence, 0)));
  const char *operation = json_object_get_string_member (json_node_get_object (one), "operation");
  g_autoptr (JsonNode) node = parse (muster_test_await_text (
    muster_journal_list_json (self->database, NULL, NULL, operation, 0, 0, 10, 0)));
  JsonArray *items = json_object_get_array_member (json_node_get_object (node), "items");
  GString   *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject *entry = json_array_get_object_element (items, i);
      gboolean    undoable = json_object_get_boolean_member (entry, "undoable");

      g_assert_true (undoable == json_object_get_null_member (entry, "reason"));
      g_string_append_printf (text, "%s%" G_GINT64_FORMAT ":%s", i > 0 ? " " : "",
                              json_object_get_int_member (entry, "sequence"),
                              undoable ? "yes" : "no");
    }
  return g_string_free_and_steal (text);
}

/* --- tests --- */

static void
test_of_undoing (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) device = insert_device (self, "Lamp", NULL);
  g_autoptr (MusterEntity) now = NULL;

  muster_test_await (update (self, device, "name", "Lantern"));
  undo (self, 2);
  undo (self, 3);
  undo (self, 2);
  undo (self, 5);
  g_assert_cmpint (get_undone_by (self, 2), ==, 0);
  /* The first undoing counts again. */
  g_assert_cmpint (undo (self, 4), ==, 7);
  g_assert_cmpint (get_undone_by (self, 2), ==, 3);
  g_assert_cmpint (get_undone_by (self, 3), ==, 0);
  g_assert_cmpint (get_undone_by (self, 4), ==, 7);
  now = muster_test_await_object (
    muster_repository_get (self->repository, &muster_device_info, muster_entity_get_id (device)));
  g_assert_cmpstr (muster_entity_get_string (now, "name"), ==, "Lamp");
  for (gint64 sequence = 7; sequence >= 1; sequence--)
    undo (self, sequence);
}

/* What went with a record and came back with it stands in nobody's way, however often. */
static void
test_delete_again_and_again (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) device = insert_device (self, "Lamp", NULL);
  g_autoptr (MusterEntity) metric =
              insert_metric (self, muster_entity_get_id (device), "brightness");
  g_autoptr (MusterEntity) back = NULL;

  muster_test_await (delete (self, &muster_device_info, muster_entity_get_id (device)));
  g_assert_cmpint (undo (self, 4), ==, 5);
  g_assert_cmpint (undo (self, 6), ==, 7);
  /* Any entry stands for all, and the first one for what took them back. */
  g_assert_cmpint (get_undone_by (self, 5), ==, 7);
  g_assert_cmpint (get_undone_by (self, 6), ==, 7);
  undo (self, 7);
  undo (self, 5);
  g_assert_cmpint (get_undone_by (self, 4), ==, 0);
  undo (self, 3);
  back = muster_test_await_object (
    muster_repository_get (self->repository, &muster_metric_info, muster_entity_get_id (metric)));
  undo (self, 2);
  undo (self, 1);
}

static void
test_verdicts (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) device = insert_device (self, "Lamp", NULL);
  g_autoptr (MusterEntity) metric =
              insert_metric (self, muster_entity_get_id (device), "brightness");
  g_autofree char *inserted = list_verdicts (self, 1);
  g_autofree char *deleted = NULL, *undone = NULL;

  g_assert_cmpstr (inserted, ==, "1:no");
  muster_test_await (delete (self, &muster_device_info, muster_entity_get_id (device)));
  deleted = list_verdicts (self, 4);
  g_assert_cmpstr (deleted, ==, "3:yes 4:yes");
  undo (self, 3);
  undone = list_verdicts (self, 3);
  g_assert_cmpstr (undone, ==, "3:no 4:no");
}

/* What undoing does to another record in passing took back no change of that one, and stands in the
 * way of what was done to it before. */
static void
test_in_passing (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) device = insert_device (self, "Lamp", NULL);
  g_autoptr (MusterEntity) other = insert_device (self, "Plug", NULL); /* 2 */

  become (self, muster_actor_new_system ("messaging"));
  muster_test_await (update (self, device, "replaces_id", muster_entity_get_id (other)));
  become (self, muster_actor_new (MUSTER_ACTOR_LOCAL, "alice", NULL, 0));
  g_assert_cmpint (undo (self, 2), ==, 4);
  undo_refused (self, 1, 4);
  undo (self, 4);
  undo (self, 1);
}

/* --- a place and a device change in one operation, then another device is put there --- */

typedef struct
{
  MusterEntity *place;
  MusterEntity *device;
} Joint;

static gboolean
joint_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Joint *joint = data;

  muster_entity_set_string (joint->device, "notes", "by the door");
  return muster_transaction_insert (transaction, joint->place, error) &&
         muster_transaction_update (transaction, joint->device, 0, error);
}

static void
test_refused_by_referrer_of_the_operation (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) device = insert_device (self, "Lamp", NULL);
  g_autoptr (MusterEntity) place = make_place ();
  Joint joint = { place, device };

  muster_test_await (submit (self, joint_job, &joint)); /* 2 and 3 */
  muster_test_await (update (self, device, "location_id", muster_entity_get_id (place)));
  undo_refused (self, 2, 4);
  undo (self, 4);
  undo (self, 2);
}

static void
test_refused_by_missing_target_of_a_change (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) place = insert (self, make_place ());
  g_autoptr (MusterEntity) device =
              insert_device (self, "Lamp", muster_entity_get_id (place)); /* 2 */

  muster_test_await (update (self, device, "location_id", NULL)); /* 3 */
  muster_test_await (delete (self, &muster_location_info, muster_entity_get_id (place)));
  undo_refused (self, 3, 4);
  undo (self, 4);
  undo (self, 3);
}

/* --- any history --- */

#define N_RECORDS 6
#define N_STEPS 400

static const MusterEntityInfo *const kinds[] = { &muster_location_info, &muster_device_info,
                                                 &muster_metric_info };

/* Of kind KIND, any that there is; NULL without one. */
static MusterEntity *
pick (Fixture *self, unsigned kind)
{
  g_autoptr (MusterQuery) query = muster_query_new (kinds[kind]);
  g_autoptr (GPtrArray) records = NULL;

  records = dex_await_boxed (muster_repository_select (self->repository, query), NULL);
  if (records->len == 0)
    return NULL;
  return g_object_ref (records->pdata[g_test_rand_int_range (0, (int)records->len)]);
}

static void
step_insert (Fixture *self, unsigned kind)
{
  g_autoptr (MusterEntity) target = kind > 0 ? pick (self, kind - 1) : NULL;
  const char      *target_id = target != NULL ? muster_entity_get_id (target) : NULL;
  g_autofree char *name = g_strdup_printf ("n%d", g_test_rand_int_range (0, 1 << 20));
  g_autoptr (MusterEntity) made = NULL;

  if (kind == 0)
    made = insert (self, make_place ());
  else if (kind == 1)
    made = insert_device (self, name, target_id);
  else if (target != NULL)
    made = insert_metric (self, target_id, name);
}

/* Refusals are part of it. */
static void
attempt (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DexFuture) given = future;

  dex_await (dex_ref (given), &error);
}

static void
step_update (Fixture *self, unsigned kind)
{
  static const char *const fields[] = { "notes", "notes", "unit" };
  g_autoptr (MusterEntity) record = pick (self, kind);
  g_autoptr (MusterEntity) place = pick (self, 0);
  g_autofree char *text = g_strdup_printf ("t%d", g_test_rand_int_range (0, 1 << 20));

  if (record == NULL)
    return;
  if (kind == 1 && place != NULL && g_test_rand_bit ())
    attempt (update (self, record, "location_id", muster_entity_get_id (place)));
  else
    attempt (update (self, record, fields[kind], text));
}

static void
step_delete (Fixture *self, unsigned kind)
{
  g_autoptr (MusterEntity) record = pick (self, kind);

  if (record != NULL)
    attempt (delete (self, kinds[kind], muster_entity_get_id (record)));
}

static void
step_undo (Fixture *self)
{
  int last = (int)muster_database_get_sequence (self->database);

  if (last > 0)
    attempt (muster_journal_undo (self->database, self->actor,
                                  g_test_rand_int_range (MAX (1, last - 8), last + 1)));
}

static void
step (Fixture *self)
{
  unsigned kind = (unsigned)g_test_rand_int_range (0, G_N_ELEMENTS (kinds));
  int      what = g_test_rand_int_range (0, 10);

  if (what < 3)
    step_insert (self, kind);
  else if (what < 5)
    step_update (self, kind);
  else if (what < 6)
    step_delete (self, kind);
  else
    step_undo (self);
}

/* Every record without what an undone step leaves behind. */
static char *
dump (Fixture *self)
{
  GString *text = g_string_new (NULL);

  for (unsigned kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      g_autoptr (MusterQuery) query = muster_query_new (kinds[kind]);
      g_autoptr (GPtrArray) records = NULL;

      muster_query_set_sort (query, "id");
      records = dex_await_boxed (muster_repository_select (self->repository, query), NULL);
      for (guint i = 0; i < records->len; i++)
        {
          muster_entity_set_integer (records->pdata[i], "updated_at", 0);
          muster_entity_set_integer (records->pdata[i], "revision", 0);
          muster_entity_encode (records->pdata[i], text);
          g_string_append_c (text, '\n');
        }
    }
  return g_string_free_and_steal (text);
}

static void
undo_all_after (Fixture *self, gint64 first)
{
  const MusterOperationFilter filter = { .limit = 1000 };
  g_autoptr (JsonNode) node = parse (
    muster_test_await_text (muster_journal_list_operations (self->database, &filter)));
  JsonArray *items = json_object_get_array_member (json_node_get_object (node), "items");

  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      gint64 sequence =
        json_object_get_int_member (json_array_get_object_element (items, i), "sequence");

      if (sequence > first)
        undo (self, sequence);
    }
}

static void
test_any_history (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *before = NULL, *after = NULL;
  gint64           first;

  for (unsigned i = 0; i < N_RECORDS; i++)
    step_insert (self, i % G_N_ELEMENTS (kinds));
  before = dump (self);
  first = muster_database_get_sequence (self->database);
  for (unsigned i = 0; i < N_STEPS; i++)
    step (self);
  undo_all_after (self, first);
  after = dump (self);
  g_assert_cmpstr (after, ==, before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/undo/of-undoing", test_of_undoing);
  muster_test_add_fiber ("/undo/delete-again-and-again", test_delete_again_and_again);
  muster_test_add_fiber ("/undo/verdicts", test_verdicts);
  muster_test_add_fiber ("/undo/in-passing", test_in_passing);
  muster_test_add_fiber ("/undo/refused-by-referrer-of-the-operation",
                         test_refused_by_referrer_of_the_operation);
  muster_test_add_fiber ("/undo/refused-by-missing-target-of-a-change",
                         test_refused_by_missing_target_of_a_change);
  muster_test_add_fiber ("/undo/any-history", test_any_history);
  return g_test_run ();
}
