/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* Offers to print the labels of the units that FILTERS (field, value … NULL) let through, over
 * PAGE; tells where there are none. */
void muster_print_units (MusterPage *page, const char *const *filters);

G_END_DECLS
