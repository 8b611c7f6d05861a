/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-bus.h"
#include "muster-journal.h"

G_BEGIN_DECLS

/* A transaction with more entries is told on the live stream as one: nobody who looks at a list
 * wants to hear of each of 10,000 rows. */
#define MUSTER_JOURNAL_TELLS_EACH 100

/* Many entries of the journal at once: payload of the topic `journal-many`, published after the
 * last of them. */
#define MUSTER_TYPE_JOURNAL_MANY (muster_journal_many_get_type ())
G_DECLARE_FINAL_TYPE (MusterJournalMany, muster_journal_many, MUSTER, JOURNAL_MANY, GObject)

/* FIRST, LAST: sequence numbers. */
MusterJournalMany *muster_journal_many_new (gint64 first, gint64 last);
/* One of them; without any, they may be of any kind. */
void   muster_journal_many_add (MusterJournalMany *self, MusterJournalEntry *entry);
gint64 muster_journal_many_get_last (MusterJournalMany *self);
/* {"many":{"first","last","changes":{"device":12} or null}} */
MusterEvent *muster_journal_many_make_event (MusterJournalMany *self);

/* Whether ENTRY is one of many, which are told as one. */
gboolean muster_journal_entry_is_of_many (MusterJournalEntry *self);

G_END_DECLS
