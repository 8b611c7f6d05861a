/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-label-zpl"

#include "config.h"

#include <string.h>

#include "muster-label-zpl.h"

/* Of a label, in millimetres. */
#define PADDING 2
#define GAP 2
/* A QR symbol of version V has 17 + 4 V modules a side, and four of quiet on each. */
#define QUIET 8
/* ^BQ draws modules of one to ten dots. */
#define MAX_MODULE 10
/* A character of font 0 is about this wide, of its height. */
#define LETTER_WIDTH 0.6

/* Where what comes next is drawn: in dots. */
typedef struct
{
  GString *zpl;
  unsigned x;
  unsigned y;
  unsigned width; /* that is left, from x */
  unsigned bottom;
  unsigned text; /* height of a line */
  unsigned gap;
} Sheet;

/* By ^FH: what would be a command is written as its number. */
static void
append_data (GString *zpl, const char *text)
{
  g_string_append (zpl, "^FH_^FD");
  for (; *text != '\0'; text++)
    if (strchr ("^~_", *text) != NULL || g_ascii_iscntrl (*text))
      g_string_append_printf (zpl, "_%02X", (unsigned)(guint8)*text);
    else
      g_string_append_c (zpl, *text);
  g_string_append (zpl, "^FS\n");
}

/* One line from X on, cut at WIDTH; JUSTIFY is ^FB's. */
static void
draw_text (Sheet *self, unsigned y, unsigned height, const char *justify, const char *text)
{
  unsigned letter = height;
  double   wide = (double)g_utf8_strlen (text, -1) * LETTER_WIDTH * height;

  /* Rather narrow than cut. */
  if (wide > self->width)
    letter = MAX ((unsigned)(height * self->width / wide), height / 3);
  g_string_append_printf (self->zpl, "^FO%u,%u^A0N,%u,%u^FB%u,1,0,%s", self->x, y, height, letter,
                          self->width, justify);
  append_data (self->zpl, text);
}

/* How many modules a side TEXT takes at error level M (ISO/IEC 18004, table 7), as bytes. */
static unsigned
count_modules (const char *text)
{
  static const unsigned capacities[] = { 14, 26, 42, 62, 84, 106, 122, 152, 180, 213 };
  unsigned              version = 1;

  while (version < G_N_ELEMENTS (capacities) && strlen (text) > capacities[version - 1])
    version++;
  return 17 + 4 * version + QUIET;
}

/* At the left; what is right of it is left. */
static void
draw_matrix (Sheet *self, const char *text)
{
  unsigned modules = count_modules (text);
  unsigned side = MIN (self->bottom - self->y, self->width / 2);
  unsigned module = CLAMP (side / modules, 1, MAX_MODULE);

  /* MA: error level M, the printer chooses how it writes the data. */
  g_string_append_printf (self->zpl, "^FO%u,%u^BQN,2,%u", self->x, self->y, module);
  g_string_append (self->zpl, "^FH_^FDMA,");
  g_string_append (self->zpl, text);
  g_string_append (self->zpl, "^FS\n");
  self->x += modules * module + self->gap;
  self->width -= MIN (modules * module + self->gap, self->width);
}

/* Code 128 has eleven modules a character, and some 46 more. */
static void
draw_bars (Sheet *self, const char *text)
{
  unsigned line = self->text * 4 / 5;
  unsigned top = self->y + self->gap / 2;
  unsigned module = CLAMP (self->width / (11 * (unsigned)strlen (text) + 46), 1, 4);

  if (self->bottom < top + line + self->text)
    return;
  g_string_append_printf (self->zpl, "^FO%u,%u^BY%u^BCN,%u,N,N,N", self->x, top, module,
                          self->bottom - top - line - line / 4);
  append_data (self->zpl, text);
  draw_text (self, self->bottom - line, line, "L", text);
}

char *
muster_label_zpl_format (const MusterUnitLabelText *text,
                         unsigned                   width,
                         unsigned                   height,
                         unsigned                   resolution)
{
  unsigned dots = resolution * 10 / 254; /* a millimetre */
  Sheet    sheet = { .zpl = g_string_sized_new (1024) };

  g_return_val_if_fail (text != NULL && text->title != NULL, NULL);
  g_return_val_if_fail (width > 2 * PADDING && height > 2 * PADDING && dots > 0, NULL);

  sheet.x = sheet.y = PADDING * dots;
  sheet.width = (width - 2 * PADDING) * dots;
  sheet.bottom = (height - PADDING) * dots;
  sheet.gap = GAP * dots;
  sheet.text = CLAMP (height * dots / 9, 2 * dots, 4 * dots);
  g_string_append_printf (sheet.zpl, "^XA\n^CI28\n^PW%u\n^LL%u\n", width * dots, height * dots);
  draw_text (&sheet, sheet.y, sheet.text, "L", text->title);
  sheet.y += sheet.text * 5 / 4;
  if (text->subtitle != NULL)
    {
      draw_text (&sheet, sheet.y, sheet.text * 4 / 5, "L", text->subtitle);
      sheet.y += sheet.text;
    }
  if (text->secret != NULL)
    {
      sheet.bottom -= sheet.text * 3 / 4;
      draw_text (&sheet, sheet.bottom, sheet.text * 3 / 4, "C", text->secret);
      sheet.bottom -= sheet.gap / 2;
    }
  if (text->matrix != NULL)
    draw_matrix (&sheet, text->matrix);
  if (text->bars != NULL)
    draw_bars (&sheet, text->bars);
  g_string_append (sheet.zpl, "^XZ\n");
  return g_string_free_and_steal (sheet.zpl);
}
