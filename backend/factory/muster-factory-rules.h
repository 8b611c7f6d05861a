/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* As long as a serial number may be on the serial line: MF_LINK_SERIAL_MAX. */
#define MUSTER_FACTORY_SERIAL_MAX 24

/* Before the start: test plans that cannot be run, and batches that cannot be made, are refused. */
void muster_factory_rules_add (MusterDatabase *database);

/* NUMBER as a serial number of BATCH: (transfer full). */
char *muster_factory_format_serial (MusterEntity *batch, gint64 number);

G_END_DECLS
