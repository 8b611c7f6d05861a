/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <sqlite3.h>

#include "model/muster-device.h"
#include "model/muster-entities.h"
#include "model/muster-test-run.h"
#include "muster-core-test-util.h"
#include "muster-journal.h"

#define N_ENTRIES 12

/* Seals are made with this key; what is changed beside the daemon has none. */
static GBytes *
make_key (void)
{
  return g_bytes_new_static ("0123456789abcdef0123456789abcdef", 32);
}

static MusterDatabase *
open_database (MusterTestDir *dir, gboolean is_fresh)
{
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  g_autoptr (MusterClock) clock = muster_clock_new ();
  g_autoptr (GBytes) key = make_key ();
  MusterDatabase *database = muster_database_new (path, clock, NULL);

  muster_database_register_entities (database, muster_entities);
  muster_database_set_journal_key (database, key, is_fresh);
  muster_test_await (muster_service_start (MUSTER_SERVICE (database)));
  return database;
}

static gboolean
insert_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

  muster_entity_set_string (device, "name", data);
  if (g_str_equal (data, "final"))
    muster_transaction_set_final (transaction, "it left the site");
  return muster_transaction_insert (transaction, device, error);
}

static void
insert (MusterDatabase *database, const char *name)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");

  muster_test_await (
    muster_database_write (database, actor, "Add", insert_job, (gpointer)name, NULL));
}

/* "intact", or "SEQUENCE KIND" of each problem, in the order of their numbers. */
static char *
verify (MusterDatabase *database)
{
  g_autofree char *text = muster_test_await_text (muster_journal_verify (database));
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  JsonObject *verdict = json_node_get_object (node);
  JsonArray  *problems = json_object_get_array_member (verdict, "problems");
  g_autoptr (GString) found = g_string_new (NULL);

  g_test_message ("%s", text);
  g_assert_cmpint (json_object_get_boolean_member (verdict, "intact"), ==,
                   json_array_get_length (problems) == 0);
  for (gint64 sequence = 0; sequence < 2 * N_ENTRIES; sequence++)
    for (guint i = 0; i < json_array_get_length (problems); i++)
      {
        JsonObject *problem = json_array_get_object_element (problems, i);

        if (json_object_get_int_member (problem, "sequence") == sequence)
          g_string_append_printf (found, "%s%d %s", found->len > 0 ? ", " : "", (int)sequence,
                                  json_object_get_string_member (problem, "kind"));
      }
  return found->len > 0 ? g_string_free_and_steal (g_steal_pointer (&found)) : g_strdup ("intact");
}

static void
tamper (MusterTestDir *dir, const char *sql)
{
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  g_autofree char *message = NULL;
  sqlite3         *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  if (sqlite3_exec (db, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
  sqlite3_close (db);
}

#define COPY                                                                                       \
  "INSERT INTO journal (sequence, id, at, hlc, origin, actor, operation, summary, entity, "        \
  "entity_id, title, action, before, after, hash) SELECT "
#define OF                                                                                         \
  " , 'forged', at, hlc, origin, actor, operation, summary, entity, entity_id, title, "            \
  "action, before, after, hash FROM journal WHERE sequence = "
#define SWAP(a, b)                                                                                 \
  "UPDATE journal SET sequence = -1 WHERE sequence = " a ";"                                       \
  "UPDATE journal SET sequence = " a " WHERE sequence = " b ";"                                    \
  "UPDATE journal SET sequence = " b " WHERE sequence = -1"

static const struct
{
  const char *name;
  const char *sql;
  const char *found;
} cases[] = {
  { "nothing", "SELECT 1", "intact" },
  { "altered", "UPDATE journal SET actor = 'local:eve' WHERE sequence = 5", "5 altered" },
  { "altered-after",
    "UPDATE journal SET after = replace (after, 'lamp', 'pump') WHERE sequence = 1", "1 altered" },
  { "altered-secret", "UPDATE journal SET after_secret = '{}' WHERE sequence = 4", "4 altered" },
  { "altered-last", "UPDATE journal SET at = at + 1 WHERE sequence = 12", "12 altered" },
  { "altered-final", "UPDATE journal SET final = NULL WHERE sequence = 7", "7 altered" },
  { "final-put-on", "UPDATE journal SET final = 'no' WHERE sequence = 6", "6 altered" },
  /* "a" + "bc" is not "ab" + "c". */
  { "moved-between-columns",
    "UPDATE journal SET summary = summary || 'd', entity = 'evice' WHERE sequence = 5",
    "5 altered" },
  { "null-is-not-empty", "UPDATE journal SET before = '' WHERE sequence = 5", "5 altered" },
  { "removed", "DELETE FROM journal WHERE sequence = 5", "5 removed" },
  { "removed-first", "DELETE FROM journal WHERE sequence = 1", "1 removed" },
  { "removed-some", "DELETE FROM journal WHERE sequence IN (3, 4, 8)", "3 removed, 8 removed" },
  { "cut-off", "DELETE FROM journal WHERE sequence > 10", "11 removed" },
  { "all-gone", "DELETE FROM journal", "1 removed" },
  { "removed-and-closed-up",
    "DELETE FROM journal WHERE sequence = 10; UPDATE journal SET sequence = 10 WHERE sequence = 11; "
    "UPDATE journal SET sequence = 11 WHERE sequence = 12",
    "10 removed, 11 reordered, 12 removed" },
  { "swapped", SWAP ("3", "9"), "3 reordered, 9 reordered" },
  { "swapped-neighbours", SWAP ("5", "6"), "5 reordered, 6 reordered" },
  { "swapped-but-for-the-seals",
    "CREATE TEMP TABLE h AS SELECT sequence, hash FROM journal;" SWAP (
      "3",
      "9") "; UPDATE journal SET hash = (SELECT hash FROM h WHERE h.sequence = journal.sequence)",
    "3 reordered, 9 reordered" },
  { "put-in-at-the-end", COPY "13" OF "5", "13 foreign" },
  { "put-in-without-a-seal",
    "DELETE FROM journal WHERE sequence = 5;" COPY "5" OF
    "6; UPDATE journal SET hash = NULL WHERE sequence = 5",
    "5 foreign" },
  { "put-in-with-a-made-up-seal",
    "DELETE FROM journal WHERE sequence = 5;" COPY "5" OF
    "6; UPDATE journal SET hash = randomblob (48) WHERE sequence = 5",
    "5 foreign" },
  { "no-seal", "UPDATE journal SET hash = NULL WHERE sequence = 5", "5 foreign" },
  { "head-removed", "DELETE FROM property WHERE name = 'journal.head'", "12 removed" },
  { "head-forged",
    "DELETE FROM journal WHERE sequence > 10; UPDATE property SET value = "
    "'10:' || substr (value, 4) WHERE name = 'journal.head'",
    "10 altered" },
  { "head-is-rubbish", "UPDATE property SET value = ':::' WHERE name = 'journal.head'",
    "0 altered" },
};

static void
test_tampering (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
      MusterDatabase  *database = open_database (dir, TRUE);
      g_autofree char *found = NULL;

      for (int j = 1; j <= N_ENTRIES; j++)
        insert (database, j == 7 ? "final" : "lamp");
      tamper (dir, cases[i].sql);
      found = verify (database);
      g_test_message ("%s", cases[i].name);
      g_assert_cmpstr (found, ==, cases[i].found);
      muster_test_database_free (database);
    }
}

/* What was done to the end of the journal is seen for ever, whatever is written after it. */
static void
test_end_taken_away (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  MusterDatabase  *database = open_database (dir, TRUE);
  g_autofree char *cut = NULL;
  g_autofree char *anew = NULL;

  for (int i = 0; i < 5; i++)
    insert (database, "lamp");
  muster_test_database_free (database);
  tamper (dir, "DELETE FROM journal WHERE sequence > 3");
  database = open_database (dir, FALSE);
  insert (database, "lamp");
  cut = verify (database);
  g_assert_cmpstr (cut, ==, "4 removed");
  muster_test_database_free (database);

  tamper (dir, "DELETE FROM property WHERE name = 'journal.head'");
  g_test_expect_message ("muster-journal-chain", G_LOG_LEVEL_WARNING, "*journal's end is gone*");
  database = open_database (dir, FALSE);
  g_test_assert_expected_messages ();
  insert (database, "lamp");
  anew = verify (database);
  g_assert_cmpstr (anew, ==, "4 removed, 7 removed");
  muster_test_database_free (database);
}

/* A journal from before there were seals is sealed once, when the key is made. */
static void
test_sealing (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  MusterDatabase  *database = open_database (dir, TRUE);
  g_autofree char *sealed = NULL;
  g_autofree char *found = NULL;

  for (int i = 0; i < 5; i++)
    insert (database, i == 2 ? "final" : "lamp");
  muster_test_database_free (database);
  tamper (dir, "UPDATE journal SET hash = NULL; DELETE FROM property WHERE name = 'journal.head'");
  database = open_database (dir, TRUE);
  insert (database, "lamp");
  sealed = verify (database);
  g_assert_cmpstr (sealed, ==, "intact");
  tamper (dir, "UPDATE journal SET title = 'other' WHERE sequence = 2");
  found = verify (database);
  g_assert_cmpstr (found, ==, "2 altered");
  muster_test_database_free (database);
}

/* Keeps REPORT, a volatile field, and says in the journal what it is known by. */
static gboolean
report_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterEntity) run = muster_entity_new (&muster_test_run_info);
  g_autofree char *digest = muster_journal_make_digest (data);

  muster_entity_set_string (run, "name", "Heater");
  muster_entity_set_string (run, "port", "/dev/null");
  if (!muster_transaction_insert (transaction, run, error))
    return FALSE;
  muster_entity_set_string (run, "report", data);
  if (data != NULL && !muster_transaction_touch (transaction, run, error))
    return FALSE;
  muster_entity_set_string (run, "report_hash", data != NULL ? digest : NULL);
  return muster_transaction_update (transaction, run, 0, error);
}

#define FAILED_REPORT "{\"a\":\"failed\"}"

static const struct
{
  const char *name;
  const char *sql;
  const char *found;
} report_cases[] = {
  { "nothing", "SELECT 1", "intact" },
  { "altered", "UPDATE test_run SET report = replace (report, 'failed', 'passed')", "4 altered" },
  { "gone", "UPDATE test_run SET report = NULL WHERE report_hash IS NOT NULL", "4 altered" },
  /* The column beside it is no witness: the journal is. */
  { "altered-with-its-hash",
    "UPDATE test_run SET report = '{}', report_hash = "
    "'44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' "
    "WHERE report_hash IS NOT NULL",
    "4 altered" },
  { "altered-where-nobody-vouches", "UPDATE test_run SET report = '{}' WHERE report_hash IS NULL",
    "intact" },
};

/* A report is kept outside of the journal, which knows it by its hash. */
static void
test_digests (void)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");

  for (size_t i = 0; i < G_N_ELEMENTS (report_cases); i++)
    {
      g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
      MusterDatabase  *database = open_database (dir, TRUE);
      g_autofree char *found = NULL;

      insert (database, "lamp");
      muster_test_await (muster_database_write (database, actor, "Test", report_job, NULL, NULL));
      muster_test_await (
        muster_database_write (database, actor, "Test", report_job, (gpointer)FAILED_REPORT, NULL));
      tamper (dir, report_cases[i].sql);
      found = verify (database);
      g_test_message ("%s", report_cases[i].name);
      g_assert_cmpstr (found, ==, report_cases[i].found);
      muster_test_database_free (database);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/journal-verify/tampering", test_tampering);
  muster_test_add_fiber ("/journal-verify/end-taken-away", test_end_taken_away);
  muster_test_add_fiber ("/journal-verify/sealing", test_sealing);
  muster_test_add_fiber ("/journal-verify/digests", test_digests);
  return g_test_run ();
}
