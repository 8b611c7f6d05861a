/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-core-test-util.h"
#include "muster-repository.h"

G_BEGIN_DECLS

/* A site's records as services see them: a database in a folder of its own, and the bus that it
 * tells of changes. To be the first member of a test's fixture. */
typedef struct
{
  MusterTestDir    *dir;
  MusterBus        *bus;
  MusterDatabase   *database;
  MusterRepository *repository;
  MusterActor      *actor;
} MusterTestRecords;

void muster_test_records_set_up (MusterTestRecords *self);
/* Whatever holds one of them must be gone. */
void muster_test_records_tear_down (MusterTestRecords *self);
/* (transfer full): the identifier that ENTITY got. */
char *muster_test_records_insert (MusterTestRecords *self, MusterEntity *entity);
/* Changes the members of a record that stand in JSON. */
void muster_test_records_patch (MusterTestRecords      *self,
                                const MusterEntityInfo *info,
                                const char             *id,
                                const char             *json);
void muster_test_records_remove (MusterTestRecords      *self,
                                 const MusterEntityInfo *info,
                                 const char             *id);

G_END_DECLS
