/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-ctl.h"

G_BEGIN_DECLS

/* How a person lists and names the records of one kind. */
typedef struct
{
  const MusterEntityInfo *info;
  const MusterCtlColumn  *columns; /* ends with a NULL title */
  const char *const      *fields;  /* that the columns show */
  const char             *sort;    /* unless told otherwise */
  const char *const      *keys;    /* fields that name a record, beside its id; ends with NULL */
  const char             *empty;   /* N_() marked: in place of a table without rows */
} MusterCtlCollection;

/* What stands behind a command besides list, show, add, set and delete. RECORD is the one that the
 * first argument names, or NULL where the verb takes none; REST are the arguments behind. */
typedef struct
{
  const char *name;
  gboolean    takes_record;
  int         minimum; /* of REST */
  int         maximum; /* -1: any number */
  gboolean (*run) (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error);
} MusterCtlVerb;

/**
 * muster_ctl_collection_run:
 * @verbs: (nullable): ends with a NULL name
 *
 * `COMMAND [list] [FIELD=VALUE…]`, `COMMAND show|delete RECORD`, `COMMAND add FIELD=VALUE…`,
 * `COMMAND set RECORD FIELD=VALUE…`, and VERBS.
 */
gboolean muster_ctl_collection_run (const MusterCtlCollection *self,
                                    const MusterCtlVerb       *verbs,
                                    MusterCtl                 *ctl,
                                    const MusterCtlCommand    *command,
                                    char                     **args,
                                    GError                   **error);

/* Prints the records that FILTERS (`field=value`) leave over. */
gboolean muster_ctl_collection_list (const MusterCtlCollection *self,
                                     MusterCtl                 *ctl,
                                     char                     **filters,
                                     GError                   **error);

/* The ids of all that FILTERS leave over: (transfer full) (nullable). */
char **muster_ctl_collection_list_ids (const MusterCtlCollection *self,
                                       MusterCtl                 *ctl,
                                       char                     **filters,
                                       GError                   **error);

/* By id, or by one of its keys: (transfer full). */
MusterEntity *muster_ctl_collection_find (const MusterCtlCollection *self,
                                          MusterCtl                 *ctl,
                                          const char                *text,
                                          GError                   **error);

/* The one of ENTITY ("location"), or NULL. */
const MusterCtlCollection *muster_ctl_collection_of (const char *entity);

/* Reads `name=value` by the table FIELDS into OBJECT. A record that a field points at is named like
 * anywhere else: its name, code or SKU will do. */
gboolean muster_ctl_read_pair (MusterCtl         *ctl,
                               const MusterField *fields,
                               unsigned           n_fields,
                               const char        *pair,
                               JsonObject        *object,
                               GError           **error);
/* All of PAIRS: (transfer full). */
JsonObject *muster_ctl_read_pairs (MusterCtl         *ctl,
                                   const MusterField *fields,
                                   unsigned           n_fields,
                                   char             **pairs,
                                   GError           **error);

/* A record or an object, for a person or as JSON. ENTITY is taken; NULL gives FALSE. */
gboolean muster_ctl_show_entity (MusterCtl *ctl, MusterEntity *entity);

G_END_DECLS
