/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-error.h"

G_BEGIN_DECLS

#define MUSTER_SIGNATURE_MAX_STROKES 500
#define MUSTER_SIGNATURE_MAX_POINTS 5000

/* Reads a signature, an array of strokes, each an array of [x, y] from 0 to 1 (left to right, top
 * to bottom of where it was written), and returns it as JSON with four decimals a number: (transfer
 * full). NULL where it was refused, with a row in ERRORS at `/signature`. */
char *muster_signature_read (JsonNode *node, MusterFieldErrors *errors);

G_END_DECLS
