/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_UNIT_PRIVATE_H
#define MF_UNIT_PRIVATE_H

#include "mf_unit.h"

/* What mf_unit.c (time and samples) and mf_unit_request.c (what it is asked) share. */

/* Reads the metric and keeps a sample, as soon as it is measured; `always`, though it is what it
 * was. */
void mf_unit_sample (struct mf_unit *self, unsigned metric, bool always);

/* How far it must change to be sampled. */
float mf_unit_deadband (const struct mf_unit *self, unsigned metric);

/* The record that holds how `metric` is sampled, the first metric that it holds, and its size. */
size_t mf_unit_config_record (const struct mf_unit *self,
                              unsigned              metric,
                              unsigned             *first,
                              enum mf_unit_record  *record);

/* Answers a request at once. False: there is no room on the line; it will be asked again. */
bool mf_unit_request (struct mf_unit *self, struct mf_bytes request);

/* Tells who the unit is. False: not now. */
bool mf_unit_tell_identity (struct mf_unit *self);

#endif
