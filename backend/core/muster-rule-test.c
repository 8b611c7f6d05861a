/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/muster-device.h"
#include "model/muster-entities.h"
#include "model/muster-location.h"
#include "muster-core-test-util.h"
#include "muster-journal.h"

/* --- rules to be tried --- */

/* A place called "refused" is not to be; every other gets its notes filled in. */
static gboolean
fill_in (MusterTransaction *transaction,
         MusterEntity      *before,
         MusterEntity      *after,
         gpointer           data,
         GError           **error)
{
  if (after == NULL || !g_str_equal (muster_entity_get_string (after, "name"), "refused"))
    {
      if (after != NULL)
        muster_entity_set_string (after, "notes", before == NULL ? "new" : "changed");
      return TRUE;
    }
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "not this one");
  return FALSE;
}

/* A place is followed by a device that stands there. */
static gboolean
follow (MusterTransaction *transaction,
        MusterEntity      *before,
        MusterEntity      *after,
        gpointer           data,
        GError           **error)
{
  g_autoptr (MusterEntity) device = NULL;

  if (before != NULL || after == NULL)
    return TRUE;
  device = muster_entity_new (&muster_device_info);
  muster_entity_set_string (device, "name", "Follower");
  muster_entity_set_string (device, "location_id", muster_entity_get_id (after));
  return muster_transaction_insert (transaction, device, error);
}

typedef struct
{
  unsigned n_calls;
  unsigned n_undone;
} Calls;

static gboolean
count (MusterTransaction *transaction,
       MusterEntity      *before,
       MusterEntity      *after,
       gpointer           data,
       GError           **error)
{
  Calls *calls = data;

  calls->n_calls++;
  calls->n_undone += muster_transaction_is_undoing (transaction);
  return TRUE;
}

/* --- a database with them --- */

typedef struct
{
  MusterTestDir  *dir;
  MusterDatabase *database;
  Calls           calls;
} Fixture;

static Fixture *
fixture_new (void)
{
  Fixture         *self = g_new0 (Fixture, 1);
  g_autofree char *path = NULL;
  g_autoptr (MusterClock) clock = muster_clock_new ();

  self->dir = muster_test_dir_new ();
  path = muster_test_dir_build (self->dir, "muster.db");
  self->database = muster_database_new (path, clock, NULL);
  muster_database_register_entities (self->database, muster_entities);
  muster_database_add_rule (self->database, &muster_location_info, MUSTER_RULE_BEFORE, fill_in,
                            NULL);
  muster_database_add_rule (self->database, &muster_location_info, MUSTER_RULE_PLAIN, follow, NULL);
  muster_database_add_rule (self->database, &muster_device_info, MUSTER_RULE_ON_UNDO, count,
                            &self->calls);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->database)));
  return self;
}

static void
fixture_free (Fixture *self)
{
  muster_test_database_free (self->database);
  muster_test_dir_free (self->dir);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static gboolean
update_job (MusterTransaction *transaction, gpointer entity, GValue *result, GError **error)
{
  return muster_transaction_update (transaction, entity, 0, error);
}

static gboolean
delete_job (MusterTransaction *transaction, gpointer entity, GValue *result, GError **error)
{
  return muster_transaction_delete (transaction, muster_entity_get_info (entity),
                                    muster_entity_get_id (entity), 0, error);
}

static gboolean
undo_first_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  return muster_transaction_undo (transaction, 1, error);
}

static MusterEntity *
make_place (const char *name)
{
  MusterEntity *place = muster_entity_new (&muster_location_info);

  muster_entity_set_string (place, "name", name);
  muster_entity_set_string (place, "path", name);
  return place;
}

static gboolean
count_names_job (MusterTransaction *transaction, gpointer names, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  gint64 n = 0;

  if (names != NULL)
    muster_query_where_any (query, "name", names);
  n = muster_transaction_count (transaction, query, error);
  g_value_init (result, G_TYPE_INT64);
  g_value_set_int64 (result, n);
  return n >= 0;
}

static gint64
count_devices (Fixture *self, const char *const *names)
{
  return dex_await_int64 (muster_database_read (self->database, count_names_job, (gpointer)names,
                                                NULL),
                          NULL);
}

/* --- tests --- */

static void
test_before (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) place = make_place ("Rack");
  g_autoptr (MusterEntity) refused = make_place ("refused");
  g_autoptr (GError) error = NULL;

  muster_test_await (muster_test_submit (self->database, muster_test_insert_job, place));
  g_assert_cmpstr (muster_entity_get_string (place, "notes"), ==, "new");
  g_assert_cmpint (muster_entity_get_revision (place), ==, 1);
  muster_entity_set_string (place, "name", "Shelf");
  muster_test_await (muster_test_submit (self->database, update_job, place));
  g_assert_cmpstr (muster_entity_get_string (place, "notes"), ==, "changed");
  g_assert_cmpint (muster_entity_get_revision (place), ==, 2);
  error =
    muster_test_await_error (muster_test_submit (self->database, muster_test_insert_job, refused),
                             MUSTER_ERROR_CONFLICT);
  g_assert_cmpstr (error->message, ==, "not this one");
  g_assert_cmpint (count_devices (self, NULL), ==, 1);
}

static void
test_what_follows_is_undone (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) place = make_place ("Rack");

  muster_test_await (muster_test_submit (self->database, muster_test_insert_job, place));
  g_assert_cmpint (count_devices (self, NULL), ==, 1);
  g_assert_cmpuint (self->calls.n_calls, ==, 1);
  muster_test_await (muster_test_submit (self->database, undo_first_job, NULL));
  g_assert_cmpint (count_devices (self, NULL), ==, 0);
  g_assert_cmpuint (self->calls.n_calls, ==, 2);
  g_assert_cmpuint (self->calls.n_undone, ==, 1);
}

static void
test_restrict (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) place = make_place ("Rack");
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
  g_autoptr (GError) one = NULL;
  g_autoptr (GError) two = NULL;

  muster_test_await (muster_test_submit (self->database, muster_test_insert_job, place));
  one = muster_test_await_error (muster_test_submit (self->database, delete_job, place),
                                 MUSTER_ERROR_CONFLICT);
  g_assert_nonnull (strstr (one->message, "Rack cannot be deleted: still named by 1 device"));
  muster_entity_set_string (device, "name", "Another");
  muster_entity_set_string (device, "location_id", muster_entity_get_id (place));
  muster_test_await (muster_test_submit (self->database, muster_test_insert_job, device));
  two = muster_test_await_error (muster_test_submit (self->database, delete_job, place),
                                 MUSTER_ERROR_CONFLICT);
  g_assert_nonnull (strstr (two->message, "2 devices"));
}

static void
test_where_any (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  static const char *const names[] = { "Lamp", "Pump", "Meter" };

  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

      muster_entity_set_string (device, "name", names[i]);
      muster_test_await (muster_test_submit (self->database, muster_test_insert_job, device));
    }
  g_assert_cmpint (count_devices (self, NULL), ==, 3);
  g_assert_cmpint (count_devices (self, (const char *[]){ "Lamp", "Meter", "Nobody", NULL }), ==,
                   2);
  g_assert_cmpint (count_devices (self, (const char *[]){ NULL }), ==, 0);
}

static gboolean
stop_at_second (MusterEntity *entity, gpointer data, GError **error)
{
  unsigned *n = data;

  if (++*n < 2)
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "enough");
  return FALSE;
}

static gboolean
for_each_job (MusterTransaction *transaction, gpointer n, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);

  return muster_transaction_for_each (transaction, query, stop_at_second, n, error);
}

static void
test_for_each (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  unsigned n = 0;
  g_autoptr (GError) error = NULL;

  muster_test_await (muster_database_read (self->database, for_each_job, &n, NULL));
  g_assert_cmpuint (n, ==, 0);
  for (unsigned i = 0; i < 3; i++)
    {
      g_autoptr (MusterEntity) place = make_place ("Rack");

      muster_test_await (muster_test_submit (self->database, muster_test_insert_job, place));
    }
  error = muster_test_await_error (muster_database_read (self->database, for_each_job, &n, NULL),
                                   MUSTER_ERROR_FAILED);
  g_assert_cmpstr (error->message, ==, "enough");
  g_assert_cmpuint (n, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/rule/before", test_before);
  muster_test_add_fiber ("/rule/what-follows-is-undone", test_what_follows_is_undone);
  muster_test_add_fiber ("/rule/restrict", test_restrict);
  muster_test_add_fiber ("/rule/where-any", test_where_any);
  muster_test_add_fiber ("/rule/for-each", test_for_each);
  return g_test_run ();
}
