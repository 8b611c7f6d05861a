/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>

#include "core/muster-journal.h"
#include "core/muster-repository.h"
#include "model/muster-device-group-member.h"
#include "model/muster-device-group.h"
#include "model/muster-device.h"
#include "muster-core-test-util.h"

/* What lists said at the time is what they must say when they are asked about that time: whatever
 * was changed, in whatever order the moments are looked at. */

#define N_MOMENTS 60
#define N_BATCH 200 /* changes between two of them */
#define N_VISITS 250

typedef struct
{
  const MusterEntityInfo *info;
  const char             *text;          /* (nullable) */
  const char             *field, *value; /* (nullable) */
  const char             *sort;          /* (nullable) */
} Question;

static const Question questions[] = {
  { &muster_device_info },
  { &muster_device_info, .sort = "name,-revision" },
  { &muster_device_info, .field = "status", .value = "deployed", .sort = "-updated_at" },
  { &muster_device_info, .text = "lamp 1" },
  { &muster_device_group_info, .sort = "name" },
  { &muster_device_group_member_info },
};

typedef struct
{
  gint64 at;
  char  *answers[G_N_ELEMENTS (questions)];
} Moment;

typedef struct
{
  MusterTestStore  *store;
  MusterRepository *repository;
  GRand            *rand;
  Moment            moments[N_MOMENTS];
  unsigned          n_moments;
} Fixture;

/* --- random changes --- */

static const MusterEntityInfo *const kinds[] = {
  &muster_device_info,
  &muster_device_info,
  &muster_device_info,
  &muster_device_group_info,
  &muster_device_group_member_info,
};

/* An id of some record of INFO: (transfer full) (nullable). */
static char *
pick (MusterTransaction *transaction, GRand *rand, const MusterEntityInfo *info)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);
  g_autoptr (GPtrArray) ids = muster_transaction_select_ids (transaction, query, NULL);

  g_assert_nonnull (ids);
  return ids->len > 0 ? g_strdup (ids->pdata[g_rand_int_range (rand, 0, ids->len)]) : NULL;
}

static void
fill (MusterTransaction *transaction, GRand *rand, MusterEntity *entity)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);
  g_autofree char        *name = g_strdup_printf ("Lamp %d", g_rand_int_range (rand, 0, 1000000));

  if (info == &muster_device_group_member_info)
    {
      g_autofree char *group = pick (transaction, rand, &muster_device_group_info);
      g_autofree char *device = pick (transaction, rand, &muster_device_info);

      muster_entity_set_string (entity, "group_id", group);
      muster_entity_set_string (entity, "device_id", device);
      return;
    }
  muster_entity_set_string (entity, "name", name);
  if (info != &muster_device_info)
    return;
  if (g_rand_boolean (rand))
    muster_entity_set_string (entity, "notes", g_rand_boolean (rand) ? "a \"b\", {c}\\ é\n" : NULL);
  if (g_rand_boolean (rand))
    muster_entity_set_string (entity, "secret", "7c0ffee07c0ffee07c0ffee07c0ffee0");
  muster_entity_set_enum (entity, "kind", g_rand_int_range (rand, 0, 5));
}

/* What is refused (a name twice, a status that is not next) is left alone. */
static gboolean
change_one (MusterTransaction *transaction, gpointer data, GError **error)
{
  GRand                  *rand = data;
  const MusterEntityInfo *info = kinds[g_rand_int_range (rand, 0, G_N_ELEMENTS (kinds))];
  g_autofree char        *id = pick (transaction, rand, info);
  g_autoptr (MusterEntity) entity = NULL;
  int what = g_rand_int_range (rand, 0, 10);

  if (id == NULL || what < 2)
    {
      entity = muster_entity_new (info);
      fill (transaction, rand, entity);
      return muster_transaction_insert (transaction, entity, error);
    }
  if (what == 2)
    return muster_transaction_delete (transaction, info, id, 0, error);
  entity = muster_transaction_get (transaction, info, id, error);
  if (info == &muster_device_info && what < 6)
    muster_entity_set_enum (entity, "status", g_rand_int_range (rand, 0, 7));
  else
    fill (transaction, rand, entity);
  return muster_transaction_update (transaction, entity, 0, error);
}

static gboolean
change_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  GRand *rand = data;

  for (int i = g_rand_int_range (rand, 1, N_BATCH); i > 0; i--)
    {
      g_autoptr (GError) refused = NULL;

      muster_transaction_try (transaction, change_one, rand, &refused);
    }
  return TRUE;
}

static void
change (Fixture *fixture)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");
  gint64 last = muster_database_get_sequence (fixture->store->database);

  if (last > 10 && g_rand_int_range (fixture->rand, 0, 4) == 0)
    dex_await (muster_journal_undo (fixture->store->database, actor,
                                    g_rand_int_range (fixture->rand, MAX (1, last - 200), last)),
               NULL);
  else
    muster_test_await (muster_test_submit (fixture->store->database, change_job, fixture->rand));
}

/* --- questions --- */

/* Without what nobody writes down. */
static char *
normalise (const MusterEntityInfo *info, const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonArray *items = json_object_get_array_member (json_node_get_object (node), "items");

  for (unsigned i = 0; i < json_array_get_length (items); i++)
    for (unsigned j = 0; j < info->n_fields; j++)
      if ((info->fields[j].flags & MUSTER_FIELD_VOLATILE) != 0)
        json_object_remove_member (json_array_get_object_element (items, i), info->fields[j].name);
  return json_to_string (node, FALSE);
}

static char *
ask (Fixture *fixture, const Question *question, gint64 at)
{
  g_autoptr (MusterQuery) query = muster_query_new (question->info);
  g_autofree char *text = NULL;

  muster_query_set_as_of (query, at);
  muster_query_set_limit (query, 0);
  muster_query_set_sort (query, question->sort);
  if (question->text != NULL)
    muster_query_set_text (query, question->text);
  if (question->field != NULL)
    muster_query_where (query, question->field, question->value);
  text = muster_test_await_text (muster_repository_list_json (fixture->repository, query));
  return normalise (question->info, text);
}

static void
remember (Fixture *fixture)
{
  Moment *moment = &fixture->moments[fixture->n_moments++];

  muster_test_sleep (3);
  moment->at = g_get_real_time ();
  for (unsigned i = 0; i < G_N_ELEMENTS (questions); i++)
    moment->answers[i] = ask (fixture, &questions[i], 0);
  muster_test_sleep (3);
}

static void
visit (Fixture *fixture, unsigned index)
{
  const Moment    *moment = &fixture->moments[index];
  unsigned         which = g_rand_int_range (fixture->rand, 0, G_N_ELEMENTS (questions));
  g_autofree char *answer = ask (fixture, &questions[which], moment->at);

  if (!g_str_equal (answer, moment->answers[which]))
    g_test_message ("moment %u, question %u", index, which);
  g_assert_cmpstr (answer, ==, moment->answers[which]);
}

static void
fixture_clear (Fixture *fixture)
{
  for (unsigned i = 0; i < fixture->n_moments; i++)
    for (unsigned j = 0; j < G_N_ELEMENTS (questions); j++)
      g_free (fixture->moments[i].answers[j]);
  g_clear_object (&fixture->repository);
  g_clear_pointer (&fixture->store, muster_test_store_free);
  g_rand_free (fixture->rand);
}

/* --- tests --- */

static void
test_differential (void)
{
  Fixture fixture = { .rand = g_rand_new_with_seed (g_test_rand_int ()) };

  fixture.store = muster_test_store_new ();
  fixture.repository = muster_repository_new (fixture.store->database);
  remember (&fixture);
  while (fixture.n_moments < N_MOMENTS)
    {
      change (&fixture);
      remember (&fixture);
    }
  g_test_message ("%d entries", (int)muster_database_get_sequence (fixture.store->database));
  for (unsigned i = 0; i < N_VISITS; i++)
    {
      /* Back and forth in small steps, then far away; and the present goes on meanwhile. */
      unsigned near = (i / 4 + g_rand_int_range (fixture.rand, 0, 3)) % N_MOMENTS;
      unsigned far = g_rand_int_range (fixture.rand, 0, N_MOMENTS);

      visit (&fixture, i % 4 == 3 ? far : near);
      if (g_rand_int_range (fixture.rand, 0, 12) == 0)
        change (&fixture);
    }
  fixture_clear (&fixture);
}

/* One record, page by page as the API asks for it, and the present again after the past. */
static void
test_single (void)
{
  g_autoptr (MusterTestStore) store = muster_test_store_new ();
  g_autoptr (MusterRepository) repository = muster_repository_new (store->database);
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");
  g_autoptr (MusterEntity) stored = NULL;
  g_autoptr (GError) absent = NULL;
  MusterDocument *document;
  gint64          before = g_get_real_time (), first;
  const char     *id;
  DexFuture      *future;

  muster_test_sleep (3);
  muster_entity_set_string (device, "name", "Lamp");
  stored = muster_test_await_object (muster_repository_insert (repository, actor, NULL, device));
  id = muster_entity_get_id (stored);
  muster_test_sleep (3);
  first = g_get_real_time ();
  muster_test_sleep (3);
  muster_entity_set_string (stored, "name", "Light");
  muster_test_await (muster_repository_update (repository, actor, NULL, stored, 0));
  absent =
    muster_test_await_error (muster_repository_get_json_as_of (repository, &muster_device_info, id,
                                                               before),
                             MUSTER_ERROR_NOT_FOUND);
  future = muster_repository_get_json_as_of (repository, &muster_device_info, id, first);
  muster_test_await (dex_ref (future));
  document = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_assert_cmpint (document->revision, ==, 1);
  g_assert_nonnull (strstr (g_bytes_get_data (document->json, NULL), "\"Lamp\""));
  dex_unref (future);
  future = muster_repository_get_json_as_of (repository, &muster_device_info, id, 0);
  muster_test_await (dex_ref (future));
  document = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_assert_cmpint (document->revision, ==, 2);
  dex_unref (future);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/past/single", test_single);
  muster_test_add_fiber ("/past/differential", test_differential);
  return g_test_run ();
}
