/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-database.h"

G_BEGIN_DECLS

/* How a hit fits what was typed, best first. */
typedef enum
{
  MUSTER_SEARCH_EXACT,  /* a code or name as a whole */
  MUSTER_SEARCH_PREFIX, /* the beginning of one */
  MUSTER_SEARCH_WORD,   /* the beginning of a word within */
  MUSTER_SEARCH_PART,   /* anywhere */
} MusterSearchRank;

extern const MusterEnum muster_search_rank_enum;

/**
 * MusterSearchScope:
 *
 * How records of one kind are searched. `codes` are fields with an index of their own, compared as
 * they are written, in capitals and in small letters; `names` are fields with an index that knows
 * no case. Both end with NULL and may be NULL. Anything else that the entity calls searchable is
 * found through its full-text index, by three characters or more.
 */
typedef struct
{
  const MusterEntityInfo *info;
  const char *const      *codes;
  const char *const      *names;
  const char             *owner;    /* the field that says whose it is, or NULL: nobody's */
  const MusterEntityInfo *owner_of; /* (nullable): `owner` points at such a record, whose field
                                       `customer_id` says it */
} MusterSearchScope;

typedef struct
{
  MusterEntity      *entity; /* (owned) */
  const MusterField *field;  /* where it was found */
  MusterSearchRank   rank;
} MusterSearchHit;

void muster_search_hit_free (gpointer hit);

/* QUERY (of the scope's entity) finds only what belongs to PERSON; without one, nothing. */
void muster_search_scope_restrict (const MusterSearchScope *self,
                                   MusterQuery             *query,
                                   const char              *person);

/**
 * muster_transaction_search:
 * @text: what was typed; blanks around it do not count
 * @owner: (nullable): only what belongs to this person
 * @limit: 1 to 1000
 *
 * The best LIMIT matches and one more where there are more, best first. The work is bounded by
 * LIMIT and by what the indexes give, not by the number of records.
 *
 * Returns: (transfer full) (element-type MusterSearchHit)
 */
GPtrArray *muster_transaction_search (MusterTransaction       *self,
                                      const MusterSearchScope *scope,
                                      const char              *text,
                                      const char              *owner,
                                      unsigned                 limit,
                                      GError                 **error);

G_END_DECLS
