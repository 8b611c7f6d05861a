/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-error.h"
#include "muster-label-print.h"

static void
test_formats_fit (void)
{
  unsigned                 n_formats;
  const MusterLabelFormat *formats = muster_label_formats_list (&n_formats);

  g_assert_cmpuint (n_formats, >, 0);
  for (unsigned i = 0; i < n_formats; i++)
    {
      const MusterLabelFormat *format = &formats[i];

      g_test_message ("%s", format->name);
      g_assert_true (muster_label_format_find (format->name) == format);
      g_assert_cmpfloat (format->pitch_x, >=, format->width - 0.01);
      g_assert_cmpfloat (format->pitch_y, >=, format->height - 0.01);
      g_assert_cmpfloat (format->left + (format->columns - 1) * format->pitch_x + format->width, <=,
                         format->paper.width + 0.5);
      g_assert_cmpfloat (format->top + (format->rows - 1) * format->pitch_y + format->height, <=,
                         format->paper.height + 0.5);
    }
  g_assert_null (muster_label_format_find ("unicorn"));
}

static MusterLabelPrint *
make_labels (const char *format, unsigned skip, unsigned n_labels)
{
  MusterLabelPrint *print = muster_label_print_new (muster_label_format_find (format), skip);

  for (unsigned i = 0; i < n_labels; i++)
    {
      g_autofree char *serial = g_strdup_printf ("SN-%04u", i);
      g_autofree char *code = g_strdup_printf ("MUSTER:1:%s:0123456789ABCDEFGHJKMNPQRSTV", serial);
      g_autoptr (GError) error = NULL;
      const MusterLabel label = { "Boiler sensor", "MX-200", serial, code,
                                  "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV" };

      g_assert_true (muster_label_print_add (print, &label, &error));
      g_assert_no_error (error);
    }
  return print;
}

static void
test_pages (void)
{
  static const struct
  {
    const char *format;
    unsigned    skip, n_labels, n_pages;
  } cases[] = { { "l7160", 0, 21, 1 }, { "l7160", 0, 22, 2 },     { "l7160", 5, 17, 2 },
                { "l7160", 5, 16, 1 }, { "roll-62x29", 0, 3, 3 }, { "roll-62x29", 7, 3, 3 },
                { "l7160", 0, 0, 1 },  { "l7160", 21, 21, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterLabelPrint) print =
                  make_labels (cases[i].format, cases[i].skip, cases[i].n_labels);

      g_assert_cmpuint (muster_printable_layout (MUSTER_PRINTABLE (print)), ==, cases[i].n_pages);
    }
}

static int
count_ink (MusterLabelPrint *print, double x, double y, double width, double height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 600, 850);
  cairo_t         *cr = cairo_create (surface);
  const guchar    *data;
  int              ink = 0;

  muster_printable_draw (MUSTER_PRINTABLE (print), cr, 0);
  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface);
  for (int i = (int)y; i < (int)(y + height); i++)
    for (int j = (int)x; j < (int)(x + width); j++)
      ink += data[i * cairo_image_surface_get_stride (surface) + j] > 64;
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return ink;
}

/* Used-up places stay empty, and no label leaves its own. */
static void
test_places (void)
{
  const MusterLabelFormat *format = muster_label_format_find ("l7163");
  g_autoptr (MusterLabelPrint) print = make_labels ("l7163", 1, 1);

  muster_printable_layout (MUSTER_PRINTABLE (print));
  g_assert_cmpint (count_ink (print, format->left, format->top, format->width, format->height), ==,
                   0);
  g_assert_cmpint (count_ink (print, format->left + format->pitch_x, format->top, format->width - 1,
                              format->height - 1),
                   >, 1000);
  g_assert_cmpint (count_ink (print, 0, format->top + format->pitch_y, 595, 500), ==, 0);
}

static void
test_refuses (void)
{
  g_autoptr (MusterLabelPrint) print = make_labels ("l7160", 0, 0);
  g_autoptr (GError) error = NULL;
  const MusterLabel label = { .title = "Lamp", .bars = "漢字" };

  g_assert_false (muster_label_print_add (print, &label, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/label-print/formats-fit", test_formats_fit);
  g_test_add_func ("/label-print/pages", test_pages);
  g_test_add_func ("/label-print/places", test_places);
  g_test_add_func ("/label-print/refuses", test_refuses);
  return g_test_run ();
}
