/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-printable"

#include "config.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <string.h>

#include "muster-printable.h"

#define MM(length) ((length) * MUSTER_POINTS_PER_MM)

static const MusterPaper papers[] = {
  { "iso_a4", N_ ("A4"), MM (210), MM (297), MM (18) },
  { "iso_a5", N_ ("A5"), MM (148), MM (210), MM (12) },
  { "na_letter", N_ ("Letter"), 612, 792, MM (18) },
};

typedef struct
{
  char              *title; /* (owned) (nullable) */
  const MusterPaper *paper;
  unsigned           n_pages;
} MusterPrintablePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (MusterPrintable, muster_printable, G_TYPE_OBJECT)

const MusterPaper *
muster_paper_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (papers); i++)
    if (strcmp (papers[i].name, name) == 0)
      return &papers[i];
  return NULL;
}

const MusterPaper *
muster_paper_get_default (void)
{
#ifdef _NL_PAPER_HEIGHT
  /* glibc tells millimetres, in the pointer itself. */
  if ((int)(gintptr)nl_langinfo (_NL_PAPER_HEIGHT) == 279)
    return muster_paper_find ("na_letter");
#endif
  return &papers[0];
}

static void
muster_printable_finalize (GObject *object)
{
  MusterPrintablePrivate *priv = muster_printable_get_instance_private (MUSTER_PRINTABLE (object));

  g_free (priv->title);
  G_OBJECT_CLASS (muster_printable_parent_class)->finalize (object);
}

static void
muster_printable_class_init (MusterPrintableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_printable_finalize;
}

static void
muster_printable_init (MusterPrintable *self)
{
  MusterPrintablePrivate *priv = muster_printable_get_instance_private (self);

  priv->paper = muster_paper_get_default ();
}

const char *
muster_printable_get_title (MusterPrintable *self)
{
  MusterPrintablePrivate *priv = muster_printable_get_instance_private (self);

  g_return_val_if_fail (MUSTER_IS_PRINTABLE (self), NULL);

  return priv->title;
}

void
muster_printable_set_title (MusterPrintable *self, const char *title)
{
  MusterPrintablePrivate *priv = muster_printable_get_instance_private (self);

  g_return_if_fail (MUSTER_IS_PRINTABLE (self));

  g_set_str (&priv->title, title);
}

const MusterPaper *
muster_printable_get_paper (MusterPrintable *self)
{
  MusterPrintablePrivate *priv = muster_printable_get_instance_private (self);

  g_return_val_if_fail (MUSTER_IS_PRINTABLE (self), NULL);

  return priv->paper;
}

void
muster_printable_set_paper (MusterPrintable *self, const MusterPaper *paper)
{
  MusterPrintablePrivate *priv = muster_printable_get_instance_private (self);

  g_return_if_fail (MUSTER_IS_PRINTABLE (self));
  g_return_if_fail (paper != NULL);

  priv->paper = paper;
  priv->n_pages = 0;
}

unsigned
muster_printable_layout (MusterPrintable *self)
{
  MusterPrintablePrivate *priv = muster_printable_get_instance_private (self);

  g_return_val_if_fail (MUSTER_IS_PRINTABLE (self), 0);

  priv->n_pages = MAX (1, MUSTER_PRINTABLE_GET_CLASS (self)->layout (self, priv->paper));
  return priv->n_pages;
}

void
muster_printable_draw (MusterPrintable *self, cairo_t *cr, unsigned page)
{
  MusterPrintablePrivate *priv = muster_printable_get_instance_private (self);

  g_return_if_fail (MUSTER_IS_PRINTABLE (self));
  g_return_if_fail (page < priv->n_pages);

  cairo_save (cr);
  MUSTER_PRINTABLE_GET_CLASS (self)->draw (self, cr, page);
  cairo_restore (cr);
}

static cairo_status_t
append_cb (void *bytes, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (bytes, data, length);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *
muster_printable_make_pdf (MusterPrintable *self, GError **error)
{
  MusterPrintablePrivate *priv = muster_printable_get_instance_private (self);
  unsigned                n_pages;
  cairo_surface_t        *surface;
  cairo_t                *cr;
  cairo_status_t          status;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_return_val_if_fail (MUSTER_IS_PRINTABLE (self), NULL);

  n_pages = muster_printable_layout (self);
  surface =
    cairo_pdf_surface_create_for_stream (append_cb, bytes, priv->paper->width, priv->paper->height);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE,
                                  priv->title != NULL ? priv->title : "");
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Muster");
  cr = cairo_create (surface);
  for (unsigned page = 0; page < n_pages; page++)
    {
      muster_printable_draw (self, cr, page);
      cairo_show_page (cr);
    }
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, cairo_status_to_string (status));
  return NULL;
}

/* Whole or not at all: an old file stays until the new one is there. */
gboolean
muster_printable_write_pdf (MusterPrintable *self, const char *path, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) pdf = NULL;
  gsize       size = 0;
  const char *data = NULL;

  g_return_val_if_fail (MUSTER_IS_PRINTABLE (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  pdf = muster_printable_make_pdf (self, &cause);
  data = pdf != NULL ? g_bytes_get_data (pdf, &size) : NULL;
  if (data != NULL && g_file_set_contents (path, data, (gssize)size, &cause))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot write %s: %s", path, cause->message);
  return FALSE;
}
