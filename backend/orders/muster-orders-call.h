/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "core/muster-repository.h"
#include "model/muster-error.h"

G_BEGIN_DECLS

/* What somebody asked of orders or deliveries, on its way to a thread of the database and back. */
typedef struct
{
  MusterActor *actor;             /* (owned) */
  char        *id;                /* (owned) (nullable): of the record in question */
  JsonObject  *body;              /* (owned) (nullable): as asked; not to be changed */
  gint64       expected_revision; /* 0: any */

  /* The answer. */
  GString *json;     /* (owned): appended to */
  gint64   revision; /* the entity tag, or 0 for none */
} MusterOrdersCall;

typedef gboolean (*MusterOrdersFunc) (MusterTransaction *transaction,
                                      MusterOrdersCall  *call,
                                      GError           **error);

/* Run FUNC in a transaction of the writer, or of a reader; both resolve to a MusterDocument of the
 * call's answer. SUMMARY: as muster_database_write(). ID and BODY may be NULL. */
DexFuture *muster_orders_write (MusterDatabase  *database,
                                MusterActor     *actor,
                                const char      *summary,
                                MusterOrdersFunc func,
                                const char      *id,
                                JsonObject      *body,
                                gint64           expected_revision);
DexFuture *muster_orders_read (MusterDatabase  *database,
                               MusterActor     *actor,
                               MusterOrdersFunc func,
                               const char      *id,
                               JsonObject      *body,
                               gint64           as_of);

/* Members of the body; the route has checked their types. NULL and 0 where they are not given. */
const char *muster_orders_call_get_string (MusterOrdersCall *self, const char *member);
gboolean    muster_orders_call_get_boolean (MusterOrdersCall *self,
                                            const char       *member,
                                            gboolean          otherwise);
/* (transfer none) (nullable): also for null. */
JsonNode *muster_orders_call_get_node (MusterOrdersCall *self, const char *member);

/* The members of BODY whose names are not in APART: (transfer full). */
JsonObject *muster_orders_copy_members (JsonObject *body, const char *const *apart);
/* The rows of CAUSE, an error of fields, become ERRORS' own. */
void muster_orders_add_rows (MusterFieldErrors *errors, const GError *cause);

/* --- records, on a thread of the database --- */

/* Whether ACTOR sees and makes only what is their own. */
gboolean muster_orders_are_own_only (MusterActor *actor);
/* Whose that is; for somebody who is no person of the site, what nobody owns. */
const char *muster_orders_get_own_id (MusterActor *actor);
/* The record of INFO, an order or delivery; MUSTER_ERROR_NOT_FOUND also where it is not ACTOR's to
 * see. (transfer full) */
MusterEntity *muster_orders_load (MusterTransaction      *transaction,
                                  MusterActor            *actor,
                                  const MusterEntityInfo *info,
                                  const char             *id,
                                  GError                **error);
/* The same for what a body names at POINTER: MUSTER_ERROR_INVALID there instead. */
MusterEntity *muster_orders_load_named (MusterTransaction      *transaction,
                                        MusterActor            *actor,
                                        const MusterEntityInfo *info,
                                        const char             *id,
                                        const char             *pointer,
                                        GError                **error);
/* Every record of INFO whose FIELD is VALUE, in the order of SORT: (transfer full) (element-type
 * MusterEntity). */
GPtrArray *muster_orders_select (MusterTransaction      *transaction,
                                 const MusterEntityInfo *info,
                                 const char             *field,
                                 const char             *value,
                                 const char             *sort,
                                 GError                **error);
/* The first record of INFO whose FIELD is VALUE, or NULL, then without ERROR where there is none:
 * (transfer full). */
MusterEntity *muster_orders_find (MusterTransaction      *transaction,
                                  const MusterEntityInfo *info,
                                  const char             *field,
                                  const char             *value,
                                  GError                **error);
/* The record that FIELD of ENTITY points at, in *RECORD: NULL where it points at nothing. */
gboolean muster_orders_follow (MusterTransaction      *transaction,
                               MusterEntity           *entity,
                               const char             *field,
                               const MusterEntityInfo *info,
                               MusterEntity          **record,
                               GError                **error);
/* MUSTER_ERROR_PRECONDITION when the call expects another revision of RECORD. */
gboolean muster_orders_check_revision (MusterOrdersCall *call,
                                       MusterEntity     *record,
                                       GError          **error);

/* Appends RECORD with one member more: NAME, an array of RECORDS. */
void muster_orders_encode_with (MusterEntity *record,
                                const char   *name,
                                GPtrArray    *records,
                                GString      *json);

G_END_DECLS
