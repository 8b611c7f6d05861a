/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-label-format.h"

G_BEGIN_DECLS

/* What one label says; all may be NULL but the title. */
typedef struct
{
  const char *title;    /* a device's name, a place's path */
  const char *subtitle; /* model, product */
  const char *bars;     /* Code 128, with its text below: a serial number, a place's code */
  const char *matrix;   /* QR: the adoption code */
  const char *secret;   /* what to type where nothing can scan */
} MusterLabel;

/**
 * MusterLabelPrint:
 *
 * Labels on sheets or on a roll. What is wiped from memory when it goes: the codes and secrets.
 */
#define MUSTER_TYPE_LABEL_PRINT (muster_label_print_get_type ())
G_DECLARE_FINAL_TYPE (MusterLabelPrint, muster_label_print, MUSTER, LABEL_PRINT, MusterPrintable)

/* SKIP labels at the begin of the first sheet are used up already. */
MusterLabelPrint *muster_label_print_new (const MusterLabelFormat *format, unsigned skip);
/* LABEL is copied. MUSTER_ERROR_INVALID (`/code`) where a code fits into no symbol. */
gboolean muster_label_print_add (MusterLabelPrint *self, const MusterLabel *label, GError **error);

G_END_DECLS
