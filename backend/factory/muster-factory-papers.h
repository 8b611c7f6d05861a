/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-entity.h"

G_BEGIN_DECLS

/* What goes with a batch into its folder. UNITS: (element-type MusterFactoryUnit). */

/* A line a unit, with what each step measured in a column of its own: RFC 4180. */
char *muster_factory_papers_format_csv (GPtrArray *units);
/* {"batch":{…},"units":[{…}…]}: the records as they are, the reports among them. */
char *muster_factory_papers_format_json (MusterEntity *batch, GPtrArray *units);
/* "SERIAL KEY" a line, of those that have a key: what `muster-node --unit-keys` reads. To be wiped.
 */
char *muster_factory_papers_format_keys (GPtrArray *units);

G_END_DECLS
