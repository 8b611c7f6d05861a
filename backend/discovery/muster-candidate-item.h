/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-candidate.h"
#include "muster-families.h"

G_BEGIN_DECLS

/* The best that was heard of one property: from the row that knows most. */
typedef struct
{
  char    *text; /* (owned) (nullable) */
  unsigned rank;
} MusterFact;

/* One device of the book. For muster-candidate-book.c alone. */
typedef struct
{
  char            *key;      /* the token by which it is known to others */
  char            *id;       /* UUID of the candidate */
  GHashTable      *services; /* MusterMdnsRecord → MusterClassification: announced now */
  GHashTable      *tokens;   /* set of everything that it was ever known by */
  GHashTable      *families; /* family → the strong token it gave first */
  MusterFact       mac;
  MusterFact       serial;
  MusterFact       name;
  MusterFact       manufacturer;
  MusterFact       model;
  MusterFact       version;
  MusterFact       host;
  const char      *family; /* (nullable) */
  int              kind;
  unsigned         kind_rank;
  char            *addresses; /* JSON of the last known ones */
  gint64           first_seen;
  gint64           last_seen;
  MusterCandidate *candidate; /* (owned) (nullable): as last handed on */
} MusterCandidateItem;

MusterCandidateItem *muster_candidate_item_new (const char *key, gint64 now);
void                 muster_candidate_item_free (MusterCandidateItem *self);

/* Takes CLASSIFICATION. FALSE when the candidate has too many services already. */
gboolean muster_candidate_item_add (MusterCandidateItem  *self,
                                    MusterMdnsRecord     *record,
                                    MusterClassification *classification);
/* Moves all that OTHER knows; its tokens are copied. */
void muster_candidate_item_absorb (MusterCandidateItem *self, MusterCandidateItem *other);
/* A new candidate of what is known now: (transfer full). */
MusterCandidate *muster_candidate_item_build (MusterCandidateItem *self);
/* The present service that knows most of the device and can be probed, or NULL. */
MusterMdnsRecord *muster_candidate_item_find_probe (MusterCandidateItem *self, MusterProbe *probe);
/* Whether it announces itself on the network now, and was not only asked or told. */
gboolean muster_candidate_item_is_announced (MusterCandidateItem *self);
/* Whether some family names different identities in the two. */
gboolean muster_candidate_item_conflicts (MusterCandidateItem *self, MusterCandidateItem *other);

/* (transfer full) (element-type utf8): `mac:`, `serial:` and `serial:family:` tokens, the strongest
 * first. */
GPtrArray *muster_classification_list_tokens (const MusterClassification *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterCandidateItem, muster_candidate_item_free)

G_END_DECLS
