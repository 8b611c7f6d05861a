/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-search.h"
#include "model/muster-rights.h"

G_BEGIN_DECLS

/**
 * MusterRecordKind:
 *
 * What search, import and export know of a kind of record beside its fields. Lists of field names
 * end with NULL.
 */
typedef struct
{
  MusterSearchScope  scope;
  const char *const *title;    /* what names it: the first that has a value */
  const char *const *subtitle; /* what tells it from others of that name */
  const char        *status;   /* (nullable): its state, or what comes nearest to one */
  const char *const *keys;     /* what rows of a table name it by, beside its id: best first */
  const char        *list;     /* operationId: who may call it may also find and export them */
  const char *export;          /* operationId of its export */
  const char *create;          /* (nullable) operationId: who may call it may import them */
  guint       is_searched : 1;
  guint       is_public : 1; /* customers see all of them, whoever owns them */
} MusterRecordKind;

extern const MusterRecordKind muster_record_kinds[];
extern const unsigned         muster_n_record_kinds;

/* Whether a caller of ROLE may see such records: all, or their own. */
gboolean muster_record_kind_may_list (const MusterRecordKind *self, MusterRole role);
/* Whether a caller of ROLE sees only those of their own. */
gboolean muster_record_kind_is_owned (const MusterRecordKind *self, MusterRole role);
/* By the collection's path ("devices") or the entity's name ("device"); NULL: no such. */
const MusterRecordKind *muster_record_kind_find (const char *name);

G_END_DECLS
