/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-strokes.h"

G_BEGIN_DECLS

/**
 * MusterSignaturePad:
 *
 * A field to sign in with finger, pen or pointer, three times as wide as high so that a signature
 * looks the same wherever it is shown. CSS node `signature`, its `color` is the ink. Signal
 * `changed`: something was drawn or cleared.
 */
#define MUSTER_TYPE_SIGNATURE_PAD (muster_signature_pad_get_type ())
G_DECLARE_FINAL_TYPE (MusterSignaturePad, muster_signature_pad, MUSTER, SIGNATURE_PAD, GtkWidget)

GtkWidget *muster_signature_pad_new (void);

/* Whether it only shows; FALSE at first. */
void muster_signature_pad_set_read_only (MusterSignaturePad *self, gboolean read_only);
/* What is drawn on it: borrowed. */
MusterStrokes *muster_signature_pad_get_strokes (MusterSignaturePad *self);
/* Shows what NODE (nullable) holds; FALSE where that is no signature. */
gboolean muster_signature_pad_set_json (MusterSignaturePad *self, JsonNode *node);
void     muster_signature_pad_clear (MusterSignaturePad *self);

G_END_DECLS
