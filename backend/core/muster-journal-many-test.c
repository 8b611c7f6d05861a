/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-device.h"
#include "model/muster-location.h"
#include "muster-bus.h"
#include "muster-core-test-util.h"
#include "muster-journal-many.h"
#include "muster-journal.h"

/* What the bus has told of the journal. */
typedef struct
{
  MusterTestDir  *dir;
  MusterBus      *bus;
  MusterDatabase *database;
  unsigned        n_entries;
  unsigned        n_of_many;
  gint64          last; /* sequence number of the newest entry */
  MusterEvent    *many; /* (owned) (nullable): the newest message for many */
  unsigned        n_many;
} Fixture;

static void
told_cb (MusterEvent *event, gpointer user_data)
{
  Fixture *self = user_data;

  if (g_str_equal (muster_event_get_topic (event), MUSTER_TOPIC_JOURNAL))
    {
      self->n_entries++;
      self->n_of_many += muster_journal_entry_is_of_many (muster_event_get_payload (event));
      self->last = muster_event_get_sequence (event);
      return;
    }
  if (!g_str_equal (muster_event_get_topic (event), MUSTER_TOPIC_JOURNAL_MANY))
    return;
  /* After the last of them. */
  g_assert_cmpint (muster_event_get_sequence (event), ==, self->last);
  g_clear_pointer (&self->many, muster_event_unref);
  self->many = muster_event_ref (event);
  self->n_many++;
}

static Fixture *
fixture_new (void)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->dir = muster_test_dir_new ();
  self->bus = muster_bus_new ();
  self->database = muster_test_database_new (self->dir, NULL, self->bus);
  muster_bus_subscribe (self->bus, NULL, G_OBJECT (self->bus), told_cb, self);
  return self;
}

static void
fixture_free (Fixture *self)
{
  g_clear_pointer (&self->many, muster_event_unref);
  muster_test_database_free (self->database);
  g_object_unref (self->bus);
  muster_test_dir_free (self->dir);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

/* One place, and devices: DATA records in all. */
static gboolean
insert_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterEntity) place = muster_entity_new (&muster_location_info);

  muster_entity_set_string (place, "name", "Rack");
  muster_entity_set_string (place, "path", "Rack");
  if (!muster_transaction_insert (transaction, place, error))
    return FALSE;
  for (int i = 1; i < GPOINTER_TO_INT (data); i++)
    {
      g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

      muster_entity_set_string (device, "name", "Lamp");
      if (!muster_transaction_insert (transaction, device, error))
        return FALSE;
    }
  return TRUE;
}

static void
insert (Fixture *self, int n)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");

  muster_test_await (
    muster_database_write (self->database, actor, "Fill", insert_job, GINT_TO_POINTER (n), NULL));
}

/* What EVENT says to who asked for ENTITY (nullable: for all); NULL when nothing: (transfer full).
 */
static char *
encode (MusterEvent *event, const char *entity)
{
  g_autoptr (GHashTable) details = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GString) json = g_string_new (NULL);

  if (entity != NULL)
    g_hash_table_add (details, (gpointer)entity);
  if (!muster_event_encode (event, entity != NULL ? details : NULL, json))
    {
      g_assert_cmpuint (json->len, ==, 0);
      return NULL;
    }
  return g_string_free_and_steal (g_steal_pointer (&json));
}

static JsonObject *
parse_many (const char *text, JsonNode **node)
{
  *node = json_from_string (text, NULL);
  g_assert_nonnull (*node);
  return json_object_get_object_member (json_node_get_object (*node), "many");
}

/* --- tests --- */

/* As many as are told one by one. */
static void
test_each (void)
{
  g_autoptr (Fixture) self = fixture_new ();

  insert (self, MUSTER_JOURNAL_TELLS_EACH);
  g_assert_cmpuint (self->n_entries, ==, MUSTER_JOURNAL_TELLS_EACH);
  g_assert_cmpuint (self->n_of_many, ==, 0);
  g_assert_cmpuint (self->n_many, ==, 0);
}

/* One more, and all of them are one message, for whom it concerns. */
static void
test_many (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autofree char *all = NULL;
  g_autofree char *places = NULL;
  g_autofree char *nobodys = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *many = NULL, *changes = NULL;

  insert (self, MUSTER_JOURNAL_TELLS_EACH + 1);
  g_assert_cmpuint (self->n_many, ==, 1);
  g_assert_cmpuint (self->n_of_many, ==, self->n_entries);
  all = encode (self->many, NULL);
  places = encode (self->many, "location");
  nobodys = encode (self->many, "product");
  g_assert_nonnull (all);
  g_assert_cmpstr (places, ==, all);
  g_assert_null (nobodys);
  many = parse_many (all, &node);
  g_assert_cmpint (json_object_get_int_member (many, "first"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (many, "last"), ==, MUSTER_JOURNAL_TELLS_EACH + 1);
  changes = json_object_get_object_member (many, "changes");
  g_assert_cmpint (json_object_get_int_member (changes, "location"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (changes, "device"), ==, MUSTER_JOURNAL_TELLS_EACH);
}

/* Few after many are told one by one again. */
static void
test_few_again (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  unsigned n_of_many;

  insert (self, 2 * MUSTER_JOURNAL_TELLS_EACH);
  n_of_many = self->n_of_many;
  insert (self, 3);
  g_assert_cmpuint (self->n_many, ==, 1);
  g_assert_cmpuint (self->n_of_many, ==, n_of_many);
  g_assert_cmpint (self->last, ==, 2 * MUSTER_JOURNAL_TELLS_EACH + 3);
}

/* Of what was not looked at, it may be anything: everybody is told. */
static void
test_unknown (void)
{
  g_autoptr (MusterJournalMany) self = muster_journal_many_new (5, 2000);
  g_autoptr (MusterEvent) event = muster_journal_many_make_event (self);
  g_autofree char *text = encode (event, "product");

  g_assert_cmpint (muster_journal_many_get_last (self), ==, 2000);
  g_assert_cmpint (muster_event_get_sequence (event), ==, 2000);
  g_assert_cmpstr (text, ==, "{\"many\":{\"first\":5,\"last\":2000,\"changes\":null}}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/journal-many/each", test_each);
  muster_test_add_fiber ("/journal-many/many", test_many);
  muster_test_add_fiber ("/journal-many/few-again", test_few_again);
  g_test_add_func ("/journal-many/unknown", test_unknown);
  return g_test_run ();
}
