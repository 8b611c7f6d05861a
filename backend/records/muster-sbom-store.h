/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "core/muster-database.h"
#include "muster-sbom.h"

G_BEGIN_DECLS

/* Components of firmware follow from the bills of materials that are attached to it. */

/* Under this the job that attaches one gives its MusterSbom to the rule
 * (muster_transaction_set_context()). */
#define MUSTER_SBOM_CONTEXT "muster-sbom"

/* Before the start: components come and go with their attachment, also by undo. FOLDER has the
 * bytes of attachments (muster-content-folder.h), and stays as long as the database. */
void muster_sbom_store_add_rules (MusterDatabase *database, char *folder);

/* Reads the file FD, which is copied, off the main thread. Resolves to its MusterSbom; to TRUE
 * where it is none and need not be one. MUSTER_ERROR_INVALID at `/file` says what is wrong with it.
 */
DexFuture *muster_sbom_read_file (int fd, gboolean must_be_one);

/* What ATTACHMENT is to be told of SBOM. */
void muster_sbom_describe (MusterSbom *sbom, MusterEntity *attachment);

G_END_DECLS
