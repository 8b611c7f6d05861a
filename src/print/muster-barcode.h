/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MUSTER_BARCODE_CODE_128, /* ISO/IEC 15417 */
  MUSTER_BARCODE_QR,       /* ISO/IEC 18004, error correction level M */
} MusterSymbology;

/* A symbol: a grid of dark and light modules, in an area that keeps the quiet zone free. */
typedef struct _MusterBarcode MusterBarcode;

/* MUSTER_ERROR_INVALID with a row at `/code` where TEXT does not fit into a symbol of this kind. */
MusterBarcode *muster_barcode_new (MusterSymbology symbology, const char *text, GError **error);
void           muster_barcode_free (MusterBarcode *self);

/* Modules, without the quiet zone. */
unsigned muster_barcode_get_columns (MusterBarcode *self);
unsigned muster_barcode_get_rows (MusterBarcode *self);
/* The quiet zone that the standard asks for on each side, in modules. */
unsigned muster_barcode_get_quiet (MusterBarcode *self);
gboolean muster_barcode_is_dark (MusterBarcode *self, unsigned column, unsigned row);

/* Fills the rectangle as far as whole proportions allow: a matrix stays square, bars fill the
 * height. The source colour is that of the dark modules. */
void muster_barcode_draw (MusterBarcode *self,
                          cairo_t       *cr,
                          double         x,
                          double         y,
                          double         width,
                          double         height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterBarcode, muster_barcode_free)

G_END_DECLS
