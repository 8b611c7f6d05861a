/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-transaction-private.h"

G_BEGIN_DECLS

/* An operation that somebody wants to undo. */
typedef struct
{
  MusterTransaction *transaction; /* (unowned) */
  char              *operation;   /* (owned) */
  char              *summary;     /* (owned) */
} MusterUndo;

/* The operation that entry SEQUENCE belongs to: FALSE with MUSTER_ERROR_NOT_FOUND. */
gboolean muster_undo_init (MusterUndo        *self,
                           MusterTransaction *transaction,
                           gint64             sequence,
                           GError           **error);
void     muster_undo_clear (MusterUndo *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MusterUndo, muster_undo_clear)

/* Whether any of its changes is one that cannot be taken back: MUSTER_ERROR_CONFLICT. */
gboolean muster_undo_check_final (MusterUndo *self, GError **error);
/* Whether later changes stand on it: MUSTER_ERROR_CONFLICT with blockers. Asks once for the whole
 * operation, however many changes it has. */
gboolean muster_undo_check_blockers (MusterUndo *self, GError **error);

/* Why the operation of entry SEQUENCE cannot be undone now, into REASON (transfer full); NULL: it
 * can. Later changes are looked for, which takes as long as the operation is large: in those of
 * more than 1,000 changes only where EXACT. FALSE with ERROR when that cannot be told. */
gboolean muster_undo_judge (MusterTransaction *transaction,
                            gint64             sequence,
                            gboolean           exact,
                            char             **reason,
                            GError           **error);

/* TEXT as an object, or NULL. */
JsonNode *muster_undo_parse_object (const char *text);

G_END_DECLS
