/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-entity.h"
#include "muster-document-print.h"

G_BEGIN_DECLS

/* What a board was asked and what it answered: RECORD is a MusterFactoryUnit or a MusterTestRun.
 * SITE and ZONE: whose it is, and of its times. ABOUT (nullable): a line about what it belongs to.
 */
MusterDocumentPrint *muster_print_report (const char   *site,
                                          GTimeZone    *zone,
                                          MusterEntity *record,
                                          const char   *about);

/* A batch with its UNITS (element-type MusterFactoryUnit). ABOUT (nullable): a line about it. */
MusterDocumentPrint *muster_print_batch_record (const char   *site,
                                                GTimeZone    *zone,
                                                MusterEntity *batch,
                                                GPtrArray    *units,
                                                const char   *about);

G_END_DECLS
