/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-records-test-util.h"

void
muster_test_records_set_up (MusterTestRecords *self)
{
  self->dir = muster_test_dir_new ();
  self->bus = muster_bus_new ();
  self->database = muster_test_database_new (self->dir, NULL, self->bus);
  self->repository = muster_repository_new (self->database);
  self->actor = muster_actor_new_system ("test");
}

void
muster_test_records_tear_down (MusterTestRecords *self)
{
  muster_actor_unref (self->actor);
  g_object_unref (self->repository);
  muster_test_database_free (self->database);
  g_object_unref (self->bus);
  muster_test_dir_free (self->dir);
}

char *
muster_test_records_insert (MusterTestRecords *self, MusterEntity *entity)
{
  g_autoptr (MusterEntity) inserted = muster_test_await_object (
    muster_repository_insert (self->repository, self->actor, NULL, entity));

  return g_strdup (muster_entity_get_id (inserted));
}

void
muster_test_records_patch (MusterTestRecords      *self,
                           const MusterEntityInfo *info,
                           const char             *id,
                           const char             *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);

  muster_test_await (muster_repository_patch (self->repository, self->actor, NULL, info, id,
                                              json_node_get_object (node), 0));
}

void
muster_test_records_remove (MusterTestRecords *self, const MusterEntityInfo *info, const char *id)
{
  muster_test_await (muster_repository_delete (self->repository, self->actor, NULL, info, id, 0));
}
