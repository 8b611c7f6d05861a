/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-management.h"
#include "ota/muster-rsql.h"
#include "ota/muster-target-query.h"

G_BEGIN_DECLS

extern const MusterDialect muster_management_dialect;

/* --- one request, in a fiber --- */

typedef struct
{
  MusterRequest    *request;    /* (owned) */
  MusterManagement *management; /* (owned) */
  MusterDdiService *service;
  MusterRepository *repository;
  MusterActor      *actor;
  char             *base; /* (owned): of links: "http://host/rest/v1" */
} MusterManagementCall;

/* NULL with ERROR. */
typedef MusterResponse *(*MusterManagementFunc) (MusterManagementCall *call, GError **error);
DexFuture *muster_management_run (MusterRequest       *request,
                                  gpointer             management,
                                  MusterManagementFunc func);
/* A handler NAME of the function answer_NAME. */
#define MUSTER_MANAGEMENT_HANDLER(name)                                                            \
  static DexFuture *handle_##name (MusterRequest *request, gpointer management)                    \
  {                                                                                                \
    return muster_management_run (request, management, answer_##name);                             \
  }

/* The member NAME of the request's body, which is an object: texts, numbers and booleans, and
 * whatever else as JSON; NULL without. Borrowed or 0. */
const char *muster_management_get_text (JsonObject *object, const char *name);
gint64      muster_management_get_number (JsonObject *object, const char *name);
/* `confirmationRequired` of OBJECT into *ASKS, which stays as it is where that is left out: unlike
 * hawkBit, nobody is asked for consent unless somebody says so. */
gboolean muster_management_take_consent (JsonObject *object, gboolean *asks, GError **error);
/* The body: a list of objects, or one: (transfer container) (element-type JsonObject).
 * MUSTER_ERROR_MALFORMED. */
GPtrArray *muster_management_list_objects (MusterManagementCall *call, GError **error);
/* The only object of a body: (transfer full). */
JsonObject *muster_management_read_object (MusterManagementCall *call, GError **error);
/* FALSE with MUSTER_ERROR_INVALID where ENTITY does not hold what it must, by the table. */
gboolean muster_management_set_text (MusterEntity *entity,
                                     const char   *field,
                                     const char   *text,
                                     GError      **error);

/* --- writing JSON --- */

/* Each with a comma where one is needed. A text that is NULL is left out. */
void muster_management_add_text (GString *json, const char *name, const char *text);
void muster_management_add_number (GString *json, const char *name, gint64 number);
void muster_management_add_boolean (GString *json, const char *name, gboolean value);
void muster_management_add_raw (GString *json, const char *name, const char *text);
/* createdBy, createdAt, lastModifiedBy, lastModifiedAt of ENTITY. */
void muster_management_add_stamps (GString *json, MusterEntity *entity);
/* _links with self: BASE/PATH. */
void            muster_management_add_self (GString *json, const char *base, const char *path);
MusterResponse *muster_management_respond (unsigned status, GString *json);

/* --- kinds of things --- */

/* Where it is looked at: on a thread of the database. */
typedef struct
{
  MusterTransaction *transaction;
  const char        *base;
  MusterTargetQuery *targets;
} MusterManagementView;

/* A name of the API for a field of the record. */
typedef struct
{
  const char *name; /* in lower case */
  const char *field;
} MusterManagementName;

typedef struct
{
  const MusterEntityInfo     *info;
  const MusterManagementName *names; /* ended by a NULL name; the first is its id */
  /* (nullable): of what is no field of the record, or told otherwise: (transfer full) (nullable)
   * (array zero-terminated=1). */
  char **(*get) (MusterManagementView *view, MusterEntity *entity, const char *name);
  gboolean (*encode) (MusterManagementView *view,
                      MusterEntity         *entity,
                      GString              *json,
                      GError              **error);
} MusterManagementKind;

extern const MusterManagementKind muster_management_target_kind;
extern const MusterManagementKind muster_management_module_kind;
extern const MusterManagementKind muster_management_set_kind;
extern const MusterManagementKind muster_management_action_kind;
extern const MusterManagementKind muster_management_status_kind;
extern const MusterManagementKind muster_management_rollout_kind;

/* A page of KIND, by the request's offset, limit, sort and q: those whose FIELD (nullable) has
 * VALUE. */
MusterResponse *muster_management_list (MusterManagementCall       *call,
                                        const MusterManagementKind *kind,
                                        const char                 *field,
                                        const char                 *value,
                                        GError                    **error);
/* Likewise of ENTITIES, in their order. */
MusterResponse *muster_management_list_given (MusterManagementCall       *call,
                                              const MusterManagementKind *kind,
                                              GPtrArray                  *entities,
                                              GError                    **error);
/* Several or one of them (IS_LIST FALSE) as they are now. */
MusterResponse *muster_management_show (MusterManagementCall       *call,
                                        const MusterManagementKind *kind,
                                        unsigned                    status,
                                        GPtrArray                  *entities,
                                        gboolean                    is_list,
                                        GError                    **error);
MusterResponse *muster_management_show_one (MusterManagementCall       *call,
                                            const MusterManagementKind *kind,
                                            unsigned                    status,
                                            MusterEntity               *entity,
                                            GError                    **error);
/* The record of KIND that the path's parameter NAME means: (transfer full); MUSTER_ERROR_NOT_FOUND.
 */
MusterEntity *muster_management_get (MusterManagementCall       *call,
                                     const MusterManagementKind *kind,
                                     const char                 *name,
                                     GError                    **error);

/* The record of INFO whose FIELD has VALUE: (transfer full); MUSTER_ERROR_NOT_FOUND. */
MusterEntity *muster_management_find_one (MusterManagementCall   *call,
                                          const MusterEntityInfo *info,
                                          const char             *field,
                                          const char             *value,
                                          GError                **error);
/* On a thread of the database: the first of INFO whose FIELD has VALUE, as SORT says (nullable):
 * (transfer full) (nullable). */
MusterEntity *muster_management_find (MusterTransaction      *transaction,
                                      const MusterEntityInfo *info,
                                      const char             *field,
                                      const char             *value,
                                      const char             *sort,
                                      GError                **error);

/* What OBJECT says of type, forcetime and weight, into ENTITY: an update or a rollout. */
gboolean muster_management_take_kind (MusterEntity *entity, JsonObject *object, GError **error);
/* The word of ENTITY's kind there. */
const char *muster_management_get_force_type (MusterEntity *entity);
/* The set that the member NAME of OBJECT means: (transfer full). */
MusterEntity *muster_management_find_set (MusterManagementCall *call,
                                          JsonObject           *object,
                                          const char           *name,
                                          GError              **error);

/* Gives TARGET the set SET as OBJECT says of type, forcetime, weight and confirmation, and adds its
 * update to UPDATES, unless it has it already. */
gboolean muster_management_assign (MusterManagementCall *call,
                                   MusterEntity         *target,
                                   MusterEntity         *set,
                                   JsonObject           *object,
                                   GPtrArray            *updates,
                                   GError              **error);
/* What came of N_WANTED assignments. */
MusterResponse *muster_management_respond_assigned (unsigned n_wanted, GPtrArray *updates);

/* Writes ENTITY as it is now, by hand of the caller. */
gboolean muster_management_write (MusterManagementCall *call,
                                  const char           *operation,
                                  MusterEntity         *entity,
                                  GError              **error);

void muster_management_targets_add (MusterRouter *router, MusterManagement *management);
void muster_management_modules_add (MusterRouter *router, MusterManagement *management);
void muster_management_sets_add (MusterRouter *router, MusterManagement *management);
void muster_management_actions_add (MusterRouter *router, MusterManagement *management);
void muster_management_consent_add (MusterRouter *router, MusterManagement *management);
void muster_management_system_add (MusterRouter *router, MusterManagement *management);
void muster_management_rollouts_add (MusterRouter *router, MusterManagement *management);
void muster_management_groups_add (MusterRouter *router, MusterManagement *management);
void muster_management_filters_add (MusterRouter *router, MusterManagement *management);
void muster_management_tags_add (MusterRouter *router, MusterManagement *management);
void muster_management_metadata_add (MusterRouter *router, MusterManagement *management);

/* The parameters of a list. */
extern const MusterField muster_management_list_query[];
#define MUSTER_MANAGEMENT_N_LIST_QUERY 4

/* The bodies of both ways, which the handlers read and write by themselves. */
extern const MusterShape muster_management_body;
extern const MusterShape muster_management_answer;

G_END_DECLS
