/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-device.h"

G_BEGIN_DECLS

/* How well DEVICE answers to TEXT; less is better: equal to a field before beginning with it before
 * having it somewhere, and of each the name before the serial number, the MAC and the address. Case
 * does not count. */
unsigned muster_match_rank (MusterDevice *device, const char *text);
/* Names as people count: "Node 2" before "Node 10". Less than, equal to or greater than 0. */
int muster_match_compare_names (const char *first, const char *second);
/* DEVICES (element-type MusterDevice), best answer to TEXT first, equal ones by name. */
void muster_match_sort (GPtrArray *devices, const char *text);

G_END_DECLS
