/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-device.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "model/muster-person.h"
#include "muster-core-test-util.h"
#include "muster-journal.h"
#include "muster-search.h"

static const char *const device_codes[] = { "serial", "mac", NULL };
static const char *const device_names[] = { "name", NULL };
static const char *const order_codes[] = { "order_number", NULL };
static const char *const order_names[] = { "customer", NULL };

static const MusterSearchScope devices = { &muster_device_info, device_codes, device_names };
static const MusterSearchScope orders = { &muster_order_info, order_codes, order_names,
                                          "customer_id" };
static const MusterSearchScope lines = { &muster_order_item_info, .owner = "order_id",
                                         .owner_of = &muster_order_info };

/* Its id: (transfer full). ENTITY is taken. */
static char *
add (MusterTestStore *self, MusterEntity *entity)
{
  g_autoptr (MusterEntity) owned = entity;

  muster_test_await (muster_test_submit (self->database, muster_test_insert_job, entity));
  return g_strdup (muster_entity_get_id (owned));
}

static void
add_device (MusterTestStore *self,
            const char      *name,
            const char      *serial,
            const char      *mac,
            const char      *notes)
{
  g_autofree char *id = NULL;
  MusterEntity    *device = muster_entity_new (&muster_device_info);

  muster_entity_set_string (device, "name", name);
  muster_entity_set_string (device, "serial", serial);
  muster_entity_set_string (device, "mac", mac);
  muster_entity_set_string (device, "notes", notes);
  id = add (self, device);
}

/* --- searching --- */

typedef struct
{
  const MusterSearchScope *scope;
  const char              *text;
  const char              *owner; /* (nullable) */
  unsigned                 limit;
  const char              *title; /* the field that names a hit */
} Question;

static gboolean
search_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const Question *question = data;
  g_autoptr (GString) answer = g_string_new (NULL);
  g_autoptr (GPtrArray) hits =
              muster_transaction_search (transaction, question->scope, question->text,
                                         question->owner, question->limit, error);

  for (guint i = 0; hits != NULL && i < hits->len; i++)
    {
      const MusterSearchHit *hit = hits->pdata[i];

      g_string_append_printf (answer, "%s%s %s %s", i > 0 ? "|" : "",
                              muster_entity_get_string (hit->entity, question->title),
                              muster_enum_get_nick (&muster_search_rank_enum, hit->rank),
                              hit->field->name);
    }
  g_value_init (result, G_TYPE_STRING);
  g_value_set_string (result, answer->str);
  return hits != NULL;
}

/* That the hits are, in this order, "TITLE RANK FIELD|…". */
static void
expect (MusterTestStore *self, Question question, const char *answer)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *found =
    dex_await_string (muster_database_read (self->database, search_job, &question, NULL), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, answer);
}

static void
expect_devices (MusterTestStore *self, const char *text, const char *answer)
{
  expect (self, (Question){ &devices, text, NULL, 50, "name" }, answer);
}

/* --- tests --- */

/* What was typed as a whole comes first, then what begins so, then words, then parts. All of a text
 * that names nothing is no more than a word. */
static void
test_ranks (void)
{
  g_autoptr (MusterTestStore) self = muster_test_store_new ();

  add_device (self, "Part", "x1", NULL, "stands beside XSN-100Y");
  add_device (self, "Word", "x2", NULL, "SN-100");
  add_device (self, "Prefix", "SN-1000", NULL, NULL);
  add_device (self, "Exact", "SN-100", NULL, NULL);
  expect_devices (self, " sn-100 ",
                  "Exact exact serial|Prefix prefix serial|Word word notes|Part part notes");
  expect_devices (self, "EXACT", "Exact exact name");
  expect_devices (self, "beside", "Part word notes");
  expect_devices (self, "SN-2", "");
  expect_devices (self, "  ", "");
}

/* However a hardware address is written. */
static void
test_addresses (void)
{
  static const char *const ways[] = { "AABBCC001122", "aa-bb-cc-00-11-22", "AA:BB:CC:00:11:22",
                                      "aabb.cc001122" };
  g_autoptr (MusterTestStore) self = muster_test_store_new ();

  add_device (self, "Lamp", NULL, "aa:bb:cc:00:11:22", NULL);
  add_device (self, "Pump", NULL, "aa:bb:cd:00:11:22", NULL);
  for (unsigned i = 0; i < 3; i++)
    expect_devices (self, ways[i], "Lamp exact mac");
  expect_devices (self, ways[3], "");
  expect_devices (self, "AABBCC", "Lamp prefix mac");
  expect_devices (self, "aabbc", "Lamp prefix mac|Pump prefix mac");
  expect_devices (self, "aabbcc00112233", "");
}

/* One or two letters find what begins with them: the full-text index knows nothing so short. */
static void
test_short_words (void)
{
  g_autoptr (MusterTestStore) self = muster_test_store_new ();

  add_device (self, "Ab lamp", "1", NULL, NULL);
  add_device (self, "Pump", "aB-2", NULL, "ab ab ab");
  add_device (self, "Meter", "AB-3", NULL, NULL);
  expect_devices (self, "ab", "Meter prefix serial|Ab lamp prefix name");
  expect_devices (self, "pump ab", "Pump part name");
  expect_devices (self, "ab pu", "");
}

/* Words may stand in several fields, in any order; each must be there. */
static void
test_words (void)
{
  g_autoptr (MusterTestStore) self = muster_test_store_new ();

  add_device (self, "Pump north", "P-1", NULL, "cellar");
  add_device (self, "Pump south", "P-2", NULL, "attic");
  expect_devices (self, "cellar pump", "Pump north part notes");
  expect_devices (self, "pump nowhere", "");
  expect_devices (self, "100% \"pump\" OR *", "");
}

/* One more than asked for says that there are more. */
static void
test_limit (void)
{
  g_autoptr (MusterTestStore) self = muster_test_store_new ();

  for (unsigned i = 0; i < 9; i++)
    {
      g_autofree char *serial = g_strdup_printf ("Q-%u", i);

      add_device (self, "Lamp", serial, NULL, NULL);
    }
  expect (self, (Question){ &devices, "q-", NULL, 2, "serial" },
          "Q-0 prefix serial|Q-1 prefix serial|Q-2 prefix serial");
  expect (self, (Question){ &devices, "q-8", NULL, 2, "serial" }, "Q-8 exact serial");
}

static void
test_id (void)
{
  g_autoptr (MusterTestStore) self = muster_test_store_new ();
  MusterEntity    *device = muster_entity_new (&muster_device_info);
  g_autofree char *id = NULL;
  g_autofree char *upper = NULL;

  muster_entity_set_string (device, "name", "Lamp");
  id = add (self, device);
  upper = g_ascii_strup (id, -1);
  expect_devices (self, id, "Lamp exact id");
  expect_devices (self, upper, "Lamp exact id");
}

/* Adds an order of PERSON (an id) with one line. */
static void
add_order (MusterTestStore *self, const char *person, const char *number)
{
  MusterEntity    *order = muster_entity_new (&muster_order_info);
  MusterEntity    *line = muster_entity_new (&muster_order_item_info);
  g_autofree char *order_id = NULL;
  g_autofree char *line_id = NULL;

  muster_entity_set_string (order, "order_number", number);
  muster_entity_set_string (order, "customer", "Somebody");
  muster_entity_set_string (order, "customer_id", person);
  muster_entity_set_string (order, "notes", "ring twice");
  order_id = add (self, order);
  muster_entity_set_string (line, "order_id", order_id);
  muster_entity_set_string (line, "description", number);
  line_id = add (self, line);
}

static char *
add_person (MusterTestStore *self, const char *name)
{
  MusterEntity *person = muster_entity_new (&muster_person_info);

  muster_entity_set_string (person, "name", name);
  return add (self, person);
}

static gboolean
restrict_job (MusterTransaction *transaction, gpointer person, GValue *result, GError **error)
{
  const MusterSearchScope *const scopes[] = { &orders, &lines };

  for (unsigned i = 0; i < G_N_ELEMENTS (scopes); i++)
    {
      g_autoptr (MusterQuery) query = muster_query_new (scopes[i]->info);

      muster_search_scope_restrict (scopes[i], query, person);
      g_assert_cmpint (muster_transaction_count (transaction, query, error), ==, person != NULL);
    }
  return TRUE;
}

/* Whoever sees only their own finds only that: by code, by name and in the text. */
static void
test_owner (void)
{
  g_autoptr (MusterTestStore) self = muster_test_store_new ();
  g_autofree char         *ann = add_person (self, "Ann");
  g_autofree char         *bob = add_person (self, "Bob");
  static const char *const texts[] = { "SO-2026-00000", "somebody", "ring" };
  static const char *const found[] = { "prefix order_number", "exact customer", "word notes" };

  add_order (self, ann, "SO-2026-000001");
  add_order (self, bob, "SO-2026-000002");
  add_order (self, NULL, "SO-2026-000003");
  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *anns = g_strconcat ("SO-2026-000001 ", found[i], NULL);
      g_autofree char *bobs = g_strconcat ("SO-2026-000002 ", found[i], NULL);

      expect (self, (Question){ &orders, texts[i], ann, 50, "order_number" }, anns);
      expect (self, (Question){ &orders, texts[i], bob, 50, "order_number" }, bobs);
    }
  expect (self, (Question){ &lines, "SO-2026", ann, 50, "description" },
          "SO-2026-000001 word description");
  expect (self, (Question){ &orders, "SO-2026", "nobody", 50, "order_number" }, "");
  muster_test_await (muster_database_read (self->database, restrict_job, ann, NULL));
  muster_test_await (muster_database_read (self->database, restrict_job, NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/search/ranks", test_ranks);
  muster_test_add_fiber ("/search/addresses", test_addresses);
  muster_test_add_fiber ("/search/short-words", test_short_words);
  muster_test_add_fiber ("/search/words", test_words);
  muster_test_add_fiber ("/search/limit", test_limit);
  muster_test_add_fiber ("/search/id", test_id);
  muster_test_add_fiber ("/search/owner", test_owner);
  return g_test_run ();
}
