/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-candidate.h"
#include "muster-families.h"

G_BEGIN_DECLS

#define MUSTER_CANDIDATE_BOOK_MAX 4096    /* candidates */
#define MUSTER_CANDIDATE_MAX_SERVICES 64  /* of one candidate */
#define MUSTER_CANDIDATE_MAX_ADDRESSES 16 /* of one candidate */
#define MUSTER_CANDIDATE_KEEP (24 * G_TIME_SPAN_HOUR)

/**
 * MusterCandidateBook:
 *
 * Merges service records to one candidate a physical device. Records belong together by the MAC
 * address they name, else by serial number or other id of their family, else by their host's name;
 * a record that names two known devices makes them one. A withdrawn service is gone, its device is
 * not: it stays, not present, until a day later. A candidate keeps its key as long as it is there;
 * when two become one, the better key stays. Does no I/O.
 *
 * Signals: `changed` (MusterCandidate) with a new object each time; `removed` (MusterCandidate)
 * when it aged out or became part of another.
 */
#define MUSTER_TYPE_CANDIDATE_BOOK (muster_candidate_book_get_type ())
G_DECLARE_FINAL_TYPE (MusterCandidateBook, muster_candidate_book, MUSTER, CANDIDATE_BOOK, GObject)

/* Fills in what the book cannot know (`state`, `device_id`, `pairable` by state) before a candidate
 * is handed on. */
typedef void (*MusterCandidateDecorate) (MusterCandidate *candidate, gpointer user_data);

MusterCandidateBook *muster_candidate_book_new (MusterFamilies *families);
void                 muster_candidate_book_set_decorate (MusterCandidateBook    *self,
                                                         MusterCandidateDecorate decorate,
                                                         gpointer                user_data);

/* NOW: UTC microseconds. Returns the candidate as it stands, or NULL when the book is full.
 * Borrowed. */
MusterCandidate *muster_candidate_book_add (MusterCandidateBook *self,
                                            MusterMdnsRecord    *record,
                                            gint64               now);
/* The candidate that the record belonged to, or NULL. Borrowed. */
MusterCandidate *muster_candidate_book_remove (MusterCandidateBook *self,
                                               MusterMdnsRecord    *record,
                                               gint64               now);
/* Decorates every candidate anew; those that differ are `changed`. */
void muster_candidate_book_refresh (MusterCandidateBook *self);
/* Removes candidates that are not present, belong to no device and were last seen longer ago than
 * MUSTER_CANDIDATE_KEEP. */
void muster_candidate_book_age (MusterCandidateBook *self, gint64 now);

/* KEY: its key, or anything else that it was known by (`mac:…`, `serial:…`, `name:…`, `address:…`).
 * Borrowed. */
MusterCandidate *muster_candidate_book_find (MusterCandidateBook *self, const char *key);
/* Whether CANDIDATE is also known by KEY. */
gboolean muster_candidate_book_is_known_by (MusterCandidateBook *self,
                                            MusterCandidate     *candidate,
                                            const char          *key);
/* Whether CANDIDATE announces itself on the network now. */
gboolean muster_candidate_book_is_announced (MusterCandidateBook *self, MusterCandidate *candidate);
/* (transfer full) (element-type MusterCandidate): in order of first sight. */
GPtrArray *muster_candidate_book_list (MusterCandidateBook *self);
unsigned   muster_candidate_book_get_count (MusterCandidateBook *self);
/* Records left out because a limit was reached. */
guint64 muster_candidate_book_get_n_dropped (MusterCandidateBook *self);

/* How to ask a candidate for signs of life: the first of its services that a connection can reach.
 * FALSE: none. ADDRESS: (transfer full). */
gboolean muster_candidate_book_get_probe (MusterCandidateBook *self,
                                          const char          *key,
                                          MusterProbe         *probe,
                                          char               **address,
                                          guint16             *port);

G_END_DECLS
