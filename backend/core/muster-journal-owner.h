/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-journal.h"

G_BEGIN_DECLS

/* Whose records entries are about, for customers, who hear of nobody else's: known of an entry as
 * it is written, not of one that is read again. */

/* BEFORE, AFTER (nullable): the record that SELF tells of. */
void muster_journal_entry_note_owner (MusterJournalEntry *self,
                                      MusterEntity       *before,
                                      MusterEntity       *after);
/* Whether the customer PERSON_ID may be told of it: the record is, or was, theirs, and of a kind
 * that customers read. */
gboolean muster_journal_entry_is_of (MusterJournalEntry *self, const char *person_id);
/* What such a customer is told: that it has changed, not who of the site did what.
 * {"sequence","at","entity","entity_id","action"} */
void muster_journal_entry_encode_for_owner (MusterJournalEntry *self, GString *json);

G_END_DECLS
