/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-transaction-private.h"

G_BEGIN_DECLS

/* What is too large for the journal, or changes too often, is vouched for by its digest: beside a
 * volatile field NAME a field NAME_hash, as muster_journal_make_digest() has it, stands in the
 * entries, and so in the chain of seals. */
#define MUSTER_DIGEST_SUFFIX "_hash"

/* The first such field of INFO, and what it vouches for; FALSE: there is none. */
gboolean muster_journal_find_digest (const MusterEntityInfo *info,
                                     const MusterField     **digest,
                                     const MusterField     **vouched);

/* SEQUENCE: of the entry whose word a record does not keep; DETAIL says which and of what. */
typedef void (*MusterDigestFunc) (gint64 sequence, const char *detail, gpointer user_data);

/* Compares some records of INFO behind ROW, which moves on, with what the journal said of them
 * last, and calls FUNC with each that is another. GOES_ON: there are more. In a reader's job. */
gboolean muster_journal_check_digests (MusterTransaction      *transaction,
                                       const MusterEntityInfo *info,
                                       gint64                 *row,
                                       gboolean               *goes_on,
                                       MusterDigestFunc        func,
                                       gpointer                user_data,
                                       GError                **error);

G_END_DECLS
