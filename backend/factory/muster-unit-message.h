/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a unit on a serial line says, as firmware/LINK.md has it: each function reads one message
 * with its kind as the first byte. FALSE: it is no such message, and OUT is not to be used. */

#define MUSTER_UNIT_TEXT_SIZE 64

typedef struct
{
  guint32 starts;
  guint32 security_counter;
  guint8  n_metrics;
  char    serial[MUSTER_UNIT_TEXT_SIZE];
  char    model[MUSTER_UNIT_TEXT_SIZE];
  char    hardware[MUSTER_UNIT_TEXT_SIZE];
  char    firmware[MUSTER_UNIT_TEXT_SIZE];
} MusterUnitIdentity;

typedef struct
{
  guint8   number;
  guint8   type; /* of Sparkplug B */
  gboolean is_writable;
  gboolean has_range;
  double   low, high;
  char     name[MUSTER_UNIT_TEXT_SIZE];
  char     unit[MUSTER_UNIT_TEXT_SIZE];
} MusterUnitMetric;

/* A check of a self-test has no upper limit where that is as high as this. */
#define MUSTER_UNIT_CHECK_UNLIMITED 1e9

typedef struct
{
  guint8   number;
  gboolean passed;
  double   measured, low, high; /* infinite: there is no such limit */
  char     name[MUSTER_UNIT_TEXT_SIZE];
} MusterUnitCheck;

typedef struct
{
  guint8  request;
  guint8  status; /* enum mf_unit_status */
  guint32 detail;
} MusterUnitResult;

typedef struct
{
  guint8   metric;
  gboolean is_null; /* the sensor does not answer */
  guint32  bits;
} MusterUnitSample;

typedef void (*MusterUnitSampleFunc) (const MusterUnitSample *sample, gpointer user_data);

gboolean muster_unit_message_read_identity (const guint8       *bytes,
                                            gsize               size,
                                            MusterUnitIdentity *out);
gboolean muster_unit_message_read_metric (const guint8 *bytes, gsize size, MusterUnitMetric *out);
gboolean muster_unit_message_read_check (const guint8 *bytes, gsize size, MusterUnitCheck *out);
gboolean muster_unit_message_read_result (const guint8 *bytes, gsize size, MusterUnitResult *out);
/* Calls FUNC with each sample; with none where the message is not whole. */
gboolean muster_unit_message_read_samples (const guint8        *bytes,
                                           gsize                size,
                                           MusterUnitSampleFunc func,
                                           gpointer             user_data);

/* A value of 32 bits as a number: NAN where a unit has no metrics of TYPE. */
double muster_unit_value_widen (guint8 type, guint32 bits);
/* FALSE: a metric of TYPE cannot have this value. */
gboolean muster_unit_value_narrow (guint8 type, double value, guint32 *bits);
/* What a status of a RESULT other than 0 says, for people: (transfer none). */
const char *muster_unit_status_describe (guint8 status);

G_END_DECLS
