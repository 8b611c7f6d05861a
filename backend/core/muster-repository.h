/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-database.h"

G_BEGIN_DECLS

/**
 * MusterRepository:
 *
 * The generic operations on records as futures for the main thread, and the fast paths that skip
 * the objects: a list answers by streaming statement rows to JSON through the table; single records
 * are kept as encoded JSON in a bounded cache (16 MiB), out of which each change takes its record.
 * Entities given to insert and update are copied: what the futures resolve to has the new base
 * fields.
 */
#define MUSTER_TYPE_REPOSITORY (muster_repository_get_type ())
G_DECLARE_FINAL_TYPE (MusterRepository, muster_repository, MUSTER, REPOSITORY, GObject)

MusterRepository *muster_repository_new (MusterDatabase *database);
MusterDatabase   *muster_repository_get_database (MusterRepository *self);

/* One record as JSON. Resolves to a MusterDocument; the future is already resolved when the record
 * is in the cache. */
DexFuture *muster_repository_get_json (MusterRepository       *self,
                                       const MusterEntityInfo *info,
                                       const char             *id);
/* The same as it was at AS_OF (UTC microseconds; 0: as it is): not kept. */
DexFuture *muster_repository_get_json_as_of (MusterRepository       *self,
                                             const MusterEntityInfo *info,
                                             const char             *id,
                                             gint64                  as_of);
/* Lists are of the moment that their query names: muster_query_set_as_of().
 *
 * `{"items":[…],"total":N,"next":…}`: resolves to a GBytes. */
DexFuture *muster_repository_list_json (MusterRepository *self, MusterQuery *query);
/* `{"ids":["…",…],"total":N}`: every match in order, limit and cursor ignored: for index lists.
 * Resolves to a GBytes. */
DexFuture *muster_repository_list_ids (MusterRepository *self, MusterQuery *query);

/* Resolve to a MusterEntity, (element-type MusterEntity) GPtrArray (boxed), the entity inserted,
 * updated; TRUE. */
DexFuture *muster_repository_get (MusterRepository       *self,
                                  const MusterEntityInfo *info,
                                  const char             *id);
DexFuture *muster_repository_select (MusterRepository *self, MusterQuery *query);
DexFuture *muster_repository_insert (MusterRepository *self,
                                     MusterActor      *actor,
                                     const char       *operation,
                                     MusterEntity     *entity);
DexFuture *muster_repository_update (MusterRepository *self,
                                     MusterActor      *actor,
                                     const char       *operation,
                                     MusterEntity     *entity,
                                     gint64            expected_revision);
/* Reads the record, decodes OBJECT over it (MUSTER_DECODE_REPLACE) and updates it, in one
 * transaction. Resolves to the entity. */
DexFuture *muster_repository_patch (MusterRepository       *self,
                                    MusterActor            *actor,
                                    const char             *operation,
                                    const MusterEntityInfo *info,
                                    const char             *id,
                                    JsonObject             *object,
                                    gint64                  expected_revision);
DexFuture *muster_repository_delete (MusterRepository       *self,
                                     MusterActor            *actor,
                                     const char             *operation,
                                     const MusterEntityInfo *info,
                                     const char             *id,
                                     gint64                  expected_revision);

/* One encoded record. */
typedef struct
{
  GBytes *json;
  gint64  revision;
} MusterDocument;
#define MUSTER_TYPE_DOCUMENT (muster_document_get_type ())
GType muster_document_get_type (void);

G_END_DECLS
