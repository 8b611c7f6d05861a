/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-barcode"

#include "config.h"

#include <string.h>
#include <zint.h>

#include "model/muster-error.h"
#include "muster-barcode.h"

struct _MusterBarcode
{
  MusterSymbology     symbology;
  struct zint_symbol *symbol; /* (owned) */
};

static gboolean
refuse (const char *detail, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_field_errors_add (errors, "/code", "cannot be a bar code: %s", detail);
  return muster_field_errors_check (errors, error);
}

MusterBarcode *
muster_barcode_new (MusterSymbology symbology, const char *text, GError **error)
{
  g_autoptr (MusterBarcode) self = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (MusterBarcode, 1);
  self->symbology = symbology;
  self->symbol = ZBarcode_Create ();
  self->symbol->symbology = symbology == MUSTER_BARCODE_QR ? BARCODE_QRCODE : BARCODE_CODE128;
  self->symbol->input_mode = UNICODE_MODE;
  if (symbology == MUSTER_BARCODE_QR)
    self->symbol->option_1 = 2; /* level M */
  if (*text == '\0' ||
      ZBarcode_Encode (self->symbol, (const unsigned char *)text, strlen (text)) >= ZINT_ERROR)
    {
      refuse (*text == '\0' ? "it is empty" : self->symbol->errtxt, error);
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
muster_barcode_free (MusterBarcode *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->symbol, ZBarcode_Delete);
  g_free (self);
}

unsigned
muster_barcode_get_columns (MusterBarcode *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->symbol->width;
}

unsigned
muster_barcode_get_rows (MusterBarcode *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->symbol->rows;
}

unsigned
muster_barcode_get_quiet (MusterBarcode *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->symbology == MUSTER_BARCODE_QR ? 4 : 10;
}

gboolean
muster_barcode_is_dark (MusterBarcode *self, unsigned column, unsigned row)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (column < muster_barcode_get_columns (self), FALSE);
  g_return_val_if_fail (row < muster_barcode_get_rows (self), FALSE);

  return self->symbol->encoded_data[row][column / 8] >> (column % 8) & 1;
}

void
muster_barcode_draw (MusterBarcode *self,
                     cairo_t       *cr,
                     double         x,
                     double         y,
                     double         width,
                     double         height)
{
  unsigned columns = muster_barcode_get_columns (self);
  unsigned rows = muster_barcode_get_rows (self);
  unsigned quiet = muster_barcode_get_quiet (self);
  double   module = width / (columns + 2 * quiet);
  double   row_height = height / rows;

  g_return_if_fail (self != NULL);

  if (self->symbology == MUSTER_BARCODE_QR)
    {
      module = MIN (width, height) / (columns + 2 * quiet);
      row_height = module;
      y += (height - rows * module) / 2;
    }
  x += (width - columns * module) / 2;
  cairo_save (cr);
  /* Edges between modules must not be smoothed into grey lines. */
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  for (unsigned row = 0; row < rows; row++)
    for (unsigned column = 0; column < columns; column++)
      {
        unsigned end = column;

        while (end < columns && muster_barcode_is_dark (self, end, row))
          end++;
        if (end == column)
          continue;
        cairo_rectangle (cr, x + column * module, y + row * row_height, (end - column) * module,
                         row_height);
        column = end;
      }
  cairo_fill (cr);
  cairo_restore (cr);
}
