/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-label-secret.h"

G_BEGIN_DECLS

/* The secret on a device's label while it is being typed (firmware/PAIRING.md says what it is). */

#define MUSTER_SECRET_LENGTH MUSTER_LABEL_N_CHARACTERS

typedef enum
{
  MUSTER_SECRET_INCOMPLETE,
  MUSTER_SECRET_WRONG, /* complete, but its check characters do not fit: a typing error */
  MUSTER_SECRET_RIGHT,
} MusterSecretState;

/* TEXT in capitals and groups of four, what is not in the alphabet left out; CURSOR (characters)
 * moves along: (transfer full). */
char             *muster_secret_format (const char *text, int *cursor);
MusterSecretState muster_secret_check (const char *text);
/* Characters of the alphabet in TEXT. */
unsigned muster_secret_count (const char *text);

G_END_DECLS
